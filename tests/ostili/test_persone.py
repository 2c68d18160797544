"""Nobody's name and nobody's matricola is in anything that a run leaves."""

import stat
from pathlib import Path

import pytest

from tests.ostili.persone import in_chiaro
from tests.ostili.scena import COGNOME, FISCALE, MATRICOLA, Scena, lasciti


@pytest.mark.parametrize("segreto", [MATRICOLA, COGNOME, FISCALE])
def test_secret_is_in_nothing_that_a_run_leaves(segreto: str, ostile: Scena) -> None:
    """Output, quarantine, store, events, what was printed: each unpacked and searched."""
    varianti = [s.encode(c) for s in (segreto, segreto.lower()) for c in ("utf-8", "utf-16-le")]
    visti = 0
    for nome, contenuto in lasciti(ostile):
        visti += 1
        for variante in varianti:
            assert variante not in contenuto, nome
    assert visti > 100


def test_search_would_find_what_is_there(ostile: Scena) -> None:
    """A search that looked nowhere would find nothing: a pseudonym is found where it should be."""
    con_pseudonimi = {nome.split(" ")[0] for nome, dentro in lasciti(ostile) if b"'p_" in dentro}
    assert con_pseudonimi >= {"righe", "tabelle"}
    registri = [dentro for nome, dentro in lasciti(ostile) if nome.endswith(".db")]
    assert any(b"righe in quarantena" in dentro for dentro in registri)


def test_key_is_its_owners_alone_and_stands_nowhere_else(ostile: Scena) -> None:
    assert stat.S_IMODE(ostile.chiave.stat().st_mode) == 0o600
    assert stat.S_IMODE(ostile.chiave.parent.stat().st_mode) == 0o700
    chiave = ostile.chiave.read_bytes().strip()
    assert len(chiave) >= 32
    for nome, contenuto in lasciti(ostile):
        assert chiave not in contenuto, nome


def test_refusals_about_people_repeat_nothing_of_them(ostile: Scena) -> None:
    """The refused files were seen, and spoken of, without what they hold."""
    tabelle = next(dentro for nome, dentro in lasciti(ostile) if nome.startswith("tabelle"))
    assert tabelle.count(b"persone_fuori_posto") > 8
    for nome in ("welfare-senza-colonna.csv", "welfare-aperta.csv", "fte-tronco.xlsx"):
        assert nome.encode() in tabelle


def test_the_judge_of_people_out_of_place_sees_whom_it_looks_for(tmp_path: Path) -> None:
    """However they are written; `make faults` looks for thirty deliveries of them."""
    file = {"AB": "AB/2020/kronos/fte.csv", "07": "AH/2020/kronos/fte.csv"}
    (tmp_path / "uscita").mkdir()
    (tmp_path / "uscita/a").write_bytes("era zqxab731".encode("utf-16"))
    (tmp_path / "uscita/b").write_text("739157073, 739157993")
    found = in_chiaro(Scena(tmp_path, 0, "niente"), file)
    assert found == {(file["AB"], "uscita/a"), (file["07"], "uscita/b")}
