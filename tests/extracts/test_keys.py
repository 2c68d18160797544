"""Rows that share a key, and the sum of a person's time: the rules that look across rows."""

from collections.abc import Sequence
from dataclasses import dataclass

import pytest

from tests.extracts.materiale import Celle, csv, csv_gz, percorso, riga_buona, xlsx
from tests.extracts.sistema import Ingerisci, Ingestito
from tests.reference.lettura import ESTRATTI, REGOLE_RIGA, Colonna, Lettura, leggi

CON_CHIAVE = [codice for codice, estratto in ESTRATTI.items() if estratto.chiave]
SENZA_CHIAVE = [codice for codice in ESTRATTI if codice not in CON_CHIAVE]

# For each extract with a key: another value outside the key, the same good row in another spelling,
# and, where the extract has row rules, values that break one.
DIVERSA: dict[str, Celle] = {
    "isr/studi": {"titolo": "Altro"},
    "cciaa/attivita": {"programmata": "N"},
    "contabilita/interventi_economici": {"importo": "1.234,57"},
    "registro_imprese/pratiche": {"data_ora_arrivo": "02/01/2020 09:30:01"},
    "registro_imprese/consistenza": {"registrate": "9.000.001"},
    "brevetti/domande": {"data_deposito": "02/03/2020"},
    "conciliazione/procedimenti": {"udienze": ""},
    "kronos/fte": {"mesi_servizio": "11,999999"},
    "metrico/attivita": {"tipo": "VERIFICA_PRIMA"},
    "segreteria/atti": {"oggetto": ""},
    "segreteria/sedute": {"esito": "DESERTA"},
    "segreteria/trasparenza": {"punteggio": "0"},
    "segreteria/accessi": {"data_presentazione": "30/12/2020"},
    "segreteria/personale": {"contratto": "TD"},
    "provveditorato/pagamenti": {"fornitore": "ditta"},
}
UGUALE: dict[str, Celle] = {
    "isr/studi": {"data_pubblicazione": "2020-03-01", "stato": " in corso "},
    "cciaa/attivita": {"programmata": "si", "titolo": " Sportello "},
    "contabilita/interventi_economici": {"importo": "€ 1234,56", "data": "2020-03-01"},
    "registro_imprese/pratiche": {"data_ora_chiusura": "2030-12-31T18:00:00"},
    "registro_imprese/consistenza": {"registrate": "9000000", "data_riferimento": "2020-12-31"},
    "brevetti/domande": {"tipologia": "marchio"},
    "conciliazione/procedimenti": {"data_conclusione": "  ", "udienze": "02"},
    "kronos/fte": {"percentuale_tempo": "50,000", "natura": " interno"},
    "metrico/attivita": {"data": " 2020-03-01 "},
    "segreteria/atti": {"organo": "giunta", "tipo_atto": "Delibera"},
    "segreteria/sedute": {"data": "2020-03-01"},
    "segreteria/trasparenza": {"applicabile": "no", "punteggio": " "},
    "segreteria/accessi": {"data_presentazione": "2020-12-31", "giorni_sospensione": "01"},
    "segreteria/personale": {"data_inizio": "2010-01-01"},
    "provveditorato/pagamenti": {"imponibile": "100", "riga": "02", "iva": "22 €"},
}
CONTRO_REGOLA: dict[str, Celle] = {
    "isr/studi": {"stato": "PUBBLICATO", "data_pubblicazione": ""},
    "cciaa/attivita": {"stato": "ESEGUITA", "data_conclusione": ""},
    "registro_imprese/pratiche": {"data_ora_chiusura": ""},
    "registro_imprese/consistenza": {"registrate": "1", "attive": "2"},
    "conciliazione/procedimenti": {"data_conclusione": "31/12/2019"},
    "segreteria/trasparenza": {"applicabile": "S", "punteggio": "0"},
    "segreteria/accessi": {"data_risposta": "30/12/2020"},
    "segreteria/personale": {"data_fine": "31/12/2009"},
    "provveditorato/pagamenti": {"cig": "corto"},
}
_ALTRA = {"testo": "ALTRO", "intero": "77", "data": "02/04/2021"}


def _altra_chiave(colonna: Colonna) -> Celle:
    return {colonna.nome: colonna.codici[-1] if colonna.codici else _ALTRA[colonna.tipo]}


@dataclass(frozen=True)
class Scena:
    """Rows under one key, as (part, changed cells), and the rule that each breaks, if any."""

    nome: str
    righe: Sequence[tuple[int, Celle]]
    regole: Sequence[str | None]


def scene(codice: str) -> list[Scena]:
    """What may happen under a key of the extract."""
    diversa, uguale = DIVERSA[codice], UGUALE[codice]
    estratto = ESTRATTI[codice]
    obbligatorie = [c.nome for c in estratto.colonne if c.obbligatoria]
    vuota = next((c for c in obbligatorie if c not in estratto.chiave), obbligatorie[-1])
    conflitto = "chiave_in_conflitto"
    elenco = [
        Scena("uguali in una parte", [(1, {}), (1, {})], [None, "duplicato"]),
        Scena("uguali tra parti", [(1, {}), (2, {})], [None, "duplicato"]),
        Scena("tre uguali", [(1, {}), (2, {}), (2, {})], [None, "duplicato", "duplicato"]),
        Scena("scritte diversamente", [(1, {}), (2, uguale)], [None, "duplicato"]),
        Scena("diverse in una parte", [(1, {}), (1, diversa)], [conflitto, conflitto]),
        Scena("diverse tra parti", [(1, diversa), (2, {})], [conflitto, conflitto]),
        Scena("tre di cui due uguali", [(1, {}), (1, uguale), (2, diversa)], [conflitto] * 3),
        Scena("una già scartata", [(1, {vuota: ""}), (2, {})], ["obbligatorio", None]),
        Scena(
            "una scartata e due uguali",
            [(1, diversa | {vuota: ""}), (1, {}), (2, {})],
            ["obbligatorio", None, "duplicato"],
        ),
    ]
    if codice in REGOLE_RIGA:
        rotta = CONTRO_REGOLA[codice]
        elenco.append(Scena("una contro una regola", [(1, rotta), (1, {})], ["regola_riga", None]))
    for colonna in estratto.colonne:
        if colonna.nome in estratto.chiave:
            righe = [(1, {}), (2, _altra_chiave(colonna))]
            elenco.append(Scena(f"altra {colonna.nome}", righe, [None, None]))
    return elenco


Posto = tuple[str, int]


def _disponi(codice: str) -> tuple[dict[str, bytes], list[list[Posto]]]:
    """The parts that hold all the scenes of an extract, and where each row of each stands."""
    righe: dict[int, list[Celle]] = {1: [], 2: []}
    posti: list[list[Posto]] = []
    for n, scena in enumerate(scene(codice)):
        posti.append([])
        for parte, celle in scena.righe:
            # Another value of a key column is unique to its scene too, or scenes would meet.
            unica = {c: f"{v} {n}" if v == "ALTRO" else v for c, v in celle.items()}
            righe[parte].append(riga_buona(codice, n, **unica))
            posti[n].append((percorso(codice, str(parte)), 1 + len(righe[parte])))
    return {percorso(codice, str(p)): csv(codice, r) for p, r in righe.items()}, posti


def _verifica(codice: str, lettura: Lettura) -> None:
    """Every row of every scene has its fate, and the column named is the key."""
    chiave = ", ".join(ESTRATTI[codice].chiave)
    for scena, posti in zip(scene(codice), _disponi(codice)[1], strict=True):
        trovate: list[str | None] = []
        for file, riga in posti:
            scarti = [s for s in lettura.scarti if (s.file, s.riga) == (file, riga)]
            trovate.append(scarti[0].regola if scarti else None)
            assert len(scarti) <= 1
            assert ((file, riga) in lettura.righe) == (not scarti)
            for scarto in scarti:
                if scarto.regola in ("duplicato", "chiave_in_conflitto"):
                    assert scarto.colonna == chiave
        assert trovate == list(scena.regole), scena.nome


@pytest.mark.parametrize("codice", CON_CHIAVE)
def test_equal_rows_are_kept_once_and_different_ones_not_at_all(
    codice: str, ingerisci: Ingerisci
) -> None:
    parti, _ = _disponi(codice)
    _verifica(codice, leggi(codice, parti))
    _verifica(codice, ingerisci(codice, parti).lettura)


@pytest.mark.parametrize("codice", SENZA_CHIAVE)
def test_extract_without_key_keeps_equal_rows(codice: str, ingerisci: Ingerisci) -> None:
    riga = riga_buona(codice, 0)
    parti = {percorso(codice, n): csv(codice, [riga, riga]) for n in ("1", "2")}
    lettura = ingerisci(codice, parti).lettura
    assert (len(lettura.righe), lettura.scarti) == (4, frozenset())


def _regole(lettura: Lettura) -> dict[Posto, str]:
    return {(s.file, s.riga): s.regola for s in lettura.scarti}


def _ingerisci_righe(ingerisci: Ingerisci, codice: str, *celle: Celle) -> Ingestito:
    """One part with one row for each of `celle`, all from the same good row."""
    ingestito = ingerisci(
        codice, {percorso(codice): csv(codice, [riga_buona(codice, 0, **c) for c in celle])}
    )
    assert isinstance(ingestito, Ingestito)
    return ingestito


def _per_riga(lettura: Lettura, quante: int) -> list[str | None]:
    regole = {s.riga: s.regola for s in lettura.scarti}
    return [regole.get(2 + n) for n in range(quante)]


def test_first_part_by_the_bytes_of_its_name_is_the_one_kept(ingerisci: Ingerisci) -> None:
    codice = "isr/studi"
    contenuto = csv(codice, [riga_buona(codice, 0)])
    nomi = ["-1.csv", "-1.csv.gz", "-10.csv", "-2.csv", "-B.csv", "-a.csv", "-à.csv", ".csv"]
    parti = {
        f"MS/2020/isr/studi{n}": csv_gz(contenuto) if n.endswith("gz") else contenuto for n in nomi
    }
    attese = {(f"MS/2020/isr/studi{n}", 2): "duplicato" for n in nomi[1:]}
    for parte in (parti, dict(reversed(parti.items()))):
        lettura = ingerisci(codice, parte).lettura
        assert set(lettura.righe) == {("MS/2020/isr/studi-1.csv", 2)}
        assert _regole(lettura) == attese == _regole(leggi(codice, parte))


def test_equal_rows_of_a_workbook_and_of_a_csv_are_duplicates(ingerisci: Ingerisci) -> None:
    codice = "provveditorato/pagamenti"
    riga = riga_buona(codice, 0)
    nativa: dict[str, object] = {**riga, "imponibile": 100, "iva": 22.0, "riga": 2}
    nativa["codice_siope"] = 2101
    foglio = xlsx([list(riga), list(nativa.values())])
    parti = {percorso(codice): csv(codice, [riga]), percorso(codice, "1", "xlsx"): foglio}
    lettura = ingerisci(codice, parti).lettura
    assert _regole(lettura) == {(percorso(codice), 2): "duplicato"}


def test_value_equal_to_the_default_equals_a_missing_one(ingerisci: Ingerisci) -> None:
    for codice, colonna, predefinito in (
        ("registro_imprese/pratiche", "giorni_sospensione", "0"),
        ("segreteria/accessi", "giorni_sospensione", "0"),
        ("segreteria/accessi", "data_presentazione", "31/12/2020"),
        ("provveditorato/pagamenti", "riga", "1"),
    ):
        lettura = _ingerisci_righe(ingerisci, codice, {colonna: ""}, {colonna: predefinito}).lettura
        assert _per_riga(lettura, 2) == [None, "duplicato"], (codice, colonna)


def test_missing_value_without_default_differs_from_zero(ingerisci: Ingerisci) -> None:
    codice = "conciliazione/procedimenti"
    lettura = _ingerisci_righe(ingerisci, codice, {"udienze": ""}, {"udienze": "0"}).lettura
    assert _per_riga(lettura, 2) == ["chiave_in_conflitto"] * 2


def test_number_of_an_act_begins_again_every_year(ingerisci: Ingerisci) -> None:
    lettura = _ingerisci_righe(
        ingerisci,
        "segreteria/atti",
        {"numero": "7", "data": "31/12/2019"},
        {"numero": "7", "data": "01/01/2020"},
        {"numero": "7", "data": "02/01/2021"},
        {"numero": "7", "data": "03/01/2021"},
    ).lettura
    assert _per_riga(lettura, 4) == [None, None, "chiave_in_conflitto", "chiave_in_conflitto"]


def test_rows_that_differ_only_in_unknown_columns_are_equal(ingerisci: Ingerisci) -> None:
    codice = "isr/studi"
    righe = [riga_buona(codice, 0)] * 2
    parti = {percorso(codice): csv(codice, righe, note=["Rossi", "Bianchi"])}
    assert _per_riga(ingerisci(codice, parti).lettura, 2) == [None, "duplicato"]


def test_keys_are_compared_as_typed_values(ingerisci: Ingerisci) -> None:
    codice = "provveditorato/pagamenti"
    lettura = _ingerisci_righe(
        ingerisci,
        codice,
        {"numero_mandato": "A1", "riga": "1.000"},
        {"numero_mandato": " A1 ", "riga": "1000"},
        {"numero_mandato": "a1", "riga": "1000"},
        {"numero_mandato": "A1", "riga": "01"},
        {"numero_mandato": "A01", "riga": "1"},
    ).lettura
    assert _per_riga(lettura, 5) == [None, "duplicato", None, None, None]


def test_rows_with_a_wrong_number_of_fields_share_no_key(ingerisci: Ingerisci) -> None:
    codice = "isr/studi"
    contenuto = csv(codice, [riga_buona(codice, 0, tipologia="x")])
    contenuto += contenuto.splitlines()[1].replace(b";x;", b";y;z;") + b"\n"
    lettura = ingerisci(codice, {percorso(codice): contenuto}).lettura
    assert _per_riga(lettura, 2) == [None, "numero_campi"]


# --- somma_percentuali ----------------------------------------------------------------------------

SOMMA = "somma_percentuali"


def _tempo(matricola: str, processo: str, quota: str, **altre: str) -> Celle:
    return {
        "matricola": matricola,
        "codice_processo": processo,
        "percentuale_tempo": quota,
        **altre,
    }


TEMPI: list[tuple[int, Celle, str | None]] = [
    # Exactly 100 stays, across parts
    (1, _tempo("cento", "A", "60"), None),
    (2, _tempo("cento", "B", "40"), None),
    # A millionth more, across parts and natures: every row of that matricola goes
    (1, _tempo("oltre", "A", "60"), SOMMA),
    (1, _tempo("oltre", "A", "0", natura="ESTERNO"), SOMMA),
    (2, _tempo("oltre", "B", "40,000001"), SOMMA),
    # No float: these sum to 100 exactly
    (1, _tempo("terzi", "A", "33,333333"), None),
    (1, _tempo("terzi", "B", "33,333333"), None),
    (1, _tempo("terzi", "C", "33,333334"), None),
    # Rows already turned away do not count
    (1, _tempo("doppio", "A", "60"), None),
    (2, _tempo("doppio", "A", "60,0"), "duplicato"),
    (2, _tempo("doppio", "B", "40"), None),
    (1, _tempo("litigio", "A", "60"), "chiave_in_conflitto"),
    (2, _tempo("litigio", "A", "61"), "chiave_in_conflitto"),
    (2, _tempo("litigio", "B", "100"), None),
    (1, _tempo("rotto", "A", "60", mesi_servizio="13"), "intervallo"),
    (1, _tempo("rotto", "B", "100"), None),
    (1, _tempo("troppo", "A", "100,5"), "intervallo"),
    (1, _tempo("troppo", "B", "50"), None),
    # The same matricola in another spelling is the same person; another case is another
    (1, _tempo("  spazi ", "A", "60"), SOMMA),
    (2, _tempo("spazi", "B", "50"), SOMMA),
    (1, _tempo("grande", "A", "60"), None),
    (1, _tempo("GRANDE", "A", "60"), None),
    (1, _tempo("007", "A", "60"), None),
    (1, _tempo("7", "A", "60"), None),
]


def test_time_of_a_person_sums_to_at_most_a_hundred(ingerisci: Ingerisci) -> None:
    codice = "kronos/fte"
    righe: dict[int, list[Celle]] = {1: [], 2: []}
    attese = []
    for parte, celle, regola in TEMPI:
        righe[parte].append(riga_buona(codice, 0, **celle))
        if regola is not None:
            attese.append(((percorso(codice, str(parte)), 1 + len(righe[parte])), regola))
    parti = {percorso(codice, str(p)): csv(codice, r) for p, r in righe.items()}
    for lettura in (leggi(codice, parti), ingerisci(codice, parti).lettura):
        assert _regole(lettura) == dict(attese)
        assert len(lettura.scarti) == len(attese)
        assert {s.colonna for s in lettura.scarti if s.regola == SOMMA} == {"percentuale_tempo"}
