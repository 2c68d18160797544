"""The allegato read whole: from its bytes, whatever the format, to a Piano, whatever the layout.

Belongs here: the walk over the rows of a document, and which layout reads it best. Does not belong here:
how a format is opened (formati/), what a row of a layout says (disposizioni/), judgement (lint.py).

Every layout is tried on the whole document, and its score is the share of rows that it understands. Nothing
is skipped in silence: a row that no reader takes is `non_compresa`, and it, like every text in a recognised
row that is nobody's value, becomes an anomalia with its place.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from pipelines.italiano import format_numero
from pipelines.plan.altro import name_others, score
from pipelines.plan.anno import check_year, year_of_headers, year_of_title
from pipelines.plan.disposizioni import blocchi, comuni, schede, tabella
from pipelines.plan.documento import Cella, Documento, PianoIlleggibile, Riga
from pipelines.plan.formati import open_document
from pipelines.plan.intestazione import Contesto
from pipelines.plan.lint import lint
from pipelines.plan.mappa import NESSUNA, Mappa, list_unused
from pipelines.plan.model import Anomalia, Genere, Lettura, Luogo, Piano
from pipelines.plan.raccolta import Stato, close_all
from pipelines.plan.regole import anomalia, cita
from pipelines.plan.ruoli import reduced, role_of
from pipelines.plan.tabella import has_traguardi
from pipelines.plan.valori import has_operatore

__all__ = ["PianoIlleggibile", "read_document", "read_plan"]

DISPOSIZIONI: dict[str, tuple[comuni.Lettore, ...]] = {
    "blocchi": blocchi.LETTORI,
    "tabella": tabella.LETTORI,
    "schede": schede.LETTORI,
}
SUFFICIENTE, VICINA = Decimal("0.60"), Decimal("0.10")
"""Below the first no layout is believed; two within the second of each other must say the same."""

MAX_PARTI = 200
"""Beyond so many sheets or tables none is compared with another."""


@lru_cache(maxsize=64)
def read_plan(
    content: bytes, formato: str = "txt", esercizio: int | None = None, mappa: Mappa = NESSUNA
) -> Piano:
    """Read an allegato; raises PianoIlleggibile where it is not what its format says, or beyond the bounds.

    `esercizio` is the year of its folder, for a plan that does not say its own. Any document gives a Piano:
    what is not understood is listed in its `anomalie`, lint's included. The same bytes are read once: the
    step of the plans, the documents and the last look at them share a Piano.
    """
    return read_document(open_document(content, formato), esercizio, mappa)


def read_document(
    documento: Documento, esercizio: int | None = None, mappa: Mappa = NESSUNA
) -> Piano:
    """Read a document that is open; see `read_plan`."""
    scelte = [n for n in DISPOSIZIONI if mappa.disposizione in (None, n)]
    scelto = _chosen(documento, mappa)
    letture = [_walk(scelto, nome, esercizio, mappa) for nome in scelte]
    letture.sort(key=_rank)
    prima, seconda = letture[0], letture[1] if len(letture) > 1 else None
    incerta = _incerta(prima, seconda) or _doppia(prima)
    stato = prima.stato
    piano = Piano(
        righe=documento.linee,
        codifica=documento.codifica,
        anno=prima.anno,
        generi=prima.generi,
        luoghi=tuple(r.numero for r in scelto.righe),
        obiettivi=() if incerta else tuple(stato.obiettivi.values()),
        indicatori=() if incerta else tuple(stato.indicatori),
        anomalie=(),
        legami=mappa.legami,
        ignote=schede.unknown_labels(stato) if prima.nome == "schede" else (),
        lettura=Lettura(
            documento.formato,
            prima.nome,
            prima.punteggio,
            seconda.nome if seconda else None,
            seconda.punteggio if seconda else None,
            mappa.impronta,
        ),
    )
    inutili = [] if mappa is NESSUNA else _unused(documento, mappa, stato)
    dette = [
        anomalia(r.regola, _place(r.parte, r.riga, r.cella), r.cosa, r.rimedio)
        for r in documento.rilievi
    ]
    tutte = [*dette, *mappa.anomalie, *inutili, *stato.anomalie, *incerta, *lint(piano)]
    ordine = {(luogo.parte, int(luogo)): n for n, luogo in enumerate(piano.luoghi, start=1)}

    def order(a: Anomalia) -> tuple[int, str]:
        return ordine.get((a.riga.parte, int(a.riga)), 0) if a.riga else 0, a.regola

    return replace(piano, anomalie=tuple(sorted(tutte, key=order)))


def _unused(documento: Documento, mappa: Mappa, stato: Stato) -> list[Anomalia]:
    """The findings about entries of the mapping file that match nothing."""
    testi = [c.testo for r in documento.righe for c in r.celle if c.testo]
    testi += [" ".join(c.testo for c in r.celle if c.testo) for r in documento.righe]
    testi += [t.partition(":")[0].strip() for t in testi if ":" in t]  # a label with its value
    chiavi = ["/".join(map(str, i.chiave)) for i in stato.indicatori]
    return [
        anomalia(
            "mappa_inutile",
            None,
            f"la voce {cita(voce)} del file delle corrispondenze non trova nulla",
            "toglierla o correggerla",
        )
        for voce in list_unused(mappa, testi, chiavi, {r.numero.parte for r in documento.righe})
    ]


def _place(parte: str, riga: int | None, cella: str) -> Luogo | None:
    return None if riga is None else Luogo(riga, parte, cella)


@dataclass(frozen=True)
class _Letta:
    """What a layout makes of a document."""

    nome: str
    stato: Stato
    generi: tuple[Genere, ...]
    punteggio: Decimal
    anno: int | None


def _rank(letta: _Letta) -> tuple[int, Decimal]:
    """The best first. A layout that finds no indicator does not fit; where none does, one that finds a
    header says what is missing, else the first."""
    if letta.stato.indicatori:
        return 0, -letta.punteggio
    return (1, -letta.punteggio) if letta.stato.intestazioni else (2, Decimal(0))


def _incerta(prima: _Letta, seconda: _Letta | None) -> list[Anomalia]:
    """The finding where no layout can be believed: nothing is read then."""
    if not prima.stato.indicatori or (prima.stato.documento.formato == "txt" and seconda is None):
        return []
    quali = f"«{prima.nome}» comprende {_percent(prima)} delle righe"
    if seconda is not None:
        quali += f", «{seconda.nome}» {_percent(seconda)}"
    vicine = (
        seconda is not None
        and bool(seconda.stato.indicatori)
        and prima.punteggio - seconda.punteggio <= VICINA
        and _read_of(prima) != _read_of(seconda)
    )
    if prima.punteggio >= SUFFICIENTE and not vicine:
        return []
    return [
        anomalia(
            "disposizione_incerta",
            None,
            f"non si capisce come è fatto ({quali}) e nulla viene letto",
            "scrivere la disposizione nel file delle corrispondenze, o usare quella dell'allegato",
        )
    ]


def _doppia(letta: _Letta) -> list[Anomalia]:
    """The finding where two parts could both be the plan, for they say the same: neither is taken."""
    per_parte: dict[str, set[tuple[str, ...]]] = {}
    for i in letta.stato.indicatori:
        detto = (i.missione, i.programma, i.obiettivo, reduced(i.indicatore))
        per_parte.setdefault(i.riga.parte, set()).add(detto)
    parti = list(per_parte)
    if len(parti) > MAX_PARTI or letta.stato.documento.formato == "pdf":
        return []
    for n, una in enumerate(parti):
        for altra in parti[n + 1 :]:
            meno = min(len(per_parte[una]), len(per_parte[altra]))
            if meno > 1 and 2 * len(per_parte[una] & per_parte[altra]) >= meno:
                return [
                    anomalia(
                        "disposizione_incerta",
                        None,
                        f"{cita(una)} e {cita(altra)} hanno gli stessi indicatori, potrebbero essere "
                        "entrambi il piano e nulla viene letto",
                        "lasciare quello buono, o nominarlo nel file delle corrispondenze (parti)",
                    )
                ]
    return []


def _percent(letta: _Letta) -> str:
    return f"{format_numero(letta.punteggio * 100, 0)}%"


def _read_of(letta: _Letta) -> set[tuple[object, ...]]:
    stato = letta.stato
    return {
        (
            *(i.missione, i.programma, i.obiettivo),
            *(i.indicatore, i.ultimo_valore_testo, i.algoritmo),
            *((t.anno, t.testo) for t in i.traguardi),
        )
        for i in stato.indicatori
    }


# --- the walk -------------------------------------------------------------------------------------


def _walk(documento: Documento, nome: str, esercizio: int | None, mappa: Mappa) -> _Letta:
    """A layout over the whole document: once more where a year counts from the plan's, then known."""
    contesto = Contesto(None, mappa.etichette, mappa.parole, documento.formato == "txt")
    stato, generi = _read_rows(documento, nome, contesto, mappa)
    anno = year_of_headers(stato)
    presunto = False
    if anno is None and (anno := year_of_title(documento)) is None:
        anno, presunto = esercizio, True
    if anno is not None and (stato.relativa or any(i.relativa for i in stato.intestazioni)):
        stato, generi = _read_rows(documento, nome, replace(contesto, anno=anno), mappa)
    elif presunto:
        anno = None
    if presunto and anno is not None and stato.indicatori:
        stato.report(
            "anno_presunto",
            None,
            f"le intestazioni non dicono di che anno è, e si legge come del {anno}",
            "scrivere l'anno accanto a TARGET",
        )
    for intestazione in stato.intestazioni:
        stato.anomalie += intestazione.anomalie
        check_year(stato, intestazione, anno)
    generi = name_others(stato, generi)
    punteggio = score(documento, generi if stato.indicatori else _none_other(generi))
    return _Letta(nome, stato, tuple(generi), punteggio, anno)


def _none_other(generi: Sequence[Genere]) -> list[Genere]:
    """The kinds of rows where no plan was found: no table is another one."""
    return ["non_compresa" if g == "altra_tabella" else g for g in generi]


def _read_rows(
    documento: Documento, nome: str, contesto: Contesto, mappa: Mappa
) -> tuple[Stato, list[Genere]]:
    stato = Stato(documento, contesto)
    generi: list[Genere] = []
    parte: str | None = None
    for indice, riga in enumerate(documento.righe):
        stato.indice = indice
        if riga.numero.parte != parte:
            parte = riga.numero.parte
            _begin_part(stato)
        if documento.formato == "pdf" and len(riga.celle) > 1:
            _check_columns(stato, riga)
        ignorata = mappa.is_ignorata(" ".join(riga.celle[n].testo for n in riga.piene()))
        if ignorata:
            generi.append("altra_tabella")
        else:
            generi.append(_read(stato, _split(documento, riga), DISPOSIZIONI[nome]))
        _cover(stato, riga)
    schede.close_sheet(stato)
    close_all(stato)
    comuni.check_totali(stato)
    return stato, generi


def _begin_part(stato: Stato) -> None:
    """A new sheet or table has its own header; a page goes on with the one before."""
    stato.coperte = {}
    if stato.documento.formato == "pdf":
        return
    stato.intestazione, stato.sopra, stato.ultima, stato.costi = None, {}, None, {}
    stato.strategico = None
    if stato.documento.formato == "xlsx":
        schede.close_sheet(stato)
        close_all(stato)
        stato.missione, stato.programma = ("", ""), ("", "")


def _check_columns(stato: Stato, riga: Riga) -> None:
    """Another table of a page: the header in force has other columns, and is not its own."""
    if stato.intestazione and len(riga.celle) != len(stato.intestazione.etichette):
        stato.intestazione = stato.ultima = None


def _cover(stato: Stato, riga: Riga) -> None:
    """Remember for how many rows the merged cells above still speak."""
    restano = {n: (cella, righe - 1) for n, (cella, righe) in stato.coperte.items() if righe > 1}
    for n, cella in enumerate(riga.celle):
        if cella.righe > 1 and cella.testo:
            restano[n] = (cella, cella.righe - 1)
    stato.coperte = restano


_UNA_ETICHETTA = re.compile(r"([^:]{3,60}?)\s*:\s+(\S.*)", re.DOTALL)


def _split(documento: Documento, riga: Riga) -> Riga:
    """A paragraph `Label: value` as two cells, where its label has a role."""
    piene = riga.piene()
    if documento.formato == "txt" or len(piene) != 1:
        return riga
    trovata = _UNA_ETICHETTA.fullmatch(riga.celle[piene[0]].testo)
    if trovata is None or role_of(trovata[1]) in (None, "missione", "programma"):
        return riga
    cella = riga.celle[piene[0]]
    celle = (*riga.celle[: piene[0]], replace(cella, testo=trovata[1]), Cella(trovata[2]))
    return replace(riga, celle=celle)


def _read(stato: Stato, riga: Riga, lettori: Sequence[comuni.Lettore]) -> Genere:
    """What a row is; the state takes what it says."""
    if not riga.testo.strip():
        return "vuota"
    if genere := stato.decise.get(stato.indice):
        return genere
    genere = next((g for lettore in lettori if (g := lettore(stato, riga))), None)
    if genere not in ("indicatore", "continuazione", "pagina", "intestazione_ripetuta"):
        stato.ultima = None
    if genere is None:
        _report_non_compresa(stato, riga)
    return genere or "non_compresa"


def _report_non_compresa(stato: Stato, riga: Riga) -> None:
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


def _chosen(documento: Documento, mappa: Mappa) -> Documento:
    """The parts that a mapping file names, or all."""
    if not mappa.parti:
        return documento
    righe = tuple(r for r in documento.righe if r.numero.parte in mappa.parti)
    return replace(documento, righe=righe)
