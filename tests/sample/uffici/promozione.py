"""Extracts of the offices that work for firms: studies, activities, patents.

Belongs here: isr/studi, cciaa/attivita, brevetti/domande. Does not belong here: how many must count
(fatti.py).
"""

from datetime import date, timedelta

from tests.sample.casuale import flusso, giorni, intero, mescola, scelta
from tests.sample.modello import Contesto, Riga, genera

_STUDI = (
    ("Rapporto economia", "RAPPORTO"),
    ("Rapporto intermedio", "RAPPORTO"),
    ("Osservatorio bilanci delle società di capitale", "OSSERVATORIO"),
    ("Analisi dell'imprenditoria giovanile, femminile e straniera", "ANALISI"),
    ("Domanda ed offerta di lavoro", "ANALISI"),
    ("Le esportazioni della provincia", "ANALISI"),
    ("Indagine congiunturale sul manifatturiero", "CONGIUNTURALE"),
    ("Livello di digitalizzazione delle imprese", "ANALISI"),
    ("Indagine congiunturale sul commercio", "CONGIUNTURALE"),
    ("Osservatorio sul turismo", "OSSERVATORIO"),
)

_ATTIVITA = (
    "Tavolo delle associazioni di categoria",
    "Protocollo d'intesa con i Comuni della costa",
    "Piano per la filiera lapidea",
    "Rete per l'orientamento scolastico",
    "Progetto turismo e cammini",
    "Sportello unico: incontri con gli ordini professionali",
    "Punto impresa digitale: giornate sul territorio",
    "Progetto per il porto e la retroportualità",
    "Contributi alle reti d'impresa",
    "Premio fedeltà al lavoro",
    "Progetto per le produzioni agroalimentari tipiche",
    "Mappa delle aree produttive dismesse",
    "Calendario unico delle manifestazioni",
    "Progetto per la nautica",
)

_ANNULLATE = (
    "Fiera del lapideo e del design",
    "Missione di operatori esteri",
    "Rassegna dei sapori della Lunigiana",
    "Salone della nautica da diporto",
)

_TIPOLOGIE = (
    ("MARCHIO",) * 12
    + ("SEGUITO",) * 4
    + (
        "INVENZIONE",
        "MODELLO_UTILITA",
        "DISEGNO_MODELLO",
    )
)


@genera("isr/studi")
def studi(c: Contesto) -> list[Riga]:
    """Published studies of the year; two that are not finished; the neighbours' years' own."""
    r = flusso(c.seed, c.camera, c.esercizio, "isr/studi")
    quanti = c.fatti.studi

    def studio(numero: int, titolo: str, tipologia: str, giorno: date | None, stato: str) -> Riga:
        return {
            "id_studio": f"ISR-{c.esercizio}-{numero:02d}",
            "titolo": titolo,
            "tipologia": tipologia,
            "data_pubblicazione": giorno,
            "stato": stato,
        }

    pubblicati = [
        studio(k + 1, f"{titolo} {c.esercizio}", tipologia, giorno, "PUBBLICATO")
        for k, ((titolo, tipologia), giorno) in enumerate(
            zip(_STUDI[:quanti], giorni(r, c.inizio, c.fine, quanti), strict=True)
        )
    ]
    return [
        studio(20, f"Nota di fine anno {c.esercizio - 1}", "NOTA", c.prima, "PUBBLICATO"),
        *pubblicati,
        studio(21, f"Nota di fine anno {c.esercizio}", "NOTA", c.dopo, "PUBBLICATO"),
        studio(22, "Il sistema produttivo dei comuni montani", "ANALISI", None, "IN_CORSO"),
        studio(23, "Storia economica della provincia", "ANALISI", None, "SOSPESO"),
    ]


@genera("cciaa/attivita")
def attivita(c: Contesto) -> list[Riga]:
    """Activities carried out, called off, still going, and one concluded the year before."""
    r = flusso(c.seed, c.camera, c.esercizio, "cciaa/attivita")
    eseguite, annullate = c.fatti.attivita_eseguite, c.fatti.attivita_annullate

    def voce(numero: int, titolo: str, programmata: bool, giorno: date | None, stato: str) -> Riga:
        return {
            "id_attivita": f"ATT-{c.esercizio}-{numero:02d}",
            "titolo": titolo,
            "programmata": programmata,
            "data_conclusione": giorno,
            "stato": stato,
        }

    titoli = mescola(r, _ATTIVITA)
    righe = [voce(30, "Chiusura del bando dell'anno precedente", True, c.prima, "ESEGUITA")]
    for k, giorno in enumerate(giorni(r, c.inizio, c.fine, eseguite)):
        # One in five was not in the programme: it counts all the same.
        righe.append(voce(k + 1, titoli[k % len(titoli)], k % 5 != 3, giorno, "ESEGUITA"))
    for k in range(annullate):
        # The day on which it was called off is no conclusion.
        giorno_annullo = date(c.esercizio, 3 + k, 16) if k % 2 == 0 else None
        righe.append(voce(31 + k, _ANNULLATE[k], True, giorno_annullo, "ANNULLATA"))
    return [*righe, voce(40, "Percorso di accorpamento", True, None, "IN_CORSO")]


@genera("brevetti/domande")
def domande(c: Contesto) -> list[Riga]:
    """Applications filed, those of other kinds among them, and a few of the years beside."""
    r = flusso(c.seed, c.camera, c.esercizio, "brevetti/domande")
    altre = max(3, c.fatti.domande // 15)
    tipi = mescola(r, [scelta(r, _TIPOLOGIE) for _ in range(c.fatti.domande)] + ["ALTRO"] * altre)
    date_tipi = [
        (c.prima, "MARCHIO"),
        *zip(giorni(r, c.inizio, c.fine, len(tipi)), tipi, strict=True),
        (c.dopo, "MARCHIO"),
        (c.dopo + timedelta(1), "SEGUITO"),
    ]
    base = 300_000 + c.esercizio % 100 * 1000 + intero(r, 0, 99)
    return [
        {
            "numero_domanda": f"{giorno.year}{base + k:08d}",
            "data_deposito": giorno,
            "tipologia": tipo,
        }
        for k, (giorno, tipo) in enumerate(date_tipi)
    ]
