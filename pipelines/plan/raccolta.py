"""What has been gathered of a plan while its rows are read, whatever the layout.

Belongs here: the state of a reading, the objective that is being read, and how its fields become the
record. Does not belong here: which row says what (disposizioni/).
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from pipelines.italiano import read_importo, read_percentuale
from pipelines.plan.campi import Campo, Lettura
from pipelines.plan.documento import Cella, Documento, Riga
from pipelines.plan.intestazione import Contesto, Intestazione
from pipelines.plan.model import Anomalia, Genere, Indicatore, Luogo, Obiettivo, Posto
from pipelines.plan.regole import anomalia, cita
from pipelines.plan.ruoli import spellings
from pipelines.plan.tabella import cella_in_piu, gia_compilato, read_peso
from pipelines.plan.valori import is_entro, is_mancante

TITOLO = re.compile(
    r"(?P<con_tratto>[A-Za-z]{0,3}[0-9]+(?:\.[0-9A-Za-z]+)*)\.?\s*[-–—:]\s*(?P<dopo_tratto>.*)"
    r"|(?P<con_spazio>[0-9]+(?:\.[0-9]+)+)\.?(?:\s+(?P<dopo_spazio>.*))?",
    re.DOTALL,
)
"""An objective's number and its title: `1.1 - T`, `1.1 T`, `OB1: T`."""

_CIFRE_IMPORTO = 16
"""With two decimals, what DECIMAL(18,2) keeps."""


@dataclass
class Bozza:
    """An objective while its rows are being read; `voci` are its indicators, each with its findings."""

    riga: Luogo
    missione: tuple[str, str]
    programma: tuple[str, str]
    campi: dict[str, Campo] = field(default_factory=dict)
    tagliate: set[str] = field(default_factory=set)
    discordi: set[str] = field(default_factory=set)
    voci: list[tuple[Indicatore, tuple[Anomalia, ...]]] = field(default_factory=list)


@dataclass
class Stato:
    """Where the reading of a document stands.

    `indice` is that of the row in hand, `decise` the kinds of rows that one before them took with it.
    `usata`: a row has been read below the header in force. `ultima` is the last row that was read as an
    indicator, which a following one may continue. `attesa`: a TITOLO to come is an indicator's name.
    `strategico` is the objective above one that is to come. `relativa`: a year counts from the plan's.
    """

    documento: Documento
    contesto: Contesto
    indice: int = 0
    decise: dict[int, Genere] = field(default_factory=dict)
    missione: tuple[str, str] = ("", "")
    programma: tuple[str, str] = ("", "")
    bozza: Bozza | None = None
    bozze: dict[tuple[str, ...], Bozza] = field(default_factory=dict)
    chiuse: list[Bozza] = field(default_factory=list)
    usata: bool = False
    dopo_ruoli: bool = False
    intestazione: Intestazione | None = None
    intestazioni: list[Intestazione] = field(default_factory=list)
    ultima: Riga | None = None
    coperte: dict[int, tuple[Cella, int]] = field(default_factory=dict)
    sopra: dict[str, tuple[str, Luogo]] = field(default_factory=dict)
    strategico: Campo | None = None
    costi: dict[int, int] = field(default_factory=dict)
    totali: list[tuple[tuple[str, str], str, Luogo, Decimal]] = field(default_factory=list)
    conteggi: list[tuple[Bozza, str, Luogo]] = field(default_factory=list)
    scheda: "Scheda | None" = None
    attesa: bool = False
    relativa: bool = False
    tagliate: set[str] = field(default_factory=set)
    obiettivi: dict[tuple[str, str, str], Obiettivo] = field(default_factory=dict)
    indicatori: list[Indicatore] = field(default_factory=list)
    presunti: Counter[tuple[str, str]] = field(default_factory=Counter)
    progressivi: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    anomalie: list[Anomalia] = field(default_factory=list)

    def report(self, regola: str, riga: Luogo | None, cosa: str, rimedio: str) -> None:
        """Note a finding."""
        self.anomalie.append(anomalia(regola, riga, cosa, rimedio))

    def seguenti(self, quante: int) -> list[Riga]:
        """The next rows of the same part."""
        righe = self.documento.righe
        parte = righe[self.indice].numero.parte
        prossime = righe[self.indice + 1 : self.indice + 1 + quante]
        return [r for r in prossime if r.numero.parte == parte]


@dataclass
class Scheda:
    """An indicator's sheet while its labels are being read."""

    luogo: Luogo
    testi: dict[str, tuple[str, Luogo]] = field(default_factory=dict)
    traguardi: list[tuple[int | None, str, Luogo]] = field(default_factory=list)
    anno_ultimo: int | None = None


def take(stato: Stato, bozza: Bozza, riga: Riga, lettura: Lettura) -> None:
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
    return next(iter(spellings(nome)), nome.replace("_", " ").upper())


def agree(stato: Stato, bozza: Bozza, campi: Sequence[Campo]) -> None:
    """Give an objective what a further row says of it. Money or weight that differs is no figure, and never
    summed; of another text the first is kept."""
    for campo in campi:
        visto = bozza.campi.setdefault(campo.nome, campo)
        if is_mancante(campo.testo) or campo.nome in bozza.discordi or _is_same(visto, campo):
            continue
        if is_mancante(visto.testo):
            bozza.campi[campo.nome] = campo
            continue
        bozza.discordi.add(campo.nome)
        stato.report(
            "campo_discorde" if campo.nome in _CIFRE else "campo_ripetuto",
            campo.riga.numero,
            f"{_per_esteso(campo.nome)} dell'obiettivo è {cita(campo.testo)} e alla riga "
            f"{visto.riga.numero} {cita(visto.testo)}",
            "scriverlo una volta sola, o uguale in ogni riga",
        )


_CIFRE = ("risorse_preventivo", "peso")


def _is_same(uno: Campo, altro: Campo) -> bool:
    if uno.testo == altro.testo:
        return True
    read = {"risorse_preventivo": read_importo, "peso": read_peso}.get(uno.nome)
    return read is not None and read(uno.testo) is not None and read(uno.testo) == read(altro.testo)


def close(stato: Stato) -> None:
    """End the objective being read: from here on its key is known, and its indicators have it."""
    bozza, stato.bozza = stato.bozza, None
    if bozza is not None:
        close_bozza(stato, bozza)


def close_all(stato: Stato) -> None:
    """End every objective that is still open."""
    close(stato)
    for bozza in stato.bozze.values():
        close_bozza(stato, bozza)
    stato.bozze.clear()


def close_bozza(stato: Stato, bozza: Bozza) -> None:
    """End an objective: its record and those of its indicators."""
    stato.chiuse.append(bozza)
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
    for indicatore, anomalie in bozza.voci:
        stato.anomalie += anomalie
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


def _obiettivo(stato: Stato, bozza: Bozza) -> Obiettivo:
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
    numerato = TITOLO.fullmatch(titolo)
    numero = (numerato["con_tratto"] or numerato["con_spazio"]) if numerato else ""
    if numerato is None and (codice := testo("codice_obiettivo")):
        numero = codice
    elif numerato is None:
        numero = _numero_presunto(stato, bozza)
        stato.report(
            "numero_presunto",
            bozza.riga,
            f"il titolo dell'obiettivo, {cita(titolo)}, non comincia con il suo numero e si legge come "
            f"{numero}",
            "scriverlo come «1.1 - Titolo»"
            + ", con il numero nel testo e non automatico" * (stato.documento.formato == "docx"),
        )
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
        posto_consuntivo=_posto_consuntivo(stato, bozza) if stato.contesto.posti else None,
        posto_spesa=_posto_spesa(stato, bozza) if stato.contesto.posti else None,
        obiettivo_strategico=testo("obiettivo_strategico"),
    )


def _numero_presunto(stato: Stato, bozza: Bozza) -> str:
    sezione = (bozza.missione[0], bozza.programma[0])
    stato.presunti[sezione] += 1
    return f"n{stato.presunti[sezione]}"


def _risorse(stato: Stato, bozza: Bozza) -> Decimal | None:
    campo = bozza.campi.get("risorse_preventivo")
    if "risorse_preventivo" in bozza.discordi:
        return None
    if campo is None or is_mancante(campo.testo):
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


def _peso(stato: Stato, bozza: Bozza) -> Decimal | None:
    campo = bozza.campi.get("peso")
    if "peso" in bozza.discordi:
        return None
    if campo is None or is_mancante(campo.testo):
        stato.report(
            "peso_mancante",
            campo.riga.numero if campo else bozza.riga,
            "l'obiettivo non ha un peso",
            "scriverlo dopo PESO",
        )
        return None
    peso = read_peso(campo.testo)
    if peso is None:
        stato.report(
            "peso_illeggibile",
            campo.riga.numero,
            f"il peso, {cita(campo.testo)}, non si legge come percentuale",
            "scriverlo come «6,00%»",
        )
        return None
    return peso


def _posto_consuntivo(stato: Stato, bozza: Bozza) -> Posto | None:
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


def _posto_spesa(stato: Stato, bozza: Bozza) -> Posto | None:
    campo = bozza.campi.get("spesa")
    if campo is None or campo.cella is None:
        _report_senza_posto(stato, campo.riga.numero if campo else bozza.riga, "% SPESA")
        return None
    if campo.testo and read_percentuale(campo.testo) != 0:
        stato.anomalie.append(gia_compilato(campo.riga.numero, campo.etichetta, campo.testo))
    return campo.riga.posto(campo.cella)


def _report_senza_posto(stato: Stato, riga: Luogo, etichetta: str) -> None:
    stato.report(
        "campo_senza_posto",
        riga,
        f"l'obiettivo non ha una cella per {cita(etichetta)}, che non potrà essere scritto",
        "aggiungerla nel piano dell'anno prossimo",
    )
