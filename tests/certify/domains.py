"""Random statements over symbols of all assumptions, and exact points of their domains."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

import mpmath
import sympy as sp
from hypothesis import strategies as st
from sympy import Expr, Rational, Symbol
from sympy.logic.boolalg import Boolean

Point = dict[Symbol, Rational]

x, y = sp.symbols("x y", real=True)
p = Symbol("p", positive=True)
n = Symbol("n", nonnegative=True)
m = Symbol("m", negative=True)
z = Symbol("z", real=True, nonzero=True)
SYMBOLS = (x, y, p, n, m, z)
RELATIONS = (sp.Gt, sp.Ge, sp.Lt, sp.Le)
NEAR = Rational(1, 10**9)  # how close to an end of a range a point may come
DIGITS = 60

_small = st.integers(-3, 3)
rationals = st.builds(Rational, _small, st.integers(1, 3))
symbols = st.sampled_from(SYMBOLS)


def _powers(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    return st.builds(lambda base, k: base**k, inner, st.sampled_from([2, 3, -1, -2]))


def _applied(inner: st.SearchStrategy[Expr], functions: Any) -> st.SearchStrategy[Expr]:
    return st.builds(lambda f, a: f(a), st.sampled_from(functions), inner)


_FUNCTIONS = (sp.exp, sp.sin, sp.cos, sp.tanh, sp.sqrt, sp.cbrt, sp.Abs, sp.log, sp.atan)


def _expressions(functions: tuple[Any, ...], leaves: int) -> st.SearchStrategy[Expr]:
    def extend(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
        sums = st.builds(lambda a, b: a + b, inner, inner)
        products = st.builds(lambda a, b: a * b, inner, inner)
        choices = [sums, sums, products, products, _powers(inner)]
        return st.one_of(*choices, *([_applied(inner, functions)] * 2 if functions else []))

    grown = st.recursive(st.one_of(symbols, symbols, rationals), extend, max_leaves=leaves)
    return grown.filter(lambda e: not e.has(sp.nan, sp.zoo, sp.oo, sp.AccumBounds))


rational_functions = _expressions((), 7)
elementary = _expressions(_FUNCTIONS, 5)
expressions = st.one_of(rational_functions, elementary)


def _bounds(symbol: Symbol) -> st.SearchStrategy[Expr]:
    others = [s for s in SYMBOLS if s != symbol]
    linear = st.builds(lambda s, a, b: a * s + b, st.sampled_from(others), rationals, rationals)
    curved = st.builds(
        lambda s, f: f(s),
        st.sampled_from(others),
        st.sampled_from([lambda s: s**2, lambda s: 1 / (1 + s**2), sp.exp, sp.Abs]),
    )
    return st.one_of(rationals, rationals, linear, curved)


@st.composite
def _parts(draw: st.DrawFn) -> Boolean:
    symbol = draw(symbols)
    bound = draw(_bounds(symbol))
    relation = draw(st.sampled_from((*RELATIONS, *RELATIONS, sp.Eq, sp.Ne)))
    return relation(symbol, bound) if draw(st.booleans()) else relation(bound, symbol)


@st.composite
def _intervals(draw: st.DrawFn) -> Boolean:
    symbol, low, width = draw(symbols), draw(rationals), draw(st.integers(0, 2))
    lower, upper = draw(st.sampled_from((sp.Gt, sp.Ge))), draw(st.sampled_from((sp.Lt, sp.Le)))
    return sp.And(lower(symbol, low), upper(symbol, low + width))


premises = st.one_of(
    st.just(sp.true),
    _intervals(),
    st.builds(
        lambda parts: sp.And(*parts), st.lists(st.one_of(_parts(), _intervals()), max_size=3)
    ),
)


def points(free: set[Any], given: Boolean, seed: int, count: int = 12) -> Iterator[Point]:
    """Admissible points, those at and near the ends of ranges among them."""
    ordered = sorted(free | given.free_symbols, key=lambda s: s.name)
    if not ordered or given is sp.false:
        yield from [{}] if given is sp.true else []
        return
    ends = {Rational(a) for a in given.atoms(Rational)} if given is not sp.true else set()
    pool = sorted(
        {Rational(k, 2) for k in range(-6, 7)}
        | {end + d for end in ends for d in (0, NEAR, -NEAR)}
        | {NEAR, -NEAR, Rational(10), Rational(-10)}
    )
    values = [[v for v in pool if _admits(s, v)] for s in ordered]
    rng, found = random.Random(seed), 0
    everything = list(product(*values)) if len(ordered) <= 2 else None
    for _ in range(40 * count):
        drawn = rng.choice(everything) if everything else tuple(rng.choice(v) for v in values)
        point = _solved(dict(zip(ordered, drawn, strict=True)), given)
        if point is not None and given.subs(point) is sp.true:
            yield point
            found += 1
            if found >= count:
                return


def _solved(point: Point, given: Boolean) -> Point | None:
    """Move a point onto the equations that are given for symbols, one after another."""
    for part in sp.And.make_args(given):
        if isinstance(part, sp.Equality):
            symbol, value = (part.lhs, part.rhs) if part.lhs.is_Symbol else (part.rhs, part.lhs)
            point[symbol] = value.subs(point)
    rational = all(v.is_Rational and _admits(s, v) for s, v in point.items())
    return point if rational else None


def _admits(symbol: Symbol, value: Rational) -> bool:
    return all(
        getattr(value, f"is_{fact}") is truth
        for fact, truth in symbol.assumptions0.items()
        if fact in ("positive", "negative", "nonnegative", "nonpositive", "nonzero", "integer")
    )


def value_at(expression: Expr, point: Mapping[Symbol, Any], digits: int = DIGITS) -> Any:
    """The value by mpmath, node by node; None where a part of it is undefined."""
    with mpmath.workdps(digits + 20):
        try:
            value = _value(expression, point)
        except (ZeroDivisionError, OverflowError, ValueError):
            return None
        return value if mpmath.isfinite(mpmath.re(value) + mpmath.im(value)) else None


_NUMERIC: dict[type, Any] = {
    sp.exp: mpmath.exp, sp.sin: mpmath.sin, sp.cos: mpmath.cos, sp.tan: mpmath.tan,
    sp.sinh: mpmath.sinh, sp.cosh: mpmath.cosh, sp.tanh: mpmath.tanh, sp.atan: mpmath.atan,
    sp.Abs: abs, sp.log: mpmath.log,
}  # fmt: skip


def _value(node: Any, point: Mapping[Symbol, Any]) -> Any:
    if node in point:
        node = sp.sympify(point[node])
    if node.is_Rational:
        return mpmath.mpf(int(node.p)) / int(node.q)
    if node is sp.pi:
        return +mpmath.pi
    if node is sp.E:
        return mpmath.e()
    if node is sp.I:
        return mpmath.mpc(0, 1)
    parts = [_value(a, point) for a in node.args]
    if node.is_Add:
        return mpmath.fsum(parts)
    if node.is_Mul:
        return mpmath.fprod(parts)
    if node.is_Pow:
        return _power(parts[0], parts[1], node.exp)
    if isinstance(node, sp.log) and parts[0] == 0:
        raise ZeroDivisionError
    return _NUMERIC[type(node)](*parts)


def _power(base: Any, exponent: Any, exact: Expr) -> Any:
    if exact.is_Integer:
        return base ** int(exact)
    if base == 0:
        if not exact.is_positive:
            raise ZeroDivisionError
        return base
    return mpmath.exp(exponent * mpmath.log(base))  # the principal branch


def is_zero_at(expression: Expr, point: Mapping[Symbol, Any]) -> bool | None:
    """Whether the value vanishes, by mpmath at two precisions; None where it is undefined.

    Rounding shrinks with the precision, a value does not: what falls by 20 digits when 400
    more are carried is zero.
    """
    rough, fine = value_at(expression, point), value_at(expression, point, DIGITS + 400)
    if rough is None or fine is None:
        return None
    return bool(abs(fine) <= mpmath.mpf(10) ** -20 * abs(rough))


def sign_at(expression: Expr, point: Mapping[Symbol, Any]) -> int | None:
    """The sign by mpmath; None where the value is undefined or not real."""
    zero = is_zero_at(expression, point)
    if zero is None or zero:
        return None if zero is None else 0
    fine = value_at(expression, point, DIGITS + 400)
    if abs(mpmath.im(fine)) > mpmath.mpf(10) ** -20 * abs(fine):
        return None
    return 1 if mpmath.re(fine) > 0 else -1


def _relations() -> st.SearchStrategy[Boolean]:
    kinds = st.sampled_from((*RELATIONS, sp.Eq, sp.Ne))
    sides = st.one_of(st.just(sp.S.Zero), rationals, expressions)
    return st.builds(lambda kind, a, b: kind(a, b, evaluate=False), kinds, expressions, sides)


def _connect(inner: st.SearchStrategy[Boolean]) -> st.SearchStrategy[Boolean]:
    pairs = st.sampled_from((sp.And, sp.Or, sp.Implies, sp.Equivalent))
    return st.one_of(
        st.builds(lambda f, a, b: f(a, b, evaluate=False), pairs, inner, inner),
        st.builds(lambda a: sp.Not(a, evaluate=False), inner),
    )


simple_relations = st.builds(
    lambda kind, a, b: kind(a, b, evaluate=False),
    st.sampled_from((*RELATIONS, sp.Eq, sp.Ne)),
    _expressions((), 3),
    rationals,
)
statements = st.recursive(st.one_of(_relations(), simple_relations), _connect, max_leaves=3)


def truth_at(statement: Boolean, point: Mapping[Symbol, Any]) -> bool | None:
    """True, false, or neither (Kleene), a relation being neither where a side is undefined."""
    if statement in (sp.true, sp.false):
        return statement is sp.true
    if isinstance(statement, sp.Rel):
        return _relation_at(statement, point)
    parts = [truth_at(part, point) for part in statement.args]
    if isinstance(statement, sp.Not):
        return None if parts[0] is None else not parts[0]
    if isinstance(statement, sp.And):
        return _conjunction(parts)
    if isinstance(statement, sp.Or):
        return _negated(_conjunction([_negated(part) for part in parts]))
    if isinstance(statement, sp.Implies):
        return _negated(_conjunction([parts[0], _negated(parts[1])]))
    assert isinstance(statement, sp.Equivalent)
    return None if None in parts else len(set(parts)) == 1


def _negated(truth: bool | None) -> bool | None:
    return None if truth is None else not truth


def _conjunction(parts: list[bool | None]) -> bool | None:
    return False if False in parts else None if None in parts else True


def _relation_at(relation: Any, point: Mapping[Symbol, Any]) -> bool | None:
    left, right = (value_at(side, point) for side in (relation.lhs, relation.rhs))
    if left is None or right is None:
        return None
    if isinstance(relation, sp.Eq | sp.Ne):
        return is_zero_at(relation.lhs - relation.rhs, point) is isinstance(relation, sp.Eq)
    sign = sign_at(relation.lhs - relation.rhs, point)
    return None if sign is None else sign in _TRUE[type(relation)]


_TRUE = {sp.Gt: (1,), sp.Ge: (0, 1), sp.Lt: (-1,), sp.Le: (-1, 0)}
