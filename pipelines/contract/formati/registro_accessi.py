"""The register of requests of access that every body publishes (FOIA): a table.

Belongs here: its columns as they are met, its rules. Source: ANAC, resolution 1309/2016; Funzione
Pubblica, circular 2/2017. Who asked, and for what, is never taken.
"""

import polars as pl

from pipelines.contract.pubblici import Campo, Documento, Ente, Pubblico, Regola, Reso, reduced

_FONTE = "ANAC, delibera 1309/2016; Funzione Pubblica, circolare 2/2017"
_TIPI = {
    "CIVICO_SEMPLICE": r"\bsemplice\b|\bart(?:icolo)? 5 (?:c|co|comma) 1\b",
    "CIVICO_GENERALIZZATO": r"\bgeneralizzat[oa]\b|\bfoia\b|\bart(?:icolo)? 5 (?:c|co|comma) 2\b",
    "DOCUMENTALE_241": r"\bdocumentale\b|\b241\b",
}
_SENZA_RISPOSTA = r"\bnessuna risposta\b|\bin corso\b|\bin istruttoria\b|\bin trattazione\b"
_MASSIMO = 10
"""Days for which those whom a request concerns may stop its term."""


def _day(nome: str) -> pl.Expr:
    """A day, where the text is one."""
    text = pl.col(nome)
    return pl.coalesce(
        text.str.to_date("%d/%m/%Y", strict=False), text.str.to_date("%Y-%m-%d", strict=False)
    )


def _traduci(documento: Documento, _: Ente) -> Reso:
    says = {tipo: reduced("tipo").str.contains(words) for tipo, words in _TIPI.items()}
    how_many = pl.sum_horizontal(says.values())
    tipo = pl.coalesce(*(pl.when(said).then(pl.lit(name)) for name, said in says.items()))
    asked = pl.col("data_richiesta")
    day = pl.coalesce("data_protocollo", "data_richiesta")
    year = pl.coalesce("anno", asked.str.extract(r"\b((?:19|20)[0-9]{2})\b"))
    number = pl.col("numero")
    own_key = pl.when(number.str.contains("/")).then(number).otherwise(year + "/" + number)
    waited = (_day("data_opposizione") - _day("data_comunicazione")).dt.total_days()
    unanswered = reduced("esito").str.contains(_SENZA_RISPOSTA).fill_null(False) | reduced(
        "data_risposta"
    ).str.contains(_SENZA_RISPOSTA).fill_null(False)
    righe = documento.righe.select(
        pl.coalesce("protocollo", own_key).alias("protocollo"),
        pl.when(how_many == 1).then(tipo).otherwise(pl.col("tipo")).alias("tipo"),
        asked.alias("data_presentazione"),
        day.alias("data_protocollo"),
        pl.when(~unanswered).then(pl.col("data_risposta")).alias("data_risposta"),
        pl.when(waited >= 0)
        .then(pl.min_horizontal(waited, _MASSIMO).cast(pl.String))
        .alias("giorni_sospensione"),
    )
    return Reso(righe)


FORMATO = Pubblico(
    "registro_accessi",
    "il registro degli accessi (tabella)",
    "segreteria/accessi",
    (
        Campo(
            "tipo",
            (
                "tipo di accesso",
                "tipologia di accesso",
                "tipologia accesso",
                "tipo accesso",
                "tipologia di istanza",
                "tipologia istanza",
                "tipologia richiesta",
                "tipologia di richiesta",
                "tipo istanza",
                "tipo richiesta",
                "tipologia",
                "tipo",
            ),
            firma=True,
        ),
        Campo(
            "data_richiesta",
            (
                "data della richiesta",
                "data richiesta",
                "data di richiesta",
                "data della domanda",
                "data dell istanza",
                "data istanza",
                "data di presentazione",
                "data presentazione",
                "data presentazione istanza",
                "data presentazione richiesta",
                "data di presentazione della richiesta",
                "data di presentazione dell istanza",
                "data arrivo",
                "data di arrivo",
                "data ricezione",
                "data",
            ),
            firma=True,
        ),
        Campo(
            "numero",
            (
                "n",
                "nr",
                "num",
                "numero",
                "n progressivo",
                "numero progressivo",
                "progressivo",
                "n ordine",
                "numero d ordine",
                "n richiesta",
                "numero richiesta",
                "n istanza",
                "numero istanza",
                "id",
            ),
        ),
        Campo("anno", ("anno",)),
        Campo(
            "protocollo",
            (
                "protocollo",
                "n protocollo",
                "numero protocollo",
                "numero di protocollo",
                "prot",
                "n prot",
                "prot n",
                "protocollo richiesta",
                "protocollo istanza",
                "protocollo della richiesta",
            ),
        ),
        Campo(
            "data_protocollo",
            ("data protocollo", "data di protocollo", "data prot", "data del protocollo"),
        ),
        Campo(
            "esito",
            (
                "esito",
                "esito della richiesta",
                "esito richiesta",
                "esito dell istanza",
                "esito istanza",
                "stato",
            ),
        ),
        Campo(
            "data_risposta",
            (
                "data risposta",
                "data della risposta",
                "data di risposta",
                "data decisione",
                "data della decisione",
                "data esito",
                "data dell esito",
                "data provvedimento",
                "data del provvedimento",
                "data di conclusione",
                "data conclusione",
                "data chiusura",
            ),
        ),
        Campo(
            "data_comunicazione",
            (
                "data comunicazione ai controinteressati",
                "data comunicazione controinteressati",
                "data di comunicazione ai controinteressati",
                "data della comunicazione ai controinteressati",
                "comunicazione ai controinteressati",
                "data notifica ai controinteressati",
                "data notifica controinteressati",
                "data comunicazione",
            ),
        ),
        Campo(
            "data_opposizione",
            (
                "data opposizione",
                "data opposizione controinteressati",
                "data opposizione dei controinteressati",
                "data di opposizione",
                "data dell opposizione",
                "data opposizione del controinteressato",
                "opposizione dei controinteressati",
                "opposizione",
            ),
        ),
    ),
    _traduci,
    (
        Regola(
            "F1",
            "il tipo dalle sue parole: semplice, o art. 5 c. 1; generalizzato, FOIA, o art. 5 c. 2;"
            " documentale, o 241. Parole che non ne dicono uno solo sono un codice sconosciuto.",
            _FONTE,
        ),
        Regola(
            "F2",
            "senza protocollo la chiave è anno/numero, e la data di protocollo è quella della richiesta; i"
            " giorni di sospensione vengono solo da due date (comunicazione e opposizione), al più 10.",
            _FONTE,
        ),
        Regola("F3", "«Nessuna risposta» e «In corso» non hanno data di risposta.", _FONTE),
    ),
)
