"""Maps, made by hand, and strategies that draw ties and boundaries on purpose."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import sympy as sp
from hypothesis import strategies as st

from symgan.system import Map

theta, psi = sp.symbols("theta psi", real=True)
eta = sp.Symbol("eta", positive=True)
STATE = (theta, psi)


def oracle(tie: str = "mover", first: Any = eta, second: Any = eta) -> Map:
    """The Dirac oracle of the game -psi*theta with a step a player."""
    z = theta * psi
    moves = {
        "mover": (sp.Ne(psi, 0), sp.Eq(psi, 0)),
        "generator": (sp.true, sp.false),
        "discriminator": (sp.false, sp.true),
        "both": (sp.true, sp.true),
        "stay": (sp.false, sp.false),
    }[tie]
    tied = sp.Eq(z, 0)
    up, down = theta + first * psi, psi - second * theta
    steps = sorted(sp.Tuple(first, second).free_symbols, key=str)
    return Map(
        STATE,
        (
            sp.Piecewise((up, (z < 0) | (tied & moves[0])), (theta, True)),
            sp.Piecewise((down, (z > 0) | (tied & moves[1])), (psi, True)),
        ),
        parameters=tuple(steps),
    )


def fields() -> tuple[Map, Map, Map]:
    """V1, V2 and V3 of the game -psi*theta."""
    up, down = theta + eta * psi, psi - eta * theta
    parts = (up, psi), (theta, down), (up, down)
    one, two, both = (Map(STATE, rhs, (eta,)) for rhs in parts)
    return one, two, both


SHARP = theta**2 - eta * sp.Abs(theta * psi) + psi**2
EUCLID = theta**2 + psi**2
LARGEST = sp.Max(sp.Abs(theta), sp.Abs(psi))

small = st.integers(-6, 6)
rationals = st.builds(Fraction, st.integers(-12, 12), st.integers(1, 6))
steps = st.one_of(
    st.sampled_from(
        [Fraction(n, d) for n, d in ((1, 2), (1, 1), (2, 1), (3, 2), (199, 100), (3, 1))]
    ),
    st.builds(Fraction, st.integers(1, 40), st.integers(1, 12)),
)


@st.composite
def states(draw: st.DrawFn, eta_value: Fraction | None = None) -> tuple[Fraction, Fraction]:
    """Any state; often on an axis, on |theta| = |psi|, or where an update hits the tie exactly."""
    kind = draw(st.sampled_from(["any", "axis", "diagonal", "hit"]))
    a, sign = draw(rationals), draw(st.sampled_from([1, -1]))
    if kind == "axis":
        return (a, Fraction(0)) if draw(st.booleans()) else (Fraction(0), a)
    if kind == "diagonal":
        return a, sign * a
    if kind == "hit" and eta_value is not None:
        return (sign * eta_value * a, a) if draw(st.booleans()) else (a, sign * eta_value * a)
    return a, draw(rationals)


def place(x: tuple[Fraction, Fraction], step: Fraction | None = None) -> dict[Any, sp.Rational]:
    """A substitution for exact evaluation."""
    values = {theta: exact(x[0]), psi: exact(x[1])}
    return values if step is None else values | {eta: exact(step)}


def exact(number: Fraction) -> sp.Rational:
    return sp.Rational(number.numerator, number.denominator)
