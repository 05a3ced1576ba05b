r"""Mixtures of unit-variance Gaussians in exact numbers or symbols."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Expr, Rational

from symgan.errors import GameError


def normal_pdf(x: Any) -> Expr:
    r"""The standard normal density :math:`\varphi(x) = e^{-x^2/2}/\sqrt{2\pi}`.

    >>> normal_pdf(0)
    sqrt(2)/(2*sqrt(pi))
    """
    return sp.exp(-(sp.sympify(x) ** 2) / 2) / sp.sqrt(2 * sp.pi)


def normal_cdf(x: Any) -> Expr:
    r"""The standard normal distribution function :math:`\Phi(x) = (1 + \mathrm{erf}(x/\sqrt2))/2`.

    >>> normal_cdf(0), normal_cdf(sp.oo), normal_cdf(-sp.oo)
    (1/2, 1, 0)
    """
    return (1 + sp.erf(sp.sympify(x) / sp.sqrt(2))) / 2


@dataclass(frozen=True)
class Mixture:
    r"""A mixture of unit-variance Gaussians :math:`\sum_j w_j N(\mu_j, 1)`.

    Args:
        means: :math:`\mu_j`, numbers or symbols, in any order; equal ones are one mode. A float is
            taken as the dyadic rational that it is.
        weights: :math:`w_j`, positive with sum 1; uniform unless given.

    Raises:
        GameError: no means, a mean that is not finite or not real, weights that are not one
            positive number a mean or do not sum to 1.

    >>> Mixture((-1, 1)).cdf(0)
    1/2
    """

    means: tuple[Expr, ...]
    weights: tuple[Expr, ...] = ()

    def __post_init__(self) -> None:
        means = tuple(exact(mean, "mean of a mixture") for mean in listed(self.means, "means"))
        given = listed(self.weights, "weights")
        weights = tuple(exact(weight, "weight of a mixture") for weight in given)
        weights = weights or tuple(Rational(1, len(means)) for _ in means)
        object.__setattr__(self, "means", means)
        object.__setattr__(self, "weights", weights)
        _check(self)

    def pdf(self, x: Any) -> Expr:
        r"""The density :math:`\sum_j w_j \varphi(x - \mu_j)`."""
        pairs = zip(self.weights, self.means, strict=True)
        return sp.Add(*(w * normal_pdf(x - mean) for w, mean in pairs))

    def cdf(self, x: Any) -> Expr:
        r"""The distribution function :math:`\sum_j w_j \Phi(x - \mu_j)`; x may be infinite."""
        pairs = zip(self.weights, self.means, strict=True)
        return sp.Add(*(w * normal_cdf(x - mean) for w, mean in pairs))


def listed(values: Any, what: str) -> tuple[Any, ...]:
    """The values as a tuple.

    Raises:
        GameError: text, or what has no order.
    """
    if isinstance(values, str | bytes | Mapping | Set) or not isinstance(values, Iterable):
        raise GameError(f"the {what} {values!r} are no list; give a tuple of numbers or symbols")
    return tuple(values)


def exact(value: Any, what: str) -> Expr:
    """A number or a symbol; text is refused, since reading it would run it.

    Raises:
        GameError: neither.
    """
    try:
        number: Any = (
            None if isinstance(value, str | bytes | bool) else sp.sympify(value, strict=True)
        )
    except sp.SympifyError:
        number = None
    if not isinstance(number, Expr):
        raise GameError(f"the {what} {value!r} is neither a number nor a symbol")
    return number.xreplace({f: Rational(f) for f in number.atoms(sp.Float) if f.is_finite})


def _check(mixture: Mixture) -> None:
    if not mixture.means:
        raise GameError("a mixture needs at least one mean")
    for mean in mixture.means:
        if mean is sp.nan or mean.is_finite is False or mean.is_extended_real is False:
            raise GameError(f"the mean {mean} of a mixture is not a finite real number")
    if len(mixture.weights) != len(mixture.means):
        raise GameError(
            f"{len(mixture.weights)} weights for {len(mixture.means)} means; give one a mean"
        )
    for weight in mixture.weights:
        if weight is sp.nan or weight.is_positive is False or weight.is_finite is False:
            raise GameError(f"the weight {weight} of a mixture is not a positive number")
    total = sp.Add(*mixture.weights)
    if total.is_number and total.equals(1) is not True:
        raise GameError(f"the weights of a mixture sum to {total}, not to 1; give rationals")
