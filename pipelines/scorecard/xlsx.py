"""The scorecard as a workbook: the allegato on a grid, filled in, and the sheets beside it (libro.py).

Belongs here: what stands where in the workbook. Does not belong here: the figures (sql/scorecard),
what is said in words (legenda.py), which line of the plan is what (pipelines/plan/), the mechanics
of cells (foglio.py), the lines of an objective (foglio_obiettivi.py).

The first sheet follows the lines of the plan in force, so its blocks, columns and order are the
plan's own, whatever they are. Figures are numbers with Italian display formats.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from xlsxwriter import Workbook

from pipelines.plan.campi import read_campi, read_cella
from pipelines.plan.documento import Riga
from pipelines.plan.intestazione import Intestazione, read_intestazione, read_seconda_riga
from pipelines.plan.model import Genere, Indicatore, Piano
from pipelines.plan.righe import read_riga
from pipelines.plan.valori import count_decimali
from pipelines.scorecard import cifre, giudizi, legenda
from pipelines.scorecard.chiave import indicator_key
from pipelines.scorecard.foglio import (
    AVVISO,
    BORDO,
    CENTRO,
    CIFRA,
    SFONDI,
    TESTA,
    TITOLO,
    Foglio,
    Stile,
    format_of,
    new_foglio,
    new_workbook,
    numero,
    set_print,
    write_cifra,
    write_text,
)
from pipelines.scorecard.foglio_obiettivi import write_campi, write_cella
from pipelines.scorecard.formato import Formato
from pipelines.scorecard.legenda import PROVVISORIO, decimal_of
from pipelines.scorecard.libro import write_beside
from pipelines.scorecard.righe import Row
from pipelines.scorecard.sheet import Scheda

_COLONNE_MINIME = 12
_LARGHEZZE = {
    "tipologia": 11.0,
    "indicatore": 22.0,
    "ultimo_valore": 9.0,
    "traguardo": 8.5,
    "tipo_indicatore": 9.5,
    "algoritmo": 20.0,
    "fonte": 20.0,
    "risultato": 12.0,
    "realizzazione": 22.0,
    "note": 18.0,
}
_LARGHEZZA = 10.0
"""Of any other column that a plan may have: its weight, its unit."""

_STILI: dict[str, Stile] = {
    "atto": TITOLO,
    "missione": {
        "bold": True,
        "font_size": 10,
        "bg_color": "#2F4A6B",
        "font_color": "#FFFFFF",
    },
    "programma": {"bold": True, "font_size": 9, "bg_color": "#D6DEE8"},
    "firma": {"align": "center"},
}


def write_xlsx(scheda: Scheda, path: Path) -> None:
    """Write the workbook of a partition; the same scorecard always gives the same bytes."""
    with new_workbook(path) as workbook:
        workbook.set_size(1600, 950)
        workbook.set_properties(
            {
                "title": legenda.title_of(scheda),
                "subject": f"Camera {scheda.partizione.camera}",
                "author": "pira",
                "created": datetime.combine(scheda.data_riferimento, time()),
            }
        )
        _write_scorecard(workbook, scheda)
        write_beside(workbook, scheda)


# --- The first sheet: the allegato ----------------------------------------------------------------


@dataclass
class _Cammino:
    """Where the walk over the lines of the plan stands."""

    scheda: Scheda
    indicatori: dict[int, tuple[Indicatore, Row]]
    obiettivi: dict[int, Row]
    intestazione: Intestazione | None = None
    obiettivo: Row | None = None
    precedente: Genere = "vuota"
    """What the last full line was."""


def _write_scorecard(workbook: Workbook, scheda: Scheda) -> None:
    piano = scheda.piano
    righe = [read_riga(numero_riga, testo) for numero_riga, testo in enumerate(piano.righe, 1)]
    foglio = new_foglio(workbook, "Scorecard", _widths(piano, righe))
    rows = {indicator_key(row): row for row in scheda.indicatori}
    obiettivi = {legenda.key_of(row): row for row in scheda.obiettivi}
    cammino = _Cammino(
        scheda,
        {i.riga: (i, rows[i.chiave]) for i in piano.indicatori if i.chiave in rows},
        {
            o.riga: obiettivi[key]
            for o in piano.obiettivi
            if (key := legenda.key_of(vars(o))) in obiettivi
        },
    )
    atti = _count_atti(piano.generi)
    if legenda.is_provvisoria(scheda):
        titolo = legenda.title_of(scheda)
        foglio.close_riga(write_text(foglio, titolo, 0, foglio.ultima, {**AVVISO, "font_size": 12}))
    _write_righe(foglio, cammino, righe, range(atti))
    _write_stato(foglio, scheda)
    testa = foglio.riga
    foglio.close_riga(6)
    _write_righe(foglio, cammino, righe, range(atti, len(righe)))
    foglio.sheet.freeze_panes(testa, 0)
    set_print(foglio, scheda, testa)


def _widths(piano: Piano, righe: Sequence[Riga]) -> list[float]:
    """The width of every column, by what the header with the most names puts in it."""
    tabelle = [
        riga
        for riga, genere in zip(righe, piano.generi, strict=True)
        if genere in ("intestazione", "indicatore")
    ]
    piene = [max(riga.piene(), default=0) + 1 for riga in tabelle]
    widths = [_LARGHEZZA] * max([_COLONNE_MINIME, *piene])
    intestazioni = [letta for riga in tabelle if (letta := read_intestazione(riga))]
    if intestazioni:
        larga = max(intestazioni, key=lambda i: len(i.colonne))
        for colonna, nome in _nomi(larga).items():
            widths[colonna] = _LARGHEZZE.get(nome, _LARGHEZZA)
    return widths


def _nomi(intestazione: Intestazione) -> dict[int, str]:
    """What each known column of a table holds."""
    nomi = {colonna: nome for nome, colonna in intestazione.colonne.items()}
    return nomi | dict.fromkeys(intestazione.traguardi, "traguardo")


def _count_atti(generi: Sequence[Genere]) -> int:
    """How many lines come before the plan proper: the title of the act, with blank lines."""
    for posizione, genere in enumerate(generi):
        if genere not in ("vuota", "atto"):
            return posizione
    return 0


def _write_stato(foglio: Foglio, scheda: Scheda) -> None:
    """Below the act: whose figures these are, of when, and how far to trust them."""
    testo = " · ".join(
        [
            f"Camera {scheda.partizione.camera}",
            f"Risultati {scheda.partizione.esercizio}",
            f"Dati al {legenda.format_giorno(scheda.data_riferimento)}",
            f"Realizzazione della Camera: {legenda.describe_ente(scheda)}",
            f"Regole versione {scheda.versione_regole}, nel foglio «Lettura»",
        ]
    )
    foglio.close_riga(write_text(foglio, testo, 0, foglio.ultima, {"font_size": 9}))
    for avviso in legenda.list_avvisi(scheda):
        foglio.close_riga(write_text(foglio, avviso, 0, foglio.ultima, AVVISO))


def _write_righe(
    foglio: Foglio, cammino: _Cammino, righe: Sequence[Riga], posizioni: Iterable[int]
) -> None:
    generi = cammino.scheda.piano.generi
    for posizione in posizioni:
        genere = generi[posizione]
        if genere in ("vuota", "separatore"):
            continue
        _begin_gruppo(foglio, cammino, genere)
        if genere == "intestazione":
            seguente = righe[posizione + 1] if posizione + 1 < len(righe) else None
            _write_intestazione(foglio, cammino, righe[posizione], seguente)
        else:
            _WRITERS.get(genere, _write_testo)(foglio, cammino, righe[posizione])
        cammino.precedente = genere


def _begin_gruppo(foglio: Foglio, cammino: _Cammino, genere: Genere) -> None:
    """Some air before a section, an objective or the signatures, where a page may end."""
    nuovo = genere in ("missione", "programma", "obiettivo", "firma") and (
        cammino.precedente not in ("vuota", "atto", "missione", "programma", "intestazione", genere)
        or (cammino.precedente, genere) == ("obiettivo", "obiettivo")
    )
    if nuovo:
        foglio.gruppi.append(foglio.riga)
        foglio.close_riga(8)


def _write_testo(foglio: Foglio, cammino: _Cammino, riga: Riga) -> None:
    """A line that is one text over the whole width."""
    genere = cammino.scheda.piano.generi[riga.numero - 1]
    testo = " ".join(riga.celle[indice].testo for indice in riga.piene())
    stile = _STILI.get(genere, {"italic": True})
    if genere == "atto" and legenda.is_provvisoria(cammino.scheda):
        # Named, but no heading: what is provisional is not the act.
        testo, stile = f"Misurato col piano di: {testo}", {"italic": True}
    foglio.close_riga(write_text(foglio, testo, 0, foglio.ultima, stile) + 3)


def _write_firma(foglio: Foglio, cammino: _Cammino, riga: Riga) -> None:
    """Who signs; but nobody has signed what is provisional, nor this year by the plan of another."""
    if cammino.scheda.propria and not legenda.is_provvisoria(cammino.scheda):
        _write_testo(foglio, cammino, riga)


def _write_intestazione(
    foglio: Foglio, cammino: _Cammino, riga: Riga, seguente: Riga | None
) -> None:
    """The header of a table, on one row or on two as the plan has it."""
    prima = read_intestazione(riga)
    if prima is None:
        return  # the second line of the header above, written with it
    intera = read_seconda_riga(prima, seguente) if seguente else None
    cammino.intestazione = intera or prima
    sopra = _labels(cammino, riga, foglio.ultima, intera is None)
    if intera is None or seguente is None:
        foglio.close_riga(max(write_text(foglio, t, c, stile=TESTA) for c, t in enumerate(sopra)))
        return
    _write_doppia(foglio, sopra, _labels(cammino, seguente, foglio.ultima, True))


def _write_doppia(foglio: Foglio, sopra: Sequence[str], sotto: Sequence[str]) -> None:
    """A header on two rows: what has nothing below takes both, what has nothing above is covered
    by the name on its left."""
    alte, doppie = [14.0], [0.0]
    for colonna, (testo, seconda) in enumerate(zip(sopra, sotto, strict=True)):
        if not seconda:
            doppie.append(write_text(foglio, testo, colonna, stile=TESTA, righe=2))
        elif testo or not colonna or not sotto[colonna - 1]:
            fine = colonna
            while fine < foglio.ultima and sotto[fine + 1] and not sopra[fine + 1]:
                fine += 1
            alte.append(write_text(foglio, testo, colonna, fine, TESTA))
    foglio.close_riga(max(alte))
    basse = [write_text(foglio, t, c, stile=TESTA) for c, t in enumerate(sotto) if t]
    foglio.close_riga(max([max(doppie) - max(alte), *basse]))


def _labels(cammino: _Cammino, riga: Riga, ultima: int, nomina: bool) -> list[str]:
    """The texts of a line of a header, one for every column of the sheet.

    Where the year is measured with the plan of another, the names (`nomina`) speak of the year
    measured.
    """
    labels = [cella.testo for cella in riga.celle]
    labels = (labels + [""] * ultima)[: ultima + 1]
    intestazione = cammino.intestazione
    if cammino.scheda.propria or intestazione is None:
        return labels
    esercizio = cammino.scheda.partizione.esercizio
    for colonna, anno in intestazione.traguardi.items():
        if labels[colonna]:
            labels[colonna] = f"Target {anno}" + " (risultato atteso)" * (anno == esercizio)
    risultato = intestazione.colonne.get("risultato")
    if nomina and risultato is not None and labels[risultato]:
        labels[risultato] = f"Risultato {esercizio}"
    return labels


def _write_obiettivo(foglio: Foglio, cammino: _Cammino, riga: Riga) -> None:
    """The line that opens an objective: its title, or all of it in one cell."""
    cammino.obiettivo = cammino.obiettivi.get(riga.numero)
    piene = riga.piene()
    prima = riga.celle[piene[0]]
    if len(piene) == 1:
        premessa, dentro = read_cella(riga, prima, set())
        if dentro.campi:
            write_cella(foglio, cammino.obiettivo, premessa, dentro.campi)
            return
    celle = [(indice, riga.celle[indice]) for indice in range(piene[0] + 1, len(riga.celle))]
    campi_di_riga = read_campi(riga, set(), celle).campi
    if campi_di_riga:
        write_campi(foglio, cammino.scheda, cammino.obiettivo, prima.testo, campi_di_riga)
    else:
        _write_testo(foglio, cammino, riga)


def _write_campo(foglio: Foglio, cammino: _Cammino, riga: Riga) -> None:
    """A line of labelled fields."""
    genere = cammino.scheda.piano.generi[riga.numero - 1]
    # A cut label is read as the first field that the objective does not have yet.
    visti = {"risorse_preventivo"} if genere == "risorse_consuntivo" else set()
    campi = read_campi(riga, visti).campi
    write_campi(foglio, cammino.scheda, cammino.obiettivo, "", campi)


def _write_indicatore(foglio: Foglio, cammino: _Cammino, riga: Riga) -> None:
    """A row of a table: the plan's own cells, and the result in the columns that wait for it."""
    trovato = cammino.indicatori.get(riga.numero)
    if trovato is None or cammino.intestazione is None:
        _write_testo(foglio, cammino, riga)
        return
    indicatore, row = trovato
    nomi = _nomi(cammino.intestazione)
    motivo = legenda.explain(cammino.scheda, row)
    freschezza = legenda.describe_freschezza(cammino.scheda, row)
    personale = cammino.scheda.is_personale(row)
    alta = 14.0
    for colonna in range(foglio.ultima + 1):
        nome = nomi.get(colonna, "")
        testo = riga.celle[colonna].testo if colonna < len(riga.celle) else ""
        if nome == "risultato":
            scarti = legenda.describe_scarti(row, personale)
            nota = "\n".join(filter(None, (scarti, *freschezza)))
            _write_risultato(foglio, row, colonna, motivo, nota)
        elif nome == "realizzazione":
            _write_realizzazione(foglio, row, colonna, motivo)
        elif nome == "ultimo_valore" and indicatore.ultimo_valore is not None:
            coda = "%" if testo.endswith("%") else ""
            formato = numero(count_decimali(indicatore.ultimo_valore), coda)
            write_cifra(foglio, indicatore.ultimo_valore, formato, colonna)
        else:
            stile = CENTRO if nome in ("traguardo", "ultimo_valore") else BORDO
            alta = max(alta, write_text(foglio, testo, colonna, stile=stile))
    foglio.close_riga(alta)


def _write_risultato(foglio: Foglio, row: Row, colonna: int, motivo: str | None, nota: str) -> None:
    provvisorio = row["stato"] == PROVVISORIO
    formato = format_of(cifre.RISULTATO, row, " (provv.)" * provvisorio)
    stile = {**CIFRA, "bold": True, "italic": provvisorio}
    risultato = decimal_of(row, "risultato")
    write_cifra(foglio, risultato, formato, colonna, stile=stile, motivo=motivo, nota=nota)


def _write_realizzazione(foglio: Foglio, row: Row, colonna: int, motivo: str | None) -> None:
    """The year's percentage, with its colour, and the shape and the word that say it again; in an
    open year the colour of a count is that of its day, said first."""
    anno, alla_data = giudizi.judge_anno(row), giudizi.judge_alla_data(row)
    formato = numero(2, f"%  {anno}")
    if alla_data:
        # No semicolon: readers that split a format there, quoted or not, would see a date.
        formato = formato.replace("]", f']"{alla_data} alla data, anno "', 1)
    sfondo = SFONDI.get((alla_data or anno).semaforo, "#FFFFFF")
    solo_qui = motivo if row["risultato"] is not None else None
    write_cifra(
        foglio,
        decimal_of(row, "realizzazione"),
        formato,
        colonna,
        stile={**CIFRA, "bg_color": sfondo},
        motivo=solo_qui,
        nota=giudizi.describe_alla_data(row),
    )


_WRITERS: dict[Genere, Callable[[Foglio, _Cammino, Riga], None]] = {
    "obiettivo": _write_obiettivo,
    "campo": _write_campo,
    "risorse_preventivo": _write_campo,
    "risorse_consuntivo": _write_campo,
    "indicatore": _write_indicatore,
    "firma": _write_firma,
}

FORMATO = Formato("xlsx", "il foglio di lavoro", write_xlsx)
