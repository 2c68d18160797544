"""The figures of a scorecard: which ones a row has, what they are called, how each is printed.

Belongs here: the one list of the figures that the page, the workbook and the terminal show of an
indicator, an objective, the chamber, and the one way in which a figure becomes text. Does not belong
here: where they stand (html.py, xlsx.py, lettura.py, pipelines/desk/run.py), colours (giudizi.py), the
display formats of a workbook (foglio.py).
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pipelines.italiano import format_cifra, format_importo, format_percentuale
from pipelines.scorecard.legenda import decimal_of
from pipelines.scorecard.righe import Row

Unita = Literal["indicatore", "punti", "quota", "euro"]
"""In what a figure is: the indicator's own unit and decimals, percent points, a share 0..1, EUR."""


@dataclass(frozen=True)
class Cifra:
    """A figure that rows have in `colonna`, by the name that a reader finds beside it."""

    colonna: str
    etichetta: str
    unita: Unita


RISULTATO = Cifra("risultato", "Risultato", "indicatore")
REALIZZAZIONE = Cifra("realizzazione", "% Realizz", "punti")
GREZZA = Cifra("realizzazione_grezza", "% Realizz prima del limite 0-100", "punti")

_TOTALI = (
    Cifra("realizzazione", "Realizzazione", "punti"),
    Cifra("realizzazione_minima", "Minima", "punti"),
    Cifra("realizzazione_massima", "Massima", "punti"),
    Cifra("copertura", "Copertura", "quota"),
)

INDICATORE = (RISULTATO, REALIZZAZIONE)
"""What the year has made of a row of the plan."""

OBIETTIVO = (
    Cifra("peso", "Peso", "punti"),
    Cifra("risorse_preventivo", "Risorse a preventivo", "euro"),
    Cifra("risorse_consuntivo", "Risorse a consuntivo", "euro"),
    Cifra("percentuale_spesa", "% spesa", "punti"),
    *_TOTALI,
)

ENTE = _TOTALI


def show(cifra: Cifra, row: Row) -> str | None:
    """A figure of a row as text; None where there is none, which is never zero."""
    valore = decimal_of(row, cifra.colonna)
    if valore is None:
        return None
    if cifra.unita == "indicatore":
        return format_cifra(valore, decimals_of(row), bool(row["percentuale"]))
    return show_value(valore, cifra.unita)


def show_value(valore: Decimal, unita: Literal["punti", "quota", "euro"]) -> str:
    """A figure that is nobody's indicator as text: `100,00%`, `€ 110.915,33`."""
    if unita == "euro":
        return format_importo(valore)
    return format_percentuale(valore * 100 if unita == "quota" else valore)


def decimals_of(row: Row) -> int:
    """The decimals with which the plan prints the indicator of a row."""
    return int(str(row["decimali"]))
