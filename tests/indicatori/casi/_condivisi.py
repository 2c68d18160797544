"""What cases of several shared indicators have in common: the bounds of the period, and the active firms.

Belongs here: the same sentence for each of them. Does not belong here: what one alone counts.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime

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
    dati_mancanti,
    non_calcolabile,
    rapporto,
)
from tests.indicatori.zona import Parziale

IMPRESE = "registro_imprese/consistenza"

Forma = Callable[..., Caso]
"""`rapporto` or `percentuale`."""


def del_periodo(
    forma: Forma,
    codice: str,
    estratto: str,
    data: Callable[[date], Parziale],
    sopra: int,
    sotto: int = 1,
    accanto: Mapping[str, Sequence[Parziale]] | None = None,
    sotto_accanto: int = 0,
) -> list[Caso]:
    """The bounds of the period: two rows count, each `sopra` over `sotto`; `data` dates a row.

    `accanto` are rows of another extract that count whenever, for `sotto_accanto` in all.
    """
    altri = accanto or {}
    contano = {altro: range(len(righe)) for altro, righe in altri.items()}
    chiuso = [data(g) for g in (CAPODANNO, SAN_SILVESTRO, VIGILIA, DOPO)]
    aperto = [data(g) for g in (DOPO, OGGI, SAN_SILVESTRO, DOMANI)]
    return [
        forma(
            codice,
            "1 January and 31 December are in the period, the days beside them are not",
            {estratto: chiuso, **altri},
            2 * sopra,
            2 * sotto + sotto_accanto,
            {estratto: [0, 1], **contano},
        ),
        forma(
            codice,
            "an open year ends on the day it speaks for",
            {estratto: aperto, **altri},
            2 * sopra,
            2 * sotto + sotto_accanto,
            {estratto: [0, 1], **contano},
            2021,
        ),
    ]


def senza(codice: str, *estratti: str) -> list[Caso]:
    """Each extract absent, and each refused, with the others whole; headers alone."""
    casi = [
        non_calcolabile(
            codice, "headers alone have nothing to divide by", dict.fromkeys(estratti, ()), 0, 0, {}
        )
    ]
    for manca in estratti:
        altri = {estratto: UNA_RIGA for estratto in estratti if estratto != manca}
        casi += [
            dati_mancanti(codice, f"{manca} absent is missing, not 0", altri),
            dati_mancanti(
                codice, f"{manca} refused is missing, not 0", {**altri, manca: RIFIUTATO}
            ),
        ]
    return casi


def per_impresa(codice: str, estratto: str, sopra: int) -> list[Caso]:
    """The active firms below: those of the latest survey on or before D. One row above, for `sopra`."""

    def caso(dice: str, righe: Sequence[Parziale], attive: int, contano: Sequence[int]) -> Caso:
        return rapporto(
            codice,
            dice,
            {estratto: UNA_RIGA, IMPRESE: righe},
            sopra,
            attive,
            {estratto: [0], IMPRESE: contano},
        )

    return [
        caso(
            "the active firms are those of the latest data_riferimento, over every legal form",
            [
                {"data_riferimento": date(2020, 9, 30), "attive": 999},
                {"data_riferimento": SAN_SILVESTRO, "attive": 30},
                {"data_riferimento": SAN_SILVESTRO, "attive": 50},
                {"data_riferimento": DOPO, "attive": 999},
            ],
            80,
            [1, 2],
        ),
        caso(
            "the latest data_riferimento may be of an earlier year",
            [{"data_riferimento": date(2018, 12, 31), "attive": 10}],
            10,
            [0],
        ),
        non_calcolabile(
            codice,
            "no firms on or before D, no value",
            {estratto: UNA_RIGA, IMPRESE: [{"data_riferimento": DOPO}]},
            sopra,
            0,
            {estratto: [0]},
        ),
    ]


def chiusa(giorno: date) -> Parziale:
    """A pratica that arrived and was closed on a day."""
    istante = datetime(giorno.year, giorno.month, giorno.day, 9)
    return {"data_ora_arrivo": istante, "data_ora_chiusura": istante}


def durata(giorni: int, sospesi: int | None = 0, **altro: object) -> Parziale:
    """A pratica closed so many days after it arrived, in May."""
    return {
        "data_ora_arrivo": datetime(2020, 5, 1, 23, 59, 59),
        "data_ora_chiusura": datetime(2020, 5, 1 + giorni, 0, 0),
        "giorni_sospensione": sospesi,
        **altro,
    }
