"""The reference's own reading of CSV, held to the standard library's."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from tests.reference.lettura import FileRifiutato, record_csv


@given(st.text('ab; "\n', max_size=30), st.sampled_from(["\n", "\r\n"]))
def test_records_are_those_of_the_standard_library(testo: str, fine: str) -> None:
    testo = testo.replace("\n", fine)
    attesi = [riga or [""] for riga in csv.reader(io.StringIO(testo, newline=""), delimiter=";")]
    try:
        trovati = [campi for _, campi, *_ in record_csv(testo, ";")]
    except FileRifiutato:
        return  # a quote never closed, which the standard library lets pass
    assert trovati == attesi


@given(st.text('a;"\n', max_size=30))
def test_records_put_together_are_the_text_and_begin_where_they_say(testo: str) -> None:
    letto = ""
    try:
        for linea, _, grezzo, _ in record_csv(testo, ";"):
            assert linea == 1 + letto.count("\n")
            letto += grezzo
    except FileRifiutato:
        assert '"' in testo[len(letto) :]
        return
    assert letto == testo
