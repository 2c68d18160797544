"""The views that answer what people ask, over a sound build in which a few rows were changed by hand.

Belongs here: what each of `viste.*` counts, leaves out and puts first. Does not belong here: figures of
indicators (tests/indicatori), the answers on the sample (test_domande.py).
"""

from decimal import Decimal
from statistics import quantiles

import duckdb
import pytest

from pipelines.settings import Luoghi
from tests.warehouse.magazzini import Riga, chiedi

DI_PERSONE = {"ACCESSI", "CONCILIAZIONI_PER_FTE", "FORMAZIONE", "WELFARE"} - {"ACCESSI"}


def ask(base: duckdb.DuckDBPyConnection, query: str) -> list[Riga]:
    return base.execute(query).fetchall()


# --- trend ------------------------------------------------------------------------------------------


def test_a_value_stands_beside_that_of_the_year_before(base: duckdb.DuckDBPyConnection) -> None:
    base.execute(
        "update indicatori.valori set valore = 5 where codice = 'SEDUTE' and esercizio = 2019"
    )
    base.execute(
        "update indicatori.valori set valore = 7 where codice = 'SEDUTE' and esercizio = 2020"
    )
    shown = "camera, esercizio, valore, valore_precedente, differenza"
    assert ask(
        base, f"select {shown} from viste.andamento where codice = 'SEDUTE' order by all"
    ) == [("AA", 2019, 5, None, None), ("AA", 2020, 7, 5, 2), ("BB", 2020, 7, None, None)]
    # a year that is not there is no year before
    base.execute("update indicatori.valori set esercizio = 2017 where esercizio = 2019")
    assert ask(base, "select count(valore_precedente) from viste.andamento") == [(0,)]


def test_the_trend_has_every_value_once_with_the_target_of_its_first_cell(
    base: duckdb.DuckDBPyConnection,
) -> None:
    base.execute(
        "insert into scorecard.indicatori by name select * replace (999 as ordine, 77 as target)"
        " from scorecard.indicatori where codice = 'SEDUTE'"
    )
    rows = ask(base, "select camera, esercizio, codice from viste.andamento order by all")
    assert rows == ask(base, "select camera, esercizio, codice from indicatori.valori order by all")
    assert ask(
        base,
        "select distinct target from viste.andamento where codice = 'SEDUTE' and esercizio = 2020",
    ) == [(2,)]


def test_of_what_counts_people_only_the_result_is_told(base: duckdb.DuckDBPyConnection) -> None:
    assert {codice for (codice,) in ask(base, "from viste.di_persone")} >= DI_PERSONE
    of_people = "codice in (select codice from viste.di_persone)"
    (counted,) = ask(
        base,
        "select count(valore), count(valore_precedente), count(differenza), count(risultato) > 0"
        f" from viste.andamento where {of_people}",
    )
    assert counted == (0, 0, 0, True)
    assert ask(base, f"select 1 from viste.contributi_maggiori where {of_people}") == []
    assert ask(base, f"select 1 from viste.confronto_camere where {of_people}") == []
    assert ask(base, f"select count(valore) > 0 from viste.andamento where not {of_people}") == [
        (True,)
    ]


# --- quarantine -------------------------------------------------------------------------------------


def test_a_row_that_breaks_two_rules_is_one_row_in_all(base: duckdb.DuckDBPyConnection) -> None:
    base.execute("delete from qualita.scarti")
    file = "AA/2020/isr/studi.csv"
    base.executemany(
        "insert into qualita.scarti (camera, esercizio, estratto, _file, _riga, colonna, regola)"
        " values ('AA', 2020, 'isr/studi', ?, ?, ?, ?)",
        [
            (file, 9, "stato", "codice"),
            (file, 4, "stato", "codice"),
            (file, 4, "titolo", "obbligatorio"),
            (file, 4, "titolo", "obbligatorio"),
            (file, 7, None, "numero_campi"),
        ],
    )
    base.execute(f"update qualita.file set righe_lette = 5 where _file = '{file}'")
    base.execute(
        "insert into qualita.file by name select * replace ('b.csv' as _file, 3 as righe_lette)"
        f" from qualita.file where _file = '{file}'"
    )
    assert ask(base, "from viste.quarantena order by regola") == [
        ("AA", 2020, "isr", "isr/studi", "codice", "stato", 2, 3, 8, Decimal("25.00"), file, 4),
        ("AA", 2020, "isr", "isr/studi", "numero_campi", None, 1, 3, 8, Decimal("12.50"), file, 7),
        (
            "AA",
            2020,
            "isr",
            "isr/studi",
            "obbligatorio",
            "titolo",
            1,
            3,
            8,
            Decimal("12.50"),
            file,
            4,
        ),
    ]


# --- the largest rows -------------------------------------------------------------------------------


def test_the_largest_rows_come_first_and_are_twenty(campione: Luoghi) -> None:
    key = "camera = 'MS' and esercizio = 2020 and codice = 'INCIDENZA_CONSIP'"
    rows = chiedi(
        campione, f"select numeratore, _file, _riga from indicatori.contributi where {key}"
    )
    total = sum(row[0] for row in rows)
    expected = sorted(rows, key=lambda row: (-abs(row[0]), row[1], row[2]))[:20]
    found = chiedi(
        campione,
        "select numeratore, _file, _riga, posto, percentuale_numeratore"
        f" from viste.contributi_maggiori where {key} order by posto",
    )
    assert [row[:3] for row in found] == expected
    assert [row[3] for row in found] == list(range(1, 21))
    for numeratore, *_, share in found:
        assert abs(share - numeratore * 100 / total) <= Decimal("0.005")


def test_equal_rows_stand_in_the_order_of_files_and_lines(base: duckdb.DuckDBPyConnection) -> None:
    base.execute(
        "insert into fonti.segreteria_sedute by name select * replace ('A.csv' as _file)"
        " from fonti.segreteria_sedute where camera = 'AA' and esercizio = 2020"
    )
    found = ask(
        base,
        "select _file, _riga from viste.contributi_maggiori where camera = 'AA' and esercizio = 2020"
        " and codice = 'SEDUTE' order by posto",
    )
    assert len(found) == 4 and found == sorted(found)


# --- lateness ---------------------------------------------------------------------------------------


def test_a_late_extract_says_which_cells_wait_for_it(base: duckdb.DuckDBPyConnection) -> None:
    assert ask(base, "from viste.ritardi") == []
    base.execute(
        "update qualita.freschezza set in_ritardo = true, giorni_ritardo = 9"
        " where camera = 'AA' and esercizio = 2020 and estratto = 'segreteria/sedute'"
    )
    shown = "camera, esercizio, ufficio, estratto, giorni_ritardo, celle, peso"
    expected = ask(
        base,
        "select peso from scorecard.celle where camera = 'AA' and esercizio = 2020 and codice = 'SEDUTE'",
    )
    assert ask(base, f"select {shown} from viste.ritardi") == [
        ("AA", 2020, "segreteria", "segreteria/sedute", 9, 1, expected[0][0])
    ]
    base.execute(
        "update qualita.freschezza set in_ritardo = true where camera = 'AA'"
        " and estratto = 'segreteria/personale'"
    )
    (several,) = ask(
        base,
        "select count(*), sum(peso) from scorecard.celle where camera = 'AA' and esercizio = 2020"
        " and list_contains(estratti, 'segreteria/personale')",
    )
    assert several[0] > 1
    assert ask(
        base,
        "select celle, peso from viste.ritardi where estratto = 'segreteria/personale' order by esercizio",
    ) == [(0, 0), several]
    base.execute("delete from scorecard.celle")
    assert ask(base, "select distinct celle, peso from viste.ritardi") == [(0, 0)]


# --- chambers side by side --------------------------------------------------------------------------


def measure(base: duckdb.DuckDBPyConnection, chambers: dict[str, tuple[int, str | None]]) -> None:
    """Each chamber with so many enterprises at the end of 2020, and that many sittings."""
    base.execute("delete from fonti.registro_imprese_consistenza")
    base.execute("delete from indicatori.valori")
    for camera, (imprese, valore) in chambers.items():
        base.execute(
            "insert into fonti.registro_imprese_consistenza by name select ? as camera,"
            " 2020 as esercizio, unnest(['2020-06-30', '2020-12-31', '2020-12-31', '2021-03-31'])::date"
            " as data_riferimento, unnest([1, ?, 1, 999999]) as registrate",
            [camera, imprese - 1],
        )
        base.execute(
            "insert into indicatori.valori by name select ? as camera, 2020 as esercizio,"
            " 'SEDUTE' as codice, ?::decimal(38, 12) as valore",
            [camera, valore],
        )


@pytest.mark.parametrize(
    ("imprese", "classe"),
    [(50000, "piccola"), (50001, "media"), (100000, "media"), (100001, "grande")],
)
def test_the_class_is_that_of_the_last_count_of_the_year(
    base: duckdb.DuckDBPyConnection, imprese: int, classe: str
) -> None:
    measure(base, {"AA": (imprese, "1")})
    assert ask(base, "select camera, al::varchar, imprese, classe from viste.classi") == [
        ("AA", "2020-12-31", imprese, classe)
    ]


def test_a_chamber_is_compared_with_those_of_its_class(base: duckdb.DuckDBPyConnection) -> None:
    values = {"AA": "3", "BB": "10", "CC": "4", "DD": "8", "EE": "5"}
    small = {camera: (1000, valore) for camera, valore in values.items()}
    measure(base, small | {"ZZ": (200000, "900"), "WW": (1000, None)})
    first, middle, third = quantiles(map(int, values.values()), n=4, method="inclusive")
    shown = "camera, camere, primo_quartile, mediana, terzo_quartile, posizione"
    places = {"BB": 1, "DD": 2, "EE": 3, "CC": 4, "AA": 5}
    assert ask(base, f"select {shown} from viste.confronto_camere order by camera") == [
        *((c, 5, first, middle, third, places[c]) for c in values),
        ("ZZ", 1, None, None, None, 1),
    ]
    base.execute("update indicatori.catalogo set direzione = '=<' where codice = 'SEDUTE'")
    assert ask(
        base, "select camera from viste.confronto_camere where posizione = 1 order by all"
    ) == [
        ("AA",),
        ("ZZ",),
    ]


@pytest.mark.parametrize(
    ("valori", "quartili", "mediana"),
    [("3", False, None), ("3 9", False, 6), ("3 5 9", False, 5), ("3 5 7 9", True, 6)],
)
def test_few_chambers_have_no_quartiles(
    base: duckdb.DuckDBPyConnection, valori: str, quartili: bool, mediana: int | None
) -> None:
    values = dict(zip(("AA", "BB", "CC", "DD"), valori.split(), strict=False))
    measure(base, {camera: (1000, valore) for camera, valore in values.items()})
    shown = "distinct camere, primo_quartile is not null, mediana, terzo_quartile is not null"
    assert ask(base, f"select {shown} from viste.confronto_camere") == [
        (len(values), quartili, mediana, quartili)
    ]


def test_an_indicator_is_compared_with_itself_in_its_year(base: duckdb.DuckDBPyConnection) -> None:
    measure(base, {"AA": (1000, "3"), "BB": (1000, "5")})
    for change in ("'DELIBERE' as codice, 9 as valore", "2019 as esercizio, 9 as valore"):
        base.execute(
            f"insert into indicatori.valori by name select * replace ({change})"
            " from indicatori.valori where camera = 'AA' and codice = 'SEDUTE' and esercizio = 2020"
        )
    base.execute(
        "insert into fonti.registro_imprese_consistenza by name select * replace"
        " (2019 as esercizio, '2019-12-31'::date as data_riferimento)"
        " from fonti.registro_imprese_consistenza where camera = 'AA' and data_riferimento = '2020-12-31'"
    )
    shown = "camera, esercizio, codice, camere, mediana, posizione"
    assert ask(base, f"select {shown} from viste.confronto_camere order by all") == [
        ("AA", 2019, "SEDUTE", 1, None, 1),
        ("AA", 2020, "DELIBERE", 1, None, 1),
        ("AA", 2020, "SEDUTE", 2, 4, 2),
        ("BB", 2020, "SEDUTE", 2, 4, 1),
    ]


# --- news -------------------------------------------------------------------------------------------


def test_only_what_is_known_since_this_publication_is_news(base: duckdb.DuckDBPyConnection) -> None:
    files = ask(base, "select count(*) from storico.consegne")
    assert ask(base, "select count(*) from viste.novita where cosa = 'file'") == files
    assert ask(base, "select distinct cosa from viste.novita where cosa <> 'file'") == []
    base.execute("update storico.consegne set noto_dal = noto_dal - interval 1 day")
    base.execute("update storico.valori set noto_dal = noto_dal - interval 1 day")
    base.execute("update storico.controlli set noto_dal = noto_dal - interval 1 day, casi = 0")
    assert ask(base, "from viste.novita") == []
    base.execute(
        "insert into storico.valori by name select s.* replace (x.noto_dal as noto_dal, 99 as valore)"
        " from storico.valori as s cross join storico.esecuzione as x"
        " where s.camera = 'AA' and s.esercizio = 2020 and s.codice = 'SEDUTE'"
    )
    base.execute(
        "insert into storico.controlli by name select c.* replace (x.noto_dal as noto_dal,"
        " case c.controllo when 'volume' then 3 when 'cig_dubbio' then 1 else 0 end as casi)"
        " from storico.controlli as c cross join storico.esecuzione as x"
        " where c.controllo in ('volume', 'cig_dubbio', 'siope_quadra', 'persone_fuori_posto')"
        " and c.camera = 'AA' and c.esercizio = 2020"
    )
    before = "noto_dal < (select noto_dal from storico.esecuzione) and controllo"
    base.execute(f"update storico.controlli set casi = 2 where {before} = 'siope_quadra'")
    for controllo in ("cig_dubbio", "persone_fuori_posto"):  # judged for the first time
        base.execute(f"delete from storico.controlli where {before} = '{controllo}'")
    shown = "camera, esercizio, cosa, soggetto, prima, dopo"
    assert ask(base, f"select {shown} from viste.novita order by cosa, soggetto") == [
        ("AA", 2020, "controllo", "cig_dubbio", None, "1 casi"),
        ("AA", 2020, "controllo", "siope_quadra", "2 casi", "0 casi"),
        ("AA", 2020, "controllo", "volume", "0 casi", "3 casi"),
        ("AA", 2020, "valore", "SEDUTE", "2", "99"),
    ]
