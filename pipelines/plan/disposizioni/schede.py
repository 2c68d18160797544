"""The layout `schede`: labels and values, an indicator after another.

Belongs here: what a label announces where an indicator has a sheet of its own, the years above its values.
Does not belong here: what other layouts have too (comuni.py).
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from pipelines.plan.campi import CAMPI, Campo
from pipelines.plan.disposizioni import comuni
from pipelines.plan.documento import Cella, Riga
from pipelines.plan.model import Genere, Luogo
from pipelines.plan.raccolta import TITOLO, Bozza, Scheda, Stato, agree, close
from pipelines.plan.regole import cita
from pipelines.plan.ruoli import cut_role, level_of, reduced, role_of, year_from, year_of
from pipelines.plan.tabella import cella_in_piu, make_indicatore

DELL_INDICATORE = (
    *("tipologia", "tipo_indicatore", "unita", "algoritmo", "fonte", "ultimo_valore", "note"),
    *("traguardo", "consuntivo", "peso_indicatore", "valenza"),
)
_COMINCIA = ("indicatore", "codice_e_indicatore")
_NON_DEL_PIANO = ("risultato", "realizzazione", "altro", "ignora", "numero_indicatori")
_ETICHETTA = re.compile(r"(?P<etichetta>[^:]{2,60}?)\s*:\s*(?P<valore>.*)", re.DOTALL)
_TITOLO_DI_SCHEDA = re.compile(
    r"(?:SCHEDA|INDICATORE|INDICATORI|KPI)(?:\s+(?:INDICATORE|OBIETTIVO|KPI))?"
    r"(?:\s*(?:N\.?|N[°º])?\s*[A-Z]?[0-9.]*)?",
    re.IGNORECASE,
)

Coppia = tuple[str, str, Cella | None, int]
"""Role, label, value, and the column of the label."""


def _read_anni(stato: Stato, riga: Riga) -> Genere | None:
    """Years above the values that follow, under `Target`, `Anno` or nothing."""
    piene = riga.piene()
    anni: dict[int, int] = {}
    for n in piene:
        testo = riga.celle[n].testo
        anno = year_from(testo, stato.contesto.anno)
        if anno is not None and (not reduced(testo) or role_of(testo) == "traguardo"):
            anni[n] = anno
    oltre = [riga.celle[n].testo for n in piene if n not in anni]
    nomi = {role_of(testo) for testo in oltre}
    if len(anni) < 2 or len(oltre) > 1 or nomi - {"traguardo", "altro", "risorse_preventivo"}:
        return None
    stato.costi = anni
    return "intestazione"


def _read_valori(stato: Stato, riga: Riga) -> Genere | None:
    """A row of values below the years: a label, and one value for each."""
    piene = riga.piene()
    if not stato.costi or not piene:
        return None
    sotto = [n for n in piene if n in stato.costi]
    oltre = [riga.celle[n].testo for n in piene if n not in stato.costi]
    ruolo = role_of(oltre[0], stato.contesto.etichette) if oltre else "traguardo"
    if not sotto or len(oltre) > 1:
        return None
    if stato.scheda is not None and ruolo == "traguardo":
        for n in sotto:
            stato.scheda.traguardi.append((stato.costi[n], riga.celle[n].testo, riga.luogo(n)))
        return "campo"
    if stato.scheda is not None and ruolo in ("consuntivo", "ultimo_valore"):
        passati = [n for n in sotto if stato.costi[n] < (stato.contesto.anno or 0)]
        for n in passati[-1:]:
            _last_value(stato, stato.scheda, riga.celle[n].testo, riga.luogo(n), stato.costi[n])
        return "campo"
    return "campo" if ruolo in _NON_DEL_PIANO else None


def _read_etichette(stato: Stato, riga: Riga) -> Genere | None:
    """A row of labels, each with its value beside it."""
    coppie, resti = _pairs(stato, riga)
    if not coppie:
        return None
    if resti:
        stato.anomalie.append(cella_in_piu(riga.numero, resti))
    generi: list[Genere | None] = []
    for n, coppia in enumerate(coppie, start=1):
        sopra = _is_upper(stato, coppia, coppie[n:])
        generi.append((_take_upper if sopra else _take_pair)(stato, riga, coppia))
    if None in generi:
        return None
    return next((g for g in generi if g in ("obiettivo", "indicatore")), "campo")


def _pairs(stato: Stato, riga: Riga) -> tuple[list[Coppia], list[str]]:
    """The labels of a row with their values, and the texts that are nobody's; a row of names alone is the
    header of a table."""
    piene = riga.piene()
    if len(piene) == 1:
        cella = riga.celle[piene[0]]
        trovata = _ETICHETTA.fullmatch(cella.testo)
        if trovata and (ruolo := _role(stato, trovata["etichetta"])):
            dentro = Cella(trovata["valore"].strip(), nome=cella.nome)
            return [(ruolo, trovata["etichetta"], dentro, piene[0])], []
    ruoli = [_role(stato, riga.celle[n].testo) for n in piene[::2]]
    nomi = sum(role_of(riga.celle[n].testo) is not None for n in piene[1::2])
    # Label and value, once or more; where values are names too, the row is the header of a table.
    if len(piene) % 2 == 0 and None not in ruoli and (nomi < 2 or len(piene) == 2):
        return [
            (ruolo, riga.celle[n].testo, riga.celle[v], n)
            for ruolo, n, v in zip(ruoli, piene[::2], piene[1::2], strict=True)
            if ruolo is not None
        ], []
    coppie: list[Coppia] = []
    resti: list[str] = []
    posizione = 0
    while posizione < len(piene):
        indice = piene[posizione]
        testo = riga.celle[indice].testo
        posizione += 1
        ruolo = _role(stato, testo)
        if ruolo is None:
            if not coppie:
                return [], []
            resti.append(testo)
            continue
        valore: Cella | None = None
        if posizione < len(piene) and (
            not _role(stato, riga.celle[piene[posizione]].testo) or len(piene) == 2
        ):
            valore = riga.celle[piene[posizione]]
            posizione += 1
        if ruolo == "titolo" and coppie and coppie[-1][0] == "obiettivo" and not coppie[-1][2]:
            ruolo = coppie.pop()[0]  # OBIETTIVO, TITOLO, and what it is
        coppie.append((ruolo, testo, valore, indice))
    senza = sum(valore is None for _, _, valore, _ in coppie)
    return ([], []) if senza > 1 and len(coppie) > 2 else (coppie, resti)


def _role(stato: Stato, testo: str) -> str | None:
    ruolo = role_of(testo, stato.contesto.etichette)
    if ruolo is None and (ruolo := cut_role(testo)) and testo not in stato.tagliate:
        stato.tagliate.add(testo)
        stato.report(
            "etichetta_tagliata",
            stato.documento.righe[stato.indice].numero,
            f"l'etichetta {cita(testo)} è incompleta e si legge come {cita(ruolo)}",
            "scriverla per intero",
        )
    return ruolo


def _is_upper(stato: Stato, coppia: Coppia, dopo: Sequence[Coppia]) -> bool:
    """Whether a label names the objective above another, which follows before any indicator."""
    if coppia[0] != "obiettivo" or not coppia[2]:
        return False
    seguono = [(ruolo, etichetta) for ruolo, etichetta, valore, _ in dopo if valore]
    for riga in stato.seguenti(_OLTRE):
        testi = [riga.celle[n].testo for n in riga.piene()]
        if len(testi) == 1 and (trovata := _ETICHETTA.fullmatch(testi[0])):
            testi = [trovata["etichetta"], trovata["valore"]]
        if len(testi) > 1 and (ruolo := role_of(testi[0], stato.contesto.etichette)):
            seguono.append((ruolo, testi[0]))
    for ruolo, etichetta in seguono:
        if ruolo == "obiettivo":
            return level_of(etichetta) > level_of(coppia[1])
        if ruolo in (*_COMINCIA, "missione", "programma"):
            return False
    return False


_OLTRE = 6
"""Rows within which the lower of two objectives follows the upper."""


def _take_upper(stato: Stato, riga: Riga, coppia: Coppia) -> Genere:
    _, etichetta, valore, indice = coppia
    close_sheet(stato)
    dove = replace(riga, numero=_place(riga, valore, indice))
    cella = Cella(valore.testo if valore else "")
    stato.strategico = Campo("obiettivo_strategico", etichetta, dove, cella, None, None, False)
    return "campo"


_NON_LETTE = ("riga_non_compresa", "riga_di_tabella_non_compresa", "cella_in_piu")


def unknown_labels(stato: Stato) -> tuple[str, ...]:
    """The labels without a role in the rows that were not read, or not whole."""
    dette = {
        (a.riga.parte, int(a.riga)) for a in stato.anomalie if a.riga and a.regola in _NON_LETTE
    }
    ignote = []
    for riga in stato.documento.righe:
        if (riga.numero.parte, int(riga.numero)) not in dette:
            continue
        testi = [riga.celle[n].testo for n in riga.piene()]
        if len(testi) == 1:
            trovata = _ETICHETTA.fullmatch(testi[0])
            testi = [trovata["etichetta"]] if trovata else []
        ignote += [t for t in testi[::2] if _is_label(t, stato)]
    return tuple(dict.fromkeys(ignote))


def _is_label(testo: str, stato: Stato) -> bool:
    parole = len(testo) <= 60 and re.search(r"[^\W\d_]{2}", testo)
    return bool(parole) and role_of(testo, stato.contesto.etichette) is None


def _take_pair(stato: Stato, riga: Riga, coppia: Coppia) -> Genere | None:
    ruolo, etichetta, valore, indice = coppia
    testo = valore.testo if valore else ""
    dove = _place(riga, valore, indice)
    anno = year_of(etichetta)
    if ruolo.startswith("traguardo "):
        ruolo, anno = "traguardo", int(ruolo.split()[1])
    if ruolo in _NON_DEL_PIANO:
        if ruolo == "numero_indicatori" and stato.bozza and testo:
            stato.conteggi.append((stato.bozza, testo, dove))
        return "campo"
    scheda = stato.scheda
    intitolato = stato.bozza is not None and "titolo" in stato.bozza.campi
    if ruolo in ("obiettivo", "codice_obiettivo") or (
        ruolo == "titolo" and not intitolato and TITOLO.fullmatch(testo)
    ):
        return _open_objective(stato, riga, ruolo, testo, dove)
    if ruolo in _COMINCIA or (ruolo == "titolo" and (stato.attesa or intitolato)):
        return _open_indicator(stato, ruolo, testo, dove)
    if ruolo == "peso":
        ruolo = "peso_indicatore" if scheda else "peso_obiettivo"
    if ruolo in DELL_INDICATORE:
        if scheda is None:
            return None
        return _take_value(stato, scheda, ruolo, etichetta, testo, dove, anno)
    if ruolo in CAMPI and stato.strategico is not None:
        return None  # of the objective above, and not of the one in hand
    if ruolo in (*CAMPI, "titolo") and stato.bozza is not None:
        nome = "peso" if ruolo == "peso_obiettivo" else ruolo
        if scheda is not None and nome == "descrizione":
            nota = scheda.testi.get("note")
            scheda.testi["note"] = (f"{nota[0]} {testo}" if nota else testo, dove)
            return "campo"
        campo = Campo(nome, etichetta, riga, Cella(testo), None, None, False)
        agree(stato, stato.bozza, [campo])
        return "risorse_preventivo" if nome == "risorse_preventivo" else "campo"
    return None


def _place(riga: Riga, valore: Cella | None, indice: int) -> Luogo:
    if valore is None:
        return riga.luogo(indice)
    colonna = next((n for n, cella in enumerate(riga.celle) if cella is valore), indice)
    return riga.luogo(colonna)


def _take_value(
    stato: Stato,
    scheda: Scheda,
    ruolo: str,
    etichetta: str,
    testo: str,
    dove: Luogo,
    anno: int | None,
) -> Genere | None:
    if not testo:
        return "campo"
    if ruolo == "traguardo":
        detto = anno or year_from(etichetta, stato.contesto.anno) or stato.contesto.anno
        stato.relativa = stato.relativa or anno is None
        scheda.traguardi.append((detto, testo, dove))
        return "campo"
    if ruolo in ("consuntivo", "ultimo_valore"):
        detto = year_from(etichetta, stato.contesto.anno)
        stato.relativa = stato.relativa or anno is None
        own = ruolo == "consuntivo" and not (
            detto is not None and stato.contesto.anno is not None and detto < stato.contesto.anno
        )
        if not own:
            _last_value(stato, scheda, testo, dove, detto)
        return "campo"
    if ruolo in scheda.testi:
        stato.report(
            "campo_ripetuto",
            dove,
            f"il campo {cita(etichetta)} è già alla riga {scheda.testi[ruolo][1]} e {cita(testo)} non "
            "viene letto",
            "lasciarne uno solo",
        )
        return "campo"
    scheda.testi[ruolo] = (testo, dove)
    return "campo"


def _last_value(stato: Stato, scheda: Scheda, testo: str, dove: Luogo, anno: int | None) -> None:
    if "ultimo_valore" in scheda.testi:
        stato.report(
            "campo_ripetuto",
            dove,
            f"un ultimo valore è già alla riga {scheda.testi['ultimo_valore'][1]} e {cita(testo)} non "
            "viene letto",
            "lasciarne uno solo",
        )
        return
    scheda.testi["ultimo_valore"], scheda.anno_ultimo = (testo, dove), anno


def _open_objective(stato: Stato, riga: Riga, ruolo: str, testo: str, dove: Luogo) -> Genere | None:
    if not testo:
        return None
    close_sheet(stato)
    nome = "codice_obiettivo" if ruolo == "codice_obiettivo" else "titolo"
    campo = Campo(nome, "OBIETTIVO", riga, Cella(testo), None, None, False)
    bozza = stato.bozza
    sezione = (stato.missione, stato.programma)
    if bozza is not None and (bozza.missione, bozza.programma) == sezione:
        visto = bozza.campi.get(nome)
        if visto is None or visto.testo == testo:
            bozza.campi.setdefault(nome, campo)
            return _opened(stato, bozza)
    close(stato)
    stato.bozza = Bozza(dove, stato.missione, stato.programma, {nome: campo})
    return _opened(stato, stato.bozza)


def _opened(stato: Stato, bozza: Bozza) -> Genere:
    """The objective in hand waits for its indicators, and takes the one above it."""
    sopra, stato.strategico = stato.strategico, None
    agree(stato, bozza, [sopra] if sopra else [])
    stato.attesa, stato.costi = True, {}
    return "obiettivo"


def _open_indicator(stato: Stato, ruolo: str, testo: str, dove: Luogo) -> Genere | None:
    if not testo:  # the title of a sheet whose name follows
        close_sheet(stato)
        stato.attesa = True
        return "campo"
    if stato.bozza is None or role_of(testo) is not None:
        return None  # nobody's, or a name beside another: the header of a table
    close_sheet(stato)
    stato.scheda = Scheda(dove, {"indicatore": (testo, dove)})
    if ruolo == "codice_e_indicatore":
        stato.scheda.testi[ruolo] = (testo, dove)
    stato.attesa, stato.costi = False, {}
    return "indicatore"


def close_sheet(stato: Stato) -> None:
    """End the indicator being read."""
    scheda, stato.scheda = stato.scheda, None
    if scheda is None or stato.bozza is None:
        return
    testi = scheda.testi
    if (valenza := testi.pop("valenza", None)) is not None:
        testi.setdefault("algoritmo", testi["indicatore"])
        testi["indicatore"] = valenza
    indicatore, anomalie = make_indicatore(
        scheda.luogo, testi, scheda.traguardi, scheda.anno_ultimo, stato.contesto
    )
    stato.bozza.voci.append((indicatore, tuple(anomalie)))


def _read_sezioni(stato: Stato, riga: Riga) -> Genere | None:
    """A heading ends the sheet above it; one that repeats what is in force ends nothing else."""
    prima = (stato.missione, stato.programma, stato.bozza)
    bozza, stato.bozza = stato.bozza, None
    genere = comuni.read_sezioni(stato, riga)
    stato.bozza = bozza
    if genere is None:
        return None
    close_sheet(stato)
    if genere == "missione" and stato.missione == prima[0]:
        stato.programma = prima[1]
    elif (stato.missione, stato.programma) != prima[:2]:
        close(stato)
    return genere


def _read_titolo(stato: Stato, riga: Riga) -> Genere | None:
    """The title of a sheet: `SCHEDA INDICATORE 3`; the next TITOLO is an indicator's name."""
    piene = riga.piene()
    if len(piene) != 1 or not _TITOLO_DI_SCHEDA.fullmatch(riga.celle[piene[0]].testo):
        return None
    close_sheet(stato)
    stato.attesa = "OBIETTIVO" not in riga.celle[piene[0]].testo.upper()
    return "atto"


LETTORI: tuple[comuni.Lettore, ...] = (
    comuni.read_separatore,
    comuni.read_pagina,
    _read_titolo,
    _read_sezioni,
    comuni.read_costi,
    _read_anni,
    _read_valori,
    _read_etichette,
    comuni.read_firma,
    comuni.read_totale,
    comuni.read_atto,
)
"""In this order: a row is of the first kind whose reader takes it."""
