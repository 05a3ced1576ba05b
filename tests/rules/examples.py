"""Games that the rules are tried on, and comparison of what they give."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Matrix, Symbol

from symgan.game import Game
from symgan.games.annealed import annealed
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear, quadratic
from symgan.system import Map

eta = Symbol("eta", positive=True)
beta = Symbol("beta", real=True)
alpha = Symbol("weight", positive=True)
p, b, q = sp.symbols("p b q", real=True)


def three_players() -> Game:
    """A cubic game of three players, one of them with two parameters."""
    x, y, z, w = sp.symbols("x y z w", real=True)
    losses = (x * y + x**3 * z, -x * y + w * z + y**2 / 2, z * w * x - y * w)
    rest = dict.fromkeys((x, y, z, w), sp.Integer(0))
    return Game("three", ((x,), (y, z), (w,)), losses, equilibrium=rest)


GAMES: dict[str, Game] = {
    "bilinear": bilinear(),
    "quadratic": quadratic(p, b, q),
    "matrix": quadratic([[2, 1], [1, 3]], [[1, 2], [0, 1]], [[1, 0], [0, 2]]),
    "dirac": dirac(),
    "annealed": annealed(),
    "three": three_players(),
}
"""Linear, with parameters, several dimensions, nonlinear, with time, three players."""


def difference(left: Any, right: Any) -> list[Any]:
    """Entries in which two sequences of expressions differ, as expanded numerators."""
    pairs = zip(left, right, strict=True)
    gaps = [sp.expand(sp.together(sp.expand(f - g)).as_numer_denom()[0]) for f, g in pairs]
    return [gap for gap in gaps if gap != 0]


def visible(system: Map) -> list[Any]:
    """The next visible state from the start of an orbit, memory at its initial value."""
    start: dict[Any, Any] = dict(system.memory)
    pairs = zip(system.state, system.rhs, strict=True)
    return [f.subs(start, simultaneous=True) for s, f in pairs if s in system.visible]


def eigenvalue_polynomial(system: Map, z: Any) -> Any:
    """det(z - J) at the origin, expanded."""
    J = system.jacobian(dict.fromkeys(system.state, sp.Integer(0)))
    return sp.expand(Matrix(z * sp.eye(J.rows) - J).det(method="berkowitz"))
