"""The scorecard as a workbook: the allegato on a grid, filled in, and a sheet that explains it.

Belongs here: how the workbook looks. Does not belong here: the figures (sql/scorecard), what is
said in words (legenda.py), which line of the plan is what (pipelines/plan/).

The first sheet follows the lines of the plan in force, so its blocks, columns and order are the
plan's own whatever they are. Figures are numbers with Italian display formats; percentages are
percent points with a literal sign, as the plan prints them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_pixel_width
from xlsxwriter.worksheet import Worksheet

from pipelines.italiano import format_importo, format_percentuale
from pipelines.plan.campi import Campo, read_campi, read_cella
from pipelines.plan.model import Genere, Indicatore
from pipelines.plan.righe import Riga, read_riga
from pipelines.plan.tabella import (
    Intestazione,
    count_decimali,
    read_intestazione,
    read_seconda_riga,
)
from pipelines.scorecard import legenda
from pipelines.scorecard.legenda import PROVVISORIO, SEMAFORI, decimal_of, printable
from pipelines.scorecard.sheet import Row, Scheda
from pipelines.scorecard.tables import FORMULA_MARKS

_OPZIONI = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "in_memory": True,  # else each part passes through the system's folder for temporary files
}

_CARATTERE = "Arial"
_CORPO = 8
_BASE = {"font_name": _CARATTERE, "font_size": _CORPO, "text_wrap": True, "valign": "top"}
_BORDO = {"border": 1, "border_color": "#808080"}
_ETICHETTA = {**_BORDO, "bold": True, "bg_color": "#EEF1F5"}
_TESTA = {**_BORDO, "bold": True, "bg_color": "#D6DEE8", "align": "center", "valign": "vcenter"}
_CIFRA = {**_BORDO, "text_wrap": False, "shrink": True, "align": "right"}
# A hatch and not a plain grey, so that a missing figure shows on paper too.
_MANCA = {**_BORDO, "pattern": 14, "fg_color": "#A6A6A6", "bg_color": "#F2F2F2"}
_SFONDI = {"verde": "#DCEFDC", "giallo": "#FFF2CC", "rosso": "#F8D7D4"}

_COLONNE_MINIME = 12
_LARGHEZZE = {
    "tipologia": 11.5,
    "indicatore": 24.0,
    "ultimo_valore": 10.5,
    "traguardo": 10.0,
    "tipo_indicatore": 10.5,
    "algoritmo": 23.0,
    "fonte": 22.0,
    "risultato": 12.5,
    "realizzazione": 15.0,
    "note": 20.0,
}
_LARGHEZZE_LEGENDA = (13.0, 52.0, 15.0, 15.0, 15.0, 13.0, 15.0, 13.0, 13.0, 13.0)
_TESTO_MASSIMO = 32_767
"""Characters that a cell may hold; the writer drops a longer text without a word."""
_ALTEZZA_MASSIMA = 409.0
_PAGINA_ALTA, _PAGINA_LARGA = 500.0, 785.0
"""Points that a landscape A4 offers inside the margins set below."""

_ETICHETTE_INTERE = {
    "risorse_preventivo": "RISORSE FINANZIARIE A PREVENTIVO",
    "risorse_consuntivo": "RISORSE FINANZIARIE A CONSUNTIVO",
}
# Label, first and last column of the value: fields that share a line, wherever the plan puts them.
_POSTI = {"spesa": (6, 7, 8), "peso": (9, 10, 11)}
_PRIMA_ETICHETTA, _PRIMO_VALORE = 1, 2
_PIANI_IMPORTO = (2, 4)


def write_xlsx(scheda: Scheda, path: Path) -> None:
    """Write the workbook of a partition; the same scorecard always gives the same bytes."""
    with Workbook(path, _OPZIONI) as workbook:
        workbook.set_size(24_000, 14_000)
        workbook.set_properties(
            {
                "title": legenda.title_of(scheda),
                "subject": f"Camera {scheda.partizione.camera}, {scheda.partizione.esercizio}",
                "author": "pira",
                "created": datetime.combine(scheda.data_riferimento, time()),
            }
        )
        _write_scorecard(_new_foglio(workbook, "Scorecard"), scheda)
        _write_legenda(_new_foglio(workbook, "Lettura"), scheda)


# --- A sheet being written ------------------------------------------------------------------------


@dataclass
class _Foglio:
    """A sheet while it is written, top to bottom. `riga` is the next free row, from 0.

    `larghezze` and `altezze` remember what was set, in characters and points: heights must be
    worked out here, since no spreadsheet fits the height of merged cells.
    """

    workbook: Workbook
    sheet: Worksheet
    formati: dict[tuple[tuple[str, object], ...], Format]
    riga: int = 0
    larghezze: tuple[float, ...] = ()
    altezze: list[float] = field(default_factory=list)
    gruppi: list[int] = field(default_factory=list)

    def formato(self, stile: Mapping[str, object]) -> Format:
        """The format with these properties, made once."""
        proprieta = {**_BASE, **stile}
        chiave = tuple(sorted(proprieta.items(), key=lambda p: p[0]))
        if chiave not in self.formati:
            self.formati[chiave] = self.workbook.add_format(proprieta)
        return self.formati[chiave]

    def set_larghezze(self, larghezze: Sequence[float]) -> None:
        self.larghezze = tuple(larghezze)
        for colonna, larghezza in enumerate(larghezze):
            self.sheet.set_column(colonna, colonna, larghezza)

    def next_riga(self, altezza: float) -> None:
        """Close the row being written."""
        altezza = min(altezza, _ALTEZZA_MASSIMA)
        self.sheet.set_row(self.riga, altezza)
        self.altezze.append(altezza)
        self.riga += 1

    def altezza(self, testo: str, prima: int, ultima: int, corpo: float = _CORPO) -> float:
        """The height that a text needs over columns prima..ultima."""
        return count_righe(testo, sum(self.larghezze[prima : ultima + 1]), corpo) * corpo * 1.3 + 4


def _new_foglio(workbook: Workbook, nome: str) -> _Foglio:
    sheet = workbook.add_worksheet(nome)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.set_margins(left=0.39, right=0.39, top=0.7, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.hide_gridlines(2)
    return _Foglio(workbook, sheet, {})


def count_righe(testo: str, larghezza: float, corpo: float = _CORPO) -> int:
    """Lines that a text takes when wrapped in a column, `larghezza` in characters of the sheet.

    The widths known are those of another typeface at 11 points; the factor is on the large side,
    since a row a little too high is better than a line cut off.
    """
    spazio = larghezza * 7 - 4
    totale = 0
    for capoverso in testo.split("\n"):
        righe, presa = 1, 0.0
        for parola in capoverso.split(" "):
            occupa = xl_pixel_width(parola) * corpo / 11 * 1.0
            if presa and presa + 3 + occupa > spazio:
                righe, presa = righe + 1, 0.0
            righe += int(occupa // spazio)  # a word wider than the column is broken
            presa += occupa % spazio + 3
        totale += righe
    return totale


def _write_text(
    foglio: _Foglio,
    testo: object,
    prima: int,
    ultima: int | None = None,
    stile: Mapping[str, object] = _BORDO,
) -> float:
    """Write a text over columns prima..ultima of the row; return the height that it needs.

    A text that would be a formula once typed again is marked as text: it displays as it is.
    """
    ultima = prima if ultima is None else ultima
    pulito = printable(testo)
    if len(pulito) > _TESTO_MASSIMO:
        pulito = pulito[: _TESTO_MASSIMO - 1] + "…"
    if pulito.startswith(FORMULA_MARKS):
        stile = {**stile, "quote_prefix": True}
    formato = foglio.formato(stile)
    if ultima > prima:
        foglio.sheet.merge_range(foglio.riga, prima, foglio.riga, ultima, "", formato)
    if pulito:
        foglio.sheet.write_string(foglio.riga, prima, pulito, formato)
    else:
        foglio.sheet.write_blank(foglio.riga, prima, None, formato)
    corpo = stile.get("font_size", _CORPO)
    assert isinstance(corpo, int)
    return foglio.altezza(pulito, prima, ultima, corpo)


def _write_cifra(
    foglio: _Foglio,
    valore: Decimal | None,
    formato: str,
    prima: int,
    ultima: int | None = None,
    stile: Mapping[str, object] = _CIFRA,
    motivo: str | None = None,
) -> None:
    """Write a figure, or leave its cell empty and hatched, with the reason on a note."""
    ultima = prima if ultima is None else ultima
    proprieta = {**stile, "num_format": formato} if valore is not None else _MANCA
    if ultima > prima:
        foglio.sheet.merge_range(
            foglio.riga, prima, foglio.riga, ultima, "", foglio.formato(proprieta)
        )
    if valore is not None:
        # A Decimal is written with its own digits: it never passes through a float.
        foglio.sheet.write_number(foglio.riga, prima, valore, foglio.formato(proprieta))  # type: ignore[arg-type]
        return
    foglio.sheet.write_blank(foglio.riga, prima, None, foglio.formato(proprieta))
    if motivo:
        foglio.sheet.write_comment(
            foglio.riga, prima, motivo[:_TESTO_MASSIMO], {"x_scale": 2, "author": "pira"}
        )


# --- Display formats ------------------------------------------------------------------------------

_EURO = "[$€-410] #,##0.00;[$€-410] -#,##0.00"
_PUNTI = '[$-410]#,##0.00"%"'
_QUOTA = "[$-410]0.00%"


def _numero(decimali: int, coda: str = "") -> str:
    """The format of a number with so many decimals, with a literal text after it."""
    corpo = "[$-410]#,##0" + ("." + "0" * decimali if decimali else "")
    return corpo + (f'"{coda}"' if coda else "")


# --- The first sheet: the allegato ----------------------------------------------------------------


@dataclass
class _Lettura:
    """Where the walk over the plan stands: the header in force, the objective in force."""

    scheda: Scheda
    indicatori: dict[int, tuple[Indicatore, Row]]
    obiettivi: dict[int, Row]
    larga: int
    """The last column of the sheet."""
    intestazione: Intestazione | None = None
    obiettivo: Row | None = None


def _write_scorecard(foglio: _Foglio, scheda: Scheda) -> None:
    piano = scheda.piano
    righe = [read_riga(numero, testo) for numero, testo in enumerate(piano.righe, 1)]
    intestazioni = [
        letta
        for riga, genere in zip(righe, piano.generi, strict=True)
        if genere == "intestazione" and (letta := read_intestazione(riga))
    ]
    per_riga = {int(str(row["riga"])): row for row in scheda.indicatori}
    foglio.set_larghezze(_widths(intestazioni))
    lettura = _Lettura(
        scheda,
        {i.riga: (i, per_riga[i.riga]) for i in piano.indicatori if i.riga in per_riga},
        {int(str(row["riga"])): row for row in scheda.obiettivi},
        len(foglio.larghezze) - 1,
    )
    coppie = list(zip(righe, piano.generi, strict=True))
    atti = _count_atti(piano.generi)
    for riga, genere in coppie[:atti]:
        _write_riga(foglio, lettura, riga, genere, None)
    _write_stato(foglio, lettura)
    testa = foglio.riga
    for posizione in range(atti, len(coppie)):
        riga, genere = coppie[posizione]
        seguente = coppie[posizione + 1] if posizione + 1 < len(coppie) else None
        _write_riga(foglio, lettura, riga, genere, seguente)
    _set_print(foglio, scheda, testa)


def _count_atti(generi: Sequence[Genere]) -> int:
    """The lines up to the title of the act, or 0: what stands above it stays above it."""
    for posizione, genere in enumerate(generi):
        if genere not in ("vuota", "atto"):
            return posizione
    return 0


def _widths(intestazioni: Iterable[Intestazione]) -> list[float]:
    """The width of every column, by what the first header that has the most columns puts in it."""
    larga = max(intestazioni, key=lambda i: len(i.etichette), default=None)
    widths = [10.0] * max(_COLONNE_MINIME, len(larga.etichette) if larga else 0)
    if larga:
        for nome, colonna in larga.colonne.items():
            widths[colonna] = _LARGHEZZE[nome]
        for colonna in larga.traguardi:
            widths[colonna] = _LARGHEZZE["traguardo"]
    return widths


def _write_stato(foglio: _Foglio, lettura: _Lettura) -> None:
    """Below the act: whose figures these are, of when, and how far to trust them."""
    scheda = lettura.scheda
    ente = (
        "non misurabile" if scheda.realizzazione is None else format_percentuale(scheda.realizzazione)
    )
    frasi = [
        f"Camera {scheda.partizione.camera}, risultati {scheda.partizione.esercizio}",
        f"dati al {legenda.format_giorno(scheda.data_riferimento)}",
        f"realizzazione della Camera {ente} "
        f"(copertura {format_percentuale(scheda.copertura * 100)})",
        f"regole versione {scheda.versione_regole}; per leggerla, foglio «Lettura»",
    ]
    stile = {"font_size": 9, "valign": "vcenter"}
    alta = _write_text(foglio, " · ".join(frasi), 0, lettura.larga, stile)
    foglio.next_riga(alta)
    avvisi = _avvisi(scheda)
    for avviso in avvisi:
        stile = {"bold": True, "border": 2, "bg_color": "#FFF2CC", "valign": "vcenter"}
        foglio.next_riga(_write_text(foglio, avviso, 0, lettura.larga, stile))


def _avvisi(scheda: Scheda) -> list[str]:
    avvisi = [] if scheda.propria else [legenda.describe_piano(scheda)]
    if legenda.is_provvisoria(scheda):
        avvisi.append(legenda.describe_provvisorio(scheda))
    if scheda.sintetici:
        avvisi.append(legenda.describe_sintetici(scheda))
    return avvisi


def _write_riga(
    foglio: _Foglio,
    lettura: _Lettura,
    riga: Riga,
    genere: Genere,
    seguente: tuple[Riga, Genere] | None,
) -> None:
    """One line of the plan; `seguente` is the line after it."""
    match genere:
        case "vuota" | "separatore":
            pass
        case "intestazione":
            _write_intestazione(foglio, lettura, riga, seguente)
        case "obiettivo":
            _write_obiettivo(foglio, lettura, riga)
        case "campo" | "risorse_preventivo" | "risorse_consuntivo":
            _write_campi(foglio, lettura, "", read_campi(riga, _visti(genere)).campi)
        case "indicatore":
            _write_indicatore(foglio, lettura, riga)
        case "firma" if not lettura.scheda.propria:
            pass  # who signed the plan of another year did not sign for this one
        case _:
            _write_testo(foglio, lettura, riga, genere)


_STILI_TESTO: dict[Genere, dict[str, object]] = {
    "atto": {"bold": True, "font_size": 11, "valign": "vcenter"},
    "missione": {
        "bold": True,
        "font_size": 10,
        "bg_color": "#2F4A6B",
        "font_color": "#FFFFFF",
        "valign": "vcenter",
    },
    "programma": {"bold": True, "font_size": 9, "bg_color": "#D6DEE8", "valign": "vcenter"},
    "firma": {"align": "center", "font_size": 9},
    "non_compresa": {"italic": True},
}


def _write_testo(foglio: _Foglio, lettura: _Lettura, riga: Riga, genere: Genere) -> None:
    """A line that is one text over the whole width."""
    testo = " ".join(riga.celle[indice].testo for indice in riga.piene())
    if genere in ("missione", "programma"):
        _begin_gruppo(foglio)
    if genere == "firma" and riga.testo.strip():
        foglio.next_riga(6)
    stile = _STILI_TESTO.get(genere, {})
    foglio.next_riga(_write_text(foglio, testo, 0, lettura.larga, stile) + 2)


def _begin_gruppo(foglio: _Foglio) -> None:
    """A row of air, where the page may be broken."""
    foglio.gruppi.append(foglio.riga)
    foglio.next_riga(8)


def _write_intestazione(
    foglio: _Foglio, lettura: _Lettura, riga: Riga, seguente: tuple[Riga, Genere] | None
) -> None:
    """The header of a table, on the one or two rows that the plan gives it."""
    intestazione = read_intestazione(riga)
    if intestazione is None:
        return  # the second line of the header above, already written with it
    intera = None
    if seguente and seguente[1] == "intestazione":
        intera = read_seconda_riga(intestazione, seguente[0])
    lettura.intestazione = intera or intestazione
    _write_testa(foglio, lettura, riga, intestazione, seguente[0] if intera and seguente else None)


def _write_testa(
    foglio: _Foglio,
    lettura: _Lettura,
    riga: Riga,
    intestazione: Intestazione,
    seconda: Riga | None,
) -> None:
    sopra = _labels(lettura, riga, lettura.larga)
    sotto = _labels(lettura, seconda, lettura.larga) if seconda else [""] * len(sopra)
    formato = foglio.formato(_TESTA)
    alta = bassa = 0.0
    for colonna, (prima, dopo) in enumerate(zip(sopra, sotto, strict=True)):
        if seconda is None or dopo:
            alta = max(alta, _write_text(foglio, prima, colonna, stile=_TESTA))
        if dopo:
            foglio.riga += 1
            bassa = max(bassa, _write_text(foglio, dopo, colonna, stile=_TESTA))
            foglio.riga -= 1
    if seconda is None:
        foglio.next_riga(alta)
        return
    for colonna, (prima, dopo) in enumerate(zip(sopra, sotto, strict=True)):
        if not dopo:
            foglio.sheet.merge_range(foglio.riga, colonna, foglio.riga + 1, colonna, "", formato)
            intero = foglio.altezza(_write_over(foglio, prima, colonna, formato), colonna, colonna)
            bassa = max(bassa, intero - alta)
    foglio.next_riga(alta)
    foglio.next_riga(bassa)
