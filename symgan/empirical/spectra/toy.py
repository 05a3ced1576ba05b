r"""A toy game's spectrum, exactly derived, to hold the spectra of networks against."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import sympy as sp
from sympy import Expr, Symbol

from symgan.analysis import spectrum
from symgan.empirical.spectra.measured import Complexes
from symgan.errors import GameError
from symgan.game import Game


def exact_eigenvalues(game: Game, values: Mapping[Symbol, Any] | None = None) -> tuple[Expr, ...]:
    r"""The eigenvalues of J at the equilibrium that a game declares, each as often as it counts.

    J is the derivative of v, as in `GameJacobian`: the flow :math:`x' = -v(x)` has those of -J.

    Args:
        game: with an equilibrium that is a point.
        values: numbers for its parameters.

    Raises:
        GameError: no declared equilibrium, a parameter without a value, or eigenvalues without a
            closed form.

    >>> from symgan.games.quadratic import bilinear, quadratic
    >>> exact_eigenvalues(bilinear())
    (-I, I)
    >>> exact_eigenvalues(quadratic(2, 3, 5))
    (7/2 - 3*sqrt(3)*I/2, 7/2 + 3*sqrt(3)*I/2)
    """
    given = dict(values or {})
    if not isinstance(game.equilibrium, Mapping):
        raise GameError(f"{game.name} declares no equilibrium; choose a game that does")
    if missing := [p.name for p in game.parameters if p not in given]:
        raise GameError(f"{game.name} needs a number for {', '.join(missing)}: --set {missing[0]}=")
    rest = {s: sp.sympify(value).subs(given) for s, value in game.equilibrium.items()}
    found = spectrum(game.flow().subs(given), at=rest).eigenvalues
    exact = [sp.expand(-value) for value, count in found for _ in range(count)]
    if len(exact) != len(game.state):
        raise GameError(f"the spectrum of {game.name} has no closed form; choose another game")
    return tuple(sorted(exact, key=lambda x: (float(sp.re(x)), float(sp.im(x)))))


def numbers(eigenvalues: tuple[Expr, ...]) -> Complexes:
    """Exact eigenvalues to machine precision.

    >>> numbers((sp.I, sp.sqrt(2)))
    array([0.        +1.j, 1.41421356+0.j])
    """
    return np.array([complex(value) for value in eigenvalues], dtype=complex)
