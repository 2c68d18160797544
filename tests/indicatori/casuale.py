"""Random landing zones: rows that are accepted, thick around every bound of the definitions.

Belongs here: random extracts and random plans, from a seed. Does not belong here: what they should
give (tests/reference).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random

from tests.indicatori.casi import PERCENTUALI
from tests.indicatori.piano import IGNOTO, RIGHE_2020, Blocco, Voce
from tests.indicatori.zona import Parziale
from tests.reference.scorecard import RigaPiano

Estratti = dict[str, list[Parziale] | None]


@dataclass(frozen=True)
class Caso:
    """Random draws for one chamber and year, whose data di riferimento is `fine`."""

    r: Random
    esercizio: int
    fine: date

    def giorno(self) -> date:
        """A day, often at or beside a bound of the period."""
        bordi = (date(self.esercizio, 1, 1), self.fine, date(self.esercizio, 12, 31))
        if self.r.random() < 0.4:
            return self.r.choice(bordi) + timedelta(days=self.r.choice((-1, 0, 0, 1)))
        return date(self.esercizio - 1, 7, 1) + timedelta(days=self.r.randrange(730))

    def istante(self) -> datetime:
        ora = self.r.choice((time(0, 0), time(23, 59, 59), time(12, 30)))
        return datetime.combine(self.giorno(), ora)

    def dopo(self, da: date, massimo: int = 500) -> date:
        """The same day or a later one."""
        return da + timedelta(days=self.r.choice((0, 1, self.r.randrange(massimo))))

    def forse(self, valore: object, quota: float = 0.3) -> object:
        """The value, or now and then nothing."""
        return None if self.r.random() < quota else valore

    def tra(self, *codici: str) -> str:
        return self.r.choice(codici)

    def importo(self) -> Decimal:
        centesimi = self.r.choice((self.r.randrange(1, 10**7), self.r.randrange(1, 10**13)))
        segno = -1 if self.r.random() < 0.15 else 1
        return Decimal(segno * centesimi).scaleb(-2)

    def decimale(self, massimo: int) -> Decimal:
        """0..massimo with up to 6 decimals."""
        cifre = self.r.randrange(7)
        return Decimal(self.r.randrange(massimo * 10**cifre + 1)).scaleb(-cifre)

    def volte(self, massimo: int = 14) -> range:
        return range(self.r.randrange(massimo + 1))


def _studi(c: Caso) -> list[Parziale]:
    stati = ("PUBBLICATO", "PUBBLICATO", "IN_CORSO", "SOSPESO")
    return [{"data_pubblicazione": c.giorno(), "stato": c.tra(*stati)} for _ in c.volte()]


def _attivita(c: Caso) -> list[Parziale]:
    stati = ("ESEGUITA", "ESEGUITA", "IN_CORSO", "ANNULLATA")
    return [
        {
            "programmata": c.r.random() < 0.5,
            "data_conclusione": c.giorno(),
            "stato": c.tra(*stati),
        }
        for _ in c.volte()
    ]


def _costi(c: Caso) -> list[Parziale]:
    voci = (
        "COSTO_DIRETTO",
        "COSTO_INDIRETTO",
        "INTERVENTO_ECONOMICO",
        "CONTRIBUTO_AZIENDA_SPECIALE",
    )
    return [
        {
            "codice_processo": c.tra("D6.1.3", "D6.1.3", "D.1.3.2", "D6.1.2", "C2.7.2"),
            "voce": c.tra(*voci),
            "importo": c.importo(),
        }
        for _ in c.volte()
    ]


def _interventi(c: Caso) -> list[Parziale]:
    modalita = (
        "GESTIONE_DIRETTA",
        "CONTRIBUTO_IMPRESE",
        "AZIENDA_SPECIALE",
        "QUOTA_ASSOCIATIVA",
        "ALTRO",
    )
    return [
        {"modalita": c.tra(*modalita), "data": c.giorno(), "importo": c.importo()}
        for _ in c.volte()
    ]


def _consuntivo(c: Caso) -> list[Parziale]:
    return [{"obiettivo": f"1.{c.r.randrange(1, 6)}", "importo": c.importo()} for _ in c.volte(8)]


def _pratiche(c: Caso) -> list[Parziale]:
    righe: list[Parziale] = []
    for _ in c.volte(20):
        chiusura = c.istante()
        prima = timedelta(days=c.r.choice((0, 1, c.r.randrange(40))))
        righe.append(
            {
                "canale": c.tra("TELEMATICA", "TELEMATICA", "CARTACEA"),
                "data_ora_arrivo": min(chiusura, c.istante()) - prima,
                "data_ora_chiusura": chiusura,
                "giorni_sospensione": c.forse(c.r.randrange(8)),
                "esito": c.tra("EVASA", "EVASA", "RIFIUTATA", "IN_LAVORAZIONE"),
            }
        )
    return righe


def _consistenza(c: Caso) -> list[Parziale]:
    giorni = {c.giorno() for _ in c.volte(4)}
    return [
        {"data_riferimento": g, "forma_giuridica": f"FORMA {f}", "attive": c.r.randrange(5000)}
        for g in sorted(giorni)
        for f in c.volte(4)
    ]


def _domande(c: Caso) -> list[Parziale]:
    tipologie = (
        "INVENZIONE",
        "MODELLO_UTILITA",
        "DISEGNO_MODELLO",
        "MARCHIO",
        "SEGUITO",
        "ALTRO",
    )
    return [{"data_deposito": c.giorno(), "tipologia": c.tra(*tipologie)} for _ in c.volte()]


def _procedimenti(c: Caso) -> list[Parziale]:
    righe: list[Parziale] = []
    for _ in c.volte():
        avvio = c.giorno()
        righe.append(
            {
                "tipo": c.tra("MEDIAZIONE", "CONCILIAZIONE", "ARBITRATO"),
                "data_avvio": avvio,
                "data_conclusione": c.forse(max(avvio, c.giorno())),
            }
        )
    return righe


def _fte(c: Caso) -> list[Parziale]:
    return [
        {
            "codice_processo": c.tra("C2.7.2", "C2.7.2", "C2.7.1", "D6.1.3"),
            "natura": c.tra("INTERNO", "ESTERNO"),
            "percentuale_tempo": c.decimale(100),
            "mesi_servizio": c.decimale(12),
            "percentuale_part_time": c.decimale(99) + Decimal("0.5"),
        }
        for _ in c.volte()
    ]


def _metrico(c: Caso) -> list[Parziale]:
    tipi = ("VERIFICA_PRIMA", "VERIFICA_PERIODICA", "SORVEGLIANZA")
    return [{"data": c.giorno(), "tipo": c.tra(*tipi)} for _ in c.volte()]


def _atti(c: Caso) -> list[Parziale]:
    organi = ("GIUNTA", "GIUNTA", "CONSIGLIO", "COMMISSARIO", "PRESIDENTE", "SEGRETARIO_GENERALE")
    return [
        {
            "organo": c.tra(*organi),
            "tipo_atto": c.tra("DELIBERA", "DELIBERA", "DETERMINA"),
            "data": c.giorno(),
        }
        for _ in c.volte(20)
    ]


def _sedute(c: Caso) -> list[Parziale]:
    return [
        {
            "organo": c.tra("GIUNTA", "CONSIGLIO"),
            "data": c.giorno(),
            "esito": c.tra("SVOLTA", "SVOLTA", "DESERTA", "RINVIATA"),
        }
        for _ in c.volte()
    ]


def _trasparenza(c: Caso) -> list[Parziale]:
    righe: list[Parziale] = []
    for _ in c.volte():
        punteggio = c.decimale(3)
        righe.append(
            {
                "applicabile": c.r.random() < 0.7,
                "punteggio": punteggio,
                "punteggio_massimo": punteggio + c.decimale(2) + Decimal("0.000001"),
            }
        )
    return righe


def _accessi(c: Caso) -> list[Parziale]:
    righe: list[Parziale] = []
    for _ in c.volte(20):
        protocollo = c.giorno()
        da = protocollo - timedelta(days=c.r.choice((0, 0, 1, 31)))
        sospensione = c.r.choice((0, 5, 10, 20))
        durata = c.r.choice((5, 29, 30, 31, 30 + sospensione, 31 + sospensione, 40, 41))
        righe.append(
            {
                "tipo": c.tra("CIVICO_GENERALIZZATO", "DOCUMENTALE_241", "CIVICO_SEMPLICE"),
                "data_presentazione": None if da == protocollo and c.r.random() < 0.5 else da,
                "data_protocollo": protocollo,
                "data_risposta": c.forse(da + timedelta(days=durata)),
                "giorni_sospensione": c.forse(sospensione, 0.1),
            }
        )
    return righe


def _matricola(c: Caso) -> str:
    return f"M{c.r.randrange(12):03d}"


def _personale(c: Caso) -> list[Parziale]:
    righe: dict[tuple[str, date], Parziale] = {}
    for _ in c.volte(24):
        matricola, inizio = _matricola(c), c.giorno() - timedelta(days=c.r.choice((0, 0, 900)))
        righe[matricola, inizio] = {
            "matricola": matricola,
            "contratto": c.tra("TI", "TI", "TD", "DIRIGENTE", "SEGRETARIO_GENERALE"),
            "data_inizio": inizio,
            "data_fine": c.forse(max(inizio, c.giorno()), 0.6),
        }
    return list(righe.values())


def _fruizioni(c: Caso) -> list[Parziale]:
    return [{"matricola": _matricola(c), "data": c.giorno()} for _ in c.volte(20)]


def _pagamenti(c: Caso) -> list[Parziale]:
    siope = ("2101", "2110", "2127", "2298", "2299", "2100", "2128", "2297", "2300")
    canali = ("CONVENZIONE_CONSIP", "ACCORDO_QUADRO", "MEPA", "FUORI_MERCATO", "FUORI_MERCATO")
    return [
        {
            "riga": c.forse(1),
            "data_pagamento": c.giorno(),
            "codice_siope": c.tra(*siope),
            "imponibile": c.importo(),
            "iva": c.importo(),
            "canale": c.tra(*canali),
        }
        for _ in c.volte(20)
    ]


GENERATORI = {
    "isr/studi": _studi,
    "cciaa/attivita": _attivita,
    "contabilita/costi_processo": _costi,
    "contabilita/interventi_economici": _interventi,
    "contabilita/consuntivo": _consuntivo,
    "registro_imprese/pratiche": _pratiche,
    "registro_imprese/consistenza": _consistenza,
    "brevetti/domande": _domande,
    "conciliazione/procedimenti": _procedimenti,
    "kronos/fte": _fte,
    "metrico/attivita": _metrico,
    "segreteria/atti": _atti,
    "segreteria/sedute": _sedute,
    "segreteria/trasparenza": _trasparenza,
    "segreteria/accessi": _accessi,
    "segreteria/personale": _personale,
    "segreteria/welfare": _fruizioni,
    "segreteria/formazione": _fruizioni,
    "provveditorato/pagamenti": _pagamenti,
}


def estratti(seme: int, esercizio: int, fine: date) -> Estratti:
    """Random rows of every extract; now and then an extract is absent (None) or has no rows."""
    caso = Caso(Random(seme), esercizio, fine)
    return {
        estratto: None if caso.r.random() < 0.05 else genera(caso)
        for estratto, genera in GENERATORI.items()
    }


@dataclass(frozen=True)
class Piano:
    """A random plan: its text's blocks, and beside each of them what the blocks say."""

    blocchi: Sequence[Blocco]
    pesi: Sequence[Fraction]
    preventivi: Sequence[Fraction]
    righe: Sequence[Sequence[RigaPiano]]


def _italiano(valore: Decimal) -> str:
    return f"{valore:f}".replace(".", ",")


def _target(r: Random, valore: Fraction | None, decimali: int) -> Decimal:
    """A target, mostly not far from the value, so that not every score is 0 or 100."""
    if valore is not None and valore > 0 and r.random() < 0.8:
        vicino = valore * Fraction(r.randrange(50, 200), 100)
        return Decimal(round(vicino * 10**decimali)).scaleb(-decimali)
    return Decimal(r.choice((0, 1, r.randrange(10**5)))).scaleb(-decimali)


DA_TENERE_BASSI = frozenset({"TEMPO_MEDIO_PRATICHE_RI"})
"""Of the sixteen, those that a bare target bounds from above."""


def _voce(r: Random, codice: str, valore: Fraction | None) -> tuple[Voce, RigaPiano]:
    percentuale = codice in PERCENTUALI
    segno = "%" if percentuale else ""
    decimali = r.randrange(4)
    target = _target(r, valore, decimali)
    operatore = r.choice(("=>", "=<", ""))
    testo = operatore + _italiano(target) + segno
    return (
        Voce(codice, f"1{segno}", (testo, f"=>1{segno}", f"=>1{segno}")),
        RigaPiano(
            None if codice == IGNOTO else codice,
            Fraction(target),
            operatore or ("=<" if codice in DA_TENERE_BASSI else "=>"),
            not operatore,
            max(decimali, 2) if percentuale else decimali,
        ),
    )


def piano(seme: int, valori: Mapping[str, Fraction | None]) -> Piano:
    """A plan of up to five objectives, with up to five indicators each, over some values."""
    r = Random(seme)
    codici = [*RIGHE_2020, IGNOTO]
    r.shuffle(codici)
    blocchi, pesi, preventivi, righe = [], [], [], []
    for numero in range(1, r.randrange(2, 7)):
        presi = [codici.pop() for _ in range(min(len(codici), r.randrange(1, 6)))]
        voci = [_voce(r, codice, valori.get(codice)) for codice in presi]
        if not voci:
            break
        peso = Decimal(r.randrange(1, 4000)).scaleb(-2)
        preventivo = Decimal(r.randrange(1, 10**8)).scaleb(-2)
        testo = f"{preventivo:,.2f}".translate(str.maketrans(",.", ".,"))
        blocchi.append(Blocco(f"1.{numero}", [v for v, _ in voci], f"{_italiano(peso)}%", testo))
        pesi.append(Fraction(peso))
        preventivi.append(Fraction(preventivo))
        righe.append([p for _, p in voci])
    return Piano(blocchi, pesi, preventivi, righe)
