"""`pira check`: what it says of a file, its exit status, and that it writes nothing.

Belongs here: the command over one file. Does not belong here: how files are read (tests/extracts), what
checks find in a whole night (tests/warehouse).
"""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli import main
from pipelines.desk.un_file import DA_UN_FILE
from pipelines.settings import ROOT
from pipelines.warehouse.models import checks, read_models
from tests.desk.test_cli import Macchina, trees
from tests.extracts.materiale import csv, riga_buona, xlsx
from tests.extracts.parquet_antico import int96, parquet_antico

SEDUTE, CONSUNTIVO = "segreteria/sedute", "contabilita/consuntivo"
TESTA = "id_seduta;organo;data;esito\n"
SANE = csv(SEDUTE, [riga_buona(SEDUTE, n) for n in range(8)])

Prova = Callable[..., tuple[int, list[str]]]


@pytest.fixture
def prova(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Prova:
    """Writes a file and checks it: the exit status, and the lines that were printed."""

    def chiama(file: str, contenuto: bytes | str, *opzioni: str) -> tuple[int, list[str]]:
        path = tmp_path / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contenuto.encode() if isinstance(contenuto, str) else contenuto)
        try:
            stato = main(["check", str(path), *opzioni])
        except SystemExit as ended:
            return int(ended.code or 0), capsys.readouterr().err.splitlines()
        return stato, capsys.readouterr().out.splitlines()

    return chiama


def test_a_sound_file_would_be_accepted(prova: Prova) -> None:
    stato, righe = prova("MS/2020/segreteria/sedute-1.csv", SANE)
    assert (stato, righe[-1]) == (0, "Sarebbe accettato.")
    assert "segreteria/sedute" in righe[0] and "dal nome e dalla cartella" in righe[0]
    assert "Letto come csv: UTF-8, separatore «;», intestazione alla riga 1." in righe
    assert "Righe: 8 lette, 8 accettate, 0 in quarantena." in righe


def test_a_file_is_known_by_its_headings_where_its_name_says_nothing(prova: Prova) -> None:
    stato, righe = prova("scaricati/export.csv", SANE)
    assert (stato, righe[-1]) == (0, "Sarebbe accettato.")
    assert "segreteria/sedute" in righe[0] and "4 colonne su 4" in righe[0]
    assert righe[1].startswith("Per consegnarlo: segreteria/sedute.csv")


def test_a_name_that_two_offices_have_is_told_apart_by_the_headings(prova: Prova) -> None:
    codice = "metrico/attivita"
    _, righe = prova("attivita.csv", csv(codice, [riga_buona(codice, 0)]))
    assert codice in righe[0] and "cciaa/attivita" not in righe[0]


def test_the_runner_up_is_named_and_two_alike_are_asked_about(prova: Prova) -> None:
    _, righe = prova("a.csv", "matricola;corso;data;ore;strumento\n1;x;01/01/2020;1;y\n")
    assert "segreteria/formazione" in righe[0] and "segreteria/welfare (3 colonne" in righe[0]
    stato, detto = prova("b.csv", "data\n01/01/2020\n")
    assert stato == 2
    assert "metrico/attivita" in detto[-1] and "welfare" in detto[-1] and "--estratto" in detto[-1]


@pytest.mark.parametrize(
    ("file", "opzioni", "detto"),
    [
        ("manca.csv", (), "non si trova"),
        ("x.csv/y.csv", (), "non si trova"),
        (".", (), "è una cartella"),
        ("x.csv", ("--estratto", "segreteria/sedut"), "forse segreteria/sedute"),
        ("x.csv", ("--estratto", "boh"), "isr/studi"),
        ("x.csv", ("--esercizio", "20"), "non è un anno"),
    ],
)
def test_questions_that_make_no_sense_are_wrong_usage(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    file: str,
    opzioni: tuple[str, ...],
    detto: str,
) -> None:
    (tmp_path / "x.csv").write_bytes(SANE)
    with pytest.raises(SystemExit) as ended:
        main(["check", str(tmp_path / file), *opzioni])
    assert ended.value.code == 2
    assert detto in capsys.readouterr().err


def test_refused_rows_are_told_by_rule_with_an_example_and_what_to_do(prova: Prova) -> None:
    guaste = "A;GIUNTA;31/02/2020;SVOLTA\nB;GIUNTA;32/03/2020;SVOLTA\nC;CDA;01/03/2020;SVOLTA\n"
    stato, righe = prova("segreteria/sedute.csv", SANE + guaste.encode())
    assert (stato, righe[-1]) == (1, "Sarebbe accettato, con 3 righe in quarantena.")
    (tipo,) = [r for r in righe if "per tipo, colonna data" in r]
    assert "2 righe (10, 11), ad esempio «31/02/2020». Che cosa fare: scrivere" in tipo
    (codice,) = [r for r in righe if "per codice, colonna organo" in r]
    assert "1 riga (12), ad esempio «CDA»" in codice and "GIUNTA, CONSIGLIO" in codice


def test_too_many_refused_rows_make_the_extract_incomplete(prova: Prova) -> None:
    stato, righe = prova("segreteria/sedute.csv", TESTA + "1;CDA;x;y\n2;CDA;x;y\n3;CDA;x;y\n")
    assert stato == 1
    assert righe[-1].startswith("L'estratto sarebbe incompleto: 3 righe su 3 rifiutate")


@pytest.mark.parametrize(
    ("file", "contenuto", "verdetto"),
    [
        ("sedute.csv", "id_seduta;organo\u200b;data;esto\n", "[U+200B]"),
        ("sedute.csv", b"", "Sarebbe rifiutato: è vuoto"),
        ("sedute.xlsx", SANE, "Sarebbe rifiutato: è testo (csv)"),
        ("sedute.ods", b"PK", "Sarebbe ignorato: un nome che finisce in «.ods»"),
        ("sedute", SANE, "Sarebbe ignorato: un nome senza estensione"),
        ("note.csv", "a;b\n1;2\n", "Sarebbe ignorato: né il nome né l'intestazione"),
    ],
)
def test_what_would_not_be_read_says_why(
    prova: Prova, file: str, contenuto: bytes | str, verdetto: str
) -> None:
    stato, righe = prova(file, contenuto)
    assert stato == 1
    assert verdetto in righe[-1]


def test_a_workbook_tells_its_sheet_and_the_line_of_its_header(prova: Prova) -> None:
    celle = [["Sedute 2020"], [*TESTA.strip().split(";")], ["A", "GIUNTA", "01/03/2020", "SVOLTA"]]
    stato, righe = prova("segreteria/sedute.xlsx", xlsx(celle))
    assert stato == 0
    assert "Letto come xlsx: foglio «Dati», intestazione alla riga 2." in righe
    assert any("righe di titolo" in r for r in righe)


def test_columns_that_are_not_read_are_named(prova: Prova) -> None:
    testo = "id_studio;titolo;stato;note\n1;a;SOSPESO;x\n"
    stato, righe = prova("isr/studi.csv", testo)
    assert stato == 0
    assert "Colonne facoltative che mancano: tipologia, data_pubblicazione." in righe
    assert "Colonne fuori contratto, non lette: «note»." in righe


def test_no_person_is_printed(prova: Prova) -> None:
    codice = "segreteria/personale"
    righe = [riga_buona(codice, 0, matricola="ROSSI9", contratto="X") for _ in range(2)]
    righe += [riga_buona(codice, n, matricola="VERDI9", data_fine=f"0{n}/01/2011") for n in (1, 2)]
    stato, dette = prova("segreteria/personale.csv", csv(codice, righe))
    assert stato == 1
    assert "«***»" in " ".join(dette)
    assert not any(nome in riga for nome in ("ROSSI9", "VERDI9") for riga in dette)


# --- what was accepted and may be wrong ---------------------------------------------------------------

_IMPORTI: list[list[object]] = [["missione", "programma", "obiettivo", "importo"]]
_IMPORTI += [["011", "005", f"1.{n}", v] for n, v in enumerate([71154, "1.482,22", 52255.1])]
SOSPETTI: dict[str, tuple[str, bytes | str]] = {
    "intestazione_somigliante": (
        "isr/studi.csv",
        "id_studio;titolo;stato;tipologa\n1;a;SOSPESO;x\n",
    ),
    "nome_somigliante": (
        "isr/studi.csv",
        "id_studio;titolo;stato;tipologia;tipologie\n1;a;SOSPESO;x;y\n",
    ),
    "numeri_misti": (f"{CONSUNTIVO}.xlsx", xlsx(_IMPORTI)),
    "date_rovesciate": (
        f"{SEDUTE}.csv",
        TESTA
        + "".join(f"{n};GIUNTA;2020-0{n}-05;SVOLTA\n" for n in range(1, 7))
        + "".join(f"{n};GIUNTA;{n}/03/2020;SVOLTA\n" for n in range(20, 25)),
    ),
    "persone_fuori_posto": (
        "segreteria/welfare.csv",
        "matricola;strumento;data\n"
        + "".join(f"M{n:05d};Asilo nido;01/03/2020\n" for n in range(8))
        + "M00003;M00004;01/03/2020\n",
    ),
    "righe_di_totale": (
        f"{CONSUNTIVO}.csv",
        "missione;programma;obiettivo;importo\n"
        + "".join(f"011;005;1.{n};{v}\n" for n, v in enumerate(("10,5", "20,25", "3,1", "33,85"))),
    ),
    "chiavi_somiglianti": (
        f"{SEDUTE}.csv",
        TESTA + "SED 1;GIUNTA;01/03/2020;SVOLTA\nsed-1;GIUNTA;01/03/2020;SVOLTA\n",
    ),
    "fuori_esercizio": (f"MS/2019/{SEDUTE}.csv", SANE),
}


@pytest.mark.parametrize("controllo", DA_UN_FILE)
def test_what_one_file_tells_against_itself_is_to_be_looked_at(
    prova: Prova, controllo: str
) -> None:
    stato, righe = prova(*SOSPETTI[controllo])
    assert stato == 1
    assert "da guardare" in righe[-1]
    (detto,) = [r for r in righe if r.startswith("Da guardare: ")]
    assert detto.endswith(f"Che cosa fare: {DA_UN_FILE[controllo]}.")


def test_a_file_in_its_own_year_or_in_none_is_not_out_of_it(prova: Prova) -> None:
    assert prova(f"MS/2020/{SEDUTE}.csv", SANE)[0] == 0
    stato, righe = prova(f"{SEDUTE}.csv", SANE)
    assert stato == 0 and any("--esercizio" in riga for riga in righe)
    assert prova(f"{SEDUTE}.csv", SANE, "--esercizio", "2019")[0] == 1


def test_every_check_that_one_file_is_enough_for_is_looked_at() -> None:
    """A check over what was read of one file alone; parts overlap only where there are several."""
    di_un_file = {
        *("qualita.segnali", "qualita.file", "qualita.arrivi", "qualita.senza_sospette"),
        *("qualita.date_dei_file", "regole.soglie", "indicatori.fonti", "indicatori.valori"),
    }
    trovati = {
        c.nome for c in checks(read_models()) if c.in_evidenza and c.modello.dipende <= di_un_file
    }
    assert trovati - {"in_arrivo", "parti_sovrapposte"} == set(DA_UN_FILE)


# --- plans --------------------------------------------------------------------------------------------


def test_a_plan_is_read_as_a_plan(prova: Prova) -> None:
    piano = (ROOT / "raw/MS/2020/allegato.txt").read_bytes()
    stato, righe = prova("MS/2020/allegato.txt", piano)
    assert (stato, righe[-1]) == (0, "Sarebbe accettato.")
    assert "piano del 2020" in righe[0]
    stato, righe = prova("MS/2021/Allegato.txt", piano)
    assert stato == 1
    assert any(r.startswith("Grave: ") and "2021" in r for r in righe)
    stato, righe = prova("allegato.txt", "niente\n")
    assert stato == 1 and "gravi" in righe[-1]
    stato, righe = prova("allegato.txt", b"a\x00b")
    assert stato == 1 and righe[-1].startswith("Sarebbe rifiutato: ")


# --- nothing is written -------------------------------------------------------------------------------


def test_nothing_is_written_anywhere(tmp_path: Path) -> None:
    """Not even a key, nor by the reader apart nor by the database in memory."""
    for name in ("home", "cwd", "tmp", "raw"):
        (tmp_path / name).mkdir()
    codice = "segreteria/personale"
    righe = [riga_buona(codice, n) for n in range(3)]
    colonne = {c: [r[c] for r in righe] for c in ("matricola", "contratto", "data_inizio")}
    date: dict[str, list[Any]] = {"data_inizio": [int96(datetime(2010, 1, 1))] * 3}
    file = tmp_path / "raw" / "personale.parquet"
    file.write_bytes(parquet_antico(colonne | date))
    machine = Macchina(tmp_path)
    before = trees(machine)
    ended = machine.pira("check", str(file), "--esercizio", "2020")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.endswith("Sarebbe accettato.\n")
    assert trees(machine) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cwd", "home", "raw", "tmp"]
