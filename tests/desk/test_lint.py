"""`pira lint`: what it prints of a plan, its exit status, and that it writes nothing.

Belongs here: the command over one file. Does not belong here: the rules (tests/plan/test_rilievi.py).
"""

from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.settings import ROOT
from tests.desk.test_cli import Macchina, trees
from tests.plan.test_rilievi import FIRMA, TESTA, riga

SEDUTE = riga(
    nome="Sedute di Giunta e di Consiglio",
    algoritmo="N. sedute di Giunta e Consiglio svolte, dal registro delle riunioni",
)
SANO = TESTA.format(peso="100,00", risorse="1.000,00") + SEDUTE + FIRMA


def _lint(capsys: pytest.CaptureFixture[str], file: Path, *opzioni: str) -> tuple[int, list[str]]:
    try:
        stato = main(["lint", str(file), *opzioni])
    except SystemExit as ended:
        return int(ended.code or 0), capsys.readouterr().err.splitlines()
    return stato, capsys.readouterr().out.splitlines()


def test_a_plan_that_asks_is_let_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "piano dell'anno prossimo.txt"
    file.write_text(SANO, "utf-8")
    stato, righe = _lint(capsys, file)
    assert stato == 0
    assert righe[0] == "piano dell'anno prossimo.txt: piano del 2020, 1 obiettivi, 1 indicatori."
    assert righe[-1] == "Rilievi: 0, di cui gravi 0."


def test_findings_stand_under_their_line_the_grave_ones_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "allegato.txt"
    file.write_text(SANO.replace(SEDUTE, riga("8 =>9 =>9 =>9", nome="\x1b[2JAlberi\x07")), "utf-8")
    stato, righe = _lint(capsys, file, "--esercizio", "2021")
    assert stato == 1
    where = righe.index("Riga 8, «[2JAlberi»")
    assert [r.partition(":")[0] for r in righe[where + 1 : -2]] == [
        "  indicatore_senza_modello (grave)",
        "  traguardo_fermo",
    ]
    assert any("esercizio_diverso (grave): " in riga for riga in righe[:where])
    assert righe[-1] == "Rilievi: 3, di cui gravi 2."


@pytest.mark.parametrize(
    ("contenuto", "stato", "detto"),
    [(b"a\x00b", 1, "non si legge"), (None, 2, "non si trova")],
)
def test_what_cannot_be_read_or_found_is_said(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    contenuto: bytes | None,
    stato: int,
    detto: str,
) -> None:
    file = tmp_path / "allegato.txt"
    if contenuto is not None:
        file.write_bytes(contenuto)
    found, righe = _lint(capsys, file)
    assert found == stato and detto in righe[-1]


def test_nothing_is_written_and_no_zone_is_asked(tmp_path: Path) -> None:
    for name in ("home", "cwd", "tmp", "raw"):
        (tmp_path / name).mkdir()
    machine = Macchina(tmp_path)
    before = trees(machine)
    ended = machine.pira("lint", str(ROOT / "raw/MS/2020/allegato.txt"))
    assert ended.returncode == 1, ended.stderr
    assert "16 su 16" in ended.stdout
    assert trees(machine) == before
    assert not machine.luoghi.warehouse.exists()
