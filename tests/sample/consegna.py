"""Which file an extract is delivered in: its parts, its dialect, where the broken lines stand.

Belongs here: the deliveries of one chamber and year, and what the contract must find in each. Does
not belong here: rows (uffici/), bytes (dialetto.py), the disk (genera.py).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from importlib import import_module
from pkgutil import iter_modules
from random import Random
from typing import Literal

from pipelines.contract.estratti import PER_CODICE
from tests.sample import sporco, uffici
from tests.sample.casuale import flusso, intero, scelta
from tests.sample.dialetto import Dialetto
from tests.sample.modello import GENERATORI, Contesto, Guasta, Riga, Voce

for _module in iter_modules(uffici.__path__):
    import_module(f"{uffici.__name__}.{_module.name}")

DOVUTI = tuple(codice for codice, estratto in PER_CODICE.items() if estratto.dovuto)
"""The extracts of the sample: what nobody owes is a public file, and not an office's."""

Parti = Literal["una", "trimestri", "mesi"]

_DATA_DI = {
    "registro_imprese/pratiche": "data_ora_arrivo",
    "contabilita/interventi_economici": "data",
    "provveditorato/pagamenti": "data_pagamento",
}
"""The date by which an extract is cut into parts."""

SEMPLICE = Dialetto()
WINDOWS = Dialetto(
    codifica="cp1252",
    fine_riga="\r\n",
    migliaia=True,
    valuta="prima",
    intestazione="accentata",
    si_no=("SI", "NO"),
    codici_parlati=True,
)
GESTIONALE = Dialetto(
    codifica="utf-8-sig", fine_riga="\r\n", date_iso=True, intestazione="maiuscola"
)
CON_OPERATORE = replace(GESTIONALE, operatore=True)
VIRGOLE = Dialetto(separatore=",", tra_virgolette=True, migliaia=True, valuta="dopo")
TABULAZIONI = Dialetto(separatore="\t", colonne="inverse")
A_MANO = Dialetto(
    intestazione="accentata", si_no=("si", "no"), codici_parlati=True, colonne="ultima_prima"
)
RITARDATO = Dialetto(riga_vuota_prima=True, fine_riga="\r\n")
MIGLIAIA = replace(GESTIONALE, migliaia=True)
COMPRESSO = Dialetto(formato="csv.gz")
CARTELLA = Dialetto(formato="xlsx", intestazione="accentata")
COLONNARE = Dialetto(formato="parquet")


@dataclass(frozen=True)
class Forma:
    """In how many parts an extract comes, and the dialect of each; the last one goes on."""

    parti: Parti
    dialetti: tuple[Dialetto, ...]


def _una(dialetto: Dialetto) -> Forma:
    return Forma("una", (dialetto,))


_FORME_MS: dict[int, dict[str, Forma]] = {
    2018: {
        "cciaa/attivita": _una(A_MANO),
        "contabilita/costi_processo": _una(CARTELLA),
        "contabilita/interventi_economici": _una(WINDOWS),
        "registro_imprese/pratiche": _una(COMPRESSO),
        "registro_imprese/consistenza": _una(MIGLIAIA),
        "brevetti/domande": _una(TABULAZIONI),
        "segreteria/atti": _una(VIRGOLE),
        "segreteria/accessi": _una(GESTIONALE),
        "segreteria/trasparenza": _una(A_MANO),
        "provveditorato/pagamenti": _una(WINDOWS),
    },
    # In July the offices changed software: dates, encoding and headers changed with it.
    2019: {
        "isr/studi": _una(A_MANO),
        "contabilita/costi_processo": _una(WINDOWS),
        "contabilita/interventi_economici": Forma(
            "trimestri", (WINDOWS, WINDOWS, GESTIONALE, GESTIONALE)
        ),
        "registro_imprese/pratiche": Forma("mesi", (*(SEMPLICE,) * 6, CON_OPERATORE)),
        "registro_imprese/consistenza": _una(TABULAZIONI),
        "kronos/fte": _una(WINDOWS),
        "segreteria/accessi": _una(RITARDATO),
        "segreteria/trasparenza": _una(CARTELLA),
        "segreteria/personale": _una(GESTIONALE),
        "provveditorato/pagamenti": Forma(
            "trimestri", (WINDOWS, WINDOWS, CON_OPERATORE, CON_OPERATORE)
        ),
    },
    2020: {
        "cciaa/attivita": _una(A_MANO),
        "contabilita/costi_processo": _una(CARTELLA),
        "contabilita/interventi_economici": _una(WINDOWS),
        "registro_imprese/pratiche": Forma(
            "trimestri", (CON_OPERATORE, CON_OPERATORE, GESTIONALE, COMPRESSO)
        ),
        "registro_imprese/consistenza": _una(MIGLIAIA),
        "conciliazione/procedimenti": _una(GESTIONALE),
        "kronos/fte": _una(COLONNARE),
        "metrico/attivita": _una(COLONNARE),
        "segreteria/sedute": _una(CARTELLA),
        "segreteria/formazione": _una(TABULAZIONI),
        "provveditorato/pagamenti": Forma("mesi", (VIRGOLE,)),
    },
}
"""How Massa-Carrara delivers; an extract that is not named comes whole, in the simple dialect."""

_CSV = (SEMPLICE, SEMPLICE, WINDOWS, GESTIONALE, VIRGOLE, TABULAZIONI, A_MANO, RITARDATO)


@dataclass(frozen=True)
class Consegna:
    """One file: its path below the landing zone, and its lines in order."""

    percorso: str
    estratto: str
    dialetto: Dialetto
    voci: tuple[Voce, ...]

    @property
    def righe_lette(self) -> int:
        return sum(voce is not None for voce in self.voci)

    @property
    def righe_scartate(self) -> Counter[str]:
        """Rows that the contract must refuse, by rule."""
        return Counter(voce.regola for voce in self.voci if isinstance(voce, Guasta))


def consegne(c: Contesto, con_guaste: bool) -> Iterator[Consegna]:
    """Every file that a chamber owes for a year, in the order of the declarations."""
    for estratto in DOVUTI:
        yield from _consegna(c, estratto, con_guaste)


def _consegna(c: Contesto, estratto: str, con_guaste: bool) -> Iterator[Consegna]:
    righe = GENERATORI[estratto](c)
    forma = _forma(c, estratto)
    parti = _taglia(righe, forma.parti, _DATA_DI.get(estratto, ""), c.esercizio)
    dialetti = [forma.dialetti[min(k, len(forma.dialetti) - 1)] for k in range(len(parti))]
    voci: list[list[Voce]] = [list(parte) for parte in parti]
    if con_guaste:
        _guasta(c, estratto, parti, voci, dialetti)
    for k, (parte, dialetto) in enumerate(zip(voci, dialetti, strict=True)):
        nome = f"{estratto}{_suffisso(forma.parti, c.esercizio, k)}.{dialetto.formato}"
        yield Consegna(f"{c.camera}/{c.esercizio}/{nome}", estratto, dialetto, tuple(parte))


def _forma(c: Contesto, estratto: str) -> Forma:
    if c.camera == "MS" and c.esercizio in _FORME_MS:
        return _FORME_MS[c.esercizio].get(estratto, _una(SEMPLICE))
    return _una(scelta(flusso(c.seed, c.camera, c.esercizio, "forma", estratto), _CSV))


def _suffisso(parti: Parti, esercizio: int, k: int) -> str:
    match parti:
        case "una":
            return ""
        case "trimestri":
            return f"-{esercizio}-T{k + 1}"
        case "mesi":
            return f"-{esercizio}-{k + 1:02d}"


def _taglia(righe: list[Riga], parti: Parti, data: str, esercizio: int) -> list[list[Riga]]:
    """Rows by part; those of the years beside go into the first or the last."""
    if parti == "una":
        return [righe]
    mesi = 1 if parti == "mesi" else 3
    cassetti: list[list[Riga]] = [[] for _ in range(12 // mesi)]
    for riga in righe:
        giorno = riga[data]
        if not isinstance(giorno, date):
            raise TypeError(f"{data} non è una data: l'estratto non si può dividere in parti")
        mese = 1 if giorno.year < esercizio else 12 if giorno.year > esercizio else giorno.month
        cassetti[(mese - 1) // mesi].append(riga)
    return cassetti


def _guasta(
    c: Contesto,
    estratto: str,
    parti: Sequence[Sequence[Riga]],
    voci: list[list[Voce]],
    dialetti: Sequence[Dialetto],
) -> None:
    """Put the broken lines among the sound ones, in the order in which an office would."""
    r = flusso(c.seed, c.camera, c.esercizio, "disposizione", estratto)
    righe = [riga for parte in parti for riga in parte]
    if not righe:
        return
    for guasta in sporco.guaste(c, estratto, righe):
        k = intero(r, 0, len(voci) - 1)
        if not (guasta.solo_testo and dialetti[k].tipato):
            voci[k].insert(intero(r, 0, len(voci[k])), guasta)
    _ripeti(r, parti, voci, sporco.quanti_duplicati(estratto, len(righe)))
    for k, (parte, dialetto) in enumerate(zip(voci, dialetti, strict=True)):
        totale = sporco.totale(estratto, len(parti[k]))
        if totale is not None and not dialetto.tipato:
            # The blank line that sets the footer apart is not a row.
            parte += [None, totale]


def _ripeti(
    r: Random, parti: Sequence[Sequence[Riga]], voci: list[list[Voce]], quante: int
) -> None:
    """Export some rows twice: a month that begins with the last rows of the one before.

    The copies stand after the originals, by file name and line: it is they that are refused.
    """
    k = intero(r, 0, max(0, len(parti) - 2))
    copie = [Guasta("duplicato", riga) for riga in parti[k][len(parti[k]) - quante :]]
    if len(parti) == 1:
        voci[k] += copie
    else:
        voci[k + 1][:0] = copie
