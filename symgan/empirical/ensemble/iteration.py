"""One iteration of a stack of GANs: look, decide who moves, differentiate, move."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import torch
from torch import Tensor

from symgan.empirical import orders
from symgan.empirical.ensemble import objectives, steps
from symgan.empirical.ensemble.layers import Passes, Trace
from symgan.empirical.ensemble.normalization import Normalized
from symgan.empirical.ensemble.player import Player
from symgan.empirical.ensemble.rates import Rates
from symgan.empirical.ensemble.settings import Settings
from symgan.empirical.gans import spectral
from symgan.empirical.gans.gans import Gan
from symgan.empirical.gans.gradients import scorer
from symgan.empirical.gans.spectral import PowerState


@dataclass(frozen=True)
class Drawn:
    """What an iteration draws, (members, features, batch) each.

    Attributes:
        latent: the generators' inputs.
        real: data.
        noise_real: instance noise on real data, None without.
        noise_fake: instance noise on generated data, None without.
        mix: the share of real data in mixed points, (members, batch), None without.
    """

    latent: Tensor
    real: Tensor
    noise_real: Tensor | None = None
    noise_fake: Tensor | None = None
    mix: Tensor | None = None


class Stack:
    """Members that move together.

    Args:
        gan: what all of them are.
        order: who moves when, one a member.
        settings: of the ensemble.
        generator: of all members.
        discriminator: of all members.
        passes: who computes passes through networks.
        vectors: the state of spectral normalization, where the GAN has it.
        rates: the derivatives of losses in outputs; None: found by automatic differentiation.
    """

    def __init__(
        self,
        gan: Gan,
        order: Sequence[orders.Order],
        settings: Settings,
        generator: Player,
        discriminator: Player,
        passes: Passes,
        vectors: PowerState | None = None,
        rates: Rates | None = None,
    ) -> None:
        self.gan, self.order, self.settings = gan, tuple(order), settings
        self.generator, self.discriminator = generator, discriminator
        self.passes, self.vectors, self.rates = passes, vectors, rates
        like = generator.flat
        self.diverged = torch.full((len(order),), -1, device=like.device)
        dynamic = [i for i, o in enumerate(order) if isinstance(o, orders.Dynamic)]
        self.dynamic = torch.tensor(dynamic, dtype=torch.int64, device=like.device)
        self.seen = orders.Seen.start(len(dynamic), settings.batch, like)
        self.c1, self.c2 = (
            like.new_tensor([getattr(o, c) for o in order if isinstance(o, orders.Dynamic)])
            for c in ("c1", "c2")
        )
        self.losses = {
            orders.DISCRIMINATOR: objectives.discriminator_objective(gan),
            orders.GENERATOR: objectives.generator_objective(gan),
        }

    def __len__(self) -> int:
        return len(self.order)

    def iterate(self, k: int, drawn: Drawn) -> None:
        """One iteration; k counts from 0."""
        moves = Moves(self, drawn)
        self._mark(moves.looked, k)
        movers = self._movers(k, moves)
        after = [
            (player, gradient(members), members)
            for who, player, gradient in (
                (orders.DISCRIMINATOR, self.discriminator, moves.discriminator),
                (orders.GENERATOR, self.generator, moves.generator),
            )
            for members in _members(movers, who)
        ]
        for player, gradients, members in after:  # both were taken at the same point
            player.descend(gradients, self.settings.rate, members)
            if player is self.discriminator:
                self.constrain(members)

    def constrain(self, members: Tensor | None) -> None:
        """What follows a step of the discriminator: clipping, a round of the power iteration."""
        flat = self.discriminator.flat
        if self.gan.clip is not None:
            moved = flat if members is None else flat[members]
            moved = moved.clamp(-self.gan.clip, self.gan.clip)
            flat.copy_(moved) if members is None else flat.index_copy_(0, members, moved)
        if self.vectors is not None:
            weights, before = self.discriminator.weights(members), _rows(self.vectors, members)
            self.vectors = _with_rows(self.vectors, spectral.advance(weights, before), members)

    def state(self) -> dict[str, Any]:
        """What a checkpoint keeps, as plain tensors."""
        vectors = self.vectors
        return {
            "generator": self.generator.state(),
            "discriminator": self.discriminator.state(),
            "diverged": self.diverged,
            "seen": [self.seen.last, self.seen.divergence, self.seen.real],
            "vectors": None if vectors is None else [list(vectors.left), list(vectors.right)],
        }

    def restore(self, state: Mapping[str, Any]) -> None:
        """Take over what a checkpoint kept."""
        device = self.diverged.device
        self.generator.restore(state["generator"])
        self.discriminator.restore(state["discriminator"])
        self.diverged = state["diverged"].to(device)
        self.seen = orders.Seen(*(t.to(device) for t in state["seen"]))
        if state["vectors"] is not None:
            left, right = (tuple(t.to(device) for t in side) for side in state["vectors"])
            self.vectors = PowerState(left, right)

    def _mark(self, looked: Trace, k: int) -> None:
        """Mark members whose outputs are no numbers any more."""
        lost = ~looked.output.isfinite().all(2).squeeze(1)
        self.diverged = torch.where(lost & (self.diverged < 0), k, self.diverged)

    def _movers(self, k: int, moves: Moves) -> Tensor:
        """Who moves, a number a member; nobody in those that diverged."""
        fixed = [o.at(k) if isinstance(o, orders.Fixed) else orders.NOBODY for o in self.order]
        movers = torch.tensor(fixed, device=self.diverged.device)
        if len(self.dynamic):
            self.seen = self._decided(moves)
            movers[self.dynamic] = self.seen.last
        return torch.where(self.diverged < 0, movers, orders.NOBODY)

    def _decided(self, moves: Moves) -> orders.Seen:
        """Algorithm 2, with projections of real data kept after a step of the generator."""
        seen, reuse = self.seen, self.settings.reuse
        kept = (seen.last == orders.GENERATOR) & reuse
        real = seen.real
        anew = (~kept).nonzero().squeeze(1)
        if len(anew):
            real = real.clone()
            real[anew] = orders.in_order(moves.projected_real(self.dynamic[anew]))
        fake = orders.in_order(moves.projected_fake(self.dynamic))
        return orders.decide(seen, real, fake, self.c1, self.c2)


class Moves:
    """What an iteration has computed so far, shared by its decision and its two gradients."""

    def __init__(self, stack: Stack, drawn: Drawn) -> None:
        self.stack, self.drawn = stack, drawn
        self.passes, self.gan = stack.passes, stack.gan
        self.theta = stack.generator.weights()
        self.made = self.passes.forward(self.theta, drawn.latent)
        self.fake = finished(stack.generator.network.final, self.made.output)
        plain, vectors = stack.discriminator.weights(), stack.vectors
        self.normalized = None if vectors is None else Normalized.of(plain, vectors)
        self.weights = plain if self.normalized is None else self.normalized.weights
        self.looked = self.passes.forward(self.weights, noisy(self.fake, drawn.noise_fake))

    def projected_fake(self, members: Tensor) -> Tensor:
        """The projections of generated data, (members, batch)."""
        if self._bare(self.drawn.noise_fake):
            return self.looked.output[members].squeeze(1)
        return self._projected(self.fake, self.drawn.noise_fake, members)

    def projected_real(self, members: Tensor) -> Tensor:
        """The projections of real data, (members, batch)."""
        if self._bare(self.drawn.noise_real):
            return self.looked_real.output[members].squeeze(1)
        return self._projected(self.drawn.real, self.drawn.noise_real, members)

    def _bare(self, noise: Tensor | None) -> bool:
        """Whether the pass that gradients need has no regularization in it."""
        plain = self.gan.gran is None or self.gan.decide_plain
        return self.normalized is None and noise is None and plain

    @cached_property
    def looked_real(self) -> Trace:
        """The discriminators' pass of all members over real data."""
        return self.passes.forward(self.weights, noisy(self.drawn.real, self.drawn.noise_real))

    def _projected(self, x: Tensor, noise: Tensor | None, members: Tensor) -> Tensor:
        """Without regularization, or (an option of the GAN) with it."""
        x, player = x[members], self.stack.discriminator
        if self.gan.decide_plain:
            return self.passes.forward(player.weights(), x, members).output.squeeze(1)
        vectors = _rows(self.stack.vectors, members)
        score = scorer(self.gan, player.network, player.weights(members), vectors)
        return score(noisy(x, _of(noise, members)).mT).detach()

    def discriminator(self, members: Tensor | None) -> Tensor:
        """The discriminators' gradients."""
        network = steps.Network(self.weights, self.passes, members)
        slopes, traces = objectives.slopes_at(self.gan), [self.looked_real, self.looked]
        if slopes[2]:
            share = _of(self.drawn.mix, members).unsqueeze(1)
            real, fake = _of(self.drawn.real, members), _of(self.fake, members)
            traces.append(network.forward(share * real + (1 - share) * fake))
        if self.stack.rates is not None:
            found = steps.descent(network, traces, self.stack.rates[orders.DISCRIMINATOR])
        else:
            points = [steps.Points(t, s) for t, s in zip(traces, slopes, strict=False)]
            _, found = steps.discriminator(network, points, self.stack.losses[orders.DISCRIMINATOR])
        if self.normalized is None:
            return found
        parts = self.normalized.chained(self.stack.discriminator.split(found), members)
        return torch.cat([part.flatten(1) for part in parts], 1)

    def generator(self, members: Tensor | None) -> Tensor:
        """The generators' gradients."""
        network = steps.Network(self.weights, self.passes, members)
        if self.stack.rates is not None:
            (rate,) = self.stack.rates[orders.GENERATOR]
            back = network.pulled(self.looked, rate(self.looked.outputs(members)))
        else:
            points = steps.Points(self.looked, self.gan.gran is not None)
            _, back = steps.through(network, points, self.stack.losses[orders.GENERATOR])
        final = self.stack.generator.network.final
        back = finished_gradient(final, _of(self.fake, members), back)
        return self.passes.backward(self.theta, self.made, back, members)


def noisy(x: Tensor, noise: Tensor | None) -> Tensor:
    """Points with instance noise."""
    return x if noise is None else x + noise


def finished(final: str, output: Tensor) -> Tensor:
    """The generated points: outputs, or their tanh for images in [-1, 1]."""
    return output.tanh() if final == "tanh" else output


def finished_gradient(final: str, points: Tensor, gradient: Tensor) -> Tensor:
    """The gradient in the outputs from that in the points."""
    return gradient * (1 - points.square()) if final == "tanh" else gradient


def _members(movers: Tensor, who: int) -> list[Tensor | None]:
    """The members in which a player moves: nothing, all of them as None, or indices."""
    members = movers.bitwise_and(who).nonzero().squeeze(1)
    return [] if not len(members) else [None if len(members) == len(movers) else members]


def _of(x: Any, members: Tensor | None) -> Any:
    return x if members is None or x is None else x[members]


def _rows(state: Any, members: Tensor | None) -> Any:
    """The power iteration's state of some members."""
    if state is None or members is None:
        return state
    return PowerState(tuple(u[members] for u in state.left), tuple(v[members] for v in state.right))


def _with_rows(state: PowerState, rows: PowerState, members: Tensor | None) -> PowerState:
    """The state with some members' rows replaced."""
    if members is None:
        return rows

    def put(old: Tensor, new: Tensor) -> Tensor:
        return old.index_copy(0, members, new)

    return PowerState(
        tuple(map(put, state.left, rows.left)), tuple(map(put, state.right, rows.right))
    )
