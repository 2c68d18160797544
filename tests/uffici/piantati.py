"""Kinds of fault that deliveries were seen to have, each planted in a clean random delivery.

Belongs here: what each kind does to the files of one chamber and year, and which files it leaves
changed. Does not belong here: what is right of it (test_piantati.py), how figures are read (zona.py).

A kind is a function of a stream of chance and of the clean delivery; it returns the files to write (and,
as None, those to take away), by path below the landing zone.
"""

import io
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import polars as pl
from openpyxl.cell import WriteOnlyCell

from pipelines.contract.estratti import PER_CODICE
from pipelines.contract.schema import Colonna, Estratto
from tests.sample.casuale import scelta
from tests.sample.consegna import Consegna
from tests.sample.dialetto import Dialetto, dici, scrivi
from tests.sample.modello import Riga, Voce

File = dict[str, bytes | None]
Semplice = Dialetto()
ROMA = ZoneInfo("Europe/Rome")


@dataclass(frozen=True)
class Pulita:
    """A clean delivery: each file's rows, by extract."""

    camera: str
    esercizio: int
    consegne: tuple[Consegna, ...]

    def di(self, estratto: str) -> Consegna:
        return next(c for c in self.consegne if c.estratto == estratto)

    def righe(self, estratto: str) -> list[Riga]:
        return [v for v in self.di(estratto).voci if isinstance(v, dict)]

    def percorso(self, estratto: str, formato: str = "csv", parte: str = "") -> str:
        return f"{self.camera}/{self.esercizio}/{estratto}{parte}.{formato}"

    def al_posto(self, estratto: str, contenuto: bytes, formato: str = "csv") -> File:
        """The extract delivered in this file only."""
        return {
            self.di(estratto).percorso: None,
            self.percorso(estratto, formato): contenuto,
        }


Guasto = Callable[[Random, Pulita], File]


def testo(estratto: Estratto, righe: Iterable[Voce], dialetto: Dialetto = Semplice) -> str:
    """The rows as text, unencoded."""
    return scrivi(estratto, replace(dialetto, codifica="utf-8"), righe).decode()


def linee(pulita: Pulita, estratto: str) -> list[str]:
    """The lines of a simple csv of an extract, the header first."""
    return testo(PER_CODICE[estratto], pulita.righe(estratto)).splitlines()


def unite(lines: Sequence[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


# --- workbooks ----------------------------------------------------------------------------------------

Cella = tuple[Any, str | None]
"""A value and its number format."""
Modo = Callable[[Colonna, Any], Cella]


def nativa(_: Colonna, valore: Any) -> Cella:
    """A value as an office program keeps it: numbers and dates native."""
    match valore:
        case None:
            return None, None
        case bool():
            return ("S" if valore else "N"), None
        case datetime():
            return valore, "dd/mm/yyyy hh:mm"
        case date():
            return datetime.combine(valore, time()), "dd/mm/yyyy"
        case Decimal():
            return float(valore), None
        case _:
            return valore, None


def fogli(estratto: Estratto, *parti: tuple[str, str, Sequence[Riga], Modo]) -> bytes:
    """A workbook of sheets: name, state (`visible`, `hidden`, `veryHidden`), rows, how cells are kept."""
    book = openpyxl.Workbook(write_only=True)
    for nome, stato, righe, modo in parti:
        sheet = book.create_sheet(nome)
        sheet.sheet_state = stato
        sheet.append([c.nome for c in estratto.colonne])
        for riga in righe:
            cells = []
            for colonna in estratto.colonne:
                valore, formato = modo(colonna, riga.get(colonna.nome))
                cell = WriteOnlyCell(sheet, valore)
                if formato:
                    cell.number_format = formato
                cells.append(cell)
            sheet.append(cells)
    out = io.BytesIO()
    book.active = next(i for i, (_, stato, _, _) in enumerate(parti) if stato == "visible")
    book.save(out)
    return out.getvalue()


def foglio(estratto: Estratto, righe: Sequence[Riga], modo: Modo = nativa) -> bytes:
    return fogli(estratto, ("Foglio1", "visible", righe, modo))


def nello_zip(content: bytes, cambia: Callable[[str, bytes], tuple[str, bytes]]) -> bytes:
    """A workbook with each of its parts changed."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for member in source.infolist():
            target.writestr(*cambia(member.filename, source.read(member)))
    return out.getvalue()


# --- the kinds ----------------------------------------------------------------------------------------

COL_DATA = ("isr/studi", "segreteria/sedute", "segreteria/atti", "brevetti/domande")
CON_FOGLIO = ("isr/studi", "segreteria/sedute", "segreteria/accessi", "segreteria/atti")


def percentuale(r: Random, p: Pulita) -> File:
    """25% shown, 0,25 kept."""
    estratto = PER_CODICE["kronos/fte"]
    formato = scelta(r, ("0%", "0.00%", '0.0"  "%', "[Red]0%;[Blue]-0%"))

    def modo(colonna: Colonna, valore: Any) -> Cella:
        if colonna.nome.startswith("percentuale"):
            return float(valore / 100), formato
        return nativa(colonna, valore)

    return p.al_posto("kronos/fte", foglio(estratto, p.righe("kronos/fte"), modo), "xlsx")


def foglio_nascosto(r: Random, p: Pulita) -> File:
    """The sheet of another year stands first, hidden."""
    nome = scelta(r, CON_FOGLIO)
    estratto, righe = PER_CODICE[nome], p.righe(nome)
    stato = scelta(r, ("hidden", "veryHidden"))
    vecchie = righe[: max(1, len(righe) // 3)]
    content = fogli(
        estratto, ("vecchio", stato, vecchie, nativa), ("Estratto", "visible", righe, nativa)
    )
    return p.al_posto(nome, content, "xlsx")


def formule(r: Random, p: Pulita) -> File:
    """Formulas whose value was never computed."""
    nome = "segreteria/accessi"
    colonna = scelta(r, ("data_risposta", "data_protocollo", "tipo"))

    def modo(c: Colonna, valore: Any) -> Cella:
        return ("=A1&B1", None) if c.nome == colonna else nativa(c, valore)

    return p.al_posto(nome, foglio(PER_CODICE[nome], p.righe(nome), modo), "xlsx")


def cella_di_errore(r: Random, p: Pulita) -> File:
    """An error cell in a column of codes."""
    nome = "contabilita/costi_processo"
    errore = scelta(r, ("#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!"))
    colpite = {i for i, _ in enumerate(p.righe(nome)) if r.random() < 0.3} | {0}
    posti = iter(range(10**6))

    def modo(c: Colonna, valore: Any) -> Cella:
        if c.nome == "codice_processo" and next(posti) in colpite:
            return errore, None
        return nativa(c, valore)

    return p.al_posto(nome, foglio(PER_CODICE[nome], p.righe(nome), modo), "xlsx")


def zeri_mostrati(_: Random, p: Pulita) -> File:
    """011 and 005 kept as numbers, shown with zeros."""
    nome = "contabilita/consuntivo"

    def modo(c: Colonna, valore: Any) -> Cella:
        if c.nome in ("missione", "programma"):
            return int(valore), "000"
        return nativa(c, valore)

    return p.al_posto(nome, foglio(PER_CODICE[nome], p.righe(nome), modo), "xlsx")


def date_come_numeri(r: Random, p: Pulita) -> File:
    """Days kept as serial numbers, their format lost."""
    nome = scelta(r, COL_DATA)

    def modo(c: Colonna, valore: Any) -> Cella:
        if type(valore) is date:
            return (valore - date(1899, 12, 30)).days, None
        return nativa(c, valore)

    return p.al_posto(nome, foglio(PER_CODICE[nome], p.righe(nome), modo), "xlsx")


def senza_riempimento(r: Random, p: Pulita) -> File:
    """Styles that hold an empty fill."""
    nome = scelta(r, CON_FOGLIO)
    content = nello_zip(
        foglio(PER_CODICE[nome], p.righe(nome)),
        lambda part, body: (
            part,
            body.replace(b"<fill><patternFill /></fill>", b"<fill/>")
            if part.endswith("styles.xml")
            else body,
        ),
    )
    return p.al_posto(nome, content, "xlsx")


def nomi_maiuscoli_dentro(r: Random, p: Pulita) -> File:
    """Part names in another case than the one by which they are cited."""
    nome = scelta(r, CON_FOGLIO)
    content = nello_zip(
        foglio(PER_CODICE[nome], p.righe(nome)),
        lambda part, body: (part.replace("xl/worksheets/sheet", "xl/worksheets/Sheet"), body),
    )
    return p.al_posto(nome, content, "xlsx")


_STRETTO = (
    (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    ),
    (
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
        "http://purl.oclc.org/ooxml/officeDocument/relationships",
    ),
)


def stretto(r: Random, p: Pulita) -> File:
    """Strict Open XML."""
    nome = scelta(r, CON_FOGLIO)

    def cambia(part: str, body: bytes) -> tuple[str, bytes]:
        for largo, severo in _STRETTO:
            body = body.replace(largo.encode(), severo.encode())
        return part, body

    return p.al_posto(nome, nello_zip(foglio(PER_CODICE[nome], p.righe(nome)), cambia), "xlsx")


def numeri_misti(r: Random, p: Pulita) -> File:
    """An English program that took some Italian amounts for numbers, and left the others as text."""
    nome = "provveditorato/pagamenti"

    def modo(c: Colonna, valore: Any) -> Cella:
        if c.tipo != "importo" or valore is None:
            return nativa(c, valore)
        spelt = f"{valore:.2f}".replace(".", ",")
        whole, _, cents = spelt.partition(",")
        # 711,54 is taken for 71154: the comma is a thousands mark there.
        return (int(whole + cents), None) if r.random() < 0.5 else (spelt, None)

    return p.al_posto(nome, foglio(PER_CODICE[nome], p.righe(nome), modo), "xlsx")


def titoli_sopra(r: Random, p: Pulita) -> File:
    """Lines of titles above the header."""
    nome = scelta(r, CON_FOGLIO)
    sopra = ["Camera di commercio;Estrazione del 12/01/2021", "", "Elenco completo"]
    return p.al_posto(nome, unite([*sopra[: 1 + int(r.random() * 3)], *linee(p, nome)]))


# --- text ---------------------------------------------------------------------------------------------


def utf16(r: Random, p: Pulita) -> File:
    """What a spreadsheet calls Unicode text."""
    nome = scelta(r, CON_FOGLIO)
    tabulato = testo(PER_CODICE[nome], p.righe(nome), Dialetto(separatore="\t", fine_riga="\r\n"))
    return p.al_posto(nome, tabulato.encode("utf-16"))


def sep(r: Random, p: Pulita) -> File:
    """A first line that names the separator."""
    nome = scelta(r, CON_FOGLIO)
    return p.al_posto(nome, unite(["sep=;", *linee(p, nome)]))


def virgolette_aperte(r: Random, p: Pulita) -> File:
    """Two stray opening quotes, lines apart."""
    nome = "provveditorato/pagamenti"
    lines = linee(p, nome)
    first = 1 + int(r.random() * (len(lines) // 2))
    last = min(len(lines) - 1, first + 2 + int(r.random() * 20))
    for place in (first, last):
        fields = lines[place].split(";")
        fields[5] = f'"{fields[5]}'
        lines[place] = ";".join(fields)
    return p.al_posto(nome, unite(lines))


def mezzanotte(r: Random, p: Pulita) -> File:
    """Every day with a midnight behind it."""
    nome = scelta(r, COL_DATA)
    estratto = PER_CODICE[nome]
    lines = [";".join(c.nome for c in estratto.colonne)]
    for riga in p.righe(nome):
        fields = [
            dici(riga.get(c.nome), c, Semplice)
            + (" 00:00:00" if type(riga.get(c.nome)) is date else "")
            for c in estratto.colonne
        ]
        lines.append(";".join(fields))
    return p.al_posto(nome, unite(lines))


def invisibili(r: Random, p: Pulita) -> File:
    """A character that nobody sees in every key."""
    nome = scelta(r, ("segreteria/formazione", "segreteria/welfare", "kronos/fte"))
    segno = scelta(r, ("\u200b", "\ufeff", "\u00ad", "\u00a0", "\u2060", "\u202f"))
    righe = [{**riga, "matricola": f"{riga['matricola']}{segno}"} for riga in p.righe(nome)]
    return p.al_posto(nome, testo(PER_CODICE[nome], righe).encode())


def decomposti(_: Random, p: Pulita) -> File:
    """The latest count of firms again, its texts decomposed."""
    nome = "registro_imprese/consistenza"
    righe = p.righe(nome)
    ultime = max(str(riga["data_riferimento"]) for riga in righe)
    ancora = testo(
        PER_CODICE[nome], [riga for riga in righe if str(riga["data_riferimento"]) == ultime]
    )
    return {p.percorso(nome, parte="-bis"): unicodedata.normalize("NFD", ancora).encode()}


def meno_tipografico(_: Random, p: Pulita) -> File:
    """Reversals with a typographic minus."""
    nome = "contabilita/interventi_economici"
    righe = [dict(riga) for riga in p.righe(nome)]
    righe[0]["importo"] = -abs(righe[0]["importo"])  # type: ignore[arg-type, operator]
    return p.al_posto(nome, testo(PER_CODICE[nome], righe).replace(";-", ";\u2212").encode())


def mese_giorno(r: Random, p: Pulita) -> File:
    """Days written month first."""
    nome = scelta(r, COL_DATA)
    estratto = PER_CODICE[nome]
    lines = [";".join(c.nome for c in estratto.colonne)]
    for riga in p.righe(nome):
        fields = []
        for c in estratto.colonne:
            valore = riga.get(c.nome)
            fields.append(
                f"{valore.month:02d}/{valore.day:02d}/{valore.year}"
                if type(valore) is date
                else dici(valore, c, Semplice)
            )
        lines.append(";".join(fields))
    return p.al_posto(nome, unite(lines))


# --- Parquet ------------------------------------------------------------------------------------------


def _tabella(nome: str, righe: Sequence[Riga], **colonne: pl.Series) -> bytes:
    estratto = PER_CODICE[nome]
    frame = pl.DataFrame(
        {
            c.nome: colonne.get(
                c.nome, pl.Series([riga.get(c.nome) for riga in righe], strict=False)
            )
            for c in estratto.colonne
        }
    )
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def istanti_utc(_: Random, p: Pulita) -> File:
    """Instants adjusted to UTC."""
    nome = "registro_imprese/pratiche"
    righe = p.righe(nome)

    def utc(colonna: str) -> pl.Series:
        istanti = [
            None if (v := riga.get(colonna)) is None else v.replace(tzinfo=ROMA)  # type: ignore[union-attr, call-arg]
            for riga in righe
        ]
        return pl.Series(istanti, dtype=pl.Datetime("us", "UTC"))

    colonne = {c: utc(c) for c in ("data_ora_arrivo", "data_ora_chiusura")}
    return p.al_posto(nome, _tabella(nome, righe, **colonne), "parquet")


def non_numeri(r: Random, p: Pulita) -> File:
    """NaN where there is no value."""
    nome = "conciliazione/procedimenti"
    righe = p.righe(nome)
    udienze = pl.Series(
        [float("nan") if (v := riga.get("udienze")) is None else float(v) for riga in righe],  # type: ignore[arg-type]
        dtype=scelta(r, (pl.Float64, pl.Float32)),
    )
    return p.al_posto(nome, _tabella(nome, righe, udienze=udienze), "parquet")


# --- meaning ------------------------------------------------------------------------------------------


def totali(r: Random, p: Pulita) -> File:
    """A row of totals, by name or not."""
    nome = "registro_imprese/consistenza"
    righe = p.righe(nome)
    parola = scelta(r, ("TOTALE", "Totale generale", "TOTALI", "Totale:", "Complesso"))
    tutte: list[Riga] = []
    for giorno in dict.fromkeys(riga["data_riferimento"] for riga in righe):
        gruppo = [riga for riga in righe if riga["data_riferimento"] == giorno]
        somme = {c: sum(int(str(riga[c])) for riga in gruppo) for c in ("registrate", "attive")}
        tutte += [*gruppo, {"data_riferimento": giorno, "forma_giuridica": parola, **somme}]
    return p.al_posto(nome, testo(PER_CODICE[nome], tutte).encode())


def in_due_formati(r: Random, p: Pulita) -> File:
    """The same rows beside, in another format, of an extract without a key."""
    nome = scelta(
        r, ("contabilita/consuntivo", "contabilita/costi_processo", "segreteria/formazione")
    )
    return {p.percorso(nome, "xlsx"): foglio(PER_CODICE[nome], p.righe(nome))}


def parte_ripetuta(r: Random, p: Pulita) -> File:
    """Most of an extract without a key, delivered again as a part."""
    nome = scelta(r, ("contabilita/costi_processo", "segreteria/welfare"))
    righe = p.righe(nome)
    ancora = righe[: max(4, len(righe) * 2 // 3)]
    return {p.percorso(nome, parte="-bis"): testo(PER_CODICE[nome], ancora).encode()}


def nome_maiuscolo(r: Random, p: Pulita) -> File:
    """A file whose name is in capitals."""
    nome = scelta(r, COL_DATA)
    ufficio, _, file = nome.partition("/")
    return {
        p.di(nome).percorso: None,
        f"{p.camera}/{p.esercizio}/{ufficio}/{file.upper()}.CSV": unite(linee(p, nome)),
    }


def nome_vicino(r: Random, p: Pulita) -> File:
    """A part whose name is one letter off."""
    nome = scelta(r, COL_DATA)
    lines = linee(p, nome)
    half = 1 + len(lines) // 2
    storpiato = nome[:-1] + ("e" if nome[-1] != "e" else "i")
    return {
        p.di(nome).percorso: None,
        p.percorso(nome, parte="-1"): unite(lines[:half]),
        p.percorso(storpiato, parte="-2"): unite([lines[0], *lines[half:]]),
    }


def zeri_persi(r: Random, p: Pulita) -> File:
    """Codes of people with a zero more than personale has."""
    nome = scelta(r, ("segreteria/formazione", "segreteria/welfare"))
    righe = [{**riga, "matricola": f"0{riga['matricola']}"} for riga in p.righe(nome)]
    return p.al_posto(nome, testo(PER_CODICE[nome], righe).encode())


def codice_ignoto(_: Random, p: Pulita) -> File:
    """A process code that nobody knows in place of one that an indicator needs."""
    nome = "kronos/fte"
    righe = [
        {**riga, "codice_processo": "C2.7.9"} if riga["codice_processo"] == "C2.7.2" else riga
        for riga in p.righe(nome)
    ]
    return p.al_posto(nome, testo(PER_CODICE[nome], righe).encode())


def anno_sbagliato(r: Random, p: Pulita) -> File:
    """Last year's rows, delivered as this year's."""
    nome = scelta(r, COL_DATA)
    righe = [
        {
            c: v - timedelta(days=365) if isinstance(v, date) and not isinstance(v, datetime) else v
            for c, v in riga.items()
        }
        for riga in p.righe(nome)
    ]
    return p.al_posto(nome, testo(PER_CODICE[nome], righe).encode())


def troncato(r: Random, p: Pulita) -> File:
    """A file that stops after its first rows."""
    nome = scelta(r, ("segreteria/atti", "registro_imprese/pratiche", "brevetti/domande"))
    lines = linee(p, nome)
    return p.al_posto(nome, unite(lines[: 1 + len(lines) // 6]))


def in_centesimi(_: Random, p: Pulita) -> File:
    """Amounts in cents."""
    nome = "contabilita/costi_processo"
    righe = [{**riga, "importo": riga["importo"] * 100} for riga in p.righe(nome)]  # type: ignore[operator]
    return p.al_posto(nome, testo(PER_CODICE[nome], righe).encode())


def tutte_rifiutate(r: Random, p: Pulita) -> File:
    """A spelling of days that the contract does not know, in every row."""
    nome = scelta(r, COL_DATA)
    lines = linee(p, nome)
    return p.al_posto(nome, unite([lines[0], *(line.replace("/", ".") for line in lines[1:])]))


def intestazione_con_spazi(r: Random, p: Pulita) -> File:
    """Headings with spaces, and the year behind."""
    nome = "segreteria/accessi"
    lines = linee(p, nome)
    testata = lines[0].replace("_", scelta(r, (" ", "-", "."))).title()
    return p.al_posto(nome, unite([testata, *lines[1:]]))


def intestazione_storpiata(r: Random, p: Pulita) -> File:
    """The heading of an optional column, a letter off."""
    nome, colonna, storpiata = scelta(
        r,
        (
            ("segreteria/accessi", "data_risposta", "data_risposte"),
            ("registro_imprese/pratiche", "data_ora_chiusura", "data_ora_chiusra"),
            ("isr/studi", "data_pubblicazione", "data_publicazione"),
        ),
    )
    lines = linee(p, nome)
    return p.al_posto(nome, unite([lines[0].replace(colonna, storpiata), *lines[1:]]))


def chiavi_gemelle(_: Random, p: Pulita) -> File:
    """The same rows again under keys in another case."""
    nome = "segreteria/sedute"
    righe = p.righe(nome)
    ancora = [{**riga, "id_seduta": str(riga["id_seduta"]).lower()} for riga in righe]
    return p.al_posto(nome, testo(PER_CODICE[nome], [*righe, *ancora]).encode())


GUASTI: tuple[Guasto, ...] = (
    percentuale,
    foglio_nascosto,
    formule,
    cella_di_errore,
    zeri_mostrati,
    date_come_numeri,
    senza_riempimento,
    nomi_maiuscoli_dentro,
    stretto,
    numeri_misti,
    titoli_sopra,
    utf16,
    sep,
    virgolette_aperte,
    mezzanotte,
    invisibili,
    decomposti,
    meno_tipografico,
    mese_giorno,
    istanti_utc,
    non_numeri,
    totali,
    in_due_formati,
    parte_ripetuta,
    nome_maiuscolo,
    nome_vicino,
    zeri_persi,
    codice_ignoto,
    anno_sbagliato,
    troncato,
    in_centesimi,
    tutte_rifiutate,
    intestazione_con_spazi,
    intestazione_storpiata,
    chiavi_gemelle,
)
"""Every kind, in turn: a delivery number n has the kind n modulo their number."""
