"""Spectra of real games: eigenvalues of the game Jacobian, paths, and what they predict."""

from symgan.empirical.spectra.eigenvalues import eigenvalues
from symgan.empirical.spectra.measured import Eigenvalue, Eigenvalues, Search
from symgan.empirical.spectra.multipliers import EigenvalueMap, NoFunctionOfJ, derive
from symgan.empirical.spectra.operator import GameJacobian, gradient_norms
from symgan.empirical.spectra.path import FieldPath, path
from symgan.empirical.spectra.prediction import Diagnosis, Prediction, predict
from symgan.empirical.spectra.rays import Span, stable_steps
from symgan.empirical.spectra.snapshot import Snapshot, snapshot

__all__ = [
    "Diagnosis",
    "Eigenvalue",
    "EigenvalueMap",
    "Eigenvalues",
    "FieldPath",
    "GameJacobian",
    "NoFunctionOfJ",
    "Prediction",
    "Search",
    "Snapshot",
    "Span",
    "derive",
    "eigenvalues",
    "gradient_norms",
    "path",
    "predict",
    "snapshot",
    "stable_steps",
]
