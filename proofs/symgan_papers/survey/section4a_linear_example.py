r"""Section 4, the linear example: D(x) = theta_d x + theta_d', G(z) = theta_g z + theta_g'.

One sample x of the data and one latent z stand for all: V is a mean of such terms, and means of
concave functions are concave. c_1 and c_2 are -f'' at D(x) and -D(G(z)), at least 0 for a concave
f.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mpmath
import sympy as sp
from sympy import Expr, Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.losses import GenericLoss, jensen_shannon
from symgan_papers.survey.model_part1 import hessian_of, log_loss, theta_d, theta_g

bias_d, bias_g = sp.symbols("theta_d' theta_g'", real=True)
x, z, a, b = sp.symbols("x z a b", real=True)
c_1, c_2, c = sp.symbols("c_1 c_2 c", nonnegative=True)
f_1, t, r = sp.symbols("f_1 t r", positive=True)


def real_score() -> Expr:
    """The argument of f at a sample of the data."""
    return theta_d * x + bias_d


def made_score() -> Expr:
    """The argument of f at a generated sample."""
    return -(theta_d * (theta_g * z + bias_g) + bias_d)


def along(payoff: Expr, first: Symbol, second: Symbol) -> Expr:
    """The second derivative of a payoff in the direction (a, b) of two parameters."""
    pair = (first, second)
    step = sp.Matrix([a, b])
    return (step.T * sp.hessian(payoff, pair) * step)[0]


def bent(expression: Expr, bends: Sequence[tuple[Expr, Expr]]) -> Expr:
    """Put -c for f'' at each argument."""
    table = {y.expand(): -bend for y, bend in bends}

    def at(argument: Any, order: Any = 0) -> Expr:
        assert order == 2, "only second derivatives are left"
        return table[argument.expand()]

    return expression.replace(GenericLoss, at)


NAMES = ("theta_d", "theta_d'", "theta_g", "theta_g'")


def _outputs(p: Any, at: Sequence[Any]) -> tuple[Any, Any]:
    """The two arguments of f as numbers."""
    d, e, g, h = at
    return d * p["x"] + e, -d * (g * p["z"] + h) - e


def _measured(sample: int, first: int, second: int) -> Any:
    """A term's curvature by differences, f being the parabola with slope 1 and the bend c."""

    def measured(p: Any) -> Any:
        at = [p[n] for n in NAMES]
        here, bend = _outputs(p, at)[sample], p[f"c_{sample + 1}"]

        def term(*moved: Any) -> Any:
            gap = _outputs(p, moved)[sample] - here
            return gap - bend * gap**2 / 2

        square, cross, other = (
            hessian_of(term, at, *pair)
            for pair in ((first, first), (first, second), (second, second))
        )
        return p["a"] ** 2 * square + 2 * p["a"] * p["b"] * cross + p["b"] ** 2 * other

    return measured


_BASE = {theta_d: 2, bias_d: 1, theta_g: -1, bias_g: 3, x: -2, z: 3}
POINTS = (
    {**_BASE, a: 1, b: 3, c_1: 1, c_2: 2},
    {**_BASE, a: -1, b: 1, c_1: 3, c_2: Rational(1, 2)},
    {**_BASE, a: 1, b: 1, c_1: 0, c_2: 0},
)


def _curvature(score: Expr, bend: Symbol, first: Symbol, second: Symbol) -> Expr:
    return sp.factor(bent(along(GenericLoss(score), first, second), [(score, bend)]))


@claim(
    "survey.stability.objective",
    source="section 4, first display",
    printed=r"V(G, D) = E_{x \sim p_{data}} [f(\theta_d x + \theta_d')] + E_{z \sim p_{latent}}"
    r" [f(-\theta_d(\theta_g z + \theta_g') - \theta_d')]",
    formal=r"V = f(x \theta_d + \theta_d') + f(-\theta_d(\theta_g z + \theta_g') - \theta_d')",
    says="the objective of the linear example, one sample of each law: f at D(x) and at -D(G(z))",
    expect=Verdict.PROVED,
)
def objective() -> Examination:
    value, y = sp.symbols("V y", real=True)
    discriminator, generator = theta_d * y + bias_d, theta_g * z + bias_g
    real, fake = discriminator.subs(y, x), discriminator.subs(y, generator)
    exact = {value: GenericLoss(real) + GenericLoss(-fake)}

    def measured(p: Any) -> Any:
        made = p["theta_g"] * p["z"] + p["theta_g'"]
        outputs = [p["theta_d"] * place + p["theta_d'"] for place in (p["x"], made)]
        return log_loss(outputs[0]) + log_loss(-outputs[1])

    points = (
        {theta_d: 2, bias_d: 1, theta_g: -1, bias_g: 3, x: 1, z: 2},
        {theta_d: -1, bias_d: 2, theta_g: 2, bias_g: Rational(1, 3), x: -3, z: 1},
    )
    printed = GenericLoss(theta_d * x + bias_d) + GenericLoss(
        -theta_d * (theta_g * z + bias_g) - bias_d
    )
    route = by_numbers(
        {value: measured}, kind="evaluated:mpmath", points=points, loss=jensen_shannon
    )
    return Examination(eq(value, printed), exact, route)


@claim(
    "survey.stability.concave-discriminator",
    source="section 4, below the first display",
    formal=r"H_1 \le 0, \quad H_2 \le 0",
    says="V is concave in theta_d and theta_d': the second derivatives H_1 and H_2 of its terms in "
    "any direction (a, b) of these are at most 0",
    expect=Verdict.PROVED,
)
def concave_discriminator() -> Examination:
    real, made = sp.symbols("H_1 H_2", real=True)
    exact = {
        real: _curvature(real_score(), c_1, theta_d, bias_d),
        made: _curvature(made_score(), c_2, theta_d, bias_d),
    }
    numbers = {real: _measured(0, 0, 1), made: _measured(1, 0, 1)}
    return Examination(
        sp.And(real <= 0, made <= 0),
        exact,
        by_numbers(numbers, kind="differentiated:mpmath", points=POINTS, digits=20),
        steps=(Step("a concave f of an affine function of (theta_d, theta_d')"),),
    )


@claim(
    "survey.stability.concave-generator",
    source="section 4, below the first display",
    formal=r"H \le 0",
    says="V is also concave in theta_g and theta_g', so that the example is concave-concave: the "
    "same for the one term that depends on them",
    expect=Verdict.PROVED,
)
def concave_generator() -> Examination:
    made = Symbol("H", real=True)
    return Examination(
        made <= 0,
        {made: _curvature(made_score(), c_2, theta_g, bias_g)},
        by_numbers(
            {made: _measured(1, 2, 3)}, kind="differentiated:mpmath", points=POINTS, digits=20
        ),
        steps=(Step("a concave f of an affine function of (theta_g, theta_g')"),),
    )


@claim(
    "survey.stability.not-convex-concave",
    source="section 4, first paragraph",
    formal=r"H < 0",
    says="GAN optimization is not a convex-concave game, even for linear models: at a "
    "discriminator theta_d = t > 0 and a latent r > 0, V is strictly concave in theta_g",
    expect=Verdict.CONDITIONAL,
    amended=r"c > 0",
    repair="require a strictly concave f, as the Jensen-Shannon GAN has it; for the Wasserstein "
    "GAN, f(y) = y, V is linear in each player's parameters and the game is convex-concave",
)
def not_convex_concave() -> Examination:
    curvature = Symbol("H", real=True)
    score = -(t * (theta_g * r + bias_g) + bias_d)
    exact = {curvature: bent(sp.diff(GenericLoss(score), theta_g, 2), [(score, c)])}

    def measured(p: Any) -> Any:
        def payoff(g: Any) -> Any:
            y = -(p["t"] * g * p["r"])
            return y - p["c"] * y**2 / 2

        return mpmath.diff(payoff, 0, 2)

    points = ({t: 1, r: 2, c: 1}, {t: Rational(1, 2), r: 1, c: Rational(1, 4)})
    return Examination(
        curvature < 0,
        exact,
        by_numbers({curvature: measured}, kind="differentiated:mpmath", points=points),
        condition=c > 0,
        setting={c: Rational(1, 4)},
        steps=(Step("second derivative in theta_g", exact[curvature]),),
    )


@claim(
    "survey.stability.most-unstable",
    source="section 4, below the first display",
    says="most concave-concave problems are not stable",
    expect=Verdict.INFORMAL,
    reason="no measure on problems is given; which quadratic ones are stable, and their share "
    "under one measure, is survey.settled.concave-concave",
)
def most_unstable() -> None: ...


@claim(
    "survey.stability.virtually-any.concave",
    source="section 4, below the first display",
    formal=r"H \le 0",
    says="this holds true for virtually any real parameterization; first reading, which goes with "
    "'the example is concave-concave': V is concave in the generator's parameters too. Judged for "
    "a generator of two linear layers, G(z) = theta_g theta_g' r, at zero weights, by the second "
    "derivative H in a direction (a, b); f_1 = f' there, theta_d = t",
    expect=Verdict.REFUTED,
    amended=r"H = -2 f_1 t r a b",
    repair="say that V is in general not convex in the generator's parameters (the second reading, "
    "survey.stability.virtually-any.not-convex); with more than one layer it is not concave "
    "either: H has both signs unless f' theta_d r = 0",
)
def virtually_any() -> Examination:
    curvature = Symbol("H", real=True)
    payoff = GenericLoss(-(t * (theta_g * bias_g * r) + bias_d))
    found = along(payoff, theta_g, bias_g).subs({theta_g: 0, bias_g: 0})
    exact = {curvature: found.subs(GenericLoss(-bias_d, 1), f_1)}

    def measured(p: Any) -> Any:
        def payoff(step: Any) -> Any:
            y = -p["t"] * (step * p["a"]) * (step * p["b"]) * p["r"]
            return p["f_1"] * y - y**2

        return mpmath.diff(payoff, 0, 2)

    points = ({t: 1, r: 2, a: 1, b: -1, f_1: 1}, {t: 2, r: 1, a: 1, b: 3, f_1: Rational(1, 2)})
    return Examination(
        curvature <= 0,
        exact,
        by_numbers({curvature: measured}, kind="differentiated:mpmath", points=points, digits=20),
        amendment=eq(curvature, -2 * f_1 * t * r * a * b),
        steps=(Step("the curvature of f meets a gradient that vanishes there; f' remains"),),
    )


@claim(
    "survey.stability.virtually-any.not-convex",
    source="section 4, below the first display",
    formal=r"H = -f_1 t^2 r^2 (f_1 + 2 c t r a b)",
    says="second reading: V is not convex-concave for virtually any parameterization. The same "
    "generator of two linear layers, at the weights a and b, has the determinant H of second "
    "derivatives, f' being f_1 and f'' = -c there: negative wherever 2 c t r a b > -f_1, a set "
    "that holds all weights of equal signs and all small ones, so that V is neither convex nor "
    "concave there",
    expect=Verdict.PROVED,
)
def virtually_any_not_convex() -> Examination:
    curvature = Symbol("H", real=True)
    payoff = GenericLoss(-(t * (theta_g * bias_g * r) + bias_d))
    matrix = sp.hessian(payoff, (theta_g, bias_g)).subs({theta_g: a, bias_g: b})
    here = -(t * a * b * r + bias_d)
    bends = {GenericLoss(here.expand(), 1): f_1, GenericLoss(here.expand(), 2): -c}
    exact = {curvature: sp.expand(sp.expand(matrix.det(), deep=True).subs(bends))}

    def measured(p: Any) -> Any:
        def payoff(g: Any, h: Any) -> Any:
            gap = -p["t"] * p["r"] * (g * h - p["a"] * p["b"])
            return p["f_1"] * gap - p["c"] * gap**2 / 2

        at = [p["a"], p["b"]]
        one, cross, other = (hessian_of(payoff, at, *q) for q in ((0, 0), (0, 1), (1, 1)))
        return one * other - cross**2

    points = (
        {t: 1, r: 2, f_1: 1, a: 0, b: 0, c: 1},
        {t: 2, r: 1, f_1: Rational(1, 2), a: 1, b: 3, c: Rational(1, 4)},
        {t: 1, r: 3, f_1: 2, a: -1, b: 1, c: 2},
    )
    return Examination(
        eq(curvature, -f_1 * t**2 * r**2 * (f_1 + 2 * c * t * r * a * b)),
        exact,
        by_numbers({curvature: measured}, kind="differentiated:mpmath", points=points, digits=20),
    )


@claim(
    "survey.stability.zero-output",
    source="section 4, second paragraph",
    formal=r"A > 0",
    says="where p_gen = p_data the optimal discriminator outputs 0 on all examples: its advantage "
    "A over one with the output y > 0 on an example, 2 f(0) - f(y) - f(-y), is positive; "
    "f(y) = y - c y^2/2",
    expect=Verdict.CONDITIONAL,
    amended=r"c > 0",
    repair="say on all examples of the data, with a strictly concave f and a class that holds "
    "D = 0; for f(y) = y every discriminator is optimal there",
)
def zero_output() -> Examination:
    gain, y = Symbol("A", real=True), Symbol("y", positive=True)
    loss = lambda s: s - c * s**2 / 2  # noqa: E731 - one line of the family
    exact = {gain: sp.expand(2 * loss(0) - loss(y) - loss(-y))}

    def measured(p: Any) -> Any:
        def value(output: Any) -> Any:  # one example that both laws share
            return sum(s - p["c"] * s * s / 2 for s in (output, -output))

        return value(mpmath.mpf(0)) - value(p["y"])

    points = ({c: 1, y: 2}, {c: Rational(1, 4), y: 1}, {c: 2, y: Rational(1, 5)})
    return Examination(
        gain > 0,
        exact,
        by_numbers({gain: measured}, kind="evaluated:mpmath", points=points),
        condition=c > 0,
        setting={c: Rational(1, 4)},
        steps=(Step("any concave f: f(y) + f(-y) <= 2 f(0), strictly if f is strictly concave"),),
    )


@claim(
    "survey.stability.any-generator",
    source="section 4, second paragraph",
    formal=r"V = 2 f(0)",
    says="given the optimal discriminator, which is 0, any generator is optimal: V does not "
    "depend on theta_g and theta_g'",
    expect=Verdict.PROVED,
)
def any_generator() -> Examination:
    value = Symbol("V", real=True)
    payoff = GenericLoss(real_score()) + GenericLoss(made_score())
    exact = {value: payoff.subs({theta_d: 0, bias_d: 0})}

    def measured(p: Any) -> Any:
        def discriminator(place: Any, slope: Any = 0, offset: Any = 0) -> Any:
            return slope * place + offset

        made = p["theta_g"] * p["z"] + p["theta_g'"]
        outputs = [discriminator(p["x"]), discriminator(made)]
        return log_loss(outputs[0]) + log_loss(-outputs[1])

    points = ({theta_g: 1, bias_g: 2, x: 1, z: 3}, {theta_g: -2, bias_g: 5, x: 2, z: 1})
    route = by_numbers(
        {value: measured}, kind="evaluated:mpmath", points=points, loss=jensen_shannon
    )
    return Examination(
        eq(value, 2 * GenericLoss(sp.Integer(0))),
        exact,
        route,
    )
