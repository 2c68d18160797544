"""The landing zone contract once more, in plain Python and one row at a time.

`leggi` takes the files of one extract of one partition and says what must become of every row.
It shares nothing with `pipelines.extracts`: the declarations are transcribed again from the
contract, and each sentence of it is one short function. Slow and obvious on purpose: when this and
the system differ, one of them misreads the contract. It does not pseudonymise: `matricola` stays as
written.
"""

import datetime as dt
import gzip
import io
import re
import unicodedata
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import islice
from zoneinfo import ZoneInfo

import openpyxl
import polars as pl
from openpyxl.cell.cell import Cell
from openpyxl.utils.datetime import from_excel

# --- The nineteen extracts ------------------------------------------------------------------------

_TABELLA = """
isr/studi [id_studio]
    id_studio* testo, titolo* testo, tipologia testo, data_pubblicazione data,
    stato* {PUBBLICATO IN_CORSO SOSPESO}
cciaa/attivita [id_attivita]
    id_attivita* testo, titolo* testo, programmata* si_no, data_conclusione data,
    stato* {ESEGUITA IN_CORSO ANNULLATA}
contabilita/costi_processo []
    codice_processo* testo,
    voce* {COSTO_DIRETTO COSTO_INDIRETTO INTERVENTO_ECONOMICO CONTRIBUTO_AZIENDA_SPECIALE},
    importo* importo
contabilita/interventi_economici [id_intervento]
    id_intervento* testo, descrizione testo,
    modalita* {GESTIONE_DIRETTA CONTRIBUTO_IMPRESE AZIENDA_SPECIALE QUOTA_ASSOCIATIVA ALTRO},
    data* data, importo* importo
contabilita/consuntivo []
    missione* testo, programma* testo, obiettivo* testo, importo* importo
registro_imprese/pratiche [numero_protocollo]
    numero_protocollo* testo, canale* {TELEMATICA CARTACEA}, data_ora_arrivo* data_ora,
    data_ora_chiusura data_ora, giorni_sospensione intero >=0 missing=0,
    esito* {EVASA RIFIUTATA IN_LAVORAZIONE}
registro_imprese/consistenza [data_riferimento forma_giuridica]
    data_riferimento* data, forma_giuridica* testo, registrate* intero >=0, attive* intero >=0
brevetti/domande [numero_domanda]
    numero_domanda* testo, data_deposito* data,
    tipologia* {INVENZIONE MODELLO_UTILITA DISEGNO_MODELLO MARCHIO SEGUITO ALTRO}
conciliazione/procedimenti [numero]
    numero* testo, tipo* {MEDIAZIONE CONCILIAZIONE ARBITRATO}, data_avvio* data,
    data_conclusione data, udienze intero >=0
kronos/fte [matricola codice_processo natura]
    matricola* testo, codice_processo* testo, natura* {INTERNO ESTERNO},
    percentuale_tempo* decimale >=0 <=100, mesi_servizio* decimale >=0 <=12,
    percentuale_part_time* decimale >0 <=100
metrico/attivita [id_attivita]
    id_attivita* testo, data* data, tipo* {VERIFICA_PRIMA VERIFICA_PERIODICA SORVEGLIANZA}
segreteria/atti [organo tipo_atto numero data]
    organo* {GIUNTA CONSIGLIO COMMISSARIO PRESIDENTE SEGRETARIO_GENERALE},
    tipo_atto* {DELIBERA DETERMINA}, numero* intero >=1, data* data, oggetto testo
segreteria/sedute [id_seduta]
    id_seduta* testo, organo* {GIUNTA CONSIGLIO}, data* data, esito* {SVOLTA DESERTA RINVIATA}
segreteria/trasparenza [sezione obbligo]
    sezione* testo, obbligo* testo, applicabile* si_no, punteggio decimale >=0,
    punteggio_massimo decimale >0
segreteria/accessi [protocollo]
    protocollo* testo, tipo* {CIVICO_SEMPLICE CIVICO_GENERALIZZATO DOCUMENTALE_241},
    data_presentazione data missing=data_protocollo, data_protocollo* data, data_risposta data,
    giorni_sospensione intero >=0 missing=0
segreteria/personale [matricola data_inizio]
    matricola* testo, contratto* {TI TD DIRIGENTE SEGRETARIO_GENERALE}, data_inizio* data,
    data_fine data
segreteria/welfare []
    matricola* testo, strumento* testo, data* data
segreteria/formazione []
    matricola* testo, corso* testo, data* data, ore* decimale >0
provveditorato/pagamenti [numero_mandato riga]
    numero_mandato* testo, riga intero missing=1, data_pagamento* data, cig testo,
    codice_siope* testo quattro_cifre, fornitore testo, imponibile* importo, iva* importo,
    canale* {CONVENZIONE_CONSIP ACCORDO_QUADRO MEPA FUORI_MERCATO}
"""
PERSONALI = frozenset({"matricola"})
# Texts that are codes though they are in no key and have no list.
_CODICI = {"codice_processo", "missione", "programma", "obiettivo", "cig", "codice_siope"}


@dataclass(frozen=True)
class Colonna:
    """A column as the contract states it; `intervallo` holds conditions such as `>=0`."""

    nome: str
    tipo: str
    obbligatoria: bool
    codici: tuple[str, ...] = ()
    intervallo: tuple[str, ...] = ()
    predefinito: str | None = None
    e_codice: bool = False


@dataclass(frozen=True)
class Estratto:
    """An extract as the contract states it; for atti the key holds the year of its `data`."""

    codice: str
    colonne: tuple[Colonna, ...]
    chiave: tuple[str, ...]


def _colonna(testo: str) -> Colonna:
    """`mesi* decimale >=0 <=12` -> the column it declares."""
    codici: tuple[str, ...] = ()
    if "{" in testo:
        testo, elenco = testo.rstrip("}").split("{")
        codici = tuple(elenco.split())
    nome, *resto = testo.split()
    predefinito = None
    intervallo = []
    tipo = "codice" if codici else resto.pop(0)
    for parola in resto:
        if parola.startswith("missing="):
            predefinito = parola.removeprefix("missing=")
        else:
            intervallo.append(parola)
    obbligatoria = nome.endswith("*")
    return Colonna(nome.rstrip("*"), tipo, obbligatoria, codici, tuple(intervallo), predefinito)


def _dichiarazioni() -> dict[str, Estratto]:
    estratti = {}
    for blocco in re.findall(r"^\S.*\n(?: +.*\n)+", _TABELLA, flags=re.MULTILINE):
        testa, corpo = blocco.split("\n", 1)
        codice, chiave = testa.rstrip("]").split(" [")
        chiavi = set(chiave.split()) | _CODICI | PERSONALI
        colonne = tuple(
            replace(c, e_codice=bool(c.codici) or (c.tipo == "testo" and c.nome in chiavi))
            for c in map(_colonna, map(str.strip, corpo.split(",")))
        )
        estratti[codice] = Estratto(codice, colonne, tuple(chiave.split()))
    return estratti


ESTRATTI = _dichiarazioni()

Riga = dict[str, object]


def _dopo(r: Riga, prima: str, poi: str) -> bool:
    """Whether both dates are there and the second comes before the first."""
    a, b = r[prima], r[poi]
    return a is not None and b is not None and b < a  # type: ignore[operator]


def _supera(r: Riga, parte: str, tutto: str) -> bool:
    a, b = r[parte], r[tutto]
    return a is not None and b is not None and a > b  # type: ignore[operator]


# For each extract: (column the rule speaks about, whether the typed row breaks it).
REGOLE_RIGA: dict[str, list[tuple[str, Callable[[Riga], bool]]]] = {
    "isr/studi": [
        (
            "data_pubblicazione",
            lambda r: r["stato"] == "PUBBLICATO" and r["data_pubblicazione"] is None,
        ),
    ],
    "cciaa/attivita": [
        ("data_conclusione", lambda r: r["stato"] == "ESEGUITA" and r["data_conclusione"] is None),
    ],
    "registro_imprese/pratiche": [
        (
            "data_ora_chiusura",
            lambda r: r["esito"] in ("EVASA", "RIFIUTATA") and r["data_ora_chiusura"] is None,
        ),
        ("data_ora_chiusura", lambda r: _dopo(r, "data_ora_arrivo", "data_ora_chiusura")),
    ],
    "registro_imprese/consistenza": [("attive", lambda r: _supera(r, "attive", "registrate"))],
    "conciliazione/procedimenti": [
        ("data_conclusione", lambda r: _dopo(r, "data_avvio", "data_conclusione")),
    ],
    "segreteria/trasparenza": [
        ("punteggio", lambda r: r["applicabile"] is True and r["punteggio"] is None),
        (
            "punteggio_massimo",
            lambda r: r["applicabile"] is True and r["punteggio_massimo"] is None,
        ),
        ("punteggio", lambda r: _supera(r, "punteggio", "punteggio_massimo")),
    ],
    "segreteria/accessi": [
        ("data_presentazione", lambda r: _dopo(r, "data_presentazione", "data_protocollo")),
        ("data_risposta", lambda r: _dopo(r, "data_presentazione", "data_risposta")),
    ],
    "segreteria/personale": [("data_fine", lambda r: _dopo(r, "data_inizio", "data_fine"))],
    "provveditorato/pagamenti": [
        (
            "cig",
            lambda r: r["cig"] is not None and not re.fullmatch("[A-Za-z0-9]{10}", str(r["cig"])),
        ),
    ],
}

# --- What the reading of an extract yields --------------------------------------------------------


@dataclass(frozen=True)
class Scarto:
    """One broken rule of one row."""

    file: str
    riga: int
    colonna: str | None
    regola: str


@dataclass(frozen=True)
class EsitoFile:
    """What became of a file; `codifica` is None where the file was refused."""

    esito: str
    codifica: str | None
    righe_lette: int
    righe_accettate: int
    righe_scartate: int


@dataclass(frozen=True)
class Lettura:
    """The outcome for all the files of an extract; rows by (`_file`, `_riga`), scarti as a set."""

    file: dict[str, EsitoFile]
    righe: dict[tuple[str, int], Riga]
    scarti: frozenset[Scarto]


class FileRifiutato(Exception):
    """The file cannot be read, as a whole."""


class CellaErrata(Exception):
    """The cell breaks the rule whose name is the message."""


# --- From bytes to cells --------------------------------------------------------------------------

Cella = object  # text, or a native value of a workbook or of Parquet


@dataclass(frozen=True)
class Tabella:
    """Header names as written, and rows of cells with their line number; no blank rows."""

    codifica: str
    intestazione: list[str]
    righe: list[tuple[int, list[Cella]]]


def visto(testo: str) -> str:
    """The text that people see: no invisible characters, plain spaces, composed, trimmed."""
    passi = "".join(c for c in testo if not _invisibile(c))
    passi = "".join(" " if unicodedata.category(c) == "Zs" else c for c in passi)
    return unicodedata.normalize("NFC", passi).strip()


def _invisibile(c: str) -> bool:
    """Format characters, but for the Arabic ones that enclose digits; selectors and fillers."""
    if unicodedata.category(c) == "Cf":
        return not ("\u0600" <= c <= "\u0605" or c in "\u06dd\u070f\u08e2")
    return "\ufe00" <= c <= "\ufe0f" or c in "\u034f\u115f\u1160\u3164\uffa0"


def _vuota(cella: Cella) -> bool:
    mancante = isinstance(cella, float) and cella != cella
    return cella is None or mancante or (isinstance(cella, str) and not visto(cella))


ILLEGGIBILE = "\ufffe"
"""Stands in a text for a byte that no encoding explains; a cell with it is of no type."""


def _decodifica(contenuto: bytes) -> tuple[str, str]:
    if contenuto[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _senza_nul(_prova(contenuto, "utf-16")), "utf-16"
    _senza_nul(contenuto.decode("latin-1"))
    for codifica, nome in (("utf-8-sig", "utf-8"), ("cp1252", "windows-1252")):
        try:
            return contenuto.decode(codifica), nome
        except UnicodeDecodeError:
            if nome == "utf-8" and _quasi_utf8(contenuto):
                testo = contenuto.decode("utf-8-sig", "surrogateescape")
                return re.sub("[\udc80-\udcff]", ILLEGGIBILE, testo), nome
    raise FileRifiutato("né UTF-8 né Windows-1252")


def _prova(contenuto: bytes, codifica: str) -> str:
    try:
        return contenuto.decode(codifica)
    except UnicodeDecodeError as errore:
        raise FileRifiutato(f"non è {codifica}") from errore


def _senza_nul(testo: str) -> str:
    if "\0" in testo:
        raise FileRifiutato("contiene caratteri NUL")
    return testo


def _quasi_utf8(contenuto: bytes) -> bool:
    """Fewer than one line in a thousand is not UTF-8, and others show that the rest is."""
    linee = contenuto.removesuffix(b"\n").split(b"\n")
    testi = [linea.decode("utf-8", "surrogateescape") for linea in linee]
    guaste = [t for t in testi if re.search("[\udc80-\udcff]", t)]
    provano = any(not t.isascii() for t in testi if t not in guaste)
    return len(guaste) * 1000 < len(linee) and provano


def record_csv(testo: str, separatore: str) -> Iterator[tuple[int, list[str], str, bool]]:
    """Yield (line on which it begins, fields, text, whether its quotes are stray) of every record.

    A quote opens a quoted field only as its first character; what follows a closing quote is
    literal, and stray unless it is space. Raises FileRifiutato at the end of the text where a quote
    is still open.
    """
    campi: list[str] = []
    campo = grezzo = ""
    stato = "inizio"  # of a field; then "libero", "citato", "chiuso" (after a second quote), "coda"
    storto = False
    linea = inizio = 1
    for c in testo:
        grezzo += c
        if stato == "citato":
            if c == '"':
                stato = "chiuso"
            else:
                campo += c
        elif stato == "chiuso" and c == '"':
            campo += '"'
            stato = "citato"
        elif stato == "inizio" and c == '"':
            stato = "citato"
        elif c == separatore:
            campi.append(campo)
            campo, stato = "", "inizio"
        elif c == "\n":
            yield inizio, [*campi, campo.removesuffix("\r")], grezzo, storto
            campi, campo, grezzo, stato, storto = [], "", "", "inizio", False
            inizio = linea + 1
        else:
            campo += c
            if stato in ("chiuso", "coda"):
                stato = "coda"
                storto |= not c.isspace()
            else:
                stato = "libero"
        linea += c == "\n"
    if stato == "citato":
        raise FileRifiutato(f"virgolette aperte alla riga {inizio} e mai chiuse")
    if grezzo:
        yield inizio, [*campi, campo], grezzo, storto


Record = tuple[int, list[str], str, bool]


def _record_pieni(testo: str, separatore: str) -> Iterator[Record]:
    """Records that are more than separators and spaces; empty quotes are something."""
    for record in record_csv(testo, separatore):
        if visto(record[2].replace(separatore, "")):
            yield record


def _ingoia_righe(campi: list[str], separatore: str, larghezza: int) -> bool:
    """Whether more than half of the lines that a quoted field joins would be whole rows."""
    for posto, campo in enumerate(campi):
        linee = campo.split("\n")
        if len(linee) > 1 and separatore in campo:
            larghezze = [linea.count(separatore) + 1 for linea in linee]
            larghezze[0] += posto
            larghezze[-1] += len(campi) - posto - 1
            if 2 * sum(n == larghezza for n in larghezze) > len(linee):
                return True
    return False


def _righe_csv(
    record: Sequence[Record], separatore: str, larghezza: int
) -> Iterator[tuple[int, list[Cella]]]:
    """The rows, those with stray quotes line by line and without cells."""
    for linea, campi, grezzo, storto in record:
        if storto or _ingoia_righe(campi, separatore, larghezza):
            for n, testo in enumerate(grezzo.removesuffix("\n").split("\n")):
                if visto(testo.replace(separatore, "")):
                    yield linea + n, []
        else:
            yield linea, list(campi)


def _svuota_inizio(testo: str) -> str:
    """Empty the blank lines before the header: any separator may stand in them."""
    bianche = re.match(r"(?:[;,\s]*\n)?", testo)
    assert bianche
    return "\n" * bianche[0].count("\n") + testo[bianche.end() :]


def _primi(testo: str, separatore: str) -> list[list[str]]:
    primi: list[list[str]] = []
    try:
        for _, campi, _, storto in islice(_record_pieni(testo, separatore), 30):
            primi.append([] if storto else campi)
    except FileRifiutato:
        pass
    return primi


def _posto_intestazione(primi: list[list[str]], estratto: Estratto) -> int:
    """The only one of the first records with every required column, or the first."""
    obbligatorie = {c.nome for c in estratto.colonne if c.obbligatoria}
    intere = [
        n for n, p in enumerate(primi) if obbligatorie <= {colonna_di(c, estratto) for c in p}
    ]
    return intere[0] if len(intere) == 1 else 0


def _separatore(testo: str, separatori: str, estratto: Estratto) -> tuple[str, int]:
    """The separator by which the header shows most columns of the contract, and its place."""

    def riconosciute(separatore: str) -> int:
        primi = _primi(testo, separatore)
        nomi = primi[_posto_intestazione(primi, estratto)] if primi else []
        return sum(colonna_di(c, estratto) != "" for c in nomi)

    scelto = max(separatori, key=riconosciute)
    return scelto, _posto_intestazione(_primi(testo, scelto), estratto)


def _leggi_csv(contenuto: bytes, estratto: Estratto) -> Tabella:
    testo, codifica = _decodifica(contenuto)
    if "\n" not in testo:
        testo = testo.replace("\r", "\n")
    testo = _svuota_inizio(testo)
    detto = re.match(r'\s*"?sep=([^\w"])"?[\s;,]*$', testo, flags=re.IGNORECASE | re.MULTILINE)
    separatori = ";,\t"
    if detto:
        separatori = detto[1] + separatori
        testo = "\n" * detto[0].count("\n") + testo[detto.end() :]
    separatore, posto = _separatore(testo, separatori, estratto)
    record = list(_record_pieni(testo, separatore))[posto:]
    if not record:
        raise FileRifiutato("nessuna intestazione")
    _, nomi, grezzo, storto = record[0]
    if storto or _ingoia_righe(nomi, separatore, grezzo.split("\n")[0].count(separatore) + 1):
        raise FileRifiutato("le virgolette dell'intestazione sono fuori posto")
    while nomi and not visto(nomi[-1]):
        nomi.pop()
    return Tabella(codifica, nomi, list(_righe_csv(record[1:], separatore, len(nomi))))


def _leggi_gz(contenuto: bytes, estratto: Estratto) -> Tabella:
    try:
        contenuto = gzip.decompress(contenuto)
    except (OSError, EOFError, zlib.error) as errore:
        raise FileRifiutato("non è un file gzip intero") from errore
    return _leggi_csv(contenuto, estratto)


@dataclass(frozen=True)
class DiFoglio:
    """A cell of a sheet that is no text: its value (None: no value at all) and its number format."""

    valore: object
    formato: str
    epoca: dt.datetime


def _di_foglio(cella: Cell, formula: object, epoca: dt.datetime) -> Cella:
    senza_valore = isinstance(formula, str) and formula.startswith("=") and cella.value is None
    if cella.data_type == "e" or senza_valore:
        return DiFoglio(None, "", epoca)
    if cella.value is None or isinstance(cella.value, str | bool):
        return cella.value
    return DiFoglio(cella.value, cella.number_format, epoca)


def _testata(righe: list[tuple[int, list[Cella]]], estratto: Estratto) -> int:
    """The place of the header: the first row, or the only one of thirty with all that is required."""
    richieste = {c.nome for c in estratto.colonne if c.obbligatoria}
    intere = [
        posto
        for posto, (_, celle) in enumerate(righe[:30])
        if richieste <= {nome_normale(c) for c in celle if isinstance(c, str)}
    ]
    return intere[0] if len(intere) == 1 else 0


def _leggi_xlsx(contenuto: bytes, estratto: Estratto) -> Tabella:
    try:
        valori = openpyxl.load_workbook(io.BytesIO(contenuto), data_only=True)
        formule = openpyxl.load_workbook(io.BytesIO(contenuto))
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError) as errore:
        raise FileRifiutato("non è una cartella di lavoro") from errore
    foglio = next(f for f in valori.worksheets if f.sheet_state == "visible")
    accanto = formule[foglio.title].iter_rows(values_only=True)
    righe = [
        (n, [_di_foglio(c, f, valori.epoch) for c, f in zip(celle, scritte, strict=True)])
        for n, (celle, scritte) in enumerate(zip(foglio.iter_rows(), accanto, strict=True), 1)
    ]
    piene = [(n, r) for n, r in righe if not all(_vuota(c) for c in r)]
    if not piene:
        raise FileRifiutato("nessuna intestazione")
    posto = _testata(piene, estratto)
    intestazione = ["" if c is None else str(c) for c in piene[posto][1]]
    return Tabella("xlsx", intestazione, piene[posto + 1 :])


def _leggibile(tipo: pl.DataType) -> bool:
    """Whether values of a Parquet type are text, numbers, dates or truth values."""
    testo = isinstance(tipo, pl.String | pl.Categorical | pl.Enum)
    giorno = isinstance(tipo, pl.Date | pl.Datetime)
    return testo or giorno or tipo.is_numeric() or isinstance(tipo, pl.Boolean | pl.Null)


def _leggi_parquet(contenuto: bytes, estratto: Estratto) -> Tabella:
    try:
        dati = pl.read_parquet(io.BytesIO(contenuto)).with_columns(
            pl.col(pl.Float32).cast(pl.String).cast(pl.Float64)  # its shortest decimal
        )
    except (pl.exceptions.PolarsError, OSError) as errore:
        raise FileRifiutato("non è un file Parquet") from errore
    for nome, tipo in dati.schema.items():
        if not _leggibile(tipo) and colonna_di(nome, estratto):
            raise FileRifiutato(f"la colonna {nome} non ha un tipo che si possa leggere")
    righe: list[tuple[int, list[Cella]]] = [
        (n, [_a_roma(c) for c in r]) for n, r in enumerate(dati.rows(), 1)
    ]
    if any(isinstance(c, str) and "\0" in c for _, celle in righe for c in celle):
        raise FileRifiutato("contiene caratteri NUL")
    return Tabella("parquet", dati.columns, [r for r in righe if not all(map(_vuota, r[1]))])


def _a_roma(cella: Cella) -> Cella:
    """An instant of the world on the clock of Rome."""
    if isinstance(cella, dt.datetime) and cella.tzinfo:
        return cella.astimezone(ZoneInfo("Europe/Rome")).replace(tzinfo=None)
    return cella


_LETTORI = {
    ".csv": _leggi_csv,
    ".csv.gz": _leggi_gz,
    ".xlsx": _leggi_xlsx,
    ".parquet": _leggi_parquet,
}


def _leggi_file(percorso: str, contenuto: bytes, estratto: Estratto) -> Tabella:
    estensione = next(e for e in _LETTORI if percorso.lower().endswith(e))
    tabella = _LETTORI[estensione](contenuto, estratto)
    intestazione = list(tabella.intestazione)
    while intestazione and _vuota(intestazione[-1]):
        intestazione.pop()
    _controlla_intestazione(intestazione, estratto)
    righe = tabella.righe
    if estensione == ".xlsx":  # the cells of a short workbook row are there, and empty
        larghezza = len(intestazione)
        righe = [(n, celle + [None] * (larghezza - len(celle))) for n, celle in righe]
    return Tabella(tabella.codifica, intestazione, righe)


def nome_normale(nome: str) -> str:
    """As seen, without accents, case folded, without a year at its end."""
    scomposto = unicodedata.normalize("NFKD", visto(nome))
    piano = "".join(c for c in scomposto if not unicodedata.combining(c)).casefold()
    return re.sub(r"[\s_.-]*\(?(19|20)[0-9][0-9]\)?$", "", piano) or piano


def colonna_di(nome: str, estratto: Estratto) -> str:
    """The column that a heading names, with any marks or none where the contract has `_`."""
    for colonna in estratto.colonne:
        parole = colonna.nome.split("_")
        if re.fullmatch(r"[\s_.\u2010-\u2015-]*".join(parole), nome_normale(nome)):
            return colonna.nome
    return ""


def _controlla_intestazione(intestazione: list[str], estratto: Estratto) -> None:
    nomi = [colonna_di(n, estratto) for n in intestazione]
    for colonna in estratto.colonne:
        if nomi.count(colonna.nome) > 1:
            raise FileRifiutato(f"la colonna {colonna.nome} sta due volte")
        if colonna.obbligatoria and colonna.nome not in nomi:
            raise FileRifiutato(f"manca la colonna {colonna.nome}")


# --- From cells to values -------------------------------------------------------------------------

# A thousands group does not begin with 0: nobody writes 0.125 for 125.
_CIFRE = r"-?(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)"
_NUMERO = re.compile(rf"({_CIFRE})(?:,([0-9]+))?")
_DATA = re.compile(r"([0-9]{2})/([0-9]{2})/([0-9]{4})|([0-9]{4})-([0-9]{2})-([0-9]{2})")
_ORA = re.compile(r"([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?")
DECIMALI = {"decimale": 6, "importo": 2}


def _nativo(cella: Cella) -> Decimal | None:
    """The exact value of a native number (floats at 15 significant digits), else None."""
    if isinstance(cella, bool):
        return None
    if isinstance(cella, int | Decimal):
        return Decimal(cella)
    if isinstance(cella, float):
        valore = Decimal(format(cella, ".15g"))
        return valore if valore.is_finite() else None
    return None


def _numero_scritto(testo: str) -> tuple[Decimal, int]:
    """The value of an Italian spelling, and how many decimals are written."""
    testo = testo.replace("\u2212", "-", 1)
    trovato = _NUMERO.fullmatch(testo)
    if not trovato:
        raise CellaErrata("tipo")
    intera, decimali = trovato[1].replace(".", ""), trovato[2] or ""
    return Decimal(f"{intera}.{decimali or '0'}"), len(decimali)


def _senza_euro(testo: str) -> str:
    for forma in (r"€ ?([^€]+)", r"([^€]+?) ?€"):
        trovato = re.fullmatch(forma, testo)
        if trovato:
            return trovato[1]
    return testo


def _decimali(valore: Decimal) -> int:
    esponente = valore.normalize().as_tuple().exponent
    assert isinstance(esponente, int)
    return max(0, -esponente)


def _decimale(cella: Cella, tipo: str) -> Decimal:
    nativo = _nativo(cella)
    if nativo is not None:
        valore, decimali = nativo, _decimali(nativo)
    elif isinstance(cella, str):
        testo = cella.strip()
        valore, decimali = _numero_scritto(_senza_euro(testo) if tipo == "importo" else testo)
    else:
        raise CellaErrata("tipo")
    if decimali > DECIMALI[tipo] or abs(valore) >= Decimal(10) ** (18 - DECIMALI[tipo]):
        raise CellaErrata("tipo")
    return valore


def _intero(cella: Cella) -> int:
    nativo = _nativo(cella)
    if nativo is not None and nativo == nativo.to_integral_value():
        valore = int(nativo)
    elif isinstance(cella, str) and re.fullmatch(_CIFRE, cella.replace("\u2212", "-", 1)):
        valore = int(cella.replace("\u2212", "-", 1).replace(".", ""))
    else:
        raise CellaErrata("tipo")
    if not -(2**63) <= valore < 2**63:
        raise CellaErrata("tipo")
    return valore


def _testo(cella: Cella) -> str:
    if isinstance(cella, str):
        return cella.strip()
    if isinstance(cella, bool):
        return "S" if cella else "N"
    if isinstance(cella, dt.datetime) and cella.time() == dt.time():
        return cella.date().isoformat()
    if isinstance(cella, dt.date):  # a datetime too
        return cella.isoformat()
    nativo = _nativo(cella)
    if nativo is None:
        raise CellaErrata("tipo")
    if nativo == nativo.to_integral_value():
        return str(int(nativo))
    return format(nativo.normalize(), "f")


def _data_scritta(testo: str) -> dt.date:
    testo = re.sub(r"[ T]00:00:00(\.0{1,9})?$", "", testo)  # an hour that says nothing
    trovato = _DATA.fullmatch(testo)
    if not trovato:
        raise CellaErrata("tipo")
    giorno, mese, anno, anno_iso, mese_iso, giorno_iso = trovato.groups()
    try:
        return dt.date(int(anno or anno_iso), int(mese or mese_iso), int(giorno or giorno_iso))
    except ValueError as errore:
        raise CellaErrata("tipo") from errore


def _data(cella: Cella) -> dt.date:
    if isinstance(cella, dt.datetime):
        return cella.date()
    if isinstance(cella, dt.date):
        return cella
    if isinstance(cella, str):
        return _data_scritta(cella.strip())
    raise CellaErrata("tipo")


def _data_ora(cella: Cella) -> dt.datetime:
    if isinstance(cella, dt.datetime):
        return cella.replace(tzinfo=None)
    if isinstance(cella, dt.date):
        return dt.datetime.combine(cella, dt.time())
    if not isinstance(cella, str):
        raise CellaErrata("tipo")
    giorno, ora = cella[:10], cella[10:]
    data = _data_scritta(giorno)
    if not ora or re.fullmatch(r"[ T]00:00:00(\.0{1,9})?", ora):
        return dt.datetime.combine(data, dt.time())
    trovato = _ORA.fullmatch(ora[1:])
    if ora[0] != (" " if "/" in giorno else "T") or not trovato:
        raise CellaErrata("tipo")
    try:
        tempo = dt.time(int(trovato[1]), int(trovato[2]), int(trovato[3] or 0))
    except ValueError as errore:
        raise CellaErrata("tipo") from errore
    return dt.datetime.combine(data, tempo)


def _si_no(cella: Cella) -> bool:
    if isinstance(cella, bool):
        return cella
    if isinstance(cella, str) and cella.strip().upper() in ("S", "SI", "N", "NO"):
        return cella.strip().upper() in ("S", "SI")
    raise CellaErrata("tipo")


def _codice(cella: Cella, codici: tuple[str, ...]) -> str:
    codice = _testo(cella).upper().replace(" ", "_")
    if codice not in codici:
        raise CellaErrata("codice")
    return codice


def _rispetta(valore: object, condizione: str) -> bool:
    if condizione == "quattro_cifre":
        return re.fullmatch("[0-9]{4}", str(valore)) is not None
    trovato = re.fullmatch(r"(>=|<=|>)([0-9]+)", condizione)
    assert trovato and isinstance(valore, int | Decimal)
    limite = int(trovato[2])
    return {">=": valore >= limite, "<=": valore <= limite, ">": valore > limite}[trovato[1]]


def _da_foglio(cella: DiFoglio, colonna: Colonna) -> Cella:
    """What a cell of a sheet is in a column, as people see it; raises CellaErrata."""
    testuale = colonna.tipo in ("testo", "codice")
    if isinstance(cella.valore, dt.datetime) and not testuale:
        return cella.valore.date() if colonna.tipo == "data" else cella.valore
    numero = _nativo(cella.valore)
    if numero is None:
        raise CellaErrata("tipo")
    if cella.formato.endswith("%"):
        numero *= 100
    intero = numero == numero.to_integral_value()
    if testuale and intero and set(cella.formato) == {"0"}:
        return str(int(numero)).zfill(len(cella.formato))
    if colonna.e_codice and not intero:
        raise CellaErrata("tipo")
    giorno = colonna.tipo == "data_ora" or (colonna.tipo == "data" and intero)
    if giorno and 20_000 <= numero <= 80_000:
        return from_excel(float(numero), cella.epoca)
    return numero


def valore_cella(cella: Cella, colonna: Colonna) -> object:
    """The typed value of a cell, None where missing; raises CellaErrata(rule)."""
    if isinstance(cella, DiFoglio):
        cella = _da_foglio(cella, colonna)
    if isinstance(cella, str):
        cella = visto(cella)
        if ILLEGGIBILE in cella:
            raise CellaErrata("tipo")
    if _vuota(cella):
        if colonna.obbligatoria:
            raise CellaErrata("obbligatorio")
        return None
    valore: object
    if colonna.codici:
        valore = _codice(cella, colonna.codici)
    elif colonna.tipo in DECIMALI:
        valore = _decimale(cella, colonna.tipo)
    else:
        lettore: dict[str, Callable[[Cella], object]] = {
            "testo": _testo,
            "intero": _intero,
            "data": _data,
            "data_ora": _data_ora,
            "si_no": _si_no,
        }
        valore = lettore[colonna.tipo](cella)
    if not all(_rispetta(valore, c) for c in colonna.intervallo):
        raise CellaErrata("intervallo")
    return valore


# --- From rows to accepted rows and scarti --------------------------------------------------------


def _metti_predefiniti(riga: Riga, estratto: Estratto) -> None:
    for colonna in estratto.colonne:
        if riga[colonna.nome] is None and colonna.predefinito is not None:
            numero = colonna.predefinito.isdigit()
            riga[colonna.nome] = int(colonna.predefinito) if numero else riga[colonna.predefinito]


def _giudica_riga(
    celle: list[Cella], nomi: list[str], estratto: Estratto
) -> tuple[Riga, set[tuple[str | None, str]]]:
    """The typed row and the rules it breaks by itself, as (column, rule), of one stage only."""
    if len(celle) < len(nomi) or not all(_vuota(c) for c in celle[len(nomi) :]):
        return {}, {(None, "numero_campi")}
    scritte = dict(zip(nomi, celle, strict=False))
    riga: Riga = {}
    errori: set[tuple[str | None, str]] = set()
    for colonna in estratto.colonne:
        try:
            riga[colonna.nome] = valore_cella(scritte.get(colonna.nome), colonna)
        except CellaErrata as errore:
            errori.add((colonna.nome, str(errore)))
    if errori:
        return {}, errori
    _metti_predefiniti(riga, estratto)
    regole = REGOLE_RIGA.get(estratto.codice, [])
    return riga, {(colonna, "regola_riga") for colonna, rotta in regole if rotta(riga)}


def _chiave(riga: Riga, estratto: Estratto) -> tuple[object, ...]:
    valori = [riga[c] for c in estratto.chiave]
    if estratto.codice == "segreteria/atti":
        valori[-1] = valori[-1].year  # type: ignore[attr-defined]
    return tuple(valori)


Righe = dict[tuple[str, int], Riga]


def _scarta_chiavi(righe: Righe, estratto: Estratto) -> set[Scarto]:
    """Duplicates and conflicts; `righe` stand in the order of file name and line."""
    if not estratto.chiave:
        return set()
    gruppi = defaultdict(list)
    for posto, riga in righe.items():
        gruppi[_chiave(riga, estratto)].append(posto)
    colonna = ", ".join(estratto.chiave)
    scarti = set()
    for posti in gruppi.values():
        if all(righe[p] == righe[posti[0]] for p in posti):
            scarti |= {Scarto(*p, colonna, "duplicato") for p in posti[1:]}
        else:
            scarti |= {Scarto(*p, colonna, "chiave_in_conflitto") for p in posti}
    return scarti


def _scarta_somme(righe: Righe, estratto: Estratto) -> set[Scarto]:
    """Rows of a matricola whose percentages of time sum to more than 100."""
    if estratto.codice != "kronos/fte":
        return set()
    somme: dict[object, Decimal] = defaultdict(Decimal)
    for riga in righe.values():
        quota = riga["percentuale_tempo"]
        assert isinstance(quota, Decimal)
        somme[riga["matricola"]] += quota
    return {
        Scarto(*posto, "percentuale_tempo", "somma_percentuali")
        for posto, riga in righe.items()
        if somme[riga["matricola"]] > 100
    }


def _togli(righe: Righe, scarti: set[Scarto]) -> Righe:
    fuori = {(s.file, s.riga) for s in scarti}
    return {posto: riga for posto, riga in righe.items() if posto not in fuori}


def leggi(codice: str, contenuti: Mapping[str, bytes]) -> Lettura:
    """Read the files (path below the landing zone -> bytes) of one extract of one partition."""
    estratto = ESTRATTI[codice]
    tabelle: dict[str, Tabella] = {}
    righe: Righe = {}
    scarti: set[Scarto] = set()
    for percorso in sorted(contenuti, key=str.encode):
        try:
            tabelle[percorso] = _leggi_file(percorso, contenuti[percorso], estratto)
        except FileRifiutato:
            continue
        nomi = [colonna_di(n, estratto) for n in tabelle[percorso].intestazione]
        for numero, celle in tabelle[percorso].righe:
            riga, errori = _giudica_riga(celle, nomi, estratto)
            scarti |= {Scarto(percorso, numero, *errore) for errore in errori}
            if not errori:
                righe[percorso, numero] = riga
    for passo in (_scarta_chiavi, _scarta_somme):
        nuovi = passo(righe, estratto)
        righe = _togli(righe, nuovi)
        scarti |= nuovi
    file = {p: _esito(p, tabelle.get(p), righe, scarti) for p in contenuti}
    return Lettura(file, righe, frozenset(scarti))


def _esito(percorso: str, tabella: Tabella | None, righe: Righe, scarti: set[Scarto]) -> EsitoFile:
    if tabella is None:
        return EsitoFile("RIFIUTATO", None, 0, 0, 0)
    accettate = sum(file == percorso for file, _ in righe)
    scartate = len({s.riga for s in scarti if s.file == percorso})
    return EsitoFile("ACCETTATO", tabella.codifica, len(tabella.righe), accettate, scartate)


def stato_di(lettura: Lettura) -> str:
    """PRESENTE, ASSENTE or INCOMPLETO: a refused file, or half of the rows refused and at least three,
    in a part or in all. A row that repeats another, or is a total, is as if not there."""
    if not lettura.file:
        return "ASSENTE"
    if any(esito.esito == "RIFIUTATO" for esito in lettura.file.values()):
        return "INCOMPLETO"
    rifiutate = {
        (s.file, s.riga) for s in lettura.scarti if s.regola not in ("duplicato", "riga_di_totale")
    }
    insiemi: list[set[str]] = [{file} for file in lettura.file] + [set(lettura.file)]
    for insieme in insiemi:
        perse = sum(file in insieme for file, _ in rifiutate)
        tenute = sum(file in insieme for file, _ in lettura.righe)
        if perse >= 3 and 2 * perse >= perse + tenute:
            return "INCOMPLETO"
    return "PRESENTE"
