"""Firms by legal form, as Movimprese publishes them: a table with a title that says the quarter.

Belongs here: its columns, its rule. Source: InfoCamere for Unioncamere, Movimprese.
"""

import re

import polars as pl

from pipelines.contract.pubblici import (
    Campo,
    Documento,
    Ente,
    NonAttribuibile,
    Pubblico,
    Regola,
    Reso,
    reduced,
)

_FONTE = "InfoCamere per Unioncamere, Movimprese"
_FINE = {1: "31/03", 2: "30/06", 3: "30/09", 4: "31/12"}
_NUMERI = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "primo": 1, "secondo": 2, "terzo": 3, "quarto": 4}
_TRIMESTRE = re.compile(
    r"(?i)\b([1-4]|i{1,3}|iv|primo|secondo|terzo|quarto)\s*[°º^.]?\s*trim(?:estre|\.)?\W*(?:del(?:l'anno)?\s*)?(20[0-9]{2})"
)
_MESI = (
    "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"
)
_GIORNO = re.compile(r"\b([0-3]?[0-9])[/.\-]([01]?[0-9])[/.\-](20[0-9]{2})\b")
_A_PAROLE = re.compile(rf"(?i)\b([0-3]?[0-9])°?\s+({_MESI.replace(' ', '|')})\s+(20[0-9]{{2}})\b")


def _day_of(title: str) -> str | None:
    """The day that a title speaks of, as the contract writes it."""
    found = {
        f"{_FINE[_NUMERI.get(n.lower()) or int(n)]}/{year}" for n, year in _TRIMESTRE.findall(title)
    }
    found |= {f"{int(d):02d}/{int(m):02d}/{y}" for d, m, y in _GIORNO.findall(title)}
    months = _MESI.split()
    found |= {
        f"{int(d):02d}/{months.index(m.lower()) + 1:02d}/{y}"
        for d, m, y in _A_PAROLE.findall(title)
    }
    return found.pop() if len(found) == 1 else None


def _counted(nome: str) -> pl.Expr:
    text = pl.col(nome).fill_null("-")
    return pl.when(text.is_in(["-", "–", "—"])).then(pl.lit("0")).otherwise(text)


def _others(rows: pl.DataFrame, ente: Ente) -> pl.Series:
    """The rows of other provinces, in a table of several."""
    named = sorted(rows["provincia"].drop_nulls().unique())
    own = ente.partizione.camera
    if len(named) > 1 and own not in named:
        raise NonAttribuibile(
            f"nel file ci sono {len(named)} province e nessuna si chiama {own}: lasciarvi le righe della"
            " propria."
        )
    other = (pl.col("provincia") != own) & (len(named) > 1)
    return rows.select(other.fill_null(False)).to_series()


def _traduci(documento: Documento, ente: Ente) -> Reso:
    rows = documento.righe
    day = _day_of(documento.titolo)
    if day is None and rows["data_riferimento"].is_null().all():
        raise NonAttribuibile(
            "il titolo non dice di quale trimestre è la tabella: lasciarvi una riga come «4° trimestre"
            f" {ente.partizione.esercizio}»."
        )
    righe = rows.select(
        pl.coalesce("data_riferimento", pl.lit(day)).alias("data_riferimento"),
        "forma_giuridica",
        _counted("registrate").alias("registrate"),
        _counted("attive").alias("attive"),
    )
    no_form = reduced("forma_giuridica").str.contains(r"^(?:total[ei]|tot|fonte|not[ae])\b")
    return Reso(righe, _others(rows, ente), rows.select(no_form.fill_null(False)).to_series())


FORMATO = Pubblico(
    "movimprese",
    "le tabelle di Movimprese per forma giuridica",
    "registro_imprese/consistenza",
    (
        Campo(
            "forma_giuridica",
            (
                "forma giuridica",
                "forme giuridiche",
                "natura giuridica",
                "classe di natura giuridica",
            ),
            firma=True,
        ),
        Campo("registrate", ("registrate", "imprese registrate"), firma=True),
        Campo("attive", ("attive", "imprese attive", "di cui attive"), firma=True),
        Campo("provincia", ("provincia", "sigla provincia", "territorio")),
        Campo("data_riferimento", ("data riferimento", "data di riferimento")),
    ),
    _traduci,
    (
        Regola(
            "M1",
            "«-» e vuoto sono 0 (nessuna impresa); TOTALE non è una forma giuridica e resta fuori; la data"
            " di riferimento è nel titolo: 4° trimestre = 31/12.",
            _FONTE,
        ),
    ),
)
