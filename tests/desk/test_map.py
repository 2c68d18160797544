"""`pira map`: what it proposes for a file, what it leaves to decide, and that it writes only when asked."""

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.settings import ROOT
from tests.extracts.materiale import csv, riga_buona, xlsx
from tests.pagina.terminale import PAGINA, drawn

PRATICHE: list[list[object]] = [
    ["Camera di Commercio"],
    ["Elenco pratiche"],
    [],
    ["Prot. n.", "Data arr.", "Ora", "Data chiusura", "Esito pratica", "Canale", "Addetto"],
    ["P1", dt.date(2020, 1, 2), dt.time(8, 15), "03-01-2020 09:00", "Evasa", "telematica", "x"],
    ["P2", dt.date(2020, 1, 2), dt.time(8, 20), "03-01-2020 09:00", "Respinta", "Cartacea", "y"],
    ["Totale 2"],
]
PAGAMENTI = """Mandato;Data;Codice SIOPE;Beneficiario;Netto;IVA;Canale acquisto
1;02.01.2020;2101;Rossi;1,234.50;10.00;Consip
2;03.01.2020;2102;Verdi;12.00;1.00;MEPA
"""

Prova = Callable[..., tuple[int, str]]


@pytest.fixture
def prova(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Prova:
    """Runs a command on a file of that content: the exit status, and what was printed."""

    def chiama(comando: str, file: str, contenuto: bytes, *opzioni: str) -> tuple[int, str]:
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contenuto)
        try:
            stato = main([comando, str(path), *opzioni])
        except SystemExit as ended:
            return int(ended.code or 0), capsys.readouterr().err
        return stato, capsys.readouterr().out

    return chiama


def test_a_workbook_is_understood_and_its_unknown_value_is_left_to_decide(
    prova: Prova, tmp_path: Path
) -> None:
    file = "LU/2020/registro_imprese/pratiche.xlsx"
    stato, detto = prova("map", file, xlsx(PRATICHE))
    assert stato == 1
    for riga in (
        '"Prot. n." = "numero_protocollo"',
        '"Esito pratica" = "esito"',
        '# "Respinta" = ""',
        'data = "GG-MM-AAAA hh:mm"',
        'da = ["Data arr.", "Ora"]',
        "Righe: 3 lette, 1 accettate, 1 in quarantena, 1 lasciate fuori dalla mappa.",
        "Da decidere: esito: non si sa a quale codice corrispondono «Respinta».",
    ):
        assert riga in detto.splitlines()
    assert (
        "riga 5: numero_protocollo=P1; canale=telematica; data_ora_arrivo=02/01/2020 08:15:00"
        in detto
    )
    assert [p.suffix for p in tmp_path.rglob("*") if p.is_file()] == [".xlsx"]


def test_what_is_saved_and_completed_is_what_a_check_reads_by(prova: Prova, tmp_path: Path) -> None:
    file, contenuto = "LU/2020/registro_imprese/pratiche.xlsx", xlsx(PRATICHE)
    _, detto = prova("map", file, contenuto, "--salva")
    mappa = tmp_path / "LU/mappe/registro_imprese/pratiche.toml"
    assert f"Salvata in {mappa}." in detto
    mappa.write_text(mappa.read_text().replace('# "Respinta" = ""', '"Respinta" = "RIFIUTATA"'))
    stato, detto = prova("check", file, contenuto)
    assert (stato, detto.splitlines()[-1]) == (0, "Sarebbe accettato.")
    assert "Con la mappa LU/mappe/registro_imprese/pratiche.toml." in detto
    stato, detto = prova("map", file, contenuto, "--salva")
    assert stato == 2 and "c'è già" in detto


def test_a_column_that_holds_two_is_split_by_who_completes_the_proposal(
    prova: Prova, tmp_path: Path
) -> None:
    file = "LU/2020/provveditorato/pagamenti.csv"
    testa = "Mandato/riga;data_pagamento;codice_siope;imponibile;iva;canale\n"
    corpo = "".join(f"{m};02/01/2020;2101;7,50;0;MEPA\n" for m in ("M1/1", "M1/2", "M2"))
    contenuto = (testa + corpo).encode()
    stato, detto = prova("map", file, contenuto, "--salva")
    proposta = '"Mandato/riga" = "riga"\n'
    assert stato == 1 and proposta in detto
    mappa = tmp_path / "LU/mappe/provveditorato/pagamenti.toml"
    tabelle = "".join(
        f'[divisione.{c}]\nda = "Mandato/riga"\nseparatore = "/"\nparte = {n}\n'
        for n, c in enumerate(("numero_mandato", "riga"), 1)
    )
    mappa.write_text(mappa.read_text() + tabelle)
    stato, detto = prova("check", file, contenuto)
    assert stato == 1 and "[divisione.riga] «da»: riga viene già da una colonna" in detto
    mappa.write_text(mappa.read_text().replace(proposta, ""))
    _, detto = prova("check", file, contenuto)
    for riga in (
        "Con la mappa LU/mappe/provveditorato/pagamenti.toml.",
        "Righe: 3 lette, 2 accettate, 1 in quarantena.",
        "Sarebbe accettato, con 1 riga in quarantena.",
    ):
        assert riga in detto.splitlines()
    assert "In quarantena per tipo, colonna numero_mandato: 1 riga (4), ad esempio «M2»." in detto


def test_a_csv_with_other_marks_and_a_column_that_nobody_can_tell(prova: Prova) -> None:
    opzioni = ("--estratto", "provveditorato/pagamenti")
    stato, detto = prova("map", "export.csv", PAGAMENTI.encode(), *opzioni)
    assert stato == 1
    for riga in (
        '"Mandato" = "numero_mandato"',
        'data = "GG.MM.AAAA"',
        'decimale = "."',
        '"Consip" = "CONVENZIONE_CONSIP"',
    ):
        assert riga in detto.splitlines()
    assert "nessuna colonna del file sembra imponibile" in detto
    assert "«Netto»" in detto
    stato, detto = prova("map", "export.csv", PAGAMENTI.encode(), *opzioni, "--salva")
    assert stato == 2 and "--camera" in detto


def test_a_file_of_the_contract_needs_no_mapping(prova: Prova) -> None:
    sedute = "segreteria/sedute"
    righe = csv(sedute, [riga_buona(sedute, n) for n in range(5)])
    stato, detto = prova("map", f"MS/2020/{sedute}.csv", righe)
    assert stato == 0
    assert "[colonne]" not in detto and "Sarebbe accettato." in detto


def test_a_proposal_for_nothing_is_a_wrong_question(prova: Prova) -> None:
    stato, detto = prova("map", "note.csv", b"a;b\n1;2\n")
    assert stato == 2 and "--estratto" in detto
    stato, detto = prova("map", "note.doc", b"x", "--estratto", "segreteria/sedute")
    assert stato == 2 and "non è csv" in detto


def test_the_walk_of_the_documentation_is_what_happens(
    prova: Prova, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command of docs/mappe.md prints what stands below it; `...` stands for what was seen before."""
    monkeypatch.chdir(tmp_path)
    pagina = PAGINA.read_text("utf-8")
    passi = re.findall(r"```(console|toml)\n(.*?)\n```", pagina, re.DOTALL)
    assert [lingua for lingua, _ in passi] == ["console", "console", "console", "toml", "console"]
    for lingua, testo in passi:
        if lingua == "toml":
            mappa = Path("LU/mappe/registro_imprese/pratiche.toml")
            (riga,) = (r for r in mappa.read_text().splitlines() if '"Respinta"' in r)
            mappa.write_text(mappa.read_text().replace(riga, testo))
            continue
        comando, _, atteso = testo.partition("\n")
        _, nome, file, *opzioni = comando.removeprefix("$ ").split()
        _, detto = prova(nome, file, xlsx(PRATICHE), *opzioni)
        detto = detto.replace(f"{tmp_path}/", "").strip()
        assert (
            detto.endswith(atteso.removeprefix("...")) if atteso[:3] == "..." else detto == atteso
        )


def test_the_pictures_of_the_terminal_are_of_what_is_printed_now() -> None:
    """`python -m tests.pagina mappa-1 mappa-2 mappa-3` draws them anew; none asks the network for a font."""
    cartella = ROOT / "docs" / "pictures"
    fatte = {p.stem: p.read_text("utf-8") for p in cartella.glob("mappa-*.svg")}
    assert fatte == drawn()
    mostrate = re.findall(r"!\[.+\]\(pictures/(mappa-[0-9]+)\.svg\)", PAGINA.read_text("utf-8"))
    assert mostrate == sorted(fatte)
    assert not [n for n, svg in fatte.items() if "url(http" in svg or "@import" in svg]
