r"""Figure 2: its initial data as printed, and the smallest repairs found of the right interval."""

from __future__ import annotations

from sympy import Integer, Rational

from symgan_papers.gmm.model_front import Setup

TRUTH = (Integer(-2), Integer(2))
MEANS = (Integer(-1), Rational(5, 2))
LEFT = (Integer(-1), Rational(1, 5))
PRINTED_RIGHT = (Integer(-1), Rational(5, 2))
"""It repeats the generator's means, and reaches over the left interval."""
RIGHT = (Rational(1, 2), Rational(5, 2))
"""One end changed: all panels show what they are said to show."""
UNSIGNED_RIGHT = (Integer(1), Rational(5, 2))
"""The sign dropped: all panels but (e), with five unrolled steps."""
ETA = Rational(3, 10)
UNROLL = 5
"""Unrolled steps: those of section 5; the caption says none."""


def setup(
    right: tuple[Rational, Rational] = RIGHT,
    *,
    clamped: bool = True,
    unroll: int = 0,
    frozen: bool = False,
) -> Setup:
    """The figure's dynamics from a right interval."""
    return Setup(
        TRUTH, MEANS, (LEFT[0], right[0]), (LEFT[1], right[1]), ETA, clamped, unroll, frozen
    )
