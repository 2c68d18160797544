"""The evaluator's rules: what the plan does not define, read from one file (sql/regole.toml).

Belongs here: reading and checking that file, and the rules in force for a chamber. Does not belong
here: what a rule does (sql/scorecard, sql/indicatori).
"""

import tomllib
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

RULES = Path(__file__).parents[1] / "sql" / "regole.toml"

_NAMES = {"al_massimo", "giallo_da", "verde_da", "organi_delibere", "alias_processi"}


@dataclass(frozen=True)
class Regole:
    """The rules in force for a chamber. Thresholds in percent points."""

    versione: str
    al_massimo: str
    giallo_da: Decimal
    verde_da: Decimal
    organi_delibere: tuple[str, ...]
    alias_processi: tuple[tuple[str, str], ...]


def load_rules(path: Path = RULES) -> "Regolamento":
    """Reads the rules file. Raises `ValueError`, in one Italian sentence, when it makes no sense."""
    with path.open("rb") as stream:
        return Regolamento(tomllib.load(stream))


class Regolamento:
    """The rules file: general rules, and for each chamber what it changes."""

    def __init__(self, content: dict[str, object]) -> None:
        cameras = content.get("camera", {})
        assert isinstance(cameras, dict)
        self._general = {k: v for k, v in content.items() if k != "camera"}
        self._cameras: dict[str, dict[str, object]] = cameras
        for name, section in {"generale": self._general, **cameras}.items():
            unknown = set(section) - _NAMES - {"versione"}
            if unknown:
                raise ValueError(
                    f"Nel file delle regole, sezione {name}, le voci {', '.join(sorted(unknown))} "
                    "non esistono: toglierle o correggerne il nome."
                )
        for camera in [None, *cameras]:
            self.of(camera)

    def of(self, camera: str | None) -> Regole:
        """The rules in force for a chamber (`None`: the general ones)."""
        merged = {**self._general, **self._cameras.get(camera or "", {})}
        try:
            rules = Regole(
                versione=str(merged["versione"]),
                al_massimo=str(merged["al_massimo"]),
                giallo_da=Decimal(str(merged["giallo_da"])),
                verde_da=Decimal(str(merged["verde_da"])),
                organi_delibere=tuple(merged["organi_delibere"]),  # type: ignore[arg-type]
                alias_processi=tuple(sorted(merged["alias_processi"].items())),  # type: ignore[attr-defined]
            )
        except KeyError as missing:
            raise ValueError(f"Nel file delle regole manca la voce {missing}.") from missing
        if rules.al_massimo not in ("specchio", "rapporto"):
            raise ValueError('Nel file delle regole al_massimo è "specchio" o "rapporto".')
        if not 0 <= rules.giallo_da <= rules.verde_da <= 100:
            raise ValueError("Nel file delle regole le soglie vanno da 0 a 100, giallo poi verde.")
        return rules
