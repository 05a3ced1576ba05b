r"""A strategy for refuting polynomial systems: products, then solving and splitting.

Where no sum of products of low degree refutes a system, an equation that is linear in a variable
removes it, an equation :math:`\prod_i f_i = 0` splits the system into those with
:math:`f_i = 0`, and what has no sign yet splits it into :math:`x \ge 0` and
:math:`x \le 0`, or into :math:`n > 0` and :math:`n < 0` where :math:`n \ne 0`. The
tree of these steps is the certificate.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import sympy as sp
from sympy import Expr, Symbol

from symgan.certify.cases import Constraint
from symgan.certify.cone import Cone, Deadline, Refutation

QUICK, DEEP = 800, 3000
"""Products that a linear program may have before and after splitting."""
MOST_SPLITS = 8


@dataclass(frozen=True)
class Split:
    """One branch for each further constraint, of which one must hold.

    Attributes:
        of: the equation whose factors vanish, or the inequation; None for the signs of any p.
        added: the constraint that each branch adds.
        branches: the refutation of each.
    """

    of: int | None
    added: tuple[Constraint, ...]
    branches: tuple[Tree, ...]


@dataclass(frozen=True)
class Solved:
    """A variable replaced by the value that an equation gives it."""

    of: int
    symbol: Symbol
    value: Expr
    then: Tree


Tree = Refutation | Split | Solved


def refute(
    case: Sequence[Constraint], deadline: Deadline, degree: int | None = None, most: int = DEEP
) -> Tree | None:
    """A refutation of a system, or None if none was found in time.

    Args:
        case: constraints that shall have no common solution.
        deadline: when to give up.
        degree: bound on the degree of products; the system's own, and two more, by default.
        most: bound on the number of products.
    """
    return _Search(deadline, degree, most).tree(tuple(case), MOST_SPLITS)


class _Search:
    def __init__(self, deadline: Deadline, degree: int | None, most: int) -> None:
        self.deadline = deadline
        self.degree = degree
        self.most = most

    def tree(self, case: tuple[Constraint, ...], splits: int) -> Tree | None:
        for i, symbol, value in _linear(case):  # loses nothing, so it comes first
            then = self.tree(_substituted(case, symbol, value), splits)
            return None if then is None else Solved(i, symbol, value, then)
        found = self.products(case, extra=1, most=min(self.most, QUICK))
        if found is not None or not self.deadline.left_ms:
            return found
        if splits:
            for of, added in _splits(case):
                return self.split(case, of, added, splits)
        return self.products(case, extra=2, most=self.most)

    def split(
        self, case: tuple[Constraint, ...], of: int | None, added: Sequence[Constraint], splits: int
    ) -> Tree | None:
        """A refutation of each branch, or of the whole by products of higher degree."""
        branches: list[Tree] = []
        for further in added:
            found = self.tree((*case, further), splits - 1)
            if found is None:
                return self.products(case, extra=2, most=self.most) if of is None else None
            branches.append(found)
        return Split(of, tuple(added), tuple(branches))

    def products(self, case: tuple[Constraint, ...], extra: int, most: int) -> Refutation | None:
        """Products of the system's degree, then of higher ones."""
        cone = Cone(case, self.deadline)
        highest = cone.degree + extra if self.degree is None else self.degree
        for bound in range(min(cone.degree, highest), highest + 1):
            for mixed in (False, True):
                columns = cone.columns(bound, mixed, most)
                if columns is None:
                    return None
                found = cone.refutation(columns)
                if found is not None:
                    return found
        return None


def _linear(case: Sequence[Constraint]) -> Iterator[tuple[int, Symbol, Expr]]:
    """Equations that give a variable a polynomial value."""
    for i, constraint in enumerate(case):
        if constraint.relation != "==":
            continue
        for symbol in sorted(constraint.polynomial.free_symbols, key=lambda s: s.sort_key()):
            poly = sp.Poly(constraint.polynomial, symbol)
            if poly.degree() == 1 and poly.LC().is_Rational:
                yield i, symbol, sp.expand(symbol - constraint.polynomial / poly.LC())


def _substituted(case: Sequence[Constraint], symbol: Symbol, value: Expr) -> tuple[Constraint, ...]:
    return tuple(Constraint(sp.expand(c.polynomial.subs(symbol, value)), c.relation) for c in case)


def _splits(case: Sequence[Constraint]) -> Iterator[tuple[int | None, tuple[Constraint, ...]]]:
    """Factors of equations first, then signs of what is not zero, then of variables."""
    for i, constraint in enumerate(case):
        if constraint.relation == "==" and constraint.polynomial != 0:
            factors = [base for base, _ in sp.factor_list(constraint.polynomial)[1]]
            added = tuple(Constraint(sp.expand(f), "==") for f in factors)
            if not set(added) & set(case):
                yield i, added
    signed = {c.polynomial for c in case if c.relation in (">", ">=", "==")}
    for i, constraint in enumerate(case):
        n = constraint.polynomial
        if constraint.relation == "!=" and n != 0 and not {n, sp.expand(-n)} & signed:
            yield i, (Constraint(n, ">"), Constraint(sp.expand(-n), ">"))
    symbols = set[Symbol]().union(*(c.polynomial.free_symbols for c in case))
    for symbol in sorted(symbols, key=lambda s: s.sort_key()):
        if not {symbol, -symbol} & signed:
            yield None, (Constraint(symbol, ">="), Constraint(-symbol, ">="))
