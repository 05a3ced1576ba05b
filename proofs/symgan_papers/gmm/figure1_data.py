r"""Figure 1: initial data that show what its panels show; the caption prints none.

Found by search over the tenths: means in [-5/2, 5/2], sorted ends of intervals in [-3, 3].
"""

from __future__ import annotations

from sympy import Rational

from symgan_papers.gmm.model_front import Setup

TENTH = Rational(1, 10)
TRUTH = (-Rational(1, 2), Rational(1, 2))
ETA = TENTH


def tenths(*values: int) -> tuple[Rational, ...]:
    """Whole numbers of tenths."""
    return tuple(v * TENTH for v in values)


CONVERGING = Setup(TRUTH, tenths(-9, 11), tenths(-23, 4), tenths(-6, 19), ETA)
"""(a): the order l1 <= r1 <= l2 <= r2 of (5) is kept all the way."""
CONVERGED = 1500

COLLAPSING = Setup(TRUTH, tenths(-20, -3), tenths(-28, 2), tenths(1, 29), ETA)
"""(b): on the way r1 passes l2, and (6) counts the overlap twice; no interval turns around."""
COLLAPSED = 2000
SWING = 3 * TENTH

OPTIMAL = tenths(-15, -2)
"""(c): the means; the discriminators are optimal."""
ARRIVED, SETTLED, FOLLOWED = 60, 80, 100

VANISHING = Setup(TRUTH, tenths(-5, 17), tenths(-26, 16), tenths(-15, 29), ETA, clamped=True)
"""(d), intervals closing where their ends meet."""
CLOSED = 200

DISTANT = Setup(TRUTH, tenths(-15, 10), tenths(60, 80), tenths(70, 90), ETA)
"""(d) under the printed update: the discriminator sits where both densities vanish."""
STUCK = 1000
