r"""Section 4, the assumptions of Nagarajan and Kolter and what follows from them.

One parameter a player, at a realizable equilibrium theta_d = 0, theta_g = 0: the discriminator's
output is theta_d g_0 on the data and theta_d (g_0 + g_1 theta_g + g_2 theta_g^2/2) on what is
generated, up to terms of higher order in theta_d. f_1 = f'(0) and c = -f''(0).
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.losses import GenericLoss, jensen_shannon
from symgan_papers.survey.model_part1 import (
    abscissa,
    gradient_of,
    hessian_of,
    log_loss,
    minmax,
    theta_d,
    theta_g,
)

g_0, g_1, f_1 = sp.symbols("g_0 g_1 f_1", positive=True)
g_2, h = sp.symbols("g_2 h", real=True)
c = Symbol("c", nonnegative=True)
m, mu = sp.symbols("m mu", real=True)
bias_d, bias_g = sp.symbols("theta_d' theta_g'", real=True)
AT = {GenericLoss(sp.Integer(0), 1): f_1, GenericLoss(sp.Integer(0), 2): -c}
REST = {theta_g: 0, theta_d: 0}
POINTS = (
    {g_0: 1, g_1: 2, g_2: -1, f_1: 1, c: 1},
    {g_0: 2, g_1: 1, g_2: 3, f_1: Rational(1, 2), c: Rational(1, 4)},
)


def payoff() -> sp.Expr:
    """V near the equilibrium, one sample of each law."""
    made = theta_d * (g_0 + g_1 * theta_g + g_2 * theta_g**2 / 2)
    return GenericLoss(theta_d * g_0) + GenericLoss(-made)


def _plain(p: Any) -> Any:
    """The same as numbers, with the parabola of slope f_1 and curvature -c as f."""

    def value(g: Any, d: Any) -> Any:
        made = d * (p["g_0"] + p["g_1"] * g + p["g_2"] * g * g / 2)
        return sum(p["f_1"] * y - p["c"] * y * y / 2 for y in (d * p["g_0"], -made))

    return value


def _field_slopes(p: Any) -> list[Any]:
    """The Jacobian of (-dV/dtheta_g, dV/dtheta_d) at rest, by differences."""
    value, rest = _plain(p), [mpmath.mpf(0)] * 2
    gg, gd, dd = (hessian_of(value, rest, *pair) for pair in ((0, 0), (0, 1), (1, 1)))
    return [-gg, -gd, gd, dd]


@claim(
    "survey.stability.update-magnitude",
    source="section 4, third paragraph",
    printed=r"\|\nabla_{\theta_d} V(\theta_d, \theta_g)\|_{\theta_d = \theta_d^*}\|^2",
    formal=r"H = 2 f_1^2 g_1^2",
    says="the assumption that the squared update of the equilibrium discriminator is strongly "
    "convex (in theta_g, at the equilibrium; one bar of the print is misplaced): its second "
    "derivative H there, positive where f'(0) and the interaction g_1 do not vanish",
    expect=Verdict.PROVED,
)
def update_magnitude() -> Examination:
    curvature = Symbol("H", real=True)
    squared = sp.diff(payoff(), theta_d) ** 2
    exact = {curvature: sp.diff(squared.subs(theta_d, 0), theta_g, 2).subs(theta_g, 0).subs(AT)}

    def measured(p: Any) -> Any:
        value = _plain(p)
        return mpmath.diff(lambda g: gradient_of(value, (g, mpmath.mpf(0)), 1) ** 2, 0, 2)

    return Examination(
        eq(curvature, 2 * f_1**2 * g_1**2),
        {curvature: sp.expand(exact[curvature])},
        by_numbers({curvature: measured}, kind="differentiated:mpmath", points=POINTS, digits=15),
    )


@claim(
    "survey.stability.already-concave",
    source="section 4, third paragraph",
    formal=r"H \le 0",
    says="at the equilibrium the objective is already concave in the discriminator's parameter, "
    "for any discriminator: an output theta_d g_0 + h theta_d^2/2 on an example that data and "
    "generator share has a curvature h that cancels",
    expect=Verdict.PROVED,
)
def already_concave() -> Examination:
    curvature = Symbol("H", real=True)
    output = theta_d * g_0 + h * theta_d**2 / 2
    value = GenericLoss(output) + GenericLoss(-output)
    exact = {curvature: sp.expand(sp.diff(value, theta_d, 2).subs(theta_d, 0).subs(AT))}

    def measured(p: Any) -> Any:
        def value(d: Any) -> Any:
            y = d * p["g_0"] + p["h"] * d * d / 2
            return sum(p["f_1"] * s - p["c"] * s * s / 2 for s in (y, -y))

        return mpmath.diff(value, 0, 2)

    points = ({g_0: 1, h: 5, f_1: 1, c: 1}, {g_0: 2, h: -3, f_1: 2, c: 0})
    return Examination(
        curvature <= 0,
        exact,
        by_numbers({curvature: measured}, kind="differentiated:mpmath", points=points, digits=20),
        steps=(Step("H", exact[curvature]), Step("where p_gen != p_data, h does not cancel")),
    )


@claim(
    "survey.stability.locally-stable",
    source="section 4, third paragraph",
    formal=r"T < 0, \quad D > 0",
    says="both assumptions together (c > 0; f_1 and g_1 not 0) break the concave-concave problem: "
    "the flow's Jacobian at the equilibrium has trace T < 0 and determinant D > 0, so that by the "
    "linearization theorem it is locally exponentially stable. Here one parameter a player; with "
    "several it follows from stability.key-lemma",
    expect=Verdict.PROVED,
)
def locally_stable() -> Examination:
    trace, determinant = sp.symbols("T D", real=True)
    jacobian = minmax(payoff()).flow().jacobian().subs(REST).subs(AT)
    exact = {trace: jacobian.trace(), determinant: sp.expand(jacobian.det())}

    def product(p: Any) -> Any:
        a, b, d, e = _field_slopes(p)
        return a * e - b * d

    def total(p: Any) -> Any:
        entries = _field_slopes(p)
        return entries[0] + entries[3]

    return Examination(
        sp.And(trace < 0, determinant > 0),
        exact,
        by_numbers(
            {trace: total, determinant: product},
            kind="differentiated:mpmath",
            points=POINTS,
            digits=20,
        ),
        given=c > 0,
        steps=(Step("the Jacobian", jacobian),),
    )


@claim(
    "survey.stability.ensured",
    source="section 4, last paragraph; section 5, first paragraph",
    formal=r"R < 0",
    says="the work ensured that we do have a stable equilibrium point to converge to: the largest "
    "real part R of the spectrum at a realizable equilibrium is negative (g_0 = 1, and "
    "g_1 f_1 = 1, where the eigenvalues are conjugate for c < 1)",
    expect=Verdict.CONDITIONAL,
    amended=r"c > 0",
    repair="keep the assumptions: f'' (0) < 0 is needed; for the Wasserstein GAN, c = 0, the "
    "equilibrium is a center and nothing converges to it",
)
def ensured() -> Examination:
    worst = Symbol("R", real=True)
    simple = {g_0: 1, g_1: 1, f_1: 1}
    jacobian = minmax(payoff()).flow().jacobian().subs(REST).subs(AT).subs(simple)
    # Conjugate eigenvalues: their real part is half the trace.
    exact = {worst: jacobian.trace() / 2}

    def measured(p: Any) -> Any:
        one = mpmath.mpf(1)
        return abscissa(_field_slopes({**p, "g_0": one, "g_1": one, "g_2": one, "f_1": one}))

    points = ({c: Rational(1, 4)}, {c: Rational(1, 2)}, {c: Rational(9, 10)})
    return Examination(
        worst < 0,
        exact,
        by_numbers({worst: measured}, kind="differentiated:mpmath", points=points, digits=20),
        given=c < 1,
        condition=c > 0,
        setting={c: Rational(1, 4)},
        steps=(
            Step("the Jacobian", jacobian),
            Step("its discriminant, negative for c < 1", sp.factor((2 * c) ** 2 - 4)),
        ),
    )


@claim(
    "survey.stability.gradient-penalty",
    source="section 4, last paragraph",
    formal=r"N = \theta_g^2 f'(-\theta_d \theta_g)^2, \quad P = \theta_d^2",
    says="the regularization term is the squared gradient in the discriminator's parameter, N, "
    "where the gradient penalty has that in the input data, P: on the Dirac-GAN one depends on "
    "the generator and the other does not",
    expect=Verdict.PROVED,
)
def gradient_penalty() -> Examination:
    ours, theirs = sp.symbols("N P", real=True)
    x = Symbol("x", real=True)
    output = theta_d * x
    value = GenericLoss(output.subs(x, 0)) + GenericLoss(-output.subs(x, theta_g))
    exact = {ours: sp.diff(value, theta_d) ** 2, theirs: sp.diff(output, x) ** 2}

    def squared(p: Any) -> Any:
        def value(d: Any) -> Any:
            return log_loss(0) + log_loss(-d * p["theta_g"])

        return mpmath.diff(value, p["theta_d"]) ** 2

    numbers = {
        ours: squared,
        theirs: lambda p: mpmath.diff(lambda y: p["theta_d"] * y, p["theta_g"]) ** 2,
    }
    points = ({theta_g: 1, theta_d: 2}, {theta_g: -2, theta_d: Rational(1, 3)})
    return Examination(
        sp.And(
            eq(ours, theta_g**2 * GenericLoss(-theta_d * theta_g, 1) ** 2),
            eq(theirs, theta_d**2),
        ),
        exact,
        by_numbers(
            numbers, kind="differentiated:mpmath", points=points, digits=20, loss=jensen_shannon
        ),
    )


@claim(
    "survey.stability.reminiscent",
    source="section 4, last paragraph",
    says="the regularization term is reminiscent of the well-known gradient penalty",
    expect=Verdict.INFORMAL,
    reason="a likeness; the difference is judged in survey.stability.gradient-penalty",
)
def reminiscent() -> None: ...


@claim(
    "survey.stability.convex-term",
    source="section 4, last paragraph",
    formal=r"H > 0",
    says="the regularization term is the one that can be assumed to be convex: its second "
    "derivative H in theta_g, on the Dirac-GAN with the Jensen-Shannon loss",
    expect=Verdict.CONDITIONAL,
    amended=r"\theta_d = 0",
    repair="say at the equilibrium discriminator, where the assumption is made; at theta_d = 1 the "
    "term (theta_g f'(-theta_g))^2 is not convex in theta_g",
)
def convex_term() -> Examination:
    curvature = Symbol("H", real=True)
    value = jensen_shannon(-theta_d * theta_g)
    exact = {curvature: sp.diff(sp.diff(value, theta_d) ** 2, theta_g, 2)}

    def measured(p: Any) -> Any:
        def term(g: Any) -> Any:
            slope = 1 / (1 + mpmath.exp(-p["theta_d"] * g))  # f'(y) = 1/(1 + exp(y)) at -theta_d g
            return (g * slope) ** 2

        return mpmath.diff(term, p["theta_g"], 2)

    points = ({theta_g: 1, theta_d: 0}, {theta_g: -1, theta_d: 0}, {theta_g: -1, theta_d: 1})
    return Examination(
        curvature > 0,
        exact,
        by_numbers({curvature: measured}, kind="differentiated:mpmath", points=points, digits=20),
        condition=sp.Eq(theta_d, 0),
        setting={theta_d: 0},
    )


@claim(
    "survey.settled.linear.assumption-fails",
    source="ours, to section 4",
    formal=r"T = 2 f_1^2 (m^2 + 1), \quad D = 0",
    says="the survey's own linear example, with its offsets, does not satisfy the assumption: the "
    "squared update at theta_d = theta_d' = 0 is a square of one linear form in (theta_g, "
    "theta_g'); trace T and determinant D of its Hessian, m the mean of the latent law",
    expect=Verdict.PROVED,
)
def assumption_fails() -> Examination:
    trace, determinant = sp.symbols("T D", real=True)
    value = GenericLoss(theta_d * mu + bias_d)
    value += GenericLoss(-(theta_d * (theta_g * m + bias_g) + bias_d))
    rest = {theta_d: 0, bias_d: 0}
    squared = sum(sp.diff(value, s).subs(rest).subs(AT) ** 2 for s in (theta_d, bias_d))
    hessian = sp.hessian(squared, (theta_g, bias_g))
    exact = {trace: sp.expand(hessian.trace()), determinant: sp.expand(hessian.det())}

    def entries(p: Any) -> tuple[Any, Any, Any]:
        def term(g: Any, b: Any) -> Any:
            def value(d: Any, e: Any) -> Any:
                outputs = (d * p["mu"] + e, -(d * (g * p["m"] + b) + e))
                return sum(p["f_1"] * y - y * y / 2 for y in outputs)

            zero = (mpmath.mpf(0), mpmath.mpf(0))
            return gradient_of(value, zero, 0) ** 2 + gradient_of(value, zero, 1) ** 2

        at = (mpmath.mpf(1), mpmath.mpf(2))
        one, cross, other = (hessian_of(term, at, *q) for q in ((0, 0), (0, 1), (1, 1)))
        return one, cross, other

    def product(p: Any) -> Any:
        one, cross, other = entries(p)
        return one * other - cross**2

    numbers = {trace: lambda p: entries(p)[0] + entries(p)[2], determinant: product}
    points = ({m: 1, mu: 2, f_1: 1}, {m: -2, mu: 1, f_1: Rational(1, 2)})
    return Examination(
        sp.And(eq(trace, 2 * f_1**2 * (m**2 + 1)), eq(determinant, 0)),
        exact,
        # Second differences of squared first differences: half of the digits remain.
        by_numbers(numbers, kind="differentiated:mpmath", points=points, digits=12),
    )


@claim(
    "survey.settled.linear.blind-to-variance",
    source="ours, to section 4",
    formal=r"F = 0, \quad W = \theta_g^2",
    says="the linear example rests at theta_d = theta_d' = 0 with every generator that has the "
    "data's mean, whatever its variance W (latent -1 or 1, theta_g' = mu): p_gen = p_data is not "
    "its only equilibrium, and the linearization theorem alone does not apply to it",
    expect=Verdict.PROVED,
)
def blind() -> Examination:
    force, variance = sp.symbols("F W", real=True)
    made = [theta_g * z + bias_g for z in (-1, 1)]
    value = GenericLoss(theta_d * mu + bias_d)
    value += sum(GenericLoss(-(theta_d * y + bias_d)) for y in made) / 2
    game = minmax(value, generator=(theta_g, bias_g), discriminator=(theta_d, bias_d))
    rest = {theta_d: 0, bias_d: 0, bias_g: mu}
    exact = {
        force: sp.expand(sum(v.subs(rest, simultaneous=True) ** 2 for v in game.v)),
        variance: sp.expand(sum((y - bias_g) ** 2 for y in made) / 2),
    }

    def value_at(p: Any) -> Any:
        def value(*at: Any) -> Any:
            g, b, d, e = at
            fake = [log_loss(-(d * (g * z + b) + e)) for z in (-1, 1)]
            return log_loss(d * p["mu"] + e) + (fake[0] + fake[1]) / 2

        return value

    def forced(p: Any) -> Any:
        at = (p["theta_g"], p["mu"], mpmath.mpf(0), mpmath.mpf(0))
        return sum(gradient_of(value_at(p), at, i) ** 2 for i in range(4))

    def spread(p: Any) -> Any:
        places = [p["theta_g"] * z + p["mu"] for z in (-1, 1)]
        return ((places[0] - places[1]) / 2) ** 2

    points = ({theta_g: 2, mu: 1}, {theta_g: Rational(1, 3), mu: -1})
    return Examination(
        sp.And(eq(force, 0), eq(variance, theta_g**2)),
        exact,
        by_numbers(
            {force: forced, variance: spread},
            kind="differentiated:mpmath",
            points=points,
            digits=20,
        ),
    )
