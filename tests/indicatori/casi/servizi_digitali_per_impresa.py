"""The cases of SERVIZI_DIGITALI_PER_IMPRESA: digital services given for each active firm."""

from tests.indicatori.casi._condivisi import IMPRESE, del_periodo, per_impresa, senza
from tests.indicatori.caso import UNA_RIGA, Indicatore, rapporto

CODICE, SERVIZI = "SERVIZI_DIGITALI_PER_IMPRESA", "registro_imprese/servizi_digitali"

CASI = [
    rapporto(
        CODICE,
        "each service counts one, of every kind but ALTRO",
        {
            SERVIZI: [
                {"servizio": s}
                for s in ("FIRMA_DIGITALE", "CNS", "SPID", "CASSETTO_DIGITALE", "ALTRO")
            ],
            IMPRESE: UNA_RIGA,
        },
        4,
        100,
        {SERVIZI: [0, 1, 2, 3], IMPRESE: [0]},
    ),
    *del_periodo(rapporto, CODICE, SERVIZI, lambda g: {"data": g}, 1, 0, {IMPRESE: UNA_RIGA}, 100),
    *per_impresa(CODICE, SERVIZI, 1),
    *senza(CODICE, SERVIZI, IMPRESE),
]

INDICATORE = Indicatore(CODICE, "rapporto", (SERVIZI, IMPRESE), CASI)
