"""What was understood of a plan, before any night: rows, values, bindings, what is left over.

Belongs here: what `pira plan` prints, and the mapping file that it proposes. Does not belong here: how a
plan is read (pipelines/plan/), how it is bound (sql/piano). No landing zone, no warehouse, nothing written.
"""

import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.connection import connect_in_memory
from pipelines.landing.rifiutato import Rifiutato
from pipelines.landing.zone import (
    FORMATI_PIANO,
    FORMATI_VECCHI,
    MAX_BYTE,
    plan_format,
)
from pipelines.plan.frames import to_frames
from pipelines.plan.lint import lint_esercizio
from pipelines.plan.mappa import MappaErrata, parse_mapping, read_mappings
from pipelines.plan.model import Indicatore, Luogo, Piano
from pipelines.plan.read import PianoIlleggibile, read_plan
from pipelines.testo import one_line, shown
from pipelines.warehouse.build import MACRO
from pipelines.warehouse.catalogo import load_catalogue
from pipelines.warehouse.fill import fill
from pipelines.warehouse.models import SQL, read_models

DA_GUARDARE = {
    *("riga_non_compresa", "riga_di_tabella_non_compresa", "cella_in_piu", "altra_tabella"),
    *("colonna_sconosciuta", "colonna_ripetuta", "campo_sconosciuto", "campo_ripetuto"),
    *("campo_senza_obiettivo", "campo_discorde", "traguardo_illeggibile", "confronto_illeggibile"),
    *("ultimo_valore_illeggibile", "risorse_illeggibili", "peso_illeggibile", "parte_nascosta"),
    *("formula_senza_valore", "mappa_inutile", "mappa_errata", "missione_illeggibile"),
    *("obiettivo_senza_programma", "obiettivo_ripetuto", "indicatore_senza_obiettivo"),
    *("anno_discorde", "esercizio_diverso", "disposizione_incerta", "senza_obiettivi"),
    *("senza_indicatori", "totale_discorde", "conteggio_discorde"),
}
"""The findings about what was not understood, grave or not; the others are about what the plan asks."""

_LEGAMI = ("piano.somiglianze", "piano.riconosciuti")


class UsoErrato(ValueError):
    """The command was not given what it needs."""


def examine(file: Path, mappa: Path | None, esercizio: int | None) -> dict[str, Any]:
    """What was understood of a plan, as plain facts; `stato` is 0 when all of it was.

    Raises `UsoErrato` for a file that is not there, or a mapping file that cannot be used.
    """
    formato = plan_format(file)
    if formato not in (*FORMATI_PIANO, *FORMATI_VECCHI):
        raise UsoErrato(
            f"{shown(file.name)}: un piano è in uno dei formati {', '.join(FORMATI_PIANO)}."
        )
    content, nomi = _read(file), []
    if mappa is not None:
        try:
            parse_mapping(nomi_content := _read(mappa))
        except MappaErrata as errore:
            dove = f" alla riga {errore.riga}" if errore.riga else ""
            raise UsoErrato(f"{shown(mappa.name)}{dove}: {errore}.") from errore
        nomi = [(mappa.name, nomi_content)]
    try:
        piano = read_plan(content, formato, esercizio, read_mappings(nomi))
    except (PianoIlleggibile, Rifiutato) as refusal:
        return {"file": file.name, "formato": formato, "rifiutato": str(refusal), "stato": 1}
    anomalie = [*piano.anomalie, *(lint_esercizio(piano, esercizio) if esercizio else ())]
    legami = _bindings(piano, esercizio or piano.anno or 0)
    lettura = asdict(piano.lettura) if piano.lettura else {}
    da_guardare = [a for a in anomalie if a.regola in DA_GUARDARE]
    return {
        "file": file.name,
        "rifiutato": None,
        "anno": piano.anno,
        **{nome: _plain(valore) for nome, valore in lettura.items()},
        "obiettivi": [_record(o, o.riga) for o in piano.obiettivi],
        "indicatori": [
            {**_record(i, i.riga), "traguardi": _targets(i), "legame": legami.get(i.chiave)}
            for i in piano.indicatori
        ],
        "non_compreso": [
            {"regola": a.regola, "descrizione": a.descrizione, "grave": a.grave, **_place(a.riga)}
            for a in da_guardare
        ],
        "ignote": list(piano.ignote),
        "stato": 1 if da_guardare else 0,
    }


def _read(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            return stream.read(MAX_BYTE)
    except OSError as error:
        raise UsoErrato(f"{shown(file.name)} non si può leggere.") from error


def _place(luogo: Luogo | None) -> dict[str, Any]:
    if luogo is None:
        return {"parte": None, "riga": None, "cella": None}
    return {"parte": luogo.parte, "riga": int(luogo), "cella": luogo.cella or None}


def _plain(valore: Any) -> Any:
    return format(valore, "f") if isinstance(valore, Decimal) else valore


def _record(record: Any, luogo: Luogo) -> dict[str, Any]:
    nascosti = ("riga", "traguardi", "confronti")
    fatti = {
        nome: _plain(valore)
        for nome, valore in vars(record).items()
        if nome not in nascosti and not nome.startswith("posto_")
    }
    return {**fatti, **_place(luogo)}


def _targets(indicatore: Indicatore) -> list[dict[str, Any]]:
    return [
        {
            "anno": t.anno,
            "testo": t.testo,
            "operatore": t.operatore,
            "presunto": t.operatore_presunto,
            "valore": _plain(t.valore),
            **_place(t.luogo or indicatore.riga),
        }
        for t in indicatore.traguardi
    ]


def _bindings(piano: Piano, esercizio: int) -> dict[tuple[str, str, str, int], dict[str, Any]]:
    """How each indicator is bound, by the same SQL as the night's, over this plan alone."""
    if not piano.indicatori:
        return {}
    models = read_models()
    with closing(connect_in_memory()) as connection:
        for schema in (*MACRO, "indicatori", "lettura", "piano"):
            connection.execute(f"create schema {schema}")
        for macros in MACRO:
            connection.execute((SQL / f"{macros}.sql").read_text("utf-8"))
        load_catalogue(connection, models)
        for nome, frame in to_frames(piano, "--", esercizio).items():
            columns = ", ".join(f"{c} {_sql_type(t)}" for c, t in frame.schema.items())
            fill(connection, f"lettura.{nome}", columns, frame.iter_rows())
        for model in models:
            if model.tabella in _LEGAMI:
                connection.execute(f"create table {model.tabella} as {model.sql}")
        rows = connection.execute(
            "select missione, programma, obiettivo, progressivo, codice, metodo, punteggio, secondo,"
            " punteggio_secondo, motivo from piano.riconosciuti"
        ).fetchall()
    names = ("codice", "metodo", "punteggio", "secondo", "punteggio_secondo", "motivo")
    return {
        (row[0], row[1], row[2], row[3]): dict(zip(names, map(_plain, row[4:]), strict=True))
        for row in rows
    }


def _sql_type(kind: pl.DataType) -> str:
    if isinstance(kind, pl.Decimal):
        return f"decimal({kind.precision}, {kind.scale})"
    return {pl.String(): "varchar", pl.Boolean(): "boolean"}.get(kind, "integer")


# --- in words -----------------------------------------------------------------------------------------


def describe(fatti: dict[str, Any]) -> Iterator[str]:
    """The facts of `examine` for whoever reads a terminal; what was not understood comes last."""
    if fatti["rifiutato"]:
        yield f"RIFIUTATO: {fatti['rifiutato']}"
        return
    yield (
        f"{fatti['file']}: formato {fatti['formato']}, anno {fatti['anno'] or 'non detto'}, disposizione"
        f" {fatti['disposizione']} ({_share(fatti['punteggio'])} delle righe); poi {fatti['seconda']}"
        f" ({_share(fatti['punteggio_seconda'])})."
    )
    for obiettivo in fatti["obiettivi"]:
        chiave = (obiettivo["missione"], obiettivo["programma"], obiettivo["obiettivo"])
        yield ""
        yield f"{'/'.join(chiave)} {_line(obiettivo['titolo'])}  [{_where(obiettivo)}]"
        if sopra := obiettivo["obiettivo_strategico"]:
            yield f"    sotto {_line(sopra)}"
        yield (f"    risorse {_or(obiettivo['risorse_preventivo'])}, peso {_or(obiettivo['peso'])}")
        for indicatore in fatti["indicatori"]:
            if (indicatore["missione"], indicatore["programma"], indicatore["obiettivo"]) == chiave:
                yield from _describe(indicatore)
    yield ""
    if not fatti["non_compreso"]:
        yield "Tutto compreso."
        return
    yield "Non compreso o da guardare:"
    for trovato in fatti["non_compreso"]:
        grave = "GRAVE " if trovato["grave"] else ""
        yield f"  {grave}{trovato['regola']}: {_line(trovato['descrizione'])}"


def _describe(indicatore: dict[str, Any]) -> Iterator[str]:
    yield f"  {indicatore['progressivo']}. {_line(indicatore['indicatore'])}  [{_where(indicatore)}]"
    yield (
        f"      ultimo valore {_or(indicatore['ultimo_valore_testo'])} ->"
        f" {_or(indicatore['ultimo_valore'])} ({_or(indicatore['anno_ultimo_valore'])})"
    )
    for t in indicatore["traguardi"]:
        detto = f"{t['operatore'] or ''}{_or(t['valore'])}"
        yield f"      {t['anno']}: {_line(t['testo'])} -> {detto}{' (presunto)' * t['presunto']}"
    legame = indicatore["legame"] or {}
    if legame.get("codice"):
        yield (
            f"      legato a {legame['codice']} per {legame['metodo']} ({legame['punteggio']}); seconda"
            f" {_or(legame['secondo'])} ({_or(legame['punteggio_secondo'])})"
        )
    else:
        yield f"      senza modello: {_line(legame.get('motivo') or '')}"


def _line(testo: str) -> str:
    return one_line(testo, "?")


def _or(valore: Any) -> str:
    return "-" if valore is None else _line(str(valore))


def _share(punteggio: str | None) -> str:
    return "-" if punteggio is None else f"{Decimal(punteggio) * 100:.0f}%"


def _where(fatti: dict[str, Any]) -> str:
    parte = f"{_line(fatti['parte'])}, " if fatti["parte"] else ""
    cella = f", cella {fatti['cella']}" if fatti["cella"] else ""
    return f"{parte}riga {fatti['riga']}{cella}"


def to_json(fatti: dict[str, Any]) -> str:
    """The facts of `examine` for programs."""
    return json.dumps(fatti, ensure_ascii=False, indent=1)


def propose_mapping(fatti: dict[str, Any]) -> Iterator[str]:
    """A mapping file with every label that was not understood, ready to be filled in."""
    etichette = list(fatti.get("ignote", ()))
    for trovato in fatti.get("non_compreso", ()):
        if trovato["regola"] == "colonna_sconosciuta":
            _, _, resto = trovato["descrizione"].partition("«")
            etichette.append(resto.partition("»")[0])
    yield "# File delle corrispondenze: da consegnare come allegato.toml accanto al piano, o nella cartella"
    yield "# della Camera. Togliere il cancelletto alle righe che servono."
    yield "[documento]"
    yield f'# disposizione = "{fatti.get("disposizione") or "blocchi"}"  # blocchi, tabella o schede'
    yield ""
    yield "[colonne]"
    for etichetta in dict.fromkeys(etichette):
        yield f'# {json.dumps(etichetta, ensure_ascii=False)} = "ignora"  # o il ruolo che ha'
    yield ""
    yield "[legami]"
    for indicatore in fatti.get("indicatori", ()):
        legame = indicatore["legame"] or {}
        if not legame.get("codice"):
            chiave = "/".join(
                str(indicatore[n]) for n in ("missione", "programma", "obiettivo", "progressivo")
            )
            yield f"# {_line(indicatore['indicatore'])}"
            codice = legame.get("secondo") or ""
            yield f'# "{chiave}" = {{ codice = "{codice}", motivo = "", autore = "" }}'
