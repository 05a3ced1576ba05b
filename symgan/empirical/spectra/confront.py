r"""A prediction held against the rule that it is about.

A perturbation is followed under the actual rule on the actual network, as the difference of two
orbits, one from the point and one from :math:`x + \varepsilon\,\mathrm{Re}\,r` with an eigenvector
r of J. The left eigenvector y picks its part out: if the eigenvalue map is right, the scalars
:math:`s_k = y^*\delta_k` obey, to first order in :math:`\varepsilon`,

.. math:: \sum_{j=0}^m a_j(\eta\lambda)\, s_{k+j} = 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from symgan.empirical.bridge.fields import flatten, unflatten
from symgan.empirical.bridge.players import Parameters, Players
from symgan.empirical.spectra.blocks import actual
from symgan.empirical.spectra.eigenvalues import eig
from symgan.empirical.spectra.multipliers import EigenvalueMap

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

SIZE = 1e-5
"""Of a perturbation, relative to the parameters: the root of the rounding, times what is left
for the second order."""


LEFT = 1e100
"""Beyond, a deviation counts as infinite: its square is no number any more."""


@dataclass(frozen=True)
class Eigenpair:
    """An eigenvalue with its unit eigenvectors, from a matrix written out.

    Attributes:
        value: the eigenvalue.
        right: shape (n,).
        left: shape (n,), :math:`y^* J = \\lambda y^*`.
    """

    value: complex
    right: Complexes
    left: Complexes


@dataclass(frozen=True)
class Confrontation:
    """What one eigenvalue was predicted to do, and did.

    Attributes:
        rule: the rule with its options.
        step: its step.
        eigenvalue: which.
        predicted: the growth of its part an iteration, by the eigenvalue map from the first
            values observed.
        observed: the same of the orbits.
        residual: how far the observed values are from the predicted recurrence, relative to the sum
            of the magnitudes of its terms; the largest over the run.
    """

    rule: str
    step: float
    eigenvalue: complex
    predicted: float
    observed: float
    residual: float

    def agrees(self, margin: float) -> bool:
        """Whether growth and recurrence are as predicted within a relative margin."""
        off = abs(self.observed - self.predicted)
        return bool(self.residual <= margin and off <= margin * self.predicted)


def eigenpairs(J: Floats) -> tuple[Eigenpair, ...]:
    """All eigenpairs of a matrix, by falling modulus."""
    values, left, right = eig(J)
    order = np.argsort(-np.abs(values), kind="stable")
    return tuple(Eigenpair(complex(values[k]), right[:, k], left[:, k]) for k in order)


def confront(
    rule: EigenvalueMap,
    players: Players,
    pair: Eigenpair,
    eta: float,
    *,
    steps: int = 20,
    batch: Any = None,
) -> Confrontation:
    """Follow one eigenvector under the actual rule and hold the prediction against it.

    Args:
        rule: the eigenvalue map, whose name and options also name the actual rule.
        players: near an equilibrium; their parameters are put back afterwards.
        pair: an eigenpair of their Jacobian there.
        eta: the step.
        steps: how many iterations.
        batch: on what data, the same for every step.
    """
    direction = pair.right.real / np.linalg.norm(pair.right.real)
    deviations = orbit_difference(rule.rule, players, direction, eta, dict(rule.options),
                                  steps=steps, batch=batch)  # fmt: skip
    s = deviations @ pair.left.conj()
    a = rule.at(eta * pair.value)
    terms = np.stack([a[j] * s[j : len(s) - rule.order + j] for j in range(rule.order + 1)])
    magnitude = np.abs(terms).sum(axis=0)
    residual = float((np.abs(terms.sum(axis=0)) / magnitude).max())
    expected = s[: rule.order].tolist()
    while len(expected) < len(s):
        expected.append(-sum(a[j] * expected[j - rule.order] for j in range(rule.order)) / a[-1])
    return Confrontation(
        rule=rule.title,
        step=eta,
        eigenvalue=pair.value,
        predicted=_growth(np.array(expected)),
        observed=_growth(s),
        residual=residual,
    )


def observed_growth(
    rule: str,
    players: Players,
    eta: float,
    options: dict[str, Any] | None = None,
    *,
    steps: int = 400,
    seed: int = 0,
    batch: Any = None,
) -> float:
    """The growth an iteration of a random perturbation, over the second half of a run.

    Args:
        rule: a name of `symgan.empirical.bridge.rules`.
        players: near an equilibrium; their parameters are put back afterwards.
        eta: the step.
        options: the rule's options.
        steps: how many iterations; the first half lets everything but the fastest part fade.
        seed: of the perturbation.
        batch: on what data.

    Returns:
        Above one where the perturbation grows; infinite where it left the numbers.
    """
    size = sum(t.numel() for own in players.parameters for t in own)
    direction = np.random.default_rng(seed).standard_normal(size)
    direction /= np.linalg.norm(direction)
    deviations = orbit_difference(
        rule, players, direction, eta, options or {}, steps=steps, batch=batch
    )
    if not np.abs(deviations).max() < LEFT:
        return float("inf")
    norms = np.linalg.norm(deviations, axis=1)
    middle = steps // 2
    return float((norms[-1] / norms[middle]) ** (1 / (steps - middle)))


def orbit_difference(
    rule: str,
    players: Players,
    direction: Floats,
    eta: float,
    options: dict[str, Any],
    *,
    steps: int,
    batch: Any = None,
) -> Floats:
    """Perturbed minus unperturbed orbit, iteration by iteration.

    Args:
        rule: a name of `symgan.empirical.bridge.rules`.
        players: whose parameters are the point, and are put back afterwards.
        direction: a unit vector.
        eta: the step.
        options: the rule's options.
        steps: how many iterations.
        batch: on what data.

    Returns:
        Shape (steps + 1, n).
    """
    start = flatten(players.parameters).detach().clone()
    size = SIZE * max(1.0, float(start.norm()))
    moved = start + size * torch.from_numpy(direction).to(start)

    def orbit(begin: torch.Tensor) -> Floats:
        _put(players.parameters, begin)
        update = actual(rule, players, eta, options)
        return _recorded(players, lambda: update.step(batch), steps)

    try:
        with np.errstate(invalid="ignore"):  # both may have left the numbers
            return orbit(moved) - orbit(start)
    finally:
        _put(players.parameters, start)


def _recorded(players: Players, step: Callable[[], Any], steps: int) -> Floats:
    rows = [flatten(players.parameters).detach().cpu().numpy().copy()]
    for _ in range(steps):
        step()
        rows.append(flatten(players.parameters).detach().cpu().numpy().copy())
    return np.stack(rows)


def _put(parameters: Parameters, values: torch.Tensor) -> None:
    with torch.no_grad():
        for own, new in zip(parameters, unflatten(values, parameters), strict=True):
            for tensor, value in zip(own, new, strict=True):
                tensor.copy_(value)


def _growth(s: Complexes) -> float:
    """The mean growth of a sequence an iteration, over its second half."""
    middle = len(s) // 2
    return float(np.abs(s[-1] / s[middle]) ** (1 / (len(s) - 1 - middle)))
