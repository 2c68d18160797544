"""Every sentence of the definitions of the indicators, as rows that count beside rows that do not.

Belongs here: a file for each indicator, by its codice in small letters, which declares it
(`INDICATORE`) with figures worked out by hand; whoever starts with an underscore is shared by some of
them. They are found, never listed. Does not belong here: what a case is (../caso.py).
"""

from importlib import import_module
from pathlib import Path

from pipelines.contract.estratti import PER_CODICE
from tests.indicatori.caso import Caso, Indicatore

CARTELLA = Path(__file__).parent

INDICATORI: dict[str, Indicatore] = {
    path.stem: import_module(f"{__name__}.{path.stem}").INDICATORE
    for path in sorted(CARTELLA.glob("[!_]*.py"))
}
"""What each file declares."""

PERCENTUALI = frozenset(i.codice for i in INDICATORI.values() if i.misura == "percentuale")

SERVE_A: dict[str, set[str]] = {
    estratto: {i.codice for i in INDICATORI.values() if estratto in i.estratti}
    for estratto in PER_CODICE
}
"""The indicators that need each extract."""

CASI: list[Caso] = [caso for i in INDICATORI.values() for caso in i.casi]
CASI_ESTREMI: list[Caso] = [caso for i in INDICATORI.values() for caso in i.estremi]
