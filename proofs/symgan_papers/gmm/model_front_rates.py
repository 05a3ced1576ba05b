r"""What updates do to ends and means: symgan's rule on the game, and plain slopes of the payoff."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Integer, Rational, Symbol

from symgan.rules.simultaneous import simultaneous
from symgan_papers.gmm.model_front import game

gan = game()
mu1, mu2 = gan.mu
(l1, l2), (r1, r2) = gan.left, gan.right
eta = Symbol("eta", positive=True)
x, y = sp.symbols("x y", real=True)
HALF = Rational(1, 2)

PLACE = {
    gan.truth.means[0]: Integer(-2),
    gan.truth.means[1]: Integer(2),
    mu1: Integer(-1),
    mu2: Rational(5, 2),
}
"""Figure 2's means."""


def images() -> dict[Symbol, Any]:
    """Where (9)-(11) take each coordinate."""
    rule = simultaneous(gan.game, eta)
    return dict(zip(rule.state, rule.rhs, strict=True))


def truth_at(p: Any) -> tuple[Any, Any]:
    """The true means at a point."""
    return p["mustar1"], p["mustar2"]


def means_at(p: Any) -> tuple[Any, Any]:
    """The generator's means at a point."""
    return p["mu1"], p["mu2"]


def slope_of_payoff(p: Any, end: Any) -> Any:
    """dL/dr at an end, by a difference quotient of the mass of F."""

    def mass(z: Any) -> Any:
        parts = [(1, truth_at(p)), (-1, means_at(p))]
        return sum(s * mpmath.ncdf(z - m) / 2 for s, pair in parts for m in pair)

    return mpmath.diff(mass, end)
