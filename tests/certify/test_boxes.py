"""Enclosures on boxes: right for random functions and points, gaps and forgeries found."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from sympy import Rational, cosh, exp, log, oo, sqrt, tanh

from symgan.certify.boxes import enclose_root, prove_on_box
from symgan.certify.formula import evaluate, read
from symgan.certify.interval import between, enclosure
from symgan.certify.recheck import recheck
from symgan.certify.recheck_box import covers
from symgan.certify.recheck_jet import Jets
from symgan.errors import BadData, Undecided

s, a, b, x, y = sp.symbols("s a b x y", real=True)
Data = Mapping[str, Any]


def sigmoid(z: Any) -> Any:
    return 1 / (1 + exp(-z))


TENTH = Rational(1, 10)
TRUE: dict[str, tuple[Any, dict[Any, Any]]] = {
    "sigmoid is positive": (sigmoid(s), {s: (-oo, oo)}),
    "sigmoid is below one and a bit": (1 + TENTH - sigmoid(s), {s: (-oo, oo)}),
    "its slope is at most a quarter": (
        Rational(26, 100) - sigmoid(s) * (1 - sigmoid(s)),
        {s: (-oo, oo)},
    ),
    "softplus": (log(1 + exp(-s)) + TENTH - sp.Max(0, -s), {s: (-10, 10)}),
    "tanh is below its argument": (s - tanh(s), {s: (Rational(1, 100), oo)}),
    "exponential is above its tangent": (exp(s) - 1 - s, {s: (TENTH, oo)}),
    "a step of BCE does not raise the maximum": (
        b - a * (1 + tanh(a * b / 2)) / 4 + TENTH,
        {a: (0, 1), b: (Rational(1, 2), 1)},
    ),
    "root": (sqrt(1 + s**2) - s + TENTH, {s: (-3, 3)}),
    "hyperbolic": (cosh(s) - sp.cos(s) + TENTH, {s: (-2, 2)}),
    "absolute": (sp.Abs(s) + sp.atan(s) + TENTH, {s: (-1, 4)}),
}
FALSE: dict[str, tuple[Any, dict[Any, Any]]] = {
    "sigmoid is above a tenth": (sigmoid(s) - TENTH, {s: (-oo, oo)}),
    "its slope is at most less": (
        Rational(24, 100) - sigmoid(s) * (1 - sigmoid(s)),
        {s: (-oo, oo)},
    ),
    "tanh at zero": (s - tanh(s), {s: (0, 1)}),
    "tangent from the left": (exp(s) - 1 - s, {s: (-1, 1)}),
    "undefined": (1 + log(s), {s: (0, 1)}),
    "pole": (1 + 1 / s**2, {s: (-1, 1)}),
    "root": (sqrt(s), {s: (-1, 1)}),
}


def written(data: Data | None) -> dict[str, Any]:
    assert data is not None
    return json.loads(json.dumps(data))


@pytest.mark.parametrize("name", TRUE)
def test_positive_functions_are_proved_and_checked(name: str) -> None:
    data = written(prove_on_box(*TRUE[name]))
    assert recheck(data) is True
    lower = {**data, "positive": f"{data['positive']} - 20"}
    assert recheck(lower) is False


@pytest.mark.parametrize("name", FALSE)
def test_false_neighbors_are_not(name: str) -> None:
    assert prove_on_box(*FALSE[name], budget_ms=500) is None
    f, box = FALSE[name]
    domain = [[str(end) for end in side] for side in box.values()]
    claim = {"positive": str(f), "domain": dict(zip(map(str, box), domain, strict=True))}
    assert recheck({"kind": "enclosed:arb", **claim, "boxes": [domain]}) is False


@pytest.mark.parametrize("name", TRUE)
def test_a_gap_is_found(name: str) -> None:
    data = written(prove_on_box(*TRUE[name]))
    for k in range(len(data["boxes"])):
        assert recheck({**data, "boxes": data["boxes"][:k] + data["boxes"][k + 1 :]}) is False
    first = data["boxes"][0]
    moved = [[*side] for side in first]
    low, high = moved[0]
    moved[0] = [str(Rational(low) + Rational(1, 10**9)) if low != "-oo" else "-10**9", high]
    assert recheck({**data, "boxes": [moved, *data["boxes"][1:]]}) is False


def test_a_wider_claim_needs_more_boxes() -> None:
    data = written(prove_on_box(*TRUE["root"]))
    assert recheck({**data, "domain": {"s": ["-3", "301/100"]}}) is False
    assert recheck({**data, "domain": {"s": ["-3", "oo"]}}) is False
    with pytest.raises(BadData, match="empty"):
        recheck({**data, "domain": {"s": ["3", "-3"]}})
    with pytest.raises(BadData, match="one side for each"):
        recheck({**data, "domain": {"s": ["-3", "3"], "t": ["0", "1"]}})
    with pytest.raises(BadData, match="does not name"):
        recheck({**data, "positive": "1 + t**2"})


leaf = st.sampled_from([x, y, sp.Integer(2), Rational(-1, 3), sp.Integer(1)])
functions = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda p: p[0] + p[1]),
        st.tuples(inner, inner).map(lambda p: p[0] * p[1]),
        st.tuples(inner, inner).map(lambda p: p[0] / (2 + sp.Abs(p[1]))),
        inner.map(lambda e: e**2),
        st.tuples(st.sampled_from([exp, tanh, sp.sin, sp.cos, sp.atan, sp.Abs]), inner).map(
            lambda p: p[0](p[1])
        ),
        st.tuples(inner, inner).map(lambda p: sp.Max(p[0], p[1])),
        inner.map(lambda e: log(1 + e**2)),
        inner.map(lambda e: sqrt(1 + e**2)),
    ),
    max_leaves=5,
)
ends = st.fractions(min_value=-2, max_value=2, max_denominator=8).map(
    lambda f: Rational(f.numerator, f.denominator)
)
sides = st.tuples(ends, ends).map(lambda e: (min(e), max(e)))
fractions = st.fractions(min_value=0, max_value=1, max_denominator=16)


def number(value: Any) -> Fraction:
    return Fraction(str(sp.N(value, 30)))


def along(side: Any, t: Fraction) -> Rational:
    low, high = side
    return low + (high - low) * Rational(t.numerator, t.denominator)


@settings(max_examples=150)
@given(functions, sides, sides, fractions, fractions, fractions)
@example(
    exp(x) * y, (Rational(-1), Rational(1)), (Rational(-2), Rational(0)), *map(Fraction, "101")
)
def test_enclosures_hold_every_value(
    f: Any, first: Any, second: Any, t: Fraction, u: Fraction, v: Fraction
) -> None:
    """Both programs' enclosures hold the values, and the slopes every difference quotient."""
    assume(f.free_symbols)
    box = {x: first, y: second}
    value, other = (number(f.subs({x: along(first, q), y: along(second, u)})) for q in (t, v))
    near = Fraction(1, 10**20) * (1 + abs(value) + abs(other))  # the values are rounded
    found = enclosure(f, {name: between(*side) for name, side in box.items()})
    assert found.low is None or fraction(found.low) <= value + near
    assert found.high is None or fraction(found.high) >= value - near
    place = tuple((fraction(low), fraction(high)) for low, high in box.values())
    jet = evaluate(read(str(f)), Jets(("x", "y"), place))
    assert jet.value.low is None or jet.value.low <= value + near
    assert jet.value.high is None or jet.value.high >= value - near
    width = fraction(along(first, v) - along(first, t))
    if jet.slopes is not None and width > 0:
        slope = jet.slopes[0]
        assert slope.low is None or slope.low * width <= other - value + near
        assert slope.high is None or slope.high * width >= other - value - near


def fraction(end: Any) -> Fraction:
    rational = end.fmpq() if hasattr(end, "fmpq") else end
    return Fraction(int(rational.p), int(rational.q))


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 7), st.booleans()), max_size=12), st.data())
def test_covers_of_halved_boxes(cuts: list[tuple[int, bool]], data: st.DataObject) -> None:
    unit = (Fraction(0), Fraction(1))
    boxes = [(unit, unit)]
    for number, across in cuts:
        box = boxes.pop(number % len(boxes))
        low, high = box[int(across)]
        middle = (low + high) / 2
        for side in ((low, middle), (middle, high)):
            boxes.append((box[0], side) if across else (side, box[1]))
    boxes = data.draw(st.permutations(boxes))
    assert covers(boxes, (unit, unit))
    missing = data.draw(st.integers(0, len(boxes) - 1))
    assert not covers(boxes[:missing] + boxes[missing + 1 :], (unit, unit))


def test_roots_are_enclosed_and_forgeries_found() -> None:
    data = written(enclose_root(sp.cos(x) - x, x, (0, 1), Rational(1, 1000)))
    low, high = map(Rational, data["enclosure"])
    assert low < Rational("0.739085133215160641655312087674") < high  # the Dottie number
    assert recheck(data) is True
    assert recheck({**data, "sign": -data["sign"]}) is False
    assert recheck({**data, "enclosure": ["1/2", "5/8"]}) is False
    assert recheck({**data, "function": f"({data['function']})**2"}) is False
    assert recheck({**data, "interval": ["0", "2"]}) is False
    assert recheck({**data, "slope": []}) is False
    with pytest.raises(BadData, match="within"):
        recheck({**data, "enclosure": ["1/2", "5/4"]})
    assert enclose_root(x**3 - x, x, (-2, 2), Rational(1, 8)) is None  # three roots
    assert enclose_root(x**2, x, (-1, 1), Rational(1, 8)) is None


def test_what_no_box_can_be_made_of() -> None:
    with pytest.raises(Undecided, match="no side to y"):
        prove_on_box(x + y, {x: (0, 1)})
    with pytest.raises(Undecided, match="rational ends"):
        prove_on_box(x, {x: (0, sqrt(2))})
    with pytest.raises(Undecided, match="empty"):
        prove_on_box(x, {x: (1, 0)})
    assert prove_on_box(sp.zeta(x), {x: (2, 3)}, budget_ms=100) is None


def test_the_budget_is_kept() -> None:
    start = time.monotonic()
    assert prove_on_box(sp.exp(x) - 1 - x + x**2 / 10**9, {x: (-1, 1)}, budget_ms=300) is None
    assert time.monotonic() - start < 5  # 0.3 s, and room for a busy machine
