"""Hostile Parquet: other schemas, other types, values out of every calendar, broken bytes.

Belongs here: frames that no office should send, and bytes that are no longer a file. The random
breaking of bytes is the fuzzer's (fuzz.py).
"""

import datetime as dt
import io
import random
from collections.abc import Iterator
from typing import Any

import polars as pl

from tests.extracts.materiale import csv_gz, xlsx
from tests.ostili.caso import RIFIUTATO, SEGRETO, TESTA, Caso, Contenuto, Esito, dati, file
from tests.ostili.testi import INERTI

UNA = dati(1)
_GIORNO = 86_400
_ULTIMO = 2**63 - 1


def parquet(frame: pl.DataFrame, **opzioni: Any) -> bytes:
    """The frame as a Parquet file."""
    memoria = io.BytesIO()
    frame.write_parquet(memoria, **opzioni)
    return memoria.getvalue()


def tabella(nome: str, **colonne: Any) -> pl.DataFrame:
    """A good row of the extract, some of its columns changed or added."""
    buone = {"id_studio": [f"colonne-{nome}"], "titolo": [SEGRETO], "stato": ["SOSPESO"]}
    return pl.DataFrame({**buone, **colonne})


def _caso(nome: str, contenuto: Contenuto, esito: Esito, pesante: bool = False) -> Caso:
    return file(nome, "parquet", contenuto, esito, pesante=pesante)


def _con(nome: str, esito: Esito, **colonne: Any) -> Caso:
    return _caso(nome, parquet(tabella(nome, **colonne)), esito)


def _interi(tipo: Any, *valori: int) -> pl.Series:
    return pl.Series(valori, dtype=pl.Int64).cast(tipo)


def _tipi() -> Iterator[Caso]:
    """Columns of a type that no office's program should write."""
    profonda: Any = "x"
    for _ in range(30):
        profonda = [profonda]
    for nome, valore in (
        ("lista", [["a", "b"]]),
        ("struttura", [{SEGRETO: "a"}]),
        ("binario", [b"\xff\xfe\x00"]),
        ("ora", [dt.time(1, 2)]),
        ("durata", [dt.timedelta(days=1)]),
        ("lista-profonda", [profonda]),
        ("vettore", pl.Series([[1, 2]], dtype=pl.Array(pl.Int8, 2))),
    ):
        yield _con(f"tipo-{nome}", RIFIUTATO, titolo=valore)
        yield _con(f"ignota-{nome}", UNA, altra=valore)
    yield _con("intero-128", UNA, titolo=pl.Series([2**100], dtype=pl.Int128))
    yield _con("intero-senza-segno", UNA, titolo=pl.Series([2**64 - 1], dtype=pl.UInt64))
    for nome, numero in (("inf", float("inf")), ("1e308", 1e308)):
        yield _con(f"decimale-{nome}", UNA, titolo=[numero])
    yield _con("decimale-nan", dati(0, 1), titolo=[float("nan")])  # missing
    yield _con("decimale-38", UNA, titolo=pl.Series(["1.5"]).cast(pl.Decimal(38, 37)))
    yield _con("categoria", UNA, titolo=pl.Series(["a"], dtype=pl.Categorical))
    yield _con("elenco", UNA, stato=pl.Series(["SOSPESO"], dtype=pl.Enum(["SOSPESO", SEGRETO])))
    yield _con("booleano-per-codice", dati(0, 1), stato=[True])
    yield _con("tutto-nullo", dati(0, 1), titolo=[None])
    yield _con("nul-nel-testo", RIFIUTATO, titolo=["a\x00b"])
    yield _con("nul-nella-categoria", RIFIUTATO, titolo=pl.Series(["a\x00b"], dtype=pl.Categorical))
    yield _con("testo-di-un-mega", UNA, titolo=["x" * (1 << 20)])
    for numero, testo in enumerate(INERTI):
        yield _con(f"inerte-{numero}", UNA, titolo=[testo])


def _calendario() -> Iterator[Caso]:
    """Instants that no calendar holds: quarantine, and never another day."""
    for nome, giorni in (("ultima", 2**31 - 1), ("prima", -(2**31)), ("anno-10000", 2_932_897)):
        colonna = _interi(pl.Int32, giorni).cast(pl.Date)
        yield _con(f"data-{nome}", dati(0, 1), data_pubblicazione=colonna)
    limiti = _interi(pl.Int32, -719_162, 2_932_896).cast(pl.Date)
    doppia = pl.DataFrame(
        {"id_studio": ["l1", "l2"], "titolo": ["a"] * 2, "stato": ["SOSPESO"] * 2}
    ).with_columns(data_pubblicazione=limiti)
    yield _caso("date-ai-limiti", parquet(doppia), dati(2))
    for unita in ("ms", "us", "ns"):
        for nome, istante in (("ultimo", _ULTIMO), ("primo", -_ULTIMO)):
            colonna = _interi(pl.Datetime(unita), istante)
            # in nanoseconds even the last is of a day, in 2262
            esito = UNA if unita == "ns" else dati(0, 1)
            yield _con(f"istante-{nome}-{unita}", esito, data_pubblicazione=colonna)
    for zona in ("Europe/Rome", "UTC", "Pacific/Kiritimati", "Asia/Kathmandu"):
        marzo = pl.Series([dt.datetime(2020, 3, 1)]).dt.replace_time_zone("UTC")
        colonna = marzo.dt.convert_time_zone(zona) if zona != "UTC" else marzo
        yield _con(f"fuso-{zona.replace('/', '-')}", UNA, data_pubblicazione=colonna)
    giorno = 20_000 * _GIORNO * 10**6
    rotta = _interi(pl.Datetime("us"), giorno + 1)
    yield _con("data-con-microsecondo", UNA, data_pubblicazione=rotta)


def _schemi() -> Iterator[Caso]:
    """Columns that are missing, doubled, renamed or too many."""
    buona = tabella("schema")
    yield _caso("manca-una-colonna", parquet(buona.drop("stato")), RIFIUTATO)
    yield _caso("altro-schema", parquet(pl.DataFrame({"a": [1], "b": [SEGRETO]})), RIFIUTATO)
    doppia = parquet(tabella("doppia", titolx=["b"]), compression="uncompressed")
    yield _caso("colonna-doppia", doppia.replace(b"titolx", b"titolo"), RIFIUTATO)
    yield _caso("colonna-quasi-doppia", parquet(tabella("x", TÍTOLO=["b"])), RIFIUTATO)
    yield _caso("senza-righe", parquet(buona.clear()), dati(0))
    yield _caso("senza-colonne", parquet(pl.DataFrame()), RIFIUTATO)
    ostili = {testo[:200]: ["x"] for testo in INERTI}
    yield _caso("nomi-ostili", parquet(tabella("nomi-ostili", **ostili)), UNA)
    larga = {f"c{n}": [1] for n in range(2000)}
    yield _caso("duemila-colonne", parquet(tabella("duemila-colonne", **larga)), UNA)
    troppe = {f"c{n}": [1] for n in range(17_000)}
    yield _caso("diciassettemila-colonne", lambda: parquet(tabella("x", **troppe)), RIFIUTATO, True)
    righe = pl.concat([tabella(f"gruppi-{n}") for n in range(500)])
    yield _caso("gruppi-di-una-riga", parquet(righe, row_group_size=1), dati(500))
    for compressione in ("uncompressed", "snappy", "lz4", "gzip", "brotli", "zstd"):
        nome = f"compressione-{compressione}"
        yield _caso(nome, parquet(tabella(nome), compression=compressione), UNA)


def _byte() -> Iterator[Caso]:
    """Files cut, altered or of another kind."""
    intero = parquet(tabella("x"))
    for quanti in (1, 4, 8, 100, len(intero) // 2, len(intero) - 8, len(intero) - 2):
        yield _caso(f"tronco-{quanti}", intero[:-quanti], RIFIUTATO)
    yield _caso("vuoto", b"", RIFIUTATO)
    yield _caso("solo-firma", b"PAR1PAR1", RIFIUTATO)
    yield _caso("cifrato", b"PARE" + intero[4:-4] + b"PARE", RIFIUTATO)
    yield _caso("csv", TESTA.encode(), RIFIUTATO)
    yield _caso("xlsx", xlsx([["id_studio"]]), RIFIUTATO)
    yield _caso("gz", csv_gz(intero), RIFIUTATO)
    yield _caso("a-caso", random.Random(2).randbytes(5000), RIFIUTATO)
    for nome, lunghezza in (("enorme", b"\xff\xff\xff\x7f"), ("negativo", b"\xff\xff\xff\xff")):
        yield _caso(f"piede-{nome}", intero[:-8] + lunghezza + b"PAR1", RIFIUTATO)
    yield _caso("piede-di-zeri", intero[:-200] + bytes(192) + intero[-8:], RIFIUTATO)


def _grandi() -> Iterator[Caso]:
    def ripetuta(righe: int) -> bytes:
        colonne = {c: pl.repeat(v[0], righe, eager=True) for c, v in tabella("x").to_dict().items()}
        return parquet(pl.DataFrame(colonne))

    def lungo() -> bytes:
        return parquet(tabella("testo-di-40-mb", titolo=["x" * (40 << 20)]))

    yield _caso("sei-milioni-di-righe-uguali", lambda: ripetuta(6_000_000), RIFIUTATO, True)
    yield _caso("testo-di-40-mb", lungo, RIFIUTATO, True)


def casi() -> list[Caso]:
    """Every case of Parquet."""
    return [*_tipi(), *_calendario(), *_schemi(), *_byte(), *_grandi()]
