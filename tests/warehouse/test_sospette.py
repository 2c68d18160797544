"""What a check of plausibility says of a suspect file, and the figures with and without its rows.

Belongs here: one landing zone with a suspect file of each kind, and the rows of the checks. Does not
belong here: what makes a row suspect (tests/extracts/test_segnali.py).
"""

from decimal import Decimal
from pathlib import Path

import pytest

from pipelines.settings import Luoghi
from tests.indicatori import piano, zona
from tests.warehouse.magazzini import ADESSO, blocchi, chiedi, corri, scrivi_anno

COSTI = [{"importo": Decimal(text)} for text in ("100.01", "250.07", "30.50")]
SPESE = [{"importo": Decimal(text)} for text in ("100.01", "250.07", "30.50", "380.58")]
MANDATI = ("00035", "00036", "00037")


@pytest.fixture(scope="module")
def sospetta(tmp_path_factory: pytest.TempPathFactory) -> Luoghi:
    """AA 2020, with costs delivered twice, a total among the expenses, mandates under two spellings and
    facts of a day that is still to come."""
    base: Path = tmp_path_factory.mktemp("sospette")
    luoghi = Luoghi(base / "raw", base / "warehouse")
    raw = luoghi.raw
    scrivi_anno(raw, "AA", 2020)
    piano.scrivi(raw, "AA", 2020, blocchi())
    zona.scrivi(raw, "AA", 2020, "contabilita/costi_processo", COSTI)
    zona.scrivi(raw, "AA", 2020, "contabilita/costi_processo", COSTI[::-1], parte="-bis")
    zona.scrivi(raw, "AA", 2020, "contabilita/consuntivo", SPESE)
    mandati = [{"numero_mandato": numero, "canale": "FUORI_MERCATO"} for numero in MANDATI]
    spogli = [{"numero_mandato": numero.lstrip("0")} for numero in MANDATI]
    zona.scrivi(raw, "AA", 2020, "provveditorato/pagamenti", mandati)
    zona.scrivi(raw, "AA", 2020, "provveditorato/pagamenti", spogli, parte="-2")
    attivita = [{"id_attivita": f"M{n}", "data": f"0{n}/01/2999"} for n in (1, 2, 3)]
    zona.scrivi(raw, "AA", 2020, "metrico/attivita", attivita)
    corri(luoghi, adesso=ADESSO, documenti=False)
    return luoghi


def test_both_parts_of_a_delivery_made_twice_say_what_the_doubling_costs(sospetta: Luoghi) -> None:
    una, altra = (f"AA/2020/contabilita/costi_processo{n}.csv" for n in ("", "-bis"))
    di = "le stesse righe di "
    innovazione = "RISORSE_INNOVAZIONE_PER_IMPRESA"
    doppio, senza = pytest.approx(2 * 380.58 / 200), pytest.approx(380.58 / 200)
    assert chiedi(
        sospetta,
        "select _file, casi, _riga, esempio, codice, valore::double, valore_senza::double"
        " from controlli.parti_sovrapposte where estratto = 'contabilita/costi_processo'"
        " order by _riga",
    ) == [
        (una, 3, 2, di + altra, innovazione, doppio, senza),
        (altra, 3, None, di + una, innovazione, doppio, senza),
    ]


def test_a_total_among_the_expenses_is_told_and_touches_the_objectives(sospetta: Luoghi) -> None:
    assert chiedi(
        sospetta,
        "select casi, _riga, codice, valore, valore_senza from controlli.righe_di_totale",
    ) == [(1, 5, None, Decimal("761.160000000000"), Decimal("380.580000000000"))]
    assert chiedi(
        sospetta,
        "select celle, elenco_celle, in_evidenza from qualita.conseguenze"
        " where controllo = 'righe_di_totale'",
    ) == [(2, "1.1 consuntivo, 1.2 consuntivo", True)]


def test_mandates_under_two_spellings_are_told_with_the_figure_without_them(
    sospetta: Luoghi,
) -> None:
    ((file, casi, esempio, valore, senza),) = chiedi(
        sospetta,
        "select _file, casi, esempio, valore, valore_senza from controlli.chiavi_somiglianti",
    )
    assert (file, casi) == ("AA/2020/provveditorato/pagamenti.csv", 3)
    assert esempio == "«00035» e «35»"
    assert (valore, senza) == (Decimal(50), Decimal(100))


def test_facts_after_the_delivery_are_told(sospetta: Luoghi) -> None:
    ((estratto, casi, esempio),) = chiedi(
        sospetta, "select estratto, casi, esempio from controlli.date_rovesciate"
    )
    assert (estratto, casi) == ("metrico/attivita", 3)
    assert esempio.startswith("più di metà delle date va dal 02/01/2999 in poi")


def test_the_sample_tells_nothing_against_itself(campione: Luoghi) -> None:
    found = "select segnale, _file from qualita.segnali where segnale <> 'giorno_di_mezzo'"
    assert chiedi(campione, found) == []
    assert chiedi(campione, "select _file from controlli.date_rovesciate") == []


def test_every_suspect_row_is_an_accepted_one_and_every_model_has_its_rows(
    sospetta: Luoghi,
) -> None:
    assert chiedi(sospetta, "from controlli.modelli_quadrano") == []
    assert chiedi(
        sospetta, "select segnale, count(*) from qualita.sospette group by all order by all"
    ) == [("chiavi_somiglianti", 3), ("parti_sovrapposte", 6), ("righe_di_totale", 1)]
