"""The committed sample from end to end: what is published, where it comes from, what is written back.

Belongs here: sentences of the contract that only a whole run can prove. Does not belong here: how a
value is computed (tests/indicatori), read (tests/extracts, tests/plan) or shown (tests/scorecard).
"""

import hashlib
import json
import re
import shutil
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.extracts.pseudonyms import pseudonym
from pipelines.fingerprints import list_formats
from pipelines.scorecard.libreria import missing_library
from pipelines.settings import Luoghi
from tests.contratto import SEDICI
from tests.indicatori.zona import CHIAVE, predefinite
from tests.warehouse.magazzini import ADESSO, CODICI, RAW, albero, chiedi, corri
from tests.warehouse.sorgenti import Linee, read_lines, says

ANNI = (2018, 2019, 2020)
ALLEGATO = RAW / "MS/2020/allegato.txt"

ULTIMI_VALORI = {
    "ISR_STUDI": (2019, "8"),
    "ATTIVITA_RILANCIO": (2019, "10"),
    "RISORSE_INNOVAZIONE_PER_IMPRESA": (2018, "0,03"),
    "INCIDENZA_GESTIONE_DIRETTA": (2018, "24,58"),
    "INCIDENZA_CONTRIBUTI_IMPRESE": (2018, "26,96"),
    "DOMANDE_PROPRIETA_INDUSTRIALE": (2018, "134"),
    "CONCILIAZIONI_PER_FTE": (2018, "133,3"),
    "VERIFICHE_METRICHE": (2019, "60"),
    "TEMPO_MEDIO_PRATICHE_RI": (2018, "0,1"),
    "DELIBERE": (2018, "192"),
    "SEDUTE": (2018, "26"),
    "INDICE_TRASPARENZA": (2018, "100"),
    "ACCESSI_NEI_TERMINI": (2018, "100"),
    "WELFARE": (2018, "100"),
    "FORMAZIONE": (2018, "97,22"),
    "INCIDENZA_CONSIP": (2018, "40,27"),
}
"""The last value that the plan prints of each indicator, with the year of which it speaks."""

STAMPATI = {
    "ISR_STUDI": ("8", "100,00%"),
    "ATTIVITA_RILANCIO": ("7", "87,50%"),
    "RISORSE_INNOVAZIONE_PER_IMPRESA": ("0,05", "100,00%"),
    "INCIDENZA_GESTIONE_DIRETTA": ("16,20%", "65,91%"),
    "INCIDENZA_CONTRIBUTI_IMPRESE": ("47,85%", "100,00%"),
    "DOMANDE_PROPRIETA_INDUSTRIALE": ("139", "100,00%"),
    "CONCILIAZIONI_PER_FTE": ("112,5", "86,54%"),
    "VERIFICHE_METRICHE": ("61", "100,00%"),
    "TEMPO_MEDIO_PRATICHE_RI": ("0,4", "100,00%"),
    "DELIBERE": ("84", "70,00%"),
    "SEDUTE": ("12", "100,00%"),
    "INDICE_TRASPARENZA": ("96,08%", "100,00%"),
    "ACCESSI_NEI_TERMINI": ("92,86%", "92,86%"),
    "WELFARE": ("100,00%", "100,00%"),
    "FORMAZIONE": ("90,63%", "100,00%"),
    "INCIDENZA_CONSIP": ("44,18%", "100,00%"),
}
"""Risultato and % Realizz of 2020, worked out by hand from the figures of the sample."""

SPESE = [
    ("€ 104.870,12", "94,55%"),
    ("€ 139.204,55", "76,70%"),
    ("€ 118.940,71", "107,24%"),
    ("€ 412.388,09", "90,89%"),
    ("€ 128.316,40", "84,84%"),
    ("€ 1.871.552,36", "90,75%"),
    ("€ 109.415,27", "60,52%"),
]
"""Consuntivo and % SPESA of the objectives of 2020 whose layout has both, in the plan's order."""


def italian(text: str) -> Decimal:
    return Decimal(text.replace(".", "").replace(",", "."))


# --- the figures ------------------------------------------------------------------------------------


def test_the_scorecard_of_2020_has_sixteen_rows_all_with_a_result(
    magazzino: duckdb.DuckDBPyConnection,
) -> None:
    rows = magazzino.execute(
        "select codice, risultato, realizzazione, raggiunto, stato, motivo, data_riferimento"
        " from scorecard.indicatori where camera = 'MS' and esercizio = 2020 order by riga"
    ).fetchall()
    assert [row[0] for row in rows] == list(STAMPATI)
    for codice, risultato, realizzazione, raggiunto, stato, motivo, giorno in rows:
        shown, done = STAMPATI[codice]
        assert risultato == italian(shown.rstrip("%"))
        assert realizzazione == italian(done.rstrip("%"))
        assert raggiunto is not None
        assert (stato, motivo, str(giorno)) == ("DEFINITIVO", None, "2020-12-31")


def test_the_chamber_adds_up_as_a_reader_with_a_calculator_would(
    magazzino: duckdb.DuckDBPyConnection,
) -> None:
    by_hand = {
        ("005", "1.1"): ("6", "100"),
        ("005", "1.2"): ("10", "87.5"),
        ("005", "2.2"): ("6", "100"),
        ("005", "3.1"): ("25", "82.96"),
        ("005", "3.2"): ("8", "100"),
        ("004", "3.2"): ("17", "95.51"),
        ("002", "2.1"): ("14", "85"),
        ("003", "2.1"): ("14", "98.57"),
    }
    rows = magazzino.execute(
        "select programma, obiettivo, peso, realizzazione from scorecard.obiettivi"
    ).fetchall()
    assert {(p, o): (peso, done) for p, o, peso, done in rows} == {
        key: (Decimal(peso), Decimal(done)) for key, (peso, done) in by_hand.items()
    }
    assert magazzino.execute(
        "select realizzazione, realizzazione_minima, realizzazione_massima, copertura"
        " from scorecard.ente"
    ).fetchall() == [(*[Decimal("91.43")] * 3, Decimal(1))]


def test_the_last_values_that_the_plan_prints_come_out_of_the_extracts(
    magazzino: duckdb.DuckDBPyConnection,
) -> None:
    rows = magazzino.execute(
        "select codice, anno_ultimo_valore, ultimo_valore, ricalcolato, coincide"
        " from scorecard.ultimi_valori where camera = 'MS' and esercizio = 2020"
    ).fetchall()
    printed = {codice: (anno, italian(text)) for codice, (anno, text) in ULTIMI_VALORI.items()}
    assert sorted(printed) == sorted(SEDICI)
    assert len(rows) == len(SEDICI)
    assert {codice: (anno, ultimo) for codice, anno, ultimo, _, _ in rows} == printed
    assert {codice: (anno, again) for codice, anno, _, again, _ in rows} == printed
    assert [codice for codice, *_, coincide in rows if coincide is not True] == []


Somme = dict[tuple[int, str], tuple[Decimal | None, Decimal | None]]


def sums_of(connection: duckdb.DuckDBPyConnection) -> Somme:
    """Contributions of the indicators of the contract, added up here, not by the system."""
    added: dict[tuple[int, str], list[list[Decimal]]] = defaultdict(lambda: [[], []])
    for anno, codice, *terms in connection.execute(
        "select esercizio, codice, numeratore, denominatore from indicatori.contributi"
        " where list_contains(?, codice)",
        [SEDICI],
    ).fetchall():
        for term, terms_so_far in zip(terms, added[anno, codice], strict=True):
            if term is not None:
                terms_so_far.append(term)
    return {
        key: (sum(above, Decimal(0)), sum(below, Decimal(0)) if below else None)
        for key, (above, below) in added.items()
    }


def values_of(connection: duckdb.DuckDBPyConnection) -> Somme:
    rows = connection.execute(
        "select esercizio, codice, numeratore, denominatore from indicatori.valori"
        " where list_contains(?, codice)",
        [SEDICI],
    ).fetchall()
    assert len(rows) == len({row[:2] for row in rows})
    return {(anno, codice): (above, below) for anno, codice, above, below in rows}


def disagreements(sums: Somme, values: Somme) -> set[tuple[int, str]]:
    """Indicators and years that are missing from either side, or differ, or should not be there."""
    expected = {(anno, codice) for anno in ANNI for codice in SEDICI}
    return {
        key
        for key in expected | sums.keys() | values.keys()
        if key not in expected or key not in sums or key not in values or sums[key] != values[key]
    }


@pytest.fixture(scope="module")
def somme(magazzino: duckdb.DuckDBPyConnection) -> Somme:
    return sums_of(magazzino)


def test_contributions_add_up_to_every_value(
    magazzino: duckdb.DuckDBPyConnection, somme: Somme
) -> None:
    assert len(somme) == len(ANNI) * len(SEDICI)
    assert disagreements(somme, values_of(magazzino)) == set()


@pytest.mark.parametrize("codice", SEDICI)
def test_that_comparison_misses_no_indicator_that_vanishes(
    magazzino: duckdb.DuckDBPyConnection, somme: Somme, codice: str
) -> None:
    values, gone = values_of(magazzino), (2020, codice)
    fewer_sums = {key: pair for key, pair in somme.items() if key != gone}
    fewer_values = {key: pair for key, pair in values.items() if key != gone}
    assert disagreements(fewer_sums, values) == {gone}
    assert disagreements(somme, fewer_values) == {gone}
    assert disagreements(fewer_sums, fewer_values) == {gone}
    above, below = values[gone]
    assert disagreements(somme, values | {gone: (above, (below or Decimal(0)) + 1)}) == {gone}


# --- from a figure back to its lines ----------------------------------------------------------------


@cache
def lines_of(file: str) -> Linee:
    """The lines of a file of the sample, read once."""
    return read_lines(RAW / file)


def table_of(file: str) -> tuple[str, str]:
    """The table and the extract of a file, by its name alone."""
    _, _, ufficio, name = file.split("/")
    nome = name.split(".")[0].split("-")[0]
    return f"fonti.{ufficio}_{nome}", f"{ufficio}/{nome}"


def samples_of(connection: duckdb.DuckDBPyConnection, codice: str) -> list[tuple[str, int]]:
    """The first, middle and last contribution of every file that an indicator counts."""
    return connection.execute(
        "select distinct _file, unnest([min(_riga), quantile_disc(_riga, 0.5), max(_riga)])"
        " from indicatori.contributi where codice = ? group by _file order by all",
        [codice],
    ).fetchall()


@pytest.mark.parametrize("codice", CODICI)
def test_a_contribution_leads_back_to_its_line(
    magazzino: duckdb.DuckDBPyConnection, codice: str
) -> None:
    samples = samples_of(magazzino, codice)
    years = {int(file.split("/")[1]) for file, _ in samples}
    assert years == set(ANNI) if codice in SEDICI else years <= set(ANNI)
    for file, riga in samples:
        table, estratto = table_of(file)
        line = lines_of(file)[riga]
        columns = list(predefinite(2020, 0)[estratto])
        found = magazzino.execute(
            f"select {', '.join(columns)} from {table} where _file = ? and _riga = ?", [file, riga]
        ).fetchall()
        assert len(found) == 1
        held = [c for c in columns if str(line.get(c) or "").strip()]
        assert len(held) >= 2, (file, riga, line)
        for column, value in zip(columns, found[0], strict=True):
            if column == "matricola":
                plain = str(line[column]).strip()
                assert value == pseudonym(plain, "MS", CHIAVE.encode())
                assert plain not in value
            elif column in held:
                assert says(line[column], value), (file, riga, column, line[column], value)


def test_every_format_was_led_back(magazzino: duckdb.DuckDBPyConnection) -> None:
    files = {file for codice in CODICI for file, _ in samples_of(magazzino, codice)}
    formats = {file.split("/")[-1].partition(".")[2] for file in files}
    assert formats == {"csv", "csv.gz", "xlsx", "parquet"}
    assert len(files) > 60


def test_a_wrong_line_would_not_pass_for_the_right_one() -> None:
    lines = lines_of("MS/2020/registro_imprese/pratiche-2020-T1.csv")
    keys = [line["numero_protocollo"] for line in lines.values()]
    assert len(keys) == 5871
    assert not says(lines[2]["numero_protocollo"], lines[3]["numero_protocollo"].strip())


# --- written back -----------------------------------------------------------------------------------


def open_fields(allegato: str) -> dict[str, set[tuple[int, int]]]:
    """Line and field of each of the four that the plan leaves open, out of its own labels."""
    lines = [line.split("\t") for line in allegato.split("\n")]
    found: dict[str, set[tuple[int, int]]] = {
        name: set() for name in ("risultato", "realizzazione", "consuntivo", "spesa")
    }
    heads: dict[str, int] = {}
    for number, fields in enumerate(lines):
        for name, label in (("risultato", "Risultato 2020"), ("realizzazione", "% Realizz")):
            if label in fields:
                heads[name] = fields.index(label)
        if len(fields) == 12 and fields[6] in ("Numero", "Rapporto", "Percentuale"):
            for name, place in heads.items():
                found[name].add((number, place))
        if "% SPESA" in fields:
            found["spesa"].add((number, fields.index("% SPESA") + 1))
        amount = next((i for i, field in enumerate(fields) if field.startswith("€ ")), None)
        if amount is not None and fields[amount - 1].startswith("RISORSE FINANZIARIE A"):
            assert lines[number + 1][0].startswith("RISORSE FINANZIARIE A")
            found["consuntivo"].add((number + 1, amount))
    return found


@pytest.fixture(scope="module")
def riempito(campione: Luoghi) -> bytes:
    return (campione.warehouse / "scorecard/MS-2020.txt").read_bytes()


def changes(before: str, after: str) -> dict[tuple[int, int], tuple[str, str]]:
    """Fields that differ, by line and field; the layout must be the same."""
    old, new = ([line.split("\t") for line in text.split("\n")] for text in (before, after))
    assert [len(line) for line in old] == [len(line) for line in new]
    return {
        (number, place): (old[number][place], new[number][place])
        for number, line in enumerate(old)
        for place in range(len(line))
        if old[number][place] != new[number][place]
    }


def test_the_filled_plan_differs_only_in_the_four_fields(riempito: bytes) -> None:
    before = ALLEGATO.read_bytes().decode()
    fields = open_fields(before)
    assert {name: len(places) for name, places in fields.items()} == {
        "risultato": 16,
        "realizzazione": 16,
        "consuntivo": 7,
        "spesa": 7,
    }
    found = changes(before, riempito.decode())
    (last_block,) = found.keys() - set().union(*fields.values())
    old, new = found.pop(last_block)
    assert old.count("% SPESA: 0,00%") == 1
    assert new == old.replace("% SPESA: 0,00%", "% SPESA: 92,82%")
    assert found.keys() == set().union(*fields.values())
    assert {old for old, _ in found.values()} == {"", "0,00%"}


def test_the_fields_hold_the_figures_in_the_plans_own_style(riempito: bytes) -> None:
    before = ALLEGATO.read_bytes().decode()
    fields = open_fields(before)
    lines = [line.split("\t") for line in riempito.decode().split("\n")]
    printed = {
        name: [lines[number][place] for number, place in sorted(places)]
        for name, places in fields.items()
    }
    assert printed == {
        "risultato": [shown for shown, _ in STAMPATI.values()],
        "realizzazione": [done for _, done in STAMPATI.values()],
        "consuntivo": [amount for amount, _ in SPESE],
        "spesa": [share for _, share in SPESE],
    }


def test_with_only_the_plan_the_text_is_the_allegato(tmp_path: Path) -> None:
    luoghi = Luoghi(tmp_path / "raw", tmp_path / "warehouse")
    (luoghi.raw / "MS/2020").mkdir(parents=True)
    (luoghi.raw / "MS/2020/allegato.txt").write_bytes(ALLEGATO.read_bytes())
    corri(luoghi)
    assert (luoghi.warehouse / "scorecard/MS-2020.txt").read_bytes() == ALLEGATO.read_bytes()
    states = chiedi(luoghi, "select stato, risultato, semaforo, motivo from scorecard.indicatori")
    assert [row[:3] for row in states] == [("DATI_MANCANTI", None, "grigio")] * 16
    assert all("Manca l'estratto" in row[3] for row in states)
    assert chiedi(luoghi, "select realizzazione, copertura from scorecard.ente") == [(None, 0)]


# --- again ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ripetuto(campione: Luoghi, tmp_path_factory: pytest.TempPathFactory) -> Luoghi:
    """The sample run again, the day after, over what the first run left."""
    warehouse = tmp_path_factory.mktemp("ripetuto") / "warehouse"
    shutil.copytree(campione.warehouse, warehouse, symlinks=True)
    again = Luoghi(campione.raw, warehouse)
    before = albero(campione.raw)
    corri(again, adesso=ADESSO + timedelta(days=1))
    assert albero(campione.raw) == before, "a run touched the landing zone"
    return again


def manifest_of(luoghi: Luoghi) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((luoghi.warehouse / "manifest.json").read_text())
    return found


def repeatable(luoghi: Luoghi) -> dict[str, Any]:
    tables = manifest_of(luoghi)["tabelle"]
    return {name: facts for name, facts in tables.items() if facts["ripetibile"]}


def test_a_second_run_publishes_the_same_tables(campione: Luoghi, ripetuto: Luoghi) -> None:
    assert manifest_of(ripetuto)["esecuzione"] != manifest_of(campione)["esecuzione"]
    first = repeatable(campione)
    assert repeatable(ripetuto) == first
    assert len(first) > 45 and sum(facts["righe"] for facts in first.values()) > 75_000
    assert set(manifest_of(campione)["tabelle"]) - set(first) == {
        "esercizi.giorni",
        "passaporto.celle",
        "passaporto.controlli",
        "passaporto.estratti",
        "qualita.arrivi",
        "qualita.conseguenze",
        "qualita.custodia",
        "qualita.esiti",
        "qualita.evidenze",
        "qualita.freschezza",
        "scorecard.freschezza",
        "storico.controlli",
        "storico.controlli_precedenti",
        "storico.consegne",
        "storico.consegne_precedenti",
        "storico.esecuzione",
        "storico.precedenti",
        "storico.valori",
    }


@pytest.mark.parametrize("facts", list_formats().values(), ids=lambda facts: facts["suffisso"])
def test_a_second_run_writes_the_same_scorecard(
    campione: Luoghi, ripetuto: Luoghi, facts: dict[str, object]
) -> None:
    if facts["suffisso"] == "pdf" and missing_library():
        pytest.skip("no Pango on this machine")
    name = facts["suffisso"] if facts.get("insieme") else f"MS-2020.{facts['suffisso']}"
    first, second = (
        (luoghi.warehouse / f"scorecard/{name}").read_bytes() for luoghi in (campione, ripetuto)
    )
    assert first == second


def test_a_second_run_adds_nothing_to_the_history(campione: Luoghi, ripetuto: Luoghi) -> None:
    history = "from storico.valori order by all"
    rows = chiedi(campione, history)
    assert len(rows) == 48
    assert chiedi(ripetuto, history) == rows


def test_the_manifest_tells_what_it_was_made_from(campione: Luoghi) -> None:
    manifest = manifest_of(campione)
    files = [path for path in campione.raw.rglob("*") if path.is_file()]
    delivered = {
        path.relative_to(campione.raw).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.name != "sintetico.txt"
    }
    assert manifest["ingressi"] == delivered
    assert manifest["piani"] == {"MS-2020": delivered["MS/2020/allegato.txt"]}
    assert set(manifest["strumenti"]) == {"python", "duckdb", "polars", "pandera", "dagster"}
    assert manifest["esecuzione"] and manifest["pubblicato"]
    assert manifest["revisione"] is None or re.match(r"[0-9a-f]{40}", manifest["revisione"])
    for facts in manifest["tabelle"].values():
        assert facts["righe"] >= 0 and re.fullmatch(r"[0-9a-f]+", facts["contenuto"])
    for name in ("scorecard/MS-2020.txt", "pira.duckdb", "storico.parquet"):
        content = (campione.corrente / name).read_bytes()
        assert manifest["file"][name] == hashlib.sha256(content).hexdigest()
