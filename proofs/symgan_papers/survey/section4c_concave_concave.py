r"""Section 4: which quadratic games that are concave in both players are stable."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.survey.model_part1 import minmax, theta_d, theta_g

p, q, s = sp.symbols("p q s", positive=True)


@claim(
    "survey.settled.concave-concave.stable",
    source="ours, to section 4",
    formal=r"T = p - q, \quad D = s^2 - p q",
    says="V = -p theta_g^2/2 + s theta_g theta_d - q theta_d^2/2 is concave-concave; trace and "
    "determinant of the flow's Jacobian show that it is asymptotically stable if and only if "
    "p < q and p q < s^2: concavity in the generator does not exclude stability",
    expect=Verdict.PROVED,
)
def concave_concave() -> Examination:
    trace, determinant = sp.symbols("T D", real=True)
    payoff = -p * theta_g**2 / 2 + s * theta_g * theta_d - q * theta_d**2 / 2
    jacobian = minmax(payoff).flow().jacobian()
    exact = {trace: jacobian.trace(), determinant: sp.expand(jacobian.det())}

    def entries(w: Any) -> list[Any]:
        def down(g: Any, d: Any) -> Any:
            return -mpmath.diff(lambda x: -w["p"] * x * x / 2 + w["s"] * x * d, g)

        def up(g: Any, d: Any) -> Any:
            return mpmath.diff(lambda x: w["s"] * g * x - w["q"] * x * x / 2, d)

        return [down(1, 0), down(0, 1), up(1, 0), up(0, 1)]

    def product(w: Any) -> Any:
        e = entries(w)
        return e[0] * e[3] - e[1] * e[2]

    numbers = {trace: lambda w: entries(w)[0] + entries(w)[3], determinant: product}
    points = ({p: 1, q: 2, s: 3}, {p: 3, q: 1, s: 1}, {p: 1, q: 5, s: 2})
    return Examination(
        sp.And(eq(trace, p - q), eq(determinant, s**2 - p * q)),
        exact,
        by_numbers(numbers, kind="differentiated:mpmath", points=points, digits=20),
        steps=(Step("a matrix of two rows is Hurwitz iff trace < 0 < determinant"),),
    )


@claim(
    "survey.settled.concave-concave.share",
    source="ours, to section 4",
    formal=r"S = \frac{5}{18}",
    says="with p, q and s of survey.settled.concave-concave.stable independent and uniform on "
    "[0, 1], a share S of the problems is asymptotically stable: in this measure most are not",
    expect=Verdict.PROVED,
)
def share() -> Examination:
    portion = Symbol("S", real=True)
    inner = sp.integrate(1 - sp.sqrt(p * q), (p, 0, q))
    exact = {portion: sp.integrate(sp.expand(inner), (q, 0, 1))}

    def measured(_: Any) -> Any:
        # p = q v, and s beyond sqrt(p q) = q sqrt(v); nodes of Gauss on roots, where it is smooth.
        return mpmath.quad(lambda y, v: y * (1 - y * v) * 2 * v, [0, 1], [0, 1])

    return Examination(
        eq(portion, Rational(5, 18)),
        exact,
        by_numbers({portion: measured}, kind="quadrature:mpmath", points=({},), digits=25),
    )
