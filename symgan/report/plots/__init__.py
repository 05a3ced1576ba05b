"""Figures of dynamics: functions that take a system and return a matplotlib figure.

All of them draw on a canvas of their own, without pyplot, in the style of `symgan.report.style`;
numbers come from kernels, and what is exact (nullclines, equilibria, boundaries, rates) is drawn
from its exact formula. `symgan.report.figures.save` writes them, the same figure as the same bytes.
"""

from symgan.report.plots.angle import path_angle
from symgan.report.plots.basins import basin_map
from symgan.report.plots.distance import distance_to_equilibrium
from symgan.report.plots.loci import eigenvalue_loci
from symgan.report.plots.players import player_fields
from symgan.report.plots.portrait import phase_portrait
from symgan.report.plots.region import stability_region

__all__ = [
    "basin_map",
    "distance_to_equilibrium",
    "eigenvalue_loci",
    "path_angle",
    "phase_portrait",
    "player_fields",
    "stability_region",
]
