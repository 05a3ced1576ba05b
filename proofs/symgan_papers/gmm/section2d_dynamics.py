r"""Section 2.2, equations (7) to (11): the two dynamics, and what their updates keep."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Integer, Rational, Symbol

from symgan.certify.ball import load_flint
from symgan.claims import Examination, Step, Verdict, claim, eq
from symgan.games.mixture import normal_pdf
from symgan_papers.gmm.figure1_data import COLLAPSING
from symgan_papers.gmm.figure2_data import ETA, MEANS, TRUTH
from symgan_papers.gmm.model_front import (
    BITS,
    Setup,
    below,
    game,
    gap,
    mean_pull,
    measured,
    orbit,
    phi,
    plain_orbit,
)
from symgan_papers.gmm.model_front_rates import (
    PLACE,
    images,
    means_at,
    slope_of_payoff,
    truth_at,
)

gan = game()
mu1, mu2 = gan.mu
(l1, l2), (r1, r2) = gan.left, gan.right
eta = Symbol("eta", positive=True)
a, b, s, x = sp.symbols("a b s x", real=True)
q_new, q_f_end, q_rate, q_other = sp.symbols("new F_x v v'", real=True)
HALF = Rational(1, 2)
ENDS = {l1: Integer(-1), r1: Rational(1, 5), l2: Rational(1, 2), r2: Rational(5, 2)}
PLACES = (
    PLACE | ENDS | {eta: Rational(3, 10)},
    PLACE | {mu1: Integer(0), l1: -2, r1: 0, l2: 1, r2: 3, eta: HALF},
)


def ends_at(p: Any) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    """The intervals at a point."""
    return (p["l1"], p["r1"]), (p["l2"], p["r2"])


@claim(
    "gmm.eq7",
    source="eq. (7)",
    printed=r"\ell^{(t)}, r^{(t)} = \arg \max_{\ell, r} L(\hat{\mu}^{(t)}, \ell, r)",
    formal=r"v = 0, v' = 0",
    says="the choice among maximizing ends, which are not unique, does not matter for (8): where F "
    "is positive on one segment [a, b] only, neither L nor the generator's gradient depends on s "
    "in the discriminator [a, s], [s, b] (v and v' are their slopes in s). At the true means every "
    "choice of ends maximizes, and gradients differ. Real ends need not exist: gmm.eq6.maximum",
    expect=Verdict.PROVED,
)
def eq7() -> Examination:
    split = {l1: a, r1: s, l2: s, r2: b}
    exact = {
        q_rate: sp.expand(sp.diff(gan.L.subs(split), s)),
        q_other: sp.expand(sp.diff(sp.diff(gan.L, mu1).subs(split), s)),
    }

    def slope(p: Any) -> Any:
        def mass(z: Any) -> Any:
            parts = [(1, truth_at(p)), (-1, means_at(p))]
            pieces = ((p["a"], z), (z, p["b"]))
            return sum(
                c * (mpmath.ncdf(r - m) - mpmath.ncdf(el - m)) / 2
                for el, r in pieces
                for c, pair in parts
                for m in pair
            )

        return mpmath.diff(mass, p["s"])

    def pull(p: Any) -> Any:
        def gradient(z: Any) -> Any:
            return (
                phi(z - p["mu1"])
                - phi(p["a"] - p["mu1"])
                + phi(p["b"] - p["mu1"])
                - phi(z - p["mu1"])
            )

        return mpmath.diff(gradient, p["s"])

    points = (PLACE | {a: -1, s: 0, b: 1}, PLACE | {a: 0, s: HALF, b: 2})
    statement = sp.And(eq(q_rate, 0 * s), eq(q_other, 0 * s), evaluate=False)
    return measured(
        statement, exact, {q_rate: slope, q_other: pull}, points, given=sp.And(a < s, s < b)
    )


@claim(
    "gmm.eq8",
    source="eq. (8); 'perform (stochastic) gradient descent on this function'",
    printed=r"\hat{\mu}^{(t+1)} = \hat{\mu}^{(t)} - \eta_g \nabla_{\mu} L(\hat{\mu}^{(t)}, "
    r"\ell^{(t)}, r^{(t)})",
    formal=r"v = v' + F_x g",
    says="the step is one of gradient descent on G(mu) = max L: where an end r1 follows the means "
    "with any slope g, dL/dmu is the partial derivative v' plus F(r1) g, and F vanishes at a "
    "maximizing end. G is differentiable wherever F is not identically 0, as F then has no more "
    "than three zeros: at every generator but the truth itself, in either order",
    expect=Verdict.PROVED,
)
def eq8() -> Examination:
    g = Symbol("g", real=True)
    moved = r1 + g * (x - mu1)
    followed = gan.L.subs({mu1: x, r1: moved}, simultaneous=True)
    exact = {
        q_rate: sp.diff(followed, x).subs(x, mu1),
        q_other: sp.diff(gan.L, mu1),
        q_f_end: gan.F(r1),
    }

    def whole(p: Any) -> Any:
        def value(m: Any) -> Any:
            end = p["r1"] + p["g"] * (m - p["mu1"])
            total = mpmath.mpf(0)
            for el, r in ((p["l1"], end), (p["l2"], p["r2"])):
                for c, pair in ((1, truth_at(p)), (-1, (m, p["mu2"]))):
                    total += sum(c * (mpmath.ncdf(r - k) - mpmath.ncdf(el - k)) / 2 for k in pair)
            return total

        return mpmath.diff(value, p["mu1"])

    numbers = {
        q_rate: whole,
        q_other: lambda p: mean_pull(ends_at(p), p["mu1"]),
        q_f_end: lambda p: gap(p["r1"], truth_at(p), means_at(p)),
    }
    points = tuple(p | {g: v} for p, v in zip(PLACES, (2, -1), strict=True))
    steps = (
        Step(
            "f is half the integral of |F|; its derivative is that of sign(F) dF, as {F = 0} is "
            "a null set: F is analytic, and a sum of four exponentials at most"
        ),
        Step("sign(F) is the maximizing discriminator, so this is dL/dmu at (7)"),
    )
    return measured(eq(q_rate, q_other + q_f_end * g), exact, numbers, points, *steps)


@claim(
    "gmm.eq9",
    source="eq. (9)",
    printed=r"\hat{\mu}^{(t+1)} = \hat{\mu}^{(t)} - \eta_g \nabla_{\mu} L(\hat{\mu}^{(t)}, "
    r"\ell^{(t)}, r^{(t)})",
    formal=r"new = \mu_1 - \frac{1}{2} \eta \cdot (p_1 + p_2)",
    says="the generator descends L: mu_j moves by -eta/2 times the sum over intervals of phi(r - "
    "mu_j) - phi(l - mu_j) (p_1 and p_2), as symgan's simultaneous rule on (6) has it; the "
    "intervals attract "
    "the means",
    expect=Verdict.PROVED,
)
def eq9() -> Examination:
    pulls = sp.symbols("p_1 p_2", real=True)
    ends = ((l1, r1), (l2, r2))
    exact = {q_new: images()[mu1]} | {
        pull: normal_pdf(r - mu1) - normal_pdf(el - mu1)
        for pull, (el, r) in zip(pulls, ends, strict=True)
    }

    def pull_of(i: int) -> Any:
        return lambda p: phi(p[f"r{i}"] - p["mu1"]) - phi(p[f"l{i}"] - p["mu1"])

    numbers = {
        q_new: lambda p: p["mu1"] - p["eta"] * mean_pull(ends_at(p), p["mu1"]),
        pulls[0]: pull_of(1),
        pulls[1]: pull_of(2),
    }
    return measured(eq(q_new, mu1 - eta * (pulls[0] + pulls[1]) / 2), exact, numbers, PLACES)


@claim(
    "gmm.eq10",
    source="eq. (10)",
    printed=r"r^{(t+1)} = r^{(t)} + \eta_d \nabla_r L(\hat{\mu}^{(t)}, \ell^{(t)}, r^{(t)})",
    formal=r"new = r_1 + \eta F_x",
    says="the discriminator ascends L: right ends move by eta F(r), from the same state as (9)",
    expect=Verdict.PROVED,
)
def eq10() -> Examination:
    exact = {q_new: images()[r1], q_f_end: gan.F(r1)}
    numbers = {
        q_new: lambda p: p["r1"] + p["eta"] * slope_of_payoff(p, p["r1"]),
        q_f_end: lambda p: gap(p["r1"], truth_at(p), means_at(p)),
    }
    return measured(eq(q_new, r1 + eta * q_f_end), exact, numbers, PLACES)


@claim(
    "gmm.eq11",
    source="eq. (11)",
    printed=r"\ell^{(t+1)} = \ell^{(t)} + \eta_d \nabla_{\ell} L(\hat{\mu}^{(t)}, \ell^{(t)}, "
    r"r^{(t)})",
    formal=r"new = l_1 - \eta F_x",
    says="left ends move by -eta F(l): the gradient of L in a left end is -F",
    expect=Verdict.PROVED,
)
def eq11() -> Examination:
    exact = {q_new: images()[l1], q_f_end: gan.F(l1)}
    numbers = {
        q_new: lambda p: p["l1"] - p["eta"] * slope_of_payoff(p, p["l1"]),
        q_f_end: lambda p: gap(p["l1"], truth_at(p), means_at(p)),
    }
    return measured(eq(q_new, l1 - eta * q_f_end), exact, numbers, PLACES)


@claim(
    "gmm.eq11.order",
    source="eqs. (10), (11): 'the first order dynamics for G*, G, D', D the set (5)",
    formal=r"w \ge 0",
    says="the first order dynamics stay in (5): an interval's length remains nonnegative (Figure "
    "2's means, the left interval shortened to [-3/5, -1/2], step 3/10; w is the next length but "
    "two)",
    expect=Verdict.REFUTED,
    amended=r"w < 0",
    repair="project onto l1 <= r1 <= l2 <= r2 after each update, or hold crossing ends together; "
    "the next length is w + eta (F(l) + F(r)), which takes lengths below -eta (F(l) + F(r)) "
    "below 0",
)
def order() -> Examination:
    width = Symbol("w", real=True)
    data = _shortened()
    with load_flint().ctx.workprec(BITS):
        last = orbit(data, 3)[-1]
        exact = {width: -below(last[2] - last[4])}
    numbers = {width: lambda _: plain_orbit(data, 3)[-1][4] - plain_orbit(data, 3)[-1][2]}
    return measured(width >= 0, exact, numbers, amendment=width < 0, kind="simulated:float64")


def _shortened() -> Setup:
    left, right = (-Rational(3, 5), HALF), (-HALF, Rational(5, 2))
    return Setup(TRUTH, MEANS, left, right, ETA)


@claim(
    "gmm.eq11.order.overlap",
    source="eqs. (10), (11), the order r1 <= l2 of (5)",
    formal=r"w \ge 0",
    says="the two intervals stay apart: w = l2 - r1 along the orbit of Figure 1 (b), at step 100",
    expect=Verdict.REFUTED,
    amended=r"w < -1",
    repair="project onto (5); as printed the ends pass each other where F > 0, at the rate "
    "eta (F(r1) + F(l2)), and (6) then counts the overlap twice, D being 2 there",
)
def overlap() -> Examination:
    width, step = Symbol("w", real=True), 100
    with load_flint().ctx.workprec(BITS):
        state = orbit(COLLAPSING, step)[-1]
        exact = {width: -below(state[4] - state[3])}

    def plain(_: Any) -> float:
        last = plain_orbit(COLLAPSING, step)[-1]
        return last[3] - last[4]

    return measured(
        width >= 0, exact, {width: plain}, amendment=width < -1, kind="simulated:float64"
    )
