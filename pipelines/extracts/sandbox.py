"""A child process, bounded in memory and time, that opens what can harm whoever opens it.

Belongs here: starting the child, asking it, what is said when it fails. Does not belong here: how a
workbook or a Parquet file is read (workbook.py, sheet.py, native.py).

A workbook of 500 KB can unpack to gigabytes, and one wrong bit in a Parquet file makes its reader
abort the process, with no exception to catch: here it costs that file and no other. The child is
kept, since it takes longer to start than most files to read; one that failed is replaced.

Run as a program, `python -m pipelines.extracts.sandbox` answers questions on its standard input: a
JSON line and the bytes of a file, for a JSON line and the bytes of a frame.
"""

import io
import json
import os
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import IO, Any

import polars as pl

from pipelines.contract.estratti import PER_CODICE
from pipelines.contract.mappa import DA_SE, Apertura, Mappatura, Sorgente
from pipelines.contract.mappa_toml import read_mapping
from pipelines.contract.schema import Estratto
from pipelines.extracts.cells import MAX_BYTE_RIGA, Celle, Conto, Segnale
from pipelines.extracts.mappe import source_of, under_headings
from pipelines.landing.rifiutato import Rifiutato
from pipelines.landing.zone import MAX_BYTE
from pipelines.settings import ROOT

MAX_MEMORY = 3 << 30
"""Address space of the child; what it really uses stays about 1 GB below."""
MAX_SECONDS = 120
"""Processor time for one file."""
_MAX_WAIT = 600.0

_GUASTO = "è guasto o troppo grande per essere aperto: esportarlo di nuovo, o in più parti."
_THREADS = {"POLARS_MAX_THREADS": "2"}  # each takes address space

_QUESTO = "pipelines.extracts.sandbox"
_children: dict[str, subprocess.Popen[bytes]] = {}
_turn = threading.Lock()


def read_apart(
    formato: str,
    estratto: Estratto,
    content: bytes,
    mappa: Mappatura | None = None,
    trovate: Mapping[str, str] | None = None,
) -> Celle:
    """The cells of a workbook or of a Parquet file, read by the child; `trovate` are its own fields, by
    name, and their headings, where they are not the contract's. Raises `Rifiutato`."""
    required = {c.nome for c in PER_CODICE[estratto.codice].colonne if c.obbligatoria}
    eased = sorted(required - {c.nome for c in estratto.colonne if c.obbligatoria})
    question: dict[str, Any] = {"formato": formato, "estratto": estratto.codice}
    if eased:
        question["facoltative"] = eased
    if trovate is not None:
        question["trovate"] = dict(trovate)
    if mappa is not None:
        question["mappa"] = [mappa.sha256, *([t.file, t.testo] for t in mappa.testi)]
    answer, frame = _ask(question, content)
    return Celle(
        pl.read_ipc_stream(io.BytesIO(frame)),
        answer["campi"],
        tuple(answer["ignote"]),
        None,
        Conto(**answer["conto"]),
        tuple(answer["note"]),
        tuple(Segnale(**found) for found in answer["segnali"]),
        answer["come"],
    )


def records_apart(codice: str, content: bytes) -> tuple[dict[str, Any], pl.DataFrame]:
    """The records of an XML in a public format, with `conto` and `note`. Raises `Rifiutato`."""
    answer, frame = _ask({"formato": "xml", "pubblico": codice}, content)
    return answer, pl.read_ipc_stream(io.BytesIO(frame))


def heads_apart(formato: str, content: bytes) -> list[list[str]]:
    """The first lines of the same, whatever extract it is of. Raises `Rifiutato`."""
    answer, _ = _ask({"formato": formato}, content)
    lines: list[list[str]] = answer["teste"]
    return lines


def plain_apart(programma: str, formato: str, content: bytes) -> dict[str, Any]:
    """What another program of ours, that does `serve`, makes of a file in a child of its own.

    It is plain: what JSON can carry. Raises `Rifiutato`.
    """
    answer, _ = _ask({"formato": formato}, content, programma)
    return answer


def _ask(
    question: dict[str, Any], content: bytes, programma: str = _QUESTO
) -> tuple[dict[str, Any], bytes]:
    with _turn:
        answer, body = _ask_child(question, content, programma)
    if "rifiutato" in answer:
        raise Rifiutato(answer["rifiutato"])
    return answer, body


def _ask_child(
    question: dict[str, Any], content: bytes, programma: str
) -> tuple[dict[str, Any], bytes]:
    child = _children.get(programma)
    if child is None or child.poll() is not None:
        child = _children[programma] = _start(programma)
    assert child.stdin is not None and child.stdout is not None
    alarm = threading.Timer(_MAX_WAIT, child.kill)
    alarm.start()
    try:
        _send(child.stdin, question, content)
        return _receive(child.stdout)
    except BaseException as error:
        # Whatever went wrong, the next file must not get the answer to this one.
        del _children[programma]
        _stop(child)
        if isinstance(error, OSError | EOFError):
            raise Rifiutato(_GUASTO) from error
        raise
    finally:
        alarm.cancel()


def _start(programma: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", programma],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={**os.environ, **_THREADS},
    )


def _stop(child: subprocess.Popen[bytes]) -> None:
    child.kill()
    child.communicate()


def _send(stream: IO[bytes], facts: dict[str, Any], body: bytes) -> None:
    stream.write(json.dumps({**facts, "byte": len(body)}).encode() + b"\n")
    stream.write(body)
    stream.flush()


def _receive(stream: IO[bytes]) -> tuple[dict[str, Any], bytes]:
    """A message. Raises `EOFError` where the other side is gone."""
    line = stream.readline()
    if not line.endswith(b"\n"):
        raise EOFError
    facts = json.loads(line)
    body = stream.read(facts["byte"])
    if len(body) != facts["byte"]:
        raise EOFError
    return facts, body


# --- the child ------------------------------------------------------------------------------------


def _answer(question: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    from pipelines.extracts import native, sheet
    from pipelines.extracts.workbook import open_sheet

    def answer() -> tuple[dict[str, Any], bytes]:
        if question["formato"] == "xml":
            return _records(question["pubblico"], content)
        formato, estratto, apertura = _asked(question)
        if estratto is None:
            xlsx = formato == "xlsx"
            lines = sheet.heads(open_sheet(content)) if xlsx else native.heads(content)
            return {"teste": lines}, b""
        if formato == "xlsx":
            celle = sheet.from_sheet(open_sheet(content, apertura), estratto, apertura)
        else:
            celle = native.from_parquet(content, estratto)
        _check_size(celle.frame)
        frame = io.BytesIO()
        celle.frame.write_ipc_stream(frame)
        facts = {
            "campi": celle.campi,
            "ignote": celle.ignote,
            "conto": asdict(celle.conto),
            "note": celle.note,
            "segnali": [asdict(found) for found in celle.segnali],
            "come": celle.come,
        }
        return facts, frame.getvalue()

    return guarded(answer)


def guarded(answer: Callable[[], tuple[dict[str, Any], bytes]]) -> tuple[dict[str, Any], bytes]:
    """An answer, or why there is none."""
    try:
        return answer()
    except Rifiutato as refusal:
        return {"rifiutato": str(refusal)}, b""
    except MemoryError:
        raise  # there may be none left for the next file
    except Exception:
        return {"rifiutato": _GUASTO}, b""


def _records(codice: str, content: bytes) -> tuple[dict[str, Any], bytes]:
    from pipelines.contract.pubblici import public_formats
    from pipelines.extracts.albero import records_of

    formato = next(f for f in public_formats() if f.codice == codice)
    rows, conto, note = records_of(content, formato)
    _check_size(rows)
    frame = io.BytesIO()
    rows.write_ipc_stream(frame)
    return {"conto": asdict(conto), "note": note}, frame.getvalue()


def _asked(question: dict[str, Any]) -> tuple[str, Estratto | None, Apertura]:
    """The format, the extract as the file has it, and how the file is to be opened."""
    estratto = PER_CODICE.get(question.get("estratto", ""))
    if estratto is not None and "facoltative" in question:
        estratto = estratto.eased(question["facoltative"])
    if estratto is not None and "trovate" in question:
        estratto = under_headings(estratto, question["trovate"])
    if estratto is None or "mappa" not in question:
        return question["formato"], estratto, DA_SE
    sha256, *texts = question["mappa"]
    mappa = read_mapping(estratto, sha256, [Sorgente(file, text) for file, text in texts])
    return question["formato"], source_of(mappa, estratto), mappa.apertura


def _check_size(frame: pl.DataFrame) -> None:
    """What delimited text may not exceed, no other format may."""
    for column in frame.select(pl.col(pl.String)):
        if (column.str.len_bytes() > MAX_BYTE_RIGA).any():
            raise Rifiutato(
                f"una cella della colonna {column.name} supera {MAX_BYTE_RIGA >> 20} MB: accorciarla."
            )
    if frame.estimated_size() > MAX_BYTE:
        raise Rifiutato(f"supera {MAX_BYTE >> 20} MB di testo: consegnarlo in più parti.")


Risposta = Callable[[dict[str, Any], bytes], tuple[dict[str, Any], bytes]]


def serve(answer: Risposta) -> None:
    """Answers until there are no more questions; a panic of the library ends the process."""
    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, most = resource.getrlimit(resource.RLIMIT_CPU)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # no library can speak out of turn
    while True:
        try:
            question, content = _receive(sys.stdin.buffer)
        except EOFError:
            return
        resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + MAX_SECONDS, most))
        _send(answers, *answer(question, content))


if __name__ == "__main__":
    serve(_answer)
