"""Payments by code and month, as the SIOPE publishes them: a csv without header.

Belongs here: its fields, its rules. Source: Ragioneria Generale dello Stato, open data of the SIOPE.
"""

import polars as pl

from pipelines.contract.pubblici import (
    IN_CENTESIMI,
    Campo,
    Documento,
    Ente,
    NonAttribuibile,
    Pubblico,
    Regola,
    Reso,
)

_FONTE = "Ragioneria Generale dello Stato, dati aperti SIOPE"


def _traduci(documento: Documento, ente: Ente) -> Reso:
    rows = documento.righe
    own, note = ente.codice_siope, tuple[str, ...]()
    if not own:
        named = sorted(rows["ente"].drop_nulls().unique())
        if len(named) > 1:
            raise NonAttribuibile(
                f"non si sa quali righe siano della Camera, perché nel file gli enti sono {len(named)}:"
                f" scrivere in sql/regole.toml, [camera.{ente.partizione.camera}], il suo codice_siope."
            )
        own = named[0] if named else ""
        note = (f"sono della Camera le righe di {own}, l'unico ente del file",) if own else ()
    year = str(ente.partizione.esercizio)
    other = (pl.col("ente") != own) | (pl.col("anno") != year)
    others = rows.select(other.fill_null(True)).to_series()
    return Reso(rows.select("anno", "mese", "codice_siope", "importo"), altrui=others, note=note)


FORMATO = Pubblico(
    "siope",
    "i dati aperti del SIOPE (csv senza intestazione)",
    "provveditorato/siope",
    (
        Campo("ente", ("codice ente",), forma="[0-9]{9}"),
        Campo("anno", ("anno",), forma="(?:19|20)[0-9]{2}"),
        Campo("mese", ("periodo",), forma="[0-9]{2}"),
        Campo("codice_siope", ("codice gestionale",), forma="[0-9A-Za-z]+"),
        Campo("importo", ("importo in centesimi",), forma="-?[0-9]+"),
    ),
    _traduci,
    (
        Regola(
            "S1",
            "cinque campi senza intestazione: codice dell'ente (9 cifre, testo), anno, periodo 01..12, codice"
            " gestionale (testo), importo in centesimi interi, anche negativo. Le righe di un altro ente o"
            " di un altro anno sono altrui.",
            _FONTE,
        ),
        Regola(
            "S2",
            "i beni e servizi sono i codici 2101..2127, 2298 e 2299: per codice e mese, il totale con cui"
            " confrontare i pagamenti.",
            _FONTE,
        ),
    ),
    intestazione=False,
    numeri={"importo": IN_CENTESIMI},
)
