"""Random files of every extract: the system reads them exactly as the reference does.

`pytest tests/extracts/test_against_reference.py -m lungo` looks much longer.
"""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.extracts.materiale import cella_csv, csv_gz, percorso, xlsx
from tests.extracts.sistema import Ingerisci, codifica_nota
from tests.reference.lettura import (
    ESTRATTI,
    PERSONALI,
    CellaErrata,
    Colonna,
    EsitoFile,
    Estratto,
    Lettura,
    leggi,
    valore_cella,
)

LUNGHI = settings.get_profile("lungo").max_examples
tanti = pytest.mark.parametrize("esempi", [4, pytest.param(LUNGHI, marks=pytest.mark.lungo)])
"""How many of each extract."""

# --- Cells: mostly good, often near the edge, sometimes bad ---------------------------------------

BUONE: dict[str, list[str]] = {
    "testo": [
        "alfa",
        "Beta è",
        " gamma ",
        "L'Aquila",
        "00012",
        "è; ò",
        "a,b",
        "a\tb",
        "=1+1",
        "12,5",
    ],
    "intero": ["1", "2", "1.234", " 7 ", "0", "007", "-0", "12"],
    "decimale": ["1", "12", "0,5", "12,5", "33,333333", " 40 ", "1,000", "60", "0", "100"],
    "importo": ["1.234,56", "1234,56", "-12,5", "€ 5", "5,00 €", "0", "1.234.567,8", "€-1"],
    "data": ["31/12/2020", "2020-12-31", "01/01/2020", "2020-01-01", " 29/02/2020 ", "2019-07-15"],
    "data_ora": [
        "31/12/2020 14:05",
        "31/12/2020 14:05:09",
        "2020-12-31T14:05",
        "2020-01-01T00:00:00",
        "01/01/2020",
        "2020-12-31",
    ],
    "si_no": ["S", "N", "si", "No", " s "],
}
STRANE: dict[str, list[str]] = {
    "testo": [
        "",
        "  ",
        "due\nrighe",
        'detto "sì"',
        '"tutto"',
        "ＡＢ",
        "€",
        "\u00a0x\u00a0",
        "\u200ba\u2009b\u00ad",
        "N\u0303",
        "x" * 300,
    ],
    "intero": ["", "-1", "1,5", "12.5", "+5", "1.23", "1e3", "x", "99999999999999999999", "1 234"],
    "decimale": [
        "",
        "-1",
        "100,000001",
        "12.5",
        "1.23",
        ",5",
        "1,2345678",
        "13",
        "5 €",
        "1.000",
        "x",
    ],
    "importo": ["", "12,345", "12.5", "€  5", "-€ 5", "10000000000000000", "x", "5 EUR", "1,"],
    "data": ["", "1/2/2020", "31/02/2020", "2020-13-01", "31/12/2020 10:00", "x", "44196"],
    "data_ora": ["", "31/12/2020 24:00", "2020-12-31 14:05", "31/12/2020  14:05", "x", "1/2/2020"],
    "si_no": ["", "Sì", "Y", "1", "x"],
}
_PROPRIE: dict[str, tuple[list[str], list[str]]] = {
    "codice_siope": (["2101", "0001", " 1000 "], ["", "101", "21011", "21O1"]),
    "percentuale_tempo": (
        ["40", "60", "60,0", "33,333333", "0", "12,5", "100"],
        ["", "-1", "100,000001", "12.5", "1,2345678", "x"],
    ),
    "cig": (["", "Z1A2B3C4D5", "z1a2b3c4d5"], ["123456789", "Z1A2-B3C4D", "è123456789"]),
    "matricola": (["M1", " M1 ", "M2", "m1", "0010"], ["", "M\n1", "M;1"]),
}
CHIAVI = ["K1", " K1 ", "k1", "K 2", "007", "7", *(f"Z{n}" for n in range(10))]


def _valori(colonna: Colonna, estratto: Estratto) -> tuple[list[str], list[str]]:
    if colonna.nome in _PROPRIE:
        return _PROPRIE[colonna.nome]
    if colonna.codici:
        varianti = [c.lower().replace("_", " ") for c in colonna.codici]
        return [*colonna.codici, *varianti], ["", "IGNOTO", colonna.codici[0] + "  X"]
    if colonna.tipo == "testo" and colonna.nome in estratto.chiave:
        return CHIAVI, STRANE["testo"]
    return BUONE[colonna.tipo], STRANE[colonna.tipo]


def _cella(colonna: Colonna, estratto: Estratto) -> st.SearchStrategy[str]:
    """A good cell some fourteen times in fifteen, or whole rows would hardly ever pass."""
    buone, strane = _valori(colonna, estratto)
    if not colonna.obbligatoria:
        buone = [*buone, ""]
    return st.integers(0, 14).flatmap(lambda n: st.sampled_from(strane if n == 7 else buone))


@dataclass(frozen=True)
class Tabella:
    """A header and rows of text cells, the columns in any order, some unknown or left out."""

    colonne: tuple[Colonna | None, ...]
    nomi: tuple[str, ...]
    righe: tuple[tuple[str, ...], ...]


def _accentata(nome: str) -> str:
    return nome.replace("a", "à").replace("o", "o\u0300")


_SCRITTURE: list[Callable[[str], str]] = [
    str,
    str,
    str,
    str.upper,
    str.title,
    lambda n: f"  {n} ",
    lambda n: n.replace("_", " "),
    lambda n: f"\ufeff{n.replace('_', '-')} 2020",
    _accentata,
]
_IGNOTI = ["note", "Cognome e nome", "note", "", "a;b,c", "su due\nrighe", 'col"onna']


@st.composite
def _tabelle(draw: st.DrawFn, estratto: Estratto) -> Tabella:
    tutte = list(estratto.colonne)
    if draw(st.booleans()):
        tutte = [c for c in tutte if c.obbligatoria or draw(st.booleans())]
    ignote = draw(st.integers(0, 2))
    colonne = draw(st.permutations([*tutte, *([None] * ignote)]))
    scrittura = draw(st.sampled_from(_SCRITTURE))
    nomi = [scrittura(c.nome) if c else draw(st.sampled_from(_IGNOTI)) for c in colonne]
    ignota = st.sampled_from(["", "Rossi", "x;y", " "])
    celle = [_cella(c, estratto) if c else ignota for c in colonne]
    righe: list[tuple[str, ...]] = draw(st.lists(st.tuples(*celle), max_size=8))
    if draw(st.integers(0, 5)) == 3:  # nothing in the columns of the contract
        righe.append(draw(st.tuples(*(st.just("") if c else ignota for c in colonne))))
    ripetute = draw(st.booleans())
    if righe and ripetute:
        righe += draw(st.lists(st.sampled_from(righe), max_size=3))
    return Tabella(tuple(colonne), tuple(nomi), tuple(righe))


# --- Files ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Dialetto:
    """How a table is written as CSV."""

    separatore: str
    fine: str
    codifica: str
    tutte_citate: bool
    fine_ultima: bool


_DIALETTI = st.builds(
    Dialetto,
    st.sampled_from([";", ";", ",", "\t"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    st.booleans(),
    st.booleans(),
)


def _storpia(celle: Sequence[str], modo: str) -> list[str]:
    """A row whose number of fields is off, or only seems so."""
    return {
        "corta": list(celle[:-1]),
        "lunga": [*celle, "oltre"],
        "lunga vuota": [*celle, "", " ", ""],
        "piede": ["TOTALE"],
    }.get(modo, list(celle))


_STORPIATURE = ["intera"] * 30 + ["corta", "lunga", "lunga vuota", "piede"]
_BIANCHE = ["", "   ", "{s}", "{s} {s}", "{s}{s}{s}{s}{s}{s}{s}{s}{s}{s}{s}{s}"]


def _bianche(draw: st.DrawFn, separatore: str) -> list[str]:
    if draw(st.integers(0, 5)) != 3:
        return []
    scelte = draw(st.lists(st.sampled_from(_BIANCHE), max_size=3))
    return [b.format(s=separatore) for b in scelte]


@st.composite
def _testi(draw: st.DrawFn, tabella: Tabella) -> bytes:
    d = draw(_DIALETTI)
    testa = [*tabella.nomi, *([""] * draw(st.sampled_from([0, 0, 0, 2])))]
    righe = [testa]
    for celle in tabella.righe:
        righe.append(_storpia(celle, draw(st.sampled_from(_STORPIATURE))))
    linee: list[str] = []
    for riga in righe:
        linee += _bianche(draw, d.separatore)
        citata = d.tutte_citate
        linee.append(d.separatore.join(cella_csv(c, d.separatore, citata) for c in riga))
    titoli = draw(st.sampled_from([[]] * 8 + [["Elenco"], ["Camera", "", "al 31/12"]]))
    sep = draw(st.sampled_from([[]] * 8 + [[f"sep={d.separatore}"], [f'"SEP={d.separatore}"']]))
    testo = d.fine.join([*sep, *titoli, *linee]) + (d.fine if d.fine_ultima else "")
    for _ in range(draw(st.sampled_from([0] * 6 + [1, 2, 3]))):
        posto = draw(st.integers(len(linee[0]), max(len(linee[0]), len(testo))))
        posto = testo.rfind(d.separatore, 0, posto) + 1  # most stray quotes begin a field
        testo = testo[:posto] + '"' + testo[posto:]
    try:
        return testo.encode(d.codifica)
    except UnicodeEncodeError:
        return testo.encode()


def _nativa(cella: str, colonna: Colonna | None) -> object:
    """The value of a cell where it has one, the cell itself where not."""
    if colonna is None:
        return cella
    try:
        valore = valore_cella(cella, colonna)
    except CellaErrata:
        return cella
    return cella if colonna.codici or isinstance(valore, bool) else valore


def _per_foglio(valore: object) -> object:
    """What a workbook can hold: a number has 15 digits."""
    if isinstance(valore, int | Decimal) and len(str(valore)) > 15:
        return str(valore)
    return valore if valore != "" else None


@st.composite
def _fogli(draw: st.DrawFn, tabella: Tabella) -> bytes:
    native = draw(st.booleans())
    righe: list[list[object]] = [[]] * draw(st.integers(0, 2))
    righe.append(list(tabella.nomi))
    for celle in tabella.righe:
        riga: list[object] = list(celle)
        if native:
            riga = [_nativa(v, c) for v, c in zip(celle, tabella.colonne, strict=True)]
        riga = [_per_foglio(v) for v in riga]
        coda: list[object] = draw(st.sampled_from([[]] * 8 + [["oltre"], [None, 0], [" "]]))
        righe.append(riga + coda)
        righe += [[]] * draw(st.sampled_from([0, 0, 0, 1]))
    return xlsx(righe)


def _serie(celle: list[str], colonna: Colonna | None, nativa: bool) -> pl.Series:
    """A Parquet column: text as written, or typed with nulls where a cell cannot be read."""
    if colonna is None or colonna.codici or not nativa:
        return pl.Series([c or None for c in celle], dtype=pl.String)
    valori = [_nativa(c, colonna) for c in celle]
    tipi: dict[str, type] = {"data": date, "data_ora": datetime, "intero": int, "testo": str}
    if colonna.tipo == "si_no":
        si = {"S": True, "SI": True, "N": False, "NO": False}
        return pl.Series([si.get(c.strip().upper()) for c in celle], dtype=pl.Boolean)
    atteso = tipi.get(colonna.tipo, Decimal)
    validi = [v if isinstance(v, atteso) else None for v in valori]
    if atteso is Decimal:
        return pl.Series(validi, dtype=pl.Decimal(24, 6))
    return pl.Series(validi, dtype={date: pl.Date, int: pl.Int64, str: pl.String}.get(atteso))


@st.composite
def _parquet(draw: st.DrawFn, tabella: Tabella) -> bytes:
    memoria = io.BytesIO()
    serie: dict[str, pl.Series] = {}
    for i, (nome, colonna) in enumerate(zip(tabella.nomi, tabella.colonne, strict=True)):
        celle = [riga[i] for riga in tabella.righe]
        unico = nome if colonna else f"{nome}{i}"
        serie[unico] = _serie(celle, colonna, draw(st.booleans()))
    pl.DataFrame(serie).write_parquet(memoria)
    return memoria.getvalue()


_GUASTI = ["aperta", "nul", "byte", "doppia", "manca", "niente"]


def _guasta(contenuto: bytes, guasto: str, estratto: Estratto) -> bytes:
    """A text file made unreadable in one of the ways that refuse it whole."""
    colonna = estratto.colonne[0].nome.encode()
    testa = b";".join(c.nome.encode() for c in estratto.colonne)
    return {
        "aperta": contenuto + b'\n"aperta',
        "nul": contenuto + b"\0",
        "byte": contenuto + b"\n\x81\xe0",
        "doppia": testa + b";" + colonna.upper() + b"\n",
        "manca": testa.replace(colonna + b";", b"") + b"\n",
        "niente": b"\n;;\n",
    }[guasto]


@st.composite
def _file(draw: st.DrawFn, estratto: Estratto, forme: Sequence[str]) -> tuple[str, bytes]:
    """(extension, content) of one part."""
    tabella = draw(_tabelle(estratto))
    forma = draw(st.sampled_from(forme))
    if forma == "xlsx":
        return forma, draw(_fogli(tabella))
    if forma == "parquet":
        return forma, draw(_parquet(tabella))
    contenuto = draw(_testi(tabella))
    guasto = draw(st.sampled_from([None] * 60 + _GUASTI))
    if guasto is not None:
        contenuto = _guasta(contenuto, guasto, estratto)
    return forma, csv_gz(contenuto) if forma == "csv.gz" else contenuto


@st.composite
def parti(draw: st.DrawFn, estratto: Estratto, forme: Sequence[str]) -> dict[str, bytes]:
    """The files of one extract of MS 2020."""
    nomi = draw(st.lists(st.sampled_from(["", "1", "2", "10", "a b"]), max_size=3, unique=True))
    contenuti = {}
    for nome in nomi:
        estensione, contenuto = draw(_file(estratto, forme))
        contenuti[percorso(estratto.codice, nome, estensione)] = contenuto
    return contenuti


# --- The comparison -------------------------------------------------------------------------------


def _esiti(lettura: Lettura) -> dict[str, EsitoFile]:
    return {
        file: EsitoFile(
            e.esito,
            codifica_nota(e.codifica),
            e.righe_lette,
            e.righe_accettate,
            e.righe_scartate,
        )
        for file, e in lettura.file.items()
    }


def _coppie(
    sistema: Lettura, riferimento: Lettura
) -> list[tuple[dict[str, object], dict[str, object]]]:
    return [(sistema.righe[posto], riga) for posto, riga in riferimento.righe.items()]


def _senza_personali(riga: dict[str, object]) -> dict[str, object]:
    return {colonna: valore for colonna, valore in riga.items() if colonna not in PERSONALI}


def confronta(sistema: Lettura, riferimento: Lettura) -> None:
    """Assert that both say the same; pseudonyms stand one to one for the raw values."""
    assert _esiti(sistema) == _esiti(riferimento)
    assert sistema.scarti == riferimento.scarti
    assert set(sistema.righe) == set(riferimento.righe)
    coppie = _coppie(sistema, riferimento)
    for nostra, attesa in coppie:
        assert _senza_personali(nostra) == _senza_personali(attesa)
    for colonna in PERSONALI:
        corrispondenze = {(a[colonna], n[colonna]) for n, a in coppie if colonna in a}
        assert len({grezza for grezza, _ in corrispondenze}) == len(corrispondenze)
        assert len({pseudonimo for _, pseudonimo in corrispondenze}) == len(corrispondenze)
        assert all(grezza != pseudonimo for grezza, pseudonimo in corrispondenze)


def _in_chiaro(contenuto: bytes, estensione: str) -> str:
    """A binary file in words, for whoever reads a failure."""
    if estensione == ".parquet":
        return str(pl.read_parquet(io.BytesIO(contenuto)).to_dict(as_series=False))
    if estensione == ".xlsx":
        foglio = openpyxl.load_workbook(io.BytesIO(contenuto)).worksheets[0]
        return str(list(foglio.iter_rows(values_only=True)))
    return ""


def _provato(codice: str, contenuti: dict[str, bytes], ingerisci: Ingerisci) -> None:
    for file, contenuto in contenuti.items():
        note(f"{file}: {_in_chiaro(contenuto, Path(file).suffix)}")
    ingestito = ingerisci(codice, contenuti)
    confronta(ingestito.lettura, leggi(codice, contenuti))
    for riga in ingestito.file.filter(pl.col("esito") == "ACCETTATO").to_dicts():
        assert riga["righe_lette"] == riga["righe_accettate"] + riga["righe_scartate"]
        altre = ("righe_intestazione", "righe_vuote", "righe_proseguite")
        assert riga["righe_file"] == riga["righe_lette"] + sum(riga[nome] for nome in altre)


@tanti
@pytest.mark.parametrize("codice", ESTRATTI)
def test_random_files_are_read_as_the_reference_reads_them(
    codice: str, esempi: int, ingerisci: Ingerisci
) -> None:
    forme = ["csv"] * 5 + ["csv.gz", "parquet"]

    @settings(max_examples=esempi, deadline=None, suppress_health_check=list(HealthCheck))
    @given(parti(ESTRATTI[codice], forme))
    def verifica(contenuti: dict[str, bytes]) -> None:
        _provato(codice, contenuti, ingerisci)

    verifica()


@tanti
def test_random_workbooks_are_read_as_the_reference_reads_them(
    ingerisci: Ingerisci, esempi: int
) -> None:
    """Of any extract, and twice as many: each is opened in a process of its own."""

    @settings(max_examples=2 * esempi, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def verifica(data: st.DataObject) -> None:
        codice = data.draw(st.sampled_from(list(ESTRATTI)))
        estensione, contenuto = data.draw(_file(ESTRATTI[codice], ["xlsx"]))
        _provato(codice, {percorso(codice, estensione=estensione): contenuto}, ingerisci)

    verifica()
