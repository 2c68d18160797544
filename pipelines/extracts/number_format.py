"""What the number format of a sheet's cell says about its value.

Belongs here: format codes (`0.00%`, `[Red]000;-000`, `dd/mm/yyyy`), read as far as they change what a
number is. Does not belong here: which cell has which format (ooxml.py), what a column expects of it
(sheet.py). A format rounds what is shown and never the value, so most of a code says nothing here.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

BUILTIN = {
    **dict.fromkeys([0, 49], "General"),
    **dict(enumerate(["0", "0.00", "#,##0", "#,##0.00"], start=1)),
    9: "0%",
    10: "0.00%",
    **dict.fromkeys([*range(14, 18), *range(27, 37), *range(50, 59)], "dd/mm/yyyy"),
    **dict.fromkeys([*range(18, 22), *range(45, 48)], "hh:mm:ss"),
    22: "dd/mm/yyyy hh:mm",
}
"""Codes of the numbers that a workbook uses without declaring them, by what they say here: the others
are ways of writing a number."""

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<space>.)|\*.'
    r"|\[(?P<bracket>[^\]]*)\]?|(?P<general>general)|(?P<moment>am/pm|a/p|[ymdhs])"
    r"|(?P<exponent>e[+-])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)$")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_COMPARE: dict[str, Callable[[Decimal, Decimal], bool]] = {
    "<": Decimal.__lt__,
    "<=": Decimal.__le__,
    ">": Decimal.__gt__,
    ">=": Decimal.__ge__,
    "=": Decimal.__eq__,
    "<>": Decimal.__ne__,
}
_Condition = tuple[str, Decimal]


@dataclass(frozen=True)
class Sezione:
    """What a section of a format says of the numbers it is for.

    `percento`: how many percent signs, each a hundredfold; `momento`: the number is shown as a date
    or an hour; `zeri`: literals and zeros, where a number is shown by these alone (`000`), else none;
    `decimali`: how many decimals are always shown, where nothing else is shown (`0.00`), else none.
    """

    condizione: _Condition | None
    percento: int = 0
    momento: bool = False
    zeri: tuple[str, ...] | None = None
    decimali: int | None = None

    def shown(self, number: str, signed: bool) -> str:
        """A whole number through the zeros and literals of this section: `11` as `011`."""
        assert self.zeri is not None
        places = self.zeri.count("0")
        digits = number.lstrip("-").zfill(places)
        first = len(digits) - places
        text, place = "", 0
        for part in self.zeri:
            if part != "0":
                text += part[1:]
                continue
            text += digits[: first + 1] if place == 0 else digits[first + place]
            place += 1
        return ("-" if signed and number.startswith("-") else "") + text.strip()


@dataclass(frozen=True)
class Formato:
    """The sections of a format code, by the value they are for."""

    sezioni: tuple[Sezione, ...]

    def section(self, value: Decimal) -> Sezione | None:
        """The section that shows a value, if any does."""
        for sezione in self.sezioni:
            if sezione.condizione is None:
                return sezione
            operator, bound = sezione.condizione
            if _COMPARE[operator](value, bound):
                return sezione
        return None

    def is_signed(self, sezione: Sezione) -> bool:
        """Whether a minus is added to what the section shows: not by one written for negatives."""
        return len(self.sezioni) == 1 or sezione.condizione not in _NEGATIVE


_ZERO = Decimal(0)
_NEGATIVE: tuple[_Condition | None, ...] = (("<", _ZERO), ("<=", _ZERO), None)
_UNSAID: dict[int, tuple[_Condition | None, ...]] = {
    1: (None,),
    2: ((">=", _ZERO), None),
    3: ((">", _ZERO), ("<", _ZERO), None),
}
"""What each section is for, where a code does not say it."""


@lru_cache(maxsize=4096)
def read_format(code: str) -> Formato | None:
    """What a format code says; none when it only says how a number is written."""
    tokens = list(_tokens(code))
    sections: list[list[tuple[str, str]]] = [[]]
    for kind, text in tokens:
        if kind == "other" and text == ";":
            sections.append([])
        else:
            sections[-1].append((kind, text))
    numeric = sections[:3]
    unsaid = _UNSAID[len(numeric)]
    sezioni = tuple(_section(s, c) for s, c in zip(numeric, unsaid, strict=True))
    if all(s == Sezione(s.condizione) for s in sezioni):
        return None
    return Formato(sezioni)


def _tokens(code: str) -> Iterator[tuple[str, str]]:
    if code.strip().lower() in ("standard", "estandar"):  # General, by writers that translate it
        code = "General"
    for found in _TOKEN.finditer(code):
        kind = found.lastgroup
        if kind is None:  # `*x`, which fills the cell
            continue
        text = found[kind]
        if kind in ("quoted", "escaped"):
            yield "literal", text
        elif kind == "space":
            yield "literal", " "
        elif kind == "bracket":
            yield from _bracket(text)
        else:
            yield kind, text


def _bracket(text: str) -> Iterator[tuple[str, str]]:
    if text.startswith("$"):  # a currency and a language, `[$€-410]`
        yield "literal", text[1:].partition("-")[0]
    elif _ELAPSED.fullmatch(text):
        yield "moment", text
    elif _CONDITION.match(text):
        yield "condition", text


def _section(tokens: list[tuple[str, str]], unsaid: _Condition | None) -> Sezione:
    condizione = unsaid
    kinds = {kind for kind, _ in tokens}
    for kind, text in tokens:
        if kind == "condition" and (found := _CONDITION.match(text)):
            condizione = (found[1], Decimal(found[2]))
    marks = "".join(text for kind, text in tokens if kind == "other")
    if "moment" in kinds:
        return Sezione(condizione, momento=True)
    if percento := marks.count("%"):
        return Sezione(condizione, percento=percento)
    if kinds & {"general", "exponent"}:
        return Sezione(condizione)
    literal = "".join(text for kind, text in tokens if kind == "literal")
    if found := re.fullmatch(r"[#?]*0*\.(0+)", marks.strip()):
        return Sezione(condizione, decimali=len(found[1]) if not literal.strip() else None)
    plain = re.sub(r"[ $+\-():€£]", "", marks)
    says = plain != "0" or any(c.isalnum() for c in literal)  # a lone zero pads nothing
    if set(plain) != {"0"} or not says:
        return Sezione(condizione)
    zeri = tuple(
        "0" if (kind, text) == ("other", "0") else "'" + text
        for kind, text in tokens
        if kind in ("other", "literal")
    )
    return Sezione(condizione, zeri=zeri)
