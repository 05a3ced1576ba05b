"""What an audit must say of every field, Jacobian and map in ``callables/``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from symgan.game import Game
from symgan.games.dirac import dirac
from symgan.losses import named_loss

THETA, PSI = sp.symbols("theta psi", real=True)


def cubic() -> Game:
    """Losses x^2/2 + x y^2 and y^3/3 - x^2 y: no symmetry between players, at rest in 0."""
    x, y = THETA, PSI
    losses = (x**2 / 2 + x * y**2, y**3 / 3 - x**2 * y)
    return Game("cubic", ((x,), (y,)), losses, equilibrium={x: 0, y: 0})


def jensen_shannon() -> Game:
    """The Dirac-GAN with the Jensen-Shannon loss."""
    return dirac(named_loss("jensen-shannon"))


@dataclass(frozen=True)
class Call:
    """One function and what must be said of it.

    Attributes:
        name: of the function or class.
        of: "field", "jacobian" or "map".
        rule: of a map.
        says: what recognition, blame or findings must contain; empty for correct code.
        game: builds the game.
    """

    name: str
    of: str
    rule: str | None = None
    says: str = ""
    game: Any = cubic


CORRECT = (
    Call("field", "field"),
    Call("field_of_sequence", "field"),
    Call("jacobian", "jacobian"),
    Call("dirac_field", "field", game=jensen_shannon),
    Call("simultaneous", "map", "simultaneous"),
    Call("alternating", "map", "alternating"),
    Call("Optimistic", "map", "optimistic"),
    Call("heavy_ball", "map", "heavy-ball"),
    Call("extragradient", "map", "extragradient"),
)

FAULTY = (
    Call("product_rule", "field", says="lacks a factor theta"),
    Call("missing_term", "field", says="missing"),
    Call("doubled_term", "field", says="doubled"),
    Call("one_sign", "field", says="v with the opposite sign for psi"),
    Call("one_term_sign", "field", says="wrong sign"),
    Call("both_signs", "field", says="the negative of what was asked for, throughout"),
    Call("exchanged", "field", says="players' parts exchanged"),
    Call("players_exchanged", "field", says="exchanges psi and theta"),
    Call("own_loss_forgotten", "field", says="the gradient of the loss of player"),
    Call("hidden_far_away", "field", says="hidden by the linearization"),
    Call("floored", "field", says="hidden by the linearization"),
    Call("changes_input", "field", says="changes its argument in place"),
    Call("transposed", "jacobian", says="the transposed Jacobian"),
    Call("jacobian_sign", "jacobian", says="wrong sign"),
    Call("no_cross_terms", "jacobian", says="own blocks of the Jacobian alone"),
    Call("jacobian_factor", "jacobian", says="halved"),
    Call("dirac_saturates", "field", says="differs", game=jensen_shannon),
    Call("in_truth_alternating", "map", "simultaneous", "alternating"),
    Call("in_truth_simultaneous", "map", "alternating", "simultaneous"),
    Call("other_order", "map", "alternating", "order = (1, 0)"),
    Call("step_twice", "map", "simultaneous", "simultaneous with the step squared"),
    Call("OptimisticFromZero", "map", "optimistic", "has the factor 3/2"),
    Call("OptimisticAlias", "map", "optimistic", "simultaneous"),
    Call("momentum_sign", "map", "heavy-ball", "at step 2"),
    Call("extragradient_from_there", "map", "extragradient", "doubled"),
    Call("shared_memory", "map", "optimistic", "keeps state between runs"),
)
