"""Clocks in doubt, and what is published and no longer in the landing zone, under `pira run`.

Belongs here: the two kinds of fault, and what the command must say and leave. Does not belong here: a
landing zone that is cut off while a run is at work (tra_i_passi.py), jumps between runs whose clock
somebody answers for (ambiente.py).
"""

import json
import shutil
from datetime import datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import duckdb

from pipelines import custodia
from pipelines.night.orologio import kept_by_others
from pipelines.publication import pubblicazioni
from pipelines.publication.memoria import MANIFEST
from pipelines.settings import now
from tests.guasti.giudice import Vista, pretendi, pulita
from tests.guasti.scena import (
    ATTESA_MASSIMA,
    CAMERA,
    ESERCIZIO,
    PIRA_RUN,
    Banco,
    Scena,
    avvia,
    comando_pira,
    corri,
    visto,
)

# --- the clock --------------------------------------------------------------------------------------

_ORA, _GIORNO = timedelta(hours=1), timedelta(days=1)
OROLOGI = (
    25 * _ORA,
    *(27 * _ORA, 8 * _GIORNO, 400 * _GIORNO, 3650 * _GIORNO),
    *(-3650 * _GIORNO, -400 * _GIORNO, -2 * _GIORNO, -_ORA, -_ORA / 6),
)
"""How long after the last publication the clock says that it is; a night after only the first."""


def orologio(scena: Scena, caso: int) -> None:
    """Since a clock cannot be set here, it is the last publication that was at another time.

    The machine has been started again since. Where others keep its clock, days are explained.
    """
    banco = scena.banco("una", Scena.SECONDA)
    _sposta(banco, now() - OROLOGI[caso])
    before = visto(banco)
    believed = caso == 0 or (OROLOGI[caso] > 0 * _ORA and kept_by_others(now()))
    status, words = _pira_run(banco)
    if not believed:
        pretendi(status == 1, f"pubblica, con l'orologio {OROLOGI[caso]} dopo: {words[-2000:]}")
        pretendi("L'orologio dice" in words, f"non dice perché: {words[-2000:]}")
        pretendi(visto(banco) == before, "qualcosa è cambiato")
        status, words = _pira_run(banco, "--orologio-giusto")
    pretendi(status == 0, f"non pubblica: {words[-2000:]}")
    pretendi(pulita(visto(banco)).cifra == Scena.SECONDA, "non pubblica ciò che c'è")
    known: list[Any] = [row[-2] for row in pulita(visto(banco)).storico]
    last = max(known)
    pretendi(last <= now().replace(tzinfo=None), f"qualcosa è noto dal {last}")


def _sposta(banco: Banco, quando: datetime) -> None:
    """The last publication was at another time, of a machine that had been started another time."""
    folder = pubblicazioni.current(banco.luoghi)
    assert folder is not None
    path = folder / MANIFEST
    moved = json.loads(path.read_text()) | {"pubblicato": quando.isoformat(), "macchina": None}
    custodia.write_record(path, moved)


def _pira_run(banco: Banco, *parole: str) -> tuple[int, str]:
    child = avvia(*comando_pira(banco, *PIRA_RUN, *parole))
    said, words = child.communicate(timeout=ATTESA_MASSIMA)
    return child.returncode, words + said


# --- what is no longer there ------------------------------------------------------------------------

SPARITE = tuple(
    product((True, False), ("anno", "Camera", "zona vuota", "zona", "file al suo posto"))
)
"""Whether what was read of it is lost too, and what is gone."""


def sparita(scena: Scena, caso: int) -> None:
    """What is gone stays as it was and is named; where it cannot, since nothing of it is kept, nothing
    is published. When it is back all is well."""
    lost, what = SPARITE[caso]
    banco = scena.banco("una", Scena.PRIMA)
    before = visto(banco)
    aside = banco.raw.with_name("altrove")
    shutil.copytree(banco.raw, aside)
    _togli(banco.raw, what)
    if lost:
        shutil.rmtree(banco.warehouse / "deposito")
    status, words = _pira_run(banco)
    if lost:
        pretendi(status == 1 and "non ha partizioni" in words, f"dice {words[-2000:]}")
        pretendi(visto(banco) == before, "qualcosa è cambiato")
    else:
        pretendi(status == 0, f"senza {what} non pubblica: {words[-2000:]}")
        pretendi("non è più nella zona di consegna" in words, f"non lo dice: {words[-2000:]}")
        pretendi(_assenti(banco) == [(CAMERA, ESERCIZIO)], f"non la segna: {_assenti(banco)}")
        pretendi(_cifre(pulita(visto(banco))) == _cifre(pulita(before)), "non resta com'era")
    if banco.raw.is_dir():
        shutil.rmtree(banco.raw)
    else:
        banco.raw.unlink(missing_ok=True)
    aside.rename(banco.raw)
    corri(banco)
    pretendi(pulita(visto(banco)).contenuto == scena.attesa(banco.raw), "tornata, è un'altra")
    pretendi(_assenti(banco) == [], "è tornata, e non si vede")


def _togli(raw: Path, what: str) -> None:
    shutil.rmtree(raw / CAMERA / str(ESERCIZIO) if what == "anno" else raw / CAMERA)
    if what in ("zona", "file al suo posto"):
        raw.rmdir()
    if what == "file al suo posto":
        raw.write_text("qui c'era la zona di consegna")


def _assenti(banco: Banco) -> list[tuple[object, ...]]:
    with duckdb.connect(str(banco.warehouse / "pira.duckdb"), read_only=True) as connection:
        return connection.execute(
            "select camera, esercizio from qualita.ferme where assente order by all"
        ).fetchall()


def _cifre(vista: Vista) -> dict[str, str]:
    """What is published of figures: values, their lines, the text scorecards."""
    of_figures = ("fonti.", "indicatori.", "scorecard.", "piano.", "scorecard/")
    return {n: h for n, h in vista.contenuto.items() if n.startswith(of_figures)}
