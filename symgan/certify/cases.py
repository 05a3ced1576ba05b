r"""From a statement to the polynomial systems that must have no solution.

A statement holds if "what is given, and not the statement" is impossible. That Boolean is a
union of cases, each a conjunction of relations; a relation becomes a polynomial and its sign:
a quotient :math:`t/b > 0` becomes :math:`t b > 0` with :math:`b \ne 0`. Absolute values, maxima
and minima become new variables under the polynomial facts that define them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product

import sympy as sp
from sympy import Dummy, Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.errors import Undecided

MOST_CASES = 64
_RELATIONS = {
    sp.StrictGreaterThan: (">", 1), sp.GreaterThan: (">=", 1),
    sp.StrictLessThan: (">", -1), sp.LessThan: (">=", -1),
    sp.Equality: ("==", 1), sp.Unequality: ("!=", 1),
}  # fmt: skip
_FACTS = {
    "positive": (">", 1), "negative": (">", -1), "nonnegative": (">=", 1),
    "nonpositive": (">=", -1), "nonzero": ("!=", 1),
}  # fmt: skip


@dataclass(frozen=True)
class Constraint:
    """``polynomial relation 0`` with relation ``>``, ``>=``, ``==`` or ``!=``."""

    polynomial: Expr
    relation: str


@dataclass(frozen=True)
class System:
    """The cases that must have no solution, and what their new variables stand for."""

    cases: tuple[tuple[Constraint, ...], ...]
    symbols: tuple[Symbol, ...]
    generators: Mapping[Symbol, Expr] = field(default_factory=dict)


def read_system(statement: Boolean, given: Boolean = sp.true) -> System:
    """The polynomial systems whose inconsistency is the statement.

    Raises:
        Undecided: a function that is not algebraic, a symbol that is not real, an irrational
            coefficient, or too many cases.

    >>> x = Symbol("x", real=True)
    >>> read_system(sp.Ge(x**2, 0, evaluate=False)).cases
    ((Constraint(polynomial=-x**2, relation='>'),),)
    """
    return _system(_Translation(), statement, given)


def read_goal(parts: Sequence[Expr], given: Boolean) -> tuple[System, list[Expr]]:
    """The cases of what is given, and polynomials in their symbols and generators.

    Raises:
        Undecided: as `read_system`, or a part has a denominator.

    >>> x = Symbol("x", real=True)
    >>> read_goal([x**2], x > 0)[1]
    [x**2]
    """
    translation = _Translation()
    values = [sp.expand(translation.term(part)) for part in parts]
    _require_rational(*values)
    return _system(translation, sp.false, given), values


def _system(translation: _Translation, statement: Boolean, given: Boolean) -> System:
    found: list[tuple[Constraint, ...]] = []
    for relations in dnf(sp.And(given, sp.Not(statement, evaluate=False), evaluate=False), True):
        own = [c for relation in relations for c in translation.relation(relation)]
        found.append(tuple(dict.fromkeys(own)))
    facts = tuple(translation.facts)
    symbols = sorted(statement.free_symbols | given.free_symbols, key=lambda s: s.sort_key())
    if not all(isinstance(s, Symbol) and s.is_real for s in symbols):
        raise Undecided("a certificate needs real symbols; declare them with real=True")
    known = tuple(Constraint(sign * s, r) for s in symbols for r, sign in _symbol_facts(s))
    cases = dict.fromkeys(tuple(dict.fromkeys((*case, *known, *facts))) for case in found)
    return System(tuple(cases), tuple(symbols), translation.generators)


def dnf(node: Boolean, truth: bool) -> list[tuple[Relational, ...]]:
    """The conjunctions of relations whose union says that a Boolean has a truth value.

    Raises:
        Undecided: more than `MOST_CASES`, or a connective that is not known.

    >>> x, y = sp.symbols("x y", real=True)
    >>> dnf(sp.Implies(x > 0, y > 0), False)
    [(x > 0, y <= 0)]
    """
    if node in (sp.true, sp.false):
        return [()] if (node is sp.true) is truth else []
    if isinstance(node, Relational):
        return [(node if truth else node.negated,)]
    if isinstance(node, sp.Not):
        return dnf(node.args[0], not truth)
    if isinstance(node, sp.Implies):
        premise, conclusion = node.args
        if truth:
            return _limited([*dnf(premise, False), *dnf(conclusion, True)])
        return _both([dnf(premise, True), dnf(conclusion, False)])
    if isinstance(node, sp.Equivalent):
        all_true = _both([dnf(part, True) for part in node.args])
        all_false = _both([dnf(part, False) for part in node.args])
        if truth:
            return _limited([*all_true, *all_false])
        some = [case for part in node.args for case in dnf(part, True)]
        none = [case for part in node.args for case in dnf(part, False)]
        return _both([some, none])
    if isinstance(node, sp.And | sp.Or):
        parts = [dnf(part, truth) for part in node.args]
        if isinstance(node, sp.And) is truth:
            return _both(parts)
        return _limited([case for part in parts for case in part])
    raise Undecided(f"no certificate is known for the connective in {node}")


def _both(
    parts: Iterable[list[tuple[Relational, ...]]],
) -> list[tuple[Relational, ...]]:
    cases: list[tuple[Relational, ...]] = [()]
    for part in parts:
        cases = _limited([one + other for one, other in product(cases, part)])
    return cases


def _limited(cases: list[tuple[Relational, ...]]) -> list[tuple[Relational, ...]]:
    if len(cases) > MOST_CASES:
        raise Undecided(f"the statement has more than {MOST_CASES} cases; split it")
    return cases


def _symbol_facts(symbol: Symbol) -> list[tuple[str, int]]:
    """The strongest sign that a symbol's assumptions state."""
    found = [value for fact, value in _FACTS.items() if getattr(symbol, f"is_{fact}")]
    return found[:1]


class _Translation:
    """From relations to constraints, collecting generators and their facts."""

    def __init__(self) -> None:
        self.generators: dict[Symbol, Expr] = {}  # what it stands for, in original symbols
        self.known: dict[Expr, Symbol] = {}  # the same, in earlier generators
        self.facts: list[Constraint] = []

    def relation(self, node: Relational) -> list[Constraint]:
        """The constraints that a relation says."""
        name, sign = _RELATIONS[type(node)]
        return self.constraints(sign * (self.term(node.lhs) - self.term(node.rhs)), name)

    def constraints(self, difference: Expr, relation: str) -> list[Constraint]:
        """``difference relation 0`` without its denominator."""
        top, bottom = sp.fraction(sp.cancel(sp.together(difference)))
        _require_rational(top, bottom)
        if bottom.is_Rational:
            return [Constraint(sp.expand(top / bottom), relation)]
        times = odd_part(bottom) if relation in (">", ">=") else sp.Integer(1)
        return [Constraint(sp.expand(top * times), relation), Constraint(bottom, "!=")]

    def term(self, node: Expr) -> Expr:
        """An expression in symbols and generators."""
        if node.is_Rational or isinstance(node, Symbol):
            return node
        if node.is_Add or node.is_Mul:
            return node.func(*(self.term(a) for a in node.args))
        if node.is_Pow and node.exp.is_Integer:
            return self.term(node.base) ** node.exp
        if isinstance(node, sp.Abs):
            return self._absolute(node.args[0])
        if isinstance(node, sp.Max | sp.Min):
            return self._extreme(node)
        raise Undecided(f"no certificate is known for {node}; only polynomials, Abs, Max and Min")

    def _absolute(self, inner: Expr) -> Expr:
        """Products and integer powers apart: :math:`|a b| = |a| |b|`."""
        if inner.is_Mul:
            return sp.Mul(*(self._absolute(a) for a in inner.args))
        if inner.is_Pow and inner.exp.is_Integer:
            return self._absolute(inner.base) ** inner.exp
        if inner.is_Rational:
            return abs(inner)
        value = self.term(inner)
        g = self._generator(sp.Abs(value), sp.Abs(inner))
        if g not in self.generators:
            self.generators[g] = sp.Abs(inner)
            self._fact(g**2 - value**2, "==")
            for side in (g, g - value, g + value):
                self._fact(side, ">=")
        return g

    def _extreme(self, node: Expr) -> Expr:
        values = [self.term(a) for a in node.args]
        g = self._generator(node.func(*values, evaluate=False), node)
        if g not in self.generators:
            self.generators[g] = node
            sign = 1 if isinstance(node, sp.Max) else -1
            self._fact(sp.Mul(*(g - v for v in values)), "==")
            for v in values:
                self._fact(sign * (g - v), ">=")
        return g

    def _generator(self, value: Expr, meaning: Expr) -> Symbol:
        return self.known.setdefault(value, Dummy(f"g{len(self.known)}", real=True))

    def _fact(self, difference: Expr, relation: str) -> None:
        found = self.constraints(difference, relation)
        if len(found) > 1:  # a denominator: the function is not defined everywhere
            raise Undecided("no certificate is known for a quotient inside Abs, Max or Min")
        self.facts += found


def odd_part(bottom: Expr) -> Expr:
    r"""What decides a denominator's sign: its factors of odd multiplicity, plain ones left out.

    >>> x, y = sp.symbols("x y", real=True)
    >>> odd_part(-3 * x**2 * y**3 * (1 + x**2))
    -y
    """
    constant, factors = sp.factor_list(bottom)
    odd = [base for base, power in factors if power % 2 and not _is_plainly_nonnegative(base)]
    return sp.Mul(sp.sign(constant), *odd)


def _is_plainly_nonnegative(polynomial: Expr) -> bool:
    """Positive coefficients, and monomials that are even or hold nonnegative symbols."""
    poly = sp.Poly(polynomial, *polynomial.free_symbols)
    return all(
        c > 0
        and all(k % 2 == 0 or g.is_nonnegative for g, k in zip(poly.gens, powers, strict=True))
        for powers, c in poly.terms()
    )


def _require_rational(*parts: Expr) -> None:
    for part in parts:
        try:
            poly = sp.Poly(part, *part.free_symbols) if part.free_symbols else None
        except sp.PolynomialError:
            raise Undecided(f"{part} is no polynomial; no certificate is known") from None
        numbers = [part] if poly is None else poly.coeffs()
        if not all(c.is_Rational for c in numbers):
            raise Undecided(f"{part} has coefficients that are not rational numbers")
