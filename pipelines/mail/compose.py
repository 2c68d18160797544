"""The words of a message: plain Italian text, readable on a phone.

Belongs here: subject and body out of the records of report.py and memory.py. Does not belong here: what
is true (report.py), headers and envelope (outbox.py). Every text from outside becomes one printable
line before it is used.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from itertools import groupby
from textwrap import wrap
from typing import TypeVar

from pipelines.avvisi import Avviso, first_of_each
from pipelines.italiano import format_numero, format_percentuale
from pipelines.landing import Partizione
from pipelines.mail.memory import Incidente
from pipelines.mail.report import (
    Cambiamento,
    Conseguenza,
    Ente,
    Prima,
    Rapporto,
    Ritardo,
    Valore,
)
from pipelines.settings import ROMA

LARGHEZZA = 72
"""Characters in a line."""

VOCI = 12
"""Entries that a list shows before it says how many others there are."""

MOTIVO = 600
"""Characters of a reason: more is a log, which is in Dagster."""

SENZA_VALORE = {
    "DATI_MANCANTI": "mancano i dati",
    "NON_CALCOLABILE": "non calcolabile",
}

T = TypeVar("T")


@dataclass(frozen=True)
class Scritto:
    """A message without its envelope. `oggetto` is one line."""

    oggetto: str
    corpo: str


def compose_morning(rapporto: Rapporto, finito: Incidente | None, adesso: datetime) -> Scritto:
    """The morning message; it opens with the incident that is over, if one is."""
    opening = _over(finito, adesso) if finito else []
    told = {avviso.controllo for avviso in rapporto.avvisi}
    sections = [
        _publication(rapporto),
        _to_look_at(rapporto.avvisi),
        _changes(rapporto),
        _late(rapporto.ritardi),
        _costs(tuple(c for c in rapporto.conseguenze if c.controllo not in told)),
        _quarantine(rapporto),
    ]
    return Scritto(_subject(rapporto, finito), _body([opening, *sections]))


def compose_failure(motivo: str, corrente: datetime | None, adesso: datetime) -> Scritto:
    """The message that opens an incident; `corrente` is the publication that stays, if there is one."""
    stays = (
        f"Resta in vigore la pubblicazione del {_instant(corrente)}."
        if corrente
        else "Non c'è ancora nessuna pubblicazione."
    )
    return Scritto(
        f"pira: esecuzione non riuscita il {_instant(adesso)}",
        _body(
            [
                _prose(
                    f"L'esecuzione del {_instant(adesso)} non è riuscita e non ha pubblicato"
                    f" niente. {stays}"
                ),
                ["PERCHÉ", *_prose(_short(_clean(motivo), MOTIVO))],
                _prose(
                    "Se anche le prossime esecuzioni non riescono non arrivano altri messaggi;"
                    " quando il guasto è finito ne arriva uno."
                ),
            ]
        ),
    )


def compose_over(finito: Incidente, corrente: datetime, adesso: datetime) -> Scritto:
    """The note that an incident is over, where no morning message says it."""
    return Scritto(
        f"pira: guasto finito dopo {_duration(finito.dal, adesso)}",
        _body(
            [
                _over(finito, adesso),
                _prose(
                    f"È in vigore la pubblicazione del {_instant(corrente)}. Che cosa ha cambiato"
                    " lo dice il prossimo messaggio del mattino."
                ),
            ]
        ),
    )


# --- subject ----------------------------------------------------------------------------------------


def _subject(rapporto: Rapporto, finito: Incidente | None) -> str:
    changed = sum(change.obiettivo is not None for change in rapporto.cambiamenti)
    new = sum(prima.celle for prima in rapporto.prime)
    parts = ["guasto finito"] if finito else []
    if rapporto.nuova:
        parts.append(_published(rapporto))
        if changed or not new:
            parts.append(
                _count(changed, "cella cambiata", "celle cambiate") or "nessuna cella cambiata"
            )
    parts.append(_count(new, "cella nuova", "celle nuove"))
    parts.append(
        _count(len(first_of_each(rapporto.avvisi)), "avviso da guardare", "avvisi da guardare")
    )
    parts.append(_count(len(rapporto.ritardi), "estratto in ritardo", "estratti in ritardo"))
    parts.append(_count(len(rapporto.rifiuti), "file rifiutato", "file rifiutati"))
    return "pira: " + ", ".join(filter(None, parts))


def _published(rapporto: Rapporto) -> str:
    """What was published, by name where the names are few: the scorecards that changed, or all."""
    changed = _changed(rapporto)
    all_of_them = [ente.partizione for ente in rapporto.enti]
    names = [p for p in all_of_them if p in changed] or all_of_them
    if len(names) > 3:
        return f"{len(names)} scorecard pubblicate"
    if not names:
        return "magazzino pubblicato"
    listed = [_name(p) for p in sorted(names)]
    verb = "pubblicata" if len(listed) == 1 else "pubblicate"
    return f"{' e '.join(filter(None, (', '.join(listed[:-1]), listed[-1])))} {verb}"


def _changed(rapporto: Rapporto) -> set[Partizione]:
    return {
        *(change.partizione for change in rapporto.cambiamenti),
        *(prima.partizione for prima in rapporto.prime),
    }


# --- sections ---------------------------------------------------------------------------------------


def _over(finito: Incidente, adesso: datetime) -> list[str]:
    failed = "Un'esecuzione non è riuscita"
    if finito.fallimenti > 1:
        failed = f"{finito.fallimenti} esecuzioni non sono riuscite"
    return [
        "IL GUASTO È FINITO",
        *_prose(
            f"Cominciato il {_instant(finito.dal)}, è durato {_duration(finito.dal, adesso)}."
            f" {failed}."
        ),
    ]


def _publication(rapporto: Rapporto) -> list[str]:
    when = _instant(rapporto.pubblicato)
    since = (
        f"Cambiamenti dal messaggio del {_instant(rapporto.dal)}."
        if rapporto.dal
        else "È il primo messaggio: dice come stanno le cose oggi."
    )
    if not rapporto.nuova:
        sentence = f"Nessuna pubblicazione nuova: resta in vigore quella del {when}."
    elif rapporto.tornata:
        sentence = f"È tornata in vigore la pubblicazione del {when}. {since}"
    else:
        sentence = f"Pubblicato il {when}. {since}"
    changed = _changed(rapporto)
    enti = sorted(rapporto.enti, key=lambda ente: ente.partizione not in changed)
    return [*_prose(sentence), *_items(enti, _entity, "altre {} scorecard")]


def _entity(ente: Ente) -> str:
    name = _name(ente.partizione)
    if ente.realizzazione is None:
        return f"{name}: ancora nessun risultato"
    range_ = f" (tra {format_percentuale(ente.minima)} e {format_percentuale(ente.massima)})"
    return (
        f"{name}: realizzazione {format_percentuale(ente.realizzazione)}"
        f"{range_ if ente.minima != ente.massima else ''},"
        f" copertura {format_percentuale(ente.copertura * 100)} del peso"
    )


def _changes(rapporto: Rapporto) -> list[str]:
    lines = []
    if rapporto.prime:
        lines += ["PER LA PRIMA VOLTA", *_items(rapporto.prime, _first, "altre {}")]
    cells = [change for change in rapporto.cambiamenti if change.obiettivo is not None]
    others = [change for change in rapporto.cambiamenti if change.obiettivo is None]
    for title, changes in (
        ("CELLE CAMBIATE", cells),
        ("VALORI CAMBIATI FUORI DALLE SCORECARD", others),
    ):
        if changes:
            lines += [""] if lines else []
            lines += [f"{title}: {len(changes)}", *_items(changes, _change, "altri {}")]
    if rapporto.nascosti:
        lines += [""] if lines else []
        lines += _prose(
            _count(
                rapporto.nascosti,
                "valore è cambiato meno di quanto la scorecard stampa.",
                "valori sono cambiati meno di quanto la scorecard stampa.",
            )
        )
    return lines


def _first(prima: Prima) -> str:
    values = _count(prima.valori, "indicatore", "indicatori")
    there = f"{prima.con_risultato} con un risultato" if prima.con_risultato else "nessun risultato"
    return f"{_name(prima.partizione)}: {values}, {there}"


def _change(change: Cambiamento) -> str:
    place = f"{_clean(change.obiettivo)} " if change.obiettivo else ""
    target = f" (target {_clean(change.target)})" if change.target else ""
    return (
        f"{_name(change.partizione)}, {place}{_clean(change.codice)}:"
        f" {_path(change.passaggi)}{target}"
    )


def _path(steps: tuple[Valore, ...]) -> str:
    """`40,27% → 41,00%`; more than four steps show the first and the last."""
    shown = [_value(step) for step in steps]
    stati = [step.stato.lower() if step.numero is not None else None for step in steps]
    mixed = len({stato for stato in stati if stato}) > 1
    if mixed:
        shown = [
            f"{text} ({_clean(s)})" if s else text for text, s in zip(shown, stati, strict=True)
        ]
    if len(shown) == 1:
        shown = [f"nuova, {shown[0]}"]
    if len(shown) > 4:
        shown = [shown[0], "…", shown[-1]]
    provisional = ", provvisorio" if not mixed and "provvisorio" in stati else ""
    return " → ".join(shown) + provisional


def _value(value: Valore) -> str:
    if value.numero is None:
        return SENZA_VALORE.get(value.stato, _clean(value.stato))
    return format_numero(value.numero, value.decimali) + ("%" if value.percentuale else "")


def _late(late: tuple[Ritardo, ...]) -> list[str]:
    if not late:
        return []
    lines = [f"IN RITARDO: {_count(len(late), 'estratto', 'estratti')}"]
    for ufficio, owed in groupby(late, lambda ritardo: ritardo.ufficio):
        lines += _prose(f"L'ufficio {_clean(ufficio)} deve:")
        lines += _items(tuple(owed), _owed, "altri {}")
    return lines


def _owed(late: Ritardo) -> str:
    until = "mai consegnato" if late.mai_consegnato else ""
    if late.dati_fino_al:
        until = f"dati fino al {late.dati_fino_al:%d/%m/%Y}"
    since = f"da {_count(late.giorni, 'giorno', 'giorni') or 'oggi'}"
    name = f"{_name(late.partizione)} {_clean(late.estratto.rpartition('/')[2])}"
    new = " (nuovo)" if late.nuovo else ""
    return f"{name}: {', '.join(filter(None, (since, until)))}{new}"


def _to_look_at(avvisi: tuple[Avviso, ...]) -> list[str]:
    """What may be wrong in the figures: the first case of every check."""
    firsts = first_of_each(avvisi)
    if not firsts:
        return []
    return [
        f"DA GUARDARE PER PRIMI: {_count(len(firsts), 'avviso', 'avvisi')}",
        *_items(firsts, lambda first: _clean(first.detto), "altri {} avvisi"),
    ]


def _costs(costs: tuple[Conseguenza, ...]) -> list[str]:
    if not costs:
        return []
    dear = [cost for cost in costs if cost.celle]
    free = [cost for cost in costs if not cost.celle]
    lines = ["CHE COSA COSTA", *_items(dear, _cost, "altri {} controlli")]
    if free:
        names = sorted({_clean(cost.controllo) for cost in free})
        lines += _prose(f"Controlli con casi che non toccano celle: {_short_list(names)}.")
    return lines


def _cost(cost: Conseguenza) -> str:
    where = f", {_name(cost.partizione)}" if cost.partizione else ""
    cases = _count(cost.casi, "caso", "casi")
    return f"{_clean(cost.controllo)}{where}: {cases}. {_clean(cost.frase)}"


def _quarantine(rapporto: Rapporto) -> list[str]:
    lines = []
    if rapporto.quarantena:
        rows = sum(one.righe for one in rapporto.quarantena)
        lines.append(f"IN QUARANTENA: {_count(rows, 'riga', 'righe')}")
        lines += _items(
            rapporto.quarantena,
            lambda one: (
                f"{_name(one.partizione)} {_clean(one.estratto)}:"
                f" {_count(one.righe, 'riga', 'righe')}"
            ),
            "altri {} estratti",
        )
    if rapporto.rifiuti:
        lines += [""] if lines else []
        lines.append(f"RIFIUTATI PER INTERO: {len(rapporto.rifiuti)} file")
        lines += _items(
            rapporto.rifiuti,
            lambda one: f"{_clean(one.file)}: {_clean(one.motivo)}",
            "altri {} file",
        )
    if rapporto.ignorati:
        lines += [""] if lines else []
        lines += _prose(
            _count(
                rapporto.ignorati,
                "file o cartella che il contratto non conosce, non letto.",
                "file o cartelle che il contratto non conosce, non letti.",
            )
        )
    return lines


# --- wording ----------------------------------------------------------------------------------------


def _body(sections: Iterable[list[str]]) -> str:
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _items(things: Iterable[T], say: Callable[[T], str], others: str) -> list[str]:
    """A list of entries, each wrapped under its dash; a long one ends with how many others."""
    every = list(things)
    shown = every if len(every) <= VOCI + 1 else every[:VOCI]
    entries = [say(one) for one in shown]
    if len(every) > len(shown):
        entries.append(f"... e {others.format(len(every) - len(shown))}")
    return [line for entry in entries for line in _prose(entry, "- ", "  ")]


def _short_list(names: list[str]) -> str:
    rest = f" e altri {len(names) - VOCI}" if len(names) > VOCI else ""
    return ", ".join(names[:VOCI]) + rest


def _prose(text: str, first: str = "", then: str = "") -> list[str]:
    return wrap(
        text,
        LARGHEZZA,
        initial_indent=first,
        subsequent_indent=then,
        break_on_hyphens=False,
    )


def _clean(text: str) -> str:
    """A text from outside as one line of printable characters, whatever it holds."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in _one_line(text))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def _name(partizione: Partizione) -> str:
    return f"{_clean(partizione.camera)} {partizione.esercizio:04d}"


def _count(how_many: int, one: str, many: str) -> str:
    """`1 caso`, `12 casi`; nothing for none."""
    number = format_numero(Decimal(how_many), 0)
    return f"{number} {one if how_many == 1 else many}" if how_many else ""


def _instant(moment: datetime) -> str:
    return f"{moment.astimezone(ROMA):%d/%m/%Y alle %H:%M}"


def _duration(since: datetime, until: datetime) -> str:
    """How long, in the two largest units. Through UTC: a night of the clock has 23 or 25 hours."""
    minutes = int((until.astimezone(UTC) - since.astimezone(UTC)).total_seconds()) // 60
    units = (
        _count(minutes // 1440, "giorno", "giorni"),
        _count(minutes // 60 % 24, "ora", "ore"),
        _count(minutes % 60, "minuto", "minuti"),
    )
    return " e ".join([unit for unit in units if unit][:2]) or "meno di un minuto"
