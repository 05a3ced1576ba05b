r"""Entropy: a player is paid for not being sure.

A player with parameters x plays action i with probability :math:`p_i(x)`, by default
:math:`\mathrm{softmax}(x)`, or :math:`(s(x), 1 - s(x))` of one logit; its loss becomes
:math:`\ell - \gamma H(p)`, :math:`H = -\sum p_i \ln p_i`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy import Expr

from symgan.catalog import regularizer
from symgan.errors import GameError
from symgan.game import Game
from symgan.regularizers.adding import owned, penalized


@regularizer("entropy")
def entropy(
    game: Game, gamma: Any, *, player: int = 1, probabilities: Sequence[Any] | None = None
) -> Game:
    r"""Entropy bonus: a player's loss less :math:`\gamma H(p)`.

    Args:
        game: a game whose player has logits for parameters.
        gamma: the weight :math:`\gamma \ge 0`.
        player: whose entropy.
        probabilities: p as expressions; the softmax of the player's parameters unless given.

    Raises:
        GameError: gamma is negative, the player does not exist, or the probabilities do not
            sum to one.

    Source: Williams and Peng 1991; Mertikopoulos and Sandholm 2016.

    >>> from symgan.games.quadratic import bilinear
    >>> entropy(bilinear(), 1).J.subs(bilinear().equilibrium)
    Matrix([
    [0,  -1],
    [1, 1/4]])
    """
    p = softmax(owned(game, player)) if probabilities is None else tuple(probabilities)
    if sp.expand(sp.together(sp.Add(*p) - 1).as_numer_denom()[0]) != 0:
        raise GameError(f"the probabilities {p} are not seen to sum to one")
    negative_entropy = sp.Add(*(q * sp.log(q) for q in map(sp.sympify, p)))
    return penalized(game, "entropy", gamma, negative_entropy, player)


def softmax(logits: Sequence[Any]) -> tuple[Expr, ...]:
    r"""Softmax of several logits; :math:`(s(x), 1 - s(x))`, with the logistic s, of one.

    >>> x = sp.Symbol("x", real=True)
    >>> softmax((x,))
    (exp(x)/(exp(x) + 1), 1/(exp(x) + 1))
    """
    weights = [sp.exp(x) for x in logits]
    if len(weights) == 1:
        weights.append(sp.Integer(1))
    total = sp.Add(*weights)
    return tuple(w / total for w in weights)
