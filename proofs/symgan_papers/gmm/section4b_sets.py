r"""Section 4: the objective f, the difference F, the sets Rect, Opt, Sep and the box B."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Verdict, by_numbers, claim, eq
from symgan.games.mixture import Mixture, mixture_gan, normal_cdf
from symgan_papers.gmm.model_section4 import (
    Place,
    crossings,
    measured_gradient,
    measured_tv,
    norm_squared,
    numbers,
    tv_ends,
)

x, t, d = sp.symbols("x t d", real=True)
side = Symbol("C", positive=True)
gap = Symbol("gamma", positive=True)


@claim(
    "gmm.section4.difference",
    source="section 4, 'let F(mu-hat, x) = G_mu*(x) - G_mu-hat(x)'",
    printed=r"F(\hat{\mu}, x) = G_{\mu^*}(x) - G_{\hat{\mu}}(x)",
    says="F is the difference of the densities, the truth less the generator: the slope of the "
    "payoff L in a right end r is F(mu-hat, r)",
    expect=Verdict.PROVED,
)
def difference() -> Examination:
    value, truth, made = sp.symbols("F_x G_star G_hat", real=True)
    gan = mixture_gan()
    exact = {
        value: sp.diff(gan.L, gan.right[0]).subs(gan.right[0], x),
        truth: gan.truth.pdf(x),
        made: gan.generator.pdf(x),
    }

    def payoff(place: Place, r: Any) -> Any:
        """L less what does not depend on the right end, by distribution functions."""
        star = mpmath.ncdf(r - place["mustar1"]) + mpmath.ncdf(r - place["mustar2"])
        return (star - mpmath.ncdf(r - place["mu1"]) - mpmath.ncdf(r - place["mu2"])) / 2

    def density(names: tuple[str, str]) -> Any:
        return lambda p: mpmath.fsum(mpmath.npdf(p["x"], p[n]) for n in names) / 2

    measures = {
        value: lambda p: mpmath.diff(lambda r: payoff(p, r), p["x"]),
        truth: density(("mustar1", "mustar2")),
        made: density(("mu1", "mu2")),
    }
    symbols = (*gan.truth.means, *gan.mu, x)
    places = ((-1, 1, 0, 2, Rational(1, 3)), (0, 2, Rational(-1, 2), 1, -1))
    points = tuple(dict(zip(symbols, place, strict=True)) for place in places)
    return Examination(
        eq(value, truth - made),
        exact,
        by_numbers(measures, points=points, digits=20),
    )


@claim(
    "gmm.section4.objective",
    source="section 4, 'f(mu-hat) = d_TV(G_mu-hat, G_mu*) ... the objective function'; d_TV is "
    "symmetric, its arguments are exchanged against section 2",
    formal=r"f(\hat\mu) = \max_{\ell, r} L(\hat\mu, \ell, r) - 1",
    says="the objective that optimal discriminator dynamics descends is max L = 1 + f: f and max L "
    "have one gradient (in general by gmm.eq3, gmm.eq4 and gmm.eq6); judged at mu* = (-1, 1), "
    "mu-hat = (0, 0), where the optimal intervals are (-oo, -z) and (z, oo), cosh z = e^(1/2)",
    expect=Verdict.PROVED,
)
def objective() -> Examination:
    best, tv = sp.symbols("L_best f_value", real=True)
    gan = mixture_gan(truth=Mixture((-1, 1)))
    z = sp.acosh(sp.exp(Rational(1, 2))).rewrite(sp.log)
    ends = dict(zip((*gan.left, *gan.right), (-sp.oo, z, -z, sp.oo), strict=True))
    at = {gan.mu[0]: 0, gan.mu[1]: 0}
    # Half the integral of |F| is half the mass outside less half the (negative) mass inside.
    mass = lambda e: (normal_cdf(e + 1) + normal_cdf(e - 1)) / 2 - normal_cdf(e)  # noqa: E731
    outside, inside = mass(-z) + (0 - mass(z)), mass(z) - mass(-z)
    exact = {best: gan.L.subs(at).subs(ends), tv: (outside - inside) / 2}
    star, hat = [mpmath.mpf(-1), mpmath.mpf(1)], [mpmath.mpf(0), mpmath.mpf(0)]

    def payoff(_: Place) -> Any:
        a, b = crossings(star, hat)[1]
        kept = mpmath.ncdf(a + 1) + mpmath.ncdf(a - 1) + mpmath.ncdf(-b - 1) + mpmath.ncdf(1 - b)
        return kept / 2 + mpmath.ncdf(b) - mpmath.ncdf(a)

    measures = {best: payoff, tv: lambda _: measured_tv(star, hat)}
    return Examination(
        eq(tv, best - 1), exact, by_numbers(measures, kind="scanned:mpmath", digits=30)
    )


@claim(
    "gmm.section4.ordered",
    source="section 4, 'we will always assume for simplicity of notation that mu-hat_1 <= "
    "mu-hat_2'",
    formal=r"L(\mu_2, \mu_1, \ell, r) = L(\mu_1, \mu_2, \ell, r)",
    says="ordering the means costs nothing for a single state: L, hence f, is symmetric in them "
    "(that a step keeps the order is not assumed but follows, gmm.lemma4-4)",
    expect=Verdict.PROVED,
)
def ordered() -> Examination:
    swapped, plain = sp.symbols("L_swapped L_plain", real=True)
    gan = mixture_gan()
    m1, m2 = gan.mu
    exact = {swapped: gan.L.subs({m1: m2, m2: m1}, simultaneous=True), plain: gan.L}

    def value(first: str, second: str) -> Any:
        def measure(p: Place) -> Any:
            f = lambda y: (  # noqa: E731 - a formula
                mpmath.npdf(y, p["mustar1"]) + mpmath.npdf(y, p["mustar2"])
                - mpmath.npdf(y, p[first]) - mpmath.npdf(y, p[second])
            ) / 2  # fmt: skip
            return 1 + sum(mpmath.quad(f, [p[f"l{i}"], p[f"r{i}"]]) for i in (1, 2))

        return measure

    symbols = (*gan.truth.means, *gan.state)
    points = (dict(zip(symbols, (-1, 1, 0, 3, -1, 1, 0, 2), strict=True)),)
    measures = {swapped: value("mu2", "mu1"), plain: value("mu1", "mu2")}
    return Examination(eq(swapped, plain), exact, by_numbers(measures, points=points, digits=25))


@claim(
    "gmm.sets.rect-zero",
    source="section 4, definition of Rect, and lemma 4.2, 'mu-hat not in Rect(0)'",
    printed=r"\text{Rect}(\delta) = \text{Rect}(\mu^*, \delta) = \{\hat{\mu} : |\hat{\mu}_i - "
    r"\mu_j^*| < \delta \text{ for some } i, j\}",
    formal=r"distance < \delta",
    says="a state with a mean at a true mean (at the distance 0) belongs to Rect(delta): right for "
    "delta > 0, where Rect is defined; lemma 4.2 uses it at delta = 0, where the < leaves no state",
    expect=Verdict.CONDITIONAL,
    repair="write <= delta in the definition; as printed Rect(0) is empty, and lemma 4.2 covers "
    "mu-hat = mu* too, where there is no gradient (gmm.lemma4-2.as-printed)",
)
def rect_zero() -> Examination:
    size = Symbol("distance", real=True)
    bound, mean = Symbol("delta", nonnegative=True), Symbol("m", real=True)

    def measured(place: Place) -> Any:
        hat, star = [place["m"], place["m"] + 3], [place["m"] - 2, place["m"]]
        return min(abs(u - v) for u in hat for v in star)

    points = tuple({bound: d, mean: Rational(1, 3)} for d in (0, Rational(1, 10), 2))
    far = [sp.Abs(u - v) for u in (mean, mean + 3) for v in (mean - 2, mean)]
    return Examination(
        size < bound,
        {size: sp.Min(*far)},
        by_numbers({size: measured}, points=points, kind="evaluated:mpmath"),
        condition=bound > 0,
        setting={bound: Rational(1, 10)},
    )


@claim(
    "gmm.sets.rect",
    source="section 4, 'the set of parameter values which have at least one parameter which is not "
    "too far from optimality'",
    formal=r"n > \frac{1}{50}",
    says="Rect(delta) holds every state near an optimum and more: at mu-hat = (mu*_1, 2), in "
    "Rect(delta) for every delta > 0, f and the squared size n of its gradient are far from 0 "
    "(mu* = (-1/2, 1/2)); it need not be excluded from lemma 4.2",
    expect=Verdict.PROVED,
)
def rect() -> Examination:
    size, value = sp.symbols("n f_value", real=True)
    star, hat = (Rational(-1, 2), Rational(1, 2)), (Rational(-1, 2), sp.Integer(2))
    measures = {
        size: lambda _: mpmath.fsum(g * g for g in measured_gradient(numbers(star), numbers(hat))),
        value: lambda _: measured_tv(numbers(star), numbers(hat)),
    }
    return Examination(
        sp.And(size > Rational(1, 50), value > Rational(1, 5)),
        {size: norm_squared(star, hat)[0], value: tv_ends(star, hat)[0]},
        by_numbers(measures, kind="scanned:mpmath", digits=20),
    )


@claim(
    "gmm.sets.opt",
    source="section 4, definition of Opt, 'the set of parameter values so that all parameter "
    "values are close'",
    printed=r"\text{Opt}(\delta) = \text{Opt}(\mu^*, \delta) = \{\hat{\mu} : |\hat{\mu}_i - "
    r"\mu_i^*| < \delta \text{ for all } i\}",
    formal=r"\max_i |\hat\mu_i - \mu^*_i| = \gamma \text{ at } \hat\mu = (\mu^*_2, \mu^*_1), f = 0",
    says="Opt(delta) compares equal indices: the swapped optimum (mu*_2, mu*_1), where f = 0, "
    "lies at distance gamma and outside Opt(delta) for delta <= gamma; the convention mu-hat_1 <= "
    "mu-hat_2 is needed, or lemma 4.3 fails there",
    expect=Verdict.PROVED,
)
def opt() -> Examination:
    far, value = sp.symbols("distance f_value", real=True)
    low = Symbol("m", real=True)
    gan = mixture_gan(truth=Mixture((low, low + gap)))
    swapped = dict(zip(gan.mu, (low + gap, low), strict=True))
    away = [sp.Abs(swapped[m] - s) for m, s in zip(gan.mu, gan.truth.means, strict=True)]
    exact = {far: sp.Max(*away), value: gan.L.subs(swapped) - 1}
    measures = {
        far: lambda p: abs((p["m"] + p["gamma"]) - p["m"]),
        value: lambda p: mpmath.quad(
            lambda y: mpmath.npdf(y, p["m"]) + mpmath.npdf(y, p["m"] + p["gamma"])
            - mpmath.npdf(y, p["m"] + p["gamma"]) - mpmath.npdf(y, p["m"]), [-5, 0, 5]),
    }  # fmt: skip
    points = ({low: -1, gap: 2}, {low: Rational(1, 3), gap: Rational(1, 10)})
    return Examination(
        sp.And(eq(far, gap), eq(value, 0)), exact, by_numbers(measures, points=points, digits=20)
    )


@claim(
    "gmm.sets.box",
    source="section 4, 'B(C) denote the box of sidelength C around the origin', beside theorem "
    "3.1's |mu_i| <= C",
    formal=r"c = 2 C",
    says="the box of sidelength c around the origin is |mu_i| <= c/2: theorem 3.1's |mu_i| <= C "
    "is B(2C), and lemma 4.5's invariant box B(2C) is |mu_i| <= C; constants change, statements "
    "do not (lemmas 4.2 and 4.5 are proved for both readings)",
    expect=Verdict.PROVED,
)
def box() -> Examination:
    length = Symbol("c", real=True)
    first, last = sp.Interval(-side, side).args[:2]

    def measured(p: Place) -> Any:
        """The length of |y| <= C, by counting a fine lattice."""
        cells = 4000
        step = 4 * p["C"] / cells
        inside = sum(
            abs(-2 * p["C"] + (k + mpmath.mpf(1) / 2) * step) <= p["C"] for k in range(cells)
        )
        return inside * step

    return Examination(
        eq(length, 2 * side),
        {length: last - first},
        by_numbers({length: measured}, points=({side: 1}, {side: Rational(7, 2)})),
    )
