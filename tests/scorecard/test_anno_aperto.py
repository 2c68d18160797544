"""An open year and refused rows, through the whole system.

Belongs here: what is due of a target by the day the data speak for, and what refused rows make of a
value. Does not belong here: a closed year (test_valutazione.py), when an extract is incomplete
(tests/extracts/test_stato.py).

One landing zone, read on 29 February 2024: 60 days of 366 have passed.
"""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

import duckdb
import pytest

from pipelines.partizione import Partizione
from pipelines.scorecard.chiave import indicator_key
from pipelines.scorecard.prospettive import read_prospettive
from tests.indicatori import piano, zona
from tests.indicatori.piano import IGNOTO, Blocco, Voce
from tests.reference import scorecard as riferimento

GIORNO = date(2024, 2, 29)

ATTESI = {
    # codice: target of the year, result; due by now, % and colour of now, colour of the year
    "ISR_STUDI": ("=>61", 10, "10 100 met verde rosso"),
    "ATTIVITA_RILANCIO": ("=>61,00", 9, "10 90 missed verde rosso"),
    "DOMANDE_PROPRIETA_INDUSTRIALE": ("=<12", 3, "2 50 missed rosso verde"),
    "VERIFICHE_METRICHE": ("=>0", 0, "0 100 met verde verde"),
    "SEDUTE": ("3", 0, "0 100 met verde rosso"),
    "DELIBERE": ("=>10", None, "2 - - grigio grigio"),
}
"""Half a day rounds up: 3 * 60 / 366 is 0,49, which is 0; 10 * 60 / 366 is 1,64."""

ESTRATTI = {
    "ISR_STUDI": "isr/studi",
    "ATTIVITA_RILANCIO": "cciaa/attivita",
    "DOMANDE_PROPRIETA_INDUSTRIALE": "brevetti/domande",
    "VERIFICHE_METRICHE": "metrico/attivita",
    "SEDUTE": "segreteria/sedute",
}

IN_FEBBRAIO = {
    "isr/studi": "data_pubblicazione",
    "cciaa/attivita": "data_conclusione",
    "brevetti/domande": "data_deposito",
    "metrico/attivita": "data",
    "segreteria/sedute": "data",
}

TESTA = "organo;tipo_atto;numero;data;oggetto\n"


def _atti(anno: int, buone: int, cattive: int) -> str:
    """Resolutions, the last ones on a day that is none."""
    buona = [f"GIUNTA;DELIBERA;{n};15/02/{anno};\n" for n in range(1, buone + 1)]
    return TESTA + "".join(
        buona + [f"GIUNTA;DELIBERA;9{n};31/02/{anno};\n" for n in range(cattive)]
    )


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """AA: the year. AB: the same plan, closed a year before, and atti of which few are refused.
    AC: half of one part of the atti is refused, and all of the consuntivo."""
    raw = tmp_path_factory.mktemp("anno_aperto") / "raw"
    voci = [Voce(c, "8", (t, t, t)) for c, (t, _, _) in ATTESI.items()]
    altre = [
        Voce("TEMPO_MEDIO_PRATICHE_RI", "0,1", ("=<1", "=<1", "=<1")),
        Voce("INDICE_TRASPARENZA", "20%", ("=>90%", "=>90%", "=>90%")),
        Voce(IGNOTO, "8", ("=>8", "=>8", "=>8")),
    ]
    for camera, anno in (("AA", 2024), ("AB", 2023), ("AC", 2024)):
        piano.scrivi(raw, camera, anno, [Blocco("1.1", voci), Blocco("1.2", altre)])
    for codice, estratto in ESTRATTI.items():
        righe = [{IN_FEBBRAIO[estratto]: date(2024, 2, 10)}] * int(ATTESI[codice][1] or 0)
        zona.scrivi(raw, "AA", 2024, estratto, righe)
    zona.scrivi(raw, "AA", 2024, "segreteria/trasparenza", [{}])
    zona.scrivi(raw, "AB", 2023, "isr/studi", [{}] * 8)
    zona.scrivi(raw, "AB", 2023, "segreteria/atti", _atti(2023, 4, 2))
    zona.scrivi(raw, "AC", 2024, "segreteria/atti", _atti(2024, 4, 0), "-1")
    zona.scrivi(raw, "AC", 2024, "segreteria/atti", _atti(2024, 0, 16), "-2")
    spese = "missione;programma;obiettivo;importo\n" + "011;005;1.1;dieci\n" * 3
    zona.scrivi(raw, "AC", 2024, "contabilita/consuntivo", spese)
    with zona.pubblica(raw, raw.parent / "warehouse", GIORNO) as connessione:
        yield connessione


def _righe(con: duckdb.DuckDBPyConnection, camera: str) -> dict[str | None, zona.Riga]:
    righe = zona.interroga(con, "from scorecard.indicatori where camera = ?", camera)
    return {r["codice"]: r for r in righe}


def _alla_data(riga: zona.Riga) -> tuple[object, ...]:
    return (
        zona.esatto(riga["target_alla_data"]),
        zona.esatto(riga["realizzazione_alla_data"]),
        riga["raggiunto_alla_data"],
        riga["semaforo_alla_data"],
    )


@pytest.mark.parametrize("codice", ATTESI)
def test_a_count_is_held_against_what_is_due_by_the_day(
    con: duckdb.DuckDBPyConnection, codice: str
) -> None:
    testo, risultato, atteso = ATTESI[codice]
    dovuto, percentuale, raggiunto, colore, colore_anno = atteso.split()
    riga = _righe(con, "AA")[codice]
    assert _alla_data(riga) == (
        Fraction(dovuto),
        None if percentuale == "-" else Fraction(percentuale),
        {"met": True, "missed": False}.get(raggiunto),
        colore,
    )
    assert riga["semaforo"] == colore_anno
    cifre = Fraction(testo.lstrip("=<>").replace(",", "."))
    voce = riferimento.RigaPiano(
        codice, cifre, "=<" if "<" in testo else "=>", decimali=riga["decimali"]
    )
    valore = None if risultato is None else Fraction(risultato)
    esito = riferimento.valuta_alla_data(voce, True, 2024, GIORNO, valore)
    assert esito is not None
    assert _alla_data(riga) == (
        esito.target,
        esito.realizzazione,
        riga["raggiunto_alla_data"],
        esito.semaforo,
    )


def test_ratios_and_closed_years_are_judged_as_they_stand(con: duckdb.DuckDBPyConnection) -> None:
    aperto = _righe(con, "AA")
    for codice in ("TEMPO_MEDIO_PRATICHE_RI", "INDICE_TRASPARENZA", None):
        assert _alla_data(aperto[codice]) == (None, None, None, None)
    assert aperto["INDICE_TRASPARENZA"]["semaforo"] == "giallo"
    chiuso = _righe(con, "AB")
    assert chiuso["ISR_STUDI"]["semaforo"] == "rosso"
    assert {_alla_data(riga) for riga in chiuso.values()} == {(None, None, None, None)}


def test_some_refused_rows_are_counted_beside_the_value(con: duckdb.DuckDBPyConnection) -> None:
    riga = _righe(con, "AB")["DELIBERE"]
    assert (riga["stato"], riga["risultato"], riga["scarti_possibili"]) == ("DEFINITIVO", 4, 2)
    assert _righe(con, "AB")["ISR_STUDI"]["scarti_possibili"] == 0
    assert _righe(con, "AB")[None]["scarti_possibili"] is None
    diversi = (
        "select s.camera, s.codice from scorecard.indicatori as s inner join indicatori.valori as v"
        " using (camera, esercizio, codice)"
        " where s.scarti_possibili is distinct from v.scarti_possibili"
    )
    assert zona.interroga(con, diversi) == []


def test_a_part_that_is_refused_is_no_zero(con: duckdb.DuckDBPyConnection) -> None:
    riga = _righe(con, "AC")["DELIBERE"]
    assert (riga["stato"], riga["valore"], riga["scarti_possibili"]) == ("DATI_MANCANTI", None, 16)
    assert "16 righe su 16 rifiutate: AC/2024/segreteria/atti-2.csv" in riga["motivo"]
    (obiettivo,) = {
        (r["risorse_consuntivo"], r["percentuale_spesa"])
        for r in zona.interroga(con, "from scorecard.obiettivi where camera = 'AC'")
    }
    assert obiettivo == (None, None)
    stati = zona.interroga(
        con,
        "select estratto, stato from qualita.estratti where camera = 'AC' and stato <> 'ASSENTE'",
    )
    assert {r["estratto"]: r["stato"] for r in stati} == {
        "contabilita/consuntivo": "INCOMPLETO",
        "segreteria/atti": "INCOMPLETO",
    }
    consegne = zona.interroga(
        con, "from qualita.consegne where camera = 'AC' and estratto = 'segreteria/atti'"
    )
    assert [(r["stato"], r["noto_dal"] is not None) for r in consegne] == [("INCOMPLETO", True)]


def test_missing_results_lower_the_coverage_of_the_chamber(con: duckdb.DuckDBPyConnection) -> None:
    """Five of six in one objective, one of three in the other, of equal weight."""
    righe = zona.interroga(con, "select copertura from scorecard.ente where camera = 'AA'")
    assert [zona.esatto(r["copertura"]) for r in righe] == [Fraction("0.5833")]


PROSPETTIVE = {
    "ISR_STUDI": "Raggiungibile: servono almeno 51 righe in più;"
    " 5,00 ogni 30 giorni nei 306 che restano, finora 5,00",
    "ATTIVITA_RILANCIO": "Raggiungibile: servono almeno 52 righe in più;"
    " 5,10 ogni 30 giorni nei 306 che restano, finora 4,50",
    "DOMANDE_PROPRIETA_INDUSTRIALE": "Raggiunto oggi, ma a perderlo bastano 10 righe in più",
    "VERIFICHE_METRICHE": "Raggiunto, e fino a fine anno non si può più perdere",
    "INDICE_TRASPARENZA": "Raggiungibile: servono almeno 0,60 in più al numeratore, a denominatore"
    " fermo; 0,06 ogni 30 giorni nei 306 che restano, finora 1,50",
}


def test_what_an_open_year_can_still_become_is_said_in_words(
    con: duckdb.DuckDBPyConnection,
) -> None:
    righe = _righe(con, "AA")
    dette = read_prospettive(con)[Partizione("AA", 2024)]
    assert {c: dette[indicator_key(righe[c])][0] for c in PROSPETTIVE} == PROSPETTIVE
    for codice in ("DELIBERE", None):
        assert indicator_key(righe[codice]) not in dette
    for codice in ("ISR_STUDI", "ATTIVITA_RILANCIO"):
        assert len(dette[indicator_key(righe[codice])]) == 1


def test_a_closed_year_tells_what_it_would_have_taken(con: duckdb.DuckDBPyConnection) -> None:
    chiuso = _righe(con, "AB")
    dette = read_prospettive(con)[Partizione("AB", 2023)]
    assert dette[indicator_key(chiuso["ISR_STUDI"])] == (
        "Nessuna riga contata lo fa mancare: la differenza è 53",
    )
