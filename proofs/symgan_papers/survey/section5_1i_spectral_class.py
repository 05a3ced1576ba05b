r"""Section 5.1.4: which functions spectrally normalized ReLU discriminators are.

On the line, without offsets, such a network is alpha x for x > 0 and -beta x for x < 0: only its
values alpha and beta at 1 and -1 matter. |x| has alpha = beta = 1.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.analysis.lipschitz import relu_network, spectral_norm
from symgan.claims import Examination, Step, Verdict, by_numbers, by_z3, claim, eq
from symgan_papers.survey.model_part1 import largest
from symgan_papers.survey.section5_1h_spectral import divided, plain_network

v_1, v_2, w_1, w_2 = sp.symbols("v_1 v_2 w_1 w_2", positive=True)
A, B, mu, nu = sp.symbols("A B mu nu", nonnegative=True)
ROUNDS = 30
"""Golden sections of an angle, which leave 1e-6 of it."""
ROTATING = (((1,), (-1,)), ((1, -1), (1, 1)), ((1, 2),))
"""Three layers: the second turns the plane by 45 degrees."""


def _slopes() -> tuple[Any, Any]:
    """One-sided slopes at 0 of v_1 relu(w_1 x) + v_2 relu(-w_2 x)."""
    x = Symbol("x", positive=True)

    def output(at: Any) -> Any:
        return v_1 * sp.Max(0, w_1 * at) + v_2 * sp.Max(0, -w_2 * at)

    return sp.diff(output(x), x), sp.diff(output(-x), x)


@claim(
    "survey.settled.spectral.two-layers",
    source="ours, to section 5.1.4",
    formal=r"M = 1 - \frac{(v_1 - w_1)^2 + (v_2 - w_2)^2}{2}",
    says="a normalized ReLU network of two layers from the line to the line without offsets has "
    "one-sided slopes at 0 whose sizes add to at most 1; here M is their sum for two neurons "
    "that look either way, |v| = |w| = 1. So it represents no |x|, whose slopes are 1 and -1",
    expect=Verdict.PROVED,
)
def two_layers() -> Examination:
    total = Symbol("M", real=True)
    right, left = _slopes()  # the second is the slope in -x, which is as large as that in x
    exact = {total: right + left}

    def measured(p: Any) -> Any:
        layers = (((p["w_1"],), (-p["w_2"],)), ((p["v_1"], p["v_2"]),))
        ends = [plain_network(layers, [mpmath.mpf(side)])[0] for side in (1, -1)]
        return abs(ends[0]) + abs(ends[1])

    three, four = Rational(3, 5), Rational(4, 5)
    points = (
        {v_1: three, v_2: four, w_1: four, w_2: three},
        {v_1: three, v_2: four, w_1: three, w_2: four},
        {v_1: Rational(5, 13), v_2: Rational(12, 13), w_1: four, w_2: three},
    )
    unit = sp.And(sp.Eq(v_2, sp.sqrt(1 - v_1**2)), sp.Eq(w_2, sp.sqrt(1 - w_1**2)))
    return Examination(
        eq(total, 1 - ((v_1 - w_1) ** 2 + (v_2 - w_2) ** 2) / 2),
        exact,
        by_numbers({total: measured}, kind="evaluated:mpmath", points=points),
        given=sp.And(unit, v_1 < 1, w_1 < 1),
        steps=(Step("any number of neurons: |v_i w_i| add to at most |v| |w| (Cauchy-Schwarz)"),),
    )


@claim(
    "survey.settled.spectral.halved",
    source="ours, to section 5.1.4",
    formal=r"V_1 = 1, \quad V_2 = \frac{1}{2}",
    says="with normalized discriminators of two such neurons the Wasserstein objective is not a "
    "multiple of the distance: data at 1 and a generator at 0 are valued V_1 = 1, data at -1 and "
    "1 with equal chances V_2 = 1/2, though both are at Wasserstein distance 1",
    expect=Verdict.PROVED,
)
def halved() -> Examination:
    one, both, angle = sp.symbols("V_1 V_2 phi", real=True)
    right, left = _slopes()
    # The best v for slopes (w_1, w_2) is along them; |w| = 1 leaves one angle.
    ray = {w_1: sp.cos(angle), w_2: sp.sin(angle)}
    aligned = {v_1: sp.cos(angle), v_2: sp.sin(angle)}
    exact = {
        one: right.subs({v_1: 1, w_1: 1}),
        both: sp.trigsimp(((right + left) / 2).subs(ray).subs(aligned)),
    }

    def best(value: Any) -> Any:
        """The largest value over unit w and unit v, by golden sections in both angles."""

        def over_v(first: Any) -> Any:
            return largest(lambda second: value(first, second), 0, mpmath.pi / 2, ROUNDS)

        top = largest(lambda first: value(first, over_v(first)), 0, mpmath.pi / 2, ROUNDS)
        return value(top, over_v(top))

    def outputs(first: Any, second: Any) -> list[Any]:
        """D at -1, 0 and 1."""
        below = ((mpmath.cos(first),), (-mpmath.sin(first),))
        layers = (below, ((mpmath.cos(second), mpmath.sin(second)),))
        return [plain_network(layers, [mpmath.mpf(x)])[0] for x in (-1, 0, 1)]

    def alone(first: Any, second: Any) -> Any:
        return outputs(first, second)[2] - outputs(first, second)[1]

    def mean(first: Any, second: Any) -> Any:
        found = outputs(first, second)
        return (found[0] + found[2]) / 2 - found[1]

    return Examination(
        sp.And(eq(one, 1), eq(both, Rational(1, 2))),
        exact,
        # The places are known to 1e-6, the values of a flat maximum to 1e-12.
        by_numbers(
            {one: lambda _: best(alone), both: lambda _: best(mean)},
            kind="maximized:mpmath",
            points=({},),
            digits=11,
        ),
    )


@claim(
    "survey.settled.spectral.zero-weights",
    source="ours, to section 5.1.4",
    formal=r"R = 1, \quad S = -1",
    says="normalization is undefined at a zero matrix, and cannot be made continuous there: from "
    "above and from below 0 a weight w/|w| tends to R = 1 and S = -1",
    expect=Verdict.PROVED,
)
def zero_weights() -> Examination:
    above, below, y = sp.symbols("R S y", real=True)
    exact = {above: sp.limit(y / sp.Abs(y), y, 0, "+"), below: sp.limit(y / sp.Abs(y), y, 0, "-")}
    tiny = mpmath.mpf(10) ** -300
    numbers = {
        above: lambda _: divided([[[tiny]]])[0][0][0],
        below: lambda _: divided([[[-tiny]]])[0][0][0],
    }
    return Examination(
        sp.And(eq(above, 1), eq(below, -1)),
        exact,
        by_numbers(numbers, kind="evaluated:mpmath", points=({},)),
    )


@claim(
    "survey.settled.spectral.any-depth",
    source="ours, to section 5.1.4",
    formal=r"Q \le A^2 + B^2",
    says="at any depth alpha^2 + beta^2 <= 1, so that no normalized network is |x|, and the "
    "objective for data at -1 and 1 against a generator at 0 is at most 1/sqrt(2) of the "
    "distance, which depth approaches (survey.settled.spectral.approached): A and B are the sizes "
    "of the first layer's positive and negative weights, A^2 + B^2 = 1; the layers above shrink "
    "them to mu A and nu B, of which Q is the sum of squares",
    expect=Verdict.PROVED,
)
def any_depth() -> Examination:
    total = Symbol("Q", real=True)
    exact = {total: (mu * A) ** 2 + (nu * B) ** 2}
    return Examination(
        total <= A**2 + B**2,
        exact,
        by_z3(exact),
        given=sp.And(mu <= 1, nu <= 1),
        steps=(
            Step("at x = 1 the first layer leaves its positive weights, of size A; at -1 the rest"),
            Step("what is above has constant at most 1 and maps 0 to 0: |D(1)| <= A, |D(-1)| <= B"),
            Step("(alpha + beta)/2 <= 1/sqrt(2) where alpha^2 + beta^2 <= 1"),
        ),
    )


@claim(
    "survey.settled.spectral.three-layers",
    source="ours, to section 5.1.4",
    formal=r"V = \frac{\sqrt{5}}{4}",
    says="depth helps: three normalized layers, the second a rotation, value data at -1 and 1 "
    "against a generator at 0 at V = sqrt(5)/4, more than the 1/2 of two layers",
    expect=Verdict.PROVED,
)
def three_layers() -> Examination:
    value = Symbol("V", real=True)
    network = relu_network(ROTATING)
    scale = sp.prod([spectral_norm(W) for W in network.weights])
    ends = [network(x)[0] for x in (1, -1)]
    exact = {value: sp.radsimp(sum(ends) / 2 / scale)}

    def measured(_: Any) -> Any:
        layers = divided(ROTATING)
        left, middle, right = (plain_network(layers, [mpmath.mpf(x)])[0] for x in (-1, 0, 1))
        return (left + right) / 2 - middle

    return Examination(
        eq(value, sp.sqrt(5) / 4),
        exact,
        by_numbers({value: measured}, kind="svd:mpmath", points=({},)),
    )


def _merging(count: int) -> list[Any]:
    """Layers that bring the signals of x = 1 and x = -1 together in so many equal falls."""
    root = mpmath.sqrt(2)
    layers: list[Any] = [[[1 / root], [-1 / root]]]
    middle, gap = [1 / root, 1 / root], [1 / root, -1 / root]  # directions of half sum, difference
    p, q = mpmath.mpf(1) / 2, mpmath.mpf(1) / 2  # and the sizes along them
    c = root * q / count
    for _ in range(count):
        tilt = (q / root - c) / p
        to = [mpmath.sqrt(1 - 2 * tilt**2), tilt, tilt]
        apart = [mpmath.mpf(0), 1 / root, -1 / root]
        layers.append(
            [
                [x * u + y * v for u, v in zip(middle, gap, strict=True)]
                for x, y in zip(to, apart, strict=True)
            ]
        )
        b = root * q - c
        half = [p * to[0], b / 2, b / 2]
        p, q = mpmath.norm(half), b / root
        middle, gap = [x / p for x in half], apart
    return [*layers, [middle]]


@claim(
    "survey.settled.spectral.approached",
    source="ours, to section 5.1.4",
    formal=r"L = c^2, \quad Q = \frac{N - 1}{2 N}",
    says="the bound 1/sqrt(2) of survey.settled.spectral.any-depth is approached, never reached in "
    "this way: N + 2 normalized layers value data at -1 and 1 against a generator at 0 at the "
    "square root of Q. Each layer between turns the signals of 1 and -1, p s + q d and p s - q d "
    "with s and d orthonormal, so that a ReLU cuts off an entry -c of either: it costs L of the "
    "squared size p^2 + q^2, but c/sqrt(2) of q, so that N small cuts cost little",
    expect=Verdict.PROVED,
)
def approached() -> Examination:
    lost, square = sp.symbols("L Q", real=True)
    b, c, p, f, count = sp.symbols("b c p f N", positive=True)
    q = (b + c) / sp.sqrt(2)  # then the entries are b and -c
    tilt = (b - c) / (2 * p)
    unit = {f**2: 1 - 2 * tilt**2}
    right = sp.Matrix([p * f, p * tilt + q / sp.sqrt(2), p * tilt - q / sp.sqrt(2)])
    left = sp.Matrix([right[0], right[2], right[1]])
    cut = [u.applyfunc(lambda e: sp.Max(0, sp.expand(e))) for u in (right, left)]
    loss = sp.expand((p**2 + q**2 - sum(e**2 for e in cut[0])).subs(unit))
    apart = sp.Matrix([0, *(cut[0] - cut[1])[1:]])
    fall = sp.expand(q - sp.sqrt(apart.dot(apart)) / 2)
    start = Rational(1, 2)  # p = q = 1/2 above the first layer
    (each,) = sp.solve(fall - start / count, c)
    exact = {lost: loss, square: 2 * start**2 - count * loss.subs(c, each)}

    def value(place: Any) -> Any:
        layers = divided(_merging(int(place["N"])))
        ends = [plain_network(layers, [mpmath.mpf(x)])[0] for x in (1, -1)]
        return (sum(ends) / 2) ** 2

    def cost(place: Any) -> Any:
        size, cut, p = place["b"], place["c"], place["p"]
        tilt = (size - cut) / (2 * p)
        before = p**2 + (size + cut) ** 2 / 2
        return before - (p**2 * (1 - 2 * tilt**2) + size**2)

    points = tuple({b: 1, c: Rational(1, n), p: 2, count: n} for n in (2, 3, 5))
    return Examination(
        sp.And(eq(lost, c**2), eq(square, (count - 1) / (2 * count))),
        exact,
        by_numbers({lost: cost, square: value}, kind="svd:mpmath", points=points, digits=30),
        steps=(
            Step("the fall of q in a layer", fall),
            Step("the cut that lets q fall from 1/2 to 0 in N layers", each),
            Step("at q = 0 the signals are one, and the last layer is along them"),
        ),
    )
