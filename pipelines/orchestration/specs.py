"""Which assets there are, with what operators read about each: owner, group, description, columns.

Belongs here: the declaration of assets, out of the contract and the SQL files. Does not belong here:
what makes them (assets.py), how a value is drawn (shown.py).
"""

import hashlib
import json
from dataclasses import dataclass

import dagster as dg

from pipelines.contract.estratti import ESTRATTI
from pipelines.contract.schema import CADENZE, Estratto
from pipelines.fingerprints import reading_fingerprint
from pipelines.orchestration.shown import column_schema
from pipelines.warehouse.build import MACRO
from pipelines.warehouse.models import (
    CONTROLLI,
    SQL,
    Modello,
    catalogue,
    checks,
    dependencies_of,
    read_models,
)

PARTITIONS = dg.DynamicPartitionsDefinition(name="camera_esercizio")

ALLEGATO = dg.AssetKey(["piano", "allegato"])
DOCUMENTI = dg.AssetKey(["scorecard", "documenti"])
PUBBLICAZIONE = dg.AssetKey(["pubblicazione"])
REGISTRO = dg.AssetKey(["qualita", "registro"])
TABELLE_PIANO = dg.AssetKey(["piano", "tabelle_piano"])
VALORI = dg.AssetKey(["indicatori", "valori"])
TABELLE_SCORECARD = dg.AssetKey(["scorecard", "tabelle_scorecard"])
STORICO = dg.AssetKey(["storico", "storia"])

CONTROLLO_DI_GESTIONE = "team:controllo_di_gestione"
GROUPS = {
    "piano": "g1_piano",
    "fonti": "g2_estratti",
    "qualita": "g3_qualita",
    "indicatori": "g4_indicatori",
    "scorecard": "g5_scorecard",
    "storico": "g6_storico",
    "pubblicazione": "g7_pubblicazione",
}
_GROUPED_WITH = {TABELLE_PIANO: "indicatori", DOCUMENTI: "pubblicazione"}
"""Assets that stand after a group which stands after their schema's: among groups, too, nothing may turn
back, or Dagster draws none of them."""

MODELS = read_models()
CHECKS = checks(MODELS)
COMPUTED_LATE = ("conseguenze", "freschezza")
"""Tables that are made from all the others, so that the asset of their schema stands before them."""


@dataclass(frozen=True)
class Tables:
    """An asset of the warehouse: what operators see of it is its main table."""

    spec: dg.AssetSpec
    main: str


_DECLARED = ("catalogo", "definizioni", "fonti", "forme", "parole", "processi")
"""Tables loaded from the headers of sql/indicatori/contributi, which no indicator's asset makes."""


def asset_of(table: str) -> dg.AssetKey | None:
    """The asset that makes a table; None for rules, calendars and the catalogue.

    An indicator is an asset of its own; the other tables of a schema are one asset together, for
    each event that Dagster writes costs as much as a table.
    """
    schema, name = table.split(".")
    match schema:
        case "lettura":
            return ALLEGATO
        case "fonti":
            return dg.AssetKey(["fonti", name])
        case "contributi" if name != "tutti":
            return dg.AssetKey(["indicatori", name])
        case "piano":
            return TABELLE_PIANO
        case "qualita" | "scorecard" if name in COMPUTED_LATE:
            return STORICO
        case "qualita":
            return REGISTRO
        case "indicatori" | "contributi" if name not in _DECLARED:
            return VALORI
        case "scorecard":
            return TABELLE_SCORECARD
        case "storico" | "passaporto":
            return STORICO
        case _:
            return None


def checked_asset(table: str) -> dg.AssetKey:
    """The asset on whose page the check of a table stands."""
    key = asset_of(table)
    if key is None:
        raise ValueError(f"Nessun asset fa la tabella {table}.")
    return key


def extract_key(estratto: Estratto) -> dg.AssetKey:
    """The asset of an extract."""
    return dg.AssetKey(["fonti", estratto.tabella])


def extract_spec(estratto: Estratto) -> dg.AssetSpec:
    """An extract as an asset: what it is, when it is expected, who delivers it, what it is for."""
    used_by = [e.codice for e in catalogue(MODELS) if estratto.codice in e.estratti]
    serve = f" Serve a {', '.join(used_by)}." if used_by else ""
    within = f"entro {CADENZE[estratto.ritmo].tolleranza_giorni} giorni dalla fine del periodo"
    return dg.AssetSpec(
        extract_key(estratto),
        deps=[ALLEGATO],  # nothing flows between them: one order of the night
        description=f"{estratto.descrizione}.{serve} Consegna {estratto.ritmo}, {within}.",
        group_name=GROUPS["fonti"],
        owners=[f"team:{estratto.ufficio}"],
        kinds={"polars"},
        tags={"ritmo": estratto.ritmo},
        code_version=_version(reading_fingerprint()),
        partitions_def=PARTITIONS,
        metadata=column_schema({c.nome: (c.tipo, c.descrizione) for c in estratto.colonne}),
    )


def own_spec(
    key: dg.AssetKey, description: str, kinds: set[str], deps: list[dg.AssetKey], made_by: str
) -> dg.AssetSpec:
    """An asset that management control answers for; `made_by` is the fingerprint of what makes it."""
    return dg.AssetSpec(
        key,
        deps=deps,
        description=description,
        group_name=GROUPS[_GROUPED_WITH.get(key, key.path[0])],
        owners=[CONTROLLO_DI_GESTIONE],
        kinds=kinds,
        partitions_def=PARTITIONS,
        code_version=_version(made_by),
    )


def _version(fingerprint: str) -> str:
    """A fingerprint short enough to be read beside another on the page."""
    return fingerprint[:12]


def _made_by(key: dg.AssetKey) -> list[Modello]:
    return [m for m in MODELS if m.schema != CONTROLLI and asset_of(m.tabella) == key]


def _deps(key: dg.AssetKey) -> list[dg.AssetKey]:
    reads = {table for model in _made_by(key) for table in model.dipende}
    if "contributi.tutti" in reads:
        reads |= {m.tabella for m in MODELS if m.schema == "contributi"}
    return sorted({k for table in reads if (k := asset_of(table)) not in (None, key)})


def _sql_of(key: dg.AssetKey) -> str:
    """The fingerprint of the SQL that makes an asset: its models, those they stand on, the macros."""
    by_table = {m.tabella: m for m in MODELS}
    ahead = [m.tabella for m in _made_by(key)]
    found: dict[str, str] = {}
    while ahead:
        table = ahead.pop()
        if table not in found:
            found[table] = by_table[table].sql
            ahead += dependencies_of(by_table[table], by_table)
    macros = [(SQL / f"{name}.sql").read_text("utf-8") for name in MACRO]
    return hashlib.sha256(json.dumps([sorted(found.items()), macros]).encode()).hexdigest()


def _tables(key: dg.AssetKey, main: str, description: str) -> Tables:
    return Tables(own_spec(key, description, {"duckdb", "sql"}, _deps(key), _sql_of(key)), main)


def warehouse_tables() -> list[Tables]:
    """The assets that the SQL step makes, each after those it reads."""
    registro = own_spec(
        REGISTRO,
        "Ogni file visto, ogni riga in quarantena, ogni estratto presente, assente o incompleto",
        {"duckdb", "sql"},
        [*map(extract_key, ESTRATTI), ALLEGATO],
        _sql_of(REGISTRO),
    )
    return [
        Tables(registro, "qualita.file"),
        _tables(
            TABELLE_PIANO,
            "piano.indicatori",
            "Obiettivi, indicatori, target, confronti e rilievi del piano, con la definizione che "
            "riconosce ogni indicatore",
        ),
        *(
            _tables(
                dg.AssetKey(["indicatori", e.codice]),
                f"contributi.{e.codice}",
                f"{e.titolo}. {e.descrizione}",
            )
            for e in catalogue(MODELS)
        ),
        _tables(
            VALORI,
            "indicatori.valori",
            "Il valore di ogni indicatore: la somma dei suoi contributi, o perché non c'è",
        ),
        _tables(
            TABELLE_SCORECARD,
            "scorecard.indicatori",
            "La scorecard: indicatori, obiettivi, Camera; e gli ultimi valori osservati ricalcolati",
        ),
        _tables(
            STORICO,
            "storico.valori",
            "Come è cambiato nel tempo ciò che sapevamo; quanto è fresco; i controlli e quanto costano",
        ),
    ]
