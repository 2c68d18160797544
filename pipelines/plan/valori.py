"""What a printed value is: number, percentage, unit, target with its direction, or none.

Belongs here: the spellings of section "values" of a plan, the same in every layout and format. Does not
belong here: which cell holds a value (tabella.py, disposizioni/). A text that is no number as a whole has no
value: never the first digits that occur in it.
"""

import re
from dataclasses import dataclass
from decimal import Decimal

from pipelines.italiano import read_numero
from pipelines.plan.model import Luogo, Operatore, Traguardo

CIFRE_INTERE, DECIMALI = 12, 6
"""The most that a value or a target may have: what DECIMAL(18,6) keeps without rounding."""

_MANCANTI = {"", "-", "--", "N.D.", "N.D", "ND", "N/D", "N.P.", "N.P", "NP", "NON DISPONIBILE"}
_TRATTI = str.maketrans("–—−", "---")

_SEGNI: dict[str, Operatore] = {
    "=>": "=>",
    ">=": "=>",
    "≥": "=>",
    "=<": "=<",
    "<=": "=<",
    "≤": "=<",
}
_STRETTI: dict[str, Operatore] = {">": "=>", "<": "=<"}
_ALMENO = (
    r"maggiore o uguale (?:a|al|allo|all['’])|almeno(?: il| lo| l['’])?"
    r"|non inferiore (?:a|al|all['’])|non meno di|minimo|min\.?(?![a-z])"
)
_AL_PIU = (
    r"minore o uguale (?:a|al|allo|all['’])|non superiore (?:a|al|all['’])|non più di"
    r"|al massimo|massimo|max\.?(?![a-z])|entro(?: i| gli| le| il)?|non oltre(?: i| gli| le| il)?"
)
_OLTRE = r"oltre(?: il| i| le| l['’])?|più di|maggiore di|superiore a"
_SOTTO = r"meno di|minore di|inferiore a"
_PAROLE = re.compile(
    rf"(?:(?P<almeno>{_ALMENO})|(?P<al_piu>{_AL_PIU})|(?P<oltre>{_OLTRE})|(?P<sotto>{_SOTTO}))"
    r"\s*(?=[\s0-9€n-]|\Z)(?P<resto>.*)",
    re.IGNORECASE | re.DOTALL,
)
_SEGNO = re.compile(r"(=>|>=|≥|=<|<=|≤|>|<)\s*(.*)", re.DOTALL)

_UNITA = r"gg\.?|giorn[oi]|g\.|or[ae]|h|€|euro|eur|n\.|nr\.?|n[°º]|num\.|numero|%"
_PRIMA = re.compile(rf"({_UNITA})\s*(?=[-0-9])", re.IGNORECASE)
_DOPO = re.compile(rf"(?<=[0-9])\s*({_UNITA})\Z", re.IGNORECASE)

_PIU_ANNI = re.compile(
    r"(?:\bAnno\s+)?(?<![0-9/.\-])(?P<anno>(?:19|20)[0-9]{2})(?![0-9])\s*[:=](?![><=])\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Valore:
    """A printed value: `24,58%` is 24.58 percent points with two decimals."""

    numero: Decimal
    decimali: int
    percentuale: bool
    unita: str | None = None


def is_mancante(testo: str | None) -> bool:
    """Whether a text says that there is no value: blank, a dash, n.d., an operator alone."""
    nudo = (testo or "").strip().translate(_TRATTI)
    return nudo.upper() in _MANCANTI or nudo in _SEGNI or nudo in _STRETTI


def read_valore(testo: str) -> Valore | None:
    """Read `8`, `0,03`, `24,58%`, `30 gg`, `€ 5`; None where it is no number, or more than
    CIFRE_INTERE and DECIMALI can hold."""
    pulito, unita = testo.strip(), None
    if dopo := _DOPO.search(pulito):
        pulito, unita = pulito[: dopo.start()], dopo[1]
    if prima := _PRIMA.match(pulito):
        pulito, unita = pulito[prima.end() :], unita or prima[1]
    numero = read_numero(pulito)
    if numero is None or not is_entro(numero, CIFRE_INTERE, DECIMALI):
        return None
    return Valore(numero, count_decimali(numero), unita == "%", unita)


def count_decimali(numero: Decimal) -> int:
    """How many decimals a finite number carries, printed zeros included."""
    return max(0, -int(numero.as_tuple().exponent))


def is_entro(numero: Decimal, cifre_intere: int, decimali: int) -> bool:
    """Whether a number fits so many whole digits and decimals without rounding."""
    return numero.adjusted() < cifre_intere and count_decimali(numero) <= decimali


def has_operatore(testo: str) -> bool:
    """Whether a text begins as only a target does."""
    return testo.startswith(tuple(_SEGNI))


def split_operatore(testo: str) -> tuple[Operatore | None, bool, str]:
    """The direction that a target's text says, whether strictly, and what follows it."""
    if segno := _SEGNO.fullmatch(testo):
        stretto = segno[1] in _STRETTI
        return (_STRETTI if stretto else _SEGNI)[segno[1]], stretto, segno[2]
    if parole := _PAROLE.fullmatch(testo):
        verso: Operatore = "=>" if parole["almeno"] or parole["oltre"] else "=<"
        return verso, bool(parole["oltre"] or parole["sotto"]), parole["resto"].strip()
    return None, False, testo


def read_traguardo(anno: int, testo: str, luogo: Luogo | None = None) -> Traguardo:
    """Read `=>8`, `entro 5 gg`, `almeno il 90%` or a bare `100%`, which means at least unless a definition
    says otherwise; an unreadable one has no value."""
    operatore, _, resto = split_operatore(testo.strip())
    valore = read_valore(resto)
    if valore is None:
        return Traguardo(anno, testo, None, False, None, luogo)
    return Traguardo(anno, testo, operatore or "=>", operatore is None, valore.numero, luogo)


def split_anni(testo: str) -> list[tuple[int, str]]:
    """The targets of a cell that says several years: `Anno 2020: >= 90% Anno 2021: >= 92%`.

    Empty where the text does not begin with a year.
    """
    trovati = list(_PIU_ANNI.finditer(testo))
    if not trovati or testo[: trovati[0].start()].strip():
        return []
    fini = [*(t.start() for t in trovati[1:]), len(testo)]
    return [
        (int(t["anno"]), testo[t.end() : fine].strip(" ;,\t\n"))
        for t, fine in zip(trovati, fini, strict=True)
    ]
