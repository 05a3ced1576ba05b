r"""The second program's reading of a claim: cases of polynomial constraints, from text.

It finds anew what must have no solution: the conjunctions of "what is given, and not the
statement", with the signs that symbols have, the facts that define absolute values, maxima and
minima, and the denominators, none of which is zero.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from symgan.certify.formula import evaluate, rational, read, single_relation
from symgan.certify.recheck_identity import Quotient, Quotients
from symgan.errors import BadData, Undecided

MOST_CASES = 256
Atom = tuple[ast.expr, str, ast.expr]
_OPPOSITE = {">": "<=", ">=": "<", "<": ">=", "<=": ">", "==": "!=", "!=": "=="}
_SIGNS = {
    "positive": (">", 1), "negative": (">", -1), "nonnegative": (">=", 1),
    "nonpositive": (">=", -1), "nonzero": ("!=", 1),
}  # fmt: skip


@dataclass(frozen=True)
class Constraint:
    """``polynomial relation 0`` with relation ``>``, ``>=``, ``==`` or ``!=``."""

    polynomial: Any
    relation: str

    def gives(self, other: Constraint) -> bool:
        """Whether the other follows, as the same polynomial up to a constant factor."""
        ratio = _ratio(other.polynomial, self.polynomial)
        if ratio is None:
            return False
        step = (self.relation, other.relation)
        if step in ((">", ">"), (">", ">="), (">=", ">=")):
            return bool(ratio > 0)
        return step in (("==", "=="), ("==", ">="), ("!=", "!="), (">", "!="))


def _ratio(one: Any, other: Any) -> Any:
    """The number q with ``one = q * other``, or None."""
    if other == 0:
        return 1 if one == 0 else None
    if one == 0:
        return None
    ratio = one.leading_coefficient() / other.leading_coefficient()
    return ratio if one == other * ratio else None


def claim_cases(certificate: Mapping[str, Any]) -> tuple[Sides, list[list[Constraint]]]:
    """The algebra of a certificate's names, and the systems whose inconsistency is its claim.

    Raises:
        BadData: a formula cannot be read, or a symbol is not declared.
        Undecided: a symbol that is not real, or too many cases.
    """
    assumptions = certificate["assumptions"]
    for name, facts in assumptions.items():
        if "real" not in facts:
            raise Undecided(f"the certificate does not say that {name} is real")
    sides = Sides(list(assumptions), certificate["generators"])
    nonnegative = {n for n, facts in assumptions.items() if {"positive", "nonnegative"} & {*facts}}
    known = [
        Constraint(sign * sides.variable(name).top, relation)
        for name, facts in assumptions.items()
        for fact, (relation, sign) in _SIGNS.items()
        if fact in facts
    ]
    given, statement = read(certificate["given"]), read(certificate["statement"])
    cases = []
    for atoms in _both([_dnf(given, True), _dnf(statement, False)]):
        own = [c for atom in atoms for c in sides.relation(atom, nonnegative)]
        cases.append([*own, *known])
    return sides, [[*case, *sides.facts] for case in cases]


class Sides(Quotients):
    """Rational functions in which Abs, Max and Min are variables under their defining facts."""

    def __init__(self, symbols: Sequence[str], generators: Mapping[str, str]) -> None:
        if {*symbols} & {*generators}:
            raise BadData("the certificate uses one name for a symbol and a generator")
        super().__init__([*symbols, *generators], {})
        self.symbols = frozenset(symbols)
        self.meanings: dict[str, tuple[str, list[Quotient]]] = {}
        self.facts: list[Constraint] = []
        for name, text in generators.items():  # each may use those before it
            node = read(text)
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
                raise BadData(f"the generator {name} stands for no function")
            values = [evaluate(argument, self) for argument in node.args]
            if not all(divisor.is_constant() for divisor in self.divisors):
                raise Undecided(f"the generator {name} holds a denominator; it may be undefined")
            facts = _facts(node.func.id, self.variable(name), values)
            self.facts += [Constraint(q.top / q.bottom.leading_coefficient(), r) for q, r in facts]
            self.meanings[name] = (node.func.id, values)

    def name(self, name: str) -> Quotient:
        """A symbol; generators stand for functions and are not named in claims."""
        if name not in self.symbols:
            raise BadData(f"the certificate uses {name}, which it does not declare")
        return self.variable(name)

    def power(self, base: ast.expr, exponent: ast.expr) -> Quotient:
        """No roots."""
        text = ast.unparse(ast.BinOp(base, ast.Pow(), exponent))
        raise Undecided(f"{text} cannot be checked by polynomials")

    def call(self, function: str, arguments: list[ast.expr]) -> Quotient:
        """The generator that stands for the value; absolute values of products are products."""
        if function == "Abs" and len(arguments) == 1:
            return self._absolute(arguments[0])
        return self._stands_for(function, [evaluate(argument, self) for argument in arguments])

    def _absolute(self, inner: ast.expr) -> Quotient:
        if (value := rational(inner)) is not None:
            number = self.number(abs(value.numerator))
            return self.divide(number, self.number(value.denominator))
        if isinstance(inner, ast.UnaryOp) and isinstance(inner.op, ast.USub):
            return self._absolute(inner.operand)
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Mult):
            return self._absolute(inner.left) * self._absolute(inner.right)
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Div):
            return self.divide(self._absolute(inner.left), self._absolute(inner.right))
        if isinstance(inner, ast.BinOp) and isinstance(inner.op, ast.Pow):
            power = ast.BinOp(ast.Name("base"), ast.Pow(), inner.right)
            return evaluate(power, _OneValue(self, self._absolute(inner.left)))
        return self._stands_for("Abs", [evaluate(inner, self)])

    def _stands_for(self, function: str, values: list[Quotient]) -> Quotient:
        for name, (known, others) in self.meanings.items():
            if known != function or len(others) != len(values):
                continue
            if all(v in others for v in values) and all(v in values for v in others):
                return self.variable(name)
            if function == "Abs" and _is_zero(values[0] + others[0]):
                return self.variable(name)
        raise Undecided(f"no generator of the certificate stands for {function} of its arguments")

    def relation(self, atom: Atom, nonnegative: set[str]) -> Iterator[Constraint]:
        """The constraints that a relation says; what it divides by is not zero."""
        left, relation, right = atom
        self.divisors.clear()
        one, other = evaluate(left, self), evaluate(right, self)
        difference = other - one if relation in ("<", "<=") else one - other
        name = {"<": ">", "<=": ">="}.get(relation, relation)
        top, bottom = difference.top, difference.bottom
        for divisor in (*self.divisors, bottom):
            yield Constraint(divisor, "!=")
        if name in (">", ">="):
            top = top * self._odd_part(bottom, nonnegative)
        yield Constraint(top, name)

    def _odd_part(self, bottom: Any, nonnegative: set[str]) -> Any:
        """The factors that decide the denominator's sign."""
        constant, factors = bottom.factor()
        value = self.context.constant(1 if constant > 0 else -1)
        for base, power in factors:
            if power % 2 and not self._is_plainly_nonnegative(base, nonnegative):
                value = value * base
        return value

    def _is_plainly_nonnegative(self, polynomial: Any, nonnegative: set[str]) -> bool:
        plain = [name in nonnegative for name in self.names]
        return all(
            c > 0 and all(k % 2 == 0 or fine for k, fine in zip(powers, plain, strict=True))
            for powers, c in polynomial.to_dict().items()
        )


class _OneValue:
    """An algebra in which the name ``base`` has a value: for powers of it."""

    def __init__(self, algebra: Sides, value: Quotient) -> None:
        self.algebra, self.value = algebra, value

    def number(self, value: int) -> Quotient:
        return self.algebra.number(value)

    def name(self, name: str) -> Quotient:
        return self.value

    def divide(self, one: Quotient, other: Quotient) -> Quotient:
        return self.algebra.divide(one, other)

    def power(self, base: ast.expr, exponent: ast.expr) -> Quotient:
        return self.algebra.power(base, exponent)

    def call(self, function: str, arguments: list[ast.expr]) -> Quotient:
        return self.algebra.call(function, arguments)


def _is_zero(value: Quotient) -> bool:
    return bool(value.top == 0)


def _facts(function: str, g: Quotient, values: list[Quotient]) -> Iterator[tuple[Quotient, str]]:
    """What defines an absolute value, a maximum or a minimum."""
    if function == "Abs" and len(values) == 1:
        (value,) = values
        yield g * g - value * value, "=="
        yield from ((side, ">=") for side in (g, g - value, g + value))
    elif function in ("Max", "Min") and values:
        vanishing = g - values[0]
        for value in values[1:]:
            vanishing = vanishing * (g - value)
        yield vanishing, "=="
        yield from ((g - v if function == "Max" else v - g, ">=") for v in values)
    else:
        raise Undecided(f"the function {function} cannot be checked by polynomials")


def _dnf(node: ast.expr, truth: bool) -> list[tuple[Atom, ...]]:
    """The conjunctions whose union says that a Boolean has a truth value."""
    if isinstance(node, ast.Constant) and type(node.value) is bool:
        return [()] if node.value is truth else []
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert):
        return _dnf(node.operand, not truth)
    if (atom := single_relation(node)) is not None:
        left, relation, right = atom
        return [((left, relation if truth else _OPPOSITE[relation], right),)]
    name, arguments = _connective(node)
    if name == "Not" and len(arguments) == 1:
        return _dnf(arguments[0], not truth)
    if name == "Implies" and len(arguments) == 2:
        premise, conclusion = arguments
        if truth:
            return _limited(_dnf(premise, False) + _dnf(conclusion, True))
        return _both([_dnf(premise, True), _dnf(conclusion, False)])
    if name == "Equivalent" and arguments:
        all_true = _both([_dnf(a, True) for a in arguments])
        all_false = _both([_dnf(a, False) for a in arguments])
        some = [case for a in arguments for case in _dnf(a, True)]
        none = [case for a in arguments for case in _dnf(a, False)]
        return _limited(all_true + all_false) if truth else _both([some, none])
    if name in ("And", "Or"):
        parts = [_dnf(a, truth) for a in arguments]
        if (name == "And") is truth:
            return _both(parts)
        return _limited([case for part in parts for case in part])
    raise Undecided(f"{ast.unparse(node)} is no Boolean that could be checked")


def _connective(node: ast.expr) -> tuple[str, list[ast.expr]]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr):
        name = "And" if isinstance(node.op, ast.BitAnd) else "Or"
        return name, [node.left, node.right]
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and not node.keywords:
        return node.func.id, node.args
    return "", []


def _both(parts: Sequence[list[tuple[Atom, ...]]]) -> list[tuple[Atom, ...]]:
    cases: list[tuple[Atom, ...]] = [()]
    for part in parts:
        cases = _limited([one + other for one, other in product(cases, part)])
    return cases


def _limited(cases: list[tuple[Atom, ...]]) -> list[tuple[Atom, ...]]:
    if len(cases) > MOST_CASES:
        raise Undecided(f"the claim has more than {MOST_CASES} cases")
    return cases
