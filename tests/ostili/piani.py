"""Hostile plans: what lies where the allegato should.

Belongs here: bytes of `allegato.txt`. A plan is text, so almost any text is read, and what it does
not say shows as findings; only what is no text is refused. Does not belong here: how plans are
understood (tests/plan).
"""

import random
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.extracts.materiale import xlsx
from tests.indicatori.piano import ALLEGATO_2020, CODA, Blocco, Voce, allegato
from tests.ostili.caso import RIFIUTATO, SEGRETO, Caso, Contenuto, Esito, dati, scrivi
from tests.ostili.testi import INERTI

ALLEGATO = "allegato.txt"
LETTO = dati(0)
"""The plan is read; how many lines it has is not what is tried here."""
_BLOCCO = Blocco("1.1", [Voce("ISR_STUDI", "8", ("=>8", "=>8", "=>8"))], peso="100,00%")


def vero() -> str:
    """The plan of 2020, as published."""
    return ALLEGATO_2020.read_text(encoding="utf-8")


def piccolo() -> str:
    """A plan of one indicator."""
    return allegato(2020, [_BLOCCO])


def ostile(testo: str) -> str:
    """A plan that says the same thing in every field where a plan says something."""
    campo = " ".join(testo.split())
    righe = []
    for riga in piccolo().split("\n"):
        celle = riga.split("\t")
        if celle[0] == "Volume" or "ISR" in riga or celle[:1] == ["OBIETTIVO"]:
            celle = [_ostile(cella, campo) for cella in celle]
        elif celle[0] in ("MISSIONE", "PROGRAMMA") or celle[1:2] in (
            ["DESCRIZIONE"],
            ["STAKEHOLDER ESTERNI"],
            ["STAKEHOLDER INTERNI"],
            ["ARCO TEMPORALE"],
            ["CENTRO DI RESPONSABILITÀ"],
        ):
            celle = [*celle[:2], f"{celle[2]} {campo}", *celle[3:]]
        righe.append("\t".join(celle))
    return "\n".join(righe)


def _ostile(cella: str, testo: str) -> str:
    """A cell of prose with the text before it; labels and figures stay, or it would be no plan."""
    prosa = any(c.islower() for c in cella)
    return f"{testo} {cella}" if prosa and not cella.startswith("1.1") else cella


def _caso(
    nome: str, contenuto: Contenuto, esito: Esito, pesante: bool = False, sola: bool = False
) -> Caso:
    def prepara(partizione: Path) -> None:
        scrivi(partizione / ALLEGATO, contenuto)

    return Caso(
        f"allegato: {nome}", "allegato", prepara, {ALLEGATO: esito}, pesante=pesante, sola=sola
    )


def _byte() -> Iterator[tuple[str, bytes, Esito]]:
    """What is no text, and text in other bytes."""
    testo = vero()
    yield "vuoto", b"", LETTO
    yield "solo-bom", b"\xef\xbb\xbf", LETTO
    yield "bom", b"\xef\xbb\xbf" + testo.encode(), LETTO
    yield "bom-in-mezzo", testo.replace("OBIETTIVO", "\ufeffOBIETTIVO").encode(), LETTO
    for codifica in ("utf-16", "utf-16-le", "utf-32"):
        yield codifica, testo.encode(codifica), RIFIUTATO
    yield "cp1252", testo.encode("cp1252", "replace"), LETTO
    for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D):
        yield f"cp1252-{byte:02x}", testo.encode() + b"\xe0 %c" % byte, RIFIUTATO
    yield "nul", testo.encode().replace(b" ", b"\x00", 1), RIFIUTATO
    yield "a-caso", random.Random(3).randbytes(4000), RIFIUTATO
    yield "pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\x00stream", RIFIUTATO
    yield "docx", xlsx([["x"]]), RIFIUTATO
    yield "html", b"<html><body><h1>Piano</h1></body></html>", RIFIUTATO
    yield "venti-mega-e-uno", b"a" * ((20 << 20) + 1), RIFIUTATO


def _forme() -> Iterator[tuple[str, str, Esito]]:
    """Plans whose lines, cells or figures are not what a plan has."""
    testo = vero()
    yield "solo-cr", testo.replace("\n", "\r"), LETTO
    yield "fine-mista", testo.replace("\n", "\r\n", 30), LETTO
    yield "tronco", testo[: len(testo) // 2], LETTO
    yield "due-volte", testo + testo, LETTO
    yield "al-contrario", "\n".join(reversed(testo.split("\n"))), LETTO
    yield "senza-tabulazioni", testo.replace("\t", " "), LETTO
    yield "solo-tabulazioni", "\t" * 5_000, LETTO
    yield "senza-intestazioni", testo.replace("INDICATORE", "x"), LETTO
    yield "righe-rimescolate", _rimescolato(testo), LETTO
    voci = [
        Voce(codice, f, (f"=>{f}", f, f"=<{f}"))
        for codice, f in zip(_CODICI, _FIGURE, strict=False)
    ]
    yield "figure", allegato(2020, [Blocco("1.1", voci)]), LETTO
    voci = [Voce(codice, f, (f"=<{f}", f, f)) for codice, f in zip(_CODICI, _FIGURE, strict=False)]
    yield "figure-al-massimo", allegato(2020, [Blocco("1.1", voci)]), LETTO
    pesi = [
        Blocco(f"1.{n}", _BLOCCO.voci, peso=f"{figura}%", preventivo=figura)
        for n, figura in enumerate(_FIGURE)
    ]
    yield "pesi-e-risorse", allegato(2020, pesi), LETTO
    for anno in (1900, 2019, 2099):
        yield f"anno-{anno}", allegato(anno, [_BLOCCO]), LETTO
    stesso = Blocco("1.1", list(_BLOCCO.voci) * 50, peso="100,00%")
    yield "cinquanta-volte-lo-stesso", allegato(2020, [stesso]), LETTO
    yield "obiettivo-ripetuto", allegato(2020, [_BLOCCO] * 20), LETTO
    compilato = testo.replace("=>8\t=>8", "=>8\t=>8\t9999\tx")
    yield "gia-compilato", compilato, LETTO
    larga = piccolo().replace("\tNOTE", "\tNOTE" + "\tTarget 2020" * 500)
    yield "intestazione-larga", larga, LETTO
    yield "riga-larga", piccolo() + "a\t" * 17_000, RIFIUTATO
    lungo = "parola " * 8000
    yield "testo-lunghissimo", piccolo().replace("Descrizione dell'obiettivo", lungo), LETTO
    yield "titolo-lunghissimo", piccolo().replace("Titolo dell'obiettivo", lungo), LETTO
    for nome in ("firmato ", "dato 2018 a - ", "ultimo dato ", "IL PRESIDENTE ", "A:", "PESO: "):
        yield f"a-lungo-{nome.split()[0].lower()}", piccolo() + nome * 1000, LETTO
    molti = [Blocco(f"{n // 9}.{n % 9}", _BLOCCO.voci, peso="2,50%") for n in range(9, 49)]
    yield "quaranta-obiettivi", allegato(2020, molti), LETTO


_CODICI = ("ISR_STUDI", "SEDUTE", "INCIDENZA_CONSIP", "IGNOTO") * 5
_FIGURE = (
    "0",
    "-1",
    "-0",
    "0,000001",
    "0,0000001",
    "999999999999",
    "999999999999,999999",
    "9999999999999999,99",
    "9" * 300,
    "1" + ".000" * 30,
    "1e9",
    "NaN",
    "12.5",
    "100%%",
    "€ € 5",
    "=1+1",
    "=>=>5",
    SEGRETO,
    "",
)


def _rimescolato(testo: str) -> str:
    righe = testo.split("\n")
    random.Random(4).shuffle(righe)
    return "\n".join(righe)


def _grandi() -> Iterator[tuple[str, Callable[[], bytes], Esito]]:
    """Plans as long as may be, of the lines that cost most."""
    mega = 1 << 20
    voce = next(r for r in piccolo().split("\n") if r.startswith("Volume"))
    intestazione = piccolo().encode()
    yield "un-mega-di-firmato", lambda: b"firmato " * (mega // 8), LETTO
    yield "centomila-a-capo", lambda: b"\n" * 100_000, LETTO
    yield "centomila-celle", lambda: b"a\t" * 100_000, LETTO
    yield "duemila-indicatori", lambda: intestazione + f"{voce}\n".encode() * 2000, LETTO
    obiettivo = f"OBIETTIVO\tTITOLO\t1.%d - x{CODA}\n"
    molti = "".join(obiettivo % n for n in range(4_000))
    yield "quattromila-obiettivi", molti.encode, LETTO


def casi() -> list[Caso]:
    """Every case of plans."""
    trovati = [_caso(*caso, sola=True) for caso in _byte()]
    trovati += [_caso(nome, testo.encode(), esito) for nome, testo, esito in _forme()]
    for numero in range(0, len(INERTI), 9):
        insieme = " ".join(testo[:30_000] for testo in INERTI[numero : numero + 9])
        trovati.append(_caso(f"inerti-{numero}", ostile(insieme).encode(), LETTO))
    for numero in (0, 3, 4, 5, 7, 13):
        trovati.append(_caso(f"inerte-{numero}", ostile(INERTI[numero]).encode(), LETTO))
    return [*trovati, *(_caso(*caso, pesante=True) for caso in _grandi())]
