"""The published file as analysts meet it: the contract's tables, comments everywhere, exact types.

Belongs here: what holds of every table, whatever its figures. Does not belong here: the figures.
"""

import duckdb
import pytest

from pipelines.contract.estratti import ESTRATTI
from pipelines.settings import Luoghi
from pipelines.warehouse.models import SQL, glossary, read_models
from tests.contratto import DICIANNOVE
from tests.indicatori.zona import predefinite
from tests.warehouse.magazzini import colonne_di

PIANO_INDICATORI = (
    "camera esercizio missione programma obiettivo progressivo codice tipologia indicatore"
    " tipo_indicatore ultimo_valore anno_ultimo_valore target_testo operatore operatore_presunto"
    " target algoritmo fonte note riga"
)
PIANO_OBIETTIVI = (
    "camera esercizio missione programma obiettivo titolo descrizione risorse_preventivo peso"
)

CONTRATTO = {
    "piano.obiettivi": PIANO_OBIETTIVI,
    "piano.indicatori": PIANO_INDICATORI,
    "piano.anomalie": "camera esercizio regola riga descrizione",
    "indicatori.contributi": "camera esercizio codice numeratore denominatore _file _riga",
    "indicatori.valori": "camera esercizio codice numeratore denominatore valore stato motivo"
    " data_riferimento",
    "scorecard.indicatori": f"{PIANO_INDICATORI} numeratore denominatore valore risultato"
    " realizzazione_grezza realizzazione raggiunto semaforo stato motivo data_riferimento",
    "scorecard.obiettivi": f"{PIANO_OBIETTIVI} risorse_consuntivo percentuale_spesa realizzazione"
    " copertura",
    "scorecard.ente": "camera esercizio realizzazione realizzazione_minima realizzazione_massima"
    " copertura",
    "qualita.file": "camera esercizio estratto _file sha256 byte codifica righe_lette"
    " righe_accettate righe_scartate esito motivo",
    "qualita.scarti": "camera esercizio estratto _file _riga colonna regola valore",
    "storico.valori": "camera esercizio codice valore risultato stato data_riferimento noto_dal"
    " esecuzione",
}
"""The public tables, with the columns that each has at least."""

FONTI = {
    f"fonti.{codice.replace('/', '_')}": [*riga, "camera", "esercizio", "_file", "_riga"]
    for codice, riga in predefinite(2020, 0).items()
}
"""The tables of accepted rows, with the columns of the landing zone's contract."""

IMPORTI = {
    "importo",
    "imponibile",
    "iva",
    "risorse_preventivo",
    "risorse_consuntivo",
    "numeratore",
    "denominatore",
    "valore",
    "risultato",
    "target",
    "ultimo_valore",
    "peso",
    "realizzazione",
    "realizzazione_grezza",
    "percentuale_spesa",
    "copertura",
    "punteggio",
    "punteggio_massimo",
    "percentuale_tempo",
    "mesi_servizio",
    "percentuale_part_time",
    "ore",
}
"""Columns that hold an amount or a share: never a float."""

ALTRO_SENSO = {
    ("qualita.scarti", "valore"): "VARCHAR",  # what the file had, as text
    ("indicatori.catalogo", "denominatore"): "BOOLEAN",  # whether there is one
}
"""Columns of those names that are not numbers."""

INGLESE = frozenset(
    ("the", "of", "and", "is", "are", "with", "for", "from", "which", "that", "row", "column")
)
"""Words that no Italian comment has."""

Colonne = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def colonne(magazzino_piccolo: duckdb.DuckDBPyConnection) -> Colonne:
    """Table or view -> column -> type."""
    return colonne_di(magazzino_piccolo)


@pytest.mark.parametrize("tabella", CONTRATTO)
def test_a_public_table_has_the_columns_of_the_contract(colonne: Colonne, tabella: str) -> None:
    assert set(CONTRATTO[tabella].split()) - colonne[tabella].keys() == set()


def test_there_is_a_table_of_accepted_rows_for_each_extract(
    colonne: Colonne,
) -> None:
    assert {f"fonti.{codice.replace('/', '_')}" for codice in DICIANNOVE} - FONTI.keys() == set()
    published = {t: list(c) for t, c in colonne.items() if t.startswith("fonti.")}
    for estratto in ESTRATTI:
        whence = {name for c in estratto.riportate for name in c.provenienza}
        table = f"fonti.{estratto.tabella}"
        assert set(published.pop(table)) == {*FONTI[table], *whence}
    assert published == {}


def test_every_table_and_column_has_a_comment_in_italian(
    magazzino_piccolo: duckdb.DuckDBPyConnection, colonne: Colonne
) -> None:
    comments = magazzino_piccolo.execute(
        "select schema_name || '.' || table_name, comment from duckdb_tables() where not internal"
        " union all"
        " select schema_name || '.' || view_name, comment from duckdb_views() where not internal"
        " union all"
        " select schema_name || '.' || table_name || '.' || column_name, comment"
        " from duckdb_columns() where not internal"
    ).fetchall()
    assert len(comments) == len(colonne) + sum(len(c) for c in colonne.values())
    assert [name for name, comment in comments if not (comment or "").strip()] == []
    foreign = [name for name, comment in comments if INGLESE & set(comment.lower().split())]
    assert foreign == []


def test_the_glossary_describes_only_what_there_is(colonne: Colonne) -> None:
    words, tables = glossary()
    assert set(tables) - set(colonne) == set()
    names = {name for found in colonne.values() for name in found}
    precise = {f"{table}.{name}" for table, found in colonne.items() for name in found}
    assert set(words) - names - precise == set()


def test_no_column_anywhere_is_a_float(colonne: Colonne) -> None:
    kinds = {(t, c): kind for t, found in colonne.items() for c, kind in found.items()}
    assert len(kinds) > 400
    assert [where for where, kind in kinds.items() if kind in ("FLOAT", "DOUBLE", "REAL")] == []


def test_amounts_and_shares_are_decimals_or_counts(colonne: Colonne) -> None:
    seen = set()
    for table, found in colonne.items():
        if table.startswith("contributi."):
            continue
        for column in IMPORTI & found.keys():
            seen.add(column)
            expected = ALTRO_SENSO.get((table, column), "DECIMAL")
            assert found[column].startswith(expected), (table, column, found[column])
    assert seen == IMPORTI


def test_source_columns_have_the_types_of_the_contract(colonne: Colonne) -> None:
    types = {
        "testo": "VARCHAR",
        "intero": "BIGINT",
        "decimale": "DECIMAL(18,6)",
        "importo": "DECIMAL(18,2)",
        "data": "DATE",
        "data_ora": "TIMESTAMP",
        "si_no": "BOOLEAN",
    }
    for estratto in ESTRATTI:
        expected = {c.nome: types[c.tipo] for c in estratto.colonne}
        expected |= {"camera": "VARCHAR", "esercizio": "INTEGER"}
        expected |= {"_file": "VARCHAR", "_riga": "BIGINT"}
        for colonna in estratto.riportate:
            expected |= zip(colonna.provenienza, ("VARCHAR", "BIGINT", "VARCHAR"), strict=True)
        assert colonne[f"fonti.{estratto.tabella}"] == expected


def test_every_sql_file_is_published(colonne: Colonne) -> None:
    files = {f"{path.parent.name}.{path.stem}" for path in SQL.glob("*/**/*.sql")}
    assert len(files) > 40
    assert files - set(colonne) == set()
    assert files == {model.tabella for model in read_models()}


def test_nothing_lies_beside_the_published_file(piccola: Luoghi) -> None:
    folder = piccola.corrente.resolve()
    assert sorted(path.name for path in folder.iterdir()) == [
        "catena.json",
        "consegne.parquet",
        "controlli.parquet",
        "documenti.json",
        "manifest.json",
        "pira.duckdb",
        "scorecard",
        "storico.parquet",
    ]
    assert [path.name for path in piccola.warehouse.rglob("*.wal")] == []
    assert piccola.database.resolve() == folder / "pira.duckdb"


def test_no_progress_bar_gets_into_what_is_printed(
    magazzino_piccolo: duckdb.DuckDBPyConnection,
) -> None:
    """After two seconds of a query it would, even where nobody looks at a terminal."""
    shown = magazzino_piccolo.execute("select current_setting('enable_progress_bar')").fetchone()
    assert shown == (False,)
