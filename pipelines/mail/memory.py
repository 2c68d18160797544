"""What the mail remembers between two nights: what was told to whom, and the incident that is open.

Belongs here: the records and their form on the disk. Does not belong here: where they are kept, and
under which lock (store.py); what is told (report.py).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True)
class Detto:
    """The last morning message to a recipient.

    `notte` is its date in Rome, `quando` its instant; `esecuzione` and `pubblicato` are those of the
    publication it told, or found to be no news. `fino_al` is the last instant of `storico.valori` that
    it covers (Rome, no zone). `problemi` are those still open, by key, each with the cases told;
    `tornata` is whether the last thing told was a way back to an older publication.
    """

    notte: date
    quando: datetime
    esecuzione: str
    pubblicato: datetime
    fino_al: datetime | None
    problemi: Mapping[str, int]
    tornata: bool = False


@dataclass(frozen=True)
class Incidente:
    """Runs fail, since `dal`; `ultimo` is the last of so many `fallimenti`.

    `messaggi` has the Message-ID that each recipient was told it by.
    """

    dal: datetime
    ultimo: datetime
    fallimenti: int
    messaggi: Mapping[str, str]


@dataclass(frozen=True)
class Memoria:
    """All of it. `prossimo` is the number of the next message: those from there on are not put yet."""

    prossimo: int
    incidente: Incidente | None = None
    detti: Mapping[str, Detto] = field(default_factory=dict)


def dump(memoria: Memoria) -> str:
    """The memory as JSON that a person can read."""
    incidente = memoria.incidente
    return json.dumps(
        {
            "prossimo": memoria.prossimo,
            "incidente": incidente
            and {
                "dal": incidente.dal.isoformat(),
                "ultimo": incidente.ultimo.isoformat(),
                "fallimenti": incidente.fallimenti,
                "messaggi": dict(incidente.messaggi),
            },
            "detti": {
                who: {
                    "notte": detto.notte.isoformat(),
                    "quando": detto.quando.isoformat(),
                    "esecuzione": detto.esecuzione,
                    "pubblicato": detto.pubblicato.isoformat(),
                    "fino_al": detto.fino_al and detto.fino_al.isoformat(),
                    "problemi": dict(detto.problemi),
                    "tornata": detto.tornata,
                }
                for who, detto in memoria.detti.items()
            },
        },
        ensure_ascii=False,
        indent=1,
    )


def load(text: str) -> Memoria:
    """The memory out of its JSON. Raises `ValueError` for a text that is not one."""
    try:
        found = json.loads(text)
        return Memoria(
            prossimo=int(found["prossimo"]),
            incidente=_incidente(found["incidente"]),
            detti={who: _detto(detto) for who, detto in found["detti"].items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("non è la memoria della posta") from error


def _incidente(found: dict[str, Any] | None) -> Incidente | None:
    if found is None:
        return None
    return Incidente(
        dal=datetime.fromisoformat(found["dal"]),
        ultimo=datetime.fromisoformat(found["ultimo"]),
        fallimenti=int(found["fallimenti"]),
        messaggi=dict(found["messaggi"]),
    )


def _detto(found: dict[str, Any]) -> Detto:
    return Detto(
        notte=date.fromisoformat(found["notte"]),
        quando=datetime.fromisoformat(found["quando"]),
        esecuzione=str(found["esecuzione"]),
        pubblicato=datetime.fromisoformat(found["pubblicato"]),
        fino_al=found["fino_al"] and datetime.fromisoformat(found["fino_al"]),
        # a memory of an earlier version knows no problems: they are told once more
        problemi=dict(found.get("problemi", {})),
        tornata=bool(found.get("tornata", False)),
    )
