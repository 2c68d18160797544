"""The layout `tabella`: one indicator per row, its objective in columns of the same row.

Belongs here: what the columns of an objective say, inherited or merged. Does not belong here: what other
layouts have too (comuni.py), what the columns of an indicator say (pipelines/plan/tabella.py).
"""

import re
from dataclasses import replace

from pipelines.plan.campi import Campo
from pipelines.plan.disposizioni import comuni
from pipelines.plan.documento import Cella, Riga
from pipelines.plan.intestazione import DELL_OBIETTIVO, Intestazione, column_text
from pipelines.plan.model import Genere, Luogo
from pipelines.plan.raccolta import TITOLO, Bozza, Stato, agree
from pipelines.plan.regole import cita
from pipelines.plan.ruoli import reduced, role_of
from pipelines.plan.sezioni import read_codice
from pipelines.plan.tabella import (
    cella_in_piu,
    has_traguardi,
    is_indicatore,
    read_indicatore,
    texts_of,
)

_LIVELLI = {
    **{"missione": 0, "programma": 1, "obiettivo_strategico": 2},
    **{"obiettivo": 3, "codice_obiettivo": 3},
}
"""What is said of an objective changes with what stands above it; the rest changes with the objective."""


def _read_intestazione(stato: Stato, riga: Riga) -> Genere | None:
    genere = comuni.read_testata(stato, riga, dell_obiettivo=True)
    if genere == "intestazione":
        stato.sopra = {}
    return genere


def _read_riga_certa(stato: Stato, riga: Riga) -> Genere | None:
    """A row with targets, before its first words can be taken for something else."""
    intestazione = stato.intestazione
    certa = (
        intestazione is not None
        and intestazione.dell_obiettivo
        and is_indicatore(intestazione, riga)
        and has_traguardi(intestazione, riga)
        and not is_header(intestazione, riga)
    )
    return _read_riga(stato, riga) if certa else None


def _read_riga(stato: Stato, riga: Riga) -> Genere | None:
    """A row of the table: an indicator, or an objective whose indicators follow."""
    intestazione = stato.intestazione
    if intestazione is None or not intestazione.dell_obiettivo:
        return None
    intera = extended(stato, riga)
    nome = column_text(intestazione, riga, "indicatore")
    if nome is None and column_text(intestazione, intera, "indicatore"):
        return None  # below a merged name: no indicator of its own
    if not is_indicatore(intestazione, intera):
        return _read_obiettivo(stato, intestazione, riga, intera)
    bozza = _bozza(stato, intestazione, intera)
    if bozza is None:
        stato.report(
            "indicatore_senza_obiettivo",
            riga.numero,
            f"l'indicatore {cita(nome or '')} non ha un obiettivo",
            "scriverlo nella sua colonna",
        )
        return "non_compresa"
    stato.usata, stato.ultima = True, intera
    bozza.voci.append(read_indicatore(intestazione, intera, stato.contesto))
    conteggio = texts_of(intestazione, riga).get("numero_indicatori")
    if conteggio:
        stato.conteggi.append((bozza, *conteggio))
    return "indicatore"


def _read_obiettivo(
    stato: Stato, intestazione: Intestazione, riga: Riga, intera: Riga
) -> Genere | None:
    obiettivo = column_text(intestazione, riga, "obiettivo")
    altro = any(column_text(intestazione, riga, n) for n in ("missione", "programma"))
    if obiettivo is None or has_traguardi(intestazione, riga):
        return None
    numerato = TITOLO.fullmatch(obiettivo) or riga.celle[intestazione.colonne["obiettivo"]].numerata
    if not (numerato or altro or stato.ultima is None):
        return None
    stato.ultima = None
    return "obiettivo" if _bozza(stato, intestazione, intera) else None


def is_header(intestazione: Intestazione, riga: Riga) -> bool:
    """Whether a row repeats the names of the header in force."""
    nome = column_text(intestazione, riga, "indicatore")
    return nome is not None and role_of(nome) in ("indicatore", "codice_e_indicatore", "valenza")


def extended(stato: Stato, riga: Riga) -> Riga:
    """A row with what merged cells above it say in its columns too."""
    if not stato.coperte:
        return riga
    larga = max(len(riga.celle), max(stato.coperte) + 1)
    celle = []
    for n in range(larga):
        cella = riga.celle[n] if n < len(riga.celle) else Cella("")
        sopra = stato.coperte.get(n)
        celle.append(sopra[0] if sopra and not cella.testo else cella)
    return replace(riga, celle=tuple(celle))


def _bozza(stato: Stato, intestazione: Intestazione, riga: Riga) -> Bozza | None:
    """The objective of a row; a new one, or one that it says more of. None where it names none."""
    detti = {n: t for n, t in texts_of(intestazione, riga).items() if n in DELL_OBIETTIVO}
    if not stato.documento.fusioni:
        detti = _inherited(stato, detti)
    stato.sopra = detti
    if "obiettivo" not in detti:
        return None
    missione = _sezione(stato, "MISSIONE", detti.get("missione"), stato.missione)
    programma = _sezione(stato, "PROGRAMMA", detti.get("programma"), stato.programma)
    titolo, luogo = detti["obiettivo"]
    if nudo := detti.get("titolo", ("",))[0]:
        if _CODICE.fullmatch(titolo):
            detti = {**detti, "obiettivo": (f"{titolo.rstrip('.')} - {nudo}", luogo)}
        else:
            stato.anomalie.append(cella_in_piu(riga.numero, [nudo]))
    codice = detti.get("codice_obiettivo", ("", luogo))[0]
    chiave = (missione[0], programma[0], reduced(codice), reduced(titolo) or titolo)
    bozza = stato.bozze.pop(chiave, None)
    campi = [
        Campo(
            _NOMI.get(nome, nome), nome, replace(riga, numero=dove), Cella(testo), None, None, False
        )
        for nome, (testo, dove) in detti.items()
        if nome not in ("missione", "programma", "titolo")
    ]
    if bozza is None:
        bozza = Bozza(luogo, missione, programma, {campo.nome: campo for campo in campi})
    else:
        agree(stato, bozza, campi)
    stato.bozze[chiave] = bozza  # the last is the one in hand
    return bozza


_CODICE = re.compile(r"[A-Za-z]{0,3}[0-9]+(?:\.[0-9A-Za-z]+)*\.?")
_NOMI = {"obiettivo": "titolo", "peso_obiettivo": "peso"}


def _inherited(stato: Stato, detti: dict[str, tuple[str, Luogo]]) -> dict[str, tuple[str, Luogo]]:
    """What a row says of its objective, with what the rows above say where it is blank."""
    cambia = min(
        (
            livello
            for nome, livello in _LIVELLI.items()
            if nome in detti and detti[nome][0] != stato.sopra.get(nome, ("",))[0]
        ),
        default=9,
    )
    return {
        **{n: t for n, t in stato.sopra.items() if _LIVELLI.get(n, 4) < cambia},
        **detti,
    }


def _sezione(
    stato: Stato, nome: str, detta: tuple[str, Luogo] | None, sopra: tuple[str, str]
) -> tuple[str, str]:
    if detta is None:
        return sopra
    testo, luogo = detta
    letta = read_codice(nome, testo)
    if letta is not None:
        return letta
    if not any(a.regola == "missione_illeggibile" and a.riga == luogo for a in stato.anomalie):
        stato.report(
            "missione_illeggibile",
            luogo,
            f"nella colonna {nome} non si legge un codice ({cita(testo)})",
            "scriverlo come «011 - Titolo»",
        )
    return f"?{reduced(testo)}", testo


LETTORI: tuple[comuni.Lettore, ...] = (
    comuni.read_separatore,
    comuni.read_pagina,
    _read_riga_certa,
    _read_intestazione,
    comuni.read_sezioni,
    comuni.read_totale,
    comuni.read_continuazione,
    _read_riga,
    comuni.read_firma,
    comuni.read_atto,
)
"""In this order: a row is of the first kind whose reader takes it."""
