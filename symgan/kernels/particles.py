r"""The spiked GAN of Wang, Hu and Lu as it is trained: n dimensions, one sample a step.

.. math::
    y = U c + \sqrt{\eta_T}\,a, \quad \tilde y = V\tilde c + \sqrt{\eta_G}\,\tilde a, \qquad
    w^+ = w + \tfrac\tau n \nabla_w L, \quad V^+ = V - \tfrac{\tilde\tau}n \nabla_V L

with :math:`L = \tfrac12(y^\top w)^2 - \tfrac12(\tilde y^\top w)^2 - \tfrac\lambda2 H(w^\top w)
+ \tfrac\lambda2 \mathrm{tr} H(V^\top V)` and :math:`H(x) = \log\cosh(x-1)`; strict
regularization divides w and the columns of V by their lengths after every step instead.
Both players see the same fake sample.

Source: Wang, Hu and Lu 2019, equations (1)-(4).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from symgan.kernels.errors import KernelError
from symgan.kernels.particles_model import Array, Particles, SpikedModel, state_of

_BLOCK = 1 << 19
"""Normal numbers drawn at once: 4 MiB, which stays in the cache."""


@dataclass(frozen=True)
class Trace:
    r"""What a run recorded.

    Attributes:
        steps: the steps k at which the state was recorded, shape (m,).
        states: :math:`M_k`, shape (m, 2d+1, 2d+1).
        last: the particles at the end; `simulate` continues them.
    """

    steps: NDArray[np.int64]
    states: Array
    last: Particles


def simulate(
    model: SpikedModel,
    start: Particles,
    steps: int,
    *,
    every: int | None = None,
    progress: Callable[[Particles, int], bool | None] | None = None,
) -> Trace:
    r"""Train for a number of steps and record the macroscopic state.

    Args:
        model: the numbers.
        start: where to start or to continue.
        steps: how many steps.
        every: record each so many steps, and at both ends; 100 records unless given.
        progress: called at each record with the particles and the steps left; what it
            returns as False ends the run there. Save the particles to resume them later.

    Raises:
        KernelError: numbers that do not fit, lengths other than 1 under strict
            regularization, or a run that explodes.

    >>> from symgan.kernels.particles_model import gram, initial
    >>> trace = simulate(SpikedModel(), initial(50, gram(0, 0.3, 0.2), seed=2), 100, every=50)
    >>> trace.steps.tolist(), trace.states.shape
    ([0, 50, 100], (3, 3, 3))
    """
    every = max(1, steps // 100) if every is None else every
    _check(model, start, steps, every)
    rng = np.random.Generator(np.random.SFC64())
    rng.bit_generator.state = start.generator
    training = _Training(model, start)
    found = [(start.step, start.macroscopic)]
    state = start
    for now in _stops(start.step, steps, every):
        training.run(rng, now - state.step)
        state = Particles(start.U, training.V.copy(), training.w.copy(), now, state_of(rng))
        found.append((now, _finite(state.macroscopic, now)))
        if progress is not None and progress(state, start.step + steps - now) is False:
            break
    times, states = zip(*found, strict=True)
    return Trace(np.array(times, dtype=np.int64), np.array(states), state)


def _check(model: SpikedModel, start: Particles, steps: int, every: int) -> None:
    if start.V.shape[0] != model.d:
        raise KernelError(f"the particles have {start.V.shape[0]} features, the model {model.d}")
    if steps < 0 or every < 1:
        raise KernelError(f"steps = {steps} and every = {every} must be positive")
    lengths = np.sqrt(np.diag(start.macroscopic)[model.d :])
    if model.penalty is None and not np.allclose(lengths, 1, rtol=0, atol=1e-9):
        raise KernelError("strict regularization starts from w and columns of V of length 1")


def _stops(first: int, steps: int, every: int) -> Iterator[int]:
    yield from range(first + every, first + steps, every)
    if steps:
        yield first + steps


def _finite(M: Array, step: int) -> Array:
    if not np.isfinite(M).all():
        raise KernelError(f"training has exploded by step {step}; take smaller rates or n larger")
    return M


def _drawn(rng: np.random.Generator, steps: int, width: int) -> Iterator[Array]:
    """Blocks of normal numbers, a row a step; the next one is drawn while one is used."""
    height = max(1, _BLOCK // width)
    heights = [min(height, steps - first) for first in range(0, steps, height)]
    buffers = [np.empty((min(height, steps), width)) for _ in heights[:2]]
    with ThreadPoolExecutor(1) as pool:

        def draw(number: int) -> Array:
            rows = buffers[number % 2][: heights[number]]
            rng.standard_normal(out=rows)
            return rows

        coming = [pool.submit(draw, 0)] if heights else []
        for number in range(len(heights)):
            rows = coming.pop().result()
            if number + 1 < len(heights):
                coming.append(pool.submit(draw, number + 1))
            yield rows


class _Training:
    """The recursion on arrays that it changes in place."""

    def __init__(self, model: SpikedModel, start: Particles) -> None:
        self.model, self.d, self.n = model, model.d, len(start.w)
        self.UV, self.w = np.vstack((start.U, start.V)), start.w.copy()
        self.V = self.UV[self.d :]
        self.scales = np.sqrt(np.array((*model.data, *model.codes)))
        self.noise = np.sqrt(np.array((model.eta_t, model.eta_g)))

    def run(self, rng: np.random.Generator, steps: int) -> None:
        """So many steps; the numbers drawn do not depend on how steps are divided."""
        for rows in _drawn(rng, steps, 2 * self.n + 2 * self.d):
            for row in rows:
                self._step(row[: 2 * self.n].reshape(2, self.n), row[2 * self.n :])

    def _step(self, noise: Array, drawn: Array) -> None:
        model, d, w = self.model, self.d, self.w
        codes = self.scales * (drawn if model.latent == "gaussian" else np.sign(drawn))
        in_noise = self.noise * (noise @ w)
        in_codes = codes * (self.UV @ w)
        score, score_g = in_codes[:d].sum() + in_noise[0], in_codes[d:].sum() + in_noise[1]
        rate, rate_g = model.tau / self.n, model.tau_g / self.n
        weights = np.repeat((rate * score, -rate * score_g), d)
        move = (weights * codes) @ self.UV
        move += (rate * self.noise * (score, -score_g)) @ noise
        if model.penalty is not None:
            move -= (rate * model.penalty * math.tanh(w @ w - 1)) * w
            squares = np.einsum("ij,ij->i", self.V, self.V)
            self.V *= (1 - rate_g * model.penalty * np.tanh(squares - 1))[:, None]
        for column, code in zip(self.V, codes[d:], strict=True):
            column += (rate_g * score_g * code) * w
        w += move
        if model.penalty is None:
            for vector in (w, *self.V):
                vector *= 1 / math.sqrt(vector @ vector)
