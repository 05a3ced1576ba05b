r"""GANs of known equilibrium, many at once: real data are what a teacher of the same kind makes.

Where the generator has the teacher's weights and the discriminator's last layer is 0, generated and
real points are the same and no player has a gradient, for every loss: the equilibrium of
Mescheder et al. 2018, section 4, with networks of any depth.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from symgan.empirical.bridge.players import Parameters
from symgan.empirical.data.normal import normal
from symgan.empirical.data.seeds import derived_seed, stream
from symgan.empirical.gans.gans import Gan
from symgan.empirical.gans.gradients import scorer
from symgan.empirical.gans.losses import named as named_loss
from symgan.empirical.gans.networks import MLP
from symgan.empirical.gans.penalties import Penalty, penalty_value
from symgan.errors import UnknownName

BATCH = 32
"""Latent points that losses are means over."""
DOUBLE = torch.float64


@dataclass(frozen=True)
class Kind:
    """What two networks are.

    Attributes:
        latent: dimension of the generator's input.
        points: dimension of the data.
        hidden: widths of both networks' hidden layers.
    """

    latent: int
    points: int
    hidden: tuple[int, ...]

    @property
    def generator(self) -> MLP:
        """The generator."""
        return MLP(self.latent, self.hidden, self.points)

    @property
    def discriminator(self) -> MLP:
        """The discriminator."""
        return MLP(self.points, self.hidden, 1)


KINDS = {
    "line": Kind(1, 1, ()),
    "plane": Kind(2, 2, ()),
    "shallow": Kind(10, 2, (16,)),
    "deep": Kind(10, 2, (16,) * 5),
}
"""Affine networks, of which the toy games are the whole truth; one hidden layer; the paper's."""

GANS = {
    "wasserstein": Gan("wasserstein", named_loss("wasserstein")),
    "wasserstein+r1": Gan("r1", named_loss("wasserstein"), penalty=Penalty("r1", weight=10.0)),
    "bce": Gan("bce", named_loss("non-saturating")),
}
"""What the players descend."""


def kind(name: str) -> Kind:
    """The networks of a name.

    Raises:
        UnknownName: an unknown name.
    """
    if name not in KINDS:
        raise UnknownName(f"unknown networks {name!r}; choose one of: {', '.join(KINDS)}")
    return KINDS[name]


def gan(name: str) -> Gan:
    """The GAN of a name.

    Raises:
        UnknownName: an unknown name.
    """
    if name not in GANS:
        raise UnknownName(f"unknown loss {name!r}; choose one of: {', '.join(GANS)}")
    return GANS[name]


@dataclass(eq=False)
class Members:
    r"""GANs side by side, as two players whose losses are sums over the members.

    No term joins two members: each moves as it would alone. Member m of player i has its loss
    multiplied by ``steps[i, m]``, so that a rule with the step 1 moves it with the step
    ``steps[i, m]``, and not at all where that is 0.

    Attributes:
        gan: what they descend.
        kind: their networks.
        parameters: stacked weights, (M, ...) each.
        real: data (M, B, points).
        latent: generator inputs (M, B, latent).
        steps: (2, M).
    """

    gan: Gan
    kind: Kind
    parameters: Parameters
    real: Tensor
    latent: Tensor
    steps: Tensor

    def losses(self, parameters: Parameters, batch: object = None) -> tuple[Tensor, ...]:
        """Of generators and discriminators.

        Args:
            parameters: the weights.
            batch: (real data, latent draws); the players' own unless given.
        """
        real, latent = batch if isinstance(batch, tuple) else (self.real, self.latent)
        theta, psi = parameters
        score = scorer(self.gan, self.kind.discriminator, psi)
        fake = self.kind.generator(theta, latent)
        on_fake, loss = score(fake), self.gan.loss
        descended = loss.real(score(real)).mean(1) + loss.fake(on_fake).mean(1)
        if self.gan.penalty is not None:
            descended = descended + penalty_value(self.gan.penalty, score, real, fake, None)
        mine = loss.generator(on_fake).mean(1)
        return (mine * self.steps[0]).sum(), (descended * self.steps[1]).sum()

    def one(self, member: int) -> Members:
        """A member alone, with the step 1 and copies of its weights."""
        m = slice(member, member + 1)
        own = tuple(tuple(_leaf(w[m]) for w in part) for part in self.parameters)
        return Members(
            self.gan, self.kind, own, self.real[m], self.latent[m], torch.ones(2, 1, dtype=DOUBLE)
        )


def at_rest(name: str, loss: str, seeds: Sequence[int], batch: int = BATCH) -> Members:
    """Members at their equilibria.

    Args:
        name: of the networks.
        loss: of the GAN.
        seeds: one a member; of the teacher, of the discriminator's features and of latent points.
        batch: how many latent points; their mean is taken off.

    Raises:
        UnknownName: unknown networks or an unknown loss.

    >>> from symgan.empirical.bridge.fields import flatten, gradient
    >>> rest = at_rest("shallow", "bce", [0, 1])
    >>> float(flatten(gradient(rest, rest.parameters)).abs().max()) < 1e-15
    True
    """
    found = kind(name)
    theta = found.generator.init([derived_seed(s, "teacher") for s in seeds], dtype=DOUBLE)
    psi = found.discriminator.init([derived_seed(s, "features") for s in seeds], dtype=DOUBLE)
    for w in psi[-2:]:
        w.zero_()
    latent = torch.stack(
        [normal((batch, found.latent), stream(s, "prediction latents")).double() for s in seeds]
    )
    latent = latent - latent.mean(1, keepdim=True)
    real = found.generator(theta, latent)
    nest = tuple(tuple(_leaf(w) for w in own) for own in (theta, psi))
    return Members(gan(loss), found, nest, real, latent, torch.ones(2, len(seeds), dtype=DOUBLE))


def moved(members: Members, directions: Sequence[Sequence[Tensor]], size: float) -> Members:
    """The same members, their weights moved along directions by `size` times their norms.

    Args:
        members: where they are.
        directions: one nest of stacked tensors, a unit vector a member.
        size: relative to the norm of a member's weights, or absolute where that is below 1.
    """
    norms = member_norms(members.parameters).clamp(min=1.0)
    nest = tuple(
        tuple(
            _leaf(w + size * norms.reshape(-1, *[1] * (w.ndim - 1)) * d)
            for w, d in zip(own, way, strict=True)
        )
        for own, way in zip(members.parameters, directions, strict=True)
    )
    return Members(members.gan, members.kind, nest, members.real, members.latent, members.steps)


def random_directions(members: Members, seeds: Sequence[int]) -> list[list[Tensor]]:
    """A random unit vector a member."""
    draws = [stream(s, "prediction push") for s in seeds]
    nest = [
        [torch.stack([normal(tuple(w.shape[1:]), g).double() for g in draws]) for w in own]
        for own in members.parameters
    ]
    norms = member_norms(nest)
    return [[w / norms.reshape(-1, *[1] * (w.ndim - 1)) for w in own] for own in nest]


def member_norms(nest: Sequence[Sequence[Tensor]]) -> Tensor:
    """The norm of each member's part of a nest, (M,)."""
    squares = [w.detach().reshape(len(w), -1).square().sum(1) for own in nest for w in own]
    return torch.stack(squares).sum(0).sqrt()


def _leaf(w: Tensor) -> Tensor:
    return w.detach().clone().requires_grad_()
