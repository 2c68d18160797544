"""The graphs: where a figure falls, which side is dark, that a text is a text."""

import re
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from pipelines.scorecard.grafici import (
    Misura,
    Punto,
    as_image,
    draw_bullet,
    draw_course,
    draw_shares,
)

SVG = "{http://www.w3.org/2000/svg}"
PRIMA = Misura(
    risultato=Decimal(50),
    target=Decimal(80),
    ultimo=Decimal(70),
    confronto=Decimal(100),
    verso="=>",
    soglie=(Decimal(56), Decimal(72)),
)


def parts(disegno: str) -> dict[str, list[dict[str, str]]]:
    """What is drawn, by its class."""
    found: dict[str, list[dict[str, str]]] = {}
    for one in ElementTree.fromstring(disegno):
        found.setdefault(one.attrib["class"], []).append(dict(one.attrib))
    return found


def bullet(misura: Misura) -> dict[str, list[dict[str, str]]]:
    return parts(draw_bullet(misura, "detto", str))


def start_and_width(parte: dict[str, str]) -> tuple[float, float]:
    return float(parte["x"]), float(parte["width"])


def test_lengths_are_as_the_figures() -> None:
    drawn = bullet(PRIMA)
    (bar,), (target,), (last,) = (drawn[name] for name in ("barra", "target", "ultimo"))
    start, width = start_and_width(bar)
    whole = width / 0.5
    assert (start, whole) == (10, 320)
    assert float(target["x"]) + 2 == pytest.approx(start + whole * 0.8)
    assert float(last["x"]) + 1 == pytest.approx(start + whole * 0.7)
    top = min(float(n) for n in re.findall(r"([0-9.]+),", drawn["pari"][0]["points"]))
    assert top + 7 == pytest.approx(start + whole)


def test_the_dark_side_is_where_it_is_worse() -> None:
    up = bullet(PRIMA)
    assert [start_and_width(up[name][0])[0] for name in ("b1", "b2", "b3")] == [10, 189.2, 240.4]
    down = bullet(replace(PRIMA, verso="=<", soglie=(Decimal(104), Decimal(88))))
    starts = [start_and_width(down[name][0])[0] for name in ("b3", "b2", "b1")]
    assert starts == sorted(starts) and starts[0] == 10


@pytest.mark.parametrize(
    ("classe", "senza"),
    [
        ("barra", replace(PRIMA, risultato=None)),
        ("target", replace(PRIMA, target=None)),
        ("ultimo", replace(PRIMA, ultimo=None)),
        ("pari", replace(PRIMA, confronto=None)),
    ],
)
def test_what_is_missing_is_not_drawn(classe: str, senza: Misura) -> None:
    assert classe in bullet(PRIMA)
    assert classe not in bullet(senza)


def test_a_result_below_zero_goes_the_other_way() -> None:
    (bar,) = bullet(replace(PRIMA, risultato=Decimal(-100)))["barra"]
    start, width = start_and_width(bar)
    assert (start, start + width) == (10, 170)


def test_zero_is_drawn_and_nothing_at_all_is_an_empty_graph() -> None:
    assert start_and_width(bullet(replace(PRIMA, risultato=Decimal(0)))["barra"][0])[1] > 0
    drawn = bullet(Misura(None, None, None, None, "=>", ()))
    assert set(drawn) == {"b3", "asse", "scritta"}


def test_a_course_has_a_bar_for_each_figure_and_a_tick_for_each_target() -> None:
    drawn = parts(
        draw_course(
            [
                Punto("2019", Decimal(2), "2", None),
                Punto("2020", Decimal(4), "4", Decimal(3)),
                Punto("2021", None, "", Decimal(3)),
            ],
            "detto",
        )
    )
    low, high = (float(bar["height"]) for bar in drawn["barra"])
    assert high == pytest.approx(2 * low)
    assert len(drawn["target"]) == 2


def test_shares_are_of_a_hundred() -> None:
    (bar,) = parts(draw_shares([("barra", Decimal(25))], "detto"))["barra"]
    assert float(bar["width"]) == 30


def test_a_text_never_closes_what_it_stands_in() -> None:
    attack = '"><script>alert(1)</script>&'
    root = ElementTree.fromstring(draw_course([Punto(attack, Decimal(1), attack, None)], attack))
    assert root.attrib["aria-label"] == attack
    assert [t.text for t in root.iter(f"{SVG}text")] == [attack, attack]
    assert as_image(str(draw_bullet(PRIMA, attack, str))).startswith("data:image/svg+xml;base64,")
