"""The plan as tables: schemas, keys, exact values, all the way into DuckDB."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given, settings

from pipelines.plan.frames import SCHEMI, to_frames
from pipelines.plan.read import read_plan
from tests.plan.generatore import FintoPiano, piani, print_piano

ALLEGATO = Path(__file__).parents[2] / "raw/MS/2020/allegato.txt"


@pytest.fixture(scope="module")
def tabelle() -> dict[str, pl.DataFrame]:
    return to_frames(read_plan(ALLEGATO.read_bytes()), "MS", 2020)


def test_one_row_per_fact(tabelle: dict[str, pl.DataFrame]) -> None:
    assert {nome: frame.height for nome, frame in tabelle.items()} == {
        "obiettivi": 8,
        "indicatori": 16,
        "traguardi": 48,
        "confronti": 13,
        "anomalie": 11,
        "righe": 112,
        "legami": 0,
        "lettura": 1,
    }
    for frame in (f for f in tabelle.values() if f.height):
        assert frame.get_column("camera").unique().to_list() == ["MS"]
        assert frame.get_column("esercizio").unique().to_list() == [2020]


@pytest.mark.parametrize("content", [b"", ALLEGATO.read_bytes()])
def test_columns_are_the_same_for_any_plan_and_none_is_a_float(content: bytes) -> None:
    for nome, frame in to_frames(read_plan(content), "MS", 2020).items():
        assert dict(frame.schema) == SCHEMI[nome]
        assert list(frame.columns[:2]) == ["camera", "esercizio"]
        assert not any(tipo.is_float() for tipo in frame.schema.values())


def test_targets_of_an_indicator(tabelle: dict[str, pl.DataFrame]) -> None:
    traguardi = tabelle["traguardi"].filter(
        pl.col("missione") == "032", pl.col("programma") == "003", pl.col("progressivo") == 2
    )
    colonne = ("obiettivo", "anno", "target_testo", "operatore", "operatore_presunto", "target")
    assert list(traguardi.select(colonne).iter_rows()) == [
        ("2.1", anno, "100%", "=>", True, Decimal(100)) for anno in (2020, 2021, 2022)
    ]


def test_a_value_of_a_frame_is_that_of_the_plan_in_duckdb_too(
    tabelle: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    for nome, frame in tabelle.items():
        frame.write_parquet(tmp_path / f"{nome}.parquet")
    with duckdb.connect() as connessione:
        totali = connessione.execute(
            "select sum(risorse_preventivo), sum(peso), any_value(typeof(peso)) from read_parquet(?)",
            [str(tmp_path / "obiettivi.parquet")],
        ).fetchone()
        ultimo = connessione.execute(
            "select ultimo_valore, typeof(ultimo_valore), decimali, percentuale "
            "from read_parquet(?) where riga = 74",
            [str(tmp_path / "indicatori.parquet")],
        ).fetchone()
    assert totali == (Decimal("3861460.11"), Decimal("100.00"), "DECIMAL(9,2)")
    assert ultimo == (Decimal("133.3"), "DECIMAL(18,6)", 1, False)


def test_the_widest_values_pass_and_wider_ones_are_findings() -> None:
    testo = ALLEGATO.read_text(encoding="utf-8")
    largo = testo.replace("\t0,03\t=>0,03\t", "\t999999999999,123456\t=>0,000001\t")
    piano = read_plan(largo.replace("€ 110.915,33", f"€ {'9' * 16},99").encode())
    tabelle = to_frames(piano, "MS", 2020)
    assert not any(a.grave for a in piano.anomalie)
    riga = tabelle["indicatori"].filter(pl.col("riga") == 36)
    assert riga.item(0, "ultimo_valore") == Decimal("999999999999.123456")
    assert riga.item(0, "decimali") == 6
    assert tabelle["obiettivi"].item(0, "risorse_preventivo") == Decimal(f"{'9' * 16}.99")
    for troppo in ("1000000000000", "0,0000001"):
        piano = read_plan(testo.replace("\t0,03\t", f"\t{troppo}\t").encode())
        assert (36, "ultimo_valore_illeggibile") in [(a.riga, a.regola) for a in piano.anomalie]
        riga = to_frames(piano, "MS", 2020)["indicatori"].filter(pl.col("riga") == 36)
        assert riga.item(0, "ultimo_valore") is None
        assert riga.item(0, "ultimo_valore_testo") == troppo


def test_a_value_that_a_column_would_round_is_refused() -> None:
    piano = read_plan(ALLEGATO.read_bytes())
    obiettivo = replace(piano.obiettivi[0], peso=Decimal("6.001"))
    with pytest.raises(ValueError, match=r"6\.001 ha più decimali"):
        to_frames(replace(piano, obiettivi=(obiettivo,)), "MS", 2020)


def test_a_plan_in_the_folder_of_another_year_is_told() -> None:
    anomalie = to_frames(read_plan(ALLEGATO.read_bytes()), "MS", 2021)["anomalie"]
    assert anomalie.filter(pl.col("regola") == "esercizio_diverso").select(
        "esercizio", "riga", "grave"
    ).rows() == [(2021, 15, True)]


@settings(deadline=None, max_examples=20)
@given(piani())
def test_keys_are_unique_and_every_target_has_its_indicator(finto: FintoPiano) -> None:
    tabelle = to_frames(read_plan(print_piano(finto)), "XX", finto.anno)
    obiettivo = ["missione", "programma", "obiettivo"]
    indicatore = [*obiettivo, "progressivo"]
    assert not tabelle["obiettivi"].select(obiettivo).is_duplicated().any()
    assert not tabelle["indicatori"].select(indicatore).is_duplicated().any()
    assert not tabelle["traguardi"].select(*indicatore, "anno").is_duplicated().any()
    for figli, padri, chiave in (
        ("indicatori", "obiettivi", obiettivo),
        ("traguardi", "indicatori", indicatore),
        ("confronti", "indicatori", indicatore),
    ):
        assert tabelle[figli].join(tabelle[padri], on=chiave, how="anti").is_empty()
