"""The one place where these tests touch the system: run it, and read back what it wrote.

The answer has the shape of the reference's (`Lettura`), so that both are compared with `==`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from pipelines.contract.estratti import ESTRATTI, PER_CODICE
from pipelines.contract.pubblici import Ente
from pipelines.contract.schema import Estratto
from pipelines.extracts.ingest import SOLO_IL_FILE, context_of, ingest_deliveries
from pipelines.extracts.ingestione import Ingestione
from pipelines.landing.zone import list_deliveries
from pipelines.partizione import Partizione
from tests.reference.lettura import EsitoFile, Lettura, Scarto

CHIAVE = b"chiave di prova, mai usata altrove"


@dataclass(frozen=True)
class Ingestito:
    """What the system wrote for one extract: the outcome, the tables, their bytes, and its state."""

    lettura: Lettura
    righe: pl.DataFrame
    scarti: pl.DataFrame
    file: pl.DataFrame
    scritto: tuple[bytes, ...]
    segnali: pl.DataFrame
    sospette: pl.DataFrame
    stato: str
    motivo: str | None


Ingerisci = Callable[..., Ingestito]


def codifica_nota(codifica: str | None) -> str | None:
    """The text encoding by its plain name; None for what is not text."""
    scritta = (codifica or "").lower()
    return next((nome for nome in ("utf-8", "windows-1252", "utf-16") if nome in scritta), None)


_PROVENIENZE = {name for e in ESTRATTI for c in e.riportate for name in c.provenienza}
"""Say where a value was taken from, where the office did not give it."""


def _lettura(righe: pl.DataFrame, scarti: pl.DataFrame, file: pl.DataFrame) -> Lettura:
    partizione = {"camera", "esercizio", "_file", "_riga", *_PROVENIENZE}
    lette = {
        (r["_file"], r["_riga"]): {c: v for c, v in r.items() if c not in partizione}
        for r in righe.to_dicts()
    }
    assert len(lette) == len(righe), "the same line is stored twice"
    elenco = [Scarto(r["_file"], r["_riga"], r["colonna"], r["regola"]) for r in scarti.to_dicts()]
    assert len(elenco) == len(set(elenco)), "the same broken rule is written twice"
    esiti = {
        r["_file"]: EsitoFile(
            r["esito"],
            codifica_nota(r["codifica"]) if r["esito"] == "ACCETTATO" else None,
            r["righe_lette"],
            r["righe_accettate"],
            r["righe_scartate"],
        )
        for r in file.to_dicts()
    }
    return Lettura(esiti, lette, frozenset(elenco))


def ingerisci_da(
    raw: Path,
    partizione: Partizione,
    estratto: Estratto,
    deposito: Path,
    chiave: bytes = CHIAVE,
    ente: Ente | None = None,
    prima: Sequence[Ingestione] = (),
) -> Ingestione:
    """What a night makes of an extract that lies in a landing zone, those of `prima` being read."""
    consegne = list_deliveries(raw, partizione)[0][estratto.codice]
    contesto = context_of(estratto, ente, prima) if ente else SOLO_IL_FILE
    place = raw, partizione, estratto, consegne, deposito, chiave
    return ingest_deliveries(*place, contesto=contesto)


def ingerisci_in(
    cartella: Path,
    codice: str,
    contenuti: Mapping[str, bytes],
    camera: str = "MS",
    esercizio: int = 2020,
    chiave: bytes = CHIAVE,
    ente: Ente | None = None,
) -> Ingestito:
    """Write the files (path below the landing zone -> bytes), ingest, read the result back."""
    raw, deposito = cartella / "raw", cartella / "deposito"
    deposito.mkdir(parents=True)
    (raw / camera / str(esercizio)).mkdir(parents=True)
    for percorso, contenuto in contenuti.items():
        (raw / percorso).parent.mkdir(parents=True, exist_ok=True)
        (raw / percorso).write_bytes(contenuto)
    place = raw, Partizione(camera, esercizio), PER_CODICE[codice], deposito
    esito = ingerisci_da(*place, chiave, ente)
    righe, scarti, file = (pl.read_parquet(p) for p in (esito.righe, esito.scarti, esito.file))
    scritto = tuple(p.read_bytes() for p in sorted(deposito.rglob("*")) if p.is_file())
    segnali, sospette = (pl.read_parquet(p) for p in (esito.segnali, esito.righe_sospette))
    lettura = _lettura(righe, scarti, file)
    return Ingestito(
        lettura, righe, scarti, file, scritto, segnali, sospette, esito.stato, esito.motivo
    )
