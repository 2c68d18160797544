"""The yearly list of contracts that every body publishes as XML (L. 190/2012, art. 1 c. 32).

Belongs here: its elements, its rules. Source: ANAC, technical specification and schema `legge190_1_0`.
"""

import polars as pl

from pipelines.contract.pubblici import (
    CON_IL_PUNTO,
    Campo,
    Documento,
    Ente,
    Pubblico,
    Regola,
    Reso,
)

_FONTE = "ANAC, specifiche tecniche per la L. 190/2012, art. 1 c. 32"


def _traduci(documento: Documento, ente: Ente) -> Reso:
    rows = documento.righe
    code = pl.col("scelta").str.extract(r"^([0-9]+)")
    adhesion = code.is_in(["26", "27"]).fill_null(False)
    righe = rows.select(
        "cig",
        "oggetto",
        pl.when(adhesion).then(pl.lit("ACCORDO_QUADRO")).alias("canale"),
        pl.lit("L1").alias("regola_canale"),
        "importo_aggiudicazione",
        "liquidato",
        "anno",
    )
    year = str(ente.partizione.esercizio)
    return Reso(righe, altrui=rows.select((pl.col("anno") != year).fill_null(False)).to_series())


FORMATO = Pubblico(
    "l190",
    "l'elenco dei contratti della L. 190/2012 (xml)",
    "provveditorato/lotti",
    (
        Campo("anno", ("/metadata/annoRiferimento",)),
        Campo("cig", ("cig",), firma=True),
        Campo("oggetto", ("oggetto",)),
        Campo("scelta", ("sceltaContraente",)),
        Campo("importo_aggiudicazione", ("importoAggiudicazione",)),
        Campo("liquidato", ("importoSommeLiquidate",)),
    ),
    _traduci,
    (
        Regola(
            "L1",
            "codice 26 o 27: ACCORDO_QUADRO; ogni altro non dice niente del mercato, e il canale resta"
            " vuoto. La L. 190 numera così; l'ANAC 27 e 28, il SIMOG 18 e 19, la PCP 12.",
            _FONTE,
        ),
        Regola(
            "L2",
            "gli importi sono senza IVA; le somme liquidate sono dall'inizio: quelle dell'anno sono la"
            " differenza con l'elenco dell'anno prima.",
            _FONTE,
        ),
        Regola(
            "L3",
            "la riga è quella di <lotto>; spazi e a capo attorno ai testi non contano; un DOCTYPE senza"
            " entità va bene, un'entità mai. Contano i lotti dell'anno di riferimento della cartella; gli"
            " altri sono righe altrui.",
            _FONTE,
        ),
        Regola(
            "L4",
            "un CIG 0000000000 o di 9 caratteri: il lotto resta, è segnalato, e non dà il canale a nessun"
            " pagamento.",
            _FONTE,
        ),
    ),
    genere="xml",
    numeri={"importo_aggiudicazione": CON_IL_PUNTO, "liquidato": CON_IL_PUNTO},
    spazio=("legge190_1_0", "pubblicazione"),
    elemento="lotto",
)
