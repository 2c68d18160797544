"""`pira new-camera`: what it lays out, what it leaves alone, and the night after it.

Belongs here: places, refusals, the checklist, the command, a chamber that joins. Does not belong here:
what a template holds (test_modelli_vuoti.py).
"""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.contract import estratti as contratto
from pipelines.contract.estratti import PER_CODICE
from pipelines.landing.zone import list_deliveries, list_partitions, list_strangers
from pipelines.offices import new_chamber as nuova_camera
from pipelines.offices.new_chamber import NonAllestibile, lay_out
from pipelines.offices.templates import csv_template, xlsx_template
from pipelines.partizione import Partizione
from pipelines.settings import ROMA, Luoghi
from tests.contratto import SEDICI
from tests.extracts.materiale import csv, riga_buona, xlsx
from tests.indicatori.casi import SERVE_A
from tests.warehouse.magazzini import ADESSO, CODICI, albero, chiedi, copia, corri

UFFICI = sorted({codice.split("/")[0] for codice in PER_CODICE})
MODELLI = sorted(f"LU/modelli/{codice}.{kind}" for codice in PER_CODICE for kind in ("csv", "xlsx"))
LEGGIMI = "LU/modelli/LEGGIMI.md"


def everything(folder: Path) -> dict[str, bytes | None]:
    """Every file with its content, every folder, below a folder."""
    return {
        path.relative_to(folder).as_posix(): None if path.is_dir() else path.read_bytes()
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """A landing zone in which LU was laid out for 2021."""
    folder = tmp_path / "raw"
    lay_out(folder, "LU", [2021])
    return folder


# --- what is laid out -------------------------------------------------------------------------------


def test_a_chamber_has_its_folders_its_templates_and_its_checklist(tmp_path: Path) -> None:
    raw = tmp_path / "da fare" / "raw"
    found = lay_out(raw, "LU", [2022, 2021, 2022])
    offices = [f"LU/{where}/{u}" for where in ("2021", "2022", "modelli") for u in UFFICI]
    folders = {"LU", "LU/2021", "LU/2022", "LU/modelli", *offices}
    there = everything(raw)
    assert {name for name, content in there.items() if content is None} == folders
    assert there.keys() - folders == {*MODELLI, LEGGIMI}
    for codice in PER_CODICE:
        assert there[f"LU/modelli/{codice}.csv"] == csv_template(PER_CODICE[codice])
        assert there[f"LU/modelli/{codice}.xlsx"] == xlsx_template(PER_CODICE[codice])
    assert {name.rstrip("/") for name in found.cartelle} == folders
    assert len(found.cartelle) == len(folders)
    assert {*found.scritti} == {*MODELLI, LEGGIMI}
    assert (found.rimasti, found.superato) == ((), None)


def test_what_is_laid_out_is_a_partition_without_deliveries(raw: Path) -> None:
    assert list_partitions(raw) == [Partizione("LU", 2021)]
    known, unknown = list_deliveries(raw, Partizione("LU", 2021))
    assert not any(known.values()) and unknown == []
    assert list(list_strangers(raw)) == []


def test_only_a_folder_of_that_name_in_a_chamber_is_known(raw: Path, tmp_path: Path) -> None:
    (tmp_path / "fuori").mkdir()
    (raw / "modelli").mkdir()
    (raw / "LU/Modelli").mkdir()
    (raw / "LU/modelli-2021").mkdir()
    (raw / "LU/2021/modelli").mkdir()
    for camera in ("AA", "BB"):
        (raw / camera).mkdir()
    (raw / "AA/modelli").write_text("non è una cartella")
    (raw / "BB/modelli").symlink_to(tmp_path / "fuori")
    assert [stranger.file for stranger in list_strangers(raw)] == [
        "AA/modelli",
        "BB/modelli",
        "LU/Modelli/",
        "LU/modelli-2021/",
        "modelli/",
    ]
    _, unknown = list_deliveries(raw, Partizione("LU", 2021))
    assert [stranger.file for stranger in unknown] == ["LU/2021/modelli/"]


# --- twice ------------------------------------------------------------------------------------------


def test_a_second_time_changes_nothing(raw: Path) -> None:
    before = albero(raw)
    found = lay_out(raw, "LU", [2021])
    assert albero(raw) == before
    assert (found.cartelle, found.scritti, found.superato) == ((), (), None)
    assert {*found.rimasti} == {*MODELLI, LEGGIMI}


def test_a_year_more_touches_no_delivery(raw: Path) -> None:
    year = raw / "LU/2021"
    (year / "isr/studi.csv").write_bytes(csv("isr/studi", [riga_buona("isr/studi", 0)]))
    (year / "isr/studi.xlsx").write_bytes(b"half a file")
    (year / "allegato.txt").write_text("un piano")
    (year / "appunti").mkdir()
    (year / "segreteria/atti.csv").symlink_to(year / "nessuno")
    shutil.rmtree(year / "metrico")
    before = albero(raw)
    found = lay_out(raw, "LU", [2021, 2022])
    assert albero(raw) == before
    assert (year / "metrico").is_dir()
    assert {*found.cartelle} == {
        "LU/2021/metrico/",
        "LU/2022/",
        *(f"LU/2022/{u}/" for u in UFFICI),
    }


VECCHI: dict[str, bytes] = {
    "LU/modelli/isr/studi.csv": b"id_studio;titolo\r\n",
    "LU/modelli/isr/studi.xlsx": xlsx([["id_studio", "titolo"]]),
    "LU/modelli/kronos/fte.csv": b"",
}
"""Templates of another contract, with nothing in them."""


def test_an_empty_template_of_an_older_contract_is_written_again(raw: Path) -> None:
    whole = everything(raw)
    for name, content in VECCHI.items():
        (raw / name).write_bytes(content)
    (raw / "LU/modelli/isr/note.txt").write_text("di qualcuno")
    found = lay_out(raw, "LU", [2021])
    assert {*found.scritti} == VECCHI.keys()
    assert everything(raw) == whole | {"LU/modelli/isr/note.txt": b"di qualcuno"}


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("isr/studi.csv", csv("isr/studi", [riga_buona("isr/studi", 0)])),
        ("isr/studi.xlsx", xlsx([["id_studio"], ["ST1"]])),
        ("isr/studi.xlsx", b"not a workbook"),
    ],
)
def test_a_template_filled_in_where_it_lies_is_not_lost(
    raw: Path, name: str, content: bytes
) -> None:
    shutil.rmtree(raw / "LU/modelli/metrico")
    (raw / "LU/modelli" / name).write_bytes(content)
    before = everything(raw)
    with pytest.raises(NonAllestibile, match=f"^LU/modelli/{name}: .*LU/<anno>/<ufficio>/") as no:
        lay_out(raw, "LU", [2021, 2022])
    assert "\n" not in str(no.value)
    assert everything(raw) == before


def test_every_filled_in_template_is_named_at_once(raw: Path) -> None:
    names = ["LU/modelli/isr/studi.csv", "LU/modelli/metrico/attivita.csv"]
    for name in names:
        with (raw / name).open("ab") as stream:
            stream.write(b"1;2;3\r\n")
    with pytest.raises(NonAllestibile, match=f"^{', '.join(names)}: "):
        lay_out(raw, "LU", [2021])


# --- what stands in the way -------------------------------------------------------------------------


def link(path: Path) -> None:
    path.symlink_to("..")


def dangling(path: Path) -> None:
    path.symlink_to("nessuno")


def plain_file(path: Path) -> None:
    path.write_text("sono un file")


CARTELLE = ("LU", "LU/2021", "LU/2021/isr", "LU/modelli", "LU/modelli/segreteria")
FILE = (LEGGIMI, "LU/modelli/isr/studi.csv", "LU/modelli/isr/studi.xlsx")


@pytest.mark.parametrize(
    ("name", "put", "words"),
    [
        *((name, link, "è un collegamento: qui va una cartella") for name in CARTELLE),
        *((name, dangling, "è un collegamento: qui va una cartella") for name in CARTELLE),
        *((name, plain_file, "non è una cartella: qui va una cartella") for name in CARTELLE),
        *((name, dangling, "è un collegamento: qui va un file") for name in FILE),
        *((name, Path.mkdir, "non è un file: qui va un file") for name in FILE),
        *((name, os.mkfifo, "non è un file: qui va un file") for name in FILE),
    ],
)
def test_what_stands_in_the_way_is_named_and_nothing_is_written(
    tmp_path: Path, name: str, put: Callable[[Path], object], words: str
) -> None:
    raw = tmp_path / "raw"
    (raw / name).parent.mkdir(parents=True)
    put(raw / name)
    before = albero(tmp_path)
    with pytest.raises(NonAllestibile) as refusal:
        lay_out(raw, "LU", [2021])
    assert str(refusal.value) == f"{name} {words}, toglierlo e ripetere."
    assert albero(tmp_path) == before


def test_a_landing_zone_that_is_no_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "raw").write_text("")
    with pytest.raises(NonAllestibile, match="non è una cartella: dire in PIRA_RAW"):
        lay_out(tmp_path / "raw", "LU", [2021])


def test_a_landing_zone_reached_by_a_link_is_laid_out(tmp_path: Path) -> None:
    (tmp_path / "disco").mkdir()
    (tmp_path / "raw").symlink_to(tmp_path / "disco")
    lay_out(tmp_path / "raw", "LU", [2021])
    assert (tmp_path / "disco/LU/2021/isr").is_dir()


# --- the checklist ----------------------------------------------------------------------------------


def entries(page: str) -> dict[str, str]:
    """Office/extract -> its lines on the checklist."""
    found = {}
    for ufficio, section in re.findall(r"^## (\w+)\n\n((?:[- ] .*\n)+)", page, re.MULTILINE):
        for block in re.split(r"^- ", section, flags=re.MULTILINE)[1:]:
            box = re.match(r"\[ \] \*\*(\w+)\*\*: ", block)
            assert box is not None, block
            found[f"{ufficio}/{box[1]}"] = block
    return found


def test_the_checklist_says_who_owes_what(raw: Path) -> None:
    page = (raw / LEGGIMI).read_text("utf-8")
    found = entries(page)
    assert found.keys() == SERVE_A.keys()
    for codice, block in found.items():
        lines = [line.strip() for line in block.splitlines()]
        assert f"- Ritmo: {PER_CODICE[codice].ritmo}" in lines
        assert PER_CODICE[codice].dovuto == all("Non è dovuto" not in line for line in lines)
        assert f"- Modello: `LU/modelli/{codice}.xlsx` o `.csv`" in lines
        assert f"- Va in: `LU/<anno>/{codice}.xlsx` o `.csv`" in lines
        assert lines[-1].startswith("- Chi lo consegna: __")
        uses = "".join(line for line in lines if line.startswith("- Serve a: "))
        assert {*re.findall(r"`([A-Z0-9_]+)`", uses)} == SERVE_A[codice]
    assert "`scorecard.obiettivi`" in found["contabilita/consuntivo"]
    assert set().union(*SERVE_A.values()) == {*CODICI}
    assert "- [ ] **Il piano (PIRA)**" in page and "`LU/<anno>/allegato.txt`" in page


@pytest.fixture
def older(tmp_path: Path) -> Iterator[Path]:
    """A landing zone laid out under a contract of one extract less."""
    folder = tmp_path / "raw"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nuova_camera, "ESTRATTI", contratto.ESTRATTI[:-1])
        lay_out(folder, "LU", [2021])
    assert list(PER_CODICE)[-1] not in (folder / LEGGIMI).read_text("utf-8")
    yield folder


def tick(page: Path) -> bytes:
    """The page with a box ticked and a name written, as an editor saves it."""
    text = page.read_text("utf-8").replace("[ ]", "[x]", 1).replace("____", "Ada", 1)
    page.write_text(text, "utf-8", newline="\r\n")
    return page.read_bytes()


def test_a_checklist_that_nobody_wrote_in_follows_the_contract(older: Path) -> None:
    found = lay_out(older, "LU", [2021])
    assert LEGGIMI in found.scritti and found.superato is None
    assert list(PER_CODICE)[-1] in (older / LEGGIMI).read_text("utf-8")


def test_a_checklist_that_somebody_wrote_in_is_left(raw: Path) -> None:
    ticked = tick(raw / LEGGIMI)
    found = lay_out(raw, "LU", [2022])
    assert (raw / LEGGIMI).read_bytes() == ticked
    assert LEGGIMI in found.rimasti and found.superato is None


def test_a_checklist_that_was_left_behind_by_the_contract_is_named(older: Path) -> None:
    ticked = tick(older / LEGGIMI)
    found = lay_out(older, "LU", [2021])
    assert (older / LEGGIMI).read_bytes() == ticked
    assert LEGGIMI in found.rimasti and found.superato == LEGGIMI


def test_a_page_of_that_name_that_is_not_ours_is_left(raw: Path) -> None:
    (raw / LEGGIMI).write_text("scritto da altri")
    assert lay_out(raw, "LU", [2021]).superato == LEGGIMI
    assert (raw / LEGGIMI).read_text() == "scritto da altri"


# --- the command ------------------------------------------------------------------------------------


@pytest.fixture
def zona(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A landing zone, not there yet, that the command is told of."""
    monkeypatch.setenv("PIRA_RAW", str(tmp_path / "raw"))
    monkeypatch.setenv("PIRA_WAREHOUSE", str(tmp_path / "warehouse"))
    return tmp_path / "raw"


def test_the_command_says_what_it_did_and_what_comes_next(
    zona: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["new-camera", "LU", "--esercizio", "2022", "2021"]) == 0
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.splitlines() == [
        f"Camera LU in {zona / 'LU'}",
        f"Cartelle nuove: {3 * len(UFFICI) + 4}",
        f"Modelli ed elenco: {len(MODELLI) + 1} scritti, 0 già a posto",
        "Adesso: LU/modelli/LEGGIMI.md dice chi deve che cosa. Compilare una copia di ogni modello"
        " e metterla in LU/2021, LU/2022, nella cartella del suo ufficio: la notte dopo è pubblicata.",
    ]
    assert [p.chiave for p in list_partitions(zona)] == ["LU-2021", "LU-2022"]
    assert not zona.with_name("warehouse").exists()
    assert main(["new-camera", "LU", "--esercizio", "2021"]) == 0
    assert f"0 scritti, {len(MODELLI) + 1} già a posto" in capsys.readouterr().out


def test_the_year_is_this_one_unless_another_is_asked_for(zona: Path) -> None:
    before = datetime.now(ROMA).year
    assert main(["new-camera", "LU"]) == 0
    (made,) = list_partitions(zona)
    assert before <= made.esercizio <= datetime.now(ROMA).year


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ([], "SIGLA"),
        (["lu"], "non è una sigla"),
        (["LUC"], "non è una sigla"),
        (["L1"], "non è una sigla"),
        (["../LU"], "non è una sigla"),
        (["LU", "--esercizio", "21"], "non è un anno"),
        (["LU", "--esercizio", "0000"], "non è un anno"),
        (["LU", "--esercizio"], "--esercizio"),
    ],
    ids=" ".join,
)
def test_words_that_make_no_sense_lay_out_nothing(
    zona: Path, capsys: pytest.CaptureFixture[str], words: list[str], why: str
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["new-camera", *words])
    assert ended.value.code == 2
    assert why in capsys.readouterr().err
    assert not zona.exists()


def test_a_refusal_is_one_sentence_and_exit_status_1(
    zona: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (zona / "LU").mkdir(parents=True)
    (zona / "LU/modelli").write_text("")
    assert main(["new-camera", "LU"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == (
        "LU/modelli non è una cartella: qui va una cartella, toglierlo e ripetere.\n"
    )


def test_a_disk_that_takes_nothing_is_one_sentence_too(
    zona: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", full)
        assert main(["new-camera", "LU", "--esercizio", "2021"]) == 1
    assert re.fullmatch(r"Non si può allestire .*/LU \(No space .*\n", capsys.readouterr().err)
    assert not [name for name, content in everything(zona).items() if content is not None]
    assert main(["new-camera", "LU", "--esercizio", "2021"]) == 0


def test_a_checklist_left_behind_is_said(zona: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-camera", "LU", "--esercizio", "2021"]) == 0
    (zona / LEGGIMI).write_text("scritto da altri")
    capsys.readouterr()
    assert main(["new-camera", "LU", "--esercizio", "2021"]) == 0
    assert f"{LEGGIMI} è stato scritto a mano e resta com'è" in capsys.readouterr().out


# --- the nights after -------------------------------------------------------------------------------


def published(luoghi: Luoghi, camera: str) -> dict[str, bytes]:
    folder = luoghi.warehouse / "scorecard"
    return {path.name: path.read_bytes() for path in folder.glob(f"{camera}-*")}


def values(luoghi: Luoghi, camera: str) -> list[tuple[object, ...]]:
    return chiedi(
        luoghi,
        "select esercizio, codice, valore, stato, motivo, data_riferimento"
        " from indicatori.valori where camera = ? order by all",
        camera,
    )


@pytest.fixture(scope="module")
def entrata(campione: Luoghi, tmp_path_factory: pytest.TempPathFactory) -> Luoghi:
    """The sample, published once more after LU has joined."""
    luoghi = copia(campione, tmp_path_factory.mktemp("entrata"))
    lay_out(luoghi.raw, "LU", [2021])
    corri(luoghi, adesso=ADESSO + timedelta(days=1))
    return luoghi


def test_a_chamber_that_joins_is_published_as_missing(entrata: Luoghi) -> None:
    found = values(entrata, "LU")
    assert sorted(str(row[1]) for row in found) == sorted(SEDICI)
    assert {(row[0], row[2], row[3]) for row in found} == {(2021, None, "DATI_MANCANTI")}
    assert all("Manca l'estratto" in str(row[4]) for row in found)
    assert chiedi(entrata, "from qualita.file where camera = 'LU'") == []


def test_the_chamber_that_was_there_is_published_as_before(
    campione: Luoghi, entrata: Luoghi
) -> None:
    assert len(published(campione, "MS")) >= 5
    assert published(entrata, "MS") == published(campione, "MS")
    assert len(values(campione, "MS")) == 3 * len(SEDICI)
    assert values(entrata, "MS") == values(campione, "MS")


def test_what_is_delivered_counts_and_what_lies_in_the_templates_does_not(tmp_path: Path) -> None:
    luoghi = Luoghi(tmp_path / "raw", tmp_path / "warehouse")
    lay_out(luoghi.raw, "LU", [2021])
    templates, year = luoghi.raw / "LU/modelli", luoghi.raw / "LU/2021"
    shutil.copy(templates / "isr/studi.xlsx", year / "isr/studi.xlsx")
    rows = [riga_buona("metrico/attivita", n, data="01/03/2021") for n in range(3)]
    (year / "metrico/attivita.csv").write_bytes(csv("metrico/attivita", rows))
    for name in ("studi.csv", "studi-2.csv"):
        (templates / "isr" / name).write_bytes(csv("isr/studi", [riga_buona("isr/studi", 0)]))
    corri(luoghi)
    known = {row[1]: row[2:4] for row in values(luoghi, "LU") if row[3] != "DATI_MANCANTI"}
    # the bare template, once delivered, is a count of nothing; the one filled in place is not read
    assert known == {"ISR_STUDI": (0, "PROVVISORIO"), "VERIFICHE_METRICHE": (3, "PROVVISORIO")}
    assert chiedi(
        luoghi, "select _file, esito, righe_accettate from qualita.file order by all"
    ) == [
        ("LU/2021/isr/studi.xlsx", "ACCETTATO", 0),
        ("LU/2021/metrico/attivita.csv", "ACCETTATO", 3),
    ]
