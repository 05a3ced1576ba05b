r"""Whole iterations as one call of machine code: a member after the other, from draws to updates.

Where losses read outputs alone, nothing that a member does waits for another member. Its passes,
its oracle's decision, gradients and updates then follow each other in the cache of a core, and
neither Python nor another member comes between them. The numbers are those of
`iteration.Stack.iterate`, bit by bit: the same products and functions in the same order. (The mean
that Dynamic-GDA compares is summed in another order: decisions are the same unless two numbers
agree to their last bits.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import torch
from torch import Tensor

from symgan.empirical.ensemble.draws import Draws
from symgan.empirical.ensemble.iteration import Stack
from symgan.empirical.ensemble.machine import MachinePasses
from symgan.empirical.ensemble.machine_updates import MachineUpdate
from symgan.empirical.ensemble.machine_work import Work
from symgan.empirical.ensemble.oracles import Oracles
from symgan.empirical.ensemble.player import Player
from symgan.empirical.ensemble.rates import Rate, Rates
from symgan.empirical.orders import DISCRIMINATOR, GENERATOR


def plan(stack: Stack) -> Plan | None:
    """The iterations of a stack in single calls; None where they are not of this kind."""
    gan, passes, rates = stack.gan, stack.passes, stack.rates
    plain = not gan.spectral and not gan.noise and stack.generator.network.final == "identity"
    if not (plain and isinstance(passes, MachinePasses)) or rates is None:
        return None
    return Plan(stack, passes, rates)


class Plan:
    """Iterations of members.

    Args:
        stack: the members.
        passes: who computes.
        rates: what is derived of the losses.
    """

    def __init__(self, stack: Stack, passes: MachinePasses, rates: Rates) -> None:
        self.stack, self.passes, self.rates = stack, passes, rates
        m, batch, like = len(stack), stack.settings.batch, stack.generator.flat
        dimensions = [p.network.shapes[0][1] for p in (stack.generator, stack.discriminator)]
        self.latent, self.real = (like.new_empty(m, d, batch) for d in dimensions)
        self.oracles = Oracles(stack.order, stack.settings, like)
        self._standing = torch.arange(m)
        self._lost = torch.zeros(m, dtype=torch.int64)
        self._players = {DISCRIMINATOR: stack.discriminator, GENERATOR: stack.generator}
        self._scales = {who: like.new_empty(2, m) for who in self._players}
        self._longest = max(r.padded(batch) for found in rates.values() for r in found)
        self._pieces = [self._piece() for _ in range(passes.workers)]
        self._count = m

    def run(self, iterations: Iterable[int], draws: Draws) -> None:
        """Some iterations, from what the stack remembers to what it is to remember."""
        self._begin()
        for k in iterations:
            if self._count:
                self._iterate(k, draws)
        self._end()

    def _begin(self) -> None:
        """Take over what the stack remembers."""
        standing = (self.stack.diverged < 0).nonzero().squeeze(1)
        self._count = len(standing)
        self._standing[: self._count] = standing
        self.oracles.recall(self.stack.seen, self.stack.diverged < 0)

    def _end(self) -> None:
        """Let the stack remember what oracles do."""
        self.stack.seen = self.oracles.seen()

    def _iterate(self, k: int, draws: Draws) -> None:
        """One iteration; k counts from 0."""
        draws.into(k, self.latent, self.real)
        self.oracles.ask(k)
        for who, player in self._players.items():
            self._scale(player, self._scales[who])
        first = self._pieces[0]
        self.passes.share([piece.table for piece in self._pieces], self._count, first.size)
        if self._lost.any():
            self._leave(k)
        for who, player in self._players.items():
            moved = self.oracles.moves.bitwise_and(who) != 0
            player.memory["counts"] += moved
            player.memory["calls"] += 1
            if who == DISCRIMINATOR and self.stack.gan.clip is not None:
                members = moved.nonzero().squeeze(1)
                self.stack.constrain(None if len(members) == len(moved) else members)

    def _scale(self, player: Player, into: Tensor) -> None:
        """Put down what would multiply and divide a step of each member, by place."""
        assert isinstance(player.update, MachineUpdate)
        standing = None if self._count == len(self.stack) else self._standing[: self._count]
        found = player.update.scales(player.memory, self.stack.settings.rate, standing)
        for row, numbers in zip(into, found, strict=True):
            row[: self._count] = numbers

    def _leave(self, k: int) -> None:
        """Mark members whose outputs are no numbers any more: they made no step."""
        lost = self._standing[: self._count][self._lost[: self._count] != 0]
        self.stack.diverged[lost] = k
        self._lost.zero_()
        self._end()
        self._begin()

    def _piece(self) -> _Piece:
        """The list of an iteration for one thread, with scratch of its own."""
        stack, batch, oracles = self.stack, self.stack.settings.batch, self.oracles
        work = Work(len(stack), batch, self._standing)
        theta, psi = stack.generator.weights(), stack.discriminator.weights()
        made = self._forward(work, theta, self.latent, whole=True)
        fake = self._forward(work, psi, made[-1])
        work.finite(fake[-1], self._lost)
        real = [self.real, *(self._row(work, W.shape[1]) for W in psi[::2])]
        with work.where(oracles.looks, 1):
            self._forward(work, psi, self.real, whole=True, rows=real[1:])
        if oracles.deciding:
            with work.where(oracles.dynamic, 1):
                scratch = [self._row(work, 1) for _ in range(2)]
                table = oracles.table(real[-1], fake[-1], scratch, self._standing)
                work.call(oracles.function, table, begin=1, count=1)
            with work.where(oracles.late, 1):
                self._forward(work, psi, self.real, whole=True, rows=real[1:])
        with work.where(oracles.moves, DISCRIMINATOR):
            at_real, at_fake = self.rates[DISCRIMINATOR]
            down = _scratch(stack.discriminator.flat)
            for rate, trace, added in ((at_real, real, False), (at_fake, fake, True)):
                delta = self._signals(work, psi, trace, self._rated(work, rate, trace[-1]))
                self._gradients(work, trace, delta, down, whole=not added, added=added)
        with work.where(oracles.moves, GENERATOR):
            (rate,) = self.rates[GENERATOR]
            delta = self._signals(work, psi, fake, self._rated(work, rate, fake[-1]))
            back = self._row(work, made[-1].shape[1])
            work.along(psi[0].transpose(1, 2), delta[0], back, *self.passes.straight)
            up = _scratch(stack.generator.flat)
            self._gradients(work, made, self._signals(work, theta, made, back), up, whole=True)
        for who, gradient in ((DISCRIMINATOR, down), (GENERATOR, up)):
            with work.where(oracles.moves, who):
                self._update(work, who, gradient)
        return _Piece(work.table(), work.size, work)

    def _forward(
        self,
        work: Work,
        weights: Sequence[Tensor],
        x: Tensor,
        *,
        whole: bool = False,
        rows: Sequence[Tensor] = (),
    ) -> list[Tensor]:
        """Add a pass forward; the inputs of all layers, and the output, in new rows or in these."""
        found, last = [x], len(weights) // 2 - 1
        for layer in range(last + 1):
            W, b = weights[2 * layer : 2 * layer + 2]
            out = rows[layer] if rows else self._row(work, W.shape[1])
            slope = self.passes.bent if layer < last else self.passes.straight
            work.along(W, found[-1], out, slope[0], b, whole=whole and layer == 0)
            found.append(out)
        return found

    def _rated(self, work: Work, rate: Rate, output: Tensor) -> Tensor:
        """Add the loss's derivative in the outputs."""
        found = self._row(work, 1)
        groups = rate.padded(work.batch) // rate.variant.lanes
        addresses = [output.data_ptr(), found.data_ptr()]
        work.call(rate.variant.function, addresses, begin=0, count=groups)
        return found

    def _signals(
        self, work: Work, weights: Sequence[Tensor], trace: Sequence[Tensor], output: Tensor
    ) -> list[Tensor]:
        """Add a pass backward; the signals of all layers."""
        found = [output]
        for layer in range(len(weights) // 2 - 1, 0, -1):
            W, out = (
                weights[2 * layer].transpose(1, 2),
                self._row(work, weights[2 * layer].shape[2]),
            )
            work.along(W, found[0], out, *self.passes.bent, mask=(trace[layer], False))
            found.insert(0, out)
        return found

    def _gradients(
        self,
        work: Work,
        trace: Sequence[Tensor],
        delta: Sequence[Tensor],
        flat: Tensor,
        *,
        whole: bool,
        added: bool = False,
    ) -> None:
        """Add the gradients of all layers; the first input may be that of all members."""
        at, one = 0, work.kept(torch.ones(1, 1, work.batch, dtype=flat.dtype))
        for layer, (d, h) in enumerate(zip(delta, trace, strict=False)):
            outputs, inputs = d.shape[1], h.shape[1]
            work.across(d, h, flat, at, whole=whole and layer == 0, added=added)
            work.across(d, one, flat, at + outputs * inputs, added=added)
            at += outputs * (inputs + 1)

    def _update(self, work: Work, who: int, gradient: Tensor) -> None:
        """Add a step of a player's optimizer."""
        player = self._players[who]
        assert isinstance(player.update, MachineUpdate)
        scale, root = self._scales[who]
        table = player.update.table(
            player.flat, player.memory, gradient, (scale, root), self._standing
        )
        work.held.append(gradient)
        work.call(player.update.function, table, begin=1, count=1)

    def _row(self, work: Work, features: int) -> Tensor:
        """Scratch of a layer, a little longer than it needs to be for vectors at its end."""
        batch = self.stack.settings.batch
        memory = self.latent.new_zeros(features * batch + self._longest - batch)
        work.held.append(memory)
        return memory[: features * batch].view(1, features, batch)


@dataclass(frozen=True)
class _Piece:
    """What one thread does.

    Attributes:
        table: as machine code reads it.
        size: multiplications for all members.
        held: what must stay in memory.
    """

    table: Any
    size: int
    held: Work


def _scratch(flat: Tensor) -> Tensor:
    """Room for the gradient of one member."""
    return flat.new_empty(1, prod(flat.shape[1:]))
