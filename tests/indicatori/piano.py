"""Small plans in the allegato's own text layout.

Belongs here: the text of a plan, from the few fields that a test cares about. The layout is that
of the plan of 2020: the rows of its indicators are taken from it, with other figures in them.
Does not belong here: what the figures of a scorecard should be.

    allegato(2020, [Blocco("1.1", [Voce("ISR_STUDI", "8", ("=>8", "=>8", "=>8"))])])
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pipelines.warehouse.models import catalogue, read_models

ALLEGATO_2020 = Path(__file__).parents[2] / "raw/MS/2020/allegato.txt"

RIGHE_2020 = {
    "ISR_STUDI": 16,
    "ATTIVITA_RILANCIO": 26,
    "RISORSE_INNOVAZIONE_PER_IMPRESA": 36,
    "INCIDENZA_GESTIONE_DIRETTA": 47,
    "INCIDENZA_CONTRIBUTI_IMPRESE": 48,
    "DOMANDE_PROPRIETA_INDUSTRIALE": 59,
    "CONCILIAZIONI_PER_FTE": 74,
    "VERIFICHE_METRICHE": 75,
    "TEMPO_MEDIO_PRATICHE_RI": 76,
    "DELIBERE": 91,
    "SEDUTE": 93,
    "INDICE_TRASPARENZA": 101,
    "ACCESSI_NEI_TERMINI": 102,
    "WELFARE": 103,
    "FORMAZIONE": 104,
    "INCIDENZA_CONSIP": 105,
}
"""The line of the plan of 2020 that speaks of each indicator."""

IGNOTO = "IGNOTO"
"""The codice of a row that no definition recognises."""

RIGA_IGNOTA = (
    "Volume\tAlberi piantati nel cortile\t8\t=>8\t=>8\t=>8\tNumero"
    "\tN° alberi piantati\tUfficio Provveditorato\t\t\t"
)

INTESTAZIONE_PIANO = "\n\nAll. 8 alla deliberazione di Consiglio Camerale n. 22 del 12.12.19\n\n"
FIRMA = "\nIL SEGRETARIO GENERALE IL PRESIDENTE  \n Enrico Ciabatti Dino Sodini\n"
CODA = "\t" * 9
PORTATORI = "Imprese, Associazioni categoria, Istituzioni, Ordini Professionali, Privati"


@dataclass(frozen=True)
class Voce:
    """An indicator of the plan, as printed: the three targets are those of the plan's year and of
    the two that follow; an empty text is an empty cell."""

    codice: str
    ultimo: str
    target: tuple[str, str, str]


@dataclass(frozen=True)
class Blocco:
    """An objective of the plan, as printed."""

    obiettivo: str
    voci: Sequence[Voce]
    peso: str = "10,00%"
    preventivo: str = "1.000,00"
    missione: str = "011"
    programma: str = "005"


@cache
def _righe_2020() -> tuple[str, ...]:
    return tuple(ALLEGATO_2020.read_text(encoding="utf-8").split("\n"))


def _riga(codice: str) -> str:
    if codice == IGNOTO:
        return RIGA_IGNOTA
    if codice in RIGHE_2020:
        return _righe_2020()[RIGHE_2020[codice] - 1]
    return _riga_condivisa(codice)


def _riga_condivisa(codice: str) -> str:
    """A row of an indicator that chambers share: its title, and an algorithm in words of its first form."""
    (definizione,) = (d for d in catalogue(read_models()) if d.codice == codice)
    tipo = "Percentuale" if definizione.unita == "percentuale" else "Rapporto"
    algoritmo = " ".join(posto.split("|")[-1] for posto in definizione.conta[0].split())
    return f"Volume\t{definizione.titolo}{CODA[:5]}{tipo}\t{algoritmo}\tUfficio{CODA[:3]}"


def _voce(voce: Voce) -> str:
    campi = _riga(voce.codice).split("\t")
    campi[2:6] = [voce.ultimo, *voce.target]
    return "\t".join(campi)


def _intestazione(anno: int) -> str:
    return (
        f"TIPOLOGIA\tINDICATORE\tUltimo valore osservato ({anno - 1})"
        f"\tTarget {anno} (risultato atteso)\tTarget {anno + 1}\tTarget {anno + 2}"
        f"\tTipo indicatore\tAlgoritmo di calcolo\tFonte\tRisultato {anno}\t% Realizz\tNOTE"
    )


def _blocco(blocco: Blocco, anno: int) -> list[str]:
    return [
        f"OBIETTIVO\tTITOLO\t{blocco.obiettivo} - Titolo dell'obiettivo{CODA}",
        f"\tDESCRIZIONE\tDescrizione dell'obiettivo{CODA}",
        f"\tSTAKEHOLDER ESTERNI\t{PORTATORI}{CODA}",
        f"\tSTAKEHOLDER INTERNI\tUfficio Provveditorato{CODA}",
        f"\tARCO TEMPORALE\tTRIENNIO{CODA}",
        f"\tCENTRO DI RESPONSABILITÀ\tSEGRETARIO GENERALE{CODA}",
        f"\tRISORSE FINANZIARIE A PREVENTIVO\t€ {blocco.preventivo}"
        f"\t\t\t\t% SPESA\t0,00%\t\tPESO\t{blocco.peso}\t",
        "RISORSE FINANZIARIE A CONSUNTIVO" + "\t" * 11,
        _intestazione(anno),
        *(_voce(v) for v in blocco.voci),
    ]


def allegato(anno: int, blocchi: Sequence[Blocco]) -> str:
    """The text of the plan of `anno`. Blocks of one programme stand together."""
    linee: list[str] = []
    aperto: tuple[str, str] | None = None
    for blocco in blocchi:
        chiave = (blocco.missione, blocco.programma)
        if aperto is None:
            linee.append(f"MISSIONE\t\t{blocco.missione} - Titolo della missione{CODA}")
            linee.append(f"PROGRAMMA\t\t{blocco.programma} - Titolo del programma{CODA}")
        elif chiave != aperto:
            linee += ["", f"**MISSIONE {blocco.missione} - Titolo della missione**", ""]
            linee += [f"**PROGRAMMA {blocco.programma} - Titolo del programma**", ""]
        aperto = chiave
        linee += _blocco(blocco, anno)
    return INTESTAZIONE_PIANO + "\n".join(linee) + "\n" + FIRMA


def con_i_condivisi() -> list[Blocco]:
    """A plan that has every indicator that chambers share, so that they are computed, and no other."""
    condivisi = [d.codice for d in catalogue(read_models()) if d.condiviso]
    return [Blocco("1.1", [Voce(codice, "1", ("=>1",) * 3) for codice in condivisi])]


def scrivi(raw: Path, camera: str, anno: int, blocchi: Sequence[Blocco]) -> None:
    """Put a plan into the landing zone."""
    file = raw / camera / str(anno) / "allegato.txt"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(allegato(anno, blocchi), encoding="utf-8", newline="")
