r"""Rules of which the eigenvalues of J say nothing, on small networks: their matrix itself.

Alternation needs the players' blocks of J, consensus its transpose. Where J is written out, the
game with :math:`v = Jx` stands for the network near the point, and one step of the rule from the
columns of the identity, all at once, is the matrix :math:`M(\eta)` of its linearization. The rule
is the one that trains networks (`symgan.empirical.bridge.rules`); nothing about it is known here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import scipy.linalg as la
import torch
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize_scalar

from symgan.empirical.bridge import rules
from symgan.empirical.bridge.players import Parameters, Players
from symgan.empirical.bridge.update import Update
from symgan.empirical.spectra.prediction import Prediction, title
from symgan.empirical.spectra.rays import INSIDE, Span
from symgan.errors import BadData, Undecided

Floats = NDArray[np.float64]

LARGEST = 200
"""Parameters up to which matrices of rules are formed."""
STEPS = np.concatenate([np.geomspace(1e-3, 1e2, 101), 10.0 ** np.arange(3, 9)])
"""Step sizes that are tried, over 1/|lambda| of the largest eigenvalue. An interval that reaches
the last one counts as unbounded: entries are rational in the step, with poles and zeros far
below."""
LINEAR = 1e-6
"""How far a step may be from linear, relative to the state: some solve their equations by
iteration to about that."""
SECONDS = 120.0
"""Time for one rule unless told otherwise."""


@dataclass(frozen=True, eq=False)
class LinearPlayers:
    r"""Players with :math:`v = Jx`, in many copies at once: one a column of their parameters.

    Player i descends the sum over columns of
    :math:`\tfrac12 x_i^\top J_{ii} x_i + \sum_{j \ne i} x_i^\top J_{ij} x_j`.

    Attributes:
        blocks: :math:`J_{ij}`.
        parameters: one matrix a player, of shape (parameters, copies).
    """

    blocks: tuple[tuple[torch.Tensor, ...], ...]
    parameters: Parameters

    @classmethod
    def of(cls, J: Floats, sizes: Sequence[int], states: Floats) -> LinearPlayers:
        """Players of a matrix J in states of shape (n, copies)."""
        matrix = torch.from_numpy(np.array(J, dtype=float))
        rows = [part.split(list(sizes), dim=1) for part in matrix.split(list(sizes))]
        start = torch.from_numpy(np.array(states, dtype=float)).split(list(sizes))
        return cls(tuple(rows), tuple((x.clone().requires_grad_(),) for x in start))

    def losses(self, parameters: Parameters, batch: Any = None) -> tuple[torch.Tensor, ...]:
        """One a player, summed over the copies."""
        del batch
        x = [own for (own,) in parameters]
        return tuple(
            sum(
                ((0.5 if i == j else 1.0) * (x[i] * (block @ x[j])).sum()
                 for j, block in enumerate(row)), torch.zeros(()),
            )
            for i, row in enumerate(self.blocks)
        )  # fmt: skip


def matrix(
    rule: str, J: Floats, sizes: Sequence[int], eta: float, options: dict[str, Any]
) -> Floats:
    r"""The matrix :math:`M(\eta)` of a rule on the game :math:`v = Jx`.

    Args:
        rule: a name of `symgan.empirical.bridge.rules`.
        J: shape (n, n).
        sizes: parameters of each player; their sum is n.
        eta: the step.
        options: the rule's options.

    Raises:
        BadData: the rule remembers, so that one step is not all of it, or it is not linear here.

    >>> matrix("alternating", np.array([[0.0, -1.0], [1.0, 0.0]]), (1, 1), 0.5, {}).tolist()
    [[1.0, 0.5], [-0.5, 0.75]]
    """
    found, update = _stepped(rule, J, sizes, eta, options, np.eye(len(J)))
    if update.memory is not None and update.memory.nests:
        raise BadData(f"{rule} remembers earlier states; its matrix is not one step")
    state = np.cos(np.arange(1.0, len(J) + 1))[:, None]  # any direction that is no axis
    once, _ = _stepped(rule, J, sizes, eta, options, state)
    if np.linalg.norm(once - found @ state) > LINEAR * np.linalg.norm(once):
        raise BadData(f"{rule} is not linear on a linear game; its matrix does not exist")
    return found


def predict_blocks(
    rule: str,
    J: Floats,
    sizes: Sequence[int],
    options: dict[str, Any] | None = None,
    *,
    seconds: float = SECONDS,
) -> Prediction:
    """Stable steps, best step and rate of any rule without memory, on a small network.

    Args:
        rule: a name of `symgan.empirical.bridge.rules`.
        J: the game Jacobian, shape (n, n).
        sizes: parameters of each player.
        options: the rule's options.
        seconds: how long it may take.

    Returns:
        A `Prediction` whose intervals and best step are found from step sizes that were tried,
        a factor 1.12 apart; the errors of eigenvalues do not enter it (`sure` is None).

    Raises:
        BadData: J is too large or zero, or as `matrix`.
        Undecided: out of time.
    """
    if len(J) > LARGEST:
        raise BadData(
            f"{rule} needs the matrix of its step, which is formed up to {LARGEST} parameters; "
            f"this network has {len(J)}"
        )
    given, moving = options or {}, _moving(J)
    if not moving.size:
        raise BadData("J is zero here, so no rule moves anything to first order")
    scale = float(np.abs(la.eigvals(J)).max()) or float(la.norm(J))
    matrix(rule, J, sizes, 0.1 / scale, given)  # is there one?
    end = time.monotonic() + seconds
    counted = actual(rule, LinearPlayers.of(J, sizes, np.eye(len(J))), 0.1 / scale, given)

    def radius(eta: float) -> float:
        if time.monotonic() > end:
            raise Undecided(f"the matrices of {rule} took longer than {seconds:g} s")
        M, _ = _stepped(rule, J, sizes, eta, given, np.eye(len(J)))
        return float(np.abs(la.eigvals(moving.T @ M @ moving)).max())

    steps: Floats = np.asarray(STEPS / scale, dtype=np.float64)
    rates = np.array([radius(float(eta)) for eta in steps])
    stable = _stable(radius, steps, rates)
    best, rate = _best(radius, steps, rates) if stable else (None, None)
    return Prediction(
        rule=title(rule, given),
        stable=stable,
        sure=None,
        binding=None,
        best_step=best,
        best_rate=rate,
        gradients=counted.updates / len(sizes),
        implicit=False,
    )


def actual(rule: str, players: Players, eta: float, options: dict[str, Any]) -> Update:
    """The rule as it trains networks; exact options become floats.

    Args:
        rule: a name of `symgan.empirical.bridge.rules`.
        players: who moves.
        eta: the step.
        options: the rule's options, numbers or names.
    """
    plain = {
        name: value if isinstance(value, bool | int | str | tuple) else float(value)
        for name, value in options.items()
    }
    return rules.named(rule)(players, eta, **plain)


def _moving(J: Floats) -> Floats:
    """An orthonormal basis of what is orthogonal to the kernel of J, where no rule moves."""
    _, singular, rows = la.svd(J)
    return rows[singular > len(J) * np.finfo(float).eps * singular[0]].T


def _stepped(
    rule: str, J: Floats, sizes: Sequence[int], eta: float, options: dict[str, Any], states: Floats
) -> tuple[Floats, Any]:
    players = LinearPlayers.of(J, sizes, states)
    update = actual(rule, players, eta, options)
    update.step()
    after = torch.cat([own.detach() for (own,) in players.parameters])
    return after.numpy(), update


def _stable(radius: Callable[[float], float], steps: Floats, rates: Floats) -> tuple[Span, ...]:
    """Intervals of steps with a radius below one, their ends refined between two tries."""
    inside = (rates < INSIDE).tolist()
    found: list[Span] = []
    low = 0.0 if inside[0] else None
    for (a, b), (left, right) in zip(pairwise(steps.tolist()), pairwise(inside), strict=True):
        if left == right:
            continue
        end: Any = brentq(lambda eta: min(radius(eta), 2.0) - INSIDE, a, b)
        if left:
            found.append(Span(a if low is None else low, float(end)))
        low = float(end) if right else None
    return (*found, Span(low, np.inf)) if low is not None else tuple(found)


def _best(radius: Callable[[float], float], steps: Floats, rates: Floats) -> tuple[float, float]:
    """The smallest radius of those tried, refined between its neighbors."""
    k = int(rates.argmin())
    low, high = steps[max(k - 1, 0)], steps[min(k + 1, len(steps) - 1)]
    found: Any = minimize_scalar(
        radius, bounds=(low, high), method="bounded", options={"xatol": 1e-7 * high}
    )
    return float(found.x), float(found.fun)
