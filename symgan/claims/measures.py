r"""Measured quantities for second routes: from a map or a flow straight to numbers.

They differentiate the system and use 50-digit linear algebra; no symbolic spectrum is involved, so
that a mistake in a derived formula shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath
import sympy as sp
from sympy import Expr, Symbol

from symgan.claims.second import Measure
from symgan.errors import BadData
from symgan.system import Flow, Map


def spectral_radius(system: Map, at: Mapping[Symbol, Any] | None = None) -> Measure:
    r"""Measures the largest modulus of an eigenvalue of a map's Jacobian.

    Args:
        system: the map.
        at: the fixed point; not needed where the map is linear.

    Raises:
        BadData: the Jacobian depends on the state, and no point is given.

    >>> from symgan.games.quadratic import bilinear
    >>> from symgan.rules.simultaneous import simultaneous
    >>> measure = spectral_radius(simultaneous(bilinear(), Symbol("eta", positive=True)))
    >>> mpmath.nstr(measure({"eta": mpmath.mpf(1)}), 10)
    '1.414213562'
    """
    return _of_eigenvalues(system, at, lambda values: max(map(abs, values)))


def spectral_abscissa(system: Flow, at: Mapping[Symbol, Any] | None = None) -> Measure:
    r"""Measures the largest real part of an eigenvalue of a flow's Jacobian.

    Args:
        system: the flow.
        at: the equilibrium; not needed where the flow is linear.

    Raises:
        BadData: the Jacobian depends on the state, and no point is given.

    >>> from symgan.games.quadratic import bilinear
    >>> mpmath.nstr(spectral_abscissa(bilinear().flow())({}), 10)
    '0.0'
    """
    return _of_eigenvalues(system, at, lambda values: max(map(mpmath.re, values)))


def evaluated(value: Expr) -> Measure:
    """Evaluates a derived value: a second look at the decision, not at the derivation.

    >>> x = Symbol("x", real=True)
    >>> mpmath.nstr(evaluated(x**2)({"x": mpmath.mpf(3)}), 5)
    '9.0'
    """
    symbols = sorted(value.free_symbols, key=str)
    function = sp.lambdify(symbols, value, "mpmath")
    return lambda place: function(*(place[str(s)] for s in symbols))


def _of_eigenvalues(system: Any, at: Mapping[Symbol, Any] | None, chosen: Any) -> Measure:
    matrix = system.jacobian(at)
    if moving := matrix.free_symbols & set(system.state):
        names = ", ".join(sorted(map(str, moving)))
        raise BadData(f"the Jacobian depends on {names}; give the point: at={{...}}")
    symbols = sorted(matrix.free_symbols, key=str)
    function = sp.lambdify(symbols, matrix, "mpmath")

    def measure(place: Mapping[str, Any]) -> Any:
        numbers = mpmath.matrix(function(*(place[str(s)] for s in symbols)))
        return chosen(mpmath.eig(numbers, left=False, right=False))

    return measure
