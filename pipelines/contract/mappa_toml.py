"""A mapping read from TOML, its entries checked one by one against the extract.

Belongs here: the tables and keys of the file, what each may hold, the line on which each stands. Does not
belong here: what a mapping is once it is read (mappa.py).
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from pipelines.contract.mappa import Apertura, Divisione, Mappatura, Numero, Sorgente, Voce
from pipelines.contract.schema import Colonna, Estratto
from pipelines.testo import clean, cleaned, folded, quoted
from pipelines.toml_lines import NonToml, line_of, parse

CODIFICHE = ("utf-8", "utf-16", "windows-1252", "iso-8859-1", "iso-8859-15")
UNITA = {"euro": 0, "centesimi": 2}
"""What an amount may be counted in, and how many digits of it are cents."""
_NUMERI = ("intero", "decimale", "importo")
_DATE = ("data", "data_ora")
_PEZZI = {
    "AAAA": "(?P<anno>[0-9]{4})",
    "AA": "(?P<secolo>[0-9]{2})",
    "MM": "(?P<mese>[0-9]{2})",
    "M": "(?P<mese>[0-9]{1,2})",
    "GG": "(?P<giorno>[0-9]{2})",
    "G": "(?P<giorno>[0-9]{1,2})",
    "hh": "(?P<ora>[0-9]{2})",
    "h": "(?P<ora>[0-9]{1,2})",
    "mm": "(?P<minuto>[0-9]{2})",
    "ss": "(?P<secondo>[0-9]{2})",
}
"""The pieces of a date format; `AA` is a year from 2000 on."""
_PEZZO = re.compile("|".join(_PEZZI))


def read_mapping(estratto: Estratto, sha256: str, testi: Sequence[Sorgente]) -> Mappatura:
    """The mapping of an extract; of two files the later wins, key by key. Raises `MappaturaErrata`."""
    facts: dict[str, dict[str, tuple[object, Voce]]] = {}
    for one in testi:
        for voce, value in _entries(one):
            facts.setdefault(voce.tabella, {})[voce.chiave] = (value, voce)
    lettore = _Lettore(estratto)
    for tabella, entries in facts.items():
        for value, voce in entries.values():
            lettore.take(tabella, value, voce)
    return lettore.mapping(tuple(testi), sha256)


def _entries(one: Sorgente) -> Iterator[tuple[Voce, object]]:
    """Every key of every table, `codici.esito` and the like by their whole name."""
    try:
        facts = parse(one.testo)
    except NonToml as error:
        raise Voce("", "", one.file, error.riga).wrong(
            "il file non si legge come TOML: correggere questa riga."
        ) from error
    for tabella, content in facts.items():
        if tabella not in TABELLE or not isinstance(content, dict):
            raise _voce(one, "", tabella).wrong(_CHIAVE_IGNOTA.format(", ".join(TABELLE)))
        if tabella in _PER_COLONNA:
            for column, nested in content.items():
                whole = f"{tabella}.{column}"
                if not isinstance(nested, dict):
                    raise _voce(one, tabella, column).wrong(
                        f"deve essere una tabella, [{whole}]: scriverla così."
                    )
                if tabella == "divisione" and not nested:
                    raise _voce(one, tabella, column).wrong(_MANCA.format(", ".join(_DIVISIONE)))
                yield from ((_voce(one, whole, key), value) for key, value in nested.items())
        else:
            yield from ((_voce(one, tabella, key), value) for key, value in content.items())


def _voce(one: Sorgente, tabella: str, chiave: str) -> Voce:
    return Voce(tabella, chiave, one.file, line_of(one.testo, tabella, chiave))


_CHIAVE_IGNOTA = "non è una voce di una mappa: le voci sono {}; toglierla o correggerla."
_PER_COLONNA = ("codici", "formato", "unione", "divisione")
"""The tables of which there is one for each column: `[codici.esito]`."""
_DIVISIONE = ("da", "separatore", "parte")
_MANCA = "per dividere una colonna occorrono {}: scrivere ciò che manca."
_UNA_SOLA = "{} viene già da una colonna del file: lasciarne una sola."


class _Lettore:
    """Takes entry after entry, each checked by itself, and makes the mapping of them."""

    def __init__(self, estratto: Estratto) -> None:
        self.estratto = estratto
        self.nomi = {c.nome for c in estratto.colonne}
        self.file: dict[str, tuple[Any, Voce]] = {}
        self.colonne: dict[str, list[tuple[str, Voce]]] = {}
        self.unioni: dict[str, tuple[tuple[str, Voce], ...]] = {}
        self.divisioni: dict[str, dict[str, tuple[Any, Voce]]] = {}
        self.costanti: dict[str, tuple[str, Voce]] = {}
        self.codici: dict[str, dict[str, str]] = {}
        self.formati: dict[str, dict[str, tuple[str, Voce]]] = {}
        self.escludi: list[tuple[str, str, Voce]] = []
        self.voci: list[Voce] = []

    def take(self, tabella: str, value: object, voce: Voce) -> None:
        name, _, column = tabella.partition(".")
        reader = TABELLE.get(name)
        if reader is None:
            raise voce.wrong(_CHIAVE_IGNOTA.format(", ".join(TABELLE)))
        if name in _PER_COLONNA and column not in self.nomi:
            raise voce.wrong(self._no_column(column))
        self.voci.append(voce)
        reader(self, column, value, voce)

    def _no_column(self, name: str) -> str:
        return (
            f"{quoted(name)} non è una colonna di {self.estratto.codice}, che ha"
            f" {', '.join(c.nome for c in self.estratto.colonne)}: scrivere una di queste."
        )

    def _column(self, name: object, voce: Voce) -> Colonna:
        if not isinstance(name, str) or name not in self.nomi:
            raise voce.wrong(self._no_column(str(name)))
        return self.estratto.colonna(name)

    def _check_entry(
        self, good: Mapping[str, tuple[Callable[[Any], bool], str]], value: object, voce: Voce
    ) -> None:
        """Refuses a key that is not among `good`, and a value that is not as is said there."""
        if voce.chiave not in good:
            raise voce.wrong(_CHIAVE_IGNOTA.format(", ".join(good)))
        fits, said = good[voce.chiave]
        if not fits(value):
            raise voce.wrong(f"{quoted(str(value))} non va bene: scrivere {said}.")

    # --- one reader a table --------------------------------------------------------------------------

    def _file(self, _: str, value: object, voce: Voce) -> None:
        good: dict[str, tuple[Callable[[Any], bool], str]] = {
            "foglio": (lambda v: isinstance(v, str) and v.strip() != "", "il nome di un foglio"),
            "intestazione": (
                lambda v: isinstance(v, int) and not isinstance(v, bool) and 0 < v <= 1000,
                "il numero di una riga, da 1 a 1000",
            ),
            "codifica": (
                lambda v: isinstance(v, str) and v.lower() in CODIFICHE,
                f"una di {', '.join(CODIFICHE)}",
            ),
            "separatore": (
                lambda v: isinstance(v, str) and bool(re.fullmatch(r'[^\w"\r\n ]', v)),
                "un segno solo, come «;»",
            ),
        }
        self._check_entry(good, value, voce)
        self.file[voce.chiave] = (value, voce)

    def _colonne(self, _: str, value: object, voce: Voce) -> None:
        column = self._column(value, voce)
        if not clean(voce.chiave):
            raise voce.wrong("l'intestazione è vuota: scriverla come sta nel file.")
        self.colonne.setdefault(column.nome, []).append((voce.chiave, voce))

    def _unione(self, column: str, value: object, voce: Voce) -> None:
        if voce.chiave != "da":
            raise voce.wrong(_CHIAVE_IGNOTA.format("da"))
        if not (
            isinstance(value, list)
            and len(value) > 1
            and all(isinstance(v, str) and clean(v) for v in value)
        ):
            raise voce.wrong(
                'deve elencare almeno due intestazioni del file, come ["Data", "Ora"].'
            )
        self.unioni[column] = tuple((heading, voce) for heading in value)

    def _divisione(self, column: str, value: object, voce: Voce) -> None:
        good: dict[str, tuple[Callable[[Any], bool], str]] = {
            "da": (
                lambda v: isinstance(v, str) and clean(v) != "",
                "l'intestazione di una colonna del file, come «Mandato/riga»",
            ),
            "separatore": (
                lambda v: isinstance(v, str) and _as_seen(v) != "",
                "il segno tra una parte e l'altra, come «/»",
            ),
            "parte": (
                lambda v: isinstance(v, int) and not isinstance(v, bool) and 0 < v <= 1000,
                "un numero intero da 1 a 1000, che dice quale parte è",
            ),
        }
        self._check_entry(good, value, voce)
        self.divisioni.setdefault(column, {})[voce.chiave] = (value, voce)

    def _costanti(self, _: str, value: object, voce: Voce) -> None:
        column = self._column(voce.chiave, voce)
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise voce.wrong("deve essere un testo tra virgolette o un numero intero.")
        if column.personale:
            raise voce.wrong(
                "è una colonna di persone, che una costante non può riempire: toglierla."
            )
        self._check_code(column, str(value), voce)
        self.costanti[column.nome] = (clean(str(value)), voce)

    def _codici(self, name: str, value: object, voce: Voce) -> None:
        column = self.estratto.colonna(name)
        if column.tipo not in ("testo", "si_no"):
            raise voce.wrong(f"{name} non è una colonna di codici o di testo: toglierla.")
        if not isinstance(value, str) or not clean(value):
            raise voce.wrong("deve essere il testo, tra virgolette, che prende il suo posto.")
        self._check_code(column, value, voce)
        self.codici.setdefault(name, {})[folded(voce.chiave)] = clean(value)

    def _check_code(self, column: Colonna, value: str, voce: Voce) -> None:
        if column.codici and value.strip().upper().replace(" ", "_") not in column.codici:
            raise voce.wrong(
                f"{quoted(value)} non è un valore di {column.nome}, che ammette"
                f" {', '.join(column.codici)}: scrivere uno di questi."
            )

    def _formato(self, name: str, value: object, voce: Voce) -> None:
        column = self.estratto.colonna(name)
        keys = (
            ("decimale", "migliaia", *(("unita",) if column.tipo == "importo" else ()))
            if column.tipo in _NUMERI
            else ("data",)
            if column.tipo in _DATE
            else ()
        )
        if voce.chiave not in keys:
            raise voce.wrong(
                _CHIAVE_IGNOTA.format(", ".join(keys))
                if keys
                else f"{name} non è un numero né una data: togliere il formato."
            )
        if not isinstance(value, str):
            raise voce.wrong("deve essere un testo tra virgolette.")
        self.formati.setdefault(name, {})[voce.chiave] = (value, voce)

    def _righe(self, _: str, value: object, voce: Voce) -> None:
        if voce.chiave != "escludi":
            raise voce.wrong(_CHIAVE_IGNOTA.format("escludi"))
        said = 'un elenco di { colonna = "...", forma = "..." }'
        if not isinstance(value, list) or not all(
            isinstance(v, dict)
            and v.keys() == {"colonna", "forma"}
            and all(isinstance(x, str) for x in v.values())
            for v in value
        ):
            raise voce.wrong(f"deve essere {said}.")
        for one in value:
            if not clean(one["colonna"]) or not _is_pattern(one["forma"]):
                raise voce.wrong(
                    f"{quoted(one['forma'])} non è una forma che si possa cercare in una colonna:"
                    " scriverla come un'espressione regolare, per esempio «^Totale»."
                )
            self.escludi.append((one["colonna"], one["forma"], voce))

    # --- all of it -----------------------------------------------------------------------------------

    def mapping(self, testi: tuple[Sorgente, ...], sha256: str) -> Mappatura:
        """The mapping of all that was taken. Raises `MappaturaErrata` where two entries cannot both be."""
        divisioni = _divisions(self.divisioni)
        for name, (_, voce) in self.costanti.items():
            if name in self.colonne or name in self.unioni or name in divisioni:
                raise voce.wrong(_UNA_SOLA.format(name))
        for name, one in divisioni.items():
            if name in self.colonne or name in self.unioni:
                raise one.voce.wrong(_UNA_SOLA.format(name))
        for name, ((_, voce), *_rest) in self.unioni.items():
            if name in self.colonne:
                raise voce.wrong(_UNA_SOLA.format(name))
        seen: dict[str, Voce] = {}
        for _, headings in self.colonne.items():
            for heading, voce in headings:
                if folded(heading) in seen:
                    raise voce.wrong("questa intestazione ha già una colonna: lasciarne una sola.")
                seen[folded(heading)] = voce
        return Mappatura(
            testi,
            sha256,
            Apertura(**{k: v for k, (v, _) in self.file.items()}, dice=_said(self.file)),
            colonne=tuple((n, tuple(h)) for n, h in self.colonne.items()),
            unioni=tuple(self.unioni.items()),
            divisioni=tuple(divisioni.items()),
            costanti=tuple((n, value) for n, (value, _) in self.costanti.items()),
            codici=tuple((n, tuple(table.items())) for n, table in self.codici.items()),
            numeri=tuple(
                (n, _number(entries))
                for n, entries in self.formati.items()
                if "data" not in entries
            ),
            date=tuple(
                (n, date_pattern(*entries["data"], self.estratto.colonna(n).tipo == "data_ora"))
                for n, entries in self.formati.items()
                if "data" in entries
            ),
            escludi=tuple(self.escludi),
            voci=tuple(self.voci),
        )


TABELLE: Mapping[str, Callable[[_Lettore, str, object, Voce], None]] = {
    "file": _Lettore._file,
    "colonne": _Lettore._colonne,
    "costanti": _Lettore._costanti,
    "codici": _Lettore._codici,
    "formato": _Lettore._formato,
    "unione": _Lettore._unione,
    "divisione": _Lettore._divisione,
    "righe": _Lettore._righe,
}
"""The tables that a mapping may have, and what takes an entry of each."""


def _said(entries: Mapping[str, tuple[Any, Voce]]) -> tuple[tuple[str, Voce], ...]:
    return tuple((key, voce) for key, (_, voce) in entries.items())


def _as_seen(separatore: str) -> str:
    """A separator as it stands in the text of a cell, which is clean; the spaces at its ends count."""
    return str(cleaned(pl.Series([separatore])).item())


def _divisions(tables: Mapping[str, Mapping[str, tuple[Any, Voce]]]) -> dict[str, Divisione]:
    """By column, the piece that it is. Raises `MappaturaErrata` where a table lacks a key, or one heading
    is divided in two ways."""
    found: dict[str, Divisione] = {}
    for column, entries in tables.items():
        if lacking := [key for key in _DIVISIONE if key not in entries]:
            _, voce = next(iter(entries.values()))
            raise replace(voce, chiave=lacking[0]).wrong(_MANCA.format(", ".join(_DIVISIONE)))
        (da, voce), (mark, of_mark), (parte, _) = (entries[key] for key in _DIVISIONE)
        one = Divisione(da, _as_seen(mark), parte, voce)
        for other in found.values():
            if folded(other.da) == folded(da) and other.separatore != one.separatore:
                raise of_mark.wrong(
                    f"un'altra voce divide la stessa colonna con {quoted(other.separatore)}:"
                    " scrivere un segno solo."
                )
        found[column] = one
    return found


def _is_pattern(forma: str) -> bool:
    """Whether Polars, which looks for it, can."""
    if not forma or len(forma) > 500:
        return False
    try:
        pl.Series(["x"]).str.contains(forma)
    except pl.exceptions.PolarsError:
        return False
    return True


def _number(entries: Mapping[str, tuple[str, Voce]]) -> Numero:
    decimal, voce = entries.get("decimale", (None, next(iter(entries.values()))[1]))
    thousands, of_thousands = entries.get("migliaia", (None, voce))
    unit, of_unit = entries.get("unita", ("euro", voce))
    if decimal not in (None, ",", "."):
        raise voce.wrong(f"{quoted(str(decimal))} non è un segno dei decimali: scrivere «,» o «.».")
    if thousands not in (None, "", ",", ".", " ", "'", "’"):
        raise of_thousands.wrong(
            f"{quoted(str(thousands))} non è un segno delle migliaia: scrivere «.», «,», «'» o uno spazio."
        )
    # What is not said is what the contract reads: the comma, and the dot where it is no decimal mark.
    mark = decimal or ("." if thousands == "," else ",")
    group = thousands if thousands is not None else {",": ".", ".": ""}[mark]
    if mark == group:
        raise of_thousands.wrong("lo stesso segno non può stare per migliaia e decimali.")
    if unit not in UNITA:
        raise of_unit.wrong(f"{quoted(unit)} non è un'unità: scrivere {' o '.join(UNITA)}.")
    return Numero(mark, group, UNITA[unit])


def date_pattern(spelling: str, voce: Voce, with_time: bool) -> str:
    """The regular expression of a date format such as `GG-MM-AAAA hh:mm`. Raises `MappaturaErrata`."""
    shape = _PEZZO.sub(lambda m: f"\0{m[0]}\0", spelling)
    pieces = shape.split("\0")
    found = [re.findall("<(.*?)>", _PEZZI[p])[0] for p in pieces[1::2]]
    years = [f for f in found if f in ("anno", "secolo")]
    once = len(set(found)) == len(found) and len(years) == 1
    day = {"mese", "giorno"} <= set(found)
    hours = {"ora", "minuto", "secondo"} & set(found)
    ordered = not hours or {"ora", "minuto"} <= hours
    stray = any(re.search("[A-Za-z0-9]", p.replace("T", "")) for p in pieces[::2])
    if not (once and day and ordered) or stray or (hours and not with_time):
        raise voce.wrong(
            f"{quoted(spelling)} non è un formato di data: scriverlo con GG, MM, AAAA"
            f"{' e, se c’è l’ora, hh:mm o hh:mm:ss' if with_time else ''}, come nel file."
        )
    return "".join(
        _PEZZI[piece] if place % 2 else re.escape(piece) for place, piece in enumerate(pieces)
    )
