r"""Deciding real-algebraic statements with z3.

A statement is decided when it is false nowhere over the reals; a relation is neither
true nor false where a denominator vanishes. Generators (`symgan.certify.generators`)
become real variables under their relations and signs, so an `unsat` holds for the
original functions too, provided that all of them are real under what is given; where that
is not so, or where what is given has no solution at all, nothing is decided. A bare
`unsat` trusts the solver: it is a second route beside an exact derivation, never a proof
by itself. The certificate is SMT-LIB 2 text that any solver can run again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any

import sympy as sp
from sympy import Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.certify.free import free_functions, free_names, may_coincide
from symgan.certify.generators import Generators, prepare, rational_form
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
    translation = _Translation(z3, free_names(statement, given))
    premises = [translation.boolean(part).true for part in sp.And.make_args(given)]
    goal = translation.boolean(statement)
    conditions = translation.side_conditions()

    def check(*claims: Any) -> tuple[bool | None, str]:
        solver = z3.Tactic("qfnra-nlsat", ctx=translation.context).solver()
        solver.set("timeout", budget_ms)
        solver.add(*conditions, *premises, *claims)
        return {"unsat": False, "sat": True}.get(str(solver.check())), solver.to_smt2()

    refuted, smtlib = check(goal.false)
    holds = None if refuted is None else not refuted
    if holds and (check()[0] is False or not translation.is_real(premises, budget_ms)):
        holds = None  # vacuous, or complex somewhere
    if holds is False and translation.is_loose:
        holds = None  # the model may be none of the original statement
    return Answer(holds, smtlib)


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


@dataclass(frozen=True)
class _Truth:
    """When a statement is true and when it is false; where it is undefined it is neither."""

    true: Any
    false: Any


class _Translation:
    """From SymPy to z3, collecting variables, denominators and side conditions."""

    def __init__(self, z3: ModuleType, names: dict[Expr, Symbol]) -> None:
        self.z3 = z3
        self.context = z3.Context()  # of its own, so that equal questions read the same
        self.names = names
        self.generators = Generators()
        self.variables: dict[Symbol, Any] = {}
        self.signs: list[Any] = []

    @property
    def is_loose(self) -> bool:
        """Whether a model may be no counterexample.

        So it is where a variable stands for a value that its relation does not pin down,
        for a symbol that takes only some reals, or for one of several values of a function.
        """
        transcendental = any(s not in self.generators.relations for s in self.generators.values)
        partial = any(set(s.assumptions0) - _REAL_FACTS for s in self.variables)
        return transcendental or partial or may_coincide(self.names)

    def boolean(self, node: Boolean) -> _Truth:
        """A connective by Kleene's rules: true and false are followed apart."""
        z3 = self.z3
        if node in (sp.true, sp.false):
            return _Truth(
                z3.BoolVal(node is sp.true, self.context),
                z3.BoolVal(node is sp.false, self.context),
            )
        if isinstance(node, Relational):
            return self._relation(node)
        parts = [self.boolean(part) for part in node.args]
        trues, falses = [p.true for p in parts], [p.false for p in parts]
        if isinstance(node, sp.And):
            return _Truth(z3.And(*trues), z3.Or(*falses))
        if isinstance(node, sp.Or):
            return _Truth(z3.Or(*trues), z3.And(*falses))
        if isinstance(node, sp.Not):
            return _Truth(falses[0], trues[0])
        if isinstance(node, sp.Implies):
            return _Truth(z3.Or(falses[0], trues[1]), z3.And(trues[0], falses[1]))
        if isinstance(node, sp.Equivalent):
            both = z3.Or(z3.And(*trues), z3.And(*falses))
            return _Truth(both, z3.And(z3.Or(*trues), z3.Or(*falses)))
        raise Undecided(f"z3 cannot read the statement {node}")

    def _relation(self, node: Relational) -> _Truth:
        # The sides go over apart: what they have in common is left for the solver to find.
        sides = [free_functions(prepare(side), self.names) for side in (node.lhs, node.rhs)]
        rational_form(sp.Add(*sides), self.generators)  # collects their common exponents
        forms = [sp.together(rational_form(side, self.generators)) for side in sides]
        (top, below), (other, under) = (map(self.term, sp.fraction(form)) for form in forms)
        top, bottom = top * under - other * below, below * under
        value = top * bottom
        holds = {
            sp.Equality: lambda: top == 0,
            sp.Unequality: lambda: top != 0,
            sp.StrictGreaterThan: lambda: value > 0,
            sp.GreaterThan: lambda: value >= 0,
            sp.StrictLessThan: lambda: value < 0,
            sp.LessThan: lambda: value <= 0,
        }[type(node)]()
        defined = self.z3.And(
            bottom != 0, *(self._radicand(s)[1] != 0 for form in forms for s in self._roots(form))
        )
        return _Truth(self.z3.And(defined, holds), self.z3.And(defined, self.z3.Not(holds)))

    def _roots(self, form: Expr) -> list[Symbol]:
        """The root generators in a form, and those under their roots."""
        relations = self.generators.relations
        inside = [s for s in sorted(form.free_symbols, key=str) if s in relations]
        return [*inside, *(r for s in inside for r in self._roots(relations[s][1]))]

    def _radicand(self, root: Symbol) -> tuple[Any, Any]:
        """Numerator and denominator of what stands under a root."""
        top, bottom = sp.fraction(sp.together(self.generators.relations[root][1]))
        return self.term(sp.expand(top)), self.term(sp.expand(bottom))

    def term(self, node: Expr) -> Any:
        if node.is_Rational:
            return self.z3.RealVal(str(node), self.context)
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
            variable = self.z3.Real(f"{symbol.name}_{len(self.variables)}", self.context)
            self.variables[symbol] = variable
            self._assume(symbol, variable)
        return self.variables[symbol]

    def _assume(self, symbol: Symbol, variable: Any) -> None:
        facts = {
            "positive": variable > 0,
            "negative": variable < 0,
            "nonnegative": variable >= 0,
            "nonpositive": variable <= 0,
            "nonzero": variable != 0,
        }
        self.signs += [fact for name, fact in facts.items() if getattr(symbol, f"is_{name}")]

    def side_conditions(self) -> list[Any]:
        """The relations of the roots, which are principal, and the signs of all variables."""
        found = [c for root in self.generators.relations for c in self._root_conditions(root)]
        return [*found, *self.signs]

    def _root_conditions(self, root: Symbol) -> list[Any]:
        top, bottom = self._radicand(root)
        variable, degree = self._variable(root), self.generators.relations[root][0]
        power = self.z3.Product(*[variable] * degree)
        return [self.z3.Implies(bottom != 0, power * bottom == top), variable >= 0]

    def is_real(self, premises: Sequence[Any], budget_ms: int) -> bool:
        """Whether every generator takes only real values under the premises."""
        relations = self.generators.relations
        if not all(s.is_real or s in relations for s in self.generators.values):
            return False
        known: list[Any] = []
        for root in relations:  # innermost first
            if not root.is_real and not self._has_real_root(root, premises, known, budget_ms):
                return False
            known += self._root_conditions(root)
        return True

    def _has_real_root(
        self, root: Symbol, premises: Sequence[Any], known: Sequence[Any], budget_ms: int
    ) -> bool:
        """No solution of the premises makes the radicand negative; those with roots wait."""
        top, bottom = self._radicand(root)
        waiting = {str(self._variable(s)) for s in self.generators.relations}
        names = self.z3.z3util.get_vars
        usable = [p for p in premises if not waiting & {str(v) for v in names(p)}]
        solver = self.z3.Tactic("qfnra-nlsat", ctx=self.context).solver()
        solver.set("timeout", budget_ms)
        solver.add(*self.signs, *known, *usable, bottom != 0, top * bottom < 0)
        return str(solver.check()) == "unsat"


_REAL_FACTS = frozenset(Symbol("x", positive=True).assumptions0) | frozenset({"real", "nonzero"})
