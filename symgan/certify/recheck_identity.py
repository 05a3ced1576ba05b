r"""The second program's check of an identity certificate: exact rational functions in FLINT.

The form is expanded anew and reduced modulo the relations of its generators; its numerator
must vanish and its denominator must not. Each relation must follow from what its generator
stands for: :math:`i^2 = -1`, :math:`|u|^2 = u^2`, :math:`(b^{1/q})^q = b`.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symgan.certify.ball import load_flint
from symgan.certify.formula import evaluate, exponent_terms, integer_power, rational, read
from symgan.errors import BadData, Undecided


@dataclass(frozen=True)
class Quotient:
    """A rational function in lowest terms, a pair of FLINT polynomials."""

    top: Any
    bottom: Any

    def __add__(self, other: Quotient) -> Quotient:
        return quotient(
            self.top * other.bottom + other.top * self.bottom, self.bottom * other.bottom
        )

    def __sub__(self, other: Quotient) -> Quotient:
        return quotient(
            self.top * other.bottom - other.top * self.bottom, self.bottom * other.bottom
        )

    def __mul__(self, other: Quotient) -> Quotient:
        return quotient(self.top * other.top, self.bottom * other.bottom)


def quotient(top: Any, bottom: Any) -> Quotient:
    """A quotient in lowest terms.

    Raises:
        BadData: division by the zero polynomial.
    """
    if bottom == 0:
        raise BadData("a formula of the certificate divides by zero")
    common = top.gcd(bottom)
    return Quotient(top // common, bottom // common)


class Quotients:
    """Rational functions over the names of a certificate; generators stand for functions."""

    def __init__(self, names: list[str], generators: Mapping[str, ast.expr]) -> None:
        flint = load_flint()
        self.names = names
        self.context = flint.fmpq_mpoly_ctx.get(names, flint.Ordering.lex)
        self.generators = generators
        self.divisors: list[Any] = []  # what was divided by: it must not vanish

    def number(self, value: int) -> Quotient:
        """An integer."""
        return Quotient(self.context.constant(value), self.context.constant(1))

    def name(self, name: str) -> Quotient:
        """A variable."""
        if name not in self.names:
            raise BadData(f"the certificate uses {name}, which it does not declare")
        return self.variable(name)

    def variable(self, name: str) -> Quotient:
        """The variable of this name."""
        return Quotient(self.context.gen(self.names.index(name)), self.context.constant(1))

    def divide(self, one: Quotient, other: Quotient) -> Quotient:
        """A quotient."""
        self.divisors.append(other.top)
        return quotient(one.top * other.bottom, one.bottom * other.top)

    def power(self, base: ast.expr, exponent: ast.expr) -> Quotient:
        """A root: the generator of its base and denominator, to the power of its numerator."""
        value = rational(exponent)
        if value is None:
            return self._named(ast.BinOp(base, ast.Pow(), exponent))
        root = ast.BinOp(base, ast.Pow(), read(f"1/{value.denominator}"))
        found = self._named(root)
        return integer_power(found, value.numerator, self)

    def call(self, function: str, arguments: list[ast.expr]) -> Quotient:
        """The generator that stands for the function's value."""
        if function == "sqrt":
            return self.power(arguments[0], read("1/2"))
        return self._named(ast.Call(ast.Name(function), arguments, []))

    def _named(self, node: ast.expr) -> Quotient:
        found = self._generator(node)
        if found is None:
            raise Undecided(f"no generator of the certificate is {ast.unparse(node)}")
        return self.variable(found)

    def _generator(self, node: ast.expr) -> str | None:
        wanted = ast.unparse(_plain(node))
        return next((n for n, v in self.generators.items() if ast.unparse(v) == wanted), None)


def _plain(node: ast.expr) -> ast.expr:
    """Roots in one spelling: ``sqrt(b)`` is ``b**(1/2)``."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "sqrt":
        return ast.BinOp(node.args[0], ast.Pow(), read("1/2"))
    return node


@dataclass(frozen=True)
class _Relation:
    generator: str
    power: int
    value: Quotient


def check_identity(certificate: Mapping[str, Any]) -> bool:
    """Whether the certificate's form vanishes by its relations, and these by its generators.

    Raises:
        BadData: the certificate cannot be read.
        Undecided: a relation whose generator this program does not understand.
    """
    form = read(certificate["form"])
    generators = {n: _plain(read(text)) for n, text in certificate["generators"].items()}
    stated = certificate["relations"]
    trees = [form, *(read(r["equals"]) for r in stated.values()), *generators.values()]
    inside = {n.id for tree in trees for n in ast.walk(tree) if isinstance(n, ast.Name)}
    constants = {v.id for v in generators.values() if isinstance(v, ast.Name)}
    names = sorted((inside | set(generators)) - _FUNCTIONS - constants - {"E"})
    algebra = Quotients(names, generators)
    relations: list[_Relation] = []
    for name, relation in stated.items():  # each may use those before it
        value = evaluate(read(relation["equals"]), algebra)
        found = _Relation(name, int(relation["power"]), value)
        if not _follows(found, generators[name], algebra, relations):
            return False
        relations.append(found)
    top = evaluate(form, algebra).top
    defined = all(_reduced(part, relations, algebra) != 0 for part in algebra.divisors)
    return defined and bool(_reduced(top, relations, algebra) == 0)


_FUNCTIONS = frozenset({"exp", "log", "sqrt", "Abs", "sin", "cos", "tan", "atan", "sign"})


def _follows(
    relation: _Relation, meaning: ast.expr, algebra: Quotients, earlier: list[_Relation]
) -> bool:
    """Whether a relation holds for what its generator stands for."""
    squared = _power_of(meaning, relation.power, algebra)
    if squared is None:
        return False
    difference = squared - relation.value
    return bool(_reduced(difference.top, earlier, algebra) == 0)


def _power_of(meaning: ast.expr, power: int, algebra: Quotients) -> Quotient | None:
    """A generator's value to a power, where that is free of the generator."""
    if isinstance(meaning, ast.Name) and meaning.id == "I" and power == 2:
        return algebra.number(-1)
    if isinstance(meaning, ast.Call) and isinstance(meaning.func, ast.Name):
        inner = _Powers(algebra).value(meaning.args[0])
        return inner * inner if meaning.func.id == "Abs" and power == 2 else None
    if not isinstance(meaning, ast.BinOp) or not isinstance(meaning.op, ast.Pow):
        return None
    is_root = rational(meaning.right) == Fraction(1, power)
    return _Powers(algebra).value(meaning.left) if is_root else None


class _Powers:
    """Values in which an exponential may be an integer power of a generator."""

    def __init__(self, algebra: Quotients) -> None:
        self.algebra = algebra
        self.exponentials: dict[str, ast.expr] = {}
        self.constants: dict[str, str] = {}
        for name, node in algebra.generators.items():
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "exp":
                self.exponentials[name] = node.args[0]
            elif isinstance(node, ast.Name) and node.id == "E":
                self.exponentials[name] = read("1")
            elif isinstance(node, ast.Name):
                self.constants[node.id] = name

    def value(self, node: ast.expr) -> Quotient:
        return evaluate(node, self)

    def number(self, value: int) -> Quotient:
        return self.algebra.number(value)

    def name(self, name: str) -> Quotient:
        if name == "E":
            return self._exponential(Fraction(1), exponent_terms(read("1"))[0][1])
        return self.algebra.name(self.constants.get(name, name))

    def divide(self, one: Quotient, other: Quotient) -> Quotient:
        return self.algebra.divide(one, other)

    def power(self, base: ast.expr, exponent: ast.expr) -> Quotient:
        return self.algebra.power(base, exponent)

    def call(self, function: str, arguments: list[ast.expr]) -> Quotient:
        if function != "exp":
            return self.algebra.call(function, arguments)
        product = self.algebra.number(1)
        for coefficient, term in exponent_terms(arguments[0]):
            product = product * self._exponential(coefficient, term)
        return product

    def _exponential(self, coefficient: Fraction, term: str) -> Quotient:
        for name, exponent in self.exponentials.items():
            terms = exponent_terms(exponent)
            if len(terms) == 1 and terms[0][1] == term:
                ratio = coefficient / terms[0][0]
                if ratio.denominator == 1:
                    return integer_power(self.algebra.variable(name), int(ratio), self.algebra)
        raise Undecided(f"no generator of the certificate is an exponential of {term}")


def _reduced(polynomial: Any, relations: list[_Relation], algebra: Quotients) -> Any:
    """A polynomial modulo the relations, the last first, up to a factor that is not zero."""
    for relation in reversed(relations):
        place = algebra.names.index(relation.generator)
        top, bottom = relation.value.top, relation.value.bottom
        parts: dict[int, Any] = {}
        for powers, coefficient in polynomial.to_dict().items():
            times, rest = divmod(powers[place], relation.power)
            kept = (*powers[:place], rest, *powers[place + 1 :])
            term = algebra.context.from_dict({kept: coefficient})
            parts[times] = parts.get(times, 0) + term
        most = max(parts, default=0)
        polynomial = sum(
            (p * top**k * bottom ** (most - k) for k, p in parts.items()),
            algebra.context.constant(0),
        )
    return polynomial
