"""Exact analysis: what can be said of a flow or a map without a number being rounded."""

# Imported at once, not on first use: some functions have the names of their modules, and
# a module that is loaded later would hide the function.
from symgan.analysis.annealing import (
    ResidualOscillation,
    residual_oscillation,
    silent_ramps,
    silent_start,
)
from symgan.analysis.attractor_proofs import no_non_nash_attractor
from symgan.analysis.attractors import attractor_table, non_nash_attractor, repelled_nash
from symgan.analysis.basin import certified_basin
from symgan.analysis.block_identities import key_identities
from symgan.analysis.block_jacobian import key_lemma
from symgan.analysis.block_numeric import key_lemma_numeric
from symgan.analysis.blocks import blocks, singular_step_bound
from symgan.analysis.branch_runs import branch_runs
from symgan.analysis.center import first_lyapunov_coefficient, reversible
from symgan.analysis.center_line import flip, fold, zero_eigenvalue
from symgan.analysis.closed_form import solve_linear
from symgan.analysis.collapse import collapse, crossing_step, reopening
from symgan.analysis.conserved import conserved, find_conserved
from symgan.analysis.cycles import find_trapping_annulus, trapping_annulus
from symgan.analysis.divergence import divergence, optimal_discriminator
from symgan.analysis.equilibria import equilibria, linearize
from symgan.analysis.flat_directions import flat_directions
from symgan.analysis.focal import focal_value
from symgan.analysis.hopf import hopf_coefficient
from symgan.analysis.increment import increment
from symgan.analysis.interval_discriminator import optimal_intervals
from symgan.analysis.invariant_set import invariant_set
from symgan.analysis.invariants import invariants, volume
from symgan.analysis.lasalle import lasalle
from symgan.analysis.lipschitz import lipschitz, relu_network
from symgan.analysis.lyapunov import find_lyapunov
from symgan.analysis.map_orbits import periodic_orbits
from symgan.analysis.marginal import marginal_verdict
from symgan.analysis.mean_field import rest_families, rest_family, stable_families
from symgan.analysis.mean_square import mean_square_bound, second_moment, stationary_covariance
from symgan.analysis.means import enclose_means
from symgan.analysis.modified_flow import modified_flow
from symgan.analysis.nash import classify
from symgan.analysis.neimark_sacker import neimark_sacker_coefficient
from symgan.analysis.no_go import no_go
from symgan.analysis.noisy_descent import minibatch, noisy_descent
from symgan.analysis.own_minimum import own_minimum
from symgan.analysis.routh import hurwitz
from symgan.analysis.schur import schur
from symgan.analysis.sign_changes import sign_changes
from symgan.analysis.spectrum import spectrum
from symgan.analysis.stackelberg import stackelberg
from symgan.analysis.step_bound import step_bound
from symgan.analysis.step_sequences import robbins_monro, two_time_scale
from symgan.analysis.switched import switched_stability
from symgan.analysis.switched_cycle import switched_cycle
from symgan.analysis.total_variation import total_variation
from symgan.analysis.tune import tune
from symgan.analysis.zero_directions import stable_modulo_equilibria

__all__ = [
    "ResidualOscillation",
    "attractor_table",
    "blocks",
    "branch_runs",
    "certified_basin",
    "classify",
    "collapse",
    "conserved",
    "crossing_step",
    "divergence",
    "enclose_means",
    "equilibria",
    "find_conserved",
    "find_lyapunov",
    "find_trapping_annulus",
    "first_lyapunov_coefficient",
    "flat_directions",
    "flip",
    "focal_value",
    "fold",
    "hopf_coefficient",
    "hurwitz",
    "increment",
    "invariant_set",
    "invariants",
    "key_identities",
    "key_lemma",
    "key_lemma_numeric",
    "lasalle",
    "linearize",
    "lipschitz",
    "marginal_verdict",
    "mean_square_bound",
    "minibatch",
    "modified_flow",
    "neimark_sacker_coefficient",
    "no_go",
    "no_non_nash_attractor",
    "noisy_descent",
    "non_nash_attractor",
    "optimal_discriminator",
    "optimal_intervals",
    "own_minimum",
    "periodic_orbits",
    "relu_network",
    "reopening",
    "repelled_nash",
    "residual_oscillation",
    "rest_families",
    "rest_family",
    "reversible",
    "robbins_monro",
    "schur",
    "second_moment",
    "sign_changes",
    "silent_ramps",
    "silent_start",
    "singular_step_bound",
    "solve_linear",
    "spectrum",
    "stable_families",
    "stable_modulo_equilibria",
    "stackelberg",
    "stationary_covariance",
    "step_bound",
    "switched_cycle",
    "switched_stability",
    "total_variation",
    "trapping_annulus",
    "tune",
    "two_time_scale",
    "volume",
    "zero_eigenvalue",
]
