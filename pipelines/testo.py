"""Text as people see it: what shows as nothing is nothing, what shows as a space is a space.

Belongs here: the characters that nobody sees, how a text is cleaned of them, how one from outside is shown
or quoted, how far one name is from another. Does not belong here: what a text means (values.py).
"""

import os
import re
import unicodedata

import polars as pl

INVISIBILI = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
"""What Unicode says to show as nothing (default ignorable), and the marks of annotations."""
SPAZI = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""The spaces beside the plain one."""
_NOTHING = re.compile(f"[{INVISIBILI}]+")
_SPACE = re.compile(f"[{SPAZI}]")
_LUNGHEZZA_CITATA = 80
_SCRITTI = re.compile(r"\\(?=x[0-9a-f]{2}|u[0-9a-f]{4})")
_INVISIBILI = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """A text without what nobody sees, every space a plain one, composed (NFC) and trimmed."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFC", _SPACE.sub(" ", _NOTHING.sub("", text))).strip()


def folded(name: str) -> str:
    """A name as it is compared: clean, case folded, without accents."""
    bare = clean(name).casefold()
    if bare.isascii():
        return bare
    decomposed = unicodedata.normalize("NFKD", bare)
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def beyond_ascii(texts: pl.DataFrame) -> list[str]:
    """The columns of texts in which some character is none of plain ASCII."""
    longer = pl.all().str.len_bytes() != pl.all().str.len_chars()
    found = texts.select(longer.any()).row(0, named=True) if texts.width else {}
    return [name for name, some in found.items() if some]


def cleaned(texts: pl.Series) -> pl.Series:
    """As `clean`, but for the trimming: a column of plain ASCII costs a look at its lengths."""
    other = (texts.str.len_bytes() != texts.str.len_chars()).arg_true()
    if other.is_empty():
        return texts
    seen = (
        pl.lit(texts.gather(other))
        .str.replace_all(f"[{INVISIBILI}]+", "")
        .str.replace_all(f"[{SPAZI}]", " ")
        .str.normalize("NFC")
    )
    return texts.scatter(other, pl.select(seen).to_series())


def one_line(text: str, instead: str = " ") -> str:
    """A text from outside as one line of printable characters; what is none shows as `instead`."""
    line = "".join(c if c.isprintable() else instead for c in " ".join(text.split()))
    return " ".join(line.split())


def shown(path: str) -> str:
    """A path, or any text from outside, that can be stored and printed, whatever bytes it holds.

    What would break a line, steer a terminal or is no text shows as `\\xff` or `\\u2028`; a
    backslash that would read as such shows as `\\x5c`, so that two files never have one name.
    """
    text = os.fsencode(_SCRITTI.sub(r"\\x5c", path)).decode("utf-8", "backslashreplace")
    return _INVISIBILI.sub(lambda m: f"\\{'u%04x' if m[0] > '~' else 'x%02x'}" % ord(m[0]), text)


def quoted(text: str) -> str:
    """A text from outside between quotation marks, on one line, what is invisible by its number."""
    shown = "".join(map(_visible, text[: _LUNGHEZZA_CITATA + 1]))
    if len(shown) > _LUNGHEZZA_CITATA:
        shown = f"{shown[:_LUNGHEZZA_CITATA]}..."
    return f"«{shown}»"


def _visible(character: str) -> str:
    plain = character.isprintable() and not _NOTHING.match(character)
    return character if plain else f"[U+{ord(character):04X}]"


def letters_apart(one: str, other: str, at_most: int) -> int:
    """Letters to change, add, drop or swap with the next to make one name the other.

    Beyond `at_most` the number is only some number above it.
    """
    if abs(len(one) - len(other)) > at_most:
        return at_most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and b == one[i - 2]:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def letters_allowed(name: str) -> int:
    """How far a name may be and still be a slip: in a short one two letters make another word."""
    return 1 if len(name) <= 4 else 2
