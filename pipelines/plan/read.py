"""The allegato read whole: `read_plan` turns its bytes into a Piano.

Belongs here: what each line is, and to which mission, programme and objective it belongs. Lines are
told apart by what they say, never by their number. Does not belong here: cells and encodings
(righe.py), headings (sezioni.py), labelled fields (campi.py), tables (tabella.py), judgement (lint.py).

Nothing is skipped in silence: a line that no reader below takes is `non_compresa`, and it, like
every text in a recognised line that is nobody's value, becomes an anomalia with its line.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from pipelines.italiano import read_importo, read_numero, read_percentuale
from pipelines.plan.campi import ETICHETTE, Campo, Lettura, find_etichetta, read_campi, read_cella
from pipelines.plan.lint import lint
from pipelines.plan.model import Anomalia, Genere, Indicatore, Obiettivo, Piano, Posto
from pipelines.plan.regole import anomalia, cita
from pipelines.plan.righe import Cella, PianoIlleggibile, Riga, decode, read_riga, split_righe
from pipelines.plan.sezioni import read_sezione
from pipelines.plan.tabella import (
    Intestazione,
    cella_in_piu,
    gia_compilato,
    has_operatore,
    has_traguardi,
    is_entro,
    is_indicatore,
    is_indicatore_certo,
    read_indicatore,
    read_intestazione,
    read_seconda_riga,
)

__all__ = ["PianoIlleggibile", "read_plan"]

_SEPARATORE = re.compile(r"\s*[-–—_=*]{2,}(?:\s+[-–—_=*]{2,})*\s*")
_OBIETTIVO = re.compile(
    r"(?:CODICE E DENOMINAZIONE\s+(?:DELL['’]\s*)?)?OBB?IETTIVO\b"
    r"(?:\s+(?:STRATEGICO|OPERATIVO|SPECIFICO)\b)?\s*:?\s*",
    re.IGNORECASE,
)
_TITOLO = re.compile(
    r"(?P<con_tratto>[A-Za-z]{0,3}[0-9]+(?:\.[0-9A-Za-z]+)*)\.?\s*[-–—:]\s*(?P<dopo_tratto>.*)"
    r"|(?P<con_spazio>[0-9]+(?:\.[0-9]+)+)\.?(?:\s+(?P<dopo_spazio>.*))?",
    re.DOTALL,
)

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
    r"\bpiano degli indicatori\b|\bp\.?i\.?r\.?a\b|^(?:camera di commercio|c\.?c\.?i\.?a\.?a\b)",
    re.IGNORECASE,
)

_CIFRE_IMPORTO = 16
_CIFRE_PESO = 7
"""What DECIMAL(18,2) and DECIMAL(9,2) keep."""


@dataclass
class _Bozza:
    """An objective while its lines are being read."""

    riga: int
    missione: tuple[str, str]
    programma: tuple[str, str]
    campi: dict[str, Campo] = field(default_factory=dict)
    tagliate: set[str] = field(default_factory=set)
    indicatori: list[Indicatore] = field(default_factory=list)


@dataclass
class _Stato:
    """Where the reading stands. `usata`: a row has been read below the header in force."""

    missione: tuple[str, str] = ("", "")
    programma: tuple[str, str] = ("", "")
    bozza: _Bozza | None = None
    usata: bool = False
    dopo_intestazione: bool = False
    dopo_ruoli: bool = False
    intestazione: Intestazione | None = None
    intestazioni: list[Intestazione] = field(default_factory=list)
    obiettivi: dict[tuple[str, str, str], Obiettivo] = field(default_factory=dict)
    indicatori: list[Indicatore] = field(default_factory=list)
    progressivi: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    anomalie: list[Anomalia] = field(default_factory=list)

    def report(self, regola: str, riga: int, cosa: str, rimedio: str) -> None:
        self.anomalie.append(anomalia(regola, riga, cosa, rimedio))


@lru_cache(maxsize=64)
def read_plan(content: bytes) -> Piano:
    """Read an allegato; raises PianoIlleggibile where it is no text.

    Any text gives a Piano: what is not understood is listed in its `anomalie`, lint's included. The same
    bytes are read once: the step of the plans, the documents and the last look at them share a Piano.
    """
    testo, codifica = decode(content)
    righe = split_righe(testo)
    stato = _Stato()
    generi = tuple(_read(stato, read_riga(numero, riga)) for numero, riga in enumerate(righe, 1))
    _close(stato)
    anno = _anno_del_piano(stato.intestazioni)
    for intestazione in stato.intestazioni:
        stato.anomalie += intestazione.anomalie
        _check_anno(stato, intestazione, anno)
    piano = Piano(
        righe=righe,
        codifica=codifica,
        anno=anno,
        generi=generi,
        obiettivi=tuple(stato.obiettivi.values()),
        indicatori=tuple(stato.indicatori),
        anomalie=(),
    )
    tutte = [*stato.anomalie, *lint(piano)]
    return replace(piano, anomalie=tuple(sorted(tutte, key=lambda a: (a.riga or 0, a.regola))))


def _read(stato: _Stato, riga: Riga) -> Genere:
    """What a line is; the state takes what it says."""
    if not riga.testo.strip():
        return "vuota"
    genere = next((g for reader in _READERS if (g := reader(stato, riga))), None)
    stato.dopo_intestazione = genere == "intestazione"
    if genere is None:
        _report_non_compresa(stato, riga)
    return genere or "non_compresa"


def _report_non_compresa(stato: _Stato, riga: Riga) -> None:
    testi = [riga.celle[indice].testo for indice in riga.piene()]
    intestazione = stato.intestazione
    if any(has_operatore(testo) for testo in testi) or (
        intestazione is not None and has_traguardi(intestazione, riga)
    ):
        stato.report(
            "riga_di_tabella_non_compresa",
            riga.numero,
            f"{cita(' '.join(testi))} ha dei target ma non si legge come indicatore",
            "darle un nome nella colonna INDICATORE, sotto l'intestazione della sua tabella",
        )
        return
    stato.report(
        "riga_non_compresa",
        riga.numero,
        f"{cita(' '.join(testi))} non si riconosce e non viene letta",
        "ricondurla a una delle forme dell'allegato o toglierla",
    )


# --- One reader per kind of line: its Genere, or None where the line is of another kind -----------


def _read_separatore(_stato: _Stato, riga: Riga) -> Genere | None:
    return "separatore" if _SEPARATORE.fullmatch(riga.testo) else None


def _read_sezione(stato: _Stato, riga: Riga) -> Genere | None:
    """A MISSIONE or PROGRAMMA line. Below one whose code is not read, objectives stand under a code
    that is its own and nobody's (`?62`, by its line): never under that of the section before."""
    sezione = read_sezione(riga)
    if sezione is None:
        return None
    _close(stato)
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


def _read_obiettivo(stato: _Stato, riga: Riga) -> Genere | None:
    """The line that opens an objective: OBIETTIVO alone in its cell, or with everything in it."""
    piene = riga.piene()
    parola = _OBIETTIVO.match(riga.celle[piene[0]].testo) if piene else None
    if parola is None:
        return None
    prima = riga.celle[piene[0]]
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
        chiaro = bool(_TITOLO.fullmatch(premessa)) if titolo else _has_titolo(lettura)
    else:
        lettura = read_campi(riga, set(), altre)
        numerato = bool(lettura.resti and _TITOLO.fullmatch(lettura.resti[0]))
        titolo = lettura.resti.pop(0) if numerato and not _has_titolo(lettura) else None
        chiaro = titolo is not None or _has_titolo(lettura) or prima.testo.isupper()
    if not chiaro:
        return None  # prose that begins with the word
    if titolo is not None:
        cella = Cella(titolo, inizio, inizio)
        lettura.campi.insert(0, Campo("titolo", "TITOLO", riga, cella, None, None, False))
    _close(stato)
    stato.bozza = _Bozza(riga.numero, stato.missione, stato.programma)
    # With everything in one cell the header stands before the objective, and serves the next ones
    # too; otherwise the header of another objective must not be taken for this one's.
    if not resto.testo and stato.usata:
        stato.intestazione = None
    _take(stato, stato.bozza, riga, lettura)
    return "obiettivo"


def _has_titolo(lettura: Lettura) -> bool:
    return any(campo.nome == "titolo" for campo in lettura.campi)


def _read_intestazione(stato: _Stato, riga: Riga) -> Genere | None:
    """A header, or the second line of the one just read."""
    if stato.dopo_intestazione and stato.intestazione:
        intera = read_seconda_riga(stato.intestazione, riga)
        if intera:
            stato.intestazioni[-1] = stato.intestazione = intera
            return "intestazione"
    intestazione = read_intestazione(riga)
    if intestazione is None:
        return None
    stato.intestazione, stato.usata = intestazione, False
    stato.intestazioni.append(intestazione)
    return "intestazione"


def _read_campo(stato: _Stato, riga: Riga) -> Genere | None:
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
    _take(stato, stato.bozza, riga, lettura)
    nomi = [campo.nome for campo in lettura.campi]
    if "risorse_preventivo" in nomi:
        return "risorse_preventivo"
    return "risorse_consuntivo" if "risorse_consuntivo" in nomi else "campo"


def _read_firma(stato: _Stato, riga: Riga) -> Genere | None:
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


def _read_atto(stato: _Stato, riga: Riga) -> Genere | None:
    """Which resolution the plan is part of and, before its first section, whose plan it is."""
    piene = riga.piene()
    if len(piene) != 1:
        return None
    testo = riga.celle[piene[0]].testo
    iniziato = stato.missione[0] or stato.programma[0] or stato.bozza
    titolo = _ATTO.search(testo) or (not iniziato and _FRONTESPIZIO.search(testo))
    return "atto" if titolo else None


def _read_indicatore_certo(stato: _Stato, riga: Riga) -> Genere | None:
    """A row with targets, before its first words can be taken for something else."""
    certo = stato.intestazione is not None and is_indicatore_certo(stato.intestazione, riga)
    return _read_indicatore(stato, riga) if certo else None


def _read_indicatore(stato: _Stato, riga: Riga) -> Genere | None:
    """A row of the table of an objective."""
    intestazione = stato.intestazione
    if intestazione is None or not is_indicatore(intestazione, riga):
        return None
    stato.usata = True
    indicatore, anomalie = read_indicatore(intestazione, riga)
    stato.anomalie += anomalie
    if stato.bozza is None:
        stato.report(
            "indicatore_senza_obiettivo",
            riga.numero,
            f"l'indicatore {cita(indicatore.indicatore)} non segue nessun obiettivo",
            "metterlo sotto l'obiettivo che misura",
        )
        return "non_compresa"
    stato.bozza.indicatori.append(indicatore)
    return "indicatore"


_READERS: tuple[Callable[[_Stato, Riga], Genere | None], ...] = (
    _read_separatore,
    _read_indicatore_certo,
    _read_sezione,
    _read_obiettivo,
    _read_intestazione,
    _read_campo,
    _read_firma,
    _read_indicatore,
    _read_atto,
)
"""In this order: a line is of the first kind whose reader takes it."""


# --- An objective, from its fields ----------------------------------------------------------------


def _take(stato: _Stato, bozza: _Bozza, riga: Riga, lettura: Lettura) -> None:
    """Give the fields of a line to the objective, and report what is nobody's."""
    if lettura.resti:
        stato.anomalie.append(cella_in_piu(riga.numero, lettura.resti))
    for sconosciuta in lettura.sconosciute:
        stato.report(
            "campo_sconosciuto",
            riga.numero,
            f"l'etichetta {cita(sconosciuta)} non è nota e resta nel testo del campo che precede",
            "usare le etichette dell'allegato",
        )
    for campo in lettura.campi:
        if campo.tagliata and campo.etichetta not in bozza.tagliate:
            bozza.tagliate.add(campo.etichetta)
            stato.report(
                "etichetta_tagliata",
                riga.numero,
                f"l'etichetta {cita(campo.etichetta)} è incompleta e si legge come "
                f"{_per_esteso(campo.nome)}, il primo che manca all'obiettivo",
                "scriverla per intero",
            )
        if campo.nome in bozza.campi:
            stato.report(
                "campo_ripetuto",
                riga.numero,
                f"il campo {cita(campo.etichetta)} è già alla riga "
                f"{bozza.campi[campo.nome].riga.numero} e {cita(campo.testo)} non viene letto",
                "lasciarne uno solo",
            )
            continue
        bozza.campi[campo.nome] = campo


def _per_esteso(nome: str) -> str:
    return next(etichetta for etichetta, n in ETICHETTE.items() if n == nome)


def _close(stato: _Stato) -> None:
    """End the objective being read: from here on its key is known, and its indicators have it."""
    bozza, stato.bozza = stato.bozza, None
    if bozza is None:
        return
    obiettivo = _obiettivo(stato, bozza)
    chiave = (obiettivo.missione, obiettivo.programma, obiettivo.obiettivo)
    if chiave in stato.obiettivi:
        stato.report(
            "obiettivo_ripetuto",
            obiettivo.riga,
            f"l'obiettivo {chiave[2]} di missione {chiave[0]}, programma {chiave[1]} è già alla "
            f"riga {stato.obiettivi[chiave].riga}: gli indicatori si aggiungono a quello, il resto "
            "non viene letto",
            "dargli un altro numero o unire i due",
        )
    else:
        stato.obiettivi[chiave] = obiettivo
    for indicatore in bozza.indicatori:
        stato.progressivi[chiave] += 1
        stato.indicatori.append(
            replace(
                indicatore,
                missione=chiave[0],
                programma=chiave[1],
                obiettivo=chiave[2],
                progressivo=stato.progressivi[chiave],
            )
        )


def _obiettivo(stato: _Stato, bozza: _Bozza) -> Obiettivo:
    def testo(nome: str) -> str | None:
        campo = bozza.campi.get(nome)
        return (campo.testo or None) if campo else None

    if not (bozza.missione[0].isdigit() and bozza.programma[0].isdigit()):
        stato.report(
            "obiettivo_senza_programma",
            bozza.riga,
            "l'obiettivo non segue una MISSIONE e un PROGRAMMA leggibili",
            "aggiungerli prima di lui",
        )
    titolo = testo("titolo") or ""
    numerato = _TITOLO.fullmatch(titolo)
    if numerato is None:
        stato.report(
            "obiettivo_senza_numero",
            bozza.riga,
            f"il titolo dell'obiettivo, {cita(titolo)}, non comincia con il suo numero",
            "scriverlo come «1.1 - Titolo»",
        )
    numero = (numerato["con_tratto"] or numerato["con_spazio"]) if numerato else ""
    nudo = (numerato["dopo_tratto"] or numerato["dopo_spazio"] or "") if numerato else titolo
    return Obiettivo(
        missione=bozza.missione[0],
        missione_titolo=bozza.missione[1],
        programma=bozza.programma[0],
        programma_titolo=bozza.programma[1],
        obiettivo=numero,
        titolo=nudo,
        descrizione=testo("descrizione"),
        stakeholder_esterni=testo("stakeholder_esterni"),
        stakeholder_interni=testo("stakeholder_interni"),
        arco_temporale=testo("arco_temporale"),
        centro_responsabilita=testo("centro_responsabilita"),
        risorse_preventivo=_risorse(stato, bozza),
        peso=_peso(stato, bozza),
        riga=bozza.riga,
        posto_consuntivo=_posto_consuntivo(stato, bozza),
        posto_spesa=_posto_spesa(stato, bozza),
    )


def _risorse(stato: _Stato, bozza: _Bozza) -> Decimal | None:
    campo = bozza.campi.get("risorse_preventivo")
    if campo is None or not campo.testo:
        stato.report(
            "risorse_mancanti",
            campo.riga.numero if campo else bozza.riga,
            "l'obiettivo non ha risorse a preventivo",
            "scriverle dopo RISORSE FINANZIARIE A PREVENTIVO",
        )
        return None
    importo = read_importo(campo.testo)
    if importo is None or not is_entro(importo, _CIFRE_IMPORTO, 2):
        stato.report(
            "risorse_illeggibili",
            campo.riga.numero,
            f"le risorse a preventivo, {cita(campo.testo)}, non si leggono come importo",
            "scriverle come «€ 110.915,33»",
        )
        return None
    return importo


def _peso(stato: _Stato, bozza: _Bozza) -> Decimal | None:
    campo = bozza.campi.get("peso")
    if campo is None or not campo.testo:
        stato.report(
            "peso_mancante",
            campo.riga.numero if campo else bozza.riga,
            "l'obiettivo non ha un peso",
            "scriverlo dopo PESO",
        )
        return None
    peso = read_percentuale(campo.testo)
    if peso is None:
        peso = read_numero(campo.testo)
    if peso is None or peso < 0 or not is_entro(peso, _CIFRE_PESO, 2):
        stato.report(
            "peso_illeggibile",
            campo.riga.numero,
            f"il peso, {cita(campo.testo)}, non si legge come percentuale",
            "scriverlo come «6,00%»",
        )
        return None
    return peso


def _posto_consuntivo(stato: _Stato, bozza: _Bozza) -> Posto | None:
    """The consuntivo stands in the same field of its line as the preventivo's amount of the other
    line, since its own label may stand in another field."""
    campo = bozza.campi.get("risorse_consuntivo")
    if campo is None:
        _report_senza_posto(stato, bozza.riga, "RISORSE FINANZIARIE A CONSUNTIVO")
        return None
    preventivo = bozza.campi.get("risorse_preventivo")
    indice = preventivo.indice if preventivo else None
    etichetta = campo.indice_etichetta
    cella = campo.cella
    if indice is not None and etichetta is not None and etichetta < indice:
        cella = campo.riga.celle[indice] if indice < len(campo.riga.celle) else None
        if campo.testo and campo.cella != cella:
            stato.anomalie.append(cella_in_piu(campo.riga.numero, [campo.testo]))
    if cella is None:
        _report_senza_posto(stato, campo.riga.numero, campo.etichetta)
        return None
    if cella.testo and read_importo(cella.testo) != 0:
        stato.anomalie.append(gia_compilato(campo.riga.numero, campo.etichetta, cella.testo))
    return campo.riga.posto(cella)


def _posto_spesa(stato: _Stato, bozza: _Bozza) -> Posto | None:
    campo = bozza.campi.get("spesa")
    if campo is None or campo.cella is None:
        _report_senza_posto(stato, campo.riga.numero if campo else bozza.riga, "% SPESA")
        return None
    if campo.testo and read_percentuale(campo.testo) != 0:
        stato.anomalie.append(gia_compilato(campo.riga.numero, campo.etichetta, campo.testo))
    return campo.riga.posto(campo.cella)


def _report_senza_posto(stato: _Stato, riga: int, etichetta: str) -> None:
    stato.report(
        "campo_senza_posto",
        riga,
        f"l'obiettivo non ha una cella per {cita(etichetta)}, che non potrà essere scritto",
        "aggiungerla nel piano dell'anno prossimo",
    )


# --- The year of the plan -------------------------------------------------------------------------


def _anno_del_piano(intestazioni: list[Intestazione]) -> int | None:
    """The year of the first `Risultato` column, else of the first target."""
    risultati = [i.anno_risultato for i in intestazioni if i.anno_risultato is not None]
    traguardi = [anno for i in intestazioni for anno in i.traguardi.values()]
    return risultati[0] if risultati else min(traguardi, default=None)


def _check_anno(stato: _Stato, intestazione: Intestazione, anno: int | None) -> None:
    if intestazione.anno_risultato in (None, anno):
        return
    stato.report(
        "anno_discorde",
        intestazione.riga,
        f"l'intestazione parla dei risultati del {intestazione.anno_risultato} in un piano del "
        f"{anno}",
        "correggere l'anno nel piano",
    )
