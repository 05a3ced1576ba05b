r"""Settled: the step 0.3 at symmetric equilibria, in closed form and in enclosed numbers."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational

from symgan.analysis.step_bound import step_bound_of_matrix
from symgan.certify.ball import load_flint
from symgan.claims import Examination, Step, Verdict, claim, eq
from symgan.games.mixture import normal_pdf
from symgan.results_discrete import Edge
from symgan_papers.gmm.model_section5 import in_doubt
from symgan_papers.gmm.model_settled import OURS, Place, a, examined, plain_jacobian
from symgan_papers.gmm.settled_e_stability import at_symmetric, left, plain_symmetric, right

DISTANT = OURS + ", to the constant step size 0.3 of section 5"
STEP = Rational(3, 10)


@claim(
    "gmm.settled.stability.step.double",
    source=DISTANT,
    formal=r"h = k l \tanh(a l)",
    says="a family in closed form: r = 2 l balances the means iff e^{3 l^2/2} = 2 cosh(a l). There "
    "the damping is h as printed and the gain of the common motion M = k^2 ((l coth(a l) + l "
    "tanh(a l) - a)^2 + (l coth(a l) - a)^2), k = e^{-a^2/2} phi(l) sinh(a l). As (A + B)^2 + A^2 "
    ">= B^2/2, M >= h^2/2: the eigenvalues of that motion are never real, and the steps stable in "
    "it are those below h/M <= 2/h",
    expect=Verdict.PROVED,
)
def double() -> Examination:
    h, gain = sp.symbols("h M", real=True)
    J = at_symmetric().subs(right, 2 * left)
    B = J[:2, 2:]
    M = B * B.T

    def balanced(expression: Any) -> Any:
        """With e^{-2 l^2} = e^{-l^2/2}/(2 cosh(a l)), the condition of balance."""
        powers = sp.expand(expression.replace(sp.exp, lambda e: sp.exp(sp.expand(e))))
        powers = sp.expand_power_exp(powers)
        share = sp.exp(-(left**2) / 2) / (2 * sp.cosh(a * left))
        return powers.xreplace({sp.exp(-2 * left**2): share, sp.exp(-4 * left**2): share**2})

    exact = {h: balanced(-J[0, 0]), gain: balanced(M[0, 0] + M[0, 1])}

    def plain(s: Place) -> Any:
        return plain_symmetric({**s, "r": 2 * s["l"]})

    def product(s: Place) -> Any:
        J = plain(s)
        return mpmath.fsum(J[0, k] * (J[0, k] + J[1, k]) for k in range(2, 6))

    scale = sp.exp(-(a**2) / 2) * normal_pdf(left) * sp.sinh(a * left)
    near = left * sp.coth(a * left) - a
    statement = sp.And(
        eq(h, scale * left * sp.tanh(a * left)),
        eq(gain, scale**2 * ((near + left * sp.tanh(a * left)) ** 2 + near**2)),
    )
    points = tuple(
        {left: end, a: sp.acosh(sp.exp(3 * end**2 / 2) / 2) / end}
        for end in (Rational(7, 10), Rational(3, 4))
    )
    return examined(
        statement, exact, {h: lambda s: -plain(s)[0, 0], gain: product}, points, digits=12
    )


@claim(
    "gmm.settled.stability.step.largest",
    source=DISTANT,
    formal=r"E = \frac{h}{M}",
    says="where a motion of damping h and gain M spirals, h^2 < 4 M, its stable steps are those "
    "below E, and the best one is half of it, B = h/(2 M)",
    expect=Verdict.PROVED,
)
def largest() -> Examination:
    largest_step, best = sp.symbols("E B", positive=True)
    h, gain, eta = sp.symbols("h M eta", positive=True)
    found = step_bound_of_matrix(sp.Matrix([[1 - eta * h, -eta], [eta * gain, 1]]), eta)
    (circle,) = (edge.step for edge in found.boundary if edge.edge is Edge.CIRCLE)
    exact = {largest_step: circle, best: found.best[0].step}

    def size(s: Place) -> Any:
        """The squared modulus of the multipliers as a function of the step."""
        root = mpmath.polyroots([1, s["h"], s["M"]], maxsteps=200, extraprec=200)[0]
        return lambda step: abs(1 + step * root) ** 2

    def crossing(s: Place) -> Any:
        modulus = size(s)
        low, high = mpmath.mpf(0), mpmath.mpf(1)
        while modulus(high) < 1:
            high *= 2
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (middle, high) if modulus(middle) < 1 else (low, middle)
        return low

    def lowest(s: Place) -> Any:
        modulus = size(s)
        one, two, three = (modulus(mpmath.mpf(k)) for k in range(3))
        return -(4 * two - 3 * one - three) / (2 * (one - 2 * two + three))  # a parabola's bottom

    points = ({h: 1, gain: 2}, {h: Rational(1, 30), gain: Rational(1, 40)})
    return examined(
        sp.And(eq(largest_step, h / gain), eq(best, h / (2 * gain))),
        exact,
        {largest_step: crossing, best: lowest},
        points,
        kind="roots:mpmath",
        given=h < 2 * sp.sqrt(gain),
    )


def enclosed_bound(end: Rational) -> tuple[Rational, Rational]:
    """The largest stable step for l = end, a = 1/2: bisection for r, then balls."""
    flint = load_flint()
    arb = flint.arb
    before, flint.ctx.prec = flint.ctx.prec, 160
    try:
        near, c = arb(flint.fmpq(int(end.p), int(end.q))), arb(1) / 2

        def bell(y: Any) -> Any:
            return (-y * y / 2).exp() / (2 * arb.pi()).sqrt()

        def height(y: Any) -> Any:
            return bell(y) * (c * y).sinh()

        low, high = arb(flint.fmpq(11, 10)), arb(6)
        assert height(low) > height(near) > height(high)  # falling on [1.1, 6]: 1.1 tanh 0.55 > 1/2
        for _ in range(100):
            middle = ((low + high) / 2).mid()
            low, high = (middle, high) if height(middle) > height(near) else (low, middle)
        assert height(low) > height(near) > height(high)
        r = low.union(high)

        def leans(y: Any) -> tuple[Any, Any]:
            one, two = (y - c) * bell(y - c), (y + c) * bell(y + c)
            return one + two, one - two

        (R, P), (L, Q) = leans(r), leans(near)
        h, together, against = (R - L) / 2, (R**2 + L**2) / 4, (P**2 + Q**2) / 4
        assert h * h < 4 * together
        assert h * h < 4 * against  # complex pairs: the bound is h/M
        bounds = (h / together, h / against)
        least = bounds[0] if bounds[0] < bounds[1] else bounds[1]
        assert bounds[0] < bounds[1] or bounds[1] < bounds[0]
        return _rational(least.lower()), _rational(least.upper())
    finally:
        flint.ctx.prec = before


def _rational(number: Any) -> Rational:
    mantissa, exponent = number.man_exp()
    return Rational(int(mantissa)) * Rational(2) ** int(exponent)


@claim(
    "gmm.settled.stability.step.of-section-5",
    source=DISTANT,
    formal=r"B_1 > \frac{3}{10}",
    says="with the paper's means (a = 1/2) and step 0.3: of the symmetric equilibria those with l "
    "= 7/10 attract (bound B_1 = 0.4325...), those with l = 9/10 repel (bound B_2 = 0.1598... < "
    "0.3), although all attract under the flow: true means at rest with intervals too short are "
    "lost at this step",
    expect=Verdict.PROVED,
)
def of_section_five() -> Examination:
    one, two = sp.symbols("B_1 B_2", real=True)
    places = {one: Rational(7, 10), two: Rational(9, 10)}
    exact = {one: enclosed_bound(places[one])[0], two: enclosed_bound(places[two])[1]}

    def bound(end: Rational) -> Any:
        def of(s: Place) -> Any:
            near, c = mpmath.mpf(end.p) / end.q, mpmath.mpf(1) / 2

            def gap(y: Any) -> Any:
                return (
                    mpmath.log(mpmath.sinh(c * y) / mpmath.sinh(c * near))
                    + (near * near - y * y) / 2
                )

            r = mpmath.findroot(gap, (mpmath.mpf("1.1"), 6), solver="anderson", tol=1e-40)
            J = plain_jacobian((-c, c), (-c, c, -r, near, -near, r))
            roots = mpmath.eig(J, left=False, right=False)
            moving = [z for z in roots if abs(z) > mpmath.mpf(10) ** -12]  # without the surface
            return min(-2 * mpmath.re(z) / abs(z) ** 2 for z in moving)

        return of

    statement = sp.And(one > STEP, two < STEP)
    return examined(
        statement,
        exact,
        {one: bound(places[one]), two: bound(places[two])},
        ({},),
        Step("balls of 160 bits enclose r, h, M_+ and M_-; B_1, B_2 are the safe ends"),
        kind="eigenvalues:mpmath",
    )


def asymmetric(start: tuple[str, str, str, str]) -> tuple[Any, Any]:
    """Of the equilibrium with these l_1 and r_1: the least damping, the largest real part.

    The other two ends solve the two equations of balance, for a = 1/2.
    """
    half = mpmath.mpf(1) / 2
    first, second, *rest = (mpmath.mpf(text) for text in start)

    def balance(l2: Any, r2: Any) -> list[Any]:
        ends = ((first, -1), (second, 1), (l2, -1), (r2, 1))
        shares = [
            [sign * mpmath.exp(-((end - mean) ** 2) / 2) for end, sign in ends]
            for mean in (-half, half)
        ]
        return [mpmath.fsum(part) for part in shares]

    l2, r2 = mpmath.findroot(balance, rest, tol=1e-50)
    J = plain_jacobian((-half, half), (-half, half, first, l2, second, r2))
    roots = mpmath.eig(J, left=False, right=False)
    moving = [mpmath.re(z) for z in roots if abs(z) > mpmath.mpf(10) ** -12]
    return min(-J[0, 0], -J[1, 1]), max(moving)


@claim(
    "gmm.settled.stability.mixed",
    source=DISTANT,
    formal=r"R_1 < 0",
    says="component A without symmetry, a = 1/2: with one negative damping (H_1, H_2 < 0) an "
    "equilibrium may attract, as that of l_1 = -3.0636, r_1 = -0.2846 (largest real part R_1 < 0), "
    "or repel, as that of l_1 = -2.9291, r_1 = -2.1607 (R_2 > 0)",
    expect=Verdict.CHECKED,
    reason="eigenvalues with 65 digits at two equilibria found by Newton's method, not enclosed",
)
def mixed() -> Examination:
    names = sp.symbols("H_1 R_1 H_2 R_2", real=True)
    starts = (
        ("-3.0636", "-0.2846", "-0.1604", "2.8014"),
        ("-2.9291", "-2.1607", "0.413", "0.7468"),
    )
    measures = {
        name: (lambda k=k, part=part: asymmetric(starts[k])[part])
        for name, (k, part) in zip(names, ((0, 0), (0, 1), (1, 0), (1, 1)), strict=True)
    }
    signs = (names[0] < 0, names[1] < 0, names[2] < 0, names[3] > 0)
    return in_doubt(sp.And(*signs), measures, kind="eigenvalues:mpmath")
