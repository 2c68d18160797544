"""The table of an objective: its header, and the indicators below it.

Belongs here: which column is which, by the names in the header, and what a row of it says. Does not
belong here: which objective a row is of (read.py), whether what it says is sound (lint.py).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipelines.italiano import read_numero
from pipelines.plan.model import Anomalia, Confronto, Indicatore, Operatore, Posto, Traguardo
from pipelines.plan.regole import anomalia, cita
from pipelines.plan.righe import Riga, chiave

# In this order: `Risultato atteso 2021` is a target, not a result.
_COLONNE = {
    "tipologia": r"TIPOLOGIA(?: INDICATORE)?",
    "indicatore": r"INDICATOR[EI]",
    "ultimo_valore": r"ULTIMO (?:VALORE|DATO)\b.*",
    "traguardo": r"(?:TARGET|(?:RISULTATO|VALORE) ATTESO)\b.*",
    "tipo_indicatore": r"TIPO(?: DI)? INDICATORE|TIPO",
    "algoritmo": r"ALGORITMO\b.*",
    "fonte": r"FONTE\b.*",
    "risultato": r"RISULTATO\b.*",
    "realizzazione": r"% ?(?:DI )?REALIZZ.*",
    "note": r"NOT[AE]",
}
_NOMI_STAMPATI = {
    "tipologia": "TIPOLOGIA",
    "ultimo_valore": "Ultimo valore osservato",
    "traguardo": "Target",
    "tipo_indicatore": "Tipo indicatore",
    "algoritmo": "Algoritmo di calcolo",
    "fonte": "Fonte",
    "risultato": "Risultato",
    "realizzazione": "% Realizz",
    "note": "NOTE",
}
_ANNO = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")

_OPERATORI: dict[str, Operatore] = {
    "=>": "=>",
    ">=": "=>",
    "≥": "=>",
    "=<": "=<",
    "<=": "=<",
    "≤": "=<",
}
_TARGET = re.compile(r"(=>|>=|≥|=<|<=|≤)?\s*(.*)", re.DOTALL)

_DATO = re.compile(r"(?<!ultimo )\bdat[oi]\s+(?:anno\s+)?((?:19|20)[0-9]{2})\b", re.IGNORECASE)
_CONFRONTO = re.compile(
    r"\s*(?P<fonte>\S.*?)\s+[-–]\s+(?P<ambito>[^0-9]+?)\s*"
    r"(?:\b(?:dato|valore) medio\b|\bmedia\b)?\s*:?\s*(?P<valore>-?[0-9][0-9.,]*)\s*(?P<segno>%)?",
    re.IGNORECASE,
)
_CITAZIONE_MASSIMA = 500
"""Characters in which a peer value must follow its year; the pattern is slow on endless notes."""

_ANNO_DI_NOTA = re.compile(
    r"\bultimo (?:dato|valore)\b[^0-9]{0,40}((?:19|20)[0-9]{2})(?![0-9])", re.IGNORECASE
)

CIFRE_INTERE, DECIMALI = 12, 6
"""The most that a value or a target may have: what DECIMAL(18,6) keeps without rounding."""


@dataclass(frozen=True)
class Intestazione:
    """The header of a table, from one line or two.

    `colonne` says where each known column stands and `traguardi` the year of each target column;
    `etichette` has the text of every column.
    """

    riga: int
    etichette: tuple[str, ...]
    colonne: dict[str, int]
    traguardi: dict[int, int]
    anno_ultimo_valore: int | None
    anno_risultato: int | None
    anomalie: tuple[Anomalia, ...]


@dataclass(frozen=True)
class Valore:
    """A printed value: `24,58%` is 24.58 percent points with two decimals."""

    numero: Decimal
    decimali: int
    percentuale: bool


def read_intestazione(riga: Riga) -> Intestazione | None:
    """The header that a line is; None where it is none."""
    intestazione = _intestazione(riga.numero, [cella.testo for cella in riga.celle])
    altre = {"ultimo_valore", "traguardo", "algoritmo", "tipo_indicatore", "risultato"}
    noti = altre & intestazione.colonne.keys()
    return intestazione if "indicatore" in intestazione.colonne and len(noti) > 1 else None


def read_seconda_riga(prima: Intestazione, riga: Riga) -> Intestazione | None:
    """The whole header where a line is the second of it; None where it is not.

    A name on the second line stands for what is above it (`Risultato 2020` below `PESO`), or
    completes it (`2021` below `Target`).
    """
    piene = riga.piene()
    if not piene or _testo(prima, riga, "indicatore") or _testo(prima, riga, "tipologia"):
        return None
    etichette = list(prima.etichette)
    etichette += [""] * (len(riga.celle) - len(etichette))
    for indice in piene:
        sotto = riga.celle[indice].testo
        insieme = f"{etichette[indice]} {sotto}".strip()
        if _nome(sotto):
            etichette[indice] = sotto
        elif _nome(insieme):
            etichette[indice] = insieme
        else:
            return None
    return _intestazione(prima.riga, etichette)


def _nome(etichetta: str) -> str | None:
    ridotta = chiave(etichetta)
    return next((nome for nome, forma in _COLONNE.items() if re.fullmatch(forma, ridotta)), None)


def _anno(etichetta: str) -> int | None:
    """The year of a header; None where it names none, or more than one."""
    anni = set(_ANNO.findall(etichetta))
    return int(anni.pop()) if len(anni) == 1 else None


def _intestazione(riga: int, etichette: Sequence[str]) -> Intestazione:
    colonne: dict[str, int] = {}
    traguardi: dict[int, int] = {}
    anomalie = []
    for indice, etichetta in enumerate(etichette):
        nome = _nome(etichetta)
        anno = _anno(etichetta)
        if not etichetta:
            continue
        if nome is None or (nome == "traguardo" and anno is None):
            anomalie.append(
                anomalia(
                    "colonna_sconosciuta",
                    riga,
                    f"la colonna {cita(etichetta)} non è di quelle note e non viene letta",
                    "usare i nomi dell'allegato, con l'anno per i target",
                )
            )
        elif nome == "traguardo" and anno is not None and anno not in traguardi.values():
            traguardi[indice] = anno
            colonne.setdefault(nome, indice)
        elif nome in colonne:
            anomalie.append(
                anomalia(
                    "colonna_ripetuta",
                    riga,
                    f"la colonna {cita(etichetta)} è già stata vista e non viene letta",
                    "lasciarne una sola",
                )
            )
        else:
            colonne[nome] = indice
    ultimo = colonne.get("ultimo_valore")
    anno_ultimo = None if ultimo is None else _anno(etichette[ultimo])
    if ultimo is not None and anno_ultimo is None:
        anomalie.append(
            anomalia(
                "colonna_senza_anno",
                riga,
                f"la colonna {cita(etichette[ultimo])} non dice un anno",
                "aggiungerlo tra parentesi",
            )
        )
    mancanti = [stampato for nome, stampato in _NOMI_STAMPATI.items() if nome not in colonne]
    if mancanti:
        anomalie.append(
            anomalia(
                "intestazione_incompleta",
                riga,
                f"all'intestazione mancano le colonne {', '.join(mancanti)}",
                "aggiungerle, o ciò che contengono non potrà essere letto né scritto",
            )
        )
    risultato = colonne.get("risultato")
    return Intestazione(
        riga,
        tuple(etichette),
        colonne,
        traguardi,
        anno_ultimo,
        None if risultato is None else _anno(etichette[risultato]),
        tuple(anomalie),
    )


def read_valore(testo: str) -> Valore | None:
    """Read `8`, `0,03`, `24,58%`; None where it is no number or exceeds CIFRE_INTERE, DECIMALI."""
    pulito = testo.strip()
    numero = read_numero(pulito.removesuffix("%"))
    if numero is None or not is_entro(numero, CIFRE_INTERE, DECIMALI):
        return None
    return Valore(numero, count_decimali(numero), pulito.endswith("%"))


def count_decimali(numero: Decimal) -> int:
    """How many decimals a finite number carries, printed zeros included."""
    return max(0, -int(numero.as_tuple().exponent))


def is_entro(numero: Decimal, cifre_intere: int, decimali: int) -> bool:
    """Whether a number fits so many whole digits and decimals without rounding."""
    return numero.adjusted() < cifre_intere and count_decimali(numero) <= decimali


def has_operatore(testo: str) -> bool:
    """Whether a text begins as only a target does."""
    return testo.startswith(tuple(_OPERATORI))


def read_traguardo(anno: int, testo: str) -> Traguardo:
    """Read `=>8`, `=<1` or a bare `100%`, which means at least; an unreadable one has no value."""
    trovato = _TARGET.fullmatch(testo)
    segno, resto = trovato.groups("") if trovato else ("", testo)
    valore = read_valore(resto)
    if valore is None:
        return Traguardo(anno, testo, None, False, None)
    return Traguardo(anno, testo, _OPERATORI.get(segno, "=>"), not segno, valore.numero)


def is_indicatore(intestazione: Intestazione, riga: Riga) -> bool:
    """Whether a line below a header is an indicator: it has a name and says something of it."""
    descritto = any(
        _testo(intestazione, riga, nome)
        for nome in ("ultimo_valore", "tipo_indicatore", "algoritmo", "fonte")
    )
    nome = _testo(intestazione, riga, "indicatore")
    return nome is not None and (descritto or has_traguardi(intestazione, riga))


def is_indicatore_certo(intestazione: Intestazione, riga: Riga) -> bool:
    """Whether a line is an indicator beyond doubt: a target column has an operator.

    Its name may then be anything, even `Programma 100 - Imprese` or `Peso`.
    """
    celle = (_cella(riga, colonna) for colonna in intestazione.traguardi)
    return is_indicatore(intestazione, riga) and any(has_operatore(c) for c in celle if c)


def has_traguardi(intestazione: Intestazione, riga: Riga) -> bool:
    """Whether a line has something in a target column."""
    return any(_cella(riga, colonna) for colonna in intestazione.traguardi)


def _cella(riga: Riga, colonna: int | None) -> str | None:
    if colonna is None or colonna >= len(riga.celle):
        return None
    return riga.celle[colonna].testo or None


def _testo(intestazione: Intestazione, riga: Riga, nome: str) -> str | None:
    return _cella(riga, intestazione.colonne.get(nome))


def read_indicatore(
    intestazione: Intestazione, riga: Riga
) -> tuple[Indicatore, tuple[Anomalia, ...]]:
    """The indicator of a row, not yet of any objective, and what is odd about its cells."""

    def testo(nome: str) -> str | None:
        return _testo(intestazione, riga, nome)

    traguardi = tuple(
        read_traguardo(anno, scritto)
        for colonna, anno in intestazione.traguardi.items()
        if (scritto := _cella(riga, colonna))
    )
    ultimo_testo = testo("ultimo_valore")
    tipo = testo("tipo_indicatore")
    note = testo("note")
    printed = [read_valore(_TARGET.sub(r"\2", t.testo, count=1)) for t in traguardi]
    ultimo = read_valore(ultimo_testo or "")
    valori = [valore for valore in (ultimo, *printed) if valore]
    percentuale = any(valore.percentuale for valore in valori)
    minimo = 2 if percentuale or is_tipo_percentuale(tipo) else 0
    anomalie = _celle_in_piu(intestazione, riga)
    confronti, illeggibili = read_confronti(note or "")
    for confronto in illeggibili:
        anomalie.append(
            anomalia(
                "confronto_illeggibile",
                riga.numero,
                f"la nota cita un dato di confronto che non si legge, {cita(confronto)}",
                "scriverlo come «Dato 2018 FONTE - CCIAA piccole dato medio 1,58»",
            )
        )
    anno = intestazione.anno_ultimo_valore
    di_nota = _ANNO_DI_NOTA.search(note or "")
    if di_nota and int(di_nota[1]) != anno:
        anno = int(di_nota[1])
        anomalie.append(
            anomalia(
                "anno_da_nota",
                riga.numero,
                f"l'ultimo valore osservato è del {anno} secondo la nota e non dell'anno "
                "dell'intestazione",
                "vale la nota, salvo correggerla nel piano",
            )
        )
    posti = {}
    for nome in ("risultato", "realizzazione"):
        posti[nome], trovate = _posto(intestazione, riga, nome)
        anomalie += trovate
    return (
        Indicatore(
            missione="",
            programma="",
            obiettivo="",
            progressivo=0,
            tipologia=testo("tipologia"),
            indicatore=testo("indicatore") or "",
            tipo_indicatore=tipo,
            ultimo_valore=ultimo.numero if ultimo else None,
            ultimo_valore_testo=ultimo_testo,
            anno_ultimo_valore=anno,
            traguardi=traguardi,
            algoritmo=testo("algoritmo"),
            fonte=testo("fonte"),
            note=note,
            confronti=confronti,
            decimali=max([minimo, *(valore.decimali for valore in valori)]),
            percentuale=percentuale,
            riga=riga.numero,
            posto_risultato=posti["risultato"],
            posto_realizzazione=posti["realizzazione"],
        ),
        tuple(anomalie),
    )


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


def cella_in_piu(riga: int, testi: Sequence[str]) -> Anomalia:
    """The finding about texts of a line that stand where the plan foresees none."""
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


def gia_compilato(riga: int, etichetta: str, testo: str) -> Anomalia:
    """The finding about a field of the end of the year that the plan already fills."""
    return anomalia(
        "campo_gia_compilato",
        riga,
        f"{cita(etichetta)} contiene già {cita(testo)}, che un risultato sovrascriverà",
        "depositare il piano come approvato, senza consuntivi",
    )


def read_confronti(note: str) -> tuple[tuple[Confronto, ...], tuple[str, ...]]:
    """The peer values that a note cites (`Dato 2018 FONTE - AMBITO dato medio 1,58`), and the
    citations in which no value can be read."""
    confronti = []
    illeggibili = []
    citazioni = list(_DATO.finditer(note))
    fini = [*(citazione.start() for citazione in citazioni[1:]), len(note)]
    for citazione, fine in zip(citazioni, fini, strict=False):
        limite = min(fine, citazione.end() + _CITAZIONE_MASSIMA)
        trovato = _CONFRONTO.match(note, citazione.end(), limite)
        valore = read_valore(trovato["valore"].rstrip(".,")) if trovato else None
        if trovato is None or valore is None:
            illeggibili.append(note[citazione.start() : fine].strip())
            continue
        confronti.append(
            Confronto(
                fonte=trovato["fonte"],
                ambito=trovato["ambito"].strip(" -–:"),
                anno=int(citazione[1]),
                valore=valore.numero,
                percentuale=trovato["segno"] is not None,
            )
        )
    return tuple(confronti), tuple(illeggibili)
