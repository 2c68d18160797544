"""A row of the scorecard as what documents show of it: texts, graphs, tables, in the plan's order.

Belongs here: the records that the templates of page and PDF print, and the words of a graph. Does not belong
here: how they look (the templates), how a graph is drawn (grafici.py), sentences that other formats have too
(legenda.py).
"""

from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from pipelines.italiano import format_cifra, format_numero
from pipelines.plan.model import Indicatore
from pipelines.scorecard import cifre, giudizi, legenda
from pipelines.scorecard.chiave import indicator_key
from pipelines.scorecard.dettagli import Dettaglio
from pipelines.scorecard.giudizi import Giudizio
from pipelines.scorecard.grafici import Misura, Punto, Verso, draw_bullet, draw_course
from pipelines.scorecard.legenda import decimal_of, printable, stato_of
from pipelines.scorecard.origini import Origine, Tabella, trace
from pipelines.scorecard.righe import Row
from pipelines.scorecard.riservatezza import REGOLA
from pipelines.scorecard.sheet import Scheda
from pipelines.warehouse.avvisi import Avviso

_MESI = [mese[:3] for mese in legenda.MESI]
_FUORI = {0: "prima", 13: "dopo"}


@dataclass(frozen=True)
class Grafico:
    """A graph as SVG, what it says in words, and its figures."""

    disegno: Markup
    alt: str
    tabella: Tabella


@dataclass(frozen=True)
class Voce:
    """An indicator as a document shows it. `giudizio` is the year's, `alla_data` the one to look at first
    in an open year, with its pace in `andamento`; `scarto` is how far the result is from the target, with
    its sign; `scarti` says what makes the result uncertain; `prospettive` what it can still become.
    `mesi` is None where the year has no course by months, and `senza_mesi` says why."""

    ancora: str
    missione: str
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
    scarto: str | None
    realizzazione: str | None
    grezza: str | None
    giudizio: Giudizio
    alla_data: Giudizio | None
    andamento: str | None
    scarti: str | None
    stato: str
    motivo: str | None
    freschezza: tuple[str, ...]
    in_ritardo: bool
    prospettive: tuple[str, ...]
    note: str
    dubbi: tuple[str, ...]
    misura: Grafico
    anni: Grafico | None
    mesi: Grafico | None
    senza_mesi: str | None
    origine: Origine

    @property
    def guarda(self) -> Giudizio:
        """The judgement to look at first."""
        return self.alla_data or self.giudizio


def fields_of(row: Row, etichette: dict[str, str]) -> tuple[tuple[str, str], ...]:
    """The texts of a row that say something, with their labels."""
    return tuple(
        (etichetta, testo)
        for colonna, etichetta in etichette.items()
        if (testo := printable(row[colonna]))
    )


def make_voce(
    scheda: Scheda, row: Row, piano: Indicatore, anni: tuple[int, ...], ancora: str
) -> Voce:
    """An indicator; `anni` are the years of whose targets there is a column."""
    testi = {t.anno: printable(t.testo) for t in piano.traguardi}
    dietro = scheda.dettagli.get(indicator_key(row), Dettaglio())
    mesi, senza_mesi = _months(scheda, row, dietro)
    return Voce(
        ancora=ancora,
        missione=printable(row["missione"]),
        codice=printable(row["codice"]),
        tipologia=printable(row["tipologia"]),
        indicatore=printable(row["indicatore"]),
        dettagli=fields_of(
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
        scarto=_distance(row),
        realizzazione=cifre.show(cifre.REALIZZAZIONE, row),
        grezza=cifre.show(cifre.GREZZA, row)
        if row["realizzazione_grezza"] != row["realizzazione"]
        else None,
        giudizio=giudizi.judge_anno(row),
        alla_data=giudizi.judge_alla_data(row),
        andamento=giudizi.describe_alla_data(row),
        scarti=legenda.describe_scarti(row, dietro.personale),
        stato=stato_of(row),
        motivo=legenda.explain(scheda, row),
        freschezza=legenda.describe_freschezza(scheda, row),
        in_ritardo=bool(scheda.freschezza.get(indicator_key(row), {}).get("in_ritardo")),
        prospettive=scheda.prospettive.get(indicator_key(row), ()),
        note=printable(row["note"]),
        dubbi=doubts(scheda.avvisi, row),
        misura=_measure(scheda, row, piano, dietro),
        anni=_years(scheda, row, dietro),
        mesi=mesi,
        senza_mesi=senza_mesi,
        origine=trace(scheda, row, dietro),
    )


def doubts(avvisi: tuple[Avviso, ...], row: Row) -> tuple[str, ...]:
    """What the checks in evidence say of an indicator, or of its very row of the plan."""
    return tuple(
        a.frase
        for a in avvisi
        if row["codice"] in a.codici or (row["parte"], row["riga"]) == (a.parte, a.riga)
    )


def _print(row: Row, valore: Decimal) -> str:
    """A figure in the unit of an indicator."""
    return format_cifra(valore, cifre.decimals_of(row), bool(row["percentuale"]))


def _shown(row: Row, valore: object) -> str:
    return _print(row, valore) if isinstance(valore, Decimal) else "manca"


def _distance(row: Row) -> str | None:
    """How far the result is from the target, with its sign."""
    risultato, target = decimal_of(row, "risultato"), decimal_of(row, "target")
    if risultato is None or target is None:
        return None
    detto = format_numero(abs(risultato - target), cifre.decimals_of(row))
    detto += " punti" if row["percentuale"] else ""
    segno = "±" if risultato == target else "+" if risultato > target else "−"
    return f"{segno}{detto} dal target"


# --- the bullet graph -------------------------------------------------------------------------------


def _measure(scheda: Scheda, row: Row, piano: Indicatore, dietro: Dettaglio) -> Grafico:
    """Result, target, last value and peer of an indicator: as a bullet graph and as a table."""
    confronto = dietro.confronti[0] if dietro.confronti else None
    altrui = confronto["valore"] if confronto else None
    verso: Verso = "=<" if row["operatore"] == "=<" else "=>"
    ultimo = decimal_of(row, "ultimo_valore")
    misura = Misura(
        risultato=decimal_of(row, "risultato"),
        target=decimal_of(row, "target"),
        ultimo=ultimo,
        confronto=altrui if isinstance(altrui, Decimal) else None,
        verso=verso,
        soglie=_edges(scheda, decimal_of(row, "target"), verso),
    )
    righe = [(f"Risultato {row['esercizio']}", _shown(row, misura.risultato))]
    if misura.target is not None:
        righe.append((f"Target {row['esercizio']}", printable(row["target_testo"])))
    if ultimo is not None:
        anno = f" ({row['anno_ultimo_valore']})" if row["anno_ultimo_valore"] else ""
        righe.append((f"Ultimo valore{anno}", printable(piano.ultimo_valore_testo)))
    if confronto and misura.confronto is not None:
        di = printable(f"{confronto['ambito']}, {confronto['anno']}")
        righe.append((f"Confronto ({di})", _print(row, misura.confronto)))
    alt = "; ".join(f"{nome}: {detto}" for nome, detto in righe)
    return Grafico(
        Markup(draw_bullet(misura, alt, lambda valore: _print(row, valore))),
        alt,
        Tabella("Le cifre del grafico", ("Che cosa", "Valore"), tuple(righe)),
    )


def _edges(scheda: Scheda, target: Decimal | None, verso: Verso) -> tuple[Decimal, ...]:
    """The values at which the colour changes, the worse first; none where the target gives none."""
    soglie = [decimal_of(scheda.regole, nome) for nome in ("giallo_da", "verde_da")]
    if target is None or target <= 0 or None in soglie:
        return ()
    quote = [s / 100 for s in soglie if s is not None]
    if verso == "=>":
        return tuple(target * q for q in quote)
    if scheda.regole["al_massimo"] == "rapporto":
        return tuple(target / q for q in quote if q)
    return tuple(target * (2 - q) for q in quote)


# --- years and months -------------------------------------------------------------------------------


def _years(scheda: Scheda, row: Row, dietro: Dettaglio) -> Grafico | None:
    """The results of the years that there are, each with its target."""
    anni = [a for a in dietro.anni if a["risultato"] is not None or a["target"] is not None]
    if not any(a["risultato"] is not None for a in anni):
        return None
    punti = [
        Punto(
            str(a["anno"]),
            decimal_of(a, "risultato"),
            "" if a["risultato"] is None else _shown(row, a["risultato"]),
            decimal_of(a, "target"),
        )
        for a in anni
    ]
    righe = tuple(
        (
            str(a["anno"]),
            _year_result(scheda, row, a),
            printable(a["target_testo"]) or "nessuno",
        )
        for a in anni
    )
    detti = (f"{anno}: {risultato}, target {target}" for anno, risultato, target in righe)
    alt = f"Risultati e target per anno. {'; '.join(detti)}"
    tabella = Tabella("Anno per anno", ("Anno", "Risultato", "Target"), righe)
    return Grafico(Markup(draw_course(punti, alt)), alt, tabella)


def _year_result(scheda: Scheda, row: Row, anno: Row) -> str:
    if anno["risultato"] is None:
        return "non ancora" if int(str(anno["anno"])) > scheda.partizione.esercizio else "manca"
    detto = _shown(row, anno["risultato"])
    if anno["stampato"]:
        return f"{detto} (dal piano)"
    return f"{detto} (provvisorio)" if anno["stato"] == legenda.PROVVISORIO else detto


def _months(scheda: Scheda, row: Row, dietro: Dettaglio) -> tuple[Grafico | None, str | None]:
    """The course of the year by months, or why there is none."""
    if dietro.personale:
        return None, REGOLA
    if row["risultato"] is None:
        return None, None
    if not dietro.mesi:
        return None, "Non si divide per mesi: una parte delle righe che contano non ha una data."
    rapporto = any(m["denominatore"] is not None for m in dietro.mesi)
    target = decimal_of(row, "target")
    punti = [
        Punto(
            _FUORI.get(numero, _MESI[numero - 1 if numero < 13 else 0]),
            decimal_of(m, "valore_finora"),
            "",
            target,
        )
        for m in dietro.mesi
        for numero in [int(str(m["mese"]))]
    ]
    righe = tuple(
        (
            _month(int(str(m["mese"])), scheda.partizione.esercizio),
            format_numero(Decimal(str(m["righe"])), 0),
            "nessuno" if m["valore"] is None else _shown(row, m["valore"]),
            "nessuno" if m["valore_finora"] is None else _shown(row, m["valore_finora"]),
        )
        for m in dietro.mesi
    )
    cosa = "Il valore del mese" if rapporto else "Quanto si aggiunge"
    alt = (
        f"Dove si è arrivati mese per mese: da {righe[0][3]} ({righe[0][0]}) a {righe[-1][3]}"
        f" ({righe[-1][0]})" + (f"; target {printable(row['target_testo'])}" if target else "")
    )
    testa = ("Mese", "Righe", cosa, "Da inizio anno")
    return Grafico(
        Markup(draw_course(punti, alt)), alt, Tabella("Mese per mese", testa, righe)
    ), None


def _month(mese: int, anno: int) -> str:
    return {0: f"prima del {anno}", 13: f"dopo il {anno}"}.get(mese) or legenda.MESI[mese - 1]
