"""A channel that the office does not give is that of the one lot with the payment's CIG, as if it were
written in the file; where no lot says it, the row is refused as ever."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from pipelines.contract.estratti import ESTRATTI, PER_CODICE
from pipelines.contract.pubblici import Ente
from pipelines.extracts.ingestione import Ingestione
from pipelines.partizione import Partizione
from tests.extracts.materiale import csv, riga_buona, xlsx
from tests.extracts.sistema import ingerisci_da

LOTTI, PAGAMENTI = "provveditorato/lotti", "provveditorato/pagamenti"
MS = Partizione("MS", 2020)
ENTE = Ente(MS, None, None, ())
UNO, DUE, TRE, NULLO = "8874674CA7", "Z063947806", "95156957EC", "0000000000"


def _lotti(*detti: tuple[str, str, str]) -> bytes:
    return csv(
        LOTTI,
        [
            riga_buona(LOTTI, n, cig=cig, canale=canale, regola_canale=regola)
            for n, (cig, canale, regola) in enumerate(detti)
        ],
    )


DETTI = _lotti(
    (UNO, "MEPA", "A3"),
    (UNO, "", "L1"),
    (UNO, "MEPA", "A3"),
    (DUE, "MEPA", "A3"),
    (DUE, "ACCORDO_QUADRO", "L1"),
    (TRE, "", "A5"),
    (NULLO, "MEPA", "A3"),
    ("123456789", "MEPA", "A3"),
)


def _pagamenti(*detti: tuple[str, str]) -> bytes:
    return csv(
        PAGAMENTI,
        [riga_buona(PAGAMENTI, n, cig=cig, canale=canale) for n, (cig, canale) in enumerate(detti)],
    )


def _notte(
    base: Path, lotti: bytes | None, pagamenti: bytes, nome: str = "pagamenti.csv"
) -> Sequence[Ingestione]:
    """What a night makes of lots and payments, over what an earlier one has left in the same folder."""
    folder = base / "raw/MS/2020/provveditorato"
    folder.mkdir(parents=True, exist_ok=True)
    if lotti is not None:
        (folder / "lotti.csv").write_bytes(lotti)
    (folder / nome).write_bytes(pagamenti)
    read: list[Ingestione] = []
    for codice in (LOTTI, PAGAMENTI):
        place = base / "raw", MS, PER_CODICE[codice], base / "deposito"
        read.append(ingerisci_da(*place, ente=ENTE, prima=read))
    return read


COLONNE = ("_riga", "canale", "_canale_file", "_canale_riga", "regola_canale")


def _righe(letto: Ingestione) -> list[tuple[Any, ...]]:
    return pl.read_parquet(letto.righe).sort("_riga").select(COLONNE).rows()


def _scarti(letto: Ingestione) -> list[tuple[Any, ...]]:
    found = pl.read_parquet(letto.scarti).select("_riga", "colonna", "regola")
    return found.sort("_riga").rows()


FILE = "MS/2020/provveditorato/lotti.csv"


def test_an_extract_stands_after_those_it_takes_from() -> None:
    codes = list(PER_CODICE)
    for estratto in ESTRATTI:
        for colonna in estratto.riportate:
            assert colonna.riporto is not None
            source = PER_CODICE[colonna.riporto.estratto]
            assert codes.index(source.codice) < codes.index(estratto.codice)
            assert {colonna.riporto.regola, colonna.riporto.chiave} <= {
                c.nome for c in source.colonne
            }
            assert source.colonna(colonna.nome).codici == colonna.codici


def test_the_one_lot_with_the_cig_gives_the_channel(tmp_path: Path) -> None:
    pagamenti = _pagamenti(
        (UNO, ""),
        (UNO.lower(), " "),
        (UNO, "FUORI_MERCATO"),
        (DUE, ""),
        (TRE, ""),
        (NULLO, ""),
        ("", ""),
    )
    _, letto = _notte(tmp_path, DETTI, pagamenti)
    assert _righe(letto) == [
        (2, "MEPA", FILE, 2, "A3"),
        (3, "MEPA", FILE, 2, "A3"),
        (4, "FUORI_MERCATO", None, None, None),
    ]
    assert _scarti(letto) == [(riga, "canale", "obbligatorio") for riga in (5, 6, 7, 8)]


def test_without_lots_it_is_as_ever(tmp_path: Path) -> None:
    lotti, letto = _notte(tmp_path, None, _pagamenti((UNO, ""), (UNO, "MEPA")))
    assert lotti.stato == "ASSENTE"
    assert _righe(letto) == [(3, "MEPA", None, None, None)]
    assert _scarti(letto) == [(2, "canale", "obbligatorio")]


def test_other_lots_are_another_reading_of_the_same_payments(tmp_path: Path) -> None:
    pagamenti = _pagamenti((UNO, ""), (UNO, "MEPA"))
    _, prima = _notte(tmp_path, DETTI, pagamenti)
    _, ancora = _notte(tmp_path, DETTI, pagamenti)
    assert ancora.righe == prima.righe
    _, dopo = _notte(tmp_path, _lotti((UNO, "ACCORDO_QUADRO", "L1")), pagamenti)
    assert [r[1] for r in _righe(dopo)] == ["ACCORDO_QUADRO", "MEPA"]


def test_of_lots_that_are_not_whole_nothing_is_taken(tmp_path: Path) -> None:
    folder = tmp_path / "raw/MS/2020/provveditorato"
    folder.mkdir(parents=True)
    (folder / "lotti-2.csv").write_bytes(b"a;b\n1;2\n")
    lotti, letto = _notte(tmp_path, DETTI, _pagamenti((UNO, ""), (UNO, "MEPA")))
    assert lotti.stato == "INCOMPLETO"
    assert _scarti(letto) == [(2, "canale", "obbligatorio")]


NOMI = [c.nome for c in PER_CODICE[PAGAMENTI].colonne if c.nome != "canale"]
SENZA_CANALE = [
    [riga_buona(PAGAMENTI, n, cig=cig)[nome] for nome in NOMI] for n, cig in enumerate((UNO, TRE))
]


@pytest.mark.parametrize("formato", ["csv", "xlsx"])
def test_a_file_without_the_column_is_read_where_lots_have_it(tmp_path: Path, formato: str) -> None:
    rows = [NOMI, *SENZA_CANALE]
    contenuto = (
        xlsx(rows) if formato == "xlsx" else "\n".join(";".join(row) for row in rows).encode()
    )
    nome = f"pagamenti.{formato}"
    _, letto = _notte(tmp_path / "con", DETTI, contenuto, nome)
    assert _righe(letto) == [(2, "MEPA", FILE, 2, "A3")]
    assert _scarti(letto) == [(3, "canale", "obbligatorio")]
    _, senza = _notte(tmp_path / "senza", None, contenuto, nome)
    assert senza.stato == "INCOMPLETO" and "canale" in str(senza.motivo)
