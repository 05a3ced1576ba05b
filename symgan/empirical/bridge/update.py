r"""A rule on players: a pure map of their state, and the steps that write it in place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch

from symgan.empirical.bridge.krylov import Report
from symgan.empirical.bridge.nests import detached, flat, plus
from symgan.empirical.bridge.players import Batches, Parameters, Players, Refreshed

Draw = Callable[[int], Any]
"""Number of an evaluation of the field within a step -> its batch."""


@dataclass(frozen=True)
class Memory:
    """What a rule remembers besides the players' parameters.

    Attributes:
        nests: former iterates, half-steps or companions, as the rule's exact map has them.
        fields: values of the field at these, where they are at hand: a rule that is printed
            with a former gradient does not compute it again, nor on another batch.
        numbers: what is no nest.
    """

    nests: tuple[Parameters, ...] = ()
    fields: tuple[Parameters, ...] | None = None
    numbers: tuple[float, ...] = ()

    def towards(self, other: Memory, share: float) -> Memory:
        """The memory that lies that share of the way to another one.

        Args:
            other: of the same rule.
            share: 0 is this one, 1 the other.
        """
        pairs = zip(self.nests, other.nests, strict=True)
        numbers = zip(self.numbers, other.numbers, strict=True)
        return Memory(
            tuple(between(a, b, share) for a, b in pairs),
            numbers=tuple(a + share * (b - a) for a, b in numbers),
        )


def between(a: Parameters, b: Parameters, share: float) -> Parameters:
    r""":math:`a + s\,(b - a)`."""
    return plus(a, plus(b, a, -1.0), share)


@dataclass(frozen=True)
class Moved:
    """What a rule makes of a state.

    Attributes:
        parameters: the next nest.
        memory: the next memory.
        report: how far an equation was solved, where the rule has one.
    """

    parameters: Parameters
    memory: Memory = Memory()
    report: Report | None = None


def worse(one: Report | None, other: Report | None) -> Report | None:
    """Of two reports the one that leaves more.

    Args:
        one: a report, or none.
        other: another.
    """
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda report: (not report.converged, report.residual))


Advance = Callable[[Parameters, Memory, int, Draw], Moved]
"""(nest, memory, iteration, batches) -> the next; a pure function."""


class Update:
    """An update rule on players, step by step.

    Args:
        players: who moves.
        advance: the rule as a pure function.
        updates: fresh single-player gradients a step, as `symgan.Map.updates`.
        draws: evaluations of the field a step that may each have a batch of their own.
        start: parameters -> the memory at the start.

    >>> from symgan.empirical.bridge import TorchGame, rules
    >>> from symgan.games.quadratic import bilinear
    >>> game = TorchGame(bilinear(), {"theta": 1, "psi": 0})
    >>> update = rules.named("alternating")(game, 0.5)
    >>> update.step()
    >>> [p.tolist() for (p,) in game.parameters], update.iteration
    ([[1.0], [-0.5]], 1)
    """

    def __init__(
        self,
        players: Players,
        advance: Advance,
        *,
        updates: int,
        draws: int = 1,
        start: Callable[[Parameters], Memory] = lambda x: Memory(),
    ) -> None:
        self.players = players
        self.advance = advance
        self.start = start
        self.updates = updates
        self.draws = draws
        self.iteration = 0
        self.memory: Memory | None = None
        self.report: Report | None = None

    def step(self, batch: Any = None) -> None:
        """Move the players once, in place.

        Args:
            batch: what losses are evaluated on; `Batches` for one an evaluation.

        Raises:
            BadData: fewer batches than the step evaluates the field.
        """
        x = detached(self.players.parameters)
        memory = self.start(x) if self.memory is None else self.memory
        moved = self.advance(x, memory, self.iteration, drawn(batch))
        with torch.no_grad():
            for old, new in zip(flat(self.players.parameters), flat(moved.parameters), strict=True):
                old.copy_(new)
        self.memory, self.report = moved.memory, moved.report
        self.iteration += 1
        if isinstance(self.players, Refreshed):
            self.players.refresh(drawn(batch)(0))

    def restore(self, iteration: int, memory: Memory | None = None) -> None:
        """Go on from a state that was kept; the players' parameters are restored by themselves.

        Args:
            iteration: how many steps were made.
            memory: what the rule remembered; as at a start unless given.
        """
        self.iteration, self.memory = iteration, memory


def drawn(batch: Any) -> Draw:
    """The batches of a step by the number of the evaluation.

    Args:
        batch: `Batches`, or one batch for all.
    """
    return batch.part if isinstance(batch, Batches) else lambda number: batch
