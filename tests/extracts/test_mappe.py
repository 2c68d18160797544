"""A mapping brings an office's own file to the rows of the contract, line by line, and no further."""

import datetime as dt
import io
from decimal import Decimal

import polars as pl
import pytest

from tests.extracts.materiale import xlsx
from tests.extracts.sistema import Ingerisci, Ingestito

PRATICHE = "registro_imprese/pratiche"
PAGAMENTI = "provveditorato/pagamenti"
MAPPA = """
[file]
foglio = "Estrazione"
[colonne]
"Prot. n." = "numero_protocollo"
"Stato" = "esito"
"Chiusa il" = "data_ora_chiusura"
[costanti]
canale = "TELEMATICA"
[codici.esito]
"Evasa" = "EVASA"
"Respinta" = "RIFIUTATA"
[formato.data_ora_chiusura]
data = "GG-MM-AAAA hh:mm"
[unione.data_ora_arrivo]
da = ["Data", "Ora"]
[righe]
escludi = [{ colonna = "Prot. n.", forma = "(?i)^totale" }]
"""
TABELLA = """Camera di Commercio
Elenco pratiche

Prot. n.;Data;Ora;Chiusa il;Stato;Addetto
P1;02/01/2020;08:15;03-01-2020 09:00;Evasa;R. Bianchi
P2;02/01/2020;;03/01/2020 09:00;Evasa;
P3;03/01/2020;10:00:30;04-01-2020 07:00;RESPINTA;
P4;03/01/2020;10:00;04-01-2020 07:00;Annullata;
Totale pratiche 4;;;;;
"""


def _con(ingerisci: Ingerisci, codice: str, mappa: str, file: dict[str, bytes]) -> Ingestito:
    luogo = f"MS/mappe/{codice}.toml"
    return ingerisci(codice, {luogo: mappa.encode(), **file})


def _righe(letto: Ingestito) -> list[tuple[object, ...]]:
    nomi = ["_riga", "numero_protocollo", "canale", "data_ora_arrivo", "data_ora_chiusura", "esito"]
    return letto.righe.sort("_riga").select(nomi).rows()


ATTESE = [
    (
        5,
        "P1",
        "TELEMATICA",
        dt.datetime(2020, 1, 2, 8, 15),
        dt.datetime(2020, 1, 3, 9),
        "EVASA",
    ),
    (
        7,
        "P3",
        "TELEMATICA",
        dt.datetime(2020, 1, 3, 10, 0, 30),
        dt.datetime(2020, 1, 4, 7),
        "RIFIUTATA",
    ),
]
SCARTI = {(6, "data_ora_chiusura", "tipo"), (8, "esito", "codice")}


def test_a_csv_of_its_own_words(ingerisci: Ingerisci) -> None:
    file = f"MS/2020/{PRATICHE}.csv"
    letto = _con(ingerisci, PRATICHE, MAPPA, {file: TABELLA.encode()})
    assert _righe(letto) == ATTESE
    assert {(s.riga, s.colonna, s.regola) for s in letto.lettura.scarti} == SCARTI
    conti = letto.file.select("righe_lette", "righe_accettate", "righe_scartate", "righe_escluse")
    assert conti.row(0) == (5, 2, 2, 1)
    assert letto.file["mappa"][0] is not None
    assert "Addetto" in letto.file["motivo"][0]
    assert b"Bianchi" not in b"".join(letto.scritto)


def test_a_workbook_of_its_own_words(ingerisci: Ingerisci) -> None:
    """Days and hours as cells of a date: the day in one, the hour in the other."""
    righe: list[list[object]] = [
        ["Camera di Commercio"],
        ["Elenco pratiche"],
        [],
        ["Prot. n.", "Data", "Ora", "Chiusa il", "Stato"],
        ["P1", dt.date(2020, 1, 2), dt.time(8, 15), dt.datetime(2020, 1, 3, 9), "Evasa"],
        ["P2", dt.date(2020, 1, 2), None, "03/01/2020 09:00", "Evasa"],
        ["P3", "03/01/2020", dt.time(10, 0, 30), "04-01-2020 07:00", "RESPINTA"],
        ["P4", "03/01/2020", "10:00", "04-01-2020 07:00", "Annullata"],
        ["Totale pratiche 4"],
    ]
    file = f"MS/2020/{PRATICHE}.xlsx"
    contenuto = xlsx(righe, "Estrazione")
    letto = _con(ingerisci, PRATICHE, MAPPA, {file: contenuto})
    assert letto.stato == "PRESENTE", letto.motivo
    assert _righe(letto) == ATTESE
    assert {(s.riga, s.colonna, s.regola) for s in letto.lettura.scarti} == SCARTI
    assert letto.file["righe_escluse"][0] == 1


@pytest.mark.parametrize(
    ("formato", "scritti", "letti"),
    [
        (
            'decimale = "."\nmigliaia = ","',
            ["1,234.50", "-12.5", "7", "1.234,50", "1,23.4", "€ 2.25"],
            ["1234.50", "-12.50", "7.00", None, None, "2.25"],
        ),
        (
            'unita = "centesimi"',
            ["123456", "-5", "50", "1234,5", "0", "1.250"],
            ["1234.56", "-0.05", "0.50", None, "0.00", "12.50"],
        ),
    ],
)
def test_numbers_are_read_as_declared(
    ingerisci: Ingerisci, formato: str, scritti: list[str], letti: list[str]
) -> None:
    testa = "numero_mandato;data_pagamento;codice_siope;Netto;iva;canale\n"
    corpo = [f"M{n};02/01/2020;2101;{v};0;MEPA\n" for n, v in enumerate(scritti)]
    mappa = f'[colonne]\n"Netto" = "imponibile"\n[formato.imponibile]\n{formato}'
    file = {f"MS/2020/{PAGAMENTI}.csv": "".join([testa, *corpo]).encode()}
    letto = _con(ingerisci, PAGAMENTI, mappa, file)
    righe = dict(letto.righe.select("numero_mandato", "imponibile").iter_rows())
    assert [righe.get(f"M{n}") for n in range(len(scritti))] == [
        None if v is None else Decimal(v) for v in letti
    ]
    assert {(s.colonna, s.regola) for s in letto.lettura.scarti} == {("imponibile", "tipo")}


def test_where_a_comma_may_be_either_a_native_number_is_refused(
    ingerisci: Ingerisci,
) -> None:
    testa = ["numero_mandato", "data_pagamento", "codice_siope", "imponibile", "iva", "canale"]
    corpo = [[f"M{n}", "02/01/2020", "2101", v, 0, "MEPA"] for n, v in enumerate([1234.5, 1.234])]
    mappa = '[formato.imponibile]\ndecimale = "."\nmigliaia = ","'
    file = {f"MS/2020/{PAGAMENTI}.xlsx": xlsx([testa, *corpo])}
    letto = _con(ingerisci, PAGAMENTI, mappa, file)
    assert letto.righe["imponibile"].to_list() == [Decimal("1234.50")]


DIVISA = """
[divisione.numero_mandato]
da = "Mandato/riga"
separatore = "/"
parte = 1
[divisione.riga]
da = "mandato/RIGA"
separatore = "/"
parte = 2
[divisione.codice_siope]
da = "Voce"
separatore = " - "
parte = 1
[divisione.fornitore]
da = "Voce"
separatore = " - "
parte = 2
[divisione.imponibile]
da = "Netto+IVA"
separatore = "+"
parte = 1
[divisione.iva]
da = "Netto+IVA"
separatore = "+"
parte = 2
[formato.imponibile]
decimale = "."
migliaia = ","
"""
CELLE_DIVISE: list[tuple[object, str]] = [
    ("M1/1", "2101 - Rossi"),
    (" M1 / 2 ", "2101 - Verdi"),
    ("M2/", "2101 - Neri-Bianchi"),
    ("M3", "2101"),
    ("M4/1/2", "2101 - A - B"),
    ("", ""),
    ("/7", "2101 - Rossi"),
    ("M5/x", "21 - Rossi"),
    ("M6/1", "2101\u00a0-\u00a0Rossi"),
]
PEZZI = [(2, "M1", 1, "Rossi"), (3, "M1", 2, "Verdi"), (4, "M2", 1, "Neri-Bianchi")]
PEZZI += [(10, "M6", 1, "Rossi")]
NON_DIVISE = {
    *((5, c, "tipo", "M3") for c in ("numero_mandato", "riga")),
    *((5, c, "tipo", "2101") for c in ("codice_siope", "fornitore")),
    *((6, c, "tipo", "M4/1/2") for c in ("numero_mandato", "riga")),
    *((6, c, "tipo", "2101 - A - B") for c in ("codice_siope", "fornitore")),
    *((7, c, "obbligatorio", None) for c in ("numero_mandato", "codice_siope")),
    (8, "numero_mandato", "obbligatorio", None),
    (9, "riga", "tipo", "x"),
    (9, "codice_siope", "intervallo", "21"),
}


@pytest.mark.parametrize("formato", ["csv", "xlsx"])
def test_a_column_is_split_into_as_many_as_are_declared(ingerisci: Ingerisci, formato: str) -> None:
    testa: list[object] = ["Mandato/riga", "data_pagamento", "Voce", "Netto+IVA", "canale"]
    corpo: list[list[object]] = [
        [uno, "02/01/2020", due, "1,234+5,60", "MEPA"] for uno, due in CELLE_DIVISE
    ]
    if formato == "xlsx":
        senza, contenuto = "2020", xlsx([testa, *corpo, [2020, *corpo[0][1:]]])
    else:  # a byte that is no letter, which is borne in one line of a thousand
        righe = [testa, *corpo, ["M7?/1", *corpo[0][1:]]]
        testo = "".join(";".join(map(str, r)) + "\n" for r in righe) + "\n" * 1000
        senza, contenuto = "M7\\x81/1", testo.encode().replace(b"?", b"\x81")
    letto = _con(ingerisci, PAGAMENTI, DIVISA, {f"MS/2020/{PAGAMENTI}.{formato}": contenuto})
    nomi = ["_riga", "numero_mandato", "riga", "fornitore"]
    assert letto.righe.sort("_riga").select(nomi).rows() == PEZZI
    altri = set(letto.righe.select("codice_siope", "imponibile", "iva").rows())
    assert altri == {("2101", Decimal("1234.00"), Decimal("5.60"))}
    rifiutate = letto.scarti.select("_riga", "colonna", "regola", "valore").rows()
    assert set(rifiutate) == NON_DIVISE | {
        (11, c, "tipo", senza) for c in ("numero_mandato", "riga")
    }
    assert letto.file.select("righe_lette", "righe_accettate", "righe_scartate").row(0) == (
        10,
        4,
        6,
    )


def test_a_text_that_holds_a_person_is_quoted_in_no_column(ingerisci: Ingerisci) -> None:
    """Not even where it looks like a date or a short number, which may otherwise be shown."""
    mappa = """
[divisione.matricola]
da = "Chi/che"
separatore = "/"
parte = 1
[divisione.corso]
da = "Chi/che"
separatore = "/"
parte = 2
[divisione.ore]
da = "Chi/che"
separatore = "/"
parte = 3
"""
    celle = ["ZQ101/Excel/3", "ZQ102/Excel/4,5", "ZQ103", "01.02.1970", "123", "ZQ104/Word/1/2"]
    file = "Chi/che;data\n" + "".join(f"{c};20/02/2020\n" for c in [*celle, "ZQ105/Word/x"])
    luogo = "MS/2020/segreteria/formazione.csv"
    letto = _con(ingerisci, "segreteria/formazione", mappa, {luogo: file.encode()})
    diretta = "matricola;corso;ore;data\nZQ101;Excel;3;20/02/2020\nZQ102;Excel;4,5;20/02/2020\n"
    intera = ingerisci("segreteria/formazione", {luogo: diretta.encode()})
    assert letto.righe.equals(intera.righe)
    rifiutate = set(letto.scarti.select("_riga", "colonna", "regola", "valore").rows())
    assert rifiutate == {
        *((n, c, "tipo", "***") for n in (4, 5, 6, 7) for c in ("matricola", "corso", "ore")),
        (8, "ore", "tipo", "***"),
    }
    assert "persone_fuori_posto" not in set(letto.segnali["segnale"])
    assert b"ZQ10" not in b"".join(letto.scritto)


@pytest.mark.parametrize(
    ("mappa", "dice"),
    [
        ('[colonne]\n"Protoc." = "numero_protocollo"', "riga 2, [colonne] «Protoc.»"),
        ('[righe]\nescludi = [{ colonna = "Note", forma = "x" }]', "riga 2, [righe] «escludi»"),
        ("[file]\nintestazione = 3", "riga 2, [file] «intestazione»"),
        ('[file]\ncodifica = "utf-16"', "riga 2, [file] «codifica»"),
        (
            '[unione.data_ora_arrivo]\nda = ["Data", "giorni_sospensione"]',
            "riga 2, [unione.data_ora_arrivo] «da»",
        ),
        (
            '[divisione.esito]\nseparatore = "/"\nparte = 1\nda = "Stato/esito"',
            "riga 4, [divisione.esito] «da»",
        ),
        ("[fil", "riga 1"),
    ],
)
def test_a_wrong_mapping_refuses_the_file_with_its_line(
    ingerisci: Ingerisci, mappa: str, dice: str
) -> None:
    file = {f"MS/2020/{PRATICHE}.csv": TABELLA.encode()}
    letto = _con(ingerisci, PRATICHE, mappa, file)
    esito, motivo, lette = letto.file.select("esito", "motivo", "righe_lette").row(0)
    assert (esito, lette, letto.stato) == ("RIFIUTATO", 0, "INCOMPLETO")
    assert motivo.startswith(f"mappa_errata: MS/mappe/{PRATICHE}.toml, {dice}")
    assert not len(letto.righe)


def test_another_mapping_is_another_reading(ingerisci: Ingerisci) -> None:
    file = {f"MS/2020/{PRATICHE}.csv": TABELLA.encode()}
    prima = _con(ingerisci, PRATICHE, MAPPA, file)
    dopo = _con(ingerisci, PRATICHE, MAPPA.replace("TELEMATICA", "CARTACEA"), file)
    assert prima.file["mappa"][0] != dopo.file["mappa"][0]
    assert set(dopo.righe["canale"]) == {"CARTACEA"}


def test_parquet_keeps_its_own_dates(ingerisci: Ingerisci) -> None:
    tabella = pl.DataFrame(
        {
            "Prot. n.": ["P1", "P2", "totale"],
            "Data": ["02/01/2020", "02/01/2020", ""],
            "Ora": ["08:15", "9", ""],
            "Chiusa il": [dt.datetime(2020, 1, 3, 9), None, None],
            "Stato": ["Evasa", "IN_LAVORAZIONE", ""],
        }
    )
    contenuto = io.BytesIO()
    tabella.write_parquet(contenuto)
    file = {f"MS/2020/{PRATICHE}.parquet": contenuto.getvalue()}
    letto = _con(ingerisci, PRATICHE, MAPPA, file)
    assert [r[1:] for r in _righe(letto)] == [ATTESE[0][1:]]
    assert {(s.colonna, s.regola) for s in letto.lettura.scarti} == {("data_ora_arrivo", "tipo")}
    assert letto.file["righe_escluse"][0] == 1
