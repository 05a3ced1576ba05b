r"""Section 3: what the proof of divergence minimization leaves open.

Two atoms suffice: data of masses ((u + s)/T, r/T), a generator of masses (u/T, (s + r)/T) with
T = u + s + r, so that s > 0 is what the generator lacks on the first atom.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.analysis.divergence import gan_value, jensen_shannon, optimal_discriminator
from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.games.dirac import dirac
from symgan.losses import wasserstein
from symgan_papers.survey.model_part1 import jensen_shannon_of, largest

u, s, r = sp.symbols("u s r", positive=True)
c = Symbol("c", real=True)
p, m = sp.symbols("p m", positive=True)
w, d_1, d_2 = sp.symbols("w d_1 d_2", positive=True)
mass = Symbol("mass", positive=True)
HALVES = ({u: 1, s: 1, r: 2, c: 1}, {u: 3, s: 1, r: 1, c: 2}, {u: 1, s: 2, r: 4, c: -1})


def value_at(weights: tuple[Any, Any]) -> sp.Expr:
    """V(D) for a generator of masses (mass, 1 - mass), D free at both atoms."""
    return gan_value(weights, (mass, 1 - mass), (d_1, d_2))


@claim(
    "survey.problems.converges-to-data",
    source="section 3, first paragraph",
    formal=r"P > 0",
    says="with an optimal discriminator after each update, a training that has converged has "
    "P_gen = P_data: while the generator lacks mass s of the data's, it does not rest. P is the "
    "square of c (exp(dC/dmass) - 1), which is 0 where the slope c dC/dmass of the objective in "
    "the parameter is; c is the derivative of the mass in the parameter, C(mass) = max_D V",
    expect=Verdict.CONDITIONAL,
    amended=r"c \neq 0",
    repair="add what Goodfellow et al. assume: the generator is updated in the space of "
    "distributions (c = 1), or its parameters move every mass; where c = 0 training rests "
    "short of the data, and such a point can attract (survey.settled.divergence.trap)",
)
def converges() -> Examination:
    push = Symbol("P", real=True)
    total = u + s + r
    data, made = ((u + s) / total, r / total), (u / total, (s + r) / total)
    best = dict(zip((d_1, d_2), optimal_discriminator(data, made), strict=True))
    slope = sp.diff(value_at(data), mass)  # Danskin: at the optimum D does not matter
    ratio = sp.cancel(sp.exp(sp.logcombine(slope, force=True)).subs(best))

    def measured(place: Any) -> Any:
        total = place["u"] + place["s"] + place["r"]
        data = ((place["u"] + place["s"]) / total, place["r"] / total)

        def best_value(x: Any) -> Any:  # max_D V = 2 JS - log 4
            return 2 * jensen_shannon_of(data, (x, 1 - x))

        slope = mpmath.diff(best_value, place["u"] / total)
        return (place["c"] * (mpmath.exp(slope) - 1)) ** 2

    return Examination(
        push > 0,
        {push: (c * (ratio - 1)) ** 2},
        by_numbers({push: measured}, kind="differentiated:mpmath", points=HALVES, digits=20),
        condition=sp.Ne(c, 0),
        setting={c: 1},
        steps=(Step("exp of the slope of C in the mass of the first atom", ratio),),
    )


@claim(
    "survey.problems.does-not-say",
    source="section 3, item 1",
    says="the proof of Goodfellow et al. does not say whether the training will converge at all",
    expect=Verdict.INFORMAL,
    reason="a report on another paper's proof; under that proof's own assumptions training does "
    "converge (survey.settled.divergence.converges), so that what it leaves open is training "
    "without them",
)
def does_not_say() -> None: ...


@claim(
    "survey.settled.divergence.converges",
    source="ours, to section 3, item 1",
    formal=r"e^{S} = \frac{w (2 - p - w)}{(1 - w)(p + w)}, \quad C > \frac{1}{2}",
    says="with an optimal discriminator at every moment and a generator that descends in its mass "
    "w the training does converge, whatever the data's mass p: the slope S of the objective "
    "has the sign of w - p, since w (2 - p - w) - (1 - w)(p + w) = w - p, and its curvature C "
    "exceeds 1/2, so that |w - p| falls at least like exp(-t/2)",
    expect=Verdict.PROVED,
)
def minimum_attracts() -> Examination:
    ratio, curvature = sp.symbols("ratio C", real=True)
    data, made = (p, 1 - p), (w, 1 - w)
    best = dict(zip((d_1, d_2), optimal_discriminator(data, made), strict=True))
    slope = sp.diff(value_at(data), mass).subs(best)  # Danskin: at the optimum D does not matter
    exact = {
        ratio: sp.cancel(sp.exp(sp.logcombine(slope, force=True))),
        curvature: sp.together(sp.diff(sp.expand_log(slope, force=True), w)),
    }

    def best_value(place: Any) -> Any:
        data = (place["p"], 1 - place["p"])
        return lambda x: 2 * jensen_shannon_of(data, (x, 1 - x))

    numbers = {
        ratio: lambda place: mpmath.exp(mpmath.diff(best_value(place), place["w"])),
        curvature: lambda place: mpmath.diff(best_value(place), place["w"], 2),
    }
    points = tuple(
        {p: Rational(*one), w: Rational(*other)}
        for one, other in (((1, 2), (1, 3)), ((1, 5), (9, 10)), ((1, 100), (1, 8)))
    )
    curved = (p / (w * (p + w)), (1 - p) / ((1 - w) * (2 - p - w)))
    return Examination(
        sp.And(eq(ratio, w * (2 - p - w) / ((1 - w) * (p + w))), curvature > Rational(1, 2)),
        exact,
        by_numbers(numbers, kind="differentiated:mpmath", points=points, digits=20),
        given=sp.And(p < 1, w < 1),
        steps=(
            Step("C, as a sum over the atoms", sp.Add(*curved)),
            Step("more than p/(1 + p) + (1 - p)/(2 - p), concave in p and 1/2 at p = 0 and p = 1"),
            Step("d/dt (w - p)^2 = -2 (w - p) S <= -(w - p)^2 by the mean value theorem"),
        ),
    )


@claim(
    "survey.problems.assumes-optimal",
    source="section 3, item 2",
    formal=r"S = \ln(1 - d_1) - \ln(1 - d_2)",
    says="the proof assumes an optimal discriminator, and needs it: at P_gen = P_data with any "
    "mass w, a discriminator with outputs d_1 and d_2 moves the generator away at the slope S, "
    "unless d_1 = d_2",
    expect=Verdict.PROVED,
)
def assumes_optimal() -> Examination:
    slope = Symbol("S", real=True)
    exact = {slope: sp.diff(value_at((w, 1 - w)), mass).subs(mass, w)}

    def measured(place: Any) -> Any:
        one, other = place["d_1"], place["d_2"]

        def value(x: Any) -> Any:
            real = place["w"] * mpmath.log(one) + (1 - place["w"]) * mpmath.log(other)
            return real + x * mpmath.log(1 - one) + (1 - x) * mpmath.log(1 - other)

        return mpmath.diff(value, place["w"])

    points = (
        {w: Rational(1, 2), d_1: Rational(1, 3), d_2: Rational(1, 2)},
        {w: Rational(1, 4), d_1: Rational(4, 5), d_2: Rational(1, 5)},
    )
    return Examination(
        eq(slope, sp.log(1 - d_1) - sp.log(1 - d_2)),
        exact,
        by_numbers({slope: measured}, kind="differentiated:mpmath", points=points, digits=20),
    )


@claim(
    "survey.problems.practice",
    source="section 3, item 2",
    says="training the discriminator to the optimum after each update of the generator does not "
    "reflect the practice of training GANs",
    expect=Verdict.INFORMAL,
    reason="a description of common practice; what an imperfect discriminator does is judged in "
    "survey.problems.assumes-optimal",
)
def practice() -> None: ...


def _mean_square_error() -> sp.Expr:
    """E (X/m - p)^2 for a binomial X, from the moment generating function."""
    t = Symbol("t", real=True)
    generating = (1 - p + p * sp.exp(t)) ** m
    first, second = (sp.diff(generating, t, n).subs(t, 0) for n in (1, 2))
    return sp.expand(sp.simplify((second - 2 * m * p * first + m**2 * p**2) / m**2))


def _error_by_sum(place: Any) -> Any:
    """The same by the binomial sum."""
    count, q = int(place["m"]), place["p"]
    chances = [mpmath.binomial(count, j) * q**j * (1 - q) ** (count - j) for j in range(count + 1)]
    return sum(chance * (mpmath.mpf(j) / count - q) ** 2 for j, chance in enumerate(chances))


SAMPLES = ({p: Rational(1, 2), m: 3}, {p: Rational(1, 3), m: 10}, {p: Rational(9, 10), m: 1})


@claim(
    "survey.problems.finite-samples",
    source="section 3, item 3",
    formal=r"M = \frac{p(1 - p)}{m}",
    says="the proof assumes that P_data can be sampled; from m samples of two atoms the "
    "generator that minimizes the divergence is the empirical law, whose mass misses p by M in "
    "mean square",
    expect=Verdict.PROVED,
)
def finite_samples() -> Examination:
    error = Symbol("M", real=True)
    return Examination(
        eq(error, p * (1 - p) / m),
        {error: _mean_square_error()},
        by_numbers({error: _error_by_sum}, kind="summed:mpmath", points=SAMPLES),
        steps=(Step("the divergence is 0 at the empirical law and at no other"),),
    )


@claim(
    "survey.problems.wgan-suffers",
    source="section 3, below the list",
    formal=r"\frac{d}{dt}(\theta^2 + \psi^2) = 0, \quad \dot\theta = -\psi,"
    r" \quad E\, W_1(\hat P, P)^2 = \frac{p(1 - p)}{m}",
    says="frameworks of divergence minimization, the Wasserstein GAN included, suffer from the "
    "same problems, one by one: on the Dirac-GAN its training circles the equilibrium for ever "
    "(inside the unit disk no Lipschitz bound on the slope psi is felt); a critic that is not "
    "optimal, psi != 0, drives the generator off the data's place theta = 0; and the law of m "
    "samples stays at a positive Wasserstein distance from the data's",
    expect=Verdict.PROVED,
)
def wgan_suffers() -> Examination:
    rate, push, error = sp.symbols("rate push error", real=True)
    game = dirac(wasserstein)
    x, y = game.state
    flow = game.flow().rhs
    exact = {
        rate: sp.expand(2 * x * flow[0] + 2 * y * flow[1]),
        push: flow[0].subs(x, 0),
        error: _mean_square_error(),
    }

    def turning(place: Any) -> Any:
        # The payoff psi theta, by difference quotients; theta descends, psi ascends.
        a, b = place["theta"], place["psi"]
        down, up = mpmath.diff(lambda z: z * b, a), mpmath.diff(lambda z: a * z, b)
        return 2 * a * -down + 2 * b * up

    def off(place: Any) -> Any:
        return -mpmath.diff(lambda z: z * place["psi"], 0)

    numbers = {rate: turning, push: off, error: _error_by_sum}
    points = tuple({**place, x: n + 1, y: 2 - n} for n, place in enumerate(SAMPLES))
    return Examination(
        sp.And(eq(rate, 0), eq(push, -y), eq(error, p * (1 - p) / m)),
        exact,
        by_numbers(numbers, kind="differentiated:mpmath", points=points, digits=20),
        steps=(Step("on two atoms at distance 1 the distance W_1 is the gap of the masses"),),
    )


@claim(
    "survey.problems.most-frameworks",
    source="section 3, below the list",
    says="most frameworks based on divergence minimization suffer from these problems",
    expect=Verdict.INFORMAL,
    reason="no class of frameworks is named; the Jensen-Shannon and the Wasserstein GAN are judged",
)
def most_frameworks() -> None: ...


@claim(
    "survey.problems.experiments",
    source="sections 1 and 3",
    says="experiments of Fedus et al. (2018) defy the theory of divergence minimization",
    expect=Verdict.INFORMAL,
    reason="a report on experiments of another paper",
)
def experiments() -> None: ...


@claim(
    "survey.settled.divergence.optimal-discriminator",
    source="ours, to section 3",
    formal=r"d = \frac{p}{p + w}",
    says="of an atom with masses p of the data and w of the generator the discriminator that "
    "maximizes p log d + w log(1 - d) is p/(p + w), and no other",
    expect=Verdict.PROVED,
)
def optimal() -> Examination:
    best, output = Symbol("d", real=True), Symbol("d_1", positive=True)
    found = sp.solve(sp.diff(p * sp.log(output) + w * sp.log(1 - output), output), output)
    (root,) = found

    def measured(place: Any) -> Any:
        a, b = place["p"], place["w"]
        slope = lambda x: a / x - b / (1 - x)  # noqa: E731 - decreasing on (0, 1)
        low, high = mpmath.mpf(0), mpmath.mpf(1)
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (middle, high) if slope(middle) > 0 else (low, middle)
        return (low + high) / 2

    points = ({p: 1, w: 1}, {p: Rational(1, 3), w: Rational(1, 5)}, {p: 4, w: Rational(1, 2)})
    return Examination(
        eq(best, p / (p + w)),
        {best: root},
        by_numbers({best: measured}, kind="bisected:mpmath", points=points),
        steps=(Step("p log d + w log(1 - d) is strictly concave in d"),),
    )


@claim(
    "survey.settled.divergence.jensen-shannon",
    source="ours, to section 3",
    formal=r"C + \ln 4 = 2 J",
    says="the GAN value at the optimal discriminator is 2 JS - log 4, on any two atoms",
    expect=Verdict.PROVED,
)
def jensen_shannon_identity() -> Examination:
    best, js = sp.symbols("C J", real=True)
    total = u + s + r
    data, made = ((u + s) / total, r / total), (u / total, (s + r) / total)
    outputs = optimal_discriminator(data, made)
    exact = {
        best: sp.expand_log(gan_value(data, made, outputs), force=True),
        js: sp.expand_log(jensen_shannon(data, made), force=True),
    }

    def pair(place: Any) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
        a, b, e = place["u"], place["s"], place["r"]
        total = a + b + e
        return ((a + b) / total, e / total), (a / total, (b + e) / total)

    def maximum(place: Any) -> Any:
        def atom(one: Any, other: Any) -> Any:
            def value(d: Any) -> Any:
                return one * mpmath.log(d) + other * mpmath.log(1 - d)

            tiny = mpmath.mpf(10) ** -9
            return value(largest(value, tiny, 1 - tiny))

        data, made = pair(place)
        return sum(atom(x, y) for x, y in zip(data, made, strict=True))

    numbers = {best: maximum, js: lambda place: jensen_shannon_of(*pair(place))}
    points = ({u: 1, s: 1, r: 2}, {u: 3, s: 1, r: 1}, {u: 1, s: 2, r: 4})
    return Examination(
        eq(best + sp.log(4), 2 * js),
        exact,
        by_numbers(numbers, kind="maximized:mpmath", points=points),
    )


@claim(
    "survey.settled.divergence.trap",
    source="ours, to section 3",
    formal=r"\mathrm{slope} = 0, \quad \mathrm{curvature} > 0, \quad \mathrm{mass} = \frac38",
    says="a generator class that holds the data can have an attractor off it, with an optimal "
    "discriminator at every moment: with mass 1/4 + (3 theta - theta^3)/16 against the data's "
    "1/2 the objective has a strict local minimum at theta = 1, of mass 3/8",
    expect=Verdict.PROVED,
)
def trap() -> Examination:
    slope, curvature, where = sp.symbols("slope curvature where", real=True)
    half, t = Rational(1, 2), Symbol("theta", real=True)
    curve = Rational(1, 4) + (3 * t - t**3) / 16
    outputs = optimal_discriminator((half, half), (mass, 1 - mass))
    best = gan_value((half, half), (mass, 1 - mass), outputs).subs(mass, curve)
    exact = {
        slope: sp.simplify(sp.diff(best, t).subs(t, 1)),
        curvature: sp.diff(best, t, 2).subs(t, 1),
        where: curve.subs(t, 1),
    }

    def objective(x: Any) -> Any:
        made = mpmath.mpf(1) / 4 + (3 * x - x**3) / 16
        return 2 * jensen_shannon_of((mpmath.mpf(1) / 2,) * 2, (made, 1 - made))

    numbers = {
        slope: lambda _: mpmath.diff(objective, 1),
        curvature: lambda _: mpmath.diff(objective, 1, 2),
        where: lambda _: mpmath.mpf(1) / 4 + mpmath.mpf(2) / 16,
    }
    return Examination(
        sp.And(eq(slope, 0), curvature > 0, eq(where, Rational(3, 8))),
        exact,
        by_numbers(numbers, kind="differentiated:mpmath", points=({},), digits=20),
        steps=(
            Step("the mass is 1/2 at the root theta = -2.1958... of 3 theta - theta^3 = 4: the"),
            Step("class holds the data; for |theta| <= 2.1958... it has the masses from 0 to 1/2"),
        ),
    )
