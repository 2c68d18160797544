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
    "non_compresa",
]
"""What a line of the allegato is; every line has exactly one."""

Operatore = Literal["=>", "=<"]


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
    riga: int
    posto_consuntivo: Posto | None
    posto_spesa: Posto | None


@dataclass(frozen=True)
class Traguardo:
    """A target: the result expected of an indicator in a year, as printed and as understood."""

    anno: int
    testo: str
    operatore: Operatore | None
    operatore_presunto: bool
    valore: Decimal | None


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
    values carry the sign.
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
    riga: int
    posto_risultato: Posto | None
    posto_realizzazione: Posto | None


@dataclass(frozen=True)
class Anomalia:
    """A finding about the plan. `grave`: the figure it touches cannot be computed or trusted."""

    regola: str
    riga: int | None
    descrizione: str
    grave: bool


@dataclass(frozen=True)
class Piano:
    """A plan read whole.

    `righe[i]` is the text of line i+1, line end included; `generi[i]` is its kind.
    `codifica` is a Python codec that writes the lines back as they came (utf-8, utf-8-sig with a
    byte order mark, cp1252). `anno` is the year that the plan is of, by its own headers
    (`Risultato 2020`). `anomalie` has every finding, by line.
    """

    righe: tuple[str, ...]
    codifica: str
    anno: int | None
    generi: tuple[Genere, ...]
    obiettivi: tuple[Obiettivo, ...]
    indicatori: tuple[Indicatore, ...]
    anomalie: tuple[Anomalia, ...]
