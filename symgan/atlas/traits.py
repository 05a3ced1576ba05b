r"""What a rule reads, found by applying it: its scale, its signs, and losses beyond v.

Each trait is tested with exact arithmetic on quadratic games with drawn rational Hessians, the
step a symbol. A rule that fails keeps its problems unscaled, or is linearized on the full game.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

import sympy as sp
from sympy import ImmutableMatrix, Matrix, Rational

from symgan.atlas.axes import Way
from symgan.atlas.problem import ETA, Problem
from symgan.errors import SymganError
from symgan.games.quadratic import bilinear

_GAMES = 2
_FACTOR = Rational(3, 2)


def homogeneous(way: Way) -> bool:
    r"""Whether H = c H' turns the rule's spectrum at :math:`\eta` into that at :math:`c\eta`.

    Of a flow: whether it multiplies the spectrum by c. Signs of coordinates must not matter
    either; both are seen on the characteristic polynomial.

    >>> homogeneous(Way("extragradient")), homogeneous(Way("consensus"))
    (True, False)
    """
    D = sp.diag(1, -1)
    for seed in range(_GAMES):
        plain = _drawn(seed)
        turned = tuple(ImmutableMatrix(D * H * D * _FACTOR) for H in plain.hessians)
        try:
            one = _characteristic(way, plain, _FACTOR * ETA, _FACTOR)
            other = _characteristic(way, replace(plain, hessians=turned), ETA, 1)
        except SymganError:
            return False  # a rule that refuses a drawn game says nothing: keep the scale
        if any(sp.cancel(a - b) != 0 for a, b in zip(one, other, strict=True)):
            return False
    return True


def reads_losses(way: Way) -> bool:
    """Whether a rule reads more of the losses than v: gradients in the others' parameters.

    >>> reads_losses(Way("extragradient"))
    False
    """
    for seed in range(_GAMES):
        game = _drawn(seed).game
        x, y = game.state
        tilted = replace(game, losses=(game.losses[0] + 3 * y, game.losses[1] - 2 * x))
        try:
            plain, other = (way.apply(g, ETA) for g in (game, tilted))
        except SymganError:
            continue
        shown = [getattr(s, "rhs", None) or s.residual for s in (plain, other)]
        if any(sp.cancel(a - b) != 0 for a, b in zip(*shown, strict=True)):
            return True
    return False


def operations(way: Way) -> int:
    """How large a rule is on a small quadratic game: operations of its right-hand side."""
    try:
        system = way.apply(_drawn(0).game, ETA)
    except SymganError:
        return 0
    return sum(f.count_ops() for f in getattr(system, "rhs", None) or system.residual)


def switches(way: Way) -> bool:
    """Whether a rule is a switched map.

    >>> switches(Way("dirac-oracle")), switches(Way("alternating"))
    (True, False)
    """
    try:
        system = way.apply(bilinear(), ETA)
    except SymganError:
        return False
    return any(f.has(sp.Piecewise) for f in getattr(system, "rhs", ()))


def _drawn(seed: int) -> Problem:
    """A general-sum quadratic game with rational Hessians, all entries nonzero."""
    draw = Random(seed)
    hessians = []
    for _ in range(2):
        tops = (draw.choice([-7, -5, -3, 2, 3, 5, 7]) for _ in range(3))
        a, b, c = (Rational(top, draw.choice([2, 3])) for top in tops)
        hessians.append(ImmutableMatrix([[a, b], [b, c]]))
    return Problem((1, 1), tuple(hessians), ImmutableMatrix(2, 0, []))


def _characteristic(way: Way, problem: Problem, eta: sp.Expr, factor: sp.Expr) -> list[sp.Expr]:
    system = way.apply(problem.game, ETA)
    rest = problem.rest if not hasattr(system, "lift") else system.lift(problem.rest)
    if hasattr(system, "memory") or not way.continuous:
        J: Matrix = system.jacobian(rest)
    else:
        at = {s: rest.get(s, sp.Integer(0)) for s in system.state}
        J = factor * system.jacobian(at)
    return J.subs(ETA, eta).applyfunc(sp.cancel).charpoly().all_coeffs()
