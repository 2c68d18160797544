"""Chance that is the same on every machine, and the small shapes made with it.

Belongs here: named random streams, working days, splitting a total. Does not belong here: anything
about an office. Only `Random.random()` is used: it is the one method whose sequence Python promises
never to change, and it needs no mathematical library, whose last digit differs between systems.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from random import Random
from typing import TypeVar

T = TypeVar("T")

_FESTE = ((1, 1), (1, 6), (4, 25), (5, 1), (6, 2), (8, 15), (11, 1), (12, 8), (12, 25), (12, 26))


def flusso(*nome: str | int) -> Random:
    """The stream with that name: one per extract, so that a change in one leaves the others be."""
    return Random("/".join(str(parte) for parte in nome))


def intero(r: Random, minimo: int, massimo: int) -> int:
    """A whole number from `minimo` to `massimo`, both included."""
    return minimo + int(r.random() * (massimo - minimo + 1))


def scelta(r: Random, valori: Sequence[T]) -> T:
    return valori[int(r.random() * len(valori))]


def mescola(r: Random, valori: Sequence[T]) -> list[T]:
    """The same values in another order."""
    return [v for _, v in sorted(((r.random(), v) for v in valori), key=lambda coppia: coppia[0])]


def euro(centesimi: int) -> Decimal:
    return Decimal(centesimi).scaleb(-2)


def centesimi(importo: Decimal) -> int:
    return int(importo.scaleb(2))


def ripartisci(r: Random, totale: Decimal, parti: int) -> list[Decimal]:
    """`totale` (EUR) in `parti` uneven amounts that sum to it to the cent."""
    pesi = [0.25 + r.random() for _ in range(parti)]
    intera, somma = centesimi(totale), sum(pesi)
    confini, corrente = [0], 0.0
    for peso in pesi[:-1]:
        corrente += peso
        confini.append(int(intera * corrente / somma))
    confini.append(intera)
    return [euro(b - a) for a, b in pairwise(confini)]


def in_parti_uguali(totale: int, parti: int) -> list[int]:
    """`totale` in `parti` whole numbers that differ by one at most, the larger first."""
    base, resto = divmod(totale, parti)
    return [base + (k < resto) for k in range(parti)]


@lru_cache(maxsize=64)
def lavorativi(anno: int) -> tuple[date, ...]:
    """The days of a year on which an office is open."""
    giorni = (date(anno, 1, 1) + timedelta(k) for k in range(366))
    return tuple(
        g for g in giorni if g.year == anno and g.weekday() < 5 and (g.month, g.day) not in _FESTE
    )


def giorni(r: Random, dal: date, al: date, quanti: int) -> list[date]:
    """`quanti` working days of one year between two dates, in order, repeats allowed."""
    possibili = [g for g in lavorativi(dal.year) if dal <= g <= al]
    return sorted(scelta(r, possibili) for _ in range(quanti))


def giorni_distinti(r: Random, dal: date, al: date, quanti: int) -> list[date]:
    """`quanti` different working days spread over the period, in order."""
    possibili = [g for g in lavorativi(dal.year) if dal <= g <= al]
    passo = len(possibili) / quanti
    return [possibili[int((k + 0.8 * r.random()) * passo)] for k in range(quanti)]


def giorno_lavorativo_da(giorno: date) -> date:
    """That day, or the first working day after it."""
    while giorno not in lavorativi(giorno.year):
        giorno += timedelta(1)
    return giorno
