"""A server that is slow, or that drips for ever, delays the mail and nothing else.

Belongs here: the end of a conversation, whatever the server does; Dagster's daemon meanwhile. Does not
belong here: servers that answer (test_deliver.py).
"""

import os
import threading
import time
from collections.abc import Sequence
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.scheduler.instigation import (
    InstigatorState,
    InstigatorTick,
    InstigatorType,
    SensorInstigatorData,
    TickStatus,
)

from pipelines.mail.outbox import deliver, tell_failure
from pipelines.orchestration.home import dagster_home
from pipelines.settings import ROOT, Luoghi
from tests.guasti.tra_i_passi import demone
from tests.mail.pubblicazioni import ora
from tests.mail.servitore import Cassetta, acceso, gocciolante

LIMITE = 120.0
"""Seconds that a wait may last: only what never ends is cut off."""

SALUTO, OFFERTA, VIA = b"220 pira\r\n", b"250-pira\r\n250 STARTTLS\r\n", b"220 via\r\n"
RIGA = b"250-ancora\r\n"
MEZZO_TLS = b"\x16\x03\x03\x40\x00\x02\x00"
"""The head of a record of TLS of 16 KB, of which one byte comes at a time."""

CASI = {
    "al saluto": ("no", [], b"220-ancora\r\n"),
    "al nome": ("no", [SALUTO], RIGA),
    "al messaggio": (
        "no",
        [SALUTO, b"250 pira\r\n", b"250 ok\r\n", b"250 ok\r\n", b"354 via\r\n"],
        RIGA,
    ),
    "mentre si cifra": ("starttls", [SALUTO, OFFERTA, VIA], MEZZO_TLS),
    "cifrando da subito": ("tls", [], MEZZO_TLS),
}


@pytest.mark.parametrize("quando", CASI)
def test_a_server_that_drips_is_left_in_time(
    luoghi: Luoghi, porta: int, monkeypatch: pytest.MonkeyPatch, quando: str
) -> None:
    cifratura, battute, goccia = CASI[quando]
    monkeypatch.setenv("PIRA_SMTP_TLS", cifratura)
    monkeypatch.setenv("PIRA_SMTP_SECONDI", "1")
    tell_failure(luoghi, "x", ora(1))
    sent: list[int] = []
    with gocciolante(porta, battute, goccia) as drips:
        talk = threading.Thread(target=lambda: sent.append(deliver(luoghi)), daemon=True)
        talk.start()
        talk.join(LIMITE)
        assert drips.is_set() and sent == [0]
    assert len(list((luoghi.posta / "uscita").iterdir())) == 1
    said = (luoghi.posta / "impedimento.txt").read_text()
    assert f"127.0.0.1:{porta} non ha finito entro 1 secondi" in said
    assert threading.active_count() < 5


def test_a_slow_server_gets_what_there_is_time_for_and_each_message_once(
    luoghi: Luoghi, cassetta: Cassetta, porta: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIRA_MAIL_TO", "a@example.it, b@example.it, c@example.it")
    monkeypatch.setenv("PIRA_SMTP_SECONDI", "4")
    tell_failure(luoghi, "x", ora(1))
    cassetta.lentezza = 2.1
    with acceso(cassetta, porta):
        assert deliver(luoghi) == 1
        cassetta.lentezza = 0
        assert deliver(luoghi) == 2
    assert cassetta.destinatari == ["a@example.it", "b@example.it", "c@example.it"]
    assert not (luoghi.posta / "impedimento.txt").exists()


ALTRI = {"consegne_arrivate", "notte_riuscita", "notte_fallita"}


def ticks(instance: dg.DagsterInstance, state: InstigatorState) -> Sequence[InstigatorTick]:
    return instance.get_ticks(state.instigator_origin_id, state.selector_id)


def make_due(instance: dg.DagsterInstance, names: set[str]) -> None:
    """As if these had looked long ago, so that the test need not wait for their intervals."""
    for state in instance.all_instigator_state(instigator_type=InstigatorType.SENSOR):
        data = state.instigator_data
        if state.instigator_name in names and isinstance(data, SensorInstigatorData):
            due = data._replace(last_tick_timestamp=0.0, last_tick_start_timestamp=0.0)
            instance.update_instigator_state(state.with_data(due))


def test_the_other_sensors_go_on_meanwhile(
    luoghi: Luoghi, porta: int, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """All of them once more, while the same conversation is still going on."""
    for name, value in (
        ("PIRA_SMTP_SECONDI", "50"),
        ("PIRA_PRODUZIONE", "1"),
        ("PIRA_RAW", str(luoghi.raw)),
        ("PIRA_WAREHOUSE", str(luoghi.warehouse)),
        ("DAGSTER_HOME", str(tmp_path / "dagster")),
        ("PYTHONPATH", str(ROOT)),
    ):
        monkeypatch.setenv(name, value)
    luoghi.raw.mkdir()
    tell_failure(luoghi, "x", ora(1))
    home = dagster_home(luoghi)
    with (
        gocciolante(porta, [SALUTO], RIGA) as drips,
        dg.DagsterInstance.from_config(str(home)) as instance,
        demone(dict(os.environ), home),
    ):
        assert drips.wait(LIMITE)
        begun, deadline = time.time(), time.monotonic() + LIMITE
        looked: set[str] = set()
        while looked != ALTRI:
            assert time.monotonic() < deadline
            make_due(instance, ALTRI - looked)
            time.sleep(1)
            for state in instance.all_instigator_state(instigator_type=InstigatorType.SENSOR):
                seen = [(tick.timestamp, tick.status) for tick in ticks(instance, state)]
                if state.instigator_name == "posta":
                    assert [status for _, status in seen] == [TickStatus.STARTED], looked
                elif any(when > begun and status is TickStatus.SKIPPED for when, status in seen):
                    looked.add(state.instigator_name)
