"""Whoever stands in the wrong column is not stored, not shown, and told by column.

Belongs here: headings that changed places, single cells out of place, fiscal codes anywhere. Does not
belong here: the personal column itself (test_personal_data.py), the whole night (tests/ostili).
"""

from collections.abc import Iterator

import pytest

from tests.extracts.materiale import Celle, csv, percorso, riga_buona
from tests.extracts.sistema import Ingerisci, Ingestito
from tests.reference.lettura import ESTRATTI

PERSONALI = [c for c, e in ESTRATTI.items() if any(k.nome == "matricola" for k in e.colonne)]
FTE, FORMAZIONE = "kronos/fte", "segreteria/formazione"
RIGHE = 6
SEGRETE = {"sigle": "ZQX7391", "numeri": "739157"}
"""How every matricola of a file begins."""


def _righe(codice: str, segreta: str) -> list[Celle]:
    return [riga_buona(codice, n, matricola=f"{segreta}{n}") for n in range(RIGHE)]


def _scambiate() -> Iterator[tuple[str, str, str]]:
    for codice in PERSONALI:
        for colonna in ESTRATTI[codice].colonne:
            if colonna.nome not in (
                "matricola",
                "data_fine",
            ):  # an empty one has no place to change
                for specie in SEGRETE:
                    yield codice, colonna.nome, specie


def _valori(ingestito: Ingestito) -> str:
    tabelle = (ingestito.righe, ingestito.scarti, ingestito.file, ingestito.segnali)
    return "\n".join([str(r) for t in tabelle for r in t.rows()] + [ingestito.motivo or ""]).lower()


def _senza(ingestito: Ingestito, segreta: str) -> None:
    assert segreta.lower() not in _valori(ingestito)
    assert all(segreta.encode() not in scritto for scritto in ingestito.scritto)


def _detti(ingestito: Ingestito) -> dict[str, tuple[int, int]]:
    """Columns that the signal names, with how many rows and the first."""
    rows = ingestito.segnali.select("segnale", "colonna", "casi", "_riga", "esempio").rows()
    found = [r for r in rows if r[0] == "persone_fuori_posto"]
    assert all(esempio is None for *_, esempio in found)
    return {colonna: (casi, riga) for _, colonna, casi, riga, _ in found}


@pytest.mark.parametrize(("codice", "colonna", "specie"), list(_scambiate()))
def test_headings_that_changed_places_let_nobody_through(
    codice: str, colonna: str, specie: str, ingerisci: Ingerisci
) -> None:
    segreta = SEGRETE[specie]
    scambio = {"matricola": colonna, colonna: "matricola"}
    righe = [{scambio.get(c, c): v for c, v in riga.items()} for riga in _righe(codice, segreta)]
    ingestito = ingerisci(codice, {percorso(codice): csv(codice, righe)})
    _senza(ingestito, segreta)
    assert ingestito.righe.is_empty()
    assert _detti(ingestito) == {colonna: (RIGHE, 2)}
    assert set(ingestito.scarti.select("regola", "valore").rows()) == {("dato_personale", "***")}
    assert ingestito.stato == "INCOMPLETO"


@pytest.mark.parametrize("specie", list(SEGRETE))
@pytest.mark.parametrize(
    ("codice", "colonna", "testo"),
    [
        (FTE, "codice_processo", "{}"),
        (FTE, "natura", "{}"),
        ("segreteria/personale", "contratto", "{}"),
        ("segreteria/personale", "data_fine", "{}"),
        ("segreteria/welfare", "strumento", "{}"),
        (FORMAZIONE, "corso", "{}"),
        (FORMAZIONE, "corso", "Appalti (docente {}), base"),
        (FORMAZIONE, "ore", "{}"),
        ("segreteria/personale", "contratto", "come {}"),
    ],
)
def test_one_cell_out_of_place_is_one_row_less(
    codice: str, colonna: str, testo: str, specie: str, ingerisci: Ingerisci
) -> None:
    righe = _righe(codice, SEGRETE[specie])
    righe[2][colonna] = testo.format(righe[4]["matricola"])
    ingestito = ingerisci(codice, {percorso(codice): csv(codice, righe)})
    _senza(ingestito, SEGRETE[specie])
    assert _detti(ingestito) == {colonna: (1, 4)}
    assert len(ingestito.righe) == RIGHE - 1


def test_a_row_whose_two_cells_changed_places_is_known_by_the_form_of_the_others(
    ingerisci: Ingerisci,
) -> None:
    righe = _righe(FTE, SEGRETE["sigle"])
    righe[1]["codice_processo"], righe[1]["matricola"] = righe[1]["matricola"], "C1.1"
    ingestito = ingerisci(FTE, {percorso(FTE): csv(FTE, righe)})
    _senza(ingestito, SEGRETE["sigle"])
    assert _detti(ingestito) == {"codice_processo": (1, 3)}


@pytest.mark.parametrize(
    "codice_fiscale",
    [
        "RSSMRA80A01H501U",
        "rssmra80a01h501u",
        "RSS MRA 80A01 H501U",
        "RSSMRAULAL1HRLMU",
        "RSSMRA80A41H50MA",
    ],
)
@pytest.mark.parametrize(
    ("codice", "colonna"),
    [
        ("provveditorato/pagamenti", "fornitore"),
        ("registro_imprese/pratiche", "data_ora_chiusura"),
        ("segreteria/atti", "oggetto"),
        ("isr/studi", "stato"),
    ],
)
def test_a_fiscal_code_stands_in_no_text_of_any_extract(
    codice: str, colonna: str, codice_fiscale: str, ingerisci: Ingerisci
) -> None:
    righe = [riga_buona(codice, n) for n in range(3)]
    righe[1][colonna] = f"Rossi ({codice_fiscale}), Carrara"
    righe[2]["numero" if "numero" in righe[2] else next(iter(righe[2]))] = (
        f"TOTALE {codice_fiscale}"
    )
    ingestito = ingerisci(codice, {percorso(codice): csv(codice, righe)})
    for segreta in (codice_fiscale, "Rossi"):
        _senza(ingestito, segreta)
    assert _detti(ingestito)[colonna] == (1, 3)
    assert len(ingestito.righe) == 1


def test_what_only_resembles_people_stays(ingerisci: Ingerisci) -> None:
    """Long codes, numbers that are also matricole, prose with years: nobody is in them."""
    codice = "provveditorato/pagamenti"
    testi = ["ABCDEF12G34H567", "XABCDEF80A01H501UX", "IT60X0542811101000000123456", "Ditta 2020"]
    righe = [riga_buona(codice, n, fornitore=t) for n, t in enumerate(testi)]
    assert len(ingerisci(codice, {percorso(codice): csv(codice, righe)}).righe) == len(testi)
    celle = [("12", "Excel 2016"), ("8", "Legge 190"), ("6", "HACCP2"), ("2020", "Bilancio 2020")]
    righe = [riga_buona(FORMAZIONE, 0, matricola=m, corso=c, ore="8") for m, c in celle]
    ingestito = ingerisci(FORMAZIONE, {percorso(FORMAZIONE): csv(FORMAZIONE, righe)})
    assert len(ingestito.righe) == len(celle)


def test_a_file_without_a_header_names_nobody(ingerisci: Ingerisci) -> None:
    testo = "Wqzrossi;Wqzmario;ZQX73915;INTERNO;01/02/2020;100\n" * 3
    ingestito = ingerisci(FTE, {percorso(FTE): testo.encode()})
    assert "***; ***; ***; INTERNO; 01/02/2020; 100" in ingestito.file["motivo"].item()
    for segreta in ("Wqz", "ZQX"):
        _senza(ingestito, segreta)


def test_a_heading_that_is_a_persons_is_not_a_name(ingerisci: Ingerisci) -> None:
    testo = csv(FTE, _righe(FTE, "ZQX7391"), RSSMRA80A01H501U=["x"] * RIGHE)
    ingestito = ingerisci(FTE, {percorso(FTE): testo})
    assert len(ingestito.righe) == RIGHE
    assert "***" in ingestito.file["motivo"].item()
    _senza(ingestito, "RSSMRA80A01H501U")
