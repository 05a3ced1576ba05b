r"""Searching for Positivstellensatz certificates with exact linear arithmetic.

Polynomials :math:`s_i > 0, g_i \ge 0, h_j = 0, n_k \ne 0` have no common solution if

.. math:: \sum_i c_i \prod_k f_{ik} \, q_i^2 = \sum_j m_j h_j, \qquad c_i \ge 0,

where the :math:`f` are among the inequalities, and one product with :math:`c_i > 0` is strictly
positive. Once a degree bound fixes the products and squares, the coefficients solve a linear
program, which z3 answers in rational numbers. Nothing here is trusted: the identity is
expanded again before it is returned, and once more by the second program.

Source: Stengle 1974, "A Nullstellensatz and a Positivstellensatz in semialgebraic geometry";
Handelman 1988, "Representing polynomials by positive linear functions on compact convex
polyhedra"; squares of one or two monomials as in Ahmadi and Majumdar 2019, "DSOS and SDSOS
optimization".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, combinations_with_replacement
from typing import Any

import sympy as sp
from sympy import QQ, Expr, Rational, Symbol
from sympy.polys.rings import PolyElement, PolyRing

from symgan.certify.cases import Constraint
from symgan.certify.clock import now, since
from symgan.certify.smt import load_z3

PATIENCE = 3
"""Times the budget that one call of the solver may take by the clock."""
MOST_FACTORS = 4


@dataclass(frozen=True)
class Term:
    """``coefficient * (product of constraints) * (product of squares)``, by constraint index."""

    coefficient: Rational
    factors: tuple[int, ...]
    squares: tuple[Expr, ...]


@dataclass(frozen=True)
class Refutation:
    """A vanishing sum of nonnegative terms, one positive, modulo multiples of equations."""

    terms: tuple[Term, ...]
    multipliers: tuple[tuple[int, Expr], ...]


@dataclass(frozen=True)
class Column:
    """One product: its polynomial, and what it is made of."""

    value: PolyElement
    factors: tuple[int, ...] = ()
    square: PolyElement | None = None
    is_strict: bool = False
    equation: int | None = None  # then the coefficient is free, and the square a multiplier


class Deadline:
    """When a search gives up, in processor time (`symgan.certify.clock`)."""

    def __init__(self, budget_ms: int) -> None:
        self.budget_ms, self.begun = budget_ms, now()

    @property
    def left_ms(self) -> int:
        """Milliseconds that are left, 0 if none."""
        return max(0, int(self.budget_ms - 1000 * since(self.begun)))


class Cone:
    """The products of a case's constraints, as polynomials of one ring."""

    def __init__(
        self, case: Sequence[Constraint], deadline: Deadline, also: Sequence[Expr] = ()
    ) -> None:
        formulas = [*(c.polynomial for c in case), *also]
        names = set[Symbol]().union(*(f.free_symbols for f in formulas))
        self.symbols = sorted(names, key=lambda s: s.sort_key())
        self.ring = PolyRing(self.symbols or [sp.Dummy("x")], QQ)
        self.constraints = case
        self.polynomials = [self.ring.from_expr(c.polynomial) for c in case]
        self.deadline = deadline
        self.kept = self._different()

    def _different(self) -> list[int]:
        """The constraints that say something, each once."""
        kept: dict[tuple[PolyElement, str], int] = {}
        for i, (p, c) in enumerate(zip(self.polynomials, self.constraints, strict=True)):
            says_nothing = p.is_ground and _holds(p, c.relation)
            if not says_nothing:
                kept.setdefault((p, c.relation), i)
        strict = {p for p, relation in kept if relation == ">"}
        return [i for (p, relation), i in kept.items() if relation != ">=" or p not in strict]

    def indices(self, *relations: str) -> list[int]:
        """The constraints that have one of these relations."""
        return [i for i in self.kept if self.constraints[i].relation in relations]

    @property
    def degree(self) -> int:
        """The highest degree of a constraint."""
        return max((degree_of(p) for p in self.polynomials), default=0)

    def columns(self, degree: int, mixed: bool, most: int) -> list[Column] | None:
        """All products up to a degree; None if they are too many.

        Args:
            degree: bound on the total degree.
            mixed: also squares of sums and differences of two monomials.
            most: bound on their number.
        """
        found: list[Column] = []
        for column in self._columns(degree, mixed):
            if column.value or column.is_strict:  # zero is worth a term where it is positive
                found.append(column)
            if len(found) > most or not self.deadline.left_ms:
                return None
        return found

    def _columns(self, degree: int, mixed: bool) -> Iterator[Column]:
        for factors, value, is_strict in self._products(degree):
            room = degree - degree_of(value)
            yield Column(value, factors, None, is_strict)
            for square in self._squares(room // 2, mixed):
                yield Column(value * square**2, factors, square)
        for j in self.indices("=="):
            h = self.polynomials[j]
            for monomial in self._monomials(degree - degree_of(h)):
                yield Column(-h * monomial, square=monomial, equation=j)

    def _products(self, degree: int) -> Iterator[tuple[tuple[int, ...], PolyElement, bool]]:
        """Products of inequalities, each with whether it is strictly positive."""
        yield (), self.ring.one, True
        units: list[tuple[tuple[int, ...], PolyElement, bool, int]] = []
        for i in self.indices(">", ">=", "!="):
            p, relation = self.polynomials[i], self.constraints[i].relation
            power = 2 if relation == "!=" else 1
            units.append(((i,) * power, p**power, relation != ">=", power * degree_of(p)))
        for count in range(1, MOST_FACTORS + 1):
            for chosen in combinations_with_replacement(units, count):
                if sum(size for *_, size in chosen) > degree:
                    continue
                if count > 1 and not all(size for *_, size in chosen):
                    continue  # a constant factor says nothing new
                value = self.ring.one
                for _, one, _, _ in chosen:
                    value = value * one
                factors = tuple(i for indices, *_ in chosen for i in indices)
                yield factors, value, all(is_strict for _, _, is_strict, _ in chosen)

    def _squares(self, degree: int, mixed: bool) -> Iterator[PolyElement]:
        monomials = [m for m in self._monomials(degree) if not m.is_ground]
        yield from monomials
        if mixed:
            for one, other in combinations([self.ring.one, *monomials], 2):
                yield one - other
                yield one + other

    def _monomials(self, degree: int) -> Iterator[PolyElement]:
        for total in range(degree + 1):
            for chosen in combinations_with_replacement(self.ring.gens, total):
                value = self.ring.one
                for gen in chosen:
                    value = value * gen
                yield value

    def refutation(self, columns: Sequence[Column]) -> Refutation | None:
        """Coefficients with which the columns refute the case, the identity expanded again."""
        if not any(c.is_strict for c in columns):
            return None
        found = solve(columns, self.deadline)
        if found is None:
            return None
        used = [(c, column) for c, column in zip(found, columns, strict=True) if c]
        terms = tuple(
            Term(c, column.factors, () if column.square is None else (column.square.as_expr(),))
            for c, column in used
            if column.equation is None
        )
        multipliers: dict[int, PolyElement] = {}
        for c, column in used:
            if column.equation is not None and column.square is not None:
                old = multipliers.get(column.equation, self.ring.zero)
                multipliers[column.equation] = old + QQ(c.p, c.q) * column.square
        kept = tuple((j, m.as_expr()) for j, m in sorted(multipliers.items()))
        result = Refutation(terms, kept)
        return result if self.vanishes(result) else None

    def vanishes(self, refutation: Refutation) -> bool:
        """Whether the identity holds, expanded from the constraints as they were given."""
        given = [c.polynomial for c in self.constraints]
        total = sp.Integer(0)
        for term in refutation.terms:
            squares = sp.Mul(*(q**2 for q in term.squares))
            total += term.coefficient * squares * sp.Mul(*(given[i] for i in term.factors))
        for j, multiplier in refutation.multipliers:
            total -= multiplier * given[j]
        return sp.expand(total) == 0


def solve(columns: Sequence[Column], deadline: Deadline) -> list[Rational] | None:
    """Coefficients of a vanishing combination whose strict part has weight one, or None."""
    names = [f"c{k}" for k in range(len(columns))]
    return solve_linear(linear_program(columns), names, deadline)


def solve_linear(program: str, names: Sequence[str], deadline: Deadline) -> list[Rational] | None:
    """The values of names in a solution of a linear program in SMT-LIB 2; None without one."""
    z3 = load_z3()
    context = z3.Context()
    solver = z3.SolverFor("QF_LRA", ctx=context)
    # z3 counts by the clock, of which a busy machine gives a search a part
    solver.set("timeout", max(1, PATIENCE * deadline.left_ms))
    solver.add(z3.parse_smt2_string(program, ctx=context))
    if not deadline.left_ms or str(solver.check()) != "sat":
        return None
    model = solver.model()
    found = (model.eval(z3.Real(name, context), model_completion=True) for name in names)
    return [Rational(v.numerator_as_long(), v.denominator_as_long()) for v in found]


def linear_program(columns: Sequence[Column]) -> str:
    """The linear program in SMT-LIB 2: one row a monomial, unknowns c0, c1, ..."""
    rows: dict[tuple[int, ...], list[str]] = {}
    for k, column in enumerate(columns):
        for powers, value in column.value.terms():
            rows.setdefault(powers, []).append(f"(* {real(value)} c{k})")
    lines = [f"(declare-const c{k} Real)" for k in range(len(columns))]
    lines += [f"(assert (>= c{k} 0))" for k, c in enumerate(columns) if c.equation is None]
    lines += [f"(assert (= 0 (+ 0 {' '.join(row)})))" for row in rows.values()]
    strict = (f"c{k}" for k, column in enumerate(columns) if column.is_strict)
    return "\n".join([*lines, f"(assert (= 1 (+ 0 {' '.join(strict)})))"])


def real(value: Any) -> str:
    """A rational number in SMT-LIB 2."""
    size = f"(/ {abs(value.numerator)} {value.denominator})"
    return size if value > 0 else f"(- {size})"


def _holds(number: PolyElement, relation: str) -> bool:
    value = number.LC if number else 0
    return {">": value > 0, ">=": value >= 0, "==": value == 0, "!=": value != 0}[relation]


def degree_of(polynomial: PolyElement) -> int:
    """The total degree, 0 for zero."""
    return max((sum(powers) for powers in polynomial.monoms()), default=0)
