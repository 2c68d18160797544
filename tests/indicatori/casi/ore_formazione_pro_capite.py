"""The cases of ORE_FORMAZIONE_PRO_CAPITE: hours of training for each person in service."""

from datetime import date
from decimal import Decimal

from tests.indicatori.casi._condivisi import del_periodo, senza
from tests.indicatori.caso import (
    DOMANI,
    DOPO,
    OGGI,
    SAN_SILVESTRO,
    UNA_RIGA,
    Indicatore,
    non_calcolabile,
    rapporto,
)

CODICE, ORE, PERSONALE = (
    "ORE_FORMAZIONE_PRO_CAPITE",
    "segreteria/formazione",
    "segreteria/personale",
)

CASI = [
    rapporto(
        CODICE,
        "hours of everybody add up, of those who have left too",
        {
            ORE: [
                {"matricola": "A", "ore": Decimal("1.25")},
                {"matricola": "A", "ore": Decimal(6)},
                {"matricola": "Z", "ore": Decimal("0.75")},
            ],
            PERSONALE: [{"matricola": "A"}, {"matricola": "B"}],
        },
        8,
        2,
        {ORE: [0, 1, 2], PERSONALE: [0, 1]},
    ),
    rapporto(
        CODICE,
        "people in service at D count whatever their contract, by their first and last day",
        {
            ORE: [{"ore": Decimal(5)}],
            PERSONALE: [
                {"contratto": "DIRIGENTE"},
                {"contratto": "TD", "data_fine": SAN_SILVESTRO},
                {"data_inizio": SAN_SILVESTRO},
                {"data_fine": date(2020, 12, 30)},
                {"data_inizio": DOPO},
            ],
        },
        5,
        3,
        {ORE: [0], PERSONALE: [0, 1, 2]},
    ),
    rapporto(
        CODICE,
        "in an open year people in service are those of the day it speaks for",
        {
            ORE: [{"ore": Decimal(5)}],
            PERSONALE: [{"data_fine": OGGI}, {"data_inizio": DOMANI}],
        },
        5,
        1,
        {ORE: [0], PERSONALE: [0]},
        2021,
    ),
    rapporto(
        CODICE,
        "a person with several contracts is one person, by the latest that qualifies",
        {
            ORE: [{"ore": Decimal(3)}],
            PERSONALE: [
                {"matricola": "A", "data_inizio": date(2012, 1, 1)},
                {"matricola": "A", "data_inizio": date(2016, 1, 1)},
                {"matricola": "A", "data_inizio": DOPO},
            ],
        },
        3,
        1,
        {ORE: [0], PERSONALE: [1]},
    ),
    non_calcolabile(
        CODICE,
        "nobody in service, no value",
        {ORE: [{"ore": Decimal(3)}], PERSONALE: [{"data_inizio": DOPO}]},
        3,
        0,
        {ORE: [0]},
    ),
    *del_periodo(
        rapporto,
        CODICE,
        ORE,
        lambda g: {"data": g, "ore": Decimal(4)},
        4,
        0,
        {PERSONALE: UNA_RIGA},
        1,
    ),
    *senza(CODICE, ORE, PERSONALE),
]

INDICATORE = Indicatore(CODICE, "rapporto", (ORE, PERSONALE), CASI)
