"""Open data of the ANAC on tenders: a csv of all lots that got a CIG, every body's.

Belongs here: its columns, its rules. Source: the data set «CIG» of the Banca Dati Nazionale dei Contratti
Pubblici, with its tables of codes.
"""

import polars as pl

from pipelines.contract.pubblici import (
    Campo,
    Documento,
    Ente,
    NonAttribuibile,
    Pubblico,
    Regola,
    Reso,
    bare_code,
    reduced,
)

_CONSIP = "05359681003"
_ENTE, _NOME = "cf_amministrazione_appaltante", "denominazione_amministrazione_appaltante"
_SCELTA, _MODALITA = "cod_tipo_scelta_contraente", "cod_modalita_realizzazione"
_STRUMENTO, _ACCORDO, _DELEGATA = (
    "cod_strumento_svolgimento",
    "cig_accordo_quadro",
    "cf_sa_delegata",
)
_CAMERA = r"\b(?:camera di commercio|cciaa|c c i a a)\b"
_FIRMA = ("cig", _ENTE, _SCELTA, _MODALITA, "anno_pubblicazione")
_ALTRI = ("oggetto_lotto", "oggetto_gara", "stato", _STRUMENTO, _ACCORDO, _DELEGATA, _NOME)
_FONTE = "ANAC, dati aperti sui CIG"


def _own(rows: pl.DataFrame, ente: Ente) -> tuple[str, tuple[str, ...]]:
    """The tax code of the chamber: as the rules say it, else of the only chamber of commerce in the file."""
    if ente.codice_fiscale:
        return ente.codice_fiscale, ()
    if rows.is_empty():
        return "", ()
    chambers = rows.filter(reduced(_NOME).str.contains(_CAMERA))
    named = sorted(chambers[_ENTE].drop_nulls().unique())
    if len(named) != 1:
        raise NonAttribuibile(
            f"non si sa quali lotti siano della Camera, perché nel file le Camere di Commercio sono"
            f" {len(named)}: scrivere in sql/regole.toml, [camera.{ente.partizione.camera}], il suo"
            " codice_fiscale."
        )
    return named[0], (
        f"sono della Camera i lotti di {named[0]}, l'unica Camera di Commercio del file: le regole non"
        " dicono il suo codice_fiscale",
    )


def _traduci(documento: Documento, ente: Ente) -> Reso:
    rows = documento.righe.with_columns(
        bare_code(name) for name in (_SCELTA, _MODALITA, _STRUMENTO, "anno_pubblicazione")
    )
    own, note = _own(rows, ente)
    of_consip = rows.filter(pl.col(_ENTE) == _CONSIP)["cig"].drop_nulls().to_list()
    strumento = pl.col(_STRUMENTO)
    adhesion = (
        pl.col(_SCELTA).is_in(["27", "28"]) | (pl.col(_MODALITA) == "9") | (strumento == "6")
    ).fill_null(False)
    consip = (pl.col(_ACCORDO).is_in(of_consip) | (pl.col(_DELEGATA) == _CONSIP)).fill_null(False)
    rule = (
        pl.when(adhesion & consip)
        .then(pl.lit("A1"))
        .when(adhesion)
        .then(pl.lit("A2"))
        .when(strumento.is_in(["3", "4"]))
        .then(pl.lit("A3"))
        .when(strumento.is_in(ente.fuori_mercato))
        .then(pl.lit("A4"))
        .otherwise(pl.lit("A5"))
    )
    channels = {
        "A1": "CONVENZIONE_CONSIP",
        "A2": "ACCORDO_QUADRO",
        "A3": "MEPA",
        "A4": "FUORI_MERCATO",
        "A5": None,
    }
    righe = rows.with_columns(regola_canale=rule).select(
        "cig",
        pl.coalesce("oggetto_lotto", "oggetto_gara").alias("oggetto"),
        pl.col("regola_canale").replace_strict(channels, return_dtype=pl.String).alias("canale"),
        "regola_canale",
        pl.col("anno_pubblicazione").alias("anno"),
    )
    cancelled = reduced("stato").str.contains(r"\b(?:cancellat|annullat)").fill_null(False)
    others = rows.select((pl.col(_ENTE) != own).fill_null(True) | cancelled).to_series()
    return Reso(righe, altrui=others, note=note)


FORMATO = Pubblico(
    "anac_cig",
    "i dati aperti dell'ANAC sui CIG (csv)",
    "provveditorato/lotti",
    (
        *(Campo(name, (name,), firma=True) for name in _FIRMA),
        *(Campo(name, (name,)) for name in _ALTRI),
    ),
    _traduci,
    (
        Regola(
            "A1",
            "scelta 27 o 28, modalità 9 o strumento 6, con un accordo di Consip (CF 05359681003):"
            " CONVENZIONE_CONSIP. L'accordo è di Consip se lo è, nello stesso file, il lotto di"
            " cig_accordo_quadro, o se Consip è la stazione appaltante delegata.",
            _FONTE,
        ),
        Regola(
            "A2",
            "gli stessi, con un accordo di altri o non detto: ACCORDO_QUADRO. I codici sono testi: 9 non è"
            " 09 (in economia); 5.0 è 5.",
            _FONTE,
        ),
        Regola(
            "A3",
            "strumento 3 o 4 (catalogo o mercato elettronico, art. 57): MEPA. Il file non dice quale"
            " mercato: è dedotto.",
            _FONTE,
        ),
        Regola(
            "A4",
            "strumento 1, 2, 5 o 7: FUORI_MERCATO; quali siano lo dicono le regole.",
            "sql/regole.toml, strumenti_fuori_mercato",
        ),
        Regola(
            "A5",
            "nessuno strumento e nessuna adesione: il canale non si sa, e resta vuoto.",
            _FONTE,
        ),
        Regola(
            "A6",
            "gli importi di lotto e di gara sono basi d'asta: non si leggono.",
            _FONTE,
        ),
        Regola(
            "A7",
            "contano i lotti col codice fiscale della Camera (zeri compresi) che non sono cancellati; gli"
            " altri sono righe altrui.",
            _FONTE,
        ),
    ),
)
