"""Rows of plans bound to definitions, by name and algorithm, in the very SQL of sql/piano.

Belongs here: which rows are bound, with what score, and what is said where none is. Does not belong
here: the rows that chambers write (legami.txt and legami_condivisi.txt), the scorecard that follows.
"""

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.plan.read import read_plan
from pipelines.warehouse.build import MACRO
from pipelines.warehouse.catalogo import load_catalogue
from pipelines.warehouse.models import SQL, USI, catalogue, plan_words, read_models
from tests.indicatori.piano import ALLEGATO_2020, RIGHE_2020


@dataclass(frozen=True)
class Riga:
    """A row of a plan; `codice` is the definition that it must be bound to, None for none."""

    codice: str | None
    tipo: str | None
    nome: str
    algoritmo: str | None


def _scritte(nome: str) -> list[Riga]:
    testo = Path(__file__).with_name(nome).read_text("utf-8")
    righe = [riga for riga in testo.splitlines() if riga and not riga.startswith("#")]
    return [
        Riga(codice, tipo, nome or "", algoritmo)
        for riga in righe
        for codice, tipo, nome, algoritmo in [
            [None if campo == "-" else campo for campo in riga.split(" | ")]
        ]
    ]


SCRITTE = _scritte("legami.txt")
CONDIVISE = _scritte("legami_condivisi.txt")


def _del_2020() -> list[Riga]:
    per_riga = {int(i.riga): i for i in read_plan(ALLEGATO_2020.read_bytes()).indicatori}
    return [
        Riga(codice, i.tipo_indicatore, i.indicatore, i.algoritmo)
        for codice, riga in RIGHE_2020.items()
        for i in [per_riga[riga]]
    ]


@pytest.fixture(scope="module")
def database() -> Iterator[duckdb.DuckDBPyConnection]:
    """The macros and the catalogue, without any plan."""
    with closing(duckdb.connect()) as connection:
        for schema in (*MACRO, "indicatori", "lettura", "piano"):
            connection.execute(f"create schema {schema}")
        for macros in MACRO:
            connection.execute((SQL / f"{macros}.sql").read_text("utf-8"))
        load_catalogue(connection, read_models())
        connection.execute(
            "create table lettura.indicatori (camera varchar, esercizio integer, missione varchar,"
            " programma varchar, obiettivo varchar, progressivo integer, parte varchar,"
            " riga integer, cella varchar,"
            " indicatore varchar, algoritmo varchar, tipo_indicatore varchar, percentuale boolean)"
        )
        connection.execute(
            "create table lettura.legami (camera varchar, esercizio integer, missione varchar,"
            " programma varchar, obiettivo varchar, progressivo integer, codice varchar)"
        )
        yield connection


def lega(
    database: duckdb.DuckDBPyConnection, righe: Sequence[Riga], *, insieme: bool = False
) -> list[dict[str, Any]]:
    """What `piano.riconosciuti` says of some rows, each of a plan of its own or all of one."""
    database.execute("delete from lettura.indicatori")
    database.executemany(
        "insert into lettura.indicatori values ('AA', ?, '011', '005', '1.1', ?, '', ?, '2', ?, ?, ?, false)",
        [
            (2020 if insieme else 2020 + n, n, n, r.nome, r.algoritmo, r.tipo)
            for n, r in enumerate(righe, 1)
        ],
    )
    for model in read_models():
        if model.tabella in ("piano.somiglianze", "piano.riconosciuti"):
            database.execute(f"create or replace table {model.tabella} as {model.sql}")
    found = database.execute("from piano.riconosciuti order by riga")
    names = [d[0] for d in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def assert_legate(
    database: duckdb.DuckDBPyConnection, righe: Sequence[Riga], *, insieme: bool = False
) -> None:
    legami = lega(database, righe, insieme=insieme)
    sbagliate = [
        (riga, legame["codice"], legame["motivo"])
        for riga, legame in zip(righe, legami, strict=True)
        if legame["codice"] != riga.codice
    ]
    assert sbagliate == []
    for legame in legami:
        legata = legame["codice"] is not None
        assert legata == (legame["motivo"] is None) == (legame["regola"] is None)
        assert legata == (legame["metodo"] is not None)
        assert not legata or legame["punteggio"] >= Decimal("0.8")
        assert not legata or legame["punteggio"] - legame["punteggio_secondo"] >= Decimal("0.2")


def test_the_table_is_worth_its_name() -> None:
    assert sum(r.codice is None for r in SCRITTE) >= 100
    assert {r.codice for r in SCRITTE} == {None, *RIGHE_2020}
    for codice in RIGHE_2020:
        assert sum(r.codice == codice for r in SCRITTE) >= 3
    condivisi = {d.codice for d in catalogue(read_models()) if d.condiviso}
    assert len(condivisi) >= 12
    assert condivisi <= {r.codice for r in CONDIVISE}


@pytest.mark.parametrize("righe", [SCRITTE, CONDIVISE], ids=["contratto", "condivise"])
def test_rows_in_other_words_are_bound_and_other_measures_are_not(
    database: duckdb.DuckDBPyConnection, righe: list[Riga]
) -> None:
    assert_legate(database, righe)


def test_what_chambers_share_leaves_alone_what_is_recognised_without_it(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """Not even the runner-up is another: with a shared definition that would win, all is as before."""
    righe = [*SCRITTE, *_del_2020()]
    database.execute("begin")
    try:
        database.execute("delete from indicatori.catalogo where condiviso")
        senza = lega(database, righe)
        database.execute(
            "insert into indicatori.catalogo values ('A', 'x', 'numero', '=>', true, 'x', true, 'x', 'x')"
        )
        database.execute(
            "insert into indicatori.forme values ('A', 'conta', 'numero|n|tempo|spesa')"
        )
        con = lega(database, righe)
    finally:
        database.execute("rollback")
    legate = [riga for riga in senza if riga["codice"]]
    assert legate and legate == [riga for riga in con if riga["codice"] not in (None, "A")]
    assert any(riga["codice"] == "A" for riga in con)


def test_what_the_mapping_says_binds_a_row_and_outweighs_what_is_like_it(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """The row that the mapping names is bound to it; the one that only looks so gives way."""
    righe = [
        Riga("SEDUTE", None, "Parole di questa Camera", None),
        Riga(None, None, "Numero totale di sedute di Giunta e di Consiglio", None),
        Riga("DELIBERE", None, "Numero totale di delibere di Giunta e Consiglio camerale", None),
    ]
    try:
        database.execute(
            "insert into lettura.legami values ('AA', 2020, '011', '005', '1.1', 1, 'SEDUTE')"
        )
        legami = lega(database, righe, insieme=True)
    finally:
        database.execute("delete from lettura.legami")
    assert [g["codice"] for g in legami] == [r.codice for r in righe]
    assert [g["metodo"] for g in legami] == ["mappa", None, "nome"]
    assert (legami[0]["punteggio"], legami[0]["motivo"]) == (1, None)
    assert legami[1]["regola"] == "codice_conteso"


def test_what_the_mapping_forbids_is_bound_to_nothing_and_contests_nothing(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """The row that it names would be bound, and would contest the other its codice."""
    righe = [
        Riga(None, None, "Numero totale di sedute di Giunta e di Consiglio", None),
        Riga("SEDUTE", None, "Sedute del Consiglio e della Giunta", None),
    ]
    assert {g["regola"] for g in lega(database, righe, insieme=True)} == {"codice_conteso"}
    try:
        database.execute(
            "insert into lettura.legami values ('AA', 2020, '011', '005', '1.1', 1, '')"
        )
        vietata, libera = lega(database, righe, insieme=True)
    finally:
        database.execute("delete from lettura.legami")
    assert (libera["codice"], libera["metodo"]) == ("SEDUTE", "nome")
    assert (vietata["codice"], vietata["metodo"]) == (None, None)
    assert vietata["regola"] == "indicatore_senza_modello"
    assert (vietata["punteggio"], vietata["secondo"]) == (1, "DELIBERE")
    assert vietata["motivo"] == (
        "Il file delle corrispondenze dice che nessuna definizione è quella di questo indicatore."
    )


def test_the_sixteen_of_the_real_plan_are_bound(database: duckdb.DuckDBPyConnection) -> None:
    assert_legate(database, _del_2020(), insieme=True)


def test_neither_case_nor_accents_nor_the_order_of_words_count(
    database: duckdb.DuckDBPyConnection,
) -> None:
    def stravolta(testo: str) -> str:
        return " ".join(reversed(testo.split())).upper().replace("À", "A'")

    assert_legate(
        database,
        [
            replace(r, nome=stravolta(r.nome), algoritmo=r.algoritmo and stravolta(r.algoritmo))
            for r in _del_2020()
        ],
    )


def test_a_definition_is_bound_by_each_of_its_forms(
    database: duckdb.DuckDBPyConnection,
) -> None:
    """Whatever the definition: a new one needs no line here."""
    righe = []
    for definizione in catalogue(read_models()):
        tipo = "Percentuale" if definizione.unita == "percentuale" else None
        for uso, forme in (("nome", definizione.riconosce), ("algoritmo", definizione.conta)):
            for forma in forme:
                # Of alternatives the last: the first of all may be what opens a count.
                testo = " ".join(posto.split("|")[-1] for posto in forma.split())
                nome, algoritmo = (testo, None) if uso == "nome" else ("Indicatore", testo)
                righe.append(Riga(definizione.codice, tipo, nome, algoritmo))
    assert_legate(database, righe)


def test_an_algorithm_of_another_measure_is_worth_half_at_most(
    database: duckdb.DuckDBPyConnection,
) -> None:
    righe = [
        replace(r, codice=None, algoritmo="Superficie del cortile in metri") for r in _del_2020()
    ]
    legami = lega(database, righe)
    assert {legame["codice"] for legame in legami} == {None}
    assert max(legame["punteggio"] for legame in legami) <= Decimal("0.5")


def test_a_share_is_no_count_and_a_count_no_share(database: duckdb.DuckDBPyConnection) -> None:
    unita = {definizione.codice: definizione.unita for definizione in catalogue(read_models())}
    righe = [
        replace(r, codice=None, tipo="Numero" if unita[str(r.codice)] == "percentuale" else "%")
        for r in _del_2020()
    ]
    assert_legate(database, righe)


def test_what_is_not_bound_says_which_two_were_nearest(
    database: duckdb.DuckDBPyConnection,
) -> None:
    alberi, gradite, studi_e_domande = lega(
        database,
        [
            Riga(None, "Numero", "Alberi piantati nel cortile", "N° alberi piantati"),
            Riga(None, "Numero", "Gradimento delle delibere degli organi collegiali", None),
            Riga(None, "Numero", "Pubblicazione di studi e domande di brevetti e marchi", None),
        ],
    )
    assert alberi["regola"] == "indicatore_senza_modello"
    assert alberi["motivo"] == (
        "Nessuna definizione riconosce questo indicatore del piano: le più vicine sono"
        " ACCESSI_NEI_TERMINI (0,00) e ATTIVITA_RILANCIO (0,00)."
    )
    assert gradite["motivo"] == (
        "Nessuna definizione riconosce questo indicatore del piano: le più vicine sono DELIBERE (0,00, perché"
        " il nome dice «gradimento») e SEDUTE (0,00, perché il nome dice «gradimento»)."
    )
    assert (studi_e_domande["punteggio"], studi_e_domande["punteggio_secondo"]) == (1, 1)
    assert studi_e_domande["motivo"] == (
        "Nessuna definizione prevale su questo indicatore del piano: le più vicine sono"
        " DOMANDE_PROPRIETA_INDUSTRIALE (1,00) e ISR_STUDI (1,00)."
    )


@pytest.mark.parametrize(
    ("nome", "codice", "punteggio", "secondo"),
    [
        ("alfa beta gamma delta epsilon", "PRIMA", "1.0000", "0.6667"),
        ("alfa beta gamma delta", "PRIMA", "0.8000", "0.6667"),
        ("alfa gamma epsilon delta", "PRIMA", "0.8000", "0.3333"),
        ("alfa gamma delta", "PRIMA", "0.6000", "0.3333"),
    ],
)
def test_a_row_is_bound_from_four_fifths_with_a_fifth_more_than_the_second(
    database: duckdb.DuckDBPyConnection, nome: str, codice: str, punteggio: str, secondo: str
) -> None:
    database.execute("begin")
    try:
        for altro in ("PRIMA", "SECONDA"):
            database.execute(
                "insert into indicatori.catalogo"
                " values (?, 'x', 'numero', '=>', false, 'x', false, null, null)",
                [altro],
            )
        database.execute(
            "insert into indicatori.forme values"
            " ('PRIMA', 'riconosce', 'alfa beta gamma delta epsilon'),"
            " ('SECONDA', 'riconosce', 'alfa beta zeta')"
        )
        (legame,) = lega(database, [Riga(None, None, nome, None)])
    finally:
        database.execute("rollback")
    prevale = Decimal(punteggio) >= Decimal("0.8") and (
        Decimal(punteggio) - Decimal(secondo) >= Decimal("0.2")
    )
    assert legame["codice"] == (codice if prevale else None)
    assert (str(legame["punteggio"]), legame["secondo"]) == (punteggio, "SECONDA")
    assert str(legame["punteggio_secondo"]) == secondo


def test_two_rows_with_one_code_must_say_the_same(database: duckdb.DuckDBPyConnection) -> None:
    delibere = next(r for r in _del_2020() if r.codice == "DELIBERE")
    uguale = replace(delibere, nome=delibere.nome.upper().replace("DELIBERE", "delibera"))
    assert_legate(database, [delibere, uguale], insieme=True)
    diversa = replace(delibere, nome="Delibere di Giunta e di Consiglio")
    prima, seconda = lega(database, [delibere, diversa], insieme=True)
    for legame in (prima, seconda):
        assert (legame["codice"], legame["regola"]) == (None, "codice_conteso")
        assert legame["motivo"] == (
            "Più righe del piano (1, 2) sono riconosciute da DELIBERE ma hanno nome o algoritmo"
            " diversi: lasciarne una, o renderle uguali."
        )
    # Of two plans they may be.
    assert_legate(database, [delibere, diversa])


@pytest.mark.parametrize(
    ("testo", "parole"),
    [
        ("Pratiche, pratica; PRATICHE", "pratic pratic pratic"),
        ("Attività e attivita'", "attivit e attivit"),
        ("Organo, organi, ORGANI", "organ organ organ"),
        ("N. di sedute, N° sedute, nr. sedute", "numer di sedut numer sedut numer sedut"),
        ('dell\'anno "n"', "dell ann n"),
        ("Spese / Totale (x)/(y)", "spes divis total x divis y"),
        ("n. mediazioni/conciliazioni", "numer mediazion conciliazion"),
        ("delibere/N. sedute", "deliber divis numer sedut"),
        ("% di iva", "percentual di iva"),
        ("Media 2018-2020, 2019–21", "med pluriennal pluriennal"),
        ("dal 2018 al 2020, ultimi 3 anni", "dal pluriennal ultim pluriennal"),
        ("due delibere l'anno n-1", "due deliber l ann precedent"),
        ("", ""),
    ],
)
def test_words_are_compared_without_their_endings(
    database: duckdb.DuckDBPyConnection, testo: str, parole: str
) -> None:
    (ridotte,) = database.execute("select parole.ridotte(?)", [testo]).fetchone() or ([],)
    assert " ".join(ridotte) == parole


def test_forms_are_written_in_the_words_that_are_compared() -> None:
    """Else a form could never be found: `d6.1.3` is three words."""
    forme = [f for d in catalogue(read_models()) for uso in USI for f in getattr(d, uso)]
    forme += [forma for genere in plan_words().values() for forma in genere]
    parola = r"[a-z0-9]+(?:\|[a-z0-9]+)*"
    assert [f for f in forme if not re.fullmatch(rf"{parola}(?: {parola})*", f)] == []
