"""Which chambers a run of a lake computes together.

Belongs here: sets of chambers, each of partitions that Dagster can run as one range. Does not belong here:
what starts a run (nights.py), what a run computes (night/steps.py).

A run costs much the same whatever it computes: a set shares that. What stops one chamber of a set stops all
of it, and they are asked again one by one (lago.insieme_diviso).
"""

import math
from collections.abc import Collection, Iterator, Sequence

from pipelines.partizione import camera_of


def sets_of(
    keys: Sequence[str], camere: Collection[str], quante: int
) -> Iterator[tuple[list[str], list[str]]]:
    """Chambers in sets of about the same size, at most `quante`, and the partitions of each.

    `keys` are all partitions in Dagster's order; where those of other chambers lie between, a set is smaller.
    """
    newest_first = dict.fromkeys(camera_of(key) for key in reversed(keys))
    order = [camera for camera in reversed(newest_first) if camera in camere]
    size = math.ceil(len(order) / math.ceil(len(order) / quante)) if order else 0
    sets: list[list[str]] = []
    for camera in order:
        if sets and len(sets[-1]) < size and range_over(keys, [*sets[-1], camera]):
            sets[-1].append(camera)
        else:
            sets.append([camera])
    for own in sets:
        yield own, range_over(keys, own)


def range_over(keys: Sequence[str], camere: Collection[str]) -> list[str]:
    """The partitions from the first of some chambers to the last, or from the first of their last ones where
    others' lie between; none where others' lie between these too. Dagster runs all of a range."""
    places = [place for place, key in enumerate(keys) if camera_of(key) in camere]
    last = sorted({camera_of(keys[place]): place for place in places}.values())
    for some in (places, last):
        found = list(keys[some[0] : some[-1] + 1])
        if all(camera_of(key) in camere for key in found):
            return found
    return []
