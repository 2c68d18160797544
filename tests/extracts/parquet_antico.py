"""Parquet files with INT96 instants, which nothing here writes any more and office programs still do.

One row group, one page a column, nothing compressed: just enough of the format for a reader.
"""

import datetime as dt
import struct
from collections.abc import Mapping, Sequence

_INT96, _TESTO = 3, 6
_GIORNO_ZERO = 2_440_588
"""The Julian day of 1970-01-01."""


def int96(quando: dt.datetime) -> bytes:
    """An instant as old programs write it: nanoseconds of the day, then the Julian day."""
    da_allora = quando - dt.datetime(1970, 1, 1)
    nanosecondi = (da_allora.seconds * 10**6 + da_allora.microseconds) * 1000
    return struct.pack("<qi", nanosecondi, da_allora.days + _GIORNO_ZERO)


def _varint(numero: int) -> bytes:
    resto = b""
    while numero >= 128:
        resto += bytes([numero & 127 | 128])
        numero >>= 7
    return resto + bytes([numero])


_I32, _I64, _TESTUALE, _LISTA, _STRUTTURA = 5, 6, 8, 9, 12
Campo = tuple[int, int, object]
"""Number, type and value of a field of Thrift's compact form."""


def _lista(tipo: int, voci: Sequence[object]) -> bytes:
    return bytes([0xF0 | tipo]) + _varint(len(voci)) + b"".join(_scritto(v) for v in voci)


def _scritto(valore: object) -> bytes:
    if isinstance(valore, bytes):  # written already
        return valore
    if isinstance(valore, str):
        return _varint(len(valore)) + valore.encode("ascii")
    assert isinstance(valore, int)
    return _varint(valore << 1)


def _struttura(*campi: Campo) -> bytes:
    scritto, prima = b"", 0
    for numero, tipo, valore in campi:
        scritto += bytes([(numero - prima) << 4 | tipo]) + _scritto(valore)
        prima = numero
    return scritto + b"\0"


def _pagina(valori: Sequence[bytes | str]) -> bytes:
    dati = b"".join(
        v if isinstance(v, bytes) else struct.pack("<i", len(v.encode())) + v.encode()
        for v in valori
    )
    testa = _struttura(  # plain values, no levels: every value is there
        (1, _I32, 0),
        (2, _I32, len(dati)),
        (3, _I32, len(dati)),
        (
            5,
            _STRUTTURA,
            _struttura((1, _I32, len(valori)), (2, _I32, 0), (3, _I32, 3), (4, _I32, 3)),
        ),
    )
    return testa + dati


def parquet_antico(colonne: Mapping[str, Sequence[bytes | str]]) -> bytes:
    """A file of these columns, of texts or of INT96 (`int96`), without missing values."""
    contenuto = b"PAR1"
    schema = [_struttura((4, _TESTUALE, "schema"), (5, _I32, len(colonne)))]
    pezzi = []
    for nome, valori in colonne.items():
        tipo = _INT96 if isinstance(valori[0], bytes) else _TESTO
        detto: list[Campo] = [] if tipo == _INT96 else [(6, _I32, 0)]  # text is UTF-8
        schema.append(_struttura((1, _I32, tipo), (3, _I32, 0), (4, _TESTUALE, nome), *detto))
        pagina = _pagina(valori)
        meta = _struttura(
            (1, _I32, tipo),
            (2, _LISTA, _lista(_I32, [0])),
            (3, _LISTA, _lista(_TESTUALE, [nome])),
            (4, _I32, 0),
            (5, _I64, len(valori)),
            (6, _I64, len(pagina)),
            (7, _I64, len(pagina)),
            (9, _I64, len(contenuto)),
        )
        pezzi.append(_struttura((2, _I64, len(contenuto)), (3, _STRUTTURA, meta)))
        contenuto += pagina
    (righe,) = {len(valori) for valori in colonne.values()}
    gruppo = _struttura(
        (1, _LISTA, _lista(_STRUTTURA, pezzi)), (2, _I64, len(contenuto)), (3, _I64, righe)
    )
    piede = _struttura(
        (1, _I32, 1),
        (2, _LISTA, _lista(_STRUTTURA, schema)),
        (3, _I64, righe),
        (4, _LISTA, _lista(_STRUTTURA, [gruppo])),
    )
    return contenuto + piede + struct.pack("<i", len(piede)) + b"PAR1"
