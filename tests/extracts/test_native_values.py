"""Cells of workbooks and of Parquet that are numbers and dates already, and the stored types."""

import io
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest

from pipelines.contract.estratti import PER_CODICE
from tests.extracts.materiale import csv, percorso, riga_buona, xlsx
from tests.extracts.sistema import Ingerisci
from tests.reference.lettura import ESTRATTI, Lettura, leggi

PAGAMENTI = "provveditorato/pagamenti"
PRATICHE = "registro_imprese/pratiche"
FTE = "kronos/fte"
TIPO = "tipo"


@dataclass(frozen=True)
class Cella:
    """A native cell in a good row: `valore` is what is stored, or `regola` what it breaks."""

    codice: str
    colonna: str
    scritta: object
    valore: object = None
    regola: str | None = None
    solo: str | None = None
    """The only format in which it is so, where a sheet says less or more than Parquet."""

    def __str__(self) -> str:
        return f"{self.codice} {self.colonna}={self.scritta!r} -> {self.regola or self.valore!r}"


CELLE = [
    # Numbers in a text column become plain text
    Cella(PAGAMENTI, "fornitore", 2101, "2101"),
    Cella(PAGAMENTI, "fornitore", 1.1, "1.1"),
    Cella(PAGAMENTI, "fornitore", 2101.0, "2101"),
    Cella(PAGAMENTI, "fornitore", -5, "-5"),
    Cella(PAGAMENTI, "fornitore", 0.1 + 0.2, "0.3"),
    Cella(PAGAMENTI, "fornitore", 1e14, "100000000000000"),
    Cella(PAGAMENTI, "fornitore", 0.00001, "0.00001"),
    Cella(PAGAMENTI, "codice_siope", 2101, "2101"),
    Cella(PAGAMENTI, "codice_siope", 101, None, "intervallo"),
    Cella(PAGAMENTI, "codice_siope", 2101.5, None, TIPO, "xlsx"),
    Cella(PAGAMENTI, "codice_siope", 2101.5, None, "intervallo", "parquet"),
    Cella(PAGAMENTI, "cig", 1234567890, "1234567890"),
    Cella(PAGAMENTI, "cig", 123456789, None, "regola_riga"),
    Cella("contabilita/consuntivo", "obiettivo", 1.1, None, TIPO, "xlsx"),
    Cella("contabilita/consuntivo", "obiettivo", 1.1, "1.1", None, "parquet"),
    Cella("contabilita/consuntivo", "obiettivo", date(2020, 1, 1), None, TIPO, "xlsx"),
    Cella(PAGAMENTI, "fornitore", datetime(2020, 1, 1, 8), None, TIPO, "xlsx"),
    Cella("contabilita/consuntivo", "missione", 11, "11"),
    Cella("contabilita/consuntivo", "missione", "011", "011"),
    # Whole numbers
    Cella(PAGAMENTI, "riga", 5, 5),
    Cella(PAGAMENTI, "riga", 5.0, 5),
    Cella(PAGAMENTI, "riga", 5.5, None, TIPO),
    Cella(PAGAMENTI, "riga", 1.234, None, TIPO),
    Cella(PAGAMENTI, "riga", "1.234", 1234),
    Cella(PAGAMENTI, "riga", "5.5", None, TIPO),
    Cella(PAGAMENTI, "riga", None, 1),
    Cella(PRATICHE, "giorni_sospensione", -1, None, "intervallo"),
    # Decimals and amounts: a native point is a decimal point, a written one is not
    Cella(FTE, "percentuale_tempo", 33.3, Decimal("33.3")),
    Cella(FTE, "percentuale_tempo", 0.1 + 0.2, Decimal("0.3")),
    Cella(FTE, "percentuale_tempo", 12, Decimal(12)),
    Cella(FTE, "percentuale_tempo", 12.123456, Decimal("12.123456")),
    Cella(FTE, "percentuale_tempo", 12.1234567, None, TIPO),
    Cella(FTE, "percentuale_tempo", 100 / 3, None, TIPO),
    Cella(FTE, "percentuale_tempo", 100.5, None, "intervallo"),
    Cella(FTE, "percentuale_tempo", "33.3", None, TIPO),
    Cella(FTE, "percentuale_tempo", "33,3", Decimal("33.3")),
    Cella(PAGAMENTI, "imponibile", 12.34, Decimal("12.34")),
    Cella(PAGAMENTI, "imponibile", 1.005, None, TIPO),
    Cella(PAGAMENTI, "imponibile", 12.345, None, TIPO),
    Cella(PAGAMENTI, "imponibile", 1234567890.12, Decimal("1234567890.12")),
    Cella(PAGAMENTI, "imponibile", 1.1 + 2.2, Decimal("3.3")),
    Cella(PAGAMENTI, "imponibile", -5, Decimal(-5)),
    Cella(PAGAMENTI, "imponibile", "€ 1.234,56", Decimal("1234.56")),
    Cella(PAGAMENTI, "imponibile", "1234.56", None, TIPO),
    # Dates
    Cella(PAGAMENTI, "data_pagamento", date(2020, 12, 31), date(2020, 12, 31)),
    Cella(PAGAMENTI, "data_pagamento", "31/12/2020", date(2020, 12, 31)),
    Cella(PAGAMENTI, "data_pagamento", "1/2/2020", None, TIPO),
    Cella(PAGAMENTI, "data_pagamento", 44196, date(2020, 12, 31), None, "xlsx"),
    Cella(PAGAMENTI, "data_pagamento", 44196, None, TIPO, "parquet"),
    Cella(PAGAMENTI, "data_pagamento", 20000, date(1954, 10, 3), None, "xlsx"),
    Cella(PAGAMENTI, "data_pagamento", 80000, date(2119, 1, 11), None, "xlsx"),
    Cella(PAGAMENTI, "data_pagamento", 19999, None, TIPO),
    Cella(PAGAMENTI, "data_pagamento", 80001, None, TIPO),
    Cella(PAGAMENTI, "data_pagamento", 44196.5, None, TIPO),
    Cella(PAGAMENTI, "data_pagamento", 20201231, None, TIPO),
    Cella(
        PAGAMENTI, "data_pagamento", datetime(2020, 5, 4, 18, 30), date(2020, 5, 4), None, "xlsx"
    ),
    Cella(
        PRATICHE, "data_ora_arrivo", datetime(2020, 2, 1, 14, 5, 9), datetime(2020, 2, 1, 14, 5, 9)
    ),
    Cella(
        PRATICHE,
        "data_ora_arrivo",
        datetime(2020, 2, 1, 23, 59, 59),
        datetime(2020, 2, 1, 23, 59, 59),
    ),
    Cella(PRATICHE, "data_ora_arrivo", date(2020, 2, 1), datetime(2020, 2, 1)),
    Cella(PRATICHE, "data_ora_arrivo", "2020-02-01T14:05", datetime(2020, 2, 1, 14, 5)),
    Cella(PRATICHE, "data_ora_arrivo", 43862.5, datetime(2020, 2, 1, 12), None, "xlsx"),
    Cella(PRATICHE, "data_ora_arrivo", 43862.5, None, TIPO, "parquet"),
    Cella(
        PRATICHE,
        "data_ora_arrivo",
        datetime(2020, 2, 1, 9, 8, 7, 250_000),
        datetime(2020, 2, 1, 9, 8, 7, 250_000),
    ),
    # Words
    Cella("cciaa/attivita", "programmata", "si", True),
    Cella("cciaa/attivita", "programmata", 1, None, TIPO),
    Cella("cciaa/attivita", "stato", " in corso ", "IN_CORSO"),
    Cella("cciaa/attivita", "stato", 1, None, "codice"),
    Cella("cciaa/attivita", "titolo", "=1+1", "=1+1"),
    Cella("cciaa/attivita", "titolo", "  ", None, "obbligatorio"),
]


def _celle(codice: str, formato: str) -> list[Cella]:
    return [c for c in CELLE if c.codice == codice and c.solo in (None, formato)]


def _righe(codice: str, formato: str) -> list[dict[str, object]]:
    celle = _celle(codice, formato)
    return [{**riga_buona(codice, n), c.colonna: c.scritta} for n, c in enumerate(celle)]


def _foglio(codice: str) -> dict[str, bytes]:
    """One workbook with a row for every cell of the extract."""
    righe = _righe(codice, "xlsx")
    return {
        percorso(codice, estensione="xlsx"): xlsx(
            [list(righe[0]), *(list(r.values()) for r in righe)]
        )
    }


def _fogli_parquet(codice: str) -> dict[str, bytes]:
    """One Parquet part of one row for every cell, so that each has a column of its own type."""
    parti = {}
    for n, riga in enumerate(_righe(codice, "parquet")):
        memoria = io.BytesIO()
        pl.DataFrame({nome: [valore] for nome, valore in riga.items()}).write_parquet(memoria)
        parti[percorso(codice, f"{n:03}", "parquet")] = memoria.getvalue()
    return parti


def _verifica(celle: list[Cella], lettura: Lettura, posti: list[tuple[str, int]]) -> None:
    for cella, posto in zip(celle, posti, strict=True):
        rotte = {(s.colonna, s.regola) for s in lettura.scarti if (s.file, s.riga) == posto}
        assert rotte == ({(cella.colonna, cella.regola)} if cella.regola else set()), str(cella)
        if not cella.regola:
            valore = lettura.righe[posto][cella.colonna]
            assert (valore, type(valore)) == (cella.valore, type(cella.valore)), str(cella)


@pytest.mark.parametrize("codice", sorted({c.codice for c in CELLE}))
def test_cells_of_a_workbook_are_taken_as_they_are(codice: str, ingerisci: Ingerisci) -> None:
    parti, celle = _foglio(codice), _celle(codice, "xlsx")
    (file,) = parti
    posti = [(file, 2 + n) for n in range(len(celle))]
    _verifica(celle, leggi(codice, parti), posti)
    _verifica(celle, ingerisci(codice, parti).lettura, posti)


@pytest.mark.parametrize("codice", sorted({c.codice for c in CELLE}))
def test_values_of_parquet_are_taken_as_they_are(codice: str, ingerisci: Ingerisci) -> None:
    parti, celle = _fogli_parquet(codice), _celle(codice, "parquet")
    posti = [(file, 1) for file in parti]
    _verifica(celle, leggi(codice, parti), posti)
    _verifica(celle, ingerisci(codice, parti).lettura, posti)


def test_parquet_decimals_and_small_integers_are_numbers(ingerisci: Ingerisci) -> None:
    colonne = {nome: [valore] for nome, valore in riga_buona(PAGAMENTI, 0).items()}
    dati = pl.DataFrame(colonne).with_columns(
        imponibile=pl.lit("12.30").cast(pl.Decimal(20, 4)),
        iva=pl.lit("-0.5").cast(pl.Decimal(10, 1)),
        riga=pl.lit(7, dtype=pl.Int16),
        data_pagamento=pl.lit(date(2020, 12, 31)),
    )
    memoria = io.BytesIO()
    dati.write_parquet(memoria)
    parti = {percorso(PAGAMENTI, estensione="parquet"): memoria.getvalue()}
    for lettura in (leggi(PAGAMENTI, parti), ingerisci(PAGAMENTI, parti).lettura):
        (riga,) = lettura.righe.values()
        assert (riga["imponibile"], riga["iva"]) == (Decimal("12.3"), Decimal("-0.5"))
        assert (riga["riga"], riga["data_pagamento"]) == (7, date(2020, 12, 31))


_TIPI = {
    "testo": pl.String(),
    "codice": pl.String(),
    "intero": pl.Int64(),
    "decimale": pl.Decimal(18, 6),
    "importo": pl.Decimal(18, 2),
    "data": pl.Date(),
    "data_ora": pl.Datetime("us"),
    "si_no": pl.Boolean(),
}


@pytest.mark.parametrize("codice", ESTRATTI)
def test_columns_are_stored_in_the_types_of_the_contract(codice: str, ingerisci: Ingerisci) -> None:
    attesi = {c.nome: _TIPI[c.tipo] for c in ESTRATTI[codice].colonne}
    attesi |= {"camera": pl.String(), "_file": pl.String()}
    for colonna in PER_CODICE[codice].riportate:
        attesi |= zip(colonna.provenienza, (pl.String(), pl.Int64(), pl.String()), strict=True)
    for righe in ([riga_buona(codice, 0)], []):
        ingestito = ingerisci(codice, {percorso(codice): csv(codice, righe)})
        schema = dict(ingestito.righe.schema)
        assert schema.pop("esercizio").is_integer()
        assert schema.pop("_riga").is_integer()
        assert schema == attesi
        partizioni = {(r["camera"], r["esercizio"]) for r in ingestito.righe.to_dicts()}
        assert partizioni <= {("MS", 2020)}
