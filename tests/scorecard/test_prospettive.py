"""What a row of the scorecard can still become, and what it would take, against all that could happen.

Belongs here: the models `scorecard.prospettive` and `scorecard.leve` over small worlds, whose futures are
enumerated here in plain Python with exact fractions. Does not belong here: the sentences that say it
(test_html.py, tests/desk), the figures themselves (test_valutazione.py).

All the worlds stand in one database, each a chamber of its own, and the two models are computed once.
"""

import math
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, combinations_with_replacement, product
from typing import Any

import duckdb
import pytest

from pipelines.connection import connect_in_memory
from pipelines.partizione import Partizione
from pipelines.scorecard import prospettive
from pipelines.warehouse.fill import fill
from pipelines.warehouse.models import SQL, read_models
from tests.reference.indicatori import arrotonda

Sommando = tuple[Fraction, Fraction]
"""What a row adds to numerator and denominator; a count has denominators of 0 that nobody reads."""

OLTRE = 24
"""How many more rows, or units, are tried of what is to come."""


@dataclass(frozen=True)
class Genere:
    """A kind of indicator. `resta`: its extracts are dated, so that what counted stays."""

    nome: str
    unita: str
    denominatore: bool
    resta: bool
    righe: tuple[tuple[str, str], ...]
    """What a row may add; of the rows that there are and, where rows stay, of those to come."""
    target: tuple[str, ...]
    decimali: int
    quante: int = 4
    """Rows of a world, at most."""
    passo: Fraction = Fraction(1)
    """The least that comes: a row, or a cent."""


GENERI = (
    Genere("conteggio", "numero", False, True, (("1", "0"),), ("0", "2", "3"), 0),
    Genere("conteggio mezzo", "numero", False, True, (("1", "0"),), ("1.5", "2.0"), 1),
    Genere("conteggio senza giorno", "numero", False, False, (("1", "0"),), ("0", "2"), 0),
    Genere(
        "quota",
        "percentuale",
        True,
        True,
        (("0", "1"), ("1", "1")),
        ("0", "50", "66.7", "90", "100", "101"),
        1,
    ),
    Genere(
        "quota tonda", "percentuale", True, True, (("0", "1"), ("1", "1")), ("66", "67", "99"), 0
    ),
    Genere(
        "persone",
        "percentuale",
        True,
        False,
        (("0", "1"), ("1", "1")),
        ("0", "50", "80", "100", "101"),
        0,
    ),
    Genere(
        "media", "numero", True, True, (("0", "1"), ("1", "1"), ("4", "1")), ("0", "0.8", "1.5"), 1
    ),
    Genere(
        "rapporto",
        "rapporto",
        True,
        False,
        (("1", "0"), ("0", "1"), ("0", "3")),
        ("0", "0.7", "2"),
        1,
    ),
    Genere(
        "soldi",
        "percentuale",
        True,
        True,
        (("0", "2.5"), ("1.2", "2.5"), ("7", "7")),
        ("40", "60"),
        2,
        2,
        Fraction(1, 100),
    ),
)


@dataclass(frozen=True)
class Mondo:
    """An indicator of an open year, and the target that it has."""

    camera: str
    genere: Genere
    righe: tuple[Sommando, ...]
    operatore: str
    target: Fraction

    @property
    def somme(self) -> Sommando:
        return sum((n for n, _ in self.righe), Fraction(0)), sum(
            (d for _, d in self.righe), Fraction(0)
        )

    def valore(self, somme: Sommando) -> Fraction | None:
        numeratore, denominatore = somme
        if not self.genere.denominatore:
            return numeratore
        if denominatore <= 0:
            return None
        return numeratore / denominatore * (100 if self.genere.unita == "percentuale" else 1)

    def raggiunto(self, somme: Sommando) -> bool | None:
        valore = self.valore(somme)
        if valore is None:
            return None
        risultato = arrotonda(valore, self.genere.decimali)
        return risultato >= self.target if self.operatore == "=>" else risultato <= self.target


def _mondi() -> Iterator[Mondo]:
    number = 0
    for genere in GENERI:
        alfabeto = [(Fraction(n), Fraction(d)) for n, d in genere.righe]
        for quante, operatore, target in product(
            range(genere.quante + 1), ("=>", "=<"), genere.target
        ):
            for righe in combinations_with_replacement(alfabeto, quante):
                number += 1
                yield Mondo(f"M{number}", genere, righe, operatore, Fraction(target))


MONDI = tuple(_mondi())

# --- every future -----------------------------------------------------------------------------------


def _futuri(mondo: Mondo) -> Iterator[tuple[Fraction, Sommando]]:
    """What can still be, each with how much of it had to come, or to move: the least first."""
    numeratore, denominatore = mondo.somme
    genere = mondo.genere
    if genere.resta and not genere.denominatore:
        for k in range(OLTRE):
            yield Fraction(k), (numeratore + k, denominatore)
    elif genere.nome == "soldi":
        for k in range(0, 100 * OLTRE):
            x = k * genere.passo
            yield x, (numeratore + x, denominatore + x)
            yield x, (numeratore, denominatore + x)
    elif genere.resta:
        # good and bad rows of a share; of a mean, more on its numerator, and rows of nothing
        for quanti, bene in ((k, b) for k in range(OLTRE) for b in range(k + 1)):
            altro = quanti if genere.unita == "percentuale" else quanti - bene
            yield Fraction(quanti), (numeratore + bene, denominatore + altro)
    elif genere.nome == "persone":
        scelte = product((0, 1), repeat=len(mondo.righe))
        cambiate = [
            (sum(s != n for s, (n, _) in zip(scelta, mondo.righe, strict=True)), sum(scelta))
            for scelta in scelte
        ]
        for mosse, serviti in sorted(cambiate):
            yield Fraction(mosse), (Fraction(serviti), denominatore)
    else:
        for k in sorted(range(-int(numeratore), OLTRE), key=abs):
            yield Fraction(abs(k)), (numeratore + k, denominatore)


def _atteso(mondo: Mondo) -> tuple[str | None, Fraction | None]:
    """The verdict, and how little would change whether the target is met."""
    oggi = mondo.raggiunto(mondo.somme)
    if oggi is None:
        return None, None
    for quanto, somme in _futuri(mondo):
        if mondo.raggiunto(somme) not in (oggi, None):
            return "RAGGIUNGIBILE", quanto
    return "ACQUISITO" if oggi else "FUORI_PORTATA", None


def _migliori(mondo: Mondo, riga: Sommando) -> Sommando | None:
    """How the sums move if a row does as well as it can; None where it does no harm."""
    numeratore, denominatore = riga
    if mondo.operatore == "=<":
        return (-numeratore, Fraction(0)) if numeratore > 0 else None
    if mondo.genere.unita == "percentuale":
        return (denominatore - numeratore, Fraction(0)) if denominatore > numeratore else None
    return (-numeratore, -denominatore) if denominatore > 0 else None


def _da_muovere(mondo: Mondo) -> int | None:
    """The fewest rows that would have to move, among all the sets of them."""
    mosse = [m for riga in mondo.righe for m in [_migliori(mondo, riga)] if m is not None]
    numeratore, denominatore = mondo.somme
    for quante in range(1, len(mosse) + 1):
        for scelte in combinations(mosse, quante):
            somme = (
                numeratore + sum(n for n, _ in scelte),
                denominatore + sum(d for _, d in scelte),
            )
            if mondo.raggiunto(somme):
                return quante
    return None


# --- what the models say ----------------------------------------------------------------------------

TABELLE = """
    create schema scorecard; create schema indicatori; create schema esercizi; create schema aritmetica;
    create table scorecard.indicatori (camera varchar, esercizio integer, missione varchar,
        programma varchar, obiettivo varchar, progressivo integer, codice varchar, riga integer,
        numeratore decimal(38, 12), denominatore decimal(38, 12), valore decimal(38, 12),
        decimali integer, operatore varchar, target decimal(38, 6), raggiunto boolean,
        risultato decimal(38, 6), percentuale boolean);
    create table indicatori.contributi (camera varchar, esercizio integer, codice varchar,
        numeratore decimal(38, 12), denominatore decimal(38, 12), _file varchar, _riga bigint);
    create table indicatori.catalogo (codice varchar, unita varchar, denominatore boolean);
    create table indicatori.fonti (codice varchar, estratto varchar);
    create table esercizi.cadenze (estratto varchar, datato boolean);
    create table esercizi.periodi (camera varchar, esercizio integer, inizio date, fine date,
        data_riferimento date, aperto boolean);
"""


def _esatto(valore: Fraction | None) -> Decimal | None:
    """As the warehouse keeps it: cut at the twelfth decimal."""
    return None if valore is None else Decimal(int(valore * 10**12)).scaleb(-12)


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with closing(connect_in_memory()) as connection:
        connection.execute(TABELLE)
        connection.execute((SQL / "aritmetica.sql").read_text("utf-8"))
        for genere in GENERI:
            name = genere.nome
            connection.execute(
                "insert into indicatori.catalogo values (?, ?, ?)",
                [name, genere.unita, genere.denominatore],
            )
            connection.execute("insert into indicatori.fonti values (?, ?)", [name, name])
            connection.execute("insert into esercizi.cadenze values (?, ?)", [name, genere.resta])
        cells, rows = [], []
        for m in MONDI:
            numeratore, denominatore = m.somme if m.genere.denominatore else (m.somme[0], None)
            figures = [_esatto(n) for n in (numeratore, denominatore, m.valore(m.somme))]
            oggi = m.raggiunto(m.somme)
            cells.append(
                (
                    *(m.camera, m.genere.nome, *figures, m.genere.decimali, m.operatore),
                    *(_esatto(m.target), oggi),
                )
            )
            for n, (up, down) in enumerate(m.righe, start=2):
                below = _esatto(down) if m.genere.denominatore else None
                rows.append((m.camera, m.genere.nome, _esatto(up), below, n))
        fill(
            connection,
            "celle",
            "camera varchar, codice varchar, numeratore decimal(38, 12), denominatore decimal(38, 12),"
            " valore decimal(38, 12), decimali integer, operatore varchar, target decimal(38, 6),"
            " raggiunto boolean",
            cells,
        )
        fill(
            connection,
            "righe",
            "camera varchar, codice varchar, numeratore decimal(38, 12), denominatore decimal(38, 12),"
            " _riga bigint",
            rows,
        )
        connection.execute(
            "insert into scorecard.indicatori by name select c.*, k.unita = 'percentuale' as percentuale,"
            " aritmetica.arrotonda(c.valore, c.decimali) as risultato, 2020 as esercizio, '' as missione,"
            " '' as programma, '' as obiettivo, 1 as progressivo, 1 as riga from celle as c"
            " inner join indicatori.catalogo as k using (codice);"
            " insert into indicatori.contributi by name select *, 2020 as esercizio, 'x' as _file from righe;"
            " insert into esercizi.periodi select distinct camera, 2020, '2020-01-01'::date,"
            " '2020-12-31'::date, '2020-03-10'::date, true from celle"
        )
        for model in read_models():
            if model.tabella in ("scorecard.leve", "scorecard.prospettive"):
                connection.execute(f"create table {model.tabella} as {model.sql}")
        yield connection


@pytest.fixture(scope="module")
def dette(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Chamber -> what `scorecard.prospettive` says of it."""
    cursor = con.execute("from scorecard.prospettive")
    names = [d[0] for d in cursor.description]
    rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row["camera"]: row for row in rows}


@pytest.mark.parametrize("genere", GENERI, ids=lambda g: g.nome)
def test_a_verdict_is_that_of_every_future(
    dette: dict[str, dict[str, Any]], genere: Genere
) -> None:
    seen = set()
    for mondo in (m for m in MONDI if m.genere is genere):
        row = dette[mondo.camera]
        oggi = mondo.raggiunto(mondo.somme)
        told = row["si_perde_con"] if oggi else row["servono"]
        told = None if told is None else Fraction(str(told))
        if told is not None and genere.passo == 1 and not row["in_righe"]:
            told = Fraction(math.ceil(told))  # here whole units alone are tried
        assert (row["servono"] is None) or not oggi, mondo
        verdict, quanto = _atteso(mondo)
        seen.add(verdict)
        if quanto is None and row["verdetto"] == "RAGGIUNGIBILE":
            # beyond what was enumerated: it is enough, and anything less is not
            assert told is not None and told > OLTRE - 1, mondo
            enough = [_dopo(mondo, row, told), _dopo(mondo, row, told - genere.passo)]
            assert [mondo.raggiunto(s) for s in enough] == [not oggi, oggi], mondo
        else:
            assert (row["verdetto"], told) == (verdict, quanto), mondo
    assert "RAGGIUNGIBILE" in seen


def _dopo(mondo: Mondo, row: dict[str, Any], quanto: Fraction) -> Sommando:
    """The sums after so much has come where the model says."""
    numeratore, denominatore = mondo.somme
    quanto = -quanto if row["togliendo"] else quanto
    return (
        numeratore + quanto * (row["lato"] != "denominatore"),
        denominatore + quanto * (row["lato"] != "numeratore"),
    )


@pytest.mark.parametrize("genere", GENERI, ids=lambda g: g.nome)
def test_the_rows_that_move_are_the_fewest_that_can(
    dette: dict[str, dict[str, Any]], genere: Genere
) -> None:
    missed = 0
    for mondo in (m for m in MONDI if m.genere is genere):
        row = dette[mondo.camera]
        if mondo.raggiunto(mondo.somme) is not False:
            assert row["da_muovere"] is None, mondo
            continue
        missed += 1
        assert row["da_muovere"] == _da_muovere(mondo), mondo
    assert missed


# --- in words ---------------------------------------------------------------------------------------

DETTE = [
    ("conteggio", "1 1", "=<", "2", ["Raggiunto oggi, ma a perderlo basta 1 riga in più"]),
    ("conteggio", "1 1 1", "=>", "2", ["Raggiunto, e fino a fine anno non si può più perdere"]),
    (
        "conteggio",
        "1 1 1",
        "=<",
        "2",
        [
            "Fuori portata, comunque vada il resto dell'anno",
            "Righe che lo fanno mancare: 3, da togliere dal numeratore: ne basta 1",
            "Le più pesanti, con quanto cambierebbe il valore: x:2 (1,00), x:3 (1,00), x:4 (1,00)",
        ],
    ),
    (
        "quota",
        "0 0 1",
        "=>",
        "66.7",
        [
            "Raggiungibile: servono almeno 3 righe in più al numeratore e al denominatore;"
            " 0,30 ogni 30 giorni nei 296 che restano, finora 1,29",
            "Righe che lo fanno mancare: 2, da portare nel numeratore: ne basta 1",
            "Le più pesanti, con quanto cambierebbe il valore: x:2 (33,33%), x:3 (33,33%)",
        ],
    ),
    (
        "quota",
        "0 1",
        "=>",
        "101",
        [
            "Fuori portata, comunque vada il resto dell'anno",
            "Righe che lo fanno mancare: 1, da portare nel numeratore: tutte non bastano",
            "Le più pesanti, con quanto cambierebbe il valore: x:2 (50,00%)",
        ],
    ),
    (
        "rapporto",
        "1 0 0",
        "=>",
        "0.7",
        [
            "Raggiungibile: serve almeno 1 riga in più al numeratore, a denominatore fermo;"
            " 0,10 ogni 30 giorni nei 296 che restano, finora 0,43",
            "Righe che lo fanno mancare: 1, da togliere dal denominatore: ne basta 1",
            "Le più pesanti, con quanto cambierebbe il valore: x:3 (0,50)",
        ],
    ),
    (
        "persone",
        "0 0 1 1",
        "=>",
        "80",
        [
            "Raggiungibile: servono persone in più al numeratore, a denominatore fermo"
            " (quante non si pubblica: col risultato direbbero quante sono in tutto)",
            "Lo fanno mancare persone da portare nel numeratore"
            " (quante non si pubblica: col risultato direbbero quante sono in tutto)",
        ],
    ),
]


@pytest.mark.parametrize(("genere", "righe", "operatore", "target", "detto"), DETTE)
def test_it_is_said_in_sentences(
    con: duckdb.DuckDBPyConnection,
    monkeypatch: pytest.MonkeyPatch,
    genere: str,
    righe: str,
    operatore: str,
    target: str,
    detto: list[str],
) -> None:
    monkeypatch.setattr(prospettive, "PERSONALI", ["persone"])
    chosen = [
        m
        for m in MONDI
        if (m.genere.nome, m.operatore, m.target) == (genere, operatore, Fraction(target))
        and [str(n) for n, _ in m.righe] == righe.split()
    ]
    place = Partizione(chosen[0].camera, 2020)
    (said,) = prospettive.read_prospettive(con, place)[place].values()
    assert list(said) == detto
