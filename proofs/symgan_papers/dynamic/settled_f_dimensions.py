r"""The settled theorem in R^n: no order of the updates converges once n >= 2.

Ours, not the paper's. For L = F(theta . psi), theta and psi in R^n, each update adds a
multiple of one vector to the other, so the minors theta_i psi_j - theta_j psi_i stay.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import eta

OURS = "ours: the oracle of eq. (7) in R^n"
th = sp.symbols("theta_1 theta_2", real=True)
ps = sp.symbols("psi_1 psi_2", real=True)
s = Symbol("s", real=True)
"""The step times the slope of the loss, eta F'(theta . psi), in this very update."""
names = sp.symbols("W_1 W_2 W_3", real=True)
Vectors = tuple[list[Any], list[Any]]


def _payoff(x: Any, y: Any) -> Any:
    return -sum(p * q for p, q in zip(x, y, strict=True))


def _updated(field: str) -> tuple[list[Any], list[Any]]:
    """theta and psi after one update of size s, from the gradients of -theta . psi."""
    payoff = _payoff(th, ps)
    first = [p - s * sp.diff(payoff, p) if field != "V2" else p for p in th]
    second = [q + s * sp.diff(payoff, q) if field != "V1" else q for q in ps]
    return first, second


def _wedge(x: Any, y: Any) -> Any:
    return sp.expand(x[0] * y[1] - x[1] * y[0])


def _vectors(place: Any) -> Vectors:
    return [place["theta_1"], place["theta_2"]], [place["psi_1"], place["psi_2"]]


def _moved(field: str, place: Any, step: Any) -> Vectors:
    x, y = _vectors(place)
    first = [p + step * q if field != "V2" else p for p, q in zip(x, y, strict=True)]
    second = [q - step * p if field != "V1" else q for p, q in zip(x, y, strict=True)]
    return first, second


def _det(vectors: Vectors) -> Any:
    return mpmath.det(mpmath.matrix([vectors[0], vectors[1]]))


POINTS = (
    {th[0]: 1, th[1]: 0, ps[0]: 0, ps[1]: 1, s: sp.Rational(1, 10)},
    {th[0]: 2, th[1]: -1, ps[0]: 1, ps[1]: 3, s: -2},
    {th[0]: -1, th[1]: 2, ps[0]: sp.Rational(1, 2), ps[1]: 1, s: 3},
)


@claim(
    "dynamic.settled.dimensions.minors",
    source=OURS,
    formal=r"\theta_1^+\psi_2^+ - \theta_2^+\psi_1^+ = \theta_1\psi_2 - \theta_2\psi_1",
    says="V_1 and V_2 keep each minor of (theta, psi), whatever the step and the slope of the "
    "loss are in that update; V_3 multiplies it by 1 + s^2. So from independent theta and psi "
    "no order of updates, no schedule of steps and no loss F(theta . psi) converges to (0, 0)",
    expect=Verdict.PROVED,
)
def minors() -> Examination:
    fields = ("V1", "V2", "V3")
    exact = {name: _wedge(*_updated(k)) for name, k in zip(names, fields, strict=True)}

    def measured(field: str) -> Callable[[Any], Any]:
        return lambda place: _det(_moved(field, place, place["s"]))

    numbers = {name: measured(k) for name, k in zip(names, fields, strict=True)}
    old = th[0] * ps[1] - th[1] * ps[0]
    statement = sp.And(eq(names[0], old), eq(names[1], old), eq(names[2], (1 + s**2) * old))
    return Examination(statement, exact, by_numbers(numbers, points=POINTS))


@claim(
    "dynamic.settled.dimensions.distance",
    source=OURS,
    formal=r"R - 2W_1 = (\theta_1 - \psi_2)^2 + (\theta_2 + \psi_1)^2",
    says="the squared distance is at least 2 |W|, W = theta_1 psi_2 - theta_2 psi_1 (with the "
    "other sign by psi -> -psi): the minors keep every orbit at a fixed distance",
    expect=Verdict.PROVED,
)
def distance() -> Examination:
    size = Symbol("R", real=True)
    exact = {
        size: sum(v**2 for v in (*th, *ps)),
        names[0]: _wedge(list(th), list(ps)),
    }
    numbers = {
        size: lambda place: sum(mpmath.norm(mpmath.matrix(v)) ** 2 for v in _vectors(place)),
        names[0]: lambda place: _det(_vectors(place)),
    }
    points = tuple({k: v for k, v in p.items() if k is not s} for p in POINTS)
    right = (th[0] - ps[1]) ** 2 + (th[1] + ps[0]) ** 2
    return Examination(
        eq(size - 2 * names[0], right),
        exact,
        by_numbers(numbers, kind="evaluated:mpmath", points=points),
    )


big = Symbol("S", positive=True)


@claim(
    "dynamic.settled.dimensions.stable",
    source=OURS,
    formal=r"V_1 - V = -2\eta\max(d - \eta S, 0)",
    says="with the oracle on the sign of theta . psi, V = |theta|^2 - eta |theta . psi| + |psi|^2 "
    "is kept by an overshoot and lowered by 2 eta (d - eta S) in a short update, d = |theta . "
    "psi|, S the squared length of the standing vector: stable for eta < 2 in every dimension",
    expect=Verdict.PROVED,
)
def stable() -> Examination:
    # theta . psi = -d; theta+ = theta + eta psi, theta+ . psi = -d + eta S
    d, over, short = Symbol("d", positive=True), *sp.symbols("over short", real=True)
    grown = -2 * eta * d + eta**2 * big  # |theta+|^2 - |theta|^2
    exact = {
        over: grown - eta * (eta * big - d) + eta * d,
        short: grown - eta * (d - eta * big) + eta * d,
    }

    def measured(place: Any) -> Any:
        """The change of V from a vector pair with these products, in the plane."""
        length = mpmath.sqrt(place["S"])
        y, x = [length, mpmath.mpf(0)], [-place["d"] / length, mpmath.mpf(1)]
        step = place["eta"]
        new = [a + step * b for a, b in zip(x, y, strict=True)]

        def value(v: Any) -> Any:
            product = abs(mpmath.fdot(v, y))
            return mpmath.fdot(v, v) - step * product + mpmath.fdot(y, y)

        return value(new) - value(x)

    def overshooting(place: Any) -> Any:
        return measured({**place, "S": place["S"] + place["d"] / place["eta"]})

    def shortened(place: Any) -> Any:
        return measured({**place, "d": place["d"] + place["eta"] * place["S"]})

    # over: S = S' + d/eta; short: d = d' + eta S, so that both cases cover all d, S > 0
    exact[over] = sp.expand(exact[over].subs(big, big + d / eta))
    exact[short] = sp.expand(exact[short].subs(d, d + eta * big))
    points = ({d: 1, big: 2, eta: 1}, {d: 3, big: 1, eta: sp.Rational(1, 10)})
    return Examination(
        sp.And(eq(over, 0 * d), eq(short, -2 * eta * d)),
        exact,
        by_numbers({over: overshooting, short: shortened}, points=points),
        steps=(Step("V >= (1 - eta/2)(|theta|^2 + |psi|^2) by Cauchy and Schwarz"),),
    )
