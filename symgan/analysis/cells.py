r"""Cells of switched expressions: conjunctions of signs on which nothing switches.

`Piecewise`, :math:`|p|`, `Max`, `Min` and `Heaviside` are split on the signs of the
expressions that decide them. A cell keeps, for every such expression p, the signs that p may
take there; :math:`p \le 0` and :math:`p \ge 0` meet in :math:`p = 0`, and a cell without a
sign left for some p, or whose factors' signs contradict the sign of a product, is dropped.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import product

import sympy as sp
from sympy import Expr
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.errors import Undecided

Signs = frozenset[int]
ALL: Signs = frozenset({-1, 0, 1})
ALLOWED: dict[type, Signs] = {
    sp.StrictGreaterThan: frozenset({1}),
    sp.GreaterThan: frozenset({0, 1}),
    sp.StrictLessThan: frozenset({-1}),
    sp.LessThan: frozenset({-1, 0}),
    sp.Unequality: frozenset({-1, 1}),
    sp.Equality: frozenset({0}),
}
_RELATION = {signs: relation for relation, signs in ALLOWED.items()}


@dataclass(frozen=True)
class Cell:
    """Where certain expressions have certain signs, and the values there.

    Attributes:
        signs: expression -> the signs it may take; expressions are primitive and carry no
            positive factor.
        values: the expressions that were split, without switches.
    """

    signs: Mapping[Expr, Signs] = field(default_factory=dict)
    values: tuple[Expr, ...] = ()

    @property
    def region(self) -> Boolean:
        """The cell as a conjunction of relations."""
        return sp.And(*(relation(p, signs) for p, signs in self.signs.items()))

    @property
    def is_open(self) -> bool:
        """Whether no equation holds on the cell."""
        return all(signs != {0} for signs in self.signs.values())


def relation(p: Expr, signs: Signs) -> Boolean:
    """The relation of an expression to zero that allows some signs.

    >>> relation(sp.Symbol("x", real=True), frozenset({-1, 0}))
    x <= 0
    """
    return _RELATION[signs](p, 0)


def cells(expressions: Sequence[Expr], given: Boolean = sp.true) -> tuple[Cell, ...]:
    r"""Split expressions into cells without switches.

    Args:
        expressions: with `Piecewise`, `Abs`, `Max`, `Min`, `Heaviside`, nested at will.
        given: a condition on which cells start.

    Returns:
        Cells that cover the set where `given` holds; some may be empty.

    Raises:
        Undecided: a condition is no Boolean of relations, or a `Piecewise` has no value.

    >>> x = sp.Symbol("x", real=True)
    >>> [(cell.region, cell.values) for cell in cells([abs(x)])]
    [(x >= 0, (x,)), (x < 0, (-x,))]
    """
    values = sp.Tuple(*(sp.sympify(e) for e in expressions))
    return tuple(Cell(signs, tuple(left)) for signs, left in _split(values, given, {}))


def primitive(expression: Expr) -> tuple[Expr, int]:
    """An expression up to a positive factor, and the sign that was taken out.

    Its irreducible factors keep only the parity of their powers, so that equal signs read
    the same; where an even power vanishes the sign is 0, so those stay squared.

    >>> a = sp.Symbol("a", positive=True)
    >>> x = sp.Symbol("x", real=True)
    >>> primitive(-2*a*x + 4*a)
    (x - 2, -1)
    """
    sign, factors = signed_factors(expression)
    kept = sp.Mul(*(base ** (2 - power % 2) for base, power in factors))
    return (kept, sign) if sign else (sp.Integer(0), 1)


@lru_cache(maxsize=4096)  # the same few switching functions are asked for in every cell
def signed_factors(expression: Expr) -> tuple[int, tuple[tuple[Expr, int], ...]]:
    """The sign of the constant and positive factors, and the others with their powers.

    >>> x = sp.Symbol("x", real=True)
    >>> signed_factors(-2*x*sp.exp(x)/(1 - x)**3)
    (1, ((x, 1), (x - 1, -3)))
    """
    sign, kept = 1, []
    for part in sp.Mul.make_args(sp.factor(sp.together(expression))):
        base, power = part.as_base_exp()
        if not power.is_Integer:
            base, power = part, sp.Integer(1)
        if base.is_Number:
            sign *= int(sp.sign(base)) ** int(power)
            continue
        if base.is_negative or (not base.is_positive and sp.Poly(base).LC().is_negative):
            base, sign = -base, sign * (-1) ** int(power)
        if not base.is_positive:
            kept.append((base, int(power)))
    return sign, tuple(kept)


def _split(
    values: sp.Tuple, condition: Boolean, signs: dict[Expr, Signs]
) -> Iterator[tuple[dict[Expr, Signs], sp.Tuple]]:
    """Decide one relation after the other until neither the condition nor a switch is left."""
    if condition is sp.false or not consistent(signs):
        return
    question, yes, no = _next_question(values, condition)
    if question is None:
        yield signs, values
        return
    p, sign = primitive(question.lhs - question.rhs)
    allowed = frozenset(sign * s for s in ALLOWED[type(question)])
    for told, possible in ((yes, allowed), (no, ALL - allowed)):
        before = {int(p)} if p.is_Integer else signs.get(p, ALL)
        if left := frozenset(before & possible):
            known = signs if p.is_Integer else signs | {p: left}
            yield from _split(values.xreplace(told), condition.xreplace(told), known)


_Told = dict[sp.Basic, sp.Basic]


def _next_question(values: sp.Tuple, condition: Boolean) -> tuple[Relational | None, _Told, _Told]:
    """The next relation to decide, and what to insert where it is true and where false."""
    if condition is not sp.true:
        return _answers(_first_relation(condition))
    for node in sp.postorder_traversal(values):
        if isinstance(node, sp.Abs):
            inner = node.args[0]
            return sp.Ge(inner, 0, evaluate=False), {node: inner}, {node: -inner}
        if isinstance(node, sp.Max | sp.Min):
            first, second, *rest = node.args
            without_second, without_first = node.func(first, *rest), node.func(second, *rest)
            question = (sp.Ge if isinstance(node, sp.Max) else sp.Le)(first, second, evaluate=False)
            return question, {node: without_second}, {node: without_first}
        if isinstance(node, sp.Heaviside):
            inner, middle = node.args
            below = sp.Piecewise((middle, sp.Eq(inner, 0)), (0, True))
            return sp.Gt(inner, 0, evaluate=False), {node: sp.Integer(1)}, {node: below}
        if isinstance(node, sp.Piecewise):
            return _answers(_first_relation(node.args[0].cond))
    return None, {}, {}


def _answers(question: Relational) -> tuple[Relational, _Told, _Told]:
    yes: _Told = {question: sp.true, question.negated: sp.false}
    return question, yes, {question: sp.false, question.negated: sp.true}


def _first_relation(condition: Boolean) -> Relational:
    found = sorted(condition.atoms(Relational), key=sp.default_sort_key)
    if not found:
        raise Undecided(f"the condition {condition} is no Boolean of relations")
    return found[0]


def consistent(signs: Mapping[Expr, Signs]) -> bool:
    """Whether the sign of every product agrees with the signs of its factors, where known."""
    return all(_agrees(p, allowed, signs) for p, allowed in signs.items())


def _agrees(p: Expr, allowed: Signs, signs: Mapping[Expr, Signs]) -> bool:
    sign, parts = signed_factors(p)
    if len(parts) == 1 and parts[0] == (p, 1):
        return True
    choices = ([s**power for s in signs.get(base, ALL)] for base, power in parts)
    return any(sign * int(sp.prod(choice)) in allowed for choice in product(*choices))
