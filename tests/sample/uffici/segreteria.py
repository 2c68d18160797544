"""Extracts of the general secretariat about acts and duties.

Belongs here: segreteria/atti, segreteria/sedute, segreteria/trasparenza, segreteria/accessi. Does
not belong here: the people who work there (personale.py).
"""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tests.sample.casuale import (
    flusso,
    giorni,
    giorni_distinti,
    giorno_lavorativo_da,
    in_parti_uguali,
    intero,
    mescola,
    scelta,
)
from tests.sample.fatti import DELIBERA_DEL_PIANO
from tests.sample.modello import Contesto, Riga, genera

_OGGETTI = (
    "Approvazione del verbale della seduta precedente",
    'Adesione all\'iniziativa "Borghi in rete", quota e rappresentanti',
    "Variazione di bilancio; assestamento",
    "Nomina del rappresentante della Camera in un consorzio",
    "Convenzione con le Camere di Pisa e di Lucca\nper lo svolgimento di attività in comune",
    "Bando per contributi alle imprese: criteri e modalità",
    "Proroga dei termini di un disciplinare",
    "Ricorso al mercato elettronico, autorizzazione",
    "Progetto di valorizzazione delle qualità del territorio",
    "Presa d'atto della relazione sulla performance",
)

_DETERMINE = (
    "Liquidazione fatture",
    "Impegno di spesa: servizi di pulizia",
    "Affidamento diretto tramite mercato elettronico",
    "Rimborso diritti erroneamente versati",
    "Autorizzazione alla formazione del personale",
    "Svincolo di una cauzione; restituzione",
)

_OGGETTO_DEL_PIANO = (
    "Preventivo economico 2020, budget economico e piano degli indicatori e dei risultati attesi"
)

_SEZIONI = (
    ("Disposizioni generali", ("Piano anticorruzione", "Atti generali", "Codice di condotta")),
    ("Organizzazione", ("Organi di indirizzo", "Articolazione degli uffici", "Telefono e posta")),
    ("Consulenti e collaboratori", ("Titolari di incarichi", "Compensi")),
    ("Personale", ("Incarichi di vertice", "Dotazione organica", "Tassi di assenza", "OIV")),
    ("Bandi di concorso", ("Bandi", "Criteri di valutazione", "Tracce delle prove")),
    ("Performance", ("Sistema di misurazione", "Piano", "Relazione", "Premi")),
    ("Enti controllati", ("Enti pubblici vigilati", "Società partecipate", "Grafico")),
    ("Attività e procedimenti", ("Tipologie di procedimento", "Termini", "Modulistica")),
    ("Provvedimenti", ("Provvedimenti degli organi", "Provvedimenti dei dirigenti")),
    ("Bandi di gara e contratti", ("Elenco annuale", "Programma biennale", "Affidamenti", "Esiti")),
    ("Sovvenzioni e contributi", ("Criteri e modalità", "Atti di concessione", "Elenco annuale")),
    ("Bilanci", ("Preventivo", "Consuntivo", "Piano degli indicatori")),
    ("Beni immobili", ("Patrimonio", "Canoni di locazione")),
    ("Controlli e rilievi", ("Attestazioni dell'OIV", "Revisori dei conti", "Corte dei conti")),
    ("Servizi erogati", ("Carta dei servizi", "Costi contabilizzati", "Servizi in rete")),
    ("Pagamenti", ("Dati sui pagamenti", "Tempestività", "Coordinate")),
    ("Altri contenuti", ("Prevenzione della corruzione", "Accesso civico", "Banche dati")),
)

_NON_APPLICABILI = (
    ("Opere pubbliche", "Programmazione triennale", False),
    ("Pianificazione del territorio", "Atti di governo", False),
    ("Informazioni ambientali", "Stato dell'ambiente", False),
    # Scored although it does not apply: the flag decides, not the presence of a score.
    ("Strutture sanitarie accreditate", "Elenco", True),
)

_PUNTEGGIO_MASSIMO = Decimal(3)

_NEI_TERMINI = (
    # tipo, days from submission to protocol (None: no submission date), suspension, days to answer
    ("DOCUMENTALE_241", 0, 0, 12),
    ("CIVICO_GENERALIZZATO", 1, 0, 27),
    ("CIVICO_GENERALIZZATO", 0, 10, 38),  # in time thanks to the suspension
    ("DOCUMENTALE_241", 2, 0, 30),  # on the last day
    ("DOCUMENTALE_241", None, 0, 20),
    ("CIVICO_GENERALIZZATO", 0, 15, 40),  # of 15 days of suspension 10 are allowed: the last day
    ("DOCUMENTALE_241", 0, 0, 5),
)

_TARDIVI = (
    ("DOCUMENTALE_241", 0, 12, 36),  # a suspension that this kind of access does not have
    ("CIVICO_GENERALIZZATO", 0, 15, 43),
    ("DOCUMENTALE_241", 1, 0, None),
)


@genera("segreteria/atti")
def atti(c: Contesto) -> list[Riga]:
    """Resolutions on the days of the sessions, determinations on any day, numbered by body."""
    r = flusso(c.seed, c.camera, c.esercizio, "segreteria/atti")
    f = c.fatti
    fine_mandato = f.fine_mandato
    commissariata = f.delibere_commissario > 0
    insediamento = fine_mandato + timedelta(1)
    scoperti = giorni_distinti(r, insediamento, c.fine, 8) if commissariata else []
    gruppi = (
        ("GIUNTA", "DELIBERA", _per_seduta(f.delibere_giunta, _sedute_giunta(c))),
        ("CONSIGLIO", "DELIBERA", _per_seduta(f.delibere_consiglio, list(f.sedute_consiglio))),
        ("COMMISSARIO", "DELIBERA", _per_seduta(f.delibere_commissario, scoperti)),
        ("COMMISSARIO", "DETERMINA", giorni(r, insediamento, c.fine, 6) if commissariata else []),
        ("PRESIDENTE", "DETERMINA", giorni(r, c.inizio, fine_mandato, intero(r, 6, 11))),
        ("SEGRETARIO_GENERALE", "DETERMINA", giorni(r, c.inizio, c.fine, intero(r, 170, 210))),
    )
    righe = [
        _atto(
            organo, tipo, numero, giorno, scelta(r, _OGGETTI if tipo == "DELIBERA" else _DETERMINE)
        )
        for organo, tipo, date_ in gruppi
        for numero, giorno in enumerate(date_, start=1)
    ]
    # The first act of the next year has a number that this year used too: the key holds the year.
    organo = "COMMISSARIO" if commissariata else "GIUNTA"
    righe.append(_atto(organo, "DELIBERA", 1, c.dopo, _OGGETTI[0]))
    if c.camera == "MS":
        _intitola_delibera_del_piano(righe)
    return sorted(righe, key=lambda riga: str(riga["data"]))


def _atto(organo: str, tipo: str, numero: int, giorno: date, oggetto: str) -> Riga:
    return {
        "organo": organo,
        "tipo_atto": tipo,
        "numero": numero,
        "data": giorno,
        "oggetto": oggetto,
    }


def _intitola_delibera_del_piano(righe: list[Riga]) -> None:
    _, numero, giorno = DELIBERA_DEL_PIANO
    for riga in righe:
        if (riga["organo"], riga["numero"], riga["data"]) == ("CONSIGLIO", numero, giorno):
            riga["oggetto"] = _OGGETTO_DEL_PIANO


def _per_seduta(quante: int, sedute: list[date]) -> list[date]:
    """The day of each resolution: those of one session are consecutive."""
    if not sedute:
        return []
    per_seduta = in_parti_uguali(quante, len(sedute))
    return [giorno for giorno, n in zip(sedute, per_seduta, strict=True) for _ in range(n)]


def _sedute_giunta(c: Contesto) -> list[date]:
    """Days on which the Giunta met: the same for the sessions and for the resolutions."""
    r = flusso(c.seed, c.camera, c.esercizio, "sedute della giunta")
    return giorni_distinti(r, c.inizio, c.fatti.fine_mandato, c.fatti.sedute_giunta)


@genera("segreteria/sedute")
def sedute(c: Contesto) -> list[Riga]:
    """Sessions held, deserted and put off, and one of the year before."""
    f = c.fatti
    svolte = [("GIUNTA", giorno, "SVOLTA") for giorno in _sedute_giunta(c)]
    svolte += [("CONSIGLIO", giorno, "SVOLTA") for giorno in f.sedute_consiglio]
    altre = [
        ("GIUNTA", c.prima, "SVOLTA"),
        ("GIUNTA", giorno_lavorativo_da(date(c.esercizio, 3, 12)), "DESERTA"),
        ("CONSIGLIO", f.sedute_consiglio[0] - timedelta(7), "DESERTA"),
        ("GIUNTA", giorno_lavorativo_da(date(c.esercizio, 6, 4)), "RINVIATA"),
    ]
    return [
        {
            "id_seduta": f"{organo[0]}{giorno.year}-{numero:02d}",
            "organo": organo,
            "data": giorno,
            "esito": esito,
        }
        for numero, (organo, giorno, esito) in enumerate(
            sorted(altre + svolte, key=lambda seduta: seduta[1]), start=1
        )
    ]


@genera("segreteria/trasparenza")
def trasparenza(c: Contesto) -> list[Riga]:
    """The grid of duties: full marks, less the points that the year is short of."""
    r = flusso(c.seed, c.camera, c.esercizio, "segreteria/trasparenza")
    obblighi = [(sezione, o) for sezione, obblighi in _SEZIONI for o in obblighi]
    mancanti = _mancanti(r, c.fatti.punti_mancanti, len(obblighi))
    righe: list[Riga] = [
        {
            "sezione": sezione,
            "obbligo": obbligo,
            "applicabile": True,
            "punteggio": _PUNTEGGIO_MASSIMO - mancante,
            "punteggio_massimo": _PUNTEGGIO_MASSIMO,
        }
        for (sezione, obbligo), mancante in zip(obblighi, mancanti, strict=True)
    ]
    for sezione, obbligo, valutato in _NON_APPLICABILI:
        righe.append(
            {
                "sezione": sezione,
                "obbligo": obbligo,
                "applicabile": False,
                "punteggio": Decimal(0) if valutato else None,
                "punteggio_massimo": _PUNTEGGIO_MASSIMO if valutato else None,
            }
        )
    return righe


def _mancanti(r: Random, punti: Decimal, obblighi: int) -> list[Decimal]:
    """Points short, duty by duty, by halves and at most one and a half each."""
    mezzo = Decimal("0.5")
    mancanti = [Decimal(0)] * obblighi
    for k in mescola(r, range(obblighi)):
        mancanti[k] = min(punti, mezzo * intero(r, 1, 3))
        punti -= mancanti[k]
    return mancanti


@genera("segreteria/accessi")
def accessi(c: Contesto) -> list[Riga]:
    """Requests for access: in time in every lawful way, late, and of the kind not counted."""
    r = flusso(c.seed, c.camera, c.esercizio, "segreteria/accessi")
    f = c.fatti
    casi = list(_casi(f.accessi - f.accessi_tardivi, f.accessi_tardivi))
    # All but the last are over before the year is: their term ends in it.
    arrivi = giorni(r, c.inizio, date(c.esercizio, 10, 30), len(casi) - 1)
    arrivi.append(giorno_lavorativo_da(date(c.esercizio, 12, 14)))
    meta = giorno_lavorativo_da(date(c.esercizio, 6, 8))
    voci = [
        (c.prima, ("DOCUMENTALE_241", 0, 0, 45)),  # late, but of the year before
        *zip(arrivi, casi, strict=True),
        (meta, ("CIVICO_SEMPLICE", 0, 0, 50)),
        (meta + timedelta(90), ("CIVICO_SEMPLICE", 1, 0, None)),
        (c.dopo, ("DOCUMENTALE_241", 0, 0, None)),
    ]
    righe: list[Riga] = []
    for k, (protocollo, (tipo, ritardo, sospensione, risposta)) in enumerate(voci, start=1):
        presentazione = protocollo - timedelta(ritardo or 0)
        righe.append(
            {
                "protocollo": f"{protocollo.year}/A{k:03d}",
                "tipo": tipo,
                "data_presentazione": None if ritardo is None else presentazione,
                "data_protocollo": protocollo,
                "data_risposta": None if risposta is None else presentazione + timedelta(risposta),
                "giorni_sospensione": sospensione or None,
            }
        )
    return righe


def _casi(nei_termini: int, tardivi: int) -> Iterator[tuple[str, int | None, int, int | None]]:
    """Late cases first, so that the last one, which is answered after the year, is in time."""
    for k in range(tardivi):
        yield _TARDIVI[k % len(_TARDIVI)]
    for k in range(nei_termini - 1):
        yield _NEI_TERMINI[k % len(_NEI_TERMINI)]
    yield ("CIVICO_GENERALIZZATO", 0, 0, 25)
