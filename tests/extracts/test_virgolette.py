"""The two ways a quoted line may go are one: what the letter of the format says, whatever the text.

The reader takes whole blocks of lines at once where their quotes leave no doubt. Here each text is read by
the csv module record by record too, and by blocks of every size; cells, lines and accounts are compared.
"""

import random
from collections.abc import Iterator

import polars as pl
import pytest

from pipelines.contract.estratti import PER_CODICE
from pipelines.extracts import delimited
from pipelines.extracts.cells import CAMPI, RIGA, collect
from pipelines.extracts.delimited import read_text
from pipelines.extracts.judge import judge_fields, type_cells
from pipelines.extracts.quotes import holds_rows, physical_lines, records
from pipelines.extracts.testata import is_blank, read_head
from pipelines.extracts.values import as_seen
from pipelines.landing.rifiutato import Rifiutato

ATTI = PER_CODICE["brevetti/domande"]
TESTATA = "numero_domanda{0}data_deposito{0}tipologia"
PEZZI = (
    *("a", "b c", " ", "", "\t", "é", "\u00a0", "\u200b", "1,5", "x;y", "€", "\x0b", "\u2028", "\ufeff"),
    *('"', '""', '"a"', '"b;c"', '"d,e"', '"f""g"', '""""', '"h"i', 'j"k', ' "l"', '"m" ', '"n\no"'),
    *('"', ";", ",", "\n", "\r\n", "\r", ";;", '";"', '","', "\n\n", '"\n"', '"\n;', '"p\r\nq"'),
    *("a;b;c\n", '"a";"b";"c"\n'),
)  # fmt: skip
TEMI = (
    (
        "{}{}{}\n",
        ('"a"', '"b;c"', "d", "", '""', '"1,5"', '"x""y"', '"due\nrighe"', "\t", "\u00a0"),
    ),
    ('"{}"{}"{}"\n', ("a", "b;c", "d,e", "", " ", "f\tg", 'h""i', "l\nm", "\x0b", "é")),
)


def _hostile(seed: int) -> str:
    """A text with a header, and rows that are sound, nearly so, or noise."""
    pick = random.Random(seed)
    mark = pick.choice(";;,\t")
    end = pick.choice(["\n", "\n", "\r\n"])
    header = TESTATA.format(mark) + mark * pick.choice([0, 0, 1])
    if pick.random() < 0.5:
        header = mark.join(f'"{name}"' for name in header.split(mark))
    lines = [header]
    for _ in range(pick.randrange(12)):
        kind = pick.random()
        if kind < 0.35:
            lines.append("".join(pick.choices(PEZZI, k=pick.randrange(7))))
        elif kind < 0.7:
            fields = pick.choices(TEMI[0][1], k=pick.choice([3, 3, 3, 3, 2, 4]))
            lines.append(mark.join(fields))
        else:
            fields = pick.choices(TEMI[1][1], k=pick.choice([3, 3, 3, 3, 4]))
            lines.append(mark.join(f'"{f}"' for f in fields) + mark * pick.choice([0, 0, 0, 1, 2]))
    return end.join(lines) + pick.choice(["", end])


def _by_records(text: str) -> tuple[pl.DataFrame, int, int]:
    """Cells, blank lines and continued lines by the csv module alone."""
    testa = read_head(text.encode(), ATTI)
    lines, mark, header = physical_lines(text), testa.separatore, testa.intestazione
    vuote, proseguite = testa.vuote, 0

    def rows() -> Iterator[tuple[int, list[str]]]:
        nonlocal vuote, proseguite
        for span, record in records(lines, testa.righe + testa.vuote, mark):
            if record is None or (len(span) > 1 and holds_rows(record, mark, header.campi)):
                blank = [place for place in span if is_blank(lines[place], mark)]
                vuote += len(blank)
                yield from ((place + 1, []) for place in span if place not in blank)
            elif not is_blank(lines[span.start], mark):
                proseguite += len(span) - 1
                yield span.start + 1, record
            else:
                vuote += 1

    frame = as_seen(collect(rows(), header), (RIGA, CAMPI))
    return frame, vuote, proseguite


def _said(frame: pl.DataFrame) -> list[object]:
    """Texts as they are judged, and what is in quarantine for its fields."""
    rows, wrong = judge_fields(frame, 3)
    return [type_cells(rows, ATTI).rows(), wrong.rows()]


def _read(text: str) -> tuple[object, ...]:
    try:
        celle = read_text(text.encode(), ATTI)
    except Rifiutato as refusal:
        return (str(refusal),)
    assert celle.frame[RIGA].is_sorted()
    assert celle.frame.columns[:2] == [RIGA, CAMPI]
    return (_said(celle.frame), celle.conto.vuote, celle.conto.proseguite)


def _expected(text: str) -> tuple[object, ...]:
    try:
        frame, vuote, proseguite = _by_records(text)
    except Rifiutato as refusal:
        return (str(refusal),)
    return (_said(frame), vuote, proseguite)


@pytest.mark.parametrize("quanti", [60, pytest.param(600, marks=pytest.mark.lungo)])
@pytest.mark.parametrize("blocchi", [False, True], ids=["blocco", "blocchi"])
def test_blocks_of_lines_say_what_the_records_say(
    blocchi: bool, quanti: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    if blocchi:
        monkeypatch.setattr(delimited, "_BLOCK", 40)
    for seed in range(blocchi * quanti, (1 + blocchi) * quanti):
        text = _hostile(seed)
        assert _read(text) == _expected(text), f"seme {seed}: {text!r}"


def test_sound_quotes_are_not_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """What most programs export is not read line by line: a million would take ten times as long."""
    letter: list[int] = []
    by_the_letter = delimited._by_the_letter

    def noted(block: bytes, riga: int, places: list[int], testa: object) -> object:
        letter.extend(riga + place for place in places)
        return by_the_letter(block, riga, places, testa)  # type: ignore[arg-type]

    monkeypatch.setattr(delimited, "_by_the_letter", noted)
    lines = [
        '"numero_domanda","data_deposito","tipologia"',
        '"1,5","01/02/2020","MARCHIO"',
        "2,02/02/2020,MARCHIO",
        '"3",03/02/2020,"MARCHIO"',
        '"",,""',
        '"4","04/02/2020","MARCHIO",,',
        '"5 ""bis""","05/02/2020","MARCHIO"',
    ]
    celle = read_text("\r\n".join(lines).encode(), ATTI)
    assert celle.frame["numero_domanda"].to_list() == ["1,5", "2", "3", None, "4", '5 "bis"']
    assert letter == [7]
