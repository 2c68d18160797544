"""The corpus: every hostile delivery, with its fate."""

from collections import Counter

from tests.ostili import colonne, fogli, luoghi, piani, testi
from tests.ostili.caso import Caso


def casi() -> list[Caso]:
    """All the cases, each with a name of its own."""
    trovati = [*testi.casi(), *fogli.casi(), *colonne.casi(), *piani.casi(), *luoghi.casi()]
    ripetuti = [nome for nome, volte in Counter(c.nome for c in trovati).items() if volte > 1]
    assert not ripetuti, ripetuti
    return trovati


def quanti_per_formato() -> dict[str, int]:
    """How many cases each format has."""
    return dict(Counter(caso.formato for caso in casi()))
