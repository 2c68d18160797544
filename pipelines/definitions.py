"""The Dagster front door: assets, checks, the job, the schedule, the sensors. Wiring only.

Belongs here: which definitions there are. Does not belong here: any of them (orchestration/).
Load it from the repository's root with `dagster dev`.
"""

import dagster as dg

from pipelines.orchestration import assets, keeping, nights, runs
from pipelines.orchestration.home import in_lake

if in_lake():
    from pipelines.orchestration import lago

    LAKE_JOBS = [lago.pubblicazione_nel_lago]
    LAKE_SENSORS = [lago.consegne_nel_lago, lago.insieme_diviso]
else:
    LAKE_JOBS, LAKE_SENSORS = [], []

defs = dg.Definitions(
    assets=[
        assets.piani,
        assets.estratti,
        assets.magazzino,
        assets.documenti,
        assets.pubblicazione,
    ],
    asset_checks=[assets.consegne],
    jobs=[nights.notte, keeping.pulizia, keeping.verifica, *LAKE_JOBS],
    schedules=[nights.ogni_notte, keeping.ogni_settimana, keeping.ogni_giorno],
    sensors=[
        nights.consegne_arrivate,
        keeping.notte_riuscita,
        keeping.notte_fallita,
        keeping.posta,
        *LAKE_SENSORS,
    ],
    resources={"esecuzione": runs.Turno()},
    loggers={"voce": nights.voce},
    executor=dg.in_process_executor,
)
