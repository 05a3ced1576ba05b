"""Games and networks behind one interface, and every update rule on it, on torch."""

from symgan.empirical.bridge import rules
from symgan.empirical.bridge.fields import Linearization, field, gradient, jvp, vjp
from symgan.empirical.bridge.krylov import Report, Solver
from symgan.empirical.bridge.nests import flatten, unflatten
from symgan.empirical.bridge.neural_gan import LogitLoss, NeuralGan, Terms, terms
from symgan.empirical.bridge.players import Batches, Parameters, Players, Refreshed, Timed
from symgan.empirical.bridge.printer import compiled, elementwise
from symgan.empirical.bridge.torch_game import TorchGame
from symgan.empirical.bridge.update import Memory, Update

__all__ = [
    "Batches",
    "Linearization",
    "LogitLoss",
    "Memory",
    "NeuralGan",
    "Parameters",
    "Players",
    "Refreshed",
    "Report",
    "Solver",
    "Terms",
    "Timed",
    "TorchGame",
    "Update",
    "compiled",
    "elementwise",
    "field",
    "flatten",
    "gradient",
    "jvp",
    "rules",
    "terms",
    "unflatten",
    "vjp",
]
