r"""Section 6, first half: what it means that a generator generalizes; samples of finite spaces."""

from __future__ import annotations

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
    disjoint_draws,
    distance,
    largest_slope,
    matched,
    measured_js,
    total_variation,
)

n = Symbol("n", integer=True, positive=True)
m = Symbol("m", integer=True, positive=True)
a, b, c, d = sp.symbols("a b c d", positive=True)
chance, value, plan, price = sp.symbols("chance value plan price", real=True)
meetings, mean, spread = sp.symbols("meetings mean spread", real=True)
HALF = Rational(1, 2)


@claim(
    "survey.generalization.forget",
    source="section 6, first paragraph",
    says="analyzing convergence one may forget the purpose; whether equilibria generalize is to be "
    "asked",
    expect=Verdict.INFORMAL,
    reason="motivation",
)
def forget() -> None: ...


@claim(
    "survey.generalization.risk",
    source="section 6, first display",
    printed=r"\underset{x \sim p_{data}}{\mathbb{E}}[l(f(x; \theta(X)))]",
    says="in supervised learning generalization is captured by the risk",
    expect=Verdict.INFORMAL,
    reason="a definition; as printed the loss sees no label, which supervised learning has",
)
def risk() -> None: ...


@claim(
    "survey.generalization.no-loss",
    source="section 6, second paragraph",
    says="in a likelihood-free approach a loss for the whole model is probably nonexistent",
    expect=Verdict.INFORMAL,
    reason="a guess about methods, hedged by its authors",
)
def no_loss() -> None: ...


@claim(
    "survey.generalization.definition",
    source="section 6, second display",
    printed=r"|d(\mathbb{P}_{data}, \mathbb{P}_{gen}) - d(\hat{\mathbb{P}}_{data},"
    r" \hat{\mathbb{P}}_{gen})| \le \epsilon",
    says="P_gen generalizes with error epsilon if this holds with high probability",
    expect=Verdict.INFORMAL,
    reason="a definition; how high the probability is and over what it is taken is not said (the "
    "source: over the samples of both distributions, at least 1 - 1/poly)",
)
def definition() -> None: ...


def _two_samples() -> Any:
    """Two draws that miss two earlier draws, the earlier ones equal or not."""
    return sp.cancel((1 / n) * ((n - 1) / n) ** 2 + ((n - 1) / n) * ((n - 2) / n) ** 2)


@claim(
    "survey.generalization.none-polynomial",
    source="section 6, below the second display",
    formal=r"chance > 1/2",
    says="the Jensen-Shannon divergence and the Wasserstein distance do not generalize with any "
    "polynomial number of examples: both distributions uniform on n points at least 1 apart, "
    "distance 0, two examples each; where the samples are disjoint the empirical divergence is "
    "log 2 and the Wasserstein distance at least 1, and that has more than an even chance",
    expect=Verdict.CONDITIONAL,
    repair="say polynomial in the dimension: on the n = 2^dim corners of a cube m examples of each "
    "are disjoint with chance at least 1 - m^2/n (survey.settled.generalization.coincidences); on "
    "a fixed number of points either distance generalizes, since the empirical weights converge "
    "(survey.settled.generalization.two-points)",
)
def none_polynomial() -> Examination:
    return Examination(
        chance > HALF,
        {chance: _two_samples()},
        by_numbers(
            {chance: lambda place: disjoint_draws(int(place["n"]), 2)},
            points=({n: 2}, {n: 7}, {n: 8}, {n: 9}),
            kind="counted",
        ),
        condition=n >= 7,
        setting={n: 1024},
        steps=(Step("chance = (1/n)(1 - 1/n)^2 + (1 - 1/n)(1 - 2/n)^2"),),
    )


@claim(
    "survey.settled.generalization.disjoint",
    source="section 6, below the second display",
    formal=r"chance = 1 - 4/n + 6/n^2 - 3/n^3",
    says="two examples of each of two uniform distributions on n points are disjoint with exactly "
    "this probability, at least 1 - m^2/n for m = 2: with n = 2^dim no polynomial number of "
    "examples sees that the distributions are one",
    expect=Verdict.PROVED,
)
def disjoint() -> Examination:
    return Examination(
        eq(chance, 1 - 4 / n + 6 / n**2 - 3 / n**3),
        {chance: _two_samples()},
        by_numbers(
            {chance: lambda place: disjoint_draws(int(place["n"]), 2)},
            points=({n: 1}, {n: 2}, {n: 5}, {n: 9}),
            kind="counted",
        ),
    )


@claim(
    "survey.generalization.disjoint-js",
    source="section 6, below the second display",
    formal=r"value = \log{2}",
    says="between disjoint samples the Jensen-Shannon divergence is log 2, its largest value, "
    "whatever the distributions: weights a : b against c : d on four different points",
    expect=Verdict.PROVED,
)
def disjoint_js() -> Examination:
    zero = Integer(0)
    mu, nu = (a / (a + b), b / (a + b), zero, zero), (zero, zero, c / (c + d), d / (c + d))

    def number(place: Place) -> Any:
        one = [place["a"], place["b"], 0, 0]
        two = [0, 0, place["c"], place["d"]]
        return measured_js([w / sum(one) for w in one], [w / sum(two) for w in two])

    return Examination(
        eq(value, sp.log(2)),
        {value: sp.expand_log(sp.simplify(jensen_shannon(mu, nu)))},
        by_numbers(
            {value: number},
            points=({a: 1, b: 1, c: 1, d: 1}, {a: 1, b: 3, c: 2, d: 5}),
            kind="searched:mpmath",
            digits=30,
        ),
    )


@claim(
    "survey.settled.generalization.coincidences",
    source="section 6, below the second display",
    formal=r"meetings = m^2 / n",
    says="of m examples each of two uniform distributions on n points so many pairs coincide on "
    "average, so that by Markov's inequality all 2 m samples leave the two sets disjoint with "
    "chance at least 1 - m^2/n: with n = 2^dim no number of examples polynomial in dim sees that "
    "the distributions are one, be it by Jensen-Shannon divergence or Wasserstein distance",
    expect=Verdict.PROVED,
)
def coincidences() -> Examination:
    i, j, k = sp.symbols("i j k", integer=True, positive=True)
    pair = sp.summation((1 / n) * (1 / n), (k, 1, n))

    def number(place: Place) -> Any:
        return average(
            range(int(place["n"])),
            int(place["m"]),
            lambda one, two: sum(left == right for left in one for right in two),
        )

    return Examination(
        eq(meetings, m**2 / n),
        {meetings: sp.summation(pair, (i, 1, m), (j, 1, m))},
        by_numbers(
            {meetings: number},
            points=({n: 4, m: 2}, {n: 3, m: 3}, {n: 5, m: 1}, {n: 2, m: 4}),
            kind="counted",
        ),
    )


@claim(
    "survey.generalization.disjoint-wasserstein",
    source="section 6, below the second display",
    says="between disjoint samples of points at least 1 apart, such as the corners of a cube, the "
    "Wasserstein distance is at least 1, whatever the weights: a : b on two opposite corners of "
    "the square and c : d on the others, where it is 1: a plan of that cost and a function of "
    "slope at most 1 with that difference of means (plan, price)",
    expect=Verdict.PROVED,
)
def disjoint_wasserstein() -> Examination:
    mu, nu = (a / (a + b), b / (a + b)), (c / (c + d), d / (c + d))
    cost: Expr = Integer(0)
    for w, one in zip(mu, CORNERS[:2], strict=True):
        for u, two in zip(nu, CORNERS[2:], strict=True):
            cost += w * u * sp.sqrt(sum((x - y) ** 2 for x, y in zip(one, two, strict=True)))
    parity = [Integer(1 - (x + y) % 2) for x, y in CORNERS]
    gain = sp.Add(*(w * f for w, f in zip((*mu, *(-u for u in nu)), parity, strict=True)))

    def cheapest(place: Place) -> Any:
        """The cost is linear in what goes from the first to the first: an end is best."""
        w = place["a"] / (place["a"] + place["b"])
        u = place["c"] / (place["c"] + place["d"])
        ends = (max(mpmath.mpf(0), w + u - 1), min(w, u))
        far = [[distance(one, two) for two in CORNERS[2:]] for one in CORNERS[:2]]
        return min(
            t * far[0][0] + (w - t) * far[0][1] + (u - t) * far[1][0] + (1 - w - u + t) * far[1][1]
            for t in ends
        )

    def dearest(place: Place) -> Any:
        w = place["a"] / (place["a"] + place["b"])
        u = place["c"] / (place["c"] + place["d"])
        return largest_slope((w, 1 - w, -u, u - 1))

    return Examination(
        sp.And(eq(plan, 1), eq(price, 1)),
        {plan: sp.cancel(cost), price: sp.cancel(gain)},
        by_numbers(
            {plan: cheapest, price: dearest},
            points=({a: 1, b: 1, c: 1, d: 1}, {a: 1, b: 3, c: 2, d: 5}),
            kind="enumerated",
            digits=30,
        ),
        steps=(Step("a plan bounds the distance from above, such a function from below"),),
    )


def _mean_of_two() -> Expr:
    """The mean of half the sum of |X_k - Y_k|/2, with X_k and Y_k binomial, over n points."""
    u = 1 / n
    weights = [sp.binomial(2, k) * u**k * (1 - u) ** (2 - k) for k in range(3)]
    apart = sum(abs(k - j) * weights[k] * weights[j] / 2 for k in range(3) for j in range(3))
    return sp.expand(n * apart / 2)


@claim(
    "survey.settled.generalization.wasserstein-mean",
    source="section 6, below the second display",
    formal=r"mean = 1 - 2/n + 2/n^2 - 1/n^3",
    says="on n points pairwise 1 apart, both distributions uniform and so at distance 0, two "
    "examples of each have this Wasserstein distance on average: nearly 1, the largest, for "
    "large n",
    expect=Verdict.PROVED,
)
def wasserstein_mean() -> Examination:
    def number(place: Place) -> Any:
        return average(
            range(int(place["n"])),
            2,
            lambda one, two: matched(one, two, lambda x, y: mpmath.mpf(int(x != y))),
        )

    return Examination(
        eq(mean, 1 - 2 / n + 2 / n**2 - 1 / n**3),
        {mean: _mean_of_two()},
        by_numbers(
            {mean: number}, points=({n: 1}, {n: 2}, {n: 3}, {n: 5}), kind="enumerated", digits=30
        ),
        steps=(Step("with all distances 1 it is total variation, half the sum over the points"),),
    )


@claim(
    "survey.settled.generalization.two-points",
    source="section 6, second display",
    formal=r"spread = (a (1 - a) + b (1 - b)) / m",
    says="on a fixed space the Wasserstein distance does generalize: P_data has weights a, 1 - a "
    "and P_gen b, 1 - b on two points 1 apart, where it is |a - b|; the mean square of what m "
    "examples of each change a - b by is this, so that by Chebyshev's inequality the error is at "
    "most epsilon with chance at least 1 - 1/(2 m epsilon^2)",
    expect=Verdict.PROVED,
)
def two_points() -> Examination:
    def variance(w: Expr) -> Expr:
        """Of the mean of m independent draws that are 1 with chance w."""
        return m * (w * (1 - w) ** 2 + (1 - w) * (0 - w) ** 2) / m**2

    def number(place: Place) -> Any:
        size, w, u = int(place["m"]), place["a"], place["b"]

        def weight(v: Any, k: int) -> Any:
            return mpmath.binomial(size, k) * v**k * (1 - v) ** (size - k)

        return mpmath.fsum(
            weight(w, k) * weight(u, j) * (mpmath.mpf(k - j) / size - (w - u)) ** 2
            for k in range(size + 1)
            for j in range(size + 1)
        )

    return Examination(
        eq(spread, (a * (1 - a) + b * (1 - b)) / m),
        {spread: sp.expand(variance(a) + variance(b))},
        by_numbers(
            {spread: number},
            points=(
                {a: HALF, b: HALF, m: 1},
                {a: Rational(1, 3), b: Rational(1, 5), m: 2},
                {a: Rational(1, 7), b: HALF, m: 5},
            ),
            kind="summed:mpmath",
            digits=30,
        ),
        given=sp.And(a < 1, b < 1),
        steps=(
            Step("||a' - b'| - |a - b|| <= |(a' - b') - (a - b)| for the empirical a' and b'"),
            Step("a (1 - a) <= 1/4"),
        ),
    )


@claim(
    "survey.generalization.intuition",
    source="section 6, below the second display",
    says="one wants the first term small but can only optimize the second",
    expect=Verdict.INFORMAL,
    reason="a reading of the definition; what it leaves out: survey.settled.generalization.far",
)
def intuition() -> None: ...


@claim(
    "survey.settled.generalization.far",
    source="section 6, second display",
    formal=r"value = 1",
    says="to generalize is not to be near: where the supports of P_data and P_gen are disjoint so "
    "are those of any samples, and total variation is 1 for both: the error is 0 and the distance "
    "as large as can be",
    expect=Verdict.PROVED,
)
def far() -> Examination:
    zero = Integer(0)
    mu, nu = (a / (a + b), b / (a + b), zero, zero), (zero, zero, c / (c + d), d / (c + d))

    def number(place: Place) -> Any:
        one, two = [place["a"], place["b"]], [place["c"], place["d"]]
        events = ((1, 1, 0, 0), (1, 0, 1, 0), (0, 1, 0, 1), (1, 0, 0, 1))
        weights = [w / sum(one) for w in one] + [-w / sum(two) for w in two]
        return max(sum(w for w, inside in zip(weights, e, strict=True) if inside) for e in events)

    return Examination(
        eq(value, 1),
        {value: sp.cancel(total_variation(mu, nu))},
        by_numbers(
            {value: number},
            points=({a: 1, b: 2, c: 3, d: 4}, {a: 5, b: 1, c: 1, d: 1}),
            kind="maximized",
        ),
    )
