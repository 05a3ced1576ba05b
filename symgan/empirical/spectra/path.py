r"""The field along a segment: does an end point attract, or does the field turn around it?

On :math:`x(\alpha) = (1 - \alpha)\,x_0 + \alpha\,x_1`, with :math:`d = x_1 - x_0`, the *path-angle*
and the *path-norm* are

.. math:: c(\alpha) = \frac{\langle d, v(x(\alpha))\rangle}{|d|\,|v(x(\alpha))|}, \qquad
          |v(x(\alpha))|.

Players descend, so before :math:`x_1` the angle of an attracting end is negative, and it changes
its sign there. Around a center the field is orthogonal to the segment: the angle is 0 throughout.
Where both meet, a bump remains at :math:`\alpha = 1`.

Source: Berard et al. 2020, "A closer look at the optimization landscapes of generative
adversarial networks", section 4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from symgan.empirical.bridge.fields import flatten, gradient, unflatten
from symgan.empirical.bridge.players import Parameters, Players
from symgan.errors import BadData

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class FieldPath:
    r"""The field on points of a segment.

    Attributes:
        alpha: where, shape (k,); 0 is the start, 1 the end.
        angle: the cosine :math:`c(\alpha)`, shape (k,); NaN where the field vanishes.
        norm: :math:`|v|`, shape (k,).
        norms: of each player's part, shape (k, players).
    """

    alpha: Floats
    angle: Floats
    norm: Floats
    norms: Floats

    @property
    def sign_changes(self) -> tuple[float, ...]:
        """Where the angle passes through zero from below, by linear interpolation."""
        found = []
        points = zip(self.alpha.tolist(), self.angle.tolist(), strict=True)
        for (a, left), (b, right) in pairwise(points):
            if left < 0 <= right:
                found.append(a - left * (b - a) / (right - left))
        return tuple(found)


def path(
    players: Players,
    start: Parameters,
    end: Parameters,
    alpha: Sequence[float] | Floats,
    batch: Any = None,
) -> FieldPath:
    r"""Path-angle and path-norm between two points.

    Args:
        players: whose field.
        start, end: :math:`x_0` and :math:`x_1`, which differ.
        alpha: where; values beyond 1 look past the end.
        batch: on what data.

    Raises:
        BadData: the points coincide, or have other shapes.

    >>> from symgan.empirical.bridge import TorchGame
    >>> from symgan.games.quadratic import bilinear
    >>> game = TorchGame(bilinear(), {"theta": 3.0, "psi": 4.0})
    >>> zero = tuple(tuple(0 * t.detach() for t in own) for own in game.parameters)
    >>> abs(path(game, game.parameters, zero, [0.0, 0.5]).angle).max() < 1e-12
    np.True_
    """
    first, last = flatten(start).detach(), flatten(end).detach()
    if first.shape != last.shape or torch.equal(first, last):
        raise BadData("a path needs two different points of the same players")
    direction = last - first
    direction = direction / direction.norm()
    rows = [_at(players, torch.lerp(first, last, float(a)), start, direction, batch) for a in alpha]
    table = np.array(rows, dtype=float)
    return FieldPath(np.asarray(alpha, dtype=float), table[:, 0], table[:, 1], table[:, 2:])


def _at(
    players: Players, point: torch.Tensor, like: Parameters, direction: torch.Tensor, batch: Any
) -> list[float]:
    """Angle, norm, and the players' norms at one point."""
    with torch.enable_grad():
        v = gradient(players, unflatten(point, like), batch)
    norms = [float(flatten((own,)).norm()) for own in v]
    total = float(np.linalg.norm(norms))
    along = float(torch.dot(flatten(v), direction))
    return [along / total if total > 0 else np.nan, total, *norms]
