r"""Whether a player's own loss has a local minimum at a stationary point, exactly.

The Hessian decides where it is definite or indefinite. Where it is only semidefinite, a player
with one parameter is decided by the first derivative that does not vanish, a player whose loss is
quadratic in its own parameters by the Hessian alone, and a polynomial with numbers and a
one-dimensional kernel by the splitting lemma. What is left is named open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sympy as sp
from sympy import And, Dummy, Expr, Matrix, Not, Or, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.conditions import tidy
from symgan.analysis.definite import positive_definite, positive_semidefinite
from symgan.analysis.points import assume_nonzero
from symgan.analysis.signs import nonvanishing, positive, vanishes
from symgan.analysis.splitting import reduced_term
from symgan.certify.identity import is_zero

HIGHEST_ORDER = 8
"""Derivatives looked at where a loss is no polynomial in the player's parameter."""


@dataclass(frozen=True)
class OwnMinimum:
    """What a player's own loss does around a stationary point; others stand still.

    The four conditions exclude one another and leave nothing out.

    Attributes:
        strict: a strict local minimum.
        weak: a local minimum that is not strict.
        fails: no local minimum.
        open: not decided here.
        definite: the own Hessian is positive definite; inside `strict`.
        semidefinite: the own Hessian is positive semidefinite: necessary for a minimum.
    """

    strict: Boolean
    weak: Boolean
    fails: Boolean
    open: Boolean
    definite: Boolean
    semidefinite: Boolean


def own_minimum(
    loss: Expr,
    own: tuple[Symbol, ...],
    hessian: Matrix,
    point: Mapping[Symbol, Expr],
    *,
    nonzero: Iterable[int | Expr] = (),
) -> OwnMinimum:
    """Decide one player's minimum.

    Args:
        loss: the player's loss.
        own: its parameters.
        hessian: the Hessian of the loss in them at the point, shape (n, n).
        point: values of all state symbols, where the gradient in `own` vanishes.
        nonzero: values assumed not to vanish, as in `spectrum`.

    >>> x, a = sp.symbols("x a", real=True)
    >>> own_minimum(a*x**2 + x**4, (x,), Matrix([[2*a]]), {x: sp.Integer(0)}).strict
    a >= 0
    """
    block, names = assume_nonzero([*hessian], nonzero)
    H = Matrix(hessian.rows, hessian.cols, block)
    definite, semidefinite = positive_definite(H), positive_semidefinite(H)
    degenerate = tidy(And(semidefinite, Not(definite)))
    strict, weak, fails = sp.false, sp.false, tidy(Not(semidefinite))
    rest: Boolean = sp.false
    if degenerate is not sp.false:
        along = _restricted(loss, own, point)
        if len(own) == 1:
            strict, weak, odd, rest = _along_line(along, own[0], degenerate, nonzero)
            fails = tidy(Or(fails, odd))
        elif along.is_polynomial(*own) and sp.Poly(along, *own).total_degree() <= 2:
            weak = degenerate
        elif degenerate is sp.true and (term := reduced_term(along, own, H)) is not None:
            order, value = term
            strict, fails = (
                (sp.true, fails) if order % 2 == 0 and value > 0 else (sp.false, sp.true)
            )
        else:
            rest = degenerate
    parts = (tidy(Or(definite, strict)), weak, fails, rest, definite, semidefinite)
    return OwnMinimum(*(part.xreplace(names) for part in parts))


def _restricted(loss: Expr, own: tuple[Symbol, ...], point: Mapping[Symbol, Expr]) -> Expr:
    """The loss with the others at the point, in the player's deviations (under the own names).

    They are expanded under names that no parameter has.
    """
    moves = {s: Dummy(s.name, real=True) for s in own}
    shift = {s: value + moves[s] if s in moves else value for s, value in point.items()}
    shifted = loss.subs(shift, simultaneous=True)
    return sp.expand(shifted).xreplace({t: s for s, t in moves.items()})


def _along_line(
    loss: Expr, t: Symbol, given: Boolean, nonzero: Iterable[int | Expr]
) -> tuple[Boolean, Boolean, Boolean, Boolean]:
    """Strict, weak, failing and open, from the first derivative at 0 that does not vanish."""
    strict, fails = sp.false, sp.false
    if is_zero(loss - loss.subs(t, 0)).holds:
        return strict, given, fails, sp.false
    polynomial = loss.is_polynomial(t)
    last = sp.degree(loss, t) if polynomial else HIGHEST_ORDER
    left = given
    for order in range(2, last + 1):
        value = sp.diff(loss, t, order).subs(t, 0).doit()
        (value,), names = assume_nonzero([value], nonzero)
        if order % 2:
            falls = nonvanishing(value)
        else:
            falls = positive(-value)
            strict = Or(strict, And(left, positive(value)).xreplace(names))
        fails = Or(fails, And(left, falls).xreplace(names))
        left = tidy(And(left, vanishes(value).xreplace(names)))
        if left is sp.false:
            break
    weak, rest = (left, sp.false) if polynomial else (sp.false, left)
    return tidy(strict), weak, tidy(fails), rest
