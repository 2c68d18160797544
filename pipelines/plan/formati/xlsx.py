"""The format `xlsx`: every visible sheet is a part, its cells as they are displayed.

Belongs here: which sheets, rows and columns are read, merged cells, formulas. Does not belong here: what
makes an archive safe to open, its parts and their XML (pipelines/extracts), what a row says (disposizioni/).
"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from decimal import Decimal

from pipelines.extracts.number_format import read_format
from pipelines.extracts.ooxml import (
    Pacchetto,
    element_names,
    read_book,
    read_codes,
    read_strings,
    shown,
    unescaped,
)
from pipelines.extracts.sheet_xml import moment_of, plain_text
from pipelines.extracts.workbook import check_kind, inspect
from pipelines.plan.documento import (
    MAX_APERTO,
    MAX_CARATTERI,
    MAX_COLONNE,
    MAX_RIGHE,
    Cella,
    Documento,
    PianoIlleggibile,
    Riga,
    Rilievo,
    check_size,
    riga_di,
)
from pipelines.plan.formati.mostrato import displayed
from pipelines.plan.righe import tidy

_RIFERIMENTO = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_AREA = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6}):([A-Z]{1,3})([1-9][0-9]{0,6})")
_NOMI = element_names("row", "c", "v", "f", "is", "t", "rPh", "mergeCell", "col", "sheetFormatPr")


@dataclass
class _Foglio:
    """A sheet while it is parsed: cells by row and column, from 1."""

    celle: dict[int, dict[int, str]] = field(default_factory=dict)
    fuse: list[tuple[int, int, int, int]] = field(default_factory=list)
    righe_nascoste: list[int] = field(default_factory=list)
    colonne_nascoste: list[range] = field(default_factory=list)
    formule: list[tuple[int, int]] = field(default_factory=list)
    arrotondate: list[tuple[int, int]] = field(default_factory=list)
    errori: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True)
class _Comune:
    stringhe: list[str]
    codici: list[str]
    dal_1904: bool


def read(content: bytes) -> Documento:
    """The visible sheets of a workbook. Raises Rifiutato or PianoIlleggibile."""
    inspect(content, MAX_APERTO)
    package = Pacchetto(zipfile.ZipFile(io.BytesIO(content)))
    check_kind(package)
    book = read_book(package)
    stringhe, stili = book.parti.get("sharedStrings"), book.parti.get("styles")
    common = _Comune(
        read_strings(package, stringhe) if stringhe else [],
        read_codes(package, stili) if stili and stili in package else [],
        book.dal_1904,
    )
    righe: list[Riga] = []
    rilievi: list[Rilievo] = []
    for voce in book.fogli:
        relazione = voce.relazione
        if relazione is None or relazione.tipo != "worksheet" or relazione.parte is None:
            continue
        nome = shown(voce.nome)
        if voce.nascosta:
            rilievi.append(_hidden(nome, None, f"il foglio «{nome}» è nascosto"))
            continue
        foglio = _parse(package, relazione.parte, common)
        righe += _rows(nome, foglio)
        rilievi += _findings(nome, foglio)
        check_size(len(righe))
    if not righe:
        raise PianoIlleggibile(
            "Il piano non ha fogli visibili con dei dati: rendere visibile quello del piano."
        )
    return Documento("xlsx", tuple(righe), fusioni=True, rilievi=tuple(rilievi))


def _hidden(parte: str, riga: int | None, cosa: str, cella: str = "") -> Rilievo:
    rimedio = "renderlo visibile se fa parte del piano"
    return Rilievo("parte_nascosta", parte, riga, cella, f"{cosa} e non viene letto", rimedio)


def _findings(nome: str, foglio: _Foglio) -> list[Rilievo]:
    trovati = [
        _hidden(nome, riga, f"la riga {riga} è nascosta")
        for riga in foglio.righe_nascoste
        if foglio.celle.get(riga)
    ]
    piene = {colonna for celle in foglio.celle.values() for colonna in celle}
    for colonne in foglio.colonne_nascoste:
        for colonna in sorted(piene & set(colonne)):
            lettere = _letters(colonna)
            trovati.append(_hidden(nome, None, f"la colonna {lettere} di «{nome}» è nascosta"))
    for regola, celle, cosa, rimedio in (
        (
            "formula_senza_valore",
            foglio.formule,
            "la formula non ha un valore salvato e la cella vale come vuota",
            "aprire la cartella di lavoro, lasciarla calcolare e salvarla",
        ),
        (
            "formula_senza_valore",
            foglio.errori,
            "la cella contiene un errore di calcolo e vale come vuota",
            "correggerla e salvare",
        ),
        (
            "valore_arrotondato",
            foglio.arrotondate,
            "la cella contiene più decimali di quelli che mostra, e vale ciò che mostra",
            "mostrare tutti i decimali, o togliere quelli che non contano",
        ),
    ):
        for riga, colonna in celle:
            if riga not in foglio.righe_nascoste:
                cella = f"{_letters(colonna)}{riga}"
                trovati.append(Rilievo(regola, nome, riga, cella, f"{cella}: {cosa}", rimedio))
    return trovati


def _rows(nome: str, foglio: _Foglio) -> list[Riga]:
    nascoste = set(foglio.righe_nascoste)
    colonne_nascoste = {c for colonne in foglio.colonne_nascoste for c in colonne}
    coperte = {(r, c): (altezza, larghezza) for r, c, altezza, larghezza in foglio.fuse}
    righe = []
    for numero in sorted(foglio.celle):
        if numero in nascoste:
            continue
        celle = foglio.celle[numero]
        larga = max((c for c, testo in celle.items() if testo), default=0)
        fila = []
        for colonna in range(1, larga + 1):
            testo = "" if colonna in colonne_nascoste else tidy(celle.get(colonna, ""))
            altezza, larghezza = coperte.get((numero, colonna), (1, 1))
            # what is hidden below or beside a merged cell is covered by nothing that is read
            altezza -= sum(r in nascoste for r in range(numero + 1, numero + altezza))
            nome_cella = f"{_letters(colonna)}{numero}"
            fila.append(Cella(testo, 0, 0, nome_cella, altezza, larghezza))
        righe.append(riga_di(nome, numero, fila))
    return _with_gaps(righe)


def _with_gaps(righe: list[Riga]) -> list[Riga]:
    """The rows that hold something; those between them, that merged cells may cover, stand blank."""
    if not righe:
        return []
    per_numero = {int(r.numero): r for r in righe}
    coperte = {
        n
        for r in righe
        for c in r.celle
        if c.righe > 1
        for n in range(int(r.numero), min(int(r.numero) + c.righe, MAX_RIGHE))
    }
    parte = righe[0].numero.parte
    numeri = sorted({*per_numero, *coperte})
    return [per_numero.get(n) or riga_di(parte, n, []) for n in numeri]


def _letters(colonna: int) -> str:
    lettere = ""
    while colonna:
        colonna, resto = divmod(colonna - 1, 26)
        lettere = chr(65 + resto) + lettere
    return lettere


def _number(lettere: str) -> int:
    colonna = 0
    for lettera in lettere:
        colonna = colonna * 26 + ord(lettera) - 64
    return colonna


def _parse(package: Pacchetto, part: str, common: _Comune) -> _Foglio:
    foglio = _Foglio()
    riga = colonna = 0
    tipo, stile, valore, formula = "n", "", None, False
    pezzi: list[str] = []
    fonetico = False
    caratteri = MAX_CARATTERI

    def start(element: str, attributes: dict[str, str]) -> None:
        nonlocal riga, colonna, tipo, stile, valore, formula, fonetico
        match _NOMI.get(element):
            case "row":
                numero = attributes.get("r", "")
                riga = int(numero) if numero.isdecimal() and len(numero) < 8 else riga + 1
                colonna = 0
                if _is_true(attributes.get("hidden")):
                    foglio.righe_nascoste.append(riga)
            case "c":
                posto = _RIFERIMENTO.fullmatch(attributes.get("r", ""))
                colonna = _number(posto[1]) if posto else colonna + 1
                riga = int(posto[2]) if posto else riga
                tipo, stile = attributes.get("t", "n"), attributes.get("s", "")
                valore, formula = None, False
                pezzi.clear()
            case "f":
                formula = True
            case "rPh":
                fonetico = True
            case "mergeCell":
                _merge(foglio, attributes.get("ref", ""))
            case "col" if _is_true(attributes.get("hidden")):
                prima, ultima = attributes.get("min", "0"), attributes.get("max", "0")
                if prima.isdecimal() and ultima.isdecimal():
                    fine = min(int(ultima[:6]), MAX_COLONNE)
                    foglio.colonne_nascoste.append(range(int(prima[:6]), fine + 1))

    def end(element: str, text: str) -> None:
        nonlocal valore, fonetico, caratteri
        match _NOMI.get(element):
            case "v":
                valore = text
            case "t" if not fonetico:
                pezzi.append(text)
            case "rPh":
                fonetico = False
            case "c":
                testo = _text(foglio, common, (riga, colonna), tipo, stile, valore, formula, pezzi)
                if testo:
                    check_size(len(foglio.celle), colonna)
                    caratteri -= len(testo)
                    if caratteri < 0:
                        raise PianoIlleggibile(
                            "Il piano ha troppo testo per un allegato: consegnare il solo piano."
                        )
                    foglio.celle.setdefault(riga, {})[colonna] = testo

    package.parse(part, start, end)
    return foglio


def _is_true(testo: str | None) -> bool:
    return (testo or "").strip().lower() in ("1", "true", "on")


def _merge(foglio: _Foglio, area: str) -> None:
    trovata = _AREA.fullmatch(area.replace("$", ""))
    if trovata is None:
        return
    c1, r1, c2, r2 = _number(trovata[1]), int(trovata[2]), _number(trovata[3]), int(trovata[4])
    altezza, larghezza = r2 - r1 + 1, c2 - c1 + 1
    if altezza < 1 or larghezza < 1 or altezza > MAX_RIGHE or larghezza > 16_384:
        return
    foglio.fuse.append((r1, c1, altezza, min(larghezza, MAX_COLONNE)))
    check_size(len(foglio.fuse))


def _text(
    foglio: _Foglio,
    common: _Comune,
    posto: tuple[int, int],
    tipo: str,
    stile: str,
    valore: str | None,
    formula: bool,
    pezzi: list[str],
) -> str:
    """What a cell displays; what it cannot say is noted and blank."""
    if tipo == "inlineStr":
        return unescaped("".join(pezzi))
    if tipo == "e":
        foglio.errori.append(posto)
        return ""
    if valore is None or (valore == "" and tipo != "str"):
        if formula:
            foglio.formule.append(posto)
        return ""
    if tipo == "s":
        indice = valore.strip()
        if not indice.isdecimal() or int(indice) >= len(common.stringhe):
            raise PianoIlleggibile(
                "Il piano cita un testo che non ha: aprirlo con Excel o LibreOffice e salvarlo come xlsx."
            )
        return common.stringhe[int(indice)]
    if tipo == "b":
        return {"1": "Sì", "true": "Sì"}.get(valore.strip().lower(), "No")
    if tipo != "n":
        return unescaped(valore)
    numero = plain_text(valore)
    if numero is None:
        return valore
    codice = (
        common.codici[int(stile)] if stile.isdecimal() and int(stile) < len(common.codici) else ""
    )
    formato = read_format(codice)
    sezione = formato.section(Decimal(numero)) if formato else None
    if sezione is not None and sezione.momento:
        giorno = moment_of(numero, common.dal_1904)
        return giorno.strftime("%d/%m/%Y") if giorno else valore
    testo, nasconde = displayed(numero, codice)
    if nasconde:
        foglio.arrotondate.append(posto)
    return testo
