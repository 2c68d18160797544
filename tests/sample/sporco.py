"""Lines that the contract refuses, as offices really send them.

Belongs here: which rule is broken, in which extract, how often. Does not belong here: sound rows.
Every line is additional to the sound ones and breaks one rule, so that the accepted rows still give
the figures of fatti.py. A key in conflict refuses both its rows: both are made here. Extracts of a
few rows have none, for there an office sees the mistake.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from tests.sample.casuale import flusso, scelta
from tests.sample.modello import Contesto, Guasta, Riga


@dataclass(frozen=True)
class Ricetta:
    """How a line is broken: `colonna` holds `testo`, as it stands, once every `uno_ogni` rows.

    For a key in conflict there are two texts, one per row; for a line too short, `campi` are left.
    `{prima}` in a text is the year before, `{anno}` the year.
    """

    regola: str
    uno_ogni: int
    colonna: str = ""
    testo: tuple[str, ...] = ()
    campi: int | None = None


_RICETTE: dict[str, tuple[Ricetta, ...]] = {
    "registro_imprese/pratiche": (
        Ricetta("numero_campi", 600, campi=4),
        Ricetta("tipo", 250, "data_ora_arrivo", ("31/02/{anno} 10:15",)),
        Ricetta("tipo", 900, "data_ora_chiusura", ("2/1/{anno}",)),
        Ricetta("obbligatorio", 500, "esito", ("",)),
        Ricetta("codice", 400, "canale", ("PEC",)),
        Ricetta("codice", 700, "esito", ("SOSPESA",)),
        Ricetta("intervallo", 600, "giorni_sospensione", ("-3",)),
        Ricetta("regola_riga", 350, "data_ora_chiusura", ("02/01/{prima} 09:00",)),
        Ricetta("chiave_in_conflitto", 1500, "giorni_sospensione", ("1", "4")),
    ),
    "registro_imprese/consistenza": (
        Ricetta("regola_riga", 40, "attive", ("99999",)),
        Ricetta("tipo", 40, "registrate", ("n.d.",)),
    ),
    "contabilita/costi_processo": (
        Ricetta("tipo", 60, "importo", ("1250.5",)),
        Ricetta("codice", 80, "voce", ("AMMORTAMENTO",)),
    ),
    "contabilita/interventi_economici": (
        Ricetta("tipo", 90, "importo", ("12.5",)),
        Ricetta("tipo", 90, "data", ("30/02/{anno}",)),
        Ricetta("obbligatorio", 120, "modalita", ("",)),
        Ricetta("codice", 120, "modalita", ("VOUCHER",)),
        Ricetta("chiave_in_conflitto", 150, "importo", ("1500,00", "15000,00")),
    ),
    "brevetti/domande": (
        Ricetta("tipo", 100, "data_deposito", ("31/11/{anno}",)),
        Ricetta("codice", 80, "tipologia", ("VARIETÀ VEGETALE",)),
        Ricetta("chiave_in_conflitto", 140, "tipologia", ("MARCHIO", "INVENZIONE")),
    ),
    "conciliazione/procedimenti": (
        Ricetta("regola_riga", 90, "data_conclusione", ("03/01/2012",)),
        Ricetta("codice", 110, "tipo", ("NEGOZIAZIONE",)),
    ),
    "metrico/attivita": (Ricetta("obbligatorio", 90, "tipo", ("",)),),
    "segreteria/atti": (
        Ricetta("numero_campi", 200, campi=3),
        Ricetta("tipo", 150, "data", ("31/06/{anno}",)),
        Ricetta("intervallo", 250, "numero", ("0",)),
        Ricetta("chiave_in_conflitto", 300, "oggetto", ("Impegno di spesa", "Rettifica")),
    ),
    "segreteria/welfare": (Ricetta("obbligatorio", 60, "matricola", ("",)),),
    "segreteria/formazione": (
        Ricetta("tipo", 60, "data", ("31/09/{anno}",)),
        Ricetta("intervallo", 60, "ore", ("0",)),
    ),
    "provveditorato/pagamenti": (
        Ricetta("numero_campi", 200, campi=5),
        Ricetta("tipo", 120, "imponibile", ("12.5",)),
        Ricetta("tipo", 200, "iva", ("22%",)),
        Ricetta("tipo", 250, "data_pagamento", ("31/04/{anno}",)),
        Ricetta("obbligatorio", 250, "codice_siope", ("",)),
        Ricetta("codice", 200, "canale", ("TRATTATIVA DIRETTA",)),
        Ricetta("intervallo", 250, "codice_siope", ("21A1",)),
        Ricetta("regola_riga", 200, "cig", ("Z12345",)),
        Ricetta("chiave_in_conflitto", 300, "imponibile", ("100,00", "1000,00")),
    ),
}

_CHIAVI = {
    "registro_imprese/pratiche": "numero_protocollo",
    "registro_imprese/consistenza": "forma_giuridica",
    "contabilita/interventi_economici": "id_intervento",
    "brevetti/domande": "numero_domanda",
    "conciliazione/procedimenti": "numero",
    "metrico/attivita": "id_attivita",
    "segreteria/atti": "numero",
    "provveditorato/pagamenti": "numero_mandato",
}
"""The column made different, so that a broken line never shares the key of a sound one."""

_DUPLICATE = {
    "registro_imprese/pratiche": 400,
    "contabilita/interventi_economici": 80,
    "provveditorato/pagamenti": 120,
    "segreteria/atti": 150,
}
"""One row in so many was exported twice."""

_CON_TOTALE = {
    "registro_imprese/consistenza",
    "contabilita/interventi_economici",
    "provveditorato/pagamenti",
}
"""Extracts whose files end with a footer."""


def guaste(c: Contesto, estratto: str, righe: Sequence[Riga]) -> list[Guasta]:
    """Every refused line of an extract but duplicates and footers, which go where they belong."""
    r = flusso(c.seed, c.camera, c.esercizio, "sporco", estratto)
    fatte: list[Guasta] = []
    for ricetta in _RICETTE.get(estratto, ()):
        for _ in range(max(1, len(righe) // ricetta.uno_ogni)):
            modello = _altra_chiave(scelta(r, righe), _CHIAVI.get(estratto), len(fatte))
            fatte.extend(_rompi(c, ricetta, modello))
    if estratto == "kronos/fte":
        fatte.extend(_tempi_impossibili(r, righe))
    return fatte


def quanti_duplicati(estratto: str, righe: int) -> int:
    """Rows to repeat, of so many."""
    return righe // _DUPLICATE[estratto] if estratto in _DUPLICATE else 0


def totale(estratto: str, righe: int) -> Guasta | None:
    """The footer of a file of so many rows; its line is too short to be a row."""
    if estratto not in _CON_TOTALE:
        return None
    return Guasta("numero_campi", linea=("TOTALE", str(righe)))


def _altra_chiave(riga: Riga, colonna: str | None, numero: int) -> Riga:
    if colonna is None:
        return riga
    valore = riga[colonna]
    nuova = valore + 5000 + numero if isinstance(valore, int) else f"{valore}/{numero + 1}"
    return {**riga, colonna: nuova}


def _rompi(c: Contesto, ricetta: Ricetta, modello: Riga) -> Iterator[Guasta]:
    if ricetta.campi is not None:
        yield Guasta(ricetta.regola, modello, campi=ricetta.campi)
        return
    for testo in ricetta.testo:
        scritto = testo.format(anno=c.esercizio, prima=c.esercizio - 1)
        yield Guasta(ricetta.regola, modello, {ricetta.colonna: scritto})


def _tempi_impossibili(r: Random, righe: Sequence[Riga]) -> Iterator[Guasta]:
    """An outsider at 115 per cent over two processes, another at 130 on one."""
    for regola, matricola, tempi in (
        ("somma_percentuali", "E0090", ("70", "45")),
        ("intervallo", "E0091", ("130",)),
    ):
        for processo, tempo in zip(("A1.1.1", "C2.7.2"), tempi, strict=False):
            modello = {**scelta(r, righe), "matricola": matricola, "natura": "ESTERNO"}
            valori: Riga = {"codice_processo": processo, "percentuale_tempo": Decimal(tempo)}
            yield Guasta(regola, {**modello, **valori})
