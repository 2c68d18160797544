"""The spellings and row rules of the contract as tables, and the cases that they give.

A case is a good row of an extract with some cells changed, and what must become of it, written by
hand here: nothing is computed by the reference.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from tests.extracts.materiale import Celle
from tests.reference.lettura import ESTRATTI, PERSONALI, Colonna

# --- Spellings: (as written, as stored), and those refused as `tipo` ------------------------------

GIORNO = date(2020, 12, 31)
ACCETTATE: dict[str, list[tuple[str, object]]] = {
    "testo": [
        ("  con spazi ai lati \t", "con spazi ai lati"),
        ("00012", "00012"),
        ("1.234,56", "1.234,56"),
        ("01/02/2020", "01/02/2020"),
        ("L'Aquila è vicina: €", "L'Aquila è vicina: €"),
        ("=1+1", "=1+1"),
        ("NULL", "NULL"),
        ("a;b,c\td", "a;b,c\td"),
        ('detto "il bello"', 'detto "il bello"'),
        ('"tutto citato"', '"tutto citato"'),
        ("su due\nrighe", "su due\nrighe"),
        ("due  spazi   dentro", "due  spazi   dentro"),
        ("\ufeffsen\u00adza\u200b segni\u2060", "senza segni"),
        ("no\u00a0break\u2009sottile", "no break sottile"),
        ("SOCIETA\u0300", "SOCIETÀ"),
    ],
    "intero": [
        ("1234", 1234),
        ("1.234", 1234),
        ("1.234.567", 1234567),
        (" 7 ", 7),
        ("0", 0),
        ("-0", 0),
        ("\u22120", 0),
        ("\u00a07\u200b", 7),
        ("007", 7),
        ("12.345", 12345),
    ],
    "decimale": [
        ("1.234,56", Decimal("1234.56")),
        ("1234,56", Decimal("1234.56")),
        ("1.234.567,123456", Decimal("1234567.123456")),
        ("12", Decimal(12)),
        (" 12,5 ", Decimal("12.5")),
        ("12,500000", Decimal("12.5")),
        ("0,000001", Decimal("0.000001")),
        ("99,999999", Decimal("99.999999")),
        ("1.234", Decimal(1234)),
        ("999999999999,999999", Decimal("999999999999.999999")),
        ("-12,5", Decimal("-12.5")),
        ("0", Decimal(0)),
    ],
    "importo": [
        ("1.234,56", Decimal("1234.56")),
        ("1234,56", Decimal("1234.56")),
        ("-12,5", Decimal("-12.5")),
        ("\u221212,5", Decimal("-12.5")),
        ("5,00\u202f€", Decimal(5)),
        ("€\u00a0\u22125,00", Decimal(-5)),
        ("1.234", Decimal(1234)),
        ("-1.234,00", Decimal(-1234)),
        (" 12 ", Decimal(12)),
        ("0,1", Decimal("0.1")),
        ("0", Decimal(0)),
        ("€ 1.234,56", Decimal("1234.56")),
        ("€1.234,56", Decimal("1234.56")),
        ("1.234,56 €", Decimal("1234.56")),
        ("1.234,56€", Decimal("1234.56")),
        (" 5 € ", Decimal(5)),
        ("-5,00 €", Decimal(-5)),
        ("€ -5,00", Decimal(-5)),
        ("€-5", Decimal(-5)),
        ("9999999999999999,99", Decimal("9999999999999999.99")),
        ("-9999999999999999,99", Decimal("-9999999999999999.99")),
    ],
    "data": [
        ("31/12/2020", GIORNO),
        ("2020-12-31", GIORNO),
        (" 31/12/2020 ", GIORNO),
        ("31/12/2020 00:00:00", GIORNO),
        ("2020-12-31T00:00:00", GIORNO),
        ("2020-12-31 00:00:00.000", GIORNO),
        ("29/02/2020", date(2020, 2, 29)),
        ("2020-02-29", date(2020, 2, 29)),
    ],
    "data_ora": [
        ("31/12/2020 14:05", datetime(2020, 12, 31, 14, 5)),
        ("31/12/2020 14:05:09", datetime(2020, 12, 31, 14, 5, 9)),
        ("2020-12-31T14:05", datetime(2020, 12, 31, 14, 5)),
        ("2020-12-31T14:05:09", datetime(2020, 12, 31, 14, 5, 9)),
        (" 2020-12-31T00:00 ", datetime(2020, 12, 31)),
        ("31/12/2020", datetime(2020, 12, 31)),
        ("2020-12-31", datetime(2020, 12, 31)),
        ("2020-12-31 00:00:00", datetime(2020, 12, 31)),
        ("31/12/2020 23:59:59", datetime(2020, 12, 31, 23, 59, 59)),
    ],
    "si_no": [
        ("S", True),
        ("N", False),
        ("SI", True),
        ("NO", False),
        ("s", True),
        ("n", False),
        ("Si", True),
        ("nO", False),
        (" si ", True),
    ],
}
_NON_NUMERI = [
    "12.5",
    "1.23",
    "1.2345",
    "1234.567",
    "12.34.567",
    "1.234.56",
    ".123",
    "1.",
    "1.234.",
    "0.125",
    "000.123",
    "1,234.56",
    ",5",
    "5,",
    "-",
    "-,5",
    "+5",
    "--5",
    "- 5",
    "5-",
    "(5)",
    "−−5",
    "1 234",
    "1'234",
    "1_000",
    "1e3",
    "0x10",
    "NaN",
    "inf",
    "n.d.",
    "٣",
    "5%",
    "50 %",
    "31/12/2020",
]
RIFIUTATE: dict[str, list[str]] = {
    "intero": [*_NON_NUMERI, "1,5", "5,0", "5 €", "9223372036854775808", "99999999999999999999"],
    "decimale": [
        *_NON_NUMERI,
        "1,2,3",
        "1,2345678",
        "0,0000001",
        "12,5000000",
        "12,5 €",
        "€ 12,5",
        "1,234,567",
        "1000000000000",
        "1,2.3",
    ],
    "importo": [
        *_NON_NUMERI,
        "12,345",
        "12,340",
        "0,001",
        "€",
        "€  5",
        "5  €",
        "-€ 5",
        "-€5",
        "- 5 €",
        "€ - 5",
        "€ 5 €",
        "€€5",
        "5€€",
        "5 - €",
        "€ +5",
        "EUR 5",
        "5 euro",
        "$5",
        "10000000000000000",
        "10.000.000.000.000.000,00",
    ],
    "data": [
        "1/2/2020",
        "01/2/2020",
        "31/12/20",
        "2020-1-2",
        "31/02/2020",
        "29/02/2021",
        "2021-02-29",
        "2020-13-01",
        "00/01/2020",
        "01/01/0000",
        "0000-01-01",
        "01/00/2020",
        "12/31/2020",
        "31-12-2020",
        "31.12.2020",
        "2020/12/31",
        "2020-31-12",
        "20201231",
        "31/12/2020 00:00",
        "31/12/2020 14:05",
        "2020-12-31T00:00",
        "31 / 12 / 2020",
        "+2020-12-31",
        "12020-12-31",
        "44196",
        "oggi",
        "٣١/12/2020",
    ],
    "data_ora": [
        "1/2/2020 14:05",
        "31/12/2020 9:05",
        "31/12/2020 14:5",
        "31/12/2020 24:00",
        "31/12/2020 14:60",
        "31/12/2020 14:05:60",
        "31/12/2020  14:05",
        "31/12/2020 14.05",
        "31/12/2020 14",
        "31/12/2020 14:05:",
        "31/12/2020 2:05 PM",
        "31/12/2020T14:05",
        "2020-12-31 14:05",
        "2020-12-31t14:05",
        "2020-12-31T14:05Z",
        "2020-12-31T14:05+01:00",
        "2020-12-31T14:05:09.5",
        "2020-12-31T",
        "2020-12-31T9:05",
        "29/02/2021 10:00",
        "01/01/0000 10:00",
        "0000-01-01T10:00",
        "2020-13-01T10:00",
        "14:05",
        "44196,5",
    ],
    "si_no": ["Sì", "SÌ", "Y", "YES", "1", "0", "VERO", "TRUE", "X", "S.", "SN", "S I", "-"],
}
SIOPE_BUONI = ["2101", "0001", " 0000 "]
SIOPE_CATTIVI = ["210", "21011", "21A1", "2.101", "-101", "21 1", "٢١٠١"]

# --- Bounds: column -> (values that stay, values outside) -----------------------------------------

_NON_NEGATIVO = (["0", "-0", "1"], ["-1", "-1.234"])
LIMITI: dict[tuple[str, str], tuple[list[str], list[str]]] = {
    ("registro_imprese/pratiche", "giorni_sospensione"): _NON_NEGATIVO,
    ("segreteria/accessi", "giorni_sospensione"): _NON_NEGATIVO,
    ("registro_imprese/consistenza", "registrate"): _NON_NEGATIVO,
    ("registro_imprese/consistenza", "attive"): _NON_NEGATIVO,
    ("conciliazione/procedimenti", "udienze"): _NON_NEGATIVO,
    ("kronos/fte", "percentuale_tempo"): (
        ["0", "0,000001", "100", "100,000000"],
        ["-0,000001", "-1", "100,000001", "1.000"],
    ),
    ("kronos/fte", "mesi_servizio"): (["0", "12", "11,999999"], ["-0,5", "12,000001", "13"]),
    ("kronos/fte", "percentuale_part_time"): (
        ["0,000001", "100"],
        ["0", "0,000000", "-0", "-50", "100,000001"],
    ),
    ("segreteria/atti", "numero"): (["1", "99.999"], ["0", "-0", "-1"]),
    ("segreteria/trasparenza", "punteggio"): (["0", "0,5"], ["-0,000001", "-3"]),
    ("segreteria/trasparenza", "punteggio_massimo"): (["0,000001", "3"], ["0", "0,0", "-3"]),
    ("segreteria/formazione", "ore"): (["0,000001", "1.000"], ["0", "0,000000", "-2"]),
    ("provveditorato/pagamenti", "codice_siope"): (SIOPE_BUONI, SIOPE_CATTIVI),
}

# --- Defaults: column -> what is stored where the value is missing --------------------------------

PREDEFINITI: dict[tuple[str, str], object] = {
    ("registro_imprese/pratiche", "giorni_sospensione"): 0,
    ("segreteria/accessi", "giorni_sospensione"): 0,
    ("segreteria/accessi", "data_presentazione"): GIORNO,  # the date of protocol of the good row
    ("provveditorato/pagamenti", "riga"): 1,
}

# --- Row rules: extract -> (changed cells, column named, or None where the row stays) -------------

REGOLE: dict[str, list[tuple[Celle, str | None]]] = {
    "isr/studi": [
        ({"stato": "PUBBLICATO", "data_pubblicazione": ""}, "data_pubblicazione"),
        ({"stato": "pubblicato", "data_pubblicazione": " "}, "data_pubblicazione"),
        ({"stato": "PUBBLICATO", "data_pubblicazione": "01/03/2020"}, None),
        ({"stato": "IN_CORSO", "data_pubblicazione": ""}, None),
        ({"stato": "SOSPESO", "data_pubblicazione": ""}, None),
    ],
    "cciaa/attivita": [
        ({"stato": "ESEGUITA", "data_conclusione": ""}, "data_conclusione"),
        ({"stato": "ESEGUITA", "data_conclusione": "01/03/2020"}, None),
        ({"stato": "IN_CORSO", "data_conclusione": ""}, None),
        ({"stato": "ANNULLATA", "data_conclusione": ""}, None),
    ],
    "registro_imprese/pratiche": [
        ({"esito": "EVASA", "data_ora_chiusura": ""}, "data_ora_chiusura"),
        ({"esito": "RIFIUTATA", "data_ora_chiusura": ""}, "data_ora_chiusura"),
        ({"esito": "IN_LAVORAZIONE", "data_ora_chiusura": ""}, None),
        (
            {"data_ora_arrivo": "2020-01-02T09:30:01", "data_ora_chiusura": "2020-01-02T09:30"},
            "data_ora_chiusura",
        ),
        (
            {"data_ora_arrivo": "02/01/2020 00:01", "data_ora_chiusura": "02/01/2020"},
            "data_ora_chiusura",
        ),
        (
            {
                "esito": "IN_LAVORAZIONE",
                "data_ora_arrivo": "02/01/2020",
                "data_ora_chiusura": "01/01/2020",
            },
            "data_ora_chiusura",
        ),
        ({"data_ora_arrivo": "02/01/2020", "data_ora_chiusura": "02/01/2020 00:00"}, None),
    ],
    "registro_imprese/consistenza": [
        ({"registrate": "10", "attive": "11"}, "attive"),
        ({"registrate": "1.000", "attive": "1001"}, "attive"),
        ({"registrate": "10", "attive": "10"}, None),
        ({"registrate": "10", "attive": "9"}, None),
    ],
    "conciliazione/procedimenti": [
        ({"data_avvio": "02/01/2020", "data_conclusione": "2020-01-01"}, "data_conclusione"),
        ({"data_avvio": "02/01/2020", "data_conclusione": "2020-01-02"}, None),
        ({"data_avvio": "02/01/2020", "data_conclusione": ""}, None),
    ],
    "segreteria/trasparenza": [
        ({"applicabile": "S", "punteggio": "", "punteggio_massimo": "3"}, "punteggio"),
        ({"applicabile": "S", "punteggio": "3", "punteggio_massimo": ""}, "punteggio_massimo"),
        ({"applicabile": "S", "punteggio": "3,1", "punteggio_massimo": "3"}, "punteggio"),
        ({"applicabile": "N", "punteggio": "3,1", "punteggio_massimo": "3"}, "punteggio"),
        ({"applicabile": "S", "punteggio": "3", "punteggio_massimo": "3,0"}, None),
        ({"applicabile": "S", "punteggio": "0", "punteggio_massimo": "3"}, None),
        ({"applicabile": "N", "punteggio": "", "punteggio_massimo": ""}, None),
        ({"applicabile": "N", "punteggio": "3", "punteggio_massimo": ""}, None),
        ({"applicabile": "N", "punteggio": "", "punteggio_massimo": "3"}, None),
    ],
    "segreteria/accessi": [
        (
            {"data_presentazione": "02/01/2020", "data_protocollo": "01/01/2020"},
            "data_presentazione",
        ),
        ({"data_presentazione": "01/01/2020", "data_protocollo": "01/01/2020"}, None),
        ({"data_presentazione": "01/01/2020", "data_risposta": "31/12/2019"}, "data_risposta"),
        ({"data_presentazione": "01/01/2020", "data_risposta": "01/01/2020"}, None),
        ({"data_protocollo": "02/01/2020", "data_risposta": "01/01/2020"}, "data_risposta"),
        (
            {
                "data_presentazione": "01/01/2020",
                "data_protocollo": "10/01/2020",
                "data_risposta": "05/01/2020",
            },
            None,
        ),
    ],
    "segreteria/personale": [
        ({"data_inizio": "02/01/2020", "data_fine": "01/01/2020"}, "data_fine"),
        ({"data_inizio": "02/01/2020", "data_fine": "02/01/2020"}, None),
        ({"data_inizio": "02/01/2020", "data_fine": ""}, None),
    ],
    "provveditorato/pagamenti": [
        ({"cig": "123456789"}, "cig"),
        ({"cig": "12345678901"}, "cig"),
        ({"cig": "Z1A2B3C4D-"}, "cig"),
        ({"cig": "Z1A2 B3C4D"}, "cig"),
        ({"cig": "Z1A2B\nC4D5"}, "cig"),
        ({"cig": "ND"}, "cig"),
        ({"cig": "Z1A2B3C4D5"}, None),
        ({"cig": "z1a2b3c4d5"}, None),
        ({"cig": "1234567890"}, None),
        ({"cig": " Z1A2B3C4D5 "}, None),
        ({"cig": ""}, None),
    ],
}

# --- Rows with several broken rules: all those of the first stage that breaks, and only those -----

PIU_REGOLE: list[tuple[str, Celle, set[tuple[str, str]]]] = [
    (
        "isr/studi",
        {"titolo": "", "data_pubblicazione": "1/2/2020", "stato": "CHIUSO"},
        {("titolo", "obbligatorio"), ("data_pubblicazione", "tipo"), ("stato", "codice")},
    ),
    # A cell that cannot be read hides the row rule that would need it.
    (
        "isr/studi",
        {"titolo": "", "data_pubblicazione": "", "stato": "PUBBLICATO"},
        {("titolo", "obbligatorio")},
    ),
    (
        "kronos/fte",
        {"percentuale_tempo": "101", "mesi_servizio": "x", "percentuale_part_time": ""},
        {
            ("percentuale_tempo", "intervallo"),
            ("mesi_servizio", "tipo"),
            ("percentuale_part_time", "obbligatorio"),
        },
    ),
    (
        "registro_imprese/consistenza",
        {"registrate": "1", "attive": "2", "data_riferimento": "oggi"},
        {("data_riferimento", "tipo")},
    ),
    (
        "segreteria/trasparenza",
        {"applicabile": "S", "punteggio": "", "punteggio_massimo": ""},
        {("punteggio", "regola_riga"), ("punteggio_massimo", "regola_riga")},
    ),
    (
        "segreteria/accessi",
        {
            "data_presentazione": "10/01/2020",
            "data_protocollo": "09/01/2020",
            "data_risposta": "08/01/2020",
        },
        {("data_presentazione", "regola_riga"), ("data_risposta", "regola_riga")},
    ),
    (
        "provveditorato/pagamenti",
        {"cig": "corto", "codice_siope": "1", "iva": "1,234"},
        {("codice_siope", "intervallo"), ("iva", "tipo")},
    ),
]

# --- The cases ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Caso:
    """A good row with `celle` changed: `rotte` are its broken (column, rule), none if it stays.

    `colonna` is the column whose stored value must be `valore`, where the row stays.
    """

    codice: str
    celle: Celle
    rotte: frozenset[tuple[str, str]] = frozenset()
    colonna: str | None = None
    valore: object = None

    def __str__(self) -> str:
        celle = ",".join(f"{c}={v!r}" for c, v in self.celle.items())
        rotte = ",".join(sorted(f"{c}:{r}" for c, r in self.rotte))
        return f"{self.codice} {celle} -> {rotte or 'resta'}"


def _resta(codice: str, colonna: str, scritta: str, valore: object) -> Caso:
    celle = {**_contesto(codice, colonna), colonna: scritta}
    return Caso(codice, celle, frozenset(), colonna, valore)


def _rotta(codice: str, colonna: str, scritta: str, regola: str) -> Caso:
    return Caso(codice, {colonna: scritta}, frozenset({(colonna, regola)}))


def _contesto(codice: str, colonna: str) -> Celle:
    """What else must change for any readable value of the column to pass the row rules."""
    return {
        ("segreteria/accessi", "data_risposta"): {"data_protocollo": "01/01/2020"},
        ("segreteria/trasparenza", "applicabile"): {"punteggio": "1", "punteggio_massimo": "3"},
    }.get((codice, colonna), {})


def _ammessa(codice: str, colonna: str, valore: object) -> bool:
    """Whether a readable value is also within the bounds of the column."""
    if (codice, colonna) not in LIMITI or not isinstance(valore, int | Decimal):
        return True
    massimo = {"percentuale_tempo": 100, "percentuale_part_time": 100, "mesi_servizio": 12}
    minimo = {"ore": 0.000001, "punteggio_massimo": 0.000001, "percentuale_part_time": 0.000001}
    basso = 1 if colonna == "numero" else minimo.get(colonna, 0)
    return basso <= valore <= massimo.get(colonna, 10**13)


def _casi_tipo(codice: str, colonna: Colonna) -> Iterator[Caso]:
    if colonna.codici or colonna.nome in PERSONALI or colonna.nome in ("codice_siope", "cig"):
        return
    for scritta, valore in ACCETTATE[colonna.tipo]:
        if _ammessa(codice, colonna.nome, valore):
            yield _resta(codice, colonna.nome, scritta, valore)
        else:
            yield _rotta(codice, colonna.nome, scritta, "intervallo")
    for scritta in RIFIUTATE.get(colonna.tipo, []):
        yield _rotta(codice, colonna.nome, scritta, "tipo")


def _casi_mancanti(codice: str, colonna: Colonna) -> Iterator[Caso]:
    for vuota in ("", "   ", " \t "):
        if colonna.obbligatoria:
            yield _rotta(codice, colonna.nome, vuota, "obbligatorio")
        elif (codice, colonna.nome) != ("registro_imprese/pratiche", "data_ora_chiusura"):
            predefinito = PREDEFINITI.get((codice, colonna.nome))
            yield Caso(codice, {colonna.nome: vuota}, frozenset(), colonna.nome, predefinito)


def _casi_codici(codice: str, colonna: Colonna) -> Iterator[Caso]:
    for valore in colonna.codici:
        varianti = {valore, valore.lower(), f" {valore.title()} ", valore.replace("_", " ")}
        for scritta in sorted(varianti):
            yield _resta(codice, colonna.nome, scritta, valore)
        for sbagliata in (valore + "_", valore.replace("_", "-") + "-", f'"{valore}"', valore[:-1]):
            yield _rotta(codice, colonna.nome, sbagliata, "codice")
        if "_" in valore:
            doppio = valore.replace("_", "  ")
            yield _rotta(codice, colonna.nome, doppio, "codice")
            yield _rotta(codice, colonna.nome, valore.replace("_", ""), "codice")
    if colonna.codici:
        yield _rotta(codice, colonna.nome, "INESISTENTE", "codice")


def _casi_limite(codice: str, colonna: str) -> Iterator[Caso]:
    dentro, fuori = LIMITI.get((codice, colonna), ([], []))
    for scritta in dentro:
        yield Caso(codice, {colonna: scritta})
    for scritta in fuori:
        yield _rotta(codice, colonna, scritta, "intervallo")


def casi(codice: str) -> list[Caso]:
    """All the cases of an extract, each for a row of its own."""
    elenco: list[Caso] = [Caso(codice, {})]
    for colonna in ESTRATTI[codice].colonne:
        elenco += _casi_tipo(codice, colonna)
        elenco += _casi_mancanti(codice, colonna)
        elenco += _casi_codici(codice, colonna)
        elenco += _casi_limite(codice, colonna.nome)
    for celle, nominata in REGOLE.get(codice, []):
        rotte = frozenset() if nominata is None else frozenset({(nominata, "regola_riga")})
        elenco.append(Caso(codice, celle, rotte))
    elenco += [Caso(c, celle, frozenset(rotte)) for c, celle, rotte in PIU_REGOLE if c == codice]
    return elenco
