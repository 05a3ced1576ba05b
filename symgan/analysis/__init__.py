"""Exact analysis: what can be said of a flow or a map without a number being rounded."""

# Imported at once, not on first use: some functions have the names of their modules, and
# a module that is loaded later would hide the function.
from symgan.analysis.annealing import (
    ResidualOscillation,
    residual_oscillation,
    silent_ramps,
    silent_start,
)
from symgan.analysis.blocks import blocks, singular_step_bound
from symgan.analysis.center import first_lyapunov_coefficient, reversible
from symgan.analysis.closed_form import solve_linear
from symgan.analysis.conserved import conserved, find_conserved
from symgan.analysis.equilibria import equilibria, linearize
from symgan.analysis.increment import increment
from symgan.analysis.invariants import invariants, volume
from symgan.analysis.lyapunov import find_lyapunov
from symgan.analysis.no_go import no_go
from symgan.analysis.routh import hurwitz
from symgan.analysis.schur import schur
from symgan.analysis.spectrum import spectrum
from symgan.analysis.step_bound import step_bound
from symgan.analysis.switched import switched_stability
from symgan.analysis.tune import tune

__all__ = [
    "ResidualOscillation",
    "blocks",
    "conserved",
    "equilibria",
    "find_conserved",
    "find_lyapunov",
    "first_lyapunov_coefficient",
    "hurwitz",
    "increment",
    "invariants",
    "linearize",
    "no_go",
    "residual_oscillation",
    "reversible",
    "schur",
    "silent_ramps",
    "silent_start",
    "singular_step_bound",
    "solve_linear",
    "spectrum",
    "step_bound",
    "switched_stability",
    "tune",
    "volume",
]
