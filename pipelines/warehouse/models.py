"""The SQL files as models: what each is called, says, depends on, and in which order they run.

Belongs here: the convention of sql/ (one file is one table or view; its last folder and its name are
the schema and the table; its header, TOML in the opening comment, describes it). Dependencies are
read out of the SQL, never listed by hand. Does not belong here: running them (build.py).
"""

import functools
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from pipelines.connection import connect_in_memory
from pipelines.contract.estratti import ESTRATTI, PER_CODICE
from pipelines.settings import RESOURCES, InstallazioneMonca

SQL = RESOURCES / "sql"
CONTRIBUTI = "contributi"
CONTROLLI = "controlli"
CONDIVISO = "condiviso"
"""What a header says of an indicator of the catalogue that chambers share: it is computed only where the
plan in force has a row bound to it."""
PROCESSO = "codice_processo"
"""The column of an extract, or of an alias, that holds a process code."""

_HEADER = re.compile(r"\A/\*\n(.*?)\n\*/\n", re.DOTALL)


@dataclass(frozen=True)
class Modello:
    """A SQL file. `sql` is the query; `dipende` the tables it reads, as `schema.name`."""

    schema: str
    nome: str
    sql: str
    descrizione: str
    chiave: tuple[str, ...]
    vista: bool
    colonne: dict[str, str]
    dipende: frozenset[str]
    intestazione: dict[str, object]

    @property
    def tabella(self) -> str:
        return f"{self.schema}.{self.nome}"

    @property
    def storia(self) -> bool:
        """Whether it tells how our knowledge changed: it stays as it is where nothing new is known."""
        return bool(self.intestazione.get("storia", False))

    @property
    def perse(self) -> str | None:
        """A query of the rows that it lost or repeats: of what is made after the checks, and of passports."""
        found = self.intestazione.get("perse")
        return None if found is None else str(found)


@dataclass(frozen=True)
class Indicatore:
    """An entry of the catalogue, out of the header of its file of contributions.

    `riconosce`, `conta` and `esclude` are forms: how a plan's row is bound to it (sql/piano.toml).
    One that is `condiviso` says where its definition comes from and what that leaves to be assumed.
    `processi` are the process codes that its SQL counts, each with the extract in which it stands.
    """

    codice: str
    titolo: str
    unita: str
    direzione: str
    denominatore: bool
    riconosce: tuple[str, ...]
    conta: tuple[str, ...]
    esclude: tuple[str, ...]
    descrizione: str
    condiviso: bool
    fonte: str | None
    assunto: str | None
    estratti: tuple[str, ...]
    processi: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Controllo:
    """A check: a model whose rows are the cases found; none means that it is passed.

    `mostra` is a table that an operator wants to see beside the outcome, passed or not; `in_evidenza`
    puts its cases before all others: what was accepted may be wrong.
    """

    modello: Modello
    blocca: bool
    in_evidenza: bool
    riguarda: str
    mostra: str | None

    @property
    def nome(self) -> str:
        return self.modello.nome


Node = dict[str, Any]
"""A part of a query as DuckDB's own parser gives it."""


@functools.cache
def _parser() -> duckdb.DuckDBPyConnection:
    return connect_in_memory()


@functools.cache
def _parsed(sql: str) -> Node:
    """A query as a tree, which several ask for. Raises `ValueError` for what is none."""
    asked = _parser().cursor().execute("select json_serialize_sql(?)", [sql])
    ((text,),) = asked.fetchall()
    tree: Node = json.loads(text)
    if tree["error"]:
        raise ValueError(f"{tree['error_message']}: {sql}")
    return tree


def _nodes(tree: object) -> Iterator[Node]:
    """Every part of a tree, from the outside in."""
    if isinstance(tree, dict):
        yield tree
        tree = list(tree.values())
    if isinstance(tree, list):
        for inner in tree:
            yield from _nodes(inner)


def _dependencies(sql: str) -> frozenset[str]:
    return frozenset(
        f"{node['schema_name']}.{node['table_name']}"
        for node in _nodes(_parsed(sql))
        if node.get("type") == "BASE_TABLE" and node["schema_name"]
    )


def _literals(sql: str, column: str) -> tuple[str, ...]:
    """The texts with which the SQL compares a column for equality."""
    return tuple(
        sorted(
            str(text["value"]["value"])
            for compared in _nodes(_parsed(sql))
            if compared.get("type") in ("COMPARE_EQUAL", "COMPARE_IN", "COMPARE_NOT_IN")
            if any(
                named.get("type") == "COLUMN_REF" and named["column_names"][-1] == column
                for named in _nodes(compared.get("left") or compared["children"][0])
            )
            for text in _nodes(compared)
            if text.get("type") == "VALUE_CONSTANT" and text["value"]["type"]["id"] == "VARCHAR"
        )
    )


def read_model(path: Path) -> Modello:
    """Reads one SQL file. Raises `ValueError` when it has no header."""
    return model_of(path, path.read_text("utf-8"))


def model_of(path: Path, text: str) -> Modello:
    """The model that a file is with this text. Raises `ValueError` when it has no header."""
    header = _HEADER.match(text)
    if header is None:
        raise ValueError(f"{path}: manca l'intestazione /* ... */ in TOML.")
    facts = tomllib.loads(header[1])
    sql = text[header.end() :].strip()
    schema = path.parent.name
    if facts.get("catalogo") == CONDIVISO:
        sql = _where_asked_for(sql, path.stem)
    return Modello(
        schema=schema,
        nome=path.stem,
        sql=sql,
        descrizione=facts["descrizione"],
        chiave=tuple(facts.get("chiave", ())),
        vista=schema in (CONTRIBUTI, CONTROLLI) or facts.get("materializzazione") == "vista",
        colonne=facts.get("colonne", {}),
        dipende=_dependencies(sql),
        intestazione=facts,
    )


def _where_asked_for(sql: str, codice: str) -> str:
    """The contributions of the partitions whose plan has the indicator; without one, none is looked at."""
    return (
        f"select asked.* from (\n{sql}\n) as asked semi join indicatori.richiesti as r"
        " on asked.camera = r.camera and asked.esercizio = r.esercizio"
        f" and r.codice = '{codice}'"
    )


@functools.cache
def read_models(folder: Path = SQL) -> tuple[Modello, ...]:
    """Every model, each after those it reads. Raises `InstallazioneMonca` where there is none."""
    found = {
        model.tabella: model
        for path in sorted(folder.glob("*/**/*.sql"))
        for model in [read_model(path)]
    }
    if not found:
        raise InstallazioneMonca(
            f"In {folder} non c'è nessun modello: pira non è installato per intero, reinstallarlo."
        )
    graph = {name: dependencies_of(model, found) for name, model in found.items()}
    return tuple(found[name] for name in TopologicalSorter(graph).static_order())


def dependencies_of(model: Modello, found: Mapping[str, Modello]) -> list[str]:
    """What must exist before the model; what is generated stands for all that it is made from."""
    needed = set(model.dipende)
    for generated, schema in ((TUTTI, CONTRIBUTI), (ESITI, CONTROLLI)):
        if generated in needed:
            needed |= {name for name, other in found.items() if other.schema == schema}
    return sorted(needed & found.keys())


TUTTI = f"{CONTRIBUTI}.tutti"
"""The union of all the files of contributions, generated."""

ESITI = "qualita.esiti"
"""The cases that the checks found in a build, counted: made by running them (checks.py)."""


def union_of_contributions(models: tuple[Modello, ...]) -> str:
    """The SQL of `contributi.tutti`: every file of contributions with its code and exact types."""
    selects = [
        f"select camera, esercizio, '{m.nome}' as codice,"
        " numeratore::decimal(38, 12) as numeratore,"
        f" denominatore::decimal(38, 12) as denominatore, _file, _riga from {m.tabella}"
        for m in sorted(models, key=lambda m: m.nome)
        if m.schema == CONTRIBUTI
    ]
    return "\nunion all\n".join(selects)


USI = ("riconosce", "conta", "esclude")
"""What an indicator's header declares to be bound to the rows of plans."""


PARTI = ("numeratore", "denominatore")
"""The two sums of an indicator; its header says in what each is, as `unita_numeratore`."""


DICHIARA = ("codice", "titolo", "unita", "direzione", "denominatore", *USI)
"""What an indicator's header says, beside what every model's does."""

PROVENIENZA = ("fonte", "assunto")
"""What the header of one that chambers share says beside that: whose definition, and what it leaves open."""


def _forms(declared: object) -> tuple[str, ...]:
    if not isinstance(declared, list):
        raise ValueError(f"{declared!r}: serve un elenco di forme (sql/piano.toml).")
    return tuple(map(str, declared))


def catalogue(models: tuple[Modello, ...]) -> tuple[Indicatore, ...]:
    """The indicators that can be computed, by code, with the extracts that each one's SQL reads.

    Raises `ValueError` for a header that lacks something.
    """
    by_table = {f"fonti.{e.tabella}": e.codice for e in ESTRATTI}
    entries = []
    for m in models:
        if m.schema != CONTRIBUTI:
            continue
        facts = m.intestazione
        shared = "catalogo" in facts
        if shared and facts["catalogo"] != CONDIVISO:
            raise ValueError(f"{m.nome}.sql: catalogo può valere solo «{CONDIVISO}».")
        required = (*DICHIARA, *PROVENIENZA) if shared else DICHIARA
        if lacking := [name for name in required if name not in facts]:
            raise ValueError(f"{m.nome}.sql: nell'intestazione manca {', '.join(lacking)}.")
        if facts["codice"] != m.nome:
            raise ValueError(f"{m.nome}.sql: il codice nell'intestazione è {facts['codice']}.")
        estratti = tuple(sorted(by_table[t] for t in m.dipende if t in by_table))
        entries.append(
            Indicatore(
                codice=m.nome,
                titolo=str(facts["titolo"]),
                unita=str(facts["unita"]),
                direzione=str(facts["direzione"]),
                denominatore=bool(facts["denominatore"]),
                riconosce=_forms(facts["riconosce"]),
                conta=_forms(facts["conta"]),
                esclude=_forms(facts["esclude"]),
                descrizione=m.descrizione,
                condiviso=shared,
                fonte=str(facts["fonte"]) if shared else None,
                assunto=str(facts["assunto"]) if shared else None,
                estratti=estratti,
                processi=tuple(
                    (estratto, code)
                    for estratto in estratti
                    if any(c.nome == PROCESSO for c in PER_CODICE[estratto].colonne)
                    for code in _literals(m.sql, PROCESSO)
                ),
            )
        )
    return tuple(sorted(entries, key=lambda e: e.codice))


def checks(models: tuple[Modello, ...]) -> tuple[Controllo, ...]:
    """The checks under sql/controlli, by name."""
    return tuple(
        Controllo(
            m,
            blocca=m.intestazione["gravita"] == "BLOCCA",
            in_evidenza=bool(m.intestazione.get("in_evidenza", False)),
            riguarda=str(m.intestazione["riguarda"]),
            mostra=str(m.intestazione["mostra"]) if "mostra" in m.intestazione else None,
        )
        for m in sorted(models, key=lambda m: m.nome)
        if m.schema == CONTROLLI
    )


@functools.cache
def plan_words() -> dict[str, tuple[str, ...]]:
    """The words that serve to bind or to judge any row of a plan, by what they are for (sql/piano.toml)."""
    facts = tomllib.loads((SQL / "piano.toml").read_text("utf-8"))
    return {
        genere: tuple(parole.split() if isinstance(parole, str) else parole)
        for table in ("legami", "rilievi")
        for genere, parole in facts[table].items()
    }


@functools.cache
def glossary() -> tuple[dict[str, str], dict[str, str]]:
    """What columns are, by name, and what the tables made by loading are."""
    facts = tomllib.loads((SQL / "glossario.toml").read_text("utf-8"))
    return facts["colonne"], facts["tabelle"]


@functools.cache
def schemas() -> tuple[dict[str, str], dict[str, str]]:
    """What the schemas are that are for whoever asks, and those that only serve to make them."""
    facts = tomllib.loads((SQL / "glossario.toml").read_text("utf-8"))
    return facts["schemi"], facts["schemi_di_servizio"]


@functools.cache
def unrepeatable() -> frozenset[str]:
    """Tables that two machines, or two days, make differently out of the same files.

    They tell when something was known or is due, what changed of it, what was found damaged.
    """
    loaded = tomllib.loads((SQL / "glossario.toml").read_text("utf-8"))["irripetibili"]
    made = (m.tabella for m in read_models() if not m.intestazione.get("ripetibile", True))
    return frozenset((*loaded, *made))
