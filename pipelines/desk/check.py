"""What would happen to a file if it were delivered, in the terminal, before it is.

Belongs here: saying of one file what it is, how it would be read, which of its rows would be refused,
what to do about them. Does not belong here: reading it and judging it, which is done as every night
does (extracts/, plan/, sql/controlli). Nothing is written anywhere, and no pseudonym is kept: the key is
made for the occasion.
"""

import re
import secrets
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from pipelines.contract.estratti import ESTRATTI, PER_CODICE
from pipelines.contract.mappa import Mappatura
from pipelines.contract.regolamento import load_rules
from pipelines.contract.rimedi import remedy
from pipelines.contract.schema import CONTRATTO, FORMATI, REGOLE, Estratto
from pipelines.desk.un_file import DA_UN_FILE, suspicions
from pipelines.extracts import ingest
from pipelines.extracts.cells import CAMPI, RIGA, Celle
from pipelines.extracts.formats import read_cells, read_heads
from pipelines.extracts.ooxml import SALVARE
from pipelines.extracts.quale import called, candidates
from pipelines.extracts.stato import state_of
from pipelines.landing.mappe import find_mapping
from pipelines.landing.names import near_extract, near_plan_or_extract
from pipelines.landing.rifiutato import Rifiutato
from pipelines.landing.zone import (
    FORMATI_PIANO,
    Consegna,
    Letto,
    estratto_of,
    format_of,
    plan_format,
    read_whole,
)
from pipelines.partizione import Partizione
from pipelines.plan.lint import lint_esercizio
from pipelines.plan.read import PianoIlleggibile, read_plan
from pipelines.testo import quoted, shown

ACCETTATO, RIFIUTATO, IGNORATO = "Sarebbe accettato", "Sarebbe rifiutato", "Sarebbe ignorato"

_DA_SALVARE = (".xls", ".xlsb", ".xlsm", ".xltx", ".ods", ".fods", ".numbers")
"""How the names of spreadsheets end that are no xlsx."""
_SOMIGLIA = 0.25
"""How like an extract's headings a file's must be to be taken for it: below, a column is there by chance."""
_CODIFICHE = {"utf-8": "UTF-8", "utf-16": "UTF-16", "windows-1252": "Windows-1252"}
_PRIME = 5
"""Lines that are named of the rows that break a rule."""
SENZA_CARTELLA = Partizione("--", 1)
"""Where a file lies that lies in no partition."""


class NonEsaminabile(Exception):
    """The question makes no sense; the message says what to ask instead."""


@dataclass(frozen=True)
class _Scelta:
    """The extract that a file is taken for, and why."""

    estratto: Estratto
    perche: str


def check(
    file: Path, codice: str | None, camera: str | None, esercizio: int | None, adesso: datetime
) -> bool:
    """Prints what would become of a file that were delivered at `adesso`; whether all of it is well.

    `codice` is the extract, where its name and its headings are not to be asked; the chamber and the
    year are those of the folder in which it lies, unless given. Raises `NonEsaminabile`.
    """
    if codice is not None and codice not in PER_CODICE:
        near = near_extract(codice.rpartition("/")[2])
        hint = f"forse {near.codice}" if near else f"sono {', '.join(PER_CODICE)}"
        raise NonEsaminabile(f"{codice!r} non è un estratto del contratto: {hint}")
    file = file.absolute()
    place, knows_year = place_of(file, camera, esercizio)
    plan = codice is None and _is_plan(file.name)
    lines = (
        _plan(file, place.esercizio if knows_year else None)
        if plan
        else _extract(file, codice, lies_in(file)[0], place, knows_year, adesso)
    )
    last = ""
    for last in lines:
        print(last)
    return last == f"{ACCETTATO}."


def place_of(file: Path, camera: str | None, esercizio: int | None) -> tuple[Partizione, bool]:
    """The partition that a file is looked at in: the one asked for, or that of its folder; whether its
    year is known, or made up.

    Raises `NonEsaminabile` where there is no such file.
    """
    try:
        folder = stat.S_ISDIR(file.stat().st_mode)
    except OSError as error:
        raise NonEsaminabile(f"{shown(str(file))} non si trova ({error.strerror})") from error
    if folder:
        raise NonEsaminabile(f"{shown(str(file))} è una cartella: indicare un file")
    _, lies = lies_in(file.absolute())
    year = esercizio or (lies.esercizio if lies else None)
    place = Partizione(camera or (lies or SENZA_CARTELLA).camera, year or SENZA_CARTELLA.esercizio)
    return place, year is not None


def lies_in(file: Path) -> tuple[Path | None, Partizione | None]:
    """The landing zone and the partition that a file lies in, by the names of its folders."""
    for folder in (file.parent, file.parent.parent):
        if re.fullmatch("(?!0000)[0-9]{4}", folder.name) and re.fullmatch(
            "[A-Za-z]{2}", folder.parent.name
        ):
            partizione = Partizione(folder.parent.name.upper(), int(folder.name))
            return folder.parent.parent, partizione
    return None, None


def read_file(file: Path) -> Letto:
    """The bytes of a file, wherever it lies. Raises `Rifiutato`."""
    real = file.resolve()
    return read_whole(real.parent, real)


# --- extracts ---------------------------------------------------------------------------------------


def _extract(
    file: Path,
    codice: str | None,
    zone: Path | None,
    place: Partizione,
    knows_year: bool,
    adesso: datetime,
) -> Iterator[str]:
    """What is to be said of an extract, line by line; the last is the verdict."""
    formato = format_of(file.name)
    if formato is None:
        yield f"{IGNORATO}: {_no_format(file)}."
        return
    try:
        found = read_file(file)
        choice = choose(file, formato, found.content, codice)
        if choice is None:
            yield (
                f"{IGNORATO}: né il nome né l'intestazione di {quoted(shown(file.name))} sono di un"
                " estratto; dire quale con --estratto, o controllare i nomi delle colonne."
            )
            return
        estratto = choice.estratto
        yield f"{shown(file.name)}: {estratto.codice} ({estratto.descrizione}), {choice.perche}."
        if estratto_of(file.parent.name, file.name) != (estratto.codice, formato):
            yield (
                f"Per consegnarlo: {estratto.ufficio}/{estratto.nome}.{formato}, o"
                f" {estratto.nome}-<parte>.{formato}, nella cartella della Camera e dell'anno."
            )
        mapping = find_mapping(zone, place, estratto) if zone else None
        mappa = mapping.of(estratto) if mapping else None
        if mappa:
            yield f"Con la mappa {' e '.join(one.file for one in mappa.testi)}."
        yield from told(estratto, formato, place, file, found, mappa, adesso, knows_year)
    except Rifiutato as refusal:
        yield f"{RIFIUTATO}: {refusal}"


def told(
    estratto: Estratto,
    formato: str,
    place: Partizione,
    file: Path,
    found: Letto,
    mappa: Mappatura | None,
    adesso: datetime,
    knows_year: bool,
) -> Iterator[str]:
    """How a file would be read and judged, line by line; the last is the verdict. Raises `Rifiutato`."""
    ente = load_rules().of(place.camera).ente(place)
    cells = read_cells(estratto, formato, found.content, mappa, ente)
    yield from _opened(estratto, formato, cells)
    consegna = Consegna(shown(file.name), file, estratto.codice, formato)
    key = secrets.token_bytes(32)
    frames = ingest.judge_alone(estratto, place, consegna, found, cells, key)
    yield from _judged(estratto, frames)
    doubts = suspicions(estratto, frames, place, adesso, knows_year)
    for doubt in doubts:
        yield f"Da guardare: {doubt.detto} Che cosa fare: {DA_UN_FILE[doubt.controllo]}."
    if not knows_year and estratto.evento:
        yield "Se le date siano dell'anno giusto si vede solo con --esercizio."
    yield _verdict(frames, len(doubts))


def _no_format(file: Path) -> str:
    ending = "".join(file.suffixes[-1:]).casefold()
    said = f"un nome che finisce in {quoted(ending)}" if ending else "un nome senza estensione"
    if ending in _DA_SALVARE:
        return f"{said} non si legge; {SALVARE}"
    return (
        f"{said} non si legge; esportare i dati in uno dei formati {', '.join(FORMATI)}, e dare al file"
        " il nome che finisce così"
    )


def choose(file: Path, formato: str, content: bytes, codice: str | None) -> _Scelta | None:
    """The extract that was asked for, or that the name says, or else the headings; None if none does.

    Raises `Rifiutato` where the headings cannot be read, `NonEsaminabile` where they are of two alike.
    """
    if codice is not None:
        return _Scelta(PER_CODICE[codice], "come indicato")
    if named := estratto_of(file.parent.name, file.name):
        return _Scelta(PER_CODICE[named[0]], "dal nome e dalla cartella")
    among = called(file.name[: -len(f".{formato}")])
    if len(among) == 1:
        return _Scelta(among[0], "dal nome")
    found = candidates(read_heads(formato, content), among or ESTRATTI)
    likely = [c for c in found if among or c.somiglianza >= _SOMIGLIA]
    if not likely:
        return None
    best, *others = likely
    rivals = [c for c in others if 2 * c.somiglianza >= best.somiglianza][:1]
    if rivals and rivals[0].somiglianza == best.somiglianza:
        raise NonEsaminabile(
            f"l'intestazione può essere di {best.detto} o di {rivals[0].detto}: dire quale con --estratto"
        )
    said = [f"dall'intestazione, {best.trovate} colonne su {len(best.estratto.colonne)}"]
    said += [f"il più vicino dopo è {c.detto}" for c in rivals]
    return _Scelta(best.estratto, "; ".join(said))


def _opened(estratto: Estratto, formato: str, cells: Celle) -> Iterator[str]:
    """How a file was opened, and its columns."""
    how = ", ".join(filter(None, [_CODIFICHE.get(cells.codifica or ""), cells.come]))
    yield f"Letto come {formato}{f': {how}' if how else ''}."
    for note in cells.note:
        yield f"Nota: {note}."
    there = [name for name in cells.frame.columns if name not in (RIGA, CAMPI)]
    yield f"Colonne riconosciute: {', '.join(there)}."
    missing = [c.nome for c in estratto.colonne if c.nome not in there]
    if missing:
        yield f"Colonne facoltative che mancano: {', '.join(missing)}."
    if cells.ignote:
        names = [quoted(name) for name in cells.ignote[:20]]
        others = len(cells.ignote) - len(names)
        more = f" e altre {others}" if others else ""
        yield f"Colonne fuori contratto, non lette: {', '.join(names)}{more}."


def _judged(estratto: Estratto, frames: dict[str, pl.DataFrame]) -> Iterator[str]:
    """How many rows, and for each rule and column those that break it, an example and what to do."""
    counts = ("righe_lette", "righe_accettate", "righe_scartate", "righe_escluse", "righe_altrui")
    rows, accepted, refused, left_out, others = frames["file"].select(counts).row(0)
    by_whom = " dalla mappa" if frames["file"]["formato"][0] == CONTRATTO else ""
    out = f", {left_out} lasciate fuori{by_whom}" if left_out else ""
    out += f", {others} di altri enti o anni" if others else ""
    yield f"Righe: {rows} lette, {accepted} accettate, {refused} in quarantena{out}."
    if not rows:
        yield "Un file senza righe è un dato: vuol dire che non c'è stato niente da contare."
    scarti = frames["scarti"].sort(RIGA)
    for rule in REGOLE:
        broken = scarti.filter(pl.col("regola") == rule)
        for (column,), rows in broken.group_by(["colonna"], maintain_order=True):
            yield _broken(estratto, rule, column, rows)


def _broken(estratto: Estratto, regola: str, colonna: object, rows: pl.DataFrame) -> str:
    name = None if colonna is None else str(colonna)
    where = f", colonn{'e' if ',' in name else 'a'} {name}" if name else ""
    count = "1 riga" if len(rows) == 1 else f"{len(rows)} righe"
    first = ", ".join(map(str, rows[RIGA].head(_PRIME)))
    more = ", ..." if len(rows) > _PRIME else ""
    value = rows["valore"][0]
    if value is None:
        example = ""
    elif regola == "numero_campi":  # says what was found, and quotes nothing
        example = f", {value}"
    else:
        example = f", ad esempio {quoted(value)}"
    what = remedy(regola, estratto, name)
    return f"In quarantena per {regola}{where}: {count} ({first}{more}){example}. Che cosa fare: {what}."


def _verdict(frames: dict[str, pl.DataFrame], doubts: int) -> str:
    state, why = state_of(frames["file"], frames["scarti"].lazy())
    if state == "INCOMPLETO":
        return f"L'estratto sarebbe incompleto: {why}"
    refused = frames["file"]["righe_scartate"].item()
    but = [f"{refused} rig{'a' if refused == 1 else 'he'} in quarantena"] if refused else []
    but += [f"{doubts} cos{'a' if doubts == 1 else 'e'} da guardare"] if doubts else []
    return f"{ACCETTATO}{', con ' if but else ''}{' e '.join(but)}."


# --- plans ------------------------------------------------------------------------------------------


def _is_plan(name: str) -> bool:
    near = near_plan_or_extract(name)
    return (
        plan_format(Path(name)) in FORMATI_PIANO and near is not None and near.codice == "allegato"
    )


def _plan(file: Path, esercizio: int | None) -> Iterator[str]:
    """What is to be said of a plan, the grave things first; the last line is the verdict."""
    try:
        plan = read_plan(read_file(file).content, plan_format(file), esercizio)
    except (PianoIlleggibile, Rifiutato) as refusal:
        yield f"{RIFIUTATO}: {refusal}"
        return
    year = f"del {plan.anno}" if plan.anno else "che non dice di che anno è"
    yield (
        f"{shown(file.name)}: piano {year}, {len(plan.obiettivi)} obiettivi,"
        f" {len(plan.indicatori)} indicatori."
    )
    delivered = f"allegato.{plan_format(file)}"
    if file.name.casefold() != delivered:
        yield f"Per consegnarlo: {delivered}, nella cartella della Camera e dell'anno."
    found = [*plan.anomalie, *(lint_esercizio(plan, esercizio) if esercizio else ())]
    grave = [a.descrizione for a in found if a.grave]
    yield from (f"Grave: {text}" for text in grave)
    yield from (f"Avviso: {a.descrizione}" for a in found if not a.grave)
    yield "Se i suoi target chiedono qualcosa lo dice pira lint."
    things = f"{len(grave)} cos{'a grave' if len(grave) == 1 else 'e gravi'}"
    yield f"{ACCETTATO}, con {things}." if grave else f"{ACCETTATO}."
