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

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Expr, Symbol

from symgan.errors import GameError, UnknownName

Weights = tuple[Expr, ...]
_u, _t = Symbol("u", positive=True), Symbol("t", real=True)


@dataclass(frozen=True)
class FDivergence:
    r"""A convex f with :math:`f(1) = 0`, and its conjugate.

    Attributes:
        name: what it is called.
        f: the function on the positive half-line.
        conjugate: :math:`f^*(t) = \sup_u (t u - f(u))`.
        at_zero: :math:`f(0)`, as a limit; infinite for some.
        growth: :math:`\lim f(u)/u`: what an atom of p outside the support of q costs.
    """

    name: str
    f: Callable[[Any], Expr]
    conjugate: Callable[[Any], Expr]
    at_zero: Expr
    growth: Expr

    def critic(self, ratio: Any) -> Expr:
        r"""The optimal critic :math:`f'(p/q)` at a ratio of weights."""
        return sp.diff(self.f(_u), _u).subs(_u, ratio)

    def slope(self, output: Any) -> Expr:
        r""":math:`(f^*)'` at a critic's output; the ratio p/q that makes it optimal."""
        return sp.diff(self.conjugate(_t), _t).subs(_t, output)

    def noise_weight(self, output: Any) -> Expr:
        r""":math:`(f^*)''` at a critic's output: the weight of :math:`\|\nabla D\|^2`.

        Source: Roth et al. 2017, equation (18).

        >>> f_divergence("pearson").noise_weight(0)
        1/2
        """
        return sp.diff(self.conjugate(_t), _t, 2).subs(_t, output)


def _table() -> dict[str, FDivergence]:
    oo, log, exp, sqrt = sp.oo, sp.log, sp.exp, sp.sqrt
    two = log(2)
    rows = (
        FDivergence("kl", lambda u: u * log(u), lambda t: exp(t - 1), sp.S.Zero, oo),
        FDivergence("reverse-kl", lambda u: -log(u), lambda t: -1 - log(-t), oo, sp.S.Zero),
        FDivergence("pearson", lambda u: (u - 1) ** 2, lambda t: t + t**2 / 4, sp.S.One, oo),
        FDivergence(
            "neyman", lambda u: (1 - u) ** 2 / u, lambda t: 2 - 2 * sqrt(1 - t), oo, sp.S.One
        ),
        FDivergence(
            "hellinger", lambda u: (sqrt(u) - 1) ** 2, lambda t: t / (1 - t), sp.S.One, sp.S.One
        ),
        FDivergence(
            "jensen-shannon",
            lambda u: u * log(u) - (u + 1) * log((u + 1) / 2),
            lambda t: -log(2 - exp(t)),
            two,
            two,
        ),
    )
    return {row.name: row for row in rows}


F_DIVERGENCES: dict[str, FDivergence] = _table()
"""f-divergences by name; conjugates are given on the range of f' (beyond it they are larger than
the true ones where they are defined, so that bounds stay bounds). jensen-shannon is
:math:`KL(p, m) + KL(q, m)` with :math:`m = (p + q)/2`, twice `jensen_shannon`."""


def f_divergence(name: str) -> FDivergence:
    r"""The f-divergence of this name.

    Raises:
        UnknownName: the name is unknown; the sentence lists the known ones.

    >>> f_divergence("kl").critic(1)
    1
    """
    try:
        return F_DIVERGENCES[name]
    except KeyError:
        known = ", ".join(sorted(F_DIVERGENCES))
        raise UnknownName(f"unknown f-divergence {name!r}; choose one of: {known}") from None


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
