r"""Section 5.1.1: unrolled GANs, their recursion, objective and derivative.

On V = theta_g theta_d the discriminator's k-th iterate solves y(n + 1) = y(n) + lambda theta_g;
`iterate` finds it for symbolic k. k of the second route are whole numbers, by loops.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import sympy as sp
from sympy import Expr, Rational, Symbol

from symgan.claims import Examination, IllPosed, Step, Verdict, by_numbers, claim, eq
from symgan.rules.simultaneous import simultaneous
from symgan_papers.survey.model_part1 import k, lam, minmax, theta_d, theta_g

q, s = sp.symbols("q s", positive=True)
STEPS = (
    {theta_g: 1, theta_d: 2, lam: Rational(1, 10), k: 3, q: 1},
    {theta_g: -2, theta_d: Rational(1, 3), lam: Rational(1, 4), k: 5, q: 2},
    {theta_g: Rational(3, 2), theta_d: -1, lam: 1, k: 1, q: Rational(1, 2)},
)
Payoff = Callable[[Any, Any], Any]


def iterate(start: Any = theta_d, curvature: Any = 0) -> Expr:
    """theta_d^k on V = theta_g theta_d - curvature theta_d^2/2."""
    y, n = sp.Function("y"), Symbol("n", integer=True)
    step = y(n + 1) - y(n) - lam * (theta_g - curvature * y(n))
    return sp.rsolve(step, y(n), {y(0): start}).subs(n, k)


def bilinear(g: Any, d: Any) -> Any:
    """V = theta_g theta_d."""
    return g * d


def looped(payoff: Payoff, g: Any, d: Any, step: Any, count: Any) -> Any:
    """The discriminator after some ascent steps, with slopes by differences."""
    for _ in range(int(count)):
        d = d + step * mpmath.diff(lambda y: payoff(g, y), d)
    return d


def _curved(p: Any) -> Payoff:
    return lambda g, d: g * d - p["q"] * d * d / 2


@claim(
    "survey.unrolled.start",
    source="section 5.1.1, first display",
    printed=r"\theta_d^0 = \theta_d",
    formal=r"W = \theta_g \theta_d",
    says="the unrolling starts at the discriminator's parameters after the last update of the "
    "generator: V at theta_d^0 is V itself, for V = theta_g theta_d",
    expect=Verdict.PROVED,
)
def start() -> Examination:
    value = Symbol("W", real=True)

    def measured(p: Any) -> Any:
        return p["theta_g"] * looped(bilinear, p["theta_g"], p["theta_d"], p["lambda"], 0)

    return Examination(
        eq(value, theta_g * theta_d),
        {value: bilinear(theta_g, iterate().subs(k, 0))},
        by_numbers({value: measured}, points=tuple({**p, lam: 1} for p in STEPS)),
    )


@claim(
    "survey.unrolled.recursion",
    source="section 5.1.1, second display",
    printed=r"\theta_d^{k+1} = \theta_d^k + \lambda \frac{\mathrm{d}V(\theta_g, \theta_d^k)}"
    r"{\theta_d^k}",
    says="each step adds lambda times the differential of V over theta_d^k",
    expect=Verdict.ILL_POSED,
    reason="a differential is divided by a parameter: the right side depends on an increment "
    "that the left side does not know; the denominator has lost its d "
    "(survey.unrolled.recursion.derivative)",
)
def recursion() -> IllPosed:
    new, increment = Symbol("y", real=True), Symbol("dtheta", real=True)
    differential = sp.diff(theta_g * theta_d, theta_d) * increment
    return IllPosed(
        statement=eq(new, theta_d + lam * differential / theta_d),
        bound=increment,
        free_side=lam * differential / theta_d,
        readings=("survey.unrolled.recursion.derivative",),
    )


@claim(
    "survey.unrolled.recursion.derivative",
    source="section 5.1.1, second display",
    formal=r"y = \theta_d + \lambda (\theta_g - q \theta_d)",
    says="the reading with the derivative of V, the discriminator's objective, which it ascends: "
    "one step on V = theta_g theta_d - q theta_d^2/2",
    expect=Verdict.PROVED,
)
def recursion_derivative() -> Examination:
    new = Symbol("y", real=True)
    game = minmax(theta_g * theta_d - q * theta_d**2 / 2)

    def measured(p: Any) -> Any:
        return looped(_curved(p), p["theta_g"], p["theta_d"], p["lambda"], 1)

    return Examination(
        eq(new, theta_d + lam * (theta_g - q * theta_d)),
        {new: simultaneous(game, lam).rhs[1]},
        by_numbers({new: measured}, kind="differentiated:mpmath", points=STEPS, digits=20),
    )


@claim(
    "survey.unrolled.objective",
    source="section 5.1.1, third display",
    printed=r"V_k(\theta_g, \theta_d) \triangleq V(\theta_g, \theta_d^k(\theta_g, \theta_d))",
    formal=r"W = \theta_g \theta_d + k \lambda \theta_g^2",
    says="the generator is updated on V at the discriminator's k-th iterate, V_k = W for "
    "V = theta_g theta_d",
    expect=Verdict.PROVED,
)
def objective() -> Examination:
    value = Symbol("W", real=True)
    exact = {value: sp.expand(bilinear(theta_g, iterate()))}

    def measured(p: Any) -> Any:
        last = looped(bilinear, p["theta_g"], p["theta_d"], p["lambda"], p["k"])
        return bilinear(p["theta_g"], last)

    return Examination(
        eq(value, theta_g * theta_d + k * lam * theta_g**2),
        exact,
        by_numbers({value: measured}, points=STEPS, digits=20),
    )


@claim(
    "survey.unrolled.which-f",
    source="section 5.1.1, below the third display",
    says="f is the objective of the generator, and f_K the function whose gradient is taken",
    expect=Verdict.INFORMAL,
    reason="neither f nor f_K stands in a display; V and V_k are meant, and judged so",
)
def which_f() -> None: ...


def _terms(p: Any, payoff: Payoff) -> tuple[Any, Any]:
    """Both partial terms of the chain rule for a payoff at the k-th iterate, by differences."""
    g, last = p["theta_g"], looped(bilinear, p["theta_g"], p["theta_d"], p["lambda"], p["k"])
    first = mpmath.diff(lambda x: payoff(x, last), g)
    slope = mpmath.diff(lambda y: payoff(g, y), last)
    reaction = mpmath.diff(
        lambda x: looped(bilinear, x, p["theta_d"], p["lambda"], p["k"]), g, h=mpmath.mpf(10) ** -15
    )
    return first, slope * reaction


def _whole(p: Any) -> Any:
    """dV_k/dtheta_g by differences."""

    def ahead(g: Any) -> Any:
        return bilinear(g, looped(bilinear, g, p["theta_d"], p["lambda"], p["k"]))

    return mpmath.diff(ahead, p["theta_g"], h=mpmath.mpf(10) ** -15)


@claim(
    "survey.unrolled.total-derivative",
    source="section 5.1.1, fourth display",
    printed=r"\frac{\mathrm{d}V_k(\theta_g, \theta_d)}{\mathrm{d}\theta_g} = \frac{\partial "
    r"V_k(\theta_g, \theta_d^k(\theta_g, \theta_d))}{\partial \theta_g} + \frac{\partial "
    r"V_k(\theta_g, \theta_d^k(\theta_g, \theta_d))}{\partial \theta_d^k(\theta_g, \theta_d)} "
    r"\frac{\mathrm{d}\theta_d^k(\theta_g, \theta_d)}{\mathrm{d}\theta_g}",
    formal=r"G = A + B",
    says="the derivative of V_k is the sum of the partial derivative A of V_k in its first place, "
    "at (theta_g, theta_d^k), and of that in its second place times d theta_d^k/d theta_g, B",
    expect=Verdict.REFUTED,
    amended=r"G = F + S",
    repair="write V for V_k on the right (F and S): V_k at theta_d^k unrolls twice. In several "
    "parameters the products are those of rows with the Jacobian of theta_d^k, as printed",
)
def total_derivative() -> Examination:
    whole, first, second, right, reaction = sp.symbols("G A B F S", real=True)
    y, last = Symbol("y", real=True), iterate()
    twice = bilinear(theta_g, iterate(y))  # V_k(theta_g, y)
    moved = sp.diff(last, theta_g)
    exact = {
        whole: sp.diff(bilinear(theta_g, last), theta_g),
        first: sp.diff(twice, theta_g).subs(y, last),
        second: sp.diff(twice, y).subs(y, last) * moved,
        right: sp.diff(bilinear(theta_g, y), theta_g).subs(y, last),
        reaction: sp.diff(bilinear(theta_g, y), y).subs(y, last) * moved,
    }

    def unrolled(p: Any) -> Payoff:
        return lambda g, d: bilinear(g, looped(bilinear, g, d, p["lambda"], p["k"]))

    numbers = {
        whole: _whole,
        first: lambda p: _terms(p, unrolled(p))[0],
        second: lambda p: _terms(p, unrolled(p))[1],
        right: lambda p: _terms(p, bilinear)[0],
        reaction: lambda p: _terms(p, bilinear)[1],
    }
    return Examination(
        eq(whole, first + second),
        {name: sp.expand(value) for name, value in exact.items()},
        # Nested differences: each level costs about half of the digits.
        by_numbers(numbers, kind="differentiated:mpmath", points=STEPS, digits=12),
        amendment=eq(whole, right + reaction),
        steps=(
            Step("dV_k/dtheta_g", sp.expand(exact[whole])),
            Step("the printed sum", sp.expand(exact[first] + exact[second])),
        ),
    )


@claim(
    "survey.unrolled.threw-away",
    source="section 5.1.1, below the fourth display",
    formal=r"S = k \lambda \theta_g",
    says="common practice, which keeps the discriminator fixed while the generator moves, throws "
    "the second term away: S is dV_k/dtheta_g less the derivative of V at the fixed theta_d^k",
    expect=Verdict.PROVED,
)
def threw_away() -> Examination:
    gap, y = sp.symbols("S y", real=True)
    last = iterate()
    fixed = sp.diff(bilinear(theta_g, y), theta_g).subs(y, last)
    exact = {gap: sp.expand(sp.diff(bilinear(theta_g, last), theta_g) - fixed)}

    def measured(p: Any) -> Any:
        return _whole(p) - _terms(p, bilinear)[0]

    return Examination(
        eq(gap, k * lam * theta_g),
        exact,
        by_numbers({gap: measured}, kind="differentiated:mpmath", points=STEPS, digits=12),
    )


@claim(
    "survey.unrolled.reaction",
    source="section 5.1.1, below the fourth display",
    formal=r"S = R D",
    says="what is thrown away captures how the discriminator would react: S is its reaction R, "
    "d theta_d^1/d theta_g, times the slope D of V in theta_d^1 (k = 1, "
    "V = theta_g theta_d - q theta_d^2/2)",
    expect=Verdict.PROVED,
)
def reaction() -> Examination:
    gap, reacts, slope = sp.symbols("S R D", real=True)
    y = Symbol("y", real=True)
    payoff = theta_g * y - q * y**2 / 2
    last = theta_d + lam * (theta_g - q * theta_d)
    fixed = sp.diff(payoff, theta_g).subs(y, last)
    exact = {
        gap: sp.expand(sp.diff(payoff.subs(y, last), theta_g) - fixed),
        reacts: sp.diff(last, theta_g),
        slope: sp.expand(sp.diff(payoff, y).subs(y, last)),
    }

    def after(p: Any, g: Any) -> Any:
        return p["theta_d"] + p["lambda"] * (g - p["q"] * p["theta_d"])

    def gap_of(p: Any) -> Any:
        value, g = _curved(p), p["theta_g"]
        return mpmath.diff(lambda x: value(x, after(p, x)), g) - mpmath.diff(
            lambda x: value(x, after(p, g)), g
        )

    numbers = {
        gap: gap_of,
        reacts: lambda p: mpmath.diff(lambda x: after(p, x), p["theta_g"]),
        slope: lambda p: mpmath.diff(lambda d: _curved(p)(p["theta_g"], d), after(p, p["theta_g"])),
    }
    return Examination(
        eq(gap, reacts * slope),
        exact,
        by_numbers(numbers, kind="differentiated:mpmath", points=STEPS, digits=20),
    )


@claim(
    "survey.unrolled.collapse",
    source="section 5.1.1, below the fourth display",
    formal=r"F = -k \lambda s",
    says="it discourages the generator from collapsing: with two modes of mass 1/2 each and the "
    "generator's excess mass s on one of them, V = theta_d s, its force F on that mass drives "
    "it back, the more so the nearer it is to collapse, s = 1/2",
    expect=Verdict.PROVED,
)
def collapse() -> Examination:
    force, y = sp.symbols("F y", real=True)
    last = iterate()
    second = sp.diff(bilinear(theta_g, y), y).subs(y, last) * sp.diff(last, theta_g)
    exact = {force: sp.expand(-second).subs(theta_g, s)}

    def measured(p: Any) -> Any:
        mass = (mpmath.mpf(1) / 2 + p["s"], mpmath.mpf(1) / 2 - p["s"])

        def payoff(first: Any, d: Any) -> Any:
            # Scores +d/2 and -d/2 on the modes; the data's own mean score is 0.
            return first * d / 2 - (1 - first) * d / 2

        def ahead(first: Any) -> Any:
            return looped(payoff, first, mpmath.mpf(0), p["lambda"], p["k"])

        step = mpmath.mpf(10) ** -15
        last = ahead(mass[0])
        slope = mpmath.diff(lambda d: payoff(mass[0], d), last)
        return -slope * mpmath.diff(ahead, mass[0], h=step)

    points = (
        {s: Rational(1, 2), lam: Rational(1, 10), k: 3},
        {s: Rational(1, 5), lam: Rational(1, 4), k: 5},
        {s: Rational(1, 7), lam: 1, k: 1},
    )
    return Examination(
        eq(force, -k * lam * s),
        exact,
        by_numbers({force: measured}, kind="differentiated:mpmath", points=points, digits=12),
    )


@claim(
    "survey.unrolled.collapse.networks",
    source="section 5.1.1, below the fourth display",
    says="the same for generators at large",
    expect=Verdict.INFORMAL,
    reason="collapse is not defined; a discriminator that cannot tell the modes apart has no "
    "reaction to it, and then the term is 0",
)
def collapse_networks() -> None: ...
