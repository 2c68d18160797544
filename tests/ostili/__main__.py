"""The long form: the whole corpus, then the large fuzz. Ends with an error when anything was lost.

`python -m tests.ostili` prints one line: cases tried, cases survived, cases lost; what was lost goes
to the standard error. `PIRA_FUZZ_EXAMPLES` is the number of random files of each kind.
"""

import os
import sys
import tempfile
import traceback
from pathlib import Path

from tests.ostili.corsa import MAX_MEGABYTE, MAX_MEGABYTE_PESANTI
from tests.ostili.fuzz import ESEMPI_LUNGHI, PROVE, lancia, quanti
from tests.ostili.rapporto import PARTI, in_un_processo


def _corpus() -> tuple[int, int]:
    """How many cases were tried, and how many things were lost."""
    provati = persi = 0
    with tempfile.TemporaryDirectory(prefix="pira-ostili-") as base:
        for parte in PARTI:
            rapporto = in_un_processo(parte, Path(base))
            sbagli = [f"{caso}: {errore}" for caso, errore in rapporto.errori.items()]
            sbagli += rapporto.vicini
            limite = MAX_MEGABYTE_PESANTI if parte == "pesanti" else MAX_MEGABYTE
            if rapporto.megabyte > limite:
                sbagli.append(f"{parte}: {rapporto.megabyte} MB, oltre i {limite} ammessi")
            for sbaglio in sbagli:
                print(f"PERSO: {sbaglio}", file=sys.stderr)
            provati, persi = provati + rapporto.provati, persi + len(sbagli)
    return provati, persi


def _fuzz() -> tuple[int, int]:
    provati = persi = 0
    for prova in PROVE:
        provati += quanti(prova, ESEMPI_LUNGHI)
        try:
            lancia(prova, ESEMPI_LUNGHI, ripetibile=False)
        except Exception:
            persi += 1
            print(f"PERSO: file a caso, {prova.nome}\n{traceback.format_exc()}", file=sys.stderr)
    return provati, persi


def main() -> int:
    """Tries everything; the exit status is 0 when nothing was lost."""
    os.environ.setdefault("PIRA_KEY", "0" * 64)
    casi, casi_persi = _corpus()
    a_caso, a_caso_persi = _fuzz()
    provati, persi = casi + a_caso, casi_persi + a_caso_persi
    print(
        f"file ostili: {provati} provati ({casi} del corpus, {a_caso} a caso), "
        f"{provati - persi} superati, {persi} persi"
    )
    return 1 if persi else 0


if __name__ == "__main__":
    sys.exit(main())
