"""The mapping file of a chamber: names that its plan uses, for those that we know.

Belongs here: its keys, and what is wrong with one. Does not belong here: reading a plan with it (read.py),
where it lies (landing/). It names; it never gives a value of the plan.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pipelines.plan.model import Anomalia
from pipelines.plan.regole import anomalia
from pipelines.plan.ruoli import reduced, role_names
from pipelines.settings import RESOURCES
from pipelines.toml_lines import NonToml, line_of, parse

_CHIAVI = {
    "documento": {"parti", "disposizione"},
    "colonne": None,
    "parole": None,
    "righe": {"ignora"},
    "legami": None,
}
"""The sections of a mapping file, and their keys where these are not the plan's own words."""
_DISPOSIZIONI = ("blocchi", "tabella", "schede")
_SEGNI = ("=>", "=<")
_LEGAME = {"codice", "motivo", "autore"}


@dataclass(frozen=True)
class Mappa:
    """What a mapping file says; `impronta` is its hash, None where there is no file.

    Pairs are (what the plan says, what it stands for): `colonne` labels and roles, `segni` the
    words before a target and the sign. `legami` binds the key of an indicator to a codice, or, empty, to
    none whatever it is like.
    """

    impronta: str | None = None
    parti: tuple[str, ...] = ()
    disposizione: str | None = None
    colonne: tuple[tuple[str, str], ...] = ()
    segni: tuple[tuple[str, str], ...] = ()
    ignora: tuple[str, ...] = ()
    legami: tuple[tuple[str, str], ...] = ()
    anomalie: tuple[Anomalia, ...] = ()

    @property
    def etichette(self) -> dict[str, str]:
        """The roles of labels, by the label reduced."""
        return {
            reduced(scritta): re.sub(r"^target\b", "traguardo", ruolo)
            for scritta, ruolo in self.colonne
        }

    @property
    def parole(self) -> dict[str, str]:
        """The signs that words before a target stand for."""
        return dict(self.segni)

    def is_ignorata(self, testo: str) -> bool:
        """Whether a row is one that the file leaves out."""
        return any(re.search(forma, testo) for forma in self.ignora)


NESSUNA = Mappa()
"""No mapping file."""


class MappaErrata(ValueError):
    """A mapping file that cannot be used, with its line where one is known."""

    def __init__(self, motivo: str, riga: int | None = None) -> None:
        super().__init__(motivo)
        self.riga = riga


def read_mappings(files: Sequence[tuple[str, bytes]]) -> Mappa:
    """The mapping files of a plan as one: a later one wins, key by key. A wrong one counts for nothing."""
    insieme: dict[str, dict[str, Any]] = {}
    buoni = []
    anomalie: list[Anomalia] = []
    for nome, content in files:
        try:
            letto = parse_mapping(content)
        except MappaErrata as errore:
            dove = f" alla riga {errore.riga}" if errore.riga else ""
            anomalie.append(
                anomalia(
                    "mappa_errata",
                    None,
                    f"il file delle corrispondenze {nome} non si può usare: {errore}{dove}",
                    "correggerlo; intanto il piano si legge senza",
                )
            )
            continue
        buoni.append(content)
        for sezione, voci in letto.items():
            insieme.setdefault(sezione, {}).update(voci)
    if not buoni and not anomalie:
        return NESSUNA
    impronta = hashlib.sha256(b"\0".join(buoni)).hexdigest() if buoni else None
    documento = insieme.get("documento", {})
    return Mappa(
        impronta,
        tuple(documento.get("parti", ())),
        documento.get("disposizione"),
        tuple(insieme.get("colonne", {}).items()),
        tuple(insieme.get("parole", {}).items()),
        tuple(insieme.get("righe", {}).get("ignora", ())),
        tuple((chiave, voce["codice"]) for chiave, voce in insieme.get("legami", {}).items()),
        tuple(anomalie),
    )


def parse_mapping(content: bytes) -> dict[str, dict[str, Any]]:
    """The sections of a mapping file. Raises MappaErrata."""
    try:
        testo = content.decode("utf-8-sig")
        letto = parse(testo)
    except UnicodeDecodeError as errore:
        raise MappaErrata("non è testo UTF-8") from errore
    except NonToml as errore:
        raise MappaErrata("non è TOML", errore.riga) from errore

    def wrong(motivo: str, chiave: str, sezione: str = "") -> MappaErrata:
        return MappaErrata(motivo, line_of(testo, sezione, chiave))

    for sezione, voci in letto.items():
        if sezione not in _CHIAVI:
            raise wrong(f"non ha una sezione «{sezione}»", sezione)
        if not isinstance(voci, dict):
            raise wrong(f"«{sezione}» dev'essere una sezione", sezione)
        for chiave, valore in voci.items():
            ammesse = _CHIAVI[sezione]
            if ammesse is not None and chiave not in ammesse:
                raise wrong(f"«{sezione}» non ha una chiave «{chiave}»", chiave, sezione)
            if motivo := _check(sezione, chiave, valore):
                raise wrong(motivo, chiave, sezione)
    return letto


def _check(sezione: str, chiave: str, valore: Any) -> str | None:
    """What is wrong with an entry."""
    if sezione == "documento" and chiave == "disposizione":
        return None if valore in _DISPOSIZIONI else f"non c'è una disposizione «{valore}»"
    if chiave in ("parti", "ignora") and sezione in ("documento", "righe"):
        if not isinstance(valore, list) or not all(isinstance(v, str) for v in valore):
            return f"«{chiave}» dev'essere un elenco di testi"
        return next((f"«{v}» non è un'espressione" for v in valore if not _compiles(v)), None)
    if sezione == "colonne":
        return None if is_role(valore) else f"non c'è un ruolo «{valore}»"
    if sezione == "parole":
        return None if valore in _SEGNI else f"«{chiave}» può valere solo => o =<"
    if not isinstance(valore, dict) or not isinstance(valore.get("codice"), str):
        return f"il legame «{chiave}» non ha un codice"
    if valore["codice"] == "" and not valore.get("motivo"):
        return f"il legame «{chiave}» toglie la definizione, e deve dire il motivo"
    if valore["codice"] not in ("", *_codici()):
        return f"nessuna definizione ha il codice «{valore['codice']}»"
    altre = valore.keys() - _LEGAME
    return f"il legame «{chiave}» non ha una chiave «{min(altre)}»" if altre else None


@cache
def _codici() -> frozenset[str]:
    """The indicators that there are: each is the file of its name."""
    return frozenset(p.stem for p in (RESOURCES / "sql/indicatori/contributi").glob("*.sql"))


def _compiles(forma: str) -> bool:
    try:
        re.compile(forma)
    except re.error:
        return False
    return True


def is_role(ruolo: object) -> bool:
    """Whether a text names a role: one of sql/piano.toml, `ignora`, or `target 2020`."""
    if not isinstance(ruolo, str):
        return False
    return bool(
        ruolo in {*role_names(), "ignora", "target"} or re.fullmatch(r"target 20\d\d", ruolo)
    )


def list_unused(
    mappa: Mappa, testi: Iterable[str], chiavi: Iterable[str], parti: Iterable[str]
) -> list[str]:
    """The entries of a mapping file that match nothing in a plan: `testi` are its cells and rows."""
    scritti = list(testi)
    ridotti = {reduced(t) for t in scritti if len(t) <= 120}
    minuscoli = [t.casefold() for t in scritti]
    presenti, note = set(chiavi), set(parti)
    return [
        *(s for s, _ in mappa.colonne if reduced(s) not in ridotti),
        *(p for p, _ in mappa.segni if not any(t.startswith(p.casefold()) for t in minuscoli)),
        *(f for f in mappa.ignora if not any(re.search(f, t) for t in scritti)),
        *(k for k, _ in mappa.legami if k not in presenti),
        *(p for p in mappa.parti if p not in note),
    ]
