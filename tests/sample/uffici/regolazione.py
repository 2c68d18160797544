"""Extracts of the offices that keep registers and watch the market.

Belongs here: registro_imprese/consistenza, conciliazione/procedimenti, metrico/attivita. Does not
belong here: the pratiche, which have a module of their own because they are many.
"""

from datetime import date, timedelta
from typing import NamedTuple

from tests.sample.casuale import flusso, giorni, giorno_lavorativo_da, intero, scelta
from tests.sample.fatti import Conciliazioni, Imprese
from tests.sample.modello import Contesto, Riga, genera

_FORME = (
    ("IMPRESA INDIVIDUALE", 528, 592),
    ("SOCIETÀ A RESPONSABILITÀ LIMITATA", 232, 190),
    ("SOCIETÀ IN NOME COLLETTIVO", 98, 95),
    ("SOCIETÀ IN ACCOMANDITA SEMPLICE", 78, 66),
    ("SOCIETÀ PER AZIONI", 8, 6),
    ("SOCIETÀ COOPERATIVA", 24, 19),
    ("CONSORZIO", 10, 8),
    ("ALTRE FORME", 22, 24),
)
"""Legal form, thousandths of the registered and of the active firms; the last takes the rest."""


@genera("registro_imprese/consistenza")
def consistenza(c: Contesto) -> list[Riga]:
    """Firms by legal form: the end of the year before, four quarters, one quarter of the next.

    The last was there when the office exported again, in spring: it is after the day that counts.
    """
    prima, ora = c.fatti.imprese
    rilevazioni = (
        (date(c.esercizio - 1, 12, 31), prima),
        (date(c.esercizio, 3, 31), _primo_trimestre(prima)),
        (date(c.esercizio, 6, 30), _tra(prima, ora, 1)),
        (date(c.esercizio, 9, 30), _tra(prima, ora, 2)),
        (date(c.esercizio, 12, 31), ora),
        (date(c.esercizio + 1, 3, 31), _primo_trimestre(ora)),
    )
    return [
        {
            "data_riferimento": giorno,
            "forma_giuridica": forma,
            "registrate": registrate,
            "attive": attive,
        }
        for giorno, imprese in rilevazioni
        for (forma, _, _), registrate, attive in zip(
            _FORME,
            _quote(imprese.registrate, [p for _, p, _ in _FORME]),
            _quote(imprese.attive, [p for _, _, p in _FORME]),
            strict=True,
        )
    ]


def _primo_trimestre(fine_anno: Imprese) -> Imprese:
    """Closures are registered in January: every first quarter falls by three in a thousand."""
    return Imprese(fine_anno.registrate * 997 // 1000, fine_anno.attive * 997 // 1000)


def _tra(prima: Imprese, ora: Imprese, terzi: int) -> Imprese:
    return Imprese(
        (prima.registrate * (3 - terzi) + ora.registrate * terzi) // 3 + 12 * terzi,
        (prima.attive * (3 - terzi) + ora.attive * terzi) // 3 + 9 * terzi,
    )


def _quote(totale: int, millesimi: list[int]) -> list[int]:
    quote = [totale * m // 1000 for m in millesimi[:-1]]
    return [*quote, totale - sum(quote)]


@genera("conciliazione/procedimenti")
def procedimenti(c: Contesto) -> list[Riga]:
    """Proceedings of the year and those carried over, with what was known at its end.

    A proceeding still open here is in the next year's extract, with the day it was concluded.
    """
    prima, ora = c.fatti.conciliazioni
    vecchi = _avviati(c, c.esercizio - 1, prima)
    # Some of those concluded before the year began: still in the export, not handled in the year.
    conclusi = [a for a in vecchi if not a.pendente and a.riga["tipo"] != "ARBITRATO"][:8]
    righe = [_concluso(c, a) for a in conclusi]
    for k, riportato in enumerate(a for a in vecchi if a.pendente):
        giorno = giorno_lavorativo_da(date(c.esercizio, 1, 14) + timedelta(8 * (k % 40)))
        # One in nine outlives a second year.
        righe.append({**riportato.riga, "data_conclusione": None if k % 9 == 8 else giorno})
    avviati = _avviati(c, c.esercizio, ora)
    return righe + [a.riga if a.pendente else _concluso(c, a) for a in avviati]


class _Avviato(NamedTuple):
    """A proceeding, the day it started, whether it was open at the end of that year."""

    riga: Riga
    avvio: date
    pendente: bool


def _avviati(c: Contesto, anno: int, quanti: Conciliazioni) -> list[_Avviato]:
    """Proceedings started in `anno`: the same for this year's extract and for the next one's."""
    r = flusso(c.seed, c.camera, "procedimenti", anno)
    avvii = giorni(r, date(anno, 1, 1), date(anno, 12, 31), quanti.avviate)
    avviati: list[_Avviato] = []

    def aggiungi(tipo: str, avvio: date, pendente: bool) -> None:
        riga: Riga = {
            "numero": f"{len(avviati) + 1:03d}/{anno}",
            "tipo": tipo,
            "data_avvio": avvio,
            "udienze": intero(r, 0, 5) or None,
        }
        avviati.append(_Avviato(riga, avvio, pendente))

    for k, avvio in enumerate(avvii):
        tipo = scelta(r, ("MEDIAZIONE", "MEDIAZIONE", "CONCILIAZIONE"))
        aggiungi(tipo, avvio, pendente=k >= quanti.avviate - quanti.pendenti)
        if k % 16 == 7:
            # Arbitration is another process: never counted with the conciliations.
            aggiungi("ARBITRATO", avvio, pendente=False)
    return avviati


def _concluso(c: Contesto, avviato: _Avviato) -> Riga:
    """The same proceeding with its conclusion, within four months and the year it started in."""
    r = flusso(c.seed, c.camera, "concluso", str(avviato.riga["numero"]))
    giorno = avviato.avvio + timedelta(intero(r, 20, 120))
    return {
        **avviato.riga,
        "data_conclusione": min(giorno, date(avviato.avvio.year, 12, 31)),
    }


@genera("metrico/attivita")
def verifiche(c: Contesto) -> list[Riga]:
    """Activities of the metrology office, every kind, with one of each year beside."""
    r = flusso(c.seed, c.camera, c.esercizio, "metrico/attivita")
    # From 2019 the periodic verifications belong to private bodies: surveillance takes over.
    tipi = (
        ("VERIFICA_PERIODICA", "VERIFICA_PERIODICA", "VERIFICA_PRIMA", "SORVEGLIANZA")
        if c.esercizio < 2019
        else ("SORVEGLIANZA", "SORVEGLIANZA", "VERIFICA_PERIODICA", "VERIFICA_PRIMA")
    )
    date_ = [
        c.prima,
        *giorni(r, c.inizio, c.fine, c.fatti.verifiche),
        c.dopo,
    ]
    return [
        {"id_attivita": f"M{c.esercizio}-{k:04d}", "data": giorno, "tipo": scelta(r, tipi)}
        for k, giorno in enumerate(date_, start=1)
    ]
