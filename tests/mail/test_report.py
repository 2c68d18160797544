"""What there is to tell, out of publications whose rows are known."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest

from pipelines.mail.in_force import Mutamento
from pipelines.mail.memory import Detto, Incidente, Memoria, dump, load
from pipelines.mail.publication import open_publication
from pipelines.mail.report import Rapporto, Valore, read_report
from pipelines.partizione import Partizione
from pipelines.settings import ROMA, Luoghi
from tests.mail.pubblicazioni import (
    CELLE,
    COLONNE,
    MATRICOLA,
    POI,
    PRIMI,
    Riga,
    cella,
    costo,
    ente,
    file,
    fresco,
    mutato,
    ora,
    prima_notte,
    pubblica,
    scarto,
    seconda_notte,
    valore,
)
from tests.warehouse.magazzini import apri, colonne_di

MS = Partizione("MS", 2020)


def rapporto(
    luoghi: Luoghi,
    detto: Detto | None = None,
    camere: tuple[str, ...] = (),
    adesso: datetime | None = None,
) -> Rapporto:
    with open_publication(luoghi) as pubblicazione:
        assert pubblicazione is not None
        return read_report(pubblicazione, camere, detto, adesso or ora(2))


def detto(problemi: Mapping[str, int] | None = None, fino_al: datetime | None = None) -> Detto:
    """Told on the first morning, with what was known then or at another instant."""
    naive = (fino_al or ora(1)).replace(tzinfo=None)
    return Detto(date(2021, 7, 1), ora(1, 4, 2), "prima", ora(1), naive, dict(problemi or {}))


def storia(luoghi: Luoghi, valori: list[Riga], celle: list[Riga] | None = None) -> None:
    righe = {"storico.valori": valori, "scorecard.indicatori": CELLE if celle is None else celle}
    pubblica(luoghi, ora(5), "ultima", righe)


def passi(found: Rapporto) -> dict[str, tuple[tuple[Decimal | None, str], ...]]:
    """Code -> what its cell said, step by step."""
    return {
        change.codice: tuple((step.numero, step.stato) for step in change.passaggi)
        for change in found.cambiamenti
    }


# --- what changed -----------------------------------------------------------------------------------


def test_the_first_time_everything_is_new(luoghi: Luoghi) -> None:
    prima_notte(luoghi)
    found = rapporto(luoghi)
    assert found.nuova and found.dal is None and found.cambiamenti == ()
    (prima,) = found.prime
    assert (prima.partizione, prima.valori, prima.con_risultato, prima.celle) == (MS, 3, 2, 3)
    assert found.fino_al == ora(1).replace(tzinfo=None)


def test_a_change_goes_from_what_was_told_to_what_is_known(luoghi: Luoghi) -> None:
    seconda_notte(luoghi)
    found = rapporto(luoghi, detto())
    assert passi(found) == {
        "INCIDENZA_CONSIP": ((Decimal("40.27"), "DEFINITIVO"), (Decimal("41.00"), "DEFINITIVO")),
        "DELIBERE": ((None, "DATI_MANCANTI"), (Decimal(1250), "DEFINITIVO")),
        "WELFARE": ((Decimal("80.00"), "DEFINITIVO"), (None, "NON_CALCOLABILE")),
    }
    assert [change.codice for change in found.cambiamenti] == [c[4] for c in CELLE]
    assert found.cambiamenti[0].obiettivo == "1.1" and found.cambiamenti[0].target == "=>40,00%"
    assert found.cambiamenti[0].passaggi[0] == Valore(Decimal("40.27"), 2, True, "DEFINITIVO")
    assert found.prime == () and found.nascosti == 0


def test_what_was_told_is_not_told_again(luoghi: Luoghi) -> None:
    seconda_notte(luoghi)
    assert rapporto(luoghi, detto(fino_al=ora(2))).cambiamenti == ()


def test_every_step_since_is_seen_not_only_the_last_run(luoghi: Luoghi) -> None:
    storia(
        luoghi,
        [
            *PRIMI,
            valore(ora(2), "DELIBERE", "3"),
            valore(ora(3), "DELIBERE", "4"),
            valore(ora(2), "WELFARE", "81.00"),
            valore(ora(3), "WELFARE", "80.00"),
        ],
    )
    found = {
        code: [number for number, _ in steps]
        for code, steps in passi(rapporto(luoghi, detto())).items()
    }
    assert found == {
        "DELIBERE": [None, Decimal(3), Decimal(4)],
        "WELFARE": [Decimal("80.00"), Decimal("81.00"), Decimal("80.00")],
    }


def test_a_change_that_the_scorecard_does_not_print_is_only_counted(luoghi: Luoghi) -> None:
    storia(luoghi, [*PRIMI, valore(ora(2), "WELFARE", "80.00", valore="80.001")])
    found = rapporto(luoghi, detto())
    assert found.cambiamenti == () and found.nascosti == 1


def test_a_year_that_closes_is_a_change(luoghi: Luoghi) -> None:
    storia(
        luoghi,
        [
            valore(ora(1), "WELFARE", "80.00", "PROVVISORIO"),
            valore(ora(2), "WELFARE", "80.00", "DEFINITIVO"),
        ],
    )
    ((_, (before, after)),) = passi(rapporto(luoghi, detto())).items()
    assert (before[1], after[1]) == ("PROVVISORIO", "DEFINITIVO")


def test_a_new_indicator_of_a_known_year_is_a_change_and_a_new_year_is_not(luoghi: Luoghi) -> None:
    storia(
        luoghi,
        [
            *PRIMI,
            valore(ora(2), "SEDUTE", "7"),
            valore(ora(2), "SEDUTE", "9", esercizio=2021),
            valore(ora(2), "DELIBERE", None, "DATI_MANCANTI", esercizio=2021),
        ],
        [*CELLE, cella("SEDUTE", "3.1", 1, decimali=0, esercizio=2021)],
    )
    found = rapporto(luoghi, detto())
    assert passi(found) == {"SEDUTE": ((Decimal("7.00"), "DEFINITIVO"),)}
    assert found.cambiamenti[0].obiettivo is None
    (prima,) = found.prime
    assert (prima.partizione, prima.valori) == (Partizione("MS", 2021), 2)
    assert (prima.con_risultato, prima.celle) == (1, 1)


def test_a_value_without_a_plan_is_rounded_for_who_reads(luoghi: Luoghi) -> None:
    row = list(valore(ora(2), "WELFARE", "33.333333"))
    row[3], row[4] = Decimal("33.333333333333"), None
    storia(luoghi, [valore(ora(1), "WELFARE", None, "DATI_MANCANTI"), tuple(row)], [])
    assert passi(rapporto(luoghi, detto()))["WELFARE"][1][0] == Decimal("33.33")


def test_an_indicator_that_the_plan_has_twice_changes_two_cells(luoghi: Luoghi) -> None:
    celle = [cella("WELFARE", "1.1", 1), cella("WELFARE", "2.1", 1, decimali=0)]
    storia(luoghi, [*PRIMI, valore(ora(2), "WELFARE", "80.40")], celle)
    found = rapporto(luoghi, detto())
    assert [(c.obiettivo, c.passaggi[-1].numero) for c in found.cambiamenti] == [
        ("1.1", Decimal("80.40"))
    ]
    assert found.nascosti == 1


def test_going_back_makes_nothing_untold(luoghi: Luoghi) -> None:
    prima_notte(luoghi)
    found = rapporto(
        luoghi,
        Detto(date(2021, 7, 2), ora(2, 4, 2), "seconda", ora(2), datetime(2021, 7, 2, 4), {}),
    )
    assert found.nuova and found.tornata and found.novita
    assert found.fino_al == datetime(2021, 7, 2, 4) and found.cambiamenti == ()


# --- how things stand -------------------------------------------------------------------------------


def test_late_is_who_owes_what_since_when(luoghi: Luoghi) -> None:
    righe = [
        fresco("segreteria/atti", 12, fino_al=date(2021, 5, 31)),
        fresco("isr/studi", 3, stato="ASSENTE"),
        fresco("metrico/attivita"),
        fresco("urp/accessi", 2, stato="ASSENTE", ritirato=ora(1)),
    ]
    seconda_notte(luoghi, **{"qualita.freschezza": righe})
    found = rapporto(luoghi, detto())
    assert [
        (r.ufficio, r.estratto, r.giorni, r.mai_consegnato, r.ritirato) for r in found.ritardi
    ] == [
        ("isr", "isr/studi", 3, True, None),
        ("segreteria", "segreteria/atti", 12, False, None),
        ("urp", "urp/accessi", 2, False, date(2021, 7, 1)),
    ]
    assert found.ritardi[1].dati_fino_al == date(2021, 5, 31)


@pytest.mark.parametrize(
    ("tabella", "riga", "chiave", "casi"),
    [
        ("qualita.freschezza", fresco("isr/studi", 3), "ritardo MS-2021 isr/studi", 1),
        ("qualita.scarti", scarto("isr/studi", 4), "quarantena MS-2020 isr/studi", 1),
        ("qualita.file", file("x.csv", motivo="è vuoto."), "rifiuto x.csv: è vuoto.", 1),
        ("qualita.file", file("note.txt", "IGNORATO"), "ignorati", 1),
        ("qualita.conseguenze", costo("c", 2, 0, "Costa."), "controllo c MS-2020", 2),
    ],
    ids=["late", "quarantine", "refused", "unknown", "check"],
)
def test_a_problem_is_news_once(
    luoghi: Luoghi, tabella: str, riga: Riga, chiave: str, casi: int
) -> None:
    """It is news again when it has more cases, and not while it has as many or fewer."""
    pubblica(luoghi, ora(2), "terza", {"storico.valori": PRIMI, tabella: [riga]})
    assert rapporto(luoghi, detto()).novita
    assert rapporto(luoghi, detto({chiave: casi - 1})).novita
    assert rapporto(luoghi, detto({chiave: casi})).problemi.get(chiave) == casi
    assert not rapporto(luoghi, detto({chiave: casi})).novita
    assert not rapporto(luoghi, detto({chiave: casi + 1})).novita


def test_what_values_are_measured_by_is_told_from_how_it_was_to_how_it_is(luoghi: Luoghi) -> None:
    """Rules once for a scorecard; what came back, and what a value alone changed, not at all."""
    righe = {
        "storico.valori": PRIMI,
        "scorecard.indicatori": CELLE,
        "storico.cambiamenti": [
            mutato(ora(1), "WELFARE", "target", "=>70%", "=>80%"),
            mutato(ora(2), "WELFARE", "target", "=>80%", "=>85%"),
            mutato(ora(3), "WELFARE", "target", "=>85%", "=>90%"),
            mutato(ora(2), "WELFARE", "% Realizz", "100%", "94,12%"),
            mutato(ora(2), "DELIBERE", "peso", "40%", "50%"),
            mutato(ora(3), "DELIBERE", "peso", "50%", "40%"),
            mutato(ora(2), "DELIBERE", "valore", "1", "2"),
            *(mutato(ora(2), code, "regole", "1.1+a", "1.1+b") for code in ("WELFARE", "SEDUTE")),
        ],
    }
    pubblica(luoghi, ora(3), "terza", righe)
    found = rapporto(luoghi, detto())
    assert found.mutamenti == (
        Mutamento(MS, None, None, (("regole", "1.1+a", "1.1+b"),)),
        Mutamento(
            MS, "2.1", "WELFARE", (("target", "=>80%", "=>90%"), ("% Realizz", "100%", "94,12%"))
        ),
    )
    assert found.novita and found.cambiamenti == ()
    assert rapporto(luoghi, detto(fino_al=ora(3))).mutamenti == ()
    assert rapporto(luoghi).mutamenti == (), "whoever is told for the first time is told how it is"


def test_a_row_that_only_remembers_what_was_in_force_is_no_change(luoghi: Luoghi) -> None:
    storia(luoghi, [*PRIMI, *((*row[:7], ora(2).replace(tzinfo=None), "altra") for row in PRIMI)])
    found = rapporto(luoghi, detto())
    assert found.cambiamenti == () and found.nascosti == 0 and not found.novita


@pytest.mark.parametrize(
    ("prossima", "giorni"),
    [(1, None), (2, 6), (7, 1), (8, None), (9, None)],
    ids=["known when published", "the same day", "yesterday", "today", "tomorrow"],
)
def test_the_calendar_goes_on_where_nothing_is_published(
    luoghi: Luoghi, prossima: int, giorni: int | None
) -> None:
    rows = [
        fresco("segreteria/atti", 12),
        fresco("isr/studi", prossima=date(2021, 7, prossima)),
    ]
    seconda_notte(luoghi, **{"qualita.freschezza": rows})
    found = {r.estratto: r.giorni for r in rapporto(luoghi, detto(), adesso=ora(8)).ritardi}
    assert found.pop("segreteria/atti") == 12 + 6
    assert found == ({} if giorni is None else {"isr/studi": giorni})


def test_the_quarantine_is_counts_and_never_a_value(luoghi: Luoghi) -> None:
    seconda_notte(
        luoghi,
        **{
            "qualita.scarti": [
                scarto("isr/studi", 4),
                scarto("isr/studi", 4, "stato"),
                scarto("segreteria/atti", 2),
                scarto("segreteria/atti", 3),
            ],
            "qualita.file": [
                file("MS/2020/isr/studi.csv", "ACCETTATO"),
                file("MS/2020/isr/studi-2.csv", motivo="è vuoto."),
                file("MS/2020/appunti.txt", "IGNORATO"),
                file("note.txt", "IGNORATO", camera=None),
            ],
        },
    )
    found = rapporto(luoghi, detto())
    assert [(q.partizione, q.estratto, q.righe) for q in found.quarantena] == [
        (MS, "segreteria/atti", 2),
        (MS, "isr/studi", 1),
    ]
    assert [(r.file, r.motivo) for r in found.rifiuti] == [("MS/2020/isr/studi-2.csv", "è vuoto.")]
    assert found.ignorati == 2
    assert MATRICOLA not in repr(found)


def test_costs_come_the_dearest_first(luoghi: Luoghi) -> None:
    rows = [
        costo("leggero", 1, 1, "Poco.", peso="2"),
        costo("pesante", 2, 3, "Molto.", peso="20"),
        costo("generale", 4, 9, "Tutto.", camera=None, esercizio=None, peso=None),
    ]
    seconda_notte(luoghi, **{"qualita.conseguenze": rows})
    assert [(c.controllo, c.partizione, c.casi) for c in rapporto(luoghi).conseguenze] == [
        ("pesante", MS, 2),
        ("leggero", MS, 1),
        ("generale", None, 4),
    ]


def test_a_chamber_sees_only_its_own(luoghi: Luoghi) -> None:
    righe = {
        "storico.valori": [*POI, valore(ora(2), "WELFARE", "50.00", camera="LU")],
        "scorecard.indicatori": [*CELLE, cella("WELFARE", "2.1", 1, camera="LU")],
        "scorecard.ente": [ente(), ente("LU")],
        "qualita.freschezza": [
            fresco("isr/studi", 2, camera="LU"),
            fresco("isr/studi", 3, camera="MS"),
        ],
        "qualita.scarti": [scarto("isr/studi", 2, camera="LU"), scarto("isr/studi", 2)],
        "qualita.file": [
            file("MS/2020/x.csv"),
            file("LU/2020/y.csv", camera="LU"),
            file("z", camera=None),
        ],
        "qualita.conseguenze": [
            costo("c", 1, 1, "Costa.", camera="LU"),
            costo("c", 1, 1, "Costa.", camera="MS"),
            costo("c", 1, 1, "Costa.", camera=None, esercizio=None),
        ],
    }
    pubblica(luoghi, ora(2), "seconda", righe)
    found = rapporto(luoghi, None, ("LU",))
    lu = Partizione("LU", 2020)
    assert found.partizioni == {lu, Partizione("LU", 2021)}
    assert [e.partizione for e in found.enti] == [lu]
    assert [p.partizione for p in found.prime] == [lu]
    assert [r.partizione.camera for r in found.ritardi] == ["LU"]
    assert [q.partizione for q in found.quarantena] == [lu]
    assert [r.file for r in found.rifiuti] == ["LU/2020/y.csv"]
    assert [c.partizione for c in found.conseguenze] == [lu]
    assert "MS" not in repr(found)


def test_a_publication_of_older_code_is_told_without_what_it_lacks(luoghi: Luoghi) -> None:
    lacking = ("qualita.freschezza", "qualita.conseguenze", "storico.cambiamenti")
    righe = {"storico.valori": POI, "scorecard.indicatori": CELLE}
    pubblica(luoghi, ora(2), "vecchia", righe, manca=lacking)
    found = rapporto(luoghi, detto())
    assert len(found.cambiamenti) == 3 and found.ritardi == () and found.conseguenze == ()


def test_a_real_publication_has_what_is_read(campione: Luoghi) -> None:
    found = rapporto(campione)
    by_year = {prima.partizione.esercizio: prima for prima in found.prime}
    assert set(by_year) == {2018, 2019, 2020}
    assert all(prima.valori >= 16 for prima in by_year.values())
    assert by_year[2020].celle >= 16 and by_year[2018].celle == 0
    assert [e.partizione for e in found.enti] == [MS]
    assert found.enti[0].copertura > 0
    assert sum(q.righe for q in found.quarantena) > 0
    instant = found.fino_al
    assert instant is not None
    again = Detto(
        date(2021, 7, 1), ora(1, 5), found.esecuzione, found.pubblicato, instant, found.problemi
    )
    told = rapporto(campione, again)
    assert not told.nuova and told.prime == () and told.cambiamenti == ()
    assert found.novita and not told.novita
    with apri(campione) as connection:
        real = colonne_di(connection)
    assert {
        (table, column.split()[0])
        for table, columns in COLONNE.items()
        for column in re.split(r",(?! *[0-9])", columns)
        if column.split()[0] not in real[table]
    } == set()


# --- memory -----------------------------------------------------------------------------------------


def test_the_memory_comes_back_as_it_went() -> None:
    winter = datetime(2020, 12, 1, 4, tzinfo=ROMA)
    memoria = Memoria(
        7,
        Incidente(winter, winter + timedelta(hours=1), 3, {"a@example.it": "<id@example.it>"}),
        {
            "a@example.it": detto({"ritardo MS-2021 isr/studi": 1}),
            "b@example.it": replace(detto(), fino_al=None, tornata=True),
        },
    )
    assert load(dump(memoria)) == memoria
    before = dump(memoria).replace('"problemi": {', '"ritardi": [], "altro": {')
    assert load(before).detti["a@example.it"] == detto(), "a memory of an earlier version"
    assert load(dump(Memoria(1))) == Memoria(1)


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"prossimo": 1, "incidente": null, "detti": []}']
)
def test_what_is_no_memory_is_said_so(text: str) -> None:
    with pytest.raises(ValueError):
        load(text)
