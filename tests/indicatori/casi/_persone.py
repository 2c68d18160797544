"""The cases of the shares of the people in service who had something."""

from collections.abc import Sequence
from datetime import date, timedelta

from tests.indicatori.caso import (
    CAPODANNO,
    DOMANI,
    DOPO,
    OGGI,
    RIFIUTATO,
    SAN_SILVESTRO,
    VIGILIA,
    Caso,
    Indicatore,
    dati_mancanti,
    non_calcolabile,
    percentuale,
)
from tests.indicatori.zona import Parziale

PERSONALE = "segreteria/personale"


def _rapporto_di_lavoro(
    matricola: str, inizio: date, fine: date | None = None, contratto: str = "TI"
) -> Parziale:
    return {
        "matricola": matricola,
        "data_inizio": inizio,
        "data_fine": fine,
        "contratto": contratto,
    }


def _cases(codice: str, eventi: str, ogni_contratto: bool) -> list[Caso]:
    """Welfare (any contract qualifies) and training (TI and TD alone)."""

    def caso(
        dice: str,
        personale: Sequence[Parziale],
        serviti: Sequence[Parziale],
        numeratore: int,
        contano: Sequence[int],
        anno: int = 2020,
    ) -> Caso:
        return percentuale(
            codice,
            dice,
            {PERSONALE: personale, eventi: serviti},
            numeratore,
            len(contano),
            {PERSONALE: contano},
            anno,
        )

    vecchio = date(2010, 1, 1)
    in_servizio = [
        _rapporto_di_lavoro("A", vecchio),
        _rapporto_di_lavoro("B", vecchio, SAN_SILVESTRO),
        _rapporto_di_lavoro("C", SAN_SILVESTRO),
        _rapporto_di_lavoro("D", vecchio, date(2030, 1, 1)),
        _rapporto_di_lavoro("E", vecchio, date(2020, 12, 30)),
        _rapporto_di_lavoro("F", DOPO),
    ]
    in_servizio_oggi = [
        _rapporto_di_lavoro("A", OGGI, OGGI),
        _rapporto_di_lavoro("B", vecchio, OGGI - timedelta(days=1)),
        _rapporto_di_lavoro("C", DOMANI),
    ]
    periodo_di = [
        {"matricola": "A", "data": CAPODANNO},
        {"matricola": "B", "data": SAN_SILVESTRO},
        {"matricola": "C", "data": VIGILIA},
        {"matricola": "D", "data": DOPO},
    ]
    quattro = [_rapporto_di_lavoro(m, vecchio) for m in "ABCD"]
    contratti = [
        _rapporto_di_lavoro(c, vecchio, contratto=c)
        for c in ("TI", "TD", "DIRIGENTE", "SEGRETARIO_GENERALE")
    ]
    tutti_serviti = [{"matricola": c["matricola"]} for c in contratti]
    qualificati = [0, 1, 2, 3] if ogni_contratto else [0, 1]
    due_rapporti = [
        _rapporto_di_lavoro("A", date(2012, 1, 1)),
        _rapporto_di_lavoro("A", date(2016, 1, 1)),
        _rapporto_di_lavoro("A", vecchio),
        _rapporto_di_lavoro("A", DOPO),
        _rapporto_di_lavoro("A", date(2018, 1, 1), date(2019, 1, 1)),
        _rapporto_di_lavoro("B", vecchio),
    ]
    promosso = [
        _rapporto_di_lavoro("A", vecchio),
        _rapporto_di_lavoro("A", date(2018, 1, 1), contratto="DIRIGENTE"),
    ]
    return [
        caso(
            "people in service at D are the denominator, by the first and last day",
            in_servizio,
            [{"matricola": m} for m in "AEF"],
            1,
            [0, 1, 2, 3],
        ),
        caso(
            "in an open year people in service are those of the day it speaks for",
            in_servizio_oggi,
            [{"matricola": m} for m in "ABC"],
            1,
            [0],
            2021,
        ),
        caso(
            "a person is served by a row between 1 January and 31 December",
            quattro,
            periodo_di,
            2,
            [0, 1, 2, 3],
        ),
        caso(
            "in an open year a person is served by a row up to the day it speaks for",
            quattro,
            [
                {"matricola": "A", "data": DOPO},
                {"matricola": "B", "data": OGGI},
                {"matricola": "C", "data": DOMANI},
                {"matricola": "D", "data": SAN_SILVESTRO},
            ],
            2,
            [0, 1, 2, 3],
            2021,
        ),
        caso(
            "a person served many times counts once",
            quattro,
            [{"matricola": "A"}, {"matricola": "A"}, {"matricola": "A", "data": CAPODANNO}],
            1,
            [0, 1, 2, 3],
        ),
        caso(
            "the contracts that qualify are counted, each kind of them",
            contratti,
            tutti_serviti,
            len(qualificati),
            qualificati,
        ),
        caso(
            "a person with many rows counts once, on the latest that qualifies",
            due_rapporti,
            [{"matricola": "A"}],
            1,
            [1, 5],
        ),
        caso(
            "a later row whose contract does not qualify does not hide an earlier one that does",
            promosso,
            [{"matricola": "A"}],
            1,
            [1] if ogni_contratto else [0],
        ),
        caso(
            "rows of people who are not in service serve nobody",
            [_rapporto_di_lavoro("A", vecchio)],
            [{"matricola": "X"}, {"matricola": "Y"}],
            0,
            [0],
        ),
        caso("a header alone serves nobody", quattro, [], 0, [0, 1, 2, 3]),
        non_calcolabile(
            codice,
            "nobody in service, no value",
            {PERSONALE: [_rapporto_di_lavoro("A", DOPO)], eventi: [{"matricola": "A"}]},
            0,
            0,
            {},
        ),
        non_calcolabile(
            codice, "a header alone of people, no value", {PERSONALE: [], eventi: [{}]}, 0, 0, {}
        ),
        dati_mancanti(codice, "absent people are missing", {eventi: [{}]}),
        dati_mancanti(codice, "an absent list of the served is missing", {PERSONALE: [{}]}),
        dati_mancanti(
            codice,
            "a refused list of the served is missing",
            {PERSONALE: [{}], eventi: RIFIUTATO},
        ),
        dati_mancanti(codice, "missing data win over nobody in service", {PERSONALE: []}),
    ]


def served(codice: str, eventi: str, ogni_contratto: bool) -> Indicatore:
    """The share of the people in service who have a row of `eventi`."""
    casi = _cases(codice, eventi, ogni_contratto)
    return Indicatore(codice, "percentuale", (PERSONALE, eventi), casi)
