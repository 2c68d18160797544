"""What a control officer should know about a plan before it is measured.

Belongs here: what the records lack, or say twice, or against each other. Does not belong here: what the
text itself says badly, which is reported where it is read; names and gravity of the rules (regole.py);
whether what a plan asks is worth asking (sql/piano/rilievi.sql).
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from decimal import Decimal

from pipelines.italiano import format_numero
from pipelines.plan.model import Anomalia, Indicatore, Obiettivo, Piano
from pipelines.plan.regole import anomalia, cita
from pipelines.plan.righe import chiave
from pipelines.plan.tabella import is_tipo_percentuale
from pipelines.plan.valori import is_mancante

_CODICE_PROCESSO = re.compile(r"\b[A-Z][0-9]*(?:\.[0-9]+){2,}\b")


def lint(piano: Piano) -> tuple[Anomalia, ...]:
    """The findings about a plan, by line; those about the whole plan come first."""
    anni = {t.anno for indicatore in piano.indicatori for t in indicatore.traguardi}
    trovate = [
        *_check_pesi(piano),
        *_check_obiettivi(piano),
        *_check_ripetuti(piano),
        *(a for i in piano.indicatori for a in _check_indicatore(piano.anno, anni, i)),
    ]
    return tuple(sorted(trovate, key=lambda a: (a.riga or 0, a.regola)))


def lint_esercizio(piano: Piano, esercizio: int) -> tuple[Anomalia, ...]:
    """The finding about a plan that stands in the folder of another year."""
    if piano.anno in (None, esercizio):
        return ()
    prima = next((n for n, g in enumerate(piano.generi) if g == "intestazione"), None)
    riga = None if prima is None else piano.luoghi[prima]
    return (
        anomalia(
            "esercizio_diverso",
            riga,
            f"il piano è del {piano.anno} e sta nella cartella dell'esercizio {esercizio}",
            "spostarlo, o correggere l'anno nelle intestazioni",
        ),
    )


def _check_pesi(piano: Piano) -> Iterator[Anomalia]:
    pesi = [obiettivo.peso for obiettivo in piano.obiettivi if obiettivo.peso is not None]
    somma = sum(pesi, Decimal(0))
    if pesi and somma != 100:
        yield anomalia(
            "somma_pesi",
            None,
            f"i pesi degli obiettivi sommano a {format_numero(somma, 2)}% e non a 100%",
            "correggere i pesi",
        )


def _check_obiettivi(piano: Piano) -> Iterator[Anomalia]:
    if not piano.obiettivi:
        yield anomalia(
            "senza_obiettivi",
            None,
            "non vi si trova nessun obiettivo",
            "controllare che sia l'allegato degli indicatori, con le sue righe OBIETTIVO",
        )
    if not piano.indicatori:
        yield anomalia(
            "senza_indicatori",
            None,
            "non vi si trova nessun indicatore",
            "controllare che ci siano le intestazioni TIPOLOGIA, INDICATORE, Target",
        )
    misurati = {(i.missione, i.programma, i.obiettivo) for i in piano.indicatori}
    numeri: defaultdict[str, list[Obiettivo]] = defaultdict(list)
    for obiettivo in piano.obiettivi:
        if (obiettivo.missione, obiettivo.programma, obiettivo.obiettivo) not in misurati:
            yield anomalia(
                "obiettivo_senza_indicatori",
                obiettivo.riga,
                f"l'obiettivo {obiettivo.obiettivo} non ha indicatori e non può essere misurato",
                "aggiungerne uno o togliere l'obiettivo",
            )
        if obiettivo.obiettivo:
            numeri[obiettivo.obiettivo].append(obiettivo)
    for numero, (primo, *altri) in numeri.items():
        for obiettivo in altri:
            yield anomalia(
                "numero_obiettivo_ripetuto",
                obiettivo.riga,
                f"il numero {numero} è anche dell'obiettivo alla riga {primo.riga}, in un altro "
                "programma",
                "indicare sempre anche missione e programma",
            )


def _check_ripetuti(piano: Piano) -> Iterator[Anomalia]:
    visti: dict[str, int] = {}
    for indicatore in piano.indicatori:
        nome = chiave(indicatore.indicatore)
        if nome in visti:
            yield anomalia(
                "indicatore_ripetuto",
                indicatore.riga,
                f"l'indicatore {cita(indicatore.indicatore)} è già alla riga {visti[nome]}",
                "tenerne uno, o distinguerli nel nome",
            )
        visti.setdefault(nome, indicatore.riga)


def _check_indicatore(
    anno: int | None, anni: AbstractSet[int], indicatore: Indicatore
) -> Iterator[Anomalia]:
    """The findings about an indicator of the plan of `anno`; `anni` are those that have targets."""
    yield from _check_dati(indicatore)
    yield from _check_traguardi(anno, anni, indicatore)
    yield from _check_percentuale(indicatore)
    yield from _check_codici(indicatore)


def _check_dati(indicatore: Indicatore) -> Iterator[Anomalia]:
    ultimo = indicatore.ultimo_valore_testo
    dati = {
        "la tipologia": indicatore.tipologia,
        "l'ultimo valore osservato": None if is_mancante(ultimo) else ultimo,
        "il tipo di indicatore": indicatore.tipo_indicatore,
        "l'algoritmo": indicatore.algoritmo,
        "la fonte": indicatore.fonte,
    }
    mancanti = [nome for nome, dato in dati.items() if dato is None]
    if mancanti:
        yield anomalia(
            "dato_mancante",
            indicatore.riga,
            f"l'indicatore {cita(indicatore.indicatore)} non ha {', '.join(mancanti)}",
            "completare la riga",
        )
    if ultimo and indicatore.ultimo_valore is None and not is_mancante(ultimo):
        yield anomalia(
            "ultimo_valore_illeggibile",
            indicatore.riga,
            f"l'ultimo valore osservato, {cita(ultimo)}, non si legge",
            "scriverlo come «24,58%» o «133,3», con al più 6 decimali",
        )


def _check_traguardi(
    anno: int | None, anni: AbstractSet[int], indicatore: Indicatore
) -> Iterator[Anomalia]:
    presenti = set()
    for traguardo in indicatore.traguardi:
        if is_mancante(traguardo.testo):
            continue
        presenti.add(traguardo.anno)
        if traguardo.valore is None:
            yield anomalia(
                "traguardo_illeggibile",
                indicatore.riga,
                f"il target {traguardo.anno}, {cita(traguardo.testo)}, non si legge",
                "scriverlo come «=>24,58%» o «=<1», con al più 6 decimali",
            )
    presunti = [str(t.anno) for t in indicatore.traguardi if t.operatore_presunto]
    if presunti:
        yield anomalia(
            "operatore_presunto",
            indicatore.riga,
            f"il target {', '.join(presunti)} non ha operatore: prende il verso della definizione che"
            " riconosce la riga, o «almeno» se nessuna la riconosce",
            "scrivere => o =<",
        )
    scritti = {
        t.operatore for t in indicatore.traguardi if t.operatore and not t.operatore_presunto
    }
    if len(scritti) > 1:
        yield anomalia(
            "operatori_discordi",
            indicatore.riga,
            "i target non hanno tutti lo stesso operatore",
            "decidere se l'indicatore deve crescere o calare",
        )
    if anno is None or anno not in presenti:
        yield anomalia(
            "traguardo_mancante",
            indicatore.riga,
            f"manca il target {anno or 'dell’anno del piano'}, con cui misurare il risultato",
            "scriverlo nella sua colonna",
        )
    futuri = sorted(altro for altro in anni - presenti if altro != anno)
    if futuri:
        yield anomalia(
            "traguardo_futuro_mancante",
            indicatore.riga,
            f"manca il target {', '.join(map(str, futuri))}, che altri indicatori hanno",
            "scriverlo nella sua colonna",
        )


def _check_percentuale(indicatore: Indicatore) -> Iterator[Anomalia]:
    testi = [t.testo for t in indicatore.traguardi if t.valore is not None]
    if indicatore.ultimo_valore is not None and indicatore.ultimo_valore_testo:
        testi.append(indicatore.ultimo_valore_testo)
    segni = {testo.endswith("%") for testo in testi}
    if len(segni) > 1:
        cosa = "alcuni valori hanno il segno % e altri no"
    elif segni == {True} and not is_tipo_percentuale(indicatore.tipo_indicatore):
        cosa = f"i valori hanno il segno % ma il tipo è {cita(indicatore.tipo_indicatore or '')}"
    elif segni == {False} and is_tipo_percentuale(indicatore.tipo_indicatore):
        cosa = "il tipo è Percentuale ma i valori non hanno il segno %"
    else:
        return
    yield anomalia("percentuale_incoerente", indicatore.riga, cosa, "accordarli nel piano")


def _check_codici(indicatore: Indicatore) -> Iterator[Anomalia]:
    nel_nome = set(_CODICE_PROCESSO.findall(indicatore.indicatore))
    nell_algoritmo = set(_CODICE_PROCESSO.findall(indicatore.algoritmo or ""))
    if nel_nome and nell_algoritmo and nel_nome != nell_algoritmo:
        yield anomalia(
            "codici_processo_discordi",
            indicatore.riga,
            f"il nome cita il processo {', '.join(sorted(nel_nome))} e l'algoritmo "
            f"{', '.join(sorted(nell_algoritmo))}",
            "usare il codice di una sola versione della mappa dei processi",
        )
