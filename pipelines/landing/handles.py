"""The landing zone by handles: nothing in it is opened by a path that someone can turn elsewhere.

Belongs here: reaching, listing and opening what lies below the zone, one name at a time, each seen for
what it is before it is opened. A link is followed only to what lies in its own partition. Does not
belong here: what the names mean (zone.py).
"""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

_PARTIZIONE = 2
"""Names between the zone and what lies in a partition: the chamber's and the year's."""

_COLLEGAMENTI = 40
"""Links followed to reach one place, as many as the system itself would."""


class Collegamento(OSError):
    """There is a link on the way, and it leads to nothing in its own partition."""


class NonFile(OSError):
    """What is there is no file: a folder, a pipe, a device."""


@dataclass(frozen=True)
class Voce:
    """An entry of a folder. A link is what it leads to, or nothing if it may not be followed."""

    nome: str
    percorso: Path
    collegamento: bool
    genere: Literal["cartella", "file"] | None


@contextmanager
def reach(raw: Path, path: Path) -> Iterator[int]:
    """A handle on the place at `path`, below `raw`, which nobody has opened yet.

    Raises `Collegamento`, or another `OSError`.
    """
    own = path.relative_to(raw).parts
    partition = own[:_PARTIZIONE]
    ahead, followed = list(reversed(own)), 0
    with ExitStack() as handles:

        def enter(name: str | Path, above: int | None = None, kind: int = os.O_NOFOLLOW) -> int:
            handle = os.open(name, os.O_PATH | kind, dir_fd=above)
            handles.callback(os.close, handle)
            return handle

        way = [enter(raw, kind=os.O_DIRECTORY)]
        while ahead:
            name = ahead.pop()
            if name == "..":  # only a link says so
                if len(way) <= _PARTIZIONE + 1:
                    raise Collegamento(errno.EXDEV, "leads out of its partition", str(path))
                way.pop()
                continue
            try:
                place = enter(name, way[-1])
            except OSError as error:
                if followed:
                    raise Collegamento(error.errno, "leads to nothing", str(path)) from error
                raise
            if not stat.S_ISLNK(os.fstat(place).st_mode):
                way.append(place)
                continue
            followed += 1
            if len(way) <= _PARTIZIONE or followed > _COLLEGAMENTI:
                raise Collegamento(errno.ELOOP, "may not be followed", str(path))
            target = Path(os.readlink("", dir_fd=place))
            if target.is_absolute():
                target = _below(raw.joinpath(*partition), target)
                del way[_PARTIZIONE + 1 :]
            ahead += reversed(target.parts)
        yield way[-1]


def _below(partition: Path, target: Path) -> Path:
    """The way to an absolute target from the partition that a link lies in."""
    for folder in (partition, partition.resolve()):
        if target.is_relative_to(folder):
            return target.relative_to(folder)
    raise Collegamento(errno.EXDEV, "leads out of its partition", str(target))


def state(raw: Path, path: Path) -> os.stat_result:
    """Size and times of what lies at a path of the zone. Raises as `reach` does."""
    with reach(raw, path) as place:
        return os.fstat(place)


@contextmanager
def opened(raw: Path, path: Path) -> Iterator[BinaryIO]:
    """A file of the zone, for reading. Raises as `reach` does, and `NonFile`.

    What is no file is not even opened: waiting for a pipe would never end, and opening a device can
    set it going.
    """
    with reach(raw, path) as place:
        if not stat.S_ISREG(os.fstat(place).st_mode):
            raise NonFile(errno.EINVAL, "not a file", str(path))
        # the very place that was looked at, whatever has its name by now
        with Path(f"/proc/self/fd/{place}").open("rb") as stream:
            yield stream


def entries(raw: Path, folder: Path) -> list[Voce]:
    """What a folder of the zone holds, in no order. Raises as `reach` does."""
    with reach(raw, folder) as place:
        # by its handle: a folder that may be listed and not entered has no "."
        handle = os.open(f"/proc/self/fd/{place}", os.O_RDONLY | os.O_DIRECTORY)
        try:
            with os.scandir(handle) as found:
                return [_entry(raw, folder, entry) for entry in found]
        finally:
            os.close(handle)


def _entry(raw: Path, folder: Path, entry: os.DirEntry[str]) -> Voce:
    path, link = folder / entry.name, entry.is_symlink()
    try:
        mode = state(raw, path).st_mode if link else 0
        folders = stat.S_ISDIR(mode) or entry.is_dir(follow_symlinks=False)
        files = stat.S_ISREG(mode) or entry.is_file(follow_symlinks=False)
    except OSError:
        return Voce(entry.name, path, link, None)
    return Voce(entry.name, path, link, "cartella" if folders else "file" if files else None)
