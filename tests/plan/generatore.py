"""Plans made up by Hypothesis, printed in the allegato's layouts.

Belongs here: what a plan may say (the `Finto*` records), and its text with or without results in
it. Numbers are whole numbers of their last decimal, printed here by hand: nothing of what is being
tested is used. Does not belong here: plans with mistakes in them (test_rules.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from hypothesis import strategies as st

PAROLE = (
    *("attività", "qualità", "perché", "più", "imprese", "delle", "alla", "per", "servizi"),
    *("numero", "totale", "domande", "l'economia", "euro€", "informazione", "mercato"),
)

COLONNE = (
    "tipologia",
    "indicatore",
    "ultimo",
    "target",
    "tipo",
    "algoritmo",
    "fonte",
    "risultato",
    "realizzazione",
    "note",
)
SOTTO = ("Risultato", "% Realizz")


@dataclass(frozen=True)
class Numero:
    """`ultime` units of the last of so many decimals: (2458, 2) is 24,58."""

    ultime: int
    decimali: int
    percentuale: bool = False

    def testo(self) -> str:
        cifre = str(abs(self.ultime)).rjust(self.decimali + 1, "0")
        intere = cifre[: len(cifre) - self.decimali]
        gruppi: list[str] = []
        while len(intere) > 3:
            gruppi.insert(0, intere[-3:])
            intere = intere[:-3]
        segno = "-" if self.ultime < 0 else ""
        virgola = "," + cifre[-self.decimali :] if self.decimali else ""
        percento = "%" if self.percentuale else ""
        return segno + ".".join([intere, *gruppi]) + virgola + percento


@dataclass(frozen=True)
class FintoTarget:
    anno: int
    operatore: str
    numero: Numero


@dataclass(frozen=True)
class FintoIndicatore:
    tipologia: str
    nome: str
    ultimo: Numero | None
    targets: tuple[FintoTarget, ...]
    tipo: str
    algoritmo: str
    fonte: str
    confronto: Numero | None
    decimali: int
    percentuale: bool


@dataclass(frozen=True)
class FintoObiettivo:
    """`layout`: tabulato, tagliato (cut labels, PESO one field further right) or cella."""

    numero: str
    titolo: str
    descrizione: str
    preventivo: int
    peso: int
    layout: str
    colonne: tuple[str, ...]
    indicatori: tuple[FintoIndicatore, ...]


@dataclass(frozen=True)
class FintoProgramma:
    codice: str
    titolo: str
    scritto: str
    obiettivi: tuple[FintoObiettivo, ...]


@dataclass(frozen=True)
class FintaMissione:
    codice: str
    titolo: str
    scritta: str
    programmi: tuple[FintoProgramma, ...]


@dataclass(frozen=True)
class FintoPiano:
    anno: int
    anni: int
    missioni: tuple[FintaMissione, ...]
    codifica: str
    fine_riga: str
    ultima_riga_chiusa: bool


ChiaveObiettivo = tuple[str, str, str]
ChiaveIndicatore = tuple[str, str, str, int]
Coppia = tuple[Numero | None, Numero | None]


def print_piano(
    piano: FintoPiano,
    risultati: Mapping[ChiaveIndicatore, Coppia] | None = None,
    spese: Mapping[ChiaveObiettivo, Coppia] | None = None,
) -> bytes:
    """The allegato of a plan; with results, as the office would hand it in at the year's end."""
    righe = ["", "All. 8 alla deliberazione di Consiglio Camerale n. 22 del 12.12.19", ""]
    for missione in piano.missioni:
        righe += _sezione("MISSIONE", missione.codice, missione.titolo, missione.scritta)
        for programma in missione.programmi:
            righe += _sezione("PROGRAMMA", programma.codice, programma.titolo, programma.scritto)
            for obiettivo in programma.obiettivi:
                chiave = (missione.codice, programma.codice, obiettivo.numero)
                spesa = (spese or {}).get(chiave, (None, None))
                righe += _obiettivo(piano, obiettivo, spesa)
                righe += [
                    _indicatore(
                        piano,
                        obiettivo.colonne,
                        indicatore,
                        (risultati or {}).get((*chiave, progressivo), (None, None)),
                    )
                    for progressivo, indicatore in enumerate(obiettivo.indicatori, 1)
                ]
    righe += [
        "--------\t--\t----",
        "",
        "IL SEGRETARIO GENERALE IL PRESIDENTE  ",
        " Ada Neri Ugo Po",
    ]
    testo = piano.fine_riga.join(righe) + (piano.fine_riga if piano.ultima_riga_chiusa else "")
    return testo.encode(piano.codifica)


SEZIONI = (
    "{NOME}\t\t{codice} - {titolo}\t\t\t",
    "**{NOME} {codice} - {titolo}**",
    "{Nome} {numero}: {titolo}",
    "{Nome}: {codice} {titolo}",
    "{Nome} - {numero} - {titolo}",
    "{NOME} {codice} – {titolo}",
    "{NOME} N. {numero} {titolo}",
    "{Nome}\t{numero}\t{titolo}",
    "<b>{Nome} {numero} {titolo}</b>",
    "{Nome} {codice}. {titolo}\t\t",
)
"""The ways to write a heading: the code in three digits, or the number that it is."""


def print_sezione(forma: str, nome: str, codice: str, titolo: str) -> str:
    """A heading in one of the ways above."""
    return forma.format(
        NOME=nome, Nome=nome.capitalize(), codice=codice, numero=int(codice), titolo=titolo
    )


def _sezione(nome: str, codice: str, titolo: str, forma: str) -> list[str]:
    return ["", print_sezione(forma, nome, codice, titolo), ""]


def _obiettivo(piano: FintoPiano, obiettivo: FintoObiettivo, spesa: Coppia) -> list[str]:
    consuntivo, percentuale = spesa
    preventivo = f"€ {Numero(obiettivo.preventivo, 2).testo()}"
    speso = f"€ {consuntivo.testo()}" if consuntivo else ""
    quota = percentuale.testo() if percentuale else "0,00%"
    peso = Numero(obiettivo.peso, 2, True).testo()
    titolo = f"{obiettivo.numero} - {obiettivo.titolo}"
    intestazione = _intestazione(piano, obiettivo.colonne)
    if obiettivo.layout == "cella":
        return [
            *_su_due_righe(intestazione),
            f"<b>OBBIETTIVO</b> TITOLO: {titolo} DESCRIZIONE: {obiettivo.descrizione} "
            "STAKEHOLDER ESTERNI: Imprese STAKEHOLDER INTERNI: Uffici ARCO TEMPORALE: TRIENNIO "
            "CENTRO DI RESPONSABILITÀ: SEGRETARIO GENERALE RISORSE FINANZIARIE A DISPOSIZIONE: "
            f"{preventivo} % SPESA: {quota} PESO: {peso}\t\t\t",
        ]
    righe = [
        f"OBIETTIVO\tTITOLO\t{titolo}\t\t\t",
        f"\tDESCRIZIONE\t{obiettivo.descrizione}\t\t\t",
        "\tSTAKEHOLDER ESTERNI\tImprese\t\t\t",
        "\tSTAKEHOLDER INTERNI\tUffici\t\t\t",
        "\tARCO TEMPORALE\tTRIENNIO\t\t\t",
        "\tCENTRO DI RESPONSABILITÀ\tSEGRETARIO GENERALE\t\t\t",
    ]
    if obiettivo.layout == "tagliato":
        righe += [
            f"RISORSE FINANZIARIE A\t{preventivo}\t\t\t\t% SPESA\t{quota}\t\t\tPESO\t{peso}\t",
            f"RISORSE FINANZIARIE A\t{speso}\t\t\t",
        ]
    else:
        righe += [
            f"\tRISORSE FINANZIARIE A PREVENTIVO\t{preventivo}\t\t\t\t% SPESA\t{quota}\t\tPESO\t{peso}\t",
            f"RISORSE FINANZIARIE A CONSUNTIVO\t\t{speso}\t\t\t",
        ]
    return [*righe, "\t".join(intestazione)]


def _intestazione(piano: FintoPiano, colonne: tuple[str, ...]) -> list[str]:
    anno = piano.anno
    nomi = {
        "tipologia": ["TIPOLOGIA"],
        "indicatore": ["INDICATORE"],
        "ultimo": [f"Ultimo valore osservato ({anno - 2})"],
        "target": [
            f"Target {a}" + (" (risultato atteso)" if a == anno else "")
            for a in range(anno, anno + piano.anni)
        ],
        "tipo": ["Tipo indicatore"],
        "algoritmo": ["Algoritmo di calcolo"],
        "fonte": ["Fonte"],
        "risultato": [f"Risultato {anno}"],
        "realizzazione": ["% Realizz"],
        "note": ["NOTE"],
    }
    return [nome for colonna in colonne for nome in nomi[colonna]]


def _su_due_righe(intestazione: list[str]) -> list[str]:
    """Risultato and % Realizz one line down, under PESO and nothing."""
    sopra, sotto = [], []
    for nome in intestazione:
        basso = nome.startswith(SOTTO)
        sotto.append(nome if basso else "")
        sopra.append(("PESO" if nome.startswith("Risultato") else "") if basso else nome)
    return ["\t".join(sopra), "\t".join(sotto)]


def _indicatore(
    piano: FintoPiano, colonne: tuple[str, ...], indicatore: FintoIndicatore, esito: Coppia
) -> str:
    risultato, realizzazione = esito
    targets = {t.anno: t.operatore + t.numero.testo() for t in indicatore.targets}
    nota = ""
    if indicatore.confronto:
        nota = f"Dato 2018 Fonte Unica - CCIAA piccole dato medio {indicatore.confronto.testo()}"
    testi = {
        "tipologia": [indicatore.tipologia],
        "indicatore": [indicatore.nome],
        "ultimo": [indicatore.ultimo.testo() if indicatore.ultimo else ""],
        "target": [targets.get(a, "") for a in range(piano.anno, piano.anno + piano.anni)],
        "tipo": [indicatore.tipo],
        "algoritmo": [indicatore.algoritmo],
        "fonte": [indicatore.fonte],
        "risultato": [risultato.testo() if risultato else ""],
        "realizzazione": [realizzazione.testo() if realizzazione else ""],
        "note": [nota],
    }
    return "\t".join(testo for colonna in colonne for testo in testi[colonna])


# --- Strategies -----------------------------------------------------------------------------------

frasi = st.lists(st.sampled_from(PAROLE), min_size=1, max_size=5).map(" ".join)
codici = st.integers(1, 99).map(lambda n: f"{n:03d}")


@st.composite
def _indicatori(draw: st.DrawFn, anno: int, anni: int) -> FintoIndicatore:
    percentuale = draw(st.booleans())
    numeri = st.builds(Numero, st.integers(0, 5_000_000), st.integers(0, 3), st.just(percentuale))
    operatori = st.sampled_from(["=>", "=<", ""])
    ultimo = draw(st.none() | numeri)
    targets = tuple(
        FintoTarget(a, draw(operatori), draw(numeri))
        for a in range(anno, anno + anni)
        if draw(st.integers(0, 5))
    )
    minimo = 2 if percentuale else 0
    return FintoIndicatore(
        tipologia=draw(st.sampled_from(["", "Volume", "Qualità", "Efficienza"])),
        nome=draw(frasi),
        ultimo=ultimo,
        targets=targets,
        tipo="Percentuale" if percentuale else "Numero",
        algoritmo=draw(frasi),
        fonte=draw(frasi),
        confronto=draw(st.none() | numeri),
        decimali=max([minimo, *(n.decimali for n in (ultimo, *(t.numero for t in targets)) if n)]),
        percentuale=percentuale and bool(ultimo or targets),
    )


@st.composite
def _obiettivi(draw: st.DrawFn, numero: str, anno: int, anni: int) -> FintoObiettivo:
    return FintoObiettivo(
        numero=numero,
        titolo=draw(frasi),
        descrizione=draw(frasi),
        preventivo=draw(st.integers(0, 10**9)),
        peso=draw(st.integers(0, 10_000)),
        layout=draw(st.sampled_from(["tabulato", "tagliato", "cella"])),
        colonne=draw(st.just(COLONNE) | st.permutations(COLONNE).map(tuple)),
        indicatori=tuple(draw(st.lists(_indicatori(anno, anni), max_size=2))),
    )


@st.composite
def piani(draw: st.DrawFn) -> FintoPiano:
    """Plans without mistakes: every objective has its key, every number can be read."""
    anno = draw(st.integers(2010, 2040))
    anni = draw(st.integers(1, 4))
    missioni = []
    for codice in draw(st.lists(codici, min_size=1, max_size=2, unique=True)):
        programmi = []
        for codice_programma in draw(st.lists(codici, min_size=1, max_size=2, unique=True)):
            numeri = draw(
                st.lists(
                    st.builds("{}.{}".format, st.integers(1, 9), st.integers(1, 12)),
                    min_size=1,
                    max_size=2,
                    unique=True,
                )
            )
            obiettivi = tuple(draw(_obiettivi(numero, anno, anni)) for numero in numeri)
            programmi.append(
                FintoProgramma(
                    codice_programma, draw(frasi), draw(st.sampled_from(SEZIONI)), obiettivi
                )
            )
        missioni.append(
            FintaMissione(codice, draw(frasi), draw(st.sampled_from(SEZIONI)), tuple(programmi))
        )
    return FintoPiano(
        anno=anno,
        anni=anni,
        missioni=tuple(missioni),
        codifica=draw(st.sampled_from(["utf-8", "utf-8-sig", "cp1252"])),
        fine_riga=draw(st.sampled_from(["\n", "\r\n"])),
        ultima_riga_chiusa=draw(st.booleans()),
    )
