"""The declarations of the extracts of the contract equal those transcribed from it, both ways."""

import pytest

from pipelines.contract.estratti import ESTRATTI, PER_CODICE
from pipelines.contract.schema import REGOLE, Colonna, Estratto
from tests.contratto import DICIANNOVE
from tests.reference import lettura

CODICI = sorted(lettura.ESTRATTI)
DEL_CONTRATTO = [e for e in ESTRATTI if e.codice in DICIANNOVE]


def _condizioni(colonna: Colonna) -> tuple[str, ...]:
    """The bounds and the form of a column, as the reference spells them."""
    condizioni = []
    limiti = colonna.intervallo
    if limiti is not None and limiti.minimo is not None:
        condizioni.append(f"{'>' if limiti.minimo_escluso else '>='}{limiti.minimo}")
    if limiti is not None and limiti.massimo is not None:
        condizioni.append(f"<={limiti.massimo}")
    if colonna.forma is not None:
        assert colonna.forma == "[0-9]{4}"
        condizioni.append("quattro_cifre")
    return tuple(condizioni)


def _trascritta(estratto: Estratto, colonna: Colonna) -> lettura.Colonna:
    return lettura.Colonna(
        colonna.nome,
        "codice" if colonna.codici else colonna.tipo,
        colonna.obbligatoria,
        colonna.codici,
        _condizioni(colonna),
        None if colonna.predefinito is None else str(colonna.predefinito),
        estratto.is_code(colonna),
    )


def test_the_extracts_of_the_contract_are_there() -> None:
    assert sorted(DICIANNOVE) == CODICI
    assert set(DICIANNOVE) - PER_CODICE.keys() == set()
    assert [e.codice for e in ESTRATTI] == list(PER_CODICE)


@pytest.mark.parametrize("codice", CODICI)
def test_columns_are_declared_as_in_the_contract(codice: str) -> None:
    estratto = PER_CODICE[codice]
    dichiarate = tuple(_trascritta(estratto, c) for c in estratto.colonne)
    assert dichiarate == lettura.ESTRATTI[codice].colonne


@pytest.mark.parametrize("codice", CODICI)
def test_keys_are_declared_as_in_the_contract(codice: str) -> None:
    estratto = PER_CODICE[codice]
    anno = (estratto.chiave_anno_di,) if estratto.chiave_anno_di else ()
    assert (*estratto.chiave, *anno) == lettura.ESTRATTI[codice].chiave


def test_only_the_key_of_acts_holds_a_year() -> None:
    con_anno = {e.codice: e.chiave_anno_di for e in DEL_CONTRATTO if e.chiave_anno_di}
    assert con_anno == {"segreteria/atti": "data"}


@pytest.mark.parametrize("codice", CODICI)
def test_row_rules_speak_about_the_columns_of_the_contract(codice: str) -> None:
    dichiarate = [regola.colonna for regola in PER_CODICE[codice].regole]
    assert dichiarate == [colonna for colonna, _ in lettura.REGOLE_RIGA.get(codice, [])]


def test_only_matricola_is_personal_wherever_it_stands() -> None:
    personali = {c.nome for e in ESTRATTI for c in e.colonne if c.personale}
    assert personali == lettura.PERSONALI
    for estratto in ESTRATTI:
        assert all(c.personale for c in estratto.colonne if c.nome in lettura.PERSONALI)


def test_only_the_time_of_a_person_is_summed() -> None:
    somme = {e.codice: e.somma_massima for e in DEL_CONTRATTO if e.somma_massima}
    assert somme == {"kronos/fte": ("percentuale_tempo", "matricola", 100)}


def test_rules_come_in_the_order_of_the_contract() -> None:
    assert REGOLE == (
        "numero_campi",
        "riga_di_totale",
        "dato_personale",
        "tipo",
        "obbligatorio",
        "codice",
        "intervallo",
        "regola_riga",
        "duplicato",
        "chiave_in_conflitto",
        "somma_percentuali",
    )
