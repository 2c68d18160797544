"""A chamber that begins: empty folders for its offices, templates, and a list of who owes what.

Belongs here: what is laid out where in the landing zone, and what is left alone. Does not belong here:
what a template holds (templates.py), how a chamber becomes a partition (zone.py finds it by itself).

Folders apart, all is written below `<camera>/modelli/`, where no delivery is looked for; nothing that
somebody wrote is lost, there or elsewhere.
"""

import hashlib
import re
import stat
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipelines import durable
from pipelines.contract.estratti import ESTRATTI
from pipelines.contract.schema import Estratto
from pipelines.landing.zone import ALLEGATO, MODELLI, folder_of
from pipelines.offices.templates import csv_template, is_filled_in, xlsx_template
from pipelines.partizione import Partizione
from pipelines.warehouse.models import CONTRIBUTI, Indicatore, Modello, catalogue, read_models

LEGGIMI = "LEGGIMI.md"

UFFICI = tuple(dict.fromkeys(e.ufficio for e in ESTRATTI))
"""The offices that owe an extract, in the order of the contract."""


class NonAllestibile(Exception):
    """The landing zone cannot be laid out; the message is one Italian sentence with the remedy."""


@dataclass(frozen=True)
class Allestimento:
    """What was laid out, as paths below the landing zone: new folders, files written, files left.

    `superato` is the checklist, if it was left because somebody wrote in it although it no longer
    says what the contract says.
    """

    cartelle: tuple[str, ...]
    scritti: tuple[str, ...]
    rimasti: tuple[str, ...]
    superato: str | None


def lay_out(raw: Path, camera: str, esercizi: Sequence[int]) -> Allestimento:
    """Lays out a chamber below `raw`: the folders of each year, the templates, the checklist.

    Raises `NonAllestibile`, before anything is written, when something that is no folder or no file
    stands in the way, or a template has been filled in where it lies.
    """
    home = raw / camera
    folders = [home, home / MODELLI, *(home / MODELLI / ufficio for ufficio in UFFICI)]
    for esercizio in sorted(set(esercizi)):
        year = folder_of(raw, Partizione(camera, esercizio))
        folders += [year, *(year / ufficio for ufficio in UFFICI)]
    files = _files(home)
    if raw.exists() and not raw.is_dir():
        raise NonAllestibile(
            f"{raw} non è una cartella: dire in PIRA_RAW dov'è la zona di consegna."
        )
    new = [folder for folder in folders if not _is_there(raw, folder, stat.S_ISDIR)]
    there = {file: file.read_bytes() for file in files if _is_there(raw, file, stat.S_ISREG)}
    _check_templates(raw, camera, {f: c for f, c in there.items() if c != files[f]})

    checklist = home / MODELLI / LEGGIMI
    mine = {file for file, content in there.items() if content == files[file]}
    outdated = False
    if checklist in there and not _is_untouched(there[checklist]):
        mine.add(checklist)
        outdated = _stated(there[checklist]) != _stated(files[checklist])
    for folder in folders:
        folder.mkdir(parents=folder == home, exist_ok=True)
    written = [file for file in files if file not in mine]
    for file in written:
        durable.write(files[file], file)
    return Allestimento(
        cartelle=tuple(f"{_below(raw, folder)}/" for folder in new),
        scritti=tuple(_below(raw, file) for file in written),
        rimasti=tuple(_below(raw, file) for file in files if file in mine),
        superato=_below(raw, checklist) if outdated else None,
    )


def describe(found: Allestimento, raw: Path, camera: str, esercizi: Sequence[int]) -> Iterator[str]:
    """What was laid out, and what to do now, a line each."""
    yield f"Camera {camera} in {raw / camera}"
    yield f"Cartelle nuove: {len(found.cartelle)}"
    yield f"Modelli ed elenco: {len(found.scritti)} scritti, {len(found.rimasti)} già a posto"
    if found.superato:
        yield (
            f"{found.superato} è stato scritto a mano e resta com'è, ma il contratto è cambiato:"
            " per avere l'elenco nuovo rinominarlo e ripetere."
        )
    anni = ", ".join(f"{camera}/{esercizio:04d}" for esercizio in sorted(set(esercizi)))
    yield (
        f"Adesso: {camera}/modelli/{LEGGIMI} dice chi deve che cosa. Compilare una copia di ogni modello"
        f" e metterla in {anni}, nella cartella del suo ufficio: la notte dopo è pubblicata."
    )


def _files(home: Path) -> dict[Path, bytes]:
    """Everything that is generated for a chamber, by the place where it goes."""
    files = {home / MODELLI / LEGGIMI: checklist_of(home.name).encode()}
    for estratto in ESTRATTI:
        stem = home / MODELLI / estratto.ufficio / estratto.nome
        files[stem.with_suffix(".csv")] = csv_template(estratto)
        files[stem.with_suffix(".xlsx")] = xlsx_template(estratto)
    return files


def _is_there(raw: Path, path: Path, kind: Callable[[int], bool]) -> bool:
    """Whether a place is taken by what belongs there. Raises `NonAllestibile` for anything else."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return False
    if kind(mode):
        return True
    wanted = "una cartella" if kind is stat.S_ISDIR else "un file"
    found = "è un collegamento" if stat.S_ISLNK(mode) else f"non è {wanted}"
    raise NonAllestibile(f"{_below(raw, path)} {found}: qui va {wanted}, toglierlo e ripetere.")


def _check_templates(raw: Path, camera: str, changed: Mapping[Path, bytes]) -> None:
    """Templates of an older contract may be written again; raises `NonAllestibile` for others."""
    filled = [
        _below(raw, file)
        for file, content in changed.items()
        if file.name != LEGGIMI and is_filled_in(content, file.suffix.removeprefix("."))
    ]
    if filled:
        raise NonAllestibile(
            f"{', '.join(filled)}: c'è altro oltre all'intestazione, e i modelli non vengono mai letti;"
            f" spostare ciò che è stato compilato in {camera}/<anno>/<ufficio>/ e ripetere."
        )


def _below(raw: Path, path: Path) -> str:
    return path.relative_to(raw).as_posix()


# --- the checklist ----------------------------------------------------------------------------------

_CHI = "Chi lo consegna: ____________________"

_TESTA = """\
# Camera {camera}: chi deve che cosa

Pagina generata da `pira new-camera {camera}`. Si può spuntare e completare a mano: pira non tocca più una
pagina in cui qualcuno ha scritto.

## Come si consegna

1. Si copia il modello dell'estratto da `{camera}/modelli/<ufficio>/`. Quello xlsx ha elenchi, note e
   controlli, e tiene gli zeri davanti ai codici; quello csv serve a chi esporta da un programma.
2. Lo si compila: le colonne e le regole stanno nel foglio «Istruzioni» e nelle note.
3. Lo si mette in `{camera}/<anno>/<ufficio>/` con lo stesso nome, già intero: lo si copia con un altro
   nome e poi lo si rinomina. Può essere in più parti, `studi-1.xlsx`, `studi-2.xlsx`.

In `modelli/` non si consegna niente: ciò che vi sta non viene mai letto. Un modello vuoto non va messo
tra le consegne se i dati devono ancora arrivare: là un file con la sola intestazione è un dato, e vuol
dire che nell'anno non c'è stato niente da contare. Finché un estratto manca, i suoi indicatori dicono
DATI_MANCANTI.

## Il piano

- [ ] **Il piano (PIRA)**, il testo dell'allegato come è stato approvato
  - Ritmo: una volta all'anno, appena approvato
  - Va in: `{camera}/<anno>/{allegato}`
  - Serve a: obiettivi, target e pesi. Senza il piano dell'anno vale l'ultimo di prima; senza nessuno
    gli indicatori si calcolano, ma non c'è scorecard
  - {chi}
"""
_PIEDE = (
    "<!-- Impronta di ciò che sta sopra, per sapere se qualcuno vi ha scritto: {impronta} -->\n"
)
_IMPRONTA = re.compile(_PIEDE.format(impronta="([0-9a-f]{64})").rstrip() + r"\s*\Z")


def checklist_of(camera: str) -> str:
    """The Markdown page that lists, office by office, each extract, its rhythm, place and use."""
    models = read_models()
    indicators = catalogue(models)
    parts = [_TESTA.format(camera=camera, allegato=ALLEGATO, chi=_CHI)]
    for ufficio in UFFICI:
        parts.append(f"\n## {ufficio}\n\n")
        parts += [
            _entry(camera, estratto, _uses(estratto, indicators, models))
            for estratto in ESTRATTI
            if estratto.ufficio == ufficio
        ]
    body = "".join(parts) + "\n"
    return body + _PIEDE.format(impronta=_hash(body))


def _entry(camera: str, estratto: Estratto, uses: Iterator[str]) -> str:
    lines = [
        f"- [ ] **{estratto.nome}**: {estratto.descrizione}",
        f"  - Ritmo: {estratto.ritmo}",
        *([] if estratto.dovuto else ["  - Non è dovuto: se non c'è, non manca"]),
        f"  - Modello: `{camera}/{MODELLI}/{estratto.codice}.xlsx` o `.csv`",
        f"  - Va in: `{camera}/<anno>/{estratto.codice}.xlsx` o `.csv`",
        f"  - Serve a: {'; '.join(uses)}",
        f"  - {_CHI}",
    ]
    return "\n".join(lines) + "\n"


def _uses(
    estratto: Estratto, indicators: Sequence[Indicatore], models: Sequence[Modello]
) -> Iterator[str]:
    """The indicators that need an extract, and the other tables that are made from it."""
    for indicator in indicators:
        if estratto.codice in indicator.estratti:
            yield f"{indicator.titolo} (`{indicator.codice}`)"
    for model in models:
        if model.schema != CONTRIBUTI and f"fonti.{estratto.tabella}" in model.dipende:
            yield f"{model.descrizione.rstrip('.')} (`{model.tabella}`)"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _stated(content: bytes) -> str | None:
    """The fingerprint that a checklist says it was written with."""
    found = _IMPRONTA.search(content.decode("utf-8", "replace"))
    return found[1] if found else None


def _is_untouched(content: bytes) -> bool:
    """Whether a checklist is as it was generated, by this contract or by an older one."""
    text = content.decode("utf-8", "replace")
    found = _IMPRONTA.search(text)
    return found is not None and _hash(text[: found.start()]) == found[1]
