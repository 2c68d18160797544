"""What no layout takes: tables that are no plan, and how much of a document was understood.

Belongs here: the rows left over, taken together. Does not belong here: what each row is (read.py,
disposizioni/).
"""

from collections.abc import Sequence
from decimal import Decimal

from pipelines.plan.documento import Documento
from pipelines.plan.model import Genere, Luogo
from pipelines.plan.raccolta import Stato
from pipelines.plan.regole import cita


def name_others(stato: Stato, generi: list[Genere]) -> list[Genere]:
    """A table of which no row was understood is no plan: named once, not row by row."""
    righe = stato.documento.righe
    blocchi_di: list[list[int]] = []
    for n, riga in enumerate(righe):
        if not riga.piene():
            continue
        accanto = blocchi_di and blocchi_di[-1][-1] == n - 1
        if accanto and righe[n - 1].numero.parte == riga.numero.parte:
            blocchi_di[-1].append(n)
        else:
            blocchi_di.append([n])
    altre = [a for a in stato.anomalie if a.regola != "riga_non_compresa" and a.riga is not None]
    dette = {_where(a.riga) for a in altre if a.riga is not None}
    nuovi, tolti = list(generi), set()
    for blocco in blocchi_di:
        luoghi = {_where(righe[n].numero) for n in blocco}
        tabellari = sum(len(righe[n].piene()) > 1 for n in blocco)
        interi = all(generi[n] in ("non_compresa", "altra_tabella") for n in blocco)
        if not interi or luoghi & dette or tabellari < 2 or stato.documento.formato == "txt":
            continue
        tolti |= luoghi
        prima = righe[blocco[0]]
        stato.report(
            "altra_tabella",
            prima.numero,
            f"la tabella che comincia con {cita(prima.testo)} non è del piano e non viene letta",
            "se lo è, darle le intestazioni dell'allegato",
        )
        for n in blocco:
            nuovi[n] = "altra_tabella"
    stato.anomalie = [
        a
        for a in stato.anomalie
        if a.regola != "riga_non_compresa" or a.riga is None or _where(a.riga) not in tolti
    ]
    return nuovi


def _where(luogo: Luogo) -> tuple[str, int]:
    return luogo.parte, int(luogo)


def score(documento: Documento, generi: Sequence[Genere]) -> Decimal:
    """The share of the plan's rows that are understood; other tables are not the plan's."""
    piene = [
        g for g, r in zip(generi, documento.righe, strict=True) if g != "vuota" and r.testo.strip()
    ]
    del_piano = [g for g in piene if g != "altra_tabella"]
    comprese = sum(g != "non_compresa" for g in del_piano)
    if not del_piano:
        return Decimal(0)
    return (Decimal(comprese) / len(del_piano)).quantize(Decimal("0.0001"))
