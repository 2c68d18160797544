"""Extracts about the people who work for a chamber, under made-up codes.

Belongs here: segreteria/personale, segreteria/welfare, segreteria/formazione, kronos/fte, and the
roster from which all four and every year are drawn. Does not belong here: any name. A matricola is
the code of the chamber and a number, and nobody's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from tests.sample.casuale import flusso, giorni, in_parti_uguali, intero, mescola, scelta
from tests.sample.fatti import MOVIMENTI, dipendenti_iniziali
from tests.sample.modello import Contesto, Riga, genera
from tests.sample.uffici.contabilita import ALTRI_PROCESSI

_STRUMENTI = (
    "POLIZZA SANITARIA",
    "CONTRIBUTO ASILO NIDO",
    "BORSA DI STUDIO",
    "ABBONAMENTO AI TRASPORTI",
    "BUONO ACQUISTO",
)

_CORSI = (
    ("Prevenzione della corruzione e trasparenza", "4"),
    ("Protezione dei dati personali", "3.5"),
    ("Novità sul codice dei contratti", "7"),
    ("Registro imprese: cancellazioni d'ufficio", "6"),
    ("Sicurezza sul lavoro", "2.5"),
    ("Qualità dei servizi e lavoro agile", "5"),
)

_CONCILIAZIONE = "C2.7.2"


@dataclass(frozen=True)
class Rapporto:
    """A spell of employment; `fine` is None while it lasts. `part_time` in percent points."""

    matricola: str
    contratto: str
    inizio: date
    fine: date | None
    part_time: Decimal

    def in_servizio(self, giorno: date) -> bool:
        return self.inizio <= giorno and (self.fine is None or self.fine >= giorno)

    def nell_anno(self, anno: int) -> bool:
        """True where at least a day of the spell falls in the year."""
        return self.inizio.year <= anno and (self.fine is None or self.fine.year >= anno)

    def mesi(self, anno: int) -> int:
        """Months of service in a year; spells begin and end with a month."""
        primo = self.inizio.month if self.inizio.year == anno else 1
        ultimo = self.fine.month if self.fine is not None and self.fine.year == anno else 12
        return ultimo - primo + 1


def organico(camera: str, seed: int) -> tuple[Rapporto, ...]:
    """Everybody who ever worked for a chamber: the head, one executive, then the employees.

    An employee of position k on the initial roster stands at k + 2. The same for every year, so
    that a person keeps the same code in all of them.
    """
    r = flusso(seed, camera, "organico")
    cessazioni, part_time = dict(MOVIMENTI.cessazioni), dict(MOVIMENTI.part_time)
    determinato, dal, al = MOVIMENTI.a_tempo_determinato
    pieno = Decimal(100)

    def codice(k: int) -> str:
        return f"{camera}{1013 + 7 * k:04d}"

    rapporti = [
        Rapporto(codice(0), "SEGRETARIO_GENERALE", date(2009, 3, 1), None, pieno),
        Rapporto(codice(1), "DIRIGENTE", date(2012, 9, 1), None, pieno),
    ]
    iniziali = dipendenti_iniziali(camera, seed)
    for k in range(iniziali):
        inizio = date(intero(r, 1984, 2015), intero(r, 1, 12), 1)
        if k == determinato:
            rapporti.append(Rapporto(codice(k + 2), "TD", dal, al, pieno))
        else:
            quota = part_time.get(k, pieno)
            rapporti.append(Rapporto(codice(k + 2), "TI", inizio, cessazioni.get(k), quota))
    a_termine, stabile = MOVIMENTI.stabilizzazione
    nuovo = codice(iniziali + 2)
    rapporti.append(Rapporto(nuovo, "TD", a_termine, stabile - timedelta(1), pieno))
    rapporti.append(Rapporto(nuovo, "TI", stabile, None, pieno))
    for k, inizio in enumerate(MOVIMENTI.assunzioni, start=iniziali + 3):
        rapporti.append(Rapporto(codice(k), "TI", inizio, None, pieno))
    return tuple(rapporti)


@genera("segreteria/personale")
def personale(c: Contesto) -> list[Riga]:
    """Spells of employment as known in January after: in force, lately ended, about to begin."""
    noto_al = date(c.esercizio + 1, 1, 31)
    return [
        {
            "matricola": p.matricola,
            "contratto": p.contratto,
            "data_inizio": p.inizio,
            # Who leaves later does not know it yet, unless the contract says so.
            "data_fine": p.fine if p.fine and (p.fine <= noto_al or p.contratto == "TD") else None,
        }
        for p in organico(c.camera, c.seed)
        if p.inizio <= noto_al and (p.fine is None or p.fine.year >= c.esercizio - 1)
    ]


@genera("segreteria/welfare")
def welfare(c: Contesto) -> list[Riga]:
    """Welfare benefits: one to three a person, and none in the year for those who had none."""
    r = flusso(c.seed, c.camera, c.esercizio, "segreteria/welfare")
    in_forza = [p for p in organico(c.camera, c.seed) if p.in_servizio(c.fine)]
    esclusi = _alcuni(r, in_forza, c.fatti.senza_welfare)
    return [
        {"matricola": matricola, "strumento": scelta(r, _STRUMENTI), "data": giorno}
        for matricola, giorno in _fruizioni(c, r, esclusi)
    ]


@genera("segreteria/formazione")
def formazione(c: Contesto) -> list[Riga]:
    """Courses followed: one to three a person, and none in the year for those who had none."""
    r = flusso(c.seed, c.camera, c.esercizio, "segreteria/formazione")
    in_forza = [p for p in organico(c.camera, c.seed) if p.in_servizio(c.fine)]
    dipendenti = [p for p in in_forza if p.contratto in ("TI", "TD")]
    esclusi = _alcuni(r, dipendenti, c.fatti.senza_formazione)
    righe: list[Riga] = []
    for matricola, giorno in _fruizioni(c, r, esclusi):
        corso, ore = scelta(r, _CORSI)
        righe.append({"matricola": matricola, "corso": corso, "data": giorno, "ore": Decimal(ore)})
    return righe


def _alcuni(r: Random, rapporti: list[Rapporto], quanti: int) -> set[str]:
    return {p.matricola for p in mescola(r, rapporti)[:quanti]}


def _fruizioni(c: Contesto, r: Random, esclusi: set[str]) -> Iterator[tuple[str, date]]:
    """(matricola, day) for everybody of the year, those who left in it too: they must not count.

    Who is excluded has a row all the same, of the year before or of the next one.
    """
    for p in organico(c.camera, c.seed):
        if not p.nell_anno(c.esercizio):
            continue
        if p.matricola in esclusi:
            if p.in_servizio(c.fine):
                prima, dopo = date(c.esercizio - 1, 11, 21), date(c.esercizio + 1, 1, 22)
                yield p.matricola, scelta(r, (prima, dopo)) if p.inizio <= prima else dopo
            continue
        dal, al = max(p.inizio, c.inizio), min(p.fine or c.fine, c.fine)
        for giorno in giorni(r, dal, al, intero(r, 1, 3)):
            yield p.matricola, giorno


@genera("kronos/fte")
def fte(c: Contesto) -> list[Riga]:
    """Time by process: conciliations as the facts say, the rest of everybody's time elsewhere."""
    r = flusso(c.seed, c.camera, c.esercizio, "kronos/fte")
    rapporti = organico(c.camera, c.seed)
    conciliatori = {
        rapporti[a.chi + 2].matricola: a.tempo for a in c.fatti.addetti if isinstance(a.chi, int)
    }
    righe: list[Riga] = []
    for matricola, (mesi, part_time) in _nell_anno(rapporti, c.esercizio).items():
        tempo = conciliatori.get(matricola, Decimal(0))
        quote = _altri_tempi(r, Decimal(100) - tempo)
        if tempo:
            quote.append((_CONCILIAZIONE, tempo))
        for processo, quota in quote:
            righe.append(_tempo(matricola, processo, "INTERNO", quota, mesi, part_time))
    for a in c.fatti.addetti:
        if isinstance(a.chi, str):
            righe.append(_tempo(a.chi, _CONCILIAZIONE, "ESTERNO", a.tempo, 12, Decimal(100)))
            righe.append(_tempo(a.chi, "C2.7.1", "ESTERNO", Decimal(30), 12, Decimal(100)))
    return righe


def _tempo(
    matricola: str, processo: str, natura: str, quota: Decimal, mesi: int, part_time: Decimal
) -> Riga:
    return {
        "matricola": matricola,
        "codice_processo": processo,
        "natura": natura,
        "percentuale_tempo": quota,
        "mesi_servizio": Decimal(mesi),
        "percentuale_part_time": part_time,
    }


def _nell_anno(rapporti: tuple[Rapporto, ...], anno: int) -> dict[str, tuple[int, Decimal]]:
    """Months of service and part-time of everybody who worked in a year, over all their spells."""
    persone: dict[str, tuple[int, Decimal]] = {}
    for p in rapporti:
        if p.nell_anno(anno):
            mesi, _ = persone.get(p.matricola, (0, p.part_time))
            persone[p.matricola] = (mesi + p.mesi(anno), p.part_time)
    return persone


def _altri_tempi(r: Random, disponibile: Decimal) -> list[tuple[str, Decimal]]:
    """One to four other processes; a tenth of the people leave a few points unassigned."""
    if r.random() < 0.1:
        disponibile -= Decimal("2.5")
    processi = mescola(r, ALTRI_PROCESSI)[: intero(r, 1, 4)]
    # In half points, as Kronos rounds.
    mezzi = in_parti_uguali(int(disponibile * 2), len(processi))
    return [(processo, Decimal(m) / 2) for processo, m in zip(processi, mezzi, strict=True)]
