r"""The functions in which losses keep their digits, as SymPy functions."""

from __future__ import annotations

from typing import Any

from sympy import Function


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
