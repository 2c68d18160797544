"""The graphs of a scorecard as SVG: figures as lengths, nothing that a text beside them does not say.

Belongs here: how a figure becomes a shape. Does not belong here: its colours on a page (stile.css.j2 has the
classes), the words and the table that go with a graph (voci.py). Lengths are floats: nobody reads a figure
off them. The library writes texts as they are given: only figures and years are drawn, never a plan's words,
and those pass through `escape` all the same.
"""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape as escape_attribute
from typing import Literal

import svg

Verso = Literal["=>", "=<"]

LARGO = 340
_ALTO = 62
_MARGINE = 10
_CORSO_ALTO = 150
_BREVE = 120
_ZERO = Decimal(0)

STILE = (
    ".b1{fill:#b9c3cd}.b2{fill:#d3dae1}.b3{fill:#e9edf1}.barra{fill:#06c}.target{fill:#1a1a1a}"
    ".ultimo{fill:#995c00}.pari{fill:#fff;stroke:#1a1a1a;stroke-width:1.5}.asse{stroke:#5d7083}"
    ".scritta{display:none}"
)
"""The look of a graph that stands alone, in a document: too small there for what is written on it, which
stands beside it."""


@dataclass(frozen=True)
class Misura:
    """What a bullet graph shows; whatever is None is not drawn. `soglie` are the values from which the
    colours change, the worse first."""

    risultato: Decimal | None
    target: Decimal | None
    ultimo: Decimal | None
    confronto: Decimal | None
    verso: Verso
    soglie: tuple[Decimal, ...]


@dataclass(frozen=True)
class Punto:
    """A place along a course: a year or a month, as it is called under the axis."""

    nome: str
    valore: Decimal | None
    scritto: str
    target: Decimal | None


class _Scala:
    """From figures to lengths."""

    def __init__(self, valori: Sequence[Decimal], da: float, a: float) -> None:
        self.minimo, self.massimo = min(_ZERO, *valori, _ZERO), max(_ZERO, *valori, _ZERO)
        self.da, self.a = da, a

    def __call__(self, valore: Decimal) -> float:
        ampiezza = float(self.massimo - self.minimo) or 1.0
        quota = (float(valore) - float(self.minimo)) / ampiezza
        return round(self.da + quota * (self.a - self.da), 1)


def draw_bullet(misura: Misura, alt: str, scrivi: Callable[[Decimal], str]) -> str:
    """A bullet graph: bands of the colours with the darkest where it is worse, the result as a bar, the
    target as a thick tick, the last value as a thin one, the peer as a diamond.

    `scrivi` prints a figure, for the two ends of the axis.
    """
    valori = [
        v
        for v in (misura.risultato, misura.target, misura.ultimo, misura.confronto)
        if v is not None
    ]
    scala = _Scala([*valori, *misura.soglie], _MARGINE, LARGO - _MARGINE)
    parti: list[svg.Element] = _bands(misura, scala)
    zero = scala(_ZERO)
    if misura.risultato is not None:
        fine = scala(misura.risultato)
        parti.append(_rect("barra", min(zero, fine), 17, max(1.5, abs(fine - zero)), 12))
    if misura.ultimo is not None:
        parti.append(_rect("ultimo", scala(misura.ultimo) - 1, 8, 2, 30))
    if misura.target is not None:
        parti.append(_rect("target", scala(misura.target) - 2, 11, 4, 24))
    if misura.confronto is not None:
        x = scala(misura.confronto)
        rombo = [svg.Point(x + dx, 23 + dy) for dx, dy in ((0, -7), (7, 0), (0, 7), (-7, 0))]
        parti.append(svg.Polygon(class_=["pari"], points=rombo))
    parti.append(svg.Line(class_=["asse"], x1=_MARGINE, x2=LARGO - _MARGINE, y1=41, y2=41))
    # a bare 0 is where the axis starts: with decimals it would read as a figure
    parti.append(_text(scrivi(scala.minimo) if scala.minimo else "0", _MARGINE, 55, "start"))
    parti.append(_text(scrivi(scala.massimo), LARGO - _MARGINE, 55, "end"))
    return _whole(parti, _ALTO, alt)


def _bands(misura: Misura, scala: _Scala) -> list[svg.Element]:
    """The background: where the result would be red, yellow, green, in shades of one grey."""
    if misura.target is None or not misura.soglie:
        return [_rect("b3", _MARGINE, 6, LARGO - 2 * _MARGINE, 34)]
    orli = [float(_MARGINE), *sorted(scala(s) for s in misura.soglie), float(LARGO - _MARGINE)]
    nomi = ["b1", "b2", "b3"] if misura.verso == "=>" else ["b3", "b2", "b1"]
    return [
        _rect(nome, da, 6, max(0.0, a - da), 34)
        for nome, da, a in zip(nomi, orli, orli[1:], strict=False)
    ]


def draw_course(punti: Sequence[Punto], alt: str) -> str:
    """A course: a bar at each place that has a figure, the target of each as a tick across it."""
    valori = [v for p in punti for v in (p.valore, p.target) if v is not None]
    scala = _Scala(valori, _CORSO_ALTO - 24, 16)
    passo = (LARGO - 2 * _MARGINE) / max(1, len(punti))
    base = scala(_ZERO)
    parti: list[svg.Element] = []
    for posto, punto in enumerate(punti):
        x = round(_MARGINE + posto * passo, 1)
        mezzo = round(x + passo / 2, 1)
        if punto.valore is not None:
            cima = scala(punto.valore)
            alta = max(1.5, abs(base - cima))
            parti.append(_rect("barra", x + passo * 0.2, min(base, cima), passo * 0.6, alta))
            if punto.scritto:
                parti.append(_text(punto.scritto, mezzo, min(base, cima) - 4, "middle"))
        if punto.target is not None:
            parti.append(
                _rect("target", x + passo * 0.08, scala(punto.target) - 1.5, passo * 0.84, 3)
            )
        parti.append(_text(punto.nome, mezzo, _CORSO_ALTO - 8, "middle"))
    parti.append(svg.Line(class_=["asse"], x1=_MARGINE, x2=LARGO - _MARGINE, y1=base, y2=base))
    return _whole(parti, _CORSO_ALTO, alt)


def draw_shares(quote: Sequence[tuple[str, Decimal]], alt: str) -> str:
    """Shares of a hundred, a bar each under the other, by the class that colours it."""
    alto = 10 * len(quote)
    scala = _Scala([Decimal(100), *(quota for _, quota in quote)], 0, _BREVE)
    barre: list[svg.Element] = [
        _rect(classe, 0, 10 * posto + 1, max(1.0, scala(quota)), 8)
        for posto, (classe, quota) in enumerate(quote)
    ]
    return _whole([_rect("b3", 0, 0, _BREVE, alto), *barre], alto, alt, _BREVE)


def as_image(disegno: str) -> str:
    """A graph as the source of an image, with its colours in it."""
    dentro = str(disegno).replace(">", f"><style>{STILE}</style>", 1)
    return "data:image/svg+xml;base64," + base64.b64encode(dentro.encode()).decode()


def _rect(classe: str, x: float, y: float, largo: float, alto: float) -> svg.Rect:
    x, y, largo, alto = (round(n, 1) for n in (x, y, largo, alto))
    return svg.Rect(class_=[classe], x=x, y=y, width=largo, height=alto)


def _text(testo: str, x: float, y: float, dove: Literal["start", "middle", "end"]) -> svg.Text:
    return svg.Text(
        class_=["scritta"], x=x, y=round(y, 1), text_anchor=dove, text=escape_attribute(testo)
    )


def _whole(parti: list[svg.Element], alto: int, alt: str, largo: int = LARGO) -> str:
    detto = {"role": "img", "aria-label": escape_attribute(alt)}
    return str(svg.SVG(viewBox=svg.ViewBoxSpec(0, 0, largo, alto), elements=parti, extra=detto))
