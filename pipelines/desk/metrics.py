"""Measures in the Prometheus text format.

Belongs here: the names, what each measures, and how it is written. Does not belong here: measuring
(health.py). What is not known is left out: it is never zero.
"""

from collections.abc import Iterable
from dataclasses import dataclass

HELP = {
    "pira_in_salute": "1 se va tutto bene, 0 se c'è qualcosa da guardare.",
    "pira_last_publication_timestamp_seconds": "Quando è stata fatta la pubblicazione corrente.",
    "pira_last_confirmation_timestamp_seconds": (
        "Quando una notte ha trovato che la pubblicazione corrente è ancora quella giusta."
    ),
    "pira_last_publication_age_seconds": (
        "Quanto tempo è passato da quando la pubblicazione corrente è stata fatta o confermata."
    ),
    "pira_daemon_up": "1 se questa parte del demone di Dagster dà segno di vita.",
    "pira_disk_free_bytes": "Spazio libero sul disco.",
    "pira_disk_needed_bytes": "Spazio che chiede un'esecuzione su quel disco.",
    "pira_mail_waiting": "Messaggi di posta che attendono di partire.",
    "pira_mail_oldest_waiting_seconds": "Da quanto tempo attende il messaggio più vecchio.",
    "pira_mail_refused": "Messaggi di posta che il server ha rifiutato per sempre.",
    "pira_publications_kept": "Pubblicazioni tenute.",
    "pira_last_verification_timestamp_seconds": "Quando ciò che è tenuto è stato riletto.",
    "pira_damaged_files": "File tenuti che sono guasti e non si sono potuti rimettere.",
    "pira_quarantined_rows": "Righe in quarantena nella pubblicazione corrente.",
    "pira_refused_files": "File rifiutati nella pubblicazione corrente.",
    "pira_late_extracts": "Estratti in ritardo nella pubblicazione corrente.",
    "pira_missing_results": "Indicatori del piano senza risultato, per Camera ed esercizio.",
}
"""What each measure is, in the order in which they are written."""


@dataclass(frozen=True)
class Misura:
    """A value with its labels; its name says the unit."""

    nome: str
    valore: float
    etichette: tuple[tuple[str, str], ...] = ()


def exposition(measures: Iterable[Misura]) -> str:
    """The measures in text format 0.0.4: every one is a gauge, the samples of a name stand together."""
    found = list(measures)
    lines = []
    for name, about in HELP.items():
        samples = [m for m in found if m.nome == name]
        if samples:
            lines += [f"# HELP {name} {about}", f"# TYPE {name} gauge"]
            lines += [f"{name}{_labels(m)} {m.valore!r}" for m in samples]
    return "".join(f"{line}\n" for line in lines)


def _labels(measure: Misura) -> str:
    if not measure.etichette:
        return ""
    pairs = [f'{name}="{_escaped(value)}"' for name, value in measure.etichette]
    return "{" + ",".join(pairs) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
