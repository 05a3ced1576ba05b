r"""Tail probabilities: closed forms where they exist, mpmath where they do not."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Expr, Rational

from symgan.errors import BadData

DIGITS = 30
"""Decimal digits of the numbers that this module returns as mpmath floats."""


def chi_square_tail(statistic: Any, degrees: int) -> Expr:
    r"""The exact probability that a chi-square variable is at least `statistic`.

    With :math:`x` the statistic and :math:`d` the degrees of freedom it is

    .. math:: e^{-x/2} \sum_{j < d/2} \frac{(x/2)^j}{j!}
       \quad\text{or}\quad
       1 - \operatorname{erf}\sqrt{x/2} + e^{-x/2}\sum_{j < (d-1)/2}
       \frac{(x/2)^{j + 1/2}}{\Gamma(j + 3/2)}

    for even and odd :math:`d`.

    Args:
        statistic: an exact number, at least 0.
        degrees: at least 1.

    Raises:
        BadData: a negative statistic, or no degrees of freedom.

    >>> chi_square_tail(6, 2)
    exp(-3)
    """
    half = sp.sympify(statistic) / 2
    if degrees < 1 or half.is_negative:
        raise BadData(
            f"no chi-square tail at {statistic} with {degrees} degrees of freedom; give a "
            "statistic >= 0 and at least one degree"
        )
    if degrees % 2 == 0:
        return sp.exp(-half) * sum(half**j / sp.factorial(j) for j in range(degrees // 2))
    terms = (
        half ** (j + Rational(1, 2)) / sp.gamma(j + Rational(3, 2)) for j in range(degrees // 2)
    )
    return 1 - sp.erf(sp.sqrt(half)) + sp.exp(-half) * sum(terms, sp.Integer(0))


def normal_tail(z: Any) -> Expr:
    r"""The exact probability that a standard normal variable lies at least :math:`|z|` from 0.

    >>> normal_tail(0)
    1
    """
    return 1 - sp.erf(sp.Abs(sp.sympify(z)) / sp.sqrt(2))


def f_tail(statistic: Any, above: int, below: int, *, digits: int = DIGITS) -> mpmath.mpf:
    r"""The probability that an F variable is at least `statistic`.

    .. math:: I_{b/(b + a x)}\left(\tfrac b2, \tfrac a2\right),
       \quad a, b \text{ the degrees of freedom}

    >>> mpmath.nstr(f_tail(1, 2, 2), 5)
    '0.5'
    """
    with mpmath.workdps(digits + 10):
        x = mpmath.mpf(sp.Rational(statistic).p) / sp.Rational(statistic).q
        return mpmath.betainc(
            mpmath.mpf(below) / 2,
            mpmath.mpf(above) / 2,
            0,
            below / (below + above * x),
            regularized=True,
        )


def range_tail(q: Any, treatments: int, *, digits: int = 15) -> mpmath.mpf:
    r"""The probability that k standard normal variables spread over at least q.

    .. math:: 1 - k \int \varphi(x) \, \bigl(\Phi(x) - \Phi(x - q)\bigr)^{k-1} dx

    Source: Tukey's studentized range with infinitely many degrees of freedom.

    >>> mpmath.nstr(range_tail(3.633, 4), 3)  # tabulated critical value at 5 %
    '0.05'
    """
    with mpmath.workdps(digits + 10):
        width = mpmath.mpf(q)

        def density(x: Any) -> Any:
            inside = mpmath.ncdf(x) - mpmath.ncdf(x - width)
            return mpmath.npdf(x) * inside ** (treatments - 1)

        # Beyond 12 standard deviations the normal density is below 10^-31.
        places = sorted({-12, 0, width / 2, width, width + 12})
        return 1 - treatments * mpmath.quad(density, places)
