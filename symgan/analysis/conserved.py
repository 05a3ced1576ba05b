r"""Conserved quantities: verified exactly, and found by linear algebra.

A quantity V is conserved by a flow where :math:`\nabla V\cdot F + \partial_t V \equiv 0`,
by a map where :math:`V(F(x)) \equiv V(x)`. With a template :math:`V = \sum_k c_k \phi_k` of
monomials and of :math:`\log|g|` for polynomial factors g, this is a linear system for
the :math:`c_k` over the field of the parameters.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import sympy as sp
from sympy import Abs, Add, Expr, Integer, Poly, Symbol, log
from sympy.polys.matrices import DomainMatrix

from symgan.analysis.field import build_field, opaque
from symgan.analysis.modular import independent as linearly_independent
from symgan.analysis.points import moving
from symgan.analysis.wholes import require_whole
from symgan.certify.identity import is_zero
from symgan.differentiation import diff
from symgan.errors import GameError, Undecided
from symgan.results import Conserved
from symgan.system import Flow, System


@dataclass(frozen=True)
class Term:
    """A term of the template and its change along the system.

    Attributes:
        value: the term.
        rational: the rational part of its change.
        logarithms: irreducible factor (or constant) -> multiple of its logarithm in the
            change; empty for flows.
    """

    value: Expr
    rational: Expr
    logarithms: dict[Expr, int]


def conserved(system: System, quantity: Any) -> Conserved | None:
    r"""Verify that a quantity is conserved.

    Args:
        system: a flow or a map.
        quantity: an expression in the state (and in time, for a flow that depends on it).

    Returns:
        The quantity with its derivative as it stood before cancellation; None where an
        exact point proves that the derivative does not vanish.

    Raises:
        GameError: an undeclared symbol in the quantity.
        Undecided: neither was found.

    >>> x, y = sp.symbols("x y", real=True)
    >>> conserved(Flow((x, y), (-y, x)), x**2 + y**2).derivative
    0
    >>> conserved(Flow((x, y), (-y, x)), x**2 + 2*y**2) is None
    True
    """
    require_whole(system, "conserved")
    quantity = sp.sympify(quantity)
    known = {*system.state, *system.parameters, *moving(system)}
    unknown = sorted(quantity.free_symbols - known, key=str)
    if unknown:
        raise GameError(
            f"the quantity {quantity} holds {unknown[0]}, which is neither state nor parameter of "
            "the system (assumptions are part of a symbol)"
        )
    derivative = change(system, quantity)
    zero = is_zero(derivative).holds
    if zero is None:
        raise Undecided(
            f"cannot decide whether {derivative} vanishes identically; rewrite the quantity in "
            "elementary functions"
        )
    return Conserved(quantity, derivative) if zero else None


def find_conserved(
    system: System, degree: int = 2, logarithms: bool | Iterable[Expr] = False
) -> tuple[Expr, ...]:
    r"""Find all conserved quantities of a template.

    Args:
        system: a flow or a map with rational right-hand side; other functions of the
            state in it count as independent quantities, which can only lose solutions.
        degree: the highest total degree of the monomials in the state.
        logarithms: True adds :math:`\log|g|` for every state symbol and every irreducible
            polynomial factor of the right-hand side; or the polynomials g themselves.

    Returns:
        A basis, modulo constants, of the conserved quantities in the template for
        generic parameters; each verified.

    Raises:
        GameError: a switched right-hand side, or a degree below one without logarithms.
        Undecided: a quantity found could not be verified.

    >>> x, y = sp.symbols("x y", positive=True)
    >>> a, b, c, d = sp.symbols("a b c d", positive=True)
    >>> prey = Flow((x, y), (a*x - b*x*y, -c*y + d*x*y), parameters=(a, b, c, d))
    >>> find_conserved(prey, degree=1, logarithms=True)
    (a*log(y) - b*y + c*log(x) - d*x,)
    """
    require_whole(system, "find_conserved")
    if any(f.has(sp.Piecewise, sp.Min, sp.Max, Abs, sp.Heaviside) for f in system.rhs):
        raise GameError("the right-hand side is switched; look for conserved quantities by branch")
    if degree < 1 and logarithms is False:
        raise GameError(f"degree = {degree} leaves an empty template; give at least 1")
    names = independent(system)
    terms = [_monomial_term(system, m, names) for m in monomials(system.state, degree)]
    terms += [_logarithm_term(system, g, names) for g in _factors(system, logarithms)]
    basis = kernel(terms, {*system.state, *moving(system), *names.values()})
    found = tuple(Add(*(c * term.value for c, term in zip(v, terms, strict=True))) for v in basis)
    for quantity in found:
        if conserved(system, quantity) is None:
            raise Undecided(f"{quantity} solves the linear system but is not conserved")
    return found


def change(system: System, quantity: Expr, names: Mapping[Expr, Symbol] | None = None) -> Expr:
    """The derivative along a flow, the increment along a map; not simplified.

    Names go into the right-hand side first: multiplied by the state, a function of it may
    merge with it (theta sqrt(theta) is theta**(3/2)) and be seen no more.
    """
    rhs = [f.xreplace(names or {}) for f in system.rhs]
    if not isinstance(system, Flow):
        inner = dict(zip(system.state, rhs, strict=True))
        return quantity.subs(inner, simultaneous=True) - quantity
    smooth = quantity.replace(_is_log_abs, lambda node: log(node.args[0].args[0]))
    terms = [diff(smooth, x) * f for x, f in zip(system.state, rhs, strict=True)]
    if system.time is not None:
        terms.append(diff(smooth, system.time))
    return Add(*terms)


def _is_log_abs(node: Expr) -> bool:
    r""":math:`\log|u|` and :math:`\log u` have the same derivative for real u."""
    return isinstance(node, log) and isinstance(node.args[0], Abs) and bool(node.args[0].is_real)


def independent(system: System) -> dict[Expr, Symbol]:
    """Names for functions of the state that are not rational, each taken as independent."""
    variables = {*system.state, *moving(system)}
    found: dict[Expr, Symbol] = {}
    for f in system.rhs:
        for node in sp.preorder_traversal(f):
            rational = node.is_Add or node.is_Mul or node.is_Symbol or node.is_Number
            power = node.is_Pow and node.exp.is_Integer
            inside = getattr(node, "free_symbols", set()) & variables
            if inside and not rational and not power and node not in found:
                found[node] = opaque(node, "phi")
    return found


def monomials(state: Sequence[Symbol], degree: int) -> list[Expr]:
    """The monomials of positive degree up to a total degree, in a fixed order."""
    found = set(sp.itermonomials(state, max(degree, 0))) - {Integer(1)}
    return sorted(found, key=sp.polys.orderings.monomial_key("grlex", state))


def _monomial_term(system: System, monomial: Expr, names: dict[Expr, Symbol]) -> Term:
    return Term(monomial, change(system, monomial, names), {})


def _factors(system: System, logarithms: bool | Iterable[Expr]) -> list[Expr]:
    """The polynomials whose logarithms join the template."""
    if logarithms is False:
        return []
    if logarithms is not True:
        return [sp.sympify(g) for g in logarithms]
    found: dict[Expr, None] = dict.fromkeys(system.state)
    for f in system.rhs:
        for part in sp.fraction(sp.together(f)):
            if not part.is_polynomial(*system.state):
                continue
            for base, _ in sp.factor_list(part, *system.state)[1]:
                found.setdefault(base)
    return list(found)


def _logarithm_term(system: System, g: Expr, names: dict[Expr, Symbol]) -> Term:
    value = log(g) if g.is_positive else log(Abs(g))
    if isinstance(system, Flow):
        rhs = [f.xreplace(names) for f in system.rhs]
        slope = Add(*(diff(g, x) * f for x, f in zip(system.state, rhs, strict=True)))
        return Term(value, slope / g, {})
    image = g.subs(dict(zip(system.state, system.rhs, strict=True)), simultaneous=True)
    powers = _irreducible(image.xreplace(names))
    for base, power in _irreducible(g).items():
        powers[base] = powers.get(base, 0) - power
    return Term(value, Integer(0), {b: p for b, p in powers.items() if p})


def _irreducible(expression: Expr) -> dict[Expr, int]:
    """Irreducible factors with powers; signs drop out of log|.|, other constants stay."""
    powers: dict[Expr, int] = {}
    top, bottom = sp.fraction(sp.together(expression))
    for part, side in ((top, 1), (bottom, -1)):
        constant, factors = sp.factor_list(part)
        for base, power in ((abs(constant), 1), *factors):
            if base != 1:
                key = -base if base.could_extract_minus_sign() else base
                powers[key] = powers.get(key, 0) + side * power
    return powers


def kernel(terms: Sequence[Term], variables: set[Symbol]) -> list[list[Expr]]:
    """Coefficients for which all changes cancel, over the field of the parameters."""
    bases = sorted({b for term in terms for b in term.logarithms}, key=sp.default_sort_key)
    logarithms = [[term.logarithms.get(b, 0) for term in terms] for b in bases]
    if linearly_independent([term.rational for term in terms], variables, logarithms):
        return []
    denominator = sp.Integer(1)
    for term in terms:
        denominator = sp.lcm(denominator, sp.fraction(sp.together(term.rational))[1])
    tops = [sp.cancel(sp.together(term.rational * denominator)) for term in terms]
    ordered = sorted(variables, key=str)
    polynomials = [Poly(top, *ordered) for top in tops]
    exponents = sorted({m for p in polynomials for m in p.monoms()})
    rows = [[p.coeff_monomial(m) for p in polynomials] for m in exponents]
    rows += [[Integer(n) for n in row] for row in logarithms]
    field = build_field([e for row in rows for e in row])
    matrix = DomainMatrix(
        [[field.element(e) for e in row] for row in rows], (len(rows), len(terms)), field.domain
    )
    vectors = matrix.to_field().nullspace().to_dense().to_list()
    return [_normalized([field.expression(e) for e in v]) for v in vectors]


def _normalized(vector: Sequence[Expr]) -> list[Expr]:
    """Without denominators or common factors, so that it stands for all parameters."""
    fractions = [sp.fraction(sp.together(c)) for c in vector]
    common = reduce(sp.lcm, (bottom for _, bottom in fractions))
    whole = [sp.cancel(c * common) for c in vector]
    shared = reduce(sp.gcd, whole)
    lead = next(c for c in reversed(whole) if c != 0)
    scale = -shared if sp.cancel(lead / shared).could_extract_minus_sign() else shared
    return [sp.factor(c / scale) for c in whole]
