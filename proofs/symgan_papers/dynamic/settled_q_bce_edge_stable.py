r"""The settled theorem, BCE loss at eta = 4: (0, 0) is stable.

Ours, not the paper's. As in `settled_p_bce_edge` x moves, y = x + v stands, and x has weight 1,
v weight 3. A turn starts at sizes d (moves next) < k f and f, where a short update has left
them, or on a tie, d = 0, and runs to the next such state. C stands for positive constants.

1. Near 0, I is (v - s x^3/2)^2 + x^6/12 up to weight 8 (edge.leading): x <= C I^(1/6).
2. In the coordinates X, W of edge.stable an overshoot adds W to X and -X^5/4 to W, up to the
   weights 5 and 7. In the units I^(1/6), I^(1/2) it is a step I^(1/3) along X' = W,
   W' = -X^5/4, with an error I^(2/3), and what it adds has the Lipschitz constant C I^(1/3).
   So a turn has at most c I^(-1/3) + C overshoots, c that of edge.turn; in it the distance of
   two orbits in those units grows by a factor C at most, and I by C I^(5/3) at most
   (edge.invariant).
3. A turn ends where y' < 0 <= y, with d = -y', f = y and d + f = -v' = I^(1/2) (1 + O(I)), and
   I falls by 4 d f (1 + O(I)) + O(I^2) (edge.seam). If d >= k f, the same player moves on until
   d < k f: then |f - d| <= f (1 + O(I)), and f <= I^(1/2) (1 + O(I))/3: I has fallen below a
   quarter.
4. So from a turn to the next, I rises by C I^(5/3) at most, and only if d <= C I^(7/6).
5. On the turn of the tie (0, f) let nu be the time at which the broken line through the sizes
   0, f, ..., f', -d' crosses 0: the number of updates, and the share f'/(d' + f') of one. It is
   continuous in f, |d nu/d f| <= C f^(-5/3) by 2, and it tends to infinity as f tends to 0.
   For the other first mover it differs by C f^(2/3) at most: what is odd in s alternates,
   and adds up to weight 5 in X, a share f^(2/3) of v; at both ends X = x + O(f^3). So it does
   for a turn from 0 < d <= C f^(7/3).
6. So arbitrarily small f have nu halfway between two integers; about them, in a band of the
   relative width f^(2/3)/C, the turns from d <= C f^(7/3), whoever moves first, end with
   f'/(d' + f') between 1/4 and 3/4, so that I falls below a half. In I the band has the width
   I^(4/3)/C: an orbit with rises of C I^(5/3) that starts below it would have to start such a
   turn in it, and then comes out below. So I stays below the band, for ever.

Since nu = c f^(-2/3) + O(1), such a band lies between I and (1 + C I^(1/3)) I for every small I.
Attractive (0, 0) is not: there are cycles next to it (edge.periodic, measured).
"""

from __future__ import annotations

from functools import cache
from typing import Any

import mpmath
import sympy as sp

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import sigma
from symgan_papers.dynamic.oracle_orbits import chosen, logistic, moved
from symgan_papers.dynamic.settled_i_bce_measured import supremum
from symgan_papers.dynamic.settled_n_bce_turns import OURS, forced
from symgan_papers.dynamic.settled_p_bce_edge import v, whole, x

s = sp.Symbol("s", real=True)
top = sp.Symbol("a", positive=True)
I_6, X_3, W_5, W_3, time = sp.symbols("I_6 X_3 W_5 W_3 T", real=True)
HALF = sp.Rational(1, 2)


def slow(x: Any, v: Any, s: Any) -> tuple[Any, Any]:
    """X and W: without what is odd in s in the leading weights of an overshoot."""
    rate = v - s * x**3 / 2
    return x + s * x**3 / 4, rate - s * x**2 * rate / 4


def either(by_sign: Any) -> Any:
    """The value at s of what is known at s = 1 and s = -1."""
    return sp.expand((1 + s) / 2 * by_sign(1) + (1 - s) / 2 * by_sign(-1))


def _weighed(expression: Any, weight: int) -> Any:
    """What has the weight, x being of weight 1 and v of weight 3."""
    scale = sp.Symbol("scale")
    scaled = expression.subs({x: scale * x, v: scale**3 * v}, simultaneous=True)
    return sp.expand(scaled).coeff(scale, weight)


@cache
def _change(sign: int) -> tuple[Any, Any]:
    """The change of X and W in an overshoot, up to weight 7."""
    y, u = x + v, sp.Symbol("u")
    share = sp.series(1 - 2 * sigma(-u), u, 0, 4).removeO()  # tanh(u/2)
    rate = v - 2 * sign * y * share.subs(u, x * y)
    before, after = slow(x, v, sign), slow(y, rate, -sign)
    return sp.expand(after[0] - before[0]), sp.expand(after[1] - before[1])


def _sizes(small: Any, large: Any, sign: Any) -> tuple[tuple[Any, Any], str]:
    """A state with these sizes in which the first one moves, theta if the sign is 1."""
    return ((-small, large), "V1") if sign > 0 else ((large, small), "V2")


def _taylor(part: int, weight: int) -> Any:
    """How the change is measured, along a curve through 0 of the weights, in one update."""

    def measure(place: Any) -> Any:
        sign = place["s"]

        def change(scale: Any) -> Any:
            first, rate = scale * place["x"], scale**3 * place["v"]
            state, field = _sizes(first, first + rate, sign)
            mover = 0 if field == "V1" else 1
            # counted against its old sign, which is - under V_1 and + under V_2
            new = moved(state, field, 4, logistic)[mover] * (1 if mover == 0 else -1)
            end = slow(first + rate, new - first - rate, -sign)
            return end[part] - slow(first, rate, sign)[part]

        return mpmath.taylor(change, 0, weight)[weight]

    return measure


@claim(
    "dynamic.settled.bce.edge.stable",
    source=OURS,
    formal=r"X_3 = v - \frac{s x^3}{2}, W_3 = 0, W_5 = -\frac{x^5}{4}",
    says="at eta = 4, (0, 0) is stable under every rule on ties; an orbit keeps below the value "
    "(1 + C I^(1/3)) I of its start. Exact is here: with w = v - s x^3/2, X = x + s x^3/4 and "
    "W = (1 - s x^2/4) w, an overshoot adds w to X in the weights up to 3, and to W nothing of "
    "weight 3 and -x^5/4 of weight 5, for either s: orbits follow the equations X' = W, W' = "
    "-X^5/4, the same for both players",
    expect=Verdict.PROVED,
)
def stable() -> Examination:
    exact = {
        X_3: either(lambda sign: _weighed(_change(sign)[0], 3)),
        W_3: either(lambda sign: _weighed(_change(sign)[1], 3)),
        W_5: either(lambda sign: _weighed(_change(sign)[1], 5)),
    }
    places = ((1, 1, 1), (1, HALF, -1), (HALF, 1, 1), (2, -1, -1))
    return Examination(
        sp.And(eq(X_3, v - s * x**3 / 2), eq(W_3, 0 * x), eq(W_5, -(x**5) / 4)),
        exact,
        by_numbers(
            {X_3: _taylor(0, 3), W_3: _taylor(1, 3), W_5: _taylor(1, 5)},
            kind="differentiated:mpmath",
            points=tuple({x: a, v: b, s: c} for a, b, c in places if b > 0),
            digits=8,  # of a fifth difference at the working precision
        ),
        given=sp.Eq(s**2, 1),
        steps=(
            Step("a turn has c I^(-1/3) + O(1) overshoots and changes I by O(I^(5/3))"),
            Step("I rises from a turn to the next only if it starts at d = O(I^(7/6))"),
            Step(
                "there nu, the turn's time to the crossing, is continuous in f = I^(1/2) (1 + "
                "O(I^(2/3))), with a slope O(f^(-5/3)), and the same for both players to O(f^(2/3))"
            ),
            Step(
                "so in each interval from I to (1 + C I^(1/3)) I there is a band of the width "
                "I^(4/3)/C where turns end far off a tie and I falls below a half"
            ),
            Step("rises of O(I^(5/3)) cannot step over it (in full: head of this module)"),
        ),
    )


@cache
def _turned(first: Any, rate: Any, sign: Any) -> tuple[Any, Any]:
    """Overshoots from sizes x and x + v: the time to the crossing of 0, and -v there."""
    (state, field), count = _sizes(first, first + rate, sign), 1
    signs = [-1, 1] if field == "V1" else [1, 1]
    while True:
        mover = 0 if field == "V1" else 1
        state = moved(state, field, 4, logistic)
        signs[mover] *= -1
        new, other = signs[mover] * state[mover], signs[1 - mover] * state[1 - mover]
        if new < 0:
            return count + other / (other - new), other - new
        field, count = ("V2", "V1")[mover], count + 1


def _limit(value: Any, at: tuple[Any, ...], power: int) -> Any:
    """The value at 0, a term of this power in the argument removed."""
    near, far = value(at[0]), value(at[1])
    share = (at[0] / at[1]) ** power
    return (near - share * far) / (1 - share)


@claim(
    "dynamic.settled.bce.edge.leading",
    source=OURS,
    formal=r"I_6 = v^2 - s v x^3 + \frac{x^6}{3}",
    says="in weights (x as 1, v as 3) the leading part of I at eta = 4 is this, (v - s x^3/2)^2 + "
    "x^6/12 as s^2 = 1: definite. It is the square (d + f)^2 to which the sizes at the end of "
    "a turn from x and v tend, in the unit of weight 6",
    expect=Verdict.PROVED,
)
def leading() -> Examination:
    def measured(place: Any) -> Any:
        def end(scale: Any) -> Any:
            start = scale * place["x"], scale**3 * place["v"], place["s"]
            return _turned(*start)[1] ** 2 / scale**6

        return _limit(end, (mpmath.mpf(1) / 40, mpmath.mpf(1) / 20), 2)

    points = ({x: 1, v: 1, s: 1}, {x: 1, v: HALF, s: -1}, {x: HALF, v: 1, s: -1})
    return Examination(
        eq(I_6, v**2 - s * v * x**3 + x**6 / 3),
        {I_6: either(lambda sign: _weighed(whole(x, v, sign, 8), 6))},
        # what is left is of the fourth order in the scale, 1/40
        by_numbers({I_6: measured}, points=points, digits=5),
        given=sp.Eq(s**2, 1),
        steps=(Step("I changes in the turn by weight 10 at most: settled.bce.edge.invariant"),),
    )


@claim(
    "dynamic.settled.bce.edge.turn",
    source=OURS,
    formal=r"T = \frac{2\sqrt{3\pi}\,\Gamma(\frac{1}{6})}{3\,\Gamma(\frac{2}{3}) a^2}",
    says="at eta = 4 the time in which X' = W, W' = -X^5/4 goes from X = 0 to X = a and back: so "
    "many updates, up to O(1), the orbit of a tie goes on before a size crosses 0; in terms of "
    "I = a^6/12, T = c I^(-1/3), c = 3.6748",
    expect=Verdict.PROVED,
)
def turn() -> Examination:
    z = sp.Symbol("z", positive=True)
    # W^2 + X^6/12 = a^6/12 and X = a z: the time is that of dX/W, twice
    share = sp.hyperexpand(sp.integrate(1 / sp.sqrt(1 - z**6), (z, 0, 1)))
    whole_time = sp.gammasimp(share) * 2 * top / sp.sqrt(top**6 / 12)

    def measured(place: Any) -> Any:
        def taken(scale: Any) -> Any:
            rate = scale**3 * mpmath.sqrt(place["a"] ** 6 / 12)
            return _turned(0 * rate, rate, 1)[0] * scale**2

        return _limit(taken, (mpmath.mpf(1) / 20, mpmath.mpf(1) / 10), 4)

    ratio = sp.gamma(sp.Rational(1, 6)) / sp.gamma(sp.Rational(2, 3))
    return Examination(
        eq(time, 2 * sp.sqrt(3 * sp.pi) * ratio / (3 * top**2)),
        {time: sp.powsimp(sp.simplify(whole_time))},
        # the term of the fourth order in the scale is removed, the next one is left
        by_numbers({time: measured}, points=({top: 1}, {top: 2}, {top: 3 * HALF}), digits=6),
    )


@cache
def _cycle(updates: int) -> int:
    """After how many updates the oracle repeats sizes that so many forced updates repeat.

    It is 0 unless the sizes d, f found are those of a turn, 0 < d < f^3 and f < 8 n^(-3/2).
    """

    def gap(small: Any, large: Any) -> list[Any]:
        end = forced((small, large), 4, updates, "V1")
        return [end[0] - small, end[1] - large]

    # where to look: the turn's length is about 3.67 f^(-2/3)
    guess = (mpmath.mpf("3.67") / (updates + 1)) ** 1.5
    small, large = mpmath.findroot(gap, (guess**3 / 4, guess), tol=mpmath.mpf(10) ** -80)
    if not (0 < small < large**3 and large < 8 * mpmath.mpf(updates) ** -1.5):
        return 0
    state = (-small, large)
    for count in range(1, updates + 5):
        state = moved(state, chosen(state, "mover"), 4, logistic)
        near = abs(abs(state[0]) - small) + abs(abs(state[1]) - large)
        if near < mpmath.mpf(10) ** -20 and chosen(state, "mover") == "V1":
            return count
    return 0


@claim(
    "dynamic.settled.bce.edge.periodic",
    source=OURS,
    formal=r"k = n",
    says="at eta = 4, (0, 0) is stable but not attractive, whatever the rule on ties: for odd n "
    "there are orbits without ties that repeat their sizes d (moves next) and f for the first "
    "time after k = n updates, f about (c/(n + 1))^(3/2), c = 3.6748, and d about 0.227 f^3; at "
    "n = 41, 81 and 161",
    expect=Verdict.CHECKED,
    reason="the sizes are roots found with 50 digits, and the oracle itself returns to them to 20; "
    "no interval method has enclosed them, and that there are some for every large n, so "
    "arbitrarily near (0, 0), is not proved; orbits that converge would fail it",
)
def periodic() -> Examination:
    n = sp.Symbol("n", positive=True, integer=True)
    count = sp.Symbol("k", real=True)
    return Examination(
        eq(count, n),
        {count: supremum()},
        by_numbers(
            {count: lambda place: _cycle(int(place["n"]))},
            points=tuple({n: value} for value in (41, 81, 161)),
        ),
    )
