"""`pira explain`: the passport of a figure, its SQL alone, its rows, an auditor's sample of them.

Belongs here: what the command prints and writes over published outputs, in a process of its own where a
pipe matters. Does not belong here: what is in a passport (warehouse/test_passaporto.py).
"""

import csv
import hashlib
import os
import re
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.settings import ROOT, Luoghi
from tests.warehouse.magazzini import apri, chiedi

MS = ("--camera", "MS", "--esercizio", "2020")


@pytest.fixture
def qui(campione: Luoghi, monkeypatch: pytest.MonkeyPatch) -> Luoghi:
    """The published sample, where the command looks for it; eighty columns."""
    monkeypatch.setenv("PIRA_WAREHOUSE", str(campione.warehouse))
    monkeypatch.setenv("COLUMNS", "80")
    return campione


def _stampa(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    assert main(["explain", *words]) == 0
    return capsys.readouterr().out


def _rifiuta(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    capsys.readouterr()
    with pytest.raises(SystemExit) as ended:
        main(["explain", *words])
    assert ended.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    return printed.err


def test_a_passport_is_printed_whole_on_eighty_columns(
    qui: Luoghi, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = _stampa(capsys, "INCIDENZA_CONSIP", *MS)
    lines = printed.splitlines()
    commands = [line for line in lines if line.startswith("  pira explain")]
    assert max(len(line) for line in lines if line not in commands) <= 80
    said = " ".join(printed.split())
    for what in (
        "INCIDENZA_CONSIP MS 2020: 44,18%",
        "MS/2020/allegato.txt, riga 105 (SHA-256 988d4b52c513...)",
        "Algoritmo Spesa per l'acquisto di beni e servizi",
        "Numeratore 242.509,66 EUR, IVA compresa",
        "Denominatore 548.912,77 EUR, IVA compresa",
        "Righe 418 in 12 file",
        "righe che avrebbero potuto contare: 44. Non si può calcolare: ogni riga di",
        "Versione b8e19d14cdb0; regole",
        "presente, dell'ufficio provveditorato, 418 righe che contano in 12 file, 44 in quarantena",
        "righe_accettate 33 casi in cui non vale: Nessuna riga è in quarantena.",
        "Riga 105 del piano, target =>31%: ● verde",
        "418 righe contano",
        "… e altre 398; tutte con --csv FILE",
        "canale: codice",
        qui.corrente.resolve().name,
        "--sql | duckdb -readonly",
    ):
        assert what in said, what


@pytest.mark.usefixtures("qui")
def test_a_line_of_the_plan_is_asked_for_as_its_code_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert _stampa(capsys, "105", *MS, "--sql") == _stampa(capsys, "INCIDENZA_CONSIP", *MS, "--sql")


def test_a_figure_that_no_plan_asks_for_has_its_rows_and_its_sql(
    qui: Luoghi, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ("ISR_STUDI", "--camera", "MS", "--esercizio", "2018")
    printed = _stampa(capsys, *asked)
    assert "Valore 7 (DEFINITIVO)" in printed and "7 righe contano" in printed
    assert "Nessuna riga del piano in vigore la chiede." in printed
    with apri(qui) as connection:
        found = connection.execute(_stampa(capsys, *asked, "--sql")).fetchall()
    assert found == [(7, None, 7, "DEFINITIVO")]


def test_only_the_statement_is_printed_and_it_gives_every_figure_again(
    qui: Luoghi, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = chiedi(
        qui,
        "select codice, numeratore, denominatore, valore, risultato, stato from scorecard.indicatori"
        " where camera = 'MS' and esercizio = 2020",
    )
    assert len(figures) == 16
    with apri(qui) as connection:
        for codice, *figure in figures:
            statement = _stampa(capsys, codice, *MS, "--sql")
            assert connection.execute(statement).fetchall() == [tuple(figure)], codice


@pytest.mark.usefixtures("qui")
def test_all_the_rows_are_written_and_make_the_figure(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "righe.csv"
    assert _stampa(capsys, "INCIDENZA_CONSIP", *MS, "--csv", str(path)) == ""
    content = path.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert _stampa(capsys, "INCIDENZA_CONSIP", *MS, "--csv", "-") == content.decode("utf-8-sig")
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines(), delimiter=";"))
    assert len(rows) == 418
    total = sum(Decimal(row["numeratore"].replace(",", ".")) for row in rows)
    assert total == Decimal("242509.66")
    assert {len(row["sha256"]) for row in rows} == {64}
    (first,) = [row for row in rows if row["_file"].endswith("-05.csv") and row["_riga"] == "10"]
    assert first["numeratore"] == "2721,470000000000"


@pytest.mark.parametrize("codice", ["WELFARE", "FORMAZIONE", "CONCILIAZIONI_PER_FTE"])
def test_no_column_of_a_person_is_written(
    qui: Luoghi, capsys: pytest.CaptureFixture[str], codice: str
) -> None:
    head, *rows = _stampa(capsys, codice, *MS, "--csv", "-").splitlines()
    assert head == "codice;estratto;_file;_riga;sha256;numeratore;denominatore"
    names = chiedi(qui, "select distinct matricola from fonti.segreteria_personale")
    printed = "\n".join(rows) + _stampa(capsys, codice, *MS)
    assert names and [name for (name,) in names if name in printed] == []


def test_a_sample_is_drawn_by_a_seed_so_that_anybody_can_draw_it_again(
    qui: Luoghi, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    asked = ("INCIDENZA_CONSIP", *MS, "--campione", "25")
    rows = chiedi(
        qui,
        "select _file, _riga from indicatori.contributi where camera = 'MS' and esercizio = 2020"
        " and codice = 'INCIDENZA_CONSIP'",
    )
    drawn = sorted(rows, key=lambda r: hashlib.sha256(f"7|{r[0]}|{r[1]}".encode()).hexdigest())[:25]
    path = tmp_path / "campione.csv"
    assert main(["explain", *asked, "--seme", "7", "--csv", str(path)]) == 0
    assert "25 righe estratte, seme 7" in capsys.readouterr().err
    written = list(csv.DictReader(path.read_text("utf-8-sig").splitlines(), delimiter=";"))
    assert [(row["_file"], int(row["_riga"])) for row in written] == drawn
    printed = _stampa(capsys, *asked, "--seme", "7")
    assert (
        printed == _stampa(capsys, *asked, "--seme", "7") != _stampa(capsys, *asked, "--seme", "8")
    )
    assert "«7|file|riga»" in printed
    # without one, a seed is drawn, and printed
    (seed,) = re.findall("seme ([0-9]+)\n", re.sub(" +\n", "\n", _stampa(capsys, *asked)))
    assert f"«{seed}|file|riga»" in re.sub(r"\s+", " ", _stampa(capsys, *asked, "--seme", seed))


@pytest.mark.usefixtures("qui")
def test_a_sample_larger_than_the_rows_has_them_all(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ("ISR_STUDI", *MS, "--campione", "500", "--seme", "1", "--csv", "-")
    assert len(_stampa(capsys, *asked).splitlines()) == 1 + 8


@pytest.mark.usefixtures("qui")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("INCIDENZA_CONSP", *MS), "i più vicini: INCIDENZA_CONSIP, "),
        (("incidenza_consip", *MS), "i più vicini: INCIDENZA_CONSIP"),
        (("§", *MS), "la pubblicazione non ha § per MS 2020; ha ACCESSI_NEI_TERMINI, "),
        (("1", *MS), "la riga 1 del piano di MS 2020 non è un indicatore"),
        (("DELIBERE", "--camera", "MS", "--esercizio", "2031"), "non ha MS 2031; ha MS 2018, "),
        (("DELIBERE", "--camera", "ZZ", "--esercizio", "2020"), "non ha ZZ 2020; ha MS 2018, "),
        (("DELIBERE", *MS, "--sql", "--csv", "-"), "--csv"),
        (("DELIBERE", *MS, "--sql", "--campione", "3"), "--sql e --campione non stanno insieme"),
        (("DELIBERE", *MS, "--seme", "3"), "--seme vale con --campione"),
        (("DELIBERE", *MS, "--campione", "0"), "non è un numero intero da 1 in su"),
    ],
)
def test_what_cannot_be_answered_is_wrong_usage_and_says_what_there_is(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], said: str
) -> None:
    assert said in _rifiuta(capsys, *words)


def test_without_a_publication_there_is_nothing_to_explain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PIRA_WAREHOUSE", str(tmp_path))
    assert "non ha una pubblicazione: lanciare pira run" in _rifiuta(capsys, "DELIBERE", *MS)


@pytest.mark.usefixtures("qui")
def test_a_file_that_cannot_be_written_is_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "non c'è" / "righe.csv"
    assert main(["explain", "DELIBERE", *MS, "--csv", str(path)]) == 1
    printed = capsys.readouterr()
    assert printed.out == "" and "non si può scrivere" in printed.err


@pytest.mark.usefixtures("qui")
def test_who_stops_reading_gets_no_trace() -> None:
    command = [sys.executable, "-m", "pipelines.cli", "explain", "TEMPO_MEDIO_PRATICHE_RI", *MS]
    for more in (["--righe", "9000"], ["--csv", "-"]):
        with subprocess.Popen(
            [*command, *more],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None and process.stderr is not None
            assert process.stdout.readline()
            process.stdout.close()
            assert process.stderr.read() == b""
        assert process.returncode == 1
