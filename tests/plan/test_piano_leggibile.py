"""A plan that cannot be read, or believed, is shouted with its price; one that is not there may not be.

Belongs here: which partitions `piano_leggibile` names, what it says, what it costs, and the last line of
a night. Does not belong here: how lines of a plan are read (test_plan_read.py).
"""

from contextlib import closing
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from pipelines.connection import connect
from pipelines.desk.run import unread_plans
from pipelines.partizione import Partizione
from pipelines.scorecard.righe import rows_of
from pipelines.scorecard.voci import doubts
from pipelines.settings import Luoghi
from pipelines.warehouse.avvisi import read_avvisi
from pipelines.warehouse.checks import read_prices
from tests.indicatori import piano, zona
from tests.indicatori.piano import Blocco, Voce
from tests.warehouse.magazzini import ADESSO, apri, chiedi, corri

STUDI = Voce("ISR_STUDI", "8", ("=>8", "=>8", "=>8"))
SEDUTE = Voce("SEDUTE", "8", ("=>8", "=>8", "=>8"))
ALTRO = Voce("DELIBERE", "8", ("=>8", "=>8", "=>8"))
VAGO = Voce("DELIBERE", "8", ("entro giugno", "=>8", "=>8"))


def _blocchi(altro: Voce = ALTRO) -> list[Blocco]:
    """Two objectives: 60 % and 40 % of the weight, the second with two indicators."""
    return [
        Blocco("1.1", [STUDI], peso="60,00%"),
        Blocco("1.1", [SEDUTE, altro], peso="40,00%", programma="006"),
    ]


def _allegato(raw: Path, camera: str, contenuto: bytes, nome: str = "allegato.txt") -> None:
    (raw / camera / "2020" / nome).write_bytes(contenuto)


def _due_fogli() -> bytes:
    """A plan in two sheets: the same row of both has an indicator, and one of them a target that is none."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    testa = (
        "Missione|Programma|Obiettivo|Risorse|Peso obiettivo|Indicatore|Tipo|Algoritmo|Target 2020"
    )
    for foglio, riga in {
        "Uno": "011|005|1.1 Primo|€ 10,00|60%|Riunioni|Numero|N. riunioni di Giunta e Consiglio|8",
        "Due": "011|005|1.2 Altro|€ 10,00|40%|Atti|Numero|N. delibere di Giunta e Consiglio|entro giugno",
    }.items():
        sheet = workbook.create_sheet(foglio)
        sheet.append(testa.split("|"))
        sheet.append(riga.split("|"))
    file = BytesIO()
    workbook.save(file)
    return file.getvalue()


@pytest.fixture(scope="module")
def luoghi(tmp_path_factory: pytest.TempPathFactory) -> Luoghi:
    base = tmp_path_factory.mktemp("leggibile")
    raw = base / "raw"
    for camera in ("AA", "BB", "CC", "DD", "EE", "FF", "HH", "II", "LL"):
        zona.scrivi(raw, camera, 2020, "isr/studi", [{}])
    # BB and EE have a plan of the year before, which has a target for 2020.
    for camera in ("BB", "EE"):
        piano.scrivi(raw, camera, 2019, _blocchi())
    _allegato(raw, "BB", b"%PDF-1.7 \x00")
    _allegato(raw, "CC", b"MISSIONE 011 - Imprese\n")
    sano = piano.allegato(2020, _blocchi())
    zona.scrivi(raw, "DD", 2020, "contabilita/consuntivo", [{}])
    _allegato(raw, "DD", sano.replace("PROGRAMMA 006 - ", "PROGRAMMA ").encode())
    _allegato(raw, "EE", b"%PDF-1.7 \x00", "Allegato PIRA.pdf")
    # FF has data of the years before and after its plan.
    for anno in (2019, 2021):
        zona.scrivi(raw, "FF", anno, "isr/studi", [{}])
    piano.scrivi(raw, "FF", 2020, _blocchi())
    (raw / "GG" / "2020").mkdir(parents=True)
    piano.scrivi(raw, "HH", 2020, _blocchi(VAGO))
    _allegato(raw, "II", b"", "Allegato 2020.txt")
    _allegato(raw, "LL", _due_fogli(), "allegato.xlsx")
    luoghi = Luoghi(raw, base / "warehouse")
    corri(luoghi, adesso=ADESSO, documenti=False)
    return luoghi


def test_each_plan_that_is_not_read_is_named_with_what_to_do(luoghi: Luoghi) -> None:
    casi = chiedi(
        luoghi, "select camera, esercizio, riga, motivo from controlli.piano_leggibile order by all"
    )
    detti = {camera: motivo for camera, _, _, motivo in casi}
    assert [(camera, esercizio) for camera, esercizio, _, _ in casi] == [
        (camera, 2020) for camera in ("AA", "BB", "CC", "DD", "EE", "HH", "II", "LL")
    ]
    assert detti["AA"] == (
        "Ci sono dati ma nessun piano con cui misurarli: consegnare AA/2020/allegato.txt."
    )
    assert detti["BB"] == (
        "Il piano BB/2020/allegato.txt non si legge. Il piano contiene byte NUL, quindi non è un"
        " testo: salvarlo di nuovo come testo UTF-8."
    )
    assert detti["CC"].startswith("Nel piano CC/2020/allegato.txt non si trova nessun indicatore: ")
    assert (
        detti["DD"].startswith("Riga ") and "dopo PROGRAMMA non si legge un codice" in detti["DD"]
    )
    assert detti["DD"].endswith("(con altri rilievi gravi: 1)")
    assert detti["EE"] == (
        "EE/2020/Allegato PIRA.pdf sembra il piano, ma si legge solo allegato.txt (o csv, md, html,"
        " docx, xlsx, pdf): dargli quel nome; intanto si misura col piano del 2019."
    )
    assert "il target 2020, «entro giugno», non si legge" in detti["HH"]
    assert detti["II"].startswith("II/2020/Allegato 2020.txt sembra il piano, ")


def test_the_price_of_a_plan_that_is_not_read_is_all_its_weight(luoghi: Luoghi) -> None:
    with closing(connect(luoghi.database)) as connection:
        prezzi = read_prices(connection)
    assert {p.partizione[:2]: str(p.peso) for p in prezzi if p.controllo == "piano_leggibile"} == {
        **dict.fromkeys(("AA", "BB", "CC", "DD", "EE", "II"), "100.00"),
        "HH": "20.00",
        "LL": "40.00",
    }
    frasi = {p.partizione[:2]: p.frase for p in prezzi if p.controllo == "piano_leggibile"}
    assert frasi["AA"].startswith("Senza un piano letto non si misura niente: tutto il peso")
    assert frasi["HH"].startswith("Tocca una cella della scorecard (1.1 DELIBERE), 20,00% del peso")
    # First of all that fails, wherever it is looked at.
    assert [p.controllo for p in prezzi[:8]] == ["piano_leggibile"] * 8


def test_a_row_of_a_plan_is_that_of_its_sheet(luoghi: Luoghi) -> None:
    """Row 2 of the other sheet costs nothing, and nothing is said beside it."""
    with apri(luoghi) as connection:
        costi = [p for p in read_prices(connection) if p.partizione == "LL-2020"]
        (avviso,) = (a for a in read_avvisi(connection) if a.partizione == "LL-2020" and a.riga)
        rows = rows_of(connection, "from scorecard.indicatori where camera = 'LL'", [])
    detti = {p.controllo: p.frase.split(",")[0] for p in costi}
    assert detti["piano_leggibile"] == "Tocca una cella della scorecard (1.2 DELIBERE)"
    assert detti["piano_compreso"] == "Tocca una cella della scorecard (1.2 DELIBERE)"
    assert (avviso.parte, avviso.riga) == ("Due", 2)
    dubbi = {row["codice"]: doubts((avviso,), row) for row in rows}
    assert dubbi == {"SEDUTE": (), "DELIBERE": (avviso.frase,)}


def test_an_objective_below_a_heading_that_is_not_read_has_no_spending(luoghi: Luoghi) -> None:
    """Nobody can look for it in the accounts: it is not 0."""
    spese = "select programma, risorse_consuntivo from scorecard.obiettivi where camera = 'DD'"
    (letto, non_letto) = chiedi(luoghi, f"{spese} order by programma")
    assert letto == ("005", Decimal("100.00"))
    assert (non_letto[0][0], non_letto[1]) == ("?", None)


def test_the_last_line_of_a_night_says_it(luoghi: Luoghi) -> None:
    def di(*camere: str) -> str | None:
        with apri(luoghi) as connection:
            return unread_plans(connection, [Partizione(camera, 2020) for camera in camere])

    assert di("FF", "GG") is None
    assert di("AA", "FF") == (
        "ATTENZIONE: il piano non è stato letto per intero. AA 2020: Ci sono dati ma nessun piano con"
        " cui misurarli: consegnare AA/2020/allegato.txt."
    )
    assert str(di("AA", "DD")).count("2020: ") == 2
