"""The path of the output changes nothing of what is read, and what is published is closed to others.

Belongs here: paths that are patterns to some library, modes of files. Does not belong here: links in
the landing zone (test_zona.py).
"""

import os
import stat
from pathlib import Path

import pytest

from pipelines.orchestration.home import AmbienteErrato, dagster_home
from pipelines.publication.pubblicazioni import NonPubblicabile, current
from pipelines.publication.publish import PUBBLICATO
from pipelines.publication.turno import turn
from pipelines.settings import Luoghi
from tests.warehouse.magazzini import USCITA, chiedi


def test_the_path_of_the_output_is_no_pattern(piccola: Luoghi) -> None:
    """Nor is it in any test that starts from this output; `make faults` tries other paths."""
    assert (
        USCITA.parts[:2] == ("camera=ZZ", "[2]*") and piccola.warehouse.parts[-3:] == USCITA.parts
    )
    found = chiedi(piccola, "select distinct camera from fonti.isr_studi order by all")
    assert found == [("AA",), ("BB",)]
    published = current(piccola)
    assert published is not None
    files = [path for path in published.rglob("*") if path.is_file()]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {PUBBLICATO}


@pytest.mark.parametrize("name", ["a?b", "a\\b"])
def test_a_path_that_a_database_would_cut_is_refused(tmp_path: Path, name: str) -> None:
    asked = Luoghi(tmp_path / "raw", tmp_path / name)
    with pytest.raises(NonPubblicabile, match="contiene"), turn(asked, "prova", lambda _: None):
        pass
    assert not asked.warehouse.exists()
    (tmp_path / "link").symlink_to(tmp_path / name)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DAGSTER_HOME")
        with pytest.raises(AmbienteErrato, match=r"contiene .* indicarla con PIRA_WAREHOUSE\.$"):
            dagster_home(Luoghi(tmp_path / "raw", tmp_path / "link"))


@pytest.mark.parametrize(("asked", "others"), [(None, 0), ("tutti", 5)])
def test_only_who_is_asked_in_may_enter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, asked: str | None, others: int
) -> None:
    monkeypatch.delenv("PIRA_LETTURA", raising=False)
    if asked:
        monkeypatch.setenv("PIRA_LETTURA", asked)
    luoghi = Luoghi(tmp_path / "raw", tmp_path / "warehouse")
    luoghi.warehouse.mkdir()
    for before in (0o2755, 0o2750):
        os.chmod(luoghi.warehouse, before)  # noqa: PTH101
        with turn(luoghi, "prova", lambda _: None):
            assert stat.S_IMODE(luoghi.warehouse.stat().st_mode) == 0o2750 | others
