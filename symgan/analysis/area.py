r"""Planar systems that keep an area :math:`dx\,dy/g`: centers, and elliptic points with twist.

A flow keeps it where :math:`F\cdot\nabla g = g\,\mathrm{div} F`: then :math:`F/g` is Hamiltonian. A
map keeps it where :math:`g(F(x)) = \det DF(x)\,g(x)`: then an elliptic fixed point without strong
resonance whose normal form turns faster or slower with the amplitude is surrounded by invariant
curves (Moser's twist theorem).
"""

from __future__ import annotations

import sympy as sp
from sympy import Expr, Integer

from symgan.analysis.conserved import Term, kernel, monomials
from symgan.analysis.jets import taylor
from symgan.certify.identity import is_zero
from symgan.differentiation import diff
from symgan.system import Flow, System

ORDER = 4
"""Of the series that shows at once that volume is not kept."""


def invariant_density(system: System, degree: int = 2) -> Expr | None:
    r"""A polynomial g with g(0) = 1 such that the system keeps the volume :math:`dx/g(x)`.

    Args:
        system: an autonomous flow or map.
        degree: the highest total degree of g; beyond rational systems only g = 1 is tried.

    Returns:
        g, verified; None where the template holds none.

    >>> x, y = sp.symbols("x y", real=True)
    >>> invariant_density(Flow((x, y), (y*(1 + x), -x*(1 + x))))
    x + 1
    """
    state = system.state
    one = Integer(1)
    if not _series_differs(system) and is_zero(_defect(system, one)).holds:
        return one
    if not all(f.is_rational_function(*state) for f in system.rhs):
        return None
    terms = [Term(m, _defect(system, m), {}) for m in (one, *monomials(state, degree))]
    origin = dict.fromkeys(state, Integer(0))
    for vector in kernel(terms, set(state)):
        g = sp.Add(*(c * term.value for c, term in zip(vector, terms, strict=True)))
        start = g.subs(origin)
        if is_zero(start).holds is False and is_zero(_defect(system, g)).holds:
            return sp.expand(sp.cancel(g / start))
    return None


def _series_differs(system: System) -> bool:
    """Whether the divergence, or the determinant, is seen in its series to change volume."""
    J, origin = system.jacobian(), dict.fromkeys(system.state, Integer(0))
    if isinstance(system, Flow):
        defect = J.trace()
    else:
        defect = J[0, 0] * J[1, 1] - J[0, 1] * J[1, 0] - 1 if J.rows == 2 else J.det() - 1
    return any(is_zero(c).holds is False for c in taylor([defect], origin, ORDER)[0].values())


def _defect(system: System, g: Expr) -> Expr:
    """What vanishes where volume over g is kept."""
    J = system.jacobian()
    if isinstance(system, Flow):
        slope = sum(diff(g, s) * f for s, f in zip(system.state, system.rhs, strict=True))
        return slope - g * J.trace()
    image = g.subs(dict(zip(system.state, system.rhs, strict=True)), simultaneous=True)
    return image - g * J.det()
