r"""The second program's check of a Positivstellensatz certificate: exact polynomials in FLINT.

The claim is read anew (`symgan.certify.recheck_cases`). Each of its cases must be refuted by a
tree whose leaves are vanishing sums of nonnegative terms, one of them positive, modulo multiples
of equations; whose splits leave no possibility out; and whose replacements follow from equations.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import Any

from symgan.certify.formula import evaluate, rational, read
from symgan.certify.recheck_cases import Constraint, Sides, claim_cases
from symgan.errors import BadData

_RELATIONS = (">", ">=", "==", "!=")


def check_cone(certificate: Mapping[str, Any]) -> bool:
    """Whether the multipliers prove the statement that the certificate names.

    Raises:
        BadData: a formula or an entry cannot be read.
        Undecided: the statement holds what this program does not understand.
    """
    sides, wanted = claim_cases(certificate)
    algebra = Polynomials(sides)
    stated: list[tuple[list[Constraint], Mapping[str, Any]]] = []
    for case in certificate["cases"]:
        constraints = [algebra.constraint(c) for c in case["constraints"]]
        stated.append((constraints, case["tree"]))
    refuted: dict[int, bool] = {}

    def is_refuted(number: int) -> bool:
        if number not in refuted:
            refuted[number] = algebra.refutes(*stated[number])
        return refuted[number]

    def covers(constraints: Sequence[Constraint], case: Sequence[Constraint]) -> bool:
        return all(any(known.gives(c) for known in case) for c in constraints)

    return all(
        any(covers(stated[k][0], case) and is_refuted(k) for k in range(len(stated)))
        for case in wanted
    )


class Polynomials:
    """Polynomials over the symbols and generators of a certificate."""

    def __init__(self, sides: Sides) -> None:
        self.sides = sides
        self.context = sides.context

    def refutes(self, constraints: list[Constraint], tree: Mapping[str, Any]) -> bool:
        """Whether a tree shows that constraints have no common solution."""
        if "terms" in tree:
            return self._vanishes(constraints, tree)
        if "solve" in tree:
            return self._is_replaced(constraints, tree)
        if "split" in tree:
            return self._is_split(constraints, tree)
        raise BadData("a step of the certificate is neither a sum, a split nor a replacement")

    def _vanishes(self, constraints: list[Constraint], tree: Mapping[str, Any]) -> bool:
        total, is_positive = self.context.constant(0), False
        for term in tree["terms"]:
            coefficient = rational(read(term["coefficient"]))
            if coefficient is None or coefficient < 0:
                return False
            sign = _product_sign([constraints[_index(i, constraints)] for i in term["factors"]])
            if sign is None:
                return False
            is_positive |= coefficient > 0 and sign == ">" and not term["squares"]
            value = self.number(coefficient.numerator) / coefficient.denominator
            for i in term["factors"]:
                value = value * constraints[i].polynomial
            for square in term["squares"]:
                root = self.read(square)
                value = value * root * root
            total += value
        for multiplier in tree["multipliers"]:
            equation = constraints[_index(multiplier["equation"], constraints)]
            if equation.relation != "==":
                return False
            total -= self.read(multiplier["polynomial"]) * equation.polynomial
        return is_positive and bool(total == 0)

    def _is_replaced(self, constraints: list[Constraint], tree: Mapping[str, Any]) -> bool:
        """An equation gives a variable the value that takes its place."""
        equation = constraints[_index(tree["equation"], constraints)]
        variable, value = self.read(tree["solve"]), self.read(tree["value"])
        if equation.relation != "==" or variable not in self.context.gens():
            return False
        if not Constraint(equation.polynomial, "==").gives(Constraint(variable - value, "==")):
            return False
        place = self.context.gens().index(variable)
        values = [value if k == place else g for k, g in enumerate(self.context.gens())]
        then = [Constraint(c.polynomial.compose(*values), c.relation) for c in constraints]
        return self.refutes(then, tree["then"])

    def _is_split(self, constraints: list[Constraint], tree: Mapping[str, Any]) -> bool:
        """Some branch must hold: a factor vanishes, or a number has one of its signs."""
        added, branches = [self.constraint(c) for c in tree["split"]], tree["branches"]
        if len(added) != len(branches) or not self._is_exhaustive(constraints, added, tree):
            return False
        return all(
            self.refutes([*constraints, further], branch)
            for further, branch in zip(added, branches, strict=True)
        )

    def _is_exhaustive(
        self, constraints: list[Constraint], added: list[Constraint], tree: Mapping[str, Any]
    ) -> bool:
        if tree["equation"] is None:
            weak = [c.polynomial for c in added if c.relation == ">="]
            return len(added) == len(weak) == 2 and bool(weak[0] + weak[1] == 0)
        equation = constraints[_index(tree["equation"], constraints)]
        if equation.relation == "!=":
            signed = [Constraint(sign * equation.polynomial, ">") for sign in (1, -1)]
            return len(added) == 2 and all(s.gives(c) for s, c in zip(signed, added, strict=True))
        if equation.relation != "==" or any(c.relation != "==" for c in added):
            return False
        product = self.context.constant(1)
        for c in added:
            product = product * c.polynomial
        if product == 0:
            return True  # a branch without a further constraint
        if equation.polynomial == 0:
            return False
        # each factor of the equation is among those of the branches
        return bool(_radical(product) % _radical(equation.polynomial) == 0)

    def constraint(self, data: Mapping[str, Any]) -> Constraint:
        """A constraint from its text."""
        if data["relation"] not in _RELATIONS:
            raise BadData(f"the certificate holds the unknown relation {data['relation']!r}")
        return Constraint(self.read(data["polynomial"]), data["relation"])

    def read(self, text: str) -> Any:
        """A polynomial from its text."""
        return evaluate(read(text), self)

    def number(self, value: int) -> Any:
        """An integer."""
        return self.context.constant(value)

    def name(self, name: str) -> Any:
        """A symbol or a generator."""
        if name not in self.sides.names:
            raise BadData(f"the certificate uses {name}, which it does not declare")
        return self.context.gen(self.sides.names.index(name))

    def divide(self, one: Any, other: Any) -> Any:
        """A quotient by a number."""
        if not other.is_constant() or other == 0:
            raise BadData("a polynomial of the certificate has a denominator")
        return one / other.leading_coefficient()

    def power(self, base: ast.expr, exponent: ast.expr) -> Any:
        """Refused."""
        raise BadData("a polynomial of the certificate holds a root")

    def call(self, function: str, arguments: list[ast.expr]) -> Any:
        """Refused."""
        raise BadData(f"a polynomial of the certificate holds the function {function}")


def _radical(polynomial: Any) -> Any:
    """The product of the different irreducible factors."""
    _, factors = polynomial.factor()
    value = polynomial.context().constant(1)
    for base, _ in factors:
        value = value * base
    return value


def _index(number: Any, constraints: Sequence[Constraint]) -> int:
    if type(number) is not int or not 0 <= number < len(constraints):
        raise BadData(f"the certificate names constraint {number!r}, which it does not have")
    return number


def _product_sign(factors: Sequence[Constraint]) -> str | None:
    """``>`` or ``>=`` for a product of constraints; None where its sign is not known."""
    if any(c.relation == "==" for c in factors):
        return None
    unequal = [c for c in factors if c.relation == "!="]
    if any(sum(1 for other in unequal if other is c) % 2 for c in unequal):
        return None  # a square of what is not zero is positive; an odd power has no sign
    return ">=" if any(c.relation == ">=" for c in factors) else ">"
