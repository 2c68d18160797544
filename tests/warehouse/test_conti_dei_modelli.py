"""Every model accounts for its rows, and a join that loses some or repeats them is seen.

Belongs here: what `modelli_quadrano` must cover, and breaks that another check sees too. Does not
belong here: the breaks that it alone sees (rotture.py).
"""

import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import duckdb
import pytest

from pipelines.connection import connect
from pipelines.settings import Luoghi
from pipelines.warehouse.checks import run_checks, unaccounted
from pipelines.warehouse.models import SQL, checks, read_models
from tests.warehouse.rotture import QUI

ALTROVE = {
    "passaporto.file": "contributi_quadrano",
    "scorecard.indicatori": "scorecard_completa",
    "scorecard.obiettivi": "scorecard_completa",
    "storico.consegne": "consegne_registrate",
}
"""Models of which a check of their own accounts for every row."""


def test_every_model_accounts_for_its_rows() -> None:
    """A new model says how many rows it must have or, by itself, which it lost; or another check does."""
    text = (SQL / "controlli/modelli_quadrano.sql").read_text("utf-8")
    counted = text.split("\ncontati as (")[1]
    asked = ("contributi", "controlli", "viste")  # computed when somebody asks, and kept nowhere
    models = [m for m in read_models() if m.schema not in asked]
    by_themselves = {m.tabella for m in models if m.perse is not None}
    assert {m.tabella for m in models if f"'{m.tabella}'" not in counted} == (
        set(ALTROVE) | by_themselves
    )
    assert set(ALTROVE.values()) <= {check.nome for check in checks(read_models())}


@pytest.fixture
def rotto(piccola: Luoghi, tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A sound build of one's own, to be broken."""
    shutil.copyfile(piccola.database, tmp_path / "pira.duckdb")
    with closing(connect(tmp_path / "pira.duckdb", read_only=False)) as connection:
        yield connection


def _falliti(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return {o.nome: o.casi for o in run_checks(connection) if not o.superato}


def test_an_indicator_that_lacks_an_extract_and_is_not_known_to_is_seen(
    rotto: duckdb.DuckDBPyConnection,
) -> None:
    """Its value would stand on half of its data."""
    rotto.execute(
        f"update qualita.estratti set stato = 'ASSENTE' where {QUI} and estratto = 'isr/studi'"
    )
    assert _falliti(rotto) == {"estratti_presenti": 1, "modelli_quadrano": 2}


def test_contributions_left_out_though_their_indicator_has_a_value_are_seen(
    rotto: duckdb.DuckDBPyConnection,
) -> None:
    rotto.execute("insert into indicatori.mancanze values ('AA', 2020, 'ISR_STUDI', 'Un motivo.')")
    assert _falliti(rotto) == {"contributi_quadrano": 1, "modelli_quadrano": 2}


@pytest.mark.parametrize(
    ("rompe", "tabella"),
    [
        (
            "insert into qualita.conseguenze (controllo) values ('righe_accettate')",
            "qualita.conseguenze",
        ),
        (
            "insert into storico.controlli_precedenti (controllo, casi, noto_dal)"
            " values ('righe_accettate', 1, '2020-01-01')",
            "storico.controlli",
        ),
        (
            f"delete from passaporto.estratti where {QUI} and codice = 'SEDUTE'",
            "passaporto.estratti",
        ),
        (
            "insert into passaporto.se_accettate (camera, esercizio, codice)"
            " values ('AA', 2020, 'SEDUTE')",
            "passaporto.se_accettate",
        ),
        (
            "insert into passaporto.controlli by name select 'x' as controllo from range(2)",
            "passaporto.controlli",
        ),
        (
            f"update scorecard.mesi set righe = righe + 1 where {QUI} and codice = 'SEDUTE' and mese = 3",
            "scorecard.mesi",
        ),
        (
            f"delete from scorecard.andamento where {QUI} and progressivo = 1",
            "scorecard.andamento",
        ),
    ],
)
def test_a_model_that_accounts_for_itself_is_asked(
    rotto: duckdb.DuckDBPyConnection, rompe: str, tabella: str
) -> None:
    assert unaccounted(rotto) == []
    rotto.execute(rompe)
    assert unaccounted(rotto) == [tabella]
