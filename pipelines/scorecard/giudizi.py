"""The colours of a scorecard, and whether targets are met: each row's, and counted.

Belongs here: what a colour says beside its target, at the day of an open year and for the year, and
the sentences that count them. Does not belong here: how a colour is computed (sql/scorecard), how it
looks on a page (html.py, xlsx.py, pipelines/desk/run.py).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.italiano import format_numero, format_percentuale
from pipelines.scorecard.cifre import decimals_of
from pipelines.scorecard.legenda import SEMAFORI, decimal_of
from pipelines.scorecard.righe import Row


@dataclass(frozen=True)
class Giudizio:
    """A colour and whether the target that it is held against is met: two facts, told together."""

    semaforo: str
    raggiunto: bool | None

    @property
    def mancato(self) -> bool:
        """Green, and yet short of its target."""
        return self.semaforo == "verde" and self.raggiunto is False

    def __str__(self) -> str:
        return f"{SEMAFORI[self.semaforo]}{', target non raggiunto' * self.mancato}"


def judge_anno(row: Row) -> Giudizio:
    """A row of the scorecard against the year's target."""
    return Giudizio(str(row["semaforo"]), _bool(row["raggiunto"]))


def judge_alla_data(row: Row) -> Giudizio | None:
    """A count of an open year against what is due by now; None where the year's judgement is all."""
    if row["semaforo_alla_data"] is None:
        return None
    return Giudizio(str(row["semaforo_alla_data"]), _bool(row["raggiunto_alla_data"]))


def _bool(valore: object) -> bool | None:
    return None if valore is None else bool(valore)


def describe_alla_data(row: Row) -> str | None:
    """The pace of a count of an open year: how far it is, and from what."""
    target = decimal_of(row, "target_alla_data")
    realizzazione = decimal_of(row, "realizzazione_alla_data")
    if target is None or realizzazione is None:
        return None
    atteso = f"{row['operatore']}{format_numero(target, decimals_of(row))}"
    return f"alla data {format_percentuale(realizzazione)} (target alla data {atteso})"


def count_giudizi(giudizi: Iterable[Giudizio]) -> dict[str, tuple[int, int]]:
    """Of each colour, every one named: how many, and how many of them miss their target."""
    conta = Counter((g.semaforo, g.mancato) for g in giudizi)
    return {nome: (conta[nome, False] + conta[nome, True], conta[nome, True]) for nome in SEMAFORI}


def describe_giudizi(giudizi: Iterable[Giudizio]) -> str:
    """`12 verdi, di cui 1 con il target non raggiunto; 3 gialli; 1 rosso; 0 non misurati`."""
    plurali = {"verde": "verdi", "giallo": "gialli", "rosso": "rossi", "grigio": "non misurati"}
    return "; ".join(
        f"{quanti} {SEMAFORI[nome].parola if quanti == 1 else plurali[nome]}"
        + f", di cui {mancati} con il target non raggiunto" * bool(mancati)
        for nome, (quanti, mancati) in count_giudizi(giudizi).items()
    )


def list_giudizi(rows: Sequence[Row]) -> tuple[tuple[str, list[Giudizio]], ...]:
    """The judgements of a scorecard, named: in an open year those at its day, then the year's."""
    anno = [judge_anno(row) for row in rows]
    alla_data = [judge_alla_data(row) for row in rows]
    if not any(alla_data):
        return (("Indicatori", anno),)
    prima = [allora or tutto for allora, tutto in zip(alla_data, anno, strict=True)]
    return (("Alla data", prima), ("Anno intero", anno))
