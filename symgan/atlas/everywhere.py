r"""Convergence from everywhere, or from almost everywhere, by LaSalle's principle.

Two functions are tried, each with positive weights. One is the square distance
:math:`V = \sum_i c_i (x_i - x_i^*)^2`. The other is for a flow with the symmetry :math:`a \to -a`
and an equilibrium with :math:`a^* > 0`: its half-plane :math:`a > 0` is invariant, and on it
:math:`\tfrac12(a^2 - a^{*2}) - a^{*2}\ln(a/a^*)` takes the place of :math:`(a - a^*)^2`, as in
predator-prey systems. All orbits with a > 0 then converge to the equilibrium, those with a < 0 to
its mirror image, and :math:`a = 0` has measure zero. Every premise is certified by
`symgan.analysis.lasalle`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice, product
from typing import Any

import sympy as sp
from sympy import Expr, Integer, Rational, Symbol

from symgan.analysis.invariant_set import lie_derivative
from symgan.analysis.lasalle import LaSalle, Verdict, lasalle
from symgan.analysis.signs import sign
from symgan.atlas.size import exceeds
from symgan.errors import SymganError
from symgan.expectation import Expectation
from symgan.system import Flow

LARGEST = 60
"""Operations of a right-hand side beyond which no function is tried."""
PLACES = (Rational(1, 3), Integer(2), Rational(-3, 2), Integer(-4), Rational(5, 2))
"""Values at which the derivative is looked at before a proof is tried."""
MOST_PLACES = 40


@dataclass(frozen=True)
class Everywhere:
    """A function that proves convergence from everywhere, or almost everywhere.

    Attributes:
        function: V.
        derivative: along the flow, factored.
        mirrored: the state symbol whose sign splits the states in two halves with an equilibrium
            each; None where all orbits converge to the one equilibrium.
        sentence: the argument.
        certificate: plain data.
    """

    function: Expr
    derivative: Expr
    mirrored: Symbol | None
    sentence: str
    certificate: Mapping[str, Any] = field(default_factory=dict)


def converges_everywhere(flow: Flow, at: Mapping[Symbol, Expr]) -> Everywhere | None:
    r"""LaSalle with a function of the module's two kinds; None where neither settles it.

    In the plane the weights make the interaction cancel, :math:`c_1 J_{12} + c_2 J_{21} = 0`,
    where they can be positive; otherwise they are 1.

    >>> x, y = sp.symbols("x y", real=True)
    >>> converges_everywhere(Flow((x, y), (-y, x - y)), {x: 0, y: 0}).derivative
    -2*y**2
    >>> converges_everywhere(Flow((x, y), (-y, x)), {x: 0, y: 0}) is None
    True
    >>> prey = Flow((x, y), (x*y, 1 - x**2 - y))
    >>> converges_everywhere(prey, {x: 1, y: 0}).mirrored
    x
    """
    if not flow.autonomous or any(f.has(Expectation) for f in flow.rhs):
        return None  # a mean without a closed form has no sign to be decided here
    if exceeds(flow.rhs, LARGEST):
        return None
    at = {s: sp.sympify(at[s]) for s in flow.state}
    weights = _weights(flow, at)
    square = sp.Add(*(c * (s - at[s]) ** 2 for s, c in weights.items()))
    found = _proved(flow, square, at)
    if found is not None:
        return _shown(flow, found, None)
    for symbol in flow.state:
        if sign(at[symbol]) == 1 and _odd(flow, symbol):
            half = Symbol(symbol.name, positive=True)
            there = {symbol: half}
            upper = Flow(
                tuple(there.get(s, s) for s in flow.state),
                tuple(f.xreplace(there) for f in flow.rhs),
                parameters=flow.parameters,
            )
            a = at[symbol]
            barrier = (half**2 - a**2) / 2 - a**2 * sp.log(half / a)
            V = square + weights[symbol] * (barrier - (symbol - a) ** 2)
            V = sp.expand(V.xreplace(there), log=False)
            found = _proved(upper, V, {there.get(s, s): v for s, v in at.items()})
            if found is not None:
                return _shown(flow, found, symbol)
    return None


def _weights(flow: Flow, at: Mapping[Symbol, Expr]) -> dict[Symbol, Expr]:
    ones = dict.fromkeys(flow.state, Integer(1))
    if len(flow.state) != 2:
        return ones
    J = flow.jacobian(at)
    ratio = sp.factor(-J[0, 1] / J[1, 0]) if J[1, 0] != 0 else sp.nan
    first, second = flow.state
    return {first: Integer(1), second: ratio} if ratio.is_positive else ones


def _odd(flow: Flow, symbol: Symbol) -> bool:
    """Whether the flow keeps its form under ``symbol -> -symbol``: then 0 stays 0, too."""
    for s, f in zip(flow.state, flow.rhs, strict=True):
        mirrored = f.subs(symbol, -symbol)
        if sp.expand(mirrored + f if s == symbol else mirrored - f) != 0:
            return False
    return True


def _proved(flow: Flow, V: Expr, at: Mapping[Symbol, Expr]) -> LaSalle | None:
    """LaSalle's principle for all states, where it gives the equilibrium alone."""
    slope = lie_derivative(V, flow)
    if slope == 0 or _rises(slope):
        return None
    try:
        found = lasalle(flow, V, at=at)
    except SymganError:  # a premise fails or is open: this function shows nothing
        return None
    return found if found.verdict is Verdict.ASYMPTOTIC else None


def _rises(slope: Expr) -> bool:
    """Whether V is seen to grow somewhere, in floats: a proof is then not even tried."""
    symbols = sorted(slope.free_symbols, key=str)
    for values in islice(product(PLACES, repeat=len(symbols)), 0, None, _stride(len(symbols))):
        place = {s: abs(v) if s.is_positive else v for s, v in zip(symbols, values, strict=True)}
        number = slope.subs(place).evalf()
        # far above rounding, which is 1e-15 of the terms; where it errs, no proof is tried
        if number.is_real and number > sp.Float("1e-6"):
            return True
    return False


def _stride(symbols: int) -> int:
    """So many places are skipped that about `MOST_PLACES` are left; odd, to vary all symbols."""
    return max(1, len(PLACES) ** symbols // MOST_PLACES) | 1


def _shown(flow: Flow, found: LaSalle, mirrored: Symbol | None) -> Everywhere:
    derivative = sp.factor(found.derivative)
    sentence = (
        f"V = {found.function} has V' = {derivative} <= 0, and only the equilibrium stays where "
        "that is 0"
    )
    if mirrored is not None:
        sentence += (
            f", for {mirrored} > 0; by the symmetry {mirrored} -> -{mirrored} all orbits with "
            f"{mirrored} < 0 converge to the mirror image, and {mirrored} = 0 has measure zero"
        )
    return Everywhere(
        found.function,
        derivative,
        mirrored,
        sentence,
        {
            "kind": "lasalle",
            "function": str(found.function),
            "derivative": str(derivative),
            "positive": dict(found.positive.certificate),
            "nonpositive": dict(found.sign),
            "rounds": [[str(e) for e in one] for one in found.invariant.rounds],
            "state": [str(s) for s in flow.state],
            "field": [str(f) for f in flow.rhs],
            **({"mirrored": str(mirrored)} if mirrored is not None else {}),
        },
    )
