"""The rows of a table: the indicator of each, whatever the layout.

Belongs here: what a row says, cell by cell. Does not belong here: which column is which (intestazione.py),
which objective a row is of (disposizioni/), what a value means (valori.py), whether what a row says is
sound (lint.py).
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from pipelines.italiano import read_numero, read_percentuale
from pipelines.plan.confronti import read_confronti
from pipelines.plan.documento import Riga
from pipelines.plan.intestazione import SOLO, Contesto, Intestazione, cell_text, column_text
from pipelines.plan.model import Anomalia, Indicatore, Luogo, Posto, Traguardo
from pipelines.plan.regole import anomalia, cita
from pipelines.plan.righe import chiave
from pipelines.plan.valori import (
    Valore,
    has_operatore,
    is_entro,
    is_mancante,
    read_traguardo,
    read_valore,
    split_anni,
    split_operatore,
)

_DESCRIVONO = ("ultimo_valore", "tipo_indicatore", "algoritmo", "fonte")

_ANNO_DI_NOTA = re.compile(
    r"\bultimo (?:dato|valore)\b[^0-9]{0,40}((?:19|20)[0-9]{2})(?![0-9])", re.IGNORECASE
)
_CODICE_E_NOME = re.compile(r"[A-Za-z]{0,4}[.\-_ ]?[0-9]+[0-9.]*[a-z]?\s*[-–:.)]?\s+(?=\S)")
_CIFRE_PESO = 7
"""With two decimals, what DECIMAL(9,2) keeps."""


def is_indicatore(intestazione: Intestazione, riga: Riga) -> bool:
    """Whether a row below a header is an indicator: it has a name and says something of it."""
    descritto = any(column_text(intestazione, riga, nome) for nome in _DESCRIVONO)
    nome = column_text(intestazione, riga, "indicatore")
    return nome is not None and (descritto or has_traguardi(intestazione, riga))


def is_indicatore_certo(intestazione: Intestazione, riga: Riga) -> bool:
    """Whether a row is an indicator beyond doubt: a target column has an operator.

    Its name may then be anything, even `Programma 100 - Imprese` or `Peso`.
    """
    celle = (cell_text(riga, colonna) for colonna in intestazione.traguardi)
    return is_indicatore(intestazione, riga) and any(has_operatore(c) for c in celle if c)


def has_traguardi(intestazione: Intestazione, riga: Riga) -> bool:
    """Whether a row has something in a target column."""
    return any(cell_text(riga, colonna) for colonna in intestazione.traguardi)


def texts_of(intestazione: Intestazione, riga: Riga) -> dict[str, tuple[str, Luogo]]:
    """What a row has under each known name, with its place."""
    return {
        nome: (testo, riga.luogo(colonna))
        for nome, colonna in intestazione.colonne.items()
        if (testo := cell_text(riga, colonna))
    }


def read_indicatore(
    intestazione: Intestazione, riga: Riga, contesto: Contesto = SOLO
) -> tuple[Indicatore, tuple[Anomalia, ...]]:
    """The indicator of a row, not yet of any objective, and what is odd about its cells."""
    traguardi = [
        (anno, testo, riga.luogo(colonna))
        for colonna, anno in intestazione.traguardi.items()
        if (testo := cell_text(riga, colonna))
    ]
    indicatore, anomalie = make_indicatore(
        riga.luogo(intestazione.colonne["indicatore"]),
        texts_of(intestazione, riga),
        traguardi,
        intestazione.anno_ultimo_valore,
        contesto,
    )
    anomalie += _celle_in_piu(intestazione, riga)
    posti = {}
    for nome in ("risultato", "realizzazione") if contesto.posti else ():
        posti[nome], trovate = _posto(intestazione, riga, nome)
        anomalie += trovate
    return (
        replace(
            indicatore,
            posto_risultato=posti.get("risultato"),
            posto_realizzazione=posti.get("realizzazione"),
        ),
        tuple(anomalie),
    )


def make_indicatore(
    luogo: Luogo,
    testi: Mapping[str, tuple[str, Luogo]],
    scritti: Sequence[tuple[int | None, str, Luogo]],
    anno_ultimo: int | None,
    contesto: Contesto,
) -> tuple[Indicatore, list[Anomalia]]:
    """The indicator that stands at a place, from the text under each name and the text of its targets.

    A target without a year says its own in the text, or is of the plan's year.
    """

    def testo(nome: str) -> str | None:
        return testi[nome][0] if nome in testi else None

    anomalie: list[Anomalia] = []
    traguardi = _read_traguardi(scritti, contesto, anomalie)
    ultimo_testo, tipo, note = testo("ultimo_valore"), testo("tipo_indicatore"), testo("note")
    printed = [read_valore(split_operatore(_worded(t.testo, contesto))[2]) for t in traguardi]
    ultimo = read_valore(ultimo_testo or "")
    valori = [valore for valore in (ultimo, *printed) if valore]
    percentuale = any(valore.percentuale for valore in valori)
    minimo = 2 if percentuale or is_tipo_percentuale(tipo) else 0
    nome = testo("indicatore") or ""
    if "codice_e_indicatore" in testi:
        nome = _CODICE_E_NOME.sub("", nome, count=1)
    confronti, illeggibili = read_confronti(note or "")
    for confronto in illeggibili:
        anomalie.append(
            anomalia(
                "confronto_illeggibile",
                luogo,
                f"la nota cita un dato di confronto che non si legge, {cita(confronto)}",
                "scriverlo come «Dato 2018 FONTE - CCIAA piccole dato medio 1,58»",
            )
        )
    return (
        Indicatore(
            missione="",
            programma="",
            obiettivo="",
            progressivo=0,
            tipologia=testo("tipologia"),
            indicatore=nome,
            tipo_indicatore=tipo,
            ultimo_valore=ultimo.numero if ultimo else None,
            ultimo_valore_testo=ultimo_testo,
            anno_ultimo_valore=_anno_ultimo(luogo, note, anno_ultimo, anomalie),
            traguardi=traguardi,
            algoritmo=testo("algoritmo"),
            fonte=testo("fonte"),
            note=note,
            confronti=confronti,
            decimali=max([minimo, *(valore.decimali for valore in valori)]),
            percentuale=percentuale,
            unita=_unita([*printed, ultimo]) or testo("unita"),
            peso=_peso(testi, anomalie),
            riga=luogo,
            posto_risultato=None,
            posto_realizzazione=None,
        ),
        anomalie,
    )


def _read_traguardi(
    scritti: Sequence[tuple[int | None, str, Luogo]],
    contesto: Contesto,
    anomalie: list[Anomalia],
) -> tuple[Traguardo, ...]:
    trovati: dict[int, Traguardo] = {}
    for detto, testo, dove in scritti:
        per_anno: list[tuple[int | None, str]] = [*split_anni(testo)] or [(detto, testo)]
        for anno, parte in per_anno:
            if anno is None or anno in trovati:
                anomalie.append(
                    anomalia(
                        "traguardo_illeggibile",
                        dove,
                        f"del target {cita(parte)} non si sa l'anno"
                        if anno is None
                        else f"il target {anno} sta due volte, e {cita(parte)} non viene letto",
                        "scrivere un target per ogni anno, con l'anno nell'intestazione",
                    )
                )
                continue
            traguardo = read_traguardo(anno, _worded(parte, contesto), dove)
            trovati[anno] = replace(traguardo, testo=parte)
            if traguardo.valore is not None and split_operatore(_worded(parte, contesto))[1]:
                anomalie.append(
                    anomalia(
                        "operatore_stretto",
                        dove,
                        f"il target {anno}, {cita(parte)}, esclude il valore stesso e si legge come "
                        f"«{traguardo.operatore}»",
                        "scrivere => o =<",
                    )
                )
    return tuple(trovati[anno] for anno in trovati)


def _worded(testo: str, contesto: Contesto) -> str:
    """A target's text with the words that the mapping file names as what they stand for."""
    for parola, segno in contesto.parole.items():
        if testo.casefold().startswith(parola.casefold()):
            return segno + testo[len(parola) :]
    return testo


def _unita(valori: Sequence[Valore | None]) -> str | None:
    return next((v.unita for v in valori if v and v.unita), None)


def _anno_ultimo(
    luogo: Luogo, note: str | None, anno: int | None, anomalie: list[Anomalia]
) -> int | None:
    di_nota = _ANNO_DI_NOTA.search(note or "")
    if not di_nota or int(di_nota[1]) == anno:
        return anno
    anomalie.append(
        anomalia(
            "anno_da_nota",
            luogo,
            f"l'ultimo valore osservato è del {int(di_nota[1])} secondo la nota e non dell'anno "
            "dell'intestazione",
            "vale la nota, salvo correggerla nel piano",
        )
    )
    return int(di_nota[1])


def _peso(testi: Mapping[str, tuple[str, Luogo]], anomalie: list[Anomalia]) -> Decimal | None:
    scritto, dove = testi.get("peso_indicatore", ("", Luogo(0)))
    if is_mancante(scritto):
        return None
    peso = read_peso(scritto)
    if peso is None:
        anomalie.append(
            anomalia(
                "peso_illeggibile",
                dove,
                f"il peso dell'indicatore, {cita(scritto)}, non si legge come percentuale",
                "scriverlo come «6,00%»",
            )
        )
    return peso


def read_peso(testo: str) -> Decimal | None:
    """A weight in percent points, with or without the sign; None where it is none."""
    peso = read_percentuale(testo)
    if peso is None:
        peso = read_numero(testo)
    return peso if peso is not None and peso >= 0 and is_entro(peso, _CIFRE_PESO, 2) else None


def is_tipo_percentuale(tipo: str | None) -> bool:
    """Whether the Tipo indicatore of a row announces percentages."""
    return tipo is not None and (chiave(tipo).startswith("PERCENT") or tipo.strip() == "%")


def _celle_in_piu(intestazione: Intestazione, riga: Riga) -> list[Anomalia]:
    etichette = intestazione.etichette
    fuori = [
        riga.celle[indice].testo
        for indice in riga.piene()
        if indice >= len(etichette) or not etichette[indice]
    ]
    return [cella_in_piu(riga.numero, fuori)] if fuori else []


def cella_in_piu(riga: Luogo, testi: Sequence[str]) -> Anomalia:
    """The finding about texts of a row that stand where the plan foresees none."""
    return anomalia(
        "cella_in_piu",
        riga,
        f"{', '.join(cita(testo) for testo in testi)} sta dove il piano non prevede nulla e "
        "non viene letto",
        "spostarlo nella sua cella o toglierlo",
    )


def _posto(
    intestazione: Intestazione, riga: Riga, nome: str
) -> tuple[Posto | None, list[Anomalia]]:
    """Where a result of a row is to be written."""
    colonna = intestazione.colonne.get(nome)
    if colonna is None:
        return None, []  # the header itself is reported, once
    etichetta = intestazione.etichette[colonna]
    if colonna >= len(riga.celle):
        senza = anomalia(
            "campo_senza_posto",
            riga.numero,
            f"la riga finisce prima della colonna {cita(etichetta)}, che non potrà essere scritta",
            "aggiungere le tabulazioni che mancano",
        )
        return None, [senza]
    cella = riga.celle[colonna]
    if not cella.testo:
        return riga.posto(cella), []
    return riga.posto(cella), [gia_compilato(riga.numero, etichetta, cella.testo)]


def gia_compilato(riga: Luogo, etichetta: str, testo: str) -> Anomalia:
    """The finding about a field of the end of the year that the plan already fills."""
    return anomalia(
        "campo_gia_compilato",
        riga,
        f"{cita(etichetta)} contiene già {cita(testo)}, che un risultato sovrascriverà",
        "depositare il piano come approvato, senza consuntivi",
    )
