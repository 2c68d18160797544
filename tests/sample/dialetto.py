"""How an office spells a file: separators, encodings, dates, amounts, headers.

Belongs here: from rows to the bytes of one file. Does not belong here: which extract is delivered
in which spelling (consegna.py). Column names, types and code lists come from the declarations of
the extracts, so that a sample can never drift from what is read.
"""

import gzip
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from pipelines.contract.schema import Colonna, Estratto
from tests.sample.modello import Guasta, Riga, Valore, Voce

Formato = Literal["csv", "csv.gz", "xlsx", "parquet"]

_ACCENTATE = {"modalita": "modalità", "id_attivita": "id_attività", "attivita": "attività"}

_CREATO = datetime(2021, 1, 15)
"""The day every workbook claims to be made: the clock would change the bytes at every run."""


@dataclass(frozen=True)
class Dialetto:
    """One way of writing a file. The defaults are what most offices send."""

    formato: Formato = "csv"
    separatore: Literal[";", ",", "\t"] = ";"
    fine_riga: Literal["\n", "\r\n"] = "\n"
    codifica: Literal["utf-8", "utf-8-sig", "cp1252"] = "utf-8"
    tra_virgolette: bool = False
    """Quotes around every field, not only where they are needed."""
    date_iso: bool = False
    migliaia: bool = False
    valuta: Literal["", "prima", "dopo"] = ""
    """Where the euro sign of an amount stands."""
    si_no: tuple[str, str] = ("S", "N")
    codici_parlati: bool = False
    """`Gestione diretta` for GESTIONE_DIRETTA."""
    intestazione: Literal["contratto", "maiuscola", "accentata"] = "contratto"
    colonne: Literal["contratto", "inverse", "ultima_prima"] = "contratto"
    operatore: bool = False
    """A column outside the contract, with a made-up code."""
    riga_vuota_prima: bool = False

    @property
    def tipato(self) -> bool:
        """True for the formats whose cells have a type of their own."""
        return self.formato in ("xlsx", "parquet")


def scrivi(estratto: Estratto, dialetto: Dialetto, voci: Iterable[Voce]) -> bytes:
    """The bytes of one file."""
    if dialetto.formato == "xlsx":
        return _cartella(estratto, dialetto, voci)
    if dialetto.formato == "parquet":
        return _parquet(estratto, dialetto, voci)
    testo = _testo(estratto, dialetto, voci).encode(dialetto.codifica)
    return comprimi(testo) if dialetto.formato == "csv.gz" else testo


def comprimi(contenuto: bytes) -> bytes:
    """Gzip with neither a name nor a time in its header."""
    destinazione = io.BytesIO()
    with gzip.GzipFile("", "wb", 9, destinazione, mtime=0) as gz:
        gz.write(contenuto)
    return destinazione.getvalue()


def ordinate(estratto: Estratto, dialetto: Dialetto) -> tuple[Colonna, ...]:
    """The columns in the order of the file."""
    if dialetto.colonne == "inverse":
        return estratto.colonne[::-1]
    if dialetto.colonne == "ultima_prima":
        return (*estratto.colonne[-1:], *estratto.colonne[:-1])
    return estratto.colonne


def _intestazione(nome: str, dialetto: Dialetto) -> str:
    if dialetto.intestazione == "maiuscola":
        return nome.upper()
    if dialetto.intestazione == "accentata":
        return f" {_ACCENTATE.get(nome, nome).capitalize()} "
    return nome


def _operatore(numero: int) -> str:
    return f"OP{numero * 7 % 9 + 1:02d}"


def _testo(estratto: Estratto, dialetto: Dialetto, voci: Iterable[Voce]) -> str:
    colonne = ordinate(estratto, dialetto)
    testate = [_intestazione(c.nome, dialetto) for c in colonne]
    if dialetto.operatore:
        testate.append(_intestazione("operatore", dialetto))
    righe = [""] if dialetto.riga_vuota_prima else []
    righe.append(_unisci(testate, dialetto))
    for numero, voce in enumerate(voci):
        if voce is None:
            righe.append(dialetto.separatore * (len(testate) - 1))
            continue
        if isinstance(voce, Guasta) and voce.linea:
            righe.append(dialetto.separatore.join(voce.linea))
            continue
        campi = _campi(voce, colonne, dialetto)
        if dialetto.operatore:
            campi.append(_operatore(numero))
        if isinstance(voce, Guasta):
            campi = campi[: voce.campi]
        righe.append(_unisci(campi, dialetto))
    return dialetto.fine_riga.join([*righe, ""])


def _campi(voce: Riga | Guasta, colonne: tuple[Colonna, ...], dialetto: Dialetto) -> list[str]:
    valori, testi = (voce.valori, voce.testi) if isinstance(voce, Guasta) else (voce, {})
    return [
        testi[c.nome] if c.nome in testi else dici(valori.get(c.nome), c, dialetto) for c in colonne
    ]


def _unisci(campi: list[str], dialetto: Dialetto) -> str:
    return dialetto.separatore.join(_campo(campo, dialetto) for campo in campi)


def _campo(testo: str, dialetto: Dialetto) -> str:
    if dialetto.tra_virgolette or any(c in testo for c in (dialetto.separatore, '"', "\n")):
        return '"' + testo.replace('"', '""') + '"'
    return testo


def dici(valore: Valore, colonna: Colonna, dialetto: Dialetto) -> str:
    """A value as this office spells it."""
    match valore:
        case None:
            return ""
        case bool():
            return dialetto.si_no[0] if valore else dialetto.si_no[1]
        case str():
            if colonna.codici and dialetto.codici_parlati:
                return valore.replace("_", " ").capitalize()
            return valore
        case datetime():
            ora = f"{valore.hour:02d}:{valore.minute:02d}"
            if valore.second:
                ora = f"{ora}:{valore.second:02d}"
            return f"{_data(valore, dialetto)}{'T' if dialetto.date_iso else ' '}{ora}"
        case date():
            return _data(valore, dialetto)
        case _:
            return _numero(valore, colonna, dialetto)


def _data(giorno: date, dialetto: Dialetto) -> str:
    if dialetto.date_iso:
        return f"{giorno.year:04d}-{giorno.month:02d}-{giorno.day:02d}"
    return f"{giorno.day:02d}/{giorno.month:02d}/{giorno.year:04d}"


def _numero(valore: int | Decimal, colonna: Colonna, dialetto: Dialetto) -> str:
    testo = f"{valore:,f}" if isinstance(valore, Decimal) else f"{valore:,d}"
    testo = testo.translate({ord(","): "." if dialetto.migliaia else None, ord("."): ","})
    if colonna.tipo != "importo" or not dialetto.valuta:
        return testo
    return f"€ {testo}" if dialetto.valuta == "prima" else f"{testo} €"


def _tipate(voci: Iterable[Voce]) -> list[Riga]:
    """Rows of a typed file; lines that only text can hold were left out by who delivers them."""
    return [v.valori if isinstance(v, Guasta) else v for v in voci if v is not None]


def _cartella(estratto: Estratto, dialetto: Dialetto, voci: Iterable[Voce]) -> bytes:
    import xlsxwriter  # here: most files need no workbook

    destinazione = io.BytesIO()
    opzioni = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    cartella = xlsxwriter.Workbook(destinazione, opzioni)
    cartella.set_properties({"created": _CREATO})
    foglio = cartella.add_worksheet("Estratto")
    come_data = cartella.add_format({"num_format": "dd/mm/yyyy"})
    come_ora = cartella.add_format({"num_format": "dd/mm/yyyy hh:mm"})
    colonne = ordinate(estratto, dialetto)
    for k, colonna in enumerate(colonne):
        foglio.write_string(0, k, _intestazione(colonna.nome, dialetto))
    for i, riga in enumerate(_tipate(voci), start=1):
        for k, colonna in enumerate(colonne):
            match riga.get(colonna.nome):
                case None:
                    pass
                case bool() | str() as valore:
                    foglio.write_string(i, k, dici(valore, colonna, dialetto))
                case datetime() as valore:
                    foglio.write_datetime(i, k, valore, come_ora)
                case date() as valore:
                    foglio.write_datetime(i, k, valore, come_data)
                case valore:
                    foglio.write_number(i, k, float(valore))
    cartella.close()
    return destinazione.getvalue()


def _parquet(estratto: Estratto, dialetto: Dialetto, voci: Iterable[Voce]) -> bytes:
    import polars as pl

    tipi: dict[str, Any] = {
        "testo": pl.String,
        "intero": pl.Int64,
        "decimale": pl.Decimal(9, 2),
        "importo": pl.Decimal(18, 2),
        "data": pl.Date,
        "data_ora": pl.Datetime("us"),
    }
    righe, colonne = _tipate(voci), ordinate(estratto, dialetto)
    destinazione = io.BytesIO()
    pl.DataFrame(
        {
            _intestazione(c.nome, dialetto): pl.Series(
                [r.get(c.nome) for r in righe], dtype=tipi[c.tipo]
            )
            for c in colonne
        }
    ).write_parquet(destinazione, compression="zstd", statistics=False)
    return destinazione.getvalue()
