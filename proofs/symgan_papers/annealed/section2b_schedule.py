r"""Section 2: the annealed data point, equations (6) and (7)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.games.annealed import (
    T,
    alpha,
    alpha_0,
    alpha_r,
    annealed,
    exponential_schedule,
    psi,
    t,
    theta,
)
from symgan.losses import GenericLoss
from symgan_papers.annealed.model import schedule_at, simulated_alpha

Place = Mapping[str, Any]
f = GenericLoss
switch = Symbol("lambda", real=True)
DATA = (
    {theta: 1, psi: 2, alpha: 3, alpha_0: 1, alpha_r: 3, T: 3, t: 1, switch: 1},
    {theta: -1, psi: sp.Rational(1, 2), alpha: 2, alpha_0: 2, alpha_r: -1, T: 1, t: 2, switch: 1},
)


@claim(
    "annealed.alpha-target",
    source="section 2, above eq. (6)",
    printed=r"\alpha(t) \to \alpha_r \text{ as } t \to \infty",
    says="the annealed data point tends to the real data",
    expect=Verdict.PROVED,
)
def alpha_target() -> Examination:
    limit = Symbol("alpha(oo)", real=True)
    exact = {limit: sp.limit(exponential_schedule(), t, sp.oo)}
    late = {limit: lambda place: simulated_alpha(place, 120 * place["T"])}
    return Examination(
        eq(limit, alpha_r), exact, by_numbers(late, kind="evaluated:mpmath", points=DATA)
    )


@claim(
    "annealed.alpha-by-gradient-only",
    source="section 2, above eq. (6)",
    says="if the gradient of L alone moves alpha, nothing brings alpha to alpha_r: every "
    "(c, 0, c) is a rest point, whatever alpha_r is",
    expect=Verdict.PROVED,
)
def gradient_only() -> Examination:
    c = Symbol("c", real=True)
    rhs = annealed(GenericLoss, switch=1, schedule=sp.Integer(0)).flow().rhs
    at_rest = sp.symbols("F_theta F_psi F_alpha", real=True)
    rest = {theta: c, psi: sp.Integer(0), alpha: c}
    exact = {
        name: part.subs(rest, simultaneous=True) for name, part in zip(at_rest, rhs, strict=True)
    }

    def slope(place: int, sign: int) -> Any:
        """A line of (7) without annealing at (c, 0, c), from L with f(y) = -exp(-y)."""

        def payoff(x: Any, y: Any, z: Any) -> Any:
            return -mpmath.exp(-y * x) - mpmath.exp(y * z)

        def measure(values: Place) -> Any:
            point = [values["c"], mpmath.mpf(0), values["c"]]

            def along(value: Any) -> Any:
                return payoff(*(value if i == place else x for i, x in enumerate(point)))

            return sign * mpmath.diff(along, point[place])

        return measure

    numbers = {name: slope(i, (-1, 1, -1)[i]) for i, name in enumerate(at_rest)}
    return Examination(
        sp.And(*(eq(name, 0) for name in at_rest)),
        exact,
        # Difference quotients keep about half of the working precision.
        by_numbers(numbers, kind="differentiated:mpmath", points=({c: 1}, {c: -2}), digits=20),
        steps=(Step("alpha' is", rhs[2]),),
    )


@claim(
    "annealed.nonautonomous",
    source="section 2",
    says="the annealing makes the system nonautonomous: the right-hand side of (7) changes in time",
    expect=Verdict.CONDITIONAL,
    amended=r"\alpha_0 \ne \alpha_r",
    repair="require alpha_0 != alpha_r; a data point that starts at its target does not move",
)
def nonautonomous() -> Examination:
    rate = Symbol("dF_alpha/dt", real=True)
    exact = {rate: sp.diff(annealed().flow().rhs[2], t)}

    def measured(place: Place) -> Any:
        return mpmath.diff(lambda time: simulated_alpha(place, time), place["t"], 2)

    return Examination(
        sp.Abs(rate) > 0,
        exact,
        # Second differences keep about a third of the working precision.
        by_numbers({rate: measured}, kind="differentiated:mpmath", points=DATA, digits=15),
        condition=sp.Ne(alpha_0, alpha_r),
        setting={alpha_0: 1, alpha_r: 3},
        steps=(Step("d/dt of the third line of (7), switch off", exact[rate]),),
    )


@claim(
    "annealed.eq6",
    source="eq. (6)",
    printed=r"\alpha(t) = (\alpha_0 - \alpha_r) e^{-\frac{t}{T}} + \alpha_r",
    says="the schedule starts at alpha_0, ends at alpha_r, and closes the gap at the rate 1/T; it "
    "is the alpha(t) of (7) with the switch off",
    expect=Verdict.PROVED,
)
def schedule() -> Examination:
    start, end, rate = sp.symbols("alpha(0) alpha(oo) alpha'(t)", real=True)
    at_time = Symbol("alpha(t)", real=True)
    path = exponential_schedule()
    exact = {
        start: path.subs(t, 0),
        end: sp.limit(path, t, sp.oo),
        rate: sp.diff(path, t),
        at_time: path,
    }
    numbers = {
        start: lambda place: simulated_alpha(place, 0),
        end: lambda place: simulated_alpha(place, 120 * place["T"]),
        rate: lambda place: mpmath.diff(lambda time: simulated_alpha(place, time), place["t"]),
        at_time: lambda place: simulated_alpha(place, place["t"]),
    }
    statement = sp.And(eq(start, alpha_0), eq(end, alpha_r), eq(rate, (alpha_r - at_time) / T))
    return Examination(
        statement, exact, by_numbers(numbers, kind="evaluated:mpmath", points=DATA, digits=20)
    )


@claim(
    "annealed.eq6.slower",
    source="section 2, below eq. (6)",
    printed=r"T > 1",
    says="T > 1 makes the annealing slower than the SGD dynamics: for f(y) = c y the rate 1/T lies "
    "below the frequency c at which generator and discriminator circle",
    expect=Verdict.CONDITIONAL,
    amended=r"c = |f'(0)| \ge 1",
    repair="write T > 1/|f'(0)| for losses f(y) = c y; where the frozen pair is a node, compare "
    "with its slow rate (Jensen-Shannon at alpha_r = 3: (9 - sqrt(77))/4 = 0.056, so T > 17.8)",
)
def slower() -> Examination:
    rate, frequency, c = (
        Symbol("rate", real=True),
        Symbol("omega", real=True),
        Symbol("c", positive=True),
    )
    jacobian = annealed(lambda y: c * y).flow().jacobian()[:2, :2]
    exact = {
        rate: -sp.diff(sp.log(exponential_schedule() - alpha_r), t).subs(t, 0),
        frequency: sp.sqrt(jacobian.det()),
    }

    def circling(place: Place) -> Any:
        eigenvalues, _ = mpmath.eig(mpmath.matrix([[0, -place["c"]], [place["c"], 0]]))
        return abs(eigenvalues[0].imag)

    def closing(place: Place) -> Any:
        return -mpmath.log(schedule_at({**place, "alpha_0": 1, "alpha_r": 0}, 1))

    points = ({c: 1, T: 2}, {c: sp.Rational(1, 2), T: sp.Rational(3, 2)}, {c: 2, T: 5})
    return Examination(
        rate < frequency,
        exact,
        by_numbers({rate: closing, frequency: circling}, kind="measured:mpmath", points=points),
        given=T > 1,
        condition=c >= 1,
        setting={c: 1},
        steps=(Step("with f'(0) = c the frozen pair has the Jacobian", jacobian),),
    )
