"""What a watch of a training run keeps: norms of the field and the ends of the spectrum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from symgan.empirical.bridge.players import Parameters, Players
from symgan.empirical.spectra.eigenvalues import eigenvalues
from symgan.empirical.spectra.measured import Eigenvalues
from symgan.empirical.spectra.operator import GameJacobian, gradient_norms


@dataclass(frozen=True)
class Snapshot:
    """One moment of a training run.

    Attributes:
        iteration: when.
        norms: of each player's part of the field.
        spectrum: eigenvalues of the game Jacobian; None where only norms were asked for.
    """

    iteration: int
    norms: tuple[float, ...]
    spectrum: Eigenvalues | None = None


def snapshot(
    players: Players,
    parameters: Parameters | None = None,
    batch: Any = None,
    *,
    iteration: int = 0,
    spectrum: bool = True,
    **search: Any,
) -> Snapshot:
    """Norms and spectrum at one moment; call it from the watch of a run.

    Args:
        players, parameters, batch: as `GameJacobian`.
        iteration: when.
        spectrum: whether eigenvalues are computed.
        **search: options of `eigenvalues`.

    Raises:
        BadData: the field is not finite.

    >>> from symgan.empirical.bridge import TorchGame
    >>> from symgan.games.quadratic import bilinear
    >>> seen = snapshot(TorchGame(bilinear(), {"theta": 3, "psi": 5}), iteration=7)
    >>> seen.iteration, seen.norms, len(seen.spectrum.values)
    (7, (5.0, 3.0), 2)
    """
    norms = gradient_norms(players, parameters, batch)
    if not spectrum:
        return Snapshot(iteration, norms)
    return Snapshot(
        iteration, norms, eigenvalues(GameJacobian(players, parameters, batch), **search)
    )
