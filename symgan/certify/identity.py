r"""Exact identities: an expression vanishes identically, or an exact point where it does not.

`is_zero` either proves :math:`e \equiv 0` by reducing its numerator over generators
(`symgan.certify.generators`) to the zero polynomial, or proves :math:`e \not\equiv 0`
by a rational point at which ball arithmetic excludes zero. It never guesses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from sympy import Expr, Rational, Symbol
from sympy.logic.boolalg import Boolean

from symgan.certify.ball import proved_nonzero
from symgan.certify.certificate import identity_data
from symgan.certify.free import argument_symbols, consistent, free_functions, free_names
from symgan.certify.generators import Generators, defined, numerator, prepare, rational_form
from symgan.errors import Undecided

Filter = Callable[[Mapping[Symbol, Rational]], bool]


@dataclass(frozen=True)
class Zero:
    """Whether an expression vanishes identically on the domain of its symbols.

    Attributes:
        holds: True (proved zero), False (a witness is given), None (undecided).
        witness: symbol -> rational at which the expression is provably nonzero.
        value: the value there: exact, or a ball.
        certificate: numerator, generators and relations; plain data.
    """

    holds: bool | None
    witness: Mapping[Symbol, Rational] = field(default_factory=dict)
    value: str = ""
    certificate: Mapping[str, Any] = field(default_factory=dict)


def is_zero(expression: Any, *, given: Boolean = sp.true, tries: int = 400) -> Zero:
    r"""Decide whether an elementary expression vanishes wherever it is defined.

    An expression that is defined nowhere is left undecided.

    Args:
        expression: an expression without floats.
        given: restricts where a witness may lie (inequalities between its symbols).
        tries: how many rational points are tried for a witness.

    Raises:
        ValueError: the expression holds a float.

    >>> a, t = sp.symbols("a t", positive=True)
    >>> is_zero(sp.sin(2*t) - 2*sp.sin(t)*sp.cos(t)).holds
    True
    >>> is_zero(sp.sqrt(1 + a**2) - (1 + a)).witness
    {a: 1}
    """
    functional = prepare(expression)
    prepared = free_functions(functional)
    generators = Generators()
    form = rational_form(prepared, generators)
    polynomial, denominator = numerator(form, generators)
    if not defined(prepared, denominator, generators):
        return Zero(None)
    if polynomial.is_zero:
        return Zero(True, certificate=identity_data(form, generators, denominator))
    for point, plain in points_of(functional, given, tries):
        try:
            value = proved_nonzero(plain, point)
        except (Undecided, ZeroDivisionError):
            continue
        if value is not None:
            return Zero(False, point, value)
    return Zero(None)


def points_of(
    expression: Any, given: Boolean, tries: int = 400
) -> Iterator[tuple[dict[Symbol, Rational], Any]]:
    """Admissible rational points, and the expression (or tuple) with its free functions named."""
    names = free_names(expression, given)
    plain, premise = free_functions(expression, names), free_functions(given, names)
    symbols = plain.free_symbols | argument_symbols(names) | set(names.values())
    for point in rational_points(symbols, premise, tries):
        if consistent(names, point):
            yield point, plain


def rational_points(
    symbols: set[Symbol] | set[Any], given: Boolean = sp.true, tries: int = 400
) -> Iterator[dict[Symbol, Rational]]:
    """Simple rational points of a domain, the simplest first, in a fixed order."""
    ordered = sorted(symbols | given.free_symbols, key=lambda s: (s.name, str(s.assumptions0)))
    # A quick look in floating point; what passes is decided exactly.
    likely = sp.lambdify(ordered, _widened(given), "math", dummify=True)
    found = 0
    for number in range(tries * 5):
        point = {s: _value(s, number, place) for place, s in enumerate(ordered)}
        if not all(admits(s, value) for s, value in point.items()):
            continue
        if given is not sp.true and not _holds(likely, given, point):
            continue
        yield point
        found += 1
        if found >= tries or not ordered:
            return


def _holds(likely: Callable[..., Any], given: Boolean, point: Mapping[Symbol, Rational]) -> bool:
    """Whether a point satisfies what is given: a float look, then exact substitution."""
    try:
        if not likely(*(float(value) for value in point.values())):
            return False
    except (ArithmeticError, NameError, TypeError, ValueError):
        pass  # no float look at this function; exact substitution decides alone
    return satisfied(given, point)


def satisfied(given: Boolean, point: Mapping[Symbol, Any]) -> bool:
    """Whether what is given is defined and true at an exact point."""
    try:
        return given.subs(point) is sp.true
    except TypeError:  # SymPy's word for comparing what is not real
        return False


def _widened(given: Boolean) -> Boolean:
    """What a float look asks for: equations only up to rounding, 10^-9 of the left side."""
    near = {
        e: sp.Le(abs(e.lhs - e.rhs), sp.Float(1e-9) * (1 + abs(e.lhs)), evaluate=False)
        for e in given.atoms(sp.Equality)
        if isinstance(e.lhs, Expr) and isinstance(e.rhs, Expr)
    }
    return given.xreplace(near)


def admits(symbol: Symbol, value: Expr) -> bool:
    """Whether a value agrees with a symbol's assumptions."""
    return all(getattr(value, f"is_{name}") is truth for name, truth in symbol.assumptions0.items())


_SIMPLE = tuple(
    Rational(p, q)
    for p, q in ((1, 1), (2, 1), (3, 1), (1, 2), (-1, 1), (-2, 1), (3, 2), (5, 1), (0, 1),
                 (1, 3), (-1, 2), (7, 1), (2, 3), (-3, 1), (5, 3), (11, 1), (1, 10), (13, 7))
)  # fmt: skip


def _value(symbol: Symbol, number: int, place: int) -> Rational:
    """A low-discrepancy walk through simple rationals, different for each symbol."""
    if number % 5 == 4:  # now and then all symbols are equal: differences vanish there
        place, number = 0, number // 5
    if number < len(_SIMPLE):
        return _SIMPLE[(number * (2 * place + 1) + place) % len(_SIMPLE)]
    mixed = (number * 7919 + place * 104729 + number * number * (place + 3)) % 100003
    return _SIMPLE[mixed % len(_SIMPLE)] + Rational(mixed % 29, 1 + mixed % 31)
