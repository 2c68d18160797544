"""A matricola leaves no trace in what is written, and its pseudonym follows the person."""

from collections.abc import Iterable

import polars as pl
import pytest

from tests.extracts.materiale import Celle, csv, percorso, riga_buona, xlsx
from tests.extracts.sistema import Ingerisci, Ingestito
from tests.reference.lettura import ESTRATTI

PERSONALI = [
    codice
    for codice, estratto in ESTRATTI.items()
    if any(colonna.nome == "matricola" for colonna in estratto.colonne)
]
SEGRETA = "ZQX73915"
FTE = "kronos/fte"


def _tutti_i_valori(ingestito: Ingestito) -> str:
    """Everything that the written tables hold, as text: compression would hide it from bytes."""
    return "\n".join(
        str(riga)
        for tabella in (ingestito.righe, ingestito.scarti, ingestito.file)
        for riga in tabella.rows()
    )


def _senza_traccia(ingestito: Ingestito, *segrete: str) -> None:
    valori = _tutti_i_valori(ingestito).lower()
    for segreta in segrete:
        assert segreta.lower() not in valori
        assert all(segreta.encode() not in scritto for scritto in ingestito.scritto)


def _scarti(ingestito: Ingestito) -> set[tuple[str | None, str]]:
    return {(s.colonna, s.regola) for s in ingestito.lettura.scarti}


def _altri_errori(codice: str) -> Iterable[Celle]:
    """For each other column of the extract, a value that it cannot hold."""
    for colonna in ESTRATTI[codice].colonne:
        if colonna.nome != "matricola" and (colonna.codici or colonna.tipo != "testo"):
            yield {colonna.nome: "inammissibile"}


@pytest.mark.parametrize("codice", PERSONALI)
def test_matricola_appears_nowhere_whatever_its_row_breaks(
    codice: str, ingerisci: Ingerisci
) -> None:
    buona = riga_buona(codice, 0, matricola=SEGRETA)
    righe = [buona, buona, *(buona | errore for errore in _altri_errori(codice))]
    contenuto = csv(codice, righe)
    contenuto += f"{SEGRETA}\n".encode()  # too few fields
    contenuto += contenuto.splitlines()[1] + f";x;{SEGRETA}\n".encode()  # too many
    ingestito = ingerisci(codice, {percorso(codice): contenuto})
    assert (None, "numero_campi") in _scarti(ingestito)
    _senza_traccia(ingestito, SEGRETA)


def test_matricola_appears_nowhere_when_keys_and_sums_are_broken(ingerisci: Ingerisci) -> None:
    def riga(matricola: str, **celle: str) -> Celle:
        return riga_buona(FTE, 0, matricola=matricola, **celle)

    righe = [
        riga(SEGRETA + "A"),
        riga(SEGRETA + "A"),
        riga(SEGRETA + "B"),
        riga(SEGRETA + "B", mesi_servizio="1"),
        riga(SEGRETA + "C", codice_processo="C1"),
        riga(SEGRETA + "C", codice_processo="C2", percentuale_tempo="51"),
    ]
    ingestito = ingerisci(FTE, {percorso(FTE): csv(FTE, righe)})
    chiave = "matricola, codice_processo, natura"
    assert _scarti(ingestito) == {
        (chiave, "duplicato"),
        (chiave, "chiave_in_conflitto"),
        ("percentuale_tempo", "somma_percentuali"),
    }
    _senza_traccia(ingestito, SEGRETA)


def test_matricola_of_a_workbook_appears_nowhere_even_as_a_number(ingerisci: Ingerisci) -> None:
    buona: dict[str, object] = {**riga_buona(FTE, 0), "matricola": 7391573915}
    rotta = {**buona, "natura": "NESSUNA"}
    oltre = [*buona.values(), 7391573915]
    foglio = xlsx([list(buona), list(buona.values()), list(rotta.values()), oltre])
    ingestito = ingerisci(FTE, {percorso(FTE, estensione="xlsx"): foglio})
    assert len(ingestito.righe) == 1
    assert _scarti(ingestito) == {("natura", "codice"), (None, "numero_campi")}
    _senza_traccia(ingestito, "7391573915")


def test_value_of_a_row_with_too_many_fields_holds_no_unknown_column(ingerisci: Ingerisci) -> None:
    """A line quarantined whole still must not carry what stands outside the contract."""
    codice = "segreteria/welfare"
    testa = "cognome;matricola;strumento;data\n"
    contenuto = testa + f"Rossi;{SEGRETA};Asilo;01/01/2020;troppo\nRossi;{SEGRETA}\n"
    ingestito = ingerisci(codice, {percorso(codice): contenuto.encode()})
    assert _scarti(ingestito) == {(None, "numero_campi")}
    _senza_traccia(ingestito, SEGRETA, "Rossi")


def test_quarantine_shows_what_tells_of_nobody(ingerisci: Ingerisci) -> None:
    """An office must see what it has to correct; but a text that no list knows may be a name."""
    celle = {"natura": "Rossi", "mesi_servizio": "31/02/2020", "percentuale_tempo": "100,5"}
    riga = riga_buona(FTE, 0, percentuale_part_time="123456", **celle)
    ingestito = ingerisci(FTE, {percorso(FTE): csv(FTE, [riga])})
    valori = dict(ingestito.scarti.select("colonna", "valore").rows())
    mascherate = {"natura": "***", "percentuale_part_time": "***"}
    assert valori == celle | mascherate


@pytest.mark.parametrize(("codice", "mostra"), [(FTE, False), ("isr/studi", True)])
def test_a_key_that_rows_share_is_shown_where_it_names_nobody(
    ingerisci: Ingerisci, codice: str, mostra: bool
) -> None:
    riga = riga_buona(codice, 0)
    ingestito = ingerisci(codice, {percorso(codice): csv(codice, [riga, riga])})
    key = ", ".join(riga[nome] for nome in ESTRATTI[codice].chiave)
    assert ingestito.scarti["valore"].to_list() == [key if mostra else "***"]


def test_a_person_is_hidden_and_one_who_is_missing_is_not(ingerisci: Ingerisci) -> None:
    """`***` where nothing stands would send an office to look for something."""
    buona: dict[str, object] = {**riga_buona(FTE, 0)}
    storte = [buona | {"matricola": matricola} for matricola in (None, 0.1 + 0.2)]
    foglio = xlsx([list(buona), *(list(riga.values()) for riga in storte)])
    ingestito = ingerisci(FTE, {percorso(FTE, estensione="xlsx"): foglio})
    scarti = ingestito.scarti.select("colonna", "regola", "valore").rows()
    assert scarti == [("matricola", "obbligatorio", None), ("matricola", "tipo", "***")]


def test_a_row_of_too_few_or_too_many_fields_says_what_is_wrong(ingerisci: Ingerisci) -> None:
    codice = "isr/studi"
    buona = csv(codice, [riga_buona(codice, 0)])
    storte = b'S1;A\nS1;A;B;;SOSPESO;;x\nS1;"A" o "B";B;;SOSPESO\n'
    ingestito = ingerisci(codice, {percorso(codice): buona + storte})
    assert ingestito.scarti["valore"].to_list() == [
        "2 campi, attesi 5",
        "7 campi, attesi 5",
        "virgolette fuori posto: toglierle, o raddoppiarle dentro un testo citato",
    ]


def _pseudonimi(
    ingerisci: Ingerisci, codice: str, matricole: list[str], **altro: object
) -> list[str]:
    camera, esercizio = altro.get("camera", "MS"), altro.get("esercizio", 2020)
    righe = [riga_buona(codice, n, matricola=m) for n, m in enumerate(matricole)]
    file = f"{camera}/{esercizio}/{codice}.csv"
    ingestito = ingerisci(codice, {file: csv(codice, righe)}, **altro)
    assert len(ingestito.righe) == len(matricole)
    return ingestito.righe.sort("_riga")["matricola"].to_list()


PERSONE = ["M1", "m1", "M01", "Ñandù 7", "a;b"]


def test_same_person_has_one_pseudonym_in_every_extract_and_year(ingerisci: Ingerisci) -> None:
    atteso = _pseudonimi(ingerisci, FTE, PERSONE)
    assert len(set(atteso)) == len(PERSONE)
    for codice in PERSONALI:
        for esercizio in (2019, 2020):
            assert _pseudonimi(ingerisci, codice, PERSONE, esercizio=esercizio) == atteso


def test_pseudonym_is_of_the_typed_value(ingerisci: Ingerisci) -> None:
    atteso = _pseudonimi(ingerisci, "segreteria/personale", ["12345"])
    assert _pseudonimi(ingerisci, "segreteria/personale", ["  12345 "]) == atteso
    riga: dict[str, object] = {**riga_buona("segreteria/personale", 0), "matricola": 12345}
    foglio = xlsx([list(riga), list(riga.values())])
    ingestito = ingerisci(
        "segreteria/personale", {percorso("segreteria/personale", estensione="xlsx"): foglio}
    )
    assert ingestito.righe["matricola"].to_list() == atteso


def test_another_key_gives_other_pseudonyms(ingerisci: Ingerisci) -> None:
    nostri = _pseudonimi(ingerisci, FTE, PERSONE)
    altri = _pseudonimi(ingerisci, FTE, PERSONE, chiave=b"un'altra chiave")
    assert not set(nostri) & set(altri)


def test_personal_column_is_stored_as_text_only(ingerisci: Ingerisci) -> None:
    for codice in PERSONALI:
        ingestito = ingerisci(codice, {percorso(codice): csv(codice, [riga_buona(codice, 0)])})
        assert ingestito.righe.schema["matricola"] == pl.String
