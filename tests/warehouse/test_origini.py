"""Where columns come from: through models on the way, never through what only chooses rows."""

from pipelines.warehouse.models import Modello
from pipelines.warehouse.origini import Colonna, trace_origins

COLONNE = {
    "fonti.righe": {"importo": "decimal(38, 2)", "quota": "decimal(38, 2)", "data": "date"},
    "mezzo.Somme": {"totale": "decimal(38, 2)", "data": "date"},
}


def modello(tabella: str, sql: str) -> Modello:
    schema, nome = tabella.split(".")
    return Modello(schema, nome, sql, "", (), True, {}, frozenset(), {})


def origini(
    sql: str, mezzo: str, ends: tuple[str, ...] = ("fine.cifre",)
) -> dict[str, set[Colonna]]:
    """By column of `fine.cifre`, which is made by a query that reads `mezzo.Somme`."""
    models = (modello("mezzo.Somme", mezzo), modello("fine.cifre", sql))
    found = trace_origins(models, COLONNE, ends)["fine.cifre"]
    return {name: set(columns) for name, columns in found.items()}


SOMME = "select sum(importo * quota) as totale, data from fonti.righe group by data"
CIFRE = """
with tutte as (select * from mezzo.Somme where data > '2020-01-01')
select totale, 1 as uno, case when data is null then 0 end as senza_data from tutte
union all
select 0, 2, null from mezzo.Somme
"""


def test_a_column_is_followed_through_the_models_that_are_read() -> None:
    assert origini(CIFRE, SOMME) == {
        "totale": {("fonti.righe", "importo"), ("fonti.righe", "quota")},
        "uno": set(),
        "senza_data": {("fonti.righe", "data")},
    }


def test_the_way_ends_at_a_table_that_is_shown_itself() -> None:
    found = origini(CIFRE, SOMME, ("fine.cifre", "mezzo.Somme"))
    assert found["totale"] == {("mezzo.Somme", "totale")}


def test_sql_that_cannot_be_followed_ends_the_way_where_it_is() -> None:
    assert origini(CIFRE, "select totale, data from (pivot oltre")["totale"] == {
        ("mezzo.Somme", "totale")
    }
    assert origini("select", SOMME) == {}
