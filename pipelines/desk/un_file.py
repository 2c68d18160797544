"""What the checks of sql/controlli find in one file by itself, in a database that is nowhere on disk.

Belongs here: which checks need nothing but a file, the few tables that they read and that stay empty
without a night, what to do about what they find. Does not belong here: the checks (sql/controlli),
how a case is worded (avvisi.py).
"""

import os
from collections.abc import Mapping
from contextlib import ExitStack, closing
from datetime import datetime
from pathlib import Path

import polars as pl

from pipelines.connection import connect_in_memory
from pipelines.contract.regolamento import load_rules
from pipelines.contract.schema import Estratto
from pipelines.extracts.esercizio import Esercizio, reference_day
from pipelines.extracts.ingestione import PARTI, Ingestione
from pipelines.partizione import Partizione
from pipelines.warehouse.avvisi import Avviso, read_avvisi
from pipelines.warehouse.checks import create_outcomes
from pipelines.warehouse.load import Materiale, load_deliveries
from pipelines.warehouse.models import CONTROLLI, SQL, read_model

DA_UN_FILE = {
    "intestazione_somigliante": "se è quella colonna, darle il nome del contratto",
    "nome_somigliante": "se è quella colonna, darle il nome del contratto e togliere l'altra",
    "numeri_misti": "scrivere tutti i numeri della colonna allo stesso modo, come 1.234,56",
    "date_rovesciate": "controllare che giorno e mese non siano scambiati, ed esportare di nuovo le"
    " date come gg/mm/aaaa",
    "persone_fuori_posto": "rimettere le matricole nella loro colonna e togliere i codici fiscali",
    "righe_di_totale": "se la riga è un totale, toglierla",
    "chiavi_somiglianti": "se sono la stessa cosa, lasciarne una riga, scritta in un modo solo",
    "fuori_esercizio": "esportare i dati dell'anno giusto, o consegnare il file nella cartella del suo",
}
"""The checks that one file is enough for, each with what to do about a case."""

DI_UN_ESERCIZIO = {"fuori_esercizio"}
"""Those of them that cannot look unless the year is known."""

_MODELLI = ("qualita/date_dei_file",)
"""What the checks read of what is computed."""

_VUOTE = {
    "indicatori.fonti": "codice varchar, estratto varchar",
    "indicatori.catalogo": "codice varchar, unita varchar",
    "indicatori.richiesti": "camera varchar, esercizio integer, codice varchar",
    "indicatori.valori": "camera varchar, esercizio integer, codice varchar, valore decimal(38, 12)",
    "qualita.senza_sospette": "camera varchar, esercizio integer, segnale varchar, _file varchar,"
    " codice varchar, valore decimal(38, 12), valore_senza decimal(38, 12)",
    "qualita.conseguenze": "controllo varchar, camera varchar, esercizio integer, celle bigint,"
    " peso decimal(18, 6)",
    "scorecard.indicatori": "camera varchar, esercizio integer, codice varchar, decimali integer,"
    " percentuale boolean",
}
"""What the checks and their wording read of figures: without a night there are none."""

_SCHEMI = ("esercizi", "regole", "fonti", "qualita", "indicatori", "scorecard", CONTROLLI)


def suspicions(
    estratto: Estratto,
    frames: Mapping[str, pl.DataFrame],
    partizione: Partizione,
    adesso: datetime,
    knows_year: bool = True,
) -> tuple[Avviso, ...]:
    """What the checks say of a file delivered to a partition at `adesso`.

    `frames` are as ingest.judge_alone gives them. Where the year is made up, the checks that need one
    do not look.
    """
    names = [name for name in DA_UN_FILE if knows_year or name not in DI_UN_ESERCIZIO]
    models = tuple(
        read_model(SQL / f"{path}.sql")
        for path in (*_MODELLI, *(f"{CONTROLLI}/{name}" for name in names))
    )
    with ExitStack() as stack:
        kept = {part: in_memory(stack, frame) for part, frame in frames.items()}
        ingested = Ingestione(estratto.codice, "PRESENTE", None, *(kept[part] for part in PARTI))
        material = material_of(partizione, adesso, ingested)
        connection = stack.enter_context(closing(connect_in_memory()))
        for schema in _SCHEMI:
            connection.execute(f"create schema {schema}")
        load_deliveries(connection, material)
        for table, columns in _VUOTE.items():
            connection.execute(f"create table {table} ({columns})")
        for model in models:
            kind = "view" if model.vista else "table"
            connection.execute(f"create {kind} {model.tabella} as {model.sql}")
        create_outcomes(connection, models)
        return read_avvisi(connection)


def in_memory(stack: ExitStack, frame: pl.DataFrame) -> Path:
    """A Parquet file of a frame that only this process has, until the stack is closed."""
    file = os.memfd_create("estratto")
    stack.callback(os.close, file)
    with os.fdopen(os.dup(file), "wb") as stream:
        frame.write_parquet(stream)
    return Path(f"/proc/self/fd/{file}")


def material_of(partizione: Partizione, adesso: datetime, *estratti: Ingestione) -> Materiale:
    """A landing zone of one partition that holds these extracts, just delivered, and no plan."""
    esercizio = Esercizio(
        partizione,
        reference_day(partizione.esercizio, adesso.date()),
        adesso.date(),
        programma="",
        sintetico=False,
        estratti=estratti,
        arrivi={i.estratto: adesso for i in estratti},
        sconosciuti=(),
    )
    return Materiale(
        esercizi=(esercizio,),
        piani=(),
        stranieri=(),
        storici=(),
        registri=(),
        esami=(),
        regole=load_rules(),
        esecuzione="",
        adesso=adesso,
    )
