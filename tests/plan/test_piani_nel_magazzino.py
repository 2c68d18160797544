"""Plans of any format on their way through a night: tables, places, scorecards, refusals.

Belongs here: what a build makes of them. Does not belong here: how they are read (test_documenti.py).
"""

import json
from pathlib import Path

import openpyxl
import pytest

from pipelines.landing.inputs import landing_fingerprint
from pipelines.partizione import Partizione
from pipelines.publication.memoria import MANIFEST
from pipelines.settings import Luoghi
from tests.indicatori import zona
from tests.plan import documenti
from tests.plan.documenti import DISPOSTI, SCRITTI
from tests.warehouse.magazzini import ADESSO, chiedi, corri

MAPPA = '[colonne]\n"Traguardo" = "target 2020"\n'


def _piano(peso: str = "100,00%") -> documenti.Piano:
    lungo = documenti.Indicatore(
        "Soddisfazione", "", "Ufficio", "-", ("almeno 30 gg", "n.d.", "> 5"), "40%"
    )
    indicatori = (
        documenti.Indicatore(
            "Realizzazione studi", "N. attività eseguite", "Ufficio", "1", ("1", "2", "3"), "60%"
        ),
        lungo,
    )
    return documenti.Piano(
        (
            documenti.Obiettivo(
                *(("011", "Imprese"), ("005", "Incentivi"), "1.1", "Sostenere"),
                *("Interventi", "1.000,00", peso, indicatori),
            ),
        )
    )


def _posa(raw: Path, camera: str, nome: str, contenuto: bytes) -> None:
    (raw / camera / "2020").mkdir(parents=True, exist_ok=True)
    (raw / camera / "2020" / nome).write_bytes(contenuto)


@pytest.fixture(scope="module")
def luoghi(tmp_path_factory: pytest.TempPathFactory) -> Luoghi:
    base = tmp_path_factory.mktemp("formati")
    raw = base / "raw"
    for camera in ("AA", "BB", "CC", "DD"):
        zona.scrivi(raw, camera, 2020, "isr/studi", [{}])
    for camera, formato, disposizione in (("AA", "xlsx", "tabella"), ("BB", "docx", "schede")):
        fatti = DISPOSTI[disposizione](_piano())
        _posa(raw, camera, f"Allegato.{formato.upper()}", SCRITTI[formato](fatti))
    (raw / "AA" / "allegato.toml").write_text(MAPPA, "utf-8")
    _posa(raw, "CC", "allegato.txt", SCRITTI["txt"](DISPOSTI["blocchi"](_piano())))
    _posa(raw, "CC", "allegato.html", SCRITTI["html"](DISPOSTI["blocchi"](_piano())))
    _posa(raw, "DD", "allegato.doc", b"\xd0\xcf\x11\xe0")
    luoghi = Luoghi(raw, base / "warehouse")
    corri(luoghi, adesso=ADESSO)
    return luoghi


def test_a_plan_is_read_and_knows_how(luoghi: Luoghi) -> None:
    letture = chiedi(
        luoghi,
        "select camera, formato, disposizione, punteggio, mappa is null, righe, comprese, non_comprese"
        " from piano.lettura order by camera",
    )
    assert [(*riga[:3], str(riga[3]), *riga[4:]) for riga in letture] == [
        ("AA", "xlsx", "tabella", "1.0000", False, 4, 4, 0),
        ("BB", "docx", "schede", "1.0000", True, 33, 33, 0),
    ]
    assert chiedi(
        luoghi,
        "select camera, regola from controlli.piano_compreso where camera <= 'BB' order by all",
    ) == [("AA", "indicatore_senza_modello"), ("BB", "indicatore_senza_modello")]
    assert chiedi(
        luoghi,
        "select regola, descrizione from piano.anomalie where camera = 'AA' and regola like 'mappa%'",
    ) == [
        (
            "mappa_inutile",
            "Piano: la voce «Traguardo» del file delle corrispondenze non trova nulla; toglierla o "
            "correggerla.",
        )
    ]


def test_every_record_has_its_place_unit_and_weight(luoghi: Luoghi) -> None:
    assert chiedi(
        luoghi,
        "select indicatore, unita, peso::varchar, parte, riga, cella from piano.indicatori"
        " where camera = 'AA' order by ordine",
    ) == [
        ("Realizzazione studi", None, "60.00", "PIRA 2020", 4, "G4"),
        ("Soddisfazione", "gg", "40.00", "PIRA 2020", 5, "G5"),
    ]
    assert chiedi(
        luoghi,
        "select anno, target_testo, operatore, operatore_presunto, target::double, parte, riga, cella"
        " from piano.traguardi where camera = 'AA' order by progressivo, anno",
    ) == [
        (2020, "1", "=>", True, 1, "PIRA 2020", 4, "K4"),
        (2021, "2", "=>", True, 2, "PIRA 2020", 4, "L4"),
        (2022, "3", "=>", True, 3, "PIRA 2020", 4, "M4"),
        (2020, "almeno 30 gg", "=>", False, 30, "PIRA 2020", 5, "K5"),
        (2021, "n.d.", None, False, None, "PIRA 2020", 5, "L5"),
        (2022, "> 5", "=>", False, 5, "PIRA 2020", 5, "M5"),
    ]


def test_an_objective_is_weighted_by_the_weights_of_its_indicators(luoghi: Luoghi) -> None:
    """The one that is measured weighs 60: what the other may still add is 40."""
    assert chiedi(
        luoghi,
        "select realizzazione::double, realizzazione_minima::double, realizzazione_massima::double"
        " from scorecard.obiettivi where camera = 'AA'",
    ) == [(100, 60, 100)]
    assert chiedi(
        luoghi,
        "select peso::double from scorecard.celle where camera = 'AA' and progressivo > 0 order by ordine",
    ) == [(60,), (40,)]


def test_a_plan_that_is_no_text_of_2020_has_the_standard_layout(luoghi: Luoghi) -> None:
    documenti_ = luoghi.warehouse / "scorecard"
    nomi = sorted(p.name for p in documenti_.glob("??-2020.*"))
    assert nomi == [
        f"{camera}-2020.{formato}"
        for camera in ("AA", "BB")
        for formato in ("csv", "html", "json", "xlsx")
    ]
    fatti = json.loads((documenti_ / "BB-2020.json").read_text("utf-8"))
    (obiettivo,) = fatti["obiettivi"]
    assert [(i["parte"], i["riga"], i["cella"]) for i in obiettivo["indicatori"]] == [
        ("tabella 1", 8, "2"),
        ("tabella 2", 8, "2"),
    ]
    foglio = openpyxl.load_workbook(documenti_ / "AA-2020.xlsx")["Scorecard"]
    scritti = [str(c.value) for riga in foglio.iter_rows() for c in riga if c.value is not None]
    assert "Realizzazione studi" in scritti and "MISSIONE 011 - Imprese" in scritti


def test_of_two_plans_none_is_read(luoghi: Luoghi) -> None:
    assert chiedi(
        luoghi,
        "select descrizione from piano.anomalie where camera = 'CC' and regola = 'piu_allegati'",
    ) == [
        (
            "Piano: la partizione ha 2 allegati (CC/2020/allegato.txt, CC/2020/allegato.html) e non se ne "
            "legge nessuno; lasciare quello buono.",
        )
    ]
    assert chiedi(
        luoghi,
        "select _file, esito from qualita.file where camera = 'CC' and estratto = 'piano/allegato'"
        " order by _file",
    ) == [("CC/2020/allegato.html", "RIFIUTATO"), ("CC/2020/allegato.txt", "RIFIUTATO")]


def test_an_old_format_is_refused_with_what_to_do(luoghi: Luoghi) -> None:
    ((motivo,),) = chiedi(
        luoghi,
        "select motivo from qualita.file where camera = 'DD' and estratto = 'piano/allegato'"
        " and esito = 'RIFIUTATO'",
    )
    assert motivo == "Il piano è in un formato che non si legge (.doc): salvarlo come docx."
    assert chiedi(luoghi, "select regola from piano.anomalie where camera = 'DD'") == [
        ("piano_illeggibile",)
    ]


def test_a_mapping_that_changes_is_another_input(luoghi: Luoghi) -> None:
    partizione = Partizione("AA", 2020)
    prima = landing_fingerprint(luoghi.raw, partizione)
    mappa = luoghi.raw / "AA" / "allegato.toml"
    mappa.write_text(MAPPA + "# altro\n", "utf-8")
    assert landing_fingerprint(luoghi.raw, partizione) != prima
    mappa.write_text(MAPPA, "utf-8")
    assert landing_fingerprint(luoghi.raw, partizione) == prima
    manifesto = json.loads((luoghi.corrente / MANIFEST).read_text("utf-8"))
    assert manifesto["partizioni"]["AA-2020"]["impronta"] == prima
