"""A landing zone for tests: whole extracts from the few columns that a test cares about.

Belongs here: default rows of the extracts (each one counts in its indicators), how a value
is spelt in a file, writing the files of a chamber, running the system over them.
Does not belong here: plans (piano.py), what the figures should be.

    zona.scrivi(raw, "AA", 2020, "isr/studi", [{}, {"stato": "IN_CORSO"}])

writes raw/AA/2020/isr/studi.csv with two rows, of which the first counts, and returns them typed,
with `_file` and `_riga`, as the reference wants them.
"""

import os
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import product
from pathlib import Path
from string import ascii_uppercase
from typing import Any
from unittest import mock

import duckdb

from pipelines.contract.estratti import ESTRATTI
from tests.sample.esempio import esempio

Riga = dict[str, Any]
Parziale = Mapping[str, Any]

CHIAVE = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
"""The pseudonym key of the tests."""


def cig(numero: int) -> str:
    """A true CIG: a number of seven digits, and those of control."""
    return f"{numero:07d}{numero * 211 % 4091:03X}"


@cache
def predefinite(anno: int, i: int) -> dict[str, Riga]:
    """The default row number `i` of each extract in a year; its keys are the contract's columns.

    Those written here count in the indicators; any other extract has the row that its declaration gives.
    """
    scritte = _scritte(anno, i)
    altre = (estratto for estratto in ESTRATTI if estratto.codice not in scritte)
    return scritte | {estratto.codice: esempio(estratto, anno, i) for estratto in altre}


def _scritte(anno: int, i: int) -> dict[str, Riga]:
    return {
        "isr/studi": {
            "id_studio": f"STU-{i}",
            "titolo": "Rapporto economia",
            "tipologia": "Rapporto",
            "data_pubblicazione": date(anno, 3, 15),
            "stato": "PUBBLICATO",
        },
        "cciaa/attivita": {
            "id_attivita": f"ATT-{i}",
            "titolo": "Fiera del marmo",
            "programmata": True,
            "data_conclusione": date(anno, 3, 15),
            "stato": "ESEGUITA",
        },
        "contabilita/costi_processo": {
            "codice_processo": "D6.1.3",
            "voce": "COSTO_DIRETTO",
            "importo": Decimal("100.00"),
        },
        "contabilita/interventi_economici": {
            "id_intervento": f"INT-{i}",
            "descrizione": "Voucher",
            "modalita": "GESTIONE_DIRETTA",
            "data": date(anno, 3, 15),
            "importo": Decimal("100.00"),
        },
        "contabilita/consuntivo": {
            "missione": "011",
            "programma": "005",
            "obiettivo": "1.1",
            "importo": Decimal("100.00"),
        },
        "contabilita/fatture": {
            "numero": f"FAT-{i}",
            "data_ricevimento": date(anno, 3, 1),
            "data_scadenza": date(anno, 3, 31),
            "data_pagamento": date(anno, 3, 15),
            "giorni_sospensione": 0,
            "importo": Decimal("100.00"),
        },
        "contabilita/budget": {
            "voce": f"330{i:03d}",
            "descrizione": "Bando",
            "gruppo": "INTERVENTI_ECONOMICI",
            "stanziato": Decimal("200.00"),
            "utilizzato": Decimal("100.00"),
        },
        "registro_imprese/servizi_digitali": {
            "numero": f"SRV-{i}",
            "servizio": "SPID",
            "data": date(anno, 3, 15),
        },
        "registro_imprese/pratiche": {
            "numero_protocollo": f"PRA-{i}",
            "canale": "TELEMATICA",
            "data_ora_arrivo": datetime(anno, 3, 15, 9, 0),
            "data_ora_chiusura": datetime(anno, 3, 16, 9, 0),
            "giorni_sospensione": 0,
            "esito": "EVASA",
        },
        "registro_imprese/consistenza": {
            "data_riferimento": date(anno, 3, 31),
            "forma_giuridica": f"FORMA {i}",
            "registrate": 1_000_000,
            "attive": 100,
        },
        "brevetti/domande": {
            "numero_domanda": f"DOM-{i}",
            "data_deposito": date(anno, 3, 15),
            "tipologia": "MARCHIO",
        },
        "conciliazione/procedimenti": {
            "numero": f"PRO-{i}",
            "tipo": "MEDIAZIONE",
            "data_avvio": date(anno, 3, 15),
            "data_conclusione": None,
            "udienze": 1,
        },
        "kronos/fte": {
            "matricola": f"M{i:03d}",
            "codice_processo": "C2.7.2",
            "natura": "INTERNO",
            "percentuale_tempo": Decimal(100),
            "mesi_servizio": Decimal(12),
            "percentuale_part_time": Decimal(100),
        },
        "metrico/attivita": {
            "id_attivita": f"MET-{i}",
            "data": date(anno, 3, 15),
            "tipo": "VERIFICA_PERIODICA",
        },
        "segreteria/atti": {
            "organo": "GIUNTA",
            "tipo_atto": "DELIBERA",
            "numero": i + 1,
            "data": date(anno, 3, 15),
            "oggetto": "Approvazione",
        },
        "segreteria/sedute": {
            "id_seduta": f"SED-{i}",
            "organo": "GIUNTA",
            "data": date(anno, 3, 15),
            "esito": "SVOLTA",
        },
        "segreteria/trasparenza": {
            "sezione": "Bandi",
            "obbligo": f"Obbligo {i}",
            "applicabile": True,
            "punteggio": Decimal(3),
            "punteggio_massimo": Decimal(4),
        },
        "segreteria/accessi": {
            "protocollo": f"ACC-{i}",
            "tipo": "DOCUMENTALE_241",
            "data_presentazione": date(anno, 3, 15),
            "data_protocollo": date(anno, 3, 15),
            "data_risposta": date(anno, 3, 20),
            "giorni_sospensione": 0,
        },
        "segreteria/personale": {
            "matricola": f"M{i:03d}",
            "contratto": "TI",
            "data_inizio": date(anno - 10, 1, 1),
            "data_fine": None,
        },
        "segreteria/welfare": {
            "matricola": f"M{i:03d}",
            "strumento": "Asilo nido",
            "data": date(anno, 3, 15),
        },
        "segreteria/formazione": {
            "matricola": f"M{i:03d}",
            "corso": "Appalti",
            "data": date(anno, 3, 15),
            "ore": Decimal("1.5"),
        },
        "segreteria/presenze": {
            "area": f"Area {i}",
            "data": date(anno, 3, 31),
            "giorni_lavorativi": Decimal(20),
            "giorni_assenza": Decimal(2),
        },
        "provveditorato/lotti": {
            "cig": cig(9515695 + i),
            "oggetto": "Cancelleria",
            "canale": "MEPA",
            "regola_canale": "A3",
            "importo_aggiudicazione": Decimal("100.00"),
            "liquidato": Decimal("50.00"),
            "anno": anno,
        },
        # What two payments of the default sum up to; the second row is of no goods and no services.
        "provveditorato/siope": {
            "anno": anno,
            "mese": 3,
            "codice_siope": f"{2101 - 1000 * i}",
            "importo": Decimal("244.00"),
        },
        "provveditorato/pagamenti": {
            "numero_mandato": f"MAN-{i}",
            "riga": 1,
            "data_pagamento": date(anno, 3, 15),
            "cig": "Z0123456AB",
            "codice_siope": "2101",
            "fornitore": "Fornitore srl",
            "imponibile": Decimal("100.00"),
            "iva": Decimal("22.00"),
            "canale": "MEPA",
        },
    }


SE_MANCA: dict[tuple[str, str], int | str] = {
    ("registro_imprese/pratiche", "giorni_sospensione"): 0,
    ("contabilita/fatture", "giorni_sospensione"): 0,
    ("segreteria/accessi", "giorni_sospensione"): 0,
    ("segreteria/accessi", "data_presentazione"): "data_protocollo",
    ("provveditorato/pagamenti", "riga"): 1,
}
"""What the contract stores where one of these is missing: a number, or another column's value."""


def sigle() -> list[str]:
    """AA, AB, ... ZZ: chamber codes for scenarios, in order."""
    return ["".join(lettere) for lettere in product(ascii_uppercase, repeat=2)]


def testo(valore: Any) -> str:
    """A value as an Italian office spells it; None is an empty field."""
    if valore is None:
        return ""
    if isinstance(valore, bool):
        return "S" if valore else "N"
    if isinstance(valore, datetime):
        return valore.strftime("%d/%m/%Y %H:%M:%S")
    if isinstance(valore, date):
        return valore.strftime("%d/%m/%Y")
    if isinstance(valore, Decimal):
        return f"{valore:f}".replace(".", ",")
    return str(valore)


def righe(estratto: str, esercizio: int, parziali: Sequence[Parziale]) -> list[Riga]:
    """Whole rows from partial ones; a column that the extract does not have is an error."""
    intere = []
    for i, parziale in enumerate(parziali):
        riga = predefinite(esercizio, i)[estratto]
        ignote = parziale.keys() - riga.keys()
        if ignote:
            raise KeyError(f"{estratto} non ha {sorted(ignote)}")
        intere.append(riga | dict(parziale))
    return intere


def percorso(camera: str, esercizio: int, estratto: str, parte: str = "") -> str:
    """Where a file of an extract stands below the landing zone."""
    return f"{camera}/{esercizio}/{estratto}{parte}.csv"


def tipizzate(
    camera: str, esercizio: int, estratto: str, parziali: Sequence[Parziale], parte: str = ""
) -> list[Riga]:
    """The rows as the system should store them, with the contract's defaults, `_file`, `_riga`."""
    file = percorso(camera, esercizio, estratto, parte)
    risultato = []
    for numero, riga in enumerate(righe(estratto, esercizio, parziali), start=2):
        for (di, colonna), predefinito in SE_MANCA.items():
            if di == estratto and riga[colonna] is None:
                riga[colonna] = riga[predefinito] if isinstance(predefinito, str) else predefinito
        risultato.append(riga | {"_file": file, "_riga": numero})
    return risultato


def scrivi(
    raw: Path,
    camera: str,
    esercizio: int,
    estratto: str,
    contenuto: Sequence[Parziale] | str,
    parte: str = "",
) -> list[Riga]:
    """Write an extract (or one `-parte` of it) and return its rows typed.

    `contenuto` is a list of partial rows (empty: a header alone), or the text of the whole file.
    """
    file = raw / percorso(camera, esercizio, estratto, parte)
    file.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(contenuto, str):
        file.write_text(contenuto, encoding="utf-8")
        return []
    linee = [";".join(predefinite(esercizio, 0)[estratto])]
    linee += [
        ";".join(testo(v) for v in riga.values()) for riga in righe(estratto, esercizio, contenuto)
    ]
    file.write_text("\n".join(linee) + "\n", encoding="utf-8")
    return tipizzate(camera, esercizio, estratto, contenuto, parte)


def senza_documenti() -> AbstractContextManager[object]:
    """Nights in which no format of the scorecard is there to be written."""
    return mock.patch("pipelines.scorecard.write.list_formats", return_value={})


def pubblica(
    raw: Path,
    warehouse: Path,
    giorno: date,
    camera: str | None = None,
    esercizio: int | None = None,
    documenti: bool = True,
) -> duckdb.DuckDBPyConnection:
    """Run the whole system over a landing zone and open what it published; figures need no documents."""
    from pipelines.night.steps import run

    formats = nullcontext() if documenti else senza_documenti()
    with mock.patch.dict(os.environ, {"PIRA_KEY": CHIAVE}), formats:
        run(raw, warehouse, camera=camera, esercizio=esercizio, giorno=giorno)
    return duckdb.connect(str(warehouse / "pira.duckdb"), read_only=True)


def interroga(con: duckdb.DuckDBPyConnection, sql: str, *parametri: Any) -> list[Riga]:
    """The rows of a query as dicts."""
    cursore = con.execute(sql, list(parametri))
    nomi = [d[0] for d in cursore.description]
    return [dict(zip(nomi, r, strict=True)) for r in cursore.fetchall()]


def esatto(valore: object) -> Fraction | None:
    """A published number as it is; a float is refused, for it is not exact."""
    if isinstance(valore, float):
        raise TypeError(f"{valore} è un numero in virgola mobile")
    return None if valore is None else Fraction(str(valore))
