"""`python -m tests.mutanti [NAME...]`: every mutant, which test kills it, and what is left.

Belongs here: the order of the work, what is remembered between two runs, the report. Does not belong
here: the single steps. What was found is kept beside the worlds, so a run that is stopped goes on where
it was; a mutant that was killed is not tried again as long as its file reads the same.
"""

import argparse
import hashlib
import json
import re
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from fnmatch import fnmatch
from functools import cache, partial
from pathlib import Path
from unittest import mock

import duckdb
import pytest

import pipelines.extracts.ingest  # noqa: F401  (whoever imports the judge must be there to be changed)
from pipelines.connection import connect
from pipelines.extracts import judge, values, verdetti
from pipelines.night import steps
from pipelines.settings import ROOT
from pipelines.warehouse.models import (
    CONTRIBUTI,
    CONTROLLI,
    PARTI,
    SQL,
    Modello,
    model_of,
    read_models,
)
from tests.indicatori.test_definizioni import CAMERE
from tests.mutanti import della_lingua, operatori
from tests.mutanti.mondi import Mondi, dice_altro
from tests.mutanti.operatori import Mutante
from tests.mutanti.sessione import Prova, Sessione, al_posto, macro_al_posto

PER_MONDI = (
    "tests/scorecard/test_anno_aperto.py",
    "tests/warehouse/test_sospette.py",
    "tests/plan/test_piano_leggibile.py",
    "tests/warehouse/test_acquisti.py",
    "tests/warehouse/test_passaporto.py",
    "tests/warehouse/test_plausibilita.py",
    "tests/scorecard/test_valutazione.py",
    "tests/indicatori/test_confronto.py",
    "tests/indicatori/test_definizioni.py",
    "tests/warehouse/test_storia.py",
)
"""The tests that look at what a run published, the quickest first."""
PER_RIGHE = (
    "tests/warehouse/test_righe_dei_modelli.py",
    "tests/warehouse/test_righe_dei_contributi.py",
    *sorted(p.relative_to(ROOT).as_posix() for p in ROOT.glob("tests/warehouse/test_mondi_*.py")),
    "tests/warehouse/test_viste.py",
    "tests/scorecard/test_corso.py",
    "tests/scorecard/test_prospettive.py",
    "tests/plan/test_rilievi.py",
    "tests/plan/test_legami.py",
    "tests/warehouse/test_passaporto.py",
    "tests/warehouse/test_plausibilita.py",
)
"""The tests that change rows of a build and make a model again. Each looks at the models that it names."""
PER_CASI = (
    "tests/warehouse/test_controlli.py",
    "tests/warehouse/test_conti_dei_modelli.py",
)
"""The tests that break each model by itself: of these, the cases of a model alone look at it."""
LENTI = frozenset(PER_MONDI[4:])
"""Those that take many times as long as the others; `--svelti` goes without them where there are others."""
DELLE_MACRO = (
    "tests/warehouse/test_aritmetica.py",
    "tests/plan/test_legami.py",
    "tests/indicatori/test_confronto.py",
)
DEL_GIUDICE = (
    "tests/extracts/test_rules.py",
    "tests/extracts/test_native_values.py",
    "tests/extracts/test_keys.py",
    "tests/extracts/test_files.py",
    "tests/extracts/test_fuori_posto.py",
    "tests/extracts/test_personal_data.py",
    "tests/extracts/test_segnali.py",
    "tests/extracts/test_against_reference.py",
)
A_CONFRONTO = "tests/indicatori/test_confronto.py"
DEFINIZIONI = "tests/indicatori/test_definizioni.py"
CONFRONTATE = {
    "indicatori.contributi": "camera, esercizio, codice, numeratore, denominatore, _file, _riga",
    "indicatori.valori": "camera, esercizio, codice, numeratore, denominatore, valore, stato",
    "scorecard.indicatori": "camera, obiettivo, progressivo, codice, target, operatore, operatore_presunto,"
    " stato, risultato, realizzazione_grezza, realizzazione, raggiunto, semaforo, target_alla_data,"
    " realizzazione_alla_data, semaforo_alla_data",
    "scorecard.obiettivi": "camera, obiettivo, risorse_consuntivo, percentuale_spesa, realizzazione,"
    " copertura",
    "scorecard.ente": "camera, esercizio, realizzazione, realizzazione_minima, realizzazione_massima,"
    " copertura",
}
"""What A_CONFRONTO compares with the reference, every row of it: a difference there is red, without a run.
Of the contributions, those of indicators that lack no extract. The cases of DEFINIZIONI know the lines that
count in their own chambers, and the sums."""
GIUDICE = {"judge": judge, "verdetti": verdetti, "values": values}
EQUIVALENTI = Path(__file__).with_name("equivalenti.toml")

Esito = dict[str, object]


def equivalenti() -> list[tuple[str, str, str]]:
    """The mutants that nobody can see: pattern of files, name, and the reason."""
    facts = tomllib.loads(EQUIVALENTI.read_text("utf-8"))
    return [
        (entry["file"], mutante, entry["perche"])
        for entry in facts["equivalenti"]
        for mutante in entry["mutanti"]
    ]


def equivale(mutante: Mutante, elenco: list[tuple[str, str, str]]) -> bool:
    """Whether a mutant is among those of a list."""
    return any(fnmatch(mutante.file, f) and mutante.nome == nome for f, nome, _ in elenco)


def file_di(nomi: list[str]) -> list[Path]:
    """The files that are mutated: all, or those of some names (`piano.in_vigore`, `judge`)."""
    python = [Path(str(m.__file__)) for m in GIUDICE.values()]
    found = {
        path.stem
        if path.parent == SQL or path.suffix == ".py"
        else f"{path.parent.name}.{path.stem}": path
        for path in [*sorted(SQL.rglob("*.sql")), *python]
    }
    if unknown := sorted(set(nomi) - found.keys()):
        raise SystemExit(f"{', '.join(unknown)}: no such file; there are {', '.join(found)}")
    return [found[name] for name in nomi or found]


def mutanti_di(path: Path) -> tuple[Mutante, ...]:
    """Every mutant of a file."""
    if path.suffix == ".py":
        return della_lingua.mutanti(path, ROOT)
    return operatori.mutanti(path, ROOT)


# --- what is remembered -----------------------------------------------------------------------------


class Registro:
    """What was found of each mutant, a line each in a file, the last word counting."""

    def __init__(self, path: Path) -> None:
        self.path = path
        lines = path.read_text("utf-8").splitlines() if path.exists() else ()
        self.esiti: dict[str, Esito] = {e["chiave"]: e for e in map(json.loads, lines)}

    def di(self, mutante: Mutante) -> Esito:
        return self.esiti.get(_chiave(mutante), {})

    def segna(self, mutante: Mutante, **facts: object) -> None:
        esito = {**self.di(mutante), "chiave": _chiave(mutante), "file": mutante.file, **facts}
        esito["nome"] = mutante.nome
        self.esiti[str(esito["chiave"])] = esito
        with self.path.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(esito, ensure_ascii=False) + "\n")


def _chiave(mutante: Mutante) -> str:
    return hashlib.sha256(f"{mutante.file}\n{mutante.testo}".encode()).hexdigest()[:16]


# --- the steps --------------------------------------------------------------------------------------


def fai_mondi(base: Path) -> dict[str, tuple[str, ...]]:
    """Every output that the tests look at, made once; by file of tests."""
    record = base / "mondi.json"
    seen: dict[str, tuple[str, ...]] = json.loads(record.read_text()) if record.exists() else {}
    for file in PER_MONDI:
        if file not in seen:
            worlds = Mondi(base / "mondi")
            with mock.patch.object(steps, "run", worlds.run):
                if _pytest([file]):
                    raise SystemExit(f"{file} is red without any mutant.")
            seen[file] = tuple(dict.fromkeys(worlds.visti))
            record.write_text(json.dumps(seen, indent=1))
    return seen


def _pytest(files: list[str], *plugins: object) -> int:
    return int(pytest.main(["-p", "no:cacheprovider", "--tb=no", *files], plugins=[*plugins]))


def guarda(base: Path, mondi: dict[str, tuple[str, ...]], file: Path, registro: Registro) -> None:
    """Notes, of each mutant of a model, the first world in which it says anything else.

    Only the worlds of tests that name it, or what is made from it, are looked at: the others would hardly
    see it, and there are many.
    """
    model = _modello(file)
    published = f"from {model.tabella}"
    plain = f"from ({model_of(file, operatori.riscritto(file)).sql})"
    found: dict[Mutante, Esito] = {
        m: {"visto": None} for m in mutanti_di(file) if "visto" not in registro.di(m)
    }
    named = [f for t in (model.tabella, *_segue(model)) for f in PER_MONDI if nomina(f, t)]
    best = [*((DEFINIZIONI,) if model.schema == CONTRIBUTI else ()), A_CONFRONTO, *named]
    for world in dict.fromkeys(w for f in best for w in mondi[f]):
        left = [m for m, seen in found.items() if not seen["visto"]]
        if not left:
            break
        with closing(connect(base / "mondi" / world / "pira.duckdb")) as connection:
            if dice_altro(connection, published, plain):
                continue  # what is told of two days
            judge_of = next((f for f in (A_CONFRONTO, DEFINIZIONI) if world == mondi[f][0]), None)
            columns = _confrontate(model, judge_of) if judge_of else None
            for mutante in left:
                try:
                    query = f"from ({model_of(file, mutante.testo).sql})"
                    if columns and dice_altro(
                        connection, columns.format(published), columns.format(query)
                    ):
                        found[mutante] = {"visto": world, "ucciso": judge_of}
                    elif dice_altro(connection, published, query):
                        found[mutante] = {"visto": world}
                except (duckdb.Error, ValueError) as error:
                    said = str(error).splitlines()[0]
                    found[mutante] = {"visto": world, "ucciso": f"DuckDB: {said}"}
    for mutante, seen in found.items():
        registro.segna(mutante, **seen)


@cache
def nomina(file: str, tabella: str) -> bool:
    """Whether a file of tests speaks of a model: of a check or of an indicator by its name alone, too."""
    schema, nome = tabella.split(".")
    alone = rf"|[\"'.]{nome}\b" if schema in (CONTRIBUTI, CONTROLLI) else ""
    return bool(re.search(rf"\b{schema}[./]{nome}\b{alone}", (ROOT / file).read_text("utf-8")))


def _segue(model: Modello) -> list[str]:
    """The tables that are made from a model at once, but for the checks."""
    return [
        m.tabella
        for m in read_models()
        if model.tabella in m.dipende and m.schema not in (CONTROLLI, CONTRIBUTI)
    ]


def guardano(model: Modello, visto: object, mondi: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The files of tests that look at a model, and at an output in which a mutant says anything else."""
    seeing = [f for f in PER_MONDI if visto in mondi[f]]
    named = [f for f in (*PER_CASI, *PER_RIGHE, *seeing) if nomina(f, model.tabella)]
    after = [f for f in PER_RIGHE for table in _segue(model) if nomina(f, table)]
    return tuple(dict.fromkeys([*named, *seeing, *(f for f in after if f not in PER_MONDI)]))


def _confrontate(model: Modello, file: str) -> str | None:
    """The query over a model's rows of what a file of tests compares whole with what is expected."""
    if model.schema != CONTRIBUTI:
        columns = CONFRONTATE.get(model.tabella)
        return f"select {columns} from ({{}})" if columns and file == A_CONFRONTO else None
    if file == A_CONFRONTO:
        told, where = "coalesce({0}, 0) as {0}", ""
    else:
        told = "sum(coalesce({0}, 0)) over (partition by c.camera, c.esercizio) as {0}"
        cases = ((c, camera) for c, camera in CAMERE.items() if c.codice == model.nome)
        keys = sorted({f"('{camera}', {case.esercizio})" for case, camera in cases})
        where = f" where (c.camera, c.esercizio) in ({', '.join(keys)})"
    sums = ", ".join(told.format(f"c.{name}").replace("as c.", "as ") for name in PARTI)
    return (
        f"select c.camera, c.esercizio, {sums}, c._file, c._riga from ({{}}) as c"
        f" anti join indicatori.mancanze as m on m.codice = '{model.nome}'"
        f" and m.camera = c.camera and m.esercizio = c.esercizio{where}"
    )


def _modello(file: Path) -> Modello:
    (model,) = (m for m in read_models() if m.tabella == f"{file.parent.name}.{file.stem}")
    return model


def prove(
    base: Path,
    mondi: dict[str, tuple[str, ...]],
    files: list[Path],
    registro: Registro,
    svelti: bool = False,
) -> Iterator[Prova]:
    """The mutants that no test has killed so far, each with the tests that look at it."""
    equal = equivalenti()
    for file in files:
        for mutante in mutanti_di(file):
            if registro.di(mutante).get("ucciso") or equivale(mutante, equal):
                continue
            if file.suffix == ".py":
                place = partial(della_lingua.al_posto, GIUDICE[file.stem], mutante.testo)
                yield Prova(mutante, place, DEL_GIUDICE)
            elif file.parent == SQL:
                place = partial(macro_al_posto, file.stem, mutante.testo, base / "mondi")
                yield Prova(mutante, place, DELLE_MACRO)
            else:
                model = _modello(file)
                sql = model_of(file, mutante.testo).sql
                place = partial(al_posto, model, sql, base / "mondi")
                looking = guardano(model, registro.di(mutante).get("visto"), mondi)
                if svelti:
                    looking = tuple(f for f in looking if f not in LENTI) or looking[:1]
                alone = model.schema in (CONTROLLI, CONTRIBUTI)
                name = model.nome if alone else model.tabella
                yield Prova(mutante, place, looking, name, PER_CASI)


@contextmanager
def _a_parte(path: Path) -> Iterator[None]:
    """What pytest prints goes to a file: the report is ours."""
    with path.open("a") as out, mock.patch.object(sys, "stdout", out):
        yield


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests.mutanti", description=__doc__.splitlines()[0])
    parser.add_argument(
        "nomi", nargs="*", help="models (piano.in_vigore), macros (parole), judge, values"
    )
    parser.add_argument("--base", type=Path, default=Path(tempfile.gettempdir()) / "pira-mutanti")
    parser.add_argument("--parte", default="1/1", help="1/2 and 2/2: half of the files each")
    parser.add_argument("--svelti", action="store_true", help="without the tests that take long")
    asked = parser.parse_args()
    part, parts = map(int, asked.parte.split("/"))
    files = file_di(asked.nomi)[part - 1 :: parts]
    (asked.base / "mondi").mkdir(parents=True, exist_ok=True)
    registro = Registro(asked.base / f"esiti-{part}-{parts}.jsonl")
    log = asked.base / f"pytest-{part}-{parts}.log"
    with _a_parte(log):
        mondi = fai_mondi(asked.base)
    for file in files:
        if file.suffix == ".sql" and file.parent != SQL:
            guarda(asked.base, mondi, file, registro)
            print(f"{file.stem}: guardato", flush=True)
    began = time.monotonic()

    def dice(prova: Prova, ucciso: str | None) -> None:
        registro.segna(prova.mutante, ucciso=ucciso)
        print(f"{prova.mutante.file}: {prova.mutante.nome}: {ucciso or 'VIVO'}"
              f" [{time.monotonic() - began:.0f} s]", file=sys.__stdout__, flush=True)  # fmt: skip

    waiting = list(prove(asked.base, mondi, files, registro, asked.svelti))
    looking = sorted({file for prova in waiting for file in prova.file})
    if waiting:
        with _a_parte(log):
            with mock.patch.object(steps, "run", Mondi(asked.base / "mondi").run):
                if _pytest(looking):  # a test that is red anyway would kill every mutant
                    raise SystemExit(f"Tests are red without any mutant: {log}")
            _pytest(looking, Sessione(waiting, dice))
    return racconta(files, registro)


def racconta(files: list[Path], registro: Registro) -> int:
    """Prints the figure of each room, and what is left alive; 1 if anything is."""
    equal = equivalenti()
    rooms: dict[str, Counter[str]] = {}
    left = []
    for file in files:
        for mutante in mutanti_di(file):
            if equivale(mutante, equal):
                state = "equivalenti"
            else:
                state = "uccisi" if registro.di(mutante).get("ucciso") else "vivi"
            rooms.setdefault(str(Path(mutante.file).parent), Counter())[state] += 1
            if state == "vivi":
                left.append(f"{mutante.file}: {mutante.operatore}: {mutante.nome}")
    for room, counted in {**rooms, "in tutto": sum(rooms.values(), Counter())}.items():
        told = ", ".join(f"{counted[s]} {s}" for s in ("uccisi", "equivalenti", "vivi"))
        print(f"{room}: {told}")
    print("\n".join(left))
    return bool(left)


if __name__ == "__main__":
    sys.exit(main())
