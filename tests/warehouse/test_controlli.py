"""Every check of sql/controlli can fail: a sound build is broken by hand, and that check alone sees it.

Belongs here: one way or more to break what each check is about, and that a build so broken is not
published. Does not belong here: where real data breaks a check (tests/extracts, tests/ostili).
"""

import json
import re
import shutil
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.connection import connect
from pipelines.publication import memoria, pubblicazioni
from pipelines.publication import publish as publication
from pipelines.settings import Luoghi
from pipelines.warehouse import build
from pipelines.warehouse.checks import create_outcomes, read_outcomes, run_checks
from pipelines.warehouse.models import CONTRIBUTI, TUTTI, checks, read_models
from tests.warehouse.magazzini import ADESSO, albero, apri, chiedi, copia, corri
from tests.warehouse.rotture import MODELLI, QUI

STUDI = f"{QUI} and _file = 'AA/2020/isr/studi.csv'"


@dataclass(frozen=True)
class Rottura:
    """Statements over a sound build, after which `controllo` fails, with `casi` cases."""

    controllo: str
    dice: str
    comandi: tuple[str, ...]
    casi: int = 1

    def __str__(self) -> str:
        return f"{self.controllo}: {self.dice}"


ROTTURE = [
    Rottura(
        "contributi_quadrano",
        "a passport has lost a file",
        (f"delete from passaporto.file where {STUDI}",),
    ),
    Rottura(
        "contributi_quadrano",
        "a passport counts a line that is not there",
        (f"update passaporto.file set righe = righe + 1 where {STUDI}",),
    ),
    Rottura(
        "cig_dubbio",
        "the control digits of a lot are wrong",
        (f"update fonti.provveditorato_lotti set cig = cig[:9] || 'X' where {QUI} and _riga = 2",),
    ),
    Rottura(
        "canale_discorde",
        "the office and the lot with the payment's CIG say two channels",
        (
            "update fonti.provveditorato_pagamenti set cig = lower(l.cig)"
            " from fonti.provveditorato_lotti as l"
            " where provveditorato_pagamenti.camera = 'AA' and provveditorato_pagamenti.esercizio = 2020"
            " and provveditorato_pagamenti._riga = 2"
            " and l.camera = 'AA' and l.esercizio = 2020 and l._riga = 2",
            f"update fonti.provveditorato_lotti set canale = 'FUORI_MERCATO' where {QUI} and _riga = 2",
        ),
    ),
    Rottura(
        "siope_quadra",
        "a month was paid otherwise than the SIOPE says",
        (
            "update fonti.provveditorato_siope set importo = importo + 0.01"
            f" where {QUI} and _riga = 2",
        ),
    ),
    Rottura(
        "consegne_registrate",
        "a file that was read is not in the ledger",
        ("delete from storico.consegne where _file = 'AA/2020/isr/studi.csv'",),
    ),
    Rottura(
        "consegne_registrate",
        "a file has two outcomes",
        (
            "insert into storico.consegne by name"
            " select * from storico.consegne where _file = 'AA/2020/isr/studi.csv'",
        ),
    ),
    Rottura(
        "consegne_registrate",
        "a file has an outcome that means nothing",
        ("update storico.consegne set esito = 'PERSA' where _file = 'AA/2020/isr/studi.csv'",),
    ),
    Rottura(
        "consegne_registrate",
        "the ledger forgot a content that was once there",
        (
            "insert into storico.consegne_precedenti (camera, esercizio, estratto, _file, sha256)"
            " values ('AA', 2020, 'isr/studi', 'AA/2020/isr/studi.csv', 'di prima')",
        ),
    ),
    Rottura(
        "consegne_ripetute",
        "two parts are the same",
        ("update storico.consegne set esito = 'DUPLICATA' where _file = 'AA/2020/isr/studi.csv'",),
    ),
    Rottura(
        "contributi_quadrano",
        "a numerator is not the sum",
        (
            f"update indicatori.valori set numeratore = numeratore + 1 where {QUI} and codice = 'WELFARE'",
        ),
    ),
    Rottura(
        "contributi_quadrano",
        "a denominator is not the sum",
        (
            "update indicatori.valori set denominatore = denominatore + 0.000000000001"
            f" where {QUI} and codice = 'CONCILIAZIONI_PER_FTE'",
        ),
    ),
    Rottura(
        "contributi_quadrano",
        "a contribution is lost",
        (f"delete from fonti.isr_studi where {QUI} and _riga = 2",),
    ),
    Rottura(
        "contributi_quadrano",
        "every contribution of an indicator is lost",
        ("delete from fonti.isr_studi",),
        casi=3,
    ),
    Rottura(
        "contributi_unici",
        "a line counts twice",
        (f"update fonti.isr_studi set _riga = 2 where {QUI}",),
    ),
    Rottura(
        "contributi_unici",
        "a contribution does not know its file",
        (f"update fonti.isr_studi set _file = null where {QUI} and _riga = 2",),
    ),
    Rottura(
        "contributi_unici",
        "a contribution does not know its line",
        (f"update fonti.isr_studi set _riga = null where {QUI} and _riga = 2",),
    ),
    Rottura(
        "estratti_presenti",
        "an extract is missing",
        (
            f"update qualita.estratti set stato = 'ASSENTE'"
            f" where {QUI} and estratto = 'contabilita/consuntivo'",
        ),
    ),
    Rottura(
        "estratti_presenti",
        "an extract is incomplete",
        (
            f"update qualita.estratti set stato = 'INCOMPLETO'"
            f" where {QUI} and estratto = 'contabilita/consuntivo'",
        ),
    ),
    Rottura(
        "importi_quadrano",
        "a cent is read and lost",
        (
            "update qualita.importi set letto = letto + 0.01"
            f" where {QUI} and estratto = 'contabilita/consuntivo'",
        ),
    ),
    Rottura(
        "importi_quadrano",
        "an amount is in quarantine and in the warehouse",
        (
            "update qualita.importi set scartato = scartato + 100"
            f" where {QUI} and estratto = 'contabilita/consuntivo'",
        ),
    ),
    Rottura(
        "importi_quadrano",
        "an amount in the warehouse was never read",
        (f"delete from qualita.importi where {QUI} and estratto = 'contabilita/consuntivo'",),
    ),
    Rottura(
        "importi_quadrano",
        "an amount that was read is not in the warehouse",
        (
            f"delete from qualita.importi_nel_magazzino where {QUI}"
            " and estratto = 'contabilita/consuntivo'",
        ),
    ),
    Rottura(
        "indicatori_calcolati",
        "a row of the scorecard has no result",
        (f"update scorecard.indicatori set risultato = null where {QUI} and codice = 'SEDUTE'",),
    ),
    *(Rottura("modelli_quadrano", dice, comandi) for dice, comandi in MODELLI.items()),
    Rottura(
        "piano_compreso",
        "a finding is serious",
        (
            f"update piano.anomalie set grave = true where {QUI} and riga = 18"
            " and regola = 'traguardo_fermo'",
        ),
    ),
    Rottura(
        "piano_leggibile",
        "the plan could not be read",
        (f"update lettura.piani set esito = 'RIFIUTATO', motivo = 'È un pdf.' where {QUI}",),
    ),
    Rottura(
        "righe_accettate",
        "a row is in quarantine",
        (
            "insert into qualita.scarti values"
            " ('AA', 2020, 'isr/studi', 'AA/2020/isr/studi.csv', 4, 'stato', 'codice', 'X')",
            "update qualita.file set righe_file = righe_file + 1, righe_lette = righe_lette + 1,"
            f" righe_scartate = righe_scartate + 1 where {STUDI}",
        ),
    ),
    Rottura(
        "righe_quadrano",
        "a row that was read is nowhere",
        (
            "update qualita.file set righe_file = righe_file + 1, righe_lette = righe_lette + 1"
            f" where {STUDI}",
        ),
    ),
    Rottura(
        "righe_quadrano",
        "a line of the file was never looked at",
        (f"update qualita.file set righe_file = righe_file + 1 where {STUDI}",),
    ),
    Rottura(
        "righe_quadrano",
        "nobody knows how many lines the file has",
        (f"update qualita.file set righe_file = null, righe_intestazione = null where {STUDI}",),
    ),
    Rottura(
        "righe_quadrano",
        "the warehouse has a row more than was accepted",
        (
            "update qualita.file set righe_file = righe_file - 1, righe_lette = righe_lette - 1,"
            f" righe_accettate = righe_accettate - 1 where {STUDI}",
        ),
    ),
    Rottura(
        "righe_quadrano",
        "the warehouse has none of the rows accepted",
        (f"delete from qualita.righe_nel_magazzino where {STUDI}",),
    ),
    Rottura(
        "righe_quadrano",
        "the warehouse has rows of a file that nobody saw",
        (f"delete from qualita.file where {STUDI}",),
    ),
    Rottura(
        "righe_quadrano",
        "nobody counted the rows of a file",
        (
            "update qualita.file set righe_lette = null, righe_accettate = null,"
            f" righe_scartate = null where {STUDI}",
        ),
    ),
    Rottura(
        "scarti_quadrano",
        "a row set aside is not in quarantine",
        (
            "update qualita.file set righe_file = righe_file + 1, righe_lette = righe_lette + 1,"
            f" righe_scartate = righe_scartate + 1 where {STUDI}",
        ),
    ),
    Rottura(
        "scorecard_completa",
        "an indicator of the plan is not on the scorecard",
        (f"delete from scorecard.indicatori where {QUI} and codice = 'SEDUTE'",),
    ),
    Rottura(
        "scorecard_completa",
        "an objective of the plan is not on the scorecard",
        (f"delete from scorecard.obiettivi where {QUI} and obiettivo = '1.2'",),
    ),
    Rottura(
        "scorecard_completa",
        "an indicator is on the scorecard twice",
        (
            "insert into scorecard.indicatori by name"
            f" select * from scorecard.indicatori where {QUI} and codice = 'SEDUTE'",
        ),
    ),
    Rottura(
        "scorecard_completa",
        "the whole scorecard is missing",
        ("delete from scorecard.indicatori", "delete from scorecard.obiettivi"),
        casi=36,
    ),
    Rottura(
        "ultimo_valore_osservato",
        "a last value does not come out of the extracts",
        (f"update scorecard.ultimi_valori set coincide = false where {QUI} and codice = 'SEDUTE'",),
    ),
    Rottura(
        "valori_completi",
        "an indicator vanished, with its contributions",
        (
            f"delete from indicatori.valori where {QUI} and codice = 'ISR_STUDI'",
            f"delete from fonti.isr_studi where {QUI}",
            f"delete from passaporto.file where {STUDI}",
        ),
    ),
    Rottura(
        "valori_completi",
        "an indicator has no state",
        (f"update indicatori.valori set stato = null where {QUI} and codice = 'SEDUTE'",),
    ),
    Rottura(
        "valori_completi",
        "a definitive indicator has no value",
        (f"update indicatori.valori set valore = null where {QUI} and codice = 'SEDUTE'",),
    ),
    Rottura(
        "valori_completi",
        "an indicator that cannot be computed has a value",
        (
            "update indicatori.valori set stato = 'NON_CALCOLABILE'"
            f" where {QUI} and codice = 'SEDUTE'",
        ),
    ),
    Rottura(
        "valori_completi",
        "a missing value has no reason",
        (
            "update indicatori.valori set stato = 'DATI_MANCANTI', valore = null"
            f" where {QUI} and codice = 'SEDUTE'",
        ),
    ),
]

ROTTURE += [
    Rottura(
        "estratti_puntuali",
        "a delivery is late",
        (
            "update qualita.freschezza set in_ritardo = true, giorni_ritardo = 3"
            f" where {QUI} and estratto = 'isr/studi'",
        ),
    ),
    Rottura(
        "esercizi_chiusi_fermi",
        "a value of a closed year is another",
        (
            "insert into storico.valori by name select * replace (valore + 1 as valore,"
            " noto_dal + interval 1 day as noto_dal) from storico.valori"
            " where camera = 'AA' and esercizio = 2019 and codice = 'SEDUTE'",
        ),
    ),
    Rottura(
        "custodia",
        "a kept file is damaged",
        (
            "insert into qualita.custodia values"
            " ('AA', 2020, 'isr/studi', 'deposito/AA/2020/x.parquet', 'manca', 'riletto')",
        ),
    ),
    Rottura(
        "partizioni_aggiornate",
        "a partition could not be read",
        ("insert into qualita.ferme values ('AA', 2020, 'errore imprevisto', false)",),
    ),
    Rottura(
        "partizioni_ritirate",
        "a partition was declared withdrawn",
        ("insert into qualita.ritirate values ('AA', 2018, 'Esce dalla pubblicazione')",),
    ),
]

ROTTURE += [
    Rottura(
        "codici_senza_riscontro",
        "a row is of an objective that the plan does not have",
        (
            "insert into qualita.codici_ignoti (camera, esercizio, estratto, _file, _riga, trovato)"
            " values ('AA', 2020, 'contabilita/consuntivo',"
            " 'AA/2020/contabilita/consuntivo.csv', 2, '11/5/1.1')",
            "insert into qualita.sospette by name select camera, esercizio, estratto, _file, _riga,"
            " 'codici_senza_riscontro' as segnale from qualita.codici_ignoti",
            "insert into qualita.senza_sospette by name select camera, esercizio, estratto, segnale,"
            " _file, 1 as righe from qualita.sospette",
        ),
    ),
    Rottura(
        "fuori_esercizio",
        "the rows of a file are of another year",
        (f"update qualita.date_dei_file set sospetto = true where {STUDI}",),
    ),
    Rottura(
        "nome_somigliante",
        "a column outside the contract is near one of its names",
        (
            "insert into qualita.segnali values ('AA', 2020, 'isr/studi',"
            " 'AA/2020/isr/studi.csv', 'nome_somigliante', 'titolo', 1, 1, 'titoli')",
        ),
    ),
    Rottura(
        "persone_sconosciute",
        "nobody knows who used a benefit",
        (
            "insert into qualita.sospette (camera, esercizio, estratto, _file, _riga, segnale)"
            " values ('AA', 2020, 'segreteria/welfare', 'AA/2020/segreteria/welfare.csv', 2,"
            " 'persone_sconosciute')",
        ),
    ),
    Rottura(
        "valore_insolito",
        "a value is far from the last",
        (f"update indicatori.osservati set insolito = true where {QUI} and codice = 'SEDUTE'",),
    ),
    Rottura(
        "volume",
        "an extract has far fewer rows than in other years",
        (f"update qualita.volumi set sospetto = true where {QUI} and estratto = 'isr/studi'",),
    ),
]


def _segnale(segnale: str, casi: int, esempio: str, colonna: str = "titolo") -> tuple[str, ...]:
    """A signal of a file that was read."""
    return (
        "insert into qualita.segnali values ('AA', 2020, 'isr/studi', 'AA/2020/isr/studi.csv',"
        f" '{segnale}', '{colonna}', {casi}, 2, '{esempio}')",
    )


ROTTURE += [
    *(
        Rottura(segnale, "a file tells it of itself", _segnale(segnale, 1, "«1» e «01»"))
        for segnale in (
            "chiavi_somiglianti",
            "date_rovesciate",
            "in_arrivo",
            "intestazione_somigliante",
            "numeri_misti",
            "persone_fuori_posto",
            "righe_di_totale",
        )
    ),
    Rottura(
        "parti_sovrapposte",
        "three rows are in two parts",
        _segnale("parti_sovrapposte", 3, "AA/2020/isr/studi-2.csv"),
        casi=2,  # both are named
    ),
    Rottura(
        "date_rovesciate",
        "most of three days come after the delivery",
        _segnale("giorno_di_mezzo", 3, "2999-01-01"),
    ),
]

MODELLI_PER_TABELLA = {modello.tabella: modello for modello in read_models()}
PER_CONTROLLO = {rottura.controllo: rottura for rottura in ROTTURE}
AVVERTONO = {
    "canale_discorde",
    "cig_dubbio",
    "codici_senza_riscontro",
    "custodia",
    "fuori_esercizio",
    "nome_somigliante",
    "persone_sconosciute",
    "valore_insolito",
    "volume",
    "chiavi_somiglianti",
    "consegne_ripetute",
    "date_rovesciate",
    "esercizi_chiusi_fermi",
    "estratti_presenti",
    "estratti_puntuali",
    "in_arrivo",
    "indicatori_calcolati",
    "intestazione_somigliante",
    "numeri_misti",
    "parti_sovrapposte",
    "partizioni_aggiornate",
    "partizioni_ritirate",
    "persone_fuori_posto",
    "piano_compreso",
    "piano_leggibile",
    "righe_accettate",
    "righe_di_totale",
    "siope_quadra",
    "ultimo_valore_osservato",
}
"""The checks that do not stop a publication."""

BLOCCANO = [r for r in PER_CONTROLLO.values() if r.controllo not in AVVERTONO]


@pytest.fixture(scope="module")
def scrivibile(
    piccola: Luoghi, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A sound build that can be broken; each break is rolled back."""
    path = tmp_path_factory.mktemp("rotture") / "pira.duckdb"
    shutil.copyfile(piccola.database, path)
    with closing(connect(path, read_only=False)) as connection:
        yield connection


def failing(connection: duckdb.DuckDBPyConnection) -> dict[str, int]:
    return {o.nome: o.casi for o in run_checks(connection) if not o.superato}


@cache
def letti(tabella: str) -> frozenset[str]:
    """The stored tables that a table or a view reads, through other views."""
    if tabella == TUTTI:
        deps = {m.tabella for m in read_models() if m.schema == CONTRIBUTI}
    elif (modello := MODELLI_PER_TABELLA.get(tabella)) is not None and modello.vista:
        deps = set(modello.dipende)
    else:
        return frozenset({tabella})
    return frozenset[str]().union(*map(letti, deps))


CAMBIA = re.compile(r"(?:update|insert into|delete from) (\S+)")


def failing_after(
    connection: duckdb.DuckDBPyConnection, comandi: tuple[str, ...]
) -> dict[str, int]:
    """As `failing` over a build that was sound: what reads nothing of what has changed says what it said."""
    changed = {found[1] for comando in comandi if (found := CAMBIA.match(comando))}
    counted = {
        check.nome: len(connection.execute(f"from {check.modello.tabella}").fetchall())
        for check in checks(read_models())
        if letti(check.modello.tabella) & changed
    }
    return {nome: casi for nome, casi in counted.items() if casi}


def test_every_check_passes_on_a_sound_build(scrivibile: duckdb.DuckDBPyConnection) -> None:
    assert failing(scrivibile) == {}


def test_every_check_has_a_case_that_turns_it_red() -> None:
    found = {check.nome: check.blocca for check in checks(read_models())}
    lacking = [
        f"{nome} has no case that turns it red: add a Rottura to ROTTURE here"
        for nome in found.keys() - PER_CONTROLLO.keys()
    ]
    assert lacking == []
    assert PER_CONTROLLO.keys() - found.keys() == set()
    assert {r.controllo for r in BLOCCANO} == {nome for nome, blocca in found.items() if blocca}


@pytest.mark.parametrize("rottura", ROTTURE, ids=str)
def test_a_broken_build_fails_that_check_alone(
    scrivibile: duckdb.DuckDBPyConnection, rottura: Rottura
) -> None:
    scrivibile.execute("begin")
    try:
        for comando in rottura.comandi:
            (changed,) = scrivibile.execute(comando).fetchone() or (0,)
            assert changed > 0, f"nothing to change: {comando}"
        assert failing_after(scrivibile, rottura.comandi) == {rottura.controllo: rottura.casi}
    finally:
        scrivibile.execute("rollback")


def test_an_extract_of_which_nothing_is_known_is_not_taken_for_present(
    scrivibile: duckdb.DuckDBPyConnection,
) -> None:
    scrivibile.execute("begin")
    try:
        scrivibile.execute(f"delete from qualita.estratti where {QUI} and estratto = 'isr/studi'")
        assert failing(scrivibile) == {"estratti_presenti": 1}
    finally:
        scrivibile.execute("rollback")


class Detti:
    """A connection that keeps what it is told to execute."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection, self.comandi = connection, list[str]()

    def execute(self, comando: str, *values: Any) -> duckdb.DuckDBPyConnection:
        self.comandi.append(comando)
        return self.connection.execute(comando, *values)


def test_a_build_computes_each_check_once(scrivibile: duckdb.DuckDBPyConnection) -> None:
    detti: Any = Detti(scrivibile)
    scrivibile.execute("begin")
    try:
        for comando in PER_CONTROLLO["estratti_presenti"].comandi:
            scrivibile.execute(comando)
        for table in ("controlli", "esiti", "evidenze"):
            scrivibile.execute(f"drop table qualita.{table}")
        create_outcomes(detti, read_models())
        noted = {o.nome: o.casi for o in read_outcomes(scrivibile) if not o.superato}
        assert noted == failing(scrivibile) == {"estratti_presenti": 1}
    finally:
        scrivibile.execute("rollback")
    for check in checks(read_models()):
        names = re.compile(rf"{check.modello.tabella}\b")
        assert sum(bool(names.search(comando)) for comando in detti.comandi) == 1, check.nome


def test_what_a_build_noted_is_what_its_checks_find(campione: Luoghi) -> None:
    with apri(campione) as connection:
        noted, found = read_outcomes(connection), run_checks(connection)
    assert [replace(o, esempi=()) for o in noted] == [replace(o, esempi=()) for o in found]
    assert [len(o.esempi) for o in noted] == [len(o.esempi) for o in found]
    assert any(o.esempi for o in noted)


# --- the gate ---------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def uscita(piccola: Luoghi, tmp_path_factory: pytest.TempPathFactory) -> Luoghi:
    """An output with one publication."""
    return copia(piccola, tmp_path_factory.mktemp("cancello"))


def build_again(uscita: Luoghi, nome: str, comandi: tuple[str, ...]) -> Path:
    """A build like the published one but for what the statements change."""
    lavoro = uscita.lavoro(nome)
    shutil.copytree(uscita.corrente.resolve(), lavoro)
    (lavoro / memoria.MANIFEST).unlink()
    with closing(connect(lavoro / pubblicazioni.DATABASE, read_only=False)) as connection:
        for comando in comandi:
            connection.execute(comando)
    return lavoro


def known(uscita: Luoghi) -> dict[str, tuple[int, int]]:
    """The second copy of what is known, but for the checks, which remember failures, too, and for the
    manifest that vouches for them."""
    found = albero(uscita.warehouse / "storico")
    moving = (memoria.CONTROLLI, memoria.MANIFEST)
    return {name: facts for name, facts in found.items() if name not in moving}


def assert_refused(uscita: Luoghi, comandi: tuple[str, ...], why: str) -> None:
    lavoro = build_again(uscita, "prova", comandi)
    shown = [uscita.corrente.readlink(), *albero(uscita.pubblicazioni).items()]
    history = known(uscita)
    try:
        with pytest.raises(pubblicazioni.NonPubblicabile, match=why):
            publication.publish(uscita, lavoro, "prova", ADESSO)
    finally:
        shutil.rmtree(lavoro)
    assert [uscita.corrente.readlink(), *albero(uscita.pubblicazioni).items()] == shown
    assert known(uscita) == history


@pytest.mark.parametrize("rottura", BLOCCANO, ids=lambda r: r.controllo)
def test_what_fails_a_blocking_check_is_not_published(uscita: Luoghi, rottura: Rottura) -> None:
    assert_refused(uscita, rottura.comandi, rf"conti non tornano\. {rottura.controllo}: ")


def test_a_table_whose_key_repeats_is_not_published(uscita: Luoghi) -> None:
    again = "insert into scorecard.ente by name select * from scorecard.ente where camera = 'AA'"
    assert_refused(uscita, (again,), "chiavi ripetute in scorecard.ente")


def test_what_fails_only_warnings_is_published_with_them(uscita: Luoghi) -> None:
    comandi = PER_CONTROLLO["estratti_presenti"].comandi + PER_CONTROLLO["piano_compreso"].comandi
    lavoro = build_again(uscita, "avvisi", comandi)
    folder, outcomes = publication.publish(uscita, lavoro, "avvisi", ADESSO)
    assert uscita.corrente.resolve() == folder.resolve()
    found = {o.nome for o in outcomes if not o.superato}
    assert found == {"estratti_presenti", "piano_compreso"}
    noted = json.loads((folder / memoria.MANIFEST).read_text())["controlli"]
    assert {nome for nome, casi in noted.items() if casi} == found
    assert set(noted) == set(PER_CONTROLLO)


def test_a_gate_that_failed_is_remembered_though_nothing_was_published(
    piccola: Luoghi, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    luoghi = copia(piccola, tmp_path)
    whole = vars(build)["load"]

    def lossy(connection: duckdb.DuckDBPyConnection, *others: Any) -> None:
        whole(connection, *others)
        connection.execute(f"update qualita.file set righe_lette = 9 where {STUDI}")

    with monkeypatch.context() as broken:
        broken.setattr(build, "load", lossy)
        with pytest.raises(pubblicazioni.NonPubblicabile, match="righe_quadrano"):
            corri(luoghi, adesso=ADESSO + timedelta(days=1), documenti=False)
    corri(luoghi, adesso=ADESSO + timedelta(days=2), documenti=False)
    history = chiedi(
        luoghi,
        "select superato, casi, noto_dal::date from storico.controlli"
        f" where {QUI} and controllo = 'righe_quadrano' order by noto_dal",
    )
    days = [(ADESSO + timedelta(days=day)).date() for day in range(3)]
    assert history == [(True, 0, days[0]), (False, 1, days[1]), (True, 0, days[2])]
