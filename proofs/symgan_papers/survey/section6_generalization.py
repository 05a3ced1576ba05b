r"""Section 6: what it means that a generator generalizes, and under which distances it does."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Integer, Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.survey.model_section6 import (
    Place,
    disjoint_draws,
    jensen_shannon,
    measured_js,
    total_variation,
)

n = Symbol("n", integer=True, positive=True)
a, b, c, d, t = sp.symbols("a b c d t", positive=True)
chance, gap, value, near, own = sp.symbols("chance gap value near own", real=True)
x, y = sp.symbols("x y", real=True)
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
    "polynomial number of examples: both distributions uniform on n points, distance 0, two "
    "examples each; where the samples are disjoint the empirical divergence is log 2, and that has "
    "more than an even chance",
    expect=Verdict.CONDITIONAL,
    repair="say in the dimension: on 2^dim points polynomially many examples are disjoint with "
    "chance at least 1 - m^2/n; on a fixed number of points either distance generalizes, since the "
    "empirical weights converge",
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


@claim(
    "survey.neural-distance.generalizes",
    source="section 6, below the third display",
    formal=r"gap \le |x| + |y|",
    says="the surrogate loss of the Wasserstein GAN generalizes: over a class {1_A, 1 - 1_A} the "
    "distance is |mu(A) - nu(A)|, and sampling changes mu(A) - nu(A) by no more (gap) than it "
    "changes mu(A), by x, and nu(A), by y, together; these are small by Hoeffding, for a finite "
    "class all at once",
    expect=Verdict.PROVED,
)
def surrogate() -> Examination:
    def number(place: Place) -> Any:
        mu, nu = mpmath.mpf(2) / 3, mpmath.mpf(1) / 5
        return abs((mu + place["x"] - nu - place["y"]) - (mu - nu))

    return Examination(
        gap <= sp.Abs(x) + sp.Abs(y),
        {gap: sp.Abs(sp.expand((a + x - b - y) - (a - b)))},
        by_numbers(
            {gap: number},
            points=(
                {x: HALF, y: Rational(-1, 3)},
                {x: Rational(-1, 5), y: Rational(-4, 5)},
                {x: Rational(1, 7), y: 0},
            ),
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
    formal=r"near = 0",
    says="the neural net distance can be small though mu and nu are not close: A the first two of "
    "four points, mu uniform on the first and third, nu on the others; the class {1_A, 1 - 1_A} "
    "sees no difference and total variation is 1",
    expect=Verdict.PROVED,
)
def small() -> Examination:
    zero = Integer(0)
    mu, nu = (HALF, zero, HALF, zero), (zero, HALF, zero, HALF)
    inside = (1, 1, 0, 0)
    seen = sp.Abs(sum((w - u) * i for w, u, i in zip(mu, nu, inside, strict=True)))

    def atoms() -> tuple[list[int], list[int]]:
        return [0, 2], [1, 3]

    def of_class(place: Place) -> Any:
        one, two = atoms()
        return abs(mpmath.mpf(sum(x < 2 for x in one) - sum(x < 2 for x in two)) / 2)

    def all_events(place: Place) -> Any:
        one, two = atoms()
        events = [{k for k in range(4) if code >> k & 1} for code in range(16)]
        return max(mpmath.mpf(sum(x in e for x in one) - sum(x in e for x in two)) / 2
                   for e in events)  # fmt: skip

    return Examination(
        sp.And(eq(near, 0 * a), eq(value, 1)),
        {near: seen, value: total_variation(mu, nu)},
        by_numbers({near: of_class, value: all_events}, points=({a: 1},), kind="enumerated"),
    )
