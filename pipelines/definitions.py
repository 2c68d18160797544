"""The Dagster front door: assets, checks, the job, the schedule. Wiring only.

Belongs here: how the steps (steps.py) appear as assets, with what operators read about them. Does not
belong here: anything that computes. Few steps, one process: each asset around a step is a few lines.
Load it from the repository's root with `dagster dev`.
"""

import logging
import os
from collections.abc import Iterator
from datetime import date
from typing import Any

import dagster as dg
from dagster import AssetExecutionContext as Context

from pipelines import steps
from pipelines.extracts.contract import ESTRATTI, Estratto
from pipelines.landing import Partizione, list_partitions
from pipelines.settings import Luoghi
from pipelines.warehouse import publish as publication
from pipelines.warehouse.models import CONTROLLI, Modello, catalogue, checks, glossary, read_models

DAY_TAG = "pira/data_riferimento"
PARTITIONS = dg.DynamicPartitionsDefinition(name="camera_esercizio")

ALLEGATO = dg.AssetKey(["piano", "allegato"])
DOCUMENTI = dg.AssetKey(["scorecard", "documenti"])
PUBBLICAZIONE = dg.AssetKey(["pubblicazione"])
REGISTRO = ("file", "scarti", "estratti", "righe_nel_magazzino")
"""The tables of `qualita` that loading makes, out of what reading the extracts found."""

CONTROLLO_DI_GESTIONE = "team:controllo_di_gestione"
GROUPS = {
    "piano": "g1_piano",
    "fonti": "g2_estratti",
    "qualita": "g3_qualita",
    "contributi": "g4_contributi",
    "indicatori": "g5_indicatori",
    "scorecard": "g6_scorecard",
    "storico": "g7_storico",
    "pubblicazione": "g8_pubblicazione",
}

MODELS = read_models()
CHECKS = checks(MODELS)


# --- what an operator reads about an asset ----------------------------------------------------------


def _schema(columns: dict[str, str]) -> dict[str, Any]:
    described = [dg.TableColumn(name, description=text) for name, text in columns.items()]
    return {"dagster/column_schema": dg.TableSchema(columns=described)} if described else {}


def _key_of(table: str) -> dg.AssetKey | None:
    """The asset that makes a table a model reads; None for rules and calendars."""
    schema, name = table.split(".")
    if schema == "lettura":
        return ALLEGATO
    if schema == "fonti" or (schema == "qualita" and name in REGISTRO):
        return dg.AssetKey([schema, name])
    if any(m.tabella == table and m.schema != CONTROLLI for m in MODELS):
        return dg.AssetKey([schema, name])
    return None


def _model_spec(model: Modello) -> dg.AssetSpec:
    reads = set(model.dipende)
    if model.tabella == "indicatori.contributi":
        reads |= {m.tabella for m in MODELS if m.schema == "contributi"}
    deps = sorted({key for table in reads if (key := _key_of(table)) is not None})
    return dg.AssetSpec(
        dg.AssetKey([model.schema, model.nome]),
        deps=deps,
        description=model.descrizione,
        group_name=GROUPS[model.schema],
        owners=[CONTROLLO_DI_GESTIONE],
        kinds={"duckdb", "sql"},
        partitions_def=PARTITIONS,
    )


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


def _register_spec(name: str) -> dg.AssetSpec:
    return dg.AssetSpec(
        dg.AssetKey(["qualita", name]),
        deps=[_extract_key(e) for e in ESTRATTI],
        description=glossary()[1][f"qualita.{name}"],
        group_name=GROUPS["qualita"],
        owners=[CONTROLLO_DI_GESTIONE],
        kinds={"duckdb"},
        partitions_def=PARTITIONS,
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
        Luoghi.from_environment(), date.fromisoformat(day) if day else None, nome=context.run_id
    )


@dg.resource(description="Una sola esecuzione per volta scrive nel magazzino")
def turno(context: dg.InitResourceContext) -> Iterator[None]:
    run_id = context.run_id or "senza nome"
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


@dg.multi_asset(
    name="magazzino",
    specs=[_register_spec(name) for name in REGISTRO]
    + [_model_spec(m) for m in MODELS if m.schema != CONTROLLI],
    check_specs=[
        dg.AssetCheckSpec(
            c.nome,
            asset=dg.AssetKey(c.riguarda.split(".")),
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
    summaries = steps.describe_tables(database)
    outcomes = {o.nome: o for o in steps.check_warehouse(database)}
    made = [f"qualita.{name}" for name in REGISTRO]
    made += [m.tabella for m in MODELS if m.schema != CONTROLLI]
    for name in made:
        table = summaries[name]
        yield dg.MaterializeResult(
            asset_key=dg.AssetKey(name.split(".")),
            metadata={
                "dagster/row_count": table.righe,
                "anteprima": _markdown(table.colonne, table.prime),
                **_schema(table.descrizioni),
            },
            check_results=[_check_result(outcomes[c.nome]) for c in CHECKS if c.riguarda == name],
        )


def _check_result(outcome: publication.Esito) -> dg.AssetCheckResult:
    error = dg.AssetCheckSeverity.ERROR
    cases = "nessun caso" if outcome.superato else f"{outcome.casi} casi"
    return dg.AssetCheckResult(
        check_name=outcome.nome,
        asset_key=dg.AssetKey(outcome.riguarda.split(".")),
        passed=outcome.superato,
        severity=error if outcome.blocca else dg.AssetCheckSeverity.WARN,
        description=f"{outcome.descrizione} Oggi: {cases}.",
        metadata={"casi": _markdown(outcome.colonne, outcome.esempi)},
    )


@dg.multi_asset(
    name="documenti",
    specs=[
        dg.AssetSpec(
            DOCUMENTI,
            deps=[dg.AssetKey(["scorecard", n]) for n in ("indicatori", "obiettivi", "ente")],
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
            deps=[
                DOCUMENTI,
                *(dg.AssetKey([m.schema, m.nome]) for m in MODELS if m.schema != CONTROLLI),
                *(dg.AssetKey(["qualita", name]) for name in REGISTRO),
            ],
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
