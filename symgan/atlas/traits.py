r"""What a rule reads, found by applying it: its scale, its signs, and losses beyond v.

The scale is proved on the quadratic game with symbols for Hessians, the other traits are tested
with exact arithmetic on drawn rational ones, the step a symbol. A rule that fails keeps its
problems unscaled, or is linearized on the full game.
"""

from __future__ import annotations

from dataclasses import replace
from operator import mul
from random import Random
from typing import Any

import sympy as sp
from sympy import ImmutableMatrix, Matrix, Rational
from sympy.polys.matrices import DomainMatrix

from symgan.analysis.field import build_field
from symgan.atlas.axes import Way
from symgan.atlas.problem import ETA, Problem
from symgan.certify.limit import limited
from symgan.errors import SymganError
from symgan.games.quadratic import bilinear

_GAMES = 2
SECONDS = 3.0
"""Processor time for the proof that a rule has a scale."""


def homogeneous(way: Way) -> bool:
    r"""Whether H = c H' turns the rule's spectrum at :math:`\eta` into that at :math:`c\eta`.

    Of a flow: whether it multiplies the spectrum by c. Signs of coordinates must not matter
    either. Proved for every general-sum quadratic game of one parameter a player: with the
    Hessians' six entries as symbols, each of weight 1 and the step of weight -1, every
    coefficient of the characteristic polynomial is a quotient of weighted-homogeneous
    polynomials, and all their monomials have the same parity in the two interactions.

    >>> homogeneous(Way("extragradient")), homogeneous(Way("consensus"))
    (True, False)
    """
    try:
        with limited(SECONDS, "the scale of the rule"):
            return _weighted(way, _general())
    except SymganError:
        return False  # a rule that refuses the game, or is too long: keep the scale


def _weighted(way: Way, problem: Problem) -> bool:
    entries = sorted(set().union(*(H.free_symbols for H in problem.hessians)), key=str)
    across = {H[0, 1] for H in problem.hessians}
    J = _jacobian(way, problem)
    field = build_field([*J, *entries, ETA])
    if field.names or field.roots:
        return False  # something in it is no quotient of polynomials
    rows = [[field.element(e) for e in row] for row in J.tolist()]
    coefficients = DomainMatrix(rows, J.shape, field.domain).charpoly()
    weights = {**dict.fromkeys(entries, 1), ETA: -1}
    grade = tuple(weights.get(s, 0) for s in field.domain.symbols)
    parity = tuple(int(s in across) for s in field.domain.symbols)
    return all(
        not c or (_grade(c, grade) == (k if way.continuous else 0) and _grade(c, parity, 2) == 0)
        for k, c in enumerate(coefficients)
    )


def _grade(element: Any, weights: tuple[int, ...], modulus: int = 0) -> int | None:
    """The weight of a quotient, modulo a number where one is given; None where it has none."""
    found = []
    for part in (element.numer, element.denom):
        grades = {sum(map(mul, weights, powers)) for powers in part.monoms()}
        grades = {g % modulus for g in grades} if modulus else grades
        if len(grades) != 1:
            return None
        found.append(grades.pop())
    return (found[0] - found[1]) % modulus if modulus else found[0] - found[1]


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


def _general() -> Problem:
    """The quadratic game of one parameter a player, every entry a symbol."""
    a = sp.symbols("a_1:7", real=True)
    hessians = (ImmutableMatrix([[x, y], [y, z]]) for x, y, z in (a[:3], a[3:]))
    return Problem((1, 1), tuple(hessians), ImmutableMatrix(2, 0, []))


def _jacobian(way: Way, problem: Problem) -> Matrix:
    system = way.apply(problem.game, ETA)
    rest = problem.rest if not hasattr(system, "lift") else system.lift(problem.rest)
    if not hasattr(system, "memory") and way.continuous:
        rest = {s: rest.get(s, sp.Integer(0)) for s in system.state}
    return system.jacobian(rest)
