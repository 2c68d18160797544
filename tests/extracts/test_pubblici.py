"""Files in public formats, as they are published: rows and sums as their descriptions say, each with its
line; what is of others counted apart; what has no signature refused with what it lacks."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from pipelines.contract.pubblici import Ente, public_formats
from pipelines.contract.regolamento import load_rules
from pipelines.partizione import Partizione
from tests.extracts.materiale import csv, riga_buona, xlsx
from tests.extracts.pubblici import (
    ALTRUI,
    CAMERA,
    CONSIP,
    NOSTRO,
    anac,
    l190,
    lotto,
    tabella,
)
from tests.extracts.sistema import Ingerisci, Ingestito

LOTTI, SIOPE = "provveditorato/lotti", "provveditorato/siope"
ACCESSI, CONSISTENZA = "segreteria/accessi", "registro_imprese/consistenza"
MS = Partizione("MS", 2020)
REGOLE = load_rules()


def _ente(**detto: Any) -> Ente:
    facts = {"codice_fiscale": NOSTRO, "codice_siope": "000112233", **detto}
    return Ente(MS, **{"fuori_mercato": ("1", "2", "5", "7"), **facts})


def _letti(
    ingerisci: Ingerisci, codice: str, contenuto: bytes, ente: Ente, nome: str = "x.csv"
) -> Ingestito:
    letto = ingerisci(codice, {f"MS/2020/{codice}-{nome}": contenuto}, ente=ente)
    (riga,) = letto.file.to_dicts()
    assert riga["righe_lette"] == sum(
        riga[f"righe_{fate}"] for fate in ("accettate", "scartate", "escluse", "altrui")
    )
    parts = ("intestazione", "vuote", "proseguite", "lette")
    assert (riga["righe_file"] or 0) == sum(riga[f"righe_{part}"] or 0 for part in parts)
    return letto


def _conti(letto: Ingestito) -> tuple[Any, ...]:
    counts = ("righe_lette", "righe_accettate", "righe_scartate", "righe_escluse", "righe_altrui")
    return letto.file.select("formato", *counts).row(0)


def _righe(letto: Ingestito, *nomi: str) -> list[tuple[Any, ...]]:
    return letto.righe.sort("_riga").select("_riga", *nomi).rows()


def _rifiuto(letto: Ingestito) -> str:
    esito, motivo, lette = letto.file.select("esito", "motivo", "righe_lette").row(0)
    assert (esito, lette, letto.stato) == ("RIFIUTATO", 0, "INCOMPLETO")
    return str(motivo)


def test_every_format_numbers_its_rules_and_says_where_they_are_written() -> None:
    numeri = {regola.numero for f in public_formats() for regola in f.regole}
    expected = "A1 A2 A3 A4 A5 A6 A7 L1 L2 L3 L4 S1 S2 F1 F2 F3 M1"
    assert numeri == set(expected.split())
    assert all(regola.testo and regola.fonte for f in public_formats() for regola in f.regole)


# --- ANAC -------------------------------------------------------------------------------------------

SCELTA, MODALITA = "cod_tipo_scelta_contraente", "cod_modalita_realizzazione"
STRUMENTO, ACCORDO = "COD_STRUMENTO_SVOLGIMENTO", "cig_accordo_quadro"
CASI_ANAC: list[tuple[dict[str, str], str | None, str]] = [
    ({SCELTA: "27", ACCORDO: "7000000001"}, "CONVENZIONE_CONSIP", "A1"),
    ({STRUMENTO: "6.0", "CF_SA_DELEGATA": CONSIP}, "CONVENZIONE_CONSIP", "A1"),
    ({MODALITA: "9", ACCORDO: "7000000002"}, "ACCORDO_QUADRO", "A2"),
    ({SCELTA: "28.0"}, "ACCORDO_QUADRO", "A2"),
    ({STRUMENTO: "6", ACCORDO: "1234567890"}, "ACCORDO_QUADRO", "A2"),
    ({MODALITA: "09", STRUMENTO: "3"}, "MEPA", "A3"),
    ({STRUMENTO: "4.0", ACCORDO: "7000000001"}, "MEPA", "A3"),
    ({MODALITA: "09", STRUMENTO: "1"}, "FUORI_MERCATO", "A4"),
    ({STRUMENTO: "2"}, "FUORI_MERCATO", "A4"),
    ({STRUMENTO: "5.0"}, "FUORI_MERCATO", "A4"),
    ({STRUMENTO: "7"}, "FUORI_MERCATO", "A4"),
    ({MODALITA: "09"}, None, "A5"),
    ({STRUMENTO: "04"}, None, "A5"),
]
DI_ALTRI = [
    {"cig": "7000000001", "cf_amministrazione_appaltante": CONSIP},
    {"cig": "7000000002", "cf_amministrazione_appaltante": ALTRUI},
    {"cig": "7000000003", "stato": "CANCELLATO", STRUMENTO: "4"},
    {"cig": "7000000004", "cf_amministrazione_appaltante": NOSTRO.lstrip("0"), STRUMENTO: "4"},
]
for _altro in DI_ALTRI:
    _altro["denominazione_amministrazione_appaltante"] = "ALTRI"


def _anac(*altri: dict[str, str]) -> bytes:
    nostri = ({"cig": f"80000000{n:02d}", **caso} for n, (caso, _, _) in enumerate(CASI_ANAC))
    return anac(*nostri, *DI_ALTRI, *altri)


def test_the_open_data_on_tenders(ingerisci: Ingerisci) -> None:
    letto = _letti(ingerisci, LOTTI, _anac(), _ente())
    assert _righe(letto, "cig", "canale", "regola_canale") == [
        (n + 2, f"80000000{n:02d}", canale, regola)
        for n, (_, canale, regola) in enumerate(CASI_ANAC)
    ]
    assert _conti(letto) == ("anac_cig", 17, 13, 0, 0, 4)
    assert set(letto.righe["anno"]) == {2020} and set(letto.righe["oggetto"]) == {"Cancelleria"}
    # A tender's base is neither awarded nor paid.
    assert letto.righe["importo_aggiudicazione"].null_count() == len(letto.righe)
    assert letto.righe["liquidato"].null_count() == len(letto.righe)


def test_which_instruments_are_outside_the_market_is_a_rule(ingerisci: Ingerisci) -> None:
    letto = _letti(ingerisci, LOTTI, _anac(), _ente(fuori_mercato=("1", "2", "5")))
    dubbi = [r for r in _righe(letto, "canale", "regola_canale") if r[0] == 12]
    assert dubbi == [(12, None, "A5")]


def test_whose_lots_they_are_is_said_or_plain_or_asked(ingerisci: Ingerisci) -> None:
    detto = _letti(ingerisci, LOTTI, _anac(), _ente())
    solo = _letti(ingerisci, LOTTI, _anac(), _ente(codice_fiscale=None))
    assert solo.righe.equals(detto.righe)
    assert NOSTRO in solo.file["motivo"][0] and NOSTRO not in detto.file["motivo"][0]
    altra = {
        "cf_amministrazione_appaltante": ALTRUI,
        "denominazione_amministrazione_appaltante": CAMERA,
    }
    due = _anac({"cig": "7000000009", **altra})
    assert "[camera.MS]" in _rifiuto(_letti(ingerisci, LOTTI, due, _ente(codice_fiscale=None)))
    assert _conti(_letti(ingerisci, LOTTI, due, _ente())) == ("anac_cig", 18, 13, 0, 0, 5)


def test_a_line_of_which_the_fields_are_lost_is_nobody_s(ingerisci: Ingerisci) -> None:
    letto = _letti(ingerisci, LOTTI, _anac() + b'"8000000099";"rotta"\n', _ente())
    assert _conti(letto) == ("anac_cig", 18, 13, 1, 0, 4)
    assert [(s.riga, s.regola) for s in letto.lettura.scarti] == [(19, "numero_campi")]


# --- L. 190/2012 ------------------------------------------------------------------------------------

DTD = '<!DOCTYPE legge190:pubblicazione SYSTEM "datasetAppaltiL190.dtd">\n'


def test_the_list_of_contracts(ingerisci: Ingerisci) -> None:
    lotti = [
        lotto("8874674CA7", "26-AFFIDAMENTO DIRETTO IN ADESIONE AD ACCORDO QUADRO/CONVENZIONE"),
        lotto("Z063947806", "27-CONFRONTO COMPETITIVO IN ADESIONE AD ACCORDO QUADRO/CONVENZIONE"),
        lotto("9515695XXX", "28-PROCEDURA", importoSommeLiquidate="0.00"),
        lotto("0000000000", oggetto="Carta\n  e &amp; penne", importoAggiudicazione="10"),
        lotto("123456789"),
        lotto("8000000001", importoSommeLiquidate="1.234,50"),
    ]
    letto = _letti(ingerisci, LOTTI, l190(*lotti, testa=DTD), _ente(), "2020.xml")
    assert _righe(letto, "cig", "oggetto", "canale", "importo_aggiudicazione", "liquidato") == [
        (8, "8874674CA7", "Carta", "ACCORDO_QUADRO", Decimal("1000.50"), Decimal("250.00")),
        (12, "Z063947806", "Carta", "ACCORDO_QUADRO", Decimal("1000.50"), Decimal("250.00")),
        (16, "9515695XXX", "Carta", None, Decimal("1000.50"), Decimal("0.00")),
        (20, "0000000000", "Carta e & penne", None, Decimal("10.00"), Decimal("250.00")),
        (25, "123456789", "Carta", None, Decimal("1000.50"), Decimal("250.00")),
    ]
    assert _conti(letto) == ("l190", 6, 5, 1, 0, 0)
    assert [(s.riga, s.colonna, s.regola) for s in letto.lettura.scarti] == [
        (29, "liquidato", "tipo")
    ]
    assert set(letto.righe["regola_canale"]) == {"L1"} and set(letto.righe["anno"]) == {2020}


def test_the_list_of_another_year_is_counted_apart(ingerisci: Ingerisci) -> None:
    letto = _letti(ingerisci, LOTTI, l190(lotto("8874674CA7"), anno="2019"), _ente(), "19.xml")
    assert _conti(letto) == ("l190", 1, 0, 0, 0, 1)


def test_lots_on_one_line_are_told_by_their_place(ingerisci: Ingerisci) -> None:
    letto = _letti(
        ingerisci, LOTTI, b"".join(l190(*map(lotto, ("1", "2"))).splitlines()), _ente(), "x.xml"
    )
    assert _righe(letto, "cig") == [(1, "1"), (2, "2")]
    assert "stessa riga" in letto.file["motivo"][0]


ENTITA = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>\n'
ESTERNA = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n'


@pytest.mark.parametrize(
    ("contenuto", "dice"),
    [
        (l190(lotto("1", oggetto="&b;"), testa=ENTITA), "entità"),
        (l190(lotto("1", oggetto="&a;"), testa=ESTERNA), "entità"),
        (l190(lotto("1", oggetto="caff&egrave;"), testa=DTD), "entità"),
        (l190(lotto("1"), spazio="legge191"), "legge190_1_0"),
        (b"<indici><indice/></indici>", "«indici»"),
        (l190(lotto("1"))[:-30], "XML intero"),
        (l190("<a>" * 200), "uno dentro l'altro"),
        (b"", "XML intero"),
        (b"cig;oggetto\n", "XML intero"),
    ],
    ids=range(9),
)
def test_what_is_refused_of_xml(ingerisci: Ingerisci, contenuto: bytes, dice: str) -> None:
    assert dice in _rifiuto(_letti(ingerisci, LOTTI, contenuto, _ente(), "x.xml"))


# --- SIOPE ------------------------------------------------------------------------------------------

PAGATO = [
    ("000112233", "2020", "01", "2101", "123456"),
    ("000112233", "2020", "12", "2298", "-5"),
    ("000112233", "2020", "13", "2101", "100"),
    ("000112233", "2020", "02", "2101", "12,5"),
    ("000112233", "2019", "02", "2101", "700"),
    ("112233", "2020", "02", "2101", "700"),
    ("000112233", "2020", "02", "0101", "0"),
]


@pytest.mark.parametrize("citato", ['"', ""])
def test_the_payments_by_code_and_month(ingerisci: Ingerisci, citato: str) -> None:
    rows = [r for r in PAGATO if citato or "," not in r[4]]
    testo = "".join(",".join(f"{citato}{f}{citato}" for f in row) + "\n" for row in rows)
    letto = _letti(ingerisci, SIOPE, b"\xef\xbb\xbf" + testo.encode(), _ente())
    assert _righe(letto, "anno", "mese", "codice_siope", "importo") == [
        (1, 2020, 1, "2101", Decimal("1234.56")),
        (2, 2020, 12, "2298", Decimal("-0.05")),
        (len(rows), 2020, 2, "0101", Decimal("0.00")),
    ]
    wrong = {(3, "mese", "intervallo")} | ({(4, "importo", "tipo")} if citato else set())
    assert {(s.riga, s.colonna, s.regola) for s in letto.lettura.scarti} == wrong
    assert _conti(letto) == ("siope", len(rows), 3, len(wrong), 0, 2)


def test_whose_payments_they_are_is_said_or_plain_or_asked(ingerisci: Ingerisci) -> None:
    ignoto = _ente(codice_siope=None)
    solo = tabella(*PAGATO[:2])
    assert "000112233" in _letti(ingerisci, SIOPE, solo, ignoto).file["motivo"][0]
    assert "codice_siope" in _rifiuto(_letti(ingerisci, SIOPE, tabella(*PAGATO), ignoto))


# --- register of accesses ---------------------------------------------------------------------------

TESTA = (
    "N.",
    "Data richiesta",
    "Tipologia di accesso",
    "Richiedente",
    "Oggetto",
    "Controinteressati",
    "Data comunicazione ai controinteressati",
    "Data opposizione",
    "Esito",
    "Data risposta",
)


def _istanza(n: str, tipo: str, **altro: str) -> list[str]:
    facts = {
        "N.": n,
        "Data richiesta": "02/03/2020",
        "Tipologia di accesso": tipo,
        "Richiedente": "Mario Bianchi",
        "Oggetto": "Delibera segreta",
        "Esito": "Accolta",
        "Data risposta": "20/03/2020",
        **altro,
    }
    return [facts.get(name, "") for name in TESTA]


def test_the_register_of_accesses(ingerisci: Ingerisci) -> None:
    comunicata, opposta = "Data comunicazione ai controinteressati", "Data opposizione"
    righe = [
        _istanza("1", "Accesso civico semplice"),
        _istanza("2", "art. 5, comma 2, d.lgs. 33/2013", Controinteressati="Sì"),
        _istanza("3", "FOIA", **{comunicata: "03/03/2020", opposta: "08/03/2020"}),
        _istanza("4", "GENERALIZZATO", **{comunicata: "03/03/2020", opposta: "30/03/2020"}),
        _istanza("5", "L. 241/1990", **{comunicata: "03/03/2020"}),
        _istanza("6", "Art. 5 c. 1", Esito="Nessuna risposta"),
        _istanza("7", "documentale", **{"Data risposta": "In corso"}),
        _istanza("8", "accesso civico"),
        _istanza("9", "civico semplice o generalizzato"),
    ]
    contenuto = tabella(["Registro degli accessi 2020"], [], TESTA, *righe)
    letto = _letti(ingerisci, ACCESSI, contenuto, _ente())
    chiesta, risposta = date(2020, 3, 2), date(2020, 3, 20)
    assert _righe(letto, "protocollo", "tipo", "data_risposta", "giorni_sospensione") == [
        (4, "2020/1", "CIVICO_SEMPLICE", risposta, 0),
        (5, "2020/2", "CIVICO_GENERALIZZATO", risposta, 0),
        (6, "2020/3", "CIVICO_GENERALIZZATO", risposta, 5),
        (7, "2020/4", "CIVICO_GENERALIZZATO", risposta, 10),
        (8, "2020/5", "DOCUMENTALE_241", risposta, 0),
        (9, "2020/6", "CIVICO_SEMPLICE", None, 0),
        (10, "2020/7", "DOCUMENTALE_241", None, 0),
    ]
    assert (
        set(letto.righe["data_protocollo"]) == set(letto.righe["data_presentazione"]) == {chiesta}
    )
    assert {(s.riga, s.colonna, s.regola) for s in letto.lettura.scarti} == {
        (11, "tipo", "codice"),
        (12, "tipo", "codice"),
    }
    assert _conti(letto) == ("registro_accessi", 9, 7, 2, 0, 0)
    written = b"".join(letto.scritto)
    assert b"Bianchi" not in written and b"segreta" not in written


def test_a_register_with_protocols_keeps_them(ingerisci: Ingerisci) -> None:
    contenuto = tabella(
        ["Prot. n.", "Data prot.", "Data istanza", "Tipo accesso", "Esito", "Data esito"],
        ["12345", "2020-03-04", "2020-03-02", "generalizzato", "Rifiuto", "2020-03-20"],
    )
    letto = _letti(ingerisci, ACCESSI, contenuto, _ente())
    assert _righe(
        letto, "protocollo", "data_presentazione", "data_protocollo", "data_risposta"
    ) == [(2, "12345", date(2020, 3, 2), date(2020, 3, 4), date(2020, 3, 20))]


# --- Movimprese -------------------------------------------------------------------------------------

FORME = [
    ["Forma giuridica", "Registrate", "Attive", "Iscrizioni", "Cessazioni"],
    ["SOCIETA' DI CAPITALE", "1.234", "1.000", "5", "2"],
    ["CONSORZI", "-", "", "-", "-"],
    ["TOTALE", "1.234", "1.000", "5", "2"],
    ["Fonte: InfoCamere", "", "", "", ""],
]


@pytest.mark.parametrize(
    ("titolo", "giorno"),
    [
        ("Movimprese - 4° trimestre 2020", date(2020, 12, 31)),
        ("Imprese al I trimestre del 2020", date(2020, 3, 31)),
        ("Situazione al 30/09/2020", date(2020, 9, 30)),
        ("Dati al 30 giugno 2020", date(2020, 6, 30)),
    ],
)
def test_the_firms_of_a_quarter(ingerisci: Ingerisci, titolo: str, giorno: date) -> None:
    letto = _letti(ingerisci, CONSISTENZA, tabella([titolo], *FORME), _ente())
    assert _righe(letto, "data_riferimento", "forma_giuridica", "registrate", "attive") == [
        (3, giorno, "SOCIETA' DI CAPITALE", 1234, 1000),
        (4, giorno, "CONSORZI", 0, 0),
    ]
    assert _conti(letto) == ("movimprese", 4, 2, 0, 2, 0)


def test_a_workbook_is_read_as_the_table_that_it_holds(ingerisci: Ingerisci) -> None:
    """Numbers, and the title in a merged cell above."""
    testa, prima, *_ = FORME
    righe: list[list[object]] = [
        ["Movimprese 4° trimestre 2020"],
        [],
        list(testa),
        [prima[0], 1234, 1000, 5, 2],
        ["CONSORZI"],
    ]
    letto = _letti(ingerisci, CONSISTENZA, xlsx(righe), _ente(), "4t.xlsx")
    assert _righe(letto, "data_riferimento", "registrate", "attive") == [
        (4, date(2020, 12, 31), 1234, 1000),
        (5, date(2020, 12, 31), 0, 0),
    ]
    assert letto.file["formato"][0] == "movimprese"


def test_of_several_provinces_the_own_counts(ingerisci: Ingerisci) -> None:
    testa, *forme = [
        [*riga, p] for riga, p in zip(FORME[:3], ("Provincia", "MS", "LU"), strict=True)
    ]
    letto = _letti(ingerisci, CONSISTENZA, tabella(["4° trimestre 2020"], testa, *forme), _ente())
    assert _conti(letto) == ("movimprese", 2, 1, 0, 0, 1)


def test_a_table_of_no_quarter_is_refused(ingerisci: Ingerisci) -> None:
    for titolo in ("Movimprese", "dal 1° trimestre 2020 al 4° trimestre 2020"):
        letto = _letti(ingerisci, CONSISTENZA, tabella([titolo], *FORME), _ente())
        assert "di quale trimestre" in _rifiuto(letto)


# --- which format -----------------------------------------------------------------------------------


@pytest.mark.parametrize("codice", [LOTTI, SIOPE, ACCESSI, CONSISTENZA])
def test_the_contract_s_own_columns_are_read_as_ever(ingerisci: Ingerisci, codice: str) -> None:
    contenuto = csv(codice, [riga_buona(codice, n) for n in range(3)])
    assert _conti(_letti(ingerisci, codice, contenuto, _ente())) == ("contratto", 3, 3, 0, 0, 0)


@pytest.mark.parametrize(
    ("codice", "contenuto", "dice"),
    [
        (
            LOTTI,
            anac({"cig": "1"}).replace(b"cod_modalita_r", b"mod_r"),
            "cod_modalita_realizzazione",
        ),
        (LOTTI, b"a;b\n1;2\n", "il più vicino"),
        (SIOPE, b'"000112233","2020","01","2101"\n', "importo in centesimi"),
        (SIOPE, b'"000112233","2020","01","2101","dieci"\n', "importo in centesimi"),
        (ACCESSI, b"Esito;Tipologia di accesso\nx;foia\n", "data della richiesta"),
        (CONSISTENZA, b"Forma giuridica;Imprese attive;Natura\nx;1;y\n", "registrate"),
    ],
    ids=range(6),
)
def test_what_has_no_signature_is_refused_with_what_it_lacks(
    ingerisci: Ingerisci, codice: str, contenuto: bytes, dice: str
) -> None:
    assert dice in _rifiuto(_letti(ingerisci, codice, contenuto, _ente()))


def test_an_xml_is_of_the_extracts_that_have_one(ingerisci: Ingerisci) -> None:
    file = {"MS/2020/isr/studi.xml": l190(lotto("1"))}
    letto = ingerisci("isr/studi", file)
    assert letto.file.is_empty() and letto.stato == "ASSENTE"
