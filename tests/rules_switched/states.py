"""Rational states, steps and orbits for switched rules, and the paper's oracle by hand."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st
from sympy import Rational, Symbol

from symgan.kernels.exact import OrbitKernel
from symgan.kernels.orbits import Orbit, OrbitTooLarge

eta = Symbol("eta", positive=True)

State = tuple[Fraction, Fraction]

STEPS = tuple(Fraction(n, d) for n, d in ((1, 10), (1, 3), (1, 1), (7, 5), (2, 1), (3, 1)))
steps = st.sampled_from(STEPS)
"""Steps on both sides of 1 and of 2, and both."""

coordinates = st.one_of(st.just(Fraction(0)), st.fractions(-3, 3, max_denominator=12))


@st.composite
def states(draw: st.DrawFn, step: Fraction = Fraction(1, 10)) -> State:
    """Any state; one in three on the border where a move lands exactly on an axis."""
    b = draw(coordinates)
    kind = draw(st.sampled_from(["any", "theta lands", "psi lands"]))
    if kind == "theta lands":
        return -step * b, b
    return (b, step * b) if kind == "psi lands" else (draw(coordinates), b)


def by_hand(state: State, step: Fraction, tie: str) -> State:
    """One iteration of the paper's oracle on L = -psi*theta, written from equation (7)."""
    theta, psi = state
    v1, v2 = (theta + step * psi, psi), (theta, psi - step * theta)
    v3 = (theta + step * psi, psi - step * theta)
    if psi * theta != 0:
        return v1 if psi * theta < 0 else v2
    ties = {"generator": v1, "discriminator": v2, "both": v3, "stay": state}
    return ties.get(tie, v1 if psi != 0 else v2)


def fractions(orbit: Orbit) -> list[tuple[Fraction, ...]]:
    """The states of an exact orbit as fractions of Python."""
    return [tuple(Fraction(int(x.numerator), int(x.denominator)) for x in s) for s in orbit.states]


def follow(kernel: OrbitKernel, start: tuple[Any, ...], count: int, bits: int = 3000) -> list[Any]:
    """The visible part of an orbit, as far as its numbers stay small."""
    names = [s.name for s in kernel.map.visible]
    values = dict(zip(names, map(rational, start), strict=True))
    try:
        orbit = kernel.orbit(values, count, max_bits=bits, stop=())
    except OrbitTooLarge as error:
        orbit = error.orbit
    return [state[: len(names)] for state in fractions(orbit)]


def rational(value: Any) -> Rational:
    """A SymPy rational."""
    return Rational(value.numerator, value.denominator)


Atoms = list[tuple[Fraction, Fraction]]


def integral(real: Atoms, fake: Atoms) -> Fraction:
    """W1 by its definition: the integral of |F - G| over the line, gap by gap."""
    signed = [(d, w) for w, d in real] + [(d, -w) for w, d in fake]
    places = sorted({d for d, _ in signed})
    heights = [sum((w for d, w in signed if d <= p), Fraction(0)) for p in places]
    return sum(
        (abs(h) * (b - a) for h, a, b in zip(heights, places, places[1:], strict=False)),
        Fraction(0),
    )
