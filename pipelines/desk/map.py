"""A mapping proposed for a file, in the terminal, and saved when asked.

Belongs here: what is printed of a proposal, how the file would be read by it, where it is saved. Does not
belong here: the proposal (extracts/proposta.py), what a mapping can say (contract/mappa.py), how a file is
read and judged (extracts/).
"""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from pipelines import durable
from pipelines.contract.mappa import MappaturaErrata
from pipelines.contract.schema import Estratto
from pipelines.desk.check import (
    SENZA_CARTELLA,
    NonEsaminabile,
    choose,
    lies_in,
    read_file,
    told,
)
from pipelines.extracts.cells import RIGA, UNREADABLE, Celle
from pipelines.extracts.formats import read_cells
from pipelines.extracts.proposta import Proposta, propose
from pipelines.landing.rifiutato import Rifiutato
from pipelines.landing.zone import MAPPE, TOML, format_of
from pipelines.testo import one_line, shown

_PRIME = 5
"""Rows that are shown as they would be read."""


def propose_mapping(
    file: Path, codice: str | None, camera: str | None, raw: Path, salva: bool, adesso: datetime
) -> bool:
    """Prints a mapping for a file, and what would be read by it; whether nothing was left undecided.

    `salva` writes it below the chamber's folder, where none is yet. Raises `NonEsaminabile`.
    """
    file = file.absolute()
    formato = format_of(file.name)
    if formato is None:
        raise NonEsaminabile(f"{shown(file.name)} non è csv, csv.gz, xlsx né parquet")
    zone, lies = lies_in(file)
    try:
        found = read_file(file)
        choice = choose(file, formato, found.content, codice)
        if choice is None:
            raise NonEsaminabile(
                f"di quale estratto sia {shown(file.name)} va detto con --estratto"
            )
        proposal = propose(choice.estratto, formato, found.content)
    except Rifiutato as refusal:
        print(f"Non si legge: {refusal}")
        return False
    text = proposal.testo()
    print(text)
    for line in _by_it(proposal, formato, found.content):
        print(line)
    try:
        mappa, place = proposal.mappa(), lies or SENZA_CARTELLA
        where = choice.estratto, formato, place, file, found
        verdict = list(told(*where, mappa, adesso, knows_year=lies is not None))
    except (Rifiutato, MappaturaErrata) as refusal:
        verdict = [f"Non si legge ancora: {refusal}"]
    for line in verdict:
        print(line)
    for line in _undecided(proposal):
        print(line)
    if salva:
        chamber = camera or (lies.camera if lies else None)
        _save(text, choice.estratto, zone or raw, chamber)
    else:
        print("La mappa non è salvata: con --salva si scrive nella cartella della Camera.")
    return not proposal.incerte and not proposal.mancanti


def _by_it(proposal: Proposta, formato: str, content: bytes) -> Iterator[str]:
    """The first rows as they would be read."""
    try:
        cells: Celle = read_cells(proposal.estratto, formato, content, proposal.mappa())
    except (Rifiutato, MappaturaErrata):
        return
    yield "Le prime righe, come si leggerebbero:"
    for row in cells.frame.head(_PRIME).to_dicts():
        values = [
            f"{c.nome}={_shown_value(proposal.estratto, c.nome, row.get(c.nome))}"
            for c in proposal.estratto.colonne
            if c.nome in row
        ]
        yield f"  riga {row[RIGA]}: {'; '.join(values)}"


def _shown_value(estratto: Estratto, nome: str, value: object) -> str:
    if value is None:
        return ""
    if estratto.colonna(nome).personale:
        return "***"
    return one_line(str(value).removeprefix(UNREADABLE))[:40]


def _undecided(proposal: Proposta) -> Iterator[str]:
    """What is left to whoever knows the file."""
    for column in proposal.mancanti:
        yield (
            f"Da decidere: nessuna colonna del file sembra {column.nome} ({column.descrizione}): scrivere"
            " la sua in [colonne], o un valore in [costanti]."
        )
    for doubt in proposal.incerte:
        yield f"Da decidere: {doubt}"
    if proposal.ignote:
        names = ", ".join(f"«{one_line(h)[:40]}»" for h in proposal.ignote[:20])
        yield f"Colonne del file che non servono, o che nessuno ha riconosciuto: {names}."


def _save(text: str, estratto: Estratto, raw: Path, camera: str | None) -> None:
    """Writes a mapping where nights look for it. Raises `NonEsaminabile`."""
    if camera is None:
        raise NonEsaminabile("di quale Camera è la mappa va detto con --camera")
    path = raw / camera / MAPPE / estratto.ufficio / f"{estratto.nome}{TOML}"
    if path.exists():
        raise NonEsaminabile(f"{shown(str(path))} c'è già: toglierla, o correggerla a mano")
    path.parent.mkdir(parents=True, exist_ok=True)
    durable.write(text.encode(), path)
    print(f"Salvata in {shown(str(path))}.")
