r"""Proofs about all stationary points of a rule at once, from its linearization on generic games.

At a stationary point the linearization of a rule is that of the rule on the quadratic game with
the same v' = J. With J of free entries it is :math:`I - \eta S(J)`, and what holds for the
entries of S as rational functions holds for every game with one parameter a player and J
invertible.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import sympy as sp
from sympy import Integer, Matrix, Symbol

from symgan.analysis.attractor_games import generic_game

Rule = Callable[..., Any]
"""An update rule, ``(game, eta, **options) -> Map``; implicit maps are fine."""

STEP = Symbol("eta", positive=True)


def no_non_nash_attractor(
    rule: Rule, *, players: int = 2, options: Mapping[str, Any] | None = None
) -> bool:
    r"""Prove that a rule has no non-Nash attractor, by the symmetric part of its linearization.

    For the generic quadratic game with :math:`v' = J` of free entries, one parameter a player,
    the linearization is :math:`I - \eta S`. If S is symmetric with diagonal entries
    :math:`S_{ii} = J_{ii}`, then an attracted point has :math:`S > 0`, hence
    :math:`J_{ii} > 0`: it is a differential Nash equilibrium. This is so in *every* game with
    invertible J. The converse needs more: in a two-player zero-sum game :math:`S` is block
    diagonal, so that the attractors are exactly the differential Nash equilibria; in general
    :math:`S > 0` is stronger than Nash.

    For local symplectic surgery :math:`S = \frac12(J + J^\top)`, in any number of parameters,
    since :math:`J^\top(J^\top J)^{-1}J^\top J = J^\top` at a point where J is invertible.

    Args:
        rule: the rule.
        players: the number of players of the generic game.
        options: keywords for the rule; they may hold symbols.

    Returns:
        True with proof, entry by entry; False where the linearization is not of this form,
        which proves nothing.

    Raises:
        SymganError: what the rule raises.

    >>> from symgan.rules.simultaneous import simultaneous
    >>> no_non_nash_attractor(simultaneous)
    False
    """
    J, S = _generic_field(rule, players, options or {})
    if S is None or S != S.T:
        return False
    return all(sp.cancel(S[i, i] - J[i, i]) == 0 for i in range(players))


def attracts_every_point(
    rule: Rule, *, players: int = 2, options: Mapping[str, Any] | None = None
) -> bool:
    r"""Prove that a rule is drawn, for small steps, to every stationary point with invertible v'.

    The linearization on the generic quadratic game is :math:`I - \eta J^\top J`, and
    :math:`J^\top J > 0`: minima, maxima and saddles alike attract.

    Args:
        rule, players, options: as in `no_non_nash_attractor`.

    Returns:
        True with proof; False where the linearization is not of this form.

    >>> from symgan.rules.simultaneous import simultaneous
    >>> attracts_every_point(simultaneous)
    False
    """
    J, S = _generic_field(rule, players, options or {})
    return S is not None and all(sp.cancel(e) == 0 for e in S - J.T * J)


def _generic_field(
    rule: Rule, players: int, options: Mapping[str, Any]
) -> tuple[Matrix, Matrix | None]:
    r"""J and S of the linearization :math:`I - \eta S`; None for S that depends on the step."""
    game, J = generic_game(players)
    system = rule(game, STEP, **options)
    if not hasattr(system, "memory") or system.memory:
        return J, None
    matrix = system.jacobian(dict.fromkeys(game.state, Integer(0)))
    S = ((sp.eye(players) - matrix) / STEP).applyfunc(sp.cancel)
    return J, None if STEP in S.free_symbols else S
