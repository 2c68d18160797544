"""The SQL files as an analyst has them: headed, in order, and the same when pasted into a shell."""

import re
import tomllib
from pathlib import Path

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from pipelines.warehouse.models import (
    CONTRIBUTI,
    SQL,
    TUTTI,
    Modello,
    catalogue,
    checks,
    glossary,
    read_model,
    read_models,
    unrepeatable,
)
from tests.contratto import SEDICI
from tests.warehouse.magazzini import CODICI, colonne_di

FILE = sorted(SQL.glob("*/**/*.sql"))
NOMI = [f"{path.parent.name}.{path.stem}" for path in FILE]
INTESTAZIONE = re.compile(r"\A/\*\n(.*?)\n\*/\n", re.DOTALL)

di_ogni_file = pytest.mark.parametrize("path", FILE, ids=NOMI)


def header_of(path: Path) -> dict[str, object]:
    found = INTESTAZIONE.match(path.read_text("utf-8"))
    assert found is not None, f"{path.name} has no header"
    return tomllib.loads(found[1])


@di_ogni_file
def test_a_file_says_what_it_is(path: Path) -> None:
    facts = header_of(path)
    description = str(facts["descrizione"])
    assert len(description) > 20 and description.endswith(".")
    expected = {
        "contributi": {
            "codice",
            "titolo",
            "unita",
            "direzione",
            "denominatore",
            "unita_numeratore",
            *(["unita_denominatore"] if facts.get("denominatore") else []),
            "riconosce",
            "conta",
            "esclude",
            *(["catalogo", "fonte", "assunto"] if "catalogo" in facts else []),
        },
        "controlli": {"gravita", "riguarda"},
    }.get(path.parent.name, {"grana", "chiave", "materializzazione"})
    optional = {"descrizione", "colonne", "mostra", "in_evidenza", "ripetibile", "storia", "perse"}
    assert set(facts) - optional == expected
    assert facts.get("ripetibile") is not True and facts.get("storia") is not False
    assert not facts.get("storia") or facts["ripetibile"] is False
    assert not {"mostra", "in_evidenza"} & set(facts) or path.parent.name == "controlli"


def test_what_two_nights_make_differently_is_a_table_that_there_is() -> None:
    made = {model.tabella for model in read_models()}
    assert unrepeatable() <= made | set(glossary()[1])
    assert {model.tabella for model in read_models() if model.storia} <= unrepeatable() & made


def test_the_catalogue_has_every_indicator() -> None:
    entries = {entry.codice: entry for entry in catalogue(read_models())}
    assert sorted(entries) == sorted(CODICI)
    assert {entry.direzione for entry in entries.values()} == {"=>", "=<"}
    at_most = [codice for codice in SEDICI if entries[codice].direzione == "=<"]
    assert at_most == ["TEMPO_MEDIO_PRATICHE_RI"]
    assert all(entry.estratti for entry in entries.values())


def test_a_described_column_is_a_column(magazzino_piccolo: duckdb.DuckDBPyConnection) -> None:
    columns = colonne_di(magazzino_piccolo)
    for model in read_models():
        assert set(model.colonne) - set(columns[model.tabella]) == set(), model.tabella
        assert set(model.chiave) - set(columns[model.tabella]) == set(), model.tabella


@di_ogni_file
def test_a_model_pasted_as_it_is_gives_what_is_published(
    magazzino_piccolo: duckdb.DuckDBPyConnection, path: Path
) -> None:
    table = f"{path.parent.name}.{path.stem}"
    text = path.read_text("utf-8")
    pasted = magazzino_piccolo.execute(text)
    names = [d[0] for d in pasted.description or ()]
    rows = pasted.fetchall()
    if "catalogo" in header_of(
        path
    ):  # published where the plan has it, and pasted of every partition
        asked = magazzino_piccolo.execute(
            "select camera, esercizio from indicatori.richiesti where codice = ?", [path.stem]
        ).fetchall()
        rows = [row for row in rows if row[:2] in asked]
    published = magazzino_piccolo.execute(f"from {table}")
    assert names == [d[0] for d in published.description or ()]
    assert sorted(map(repr, rows)) == sorted(map(repr, published.fetchall()))


def test_pasting_cannot_write_nor_reach_a_file(
    magazzino_piccolo: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    with pytest.raises(duckdb.Error):
        magazzino_piccolo.execute("delete from indicatori.valori")
    secret = tmp_path / "altrove.csv"
    secret.write_text("a\n1\n")
    with pytest.raises(duckdb.PermissionException):
        magazzino_piccolo.execute(f"from read_csv('{secret}')")


def tables_of(sql: str) -> set[str]:
    tree = sqlglot.parse_one(sql, dialect="duckdb")
    return {f"{t.db}.{t.name}" for t in tree.find_all(exp.Table) if t.db}


def test_every_model_comes_after_those_it_reads() -> None:
    models = read_models()
    loaded = set(glossary()[1]) | {t for m in models for t in m.dipende if t.startswith("fonti.")}
    seen: set[str] = set(loaded)
    for model in models:
        needed = tables_of(model.sql)
        if TUTTI in needed:
            needed |= {m.tabella for m in models if m.schema == CONTRIBUTI}
        assert needed - seen == set(), model.tabella
        assert needed - {model.tabella} == needed
        seen.add(model.tabella)
    assert len(seen) == len(loaded) + len(models)


def test_every_check_is_about_something_published(
    magazzino_piccolo: duckdb.DuckDBPyConnection,
) -> None:
    tables = set(colonne_di(magazzino_piccolo))
    assert {check.riguarda for check in checks(read_models())} - tables == set()
    levels = {header_of(path)["gravita"] for path in SQL.glob("controlli/*.sql")}
    assert levels == {"BLOCCA", "AVVISO"}


@pytest.mark.parametrize("text", ["select 1 as uno\n", "-- nota\nselect 1 as uno\n"])
def test_a_file_without_a_header_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "senza.sql"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"senza\.sql: manca l'intestazione"):
        read_model(path)


def test_dependencies_are_read_out_of_the_sql(tmp_path: Path) -> None:
    path = tmp_path / "prova.sql"
    path.write_text(
        '/*\ndescrizione = "Prova."\n*/\nwith interna as (select * from fonti.isr_studi)\n'
        "select * from interna -- from piano.finta\n"
        "where camera in (select camera from piano.obiettivi) and 'from x.y' <> ''\n"
    )
    model: Modello = read_model(path)
    assert model.dipende == {"fonti.isr_studi", "piano.obiettivi"}
