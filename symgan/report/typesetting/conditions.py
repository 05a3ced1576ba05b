r"""Conditions and sets: chains, words and intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sympy as sp
from sympy import And, Basic, Or, Set, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

_LOWER = ("<", "<=")
_SIGNS = {"<": "<", "<=": r"\leq", ">": ">", ">=": r"\geq", "==": "=", "!=": r"\neq"}
_TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<=", "==": "==", "!=": "!="}

_HOLDS = {"<": {-1}, "<=": {-1, 0}, ">": {1}, ">=": {0, 1}, "==": {0}, "!=": {-1, 1}}

MOST_PARTS = 3
"""Relations up to which a case says in full what earlier ones leave."""

Print = Callable[[Basic], str]


def sign_of(relation: Relational) -> str:
    r"""The LaTeX of a relation's sign.

    >>> x = sp.Symbol("x")
    >>> print(sign_of(x <= 1))
    \leq
    """
    return _SIGNS[relation.rel_op]


def turned(relation: Relational) -> tuple[Basic, str, Basic]:
    """Both sides and the sign, with what is unknown on the left: ``x > 0`` for ``0 < x``."""
    left, right, operator = relation.lhs, relation.rhs, relation.rel_op
    if left.is_number and not right.is_number:
        left, right, operator = right, left, _TURNED[operator]
    return left, _SIGNS[operator], right


def parts_of(condition: And, show: Print) -> list[str]:
    """The parts of a conjunction, two bounds of one symbol joined to a chain.

    >>> x, y = sp.symbols("x y")
    >>> parts_of(sp.And(x < 2, 0 < x, y > 1), str)
    ['0 < x < 2', 'y > 1']
    """
    parts = merged(sorted(condition.args, key=sp.default_sort_key), any_of=False)
    bounds = {index: found for index, part in enumerate(parts) if (found := _bound(part))}
    texts: list[str] = []
    joined: set[int] = set()
    for index, part in enumerate(parts):
        if index in joined:
            continue
        other = _partner(index, bounds, joined)
        if other is None:
            texts.append(show(part))
            continue
        joined.add(other)
        texts.append(_chain(bounds[index], bounds[other], show))
    return texts


def isolated(condition: Any) -> Any:
    """A condition whose relations have a lone symbol on the left where they are linear in one.

    >>> p = sp.Symbol("p")
    >>> isolated(2 * p > 5), isolated(1 - p > 0)
    (p > 5/2, p < 1)
    """
    condition = pushed(condition)
    if isinstance(condition, (And, Or)):
        return condition.func(*map(isolated, condition.args))
    if not isinstance(condition, Relational) or len(condition.free_symbols) != 1:
        return condition
    (symbol,) = condition.free_symbols
    difference = sp.expand(condition.lhs - condition.rhs)
    slope = difference.coeff(symbol)
    rest = difference - slope * symbol
    if not (slope.is_Rational and rest.is_Rational and slope != 0):
        return condition
    operator = condition.rel_op if slope > 0 else _TURNED[condition.rel_op]
    return sp.Rel(symbol, -rest / slope, operator)


def pushed(condition: Any) -> Any:
    """A negation of several parts as what it says of each.

    >>> x, y = sp.symbols("x y")
    >>> pushed(sp.Not(sp.And(x > 0, sp.Or(y > 0, x > 1), evaluate=False), evaluate=False))
    (x <= 0) | ((x <= 1) & (y <= 0))
    """
    if not isinstance(condition, sp.Not):
        return condition
    inner = condition.args[0]
    if isinstance(inner, sp.Not):
        return pushed(inner.args[0])
    if isinstance(inner, Relational):
        return inner.negated
    if not isinstance(inner, (And, Or)):
        return condition
    dual = Or if isinstance(inner, And) else And
    return dual(*(pushed(sp.Not(part)) for part in inner.args))


def merged(parts: Sequence[Boolean], *, any_of: bool) -> list[Boolean]:
    """Parts of a disjunction or conjunction without what others make superfluous.

    ``p < 1 or p = 1`` is ``p <= 1``, and of two numbers that bound one symbol from one side one
    is enough.

    >>> p = sp.Symbol("p")
    >>> merged([sp.Eq(p, 1), p < 1], any_of=True), merged([p > 0, p > 1], any_of=False)
    ([p <= 1], [p > 1])
    >>> merged([p >= 0, 0 < p], any_of=False), merged([0 < p, p >= 0], any_of=True)
    ([p > 0], [p >= 0])
    """
    found: list[Boolean] = []
    for part in map(pushed, parts):
        for index, before in enumerate(found):
            one = _one_for_two(before, part, any_of)
            if one is not None:
                found[index] = one
                break
        else:
            found.append(part)
    return found


def _one_for_two(first: Boolean, second: Boolean, any_of: bool) -> Boolean | None:
    """One relation that says the same as two of the same sides, or as two numeric bounds."""
    if not isinstance(first, Relational) or not isinstance(second, Relational):
        return None
    if (first.lhs, first.rhs) == (second.lhs, second.rhs):
        one, two = _HOLDS[first.rel_op], _HOLDS[second.rel_op]
        left = one | two if any_of else one & two
        sign = next((op for op, signs in _HOLDS.items() if signs == left), None)
        return None if sign is None else sp.Rel(first.lhs, first.rhs, sign, evaluate=False)
    return _stronger(first, second, any_of)


def _stronger(first: Boolean, second: Boolean, any_of: bool) -> Boolean | None:
    one, two = _bound(first), _bound(second)
    if one is None or two is None or (one[0], one[2]) != (two[0], two[2]):
        return None
    if not (one[1].is_Rational and two[1].is_Rational):
        return None
    if one[1] == two[1]:
        strict, loose = (first, second) if one[3] == _SIGNS["<"] else (second, first)
        return loose if any_of else strict
    lower_is_stronger = one[2]
    lesser, greater = (first, second) if one[1] < two[1] else (second, first)
    return lesser if lower_is_stronger != any_of else greater


def _bound(part: Boolean) -> tuple[Symbol, Basic, bool, str] | None:
    """(symbol, bound, whether from above, sign between the two as in a chain)."""
    if not isinstance(part, Relational) or part.rel_op in ("==", "!="):
        return None
    left, right, operator = part.lhs, part.rhs, part.rel_op
    if not left.is_Symbol or left in right.free_symbols:
        left, right, operator = right, left, _TURNED[operator]
    if not left.is_Symbol or left in right.free_symbols:
        return None
    above = operator in _LOWER
    return left, right, above, _SIGNS[operator if above else _TURNED[operator]]


def _partner(index: int, bounds: dict[int, Any], joined: set[int]) -> int | None:
    """The one other bound of the same symbol, from the other side; None where not one."""
    if index not in bounds:
        return None
    symbol, _, above, _ = bounds[index]
    own = [k for k, b in bounds.items() if b[0] == symbol and b[2] == above]
    others = [k for k, b in bounds.items() if b[0] == symbol and b[2] != above]
    return others[0] if len(own) == len(others) == 1 and others[0] not in joined else None


def _chain(first: Any, second: Any, show: Print) -> str:
    low, high = (second, first) if first[2] else (first, second)
    return f"{show(low[1])} {low[3]} {show(low[0])} {high[3]} {show(high[1])}"


def connected(parts: Iterable[Basic], word: str, show: Print) -> str:
    """Conditions joined by a word; parts that are made of parts in parentheses."""
    return word.join(
        rf"\left({show(part)}\right)" if _is_made_of_parts(part, show) else show(part)
        for part in parts
    )


def _is_made_of_parts(part: Basic, show: Print) -> bool:
    if isinstance(part, And):
        return len(parts_of(part, show)) > 1
    return isinstance(part, Or)


def whens(conditions: Sequence[Boolean], show: Print) -> list[str]:
    r"""When each case stands, so that the cases exclude one another.

    Cases are tried in order; where two overlap, the later one says what the earlier one leaves,
    or is called *else if* where that is long.

    >>> x, y = sp.symbols("x y")
    >>> print(*whens([x > 0, x < 0, sp.Ne(y, 0), sp.true], str), sep="; ")
    \text{if } x > 0; \text{if } x < 0; \text{if } Eq(x, 0)\text{ and }Ne(y, 0); \text{otherwise}
    """
    found = []
    for index, condition in enumerate(conditions):
        if condition is sp.true:
            found.append(r"\text{otherwise}")
            continue
        overlapping = [c for c in conditions[:index] if not exclusive(condition, c)]
        left = [*And.make_args(condition), *(sp.Not(c) for c in overlapping)]
        parts = merged(sorted(left, key=sp.default_sort_key), any_of=False)
        if not overlapping:
            found.append(rf"\text{{if }} {show(condition)}")
        elif len(parts) <= MOST_PARTS and all(isinstance(p, Relational) for p in parts):
            rest = And(*parts, evaluate=False) if len(parts) > 1 else parts[0]
            text = r"\text{ and }".join(parts_of_any(rest, show))
            found.append(rf"\text{{if }} {text}")
        else:
            found.append(rf"\text{{else if }} {show(condition)}")
    return found


def parts_of_any(condition: Any, show: Print) -> list[str]:
    """The parts of a conjunction, or the condition itself."""
    return parts_of(condition, show) if isinstance(condition, And) else [show(condition)]


def exclusive(first: Basic, second: Basic) -> bool:
    """Whether two conditions visibly exclude one another; False says nothing."""
    one, two = And.make_args(first), And.make_args(second)
    return any(_contradict(a, b) for a in one for b in two)


def _contradict(first: Basic, second: Basic) -> bool:
    if not isinstance(first, Relational) or not isinstance(second, Relational):
        return sp.Not(first) == second
    difference = first.lhs - first.rhs
    for turn in (1, -1):
        if difference == turn * (second.lhs - second.rhs):
            operator = second.rel_op if turn == 1 else _TURNED[second.rel_op]
            return not (_HOLDS[first.rel_op] & _HOLDS[operator])
    return False


def membership(symbol: Symbol, found: Set, show: Print) -> str:
    r"""That a symbol lies in a set, as a chain where it is one interval.

    >>> x = sp.Symbol("x")
    >>> print(membership(x, sp.Interval.Lopen(0, 2), str), membership(x, sp.S.Integers, str))
    0 < x \leq 2 x \in Integers
    """
    if isinstance(found, sp.Interval):
        return _between(symbol, found, show)
    if isinstance(found, sp.FiniteSet) and len(found.args) == 1:
        return f"{show(symbol)} = {show(found.args[0])}"
    if isinstance(found, sp.ConditionSet):
        condition = found.condition.subs(found.sym, symbol)
        return show(And(*_range(symbol, found.base_set), condition))
    return rf"{show(symbol)} \in {show(found)}"


def _between(symbol: Symbol, found: Any, show: Print) -> str:
    name, low, high = show(symbol), show(found.start), show(found.end)
    below = "<" if found.left_open else r"\leq"
    above = "<" if found.right_open else r"\leq"
    if found.start is sp.S.NegativeInfinity:
        return f"{name} {above} {high}"
    if found.end is sp.S.Infinity:
        return f"{name} {'>' if found.left_open else _SIGNS['>=']} {low}"
    return f"{low} {below} {name} {above} {high}"


def _range(symbol: Symbol, base: Set) -> Sequence[Boolean]:
    """A base set as relations, without those that the symbol's assumptions say."""
    if base in (sp.S.Reals, sp.S.UniversalSet, sp.S.Complexes):
        return ()
    return (
        ()
        if (base == sp.Interval.open(0, sp.oo) and symbol.is_positive)
        else (base.as_relational(symbol),)
    )
