"""Runs near an equilibrium: at which step a rule stops to be stable, and what it does below."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from symgan.empirical import orders
from symgan.empirical.bridge.fields import gradient
from symgan.empirical.bridge.players import Parameters
from symgan.empirical.gans.gradients import project
from symgan.empirical.predictions.jacobian import (
    Moving,
    Threshold,
    flat_to_nest,
    moving,
    threshold,
)
from symgan.empirical.predictions.players import (
    DOUBLE,
    Members,
    at_rest,
    member_norms,
    moved,
    random_directions,
)
from symgan.empirical.predictions.toys import toy
from symgan.empirical.predictions.trials import (
    COURSE,
    GROWN,
    HALVINGS,
    MARGIN,
    PUSH,
    STEPS,
    Trial,
)
from symgan.empirical.spectra.blocks import actual
from symgan.empirical.spectra.multipliers import derive

Floats = NDArray[np.float64]
OFTEN = 5
"""Iterations between two looks at the field."""
SLIGHT = 1e-3
"""What a share may grow by what is not linear."""
GONE = 1e12
"""A field this many times that at the start ends the run: all members have left."""
HALF = 0.5
"""Of the predicted threshold, for a course; of 1/sigma where there is no threshold."""
SWITCHED = ("dirac-oracle", "dynamic")
"""Orders that look at the state. Nothing here predicts a threshold of theirs in the plane; on the
line that of the Dirac oracle is alternating descent's (`dynamic.settled.w.stable`)."""


@dataclass(frozen=True, eq=False)
class Found:
    """What a trial found, one entry a seed.

    Attributes:
        predicted: the step of the threshold, as the theory has it; 0 where no step is stable.
        low, high: steps between which the rule was seen to stop being stable, over the predicted
            one; NaN where that is not within the margin, or was not asked.
        change: the factor by which the field changed; NaN where that was not asked.
    """

    predicted: Floats
    low: Floats
    high: Floats
    change: Floats


def run(trial: Trial, seeds: Sequence[int]) -> Found:
    """A trial near an equilibrium, on all seeds at once.

    Args:
        trial: whose question is ``threshold`` or ``course``.
        seeds: one a member; a member's numbers do not depend on the others.
    """
    rest, spectra = _measured(trial.network, trial.loss, tuple(seeds))
    blank = np.full(len(seeds), np.nan)
    if trial.loss == "wasserstein":
        c = _toy_threshold(trial)
        predicted = np.array([c / s.largest for s in spectra])
        start = moved(rest, random_directions(rest, seeds), PUSH)
        if trial.question == COURSE:
            unit = np.array([1 / s.largest for s in spectra])
            steps = HALF * np.where(predicted > 0, predicted, unit)
            return Found(predicted, blank, blank, course(trial, start, rest, steps))
        low, high = bracket(lambda ratio: _left(trial, start, ratio * predicted))
        return Found(predicted, low, high, blank)
    ends = [threshold(s, derive(trial.rule, **trial.options)) for s in spectra]
    predicted = np.array([end.step for end in ends])
    if trial.question == COURSE:
        start = moved(rest, random_directions(rest, seeds), PUSH)
        return Found(predicted, blank, blank, course(trial, start, rest, HALF * predicted))
    low, high = bracket(lambda ratio: _expands(trial, rest, ends, ratio * predicted))
    return Found(predicted, low, high, blank)


@lru_cache(maxsize=8)
def _measured(network: str, loss: str, seeds: tuple[int, ...]) -> tuple[Members, list[Moving]]:
    """Members at rest and their spectra, which several trials share; nobody moves them."""
    rest = at_rest(network, loss, seeds)
    return rest, [moving(rest.one(m)) for m in range(len(seeds))]


def _toy_threshold(trial: Trial) -> float:
    if trial.rule in SWITCHED:
        return float(toy("alternating").threshold)
    return float(toy(trial.rule, **trial.options).threshold)


def bracket(unstable: Callable[[Floats], NDArray[np.bool_]]) -> tuple[Floats, Floats]:
    """Between which shares of the predicted step each member stops to be stable.

    Args:
        unstable: shares, one a member -> who is unstable there.

    Returns:
        The ends, one a member; NaN where a member is unstable at the lower end of the margin or
        stable at the upper one.

    >>> low, high = bracket(lambda share: share > np.array([0.98, 1.5]))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.975, nan], [1.0, nan])
    """
    first = unstable(np.array([1 - MARGIN]))
    low = np.full(len(first), 1 - MARGIN)
    high = np.full(len(first), 1 + MARGIN)
    inside = ~first & unstable(high)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        out = unstable(middle)
        low, high = np.where(out, low, middle), np.where(out, middle, high)
    return np.where(inside, low, np.nan), np.where(inside, high, np.nan)


def _left(trial: Trial, start: Members, steps: Floats) -> NDArray[np.bool_]:
    """Who is far from where it began, somewhere on the way."""
    sizes = follow(trial, start, start, steps, enough=GROWN)
    with np.errstate(invalid="ignore"):
        return ~(sizes.max(axis=0) <= GROWN * sizes[0])


def _expands(
    trial: Trial, rest: Members, ends: Sequence[Threshold], steps: Floats
) -> NDArray[np.bool_]:
    """Whose share along the binding eigenvector grows, somewhere on the way.

    Its modulus is that of the multiplier to the power of the iteration, but for what is not linear;
    that often ends the growth, so that the end of a run says little.
    """
    start = moved(rest, flat_to_nest([end.direction for end in ends], rest), PUSH)
    players = _at_steps(start, steps)
    first = largest = _shares(players, rest, ends)
    update = actual(trial.rule, players, 1.0, dict(trial.options))
    for _ in range(STEPS // OFTEN):
        for _ in range(OFTEN):
            update.step()
        largest = np.fmax(largest, _shares(players, rest, ends))
    return largest > first * (1 + SLIGHT)


def _shares(players: Members, rest: Members, ends: Sequence[Threshold]) -> Floats:
    rows = [
        abs(end.reader.conj() @ away) for end, away in zip(ends, _away(players, rest), strict=True)
    ]
    return np.nan_to_num(np.array(rows), nan=np.inf, posinf=np.inf)


def _away(players: Members, rest: Members) -> Floats:
    rows = [(a - b).detach().reshape(len(a), -1) for own, others in
            zip(players.parameters, rest.parameters, strict=True)
            for a, b in zip(own, others, strict=True)]  # fmt: skip
    return torch.cat(rows, dim=1).numpy()


def course(trial: Trial, start: Members, rest: Members, steps: Floats) -> Floats:
    """The largest field in the last quarter of a run over that at the start.

    Args:
        trial: which rule.
        start: where the members begin.
        rest: their equilibria.
        steps: one a member.
    """
    if trial.rule == "dirac-oracle":
        parts = [follow(trial, start.one(m), rest.one(m), steps[m : m + 1], enough=GONE)
                 for m in range(len(steps))]  # fmt: skip
        sizes = np.concatenate([_padded(p) for p in parts], axis=1)
    else:
        sizes = _padded(follow(trial, start, rest, steps, enough=GONE))
    quarter = len(sizes) // 4
    with np.errstate(invalid="ignore"):
        change = sizes[-quarter:].max(axis=0) / sizes[0]
    return np.where(np.isfinite(change), np.minimum(change, GONE), GONE)


def _padded(sizes: Floats) -> Floats:
    """Looks up to the end: a run that ended early is gone ever after."""
    missing = STEPS // OFTEN + 1 - len(sizes)
    return np.concatenate([sizes, np.full((missing, sizes.shape[1]), np.inf)])


def follow(trial: Trial, start: Members, rest: Members, steps: Floats, *, enough: float) -> Floats:
    """The norms of the members' fields on the way, (looks, M).

    Args:
        trial: which rule.
        start: where they begin.
        rest: their equilibria.
        steps: one a member.
        enough: the run ends when all fields are this many times what they were, or no numbers.
    """
    players = _at_steps(start, steps)
    advance = stepper(trial.rule, trial.options, players, rest)
    looks = [field_sizes(players)]
    for k in range(1, STEPS + 1):
        advance(None)
        if k % OFTEN == 0:
            looks.append(field_sizes(players))
            if not (looks[-1] <= enough * looks[0]).any():
                break
    return np.stack(looks)


def stepper(
    rule: str, options: Mapping[str, Any], players: Members, rest: Members | None
) -> Callable[[Any], None]:
    """A function of a batch that makes one iteration of a rule, in place.

    Args:
        rule: of `symgan.rules`, or ``dynamic``.
        options: of the rule.
        players: who moves, each with its own step.
        rest: their equilibria, for the Dirac oracle.
    """
    if rule == "dynamic":
        return _Dynamic(players).step
    if rule == "dirac-oracle":
        assert rest is not None
        return actual(rule, players, 1.0, {"equilibrium": rest.parameters}).step
    return actual(rule, players, 1.0, dict(options)).step


class _Dynamic:
    """Algorithm 2 on all members at once: who does not move has the step 0."""

    def __init__(self, players: Members) -> None:
        self._players, self._steps = players, players.steps.clone()
        self._seen: orders.Seen | None = None
        self._rule = actual("simultaneous", players, 1.0, {})
        self._c1, self._c2 = (
            torch.full((len(players.real),), c, dtype=DOUBLE)
            for c in (orders.Dynamic().c1, orders.Dynamic().c2)
        )

    def step(self, batch: Any) -> None:
        p = self._players
        real, latent = batch if batch is not None else (p.real, p.latent)
        theta, psi = p.parameters
        network = p.kind.discriminator
        with torch.no_grad():
            fake = project(p.gan, network, psi, p.kind.generator(theta, latent)).sort(1).values
            data = project(p.gan, network, psi, real).sort(1).values
        if self._seen is None:
            self._seen = orders.Seen.start(len(real), real.shape[1], data)
        self._seen = orders.decide(self._seen, data, fake, self._c1, self._c2)
        theirs = self._seen.last == orders.GENERATOR
        p.steps = self._steps * torch.stack([theirs, ~theirs])
        self._rule.step((real, latent))
        p.steps = self._steps


def _at_steps(start: Members, steps: Floats) -> Members:
    """A copy of the members, each with its step."""
    size = len(start.real)
    row = torch.from_numpy(np.broadcast_to(steps, (size,)).copy())
    nest: Parameters = tuple(
        tuple(w.detach().clone().requires_grad_() for w in own) for own in start.parameters
    )
    return Members(start.gan, start.kind, nest, start.real, start.latent, torch.stack([row, row]))


def field_sizes(players: Members) -> Floats:
    """The norms of the members' fields, whatever their steps are; infinite if no numbers."""
    steps = players.steps
    players.steps = torch.ones_like(steps)
    found: Tensor = member_norms(gradient(players, players.parameters))
    players.steps = steps
    return np.nan_to_num(found.numpy(), nan=np.inf, posinf=np.inf)
