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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

import openpyxl
import polars as pl

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


@dataclass(frozen=True)
class Colonna:
    """A column as the contract states it; `intervallo` holds conditions such as `>=0`."""

    nome: str
    tipo: str
    obbligatoria: bool
    codici: tuple[str, ...] = ()
    intervallo: tuple[str, ...] = ()
    predefinito: str | None = None


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
        colonne = tuple(_colonna(c.strip()) for c in corpo.split(","))
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


def _vuota(cella: Cella) -> bool:
    return cella is None or (isinstance(cella, str) and not cella.strip())


def _decodifica(contenuto: bytes) -> tuple[str, str]:
    for codifica, nome in (("utf-8-sig", "utf-8"), ("cp1252", "windows-1252")):
        try:
            testo = contenuto.decode(codifica)
        except UnicodeDecodeError:
            continue
        if "\0" in testo:
            raise FileRifiutato("contiene caratteri NUL")
        return testo, nome
    raise FileRifiutato("né UTF-8 né Windows-1252")


def record_csv(testo: str, separatore: str) -> Iterator[tuple[int, list[str], str]]:
    """Yield (line on which it begins, fields, text) of every record, blank ones included.

    A quote opens a quoted field only as its first character; what follows a closing quote is
    literal. Raises FileRifiutato at the end of the text where a quote is still open.
    """
    campi: list[str] = []
    campo = grezzo = ""
    stato = "inizio"  # of a field; then "libero", "citato", "chiuso" (just after a second quote)
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
            yield inizio, [*campi, campo.removesuffix("\r")], grezzo
            campi, campo, grezzo, stato = [], "", "", "inizio"
            inizio = linea + 1
        else:
            campo += c
            stato = "libero"
        linea += c == "\n"
    if stato == "citato":
        raise FileRifiutato(f"virgolette aperte alla riga {inizio} e mai chiuse")
    if grezzo:
        yield inizio, [*campi, campo], grezzo


def _record_pieni(testo: str, separatore: str) -> Iterator[tuple[int, list[str]]]:
    """Records that are more than separators and spaces; empty quotes are something."""
    for linea, campi, grezzo in record_csv(testo, separatore):
        if grezzo.replace(separatore, "").strip():
            yield linea, campi


def _svuota_inizio(testo: str) -> str:
    """Empty the blank lines before the header: any separator may stand in them."""
    bianche = re.match(r"(?:[;,\s]*\n)?", testo)
    assert bianche
    return "\n" * bianche[0].count("\n") + testo[bianche.end() :]


def _separatore(testo: str, estratto: Estratto) -> str:
    """The separator by which the header shows most columns of the contract."""

    def riconosciute(separatore: str) -> int:
        try:
            _, campi = next(_record_pieni(testo, separatore), (0, []))
        except FileRifiutato:
            return 0
        nomi = {nome_normale(c) for c in campi}
        return sum(c.nome in nomi for c in estratto.colonne)

    return max(";,\t", key=riconosciute)


def _leggi_csv(contenuto: bytes, estratto: Estratto) -> Tabella:
    testo, codifica = _decodifica(contenuto)
    testo = _svuota_inizio(testo)
    record = list(_record_pieni(testo, _separatore(testo, estratto)))
    if not record:
        raise FileRifiutato("nessuna intestazione")
    return Tabella(codifica, record[0][1], [(n, list(campi)) for n, campi in record[1:]])


def _leggi_gz(contenuto: bytes, estratto: Estratto) -> Tabella:
    try:
        contenuto = gzip.decompress(contenuto)
    except (OSError, EOFError, zlib.error) as errore:
        raise FileRifiutato("non è un file gzip intero") from errore
    return _leggi_csv(contenuto, estratto)


def _leggi_xlsx(contenuto: bytes, _: Estratto) -> Tabella:
    try:
        foglio = openpyxl.load_workbook(io.BytesIO(contenuto), data_only=True).worksheets[0]
    except (zipfile.BadZipFile, KeyError, ValueError, IndexError, OSError) as errore:
        raise FileRifiutato("non è una cartella di lavoro") from errore
    righe = [(n, list(r)) for n, r in enumerate(foglio.iter_rows(values_only=True), 1)]
    piene = [(n, r) for n, r in righe if not all(_vuota(c) for c in r)]
    if not piene:
        raise FileRifiutato("nessuna intestazione")
    intestazione = ["" if c is None else str(c) for c in piene[0][1]]
    return Tabella("xlsx", intestazione, piene[1:])


def _leggibile(tipo: pl.DataType) -> bool:
    """Whether values of a Parquet type are text, numbers, dates or truth values."""
    testo = isinstance(tipo, pl.String | pl.Categorical | pl.Enum)
    giorno = isinstance(tipo, pl.Date | pl.Datetime)
    return testo or giorno or tipo.is_numeric() or isinstance(tipo, pl.Boolean | pl.Null)


def _leggi_parquet(contenuto: bytes, estratto: Estratto) -> Tabella:
    try:
        dati = pl.read_parquet(io.BytesIO(contenuto))
    except (pl.exceptions.PolarsError, OSError) as errore:
        raise FileRifiutato("non è un file Parquet") from errore
    for nome, tipo in dati.schema.items():
        if not _leggibile(tipo) and nome_normale(nome) in {c.nome for c in estratto.colonne}:
            raise FileRifiutato(f"la colonna {nome} non ha un tipo che si possa leggere")
    righe = [(n, list(r)) for n, r in enumerate(dati.rows(), 1)]
    if any(isinstance(c, str) and "\0" in c for _, celle in righe for c in celle):
        raise FileRifiutato("contiene caratteri NUL")
    return Tabella("parquet", dati.columns, [r for r in righe if not all(map(_vuota, r[1]))])


_LETTORI = {
    ".csv": _leggi_csv,
    ".csv.gz": _leggi_gz,
    ".xlsx": _leggi_xlsx,
    ".parquet": _leggi_parquet,
}


def _leggi_file(percorso: str, contenuto: bytes, estratto: Estratto) -> Tabella:
    estensione = next(e for e in _LETTORI if percorso.endswith(e))
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
    """Trim, strip accents, fold case."""
    scomposto = unicodedata.normalize("NFKD", nome.strip())
    return "".join(c for c in scomposto if not unicodedata.combining(c)).casefold()


def _controlla_intestazione(intestazione: list[str], estratto: Estratto) -> None:
    nomi = [nome_normale(n) for n in intestazione]
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
    elif isinstance(cella, str) and re.fullmatch(_CIFRE, cella.strip()):
        valore = int(cella.strip().replace(".", ""))
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
        if cella.time() != dt.time():
            raise CellaErrata("tipo")
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
    giorno, ora = cella.strip()[:10], cella.strip()[10:]
    data = _data_scritta(giorno)
    if not ora:
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


def valore_cella(cella: Cella, colonna: Colonna) -> object:
    """The typed value of a cell, None where missing; raises CellaErrata(rule)."""
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
        nomi = [nome_normale(n) for n in tabelle[percorso].intestazione]
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
