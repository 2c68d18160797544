"""What a plan asks: every rule of sql/piano/rilievi.sql, the plan of 2020, and one that stretches.

Belongs here: the findings that SQL makes, over plans with no data. Does not belong here: what the text
says badly (test_rules.py), how the command prints them (tests/desk/test_lint.py).

One plan holds all the bad cases, a line each, so that one database judges them.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from pipelines.contract.regolamento import RULES, load_rules
from pipelines.desk import un_file
from pipelines.desk.lint import examine
from pipelines.partizione import Partizione
from pipelines.plan.read import read_plan
from pipelines.scorecard.rilievi import Rilievi
from tests.warehouse.magazzini import ADESSO

ALLEGATO = Path(__file__).parents[2] / "raw/MS/2020/allegato.txt"

TESTA = (
    "MISSIONE\t\t011 - Imprese\nPROGRAMMA\t\t005 - Incentivi\n"
    "OBIETTIVO\tTITOLO\t1.1 - Osservare\t\n\tDESCRIZIONE\tProdurre analisi\t\n"
    "\tRISORSE FINANZIARIE A PREVENTIVO\t€ {risorse}\t% SPESA\t0,00%\tPESO\t{peso}%\t\n"
    "RISORSE FINANZIARIE A CONSUNTIVO\t\t\t\t\t\t\t\n"
    "TIPOLOGIA\tINDICATORE\tUltimo valore osservato (2018)\tTarget 2020 (risultato atteso)"
    "\tTarget 2021\tTarget 2022\tTipo indicatore\tAlgoritmo di calcolo\tFonte\tRisultato 2020\t% Realizz"
    "\tNOTE\n"
)
ALTRO = (
    "PROGRAMMA\t\t006 - Mercati\nOBIETTIVO\tTITOLO\t1.2 - Vigilare\t\n"
    "\tRISORSE FINANZIARIE A PREVENTIVO\t€ {risorse}\t% SPESA\t0,00%\tPESO\t{peso}%\t\n"
    "RISORSE FINANZIARIE A CONSUNTIVO\t\t\t\t\t\t\t\n"
)
FIRMA = "IL SEGRETARIO GENERALE IL PRESIDENTE\n"


def riga(
    valori: str = "8 =>9 =>10 =>11",
    nome: str = "Studi",
    algoritmo: str = "Studi resi pubblici sul sito",
    tipo: str = "Numero",
    tipologia: str = "Volume",
    confronto: str = "",
) -> str:
    """A line; a sound one where nothing else is said. `confronto` is value, and year if not 2018."""
    valore, _, anno = confronto.partition(" ")
    nota = f"Dato {anno or 2018} UNRM - CCIAA piccole dato medio {valore}" if confronto else ""
    celle = (*valori.split(" "), tipo, algoritmo, "Ufficio", "", "", nota)
    return "\t".join((tipologia, nome, *celle)) + "\n"


GIA, MENO, FERMO = "traguardo_gia_raggiunto", "traguardo_meno_esigente", "traguardo_fermo"
PEGGIO, ANNO = "traguardo_peggiore_del_confronto", "confronto_di_altro_anno"
MISURA, CIRCOLARE = "confronto_di_altra_misura", "definizione_circolare"
DISCORDI, UNITA, TIPOLOGIA = (
    "nome_e_algoritmo_discordi",
    "unita_mancante",
    "tipologia_non_prevista",
)
NOSTRE = {
    *(GIA, MENO, FERMO, PEGGIO, ANNO, MISURA, CIRCOLARE, DISCORDI, UNITA, TIPOLOGIA),
    "peso_e_risorse_discordi",
}
"""The rules of SQL; the others are those of the text, and of binding."""

TEMPI = (
    "Tempo medio di lavorazione delle pratiche telematiche Registro Imprese",
    "Tempi medi di lavorazione delle pratiche telematiche del Registro Imprese",
)
"""A measure that its definition wants low: name and algorithm."""

CASI: list[tuple[str, set[str]]] = [
    (riga(), set()),
    # met already, and by how much
    (riga("9 =>9 =>10 =>11"), {GIA}),
    (riga("10 =>9 =>10 =>11"), {GIA, MENO}),
    (riga("3 =<3 =<2 =<1"), {GIA}),
    (riga("2 =<3 =<2 =<1"), {GIA, MENO}),
    (riga("4 =<3 =<2 =<1"), set()),
    (riga("0 =<3 =<2 =<1"), {GIA, MENO}),  # no per cent of zero, and yet slack
    (riga("n.d. =>9 =>10 =>11"), set()),
    (riga("10 - =>10 =>11"), set()),
    # a bare target of what is to be kept low is the most that it may be
    (riga("12 10 9 8", *TEMPI), {CIRCOLARE, UNITA}),
    (riga("10 10 9 8", *TEMPI), {GIA, CIRCOLARE, UNITA}),
    # the same for three years
    (riga("8 =>9 =>9 =>9"), {FERMO}),
    (riga("8 =>9 =>9 =>10"), set()),
    (riga("8 =>9 =>9 -"), set()),
    (riga("8 =>9 =<9 =>9"), set()),
    # the peers
    (riga(confronto="9,5"), {PEGGIO}),
    (riga(confronto="9"), set()),
    (riga("4 =<3 =<2 =<1", confronto="2"), {PEGGIO}),
    (riga("4 =<3 =<2 =<1", confronto="3"), set()),
    (riga(confronto="9,5 2017"), {PEGGIO, ANNO}),
    (riga(confronto="9,5 2016"), {ANNO}),
    (riga(confronto="9,5%"), {MISURA}),
    # what is measured
    (riga(nome="Studi pubblicati", algoritmo="Numero totale degli studi pubblicati"), {CIRCOLARE}),
    (riga(nome="Studi pubblicati", algoritmo="Studi pubblicati sul sito"), set()),
    (riga(nome="Studi", algoritmo="Conteggio"), set()),
    (
        riga(nome="Studi rispetto ai programmati", algoritmo="N. studi conclusi sul sito"),
        {DISCORDI},
    ),
    (
        riga(nome="Studi rispetto ai programmati", algoritmo="Studi conclusi / studi previsti"),
        set(),
    ),
    (riga(nome="Numero di studi", algoritmo="Studi conclusi / studi previsti"), {DISCORDI}),
    (riga(nome="Numero medio di studi", algoritmo="Studi conclusi / addetti"), set()),
    (riga(nome="Tempo di uscita degli studi", algoritmo="Dalla chiusura alla stampa"), {UNITA}),
    (riga(nome="Tempo di uscita degli studi", algoritmo="Giorni fino alla stampa"), set()),
    (riga(nome="Spesa per studi (€)", algoritmo="Pagato per gli studi"), set()),
    (riga("8% =>9% =>10% =>11%", "Spesa in studi", tipo="Percentuale"), set()),
    (riga(tipo=""), {UNITA}),
    (riga(nome="Numero di studi", tipo=""), set()),
    (riga(tipologia="Dipartimento Funzione Pubblica"), {TIPOLOGIA}),
    (riga(tipologia="Indicatori di realizzazione fisica"), set()),
    (riga(tipologia="Realizzazione"), {TIPOLOGIA}),
    (riga(tipologia="QUALITÀ"), set()),
    (riga(tipologia=""), set()),  # that it is missing is a rule of the text
]


def esamina(testo: str, camera: str = "MS") -> Rilievi:
    return examine(read_plan(testo.encode()), Partizione(camera, 2020), ADESSO)


def _scrivi(righe: list[str], peso: str = "50,00", risorse: str = "1.000,00") -> str:
    """A plan of those lines, and of a second objective with that weight and money; the first has half."""
    return (
        TESTA.format(peso="50,00", risorse="1.000,00")
        + "".join(righe)
        + ALTRO.format(peso=peso, risorse=risorse)
        + TESTA.splitlines(keepends=True)[-1]
        + riga(nome="Ispezioni")
        + FIRMA
    )


@pytest.fixture(scope="module")
def dei_casi() -> dict[int, set[str]]:
    """Line -> rules of ours, of the plan of all the cases."""
    found = esamina(_scrivi([testo for testo, _ in CASI]))
    return {
        r.riga: {uno.regola for uno in r.rilievi} & NOSTRE
        for r in found.righe
        if r.riga is not None
    }


PRIMA = TESTA.count("\n") + 1
"""The line of the first case."""


@pytest.mark.parametrize(
    ("dove", "regole"), [(PRIMA + n, regole) for n, (_, regole) in enumerate(CASI)]
)
def test_a_line_breaks_the_rules_that_it_breaks_and_no_other(
    dei_casi: dict[int, set[str]], dove: int, regole: set[str]
) -> None:
    assert dei_casi.get(dove, set()) == regole, CASI[dove - PRIMA][0]


def test_a_last_value_of_no_year_is_held_against_no_other_year() -> None:
    testo = _scrivi([riga(), riga(confronto="9,5"), riga(confronto="9,5%")])
    found = esamina(testo.replace("osservato (2018)", "osservato"))
    ours = {
        r.riga: [uno.regola for uno in r.rilievi if uno.regola in NOSTRE]
        for r in found.righe
        if r.riga in (PRIMA, PRIMA + 1, PRIMA + 2)
    }
    assert [ours.get(PRIMA + n, []) for n in range(3)] == [[], [PEGGIO], [MISURA]]


def test_every_rule_has_a_case() -> None:
    broken = {regola for _, regole in CASI for regola in regole}
    assert broken | {"peso_e_risorse_discordi"} == NOSTRE


@pytest.mark.parametrize(
    ("peso", "risorse", "trovati"),
    [
        ("150,00", "1.000,00", []),  # 75 % and 50 %
        ("150,00", "3.000,00", []),
        ("50,00", "3.000,00", []),
        ("50,00", "0,00", [("1.2", "50%", "0%")]),
        (
            "12,50",
            "2.000,00",
            [("1.2", "20%", "66,67%")],
        ),
    ],
)
def test_weight_is_held_against_money(
    peso: str, risorse: str, trovati: list[tuple[str, str, str]]
) -> None:
    found = esamina(_scrivi([riga()], peso, risorse))
    told = [
        u.detto for r in found.righe for u in r.rilievi if u.regola == "peso_e_risorse_discordi"
    ]
    assert [detto.partition(";")[0] for detto in told] == [
        f"nell'obiettivo {obiettivo} la quota del peso è {peso} e quella delle risorse {risorse}"
        for obiettivo, peso, risorse in trovati
    ]


DEL_2020 = {
    GIA: 16,
    FERMO: 16,
    MENO: 8,
    PEGGIO: 5,
    CIRCOLARE: 5,
    TIPOLOGIA: 5,
    UNITA: 2,
    DISCORDI: 1,
    "peso_e_risorse_discordi": 1,
}


def test_the_plan_of_2020_asks_for_nothing_new() -> None:
    found = esamina(ALLEGATO.read_text("utf-8"))
    assert found.sintesi == (
        "Target già raggiunti dall'ultimo valore osservato: 16 su 16.",
        "Target uguali in tutti gli anni del piano: 16 su 16.",
        "Target peggiori del valore di confronto: 5 su 13.",
    )
    counted = Counter(uno.regola for r in found.righe for uno in r.rilievi)
    assert {regola: n for regola, n in counted.items() if regola in NOSTRE} == DEL_2020
    lines = {(r.riga, uno.regola) for r in found.righe for uno in r.rilievi}
    assert {(26, DISCORDI), (36, "codici_processo_discordi"), (36, UNITA), (76, UNITA)} <= lines
    assert {(75, "anno_da_nota"), (26, "dato_mancante"), (101, CIRCOLARE)} <= lines
    assert (65, "peso_e_risorse_discordi") in lines
    assert found.gravi == 0
    for uno in (uno for r in found.righe for uno in r.rilievi if uno.regola in NOSTRE):
        assert re.fullmatch("[^;]+; [^;]+\\.", uno.detto), uno


def _teso(linea: str) -> str:
    """A line of the plan whose last value is short of a target that grows past every peer."""
    celle = linea.split("\t")
    if len(celle) < 12 or not re.match("=?[<>]?[0-9,]+%?$", celle[3]):
        return linea
    celle[2:6] = (
        ("4", "=<3", "=<2", "=<1")
        if celle[3].startswith("=<")
        else tuple(f"{marca}{n}{'%' * celle[3].endswith('%')}" for marca, n in VALORI)
    )
    return "\t".join(celle)


VALORI = (("", 170), ("=>", 180), ("=>", 190), ("=>", 200))


def test_a_plan_that_stretches_has_none_of_it() -> None:
    testo = "\n".join(map(_teso, ALLEGATO.read_text("utf-8").split("\n")))
    found = esamina(testo)
    assert found.sintesi == (
        "Target già raggiunti dall'ultimo valore osservato: 0 su 16.",
        "Target uguali in tutti gli anni del piano: 0 su 16.",
        "Target peggiori del valore di confronto: 0 su 13.",
    )
    assert not {GIA, MENO, FERMO, PEGGIO} & {u.regola for r in found.righe for u in r.rilievi}


@pytest.mark.parametrize(
    ("soglia", "valore", "cambia"),
    [
        ("target_fermo_anni", "4", {FERMO: 0}),
        ("target_margine", "20", {MENO: 4}),
        ("peso_risorse_volte", "2.9", {"peso_e_risorse_discordi": 2}),
    ],
)
def test_the_thresholds_are_those_of_the_rules(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    soglia: str,
    valore: str,
    cambia: dict[str, int],
) -> None:
    rules = RULES.read_text("utf-8")
    changed = re.sub(rf"^{soglia} = .*$", f"{soglia} = {valore}", rules, flags=re.MULTILINE)
    (tmp_path / "regole.toml").write_text(changed, "utf-8")
    monkeypatch.setattr(un_file, "load_rules", lambda: load_rules(tmp_path / "regole.toml"))
    found = esamina(ALLEGATO.read_text("utf-8"))
    counted = Counter(uno.regola for r in found.righe for uno in r.rilievi)
    assert {regola: counted[regola] for regola in DEL_2020} == DEL_2020 | cambia
