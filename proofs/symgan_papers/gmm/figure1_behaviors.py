r"""Figure 1 (a), (b), (d): first order dynamics from recorded initial data, in balls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy import Integer, Rational

from symgan.certify.ball import load_flint
from symgan.claims import Examination, Verdict, claim, eq
from symgan_papers.gmm.figure1_data import (
    CLOSED,
    COLLAPSED,
    COLLAPSING,
    CONVERGED,
    CONVERGING,
    DISTANT,
    STUCK,
    SWING,
    TRUTH,
    VANISHING,
)
from symgan_papers.gmm.model_front import (
    BITS,
    Setup,
    above,
    ball,
    below,
    distance,
    game,
    gap,
    in_balls,
    measured,
    orbit,
    plain_distance,
    plain_orbit,
)

States = Sequence[tuple[Any, ...]]
q_first, q_last, q_gap, q_slack, q_turns = sp.symbols("d_0 d_T g s n", real=True)
KIND = "simulated:float64"
"""The orbits amplify rounding by less than a hundred; all margins are wider than a thousandth."""


def reversals(values: Sequence[Any], swing: Any) -> int:
    """How often a sequence turns by at least `swing`, counted where comparisons are certain."""
    high = low = values[0]
    rising, count = None, 0
    for v in values:
        high, low = (v if v > high else high), (v if v < low else low)
        if rising is not False and v < high - swing:
            rising, low, count = False, v, count + 1
        elif rising is not True and v > low + swing:
            rising, high, count = True, v, count + 1
    return count


def slacks(states: States) -> list[Any]:
    """r1 - l1, l2 - r1 and r2 - l2 at every state: all positive inside (5)."""
    return [d for _, _, l1, l2, r1, r2 in states for d in (r1 - l1, l2 - r1, r2 - l2)]


def exact_ends(setup: Setup, steps: int) -> tuple[Any, Any, States]:
    """Bounds of the first and the last distance to the truth, and the orbit in balls."""
    states = orbit(setup, steps)
    return distance(setup.truth, states[0]), distance(setup.truth, states[-1]), states


def plain_last(setup: Setup, steps: int) -> Any:
    """The last distance by plain arithmetic."""
    return plain_distance(setup.truth, plain_orbit(setup, steps)[-1][:2])


@claim(
    "gmm.fig1a",
    source="Figure 1, (a)",
    formal=r"d_T < \frac{1}{100}",
    says="first order dynamics converge to the truth from some initial data: from means -9/10, "
    "11/10 and intervals [-23/10, -6/10], [4/10, 19/10] (ours; the caption prints none) the total "
    "variation falls from above 1/10 to below 1/100 in 1500 steps, and the order of (5) is kept; "
    "enclosed in balls. That it tends to 0 is local stability, "
    "gmm.settled.stability.symmetric.attracts",
    expect=Verdict.PROVED,
)
def converges() -> Examination:
    first, last, states = exact_ends(CONVERGING, CONVERGED)
    with load_flint().ctx.workprec(BITS):
        slack = min(below(d) for d in slacks(states))
    exact = {q_first: first[0], q_last: last[1], q_slack: slack}
    numbers = {
        q_first: lambda _: plain_distance(TRUTH, CONVERGING.means),
        q_last: lambda _: plain_last(CONVERGING, CONVERGED),
        q_slack: lambda _: min(slacks(plain_orbit(CONVERGING, CONVERGED))),
    }
    statement = sp.And(
        q_first > Rational(1, 10),
        q_last < Rational(1, 100),
        q_slack > Rational(1, 100),
        evaluate=False,
    )
    return measured(statement, exact, numbers, kind=KIND)


@claim(
    "gmm.fig1b",
    source="Figure 1, (b); section 2.2, below eq. (11)",
    formal=r"g < \frac{1}{50}",
    says="first order dynamics oscillate wildly before mode collapse from some initial data: from "
    "means -2, -3/10 and intervals [-28/10, 1/10], [2/10, 29/10] (ours) the first mean turns "
    "thirteen times, by 3/10 or more, within 2000 steps, and the means' distance falls from "
    "17/10 below 1/50, with total variation above 1/20; the intervals pass each other on the way "
    "(gmm.eq11.order.overlap)",
    expect=Verdict.PROVED,
)
def collapses() -> Examination:
    _, last, states = exact_ends(COLLAPSING, COLLAPSED)
    with load_flint().ctx.workprec(BITS):
        turns = reversals([s[0] for s in states], ball(SWING))
        near = above(abs(states[-1][0] - states[-1][1]))
    exact = {q_gap: near, q_last: last[0], q_turns: Integer(turns)}

    def plain(_: Any) -> tuple[Any, ...]:
        return plain_orbit(COLLAPSING, COLLAPSED)[-1]

    numbers = {
        q_gap: lambda p: abs(plain(p)[0] - plain(p)[1]),
        q_last: lambda _: plain_last(COLLAPSING, COLLAPSED),
        q_turns: lambda _: reversals(
            [s[0] for s in plain_orbit(COLLAPSING, COLLAPSED)], float(SWING)
        ),
    }
    statement = sp.And(
        q_gap < Rational(1, 50), q_last > Rational(1, 20), eq(q_turns, 13), evaluate=False
    )
    return measured(statement, exact, numbers, kind=KIND)


@claim(
    "gmm.fig1d",
    source="Figure 1, (d); section 2.2, below eq. (11)",
    formal=r"d_T > \frac{2}{5}",
    says="with intervals that close where their ends meet, as (5) demands, first order dynamics "
    "come to rest at a wrong distribution from some initial data: from means -1/2, 17/10 and "
    "intervals [-26/10, -15/10], [16/10, 29/10] (ours) both intervals are closed after 200 steps, "
    "the means stand still exactly, and the total variation is above 2/5; it remains so, F being "
    "negative at both points (gmm.collapse.rest)",
    expect=Verdict.PROVED,
)
def vanishes() -> Examination:
    _, last, states = exact_ends(VANISHING, CLOSED + 1)
    move, widest, top = sp.symbols("v w F_max", real=True)
    with load_flint().ctx.workprec(BITS):
        moves = [a - b for a, b in zip(states[-1][:2], states[-2][:2], strict=True)]
        same = all(a == b or a.overlaps(b) for a, b in zip(states[-1], states[-2], strict=True))
        closed = max(above(states[-1][4 + i] - states[-1][2 + i]) for i in (0, 1))
        z, gan = sp.Symbol("z", real=True), game()
        value = in_balls((z, *gan.truth.means, *gan.mu), [gan.F(z)])
        places = (states[-1][2 + i] for i in (0, 1))
        highest = max(above(value(p, *map(ball, TRUTH), *states[-1][:2])[0]) for p in places)
    # Both ends of a closed interval are one number: its pulls cancel exactly, and it closes again.
    still = all(s[2 + i] is s[4 + i] for s in states[-2:] for i in (0, 1)) and same
    exact = {
        q_last: last[0],
        move: Integer(0) if still else max(above(abs(m)) for m in moves),
        widest: Integer(0) if still else closed,
        top: highest,
    }

    def plain(_: Any) -> Any:
        return plain_orbit(VANISHING, CLOSED + 1)[-2:]

    numbers = {
        q_last: lambda _: plain_last(VANISHING, CLOSED + 1),
        move: lambda p: max(abs(plain(p)[1][i] - plain(p)[0][i]) for i in (0, 1)),
        widest: lambda p: max(plain(p)[1][4 + i] - plain(p)[1][2 + i] for i in (0, 1)),
        top: lambda p: max(gap(plain(p)[1][2 + i], (-0.5, 0.5), plain(p)[1][:2]) for i in (0, 1)),
    }
    statement = sp.And(
        q_last > Rational(2, 5),
        eq(move, 0 * q_first),
        eq(widest, 0 * q_first),
        top < 0,
        evaluate=False,
    )
    return measured(statement, exact, numbers, kind=KIND)


@claim(
    "gmm.fig1d.printed",
    source="Figure 1, (d); vanishing gradients under (9)-(11) as printed",
    formal=r"v < \frac{1}{10000}",
    says="under the printed update gradients vanish where the discriminator sits in a tail: from "
    "means -3/2, 1 and intervals [6, 7], [8, 9] (ours) the means move by less than 1/10000 in "
    "1000 steps, the total variation staying above 1/5; slow motion is all that is shown, not "
    "a limit",
    expect=Verdict.PROVED,
)
def stuck() -> Examination:
    _, last, states = exact_ends(DISTANT, STUCK)
    move = sp.Symbol("v", real=True)

    def farthest(run: States) -> list[Any]:
        return [abs(s[i] - run[0][i]) for s in run for i in (0, 1)]

    with load_flint().ctx.workprec(BITS):
        moved = max(above(m) for m in farthest(states))
    exact = {q_last: last[0], move: moved}
    numbers = {
        q_last: lambda _: plain_last(DISTANT, STUCK),
        move: lambda _: max(farthest(plain_orbit(DISTANT, STUCK))),
    }
    statement = sp.And(q_last > Rational(1, 5), move < Rational(1, 10000), evaluate=False)
    return measured(statement, exact, numbers, kind=KIND)


@claim(
    "gmm.fig1.caption",
    source="Figure 1, caption",
    says="solid lines are the means, dotted lines the ends of the intervals; the true means are "
    "-1/2 and 1/2 and the step is 0.1; initial data are not printed",
    expect=Verdict.INFORMAL,
    reason="how the figure is drawn; with initial data left open, its panels can only be shown to "
    "occur, which gmm.fig1a to gmm.fig1d do from recorded data",
)
def caption() -> None: ...
