r"""The field of a game on tensors, and its derivative without a matrix.

.. math:: v(x) = (\nabla_{x_1}\ell_1, \dots, \nabla_{x_n}\ell_n), \qquad J = \partial v/\partial x.

:math:`J^\top u` is one more backward pass through the graph of v; :math:`Ju` is the derivative of
:math:`w \mapsto J^\top w`, which is linear, along u, a backward pass through the graph of that one.
Nothing of the size of J is ever held. Where players move by themselves
(`players.Timed`), the field is :math:`v - d`, which is what vanishes at rest.

Source: Pearlmutter 1994, "Fast exact multiplication by the Hessian"; for v, which is no
gradient, Balduzzi et al. 2018, appendix A.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from symgan.empirical.bridge.nests import detached, flat, flatten, leaves, minus, unflatten
from symgan.empirical.bridge.nests import times as scaled
from symgan.empirical.bridge.players import Parameters, Players, Timed, Times

__all__ = [
    "Linearization",
    "field",
    "flatten",
    "gradient",
    "jvp",
    "one_player",
    "unflatten",
    "vjp",
]


def gradient(
    players: Players, parameters: Parameters, batch: Any = None, *, differentiable: bool = False
) -> Parameters:
    r"""The simultaneous gradient :math:`v(x)`.

    Args:
        players: whose losses.
        parameters: where, x.
        batch: on what data.
        differentiable: whether the result keeps its graph; x then has to require gradients.

    >>> from symgan.empirical.bridge import TorchGame
    >>> from symgan.games.quadratic import bilinear
    >>> game = TorchGame(bilinear(), {"theta": 3, "psi": 5})
    >>> [float(g) for (g,) in gradient(game, game.parameters)]
    [-5.0, 3.0]
    """
    x = parameters if differentiable else leaves(parameters)
    losses = players.losses(x, batch)
    return tuple(
        pull((loss,), own, graph=differentiable) for loss, own in zip(losses, x, strict=True)
    )


def one_player(
    players: Players,
    parameters: Parameters,
    player: int,
    batch: Any = None,
    *,
    differentiable: bool = False,
) -> tuple[Tensor, ...]:
    r"""One player's part of the simultaneous gradient, :math:`v_i(x)`.

    Args:
        players, parameters, batch, differentiable: as `gradient`.
        player: which, i.
    """
    x = parameters if differentiable else leaves(parameters)
    return pull((players.losses(x, batch)[player],), x[player], graph=differentiable)


def field(
    players: Players,
    parameters: Parameters,
    batch: Any = None,
    *,
    times: Times | None = None,
    differentiable: bool = False,
) -> Parameters:
    r"""The field that the game's flow descends, :math:`v(x) - d(t)`.

    Args:
        players, parameters, batch, differentiable: as `gradient`.
        times: one clock a player, 0 unless given; players without a clock ignore it.
    """
    if not isinstance(players, Timed):
        return gradient(players, parameters, batch, differentiable=differentiable)
    now = times or (0.0,) * len(parameters)
    v = gradient(players.at(now), parameters, batch, differentiable=differentiable)
    return minus(v, players.drift(parameters, now))


@dataclass(frozen=True)
class _Graph:
    """A field with its graph, and products with its Jacobian by backward passes."""

    x: Parameters
    v: Parameters

    def vjp(self, u: Parameters) -> Parameters:
        return _like(pull(flat(self.v), flat(self.x), flat(u)), self.x)

    @cached_property
    def transposed(self) -> tuple[Parameters, Parameters]:
        """Free w and the graph of J^T w."""
        w = _free(self.v)
        return w, _like(pull(flat(self.v), flat(self.x), flat(w), graph=True), self.x)

    def jvp(self, u: Parameters) -> Parameters:
        w, back = self.transposed
        return _like(pull(flat(back), flat(w), flat(u)), self.x)

    @cached_property
    def parts(self) -> list[tuple[Parameters, Parameters]]:
        """For each player free w and the graph of what the others see of its part of J^T w."""
        found: list[tuple[Parameters, Parameters]] = []
        for i, own in enumerate(self.v):
            others = _without(self.x, i)
            w = _free((own,))
            back = pull(own, flat(others), w[0], graph=True)
            found.append((w, _like(back, others)))
        return found

    def interaction(self, u: Parameters) -> Parameters:
        return tuple(
            pull(flat(back), w[0], flat(_without(u, i))) for i, (w, back) in enumerate(self.parts)
        )

    def interaction_transposed(self, u: Parameters) -> Parameters:
        return tuple(
            pull(flat(_without(self.v, i)), own, flat(_without(u, i)))
            for i, own in enumerate(self.x)
        )


class Linearization:
    r"""The field at a point with its derivative J, matrix-free.

    Graphs are made once; each product afterwards is one backward pass. Products are exact up to
    rounding, there is no step of a difference quotient.

    Args:
        players, parameters, batch, times: as `field`.

    >>> from symgan.empirical.bridge import TorchGame
    >>> from symgan.games.quadratic import quadratic
    >>> game = TorchGame(quadratic(2, 3, 5), {"theta": 1, "psi": 1})
    >>> line = Linearization(game, game.parameters)
    >>> u = ((torch.ones(1, dtype=torch.float64),), (torch.zeros(1, dtype=torch.float64),))
    >>> flatten(line.jvp(u)).tolist(), flatten(line.vjp(u)).tolist()
    ([2.0, 3.0], [2.0, -3.0])
    """

    def __init__(
        self,
        players: Players,
        parameters: Parameters,
        batch: Any = None,
        *,
        times: Times | None = None,
    ) -> None:
        x = leaves(parameters)
        now = times or (0.0,) * len(x)
        here = players.at(now) if isinstance(players, Timed) else players
        self._losses = self._whole = _Graph(x, gradient(here, x, batch, differentiable=True))
        self._drift: _Graph | None = None
        if isinstance(players, Timed):
            self._drift = _Graph(x, players.drift(x, now))
            self._whole = _Graph(x, minus(self._losses.v, self._drift.v))
        self.field: Parameters = detached(self._whole.v)

    def vjp(self, u: Parameters) -> Parameters:
        r""":math:`J^\top u`."""
        return self._whole.vjp(u)

    def jvp(self, u: Parameters) -> Parameters:
        r""":math:`Ju`."""
        return self._whole.jvp(u)

    def interaction(self, u: Parameters) -> Parameters:
        r""":math:`Mu`, M being J with each player's own diagonal block put to zero."""
        return self._whole.interaction(u)

    def rotation(self, u: Parameters) -> Parameters:
        r""":math:`A^\top u` with the antisymmetric part :math:`A = (J - J^\top)/2`.

        Hessians of the players' own losses are symmetric and drop out, before they could cancel.
        """
        v, d = self._losses, self._drift
        turned = minus(v.interaction_transposed(u), v.interaction(u))
        if d is not None:
            turned = minus(turned, minus(d.vjp(u), d.jvp(u)))
        return scaled(turned, 0.5)


def _free(like: Parameters) -> Parameters:
    return tuple(tuple(torch.zeros_like(a).requires_grad_() for a in own) for own in like)


def _without(x: Parameters, player: int) -> Parameters:
    return tuple(own for i, own in enumerate(x) if i != player)


def jvp(players: Players, parameters: Parameters, u: Parameters, batch: Any = None) -> Parameters:
    r""":math:`J(x)\,u`, once; `Linearization` is for many.

    Args:
        players, parameters, batch: as `gradient`.
        u: the direction.
    """
    return Linearization(players, parameters, batch).jvp(u)


def vjp(players: Players, parameters: Parameters, u: Parameters, batch: Any = None) -> Parameters:
    r""":math:`J(x)^\top u`, once; `Linearization` is for many.

    Args:
        players, parameters, batch: as `gradient`.
        u: the direction.
    """
    return Linearization(players, parameters, batch).vjp(u)


def pull(
    outputs: Sequence[Tensor],
    inputs: Sequence[Tensor],
    weights: Sequence[Tensor] | None = None,
    *,
    graph: bool = False,
) -> tuple[Tensor, ...]:
    """Gradients of outputs, weighted, in inputs; zeros where there is no path between them.

    Args:
        outputs: tensors; those without a graph are constant.
        inputs: tensors that require gradients.
        weights: one tensor an output, of its shape; a scalar output needs none.
        graph: whether the gradients keep a graph.
    """
    given = weights if weights is not None else [torch.ones_like(y) for y in outputs]
    pairs = [(y, w) for y, w in zip(outputs, given, strict=True) if y.requires_grad]
    if not pairs:
        return tuple(torch.zeros_like(a) for a in inputs)
    return torch.autograd.grad(
        [y for y, _ in pairs],
        list(inputs),
        [w for _, w in pairs],
        create_graph=graph,
        retain_graph=True,  # players' losses share a graph, and products are taken again and again
        allow_unused=True,
        materialize_grads=True,
    )


def _like(tensors: Sequence[Tensor], nest: Parameters) -> Parameters:
    left = iter(tensors)
    return tuple(tuple(next(left) for _ in own) for own in nest)
