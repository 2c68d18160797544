"""What was in force is remembered with every value, and what changed of it is told everywhere.

Belongs here: the history over a few nights, the first of them after a version that remembered values
only. Does not belong here: what the mail makes of it (tests/mail), whether the history is kept through
faults (tests/guasti).
"""

import json
from dataclasses import dataclass, replace
from datetime import date, timedelta

import duckdb
import pytest

from pipelines.connection import parquet
from pipelines.contract.regolamento import RULES
from pipelines.custodia import IMPRONTA, hash_of
from pipelines.publication.memoria import CATENA, MANIFEST
from pipelines.settings import Luoghi
from tests.contratto import SEDICI
from tests.indicatori import piano
from tests.warehouse.magazzini import ADESSO, ULTIMI, Riga, blocchi, chiedi, copia, corri

IN_VIGORE = (
    "celle, operatore, target, peso, realizzazione, altri_target, versione_regole,"
    " impronta_regole, sha256_piano"
)
GIORNO = timedelta(days=1)
ACCESSI = "segreteria/accessi"


@dataclass(frozen=True)
class Notte:
    """What a night left."""

    storico: list[Riga]
    cambiamenti: list[Riga]
    chiusi: list[Riga]
    pagine: dict[str, str]
    noto_dal: set[date]
    parametri: list[Riga]
    ritirato: list[Riga]


def vedi(luoghi: Luoghi) -> Notte:
    scorecard = luoghi.warehouse / "scorecard"
    return Notte(
        chiedi(luoghi, f"select camera, codice, noto_dal::date, {IN_VIGORE} from storico.valori"
               " where esercizio = 2020 order by all"),
        chiedi(luoghi, "select camera, codice, cosa, prima, dopo, noto_dal::date"
               " from storico.cambiamenti order by all"),
        chiedi(luoghi, "select distinct camera, esercizio, cosa"
               " from controlli.esercizi_chiusi_fermi order by all"),
        {path.stem: path.read_text("utf-8") for path in scorecard.glob("*.html")},
        {day for (day,) in chiedi(luoghi, "select noto_dal::date from scorecard.freschezza")},
        chiedi(luoghi, "select camera, versione, impronta from regole.parametri order by camera"),
        [
            row
            for table in ("qualita.freschezza", "qualita.consegne")
            for row in chiedi(
                luoghi,
                f"select stato, ritirato::date from {table} where camera = 'BB' and estratto = ?",
                ACCESSI,
            )
        ],
    )  # fmt: skip


def dimentica(luoghi: Luoghi) -> None:
    """Makes every copy of the history one of a version that remembered values only, and of which no
    chain was kept: only the manifest of each publication vouches for its files."""
    (luoghi.warehouse / "storico" / MANIFEST).unlink()
    for path in luoghi.warehouse.rglob("storico.parquet"):
        older = path.with_name("vecchio")
        duckdb.sql(
            f"copy (select * exclude ({IN_VIGORE})"
            f" from {parquet([path])})"
            f" to '{older}' (format parquet)"
        )
        older.replace(path)
    for path in luoghi.pubblicazioni.glob(f"*/{MANIFEST}"):
        manifest = json.loads(path.read_text("utf-8"))
        (path.parent / CATENA).unlink()
        del manifest["file"][CATENA], manifest[IMPRONTA]
        manifest["file"]["storico.parquet"] = hash_of(path.with_name("storico.parquet"))
        path.write_text(json.dumps(manifest), "utf-8")


def in_vigore(notte: Notte, camera: str, codice: str) -> list[Riga]:
    """The rows of an indicator: day, then what was in force."""
    return [row[2:] for row in notte.storico if row[:2] == (camera, codice)]


@pytest.fixture(scope="module")
def notti(piccola: Luoghi, tmp_path_factory: pytest.TempPathFactory) -> list[Notte]:
    """The night after the upgrade; then a plan changes; then the rules of one chamber."""
    base = tmp_path_factory.mktemp("storia")
    luoghi = copia(piccola, base)
    dimentica(luoghi)
    corri(luoghi, adesso=ADESSO + GIORNO)
    seen = [vedi(luoghi)]

    first, second = blocchi()
    changed = [
        replace(v, target=("=>3", "=>2", "=>2")) if v.codice == "SEDUTE" else v for v in second.voci
    ]
    plan = [replace(first, peso="50,00%"), replace(second, voci=changed, peso="50,00%")]
    piano.scrivi(luoghi.raw, "AA", 2020, plan)
    (luoghi.raw / f"BB/2020/{ACCESSI}.csv").unlink()
    corri(luoghi, adesso=ADESSO + 2 * GIORNO)
    seen.append(vedi(luoghi))

    rules = base / "regole.toml"
    rules.write_text(RULES.read_text("utf-8") + "\n[camera.BB]\nverde_da = 95\n", "utf-8")
    corri(luoghi, adesso=ADESSO + 3 * GIORNO, regole=rules)
    seen.append(vedi(luoghi))
    return seen


def test_the_first_night_that_remembers_what_is_in_force_changes_nothing(
    notti: list[Notte],
) -> None:
    night = notti[0]
    ((before, *unknown), (after, *known)) = in_vigore(night, "AA", "SEDUTE")
    assert (before, after) == (ADESSO.date(), (ADESSO + GIORNO).date())
    assert set(unknown) == {None}
    cells, operator, target, weight, done, others, version, rules, plan = known
    assert (cells, operator, int(target), int(weight), int(done)) == (1, "=>", 2, 40, 100)
    assert others is None and "+" in version and len(rules) == len(plan) == 64
    assert night.cambiamenti == [] and night.chiusi == []
    assert night.noto_dal == {ADESSO.date()}, "the value was known before its target was"
    assert not any("mutamenti" in page for page in night.pagine.values())


def test_a_value_outside_the_plan_has_no_target(piccola: Luoghi) -> None:
    rows = chiedi(
        piccola,
        "select celle, operatore, target, peso, realizzazione, altri_target, sha256_piano,"
        " versione_regole is not null from storico.valori where esercizio = 2019",
    )
    assert rows == [(0, *[None] * 6, True)] * len(SEDICI)


def test_a_changed_target_is_a_change_with_old_and_new(notti: list[Notte]) -> None:
    night, day = notti[1], (ADESSO + 2 * GIORNO).date()
    changes = [row for row in night.cambiamenti if row[2] != "valore"]
    assert ("AA", "SEDUTE", "target", "=>2", "=>3", day) in changes
    assert ("AA", "SEDUTE", "% Realizz", "100%", "66,67%", day) in changes
    assert ("AA", "ISR_STUDI", "peso", "60%", "50%", day) in changes
    assert {row[0] for row in changes} == {"AA"}
    assert len(changes) == 1 + 1 + len(ULTIMI), "every weight changed"
    ((_, *before), (_, *after)) = in_vigore(night, "AA", "SEDUTE")[1:]
    assert (before[2], after[2]) == (2, 3) and before[8] != after[8]
    page = night.pagine["AA-2020"]
    row = '<td>03/07/2021</td><th scope="row">SEDUTE</th><td>target</td><td>=&gt;2</td><td>=&gt;3</td>'
    assert row in page


def test_a_closed_year_sees_a_changed_target_and_changed_rules(notti: list[Notte]) -> None:
    after_plan = {(c, cosa) for c, _, cosa in notti[1].chiusi}
    assert {("AA", "target"), ("AA", "peso"), ("AA", "% Realizz")} <= after_plan
    assert ("AA", "regole") not in after_plan
    assert ("BB", 2020, "regole") in notti[2].chiusi
    assert ("AA", 2020, "regole") not in notti[2].chiusi


def test_changed_rules_are_a_change_of_every_cell_of_that_chamber_only(notti: list[Notte]) -> None:
    night, day = notti[2], (ADESSO + 3 * GIORNO).date()
    ((_, general, same), (_, own, other)) = night.parametri
    assert (general, same) == notti[1].parametri[0][1:]
    assert general.split("+")[0] == own.split("+")[0] and general != own and same != other
    rules = [row for row in night.cambiamenti if row[2] == "regole"]
    assert rules == [("BB", code, "regole", general, own, day) for code in sorted(SEDICI)]
    assert [row[7] for row in in_vigore(night, "AA", "DELIBERE")][-1] == general
    assert [row[7] for row in in_vigore(night, "BB", "DELIBERE")][-1] == own
    page = night.pagine["BB-2020"]
    assert page.count("<td>regole</td>") == 1
    assert f"<td>{general}</td><td>{own}</td>" in page and f"versione {own}" in page


def test_a_file_that_was_taken_away_was_delivered(notti: list[Notte]) -> None:
    assert notti[0].ritirato == [("PRESENTE", None)] * 2
    assert notti[2].ritirato == [("ASSENTE", ADESSO.date())] * 2
    assert f"Ritirato: {ACCESSI} (consegnato il 01/07/2021)" in notti[2].pagine["BB-2020"]
    assert "Ritirato" not in notti[2].pagine["AA-2020"]
