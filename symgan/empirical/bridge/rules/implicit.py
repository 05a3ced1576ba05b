"""Rules whose step solves an equation: proximal point and competitive gradient descent."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from symgan.empirical.bridge.fields import Linearization, flatten, unflatten
from symgan.empirical.bridge.krylov import UNTIL_ROUNDING, Product, Solver, gmres
from symgan.empirical.bridge.nests import plus, times
from symgan.empirical.bridge.newton import newton
from symgan.empirical.bridge.players import Parameters, Players, Times
from symgan.empirical.bridge.rules.steps import descent, torch_rule
from symgan.empirical.bridge.update import Moved, Update


@torch_rule("proximal-point")
def proximal_point(players: Players, eta: Any, *, solver: Solver = UNTIL_ROUNDING) -> Update:
    r"""Proximal point, the implicit step :math:`x^+ = x - \eta\, v(x^+)`.

    Solved by Newton's method with GMRES for :math:`I + \eta J`; `Update.report` holds
    :math:`|x^+ - x + \eta v(x^+)|` relative to :math:`|\eta v(x^+)|`. Where the method does not
    converge the best iterate is the step, and the report says so.

    Args:
        players: who moves.
        eta: the step, or one step a player.
        solver: how far the equation is solved.

    Raises:
        GameError: a wrong number of steps, or a step that is not positive.

    Source: Martinet 1970; Rockafellar 1976; Knoll and Keyes 2004, "Jacobian-free Newton-Krylov
    methods".
    """
    step = descent(players, eta)

    def advance(x: Parameters, memory: Any, k: int, draw: Any) -> Moved:
        start = flatten(x)

        def residual(y: Tensor) -> tuple[Tensor, Product, float]:
            line = step.line(unflatten(y, x), step.clock(k + 1), draw(0))
            moved = flatten(times(line.field, step.steps))
            return (y - start) + moved, _shifted(line.jvp, x, step.steps), float(moved.norm())

        after, report = newton(residual, start, solver)
        return Moved(unflatten(after, x), report=report)

    return Update(players, advance, updates=len(step.steps))


def _shifted(product: Any, like: Parameters, steps: tuple[float, ...]) -> Product:
    r""":math:`u \mapsto u + \eta Ju` on vectors."""
    return lambda u: u + flatten(times(product(unflatten(u, like)), steps))


@torch_rule("competitive")
def competitive(players: Players, eta: Any, *, solver: Solver = UNTIL_ROUNDING) -> Update:
    r"""Competitive gradient descent, :math:`x^+ = x - \eta\,(I + \eta M)^{-1} v`.

    M is the Jacobian of v without its diagonal blocks. The system is solved by GMRES;
    `Update.report` holds its residual.

    Args:
        players: who moves; more than two meet in pairs (polymatrix form).
        eta: the step, or one step a player.
        solver: how far the system is solved.

    Raises:
        GameError: wrong steps.

    Source: Schaefer and Anandkumar 2019, "Competitive gradient descent", section 2; for n
    players Ma et al. 2021, "Polymatrix competitive gradient descent".
    """
    step = descent(players, eta)

    def advance(x: Parameters, memory: Any, k: int, draw: Any) -> Moved:
        def at(now: Times) -> Moved:
            line: Linearization = step.line(x, now, draw(0))

            def product(u: Tensor) -> Tensor:
                return u + flatten(line.interaction(times(unflatten(u, x), step.steps)))

            y, report = gmres(product, flatten(line.field), solver)
            back = times(unflatten(y, x), [-h for h in step.steps])
            return Moved(plus(x, back), report=report)

        return step.at_clocks(k, at)

    return Update(players, advance, updates=len(step.steps))
