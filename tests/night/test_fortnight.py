"""A fortnight of nights, one after the other, in a time of their own.

Belongs here: what each night leaves (publication, checks, mail) when deliveries come, are wrong and are
mended, when nights are missed, the clock changes, a year closes, a chamber joins, a build is broken.
Does not belong here: each of those by itself (test_pending.py, test_definitions.py, mail/).

Seven nights around the end of March 2021, when a chamber joins; the daemon is down all summer; seven
nights around the end of October, when 2020 is closed.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
from dagster._utils.schedules import schedule_execution_time_iterator

from pipelines import settings
from pipelines.definitions import defs
from pipelines.orchestration import keeping, nights
from pipelines.orchestration.home import dagster_home
from pipelines.publication.pubblicazioni import current
from pipelines.settings import ROMA, Luoghi
from pipelines.warehouse import build
from tests.contratto import SEDICI
from tests.indicatori import piano, zona
from tests.mail.servitore import Cassetta, acceso, porta_libera
from tests.tempo import Orologio, segna
from tests.warehouse.magazzini import blocchi, chiedi, scrivi_anno


@dataclass
class Mondo:
    """Two chambers, their offices, an operator's machine."""

    luoghi: Luoghi
    cassetta: Cassetta
    pianificatore: dg.DagsterInstance
    istanza: dg.DagsterInstance
    posta: str | None = None

    def consegna(self, giorno: date, camera: str, anno: int, estratto: str, contenuto: Any) -> None:
        """An office delivers an extract on a day, at noon."""
        zona.scrivi(self.luoghi.raw, camera, anno, estratto, contenuto)
        self.data(giorno, self.luoghi.raw / zona.percorso(camera, anno, estratto))

    def data(self, giorno: date, *paths: Path) -> None:
        """Gives delivered files the time at which they came."""
        noon = datetime(giorno.year, giorno.month, giorno.day, 12, tzinfo=ROMA).timestamp()
        for path in paths:
            os.utime(path, (noon, noon))

    def anno(self, giorno: date, camera: str, anno: int) -> None:
        """Every extract of a year, on one day."""
        scrivi_anno(self.luoghi.raw, camera, anno)
        self.data(giorno, *(self.luoghi.raw / camera / str(anno)).rglob("*.csv"))

    def notte(self, istante: datetime) -> "Notte":
        """What Dagster does on a night: the schedule, the run, the sensors that follow it."""
        Orologio.istante = istante
        before = current(self.luoghi)
        told = len(self.cassetta.buste)
        with dg.build_schedule_context(
            self.pianificatore, scheduled_execution_time=istante
        ) as tick:
            asked = nights.ogni_notte.evaluate_tick(tick)
        requests = asked.run_requests or []
        assert len(requests) <= 1, "one run, whatever there is to do"
        for request in requests:
            self._lancia(dict(request.tags))
        context = dg.build_sensor_context(instance=self.pianificatore, cursor=self.posta)
        self.posta = keeping.posta.evaluate_tick(context).cursor
        after = current(self.luoghi)
        letters = self.cassetta.messaggi[told:]
        return Notte(
            perche=tuple(why for r in requests for why in r.tags[nights.WHY_TAG].split("; ")),
            pubblicata=after != before,
            controlli=self._controlli(),
            oggetti=[str(letter["Subject"]).lstrip() for letter in letters],
            testi=[" ".join(letter.get_content().split()) for letter in letters],
            destinatari=[str(letter["To"]) for letter in letters],
        )

    def _lancia(self, tags: dict[str, str]) -> None:
        nights.register_partitions(self.istanza, self.luoghi)
        result = defs.resolve_job_def("notte").execute_in_process(
            instance=self.istanza,
            tags={**tags, keeping.BY_SCHEDULE: "ogni_notte"},
            raise_on_error=False,
        )
        run = self.istanza.get_run_by_id(result.run_id)
        assert run is not None
        last = [e for e in result.all_events if e.is_job_success or e.is_job_failure][-1]
        context = dg.build_run_status_sensor_context("sensore", last, self.istanza, run)
        if result.success:
            keeping.notte_riuscita(context)
        else:
            keeping.notte_fallita(context.for_run_failure())

    def _controlli(self) -> dict[str, set[str]]:
        """The checks that found something, with the partitions in which they did."""
        found: dict[str, set[str]] = {}
        for controllo, chiave in chiedi(
            self.luoghi, "select controllo, camera || '-' || esercizio from qualita.esiti"
        ):
            found.setdefault(controllo, set()).add(chiave)
        return found


@dataclass(frozen=True)
class Notte:
    """What a night left."""

    perche: tuple[str, ...]
    pubblicata: bool
    controlli: dict[str, set[str]]
    oggetti: list[str]
    testi: list[str]
    destinatari: list[str]


CONTROLLO, LUCCA = "controllo@example.it", "segreteria@lu.example.it"


@pytest.fixture
def mondo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mondo]:
    base = tmp_path_factory.mktemp("quindicina")
    luoghi, cassetta, porta = Luoghi(base / "raw", base / "warehouse"), Cassetta(), porta_libera()
    luoghi.raw.mkdir()
    variables = {
        "PIRA_RAW": str(luoghi.raw),
        "PIRA_WAREHOUSE": str(luoghi.warehouse),
        "DAGSTER_HOME": str(base / "dagster"),
        "PIRA_SMTP_HOST": "127.0.0.1",
        "PIRA_SMTP_PORT": str(porta),
        "PIRA_MAIL_FROM": "pira@example.it",
        "PIRA_MAIL_TO": f"{CONTROLLO}, LU:{LUCCA}",
    }
    with pytest.MonkeyPatch.context() as patch, acceso(cassetta, porta):
        for name, value in variables.items():
            patch.setenv(name, value)
        segna(patch)
        patch.setattr(keeping, "ended", lambda _: settings.now())
        with (
            dg.DagsterInstance.from_config(str(dagster_home(luoghi))) as scheduler,
            dg.DagsterInstance.ephemeral() as instance,
        ):
            yield Mondo(luoghi, cassetta, scheduler, instance)


def alle_quattro(giorno: date) -> datetime:
    """When the schedule starts the night of a day: the instant that Dagster itself would choose."""
    start = datetime(giorno.year, giorno.month, giorno.day, tzinfo=ROMA).timestamp()
    schedule = nights.ogni_notte
    found = schedule_execution_time_iterator(
        start, schedule.cron_schedule, schedule.execution_timezone
    )
    return next(found).astimezone(ROMA)


MARZO = [date(2021, 3, 25) + timedelta(days=n) for n in range(7)]
OTTOBRE = [date(2021, 10, 28) + timedelta(days=n) for n in range(7)]


def test_the_instants_of_the_nights_go_over_both_changes_of_the_clock() -> None:
    for week, hours in ((MARZO, 23), (OTTOBRE, 25)):
        instants = [alle_quattro(day).astimezone(UTC) for day in week]
        apart = {b - a for a, b in pairwise(instants)}
        assert apart == {timedelta(hours=24), timedelta(hours=hours)}


# --- what the offices do, at noon of the day before ---------------------------------------------------


def nasce(mondo: Mondo, ieri: date) -> None:
    """AA delivers 2020, which has a plan, and what there is of 2021."""
    mondo.anno(ieri, "AA", 2020)
    mondo.anno(ieri, "AA", 2021)
    piano.scrivi(mondo.luoghi.raw, "AA", 2020, blocchi())


def sbaglia(mondo: Mondo, ieri: date) -> None:
    """A file without two of its columns."""
    mondo.consegna(ieri, "AA", 2021, "segreteria/sedute", "id_seduta;organo\nS1;GIUNTA\n")


def aggiunge(mondo: Mondo, ieri: date) -> None:
    """A study more."""
    mondo.consegna(ieri, "AA", 2021, "isr/studi", [{}, {}, {}])


def ripara(mondo: Mondo, ieri: date) -> None:
    """The file as it should have been, two days later."""
    mondo.consegna(ieri, "AA", 2021, "segreteria/sedute", [{}, {}])


def entra(mondo: Mondo, ieri: date) -> None:
    """A second chamber: a folder, and no plan yet."""
    mondo.anno(ieri, "LU", 2021)


def guasta(mondo: Mondo, _: date) -> None:
    """The second chamber's plan is no plan."""
    (mondo.luoghi.raw / "LU/2021/allegato.txt").write_bytes(b"\x00 non e' un piano")


def ripete(mondo: Mondo, ieri: date) -> None:
    """AA exports 2021 again: nothing happened, so every file is as it was."""
    mondo.data(ieri, *(mondo.luoghi.raw / "AA/2021").rglob("*.csv"))


def tardi(mondo: Mondo, ieri: date) -> None:
    """An act more in a year that is closed."""
    mondo.consegna(ieri, "AA", 2020, "segreteria/atti", [{}, {}, {}])


# --- what each night must leave -----------------------------------------------------------------------


@dataclass(frozen=True)
class Atteso:
    """A night: what was delivered the day before, then what must be found.

    `perche` are the partitions asked for, with why; None on a night that was missed. `oggetti` are the
    subjects of the messages, to the control office and, once it is there, to the second chamber.
    """

    giorno: date
    consegna: Callable[[Mondo, date], None] | None = None
    perche: tuple[str, ...] | None = None
    controlli: dict[str, set[str]] = field(default_factory=dict)
    oggetti: tuple[str, ...] = ()
    dice: tuple[str, ...] = ()
    guasta: bool = False


def passa(partizione: str, giorno: str) -> str:
    return f"{partizione}: l'esercizio è aperto e si passa al {giorno}"


FILE = "file consegnati, cambiati o ritirati"
SENZA_CONSISTENZA = {"indicatori_calcolati": {"AA-2021"}}
"""Firms are counted at the end of the quarter, which is still to come."""
LU_SENZA_PIANO = {"piano_compreso": {"LU-2021"}, "piano_leggibile": {"LU-2021"}}
LU_IN_RITARDO = {**LU_SENZA_PIANO, "estratti_puntuali": {"LU-2021"}}
AVVISO = "1 avviso da guardare"
RITARDO = "15 estratti in ritardo, 1 file rifiutato"
NESSUNA = f"nessuna cella cambiata, {AVVISO}, {RITARDO}"

STORIA = [
    Atteso(
        date(2021, 3, 25),
        nasce,
        ("AA-2020: mai pubblicata", "AA-2021: mai pubblicata"),
        SENZA_CONSISTENZA,
        ("AA 2020 e AA 2021 pubblicate, 32 celle nuove",),
        ("7,50% del peso. Prossima scadenza: indicatori comuni, 31/01/2022 (tra 312 giorni).",),
    ),
    Atteso(
        date(2021, 3, 26),
        sbaglia,
        (passa("AA-2020", "26/03/2021"), f"AA-2021: {FILE}"),
        {"indicatori_calcolati": {"AA-2021"}, "estratti_presenti": {"AA-2021"}},
        ("AA 2021 pubblicata, 1 cella cambiata, 1 file rifiutato",),
        (
            "AA 2021, 1.2 SEDUTE: 2 → mancano i dati",
            "mancano le colonne data, esito",
            "Tocca una cella della scorecard (1.2 SEDUTE), 5,00% del peso",
        ),
    ),
    Atteso(date(2021, 3, 27), aggiunge),
    Atteso(
        date(2021, 3, 28),
        ripara,
        (passa("AA-2020", "28/03/2021"), f"AA-2021: {FILE}"),
        SENZA_CONSISTENZA,
        ("AA 2021 pubblicata, 2 celle cambiate",),
        ("AA 2021, 1.1 ISR_STUDI: 2 → 3", "AA 2021, 1.2 SEDUTE: mancano i dati → 2"),
    ),
    Atteso(
        date(2021, 3, 29),
        None,
        (passa("AA-2020", "29/03/2021"), passa("AA-2021", "29/03/2021")),
        SENZA_CONSISTENZA,
    ),
    Atteso(
        date(2021, 3, 30),
        entra,
        (
            passa("AA-2020", "30/03/2021"),
            passa("AA-2021", "30/03/2021"),
            "LU-2021: partizione nuova",
        ),
        {**SENZA_CONSISTENZA, "piano_leggibile": {"LU-2021"}},
        (
            f"AA 2020 e AA 2021 pubblicate, nessuna cella cambiata, {AVVISO}",
            f"magazzino pubblicato, nessuna cella cambiata, {AVVISO}",
        ),
        (f"LU 2021: {len(SEDICI)} indicatori, {len(SEDICI) - 1} con un risultato",),
    ),
    Atteso(
        date(2021, 3, 31),
        guasta,
        (
            passa("AA-2020", "31/03/2021"),
            passa("AA-2021", "31/03/2021"),
            f"LU-2021: {FILE}",
        ),
        LU_SENZA_PIANO,
        (
            f"AA 2021 pubblicata, 1 cella cambiata, {AVVISO}, 1 file rifiutato",
            f"magazzino pubblicato, nessuna cella cambiata, {AVVISO}, 1 file rifiutato",
        ),
        ("1.1 RISORSE_INNOVAZIONE_PER_IMPRESA: non calcolabile → 1,00",),
    ),
    Atteso(
        date(2021, 10, 28),
        None,
        (
            "AA-2020: l'esercizio si chiude",
            passa("AA-2021", "28/10/2021"),
            passa("LU-2021", "28/10/2021"),
        ),
        {**LU_SENZA_PIANO, "estratti_puntuali": {"AA-2021", "LU-2021"}},
        (
            f"AA 2020 e AA 2021 pubblicate, nessuna cella cambiata, {AVVISO},"
            " 30 estratti in ritardo, 1 file rifiutato",
            f"magazzino pubblicato, {NESSUNA}",
        ),
        (
            "L'ufficio segreteria deve: - AA 2021 accessi: da 196 giorni, dati fino al 15/03/2021",
            "95,00% del peso. Prossima scadenza: indicatori comuni, 31/01/2022 (tra 95 giorni).",
        ),
    ),
    Atteso(
        date(2021, 10, 29),
        ripete,
        (passa("AA-2021", "29/10/2021"), passa("LU-2021", "29/10/2021")),
        LU_IN_RITARDO,
    ),
    Atteso(
        date(2021, 10, 30),
        None,
        (passa("AA-2021", "30/10/2021"), passa("LU-2021", "30/10/2021")),
        LU_IN_RITARDO,
        ("esecuzione non riuscita il 30/10/2021 alle 04:00",) * 2,
        ("i conti non tornano. righe_quadrano: 3 casi", "pubblicazione del 29/10/2021"),
        guasta=True,
    ),
    Atteso(
        date(2021, 10, 31),
        None,
        (passa("AA-2021", "31/10/2021"), passa("LU-2021", "31/10/2021")),
        LU_IN_RITARDO,
        guasta=True,
    ),
    Atteso(
        date(2021, 11, 1),
        None,
        (passa("AA-2021", "01/11/2021"), passa("LU-2021", "01/11/2021")),
        LU_IN_RITARDO,
        ("guasto finito dopo 2 giorni e 1 ora",) * 2,
        # the night of 31 October has an hour more
        ("è durato 2 giorni e 1 ora. 2 esecuzioni non sono riuscite.",),
    ),
    Atteso(
        date(2021, 11, 2),
        tardi,
        (f"AA-2020: {FILE}", passa("AA-2021", "02/11/2021"), passa("LU-2021", "02/11/2021")),
        {**LU_IN_RITARDO, "esercizi_chiusi_fermi": {"AA-2020"}},
        (f"AA 2020 pubblicata, 1 cella cambiata, 2 avvisi da guardare, {RITARDO}",),
        ("AA 2020, 1.2 DELIBERE: 2 → 3", "15 lo erano già", "1 era già rifiutato"),
    ),
    Atteso(
        date(2021, 11, 3),
        None,
        (passa("AA-2021", "03/11/2021"), passa("LU-2021", "03/11/2021")),
        {**LU_IN_RITARDO, "esercizi_chiusi_fermi": {"AA-2020"}},
    ),
]


BREVE = 4
"""Nights of the short form: a chamber is born, one file is wrong and mended."""


@pytest.mark.parametrize("notti", [BREVE, pytest.param(len(STORIA), marks=pytest.mark.lungo)])
def test_a_fortnight(mondo: Mondo, monkeypatch: pytest.MonkeyPatch, notti: int) -> None:
    assert [a.giorno for a in STORIA] == MARZO + OTTOBRE
    load = vars(build)["load"]

    def counts_wrongly(connection: duckdb.DuckDBPyConnection, *others: Any) -> None:
        load(connection, *others)
        connection.execute("update qualita.file set righe_lette = 9 where _file like '%studi.csv'")

    for atteso in STORIA[:notti]:
        if atteso.consegna is not None:
            atteso.consegna(mondo, atteso.giorno - timedelta(days=1))
        if atteso.perche is None:
            continue  # the machine was off
        with monkeypatch.context() as patch:
            if atteso.guasta:
                patch.setattr(build, "load", counts_wrongly)
            night = mondo.notte(alle_quattro(atteso.giorno))
        giudica(atteso, night)
        if not atteso.guasta:
            again = mondo.notte(alle_quattro(atteso.giorno) + timedelta(minutes=5))
            assert (again.perche, again.pubblicata, again.oggetti) == ((), False, [])
    guarda_indietro(mondo.luoghi, intera=notti == len(STORIA))


def giudica(atteso: Atteso, notte: Notte) -> None:
    """Whether a night left what it must."""
    assert notte.perche == atteso.perche
    assert notte.pubblicata == (not atteso.guasta)
    assert notte.controlli == atteso.controlli
    assert notte.oggetti == [f"pira: {oggetto}" for oggetto in atteso.oggetti]
    if notte.oggetti:
        assert notte.destinatari == [CONTROLLO, LUCCA][: len(atteso.oggetti)]
    for detto in atteso.dice:
        assert detto in notte.testi[0]


def guarda_indietro(luoghi: Luoghi, intera: bool) -> None:
    """Every change of a value, every delivery, every failure has its night."""
    gates = chiedi(
        luoghi,
        "select superato, casi, noto_dal::date from storico.controlli where camera = 'AA'"
        " and esercizio = 2020 and controllo = 'righe_quadrano' order by noto_dal",
    )
    later = [(False, 1, date(2021, 10, 30)), (True, 0, date(2021, 11, 1))]
    assert gates == [(True, 0, date(2021, 3, 25)), *(later if intera else [])]
    sedute = chiedi(
        luoghi,
        "select esito, noto_dal::date from storico.consegne"
        " where _file = 'AA/2021/segreteria/sedute.csv' order by noto_dal",
    )
    assert sedute == [("CARICATA", date(2021, 3, 25)), ("SOSTITUITA", date(2021, 3, 26))]
    changes = chiedi(
        luoghi,
        "select codice, valore::integer, noto_dal::date from storico.valori where camera = 'AA'"
        " and esercizio = 2021 and codice in ('ISR_STUDI', 'SEDUTE') order by codice, noto_dal",
    )
    assert changes == [
        ("ISR_STUDI", 2, date(2021, 3, 25)),
        ("ISR_STUDI", 3, date(2021, 3, 28)),
        ("SEDUTE", 2, date(2021, 3, 25)),
        ("SEDUTE", None, date(2021, 3, 26)),
        ("SEDUTE", 2, date(2021, 3, 28)),
    ]
