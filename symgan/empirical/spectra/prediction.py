r"""From measured eigenvalues to stable steps and the best rule, through the rules' own maps.

A rule's linearization at an equilibrium multiplies perturbations by :math:`z(\eta\lambda)`
(`multipliers`); it is stable at the steps for which all of them are inside the unit circle, and
contracts by

.. math:: \rho(\eta) = \max_\lambda |z(\eta\lambda)|

an iteration. Rules are compared by :math:`\rho^{1/g}`, g being the evaluations of v that an
iteration takes. What is said holds

- of the eigenvalues that were measured: others can only take steps away;
- of the linearization: away from an equilibrium it says how nearby orbits part while the point
  moves little, which at steps close to a bound can be less than an iteration;
- without eigenvalues that cannot be told from zero. Along them the linear part neither
  contracts nor expands, under any of these rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from symgan.empirical.spectra.best import best_step, shortened, worst_of
from symgan.empirical.spectra.measured import Eigenvalue, Eigenvalues
from symgan.empirical.spectra.multipliers import EigenvalueMap, derive
from symgan.empirical.spectra.rays import Span, intersection, stable_steps
from symgan.errors import SymganError

RULES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("simultaneous", {}),
    ("extragradient", {}),
    ("optimistic", {}),
    ("heavy-ball", {"beta": Fraction(1, 2)}),
    ("heavy-ball", {"beta": Fraction(-1, 2)}),
    ("lookahead", {"k": 5}),
    ("proximal-point", {}),
)
"""Rules that are tried where none are named, with the options that papers use."""
TELLING = 1 - 1e-12
"""Rates from here on are one, up to the rounding of multipliers of thousands of eigenvalues."""
ROUND = 8
"""Points on the circle of an eigenvalue's error."""


@dataclass(frozen=True)
class Prediction:
    r"""What the eigenvalues say of one rule.

    Attributes:
        rule: the rule with its options.
        stable: the stable steps of the measured eigenvalues; none where no step is.
        sure: those of them that stay stable when each eigenvalue moves by its error; None where
            an error is not known.
        binding: the eigenvalue that ends the first interval; None where it has no end.
        best_step: the step of the smallest :math:`\rho`; None without stable steps; infinite where
            ever longer steps are ever better.
        best_rate: :math:`\rho` there.
        gradients: evaluations of v in one iteration.
        implicit: whether a step solves an equation, so that evaluations do not count its cost.
        map: the rule's eigenvalue map; None where the rule is no function of J alone.
    """

    rule: str
    stable: tuple[Span, ...]
    sure: tuple[Span, ...] | None
    binding: complex | None
    best_step: float | None
    best_rate: float | None
    gradients: float
    implicit: bool
    map: EigenvalueMap | None = None

    @property
    def rate_per_gradient(self) -> float | None:
        r""":math:`\rho^{1/g}`."""
        return None if self.best_rate is None else self.best_rate ** (1 / self.gradients)

    @property
    def gradients_per_fold(self) -> float | None:
        r"""Evaluations of v in which perturbations shrink by e, :math:`g/(-\log\rho)`."""
        if self.best_rate is None:
            return None
        return self.gradients / -np.log(self.best_rate) if self.best_rate > 0 else 0.0

    @property
    def telling(self) -> bool:
        r"""Whether :math:`\rho` can be told from one, so that the best step means something.

        Eigenvalues much smaller than the largest, which networks have, hardly move at any stable
        step; what is then best was decided by rounding.
        """
        return self.best_rate is not None and self.best_rate < TELLING

    def stable_at(self, step: float) -> bool:
        """Whether a step is among the stable ones."""
        return any(step in span for span in self.stable)


@dataclass(frozen=True)
class Diagnosis:
    """What the measured spectrum says of every rule.

    Attributes:
        spectrum: what was measured.
        used: the eigenvalues that the predictions rest on.
        zeros: how many could not be told from zero.
        predictions: one a rule; by rising rate a gradient, rules without stable steps last. None
            where there are no eigenvalues to rest on.
        left_out: rules of which eigenvalues say nothing, and why.
        expanding: how many of those used have a negative real part beyond their error: the flow
            leaves the point along them, and so does every rule at small steps.
        attracting: predictions for the others alone, where there are expanding ones: the steps at
            which a rule does not add instability of its own.
    """

    spectrum: Eigenvalues
    used: tuple[Eigenvalue, ...]
    zeros: int
    predictions: tuple[Prediction, ...]
    left_out: tuple[tuple[str, str], ...]
    expanding: int = 0
    attracting: tuple[Prediction, ...] = ()

    @property
    def best(self) -> Prediction | None:
        """The explicit rule of the fastest contraction a gradient; None where none is stable."""
        return fastest(self.predictions)

    @property
    def best_attracting(self) -> Prediction | None:
        """The same without the expanding eigenvalues."""
        return fastest(self.attracting)


def predict(
    spectrum: Eigenvalues, rules: Iterable[tuple[str, dict[str, Any]]] = RULES
) -> Diagnosis:
    """Stable steps, best step and rate of every rule, from the eigenvalues measured.

    Args:
        spectrum: of the game Jacobian.
        rules: names with options; rules that are no functions of J alone are left out with the
            reason.

    Raises:
        UnknownName: a rule that does not exist.

    >>> from symgan.empirical.bridge import TorchGame
    >>> from symgan.empirical.spectra import GameJacobian, eigenvalues
    >>> from symgan.games.quadratic import bilinear
    >>> game = TorchGame(bilinear(), {"theta": 0, "psi": 0})
    >>> found = predict(eigenvalues(GameJacobian(game)))
    >>> found.best.rule, round(found.best.stable[0].high, 6), found.predictions[-1].stable
    ('optimistic', 0.57735, ())
    """
    from symgan import rules as catalog

    used = tuple(e for e in spectrum.values if not e.is_zero)
    maps, left_out = [], []
    for name, options in rules:
        catalog.named(name)
        try:
            maps.append(derive(name, **options))
        except SymganError as error:
            left_out.append((title(name, options), str(error)))
    kept = tuple(e for e in used if not _expands(e))
    part = 0 < len(kept) < len(used)
    pairs = [_both(rule, used, kept if part else ()) for rule in maps] if used else []
    return Diagnosis(
        spectrum=spectrum,
        used=used,
        zeros=len(spectrum.values) - len(used),
        predictions=ranked(whole for whole, _ in pairs),
        left_out=tuple(left_out),
        expanding=len(used) - len(kept),
        attracting=ranked(rest for _, rest in pairs if rest is not None),
    )


def _both(
    rule: EigenvalueMap, used: Sequence[Eigenvalue], kept: Sequence[Eigenvalue]
) -> tuple[Prediction, Prediction | None]:
    """What all eigenvalues say of one rule, and what some of them do, if there are any.

    The steps of each eigenvalue are found once: a network of thousands of parameters has thousands.
    """
    steps = {value: stable_steps(rule, value) for value in _half(used)}
    return one(rule, used, steps), one(rule, kept, steps) if kept else None


def _half(used: Sequence[Eigenvalue]) -> list[complex]:
    """The values, each conjugate pair once."""
    return list(dict.fromkeys(complex(e.value.real, abs(e.value.imag)) for e in used))


def _expands(e: Eigenvalue) -> bool:
    return e.value.real < -(0.0 if np.isnan(e.error) else e.error)


def fastest(predictions: Iterable[Prediction]) -> Prediction | None:
    """The first explicit rule with a stable step, of predictions in their order."""
    return next((p for p in predictions if p.stable and not p.implicit), None)


def ranked(predictions: Iterable[Prediction]) -> tuple[Prediction, ...]:
    """By rising rate a gradient; rules without stable steps last."""
    return tuple(sorted(predictions, key=_rank))


def one(
    rule: EigenvalueMap,
    used: Sequence[Eigenvalue],
    steps: Mapping[complex, tuple[Span, ...]] | None = None,
) -> Prediction:
    """What eigenvalues say of one rule.

    Args:
        rule: its map.
        used: the eigenvalues, none zero.
        steps: the stable steps of each value with its imaginary part not negative, where they are
            known.
    """
    half = _half(used)
    sets = [stable_steps(rule, value) if steps is None else steps[value] for value in half]
    stable = intersection(sets)
    values = np.array(half, dtype=complex)
    worst = worst_of(rule, values)
    step, rate = best_step(worst, stable, values)
    return Prediction(
        rule=rule.title,
        stable=stable,
        sure=_sure(rule, used, stable),
        binding=_binding(half, sets, stable),
        best_step=step,
        best_rate=rate,
        gradients=float(rule.gradients),
        implicit=rule.implicit,
        map=rule,
    )


def _binding(
    values: Sequence[complex], sets: Sequence[Sequence[Span]], stable: Sequence[Span]
) -> complex | None:
    if not stable or np.isinf(stable[0].high):
        return None
    end = stable[0].high
    return next(v for v, spans in zip(values, sets, strict=True) for s in spans if s.high == end)


def _sure(
    rule: EigenvalueMap, used: Sequence[Eigenvalue], stable: Sequence[Span]
) -> tuple[Span, ...] | None:
    """The stable steps, shortened until every eigenvalue may move by its error."""
    if any(not np.isfinite(e.error) for e in used):
        return None
    around = np.exp(2j * np.pi * np.arange(ROUND) / ROUND)
    moved = [e.value + e.error * w for e in used if e.value.imag >= 0 for w in (0, *around)]
    radius = worst_of(rule, np.array(moved, dtype=complex))
    return tuple(s for s in (shortened(radius, span) for span in stable) if s is not None)


def title(name: str, options: dict[str, Any]) -> str:
    """A rule with its options, as it is typed on the command line."""
    given = ",".join(f"{key}={value}" for key, value in options.items())
    return f"{name}:{given}" if given else name


def _rank(p: Prediction) -> tuple[float, str]:
    rate = p.rate_per_gradient
    return (np.inf if rate is None else rate, p.rule)
