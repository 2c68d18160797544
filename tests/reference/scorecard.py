"""From values to the scorecard a second time, in plain Python with exact fractions.

Belongs here: result, % Realizz, colour, roll-ups, spending, and which plan measures a year.
Does not belong here: reading a plan, computing a value (indicatori.py), anything taken from the
warehouse's SQL.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from tests.reference.indicatori import arrotonda

CENTO = Fraction(100)


@dataclass(frozen=True)
class RigaPiano:
    """A row of the plan, with the target of the year that is measured (None: it has none).

    `decimali` is how many the plan prints for it: the most among last value and every target, at
    least 2 for a percentuale. `operatore` is `=>` or `=<`; `presunto` where the plan prints none.
    """

    codice: str | None
    target: Fraction | None
    operatore: str = "=>"
    presunto: bool = False
    decimali: int = 0


@dataclass(frozen=True)
class Esito:
    """A row of the scorecard; None where there is no result, or no target to hold it against."""

    risultato: Fraction | None
    realizzazione_grezza: Fraction | None
    realizzazione: Fraction | None
    raggiunto: bool | None
    semaforo: str


@dataclass(frozen=True)
class EsitoObiettivo:
    """An objective: `minima` and `massima` hold every missing result at 0 and at 100."""

    realizzazione: Fraction | None
    minima: Fraction
    massima: Fraction
    copertura: Fraction


@dataclass(frozen=True)
class EsitoEnte:
    """The chamber: its objectives weighted by PESO."""

    realizzazione: Fraction | None
    minima: Fraction
    massima: Fraction
    copertura: Fraction


def _percentuale(risultato: Fraction, target: Fraction, operatore: str) -> Fraction:
    if target == 0:
        return CENTO if _raggiunto(risultato, target, operatore) else Fraction(0)
    rapporto = CENTO * risultato / target
    return rapporto if operatore == "=>" else 200 - rapporto


def _raggiunto(risultato: Fraction, target: Fraction, operatore: str) -> bool:
    return risultato >= target if operatore == "=>" else risultato <= target


def _semaforo(realizzazione: Fraction) -> str:
    if realizzazione < 70:
        return "rosso"
    return "giallo" if realizzazione < 90 else "verde"


def valuta(riga: RigaPiano, valore: Fraction | None) -> Esito:
    """A row of the plan against the exact value of its indicator."""
    if valore is None:
        return Esito(None, None, None, None, "grigio")
    risultato = arrotonda(valore, riga.decimali)
    if riga.target is None:
        return Esito(risultato, None, None, None, "grigio")
    grezza = arrotonda(_percentuale(risultato, riga.target, riga.operatore), 2)
    realizzazione = min(max(grezza, Fraction(0)), CENTO)
    return Esito(
        risultato,
        grezza,
        realizzazione,
        _raggiunto(risultato, riga.target, riga.operatore),
        _semaforo(realizzazione),
    )


@dataclass(frozen=True)
class EsitoAllaData:
    """A count of an open year against what was due by the day the data speak for."""

    target: Fraction | None
    realizzazione: Fraction | None
    semaforo: str


def valuta_alla_data(
    riga: RigaPiano, conteggio: bool, esercizio: int, giorno: date, valore: Fraction | None
) -> EsitoAllaData | None:
    """None where the year's target is judged as it stands: no count, or a year that is closed."""
    if not conteggio or giorno >= date(esercizio, 12, 31):
        return None
    trascorsi = max(0, giorno.toordinal() - date(esercizio - 1, 12, 31).toordinal())
    bisestile = esercizio % 4 == 0 and (esercizio % 100 != 0 or esercizio % 400 == 0)
    target = riga.target
    if target is not None:
        target = arrotonda(target * trascorsi / (366 if bisestile else 365), riga.decimali)
    esito = valuta(replace(riga, target=target), valore)
    return EsitoAllaData(target, esito.realizzazione, esito.semaforo)


def _media(valori: Sequence[Fraction]) -> Fraction:
    return arrotonda(sum(valori, Fraction(0)) / len(valori), 2)


def valuta_obiettivo(realizzazioni: Sequence[Fraction | None]) -> EsitoObiettivo:
    """The mean of the published figures of an objective's indicators (None: no result)."""
    note = [r for r in realizzazioni if r is not None]
    return EsitoObiettivo(
        _media(note) if note else None,
        _media([Fraction(0) if r is None else r for r in realizzazioni]),
        _media([CENTO if r is None else r for r in realizzazioni]),
        arrotonda(Fraction(len(note), len(realizzazioni)), 4),
    )


def _media_pesata(addendi: Sequence[tuple[Fraction, Fraction]]) -> Fraction:
    """Mean of (peso, figure), to 2 decimals."""
    pesi = sum((peso for peso, _ in addendi), Fraction(0))
    return arrotonda(sum((peso * valore for peso, valore in addendi), Fraction(0)) / pesi, 2)


def valuta_ente(obiettivi: Sequence[tuple[Fraction, EsitoObiettivo]]) -> EsitoEnte:
    """The published figures of (peso, objective), weighted; the coverage over the whole PESO."""
    noti = [(peso, o.realizzazione) for peso, o in obiettivi if o.realizzazione is not None]
    totale = sum((peso for peso, _ in obiettivi), Fraction(0))
    return EsitoEnte(
        _media_pesata(noti) if noti else None,
        _media_pesata([(peso, o.minima) for peso, o in obiettivi]),
        _media_pesata([(peso, o.massima) for peso, o in obiettivi]),
        arrotonda(sum((peso * o.copertura for peso, o in obiettivi), Fraction(0)) / totale, 4),
    )


def percentuale_spesa(consuntivo: Fraction | None, preventivo: Fraction | None) -> Fraction | None:
    """Spent out of planned, in percent points to 2 decimals; None without one of the two."""
    if consuntivo is None or not preventivo:
        return None
    return arrotonda(CENTO * consuntivo / preventivo, 2)


def piano_che_misura(esercizio: int, piani: Mapping[int, Collection[int]]) -> int | None:
    """The plan of the year, else the latest earlier one with a target for it.

    `piani` maps the year of each plan to the years for which it has targets.
    """
    if esercizio in piani:
        return esercizio
    precedenti = [p for p, anni in piani.items() if p < esercizio and esercizio in anni]
    return max(precedenti, default=None)
