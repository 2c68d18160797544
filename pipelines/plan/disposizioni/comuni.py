"""Rows that are the same in every layout: headings, signatures, titles, page numbers, totals.

Belongs here: their readers. Does not belong here: what one layout alone has (blocchi.py, tabella.py,
schede.py).

A reader takes a row for what it is and returns its kind, or None where it is of another.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

from pipelines.italiano import format_numero, read_importo, read_numero
from pipelines.plan.campi import Campo, Lettura
from pipelines.plan.documento import Cella, Riga
from pipelines.plan.intestazione import column_text, read_insieme
from pipelines.plan.model import Genere
from pipelines.plan.raccolta import TITOLO, Stato, close, take
from pipelines.plan.regole import cita
from pipelines.plan.righe import chiave
from pipelines.plan.ruoli import reduced, role_of, year_of
from pipelines.plan.sezioni import read_sezione
from pipelines.plan.tabella import cella_in_piu, is_indicatore, read_indicatore
from pipelines.plan.valori import read_valore

Lettore = Callable[[Stato, Riga], Genere | None]

_SEPARATORE = re.compile(r"\s*[-–—_=*]{2,}(?:\s+[-–—_=*]{2,})*\s*")
_RUOLO = (
    r"(?:(?:IL|LA|F\.TO|P\.)\s+)*(?:VICE\s*)?"
    r"(?:SEGRETARI[OA] GENERALE|PRESIDENTE|COMMISSARI[OA](?: STRAORDINARI[OA])?)(?: F\.F\.)?"
)
_RUOLI = re.compile(rf"{_RUOLO}(?:\s+{_RUOLO})*", re.IGNORECASE)
_PAROLA_DI_NOME = re.compile(
    r"[(]?(?:[A-ZÀ-Ý][\w.'’-]*|d[aeio]|del|della|dott\.(?:ssa)?|avv\.|rag\.|prof\.)[)]?"
)
_PUBBLICAZIONE = re.compile(
    r"il presente (?:allegato|atto|documento|piano|provvedimento)\b.*\b(?:pubblicat|firmat)[oa]\b",
    re.IGNORECASE,
)
# Two patterns, for one with both would try every end for every beginning.
_FIRMATO = re.compile(r"\b(?:firmat|sottoscritt)[oa]\b", re.IGNORECASE)
_DIGITALMENTE = re.compile(r"\bdigital", re.IGNORECASE)
_ATTO = re.compile(r"^all(?:\.|egato\b).*\b(?:deliber|determin|provvediment)", re.IGNORECASE)
_FRONTESPIZIO = re.compile(
    r"\bpiano degli indicatori\b|\bp\.?i\.?r\.?a\b|^(?:camera di commercio|c\.?c\.?i\.?a\.?a\b)"
    r"|^piano\b.*\b20[0-9]{2}\b|\b(?:triennio|esercizio|preventivo|bilancio|budget)\b.*\b20[0-9]{2}\b|^allegato\b"
    r"|^sched[ae]\b|\bindicatori e (?:dei )?risultati attesi\b",
    re.IGNORECASE,
)


def read_separatore(_stato: Stato, riga: Riga) -> Genere | None:
    """A row of dashes."""
    return "separatore" if _SEPARATORE.fullmatch(riga.testo) else None


_PAGINA = re.compile(
    r"(?:[-–—\s]*(?:pag(?:ina|\.)?\s*)?[0-9]{1,3}(?:\s*(?:di|/|su)\s*[0-9]{1,3})?[-–—\s]*)",
    re.IGNORECASE,
)
_TOTALE = re.compile(r"TOTAL[EI]\b|TOT\.", re.IGNORECASE)


def read_pagina(stato: Stato, riga: Riga) -> Genere | None:
    """A page number that stands alone."""
    piene = riga.piene()
    nudo = len(piene) == 1 and stato.documento.formato != "txt"
    return "pagina" if nudo and _PAGINA.fullmatch(riga.celle[piene[0]].testo) else None


def read_totale(stato: Stato, riga: Riga) -> Genere | None:
    """A row of totals: none of the plan's, but what it says must agree with it (`check_totali`)."""
    piene = riga.piene()
    if len(piene) < 2 or not _TOTALE.match(testo := riga.celle[piene[0]].testo):
        return None
    for indice in piene[1:]:
        importo = read_importo(riga.celle[indice].testo)
        if importo is None and read_valore(riga.celle[indice].testo) is None:
            return None
        if importo is not None:
            sezione = (stato.missione[0], stato.programma[0])
            stato.totali.append((sezione, testo, riga.luogo(indice), importo))
    return "altra_tabella"


def check_totali(stato: Stato) -> None:
    """Compares the totals and the counts that the plan prints with what was read."""
    for (missione, programma), testo, luogo, importo in stato.totali:
        forma = chiave(testo)
        detta = re.search(r"MISSIONE\W*([0-9]{1,3})\b", forma)
        propria = detta[1].zfill(3) if detta else missione
        obiettivi = [
            o
            for o in stato.obiettivi.values()
            if ("MISSIONE" not in forma or o.missione == propria)
            and ("PROGRAMMA" not in forma or (o.missione, o.programma) == (missione, programma))
        ]
        somme = [o.risorse_preventivo for o in obiettivi]
        somma = sum((s for s in somme if s is not None), Decimal(0))
        if "PESO" not in forma and None not in somme and somma != importo:
            stato.report(
                "totale_discorde",
                luogo,
                f"{cita(testo)} è {format_numero(importo, 2)} e le risorse lette sommano a "
                f"{format_numero(somma, 2)}",
                "correggere il totale o gli importi",
            )
    for bozza, testo, luogo in stato.conteggi:
        numero = read_numero(testo)
        if numero is not None and numero != len(bozza.voci):
            stato.report(
                "conteggio_discorde",
                luogo,
                f"il piano dice {cita(testo)} indicatori e se ne leggono {len(bozza.voci)}",
                "correggere il numero o la tabella",
            )
    for bozza in stato.chiuse:
        pesi = [i.peso for i, _ in bozza.voci if i.peso is not None]
        somma = sum(pesi, Decimal(0))
        if pesi and len(pesi) == len(bozza.voci) and somma != 100:
            stato.report(
                "totale_discorde",
                bozza.riga,
                f"i pesi degli indicatori dell'obiettivo sommano a {format_numero(somma, 2)}% e non a "
                "100%",
                "correggere i pesi",
            )


_DI_COSTO = re.compile(r"COST|RISORS|BUDGET|SPES|ONER|FINANZ|IMPORT", re.IGNORECASE)


def read_costi(stato: Stato, riga: Riga) -> Genere | None:
    """The lines that make up the money of an objective: years above, costs, and their total."""
    piene = riga.piene()
    if stato.bozza is None or stato.bozza.voci or stato.scheda or len(piene) < 2:
        return None
    testi = [riga.celle[indice].testo for indice in piene]
    anni = {n: a for n in piene if not reduced(t := riga.celle[n].testo) and (a := year_of(t))}
    oltre = [n for n in piene if n not in anni]
    if anni and len(oltre) <= 1 and (not oltre or _DI_COSTO.search(riga.celle[oltre[0]].testo)):
        stato.costi = anni
        return "campo"
    if not stato.costi or any(read_importo(testo) is None for testo in testi[1:]):
        return None
    if not _TOTALE.match(testi[0]):
        return "campo"
    colonna = next((n for n, anno in stato.costi.items() if anno == stato.contesto.anno), None)
    if stato.contesto.anno is None:
        stato.relativa = True  # which year's is the plan's will be known
        return "campo"
    if colonna is None or colonna not in piene:
        return None
    campo = Campo(
        "risorse_preventivo", testi[0], riga, riga.celle[colonna], colonna, piene[0], False
    )
    stato.costi = {}
    take(stato, stato.bozza, riga, Lettura([campo]))
    return "risorse_preventivo"


def read_sezioni(stato: Stato, riga: Riga) -> Genere | None:
    """A MISSIONE or PROGRAMMA row, or one of both, each label with its value beside it."""
    piene = riga.piene()
    for posizione, indice in enumerate(piene[1:], start=1):
        etichetta = riga.celle[indice].testo
        if role_of(etichetta) == "programma" and read_sezione(riga) and posizione + 1 < len(piene):
            prima = replace(riga, celle=riga.celle[:indice])
            dopo = replace(riga, celle=(*(Cella("") for _ in range(indice)), *riga.celle[indice:]))
            prima = replace(prima, testo="\t".join(c.testo for c in prima.celle))
            dopo = replace(dopo, testo=etichetta)
            _read_una(stato, prima)
            return _read_una(stato, dopo)
    return _read_una(stato, riga)


def _read_una(stato: Stato, riga: Riga) -> Genere | None:
    """A MISSIONE or PROGRAMMA line. Below one whose code is not read, objectives stand under a code
    that is its own and nobody's (`?62`, by its line): never under that of the section before."""
    sezione = read_sezione(riga)
    if sezione is None:
        return None
    close(stato)
    chiave = (sezione.codice or f"?{riga.numero}", sezione.titolo)
    if sezione.nome == "MISSIONE":
        stato.missione, stato.programma = chiave, ("", "")
    else:
        stato.programma = chiave
    if sezione.resti:
        stato.anomalie.append(cella_in_piu(riga.numero, sezione.resti))
    if sezione.codice is None:
        stato.report(
            "missione_illeggibile",
            riga.numero,
            f"dopo {sezione.nome} non si legge un codice ({cita(sezione.titolo)}), e gli obiettivi "
            "che seguono restano senza",
            "scriverlo come «011 - Titolo»",
        )
        return "non_compresa"
    return "missione" if sezione.nome == "MISSIONE" else "programma"


def read_firma(stato: Stato, riga: Riga) -> Genere | None:
    """Who signed, and the notices of signature and publication."""
    testo = " ".join(riga.celle[indice].testo for indice in riga.piene())
    ruoli = bool(_RUOLI.fullmatch(testo))
    nomi = stato.dopo_ruoli and all(_PAROLA_DI_NOME.fullmatch(p) for p in testo.split())
    notizia = len(riga.piene()) == 1 and _is_notizia(testo)
    stato.dopo_ruoli = ruoli
    return "firma" if ruoli or nomi or notizia else None


def _is_notizia(testo: str) -> bool:
    """Whether a text says that the document is signed digitally, or published."""
    firmato = _FIRMATO.search(testo)
    digitale = firmato and _DIGITALMENTE.search(testo, firmato.end())
    return bool(digitale or _PUBBLICAZIONE.match(testo))


def read_atto(stato: Stato, riga: Riga) -> Genere | None:
    """Which resolution the plan is part of and, before its first section, whose plan it is."""
    piene = riga.piene()
    if len(piene) != 1:
        return None
    testo = riga.celle[piene[0]].testo
    iniziato = stato.missione[0] or stato.programma[0] or stato.bozza
    titolo = _ATTO.search(testo) or (not iniziato and _FRONTESPIZIO.search(testo))
    return "atto" if titolo else None


def read_testata(stato: Stato, riga: Riga, dell_obiettivo: bool) -> Genere | None:
    """A header, of one row or more; `dell_obiettivo`: whether its rows must name their objective."""
    sotto = [
        (n, r)
        for n, r in enumerate(stato.seguenti(4), start=1)
        if r.piene() and not _SEPARATORE.fullmatch(r.testo)
    ][:2]
    trovata = read_insieme([riga, *(r for _, r in sotto)], stato.contesto)
    if trovata is None or trovata[0].dell_obiettivo != dell_obiettivo:
        return None
    intestazione, quante = trovata
    ripetuta = (
        stato.intestazione is not None
        and stato.intestazione.etichette == intestazione.etichette
        and stato.ultima is not None
        and (dell_obiettivo or _continues(stato, quante))
    )
    genere: Genere = "intestazione_ripetuta" if ripetuta else "intestazione"
    for oltre, _ in sotto[: quante - 1]:
        stato.decise[stato.indice + oltre] = genere
    if not ripetuta:
        stato.intestazione, stato.usata = intestazione, False
        stato.intestazioni.append(intestazione)
    return genere


def _continues(stato: Stato, quante: int) -> bool:
    """Whether what follows a header in the same objective is its next row."""
    prossime = [r for r in stato.seguenti(quante + 3)[quante - 1 :] if r.piene()]
    return (
        bool(prossime)
        and stato.intestazione is not None
        and is_indicatore(stato.intestazione, prossime[0])
    )


_DEGLI_OBIETTIVI = ("obiettivo_strategico", "obiettivo")
_DI_TESTO = ("indicatore", "algoritmo", "fonte", "note", "descrizione", *_DEGLI_OBIETTIVI)


def read_continuazione(stato: Stato, riga: Riga) -> Genere | None:
    """A row with text in columns of text only, directly below an indicator: it continues it.

    In text such a row is an indicator of its own where it has a name.
    """
    intestazione, sopra = stato.intestazione, stato.ultima
    bozza = stato.bozza or next(reversed(stato.bozze.values()), None)
    if intestazione is None or sopra is None or bozza is None or not bozza.voci:
        return None
    di_testo = {n: nome for nome, n in intestazione.colonne.items() if nome in _DI_TESTO}
    piene = riga.piene()
    if any(riga.celle[n].numerata for n in piene):
        return None  # an item of a list begins here
    if not piene or not set(piene) <= di_testo.keys() or len(intestazione.colonne) < 3:
        return None
    if stato.documento.formato == "txt" and column_text(intestazione, riga, "indicatore"):
        return None
    titoli = [column_text(intestazione, riga, nome) for nome in _DEGLI_OBIETTIVI]
    if any(titolo and TITOLO.fullmatch(titolo) for titolo in titoli):
        return None  # another objective
    unita = join_righe(sopra, riga)
    indicatore, anomalie = read_indicatore(intestazione, unita, stato.contesto)
    bozza.voci[-1] = (indicatore, anomalie)
    stato.ultima = unita
    for nome in (*_DEGLI_OBIETTIVI, "descrizione"):
        campo = bozza.campi.get({"obiettivo": "titolo"}.get(nome, nome))
        colonna = intestazione.colonne.get(nome)
        if campo and campo.cella and colonna in piene and colonna is not None:
            testo = join_testi(campo.testo, riga.celle[colonna].testo)
            bozza.campi[campo.nome] = replace(campo, cella=replace(campo.cella, testo=testo))
    return "continuazione"


def join_righe(sopra: Riga, sotto: Riga) -> Riga:
    """A row with what the one below it adds to its cells."""
    larga = max(len(sopra.celle), len(sotto.celle))
    celle = []
    for n in range(larga):
        prima = sopra.celle[n] if n < len(sopra.celle) else Cella("")
        dopo = sotto.celle[n] if n < len(sotto.celle) else Cella("")
        celle.append(replace(prima, testo=join_testi(prima.testo, dopo.testo)))
    return replace(sopra, celle=tuple(celle))


def join_testi(prima: str, dopo: str) -> str:
    """Two pieces of a text; a word cut at the end of a line is whole again."""
    if prima.endswith("-") and prima[-2:-1].isalpha() and dopo[:1].islower():
        return prima[:-1] + dopo
    return f"{prima} {dopo}".strip()
