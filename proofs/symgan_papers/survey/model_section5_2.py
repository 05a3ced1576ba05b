r"""What the claims of section 5.2 share: quadratic payoffs, their fields, plain measurements.

Near a rest point every smooth payoff is

.. math:: V = \tfrac{p}{2}\theta^2 + s\theta\psi + \tfrac{q}{2}\psi^2 + \dots,

so p, s and q stand for its second derivatives. Exact values come from `Game` and the rules;
measurements differentiate the payoff's numbers by difference quotients and share no
expression with them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import mpmath
import sympy as sp
from sympy import Expr, Rational, Symbol

from symgan.game import Game, zero_sum

theta, psi = sp.symbols("theta psi", real=True)
p, s, q = sp.symbols("p s q", real=True)
gamma = Symbol("gamma", positive=True)
"""The survey's step of section 5.2; elsewhere in symgan eta."""

Place = Mapping[str, Any]
Payoff = Callable[[Any, Any], Any]
Vector = list[Any]

QUADRATIC: Expr = p * theta**2 / 2 + s * theta * psi + q * psi**2 / 2

POINTS = (
    {p: 1, s: 2, q: -3, theta: 1, psi: Rational(1, 2), gamma: Rational(1, 10)},
    {p: -1, s: Rational(1, 3), q: 2, theta: -2, psi: 3, gamma: Rational(1, 3)},
    {p: Rational(5, 2), s: -1, q: Rational(1, 7), theta: 1, psi: -1, gamma: 2},
)


def game(payoff: Any = QUADRATIC, **fields: Any) -> Game:
    """The game with this payoff: theta minimizes, psi maximizes."""
    symbols = sp.sympify(payoff).free_symbols - {theta, psi}
    rest = {theta: sp.Integer(0), psi: sp.Integer(0)}
    names = tuple(sorted(symbols, key=str))
    return zero_sum(
        payoff, minimize=theta, maximize=psi, parameters=names, equilibrium=rest, **fields
    )


def quadratic_at(place: Place) -> Payoff:
    """The quadratic payoff as plain numbers."""
    return lambda x, y: place["p"] * x * x / 2 + place["s"] * x * y + place["q"] * y * y / 2


def field_of(payoff: Payoff, x: Any, y: Any) -> Vector:
    """(dV/dtheta, -dV/dpsi) by difference quotients."""
    return [
        mpmath.diff(lambda t: payoff(t, y), x),
        -mpmath.diff(lambda t: payoff(x, t), y),
    ]


def jacobian_of(payoff: Payoff, x: Any, y: Any) -> Any:
    """The Jacobian of the field by difference quotients of second order, exact on quadratics."""
    h = mpmath.mpf(10) ** -12

    def second(i: int, j: int) -> Any:
        e = [[h, 0], [0, h]]
        corners = ((1, 1), (1, -1), (-1, 1), (-1, -1))
        total = mpmath.mpf(0)
        for a, b in corners:
            dx, dy = (a * e[i][k] + b * e[j][k] for k in (0, 1))
            total += a * b * payoff(x + dx, y + dy)
        return total / (4 * h * h)

    return mpmath.matrix([[second(0, 0), second(0, 1)], [-second(1, 0), -second(1, 1)]])


def stepped(payoff: Payoff, state: Vector, step: Any) -> Vector:
    """One simultaneous step: theta descends the payoff, psi ascends it."""
    v = field_of(payoff, *state)
    return [state[0] - step * v[0], state[1] - step * v[1]]


def lowest_real_part(matrix: Any) -> Any:
    """The smallest real part of the eigenvalues of a matrix of numbers."""
    values, _ = mpmath.eig(matrix)
    return min(mpmath.re(v) for v in values)


def square(vector: Vector) -> Any:
    """The squared length."""
    return sum(x * x for x in vector)


def surgery(payoff: Payoff, state: Vector, damp: Any) -> Vector:
    """h of the display, with numbers: the linear system is solved, nothing is inverted."""
    v = mpmath.matrix(field_of(payoff, *state))
    J = jacobian_of(payoff, *state)
    inner = mpmath.lu_solve(J.T * J + damp * mpmath.eye(2), J.T * v)
    return list((v + J.T * inner) / 2)
