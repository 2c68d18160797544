"""The mappings of a chamber: where they lie, and which of them an extract has.

Belongs here: `mappe/<ufficio>/<estratto>.toml` below a chamber or below one of its years, read whole. Does
not belong here: what a mapping can say (contract/mappa.py), what becomes of a file (extracts/mappe.py),
what else lies there (zone.py).
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from pipelines.contract.mappa import Mappatura, MappaturaErrata, Sorgente
from pipelines.contract.mappa_toml import read_mapping
from pipelines.contract.schema import Estratto
from pipelines.landing.rifiutato import Rifiutato
from pipelines.landing.zone import (
    MAPPE,
    TOML,
    folder_of,
    in_any_case,
    mappings_folder,
    read_whole,
)
from pipelines.partizione import Partizione
from pipelines.testo import shown

_MAX_BYTE = 1 << 20


@dataclass(frozen=True)
class MappaLetta:
    """The mapping files of an extract as they are: their texts and the fingerprint of all of them.

    `errore` says why one of them cannot be read at all.
    """

    testi: tuple[Sorgente, ...]
    sha256: str
    errore: str | None = None

    def of(self, estratto: Estratto) -> Mappatura:
        """What they say. Raises `Rifiutato`, for no file of the extract can be read by them."""
        if self.errore is not None:
            raise Rifiutato(self.errore)
        try:
            return read_mapping(estratto, self.sha256, self.testi)
        except MappaturaErrata as error:
            raise Rifiutato(str(error)) from error


def find_mapping(raw: Path, partizione: Partizione, estratto: Estratto) -> MappaLetta | None:
    """The mapping of an extract in a partition; None where neither chamber nor year has one."""
    texts, hashes, error = [], [], None
    for folder in _folders(raw, partizione):
        path = in_any_case(in_any_case(folder / estratto.ufficio) / f"{estratto.nome}{TOML}")
        if not os.path.lexists(path):
            continue
        file = shown(path.relative_to(raw).as_posix())
        try:
            found = read_whole(raw, path)
            if found.byte > _MAX_BYTE:
                raise Rifiutato(f"supera {_MAX_BYTE >> 20} MB: accorciarla.")
            text = found.content.decode("utf-8-sig")
        except (Rifiutato, UnicodeDecodeError) as refusal:
            why = refusal if isinstance(refusal, Rifiutato) else "non è UTF-8: salvarla in UTF-8."
            error = error or f"mappa_errata: {file}: {why}"
            hashes.append(f"{file}: {why}")
        else:
            texts.append(Sorgente(file, text))
            hashes.append(found.sha256)
    if not hashes:
        return None
    (whole, *rest) = hashes
    digest = hashlib.sha256("\n".join(hashes).encode()).hexdigest() if rest or error else whole
    return MappaLetta(tuple(texts), digest, error)


def _folders(raw: Path, partizione: Partizione) -> tuple[Path, Path]:
    """Where mappings may lie, the chamber's first: the year's wins over it."""
    year = in_any_case(folder_of(raw, partizione) / MAPPE)
    return mappings_folder(raw, partizione), year
