r"""Section 5.3.1: the effect of noise on one feature: weak noise oscillates, strong noise hides.

The noise is kappa = tau (eta_T^2 + eta_G^2)/2, the setting strict regularization, d = 1. The
survey has the two effects exchanged against its source: strong noise makes the discriminator
blind and leaves a generator that has missed a feature where it is; weak noise lets training
oscillate. With two features weak noise can collapse, too: survey.whl.small-noise.together.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.analysis.mean_field import RestFamily, line_block, rest_family
from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.games.spiked import Lambda, Lambda_G, P, eta_g, eta_t, q, r, strict_flow, tau, tau_g
from symgan_papers.survey.model_section5_3 import (
    RATES,
    Place,
    difference_matrix,
    kappa,
    plain_strict,
)

k, k_2, g = sp.symbols("k k_2 g", positive=True)
OURS = "ours"
EQUAL = {Lambda: 2, Lambda_G: 2, eta_t: Rational(1, 2), eta_g: Rational(2, 3), tau: 1, tau_g: 3}
FAST = (
    {Lambda: 1, Lambda_G: 1, eta_t: Rational(1, 4), eta_g: Rational(1, 4), tau: 1, tau_g: 3},
    {Lambda: 2, Lambda_G: 1, eta_t: Rational(1, 2), eta_g: 0, tau: 1, tau_g: 3},
)
"""Rates at which the collapsed rest point exists: the generator is faster."""
SQUARES = eta_t**2 + eta_g**2


@cache
def family(name: str) -> RestFamily:
    """A family of rest points of the strict limit."""
    found = rest_family(strict_flow(), name)
    assert found is not None
    return found


def numeric(p: Place, at: list[Any]) -> Any:
    """The Jacobian of the plain field by difference quotients."""
    return difference_matrix(lambda x: plain_strict(p, x), at)


@claim(
    "survey.whl.small-noise",
    source="section 5.3.1: if the noise is too small, training can be trapped in mode collapse",
    says="however small the noise, with one feature: for kappa < Lambda training stays where "
    "the generator has missed the data's feature and the discriminator sees neither "
    "(P = q = r = 0): a discriminator that has a trace of the feature loses it, mu being the "
    "growth rate of q there",
    formal=r"\mu \le 0",
    expect=Verdict.REFUTED,
    amended=r"\mu = \tau \Lambda - \frac{\tau^2 (\eta_T^2 + \eta_G^2)}{2}",
    repair="write 'too big' for 'too small': the trap closes for tau (eta_T^2 + eta_G^2)/2 > "
    "Lambda (two features: survey.whl.small-noise.features; with a fast generator the sentence "
    "has a true instance there, survey.whl.small-noise.together)",
)
def small_noise() -> Examination:
    growth = Symbol("mu", real=True)
    block = line_block(strict_flow()).subs(P, 0)
    assert block[0, 1] == 0  # q moves by itself
    exact = {growth: block[0, 0]}
    zero = mpmath.mpf(0)
    points = ({**RATES[0]}, {**EQUAL})
    return Examination(
        growth <= 0,
        exact,
        by_numbers(
            {growth: lambda p: numeric(p, [zero, zero, zero])[1, 1]},
            points=points,
            kind="differentiated:mpmath",
        ),
        given=kappa() < Lambda,
        amendment=eq(growth, tau * Lambda - tau**2 * SQUARES / 2),
        amendment_given=sp.true,
        steps=(Step("the abstract of Wang et al. says it the same way: too strong noise"),),
    )


@claim(
    "survey.whl.small-noise.collapsed",
    source="section 5.3.1: if the noise is too small, mode collapse, second reading",
    says="however small the noise, training is trapped where the discriminator follows a "
    "generator that has missed the feature (P = q = 0, r != 0; there for a generator faster than "
    "the discriminator, tau_G > tau): D is the Jacobian's determinant across, positive where it "
    "traps",
    formal=r"D > 0",
    expect=Verdict.REFUTED,
    repair="the same: below the noise at which Lambda (2 (tau_G - tau) + tau^2 eta_G) = tau tau_G "
    "(Lambda_G eta_G + eta_T^2 + eta_G^2) this state repels, above it, it may trap",
)
def small_noise_collapsed() -> Examination:
    across = Symbol("D", real=True)
    rest = family("collapsed")
    jacobian = strict_flow().jacobian().subs(rest.point, simultaneous=True)
    exact = {across: sp.factor(sp.expand(jacobian[:2, :2].det()))}
    width = 2 * (tau_g - tau) + tau**2 * eta_g
    square = (2 * Lambda_G * (tau_g - tau) - tau**2 * SQUARES) / (Lambda_G * width)
    noise = tau * tau_g * (Lambda_G * eta_g + SQUARES)
    formula = tau * tau_g * Lambda_G * square * (noise / width - Lambda)
    exists = 2 * Lambda_G * (tau_g - tau) > tau**2 * SQUARES

    def measure(p: Place) -> Any:
        zero = mpmath.mpf(0)
        at = _root(lambda x: plain_strict(p, [zero, zero, x])[2])
        J = numeric(p, [zero, zero, at])
        return J[0, 0] * J[1, 1] - J[0, 1] * J[1, 0]

    return Examination(
        across > 0,
        exact,
        by_numbers({across: measure}, points=FAST, kind="differentiated:mpmath"),
        given=sp.And(tau_g > tau, exists, Lambda * width > noise),
        amendment=eq(across, formula),
        amendment_given=tau_g > tau,
        steps=(Step("r^2 at the rest point", square), Step("for vanishing noise D < 0", formula)),
    )


def _root(field: Any) -> Any:
    """The rest value of r in (0, 1] by bisection, polished by Newton's method."""
    low, high = mpmath.mpf(1) / 1000, mpmath.mpf(1)
    for _ in range(20):
        middle = (low + high) / 2
        low, high = (middle, high) if field(middle) > 0 else (low, middle)
    return mpmath.findroot(field, low, tol=mpmath.mpf(10) ** -120)


@claim(
    "survey.whl.big-noise",
    source="section 5.3.1: if the noise is too big, trapped in an oscillating phase",
    says="however big the noise, training oscillates for good; then W = q^2 + r^2 does not fall "
    "everywhere. For Lambda_G = Lambda and kappa > Lambda, kappa > (tau_G/tau - 1) Lambda "
    "(Lambda = kappa/(1 + k), tau_G = tau (2 + k)/(1 + k_2), r^2 = 1/(1 + g)), W falls in every "
    "state but those of rest",
    formal=r"W_{rate} \ge 0",
    expect=Verdict.REFUTED,
    amended=r"W_{rate} < 0",
    repair="write 'too small' for 'too big': with big noise W decreases to 0 from every start and "
    "the generator comes to rest; oscillations need kappa below these bounds",
)
def big_noise() -> Examination:
    rate = Symbol("W_rate", real=True)
    size = Symbol("q", nonnegative=True)
    flow = strict_flow().subs({Lambda_G: Lambda})
    derivative = 2 * (q * flow.rhs[1] + r * flow.rhs[2])
    placed = {tau_g: tau * (2 + k) / (1 + k_2), Lambda: kappa() / (1 + k)}
    inside = sp.expand(derivative).subs(placed).subs({r**4: 1 / (1 + g) ** 2, r**2: 1 / (1 + g)})
    strengths = {eta_t: Symbol("eta_T", positive=True), eta_g: Symbol("eta_G", positive=True)}
    exact = {rate: sp.factor(inside.subs({q: size, **strengths}))}
    assert not exact[rate].has(P, r)

    def measure(p: Place) -> Any:
        noise = p["tau"] * (p["eta_T"] ** 2 + p["eta_G"] ** 2) / 2
        power = noise / (1 + p["k"])
        fast = p["tau"] * (2 + p["k"]) / (1 + p["k_2"])
        place = {**p, "Lambda": power, "Lambda_G": power, "tau_G": fast}
        x = [mpmath.mpf(1) / 7, p["q"], 1 / mpmath.sqrt(1 + p["g"])]
        field = plain_strict(place, x)
        return 2 * (x[1] * field[1] + x[2] * field[2])

    some = {tau: 1, strengths[eta_t]: Rational(1, 2), strengths[eta_g]: 2}
    points = (
        {**some, size: Rational(1, 2), k: Rational(1, 10), k_2: 1, g: 3},
        {**some, size: 0, k: 2, k_2: Rational(1, 5), g: Rational(1, 8)},
    )
    return Examination(
        rate >= 0,
        exact,
        by_numbers({rate: measure}, points=points, kind="evaluated:mpmath"),
        amendment=rate < 0,
        steps=(
            Step("along an oscillation W' has mean zero, so somewhere W' >= 0"),
            Step("the ends r = 0 and r^2 = 1, left out by g > 0, follow from the next line"),
            Step("W'/2 = -tau (kappa - Lambda) q^2 - tau Lambda q^4 - (tau kappa - (tau_G - tau) "
                 "Lambda (1 - r^2)) r^2 - tau^2 Lambda (eta_T q^2 + eta_G r^2) W/2"),
        ),
    )  # fmt: skip


@claim(
    "survey.settled.whl.line",
    source=OURS,
    says="across the line of rest points q = r = 0 the Jacobian has this trace, whatever P, and "
    "this determinant: for Lambda_G = Lambda and tau_G < 4 tau, perfect recovery attracts q and r "
    "if and only if kappa > Lambda tau_G/(2 tau); with less noise the whole line repels",
    formal=r"T = \tau_G \Lambda_G + \tau (\Lambda - \Lambda_G) - \tau^2 (\eta_T^2 + \eta_G^2)",
    expect=Verdict.PROVED,
)
def line() -> Examination:
    trace, determinant = sp.symbols("T D", real=True)
    block = line_block(strict_flow())
    exact = {trace: block.trace(), determinant: sp.expand(block.det())}
    noise = kappa()
    sides = (
        tau_g * Lambda_G + tau * (Lambda - Lambda_G) - tau**2 * SQUARES,
        tau * (Lambda - noise) * (tau_g * Lambda_G - tau * (Lambda_G + noise))
        + tau**2 * Lambda * Lambda_G * P**2,
    )

    def measured(p: Place, wanted: str) -> Any:
        J = numeric(p, [p["P"], mpmath.mpf(0), mpmath.mpf(0)])
        return J[1, 1] + J[2, 2] if wanted == "T" else J[1, 1] * J[2, 2] - J[1, 2] * J[2, 1]

    measures = {trace: lambda p: measured(p, "T"), determinant: lambda p: measured(p, "D")}
    return Examination(
        sp.And(eq(trace, sides[0]), eq(determinant, sides[1])),
        exact,
        by_numbers(measures, points=_with_overlap(), kind="differentiated:mpmath"),
        steps=(
            Step("so the line attracts beyond P^2 = (1 - kappa/Lambda)(1 + kappa/Lambda_G - "
                 "tau_G/tau) where the trace is negative: recovery is perfect up to this"),
        ),
    )  # fmt: skip


def _with_overlap() -> tuple[dict[Any, Any], ...]:
    return tuple({**rates, P: x} for rates, x in zip(RATES, (Rational(1, 2), 1), strict=True))


@claim(
    "survey.settled.whl.discriminator-alone",
    source=OURS,
    says="where the discriminator alone has found the feature (P = r = 0) the determinant across "
    "is negative: a generator that has a trace of it learns it, at any noise at which this rest "
    "point exists",
    formal=r"D = - \tau \tau_G \Lambda_G \frac{2 \Lambda - \tau (\eta_T^2 + \eta_G^2)}"
    r"{2 + \tau \eta_T}",
    expect=Verdict.PROVED,
)
def discriminator_alone() -> Examination:
    across = Symbol("D", real=True)
    rest = family("discriminator alone")
    jacobian = strict_flow().jacobian().subs(rest.point, simultaneous=True)
    exact = {across: sp.factor(sp.expand(jacobian.extract([0, 2], [0, 2]).det()))}

    def measure(p: Place) -> Any:
        zero = mpmath.mpf(0)
        J = numeric(p, [zero, _root(lambda x: plain_strict(p, [zero, x, zero])[1]), zero])
        return J[0, 0] * J[2, 2] - J[0, 2] * J[2, 0]

    return Examination(
        eq(across, -tau * tau_g * Lambda_G * (2 * Lambda - tau * SQUARES) / (2 + tau * eta_t)),
        exact,
        by_numbers({across: measure}, points=(RATES[0], EQUAL), kind="differentiated:mpmath"),
        given=kappa() < Lambda,
    )


@claim(
    "survey.settled.whl.no-noise",
    source=OURS,
    says="with one feature and without noise (eta_T = eta_G = 0, Lambda_G = Lambda = 1, tau = 1) "
    "training neither collapses nor oscillates near P = q = r = 1, where generator and "
    "discriminator have both found the feature: the characteristic polynomial there has these "
    "coefficients, and a_1 a_2 - a_3 = 6 tau_G^3 + 8 tau_G^2 > 0 makes it stable for any rate "
    "of the generator",
    formal=r"a_1 = 3 \tau_G \wedge a_2 = 2 \tau_G^2 + 4 \tau_G \wedge a_3 = 4 \tau_G^2",
    expect=Verdict.PROVED,
)
def no_noise() -> Examination:
    names = sp.symbols("a_1 a_2 a_3", real=True)
    quiet = {Lambda: 1, Lambda_G: 1, eta_t: 0, eta_g: 0, tau: 1}
    flow = strict_flow().subs(quiet)
    point = {P: 1, q: 1, r: 1}
    assert all(f.subs(point) == 0 for f in flow.rhs)
    poly = flow.jacobian().subs(point).charpoly().all_coeffs()[1:]
    exact = dict(zip(names, map(sp.expand, poly), strict=True))
    statement = sp.And(
        eq(names[0], 3 * tau_g),
        eq(names[1], 2 * tau_g**2 + 4 * tau_g),
        eq(names[2], 4 * tau_g**2),
    )

    def measure(place: int) -> Any:
        def of(p: Place) -> Any:
            one = mpmath.mpf(1)
            full = {**{s.name: mpmath.mpf(v) for s, v in quiet.items()}, **p}
            roots = mpmath.eig(numeric(full, [one, one, one]), left=False, right=False)
            x, y, v = roots
            return mpmath.re((-(x + y + v), x * y + x * v + y * v, -x * y * v)[place])

        return of

    return Examination(
        statement,
        exact,
        # Eigenvalues of a matrix of difference quotients keep most of 65 digits.
        by_numbers(
            {s: measure(i) for i, s in enumerate(names)},
            points=({tau_g: Rational(1, 3)}, {tau_g: 2}),
            kind="eigenvalues:mpmath",
            digits=30,
        ),
    )


@claim(
    "survey.whl.reminiscent",
    source="section 5.3.1, last paragraph",
    says="the insight is reminiscent of the informal argument of Arjovsky and Bottou (2017)",
    expect=Verdict.INFORMAL,
    reason="a comparison of arguments; read the right way round (noise is needed, too much hides "
    "the features), it is apt",
)
def reminiscent() -> None: ...


@claim(
    "survey.whl.strong-assumptions",
    source="section 5.3.1, last paragraph",
    says="the conclusion comes from very strong assumptions, a common issue in mean-field analysis",
    expect=Verdict.INFORMAL,
    reason="a judgment; linear players and Gaussian noise are strong, the start is not "
    "(survey.whl.assumption)",
)
def strong_assumptions() -> None: ...
