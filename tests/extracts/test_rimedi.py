"""Doing what a remedy says works: of every rule a bad row, and the same row as the remedy wants it.

Belongs here: the quarantine rules. Does not belong here: refusals of whole files (test_rifiuti.py).
"""

import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from pipelines.contract.estratti import PER_CODICE
from pipelines.contract.rimedi import RIMEDI, general_remedy, remedy
from pipelines.contract.schema import REGOLE, Tipo
from pipelines.extracts.formats import read_cells
from pipelines.extracts.ingest import judge_alone
from pipelines.landing.zone import Consegna, Letto
from pipelines.partizione import Partizione
from tests.extracts.materiale import Celle, csv, riga_buona

SEDUTE, ATTI, FTE = "segreteria/sedute", "segreteria/atti", "kronos/fte"


def _scarti(codice: str, contenuto: bytes) -> Counter[tuple[str, str | None]]:
    """How many rows of a csv file break each rule, by column."""
    estratto = PER_CODICE[codice]
    frames = judge_alone(
        estratto,
        Partizione("MS", 2020),
        Consegna("prova.csv", Path("prova.csv"), codice, "csv"),
        Letto(contenuto, ""),
        read_cells(estratto, "csv", contenuto),
        b"chiave",
    )
    rows = frames["scarti"].select("regola", "colonna").iter_rows()
    return Counter((regola, colonna) for regola, colonna in rows)


def _righe(codice: str, *cambi: Celle) -> bytes:
    return csv(codice, [riga_buona(codice, n, **c) for n, c in enumerate(cambi)])


def _esempi(rimedio: str) -> list[str]:
    """The values that a remedy gives as examples."""
    return re.split(" o ", re.search(r"ad esempio ([^;]*)$", rimedio)[1])  # type: ignore[index]


TIPI: dict[Tipo, tuple[str, str, str]] = {
    "intero": ("registro_imprese/consistenza", "registrate", "dodici"),
    "decimale": (FTE, "percentuale_tempo", "12.5"),
    "importo": ("contabilita/consuntivo", "importo", "EUR 1234.56"),
    "data": (SEDUTE, "data", "31/02/2020"),
    "data_ora": ("registro_imprese/pratiche", "data_ora_arrivo", "alle 9"),
}


@pytest.mark.parametrize("tipo", TIPI)
def test_a_value_written_as_the_remedy_shows_is_read(tipo: Tipo) -> None:
    codice, colonna, guasto = TIPI[tipo]
    assert _scarti(codice, _righe(codice, {colonna: guasto})) == {("tipo", colonna): 1}
    esempi = _esempi(remedy("tipo", PER_CODICE[codice], colonna))
    for esempio in esempi:
        assert _scarti(codice, _righe(codice, {colonna: esempio})) == {}, esempio
    assert esempi


def test_yes_and_no_are_as_the_remedy_says() -> None:
    codice, colonna = "cciaa/attivita", "programmata"
    assert _scarti(codice, _righe(codice, {colonna: "vero"})) == {("tipo", colonna): 1}
    assert remedy("tipo", PER_CODICE[codice], colonna).endswith("S oppure N")
    assert _scarti(codice, _righe(codice, {colonna: "S"}, {colonna: "N"})) == {}


def test_every_type_has_a_way_to_be_written() -> None:
    assert {*TIPI, "si_no", "testo"} == set(get_args(Tipo))
    assert "formato Testo" in remedy("tipo", PER_CODICE[SEDUTE], "id_seduta")


def test_a_separator_within_quotes_makes_no_field() -> None:
    def seduta(nome: str) -> bytes:
        return f"id_seduta;organo;data;esito\n{nome};GIUNTA;01/03/2020;SVOLTA\n".encode()

    for guasto, detto, curato in (
        ("A;1", "tra virgolette", '"A;1"'),
        ('"A"1', "raddoppiate", '"A""1"'),
    ):
        assert _scarti(SEDUTE, seduta(guasto)) == {("numero_campi", None): 1}
        assert detto in remedy("numero_campi", PER_CODICE[SEDUTE])
        assert _scarti(SEDUTE, seduta(curato)) == {}


def test_a_missing_value_is_filled_in() -> None:
    assert _scarti(SEDUTE, _righe(SEDUTE, {"esito": ""})) == {("obbligatorio", "esito"): 1}
    assert "compilare la colonna esito" in remedy("obbligatorio", PER_CODICE[SEDUTE], "esito")
    assert _scarti(SEDUTE, _righe(SEDUTE, {"esito": "SVOLTA"})) == {}


def test_every_value_that_the_remedy_lists_is_allowed() -> None:
    assert _scarti(SEDUTE, _righe(SEDUTE, {"organo": "giunta com."})) == {("codice", "organo"): 1}
    ammessi = remedy("codice", PER_CODICE[SEDUTE], "organo").rpartition(": ")[2].split(", ")
    assert set(ammessi) == {"GIUNTA", "CONSIGLIO"}
    assert _scarti(SEDUTE, _righe(SEDUTE, *({"organo": uno} for uno in ammessi))) == {}


def test_a_number_within_the_bounds_of_the_remedy_is_allowed() -> None:
    assert _scarti(FTE, _righe(FTE, {"mesi_servizio": "13"})) == {
        ("intervallo", "mesi_servizio"): 1
    }
    said = remedy("intervallo", PER_CODICE[FTE], "mesi_servizio")
    assert said.endswith("deve essere: da 0; fino a 12")
    assert _scarti(FTE, _righe(FTE, {"mesi_servizio": "0"}, {"mesi_servizio": "12"})) == {}


def test_a_row_that_keeps_the_rule_of_the_remedy_is_allowed() -> None:
    codice, cambi = "isr/studi", {"stato": "PUBBLICATO", "data_pubblicazione": ""}
    assert _scarti(codice, _righe(codice, cambi)) == {("regola_riga", "data_pubblicazione"): 1}
    said = remedy("regola_riga", PER_CODICE[codice], "data_pubblicazione")
    assert "stato PUBBLICATO richiede data_pubblicazione" in said
    curata = cambi | {"data_pubblicazione": "01/03/2020"}
    assert _scarti(codice, _righe(codice, curata)) == {}


CHIAVE = "organo, tipo_atto, numero, data"


def test_rows_with_a_key_of_their_own_or_alone_are_allowed() -> None:
    uguali: tuple[Celle, Celle] = ({"numero": "7", "data": "01/03/2020"},) * 2
    assert _scarti(ATTI, _righe(ATTI, *uguali)) == {("duplicato", CHIAVE): 1}
    diverse = (uguali[0], uguali[1] | {"oggetto": "Altro"})
    assert _scarti(ATTI, _righe(ATTI, *diverse)) == {("chiave_in_conflitto", CHIAVE): 2}
    for regola in ("duplicato", "chiave_in_conflitto"):
        assert "(organo, tipo_atto, numero, anno di data)" in remedy(
            regola, PER_CODICE[ATTI], CHIAVE
        )
    assert _scarti(ATTI, _righe(ATTI, uguali[0])) == {}
    assert _scarti(ATTI, _righe(ATTI, diverse[0], diverse[1] | {"numero": "8"})) == {}


def test_a_person_whose_time_is_at_most_a_hundred_is_allowed() -> None:
    def tempi(*quote: str) -> bytes:
        return _righe(
            FTE,
            *(
                {"matricola": "M1", "codice_processo": f"C{n}", "percentuale_tempo": quota}
                for n, quota in enumerate(quote)
            ),
        )

    assert _scarti(FTE, tempi("60", "50")) == {("somma_percentuali", "percentuale_tempo"): 2}
    said = remedy("somma_percentuali", PER_CODICE[FTE], "percentuale_tempo")
    assert "la somma di percentuale_tempo per matricola non supera 100" in said
    assert _scarti(FTE, tempi("60", "40")) == {}


def test_a_total_is_taken_away_or_called_otherwise() -> None:
    codice, colonna = "registro_imprese/consistenza", "forma_giuridica"
    dati: tuple[Celle, ...] = ({}, {colonna: "Totale generale"})
    assert _scarti(codice, _righe(codice, *dati)) == {("riga_di_totale", colonna): 1}
    said = remedy("riga_di_totale", PER_CODICE[codice], colonna)
    assert said.startswith("togliere la riga") and "forma_giuridica senza la parola" in said
    assert _scarti(codice, _righe(codice, dati[0])) == {}
    assert _scarti(codice, _righe(codice, dati[0], {colonna: "Generale"})) == {}


def test_every_rule_has_a_remedy_of_which_nothing_is_left_blank() -> None:
    assert tuple(RIMEDI) == REGOLE
    for regola in REGOLE:
        for estratto in PER_CODICE.values():
            said = [general_remedy(regola), remedy(regola, estratto)]
            assert all("{" not in text and "  " not in text for text in said), said
