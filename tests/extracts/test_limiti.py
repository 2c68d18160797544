"""All the parts of an extract keep within what an extract may be, large files one at a time.

Belongs here: the bounds over parts together, files that change between two looks. Does not belong
here: the bounds of one file (test_files.py, tests/ostili).
"""

from pathlib import Path

import pytest

from pipelines.extracts import ingest
from pipelines.landing.zone import Aspetto, Letto
from tests.extracts.materiale import csv, percorso, riga_buona
from tests.extracts.sistema import Ingerisci, Ingestito

STUDI = "isr/studi"
PARTI = 3


def consegna(ingerisci: Ingerisci) -> Ingestito:
    """Parts of some 300 bytes each, which take more than a thousand in memory."""
    parti = {
        percorso(STUDI, str(n)): csv(STUDI, [riga_buona(STUDI, 10 * n + r) for r in range(4)])
        for n in range(PARTI)
    }
    assert 250 < len(parti[percorso(STUDI, "0")]) < 350
    return ingerisci(STUDI, parti)


def esiti(ingestito: Ingestito) -> list[str]:
    return ingestito.file.sort("_file")["esito"].to_list()


def test_large_files_are_read_one_at_a_time_with_the_same_outcome(
    ingerisci: Ingerisci, monkeypatch: pytest.MonkeyPatch
) -> None:
    tenuti = consegna(ingerisci)
    monkeypatch.setattr(ingest, "_TENUTI", 0)
    letti = consegna(ingerisci)
    assert letti.lettura == tenuti.lettura
    assert letti.file.equals(tenuti.file)
    assert len(letti.righe) == 4 * PARTI


@pytest.mark.parametrize("sparisce", [False, True])
def test_a_large_file_that_changes_between_two_looks_is_refused(
    sparisce: bool, ingerisci: Ingerisci, monkeypatch: pytest.MonkeyPatch
) -> None:
    volte: list[Path] = []
    real = vars(ingest)["read_whole"]

    def read_whole(raw: Path, path: Path, visto: Aspetto | None) -> Letto:
        found: Letto = real(raw, path, visto)
        if path.name == "studi-1.csv" and not volte:
            volte.append(path)
            path.unlink() if sparisce else path.write_bytes(found.content + b"x")
        return found

    monkeypatch.setattr(ingest, "_TENUTI", 0)
    monkeypatch.setattr(ingest, "read_whole", read_whole)
    ingestito = consegna(ingerisci)
    assert esiti(ingestito) == ["ACCETTATO", "RIFIUTATO", "ACCETTATO"]
    assert "è cambiato mentre" in ingestito.file["motivo"].drop_nulls().item()
    assert ingestito.stato == "INCOMPLETO"


@pytest.mark.parametrize(("contano", "accettate"), [("file", 2), ("celle", 1)])
def test_a_part_too_many_is_refused_with_a_sentence(
    contano: str, accettate: int, ingerisci: Ingerisci, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "MAX_BYTE_ESTRATTO", 1_200 if contano == "celle" else 700)
    if contano == "file":
        monkeypatch.setattr(ingest, "weigh", lambda _: 0)
    ingestito = consegna(ingerisci)
    assert esiti(ingestito) == ["ACCETTATO"] * accettate + ["RIFIUTATO"] * (PARTI - accettate)
    assert "con le parti che lo precedono supera" in ingestito.file["motivo"].drop_nulls()[0]
    assert ingestito.stato == "INCOMPLETO"
