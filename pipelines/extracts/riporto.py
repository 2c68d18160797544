"""A value that an office's row lacks, taken from the one row of another extract that says it.

Belongs here: what another extract says by key, the cells filled with it, where each came from. Does not
belong here: which columns may be filled (contract/schema.Riporto), whether the row is then allowed
(judge.py): it is judged as if the office had written the value.
"""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from pipelines.contract.schema import Colonna
from pipelines.extracts.cells import CAMPI, FILE, RIGA, Celle

_CHIAVE, _VALORE = "\x00chiave", "\x00valore"


@dataclass(frozen=True)
class Registro:
    """What another extract says of a column: a frame of key, value, and where that stands."""

    colonna: Colonna
    righe: pl.DataFrame

    @property
    def impronta(self) -> str:
        """The fingerprint of all that it says."""
        return hashlib.sha256(self.righe.write_json().encode()).hexdigest()


def register_of(colonna: Colonna, righe: Path) -> Registro | None:
    """What the accepted rows of another extract say of a column; None where they say nothing.

    Rows of one key that say different values say nothing; of those that say the same, the first is named.
    """
    riporto = colonna.riporto
    if riporto is None:
        raise ValueError(colonna.nome)
    key, (file, riga, regola) = pl.col(_CHIAVE), colonna.provenienza
    said = (
        pl.read_parquet(righe, glob=False)
        .select(
            pl.col(riporto.chiave).str.to_uppercase().alias(_CHIAVE),
            pl.col(colonna.nome).alias(_VALORE),
            pl.col(FILE).alias(file),
            pl.col(RIGA).alias(riga),
            pl.col(riporto.regola).alias(regola),
        )
        .filter(
            key.str.contains(f"^{riporto.forma}$"),
            ~key.str.contains(f"^{riporto.nulla}$"),
            pl.col(_VALORE).is_not_null(),
        )
        .filter(pl.col(_VALORE).n_unique().over(_CHIAVE) == 1)
        .sort(_CHIAVE, file, riga)
        .unique(_CHIAVE, keep="first", maintain_order=True)
    )
    return None if said.is_empty() else Registro(colonna, said)


def filled(cells: Celle, registro: Registro) -> tuple[Celle, pl.DataFrame]:
    """The cells, each blank one of the column filled where the register has the key of its row; and, of
    the rows that were filled, the line and where the value stands."""
    nome, frame = registro.colonna.nome, cells.frame
    riporto = registro.colonna.riporto
    if riporto is None or riporto.chiave not in frame.columns:
        nothing = registro.righe.head(0).drop(_CHIAVE, _VALORE)
        return cells, nothing.with_columns(pl.lit(None, pl.Int64).alias(RIGA))
    if nome not in frame.columns:
        frame = frame.with_columns(pl.lit(None, pl.String).alias(nome))
    keys = frame[riporto.chiave].str.to_uppercase()
    blank = frame[nome].is_null() & frame[CAMPI].is_null()
    found = (
        frame.select(RIGA, keys.alias(_CHIAVE))
        .filter(blank)
        .join(registro.righe, on=_CHIAVE, how="inner")
    )
    values = frame.select(RIGA).join(
        found.select(RIGA, _VALORE), on=RIGA, how="left", maintain_order="left"
    )[_VALORE]
    frame = frame.with_columns(pl.when(blank).then(values).otherwise(nome).alias(nome))
    return replace(cells, frame=frame), found.drop(_CHIAVE, _VALORE)
