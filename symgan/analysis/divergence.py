r"""Divergences of finite distributions: optimal discriminators, f-divergences, their bounds.

For weights p and q on the same atoms the GAN value
:math:`V(D) = \sum p_i \log D_i + \sum q_i \log(1 - D_i)` is largest at
:math:`D_i = p_i/(p_i + q_i)`, where it is :math:`2\,\mathrm{JS}(p, q) - \log 4`. More generally
a convex f with :math:`f(1) = 0` and its conjugate :math:`f^*` give

.. math:: D_f(p, q) = \sum q_i f(p_i/q_i) \ge \sum p_i T_i - \sum q_i f^*(T_i),

with equality at the critic :math:`T_i = f'(p_i/q_i)`.

Source: Goodfellow et al. 2014, propositions 1 and 2; Nowozin et al. 2016, equations (2)-(5).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy import Expr

from symgan.errors import GameError
from symgan.f_divergences import FDivergence, f_divergence

Weights = tuple[Expr, ...]


def divergence(name: str, p: Sequence[Any], q: Sequence[Any]) -> Expr:
    r"""The f-divergence :math:`D_f(p, q)` of finite distributions.

    Args:
        name: a name in `F_DIVERGENCES`.
        p, q: weights of the same atoms; they sum to 1 and none is negative. Zeros follow the
            conventions :math:`0 f(0/0) = 0` and :math:`0 f(a/0) = a \lim f(u)/u`.

    Raises:
        GameError: weights that are not distributions on the same atoms.
        UnknownName: an unknown divergence.

    >>> half = sp.Rational(1, 2)
    >>> divergence("pearson", (1, 0), (half, half)), divergence("kl", (half, half), (1, 0))
    (1, oo)
    """
    which = f_divergence(name)
    return sp.Add(*(_cost(which, a, b) for a, b in _pairs(p, q)))


def _cost(which: FDivergence, a: Expr, b: Expr) -> Expr:
    """What one atom costs."""
    if b.is_zero:
        return sp.S.Zero if a.is_zero else a * which.growth
    return b * (which.at_zero if a.is_zero else which.f(a / b))


def variational_bound(name: str, p: Sequence[Any], q: Sequence[Any], critic: Sequence[Any]) -> Expr:
    r"""What a critic shows of a divergence, :math:`\sum p_i T_i - \sum q_i f^*(T_i)`.

    Args:
        name: a name in `F_DIVERGENCES`.
        p, q: weights of the same atoms.
        critic: the critic's output at each atom, in the domain of the conjugate.

    Raises:
        GameError: weights that are not distributions, or another number of outputs.

    Source: Nowozin et al. 2016, equation (4).

    >>> half = sp.Rational(1, 2)
    >>> variational_bound("pearson", (1, 0), (half, half), (2, -2))
    1
    """
    which, pairs = f_divergence(name), _pairs(p, q)
    if len(critic) != len(pairs):
        raise GameError(f"{len(critic)} outputs of the critic for {len(pairs)} atoms")
    outputs = [sp.sympify(t) for t in critic]
    # An atom that only p carries asks nothing of the conjugate.
    costs = (
        0 if b.is_zero else b * which.conjugate(t) for (_, b), t in zip(pairs, outputs, strict=True)
    )
    gains = (a * t for (a, _), t in zip(pairs, outputs, strict=True))
    return sp.Add(*gains) - sp.Add(*costs)


def optimal_critic(name: str, p: Sequence[Any], q: Sequence[Any]) -> tuple[Expr, ...]:
    r"""The critic :math:`f'(p_i/q_i)` that attains the divergence.

    Raises:
        GameError: weights that are not distributions, or an atom that only one of them
            carries: there the supremum is attained only in a limit, or not at all.

    >>> third = sp.Rational(1, 3)
    >>> optimal_critic("pearson", (third, 2 * third), (2 * third, third))
    (-1, 2)
    """
    which, pairs = f_divergence(name), _pairs(p, q)
    if any(a.is_zero or b.is_zero for a, b in pairs):
        raise GameError("the optimal critic needs positive weights of both on every atom")
    return tuple(which.critic(a / b) for a, b in pairs)


def optimal_discriminator(p: Sequence[Any], q: Sequence[Any]) -> tuple[Expr | None, ...]:
    r"""The discriminator :math:`p_i/(p_i + q_i)`; None at an atom that neither carries.

    Source: Goodfellow et al. 2014, proposition 1.

    >>> half = sp.Rational(1, 2)
    >>> optimal_discriminator((1, 0, 0), (half, half, 0))
    (2/3, 0, None)
    """
    return tuple(None if (a + b).is_zero else a / (a + b) for a, b in _pairs(p, q))


def gan_value(p: Sequence[Any], q: Sequence[Any], discriminator: Sequence[Any]) -> Expr:
    r"""The GAN value :math:`\sum p_i \log D_i + \sum q_i \log(1 - D_i)`.

    Args:
        p, q: weights of the same atoms.
        discriminator: D at each atom, in [0, 1]; None where neither has weight.

    Raises:
        GameError: weights that are not distributions, or another number of outputs.

    >>> half = sp.Rational(1, 2)
    >>> gan_value((1, 0), (0, 1), (half, half))
    -2*log(2)
    """
    pairs = _pairs(p, q)
    if len(discriminator) != len(pairs):
        raise GameError(f"{len(discriminator)} outputs of the discriminator for {len(pairs)} atoms")
    rows = zip(pairs, discriminator, strict=True)
    return sp.Add(*(_weighted(a, d) + _weighted(b, 1 - d) for (a, b), d in rows if d is not None))


def _weighted(weight: Expr, value: Any) -> Expr:
    """Weight times log, with 0 log 0 = 0."""
    return sp.S.Zero if weight.is_zero else weight * sp.log(value)


def jensen_shannon(p: Sequence[Any], q: Sequence[Any]) -> Expr:
    r"""The Jensen-Shannon divergence :math:`\frac12 KL(p, m) + \frac12 KL(q, m)`.

    Here :math:`m = (p + q)/2`; half of ``divergence("jensen-shannon", p, q)``.

    >>> jensen_shannon((1, 0), (0, 1))
    log(2)
    """
    middle = [(a + b) / 2 for a, b in _pairs(p, q)]
    one, other = (
        sp.Add(
            *(
                _weighted(a, a / m)
                for a, m in zip(map(sp.sympify, w), middle, strict=True)
                if not a.is_zero
            )
        )
        for w in (p, q)
    )
    return (one + other) / 2


def _pairs(p: Sequence[Any], q: Sequence[Any]) -> list[tuple[Expr, Expr]]:
    """The weights of each atom.

    Raises:
        GameError: not distributions on the same atoms.
    """
    if len(p) != len(q):
        raise GameError(f"{len(p)} weights and {len(q)} weights are not on the same atoms")
    for weights in (p, q):
        values = [sp.sympify(w) for w in weights]
        if any(w.is_nonnegative is False for w in values):
            raise GameError(f"the weights {tuple(weights)} hold a negative number")
        total = sp.expand(sp.Add(*values))
        if total != 1 and sp.cancel(total - 1) != 0:
            raise GameError(f"the weights {tuple(weights)} sum to {total}, not to 1")
    return [(sp.sympify(a), sp.sympify(b)) for a, b in zip(p, q, strict=True)]
