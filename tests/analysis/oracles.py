"""Numbers by other routes than the package's own: matrix exponentials and contours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
from mpmath import mp

from symgan.results import ClosedForm


def number(expression: Any, values: Mapping[Any, Any] | None = None) -> Any:
    """An mpmath number from an exact expression, at the current precision."""
    value = sp.sympify(expression)
    if values:
        value = value.subs({k: sp.sympify(v) for k, v in values.items()})
    # SymPy refines CRootOf by bisection, which is slow at 50 digits; polyroots is not.
    for node in value.atoms(sp.RootSum):
        value = value.xreplace({node: sp.Add(*(node.fun(r) for r in _roots(node.poly)))})
    for node in value.atoms(sp.CRootOf):
        rough = complex(sp.N(node, 15))
        value = value.xreplace({node: min(_roots(node.poly), key=lambda r: abs(r - rough))})
    return mp.mpmathify(sp.N(value, mp.dps + 10))


def _roots(polynomial: sp.Poly) -> list[sp.Expr]:
    with mp.workdps(mp.dps + 10):
        coefficients = [mp.mpf(int(c.p)) / int(c.q) for c in polynomial.all_coeffs()]
        roots = mp.polyroots(coefficients, maxsteps=400, extraprec=4 * mp.prec)
        return [sp.sympify(r) for r in roots]


def divided_exponential(nodes: Sequence[Any], t: Any) -> Any:
    r"""exp[r_0, ..., r_j](t) by the contour integral of e^{zt} / prod(z - r_k).

    The trapezoidal rule with n points on a circle of twice the nodes' radius errs by 2^-n
    (nodes) and (e R |t| / n)^n (exponential), whatever the nodes; n below makes both 1e-54.
    """
    center = sum(nodes) / len(nodes)
    radius = 2 * max(abs(r - center) for r in nodes) + 2
    count = 180 + int(6 * radius * abs(t))
    total = mp.mpc(0)
    for k in range(count):
        offset = radius * mp.expjpi(mp.mpf(2 * k) / count)
        z = center + offset
        total += mp.exp(z * t) * offset / mp.fprod(z - r for r in nodes)
    return total / count


def newton_value(form: ClosedForm, component: int, values: Mapping[Any, Any], t: Any) -> Any:
    """The Newton form of one component, evaluated by contours."""
    nodes = [number(r, values) for r in form.nodes]
    total = mp.mpc(0)
    for j, c in enumerate(form.newton[component]):
        if c != 0:
            total += number(c, values) * divided_exponential(nodes[: j + 1], t)
    return total


def matrix_exponential_solution(
    A: sp.Matrix, C: sp.Matrix, W: sp.Matrix, x0: Sequence[Any], u0: Sequence[Any], t: Any
) -> list[Any]:
    """x(t) of x' = A x + C u, u' = W u by one matrix exponential of the joined system.

    Args:
        A, C, W: shapes (n, n), (n, m), (m, m); numbers.
        x0, u0: n and m initial values.
        t: time.
    """
    n, m = C.shape
    joined = sp.zeros(n + m, n + m)
    joined[:n, :n], joined[:n, n:], joined[n:, n:] = A, C, W
    M = mp.matrix([[number(joined[i, j]) * t for j in range(n + m)] for i in range(n + m)])
    x = mp.expm(M) * mp.matrix([number(v) for v in (*x0, *u0)])
    return [x[i] for i in range(n)]
