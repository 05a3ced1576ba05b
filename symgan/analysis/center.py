r"""Centers: where the spectrum does not decide, the next term of the normal form may.

A planar equilibrium with eigenvalues :math:`\pm i\omega` has the normal form
:math:`\dot r = a r^3 + O(r^5)`: a weak focus, stable for :math:`a < 0` and unstable for
:math:`a > 0`. Where :math:`a = 0` a symmetry may still prove a true center.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy import Expr, Matrix, Symbol

from symgan.analysis.points import Point, jacobian_at, point_values
from symgan.analysis.signs import sign
from symgan.analysis.wholes import require_whole
from symgan.certify.identity import is_zero
from symgan.differentiation import jacobian
from symgan.errors import GameError, Undecided
from symgan.losses import GenericLoss
from symgan.system import Flow


def first_lyapunov_coefficient(
    flow: Flow, at: Point, *, where: Mapping[Any, Any] | None = None
) -> Expr:
    r"""The coefficient a of :math:`\dot r = a r^3` at a planar equilibrium with spectrum ±iω.

    In coordinates :math:`\dot x = -\omega y + F,\ \dot y = \omega x + G`,

    .. math:: 16 a = F_{xxx} + F_{xyy} + G_{xxy} + G_{yyy} + \tfrac1\omega\bigl(
              F_{xy}(F_{xx} + F_{yy}) - G_{xy}(G_{xx} + G_{yy}) - F_{xx}G_{xx} + F_{yy}G_{yy}
              \bigr).

    Args:
        flow: a planar flow; derivatives of a free loss may stay symbols.
        at: an equilibrium, checked here.
        where: values that hold at the equilibrium, such as ``{GenericLoss(0, 2): 0}``, put
            in after all differentiation.

    Returns:
        a, for r measured in the first state symbol's deviation (a positive factor depends
        on this choice, the sign does not).

    Raises:
        GameError: a flow that is not planar and autonomous, a point that is no equilibrium,
            or eigenvalues that are not a nonzero imaginary pair.
        Undecided: the assumptions leave the sign of the determinant open.

    Source: Guckenheimer and Holmes 1983, equation (3.4.11).

    >>> x, y, m = sp.symbols("x y m", real=True)
    >>> flow = Flow((x, y), (-y + m*x*(x**2 + y**2), x + m*y*(x**2 + y**2)), parameters=(m,))
    >>> first_lyapunov_coefficient(flow, {x: 0, y: 0})
    m
    """
    require_whole(flow, "first_lyapunov_coefficient")
    if len(flow.state) != 2 or not flow.autonomous:
        raise GameError(
            "the first Lyapunov coefficient needs a planar autonomous flow, not one on "
            f"{flow.state}; restrict it to a plane first"
        )
    values = point_values(flow, at)
    given = {sp.sympify(k): sp.sympify(v) for k, v in (where or {}).items()}
    J = jacobian_at(flow, at).applyfunc(lambda e: sp.expand(e.subs(given)))
    omega = _frequency(J)
    back = _coordinates(J, omega)
    u, v = sp.symbols("u v", real=True, cls=sp.Dummy)
    shift = back * Matrix([u, v])
    moved = {x: values[x] + d for x, d in zip(flow.state, shift, strict=True)}
    field = back.inv() * Matrix([f.subs(moved, simultaneous=True) for f in flow.rhs])
    F, G = field

    def at_point(f: Expr, i: int, j: int) -> Expr:
        """The mixed derivative of order (i, j) at the equilibrium."""
        derivative = f
        for symbol, order in ((u, i), (v, j)):
            derivative = sp.diff(derivative, symbol, order) if order else derivative
        return derivative.subs({u: 0, v: 0}).subs(given)

    third = at_point(F, 3, 0) + at_point(F, 1, 2) + at_point(G, 2, 1) + at_point(G, 0, 3)
    Fxx, Fxy, Fyy = at_point(F, 2, 0), at_point(F, 1, 1), at_point(F, 0, 2)
    Gxx, Gxy, Gyy = at_point(G, 2, 0), at_point(G, 1, 1), at_point(G, 0, 2)
    second = Fxy * (Fxx + Fyy) - Gxy * (Gxx + Gyy) - Fxx * Gxx + Fyy * Gyy
    coefficient = sp.factor(sp.together((third + second / omega) / 16))
    if coefficient.has(sp.nan, sp.zoo, sp.oo, sp.DiracDelta):
        raise GameError("the flow is not three times differentiable at this point")
    return coefficient


def reversible(flow: Flow, reversor: Mapping[Symbol, Any] | Matrix, *, odd: bool = False) -> bool:
    r"""Whether a flow is reversible under a linear involution: :math:`F(Rx) \equiv -R F(x)`.

    An equilibrium on :math:`\mathrm{Fix}(R)` whose linearization is planar with
    eigenvalues :math:`\pm i\omega` is then a center: orbits near it cross the line
    :math:`\mathrm{Fix}(R)` twice and close.

    Args:
        flow: autonomous.
        reversor: R, a matrix of shape (n, n), or symbol -> linear expression.
        odd: take free losses (`GenericLoss`) to be odd functions.

    Returns:
        True if proved, False if an exact point disproves it.

    Raises:
        GameError: R is not a linear involution, or the flow depends on time.
        Undecided: neither could be shown.

    Source: Lamb and Roberts 1998, "Time-reversal symmetry in dynamical systems".

    >>> theta, psi = sp.symbols("theta psi", real=True)
    >>> reversible(Flow((theta, psi), (-psi, theta - 3)), {theta: theta, psi: -psi})
    True
    >>> reversible(Flow((theta, psi), (-psi, theta - psi)), {theta: theta, psi: -psi})
    False
    """
    require_whole(flow, "reversible")
    if not flow.autonomous:
        raise GameError(f"reversibility is for autonomous flows; this one depends on {flow.time}")
    R = _involution(flow, reversor)
    image = dict(zip(flow.state, R * Matrix(flow.state), strict=True))
    turned = R * Matrix(flow.rhs)
    verdicts = []
    for f, g in zip(flow.rhs, turned, strict=True):
        residual = f.subs(image, simultaneous=True) + g
        verdicts.append(is_zero(_with_parity(residual) if odd else residual).holds)
    if False in verdicts:
        return False
    if None in verdicts:
        raise Undecided("cannot decide whether the flow is reversible; rewrite its right-hand side")
    return True


def _frequency(J: Matrix) -> Expr:
    r"""The frequency :math:`\omega`, with :math:`\omega^2 = \det J`; refuses other spectra."""
    trace, determinant = sp.factor(J.trace()), sp.factor(J.det())
    if is_zero(trace).holds is not True:
        raise GameError(
            f"the eigenvalues are not purely imaginary: the trace is {trace}; pass where= with the "
            "condition under which it vanishes"
        )
    if J[0, 0] == 0 and J[0, 1] == -J[1, 0] and J[0, 1].is_zero is not True:
        return J[1, 0]  # already a rotation; the frequency may be of either sign
    if sign(determinant) is None:
        raise Undecided(f"the sign of the determinant {determinant} is open; add assumptions")
    if sign(determinant) != 1:
        raise GameError(f"the eigenvalues are not imaginary: the determinant is {determinant}")
    return sp.sqrt(determinant)


def _coordinates(J: Matrix, omega: Expr) -> Matrix:
    r"""The matrix B of :math:`x = B(u, v)` that makes J :math:`[[0,-\omega],[\omega,0]]`.

    u is the first deviation and :math:`v = -(J_{11} u + J_{12} w)/\omega` with w the second;
    :math:`J_{12} \ne 0` because the determinant is positive.
    """
    if J[0, 0] == 0 and J[0, 1] == -omega:
        return sp.eye(2)
    return Matrix([[1, 0], [-J[0, 0] / J[0, 1], -omega / J[0, 1]]])


def _involution(flow: Flow, reversor: Mapping[Symbol, Any] | Matrix) -> Matrix:
    n = len(flow.state)
    if isinstance(reversor, Mapping):
        missing = [str(x) for x in flow.state if x not in reversor]
        if missing:
            raise GameError(
                f"the reversor says nothing about {missing[0]}; give every state symbol"
            )
        rows = Matrix([sp.sympify(reversor[x]) for x in flow.state])
        R = jacobian(rows, flow.state)
        if sp.expand(rows - R * Matrix(flow.state)) != sp.zeros(n, 1):
            raise GameError(f"the reversor {dict(reversor)} is not linear")
    else:
        R = Matrix(reversor)
    if R.shape != (n, n) or sp.expand(R * R) != sp.eye(n):
        raise GameError(f"the reversor {R.tolist()} is not an involution: its square is not 1")
    return R


def _with_parity(expression: Expr) -> Expr:
    r"""Use :math:`f^{(n)}(-y) = (-1)^{n+1} f^{(n)}(y)` of an odd f to fix the arguments' signs."""

    def normal(argument: Expr, order: Expr) -> Expr:
        if argument == 0:
            return sp.Integer(0) if order.is_even else GenericLoss(argument, order)
        if argument.could_extract_minus_sign():
            return (-1) ** (order + 1) * GenericLoss(-argument, order)
        return GenericLoss(argument, order)

    return expression.replace(GenericLoss, normal)
