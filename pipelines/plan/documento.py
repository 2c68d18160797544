"""The one shape of every document that a plan comes in: parts, rows, cells, each with its place.

Belongs here: the shape, and the bounds on it. Does not belong here: how a format is opened (formati/), what
a row says (disposizioni/). A merged cell stands once, in its first row, with the rows and columns that it
covers.
"""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Literal

from pipelines.plan.model import Luogo, Posto

Formato = Literal["txt", "csv", "md", "html", "docx", "xlsx", "pdf"]

MAX_BYTE = 20 << 20
MAX_APERTO = 200 << 20
"""What a document may unpack to."""
MAX_PAGINE, MAX_RIGHE, MAX_COLONNE = 500, 50_000, 200
MAX_CARATTERI = 50_000_000
"""Characters of all the cells: one long text can be cited by every cell of a sheet."""


class PianoIlleggibile(ValueError):
    """The file is not what its name says, or is beyond the bounds; its sentence says what to do."""


@dataclass(frozen=True)
class Cella:
    """A cell: `testo` trimmed and free of mark-up, where it stands, and what it covers.

    `inizio` and `fine` count the characters of a line of text, in the other formats they are 0; a blank
    cell of a line covers its whole extent, so that writing into it leaves no stray spaces. `nome` is the
    cell's name where it is not the number of its column (`H12`). `righe` and `colonne` are more than 1
    where the cell is merged. `numerata`: its text is an item of a list, and its number is not in it.
    """

    testo: str
    inizio: int = 0
    fine: int = 0
    nome: str = ""
    righe: int = 1
    colonne: int = 1
    numerata: bool = False


@dataclass(frozen=True)
class Riga:
    """A row: its place, its text without a line end, its cells, each at its column."""

    numero: Luogo
    testo: str
    celle: tuple[Cella, ...]

    def piene(self) -> list[int]:
        """The indexes of the cells that are not blank."""
        return [indice for indice, cella in enumerate(self.celle) if cella.testo]

    def posto(self, cella: Cella) -> Posto:
        """Where a cell of a line of text stands."""
        return Posto(self.numero, cella.inizio, cella.fine)

    def luogo(self, indice: int | None) -> Luogo:
        """The place of one of its cells, or of the row."""
        if indice is None or indice >= len(self.celle):
            return self.numero
        nome = self.celle[indice].nome or str(indice + 1)
        return Luogo(int(self.numero), self.numero.parte, nome)


@dataclass(frozen=True)
class Rilievo:
    """What a format reader has to say of a document that it read: the rule, the place, the words."""

    regola: str
    parte: str
    riga: int | None
    cella: str
    cosa: str
    rimedio: str


@dataclass(frozen=True)
class Documento:
    """A document: its rows in order, those of a part together.

    `fusioni`: the format can merge cells, so a blank one is blank. `codifica` and `linee` are a text's
    codec and its lines with their ends; other formats have none.
    """

    formato: Formato
    righe: tuple[Riga, ...]
    fusioni: bool
    rilievi: tuple[Rilievo, ...] = ()
    codifica: str = "utf-8"
    linee: tuple[str, ...] = ()

    def parti(self) -> Iterator[tuple[str, tuple[Riga, ...]]]:
        """The parts with their rows, in order."""
        dentro: dict[str, list[Riga]] = {}
        for riga in self.righe:
            dentro.setdefault(riga.numero.parte, []).append(riga)
        return ((nome, tuple(righe)) for nome, righe in dentro.items())


def riga_di(parte: str, numero: int, celle: Iterable[Cella]) -> Riga:
    """A row of a part that is no line of text: its text is that of its cells."""
    tutte = tuple(celle)
    return Riga(Luogo(numero, parte), "\t".join(c.testo for c in tutte), tutte)


def check_size(righe: int, colonne: int = 0, pagine: int = 0) -> None:
    """Refuses what is beyond the bounds. Raises PianoIlleggibile."""
    for quanti, massimo, cosa in (
        (righe, MAX_RIGHE, "righe"),
        (colonne, MAX_COLONNE, "colonne"),
        (pagine, MAX_PAGINE, "pagine"),
    ):
        if quanti > massimo:
            raise PianoIlleggibile(
                f"ha più di {massimo} {cosa}, troppe per un allegato: consegnare il solo piano."
            )


def to_plain(documento: Documento) -> dict[str, Any]:
    """A document as JSON can carry it."""
    return {
        "formato": documento.formato,
        "fusioni": documento.fusioni,
        "rilievi": [asdict(r) for r in documento.rilievi],
        "righe": [
            [
                r.numero.parte,
                int(r.numero),
                [[c.testo, c.nome, c.righe, c.colonne, c.numerata] for c in r.celle],
            ]
            for r in documento.righe
        ],
    }


def from_plain(facts: dict[str, Any]) -> Documento:
    """The document that `to_plain` made plain."""
    return Documento(
        facts["formato"],
        tuple(
            riga_di(parte, numero, (Cella(t, 0, 0, *altro) for t, *altro in celle))
            for parte, numero, celle in facts["righe"]
        ),
        facts["fusioni"],
        tuple(Rilievo(**r) for r in facts["rilievi"]),
    )
