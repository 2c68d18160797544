"""What there is to tell a recipient: read out of the publication, compared with what was told.

Belongs here: the facts of a message, as records. Does not XX"""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from pipelines.italiano import round_half_up
from pipelines.mail.in_force import Mutamento, read_mutations
from pipelines.mail.memory import Detto
from pipelines.mail.publication import Domande, Pubblicazione
from pipelines.mail.standing import (
    Conseguenza,
    Ente,
    Problema,
    Quarantena,
    Rifiuto,
    Ritardo,
    read_consequences,
    read_entities,
    read_late,
    read_quarantine,
)
from pipelines.partizione import Partizione
from pipelines.settings import ROMA
from pipelines.warehouse.avvisi import Avviso, read_avvisi

MAI = datetime(1, 1, 1)
"""Before anything was known."""

DECIMALI = 2
"""Decimals of a value that no plan prints."""


@dataclass(frozen=True)
class Valore:
    """A value as a scorecard prints it; `numero` is None where `stato` says why there is none."""

    numero: Decimal | None
    decimali: int
    percentuale: bool
    stato: str


@dataclass(frozen=True)
class Cambiamento:
    """A cell that changed: what it said when last told, then every different thing it said since.

    `obiettivo` is where the scorecard prints it, None where no plan has the indicator. `passaggi` has
    one value only where the cell was not known before.
    """

    partizione: Partizione
    obiettivo: str | None
    codice: str
    passaggi: tuple[Valore, ...]
    target: str | None


@dataclass(frozen=True)
class Prima:
    """A partition told for the first time: its values, those that are there, those with a cell."""

    partizione: Partizione
    valori: int
    con_risultato: int
    celle: int


@dataclass(frozen=True)
class Rapporto:
    """All there is to tell a recipient. `nuova` is whether it is a publication not told yet.

    `dal` is when they were last told, None for the first time; `fino_al` the last instant of the
    history that this covers; `nascosti` counts values that changed less than the plan prints.
    `noti` are the problems told already, by key, each with the cases told; `da_tornare` is whether a
    way back to an older publication was told last.
    """

    pubblicato: datetime
    esecuzione: str
    nuova: bool
    tornata: bool
    dal: datetime | None
    fino_al: datetime | None
    enti: tuple[Ente, ...]
    cambiamenti: tuple[Cambiamento, ...]
    mutamenti: tuple[Mutamento, ...]
    prime: tuple[Prima, ...]
    nascosti: int
    ritardi: tuple[Ritardo, ...]
    quarantena: tuple[Quarantena, ...]
    rifiuti: tuple[Rifiuto, ...]
    ignorati: int
    conseguenze: tuple[Conseguenza, ...]
    noti: Mapping[str, int]
    da_tornare: bool
    avvisi: tuple[Avviso, ...] = ()

    @property
    def problemi(self) -> dict[str, int]:
        """What is wrong, by key, with how many cases."""
        each: Iterable[Problema] = (
            *self.ritardi,
            *self.quarantena,
            *self.rifiuti,
            *self.conseguenze,
        )
        return dict(one.problema for one in each) | {"ignorati": self.ignorati}

    def is_told(self, problema: tuple[str, int]) -> bool:
        """Whether a problem was told already, with at least as many cases."""
        key, cases = problema
        return cases <= self.noti.get(key, 0)

    @property
    def novita(self) -> bool:
        """Whether there is anything that was not told: a problem that is still open is told once."""
        return bool(
            self.dal is None
            or self.cambiamenti
            or self.mutamenti
            or self.prime
            or (self.nuova and (self.tornata or self.da_tornare))
            or not all(map(self.is_told, self.problemi.items()))
        )

    @property
    def partizioni(self) -> set[Partizione]:
        """The partitions that this speaks of."""
        return {
            *(ente.partizione for ente in self.enti),
            *(cambiamento.partizione for cambiamento in self.cambiamenti),
            *(mutamento.partizione for mutamento in self.mutamenti),
            *(prima.partizione for prima in self.prime),
            *(ritardo.partizione for ritardo in self.ritardi),
            *(quarantena.partizione for quarantena in self.quarantena),
        }


def read_report(
    pubblicazione: Pubblicazione, camere: tuple[str, ...], detto: Detto | None, adesso: datetime
) -> Rapporto:
    """What there is to tell, on `adesso`, who was last told `detto` and follows `camere` (all if none)."""
    ask = Domande(pubblicazione.connection, camere)
    told = _told_until(detto, pubblicazione, adesso)
    since = told or MAI
    cells = _cells(ask)
    cambiamenti, prime, nascosti = _changes(ask, since, cells)
    places = {key: found[0].obiettivo for key, found in cells.items()}
    ((known,),) = ask.rows("select max(noto_dal) from storico.valori where @mie")
    quarantena, rifiuti, ignorati = read_quarantine(ask)
    return Rapporto(
        pubblicato=pubblicazione.pubblicato,
        esecuzione=pubblicazione.esecuzione,
        nuova=detto is None or detto.esecuzione != pubblicazione.esecuzione,
        tornata=detto is not None and pubblicazione.pubblicato < detto.pubblicato,
        dal=detto.quando if detto else None,
        # going back to an older publication does not make untold what was told
        fino_al=max(filter(None, (known, told)), default=None),
        enti=read_entities(ask),
        cambiamenti=cambiamenti,
        mutamenti=read_mutations(ask, since, places) if since is not MAI else (),
        prime=prime,
        nascosti=nascosti,
        ritardi=read_late(ask, pubblicazione.pubblicato.date(), adesso.astimezone(ROMA).date()),
        quarantena=quarantena,
        rifiuti=rifiuti,
        ignorati=ignorati,
        conseguenze=read_consequences(ask),
        noti=detto.problemi if detto else {},
        da_tornare=detto is not None and detto.tornata,
        avvisi=_to_look_at(ask),
    )


def _told_until(
    detto: Detto | None, pubblicazione: Pubblicazione, adesso: datetime
) -> datetime | None:
    """The last instant that was told. One to come was of a wrong clock: from there on, this publication."""
    until = detto.fino_al if detto else None
    if until is not None and until > adesso.astimezone(ROMA).replace(tzinfo=None):
        return pubblicazione.pubblicato.replace(tzinfo=None)
    return until


# --- what changed -----------------------------------------------------------------------------------


def _changes(
    ask: Domande, since: datetime, cells: "Celle"
) -> tuple[tuple[Cambiamento, ...], tuple[Prima, ...], int]:
    """Cells that changed, partitions told for the first time, and changes too small to be printed."""
    found: list[tuple[Partizione, int, Cambiamento]] = []
    first: dict[Partizione, list[tuple[bool, bool]]] = {}
    hidden = 0
    for (camera, esercizio, codice), group in groupby(_history(ask, since), lambda row: row[:3]):
        rows = list(group)
        partizione = Partizione(camera, esercizio)
        for cell in cells.get((camera, esercizio, codice), [NESSUNA_CELLA]):
            passaggi = _steps(rows, cell)
            if rows[0][-1]:
                first.setdefault(partizione, []).append(
                    (passaggi[-1].numero is not None, cell.obiettivo is not None)
                )
            elif len(passaggi) == 1 and not rows[0][-2]:
                hidden += 1
            else:
                change = Cambiamento(partizione, cell.obiettivo, codice, passaggi, cell.target)
                found.append((partizione, cell.riga, change))
    prime = tuple(
        Prima(p, len(values), sum(there for there, _ in values), sum(cell for _, cell in values))
        for p, values in sorted(first.items())
    )
    in_order = sorted(found, key=lambda one: one[:2])
    return tuple(change for *_, change in in_order), prime, hidden


@dataclass(frozen=True)
class _Cella:
    """Where a scorecard prints an indicator, and how."""

    obiettivo: str | None
    riga: int
    target: str | None
    decimali: int
    percentuale: bool


NESSUNA_CELLA = _Cella(None, sys.maxsize, None, DECIMALI, False)
"""Of a value that no scorecard prints."""


Celle = dict[tuple[str, int, str], list[_Cella]]
"""The cells of an indicator, by chamber, year and code."""


def _cells(ask: Domande) -> Celle:
    cells: Celle = {}
    for camera, esercizio, codice, obiettivo, riga, target, decimals, percent in ask.rows(
        "select camera, esercizio, codice, obiettivo, riga, target_testo, decimali,"
        " percentuale from scorecard.indicatori where codice is not null and @mie order by ordine",
    ):
        cells.setdefault((camera, esercizio, codice), []).append(
            _Cella(obiettivo, riga, target, decimals, bool(percent))
        )
    return cells


def _history(ask: Domande, since: datetime) -> list[tuple[Any, ...]]:
    """The rows after an instant of every value that has some, each value's last row before them first.

    Rows that differ only in what a value is measured by are no change of it.
    The last two columns: is the row after the instant, and was nothing of its partition known then.
    """
    return ask.rows(
        """
        with saputi as (
            select *
            from storico.valori
            where @mie
            qualify (valore, risultato, stato) is distinct from lag((valore, risultato, stato))
                over (partition by camera, esercizio, codice order by noto_dal)
        ),
        segnate as (
            select
                camera, esercizio, codice, valore, risultato, stato, noto_dal,
                noto_dal > $since as nuova,
                max(noto_dal) filter (where noto_dal <= $since)
                    over (partition by camera, esercizio, codice) as ultima,
                bool_or(noto_dal > $since) over (partition by camera, esercizio, codice) as cambia,
                bool_and(noto_dal > $since) over (partition by camera, esercizio) as prima
            from saputi
        )
        select
            camera, esercizio, codice, valore, risultato, stato, nuova and ultima is null, prima
        from segnate
        where cambia and (nuova or noto_dal = ultima)
        order by camera, esercizio, codice, noto_dal
        """,
        since=since,
    )


def _steps(rows: list[tuple[Any, ...]], cell: _Cella) -> tuple[Valore, ...]:
    """What a cell said, one row of the history after the other, repetitions left out."""
    steps: list[Valore] = []
    for *_, valore, risultato, stato, _, _ in rows:
        number = valore if risultato is None else risultato
        value = Valore(
            None if number is None else round_half_up(number, cell.decimali),
            cell.decimali,
            cell.percentuale,
            stato,
        )
        if not steps or steps[-1] != value:
            steps.append(value)
    return tuple(steps)


def _to_look_at(ask: Domande) -> tuple[Avviso, ...]:
    """The cases of the checks in evidence, the dearest first."""
    mine = ("list_contains(?, e.camera)", [list(ask.camere)]) if ask.camere else ()
    return read_avvisi(ask.connection, *mine)
