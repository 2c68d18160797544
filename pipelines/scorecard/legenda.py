"""How a scorecard is read, in words: what every printed form of it says in the same way.

Belongs here: names of states and colours, the rules and the origin of the figures as sentences,
and text made safe to print. Does not belong here: layout (xlsx.py, html.py), and the rules
themselves (sql/regole.toml, sql/scorecard).
"""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from pipelines.italiano import format_numero, format_percentuale
from pipelines.scorecard.chiave import indicator_key
from pipelines.scorecard.righe import Row
from pipelines.scorecard.riservatezza import count_few
from pipelines.scorecard.sheet import Scheda

PROVVISORIO = "PROVVISORIO"

STATI = {
    "DEFINITIVO": "definitivo",
    PROVVISORIO: "provvisorio",
    "DATI_MANCANTI": "dati mancanti",
    "NON_CALCOLABILE": "non calcolabile",
    "SENZA_MODELLO": "senza modello",
}


@dataclass(frozen=True)
class Semaforo:
    """A colour with the shape and the word that say the same without it."""

    nome: str
    simbolo: str
    parola: str

    def __str__(self) -> str:
        return f"{self.simbolo} {self.parola}"


SEMAFORI = {
    "verde": Semaforo("verde", "●", "verde"),
    "giallo": Semaforo("giallo", "▲", "giallo"),
    "rosso": Semaforo("rosso", "■", "rosso"),
    "grigio": Semaforo("grigio", "○", "non misurato"),
}

MESI = [
    "gennaio",
    "febbraio",
    "marzo",
    "aprile",
    "maggio",
    "giugno",
    "luglio",
    "agosto",
    "settembre",
    "ottobre",
    "novembre",
    "dicembre",
]

FORMULA_MARKS = ("=", "+", "-", "@", "\t", "\r")
"""What a text begins with that a spreadsheet would run."""

_CONTROLLI = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_IMPOSSIBILI = re.compile(r"[\ud800-\udfff\ufffe\uffff]")


def printable(testo: object) -> str:
    """Text on one line that XML and UTF-8 can hold; None is the empty text.

    A control character would make the whole file unreadable, not just its own cell.
    """
    grezzo = "" if testo is None else str(testo)
    return _IMPOSSIBILI.sub("\ufffd", _CONTROLLI.sub(" ", grezzo)).strip()


def decimal_of(row: Row, colonna: str) -> Decimal | None:
    """A figure of a row; None where there is none, which is never zero."""
    valore = row[colonna]
    assert valore is None or isinstance(valore, Decimal), colonna
    return valore


def format_giorno(giorno: date) -> str:
    """Print `31 dicembre 2020`; the first of a month is `1º`."""
    primo = "1º" if giorno.day == 1 else str(giorno.day)
    return f"{primo} {MESI[giorno.month - 1]} {giorno.year}"


def count_decimali(valore: Decimal) -> int:
    """How many decimals a figure needs, without its trailing zeros."""
    return max(0, -int(valore.normalize().as_tuple().exponent))


def format_breve(valore: Decimal) -> str:
    """Print a figure with only the decimals that it needs: `70`, `62,5`."""
    return format_numero(valore, count_decimali(valore))


def key_of(row: Row) -> str:
    """The key of an objective as it is printed: `011/005/1.1`."""
    return printable(f"{row['missione']}/{row['programma']}/{row['obiettivo']}")


def place_of(row: Row) -> str | None:
    """Where a row stands in a plan that is no text; None for a text, whose line says it."""
    if not row.get("parte"):
        return None
    cella = f", cella {row['cella']}" if row["cella"] else ""
    return printable(f"{row['parte']}, riga {row['riga']}{cella}")


def title_of(scheda: Scheda) -> str:
    """What the document is headed with: only a closed year has the name of the act."""
    if is_provvisoria(scheda):
        giorno = format_giorno(scheda.data_riferimento)
        return (
            f"{PROVVISORIO} - Andamento degli indicatori {scheda.partizione.esercizio} al {giorno}"
        )
    return f"Piano degli indicatori e dei risultati attesi: risultati {scheda.partizione.esercizio}"


def describe_piano(scheda: Scheda) -> str:
    """Which plan measures the year."""
    anno = scheda.partizione.esercizio
    if scheda.propria:
        return f"Piano {anno}, come approvato."
    return (
        f"Il {anno} non ha un proprio piano: si misura col piano {scheda.esercizio_piano}, "
        f"che ha un target per il {anno}. Le risorse a preventivo di quel piano non valgono "
        f"per il {anno} e non sono riportate."
    )


def is_provvisoria(scheda: Scheda) -> bool:
    """Whether the year is open, so that what is printed is no final document."""
    return scheda.data_riferimento < date(scheda.partizione.esercizio, 12, 31)


def describe_ente(scheda: Scheda) -> str:
    """The figure of the chamber, as `describe_totale` says it."""
    return describe_totale(
        scheda.realizzazione,
        scheda.realizzazione_minima,
        scheda.realizzazione_massima,
        scheda.copertura,
    )


def describe_totale(
    realizzazione: Decimal | None,
    minima: Decimal | None,
    massima: Decimal | None,
    copertura: Decimal,
) -> str:
    """The figure of a chamber (percent points; `copertura` 0..1), with how much of it is not
    measured and what that could still make of it."""
    if realizzazione is None:
        return "non misurabile, perché nessun indicatore ha un risultato"
    testo = format_percentuale(realizzazione)
    if minima is not None and massima is not None and minima != massima:
        testo += f" (tra {format_percentuale(minima)} e {format_percentuale(massima)}"
        testo += ", secondo i risultati che mancano)"
    testo += f", copertura {format_percentuale(copertura * 100)} del peso"
    if copertura < 1:
        testo += f": il {format_percentuale(100 - copertura * 100)} non è misurato"
    return testo


def describe_provvisorio(scheda: Scheda) -> str:
    return (
        f"{PROVVISORIO}, non è l'atto sottoscritto: il {scheda.partizione.esercizio} non è concluso "
        f"e i risultati parlano dei dati al {format_giorno(scheda.data_riferimento)}. Di un conteggio "
        "si giudica prima l'andamento, sulla parte del target che spetta ai giorni trascorsi, e "
        "accanto l'anno intero; rapporti e percentuali si giudicano come sono."
    )


def describe_sintetici(scheda: Scheda) -> str:
    return (
        f"DATI SINTETICI: gli estratti del {scheda.partizione.esercizio} sono stati costruiti per "
        "prova e non vengono dagli uffici della Camera. Le cifre non descrivono la gestione reale."
    )


def list_avvisi(scheda: Scheda) -> list[str]:
    """What a reader must know before any figure."""
    avvisi = [] if scheda.propria else [describe_piano(scheda)]
    if is_provvisoria(scheda):
        avvisi.append(describe_provvisorio(scheda))
    if scheda.sintetici:
        avvisi.append(describe_sintetici(scheda))
    return avvisi


def explain(scheda: Scheda, row: Row) -> str | None:
    """Why a row of the scorecard lacks a figure, or why its figure may still change."""
    frasi = [printable(row["motivo"])]
    if row["risultato"] is not None and row["realizzazione"] is None:
        frasi.append(
            f"Il piano non ha un target leggibile per il {scheda.partizione.esercizio}: "
            "il risultato non si può confrontare."
        )
    if row["stato"] == PROVVISORIO:
        frasi.append(f"L'anno non è concluso: dati al {format_giorno(scheda.data_riferimento)}.")
    if row["risultato"] is None and not frasi[0]:
        frasi.append(f"{STATI.get(str(row['stato']), 'Senza risultato').capitalize()}.")
    return " ".join(frase for frase in frasi if frase) or None


def describe_freschezza(scheda: Scheda, row: Row) -> tuple[str, ...]:
    """How fresh a row of the scorecard is: up to when, since when, when the next delivery is due."""
    fresca = scheda.freschezza.get(indicator_key(row), {})
    frasi = (
        ("Dati fino al", "dati_fino_al"),
        ("Valore noto dal", "noto_dal"),
        ("Prossima consegna entro il", "prossima_attesa"),
        ("Non si può più leggere: fermo al", "fermo_al"),
    )
    dette = [f"{frase} {giorno:%d/%m/%Y}" for frase, nome in frasi if (giorno := fresca.get(nome))]
    if ritardo := printable(fresca.get("in_ritardo")):
        dette.append(f"In ritardo: {ritardo}")
    if ritirati := printable(fresca.get("ritirati")):
        dette.append(f"Ritirato: {ritirati}")
    return tuple(dette)


def explain_spesa(row: Row | None) -> str:
    """Why an objective has no spending, or no percentage of it."""
    if row is None or row["risorse_consuntivo"] is None:
        return "Manca l'estratto contabilita/consuntivo, o è incompleto."
    return "Senza risorse a preventivo non c'è una percentuale di spesa."


@dataclass(frozen=True)
class Motivo:
    """Why something of the scorecard lacks a figure, or may still change."""

    obiettivo: str
    cosa: str
    stato: str
    perche: str


def list_mancanze(scheda: Scheda) -> list[Motivo]:
    """What the scorecard lacks: spending, results, percentages."""
    senza = [row for row in scheda.obiettivi if row["risorse_consuntivo"] is None]
    quali = "tutti" if len(senza) == len(scheda.obiettivi) else ", ".join(map(key_of, senza))
    cosa = "Risorse finanziarie a consuntivo"
    spese = [Motivo(quali, cosa, "dati mancanti", explain_spesa(row)) for row in senza[:1]]
    return spese + [
        _motivo(scheda, row) for row in scheda.indicatori if row["realizzazione"] is None
    ]


@dataclass(frozen=True)
class Mutamento:
    """A change of what the figures are measured by."""

    giorno: str
    indicatore: str
    cosa: str
    prima: str
    dopo: str


def list_mutamenti(scheda: Scheda) -> list[Mutamento]:
    """How targets, weights and rules changed, the latest first."""
    return [
        Mutamento(
            f"{row['noto_dal']:%d/%m/%Y}",
            printable(row["codice"]) or "tutti",
            *(printable(row[name]) for name in ("cosa", "prima", "dopo")),
        )
        for row in scheda.mutamenti
    ]


def list_provvisori(scheda: Scheda) -> list[Motivo]:
    """The results that may still change because the year is open."""
    return [
        _motivo(scheda, row)
        for row in scheda.indicatori
        if row["stato"] == PROVVISORIO and row["realizzazione"] is not None
    ]


def _motivo(scheda: Scheda, row: Row) -> Motivo:
    perche = explain(scheda, row) or ""
    return Motivo(key_of(row), printable(row["indicatore"]), stato_of(row), perche)


def stato_of(row: Row) -> str:
    return STATI.get(str(row["stato"]), printable(row["stato"]))


def describe_scarti(row: Row, personale: bool = False) -> str | None:
    """The rows in quarantine that make a figure uncertain, if any; of people's, not how few they are."""
    scarti = int(str(row["scarti_possibili"] or 0))
    if not scarti:
        return None
    if personale or scarti > 1:
        quante = count_few(scarti) if personale else str(scarti)
        return f"{quante} righe in quarantena potrebbero contare"
    return "1 riga in quarantena potrebbe contare"


def describe_soglie(scheda: Scheda) -> dict[str, str]:
    """From which % Realizz each colour holds."""
    giallo, verde = (
        format_breve(soglia) if (soglia := decimal_of(scheda.regole, nome)) is not None else "?"
        for nome in ("giallo_da", "verde_da")
    )
    return {
        "verde": f"% Realizz da {verde}%",
        "giallo": f"% Realizz da {giallo}% e sotto {verde}%",
        "rosso": f"% Realizz sotto {giallo}%",
        "grigio": "nessuna % Realizz, perché manca il risultato o il target",
    }


def describe_regole(scheda: Scheda) -> tuple[tuple[str, str], ...]:
    """The rules by which the figures are made: what, and how."""
    al_massimo = {
        "specchio": "200 − 100 × risultato / target.",
        "rapporto": "target / risultato × 100; 100 quando il risultato è 0.",
    }
    metodo = str(scheda.regole["al_massimo"])
    return (
        (
            "Risultato",
            "il valore arrotondato (metà per eccesso) ai decimali con cui il piano stampa "
            "l'indicatore. È ciò che si confronta col target.",
        ),
        (
            "% Realizz, target «almeno» (=>)",
            "risultato / target × 100. Un target senza operatore si legge come «almeno».",
        ),
        ("% Realizz, target «al massimo» (=<)", al_massimo.get(metodo, printable(metodo))),
        ("% Realizz, target 0", "100 se il target è raggiunto, altrimenti 0."),
        (
            "% Realizz pubblicata",
            "tenuta tra 0 e 100, con due decimali. Che il target sia raggiunto lo dice il "
            "risultato, mai la percentuale.",
        ),
        (
            "Obiettivo",
            "media delle % Realizz pubblicate dei suoi indicatori che hanno un risultato.",
        ),
        (
            "Camera",
            "media delle realizzazioni degli obiettivi pesata col PESO, ripartita su quelli che "
            "hanno un risultato.",
        ),
        (
            "Copertura",
            "quota che ha un risultato: degli indicatori per un obiettivo; per la Camera, la media "
            "di quelle degli obiettivi pesata col PESO.",
        ),
        (
            "Anno aperto",
            "un conteggio si confronta prima con la parte del target che spetta ai giorni trascorsi "
            "(target × giorni / giorni dell'anno, coi decimali dell'indicatore), poi col target "
            "dell'anno; rapporti e percentuali con quello dell'anno.",
        ),
        (
            "Minima e massima",
            "la realizzazione se ogni risultato mancante valesse 0, o 100.",
        ),
        ("Dato mancante", "non vale mai zero: dove manca, se ne legge il motivo."),
    )


def describe_origine() -> str:
    """Where a figure comes from, and how its rows are found."""
    return (
        "Ogni valore è numeratore / denominatore (100 volte tanto per una percentuale; il solo "
        "numeratore per un conteggio), e ciascuno dei due è la somma di righe dei file consegnati "
        "dagli uffici. La tabella indicatori.contributi di pira.duckdb ha quelle righe, col file "
        "(_file) e la riga (_riga) da cui vengono:"
    )


def query_of(scheda: Scheda, codice: str) -> str:
    """The query that lists the source rows of an indicator."""
    where = scheda.partizione
    return (
        "select numeratore, denominatore, _file, _riga from indicatori.contributi "
        f"where camera = '{where.camera}' and esercizio = {where.esercizio} "
        f"and codice = '{codice}' order by _file, _riga"
    )


def first_code(scheda: Scheda) -> str:
    """The first indicator that has a definition, for an example of a query."""
    codici = (str(row["codice"]) for row in scheda.indicatori if row["codice"] is not None)
    return next(codici, "CODICE")
