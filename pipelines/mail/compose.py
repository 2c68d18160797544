"""The words of a message: plain Italian text, readable on a phone.

Belongs here: subject and body out of the records of report.py and memory.py. Does not belong here:
what is true (report.py), the forms that all sections share (wording.py), headers and envelope
(outbox.py). Every text from outside becomes one printable line before it is used.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from pipelines.italiano import format_cifra, format_percentuale
from pipelines.mail.in_force import Mutamento
from pipelines.mail.memory import Incidente
from pipelines.mail.report import Cambiamento, Prima, Rapporto, Valore
from pipelines.mail.standing import Conseguenza, Ente, Ritardo
from pipelines.mail.wording import (
    as_body,
    as_items,
    as_list,
    as_prose,
    at_instant,
    clean,
    count_of,
    duration_of,
    name_of,
    shorten,
)
from pipelines.partizione import Partizione
from pipelines.warehouse.avvisi import Avviso, first_of_each

MOTIVO = 600
"""Characters of a reason: more is a log, which is in Dagster."""

SENZA_VALORE = {
    "DATI_MANCANTI": "mancano i dati",
    "NON_CALCOLABILE": "non calcolabile",
}


@dataclass(frozen=True)
class Scritto:
    """A message without its envelope. `oggetto` is one line."""

    oggetto: str
    corpo: str


def compose_morning(rapporto: Rapporto, finito: Incidente | None, adesso: datetime) -> Scritto:
    """The morning message; it opens with the incident that is over, if one is."""
    opening = _over(finito, adesso) if finito else []
    sections = [
        _publication(rapporto),
        _to_look_at(rapporto.avvisi),
        _changes(rapporto),
        _in_force(rapporto.mutamenti),
        _late(rapporto),
        _costs(rapporto),
        _quarantine(rapporto),
    ]
    return Scritto(_subject(rapporto, finito), as_body([opening, *sections]))


def compose_failure(motivo: str, corrente: datetime | None, adesso: datetime) -> Scritto:
    """The message that opens an incident; `corrente` is the publication that stays, if there is one."""
    stays = (
        f"Resta in vigore la pubblicazione del {at_instant(corrente)}."
        if corrente
        else "Non c'è ancora nessuna pubblicazione."
    )
    return Scritto(
        f"pira: esecuzione non riuscita il {at_instant(adesso)}",
        as_body(
            [
                as_prose(
                    f"L'esecuzione del {at_instant(adesso)} non è riuscita e non ha pubblicato"
                    f" niente. {stays}"
                ),
                ["PERCHÉ", *as_prose(shorten(clean(motivo), MOTIVO))],
                as_prose(
                    "Se anche le prossime esecuzioni non riescono non arrivano altri messaggi;"
                    " quando il guasto è finito ne arriva uno."
                ),
            ]
        ),
    )


def compose_over(finito: Incidente, corrente: datetime, adesso: datetime) -> Scritto:
    """The note that an incident is over, where no morning message says it."""
    return Scritto(
        f"pira: guasto finito dopo {duration_of(finito.dal, adesso)}",
        as_body(
            [
                _over(finito, adesso),
                as_prose(
                    f"È in vigore la pubblicazione del {at_instant(corrente)}. Che cosa ha cambiato"
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
                count_of(changed, "cella cambiata", "celle cambiate") or "nessuna cella cambiata"
            )
    parts.append(count_of(new, "cella nuova", "celle nuove"))
    looked = len(first_of_each(rapporto.avvisi))
    parts.append(count_of(looked, "avviso da guardare", "avvisi da guardare"))
    parts.append("cambiati target, pesi o regole" if rapporto.mutamenti else "")
    parts.append(count_of(len(rapporto.ritardi), "estratto in ritardo", "estratti in ritardo"))
    parts.append(count_of(len(rapporto.rifiuti), "file rifiutato", "file rifiutati"))
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
    listed = [name_of(p) for p in sorted(names)]
    verb = "pubblicata" if len(listed) == 1 else "pubblicate"
    return f"{' e '.join(filter(None, (', '.join(listed[:-1]), listed[-1])))} {verb}"


def _changed(rapporto: Rapporto) -> set[Partizione]:
    return {
        *(change.partizione for change in rapporto.cambiamenti),
        *(change.partizione for change in rapporto.mutamenti),
        *(prima.partizione for prima in rapporto.prime),
    }


# --- sections ---------------------------------------------------------------------------------------


def _over(finito: Incidente, adesso: datetime) -> list[str]:
    failed = "Un'esecuzione non è riuscita"
    if finito.fallimenti > 1:
        failed = f"{finito.fallimenti} esecuzioni non sono riuscite"
    return [
        "IL GUASTO È FINITO",
        *as_prose(
            f"Cominciato il {at_instant(finito.dal)}, è durato {duration_of(finito.dal, adesso)}."
            f" {failed}."
        ),
    ]


def _publication(rapporto: Rapporto) -> list[str]:
    when = at_instant(rapporto.pubblicato)
    since = (
        f"Cambiamenti dal messaggio del {at_instant(rapporto.dal)}."
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
    return [*as_prose(sentence), *as_items(enti, _entity, "altre {} scorecard")]


def _entity(ente: Ente) -> str:
    name = name_of(ente.partizione)
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
        lines += ["PER LA PRIMA VOLTA", *as_items(rapporto.prime, _first, "altre {}")]
    cells = [change for change in rapporto.cambiamenti if change.obiettivo is not None]
    others = [change for change in rapporto.cambiamenti if change.obiettivo is None]
    for title, changes in (
        ("CELLE CAMBIATE", cells),
        ("VALORI CAMBIATI FUORI DALLE SCORECARD", others),
    ):
        if changes:
            lines += [""] if lines else []
            lines += [f"{title}: {len(changes)}", *as_items(changes, _change, "altri {}")]
    if rapporto.nascosti:
        lines += [""] if lines else []
        lines += as_prose(
            count_of(
                rapporto.nascosti,
                "valore è cambiato meno di quanto la scorecard stampa.",
                "valori sono cambiati meno di quanto la scorecard stampa.",
            )
        )
    return lines


def _first(prima: Prima) -> str:
    values = count_of(prima.valori, "indicatore", "indicatori")
    there = f"{prima.con_risultato} con un risultato" if prima.con_risultato else "nessun risultato"
    return f"{name_of(prima.partizione)}: {values}, {there}"


def _change(change: Cambiamento) -> str:
    place = f"{clean(change.obiettivo)} " if change.obiettivo else ""
    target = f" (target {clean(change.target)})" if change.target else ""
    return (
        f"{name_of(change.partizione)}, {place}{clean(change.codice)}:"
        f" {_path(change.passaggi)}{target}"
    )


def _in_force(changes: tuple[Mutamento, ...]) -> list[str]:
    if not changes:
        return []
    return [
        f"CAMBIATO CIÒ CON CUI SI MISURA: {len(changes)}",
        *as_items(changes, _mutation, "altri {}"),
    ]


def _mutation(change: Mutamento) -> str:
    place = f"{clean(change.obiettivo)} " if change.obiettivo else ""
    what = f", {place}{clean(change.codice)}" if change.codice else ""
    steps = (f"{cosa} {clean(prima)} → {clean(dopo)}" for cosa, prima, dopo in change.passaggi)
    return f"{name_of(change.partizione)}{what}: {'; '.join(steps)}"


def _path(steps: tuple[Valore, ...]) -> str:
    """`40,27% → 41,00%`; more than four steps show the first and the last."""
    shown = [_value(step) for step in steps]
    stati = [step.stato.lower() if step.numero is not None else None for step in steps]
    mixed = len({stato for stato in stati if stato}) > 1
    if mixed:
        shown = [
            f"{text} ({clean(s)})" if s else text for text, s in zip(shown, stati, strict=True)
        ]
    if len(shown) == 1:
        shown = [f"nuova, {shown[0]}"]
    if len(shown) > 4:
        shown = [shown[0], "…", shown[-1]]
    provisional = ", provvisorio" if not mixed and "provvisorio" in stati else ""
    return " → ".join(shown) + provisional


def _value(value: Valore) -> str:
    if value.numero is None:
        return SENZA_VALORE.get(value.stato, clean(value.stato))
    return format_cifra(value.numero, value.decimali, value.percentuale)


def _late(rapporto: Rapporto) -> list[str]:
    """Who owes what; an extract of which it was said already is only counted."""
    late = rapporto.ritardi
    if not late:
        return []
    lines = [f"IN RITARDO: {count_of(len(late), 'estratto', 'estratti')}"]
    new = [one for one in late if not rapporto.is_told(one.problema)]
    for ufficio, owed in groupby(new, lambda ritardo: ritardo.ufficio):
        lines += as_prose(f"L'ufficio {clean(ufficio)} deve:")
        lines += as_items(tuple(owed), _owed, "altri {}")
    told = count_of(len(late) - len(new), "lo era già.", "lo erano già.")
    return lines + as_prose(told)


def _owed(late: Ritardo) -> str:
    until = "mai consegnato" if late.mai_consegnato else ""
    if late.ritirato:
        until = f"consegnato il {late.ritirato:%d/%m/%Y} e poi ritirato"
    if late.dati_fino_al:
        until = f"dati fino al {late.dati_fino_al:%d/%m/%Y}"
    since = f"da {count_of(late.giorni, 'giorno', 'giorni') or 'oggi'}"
    name = f"{name_of(late.partizione)} {clean(late.estratto.rpartition('/')[2])}"
    return f"{name}: {', '.join(filter(None, (since, until)))}"


def _to_look_at(avvisi: tuple[Avviso, ...]) -> list[str]:
    """What may be wrong in the figures: the first case of every check."""
    firsts = first_of_each(avvisi)
    if not firsts:
        return []
    return [
        f"DA GUARDARE PER PRIMI: {count_of(len(firsts), 'avviso', 'avvisi')}",
        *as_items(firsts, lambda first: clean(first.detto), "altri {} avvisi"),
    ]


def _costs(rapporto: Rapporto) -> list[str]:
    """What each failing check costs; those told already, with no more cases since, by name."""
    first = {avviso.controllo for avviso in rapporto.avvisi}
    others = [one for one in rapporto.conseguenze if one.controllo not in first]
    if not others:
        return []
    costs = [one for one in others if not rapporto.is_told(one.problema)]
    told = sorted({clean(one.controllo) for one in others if one not in costs})
    dear = [cost for cost in costs if cost.celle]
    free = [cost for cost in costs if not cost.celle]
    lines = ["CHE COSA COSTA", *as_items(dear, _cost, "altri {} controlli")]
    if free:
        names = sorted({clean(cost.controllo) for cost in free})
        lines += as_prose(f"Controlli con casi che non toccano celle: {as_list(names)}.")
    if told:
        lines += as_prose(f"Come già detto, hanno ancora dei casi: {as_list(told)}.")
    return lines


def _cost(cost: Conseguenza) -> str:
    where = f", {name_of(cost.partizione)}" if cost.partizione else ""
    cases = count_of(cost.casi, "caso", "casi")
    return f"{clean(cost.controllo)}{where}: {cases}. {clean(cost.frase)}"


def _quarantine(rapporto: Rapporto) -> list[str]:
    lines = []
    if rapporto.quarantena:
        rows = sum(one.righe for one in rapporto.quarantena)
        lines.append(f"IN QUARANTENA: {count_of(rows, 'riga', 'righe')}")
        held = [one for one in rapporto.quarantena if not rapporto.is_told(one.problema)]
        lines += as_items(
            held,
            lambda one: (
                f"{name_of(one.partizione)} {clean(one.estratto)}:"
                f" {count_of(one.righe, 'riga', 'righe')}"
            ),
            "altri {} estratti",
        )
        told = rows - sum(one.righe for one in held)
        lines += as_prose(count_of(told, "vi era già.", "vi erano già."))
    if rapporto.rifiuti:
        lines += [""] if lines else []
        lines.append(f"RIFIUTATI PER INTERO: {len(rapporto.rifiuti)} file")
        refused = [one for one in rapporto.rifiuti if not rapporto.is_told(one.problema)]
        lines += as_items(
            refused,
            lambda one: f"{clean(one.file)}: {clean(one.motivo)}",
            "altri {} file",
        )
        told = len(rapporto.rifiuti) - len(refused)
        lines += as_prose(count_of(told, "era già rifiutato.", "erano già rifiutati."))
    if rapporto.ignorati:
        lines += [""] if lines else []
        lines += as_prose(
            count_of(
                rapporto.ignorati,
                "file o cartella che il contratto non conosce, non letto.",
                "file o cartelle che il contratto non conosce, non letti.",
            )
        )
    return lines
