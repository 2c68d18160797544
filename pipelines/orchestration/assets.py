"""The steps of the night (steps.py) as assets and checks: each is a few lines around a step.

Belongs here: what a step is handed and what it leaves for the operator to see. Does not belong here:
anything that computes, how it is declared (specs.py) or drawn (shown.py).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

import dagster as dg
from dagster import AssetExecutionContext as Context

from pipelines import steps, summaries
from pipelines.extracts.contract import ESTRATTI
from pipelines.landing import Partizione
from pipelines.orchestration.shown import check_result, column_schema, costs, markdown
from pipelines.orchestration.specs import (
    ALLEGATO,
    CHECKS,
    DOCUMENTI,
    PUBBLICAZIONE,
    REGISTRO,
    STORICO,
    TABELLE_SCORECARD,
    VALORI,
    checked_asset,
    extract_key,
    extract_spec,
    own_spec,
    warehouse_tables,
)
from pipelines.settings import Luoghi
from pipelines.warehouse import publish as publication

DAY_TAG = "pira/data_riferimento"

WARN = dg.AssetCheckSeverity.WARN


@dg.resource(description="L'esecuzione: una sola per volta scrive nel magazzino")
def esecuzione(context: dg.InitResourceContext) -> Iterator[steps.Esecuzione]:
    """The run, the same for every step, while it holds the output."""
    assert context.run is not None, "fuori da un'esecuzione non c'è niente da scrivere"
    run_id = context.run.run_id
    day = context.run.tags.get(DAY_TAG)
    luoghi = Luoghi.from_environment()
    say = context.log.info if context.log else steps.silent
    with publication.turn(luoghi, run_id, say):
        yield steps.new_run(luoghi, date.fromisoformat(day) if day else None, nome=run_id)


@dg.multi_asset(
    name="piani",
    specs=[
        own_spec(ALLEGATO, "Il piano come approvato (PIRA), letto riga per riga", {"polars"}, [])
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "piani_letti",
            asset=ALLEGATO,
            description="Ogni allegato consegnato si legge come un piano. Sta nel rapporto del giorno.",
        )
    ],
    required_resource_keys={"esecuzione"},
)
def piani(context: Context) -> Iterator[dg.MaterializeResult[Any]]:
    context.log.info("Leggo i piani")
    run = context.resources.esecuzione
    steps.read_plans(run)
    plans = summaries.summarise_plans(run)
    refused = [plan for plan in plans if plan.motivo]
    yield dg.MaterializeResult(
        asset_key=ALLEGATO,
        metadata={
            "dagster/row_count": len(plans) - len(refused),
            "piani": markdown(("file", "esito"), [(p.file, p.motivo or "letto") for p in plans]),
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="piani_letti",
                passed=not refused,
                severity=WARN,
                description=f"{len(plans)} piani consegnati, {len(refused)} non letti.",
                metadata={
                    "casi": markdown(("file", "motivo"), [(p.file, p.motivo) for p in refused])
                },
            )
        ],
    )


@dg.multi_asset(
    name="estratti",
    specs=[extract_spec(e) for e in ESTRATTI],
    check_specs=[
        dg.AssetCheckSpec(
            "contratto",
            asset=extract_key(e),
            description="pandera: ogni riga e ogni file rispettano il contratto.",
        )
        for e in ESTRATTI
    ],
    required_resource_keys={"esecuzione"},
)
def estratti(context: Context) -> Iterator[dg.MaterializeResult[Any]]:
    run = context.resources.esecuzione
    found = []
    for place, key in enumerate(context.partition_keys, start=1):
        context.log.info(f"Leggo gli estratti di {key} ({place}/{len(context.partition_keys)})")
        read = steps.read_or_keep(run, Partizione.from_chiave(key), warn=context.log.warning)
        found += [read] if read else []
    for estratto in ESTRATTI:
        summary = summaries.summarise(found, estratto)
        yield dg.MaterializeResult(
            asset_key=extract_key(estratto),
            metadata={
                "dagster/row_count": summary.accettate,
                "righe in quarantena": summary.scartate,
                "file": markdown(summary.colonne_file, summary.file),
            },
            check_results=[
                dg.AssetCheckResult(
                    check_name="contratto",
                    asset_key=extract_key(estratto),
                    passed=summary.rispetta_contratto,
                    severity=WARN,
                    description=summary.frase,
                    metadata={"quarantena": markdown(summary.colonne_scarti, summary.scarti)},
                )
            ],
        )


WAREHOUSE = warehouse_tables()


@dg.multi_asset(
    name="magazzino",
    specs=[tables.spec for tables in WAREHOUSE],
    check_specs=[
        dg.AssetCheckSpec(
            c.nome,
            asset=checked_asset(c.riguarda),
            description=c.modello.descrizione
            + (" Ferma la pubblicazione." if c.blocca else " Sta nel rapporto del giorno."),
        )
        for c in CHECKS
    ],
    required_resource_keys={"esecuzione"},
)
def magazzino(context: Context) -> Iterator[dg.MaterializeResult[Any]]:
    context.log.info("Costruisco il magazzino")
    run = context.resources.esecuzione
    database = steps.build_warehouse(run, steps.plans_of(run))
    described = summaries.describe_tables(database, [tables.main for tables in WAREHOUSE])
    beside = {c.nome: c.mostra for c in CHECKS if c.mostra}
    shown = summaries.describe_tables(database, [*beside.values()], examples=50)
    outcomes, prices = summaries.check_warehouse(database)
    for tables in WAREHOUSE:
        table = described[tables.main]
        key = tables.spec.key
        yield dg.MaterializeResult(
            asset_key=key,
            metadata={
                "dagster/row_count": table.righe,
                "anteprima": markdown(table.colonne, table.prime),
                **column_schema(table.descrizioni),
            },
            check_results=[
                check_result(
                    o,
                    key,
                    [p for p in prices if p.controllo == o.nome],
                    shown.get(beside.get(o.nome, "")),
                )
                for o in outcomes
                if checked_asset(o.riguarda) == key
            ],
        )


@dg.multi_asset(
    name="documenti",
    specs=[
        own_spec(
            DOCUMENTI,
            "La scorecard nel formato dell'allegato: txt, xlsx, csv, json, html",
            {"polars", "excel"},
            [TABELLE_SCORECARD, STORICO],
        )
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "piano_intatto",
            asset=DOCUMENTI,
            description="Ogni txt, riletto, è lo stesso piano dell'allegato. Ferma la pubblicazione.",
        )
    ],
    required_resource_keys={"esecuzione"},
)
def documenti(context: Context) -> Iterator[dg.MaterializeResult[Any]]:
    context.log.info("Scrivo le scorecard")
    run = context.resources.esecuzione
    written = steps.write_scorecards(run)
    changed = steps.changed_plans(run)
    yield dg.MaterializeResult(
        asset_key=DOCUMENTI,
        metadata={"documenti": markdown(("file",), [(path.name,) for path in written])},
        check_results=[
            dg.AssetCheckResult(
                check_name="piano_intatto",
                passed=not changed,
                severity=dg.AssetCheckSeverity.ERROR,
                description=f"{len(changed)} txt non sono più il piano approvato.",
                metadata={"casi": markdown(("file",), [(name,) for name in changed])},
            )
        ],
    )


@dg.multi_asset(
    name="pubblicazione",
    specs=[
        own_spec(
            PUBBLICAZIONE,
            "Magazzino, scorecard e manifesto cambiano insieme, se ogni conto torna: la "
            "pubblicazione rilegge da sé i controlli di questa costruzione",
            {"duckdb"},
            [DOCUMENTI, STORICO, REGISTRO, VALORI],
        )
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "conti_tornati",
            asset=PUBBLICAZIONE,
            description="Nessun controllo che ferma la pubblicazione è fallito.",
        )
    ],
    required_resource_keys={"esecuzione"},
)
def pubblicazione(context: Context) -> Iterator[dg.MaterializeResult[Any]]:
    context.log.info("Verifico e pubblico")
    folder, outcomes = steps.publish(context.resources.esecuzione)
    warnings = [o for o in outcomes if not o.superato]
    _, prices = summaries.check_warehouse(folder / publication.DATABASE)
    yield dg.MaterializeResult(
        asset_key=PUBBLICAZIONE,
        metadata={
            "pubblicazione": folder.name,
            "avvisi": markdown(
                ("controllo", "casi", "che cosa dice"),
                [(o.nome, o.casi, o.descrizione) for o in warnings],
            ),
            **costs(prices),
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


@dg.multi_asset_check(
    name="consegne",
    specs=[
        dg.AssetCheckSpec(
            "consegna",
            asset=extract_key(e),
            additional_deps=[PUBBLICAZIONE],
            description="L'estratto è arrivato intero e in tempo in ogni partizione; se no, quanto costa. "
            "Sta nel rapporto del giorno.",
        )
        for e in ESTRATTI
    ],
    required_resource_keys={"esecuzione"},
)
def consegne(context: dg.AssetCheckExecutionContext) -> Iterator[dg.AssetCheckResult]:
    """What the publication says of each extract: whether it came, whole, in time, and what it costs."""
    context.log.info("Guardo le consegne")
    found = summaries.summarise_deliveries(context.resources.esecuzione.luoghi.database)
    columns = ("partizione", "stato", "dati fino al", "noti dal", "attesa", "ritardo", "costo")
    for estratto in ESTRATTI:
        rows = [d for d in found if d.estratto == estratto.codice]
        wrong = [d for d in rows if d.stato != "PRESENTE" or d.giorni_ritardo]
        yield dg.AssetCheckResult(
            check_name="consegna",
            asset_key=extract_key(estratto),
            passed=not wrong,
            severity=WARN,
            description=" ".join(d.frase for d in wrong) or "Arrivato, intero e in tempo.",
            metadata={"consegne": markdown(columns, [d.riga for d in rows])},
        )
