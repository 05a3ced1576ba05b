"""Ensembles: configurations of one GAN trained together, as each would be alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import torch
from torch import Tensor

from symgan.empirical import data, gans, orders
from symgan.empirical.data.normal import normal
from symgan.empirical.data.seeds import derived_seed
from symgan.empirical.data.source import Source
from symgan.empirical.data.streams import BLOCK
from symgan.empirical.ensemble import checkpoint
from symgan.empirical.ensemble.draws import Draws
from symgan.empirical.ensemble.iteration import Stack
from symgan.empirical.ensemble.layers import Passes, TorchPasses
from symgan.empirical.ensemble.machine import MachinePasses
from symgan.empirical.ensemble.machine_updates import MachineUpdate
from symgan.empirical.ensemble.plan import plan
from symgan.empirical.ensemble.player import Player
from symgan.empirical.ensemble.rates import rates
from symgan.empirical.ensemble.settings import Member, Settings
from symgan.empirical.gans import spectral
from symgan.empirical.gans.gans import Gan
from symgan.empirical.gans.networks import MLP
from symgan.empirical.torch_extra import device as named_device
from symgan.empirical.updates import Adam, RMSProp, Update
from symgan.errors import BadData, MissingExtra

TOGETHER = {"torch": 32, "machine": 128}
"""Members of a stack on the processor. PyTorch takes one layer of all members after the other,
whose activations should stay in a core's cache; machine code one member after the other."""
ENOUGH = 8
"""Members of one order that are worth a stack of their own, in which all move at once."""


class Ensemble:
    r"""Members of one GAN, trained at once; any data sets of one shape, orders and seeds.

    A member is what it would be alone: its draws depend on its own configuration, no term joins two
    members, and one that diverges (outputs that are no numbers) is marked and stands still. On the
    processor it has the bits that it has alone if the batch is a multiple of 64; what is left over
    of a vector register PyTorch rounds by other functions, wherever that falls in a stack.

    On the processor passes and updates are machine code where the extra ``jit`` is installed, else
    PyTorch's; they differ by roundings, and a checkpoint goes on with what it began with.

    Args:
        members: the configurations, different ones.
        settings: everything else.
        device: ``auto``, ``cpu`` or ``cuda``.
        stacks: which members are computed together, by number; None: chosen for the device.
        engine: ``torch`` or ``machine``; ``auto``: machine code on the processor, if there is.

    Raises:
        BadData: no members, equal ones, several GANs, data sets of several shapes, or an engine
            that is unknown or not for the device.
        MissingExtra: machine code without llvmlite.
        UnknownName: an unknown GAN, data set or order.

    >>> four = [Member("unsat-bce", "ring", order, 0) for order in orders.NAMES]
    >>> ensemble = Ensemble(four, Settings(hidden=(4,), batch=8), device="cpu")
    >>> ensemble.run(until=3)
    >>> ensemble.iteration, ensemble.samples(5, seed=1).shape
    (3, torch.Size([4, 5, 2]))
    """

    def __init__(
        self,
        members: Sequence[Member],
        settings: Settings | None = None,
        device: str = "auto",
        *,
        stacks: Sequence[Sequence[int]] | None = None,
        engine: str = "auto",
    ) -> None:
        self.members = tuple(members)
        self.settings = settings or Settings()
        self.device = named_device(device)
        self.engine, self.passes = named_passes(engine, self.settings, self.device)
        self.gan = _one_gan(self.members, self.settings)
        self.sources = _sources(self.members, self.settings)
        self.iteration = 0
        size = next(iter(self.sources.values())).dimension
        images = len(next(iter(self.sources.values())).shape) > 1
        hidden, slope = self.settings.hidden, self.settings.slope
        final = "tanh" if images else "identity"
        self.generator = MLP(self.settings.latent, hidden, size, slope=slope, final=final)
        self.discriminator = MLP(size, hidden, 1, slope=slope)
        together = TOGETHER[self.engine]
        chosen = parts(self.members, self.device, together) if stacks is None else stacks
        self._parts = [list(part) for part in chosen]
        self._stacks = [self._stack([self.members[i] for i in part]) for part in self._parts]
        self._plans = [plan(stack) for stack, _ in self._stacks]

    def run(self, until: int, watch: Callable[[Ensemble], None] | None = None) -> None:
        """Train up to an iteration.

        Args:
            until: the number of iterations done at the end; nothing happens if they are done.
            watch: called every 64 iterations and at the end; what it raises ends the run there.
        """
        with torch.no_grad(), _threads(self.passes):
            while self.iteration < until:
                stop = min(until, self.iteration - self.iteration % BLOCK + BLOCK)
                for (stack, draws), whole in zip(self._stacks, self._plans, strict=True):
                    if whole is not None:
                        whole.run(range(self.iteration, stop), draws)
                        continue
                    for k in range(self.iteration, stop):
                        stack.iterate(k, draws.at(k))
                self.iteration = stop
                if watch is not None:
                    watch(self)

    @property
    def diverged(self) -> Tensor:
        """The iteration at which a member's outputs were no numbers any more, else -1."""
        return self._joined([stack.diverged for stack, _ in self._stacks])

    @property
    def updates(self) -> Tensor:
        """How often generator and discriminator moved: (members, 2)."""
        counts = [
            torch.stack([stack.generator.memory["counts"], stack.discriminator.memory["counts"]], 1)
            for stack, _ in self._stacks
        ]
        return self._joined(counts)

    def weights(self, member: int) -> tuple[list[Tensor], list[Tensor]]:
        """The weights of a member's generator and discriminator, as copies on the processor."""
        for part, (stack, _) in zip(self._parts, self._stacks, strict=True):
            if member in part:
                one = torch.tensor([part.index(member)], device=self.device)
                players = (stack.generator, stack.discriminator)
                theta, psi = ([w[0].cpu() for w in p.weights(one)] for p in players)
                return theta, psi
        raise BadData(f"member {member}; the ensemble has members 0 to {len(self.members) - 1}")

    def latents(self, n: int, seed: int) -> Tensor:
        """Generator inputs (n, latent) for samples; no training draw among them."""
        generator = data.stream(seed, "samples")
        found = normal((n, self.settings.latent), generator)
        return found.to(self.device, getattr(torch, self.settings.dtype))

    @torch.no_grad()
    def samples(self, n: int, seed: int) -> Tensor:
        """Generated points (members, n, \\*shape) on the processor, from equal inputs."""
        z, shape = self.latents(n, seed), next(iter(self.sources.values())).shape
        found = []
        for stack, _ in self._stacks:
            theta = stack.generator.weights()
            found.append(self.generator(theta, z.expand(len(stack), *z.shape)))
        return self._joined(found).unflatten(2, shape)

    def save(self, path: Path | str) -> None:
        """Write a checkpoint, whole or not at all.

        Raises:
            BadData: the file cannot be written.
        """
        stacks = [stack.state() for stack, _ in self._stacks]
        found = checkpoint.Checkpoint(
            self.members, self.settings, self.iteration, self.engine, self._parts, stacks
        )
        checkpoint.write(Path(path), found)

    @staticmethod
    def load(path: Path | str, device: str = "auto") -> Ensemble:
        """Go on from a checkpoint: the rest of the run has the bits it would have had.

        Raises:
            BadData: no checkpoint there, a damaged one, or one of another version.
            MissingExtra: it began with machine code, and llvmlite is not installed.
        """
        found = checkpoint.read(Path(path))
        ensemble = Ensemble(
            found.members, found.settings, device, stacks=found.parts, engine=found.engine
        )
        ensemble.iteration = found.iteration
        for (stack, _), state in zip(ensemble._stacks, found.stacks, strict=True):
            stack.restore(state)
        return ensemble

    def _joined(self, rows: Sequence[Tensor]) -> Tensor:
        """Rows a stack as rows a member, on the processor."""
        order = torch.tensor([i for part in self._parts for i in part])
        return torch.cat(list(rows)).cpu()[order.argsort()]

    def _stack(self, members: Sequence[Member]) -> tuple[Stack, Draws]:
        theta, psi = (
            self._player(network, role, members)
            for network, role in (
                (self.generator, "generator"),
                (self.discriminator, "discriminator"),
            )
        )
        vectors = None
        if self.gan.spectral:
            seeds = [derived_seed(m.seed, "power iteration") for m in members]
            vectors = spectral.start(psi.weights(), seeds, iterations=1)
        s = self.settings
        order = [orders.named(m.order, c1=s.c1, c2=s.c2) for m in members]
        draws = Draws(members, self.sources, self.gan, s, self.device)
        own = rates(self.gan, s.batch, getattr(torch, s.dtype)) if self.engine != "torch" else None
        return Stack(self.gan, order, s, theta, psi, self.passes, vectors, own), draws

    def _player(self, network: MLP, role: str, members: Sequence[Member]) -> Player:
        seeds = [derived_seed(m.seed, role) for m in members]
        dtype = getattr(torch, self.settings.dtype)
        return Player(network, network.init(seeds, dtype=dtype, device=self.device), self._update())

    def _update(self) -> Update:
        s = self.settings
        adam = self.gan.optimizer == "adam"
        update = Adam(betas=s.betas, eps=s.eps) if adam else RMSProp(alpha=s.alpha, eps=s.eps)
        if self.engine == "torch":
            return update
        return MachineUpdate(update, getattr(torch, s.dtype))


def parts(members: Sequence[Member], device: torch.device, together: int) -> list[list[int]]:
    """Which members make a stack: on the processor those of one order, where there are enough.

    The numbers do not depend on it, the time does.

    >>> grid = [Member("wgan", "ring", "sim", seed) for seed in range(40)]
    >>> parts(grid, torch.device("cpu"), 32)[1]
    [32, 33, 34, 35, 36, 37, 38, 39]
    """
    everyone = list(range(len(members)))
    if device.type != "cpu":
        return [everyone]
    by_order: dict[str, list[int]] = {}
    for i, member in enumerate(members):
        by_order.setdefault(member.order, []).append(i)
    groups = list(by_order.values())
    if min(map(len, groups)) < ENOUGH:
        groups = [everyone]
    return [g[i : i + together] for g in groups for i in range(0, len(g), together)]


@contextmanager
def _threads(passes: Passes) -> Iterator[None]:
    """PyTorch with one thread while machine code has threads of its own: its wait for work by
    spinning, and take the cores from the others."""
    before = torch.get_num_threads()
    if isinstance(passes, MachinePasses):
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def named_passes(engine: str, settings: Settings, device: torch.device) -> tuple[str, Passes]:
    """Who computes passes through networks, and its name.

    Raises:
        BadData: an unknown engine, or machine code on another device than the processor.
        MissingExtra: machine code without llvmlite.
    """
    if engine not in ("auto", *TOGETHER):
        raise BadData(f"engine = {engine!r}; choose one of: auto, {', '.join(TOGETHER)}")
    if engine == "torch" or (engine == "auto" and device.type != "cpu"):
        return "torch", TorchPasses(settings.slope)
    if device.type != "cpu":
        raise BadData(f"machine code runs on the processor, not on {device}; take engine='torch'")
    dtype = getattr(torch, settings.dtype)
    try:
        return "machine", MachinePasses(settings.slope, dtype, torch.get_num_threads())
    except MissingExtra:
        if engine == "machine":
            raise
        return "torch", TorchPasses(settings.slope)


def _one_gan(members: Sequence[Member], settings: Settings) -> Gan:
    if not members:
        raise BadData("an ensemble without members; give at least one configuration")
    names = sorted({m.gan for m in members})
    if len(names) > 1:
        raise BadData(f"an ensemble of {' and '.join(names[:2])}; train one ensemble a GAN")
    twice = [str(m) for m in members if list(members).count(m) > 1]
    if twice:
        raise BadData(f"the configuration {twice[0]} is there twice; name each once")
    return gans.adjusted(gans.named(names[0]), settings.gan)


def _sources(members: Sequence[Member], settings: Settings) -> dict[str, Source]:
    found = {name: data.named(name, **settings.data) for name in sorted({m.data for m in members})}
    shapes = {name: tuple(source.shape) for name, source in found.items()}
    if len(set(shapes.values())) > 1:
        text = ", ".join(f"{name} {shape}" for name, shape in shapes.items())
        raise BadData(f"data sets of different shapes ({text}); train one ensemble a shape")
    return found
