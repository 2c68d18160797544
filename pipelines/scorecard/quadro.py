"""The whole scorecard as what its documents show: every text that a template prints, in the plan's order.

Belongs here: the chamber, what asks for attention, missions, programmes and objectives. Does not belong
here: an indicator (voci.py), how a document looks (the templates), what is said in words for every format
(legenda.py).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from itertools import groupby

from markupsafe import Markup

from pipelines.plan.model import Indicatore
from pipelines.scorecard import cifre, giudizi, legenda
from pipelines.scorecard.chiave import Chiave, indicator_key
from pipelines.scorecard.grafici import draw_shares
from pipelines.scorecard.legenda import SEMAFORI, decimal_of, printable
from pipelines.scorecard.righe import Row
from pipelines.scorecard.riservatezza import REGOLA, hush
from pipelines.scorecard.sheet import Scheda
from pipelines.scorecard.voci import Voce, fields_of, make_voce
from pipelines.warehouse.avvisi import first_of_each

Luoghi = tuple[tuple[str, str, str], ...]


@dataclass(frozen=True)
class Figura:
    """A figure with its label; `testo` is None where there is none, and `assenza` says it.

    `dubbi` are the sentences that say why it may be wrong.
    """

    etichetta: str
    testo: str | None
    assenza: str = "manca"
    dubbi: tuple[str, ...] = ()


@dataclass(frozen=True)
class Blocco:
    """An objective as a document shows it; `peso_e_denaro` draws its weight beside
    its share of the chamber's money, planned and spent."""

    ancora: str
    chiave: str
    numero: str
    titolo: str
    campi: tuple[tuple[str, str], ...]
    figure: tuple[Figura, ...]
    anni: tuple[int, ...]
    voci: tuple[Voce, ...]
    peso_e_denaro: Markup | None


@dataclass(frozen=True)
class Programma:
    """A programme with its objectives."""

    titolo: str
    blocchi: tuple[Blocco, ...]


@dataclass(frozen=True)
class Missione:
    """A mission with its programmes."""

    titolo: str
    programmi: tuple[Programma, ...]


@dataclass(frozen=True)
class Colore:
    """A line of the legend of colours, with how many have it: (all, those that miss their target) by
    each way of judging."""

    nome: str
    soglia: str
    conti: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Attenzione:
    """Something that asks for attention: what, and the places of the document that tell of it (anchor,
    name, what is said beside it). They are counted where each is an indicator."""

    titolo: str
    classe: str
    luoghi: Luoghi
    contate: bool = True


@lru_cache(maxsize=1)
def draw_up(scheda: Scheda) -> Mapping[str, object]:
    """Everything that a template prints of a scorecard, by name; the same scorecard gives the same texts."""
    scheda = replace(scheda, avvisi=hush(scheda.avvisi))
    blocchi = _blocks(scheda)
    voci = [voce for blocco in blocchi for voce in blocco.voci]
    provvisoria = legenda.is_provvisoria(scheda)
    return {
        "titolo": legenda.title_of(scheda),
        "camera": scheda.partizione.camera,
        "esercizio": scheda.partizione.esercizio,
        "chiave": scheda.partizione.chiave,
        "atto": _atto(scheda),
        "piano": legenda.describe_piano(scheda),
        "giorno": legenda.format_giorno(scheda.data_riferimento),
        "versione": printable(scheda.versione_regole),
        "provvisorio": legenda.describe_provvisorio(scheda) if provvisoria else None,
        "sintetici": legenda.describe_sintetici(scheda) if scheda.sintetici else None,
        "guardare": [primo.detto for primo in first_of_each(scheda.avvisi)],
        "attenzioni": _attention(scheda, voci),
        "ente": _ente(scheda),
        "marchio": legenda.PROVVISORIO if provvisoria else None,
        "totale": _totale(scheda),
        "conti": [nome for nome, _ in giudizi.list_giudizi(scheda.indicatori)],
        "colori": _colours(scheda),
        "blocchi": blocchi,
        "voci": voci,
        "missioni": _missions(scheda, blocchi),
        "semafori": SEMAFORI,
        "figure": [cifra.etichetta for cifra in cifre.INDICATORE],
        "mancanze": legenda.list_mancanze(scheda),
        "mutamenti": legenda.list_mutamenti(scheda),
        "rilievi": scheda.rilievi,
        "regole": legenda.describe_regole(scheda),
        "riservatezza": REGOLA,
        "origine": legenda.describe_origine(),
        "query": legenda.query_of(scheda, legenda.first_code(scheda)),
    }


def _attention(scheda: Scheda, voci: Sequence[Voce]) -> tuple[Attenzione, ...]:
    """What a reader should not have to look for, the worst first; what there is none of is left out."""

    def those(condizione: Callable[[Voce], bool], detto: Callable[[Voce], str | None]) -> Luoghi:
        return tuple((v.ancora, v.indicatore, detto(v) or "") for v in voci if condizione(v))

    trovate = (
        Attenzione(
            "In rosso",
            "rosso",
            those(lambda v: v.guarda.semaforo == "rosso", lambda v: v.realizzazione),
        ),
        Attenzione(
            "Senza misura",
            "grigio",
            those(lambda v: v.guarda.semaforo == "grigio", lambda v: v.stato),
        ),
        Attenzione(
            "Consegne in ritardo",
            "giallo",
            those(lambda v: v.in_ritardo, lambda v: v.freschezza[-1] if v.freschezza else None),
        ),
        Attenzione(
            "Verdi, con il target non raggiunto",
            "giallo",
            those(lambda v: v.guarda.mancato, lambda v: v.scarto),
        ),
    )
    piano = tuple(("rilievi", sintesi, "") for sintesi in scheda.rilievi.sintesi)
    return (
        *(t for t in trovate if t.luoghi),
        *([Attenzione("Target che non chiedono niente", "giallo", piano, False)] if piano else []),
    )


def _atto(scheda: Scheda) -> str:
    """The title of the act that the plan is part of."""
    coppie = zip(scheda.piano.righe, scheda.piano.generi, strict=True)
    return " ".join(printable(riga) for riga, genere in coppie if genere == "atto")


def _ente(scheda: Scheda) -> tuple[Figura, ...]:
    spiegate = {
        "realizzazione_minima": ", con ogni risultato mancante a 0",
        "realizzazione_massima": ", con ogni risultato mancante a 100",
        "copertura": ": peso che ha un risultato",
    }
    return tuple(
        Figura(c.etichetta + spiegate.get(c.colonna, ""), cifre.show(c, scheda.ente))
        for c in cifre.ENTE
    )


def _totale(scheda: Scheda) -> tuple[str, ...]:
    """What the figures of the chamber say, in words."""
    return (
        f"Realizzazione della Camera: {legenda.describe_ente(scheda)}.",
        *(
            f"{nome}: {giudizi.describe_giudizi(dati)}."
            for nome, dati in giudizi.list_giudizi(scheda.indicatori)
        ),
    )


def _colours(scheda: Scheda) -> tuple[Colore, ...]:
    conti = [giudizi.count_giudizi(g) for _, g in giudizi.list_giudizi(scheda.indicatori)]
    return tuple(
        Colore(nome, soglia, tuple(conto[nome] for conto in conti))
        for nome, soglia in legenda.describe_soglie(scheda).items()
    )


def _missions(scheda: Scheda, blocchi: Iterable[Blocco]) -> tuple[Missione, ...]:
    """The objectives under their missions and programmes, in the plan's order."""

    def missione(coppia: tuple[Row, Blocco]) -> str:
        return printable(f"Missione {coppia[0]['missione']} - {coppia[0]['missione_titolo']}")

    def programma(coppia: tuple[Row, Blocco]) -> str:
        return printable(f"Programma {coppia[0]['programma']} - {coppia[0]['programma_titolo']}")

    return tuple(
        Missione(
            titolo,
            tuple(
                Programma(nome, tuple(blocco for _, blocco in coppie))
                for nome, coppie in groupby(gruppo, key=programma)
            ),
        )
        for titolo, gruppo in groupby(zip(scheda.obiettivi, blocchi, strict=True), key=missione)
    )


def _blocks(scheda: Scheda) -> tuple[Blocco, ...]:
    del_piano = {i.chiave: i for i in scheda.piano.indicatori}
    return tuple(
        _block(scheda, f"obiettivo-{numero}", row, del_piano)
        for numero, row in enumerate(scheda.obiettivi, 1)
    )


def _block(
    scheda: Scheda, ancora: str, obiettivo: Row, del_piano: dict[Chiave, Indicatore]
) -> Blocco:
    chiave = legenda.key_of(obiettivo)
    righe = [row for row in scheda.indicatori if legenda.key_of(row) == chiave]
    piani = [del_piano[indicator_key(row)] for row in righe]
    anni = tuple(sorted({t.anno for indicatore in piani for t in indicatore.traguardi}))
    return Blocco(
        ancora=ancora,
        chiave=chiave,
        numero=printable(obiettivo["obiettivo"]),
        titolo=printable(obiettivo["titolo"]),
        campi=fields_of(
            obiettivo,
            {
                "descrizione": "Descrizione",
                "stakeholder_esterni": "Stakeholder esterni",
                "stakeholder_interni": "Stakeholder interni",
                "arco_temporale": "Arco temporale",
                "centro_responsabilita": "Centro di responsabilità",
            },
        ),
        figure=_figures(obiettivo, scheda),
        anni=anni,
        voci=tuple(
            make_voce(scheda, row, indicatore, anni, f"{ancora}-{posto}")
            for posto, (row, indicatore) in enumerate(zip(righe, piani, strict=True), 1)
        ),
        peso_e_denaro=_compare(scheda, obiettivo),
    )


def _figures(obiettivo: Row, scheda: Scheda) -> tuple[Figura, ...]:
    assenze = {
        "risorse_preventivo": "manca" if scheda.propria else "non previste",
        "percentuale_spesa": "non calcolabile",
    }
    spese = tuple(a.frase for a in scheda.avvisi if a.estratto == "contabilita/consuntivo")
    return tuple(
        Figura(
            c.etichetta,
            cifre.show(c, obiettivo),
            assenze.get(c.colonna, "manca"),
            spese if c.colonna == "risorse_consuntivo" else (),
        )
        for c in cifre.OBIETTIVO
    )


def _compare(scheda: Scheda, obiettivo: Row) -> Markup | None:
    """Weight and money of an objective side by side; a share of money only where no objective lacks it."""
    quote = {
        "peso": ("barra", decimal_of(obiettivo, "peso")),
        "preventivo": ("target", _share(scheda, obiettivo, "risorse_preventivo")),
        "consuntivo": ("ultimo", _share(scheda, obiettivo, "risorse_consuntivo")),
    }
    note = {nome: (classe, q) for nome, (classe, q) in quote.items() if q is not None}
    if not note:
        return None
    detto = ", ".join(f"{cifre.show_value(q, 'punti')} del {nome}" for nome, (_, q) in note.items())
    return Markup(draw_shares(list(note.values()), detto))


def _share(scheda: Scheda, obiettivo: Row, colonna: str) -> Decimal | None:
    """How much of what all the objectives have is this one's, in percent points."""
    tutte = [decimal_of(row, colonna) for row in scheda.obiettivi]
    note = [quota for quota in tutte if quota is not None]
    questa, totale = decimal_of(obiettivo, colonna), sum(note, Decimal(0))
    if questa is None or len(note) < len(tutte) or totale <= 0 or min(note) < 0:
        return None
    return questa * 100 / totale
