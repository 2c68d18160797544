"""The files of an extract, judged: each by itself, then all together.

Belongs here: from the cells of a file to accepted rows, quarantine, amounts and what was noticed; the rules
over all the files of an extract, and the frames that are kept of it. Does not belong here: how a cell is read
(cells.py, values.py), what is allowed (judge.py), which file is read at all (ingest.py).
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from pipelines import custodia
from pipelines.contract.schema import Estratto
from pipelines.extracts import segnali
from pipelines.extracts.cells import FILE, RIGA, Celle, Conto, Segnale
from pipelines.extracts.ingestione import (
    FILE_SCHEMA,
    IMPORTI_SCHEMA,
    PART_SEGNALI_SCHEMA,
    SOMMA,
    keep,
    paths_of,
    provenance_schema,
    rows_schema,
)
from pipelines.extracts.persone import MASKED, tells_nobody
from pipelines.extracts.pseudonyms import pseudonymise
from pipelines.extracts.somiglianze import RADICI_SCHEMA, root
from pipelines.extracts.totali import without_footer
from pipelines.landing.rifiutato import Rifiutato
from pipelines.landing.zone import Consegna, Letto, Visto
from pipelines.partizione import Partizione

_PART_IMPORTI_SCHEMA = {"colonna": pl.String(), "letto": SOMMA, "scartato": SOMMA}


@dataclass(frozen=True)
class Parte:
    """A file judged by itself: rows accepted so far, quarantine, rows read; or a refusal."""

    righe: pl.DataFrame
    scarti: pl.DataFrame
    importi: pl.DataFrame
    segnali: pl.DataFrame
    sospette: pl.DataFrame
    radici: pl.DataFrame
    lette: int = 0
    conto: Conto | None = None
    codifica: str | None = None
    motivo: str | None = None
    rifiutata: bool = False
    escluse: int = 0
    altrui: int = 0
    formato: str | None = None


_CELLA = 16
"""Bytes of a cell beside its text."""
_TESTI = pl.col(pl.String).str.len_bytes().sum()


def weigh(part: Parte) -> int:
    """Bytes that a part takes in memory, the same whether it was read now or comes from the store."""
    frames = (part.righe, part.scarti)
    texts = sum(sum(frame.select(_TESTI).row(0)) for frame in frames)
    return int(texts) + _CELLA * sum(frame.height * frame.width for frame in frames)


def refused_part(estratto: Estratto, refusal: Rifiutato) -> Parte:
    from pipelines.extracts import judge

    return Parte(
        pl.DataFrame(schema=rows_schema(estratto)),
        pl.DataFrame(schema=judge.SCARTI_SCHEMA),
        pl.DataFrame(schema=_PART_IMPORTI_SCHEMA),
        pl.DataFrame(schema=PART_SEGNALI_SCHEMA),
        pl.DataFrame(schema=segnali.RIGHE_SCHEMA),
        pl.DataFrame(schema=RADICI_SCHEMA),
        motivo=str(refusal),
        rifiutata=True,
    )


_FRAMES = ("righe", "importi", "segnali", "sospette", "radici", "scarti")


def store_part(stem: Path, part: Parte) -> None:
    """Keeps a part by itself, under its stem (ingestione.part_stem)."""
    conto = asdict(part.conto) if part.conto else None
    frames = {name: getattr(part, name) for name in _FRAMES}
    counts = [part.lette, part.escluse, part.altrui]
    keep(stem, frames, [*counts, conto, part.codifica, part.motivo, part.formato])


def load_part(stem: Path, warn: custodia.Avvisa) -> Parte | None:
    """The same, read back; None where it is not there or not as it was written, which `warn` is told."""
    seal = custodia.open_seal(stem, warn)
    if seal is None:
        return None
    lette, escluse, altrui, conto, codifica, motivo, formato = seal["fatti"]
    paths = paths_of(stem, _FRAMES)
    frames: dict[str, Any] = {n: pl.read_parquet(p, glob=False) for n, p in paths.items()}
    return Parte(
        **frames,
        lette=lette,
        escluse=escluse,
        altrui=altrui,
        conto=Conto(**conto),
        codifica=codifica,
        motivo=motivo,
        formato=formato,
    )


def judge_part(
    estratto: Estratto,
    partizione: Partizione,
    consegna: Consegna,
    cells: Celle,
    key: bytes,
    whence: pl.DataFrame | None = None,
) -> Parte:
    """`whence` has the lines whose value was taken from another extract, and where it stands there."""
    from pipelines.extracts import (
        judge,
        verdetti,
    )  # pandera takes longer to load than a year to look at

    verdetti.assert_validation_is_on()
    cells = without_footer(cells)
    lette = len(cells.frame) + cells.escluse + cells.altrui
    rows, wrong_fields = judge.judge_fields(cells.frame, cells.campi)
    typed = judge.type_cells(rows, estratto)
    data, totals = judge.judge_totals(typed, estratto)
    data, people = judge.judge_people(data, estratto)
    noticed = segnali.of_part(data, estratto)
    frame, wrong_values = judge.judge_values(data, estratto)
    frame, wrong_rows = judge.judge_rows(frame, estratto)
    wrong = pl.concat([totals, people, wrong_values, wrong_rows])
    importi = _amounts(typed, wrong, estratto)
    radici = _roots(frame, partizione, estratto, key)
    for colonna in estratto.colonne:
        if colonna.personale:
            hashed = pseudonymise(frame[colonna.nome], partizione.camera, key)
            frame = frame.with_columns(hashed.alias(colonna.nome))
    if estratto.riportate:
        schema = {RIGA: pl.Int64(), **provenance_schema(estratto)}
        taken = pl.DataFrame(schema=schema) if whence is None else whence.select(list(schema))
        frame = frame.join(taken, on=RIGA, how="left", maintain_order="left")
    righe = frame.select(
        pl.lit(partizione.camera).alias("camera"),
        pl.lit(partizione.esercizio, pl.Int32).alias("esercizio"),
        *(c.nome for c in estratto.colonne),
        *provenance_schema(estratto),
        pl.lit(consegna.file).alias(FILE),
        RIGA,
    )
    return Parte(
        righe,
        pl.concat([wrong_fields, wrong]),
        importi,
        _signals(
            (
                *_unsaid(cells.segnali, estratto),
                *_out_of_place(people),
                *(s.segnale for s in noticed),
            )
        ),
        segnali.suspect_rows(noticed),
        radici,
        lette,
        cells.conto,
        cells.codifica,
        _remarks(cells.ignote, cells.note),
        escluse=cells.escluse,
        altrui=cells.altrui,
        formato=cells.formato,
    )


def _roots(
    frame: pl.DataFrame, partizione: Partizione, estratto: Estratto, key: bytes
) -> pl.DataFrame:
    """Of each person of the key, the pseudonym beside that of the bare matricola (somiglianze.root)."""
    found = [pl.DataFrame(schema=RADICI_SCHEMA)]
    for colonna in estratto.colonne:
        if colonna.personale and colonna.nome in estratto.chiave:
            people = frame.select(pl.col(colonna.nome).unique(maintain_order=True)).to_series()
            found.append(
                pl.DataFrame(
                    {
                        "colonna": pl.repeat(colonna.nome, len(people), eager=True),
                        "valore": pseudonymise(people, partizione.camera, key),
                        "radice": pseudonymise(root(people), partizione.camera, key),
                    },
                    schema=RADICI_SCHEMA,
                )
            )
    return pl.concat(found)


def _remarks(ignote: tuple[str, ...], note: tuple[str, ...]) -> str | None:
    """What is to be said of a file that was read: columns and parts that were not."""
    names = [name[:40] for name in ignote[:20]]
    said = [f"colonne fuori contratto, non lette: {', '.join(names)}"] if names else []
    return "; ".join([*said, *note]) or None


def _unsaid(found: tuple[Segnale, ...], estratto: Estratto) -> Iterator[Segnale]:
    """What was noticed before anybody looked for people: a number as it was written may be one's."""
    for s in found:
        quoted = s.esempio is not None and s.segnale == "numeri_misti"
        told = not quoted or tells_nobody(pl.Series([s.esempio]), estratto).all()
        yield s if told else replace(s, esempio=MASKED)


def _out_of_place(people: pl.DataFrame) -> Iterator[Segnale]:
    """The columns in which people stand, of which nothing is repeated."""
    columns = people.group_by("colonna").agg(pl.len(), pl.col(RIGA).min()).sort("colonna")
    for colonna, casi, riga in columns.iter_rows():
        yield Segnale("persone_fuori_posto", colonna, casi, riga, None)


def _signals(found: tuple[Segnale, ...]) -> pl.DataFrame:
    rows = [(s.segnale, s.colonna, s.casi, s.riga, s.esempio) for s in found]
    return pl.DataFrame(rows, schema=PART_SEGNALI_SCHEMA, orient="row")


def _amounts(typed: pl.DataFrame, wrong: pl.DataFrame, estratto: Estratto) -> pl.DataFrame:
    """Per column of amounts (EUR): what could be read, and how much of it is in quarantine."""
    refused = typed.filter(pl.col(RIGA).is_in(wrong[RIGA].unique().to_list()))
    return pl.DataFrame(
        [
            (c.nome, _total(typed[c.nome]), _total(refused[c.nome]))
            for c in estratto.colonne
            if c.tipo == "importo"
        ],
        schema=_PART_IMPORTI_SCHEMA,
        orient="row",
    )


def _total(amounts: pl.Series) -> Decimal:
    return Decimal(amounts.cast(SOMMA).sum() or 0)


Viste = Sequence[tuple[Consegna, Visto | Letto | Rifiutato]]
"""The deliveries of an extract, each with what its content is, or why it is not read."""


def combine(
    estratto: Estratto,
    partizione: Partizione,
    read: Viste,
    parts: list[Parte],
    mapped: str | None,
) -> dict[str, pl.DataFrame]:
    """The rules over all the parts together, and the frames of the extract (`PARTI`)."""
    from pipelines.extracts import judge, verdetti

    verdetti.assert_validation_is_on()
    righe = pl.concat([pl.DataFrame(schema=rows_schema(estratto)), *(part.righe for part in parts)])
    judged, wrong_keys = judge.judge_keys(righe, estratto)
    judged, wrong_sums = judge.judge_sums(judged, estratto)
    together = pl.concat([wrong_keys, wrong_sums])
    radici = pl.concat([pl.DataFrame(schema=RADICI_SCHEMA), *(part.radici for part in parts)])
    told, suspects = segnali.of_extract(righe, estratto, radici.unique())
    importi = _combine_amounts(estratto, partizione, read, parts, righe, together)
    righe = judged
    place = (
        pl.lit(partizione.camera).alias("camera"),
        pl.lit(partizione.esercizio, pl.Int32).alias("esercizio"),
        pl.lit(estratto.codice).alias("estratto"),
    )

    def by_file(name: str) -> list[pl.DataFrame]:
        return [
            getattr(part, name).select(pl.lit(consegna.file).alias(FILE), pl.all())
            for (consegna, _), part in zip(read, parts, strict=True)
        ]

    scarti = pl.concat([*by_file("scarti"), together]).select(*place, pl.all())
    signals = pl.concat([told, *by_file("segnali")], how="diagonal").select(*place, pl.all())
    sospette = pl.concat([suspects, *by_file("sospette")], how="diagonal")
    if not sospette.is_empty():  # or all the rows are sought in vain
        sospette = sospette.join(righe, on=[FILE, RIGA], how="semi")
    sospette = sospette.select(*place, pl.all())
    accepted = dict(righe.group_by(FILE).len().iter_rows())
    refused = dict(scarti.group_by(FILE).agg(pl.col(RIGA).n_unique()).iter_rows())
    lines = [
        {
            "camera": partizione.camera,
            "esercizio": partizione.esercizio,
            "estratto": estratto.codice,
            FILE: consegna.file,
            "sha256": None if isinstance(found, Rifiutato) else found.sha256,
            "byte": None if isinstance(found, Rifiutato) else found.byte,
            "codifica": part.codifica,
            "righe_lette": part.lette,
            "righe_accettate": accepted.get(consegna.file, 0),
            "righe_scartate": refused.get(consegna.file, 0),
            "righe_escluse": part.escluse,
            "righe_altrui": part.altrui,
            **_counted(part.conto),
            "esito": "RIFIUTATO" if part.rifiutata else "ACCETTATO",
            "motivo": part.motivo,
            "somiglia": None,
            "mappa": mapped,
            "formato": part.formato,
        }
        for (consegna, found), part in zip(read, parts, strict=True)
    ]
    return {
        "righe": righe,
        "scarti": scarti,
        "file": pl.DataFrame(lines, schema=FILE_SCHEMA),
        "importi": importi,
        "segnali": signals,
        "righe_sospette": sospette,
    }


def _counted(conto: Conto | None) -> dict[str, int | None]:
    return {
        "righe_file": conto.file if conto else None,
        "righe_intestazione": conto.intestazione if conto else None,
        "righe_vuote": conto.vuote if conto else None,
        "righe_proseguite": conto.proseguite if conto else None,
    }


def _combine_amounts(
    estratto: Estratto,
    partizione: Partizione,
    read: Viste,
    parts: list[Parte],
    righe: pl.DataFrame,
    wrong: pl.DataFrame,
) -> pl.DataFrame:
    """The amounts of every file, with those that the rules over all the parts put in quarantine."""
    refused = righe.join(wrong.select(FILE, RIGA).unique(), on=[FILE, RIGA], how="semi")
    lines = [
        (
            partizione.camera,
            partizione.esercizio,
            estratto.codice,
            consegna.file,
            colonna,
            letto,
            scartato + _total(refused.filter(pl.col(FILE) == consegna.file)[colonna]),
        )
        for (consegna, _), part in zip(read, parts, strict=True)
        for colonna, letto, scartato in part.importi.iter_rows()
    ]
    return pl.DataFrame(lines, schema=IMPORTI_SCHEMA, orient="row")
