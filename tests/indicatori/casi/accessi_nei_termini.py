"""The cases of ACCESSI_NEI_TERMINI: requests answered in time."""

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

ACCESSI = "segreteria/accessi"


def _accesso(
    tipo: str,
    presentazione: date | None,
    risposta: date | None,
    sospensione: int | None = 0,
    protocollo: date | None = None,
) -> Parziale:
    """A request; `protocollo` is the day of presentation where it is not given."""
    return {
        "tipo": tipo,
        "data_presentazione": presentazione,
        "data_protocollo": protocollo or presentazione,
        "data_risposta": risposta,
        "giorni_sospensione": sospensione,
    }


CIVICO, DOCUMENTALE, SEMPLICE = "CIVICO_GENERALIZZATO", "DOCUMENTALE_241", "CIVICO_SEMPLICE"
MARZO = date(2020, 3, 1)


def _dopo(giorni: int, da: date = MARZO) -> date:
    return da + timedelta(days=giorni)


def _accessi(
    dice: str,
    righe: Sequence[Parziale],
    nei_termini: int,
    contano: Sequence[int],
    anno: int = 2020,
) -> Caso:
    return percentuale(
        "ACCESSI_NEI_TERMINI",
        dice,
        {ACCESSI: righe},
        nei_termini,
        len(contano),
        {ACCESSI: contano},
        anno,
    )


CASI = [
    _accessi(
        "generalised civic and documentary requests count, simple civic ones do not",
        [
            _accesso(CIVICO, MARZO, _dopo(5)),
            _accesso(DOCUMENTALE, MARZO, _dopo(5)),
            _accesso(SEMPLICE, MARZO, _dopo(5)),
            _accesso(SEMPLICE, MARZO, None),
        ],
        2,
        [0, 1],
    ),
    _accessi(
        "the thirtieth day is in time, the thirty-first is not",
        [
            _accesso(CIVICO, MARZO, _dopo(30)),
            _accesso(DOCUMENTALE, MARZO, _dopo(30)),
            _accesso(CIVICO, MARZO, _dopo(31)),
            _accesso(DOCUMENTALE, MARZO, _dopo(31)),
        ],
        2,
        [0, 1, 2, 3],
    ),
    _accessi(
        "suspension lengthens the term of a generalised civic request by its days",
        [_accesso(CIVICO, MARZO, _dopo(34), 4), _accesso(CIVICO, MARZO, _dopo(35), 4)],
        1,
        [0, 1],
    ),
    _accessi(
        "suspension lengthens a term by ten days at most",
        [
            _accesso(CIVICO, MARZO, _dopo(40), 10),
            _accesso(CIVICO, MARZO, _dopo(40), 25),
            _accesso(CIVICO, MARZO, _dopo(41), 25),
            _accesso(CIVICO, MARZO, _dopo(41), 11),
        ],
        2,
        [0, 1, 2, 3],
    ),
    _accessi(
        "suspension does not lengthen the term of a documentary request",
        [
            _accesso(DOCUMENTALE, MARZO, _dopo(31), 10),
            _accesso(DOCUMENTALE, MARZO, _dopo(30), 10),
        ],
        1,
        [0, 1],
    ),
    _accessi(
        "a missing suspension is none",
        [_accesso(CIVICO, MARZO, _dopo(30), None), _accesso(CIVICO, MARZO, _dopo(31), None)],
        1,
        [0, 1],
    ),
    _accessi(
        "the term runs from the presentation, not from the protocol",
        [
            _accesso(DOCUMENTALE, MARZO, _dopo(31), protocollo=_dopo(5)),
            _accesso(DOCUMENTALE, MARZO, _dopo(30), protocollo=_dopo(5)),
        ],
        1,
        [0, 1],
    ),
    _accessi(
        "a missing presentation is the day of the protocol",
        [
            _accesso(DOCUMENTALE, None, _dopo(30), protocollo=MARZO),
            _accesso(DOCUMENTALE, None, _dopo(31), protocollo=MARZO),
        ],
        1,
        [0, 1],
    ),
    _accessi(
        "the protocol is in the period, whenever it was presented or answered",
        [
            _accesso(DOCUMENTALE, date(2019, 12, 20), date(2020, 1, 10), protocollo=CAPODANNO),
            _accesso(DOCUMENTALE, SAN_SILVESTRO, date(2021, 1, 5)),
            _accesso(DOCUMENTALE, VIGILIA, date(2020, 1, 5)),
            _accesso(DOCUMENTALE, date(2020, 12, 20), date(2021, 1, 5), protocollo=DOPO),
        ],
        2,
        [0, 1],
    ),
    _accessi(
        "in a closed year a request with no answer is not in time, though its term has not passed",
        [_accesso(DOCUMENTALE, date(2020, 12, 30), None), _accesso(CIVICO, MARZO, None)],
        0,
        [0, 1],
    ),
    _accessi(
        "in a closed year an answer of the next year counts",
        [
            _accesso(DOCUMENTALE, date(2020, 12, 30), date(2021, 1, 29)),
            _accesso(DOCUMENTALE, date(2020, 12, 30), date(2021, 1, 30)),
        ],
        1,
        [0, 1],
    ),
    _accessi(
        "in an open year a request with no answer is left out until its term has passed",
        [
            _accesso(DOCUMENTALE, _dopo(-30, OGGI), None),
            _accesso(DOCUMENTALE, OGGI, None),
            _accesso(DOCUMENTALE, _dopo(-31, OGGI), None),
            _accesso(DOCUMENTALE, _dopo(-31, OGGI), _dopo(-2, OGGI)),
        ],
        1,
        [2, 3],
        2021,
    ),
    _accessi(
        "in an open year suspension keeps a generalised civic request waiting, no other",
        [
            _accesso(CIVICO, _dopo(-40, OGGI), None, 15),
            _accesso(CIVICO, _dopo(-41, OGGI), None, 15),
            _accesso(CIVICO, _dopo(-33, OGGI), None, 3),
            _accesso(CIVICO, _dopo(-34, OGGI), None, 3),
            _accesso(DOCUMENTALE, _dopo(-31, OGGI), None, 15),
            _accesso(DOCUMENTALE, _dopo(-31, OGGI), OGGI, 15),
        ],
        0,
        [1, 3, 4, 5],
        2021,
    ),
    _accessi(
        "in an open year an answer later than the day it speaks for counts, in time or not",
        [
            _accesso(DOCUMENTALE, _dopo(-5, OGGI), DOMANI),
            _accesso(DOCUMENTALE, _dopo(-29, OGGI), _dopo(2, OGGI)),
            _accesso(DOCUMENTALE, _dopo(-40, OGGI), DOMANI),
            _accesso(DOCUMENTALE, DOMANI, _dopo(3, OGGI)),
        ],
        1,
        [0, 1, 2],
        2021,
    ),
    non_calcolabile(
        "ACCESSI_NEI_TERMINI",
        "an open year in which every request waits has no value",
        {ACCESSI: [_accesso(DOCUMENTALE, OGGI, None)]},
        0,
        0,
        {},
        2021,
    ),
    non_calcolabile("ACCESSI_NEI_TERMINI", "a header alone has no value", {ACCESSI: []}, 0, 0, {}),
    dati_mancanti("ACCESSI_NEI_TERMINI", "absent requests are missing", {}),
    dati_mancanti("ACCESSI_NEI_TERMINI", "refused requests are missing", {ACCESSI: RIFIUTATO}),
]

INDICATORE = Indicatore(
    "ACCESSI_NEI_TERMINI",
    "percentuale",
    (ACCESSI,),
    CASI,
)
