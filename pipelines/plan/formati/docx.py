"""The format `docx`: every table is a part, the paragraphs between them are another.

Belongs here: the XML of a document's body, with its tracked changes accepted: insertions in, deletions out.
Does not belong here: what makes an archive safe to open (pipelines/extracts/workbook.py), what a row says
(disposizioni/). Headers, footers, notes and comments are other parts of the file, and no content. So is the
number of an item in a list: Word counts it anew each time, and only its text stands in the body.

Source: ECMA-376, parts 1 (strict) and 4 (transitional), WordprocessingML.
"""

import io
import zipfile
from dataclasses import dataclass, field, replace

from pipelines.extracts.ooxml import Pacchetto
from pipelines.extracts.workbook import inspect
from pipelines.landing.rifiutato import Rifiutato
from pipelines.plan.documento import (
    MAX_APERTO,
    Cella,
    Documento,
    PianoIlleggibile,
    Riga,
    Rilievo,
    check_size,
    riga_di,
)
from pipelines.plan.righe import tidy

_SPAZI = (
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "http://purl.oclc.org/ooxml/wordprocessingml/main",
)
_NOMI = {
    f"{spazio} {nome}": nome
    for spazio in _SPAZI
    for nome in (
        *(
            "p",
            "t",
            "tab",
            "br",
            "cr",
            "noBreakHyphen",
            "tbl",
            "tr",
            "tc",
            "gridSpan",
            "vMerge",
            "r",
        ),
        *(
            "ins",
            "del",
            "moveFrom",
            "moveTo",
            "delText",
            "vanish",
            "gridBefore",
            "trPr",
            "rPr",
            "cellDel",
        ),
        *(
            "tcPr",
            "rPrChange",
            "pPrChange",
            "tblPrChange",
            "trPrChange",
            "tcPrChange",
            "pPr",
            "numId",
        ),
    )
}
_ALTERNATIVA = "http://schemas.openxmlformats.org/markup-compatibility/2006 Fallback"


@dataclass
class _Cella:
    testo: list[str] = field(default_factory=list)
    colonne: int = 1
    fusione: str = ""
    """`restart` begins a merged cell, `continue` goes on with it."""
    numerata: bool = False


@dataclass
class _Tabella:
    nome: str
    righe: list[list[_Cella]] = field(default_factory=list)
    prima: int = 0
    cancellata: bool = False


class _Corpo:
    """What the parser calls back."""

    def __init__(self) -> None:
        self.righe: list[Riga] = []
        self.rilievi: list[Rilievo] = []
        self._dove: list[str] = []
        self._tabelle: list[_Tabella] = []
        self._quante = 0
        self._paragrafi = 0
        self._paragrafo: list[str] = []
        self._fuori = 0
        self._nascosto = False

    def start(self, element: str, attributes: dict[str, str]) -> None:
        nome = _NOMI.get(element, "")
        if element == _ALTERNATIVA or (nome in ("del", "moveFrom") and self._parent() != "trPr"):
            if nome and self._parent() != "rPr":
                self._tell("cancellato")
            self._fuori += 1
        self._dove.append(nome or element)
        if self._fuori:
            return
        if nome == "ins" and self._dove[-2:-1] not in (["rPr"], ["trPr"]):
            self._tell("inserito")
        self._open(nome, attributes)

    def end(self, element: str, text: str) -> None:
        nome = _NOMI.get(element, "")
        self._dove.pop()
        if element == _ALTERNATIVA or (nome in ("del", "moveFrom") and self._parent() != "trPr"):
            self._fuori -= 1
            return
        if not self._fuori:
            self._close(nome, text)

    def _parent(self) -> str:
        return self._dove[-1] if self._dove else ""

    def _open(self, nome: str, attributes: dict[str, str]) -> None:
        valore = next((v for k, v in attributes.items() if k.endswith(" val")), "")
        tabella = self._tabelle[-1] if self._tabelle else None
        if nome == "tbl":
            self._end_paragraph()
            self._quante += 1
            self._tabelle.append(_Tabella(f"tabella {self._quante}"))
        elif nome == "r":
            self._nascosto = False
        elif nome == "vanish" and valore not in ("0", "false") and "r" in self._dove:
            self._nascosto = True
        elif nome in ("tab", "br", "cr") and self._parent_is_run():
            self._add(" " if nome == "tab" else "\n")
        elif nome == "noBreakHyphen":
            self._add("-")
        elif tabella is None:
            return
        elif nome == "tr":
            tabella.righe.append([])
            tabella.cancellata = False
            check_size(len(tabella.righe))
        elif nome == "del":
            tabella.cancellata = True
            self._tell("cancellato")
        elif nome == "gridBefore" and valore.isdecimal() and tabella.righe:
            prima = int(valore[:6])
            check_size(0, prima)
            tabella.righe[-1] += [_Cella() for _ in range(prima)]
        elif nome == "tc" and tabella.righe:
            tabella.righe[-1].append(_Cella())
        elif nome == "gridSpan" and valore.isdecimal() and tabella.righe and tabella.righe[-1]:
            check_size(0, int(valore[:6]))
            tabella.righe[-1][-1].colonne = max(1, int(valore[:6]))
        elif nome == "numId" and valore != "0" and tabella.righe and tabella.righe[-1]:
            cella = tabella.righe[-1][-1]
            cella.numerata = cella.numerata or not "".join(cella.testo).strip()
        elif nome == "vMerge" and tabella.righe and tabella.righe[-1]:
            tabella.righe[-1][-1].fusione = valore or "continue"

    def _parent_is_run(self) -> bool:
        return "r" in self._dove and "pPr" not in self._dove

    def _close(self, nome: str, text: str) -> None:
        if nome == "t":
            if self._nascosto:
                self._tell_hidden()
            else:
                self._add(text)
        elif nome == "p":
            if self._tabelle:
                self._add("\n")
            else:
                self._end_paragraph()
        elif nome == "tr" and self._tabelle and self._tabelle[-1].cancellata:
            self._tabelle[-1].righe.pop()
            self._tabelle[-1].cancellata = False
        elif nome == "tbl":
            self.righe += _grid(self._tabelle.pop())
            check_size(len(self.righe))

    def _add(self, testo: str) -> None:
        if not self._tabelle:
            self._paragrafo.append(testo)
        elif self._tabelle[-1].righe and self._tabelle[-1].righe[-1]:
            self._tabelle[-1].righe[-1][-1].testo.append(testo)

    def _end_paragraph(self) -> None:
        testo = tidy("".join(self._paragrafo))
        self._paragrafo.clear()
        if testo:
            self._paragrafi += 1
            self.righe.append(riga_di("testo", self._paragrafi, [Cella(testo)]))
            check_size(len(self.righe))

    def _here(self) -> tuple[str, int, str]:
        if not self._tabelle:
            return "testo", self._paragrafi + 1, ""
        tabella = self._tabelle[-1]
        larga = sum(c.colonne for c in tabella.righe[-1]) if tabella.righe else 0
        return tabella.nome, max(len(tabella.righe), 1), str(larga) if larga else ""

    def _tell(self, come: str) -> None:
        self.rilievi.append(
            Rilievo(
                "revisioni_pendenti",
                *self._here(),
                f"un testo {come} con una revisione si legge come accettato",
                "accettare o rifiutare le revisioni prima di consegnare",
            )
        )

    def _tell_hidden(self) -> None:
        self.rilievi.append(
            Rilievo(
                "parte_nascosta",
                *self._here(),
                "un testo nascosto non viene letto",
                "renderlo visibile se fa parte del piano",
            )
        )


def _grid(tabella: _Tabella) -> list[Riga]:
    """The rows of a table, each cell at its column, merged ones once."""
    aperte: dict[int, tuple[int, int]] = {}
    file: list[list[Cella]] = []
    for n, riga in enumerate(tabella.righe):
        celle: list[Cella] = []
        for cella in riga:
            colonna = len(celle)
            check_size(0, colonna + cella.colonne)
            testo = tidy("".join(cella.testo))
            if cella.fusione == "continue" and colonna in aperte and not testo:
                r, c = aperte[colonna]
                prima = file[r][c]
                file[r][c] = replace(prima, righe=n - r + 1)
                celle += [Cella("")] * cella.colonne
                continue
            aperte.pop(colonna, None)
            if cella.fusione == "restart":
                aperte[colonna] = (n, colonna)
            celle.append(Cella(testo, colonne=cella.colonne, numerata=cella.numerata))
            celle += [Cella("")] * (cella.colonne - 1)
        file.append(celle)
    return [riga_di(tabella.nome, n, celle) for n, celle in enumerate(file, start=1)]


def read(content: bytes) -> Documento:
    """A document's body. Raises PianoIlleggibile."""
    try:
        inspect(content, MAX_APERTO)
        package = Pacchetto(zipfile.ZipFile(io.BytesIO(content)))
        if "word/document.xml" not in package and "xl/workbook.xml" in package:
            raise PianoIlleggibile(
                "Il piano è una cartella di lavoro con il nome di un docx: dargli l'estensione .xlsx."
            )
        parte = next(
            (
                r.parte
                for r in package.relations("").values()
                if r.tipo == "officeDocument" and r.parte
            ),
            "word/document.xml",
        )
        corpo = _Corpo()
        package.parse(parte, corpo.start, corpo.end)
    except Rifiutato as refusal:
        detto = str(refusal).replace("la cartella di lavoro", "il documento")
        detto = detto.replace("una cartella di lavoro", "un documento").replace("xlsx", "docx")
        detto = detto.replace("Excel", "Word").replace(".xls:", ".doc:")
        raise PianoIlleggibile(
            detto.replace("esportare solo le colonne del contratto", "consegnare il solo piano")
        ) from refusal
    if not corpo.righe:
        raise PianoIlleggibile("Il piano è un documento senza testo: salvarlo di nuovo come docx.")
    return Documento("docx", tuple(corpo.righe), fusioni=True, rilievi=tuple(corpo.rilievi))
