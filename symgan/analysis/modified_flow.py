r"""Modified flows: what a one-step rule with a small step does in continuous time.

A map :math:`F_\eta` that rests at :math:`\eta = 0` is, as a power series in the step, the
time-:math:`\eta` map of one flow

.. math:: \dot x = f_0(x) + \eta f_1(x) + \eta^2 f_2(x) + \dots,

found by matching :math:`F_\eta = \exp(\eta L_f)\,x` with the Lie derivative
:math:`L_f g = g'f`. Cut off after :math:`\eta^p f_p`, the flow agrees with the map up to an
error :math:`O(\eta^{p+2})` a step.

Source: Hairer, Lubich and Wanner 2006, "Geometric numerical integration", section IX.1; for
games Rosca et al. 2021, "Discretization drift in two-player games".
"""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial
from typing import Any

import sympy as sp
from sympy import Expr, Integer, Matrix, Symbol

from symgan.analysis.wholes import require_whole
from symgan.differentiation import jacobian
from symgan.errors import GameError
from symgan.implicit import ImplicitMap
from symgan.system import Flow, Map

ROUGH = (sp.Piecewise, sp.sign, sp.Heaviside, sp.DiracDelta, sp.Abs, sp.Min, sp.Max, sp.floor)
"""What has no Taylor series everywhere."""

SMALL, LARGEST = 500, 50_000
"""Operations up to which a term is expanded, and beyond which it is refused."""

TIME = Symbol("t", real=True)
"""The time of the flow of a map that depends on the iteration, unless given."""


@dataclass(frozen=True)
class ModifiedFlow:
    r"""The modified flow of a map, up to an order.

    Attributes:
        flow: :math:`\dot x = f_0 + \eta f_1 + \dots + \eta^p f_p`; the step is a parameter.
        terms: :math:`f_0, \dots, f_p`, one expression a state symbol each.
        symbol: the step.
        order: p; the error of a step is :math:`O(\eta^{p+2})`.
    """

    flow: Flow
    terms: tuple[tuple[Expr, ...], ...]
    symbol: Symbol
    order: int


def modified_flow(
    system: Map | ImplicitMap, *, symbol: Symbol, order: int = 1, time: Symbol = TIME
) -> ModifiedFlow:
    r"""The modified (backward-error) flow of a smooth one-step rule, exactly.

    Simultaneous descent has :math:`f_0 = -v,\ f_1 = -\frac12 Jv`, proximal descent
    :math:`f_1 = +\frac12 Jv`, extragradient the latter too. A map that depends on the iteration k
    is taken at :math:`t = k\eta`, and its flow depends on time.

    Args:
        system: a map that rests where the step is zero, explicit or implicit.
        symbol: the step.
        order: how many corrections, p.
        time: the time symbol of a map that depends on the iteration.

    Raises:
        GameError: the map remembers, draws noise, is not smooth, or moves at step zero; the
            symbol is none of its parameters; the order is negative.

    >>> x, y = sp.symbols("x y", real=True)
    >>> eta = Symbol("eta", positive=True)
    >>> found = modified_flow(Map((x, y), (x + eta*y, y - eta*x), parameters=(eta,)), symbol=eta)
    >>> found.terms
    ((y, -x), (x/2, y/2))
    """
    require_whole(system, "modified_flow")
    _refuse(system, symbol, order)
    n, timed = len(system.state), Matrix(system.state)
    series = _series(system, symbol, order + 1, time)
    if system.index is not None:  # time is one more state, which moves at the rate 1
        timed = Matrix([*timed, time])
        tick = [time, Integer(1), *[Integer(0)] * order]
        series = [Matrix([*F, c]) for F, c in zip(series, tick, strict=True)]
    terms = [tuple(f[:n]) for f in _match(series, timed)]
    flow = Flow(
        system.state,
        tuple(sum(symbol**j * f[i] for j, f in enumerate(terms)) for i in range(n)),
        parameters=system.parameters,
        time=None if system.index is None else time,
    )
    return ModifiedFlow(flow, tuple(terms), symbol, order)


def _match(series: list[Matrix], x: Matrix) -> list[Matrix]:
    r"""The terms :math:`f_m = F_{m+1} - \sum_{k\ge2}\frac1{k!}[\eta^{m+1-k}]\,L_f^k x`.

    ``lie[k][j]`` is the coefficient of :math:`\eta^j` in :math:`L_f^k x`; those that the sum
    needs hold earlier terms alone.
    """
    terms: list[Matrix] = []
    lie: dict[tuple[int, int], Matrix] = {}
    for m in range(len(series) - 1):
        rest = sp.zeros(len(x), 1)
        for k in range(2, m + 2):
            j = m + 1 - k
            lie[k, j] = sp.zeros(len(x), 1)
            for i in range(j + 1):
                lie[k, j] += jacobian(lie[k - 1, i], x) * terms[j - i]
            rest += lie[k, j] / factorial(k)
        terms.append((series[m + 1] - rest).applyfunc(_tidy))
        lie[1, m] = terms[m]
    return terms


def _tidy(expression: Any) -> Any:
    """Expanded where that is shorter: equal terms cancel in polynomials.

    Raises:
        GameError: the expression has grown beyond use.
    """
    size = expression.count_ops()
    if size > LARGEST:
        raise GameError(
            f"a term of the modified flow has {size} operations, more than {LARGEST}; ask for a "
            "lower order, or give values to parameters"
        )
    if size > SMALL:
        return expression
    expanded = sp.expand(expression)
    return min(expanded, expression, key=lambda e: e.count_ops())


def _series(system: Map | ImplicitMap, symbol: Symbol, order: int, time: Symbol) -> list[Matrix]:
    r"""The Taylor coefficients :math:`F_0 = x, F_1, \dots` of the map in the step."""
    if isinstance(system, ImplicitMap):
        R = _at_time(Matrix(system.residual), system, symbol, time)
        return _implicit_series(R, system, symbol, order)
    F = _at_time(Matrix(system.rhs), system, symbol, time)
    return [_taylor(F, symbol, m) for m in range(order + 1)]


def _taylor(F: Matrix, symbol: Symbol, m: int) -> Matrix:
    return F.diff(symbol, m).subs(symbol, 0) / factorial(m) if m else F.subs(symbol, 0)


def _implicit_series(R: Matrix, system: ImplicitMap, symbol: Symbol, order: int) -> list[Matrix]:
    r"""Order by order: :math:`F_m = -R_{x^+}^{-1}[\eta^m] R(x, x + \dots + \eta^{m-1}F_{m-1})`."""
    x = Matrix(system.state)
    after = jacobian(R, system.next).subs(symbol, 0)
    slope = after.xreplace(dict(zip(system.next, system.state, strict=True)))
    series = [x]
    for m in range(1, order + 1):
        ahead = [sum(symbol**j * F[i] for j, F in enumerate(series)) for i in range(len(x))]
        here = R.xreplace(dict(zip(system.next, ahead, strict=True)))
        series.append(-slope.LUsolve(_taylor(here, symbol, m)))
    return series


def _at_time(rhs: Matrix, system: Map | ImplicitMap, symbol: Symbol, time: Symbol) -> Matrix:
    r"""With the iteration k as :math:`t/\eta`; products with the step are multiplied out."""
    k = system.index
    if k is None:
        return rhs
    if time in (*system.state, *system.parameters):
        raise GameError(f"the map has a symbol {time} of its own; give another one as time=...")
    clock = {k: time / symbol}
    return rhs.applyfunc(
        lambda f: f.replace(
            lambda e: e.is_Mul and e.has(k), lambda e: sp.expand(e.xreplace(clock))
        ).xreplace(clock)
    )


def _refuse(system: Map | ImplicitMap, symbol: Symbol, order: int) -> None:
    rhs = Matrix(system.residual if isinstance(system, ImplicitMap) else system.rhs)
    if isinstance(system, Map) and system.memory:
        names = ", ".join(str(s) for s, _ in system.memory)
        raise GameError(
            f"a map that remembers {names} is no one-step map of the players' parameters and has "
            "no modified flow on them; take a rule without memory"
        )
    if isinstance(system, Map) and system.noise:
        raise GameError("a map with noise has no modified flow; take the noise out")
    if order < 0:
        raise GameError(f"order = {order} is negative; give how many corrections to derive")
    if symbol not in system.parameters:
        raise GameError(f"the step {symbol} is no parameter of the map; give the one that is")
    if rhs.has(*ROUGH):
        raise GameError("a switched or kinked map has no Taylor series; take one smooth branch")
    back: dict[Any, Any] = {symbol: Integer(0)}
    if isinstance(system, ImplicitMap):
        back |= dict(zip(system.next, system.state, strict=True))
        still = rhs.subs(back)
    else:
        still = rhs.subs(back) - Matrix(system.state)
    if any(sp.expand(f) != 0 for f in still):
        raise GameError(f"the map moves where the step {symbol} is zero; it is no step of a flow")
