r"""The cycle of a planar flow that is affine on both sides of a line, exactly.

The flow is odd, :math:`F(-x) = -F(x)`, and the equilibrium of its upper half lies on the line s = 0
itself, at :math:`u = -\kappa`. An orbit that enters the upper half at u comes back after half a
turn of the focus, at time :math:`\pi/\omega`, at

.. math:: -\kappa - \rho\,(u + \kappa), \qquad \rho = e^{\sigma\pi/\omega},\quad
          \lambda = \sigma \pm i\omega.

Mirrored, the half-turn is the affine map :math:`u \mapsto \kappa + \rho(u + \kappa)`; its fixed
point :math:`\kappa\coth(-\sigma\pi/2\omega)` is where the cycle crosses.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import And, Expr, Matrix, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.signs import positive
from symgan.analysis.wholes import require_whole
from symgan.certify.identity import is_zero
from symgan.differentiation import jacobian
from symgan.errors import GameError, Undecided
from symgan.system import Flow


@dataclass(frozen=True)
class SwitchedCycle:
    r"""The one cycle of an odd flow that is affine on both sides of a line.

    Attributes:
        crossing: u > 0 where the cycle enters the upper half; it leaves it at -u.
        ratio: :math:`\rho`, the multiplier of half a turn; below one all orbits that turn are
            drawn to the cycle, at this rate each half turn.
        period: :math:`2\pi/\omega`.
        exists: the exact condition for the cycle.
        attracts: the exact condition for it to exist and attract.
        overdamped: the condition for the upper half to have no focus; then no orbit turns and
            there is no cycle.
        rest: :math:`\kappa`: the halves' own equilibria are at :math:`u = \mp\kappa`. For
            :math:`|u| < \kappa` the flow leaves the line on both sides.
        upper: the flow of the upper half, as if it were everywhere.
    """

    crossing: Expr
    ratio: Expr
    period: Expr
    exists: Boolean
    attracts: Boolean
    overdamped: Boolean
    rest: Expr
    upper: Flow


def switched_cycle(flow: Flow, surface: Symbol) -> SwitchedCycle:
    r"""The cycle of a planar odd flow, affine above and below the line where a symbol vanishes.

    Args:
        flow: planar, autonomous; the symbol may stand in ``Abs``, ``sign``, ``Piecewise``.
        surface: the state symbol that vanishes on the line.

    Raises:
        GameError: not planar, not affine on each side, not odd, or the upper half has its
            equilibrium off the line.
        Undecided: whether these hold is open.

    Source: for the Dirac-GAN with WGAN-GP (Mescheder et al. 2018, section 3) it gives the
    cycle around which that method ends.

    >>> from symgan.games.dirac import dirac
    >>> from symgan.losses import wasserstein
    >>> from symgan.regularizers.penalties import wgan_gp
    >>> flow = wgan_gp(dirac(wasserstein), 1, target=1).flow()
    >>> switched_cycle(flow, flow.state[1]).crossing
    coth(sqrt(3)*pi/6)
    """
    require_whole(flow, "switched_cycle")
    other = _other(flow, surface)
    height = sp.Dummy(surface.name, positive=True)
    above, below = (_side(flow, other, surface, side * height) for side in (1, -1))
    _require_odd(above, below, other, height)
    A, b = _affine(above, (other, height))
    kappa = _rest(A, b)
    sigma, square = A.trace() / 2, sp.factor(A.det() - (A.trace() / 2) ** 2)
    omega = sp.sqrt(square)
    decay = sp.factor(-sigma * sp.pi / (2 * omega))
    turns = And(positive(square), sp.Ne(A[1, 0], 0))
    return SwitchedCycle(
        crossing=kappa * sp.coth(decay),
        ratio=sp.exp(-2 * decay),
        period=2 * sp.pi / omega,
        exists=And(turns, positive(-sigma * kappa)),
        attracts=And(turns, positive(-sigma), positive(kappa)),
        overdamped=sp.Not(positive(square)),
        rest=kappa,
        upper=Flow((other, surface), _back(above, height, surface), parameters=flow.parameters),
    )


def _other(flow: Flow, surface: Symbol) -> Symbol:
    if not isinstance(flow, Flow) or len(flow.state) != 2 or not flow.autonomous:
        raise GameError("a switched cycle needs a planar autonomous flow")
    if surface not in flow.state:
        raise GameError(f"{surface} is no state symbol of the flow; give one of {flow.state}")
    return flow.state[1] if flow.state[0] == surface else flow.state[0]


def _side(flow: Flow, other: Symbol, surface: Symbol, value: Expr) -> list[Expr]:
    """The right-hand side on one side, the other symbol's entry first."""
    known = dict(zip(flow.state, flow.rhs, strict=True))
    found = [sp.expand(known[s].subs(surface, value)) for s in (other, surface)]
    if any(f.has(sp.Abs, sp.sign, sp.Piecewise, sp.Heaviside, sp.Min, sp.Max) for f in found):
        raise Undecided(f"the flow still switches where {surface} has one sign: {found}")
    return found


def _require_odd(above: list[Expr], below: list[Expr], other: Symbol, height: Symbol) -> None:
    for up, down in zip(above, below, strict=True):
        zero = is_zero(up.subs(other, -other) + down).holds
        if zero is False:
            raise GameError("the flow is not odd, F(-x) = -F(x), which this method needs")
        if zero is None:
            raise Undecided("whether the flow is odd across the line is open")


def _affine(rhs: list[Expr], symbols: tuple[Symbol, Symbol]) -> tuple[Matrix, Matrix]:
    A = jacobian(rhs, symbols).applyfunc(sp.expand)
    if A.free_symbols & set(symbols):
        raise GameError("the flow is not affine on each side of the line")
    return A, Matrix([f.subs(dict.fromkeys(symbols, 0)) for f in rhs])


def _rest(A: Matrix, b: Matrix) -> Expr:
    r""":math:`\kappa` of the equilibrium :math:`(-\kappa, 0)` of the upper half.

    There :math:`A(-\kappa, 0)^\top + b = 0`, and u > -kappa enters the upper half where the
    entry of A from u to s is positive.
    """
    if A[1, 0].is_positive is not True:
        raise Undecided(
            f"whether orbits enter the upper half on the right is open: {A[1, 0]} > 0; add "
            "assumptions, or mirror the flow"
        )
    kappa = sp.factor(b[1] / A[1, 0])
    off = is_zero(sp.together(b[0] - kappa * A[0, 0])).holds
    if off is False:
        raise GameError("the equilibrium of the upper half is off the line: no closed form")
    if off is None:
        raise Undecided("whether the equilibrium of the upper half lies on the line is open")
    return kappa


def _back(rhs: list[Expr], height: Any, surface: Symbol) -> tuple[Expr, ...]:
    return tuple(f.subs(height, surface) for f in rhs)
