r"""Section 5.1.3: what the two time-scale update rule converges to, and where it does not."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Matrix, Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.rules.simultaneous import simultaneous
from symgan_papers.survey.model_part1 import hessian_of, minmax, theta_d, theta_g

a, b, q, r, tau, u, v, w = sp.symbols("a b q r tau u v w", positive=True)
d = Symbol("d", nonnegative=True)
noise_g, noise_d = sp.symbols("M_g M_d", real=True)


def _scaled(payoff: Any) -> Matrix:
    """The flow's Jacobian with the discriminator tau times as fast."""
    return sp.diag(1, tau) * minmax(payoff).flow().jacobian()


def _measured(value: Any, ratio: Any) -> tuple[Any, Any, Any]:
    """Curvature of V in theta_g, trace and determinant of the same flow, by differences."""
    rest = [mpmath.mpf(0)] * 2
    gg, gd, dd = (hessian_of(value, rest, *pair) for pair in ((0, 0), (0, 1), (1, 1)))
    return gg, -gg + ratio * dd, ratio * (-gg * dd + gd**2)


@claim(
    "survey.ttur.local-nash",
    source="section 5.1.3, last sentence",
    formal=r"H \ge 0",
    says="so GANs converge to a local Nash equilibrium: at an attractor of the two-time-scale flow "
    "V has no negative second derivative H in theta_g. Judged for V = -u theta_g^2/2 + "
    "sqrt(u q + w) theta_g theta_d - q theta_d^2/2, concave in both players as in section 4, and "
    "rates of ratio tau = (u + v)/q, which is any ratio beyond u/q",
    expect=Verdict.REFUTED,
    amended=r"H = -u, \quad T < 0, \quad D > 0",
    repair="say to a locally asymptotically stable point: this one attracts for all u, v, w > 0, "
    "so at all large ratios (trace T = -v, determinant D = tau w), the generator at a strict "
    "maximum of its loss. Every strict local Nash equilibrium attracts "
    "(survey.settled.ttur.nash-attracts)",
)
def local_nash() -> Examination:
    bend, trace, determinant = sp.symbols("H T D", real=True)
    payoff = -u * theta_g**2 / 2 + sp.sqrt(u * q + w) * theta_g * theta_d - q * theta_d**2 / 2
    jacobian = _scaled(payoff).subs(tau, (u + v) / q)
    exact = {
        bend: sp.diff(payoff, theta_g, 2),
        trace: sp.expand(jacobian.trace()),
        determinant: sp.factor(sp.expand(jacobian.det())),
    }

    def measured(z: Any) -> Any:
        cross, ratio = mpmath.sqrt(z["u"] * z["q"] + z["w"]), (z["u"] + z["v"]) / z["q"]

        def value(g: Any, d: Any) -> Any:
            return -z["u"] * g * g / 2 + cross * g * d - z["q"] * d * d / 2

        return _measured(value, ratio)

    numbers = {
        bend: lambda z: measured(z)[0],
        trace: lambda z: measured(z)[1],
        determinant: lambda z: measured(z)[2],
    }
    points = ({u: 1, q: 1, v: 1, w: 3}, {u: 2, q: Rational(1, 2), v: 3, w: 1})
    return Examination(
        bend >= 0,
        exact,
        by_numbers(numbers, kind="differentiated:mpmath", points=points, digits=20),
        amendment=sp.And(eq(bend, -u), trace < 0, determinant > 0),
        steps=(Step("u = q = v = 1, w = 3: ratio 2, eigenvalues (-1 +- i sqrt(23))/2"),),
    )


@claim(
    "survey.settled.ttur.nash-attracts",
    source="ours, to section 5.1.3",
    formal=r"T < 0, \quad D > 0",
    says="a strict local Nash equilibrium, with V curved by u > 0 up in theta_g and by q > 0 down "
    "in theta_d, attracts at every ratio tau of the rates and any interaction s: trace T < 0 and "
    "determinant D > 0",
    expect=Verdict.PROVED,
)
def nash_attracts() -> Examination:
    trace, determinant = sp.symbols("T D", real=True)
    cross = Symbol("s", real=True)
    jacobian = _scaled(u * theta_g**2 / 2 + cross * theta_g * theta_d - q * theta_d**2 / 2)
    exact = {trace: jacobian.trace(), determinant: sp.expand(jacobian.det())}

    def measured(z: Any) -> Any:
        def value(g: Any, d: Any) -> Any:
            return z["u"] * g * g / 2 + z["s"] * g * d - z["q"] * d * d / 2

        return _measured(value, z["tau"])

    numbers = {trace: lambda z: measured(z)[1], determinant: lambda z: measured(z)[2]}
    points = ({u: 1, q: 2, cross: 3, tau: 1}, {u: 3, q: 1, cross: -1, tau: Rational(1, 9)})
    return Examination(
        sp.And(trace < 0, determinant > 0),
        exact,
        by_numbers(numbers, kind="differentiated:mpmath", points=points, digits=20),
    )


@claim(
    "survey.ttur.converges",
    source="section 5.1.3, last sentence",
    formal=r"E \le b \theta_g^2 + a \theta_d^2",
    says="with such steps GANs converge: on the Wasserstein Dirac-GAN, V = theta_g theta_d, the "
    "mean E of b theta_g^2 + a theta_d^2 after a step does not exceed its value before; noise of "
    "variance v in each gradient, steps in a fixed ratio",
    expect=Verdict.REFUTED,
    amended=r"E = (1 + a b)(b \theta_g^2 + a \theta_d^2) + a b (a + b) v",
    repair="require an attractor of the flow: without one the distance, weighted so, grows in the "
    "mean with every step, even with noise of variance 0; nor does a ratio that goes to 0 help "
    "(survey.settled.ttur.two-scales)",
)
def converges() -> Examination:
    mean = Symbol("E", real=True)
    step = simultaneous(minmax(theta_g * theta_d), (a, b)).rhs
    new_g, new_d = step[0] + a * noise_g, step[1] + b * noise_d
    after = sp.Poly(sp.expand(b * new_g**2 + a * new_d**2), noise_g, noise_d)
    moments = {(0, 0): 1, (2, 0): v, (0, 2): v}  # centered and uncorrelated
    exact = {mean: sp.expand(sum(k * moments.get(powers, 0) for powers, k in after.terms()))}

    def measured(z: Any) -> Any:
        size, total = mpmath.sqrt(z["v"]), mpmath.mpf(0)
        for first in (-size, size):  # a fair coin a player has this variance
            for second in (-size, size):
                g = z["theta_g"] + z["a"] * (first - z["theta_d"])
                d = z["theta_d"] + z["b"] * (second + z["theta_g"])
                total += (z["b"] * g * g + z["a"] * d * d) / 4
        return total

    points = (
        {theta_g: 1, theta_d: 2, a: Rational(1, 2), b: 1, v: 1},
        {theta_g: -1, theta_d: 1, a: Rational(1, 10), b: Rational(1, 3), v: 2},
    )
    before = b * theta_g**2 + a * theta_d**2
    return Examination(
        mean <= before,
        exact,
        by_numbers({mean: measured}, kind="enumerated:mpmath", points=points),
        amendment=eq(mean, (1 + a * b) * before + a * b * (a + b) * v),
    )


@claim(
    "survey.settled.ttur.two-scales",
    source="ours, to section 5.1.3",
    formal=r"G = \frac{(\theta_g - r b \theta_d)^2 d}{r (r - d)}",
    says="no start but the equilibrium itself converges to it on V = theta_g theta_d, with steps "
    "a = r b whose ratio r falls by d >= 0 a step, as TTUR requires: theta_g^2/r + theta_d^2 "
    "grows by the factor 1 + a b and G >= 0 besides, without noise",
    expect=Verdict.PROVED,
)
def two_scales_cycle() -> Examination:
    excess = Symbol("G", real=True)
    step = simultaneous(minmax(theta_g * theta_d), (r * b, b)).rhs
    after = step[0] ** 2 / (r - d) + step[1] ** 2
    before = theta_g**2 / r + theta_d**2
    exact = {excess: sp.factor(after - (1 + r * b**2) * before)}

    def measured(z: Any) -> Any:
        g = z["theta_g"] - z["r"] * z["b"] * z["theta_d"]
        e = z["theta_d"] + z["b"] * z["theta_g"]
        weighted = lambda x, y, ratio: x * x / ratio + y * y  # noqa: E731
        was = weighted(z["theta_g"], z["theta_d"], z["r"])
        return weighted(g, e, z["r"] - z["d"]) - (1 + z["r"] * z["b"] ** 2) * was

    points = (
        {theta_g: 1, theta_d: 2, r: 1, b: Rational(1, 2), d: Rational(1, 3)},
        {theta_g: -1, theta_d: 1, r: Rational(1, 2), b: Rational(1, 3), d: Rational(1, 10)},
        {theta_g: 2, theta_d: -1, r: 1, b: 1, d: 0},
    )
    return Examination(
        eq(excess, d * (theta_g - r * b * theta_d) ** 2 / (r * (r - d))),
        exact,
        by_numbers({excess: measured}, points=points),
        given=d < r,
        steps=(
            Step("so theta_g^2/r + theta_d^2 >= W, its first value; were the limit 0, then"),
            Step("theta_g^2 >= r W/2 in the end, of one sign since |a theta_d| is smaller, and"),
            Step("theta_d moves one way by b |theta_g| >= sqrt(a b W/2) >= a sqrt(W/2) a step"),
            Step("(a <= b), whose sum is infinite: theta_d cannot go to 0"),
        ),
    )


@claim(
    "survey.ttur.better",
    source="section 5.1.3",
    says="with additional parameters training converges better",
    expect=Verdict.INFORMAL,
    reason="no measure of better; what it converges to is judged in survey.ttur.local-nash and "
    "survey.ttur.converges",
)
def better() -> None: ...
