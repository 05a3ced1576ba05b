r"""Laws of one real variable, and exact means under them.

Means are finite sums over atoms, combinations of moments for polynomials, and otherwise
`symgan.expectation.Expectation`, which keeps the mean unevaluated.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import sympy as sp
from sympy import Dummy, Expr, Integer, Symbol

from symgan.errors import GameError
from symgan.expectation import NORMAL, UNIFORM, Expectation, Standard


class Law(Protocol):
    """The law of one real variable: what takes means."""

    def mean(self, body: Any, variable: Symbol) -> Expr:
        """The mean of an expression over the variable."""
        ...


@dataclass(frozen=True)
class Atoms:
    r"""Finitely many atoms: (weight, value) pairs, the weights positive with sum one.

    Args:
        points: the pairs.

    Raises:
        GameError: weights that are not positive or do not sum to one.

    >>> x = sp.Symbol("x", real=True)
    >>> Atoms(((sp.Rational(1, 2), -1), (sp.Rational(1, 2), 1))).mean(sp.exp(x), x)
    exp(-1)/2 + E/2
    """

    points: tuple[tuple[Any, Any], ...]

    def __post_init__(self) -> None:
        pairs = tuple((sp.sympify(w), sp.sympify(x)) for w, x in self.points)
        object.__setattr__(self, "points", pairs)
        total = sp.Add(*(w for w, _ in pairs))
        if sp.expand(total - 1) != 0 or any(w.is_positive is False for w, _ in pairs):
            raise GameError(
                f"the weights of the atoms sum to {total}; give positive weights with sum one"
            )

    def mean(self, body: Any, variable: Symbol) -> Expr:
        """The finite sum."""
        return sp.Add(*(w * body.subs(variable, x) for w, x in self.points))


@dataclass(frozen=True)
class Gaussian:
    r"""The law :math:`N(\mu, s^2)`.

    Args:
        location: :math:`\mu`.
        scale: :math:`s \ge 0`.

    >>> x, s = sp.symbols("x s", positive=True)
    >>> Gaussian(1, s).mean(x**2, x)
    s**2 + 1
    """

    location: Any = 0
    scale: Any = 1

    def mean(self, body: Any, variable: Symbol) -> Expr:
        """The mean over the location plus the scale times a standard z."""
        return _affine(body, variable, self.location, self.scale, NORMAL)


@dataclass(frozen=True)
class Uniform:
    r"""The uniform law on an interval.

    Args:
        low: its lower end.
        high: its upper end.

    >>> x = sp.Symbol("x", real=True)
    >>> Uniform(0, 1).mean(x**2, x)
    1/3
    """

    low: Any = -1
    high: Any = 1

    def mean(self, body: Any, variable: Symbol) -> Expr:
        """The mean over the interval."""
        low, high = sp.sympify(self.low), sp.sympify(self.high)
        return _affine(body, variable, (low + high) / 2, (high - low) / 2, UNIFORM)


@dataclass(frozen=True)
class Blurred:
    r"""A law with independent Gaussian noise added: that of :math:`x + \sigma n`.

    Args:
        law: the law of x.
        sigma: the noise's standard deviation.

    >>> x, sigma = sp.symbols("x sigma", positive=True)
    >>> Blurred(Uniform(), sigma).mean(x**2, x)
    sigma**2 + 1/3
    """

    law: Law
    sigma: Any

    def mean(self, body: Any, variable: Symbol) -> Expr:
        """The mean over the noise, then over the law."""
        return self.law.mean(Gaussian(variable, self.sigma).mean(body, variable), variable)


@dataclass(frozen=True)
class Moments:
    r"""A law of which only moments are known: :math:`(E x, E x^2, \dots)`.

    Args:
        values: the moments from the first on.

    >>> x, m = sp.symbols("x m", real=True)
    >>> Moments((0, m)).mean((x + 1) ** 2, x)
    m + 1
    """

    values: tuple[Any, ...]

    def mean(self, body: Any, variable: Symbol) -> Expr:
        """The mean of a polynomial.

        Raises:
            GameError: the integrand is no polynomial, or its degree exceeds what is known.
        """
        body = sp.sympify(body)
        if not body.is_polynomial(variable):
            raise GameError(
                f"moments do not give the mean of {body}, which is no polynomial in {variable}; "
                "give the law itself (Atoms, Uniform, Gaussian)"
            )
        known = (Integer(1), *map(sp.sympify, self.values))
        coefficients = sp.Poly(body, variable).all_coeffs()[::-1]
        if len(coefficients) > len(known):
            raise GameError(
                f"the mean of {body} needs {len(coefficients) - 1} moments of {variable}, and "
                f"{len(self.values)} are given"
            )
        return sp.Add(*(c * m for c, m in zip(coefficients, known, strict=False)))


def _affine(body: Any, variable: Symbol, location: Any, scale: Any, law: Standard) -> Expr:
    z = Dummy("z", real=True)
    moved = sp.sympify(body).subs(variable, sp.sympify(location) + sp.sympify(scale) * z)
    return Expectation(moved, z, law)


def mean(body: Any, variables: Sequence[Symbol], laws: Sequence[Law]) -> Expr:
    r"""The mean over independent variables, one law each.

    >>> x, y = sp.symbols("x y", real=True)
    >>> mean(x**2 * y + x, (x, y), (Gaussian(), Uniform(0, 1)))
    1/2
    """
    for variable, law in zip(variables, laws, strict=True):
        body = law.mean(sp.sympify(body), variable)
    return sp.sympify(body)
