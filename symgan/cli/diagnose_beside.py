"""The spectrum of a network, before and after training, beside the exact one of a toy game."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from symgan.cli.console import output, say

if TYPE_CHECKING:
    from sympy import Expr

    from symgan.empirical.spectra.measured import Eigenvalues
    from symgan.report.spectra import Region

RULES: Final = ("simultaneous", "extragradient", "optimistic")
"""Whose boundaries are drawn: rules whose multipliers are functions of an eigenvalue."""
WINDOW: Final = ((-1.2, 2.1), (-1.2, 1.2))
"""All eigenvalues over their largest modulus, and the disk of simultaneous descent."""
NODES: Final = 240


@dataclass(frozen=True)
class Toy:
    """A game and its exact spectrum.

    Attributes:
        name: as it was typed.
        eigenvalues: of J at its equilibrium.
    """

    name: str
    eigenvalues: tuple[Expr, ...]


def derived(game: str, loss: str | None, regularizer: str | None, settings: tuple[str, ...]) -> Toy:
    """The exact spectrum of a game of the catalog.

    Raises:
        UnknownName: no such game, loss or regularizer, or a setting that nothing takes.
        GameError: no equilibrium, no closed form, or a parameter without a value.
    """
    from symgan.cli import options
    from symgan.empirical.spectra.toy import exact_eigenvalues

    choice = options.choose(game, loss=loss, settings=settings)
    choice = options.regularize(choice, regularizer)
    options.refuse_rest(choice)
    words = [game, *(part for part in (loss, regularizer) if part), *settings]
    return Toy(", ".join(words), exact_eigenvalues(choice.game, choice.values))


def boundaries() -> list[Region]:
    """Where rules are stable at the step of one over the largest modulus, in the scaled plane."""
    import numpy as np

    from symgan.empirical.spectra.multipliers import derive
    from symgan.report.spectra import Region

    real, imaginary = (np.linspace(*side, NODES) for side in WINDOW)
    plane = real[None, :] + 1j * imaginary[:, None]
    return [Region(name, real, imaginary, derive(name).radius(plane)) for name in RULES]


def draw(before: Eigenvalues, after: Eigenvalues, toy: Toy, title: str, path: Path) -> None:
    """Write the figure and say what the exact eigenvalues are.

    Raises:
        BadData: a spectrum without an eigenvalue other than 0.
    """
    from symgan.empirical.spectra.toy import numbers
    from symgan.report.figures import save
    from symgan.report.spectra import Side, spectra_beside

    sides = [
        Side("before training", before.array),
        Side("at the checkpoint", after.array),
        Side(f"{toy.name} at its equilibrium", numbers(toy.eigenvalues), exact=True),
    ]
    save(spectra_beside(sides, boundaries(), title=title), path)
    values = ", ".join(map(str, toy.eigenvalues))
    output().print(f"{toy.name}: exact eigenvalues {values}", markup=False, soft_wrap=True)
    say(f"wrote {path}")
