"""How an extract is declared: its columns, its key, its rules, how often it is expected.

Belongs here: the records, and a constructor for each type of column and each kind of rule. Does not
belong here: which extracts there are (estratti.py), how text becomes a value (extracts/values.py).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import polars as pl

Tipo = Literal["testo", "intero", "decimale", "importo", "data", "data_ora", "si_no"]
Ritmo = Literal["mensile", "trimestrale", "annuale"]

DECIMALI_DECIMALE, DECIMALI_IMPORTO = 6, 2
"""Digits after the mark, at most, of a number and of an amount in euro."""

FORMATI = ("csv", "csv.gz", "xlsx", "parquet")

CONTRATTO = "contratto"
"""What the format of a file is called that is in no public one (pubblici.py)."""


@dataclass(frozen=True)
class Cadenza:
    """A delivery for every period of so many months of the year, within so many days of its end."""

    mesi: int
    tolleranza_giorni: int


CADENZE: dict[Ritmo, Cadenza] = {
    "mensile": Cadenza(1, 15),
    "trimestrale": Cadenza(3, 20),
    "annuale": Cadenza(12, 31),
}

REGOLE = (
    "numero_campi",
    "riga_di_totale",
    "dato_personale",
    "tipo",
    "obbligatorio",
    "codice",
    "intervallo",
    "regola_riga",
    "duplicato",
    "chiave_in_conflitto",
    "somma_percentuali",
)
"""Every rule a row can break, in the order in which they are applied."""


@dataclass(frozen=True)
class Intervallo:
    """Bounds of a number; `minimo_escluso` means strictly above the minimum."""

    minimo: int | None = None
    massimo: int | None = None
    minimo_escluso: bool = False


@dataclass(frozen=True)
class Intestata:
    """A heading by which a file has a column, and what is said where the file has it not."""

    testo: str
    se_manca: str


@dataclass(frozen=True)
class Riporto:
    """Where a missing value may be taken from: the rows of another extract, which is read before, that
    have the same `chiave` and do not contradict each other.

    A key counts, in capitals, where it matches `forma` and not `nulla`. `regola` is a column of the other
    extract that says why its value is what it is, and is taken along.
    """

    estratto: str
    chiave: str
    regola: str
    forma: str
    nulla: str


@dataclass(frozen=True)
class Colonna:
    """A column of an extract.

    `predefinito` is what is stored when the value is missing: a number, or the name of another
    column whose value it takes. `forma` is a regular expression that the whole value must match.
    `codice` says that a text which neither is in the key nor has a closed list or a form is a code.
    `intestazioni` are the headings of a file that names it otherwise (contract/mappa.py); a column that
    is `mostrata` is read as its cells show it, whatever they hold. `riporto` is where a value that a row
    lacks may be taken from, before the row is judged.
    """

    nome: str
    tipo: Tipo
    descrizione: str
    obbligatoria: bool = False
    codici: tuple[str, ...] = ()
    intervallo: Intervallo | None = None
    forma: str | None = None
    predefinito: int | str | None = None
    personale: bool = False
    codice: bool = False
    intestazioni: tuple[Intestata, ...] = ()
    mostrata: bool = False
    riporto: Riporto | None = None

    @property
    def provenienza(self) -> tuple[str, str, str]:
        """The columns that say, beside a value that was taken over, from which file, line and rule."""
        return f"_{self.nome}_file", f"_{self.nome}_riga", f"regola_{self.nome}"


@dataclass(frozen=True)
class RegolaRiga:
    """A rule over a typed row: `vale` is true, or missing, for a row that may stay.

    `colonna` is the column that the quarantine names.
    """

    colonna: str
    descrizione: str
    vale: Callable[[], pl.Expr]


@dataclass(frozen=True)
class Estratto:
    """An extract: `<ufficio>/<nome>`; `chiave` identifies a row (empty: equal rows are kept).

    `chiave_anno_di` adds the year of that date to the key. `somma_massima` is (column summed,
    column grouped by, bound): a group above the bound is rejected whole. `evento` is the date that
    tells up to when the rows speak; none where they have no date. Nobody misses one that is not `dovuto`
    and is not delivered.
    """

    ufficio: str
    nome: str
    descrizione: str
    colonne: tuple[Colonna, ...]
    ritmo: Ritmo
    evento: str | None = None
    chiave: tuple[str, ...] = ()
    chiave_anno_di: str | None = None
    regole: tuple[RegolaRiga, ...] = ()
    somma_massima: tuple[str, str, int] | None = None
    dovuto: bool = True

    def __hash__(self) -> int:  # a hundred columns are no quicker told apart by all their bounds
        return hash(self.nome)

    @property
    def codice(self) -> str:
        return f"{self.ufficio}/{self.nome}"

    @property
    def tabella(self) -> str:
        return f"{self.ufficio}_{self.nome}"

    def colonna(self, nome: str) -> Colonna:
        return next(c for c in self.colonne if c.nome == nome)

    def eased(self, facoltative: Collection[str]) -> "Estratto":
        """The same, of which a file need not have some of the columns."""
        free = (
            replace(c, obbligatoria=c.obbligatoria and c.nome not in facoltative)
            for c in self.colonne
        )
        return replace(self, colonne=tuple(free))

    @property
    def riportate(self) -> tuple[Colonna, ...]:
        """The columns whose missing values may be taken from another extract."""
        return tuple(c for c in self.colonne if c.riporto)

    def is_code(self, colonna: Colonna) -> bool:
        """Whether a column of text holds codes, of which every character counts, and not prose."""
        said = colonna.codice or colonna.codici or colonna.forma or colonna.personale
        return colonna.tipo == "testo" and bool(said or colonna.nome in self.chiave)


# --- columns ----------------------------------------------------------------------------------------


def _colonna(
    tipo: Tipo,
    nome: str,
    descrizione: str,
    intervallo: Intervallo | None = None,
    predefinito: int | str | None = None,
    facoltativa: bool = False,
) -> Colonna:
    return Colonna(nome, tipo, descrizione, not facoltativa, (), intervallo, None, predefinito)


def _numero(
    tipo: Tipo,
    nome: str,
    descrizione: str,
    da: int | None = None,
    oltre: int | None = None,
    a: int | None = None,
    predefinito: int | None = None,
    facoltativa: bool = False,
) -> Colonna:
    """A number from `da` on, or strictly above `oltre`, up to `a`."""
    bounded = (da, oltre, a) != (None, None, None)
    limits = Intervallo(da if oltre is None else oltre, a, oltre is not None) if bounded else None
    return _colonna(tipo, nome, descrizione, limits, predefinito, facoltativa)


intero = partial(_numero, "intero")
decimale = partial(_numero, "decimale")
importo = partial(_numero, "importo")
data = partial(_colonna, "data")
data_ora = partial(_colonna, "data_ora")
si_no = partial(_colonna, "si_no")


def testo(nome: str, descrizione: str, *, forma: str = "", facoltativa: bool = False) -> Colonna:
    """A text; `forma` is a regular expression that all of it must match."""
    return Colonna(nome, "testo", descrizione, not facoltativa, forma=forma or None)


def codice(nome: str, descrizione: str, facoltativa: bool = False) -> Colonna:
    """A text of which every character counts, leading zeros too."""
    return Colonna(nome, "testo", descrizione, not facoltativa, codice=True)


def scelta(
    nome: str,
    descrizione: str,
    valori: str,
    *,
    facoltativa: bool = False,
    riporto: Riporto | None = None,
) -> Colonna:
    """One of a closed list of values, given with spaces between."""
    codes = tuple(valori.split())
    return Colonna(nome, "testo", descrizione, not facoltativa, codes, riporto=riporto)


def matricola() -> Colonna:
    """Who a row is about."""
    return Colonna(
        "matricola",
        "testo",
        "Pseudonimo della persona (hash con chiave); la matricola non entra mai nel magazzino",
        obbligatoria=True,
        personale=True,
    )


def sospensione(a: int | None = None) -> Colonna:
    """The days in which a term does not run, up to `a`."""
    what = "Giorni di sospensione dei termini (giorni; se manca, 0)"
    return intero("giorni_sospensione", what, da=0, a=a, predefinito=0, facoltativa=True)


# --- rules of a row ---------------------------------------------------------------------------------


def richiede(colonna: str, condizione: str, valori: tuple[str, ...]) -> RegolaRiga:
    """Rows whose `condizione` is one of `valori` must have `colonna`."""
    return RegolaRiga(
        colonna,
        f"{condizione} {' o '.join(valori)} richiede {colonna}",
        lambda: ~pl.col(condizione).is_in(valori) | pl.col(colonna).is_not_null(),
    )


def non_prima(colonna: str, di: str) -> RegolaRiga:
    """A date that may not come before another."""
    return RegolaRiga(
        colonna,
        f"{colonna} non può precedere {di}",
        lambda: pl.col(colonna) >= pl.col(di),
    )


def non_oltre(colonna: str, di: str) -> RegolaRiga:
    """A value that may not be above another."""
    return RegolaRiga(
        colonna,
        f"{colonna} non può superare {di}",
        lambda: pl.col(colonna) <= pl.col(di),
    )
