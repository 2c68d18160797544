"""How a file becomes rows: encodings, separators, lines, headers, refusals.

Each form is a part of one and the same extract, read at once; `@` in its text is the part's own
name, so that no two parts share a key. The reference is held to the same table.
"""

import gzip
import hashlib
import io
import zipfile
from dataclasses import dataclass, field

import polars as pl
import pytest

from tests.extracts.materiale import csv, csv_gz, percorso, riga_buona, xlsx
from tests.extracts.sistema import Ingerisci, Ingestito
from tests.reference.lettura import ESTRATTI, EsitoFile, Lettura, leggi

STUDI = "isr/studi"
RIFIUTATO = "RIFIUTATO"


@dataclass(frozen=True)
class Forma:
    """A file of `isr/studi` and its fate: title by line of the rows that stay, and the scarti."""

    nome: str
    contenuto: bytes
    righe: dict[int, str | None] = field(default_factory=dict)
    scarti: frozenset[tuple[int, str | None, str]] = frozenset()
    codifica: str | None = "utf-8"
    estensione: str = "csv"
    rifiutata: bool = False

    @property
    def file(self) -> str:
        return percorso(STUDI, self.nome, self.estensione)


def _rifiutata(nome: str, contenuto: bytes, estensione: str = "csv") -> Forma:
    return Forma(nome, contenuto, codifica=None, estensione=estensione, rifiutata=True)


def _testo(
    nome: str,
    testo: str,
    righe: dict[int, str | None] | str,
    *scarti: tuple[int, str | None, str],
    codifica: str = "utf-8",
) -> Forma:
    """A CSV form; `righe` may be RIFIUTATO."""
    contenuto = testo.replace("@", nome).encode(codifica)
    if isinstance(righe, str):
        return _rifiutata(nome, contenuto)
    note = {"cp1252": "windows-1252", "utf-8": "utf-8", "utf-8-sig": "utf-8"}
    nota = note.get(codifica, "utf-16")
    return Forma(nome, contenuto, righe, frozenset(scarti), nota)


T = "id_studio;titolo;stato\n"
CAMPI = "numero_campi"
TESTUALI = [
    # Encodings
    _testo("ascii", T + "@1;Uno;SOSPESO\n", {2: "Uno"}),
    _testo("utf8", T + "@1;Città €;SOSPESO\n", {2: "Città €"}),
    _testo("bom", T + "@1;Città;SOSPESO\n", {2: "Città"}, codifica="utf-8-sig"),
    _testo("bom-citata", '"id_studio"' + T[9:] + "@1;A;SOSPESO\n", {2: "A"}, codifica="utf-8-sig"),
    _testo("cp1252", T + "@1;Città €;SOSPESO\n", {2: "Città €"}, codifica="cp1252"),
    _testo("utf16", T + "@1;Città;SOSPESO\n", {2: "Città"}, codifica="utf-16"),
    _testo("utf16-be", "\ufeff" + T + "@1;Città;SOSPESO\n", {2: "Città"}, codifica="utf-16-be"),
    _testo(
        "utf16-tab",
        "\ufeffid_studio\ttitolo\tstato\r\n@1\tCittà\tSOSPESO\r\n",
        {2: "Città"},
        codifica="utf-16-le",
    ),
    _testo("utf16-senza-segno", T + "@1;Uno;SOSPESO\n", RIFIUTATO, codifica="utf-16-le"),
    _testo("nul", T + "@1;U\0no;SOSPESO\n", RIFIUTATO),
    # Separators: the others may stand in a field
    _testo("virgola", "id_studio,titolo,stato\n@1,a;b\tc,SOSPESO\n", {2: "a;b\tc"}),
    _testo("tab", "id_studio\ttitolo\tstato\n@1\ta;b,c\tSOSPESO\n", {2: "a;b,c"}),
    _testo("punto-virgola", T + "@1;a,b\tc;SOSPESO\n", {2: "a,b\tc"}),
    _testo("barra", "id_studio|titolo|stato\n@1|Uno|SOSPESO\n", RIFIUTATO),
    _testo(
        "virgole-in-testata",
        'id_studio;titolo;stato;"a,b,c,d,e,f"\n@1;Uno;SOSPESO;x\n',
        {2: "Uno"},
    ),
    # Line ends
    _testo(
        "crlf", (T + "@1;Uno;SOSPESO\n@2;Due;SOSPESO\n").replace("\n", "\r\n"), {2: "Uno", 3: "Due"}
    ),
    _testo("misti", T + "@1;Uno;SOSPESO\r\n@2;Due;SOSPESO\n", {2: "Uno", 3: "Due"}),
    _testo("senza-fine", T + "@1;Uno;SOSPESO", {2: "Uno"}),
    _testo("senza-fine-crlf", T + "@1;Uno;SOSPESO\r\n@2;Due;SOSPESO\r", {2: "Uno", 3: "Due"}),
    # Blank lines are no rows, and count as lines
    _testo(
        "bianche",
        T + "\n@1;Uno;SOSPESO\n;;\n  \n ; ; \n;;;;;\n;\n@2;Due;SOSPESO\n\n\n",
        {3: "Uno", 9: "Due"},
    ),
    _testo("bianche-prima", "\n;;\n   \n" + T + "@1;Uno;SOSPESO\n", {5: "Uno"}),
    _testo("bianche-altre", ",,,\n\t\n" + T + "@1;Uno;SOSPESO\n", {4: "Uno"}),
    _testo("bianche-crlf", T.replace("\n", "\r\n") + "\r\n;;\r\n@1;Uno;SOSPESO\r\n", {4: "Uno"}),
    _testo(
        "vuote-citate",
        T + '"";"";""\n@1;Uno;SOSPESO\n',
        {3: "Uno"},
        *((2, c, "obbligatorio") for c in ("id_studio", "titolo", "stato")),
    ),
    # Quotes
    _testo("citate", T + '"@1";"Uno; due, ""tre""";"SOSPESO"\n', {2: 'Uno; due, "tre"'}),
    _testo("vuota-citata", T + '@1;"";SOSPESO\n', {}, (2, "titolo", "obbligatorio")),
    _testo("dentro", T + '@1;Uno "due" tre;SOSPESO\n', {2: 'Uno "due" tre'}),
    _testo("in-coda", T + '@1;Uno";SOSPESO\n@2;Due;SOSPESO\n', {2: 'Uno"', 3: "Due"}),
    _testo("dopo-spazio", T + '@1; "Uno" ;SOSPESO\n', {2: '"Uno"'}),
    _testo("spazio-dopo", T + '@1;"Uno" ;SOSPESO\n', {2: "Uno"}),
    _testo(
        "dopo-la-chiusura",
        T + '@1;"Uno"x;SOSPESO\n@2;Due;SOSPESO\n',
        {3: "Due"},
        (2, None, CAMPI),
    ),
    _testo(
        "ingoiate",  # the second stray quote closes the first, lines below
        T + '@1;"Uno;SOSPESO\n@2;Due;SOSPESO\n\n@3;"Tre;SOSPESO\n@4;Quattro;SOSPESO\n',
        {6: "Quattro"},
        *((riga, None, CAMPI) for riga in (2, 3, 5)),
    ),
    _testo(
        "ingoiate-e-chiuse",
        T + '@1;"Uno;SOSPESO\n@2;Due;SOSPESO\n@3;Tre";SOSPESO\n@4;"a\nb";SOSPESO\n',
        {5: "a\nb"},
        *((riga, None, CAMPI) for riga in (2, 3, 4)),
    ),
    _testo(
        "ingoiata-una",
        T + '@1;Uno;"SOSPESO\n@2;Due";SOSPESO\n@3;Tre;SOSPESO\n',
        {4: "Tre"},
        *((riga, None, CAMPI) for riga in (2, 3)),
    ),
    _testo("testata-ingoiata", 'id_studio;titolo;stato;"note\n@1;Uno;SOSPESO;"\n', RIFIUTATO),
    _testo(
        "pollici",
        T + '@1;tubo 5" e 7";SOSPESO\n@2;"5"" e 7""";SOSPESO\n',
        {2: 'tubo 5" e 7"', 3: '5" e 7"'},
    ),
    _testo("vecchio-mac", (T + "@1;Uno;SOSPESO\n").replace("\n", "\r"), {2: "Uno"}),
    _testo(
        "quasi-niente",
        T + "\u200b;\u00a0;\n@1;\u200bUno;SOSPESO;\ufeff;\n",
        {3: "Uno"},
    ),
    _testo("aperte", T + '@1;Uno;SOSPESO\n@2;"Due;SOSPESO\n', RIFIUTATO),
    _testo("aperte-alla-fine", T + '@1;Uno;SOSPESO\n"', RIFIUTATO),
    _testo("aperte-in-testata", '"id_studio;titolo;stato\n@1;Uno;SOSPESO\n', RIFIUTATO),
    # A row begins on the line on which its first field begins
    _testo(
        "righe-lunghe",
        T + '@1;"Uno\ndue\n\ntre";SOSPESO\n@2;Due;SOSPESO\n@3;"a\nb";CHIUSO\n@4;Tre;SOSPESO\n',
        {2: "Uno\ndue\n\ntre", 6: "Due", 9: "Tre"},
        (7, "stato", "codice"),
    ),
    _testo(
        "righe-lunghe-crlf",
        T.replace("\n", "\r\n") + '@1;"Uno\r\ndue";SOSPESO\r\n@2;Due;SOSPESO\r\n',
        {2: "Uno\r\ndue", 4: "Due"},
    ),
    _testo(
        "testata-lunga",
        'id_studio;"note\nvarie";titolo;stato\n@1;x;Uno;SOSPESO\n',
        {3: "Uno"},
    ),
    # Number of fields
    _testo(
        "campi",
        T
        + "@1;Uno\n@2;Due;SOSPESO;x\n@3;Tre;SOSPESO;; ;\nTOTALE\n@4;Quattro;SOSPESO\n@5;;CHIUSO;x\n",
        {4: "Tre", 6: "Quattro"},
        *((riga, None, CAMPI) for riga in (2, 3, 5, 7)),
    ),
    _testo(
        "campi-di-meno",
        T + ";@1\n@2;;\n",
        {},
        (2, None, CAMPI),
        (3, "titolo", "obbligatorio"),
        (3, "stato", "obbligatorio"),
    ),
    _testo(
        "testata-con-coda",
        "id_studio;titolo;stato;;\n@1;Uno;SOSPESO\n@2;Due;SOSPESO;;\n@3;Tre;SOSPESO;;;;\n@4;Q;SOSPESO;x\n",
        {2: "Uno", 3: "Due", 4: "Tre"},
        (5, None, CAMPI),
    ),
    _testo(
        "campi-con-facoltativa",
        "id_studio;titolo;stato;tipologia\n@1;Uno;SOSPESO\n@2;Due;SOSPESO;\n",
        {3: "Due"},
        (2, None, CAMPI),
    ),
    # Header
    _testo("ordine", "stato;id_studio;titolo\nSOSPESO;@1;Uno\n", {2: "Uno"}),
    _testo("maiuscole", " ID_Studio ;TITOLO;Stato\n@1;Uno;SOSPESO\n", {2: "Uno"}),
    _testo("accenti", "ìd_stùdio;tìtólo;ståtö\n@1;Uno;SOSPESO\n", {2: "Uno"}),
    _testo("accenti-scomposti", "id_studio;titolo\u0300;stato\n@1;Uno;SOSPESO\n", {2: "Uno"}),
    _testo("spazi-nel-nome", "id studio;titolo;stato\n@1;Uno;SOSPESO\n", {2: "Uno"}),
    _testo("trattino-nel-nome", "ID-Studio;titolo;stato 2020\n@1;Uno;SOSPESO\n", {2: "Uno"}),
    _testo("nome-unito", "\ufeffIdStudio\u200b;titolo_2020;stato\n@1;Uno;SOSPESO\n", {2: "Uno"}),
    _testo("spazio-altrove", "id_stu dio;titolo;stato\n@1;Uno;SOSPESO\n", RIFIUTATO),
    _testo("anno-doppio", "id_studio;titolo;stato;stato 2019\n@1;Uno;SOSPESO;\n", RIFIUTATO),
    _testo("testata-citata", '"id_studio";"titolo";"stato"\n@1;Uno;SOSPESO\n', {2: "Uno"}),
    _testo("sconosciute", "note;id_studio;titolo;stato;note;\n;@1;Uno;SOSPESO;x;\n", {2: "Uno"}),
    _testo("senza-nome", "id_studio;;titolo;;stato\n@1;x;Uno;;SOSPESO\n", {2: "Uno"}),
    _testo(
        "solo-ignota",
        "id_studio;titolo;stato;note\n;;;Rossi\n",
        {},
        *((2, c, "obbligatorio") for c in ("id_studio", "titolo", "stato")),
    ),
    _testo("doppia", "id_studio;titolo;stato;titolo\n@1;Uno;SOSPESO;Uno\n", RIFIUTATO),
    _testo("doppia-variata", "id_studio;titolo;stato; TÍTOLO \n@1;Uno;SOSPESO;\n", RIFIUTATO),
    _testo("doppia-facoltativa", T[:-1] + ";tipologia;Tipologia\n@1;U;SOSPESO;;\n", RIFIUTATO),
    _testo("titolo-sopra", "Elenco degli studi\n" + T + "@1;Uno;SOSPESO\n", {3: "Uno"}),
    _testo("titoli", 'Camera;;\n\n;"al 31;12";\n' + T + "@1;Uno;SOSPESO\n", {5: "Uno"}),
    _testo("titoli-trenta", "Titolo\n" * 29 + T + "@1;Uno;SOSPESO\n", {31: "Uno"}),
    _testo("titoli-oltre", "Titolo\n" * 30 + T + "@1;Uno;SOSPESO\n", RIFIUTATO),
    _testo("titolo-e-due", "Titolo\n" + T + T, RIFIUTATO),
    _testo("sep", "sep=;\n" + T + "@1;Uno;SOSPESO\n", {3: "Uno"}),
    _testo("sep-citato", '\ufeff"SEP=,"\r\nid_studio,titolo,stato\n@1,"a,b",SOSPESO\n', {3: "a,b"}),
    _testo("sep-barra", "sep=|\nid_studio|titolo|stato\n\n@1|Uno|SOSPESO\n", {4: "Uno"}),
    _testo("sep-falso", "sep=,\n" + T + "@1;a,b;SOSPESO\n", {3: "a,b"}),
    _testo("manca", "id_studio;titolo\n@1;Uno\n", RIFIUTATO),
    # Nothing in it
    _testo("solo-testata", T, {}),
    _testo("solo-testata-senza-fine", T.strip(), {}),
    _testo("niente", "", RIFIUTATO),
    _testo("solo-bianche", "\n;;\n  \n", RIFIUTATO),
]

_BUONO = T + "@1;Uno;SOSPESO\n@2;Due;CHIUSO\n"
_FOGLIO: list[list[object]] = [
    ["id_studio", "titolo", "stato"],
    ["@1", "Uno", "SOSPESO"],
    ["@2", "Due", "CHIUSO"],
]
_CHIUSO = frozenset({(3, "stato", "codice")})


def _zip_qualunque() -> bytes:
    memoria = io.BytesIO()
    with zipfile.ZipFile(memoria, "w") as archivio:
        archivio.writestr("studi.csv", _BUONO)
    return memoria.getvalue()


def _foglio(nome: str, righe: list[list[object]]) -> bytes:
    return xlsx([[c.replace("@", nome) if isinstance(c, str) else c for c in r] for r in righe])


def _parquet(nome: str, colonne: dict[str, list[str | None]]) -> bytes:
    memoria = io.BytesIO()
    dati = {k: [v and v.replace("@", nome) for v in vs] for k, vs in colonne.items()}
    pl.DataFrame(dati).write_parquet(memoria)
    return memoria.getvalue()


def _cartella(
    nome: str,
    righe: list[list[object]],
    attese: dict[int, str | None],
    *scarti: tuple[int, str | None, str],
) -> Forma:
    return Forma(nome, _foglio(nome, righe), attese, frozenset(scarti), None, "xlsx")


_COLONNE: dict[str, list[str | None]] = {
    "Id_Studio": ["@1", "@2", None, "@4"],
    "note": ["Rossi", None, None, None],
    "titolo": ["Uno", "Due", None, " Quattro "],
    "stato": ["SOSPESO", "CHIUSO", None, "in corso"],
}
BINARIE = [
    _rifiutata("byte-vietato", T.encode() + b"x1;Citt\xe0 \x81;SOSPESO\n"),
    Forma(
        "gz", csv_gz(_BUONO.replace("@", "gz").encode()), {2: "Uno"}, _CHIUSO, estensione="csv.gz"
    ),
    Forma(
        "gz-cp1252",
        csv_gz((T + "g1;Città;SOSPESO\n").encode("cp1252")),
        {2: "Città"},
        frozenset(),
        "windows-1252",
        "csv.gz",
    ),
    Forma(
        "gz-due", csv_gz(T.encode()) + csv_gz(b"gz2;Uno;SOSPESO\n"), {2: "Uno"}, estensione="csv.gz"
    ),
    _rifiutata("gz-tronco", csv_gz(_BUONO.encode())[:-6], "csv.gz"),
    _rifiutata("gz-falso", _BUONO.encode(), "csv.gz"),
    _rifiutata("gz-vuoto", b"", "csv.gz"),
    _rifiutata("gz-di-niente", csv_gz(b""), "csv.gz"),
    _cartella("foglio", _FOGLIO, {2: "Uno"}, *_CHIUSO),
    _cartella(
        "foglio-spaziato",
        [
            [],
            [None, " "],
            [None, *_FOGLIO[0], None, "note"],
            [],
            [None, "@1", "Uno", "SOSPESO"],
            [None, " ", None, "  "],
            [None, "@2", " Due ", "in corso", None, "Rossi", "  "],
            [None, "@3", "Tre", "SOSPESO", None, None, "oltre"],
            [None, "@4", "Quattro", "SOSPESO", None, None, None, None, 0],
            [None, "@5", "Cinque"],
        ],
        {5: "Uno", 7: "Due"},
        (8, None, CAMPI),
        (9, None, CAMPI),
        (10, "stato", "obbligatorio"),
    ),
    _cartella(
        "foglio-solo-ignota",
        [[*_FOGLIO[0], "note"], [None, None, None, "Rossi"]],
        {},
        *((2, c, "obbligatorio") for c in ("id_studio", "titolo", "stato")),
    ),
    _cartella("foglio-testata", _FOGLIO[:1], {}),
    _rifiutata("foglio-niente", xlsx([]), "xlsx"),
    _rifiutata("foglio-manca", xlsx([["id_studio", "titolo"], ["1", "2"]]), "xlsx"),
    _rifiutata("foglio-doppia", xlsx([["id_studio", "titolo", "stato", "Stato"]]), "xlsx"),
    _rifiutata("foglio-tronco", xlsx(_FOGLIO)[:-40], "xlsx"),
    _rifiutata("foglio-falso", _BUONO.encode(), "xlsx"),
    _rifiutata("foglio-zip", _zip_qualunque(), "xlsx"),
    _rifiutata("foglio-vuoto", b"", "xlsx"),
    Forma(
        "parquet",
        _parquet("parquet", _COLONNE),
        {1: "Uno", 4: "Quattro"},
        frozenset({(2, "stato", "codice")}),
        None,
        "parquet",
    ),
    Forma(
        "parquet-solo-ignota",
        _parquet("p", {c: ["x"] if c == "note" else [None] for c in _COLONNE}),
        {},
        frozenset((1, c, "obbligatorio") for c in ("id_studio", "titolo", "stato")),
        None,
        "parquet",
    ),
    _rifiutata("parquet-nul", _parquet("p", _COLONNE | {"titolo": ["a\0b"] * 4}), "parquet"),
    _rifiutata("parquet-manca", _parquet("p", {"id_studio": ["1"]}), "parquet"),
    _rifiutata("parquet-doppia", _parquet("p", _COLONNE | {"STATO": [None] * 4}), "parquet"),
    _rifiutata("parquet-tronco", _parquet("p", _COLONNE)[:-20], "parquet"),
    _rifiutata("parquet-falso", _BUONO.encode(), "parquet"),
    _rifiutata("parquet-vuoto", b"", "parquet"),
]
FORME = TESTUALI + BINARIE
PARTI = {forma.file: forma.contenuto for forma in FORME}


@pytest.fixture(scope="module")
def ingestito(ingerisci: Ingerisci) -> Ingestito:
    """All the forms, read as the parts of one extract."""
    return ingerisci(STUDI, PARTI)


def _verifica(forma: Forma, lettura: Lettura) -> None:
    lette = {n: r["titolo"] for (file, n), r in lettura.righe.items() if file == forma.file}
    scarti = {(s.riga, s.colonna, s.regola) for s in lettura.scarti if s.file == forma.file}
    assert lette == forma.righe
    assert scarti == forma.scarti
    accettate, scartate = len(forma.righe), len({riga for riga, _, _ in forma.scarti})
    esito = lettura.file[forma.file]
    conti = (esito.righe_lette, esito.righe_accettate, esito.righe_scartate)
    assert conti == (accettate + scartate, accettate, scartate)
    assert esito.esito == ("RIFIUTATO" if forma.rifiutata else "ACCETTATO")
    if forma.estensione.startswith("csv"):
        assert esito.codifica == forma.codifica


@pytest.mark.parametrize("forma", FORME, ids=[f.file.rpartition("/")[2] for f in FORME])
def test_file_is_read_or_refused_as_the_contract_says(forma: Forma, ingestito: Ingestito) -> None:
    _verifica(forma, ingestito.lettura)


def test_reference_reads_and_refuses_the_same_files() -> None:
    lettura = leggi(STUDI, PARTI)
    for forma in FORME:
        _verifica(forma, lettura)


def _motivo(ingestito: Ingestito, nome: str) -> str:
    motivo = ingestito.file.filter(pl.col("_file").str.contains(nome, literal=True))["motivo"]
    return motivo.item() or ""


@pytest.mark.parametrize("forma", [f for f in FORME if f.rifiutata], ids=lambda f: f.nome)
def test_refused_file_says_why_in_one_sentence(forma: Forma, ingestito: Ingestito) -> None:
    motivo = _motivo(ingestito, f"studi-{forma.nome}.{forma.estensione}")
    assert motivo.strip()
    assert "\n" not in motivo
    assert "Traceback" not in motivo


def test_refused_file_names_the_column_at_fault(ingestito: Ingestito) -> None:
    assert "stato" in _motivo(ingestito, "studi-manca.csv")
    assert "titolo" in _motivo(ingestito, "studi-doppia.csv").lower()


def test_unknown_columns_are_named_and_never_stored(ingestito: Ingestito) -> None:
    assert "note" in _motivo(ingestito, "studi-sconosciute.csv")
    colonne = {c.nome for c in ESTRATTI[STUDI].colonne}
    assert set(ingestito.righe.columns) == colonne | {"camera", "esercizio", "_file", "_riga"}
    testo = " ".join(str(t.to_dicts()) for t in (ingestito.righe, ingestito.scarti, ingestito.file))
    assert "Rossi" not in testo


def test_file_row_describes_the_bytes_it_read(ingestito: Ingestito) -> None:
    for riga in ingestito.file.to_dicts():
        contenuto = PARTI[riga["_file"]]
        assert riga["sha256"] == hashlib.sha256(contenuto).hexdigest()
        assert riga["byte"] == len(contenuto)
        assert (riga["camera"], riga["esercizio"], riga["estratto"]) == ("MS", 2020, STUDI)


def _senza(codice: str, colonna: str, righe: int) -> bytes:
    colonne = [c.nome for c in ESTRATTI[codice].colonne if c.nome != colonna]
    linee = [";".join(riga_buona(codice, n)[c] for c in colonne) for n in range(righe)]
    return "\n".join([";".join(colonne), *linee, ""]).encode()


@pytest.mark.parametrize("codice", ESTRATTI)
def test_required_column_may_not_be_absent_and_an_optional_one_may(
    codice: str, ingerisci: Ingerisci
) -> None:
    colonne = ESTRATTI[codice].colonne
    senza = {percorso(codice, f"senza-{c.nome}"): _senza(codice, c.nome, 0) for c in colonne}
    doppie = {
        percorso(codice, f"doppia-{c.nome}"): csv(codice, [], **{c.nome.upper(): []})
        for c in colonne
    }
    atteso = {p: EsitoFile("RIFIUTATO", None, 0, 0, 0) for p in senza | doppie}
    for colonna in colonne:
        if not colonna.obbligatoria:
            file = percorso(codice, f"senza-{colonna.nome}")
            atteso[file] = EsitoFile("ACCETTATO", "utf-8", 0, 0, 0)
    assert leggi(codice, senza | doppie).file == atteso
    assert ingerisci(codice, senza | doppie).lettura.file == atteso


def test_absent_optional_column_is_missing_or_its_default_in_every_row(
    ingerisci: Ingerisci,
) -> None:
    testa = "numero_mandato;data_pagamento;codice_siope;imponibile;iva;canale\n"
    contenuto = (testa + "1;01/01/2020;0001;1,00;0;MEPA\n").encode()
    codice = "provveditorato/pagamenti"
    (riga,) = ingerisci(codice, {percorso(codice): contenuto}).lettura.righe.values()
    assert (riga["riga"], riga["cig"], riga["fornitore"]) == (1, None, None)
    testa = "protocollo;tipo;data_protocollo\n"
    contenuto = (testa + "1;CIVICO_SEMPLICE;2020-05-04\n").encode()
    codice = "segreteria/accessi"
    (riga,) = ingerisci(codice, {percorso(codice): contenuto}).lettura.righe.values()
    assert str(riga["data_presentazione"]) == "2020-05-04"
    assert (riga["data_risposta"], riga["giorni_sospensione"]) == (None, 0)


def test_absent_extract_has_no_file_and_an_empty_one_has(ingerisci: Ingerisci) -> None:
    assente = ingerisci(STUDI, {})
    assert (assente.lettura.file, assente.lettura.righe) == ({}, {})
    vuoto = ingerisci(STUDI, {percorso(STUDI): T.encode()})
    assert vuoto.lettura.file == {percorso(STUDI): EsitoFile("ACCETTATO", "utf-8", 0, 0, 0)}
    assert vuoto.righe.schema == assente.righe.schema


def test_only_files_named_after_the_extract_are_its_parts(ingerisci: Ingerisci) -> None:
    def contenuto(n: int) -> bytes:
        return csv(STUDI, [riga_buona(STUDI, n)])

    altri = ["studi2.csv", "studi_1.csv", "studi.txt", "studi-1.csv.bak", "atti.csv", "xstudi.csv"]
    parti = ["studi.csv", "studi-1.csv", "studi-1.csv.gz", "studi-gennaio 2020.csv", "studi-.csv"]
    contenuti = {f"MS/2020/isr/{nome}": contenuto(50) for nome in altri}
    for n, nome in enumerate(parti):
        corpo = contenuto(n)
        contenuti[f"MS/2020/isr/{nome}"] = gzip.compress(corpo) if nome.endswith("gz") else corpo
    contenuti |= {"MS/2019/isr/studi.csv": contenuto(60), "LU/2020/isr/studi.csv": contenuto(61)}
    contenuti |= {"MS/2020/cciaa/studi.csv": contenuto(62)}
    lettura = ingerisci(STUDI, contenuti).lettura
    assert {file for file, _ in lettura.righe} == {f"MS/2020/isr/{nome}" for nome in parti}
    accettati = {file for file, esito in lettura.file.items() if esito.esito == "ACCETTATO"}
    assert accettati == {f"MS/2020/isr/{nome}" for nome in parti}


def test_sound_parts_of_an_incomplete_extract_are_read(ingerisci: Ingerisci) -> None:
    sana = csv(STUDI, [riga_buona(STUDI, 0)])
    parti = {percorso(STUDI, "1"): sana, percorso(STUDI, "2"): sana + b';"'}
    lettura = ingerisci(STUDI, parti).lettura
    assert set(lettura.righe) == {(percorso(STUDI, "1"), 2)}
    assert lettura.file[percorso(STUDI, "2")] == EsitoFile("RIFIUTATO", None, 0, 0, 0)
    assert lettura.scarti == frozenset()
