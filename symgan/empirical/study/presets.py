"""Designs by name: a trial of the machinery, a preliminary study, the printed design."""

from __future__ import annotations

from typing import Final

from symgan.empirical.ensemble.settings import Settings
from symgan.empirical.study.design import Study
from symgan.errors import UnknownName

_ITERATIONS: Final = {"smoke": 300, "quick": 5_000, "full": 30_000}
_SEEDS: Final = {"smoke": 2, "quick": 3, "full": 5}
_POINTS: Final = {"smoke": (200, 100, 100), "quick": (2000, 1000, 500), "full": (2000, 1000, 500)}
"""Points of final distances, of earlier ones, and stored for figures."""
_CLIP: Final = {"WGAN": {"clip": 0.1}}
"""The clipping value is unsaid. With 0.01, usual for images, five layers of 16 shrink the
generator's gradient to 2e-10, below RMSProp's eps of 1e-8: no order would leave its start."""
_WIDTHS: Final = {"smoke": 32, "quick": 84, "full": 84}
"""Hidden widths on images. The paper has 1,024 for the 784 pixels of MNIST; 84 is in the same
proportion to the 64 pixels of the digits (83.6)."""


def preset(name: str, table: str = "table1") -> Study:
    """A design by its name.

    ``smoke`` shows that everything works, ``quick`` fills every cell with fewer iterations and
    seeds, ``full`` is the printed design with five seeds. All but ``full`` are preliminary.

    Args:
        name: smoke, quick or full.
        table: table1, or table2 on the digits, in networks of five layers.

    Raises:
        UnknownName: no such preset or table.

    >>> preset("quick").settings.iterations, preset("full").seeds
    (5000, (0, 1, 2, 3, 4))
    """
    if name not in _ITERATIONS:
        raise UnknownName(f"no preset is called {name!r}; presets: {', '.join(_ITERATIONS)}")
    iterations, seeds = _ITERATIONS[name], tuple(range(_SEEDS[name]))
    samples, early, kept = _POINTS[name]
    if table == "table2":
        settings = Settings(
            iterations=iterations, hidden=(_WIDTHS[name],) * 5, latent=100, c1=1.2, c2=0.8
        )  # the latent dimension and both thresholds: appendix F, on images
        base = Study(table, datasets=("digits",), settings=settings)
    else:
        base = Study(table, settings=Settings(iterations=iterations), options=_CLIP)
    return base.at(seeds=seeds, samples=samples, early=early, kept=kept)


def presets() -> tuple[str, ...]:
    """The names of all presets."""
    return tuple(_ITERATIONS)
