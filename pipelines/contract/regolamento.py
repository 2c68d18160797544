"""The evaluator's rules: what the plan does not define, read from one file (sql/regole.toml).

Belongs here: reading and checking that file, and the rules in force for a chamber. Does not belong
here: what a rule does (sql/scorecard, sql/indicatori).
"""

import hashlib
import json
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from pipelines.contract.estratti import PER_CODICE
from pipelines.contract.pubblici import FUORI_MERCATO, Ente
from pipelines.partizione import Partizione
from pipelines.settings import RESOURCES

RULES = RESOURCES / "sql" / "regole.toml"

_ORGANI = PER_CODICE["segreteria/atti"].colonna("organo").codici


def _is_share(value: object) -> bool:
    """Percent points with at most two decimals, as the warehouse keeps them."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    exact = Decimal(str(value))
    return exact.is_finite() and exact == round(exact, 2)


def _are_organs(value: object) -> bool:
    return isinstance(value, list) and all(organo in _ORGANI for organo in value)


def _are_aliases(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(code, str) for code in value.values())


def _is_day(value: object) -> bool:
    """A day of the year after, as `31/01`; 29 February is not in every year."""
    if not isinstance(value, str) or not re.fullmatch("[0-9]{2}/[0-9]{2}", value):
        return False
    try:
        return bool(_day_of(value, 2001))
    except ValueError:
        return False


def _day_of(text: str, year: int) -> date:
    """That day of a year; the calendar ends with 9999."""
    day, month = map(int, text.split("/"))
    return date(min(year, date.max.year), month, day)


def _are_closings(value: object) -> bool:
    return isinstance(value, dict) and all(
        re.fullmatch("[0-9]{4}", year) and type(day) is date and day >= date(int(year), 12, 31)
        for year, day in value.items()
    )


def _are_deadlines(value: object) -> bool:
    return isinstance(value, dict) and all(_is_day(day) for day in value.values())


def _are_thresholds(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(number, int | float) and not isinstance(number, bool) and 0 <= number < 10**12
        for number in value.values()
    )


def _are_codes(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(code, str) for code in value)


LICENZE = {
    "CC-BY-4.0": "https://creativecommons.org/licenses/by/4.0/",
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    "IODL-2.0": "https://www.dati.gov.it/iodl/2.0/",
}
"""The licences under which figures may be published, by name."""

_DATI_APERTI = ("titolare", "codice_ipa", "contatto", "licenza")


def _says_who_publishes(value: object) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() <= set(_DATI_APERTI)
        and all(isinstance(said, str) and said.strip() for said in value.values())
        and value.get("licenza", "CC-BY-4.0") in LICENZE
        and re.fullmatch(r"[^@\s]+@[^@\s]+", value.get("contatto", "a@b")) is not None
    )


def _are_withdrawn(value: object) -> bool:
    return isinstance(value, dict) and all(
        re.fullmatch("[A-Z]{2}(-[0-9]{4})?", key) and isinstance(why, str) and why.strip()
        for key, why in value.items()
    )


class RegoleErrate(ValueError):
    """The rules file makes no sense; the message says what, in one Italian sentence."""


_KINDS: dict[str, tuple[Callable[[object], bool], str]] = {
    "versione": (
        lambda value: isinstance(value, str) and "+" not in value,
        "un testo senza «+», che separa l'impronta del contenuto",
    ),
    "al_massimo": (lambda value: value in ("specchio", "rapporto"), '"specchio" o "rapporto"'),
    "giallo_da": (_is_share, "un numero con al più due decimali"),
    "verde_da": (_is_share, "un numero con al più due decimali"),
    "organi_delibere": (_are_organs, f"un elenco di organi ({', '.join(_ORGANI)})"),
    "alias_processi": (_are_aliases, "una tabella di codici di processo"),
    "chiusura": (_is_day, "un giorno e mese come 30/06"),
    "chiusure": (
        _are_closings,
        "una tabella esercizio = data, non prima della fine dell'esercizio",
    ),
    "scadenze": (_are_deadlines, "una tabella nome = giorno e mese come 31/01"),
    "codice_fiscale": (
        lambda value: isinstance(value, str) and re.fullmatch("[0-9]{11}", value) is not None,
        "un testo di undici cifre, zeri compresi",
    ),
    "codice_siope": (
        lambda value: isinstance(value, str) and re.fullmatch("[0-9]{9}", value) is not None,
        "un testo di nove cifre, zeri compresi",
    ),
    "strumenti_fuori_mercato": (_are_codes, "un elenco di codici, come testi"),
    "dati_aperti": (
        _says_who_publishes,
        f"una tabella con {', '.join(_DATI_APERTI)}, di cui licenza è {' o '.join(LICENZE)}"
        " e contatto un indirizzo di posta",
    ),
    "plausibilita": (_are_thresholds, "una tabella nome = numero, non negativo"),
    "ritirate": (
        _are_withdrawn,
        'una tabella "MS-2019" (o "MS", per tutta la Camera) = perché è stata ritirata',
    ),
}
"""What each entry must be, and how that is said."""


_SENZA_CIFRE = {
    "versione",
    "chiusura",
    "chiusure",
    "scadenze",
    "plausibilita",
    "codice_fiscale",
    "codice_siope",
    "dati_aperti",
}
"""Entries that make no figure: names, the calendar, and what is only pointed out."""


@dataclass(frozen=True)
class Regole:
    """The rules in force for a chamber. Thresholds in percent points; days as `31/01`.

    `versione` is what the evaluator calls them, and what they say as a few digits: `1.1+3f9c2a`.
    """

    versione: str
    al_massimo: str
    giallo_da: Decimal
    verde_da: Decimal
    organi_delibere: tuple[str, ...]
    alias_processi: tuple[tuple[str, str], ...]
    chiusura: str
    chiusure: tuple[tuple[int, date], ...]
    scadenze: tuple[tuple[str, str], ...]
    plausibilita: tuple[tuple[str, Decimal], ...]
    codice_fiscale: str | None = None
    codice_siope: str | None = None
    strumenti_fuori_mercato: tuple[str, ...] = FUORI_MERCATO
    dati_aperti: tuple[tuple[str, str], ...] = ()

    @property
    def impronta(self) -> str:
        """The fingerprint of the rules that make figures: while it stays, no figure changes by rule.

        Declaring that a year closes later must not look like a change of every closed year's rules.
        """
        return self._digest(_SENZA_CIFRE)

    def _digest(self, but: set[str]) -> str:
        """What the entries say, in one form whatever the order and the writing of the file; one that may
        be lacking says nothing where it says what holds without it."""
        told = (f for f in fields(self) if getattr(self, f.name) != f.default)
        said = {f.name: _canonical(getattr(self, f.name)) for f in told}
        content = {name: value for name, value in said.items() if name not in but}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    def with_content(self) -> "Regole":
        """The same rules, whose version tells them from any others of the same name."""
        return replace(self, versione=f"{self.versione}+{self._digest({'versione'})[:6]}")

    def ente(self, partizione: Partizione) -> Ente:
        """For whom public files are read in a partition of the chamber whose rules these are."""
        codes = self.codice_fiscale, self.codice_siope, self.strumenti_fuori_mercato
        return Ente(partizione, *codes)

    def closed_from(self, esercizio: int) -> date:
        """The first day on which a year is closed."""
        last = dict(self.chiusure).get(esercizio) or _day_of(self.chiusura, esercizio + 1)
        return min(last, date.max - timedelta(days=1)) + timedelta(days=1)

    def deadlines(self, esercizio: int) -> list[tuple[str, date]]:
        """The legal dates of a year, by name, the first to come first."""
        days = [(name, _day_of(day, esercizio + 1)) for name, day in self.scadenze]
        return sorted(days, key=lambda entry: (entry[1], entry[0]))


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _canonical(value: object) -> object:
    """Equal for values that mean the same: 70 and 70.0, a list or a table in another order."""
    if isinstance(value, tuple):
        return sorted({json.dumps(_canonical(one)) for one in value})
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return value if isinstance(value, str | int) else str(value)


def load_rules(path: Path = RULES) -> "Regolamento":
    """Reads the rules file. Raises `RegoleErrate`."""
    try:
        content = tomllib.loads(path.read_text("utf-8"))
    except tomllib.TOMLDecodeError as wrong:
        raise RegoleErrate(f"Nel file delle regole c'è un errore di scrittura: {wrong}.") from wrong
    return Regolamento(content)


def _check_entries(name: str, section: dict[str, object]) -> None:
    unknown = section.keys() - _KINDS.keys()
    if unknown:
        raise RegoleErrate(
            f"Nel file delle regole, sezione {name}, le voci {', '.join(sorted(unknown))} "
            "non esistono: toglierle o correggerne il nome."
        )
    for entry, value in section.items():
        fits, what = _KINDS[entry]
        if not fits(value):
            raise RegoleErrate(f"Nel file delle regole, sezione {name}, {entry} è {what}.")


class Regolamento:
    """The rules file: general rules, and for each chamber what it changes."""

    def __init__(self, content: dict[str, object]) -> None:
        cameras = content.get("camera", {})
        if not isinstance(cameras, dict) or not all(
            re.fullmatch("[A-Z]{2}", name) and isinstance(section, dict)
            for name, section in cameras.items()
        ):
            raise RegoleErrate(
                "Nel file delle regole ogni sezione di una Camera è [camera.XX], con la sigla di due "
                "lettere maiuscole."
            )
        self._general = {k: v for k, v in content.items() if k != "camera"}
        self._cameras: dict[str, dict[str, object]] = cameras
        for name, section in {"generale": self._general, **cameras}.items():
            _check_entries(name, section)
        for camera in [None, *cameras]:
            self.of(camera)

    def withdrawn(self, camera: str, esercizio: int) -> str | None:
        """Why a partition was declared withdrawn; None where it was not. Chambers' sections add to it."""
        for section in (self._cameras.get(camera, {}), self._general):
            declared = section.get("ritirate")
            for key in (f"{camera}-{esercizio:04d}", camera):
                if isinstance(declared, dict) and key in declared:
                    return str(declared[key])
        return None

    def of(self, camera: str | None) -> Regole:
        """The rules in force for a chamber (`None`: the general ones)."""
        merged = {**self._general, **self._cameras.get(camera or "", {})}
        try:
            rules = Regole(
                versione=str(merged["versione"]),
                al_massimo=str(merged["al_massimo"]),
                giallo_da=Decimal(str(merged["giallo_da"])),
                verde_da=Decimal(str(merged["verde_da"])),
                organi_delibere=tuple(merged["organi_delibere"]),  # type: ignore[arg-type]
                alias_processi=tuple(sorted(merged["alias_processi"].items())),  # type: ignore[attr-defined]
                chiusura=str(merged["chiusura"]),
                chiusure=tuple((int(year), day) for year, day in merged["chiusure"].items()),  # type: ignore[attr-defined]
                scadenze=tuple(merged["scadenze"].items()),  # type: ignore[attr-defined]
                plausibilita=tuple(
                    (name, Decimal(str(number)))
                    for name, number in merged["plausibilita"].items()  # type: ignore[attr-defined]
                ),
                codice_fiscale=_text(merged.get("codice_fiscale")),
                codice_siope=_text(merged.get("codice_siope")),
                strumenti_fuori_mercato=tuple(
                    merged.get("strumenti_fuori_mercato", FUORI_MERCATO)  # type: ignore[arg-type]
                ),
                dati_aperti=tuple(merged.get("dati_aperti", {}).items()),  # type: ignore[attr-defined]
            )
        except KeyError as missing:
            raise RegoleErrate(f"Nel file delle regole manca la voce {missing}.") from missing
        if not 0 <= rules.giallo_da <= rules.verde_da <= 100:
            raise RegoleErrate(
                "Nel file delle regole le soglie vanno da 0 a 100, giallo poi verde."
            )
        return rules.with_content()
