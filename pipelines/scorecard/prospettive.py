"""What a row of the scorecard can still become, and what it would take, in words.

Belongs here: the sentences that page and terminal print of `scorecard.prospettive` and `scorecard.leve`.
Does not belong here: what is still possible and which rows weigh (sql/scorecard), the pace due by the day
(giudizi.py).
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

import duckdb

from pipelines.italiano import format_cifra, format_numero
from pipelines.partizione import Partizione
from pipelines.scorecard.chiave import Chiave, indicator_key
from pipelines.scorecard.righe import Row, rows_of
from pipelines.scorecard.riservatezza import PERSONALI
from pipelines.testo import one_line

PRIME = 5
"""Rows that are named of those that weigh."""

_TACIUTE = "quante non si pubblica: col risultato direbbero quante sono in tutto"

_UN_MESE = 30
"""Days in which a pace is told: of most facts there are few a day."""

_QUERY = """
    select
        p.*,
        s.risultato,
        s.target,
        s.operatore,
        s.decimali,
        s.percentuale,
        c.denominatore as ha_denominatore,
        d.aperto,
        (
            select list(l order by l.posto)
            from scorecard.leve as l
            where l.camera = p.camera
                and l.esercizio = p.esercizio
                and l.missione = p.missione
                and l.programma = p.programma
                and l.obiettivo = p.obiettivo
                and l.progressivo = p.progressivo
                and l.posto <= ?
        ) as leve,
        exists (
            select 1
            from indicatori.fonti as f
            where f.codice = p.codice and list_contains(?, f.estratto)
        ) as personale
    from scorecard.prospettive as p
    inner join scorecard.indicatori as s
        using (camera, esercizio, missione, programma, obiettivo, progressivo)
    left join indicatori.catalogo as c on p.codice = c.codice
    inner join esercizi.periodi as d using (camera, esercizio)
    where {where}
    order by p.camera, p.esercizio, p.riga
"""


def read_prospettive(
    connection: duckdb.DuckDBPyConnection, solo: Partizione | None = None
) -> dict[Partizione, dict[Chiave, tuple[str, ...]]]:
    """By chamber and year, all or one alone, and by indicator, what there is to say of it; nothing where it
    lacks a result or a target."""
    where = "p.camera = ? and p.esercizio = ?" if solo else "true"
    values = [solo.camera, solo.esercizio] if solo else []
    rows = rows_of(connection, _QUERY.format(where=where), [PRIME, list(PERSONALI), *values])
    found: defaultdict[Partizione, dict[Chiave, tuple[str, ...]]] = defaultdict(dict)
    for row in rows:
        if row["verdetto"] is not None:
            place = Partizione(str(row["camera"]), int(str(row["esercizio"])))
            found[place][indicator_key(row)] = tuple(_described(row))
    return found


def _described(row: Row) -> list[str]:
    said = [_verdict(row)] if row["aperto"] else []
    if not row["raggiunto"]:
        said += _levers(row)
    return said


def _number(row: Row, name: str) -> Decimal | None:
    value = row[name]
    assert value is None or isinstance(value, Decimal), name
    return value


# --- the rest of the year ---------------------------------------------------------------------------


def _verdict(row: Row) -> str:
    if row["verdetto"] == "ACQUISITO":
        return "Raggiunto, e fino a fine anno non si può più perdere"
    if row["verdetto"] == "FUORI_PORTATA":
        return "Fuori portata, comunque vada il resto dell'anno"
    if row["raggiunto"]:
        lost = _number(row, "si_perde_con")
        if lost is None:
            return "Raggiunto oggi, ma si può ancora perdere"
        return f"Raggiunto oggi, ma a perderlo {_verb(row, lost, 'basta')} {_what(row, lost)}"
    needed = _number(row, "servono")
    if needed is None:
        return "Raggiungibile"
    return f"Raggiungibile: {_verb(row, needed, 'serve')} {_what(row, needed)}"


def _verb(row: Row, quanto: Decimal, one: str) -> str:
    """Of people not even the verb tells whether it is one."""
    alone = quanto == 1 and not (row["personale"] and row["in_righe"])
    return one if alone else {"basta": "bastano", "serve": "servono"}[one]


def _what(row: Row, quanto: Decimal) -> str:
    """So much that comes, or goes, and on which side; the pace of it where it comes by and by."""
    side = {
        "entrambi": " al numeratore e al denominatore",
        "denominatore": " al solo denominatore",
        "numeratore": " al numeratore, a denominatore fermo" if row["ha_denominatore"] else "",
    }[str(row["lato"])]
    side = f"{'in meno' if row['togliendo'] else 'in più'}{side}"
    if row["personale"] and row["in_righe"]:
        return f"persone {side} ({_TACIUTE})"
    least = "" if row["raggiunto"] else "almeno "
    number = format_numero(quanto, 0 if quanto == int(quanto) else 2)
    unit = (" riga" if quanto == 1 else " righe") if row["in_righe"] else ""
    return f"{least}{number}{unit} {side}{_pace(row)}"


def _pace(row: Row) -> str:
    needed, so_far = _number(row, "ritmo_necessario"), _number(row, "ritmo_finora")
    if needed is None or so_far is None:
        return ""
    due, done = (format_numero(n * _UN_MESE, 2) for n in (needed, so_far))
    return f"; {due} ogni {_UN_MESE} giorni nei {row['giorni_rimasti']} che restano, finora {done}"


# --- what it would take -----------------------------------------------------------------------------


def _levers(row: Row) -> list[str]:
    """The rows that made the target be missed: how few would have to move, and the heaviest."""
    heaviest: Sequence[Row] = row["leve"] or ()  # type: ignore[assignment]
    if not heaviest and row["aperto"]:
        return []
    if not heaviest:
        risultato, target = _number(row, "risultato"), _number(row, "target")
        assert risultato is not None and target is not None
        missing = format_numero(abs(target - risultato), int(str(row["decimali"])))
        return [f"Nessuna riga contata lo fa mancare: la differenza è {missing}"]
    weighing, fewest = int(str(row["righe_che_pesano"])), row["da_muovere"]
    move = _move(row, heaviest[0])
    if row["personale"]:
        return [f"Lo fanno mancare persone {move} ({_TACIUTE})"]
    return [
        f"Righe che lo fanno mancare: {weighing}, {move}"
        + (
            ": tutte non bastano"
            if fewest is None
            else f": ne basta{'no' * (fewest != 1)} {fewest}"
        ),
        "Le più pesanti, con quanto cambierebbe il valore: "
        + ", ".join(_named(row, lever) for lever in heaviest),
    ]


def _move(row: Row, lever: Row) -> str:
    """What would have to be done with a row, by the side of the ratio on which it stands."""
    if lever["lato"] == "denominatore":
        return "da togliere dal denominatore"
    enters = row["operatore"] == "=>" and row["ha_denominatore"]
    return "da portare nel numeratore" if enters else "da togliere dal numeratore"


def _named(row: Row, lever: Row) -> str:
    """A row by its file and line, with how much the value would change if it alone moved."""
    place = one_line(f"{lever['_file']}:{lever['_riga']}")
    weighs = _number(lever, "pesa")
    if weighs is None:
        return place
    decimals = max(2, int(str(row["decimali"])))
    return f"{place} ({format_cifra(weighs, decimals, bool(row['percentuale']))})"
