"""What the purchasing office delivers: payments, and what public registers say of purchases.

Belongs here: the declarations of `provveditorato`. Does not belong here: those of the other offices
(estratti.py), how a public file is told and read (formati/).
"""

import polars as pl

from pipelines.contract.schema import (
    Estratto,
    RegolaRiga,
    Riporto,
    codice,
    data,
    importo,
    intero,
    scelta,
    testo,
)

_CANALI = "CONVENZIONE_CONSIP ACCORDO_QUADRO MEPA FUORI_MERCATO"

PROVVEDITORATO: tuple[Estratto, ...] = (
    Estratto(
        "provveditorato",
        "lotti",
        "Lotti di gara, come li pubblicano l'ANAC e la Camera (L. 190/2012)",
        (
            testo("cig", "Codice identificativo di gara; 0000000000 dove non c'è"),
            testo("oggetto", "Oggetto del lotto", facoltativa=True),
            scelta("canale", "Canale di acquisto; vuoto se non si sa", _CANALI, facoltativa=True),
            codice("regola_canale", "Regola con cui si è dedotto il canale", facoltativa=True),
            importo(
                "importo_aggiudicazione",
                "Importo aggiudicato, senza IVA (EUR); mai una base d'asta",
                facoltativa=True,
            ),
            importo(
                "liquidato",
                "Somme liquidate dall'inizio, senza IVA (EUR)",
                facoltativa=True,
            ),
            intero("anno", "Anno di pubblicazione del lotto, o di cui il registro parla"),
        ),
        ritmo="annuale",
        chiave=("cig", "oggetto", "anno"),
        dovuto=False,
    ),
    Estratto(
        "provveditorato",
        "siope",
        "Pagamenti per codice e mese, come li pubblica il SIOPE",
        (
            intero("anno", "Anno del pagamento"),
            intero("mese", "Mese del pagamento (1-12)", da=1, a=12),
            testo("codice_siope", "Codice SIOPE (quattro cifre)", forma="[0-9]{4}"),
            importo("importo", "Pagato nel mese, IVA compresa (EUR)"),
        ),
        ritmo="mensile",
        chiave=("anno", "mese", "codice_siope"),
        dovuto=False,
    ),
    Estratto(
        "provveditorato",
        "pagamenti",
        "Righe dei mandati di pagamento",
        (
            testo("numero_mandato", "Numero del mandato"),
            intero("riga", "Riga del mandato (se manca, 1)", predefinito=1, facoltativa=True),
            data("data_pagamento", "Data di pagamento"),
            codice("cig", "Codice identificativo di gara", facoltativa=True),
            testo("codice_siope", "Codice SIOPE (quattro cifre)", forma="[0-9]{4}"),
            testo("fornitore", "Fornitore", facoltativa=True),
            importo("imponibile", "Imponibile (EUR)"),
            importo("iva", "IVA (EUR)"),
            scelta(
                "canale",
                "Canale di acquisto",
                _CANALI,
                riporto=Riporto(
                    "provveditorato/lotti", "cig", "regola_canale", "[0-9A-Z]{10}", "0{10}"
                ),
            ),
        ),
        ritmo="mensile",
        evento="data_pagamento",
        chiave=("numero_mandato", "riga"),
        regole=(
            RegolaRiga(
                "cig",
                "un CIG ha 10 caratteri, lettere o cifre",
                lambda: pl.col("cig").str.contains(r"^[A-Za-z0-9]{10}$"),
            ),
        ),
    ),
)
