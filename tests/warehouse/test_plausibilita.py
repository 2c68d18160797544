"""Data that is accepted and may be wrong: each check finds its kind, tells file, count and figure, and
lets its near miss be; what it found stands first wherever somebody looks.

Belongs here: the checks that need several extracts or several years, from files to sentences, and the
models under them with a row changed. Does not belong here: what is noticed while one file is read.
"""

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.desk.run import show
from pipelines.mail.compose import compose_morning
from pipelines.mail.publication import open_publication
from pipelines.mail.report import read_report
from pipelines.night.summaries import read_first, show_table
from pipelines.orchestration.shown import FIRST_COLUMNS, table, to_look_at
from pipelines.partizione import Partizione
from pipelines.scorecard.riservatezza import hush
from pipelines.settings import Luoghi
from pipelines.warehouse.avvisi import Avviso, first_of_each, read_avvisi
from tests.indicatori import piano, zona
from tests.warehouse.magazzini import ADESSO, apri, blocchi, chiedi, corri, scrivi_anno
from tests.warehouse.rifatti import recomputed, soli
from tests.warehouse.rotture import QUI

SBAGLIATA, VICINA, NUOVA = "AA", "BB", "CC"
"""A chamber with a fault of every kind, one with what only looks like them, one of a single year."""


@pytest.fixture(scope="module")
def luoghi(tmp_path_factory: pytest.TempPathFactory) -> Luoghi:
    base = tmp_path_factory.mktemp("plausibilita")
    raw = base / "raw"
    for camera in (SBAGLIATA, VICINA):
        for esercizio in (2019, 2020):
            scrivi_anno(raw, camera, esercizio)
        piano.scrivi(raw, camera, 2020, blocchi())
    vecchie = [{"data": date(2019, 3, i + 1)} for i in range(9)]
    for camera, estratto, righe in (
        (SBAGLIATA, "segreteria/welfare", [{"matricola": "0000"}, {"matricola": "0001"}] * 2),
        (SBAGLIATA, "kronos/fte", [{}, {"matricola": "0777"}]),
        (SBAGLIATA, "contabilita/costi_processo", [{"codice_processo": "D06-1-<3>"}] * 2),
        (SBAGLIATA, "contabilita/consuntivo", [{"missione": "11"}, {"missione": "11"}]),
        (SBAGLIATA, "segreteria/sedute", vecchie),
        (VICINA, "segreteria/welfare", [{}, {"matricola": "0000", "data": date(2019, 3, 1)}]),
        (VICINA, "kronos/fte", [{}, {"matricola": "0777", "natura": "ESTERNO"}]),
        (VICINA, "contabilita/costi_processo", [{}, {}, {"codice_processo": "E9.9.9"}]),
        (VICINA, "segreteria/sedute", [*vecchie, {"data": date(2020, 3, 1)}]),
        (NUOVA, "contabilita/costi_processo", [{"codice_processo": "Z1"}]),
        (NUOVA, "segreteria/welfare", [{}]),
    ):
        zona.scrivi(raw, camera, 2020, estratto, righe)
    corri(Luoghi(raw, base / "warehouse"), adesso=ADESSO)
    return Luoghi(raw, base / "warehouse")


@pytest.fixture(scope="module")
def avvisi(luoghi: Luoghi) -> tuple[Avviso, ...]:
    with apri(luoghi) as connection:
        return read_avvisi(connection)


ATTESI = {
    "persone_sconosciute": {
        "AA/2020/segreteria/welfare.csv: 4 righe di 2 persone che segreteria/personale non conosce,"
        " ad esempio riga 2; WELFARE 0,00%, in cui non contano",
        "AA/2020/kronos/fte.csv: 1 riga di una persona che segreteria/personale non conosce,"
        " ad esempio riga 3; CONCILIAZIONI_PER_FTE 1,0, senza 2,0",
    },
    "codici_senza_riscontro": {
        "AA/2020/contabilita/costi_processo.csv: 2 righe di processi che nessun indicatore e nessun"
        " altro esercizio conosce, mentre manca D6.1.3, ad esempio riga 2 «D06-1-<3>»;"
        " RISORSE_INNOVAZIONE_PER_IMPRESA 0,00, in cui non contano",
        "AA/2020/contabilita/consuntivo.csv: 2 righe di obiettivi che il piano non ha, ad esempio"
        " riga 2 «11/005/1.1»; risorse a consuntivo € 200,00, senza € 0,00",
    },
    "fuori_esercizio": {
        "AA/2020/segreteria/sedute.csv: 0 righe su 9 parlano del 2020, le altre stanno tra il"
        " 01/03/2019 e il 09/03/2019; SEDUTE 0, in cui non contano",
    },
    "piano_leggibile": {
        "CC-2020: Ci sono dati ma nessun piano con cui misurarli: consegnare CC/2020/allegato.txt"
    },
    "valore_insolito": {
        "AA/2020/segreteria/personale.csv: vale zero; quello del 2019 era 100; WELFARE 0,00%",
    },
}


def test_a_fault_of_every_kind_is_told_and_a_near_miss_is_not(avvisi: tuple[Avviso, ...]) -> None:
    found: dict[str, set[str]] = {}
    for avviso in avvisi:
        assert avviso.partizione in ("AA-2020", "CC-2020")
        found.setdefault(avviso.controllo, set()).add(avviso.frase)
    assert found == ATTESI


def test_what_is_dearest_comes_first(luoghi: Luoghi, avvisi: tuple[Avviso, ...]) -> None:
    prices: dict[str, Any] = dict(
        chiedi(luoghi, "select controllo, peso from qualita.conseguenze where in_evidenza")
    )
    order = [prices[primo.avviso.controllo] for primo in first_of_each(avvisi)]
    assert order == sorted(order, reverse=True) and order[0] > order[-1]


def test_the_terminal_ends_with_what_to_look_at(
    luoghi: Luoghi, avvisi: tuple[Avviso, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    show(luoghi, [Partizione(SBAGLIATA, 2020)])
    lines = capsys.readouterr().out.splitlines()
    start = lines.index("Da guardare per primi:")
    firsts = first_of_each(avvisi)
    assert lines[start + 1 : start + 1 + len(firsts)] == [
        f"  {first.avviso.controllo}: {first.detto}" for first in firsts
    ]
    assert lines[-1].startswith("ATTENZIONE: pubblicato, ma 5 avvisi dicono")
    assert "piano_leggibile (CC-2020)" in lines[-1]


def test_the_terminal_is_quiet_where_there_is_nothing(
    piccola: Luoghi, capsys: pytest.CaptureFixture[str]
) -> None:
    show(piccola, [Partizione("AA", 2020)])
    out = capsys.readouterr().out
    assert "Da guardare" not in out and out.splitlines()[-1].startswith("Scorecard: ")


def test_the_page_tells_it_first_and_beside_the_cell(
    luoghi: Luoghi, avvisi: tuple[Avviso, ...]
) -> None:
    page = (luoghi.warehouse / "scorecard/AA-2020.html").read_text("utf-8")
    shown = page.replace("&lt;", "<").replace("&gt;", ">").replace("\N{NO-BREAK SPACE}", " ")
    assert page.index("Da guardare per primi") < page.index('id="camera"')
    assert "D06-1-<3>" not in page
    cards = shown.split("<article ")
    for avviso in hush(a for a in avvisi if a.partizione == "AA-2020"):
        beside = f"<strong>Da guardare:</strong> {avviso.frase}."
        assert beside in shown
        for codice in avviso.codici:
            assert all(beside in card for card in cards if f"<dd>{codice}</dd>" in card)
    assert (
        "guardare"
        not in (luoghi.warehouse / "scorecard/BB-2020.html").read_text("utf-8").split("</style>")[1]
    )


def test_the_mail_tells_it_first_and_once(luoghi: Luoghi, avvisi: tuple[Avviso, ...]) -> None:
    with open_publication(luoghi) as publication:
        assert publication is not None
        both = [
            compose_morning(read_report(publication, (camera,), None, ADESSO), None, ADESSO)
            for camera in (SBAGLIATA, VICINA)
        ]
    wrong, near = both
    body = " ".join(wrong.corpo.split())
    assert "4 avvisi da guardare" in wrong.oggetto and "avvis" not in near.oggetto
    assert body.index("DA GUARDARE PER PRIMI: 4 avvisi") < body.index("PER LA PRIMA VOLTA")
    for first in first_of_each(a for a in avvisi if a.partizione == "AA-2020"):
        assert body.count(first.avviso.frase) == 1
        assert f"{first.avviso.controllo}," not in body


def test_the_morning_check_tells_it_first(luoghi: Luoghi) -> None:
    firsts = read_first(luoghi.database)
    shown = table(FIRST_COLUMNS, to_look_at(firsts))
    assert len(firsts) == 5 and "SEDUTE 0, in cui non contano" in shown
    assert "<3>" not in shown.replace("\\<3\\>", "")


def test_no_pseudonym_is_shown(luoghi: Luoghi, avvisi: tuple[Avviso, ...]) -> None:
    people = chiedi(luoghi, "select distinct matricola from fonti.segreteria_welfare")
    said = " ".join(avviso.frase for avviso in avvisi)
    assert people and not any(person in said for (person,) in people)


def test_where_a_check_cannot_look_it_says_so(luoghi: Luoghi) -> None:
    with apri(luoghi) as found:
        names, rows = show_table(found, "qualita.non_valutati", "codici_senza_riscontro")
    assert names[:4] == ("controllo", "camera", "esercizio", "estratto")
    assert {row[0] for row in rows} == {"codici_senza_riscontro"}
    said = chiedi(
        luoghi,
        "select controllo, estratto, motivo from qualita.non_valutati where camera = ?"
        " and codice is null and (controllo <> 'volume' or estratto = 'segreteria/welfare')",
        NUOVA,
    )
    assert {(c, e): m[:24] for c, e, m in said} == {
        ("codici_senza_riscontro", "contabilita/consuntivo"): "Nessun piano con obietti",
        ("codici_senza_riscontro", "contabilita/costi_processo"): "Nessun altro esercizio h",
        ("codici_senza_riscontro", "kronos/fte"): "Nessun altro esercizio h",
        ("persone_sconosciute", "segreteria/personale"): "L'estratto segreteria/pe",
        ("volume", "segreteria/welfare"): "Nessun esercizio precede",
    }


# --- the models, with a row changed -----------------------------------------------------------------


def give_rows(connection: duckdb.DuckDBPyConnection, anno: int, day: str | None, rows: int) -> None:
    connection.execute(
        "insert into qualita.fatti values ('AA', ?, 'segreteria/atti', 'x', ?, ?)",
        [anno, day, rows],
    )


ATTI = f"{QUI} and estratto = 'segreteria/atti'"


@pytest.mark.parametrize(
    ("prima", "adesso", "sospetto"),
    [
        ({2019: 400}, 99, True),  # one year alone: a fourth
        ({2019: 400}, 100, False),
        ({2019: 400}, 1600, False),
        ({2019: 400}, 1601, True),
        ({2019: 400, 2018: 300}, 99, True),  # a third of the least
        ({2019: 400, 2018: 300}, 100, False),
        ({2019: 400, 2018: 300}, 1200, False),
        ({2019: 400, 2018: 300}, 1201, True),  # three times the most
        ({2019: 400, 2018: 300}, 0, True),
        ({2019: 20, 2018: 20}, 0, True),
        ({2019: 19, 2018: 19}, 0, None),  # too few to tell
        ({}, 1000, None),
    ],
)
def test_rows_are_compared_with_every_earlier_year(
    base: duckdb.DuckDBPyConnection, prima: dict[int, int], adesso: int, sospetto: bool | None
) -> None:
    base.execute("delete from qualita.fatti where camera = 'AA'")
    base.execute(
        "insert into qualita.estratti by name select * replace (2018 as esercizio)"
        " from qualita.estratti where camera = 'AA' and esercizio = 2019"
    )
    for anno, rows in {**prima, 2020: adesso}.items():
        give_rows(base, anno, f"{anno}-05-05", rows)
    ((found, motivo),) = recomputed(base, "qualita.volumi", "sospetto, motivo", ATTI)
    assert found is sospetto and (motivo is None) == (sospetto is not None)


def test_an_open_year_is_compared_up_to_the_same_day(base: duckdb.DuckDBPyConnection) -> None:
    base.execute(
        "update esercizi.periodi set data_riferimento = '2020-04-20', aperto = true"
        " where camera = 'AA' and esercizio = 2020"
    )
    base.execute(
        f"update esercizi.giorni set giorno = '2020-04-20' where {QUI}",
    )
    base.execute(f"update qualita.eventi set dati_fino_al = '2020-02-29' where {ATTI}")
    base.execute("delete from qualita.fatti where camera = 'AA'")
    for day, rows in (("2019-02-28", 40), ("2019-03-31", 40), ("2019-04-10", 400)):
        give_rows(base, 2019, day, rows)
    give_rows(base, 2020, "2020-02-29", 40)
    # March should have been delivered by now, April not yet
    assert recomputed(base, "qualita.volumi", "al, righe, massimo", ATTI) == [
        (date(2020, 3, 31), 40, 80)
    ]


@pytest.mark.parametrize(
    ("valore", "ultimo", "insolito"),
    [
        ("26", "2.6", False),
        ("26.1", "2.6", True),
        ("2.6", "26", False),
        ("2.5", "26", True),
        ("-261", "26", True),
        ("0", "10", True),
        ("0", "9", False),
        ("12", "0", None),
        (None, "12", None),
        ("10000000000000000000000000", "0.000001", True),
    ],
)
def test_a_value_is_compared_with_the_last(
    base: duckdb.DuckDBPyConnection, valore: str | None, ultimo: str, insolito: bool | None
) -> None:
    here = f"{QUI} and codice = 'SEDUTE'"
    base.execute("delete from indicatori.valori where camera = 'AA' and esercizio = 2019")
    base.execute(f"update indicatori.valori set valore = ? where {here}", [valore])
    base.execute(f"update piano.indicatori set ultimo_valore = ? where {here}", [ultimo])
    ((found, prima),) = recomputed(base, "indicatori.osservati", "insolito, ultimo", here)
    assert bool(found) is bool(insolito) and prima == Decimal(ultimo)
    base.execute(
        f"update indicatori.osservati set insolito = true, ultimo = ?, valore = ? where {here}",
        [ultimo, valore],
    )
    assert len(base.execute("from controlli.valore_insolito").fetchall()) == 1


def test_a_value_that_the_year_before_bears_out_is_not_unusual(
    base: duckdb.DuckDBPyConnection,
) -> None:
    here = f"{QUI} and codice = 'SEDUTE'"
    base.execute(f"update piano.indicatori set ultimo_valore = 100 where {here}")
    assert recomputed(base, "indicatori.osservati", "ultimo, insolito", here) == [
        (Decimal(100), False)
    ]


def test_without_a_plan_the_last_value_is_that_of_the_year_before(
    base: duckdb.DuckDBPyConnection,
) -> None:
    here = f"{QUI} and codice = 'SEDUTE'"
    base.execute(f"update piano.indicatori set ultimo_valore = null where {here}")
    base.execute(
        "update indicatori.valori set valore = 21 where camera = 'AA' and esercizio = 2019"
        " and codice = 'SEDUTE'"
    )
    assert recomputed(base, "indicatori.osservati", "ultimo, anno, insolito", here) == [
        (Decimal(21), 2019, True)
    ]


def test_a_month_of_a_new_year_may_hold_the_end_of_the_old(base: duckdb.DuckDBPyConnection) -> None:
    base.execute(
        "update esercizi.periodi set data_riferimento = '2020-01-20', aperto = true"
        " where camera = 'AA' and esercizio = 2020"
    )
    give_rows(base, 2020, "2019-12-20", 9)
    where = f"{ATTI} and _file = 'x'"
    assert recomputed(base, "qualita.date_dei_file", "sospetto", where) == [(False,)]
    base.execute("update esercizi.periodi set data_riferimento = '2020-12-31', aperto = false")
    assert recomputed(base, "qualita.date_dei_file", "sospetto", where) == [(True,)]


def test_a_threshold_that_the_rules_do_not_give_is_said(base: duckdb.DuckDBPyConnection) -> None:
    base.execute("delete from regole.soglie where camera = 'AA' and nome like 'volume%'")
    where = f"{QUI} and controllo = 'volume' and estratto is null"
    assert recomputed(base, "qualita.non_valutati", "motivo", where) == [
        ("Le regole non danno la soglia volume_righe, volume_volte, volume_volte_un_anno.",)
    ]


@pytest.mark.parametrize(
    ("visto", "altri_anni", "mancante"),
    [
        ("C-2.7.2", ["A1.1.1"], "C2.7.2"),  # written in another way
        ("c02.7.2", [], "C2.7.2"),
        ("X9", ["C2.7.2"], "C2.7.2"),  # another, where other years have it
        ("X9", ["X9", "C2.7.2"], None),  # other years know it
        ("X9", ["A1.1.1"], None),  # never was there
        ("C2.7.20", ["C2.7.20"], None),
    ],
)
def test_a_process_code_is_known_to_an_indicator_or_to_another_year(
    base: duckdb.DuckDBPyConnection, visto: str, altri_anni: list[str], mancante: str | None
) -> None:
    base.execute("delete from fonti.kronos_fte where camera = 'AA'")
    base.execute("delete from fonti.contabilita_costi_processo where camera = 'AA'")
    for anno, codice in [(2020, visto), *((2019, codice) for codice in altri_anni)]:
        base.execute(
            "insert into fonti.kronos_fte (camera, esercizio, codice_processo, natura, _file, _riga)"
            " values ('AA', ?, ?, 'INTERNO', 'x', 2)",
            [anno, codice],
        )
    found = recomputed(base, "qualita.codici_ignoti", "codice, mancante", f"{QUI} and _file = 'x'")
    assert found == ([("CONCILIAZIONI_PER_FTE", mancante)] if mancante else [])


def test_the_sample_has_nothing_to_look_at(campione: Luoghi) -> None:
    assert chiedi(campione, "from qualita.evidenze") == []


CON_GLI_ALTRI_ANNI = {
    "controlli.piano_leggibile",
    "qualita.conseguenze",
    "qualita.non_valutati",
    "storico.controlli",
    "viste.novita",
}
"""What looks at later years too: which plan there is, and what another year can be compared with."""

CON_LE_ALTRE_CAMERE = {"viste.confronto_camere"}
"""What is asked to compare chambers."""


@pytest.mark.parametrize(
    ("dove", "tolti"),
    [("camera = 'AA'", "camera <> 'AA'"), ("esercizio = 2019", "esercizio = 2020")],
    ids=["a chamber without the others", "a year without the next"],
)
def test_what_a_partition_says_does_not_depend_on_the_others(
    luoghi: Luoghi, tmp_path: Path, dove: str, tolti: str
) -> None:
    """A condition on chamber or year that a join forgot would let the others in."""
    found, alone = soli(luoghi.database, tmp_path, dove, tolti)
    different = {table for table in found if found[table] != alone[table]}
    assert different == (CON_LE_ALTRE_CAMERE if "camera" in tolti else CON_GLI_ALTRI_ANNI)
