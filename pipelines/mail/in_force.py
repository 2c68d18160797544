"""What values are measured by, where it changed: targets, weights, percentages, rules.

Belongs here: those changes, as records. Does not belong here: changes of values (report.py), wording
(compose.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from pipelines.mail.publication import Domande
from pipelines.partizione import Partizione


@dataclass(frozen=True)
class Mutamento:
    """What changed for an indicator, or for a whole scorecard (no `codice`): what, before, after.

    `obiettivo` is where the scorecard prints the indicator.
    """

    partizione: Partizione
    obiettivo: str | None
    codice: str | None
    passaggi: tuple[tuple[str, str, str], ...]


def read_mutations(
    ask: Domande, since: datetime, obiettivi: Mapping[tuple[str, int, str], str | None]
) -> tuple[Mutamento, ...]:
    """What changed after an instant, from how it was then to how it is; rules once for a scorecard."""
    rows = ask.rows(
        """
        with cambiati as (
            select
                camera,
                esercizio,
                case when cosa <> 'regole' then codice end as codice,
                cosa,
                arg_min(prima, noto_dal) as prima,
                arg_max(dopo, noto_dal) as dopo
            from storico.cambiamenti
            where @mie and cosa <> 'valore' and noto_dal > $since
            group by all
        )
        select camera, esercizio, codice, cosa, prima, dopo
        from cambiati
        where prima <> dopo
        order by camera, esercizio, codice nulls first, cosa desc
        """,
        since=since,
    )
    return tuple(
        Mutamento(
            Partizione(camera, esercizio),
            obiettivi.get((camera, esercizio, codice)),
            codice,
            tuple((cosa, before, after) for *_, cosa, before, after in group),
        )
        for (camera, esercizio, codice), group in groupby(rows, lambda row: row[:3])
    )
