"""Finite sums for expectations, for kernels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import sympy as sp
from sympy import Expr
from sympy.integrals.quadrature import gauss_hermite, gauss_legendre

from symgan.errors import GameError
from symgan.expectation.mean import Expectation
from symgan.expectation.standard import NORMAL


def discretized(system: Any, nodes: int, *, digits: int = 25) -> Any:
    r"""The same with finite sums for expectations: Gauss rules, exact to degree 2n - 1.

    Args:
        system: an expression or a `Game`. The sums are floating-point numbers: this is for
            simulation, never for exact results.
        nodes: n, the number of nodes.
        digits: digits of nodes and weights.

    Raises:
        GameError: an integrand holds a Dirac delta.

    >>> from symgan.expectation import UNIFORM
    >>> z, w = sp.symbols("z w", real=True)
    >>> mean = Expectation(sp.cos(w*z), z, UNIFORM)
    >>> abs(discretized(mean, 8).subs(w, 1) - sp.sin(1)) < 1e-15
    True
    """
    if isinstance(system, Expr):
        return _summed(system, nodes, digits)
    losses = tuple(_summed(loss, nodes, digits) for loss in system.losses)
    return replace(system, losses=losses)


def _summed(expression: Any, nodes: int, digits: int) -> Any:
    while found := expression.atoms(Expectation):
        inner = {e: _gauss(e, nodes, digits) for e in found if e.depth == 1}
        expression = expression.xreplace(inner)
    return expression


def _gauss(e: Expectation, nodes: int, digits: int) -> Any:
    if e.body.has(sp.DiracDelta):
        raise GameError(f"no finite sum stands for {e}, whose integrand is no function")
    normal = e.law == NORMAL
    places, weights = (gauss_hermite if normal else gauss_legendre)(nodes, digits)
    stretch, scale = (sp.sqrt(2), 1 / sp.sqrt(sp.pi)) if normal else (1, sp.Rational(1, 2))
    places = [(stretch * x).evalf(digits) for x in places]
    terms = (w * e.body.xreplace({e.variable: x}) for x, w in zip(places, weights, strict=True))
    return sp.N(scale, digits) * sp.Add(*terms)
