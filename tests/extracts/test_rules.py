"""Every rule of the contract: a row that stays, and a row that it turns away.

The cases of an extract (`casi`) stand in one file, one row each, and the file is read once. The
reference is held to the same cases, so that it cannot drift from the contract together with the
system.
"""

from itertools import accumulate

import pytest

from tests.extracts.casi import Caso, casi
from tests.extracts.materiale import Celle, csv, percorso, riga_buona
from tests.extracts.sistema import Ingerisci, Ingestito
from tests.reference.lettura import ESTRATTI, REGOLE_RIGA, EsitoFile, Lettura, leggi


def _righe(codice: str) -> list[Celle]:
    return [riga_buona(codice, n, **caso.celle) for n, caso in enumerate(casi(codice))]


def _parti(codice: str) -> dict[str, bytes]:
    return {percorso(codice): csv(codice, _righe(codice))}


def _numerati(codice: str) -> list[tuple[int, Caso]]:
    """The cases, each with the line on which its row begins; line breaks in cells count."""
    altezze = [1 + sum(v.count("\n") for v in riga.values()) for riga in _righe(codice)]
    linee = accumulate(altezze, initial=2)
    return list(zip(linee, casi(codice), strict=False))


TUTTI = [numerato for codice in ESTRATTI for numerato in _numerati(codice)]


@pytest.fixture(scope="module")
def letture(ingerisci: Ingerisci) -> dict[str, Ingestito]:
    """The cases of every extract, ingested once each."""
    return {codice: ingerisci(codice, _parti(codice)) for codice in ESTRATTI}


def _verifica(linea: int, caso: Caso, lettura: Lettura) -> None:
    file = percorso(caso.codice)
    rotte = {(s.colonna, s.regola) for s in lettura.scarti if s.riga == linea}
    assert rotte == caso.rotte
    assert ((file, linea) in lettura.righe) == (not caso.rotte)
    if caso.colonna is not None:
        valore = lettura.righe[file, linea][caso.colonna]
        assert valore == caso.valore
        assert type(valore) is type(caso.valore)


@pytest.mark.parametrize(("linea", "caso"), TUTTI, ids=map(str, (caso for _, caso in TUTTI)))
def test_row_has_the_fate_that_the_contract_gives_it(
    linea: int, caso: Caso, letture: dict[str, Ingestito]
) -> None:
    _verifica(linea, caso, letture[caso.codice].lettura)


@pytest.mark.parametrize("codice", ESTRATTI)
def test_reference_gives_every_row_the_same_fate(codice: str) -> None:
    lettura = leggi(codice, _parti(codice))
    for linea, caso in _numerati(codice):
        _verifica(linea, caso, lettura)


@pytest.mark.parametrize("codice", ESTRATTI)
def test_rows_read_are_rows_accepted_and_rows_quarantined(
    codice: str, letture: dict[str, Ingestito]
) -> None:
    elenco = casi(codice)
    buone = sum(not caso.rotte for caso in elenco)
    atteso = EsitoFile("ACCETTATO", "utf-8", len(elenco), buone, len(elenco) - buone)
    assert letture[codice].lettura.file == {percorso(codice): atteso}


@pytest.mark.parametrize("codice", ESTRATTI)
def test_cases_break_every_rule_of_the_extract(codice: str) -> None:
    """A rule that no case breaks could go missing without a sign."""
    rotte = {rotta for caso in casi(codice) for rotta in caso.rotte}
    for colonna in ESTRATTI[codice].colonne:
        if colonna.obbligatoria:
            assert (colonna.nome, "obbligatorio") in rotte
        if colonna.codici:
            assert (colonna.nome, "codice") in rotte
        if colonna.intervallo:
            assert (colonna.nome, "intervallo") in rotte
        if colonna.tipo not in ("testo", "codice"):
            assert (colonna.nome, "tipo") in rotte
    for colonna_regola, _ in REGOLE_RIGA.get(codice, []):
        assert (colonna_regola, "regola_riga") in rotte
