r"""Lookahead: k fast steps of any rule, then a step of the slow weights towards them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import sympy as sp
from sympy import Dummy, Expr, Matrix, Rational

from symgan.catalog import RuleMark, UpdateRule, lookup, mark_of, rule
from symgan.differentiation import jacobian
from symgan.errors import GameError
from symgan.game import Game
from symgan.rules.steps import is_affine, new_symbols, refuse_growth, refuse_size, setting
from symgan.system import Map

HALF = Rational(1, 2)

Rule = Callable[..., Any]
"""A rule; one without an explicit map is refused where it is applied."""

Memory = Literal["interpolate", "reset"]


def lookahead(
    base: Rule, *, k: int = 2, alpha: Any = HALF, memory: Memory = "interpolate"
) -> UpdateRule:
    r"""The rule :math:`x^+ = x + \alpha\,(F^k(x) - x)` over a rule with the map F.

    A rule with memory has the state :math:`(x, m)`. What happens to m at a slow step is a
    choice: ``"interpolate"`` treats it as x, :math:`m^+ = m + \alpha(m_k - m)`, so that the
    spectrum is :math:`1 - \alpha + \alpha\lambda^k` whatever the rule; ``"reset"`` starts
    every slow step with fresh memory, so that the map has none. Both mean the same
    whether the rule remembers a previous iterate or a velocity. Keeping the memory of the
    last fast step does not, and is not offered.

    ``updates`` is k times that of the base; a past extragradient that is reset takes one
    gradient a player more, since the one it remembers is lost.

    Args:
        base: the rule that makes the fast steps.
        k: how many of them.
        alpha: the slow step, positive; above 1 it overshoots.
        memory: what a slow step does to memory.

    Returns:
        A rule ``(game, eta, **options) -> Map``; the options are those of the base.

    Raises:
        GameError: k is no whole number of at least 1, or alpha is not positive. The rule
            refuses a base without an explicit map, and a k that grows a nonlinear map
            beyond use.

    Source: Zhang et al. 2019; for games, Chavdarova et al. 2021.

    >>> from symgan.games.quadratic import bilinear
    >>> from symgan.rules.simultaneous import simultaneous
    >>> eta = sp.Symbol("eta", positive=True)
    >>> lookahead(simultaneous, k=2, alpha=1)(bilinear(), eta).rhs[0]
    -eta**2*theta + 2*eta*psi + theta
    """
    k, alpha = _count(k), _weight(alpha)

    def ahead(game: Game, eta: Any, **options: Any) -> Map:
        fast = _explicit(base(game, eta, **options), game)
        slow = Matrix(fast.state)
        rhs = slow + alpha * (_iterated(fast, k) - slow)
        return _slow_map(game, fast, rhs, k, alpha, memory)

    def first_order(game: Game, **options: Any) -> tuple[Expr, ...]:
        return _first_order(game, base, k, alpha, options)

    name = getattr(base, "__name__", "a rule").replace("_", " ")
    ahead.__doc__ = f"Lookahead over {name}: {k} fast steps, slow step {alpha}."
    return rule(f"lookahead({name})", first_order=first_order)(ahead)


def _named(base: Rule | str) -> Rule:
    """A rule as it is, or the rule of this name."""
    if not isinstance(base, str):
        return base
    from symgan import rules

    return lookup(rules, RuleMark, "rule", base)


def _default_first_order(
    game: Game, *, base: Any = "simultaneous", k: int = 2, alpha: Any = HALF, **options: Any
) -> tuple[Expr, ...]:
    options.pop("memory", None)
    return mark_of(lookahead(_named(base), k=k, alpha=alpha)).first_order(game, **options)


@rule("lookahead", first_order=_default_first_order)
def lookahead_over(
    game: Game,
    eta: Any,
    *,
    base: Rule | str = "simultaneous",
    k: int = 2,
    alpha: Any = HALF,
    memory: Memory = "interpolate",
    **options: Any,
) -> Map:
    """Lookahead over a rule that is given by its name; see `lookahead`.

    Two fast steps and half of the way are the least that differs from other rules;
    papers use k = 5 and more.

    Args:
        game: the game.
        eta: the step, or one step a player.
        base: the name of a rule, or a rule.
        k, alpha, memory: as of `lookahead`.
        **options: options of the base.

    Raises:
        UnknownName: no rule carries the name.
        GameError: as `lookahead`.

    >>> from symgan.games.quadratic import bilinear
    >>> lookahead_over(bilinear(), sp.Symbol("eta", positive=True), base="alternating").rhs[0]
    -eta**3*psi/2 - eta**2*theta/2 + eta*psi + theta
    """
    return lookahead(_named(base), k=k, alpha=alpha, memory=memory)(game, eta, **options)


def _count(k: Any) -> int:
    if not isinstance(k, int | sp.Integer) or isinstance(k, bool) or k < 1:
        raise GameError(f"k = {k}: lookahead makes a whole number of fast steps, at least one")
    return int(k)


def _weight(alpha: Any) -> Expr:
    alpha = setting(alpha, "slow step alpha")
    if alpha.is_positive is False:
        raise GameError(f"alpha = {alpha} is not positive; the slow step goes towards the fast")
    return alpha


def _explicit(fast: Any, game: Game) -> Map:
    """The map of the fast steps, if it can be composed."""
    if not isinstance(fast, Map):
        raise GameError(
            f"lookahead composes steps, and this rule has none in closed form on {game.name!r}; "
            "apply it to a rule or game with an explicit map"
        )
    if fast.noise:
        raise GameError("lookahead over a map with noise would reuse its draws; take the noise out")
    return fast


def _iterated(fast: Map, k: int) -> Matrix:
    r""":math:`F^k`, fast step j of slow step n being step :math:`kn + j` of the rule.

    Affine maps are expanded at each step, so that they stay affine to look at.
    """
    affine = is_affine(fast)
    if not affine:
        refuse_growth([fast] * k)
    ahead = Matrix(fast.state)
    for j in range(k):
        here = {**dict(zip(fast.state, ahead, strict=True)), **_clock(fast, k, j)}
        ahead = Matrix([f.xreplace(here) for f in fast.rhs])
        if affine:
            ahead = ahead.expand()
            refuse_size(sum(f.count_ops() for f in ahead), j + 1, k)
    return ahead


def _clock(fast: Map, k: int, j: int) -> dict[Any, Any]:
    return {} if fast.index is None else {fast.index: k * fast.index + j}


def _slow_map(game: Game, fast: Map, rhs: Matrix, k: int, alpha: Expr, memory: Memory) -> Map:
    parameters = dict.fromkeys((*fast.parameters, *new_symbols(game, alpha)))
    if memory == "reset":
        start = dict(fast.memory)
        pairs = [(s, f) for s, f in zip(fast.state, rhs, strict=True) if s in fast.visible]
        state, kept = fast.visible, ()
        rhs = Matrix([f.subs(start, simultaneous=True) for _, f in pairs])
    elif memory == "interpolate":
        state, kept = fast.state, fast.memory
    else:
        raise GameError(f"memory = {memory!r}; choose one of: interpolate, reset")
    return Map(
        state,
        tuple(rhs),
        parameters=tuple(parameters),
        index=fast.index,
        memory=kept,
        updates=k * fast.updates,
    )


def _first_order(
    game: Game, base: Rule, k: int, alpha: Expr, options: dict[str, Any]
) -> tuple[Expr, ...]:
    r"""The chain rule: :math:`\alpha\,\delta_k` with :math:`\delta_{j+1} = A_j\delta_j + b_j`.

    At :math:`\eta = 0` the fast steps stand still, so that A and b, the derivatives of one
    of them in the state and in the step, are taken at the start.
    """
    eta = Dummy("eta", positive=True)
    fast = _explicit(base(game, eta, **options), game)
    rest = {eta: sp.Integer(0), **dict(fast.memory)}
    A = jacobian(Matrix(fast.rhs).subs(eta, 0), fast.state).subs(rest, simultaneous=True)
    b = Matrix(fast.rhs).diff(eta).subs(rest, simultaneous=True)
    ahead = sp.zeros(len(fast.state), 1)
    for j in range(k):
        clock = _clock(fast, k, j)
        ahead = (A.xreplace(clock) * ahead + b.xreplace(clock)).expand()
    slow = dict(zip(fast.state, alpha * ahead, strict=True))
    return tuple(slow[symbol] for symbol in fast.visible)
