"""The tool that makes mutants: each kind of slip is made, in SQL and in Python, and can be undone.

Belongs here: what is changed, and that what is written again unchanged says the same. Does not belong
here: whether the suite kills every mutant, which takes an hour (`make mutants`).
"""

import json
from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipelines.extracts import formats, values
from pipelines.publication import memoria
from pipelines.settings import ROOT, Luoghi
from pipelines.warehouse import build
from pipelines.warehouse.models import SQL, model_of, read_models
from tests.mutanti import della_lingua, operatori
from tests.mutanti.__main__ import equivalenti, file_di, mutanti_di
from tests.mutanti.mondi import Mondi, _key, dice_altro
from tests.mutanti.sessione import al_posto


@pytest.mark.parametrize(
    ("sql", "mutati"),
    [
        ("select a > 1 from t", {"a >= 1", "a <= 1", "a > 2"}),
        ("select a = b from t", {"a <> b"}),
        ("select 1 from t where a between 2 and b", {"a > 2 AND a <= b", "a >= 2 AND a < b"}),
        ("select sum(a) from t", {"MAX(a)"}),
        ("select count(a) from t", {"COUNT(*)"}),
        ("select count(distinct a) from t", {"COUNT(a)"}),
        ("select max(a) filter (where b) from t", {"MAX(a)", "MIN(a) FILTER(WHERE b)"}),
        ("select 1 from t where a and b", {"WHERE a", "WHERE b"}),
        ("select 1 from t where a", {"FROM t"}),
        ("select coalesce(a, b) from t", {"SELECT a"}),
        ("select a is null from t", {"NOT (a IS NULL)"}),
        ("select a is distinct from b from t", {"a <> b"}),
        ("select case when a then b else c end from t", {"CASE WHEN a THEN b END"}),
        ("select 1 from t left join u using (a)", {"INNER JOIN u"}),
        ("select 1 from t inner join u using (a)", {"LEFT JOIN u"}),
        ("select 1 from t join u using (a, b)", {"USING (a)", "USING (b)", "LEFT JOIN u"}),
        ("select 1 from t full join u using (a)", {"LEFT JOIN u", "RIGHT JOIN u"}),
        ("select 1 from t anti join u using (a)", {"SEMI JOIN u", "FROM t"}),
        ("select a from t union all select a from u", {"UNION SELECT"}),
        ("select distinct a from t", {"SELECT a"}),
        ("select string_agg(a order by b) from t", {"b DESC"}),
        ("select a + b from t", {"a - b"}),
    ],
)
def test_a_slip_of_every_kind_is_made_in_sql(tmp_path: Path, sql: str, mutati: set[str]) -> None:
    (tmp_path / "m.sql").write_text(f"{sql}\n")
    written = [m.testo for m in operatori.mutanti(tmp_path / "m.sql", tmp_path)]
    for mutato in mutati:
        assert any(mutato in text for text in written), written
    assert len(set(written)) == len(written)
    assert operatori.riscritto(tmp_path / "m.sql") not in written


def test_a_model_written_again_says_what_is_published(
    magazzino_piccolo: duckdb.DuckDBPyConnection,
) -> None:
    """What is written by sqlglot differs from the file in nothing but what was changed."""
    for path in sorted(SQL.glob("*/**/*.sql")):
        table = f"{path.parent.name}.{path.stem}"
        query = model_of(path, operatori.riscritto(path)).sql
        assert not dice_altro(magazzino_piccolo, f"from {table}", f"from ({query})"), table


def test_the_macros_written_again_are_macros() -> None:
    with duckdb.connect() as connection:
        for schema in ("aritmetica", "parole"):
            connection.execute(f"create schema {schema}")
            connection.execute(operatori.riscritto(SQL / f"{schema}.sql"))
        found = connection.execute(
            "select aritmetica.rapporto(1, 3, 100), parole.ridotte('le pratiche')"
        )
        assert str(found.fetchone()) == "(Decimal('33.333333333333'), ['le', 'pratic'])"


def test_a_slip_in_the_reading_of_values_is_there_and_goes_away() -> None:
    (mutante,) = (
        m
        for m in della_lingua.mutanti(Path(str(values.__file__)), ROOT)
        if m.nome == "bare.str.len_bytes() > 0 => bare.str.len_bytes() >= 0"
    )

    def seen() -> object:
        return vars(formats)["as_seen"](pl.DataFrame({"cella": ["  "]}), ()).item()

    assert seen() is None
    with della_lingua.al_posto(values, mutante.testo):
        assert seen() == ""
    assert seen() is None


def test_a_model_in_anothers_place_goes_away(tmp_path: Path) -> None:
    model = read_models()[0]
    before = model.sql
    with al_posto(model, "select 1", tmp_path):
        assert read_models()[0].sql == "select 1"
    assert model.sql == before


def test_what_a_changed_program_makes_is_no_kept_output(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a test that breaks the loading would be handed what a sound one made."""
    worlds, asked = Mondi(tmp_path / "mondi"), []
    monkeypatch.setattr(worlds, "vero", lambda *args: asked.append(args))
    with monkeypatch.context() as broken:
        broken.setattr(build, "load", lambda *_: None)
        worlds.run(tmp_path / "raw", tmp_path / "warehouse")
    assert len(asked) == 1 and worlds.visti == []


def test_a_night_that_was_refused_is_known_to_the_next(tmp_path: Path) -> None:
    """Else what follows it would be taken for what follows the last publication."""
    luoghi = Luoghi(tmp_path / "raw", tmp_path / "warehouse")
    (luoghi.warehouse / "storico").mkdir(parents=True)
    keys = set()
    for nights in ([], ["2021-07-01T04:00"], ["2021-07-01T04:00", "2021-07-02T04:00"]):
        chain = [{"quando": night} for night in nights]
        (luoghi.warehouse / "storico" / memoria.MANIFEST).write_text(json.dumps(chain))
        keys.add(_key(luoghi, None, None, date(2021, 7, 3)))
    assert len(keys) == 3


def test_what_is_said_to_be_equivalent_is_a_mutant_and_says_why() -> None:
    for file, nome, why in equivalenti():
        paths = list(ROOT.glob(file))
        assert paths, file
        assert any(nome in {m.nome for m in mutanti_di(path)} for path in paths), f"{file}: {nome}"
        assert why.endswith(".") and len(why) > 30


def test_every_file_of_sql_is_changed() -> None:
    found = set(file_di([]))
    assert set(SQL.rglob("*.sql")) < found and len(found) == len(set(SQL.rglob("*.sql"))) + 3
