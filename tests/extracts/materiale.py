"""Rows, spellings and file writers that the tests of the extracts share. No judgement here."""

import gzip
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal

import xlsxwriter

from pipelines.contract.estratti import PER_CODICE
from tests.indicatori.zona import testo
from tests.sample.esempio import esempio

Celle = dict[str, str]

# A row of each extract that breaks no rule. `{n}` differs from row to row, so no two share a key;
# the other values leave room for each column to be changed alone without breaking a row rule.
_BUONE: dict[str, Celle] = {
    "isr/studi": {
        "id_studio": "ST{n}",
        "titolo": "Rapporto sull'economia",
        "tipologia": "Rapporto",
        "data_pubblicazione": "01/03/2020",
        "stato": "IN_CORSO",
    },
    "cciaa/attivita": {
        "id_attivita": "AT{n}",
        "titolo": "Sportello",
        "programmata": "S",
        "data_conclusione": "01/03/2020",
        "stato": "IN_CORSO",
    },
    "contabilita/costi_processo": {
        "codice_processo": "C{n}",
        "voce": "COSTO_DIRETTO",
        "importo": "1.234,56",
    },
    "contabilita/interventi_economici": {
        "id_intervento": "IE{n}",
        "descrizione": "Bando",
        "modalita": "ALTRO",
        "data": "01/03/2020",
        "importo": "1.234,56",
    },
    "contabilita/consuntivo": {
        "missione": "011",
        "programma": "005",
        "obiettivo": "1.{n}",
        "importo": "1.234,56",
    },
    "registro_imprese/pratiche": {
        "numero_protocollo": "PR{n}",
        "canale": "TELEMATICA",
        "data_ora_arrivo": "02/01/2020 09:30",
        "data_ora_chiusura": "31/12/2030 18:00",
        "giorni_sospensione": "3",
        "esito": "EVASA",
    },
    "registro_imprese/consistenza": {
        "data_riferimento": "31/12/2020",
        "forma_giuridica": "Forma {n}",
        "registrate": "9.000.000",
        "attive": "0",
    },
    "brevetti/domande": {
        "numero_domanda": "30{n}",
        "data_deposito": "01/03/2020",
        "tipologia": "MARCHIO",
    },
    "conciliazione/procedimenti": {
        "numero": "{n}/2020",
        "tipo": "MEDIAZIONE",
        "data_avvio": "01/01/2020",
        "data_conclusione": "",
        "udienze": "2",
    },
    "kronos/fte": {
        "matricola": "M{n}",
        "codice_processo": "C1.1",
        "natura": "INTERNO",
        "percentuale_tempo": "50",
        "mesi_servizio": "12",
        "percentuale_part_time": "100",
    },
    "metrico/attivita": {"id_attivita": "ME{n}", "data": "01/03/2020", "tipo": "SORVEGLIANZA"},
    "segreteria/atti": {
        "organo": "GIUNTA",
        "tipo_atto": "DELIBERA",
        "numero": "{n}",
        "data": "01/03/{n}",
        "oggetto": "Bilancio",
    },
    "segreteria/sedute": {
        "id_seduta": "SE{n}",
        "organo": "GIUNTA",
        "data": "01/03/2020",
        "esito": "SVOLTA",
    },
    "segreteria/trasparenza": {
        "sezione": "Bilanci",
        "obbligo": "Obbligo {n}",
        "applicabile": "N",
        "punteggio": "",
        "punteggio_massimo": "",
    },
    "segreteria/accessi": {
        "protocollo": "AC{n}",
        "tipo": "CIVICO_SEMPLICE",
        "data_presentazione": "",
        "data_protocollo": "31/12/2020",
        "data_risposta": "",
        "giorni_sospensione": "1",
    },
    "segreteria/personale": {
        "matricola": "M{n}",
        "contratto": "TI",
        "data_inizio": "01/01/2010",
        "data_fine": "",
    },
    "segreteria/welfare": {"matricola": "M{n}", "strumento": "Asilo", "data": "01/03/2020"},
    "segreteria/formazione": {
        "matricola": "M{n}",
        "corso": "Privacy",
        "data": "01/03/2020",
        "ore": "6,5",
    },
    "provveditorato/siope": {
        "anno": "2020",
        "mese": "3",
        "codice_siope": "{n}",
        "importo": "100,00",
    },
    "provveditorato/pagamenti": {
        "numero_mandato": "MA{n}",
        "riga": "2",
        "data_pagamento": "01/03/2020",
        "cig": "",
        "codice_siope": "2101",
        "fornitore": "Ditta",
        "imponibile": "100,00",
        "iva": "22,00",
        "canale": "MEPA",
    },
}
PRIMO_NUMERO = 1001


def riga_buona(codice: str, n: int, **cambiate: str) -> Celle:
    """The n-th good row of an extract (n counts from 0), with some cells changed."""
    if codice in _BUONE:
        return {c: v.format(n=PRIMO_NUMERO + n) for c, v in _BUONE[codice].items()} | cambiate
    riga = esempio(PER_CODICE[codice], 2020, PRIMO_NUMERO + n)
    return {colonna: testo(valore) for colonna, valore in riga.items()} | cambiate


def percorso(codice: str, parte: str = "", estensione: str = "csv", camera: str = "MS") -> str:
    """`MS/2020/isr/studi-1.csv` for part `1`; no part, no hyphen."""
    return f"{camera}/2020/{codice}{'-' if parte else ''}{parte}.{estensione}"


def cella_csv(testo: str, separatore: str = ";", citata: bool = False) -> str:
    """A field, quoted where it must be or where asked."""
    if citata or testo.startswith('"') or any(c in testo for c in (separatore, "\n", "\r")):
        return '"' + testo.replace('"', '""') + '"'
    return testo


def riga_csv(celle: Iterable[str], separatore: str = ";", citate: bool = False) -> str:
    return separatore.join(cella_csv(c, separatore, citate) for c in celle)


def csv(codice: str, righe: Sequence[Celle], **altre: Sequence[str]) -> bytes:
    """A plain CSV file of whole rows, the first on line 2; `altre` are columns to add."""
    colonne = [c.nome for c in PER_CODICE[codice].colonne]
    linee = [riga_csv([*colonne, *altre])]
    for i, riga in enumerate(righe):
        linee.append(riga_csv([*(riga[c] for c in colonne), *(v[i] for v in altre.values())]))
    return "".join(linea + "\n" for linea in linee).encode()


def csv_gz(testo: bytes) -> bytes:
    return gzip.compress(testo, 1, mtime=0)


def xlsx(righe: Sequence[Sequence[object]], nome: str = "Dati") -> bytes:
    """A workbook whose first sheet has these cells from A1 on (None: no cell), then another."""
    memoria = io.BytesIO()
    libro = xlsxwriter.Workbook(memoria, {"in_memory": True})
    foglio = libro.add_worksheet(nome)
    giorno = libro.add_format({"num_format": "dd/mm/yyyy"})
    momento = libro.add_format({"num_format": "dd/mm/yyyy hh:mm:ss"})
    ora = libro.add_format({"num_format": "hh:mm"})
    for r, celle in enumerate(righe):
        for c, cella in enumerate(celle):
            if isinstance(cella, bool):
                foglio.write_boolean(r, c, cella)
            elif isinstance(cella, int | float | Decimal):
                foglio.write_number(r, c, cella)
            elif isinstance(cella, datetime):
                foglio.write_datetime(r, c, cella, momento)
            elif isinstance(cella, time):
                foglio.write_datetime(r, c, cella, ora)
            elif isinstance(cella, date):
                foglio.write_datetime(r, c, cella, giorno)
            elif isinstance(cella, str):
                foglio.write_string(r, c, cella)
    libro.add_worksheet("Note").write_string(0, 0, "non si legge")
    libro.close()
    return memoria.getvalue()
