"""Facts that Python hands to the database: exact, and at a cost that does not follow the rows.

Belongs here: handing over. Does not belong here: what a build is loaded with (test_pubblicato.py and
the tests of each table).
"""

import sys
from contextlib import closing
from datetime import date, datetime
from decimal import Decimal
from importlib.machinery import ModuleSpec
from typing import Any

import pytest

from pipelines.connection import connect_in_memory
from pipelines.warehouse.fill import fill

COLONNE = (
    "testo varchar, numero decimal(38, 12), vero boolean, giorno date, ora timestamp, quanti bigint"
)
RIGHE = [
    (
        'd\'«a» "b"\\\n\t\x00, [1] è 😀',
        Decimal("-12345678901234567890123456.123456789012"),
        True,
        date(2020, 2, 29),
        datetime(2020, 2, 29, 23, 59, 59, 1),
        2**62,
    ),
    ("", Decimal("1E+2"), False, None, datetime(2020, 1, 1), -1),
    (None, None, None, None, None, None),
    ("null", Decimal("0E-12"), None, date(1, 1, 1), None, 0),
]


def test_every_value_arrives_as_it_is_and_in_its_place() -> None:
    with closing(connect_in_memory()) as connection:
        fill(connection, "t", COLONNE, iter(RIGHE))
        fill(connection, "vuota", COLONNE, ())
        assert connection.execute("from t").fetchall() == RIGHE
        assert connection.execute("from vuota").fetchall() == []


def test_a_value_that_its_column_cannot_hold_is_refused() -> None:
    with closing(connect_in_memory()) as connection, pytest.raises(Exception, match="2020-02-30"):
        fill(connection, "t", "giorno date", [("2020-02-30",)])


class Cercati:
    """What is looked for to be imported, and is not there yet."""

    def __init__(self) -> None:
        self.nomi: list[str] = []

    def find_spec(self, name: str, *_: Any) -> ModuleSpec | None:
        self.nomi.append(name)
        return None


def test_a_thousand_rows_cost_no_more_imports_than_one(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(connect_in_memory()) as connection:
        fill(connection, "prima", COLONNE, RIGHE)  # imports what it imports once
        counted = []
        for number in (1, 1000):
            cercati = Cercati()
            with monkeypatch.context() as patch:
                patch.setattr(sys, "meta_path", [cercati, *sys.meta_path])
                fill(connection, f"t{number}", COLONNE, RIGHE * number)
            counted.append(len(cercati.nomi))
    assert counted[0] == counted[1] < 10
