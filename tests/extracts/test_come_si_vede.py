"""Files as people see them: headings that slip, bytes that slip, instants, and what is said of them."""

import io
from datetime import date, datetime
from decimal import Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.contract.estratti import PER_CODICE
from pipelines.extracts.cells import Celle
from pipelines.extracts.delimited import read_text
from pipelines.extracts.native import from_parquet
from pipelines.landing.rifiutato import Rifiutato
from pipelines.testo import letters_apart, quoted
from tests.extracts.materiale import percorso, riga_buona
from tests.extracts.parquet_antico import int96, parquet_antico
from tests.extracts.sistema import Ingerisci
from tests.reference.lettura import leggi

STUDI = "isr/studi"
PERSONALE = "segreteria/personale"
T = "id_studio;titolo;stato"


def _testo(testo: str | bytes, codice: str = STUDI) -> Celle:
    contenuto = testo.encode() if isinstance(testo, str) else testo
    return read_text(contenuto, PER_CODICE[codice])


def _rifiuto(testo: str | bytes, codice: str = STUDI) -> str:
    with pytest.raises(Rifiutato) as rifiuto:
        _testo(testo, codice)
    return str(rifiuto.value)


# --- Headings -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "intestazione, attesi",
    [
        (f"{T};tipologa", {("intestazione_somigliante", "tipologia", "tipologa")}),
        (
            f"{T};Data Publicazione",
            {("intestazione_somigliante", "data_pubblicazione", "Data Publicazione")},
        ),
        (f"{T};tipologia;tipologie", {("nome_somigliante", "tipologia", "tipologie")}),
        (f"{T};tipologia;note", set()),
        (f"{T};tipo", set()),
    ],
)
def test_a_heading_near_a_column_is_not_taken_and_is_told(
    intestazione: str, attesi: set[tuple[str, str, str]]
) -> None:
    celle = _testo(
        f"\nTitolo\n{intestazione}\n1;Uno;SOSPESO{';x' * (intestazione.count(';') - 2)}\n"
    )
    assert {(s.segnale, s.colonna, s.esempio) for s in celle.segnali} == attesi
    assert {s.riga for s in celle.segnali} <= {3}
    assert "tipologa" not in celle.frame.columns


def test_a_missing_column_is_told_with_the_heading_that_is_near_it() -> None:
    motivo = _rifiuto("Elenco\nid_studio;titlo;sta\u200bto x\n")
    assert "«Elenco»" in motivo and "riga 1" in motivo  # the line taken as header
    motivo = _rifiuto("id_studio;titlo;stato\u200b\n")
    assert "titolo (forse «titlo»)" in motivo and "[U+200B]" in motivo


def test_a_line_that_may_be_a_row_of_people_is_not_quoted_whole() -> None:
    motivo = _rifiuto("MS1013;TI;01/01/2010\n", PERSONALE)
    assert "1013" not in motivo and "***" in motivo and "TI" in motivo


# --- Bytes ----------------------------------------------------------------------------------------


def _righe(quante: int, guaste: int, lettera: str = "à") -> bytes:
    righe = [f"{n};Citt{lettera};SOSPESO\n".encode() for n in range(quante)]
    righe[quante // 2 : quante // 2 + guaste] = [b"x;Citt\xe0;SOSPESO\n"] * guaste
    return f"{T}\n".encode() + b"".join(righe)


def test_one_wrong_line_in_a_thousand_is_refused_and_the_rest_is_utf_8(
    ingerisci: Ingerisci,
) -> None:
    parti = {percorso(STUDI): _righe(1001, 1)}
    ingestito = ingerisci(STUDI, parti)
    (scarto,) = ingestito.scarti.to_dicts()
    assert (scarto["colonna"], scarto["regola"], scarto["valore"]) == (
        "titolo",
        "tipo",
        "Citt\\xe0",
    )
    assert set(ingestito.righe["titolo"]) == {"Città"}
    assert ingestito.lettura == leggi(STUDI, parti)
    assert "byte illeggibili" in ingestito.file["motivo"].item()


@pytest.mark.parametrize(
    "contenuto",
    [_righe(998, 1), _righe(2001, 3), _righe(3000, 1, "a")],
    ids=["poche", "tre", "ascii"],
)
def test_more_wrong_lines_or_no_sign_of_utf_8_are_windows_1252(contenuto: bytes) -> None:
    celle = _testo(contenuto)
    assert celle.codifica == "windows-1252"
    assert "Città" in set(celle.frame["titolo"])


@pytest.mark.parametrize(
    "contenuto, detto",
    [
        (b"PK\x03\x04...", ".xlsx"),
        (b"PAR1...", ".parquet"),
        (b"\xff\xfei\x00d", "UTF-16"),
        (b"id\nti\x00tolo", "riga 2"),
        (b"id\nx\n\x81\xe0", "riga 3"),
        (f'{T}\n\n1;"Uno;SOSPESO\n'.encode(), "riga 3"),
        (f'"id"x;{T}\n'.encode(), "riga 1"),
    ],
)
def test_a_refusal_says_where_and_what_to_do(contenuto: bytes, detto: str) -> None:
    assert detto in _rifiuto(contenuto)


# --- Parquet --------------------------------------------------------------------------------------


def test_int96_reaches_its_last_day_and_no_other(ingerisci: Ingerisci) -> None:
    fini = [
        datetime(9999, 12, 31),
        datetime(2262, 4, 12),
        datetime(1, 1, 1),
        datetime(2020, 5, 1, 9),
    ]
    colonne: dict[str, list[bytes | str]] = {
        "matricola": [f"M{n}" for n in range(5)],
        "contratto": ["TI"] * 5,
        "data_inizio": [int96(datetime(1, 1, 1))] * 5,
        "data_fine": [*map(int96, fini), b"\0" * 8 + b"\xff\xff\xff\x7f"],
    }
    ingestito = ingerisci(
        PERSONALE, {percorso(PERSONALE, estensione="parquet"): parquet_antico(colonne)}
    )
    assert ingestito.righe["data_fine"].to_list() == [q.date() for q in fini]
    assert set(ingestito.righe["data_inizio"]) == {date(1, 1, 1)}
    assert {(s.riga, s.colonna, s.regola) for s in ingestito.lettura.scarti} == {
        (5, "data_fine", "tipo")
    }


def _parquet(codice: str, **colonne: pl.Series) -> bytes:
    quante = len(next(iter(colonne.values())))
    righe = pl.DataFrame([riga_buona(codice, n) for n in range(quante)])
    memoria = io.BytesIO()
    righe.with_columns(serie.alias(nome) for nome, serie in colonne.items()).write_parquet(memoria)
    return memoria.getvalue()


def test_instants_of_the_world_are_read_in_rome(ingerisci: Ingerisci) -> None:
    codice = "registro_imprese/pratiche"
    istanti = [datetime(2020, 3, 31, 22), datetime(2020, 12, 31, 23, 30), datetime(2020, 7, 1, 8)]
    serie = pl.Series(istanti, dtype=pl.Datetime("us")).dt.replace_time_zone("UTC")
    parti = {
        percorso(codice, "utc", "parquet"): _parquet(codice, data_ora_arrivo=serie),
        percorso(codice, "ny", "parquet"): _parquet(
            codice,
            data_ora_arrivo=serie.dt.convert_time_zone("America/New_York").dt.cast_time_unit("ms"),
            numero_protocollo=pl.Series(["a", "b", "c"]),
        ),
    }
    lettura = ingerisci(codice, parti).lettura
    a_roma = {datetime(2020, 4, 1), datetime(2021, 1, 1, 0, 30), datetime(2020, 7, 1, 10)}
    assert {r["data_ora_arrivo"] for r in lettura.righe.values()} == a_roma
    assert len(lettura.righe) == 6
    assert lettura.righe == leggi(codice, parti).righe


def test_nan_is_missing_and_a_float32_is_its_shortest_decimal(ingerisci: Ingerisci) -> None:
    codice = "kronos/fte"
    parti = {
        percorso(codice, estensione="parquet"): _parquet(
            codice,
            percentuale_tempo=pl.Series([0.1, 33.3, 1e-5, float("nan")], dtype=pl.Float32),
            mesi_servizio=pl.Series([0.1, 12.0, 7.0, 1.0]),
        )
    }
    sistema, atteso = ingerisci(codice, parti).lettura, leggi(codice, parti)
    tempi = [r["percentuale_tempo"] for r in sistema.righe.values()]
    assert tempi == [Decimal("0.1"), Decimal("33.3"), Decimal("0.00001")]
    assert sistema.scarti == atteso.scarti
    assert {(s.colonna, s.regola) for s in sistema.scarti} == {
        ("percentuale_tempo", "obbligatorio")
    }


def test_a_column_of_another_type_is_refused_by_its_name() -> None:
    contenuto = _parquet(STUDI, titolo=pl.Series([[1, 2]]))
    with pytest.raises(Rifiutato, match=r"«titolo» è di un tipo che non si può leggere \(List"):
        from_parquet(contenuto, PER_CODICE[STUDI])


# --- Words ----------------------------------------------------------------------------------------


def test_a_quotation_shows_what_nobody_sees() -> None:
    assert quoted("a\u200b\u00a0\nb") == "«a[U+200B][U+00A0][U+000A]b»"
    assert len(quoted("x" * 500)) < 100


def test_letters_apart() -> None:
    coppie = [("importo", "importo", 0), ("imprto", "importo", 1), ("imoprto", "importo", 1)]
    coppie += [("importi2", "importo", 2), ("note", "voce", 2), ("", "cig", 3)]
    assert [letters_apart(a, b, 3) for a, b, _ in coppie] == [n for _, _, n in coppie]
    assert letters_apart("abcdefgh", "ijklmnop", 2) > 2


# --- Quotes anywhere: every line is somewhere, and none is where it should not be ------------------


@pytest.mark.parametrize("esempi", [80, pytest.param(800, marks=pytest.mark.lungo)])
def test_no_line_is_lost_whatever_the_quotes(esempi: int) -> None:
    settings(max_examples=esempi, deadline=None)(_ogni_riga_e_da_qualche_parte)()


@given(st.lists(st.text('xy;"" ', max_size=12), max_size=8), st.sampled_from(["\n", "\r\n"]))
def _ogni_riga_e_da_qualche_parte(linee: list[str], fine: str) -> None:
    contenuto = fine.join([T, *linee, ""]).encode()
    atteso = leggi(STUDI, {percorso(STUDI): contenuto})
    try:
        celle = _testo(contenuto)
    except Rifiutato:
        assert atteso.file[percorso(STUDI)].esito == "RIFIUTATO"
        return
    conto = celle.conto
    assert conto.file == len(celle.frame) + conto.intestazione + conto.vuote + conto.proseguite
    storte = {s.riga for s in atteso.scarti if s.regola == "numero_campi"}
    assert set(celle.frame.filter(pl.col("_campi").is_not_null())["_riga"]) == storte
    assert len(celle.frame) == atteso.file[percorso(STUDI)].righe_lette
