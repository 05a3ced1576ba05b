r"""GAN losses.

A GAN with one scalar loss :math:`f` (the form of Nagarajan and Kolter 2017 and of
Mescheder, Geiger and Nowozin 2018) has the payoff

.. math:: L(\theta, \psi) = E_{p(z)}[f(D_\psi(G_\theta(z)))] + E_{p_D(x)}[f(-D_\psi(x))],

which the generator minimizes and the discriminator maximizes. This module holds the
scalar losses by name (`SCALAR_LOSSES`) and a free one (`GenericLoss`) whose
derivatives stay symbols.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sympy as sp
from sympy import Expr, Function, Integer, Min
from sympy.core.function import ArgumentIndexError

from symgan.errors import UnknownName

ScalarLoss = Callable[[Any], Expr]
"""A map from a discriminator output (an expression) to a loss (an expression)."""


class GenericLoss(Function):
    r"""A free scalar loss :math:`f`; ``GenericLoss(y, n)`` is :math:`f^{(n)}(y)`.

    Differentiation only raises the order, so Jacobians of games with this loss read
    in terms of :math:`f'(0)` and :math:`f''(0)`. All values are real.

    >>> from sympy import symbols
    >>> psi, theta = symbols("psi theta", real=True)
    >>> GenericLoss(psi*theta).diff(psi)
    theta*f'(psi*theta)
    """

    symgan_free = True  # its values are free quantities to the certifier
    nargs = 2
    is_real = True
    is_extended_real = True
    is_finite = True

    def __new__(cls, argument: Any, order: Any = 0, **options: Any) -> Any:
        """The value :math:`f^{(n)}(y)`; ``f(y)`` is ``f(y, 0)``."""
        return super().__new__(cls, argument, Integer(order), **options)

    @property
    def order(self) -> int:
        """How often the loss has been differentiated."""
        return int(self.args[1])

    def fdiff(self, argindex: int = 1) -> Expr:
        """Differentiate in the first argument; the order is not a variable."""
        if argindex != 1:
            raise ArgumentIndexError(self, argindex)
        return type(self)(self.args[0], Integer(self.order + 1))

    def _head(self) -> str:
        return "f" + "'" * self.order if self.order <= 4 else f"f^({self.order})"

    def _sympystr(self, printer: Any) -> str:
        return f"{self._head()}({printer.doprint(self.args[0])})"

    def _latex(self, printer: Any, exp: Any = None) -> str:
        head = "f" + "'" * self.order if self.order <= 4 else f"f^{{({self.order})}}"
        body = rf"{head}\left({printer.doprint(self.args[0])}\right)"
        return body if exp is None else rf"{body}^{{{exp}}}"


def with_loss(expression: Any, loss: ScalarLoss) -> Any:
    r"""Put a concrete loss in the place of the free one, derivatives included.

    >>> from sympy.abc import x
    >>> with_loss(GenericLoss(x, 1), jensen_shannon).subs(x, 0)
    1/2
    """
    y = sp.Dummy("y", real=True)

    def concrete(argument: Any, order: Any = 0) -> Any:
        return sp.diff(loss(y), y, int(order)).subs(y, argument)

    return expression.replace(GenericLoss, concrete)


def wasserstein(y: Any) -> Expr:
    r"""Wasserstein GAN, :math:`f(y) = y` (Arjovsky et al. 2017).

    >>> from sympy.abc import y
    >>> wasserstein(y)
    y
    """
    return sp.sympify(y)


def jensen_shannon(y: Any) -> Expr:
    r"""Saturating (binary cross-entropy) GAN, :math:`f(y) = -\log(1 + e^{-y})`.

    Source: Goodfellow et al. 2014, in the form of Mescheder et al. 2018.

    >>> from sympy.abc import y
    >>> jensen_shannon(y).diff(y).subs(y, 0)
    1/2
    """
    return -sp.log(1 + sp.exp(-sp.sympify(y)))


def least_squares(y: Any) -> Expr:
    r"""Least-squares GAN with targets :math:`\pm 1`: :math:`f(y) = -(y - 1)^2`.

    Source: Mao et al. 2017, as one scalar loss.

    >>> from sympy.abc import y
    >>> least_squares(y)
    -(y - 1)**2
    """
    return -((sp.sympify(y) - 1) ** 2)


def hinge(y: Any) -> Expr:
    r"""Hinge GAN, :math:`f(y) = \min(0, y - 1)`; linear for :math:`y < 1`.

    Source: Lim and Ye 2017, as one scalar loss.

    >>> hinge(0), hinge(3)
    (-1, 0)
    """
    return sp.sympify(Min(0, sp.sympify(y) - 1))


def exponential(y: Any) -> Expr:
    r"""Exponential loss, :math:`f(y) = -e^{-y}`.

    >>> from sympy.abc import y
    >>> exponential(y).diff(y)
    exp(-y)
    """
    return -sp.exp(-sp.sympify(y))


def hyperbolic_tangent(y: Any) -> Expr:
    r"""A bounded odd loss, :math:`f(y) = \tanh y`; all its even derivatives vanish at 0.

    >>> from sympy.abc import y
    >>> hyperbolic_tangent(y).diff(y, 2).subs(y, 0)
    0
    """
    return sp.tanh(sp.sympify(y))


def non_saturating(loss: ScalarLoss) -> ScalarLoss:
    r"""The non-saturating generator's loss :math:`y \mapsto -f(-y)` of a scalar loss f.

    The generator ascends f at the negated output instead of descending f: the direction is
    the same, the slope does not vanish where the discriminator is sure.

    Source: Goodfellow et al. 2014, section 3.

    >>> from sympy.abc import y
    >>> non_saturating(jensen_shannon)(y)
    log(exp(y) + 1)
    """
    return lambda y: -loss(-sp.sympify(y))


SCALAR_LOSSES: dict[str, ScalarLoss] = {
    "wasserstein": wasserstein,
    "jensen-shannon": jensen_shannon,
    "least-squares": least_squares,
    "hinge": hinge,
    "exponential": exponential,
    "tanh": hyperbolic_tangent,
}
"""Scalar losses by name."""


def named_loss(name: str) -> ScalarLoss:
    r"""Return the scalar loss of this name.

    Raises:
        UnknownName: the name is unknown; the sentence lists the known ones.

    >>> named_loss("wasserstein") is wasserstein
    True
    """
    try:
        return SCALAR_LOSSES[name]
    except KeyError:
        known = ", ".join(sorted(SCALAR_LOSSES))
        raise UnknownName(f"unknown loss {name!r}; choose one of: {known}") from None
