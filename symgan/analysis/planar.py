r"""Homogeneous statements on the plane, decided exactly for all states and one parameter.

A statement about signs of homogeneous polynomials in two state symbols depends on the
direction of the state only: on :math:`\pm(1, u)` and :math:`\pm(0, 1)`. What is left is a
decision in u and the parameter (`symgan.analysis.line`), which is complete: the answer is the
exact set of parameters, with a state at which the statement fails for every piece outside.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import sympy as sp
from sympy import Expr, Poly, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.cells import Signs
from symgan.analysis.line import Piece, Spot, pieces, spots
from symgan.errors import Undecided


@dataclass(frozen=True)
class Rule:
    """Wherever some expressions have given signs, the goal has one of the allowed signs."""

    signs: Mapping[Expr, Signs]
    goal: Expr
    allowed: Signs


@dataclass(frozen=True)
class Failure:
    """A piece of parameters on which a rule fails, and where.

    Attributes:
        piece: the parameters; the failure is exact at the piece's sample, and no sign
            changes within the piece.
        rule: which rule.
        state: a state at which it fails at the sample; empty where it is irrational.
    """

    piece: Piece
    rule: Rule
    state: Mapping[Symbol, Expr] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """For which parameters all rules hold at all states but the origin."""

    holds: sp.Set
    failures: tuple[Failure, ...]


def decide_planar(rules: Sequence[Rule], state: Sequence[Symbol], parameter: Symbol) -> Verdict:
    r"""The exact set of positive parameters for which rules hold at every state but 0.

    Args:
        rules: over polynomials homogeneous in the state, with rational coefficients.
        state: two symbols.
        parameter: a positive symbol, the only other one.

    Raises:
        Undecided: an expression is of another kind.

    >>> x, y = sp.symbols("x y", real=True)
    >>> a = Symbol("a", positive=True)
    >>> positive = Rule({}, x**2 - a*x*y + y**2, frozenset({1}))
    >>> decide_planar([positive], (x, y), a).holds
    Interval.open(0, 2)
    """
    _check(rules, state, parameter)
    charts = [_Chart(rules, state, parameter, sample) for sample in _directions(state)]
    factors = [f for chart in charts for f in chart.factors]
    holds: list[sp.Set] = []
    failures: list[Failure] = []
    for piece in pieces(list(dict.fromkeys(factors)), _U, _P):
        found = [f for chart in charts for f in chart.failures(piece)]
        failure = min(found, key=_simplicity, default=None)
        if failure is None:
            holds.append(piece.set)
        else:
            failures.append(failure)
    return Verdict(sp.Union(*holds), tuple(failures))


def _simplicity(failure: Failure) -> tuple[bool, int]:
    """Failures at small rational states come first."""
    return not failure.state, sum(abs(v.p) + v.q for v in failure.state.values())


def condition(values: sp.Set, parameter: Expr) -> Boolean:
    """A set of positive values as a condition on a positive parameter or expression.

    >>> condition(sp.Interval.open(0, 2), Symbol("a", positive=True))
    a < 2
    """
    if values is sp.EmptySet:
        return sp.false
    free = sp.Dummy("p", real=True)
    relations = values.as_relational(free)
    turned = {
        r: r.reversed for r in relations.atoms(sp.core.relational.Relational) if r.rhs == free
    }
    return relations.xreplace(turned).subs(free, parameter)


_U = sp.Dummy("u", real=True)
_P = sp.Dummy("p", real=True)


def _directions(state: Sequence[Symbol]) -> list[dict[Symbol, Expr]]:
    x, y = state
    return [{x: sp.Integer(1), y: _U}, {x: sp.Integer(0), y: sp.Integer(1)}]


def _check(rules: Sequence[Rule], state: Sequence[Symbol], parameter: Symbol) -> None:
    if len(state) != 2:
        raise Undecided(f"a statement on the plane has two state symbols, not {len(state)}")
    for expression in dict.fromkeys(e for rule in rules for e in (*rule.signs, rule.goal)):
        others = expression.free_symbols - {*state, parameter}
        if others or not expression.is_polynomial(*state, parameter):
            raise Undecided(f"{expression} is no polynomial in the state and {parameter}")
        polynomial = Poly(expression, *state, parameter)
        if not (polynomial.domain.is_ZZ or polynomial.domain.is_QQ):
            raise Undecided(f"{expression} has coefficients that are not rational")
        if expression != 0 and not Poly(expression, *state).is_homogeneous:
            raise Undecided(f"{expression} is not homogeneous in the state")


class _Chart:
    """The rules along one line of directions and the opposite ones."""

    def __init__(
        self,
        rules: Sequence[Rule],
        state: Sequence[Symbol],
        parameter: Symbol,
        direction: Mapping[Symbol, Expr],
    ) -> None:
        self.rules, self.direction = rules, direction
        place = {**direction, parameter: _P}
        expressions = {e for rule in rules for e in (*rule.signs, rule.goal)}
        self.parts = {e: sp.factor_list(e.subs(place), _U, _P) for e in expressions}
        self.odd = {e: e != 0 and Poly(e, *state).total_degree() % 2 == 1 for e in expressions}
        found = (f for _, factors in self.parts.values() for f, _ in factors)
        self.factors = list(dict.fromkeys(found))

    def failures(self, piece: Piece) -> Iterator[Failure]:
        for spot in spots(self.factors, _U, _P, piece.sample):
            factors = dict(zip(self.factors, spot.signs, strict=True))
            signs = {e: _sign(parts, factors) for e, parts in self.parts.items()}
            opposite = {e: -s if self.odd[e] else s for e, s in signs.items()}
            for rule in self.rules:
                for side, known in ((1, signs), (-1, opposite)):
                    if _fails(rule, known):
                        yield Failure(piece, rule, self._state(spot, side))

    def _state(self, spot: Spot, side: int) -> dict[Symbol, Expr]:
        moves = any(value == _U for value in self.direction.values())
        if moves and spot.point is None:
            return {}
        return {s: side * value.subs(_U, spot.point) for s, value in self.direction.items()}


def _fails(rule: Rule, signs: Mapping[Expr, int]) -> bool:
    here = all(signs[p] in allowed for p, allowed in rule.signs.items())
    return here and signs[rule.goal] not in rule.allowed


def _sign(parts: tuple[Expr, Sequence[tuple[Expr, int]]], factors: Mapping[Expr, int]) -> int:
    """The sign of a product from those of its factors."""
    sign = int(sp.sign(parts[0]))
    for factor, power in parts[1]:
        sign *= factors[factor] ** power
    return sign
