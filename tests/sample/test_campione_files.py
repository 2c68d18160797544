"""The sample as files: what is committed is what the generator writes, and it is fit to publish."""

import csv
import gzip
import io
import re
from collections import Counter
from pathlib import Path

import openpyxl
import polars as pl
import pytest

import tests.sample as campione
from pipelines.contract.estratti import PER_CODICE
from pipelines.contract.schema import REGOLE
from tests.sample import generate, generate_pratiche, generate_second, prepare
from tests.sample.consegna import DOVUTI
from tests.sample.modello import GENERATORI, Guasta

RAW = Path(__file__).parents[2] / "raw"
ESERCIZI = (2018, 2019, 2020)
FUORI_CONTRATTO = {"operatore"}


def _estratti(radice: Path) -> dict[str, Path]:
    """Every file of an office below a landing zone, and every mapping, by its path."""
    return {
        percorso.relative_to(radice).as_posix(): percorso
        for percorso in sorted(
            [*radice.glob("*/*/*/*"), *radice.glob("VX/*"), *radice.glob("VX/*/*")]
        )
        if percorso.is_file()
    }


def _contenuto(percorso: Path) -> object:
    """What a file says: compression, workbooks and Parquet depend on a library's version."""
    match "".join(percorso.suffixes[-1:]):
        case ".gz":
            return gzip.decompress(percorso.read_bytes())
        case ".xlsx":
            foglio = openpyxl.load_workbook(percorso).worksheets[0]
            return [
                [(c.value, c.data_type, c.number_format) for c in r] for r in foglio.iter_rows()
            ]
        case ".parquet":
            tabella = pl.read_parquet(percorso)
            return tabella.schema, tabella.rows()
        case _:
            return percorso.read_bytes()


def _intestazione(percorso: Path) -> list[str]:
    if percorso.suffix == ".xlsx":
        prima = next(openpyxl.load_workbook(percorso).worksheets[0].iter_rows(values_only=True))
        return [str(nome) for nome in prima]
    if percorso.suffix == ".parquet":
        return list(pl.read_parquet_schema(percorso))
    contenuto = _contenuto(percorso)
    assert isinstance(contenuto, bytes)
    try:
        testo = contenuto.decode("utf-8-sig")
    except UnicodeDecodeError:
        testo = contenuto.decode("cp1252")
    riga = next(riga for riga in testo.splitlines() if riga)
    separatore = max(";,\t", key=riga.count)
    return next(csv.reader(io.StringIO(riga), delimiter=separatore))


def _nome(testata: str) -> str:
    return testata.strip().lower().replace("à", "a")


@pytest.fixture(scope="module")
def rigenerata(tmp_path_factory: pytest.TempPathFactory) -> Path:
    radice = tmp_path_factory.mktemp("raw")
    scritti = generate(radice) + generate_second(radice)
    assert {path for path in radice.rglob("*") if path.is_file()} - set(scritti) == {
        radice / f"MS/{esercizio}/sintetico.txt" for esercizio in ESERCIZI
    }
    return radice


def test_regenerating_gives_what_is_committed(rigenerata: Path) -> None:
    attesi, trovati = _estratti(rigenerata), _estratti(RAW)
    assert trovati.keys() == attesi.keys(), "write the sample again: make sample"
    diversi = [p for p in attesi if _contenuto(attesi[p]) != _contenuto(trovati[p])]
    assert diversi == []


def test_the_same_call_writes_the_same_bytes(tmp_path: Path) -> None:
    for nome in ("una", "due"):
        generate(tmp_path / nome, esercizi=(2020,), pratiche=300)
    una, due = _estratti(tmp_path / "una"), _estratti(tmp_path / "due")
    assert [p.read_bytes() for p in una.values()] == [p.read_bytes() for p in due.values()]


def test_the_sample_is_small() -> None:
    grandezze = {p: f.stat().st_size for p, f in _estratti(RAW).items()}
    assert max(grandezze.values()) < 1_000_000
    assert sum(grandezze.values()) < 7_000_000


def test_every_declared_extract_is_there_in_every_year() -> None:
    lacking = [
        f'{codice} has no sample: write a function with @genera("{codice}") in tests/sample/uffici/'
        for codice in set(DOVUTI) - GENERATORI.keys()
    ]
    assert lacking == []
    assert GENERATORI.keys() - PER_CODICE.keys() == set()
    for esercizio in ESERCIZI:
        assert {c.estratto for c in prepare("MS", esercizio, pratiche=100)} == set(DOVUTI)


def test_columns_are_those_of_the_contract() -> None:
    """One column outside it is there on purpose; none may hold anything about a person."""
    for esercizio in ESERCIZI:
        for consegna in prepare("MS", esercizio, pratiche=100):
            nomi = {_nome(t) for t in _intestazione(RAW / consegna.percorso)}
            colonne = {c.nome for c in PER_CODICE[consegna.estratto].colonne}
            assert colonne <= nomi, consegna.percorso
            assert nomi - colonne <= FUORI_CONTRATTO, consegna.percorso


def test_people_are_codes_and_nothing_else() -> None:
    codice = re.compile(r"MS[0-9]{4}|E[0-9]{4}")
    for esercizio in ESERCIZI:
        for consegna in prepare("MS", esercizio, pratiche=100):
            for voce in consegna.voci:
                if voce is None:
                    continue
                riga = voce.valori if isinstance(voce, Guasta) else voce
                if "matricola" in riga:
                    assert codice.fullmatch(str(riga["matricola"])), consegna.percorso


def test_the_offices_write_in_every_way_that_the_contract_accepts() -> None:
    file = [c for esercizio in ESERCIZI for c in prepare("MS", esercizio, pratiche=100)]
    dialetti = [c.dialetto for c in file]
    assert {d.formato for d in dialetti} == {"csv", "csv.gz", "xlsx", "parquet"}
    assert {d.separatore for d in dialetti} == {";", ",", "\t"}
    assert {d.codifica for d in dialetti} == {"utf-8", "utf-8-sig", "cp1252"}
    assert {d.fine_riga for d in dialetti} == {"\n", "\r\n"}
    assert {d.valuta for d in dialetti} == {"", "prima", "dopo"}
    assert {d.intestazione for d in dialetti} == {"contratto", "maiuscola", "accentata"}
    assert {d.date_iso for d in dialetti} == {d.operatore for d in dialetti} == {True, False}
    for c in file:
        if c.dialetto.codifica == "cp1252" and c.estratto == "provveditorato/pagamenti":
            with pytest.raises(UnicodeDecodeError):
                (RAW / c.percorso).read_bytes().decode("utf-8")


def test_every_rule_is_broken_every_year_by_a_few_rows_in_a_hundred() -> None:
    for esercizio in ESERCIZI:
        file = list(prepare("MS", esercizio))
        scarti = sum((c.righe_scartate for c in file), Counter[str]())
        # A footer of the sample is too short to be a row, and that rule comes first.
        # Nor does it put a person where none should be.
        assert set(scarti) == set(REGOLE) - {"riga_di_totale", "dato_personale"}
        assert 0.01 < scarti.total() / sum(c.righe_lette for c in file) < 0.05


@pytest.mark.parametrize("esercizio", ESERCIZI)
def test_wrong_lines_are_additional(esercizio: int) -> None:
    """Without them the sound rows are the same, in the same order."""

    def buone(sporco: bool) -> dict[str, list[object]]:
        return {
            c.percorso: [v for v in c.voci if isinstance(v, dict)]
            for c in prepare("MS", esercizio, pratiche=2_000, sporco=sporco)
        }

    assert buone(sporco=True) == buone(sporco=False)
    pulite = prepare("MS", esercizio, pratiche=2_000, sporco=False)
    assert all(isinstance(v, dict) for c in pulite for v in c.voci)


def test_how_many_pratiche_changes_nothing_else(tmp_path: Path) -> None:
    for pratiche in (0, 1, 40):
        generate(tmp_path / str(pratiche), esercizi=(2019,), pratiche=pratiche)
    zero, uno, molte = (
        {p: f.read_bytes() for p, f in _estratti(tmp_path / n).items() if "pratiche" not in p}
        for n in ("0", "1", "40")
    )
    assert zero == uno == molte


def test_other_chambers_are_made_up_each_in_its_own_way(tmp_path: Path) -> None:
    for camera in ("LU", "PI"):
        generate(tmp_path, camera, (2020, 2021), pratiche=200)
    file = _estratti(tmp_path)
    assert {tuple(p.split("/")[:2]) for p in file} == {
        (camera, anno) for camera in ("LU", "PI") for anno in ("2020", "2021")
    }
    assert len({f.read_bytes() for f in file.values()}) == len(file)


def test_the_plan_is_never_written(tmp_path: Path) -> None:
    generate(tmp_path, pratiche=10)
    assert not list(tmp_path.rglob("allegato*"))


@pytest.mark.parametrize("righe", [0, 1, 7, 250_000])
def test_one_file_of_as_many_pratiche_as_asked(tmp_path: Path, righe: int) -> None:
    percorso = tmp_path / "registro_imprese" / "pratiche.csv"
    generate_pratiche(percorso, righe, 2020, seed=5)
    with percorso.open(encoding="utf-8", newline="") as f:
        lettore = csv.reader(f, delimiter=";")
        assert next(lettore) == [c.nome for c in PER_CODICE["registro_imprese/pratiche"].colonne]
        protocolli = [protocollo for protocollo, _, _, _, _, _ in lettore]
    assert len(protocolli) == len(set(protocolli)) == righe


def test_chance_comes_from_one_place() -> None:
    """Other methods of Random, and the clock, differ between versions and days."""
    vietato = re.compile(r"\b(randint|randrange|choices?|shuffle|sample|gauss|uniform|today|now)\(")
    assert campione.__file__ is not None
    for modulo in Path(campione.__file__).parent.glob("*.py"):
        assert not vietato.search(modulo.read_text(encoding="utf-8")), modulo.name
