"""Names without case, and names near those of the contract."""

from pathlib import Path

import pytest

from pipelines.landing.names import near_extract, near_office, near_plan_or_extract
from pipelines.landing.zone import (
    declared_fingerprint,
    list_deliveries,
    list_partitions,
    list_strangers,
    plans_in,
    sidecar_of,
)
from pipelines.partizione import Partizione

MS = Partizione("MS", 2020)


def _posa(raw: Path, *nomi: str) -> None:
    for nome in nomi:
        (raw / nome).parent.mkdir(parents=True, exist_ok=True)
        (raw / nome).write_text("x")


def test_names_match_without_case_and_lie_in_the_order_of_their_bytes(tmp_path: Path) -> None:
    nomi = [
        "Isr/STUDI-1.CSV",
        "isr/Studi.Csv.GZ",
        "isr/studi.csv",
        "isr/studi.csv.OK",
        "Allegato.TXT",
    ]
    _posa(tmp_path / "ms/2020", *nomi, "isr/STUDI.CSV.Sha256", "altro.txt")
    assert list_partitions(tmp_path) == [MS]
    note, ignote = list_deliveries(tmp_path, MS)
    assert [c.file for c in note["isr/studi"]] == [f"ms/2020/{nome}" for nome in nomi[:3]]
    assert [c.formato for c in note["isr/studi"]] == ["csv", "csv.gz", "csv"]
    assert [u.file for u in ignote] == ["ms/2020/altro.txt"]
    assert plans_in(tmp_path, MS) == [tmp_path / "ms/2020/Allegato.TXT"]
    assert list(list_strangers(tmp_path)) == []


def test_a_sidecar_belongs_to_the_file_of_its_own_name_first(tmp_path: Path) -> None:
    _posa(tmp_path, "a.csv", "A.CSV", "a.csv.sha256", "b.csv", "B.CSV.SHA256")
    assert declared_fingerprint(tmp_path, tmp_path / "a.csv") == "x"
    assert declared_fingerprint(tmp_path, tmp_path / "A.CSV") is None
    assert sidecar_of(tmp_path / "b.csv", ".sha256").name == "B.CSV.SHA256"


def test_two_folders_of_one_chamber_are_told(tmp_path: Path) -> None:
    _posa(tmp_path, "MS/2020/allegato.txt", "ms/2020/allegato.txt")
    (altra,) = list_strangers(tmp_path)
    assert altra.file == "ms/" and "MS" in altra.motivo


@pytest.mark.parametrize(
    "nome",
    [
        "pagamenti 2020.csv",
        "pagamenti_marzo.xlsx",
        "pagamento.csv",
        "pagmenti-2020-03.csv",
        "pagamenti.csv.txt",
        "pagamenti.xls",
        "pagamenti",
        "Copia di Pagamenti.xlsx",
        "PAGAMENTI(1).CSV",
    ],
)
def test_a_name_near_an_extract_is_told(tmp_path: Path, nome: str) -> None:
    _posa(tmp_path / "MS/2020", f"provveditorato/{nome}")
    note, (ignoto,) = list_deliveries(tmp_path, MS)
    assert not note["provveditorato/pagamenti"]
    assert ignoto.somiglia == "provveditorato/pagamenti"
    assert "somiglia a provveditorato/pagamenti" in ignoto.motivo


def test_what_is_near_nothing_is_near_nothing() -> None:
    assert [near_extract(n, "segreteria") for n in ("note.txt", "~$atti.xlsx", "elenco.csv")] == [
        None
    ] * 3
    vicini = [
        near_extract("attivita.csv", "segreteria"),
        near_extract("costi processo.csv", "contabilita"),
    ]
    assert [v.codice for v in vicini if v] == ["cciaa/attivita", "contabilita/costi_processo"]
    uffici = [near_office(n) for n in ("Provveditoratto", "registro imprese", "archivio")]
    assert [u and u.codice for u in uffici] == ["provveditorato", "registro_imprese", None]
    piani = [near_plan_or_extract(n) for n in ("allegato.docx", "alegato.txt", "leggimi.txt")]
    assert [p and p.codice for p in piani] == ["allegato", "allegato", None]
