"""Pratiche of the Registro Imprese, twenty-five thousand or two million.

Belongs here: how pratiche arrive, are suspended and close; the fast writer of one large file. Does
not belong here: the other extracts of the office (regolazione.py). Days and minutes stay whole
numbers until they are written, for formatting two dates a row is what would make millions slow.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from typing import NamedTuple

from tests.sample.casuale import flusso, lavorativi
from tests.sample.modello import Contesto, Riga, genera

_PESI = (9, 9, 9, 9, 9, 12, 11, 4, 9, 9, 9, 10)
"""Arrivals by month: balance sheets in June and July, hardly anything in August."""

_RIGHE_PER_BLOCCO = 100_000

_TEMPO_MEDIO_DI_PROVA = 43
"""Hundredths of a day per pratica in a file that is only large."""


class Pratica(NamedTuple):
    """Days count from 1 January of the year of the extract, minutes from midnight."""

    protocollo: str
    canale: str
    giorno_arrivo: int
    minuto_arrivo: int
    giorno_chiusura: int | None
    minuto_chiusura: int
    giorni_sospensione: int
    esito: str


@genera("registro_imprese/pratiche")
def pratiche(c: Contesto) -> list[Riga]:
    """The extract of the year, in order of arrival, with a few rows of the years beside it."""
    r = flusso(c.seed, c.camera, c.esercizio, "registro_imprese/pratiche")
    quante = c.pratiche * c.fatti.pratiche_percento // 100
    mezzanotte = datetime(c.esercizio, 1, 1)

    def quando(giorno: int, minuto: int) -> datetime:
        return mezzanotte + timedelta(days=giorno, minutes=minuto)

    return [
        {
            "numero_protocollo": p.protocollo,
            "canale": p.canale,
            "data_ora_arrivo": quando(p.giorno_arrivo, p.minuto_arrivo),
            "data_ora_chiusura": None
            if p.giorno_chiusura is None
            else quando(p.giorno_chiusura, p.minuto_chiusura),
            # Most rows leave it empty: missing means 0, and both spellings must weigh the same.
            "giorni_sospensione": p.giorni_sospensione or (0 if k % 3 == 0 else None),
            "esito": p.esito,
        }
        for k, p in enumerate(sequenza(r, quante, c.esercizio, c.fatti.tempo_medio_centesimi))
    ]


def generate_pratiche(path: Path, righe: int, esercizio: int, seed: int) -> None:
    """Write one csv of `righe` sound pratiche, block by block: memory does not grow with them."""
    r = flusso(seed, esercizio, "pratiche")
    # Pratiche close within a few weeks of the year; a table of spelt days beats formatting each.
    zero = date(esercizio, 1, 1)
    giorni = {
        k: f"{zero + timedelta(k):%d/%m}/{(zero + timedelta(k)).year}" for k in range(-30, 460)
    }
    ore = [f"{m // 60:02d}:{m % 60:02d}" for m in range(24 * 60)]
    tutte = sequenza(r, righe, esercizio, _TEMPO_MEDIO_DI_PROVA)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as f:
        f.write(
            "numero_protocollo;canale;data_ora_arrivo;data_ora_chiusura;giorni_sospensione;esito\n"
        )
        while blocco := [
            f"{protocollo};{canale};{giorni[ga]} {ore[ma]};"
            f"{'' if gc is None else f'{giorni[gc]} {ore[mc]}'};{sospensione};{esito}\n"
            for protocollo, canale, ga, ma, gc, mc, sospensione, esito in islice(
                tutte, _RIGHE_PER_BLOCCO
            )
        ]:
            f.write("".join(blocco))


def sequenza(r: Random, righe: int, esercizio: int, tempo_medio: int) -> Iterator[Pratica]:
    """`righe` pratiche in order of arrival; `tempo_medio` in hundredths of a day.

    The mean holds over the pratiche that count: telematic, evase, closed in the year.
    """
    ultimo = (date(esercizio, 12, 31) - date(esercizio, 1, 1)).days
    prima, dopo = righe * 3 // 1000, righe // 1000
    random = r.random
    contate = assegnati = 0
    for k in range(prima):
        # Arrived in the last days of the year before: most close in January, and count.
        arrivo = k * 3 // prima - 5
        chiusura = arrivo + 1 if k % 5 == 0 else 1 + int(random() * 4)
        if chiusura >= 0:
            contate += 1
            assegnati += chiusura - arrivo
        protocollo = f"{esercizio - 1}/{9_000_000 + k:07d}"
        minuto = 480 + int(random() * 600)
        yield Pratica(protocollo, "TELEMATICA", arrivo, minuto, chiusura, 600, 0, "EVASA")
    numero = 0
    for giorno, quante in _arrivi(righe - prima - dopo, esercizio):
        for k in range(quante):
            numero += 1
            protocollo = f"{esercizio}/{numero:07d}"
            minuto = 480 + 600 * k // quante
            caso = random()
            if caso < 0.012:
                chiusura = giorno + 1 + int(caso * 1000)
                yield Pratica(protocollo, "CARTACEA", giorno, minuto, chiusura, 660, 0, "EVASA")
                continue
            if caso < 0.016:
                yield Pratica(
                    protocollo, "TELEMATICA", giorno, minuto, None, 0, 0, "IN_LAVORAZIONE"
                )
                continue
            if caso < 0.05:
                chiusura = giorno + int(caso * 200)
                yield Pratica(
                    protocollo, "TELEMATICA", giorno, minuto, chiusura, 1100, 0, "RIFIUTATA"
                )
                continue
            # The days still owed to the mean; paid when they reach what this pratica can take.
            dovuti = (contate + 1) * tempo_medio // 100 - assegnati
            giorni = max(0, dovuti) if dovuti > int(caso * 1000) % 3 else 0
            sospensione = int(caso * 10_000) % 15 + 1 if caso < 0.07 else 0
            chiusura = giorno + giorni + sospensione
            if caso > 0.995 and giorni == 0:
                # Suspended for longer than it lasted: counts 0 days, never fewer.
                chiusura, sospensione = giorno + 2, 5
            if chiusura <= ultimo:
                contate += 1
                assegnati += giorni
            minuto_chiusura = (
                minuto + int(caso * 90) if chiusura == giorno else 480 + int(caso * 600)
            )
            yield Pratica(
                protocollo,
                "TELEMATICA",
                giorno,
                minuto,
                chiusura,
                minuto_chiusura,
                sospensione,
                "EVASA",
            )
    for k in range(dopo):
        giorno = ultimo + 2 + k * 5 // dopo
        protocollo = f"{esercizio + 1}/{9_000_000 + k:07d}"
        yield Pratica(protocollo, "TELEMATICA", giorno, 600, giorno, 620, 0, "EVASA")


def _arrivi(righe: int, esercizio: int) -> Iterator[tuple[int, int]]:
    """(day of the year from 0, pratiche that arrive on it), summing to `righe`."""
    zero = date(esercizio, 1, 1)
    aperti = lavorativi(esercizio)
    totale = sum(_PESI[g.month - 1] for g in aperti)
    corrente = fatte = 0
    for g in aperti:
        corrente += _PESI[g.month - 1]
        fino_a_qui = righe * corrente // totale
        yield (g - zero).days, fino_a_qui - fatte
        fatte = fino_a_qui
