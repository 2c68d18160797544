"""The scorecard as the accessible document that a chamber publishes.

Belongs here: the file as a format, and its draft. Does not belong here: what it prints (quadro.py,
atto.html.j2), its look (atto.css), how the draft becomes a document (stampa.py), whether it can be written
here (libreria.py).
"""

from pathlib import Path

from pipelines.scorecard import csv, stampa
from pipelines.scorecard.formato import Formato
from pipelines.scorecard.libreria import why_not
from pipelines.scorecard.sheet import Scheda


def write_draft(scheda: Scheda, path: Path) -> None:
    """Write the draft of a partition's document, the csv of its figures attached."""
    # what draws is loaded while the press is
    from pipelines.scorecard.modelli import template
    from pipelines.scorecard.quadro import draw_up

    testo = template("atto.html.j2").render(
        draw_up(scheda), quando=f"{scheda.data_riferimento:%Y-%m-%d}T00:00:00Z"
    )
    bozza = stampa.Bozza(
        testo,
        scheda.data_riferimento,
        nome=f"{scheda.partizione.chiave}.csv",
        descrizione="Le cifre del documento, una riga per indicatore",
        allegato=csv.render_csv(scheda, discreto=True).decode(),
    )
    stampa.write_draft(bozza, path)


FORMATO = Formato(
    "pdf",
    "il documento da pubblicare",
    write_draft,
    apart=True,
    impedito=why_not,
    programma="pipelines.scorecard.stampa",
)
