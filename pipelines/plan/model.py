"""The records of a plan as approved (PIRA, "the allegato").

Belongs here: what a plan says, each fact with the line that says it. Does not belong here: how the
text is read (read.py), what is odd about it (lint.py), how results are written back
(pipelines/scorecard/txt.py).
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Genere = Literal[
    "vuota",
    "atto",
    "missione",
    "programma",
    "obiettivo",
    "campo",
    "risorse_preventivo",
    "risorse_consuntivo",
    "intestazione",
    "indicatore",
    "separatore",
    "firma",
    "pagina",
    "continuazione",
    "intestazione_ripetuta",
    "altra_tabella",
    "non_compresa",
]
"""What a row of the allegato is; every row has exactly one."""

Operatore = Literal["=>", "=<"]


class Luogo(int):
    """A row's number, from 1 in its part, that knows the part and the cell.

    In text the part is empty and the number is that of the line. In a sentence it reads as an office finds
    it: `12`, `12 (PIRA 2020)`, `3 (tabella 2)`.
    """

    parte: str
    cella: str

    def __new__(cls, numero: int, parte: str = "", cella: str = "") -> "Luogo":
        luogo = super().__new__(cls, numero)
        luogo.parte, luogo.cella = parte, cella
        return luogo

    def __str__(self) -> str:
        return f"{int(self)} ({self.parte})" if self.parte else str(int(self))

    def __repr__(self) -> str:
        return str(int(self))


@dataclass(frozen=True)
class Posto:
    """Where a field that is filled at the end of the year stands: [inizio, fine) of a line.

    `riga` counts from 1; offsets count characters of the decoded line, without its line end.
    """

    riga: int
    inizio: int
    fine: int


@dataclass(frozen=True)
class Obiettivo:
    """An objective; its key is missione + programma + obiettivo (numbers repeat across programmes).

    `risorse_preventivo` in EUR, `peso` in percent points. `riga` is the line of its title.
    `obiettivo_strategico` is the text of the objective above it, where its row names two.
    """

    missione: str
    missione_titolo: str
    programma: str
    programma_titolo: str
    obiettivo: str
    titolo: str
    descrizione: str | None
    stakeholder_esterni: str | None
    stakeholder_interni: str | None
    arco_temporale: str | None
    centro_responsabilita: str | None
    risorse_preventivo: Decimal | None
    peso: Decimal | None
    riga: Luogo
    posto_consuntivo: Posto | None
    posto_spesa: Posto | None
    obiettivo_strategico: str | None = None


@dataclass(frozen=True)
class Traguardo:
    """A target: the result expected of an indicator in a year, as printed and as understood."""

    anno: int
    testo: str
    operatore: Operatore | None
    operatore_presunto: bool
    valore: Decimal | None
    luogo: Luogo | None = None


@dataclass(frozen=True)
class Confronto:
    """A peer value found in a note: `CCIAA piccole dato medio 1,58`."""

    fonte: str
    ambito: str
    anno: int
    valore: Decimal
    percentuale: bool


@dataclass(frozen=True)
class Indicatore:
    """An indicator of an objective; `progressivo` counts from 1 within it, in line order.

    Percentages are percent points (24.58). `decimali` is how many the plan prints, over the last
    value and every target (at least 2 for a percentage). `percentuale` is true where the plan's
    values carry the sign; `unita` is what they carry beside the number. `peso` is the weight within its
    objective, in percent points.
    """

    missione: str
    programma: str
    obiettivo: str
    progressivo: int
    tipologia: str | None
    indicatore: str
    tipo_indicatore: str | None
    ultimo_valore: Decimal | None
    ultimo_valore_testo: str | None
    anno_ultimo_valore: int | None
    traguardi: tuple[Traguardo, ...]
    algoritmo: str | None
    fonte: str | None
    note: str | None
    confronti: tuple[Confronto, ...]
    decimali: int
    percentuale: bool
    unita: str | None
    peso: Decimal | None
    riga: Luogo
    posto_risultato: Posto | None
    posto_realizzazione: Posto | None

    @property
    def chiave(self) -> tuple[str, str, str, int]:
        """What it is known by in its plan."""
        return self.missione, self.programma, self.obiettivo, self.progressivo


@dataclass(frozen=True)
class Anomalia:
    """A finding about the plan. `grave`: the figure it touches cannot be computed or trusted."""

    regola: str
    riga: Luogo | None
    descrizione: str
    grave: bool


@dataclass(frozen=True)
class Lettura:
    """How a plan was read: format, layout with its score, the second, the hash of the mapping file.

    Scores are shares of the rows that are not blank, from 0 to 1.
    """

    formato: str
    disposizione: str | None
    punteggio: Decimal | None
    seconda: str | None
    punteggio_seconda: Decimal | None
    mappa: str | None


@dataclass(frozen=True)
class Piano:
    """A plan read whole.

    `luoghi[i]` is where row i stands, `generi[i]` its kind. Of a text `righe[i]` is line i+1, line end
    included; other formats have no `righe`. `codifica` is a Python codec that writes the lines back as they
    came (utf-8, utf-8-sig with a byte order mark, cp1252). `anno` is the year that the plan is of, by its
    own headers (`Risultato 2020`). `anomalie` has every finding, by row; `legami` are the bindings that a
    mapping file declares, by the key of the indicator (`011/005/1.1/2`); `ignote` are the labels beside a
    value that is nobody's.
    """

    righe: tuple[str, ...]
    codifica: str
    anno: int | None
    generi: tuple[Genere, ...]
    luoghi: tuple[Luogo, ...]
    obiettivi: tuple[Obiettivo, ...]
    indicatori: tuple[Indicatore, ...]
    anomalie: tuple[Anomalia, ...]
    lettura: Lettura | None = None
    legami: tuple[tuple[str, str], ...] = ()
    ignote: tuple[str, ...] = ()
