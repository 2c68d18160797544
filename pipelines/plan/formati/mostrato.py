"""A workbook's number as its cell displays it.

Belongs here: decimals, thousands, percent signs and the literals of a number format, in Italian. Does not
belong here: dates (xlsx.py), what a displayed text means (valori.py).
"""

import re
from decimal import Decimal

from pipelines.italiano import format_numero, round_half_up

_PEZZO = re.compile(
    r'"(?P<citato>[^"]*)"?|\\(?P<protetto>.)|_.|\*.|\[(?P<quadra>[^\]]*)\]?|(?P<generale>general|standard)'
    r"|(?P<altro>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDIZIONE = re.compile(r"(<=|>=|<>|<|>|=)(-?\d+(?:\.\d+)?)$")


def displayed(numero: str, codice: str) -> tuple[str, bool]:
    """A plain number (`1234.5`) under a format code: the text shown, and whether it hides decimals."""
    valore = Decimal(numero)
    sezione, con_segno = _section(codice, valore)
    testi: list[str] = []
    cifre = ""
    posto = -1
    for pezzo in _PEZZO.finditer(sezione):
        if pezzo["generale"] is not None:
            cifre, posto = "generale", len(testi)
        elif pezzo["citato"] is not None or pezzo["protetto"] is not None:
            testi.append(pezzo["citato"] or pezzo["protetto"] or "")
        elif pezzo["quadra"] is not None:
            if pezzo["quadra"].startswith("$"):
                testi.append(pezzo["quadra"][1:].partition("-")[0])
        elif (altro := pezzo["altro"]) is None:
            testi.append(" ")
        elif altro in "0#?.,":
            posto = len(testi) if posto < 0 else posto
            cifre += altro
        else:
            testi.append(altro)
    percento = testi.count("%")
    if cifre in ("", "generale"):
        if cifre == "" and testi:
            return "".join(testi).strip(), valore != 0
        testo, hides = _general(valore), False
    else:
        testo, hides = _shown(abs(valore).scaleb(2 * percento), cifre)
        if valore < 0 and con_segno and testo.strip("0.,"):
            testo = f"-{testo}"
    return "".join([*testi[: max(posto, 0)], testo, *testi[max(posto, 0) :]]).strip(), hides


def _general(valore: Decimal) -> str:
    """Up to eleven digits, as the general format shows them; all of them, so that nothing is lost."""
    testo = format(valore.normalize(), "f")
    return testo.replace(".", ",")


def _shown(valore: Decimal, cifre: str) -> tuple[str, bool]:
    intere, _, decimali = cifre.partition(".")
    migliaia = "," in intere.rstrip(",")
    scala = len(intere) - len(intere.rstrip(","))
    valore = valore.scaleb(-3 * scala)
    posti = len(decimali.replace(",", ""))
    fissi = decimali.count("0")
    tondo = round_half_up(valore, posti)
    testo = format_numero(tondo, posti)
    if not migliaia:
        testo = testo.replace(".", "")
    testo_intero, _, coda = testo.partition(",")
    while len(coda) > fissi and coda.endswith("0"):
        coda = coda[:-1]
    minimo = intere.count("0")
    if len(testo_intero.replace(".", "")) < minimo:
        testo_intero = testo_intero.zfill(minimo)
    return testo_intero + ("," + coda if coda else ""), tondo != valore


def _section(codice: str, valore: Decimal) -> tuple[str, bool]:
    """The section of a code for a value, and whether the minus is added to what it shows."""
    sezioni = _split(codice)[:3]
    if len(sezioni) == 1:
        return sezioni[0], True
    condizioni = [_condition(s) for s in sezioni]
    if any(condizioni):
        for sezione, condizione in zip(sezioni, condizioni, strict=True):
            if condizione is None or _holds(valore, *condizione):
                return sezione, True
        return sezioni[-1], True
    if valore < 0:
        return sezioni[1], False
    if valore == 0 and len(sezioni) == 3:
        return sezioni[2], False
    return sezioni[0], True


def _split(codice: str) -> list[str]:
    sezioni = [""]
    for pezzo in _PEZZO.finditer(codice or "General"):
        if pezzo["altro"] == ";":
            sezioni.append("")
        else:
            sezioni[-1] += pezzo[0]
    return sezioni


def _condition(sezione: str) -> tuple[str, Decimal] | None:
    for pezzo in _PEZZO.finditer(sezione):
        if pezzo["quadra"] and (trovata := _CONDIZIONE.match(pezzo["quadra"])):
            return trovata[1], Decimal(trovata[2])
    return None


def _holds(valore: Decimal, segno: str, limite: Decimal) -> bool:
    return {
        "<": valore < limite,
        "<=": valore <= limite,
        ">": valore > limite,
        ">=": valore >= limite,
        "=": valore == limite,
        "<>": valore != limite,
    }[segno]
