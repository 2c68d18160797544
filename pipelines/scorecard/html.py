"""The scorecard as one printable page that needs nothing but itself.

Belongs here: the figures of a partition as the texts that the page shows. Does not belong here: how
the page looks (pagina.html.j2), what is said in words for every format (legenda.py).

Every text that comes from outside is escaped by the template engine, and the page's own policy
lets a browser load and run nothing, were one to slip through.
"""

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from pipelines.plan.model import Indicatore
from pipelines.scorecard import cifre, giudizi, legenda
from pipelines.scorecard.chiave import Chiave, indicator_key
from pipelines.scorecard.formato import Formato
from pipelines.scorecard.giudizi import Giudizio
from pipelines.scorecard.legenda import SEMAFORI, printable, stato_of
from pipelines.scorecard.sheet import Row, Scheda
from pipelines.warehouse.avvisi import first_of_each

_PAGINA = Path(__file__).with_name("pagina.html.j2")


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
class Voce:
    """An indicator as the page shows it. `giudizio` is the year's, `alla_data` the one to look at
    first in an open year, with its figures; `scarti` says what makes the result uncertain; `prospettive`
    what it can still become, and what it would take."""

    codice: str
    tipologia: str
    indicatore: str
    dettagli: tuple[tuple[str, str], ...]
    ultimo: str
    anno_ultimo: str
    target: tuple[str, ...]
    presunto: bool
    risultato: str | None
    raggiunto: str
    realizzazione: str | None
    grezza: str | None
    giudizio: Giudizio
    alla_data: Giudizio | None
    andamento: str | None
    scarti: str | None
    stato: str
    motivo: str | None
    freschezza: tuple[str, ...]
    prospettive: tuple[str, ...]
    note: str
    dubbi: tuple[str, ...]


@dataclass(frozen=True)
class Blocco:
    """An objective as the page shows it."""

    ancora: str
    chiave: str
    numero: str
    titolo: str
    campi: tuple[tuple[str, str], ...]
    figure: tuple[Figura, ...]
    anni: tuple[int, ...]
    voci: tuple[Voce, ...]


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


def render_html(scheda: Scheda) -> str:
    """The page of a partition; the same scorecard always gives the same text."""
    blocchi = _blocks(scheda)
    return _template().render(
        titolo=legenda.title_of(scheda),
        camera=scheda.partizione.camera,
        esercizio=scheda.partizione.esercizio,
        atto=_atto(scheda),
        piano=legenda.describe_piano(scheda),
        giorno=legenda.format_giorno(scheda.data_riferimento),
        versione=printable(scheda.versione_regole),
        provvisorio=legenda.describe_provvisorio(scheda)
        if legenda.is_provvisoria(scheda)
        else None,
        sintetici=legenda.describe_sintetici(scheda) if scheda.sintetici else None,
        guardare=[primo.detto for primo in first_of_each(scheda.avvisi)],
        ente=_ente(scheda),
        marchio=legenda.PROVVISORIO if legenda.is_provvisoria(scheda) else None,
        conti=[nome for nome, _ in giudizi.list_giudizi(scheda.indicatori)],
        colori=_colours(scheda),
        totale=_totale(scheda),
        blocchi=blocchi,
        missioni=_missions(scheda, blocchi),
        semafori=SEMAFORI,
        figure=[cifra.etichetta for cifra in cifre.INDICATORE],
        mancanze=legenda.list_mancanze(scheda),
        mutamenti=legenda.list_mutamenti(scheda),
        rilievi=scheda.rilievi,
        regole=legenda.describe_regole(scheda),
        origine=legenda.describe_origine(),
        query=legenda.query_of(scheda),
    )


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(_PAGINA.parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["impronta"] = _fingerprint
    return environment.get_template(_PAGINA.name)


def _fingerprint(stile: str) -> str:
    """The fingerprint by which the page's policy admits its own style and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(stile.encode()).digest()).decode()


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
        campi=_fields(
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
            _entry(scheda, row, indicatore, anni)
            for row, indicatore in zip(righe, piani, strict=True)
        ),
    )


def _fields(row: Row, etichette: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """The texts of a row that say something, with their labels."""
    return tuple(
        (etichetta, testo)
        for colonna, etichetta in etichette.items()
        if (testo := printable(row[colonna]))
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


def _entry(scheda: Scheda, row: Row, piano: Indicatore, anni: tuple[int, ...]) -> Voce:
    testi = {t.anno: printable(t.testo) for t in piano.traguardi}
    return Voce(
        codice=printable(row["codice"]),
        tipologia=printable(row["tipologia"]),
        indicatore=printable(row["indicatore"]),
        dettagli=_fields(
            {**row, "posto": legenda.place_of(row)},
            {"tipo_indicatore": "Tipo", "algoritmo": "Algoritmo", "fonte": "Fonte"}
            | {"posto": "Nel piano"},
        ),
        ultimo=printable(piano.ultimo_valore_testo),
        anno_ultimo=printable(row["anno_ultimo_valore"]),
        target=tuple(testi.get(anno, "") for anno in anni),
        presunto=bool(row["operatore_presunto"]),
        risultato=cifre.show(cifre.RISULTATO, row),
        raggiunto={True: "target raggiunto", False: "target non raggiunto"}.get(
            row["raggiunto"],  # type: ignore[call-overload]
            "",
        ),
        realizzazione=cifre.show(cifre.REALIZZAZIONE, row),
        grezza=cifre.show(cifre.GREZZA, row)
        if row["realizzazione_grezza"] != row["realizzazione"]
        else None,
        giudizio=giudizi.judge_anno(row),
        alla_data=giudizi.judge_alla_data(row),
        andamento=giudizi.describe_alla_data(row),
        scarti=legenda.describe_scarti(row),
        stato=stato_of(row),
        motivo=legenda.explain(scheda, row),
        freschezza=legenda.describe_freschezza(scheda, row),
        prospettive=scheda.prospettive.get(indicator_key(row), ()),
        note=printable(row["note"]),
        dubbi=tuple(
            a.frase for a in scheda.avvisi if row["codice"] in a.codici or row["riga"] == a.riga
        ),
    )


def write_html(scheda: Scheda, path: Path) -> None:
    """Write the page of a partition."""
    path.write_text(render_html(scheda), "utf-8")


FORMATO = Formato("html", "la pagina da stampare", write_html, apart=True)
