r"""Roots of characteristic polynomials over grids of parameters, and spectral radii, by kernels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import NDArray
from sympy import Expr, Symbol

from symgan.kernels import compile

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


def roots(polynomial: Expr, variable: Symbol, values: Mapping[Symbol, Floats]) -> Complexes:
    r"""The roots of a polynomial at values of its parameters, array (..., degree).

    The coefficients come from a kernel; the roots are eigenvalues of companion matrices.

    Args:
        polynomial: in the variable, with coefficients in the parameters.
        variable: the variable.
        values: parameter -> array; arrays broadcast.

    >>> z, eta = sp.symbols("z eta", real=True)
    >>> roots(z**2 - eta, z, {eta: np.array([1.0, 4.0])}).real.round(12).tolist()
    [[-1.0, 1.0], [-2.0, 2.0]]
    """
    monic = [sp.together(c) for c in sp.Poly(polynomial, variable).monic().all_coeffs()]
    shape = np.broadcast_shapes(*(np.shape(array) for array in values.values()))
    n = len(monic) - 1
    if n == 0:
        return np.zeros((*shape, 0), dtype=complex)
    arguments = tuple(values)
    kernel = compile(tuple(monic[1:]), arguments=arguments, backend="numpy")
    with np.errstate(all="ignore"):  # a pole of the map has no roots
        coefficients = np.broadcast_to(kernel(dict(values), workers=1), (*shape, n))
    companion = np.zeros((*shape, n, n))
    companion[..., 0, :] = -coefficients
    companion[..., range(1, n), range(n - 1)] = 1.0
    finite = np.isfinite(coefficients).all(axis=-1)
    found = np.full((*shape, n), complex(np.nan, np.nan))
    found[finite] = np.linalg.eigvals(companion[finite])
    return found


def tracked(found: Complexes) -> Complexes:
    """Roots (k, n) in an order in which each column is continuous, as far as they are apart.

    Each is matched with the place where the line through its last two places goes on.
    """
    ordered = np.array(found)
    for k in range(1, len(ordered)):
        ahead = ordered[k - 1] if k == 1 else 2 * ordered[k - 1] - ordered[k - 2]
        ordered[k] = _matched(ahead, ordered[k])
    return ordered


def _matched(wanted: Complexes, given: Complexes) -> Complexes:
    """The given ones, each at the place of the nearest wanted one, nearest pairs first."""
    apart = np.abs(wanted[:, None] - given[None, :])
    order = np.argsort(apart, axis=None, kind="stable")
    taken = np.full(len(wanted), -1)
    used = np.zeros(len(given), dtype=bool)
    for place in order:
        i, j = divmod(int(place), len(given))
        if taken[i] < 0 and not used[j]:
            taken[i], used[j] = j, True
    return given[taken]


def radius(found: Complexes) -> Floats:
    """The largest modulus; 0 where there are no roots."""
    return np.abs(found).max(axis=-1, initial=0.0)


def abscissa(found: Complexes) -> Floats:
    """The largest real part."""
    return found.real.max(axis=-1, initial=-np.inf)


def members(found: Any, values: Floats) -> NDArray[np.bool_]:
    """Whether numbers lie in a set of real numbers made of intervals and points.

    Args:
        found: a SymPy set; intervals, unions of them, finite and empty sets.
        values: array.

    >>> members(sp.Interval.open(0, 1), np.array([0.0, 0.5, 1.0])).tolist()
    [False, True, False]
    """
    inside = np.zeros(np.shape(values), dtype=bool)
    for part in _parts(found):
        low, high = float(part.inf), float(part.sup)
        above = values > low if getattr(part, "left_open", False) else values >= low
        below = values < high if getattr(part, "right_open", False) else values <= high
        inside |= above & below
    return inside


def _parts(found: Any) -> Sequence[Any]:
    if isinstance(found, sp.Union):
        return [part for each in found.args for part in _parts(each)]
    if found is sp.S.EmptySet:
        return []
    if isinstance(found, sp.FiniteSet):
        return [sp.FiniteSet(value) for value in found]
    return [found]
