"""What is kept is compared with its hash: damage never becomes a figure, is named, and is mended.

Belongs here: the store, the history and the publications damaged by hand, each once, and what a run, a
night without news, `pira verify` and `pira health` make of it. Does not belong here: random bits over all
of them (tests/guasti), kills at the switch (tests/guasti).
"""

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from pipelines import custodia
from pipelines.cli import main
from pipelines.custodia import CAMBIATO, MANCA, VUOTO, Guasto
from pipelines.desk.health import look
from pipelines.night import steps
from pipelines.night.pending import pending
from pipelines.night.verify import FETTE, slice_of_day, verify
from pipelines.partizione import Partizione
from pipelines.publication import memoria
from pipelines.publication.memoria import CATENA, CONSEGNE, CONTROLLI, MANIFEST, STORICO
from pipelines.publication.pubblicazioni import NonPubblicabile, current
from pipelines.settings import Luoghi
from tests.warehouse.magazzini import ADESSO, GIORNO, chiedi, copia, corri

AA19, AA20 = Partizione("AA", 2019), Partizione("AA", 2020)
VALORI = "from indicatori.valori order by all"


def rovescia(path: Path, dove: float = 0.5) -> Path:
    """Flips one bit of a file, at a share of its length."""
    content = bytearray(path.read_bytes())
    content[int(len(content) * dove)] ^= 1
    path.write_bytes(content)
    return path


def svuota(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def togli(path: Path) -> Path:
    path.unlink()
    return path


GUASTI: dict[str, Callable[[Path], Path]] = {CAMBIATO: rovescia, VUOTO: svuota, MANCA: togli}


@pytest.fixture
def luoghi(piccola: Luoghi, tmp_path: Path) -> Luoghi:
    return copia(piccola, tmp_path)


def uno(luoghi: Luoghi, pattern: str) -> Path:
    """A kept file, by the first name that fits."""
    return sorted(luoghi.warehouse.glob(pattern))[0]


def detto(luoghi: Luoghi, path: Path) -> str:
    return path.relative_to(luoghi.warehouse).as_posix()


# --- records and seals ------------------------------------------------------------------------------


def test_no_bit_of_a_record_changes_unseen(tmp_path: Path) -> None:
    path = tmp_path / "stato.json"
    record = {"a": [1, None, "è"], "b": {"c": True}}
    custodia.write_record(path, record)
    whole = path.read_bytes()
    found = custodia.read_record(path)
    assert {name: found[name] for name in record} == record
    for bit in range(len(whole) * 8):
        content = bytearray(whole)
        content[bit // 8] ^= 1 << bit % 8
        path.write_bytes(content)
        try:
            assert custodia.read_record(path) == found, (
                f"bit {bit}"
            )  # white space, or the same text
        except Guasto:
            continue


def test_the_hash_is_of_what_had_to_be_written(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.mkdir()
    assert custodia.write(b"uno", path) == custodia.hash_of(path)
    assert custodia.wrong(path, custodia.hash_of(path)) is None
    assert [p.name for p in tmp_path.iterdir()] == ["x"]


# --- the store --------------------------------------------------------------------------------------

DEPOSITO = ("*.righe.parquet", "*.file.parquet", "*.scarti.parquet", "*.json")


@pytest.mark.parametrize("trovato", GUASTI)
def test_what_the_store_has_damaged_is_read_again_and_named(luoghi: Luoghi, trovato: str) -> None:
    """Without the night: reading a partition is all that mends it."""
    struck = [
        GUASTI[trovato](uno(luoghi, f"deposito/AA/2020/{table}/{name}"))
        for table, name in zip(
            ("isr_studi", "segreteria_atti", "segreteria_sedute", "brevetti_domande"),
            DEPOSITO,
            strict=True,
        )
    ]
    struck.append(GUASTI[trovato](luoghi.deposito(AA20) / "stato.json"))
    (news,) = pending(luoghi, GIORNO)
    assert news.partizione == AA20
    run = steps.new_run(luoghi, GIORNO)
    said: list[str] = []
    esercizio = steps.read_or_keep(run, AA20, warn=said.append)
    assert esercizio is not None and pending(luoghi, GIORNO) == []
    told = {danno.copia: danno.trovato for danno in run.danni}
    # a state that is not there says nothing of the seals that it knew
    unknown = {struck[3], struck[4]} if trovato == MANCA else set()
    assert told == {detto(luoghi, path): trovato for path in struck if path not in unknown}
    assert said == [str(danno) for danno in run.danni]
    assert all("riletto dalla zona di consegna" in line for line in said)


def test_a_seal_that_is_gone_is_missed_by_the_state(luoghi: Luoghi) -> None:
    seal = togli(uno(luoghi, "deposito/AA/2020/isr_studi/*.json"))
    run = steps.new_run(luoghi, GIORNO)
    steps.read_extracts(run, AA20)
    ((danno),) = run.danni
    assert (danno.copia, danno.trovato, danno.estratto) == (detto(luoghi, seal), MANCA, "isr/studi")
    assert seal.exists()


def test_a_kept_plan_that_is_damaged_is_kept_anew_and_named(luoghi: Luoghi) -> None:
    plan = uno(luoghi, "deposito/AA/2020/piano/AA/2020/allegato.txt")
    sound = plan.read_bytes()
    rovescia(plan)
    run = steps.begin(replace(steps.new_run(luoghi, GIORNO), orologio_giusto=True), list)
    said: list[str] = []
    steps.read_plans(run, warn=said.append)
    assert plan.read_bytes() == sound
    assert [(d.copia, d.trovato) for d in run.danni] == [(detto(luoghi, plan), CAMBIATO)]
    assert said == [str(danno) for danno in run.danni]


# --- the history ------------------------------------------------------------------------------------


def test_a_night_mends_the_history_and_the_store_and_says_so(luoghi: Luoghi) -> None:
    before = chiedi(luoghi, VALORI), chiedi(luoghi, "from storico.valori order by all")
    published = luoghi.corrente.resolve()
    struck = [
        rovescia(luoghi.warehouse / "storico" / STORICO),
        rovescia(published / CONSEGNE),
        svuota(luoghi.warehouse / "storico" / MANIFEST),
        rovescia(published / "pira.duckdb"),
        rovescia(uno(luoghi, "deposito/BB/2020/isr_studi/*.righe.parquet")),
    ]
    names = {detto(luoghi, path.parent.resolve() / path.name) for path in struck}
    news = {n.partizione: n.motivo for n in pending(luoghi, GIORNO)}
    assert "corrente è guasta: consegne.parquet" in news[None] and "e altri 1" in news[None]
    assert "righe.parquet" in news[Partizione("BB", 2020)]
    # BB is not asked for: what is taken from the store is looked at all the same
    corri(luoghi, "AA", 2019, adesso=ADESSO + timedelta(days=1))
    assert (chiedi(luoghi, VALORI), chiedi(luoghi, "from storico.valori order by all")) == before
    told: dict[str, str] = dict(chiedi(luoghi, "select copia, rimedio from qualita.custodia"))
    assert set(told) == names
    assert told["storico/storico.parquet"] == "rimesso da un'altra copia"
    assert chiedi(luoghi, "select count(*) from controlli.custodia") == [(len(names),)]
    assert pending(luoghi, GIORNO) == []
    chain = memoria.read_chain(luoghi)
    assert len(chain) == 2 and chain[1]["precedente"] == chain[0]["impronta"]
    assert custodia.parse(luoghi.warehouse / "storico" / MANIFEST) == chain
    for name, expected in chain[-1]["file"].items():
        assert custodia.wrong(luoghi.warehouse / "storico" / name, expected) is None


def test_a_copy_that_has_no_like_is_set_aside(luoghi: Luoghi) -> None:
    """Readable, and not what was written: it is never merged."""
    alien = luoghi.warehouse / "storico" / STORICO
    query = f"copy (select * replace (valore + 1 as valore) from read_parquet('{alien}')) to '{alien}.x'"
    duckdb.sql(query)
    Path(f"{alien}.x").replace(alien)
    shutil.rmtree(luoghi.pubblicazioni)
    shutil.copy(alien, luoghi.warehouse / "storico" / CONTROLLI)
    with pytest.raises(
        memoria.StoricoPerduto, match=r"rimettere .*storico intera da un salvataggio"
    ):
        memoria.sound_copies(luoghi)
    assert alien.exists(), "what is refused is left as it is"


def test_a_bad_copy_beside_a_good_one_of_another_night(luoghi: Luoghi) -> None:
    folder = luoghi.corrente.resolve()
    second = luoghi.warehouse / "storico"
    links = memoria.read_chain(luoghi)
    # the publication is of an earlier night, whose memory was another
    manifest = custodia.read_record(folder / MANIFEST)
    (folder / STORICO).write_bytes((folder / CONSEGNE).read_bytes())
    manifest["file"][STORICO] = manifest["file"][CONSEGNE]
    custodia.write_record(folder / MANIFEST, manifest)
    rovescia(second / STORICO)
    copies, damaged = memoria.sound_copies(luoghi)
    assert copies[STORICO] == (luoghi.pubblicazioni / folder.name / STORICO,)
    (danno,) = damaged
    assert danno.copia == "storico/storico.parquet" and "messo da parte" in danno.rimedio
    assert sorted(p.name for p in second.glob("*.guasta")) == ["storico.parquet.guasta"]
    assert "storico.parquet.guasta" in look(luoghi, ADESSO).riga
    assert memoria.read_chain(luoghi) == links
    assert memoria.sound_copies(luoghi)[1] == [], "it is told once"


def test_no_link_of_the_chain_can_be_taken_away_or_changed(luoghi: Luoghi, tmp_path: Path) -> None:
    work = tmp_path / "lavoro"
    shutil.copytree(luoghi.corrente.resolve(), work)
    for night in range(3):
        (work / CONTROLLI).write_bytes(f"notte {night}".encode())
        memoria.write_chain(luoghi, work, f"notte {night}", ADESSO)
        shutil.copy(work / CATENA, luoghi.warehouse / "storico" / MANIFEST)
    memoria.write_chain(luoghi, work, "niente di nuovo", ADESSO)
    path = work / CATENA
    links = custodia.parse(path)
    assert [a["esecuzione"] for a in links[1:]] == ["notte 0", "notte 1", "notte 2"]
    for wrong in (links[:1] + links[2:], links[1:], [*links[:1], {**links[1], "quando": "mai"}]):
        custodia.write_json(luoghi.warehouse / "storico" / MANIFEST, wrong)
        assert len(memoria.read_chain(luoghi)) == 1, "the publication's"


def test_a_history_that_nothing_vouches_for_is_refused_until_it_is_accepted(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As restored from a backup of a version that kept no hashes."""
    monkeypatch.setenv("PIRA_RAW", str(luoghi.raw))
    monkeypatch.setenv("PIRA_WAREHOUSE", str(luoghi.warehouse))
    known = len(chiedi(luoghi, "from storico.valori"))
    luoghi.corrente.unlink()
    shutil.rmtree(luoghi.pubblicazioni)
    (luoghi.warehouse / "storico" / MANIFEST).unlink()
    svuota(luoghi.warehouse / "storico" / CONTROLLI)
    run = steps.new_run(luoghi, GIORNO)
    with pytest.raises(NonPubblicabile, match="pira verify --accetta-storico"):
        steps._memory(run, steps.silent)
    assert main(["verify"]) == 1 and "non ha copie integre" in capsys.readouterr().out
    assert main(["verify", "--accetta-storico"]) == 0
    told = capsys.readouterr().out
    assert "storico/storico.parquet: accettato com'è" in told
    assert "storico/controlli.parquet: perduto: è vuoto" in told
    copies, damaged = memoria.sound_copies(luoghi)
    assert damaged == [] and copies[CONTROLLI] == ()
    ((rows,),) = duckdb.read_parquet(str(copies[STORICO][0])).count("*").fetchall()
    assert rows == known


# --- pira verify ------------------------------------------------------------------------------------


def test_verify_names_what_depends_on_damage_and_mends_what_it_can(luoghi: Luoghi) -> None:
    folder = current(luoghi)
    assert folder is not None
    assert verify(luoghi, ADESSO).difetti == ()
    mended = [
        rovescia(uno(luoghi, "deposito/AA/2019/isr_studi/*.righe.parquet")),
        rovescia(uno(luoghi, "deposito/AA/2019/segreteria_atti/*.json")),
        togli(luoghi.warehouse / "storico" / STORICO),
    ]
    lost = [rovescia(folder / "pira.duckdb"), svuota(folder / "scorecard/AA-2020.csv")]
    found = verify(luoghi, ADESSO)
    told = {d.file: d for d in found.difetti}
    assert {name for name, d in told.items() if d.rimesso} == {detto(luoghi, p) for p in mended}
    assert {d.file for d in found.guasti} == {detto(luoghi, path) for path in lost}
    assert "AA-2019 (ISR_STUDI)" in told[detto(luoghi, mended[0])].serve
    assert told[detto(luoghi, lost[0])].serve == "il magazzino pubblicato"
    assert "`pira run`" in told[detto(luoghi, lost[0])].rimedio
    assert [m.valore for m in look(luoghi, ADESSO).misure if m.nome == "pira_damaged_files"] == [2]
    assert "guasto: pubblicazioni/" in look(luoghi, ADESSO).riga
    # whatever the slice, what was damaged is looked at until it is well
    few = verify(luoghi, ADESSO, (1, 10_000))
    assert set(few.guasti) == set(found.guasti) and few.guardati < found.guardati / 5


def test_one_bit_in_every_file_that_is_kept_is_named(luoghi: Luoghi) -> None:
    """All at once: of the store each extract's seal or the files that it vouches for, of the publication
    each file, of the memory one copy."""
    die = random.Random(1)
    struck = [path for path in luoghi.corrente.resolve().rglob("*") if path.is_file()]
    struck = [p for p in struck if p.name not in (STORICO, CONSEGNE, MANIFEST)]
    struck += [luoghi.warehouse / "storico" / name for name in (STORICO, CONSEGNE)]
    for seal in luoghi.warehouse.glob("deposito/*/*/*/*.json"):
        files = sorted(seal.parent.glob(f"{seal.stem}.*.parquet"))
        struck += die.choice([[seal], files, die.sample(files, 2)])
    plans = sorted(luoghi.warehouse.glob("deposito/*/*/piano/*/*/allegato.txt"))
    assert plans
    struck += plans
    for path in struck:
        rovescia(path, die.random())
    names = {detto(luoghi, path) for path in struck}
    assert len(names) > 150
    found = verify(luoghi, ADESSO)
    assert {d.file for d in found.difetti} == names
    assert {d.file.split("/")[0] for d in found.guasti} == {"pubblicazioni"}
    assert verify(luoghi, ADESSO).difetti == found.guasti


def test_a_chamber_that_cannot_be_read_again_stays_damaged(luoghi: Luoghi) -> None:
    struck = [
        rovescia(uno(luoghi, "deposito/BB/2020/isr_studi/*.righe.parquet")),
        rovescia(uno(luoghi, "deposito/BB/2020/piano/BB/2020/allegato.txt")),
    ]
    shutil.rmtree(luoghi.raw / "BB")
    found = verify(luoghi, ADESSO).guasti
    assert {d.file for d in found} == {detto(luoghi, path) for path in struck}
    assert all("resta ciò che è pubblicato" in d.rimedio for d in found)


def test_the_slices_of_a_month_are_everything_once(luoghi: Luoghi) -> None:
    days = [ADESSO.date() + timedelta(days=n) for n in range(FETTE)]
    assert {slice_of_day(day) for day in days} == {(n, FETTE) for n in range(1, FETTE + 1)}
    whole = verify(luoghi, ADESSO).guardati
    always = verify(luoghi, ADESSO, (1, 10**9)).guardati
    parts = [verify(luoghi, ADESSO, (n, 3)).guardati - always for n in (1, 2, 3)]
    assert sum(parts) == whole - always and min(parts) > 0


@pytest.mark.parametrize("quota", ["0/30", "31/30", "1", "a/b"])
def test_a_slice_that_makes_no_sense_is_wrong_usage(quota: str) -> None:
    with pytest.raises(SystemExit) as exit:
        main(["verify", "--quota", quota])
    assert exit.value.code == 2
