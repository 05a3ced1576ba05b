"""Orbits of the Dirac oracle in plain Fractions: no symgan, no SymPy.

The game is L = -psi*theta, theta minimizes: V1 moves theta by +eta*psi, V2 moves psi by
-eta*theta; V1 where psi*theta < 0, V2 where psi*theta > 0, on a tie as named.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

State = tuple[Fraction, Fraction]
TIES = ("mover", "generator", "discriminator", "both", "stay")


def first(x: State, eta: Fraction) -> State:
    theta, psi = x
    return theta + eta * psi, psi


def second(x: State, eta: Fraction) -> State:
    theta, psi = x
    return theta, psi - eta * theta


def both(x: State, eta: Fraction) -> State:
    theta, psi = x
    return theta + eta * psi, psi - eta * theta


def stay(x: State, eta: Fraction) -> State:
    return x


def mover(x: State, eta: Fraction) -> State:
    """Whoever has a gradient that is not zero."""
    return first(x, eta) if x[1] else second(x, eta)


_ON_TIE: dict[str, Callable[[State, Fraction], State]] = {
    "mover": mover,
    "generator": first,
    "discriminator": second,
    "both": both,
    "stay": stay,
}


def step(x: State, eta: Fraction, tie: str = "mover") -> State:
    product = x[0] * x[1]
    if product < 0:
        return first(x, eta)
    if product > 0:
        return second(x, eta)
    return _ON_TIE[tie](x, eta)


def norm2(x: State) -> Fraction:
    return x[0] ** 2 + x[1] ** 2


def largest(x: State) -> Fraction:
    return max(abs(x[0]), abs(x[1]))


def sharp(x: State, eta: Fraction, cross: Fraction = Fraction(1)) -> Fraction:
    """theta^2 - cross*eta*|theta*psi| + psi^2."""
    return x[0] ** 2 - cross * eta * abs(x[0] * x[1]) + x[1] ** 2
