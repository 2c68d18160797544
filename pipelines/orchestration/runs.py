"""A run as Dagster launches it: the tags that say what it is asked, and the turn that it takes.

Belongs here: the words between who launches a run and the run itself, and the resource that all its
steps share. Does not belong here: what launches runs (nights.py, night.py), the steps (assets.py).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from fnmatch import fnmatchcase

import dagster as dg

from pipelines.night import steps
from pipelines.night.pending import pending
from pipelines.night.presenza import still_there
from pipelines.orchestration.home import NO_RETRY, in_lake
from pipelines.orchestration.specs import ALLEGATO, DOCUMENTI, PARTITIONS, PUBBLICAZIONE
from pipelines.partizione import Partizione
from pipelines.publication.pubblicazioni import NonPubblicabile
from pipelines.settings import Luoghi
from pipelines.warehouse.checks import Esito

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

NIGHT = {"piani", "estratti", "magazzino", "documenti", "pubblicazione"}
"""The steps of which none can be missing from a run that publishes."""

ALONE = {"piani", "estratti", "consegne"}
"""Steps that make sense without the others: what they read or say, nobody reads as published."""

_START_TAG, _END_TAG = "dagster/asset_partition_range_start", "dagster/asset_partition_range_end"


def range_tags(keys: Sequence[str]) -> dict[str, str]:
    """The tags by which Dagster runs all the partitions from the first to the last in one run."""
    return {_START_TAG: keys[0], _END_TAG: keys[-1]}


class Turno(dg.ConfigurableResource[steps.Esecuzione]):
    """One run at a time writes in the output; a class because Dagster wants one."""

    @contextmanager
    def yield_for_execution(self, context: dg.InitResourceContext) -> Iterator[steps.Esecuzione]:
        """The run, the same for every step, while it holds the output."""
        assert context.run is not None, "fuori da un'esecuzione non c'è niente da scrivere"
        assert context.instance is not None
        tags, name = context.run.tags, context.run.run_id
        day = tags.get(DAY_TAG)
        keys = covered(tags, context.instance.get_dynamic_partitions(str(PARTITIONS.name)))
        say = context.log.info if context.log else steps.silent
        try:
            _refuse_half(context.run)
            run = steps.new_run(_places(keys), date.fromisoformat(day) if day else None, nome=name)
            run = replace(run, orologio_giusto=CLOCK_TAG in tags)
            _refuse_absent(run, tags, keys)  # before its turn, too: who asked is still looking
            with steps.in_turn(run, lambda found: _asked(run, tags, keys, found), say) as begun:
                if in_lake():
                    from pipelines.orchestration import lago

                    lago.begin(begun)
                yield begun
        except NonPubblicabile as refusal:
            context.instance.add_run_tags(name, NO_RETRY)  # it would be refused again
            if context.log:
                context.log.error(str(refusal))
            raise


def _places(keys: Sequence[str]) -> Luoghi:
    """Where a run over these partitions works. Raises `NonPubblicabile`."""
    luoghi = Luoghi.from_environment()
    if in_lake():
        from pipelines.orchestration import lago

        return lago.places_of(luoghi, keys)
    return luoghi


def publish(run: steps.Esecuzione) -> tuple[str, tuple[Esito, ...]]:
    """The last step: the switch, or what stands at its place in a lake. Its name, and the checks' outcomes.

    Raises `NonPubblicabile`, and the previous publication stays as it was.
    """
    if in_lake():
        from pipelines.orchestration import lago

        return lago.leave(run)
    folder, outcomes = steps.publish(run)
    return folder.name, outcomes


def _refuse_half(run: dg.DagsterRun) -> None:
    """Raises `NonPubblicabile` for a run of some steps that build: they stand on all the others.

    What a step leaves for the next lies in its own run's place, and figures are published together.
    """
    asked = set(run.step_keys_to_execute or run.resolved_op_selection or ())
    if not asked:
        asked = set(map(_step_of, run.asset_selection or ()))
        checks = run.asset_check_selection or ()
        asked |= {_step_of(check.asset_key) for check in checks if check.name != "consegna"}
    if not (asked <= ALONE or asked >= NIGHT):
        raise NonPubblicabile(
            f"Da sole queste parti non si rifanno ({', '.join(sorted(asked))}), perché le cifre si"
            " calcolano e si pubblicano tutte insieme: lanciare l'intero lavoro «notte» sulle stesse"
            " partizioni."
        )


def _step_of(key: dg.AssetKey) -> str:
    """The step that makes an asset."""
    if key.path[0] == "fonti":
        return "estratti"
    own = {ALLEGATO: "piani", DOCUMENTI: "documenti", PUBBLICAZIONE: "pubblicazione"}
    return own.get(key, "magazzino")


def _refuse_absent(run: steps.Esecuzione, tags: Mapping[str, str], keys: Sequence[str]) -> None:
    """Raises `NonPubblicabile` when a partition for which the run was launched is not there."""
    if tags.get(CHOSEN_TAG) != NOTHING:
        still_there(run.luoghi, keys)


def covered(tags: Mapping[str, str], known: Sequence[str]) -> Sequence[str]:
    """The keys that a run covers, as Dagster knew them when it was launched."""
    single = tags.get("dagster/partition")
    first, last = tags.get(_START_TAG, single), tags.get(_END_TAG, single)
    if first in known and last in known:
        return known[known.index(first) : known.index(last) + 1]
    return list(dict.fromkeys(key for key in (first, last) if key))


def _asked(
    run: steps.Esecuzione,
    tags: Mapping[str, str],
    keys: Sequence[str],
    found: Iterable[Partizione],
) -> list[Partizione]:
    """What a run reads of what it found. A partition for which it was launched must be there."""
    _refuse_absent(run, tags, keys)
    patterns = tags[CHOSEN_TAG].split(",") if CHOSEN_TAG in tags else keys
    news = {n.partizione for n in pending(run.luoghi, run.giorno)} if NEWS_TAG in tags else set()
    return [p for p in found if p in news or any(fnmatchcase(p.chiave, one) for one in patterns)]
