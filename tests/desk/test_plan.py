"""`pira plan`: what was understood of a plan, before any night, and the mapping file that it proposes.

Belongs here: statuses, words, JSON. Does not belong here: how plans are read (tests/plan).
"""

import json
import tomllib
from pathlib import Path

import pytest

from pipelines.cli import main

TESTA = "Missione;Programma;Obiettivo;Indicatore;Algoritmo;Sede;Target 2020"
RIGA = "011 - A;005 - B;1.1 - C;Realizzazione studi;N. attività eseguite;Massa;=>8"


def esegui(capsys: pytest.CaptureFixture[str], *argomenti: str) -> tuple[int, str]:
    stato = main(["plan", *argomenti])
    return stato, capsys.readouterr().out


@pytest.fixture
def piano(tmp_path: Path) -> Path:
    file = tmp_path / "allegato.csv"
    file.write_text(f"{TESTA}\n{RIGA}\n", "utf-8")
    return file


def test_what_was_not_understood_is_shown_last_and_a_mapping_teaches_it(
    piano: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    prima = sorted(piano.parent.iterdir())
    stato, detto = esegui(capsys, str(piano), "--esercizio", "2020")
    assert stato == 1
    assert "formato csv, anno 2020, disposizione tabella (100% delle righe)" in detto
    assert "011/005/1.1 C  [riga 2, cella 3]" in detto
    assert "2020: =>8 -> =>8" in detto
    assert detto.rstrip().splitlines()[-1].startswith("  colonna_sconosciuta: Riga 1: ")
    stato, scritta = esegui(capsys, str(piano), "--scrivi-mappa")
    assert '# "Sede" = "ignora"' in scritta
    assert stato == 1
    nuda = "\n".join(riga.removeprefix("# ") for riga in scritta.splitlines()[2:])
    mappa = piano.with_name("mappa.toml")
    mappa.write_text(nuda.partition("[legami]")[0], "utf-8")
    assert tomllib.loads(mappa.read_text("utf-8"))["colonne"] == {"Sede": "ignora"}
    stato, detto = esegui(capsys, str(piano), "--mappa", str(mappa))
    assert (stato, detto.rstrip().splitlines()[-1]) == (0, "Tutto compreso.")
    assert sorted(piano.parent.iterdir()) == sorted([*prima, mappa])


SCHEDA = """Missione;011 - A
Programma;005 - B
Obiettivo;1.1 - C
Indicatore;Realizzazione studi
Algoritmo;N. attività eseguite
Fonte;Ufficio;Sede;Massa
Traguardo a fine anno;=>8
Target 2021;=>9
Referente: il dirigente
"""


def test_the_unknown_labels_of_a_sheet_are_taught_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    piano, mappa = tmp_path / "allegato.csv", tmp_path / "mappa.toml"
    piano.write_text(SCHEDA, "utf-8")
    stato, scritta = esegui(capsys, str(piano), "--scrivi-mappa")
    ignote = [riga for riga in scritta.splitlines() if riga.endswith("o il ruolo che ha")]
    assert stato == 1
    assert [riga.split('"')[1] for riga in ignote] == ["Sede", "Traguardo a fine anno", "Referente"]
    scelte = "\n".join(riga.removeprefix("# ") for riga in ignote)
    scelte = scelte.replace('fine anno" = "ignora"', 'fine anno" = "target 2020"')
    mappa.write_text(f"[colonne]\n{scelte}\n", "utf-8")
    stato, detto = esegui(capsys, str(piano), "--mappa", str(mappa))
    assert (stato, detto.rstrip().splitlines()[-1]) == (0, "Tutto compreso.")
    assert "2020: =>8 -> =>8" in detto


def test_programs_read_the_same(piano: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, detto = esegui(capsys, str(piano), "--json")
    fatti = json.loads(detto)
    (indicatore,) = fatti["indicatori"]
    assert indicatore["traguardi"] == [
        {
            **{"anno": 2020, "testo": "=>8", "operatore": "=>", "presunto": False, "valore": "8"},
            **{"parte": "", "riga": 2, "cella": "7"},
        }
    ]
    assert indicatore["legame"]["codice"] == "ISR_STUDI"
    assert (fatti["formato"], fatti["disposizione"], fatti["stato"]) == ("csv", "tabella", 1)


def test_a_refused_plan_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "allegato.doc"
    file.write_bytes(b"\xd0\xcf\x11\xe0")
    assert esegui(capsys, str(file)) == (
        1,
        "RIFIUTATO: Il piano è in un formato che non si legge (.doc): salvarlo come docx.\n",
    )


@pytest.mark.parametrize("mappa", [None, "[colonne]\nSede = 'luogo'\n"])
def test_wrong_usage(piano: Path, mappa: str | None, capsys: pytest.CaptureFixture[str]) -> None:
    argomenti = [str(piano.with_name("altro.csv"))]
    if mappa:
        piano.with_name("mappa.toml").write_text(mappa, "utf-8")
        argomenti = [str(piano), "--mappa", str(piano.with_name("mappa.toml"))]
    with pytest.raises(SystemExit) as uscita:
        main(["plan", *argomenti])
    assert uscita.value.code == 2
    detto = capsys.readouterr().err
    assert (
        "mappa.toml alla riga 2: non c'è un ruolo «luogo»." if mappa else "non si può leggere"
    ) in detto
