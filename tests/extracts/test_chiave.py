"""The key of the pseudonyms: strong, made once, and never replaced while somebody has a pseudonym.

Belongs here: where it comes from, what is refused. Does not belong here: that it stands nowhere else
(tests/ostili/test_persone.py), that a person keeps one pseudonym (tests/extracts/test_personal_data.py).
"""

import errno
import json
import os
import shutil
import threading
from pathlib import Path

import pytest

from pipelines.extracts import pseudonyms
from pipelines.extracts.deposito import settle_key
from pipelines.extracts.pseudonyms import ChiaveRifiutata, fingerprint, load_key, make_key
from pipelines.night import steps
from pipelines.publication.pubblicazioni import NonPubblicabile
from pipelines.settings import Luoghi
from tests.indicatori.zona import CHIAVE
from tests.warehouse.magazzini import albero, copia

DEBOLI = [
    "segreta",
    "quindici byte 1",
    "0" * 64,
    "abcabcabcabcabcabcabc",
    "precipitevolissimevolmente",
    "1234567890123456",
]


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The place of the key, with nothing in it."""
    monkeypatch.delenv("PIRA_KEY")
    path = tmp_path / "config/key"
    monkeypatch.setenv("PIRA_KEY_FILE", str(path))
    return path


def write(path: Path, text: str, mode: int = 0o600) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    path.chmod(mode)


@pytest.mark.parametrize("debole", DEBOLI)
def test_a_key_that_can_be_guessed_is_refused_and_not_repeated(
    debole: str, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(file, f"{debole}\n")
    with pytest.raises(ChiaveRifiutata, match=r"si indovina.*token_hex") as da_file:
        load_key()
    monkeypatch.setenv("PIRA_KEY", debole)
    with pytest.raises(ChiaveRifiutata, match="PIRA_KEY si indovina") as da_ambiente:
        load_key()
    assert debole not in str(da_file.value) + str(da_ambiente.value)


def test_a_sentence_and_what_the_message_makes_are_strong(monkeypatch: pytest.MonkeyPatch) -> None:
    for buona in (CHIAVE, "un cavallo di marmo, 3 cave", "k9#Lq2!vXz0@Pm4$"):
        monkeypatch.setenv("PIRA_KEY", buona)
        assert load_key() == buona.encode()


def test_a_key_that_is_not_there_is_made_only_when_asked(file: Path) -> None:
    with pytest.raises(ChiaveRifiutata, match="non c'è"):
        load_key()
    assert not file.exists()
    made = make_key()
    assert make_key() == load_key() == made
    assert file.stat().st_mode & 0o777 == 0o600
    assert [p.name for p in file.parent.iterdir()] == [file.name]


def test_a_key_that_others_read_or_that_is_empty_is_refused(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(file, CHIAVE, 0o640)
    with pytest.raises(ChiaveRifiutata, match="chmod 600"):
        make_key()
    monkeypatch.setattr(pseudonyms, "_PAUSA", 0)
    write(file, "\n")
    with pytest.raises(ChiaveRifiutata, match="vuota"):
        make_key()


@pytest.mark.parametrize("collegamenti", [True, False])
def test_first_runs_at_once_agree_on_one_key(
    file: Path, collegamenti: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    if not collegamenti:
        monkeypatch.setattr(os, "link", refuse)
    found: list[bytes] = []
    runs = [threading.Thread(target=lambda: found.append(make_key())) for _ in range(8)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert len(found) == 8
    assert set(found) == {file.read_bytes().strip()}
    assert [p.name for p in file.parent.iterdir()] == [file.name]


def test_fingerprints_tell_keys_apart_and_say_how_they_are_made() -> None:
    assert fingerprint(b"una") == fingerprint(b"una") != fingerprint(b"altra")
    assert fingerprint(b"una").startswith(pseudonyms.IMPRONTA)


# --- a key that others' pseudonyms are made with ------------------------------------------------------


@pytest.fixture
def luoghi(piccola: Luoghi, tmp_path: Path) -> Luoghi:
    return copia(piccola, tmp_path)


def refused(luoghi: Luoghi, match: str) -> None:
    """A run refuses with a sentence, and everything stays as it was."""
    before = albero(luoghi.warehouse / "deposito"), luoghi.corrente.readlink()
    with pytest.raises(NonPubblicabile, match=match):
        steps.run(luoghi.raw, luoghi.warehouse)
    assert (albero(luoghi.warehouse / "deposito"), luoghi.corrente.readlink()) == before


def test_another_key_is_refused_while_there_are_pseudonyms(
    luoghi: Luoghi, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle_key(luoghi)
    monkeypatch.setenv("PIRA_KEY", "un'altra chiave, lunga quanto basta")
    refused(luoghi, "non è quella con cui sono fatti.*togliere .*deposito")
    monkeypatch.setenv("PIRA_KEY", "corta")
    refused(luoghi, "si indovina")


def test_a_lost_key_is_not_replaced(luoghi: Luoghi, file: Path) -> None:
    refused(luoghi, "non c'è.*rimettere quella di prima.*togliere .*deposito")
    assert not file.exists()
    write(file, CHIAVE)
    settle_key(luoghi)


def test_a_key_is_changed_by_taking_the_store_away(luoghi: Luoghi, file: Path) -> None:
    shutil.rmtree(luoghi.warehouse / "deposito")
    settle_key(luoghi)
    assert load_key() == file.read_bytes().strip()


def test_a_state_that_says_no_key_stops_nobody(luoghi: Luoghi) -> None:
    """One that is damaged, or of before fingerprints were slow, is read again anyway."""
    states = sorted((luoghi.warehouse / "deposito").glob("*/*/stato.json"))
    states[0].write_text("{")
    old = json.loads(states[1].read_text()) | {"chiave": "0123456789abcdef"}
    states[1].write_text(json.dumps(old))
    settle_key(luoghi)
