r"""Section 5.3.1: the effect of noise, read as "for some noise" instead of "however small, big".

Between the noise that the informative state stands and the noise from which on recovery
attracts there is a window. A slow generator oscillates there, a fast one can collapse. Both
printed sentences have a true instance in it, each from its own side.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational

from symgan.analysis.mean_field import informative_equations, line_block, rest_family
from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.games.spiked import Lambda, Lambda_G, eta_g, eta_t, strict_flow, tau, tau_g
from symgan.system import Flow
from symgan_papers.survey.model_section5_3 import Place, difference_matrix, plain_strict

UNIT = {Lambda: 1, Lambda_G: 1, tau: 1}
SQUARE = sp.Symbol("s", positive=True)


def at(noise: Any, ratio: Any) -> Flow:
    """The strict flow for tau = Lambda = Lambda_G = 1, these eta_T = eta_G and tau_G."""
    return strict_flow().subs({**UNIT, eta_t: noise, eta_g: noise, tau_g: ratio})


def numbers(noise: Any, ratio: Any) -> Place:
    """The same parameters for the plain field."""
    values = {**UNIT, eta_t: noise, eta_g: noise, tau_g: ratio}
    return {s.name: mpmath.mpf(sp.Rational(v).p) / sp.Rational(v).q for s, v in values.items()}


def hurwitz(coefficients: tuple[Any, ...]) -> tuple[Any, Any, Any]:
    """a_1, a_3 and a_1 a_2 - a_3 of a monic cubic: all positive where it is stable."""
    _, a1, a2, a3 = coefficients
    return sp.expand(a1), sp.expand(a3), sp.expand(a1 * a2 - a3)


def measured_hurwitz(noise: Any, ratio: Any, guess: tuple[str, str, str], place: int) -> Any:
    """The same from a rest point found by Newton's method and eigenvalues there."""

    def of(_: Place) -> Any:
        p = numbers(noise, ratio)
        start = [mpmath.mpf(x) for x in guess]
        found = mpmath.findroot(lambda *x: plain_strict(p, list(x)), start)
        jacobian = difference_matrix(lambda x: plain_strict(p, x), list(found))
        x, y, z = mpmath.eig(jacobian, left=False, right=False)
        a1, a2, a3 = -(x + y + z), x * y + y * z + x * z, -x * y * z
        return mpmath.re((a1, a3, a1 * a2 - a3)[place])

    return of


def measured_trace(noise: Any, ratio: Any) -> Any:
    """The trace across the line at perfect recovery, by difference quotients."""

    def of(_: Place) -> Any:
        p = numbers(noise, ratio)
        at_rest = [mpmath.mpf(1), mpmath.mpf(0), mpmath.mpf(0)]
        jacobian = difference_matrix(lambda x: plain_strict(p, x), at_rest)
        return jacobian[1, 1] + jacobian[2, 2]

    return of


@claim(
    "survey.whl.small-noise.window",
    source="section 5.3.1: noise too small, third reading",
    says="noise too small for recovery, though not arbitrarily small, can trap training in "
    "collapse: for tau_G = 3, eta_T = eta_G = 1 (tau = Lambda = Lambda_G = 1, kappa = 1 < 3/2) the "
    "rest point P = q = 0 attracts (a_1, a_3, h = a_1 a_2 - a_3 > 0) and recovery does not (T > 0)",
    formal=r"a_1 = 3 \wedge a_3 = \frac{48}{25} \wedge h = \frac{174}{25} \wedge T = 1",
    expect=Verdict.PROVED,
)
def collapse_window() -> Examination:
    names = sp.symbols("a_1 a_3 h T", real=True)
    noise, ratio = sp.Integer(1), sp.Integer(3)
    flow = at(noise, ratio)
    family = rest_family(flow, "collapsed")
    assert family is not None
    assert family.exists == sp.true
    values = (*hurwitz(family.characteristic), line_block(flow).trace())
    measures = {
        s: measured_hurwitz(noise, ratio, ("0.01", "0.01", "0.6"), i)
        for i, s in enumerate(names[:3])
    }
    measures[names[3]] = measured_trace(noise, ratio)
    return Examination(
        sp.And(*map(eq, names, (3, Rational(48, 25), Rational(174, 25), 1))),
        dict(zip(names, values, strict=True)),
        # Eigenvalues of a matrix of difference quotients keep at least half of 65 digits.
        by_numbers(measures, points=({},), kind="eigenvalues:mpmath", digits=25),
        steps=(
            Step("it needs tau_G > tau + Lambda tau/Lambda_G, and noise above a positive bound: "
                 "survey.whl.small-noise.collapsed"),
        ),
    )  # fmt: skip


@claim(
    "survey.whl.big-noise.window",
    source="section 5.3.1: noise too big, second reading",
    says="noise too big for the informative state, though still too small for recovery, leaves "
    "nothing that attracts: for tau_G = 1/2 (tau = Lambda = Lambda_G = 1) the informative state "
    "attracts at eta_T = eta_G = 1/5 (a_1, a_3, h > 0); at 2/5 it is gone (the discriminant of "
    "its equation is D < 0) and the whole line of rest points repels (T > 0)",
    formal=r"a_1 > 0 \wedge a_3 > 0 \wedge h > 0 \wedge D < 0 \wedge T > 0",
    expect=Verdict.PROVED,
)
def oscillation_window() -> Examination:
    names = sp.symbols("a_1 a_3 h D T", real=True)
    low, high, ratio = Rational(1, 5), Rational(2, 5), Rational(1, 2)
    family = rest_family(at(low, ratio), "informative")
    assert family is not None
    assert family.relation is not None
    root = max(sp.roots(sp.Poly(family.relation, SQUARE)))
    assert family.exists.subs(SQUARE, root) == sp.true
    stable = (sp.radsimp(c.subs(SQUARE, root)) for c in hurwitz(family.characteristic))
    relation = informative_equations(at(high, ratio))[1]
    discriminant = sp.discriminant(sp.Poly(relation, SQUARE))
    values = (*stable, discriminant, line_block(at(high, ratio)).trace())
    measures = {
        s: measured_hurwitz(low, ratio, ("0.86", "0.6", "0.7"), i) for i, s in enumerate(names[:3])
    }
    measures[names[3]] = _measured_discriminant(high, ratio)
    measures[names[4]] = measured_trace(high, ratio)
    first, third, difference, gone, trace = names
    return Examination(
        sp.And(first > 0, third > 0, difference > 0, gone < 0, trace > 0),
        dict(zip(names, values, strict=True)),
        by_numbers(measures, points=({},), kind="eigenvalues:mpmath", digits=25),
        steps=(
            Step("the other rest points repel: survey.settled.whl.discriminator-alone, and the "
                 "collapsed one needs a faster generator"),
            Step("above kappa = Lambda no oscillation lasts: survey.whl.big-noise"),
        ),
    )  # fmt: skip


def _measured_discriminant(noise: Any, ratio: Any) -> Any:
    """Of the quadratic in s that q' = 0 becomes on q = P r, P^2 = 1 - tau_G (1 - s), by values."""

    def of(_: Place) -> Any:
        p = numbers(noise, ratio)

        def rate(s: Any) -> Any:
            overlap, r = mpmath.sqrt(1 - p["tau_G"] * (1 - s)), mpmath.sqrt(s)
            return plain_strict(p, [overlap, overlap * r, r])[1] / (overlap * r)

        x, y, z = (rate(mpmath.mpf(k) / 4) for k in (1, 2, 3))
        a, b = 8 * (x - 2 * y + z), 2 * (z - x)  # second and first derivative at 1/2 (a halved)
        return b**2 - 4 * a * y  # the discriminant does not change when s is shifted

    return of
