"""Invoices for the cases of three indicators of payments."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.indicatori.zona import Parziale

FATTURE = "contabilita/fatture"
RICEVUTA = date(2020, 5, 1)


def pagata(
    dopo: int, scadenza: int | None = 30, sospesi: int | None = 0, importo: str = "100.00"
) -> dict[str, Any]:
    """An invoice of 1 May paid so many days later; `scadenza` is how many it was due in."""
    return {
        "data_ricevimento": RICEVUTA,
        "data_scadenza": None if scadenza is None else RICEVUTA + timedelta(scadenza),
        "data_pagamento": RICEVUTA + timedelta(dopo),
        "giorni_sospensione": sospesi,
        "importo": Decimal(importo),
    }


def pagata_il(giorno: date) -> Parziale:
    """An invoice received two days before it was due and paid."""
    return {
        "data_ricevimento": giorno - timedelta(2),
        "data_scadenza": giorno,
        "data_pagamento": giorno,
    }


NON_PAGATA: Parziale = {**pagata(0), "data_pagamento": None}
NOTA_DI_CREDITO = pagata(90, importo="-40.00")
