"""Scorecards made up over the real plan, without a warehouse.

Belongs here: rows with the columns of `scorecard.*`, with figures that a test can choose. Does not
belong here: whether such figures would be right (test_valutazione.py).

    scheda()                                  # 2020, every result there, definitive
    scheda(risultati={16: None})              # the indicator at line 16 has none
    scheda(plan=ostile())                     # every text of the plan is somebody's attack
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from pipelines.partizione import Partizione
from pipelines.plan.model import Indicatore, Obiettivo, Piano
from pipelines.plan.read import read_plan
from pipelines.scorecard.righe import Row
from pipelines.scorecard.sheet import Scheda

ALLEGATO = Path(__file__).parents[2] / "raw/MS/2020/allegato.txt"

MOTIVO = "Manca l'estratto segreteria/accessi."

COLORI = (
    (Decimal("166.67"), "verde"),
    (Decimal("87.5"), "giallo"),
    (Decimal("62.5"), "rosso"),
)

ATTACCHI = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(A1:A9)",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "https://example.org/clic",
    "'\"><b>&amp;</b>",
    "{=1+1}",
    "_x0041_ \x01\x0b\x1f\ufffe fine",
    "{{ 7*7 }}{% raw %}",
)


@cache
def piano_2020() -> Piano:
    return read_plan(ALLEGATO.read_bytes())


def ostile() -> Piano:
    """The plan of 2020 with an attack in every text, in the lines and in the records alike."""
    piano = piano_2020()
    giro = 0
    righe = []
    for riga, genere in zip(piano.righe, piano.generi, strict=True):
        celle = riga.rstrip("\n").split("\t")
        for indice in {
            "indicatore": (0, 1, 6, 7, 8, 11),
            "campo": (2,),
        }.get(genere, ()):
            celle[indice] = ATTACCHI[giro % len(ATTACCHI)]
            giro += 1
        if genere in ("missione", "programma", "obiettivo", "firma", "atto"):
            celle[-1 if genere != "obiettivo" else min(2, len(celle) - 1)] += " " + ATTACCHI[4]
        righe.append("\t".join(celle) + "\n")
    piano = replace(piano, righe=tuple(righe))

    def attack(record: Indicatore, primo: int) -> Indicatore:
        testi = [ATTACCHI[(primo + i) % len(ATTACCHI)] for i in range(6)]
        return replace(
            record,
            tipologia=testi[0],
            indicatore=testi[1],
            tipo_indicatore=testi[2],
            algoritmo=testi[3],
            fonte=testi[4],
            note=testi[5],
            ultimo_valore_testo="=2+2",
        )

    def attack_obiettivo(record: Obiettivo, primo: int) -> Obiettivo:
        testi = [ATTACCHI[(primo + i) % len(ATTACCHI)] for i in range(8)]
        return replace(
            record,
            missione_titolo=testi[0],
            programma_titolo=testi[1],
            titolo=testi[2],
            descrizione=testi[3],
            stakeholder_esterni=testi[4],
            stakeholder_interni=testi[5],
            arco_temporale=testi[6],
            centro_responsabilita=testi[7],
        )

    return replace(
        piano,
        indicatori=tuple(attack(r, n) for n, r in enumerate(piano.indicatori)),
        obiettivi=tuple(attack_obiettivo(r, n) for n, r in enumerate(piano.obiettivi)),
    )


def scheda(
    plan: Piano | None = None,
    esercizio: int | None = None,
    giorno: date = date(2020, 12, 31),
    risultati: Mapping[int, Decimal | None] | None = None,
    stato: str = "DEFINITIVO",
    consuntivo: bool = True,
    versione: str = "1.0",
    motivo: str = MOTIVO,
    al_massimo: str = "specchio",
    sintetici: bool = False,
) -> Scheda:
    """A scorecard. `risultati`: line of the allegato -> result; without one a result is made up."""
    plan = plan or piano_2020()
    esercizio_piano = plan.anno or 2020
    esercizio = esercizio or esercizio_piano
    scelti = dict(risultati or {})
    rows = tuple(
        _indicatore(
            record,
            numero,
            esercizio,
            scelti.get(record.riga, _made_up(numero, record)),
            stato,
            motivo,
            giorno < date(esercizio, 12, 31),
        )
        for numero, record in enumerate(plan.indicatori)
    )
    return Scheda(
        partizione=Partizione("MS", esercizio),
        piano=plan,
        esercizio_piano=esercizio_piano,
        data_riferimento=giorno,
        versione_regole=versione,
        regole={
            "camera": "MS",
            "versione": versione,
            "al_massimo": al_massimo,
            "giallo_da": Decimal("70.00"),
            "verde_da": Decimal("90.00"),
        },
        realizzazione=Decimal("91.43"),
        realizzazione_minima=Decimal("85.1"),
        realizzazione_massima=Decimal("93.00"),
        copertura=Decimal("0.8600"),
        obiettivi=tuple(
            _obiettivo(record, numero, esercizio, esercizio_piano, consuntivo)
            for numero, record in enumerate(plan.obiettivi)
        ),
        indicatori=rows,
        sintetici=sintetici,
    )


def _made_up(numero: int, record: Indicatore) -> Decimal:
    """A result with the plan's decimals and the six that the warehouse keeps."""
    return Decimal(1234 + numero).scaleb(-record.decimali).quantize(Decimal("0.000001"))


def _indicatore(
    record: Indicatore,
    numero: int,
    esercizio: int,
    risultato: Decimal | None,
    stato: str,
    motivo: str,
    aperto: bool,
) -> Row:
    traguardo = next((t for t in record.traguardi if t.anno == esercizio), None)
    grezza, colore = COLORI[numero % len(COLORI)] if risultato is not None else (None, "grigio")
    # Every second one is a count; in an open year it is a little short of what is due by its day.
    giudicato = aperto and not numero % 2
    dovuto = Decimal("12.000000") if giudicato and traguardo else None
    alla_data = Decimal("95.50") if dovuto and risultato is not None else None
    return {
        "camera": "MS",
        "esercizio": esercizio,
        "esercizio_piano": 2020,
        "missione": record.missione,
        "programma": record.programma,
        "obiettivo": record.obiettivo,
        "progressivo": record.progressivo,
        "codice": f"CODICE_{record.riga}",
        "tipologia": record.tipologia,
        "indicatore": record.indicatore,
        "tipo_indicatore": record.tipo_indicatore,
        "ultimo_valore": record.ultimo_valore,
        "anno_ultimo_valore": record.anno_ultimo_valore,
        "target_testo": traguardo.testo if traguardo else None,
        "operatore": traguardo.operatore if traguardo else None,
        "operatore_presunto": traguardo.operatore_presunto if traguardo else None,
        "target": traguardo.valore if traguardo else None,
        "algoritmo": record.algoritmo,
        "fonte": record.fonte,
        "note": record.note,
        "decimali": record.decimali,
        "percentuale": record.percentuale,
        "riga": record.riga,
        "numeratore": None if risultato is None else Decimal("129379.700000000000"),
        "denominatore": Decimal("0.853333333333") if numero % 2 else None,
        "valore": risultato,
        "risultato": risultato,
        "realizzazione_grezza": grezza,
        "realizzazione": None if grezza is None else min(grezza, Decimal("100.00")),
        "raggiunto": None if grezza is None else grezza >= 100,
        "semaforo": colore,
        "target_alla_data": dovuto,
        "realizzazione_alla_data": alla_data,
        "raggiunto_alla_data": None if alla_data is None else False,
        "semaforo_alla_data": ("verde" if alla_data else "grigio") if giudicato else None,
        "scarti_possibili": 3 if numero == 1 else 1 if numero == 2 else 0,
        "stato": stato if risultato is not None else "DATI_MANCANTI",
        "motivo": None if risultato is not None else motivo,
        "data_riferimento": date(2020, 12, 31),
    }


def _obiettivo(record: Obiettivo, numero: int, esercizio: int, piano: int, consuntivo: bool) -> Row:
    propria = esercizio == piano
    return {
        "camera": "MS",
        "esercizio": esercizio,
        "esercizio_piano": 2020,
        "missione": record.missione,
        "missione_titolo": record.missione_titolo,
        "programma": record.programma,
        "programma_titolo": record.programma_titolo,
        "obiettivo": record.obiettivo,
        "titolo": record.titolo,
        "descrizione": record.descrizione,
        "stakeholder_esterni": record.stakeholder_esterni,
        "stakeholder_interni": record.stakeholder_interni,
        "arco_temporale": record.arco_temporale,
        "centro_responsabilita": record.centro_responsabilita,
        "risorse_preventivo": record.risorse_preventivo if propria else None,
        "risorse_consuntivo": Decimal(f"104870.1{numero}") if consuntivo else None,
        "percentuale_spesa": Decimal(f"94.5{numero}") if consuntivo and propria else None,
        "peso": record.peso,
        "riga": record.riga,
        "realizzazione": Decimal(f"81.2{numero}"),
        "realizzazione_minima": Decimal(f"71.2{numero}"),
        "realizzazione_massima": Decimal(f"91.2{numero}"),
        "copertura": Decimal("0.5000"),
    }
