"""Random chambers, computed by the system and by the reference: every figure is the same.

Belongs here: one run over random extracts and plans, compared with tests/reference from the rows to
the roll-ups, exactly. Does not belong here: single behaviours (test_definizioni.py,
tests/scorecard/test_valutazione.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest

from tests.indicatori import casuale, zona
from tests.indicatori import piano as piani
from tests.reference import indicatori as riferimento
from tests.reference import scorecard as riferimento_scorecard

GIORNO = date(2021, 6, 30)
CASI = {camera: 2020 + (i % 3 == 0) for i, camera in enumerate(zona.sigle()[:12])}
"""The year of each chamber: two in three are closed."""


@dataclass(frozen=True)
class Camera:
    """What was written for a chamber, and what the reference makes of it."""

    esercizio: int
    estratti: Mapping[str, list[zona.Riga] | None]
    piano: casuale.Piano
    valori: Mapping[str, riferimento.Valore]


@dataclass(frozen=True)
class Confronto:
    """The published database beside the chambers of the landing zone."""

    con: duckdb.DuckDBPyConnection
    camere: Mapping[str, Camera]


def _scrivi(raw: Path, seme: int, camera: str, esercizio: int) -> Camera:
    fine = riferimento.data_di_riferimento(esercizio, GIORNO)
    estratti: dict[str, list[zona.Riga] | None] = {}
    for estratto, parziali in casuale.estratti(seme, esercizio, fine).items():
        estratti[estratto] = (
            None if parziali is None else zona.scrivi(raw, camera, esercizio, estratto, parziali)
        )
    valori = riferimento.calcola(estratti, esercizio, fine)
    piano = casuale.piano(seme, {codice: v.valore for codice, v in valori.items()})
    piani.scrivi(raw, camera, esercizio, piano.blocchi)
    return Camera(esercizio, estratti, piano, valori)


@pytest.fixture(scope="module")
def confronto(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Confronto]:
    radice = tmp_path_factory.mktemp("confronto")
    camere = {
        camera: _scrivi(radice / "raw", seme, camera, esercizio)
        for seme, (camera, esercizio) in enumerate(CASI.items())
    }
    with zona.pubblica(radice / "raw", radice / "warehouse", GIORNO, documenti=False) as con:
        yield Confronto(con, camere)


def test_random_rows_are_all_accepted(confronto: Confronto) -> None:
    """Otherwise the reference, which judges no row, would speak of others."""
    assert zona.interroga(confronto.con, "from qualita.scarti") == []
    scritte = sum(len(r or ()) for c in confronto.camere.values() for r in c.estratti.values())
    lette = zona.interroga(
        confronto.con,
        "select sum(righe_accettate) as n from qualita.file where _file like '%.csv'",
    )
    assert lette[0]["n"] == scritte


def test_random_rows_tell_nothing_against_themselves(confronto: Confronto) -> None:
    found = "from qualita.segnali where segnale <> 'giorno_di_mezzo'"
    assert zona.interroga(confronto.con, found) == []


@pytest.mark.parametrize("camera", CASI)
def test_random_values_are_those_of_the_reference(confronto: Confronto, camera: str) -> None:
    pubblicati = {
        r["codice"]: (
            zona.esatto(r["numeratore"]),
            zona.esatto(r["denominatore"]),
            zona.esatto(r["valore"]),
            r["stato"],
        )
        for r in zona.interroga(confronto.con, "from indicatori.valori where camera = ?", camera)
        if r["codice"] in riferimento.DEFINIZIONI
    }
    assert pubblicati == {
        codice: (
            v.numeratore,
            v.denominatore,
            None if v.valore is None else riferimento.tronca(v.valore),
            v.stato,
        )
        for codice, v in confronto.camere[camera].valori.items()
    }


@pytest.mark.parametrize("camera", CASI)
def test_random_contributions_are_those_of_the_reference(confronto: Confronto, camera: str) -> None:
    righe = zona.interroga(confronto.con, "from indicatori.contributi where camera = ?", camera)
    assert all(r["numeratore"] is not None for r in righe), "a line that adds nothing adds 0"
    pubblicati = [
        (
            r["codice"],
            r["_file"],
            r["_riga"],
            zona.esatto(r["numeratore"]) or 0,
            zona.esatto(r["denominatore"]) or 0,
        )
        for r in righe
        if r["codice"] in riferimento.DEFINIZIONI
    ]
    attesi = {
        (v.codice, c.file, c.riga, c.numeratore, c.denominatore)
        for v in confronto.camere[camera].valori.values()
        for c in v.contributi
    }
    assert len(pubblicati) == len(attesi)
    assert set(pubblicati) == attesi


def _esiti(camera: Camera) -> list[list[riferimento_scorecard.Esito]]:
    """The scorecard's rows by the reference, objective by objective."""
    return [
        [
            riferimento_scorecard.valuta(
                riga, None if riga.codice is None else camera.valori[riga.codice].valore
            )
            for riga in righe
        ]
        for righe in camera.piano.righe
    ]


def _alla_data(
    camera: Camera, riga: riferimento_scorecard.RigaPiano
) -> riferimento_scorecard.EsitoAllaData | None:
    return riferimento_scorecard.valuta_alla_data(
        riga,
        riga.codice is not None and riferimento.DEFINIZIONI[riga.codice].conteggio,
        camera.esercizio,
        GIORNO,
        None if riga.codice is None else camera.valori[riga.codice].valore,
    )


def _stato(camera: Camera, codice: str | None) -> str:
    return "SENZA_MODELLO" if codice is None else camera.valori[codice].stato


@pytest.mark.parametrize("camera", CASI)
def test_random_results_are_those_of_the_reference(confronto: Confronto, camera: str) -> None:
    attesi = [
        (
            f"1.{numero}",
            progressivo,
            riga.codice,
            riga.target,
            riga.operatore,
            riga.presunto,
            _stato(confronto.camere[camera], riga.codice),
            esito.risultato,
            esito.realizzazione_grezza,
            esito.realizzazione,
            esito.raggiunto,
            esito.semaforo,
            _alla_data(confronto.camere[camera], riga),
        )
        for numero, (righe, esiti) in enumerate(
            zip(
                confronto.camere[camera].piano.righe,
                _esiti(confronto.camere[camera]),
                strict=True,
            ),
            start=1,
        )
        for progressivo, (riga, esito) in enumerate(zip(righe, esiti, strict=True), start=1)
    ]
    righe = zona.interroga(
        confronto.con,
        "from scorecard.indicatori where camera = ? order by obiettivo, progressivo",
        camera,
    )
    assert [
        (
            r["obiettivo"],
            r["progressivo"],
            r["codice"],
            zona.esatto(r["target"]),
            r["operatore"],
            r["operatore_presunto"],
            r["stato"],
            zona.esatto(r["risultato"]),
            zona.esatto(r["realizzazione_grezza"]),
            zona.esatto(r["realizzazione"]),
            r["raggiunto"],
            r["semaforo"],
            None
            if r["semaforo_alla_data"] is None
            else riferimento_scorecard.EsitoAllaData(
                zona.esatto(r["target_alla_data"]),
                zona.esatto(r["realizzazione_alla_data"]),
                r["semaforo_alla_data"],
            ),
        )
        for r in righe
    ] == attesi
    assert {r["scarti_possibili"] for r in righe} <= {0, None}


def _obiettivi(camera: Camera) -> list[riferimento_scorecard.EsitoObiettivo]:
    return [
        riferimento_scorecard.valuta_obiettivo([e.realizzazione for e in esiti])
        for esiti in _esiti(camera)
    ]


def _spesa(camera: Camera, obiettivo: str) -> Fraction | None:
    righe = camera.estratti["contabilita/consuntivo"]
    if righe is None:
        return None
    return sum((Fraction(r["importo"]) for r in righe if r["obiettivo"] == obiettivo), Fraction(0))


@pytest.mark.parametrize("camera", CASI)
def test_random_objectives_are_those_of_the_reference(confronto: Confronto, camera: str) -> None:
    dati = confronto.camere[camera]
    attesi = []
    for i, obiettivo in enumerate(_obiettivi(dati)):
        spesa = _spesa(dati, f"1.{i + 1}")
        quota = riferimento_scorecard.percentuale_spesa(spesa, dati.piano.preventivi[i])
        attesi.append((f"1.{i + 1}", spesa, quota, obiettivo.realizzazione, obiettivo.copertura))
    righe = zona.interroga(
        confronto.con, "from scorecard.obiettivi where camera = ? order by obiettivo", camera
    )
    assert [
        (
            r["obiettivo"],
            zona.esatto(r["risorse_consuntivo"]),
            zona.esatto(r["percentuale_spesa"]),
            zona.esatto(r["realizzazione"]),
            zona.esatto(r["copertura"]),
        )
        for r in righe
    ] == attesi


@pytest.mark.parametrize("camera", CASI)
def test_random_chambers_are_those_of_the_reference(confronto: Confronto, camera: str) -> None:
    dati = confronto.camere[camera]
    ente = riferimento_scorecard.valuta_ente(
        list(zip(dati.piano.pesi, _obiettivi(dati), strict=True))
    )
    righe = zona.interroga(confronto.con, "from scorecard.ente where camera = ?", camera)
    assert [
        (
            r["esercizio"],
            zona.esatto(r["realizzazione"]),
            zona.esatto(r["realizzazione_minima"]),
            zona.esatto(r["realizzazione_massima"]),
            zona.esatto(r["copertura"]),
        )
        for r in righe
    ] == [(dati.esercizio, ente.realizzazione, ente.minima, ente.massima, ente.copertura)]


def test_random_chambers_meet_every_state(confronto: Confronto) -> None:
    """A comparison that never meets a state says nothing of it."""
    righe = zona.interroga(confronto.con, "select distinct stato from scorecard.indicatori")
    assert {r["stato"] for r in righe} == {
        "DEFINITIVO",
        "PROVVISORIO",
        "DATI_MANCANTI",
        "NON_CALCOLABILE",
        "SENZA_MODELLO",
    }
    alla_data = "select distinct semaforo_alla_data as s from scorecard.indicatori"
    assert {r["s"] for r in zona.interroga(confronto.con, alla_data)} >= {
        None,
        "grigio",
        "rosso",
        "verde",
    }
