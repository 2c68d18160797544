"""What the rows of an extract tell against themselves: each signal, and what almost is one.

Belongs here: signals and suspect rows, as they come out of the files of an extract. Does not belong
here: what a check makes of them, and the figure without them (tests/warehouse/test_sospette.py).
"""

from pathlib import Path

import polars as pl
import pytest

from pipelines.extracts.totali import say_total
from tests.extracts.sistema import Ingestito, ingerisci_in

CONSISTENZA, STUDI = "registro_imprese/consistenza", "isr/studi"
FORME = "data_riferimento;forma_giuridica;registrate;attive"
COSTI = "codice_processo;voce;importo"


def ingest(folder: Path, codice: str, header: str, *parts: str) -> Ingestito:
    """An extract of so many parts, each the lines under its header."""
    files = {
        f"MS/2020/{codice}-{n}.csv": f"{header}\n{lines}\n".encode()
        for n, lines in enumerate(parts)
    }
    return ingerisci_in(folder, codice, files)


def signals(found: Ingestito, segnale: str) -> list[tuple[str, int, int, str]]:
    """Part, cases, first line and example of each."""
    rows = found.segnali.filter(pl.col("segnale") == segnale)
    return [
        (file.rpartition("-")[2], casi, riga, esempio)
        for file, casi, riga, esempio in rows.select(
            "_file", "casi", "_riga", "esempio"
        ).iter_rows()
    ]


def suspects(found: Ingestito, segnale: str) -> list[tuple[str, int]]:
    rows = found.sospette.filter(pl.col("segnale") == segnale).select("_file", "_riga")
    return sorted((file.rpartition("-")[2], riga) for file, riga in rows.iter_rows())


# --- totals -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "TOTALE", "totali", "Totale generale", "tot.", "TOTALE:", "subtotale", "Sub-totale", "complessivo",
        "somma", "** TOTALE **", "Totale al 31/12/2020", "T O T A L E", "Importo complessivo",
        "CONSORZIO Totale", "Totale CONSORZIO", "Grand Total",
    ],
)  # fmt: skip
def test_a_text_says_total(text: str) -> None:
    assert say_total(pl.Series([text, "CONSORZIO", None])) == [text]


@pytest.mark.parametrize(
    "text",
    [
        "Rapporto sul totale",
        "TOTANI SRL",
        "Totale Energie SpA",
        "Sommario",
        "2020",
        "generale",
        "di",
        "-",
    ],
)
def test_a_text_with_the_word_in_it_says_none(text: str) -> None:
    assert say_total(pl.Series([text, "CONSORZIO"])) == []


def test_a_row_that_says_total_is_in_quarantine_whatever_else_it_holds(tmp_path: Path) -> None:
    lines = "31/12/2020;CONSORZIO;5;4\n31/12/2020;Totale;5;4\nTOTALE;;5;x\nTOTALE;5"
    found = ingest(tmp_path, CONSISTENZA, FORME, lines)
    assert [(s.riga, s.colonna, s.regola) for s in sorted(found.lettura.scarti, key=lambda s: s.riga)] == [
        (3, "forma_giuridica", "riga_di_totale"),
        (4, "data_riferimento", "riga_di_totale"),
        (5, None, "numero_campi"),
    ]  # fmt: skip
    assert found.righe["_riga"].to_list() == [2]


def test_in_an_extract_without_a_key_any_text_may_say_total(tmp_path: Path) -> None:
    found = ingest(tmp_path, "contabilita/costi_processo", COSTI, "A1;TOTALE;5\nA1;COSTO_DIRETTO;5")
    assert [(s.riga, s.colonna, s.regola) for s in found.lettura.scarti] == [
        (2, "voce", "riga_di_totale")
    ]


def test_the_word_in_a_column_that_is_no_key_is_a_title(tmp_path: Path) -> None:
    header = "id_studio;titolo;tipologia;data_pubblicazione;stato"
    found = ingest(tmp_path, STUDI, header, "S1;Totale;;;IN_CORSO")
    assert not found.lettura.scarti


def test_a_row_that_is_the_sum_of_its_date_is_suspect(tmp_path: Path) -> None:
    lines = (
        "31/12/2020;A;10;4\n31/12/2020;B;20;5\n31/12/2020;TUTTE;30;9\n"
        "30/09/2020;A;10;4\n30/09/2020;B;20;5\n30/09/2020;C;30;8"  # one firm less: no total
    )
    found = ingest(tmp_path, CONSISTENZA, FORME, lines)
    assert not found.lettura.scarti
    assert suspects(found, "righe_di_totale") == [("0.csv", 4)]
    ((_, casi, riga, esempio),) = signals(found, "righe_di_totale")
    assert (casi, riga) == (1, 4)
    assert esempio == (
        "registrate 30,00 e attive 9,00 = somma delle altre 2 righe con uguale data_riferimento"
    )


def test_a_total_of_subtotals_is_found_beside_them(tmp_path: Path) -> None:
    costs = (
        "A;COSTO_DIRETTO;1,01\nA;COSTO_DIRETTO;2,02\nA;COSTO_DIRETTO;3,03\n"
        "B;COSTO_DIRETTO;5,05\nB;COSTO_DIRETTO;1,00\nB;COSTO_DIRETTO;6,05\nC;COSTO_DIRETTO;9,08"
    )
    found = ingest(tmp_path, "contabilita/costi_processo", COSTI, costs)
    assert suspects(found, "righe_di_totale") == [("0.csv", 4), ("0.csv", 7), ("0.csv", 8)]


@pytest.mark.parametrize(
    "amounts", [("5", "5"), ("100", "200", "300"), ("5", "0", "5"), ("0", "0", "0")]
)
def test_few_or_round_or_empty_amounts_are_no_total(
    amounts: tuple[str, ...], tmp_path: Path
) -> None:
    lines = "\n".join(f"A;COSTO_DIRETTO;{amount}" for amount in amounts)
    found = ingest(tmp_path, "contabilita/costi_processo", COSTI, lines)
    assert signals(found, "righe_di_totale") == []


# --- keys alike -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("STU-1", "stu-1"),
        ("STU-1", "STU 001"),
        ("STU-1", "STU1"),
        ("2020/1", "2020/01"),
        ("2020/1", "2020-1"),
        ("011", "11"),
        ("CITTÀ", "CITTA'"),
        ("FORMA GIURIDICÀ", "FORMA GIURIDICÃ€"),
        ("SOCIETÀ A", "SOCIET? A"),
        ("SOCIETA A", "SOCIET\ufffd A"),
    ],
)
def test_two_keys_are_alike(one: str, other: str, tmp_path: Path) -> None:
    for n, (first, second) in enumerate([(one, other), (other, one)]):
        lines = f"31/12/2020;{first};5;4\n31/12/2020;{second};6;5"
        found = ingest(tmp_path / str(n), CONSISTENZA, FORME, lines)
        ((_, casi, riga, esempio),) = signals(found, "chiavi_somiglianti")
        assert casi == 1 and one in esempio and other in esempio
        assert suspects(found, "chiavi_somiglianti") == [("0.csv", riga)]


@pytest.mark.parametrize(
    ("one", "other"),
    [("STU-1", "STU-11"), ("1.1", "11"), ("1.1", "1.10"), ("2020/1", "2020/10"), ("10", "1"), ("A", "À B"),
     ("PERÒ", "PERÙ X"), ("-", "--")],
)  # fmt: skip
def test_two_keys_are_not_alike(one: str, other: str, tmp_path: Path) -> None:
    lines = f"31/12/2020;{one};5;4\n31/12/2020;{other};6;5"
    assert signals(ingest(tmp_path, CONSISTENZA, FORME, lines), "chiavi_somiglianti") == []


def test_what_is_alike_on_another_date_is_another_key(tmp_path: Path) -> None:
    lines = "31/12/2020;CITTÀ;5;4\n30/09/2020;CITTA';6;5"
    assert signals(ingest(tmp_path, CONSISTENZA, FORME, lines), "chiavi_somiglianti") == []


def test_a_person_under_two_numbers_is_found_across_parts_and_never_quoted(tmp_path: Path) -> None:
    header = "matricola;contratto;data_inizio;data_fine"
    parts = "M01013;TI;01/01/2010;\nM7;TI;01/01/2010;", "M1013;TI;01/02/2011;\nM7;TI;01/03/2015;"
    found = ingest(tmp_path, "segreteria/personale", header, *parts)
    assert signals(found, "chiavi_somiglianti") == [("1.csv", 1, 2, "«***» e «***»")]
    assert not any(b"1013" in written for written in found.scritto)


# --- parts that overlap -----------------------------------------------------------------------------


def test_parts_that_share_half_of_their_rows_overlap_by_the_root_of_the_key(tmp_path: Path) -> None:
    first = "\n".join(f"31/12/2020;F{n:03};{n + 9};{n}" for n in range(8))
    again = "\n".join(f"31/12/2020;F{n};{n + 9};{n}" for n in range(4, 12))
    found = ingest(tmp_path, CONSISTENZA, FORME, first, again)
    assert signals(found, "parti_sovrapposte") == [("1.csv", 4, 2, f"MS/2020/{CONSISTENZA}-0.csv")]
    assert suspects(found, "parti_sovrapposte") == [("1.csv", riga) for riga in (2, 3, 4, 5)]


def test_parts_that_share_less_than_half_do_not_overlap(tmp_path: Path) -> None:
    first = "\n".join(f"31/12/2020;F{n};{n + 9};{n}" for n in range(8))
    again = "\n".join(f"31/12/2020;F{n};{n + 9};{n}" for n in range(5, 13))
    assert signals(ingest(tmp_path, CONSISTENZA, FORME, first, again), "parti_sovrapposte") == []


def test_rows_without_a_key_are_shared_as_often_as_both_parts_have_them(tmp_path: Path) -> None:
    first = "A;COSTO_DIRETTO;5,00\nA;COSTO_DIRETTO;5,00\nB;COSTO_DIRETTO;7,01"
    again = "B;COSTO_DIRETTO;7,01\nA;COSTO_DIRETTO;5\nA;COSTO_DIRETTO;5\nA;COSTO_DIRETTO;5"
    found = ingest(tmp_path, "contabilita/costi_processo", COSTI, first, again)
    assert [casi for _, casi, *_ in signals(found, "parti_sovrapposte")] == [3]
    assert suspects(found, "parti_sovrapposte") == [("1.csv", 2), ("1.csv", 3), ("1.csv", 4)]


# --- numbers and dates written two ways ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("numbers", "doubtful"),
    [
        (("1.234", "12.5"), [2]),
        (("12.50", "7", "1.234", "-2.000"), [4, 5]),
        (("1.234", "0.125"), [2]),
        (("1.234", "1,234.56"), [2]),
        (("1.234", "1.234,56"), []),
        (("1.234,56", "12.5"), []),
        (("1.234", "22%"), []),
        (("1234", "12.5"), []),
    ],
)
def test_a_dot_is_thousands_and_decimals_at_once(
    numbers: tuple[str, ...], doubtful: list[int], tmp_path: Path
) -> None:
    lines = "\n".join(f"A;COSTO_DIRETTO;{number}" for number in numbers)
    found = ingest(tmp_path, "contabilita/costi_processo", COSTI, lines)
    assert suspects(found, "numeri_misti") == [("0.csv", riga) for riga in doubtful]
    assert [casi for _, casi, *_ in signals(found, "numeri_misti")] == [len(doubtful)] * bool(
        doubtful
    )


@pytest.mark.parametrize(
    ("days", "doubtful"),
    [
        (("03/04/2020", "03/25/2020"), [2]),
        (("2020-04-03", "2020-25-03"), [2]),
        (("03/04/2020", "25.3.20"), [2]),
        (("2020-04-03", "2020-05-03", "2020-06-03", "25/03/2020", "26/03/2020", "27/03/2020"), [2, 3, 4]),
        (("03/04/2020", "13/04/2020", "03/25/2020"), []),
        (("03/04/2020", "31/02/2020"), []),
        (("03/04/2020", "n.d."), []),
        (("2020-04-03", "2020-05-03", "2020-06-03", "25/03/2020", "26/03/2020", "07/03/2020"), []),
        (("03/04/2020", "05/06/2020"), []),
    ],
)  # fmt: skip
def test_days_and_months_are_swapped(
    days: tuple[str, ...], doubtful: list[int], tmp_path: Path
) -> None:
    lines = "\n".join(f"{n};{day};VERIFICA_PRIMA" for n, day in enumerate(days))
    found = ingest(tmp_path, "metrico/attivita", "id_attivita;data;tipo", lines)
    assert suspects(found, "date_rovesciate") == [("0.csv", riga) for riga in doubtful]


def test_more_than_half_of_the_facts_reach_the_middle_day(tmp_path: Path) -> None:
    days = ("01/01/2020", "09/09/2020", "01/02/2020", "08/08/2020")
    lines = "\n".join(f"{n};{day};VERIFICA_PRIMA" for n, day in enumerate(days))
    found = ingest(tmp_path, "metrico/attivita", "id_attivita;data;tipo", lines)
    assert signals(found, "giorno_di_mezzo") == [("0.csv", 4, 3, "2020-02-01")]
