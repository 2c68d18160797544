"""The looks of `pira health`, one for each thing that can be ill.

Belongs here: what is looked at (the last publication, the daemon, the disk, the mail, what is kept, the
figures of the publication) and what counts as a problem. Does not belong here: how the looks are asked
(health.py), the Prometheus format (metrics.py), anything that writes.
"""

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pipelines.desk.metrics import Misura
from pipelines.desk.metrics_published import count_published
from pipelines.night import verify
from pipelines.night.orologio import doubt
from pipelines.night.presenza import list_missed
from pipelines.orchestration.home import POSTGRES, has_records, home_of
from pipelines.orchestration.interrotte import list_interrupted
from pipelines.orchestration.registri import SILENZIO, Registri, read_records
from pipelines.publication import memoria
from pipelines.publication.kept import VERIFICA, existing, megabytes, needed_bytes
from pipelines.publication.memoria import MANIFEST, below
from pipelines.publication.pubblicazioni import DATABASE, current, list_publications
from pipelines.scorecard.libreria import missing_library, why_not
from pipelines.settings import ROMA, Luoghi

if TYPE_CHECKING:
    from dagster import DagsterInstance

OLDEST = timedelta(hours=26)
"""A night and its slack: beyond it, a night is missing."""

AHEAD = timedelta(minutes=5)
"""How far two honest clocks may differ."""

RECORDS = 64 << 20
"""Bytes that a run's records in Dagster's home may take, with a margin."""

WAITING = timedelta(hours=6)
"""How long a message may wait: a server that is being mended, not one that nobody looks at."""

VERIFICATION = timedelta(hours=50)
"""Two days and their slack: beyond it, verifications are missing."""

CONNECT_SECONDS = 5


@dataclass(frozen=True)
class Referto:
    """What a look found: problems as sentences without a full stop, what is well, the figures."""

    problemi: tuple[str, ...] = ()
    bene: tuple[str, ...] = ()
    misure: tuple[Misura, ...] = ()


# --- the last publication ---------------------------------------------------------------------------


def look_at_publication(luoghi: Luoghi, now: datetime) -> Referto:
    """When something was last published, or a night last found that nothing had to be."""
    kept = Misura("pira_publications_kept", len(list_publications(luoghi)))
    folder = current(luoghi)
    if folder is None:
        nothing = f"non è mai stato pubblicato nulla in {luoghi.warehouse}: lanciare `pira run`"
        return Referto((nothing,), misure=(kept,))
    problems = []
    published = _instant(folder / MANIFEST, "pubblicato")
    figures = [kept, Misura("pira_last_publication_timestamp_seconds", published.timestamp())]
    try:
        confirmed = _confirmed(luoghi, folder.name)
    except (OSError, ValueError) as error:
        problems.append(f"{VERIFICA} non si legge ({reason(error)})")
        confirmed = None
    if confirmed is not None:
        figures.append(Misura("pira_last_confirmation_timestamp_seconds", confirmed.timestamp()))
    last = max(filter(None, (published, confirmed)))
    age = now - last
    figures.append(Misura("pira_last_publication_age_seconds", age.total_seconds()))
    what = "confermata" if last is confirmed else "fatta"
    told = f"pubblicazione {folder.name} {what} il {_written(last)}"
    if age < -AHEAD:
        problems.append(
            f"{told}, che è nel futuro: controllare l'orologio o, se è giusto, lanciare una volta"
            " `pira run --orologio-giusto`"
        )
    elif age > OLDEST:
        problems.append(
            f"{told}, {_hours(age)} ore fa (se ne aspettano {_hours(OLDEST)} al più):"
            " guardare le ultime esecuzioni o lanciare `pira run`"
            + ", con --orologio-giusto se l'orologio è giusto"
            * (doubt(luoghi, now) is not None)
        )
    if missed := list_missed(luoghi):
        problems.append(
            f"non sono nella zona di consegna, e restano com'erano, {', '.join(p.chiave for p in missed)}:"
            " rimettere le cartelle al loro posto o dichiararle in [ritirate] in sql/regole.toml"
        )
    return Referto(tuple(problems), (told,), tuple(figures))


def _confirmed(luoghi: Luoghi, name: str) -> datetime | None:
    """When a night last found that this publication is still what it would publish."""
    path = luoghi.warehouse / VERIFICA
    if not path.exists() or _fields(path).get("pubblicazione") != name:
        return None
    return _instant(path, "quando")


def _instant(path: Path, field: str) -> datetime:
    text = _fields(path).get(field)
    if not isinstance(text, str):
        raise ValueError(f"in {path} manca {field}")
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"in {path} {field} è senza fuso orario")
    return instant


def _fields(path: Path) -> Mapping[str, object]:
    try:
        fields = json.loads(path.read_text("utf-8"))
    except ValueError as error:
        raise ValueError(f"{path} non è JSON: {error}") from None
    if not isinstance(fields, dict):
        raise ValueError(f"{path} non è ciò che pira scrive lì")
    return fields


def _written(instant: datetime) -> str:
    return f"{instant.astimezone(ROMA):%d/%m/%Y %H:%M}"


def _hours(span: timedelta) -> int:
    return int(span.total_seconds() // 3600)


# --- the documents ----------------------------------------------------------------------------------


def look_at_documents(_: Luoghi, __: datetime) -> Referto:
    """Whether this machine has what the documents are written with, where they are wanted."""
    reason = why_not()
    return Referto((reason,)) if reason and reason == missing_library() else Referto()


# --- the daemon -------------------------------------------------------------------------------------


def look_at_daemon(luoghi: Luoghi, now: datetime) -> Referto:
    """Whether Dagster's daemon beats, where it should.

    It should in production, and wherever it was ever seen.
    """
    expected = os.environ.get("PIRA_PRODUZIONE") == "1"
    home = home_of(luoghi)
    if not has_records(home):
        if expected:
            return Referto((f"il demone di Dagster non è mai partito: {home} non ne ha traccia",))
        return Referto(bene=("demone non atteso",))
    found = read_records(home, CONNECT_SECONDS) or _ask_dagster(home)
    stuck = _stuck(luoghi, home) if found.al_lavoro else ()
    if not expected and not found.battiti:
        return Referto(stuck, ("demone non atteso",))
    alive = {
        part: part in found.battiti and now.timestamp() <= found.battiti[part] + SILENZIO
        for part in sorted(found.parti)
    }
    figures = tuple(
        Misura("pira_daemon_up", int(well), (("demone", part),)) for part, well in alive.items()
    )
    down = [part for part, well in alive.items() if not well]
    if not down:
        return Referto(stuck, ("demone attivo",), figures)
    seen = [found.battiti[part] for part in down if part in found.battiti]
    since = "mai visto"
    if seen:
        since = f"ultimo segno di vita {_written(datetime.fromtimestamp(max(seen), ROMA))}"
    which = "" if len(down) == len(alive) else f" ({', '.join(down)})"
    return Referto(
        (*stuck, f"il demone di Dagster{which} è fermo, {since}: riavviare pira-daemon"),
        misure=figures,
    )


def _instance(home: Path) -> "DagsterInstance":
    os.environ["DAGSTER_HOME"] = str(home)  # our settings ask for it
    from dagster import DagsterInstance

    return DagsterInstance.from_config(str(home))


def _ask_dagster(home: Path) -> Registri:
    """What records say that an operator keeps where he likes."""
    with _instance(home) as instance:
        beats = instance.get_daemon_heartbeats()
        parts = tuple(instance.get_required_daemon_types())
        return Registri(parts, {part: beat.timestamp for part, beat in beats.items()}, True)


def _stuck(luoghi: Luoghi, home: Path) -> tuple[str, ...]:
    with _instance(home) as instance:
        return tuple(_interrupted(run.run_id) for run in list_interrupted(instance, luoghi))


def _interrupted(name: str) -> str:
    return (
        f"l'esecuzione {name[:8]} si è interrotta, il suo processo non c'è più: il demone la"
        " chiude entro due minuti, se è fermo la chiude `pira prune-runs`"
    )


# --- the disk ---------------------------------------------------------------------------------------


def look_at_disk(luoghi: Luoghi, now: datetime) -> Referto:
    """Whether two more runs have room; Dagster's home too, where it lies on another disk."""
    del now
    output, home = existing(luoghi.warehouse), existing(home_of(luoghi))
    disks = {"magazzino": (output, needed_bytes(luoghi))}
    if home.stat().st_dev != output.stat().st_dev:
        disks["dagster"] = (home, RECORDS)
    problems, well, figures = [], [], []
    for name, (folder, needed) in disks.items():
        free = shutil.disk_usage(folder).free
        label = (("disco", name),)
        figures += [
            Misura("pira_disk_free_bytes", free, label),
            Misura("pira_disk_needed_bytes", needed, label),
        ]
        told = f"{megabytes(free)} MB liberi sul disco di {folder}"
        if free < 2 * needed:
            problems.append(
                f"{told}, meno del doppio dei {megabytes(needed)} MB di un'esecuzione:"
                " liberare spazio"
            )
        well.append(told)
    return Referto(tuple(problems), tuple(well), tuple(figures))


# --- the mail ---------------------------------------------------------------------------------------


def look_at_mail(luoghi: Luoghi, now: datetime) -> Referto:
    """Messages that the server refused for ever, and how long the oldest of the others has waited."""
    if not luoghi.posta.exists():
        return Referto()
    refused, outbox = luoghi.posta / "respinta", luoghi.posta / "uscita"
    aside = len(list(refused.glob("*.eml")))
    put = [when for path in outbox.glob("*.eml") if (when := _put_at(path)) is not None]
    waited = max(timedelta(0), now - min(put)) if put else timedelta(0)
    problems = []
    if aside:
        problems.append(
            f"la posta ha {aside} messagg{'io rifiutato' if aside == 1 else 'i rifiutati'} dal"
            f" server in {refused}: correggere gli indirizzi in PIRA_MAIL_TO, poi rimetterl"
            f"{'o' if aside == 1 else 'i'} in {outbox} o toglierl{'o' if aside == 1 else 'i'}"
        )
    if waited > WAITING:
        hindrance = luoghi.posta / "impedimento.txt"
        why = (
            hindrance.read_text("utf-8").splitlines()[0].rstrip(".")
            if hindrance.exists()
            else "nessuno la spedisce, controllare che il demone di Dagster sia attivo e che ci sia"
            " PIRA_SMTP_HOST"
        )
        told = f"la posta attende da {_hours(waited)} ore"
        problems.append(f"{told} (se ne aspettano {_hours(WAITING)} al più): {why}")
    return Referto(
        tuple(problems),
        misure=(
            Misura("pira_mail_waiting", len(put)),
            Misura("pira_mail_oldest_waiting_seconds", waited.total_seconds()),
            Misura("pira_mail_refused", aside),
        ),
    )


def _put_at(message: Path) -> datetime | None:
    """When a message was put; None for one that left meanwhile."""
    try:
        return datetime.fromtimestamp(message.stat().st_mtime, ROMA)
    except FileNotFoundError:
        return None


# --- the figures of the publication -----------------------------------------------------------------


def look_at_figures(luoghi: Luoghi, now: datetime) -> Referto:
    """What the publication says of itself: none of it is a problem here, for the night has said it."""
    del now
    folder = current(luoghi)
    return Referto(misure=count_published(folder / DATABASE) if folder else ())


# --- what is kept -----------------------------------------------------------------------------------


def look_at_custody(luoghi: Luoghi, now: datetime) -> Referto:
    """What the last verification could not mend, how old it is where it is due, copies set aside."""
    last, problems = verify.read_last(luoghi), []
    damaged = last.get("guasti", ())
    figures = []
    if last:
        when = datetime.fromisoformat(last["quando"])
        figures = [
            Misura("pira_last_verification_timestamp_seconds", when.timestamp()),
            Misura("pira_damaged_files", len(damaged)),
        ]
        if os.environ.get("PIRA_PRODUZIONE") == "1" and now - when > VERIFICATION:
            problems.append(
                f"l'ultima verifica di ciò che è tenuto è del {when:%d/%m/%Y %H:%M}:"
                " accendere `ogni_giorno` o lanciare `pira verify`"
            )
    if damaged:
        first = verify.Difetto(**damaged[0])
        others = f", e altri {len(damaged) - 1}" if len(damaged) > 1 else ""
        problems.append(f"guasto: {str(first).rstrip('.')}{others}")
    aside = sorted(
        below(luoghi, path)
        for folder in (memoria.memory_folder(luoghi), *luoghi.pubblicazioni.glob("*"))
        for path in folder.glob(f"*{memoria.GUASTA}")
    )
    if aside:
        problems.append(f"copie guaste dello storico messe da parte: {', '.join(aside)}: toglierle")
    return Referto(tuple(problems), misure=tuple(figures))


# --- how a failure is told --------------------------------------------------------------------------


def reason(error: Exception) -> str:
    """Why, in one line: the last cause says what happened, those around it only where."""
    cause: BaseException = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    if isinstance(cause, OSError) and cause.strerror:
        return f"{cause.strerror}: {cause.filename}"
    text = str(cause).strip() or type(cause).__name__
    return _without_secrets(" ".join(text.split()))[:200]


def _without_secrets(text: str) -> str:
    """A driver may quote the address that it was given, or the password that it could not read."""
    address = os.environ.get(POSTGRES, "")
    for secret in filter(None, (address, urlsplit(address).password)):
        text = text.replace(secret, "***")
    return text
