"""The open data of a publication as a Frictionless Data Package (version 2): which files, of which columns.

Belongs here: the descriptor over the csv and json of every partition. Does not belong here: those files
(csv.py, json.py), what their columns mean (warehouse/dizionario.py).
"""

import hashlib
import json
from pathlib import Path

from pipelines.scorecard import csv
from pipelines.scorecard import json as record
from pipelines.scorecard.formato import Formato, Insieme
from pipelines.scorecard.sheet import Scheda
from pipelines.warehouse.dizionario import Voce

PROFILO = "https://datapackage.org/profiles/2.0/datapackage.json"
TABELLA = "scorecard.indicatori"
"""The table of which every csv holds a partition."""

Parte = dict[str, object]


def write_datapackage(insieme: Insieme, path: Path) -> None:
    """The descriptor, in the folder of the files that it describes."""
    licences = dict.fromkeys((t.licenza, t.indirizzo_licenza) for t in insieme.titolari)
    content = {
        "$schema": PROFILO,
        "name": "pira-scorecard",
        "title": "Indicatori e risultati attesi di bilancio (PIRA) delle Camere di commercio",
        "description": "Il risultato di ogni indicatore del piano, per Camera ed esercizio: un csv,"
        " in cui ogni riga è un indicatore, e lo stesso in json con gli obiettivi.",
        "licenses": [{"name": name, "path": address} for name, address in licences],
        "contributors": [
            {"title": t.nome, "roles": ["rightsHolder", "publisher"]}
            | ({"email": t.contatto} if t.contatto else {})
            for t in insieme.titolari
        ],
        "resources": [
            resource
            for scheda in insieme.schede
            for resource in (_table(insieme, scheda, path.parent), _record(scheda, path.parent))
        ],
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _file(scheda: Scheda, suffisso: str, folder: Path) -> Parte:
    name = f"{scheda.partizione.chiave}.{suffisso}"
    content = (folder / name).read_bytes()
    return {
        "name": name.lower().replace(".", "-"),
        "title": f"{scheda.partizione.camera}, esercizio {scheda.partizione.esercizio}",
        "path": name,
        "format": suffisso,
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
    }


def _record(scheda: Scheda, folder: Path) -> Parte:
    return _file(scheda, record.FORMATO.suffisso, folder) | {"mediatype": "application/json"}


def _table(insieme: Insieme, scheda: Scheda, folder: Path) -> Parte:
    voci = {v.colonna: v for v in insieme.dizionario if v.tabella == TABELLA}
    fields = [voci[name] for name in csv.columns_of(scheda)]
    return _file(scheda, csv.FORMATO.suffisso, folder) | {
        "type": "table",
        "mediatype": "text/csv",
        "dialect": {"delimiter": ";", "header": True},
        "schema": {
            "fields": [_field(voce) for voce in fields],
            "fieldsMatch": ["exact"],
            "primaryKey": [v.colonna for v in fields if v.in_chiave],
            "missingValues": [""],
        },
    }


def _field(voce: Voce) -> Parte:
    """A column as the csv writes it: Italian decimals and days, S or N."""
    field: Parte = {"name": voce.colonna, "description": voce.significato}
    if voce.tipo.startswith("DECIMAL"):
        field |= {"type": "number", "decimalChar": ",", "groupChar": "."}
    else:
        field |= _TIPI.get(voce.tipo, {"type": "string"})
    if voce.in_chiave:
        field["constraints"] = {"required": True}
    return field | ({"unit": voce.unita} if voce.unita else {})


_TIPI: dict[str, Parte] = {
    "INTEGER": {"type": "integer"},
    "BIGINT": {"type": "integer"},
    "BOOLEAN": {"type": "boolean", "trueValues": ["S"], "falseValues": ["N"]},
    "DATE": {"type": "date", "format": "%d/%m/%Y"},
}

FORMATO = Formato(
    "datapackage.json", "i dati aperti descritti", write_datapackage, apart=True, insieme=True
)
