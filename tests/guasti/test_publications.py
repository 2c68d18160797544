"""Listing the publications kept, going back to one, and what stands in the way of a run."""

import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from pipelines import cli
from pipelines.publication import kept as publications
from pipelines.publication import pubblicazioni
from pipelines.publication.pubblicazioni import NonPubblicabile
from tests.guasti.giudice import giudica_ordine, giudica_ripresa, pulita
from tests.guasti.scena import (
    PIRA_RUN,
    Banco,
    Scena,
    avvia,
    comando_pira,
    corri,
    scrivi_studi,
    visto,
)

Uso = namedtuple("Uso", "total used free")


@pytest.fixture
def banco(scena: Scena, monkeypatch: pytest.MonkeyPatch) -> Banco:
    """Two publications, the second of which is current."""
    fresh = scena.banco("due", Scena.SECONDA)
    monkeypatch.setenv("PIRA_RAW", str(fresh.raw))
    monkeypatch.setenv("PIRA_WAREHOUSE", str(fresh.warehouse))
    return fresh


def _nomi(banco: Banco) -> list[str]:
    return [folder.name for folder in pubblicazioni.list_publications(banco.luoghi)]


def _silenzio(_: str) -> None:
    """Says nothing."""


def test_publications_are_listed_with_the_current_one(
    banco: Banco, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["publications"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert [first.split()[0], second.split()[0]] == _nomi(banco)
    assert first.endswith("-") and second.endswith("corrente")
    assert pulita(visto(banco)).esecuzione in second


def test_no_publication_is_not_an_error(banco: Banco, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.rmtree(banco.warehouse)
    assert cli.main(["publications"]) == 0
    assert "Nessuna pubblicazione" in capsys.readouterr().out


def test_going_back_changes_everything_and_forgets_nothing(scena: Scena, banco: Banco) -> None:
    before = pulita(visto(banco))
    memory = {p.name: p.read_bytes() for p in (banco.warehouse / "storico").iterdir()}
    assert cli.main(["rollback", _nomi(banco)[0]]) == 0
    assert pulita(visto(banco)).cifra == Scena.PRIMA
    assert {p.name: p.read_bytes() for p in (banco.warehouse / "storico").iterdir()} == memory
    back = visto(banco)
    corri(banco)
    after = pulita(visto(banco))
    giudica_ripresa(banco.luoghi, before, back, after)
    giudica_ordine(banco.luoghi)
    assert after.contenuto == scena.attesa(banco.raw)
    assert after.storico == before.storico, "ciò che si sapeva non è un cambiamento"


@pytest.mark.parametrize("nome", ["000009-altra", "../pubblicazioni", ""])
def test_an_unknown_name_is_wrong_usage(
    banco: Banco, nome: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = visto(banco)
    with pytest.raises(SystemExit) as exit:
        cli.main(["rollback", nome])
    assert exit.value.code == 2
    assert all(kept in capsys.readouterr().err for kept in _nomi(banco)[:1])
    assert visto(banco) == before


@pytest.mark.parametrize("file", ["scorecard/MS-2020.csv", pubblicazioni.DATABASE])
def test_nobody_goes_back_to_a_publication_that_changed(
    banco: Banco, file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = visto(banco)
    path = banco.luoghi.pubblicazioni / _nomi(banco)[0] / file
    content = path.read_bytes()
    path.unlink()
    path.write_bytes(content + b" ")
    assert cli.main(["rollback", _nomi(banco)[0]]) == 1
    assert "manifesto" in capsys.readouterr().err
    assert visto(banco) == before


def test_what_was_current_until_now_can_still_be_read(scena: Scena) -> None:
    """Who resolved `corrente` a moment ago reads on, even where that was the oldest of all."""
    banco = scena.banco("piena", Scena.SECONDA)
    oldest = pubblicazioni.list_publications(banco.luoghi)[0]
    publications.rollback(banco.luoghi, oldest.name, _silenzio)
    corri(banco)
    assert pulita(visto(banco)).cifra == Scena.SECONDA
    assert (oldest / pubblicazioni.DATABASE).exists()
    giudica_ordine(banco.luoghi)
    scrivi_studi(banco.raw, Scena.PRIMA)
    corri(banco)
    assert not oldest.exists()


def test_a_publication_of_the_same_content_takes_the_place_of_the_current_one(
    banco: Banco,
) -> None:
    """It pushes no older one out; who reads the one before reads on until the next is made."""
    older, first = pubblicazioni.list_publications(banco.luoghi)
    corri(banco)
    _, second = pubblicazioni.list_publications(banco.luoghi)
    assert second == pubblicazioni.current(banco.luoghi) and second != first
    assert (first / pubblicazioni.DATABASE).exists()
    with pytest.raises(publications.PubblicazioneIgnota):
        publications.rollback(banco.luoghi, first.name, _silenzio)
    corri(banco)
    _, third = pubblicazioni.list_publications(banco.luoghi)
    assert (second / pubblicazioni.DATABASE).exists() and not first.exists()
    scrivi_studi(banco.raw, Scena.PRIMA)
    corri(banco)
    assert pubblicazioni.list_publications(banco.luoghi)[:-1] == [older, third]
    assert not second.exists()
    giudica_ordine(banco.luoghi)


def test_a_run_does_not_start_without_room(banco: Banco, monkeypatch: pytest.MonkeyPatch) -> None:
    publications.check_space(banco.luoghi)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Uso(1 << 40, 0, 1 << 20))
    with pytest.raises(NonPubblicabile, match=r"restano 1 MB .* circa \d+ MB: liberare spazio"):
        publications.check_space(banco.luoghi)


def test_room_is_wanted_for_a_first_publication_too(
    tmp_path: Path, banco: Banco, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda path: Uso(1, 1, 0) if path.exists() else None)
    with pytest.raises(NonPubblicabile, match="restano 0 MB"):
        publications.check_space(Banco(banco.raw, tmp_path / "mai" / "fatta").luoghi)


@pytest.mark.parametrize(
    "nome", ["pira.duckdb", "scorecard", "manifest.json", "corrente", "lavoro", "pubblicazioni"]
)
@pytest.mark.parametrize("cartella", [False, True])
def test_what_is_not_ours_is_named_and_left_alone(
    tmp_path: Path, banco: Banco, nome: str, cartella: bool
) -> None:
    if cartella and nome in ("lavoro", "pubblicazioni"):
        return
    empty = Banco(banco.raw, tmp_path / "warehouse")
    taken = empty.warehouse / nome
    (taken if cartella else taken.parent).mkdir(parents=True)
    (taken / "di altri" if cartella else taken).write_text("non toccare")
    with pytest.raises(NonPubblicabile, match=f"{nome} .*spostarlo altrove e rilanciare"):
        corri(empty)
    assert (taken / "di altri" if cartella else taken).read_text() == "non toccare"


def test_the_command_says_so_too(tmp_path: Path, banco: Banco) -> None:
    empty = Banco(banco.raw, tmp_path / "warehouse")
    empty.warehouse.mkdir()
    (empty.warehouse / "pira.duckdb").write_text("di altri")
    child = avvia(*comando_pira(empty, *PIRA_RUN))
    _, words = child.communicate()
    assert child.returncode == 1
    assert words.splitlines()[-1].startswith(f"Nulla è stato pubblicato. {empty.warehouse}")


def test_the_next_run_clears_what_killed_ones_left(scena: Scena) -> None:
    """A publication without its switch knows nothing that was ever published."""
    banco = scena.banco("due", Scena.SECONDA)
    first, second = pubblicazioni.list_publications(banco.luoghi)
    banco.luoghi.corrente.unlink()
    banco.luoghi.corrente.symlink_to(f"pubblicazioni/{first.name}")
    (banco.warehouse / ".corrente.bozza").symlink_to(f"pubblicazioni/{second.name}")
    shutil.rmtree(banco.warehouse / "storico")
    for left in ("lavoro/morta/pira.duckdb", "deposito/MS/2020/isr_studi/x.parquet.1.bozza"):
        (banco.warehouse / left).parent.mkdir(parents=True, exist_ok=True)
        (banco.warehouse / left).write_text("resto")
    assert pubblicazioni.list_publications(banco.luoghi) == [first]
    dead = second.name
    scrivi_studi(banco.raw, Scena.SECONDA)
    corri(banco)
    giudica_ordine(banco.luoghi)
    giudica_ripresa(banco.luoghi, None, None, pulita(visto(banco)))
    assert dead not in _nomi(banco)
