r"""Deciding real-algebraic statements with z3.

A statement is decided when its negation has no solution over the reals. Generators
(`symgan.certify.generators`) become real variables under their relations and signs, so
an `unsat` holds for the original functions too. A bare `unsat` trusts the solver: it is
a second route beside an exact derivation, never a proof by itself. The certificate is
SMT-LIB 2 text that any solver can run again.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType
from typing import Any

import sympy as sp
from sympy import Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.certify.generators import Generators, prepare, rational_form
from symgan.certify.identity import free_functions
from symgan.errors import MissingExtra, Undecided

BUDGET_MS = 4000


@dataclass(frozen=True)
class Answer:
    """What the solver said: the statement holds (True), fails (False), or unknown (None)."""

    holds: bool | None
    smtlib: str


def decide_smt(statement: Boolean, given: Boolean = sp.true, budget_ms: int = BUDGET_MS) -> Answer:
    r"""Decide a Boolean over polynomial relations, for all real values of its symbols.

    Args:
        statement: And, Or, Not, Implies, Equivalent over equations and inequalities.
        given: what may be assumed.
        budget_ms: time limit in milliseconds.

    Raises:
        MissingExtra: z3 is not installed.

    >>> x = Symbol("x", positive=True)
    >>> decide_smt(x + 1/x >= 2).holds
    True
    >>> decide_smt(x + 1/x > 2).holds
    False
    """
    z3 = load_z3()
    translation = _Translation(z3)
    hypothesis, goal = translation.boolean(given), translation.boolean(statement)
    solver = z3.Tactic("qfnra-nlsat").solver()
    solver.set("timeout", budget_ms)
    solver.add(*translation.side_conditions(), hypothesis, z3.Not(goal))
    holds = {"unsat": True, "sat": False}.get(str(solver.check()))
    # With generators a model may break the functions they stand for: then it refutes nothing.
    if holds is False and translation.has_transcendental:
        holds = None
    return Answer(holds, solver.to_smt2())


def load_z3() -> ModuleType:
    """z3.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        import z3
    except ImportError:
        raise MissingExtra("z3-solver", "proofs", "deciding polynomial statements") from None
    return z3


class _Translation:
    """From SymPy to z3, collecting variables, denominators and side conditions."""

    def __init__(self, z3: ModuleType) -> None:
        self.z3 = z3
        self.generators = Generators()
        self.variables: dict[Symbol, Any] = {}
        self.conditions: list[Any] = []

    @property
    def has_transcendental(self) -> bool:
        """Whether a variable stands for a value that its relation does not pin down."""
        return any(s not in self.generators.relations for s in self.generators.values)

    def boolean(self, node: Boolean) -> Any:
        z3 = self.z3
        if node in (sp.true, sp.false):
            return z3.BoolVal(node is sp.true)
        if isinstance(node, Relational):
            return self._relation(node)
        combine = {
            sp.And: z3.And,
            sp.Or: z3.Or,
            sp.Not: z3.Not,
            sp.Implies: z3.Implies,
            sp.Equivalent: lambda a, b: a == b,
        }.get(type(node))
        if combine is None:
            raise Undecided(f"z3 cannot read the statement {node}")
        return combine(*(self.boolean(a) for a in node.args))

    def _relation(self, node: Relational) -> Any:
        difference = free_functions(prepare(node.lhs - node.rhs))
        form = sp.together(rational_form(difference, self.generators))
        top, bottom = (self.term(sp.expand(part)) for part in sp.fraction(form))
        self.conditions.append(bottom != 0)
        value = top * bottom
        return {
            sp.Equality: lambda: top == 0,
            sp.Unequality: lambda: top != 0,
            sp.StrictGreaterThan: lambda: value > 0,
            sp.GreaterThan: lambda: value >= 0,
            sp.StrictLessThan: lambda: value < 0,
            sp.LessThan: lambda: value <= 0,
        }[type(node)]()

    def term(self, node: Expr) -> Any:
        if node.is_Rational:
            return self.z3.RealVal(str(node))
        if isinstance(node, Symbol):
            return self._variable(node)
        if node.is_Add:
            return self.z3.Sum(*(self.term(a) for a in node.args))
        if node.is_Mul:
            return self.z3.Product(*(self.term(a) for a in node.args))
        if node.is_Pow and node.exp.is_Integer and node.exp.is_positive:
            return self.z3.Product(*[self.term(node.base)] * int(node.exp))
        raise Undecided(f"z3 cannot read the term {node}")

    def _variable(self, symbol: Symbol) -> Any:
        if symbol not in self.variables:
            variable = self.z3.Real(f"{symbol.name}_{len(self.variables)}")
            self.variables[symbol] = variable
            self._assume(symbol, variable)
        return self.variables[symbol]

    def _assume(self, symbol: Symbol, variable: Any) -> None:
        if symbol.is_positive:
            self.conditions.append(variable > 0)
        elif symbol.is_negative:
            self.conditions.append(variable < 0)
        elif symbol.is_nonnegative:
            self.conditions.append(variable >= 0)
        elif symbol.is_nonpositive:
            self.conditions.append(variable <= 0)
        elif symbol.is_nonzero:
            self.conditions.append(variable != 0)

    def side_conditions(self) -> list[Any]:
        """Signs, denominators, and the relations of the generators in use."""
        for symbol, (degree, power) in self.generators.relations.items():
            if symbol not in self.variables:
                continue
            top, bottom = (self.term(sp.expand(p)) for p in sp.fraction(sp.together(power)))
            variable = self.variables[symbol]
            self.conditions.append(self.z3.Product(*[variable] * degree) * bottom == top)
            if symbol.is_nonnegative is None and degree % 2 == 0:
                self.conditions.append(variable >= 0)
        return self.conditions
