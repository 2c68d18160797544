"""The lines of an objective in the workbook: its texts, its resources, spending and weight.

Belongs here: where each field stands on the grid, or all of them in one cell. Does not belong here: which
line is an objective's (xlsx.py), what a field is (plan/campi.py), the mechanics of cells (foglio.py).
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from pipelines.plan.campi import Campo
from pipelines.scorecard import cifre, legenda
from pipelines.scorecard.foglio import (
    ETICHETTA,
    EURO,
    PUNTI,
    Foglio,
    Stile,
    write_blank,
    write_cifra,
    write_rich,
    write_text,
)
from pipelines.scorecard.legenda import decimal_of
from pipelines.scorecard.righe import Row
from pipelines.scorecard.sheet import Scheda

_MARGINE: Stile = {"left": 1, "left_color": "#8C96A3", "bg_color": "#EEF1F5"}

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


def write_campi(
    foglio: Foglio, scheda: Scheda, obiettivo: Row | None, premessa: str, campi: Sequence[Campo]
) -> None:
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
    for gruppo in _shared_rows([campo for campo in campi if campo.nome in _POSTI]):
        alte = [_write_figura(foglio, scheda, obiettivo, campo) for campo in gruppo]
        _fill_vuote(foglio, gruppo)
        foglio.close_riga(max(alte))


def write_cella(
    foglio: Foglio, obiettivo: Row | None, premessa: str, campi: Sequence[Campo]
) -> None:
    """All the fields of an objective in one cell, as the plan has them."""
    foglio.close_riga(write_rich(foglio, _lines(obiettivo, premessa, campi)))


def _shared_rows(campi: Sequence[Campo]) -> list[list[Campo]]:
    """The figures of a line, row by row: a second one for the same place begins a row."""
    gruppi: list[list[Campo]] = []
    for campo in campi:
        prese = {_POSTI[altro.nome] for altro in gruppi[-1]} if gruppi else {_POSTI[campo.nome]}
        if _POSTI[campo.nome] in prese:
            gruppi.append([])
        gruppi[-1].append(campo)
    return gruppi


def _write_figura(foglio: Foglio, scheda: Scheda, obiettivo: Row | None, campo: Campo) -> float:
    """The label and the figure of a field: resources, spending, weight."""
    inizio, fine, prima, ultima = _POSTI[campo.nome]
    etichetta = _ETICHETTE.get(campo.nome, campo.etichetta)
    formato = EURO if campo.nome in _ETICHETTE else PUNTI
    motivo = _motivo(scheda, obiettivo, campo.nome)
    write_cifra(foglio, _figura(obiettivo, campo.nome), formato, prima, ultima, motivo=motivo)
    return write_text(foglio, etichetta, inizio, fine, ETICHETTA)


def _fill_vuote(foglio: Foglio, campi: Iterable[Campo]) -> None:
    """One empty cell over each stretch of the row that no figure takes."""
    estremi = sorted((_POSTI[campo.nome][0], _POSTI[campo.nome][3]) for campo in campi)
    libera = 0
    for inizio, fine in [*estremi, (foglio.ultima + 1, foglio.ultima + 1)]:
        if libera < inizio:
            write_blank(foglio, libera, inizio - 1)
        libera = fine + 1


def _figura(obiettivo: Row | None, nome: str) -> Decimal | None:
    colonna = "percentuale_spesa" if nome == "spesa" else nome
    return decimal_of(obiettivo, colonna) if obiettivo else None


def _motivo(scheda: Scheda, obiettivo: Row | None, nome: str) -> str:
    """Why a field of an objective has no figure."""
    if nome in ("risorse_preventivo", "peso"):
        if nome == "risorse_preventivo" and not scheda.propria:
            return legenda.describe_piano(scheda)
        return "Il piano non ne ha uno che si legga."
    return legenda.explain_spesa(obiettivo)


def _lines(
    obiettivo: Row | None, premessa: str, campi: Sequence[Campo]
) -> list[list[tuple[str, str]]]:
    """The fields of a cell that has them all: a line for each, the figures on one."""
    lines: list[list[tuple[str, str]]] = []
    for precedente, campo in zip([None, *campi], campi, strict=False):
        etichetta = f"{premessa} {campo.etichetta}".strip() if not lines else campo.etichetta
        voce = (etichetta, _text_of(obiettivo, campo))
        if precedente and precedente.nome in _POSTI and campo.nome in _POSTI:
            lines[-1].append(voce)
        else:
            lines.append([voce])
    return lines


def _text_of(obiettivo: Row | None, campo: Campo) -> str:
    """What a field says inside a cell that has them all."""
    if campo.nome not in _POSTI:
        return campo.testo
    valore = _figura(obiettivo, campo.nome)
    if valore is None:
        return "non disponibile"
    return cifre.show_value(valore, "euro" if campo.nome in _ETICHETTE else "punti")
