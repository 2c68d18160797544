"""The index: every chamber and year, and the files that there are."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from pipelines.partizione import Partizione
from pipelines.scorecard.formato import Insieme
from pipelines.scorecard.indice import render_indice
from tests.scorecard.schede import scheda
from tests.scorecard.test_html import Lettore, words


def lines(insieme: Insieme) -> list[list[str]]:
    reader = Lettore()
    reader.feed(render_indice(insieme))
    return [[words(cell) for cell in row.dentro] for row in reader.radice.find("tr")[1:]]


def test_each_partition_has_its_figures_and_its_state() -> None:
    closed = scheda()
    opened = replace(
        scheda(giorno=date(2020, 6, 30), stato="PROVVISORIO", sintetici=True),
        partizione=Partizione("VX", 2020),
        realizzazione=None,
        copertura=Decimal(0),
    )
    files = frozenset({"MS-2020.html", "MS-2020.pdf", "VX-2020.html"})
    first, second = lines(Insieme((closed, opened), file=files))
    assert first[:9] == ["MS 2020", "91,43%", "85,10%", "93,00%", "86,00%", "6", "5", "5", "0"]
    assert first[9:] == [
        "definitivo",
        "31 dicembre 2020",
        "pagina di MS-2020, documento di MS-2020",
    ]
    assert second[:2] == ["VX 2020", "manca"]
    assert second[9:] == ["provvisorio, dati sintetici", "30 giugno 2020", "pagina di VX-2020"]


def test_an_empty_publication_has_an_index_too() -> None:
    assert lines(Insieme(())) == []
    assert "Non c'è ancora nessuna scorecard" in render_indice(Insieme(())).replace("&#39;", "'")


def test_the_same_scorecards_give_the_same_index() -> None:
    assert render_indice(Insieme((scheda(),))) == render_indice(Insieme((scheda(),)))
