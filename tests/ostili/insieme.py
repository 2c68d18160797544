"""The whole corpus in one landing zone, through one night: nobody else may suffer.

Belongs here: where each case is delivered, the night over all of them, what it says of each, and
what the good neighbours are worth with and without them.
"""

from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from pipelines.connection import connect
from pipelines.contract.estratti import ESTRATTI
from pipelines.contract.schema import Colonna, Intervallo
from pipelines.night.steps import run
from tests.indicatori import piano, zona
from tests.indicatori.piano import Blocco, Voce
from tests.ostili.caso import ESERCIZIO, TESTA, Caso, Esito, scrivi
from tests.ostili.corsa import FileVisto, Visti, giudica, visti_di
from tests.ostili.piani import ALLEGATO

GIORNO = date(2021, 6, 30)
BUONA = "BB"
"""A chamber where all is well."""
COLPITA = "ZZ"
"""The chamber that gets every bad extract, and good ones beside them."""
VICINI = (
    "contabilita/consuntivo",
    "contabilita/interventi_economici",
    "registro_imprese/pratiche",
    "segreteria/atti",
    "segreteria/sedute",
    "segreteria/trasparenza",
    "segreteria/accessi",
    "segreteria/personale",
    "segreteria/welfare",
    "segreteria/formazione",
    "provveditorato/pagamenti",
)
"""Extracts of the chamber that is hit which no case touches."""
_ESTREME = ("EA", "EB")
_DEI_CASI = {"QQ", "FU", "GI", "RA", "TU", "CH", *_ESTREME}
_MASSIMI: dict[str, Decimal | int] = {
    "importo": Decimal("9999999999999999.99"),
    "decimale": Decimal("999999999999.999999"),
    "intero": 2**63 - 1,
}
_BLOCCHI = [
    Blocco(
        "1.1",
        [Voce(codice, "8", ("=>8", "=>8", "=>8")) for codice in piano.RIGHE_2020],
        peso="100,00%",
    )
]


@dataclass(frozen=True)
class Notte:
    """What a night over a landing zone leaves: files seen, values, rows of the good neighbours."""

    visti: Visti
    valori: dict[tuple[str, str], tuple[object, ...]]
    righe: dict[str, list[tuple[object, ...]]]
    scorecard: frozenset[str]


def _buone(raw: Path) -> None:
    """The good chamber whole, and the good extracts of the one that is hit."""
    for estratto in zona.predefinite(ESERCIZIO, 0):
        zona.scrivi(raw, BUONA, ESERCIZIO, estratto, [{}, {}])
    for estratto in VICINI:
        zona.scrivi(raw, COLPITA, ESERCIZIO, estratto, [{}, {}])
    piano.scrivi(raw, BUONA, ESERCIZIO, _BLOCCHI)
    piano.scrivi(raw, COLPITA, ESERCIZIO, _BLOCCHI)


def in_gruppo(caso: Caso) -> bool:
    """Whether a case can lie beside all the others, and costs little."""
    return not (caso.pesante or caso.sola or caso.permessi)


def consegna(raw: Path, casi: list[Caso]) -> dict[str, Caso]:
    """Delivers the cases; returns each with the partition it lies in, plans in one of their own."""
    libere = iter(s for s in zona.sigle() if s not in {BUONA, COLPITA, *_DEI_CASI})
    dove = {}
    for caso in casi:
        camera = COLPITA
        if any(ALLEGATO in file for file in caso.attesi):
            camera = next(libere)
            zona.scrivi(raw, camera, ESERCIZIO, "isr/studi", [{}, {}])
        partizione = raw / camera / str(ESERCIZIO)
        partizione.mkdir(parents=True, exist_ok=True)
        caso.prepara(partizione)
        dove[caso.nome] = replace(caso, nome=f"{camera}/{ESERCIZIO}")
    return dove


def _estremi(raw: Path) -> None:
    """Chambers whose every number is the largest, or the smallest, that the contract allows, and
    years at the ends of the calendar: sound data, that must not stop the night."""
    for camera, segno in zip(_ESTREME, (1, -1), strict=True):
        for estratto in ESTRATTI:
            numeri = {
                c.nome: _estremo(c, segno)
                for c in estratto.colonne
                if c.tipo in _MASSIMI and c.nome not in estratto.chiave
            }
            zona.scrivi(raw, camera, ESERCIZIO, estratto.codice, [numeri] * 3)
        piano.scrivi(raw, camera, ESERCIZIO, _BLOCCHI)
    for anno in ("0001", "9999"):
        scrivi(raw / _ESTREME[0] / anno / "isr/studi.csv", TESTA.encode() + b"a;b;SOSPESO\n")


def _estremo(colonna: Colonna, segno: int) -> Decimal | int:
    """The largest value of a column, or the smallest."""
    limiti = colonna.intervallo or Intervallo()
    if segno < 0:
        libero = -_MASSIMI[colonna.tipo]
        return libero if limiti.minimo is None else limiti.minimo + limiti.minimo_escluso
    return _MASSIMI[colonna.tipo] if limiti.massimo is None else limiti.massimo


def notte(base: Path, casi: list[Caso]) -> tuple[Notte, dict[str, list[str]]]:
    """The night over the good neighbours and these cases; and, by case, what went wrong."""
    raw, warehouse = base / "raw", base / "warehouse"
    _buone(raw)
    consegnati = consegna(raw, casi)
    if casi:
        _estremi(raw)
    run(raw, warehouse, giorno=GIORNO)
    with closing(connect(warehouse / "pira.duckdb")) as connection:
        lette = zona.interroga(connection, "from qualita.file")
        valori = connection.execute(
            "select camera, codice, numeratore, denominatore, valore, stato, motivo"
            f" from indicatori.valori where camera in ('{BUONA}', '{COLPITA}')"
        ).fetchall()
        righe = {
            estratto: connection.execute(
                f"from fonti.{estratto.replace('/', '_')}"
                f" where camera in ('{BUONA}', '{COLPITA}') order by all"
            ).fetchall()
            for estratto in VICINI
        }
    visti = _senza_righe_dei_piani(lette)
    scritte = frozenset(p.name for p in (warehouse / "scorecard").iterdir())
    trovata = Notte(visti, {(v[0], v[1]): v[2:] for v in valori}, righe, scritte)
    errori = {
        nome: errore
        for nome, caso in consegnati.items()
        if (errore := giudica(caso, visti, caso.nome))
    }
    return trovata, errori


def _senza_righe_dei_piani(lette: list[zona.Riga]) -> Visti:
    """The lines of a plan are not rows: of a plan only the outcome counts."""
    return {
        file: replace(visto, esito=Esito(visto.esito.esito), lette=0)
        if file.endswith(f"/{ALLEGATO}")
        else visto
        for file, visto in visti_di(lette).items()
    }


def danni(prima: Notte, dopo: Notte) -> list[str]:
    """What the good neighbours lost between a night without bad files and one with them.

    An indicator of the chamber that is hit may lose its value, never change it, and only if one of
    its extracts was hit.
    """
    trovati = []
    for estratto, righe in prima.righe.items():
        if dopo.righe[estratto] != righe:
            trovati.append(f"le righe di {estratto} non sono più le stesse")
    for (camera, codice), valore in prima.valori.items():
        nuovo = dopo.valori[camera, codice]
        perso = camera == COLPITA and codice in DA_ESTRATTI_COLPITI
        if nuovo != valore and not (perso and nuovo[-2] == "DATI_MANCANTI"):
            trovati.append(f"{codice} di {camera} era {valore}, ora è {nuovo}")
    for file, visto in prima.visti.items():
        if dopo.visti.get(file) != visto:
            trovati.append(f"{file} era {visto}, ora è {dopo.visti.get(file)}")
    for nome in prima.scorecard - dopo.scorecard:
        trovati.append(f"manca la scorecard {nome}")
    return trovati


DA_ESTRATTI_COLPITI = {
    "ISR_STUDI",
    "ATTIVITA_RILANCIO",
    "RISORSE_INNOVAZIONE_PER_IMPRESA",
    "DOMANDE_PROPRIETA_INDUSTRIALE",
    "CONCILIAZIONI_PER_FTE",
    "VERIFICHE_METRICHE",
}
"""Indicators that read an extract among those that cases touch."""

__all__ = ["FileVisto", "Notte", "danni", "in_gruppo", "notte"]
