"""What the accepted rows of a chamber and year must add up to.

Belongs here: the public figures of Massa-Carrara with the plausible ones around them, as data, and
the rule that makes up figures for any other chamber. Does not belong here: rows. A generator may
invent anything but what stands here.

Public: the active firms of 2018-2020 and the registered ones of 2019-2020; the last observed values
that the plan of 2020 prints (2018, and 2019 for ISR_STUDI, ATTIVITA_RILANCIO, VERIFICHE_METRICHE);
resolution 22 of the Consiglio on 12/12/2019; the bodies that lapsed in 2020 and the commissioner in
office from September. All other figures are invented.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random

from tests.sample.casuale import euro, flusso, giorni_distinti, intero


@dataclass(frozen=True)
class Imprese:
    """Firms at 31/12 (number)."""

    registrate: int
    attive: int


@dataclass(frozen=True)
class Conciliazioni:
    """Mediations and conciliations started in a year, and those still open at its end (number)."""

    avviate: int
    pendenti: int


@dataclass(frozen=True)
class Addetto:
    """Who handles conciliations, and the share of their time (percent points).

    Staff by position among the employees at 1/1/2018; an outsider, who has none, by a code.
    """

    chi: int | str
    tempo: Decimal


@dataclass(frozen=True)
class Fatti:
    """One year of one chamber. Pairs are (year before, this year). Amounts in EUR."""

    studi: int
    attivita_eseguite: int
    attivita_annullate: int
    imprese: tuple[Imprese, Imprese]
    risorse_innovazione: Decimal
    interventi: Decimal
    gestione_diretta: Decimal
    contributi_imprese: Decimal
    domande: int
    conciliazioni: tuple[Conciliazioni, Conciliazioni]
    addetti: tuple[Addetto, ...]
    verifiche: int
    tempo_medio_centesimi: int
    """Hundredths of a day that a telematic pratica takes on average."""
    pratiche_percento: int
    """Pratiche of the year for a hundred of those asked for: no two years bring the same number."""
    delibere_giunta: int
    delibere_consiglio: int
    delibere_commissario: int
    sedute_giunta: int
    sedute_consiglio: tuple[date, ...]
    fine_mandato: date
    """Last day on which Giunta and Consiglio are in office this year."""
    punti_mancanti: Decimal
    """Points short of the maximum on the transparency grid."""
    accessi: int
    accessi_tardivi: int
    senza_welfare: int
    senza_formazione: int
    """People in service at 31/12 without a row in the year, among those the indicator counts."""
    pagamenti: Decimal
    """Payments for goods and services, VAT included."""
    pagamenti_mercato: Decimal
    """Of these, by Consip agreement, framework agreement or MEPA."""
    consuntivo: tuple[Decimal, ...]
    """Resources spent, one amount per objective of `OBIETTIVI`, in that order."""


OBIETTIVI = (
    ("011", "005", "1.1"),
    ("011", "005", "1.2"),
    ("011", "005", "2.2"),
    ("011", "005", "3.1"),
    ("011", "005", "3.2"),
    ("012", "004", "3.2"),
    ("032", "002", "2.1"),
    ("032", "003", "2.1"),
)
"""Missione, programma, obiettivo of the plan of 2020; the sample uses them in every year."""

DELIBERA_DEL_PIANO = (2019, 22, date(2019, 12, 12))
"""Year, number, day: the Consiglio approves the plan of 2020. It is the act the allegato names."""

IMPRESE_MS = {
    2017: Imprese(22_705, 18_803),
    2018: Imprese(22_612, 18_724),
    2019: Imprese(22_540, 18_610),
    2020: Imprese(22_535, 18_551),
}

CONCILIAZIONI_MS = {
    2017: Conciliazioni(96, 18),
    2018: Conciliazioni(102, 21),
    2019: Conciliazioni(104, 15),
    2020: Conciliazioni(81, 22),
}


@dataclass(frozen=True)
class Movimenti:
    """How a roster changes, by position among the employees at 1/1/2018."""

    cessazioni: tuple[tuple[int, date], ...] = (
        (7, date(2018, 6, 30)),
        (12, date(2018, 8, 31)),
        (15, date(2019, 3, 31)),
        (18, date(2019, 10, 31)),
        (21, date(2019, 12, 31)),  # still in service on the day that counts
        (9, date(2020, 7, 31)),
        (24, date(2020, 9, 30)),
    )
    a_tempo_determinato: tuple[int, date, date] = (30, date(2017, 7, 1), date(2021, 6, 30))
    stabilizzazione: tuple[date, date] = (date(2018, 10, 1), date(2019, 9, 1))
    """Hired on the first day for a term, for good on the second: two rows, one person."""
    assunzioni: tuple[date, ...] = (date(2020, 2, 1), date(2021, 1, 4))
    part_time: tuple[tuple[int, Decimal], ...] = (
        (6, Decimal(80)),
        (11, Decimal(50)),
        (20, Decimal(75)),
        (28, Decimal("83.33")),
    )


MOVIMENTI = Movimenti()

DIPENDENTI_INIZIALI_MS = 37
"""With the movements above: 36 employees at the end of 2018, 34 of 2019, 32 of 2020."""


def _importi(*importi: str) -> tuple[Decimal, ...]:
    return tuple(Decimal(importo) for importo in importi)


_MS = {
    2018: Fatti(
        studi=7,
        attivita_eseguite=9,
        attivita_annullate=1,
        imprese=(IMPRESE_MS[2017], IMPRESE_MS[2018]),
        risorse_innovazione=Decimal("573.12"),
        interventi=Decimal("846215.40"),
        gestione_diretta=Decimal("208012.36"),
        contributi_imprese=Decimal("228104.90"),
        domande=134,
        conciliazioni=(CONCILIAZIONI_MS[2017], CONCILIAZIONI_MS[2018]),
        # 0,45 + 0,24 (part-time) + 0,10 (left in June) + 0,11 = 0,90 FTE
        addetti=(
            Addetto(5, Decimal(45)),
            Addetto(6, Decimal(30)),
            Addetto(7, Decimal(20)),
            Addetto("E0001", Decimal(11)),
        ),
        verifiche=187,  # the old regime: verifications passed to private bodies in 2019
        tempo_medio_centesimi=11,
        pratiche_percento=102,
        delibere_giunta=168,
        delibere_consiglio=24,
        delibere_commissario=0,
        sedute_giunta=21,
        sedute_consiglio=(
            date(2018, 2, 22),
            date(2018, 4, 26),
            date(2018, 7, 26),
            date(2018, 10, 25),
            date(2018, 12, 13),
        ),
        fine_mandato=date(2018, 12, 31),
        punti_mancanti=Decimal(0),
        accessi=12,
        accessi_tardivi=0,
        senza_welfare=0,
        senza_formazione=1,
        pagamenti=Decimal("612480.35"),
        pagamenti_mercato=Decimal("246655.18"),
        consuntivo=_importi(
            "112480.20",
            "171934.66",
            "98310.75",
            "431206.18",
            "139877.42",
            "2104663.91",
            "176402.35",
            "588190.07",
        ),
    ),
    2019: Fatti(
        studi=8,
        attivita_eseguite=10,
        attivita_annullate=1,
        imprese=(IMPRESE_MS[2018], IMPRESE_MS[2019]),
        risorse_innovazione=Decimal("781.37"),
        interventi=Decimal("883902.75"),
        gestione_diretta=Decimal("195784.46"),
        contributi_imprese=Decimal("277545.46"),
        domande=128,
        conciliazioni=(CONCILIAZIONI_MS[2018], CONCILIAZIONI_MS[2019]),
        # 0,45 + 0,24 + 0,14 + 0,11 = 0,94 FTE
        addetti=(
            Addetto(5, Decimal(45)),
            Addetto(6, Decimal(30)),
            Addetto(9, Decimal(14)),
            Addetto("E0001", Decimal(11)),
        ),
        verifiche=60,
        tempo_medio_centesimi=18,
        pratiche_percento=104,
        delibere_giunta=147,
        delibere_consiglio=24,
        delibere_commissario=0,
        sedute_giunta=19,
        sedute_consiglio=(
            date(2019, 2, 21),
            date(2019, 4, 29),
            date(2019, 7, 25),
            date(2019, 10, 24),
            DELIBERA_DEL_PIANO[2],
        ),
        fine_mandato=date(2019, 12, 31),
        punti_mancanti=Decimal("1.5"),
        accessi=11,
        accessi_tardivi=0,
        senza_welfare=1,
        senza_formazione=1,
        pagamenti=Decimal("598214.90"),
        pagamenti_mercato=Decimal("232765.42"),
        consuntivo=_importi(
            "108755.04",
            "180216.90",
            "104682.33",
            "446918.72",
            "147035.61",
            "2046120.48",
            "169544.80",
            "601377.15",
        ),
    ),
    # The year of the pandemic: fairs cancelled, so fewer activities and projects run directly and
    # more contributions to firms; hearings suspended; half the staff at home; Giunta and Consiglio
    # in office until August, then the commissioner. Resolutions reach 84 of 120: with the
    # commissioner's 37 they would be 121.
    2020: Fatti(
        studi=8,
        attivita_eseguite=7,
        attivita_annullate=4,
        imprese=(IMPRESE_MS[2019], IMPRESE_MS[2020]),
        risorse_innovazione=Decimal("897.62"),
        interventi=Decimal("798640.12"),
        gestione_diretta=Decimal("129379.70"),
        contributi_imprese=Decimal("382149.30"),
        domande=139,
        conciliazioni=(CONCILIAZIONI_MS[2019], CONCILIAZIONI_MS[2020]),
        # 0,40 + 0,24 + 0,0933... (left in July) + 0,12 = 0,8533... FTE
        addetti=(
            Addetto(5, Decimal(40)),
            Addetto(6, Decimal(30)),
            Addetto(9, Decimal(16)),
            Addetto("E0002", Decimal(12)),
        ),
        verifiche=61,
        tempo_medio_centesimi=43,
        pratiche_percento=94,
        delibere_giunta=73,
        delibere_consiglio=11,
        delibere_commissario=37,
        sedute_giunta=10,
        sedute_consiglio=(date(2020, 4, 30), date(2020, 7, 29)),
        fine_mandato=date(2020, 8, 31),
        punti_mancanti=Decimal(6),
        accessi=14,
        accessi_tardivi=1,
        senza_welfare=0,
        senza_formazione=3,
        pagamenti=Decimal("548912.77"),
        pagamenti_mercato=Decimal("242509.66"),
        consuntivo=_importi(
            "104870.12",
            "139204.55",
            "118940.71",
            "412388.09",
            "128316.40",
            "1871552.36",
            "109415.27",
            "566203.94",
        ),
    ),
}


def fatti_di(camera: str, esercizio: int, seed: int) -> Fatti:
    """The facts of a chamber and year: those of Massa-Carrara, or figures made up from the seed."""
    if camera == "MS" and esercizio in _MS:
        return _MS[esercizio]
    return _inventati(camera, esercizio, seed)


def dipendenti_iniziali(camera: str, seed: int) -> int:
    """Employees, executives excluded, on the roster at 1/1/2018 (number)."""
    if camera == "MS":
        return DIPENDENTI_INIZIALI_MS
    return 30 + 25 * _taglia(camera, seed) // 100


_POSTI = (5, 6, 8, 10, 13, 14, 16)
"""Who may handle conciliations where figures are made up: positions that nobody leaves."""


def _taglia(camera: str, seed: int) -> int:
    """The size of a chamber: 60 is small, 400 a city's; Massa-Carrara would be about 100."""
    return intero(flusso(seed, camera, "taglia"), 60, 400)


def _imprese(camera: str, anno: int, seed: int) -> Imprese:
    attive = 185 * _taglia(camera, seed) + intero(flusso(seed, camera, "imprese", anno), -150, 150)
    return Imprese(attive * 6 // 5, attive)


def _conciliazioni(camera: str, anno: int, seed: int) -> Conciliazioni:
    r = flusso(seed, camera, "conciliazioni", anno)
    avviate = intero(r, 70, 130) * _taglia(camera, seed) // 100
    return Conciliazioni(avviate, avviate * intero(r, 12, 24) // 100)


def _parte(r: Random, totale: Decimal, minimo: int, massimo: int) -> Decimal:
    """Between `minimo` and `massimo` thousandths of a total (EUR, to the cent)."""
    return euro(int(totale * 100) * intero(r, minimo, massimo) // 1000)


def _inventati(camera: str, esercizio: int, seed: int) -> Fatti:
    # No range is wider than ten times: from one year to the next a chamber does not change that much.
    r = flusso(seed, camera, esercizio, "fatti")
    taglia = _taglia(camera, seed)
    interventi = euro(intero(r, 70_000_000, 95_000_000) * taglia // 100)
    pagamenti = euro(intero(r, 50_000_000, 70_000_000) * taglia // 100)
    inizio, fine = date(esercizio, 1, 1), date(esercizio, 12, 31)
    accessi = intero(r, 8, 24)
    return Fatti(
        studi=intero(r, 5, 10),
        attivita_eseguite=intero(r, 6, 14),
        attivita_annullate=intero(r, 0, 3),
        imprese=(_imprese(camera, esercizio - 1, seed), _imprese(camera, esercizio, seed)),
        risorse_innovazione=euro(intero(r, 300_000, 2_400_000) * taglia // 100),
        interventi=interventi,
        gestione_diretta=_parte(r, interventi, 150, 400),
        contributi_imprese=_parte(r, interventi, 200, 450),
        domande=intero(r, 90, 160) * taglia // 100,
        conciliazioni=(
            _conciliazioni(camera, esercizio - 1, seed),
            _conciliazioni(camera, esercizio, seed),
        ),
        addetti=(
            *(Addetto(k, Decimal(intero(r, 30, 60))) for k in _POSTI[: 1 + taglia // 60]),
            Addetto("E0001", Decimal(intero(r, 5, 15))),
        ),
        verifiche=intero(r, 45, 90) * taglia // 100,
        tempo_medio_centesimi=intero(r, 40, 320),
        pratiche_percento=100,
        delibere_giunta=intero(r, 80, 170),
        delibere_consiglio=intero(r, 15, 30),
        delibere_commissario=0,
        sedute_giunta=intero(r, 9, 22),
        sedute_consiglio=tuple(giorni_distinti(r, inizio, fine, intero(r, 3, 6))),
        fine_mandato=fine,
        punti_mancanti=Decimal(intero(r, 0, 40)) / 2,
        accessi=accessi,
        accessi_tardivi=intero(r, 0, accessi // 6),
        senza_welfare=intero(r, 0, 4),
        senza_formazione=intero(r, 0, 5),
        pagamenti=pagamenti,
        pagamenti_mercato=_parte(r, pagamenti, 250, 550),
        consuntivo=tuple(euro(intero(r, 8_000_000, 60_000_000)) for _ in OBIETTIVI),
    )
