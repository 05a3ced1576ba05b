r"""Figure 2, (d) and (e): both intervals collapse, from the repaired data and as printed."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Integer, Rational, Symbol

from symgan.certify.ball import load_flint
from symgan.claims import Examination, Step, Verdict, claim, eq
from symgan_papers.gmm.figure2_collapse import KIND, q_far, q_width, q_widths
from symgan_papers.gmm.figure2_data import TRUTH, UNROLL, UNSIGNED_RIGHT, setup
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


def _both(data: Setup, close: int, steps: int) -> Examination:
    """Both intervals closed from a step to the last, total variation above 7/20 there."""
    states = orbit(data, steps)
    tops = sp.symbols("F_x F_y", real=True)
    shut = all(s[2 + i] is s[4 + i] for s in states[close:] for i in (0, 1))
    with load_flint().ctx.workprec(BITS):
        gan, z = game(), Symbol("z", real=True)
        value = in_balls((z, *gan.truth.means, *gan.mu), [gan.F(z)])
        at = [value(states[-1][2 + i], *map(ball, TRUTH), *states[-1][:2])[0] for i in (0, 1)]
        widest = max(above(s[4 + i] - s[2 + i]) for s in states[close:] for i in (0, 1))
        before = max(below(states[close - 1][4 + i] - states[close - 1][2 + i]) for i in (0, 1))
        exact = {
            q_width: Integer(0) if shut else widest,
            q_widths: before,
            q_far: distance(TRUTH, states[-1])[0],
            tops[0]: above(at[0]),
            tops[1]: above(at[1]),
        }

    def plain(_: Any) -> Any:
        return plain_orbit(data, steps)

    def slope(i: int) -> Any:
        return lambda p: gap(plain(p)[-1][2 + i], (-2.0, 2.0), plain(p)[-1][:2])

    numbers = {
        q_width: lambda p: max(s[4 + i] - s[2 + i] for s in plain(p)[close:] for i in (0, 1)),
        q_widths: lambda p: max(
            plain(p)[close - 1][4 + i] - plain(p)[close - 1][2 + i] for i in (0, 1)
        ),
        q_far: lambda p: plain_distance(TRUTH, plain(p)[-1][:2]),
        tops[0]: slope(0),
        tops[1]: slope(1),
    }
    statement = sp.And(
        eq(q_width, 0 * q_far),
        q_widths > 0,
        q_far > Rational(7, 20),
        tops[0] < 0,
        tops[1] < 0,
        evaluate=False,
    )
    text = (
        "the generator goes on, pulled by turned intervals in the unroll (gmm.zero-length.unrolled)"
        if data.unroll
        else "both lengths zero and F negative at both: rest for ever (gmm.collapse.rest)"
    )
    return measured(statement, exact, numbers, (), Step(text), kind=KIND)


@claim(
    "gmm.fig2d",
    source="Figure 2, (d): 'after running the first order dynamics ... both discriminators "
    "collapse'",
    formal=r"w = 0",
    says="both intervals collapse under first order dynamics, right interval [1/2, 5/2], ends that "
    "would cross held together: from step 76 on both have length zero, F is negative at both, "
    "and the total variation stays above 7/20",
    expect=Verdict.PROVED,
)
def both_first_order() -> Examination:
    return _both(setup(), 76, 116)


@claim(
    "gmm.fig2d.unsigned",
    source="Figure 2, (d), with the other repair of the right interval",
    formal=r"w = 0",
    says="the same with the sign dropped, [1, 5/2]: closed from step 100 on",
    expect=Verdict.PROVED,
)
def both_unsigned() -> Examination:
    return _both(setup(UNSIGNED_RIGHT), 100, 140)


@claim(
    "gmm.fig2e",
    source="Figure 2, (e): 'or even unrolled dynamics'",
    formal=r"w = 0",
    says="both intervals collapse under unrolled dynamics, too, with five steps (the caption says "
    "none, section 5 five), right interval [1/2, 5/2], ends that would cross held together: from "
    "step 109 to step 1000 both have length zero; the generator still moves, away from the truth "
    "(gmm.zero-length.unrolled)",
    expect=Verdict.PROVED,
)
def both_unrolled() -> Examination:
    return _both(setup(unroll=UNROLL), 109, 1000)


@claim(
    "gmm.fig2d.printed",
    source="Figure 2, (d), under (9)-(11) as printed",
    formal=r"w' = 0",
    says="both intervals collapse to length zero under the update as printed (w' is the larger "
    "length's size at step 1000, right interval [1/2, 5/2])",
    expect=Verdict.REFUTED,
    amended=r"w' > 55, m > 58",
    repair="add the rule that ends do not pass each other: as printed both turn around, the right "
    "one by more than 55, and a turned interval repels the means: the second mean is beyond 58 at "
    "step 1000, still moving (the 'diverging' of the abstract)",
)
def runs_away() -> Examination:
    data, steps = setup(clamped=False), 1000
    farthest = Symbol("m", real=True)
    last = orbit(data, steps)[-1]
    with load_flint().ctx.workprec(BITS):
        size = max(below(abs(last[4 + i] - last[2 + i])) for i in (0, 1))
        mean = below(last[1])

    def plain(_: Any) -> Any:
        return plain_orbit(data, steps)[-1]

    numbers = {
        q_widths: lambda p: max(abs(plain(p)[4 + i] - plain(p)[2 + i]) for i in (0, 1)),
        farthest: lambda p: plain(p)[1],
    }
    return measured(
        eq(q_widths, 0 * farthest),
        {q_widths: size, farthest: mean},
        numbers,
        kind=KIND,
        amendment=sp.And(q_widths > 55, farthest > 58, evaluate=False),
    )


@claim(
    "gmm.fig2.multiplicative",
    source="Figure 2, caption: 'the (multiplicative) step size'",
    says="the step size 0.3 multiplies the gradient",
    expect=Verdict.INFORMAL,
    reason="a name for eta in (9)-(11), which multiplies the gradient; no other update is given",
)
def multiplicative() -> None: ...
