"""Local symplectic surgery, with its inverse by conjugate gradients or tracked by an iterate."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from symgan.empirical.bridge.fields import flatten, unflatten
from symgan.empirical.bridge.krylov import UNTIL_ROUNDING, Solver, cgls
from symgan.empirical.bridge.nests import dot, minus, plus, times, zeros
from symgan.empirical.bridge.players import Parameters, Players, Times
from symgan.empirical.bridge.rules.steps import descent, positive, setting, torch_rule
from symgan.empirical.bridge.update import Memory, Moved, Update
from symgan.errors import GameError

Damping = Callable[[Parameters, Parameters], float]
r"""(x, v) -> :math:`\lambda`."""


def _damping(lam: Any, xi: Any) -> Damping:
    r"""The regularization: the one given, or :math:`\xi(1 - e^{-|v|^2})`."""
    if callable(lam):
        return lambda x, v: _not_negative(lam(x))
    if lam is not None:
        value = _not_negative(lam)
        return lambda x, v: value
    if xi is None:
        raise GameError("give the regularization lam, or the bound xi of the default one")
    bound = positive(xi, "bound xi")
    return lambda x, v: -bound * float(torch.expm1(-dot(v, v)))


def _not_negative(lam: Any) -> float:
    value = setting(lam, "regularization lambda")
    if value < 0:
        raise GameError(f"lambda = {value} is negative; J^T J + lambda I could be singular")
    return value


@torch_rule("local-symplectic-surgery")
def local_symplectic_surgery(
    players: Players, eta: Any, *, lam: Any = None, xi: Any = None, solver: Solver = UNTIL_ROUNDING
) -> Update:
    r"""Local symplectic surgery, :math:`x^+ = x - \eta\,h(x)`.

    .. math:: h = \tfrac12\,\bigl(v + J^\top (J^\top J + \lambda(x) I)^{-1} J^\top v\bigr).

    The system is solved by conjugate gradients on the least squares that it belongs to, which
    never forms :math:`J^\top J`; `Update.report` holds its residual. Where it is singular the
    solution of least norm is taken.

    Args:
        players: who moves.
        eta: the step, or one step a player.
        lam: the regularization, a number or a function of the nest;
            :math:`\xi(1 - e^{-|v|^2})` unless given.
        xi: the bound of the default regularization; needed where lam is not given.
        solver: how far the system is solved.

    Raises:
        GameError: wrong steps, a negative lambda, or an xi that is not positive.

    Source: Mazumdar, Jordan and Sastry 2019, "On finding local Nash equilibria (and only
    local Nash equilibria) in zero-sum games", equation (4).
    """
    step, damping = descent(players, eta), _damping(lam, xi)

    def advance(x: Parameters, memory: Any, k: int, draw: Any) -> Moved:
        def at(now: Times) -> Moved:
            line = step.line(x, now, draw(0))
            v = line.field
            y, report = cgls(
                lambda u: flatten(line.jvp(unflatten(u, x))),
                lambda u: flatten(line.vjp(unflatten(u, x))),
                flatten(v),
                damping(x, v),
                solver,
            )
            h = times(plus(v, line.vjp(unflatten(y, x))), 0.5)
            return Moved(plus(x, times(h, [-s for s in step.steps])), report=report)

        return step.at_clocks(k, at)

    return Update(players, advance, updates=len(step.steps))


@torch_rule("local-symplectic-surgery-two-timescale")
def two_timescale_surgery(
    players: Players, eta: Any, *, tau: Any, lam: Any = None, xi: Any = None
) -> Update:
    r"""Local symplectic surgery without an inverse: a second iterate tracks the solution.

    .. math:: x^+ = x - \eta\,h_1(x, \varphi), \quad
              \varphi^+ = \varphi - \tau\eta\,h_2(x, \varphi), \qquad
              h_1 = \tfrac12(v + J^\top\varphi), \quad
              h_2 = J^\top J\varphi - J^\top v + \lambda(x)\varphi.

    Args:
        players: who moves.
        eta: the step of x, or one step a player.
        tau: the ratio of the step of :math:`\varphi` to it.
        lam: the regularization, a number or a function of the nest;
            :math:`\xi(1 - e^{-|v|^2})` unless given.
        xi: the bound of the default regularization; needed where lam is not given.

    Raises:
        GameError: wrong steps or options.

    Source: Mazumdar, Jordan and Sastry 2019, section 4.
    """
    step, damping = descent(players, eta), _damping(lam, xi)
    ratio = positive(tau, "ratio of steps tau")

    def advance(x: Parameters, memory: Memory, k: int, draw: Any) -> Moved:
        (phi,) = memory.nests

        def at(now: Times) -> Moved:
            line = step.line(x, now, draw(0))
            h1 = times(plus(line.field, line.vjp(phi)), 0.5)
            pulled = line.vjp(minus(line.jvp(phi), line.field))
            h2 = plus(pulled, phi, damping(x, line.field))
            after = plus(x, times(h1, [-h for h in step.steps]))
            tracked = plus(phi, times(h2, [-ratio * h for h in step.steps]))
            return Moved(after, Memory((tracked,)))

        return step.at_clocks(k, at)

    return Update(players, advance, updates=len(step.steps), start=lambda x: Memory((zeros(x),)))
