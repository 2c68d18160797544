"""A run as Dagster launches it: the tags that say what it is asked, and the turn that it takes.

Belongs here: the words between who launches a run and the run itself, and the resource that all its
steps share. Does not belong here: what launches runs (nights.py, night.py), the steps (assets.py).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase

import dagster as dg

from pipelines import steps
from pipelines.landing import Partizione
from pipelines.orchestration.specs import PARTITIONS
from pipelines.pending import pending
from pipelines.presenza import still_there
from pipelines.settings import Luoghi

DAY_TAG = "pira/data_riferimento"
CHOSEN_TAG = "pira/partizioni"
"""The partitions that a run is asked to read, each a name or a pattern (`MS-*`), where it is not all of
its range."""

CLOCK_TAG = "pira/orologio_giusto"
"""Stands on a run for whose clock somebody answers."""

NOTHING = "-"
"""Chosen by a run that is launched while the landing zone has no partition: it reads none, and what is
published stays as it is."""

NEWS_TAG = "pira/novita"
"""Stands on a run that is asked to read whatever is news when it takes its turn, too."""

_START_TAG, _END_TAG = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


def range_tags(keys: Sequence[str]) -> dict[str, str]:
    """The tags by which Dagster runs all the partitions from the first to the last in one run."""
    return {_START_TAG: keys[0], _END_TAG: keys[-1]}


@dg.resource(description="L'esecuzione: una sola per volta scrive nel magazzino")
def esecuzione(context: dg.InitResourceContext) -> Iterator[steps.Esecuzione]:
    """The run, the same for every step, while it holds the output."""
    assert context.run is not None, "fuori da un'esecuzione non c'è niente da scrivere"
    assert context.instance is not None
    tags, name = context.run.tags, context.run.run_id
    day = tags.get(DAY_TAG)
    run = steps.new_run(
        Luoghi.from_environment(), date.fromisoformat(day) if day else None, nome=name
    )
    run = replace(run, orologio_giusto=CLOCK_TAG in tags)
    covered = _covered(tags, context.instance.get_dynamic_partitions(str(PARTITIONS.name)))
    say = context.log.info if context.log else steps.silent
    with steps.in_turn(run, lambda found: _asked(run, tags, covered, found), say) as begun:
        yield begun


def _covered(tags: Mapping[str, str], known: Sequence[str]) -> Sequence[str]:
    """The keys that a run covers, as Dagster knew them when it was launched."""
    single = tags.get("dagster/partition")
    first, last = tags.get(_START_TAG, single), tags.get(_END_TAG, single)
    if first in known and last in known:
        return known[known.index(first) : known.index(last) + 1]
    return [key for key in (first, last) if key]


def _asked(
    run: steps.Esecuzione,
    tags: Mapping[str, str],
    covered: Sequence[str],
    found: Iterable[Partizione],
) -> list[Partizione]:
    """What a run reads of what it found. A partition for which it was launched must be there."""
    if tags.get(CHOSEN_TAG) != NOTHING:
        still_there(run.luoghi.raw, map(Partizione.from_chiave, covered))
    patterns = tags[CHOSEN_TAG].split(",") if CHOSEN_TAG in tags else covered
    news = {n.partizione for n in pending(run.luoghi, run.giorno)} if NEWS_TAG in tags else set()
    return [p for p in found if p in news or any(fnmatchcase(p.chiave, one) for one in patterns)]
