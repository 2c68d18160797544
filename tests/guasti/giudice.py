"""What is right after a fault: one publication, whole; its content; a history that forgets nothing.

Belongs here: reading an output through its public names, as analysts do, and what must hold. Does
not belong here: how the fault came about. What does not hold is raised as `Perso`.
"""

import hashlib
import json
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pipelines.publication import pubblicazioni
from pipelines.publication import publish as publication
from pipelines.publication.memoria import GUASTA, read_manifest
from pipelines.settings import Luoghi

Contenuto = dict[str, str]
"""The fingerprint of every repeatable table and of the text scorecards, by name."""


class Perso(AssertionError):
    """Something was lost: the message says what."""


def pretendi(vero: object, perche: str) -> None:
    """Raises `Perso` where an expectation does not hold; unlike `assert`, never compiled away."""
    if not vero:
        raise Perso(perche)


@dataclass(frozen=True)
class Vista:
    """A publication as its public names show it.

    `storico` are the rows of `storico.valori`, `registro` the deliveries of `storico.consegne`.
    """

    esecuzione: str
    cifra: int
    contenuto: Contenuto
    storico: frozenset[tuple[object, ...]]
    registro: frozenset[tuple[object, ...]]

    @property
    def esecuzioni_note(self) -> set[object]:
        """The runs that the history names."""
        return {row[-1] for row in self.storico}


def guarda(warehouse: Path) -> Vista | None:
    """The publication, read through the public names; None before the first one.

    Raises `Perso` when database, scorecard and manifest are not all of one publication.
    """
    names = [warehouse / name for name in ("pira.duckdb", "scorecard", "manifest.json")]
    there = [name.exists() for name in names]
    if not any(there):
        pretendi(not (warehouse / "corrente").exists(), "corrente c'è e i nomi pubblici no")
        return None
    pretendi(all(there), f"una pubblicazione a metà: {dict(zip(names, there, strict=True))}")
    manifest = json.loads((warehouse / "manifest.json").read_text())
    _guarda_file(warehouse, manifest["file"])
    with closing(duckdb.connect(str(warehouse / "pira.duckdb"), read_only=True)) as connection:
        hashes = publication.table_hashes(connection)
        pretendi(hashes == manifest["tabelle"], "le tabelle non sono quelle del manifesto")
        (run,) = connection.execute("select esecuzione from storico.esecuzione").fetchone() or ("",)
        pretendi(run == manifest["esecuzione"], "il magazzino è di un'altra esecuzione")
        figure = cifra_del_magazzino(connection)
        history = connection.execute("from storico.valori").fetchall()
        ledger = connection.execute(
            "select _file, sha256, noto_dal from storico.consegne"
        ).fetchall()
    pretendi(cifra_della_scorecard(warehouse) == figure, "la scorecard è di un'altra esecuzione")
    content = {name: str(h["contenuto"]) for name, h in hashes.items() if h["ripetibile"]}
    shown = {n: h for n, h in manifest["file"].items() if n.startswith("scorecard/")}
    content |= {n: h for n, h in shown.items() if n.endswith((".txt", ".csv", ".json"))}
    return Vista(run, figure, content, frozenset(history), frozenset(ledger))


def _guarda_file(warehouse: Path, hashes: dict[str, str]) -> None:
    for name, expected in hashes.items():
        if "/" not in name and name != pubblicazioni.DATABASE:
            continue  # for the next runs: no public name leads there
        found = hashlib.sha256((warehouse / name).read_bytes()).hexdigest()
        pretendi(found == expected, f"{name} non è quello del manifesto")


def cifra_del_magazzino(connection: duckdb.DuckDBPyConnection) -> int:
    """The known figure, asked in three ways that must agree."""
    (rows,) = connection.execute("select count(*) from fonti.isr_studi").fetchone() or (0,)
    for table in ("indicatori.valori", "scorecard.indicatori"):
        (value,) = connection.execute(
            f"select max(valore) from {table} where codice = 'ISR_STUDI'"
        ).fetchone() or (0,)
        pretendi((value or 0) == rows, f"{table} dice {value}, le righe sono {rows}")
    return int(rows)


def cifra_della_scorecard(folder: Path) -> int:
    """The known figure on the scorecard below a folder."""
    sheet = json.loads((folder / "scorecard" / "MS-2020.json").read_text())
    for objective in sheet["obiettivi"]:
        for row in objective["indicatori"]:
            if row["codice"] == "ISR_STUDI":
                return int(float(row["valore"] or 0))
    raise Perso("la scorecard non ha l'indicatore della prova")


def pulita(vista: Vista | None) -> Vista:
    """A publication that must be there."""
    if vista is None:
        raise Perso("non c'è nessuna pubblicazione")
    return vista


def giudica_guasto(prima: Vista | None, dopo: Vista | None, nuovo: Contenuto) -> None:
    """After a fault the publication is exactly the old or the new one."""
    if dopo == prima:
        return
    pretendi(dopo is not None, "la pubblicazione di prima è sparita")
    pretendi(pulita(dopo).contenuto == nuovo, "la pubblicazione non è né la vecchia né la nuova")
    _storico_intero(prima, pulita(dopo))


def giudica_ripresa(
    luoghi: Luoghi,
    prima: Vista | None,
    guasta: Vista | None,
    dopo: Vista,
    pubblicate: Iterable[str] = (),
) -> None:
    """The next run adds to a history in which only what was published is known."""
    _storico_intero(prima, dopo)
    _storico_intero(guasta, dopo)
    published = {*pubblicate, *(prima.esecuzioni_note if prima else ())}
    for folder in {
        *pubblicazioni.list_publications(luoghi),
        *pubblicazioni.replaced_ones(luoghi),
    }:
        if folder.exists():
            published.add(read_manifest(folder).get("esecuzione"))  # a damaged one vouches for none
    strangers = dopo.esecuzioni_note - published
    pretendi(not strangers, f"lo storico sa di esecuzioni mai pubblicate: {strangers}")


def _storico_intero(prima: Vista | None, dopo: Vista) -> None:
    if prima is not None:
        forgotten = (prima.storico - dopo.storico) | (prima.registro - dopo.registro)
        pretendi(not forgotten, f"storico e registro hanno dimenticato {forgotten}")


def giudica_ordine(luoghi: Luoghi) -> None:
    """An output at rest holds whole publications, the current one among them, and no leftovers."""
    left = [p for p in luoghi.warehouse.rglob("*") if p.name.endswith(".bozza")]
    left += list((luoghi.warehouse / "lavoro").glob("*"))
    pretendi(not left, f"è rimasto {left}")
    kept = pubblicazioni.list_publications(luoghi)
    pretendi(len(kept) <= publication.KEEP, f"{len(kept)} pubblicazioni tenute")
    pretendi(pubblicazioni.current(luoghi) in kept, "la corrente non è tra le pubblicazioni")
    there = set(luoghi.pubblicazioni.iterdir()) - pubblicazioni.replaced_ones(luoghi)
    pretendi(set(kept) == there, "c'è una pubblicazione a metà")
    pretendi(
        len(list(luoghi.pubblicazioni.iterdir())) <= publication.KEEP + 1,
        "restano più pubblicazioni sostituite",
    )
    for folder in kept:
        names = read_manifest(folder).get("file", {})
        # one that was published before may have been struck since, and is named by `pira verify`
        pretendi(names or folder != pubblicazioni.current(luoghi), "il manifesto non si legge")
        found = {path.relative_to(folder).as_posix() for path in folder.rglob("*")}
        missing = [name for name in names if not {name, name + GUASTA} & found]
        pretendi(not missing, f"{folder.name} non ha {missing}")
