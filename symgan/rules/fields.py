r"""What rules that follow another field than v are written in, as maps and as flows.

A rule here is a field F on the state; its map is :math:`x^+ = x - \eta F(x)` and its flow
:math:`\dot x = -F(x)`. On a game with a drift d the field that such rules start from is
:math:`v - d`, which is what vanishes at rest; so every F below vanishes where the game rests.
"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Dummy, Expr, Matrix, Rational, Symbol
from sympy.polys.matrices import DomainMatrix

from symgan.differentiation import jacobian
from symgan.errors import GameError
from symgan.game import Game
from symgan.losses import GenericLoss
from symgan.rules.steps import (
    INDEX,
    assemble,
    new_symbols,
    player_steps,
    refuse_size,
    remembered,
    spread,
)
from symgan.system import Flow, Map

DIGITS = 30
"""Working digits where a determinant is looked at; half of them must be left of it."""


def field(game: Game) -> Matrix:
    r"""The field that the game's flow descends, :math:`v(x) - d(t)`, as a column."""
    return Matrix([v - d for v, d in zip(game.v, game.moving, strict=True)])


def slope(game: Game) -> Matrix:
    r"""The Jacobian J of that field in the state; the game's own where the drift is free of it."""
    return jacobian(field(game), game.state)


def follow(game: Game, eta: Any, F: Matrix, *settings: Any, updates: int | None = None) -> Map:
    r"""The map :math:`x^+ = x - \eta F(x)`; every player's clock is its own step.

    Args:
        game: the game.
        eta: the step, or one step a player.
        F: the field, a column over the state.
        *settings: the rule's options, whose symbols become parameters.
        updates: fresh single-player gradients an iteration; one a player unless given.
    """
    steps = spread(game, player_steps(game, eta))
    now = [f if game.time is None else f.xreplace({game.time: INDEX * h})
           for f, h in zip(F, steps, strict=True)]  # fmt: skip
    rhs = [x - h * f for x, h, f in zip(game.state, steps, now, strict=True)]
    count = len(game.players) if updates is None else updates
    return assemble(game, Matrix(rhs), eta, *settings, updates=count)


def flowing(
    game: Game,
    F: Matrix,
    *settings: Any,
    memory: tuple[Symbol, ...] = (),
    rest: Matrix | None = None,
) -> Flow:
    r"""The flow :math:`\dot x = -F(x)`, followed by that of further state, where there is any.

    Args:
        game: the game.
        F: the field, a column over the state.
        *settings: the options, whose symbols become parameters.
        memory: further state symbols.
        rest: their right-hand side.
    """
    parameters = (*game.parameters, *new_symbols(game, *settings))
    rhs = (*(-F), *(rest if rest is not None else ()))
    return Flow((*game.state, *memory), rhs, parameters=parameters, time=game.time)


def at_start(game: Game, F: Matrix) -> tuple[Expr, ...]:
    r"""The first-order field of ``follow``: :math:`-F` at the start of time."""
    now = {} if game.time is None else {game.time: sp.Integer(0)}
    return tuple((-F).subs(now))


def own(game: Game, value: Any, default: Symbol, what: str) -> Any:
    """The value of an option; its default is refused where the game has the same symbol.

    Raises:
        GameError: it is, and how to give the option another one.
    """
    if value == default and default in game.parameters:
        raise GameError(
            f"the game has a parameter {default} of its own; give the {what} a value or "
            "another symbol"
        )
    return value


def companions(game: Game, suffix: str) -> tuple[Symbol, ...]:
    """A further real symbol for each of the state: a velocity may be negative where x is not.

    >>> from symgan.games.quadratic import bilinear
    >>> companions(bilinear(), "velocity")
    (theta_velocity, psi_velocity)
    """
    return tuple(Symbol(s.name, real=True) for s in remembered(game, suffix))


def solve(A: Matrix, b: Matrix, what: str, *, regular: bool = False) -> Matrix:
    r"""The solution of :math:`Ay = b` by Cramer's rule, :math:`\operatorname{adj}(A)\,b/\det A`.

    Entries are names while this is worked out, so that nothing inside them is expanded.

    Args:
        A: a square matrix of expressions.
        b: a column.
        what: what A is called in the sentence that refuses.
        regular: whether A is known to be invertible somewhere.

    Raises:
        GameError: no point was found at which A is invertible, or the solution grows beyond use.

    >>> a, b, c = sp.symbols("a b c")
    >>> solve(Matrix([[1, a], [0, b]]), Matrix([c, 1]), "this matrix").T
    Matrix([[(-a + b*c)/b, 1/b]])
    """
    if not regular and not invertible(A):
        raise GameError(f"{what} is singular at every state tried; the rule has no step to take")
    names = {entry: Dummy() for entry in A if not entry.is_Rational}
    values = {name: entry for entry, name in names.items()}
    named = A.applyfunc(lambda entry: names.get(entry, entry))
    adjugate, determinant = DomainMatrix.from_Matrix(named).adj_det()
    scale = adjugate.domain.to_sympy(determinant)
    solution = (adjugate.to_Matrix().xreplace(values) * b) / scale.xreplace(values)
    refuse_size(sum(f.count_ops() for f in solution), 1, 1)
    return solution


def invertible(A: Matrix) -> bool:
    """Whether a matrix is invertible at one of a few rational points, and so almost everywhere.

    True is certain up to rounding at 30 digits. False means that the determinant vanishes at
    all these points: it is zero identically, or a function that nobody writes down.

    >>> x = Symbol("x", real=True)
    >>> invertible(Matrix([[x, 1], [1, x]])), invertible(Matrix([[x, x**2], [1, x]]))
    (True, False)
    """
    return any(_invertible_at(A, start) for start in range(3))


def _invertible_at(A: Matrix, start: int) -> bool:
    """At one point; what holds a free loss takes a value of its own."""
    free = sorted(set().union(*map(_free_parts, A)), key=sp.default_sort_key)
    named = A.xreplace({e: Rational(sp.prime(2 * start + i + 7), 13) for i, e in enumerate(free)})
    symbols = sorted(named.free_symbols, key=sp.default_sort_key)
    here = named.xreplace({s: Rational(sp.prime(start + i + 4), 29) for i, s in enumerate(symbols)})
    if all(entry.is_Rational for entry in here):
        return here.det() != 0
    numbers = here.evalf(DIGITS)
    size = sp.Mul(*(1 + numbers.row(i).norm() for i in range(A.rows)))
    lost = Rational(1, 10 ** (DIGITS // 2))
    determinant = numbers.det(method="berkowitz")
    return bool(determinant.is_finite and abs(determinant) > size * lost)


def _free_parts(expression: Any) -> set[Any]:
    """The largest parts that hold a free loss and are no sum, product or power."""
    if not expression.has(GenericLoss):
        return set()
    if expression.is_Add or expression.is_Mul or expression.is_Pow:
        return set().union(*map(_free_parts, expression.args))
    return {expression}
