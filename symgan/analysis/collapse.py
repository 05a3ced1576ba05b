r"""Collapse of a discriminator's interval: when its ends meet, and whether they part again.

The ends of an interval follow the density difference F, :math:`\dot r = F(r)`,
:math:`\dot\ell = -F(\ell)`. While the generator stands still:

- The interval collapses in finite time iff F < 0 on all of :math:`[\ell, r]`. (A point z between
  the ends with :math:`F(z) \ge 0` is one that neither end passes: where F(z) = 0 it is a rest
  point, where F(z) > 0 both ends move away from it.)
- Both ends then cover the interval at speed :math:`|F|` and meet at the same time, so that

  .. math:: T = \frac12\int_\ell^r \frac{dx}{|F(x)|},

  and the meeting point c halves this integral.

In discrete time, :math:`r^+ = r + \eta F(r)` and :math:`\ell^+ = \ell - \eta F(\ell)`, the width
becomes :math:`w^+ = w + \eta[F(r) + F(\ell)]`: the ends pass each other iff :math:`w^+ < 0`, and a
closed interval at x has :math:`w^+ = 2\eta F(x)`. What then happens depends on the repair
(`symgan.rules.ordering`), and `reopening` says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Expr, Symbol

from symgan.analysis.ball_functions import BITS, ball_function, real_ball
from symgan.analysis.budget import Budget
from symgan.analysis.enclosures import Enclosure, interval_ball, round_outward
from symgan.analysis.exact_inputs import exact_expression, exact_number, whole_number
from symgan.certify.ball import load_flint, sign_at
from symgan.errors import GameError, Undecided

MOST_DIGITS = 80
"""Binary digits of enclosures: the working precision has 16 more."""
FARTHEST = 2**16
"""A value of F below 2^-FARTHEST is not told from zero."""
PIECES = 4096
"""Pieces of an interval beyond which the sign of F is given up."""
REPAIRS = ("literal", "clamped", "frozen")


@dataclass(frozen=True)
class Collapse:
    r"""The end of an interval under the flow of its ends, the generator standing still.

    Attributes:
        finite: whether the interval collapses in finite time: F < 0 on all of it.
        time: :math:`T = \frac12\int_\ell^r dx/|F|`, enclosed; None if it never collapses.
        meeting: the point where the ends meet, enclosed; None if they do not.
        bounds: :math:`w/(2\max|F|)` and :math:`w/(2\min|F|)`, which enclose T without an integral.
        witness: where it never collapses, a point of the interval with F not negative.
    """

    finite: bool
    time: Enclosure | None
    meeting: Enclosure | None
    bounds: Enclosure | None
    witness: Expr | None


@dataclass(frozen=True)
class Reopening:
    r"""What the next step makes of an interval that is closed at x.

    Attributes:
        width: the width after the printed update, :math:`2\eta F(x)`, exact.
        sign: its proved sign.
        opens: whether the interval has positive width after the repaired step.
        crosses: whether its ends stand in the wrong order after the repaired step.
        ever: whether a later generator can open it again.
    """

    width: Expr
    sign: int
    opens: bool
    crosses: bool
    ever: bool


def width_rate(F: Expr, x: Symbol, left: Any, right: Any) -> Expr:
    r"""The rate of an interval's width under the flow, :math:`\dot w = F(r) + F(\ell)`.

    >>> x, l, r = sp.symbols("x l r", real=True)
    >>> width_rate(sp.exp(-x), x, l, r)
    exp(-r) + exp(-l)
    """
    F = exact_expression(F, "function F")
    ends = (exact_expression(end, "end of an interval") for end in (right, left))
    return sp.Add(*(F.subs(x, end) for end in ends))


def width_after(F: Expr, x: Symbol, left: Any, right: Any, eta: Any) -> Expr:
    r"""The width after one printed step, :math:`r - \ell + \eta[F(r) + F(\ell)]`.

    >>> x, eta = sp.symbols("x eta", real=True)
    >>> width_after(x - 5, x, 0, 2, eta)
    2 - 8*eta
    """
    a, b = (exact_expression(end, "end of an interval") for end in (left, right))
    return b - a + exact_expression(eta, "step") * width_rate(F, x, a, b)


def crossing_step(F: Expr, x: Symbol, left: Any, right: Any) -> Expr | None:
    r"""The step beyond which one printed update makes the ends pass, :math:`-w/(F(r) + F(\ell))`.

    Returns:
        The step, exact; None where no step does, the rate of the width being not negative.

    Raises:
        Undecided: the sign of the rate is not settled.

    >>> x = sp.Symbol("x", real=True)
    >>> crossing_step(x - 5, x, 0, 2), crossing_step(x + 5, x, 0, 2)
    (1/4, None)
    """
    ends = _ends(left, right)
    rate = width_rate(F, x, *ends)
    return (ends[0] - ends[1]) / rate if _sign(rate) < 0 else None


def reopening(F: Expr, x: Symbol, at: Any, eta: Any, *, repair: str = "literal") -> Reopening:
    r"""Whether an interval closed at a point opens in the next step, under a repair.

    - ``literal``: the width becomes :math:`2\eta F(x)`. It opens iff F(x) > 0, rests iff F(x) = 0,
      and where F(x) < 0 its ends pass and it counts negatively from then on.
    - ``clamped``: it opens iff F(x) > 0; where F(x) < 0 the ends meet again at their mean, which
      is x. It may open later, when the generator has made F(x) positive.
    - ``frozen``: it never opens.

    Args:
        F: the difference of densities, an expression in x.
        x: its symbol.
        at: where the interval is closed, an exact number.
        eta: the step, a positive number or symbol.
        repair: one of the above.

    Raises:
        GameError: an unknown repair or a step that is not positive.
        Undecided: the sign of F at the point is not settled.

    >>> x = sp.Symbol("x", real=True)
    >>> found = reopening(sp.exp(-x) - 1, x, -1, sp.Rational(3, 10), repair="literal")
    >>> found.width, found.opens, reopening(sp.exp(-x) - 1, x, -1, 1, repair="frozen").opens
    (-3/5 + 3*E/5, True, False)
    """
    eta = exact_expression(eta, "step")
    if repair not in REPAIRS:
        raise GameError(f"unknown repair {repair!r}; choose literal, clamped or frozen")
    if not eta.is_positive:
        raise GameError(f"the step {eta} is not positive; give a positive number or symbol")
    point = exact_number(at, "point")
    value = sp.expand(exact_expression(F, "function F").subs(x, point))
    sign = _sign(value)
    return Reopening(
        width=sp.expand(2 * eta * value),
        sign=sign,
        opens=sign > 0 and repair != "frozen",
        crosses=sign < 0 and repair == "literal",
        ever=repair != "frozen",
    )


def collapse(
    F: Expr, x: Symbol, left: Any, right: Any, *, digits: int = 40, seconds: float = 10.0
) -> Collapse:
    r"""Whether, when and where an interval collapses while the generator stands still.

    Args:
        F: the difference of densities, an expression in x alone, of class C1 on the interval.
        x: its symbol.
        left, right: the ends, exact numbers, left < right.
        digits: binary digits after the point of the enclosures.
        seconds: the budget of the sign search and of the meeting point.

    Raises:
        GameError: ends that are no exact numbers or not in order, further symbols in F; digits
            that are no whole number from 1 to `MOST_DIGITS`.
        Undecided: F comes so close to zero that its sign is not settled within the budget.
        MissingExtra: python-flint is not installed.

    Source: Li et al. 2018, section 3.1, asserts the collapse; the statement is derived here.

    >>> x = sp.Symbol("x", real=True)
    >>> found = collapse(-sp.exp(x), x, 0, 1)
    >>> found.time.contains((1 - sp.exp(-1)) / 2)
    True
    >>> found.meeting.contains(-sp.log((1 + sp.exp(-1)) / 2))
    True
    >>> collapse(x, x, -1, 1).finite
    False
    """
    F, (left, right) = exact_expression(F, "function F"), _ends(left, right)
    digits = whole_number(digits, "digits", 1, MOST_DIGITS)
    if F.free_symbols - {x}:
        raise GameError(f"F = {F} holds other symbols than {x}; put in their values")
    budget = Budget(seconds)
    range_ = _range(F, x, left, right, budget)
    if not isinstance(range_, Enclosure):
        return Collapse(False, None, None, None, range_)
    width = right - left
    bounds = Enclosure(width / (-2 * range_.lower), width / (-2 * range_.upper))
    with load_flint().ctx.workprec(BITS):
        f = ball_function(F, x)
        whole = _integral(f, left, right)
        time = round_outward(whole / 2, whole / 2, digits)
        meeting = _middle(f, whole, left, right, digits, budget)
    return Collapse(True, time, meeting, bounds, None)


def _range(F: Expr, x: Symbol, left: Expr, right: Expr, budget: Budget) -> Enclosure | Expr:
    """Bounds of F where it is negative on the interval, else a point where it is not."""
    flint = load_flint()
    with flint.ctx.workprec(BITS):
        f = ball_function(F, x)
    waiting, done = [(left, right)], 0
    low: Any = None
    high: Any = None
    while waiting:
        budget.check(f"the sign of {F} on [{left}, {right}]")
        a, b = waiting.pop()
        with flint.ctx.workprec(BITS):
            value = f(flint.acb(interval_ball(real_ball(a), real_ball(b)))).real
        if not bool(value < 0):
            for point in (a, b, (a + b) / 2):
                if _sign(F.subs(x, point)) >= 0:
                    return point
            done += 1
            if done > PIECES:
                raise Undecided(f"the sign of {F} near {sp.N(a, 8)} is not settled; move the ends")
            waiting += [(a, (a + b) / 2), ((a + b) / 2, b)]
            continue
        part = _outward(value)
        low = part.lower if low is None else min(low, part.lower)
        high = part.upper if high is None else max(high, part.upper)
    return Enclosure(low, high)


def _outward(value: Any) -> Enclosure:
    """The rationals around a negative ball, narrow relative to it."""
    mantissa, exponent = (int(part) for part in value.upper().man_exp())
    size = exponent + abs(mantissa).bit_length()
    if -size > FARTHEST:
        raise Undecided(f"F comes as near to zero as 2^{size}; move the ends")
    return round_outward(value, value, max(BITS - size, 0))


def _integral(f: Any, left: Expr, right: Expr) -> Any:
    """The ball of the integral of 1/|F|, where F is negative."""
    found = load_flint().acb.integral(lambda z, _: -1 / f(z), real_ball(left), real_ball(right))
    if not found.is_finite():
        raise Undecided("the integral of 1/|F| was not enclosed; move the ends")
    return found.real


def _middle(f: Any, whole: Any, left: Expr, right: Expr, digits: int, budget: Budget) -> Enclosure:
    r"""The point that halves the integral of 1/|F|, by the interval Newton method.

    :math:`G(c) = \int_\ell^c dx/|F| - \frac12\int_\ell^r dx/|F|` has the slope 1/|F|, so that its
    root lies in :math:`m - G(m)\,|F([a, b])|` for every m in [a, b].
    """
    flint = load_flint()
    found = Enclosure(left, right)
    narrow = sp.Rational(1, 2**digits)
    while found.width > narrow:
        budget.check("the meeting point")
        middle = found.middle
        excess = _integral(f, left, middle) - whole / 2
        here = interval_ball(real_ball(found.lower), real_ball(found.upper))
        reach = real_ball(middle) + excess * f(flint.acb(here)).real
        part = round_outward(reach, reach, 2 * digits)
        following = Enclosure(max(found.lower, part.lower), min(found.upper, part.upper))
        if following.width > found.width / 2:  # the slope is not yet known well: bisect
            following = _half(found, middle, excess)
        found = following
    return found


def _half(found: Enclosure, middle: Expr, excess: Any) -> Enclosure:
    if bool(excess > 0):
        return Enclosure(found.lower, middle)
    if bool(excess < 0):
        return Enclosure(middle, found.upper)
    raise Undecided("the meeting point was not enclosed; ask for fewer digits")


def _ends(left: Any, right: Any) -> tuple[Expr, Expr]:
    a, b = (exact_number(end, "end of an interval") for end in (left, right))
    if _sign(b - a) <= 0:
        raise GameError(f"the interval [{left}, {right}] is not in order; give left < right")
    return a, b


def _sign(value: Expr) -> int:
    found = sign_at(sp.sympify(value))
    if found is None:
        raise Undecided(f"the sign of {value} is not settled; put in other numbers")
    return found
