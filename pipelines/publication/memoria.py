"""The memory of what we knew and when: what no rebuild restores, its copies, and what vouches for them.

Belongs here: the files of the memory, the chain of their hashes over the nights, which copies a run may
merge and what becomes of the others; reading the manifest of a publication. Does not belong here: the
switch (publish.py), what the history says (sql/storico).

Every publication carries a copy of each file, and so does the folder `storico`, which is the one that is
backed up. A publication's copies are vouched for by its manifest, those in `storico` by the chain in
`storico/manifest.json`: a link for each night that learnt something, with the hashes of that night's
files and of the link before. A copy in `storico` may be of any link, since a run that is killed after the
switch leaves the one before; the union of all good copies knows all the same. An output of before the
chain was kept is vouched for by its publications' manifests alone.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines import custodia
from pipelines.connection import parquet
from pipelines.custodia import IMPRONTA, Danno, Guasto
from pipelines.settings import Luoghi

STORICO = "storico.parquet"
CONSEGNE = "consegne.parquet"
CONTROLLI = "controlli.parquet"
MEMORIA = (STORICO, CONSEGNE, CONTROLLI)
"""What cannot be computed again, and has a second copy outside the publications."""

CATENA = "catena.json"
"""The chain as a publication carries it; beside the second copies it is their manifest."""

MANIFEST = "manifest.json"
GUASTA = ".guasta"
"""How the name of a copy ends that was set aside."""

RIMESSO = "rimesso"
"""How the remedy begins of what is as it was again."""

ACCETTA = "pira verify --accetta-storico"

Anello = dict[str, Any]
"""A link: `quando`, `esecuzione`, `file` (name -> sha256), `precedente`, its own `impronta`."""


class StoricoPerduto(Exception):
    """No copy of a part of the history can be believed; the message says what to do."""


@dataclass(frozen=True)
class Copia:
    """A copy of a file of the memory, the hashes that it may have, and what is wrong with it."""

    percorso: Path
    attese: frozenset[str]
    trovato: str | None


def memory_folder(luoghi: Luoghi) -> Path:
    """Where the second copy is of what cannot be computed again."""
    return luoghi.warehouse / "storico"


def below(luoghi: Luoghi, path: Path) -> str:
    """A path as it is told: from the output on."""
    return path.relative_to(luoghi.warehouse).as_posix()


# --- manifests --------------------------------------------------------------------------------------


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a publication says of itself; nothing where that cannot be read or is not as it was written.

    Publications of before manifests were signed are believed.
    """
    try:
        manifest = custodia.parse(folder / MANIFEST)
    except (FileNotFoundError, Guasto):
        return {}
    believed = isinstance(manifest, dict) and IMPRONTA not in manifest
    return manifest if believed or custodia.is_signed(manifest) else {}


def damaged_files(folder: Path) -> dict[str, str]:
    """The files of a publication that are not what its manifest says, each with what is wrong."""
    hashes = read_manifest(folder).get("file")
    if hashes is None:
        return {MANIFEST: custodia.CAMBIATO if (folder / MANIFEST).exists() else custodia.MANCA}
    found = {name: custodia.wrong(folder / name, expected) for name, expected in hashes.items()}
    return {name: why for name, why in found.items() if why is not None}


# --- the chain --------------------------------------------------------------------------------------


def _links(path: Path) -> list[Anello]:
    """A chain that holds from its first link to its last. Raises `Guasto`, or `FileNotFoundError`."""
    links: list[Anello] = custodia.parse(path)
    signed = isinstance(links, list) and all(map(custodia.is_signed, links))
    if not signed or [None, *(a[IMPRONTA] for a in links)][:-1] != [a["precedente"] for a in links]:
        raise Guasto(custodia.CAMBIATO)
    return links


def read_chain(luoghi: Luoghi) -> list[Anello]:
    """The chain as the copy knows it that knows most; empty where there is none."""
    return max((links for _, links in _chains(luoghi)), key=len, default=[])


def _chains(luoghi: Luoghi) -> Iterator[tuple[Path, list[Anello]]]:
    second = memory_folder(luoghi) / MANIFEST
    for path in (second, *sorted(luoghi.pubblicazioni.glob(f"*/{CATENA}"))):
        vouched = read_manifest(path.parent).get("file", {}).get(CATENA)
        if path == second or (vouched and custodia.wrong(path, vouched) is None):
            try:
                yield path, _links(path)
            except (FileNotFoundError, Guasto):
                continue


def _lengthen(
    chain: list[Anello], files: dict[str, str], esecuzione: str, adesso: datetime
) -> list[Anello]:
    """The chain with a link for the files of today, if they are others than those of the last."""
    if chain and chain[-1]["file"] == files:
        return chain
    link = {
        "quando": adesso.isoformat(),
        "esecuzione": esecuzione,
        "file": files,
        "precedente": chain[-1][IMPRONTA] if chain else None,
    }
    return [*chain, custodia.sign(link)]


def write_chain(
    luoghi: Luoghi, lavoro: Path, esecuzione: str, adesso: datetime, only: str | None = None
) -> None:
    """Leaves beside the memory of a build the chain that vouches for it, or for `only` one file of it."""
    chain = read_chain(luoghi)
    files = {name: custodia.hash_of(lavoro / name) for name in ([only] if only else MEMORIA)}
    before = chain[-1]["file"] if chain and only else {}
    links = _lengthen(chain, {**before, **files}, esecuzione, adesso)
    custodia.write_json(lavoro / CATENA, links)


# --- the copies -------------------------------------------------------------------------------------


def _copies(luoghi: Luoghi, name: str, chain: list[Anello]) -> Iterator[Copia]:
    """Every copy of a file of the memory, and any that should be there and is not."""
    published: set[str] = set()
    for folder in sorted(filter(Path.is_dir, luoghi.pubblicazioni.glob("*"))):
        manifest = read_manifest(folder)
        if _is_aside(folder / name):
            continue  # it was told when it was set aside
        if expected := manifest.get("file", {}).get(name):
            published.add(expected)
            yield _copy(folder / name, frozenset({expected}))
        elif not manifest and (folder / name).exists():
            yield Copia(folder / name, frozenset(), "non ha più un manifesto che ne risponda")
    second = memory_folder(luoghi) / name
    expected_second = frozenset(link["file"][name] for link in chain if name in link["file"])
    if not chain:
        expected_second = frozenset(published)
    # A first night that is killed at its switch has left no second copies yet.
    begun = not published or any((second.parent / one).exists() for one in MEMORIA)
    due = begun and bool(chain) and name in chain[-1]["file"]
    if second.exists() or due:
        yield _copy(second, expected_second)


def _copy(path: Path, expected: frozenset[str]) -> Copia:
    found = custodia.wrong(path, *expected)
    unvouched = found == custodia.CAMBIATO and not expected
    return Copia(path, expected, "non ha un manifesto che ne risponda" if unvouched else found)


def sound_copies(luoghi: Luoghi) -> tuple[dict[str, tuple[Path, ...]], list[Danno]]:
    """The copies that may be merged, by name, and what became of the others. Under the lock.

    A damaged copy is restored from a good one of the same hash, else set aside. Raises
    `StoricoPerduto`, and leaves all as it is, where copies of a file are damaged and none is good.
    """
    chain = read_chain(luoghi)
    damaged = _mend_manifest(luoghi, chain)
    good: dict[str, tuple[Path, ...]] = {}
    bad: list[Copia] = []
    for name in MEMORIA:
        copies = list(_copies(luoghi, name, chain))
        good[name] = tuple(c.percorso for c in copies if c.trovato is None)
        bad += [c for c in copies if c.trovato is not None]
        if copies and not good[name]:
            raise StoricoPerduto(_what_to_do(luoghi, name, copies))
    hashes = {custodia.hash_of(path): path for paths in good.values() for path in paths}
    bad = [c for c in bad if not _is_aside(c.percorso) or c.attese & hashes.keys()]  # told before
    damaged += [Danno(below(luoghi, c.percorso), str(c.trovato), _settle(c, hashes)) for c in bad]
    return good, damaged


def _what_to_do(luoghi: Luoghi, name: str, copies: list[Copia]) -> str:
    told = ", ".join(f"{below(luoghi, c.percorso)} {c.trovato}" for c in copies)
    return (
        f"Nessuna copia di {name}, che dice ciò che si sapeva e da quando, è integra ({told}):"
        f" rimettere {memory_folder(luoghi)} intera da un salvataggio, con il suo {MANIFEST}, e"
        f" rilanciare; per tenere ciò che si legge e accettare la perdita del resto, `{ACCETTA}`."
    )


def _settle(copy: Copia, hashes: dict[str, Path]) -> str:
    source = next((hashes[one] for one in sorted(copy.attese) if one in hashes), None)
    if source is not None:
        custodia.write(source.read_bytes(), copy.percorso)
        return f"{RIMESSO} da un'altra copia"
    if not copy.attese and copy.percorso.parent.parent.name == "pubblicazioni":
        return "non unito allo storico"
    set_aside(copy.percorso)
    return f"messo da parte come {copy.percorso.name}{GUASTA}, non unito allo storico"


def _is_aside(path: Path) -> bool:
    return not path.exists() and path.with_name(path.name + GUASTA).exists()


def set_aside(path: Path) -> None:
    """Renames a copy that nobody may read any more; whoever looks after the machine removes it."""
    aside = path.with_name(path.name + GUASTA)
    if os.path.lexists(path):
        custodia.remove(aside)
        path.rename(aside)


def _mend_manifest(luoghi: Luoghi, chain: list[Anello]) -> list[Danno]:
    """The manifest of the second copies, made again from the chain of a publication where it is damaged."""
    path = memory_folder(luoghi) / MANIFEST
    try:
        _links(path)
    except FileNotFoundError:
        if not chain or not any((path.parent / name).exists() for name in MEMORIA):
            return []
        why = custodia.MANCA
    except Guasto as damage:
        why = str(damage)
    else:
        return []
    if not chain:
        return [Danno(below(luoghi, path), why, "nessun'altra copia della catena")]
    path.parent.mkdir(exist_ok=True)
    custodia.write_json(path, chain)
    return [Danno(below(luoghi, path), why, f"{RIMESSO} da una pubblicazione")]


def accept_history(luoghi: Luoghi, adesso: datetime) -> dict[str, str]:
    """Vouches for the history as it lies in `storico`, where nothing else does. Under the lock.

    What DuckDB reads is taken as it is, what it cannot read is set aside, and a new chain begins.
    Returns what became of each copy.
    """
    import duckdb

    done: dict[str, str] = {}
    files: dict[str, str] = {}
    chain = read_chain(luoghi)
    for name in MEMORIA:
        for copy in _copies(luoghi, name, chain):
            where = below(luoghi, copy.percorso)
            if copy.trovato is None:
                done[where] = "integro"
                continue
            try:
                if copy.attese or copy.percorso.parent != memory_folder(luoghi):
                    raise Guasto(str(copy.trovato))
                duckdb.sql(f"from {parquet([copy.percorso])}").fetchall()
                done[where] = "accettato com'è"
            except (duckdb.Error, Guasto):
                set_aside(copy.percorso)
                done[where] = f"perduto: {copy.trovato}"
        second = memory_folder(luoghi) / name
        if second.exists():
            files[name] = custodia.hash_of(second)
    memory_folder(luoghi).mkdir(exist_ok=True)
    links = _lengthen(chain, files, "accettato a mano", adesso)
    custodia.write_json(memory_folder(luoghi) / MANIFEST, links)
    return done


def vouch(luoghi: Luoghi, esecuzione: str, adesso: datetime) -> None:
    """Begins a chain for the copies that lie in `storico`, where whoever keeps the history has put them."""
    files = {name: custodia.hash_of(memory_folder(luoghi) / name) for name in MEMORIA}
    custodia.write_json(memory_folder(luoghi) / MANIFEST, _lengthen([], files, esecuzione, adesso))


# --- second copies ----------------------------------------------------------------------------------


def second_copies(luoghi: Luoghi, folder: Path) -> list[tuple[Path, Path]]:
    """What of a publication has a second copy, and where; the manifest first, for it vouches for both
    the copies that are there and those that take their place."""
    names = {CATENA: MANIFEST, **{name: name for name in MEMORIA}}
    return [(folder / own, memory_folder(luoghi) / name) for own, name in names.items()]
