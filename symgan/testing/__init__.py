r"""Property tests for users: strategies for games, states and steps; stability claims.

Needs Hypothesis: ``pip install 'symgan[testing]'``.
"""

from __future__ import annotations

from symgan.errors import MissingExtra

try:
    import hypothesis  # noqa: F401 - all that follows is made of it
except ImportError:
    raise MissingExtra("hypothesis", "testing", "symgan.testing") from None

from symgan.testing.games import (
    bilinear_games,
    dirac_games,
    games,
    oracles,
    polynomial_games,
    quadratic_games,
)
from symgan.testing.stability import (
    Broken,
    Orbit,
    amplified_at_most,
    kept,
    nonincreasing,
    stability_claim,
)
from symgan.testing.values import rationals, states, steps, values

__all__ = [
    "Broken",
    "Orbit",
    "amplified_at_most",
    "bilinear_games",
    "dirac_games",
    "games",
    "kept",
    "nonincreasing",
    "oracles",
    "polynomial_games",
    "quadratic_games",
    "rationals",
    "stability_claim",
    "states",
    "steps",
    "values",
]
