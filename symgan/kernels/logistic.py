r"""The functions in which losses keep their digits, as SymPy functions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
from sympy import Expr, Function

GUARD = 20
"""Bits by which an argument is computed more exactly than a value."""


class sigmoid(Function):  # noqa: N801 - it is printed into the generated code
    r"""The logistic function :math:`\sigma(u) = 1/(1 + e^{-u})`, between 0 and 1.

    >>> from sympy.abc import u
    >>> sigmoid(u).diff(u)
    sigmoid(-u)*sigmoid(u)
    """

    def fdiff(self, argindex: int = 1) -> Any:
        r""":math:`\sigma'(u) = \sigma(u)\,\sigma(-u)`."""
        del argindex
        return self * sigmoid(-self.args[0])

    def _eval_is_positive(self) -> bool | None:
        return self.args[0].is_real

    def _eval_is_real(self) -> bool | None:
        return self.args[0].is_real

    def _eval_evalf(self, prec: int) -> Any:
        return _number(lambda u: 1 / (1 + mpmath.exp(-u)), self.args[0], prec)


class softplus(Function):  # noqa: N801 - it is printed into the generated code
    r""":math:`\log(1 + e^u)`, which is positive.

    >>> from sympy.abc import u
    >>> softplus(u).diff(u)
    sigmoid(u)
    """

    def fdiff(self, argindex: int = 1) -> Any:
        """The logistic function."""
        del argindex
        return sigmoid(self.args[0])

    def _eval_is_positive(self) -> bool | None:
        return self.args[0].is_real

    def _eval_is_real(self) -> bool | None:
        return self.args[0].is_real

    def _eval_evalf(self, prec: int) -> Any:
        def value(u: Any) -> Any:
            return max(u, 0) + mpmath.log1p(mpmath.exp(-abs(u)))

        return _number(value, self.args[0], prec)


def _number(function: Callable[[Any], Any], argument: Any, bits: int) -> Any:
    """The value at a real number; None where the argument is no number."""
    rough = argument.evalf(15)
    if not rough.is_Float and not rough.is_Integer:
        return None
    ahead = int(rough).bit_length()  # an exponential takes that many bits off its argument's
    with mpmath.workprec(bits + GUARD):
        return Expr._from_mpmath(function(argument._to_mpmath(bits + GUARD + ahead)), bits)
