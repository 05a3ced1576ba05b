r"""Figure 3 as plain declarations, with what the paper leaves open as named options.

Section 5 prints: true means (-0.5, 0.5), initial means on a grid over [-1, 1]^2, random initial
intervals, 3000 steps of 0.3, 120 repetitions, success where the total variation distance is below
0.1. It does not print the number of nodes, the distribution of the intervals, or what is done
where the ends of an interval cross. The maps of the figure take 41 nodes a side, four uniform
numbers on [-2, 2] sorted to l1 <= r1 <= l2 <= r2, and the update as printed; the study varies all
three, and the numbers that the paper calls arbitrary, on smaller grids.

All steps but the optimal discriminator's are the JIT's, whose numbers are the same bits on every
machine; NumPy's round otherwise in the last place.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from symgan.sweep.mixture import MixtureMap

FIGURE: Mapping[str, MixtureMap] = {
    "first-order": MixtureMap(backend="jit"),
    "unrolled": MixtureMap(dynamics="unrolled:steps=5", backend="jit"),
    "optimal": MixtureMap(dynamics="optimal"),
}
"""The three panels."""

NOISE = "1e-6"
"""Standard deviation of the noise that footnote 1 adds to the optimal-discriminator dynamics."""

SMALLER = MixtureMap(count=11, draws=40, backend="jit")
"""The grid of the study: every fourth node, the first 40 discriminators, 4840 runs."""
NODES = 21
"""Nodes a side where nothing is drawn: every second one of the figure's."""

INTERVALS = (
    *("uniform:1", "uniform:2", "uniform:4", "normal:1"),
    *("pairs:2", "narrow:1/2", "wide:1"),
)
REPAIRS = ("literal", "clamped", "frozen")
COMPARED = {"first-order": "first-order", "unrolled": "unrolled:steps=5"}

ETAS = ("1/100", "1/10", "1")
"""Steps beside the figure's 3/10."""

RULES: Mapping[str, str] = {
    "simultaneous": "first-order",
    "alternating": "alternating",
    "n_d = 5": "alternating:n_d=5",
    "n_d = 20": "alternating:n_d=20",
    "two-timescale 5": "two-timescale:tau=5",
    "two-timescale 20": "two-timescale:tau=20",
    "two-timescale 1/5": "two-timescale:tau=1/5",
    "extragradient": "extragradient",
    "past extragradient": "past-extragradient",
    "optimistic": "optimistic",
    "momentum 1/2": "heavy-ball:beta=1/2",
    "momentum -1/2": "heavy-ball:beta=-1/2",
    "consensus 1/2": "consensus:gamma=1/2",
    "symplectic adjustment": "symplectic-adjustment:lam=1",
    "competitive": "competitive",
    "lookahead 5": "lookahead:k=5,alpha=1/2",
    "unrolled 1": "unrolled:steps=1",
    "unrolled 5": "unrolled:steps=5",
    "unrolled 20": "unrolled:steps=20",
    "unrolled 5, not through": "unrolled:steps=5,through=false",
}
"""What is tried against the failures, with the settings of the first-order map."""


def noisy() -> dict[str, MixtureMap]:
    """The third panel with the noise of footnote 1."""
    return {"optimal-noisy": MixtureMap(dynamics=f"optimal:noise={NOISE}", draws=10)}


def rules() -> dict[str, MixtureMap]:
    """The rules of `RULES` from the figure's own starts."""
    figure = FIGURE["first-order"]
    return {f"rules/{name}": figure.at(dynamics=dynamics) for name, dynamics in RULES.items()}


def study() -> dict[str, MixtureMap]:
    """Intervals and repairs on the smaller grid, for both first-order dynamics."""
    return {
        f"study/{name}/{intervals}/{repair}": SMALLER.at(
            dynamics=dynamics, intervals=intervals, repair=repair
        )
        for name, dynamics in COMPARED.items()
        for intervals in INTERVALS
        for repair in REPAIRS
    }


def numbers() -> dict[str, MixtureMap]:
    """The numbers that the paper calls arbitrary, varied on the smaller grid.

    The optimal discriminator draws nothing and takes `NODES` a side.
    """
    found: dict[str, MixtureMap] = {}
    for name, m in FIGURE.items():
        small = SMALLER.at(dynamics=m.dynamics)
        small = small.at(count=NODES) if name == "optimal" else small
        for eta in ETAS:
            found[f"numbers/{name}/eta={eta}"] = small.at(eta=Fraction(eta))
        found[f"numbers/{name}/iterations=1000"] = small.at(iterations=1000)
        found[f"numbers/{name}/iterations=10000"] = small.at(iterations=10_000)
    return found


def all_maps() -> dict[str, MixtureMap]:
    """Every stored map by name, the most wanted first."""
    return {**FIGURE, **noisy(), **rules(), **study(), **numbers()}
