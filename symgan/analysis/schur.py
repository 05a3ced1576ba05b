r"""Schur stability: all roots inside the unit circle, as exact conditions on coefficients.

Two constructions that share nothing but field arithmetic: the bilinear transform to
Routh-Hurwitz, and the leading minors of the Schur-Cohn matrix. Both are free of fractions:
a polynomial is first multiplied by the common denominator of its coefficients.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Literal

import sympy as sp
from sympy import And, Expr, Poly, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.field import Field, build_field
from symgan.analysis.minors import leading_minors
from symgan.analysis.signs import positive
from symgan.errors import GameError

Method = Literal["bilinear", "schur-cohn"]
LONGEST = 150
"""Terms of a polynomial beyond which it is neither factored nor searched for a sign."""
Coefficients = list[Any]
"""Coefficients as ring elements, leading coefficient first."""


@dataclass(frozen=True)
class Cleared:
    """A real polynomial times a common denominator of its coefficients.

    Attributes:
        entries: the coefficients, leading coefficient first, in `domain`.
        domain: a ring (or a field of numbers).
        field: the field that turns elements into expressions.
    """

    entries: Coefficients
    domain: Any
    field: Field

    def expression(self, element: Any) -> Expr:
        """The expression of a ring element, factored unless that would take long."""
        if self.domain.is_PolynomialRing and len(element) > LONGEST:
            return self.domain.to_sympy(element).xreplace(self.field.values)
        field_element = self.field.domain.convert_from(element, self.domain)
        return self.field.expression(field_element)


def schur(polynomial: Any, variable: Symbol, *, method: Method = "bilinear") -> Boolean:
    r"""The exact condition for all roots to lie in the open unit disk.

    Args:
        polynomial: an expression of any degree, with real parameters; its coefficients may
            hold :math:`i`.
        variable: its variable.
        method: ``bilinear`` (:math:`z = (1+w)/(1-w)`, then Liénard-Chipart) or
            ``schur-cohn`` (leading minors of the Schur-Cohn matrix). Both say the same.

    Raises:
        GameError: a constant or zero polynomial, a float, or a complex parameter.

    Source: Gantmacher, The Theory of Matrices, vol. 2, chapter XV; Jury 1964, chapter 3.

    >>> z, p, q = sp.symbols("z p q", real=True)
    >>> schur(z**2 + p*z + q, z)
    (q < 1) & (p + q > -1) & (-p + q > -1)
    >>> schur(2*z + sp.I*p, z, method="schur-cohn")
    (p - 2)*(p + 2) < 0
    """
    return And(
        *(strictly_positive(e) for e in schur_expressions(polynomial, variable, method=method))
    )


def schur_expressions(
    polynomial: Any, variable: Symbol, *, method: Method = "bilinear"
) -> tuple[Expr, ...]:
    """The expressions that must all be positive for Schur stability.

    Args and errors: as `schur`.
    """
    re, im = _parts(polynomial, variable)
    field = build_field([*re, *im])
    if method == "schur-cohn":
        first, second = (cleared([field.element(c) for c in side], field) for side in (re, im))
        if any(im):
            first, second = _same_denominator(re, im, field)
        return _schur_cohn(first, second.entries)
    if not any(im):
        return bilinear_expressions(cleared([field.element(c) for c in re], field))
    square = _norm([field.element(c) for c in re], [field.element(c) for c in im])
    return bilinear_expressions(cleared(square, field))


def strictly_positive(expression: Expr) -> Boolean:
    """The condition ``e > 0``, reduced unless the expression is long."""
    if len(expression.args) > LONGEST:
        return sp.Gt(expression, 0)
    return positive(expression)


def cleared(elements: Sequence[Any], field: Field) -> Cleared:
    """Multiply field elements by their common denominator."""
    domain = field.domain
    if not domain.is_FractionField:
        return Cleared(list(elements), domain, field)
    ring = domain.get_ring()
    denominator = reduce(lambda a, b: ring.lcm(a, b), (e.denom for e in elements), ring.one)
    entries = [e.numer * ring.exquo(denominator, e.denom) for e in elements]
    return Cleared(entries, ring, field)


def bilinear_expressions(polynomial: Cleared) -> tuple[Expr, ...]:
    r"""The positive expressions by the bilinear transform and Liénard-Chipart.

    :math:`H(w) = (1-w)^n g\!\left(\frac{1+w}{1-w}\right)` must be a Hurwitz polynomial of
    full degree: with :math:`c` the leading coefficient of g, every second :math:`c\,h_k` and
    every second :math:`c^k\Delta_k` is positive.
    """
    lead, H = polynomial.entries[0], bilinear(polynomial.entries, polynomial.domain)
    n = len(H) - 1
    minors = leading_minors(hurwitz_matrix(H, polynomial.domain), polynomial.domain)
    found = [lead * H[k] for k in range(n, -1, -2)]
    if n % 2:  # the leading coefficient, -g(-1), fixes the sign of all the others
        found.append(lead * H[0])
    found += [minors[k - 1] * lead ** (k % 2) for k in range(n - 1, 0, -2)]
    return tuple(polynomial.expression(e) for e in found)


def critical_elements(polynomial: Cleared) -> Coefficients:
    r"""What vanishes where a root crosses the unit circle: :math:`g(1),\ g(-1),\ \Delta_{n-1}`.

    Up to powers of the leading coefficient, the last is :math:`\prod_{i<j}(1 - z_i z_j)`; it is
    left out in degree one.
    """
    entries, K = polynomial.entries, polynomial.domain
    n = len(entries) - 1
    at_one = sum(entries, K.zero)
    at_minus = sum((c if (n - k) % 2 == 0 else -c for k, c in enumerate(entries)), K.zero)
    if n == 1:
        return [at_one, at_minus]
    rows = hurwitz_matrix(bilinear(entries, K), K)
    return [at_one, at_minus, leading_minors(rows, K)[n - 2]]


def bilinear(entries: Coefficients, K: Any) -> Coefficients:
    r""":math:`(1-w)^n g\!\left(\frac{1+w}{1-w}\right)`, degree n (its leading entry may be 0)."""
    n = len(entries) - 1
    total = [K.zero] * (n + 1)
    for k, c in enumerate(reversed(entries)):
        powers = _integer_product(k, n - k)
        total = [t + c * K.convert(p) for t, p in zip(total, powers, strict=True)]
    return total


def hurwitz_matrix(H: Coefficients, K: Any) -> list[Coefficients]:
    """The Hurwitz matrix of a polynomial given leading coefficient first."""
    n = len(H) - 1

    def entry(i: int, j: int) -> Any:
        k = 2 * j - i + 1
        return H[k] if 0 <= k <= n else K.zero

    return [[entry(i, j) for j in range(n)] for i in range(n)]


def _integer_product(up: int, down: int) -> list[int]:
    """Coefficients of (1 + w)^up (1 - w)^down, leading coefficient first."""
    w = sp.Symbol("w")
    found = Poly((1 + w) ** up * (1 - w) ** down, w).all_coeffs()
    return [int(c) for c in found]


def _schur_cohn(real: Cleared, imaginary: Coefficients) -> tuple[Expr, ...]:
    r"""Leading minors of the Hermitian Schur-Cohn matrix.

    With :math:`g = \sum a_k z^k`, :math:`h_{ij} = \sum_{k=1}^{\min(i,j)} (a_{n-i+k}
    \bar a_{n-j+k} - \bar a_{i-k} a_{j-k})`, and all roots lie inside exactly where it is
    positive definite.
    """
    K = real.domain
    a = list(zip(reversed(real.entries), reversed(imaginary), strict=True))
    n = len(a) - 1
    X = [[K.zero] * n for _ in range(n)]
    Y = [[K.zero] * n for _ in range(n)]
    for i in range(1, n + 1):
        for j in range(1, n + 1):
            for k in range(1, min(i, j) + 1):
                ahead = _conjugate_product(a[n - i + k], a[n - j + k])
                behind = _conjugate_product(a[j - k], a[i - k])
                X[i - 1][j - 1] += ahead[0] - behind[0]
                Y[i - 1][j - 1] += ahead[1] - behind[1]
    minors = _hermitian_minors(X, Y, K) if any(imaginary) else leading_minors(X, K)
    return tuple(real.expression(m) for m in minors)


def _conjugate_product(one: tuple[Any, Any], other: tuple[Any, Any]) -> tuple[Any, Any]:
    """Real and imaginary part of one times the conjugate of the other."""
    return one[0] * other[0] + one[1] * other[1], one[1] * other[0] - one[0] * other[1]


def _hermitian_minors(X: Sequence[Any], Y: Sequence[Any], K: Any) -> Coefficients:
    r"""Leading minors of :math:`X + iY` from its real form of twice the size.

    With rows and columns interleaved the odd minors of the real form are
    :math:`M_{2k+1} = D_k D_{k+1}`.
    """
    n = len(X)
    cell: Callable[[int, int], Any] = lambda r, c: (  # noqa: E731
        X[r // 2][c // 2] if r % 2 == c % 2 else (Y if r % 2 else _negated(Y))[r // 2][c // 2]
    )
    rows = [[cell(r, c) for c in range(2 * n)] for r in range(2 * n)]
    doubled, found = leading_minors(rows, K), [K.one]
    for k in range(n):
        if not found[-1]:  # the odd minor says nothing: back to a determinant of the square
            found.append(K.zero)
            continue
        found.append(K.exquo(doubled[2 * k], found[-1]))
    return found[1:]


def _negated(rows: Sequence[Any]) -> list[Any]:
    return [[-e for e in row] for row in rows]


def _parts(polynomial: Any, variable: Symbol) -> tuple[list[Expr], list[Expr]]:
    """Real and imaginary parts of the coefficients."""
    given = sp.sympify(polynomial)
    if not given.is_polynomial(variable) or variable not in given.free_symbols:
        raise GameError(f"{polynomial} is no polynomial of positive degree in {variable}; give one")
    coefficients = Poly(given, variable).all_coeffs()
    if not given.has(sp.I):
        return coefficients, [sp.Integer(0)] * len(coefficients)
    for symbol in sorted(given.free_symbols - {variable}, key=str):
        if symbol.is_real is not True:
            raise GameError(
                f"{symbol} is not known to be real, so {polynomial} cannot be split into real "
                "and imaginary part; declare it with real=True"
            )
    pairs = [sp.expand(c).as_real_imag() for c in coefficients]
    return [re for re, _ in pairs], [im for _, im in pairs]


def _same_denominator(
    re: Sequence[Expr], im: Sequence[Expr], field: Field
) -> tuple[Cleared, Cleared]:
    both = cleared([field.element(c) for c in (*re, *im)], field)
    n = len(re)
    first, second = both.entries[:n], both.entries[n:]
    return Cleared(first, both.domain, field), Cleared(second, both.domain, field)


def _norm(re: Sequence[Any], im: Sequence[Any]) -> list[Any]:
    r"""Coefficients of :math:`g\bar g`, which has the roots of g and their conjugates."""
    n = len(re)
    zero = re[0] - re[0]
    found = [zero] * (2 * n - 1)
    for i in range(n):
        for j in range(n):
            found[i + j] += re[i] * re[j] + im[i] * im[j]
    return found
