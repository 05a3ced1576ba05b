r"""Local symplectic surgery: near rest, only the symmetric part of the Jacobian is left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import sympy as sp
from sympy import Expr, Matrix, Symbol

from symgan.catalog import flow, rule
from symgan.errors import GameError
from symgan.game import Game
from symgan.rules.fields import (
    at_start,
    companions,
    field,
    flowing,
    follow,
    invertible,
    own,
    slope,
    solve,
)
from symgan.rules.steps import INDEX, assemble, player_steps, setting, spread
from symgan.rules.two_timescale import TAU
from symgan.system import Flow, Map

XI = Symbol("xi", positive=True)
r"""The bound of :math:`\lambda(x)` where none is given."""

HALF = sp.Rational(1, 2)


def damping(game: Game, lam: Any = None, xi: Any = XI) -> Expr:
    r"""The regularization :math:`\lambda(x)`: the one given, or :math:`\xi(1 - e^{-|v|^2})`.

    Raises:
        GameError: a negative lambda, an xi that is not positive or that the game has itself.
    """
    if lam is not None:
        lam = setting(lam, "regularization lambda")
        if lam.is_negative:
            raise GameError(f"lambda = {lam} is negative; J^T J + lambda I could be singular")
        return lam
    xi = setting(own(game, xi, XI, "bound xi"), "bound xi")
    if xi.is_positive is False:
        raise GameError(f"xi = {xi} is not positive; lambda = 0 switches the regularization off")
    v = field(game)
    return xi * (1 - sp.exp(-v.dot(v)))


def _field(game: Game, lam: Any, xi: Any) -> Matrix:
    r""":math:`h = \frac12\,(v + J^\top (J^\top J + \lambda I)^{-1} J^\top v)`."""
    v, J = field(game), slope(game)
    G = J.T * J + damping(game, lam, xi) * sp.eye(len(v))
    _refuse_singular(game, G)
    known = bool(game.equilibrium)  # invertible there, so almost everywhere
    solution = solve(G, J.T * v, f"J^T J + lambda I of {game.name!r}", regular=known)
    return (v + J.T * solution) / 2


def _refuse_singular(game: Game, G: Matrix) -> None:
    if game.equilibrium and not invertible(_at(G, game.equilibrium)):
        raise GameError(
            f"J^T J + lambda I is singular at the equilibrium of {game.name!r}, where local "
            "symplectic surgery needs its inverse; give a lambda that is positive there, or use "
            "the two-timescale form, which inverts nothing"
        )


def _at(G: Matrix, point: Mapping[Symbol, Expr]) -> Matrix:
    """A matrix at a point; what binds symbols needs substitution, which is slower."""
    values = {s: sp.sympify(value) for s, value in point.items()}
    if G.has(sp.Derivative, sp.Subs, sp.Integral):
        return G.subs(values, simultaneous=True)
    return G.xreplace(values)


def _first_order(game: Game, *, lam: Any = None, xi: Any = XI) -> tuple[Expr, ...]:
    """That of the flow, -h: surgery shows from the first order on."""
    return at_start(game, _field(game, lam, xi))


@rule("local-symplectic-surgery", first_order=_first_order)
def local_symplectic_surgery(game: Game, eta: Any, *, lam: Any = None, xi: Any = XI) -> Map:
    r"""Local symplectic surgery, :math:`x^+ = x - \eta\,h(x)`.

    .. math:: h = \tfrac12\,\bigl(v + J^\top (J^\top J + \lambda(x) I)^{-1} J^\top v\bigr).

    Where :math:`\lambda = 0` at an equilibrium and J is invertible there, the linearization
    is :math:`I - \frac{\eta}{2}(J + J^\top)`: eigenvalues are real, and in zero-sum games an
    equilibrium attracts, for small steps, if it is a strict local Nash equilibrium and repels
    in some direction if a player's own curvature has the other sign. The linearization is
    the rule on the linearized game.

    Args:
        game: the game, any number of players.
        eta: the step, or one step a player.
        lam: the regularization, a number, a symbol or an expression in the state;
            :math:`\xi(1 - e^{-|v|^2})` unless given.
        xi: the bound of the default regularization.

    Raises:
        GameError: wrong steps or options; :math:`J^\top J + \lambda I` is singular at the
            declared equilibrium, or everywhere; a solution that grows beyond use.

    Source: Mazumdar, Jordan and Sastry 2019, "On finding local Nash equilibria (and only
    local Nash equilibria) in zero-sum games", equation (4).

    >>> from symgan.games.quadratic import quadratic
    >>> step = local_symplectic_surgery(quadratic(2, 3, 5), Symbol("eta", positive=True))
    >>> step.jacobian({s: 0 for s in step.state}).applyfunc(sp.cancel).tolist()
    [[1 - 2*eta, 0], [0, 1 - 5*eta]]
    """
    return follow(game, eta, _field(game, lam, xi), *_free(game, lam, xi))


@flow("local-symplectic-surgery")
def local_symplectic_surgery_flow(game: Game, *, lam: Any = None, xi: Any = XI) -> Flow:
    r"""Flow of local symplectic surgery, :math:`\dot x = -h(x)`; see the rule for h.

    Args:
        game: the game, any number of players.
        lam: the regularization; :math:`\xi(1 - e^{-|v|^2})` unless given.
        xi: the bound of the default regularization.

    Raises:
        GameError: wrong options; :math:`J^\top J + \lambda I` is singular at the declared
            equilibrium, or everywhere.

    Source: Mazumdar, Jordan and Sastry 2019, equation (4).

    >>> from symgan.games.quadratic import bilinear
    >>> flow = local_symplectic_surgery_flow(bilinear(), lam=0)
    >>> [sp.cancel(f) for f in flow.rhs]
    [0, 0]
    """
    return flowing(game, _field(game, lam, xi), *_free(game, lam, xi))


def _free(game: Game, lam: Any, xi: Any) -> tuple[Any, ...]:
    """What the options add to the parameters: their symbols, less the state's and the time's."""
    clock = () if game.time is None else (game.time,)
    given = sp.sympify(xi if lam is None else lam)
    return tuple(given.free_symbols - {*game.state, *clock})


def _pair(game: Game, phi: Matrix, lam: Any, xi: Any) -> tuple[Matrix, Matrix]:
    r""":math:`h_1 = \frac12(v + J^\top\varphi)` and
    :math:`h_2 = J^\top J\varphi - J^\top v + \lambda\varphi`."""
    v, J = field(game), slope(game)
    return (v + J.T * phi) / 2, J.T * (J * phi - v) + damping(game, lam, xi) * phi


def _half(game: Game, **_: Any) -> tuple[Expr, ...]:
    r"""Half of descent: :math:`\varphi` starts at 0, and :math:`h_1` with it at v/2."""
    return at_start(game, field(game) / 2)


def _ratio(game: Game, tau: Any) -> Expr:
    tau = setting(own(game, tau, TAU, "ratio of steps tau"), "ratio of steps")
    if tau.is_positive is False:
        raise GameError(f"the ratio of steps tau = {tau} is not positive")
    return tau


@rule("local-symplectic-surgery-two-timescale", first_order=_half)
def two_timescale_surgery(
    game: Game, eta: Any, *, tau: Any = TAU, lam: Any = None, xi: Any = XI
) -> Map:
    r"""Local symplectic surgery without an inverse: a second iterate tracks the solution.

    .. math:: x^+ = x - \eta\,h_1(x, \varphi), \quad
              \varphi^+ = \varphi - \tau\eta\,h_2(x, \varphi), \qquad
              h_1 = \tfrac12(v + J^\top\varphi), \quad
              h_2 = J^\top J\varphi - J^\top v + \lambda(x)\varphi.

    :math:`\varphi` is memory and starts at 0; the zeros of :math:`h_2` are
    :math:`(J^\top J + \lambda I)^{-1}J^\top v`, so that the first part approaches surgery as
    :math:`\tau` grows. Nothing is inverted: singular J are allowed. The linearization at an
    equilibrium is the rule on the linearized game.

    Args:
        game: the game, any number of players.
        eta: the step of x, or one step a player.
        tau: the ratio of the step of :math:`\varphi` to it.
        lam: the regularization; :math:`\xi(1 - e^{-|v|^2})` unless given.
        xi: the bound of the default regularization.

    Raises:
        GameError: wrong steps or options.

    Source: Mazumdar, Jordan and Sastry 2019, section 4.

    >>> from symgan.games.quadratic import bilinear
    >>> two_timescale_surgery(bilinear(), Symbol("eta", positive=True), tau=3).rhs[0]
    -eta*(-psi/2 + psi_phi/2) + theta
    """
    tau = _ratio(game, tau)
    steps, memory = spread(game, player_steps(game, eta)), companions(game, "phi")
    h1, h2 = _pair(game, Matrix(memory), lam, xi)
    moves = zip((*game.state, *memory), (*h1, *(tau * h2)), steps * 2, strict=True)
    clocks = [{} if game.time is None else {game.time: INDEX * h} for h in steps * 2]
    rhs = [s - h * f.xreplace(now) for (s, f, h), now in zip(moves, clocks, strict=True)]
    made = assemble(
        game,
        Matrix(rhs),
        eta,
        tau,
        _free(game, lam, xi),
        updates=len(game.players),
        memory=memory,
    )
    return replace(made, memory=tuple((s, sp.Integer(0)) for s in memory))


@flow("local-symplectic-surgery-two-timescale")
def two_timescale_surgery_flow(
    game: Game, *, tau: Any = TAU, lam: Any = None, xi: Any = XI
) -> Flow:
    r"""Flow pair of two-timescale surgery, :math:`\dot x = -h_1,\ \dot\varphi = -\tau h_2`.

    Args:
        game: the game, any number of players.
        tau: the ratio of the rate of :math:`\varphi` to that of x.
        lam: the regularization; :math:`\xi(1 - e^{-|v|^2})` unless given.
        xi: the bound of the default regularization.

    Raises:
        GameError: wrong options.

    Source: Mazumdar, Jordan and Sastry 2019, section 4.

    >>> from symgan.games.quadratic import bilinear
    >>> two_timescale_surgery_flow(bilinear(), tau=1, lam=0).rhs
    (psi/2 - psi_phi/2, -theta/2 + theta_phi/2, theta - theta_phi, psi - psi_phi)
    """
    tau, memory = _ratio(game, tau), companions(game, "phi")
    h1, h2 = _pair(game, Matrix(memory), lam, xi)
    return flowing(game, h1, tau, _free(game, lam, xi), memory=memory, rest=-tau * h2)
