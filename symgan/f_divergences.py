r"""f-divergences: a convex function, its conjugate, and what follows from them.

.. math:: D_f(P, Q) = E_Q f(p/q) = \sup_T E_P[T] - E_Q[f^*(T)],

attained at :math:`T = f'(p/q)`. Adding :math:`c(u - 1)` to f changes no divergence but shifts the
critic by c, which is why the GAN's own form and Jensen-Shannon's both stand here.

Source: Nowozin, Cseke and Tomioka 2016, table 1.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Expr, Integer, Symbol

from symgan.differentiation import diff
from symgan.errors import UnknownName

_u, _t = Symbol("u", positive=True), Symbol("t", real=True)


@dataclass(frozen=True)
class FDivergence:
    r"""A convex f with :math:`f(1) = 0`, and its conjugate.

    Attributes:
        name: what it is called.
        f: the function on the positive half-line.
        conjugate: :math:`f^*(t) = \sup_u (t u - f(u))`, on the range of :math:`f'`.
        at_zero: :math:`f(0)`, as a limit; infinite for some.
        growth: :math:`\lim f(u)/u`: what an atom of P outside the support of Q costs.
    """

    name: str
    f: Callable[[Any], Expr]
    conjugate: Callable[[Any], Expr]
    at_zero: Expr
    growth: Expr

    @property
    def optimum(self) -> Expr:
        """The optimal critic's value where both laws agree, f'(1)."""
        return self.critic(Integer(1))

    def critic(self, ratio: Any) -> Expr:
        r"""The optimal critic :math:`f'(p/q)` at a ratio of weights."""
        return diff(self.f(_u), _u).subs(_u, ratio)

    def slope(self, output: Any) -> Expr:
        r""":math:`(f^*)'` at a critic's output; the ratio p/q that makes it optimal."""
        return diff(self.conjugate(_t), _t).subs(_t, output)

    def noise_weight(self, output: Any) -> Expr:
        r""":math:`(f^*)''` at a critic's output: the weight of :math:`\|\nabla D\|^2`.

        Source: Roth et al. 2017, equation (18).

        >>> f_divergence("pearson").noise_weight(0)
        1/2
        """
        return sp.diff(self.conjugate(_t), _t, 2).subs(_t, output)


def _table() -> dict[str, FDivergence]:
    oo, log, exp, sqrt = sp.oo, sp.log, sp.exp, sp.sqrt
    two, none, one = log(2), sp.S.Zero, sp.S.One
    s = sp.sympify
    rows = (
        FDivergence("kl", lambda u: u * log(u), lambda t: exp(s(t) - 1), none, oo),
        FDivergence("reverse-kl", lambda u: -log(u), lambda t: -1 - log(-s(t)), oo, none),
        FDivergence("pearson", lambda u: (s(u) - 1) ** 2, lambda t: t + s(t) ** 2 / 4, one, oo),
        FDivergence(
            "neyman", lambda u: (1 - s(u)) ** 2 / u, lambda t: 2 - 2 * sqrt(1 - s(t)), oo, one
        ),
        FDivergence(
            "hellinger", lambda u: (sqrt(s(u)) - 1) ** 2, lambda t: t / (1 - s(t)), one, one
        ),
        FDivergence(
            "jensen-shannon",
            lambda u: u * log(u) - (u + 1) * log((s(u) + 1) / 2),
            lambda t: -log(2 - exp(s(t))),
            two,
            two,
        ),
        FDivergence(
            "gan",
            lambda u: u * log(u) - (u + 1) * log(s(u) + 1) + 2 * two,
            lambda t: -log(1 - exp(s(t))) - 2 * two,
            2 * two,
            none,
        ),
    )
    return {row.name: row for row in rows}


F_DIVERGENCES: dict[str, FDivergence] = _table()
"""f-divergences by name; conjugates are given on the range of f' (beyond it they are larger than
the true ones where they are defined, so that bounds stay bounds). jensen-shannon and gan are
:math:`KL(p, m) + KL(q, m)` with :math:`m = (p + q)/2`, twice the Jensen-Shannon divergence."""


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
