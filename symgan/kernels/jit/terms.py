r"""Sums and products taken apart: a sign, a coefficient, what is fixed, and what varies.

A term is :math:`\pm c\, I\, V`: a positive number c, factors I that hold nothing but parameters,
and factors V that vary along an orbit. Terms with one :math:`c\, I` are added before they are
multiplied by it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sympy import Expr, Mul, S

from symgan.kernels.jit.contents import NOTHING, VARYING

Power = tuple[Expr, Any]
"""A base and a positive exponent: a whole number or a half, or any expression."""


@dataclass(frozen=True)
class Factors:
    """A product of powers over a product of powers."""

    above: tuple[Power, ...] = ()
    below: tuple[Power, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.above or self.below)


@dataclass(frozen=True)
class Term:
    """The product sign * coefficient * fixed * varying."""

    negative: bool
    coefficient: Expr
    fixed: Factors
    varying: Factors


def term(node: Expr, contents: Callable[[Expr], int]) -> Term:
    """Take a product apart.

    Args:
        node: an expression; what is no product is one factor.
        contents: which symbols an expression holds (`contents`).

    >>> from sympy import sqrt, symbols
    >>> from symgan.kernels.jit.contents import Contents
    >>> x, eta = symbols("x eta")
    >>> found = term(-2 * eta * x / sqrt(x + 1), Contents([eta]))
    >>> found.negative, found.coefficient, found.fixed.above, found.varying.below
    (True, 2, ((eta, 1),), ((x + 1, 1/2),))
    """
    number, groups = S.One, {(f, b): [] for f in (True, False) for b in (True, False)}
    for factor in Mul.make_args(node):
        held = contents(factor)
        if held == NOTHING and factor is not S.NaN:
            number *= factor
            continue
        base, exponent = (factor.base, factor.exp) if factor.is_Pow else (factor, S.One)
        below = exponent.is_Rational and is_negative(exponent)
        groups[held < VARYING, below].append((base, -exponent if below else exponent))
    negative = is_negative(number)
    fixed, varying = (
        Factors(tuple(groups[f, False]), tuple(groups[f, True])) for f in (True, False)
    )
    return Term(negative, -number if negative else number, fixed, varying)


def is_negative(number: Any) -> bool:
    """Whether a number is below zero; of a fraction SymPy would have to deduce it."""
    return number.p < 0 if number.is_Rational else bool(number.is_negative)
