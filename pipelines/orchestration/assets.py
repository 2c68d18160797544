"""The steps of the night (steps.py) as assets and checks: each is a few lines around a step.

Belongs here: what a step is handed and what it leaves for the operator to see. Does not belong here:
anything that computes, how it is declared (specs.py) or drawn (shown.py).
"""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import dagster as dg
from dagster import AssetExecutionContext as Context

from pipelines.connection import connect
from pipelines.contract.estratti import ESTRATTI
from pipelines.extracts.deposito import recall
from pipelines.fingerprints import code_fingerprint
from pipelines.night import steps, summaries
from pipelines.orchestration.lineage import column_lineage
from pipelines.orchestration.runs import publish
from pipelines.orchestration.shown import (
    BLOCKS,
    FIRST_COLUMNS,
    WARNING_COLUMNS,
    WARNS,
    check_result,
    column_schema,
    costs,
    counted,
    described,
    escaped,
    markdown,
    rule,
    show_newest,
    to_look_at,
    warning,
)
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
from pipelines.partizione import Partizione, newest_of
from pipelines.publication import pubblicazioni
from pipelines.scorecard.formato import describe_formats
from pipelines.warehouse.checks import read_outcomes, read_prices

Run = dg.ResourceParam[steps.Esecuzione]

WARN = dg.AssetCheckSeverity.WARN

ONE_RUN = dg.BackfillPolicy.single_run()
"""Many partitions asked for at once are one build and one publication, not one each."""


@dg.multi_asset(
    name="piani",
    specs=[
        own_spec(
            ALLEGATO,
            "Il piano come approvato (PIRA), letto riga per riga",
            {"polars"},
            [],
            code_fingerprint("pipelines.plan.delivered"),
        )
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "piani_letti",
            asset=ALLEGATO,
            description=rule("Ogni allegato consegnato si legge come un piano.", WARNS),
        )
    ],
    backfill_policy=ONE_RUN,
)
def piani(context: Context, esecuzione: Run) -> Iterator[dg.MaterializeResult[Any]]:
    context.log.info("Leggo i piani")
    steps.read_plans(esecuzione, warn=context.log.warning)
    plans = summaries.summarise_plans(esecuzione)
    refused = [(plan.file, plan.motivo) for plan in plans if plan.motivo]
    said = (
        f"{counted(len(plans), 'piano consegnato', 'piani consegnati')}, {len(refused)} non letti."
    )
    yield dg.MaterializeResult(
        asset_key=ALLEGATO,
        metadata={
            "piani": markdown(("file", "esito"), [(p.file, p.motivo or "letto") for p in plans])
        },
        check_results=[
            dg.AssetCheckResult(
                check_name="piani_letti",
                passed=not refused,
                severity=WARN,
                description=described(said, ("file", "motivo"), refused),
                metadata={"quanti": len(refused), "casi": markdown(("file", "motivo"), refused)},
            )
        ],
    )
    show_newest(context)


@dg.multi_asset(
    name="estratti",
    specs=[extract_spec(e) for e in ESTRATTI],
    check_specs=[
        dg.AssetCheckSpec(
            "contratto",
            asset=extract_key(e),
            description=rule("Ogni riga e ogni file rispettano il contratto.", WARNS),
        )
        for e in ESTRATTI
    ],
    can_subset=True,
    backfill_policy=ONE_RUN,
)
def estratti(context: Context, esecuzione: Run) -> Iterator[dg.MaterializeResult[Any]]:
    """The extracts of a partition are read together; the check of an extract speaks of all partitions."""
    read = {}
    for place, partizione in enumerate(esecuzione.da_leggere, start=1):
        of_all = f"{place}/{len(esecuzione.da_leggere)}"
        context.log.info(f"Leggo gli estratti di {partizione.chiave} ({of_all})")
        read[partizione] = steps.read_or_keep(esecuzione, partizione, warn=context.log.warning)
    there = [*esecuzione.viste, *esecuzione.assenti.ferme]
    found = [e for p in there if (e := read[p] if p in read else recall(esecuzione.luoghi, p))]
    covered = [e for e in found if e.partizione.chiave in context.partition_keys]
    for estratto in ESTRATTI:
        key = extract_key(estratto)
        if key not in context.selected_asset_keys:
            continue
        for esercizio in covered:
            own = summaries.summarise([esercizio], estratto)
            context.add_asset_metadata(
                {
                    "dagster/partition_row_count": own.accettate,
                    "righe in quarantena": own.scartate,
                    "file": markdown(summaries.COLONNE_FILE, own.file),
                },
                asset_key=key,
                partition_key=esercizio.partizione.chiave,
            )
        summary = summaries.summarise(found, estratto)
        groups = summaries.COLONNE_GRUPPI, summary.gruppi
        yield dg.MaterializeResult(
            asset_key=key,
            check_results=[
                dg.AssetCheckResult(
                    check_name="contratto",
                    asset_key=key,
                    passed=summary.rispetta_contratto,
                    severity=WARN,
                    description=described(escaped(summary.frase), *groups),
                    metadata={
                        "righe in quarantena": summary.scartate,
                        "quarantena": markdown(summaries.COLONNE_SCARTI, summary.scarti),
                    },
                )
            ],
        )
    show_newest(context)


WAREHOUSE = warehouse_tables()


@dg.multi_asset(
    name="magazzino",
    specs=[tables.spec for tables in WAREHOUSE],
    check_specs=[
        dg.AssetCheckSpec(
            c.nome,
            asset=checked_asset(c.riguarda),
            description=rule(c.modello.descrizione, BLOCKS if c.blocca else WARNS),
        )
        for c in CHECKS
    ],
    can_subset=True,  # so that runs.py can refuse a table alone in words of ours
    backfill_policy=ONE_RUN,
)
def magazzino(context: Context, esecuzione: Run) -> Iterator[dg.MaterializeResult[Any]]:
    context.log.info("Costruisco il magazzino")
    plans = steps.plans_of(esecuzione)
    database = steps.build_warehouse(esecuzione, plans, warn=context.log.warning)
    partizioni = [Partizione.from_chiave(key) for key in context.partition_keys]
    mains, newest = [tables.main for tables in WAREHOUSE], newest_of(context.partition_keys)
    with closing(connect(database)) as build:
        described_tables = summaries.describe_tables(build, mains, partizioni)
        origins = summaries.describe_origins(build, mains, esecuzione.luoghi)
        values = summaries.describe_values(build)
        beside = {c.nome: summaries.show_table(build, c.mostra, c.nome) for c in CHECKS if c.mostra}
        outcomes, prices = read_outcomes(build), read_prices(build)  # publishing looks by itself
    for tables in WAREHOUSE:
        key, seen = tables.spec.key, described_tables[tables.main]
        if key not in context.selected_asset_keys:
            continue
        for partizione, anteprima in seen.anteprime.items():
            said = values.get((key.path[-1], partizione))
            context.add_asset_metadata(
                {
                    "dagster/partition_row_count": anteprima.righe,
                    **({"valore": said} if said else {}),
                    "anteprima": markdown(anteprima.colonne, anteprima.prime),
                },
                asset_key=key,
                partition_key=partizione,
            )
        # it holds for every partition, and is kept with one
        lineage = column_lineage(key, origins.get(tables.main, {}), mains)
        context.add_asset_metadata(lineage, asset_key=key, partition_key=newest)
        yield dg.MaterializeResult(
            asset_key=key,
            metadata=column_schema(seen.colonne),
            check_results=[
                check_result(
                    o, key, [p for p in prices if p.controllo == o.nome], beside.get(o.nome)
                )
                for o in outcomes
                if checked_asset(o.riguarda) == key
            ],
        )
    show_newest(context)


@dg.multi_asset(
    name="documenti",
    specs=[
        own_spec(
            DOCUMENTI,
            describe_formats(),
            {"polars", "excel"},
            [TABELLE_SCORECARD, STORICO],
            code_fingerprint("pipelines.scorecard.write"),
        )
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "piano_intatto",
            asset=DOCUMENTI,
            description=rule(
                "Ogni txt, riletto, è il piano dell'allegato fuori dai campi compilati.", BLOCKS
            ),
        )
    ],
    backfill_policy=ONE_RUN,
)
def documenti(context: Context, esecuzione: Run) -> Iterator[dg.MaterializeResult[Any]]:
    context.log.info("Scrivo le scorecard")
    written = steps.write_scorecards(esecuzione)
    changed = steps.changed_plans(esecuzione)
    yield dg.MaterializeResult(
        asset_key=DOCUMENTI,
        metadata={"documenti": markdown(("file",), [(path.name,) for path in written])},
        check_results=[
            dg.AssetCheckResult(
                check_name="piano_intatto",
                passed=not changed,
                severity=dg.AssetCheckSeverity.ERROR,
                description=f"{len(changed)} txt non sono più il piano approvato.",
                metadata={
                    "quanti": len(changed),
                    "casi": markdown(("file",), [(name,) for name in changed]),
                },
            )
        ],
    )
    show_newest(context)


@dg.multi_asset(
    name="pubblicazione",
    specs=[
        own_spec(
            PUBBLICAZIONE,
            "Magazzino, scorecard e manifesto cambiano insieme, se ogni conto torna: la "
            "pubblicazione rilegge da sé i controlli di questa costruzione",
            {"duckdb"},
            [DOCUMENTI, STORICO, REGISTRO, VALORI],
            code_fingerprint("pipelines.publication.publish"),
        )
    ],
    check_specs=[
        dg.AssetCheckSpec(
            "conti_tornati",
            asset=PUBBLICAZIONE,
            description=rule("Nessun controllo che ferma la pubblicazione è fallito."),
        ),
        dg.AssetCheckSpec(
            "avvisi",
            asset=PUBBLICAZIONE,
            description=rule("Nessun controllo ha trovato dei casi da guardare."),
        ),
    ],
    backfill_policy=ONE_RUN,
)
def pubblicazione(
    context: Context, esecuzione: Run
) -> Iterator[dg.MaterializeResult[Any] | dg.AssetCheckResult]:
    context.log.info("Verifico e pubblico")
    # Read before the switch: nothing may fail after it.
    prices = summaries.read_costs(esecuzione.lavoro / pubblicazioni.DATABASE)
    first = summaries.read_first(esecuzione.lavoro / pubblicazioni.DATABASE)
    try:
        name, outcomes = publish(esecuzione)
    except pubblicazioni.NonPubblicabile as refusal:
        yield dg.AssetCheckResult(
            check_name="conti_tornati",
            asset_key=PUBBLICAZIONE,
            passed=False,
            description=escaped(str(refusal)),
        )
        raise dg.Failure(description=str(refusal), allow_retries=False) from refusal
    in_order = sorted(outcomes, key=lambda o: not o.in_evidenza)
    warnings = [warning(o, prices) for o in in_order if not o.superato]
    passed = f"{len(outcomes) - len(warnings)} controlli superati"
    said = f"{passed}, {counted(len(warnings), 'avviso', 'avvisi')}."
    look = described(f"{said} Da guardare per primi:", FIRST_COLUMNS, to_look_at(first))
    yield dg.MaterializeResult(
        asset_key=PUBBLICAZIONE,
        metadata={
            "pubblicazione": name,
            "avvisi": markdown(WARNING_COLUMNS, warnings),
            **costs(prices),
        },
        check_results=[
            dg.AssetCheckResult(check_name="conti_tornati", passed=True, description=said),
            dg.AssetCheckResult(
                check_name="avvisi",
                passed=not warnings,
                severity=WARN,
                description=described(look if first else said, WARNING_COLUMNS, warnings),
                metadata={"quanti": len(warnings)},
            ),
        ],
    )
    show_newest(context)


@dg.multi_asset_check(
    name="consegne",
    specs=[
        dg.AssetCheckSpec(
            "consegna",
            asset=extract_key(e),
            additional_deps=[PUBBLICAZIONE],
            description=rule(
                "L'estratto è arrivato intero e in tempo in ogni partizione; se no, quanto costa.",
                WARNS,
            ),
        )
        for e in ESTRATTI
    ],
    can_subset=True,
)
def consegne(
    context: dg.AssetCheckExecutionContext, esecuzione: Run
) -> Iterator[dg.AssetCheckResult]:
    """What the publication says of each extract: whether it came, whole, in time, and what it costs."""
    context.log.info("Guardo le consegne")
    asked = {key.asset_key for key in context.selected_asset_check_keys}
    chosen = [e for e in ESTRATTI if extract_key(e) in asked]
    try:
        found = summaries.summarise_deliveries(esecuzione.luoghi.database)
    except Exception as error:  # what is published must not be said to have failed
        for estratto in chosen:
            yield dg.AssetCheckResult(
                check_name="consegna",
                asset_key=extract_key(estratto),
                passed=False,
                severity=WARN,
                description=f"Non si è potuto guardare ({type(error).__name__}).",
            )
        return
    columns = (
        *("partizione", "stato", "dati fino al", "noti dal", "prossima attesa"),
        *("giorni di ritardo", "ne dipendono"),
    )
    for estratto in chosen:
        rows = [d for d in found if d.estratto == estratto.codice]
        wrong = [d for d in rows if d.stato != "PRESENTE" or d.giorni_ritardo]
        yield dg.AssetCheckResult(
            check_name="consegna",
            asset_key=extract_key(estratto),
            passed=not wrong,
            severity=WARN,
            description=" ".join(d.frase for d in wrong) or "Arrivato, intero e in tempo.",
            metadata={
                "quanti": len(wrong),
                "consegne": markdown(columns, [d.riga for d in rows]),
            },
        )
