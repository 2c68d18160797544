"""A disk that fills up while a run writes, told inside a small mount of its own.

Started by ambiente.py: `python -m tests.guasti.pieno BASE RAW WAREHOUSE KB_LIBERI`; `BASE` is an output to
begin with. Prints what the run after the fault publishes.
"""

import shutil
import sys
from collections import namedtuple
from pathlib import Path
from unittest import mock

from tests.guasti.giudice import giudica_ordine, giudica_ripresa, pretendi, pulita
from tests.guasti.scena import Banco, Scena, corri, scrivi_studi, visto

_Uso = namedtuple("_Uso", "total used free")


def _fill(ballast: Path, free: int) -> None:
    """Fills the disk but for `free` KB."""
    with ballast.open("wb", buffering=0) as stream:
        left = shutil.disk_usage(ballast.parent).free - (free << 10)
        block = bytes(1 << 16)
        while left > 0:
            left -= stream.write(block[: min(left, len(block))])


def main(base: Path, raw: Path, warehouse: Path, free: int) -> None:
    """A publication; a run for which the disk is too small, or just not; a run with room again."""
    banco = Banco(raw, warehouse)
    shutil.copytree(base, warehouse, symlinks=True, dirs_exist_ok=True)
    before = pulita(visto(banco))
    scrivi_studi(raw, Scena.SECONDA)
    ballast = warehouse / "zavorra"
    _fill(ballast, free)
    failure = None
    try:
        # The look at the room left would refuse to start, and here it is the middle that matters.
        with mock.patch.object(shutil, "disk_usage", lambda _: _Uso(1 << 40, 0, 1 << 40)):
            corri(banco)
    except Exception as error:
        failure = error
    harmed = pulita(visto(banco))
    pretendi((failure is None) == (harmed.cifra == Scena.SECONDA), f"{failure}, ma {harmed.cifra}")
    pretendi(failure is None or harmed == before, f"{failure}, e qualcosa è cambiato")
    ballast.unlink()
    corri(banco)
    after = pulita(visto(banco))
    giudica_ripresa(banco.luoghi, before, harmed, after)
    giudica_ordine(banco.luoghi)
    print(repr(sorted(after.contenuto.items())))


if __name__ == "__main__":
    base, raw, warehouse = map(Path, sys.argv[1:4])
    main(base, raw, warehouse, int(sys.argv[4]))
