"""The scorecard as a record for machines: json.

Belongs here: the chamber, its objectives with their indicators, the rules. Does not belong here: the
allegato's layout (txt.py, xlsx.py).
"""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path

from pipelines.scorecard.formato import Formato
from pipelines.scorecard.legenda import is_provvisoria
from pipelines.scorecard.righe import Row
from pipelines.scorecard.sheet import Scheda


def _json_value(value: object) -> object:
    """Decimals as text, so that no reader turns an amount into a float."""
    if isinstance(value, Decimal):
        return format(value, "f")
    return value.isoformat() if isinstance(value, date) else value


def _json_row(row: Row) -> Row:
    return {name: _json_value(value) for name, value in row.items()}


def write_json(scheda: Scheda, path: Path) -> None:
    """The whole scorecard: chamber, objectives with their indicators, rules."""

    def objective_of(row: Row) -> tuple[object, ...]:
        return row["missione"], row["programma"], row["obiettivo"]

    content = {
        "camera": scheda.partizione.camera,
        "esercizio": scheda.partizione.esercizio,
        "esercizio_piano": scheda.esercizio_piano,
        "data_riferimento": scheda.data_riferimento.isoformat(),
        "provvisorio": is_provvisoria(scheda),
        "estratti_sintetici": scheda.sintetici,
        "regole": _json_row(scheda.regole),
        **_json_row(scheda.ente),
        "obiettivi": [
            {
                **_json_row(obiettivo),
                "indicatori": [
                    _json_row(i)
                    for i in scheda.indicatori
                    if objective_of(i) == objective_of(obiettivo)
                ],
            }
            for obiettivo in scheda.obiettivi
        ],
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


FORMATO = Formato("json", "i dati per i programmi", write_json)
