"""The evaluator's rules: a file that makes no sense is refused; one that does changes what it says.

Belongs here: the rules file as a whole and what it reaches. Does not belong here: the arithmetic of
each rule (tests/scorecard/test_valutazione.py).
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

from pipelines.contract.regolamento import RULES, load_rules
from pipelines.settings import Luoghi
from tests.indicatori import piano, zona
from tests.indicatori.piano import Blocco, Voce
from tests.warehouse.magazzini import ADESSO, chiedi, corri

SANE = """\
versione = "1.0"
al_massimo = "specchio"
giallo_da = 70
verde_da = 90
organi_delibere = ["GIUNTA", "CONSIGLIO"]
chiusura = "30/06"
[chiusure]
2020 = 2021-05-15
[scadenze]
"indicatori comuni" = "31/01"
[plausibilita]
[alias_processi]
"D.1.3.2" = "D6.1.3"
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "regole.toml"
    path.write_text(text, "utf-8")
    return path


def refusal_of(tmp_path: Path, text: str) -> str:
    with pytest.raises(ValueError) as refused:
        load_rules(write(tmp_path, text))
    return str(refused.value)


def test_the_rules_in_force_are_those_of_the_contract() -> None:
    rules = load_rules(RULES).of("MS")
    assert rules.al_massimo == "specchio"
    assert (rules.giallo_da, rules.verde_da) == (Decimal(70), Decimal(90))
    assert sorted(rules.organi_delibere) == ["CONSIGLIO", "GIUNTA"]
    assert dict(rules.alias_processi) == {"D.1.3.2": "D6.1.3"}


@pytest.mark.parametrize(
    ("before", "after", "says"),
    [
        ("verde_da", "verde_dal", r"sezione generale, .*verde_dal"),
        ("chiusura =", "soglia = 3\nchiusura =", r"sezione generale, .*soglia"),
        ("[alias", "[camera.MS]\nsoglia = 3\n[alias", r"sezione MS, .*soglia"),
        ('versione = "1.0"\n', "", "manca la voce 'versione'"),
        ("giallo_da = 70\n", "", "manca la voce 'giallo_da'"),
        ("verde_da = 90\n", "", "manca la voce 'verde_da'"),
        ('al_massimo = "specchio"\n', "", "manca la voce 'al_massimo'"),
        ('organi_delibere = ["GIUNTA", "CONSIGLIO"]\n', "", "manca la voce 'organi_delibere'"),
        ('[alias_processi]\n"D.1.3.2" = "D6.1.3"\n', "", "manca la voce 'alias_processi'"),
        ("giallo_da = 70", "giallo_da = 95", "le soglie vanno da 0 a 100, giallo poi verde"),
        ("verde_da = 90", "verde_da = 101", "le soglie vanno da 0 a 100"),
        ("giallo_da = 70", "giallo_da = -1", "le soglie vanno da 0 a 100"),
        ("[alias", "[camera.MS]\ngiallo_da = 91\n[alias", "le soglie vanno da 0 a 100"),
        ('"specchio"', '"a caso"', 'al_massimo è "specchio" o "rapporto"'),
        ('"1.0"', '"1.0+a"', "versione è un testo senza «\\+»"),
        ('chiusura = "30/06"\n', "", "manca la voce 'chiusura'"),
        ("[plausibilita]\n", "", "manca la voce 'plausibilita'"),
        (
            "[plausibilita]",
            "[plausibilita]\nquota = -1",
            "plausibilita è una tabella nome = numero",
        ),
        ('chiusura = "30/06"', 'chiusura = "31/06"', "chiusura è un giorno e mese come 30/06"),
        ('chiusura = "30/06"', 'chiusura = "29/02"', "chiusura è un giorno e mese come 30/06"),
        ("2020 = 2021-05-15", "2020 = 2019-05-15", "chiusure è una tabella esercizio = data"),
        ("2020 = 2021-05-15", '2020 = "15/05/2021"', "chiusure è una tabella esercizio = data"),
        ('"31/01"', '"fine gennaio"', "scadenze è una tabella nome = giorno e mese come 31/01"),
        ('[scadenze]\n"indicatori comuni" = "31/01"\n', "", "manca la voce 'scadenze'"),
    ],
)
def test_a_file_that_makes_no_sense_is_refused_in_one_sentence(
    tmp_path: Path, before: str, after: str, says: str
) -> None:
    assert SANE.count(before) == 1
    sentence = refusal_of(tmp_path, SANE.replace(before, after))
    assert sentence.startswith("Nel file delle regole") and sentence.endswith(".")
    assert re.search(says, sentence), sentence
    assert "\n" not in sentence and ". " not in sentence


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("giallo_da = 70", 'giallo_da = "settanta"'),
        ("giallo_da = 70", "giallo_da = nan"),
        ("giallo_da = 70", "giallo_da = true"),
        ("giallo_da = 70", "giallo_da = 70.005"),
        ('["GIUNTA", "CONSIGLIO"]', '"GIUNTA"'),
        ('["GIUNTA", "CONSIGLIO"]', '["GIUNTE"]'),
        ('[alias_processi]\n"D.1.3.2" = "D6.1.3"', 'alias_processi = ["D6.1.3"]'),
        ("[alias", "[camera.ms]\ngiallo_da = 60\n[alias"),
        ("giallo_da = 70", "giallo_da 70"),
    ],
)
def test_an_entry_of_the_wrong_kind_is_refused_in_one_sentence(
    tmp_path: Path, before: str, after: str
) -> None:
    assert SANE.count(before) == 1
    sentence = refusal_of(tmp_path, SANE.replace(before, after))
    assert sentence.startswith("Nel file delle regole") and sentence.endswith(".")


# --- what a rule reaches ----------------------------------------------------------------------------

PER_CAMERA = {
    "AA": "",
    "BB": 'organi_delibere = ["GIUNTA", "CONSIGLIO", "COMMISSARIO"]',
    "CC": 'al_massimo = "rapporto"',
    "DD": "giallo_da = 60\nverde_da = 75",
    "EE": 'versione = "1.0-EE"\nalias_processi = {}',
}
"""Chambers whose extracts and plan are the same, and what the file changes for each."""

REGOLE = (
    'versione = "7.3-prova"\n'
    + SANE.partition("\n")[2]
    + "".join(
        f"[camera.{camera}]\n{section}\n" for camera, section in PER_CAMERA.items() if section
    )
)

VOCI = [
    Voce("ISR_STUDI", "8", ("=>3", "=>8", "=>8")),
    Voce("DELIBERE", "8", ("=>3", "=>8", "=>8")),
    Voce("VERIFICHE_METRICHE", "8", ("=<2", "=>8", "=>8")),
    Voce("RISORSE_INNOVAZIONE_PER_IMPRESA", "8", ("=>1", "=>8", "=>8")),
]


@pytest.fixture(scope="module")
def uscita(tmp_path_factory: pytest.TempPathFactory) -> Luoghi:
    """The same year of five chambers, each under its own rules."""
    base = tmp_path_factory.mktemp("regole")
    luoghi = Luoghi(base / "raw", base / "warehouse")
    for camera in PER_CAMERA:
        piano.scrivi(luoghi.raw, camera, 2020, [Blocco("1.1", VOCI)])
        zona.scrivi(luoghi.raw, camera, 2020, "isr/studi", [{}, {}])
        zona.scrivi(luoghi.raw, camera, 2020, "metrico/attivita", [{}, {}, {}])
        zona.scrivi(
            luoghi.raw, camera, 2020, "segreteria/atti", [{}, {}, {"organo": "COMMISSARIO"}]
        )
        zona.scrivi(
            luoghi.raw,
            camera,
            2020,
            "contabilita/costi_processo",
            [{}, {"codice_processo": "D.1.3.2"}],
        )
        zona.scrivi(luoghi.raw, camera, 2020, "registro_imprese/consistenza", [{}])
    corri(luoghi, adesso=ADESSO, regole=write(base, REGOLE))
    return luoghi


Riga = tuple[Decimal, Decimal, str]


def scorecard_of(luoghi: Luoghi, camera: str) -> dict[str, Riga]:
    """Codice -> risultato, realizzazione, semaforo."""
    rows = chiedi(
        luoghi,
        "select codice, risultato, realizzazione, semaforo from scorecard.indicatori"
        " where camera = ?",
        camera,
    )
    assert len(rows) == len(VOCI)
    return {codice: (risultato, done, semaforo) for codice, risultato, done, semaforo in rows}


def row(risultato: str, realizzazione: str, semaforo: str) -> Riga:
    return Decimal(risultato), Decimal(realizzazione), semaforo


GENERALI = {
    "ISR_STUDI": row("2", "66.67", "rosso"),
    "DELIBERE": row("2", "66.67", "rosso"),
    "VERIFICHE_METRICHE": row("3", "50", "rosso"),
    "RISORSE_INNOVAZIONE_PER_IMPRESA": row("2", "100", "verde"),
}


@pytest.mark.parametrize(
    ("camera", "changed"),
    [
        ("AA", {}),
        ("BB", {"DELIBERE": row("3", "100", "verde")}),
        ("CC", {"VERIFICHE_METRICHE": row("3", "66.67", "rosso")}),
        (
            "DD",
            {
                "ISR_STUDI": row("2", "66.67", "giallo"),
                "DELIBERE": row("2", "66.67", "giallo"),
            },
        ),
        ("EE", {"RISORSE_INNOVAZIONE_PER_IMPRESA": row("1", "100", "verde")}),
    ],
)
def test_what_a_chamber_changes_changes_exactly_that(
    uscita: Luoghi, camera: str, changed: Mapping[str, Riga]
) -> None:
    assert scorecard_of(uscita, camera) == {**GENERALI, **changed}


def test_every_scorecard_carries_the_version_of_its_rules(uscita: Luoghi) -> None:
    versions = chiedi(uscita, "select camera, versione_regole from scorecard.ente order by 1")
    named = {camera: version.partition("+")[0] for camera, version in versions}
    assert named == dict.fromkeys(PER_CAMERA, "7.3-prova") | {"EE": "1.0-EE"}
    # two chambers have one version only where all that is in force is the same
    sets: dict[str, set[str]] = {}
    for camera, version in versions:
        sets.setdefault(version.partition("+")[2], set()).add(camera)
    assert all(len(cameras) == 1 for cameras in sets.values())
    manifest = json.loads((uscita.corrente / "manifest.json").read_text())
    assert manifest["regole"] == dict(versions)


@pytest.mark.parametrize(
    ("before", "after", "same_version", "same_figures"),
    [
        ('versione = "1.0"', 'versione = "1.0" # un commento', True, True),
        ("giallo_da = 70\nverde_da = 90", "verde_da = 90.0\ngiallo_da = 70.00", True, True),
        ('["GIUNTA", "CONSIGLIO"]', '["CONSIGLIO", "GIUNTA", "GIUNTA"]', True, True),
        ("[alias", "[camera.LU]\ngiallo_da = 60\n[alias", True, True),
        ("[alias", "[camera.MS]\ngiallo_da = 70\n[alias", True, True),
        ("[alias", "[camera.MS]\ngiallo_da = 60\n[alias", False, False),
        ("verde_da = 90", "verde_da = 90.01", False, False),
        ('"specchio"', '"rapporto"', False, False),
        ('["GIUNTA", "CONSIGLIO"]', '["GIUNTA"]', False, False),
        ('"D.1.3.2" = "D6.1.3"', '"D.1.3.2" = "D6.1.4"', False, False),
        ("2020 = 2021-05-15", "2020 = 2021-06-15", False, True),
        ('chiusura = "30/06"', 'chiusura = "31/07"', False, True),
        ('"31/01"', '"30/01"', False, True),
        ("[plausibilita]", "[plausibilita]\nquota = 0.5", False, True),
    ],
)
def test_a_version_follows_from_what_the_rules_of_a_chamber_say(
    tmp_path: Path, before: str, after: str, same_version: bool, same_figures: bool
) -> None:
    """Nothing but the calendar, and what is only pointed out, leaves every figure as it is."""
    assert SANE.count(before) == 1
    first = load_rules(write(tmp_path, SANE)).of("MS")
    second = load_rules(write(tmp_path, SANE.replace(before, after))).of("MS")
    assert re.fullmatch(r"1\.0\+[0-9a-f]{6}", first.versione)
    assert (first.versione == second.versione) == same_version
    assert (first.impronta == second.impronta) == same_figures


@pytest.mark.parametrize(("camera", "name"), [("BB", "7.3-prova"), ("EE", "1.0-EE")])
def test_the_version_is_printed_where_people_read(uscita: Luoghi, camera: str, name: str) -> None:
    ((version,),) = chiedi(uscita, "select versione from regole.parametri where camera = ?", camera)
    assert version.startswith(f"{name}+")
    stem = uscita.warehouse / "scorecard" / f"{camera}-2020"
    page = stem.with_suffix(".html").read_text("utf-8")
    assert f"Regole versione {version}" in page
    book = load_workbook(stem.with_suffix(".xlsx"), read_only=True)
    texts = [str(c) for sheet in book for line in sheet.iter_rows(values_only=True) for c in line]
    assert any(f"Regole versione {version}" in text for text in texts)
    assert json.loads(stem.with_suffix(".json").read_text())["regole"]["versione"] == version
    # the plan's own text has no field for it, and none is invented
    assert version not in stem.with_suffix(".txt").read_text("utf-8")
