"""The long form: every case of every fault, then one table. `python -m tests.guasti [NOME ...]`.

A name is a part of a fault's: only those are tried. Ends with an error when anything was lost.
"""

import shutil
import sys
import tempfile
import traceback
from pathlib import Path

from tests.guasti.guasti import GUASTI, Guasto
from tests.guasti.scena import Scena


def prova_tutti(guasto: Guasto, scena: Scena) -> tuple[int, int]:
    """Tries every case of a fault; returns how many were tried and how many were lost."""
    lost = 0
    total = guasto.casi(scena)
    for case in range(total):
        try:
            guasto.prova(scena, case)
        except Exception:
            lost += 1
            print(f"PERSO: {guasto.nome}, caso {case}\n{traceback.format_exc()}", file=sys.stderr)
        shutil.rmtree(scena.radice / "prove", ignore_errors=True)
    return total, lost


def main(names: list[str]) -> int:
    """Prints the table, a line as each fault is done; returns the exit status."""
    chosen = [g for g in GUASTI if not names or any(name in g.nome for name in names)]
    tried = lost = 0
    print(f"{'guasto':<52}{'volte':>7}{'superati':>10}{'persi':>7}")
    with tempfile.TemporaryDirectory(prefix="pira-guasti-") as folder:
        scena = Scena(Path(folder)).prepara()
        for guasto in chosen:
            times, failed = prova_tutti(guasto, scena)
            tried, lost = tried + times, lost + failed
            print(f"{guasto.nome:<52}{times:>7}{times - failed:>10}{failed:>7}", flush=True)
    print(f"{'in tutto':<52}{tried:>7}{tried - lost:>10}{lost:>7}")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
