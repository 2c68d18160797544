"""The scorecard as a workbook: the allegato on a grid, filled in, and a sheet that explains it.

Belongs here: what stands where in the workbook. Does not belong here: the figures (sql/scorecard),
what is said in words (legenda.py), which line of the plan is what (pipelines/plan/), the mechanics
of cells (foglio.py).

The first sheet follows the lines of the plan in force, so its blocks, columns and order are the
plan's own, whatever they are. Figures are numbers with Italian display formats.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from pathlib import Path

from xlsxwriter import Workbook

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
from pipelines.scorecard.foglio import (
    BORDO,
    CIFRA,
    ETICHETTA,
    EURO,
    PUNTI,
    QUOTA,
    TESTA,
    Foglio,
    Stile,
    new_foglio,
    numero,
    set_print,
    write_blank,
    write_cifra,
    write_rich,
    write_text,
)
from pipelines.scorecard.legenda import PROVVISORIO, SEMAFORI, decimal_of, key_of
from pipelines.scorecard.sheet import Row, Scheda

_OPZIONI = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    # The width of a column counts digits of this font, so it must be one that every office has.
    "default_format_properties": {"font_name": "Arial", "font_size": 10},
    "in_memory": True,  # else every part passes through the system's folder for temporary files
}

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
    "realizzazione": 14.0,
    "note": 18.0,
}
_LARGHEZZE_LEGENDA = (13.0, 52.0, 15.0, 16.0, 16.0, 13.0, 14.0, 14.0, 13.0, 13.0)

_AVVISO: Stile = {**BORDO, "bold": True, "bg_color": "#FFF2CC"}
_MARGINE: Stile = {"left": 1, "left_color": "#8C96A3", "bg_color": "#EEF1F5"}
_SFONDI = {"verde": "#DCEFDC", "giallo": "#FFF2CC", "rosso": "#F8D7D4"}
_STILI: dict[str, Stile] = {
    "atto": {"bold": True, "font_size": 11},
    "missione": {
        "bold": True,
        "font_size": 10,
        "bg_color": "#2F4A6B",
        "font_color": "#FFFFFF",
    },
    "programma": {"bold": True, "font_size": 9, "bg_color": "#D6DEE8"},
    "firma": {"align": "center"},
    "titolo": {"bold": True, "font_size": 10},
    "query": {**BORDO, "font_name": "Courier New"},
}

# Where the figures of an objective stand on the grid: columns of the label, columns of the value.
_POSTI = {
    "risorse_preventivo": (0, 1, 2, 4),
    "risorse_consuntivo": (0, 1, 2, 4),
    "spesa": (6, 6, 7, 7),
    "peso": (9, 9, 10, 10),
}
_ETICHETTE = {
    "risorse_preventivo": "RISORSE FINANZIARIE A PREVENTIVO",
    "risorse_consuntivo": "RISORSE FINANZIARIE A CONSUNTIVO",
}
"""In full, since some layouts cut both to the same `RISORSE FINANZIARIE A`."""


def write_xlsx(scheda: Scheda, path: Path) -> None:
    """Write the workbook of a partition; the same scorecard always gives the same bytes."""
    with Workbook(path, _OPZIONI) as workbook:
        workbook.set_size(24_000, 14_000)
        workbook.set_properties(
            {
                "title": legenda.title_of(scheda),
                "subject": f"Camera {scheda.partizione.camera}",
                "author": "pira",
                "created": datetime.combine(scheda.data_riferimento, time()),
            }
        )
        _write_scorecard(workbook, scheda)
        _write_legenda(workbook, scheda)


def _finish(foglio: Foglio, scheda: Scheda, testa: int) -> None:
    """The same page header and footer on both sheets."""
    partizione = scheda.partizione
    piede = f"Regole versione {scheda.versione_regole}"
    set_print(
        foglio,
        testa,
        f"Camera {partizione.camera}, dati al {legenda.format_giorno(scheda.data_riferimento)}",
        legenda.title_of(scheda),
        f"DATI SINTETICI - {piede}" if scheda.sintetici else piede,
    )


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
    foglio = new_foglio(workbook, "Scorecard", _widths(righe))
    rows = {int(str(row["riga"])): row for row in scheda.indicatori}
    cammino = _Cammino(
        scheda,
        {i.riga: (i, rows[i.riga]) for i in piano.indicatori if i.riga in rows},
        {int(str(row["riga"])): row for row in scheda.obiettivi},
    )
    atti = _count_atti(piano.generi)
    _write_righe(foglio, cammino, righe, range(atti))
    _write_stato(foglio, scheda)
    testa = foglio.riga
    foglio.close_riga(6)
    _write_righe(foglio, cammino, righe, range(atti, len(righe)))
    foglio.sheet.freeze_panes(testa, 0)
    _finish(foglio, scheda, testa)


def _widths(righe: Iterable[Riga]) -> list[float]:
    """The width of every column, by what the header with the most columns puts in it."""
    intestazioni = [letta for riga in righe if (letta := read_intestazione(riga))]
    if not intestazioni:
        return [10.0] * _COLONNE_MINIME
    larga = max(intestazioni, key=lambda i: (len(i.colonne), len(i.etichette)))
    massimo = max(len(i.etichette) for i in intestazioni)
    widths = [10.0] * max(_COLONNE_MINIME, massimo)
    for colonna, nome in _nomi(larga).items():
        widths[colonna] = _LARGHEZZE[nome]
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
    for avviso in _avvisi(scheda):
        foglio.close_riga(write_text(foglio, avviso, 0, foglio.ultima, _AVVISO))


def _avvisi(scheda: Scheda) -> list[str]:
    avvisi = [] if scheda.propria else [legenda.describe_piano(scheda)]
    if legenda.is_provvisoria(scheda):
        avvisi.append(legenda.describe_provvisorio(scheda))
    if scheda.sintetici:
        avvisi.append(legenda.describe_sintetici(scheda))
    return avvisi


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
    foglio.close_riga(write_text(foglio, testo, 0, foglio.ultima, stile) + 3)


def _write_firma(foglio: Foglio, cammino: _Cammino, riga: Riga) -> None:
    """Who signs; but who signed the plan of another year does not sign for this one."""
    if cammino.scheda.propria:
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
            foglio.close_riga(write_rich(foglio, _lines(cammino, premessa, dentro.campi)))
            return
    celle = [(indice, riga.celle[indice]) for indice in range(piene[0] + 1, len(riga.celle))]
    campi_di_riga = read_campi(riga, set(), celle).campi
    if campi_di_riga:
        _write_campi(foglio, cammino, prima.testo, campi_di_riga)
    else:
        _write_testo(foglio, cammino, riga)


def _write_campo(foglio: Foglio, cammino: _Cammino, riga: Riga) -> None:
    """A line of labelled fields."""
    genere = cammino.scheda.piano.generi[riga.numero - 1]
    # A cut label is read as the first field that the objective does not have yet.
    visti = {"risorse_preventivo"} if genere == "risorse_consuntivo" else set()
    _write_campi(foglio, cammino, "", read_campi(riga, visti).campi)


def _write_campi(foglio: Foglio, cammino: _Cammino, premessa: str, campi: Sequence[Campo]) -> None:
    """A row for each text; the figures that share a line share a row."""
    for campo in campi:
        if campo.nome not in _POSTI:
            alte = [
                write_text(foglio, premessa, 0, stile=ETICHETTA if premessa else _MARGINE),
                write_text(foglio, campo.etichetta, 1, stile=ETICHETTA),
                write_text(foglio, campo.testo, 2, foglio.ultima),
            ]
            premessa = ""
            foglio.close_riga(max(alte))
    figure = {campo.nome: campo for campo in campi if campo.nome in _POSTI}
    if figure:
        alte = [_write_figura(foglio, cammino, campo) for campo in figure.values()]
        _fill_vuote(foglio, figure)
        foglio.close_riga(max(alte))


def _write_figura(foglio: Foglio, cammino: _Cammino, campo: Campo) -> float:
    """The label and the figure of a field: resources, spending, weight."""
    inizio, fine, prima, ultima = _POSTI[campo.nome]
    etichetta = _ETICHETTE.get(campo.nome, campo.etichetta)
    formato = EURO if campo.nome in _ETICHETTE else PUNTI
    motivo = _motivo(cammino, campo.nome)
    write_cifra(foglio, _figura(cammino, campo.nome), formato, prima, ultima, motivo=motivo)
    return write_text(foglio, etichetta, inizio, fine, ETICHETTA)


def _fill_vuote(foglio: Foglio, figure: Iterable[str]) -> None:
    """One empty cell over each stretch of the row that no figure takes."""
    estremi = sorted((_POSTI[nome][0], _POSTI[nome][3]) for nome in figure)
    libera = 0
    for inizio, fine in [*estremi, (foglio.ultima + 1, foglio.ultima + 1)]:
        if libera < inizio:
            write_blank(foglio, libera, inizio - 1)
        libera = fine + 1


def _figura(cammino: _Cammino, nome: str) -> Decimal | None:
    colonna = "percentuale_spesa" if nome == "spesa" else nome
    return decimal_of(cammino.obiettivo, colonna) if cammino.obiettivo else None


def _motivo(cammino: _Cammino, nome: str) -> str:
    """Why a field of an objective has no figure."""
    if nome in ("risorse_preventivo", "peso"):
        if nome == "risorse_preventivo" and not cammino.scheda.propria:
            return legenda.describe_piano(cammino.scheda)
        return "Il piano non ne ha uno che si legga."
    return legenda.explain_spesa(cammino.obiettivo)


def _lines(cammino: _Cammino, premessa: str, campi: Sequence[Campo]) -> list[list[tuple[str, str]]]:
    """The fields of a cell that has them all: a line for each, the figures on one."""
    lines: list[list[tuple[str, str]]] = []
    for precedente, campo in zip([None, *campi], campi, strict=False):
        etichetta = f"{premessa} {campo.etichetta}".strip() if not lines else campo.etichetta
        voce = (etichetta, _text_of(cammino, campo))
        if precedente and precedente.nome in _POSTI and campo.nome in _POSTI:
            lines[-1].append(voce)
        else:
            lines.append([voce])
    return lines


def _text_of(cammino: _Cammino, campo: Campo) -> str:
    """What a field says inside a cell that has them all."""
    if campo.nome not in _POSTI:
        return campo.testo
    valore = _figura(cammino, campo.nome)
    if valore is None:
        return "non disponibile"
    return format_importo(valore) if campo.nome in _ETICHETTE else format_percentuale(valore)


def _write_indicatore(foglio: Foglio, cammino: _Cammino, riga: Riga) -> None:
    """A row of a table: the plan's own cells, and the result in the columns that wait for it."""
    trovato = cammino.indicatori.get(riga.numero)
    if trovato is None or cammino.intestazione is None:
        _write_testo(foglio, cammino, riga)
        return
    indicatore, row = trovato
    nomi = _nomi(cammino.intestazione)
    motivo = legenda.explain(cammino.scheda, row)
    alta = 14.0
    for colonna in range(foglio.ultima + 1):
        nome = nomi.get(colonna, "")
        testo = riga.celle[colonna].testo if colonna < len(riga.celle) else ""
        if nome == "risultato":
            _write_risultato(foglio, row, colonna, motivo)
        elif nome == "realizzazione":
            _write_realizzazione(foglio, row, colonna, motivo)
        elif nome == "ultimo_valore" and indicatore.ultimo_valore is not None:
            coda = "%" if testo.endswith("%") else ""
            formato = numero(count_decimali(indicatore.ultimo_valore), coda)
            write_cifra(foglio, indicatore.ultimo_valore, formato, colonna)
        else:
            stile = _CENTRO if nome in ("traguardo", "ultimo_valore") else BORDO
            alta = max(alta, write_text(foglio, testo, colonna, stile=stile))
    foglio.close_riga(alta)


_CENTRO: Stile = {**BORDO, "align": "center"}


def _write_risultato(foglio: Foglio, row: Row, colonna: int, motivo: str | None) -> None:
    provvisorio = row["stato"] == PROVVISORIO
    coda = ("%" if row["percentuale"] else "") + (" (provv.)" if provvisorio else "")
    formato = numero(int(str(row["decimali"])), coda)
    stile = {**CIFRA, "bold": True, "italic": provvisorio}
    write_cifra(foglio, decimal_of(row, "risultato"), formato, colonna, stile=stile, motivo=motivo)


def _write_realizzazione(foglio: Foglio, row: Row, colonna: int, motivo: str | None) -> None:
    """The percentage, with its colour, and the shape and the word that say it again."""
    semaforo = str(row["semaforo"])
    formato = numero(2, f"%  {SEMAFORI[semaforo]}")
    stile = {**CIFRA, "bg_color": _SFONDI.get(semaforo, "#FFFFFF")}
    solo_qui = motivo if row["risultato"] is not None else None
    write_cifra(
        foglio, decimal_of(row, "realizzazione"), formato, colonna, stile=stile, motivo=solo_qui
    )


_WRITERS: dict[Genere, Callable[[Foglio, _Cammino, Riga], None]] = {
    "obiettivo": _write_obiettivo,
    "campo": _write_campo,
    "risorse_preventivo": _write_campo,
    "risorse_consuntivo": _write_campo,
    "indicatore": _write_indicatore,
    "firma": _write_firma,
}


# --- The second sheet: how to read the first ------------------------------------------------------


def _write_legenda(workbook: Workbook, scheda: Scheda) -> None:
    foglio = new_foglio(workbook, "Lettura", _LARGHEZZE_LEGENDA)
    titolo = "Come si legge questa scorecard"
    foglio.close_riga(write_text(foglio, titolo, 0, foglio.ultima, _STILI["atto"]) + 3)
    for avviso in _avvisi(scheda):
        foglio.close_riga(write_text(foglio, avviso, 0, foglio.ultima, _AVVISO))
    _write_identita(foglio, scheda)
    _write_ente(foglio, scheda)
    _write_semafori(foglio, scheda)
    _write_obiettivi(foglio, scheda)
    _write_motivi(foglio, scheda)
    _write_regole(foglio, scheda)
    _write_origine(foglio, scheda)
    _finish(foglio, scheda, 0)


def _begin(foglio: Foglio, titolo: str) -> None:
    foglio.gruppi.append(foglio.riga)
    foglio.close_riga(10)
    foglio.close_riga(write_text(foglio, titolo, 0, foglio.ultima, _STILI["titolo"]) + 2)


def _write_voce(foglio: Foglio, etichetta: str, testo: str) -> None:
    """A label over the first column and the text beside it."""
    alte = (
        write_text(foglio, etichetta, 0, 1, ETICHETTA),
        write_text(foglio, testo, 2, foglio.ultima),
    )
    foglio.close_riga(max(alte))


def _write_tabella(foglio: Foglio, etichette: Sequence[tuple[str, int, int]]) -> None:
    foglio.close_riga(
        max(write_text(foglio, testo, prima, ultima, TESTA) for testo, prima, ultima in etichette)
    )


def _write_identita(foglio: Foglio, scheda: Scheda) -> None:
    _begin(foglio, "Di che cosa parla")
    _write_voce(foglio, "Camera", f"{scheda.partizione.camera} (sigla della provincia)")
    _write_voce(foglio, "Esercizio", str(scheda.partizione.esercizio))
    _write_voce(foglio, "Piano con cui si misura", legenda.describe_piano(scheda))
    _write_voce(
        foglio, "Giorno a cui parlano i dati", legenda.format_giorno(scheda.data_riferimento)
    )
    _write_voce(foglio, "Versione delle regole", scheda.versione_regole)


def _write_ente(foglio: Foglio, scheda: Scheda) -> None:
    _begin(foglio, "La Camera")
    motivo = "Nessun obiettivo ha un risultato."
    for etichetta, valore, formato in (
        ("Realizzazione", scheda.realizzazione, PUNTI),
        ("Minima: ogni risultato mancante a 0", scheda.realizzazione_minima, PUNTI),
        ("Massima: ogni risultato mancante a 100", scheda.realizzazione_massima, PUNTI),
        ("Copertura: quota del PESO che ha un risultato", scheda.copertura, QUOTA),
    ):
        alta = write_text(foglio, etichetta, 0, 1, ETICHETTA)
        write_cifra(foglio, valore, formato, 2, motivo=motivo)
        foglio.close_riga(alta)


def _write_semafori(foglio: Foglio, scheda: Scheda) -> None:
    _begin(foglio, "Il semaforo")
    soglie = legenda.describe_soglie(scheda)
    for nome, quanti in legenda.count_semafori(scheda).items():
        stile = {**ETICHETTA, "bg_color": _SFONDI.get(nome, "#E6E6E6")}
        alta = write_text(foglio, str(SEMAFORI[nome]), 0, stile=stile)
        write_text(foglio, soglie[nome], 1)
        write_cifra(foglio, Decimal(quanti), '[$-410]0" indicatori"', 2)
        foglio.close_riga(alta)


def _write_obiettivi(foglio: Foglio, scheda: Scheda) -> None:
    _begin(foglio, "Gli obiettivi")
    nomi = (
        "Missione / programma / obiettivo",
        "Titolo",
        "Peso",
        "Risorse a preventivo",
        "Risorse a consuntivo",
        "% spesa",
        "Realizzazione",
        "Minima",
        "Massima",
        "Copertura",
    )
    _write_tabella(foglio, [(nome, colonna, colonna) for colonna, nome in enumerate(nomi)])
    figure = (
        ("peso", PUNTI),
        ("risorse_preventivo", EURO),
        ("risorse_consuntivo", EURO),
        ("percentuale_spesa", PUNTI),
        ("realizzazione", PUNTI),
        ("realizzazione_minima", PUNTI),
        ("realizzazione_massima", PUNTI),
        ("copertura", QUOTA),
    )
    for row in scheda.obiettivi:
        write_text(foglio, key_of(row), 0)
        alta = write_text(foglio, row["titolo"], 1)
        for colonna, (nome, formato) in enumerate(figure, 2):
            write_cifra(foglio, decimal_of(row, nome), formato, colonna)
        foglio.close_riga(alta)


def _write_motivi(foglio: Foglio, scheda: Scheda) -> None:
    _begin(foglio, "Risultati che mancano o possono ancora cambiare")
    motivi = legenda.list_mancanze(scheda) + legenda.list_provvisori(scheda)
    if not motivi:
        testo = "Nessuno: ogni risultato è definitivo."
        foglio.close_riga(write_text(foglio, testo, 0, foglio.ultima))
        return
    etichette = ("Obiettivo", "Indicatore", "Stato", "Motivo")
    ultime = (0, 1, 2, foglio.ultima)
    _write_tabella(foglio, list(zip(etichette, range(4), ultime, strict=True)))
    for motivo in motivi:
        testi = (motivo.obiettivo, motivo.cosa, motivo.stato, motivo.perche)
        alte = [
            write_text(foglio, testo, prima, ultima)
            for prima, (testo, ultima) in enumerate(zip(testi, ultime, strict=True))
        ]
        foglio.close_riga(max(alte))


def _write_regole(foglio: Foglio, scheda: Scheda) -> None:
    _begin(foglio, f"Le regole del calcolo, versione {scheda.versione_regole}")
    for nome, testo in legenda.describe_regole(scheda):
        _write_voce(foglio, nome, testo)


def _write_origine(foglio: Foglio, scheda: Scheda) -> None:
    _begin(foglio, "Da dove viene ogni cifra")
    foglio.close_riga(write_text(foglio, legenda.describe_origine(), 0, foglio.ultima))
    query = legenda.query_of(scheda)
    foglio.close_riga(write_text(foglio, query, 0, foglio.ultima, _STILI["query"]))
    _write_tabella(
        foglio,
        [
            ("Obiettivo", 0, 0),
            ("Indicatore", 1, 1),
            ("Codice", 2, 3),
            ("Numeratore", 4, 4),
            ("Denominatore", 5, 6),
            ("% Realizz prima del limite 0-100", 7, 7),
            ("Stato", 8, 8),
            ("Riga del piano", 9, 9),
        ],
    )
    for row in scheda.indicatori:
        _write_provenienza(foglio, row)


def _write_provenienza(foglio: Foglio, row: Row) -> None:
    write_text(foglio, key_of(row), 0)
    alte = [
        write_text(foglio, row["indicatore"], 1),
        write_text(foglio, row["codice"] or "nessuno", 2, 3),
        write_text(foglio, legenda.stato_of(row), 8),
    ]
    for nome, prima, ultima in (("numeratore", 4, 4), ("denominatore", 5, 6)):
        valore = decimal_of(row, nome)
        if nome == "denominatore" and valore is None and row["numeratore"] is not None:
            write_text(foglio, "conteggio", prima, ultima, _CENTRO)
        else:
            decimali = 0 if valore is None else legenda.count_decimali(valore)
            write_cifra(foglio, valore, numero(decimali), prima, ultima)
    write_cifra(foglio, decimal_of(row, "realizzazione_grezza"), PUNTI, 7)
    write_cifra(foglio, Decimal(str(row["riga"])), numero(0), 9)
    foglio.close_riga(max(alte))
