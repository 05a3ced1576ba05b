r"""Figure 2 from the initial data as its caption prints them, right interval [-1, 5/2]."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Integer, Rational, Symbol

from symgan.certify.ball import load_flint
from symgan.claims import Examination, Verdict, claim, eq
from symgan_papers.gmm.figure2_data import PRINTED_RIGHT, TRUTH, UNROLL, setup
from symgan_papers.gmm.model_front import (
    BITS,
    Setup,
    above,
    below,
    distance,
    measured,
    orbit,
    plain_distance,
    plain_orbit,
)

KIND = "simulated:float64"
q_shut, q_width, q_other, q_far = sp.symbols("w_20 w w' d", real=True)
SHUT, LAST, UNROLLED_LAST = 20, 500, 300


def _held(unroll: int = 0) -> Setup:
    """The printed data, ends that would cross held together."""
    return setup(PRINTED_RIGHT, unroll=unroll)


def _examined(data: Setup, last: int, statement: Any, amendment: Any) -> Examination:
    """Lengths of the left interval at step 20, of both at the last, and the distance there."""
    states = orbit(data, last)
    shut, end = states[SHUT], states[last]
    with load_flint().ctx.workprec(BITS):
        # Both ends of a closed interval are one number.
        early = Integer(0) if shut[2] is shut[4] else above(abs(shut[4] - shut[2]))
        exact = {
            q_shut: early,
            q_width: below(end[4] - end[2]),
            q_other: below(end[5] - end[3]),
            q_far: distance(TRUTH, end)[1],
        }

    def length(step: int, which: int) -> Any:
        def measure(_: Any) -> Any:
            state = plain_orbit(data, last)[step]
            return state[4 + which] - state[2 + which]

        return measure

    numbers = {
        q_shut: length(SHUT, 0),
        q_width: length(last, 0),
        q_other: length(last, 1),
        q_far: lambda _: plain_distance(TRUTH, plain_orbit(data, last)[-1][:2]),
    }
    return measured(statement, exact, numbers, kind=KIND, amendment=amendment)


def _open(least: Any, other: Any) -> Any:
    return sp.And(
        eq(q_shut, 0 * q_width),
        q_width > least,
        q_other > other,
        q_far < Rational(1, 100),
        evaluate=False,
    )


@claim(
    "gmm.fig2d.caption-data",
    source="Figure 2, (d), from the caption's right discriminator [-1, 2.5]; section 3.1, 'never "
    "uncollapse', 'never converge'",
    formal=r"w = 0",
    says="from the data as printed, with ends that would cross held together, the left interval "
    "has length zero from its collapse on (w at step 500), as panel (d) shows",
    expect=Verdict.REFUTED,
    amended=r"w > 3, w_{20} = 0, w' > \frac{1}{2}, d < \frac{1}{100}",
    repair="print the right discriminator with another left end (gmm.fig2.right-interval). From "
    "the printed one, which covers the left interval, that interval is closed at step 20, opens "
    "again, and the dynamics come to the truth: total variation below 1/100 at step 500",
)
def first_order() -> Examination:
    return _examined(_held(), LAST, eq(q_width, 0 * q_far), _open(3, Rational(1, 2)))


@claim(
    "gmm.fig2e.caption-data",
    source="Figure 2, (e), from the caption's right discriminator [-1, 2.5]",
    formal=r"w = 0",
    says="from the data as printed, with five unrolled steps, the left interval has length zero "
    "from its collapse on (w at step 300), as panel (e) shows",
    expect=Verdict.REFUTED,
    amended=r"w > 1, w_{20} = 0, w' > 1, d < \frac{1}{100}",
    repair="as for panel (d), gmm.fig2d.caption-data: it opens again, and the unrolled dynamics "
    "come within total variation 1/100 of the truth by step 300",
)
def unrolled() -> Examination:
    return _examined(_held(UNROLL), UNROLLED_LAST, eq(q_width, 0 * q_far), _open(1, 1))


@claim(
    "gmm.fig2d.caption-data.printed",
    source="Figure 2, (d), from the caption's data, under (9)-(11) as printed",
    formal=r"w \ge 0",
    says="nor do the printed updates show panel (d) from them: the left interval's length stays "
    "nonnegative (w at step 500)",
    expect=Verdict.REFUTED,
    amended=r"w < -\frac{3}{2}, m > 3",
    repair="print another left end, and the rule that ends do not pass each other: as printed the "
    "interval turns around, and the means (the lower one m) are driven off to the right",
)
def literal() -> Examination:
    data, lower = setup(PRINTED_RIGHT, clamped=False), Symbol("m", real=True)
    state = orbit(data, LAST)[-1]
    with load_flint().ctx.workprec(BITS):
        exact = {q_width: above(state[4] - state[2]), lower: below(state[0])}

    def plain(_: Any) -> Any:
        return plain_orbit(data, LAST)[-1]

    numbers = {q_width: lambda p: plain(p)[4] - plain(p)[2], lower: lambda p: plain(p)[0]}
    return measured(
        q_width >= 0,
        exact,
        numbers,
        kind=KIND,
        amendment=sp.And(q_width < -Rational(3, 2), lower > 3, evaluate=False),
    )
