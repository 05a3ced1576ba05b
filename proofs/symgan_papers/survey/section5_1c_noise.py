r"""Section 5.1.2: what additive noise does to an f-GAN.

Noise of variance sigma^2 in each coordinate changes the mean of g by sigma^2/2 times that of its
Laplacian, to second order. For g = D and g = f^c(D) this leaves, beside the printed penalty with
lambda = sigma^2/2, the terms E_data[Laplacian D] - E_gen[(f^c)'(D) Laplacian D].
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Expr, Rational, Symbol

from symgan.analysis.divergence import jensen_shannon, optimal_discriminator
from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.survey.model_part1 import jensen_shannon_of, largest, smoothed

theta = Symbol("theta", real=True)
a, sigma, v, n, m = sp.symbols("a sigma v n m", positive=True)
p_1, p_2, q_1, q_2, r_1, r_2 = sp.symbols("p_1 p_2 q_1 q_2 r_1 r_2", positive=True)
c_1, c_2 = sp.symbols("c_1 c_2", nonnegative=True)
g_1, g_2, h_1, h_2 = sp.symbols("g_1 g_2 h_1 h_2", real=True)


def gaussian_mean(polynomial: Expr, z: Symbol) -> Expr:
    """E g(z) of a polynomial in a standard normal z, from its moments."""
    found = sp.Poly(sp.expand(polynomial), z)
    return sp.Add(*(c * (sp.factorial2(k - 1) if k % 2 == 0 else 0) for (k,), c in found.terms()))


@claim(
    "survey.noise.supports",
    source="section 5.1.2, first paragraph",
    says="in early stages of training the supports of p_gen and p_data very likely meet in a set "
    "of measure zero; dimensional misspecification is a major problem of GAN optimization",
    expect=Verdict.INFORMAL,
    reason="no law on problems or on stages of training is given; what follows from disjoint "
    "supports is judged in survey.noise.saturates",
)
def supports() -> None: ...


@claim(
    "survey.noise.saturates",
    source="section 5.1.2, first paragraph",
    formal=r"d_1 = 1, \quad d_2 = 0, \quad J = \ln 2",
    says="then the discriminator saturates, which makes training fail: on disjoint supports the "
    "optimal one is 1 on the data and 0 on what is generated, and the divergence J is log 2 "
    "wherever that lies, so that it has no gradient",
    expect=Verdict.PROVED,
)
def saturates() -> Examination:
    real, fake, js = sp.symbols("d_1 d_2 J", real=True)
    best, tiny = optimal_discriminator((1, 0), (0, 1)), mpmath.mpf(10) ** -40
    exact = {real: best[0], fake: best[1], js: jensen_shannon((1, 0), (0, 1))}
    numbers = {
        real: lambda _: largest(lambda d: mpmath.log(d + mpmath.mpf(10) ** -50), 0, 1),
        fake: lambda _: largest(lambda d: mpmath.log(1 - d + mpmath.mpf(10) ** -50), 0, 1),
        # Laws that leave 1e-40 of their mass on the other's atom.
        js: lambda _: jensen_shannon_of((1 - tiny, tiny), (tiny, 1 - tiny)),
    }
    return Examination(
        sp.And(eq(real, 1), eq(fake, 0), eq(js, sp.log(2))),
        exact,
        by_numbers(numbers, kind="maximized:mpmath", points=({},), digits=30),
    )


@claim(
    "survey.noise.everywhere",
    source="section 5.1.2, first paragraph",
    formal=r"K = \frac{\theta^2}{2 \sigma^2}",
    says="additive noise with support everywhere deals with the problem: two points at distance "
    "theta, corrupted by normal noise of deviation sigma, have the finite relative entropy K, "
    "whose gradient vanishes at theta = 0 alone",
    expect=Verdict.PROVED,
)
def everywhere() -> Examination:
    entropy, z = Symbol("K", real=True), Symbol("z", real=True)
    ratio = (sigma * z - theta) ** 2 / (2 * sigma**2) - (sigma * z) ** 2 / (2 * sigma**2)
    exact = {entropy: gaussian_mean(ratio, z)}

    def measured(p: Any) -> Any:
        def log_density(x: Any, center: Any) -> Any:
            return mpmath.log(mpmath.npdf(x, center, p["sigma"]))

        def log_ratio(x: Any) -> Any:
            return log_density(x, 0) - log_density(x, p["theta"])

        return smoothed(log_ratio, mpmath.mpf(0), p["sigma"])

    points = ({theta: 1, sigma: 1}, {theta: -2, sigma: Rational(1, 2)}, {theta: 3, sigma: 2})
    return Examination(
        eq(entropy, theta**2 / (2 * sigma**2)),
        exact,
        by_numbers({entropy: measured}, kind="quadrature:mpmath", points=points),
    )


@claim(
    "survey.noise.variance",
    source="section 5.1.2, second paragraph",
    formal=r"M = \frac{v + n \sigma^2}{m}",
    says="high-dimensional noise introduces variance into the estimation of parameters: the mean "
    "of m noisy samples in n dimensions, of total variance v without noise, has the mean square "
    "error M, which grows with n",
    expect=Verdict.PROVED,
)
def variance() -> Examination:
    error, z = Symbol("M", real=True), Symbol("z", real=True)
    exact = {error: (v + n * gaussian_mean((sigma * z) ** 2, z)) / m}

    def measured(p: Any) -> Any:
        count, size = int(p["n"]), p["sigma"]
        assert int(p["m"]) == 2, "the quadrature below is over two samples"

        def coordinate(spread: Any) -> Any:
            def over(first: Any) -> Any:
                return smoothed(lambda second: ((first + second) / 2) ** 2, mpmath.mpf(0), spread)

            return smoothed(over, mpmath.mpf(0), spread)

        # The signal's variance is spread evenly over the coordinates.
        return count * coordinate(mpmath.sqrt(p["v"] / count + size**2))

    points = ({v: 1, n: 3, m: 2, sigma: 1}, {v: 2, n: 5, m: 2, sigma: Rational(1, 3)})
    return Examination(
        eq(error, (v + n * sigma**2) / m),
        exact,
        by_numbers({error: measured}, kind="quadrature:mpmath", points=points),
    )


def _noisy_coefficient() -> Expr:
    """Half the second derivative in sigma of the noisy objective, on two atoms."""
    z, width = Symbol("z", real=True), Symbol("w", positive=True)
    total = sp.Integer(0)
    atoms = ((p_1, q_1, r_1, c_1, g_1, h_1), (p_2, q_2, r_2, c_2, g_2, h_2))
    for p, q, r, c, g, h in atoms:
        change = g * width * z + h * (width * z) ** 2 / 2  # of D, by Taylor's formula
        total += p * change - q * (r * change + c * change**2 / 2)  # f^c has slope r, bend c
    return sp.expand(gaussian_mean(total, z)).coeff(width, 2)


def _noisy_measured(place: Any) -> Any:
    """The same from the noisy objective itself, at a deviation whose square is 1e-30."""
    width = mpmath.mpf(10) ** -15

    def atom(i: int) -> Any:
        p, q, r, c, g, h = (place[f"{name}_{i}"] for name in "pqrcgh")

        def cost(x: Any) -> Any:
            y = g * x + h * x * x / 2
            return p * y - q * (r * y + c * y * y / 2)

        return smoothed(cost, mpmath.mpf(0), width)

    return (atom(1) + atom(2)) / width**2


@claim(
    "survey.noise.objective",
    source="section 5.1.2, second paragraph and display",
    printed=r"V(G, D) = E_{x \sim p_{data}} [D(x)] - E_{x \sim p_{gen}} [f^c(D(x))] - \lambda"
    r" E_{x \sim p_{gen}} [f^{c''}(D(x)) \| \nabla_x D(x) \|^2]",
    formal=r"C = -\frac{1}{2} (q_1 c_1 g_1^2 + q_2 c_2 g_2^2)",
    says="a regularization term is equivalent to adding noise, in the sense of the next sentence: "
    "Taylor's formula and the mean over Gaussian noise leave the objective with the penalty, "
    "lambda = sigma^2/2. C is the coefficient of sigma^2, on two atoms of masses p_i (data) and "
    "q_i (generator), where D has slope g_i and curvature h_i, and f^c slope r_i and curvature c_i",
    expect=Verdict.CONDITIONAL,
    amended=r"r_1 = \frac{p_1}{q_1}, \quad r_2 = \frac{p_2}{q_2}",
    repair="say at the optimal discriminator, where (f^c)'(D) = p_data/p_gen, and up to terms of "
    "order sigma^4 (survey.settled.noise.relative-entropy). At any other it is so if and only if "
    "E_data[Laplacian D] = E_gen[(f^c)'(D) Laplacian D], as where the Laplacian is 0: sigma^2/2 "
    "times the difference is of the order of the penalty",
)
def objective() -> Examination:
    coefficient = Symbol("C", real=True)
    half = Rational(1, 2)
    masses = {p_1: half, p_2: half, q_1: Rational(1, 3), q_2: Rational(2, 3)}
    points = (
        {**masses, r_1: 1, r_2: 2, c_1: 1, c_2: 0, g_1: 1, g_2: 2, h_1: 3, h_2: 1},
        {**masses, r_1: 2, r_2: 1, c_1: 2, c_2: 1, g_1: -1, g_2: 1, h_1: 1, h_2: -2},
    )
    return Examination(
        eq(coefficient, -(q_1 * c_1 * g_1**2 + q_2 * c_2 * g_2**2) / 2),
        {coefficient: _noisy_coefficient()},
        by_numbers(
            {coefficient: _noisy_measured}, kind="quadrature:mpmath", points=points, digits=20
        ),
        condition=sp.And(sp.Eq(r_1, p_1 / q_1), sp.Eq(r_2, p_2 / q_2)),
        setting={p_1: half, p_2: half, q_1: half, q_2: half, r_1: 1, r_2: 1},
        steps=(Step("the coefficient of sigma^2", sp.factor_terms(_noisy_coefficient())),),
    )


@claim(
    "survey.settled.noise.relative-entropy",
    source="ours, to section 5.1.2",
    formal=r"N = e^{\frac{a^2}{2}} - 1",
    says="beyond second order term and noise part: for the relative entropy, f^c(t) = exp(t - 1), "
    "and a linear discriminator of slope a/sigma, where no Laplacian is in the way, noise costs N "
    "times f^c(D), the term with lambda = sigma^2/2 only a^2/2 times it. No other lambda helps: "
    "what noise costs is not linear in the squared slope. For a quadratic f^c it is "
    "(survey.settled.noise.exact)",
    expect=Verdict.PROVED,
)
def relative_entropy() -> Examination:
    cost, z = Symbol("N", real=True), Symbol("z", real=True)
    density = sp.exp(-(z**2) / 2) / sp.sqrt(2 * sp.pi)
    mean = sp.integrate(sp.exp(a * z) * density, (z, -sp.oo, sp.oo))

    def measured(p: Any) -> Any:
        density = lambda x: mpmath.exp(p["a"] * x) * mpmath.npdf(x)  # noqa: E731
        return mpmath.quad(density, mpmath.linspace(-24, 24, 13)) - 1

    points = ({a: 1}, {a: Rational(1, 2)}, {a: 2})
    return Examination(
        eq(cost, sp.exp(a**2 / 2) - 1),
        {cost: sp.simplify(mean) - 1},
        by_numbers({cost: measured}, kind="quadrature:mpmath", points=points, digits=30),
    )


@claim(
    "survey.noise.without-variance",
    source="section 5.1.2, second paragraph",
    formal=r"W = a^2 + \frac{a^4}{8}",
    says="the term does without the variance of noise: the cost f^c(D) of one noisy sample, here "
    "f^c(t) = t + t^2/4 at t = 0 and slope a/sigma, has the variance W that the term, a function "
    "of the sample, does not have",
    expect=Verdict.PROVED,
)
def without_variance() -> Examination:
    spread, z = Symbol("W", real=True), Symbol("z", real=True)
    cost = a * z + (a * z) ** 2 / 4
    exact = {spread: sp.expand(gaussian_mean(cost**2, z) - gaussian_mean(cost, z) ** 2)}

    def measured(p: Any) -> Any:
        value = lambda x: x + x * x / 4  # noqa: E731 - the conjugate of (u - 1)^2
        mean = smoothed(value, mpmath.mpf(0), p["a"])
        return smoothed(lambda x: (value(x) - mean) ** 2, mpmath.mpf(0), p["a"])

    points = ({a: 1}, {a: Rational(1, 2)}, {a: 3})
    return Examination(
        eq(spread, a**2 + a**4 / 8),
        exact,
        by_numbers({spread: measured}, kind="quadrature:mpmath", points=points),
    )


def _far_measured(noise: bool) -> Any:
    """Curvature in u of the objective for t + u (1 - x/theta)^2, with noise or with the term."""

    def measured(p: Any) -> Any:
        place, zero = p["theta"], mpmath.mpf(0)
        cost = lambda y: y + y * y / 4  # noqa: E731 - the conjugate of (u - 1)^2

        def value(u: Any) -> Any:
            def output(x: Any) -> Any:
                return p["t"] + u * (1 - x / place) ** 2

            if noise:
                size = p["sigma"]
                return smoothed(output, zero, size) - smoothed(
                    lambda x: cost(output(x)), place, size
                )
            slope = mpmath.diff(output, place)
            return output(zero) - cost(output(place)) - p["lambda"] * slope**2 / 2

        return mpmath.diff(value, 1, 2)

    return measured


@claim(
    "survey.noise.misspecification",
    source="section 5.1.2, second paragraph",
    formal=r"B < 0",
    says="the term deals with dimensional misspecification, as noise does: on disjoint supports "
    "the discriminator does not saturate. Judged for data at 0, a generator at theta, Pearson's "
    "f^c(t) = t + t^2/4 and discriminators t + u (1 - x/theta)^2; B is the curvature in u of the "
    "objective with the term, which must be negative if u is not to grow without bound",
    expect=Verdict.REFUTED,
    amended=r"B = 0, \quad S = 1, \quad N = -\frac{3 \sigma^4}{2 \theta^4}",
    repair="say where the supports overlap, or for discriminators that cannot be flat where the "
    "generator's samples lie (survey.settled.noise.damping): the term is a mean over p_gen and "
    "leaves D free on the data, so that the objective grows in u with slope S = 1 whatever "
    "lambda; noise itself bounds it, with curvature N",
)
def misspecification() -> Examination:
    bend, slope, noisy = sp.symbols("B S N", real=True)
    x, z, t, height = sp.symbols("x z t u", real=True)
    weight = Symbol("lambda", positive=True)
    place = Symbol("theta", positive=True)
    output = t + height * (1 - x / place) ** 2
    cost = lambda y: y + y**2 / 4  # noqa: E731 - the conjugate of (u - 1)^2
    gradient = sp.diff(output, x).subs(x, place)
    value = output.subs(x, 0) - cost(output.subs(x, place)) - weight * gradient**2 / 2
    corrupted = gaussian_mean(output.subs(x, sigma * z), z)
    corrupted -= gaussian_mean(cost(output.subs(x, place + sigma * z)), z)
    exact = {
        bend: sp.diff(value, height, 2),
        slope: sp.diff(value, height),
        noisy: sp.simplify(sp.diff(corrupted, height, 2)),
    }

    def rising(p: Any) -> Any:
        def objective(u: Any) -> Any:
            def output(x: Any) -> Any:
                return p["t"] + u * (1 - x / p["theta"]) ** 2

            at, slope = output(p["theta"]), mpmath.diff(output, p["theta"])
            return output(0) - at - at * at / 4 - p["lambda"] * slope**2 / 2

        return mpmath.diff(objective, 2)

    points = (
        {place: 1, sigma: 1, weight: Rational(1, 2), t: 0},
        {place: 3, sigma: Rational(1, 2), weight: 5, t: -1},
    )
    return Examination(
        bend < 0,
        exact,
        by_numbers(
            {bend: _far_measured(False), slope: rising, noisy: _far_measured(True)},
            kind="differentiated:mpmath",
            points=points,
            digits=20,
        ),
        amendment=sp.And(eq(bend, 0), eq(slope, 1), eq(noisy, -3 * sigma**4 / (2 * place**4))),
        steps=(Step("D is flat at theta, so that the term vanishes for every u and lambda"),),
    )


@claim(
    "survey.settled.noise.exact",
    source="ours, to section 5.1.2",
    formal=r"N = \frac{a^2}{4}",
    says="for the Pearson divergence, f^c(t) = t + t^2/4, and an affine discriminator the "
    "equivalence is exact at every sigma: noise costs N = (sigma^2/2) (f^c)'' |grad D|^2 at any "
    "output t",
    expect=Verdict.PROVED,
)
def exact_equivalence() -> Examination:
    cost, z, t = Symbol("N", real=True), Symbol("z", real=True), Symbol("t", real=True)
    conjugate = lambda y: y + y**2 / 4  # noqa: E731
    exact = {cost: sp.expand(gaussian_mean(conjugate(t + a * z), z) - conjugate(t))}

    def measured(p: Any) -> Any:
        value = lambda x: x + x * x / 4  # noqa: E731
        return smoothed(value, p["t"], p["a"]) - value(p["t"])

    points = ({a: 1, t: 0}, {a: Rational(1, 2), t: -1}, {a: 3, t: 2})
    return Examination(
        eq(cost, a**2 / 4),
        exact,
        by_numbers({cost: measured}, kind="quadrature:mpmath", points=points),
    )
