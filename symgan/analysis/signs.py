r"""Signs of exact expressions, and conditions that say no more than they must.

`sign` decides from assumptions and exact arithmetic alone. `positive`, `nonnegative`,
`vanishes` turn :math:`e > 0`, :math:`e \ge 0`, :math:`e = 0` into Booleans in which
factors of known sign are dropped and even powers are reduced: for real :math:`x`,
:math:`x^2 y > 0` reads :math:`x \ne 0 \wedge y > 0`.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import sympy as sp
from sympy import Abs, And, Expr, Integer, Mul, Or
from sympy.logic.boolalg import Boolean

from symgan.analysis.samples import changes_sign
from symgan.analysis.term_signs import one_sign
from symgan.certify.sign import signs as certified_signs

LONG_SUM = 12
"""Terms beyond which a sum is not asked for its assumptions: the signs of its coefficients, and
the certifier, are faster there."""


@lru_cache(maxsize=4096)
def sign(expression: Expr) -> int | None:
    """The sign (-1, 0, 1) under the symbols' assumptions, or None if they leave it open.

    >>> T, x = sp.Symbol("T", positive=True), sp.Symbol("x", real=True)
    >>> sign(1/T**2 + 1), sign(-T), sign(x), sign(sp.sqrt(2) - 1)
    (1, -1, None, 1)
    """
    quick = _assumed(expression)
    if quick is not None:
        return quick
    constant, factors = split(expression)
    total = constant
    for base, power in factors:
        known = _factor_sign(base)
        if known is None:
            return None
        total *= known**power if power % 2 else abs(known)
    return total


def positive(expression: Any) -> Boolean:
    """The condition :math:`e > 0`, reduced.

    >>> x, y = sp.symbols("x y", real=True)
    >>> positive(-x**2*y)
    (y < 0) & Ne(x, 0)
    """
    constant, odd, even = _parts(sp.sympify(expression))
    if constant == 0:
        return sp.false
    return And(_strict(constant, odd), *(_relation(sp.Ne, base) for base in even))


def nonnegative(expression: Any) -> Boolean:
    r"""The condition :math:`e \ge 0`, reduced.

    >>> x, y = sp.symbols("x y", real=True)
    >>> nonnegative(x**2*y)
    Eq(x, 0) | (y >= 0)
    """
    constant, odd, even = _parts(sp.sympify(expression))
    if constant == 0:
        return sp.true
    return Or(_weak(constant, odd), *(_relation(sp.Eq, base) for base in even))


def vanishes(expression: Any) -> Boolean:
    """The condition :math:`e = 0`, factor by factor.

    >>> x, T = sp.Symbol("x", real=True), sp.Symbol("T", positive=True)
    >>> vanishes(T*x**3)
    Eq(x, 0)
    """
    constant, odd, even = _parts(_numerator(expression))
    if constant == 0:
        return sp.true
    return Or(*(_relation(sp.Eq, base) for base in (*odd, *even)))


def _numerator(expression: Any) -> Expr:
    whole = sp.sympify(expression)
    return whole if whole.is_polynomial() else sp.fraction(sp.together(whole))[0]


def nonvanishing(expression: Any) -> Boolean:
    r"""The condition :math:`e \ne 0`, factor by factor."""
    return sp.Not(vanishes(expression))


def smaller_size(left: Expr, right: Expr) -> Boolean:
    r"""The condition :math:`|a| < |b|`, without the common constant factor.

    >>> w, b = sp.Symbol("w", positive=True), sp.Symbol("b", positive=True)
    >>> smaller_size(4*w/b**2, 2*w)
    2*w/b**2 < w
    """
    content = sp.gcd(_constant_factor(left), _constant_factor(right))
    return sp.StrictLessThan(size(left / content), size(right / content))


def _constant_factor(expression: Expr) -> Expr:
    above, below = sp.fraction(sp.together(expression))
    return sp.Rational(sp.factor_list(above)[0] or 1) / sp.Rational(sp.factor_list(below)[0])


def size(expression: Expr) -> Expr:
    """The absolute value, without bars around factors of known sign."""
    expression = sp.factor(expression)
    return Mul(*(_bars(arg) for arg in Mul.make_args(expression)))


def root_of(square: Expr) -> Expr:
    r"""The nonnegative square root of an expression that is not negative, factored.

    >>> x, T = sp.Symbol("x", real=True), sp.Symbol("T", positive=True)
    >>> root_of(4*x**2*(T**2 + 1)/T**2)
    2*sqrt(T**2 + 1)*Abs(x)/T
    """
    numerator, denominator = sp.fraction(sp.factor(sp.together(square)))
    return _root(numerator) / _root(denominator)


def split(expression: Expr) -> tuple[int, list[tuple[Expr, int]]]:
    """The sign of the numeric factor, and the factors with their powers.

    Each argument of a product is factored on its own, so that what is already a product of
    long factors is not multiplied out again.
    """
    constant, powers = 1, dict[Expr, int]()
    for part in Mul.make_args(expression):
        outer, exponent = _integer_power(part)
        sign_of_part, factors = _irreducible(outer)
        constant *= sign_of_part ** abs(exponent)
        for base, power in factors:
            powers[base] = powers.get(base, 0) + power * exponent
    return constant, [(base, power) for base, power in powers.items() if power]


@lru_cache(maxsize=4096)
def _irreducible(expression: Expr) -> tuple[int, tuple[tuple[Expr, int], ...]]:
    """The sign of the numeric factor and the irreducible factors of one expression."""
    constant, factors = 1, []
    for base, exponent in _factor_list(expression):
        number = _assumed(base) if base.is_number else None
        if number is not None:
            constant *= number ** abs(exponent)
            continue
        if base.could_extract_minus_sign():  # one name for q - 1 and 1 - q
            base, constant = -base, constant * (-1) ** (exponent % 2)
        factors.append((base, exponent))
    return constant, tuple(factors)


def _factor_list(expression: Expr) -> list[tuple[Expr, int]]:
    """Factors with powers; a polynomial over the rationals goes to its ring at once."""
    symbols = expression.free_symbols
    if expression.is_Add and expression.is_polynomial(*symbols):
        polynomial = sp.Poly(expression, *sorted(symbols, key=str))
        if polynomial.domain in (sp.ZZ, sp.QQ):
            number, factors = polynomial.factor_list()
            return [(number, 1), *((f.as_expr(), power) for f, power in factors)]
    return [_integer_power(part) for part in Mul.make_args(sp.factor(expression))]


def _integer_power(part: Expr) -> tuple[Expr, int]:
    base, exponent = part.as_base_exp()
    return (base, int(exponent)) if exponent.is_Integer else (part, 1)


@lru_cache(maxsize=4096)
def semidefinite(base: Expr) -> int | None:
    r"""1 where :math:`e \ge 0` is proved, -1 where :math:`e \le 0` is, None otherwise.

    Beside assumptions, quadratic forms in real symbols are decided by their Gram matrix.

    >>> x, y = sp.symbols("x y", real=True)
    >>> semidefinite(x**2 - 2*x*y + y**2)
    1
    """
    if base.is_nonnegative:
        return 1
    if base.is_nonpositive:
        return -1
    symbols = sorted(base.free_symbols, key=str)
    if not symbols or not all(s.is_real for s in symbols) or not base.is_polynomial(*symbols):
        return None
    form = sp.Poly(base, *symbols)
    if form.total_degree() != 2 or not form.is_homogeneous:
        return None
    gram = sp.hessian(base, symbols)
    if gram.is_positive_semidefinite:
        return 1
    return -1 if gram.is_negative_semidefinite else None


def _bars(factor: Expr) -> Expr:
    exponent = factor.as_base_exp()[1]
    if exponent.is_Integer and exponent.is_even:
        return factor
    known = sign(factor)
    return Abs(factor) if known is None else known * factor


def _root(product: Expr) -> Expr:
    outside: Expr = Integer(1)
    inside: Expr = Integer(1)
    for part in Mul.make_args(sp.factor(product)):
        base, exponent = part.as_base_exp()
        if part.is_number or not exponent.is_Integer:
            outside *= sp.sqrt(part)
            continue
        outside *= size(base) ** (exponent // 2)
        inside *= base ** (exponent % 2)
    return outside * sp.sqrt(inside)


def _assumed(expression: Expr) -> int | None:
    if len(expression.args) > LONG_SUM:
        return one_sign(expression)
    if expression.is_positive:
        return 1
    if expression.is_negative:
        return -1
    if expression.is_zero:
        return 0
    if expression.is_number and expression.is_algebraic:
        return 0 if sp.minimal_polynomial(expression, sp.Symbol("x")).is_Symbol else None
    return None


@lru_cache(maxsize=4096)
def _factor_sign(factor: Expr) -> int | None:
    known = _assumed(factor)
    if known is not None:
        return known
    if changes_sign(factor):
        return None
    expanded = _assumed(sp.expand(factor))
    if expanded is not None:
        return expanded
    if any(n.is_irrational for n in factor.atoms(sp.Number, sp.NumberSymbol)):
        return None
    if any(not (p.exp.is_Integer) for p in factor.atoms(sp.Pow)) or factor.atoms(sp.Function):
        return None
    found = certified_signs(factor)
    return next(iter(found)) if len(found) == 1 else None


def _parts(expression: Expr) -> tuple[int, list[Expr], list[Expr]]:
    """Constant sign, bases of odd and of even power whose sign is open."""
    known = sign(expression)
    if known is not None:
        return known, [], []
    constant, factors = split(expression)
    odd, even = [], []
    for base, power in factors:
        found = _factor_sign(base)
        if found == 0:
            return 0, [], []
        if found is not None:
            constant *= found if power % 2 else 1
        elif power % 2 and (weak := semidefinite(base)) is not None:
            constant *= weak
            even.append(base)
        elif power % 2:
            odd.append(base)
        elif _may_vanish(base):
            even.append(base)
    return constant, odd, even


def _may_vanish(base: Expr) -> bool:
    return base.is_nonzero is not True and base.is_zero is not False


def _strict(constant: int, odd: list[Expr]) -> Boolean:
    if not odd:
        return sp.true if constant > 0 else sp.false
    return _relation(sp.Gt if constant > 0 else sp.Lt, Mul(*odd))


def _weak(constant: int, odd: list[Expr]) -> Boolean:
    if not odd:
        return sp.true if constant > 0 else sp.false
    return _relation(sp.Ge if constant > 0 else sp.Le, Mul(*odd))


def _relation(kind: Any, expression: Expr) -> Boolean:
    """A comparison with 0, with a constant term moved to the right."""
    constant, rest = expression.as_coeff_Add()
    if len(rest.args) > LONG_SUM:  # its sign is open as far as this module can tell
        return kind(rest, -constant, evaluate=False)
    return kind(rest, -constant)
