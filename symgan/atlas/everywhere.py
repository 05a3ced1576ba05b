r"""Convergence from everywhere, by LaSalle's principle with a square distance.

With :math:`V = \sum_i c_i (x_i - x_i^*)^2`, proper, and :math:`\dot V \le 0` everywhere, every
orbit tends to the largest invariant set in :math:`\dot V = 0`; if that is the equilibrium alone,
all orbits converge to it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from sympy import Expr, Symbol

from symgan.analysis.signs import sign
from symgan.certify.identity import is_zero
from symgan.errors import SymganError
from symgan.system import Flow

LARGEST = 60
"""Operations of a right-hand side beyond which no function is tried."""


@dataclass(frozen=True)
class Everywhere:
    """A function that proves convergence from everywhere.

    Attributes:
        function: V.
        derivative: along the flow, factored.
        sentence: the argument.
        certificate: plain data.
    """

    function: Expr
    derivative: Expr
    sentence: str
    certificate: Mapping[str, Any] = field(default_factory=dict)


def converges_everywhere(flow: Flow, at: Mapping[Symbol, Expr]) -> Everywhere | None:
    r"""LaSalle with a weighted :math:`|x - x^*|^2`; None where that does not settle it.

    In the plane the weights make the interaction cancel, :math:`c_1 J_{12} + c_2 J_{21} = 0`,
    where they can be positive; otherwise they are 1.

    Where :math:`\dot V = -\sum_i c_i y_i^2` with positive factors, the :math:`y_i` state
    deviations, the orbits that stay in :math:`y = 0` must keep :math:`\dot y = 0`; a factor of
    known sign is dropped, and what is left must name every other deviation.

    >>> x, y = sp.symbols("x y", real=True)
    >>> converges_everywhere(Flow((x, y), (-y, x - y)), {x: 0, y: 0}).derivative
    -2*y**2
    >>> converges_everywhere(Flow((x, y), (-y, x)), {x: 0, y: 0}) is None
    True
    """
    if not flow.autonomous or any(f.has(sp.Piecewise, sp.Abs, sp.sign) for f in flow.rhs):
        return None
    if sum(f.count_ops() for f in flow.rhs) > LARGEST:
        return None
    away = {s: s - sp.sympify(at[s]) for s in flow.state}
    weights = _weights(flow, at)
    V = sp.Add(*(c * d**2 for c, d in zip(weights, away.values(), strict=True)))
    pairs = zip(flow.state, flow.rhs, strict=True)
    slopes = {s: 2 * c * away[s] for s, c in zip(flow.state, weights, strict=True)}
    derivative = sp.factor(sp.expand(sp.Add(*(slopes[s] * f for s, f in pairs))))
    try:
        damped = _damped(derivative, away)
        if not damped or not _only_rest(flow, away, damped):
            return None
    except SymganError:
        return None
    held = ", ".join(map(str, damped))
    return Everywhere(
        V,
        derivative,
        f"V = {V} has V' = {derivative} <= 0, and only the equilibrium stays in {held} = 0",
        {
            "kind": "lasalle",
            "function": str(V),
            "derivative": str(derivative),
            "held": [str(s) for s in damped],
            "state": [str(s) for s in flow.state],
            "field": [str(f) for f in flow.rhs],
        },
    )


def _weights(flow: Flow, at: Mapping[Symbol, Expr]) -> tuple[Expr, ...]:
    ones = (sp.Integer(1),) * len(flow.state)
    if len(flow.state) != 2:
        return ones
    J = flow.jacobian(at)
    ratio = sp.factor(-J[0, 1] / J[1, 0]) if J[1, 0] != 0 else sp.nan
    return (sp.Integer(1), ratio) if ratio.is_positive else ones


def _damped(derivative: Expr, away: Mapping[Symbol, Expr]) -> list[Symbol]:
    """The states whose squared deviations make V decrease; empty where that is not its form."""
    rest, found = sp.expand(derivative), []
    for symbol, deviation in away.items():
        q = sp.Dummy("q", real=True)
        shifted = sp.expand(rest.subs(symbol, q + symbol - deviation))
        poly = shifted.as_poly(q)
        if poly is None or poly.degree() < 2:
            continue
        square = poly.coeff_monomial(q**2)
        if square.free_symbols & set(away) or sign(-square) != 1:
            continue
        left = sp.expand(rest - square * deviation**2)
        # a state that still stands in the rest is not damped by its square alone
        if symbol in left.free_symbols:
            continue
        rest = left
        found.append(symbol)
    if found and is_zero(rest).holds:
        return found
    factors = sp.Mul.make_args(sp.factor(derivative))
    return _one_square(factors, away)


def _one_square(factors: tuple[Expr, ...], away: Mapping[Symbol, Expr]) -> list[Symbol]:
    """A single squared deviation times factors whose product is negative."""
    squares = [s for s, d in away.items() if any(f in (d**2, (-d) ** 2) for f in factors)]
    if len(squares) != 1:
        return []
    rest = sp.Mul(*(f for f in factors if f not in (away[squares[0]] ** 2,)))
    return squares if sign(rest) == -1 else []


def _only_rest(flow: Flow, away: Mapping[Symbol, Expr], damped: list[Symbol]) -> bool:
    """Whether an orbit with the damped deviations zero for ever is the equilibrium."""
    rest = {s: s - d for s, d in away.items()}
    zero = {s: rest[s] for s in damped}
    field_of = dict(zip(flow.state, flow.rhs, strict=True))
    pinned = set(damped)
    equations = [field_of[s].subs(zero, simultaneous=True) for s in damped]
    for _ in flow.state:
        for equation in equations:
            named = _pinned(sp.factor(sp.expand(equation)), away, pinned)
            if named is not None:
                pinned.add(named)
                zero[named] = rest[named]
                equations = [e.subs(zero, simultaneous=True) for e in equations]
                equations.append(field_of[named].subs(zero, simultaneous=True))
                break
    return pinned == set(flow.state)


def _pinned(equation: Expr, away: Mapping[Symbol, Expr], pinned: set[Symbol]) -> Symbol | None:
    """The state whose deviation must vanish for a product to: all other factors have a sign."""
    open_factors = [f for f in sp.Mul.make_args(equation) if sign(f) not in (1, -1)]
    if len(open_factors) != 1:
        return None
    base = open_factors[0].as_base_exp()[0]
    for symbol, deviation in away.items():
        if symbol not in pinned and base in (deviation, sp.expand(-deviation)):
            return symbol
    return None
