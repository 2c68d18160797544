"""Public registers beside payments, from files to the published tables: what they add, what they never
change, what a chamber that delivers none is spared.

Belongs here: a night over several chambers. Does not belong here: how each format is read
(tests/extracts/test_pubblici.py).
"""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipelines.settings import Luoghi
from tests.extracts.pubblici import anac, l190, lotto, tabella
from tests.indicatori import zona
from tests.indicatori.zona import cig
from tests.warehouse.magazzini import ADESSO, chiedi, corri

CON, SENZA_PAGAMENTI, SENZA_LOTTI = "AA", "BB", "CC"
LOTTI, PAGAMENTI = "provveditorato/lotti", "provveditorato/pagamenti"
UNO, DUE, TRE, QUATTRO = (cig(8_000_000 + n) for n in range(4))
STRUMENTO = "COD_STRUMENTO_SVOLGIMENTO"


def _consegna(raw: Path, camera: str, esercizio: int, nome: str, contenuto: bytes) -> None:
    path = raw / camera / str(esercizio) / nome
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(contenuto)


def _speso(somma: str) -> dict[str, str]:
    return {"importoSommeLiquidate": somma}


@pytest.fixture(scope="module")
def luoghi(tmp_path_factory: pytest.TempPathFactory) -> Luoghi:
    base = tmp_path_factory.mktemp("acquisti")
    raw = base / "raw"
    prima = l190(
        lotto(UNO, oggetto="Carta", **_speso("100.00")),
        lotto("0000000000", oggetto="Penne", **_speso("5.00")),
        lotto("0000000000", oggetto="Toner", **_speso("7.00")),
        lotto(QUATTRO, oggetto="Piano terra", **_speso("1.00")),
        lotto(QUATTRO, oggetto="Primo piano", **_speso("2.00")),
        anno="2019",
    )
    dopo = l190(
        lotto(UNO, oggetto="Carta riciclata", **_speso("130.50")),
        lotto("0000000000", oggetto="Toner", **_speso("9.00")),
        lotto(TRE, oggetto="Gas", **_speso("40.00")),
        lotto(QUATTRO, oggetto="Piano terreno", **_speso("4.00")),
    )
    _consegna(raw, CON, 2019, "provveditorato/lotti-l190.xml", prima)
    _consegna(raw, CON, 2020, "provveditorato/lotti-l190.xml", dopo)
    _consegna(
        raw,
        CON,
        2020,
        "provveditorato/lotti-cig_csv_2020_01.csv",
        anac({"cig": UNO, STRUMENTO: "4"}, {"cig": DUE, STRUMENTO: "1"}),
    )
    _consegna(
        raw,
        CON,
        2020,
        "provveditorato/siope-uscite.csv",
        tabella(
            ["000112233", "2020", "03", "2101", "24400"],
            ["000112233", "2020", "03", "2102", "12200"],
            ["000112233", "2020", "04", "1101", "99999"],
        ),
    )
    righe: list[dict[str, Any]] = [
        {"cig": UNO, "canale": None},
        {"cig": DUE, "canale": "CONVENZIONE_CONSIP"},
        {"cig": DUE, "canale": None, "codice_siope": "2102", "imponibile": Decimal("99.00")},
    ]
    zona.scrivi(raw, CON, 2020, PAGAMENTI, righe)
    _consegna(raw, SENZA_PAGAMENTI, 2020, "provveditorato/lotti.xml", dopo)
    for camera in (SENZA_PAGAMENTI, SENZA_LOTTI):
        zona.scrivi(raw, camera, 2020, "isr/studi", [{}])
    zona.scrivi(raw, SENZA_LOTTI, 2020, PAGAMENTI, [{"canale": "MEPA"}])
    found = Luoghi(raw, base / "warehouse")
    corri(found, adesso=ADESSO, documenti=False)
    return found


QUI = "camera = 'AA' and esercizio = 2020"


def test_a_figure_leads_to_the_payment_and_from_there_to_the_lot(luoghi: Luoghi) -> None:
    assert chiedi(
        luoghi,
        "select _riga, numeratore, denominatore, canale, _canale_file, _canale_riga, regola_canale"
        f" from indicatori.contributi inner join fonti.provveditorato_pagamenti"
        f" using (camera, esercizio, _file, _riga) where {QUI} order by _riga",
    ) == [
        (2, 122, 122, "MEPA", "AA/2020/provveditorato/lotti-cig_csv_2020_01.csv", 2, "A3"),
        (3, 122, 122, "CONVENZIONE_CONSIP", None, None, None),
        (4, 0, 121, "FUORI_MERCATO", "AA/2020/provveditorato/lotti-cig_csv_2020_01.csv", 3, "A4"),
    ]


def test_what_the_office_says_stays_and_the_difference_is_told(luoghi: Luoghi) -> None:
    assert chiedi(
        luoghi, "select camera, _file, casi, _riga, esempio from controlli.canale_discorde"
    ) == [
        (
            "AA",
            "AA/2020/provveditorato/pagamenti.csv",
            1,
            3,
            "CONVENZIONE_CONSIP, per i lotti FUORI_MERCATO",
        )
    ]


def test_the_siope_is_held_against_the_payments_of_goods_and_services(luoghi: Luoghi) -> None:
    assert chiedi(
        luoghi,
        "select camera, mese, esempio, siope, pagato, differenza from controlli.siope_quadra",
    ) == [("AA", 3, "2102", Decimal("122.00"), Decimal("121.00"), Decimal("-1.00"))]


def test_sums_paid_are_those_of_the_year_where_the_list_before_is_there(luoghi: Luoghi) -> None:
    of_year = (
        "select cig, liquidato, liquidato_anno from qualita.lotti"
        " where camera = ? and esercizio = ? and liquidato is not null order by _riga"
    )
    assert chiedi(luoghi, of_year, CON, 2020) == [
        (UNO, Decimal("130.50"), Decimal("30.50")),
        ("0000000000", Decimal("9.00"), Decimal("2.00")),
        (TRE, Decimal("40.00"), Decimal("40.00")),
        (QUATTRO, Decimal("4.00"), None),  # nobody can say which of the two it was
    ]
    for camera, esercizio in ((CON, 2019), (SENZA_PAGAMENTI, 2020)):
        assert {anno for _, _, anno in chiedi(luoghi, of_year, camera, esercizio)} == {None}


def test_a_cig_that_is_none_is_told_and_the_lot_stays(luoghi: Luoghi) -> None:
    assert chiedi(
        luoghi,
        "select esercizio, _riga, esempio from controlli.cig_dubbio where camera = 'AA' order by all",
    ) == [(2019, 11, "0000000000"), (2019, 15, "0000000000"), (2020, 11, "0000000000")]


def test_lots_are_no_payments(luoghi: Luoghi) -> None:
    found = {
        camera: (stato, motivo)
        for camera, stato, motivo in chiedi(
            luoghi,
            "select camera, stato, motivo from indicatori.valori"
            " where codice = 'INCIDENZA_CONSIP' and esercizio = 2020",
        )
    }
    stato, motivo = found[SENZA_PAGAMENTI]
    assert stato == "DATI_MANCANTI" and "I lotti ci sono (4 in provveditorato/lotti)" in motivo
    assert found[SENZA_LOTTI] == ("DEFINITIVO", None)


def test_who_delivers_none_misses_nothing(luoghi: Luoghi) -> None:
    tables = (
        "qualita.estratti",
        "esercizi.estratti",
        "qualita.freschezza",
        "controlli.estratti_presenti",
    )
    for table in tables:
        delivered = chiedi(
            luoghi,
            f"select distinct camera from {table}"
            " where estratto in ('provveditorato/lotti', 'provveditorato/siope') and esercizio = 2020",
        )
        assert (SENZA_LOTTI,) not in delivered, table
    assert not chiedi(
        luoghi,
        "select * from esercizi.attese where estratto in ('provveditorato/lotti', 'provveditorato/siope')",
    )


def test_what_is_delivered_is_told_like_any_other(luoghi: Luoghi) -> None:
    assert chiedi(
        luoghi,
        "select estratto, stato, in_ritardo from qualita.freschezza inner join esercizi.cadenze"
        f" using (estratto) where {QUI} and not dovuto order by all",
    ) == [("provveditorato/lotti", "PRESENTE", False), ("provveditorato/siope", "PRESENTE", False)]
    assert chiedi(
        luoghi, f"select formato, righe_altrui from qualita.file where {QUI} order by _file"
    ) == [("anac_cig", 0), ("l190", 0), ("contratto", 0), ("siope", 0)]
