r"""The second program's check of a sign certificate: z3 over real variables.

Roots, absolute values and exponentials become real variables under what defines them
(:math:`r^2 = w, r \ge 0`; :math:`|u|^2 = u^2`; :math:`e^u > 0`, above 1 exactly for
:math:`u > 0`, one variable for all multiples of one exponent), so that `unsat` holds for the
functions too. Other functions are refused.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import Any

from symgan.certify.formula import (
    evaluate,
    exponent_terms,
    integer_power,
    rational,
    read,
    relations,
)
from symgan.certify.smt import BUDGET_MS, load_z3
from symgan.errors import Undecided


def check_sign(certificate: Mapping[str, Any]) -> bool:
    """Whether the difference has only the recorded signs on its domain.

    Raises:
        Undecided: a function that this program does not know, a root that may be complex, a
            premise that is no conjunction, or no answer within the budget.
    """
    difference, given = read(certificate["difference"]), read(certificate["given"])
    reals = Reals(certificate["assumptions"], _exponent_units(difference, given))
    premises = relations(given)
    if premises is None:
        raise Undecided(f"the premise {certificate['given']} is no conjunction of relations")
    for left, relation, right in premises:
        reals.premise(left, relation, right)
    value = evaluate(difference, reals)
    others = {-1, 0, 1} - set(certificate["signs"])
    return all(reals.excludes(_RELATIONS[sign](value)) for sign in others)


def _exponent_units(*trees: ast.expr) -> dict[str, Fraction]:
    """For each exponent without its coefficient, the step that divides all its coefficients."""
    units: dict[str, Fraction] = {}
    for node in (node for tree in trees for node in ast.walk(tree)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "exp":
            for coefficient, term in exponent_terms(node.args[0]):
                denominator = units.get(term, Fraction(1)).denominator
                units[term] = Fraction(1, lcm(denominator, coefficient.denominator))
    return units


_RELATIONS = {1: lambda v: v > 0, 0: lambda v: v == 0, -1: lambda v: v < 0}
_COMPARE = {
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b, "==": lambda a, b: a == b, "!=": lambda a, b: a != b,
}  # fmt: skip
_FACTS = {
    "positive": lambda v: v > 0, "negative": lambda v: v < 0, "nonnegative": lambda v: v >= 0,
    "nonpositive": lambda v: v <= 0, "nonzero": lambda v: v != 0,
}  # fmt: skip


class Reals:
    """z3's reals; conditions gather what defines each variable."""

    def __init__(
        self, assumptions: Mapping[str, list[str]], exponents: Mapping[str, Fraction]
    ) -> None:
        self.z3 = load_z3()
        self.exponents = exponents
        self.context = self.z3.Context()
        self.conditions: list[Any] = []
        self.variables: dict[str, Any] = {}
        for name, facts in assumptions.items():
            if "real" not in facts:
                raise Undecided(f"the certificate does not say that {name} is real")
            variable = self._variable(name)
            self.conditions += [_FACTS[fact](variable) for fact in facts if fact in _FACTS]

    def premise(self, left: ast.expr, relation: str, right: ast.expr) -> None:
        """Assume a relation."""
        sides = evaluate(left, self), evaluate(right, self)
        self.conditions.append(_COMPARE[relation](*sides))

    def excludes(self, claim: Any) -> bool:
        """Whether nothing satisfies the conditions and the claim.

        Raises:
            Undecided: no answer within the budget.
        """
        solver = self.z3.Tactic("qfnra-nlsat", ctx=self.context).solver()
        solver.set("timeout", BUDGET_MS)
        solver.add(*self.conditions, claim)
        found = str(solver.check())
        if found == "unknown":
            raise Undecided("the solver found no answer within its budget")
        if found == "sat" and any(name.startswith("exp(") for name in self.variables):
            raise Undecided("the sign rests on more than the positivity of exponentials")
        return found == "unsat"

    def number(self, value: int) -> Any:
        """An integer."""
        return self.z3.RealVal(value, ctx=self.context)

    def name(self, name: str) -> Any:
        """A variable."""
        if name not in self.variables:
            raise Undecided(f"the certificate does not say what {name} is")
        return self.variables[name]

    def divide(self, one: Any, other: Any) -> Any:
        """A quotient; it is defined only where the divisor is not zero."""
        value = self._variable(f"({one})/({other})")
        self.conditions += [other != 0, value * other == one]
        return value

    def power(self, base: ast.expr, exponent: ast.expr) -> Any:
        """A principal root, and its integer powers."""
        power = rational(exponent)
        if power is None:
            raise Undecided(f"the exponent {ast.unparse(exponent)} is not rational")
        root = self._root(base, power.denominator)
        return integer_power(root, power.numerator, self)

    def call(self, function: str, arguments: list[ast.expr]) -> Any:
        """A root, an absolute value or an exponential.

        Raises:
            Undecided: another function.
        """
        if function == "sqrt":
            return self.power(arguments[0], read("1/2"))
        if function == "exp":
            return self._exponential(arguments[0])
        text = f"{function}({', '.join(map(ast.unparse, arguments))})"
        if function != "Abs":
            raise Undecided(f"the function {text} cannot be checked by polynomials")
        inner = evaluate(arguments[0], self)
        value = self._variable(text)
        self.conditions += [value * value == inner * inner, value >= 0]
        return value

    def _exponential(self, exponent: ast.expr) -> Any:
        product = self.number(1)
        for coefficient, term in exponent_terms(exponent):
            base, inner = self._variable(f"exp({term})"), evaluate(read(term), self)
            above, below = (inner > 0) == (base > 1), (inner < 0) == (base < 1)
            self.conditions += [base > 0, above, below]
            times = coefficient / self.exponents[term]
            product = product * integer_power(base, int(times), self)
        return product

    def _root(self, base: ast.expr, degree: int) -> Any:
        inner = evaluate(base, self)
        if not self.excludes(inner < 0):
            raise Undecided(f"{ast.unparse(base)} may be negative under a root")
        value = self._variable(f"({ast.unparse(base)})**({Fraction(1, degree)})")
        self.conditions += [integer_power(value, degree, self) == inner, value >= 0]
        return value

    def _variable(self, name: str) -> Any:
        if name not in self.variables:
            self.variables[name] = self.z3.Real(name, ctx=self.context)
        return self.variables[name]
