"""The layout `blocchi`: an objective's fields, then its table with a row per indicator.

Belongs here: the rows of that layout, the one of the plan of 2020, and its like in other formats, with
cost lines and years above the values. Does not belong here: what other layouts have too (comuni.py).
"""

import re

from pipelines.plan.campi import Campo, Lettura, find_etichetta, read_campi, read_cella
from pipelines.plan.disposizioni import comuni
from pipelines.plan.documento import Cella, Riga
from pipelines.plan.model import Genere
from pipelines.plan.raccolta import TITOLO, Bozza, Stato, close, take
from pipelines.plan.regole import cita
from pipelines.plan.ruoli import role_of
from pipelines.plan.tabella import is_indicatore, is_indicatore_certo, read_indicatore

_OBIETTIVO = re.compile(
    r"(?:CODICE E DENOMINAZIONE\s+(?:DELL['’]\s*)?)?OBB?IETTIVO\b"
    r"(?:\s+(?:STRATEGICO|OPERATIVO|SPECIFICO)\b)?\s*:?\s*",
    re.IGNORECASE,
)


def _read_obiettivo(stato: Stato, riga: Riga) -> Genere | None:
    """The line that opens an objective: OBIETTIVO alone in its cell, or with everything in it."""
    piene = riga.piene()
    parola = _OBIETTIVO.match(riga.celle[piene[0]].testo) if piene else None
    if parola is None:
        return None
    prima = riga.celle[piene[0]]
    if (ruolo := role_of(prima.testo)) is not None and ruolo != "obiettivo":
        return None  # `Obiettivo: peso` and the like
    etichetta = ruolo == "obiettivo" or prima.testo[: parola.end()].rstrip().endswith(":")
    altre = [(indice, riga.celle[indice]) for indice in range(piene[0] + 1, len(riga.celle))]
    inizio = prima.inizio + parola.end()
    resto = Cella(prima.testo[parola.end() :], inizio, prima.fine)
    if resto.testo:
        premessa, lettura = read_cella(riga, resto, set())
        oltre = read_campi(riga, {campo.nome for campo in lettura.campi}, altre)
        lettura.campi += oltre.campi
        lettura.resti += oltre.resti
        lettura.sconosciute += oltre.sconosciute
        titolo = premessa or None
        chiaro = bool(TITOLO.fullmatch(premessa)) or etichetta if titolo else _has_titolo(lettura)
    else:
        lettura = read_campi(riga, set(), altre)
        solo = etichetta and len(lettura.resti) == 1 and not lettura.resti[0][0].islower()
        numerato = bool(lettura.resti and TITOLO.fullmatch(lettura.resti[0]))
        presente = _has_titolo(lettura)
        titolo = lettura.resti.pop(0) if (numerato or solo) and not presente else None
        chiaro = titolo is not None or _has_titolo(lettura) or prima.testo.isupper()
    if not chiaro:
        return None  # prose that begins with the word
    if titolo is not None:
        cella = Cella(titolo, inizio, inizio)
        lettura.campi.insert(0, Campo("titolo", "TITOLO", riga, cella, None, None, False))
    close(stato)
    stato.bozza = Bozza(riga.luogo(piene[0]), stato.missione, stato.programma)
    stato.costi, stato.ultima = {}, None
    # With everything in one cell the header stands before the objective, and serves the next ones
    # too; otherwise the header of another objective must not be taken for this one's.
    if not resto.testo and stato.usata:
        stato.intestazione = None
    take(stato, stato.bozza, riga, lettura)
    return "obiettivo"


def _has_titolo(lettura: Lettura) -> bool:
    return any(campo.nome == "titolo" for campo in lettura.campi)


def _read_intestazione(stato: Stato, riga: Riga) -> Genere | None:
    """The header of an objective's table."""
    return comuni.read_testata(stato, riga, dell_obiettivo=False)


def _read_altro(stato: Stato, riga: Riga) -> Genere | None:
    """A label of what is not the plan's, with or without a value."""
    piene = riga.piene()
    if not piene or len(piene) > 2:
        return None
    ruolo = role_of(riga.celle[piene[0]].testo)
    if ruolo == "numero_indicatori" and stato.bozza and len(piene) == 2:
        stato.conteggi.append((stato.bozza, riga.celle[piene[1]].testo, riga.luogo(piene[1])))
    return "campo" if ruolo in ("numero_indicatori", "altro") else None


def _read_campo(stato: Stato, riga: Riga) -> Genere | None:
    """A line of fields: it begins with a label."""
    visti = stato.bozza.campi.keys() if stato.bozza else set()
    piene = riga.piene()
    if not piene:
        return None
    prima = riga.celle[piene[0]]
    if not find_etichetta(prima.testo, visti):
        premessa, interni = read_cella(riga, prima, visti)
        if premessa or not interni.campi:
            return None
    lettura = read_campi(riga, visti)
    if stato.bozza is None:
        stato.report(
            "campo_senza_obiettivo",
            riga.numero,
            f"il campo {cita(lettura.campi[0].etichetta)} non segue nessun obiettivo",
            "metterlo sotto la riga OBIETTIVO a cui appartiene",
        )
        return "non_compresa"
    take(stato, stato.bozza, riga, lettura)
    nomi = [campo.nome for campo in lettura.campi]
    if "risorse_preventivo" in nomi:
        return "risorse_preventivo"
    return "risorse_consuntivo" if "risorse_consuntivo" in nomi else "campo"


def _read_indicatore_certo(stato: Stato, riga: Riga) -> Genere | None:
    """A row with targets, before its first words can be taken for something else."""
    certo = stato.intestazione is not None and is_indicatore_certo(stato.intestazione, riga)
    return _read_indicatore(stato, riga) if certo else None


def _read_indicatore(stato: Stato, riga: Riga) -> Genere | None:
    """A row of the table of an objective."""
    intestazione = stato.intestazione
    if intestazione is None or not is_indicatore(intestazione, riga):
        return None
    stato.usata, stato.ultima = True, riga
    indicatore, anomalie = read_indicatore(intestazione, riga, stato.contesto)
    if stato.bozza is None:
        stato.anomalie += anomalie
        stato.report(
            "indicatore_senza_obiettivo",
            riga.numero,
            f"l'indicatore {cita(indicatore.indicatore)} non segue nessun obiettivo",
            "metterlo sotto l'obiettivo che misura",
        )
        return "non_compresa"
    stato.bozza.voci.append((indicatore, anomalie))
    return "indicatore"


LETTORI: tuple[comuni.Lettore, ...] = (
    comuni.read_separatore,
    comuni.read_pagina,
    _read_indicatore_certo,
    comuni.read_sezioni,
    _read_obiettivo,
    _read_intestazione,
    comuni.read_costi,
    _read_campo,
    comuni.read_firma,
    comuni.read_totale,
    _read_indicatore,
    comuni.read_continuazione,
    comuni.read_atto,
    _read_altro,
)
"""In this order: a row is of the first kind whose reader takes it."""
