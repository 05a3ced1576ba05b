"""What is run, and by which numbers it is judged: fixed before the runs, all in one place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from symgan.errors import BadData

SEEDS = tuple(range(100, 120))
"""Of the stored run. Lengths of runs were chosen on seeds below 100."""
PUSH = 1e-4
"""How far from the equilibrium a member starts, relative to the norm of its weights."""
STEPS = 300
"""Iterations of a run near an equilibrium."""
MARGIN = 0.1
"""How far, relatively, a threshold may be from the predicted one to count as predicted."""
HALVINGS = 3
"""Bisections of the interval that the margin gives."""
GROWN = 10.0
"""A member has left when its field is this many times what it was at the start."""
FACTOR = 3.0
"""A member converges if its field shrinks by this factor from the start to the last quarter of a
run, diverges if it grows by it, and stays in between. Alternating descent at half its threshold
turns on an ellipse with axes in the ratio of the square root of 3."""
MOST = 0.75
"""The share of seeds that a prediction claims: more than this."""
RING_STEPS = 1500
"""Iterations of training on the ring."""
RING_BATCH = 64
"""Points of a mini-batch there."""
RING_RATE = 0.5
"""The step there, of plain descent; the same for all rules."""

THRESHOLD, COURSE, RING = "threshold", "course", "ring"


@dataclass(frozen=True)
class Trial:
    """One question, asked of every seed.

    Attributes:
        question: ``threshold`` (at which step does the rule stop to be stable?), ``course`` (what
            becomes of a small push at half of that step?) or ``ring`` (what becomes of training
            from random weights on mini-batches of the ring?).
        network: of `players.KINDS`.
        loss: of `players.GANS`.
        rule: of `symgan.rules`, or ``dynamic``, the paper's algorithm 2.
        options: of the rule; a weight ``gamma`` in units of the step.
    """

    question: str
    network: str
    loss: str
    rule: str
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """The trial in one line.

        >>> Trial("course", "deep", "wasserstein", "alternating", {"n_d": 2}).title
        'course / deep / wasserstein / alternating:n_d=2'
        """
        given = ",".join(f"{name}={value}" for name, value in self.options.items())
        rule = f"{self.rule}:{given}" if given else self.rule
        return f"{self.question} / {self.network} / {self.loss} / {rule}"


NEGATIVE = {"beta": -0.5, "alternating": True}
_NETWORKS = ("shallow", "deep")
_W, _R1 = "wasserstein", "wasserstein+r1"
_THRESHOLDS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("alternating", {}),
    ("alternating", {"n_d": 2}),
    ("extragradient", {}),
    ("optimistic", {}),
    ("consensus", {"gamma": 2}),
    ("heavy-ball", NEGATIVE),
)
_COURSES = ("simultaneous", "alternating", "extragradient", "optimistic", "dynamic")


def _all() -> tuple[Trial, ...]:
    return (
        *(Trial(THRESHOLD, n, _W, rule, o) for n in _NETWORKS for rule, o in _THRESHOLDS),
        *(Trial(THRESHOLD, n, _R1, "simultaneous") for n in _NETWORKS),
        Trial(THRESHOLD, "shallow", "bce", "simultaneous"),
        *(Trial(COURSE, n, _W, rule) for n in _NETWORKS for rule in _COURSES),
        *(Trial(COURSE, n, _R1, "simultaneous") for n in _NETWORKS),
        *(Trial(RING, "deep", _W, rule) for rule in _COURSES),
        Trial(RING, "deep", _R1, "simultaneous"),
    )


TRIALS = _all()
"""The whole experiment."""


@dataclass(frozen=True)
class Design:
    """An experiment: trials and seeds. Everything else that decides the numbers is constant here.

    Attributes:
        trials: what is asked.
        seeds: of whom.

    Raises:
        BadData: no trials or seeds, or one twice.
    """

    trials: Sequence[Trial] = TRIALS
    seeds: Sequence[int] = SEEDS

    def __post_init__(self) -> None:
        titles = [trial.title for trial in self.trials]
        for what, given in (("trial", titles), ("seed", list(self.seeds))):
            if not given or len(set(given)) < len(given):
                raise BadData(f"each {what} has to be there once, and one at least: {given}")

    def described(self) -> dict[str, str | int | float]:
        """Everything that decides the numbers, name -> text or number."""
        import torch

        from symgan import __version__
        from symgan.empirical.predictions.players import BATCH, GANS, KINDS

        return {
            "experiment": "toy predictions against networks",
            "seeds": ", ".join(map(str, self.seeds)),
            "trials": "; ".join(trial.title for trial in self.trials),
            "networks": "; ".join(
                f"{n}: {k.latent} -> {' '.join(map(str, k.hidden)) or 'affine'} -> {k.points}"
                for n, k in KINDS.items()
            ),
            "penalties": "; ".join(f"{n}: {g.penalty}" for n, g in GANS.items() if g.penalty),
            "activation": "leaky ReLU, slope 0.2; PyTorch's initialization; float64",
            "latent points": BATCH,
            "push": PUSH,
            "iterations": STEPS,
            "margin": MARGIN,
            "halvings": HALVINGS,
            "grown": GROWN,
            "factor": FACTOR,
            "most": MOST,
            "ring: iterations": RING_STEPS,
            "ring: batch": RING_BATCH,
            "ring: step": RING_RATE,
            "symgan": __version__,
            "torch": torch.__version__,
        }
