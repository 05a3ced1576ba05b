r"""Decaying steps: the conditions of Robbins and Monro and of two time scales, decided exactly.

For :math:`a_k = c\,k^{-p}(\log k)^{-q}` with c > 0 the integral test decides everything by
comparing exponents: the sum diverges exactly where p < 1, or p = 1 and :math:`q \le 1`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import And, Expr, Integer, Or, Symbol
from sympy.logic.boolalg import Boolean

from symgan.errors import GameError


@dataclass(frozen=True)
class PowerLog:
    r"""The sequence :math:`c\,k^{-p}(\log k)^{-q}`, :math:`k \ge 2`; constant for p = q = 0.

    Args:
        scale: c, positive.
        power, logs: p and q, real numbers or symbols.

    Raises:
        GameError: a scale that is not positive, or an exponent that is not real.

    >>> p, q = sp.symbols("p q", real=True)
    >>> PowerLog(1, p, q).diverges()
    (p < 1) | (Eq(p, 1) & (q <= 1))
    """

    scale: Any
    power: Any
    logs: Any = 0

    def __post_init__(self) -> None:
        for name in ("scale", "power", "logs"):
            object.__setattr__(self, name, sp.sympify(getattr(self, name)))
        if self.scale.is_positive is not True:
            raise GameError(
                f"the scale {self.scale} of a step sequence is not positive; declare it"
            )
        if not all(e.is_real for e in (self.power, self.logs)):
            raise GameError(f"the exponents {self.power}, {self.logs} are not real; declare them")

    def value(self, k: Any) -> Expr:
        """The term of an index."""
        return self.scale * sp.sympify(k) ** (-self.power) * sp.log(k) ** (-self.logs)

    def diverges(self) -> Boolean:
        """Whether the sum over all terms is infinite."""
        p, q = self.power, self.logs
        return Or(p < 1, And(sp.Eq(p, 1), q <= 1))

    def vanishes(self) -> Boolean:
        """Whether the terms tend to zero."""
        return Or(self.power > 0, And(sp.Eq(self.power, 0), self.logs > 0))

    def squared(self) -> PowerLog:
        """The sequence of squares."""
        return PowerLog(self.scale**2, 2 * self.power, 2 * self.logs)


@dataclass(frozen=True)
class Geometric:
    r"""The sequence :math:`c\,\rho^k` with c and :math:`\rho` positive.

    >>> Geometric(1, sp.Rational(1, 2)).diverges()
    False
    """

    scale: Any
    ratio: Any

    def __post_init__(self) -> None:
        for name in ("scale", "ratio"):
            object.__setattr__(self, name, sp.sympify(getattr(self, name)))
            if getattr(self, name).is_positive is not True:
                raise GameError(f"the {name} of a geometric sequence must be positive; declare it")

    def value(self, k: Any) -> Expr:
        """The term of an index."""
        return self.scale * self.ratio ** sp.sympify(k)

    def diverges(self) -> Boolean:
        """Whether the sum over all terms is infinite."""
        return self.ratio >= 1

    def vanishes(self) -> Boolean:
        """Whether the terms tend to zero."""
        return self.ratio < 1

    def squared(self) -> Geometric:
        """The sequence of squares."""
        return Geometric(self.scale**2, self.ratio**2)


Sequence = PowerLog | Geometric


@dataclass(frozen=True)
class RobbinsMonro:
    r"""The conditions :math:`\sum a_k = \infty` and :math:`\sum a_k^2 < \infty`.

    Attributes:
        diverges: the exact condition for the first.
        square_summable: that for the second.
    """

    diverges: Boolean
    square_summable: Boolean

    @property
    def holds(self) -> Boolean:
        """Both."""
        return And(self.diverges, self.square_summable)


@dataclass(frozen=True)
class TwoTimeScale:
    r"""The conditions on the steps of a two-time-scale recursion.

    Attributes:
        slow, fast: those of each sequence.
        separated: the exact condition for :math:`a_k/b_k \to 0`, a being the slow one.
    """

    slow: RobbinsMonro
    fast: RobbinsMonro
    separated: Boolean

    @property
    def holds(self) -> Boolean:
        """All of them."""
        return And(self.slow.holds, self.fast.holds, self.separated)


def robbins_monro(steps: Sequence) -> RobbinsMonro:
    r"""The Robbins-Monro conditions as exact Booleans.

    Source: Robbins and Monro 1951, "A stochastic approximation method".

    >>> robbins_monro(PowerLog(1, sp.Rational(1, 2), 1)).holds
    True
    >>> p = Symbol("p", real=True)
    >>> robbins_monro(PowerLog(1, p)).holds.subs(p, sp.Rational(1, 2))
    False
    """
    return RobbinsMonro(steps.diverges(), sp.Not(steps.squared().diverges()))


def two_time_scale(slow: Sequence, fast: Sequence) -> TwoTimeScale:
    r"""The conditions of a two-time-scale recursion: each of Robbins-Monro, and separation.

    Args:
        slow: a, whose player waits.
        fast: b, with :math:`a_k/b_k \to 0`.

    Raises:
        Undecided: whether a geometric ratio is one is open, and then powers decide.

    Source: Borkar 1997, "Stochastic approximation with two time scales"; Heusel et al. 2017.

    >>> two_time_scale(PowerLog(1, 1), PowerLog(1, sp.Rational(3, 4))).holds
    True
    >>> two_time_scale(PowerLog(1, 1), PowerLog(5, 1)).separated
    False
    """
    return TwoTimeScale(robbins_monro(slow), robbins_monro(fast), negligible(slow, fast))


def negligible(one: Sequence, other: Sequence) -> Boolean:
    """The exact condition for the ratio of two sequences to tend to zero."""
    if isinstance(one, PowerLog) and isinstance(other, PowerLog):
        p, q = one.power - other.power, one.logs - other.logs
        return Or(p > 0, And(sp.Eq(p, 0), q > 0))
    if isinstance(one, Geometric) and isinstance(other, Geometric):
        return one.ratio < other.ratio
    geometric = one if isinstance(one, Geometric) else other
    assert isinstance(geometric, Geometric)
    apart = geometric.ratio < 1 if geometric is one else geometric.ratio > 1
    power = other if geometric is one else one
    assert isinstance(power, PowerLog)
    side = 1 if geometric is one else -1
    p, q = -side * power.power, -side * power.logs
    equal = And(sp.Eq(geometric.ratio, 1), Or(p > 0, And(sp.Eq(p, 0), q > 0)))
    return Or(apart, equal)


def sequence(expression: Any, k: Symbol) -> Sequence:
    r"""Read a sequence from a product of powers of linear functions of k and of their logarithms.

    A shift, :math:`(k + k_0)^{-p}`, changes no condition here and is dropped, as is the factor
    in :math:`\log(mk + k_0)`.

    Args:
        expression: such as ``c*(k + 1)**-p*log(k + 2)**-q``, ``c*rho**k`` or a constant.
        k: the index.

    Raises:
        GameError: another expression, or one that is not positive.

    >>> k = Symbol("k", positive=True)
    >>> sequence(3/((k + 1)*sp.log(k + 2)), k)
    PowerLog(scale=3, power=1, logs=1)
    """
    scale, power, logs, ratio = Integer(1), Integer(0), Integer(0), Integer(1)
    for factor in sp.Mul.make_args(sp.powsimp(sp.sympify(expression), force=False)):
        base, exponent = factor.as_base_exp()
        if isinstance(factor, sp.exp):
            base, exponent = sp.E, factor.args[0]
        if k not in factor.free_symbols:
            scale *= factor
        elif k not in exponent.free_symbols and _slope(base, k) is not None:
            scale *= _slope(base, k) ** exponent
            power -= exponent
        elif k not in exponent.free_symbols and isinstance(base, sp.log):
            if _slope(base.args[0], k) is None:
                raise _unreadable(expression)
            logs -= exponent
        elif k not in base.free_symbols and _slope(exponent, k, signed=True) is not None:
            rate = _slope(exponent, k, signed=True)
            ratio *= base**rate
            scale *= base ** sp.expand(exponent - rate * k)
        else:
            raise _unreadable(expression)
    if ratio != 1 and (power != 0 or logs != 0):
        raise _unreadable(expression)
    return Geometric(scale, ratio) if ratio != 1 else PowerLog(scale, power, logs)


def _slope(base: Expr, k: Symbol, *, signed: bool = False) -> Expr | None:
    """The slope of a linear function of k, positive unless `signed`; None for anything else."""
    if not base.is_polynomial(k) or sp.degree(base, k) != 1:
        return None
    slope = sp.Poly(base, k).LC()
    return slope if signed or slope.is_positive else None


def _unreadable(expression: Any) -> GameError:
    return GameError(
        f"{expression} is no step sequence of the form c*k**-p*log(k)**-q or c*rho**k; give one"
    )
