"""What there is to tell a recipient: read out of the publication, compared with what was told.

Belongs here: the facts of a message, as records. Does not belong here: any wording (compose.py), what
is remembered (memory.py). Only counts and names of files are read out of the quarantine, never a value:
it may be a person's.
"""

import sys
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from pipelines.avvisi import Avviso, read_avvisi
from pipelines.italiano import round_half_up
from pipelines.landing import Partizione
from pipelines.mail.memory import Detto
from pipelines.mail.publication import Domande, Pubblicazione
from pipelines.settings import ROMA

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
class Ente:
    """The chamber's own line of a scorecard, in percent points; `copertura` is 0..1."""

    partizione: Partizione
    realizzazione: Decimal | None
    minima: Decimal
    massima: Decimal
    copertura: Decimal


@dataclass(frozen=True)
class Ritardo:
    """An extract that is late, by so many days, and the office that owes it."""

    partizione: Partizione
    estratto: str
    ufficio: str
    giorni: int
    mai_consegnato: bool
    dati_fino_al: date | None
    nuovo: bool

    @property
    def chiave(self) -> str:
        return f"{self.partizione.chiave} {self.estratto}"


@dataclass(frozen=True)
class Quarantena:
    """Rows of an extract in quarantine."""

    partizione: Partizione
    estratto: str
    righe: int


@dataclass(frozen=True)
class Rifiuto:
    """A file refused whole, and why, in the sentence of who refused it."""

    file: str
    motivo: str


@dataclass(frozen=True)
class Conseguenza:
    """A check that finds cases, and what it costs in one sentence; no partition: everywhere."""

    controllo: str
    partizione: Partizione | None
    casi: int
    celle: int
    frase: str


@dataclass(frozen=True)
class Rapporto:
    """All there is to tell a recipient. `nuova` is whether it is a publication not told yet.

    `dal` is when they were last told, None for the first time; `fino_al` the last instant of the
    history that this covers; `nascosti` counts values that changed less than the plan prints.
    """

    pubblicato: datetime
    esecuzione: str
    nuova: bool
    tornata: bool
    dal: datetime | None
    fino_al: datetime | None
    enti: tuple[Ente, ...]
    cambiamenti: tuple[Cambiamento, ...]
    prime: tuple[Prima, ...]
    nascosti: int
    ritardi: tuple[Ritardo, ...]
    quarantena: tuple[Quarantena, ...]
    rifiuti: tuple[Rifiuto, ...]
    ignorati: int
    conseguenze: tuple[Conseguenza, ...]
    avvisi: tuple[Avviso, ...] = ()

    @property
    def partizioni(self) -> set[Partizione]:
        """The partitions that this speaks of."""
        return {
            *(ente.partizione for ente in self.enti),
            *(cambiamento.partizione for cambiamento in self.cambiamenti),
            *(prima.partizione for prima in self.prime),
            *(ritardo.partizione for ritardo in self.ritardi),
            *(quarantena.partizione for quarantena in self.quarantena),
        }


def read_report(
    pubblicazione: Pubblicazione, camere: tuple[str, ...], detto: Detto | None, adesso: datetime
) -> Rapporto:
    """What there is to tell, on `adesso`, who was last told `detto` and follows `camere` (all if none)."""
    ask = Domande(pubblicazione.connection, camere)
    since = (detto and detto.fino_al) or MAI
    cambiamenti, prime, nascosti = _changes(ask, since)
    ((known,),) = ask.rows("select max(noto_dal) from storico.valori where @mie")
    quarantena, rifiuti, ignorati = _quarantine(ask)
    return Rapporto(
        pubblicato=pubblicazione.pubblicato,
        esecuzione=pubblicazione.esecuzione,
        nuova=detto is None or detto.esecuzione != pubblicazione.esecuzione,
        tornata=detto is not None and pubblicazione.pubblicato < detto.pubblicato,
        dal=detto.quando if detto else None,
        # going back to an older publication does not make untold what was told
        fino_al=max(filter(None, (known, detto and detto.fino_al)), default=None),
        enti=_entities(ask),
        cambiamenti=cambiamenti,
        prime=prime,
        nascosti=nascosti,
        ritardi=_late(ask, pubblicazione.pubblicato.date(), adesso.astimezone(ROMA).date(), detto),
        quarantena=quarantena,
        rifiuti=rifiuti,
        ignorati=ignorati,
        conseguenze=_consequences(ask),
        avvisi=_to_look_at(ask),
    )


# --- what changed -----------------------------------------------------------------------------------


def _changes(
    ask: Domande, since: datetime
) -> tuple[tuple[Cambiamento, ...], tuple[Prima, ...], int]:
    """Cells that changed, partitions told for the first time, and changes too small to be printed."""
    cells = _cells(ask)
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


def _cells(ask: Domande) -> dict[tuple[str, int, str], list[_Cella]]:
    cells: dict[tuple[str, int, str], list[_Cella]] = {}
    for camera, esercizio, codice, obiettivo, riga, target, decimals, percent in ask.rows(
        "select camera, esercizio, codice, obiettivo, riga, target_testo, decimali,"
        " percentuale from scorecard.indicatori where codice is not null and @mie order by riga",
    ):
        cells.setdefault((camera, esercizio, codice), []).append(
            _Cella(obiettivo, riga, target, decimals, bool(percent))
        )
    return cells


def _history(ask: Domande, since: datetime) -> list[tuple[Any, ...]]:
    """The rows after an instant of every value that has some, each value's last row before them first.

    The last two columns: is the row after the instant, and was nothing of its partition known then.
    """
    return ask.rows(
        """
        with segnate as (
            select
                camera, esercizio, codice, valore, risultato, stato, noto_dal,
                noto_dal > $since as nuova,
                max(noto_dal) filter (where noto_dal <= $since)
                    over (partition by camera, esercizio, codice) as ultima,
                bool_or(noto_dal > $since) over (partition by camera, esercizio, codice) as cambia,
                bool_and(noto_dal > $since) over (partition by camera, esercizio) as prima
            from storico.valori
            where @mie
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


# --- how things stand -------------------------------------------------------------------------------


def _entities(ask: Domande) -> tuple[Ente, ...]:
    """Scorecards, the latest year first."""
    return tuple(
        Ente(Partizione(camera, esercizio), *figures)
        for camera, esercizio, *figures in ask.rows(
            "select camera, esercizio, realizzazione, realizzazione_minima, realizzazione_massima,"
            " copertura from scorecard.ente where @mie order by esercizio desc, camera",
        )
    )


def _late(ask: Domande, published: date, today: date, detto: Detto | None) -> tuple[Ritardo, ...]:
    """Extracts late today, by office.

    A night in which nothing changed publishes nothing, yet the calendar goes on: an extract that was
    expected between the publication and today is late too, and the days of the others grow.
    """
    passed = max(0, (today - published).days)
    late = []
    for camera, esercizio, estratto, ufficio, stato, until, is_late, days, expected in ask.rows(
        "select camera, esercizio, estratto, ufficio, stato, dati_fino_al, in_ritardo,"
        " giorni_ritardo, prossima_attesa from qualita.freschezza"
        " where @mie and (in_ritardo or prossima_attesa between $published and $today - 1)"
        " order by ufficio, camera, esercizio, estratto",
        published=published,
        today=today,
    ):
        days = days + passed if is_late else (today - expected).days
        key = f"{Partizione(camera, esercizio).chiave} {estratto}"
        late.append(
            Ritardo(
                Partizione(camera, esercizio),
                estratto,
                ufficio,
                days,
                stato == "ASSENTE",
                until,
                detto is not None and key not in detto.ritardi,
            )
        )
    return tuple(late)


def _quarantine(ask: Domande) -> tuple[tuple[Quarantena, ...], tuple[Rifiuto, ...], int]:
    rows = ask.rows(
        "select camera, esercizio, estratto, count(distinct (_file, _riga)) as righe"
        " from qualita.scarti where @mie group by all"
        " order by righe desc, camera, esercizio, estratto",
    )
    refused = ask.rows(
        "select _file, motivo from qualita.file where @mie and esito = 'RIFIUTATO' order by _file",
    )
    ignored = ask.rows("select count(*) from qualita.file where @mie and esito = 'IGNORATO'")
    return (
        tuple(Quarantena(Partizione(c, e), estratto, count) for c, e, estratto, count in rows),
        tuple(Rifiuto(file, motivo or "") for file, motivo in refused),
        ignored[0][0] if ignored else 0,
    )


def _consequences(ask: Domande) -> tuple[Conseguenza, ...]:
    """Checks that find cases, the dearest first."""
    return tuple(
        Conseguenza(
            controllo,
            None if camera is None or esercizio is None else Partizione(camera, esercizio),
            casi,
            celle,
            frase,
        )
        for controllo, camera, esercizio, casi, celle, frase in ask.rows(
            "select controllo, camera, esercizio, casi, celle, frase from qualita.conseguenze"
            " where @mie order by peso desc nulls last, celle desc, controllo, camera, esercizio",
        )
    )


def _to_look_at(ask: Domande) -> tuple[Avviso, ...]:
    """The cases of the checks in evidence, the dearest first."""
    mine = ("list_contains(?, e.camera)", [list(ask.camere)]) if ask.camere else ()
    return read_avvisi(ask.connection, *mine)
