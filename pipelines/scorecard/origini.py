"""The passport of a figure as a page prints it: what it is made of, down to the rows of files.

Belongs here: which facts of a passport are shown, in which words. Does not belong here: the passport itself
(sql/passaporto), what is never shown of people (riservatezza.py).
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipelines.italiano import format_numero
from pipelines.scorecard import legenda
from pipelines.scorecard.dettagli import Dettaglio
from pipelines.scorecard.legenda import printable
from pipelines.scorecard.passaporto import IMPRONTA, command_of
from pipelines.scorecard.righe import Row
from pipelines.scorecard.riservatezza import REGOLA
from pipelines.scorecard.sheet import Scheda


@dataclass(frozen=True)
class Tabella:
    """A table: its caption, its head, its rows, of which the first cell names the row."""

    didascalia: str
    testa: tuple[str, ...]
    righe: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Origine:
    """Where a figure comes from: a sentence, facts with their names, tables of files and rows each with
    what there is of the rows that it leaves out, and how the whole is asked for."""

    sintesi: str
    fatti: tuple[tuple[str, str], ...]
    tabelle: tuple[tuple[Tabella, str], ...]
    comando: str | None
    query: str | None


def trace(scheda: Scheda, row: Row, dietro: Dettaglio) -> Origine:
    """Where the figure of a row comes from, or what it lacks."""
    fatti = _facts(dietro)
    if dietro.personale:
        return Origine(REGOLA, fatti, (), None, None)
    if row["codice"] is None:
        return Origine("Nessuna definizione riconosce questa riga.", fatti, (), None, None)
    codice = str(row["codice"])
    return Origine(
        sintesi=_summary(row, dietro),
        fatti=fatti,
        tabelle=tuple(_tables(dietro)),
        comando=command_of(codice, scheda.partizione),
        query=legenda.query_of(scheda, codice),
    )


def _summary(row: Row, dietro: Dettaglio) -> str:
    if row["numeratore"] is None:
        return "Il risultato non c'è: nessuna riga conta."
    formula = f"Numeratore {_figure(row['numeratore'])}"
    if row["denominatore"] is not None:
        formula += f", denominatore {_figure(row['denominatore'])}"
    righe = "1 riga" if dietro.quante == 1 else f"{_count(dietro.quante)} righe"
    return f"{formula}: {righe} di {len(dietro.file)} file."


def _facts(dietro: Dettaglio) -> tuple[tuple[str, str], ...]:
    """The facts of a passport that say something, with their names."""
    known = dietro.passaporto
    if not known:
        return ()
    prima = None if known["valore_prima"] is None else _figure(known["valore_prima"])
    detti = {
        "Nel piano": known["luogo"],
        "Che cosa conta": known["definizione"],
        "Versione della definizione": known["versione_definizione"],
        "Valore noto dal": _day(known["noto_dal"]),
        "Prima era": None if dietro.personale else prima,
        "Manca": known["manca"],
        "Manca dal": _day(known["manca_dal"]),
        "In ritardo": known["in_ritardo"],
        "Scadenza di legge": known["scadenza_nome"]
        and f"{known['scadenza_nome']}, {_day(known['scadenza'])}",
        "Righe in quarantena": None if dietro.personale else known["se_accettate"],
        "Controlli con dei casi": ", ".join(
            str(c["controllo"]) if dietro.personale else f"{c['controllo']} ({c['casi']})"
            for c in dietro.controlli
        ),
    }
    return tuple((nome, testo) for nome, detto in detti.items() if (testo := printable(detto)))


def _tables(dietro: Dettaglio) -> list[tuple[Tabella, str]]:
    rapporto = any(r["denominatore"] is not None for r in (*dietro.file, *dietro.righe))
    figure = ("Numeratore", *(("Denominatore",) if rapporto else ()))

    def figures_of(riga: Row) -> tuple[str, ...]:
        nomi = ("numeratore", "denominatore") if rapporto else ("numeratore",)
        return tuple(_figure(riga[nome]) for nome in nomi)

    def table(
        titolo: str, testa: tuple[str, ...], righe: list[tuple[str, ...]], quante: int, di_che: str
    ) -> list[tuple[Tabella, str]]:
        resto = quante - len(righe)
        detto = f"Qui ce ne sono {len(righe)} di {_count(quante)}, {di_che}; le altre si chiedono come sotto."
        return [(Tabella(titolo, testa, tuple(righe)), detto if resto > 0 else "")] if righe else []

    return [
        *table(
            "I file che contano, con l'impronta del contenuto",
            ("File", "Righe", *figure, "Impronta"),
            [
                (
                    printable(f["_file"]),
                    _count(f["righe"]),
                    *figures_of(f),
                    str(f["sha256"])[:IMPRONTA],
                )
                for f in dietro.file
            ],
            len(dietro.file),
            "",
        ),
        *table(
            "Le righe che contano, dalla più pesante",
            ("File", "Riga", *figure),
            [(printable(r["_file"]), str(r["_riga"]), *figures_of(r)) for r in dietro.righe],
            dietro.quante,
            "le più pesanti",
        ),
        *table(
            "Righe in quarantena che avrebbero potuto contare",
            ("File", "Riga", "Regole violate"),
            [
                (printable(s["_file"]), str(s["_riga"]), printable(s["regole"]))
                for s in dietro.scarti
            ],
            dietro.quanti_scarti,
            "le prime",
        ),
    ]


def _figure(valore: object) -> str:
    return legenda.format_breve(valore) if isinstance(valore, Decimal) else "—"


def _count(quante: object) -> str:
    return format_numero(Decimal(str(quante)), 0)


def _day(giorno: object) -> str | None:
    return f"{giorno:%d/%m/%Y}" if isinstance(giorno, date) else None
