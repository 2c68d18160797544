"""The Dagster front door: assets, checks, the job, the schedule. Wiring only.

Belongs here: how the steps (steps.py) appear as assets, with what operators read about them. Does not
belong here: anything that computes. Few steps, one process: each asset around a step is a few lines.
Load it from the repository's root with `dagster dev`.
"""

import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import dagster as dg
from dagster import AssetExecutionContext as Context

from pipelines import steps
from pipelines.extracts.contract import ESTRATTI, Estratto
from pipelines.landing import Partizione, list_partitions
from pipelines.settings import Luoghi
from pipelines.warehouse import publish as publication
from pipelines.warehouse.models import CONTROLLI, Modello, catalogue, checks, read_models

DAY_TAG = "pira/data_riferimento"
PARTITIONS = dg.DynamicPartitionsDefinition(name="camera_esercizio")

ALLEGATO = dg.AssetKey(["piano", "allegato"])
DOCUMENTI = dg.AssetKey(["scorecard", "documenti"])
PUBBLICAZIONE = dg.AssetKey(["pubblicazione"])
REGISTRO = dg.AssetKey(["qualita", "registro"])
TABELLE_PIANO = dg.AssetKey(["piano", "tabelle"])
VALORI = dg.AssetKey(["indicatori", "valori"])
TABELLE_SCORECARD = dg.AssetKey(["scorecard", "tabelle"])
STORICO = dg.AssetKey(["storico", "valori"])

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

MODELS = read_models()
CHECKS = checks(MODELS)


# --- what an operator reads about an asset ----------------------------------------------------------


def _schema(columns: dict[str, str]) -> dict[str, Any]:
    described = [dg.TableColumn(name, description=text) for name, text in columns.items()]
    return {"dagster/column_schema": dg.TableSchema(columns=described)} if described else {}


def _key_of(table: str) -> dg.AssetKey | None:
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
        case "qualita":
            return REGISTRO
        case "indicatori" | "contributi" if name not in ("catalogo", "fonti"):
            return VALORI
        case "scorecard":
            return TABELLE_SCORECARD
        case "storico":
            return STORICO
        case _:
            return None


def _made_by(key: dg.AssetKey) -> list[Modello]:
    return [m for m in MODELS if m.schema != CONTROLLI and _key_of(m.tabella) == key]


def _deps(key: dg.AssetKey) -> list[dg.AssetKey]:
    reads = {table for model in _made_by(key) for table in model.dipende}
    if "contributi.tutti" in reads:
        reads |= {m.tabella for m in MODELS if m.schema == "contributi"}
    return sorted({k for table in reads if (k := _key_of(table)) not in (None, key)})


@dataclass(frozen=True)
class _Tables:
    """An asset of the warehouse: what operators see of it is its main table."""

    spec: dg.AssetSpec
    main: str


def _table_spec(key: dg.AssetKey, main: str, description: str, deps: list[dg.AssetKey]) -> _Tables:
    spec = dg.AssetSpec(
        key,
        deps=deps,
        description=description,
        group_name=GROUPS[key.path[0]],
        owners=[CONTROLLO_DI_GESTIONE],
        kinds={"duckdb", "sql"},
        partitions_def=PARTITIONS,
    )
    return _Tables(spec, main)


def _warehouse_assets() -> list[_Tables]:
    """The assets that the SQL step makes, each after those it reads."""
    extracts = [_extract_key(e) for e in ESTRATTI]
    indicators = [
        _table_spec(
            dg.AssetKey(["indicatori", e.codice]),
            f"contributi.{e.codice}",
            f"{e.titolo}. {e.descrizione}",
            _deps(dg.AssetKey(["indicatori", e.codice])),
        )
        for e in catalogue(MODELS)
    ]
    return [
        _table_spec(
            REGISTRO,
            "qualita.file",
            "Ogni file visto, ogni riga in quarantena, ogni estratto presente, assente o incompleto",
            [*extracts, ALLEGATO],
        ),
        _table_spec(
            TABELLE_PIANO,
            "piano.indicatori",
            "Obiettivi, indicatori, target, confronti e rilievi del piano, con la definizione che "
            "riconosce ogni indicatore",
            _deps(TABELLE_PIANO),
        ),
        *indicators,
        _table_spec(
            VALORI,
            "indicatori.valori",
            "Il valore di ogni indicatore: la somma dei suoi contributi, o perché non c'è",
            _deps(VALORI),
        ),
        _table_spec(
            TABELLE_SCORECARD,
            "scorecard.indicatori",
            "La scorecard: indicatori, obiettivi, Camera; e gli ultimi valori osservati ricalcolati",
            _deps(TABELLE_SCORECARD),
        ),
        _table_spec(
            STORICO,
            "storico.valori",
            "Come è cambiato nel tempo ciò che sapevamo",
            _deps(STORICO),
        ),
    ]


def _checked(table: str) -> dg.AssetKey:
    """The asset on whose page the check of a table stands."""
    key = _key_of(table)
    if key is None:
        raise ValueError(f"Nessun asset fa la tabella {table}.")
    return key


def _extract_key(estratto: Estratto) -> dg.AssetKey:
    return dg.AssetKey(["fonti", estratto.tabella])


def _extract_spec(estratto: Estratto) -> dg.AssetSpec:
    used_by = [e.codice for e in catalogue(MODELS) if estratto.codice in e.estratti]
    serve = f" Serve a {', '.join(used_by)}." if used_by else ""
    return dg.AssetSpec(
        _extract_key(estratto),
        description=f"{estratto.descrizione} ({estratto.codice}), {estratto.ritmo}.{serve}",
        group_name=GROUPS["fonti"],
        owners=[f"team:{estratto.ufficio}"],
        kinds={"polars", "pandera"},
        partitions_def=PARTITIONS,
        metadata=_schema({c.nome: c.descrizione for c in estratto.colonne}),
    )


def _markdown(columns: tuple[str, ...], rows: tuple[tuple[object, ...], ...]) -> dg.MetadataValue:
    """Rows as a Markdown table; text from outside cannot break out of its cell."""

    def cell(value: object) -> str:
        text = "" if value is None else str(value)
        for mark in "\\|<>[]`*_":
            text = text.replace(mark, f"\\{mark}")
        return " ".join(text.split())[:120]

    lines = ["| " + " | ".join(columns) + " |", "|" + " --- |" * len(columns)]
    lines += ["| " + " | ".join(map(cell, row)) + " |" for row in rows]
    return dg.MetadataValue.md("\n".join(lines))


# --- the steps as assets ----------------------------------------------------------------------------


def _run_of(context: Context) -> steps.Esecuzione:
    day = context.run.tags.get(DAY_TAG)
    return steps.new_run(
        Luoghi.from_environment(), date.fromisoformat(day) if day else None, nome=context.run.run_id
    )


@dg.resource(description="Una sola esecuzione per volta scrive nel magazzino")
def turno(context: dg.InitResourceContext) -> Iterator[None]:
    run_id = context.run.run_id if context.run else "senza nome"
    say = context.log.info if context.log else steps.silent
    with publication.turn(Luoghi.from_environment(), run_id, say):
        yield None


@dg.multi_asset(
    name="piani",
    specs=[
        dg.AssetSpec(
            ALLEGATO,
            description="Il piano come approvato (PIRA), letto riga per riga",
            group_name=GROUPS["piano"],
            owners=[CONTROLLO_DI_GESTIONE],
            kinds={"polars"},
            partitions_def=PARTITIONS,
        )
    ],
    required_resource_keys={"turno"},
)
def piani(context: Context) -> Iterator[dg.MaterializeResult[Any]]:
    context.log.info("Leggo i piani")
    plans = steps.read_plans(_run_of(context))
    yield dg.MaterializeResult(asset_key=ALLEGATO, metadata={"piani letti": len(plans) - 1})


@dg.multi_asset(
    name="estratti",
    specs=[_extract_spec(e) for e in ESTRATTI],
    check_specs=[
        dg.AssetCheckSpec(
            "contratto",
            asset=_extract_key(e),
            description="pandera: ogni riga e ogni file rispettano il contratto",
        )
        for e in ESTRATTI
    ],
    required_resource_keys={"turno"},
)
def estratti(context: Context) -> Iterator[dg.MaterializeResult[Any]]:
    run = _run_of(context)
    found = []
    for place, key in enumerate(context.partition_keys, start=1):
        context.log.info(f"Leggo gli estratti di {key} ({place}/{len(context.partition_keys)})")
        found.append(steps.read_extracts(run, Partizione.from_chiave(key)))
    for estratto in ESTRATTI:
        summary = steps.summarise(found, estratto)
        yield dg.MaterializeResult(
            asset_key=_extract_key(estratto),
            metadata={
                "dagster/row_count": summary.accettate,
                "righe in quarantena": summary.scartate,
                "file": _markdown(summary.colonne_file, summary.file),
            },
            check_results=[
                dg.AssetCheckResult(
                    check_name="contratto",
                    asset_key=_extract_key(estratto),
                    passed=summary.rispetta_contratto,
                    severity=dg.AssetCheckSeverity.WARN,
                    description=summary.frase,
                    metadata={"quarantena": _markdown(summary.colonne_scarti, summary.scarti)},
                )
            ],
        )


WAREHOUSE = _warehouse_assets()


@dg.multi_asset(
    name="magazzino",
    specs=[tables.spec for tables in WAREHOUSE],
    check_specs=[
        dg.AssetCheckSpec(
            c.nome,
            asset=_checked(c.riguarda),
            description=c.modello.descrizione
            + (" Ferma la pubblicazione." if c.blocca else " Sta nel rapporto del giorno."),
        )
        for c in CHECKS
    ],
    required_resource_keys={"turno"},
)
def magazzino(context: Context) -> Iterator[dg.MaterializeResult[Any]]:
    context.log.info("Costruisco il magazzino")
    run = _run_of(context)
    database = steps.build_warehouse(run, steps.plans_of(run))
    summaries = steps.describe_tables(database, [tables.main for tables in WAREHOUSE])
    beside = {c.nome: c.mostra for c in CHECKS if c.mostra}
    shown = steps.describe_tables(database, [*beside.values()], examples=50)
    outcomes = steps.check_warehouse(database)
    for tables in WAREHOUSE:
        table = summaries[tables.main]
        key = tables.spec.key
        yield dg.MaterializeResult(
            asset_key=key,
            metadata={
                "dagster/row_count": table.righe,
                "anteprima": _markdown(table.colonne, table.prime),
                **_schema(table.descrizioni),
            },
            check_results=[
                _check_result(o, shown.get(beside.get(o.nome, "")))
                for o in outcomes
                if _checked(o.riguarda) == key
            ],
        )


def _check_result(outcome: publication.Esito, shown: steps.Tabella | None) -> dg.AssetCheckResult:
    error = dg.AssetCheckSeverity.ERROR
    cases = "nessun caso" if outcome.superato else f"{outcome.casi} casi"
    return dg.AssetCheckResult(
        check_name=outcome.nome,
        asset_key=_checked(outcome.riguarda),
        passed=outcome.superato,
        severity=error if outcome.blocca else dg.AssetCheckSeverity.WARN,
        description=f"{outcome.descrizione} Oggi: {cases}.",
        metadata={
            "casi": _markdown(outcome.colonne, outcome.esempi),
            **({"confronto": _markdown(shown.colonne, shown.prime)} if shown else {}),
        },
    )


@dg.multi_asset(
    name="documenti",
    specs=[
        dg.AssetSpec(
            DOCUMENTI,
            deps=[TABELLE_SCORECARD],
            description="La scorecard nel formato dell'allegato: txt, xlsx, csv, json, html",
            group_name=GROUPS["scorecard"],
            owners=[CONTROLLO_DI_GESTIONE],
            kinds={"polars", "excel"},
            partitions_def=PARTITIONS,
        )
    ],
    required_resource_keys={"turno"},
)
def documenti(context: Context) -> Iterator[dg.MaterializeResult[Any]]:
    context.log.info("Scrivo le scorecard")
    written = steps.write_scorecards(_run_of(context))
    names = tuple((path.name,) for path in written)
    yield dg.MaterializeResult(
        asset_key=DOCUMENTI, metadata={"documenti": _markdown(("file",), names)}
    )


@dg.multi_asset(
    name="pubblicazione",
    specs=[
        dg.AssetSpec(
            PUBBLICAZIONE,
            deps=[DOCUMENTI, STORICO, REGISTRO, VALORI],
            description="Magazzino, scorecard e manifesto cambiano insieme, se ogni conto torna: "
            "la pubblicazione rilegge da sé i controlli di questa costruzione",
            group_name=GROUPS["pubblicazione"],
            owners=[CONTROLLO_DI_GESTIONE],
            kinds={"duckdb"},
            partitions_def=PARTITIONS,
        )
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "conti_tornati",
            asset=PUBBLICAZIONE,
            description="Nessun controllo che ferma la pubblicazione è fallito",
        )
    ],
    required_resource_keys={"turno"},
)
def pubblicazione(context: Context) -> Iterator[dg.MaterializeResult[Any]]:
    context.log.info("Verifico e pubblico")
    folder, outcomes = steps.publish(_run_of(context))
    warnings = [o for o in outcomes if not o.superato]
    rows = tuple((o.nome, o.casi, o.descrizione) for o in warnings)
    yield dg.MaterializeResult(
        asset_key=PUBBLICAZIONE,
        metadata={
            "pubblicazione": folder.name,
            "avvisi": _markdown(("controllo", "casi", "descrizione"), rows),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="conti_tornati",
                passed=True,
                description=f"{len(outcomes) - len(warnings)} controlli superati, "
                f"{len(warnings)} avvisi.",
            )
        ],
    )


# --- the night --------------------------------------------------------------------------------------


def _voce(_: dg.InitLoggerContext) -> logging.Logger:
    logger = logging.Logger("pira", level=logging.INFO)
    handler = logging.StreamHandler()
    handler.setFormatter(_Plain())
    handler.addFilter(lambda record: record.levelno == logging.INFO)
    logger.addHandler(handler)
    return logger


voce = dg.LoggerDefinition(
    _voce, description="Una riga per passo, come la legge chi lancia `pira run`"
)


class _Plain(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        meta = getattr(record, "dagster_meta", {})
        return f"  {meta.get('orig_message') or record.getMessage()}"


notte = dg.define_asset_job(
    "notte",
    selection=dg.AssetSelection.all(),
    partitions_def=PARTITIONS,
    description="La notte: dal piano e dagli estratti alla scorecard pubblicata",
    executor_def=dg.in_process_executor,
)


def register_partitions(instance: dg.DagsterInstance, luoghi: Luoghi) -> list[str]:
    """Makes every folder of the landing zone a partition; returns the keys in Dagster's order."""
    keys = [p.chiave for p in list_partitions(luoghi.raw)]
    instance.add_dynamic_partitions(str(PARTITIONS.name), keys)
    present = set(keys)
    known = instance.get_dynamic_partitions(str(PARTITIONS.name))
    for gone in (k for k in known if k not in present):
        instance.delete_dynamic_partition(str(PARTITIONS.name), gone)
    return [k for k in known if k in present]


def ranges(keys: list[str], chosen: set[str]) -> list[tuple[str, str]]:
    """The chosen keys as runs of neighbours: each is one Dagster run."""
    found: list[tuple[str, str]] = []
    previous = False
    for key in keys:
        if key in chosen:
            found = [*found[:-1], (found[-1][0], key)] if previous else [*found, (key, key)]
        previous = key in chosen
    return found


def range_tags(first: str, last: str) -> dict[str, str]:
    return {
        "dagster/asset_partition_range_start": first,
        "dagster/asset_partition_range_end": last,
    }


@dg.schedule(
    job=notte,
    cron_schedule="0 4 * * *",
    execution_timezone="Europe/Rome",
    description="Ogni notte alle 4, ora di Roma",
    default_status=dg.DefaultScheduleStatus.RUNNING
    if os.environ.get("PIRA_PRODUZIONE") == "1"
    else dg.DefaultScheduleStatus.STOPPED,
)
def ogni_notte(context: dg.ScheduleEvaluationContext) -> Iterator[dg.RunRequest | dg.SkipReason]:
    keys = register_partitions(context.instance, Luoghi.from_environment())
    if not keys:
        yield dg.SkipReason("La zona di consegna non ha partizioni (<camera>/<esercizio>).")
    for first, last in ranges(keys, set(keys)):
        yield dg.RunRequest(tags=range_tags(first, last))


defs = dg.Definitions(
    assets=[piani, estratti, magazzino, documenti, pubblicazione],
    jobs=[notte],
    schedules=[ogni_notte],
    resources={"turno": turno},
    loggers={"voce": voce},
    executor=dg.in_process_executor,
)
