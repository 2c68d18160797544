"""The page of the dictionary: every table and column of the warehouse, for whoever asks it in SQL.

Belongs here: the dictionary as Markdown, in Italian, out of a warehouse of no partition. Does not belong
here: what the dictionary says (warehouse/dizionario.py).
"""

from datetime import datetime
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from pipelines.connection import connect
from pipelines.contract.regolamento import load_rules
from pipelines.plan.frames import NESSUNA, no_plan, write_frames
from pipelines.warehouse.build import build
from pipelines.warehouse.dizionario import PERSONALE, PSEUDONIMO, Voce, read_dictionary
from pipelines.warehouse.load import Materiale
from pipelines.warehouse.models import schemas

_TESTA = """\
# Il dizionario del magazzino

Pagina generata con `pira docs` dalle stesse dichiarazioni da cui vengono i commenti delle tabelle; le stesse
righe stanno nel magazzino, in `meta.dizionario`. Le domande più frequenti, col loro SQL, sono in
[domande.md](domande.md).

Per chi interroga ci sono questi schemi; il commento di ogni tabella degli altri comincia con «Di servizio».

| schema | che cosa c'è |
|---|---|
"""

_COLONNE = """\
| colonna | tipo | che cosa è | unità | esempio |
|---|---|---|---|---|
"""

_LEGENDA = """
Una colonna è pubblica, cioè per chi interroga, se non è segnata: «pseudonimo» sta al posto di una persona,
«personale» è altro di una riga che parla di una persona. Gli esempi non vengono dai dati. Le colonne in
grassetto sono la chiave.
"""

_SERVIZIO = """\
## Di servizio

Servono a fare le altre, e possono cambiare. Le loro colonne stanno in `meta.dizionario`.

| schema | che cosa c'è |
|---|---|
"""

_SEGNATE = (PSEUDONIMO, PERSONALE)


def dictionary_page() -> str:
    """Every schema, table and column, those for whoever asks first."""
    public, inner = schemas()
    entries = _of_an_empty_warehouse()
    by_schema = {name: tuple(those) for name, those in groupby(entries, lambda v: v.schema)}
    lines = [
        _TESTA + "\n".join(f"| `{name}` | {said} |" for name, said in public.items()),
        _LEGENDA,
    ]
    for schema in public:
        lines.append(f"## `{schema}`\n")
        for _, those in groupby(by_schema.get(schema, ()), lambda v: v.tabella):
            table, *columns = those
            lines.append(f"### `{table.tabella}`\n")
            lines.append(f"{_cell(table.significato)} Fonte: {_source(table)}.\n")
            lines.append(_COLONNE + "\n".join(map(_column, columns)) + "\n")
    lines.append(_SERVIZIO + "\n".join(f"| `{name}` | {said} |" for name, said in inner.items()))
    lines.append("\n| tabella | che cosa è |\n|---|---|")
    tables = (v for schema in inner for v in by_schema[schema] if v.colonna is None)
    lines += [f"| `{v.tabella}` | {_cell(v.significato)} |" for v in tables]
    return "\n".join(lines) + "\n"


def _of_an_empty_warehouse() -> tuple[Voce, ...]:
    """The dictionary of a warehouse of no partition: it is every warehouse's."""
    with TemporaryDirectory() as folder:
        plan = write_frames(Path(folder) / "piano", no_plan(), NESSUNA, [])
        rules, never = load_rules(), datetime(1970, 1, 1)
        material = Materiale((), (plan,), (), (), (), (), rules, esecuzione="", adesso=never)
        database = Path(folder) / "pira.duckdb"
        build(database, {}, material, lambda _: None)
        connection = connect(database)
        try:
            return read_dictionary(connection)
        finally:
            connection.close()


def _column(voce: Voce) -> str:
    name = f"`{voce.colonna}`"
    shown = f"**{name}**" if voce.in_chiave else name
    marked = f" ({voce.sensibilita})" if voce.sensibilita in _SEGNATE else ""
    example = f"`{_cell(voce.esempio)}`" if voce.esempio else ""
    return (
        f"| {shown}{marked} | {voce.tipo.lower()}"
        f" | {_cell(voce.significato)} | {voce.unita or ''} | {example} |"
    )


def _source(voce: Voce) -> str:
    return voce.fonte if voce.fonte == "caricamento" else f"`{voce.fonte}`"


def _cell(text: str) -> str:
    """A stroke would end the cell."""
    return text.replace("|", "/")
