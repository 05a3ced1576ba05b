r"""Section 6, second half: the distance of a class of functions, and of neural nets."""

from __future__ import annotations

from itertools import product
from typing import Any

import mpmath
import sympy as sp
from sympy import Expr, Integer, Rational, Symbol

from symgan.analysis.divergence import jensen_shannon
from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.survey.model_section6 import (
    CORNERS,
    Place,
    average,
    distance,
    matched,
    measured_js,
    total_variation,
)

dim = Symbol("dim", integer=True, positive=True)
m = Symbol("m", integer=True, positive=True)
a, b, t = sp.symbols("a b t", positive=True)
gap, value, near, own, total = sp.symbols("gap value near own total", real=True)
cost, seen = sp.symbols("cost seen", real=True)
x, y, apart, w1, w2, c = sp.symbols("x y apart w1 w2 c", real=True)
HALF = Rational(1, 2)


@claim(
    "survey.f-divergence.distance",
    source="section 6, third display",
    printed=r"d_{\mathcal{F},\phi} = \sup_{D \in \mathcal{F}} \mathbb{E}_{x \sim \mu} [\phi(D(x))]"
    r" + \mathbb{E}_{x \sim \nu} [\phi(1 - D(x))] - 2\phi(1/2)",
    formal=r"own = 0",
    says="a distance between distributions: 0 from a distribution to itself, for any class that "
    "holds 1 - f with f: the class of the constants t and 1 - t, phi = log (own: its exp less 1)",
    expect=Verdict.CONDITIONAL,
    repair="let the class hold the constant 1/2; without it log 4t(1 - t) < 0 is found",
)
def own_distance() -> Examination:
    def number(place: Place) -> Any:
        values = (place["t"], 1 - place["t"])
        best = max(mpmath.log(x) + mpmath.log(1 - x) for x in values)
        return mpmath.exp(best - 2 * mpmath.log(mpmath.mpf(1) / 2)) - 1

    log_distance = sp.log(t) + sp.log(1 - t) - 2 * sp.log(HALF)
    return Examination(
        eq(own, 0 * t),
        {own: sp.expand(sp.exp(sp.logcombine(log_distance, force=True))) - 1},
        by_numbers({own: number}, points=({t: HALF}, {t: Rational(1, 4)}), kind="maximized"),
        given=t < 1,
        condition=eq(t, HALF),
        setting={t: HALF},
        steps=(Step("both constants give phi(t) + phi(1 - t) - 2 phi(1/2)"),),
    )


def _objective(weight: Any, other: Any, score: Any) -> Any:
    return weight * sp.log(score) + other * sp.log(1 - score)


@claim(
    "survey.f-divergence.jensen-shannon",
    source="section 6, third display",
    formal=r"value = 2 near",
    says="with phi = log and all functions it is twice the Jensen-Shannon divergence: mu = (a, 1 - "
    "a) and nu = (b, 1 - b), the supremum taken atom by atom (near: the divergence)",
    expect=Verdict.PROVED,
)
def twice_js() -> Examination:
    score = Symbol("score", positive=True)
    best = Integer(0)
    for w, u in ((a, b), (1 - a, 1 - b)):
        (root,) = sp.solve(sp.diff(_objective(w, u, score), score), score)
        best += _objective(w, u, sp.cancel(root))
    supremum = best - 2 * sp.log(HALF)

    def number(place: Place) -> Any:
        pair = ([place["a"], 1 - place["a"]], [place["b"], 1 - place["b"]])
        return 2 * measured_js(*pair)

    def plain(place: Place) -> Any:
        total = mpmath.mpf(0)
        for w, u in ((place["a"], place["b"]), (1 - place["a"], 1 - place["b"])):
            middle = (w + u) / 2
            total += w * mpmath.log(w / middle) + u * mpmath.log(u / middle)
        return total / 2

    return Examination(
        eq(value - 2 * near, 0 * a),
        {value: supremum, near: jensen_shannon((a, 1 - a), (b, 1 - b))},
        by_numbers(
            {value: number, near: plain},
            points=({a: HALF, b: Rational(1, 3)}, {a: Rational(1, 5), b: Rational(4, 5)}),
            kind="searched:mpmath",
            digits=30,
        ),
        given=sp.And(a < 1, b < 1),
    )


def _identity_value(score: tuple[Any, Any], mu: Any, nu: Any) -> Any:
    """E_mu D + E_nu (1 - D) - 1, D on two atoms."""
    return sum(w * f + u * (1 - f) for f, w, u in zip(score, mu, nu, strict=True)) - 1


@claim(
    "survey.f-divergence.identity",
    source="section 6, third display",
    formal=r"value = |a - b|",
    says="with phi(t) = t, the loss of the Wasserstein GAN, the distance is the largest difference "
    "of means over the class; over all functions into [0, 1] it is total variation: mu = (a, "
    "1 - a) and nu = (b, 1 - b)",
    expect=Verdict.PROVED,
)
def identity_value() -> Examination:
    f, g = sp.symbols("f g", real=True)
    objective = sp.expand(_identity_value((f, g), (a, 1 - a), (b, 1 - b)))
    largest: Expr = objective.subs({f: 0, g: 0})
    for slope in (sp.diff(objective, f), sp.diff(objective, g)):
        largest += (slope + sp.Abs(slope)) / 2  # affine: the value 1 where the slope is positive

    def number(place: Place) -> Any:
        pair = [[place[s], 1 - place[s]] for s in ("a", "b")]
        grid = [mpmath.mpf(k) / 8 for k in range(9)]
        return max(_identity_value((f, g), *pair) for f in grid for g in grid)

    return Examination(
        eq(value, sp.Abs(a - b)),
        {value: sp.expand(largest)},
        by_numbers(
            {value: number},
            points=({a: HALF, b: Rational(1, 3)}, {a: Rational(1, 5), b: Rational(4, 5)}),
            kind="searched:mpmath",
            digits=30,
        ),
        given=sp.And(a < 1, b < 1),
        steps=(Step("it is affine in each value of D, which is 0 or 1 at best"),),
    )


@claim(
    "survey.neural-distance.generalizes",
    source="section 6, below the third display",
    formal=r"gap \le |x| + |y|",
    says="the surrogate loss of the Wasserstein GAN generalizes: over a class {1_A, 1 - 1_A} the "
    "distance is |mu(A) - nu(A)|, and sampling raises it by no more (gap) than it changes mu(A), "
    "by x, and nu(A), by y, together; nor does it lower it by more, as the two distances change "
    "places with -x and -y; these are small by Hoeffding, for a finite class all at once (exactly: "
    "survey.settled.neural-distance.polynomial)",
    expect=Verdict.PROVED,
)
def surrogate() -> Examination:
    def of_class(inside: Any, other: Any) -> Any:
        """The larger of both differences of means, for 1_A and 1 - 1_A."""
        return sp.Abs(inside - other)

    def number(place: Place) -> Any:
        def largest(one: Any, two: Any) -> Any:
            scores = ((1, 0), (0, 1))
            return max(_identity_value(f, (one, 1 - one), (two, 1 - two)) for f in scores)

        mu = mpmath.mpf(2) / 3
        nu = mu - place["apart"]
        return largest(mu + place["x"], nu + place["y"]) - largest(mu, nu)

    return Examination(
        gap <= sp.Abs(x) + sp.Abs(y),
        {gap: of_class(a + x, a - apart + y) - of_class(a, a - apart)},
        by_numbers(
            {gap: number},
            points=(
                {apart: Rational(2, 5), x: Rational(1, 3), y: Rational(-1, 5)},
                {apart: Rational(2, 5), x: Rational(-1, 5), y: Rational(2, 3)},
                {apart: 0, x: Rational(1, 7), y: 0},
                {apart: 0, x: 0, y: Rational(-1, 7)},
            ),
        ),
    )


@claim(
    "survey.settled.neural-distance.polynomial",
    source="section 6, below the third display",
    formal=r"total = dim / (2 m)",
    says="where the Wasserstein distance fails, on the corners of the cube {0, 1}^dim, a neural "
    "net distance needs but a number of examples polynomial in dim: the nets read one coordinate "
    "or its complement; for m examples each of two uniform distributions the sum of the squared "
    "differences of the coordinates' means is this on average, and the largest is no more, so "
    "that the distance exceeds epsilon with chance at most dim/(2 m epsilon^2)",
    expect=Verdict.PROVED,
)
def polynomial() -> Examination:
    bits = (Integer(0), Integer(1))
    one_draw = sp.Add(*((bit - HALF) ** 2 / 2 for bit in bits))

    def number(place: Place) -> Any:
        width, size = int(place["dim"]), int(place["m"])

        def squares(one: Any, two: Any) -> Any:
            means = (sum(p[i] for p in one) - sum(p[i] for p in two) for i in range(width))
            return sum((mpmath.mpf(d) / size) ** 2 for d in means)

        return average(list(product((0, 1), repeat=width)), size, squares)

    return Examination(
        eq(total, dim / (2 * m)),
        {total: dim * (m * one_draw / m**2 + m * one_draw / m**2)},
        by_numbers(
            {total: number},
            points=({dim: 1, m: 3}, {dim: 2, m: 2}, {dim: 3, m: 1}),
            kind="enumerated",
            digits=30,
        ),
    )


@claim(
    "survey.neural-distance.networks",
    source="section 6, below the third display",
    says="F a class of neural nets with n parameters: the neural net distance, which generalizes",
    expect=Verdict.INFORMAL,
    reason="about networks at large; for finite classes the bound is "
    "survey.neural-distance.generalizes, and the source covers Lipschitz nets by such classes",
)
def networks() -> None: ...


@claim(
    "survey.neural-distance.small",
    source="section 6, last paragraph",
    says="the neural net distance can be small though mu and nu are not close: mu uniform on two "
    "opposite corners of the square and nu on the others; every linear net w1 x + w2 y + c sees "
    "the same mean (near), yet total variation (value) and the Wasserstein distance (cost) are 1; "
    "two hidden units, ReLU(x + y) - 2 ReLU(x + y - 1), see the whole difference (seen)",
    expect=Verdict.PROVED,
)
def small() -> Examination:
    weights = (HALF, HALF, -HALF, -HALF)
    mu, nu = (HALF, HALF, 0, 0), (0, 0, HALF, HALF)
    linear = sp.Add(
        *(k * (w1 * u + w2 * v + c) for k, (u, v) in zip(weights, CORNERS, strict=True))
    )
    hidden = [sp.Max(0, u + v) - 2 * sp.Max(0, u + v - 1) for u, v in CORNERS]
    lengths = [sp.sqrt((u - p) ** 2 + (v - q) ** 2) for u, v in CORNERS[:2] for p, q in CORNERS[2:]]
    straight, crossed = lengths[0] + lengths[3], lengths[1] + lengths[2]
    exact = {
        near: sp.expand(linear),
        value: total_variation(mu, nu),
        cost: sp.Min(straight, crossed) / 2,
        seen: -sp.Add(*(k * f for k, f in zip(weights, hidden, strict=True))),
    }

    def means(net: Any) -> Any:
        values = [net(*corner) for corner in CORNERS]
        return mpmath.mpf(sum(values[:2]) - sum(values[2:])) / 2

    def of_linear(place: Place) -> Any:
        return means(lambda u, v: place["w1"] * u + place["w2"] * v + place["c"])

    def all_events(_: Place) -> Any:
        return max(means(lambda u, v, e=e: int((u, v) in e)) for e in _events())

    def relu(_: Place) -> Any:
        return -means(lambda u, v: max(0, u + v) - 2 * max(0, u + v - 1))

    return Examination(
        sp.And(eq(near, 0 * w1), eq(value, 1), eq(cost, 1), eq(seen, 1)),
        exact,
        by_numbers(
            {
                near: of_linear,
                value: all_events,
                cost: lambda _: matched(CORNERS[:2], CORNERS[2:], distance),
                seen: relu,
            },
            points=({w1: 1, w2: -2, c: 3}, {w1: Rational(1, 3), w2: 5, c: -1}),
            kind="enumerated",
        ),
    )


def _events() -> list[set[tuple[int, int]]]:
    """All sets of corners."""
    return [{CORNERS[k] for k in range(4) if code >> k & 1} for code in range(16)]
