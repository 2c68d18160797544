"""The cases of CONCILIAZIONI_PER_FTE: proceedings handled, for each full-time person."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tests.indicatori.caso import (
    CAPODANNO,
    DOMANI,
    DOPO,
    OGGI,
    RIFIUTATO,
    SAN_SILVESTRO,
    UNA_RIGA,
    VIGILIA,
    Caso,
    Indicatore,
    dati_mancanti,
    non_calcolabile,
    rapporto,
)
from tests.indicatori.zona import Parziale

PROCEDIMENTI, FTE = "conciliazione/procedimenti", "kronos/fte"
UN_ADDETTO = {FTE: UNA_RIGA}


def _gestite(dice: str, righe: Sequence[Parziale], contano: Sequence[int], anno: int) -> Caso:
    """Procedures handled, over one full-time equivalent."""
    return rapporto(
        "CONCILIAZIONI_PER_FTE",
        dice,
        {PROCEDIMENTI: righe, **UN_ADDETTO},
        len(contano),
        1,
        {PROCEDIMENTI: contano, FTE: [0]},
        anno,
    )


def _addetti(dice: str, righe: Sequence[Parziale], fte: str, contano: Sequence[int]) -> Caso:
    """One procedure over the full-time equivalents of some rows."""
    return rapporto(
        "CONCILIAZIONI_PER_FTE",
        dice,
        {PROCEDIMENTI: [{}], FTE: righe},
        1,
        fte,
        {PROCEDIMENTI: [0], FTE: contano},
    )


def _tempo(tempo: str, mesi: str = "12", part_time: str = "100", **altro: object) -> Parziale:
    return {
        "percentuale_tempo": Decimal(tempo),
        "mesi_servizio": Decimal(mesi),
        "percentuale_part_time": Decimal(part_time),
        **altro,
    }


CASI = [
    _gestite(
        "mediations and conciliations count, arbitrations do not",
        [{"tipo": "MEDIAZIONE"}, {"tipo": "CONCILIAZIONE"}, {"tipo": "ARBITRATO"}],
        [0, 1],
        2020,
    ),
    _gestite(
        "a procedure counts in every year in which it is open",
        [
            {"data_avvio": date(2015, 5, 5), "data_conclusione": None},
            {"data_avvio": date(2015, 5, 5), "data_conclusione": CAPODANNO},
            {"data_avvio": date(2015, 5, 5), "data_conclusione": date(2022, 2, 2)},
            {"data_avvio": SAN_SILVESTRO, "data_conclusione": date(2021, 3, 3)},
            {"data_avvio": date(2015, 5, 5), "data_conclusione": VIGILIA},
            {"data_avvio": DOPO, "data_conclusione": None},
            {"data_avvio": DOPO, "data_conclusione": date(2021, 3, 3)},
        ],
        [0, 1, 2, 3],
        2020,
    ),
    _gestite(
        "in an open year a procedure begun after the day it speaks for is not there",
        [
            {"data_avvio": OGGI},
            {"data_avvio": date(2020, 6, 6), "data_conclusione": DOPO},
            {"data_avvio": OGGI, "data_conclusione": DOMANI},
            {"data_avvio": DOMANI},
            {"data_avvio": date(2020, 6, 6), "data_conclusione": SAN_SILVESTRO},
        ],
        [0, 1, 2],
        2021,
    ),
    _gestite("a header alone of procedures is 0 per person", [], [], 2020),
    _addetti(
        "internal and external time counts, on C2.7.2 alone",
        [
            _tempo("50", natura="INTERNO"),
            _tempo("25", natura="ESTERNO"),
            _tempo("100", codice_processo="C2.7.1"),
            _tempo("100", codice_processo="C2.7.20"),
            _tempo("100", codice_processo="D6.1.3"),
        ],
        "0.75",
        [0, 1],
    ),
    _addetti(
        "time, months and part time multiply",
        [_tempo("80", "6", "75"), _tempo("12.5", "4.5", "83.33")],
        "0.339060937500",
        [0, 1],
    ),
    _addetti(
        "a row of no time, or of no months, counts for 0",
        [_tempo("100"), _tempo("0"), _tempo("100", mesi="0")],
        "1",
        [0, 1, 2],
    ),
    _addetti(
        "one person may stand on the process twice, by natura",
        [
            _tempo("40", matricola="A", natura="INTERNO"),
            _tempo("60", matricola="A", natura="ESTERNO"),
        ],
        "1",
        [0, 1],
    ),
    _addetti(
        "each row is rounded to 12 decimals before the sum",
        # each is 0,064814813518518525; twice that would be 0,129629627037
        [_tempo("33.333333", "7", "33.333333"), _tempo("33.333333", "7", "33.333333")],
        "0.129629627038",
        [0, 1],
    ),
    _addetti(
        "a row that ends in half is rounded up",
        # 0,06 * 0,001 * 0,001 / 120000 = 0,0000000000005 exactly
        [_tempo("0.06", "0.001", "0.001"), _tempo("0.06", "0.001", "0.001")],
        "0.000000000002",
        [0, 1],
    ),
    non_calcolabile(
        "CONCILIAZIONI_PER_FTE",
        "rows too small for 12 decimals are nobody",
        {PROCEDIMENTI: [{}], FTE: [_tempo("0.01", "0.001", "0.001")]},
        1,
        0,
        {PROCEDIMENTI: [0], FTE: [0]},
    ),
    non_calcolabile(
        "CONCILIAZIONI_PER_FTE",
        "nobody on the process, no value",
        {PROCEDIMENTI: [{}, {}], FTE: [{"codice_processo": "A1.1.1"}]},
        2,
        0,
        {PROCEDIMENTI: [0, 1]},
    ),
    non_calcolabile(
        "CONCILIAZIONI_PER_FTE",
        "a header alone of time, no value",
        {PROCEDIMENTI: [{}], FTE: []},
        1,
        0,
        {PROCEDIMENTI: [0]},
    ),
    dati_mancanti("CONCILIAZIONI_PER_FTE", "absent procedures are missing", UN_ADDETTO),
    dati_mancanti("CONCILIAZIONI_PER_FTE", "absent time is missing", {PROCEDIMENTI: [{}]}),
    dati_mancanti(
        "CONCILIAZIONI_PER_FTE",
        "refused time is missing",
        {PROCEDIMENTI: [{}], FTE: RIFIUTATO},
    ),
    dati_mancanti("CONCILIAZIONI_PER_FTE", "missing data win over no time at all", {FTE: []}),
]

INDICATORE = Indicatore(
    "CONCILIAZIONI_PER_FTE",
    "rapporto",
    (
        PROCEDIMENTI,
        FTE,
    ),
    CASI,
)
