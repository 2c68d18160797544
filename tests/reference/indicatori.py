"""The sixteen indicators computed a second time, in plain Python with exact fractions.

Belongs here: the definitions of the indicators, transcribed sentence by sentence, over rows that
are already typed. Does not belong here: reading files, quarantine, the plan (scorecard.py), and
anything taken from the SQL of the warehouse: a comparison is worth as much as the two sides are
independent.

A row is a mapping with the contract's columns and `_file`, `_riga`. An extract that is absent, or
of which a part was refused, is None; a header-only one is an empty list.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

Riga = Mapping[str, Any]
Estratti = Mapping[str, Sequence[Riga] | None]

DEFINITIVO = "DEFINITIVO"
PROVVISORIO = "PROVVISORIO"
DATI_MANCANTI = "DATI_MANCANTI"
NON_CALCOLABILE = "NON_CALCOLABILE"

SCALA_VALORE = 12
"""Decimals of a published `valore`; what lies beyond is cut, so that a later rounding is exact."""


@dataclass(frozen=True)
class Regole:
    """What an evaluator may change: names of one process, organs whose resolutions count."""

    processi: tuple[tuple[str, str], ...] = (("D.1.3.2", "D6.1.3"),)
    organi: frozenset[str] = frozenset({"GIUNTA", "CONSIGLIO"})

    def processo(self, codice: str) -> str:
        """The one code of a process, whichever map named it."""
        return dict(self.processi).get(codice, codice)


@dataclass(frozen=True)
class Anno:
    """The year that is measured: `fine` is the data di riferimento, D."""

    esercizio: int
    fine: date
    regole: Regole = Regole()

    @property
    def inizio(self) -> date:
        return date(self.esercizio, 1, 1)

    @property
    def aperto(self) -> bool:
        return self.fine < date(self.esercizio, 12, 31)

    def comprende(self, giorno: date | None) -> bool:
        """True for a day of the period, its two ends included."""
        return giorno is not None and self.inizio <= giorno <= self.fine


@dataclass(frozen=True)
class Contributo:
    """What one source row adds; 0 where it adds nothing to one of the two."""

    numeratore: Fraction
    denominatore: Fraction
    file: str
    riga: int


@dataclass(frozen=True)
class Valore:
    """An indicator of a chamber and year; `valore` is exact (percent points for a percentuale)."""

    codice: str
    numeratore: Fraction | None
    denominatore: Fraction | None
    valore: Fraction | None
    stato: str
    contributi: frozenset[Contributo]


@dataclass(frozen=True)
class Definizione:
    """An indicator: the extracts it needs, its unit, and the rows that count in it."""

    estratti: tuple[str, ...]
    unita: str
    conteggio: bool
    contributi: Callable[[Estratti, Anno], list[Contributo]]


def data_di_riferimento(esercizio: int, giorno: date) -> date:
    """31 December of a closed year, else the day the run speaks for."""
    return min(giorno, date(esercizio, 12, 31))


def arrotonda(valore: Fraction, decimali: int) -> Fraction:
    """Half-up, away from zero for negatives."""
    scala = 10**decimali
    intero = int(abs(valore) * scala + Fraction(1, 2))
    return Fraction(-intero if valore < 0 else intero, scala)


def tronca(valore: Fraction, decimali: int = SCALA_VALORE) -> Fraction:
    """Cut towards zero."""
    return Fraction(int(valore * 10**decimali), 10**decimali)


def _contributo(riga: Riga, numeratore: Any = 0, denominatore: Any = 0) -> Contributo:
    return Contributo(Fraction(numeratore), Fraction(denominatore), riga["_file"], riga["_riga"])


def _uno(righe: Iterable[Riga]) -> list[Contributo]:
    """A count: every row adds one."""
    return [_contributo(r, 1) for r in righe]


def _righe(estratti: Estratti, codice: str) -> Sequence[Riga]:
    righe = estratti[codice]
    if righe is None:
        raise KeyError(codice)
    return righe


def _isr_studi(estratti: Estratti, anno: Anno) -> list[Contributo]:
    return _uno(
        r
        for r in _righe(estratti, "isr/studi")
        if r["stato"] == "PUBBLICATO" and anno.comprende(r["data_pubblicazione"])
    )


def _attivita_rilancio(estratti: Estratti, anno: Anno) -> list[Contributo]:
    return _uno(
        r
        for r in _righe(estratti, "cciaa/attivita")
        if r["stato"] == "ESEGUITA" and anno.comprende(r["data_conclusione"])
    )


def _risorse_innovazione(estratti: Estratti, anno: Anno) -> list[Contributo]:
    risorse = [
        _contributo(
            r, -r["importo"] if r["voce"] == "CONTRIBUTO_AZIENDA_SPECIALE" else r["importo"]
        )
        for r in _righe(estratti, "contabilita/costi_processo")
        if anno.regole.processo(r["codice_processo"]) == "D6.1.3"
    ]
    note = [
        r
        for r in _righe(estratti, "registro_imprese/consistenza")
        if r["data_riferimento"] <= anno.fine
    ]
    ultima = max((r["data_riferimento"] for r in note), default=None)
    imprese = [_contributo(r, 0, r["attive"]) for r in note if r["data_riferimento"] == ultima]
    return risorse + imprese


def _incidenza(modalita: str) -> Callable[[Estratti, Anno], list[Contributo]]:
    """Share of the interventi carried out in one way."""

    def contributi(estratti: Estratti, anno: Anno) -> list[Contributo]:
        return [
            _contributo(r, r["importo"] if r["modalita"] == modalita else 0, r["importo"])
            for r in _righe(estratti, "contabilita/interventi_economici")
            if anno.comprende(r["data"])
        ]

    return contributi


def _domande(estratti: Estratti, anno: Anno) -> list[Contributo]:
    return _uno(
        r
        for r in _righe(estratti, "brevetti/domande")
        if r["tipologia"] != "ALTRO" and anno.comprende(r["data_deposito"])
    )


def _fte(riga: Riga) -> Fraction:
    """Full-time equivalents of one person on one process, to 12 decimals."""
    quota = (
        Fraction(riga["percentuale_tempo"])
        / 100
        * Fraction(riga["mesi_servizio"])
        / 12
        * Fraction(riga["percentuale_part_time"])
        / 100
    )
    return arrotonda(quota, 12)


def _conciliazioni_per_fte(estratti: Estratti, anno: Anno) -> list[Contributo]:
    gestite = _uno(
        r
        for r in _righe(estratti, "conciliazione/procedimenti")
        if r["tipo"] in ("MEDIAZIONE", "CONCILIAZIONE")
        and r["data_avvio"] <= anno.fine
        and (r["data_conclusione"] is None or r["data_conclusione"] >= anno.inizio)
    )
    addetti = [
        _contributo(r, 0, _fte(r))
        for r in _righe(estratti, "kronos/fte")
        if anno.regole.processo(r["codice_processo"]) == "C2.7.2"
    ]
    return gestite + addetti


def _verifiche_metriche(estratti: Estratti, anno: Anno) -> list[Contributo]:
    return _uno(r for r in _righe(estratti, "metrico/attivita") if anno.comprende(r["data"]))


def _giorni(riga: Riga) -> int:
    """Calendar days from arrival to closing, less the suspension, never below 0."""
    arrivo: date = riga["data_ora_arrivo"].date()
    chiusura: date = riga["data_ora_chiusura"].date()
    sospensione: int = riga["giorni_sospensione"]
    return max(0, (chiusura - arrivo).days - sospensione)


def _tempo_medio(estratti: Estratti, anno: Anno) -> list[Contributo]:
    return [
        _contributo(r, _giorni(r), 1)
        for r in _righe(estratti, "registro_imprese/pratiche")
        if r["canale"] == "TELEMATICA"
        and r["esito"] == "EVASA"
        and anno.comprende(r["data_ora_chiusura"].date())
    ]


def _delibere(estratti: Estratti, anno: Anno) -> list[Contributo]:
    return _uno(
        r
        for r in _righe(estratti, "segreteria/atti")
        if r["tipo_atto"] == "DELIBERA"
        and r["organo"] in anno.regole.organi
        and anno.comprende(r["data"])
    )


def _sedute(estratti: Estratti, anno: Anno) -> list[Contributo]:
    return _uno(
        r
        for r in _righe(estratti, "segreteria/sedute")
        if r["esito"] == "SVOLTA" and anno.comprende(r["data"])
    )


def _indice_trasparenza(estratti: Estratti, _: Anno) -> list[Contributo]:
    return [
        _contributo(r, r["punteggio"], r["punteggio_massimo"])
        for r in _righe(estratti, "segreteria/trasparenza")
        if r["applicabile"]
    ]


def _termine(riga: Riga) -> date:
    """Last day on which an answer is in time."""
    giorni = 30
    if riga["tipo"] == "CIVICO_GENERALIZZATO":
        giorni += min(10, riga["giorni_sospensione"])
    presentazione: date = riga["data_presentazione"]
    return presentazione + timedelta(days=giorni)


def _accessi_nei_termini(estratti: Estratti, anno: Anno) -> list[Contributo]:
    contributi = []
    for r in _righe(estratti, "segreteria/accessi"):
        if r["tipo"] == "CIVICO_SEMPLICE" or not anno.comprende(r["data_protocollo"]):
            continue
        risposta, termine = r["data_risposta"], _termine(r)
        if anno.aperto and risposta is None and anno.fine <= termine:
            continue
        contributi.append(_contributo(r, int(risposta is not None and risposta <= termine), 1))
    return contributi


def _in_servizio(estratti: Estratti, anno: Anno, contratti: set[str] | None) -> list[Riga]:
    """One row for each person in service at D: of those that qualify, the latest to begin."""
    per_persona: dict[str, Riga] = {}
    for r in _righe(estratti, "segreteria/personale"):
        fine = r["data_fine"]
        if r["data_inizio"] > anno.fine or (fine is not None and fine < anno.fine):
            continue
        if contratti is not None and r["contratto"] not in contratti:
            continue
        altra = per_persona.get(r["matricola"])
        if altra is None or altra["data_inizio"] < r["data_inizio"]:
            per_persona[r["matricola"]] = r
    return list(per_persona.values())


def _persone(
    eventi: str, contratti: set[str] | None
) -> Callable[[Estratti, Anno], list[Contributo]]:
    """Share of the people in service who have a row of `eventi` in the period."""

    def contributi(estratti: Estratti, anno: Anno) -> list[Contributo]:
        servite = {r["matricola"] for r in _righe(estratti, eventi) if anno.comprende(r["data"])}
        return [
            _contributo(r, int(r["matricola"] in servite), 1)
            for r in _in_servizio(estratti, anno, contratti)
        ]

    return contributi


BENI_E_SERVIZI = frozenset({f"{n:04d}" for n in range(2101, 2128)} | {"2298", "2299"})
ACQUISTI_IN_CONVENZIONE = ("CONVENZIONE_CONSIP", "ACCORDO_QUADRO", "MEPA")


def _incidenza_consip(estratti: Estratti, anno: Anno) -> list[Contributo]:
    contributi = []
    for r in _righe(estratti, "provveditorato/pagamenti"):
        if r["codice_siope"] in BENI_E_SERVIZI and anno.comprende(r["data_pagamento"]):
            lordo: Decimal = r["imponibile"] + r["iva"]
            conta = r["canale"] in ACQUISTI_IN_CONVENZIONE
            contributi.append(_contributo(r, lordo if conta else 0, lordo))
    return contributi


def _conteggio(
    estratto: str, contributi: Callable[[Estratti, Anno], list[Contributo]]
) -> Definizione:
    return Definizione((estratto,), "numero", True, contributi)


DEFINIZIONI: Mapping[str, Definizione] = {
    "ISR_STUDI": _conteggio("isr/studi", _isr_studi),
    "ATTIVITA_RILANCIO": _conteggio("cciaa/attivita", _attivita_rilancio),
    "RISORSE_INNOVAZIONE_PER_IMPRESA": Definizione(
        ("contabilita/costi_processo", "registro_imprese/consistenza"),
        "rapporto",
        False,
        _risorse_innovazione,
    ),
    "INCIDENZA_GESTIONE_DIRETTA": Definizione(
        ("contabilita/interventi_economici",),
        "percentuale",
        False,
        _incidenza("GESTIONE_DIRETTA"),
    ),
    "INCIDENZA_CONTRIBUTI_IMPRESE": Definizione(
        ("contabilita/interventi_economici",),
        "percentuale",
        False,
        _incidenza("CONTRIBUTO_IMPRESE"),
    ),
    "DOMANDE_PROPRIETA_INDUSTRIALE": _conteggio("brevetti/domande", _domande),
    "CONCILIAZIONI_PER_FTE": Definizione(
        ("conciliazione/procedimenti", "kronos/fte"), "rapporto", False, _conciliazioni_per_fte
    ),
    "VERIFICHE_METRICHE": _conteggio("metrico/attivita", _verifiche_metriche),
    "TEMPO_MEDIO_PRATICHE_RI": Definizione(
        ("registro_imprese/pratiche",), "numero", False, _tempo_medio
    ),
    "DELIBERE": _conteggio("segreteria/atti", _delibere),
    "SEDUTE": _conteggio("segreteria/sedute", _sedute),
    "INDICE_TRASPARENZA": Definizione(
        ("segreteria/trasparenza",), "percentuale", False, _indice_trasparenza
    ),
    "ACCESSI_NEI_TERMINI": Definizione(
        ("segreteria/accessi",), "percentuale", False, _accessi_nei_termini
    ),
    "WELFARE": Definizione(
        ("segreteria/personale", "segreteria/welfare"),
        "percentuale",
        False,
        _persone("segreteria/welfare", None),
    ),
    "FORMAZIONE": Definizione(
        ("segreteria/personale", "segreteria/formazione"),
        "percentuale",
        False,
        _persone("segreteria/formazione", {"TI", "TD"}),
    ),
    "INCIDENZA_CONSIP": Definizione(
        ("provveditorato/pagamenti",), "percentuale", False, _incidenza_consip
    ),
}


def calcola_uno(codice: str, estratti: Estratti, anno: Anno) -> Valore:
    """One indicator of one chamber and year."""
    definizione = DEFINIZIONI[codice]
    if any(estratti.get(e) is None for e in definizione.estratti):
        return Valore(codice, None, None, None, DATI_MANCANTI, frozenset())
    contributi = definizione.contributi(estratti, anno)
    numeratore = sum((c.numeratore for c in contributi), Fraction(0))
    denominatore = sum((c.denominatore for c in contributi), Fraction(0))
    stato = PROVVISORIO if anno.aperto else DEFINITIVO
    if definizione.conteggio:
        return Valore(codice, numeratore, None, numeratore, stato, frozenset(contributi))
    if denominatore <= 0:
        return Valore(
            codice, numeratore, denominatore, None, NON_CALCOLABILE, frozenset(contributi)
        )
    valore = numeratore / denominatore * (100 if definizione.unita == "percentuale" else 1)
    return Valore(codice, numeratore, denominatore, valore, stato, frozenset(contributi))


def calcola(
    estratti: Estratti, esercizio: int, data_riferimento: date, regole: Regole | None = None
) -> dict[str, Valore]:
    """The sixteen indicators of one chamber and year, by codice."""
    anno = Anno(esercizio, data_riferimento, regole or Regole())
    return {codice: calcola_uno(codice, estratti, anno) for codice in DEFINIZIONI}
