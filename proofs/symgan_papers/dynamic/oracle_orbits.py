r"""Orbits of the Dirac oracle in plain arithmetic: rationals, 50 digits, or floats.

Nothing here uses SymPy or the exact route; claims simulate with it. The oracle moves
theta where psi theta < 0 and psi where psi theta > 0; on a tie the rule is explicit:
``V1``, ``V2``, ``V3``, or ``mover`` (the player whose gradient is not zero; on the
Dirac-GAN this is what V3 does, since there the other one's update is zero).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import mpmath

State = tuple[Any, Any]
Weight = Callable[[Any], Any]


def linear(_: Any) -> int:
    """-f' of the Wasserstein loss: every gradient has the full size."""
    return 1


def logistic(y: Any) -> Any:
    """-f' of the BCE loss: sigma(psi theta)."""
    return 1 / (1 + mpmath.exp(-y))


def moved(state: State, field: str, eta: Any, weight: Weight = linear) -> State:
    """One update by a field: theta + eta w psi, psi - eta w theta, or both."""
    x, y = state
    size = eta * weight(x * y)
    new_x = x + size * y if field in ("V1", "V3") else x
    new_y = y - size * x if field in ("V2", "V3") else y
    return new_x, new_y


def chosen(state: State, tie: str) -> str:
    """The field that the oracle chooses."""
    product = state[0] * state[1]
    if product < 0:
        return "V1"
    if product > 0:
        return "V2"
    return "V3" if tie == "mover" else tie


def orbit(
    state: State, eta: Any, *, tie: str = "mover", weight: Weight = linear
) -> Iterator[State]:
    """The states of an orbit, the start included, without end."""
    while True:
        yield state
        state = moved(state, chosen(state, tie), eta, weight)


def after(
    state: State, eta: Any, steps: int, *, tie: str = "mover", weight: Weight = linear
) -> State:
    """The state after some updates."""
    for _ in range(steps):
        state = moved(state, chosen(state, tie), eta, weight)
    return state


def alternated(state: State, eta: Any, rounds: int, n_d: int = 1, weight: Weight = linear) -> State:
    """Rounds of equation (5): psi moves n_d times, then theta once."""
    for _ in range(rounds):
        for field in (*("V2",) * n_d, "V1"):
            state = moved(state, field, eta, weight)
    return state


def square(state: State) -> Any:
    """The squared distance from (0, 0)."""
    return state[0] ** 2 + state[1] ** 2


def rational(value: Any) -> Fraction:
    """A number of 50 digits that stands for a simple rational, as that rational."""
    return Fraction(str(mpmath.nstr(value, 40))).limit_denominator(10**6)
