"""The contract of the warehouse's public tables, as Open Data Contract Standard 3.1 says it.

Belongs here: the dictionary in the words of that standard. Does not belong here: what the dictionary says
(warehouse/dizionario.py), what offices owe (contract/).
"""

import hashlib
import json
import re
from itertools import groupby
from pathlib import Path

from pipelines.scorecard.formato import Formato, Insieme
from pipelines.warehouse.dizionario import INTERNA, PUBBLICA, Voce

Parte = dict[str, object]

_VUOTA = re.compile(r"\bvuot[oa]\b")

VERSIONE = "1.0.0"
"""The names that are fixed; the digits after `+` follow from every table and column."""


def write_contract(insieme: Insieme, path: Path) -> None:
    """One contract, with a server for each schema of the published file."""
    public = [v for v in insieme.dizionario if v.sensibilita != INTERNA]
    digits = hashlib.sha256(repr(public).encode()).hexdigest()[:6]
    content = {
        "apiVersion": "v3.1.0",
        "kind": "DataContract",
        "id": "pira-magazzino",
        "name": "Magazzino della performance delle Camere di commercio",
        "version": f"{VERSIONE}+{digits}",
        "status": "active",
        "description": {
            "purpose": "Gli indicatori del piano (PIRA), dal piano approvato e dagli estratti degli"
            " uffici alla scorecard; da ogni cifra si risale alle righe dei file che la fanno.",
            "usage": "Il file si apre in sola lettura; ogni pubblicazione è un file nuovo.",
            "limitations": "Gli pseudonimi stanno al posto di persone: le colonne «restricted» non si"
            " pubblicano e non si incrociano.",
        },
        "servers": [
            {
                "server": schema,
                "type": "duckdb",
                "database": "../pira.duckdb",
                "schema": schema,
            }
            for schema in dict.fromkeys(v.schema for v in public)
        ],
        "schema": [_table(tuple(those)) for _, those in groupby(public, lambda v: v.tabella)],
    }
    path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _table(voci: tuple[Voce, ...]) -> Parte:
    table, *columns = voci
    key = [v.colonna for v in columns if v.in_chiave]
    if any(_VUOTA.search(v.significato) for v in columns if v.in_chiave):
        key = []  # by the standard no part of a primary key is missing
    return {
        "name": table.tabella,
        "physicalName": table.tabella.removeprefix(f"{table.schema}."),
        "physicalType": "table" if table.tipo == "tabella" else "view",
        "logicalType": "object",
        "description": table.significato,
        "properties": [_column(v, key) for v in columns],
    }


def _column(voce: Voce, key: list[str | None]) -> Parte:
    column: Parte = {
        "name": voce.colonna,
        "description": voce.significato,
        "physicalType": voce.tipo,
        "logicalType": _logical(voce.tipo),
        "classification": "public" if voce.sensibilita == PUBBLICA else "restricted",
        "transformSourceObjects": [voce.fonte],
    }
    if voce.tipo.endswith("[]"):
        column["items"] = {"logicalType": _logical(voce.tipo.removesuffix("[]"))}
    if voce.colonna in key:
        column |= {"primaryKey": True, "primaryKeyPosition": key.index(voce.colonna) + 1}
    if voce.esempio is not None:
        column["examples"] = [voce.esempio]
    if voce.unita:
        column["customProperties"] = [{"property": "unita", "value": voce.unita}]
    return column


def _logical(kind: str) -> str:
    if kind.startswith("DECIMAL"):
        return "number"
    return "array" if kind.endswith("[]") else _TIPI.get(kind, "string")


_TIPI = {
    "BIGINT": "integer",
    "BOOLEAN": "boolean",
    "DATE": "date",
    "HUGEINT": "integer",
    "INTEGER": "integer",
    "TIMESTAMP": "timestamp",
}

FORMATO = Formato(
    "contratto.odcs.json", "il contratto delle tabelle", write_contract, apart=True, insieme=True
)
