"""The indicators, sentence by sentence, through the whole system.

Belongs here: the cases of casi/ run in one landing zone (a case is a chamber and a year), and
what must hold for every figure: sums, lines, states, missing extracts.
Does not belong here: random comparisons with the reference (test_confronto.py).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from string import ascii_uppercase

import duckdb
import pytest

from pipelines.contract.estratti import PER_CODICE
from pipelines.warehouse.models import SQL, catalogue, read_models
from tests.contratto import SEDICI
from tests.indicatori import piano, zona
from tests.indicatori.casi import CASI, CASI_ESTREMI, INDICATORI, SERVE_A
from tests.indicatori.caso import GIORNO, RIFIUTATO, Caso, Contenuto
from tests.reference import indicatori as riferimento

CODICI = [indicatore.codice for indicatore in INDICATORI.values()]
CONDIVISI = {d.codice for d in catalogue(read_models()) if d.condiviso}

COMPLETA, VUOTA, SOLO_TESTATE, A_PARTI, PARTE_RIFIUTATA = "YA", "YB", "YC", "YD", "YE"
SENZA_PIANO = "YF"
"""Every extract and no plan. The others have one with what chambers share, of their first year."""


def _griglia() -> dict[str, set[str]]:
    """Chambers that lack a line, or a column, of a grid of the extracts, in which those that indicators need
    together stand on one line: each extract is taken away twice, each time with other companions. It
    tells as much as a chamber for each extract, in half the files."""
    insieme: list[set[str]] = [{estratto} for estratto in PER_CODICE]
    for indicatore in INDICATORI.values():
        uniti = [i for i in insieme if i & {*indicatore.estratti}]
        insieme = [i for i in insieme if i not in uniti] + [set().union(*uniti)]
    larghezza = max(5, *map(len, insieme))
    linee: list[list[str]] = []
    for estratti in sorted(insieme, key=lambda i: (-len(i), min(i))):
        linea = next((li for li in linee if len(li) + len(estratti) <= larghezza), None)
        if linea is None:
            linee.append(linea := [])
        linea += sorted(estratti)
    colonne = [[linea[i] for linea in linee if i < len(linea)] for i in range(larghezza)]
    return {f"Z{k}": set(tolti) for k, tolti in zip(ascii_uppercase, linee + colonne, strict=False)}


SENZA = _griglia()


def _cartella(caso: Caso) -> dict[str, Contenuto | None]:
    """What a case asks of each extract: its rows, or (None) that it be absent."""
    servono = INDICATORI[caso.codice.lower()].estratti
    return dict.fromkeys(servono) | dict(caso.estratti)


def distribuisci(casi: list[Caso]) -> dict[Caso, str]:
    """A chamber for each case: cases of one year that do not contradict each other share one."""
    cartelle: dict[tuple[str, int], dict[str, Contenuto | None]] = {}
    camere = {}
    for caso in casi:
        mia = _cartella(caso)
        for camera in zona.sigle():
            altra = cartelle.setdefault((camera, caso.esercizio), {})
            if all(altra.get(e, contenuto) == contenuto for e, contenuto in mia.items()):
                altra.update(mia)
                camere[caso] = camera
                break
    return camere


CAMERE = distribuisci(CASI)
CAMERE_ESTREME = distribuisci(CASI_ESTREMI)

Figura = tuple[Fraction | None, Fraction | None, Fraction | None, str]
"""numeratore, denominatore, valore (cut to 12 decimals), stato."""


@dataclass(frozen=True)
class Magazzino:
    """What the run published, read once; keys are (camera, esercizio, codice)."""

    raw: Path
    con: duckdb.DuckDBPyConnection
    valori: Mapping[tuple[str, int, str], Figura]
    contributi: Mapping[tuple[str, int, str], set[tuple[str, int]]]


def _valori(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, int, str], Figura]:
    return {
        (r["camera"], r["esercizio"], r["codice"]): (
            zona.esatto(r["numeratore"]),
            zona.esatto(r["denominatore"]),
            zona.esatto(r["valore"]),
            r["stato"],
        )
        for r in zona.interroga(con, "from indicatori.valori")
    }


def _contributi(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, int, str], set[tuple[str, int]]]:
    righe: dict[tuple[str, int, str], set[tuple[str, int]]] = {}
    for r in zona.interroga(con, "from indicatori.contributi"):
        luoghi = righe.setdefault((r["camera"], r["esercizio"], r["codice"]), set())
        assert (r["_file"], r["_riga"]) not in luoghi, f"contributo ripetuto: {r}"
        luoghi.add((r["_file"], r["_riga"]))
    return righe


def _scrivi_casi(raw: Path, camere: Mapping[Caso, str]) -> None:
    for caso, camera in camere.items():
        (raw / camera / str(caso.esercizio)).mkdir(parents=True, exist_ok=True)
        for estratto, contenuto in caso.estratti.items():
            zona.scrivi(raw, camera, caso.esercizio, estratto, contenuto)


def _scrivi_piani(raw: Path) -> None:
    for camera in raw.iterdir():
        anno = min(int(cartella.name) for cartella in camera.iterdir())
        piano.scrivi(raw, camera.name, anno, piano.con_i_condivisi())


def _scrivi_zona(raw: Path) -> None:
    _scrivi_casi(raw, CAMERE)
    for estratto in SERVE_A:
        zona.scrivi(raw, COMPLETA, 2020, estratto, [{}, {}])
        zona.scrivi(raw, SOLO_TESTATE, 2020, estratto, [])
        for camera, tolti in SENZA.items():
            if estratto not in tolti:
                zona.scrivi(raw, camera, 2020, estratto, [{}, {}])
    (raw / VUOTA / "2020").mkdir(parents=True)
    zona.scrivi(raw, A_PARTI, 2020, "isr/studi", [{"id_studio": "A"}], parte="-01")
    zona.scrivi(raw, A_PARTI, 2020, "isr/studi", [{"id_studio": "B"}], parte="-02")
    zona.scrivi(raw, PARTE_RIFIUTATA, 2020, "isr/studi", [{}], parte="-01")
    zona.scrivi(raw, PARTE_RIFIUTATA, 2020, "isr/studi", RIFIUTATO, parte="-02")
    _scrivi_piani(raw)
    for estratto in SERVE_A:
        zona.scrivi(raw, SENZA_PIANO, 2020, estratto, [{}, {}])


@pytest.fixture(scope="module")
def magazzino(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Magazzino]:
    radice = tmp_path_factory.mktemp("definizioni")
    _scrivi_zona(radice / "raw")
    with zona.pubblica(radice / "raw", radice / "warehouse", GIORNO, documenti=False) as con:
        yield Magazzino(radice / "raw", con, _valori(con), _contributi(con))


def _atteso(caso: Caso) -> Figura:
    valore = None if caso.valore is None else riferimento.tronca(caso.valore)
    return caso.numeratore, caso.denominatore, valore, caso.stato


def _luoghi(caso: Caso, camera: str) -> set[tuple[str, int]]:
    return {
        (zona.percorso(camera, caso.esercizio, estratto), numero + 2)
        for estratto, numeri in caso.contano.items()
        for numero in numeri
    }


@pytest.mark.parametrize("caso", CASI, ids=str)
def test_indicator_is_what_its_definition_says(magazzino: Magazzino, caso: Caso) -> None:
    chiave = (CAMERE[caso], caso.esercizio, caso.codice)
    assert magazzino.valori[chiave] == _atteso(caso)
    assert magazzino.contributi.get(chiave, set()) == _luoghi(caso, CAMERE[caso])


@pytest.fixture(scope="module")
def estremi(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Magazzino]:
    """A landing zone of its own: what breaks here hides nothing there."""
    radice = tmp_path_factory.mktemp("estremi")
    _scrivi_casi(radice / "raw", CAMERE_ESTREME)
    _scrivi_piani(radice / "raw")
    with zona.pubblica(radice / "raw", radice / "warehouse", GIORNO, documenti=False) as con:
        yield Magazzino(radice / "raw", con, _valori(con), _contributi(con))


@pytest.mark.parametrize("caso", CASI_ESTREMI, ids=str)
def test_amounts_at_the_limit_of_the_contract_are_exact(estremi: Magazzino, caso: Caso) -> None:
    chiave = (CAMERE_ESTREME[caso], caso.esercizio, caso.codice)
    assert estremi.valori[chiave] == _atteso(caso)
    assert estremi.contributi.get(chiave, set()) == _luoghi(caso, CAMERE_ESTREME[caso])


DEL_CONTRATTO = [caso for caso in CASI if caso.codice in riferimento.DEFINIZIONI]
"""The cases of the indicators that the contract defines, and the reference computes a second time."""


@pytest.mark.parametrize("caso", DEL_CONTRATTO, ids=str)
def test_reference_says_the_same_as_the_figures_worked_out_by_hand(caso: Caso) -> None:
    camera = CAMERE[caso]
    estratti = {
        estratto: None
        if isinstance(contenuto, str)
        else _senza_doppioni(zona.tipizzate(camera, caso.esercizio, estratto, contenuto), estratto)
        for estratto, contenuto in caso.estratti.items()
    }
    fine = riferimento.data_di_riferimento(caso.esercizio, GIORNO)
    calcolato = riferimento.calcola(estratti, caso.esercizio, fine)[caso.codice]
    assert (calcolato.numeratore, calcolato.denominatore, calcolato.stato) == (
        caso.numeratore,
        caso.denominatore,
        caso.stato,
    )
    assert calcolato.valore == caso.valore
    assert {(c.file, c.riga) for c in calcolato.contributi} == _luoghi(caso, camera)


def _senza_doppioni(righe: list[zona.Riga], estratto: str) -> list[zona.Riga]:
    """What quarantine leaves of rows with one key: the first if all are equal, else none."""
    chiave = PER_CODICE[estratto].chiave
    if not chiave:
        return righe
    gruppi: dict[tuple[object, ...], list[zona.Riga]] = {}
    for r in righe:
        anno = (r["data"].year,) if PER_CODICE[estratto].chiave_anno_di else ()
        gruppi.setdefault((*(r[c] for c in chiave), *anno), []).append(r)
    senza_luogo = [
        [{k: v for k, v in r.items() if k != "_riga"} for r in gruppo] for gruppo in gruppi.values()
    ]
    return [
        gruppo[0]
        for gruppo, nudi in zip(gruppi.values(), senza_luogo, strict=True)
        if all(n == nudi[0] for n in nudi)
    ]


def test_test_rows_have_the_columns_of_the_contract() -> None:
    mie = {e: list(riga) for e, riga in zona.predefinite(2020, 0).items()}
    assert mie == {e.codice: [c.nome for c in e.colonne] for e in PER_CODICE.values()}


def test_every_indicator_has_a_case_file() -> None:
    """What is there, by the names of the files of sql/ alone."""
    lacking = [
        f"{path.stem} has no case file: write tests/indicatori/casi/{path.stem.lower()}.py"
        for path in (SQL / "indicatori/contributi").glob("*.sql")
        if path.stem.lower() not in INDICATORI
    ]
    assert lacking == []
    orphans = [
        f"tests/indicatori/casi/{nome}.py is of {i.codice}, which has no SQL file"
        for nome, i in INDICATORI.items()
        if nome != i.codice.lower() or not (SQL / f"indicatori/contributi/{i.codice}.sql").is_file()
    ]
    assert orphans == []


@pytest.mark.parametrize("codice", CODICI)
def test_a_case_file_has_rows_that_count_and_rows_that_are_missing(codice: str) -> None:
    indicatore = INDICATORI[codice.lower()]
    assert {caso.codice for caso in indicatore.casi} == {codice}
    assert any(caso.valore for caso in indicatore.casi), "no case in which something counts"
    assert any(caso.stato == "DATI_MANCANTI" for caso in indicatore.casi)
    assert indicatore.estratti


def test_the_indicators_of_the_contract_are_there_as_the_reference_has_them() -> None:
    assert set(SEDICI) == riferimento.DEFINIZIONI.keys()
    assert set(SEDICI) - set(CODICI) == set()
    for codice, definizione in riferimento.DEFINIZIONI.items():
        mio = INDICATORI[codice.lower()]
        assert mio.estratti == definizione.estratti
        assert (mio.misura == "conteggio") == definizione.conteggio
        assert (mio.misura == "percentuale") == (definizione.unita == "percentuale")


def test_every_chamber_and_year_has_every_indicator_and_no_other(magazzino: Magazzino) -> None:
    partizioni = {(c, caso.esercizio) for caso, c in CAMERE.items()}
    partizioni |= {(c, 2020) for c in SENZA}
    partizioni |= {(c, 2020) for c in (COMPLETA, VUOTA, SOLO_TESTATE, A_PARTI, PARTE_RIFIUTATA)}
    del_contratto = {codice for codice in CODICI if codice not in CONDIVISI}
    assert set(magazzino.valori) == {
        *((c, a, codice) for c, a in partizioni for codice in CODICI),
        *((SENZA_PIANO, 2020, codice) for codice in del_contratto),
    }


def test_what_chambers_share_is_computed_where_the_plan_in_force_has_it_alone(
    magazzino: Magazzino,
) -> None:
    """The other figures, and their lines, are the same with it and without."""
    con, senza = (
        {
            (codice, figura)
            for (c, _, codice), figura in magazzino.valori.items()
            if c == camera and codice not in CONDIVISI
        }
        for camera in (COMPLETA, SENZA_PIANO)
    )
    assert con == senza
    contribuiscono = {codice for c, _, codice in magazzino.contributi if c == SENZA_PIANO}
    assert contribuiscono == {codice for codice in CODICI if codice not in CONDIVISI}
    aperti = {"CONCILIAZIONI_NEI_TERMINI"}  # the procedures of the default rows are not concluded
    assert {codice for c, _, codice in magazzino.contributi if c == COMPLETA} == {*CODICI} - aperti
    for codice in CONDIVISI:
        ((quante,),) = magazzino.con.execute(
            f"select count(*) from contributi.{codice} where camera = ?", [SENZA_PIANO]
        ).fetchall()
        assert quante == 0


@pytest.mark.parametrize("camera", SENZA)
def test_without_extracts_exactly_what_needs_them_is_missing(
    magazzino: Magazzino, camera: str
) -> None:
    mancanti = set().union(*(SERVE_A[e] for e in SENZA[camera]))
    for codice in CODICI:
        intero = magazzino.valori[COMPLETA, 2020, codice]
        assert intero[2] is not None or codice not in SEDICI
        atteso = (None, None, None, "DATI_MANCANTI") if codice in mancanti else intero
        assert magazzino.valori[camera, 2020, codice] == atteso, codice


@pytest.mark.parametrize("codice", CODICI)
def test_what_is_taken_away_shows_every_need_that_is_too_many_or_too_few(codice: str) -> None:
    """For each extract a chamber lacks it, and nothing else that the indicator needs."""
    servono = set(INDICATORI[codice.lower()].estratti)
    for estratto in PER_CODICE:
        assert [c for c, tolti in SENZA.items() if tolti & (servono | {estratto}) == {estratto}]


def test_an_empty_folder_misses_everything(magazzino: Magazzino) -> None:
    for codice in CODICI:
        assert magazzino.valori[VUOTA, 2020, codice] == (None, None, None, "DATI_MANCANTI")


def test_headers_alone_are_counts_of_0_and_nothing_to_divide_by(magazzino: Magazzino) -> None:
    zero = Fraction(0)
    for codice in CODICI:
        if INDICATORI[codice.lower()].misura == "conteggio":
            atteso: Figura = (zero, None, zero, "DEFINITIVO")
        else:
            atteso = (zero, zero, None, "NON_CALCOLABILE")
        assert magazzino.valori[SOLO_TESTATE, 2020, codice] == atteso, codice


def test_an_extract_in_parts_is_all_of_them(magazzino: Magazzino) -> None:
    chiave = (A_PARTI, 2020, "ISR_STUDI")
    assert magazzino.valori[chiave] == (Fraction(2), None, Fraction(2), "DEFINITIVO")
    assert magazzino.contributi[chiave] == {
        (f"{A_PARTI}/2020/isr/studi-01.csv", 2),
        (f"{A_PARTI}/2020/isr/studi-02.csv", 2),
    }


def test_an_extract_with_a_refused_part_is_missing(magazzino: Magazzino) -> None:
    chiave = (PARTE_RIFIUTATA, 2020, "ISR_STUDI")
    assert magazzino.valori[chiave] == (None, None, None, "DATI_MANCANTI")
    assert chiave not in magazzino.contributi


def test_a_value_that_is_not_there_says_why(magazzino: Magazzino) -> None:
    muti = zona.interroga(
        magazzino.con,
        "from indicatori.valori where stato in ('DATI_MANCANTI', 'NON_CALCOLABILE')",
    )
    assert muti
    assert [r for r in muti if not (r["motivo"] or "").strip() or r["valore"] is not None] == []


def test_data_riferimento_is_the_end_of_a_closed_year_else_the_day_of_the_run(
    magazzino: Magazzino,
) -> None:
    date_ = zona.interroga(
        magazzino.con, "select distinct esercizio, data_riferimento from indicatori.valori"
    )
    trovate = {(r["esercizio"], r["data_riferimento"]) for r in date_}
    assert trovate == {
        (2020, riferimento.data_di_riferimento(2020, GIORNO)),
        (2021, GIORNO),
    }


def test_no_published_figure_is_a_float(magazzino: Magazzino) -> None:
    colonne = zona.interroga(
        magazzino.con,
        "select table_schema, table_name, column_name, data_type from information_schema.columns",
    )
    mobili = [c for c in colonne if c["data_type"] in ("DOUBLE", "FLOAT", "REAL")]
    assert colonne
    assert mobili == []


DIFFERENZE = """
with attese as (
    select p.camera, p.esercizio, c.codice
    from (select distinct camera, esercizio from fonti_viste) p
    cross join (select unnest(?::varchar[]) as codice) c
),
somme as (
    select camera, esercizio, codice,
        sum(numeratore) as numeratore, coalesce(sum(denominatore), 0) as denominatore
    from contributi
    group by all
)
select a.camera, a.esercizio, a.codice
from attese a
left join valori v using (camera, esercizio, codice)
left join somme s using (camera, esercizio, codice)
where v.stato is null
    or case v.stato
        when 'DATI_MANCANTI'
            then s.codice is not null or v.numeratore is not null or v.denominatore is not null
        else coalesce(s.numeratore, 0) is distinct from v.numeratore
            or coalesce(s.denominatore, 0) is distinct from coalesce(v.denominatore, 0)
    end
"""
"""Indicators whose contributions do not sum to the published figures, or that are not there."""


def _copia(magazzino: Magazzino) -> duckdb.DuckDBPyConnection:
    """The published tables in memory, to be spoilt."""
    con = duckdb.connect()
    file = magazzino.raw.parent / "warehouse" / "pira.duckdb"
    con.execute(f"attach '{file}' as pubblicato (read_only)")
    con.execute("create table valori as from pubblicato.indicatori.valori")
    con.execute("create table contributi as from pubblicato.indicatori.contributi")
    con.execute(
        "create table fonti_viste as select distinct camera, esercizio from valori where camera <> ?",
        [SENZA_PIANO],
    )
    return con


def _differenze(con: duckdb.DuckDBPyConnection) -> list[zona.Riga]:
    return zona.interroga(con, DIFFERENZE, list(CODICI))


def test_contributions_sum_to_the_published_figures(magazzino: Magazzino) -> None:
    with _copia(magazzino) as con:
        assert _differenze(con) == []


@pytest.mark.parametrize(
    "guasto",
    [
        "delete from valori where codice = 'WELFARE' and camera = 'YA'",
        "delete from valori where codice = 'WELFARE'",
        "delete from contributi where codice = 'WELFARE'",
        "update valori set numeratore = null where codice = 'WELFARE' and camera = 'YA'",
        "update valori set denominatore = null where codice = 'WELFARE' and camera = 'YA'",
        "update contributi set numeratore = 0 where codice = 'WELFARE'",
    ],
)
def test_the_sum_check_goes_red_when_one_indicator_is_spoilt(
    magazzino: Magazzino, guasto: str
) -> None:
    with _copia(magazzino) as con:
        con.execute(guasto)
        assert {"camera": "YA", "esercizio": 2020, "codice": "WELFARE"} in _differenze(con)


def test_every_contribution_is_a_line_of_a_file_of_its_chamber_and_year(
    magazzino: Magazzino,
) -> None:
    linee: dict[str, list[str]] = {}
    for (camera, esercizio, _), luoghi in magazzino.contributi.items():
        for file, riga in luoghi:
            assert file.startswith(f"{camera}/{esercizio}/")
            if file not in linee:
                linee[file] = (magazzino.raw / file).read_text(encoding="utf-8").splitlines()
            assert 2 <= riga <= len(linee[file]), (file, riga)
            assert linee[file][riga - 1].strip(";")
    assert linee
