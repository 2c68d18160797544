"""From value to scorecard, sentence by sentence, through the whole system.

Belongs here: result, % Realizz, colour, roll-ups, spending, and which plan measures a year, over
small plans in the allegato's layout, with figures worked out by hand; and the reference held
against the same figures. Does not belong here: how a plan is read in full, what is written back.

Two landing zones: one whose run speaks for 31 December 2023, when 2023 is closed; one of which a
single year is run, the day before it closes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import cycle
from pathlib import Path

import duckdb
import pytest

from tests.indicatori import piano, zona
from tests.indicatori.casi import PERCENTUALI
from tests.indicatori.caso import RIFIUTATO
from tests.indicatori.piano import IGNOTO, Blocco, Voce
from tests.indicatori.zona import esatto
from tests.reference import scorecard as riferimento
from tests.reference.indicatori import calcola

GIORNO = date(2023, 12, 31)
PENULTIMO = date(2021, 12, 30)

Estratti = Mapping[str, Sequence[zona.Parziale] | str]


def uguale(*testo: str) -> tuple[str, str, str]:
    """The same target in the three years, or three targets."""
    return (testo[0],) * 3 if len(testo) == 1 else (testo[0], testo[1], testo[2])


def studi(numero: int) -> Estratti:
    """ISR_STUDI is `numero`."""
    return {"isr/studi": [{}] * numero}


def risorse(importo: str, attive: int = 1) -> Estratti:
    """RISORSE_INNOVAZIONE_PER_IMPRESA is importo / attive."""
    return {
        "contabilita/costi_processo": [{"importo": Decimal(importo)}],
        "registro_imprese/consistenza": [{"attive": attive}],
    }


def quota(diretta: str, resto: str) -> Estratti:
    """INCIDENZA_GESTIONE_DIRETTA is diretta / (diretta + resto)."""
    return {
        "contabilita/interventi_economici": [
            {"importo": Decimal(diretta)},
            {"importo": Decimal(resto), "modalita": "ALTRO"},
        ]
    }


def punteggio(punti: str) -> Estratti:
    """INDICE_TRASPARENZA is punti %."""
    obbligo = {"punteggio": Decimal(punti), "punteggio_massimo": Decimal(100)}
    return {"segreteria/trasparenza": [obbligo]}


def giorni(*durate: int) -> Estratti:
    """TEMPO_MEDIO_PRATICHE_RI is the mean of `durate`."""
    return {
        "registro_imprese/pratiche": [
            {
                "data_ora_arrivo": datetime(2020, 3, 1, 9),
                "data_ora_chiusura": datetime(2020, 3, 1 + d, 9),
            }
            for d in durate
        ]
    }


@dataclass(frozen=True, eq=False)
class Vettore:
    """A plan of one row, the extracts of its indicator, and the scorecard row they make.

    `esito` is what is printed: risultato, realizzazione_grezza, realizzazione, `met` or `missed`,
    semaforo; None where there is no result.
    """

    dice: str
    voce: Voce
    estratti: Estratti
    esito: str | None
    stato: str = "DEFINITIVO"

    def __str__(self) -> str:
        return self.dice


Esito = riferimento.Esito
MUTO = Esito(None, None, None, None, "grigio")


def atteso(vettore: Vettore) -> Esito:
    """The outcome of a vector, as numbers."""
    if vettore.esito is None:
        return MUTO
    risultato, grezza, realizzazione, raggiunto, semaforo = vettore.esito.split()
    return Esito(
        Fraction(risultato),
        Fraction(grezza),
        Fraction(realizzazione),
        raggiunto == "met",
        semaforo,
    )


CONTEGGI = cycle(
    {
        "ISR_STUDI": "isr/studi",
        "ATTIVITA_RILANCIO": "cciaa/attivita",
        "DOMANDE_PROPRIETA_INDUSTRIALE": "brevetti/domande",
        "VERIFICHE_METRICHE": "metrico/attivita",
        "DELIBERE": "segreteria/atti",
        "SEDUTE": "segreteria/sedute",
    }.items()
)
"""Indicators that are counts take turns, so that few chambers are enough."""


def _numero(dice: str, target: str, numero: int, esito: str) -> Vettore:
    codice, estratto = next(CONTEGGI)
    voce = Voce(codice, "8", (target, "=>8", "=>8"))
    return Vettore(dice, voce, {estratto: [{}] * numero}, esito)


def _risorse(
    dice: str, target: str, importo: str, attive: int, esito: str, ultimo: str = "8"
) -> Vettore:
    voce = Voce("RISORSE_INNOVAZIONE_PER_IMPRESA", ultimo, uguale(target))
    return Vettore(dice, voce, risorse(importo, attive), esito)


def _quota(dice: str, target: str, diretta: str, resto: str, esito: str) -> Vettore:
    voce = Voce("INCIDENZA_GESTIONE_DIRETTA", "20%", uguale(target))
    return Vettore(dice, voce, quota(diretta, resto), esito)


def _indice(dice: str, target: str, punti: str, esito: str) -> Vettore:
    voce = Voce("INDICE_TRASPARENZA", "20%", uguale(target))
    return Vettore(dice, voce, punteggio(punti), esito)


def _giorni(
    dice: str, durate: Sequence[int], esito: str, target: str = "=<1", ultimo: str = "0,1"
) -> Vettore:
    """The plan's own row, unless told otherwise: last value 0,1, at most 1."""
    voce = Voce("TEMPO_MEDIO_PRATICHE_RI", ultimo, uguale(target))
    return Vettore(dice, voce, giorni(*durate), esito)


VETTORI = [
    _numero("at least: a result on the target is 100", "=>8", 8, "8 100 100 met verde"),
    _numero("at least: beyond, it is held at 100", "=>8", 20, "20 250 100 met verde"),
    _numero("at least: short, it is the share", "=>8", 6, "6 75 75 missed giallo"),
    _numero("at least: nothing done is 0, and red", "=>8", 0, "0 0 0 missed rosso"),
    _numero("at most: a result on the target is 100", "=<4", 4, "4 100 100 met verde"),
    _numero("at most: above it is the mirror", "=<4", 5, "5 75 75 missed giallo"),
    _numero("at most: below, it is held at 100", "=<4", 1, "1 175 100 met verde"),
    _numero("at most: twice the target is 0", "=<4", 8, "8 0 0 missed rosso"),
    _numero("at most: beyond twice, it is held at 0", "=<4", 9, "9 -25 0 missed rosso"),
    _giorni("at most 1, and 0 days: lower is better", [0, 0], "0 200 100 met verde"),
    _giorni("at most 1, and 0,1 days", [1] + [0] * 9, "0.1 190 100 met verde"),
    _giorni("at most 1, and 1 day", [1, 1], "1 100 100 met verde"),
    _giorni("at most 1, and 1,04 days: met as printed", [1] * 24 + [2], "1 100 100 met verde"),
    _giorni(
        "at most 1, and 1,05 days: missed as printed", [1] * 19 + [2], "1.1 90 90 missed verde"
    ),
    _giorni("at most 1, and 2,5 days", [2, 3], "2.5 -50 0 missed rosso"),
    _numero("target 0, at least: met", "=>0", 0, "0 100 100 met verde"),
    _numero("target 0, at least: beyond", "=>0", 3, "3 100 100 met verde"),
    _numero("target 0, at most: met", "=<0", 0, "0 100 100 met verde"),
    _numero("target 0, at most: not met", "=<0", 3, "3 0 0 missed rosso"),
    _numero("target 0, bare: at least is assumed", "0", 0, "0 100 100 met verde"),
    _risorse("target 0, at least: not met", "=>0", "-5", 1, "-5 0 0 missed rosso"),
    _risorse("target 0, at most: met below", "=<0", "-5", 1, "-5 100 100 met verde"),
    _risorse("at least: a negative result is held at 0", "=>2", "-1", 1, "-1 -50 0 missed rosso"),
    _quota("a percentuale is in points", "=>24,58%", "2458", "7542", "24.58 100 100 met verde"),
    _quota(
        "24,575% prints as 24,58%, and meets it",
        "=>24,58%",
        "24575",
        "75425",
        "24.58 100 100 met verde",
    ),
    _quota(
        "24,5749% prints as 24,57%, and misses it",
        "=>24,58%",
        "245749",
        "754251",
        "24.57 99.96 99.96 missed verde",
    ),
    _quota(
        "a percentuale prints at least 2 decimals",
        "=>31%",
        "30996",
        "69004",
        "31 100 100 met verde",
    ),
    _quota(
        "a percentuale is held against 2 decimals",
        "=>31%",
        "30994",
        "69006",
        "30.99 99.97 99.97 missed verde",
    ),
    _quota(
        "a percentuale prints as many as the plan",
        "=>31,125%",
        "311245",
        "688755",
        "31.125 100 100 met verde",
    ),
    _quota(
        "a bare 100% is at least, met as printed", "100%", "99995", "5", "100 100 100 met verde"
    ),
    _quota(
        "a bare 100% is missed by a hundredth",
        "100%",
        "99994",
        "6",
        "99.99 99.99 99.99 missed verde",
    ),
    _giorni("7,5 prints as 8, and meets 8", [7, 8], "8 100 100 met verde", "=>8", "8"),
    _giorni(
        "7,49 prints as 7, and misses 8",
        [7] * 51 + [8] * 49,
        "7 87.5 87.5 missed giallo",
        "=>8",
        "8",
    ),
    _giorni(
        "8,49 prints as 8, and is at most 8",
        [8] * 51 + [9] * 49,
        "8 100 100 met verde",
        "=<8",
        "8",
    ),
    _giorni(
        "8,5 prints as 9, and is not at most 8", [8, 9], "9 87.5 87.5 missed giallo", "=<8", "8"
    ),
    _risorse(
        "decimals look at the last value", "=>8", "7996", 1000, "8 100 100 met verde", ultimo="8,25"
    ),
    _risorse(
        "decimals look at the last value, short",
        "=>8",
        "7994",
        1000,
        "7.99 99.88 99.88 missed verde",
        ultimo="8,25",
    ),
    Vettore(
        "decimals look at the targets of every year",
        Voce("RISORSE_INNOVAZIONE_PER_IMPRESA", "8", ("=>8", "=>8", "=>8,5")),
        risorse("794", 100),
        "7.9 98.75 98.75 missed verde",
    ),
    Vettore(
        "the more of two counts of decimals",
        Voce("RISORSE_INNOVAZIONE_PER_IMPRESA", "0,3", ("=>0,03", "=>0,3", "=>3")),
        risorse("31", 1000),
        "0.03 100 100 met verde",
    ),
    _indice("a half is rounded up", "=>0,05%", "0.045", "0.05 100 100 met verde"),
    _risorse(
        "a negative half is rounded away from 0", "=>1,00", "-5", 1000, "-0.01 -1 0 missed rosso"
    ),
    _risorse("less than half below 0 is 0", "=>1,00", "-4", 1000, "0 0 0 missed rosso"),
    _numero("% Realizz rounds a half up", "=>160", 1, "1 0.63 0.63 missed rosso"),
    _risorse(
        "a negative % Realizz rounds a half away from 0",
        "=<160",
        "321",
        1,
        "321 -0.63 0 missed rosso",
    ),
    _numero("a third is 33,33", "=>3", 1, "1 33.33 33.33 missed rosso"),
    _numero("two thirds are 66,67", "=>3", 2, "2 66.67 66.67 missed rosso"),
    _risorse(
        "a thousands mark in a target is not a comma",
        "=>1.000",
        "999",
        1,
        "999 99.9 99.9 missed verde",
    ),
    _risorse(
        "thousands and decimals in a target",
        "=>1.234,50",
        "1234.49",
        1,
        "1234.49 100 100 missed verde",
    ),
    _indice("red below 70", "=>100%", "69.99", "69.99 69.99 69.99 missed rosso"),
    _indice("yellow from 70", "=>100%", "70", "70 70 70 missed giallo"),
    _indice("yellow below 90", "=>100%", "89.99", "89.99 89.99 89.99 missed giallo"),
    _indice("green from 90", "=>100%", "90", "90 90 90 missed verde"),
    _indice(
        "the colour is that of the printed 70,00",
        "=>20,000%",
        "13.999",
        "13.999 70 70 missed giallo",
    ),
    _indice(
        "the colour is that of the printed 90,00",
        "=>20,000%",
        "17.999",
        "17.999 90 90 missed verde",
    ),
    Vettore(
        "an absent extract is no result, and not 0",
        Voce("ISR_STUDI", "8", uguale("=>8")),
        {},
        None,
        "DATI_MANCANTI",
    ),
    Vettore(
        "an absent extract does not meet a target of 0",
        Voce("ISR_STUDI", "8", uguale("=>0")),
        {},
        None,
        "DATI_MANCANTI",
    ),
    Vettore(
        "an absent extract is not the best of at most",
        Voce("TEMPO_MEDIO_PRATICHE_RI", "0,1", uguale("=<1")),
        {},
        None,
        "DATI_MANCANTI",
    ),
    Vettore(
        "0/0 is no result",
        Voce("TEMPO_MEDIO_PRATICHE_RI", "0,1", uguale("=<1")),
        giorni(),
        None,
        "NON_CALCOLABILE",
    ),
    Vettore(
        "a total of 0 is no result",
        Voce("INCIDENZA_GESTIONE_DIRETTA", "20%", uguale("=>0%")),
        quota("5", "-5"),
        None,
        "NON_CALCOLABILE",
    ),
    Vettore(
        "an indicator that nobody defined is no result",
        Voce(IGNOTO, "8", uguale("=>8")),
        studi(8),
        None,
        "SENZA_MODELLO",
    ),
]


def distribuisci(vettori: Sequence[Vettore]) -> dict[Vettore, tuple[str, str]]:
    """The chamber and the objective of each vector: a chamber has each indicator once."""
    codici: dict[str, list[str]] = {}
    posti = {}
    for vettore in vettori:
        camera = next(c for c in zona.sigle() if vettore.voce.codice not in codici.get(c, []))
        presenti = codici.setdefault(camera, [])
        presenti.append(vettore.voce.codice)
        posti[vettore] = (camera, f"1.{len(presenti)}")
    return posti


POSTI = distribuisci(VETTORI)


def voluto(testo: str | None) -> Fraction | None:
    return None if testo is None else Fraction(testo)


def _estratti(raw: Path, camera: str, esercizio: int, estratti: Estratti) -> None:
    (raw / camera / str(esercizio)).mkdir(parents=True, exist_ok=True)
    for estratto, contenuto in estratti.items():
        zona.scrivi(raw, camera, esercizio, estratto, contenuto)


UNA_VOCE = (Voce("ISR_STUDI", "8", uguale("=>8")),)


def _scrivi_medie(raw: Path) -> None:
    """XA: 66,67 and 33,33 and a missing one (6%); two missing ones (10%).
    XB: objectives that only published figures bring to 8,34 and to 2,09.
    XC: nothing has a result. XD: a single weight of 0,10 out of 16,00."""
    terzi = [
        Voce("ISR_STUDI", "8", uguale("=>3")),
        Voce("ATTIVITA_RILANCIO", "8", uguale("=>3")),
        Voce(IGNOTO, "8", uguale("=>3")),
    ]
    muti = [Voce("DELIBERE", "8", uguale("=>3")), Voce("SEDUTE", "8", uguale("=>3"))]
    piano.scrivi(raw, "XA", 2020, [Blocco("1.1", terzi, "6,00%"), Blocco("1.2", muti, "10,00%")])
    _estratti(raw, "XA", 2020, {**studi(2), "cciaa/attivita": [{}]})
    sesti = [
        Voce("ISR_STUDI", "8", uguale("=>6")),
        Voce("ATTIVITA_RILANCIO", "8", uguale("=>6")),
    ]
    niente = [Voce("DELIBERE", "8", uguale("=>6"))]
    piano.scrivi(raw, "XB", 2020, [Blocco("1.1", sesti, "1,00%"), Blocco("1.2", niente, "3,00%")])
    _estratti(raw, "XB", 2020, {**studi(1), "cciaa/attivita": [], "segreteria/atti": []})
    piano.scrivi(raw, "XC", 2020, [Blocco("1.1", muti, "6,00%")])
    tutto, nulla = (Voce("ISR_STUDI", "8", uguale("=>1")),), (Voce("DELIBERE", "8", uguale("=>1")),)
    piano.scrivi(raw, "XD", 2020, [Blocco("1.1", tutto, "0,10%"), Blocco("1.2", nulla, "15,90%")])
    _estratti(raw, "XD", 2020, {**studi(1), "segreteria/atti": []})


def _scrivi_spese(raw: Path) -> None:
    """XE: rows, none for 1.1, nothing planned for 1.3, and rows that belong to no objective.
    XG: refused. XH: a header alone. All have one plan; XA has another, and no extract."""
    blocchi = [
        Blocco("1.1", UNA_VOCE, preventivo="500,00"),
        Blocco("1.2", [Voce("SEDUTE", "8", uguale("=>8"))], preventivo="1.600,00"),
        Blocco("1.3", [Voce("INCIDENZA_CONSIP", "8%", uguale("=>8%"))], preventivo="0,00"),
        Blocco(
            "2.1",
            [Voce("DELIBERE", "8", uguale("=>8"))],
            preventivo="300,00",
            missione="012",
            programma="004",
        ),
        Blocco(
            "2.1",
            [Voce("VERIFICHE_METRICHE", "8", uguale("=>8"))],
            preventivo="200,00",
            missione="032",
            programma="002",
        ),
    ]
    righe = [
        {"obiettivo": "1.2", "importo": Decimal("12.15")},
        {"obiettivo": "1.2", "importo": Decimal("-2.15")},
        {"obiettivo": "1.3", "importo": Decimal("100.00")},
        _spesa("012", "004", "2.1", "100.00"),
        _spesa("032", "002", "2.1", "250.00"),
        _spesa("011", "005", "9.9", "77.00"),
        _spesa("011", "004", "1.1", "88.00"),
    ]
    for camera in ("XE", "XG", "XH"):
        piano.scrivi(raw, camera, 2020, blocchi)
    _estratti(raw, "XE", 2020, {"contabilita/consuntivo": righe})
    _estratti(raw, "XG", 2020, {"contabilita/consuntivo": RIFIUTATO})
    _estratti(raw, "XH", 2020, {"contabilita/consuntivo": []})


def _spesa(missione: str, programma: str, obiettivo: str, importo: str) -> zona.Parziale:
    return {
        "missione": missione,
        "programma": programma,
        "obiettivo": obiettivo,
        "importo": Decimal(importo),
    }


def _scrivi_piani(raw: Path) -> None:
    """XJ: the plan of 2020 alone, data from 2019 to 2023. XK: plans of 2020 and 2021, data to 2022.
    XL: plans of 2019 and 2020, of which the second has no target for 2021. XM: a row without a
    target for its own year."""

    def mette(camera: str, anno: int, *target: str) -> None:
        piano.scrivi(raw, camera, anno, [Blocco("1.1", [Voce("ISR_STUDI", "8", uguale(*target))])])

    mette("XJ", 2020, "=>8", "=>20", "=<1")
    for anno in range(2019, 2024):
        _estratti(raw, "XJ", anno, {**studi(anno - 2016), "contabilita/consuntivo": [{}]})
    mette("XK", 2020, "=>8", "=>20", "=>40")
    mette("XK", 2021, "=>10", "=>50", "=>8")
    for anno in (2020, 2021, 2022):
        _estratti(raw, "XK", anno, studi(5))
    mette("XL", 2019, "=>1", "=>2", "=>10")
    mette("XL", 2020, "=>8", "", "")
    for anno in (2019, 2020, 2021):
        _estratti(raw, "XL", anno, studi(4))
    voci = [
        Voce("ISR_STUDI", "8", ("", "=>8", "=>8")),
        Voce("SEDUTE", "8", uguale("=>8")),
    ]
    piano.scrivi(raw, "XM", 2020, [Blocco("1.1", voci)])
    _estratti(raw, "XM", 2020, {**studi(4), "segreteria/sedute": [{}] * 6})


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    raw = tmp_path_factory.mktemp("valutazione") / "raw"
    for scelta in {camera for camera, _ in POSTI.values()}:
        presenti = [(o, v) for v, (camera, o) in POSTI.items() if camera == scelta]
        piano.scrivi(raw, scelta, 2020, [Blocco(o, [v.voce]) for o, v in presenti])
        for _, vettore in presenti:
            _estratti(raw, scelta, 2020, vettore.estratti)
    _scrivi_medie(raw)
    _scrivi_spese(raw)
    _scrivi_piani(raw)
    with zona.pubblica(raw, raw.parent / "warehouse", GIORNO) as connessione:
        yield connessione


def _righe(
    con: duckdb.DuckDBPyConnection, tabella: str, camera: str, esercizio: int = 2020
) -> list[zona.Riga]:
    return zona.interroga(
        con,
        f"from {tabella} where camera = ? and esercizio = ?",
        camera,
        esercizio,
    )


def _sola(
    con: duckdb.DuckDBPyConnection, tabella: str, camera: str, esercizio: int = 2020
) -> zona.Riga:
    righe = _righe(con, tabella, camera, esercizio)
    assert len(righe) == 1, righe
    return righe[0]


def _riga(con: duckdb.DuckDBPyConnection, tabella: str, vettore: Vettore) -> zona.Riga:
    """The row of a vector, which is alone in its objective."""
    camera, obiettivo = POSTI[vettore]
    righe = [r for r in _righe(con, tabella, camera) if r["obiettivo"] == obiettivo]
    assert len(righe) == 1, righe
    return righe[0]


# --- from value to % Realizz -----------------------------------------------------------------


@pytest.mark.parametrize("vettore", VETTORI, ids=str)
def test_scorecard_row_is_what_a_reader_works_out(
    con: duckdb.DuckDBPyConnection, vettore: Vettore
) -> None:
    riga = _riga(con, "scorecard.indicatori", vettore)
    pubblicato = Esito(
        esatto(riga["risultato"]),
        esatto(riga["realizzazione_grezza"]),
        esatto(riga["realizzazione"]),
        riga["raggiunto"],
        riga["semaforo"],
    )
    assert pubblicato == atteso(vettore)
    assert riga["stato"] == vettore.stato


@pytest.mark.parametrize("vettore", VETTORI, ids=str)
def test_objective_of_one_row_repeats_it(con: duckdb.DuckDBPyConnection, vettore: Vettore) -> None:
    obiettivo = _riga(con, "scorecard.obiettivi", vettore)
    voluta = atteso(vettore).realizzazione
    assert esatto(obiettivo["realizzazione"]) == voluta
    assert esatto(obiettivo["copertura"]) == (voluta is not None)


def _decimali(voce: Voce) -> int:
    """How many decimals a voce prints, read off its texts."""
    cifre = [t.rstrip("%").partition(",")[2] for t in (voce.ultimo, *voce.target)]
    piu = max(len(c) for c in cifre)
    return max(piu, 2) if voce.codice in PERCENTUALI else piu


def _valore(vettore: Vettore) -> Fraction | None:
    """The exact value of the vector's indicator, by the reference."""
    if vettore.voce.codice == IGNOTO:
        return None
    estratti = {
        estratto: zona.tipizzate("AA", 2020, estratto, righe)
        for estratto, righe in vettore.estratti.items()
        if not isinstance(righe, str)
    }
    return calcola(estratti, 2020, date(2020, 12, 31))[vettore.voce.codice].valore


@pytest.mark.parametrize("vettore", VETTORI, ids=str)
def test_reference_says_the_same_as_the_figures_worked_out_by_hand(vettore: Vettore) -> None:
    testo = vettore.voce.target[0]
    cifre = testo.lstrip("=<>").rstrip("%").replace(".", "").replace(",", ".")
    riga = riferimento.RigaPiano(
        vettore.voce.codice,
        Fraction(cifre),
        "=<" if testo.startswith("=<") else "=>",
        not testo.startswith("="),
        _decimali(vettore.voce),
    )
    assert riferimento.valuta(riga, _valore(vettore)) == atteso(vettore)


def test_interpretation_stands_beside_the_text_of_the_plan(con: duckdb.DuckDBPyConnection) -> None:
    for vettore in VETTORI:
        riga = _riga(con, "scorecard.indicatori", vettore)
        testo = vettore.voce.target[0]
        assert riga["target_testo"] == testo
        assert riga["operatore"] == ("=<" if testo.startswith("=<") else "=>")
        assert riga["operatore_presunto"] is not testo.startswith("=")
        codice = vettore.voce.codice
        assert riga["codice"] == (None if codice == IGNOTO else codice)


def test_a_row_without_a_result_says_why(con: duckdb.DuckDBPyConnection) -> None:
    mute = zona.interroga(con, "from scorecard.indicatori where risultato is null")
    assert {r["stato"] for r in mute} == {"DATI_MANCANTI", "NON_CALCOLABILE", "SENZA_MODELLO"}
    assert [r for r in mute if not (r["motivo"] or "").strip() or r["valore"] is not None] == []


def test_the_scorecard_shows_the_sums_and_value_of_the_indicator(
    con: duckdb.DuckDBPyConnection,
) -> None:
    colonne = "camera, esercizio, codice, numeratore, denominatore, valore, stato, data_riferimento"
    con_modello = f"select {colonne} from scorecard.indicatori where codice is not null"
    assert zona.interroga(con, con_modello)
    estranee = f"{con_modello} except select {colonne} from indicatori.valori"
    assert zona.interroga(con, estranee) == []


def test_no_result_is_printed_as_minus_zero(con: duckdb.DuckDBPyConnection) -> None:
    righe = zona.interroga(
        con,
        "select risultato::varchar as r, realizzazione_grezza::varchar as g, "
        "realizzazione::varchar as p from scorecard.indicatori",
    )
    stampati = [t for riga in righe for t in riga.values() if t is not None]
    assert [t for t in stampati if t.startswith("-") and not t.strip("-0.")] == []


# --- roll-ups --------------------------------------------------------------------------------


def _medie(con: duckdb.DuckDBPyConnection, camera: str) -> dict[str, tuple[Fraction | None, ...]]:
    return {
        r["obiettivo"]: (esatto(r["realizzazione"]), esatto(r["copertura"]))
        for r in _righe(con, "scorecard.obiettivi", camera)
    }


def _ente(con: duckdb.DuckDBPyConnection, camera: str) -> tuple[Fraction | None, ...]:
    ente = _sola(con, "scorecard.ente", camera)
    return (
        esatto(ente["realizzazione"]),
        esatto(ente["realizzazione_minima"]),
        esatto(ente["realizzazione_massima"]),
        esatto(ente["copertura"]),
    )


def _frazioni(*testi: str | None) -> tuple[Fraction | None, ...]:
    return tuple(voluto(t) for t in testi)


def test_an_objective_is_the_mean_of_the_indicators_that_have_a_result(
    con: duckdb.DuckDBPyConnection,
) -> None:
    assert _medie(con, "XA") == {"1.1": _frazioni("50", "0.6667"), "1.2": _frazioni(None, "0")}


def test_a_chamber_renormalises_weights_and_holds_the_missing_at_0_and_at_100(
    con: duckdb.DuckDBPyConnection,
) -> None:
    # (66,67 + 33,33 + 0) / 3 = 33,33, with weight 6 of 16: 12,50; 66,67 and 100: 87,50
    # two results of three, with weight 6 of 16: 0,6667 * 6 / 16 = 0,2500
    assert _ente(con, "XA") == _frazioni("50", "12.5", "87.5", "0.25")


def test_means_are_of_the_published_figures_rounded_at_each_step(
    con: duckdb.DuckDBPyConnection,
) -> None:
    # 16,67 / 2 = 8,335, up to 8,34 (of 1/6 it would be 8,33); 8,34 / 4 = 2,085, up to 2,09
    assert _medie(con, "XB") == {"1.1": _frazioni("8.34", "1"), "1.2": _frazioni("0", "1")}
    assert _ente(con, "XB") == _frazioni("2.09", "2.09", "2.09", "1")


def test_a_chamber_with_no_result_has_no_figure_but_its_bounds(
    con: duckdb.DuckDBPyConnection,
) -> None:
    assert _medie(con, "XC") == {"1.1": _frazioni(None, "0")}
    assert _ente(con, "XC") == _frazioni(None, "0", "100", "0")


def test_weights_are_summed_exactly(con: duckdb.DuckDBPyConnection) -> None:
    # 100 * 0,10 / 16,00 = 0,625
    assert _ente(con, "XD") == _frazioni("0.63", "0.63", "0.63", "1")


def test_reference_rolls_up_to_the_figures_worked_out_by_hand() -> None:
    def obiettivo(*figure: str | None) -> riferimento.EsitoObiettivo:
        return riferimento.valuta_obiettivo([voluto(f) for f in figure])

    primo, secondo = obiettivo("66.67", "33.33", None), obiettivo(None, None)
    assert (primo.realizzazione, primo.copertura) == _frazioni("50", "0.6667")
    ente = riferimento.valuta_ente([(Fraction(6), primo), (Fraction(10), secondo)])
    assert (ente.realizzazione, ente.minima, ente.massima, ente.copertura) == _frazioni(
        "50", "12.5", "87.5", "0.25"
    )
    ente = riferimento.valuta_ente(
        [(Fraction(1), obiettivo("16.67", "0")), (Fraction(3), obiettivo("0"))]
    )
    assert ente.realizzazione == Fraction("2.09")


# --- spending --------------------------------------------------------------------------------


def _spese(con: duckdb.DuckDBPyConnection, camera: str) -> dict[str, tuple[Fraction | None, ...]]:
    return {
        f"{r['missione']}/{r['programma']}/{r['obiettivo']}": (
            esatto(r["risorse_consuntivo"]),
            esatto(r["percentuale_spesa"]),
        )
        for r in _righe(con, "scorecard.obiettivi", camera)
    }


def test_spending_is_summed_by_mission_programme_and_objective_and_is_no_share_of_nothing(
    con: duckdb.DuckDBPyConnection,
) -> None:
    assert _spese(con, "XE") == {
        "011/005/1.1": _frazioni("0", "0"),
        "011/005/1.2": _frazioni("10", "0.63"),
        "011/005/1.3": _frazioni("100", None),
        "012/004/2.1": _frazioni("100", "33.33"),
        "032/002/2.1": _frazioni("250", "125"),
    }


@pytest.mark.parametrize("camera", ["XA", "XG"])
def test_spending_is_unknown_without_its_extract(
    con: duckdb.DuckDBPyConnection, camera: str
) -> None:
    assert set(_spese(con, camera).values()) == {(None, None)}


def test_a_header_alone_spends_0(con: duckdb.DuckDBPyConnection) -> None:
    spese = _spese(con, "XH")
    assert spese.pop("011/005/1.3") == _frazioni("0", None)
    assert set(spese.values()) == {_frazioni("0", "0")}


def test_spending_for_an_unknown_objective_is_accepted_and_listed(
    con: duckdb.DuckDBPyConnection,
) -> None:
    assert len(_righe(con, "fonti.contabilita_consuntivo", "XE")) == 7
    assert _righe(con, "qualita.scarti", "XE") == []
    con_ignoti = {(r["regola"], r["descrizione"]) for r in _righe(con, "piano.anomalie", "XE")}
    senza = {(r["regola"], r["descrizione"]) for r in _righe(con, "piano.anomalie", "XH")}
    nuove = con_ignoti - senza
    assert any("9.9" in descrizione for _, descrizione in nuove)
    assert any("1.1" in descrizione and "004" in descrizione for _, descrizione in nuove)
    assert not any("9.9" in descrizione for _, descrizione in senza)


@pytest.mark.parametrize(
    ("consuntivo", "preventivo", "atteso"),
    [("10", "1600", "0.63"), ("-10", "1600", "-0.63"), (None, "1", None), ("1", None, None)],
)
def test_reference_spends_by_hand(
    consuntivo: str | None, preventivo: str | None, atteso: str | None
) -> None:
    quota_spesa = riferimento.percentuale_spesa(voluto(consuntivo), voluto(preventivo))
    assert quota_spesa == voluto(atteso)


# --- which plan ------------------------------------------------------------------------------


def _misura(
    con: duckdb.DuckDBPyConnection, camera: str, esercizio: int
) -> tuple[str, Fraction | None, Fraction | None]:
    riga = _sola(con, "scorecard.indicatori", camera, esercizio)
    return riga["target_testo"], esatto(riga["risultato"]), esatto(riga["realizzazione"])


@pytest.mark.parametrize(
    ("camera", "esercizio", "target", "risultato", "realizzazione"),
    [
        pytest.param("XJ", 2020, "=>8", 4, 50, id="a year is measured with its own plan"),
        pytest.param("XJ", 2021, "=>20", 5, 25, id="without one, with an earlier plan's target"),
        pytest.param("XJ", 2022, "=<1", 6, 0, id="each target keeps its own operator"),
        pytest.param("XK", 2020, "=>8", 5, "62.5", id="two plans: the first year"),
        pytest.param("XK", 2021, "=>10", 5, 50, id="two plans: its own comes before an earlier"),
        pytest.param("XK", 2022, "=>50", 5, 10, id="two plans: the latest earlier"),
        pytest.param("XL", 2020, "=>8", 4, 50, id="a plan with a target for its year alone"),
        pytest.param("XL", 2021, "=>10", 4, 40, id="the latest earlier plan with a target for it"),
    ],
)
def test_which_plan_measures_a_year(
    con: duckdb.DuckDBPyConnection,
    camera: str,
    esercizio: int,
    target: str,
    risultato: int,
    realizzazione: int | str,
) -> None:
    assert _misura(con, camera, esercizio) == (
        target,
        Fraction(risultato),
        Fraction(realizzazione),
    )


@pytest.mark.parametrize(("esercizio", "numero"), [(2019, 3), (2023, 7)])
def test_a_year_that_no_plan_measures_has_values_and_no_target(
    con: duckdb.DuckDBPyConnection, esercizio: int, numero: int
) -> None:
    valori = {r["codice"]: r for r in _righe(con, "indicatori.valori", "XJ", esercizio)}
    assert esatto(valori["ISR_STUDI"]["valore"]) == numero
    assert valori["ISR_STUDI"]["stato"] == "DEFINITIVO"
    for riga in _righe(con, "scorecard.indicatori", "XJ", esercizio):
        assert (riga["target"], riga["realizzazione"], riga["raggiunto"]) == (None, None, None)
    for riga in _righe(con, "scorecard.ente", "XJ", esercizio):
        assert riga["realizzazione"] is None


def test_a_year_without_its_own_plan_has_no_planned_spending(
    con: duckdb.DuckDBPyConnection,
) -> None:
    proprio = _sola(con, "scorecard.obiettivi", "XJ", 2020)
    assert esatto(proprio["risorse_preventivo"]) == 1000
    assert esatto(proprio["percentuale_spesa"]) == 10
    altrui = _sola(con, "scorecard.obiettivi", "XJ", 2021)
    assert altrui["risorse_preventivo"] is None
    assert altrui["percentuale_spesa"] is None
    assert esatto(altrui["risorse_consuntivo"]) == 100
    assert esatto(_sola(con, "scorecard.ente", "XJ", 2021)["realizzazione"]) == 25


def test_a_row_without_a_target_has_a_result_and_no_percentage(
    con: duckdb.DuckDBPyConnection,
) -> None:
    righe = {r["codice"]: r for r in _righe(con, "scorecard.indicatori", "XM")}
    senza = righe["ISR_STUDI"]
    assert esatto(senza["risultato"]) == 4
    assert senza["target"] is None
    assert (senza["realizzazione_grezza"], senza["realizzazione"]) == (None, None)
    assert senza["raggiunto"] is None
    assert esatto(righe["SEDUTE"]["realizzazione"]) == 75
    assert esatto(_sola(con, "scorecard.obiettivi", "XM")["realizzazione"]) == 75


@pytest.mark.parametrize(
    ("esercizio", "piani", "atteso"),
    [
        (2020, {2020: (2020, 2021, 2022)}, 2020),
        (2022, {2020: (2020, 2021, 2022)}, 2020),
        (2023, {2020: (2020, 2021, 2022)}, None),
        (2019, {2020: (2020, 2021, 2022)}, None),
        (2021, {2020: (2020, 2021), 2021: (2021,)}, 2021),
        (2021, {2019: (2019, 2020, 2021), 2020: (2020,)}, 2019),
        (2021, {2019: (2019, 2020, 2021), 2020: (2020, 2021)}, 2020),
    ],
)
def test_reference_picks_the_plan(
    esercizio: int, piani: dict[int, tuple[int, ...]], atteso: int | None
) -> None:
    assert riferimento.piano_che_misura(esercizio, piani) == atteso


# --- a single year, before it closes -----------------------------------------------------------


@pytest.fixture(scope="module")
def un_anno(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    """AA has a plan in the folder of 2020 and data in 2021; AB is not asked for."""
    raw = tmp_path_factory.mktemp("un_anno") / "raw"
    voci = [Voce("ISR_STUDI", "8", ("=>8", "=>4", "=>2")), Voce("SEDUTE", "8", uguale("=>8"))]
    for camera in ("AA", "AB"):
        piano.scrivi(raw, camera, 2020, [Blocco("1.1", voci)])
        fatti = [{"data_pubblicazione": PENULTIMO}, {"data_pubblicazione": date(2021, 12, 31)}]
        _estratti(raw, camera, 2021, {"isr/studi": fatti})
    with zona.pubblica(raw, raw.parent / "warehouse", PENULTIMO, "AA", 2021) as connessione:
        yield connessione


def test_a_plan_is_read_though_its_own_year_is_not_run(
    un_anno: duckdb.DuckDBPyConnection,
) -> None:
    righe = {r["codice"]: r for r in _righe(un_anno, "scorecard.indicatori", "AA", 2021)}
    assert righe["ISR_STUDI"]["target_testo"] == "=>4"
    assert esatto(righe["ISR_STUDI"]["realizzazione"]) == 25
    assert righe["SEDUTE"]["stato"] == "DATI_MANCANTI"


def test_a_year_is_provisional_up_to_the_day_before_its_last(
    un_anno: duckdb.DuckDBPyConnection, con: duckdb.DuckDBPyConnection
) -> None:
    valore = next(
        r for r in _righe(un_anno, "indicatori.valori", "AA", 2021) if r["codice"] == "ISR_STUDI"
    )
    assert (valore["stato"], valore["data_riferimento"]) == ("PROVVISORIO", PENULTIMO)
    assert esatto(valore["valore"]) == 1
    riga = next(
        r for r in _righe(un_anno, "scorecard.indicatori", "AA", 2021) if r["codice"] == "ISR_STUDI"
    )
    assert (riga["stato"], riga["data_riferimento"]) == ("PROVVISORIO", PENULTIMO)
    assert esatto(riga["risultato"]) == 1
    chiuso = next(
        r for r in _righe(con, "indicatori.valori", "XJ", 2023) if r["codice"] == "ISR_STUDI"
    )
    assert (chiuso["stato"], chiuso["data_riferimento"]) == ("DEFINITIVO", GIORNO)


def test_only_what_was_asked_for_is_computed(un_anno: duckdb.DuckDBPyConnection) -> None:
    partizioni = zona.interroga(un_anno, "select distinct camera, esercizio from indicatori.valori")
    assert partizioni == [{"camera": "AA", "esercizio": 2021}]
