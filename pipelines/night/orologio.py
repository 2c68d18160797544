"""Whether the clock can be believed: what a wrong one dates stays wrong in every history.

Belongs here: what is compared with what, and the sentence for a clock in doubt. Does not belong here:
when it is asked (steps.py, orchestration/nights.py), facts that are dated to come (warehouse/load.py).

The rule. The last night is the current publication, or the last night that found it still right. A time
before it is not believed; one within `NOTTE` of it, or of another publication kept, is. A later one is
believed where the machine explains it: it has been on since one of them and has counted the same hours, or
others keep its clock (NTP).
"""

import ctypes
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from pipelines.publication.kept import last_confirmation
from pipelines.publication.memoria import read_manifest
from pipelines.publication.pubblicazioni import current, list_publications
from pipelines.settings import Luoghi, machine

NOTTE = timedelta(hours=26)
"""From one night to the next, with its slack."""

SCARTO = timedelta(minutes=5)
"""How far two honest clocks may differ."""

_PROC = Path("/proc")


def doubt(luoghi: Luoghi, adesso: datetime) -> str | None:
    """Why the clock, that says `adesso`, cannot be believed, and what to do; None where it can."""
    last = _last_night(luoghi)
    if last is None:
        return None
    before = datetime.fromisoformat(last["quando"])
    passed = adesso - before
    if passed < -SCARTO:
        why = f"prima dell'ultima notte, che è del {before:%d/%m/%Y %H:%M}"
    elif _explained(luoghi, last, adesso) or kept_by_others(adesso):
        return None
    else:
        hours = int(passed.total_seconds() // 3600)
        later = f"{passed.days} giorni" if passed.days > 1 else f"{hours} ore"
        why = (
            f"{later} dopo l'ultima notte, che è del {before:%d/%m/%Y %H:%M}, e niente lo"
            " spiega: da allora la macchina è stata spenta o ha contato altre ore, e il suo orologio"
            " non è sincronizzato con altri"
        )
    return (
        f"L'orologio dice {adesso:%d/%m/%Y %H:%M}, {why}: non si pubblica. Regolarlo o, se è giusto,"
        " lanciare una volta `pira run --orologio-giusto`."
    )


def _explained(luoghi: Luoghi, last: Mapping[str, Any], adesso: datetime) -> bool:
    """Whether a night was yesterday, or the machine has counted the hours since; who went back to an
    older publication has not undone the nights between."""
    manifests = map(read_manifest, list_publications(luoghi))
    nights = [last, *({**m, "quando": m["pubblicato"]} for m in manifests if "pubblicato" in m)]
    since = [(night, adesso - datetime.fromisoformat(night["quando"])) for night in nights]
    return any(-SCARTO <= passed <= NOTTE or _counted(night, passed) for night, passed in since)


def _last_night(luoghi: Luoghi) -> Mapping[str, Any] | None:
    """When it was and what the machine had counted; None where nothing that can be read says so."""
    folder = current(luoghi)
    manifest = read_manifest(folder) if folder else {}
    if folder is None or "pubblicato" not in manifest:
        return None
    nights = [{**manifest, "quando": manifest["pubblicato"]}]
    try:
        word = json.loads(last_confirmation(luoghi) or "{}")
        if word.get("pubblicazione") == folder.name:
            nights.append(word)
        return max(nights, key=lambda night: datetime.fromisoformat(night["quando"]))
    except (OSError, ValueError, AttributeError, LookupError, TypeError):
        return nights[0]  # health says of the word that it cannot be read


def _counted(last: Mapping[str, Any], passed: timedelta) -> bool:
    """Whether the machine has been on since the last night, and has counted the hours that passed."""
    then, now = last.get("macchina"), machine()
    if not then or not now or then["avvio"] != now["avvio"]:
        return False
    return abs(timedelta(seconds=now["secondi"] - then["secondi"]) - passed) <= timedelta(hours=1)


def kept_by_others(adesso: datetime) -> bool:
    """Whether the kernel says that its clock is synchronised, and it is that clock which says `adesso`."""
    try:
        # struct timex, all zero: nothing is set. 0 to 4 are states of a clock in order, 5 is not.
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))
        started = int((_PROC / "stat").read_text().partition("btime ")[2].split()[0])
        uptime = float((_PROC / "uptime").read_text().split()[0])
    except (OSError, AttributeError, ValueError, IndexError):
        return False
    return 0 <= state < 5 and abs(started + uptime - adesso.timestamp()) <= SCARTO.total_seconds()
