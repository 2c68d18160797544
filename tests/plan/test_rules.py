"""Every rule of the plan: one bad case that turns it red, and a sound plan that none of them touches."""

import re
from decimal import Decimal

import pytest

from pipelines.plan.frames import to_frames
from pipelines.plan.read import read_plan
from pipelines.plan.regole import REGOLE
from tests.plan.test_documenti import TROVATE_QUI

INTESTAZIONE = (
    "TIPOLOGIA\tINDICATORE\tUltimo valore osservato (2018)\tTarget 2020 (risultato atteso)"
    "\tTarget 2021\tTipo indicatore\tAlgoritmo di calcolo\tFonte\tRisultato 2020\t% Realizz\tNOTE"
)
INCIDENZA = (
    "Efficacia\tIncidenza D6.1.3\t20,00%\t=>24,58%\t=>25%\tPercentuale\tD6.1.3 / totale\tUfficio"
    "\t\t\tDato 2018 UNRM - CCIAA piccole dato medio 32,03%"
)
SANO = f"""\
All. 8 alla deliberazione di Consiglio Camerale n. 22 del 12.12.19
MISSIONE\t\t011 - Imprese
PROGRAMMA\t\t005 - Incentivi
OBIETTIVO\tTITOLO\t1.1 - Osservare\t
\tDESCRIZIONE\tProdurre analisi\t
\tRISORSE FINANZIARIE A PREVENTIVO\t€ 1.000,00\t% SPESA\t0,00%\tPESO\t60,00%\t
RISORSE FINANZIARIE A CONSUNTIVO\t\t\t\t\t\t\t
{INTESTAZIONE}
Volume\tStudi\t8\t=>8\t=>9\tNumero\tConteggio\tUfficio\t\t\t
{INCIDENZA}
**PROGRAMMA 006 - Mercati**
{INTESTAZIONE}
<b>OBBIETTIVO</b> TITOLO: 1.2 - Vigilare DESCRIZIONE: Ispezioni RISORSE FINANZIARIE A PREVENTIVO: \
€ 5,00 RISORSE FINANZIARIE A CONSUNTIVO: € 0,00 % SPESA: 0,00% PESO: 40,00%\t
Volume\tIspezioni\t2\t=>2\t=>3\tNumero\tConteggio\tUfficio\t\t\t
IL SEGRETARIO GENERALE IL PRESIDENTE
Ada Neri (Dott. Ugo Po)
"""
STUDI = "Volume\tStudi\t8\t=>8\t=>9\tNumero\tConteggio\tUfficio\t\t\t\n"

CASI: list[tuple[str, int | None, str, str]] = [
    # rule, line of the finding, what is replaced (once, from the start), by what
    ("riga_non_compresa", 5, "\tDESCRIZIONE\tProdurre", "\tSCOPO\tProdurre"),
    ("riga_non_compresa", 17, "(Dott. Ugo Po)\n", "\npagina 1 di 2\n"),
    ("riga_non_compresa", 10, INCIDENZA, "Totale\t\t\t\t\t\t\t\t\t\t"),
    ("riga_di_tabella_non_compresa", 9, "\tStudi\t", "\t\t"),
    ("riga_di_tabella_non_compresa", 8, f"{INTESTAZIONE}\n{STUDI}", f"{STUDI}{INTESTAZIONE}\n"),
    ("cella_in_piu", 2, "011 - Imprese", "011 - Imprese\t7"),
    ("cella_in_piu", 4, "Osservare\t", "Osservare\tanche"),
    ("cella_in_piu", 5, "analisi\t", "analisi\tNOTA"),
    ("cella_in_piu", 7, "A CONSUNTIVO\t\t\t", "A CONSUNTIVO\t\t\tx"),
    ("cella_in_piu", 9, "Ufficio\t\t\t\n", "Ufficio\t\t\t\t7\n"),
    ("cella_in_piu", 13, "40,00%\t", "40,00%\t7"),
    (
        "campo_senza_obiettivo",
        4,
        "OBIETTIVO\tTITOLO\t1.1 - Osservare",
        "\tARCO TEMPORALE\tTRIENNIO",
    ),
    ("campo_sconosciuto", 13, "Ispezioni RISORSE", "Ispezioni SCOPO: alto RISORSE"),
    ("campo_ripetuto", 6, "\tDESCRIZIONE\t", "\tDESCRIZIONE\tUna\n\tDESCRIZIONE\t"),
    ("etichetta_tagliata", 6, "RISORSE FINANZIARIE A PREVENTIVO", "RISORSE FINANZIARIE A"),
    ("etichetta_tagliata", 13, "DESCRIZIONE: Isp", "DESCRIZ: Isp"),
    ("campo_gia_compilato", 9, "Ufficio\t\t\t\n", "Ufficio\t8\t\t\n"),
    ("campo_gia_compilato", 9, "Ufficio\t\t\t\n", "Ufficio\t\t100,00%\t\n"),
    ("campo_gia_compilato", 7, "A CONSUNTIVO\t\t", "A CONSUNTIVO\t\t€ 7,00"),
    ("campo_gia_compilato", 6, "% SPESA\t0,00%", "% SPESA\t7,00%"),
    ("campo_senza_posto", 9, "Ufficio\t\t\t\n", "Ufficio\n"),
    ("campo_senza_posto", 7, "A CONSUNTIVO\t\t\t\t\t\t\t", "A CONSUNTIVO"),
    ("campo_senza_posto", 4, "RISORSE FINANZIARIE A CONSUNTIVO\t\t\t\t\t\t\t\n", ""),
    ("campo_senza_posto", 4, "% SPESA\t0,00%\t", ""),
    ("colonna_sconosciuta", 8, "% Realizz", "% Avanzamento"),
    ("colonna_ripetuta", 8, "Target 2021", "Target"),
    ("colonna_ripetuta", 8, "Target 2021", "Target 2020"),
    ("colonna_ripetuta", 8, "Fonte", "Algoritmo"),
    ("colonna_senza_anno", 8, "osservato (2018)", "osservato"),
    ("intestazione_incompleta", 8, "\tRisultato 2020", "\t"),
    (
        "anno_discorde",
        12,
        "Mercati**\n" + INTESTAZIONE,
        "Mercati**\n" + INTESTAZIONE.replace("Risultato 2020", "Risultato 2021"),
    ),
    ("esercizio_diverso", 8, "Risultato 2020", "Risultato 2021"),
    ("missione_illeggibile", 2, "011 - Imprese", "Imprese"),
    ("missione_illeggibile", 11, "**PROGRAMMA 006 - Mercati**", "**PROGRAMMA**"),
    ("obiettivo_senza_programma", 4, "PROGRAMMA\t\t005 - Incentivi", ""),
    ("obiettivo_senza_programma", 13, "**PROGRAMMA 006 - Mercati**", "**MISSIONE 012 - Mercati**"),
    ("numero_presunto", 4, "1.1 - Osservare", "Osservare"),
    ("numero_presunto", 4, "OBIETTIVO\tTITOLO\t1.1 - Osservare", "OBIETTIVO"),
    (
        "obiettivo_ripetuto",
        12,
        f"**PROGRAMMA 006 - Mercati**\n{INTESTAZIONE}\n<b>OBBIETTIVO</b> TITOLO: 1.2",
        f"{INTESTAZIONE}\n<b>OBBIETTIVO</b> TITOLO: 1.1",
    ),
    ("numero_obiettivo_ripetuto", 13, "TITOLO: 1.2 - ", "TITOLO: 1.1 - "),
    ("obiettivo_senza_indicatori", 4, STUDI + INCIDENZA, ""),
    ("senza_obiettivi", None, SANO, "IL PRESIDENTE\n"),
    ("senza_indicatori", None, SANO, ""),
    ("risorse_mancanti", 6, "€ 1.000,00", ""),
    ("risorse_mancanti", 13, "RISORSE FINANZIARIE A PREVENTIVO: € 5,00 ", ""),
    ("risorse_illeggibili", 6, "€ 1.000,00", "€ 1000.00"),
    ("risorse_illeggibili", 6, "€ 1.000,00", "€ 1.000,005"),
    ("risorse_illeggibili", 6, "€ 1.000,00", f"€ {'9' * 17}"),
    ("peso_mancante", 6, "60,00%", ""),
    ("peso_mancante", 4, "PESO\t60,00%", "\t"),
    ("peso_illeggibile", 6, "60,00%", "sessanta"),
    ("peso_illeggibile", 6, "60,00%", "-60,00%"),
    ("peso_illeggibile", 6, "60,00%", "60,001%"),
    ("somma_pesi", None, "60,00%", "59,99%"),
    ("indicatore_senza_obiettivo", 11, INCIDENZA, f"PROGRAMMA\t\t007 - X\n{INCIDENZA}"),
    ("indicatore_ripetuto", 14, "\tIspezioni\t", "\tSTUDI \t"),
    ("dato_mancante", 9, "Volume\t", "\t"),
    ("dato_mancante", 9, "\t8\t=>8", "\tn.d.\t=>8"),
    ("ultimo_valore_illeggibile", 9, "\t8\t=>8", "\totto\t=>8"),
    ("ultimo_valore_illeggibile", 9, "\t8\t=>8", "\t0,0000008\t=>8"),
    ("ultimo_valore_illeggibile", 9, "\t8\t=>8", "\t0.8\t=>8"),
    ("traguardo_illeggibile", 9, "\t=>8\t", "\t=>otto\t"),
    ("operatore_stretto", 9, "\t=>9\t", "\t>9\t"),
    ("traguardo_illeggibile", 9, "\t=>8\t", "\t=>8,1234567\t"),
    ("traguardo_mancante", 9, "\t=>8\t", "\t\t"),
    ("traguardo_mancante", 9, "\t=>8\t", "\t-\t"),
    ("traguardo_futuro_mancante", 9, "\t=>9\t", "\t\t"),
    ("operatore_presunto", 9, "\t=>8\t", "\t8\t"),
    ("operatori_discordi", 9, "\t=>9\t", "\t=<9\t"),
    ("percentuale_incoerente", 9, "\t8\t=>8\t=>9\t", "\t8%\t=>8\t=>9\t"),
    ("percentuale_incoerente", 9, "\t8\t=>8\t=>9\t", "\t8%\t=>8%\t=>9%\t"),
    ("percentuale_incoerente", 10, "20,00%\t=>24,58%\t=>25%", "20,00\t=>24,58\t=>25"),
    ("anno_da_nota", 9, "Ufficio\t\t\t\n", "Ufficio\t\t\tultimo dato osservato anno 2019\n"),
    ("confronto_illeggibile", 10, "dato medio 32,03%", "dato medio"),
    ("confronto_illeggibile", 10, "dato medio 32,03%", "dato medio 32.03"),
    ("codici_processo_discordi", 10, "Incidenza D6.1.3", "Incidenza D.1.3.2"),
]


def _findings(testo: str) -> list[tuple[str, int | None, bool]]:
    """What is published about a plan in the folder of 2020."""
    anomalie = to_frames(read_plan(testo.encode()), "MS", 2020)["anomalie"]
    return list(anomalie.select("regola", "riga", "grave").iter_rows())


def test_a_sound_plan_has_no_findings() -> None:
    piano = read_plan(SANO.encode())
    assert _findings(SANO) == []
    assert "non_compresa" not in piano.generi
    assert [o.peso for o in piano.obiettivi] == [Decimal(60), Decimal(40)]
    assert len(piano.indicatori) == 3


@pytest.mark.parametrize(("regola", "riga", "prima", "dopo"), CASI)
def test_a_bad_plan_turns_its_rule_red(
    regola: str, riga: int | None, prima: str, dopo: str
) -> None:
    assert prima in SANO
    guasto = SANO.replace(prima, dopo, 1)
    assert (regola, riga, REGOLE[regola].grave) in _findings(guasto)


def test_a_target_without_an_operator_disagrees_with_none() -> None:
    """It takes the direction of the row's definition, which is not known here."""
    found = {regola for regola, *_ in _findings(SANO.replace("\t=>8\t=>9\t", "\t=<8\t9\t", 1))}
    assert "operatore_presunto" in found
    assert "operatori_discordi" not in found


def test_every_rule_has_a_bad_case() -> None:
    altrove = TROVATE_QUI | {"piano_illeggibile", "piu_allegati"}  # test_piani_nel_magazzino.py
    assert {regola for regola, *_ in CASI} | altrove == set(REGOLE)


@pytest.mark.parametrize(("prima", "dopo"), [(prima, dopo) for _, _, prima, dopo in CASI])
def test_a_finding_is_one_sentence_with_line_cause_and_remedy(prima: str, dopo: str) -> None:
    piano = read_plan(SANO.replace(prima, dopo, 1).encode())
    for trovata in piano.anomalie:
        dove = "Piano" if trovata.riga is None else f"Riga {trovata.riga}"
        assert re.fullmatch(rf"{dove}: [^;]+; [^;]+\.", trovata.descrizione), trovata
    righe = [trovata.riga or 0 for trovata in piano.anomalie]
    assert righe == sorted(righe)


def test_the_sum_of_the_weights_is_stated() -> None:
    piano = read_plan(SANO.replace("60,00%", "59,99%").encode())
    assert [a.descrizione for a in piano.anomalie] == [
        "Piano: i pesi degli obiettivi sommano a 99,99% e non a 100%; correggere i pesi."
    ]
