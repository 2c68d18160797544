"""Plans as documents: blocks of text and tables, in each layout, written out in each format.

Belongs here: what a made-up plan says (`Finto*`), how a layout lays it out (`DISPOSTI`), how a format writes
that (`SCRITTI`). Does not belong here: what is read back (test_documenti.py), plans in the layout of 2020
with results in them (generatore.py). Nothing of what is tested is used.
"""

import csv
import html
import io
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.sax.saxutils import escape

import xlsxwriter
from hypothesis import strategies as st

ANNO = 2020


class C(NamedTuple):
    """A cell: text, rows and columns that it covers."""

    testo: str
    righe: int = 1
    colonne: int = 1


Fila = list[C]
Blocco = str | list[Fila]
"""A paragraph, or a table."""


@dataclass(frozen=True)
class Indicatore:
    nome: str
    algoritmo: str
    fonte: str
    ultimo: str
    target: tuple[str, str, str]
    peso: str


@dataclass(frozen=True)
class Obiettivo:
    missione: tuple[str, str]
    programma: tuple[str, str]
    numero: str
    titolo: str
    descrizione: str
    risorse: str
    peso: str
    indicatori: tuple[Indicatore, ...]


@dataclass(frozen=True)
class Piano:
    obiettivi: tuple[Obiettivo, ...] = field(default_factory=tuple)


# --- what a plan says ---------------------------------------------------------------------------------

NOMI = (
    "Tempo medio di pagamento",
    "Quota di pratiche evase",
    "Imprese assistite",
    "Grado di utilizzo",
)
COSE = (
    "delle fatture",
    "entro cinque giorni",
    "nei progetti",
    "del fondo",
    "del registro",
    "in rete",
)
_parole = st.tuples(st.sampled_from(NOMI), st.sampled_from(COSE)).map(" ".join)


@st.composite
def _indicatori(draw: st.DrawFn, n: int, pesi: Sequence[int]) -> Indicatore:
    unita = draw(st.sampled_from(["%", "", " gg"]))
    operatore = draw(st.sampled_from([">= ", "<= ", "≥ ", "=>", "almeno ", ""]))

    def numero() -> str:
        intero = draw(st.integers(0, 99_999))
        decimali = draw(st.sampled_from(["", ",5", ",25"]))
        return f"{intero:,}".replace(",", ".") + decimali + unita

    return Indicatore(
        f"{draw(_parole)} {n}",
        f"Numero {draw(_parole).lower()} / totale",
        draw(st.sampled_from(["Ufficio ragioneria", "Sistema Pareto", "Kronos"])),
        draw(st.sampled_from(["n.d.", "-", numero()])),
        (operatore + numero(), operatore + numero(), operatore + numero()),
        f"{pesi[n - 1]}%",
    )


@st.composite
def piani(draw: st.DrawFn) -> Piano:
    """A plan of one to three objectives, in one or two programmes."""
    obiettivi = []
    for n in range(1, draw(st.integers(1, 3)) + 1):
        programma = draw(st.sampled_from([("005", "Incentivi"), ("004", "Vigilanza sui mercati")]))
        missione = ("011", "Imprese") if programma[0] == "005" else ("012", "Mercati")
        quanti = draw(st.integers(1, 3))
        pesi = {1: (100,), 2: (40, 60), 3: (20, 30, 50)}[quanti]
        obiettivi.append(
            Obiettivo(
                missione,
                programma,
                f"{n}.{draw(st.integers(1, 9))}",
                f"Sostenere {draw(_parole).lower()}",
                f"Descrizione dell'intervento {n}",
                f"{draw(st.integers(1, 999))}.{draw(st.integers(100, 999))},{draw(st.integers(10, 99))}",
                f"{draw(st.integers(1, 60))},00%",
                tuple(draw(_indicatori(i, pesi)) for i in range(1, quanti + 1)),
            )
        )
    obiettivi.sort(key=lambda o: (o.missione, o.programma))
    return Piano(tuple(obiettivi))


# --- layouts ------------------------------------------------------------------------------------------

ANNI = (ANNO, ANNO + 1, ANNO + 2)
TITOLO = "Piano degli indicatori e dei risultati attesi 2020-2022"


def _c(*testi: str) -> Fila:
    return [C(testo) for testo in testi]


def blocchi(piano: Piano) -> list[Blocco]:
    """The objective's fields, then its table."""
    fatti: list[Blocco] = [TITOLO]
    for o in piano.obiettivi:
        fatti += [f"MISSIONE {o.missione[0]} - {o.missione[1]}"]
        fatti += [f"PROGRAMMA {o.programma[0]} - {o.programma[1]}"]
        tabella = [
            _c("OBIETTIVO", "TITOLO", f"{o.numero} - {o.titolo}"),
            _c("", "DESCRIZIONE", o.descrizione),
            _c("", "RISORSE FINANZIARIE A PREVENTIVO", f"€ {o.risorse}", "", "PESO", o.peso),
            _c("TIPOLOGIA", "INDICATORE", "Ultimo valore osservato (2018)", "Target 2020")
            + _c("Target 2021", "Target 2022", "Algoritmo di calcolo", "Fonte", "Peso indicatore"),
        ]
        tabella += [
            _c("Volume", i.nome, i.ultimo, *i.target, i.algoritmo, i.fonte, i.peso)
            for i in o.indicatori
        ]
        fatti.append(tabella)
    return fatti


def costi(piano: Piano) -> list[Blocco]:
    """An objective's sheet: cost lines over the years, then the years above the values."""
    fatti: list[Blocco] = [TITOLO]
    for o in piano.obiettivi:
        fatti.append(
            [
                _c("MISSIONE", f"{o.missione[0]} - {o.missione[1]}"),
                _c("PROGRAMMA", f"{o.programma[0]} - {o.programma[1]}"),
                _c("OBIETTIVO STRATEGICO", f"{o.numero} {o.titolo}"),
                _c("DESCRIZIONE", o.descrizione),
                _c("PESO OBIETTIVO", o.peso),
                _c("Risorse", "2020", "2021", "2022"),
                _c("Costi del personale", "1.000,00", "2,00", "3,00"),
                _c("Totale", o.risorse, "7,00", "8,00"),
            ]
        )
        fatti.append(
            [
                [
                    *(C("INDICATORE", 2), C("FORMULA", 2), C("FONTE DEI DATI", 2)),
                    *(C("VALORE INIZIALE 2018", 2), C("TARGET", 1, 3), C("PESO", 2)),
                ],
                _c("", "", "", "", "2020", "2021", "2022", ""),
                *(
                    _c(i.nome, i.algoritmo, i.fonte, i.ultimo, *i.target, i.peso)
                    for i in o.indicatori
                ),
            ]
        )
    return fatti


def tabella(piano: Piano) -> list[Blocco]:
    """One wide table, the objective's cells merged over its rows."""
    testa = _c("Missione", "Programma", "Obiettivo strategico", "Descrizione", "Risorse (€)")
    testa += _c("Peso obiettivo", "Indicatore", "Algoritmo di calcolo", "Fonte dei dati")
    testa += _c("Ultimo valore osservato (2018)", "Target 2020", "Target 2021", "Target 2022")
    testa += _c("Peso indicatore")
    file: list[Fila] = [testa]
    for o in piano.obiettivi:
        quanti = len(o.indicatori)
        for n, i in enumerate(o.indicatori):
            dell_obiettivo = [
                f"{o.missione[0]} - {o.missione[1]}",
                f"{o.programma[0]} - {o.programma[1]}",
                f"{o.numero} - {o.titolo}",
                o.descrizione,
                o.risorse,
                o.peso,
            ]
            fila = [C(t, quanti) if n == 0 else C("") for t in dell_obiettivo]
            fila += _c(i.nome, i.algoritmo, i.fonte, i.ultimo, *i.target, i.peso)
            file.append(fila)
    return [TITOLO, file]


def in_una_cella(piano: Piano) -> list[Blocco]:
    """Several years in one cell; mission and programme at the end of the row."""
    file: list[Fila] = [
        _c(
            "Codice e denominazione obiettivo",
            "Risorse",
            "Peso obiettivo",
            "Indicatore",
            "Algoritmo",
        )
        + _c("Fonte", "Ultimo valore (2018)", "Target", "Missione", "Programma")
    ]
    for o in piano.obiettivi:
        for i in o.indicatori:
            target = " ".join(f"Anno {anno}: {t}" for anno, t in zip(ANNI, i.target, strict=True))
            file.append(
                _c(f"{o.numero} {o.titolo}", f"{o.risorse} €", o.peso, i.nome, i.algoritmo, i.fonte)
                + _c(
                    i.ultimo, target, str(int(o.missione[0])), f"{o.programma[0]} {o.programma[1]}"
                )
            )
    return [TITOLO, file]


def terne(piano: Piano) -> list[Blocco]:
    """For each year the result, the target and the share, the year above."""
    sopra = [C("Missione", 2), C("Programma", 2), C("Obiettivo operativo", 2), C("KPI", 2)]
    sopra += [C("Metodo di calcolo", 2), C("Fonte del dato", 2)]
    sopra += [C(str(anno), 1, 3) for anno in ANNI]
    sotto = _c(*[""] * 6, *["Risultato", "Target", "% Realizzazione"] * 3)
    file: list[Fila] = [sopra, sotto]
    for o in piano.obiettivi:
        for i in o.indicatori:
            valori = [t for target in i.target for t in ("0", target, "0,00%")]
            file.append(
                _c(
                    f"Missione {o.missione[0]}: {o.missione[1]}",
                    f"{o.programma[0]} - {o.programma[1]}",
                )
                + _c(f"{o.numero} – {o.titolo}", i.nome, i.algoritmo, i.fonte, *valori)
            )
    return [TITOLO, file]


def ordinali(piano: Piano) -> list[Blocco]:
    """First, second and third year; a weight for each indicator."""
    file: list[Fila] = [
        _c(
            "Missione",
            "Programma",
            "Obiettivo",
            "Budget",
            "Indicatore",
            "Formula",
            "Fonte",
            "Peso %",
        )
        + _c("Consuntivo 2019", "Target 1° anno", "Target 2° anno", "Target 3° anno")
    ]
    for o in piano.obiettivi:
        for i in o.indicatori:
            file.append(
                _c(f"{o.missione[0]} - {o.missione[1]}", f"{o.programma[0]} - {o.programma[1]}")
                + _c(f"{o.numero} - {o.titolo}", o.risorse, i.nome, i.algoritmo, i.fonte, i.peso)
                + _c(i.ultimo, *i.target)
            )
    return [TITOLO, file]


def schede(piano: Piano) -> list[Blocco]:
    """A sheet of labels and values for each indicator."""
    fatti: list[Blocco] = [TITOLO]
    for o in piano.obiettivi:
        for n, i in enumerate(o.indicatori, start=1):
            fatti.append(
                [
                    _c("Scheda indicatore", str(n))[:1],
                    _c("Missione", f"{o.missione[0]} - {o.missione[1]}"),
                    _c("Programma", f"{o.programma[0]} - {o.programma[1]}"),
                    _c("Obiettivo strategico", f"{o.numero} - {o.titolo}"),
                    _c("Descrizione obiettivo", o.descrizione),
                    _c("Risorse finanziarie", f"€ {o.risorse}"),
                    _c("Peso obiettivo", o.peso),
                    _c("Indicatore", i.nome),
                    _c("Algoritmo di calcolo", i.algoritmo),
                    _c("Fonte dei dati", i.fonte),
                    _c("Peso", i.peso),
                    _c("Ultimo valore osservato (2018)", i.ultimo),
                    _c("Target 2020", i.target[0]),
                    _c("Target 2021", i.target[1]),
                    _c("Target 2022", i.target[2]),
                    _c("Risultato effettivo 2020", "0"),
                ]
            )
    return fatti


def schede_con_anni(piano: Piano) -> list[Blocco]:
    """A sheet for each objective, the years above the values of each of its indicators."""
    fatti: list[Blocco] = [TITOLO]
    for o in piano.obiettivi:
        file: list[Fila] = [
            _c("Missione", f"{o.missione[0]} - {o.missione[1]}"),
            _c("Programma", f"{o.programma[0]} - {o.programma[1]}"),
            _c("Obiettivo", f"{o.numero} - {o.titolo}"),
            _c("Descrizione", o.descrizione),
            _c("Stanziamento", o.risorse),
            _c("Peso", o.peso),
        ]
        for i in o.indicatori:
            file += [
                _c("Titolo", i.nome),
                _c("Formula", i.algoritmo),
                _c("Fonte", i.fonte),
                _c("Peso", i.peso),
                _c("Valore iniziale 2018", i.ultimo),
                _c("Anno", "2020", "2021", "2022"),
                _c("Valori attesi", *i.target),
            ]
        fatti.append(file)
    return fatti


DISPOSTI: dict[str, Callable[[Piano], list[Blocco]]] = {
    f.__name__: f
    for f in (
        blocchi,
        costi,
        tabella,
        in_una_cella,
        terne,
        ordinali,
        schede,
        schede_con_anni,
    )
}


# --- formats ------------------------------------------------------------------------------------------


def _flat(fila: Fila) -> list[str]:
    """The texts of a row, a cell that spans columns with blanks after it."""
    testi: list[str] = []
    for cella in fila:
        testi += [cella.testo, *[""] * (cella.colonne - 1)]
    return testi


def _lines(fatti: Sequence[Blocco]) -> list[list[str]]:
    linee: list[list[str]] = []
    for blocco in fatti:
        linee += [[blocco]] if isinstance(blocco, str) else [_flat(fila) for fila in blocco]
        linee.append([])
    return linee


def txt(fatti: Sequence[Blocco]) -> bytes:
    return "".join("\t".join(linea) + "\n" for linea in _lines(fatti)).encode()


def csv_(fatti: Sequence[Blocco]) -> bytes:
    uscita = io.StringIO()
    csv.writer(uscita, delimiter=";").writerows(_lines(fatti))
    return uscita.getvalue().encode("utf-8-sig")


def md(fatti: Sequence[Blocco]) -> bytes:
    linee: list[str] = []
    for blocco in fatti:
        if isinstance(blocco, str):
            linee += [f"## {blocco}", ""]
            continue
        larga = max(len(_flat(fila)) for fila in blocco)
        for n, fila in enumerate(blocco):
            testi = [t.replace("|", "\\|") for t in _flat(fila)]
            linee.append("| " + " | ".join(testi + [""] * (larga - len(testi))) + " |")
            if n == 0:
                linee.append("|" + "---|" * larga)
        linee.append("")
    return "\n".join(linee).encode()


def html_(fatti: Sequence[Blocco]) -> bytes:
    pezzi = ["<!DOCTYPE html><html><head><title>x</title></head><body>"]
    for blocco in fatti:
        if isinstance(blocco, str):
            pezzi.append(f"<p>{html.escape(blocco)}</p>")
            continue
        pezzi.append("<table>")
        for fila in _uncovered(blocco):
            pezzi.append("<tr>")
            for cella in fila:
                if cella is not None:
                    pezzi.append(
                        f'<td rowspan="{cella.righe}" colspan="{cella.colonne}">'
                        f"{html.escape(cella.testo)}</td>"
                    )
            pezzi.append("</tr>")
        pezzi.append("</table>")
    return ("".join(pezzi) + "</body></html>").encode()


def _uncovered(file: Sequence[Fila]) -> list[list[C | None]]:
    """The cells of a table by row; None where one above covers the place."""
    presi: dict[tuple[int, int], bool] = {}
    trovate: list[list[C | None]] = []
    for r, fila in enumerate(file):
        nuova: list[C | None] = []
        colonna = 0
        for cella in fila:
            if presi.get((r, colonna)):
                nuova.append(None)
            else:
                nuova.append(cella)
                for dr in range(cella.righe):
                    for dc in range(cella.colonne):
                        presi[r + dr, colonna + dc] = dr > 0
            colonna += cella.colonne
        trovate.append(nuova)
    return trovate


_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx(fatti: Sequence[Blocco], corpo: str | None = None) -> bytes:
    pezzi = []
    for blocco in fatti:
        if isinstance(blocco, str):
            pezzi.append(_paragraph(blocco))
            continue
        pezzi.append("<w:tbl>")
        aperte: dict[int, int] = {}
        for fila in blocco:
            pezzi.append("<w:tr>")
            colonna = 0
            for cella in fila:
                proprieta = f'<w:gridSpan w:val="{cella.colonne}"/>' if cella.colonne > 1 else ""
                if aperte.get(colonna, 0) and not cella.testo:
                    proprieta += "<w:vMerge/>"
                    aperte[colonna] -= 1
                elif cella.righe > 1:
                    proprieta += '<w:vMerge w:val="restart"/>'
                    aperte[colonna] = cella.righe - 1
                pezzi.append(f"<w:tc><w:tcPr>{proprieta}</w:tcPr>{_paragraph(cella.testo)}</w:tc>")
                colonna += cella.colonne
            pezzi.append("</w:tr>")
        pezzi.append("</w:tbl>")
    return package(corpo or "".join(pezzi))


def _paragraph(testo: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">{escape(testo)}</w:t></w:r></w:p>'


def package(corpo: str) -> bytes:
    """A document whose body is some XML."""
    uscita = io.BytesIO()
    with zipfile.ZipFile(uscita, "w", zipfile.ZIP_DEFLATED) as archivio:
        archivio.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        )
        archivio.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
            'relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        archivio.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="{_W}"><w:body>{corpo}</w:body></w:document>',
        )
    return uscita.getvalue()


def xlsx(fatti: Sequence[Blocco]) -> bytes:
    uscita = io.BytesIO()
    with xlsxwriter.Workbook(uscita, {"in_memory": True}) as libro:
        foglio = libro.add_worksheet("PIRA 2020")
        riga = 0
        for blocco in fatti:
            if isinstance(blocco, str):
                foglio.write_string(riga, 0, blocco)
                riga += 2
                continue
            for fila in _uncovered(blocco):
                colonna = 0
                for cella in fila:
                    if cella is None:
                        colonna += 1
                        continue
                    if cella.righe > 1 or cella.colonne > 1:
                        foglio.merge_range(
                            *(riga, colonna, riga + cella.righe - 1, colonna + cella.colonne - 1),
                            cella.testo,
                        )
                    elif cella.testo:
                        foglio.write_string(riga, colonna, cella.testo)
                    colonna += cella.colonne
                riga += 1
            riga += 1
    return uscita.getvalue()


def pdf(fatti: Sequence[Blocco]) -> bytes:
    """Ruled tables; a word a line where a cell is narrow."""
    pagine: list[list[str]] = [[]]
    alto = 800.0
    for blocco in fatti:
        if isinstance(blocco, str):
            pagine[-1].append(_shown(20, alto, blocco))
            alto -= 16
            continue
        larga = max(len(_flat(fila)) for fila in blocco)
        passo = 2_000 / larga
        for fila in blocco:
            testi = _flat(fila)
            testi += [""] * (larga - len(testi))
            linee = [_wrapped(t, int(passo / 5)) for t in testi]
            altezza = 10.0 * max(map(len, linee)) + 6
            if alto - altezza < 20:
                pagine.append([])
                alto = 800
            colonna = 0
            for cella in [*fila, *[C("")] * (larga - sum(c.colonne for c in fila))]:
                x = 20 + colonna * passo
                largo = passo * cella.colonne
                pagine[-1].append(f"{x:.1f} {alto - altezza:.1f} {largo:.1f} {altezza:.1f} re S")
                for n, linea in enumerate(_wrapped(cella.testo, int(largo / 5))):
                    pagine[-1].append(_shown(x + 2, alto - 10 * (n + 1), linea))
                colonna += cella.colonne
            alto -= altezza
        alto -= 14
    return pages(pagine)


def _wrapped(testo: str, larga: int) -> list[str]:
    linee = [""]
    for parola in testo.split(" "):
        if linee[-1] and len(linee[-1]) + len(parola) > larga:
            linee.append("")
        linee[-1] = f"{linee[-1]} {parola}".strip()
    return linee


def _shown(x: float, y: float, testo: str) -> str:
    scritto = testo.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    scritto = scritto.replace("≥", ">=")
    return f"BT /F1 8 Tf {x:.1f} {y:.1f} Td ({scritto}) Tj ET"


def pages(pagine: Sequence[Sequence[str]]) -> bytes:
    """A PDF whose pages draw some operators."""
    oggetti: list[bytes] = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    figli = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pagine)))
    oggetti.append(f"<< /Type /Pages /Kids [{figli}] /Count {len(pagine)} >>".encode())
    oggetti.append(
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    )
    for n, operatori in enumerate(pagine):
        oggetti.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 2040 842] /Contents {5 + 2 * n} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>".encode()
        )
        flusso = "\n".join(operatori).encode("cp1252")
        oggetti.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(flusso), flusso))
    uscita = b"%PDF-1.4\n"
    posti = []
    for n, oggetto in enumerate(oggetti, start=1):
        posti.append(len(uscita))
        uscita += b"%d 0 obj\n%s\nendobj\n" % (n, oggetto)
    inizio = len(uscita)
    uscita += b"xref\n0 %d\n0000000000 65535 f \n" % (len(oggetti) + 1)
    uscita += b"".join(b"%010d 00000 n \n" % posto for posto in posti)
    uscita += b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        len(oggetti) + 1,
        inizio,
    )
    return uscita


SCRITTI: dict[str, Callable[[Sequence[Blocco]], bytes]] = {
    "txt": txt,
    "csv": csv_,
    "md": md,
    "html": html_,
    "docx": docx,
    "xlsx": xlsx,
    "pdf": pdf,
}
