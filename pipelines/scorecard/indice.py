"""The index of a publication: every chamber and year on one page that needs nothing but itself.

Belongs here: what the index says of a partition. Does not belong here: its structure (indice.html.j2), its
look (stile.css), what filters it (filtri.js), the page of a partition (html.py).
"""

from dataclasses import dataclass
from pathlib import Path

from pipelines.scorecard import cifre, giudizi, legenda
from pipelines.scorecard.formato import Formato, Insieme
from pipelines.scorecard.legenda import SEMAFORI
from pipelines.scorecard.modelli import template
from pipelines.scorecard.sheet import Scheda

_FILE = {"html": "pagina", "pdf": "documento", "xlsx": "foglio", "csv": "tabella", "json": "dati"}
"""The files of a partition that the index leads to, by what they are called there."""


@dataclass(frozen=True)
class Riga:
    """A partition as the index shows it. `conti` is how many indicators have each colour; `stati` are the
    words by which it is filtered."""

    chiave: str
    camera: str
    esercizio: int
    giorno: str
    figure: tuple[str | None, ...]
    conti: tuple[int, ...]
    stato: str
    stati: str
    file: tuple[tuple[str, str], ...]


def render_indice(insieme: Insieme) -> str:
    """The index; the same scorecards always give the same text."""
    righe = [_line(scheda, insieme.file) for scheda in insieme.schede]
    return template("indice.html.j2").render(
        righe=righe,
        esercizi=sorted({riga.esercizio for riga in righe}, reverse=True),
        figure=[cifra.etichetta for cifra in cifre.ENTE],
        semafori=SEMAFORI,
    )


def _line(scheda: Scheda, file: frozenset[str]) -> Riga:
    chiave = scheda.partizione.chiave
    prima = giudizi.list_giudizi(scheda.indicatori)[0][1]
    conti = {nome: quanti for nome, (quanti, _) in giudizi.count_giudizi(prima).items()}
    aperto = legenda.is_provvisoria(scheda)
    stato = legenda.STATI["PROVVISORIO" if aperto else "DEFINITIVO"]
    return Riga(
        chiave=chiave,
        camera=scheda.partizione.camera,
        esercizio=scheda.partizione.esercizio,
        giorno=legenda.format_giorno(scheda.data_riferimento),
        figure=tuple(cifre.show(cifra, scheda.ente) for cifra in cifre.ENTE),
        conti=tuple(conti.values()),
        stato=f"{stato}, dati sintetici" if scheda.sintetici else stato,
        stati=" ".join([stato, *(nome for nome, quanti in conti.items() if quanti)]),
        file=tuple(
            (nome, f"{chiave}.{suffisso}")
            for suffisso, nome in _FILE.items()
            if f"{chiave}.{suffisso}" in file
        ),
    )


def write_indice(insieme: Insieme, path: Path) -> None:
    """Write the index of a publication."""
    path.write_text(render_indice(insieme), "utf-8")


FORMATO = Formato(
    "indice.html", "l'indice di tutte le Camere e gli anni", write_indice, apart=True, insieme=True
)
