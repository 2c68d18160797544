"""What a mapping may say: each entry that cannot be is named with its file, line and key."""

import pytest

from pipelines.contract.estratti import PER_CODICE
from pipelines.contract.mappa import MappaturaErrata, Sorgente
from pipelines.contract.mappa_toml import read_mapping

PRATICHE = PER_CODICE["registro_imprese/pratiche"]
PAGAMENTI = PER_CODICE["provveditorato/pagamenti"]
FTE = PER_CODICE["kronos/fte"]
FILE = "MS/mappe/registro_imprese/pratiche.toml"
DIVISA = '[divisione.esito]\nda = "A"\nseparatore = "/"\nparte = 1\n'


@pytest.mark.parametrize(
    ("testo", "dove", "perche"),
    [
        ("x = 1", "riga 1 «x»", "le voci sono file, colonne, costanti"),
        ("[file\n", "riga 1:", "non si legge come TOML"),
        ("\n[fogli]\nnome = 1", "riga 2 «fogli»", "non è una voce"),
        ("[file]\n\n[colonna]\n", "riga 3 «colonna»", "non è una voce"),
        ('[file]\nfoglo = "A"', "riga 2, [file] «foglo»", "non è una voce"),
        ("[file]\nfoglio = 3", "riga 2, [file] «foglio»", "il nome di un foglio"),
        ("[file]\nintestazione = 0", "riga 2, [file] «intestazione»", "da 1 a 1000"),
        ('[file]\ncodifica = "ebcdic"', "riga 2, [file] «codifica»", "utf-16"),
        ('[file]\nseparatore = ";;"', "riga 2, [file] «separatore»", "un segno solo"),
        ('[colonne]\n"A" = "canale"\n"B" = "canela"', "riga 3, [colonne] «B»", "«canela» non è"),
        ('[colonne]\n"A" = "canale"\n" a " = "esito"', "riga 3, [colonne] « a »", "ha già una"),
        ('[costanti]\ncanale = "A VOCE"', "riga 2, [costanti] «canale»", "TELEMATICA, CARTACEA"),
        ("[costanti]\ncanale = 1.5", "riga 2, [costanti] «canale»", "un numero intero"),
        ('[codici.canale]\n"web" = "ONLINE"', "riga 2, [codici.canale] «web»", "«ONLINE» non è"),
        ('[codici.via]\n"web" = "X"', "riga 2, [codici.via] «web»", "«via» non è una colonna"),
        ("codici.canale = 3", "riga 1, [codici] «canale»", "[codici.canale]"),
        ('[formato.esito]\ndata = "AAAA"', "riga 2, [formato.esito] «data»", "né una data"),
        (
            '[formato.data_ora_arrivo]\ndata = "GG-MM"',
            "riga 2, [formato.data_ora_arrivo] «data»",
            "«GG-MM» non è un formato di data",
        ),
        (
            '[formato.data_ora_arrivo]\ndata = "GG-GG-AAAA"',
            "riga 2, [formato.data_ora_arrivo] «data»",
            "non è un formato di data",
        ),
        (
            '[formato.data_ora_arrivo]\ndata = "il GG-MM-AAAA"',
            "riga 2, [formato.data_ora_arrivo] «data»",
            "non è un formato di data",
        ),
        (
            '[formato.data_ora_arrivo]\ndecimale = "."',
            "riga 2, [formato.data_ora_arrivo] «decimale»",
            "le voci sono data",
        ),
        (
            '[unione.data_ora_arrivo]\nda = ["Data"]',
            "riga 2, [unione.data_ora_arrivo] «da»",
            "almeno due intestazioni",
        ),
        ("[divisione.esito]\n", "riga 1, [divisione] «esito»", "occorrono da, separatore, parte"),
        (
            '[divisione.esito]\nda = "A"\nparte = 1',
            "riga 2, [divisione.esito] «separatore»",
            "occorrono da, separatore, parte",
        ),
        ('[divisione.via]\nda = "A"', "riga 2, [divisione.via] «da»", "«via» non è una colonna"),
        ("divisione.esito = 3", "riga 1, [divisione] «esito»", "[divisione.esito]"),
        ('[divisione.esito]\nin = "A"', "riga 2, [divisione.esito] «in»", "da, separatore, parte"),
        ('[divisione.esito]\nda = " "', "riga 2, [divisione.esito] «da»", "l'intestazione"),
        ('[divisione.esito]\nda = ["A"]', "riga 2, [divisione.esito] «da»", "l'intestazione"),
        *(
            (f"[divisione.esito]\n{key} = {value}", f"riga 2, [divisione.esito] «{key}»", said)
            for key, value, said in (
                ("separatore", '""', "il segno tra"),
                ("separatore", r'"\u200b"', "il segno tra"),
                ("separatore", "1", "il segno tra"),
                ("parte", "0", "da 1 a 1000"),
                ("parte", "-1", "da 1 a 1000"),
                ("parte", "1001", "da 1 a 1000"),
                ("parte", "1.0", "da 1 a 1000"),
                ("parte", "true", "da 1 a 1000"),
                ("parte", '"1"', "da 1 a 1000"),
            )
        ),
        (
            f"{DIVISA}[divisione.canale]\nda = 'a'\nseparatore = '-'\nparte = 2",
            "riga 7, [divisione.canale] «separatore»",
            "divide la stessa colonna con «/»",
        ),
        (f'{DIVISA}[colonne]\n"B" = "esito"', "riga 2, [divisione.esito] «da»", "lasciarne una"),
        (
            f'{DIVISA}[unione.esito]\nda = ["B", "C"]',
            "riga 2, [divisione.esito] «da»",
            "lasciarne una",
        ),
        (
            f'{DIVISA}[costanti]\nesito = "EVASA"',
            "riga 6, [costanti] «esito»",
            "lasciarne una",
        ),
        (
            '[righe]\nescludi = [{ colonna = "A", forma = "(" }]',
            "riga 2, [righe] «escludi»",
            "«(» non è una forma",
        ),
        ("[righe]\nescludi = [1]", "riga 2, [righe] «escludi»", "deve essere un elenco"),
        (
            '[colonne]\n"A" = "canale"\n[costanti]\ncanale = "CARTACEA"',
            "riga 4, [costanti] «canale»",
            "lasciarne una sola",
        ),
        (
            '[colonne]\n"A" = "data_ora_arrivo"\n[unione.data_ora_arrivo]\nda = ["B", "C"]',
            "riga 4, [unione.data_ora_arrivo] «da»",
            "lasciarne una sola",
        ),
    ],
)
def test_what_cannot_be_is_named_with_its_line_and_key(testo: str, dove: str, perche: str) -> None:
    with pytest.raises(MappaturaErrata) as error:
        read_mapping(PRATICHE, "0", [Sorgente(FILE, testo)])
    said = str(error.value)
    assert said.startswith(f"mappa_errata: {FILE}, {dove}")
    assert perche in said
    assert said.endswith((".", "]."))


@pytest.mark.parametrize(
    ("voci", "perche"),
    [
        ('decimale = ";"', "segno dei decimali"),
        ('decimale = "."\nmigliaia = "."', "per migliaia e decimali"),
        ('migliaia = "x"', "segno delle migliaia"),
        ('unita = "lire"', "euro o centesimi"),
    ],
)
def test_a_number_is_written_in_a_way_that_can_be(voci: str, perche: str) -> None:
    with pytest.raises(MappaturaErrata, match=perche):
        read_mapping(PAGAMENTI, "0", [Sorgente(FILE, f"[formato.imponibile]\n{voci}")])


def test_no_constant_makes_up_people() -> None:
    with pytest.raises(MappaturaErrata, match="colonna di persone"):
        read_mapping(FTE, "0", [Sorgente(FILE, '[costanti]\nmatricola = "1013"')])


def test_the_year_wins_over_the_chamber_key_by_key() -> None:
    camera = Sorgente(
        FILE, '[costanti]\ncanale = "CARTACEA"\n[file]\nfoglio = "A"\nintestazione = 2'
    )
    anno = Sorgente("MS/2020/mappe/registro_imprese/pratiche.toml", '[file]\nfoglio = "B"')
    mappa = read_mapping(PRATICHE, "0", [camera, anno])
    assert mappa.costanti == (("canale", "CARTACEA"),)
    assert (mappa.apertura.foglio, mappa.apertura.intestazione) == ("B", 2)
