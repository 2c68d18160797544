"""The second chamber of the sample, from its plan and its offices' exports to its scorecard.

Belongs here: that its mappings read what its offices write, what comes out. Does not belong here: that the
committed files are those of the generator (test_campione_files.py), the indicators (tests/indicatori).
"""

import csv
import io
import shutil
from collections.abc import Callable, Iterator
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.settings import Luoghi
from tests.contratto import SEDICI
from tests.indicatori.zona import esatto, interroga
from tests.sample.seconda import ATTIVE, CAMERA, CONSEGNE
from tests.warehouse.magazzini import RAW, apri, corri, una_volta

CARTELLA = RAW / CAMERA / "2020"

ATTESI = {
    "PRATICHE_ENTRO_5_GIORNI": "algoritmo",
    "COSTO_PER_PRATICA_RI": "algoritmo",
    "CONCILIAZIONI_NEI_TERMINI": "algoritmo",
    "SERVIZI_DIGITALI_PER_IMPRESA": "algoritmo",
    "SPESA_PROMOZIONE_PER_IMPRESA": "algoritmo",
    "UTILIZZO_BUDGET_PROMOZIONE": "algoritmo",
    "ISR_STUDI": "mappa",
    "TEMPO_MEDIO_PAGAMENTO": "algoritmo",
    "PAGAMENTI_NEI_TERMINI": "algoritmo",
    "TASSO_ASSENZA": "algoritmo",
    "FORMAZIONE": "algoritmo",
    "DELIBERE": "algoritmo",
}
"""Every indicator of its plan that a definition recognises, in the plan's order, and by what."""


def _pubblica(base: Path) -> Luoghi:
    luoghi = Luoghi(base / "raw", base / "warehouse")
    shutil.copytree(RAW / CAMERA, luoghi.raw / CAMERA)
    corri(luoghi)
    return luoghi


@pytest.fixture(scope="module")
def valdastra(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with apri(una_volta(tmp_path_factory.mktemp("valdastra"), _pubblica)) as connection:
        yield connection


def _righe(name: str, separatore: str = ";", salta: int = 0) -> list[dict[str, str]]:
    """The rows of a committed file, read by hand."""
    lines = (CARTELLA / name).read_bytes().decode("cp1252").splitlines()[salta:]
    return list(csv.DictReader(io.StringIO("\n".join(lines)), delimiter=separatore))


def _giorno(testo: str) -> date:
    return datetime.strptime(testo[:10].replace("/", "-"), "%d-%m-%Y").date()


def test_its_plan_is_understood_and_every_row_that_can_be_is_bound(
    valdastra: duckdb.DuckDBPyConnection,
) -> None:
    rows = interroga(
        valdastra,
        "select r.codice, r.metodo from piano.indicatori as i inner join piano.riconosciuti as r"
        " using (camera, esercizio, missione, programma, obiettivo, progressivo) order by i.ordine",
    )
    assert [(r["codice"], r["metodo"]) for r in rows] == [*ATTESI.items(), (None, None)]
    assert valdastra.execute("select non_comprese, disposizione from piano.lettura").fetchall() == [
        (0, "tabella")
    ]
    assert interroga(valdastra, "from piano.anomalie where regola = 'mappa_inutile'") == []


def test_its_files_are_read_whole_each_with_its_mapping(
    valdastra: duckdb.DuckDBPyConnection,
) -> None:
    rows = interroga(
        valdastra,
        "select _file, esito, mappa, righe_scartate, righe_escluse from qualita.file"
        " where estratto not like 'piano/%'",
    )
    assert {r["_file"] for r in rows} == {f"{CAMERA}/2020/{name}" for name in CONSEGNE}
    assert {(r["esito"], r["righe_scartate"]) for r in rows} == {("ACCETTATO", 0)}
    for r in rows:
        name = r["_file"].removeprefix(f"{CAMERA}/2020/")
        assert (r["mappa"] is not None) == (CONSEGNE[name][1] is not None)
        assert r["righe_escluse"] == (1 if name.endswith("pratiche.csv") else 0)


def test_what_no_office_delivered_is_missing_and_no_other_shared_indicator_is_there(
    valdastra: duckdb.DuckDBPyConnection,
) -> None:
    rows = interroga(valdastra, "from indicatori.valori")
    assert {r["codice"] for r in rows} == {*SEDICI, *ATTESI}
    assert {r["codice"] for r in rows if r["stato"] == "DEFINITIVO"} >= ATTESI.keys()
    assert {r["stato"] for r in rows} == {"DEFINITIVO", "DATI_MANCANTI"}


def _pratiche() -> Fraction:
    evase = [
        (_giorno(r["Chiusa il"]) - _giorno(r["Data arr."])).days - int(r["gg sosp."] or 0)
        for r in _righe("registro_imprese/pratiche.csv", salta=2)
        if r["Stato"] == "Evasa" and r["Chiusa il"].endswith("2020 17:30")
    ]
    return Fraction(100 * sum(giorni <= 5 for giorni in evase), len(evase))


def _pagate() -> list[dict[str, str]]:
    return [
        r
        for r in _righe("contabilita/fatture.csv", "\t")
        if r["Mandato del"] and int(r["Centesimi"]) > 0
    ]


def _tempo() -> Fraction:
    giorni = [(_giorno(r["Mandato del"]) - _giorno(r["Ricevuta"])).days for r in _pagate()]
    return Fraction(sum(giorni), len(giorni))


def _servizi() -> Fraction:
    rilasci = _righe("registro_imprese/servizi_digitali.csv")
    return Fraction(sum(r["Servizio"] != "Altro" for r in rilasci), sum(ATTIVE))


def _costo() -> Fraction:
    costi = [
        Fraction(r["Importo"])
        for r in _righe("contabilita/costi_processo.csv")
        if r["Processo"] == "C1.1.1"
    ]
    evase = [
        r
        for r in _righe("registro_imprese/pratiche.csv", salta=2)
        if r["Stato"] == "Evasa" and r["Chiusa il"].endswith("2020 17:30")
    ]
    return sum(costi, Fraction(0)) / len(evase)


@pytest.mark.parametrize(
    ("codice", "calcola"),
    [
        ("PRATICHE_ENTRO_5_GIORNI", _pratiche),
        ("TEMPO_MEDIO_PAGAMENTO", _tempo),
        ("SERVIZI_DIGITALI_PER_IMPRESA", _servizi),
        ("COSTO_PER_PRATICA_RI", _costo),
    ],
)
def test_its_figures_are_those_of_the_files_read_by_hand(
    valdastra: duckdb.DuckDBPyConnection, codice: str, calcola: Callable[[], Fraction]
) -> None:
    found: list[dict[str, Any]] = interroga(
        valdastra, "select valore from indicatori.valori where codice = ?", codice
    )
    assert esatto(found[0]["valore"]) == Fraction(int(calcola() * 10**12), 10**12)
