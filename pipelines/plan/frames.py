"""The records of a plan as tables, one per kind, ready for Parquet.

Belongs here: columns and their types. Does not belong here: anything computed from them (sql/).
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from dataclasses import fields as dataclass_fields
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl

from pipelines.partizione import Partizione
from pipelines.plan.lint import lint_esercizio
from pipelines.plan.model import Anomalia, Indicatore, Luogo, Obiettivo, Piano

IMPORTO = pl.Decimal(18, 2)
VALORE = pl.Decimal(18, 6)
PESO = pl.Decimal(9, 2)

_LUOGO = {"parte": pl.String(), "riga": pl.Int32(), "cella": pl.String()}
_PARTIZIONE = {"camera": pl.String(), "esercizio": pl.Int32()}
_OBIETTIVO = {"missione": pl.String(), "programma": pl.String(), "obiettivo": pl.String()}
_INDICATORE = {**_OBIETTIVO, "progressivo": pl.Int32()}

PIANI_SCHEMA = {
    **_PARTIZIONE,
    "_file": pl.String(),
    "sha256": pl.String(),
    "esito": pl.String(),
    "motivo": pl.String(),
}

SCHEMI: dict[str, dict[str, pl.DataType]] = {
    "obiettivi": {
        **_PARTIZIONE,
        **_OBIETTIVO,
        "missione_titolo": pl.String(),
        "programma_titolo": pl.String(),
        "obiettivo_strategico": pl.String(),
        "titolo": pl.String(),
        "descrizione": pl.String(),
        "stakeholder_esterni": pl.String(),
        "stakeholder_interni": pl.String(),
        "arco_temporale": pl.String(),
        "centro_responsabilita": pl.String(),
        "risorse_preventivo": IMPORTO,
        "peso": PESO,
        **_LUOGO,
        "ordine": pl.Int32(),
    },
    "indicatori": {
        **_PARTIZIONE,
        **_INDICATORE,
        "tipologia": pl.String(),
        "indicatore": pl.String(),
        "tipo_indicatore": pl.String(),
        "ultimo_valore": VALORE,
        "ultimo_valore_testo": pl.String(),
        "anno_ultimo_valore": pl.Int32(),
        "algoritmo": pl.String(),
        "fonte": pl.String(),
        "note": pl.String(),
        "decimali": pl.Int32(),
        "percentuale": pl.Boolean(),
        "unita": pl.String(),
        "peso": PESO,
        **_LUOGO,
        "ordine": pl.Int32(),
    },
    "traguardi": {
        **_PARTIZIONE,
        **_INDICATORE,
        "anno": pl.Int32(),
        "target_testo": pl.String(),
        "operatore": pl.String(),
        "operatore_presunto": pl.Boolean(),
        "target": VALORE,
        **_LUOGO,
    },
    "confronti": {
        **_PARTIZIONE,
        **_INDICATORE,
        "fonte": pl.String(),
        "ambito": pl.String(),
        "anno": pl.Int32(),
        "valore": VALORE,
        "percentuale": pl.Boolean(),
    },
    "anomalie": {
        **_PARTIZIONE,
        "regola": pl.String(),
        **_LUOGO,
        "descrizione": pl.String(),
        "grave": pl.Boolean(),
    },
    "righe": {**_PARTIZIONE, **_LUOGO, "genere": pl.String()},
    "legami": {**_PARTIZIONE, **_INDICATORE, "codice": pl.String()},
    "lettura": {
        **_PARTIZIONE,
        "formato": pl.String(),
        "disposizione": pl.String(),
        "punteggio": pl.Decimal(5, 4),
        "seconda": pl.String(),
        "punteggio_seconda": pl.Decimal(5, 4),
        "mappa": pl.String(),
        "righe": pl.Int32(),
        "comprese": pl.Int32(),
        "non_comprese": pl.Int32(),
    },
}
"""The columns of every frame. An indicator's targets are rows of `traguardi`, one per year; its
peer values are rows of `confronti`."""


def to_frames(piano: Piano, camera: str, esercizio: int) -> dict[str, pl.DataFrame]:
    """One frame per table of SCHEMI, in line order; `esercizio` is the year of the plan's folder.

    Amounts in EUR, percentages and weights in percent points, all exact decimals.
    """
    ordine = {(luogo.parte, int(luogo)): n for n, luogo in enumerate(piano.luoghi, start=1)}

    def numbered(record: Obiettivo | Indicatore) -> dict[str, Any]:
        place = (record.riga.parte, int(record.riga))
        return {**_row(record, record.riga), "ordine": ordine[place]}

    traguardi = []
    confronti = []
    indicatori = []
    for indicatore in piano.indicatori:
        riga_indicatore = numbered(indicatore)
        indicatori.append(riga_indicatore)
        chiave = {nome: riga_indicatore[nome] for nome in _INDICATORE}
        for traguardo in indicatore.traguardi:
            traguardi.append(
                {
                    **chiave,
                    **_row(traguardo, traguardo.luogo or indicatore.riga),
                    "target_testo": traguardo.testo,
                    "target": traguardo.valore,
                }
            )
        confronti += [{**chiave, **asdict(confronto)} for confronto in indicatore.confronti]
    legami = dict(piano.legami)
    anomalie = (*piano.anomalie, *lint_esercizio(piano, esercizio))
    piene = [genere for genere in piano.generi if genere != "vuota"]
    non_comprese = piene.count("non_compresa")
    tabelle: dict[str, Iterable[Mapping[str, Any]]] = {
        "obiettivi": (numbered(o) for o in piano.obiettivi),
        "indicatori": indicatori,
        "traguardi": traguardi,
        "confronti": confronti,
        "anomalie": (_row(a, a.riga) for a in anomalie),
        "righe": (
            {**_place(luogo), "genere": genere}
            for luogo, genere in zip(piano.luoghi, piano.generi, strict=True)
            if genere != "vuota" or piano.righe
        ),
        "legami": (
            {**dict(zip(_INDICATORE, i.chiave, strict=True)), "codice": legami[scritta]}
            for i in piano.indicatori
            if (scritta := "/".join(map(str, i.chiave))) in legami
        ),
        "lettura": (
            {
                **asdict(lettura),
                "righe": len(piene),
                "comprese": len(piene) - non_comprese,
                "non_comprese": non_comprese,
            }
            for lettura in [piano.lettura]
            if lettura is not None
        ),
    }
    partizione = {"camera": camera, "esercizio": esercizio}
    return {
        nome: _frame(SCHEMI[nome], ({**partizione, **riga} for riga in righe))
        for nome, righe in tabelle.items()
    }


def _row(record: Any, luogo: Luogo | None) -> dict[str, Any]:
    """The fields of a record, with its place in full."""
    fields = {f.name: getattr(record, f.name) for f in dataclass_fields(record)}
    return {**fields, **_place(luogo)}


def _place(luogo: Luogo | None) -> dict[str, Any]:
    if luogo is None:
        return dict.fromkeys(_LUOGO)
    return {"parte": luogo.parte, "riga": int(luogo), "cella": luogo.cella or None}


def _frame(schema: Mapping[str, pl.DataType], righe: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    celle = [[_exact(riga[nome], tipo) for nome, tipo in schema.items()] for riga in righe]
    return pl.DataFrame(celle, schema=dict(schema), orient="row")


def _exact(valore: Any, tipo: pl.DataType) -> Any:
    """The value itself; raises where Polars would round it into its column without a word."""
    if (
        isinstance(tipo, pl.Decimal)
        and isinstance(valore, Decimal)
        and -int(valore.as_tuple().exponent) > tipo.scale
    ):
        raise ValueError(f"{valore} ha più decimali dei {tipo.scale} che la tabella conserva.")
    return valore


# --- as they are kept for a build -------------------------------------------------------------------

NESSUNA = Partizione("--", 0)
"""The partition of the empty plan, which gives the types."""


def no_plan(*anomalie: Anomalia) -> Piano:
    """A plan without rows, with what there is to say of it."""
    return Piano(
        righe=(),
        codifica="utf-8",
        anno=None,
        generi=(),
        luoghi=(),
        obiettivi=(),
        indicatori=(),
        anomalie=anomalie,
    )


def write_frames(
    folder: Path, plan: Piano, partizione: Partizione, lines: list[dict[str, object]]
) -> Path:
    """A Parquet file of each frame; of `lines`, one for each file read, all are in `file`, and the first, the
    plan's own, is in `piani`. Returns `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    frames = to_frames(plan, partizione.camera, partizione.esercizio)
    frames["file"] = pl.DataFrame(lines, schema=PIANI_SCHEMA)
    frames["piani"] = frames["file"].head(1)
    for name, frame in frames.items():
        frame.write_parquet(folder / f"{name}.parquet")
    return folder
