r"""The field of coefficients: rational functions of the parameters over algebraic numbers.

Exact analysis runs on polynomials in one variable over this field, so that every zero
test is an identity of rational functions. What is not rational in the parameters
(:math:`f'(0)` of a free loss, :math:`\log 2`, :math:`\cos\varphi`) becomes a new generator
with the same assumptions, and a symbol that occurs under a root is written as a power of
that root, so that :math:`\sqrt k\,\sqrt k` and :math:`k` agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from math import lcm
from typing import Any

import sympy as sp
from sympy import Dummy, Expr, Mul, Poly, Pow, Symbol
from sympy.core.mul import _keep_coeff as keep_coeff  # as `factor` writes its results

from symgan.errors import GameError


@dataclass(frozen=True)
class Field:
    r"""A field of coefficients that holds the expressions it was built from.

    Attributes:
        domain: the SymPy domain.
        roots: symbol -> the power of a root that stands for it.
        names: opaque expression -> the generator that stands for it.
    """

    domain: Any
    roots: dict[Expr, Expr] = field(default_factory=dict)
    names: dict[Expr, Symbol] = field(default_factory=dict)

    @property
    def values(self) -> dict[Expr, Expr]:
        """Generator -> what it stands for."""
        back: dict[Expr, Expr] = {name: value for value, name in self.names.items()}
        for symbol, power in self.roots.items():
            root, degree = power.as_base_exp()
            back[root] = Pow(symbol, 1 / degree)
        return back

    def element(self, expression: Any) -> Any:
        """The field element of an expression."""
        return self.domain.from_sympy(_rational(sp.sympify(expression), self.roots, self.names))

    def expression(self, element: Any) -> Expr:
        """The factored expression of a field element."""
        polynomial = _rational_polynomial(self.domain, element)
        if polynomial is None:
            return factored(self.domain.to_sympy(element)).xreplace(self.values)
        return _factored(polynomial).xreplace(self.values)

    def poly(self, expression: Any, variable: Symbol) -> Poly:
        """A polynomial in one variable over the field."""
        rational = _rational(sp.sympify(expression), self.roots, self.names)
        return Poly(rational, variable, domain=self.domain)

    def from_coefficients(self, elements: Sequence[Any], variable: Symbol) -> Poly:
        """A polynomial from field elements, leading coefficient first."""
        return Poly.from_list(list(elements), variable, domain=self.domain)

    def coefficients(self, polynomial: Poly) -> tuple[Expr, ...]:
        """All coefficients as expressions, leading coefficient first."""
        return tuple(self.expression(c) for c in _elements(polynomial))

    def coefficient(self, polynomial: Poly, power: int) -> Expr:
        """One coefficient as an expression."""
        elements = _elements(polynomial)
        return self.expression(elements[-1 - power]) if power < len(elements) else sp.Integer(0)


def build_field(expressions: Iterable[Any], *, apart: Iterable[Symbol] = ()) -> Field:
    """The smallest field of this kind that holds the expressions.

    Args:
        expressions: coefficients.
        apart: symbols that are variables, not coefficients.

    Raises:
        GameError: a float, an imaginary number or an infinity among the coefficients.

    >>> a = Symbol("a", positive=True)
    >>> K = build_field([sp.sqrt(a), sp.sqrt(2)])
    >>> K.expression(K.element(sp.sqrt(a)) ** 2)
    a
    """
    given = [sp.sympify(e) for e in expressions]
    for expression in given:
        _refuse_inexact(expression)
    roots = _roots(given)
    names: dict[Expr, Symbol] = {}
    rational = [_rational(e, roots, names) for e in given]
    symbols = {s for e in rational for s in e.free_symbols} | set(names.values())
    ordered = sorted(symbols - set(apart), key=lambda s: (s.name, isinstance(s, Dummy), str(s)))
    numbers = sorted({n for e in rational for n in _irrational(e)}, key=sp.default_sort_key)
    domain = sp.QQ.algebraic_field(*numbers) if numbers else sp.QQ
    return Field(domain.frac_field(*ordered) if ordered else domain, roots, names)


@lru_cache(maxsize=4096)
def factored(expression: Expr) -> Expr:
    """The expression factored; the same ones come up again and again.

    A polynomial over the rationals goes to its ring at once.
    """
    symbols = expression.free_symbols
    if expression.is_Add and expression.is_polynomial(*symbols):
        polynomial = Poly(expression)
        if polynomial.domain in (sp.ZZ, sp.QQ) and set(polynomial.gens) == symbols:
            return _factored(polynomial)
    return sp.factor(expression)


@lru_cache(maxsize=4096)
def _factored(polynomial: Poly) -> Expr:
    number, factors = polynomial.factor_list()
    return keep_coeff(number, Mul(*(factor.as_expr() ** power for factor, power in factors)))


def _rational_polynomial(domain: Any, element: Any) -> Poly | None:
    """A field element that is a polynomial of several terms over the rationals.

    It is read from its ring, which is faster than from its expression; its symbols are those that
    it holds, in the order in which `Poly` puts them.
    """
    if not domain.is_FractionField or domain.domain not in (sp.ZZ, sp.QQ):
        return None
    if element.denom != 1 or len(element.numer) < 2:
        return None
    held = [any(powers) for powers in zip(*element.numer, strict=True)]
    symbols = [s for s, used in zip(domain.symbols, held, strict=True) if used]
    ordered = Poly(sp.Add(*symbols)).gens
    places = [domain.symbols.index(s) for s in ordered]
    terms = {
        tuple(m[i] for i in places): domain.domain.to_sympy(c) for m, c in element.numer.items()
    }
    return Poly(terms, *ordered, domain=domain.domain)


def opaque(value: Expr, name: str = "u") -> Dummy:
    """A dummy symbol with the sign assumptions that are known of a value."""
    if not value.is_real:
        return Dummy(name)
    for fact in ("zero", "positive", "negative", "nonnegative", "nonpositive", "nonzero"):
        if getattr(value, f"is_{fact}"):
            return Dummy(name, real=True, **{fact: True})
    return Dummy(name, real=True)


def _elements(polynomial: Poly) -> list[Any]:
    return list(polynomial.rep.to_list())


def _refuse_inexact(expression: Expr) -> None:
    if expression.has(sp.Float):
        raise GameError(
            f"{expression} holds a float; exact analysis needs rationals, such as Rational(1, 10)"
        )
    if expression.has(sp.I, sp.oo, -sp.oo, sp.zoo, sp.nan):
        raise GameError(f"{expression} is not a finite real coefficient; give real, finite values")


def _roots(expressions: Iterable[Expr]) -> dict[Expr, Expr]:
    degrees: dict[Symbol, int] = {}
    for expression in expressions:
        for power in expression.atoms(Pow):
            base, exponent = power.as_base_exp()
            if isinstance(base, Symbol) and base.is_positive and exponent.is_Rational:
                degrees[base] = lcm(degrees.get(base, 1), int(exponent.q))
    return {
        symbol: Dummy(symbol.name, positive=True) ** degree
        for symbol, degree in degrees.items()
        if degree > 1
    }


def _rational(node: Expr, roots: dict[Expr, Expr], names: dict[Expr, Symbol]) -> Expr:
    if isinstance(node, Symbol):
        return roots.get(node, node)
    if node.is_Rational or (node.is_number and node.is_algebraic):
        return node
    if node.is_Add or node.is_Mul:
        return node.func(*(_rational(arg, roots, names) for arg in node.args))
    if node.is_Pow:
        base, exponent = node.as_base_exp()
        if exponent.is_Integer or (base in roots and exponent.is_Rational):
            return Pow(_rational(base, roots, names), exponent)
    if node not in names:
        names[node] = opaque(node)
    return names[node]


def _irrational(node: Expr) -> set[Expr]:
    if node.is_Rational or not node.args:
        return set()
    if node.is_number and not (node.is_Add or node.is_Mul):
        whole = node.is_Pow and node.exp.is_Integer
        return _irrational(node.base) if whole else {node}
    return set().union(*(_irrational(arg) for arg in node.args))
