"""How things stand in a publication, whatever was told before: scorecards, and what is wrong.

Belongs here: the records of what is late, refused, in quarantine, failing, and reading them. Does not
belong here: what changed, and what of it is news (report.py). Only counts and names of files are read
out of the quarantine, never a value: it may be a person's.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipelines.mail.publication import Domande
from pipelines.partizione import Partizione


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
    """An extract that is late, by so many days, and the office that owes it.

    `ritirato` is the day of the last delivery, where it was taken away again.
    """

    partizione: Partizione
    estratto: str
    ufficio: str
    giorni: int
    mai_consegnato: bool
    ritirato: date | None
    dati_fino_al: date | None

    @property
    def problema(self) -> tuple[str, int]:
        return f"ritardo {self.partizione.chiave} {self.estratto}", 1


@dataclass(frozen=True)
class Quarantena:
    """Rows of an extract in quarantine."""

    partizione: Partizione
    estratto: str
    righe: int

    @property
    def problema(self) -> tuple[str, int]:
        return f"quarantena {self.partizione.chiave} {self.estratto}", self.righe


@dataclass(frozen=True)
class Rifiuto:
    """A file refused whole, and why, in the sentence of who refused it."""

    file: str
    motivo: str

    @property
    def problema(self) -> tuple[str, int]:
        return f"rifiuto {self.file}: {self.motivo}", 1


@dataclass(frozen=True)
class Conseguenza:
    """A check that finds cases, and what it costs in one sentence; no partition: everywhere."""

    controllo: str
    partizione: Partizione | None
    casi: int
    celle: int
    frase: str

    @property
    def problema(self) -> tuple[str, int]:
        where = self.partizione.chiave if self.partizione else ""
        return f"controllo {self.controllo} {where}", self.casi


Problema = Ritardo | Quarantena | Rifiuto | Conseguenza
"""What is wrong and stays so until somebody mends it; `problema` is its key, with how many cases."""


def read_entities(ask: Domande) -> tuple[Ente, ...]:
    """Scorecards, the latest year first."""
    return tuple(
        Ente(Partizione(camera, esercizio), *figures)
        for camera, esercizio, *figures in ask.rows(
            "select camera, esercizio, realizzazione, realizzazione_minima, realizzazione_massima,"
            " copertura from scorecard.ente where @mie order by esercizio desc, camera",
        )
    )


def read_late(ask: Domande, published: date, today: date) -> tuple[Ritardo, ...]:
    """Extracts late today, by office.

    A night in which nothing changed publishes nothing, yet the calendar goes on: an extract that was
    expected between the publication and today is late too, and the days of the others grow.
    """
    passed = max(0, (today - published).days)
    late = []
    for (
        camera,
        esercizio,
        estratto,
        ufficio,
        stato,
        gone,
        until,
        is_late,
        days,
        expected,
    ) in ask.rows(
        "select camera, esercizio, estratto, ufficio, stato, ritirato::date, dati_fino_al,"
        " in_ritardo, giorni_ritardo, prossima_attesa from qualita.freschezza"
        " where @mie and (in_ritardo or prossima_attesa between $published and $today - 1)"
        " order by ufficio, camera, esercizio, estratto",
        published=published,
        today=today,
    ):
        days = days + passed if is_late else (today - expected).days
        late.append(
            Ritardo(
                Partizione(camera, esercizio),
                estratto,
                ufficio,
                days,
                stato == "ASSENTE" and gone is None,
                gone,
                until,
            )
        )
    return tuple(late)


def read_quarantine(ask: Domande) -> tuple[tuple[Quarantena, ...], tuple[Rifiuto, ...], int]:
    """Rows in quarantine by extract, files refused whole, and how many files nobody knows."""
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


def read_consequences(ask: Domande) -> tuple[Conseguenza, ...]:
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
