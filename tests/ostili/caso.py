"""What a hostile delivery is, and what must become of it.

Belongs here: the shape of a case and the words in which cases are declared. Does not belong here:
the cases (testi.py, fogli.py, colonne.py, piani.py, luoghi.py), how one is tried (corsa.py).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ESERCIZIO = 2020
STUDI = "isr/studi"
TESTA = "id_studio;titolo;stato\n"
SEGRETO = "ZQX73915"
"""Stands in the cells of bad files: no reason may ever repeat it."""


@dataclass(frozen=True)
class Esito:
    """The outcome of a file: what `qualita.file` must say of it."""

    esito: str
    accettate: int = 0
    scartate: int = 0


RIFIUTATO = Esito("RIFIUTATO")
IGNORATO = Esito("IGNORATO")


def dati(accettate: int, scartate: int = 0) -> Esito:
    """The file is read: so many rows are data, so many are in quarantine."""
    return Esito("ACCETTATO", accettate, scartate)


@dataclass(frozen=True)
class Caso:
    """A hostile delivery.

    `prepara` puts it into the folder of a partition; `attesi` has the outcome of each of its files,
    by path from there. `pesante`: it costs seconds or memory, and is tried apart. `sola`: it would
    take the place of another case in the same partition. `permessi`: it needs a reader without
    privileges.
    """

    nome: str
    formato: str
    prepara: Callable[[Path], None]
    attesi: Mapping[str, Esito]
    estratto: str = STUDI
    pesante: bool = False
    sola: bool = False
    permessi: bool = False


Contenuto = bytes | Callable[[], bytes]


def scrivi(percorso: Path, contenuto: Contenuto) -> None:
    """Puts bytes, or what makes them, where they belong."""
    percorso.parent.mkdir(parents=True, exist_ok=True)
    percorso.write_bytes(contenuto if isinstance(contenuto, bytes) else contenuto())


def file(
    nome: str,
    formato: str,
    contenuto: Contenuto,
    esito: Esito,
    estratto: str = STUDI,
    pesante: bool = False,
) -> Caso:
    """A case that is one file of an extract, a part named after the case."""
    dove = f"{estratto}-{nome}.{formato}"
    return Caso(
        f"{formato}: {nome}",
        formato,
        lambda partizione: scrivi(partizione / dove, contenuto),
        {dove: esito},
        estratto,
        pesante,
    )


def firma(nome: str, testo: str | bytes) -> bytes:
    """A text with the case's own keys: `@1` begins with its name, so that no two share a row."""
    contenuto = testo.encode() if isinstance(testo, str) else testo
    return re.sub(rb"@(?=[0-9])", f"{nome}-".encode(), contenuto)
