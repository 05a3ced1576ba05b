r"""Section 3.1: whether a closed interval opens again, pulls, and lets the dynamics converge."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Integer, Rational, Symbol

from symgan.certify.ball import load_flint
from symgan.claims import Examination, Verdict, claim, eq
from symgan.games.mixture import normal_pdf
from symgan_papers.gmm.figure2_data import MEANS, TRUTH, UNROLL, UNSIGNED_RIGHT, setup
from symgan_papers.gmm.model_front import (
    BITS,
    Setup,
    above,
    ball,
    below,
    distance,
    gap,
    mean_pull,
    measured,
    orbit,
    plain_distance,
    plain_orbit,
    stepper,
)
from symgan_papers.gmm.model_front_rates import (
    HALF,
    PLACE,
    eta,
    gan,
    images,
    l1,
    l2,
    means_at,
    mu1,
    mu2,
    r1,
    r2,
    slope_of_payoff,
    truth_at,
    x,
    y,
)

q_f_l, q_f_r, q_f_x, q_f_y, q_width, q_rate = sp.symbols("F_l F_r F_x F_y w v", real=True)
KIND = "simulated:float64"


@claim(
    "gmm.never-uncollapse",
    source="section 3.1: 'When a discriminator interval has length zero, it can never uncollapse'",
    formal=r"w = 0",
    says="an interval of length zero, l = r = x, keeps length zero under (10)-(11)",
    expect=Verdict.REFUTED,
    amended=r"w = 2 \eta F_x",
    repair="add 'while F(x) <= 0, if ends that would cross are held together': its next length is "
    "2 eta F(x), positive where F(x) > 0 (in Figure 2 at x = 2; from the printed data of Figure 2 "
    "a closed interval does open, gmm.fig2d.caption-data), and in continuous time it opens "
    "at the rate 2 F(x); under the print it turns around where F(x) < 0",
)
def never() -> Examination:
    new = images()
    here = {l1: x, r1: x}
    exact = {q_width: (new[r1] - new[l1]).subs(here), q_f_x: gan.F(x)}
    numbers = {
        q_width: lambda p: 2 * p["eta"] * slope_of_payoff(p, p["x"]),
        q_f_x: lambda p: gap(p["x"], truth_at(p), means_at(p)),
    }
    points = (PLACE | {x: 2, eta: Rational(3, 10)}, PLACE | {x: 0, eta: HALF})
    return measured(
        eq(q_width, 0 * x), exact, numbers, points, amendment=eq(q_width, 2 * eta * q_f_x)
    )


REOPENING = Setup(
    (-HALF, HALF),
    (Rational(3, 10), -Rational(1, 5)),
    (Integer(-2), Rational(12, 5)),
    (-Rational(3, 10), Rational(16, 5)),
    Rational(1, 10),
    clamped=True,
)
SHUT, OPEN = 200, 500


@claim(
    "gmm.never-uncollapse.orbit",
    source="section 3.1, the same sentence, for an interval that the dynamics have closed",
    formal=r"w = 0",
    says="an interval that the dynamics have closed never opens again, ends that would cross being "
    "held together: the left one, from the true means -1/2 and 1/2, step 1/10, means 3/10, -1/5, "
    "intervals [-2, -3/10], [12/5, 16/5]; closed at step 200, w is its length at step 500",
    expect=Verdict.REFUTED,
    amended=r"w > 2, w_{200} = 0",
    repair="say 'it stays closed while F is negative there': the generator moves on under "
    "the other "
    "interval, F turns positive at the closed one, and it grows beyond length 2",
)
def reopened() -> Examination:
    early = Symbol("w_200", real=True)
    states = orbit(REOPENING, OPEN)
    shut = states[SHUT]
    with load_flint().ctx.workprec(BITS):
        wide = below(states[OPEN][4] - states[OPEN][2])
        # Both ends of a closed interval are one number.
        narrow = Integer(0) if shut[2] is shut[4] else above(abs(shut[4] - shut[2]))

    def width(step: int) -> Any:
        return lambda _: (
            plain_orbit(REOPENING, OPEN)[step][4] - plain_orbit(REOPENING, OPEN)[step][2]
        )

    return measured(
        eq(q_width, 0 * early),
        {q_width: wide, early: narrow},
        {q_width: width(OPEN), early: width(SHUT)},
        kind=KIND,
        amendment=sp.And(q_width > 2, eq(early, 0 * q_width), evaluate=False),
    )


@claim(
    "gmm.zero-length.no-pull",
    source="section 3.1: 'its contribution to the gradient of the generator is zero'",
    formal=r"v = \frac{1}{2} (\varphi(r_2 - \mu_1) - \varphi(l_2 - \mu_1))",
    says="an interval of length zero contributes nothing to the generator's gradient: with l1 = r1 "
    "= x the gradient is that of the other interval alone",
    expect=Verdict.PROVED,
)
def no_pull() -> Examination:
    exact = {q_rate: sp.diff(gan.L, mu1).subs({l1: x, r1: x})}
    numbers = {
        q_rate: lambda p: mean_pull(((p["x"], p["x"]), (p["l2"], p["r2"])), p["mu1"]),
    }
    points = ({x: -1, mu1: 2, l2: 0, r2: 1}, {x: 3, mu1: -1, l2: -2, r2: 2})
    value = (normal_pdf(r2 - mu1) - normal_pdf(l2 - mu1)) / 2
    return measured(eq(q_rate, value), exact, numbers, points)


@claim(
    "gmm.zero-length.unrolled",
    source="section 3.1: 'its contribution to the gradient of the generator is zero', for the "
    "unrolled dynamics of the sentence before",
    formal=r"v = 0",
    says="both intervals of length zero, at -1/2 and 2, the generator's gradient v in the first "
    "mean is zero under dynamics unrolled by one step, too (Figure 2's means, step 3/10)",
    expect=Verdict.REFUTED,
    amended=r"v > \frac{1}{100}",
    repair="say so of the first order dynamics: the steps looked ahead open the interval where F > "
    "0 and turn it around where F < 0, and L after them depends on the means, unless ends are held "
    "together in the unroll as well",
)
def pull_ahead() -> Examination:
    with load_flint().ctx.workprec(BITS):
        rate = ball(Rational(3, 10))
        ends = (-HALF, Integer(2), -HALF, Integer(2))
        state = tuple(ball(v) for v in (*MEANS, *ends))
        moved = stepper(1)(*state, *map(ball, TRUTH), rate)
        exact = {q_rate: below((state[0] - moved[0]) / rate)}

    def slope(_: Any) -> Any:
        step = mpmath.mpf(3) / 10

        def ahead(m: Any) -> Any:
            means, total = (m, mpmath.mpf(5) / 2), mpmath.mpf(0)
            for place in (-mpmath.mpf(1) / 2, mpmath.mpf(2)):
                reach = step * gap(place, (-2, 2), means)
                for c, pair in ((1, (-2, 2)), (-1, means)):
                    ends = (place + reach, place - reach)
                    total += sum(
                        c * (mpmath.ncdf(ends[0] - k) - mpmath.ncdf(ends[1] - k)) / 2 for k in pair
                    )
            return total

        return mpmath.diff(ahead, mpmath.mpf(-1))

    return measured(
        eq(q_rate, 0 * q_width), exact, {q_rate: slope}, amendment=q_rate > Rational(1, 100)
    )


@claim(
    "gmm.collapse.rest",
    source="section 3.1: 'Thus these dynamics will never converge', both intervals closed",
    formal=r"v = 0",
    says="both intervals closed, at x and y, and ends that would cross held together: neither mean "
    "moves (v, v'), and the middles of the intervals stay at x and y, their new lengths "
    "being 2 eta "
    "F(x) and 2 eta F(y): where F is negative at both they close again, so this is rest for ever, "
    "and never the truth unless it is there already; in the strict sense of a limit they do "
    "converge, to a wrong distribution",
    expect=Verdict.PROVED,
)
def rest() -> Examination:
    other, m1, m2, w1, w2 = sp.symbols("v' m_x m_y w_x w_y", real=True)
    new = {s: e.subs({l1: x, r1: x, l2: y, r2: y}) for s, e in images().items()}
    exact = {
        q_rate: sp.expand(new[mu1] - mu1),
        other: sp.expand(new[mu2] - mu2),
        m1: sp.expand((new[l1] + new[r1]) / 2),
        m2: sp.expand((new[l2] + new[r2]) / 2),
        w1: new[r1] - new[l1],
        w2: new[r2] - new[l2],
        q_f_x: gan.F(x),
        q_f_y: gan.F(y),
    }

    def pull(p: Any, which: int) -> Any:
        closed = ((p["x"], p["x"]), (p["y"], p["y"]))
        return -p["eta"] * mean_pull(closed, means_at(p)[which])

    def ends(p: Any, place: str) -> tuple[Any, Any]:
        slope = p["eta"] * slope_of_payoff(p, p[place])
        return p[place] - slope, p[place] + slope

    numbers = {
        q_rate: lambda p: pull(p, 0),
        other: lambda p: pull(p, 1),
        m1: lambda p: sum(ends(p, "x")) / 2,
        m2: lambda p: sum(ends(p, "y")) / 2,
        w1: lambda p: ends(p, "x")[1] - ends(p, "x")[0],
        w2: lambda p: ends(p, "y")[1] - ends(p, "y")[0],
        q_f_x: lambda p: gap(p["x"], truth_at(p), means_at(p)),
        q_f_y: lambda p: gap(p["y"], truth_at(p), means_at(p)),
    }
    relations = (eq(q_rate, 0 * x), eq(other, 0 * x), eq(m1, x), eq(m2, y))
    widths = (eq(w1, 2 * eta * q_f_x), eq(w2, 2 * eta * q_f_y))
    points = (PLACE | {x: -1, y: 0, eta: HALF}, PLACE | {x: 0, y: 3, eta: Rational(3, 10)})
    return measured(sp.And(*relations, *widths, evaluate=False), exact, numbers, points)


@claim(
    "gmm.never-converge.one-interval",
    source="section 3.1: 'When a discriminator interval has length zero ... Thus these dynamics "
    "will never converge'",
    formal=r"d \ge \frac{1}{10}",
    says="once one interval has length zero the dynamics do not reach the truth, by the paper's "
    "own measure, total variation below 1/10: unrolled dynamics, five steps, from Figure 2 with "
    "the right interval [1, 5/2], ends that would cross held together; d at step 300",
    expect=Verdict.REFUTED,
    amended=r"d < \frac{1}{100}, w = 0",
    repair="say it of both intervals (gmm.collapse.rest): with the left one closed from step 20 to "
    "step 300 the right one alone leads the means to total variation below 1/100",
)
def one_interval() -> Examination:
    far = Symbol("d", real=True)
    data, last = setup(UNSIGNED_RIGHT, unroll=UNROLL), 300
    states = orbit(data, last)
    shut = all(s[2] is s[4] for s in states[20:])
    with load_flint().ctx.workprec(BITS):
        reached = distance(TRUTH, states[last])[1]
        widest = max(above(s[4] - s[2]) for s in states[20:])
    exact = {far: reached, q_width: Integer(0) if shut else widest}
    numbers = {
        far: lambda _: plain_distance(TRUTH, plain_orbit(data, last)[-1][:2]),
        q_width: lambda _: max(s[4] - s[2] for s in plain_orbit(data, last)[20:]),
    }
    return measured(
        far >= Rational(1, 10),
        exact,
        numbers,
        kind=KIND,
        amendment=sp.And(far < Rational(1, 100), eq(q_width, 0 * far), evaluate=False),
    )
