r"""The settled theorem, Wasserstein loss: unstable from eta = 2 on; two learning rates.

Ours, not the paper's. At eta = 2 exact orbits walk away linearly; for eta > 2 a whole cone
of states grows by eta - 1 or more with every update, and one ray still contracts.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import eta, f, image, m, psi, theta, update
from symgan_papers.dynamic.model import wasserstein_game as game
from symgan_papers.dynamic.oracle_orbits import after, moved

OURS = "ours: the oracle of eq. (7) settled, Wasserstein loss"
new = Symbol("m_plus", real=True)
d = Symbol("d", positive=True)
lam = Symbol("lambda", positive=True)


@claim(
    "dynamic.settled.w.unstable.edge",
    source=OURS,
    formal=r"m_{plus} = (k + 2) d",
    says="at eta = 2 the state with sizes k d (moved) and (k + 1) d goes to (k + 1) d (moved "
    "next) and (k + 2) d: from (-d, 2d) the distance grows linearly, for every d > 0",
    expect=Verdict.PROVED,
)
def edge() -> Examination:
    k = Symbol("k", nonnegative=True, integer=True)
    exact = {new: image(update(game(), "V1", 2), -k * d, (k + 1) * d)[0]}

    def measured(place: Any) -> Any:
        """The largest coordinate after k + 1 updates from (0, d): k + 2 times d."""
        x, y = after((mpmath.mpf(0), place["d"]), 2, int(place["k"]) + 1)
        return max(abs(x), abs(y))

    points = ({k: 0, d: 1}, {k: 5, d: sp.Rational(1, 7)}, {k: 40, d: 2})
    return Examination(eq(new, (k + 2) * d), exact, by_numbers({new: measured}, points=points))


@claim(
    "dynamic.settled.w.unstable.ray",
    source=OURS,
    formal=r"m_{plus} = \lambda^2 d",
    says="for eta > 2 the sizes c (moved) and lambda c, lambda = (eta + sqrt(eta^2 - 4))/2 > 1, "
    "grow by lambda with every update: the exact unbounded orbit",
    expect=Verdict.PROVED,
)
def ray() -> Examination:
    step = lam + 1 / lam
    exact = {new: sp.expand(image(update(game(), "V1", step), -d, lam * d)[0])}

    def measured(place: Any) -> Any:
        rate = place["lambda"]
        return moved((-place["d"], rate * place["d"]), "V1", rate + 1 / rate)[0]

    points = ({lam: 2, d: 1}, {lam: sp.Rational(3, 2), d: 2})
    return Examination(
        eq(new, lam**2 * d),
        exact,
        by_numbers({new: measured}, points=points),
        given=lam > 1,
        steps=(Step("eta = 5/2: (-1, 2) -> (4, 2) -> (4, -8) -> (-16, -8) -> ..."),),
    )


@claim(
    "dynamic.settled.w.unstable.cone",
    source=OURS,
    formal=r"m_{plus} = (\eta - 1) f + s",
    says="for eta >= 2 a state whose moved coordinate is not the larger one, m <= f, goes to "
    "another such state with the larger size grown by eta - 1 at least: an open cone of "
    "states diverges if eta > 2",
    expect=Verdict.PROVED,
)
def cone() -> Examination:
    slack = Symbol("s", nonnegative=True)
    exact = {new: image(update(game(), "V1"), -(f - slack), f)[0]}

    def measured(place: Any) -> Any:
        return moved((-(place["f"] - place["s"]), place["f"]), "V1", place["eta"])[0]

    points = ({eta: 2, f: 1, slack: 0}, {eta: 3, f: 2, slack: 1})
    return Examination(
        eq(new, (eta - 1) * f + slack),
        exact,
        by_numbers({new: measured}, points=points),
        given=eta >= 2,
        steps=(Step("m = f - s; the new sizes are f (moved next) and (eta - 1) f + s >= f"),),
    )


@claim(
    "dynamic.settled.w.unstable.not-all",
    source=OURS,
    formal=r"m_{plus} = \frac{d}{\lambda}",
    says="for eta > 2 not every start diverges: the sizes lambda c (moved) and c shrink by "
    "lambda with every update",
    expect=Verdict.PROVED,
)
def not_all() -> Examination:
    step = lam + 1 / lam
    exact = {new: sp.expand(image(update(game(), "V1", step), -lam * d, d)[0])}

    def measured(place: Any) -> Any:
        rate = place["lambda"]
        return moved((-rate * place["d"], place["d"]), "V1", rate + 1 / rate)[0]

    points = ({lam: 2, d: 1}, {lam: sp.Rational(3, 2), d: 2})
    return Examination(
        eq(new, d / lam), exact, by_numbers({new: measured}, points=points), given=lam > 1
    )


@claim(
    "dynamic.settled.w.unstable.ray-repels",
    source=OURS,
    formal=r"\frac{d}{dr}\frac{1}{\eta - r}\Big|_{r = \lambda} = \lambda^2",
    says="the contracting ray repels its neighbors: the ratio r of moved to other size goes to "
    "1/(eta - r), with slope lambda^2 > 1 at r = lambda; only countably many rays end on it",
    expect=Verdict.PROVED,
)
def repels() -> Examination:
    slope, r = Symbol("slope", real=True), Symbol("r", real=True)
    step = lam + 1 / lam
    exact = {slope: sp.simplify(sp.diff(1 / (step - r), r).subs(r, lam))}

    def measured(place: Any) -> Any:
        rate = place["lambda"]

        def ratio(r: Any) -> Any:
            return 1 / moved((-r, mpmath.mpf(1)), "V1", rate + 1 / rate)[0]

        return mpmath.diff(ratio, rate)

    points = ({lam: 2}, {lam: sp.Rational(3, 2)})
    return Examination(
        eq(slope, lam**2),
        exact,
        by_numbers({slope: measured}, kind="differentiated:mpmath", points=points, digits=20),
        given=lam > 1,
    )


h_1, h_2 = sp.symbols("eta_1 eta_2", positive=True)
before, then = sp.symbols("W_theta W_psi", real=True)


@claim(
    "dynamic.settled.w.two-rates",
    source=OURS,
    formal=r"W = \eta_2\theta^2 - \eta_1\eta_2|\theta\psi| + \eta_1\psi^2, \quad W^+ = W",
    says="with steps eta_1 for theta and eta_2 for psi, W takes the place of V: overshooting "
    "updates of either player keep it",
    expect=Verdict.PROVED,
)
def two_rates() -> Examination:
    first = image(update(game(), "V1", h_1), -m, f)[0]
    second = -image(update(game(), "V2", h_2), m, f)[1]
    exact = {
        before: h_2 * first**2 - h_1 * h_2 * first * f + h_1 * f**2,
        then: h_2 * m**2 - h_1 * h_2 * m * second + h_1 * second**2,
    }

    def weighted(state: Any, place: Any) -> Any:
        x, y = state
        one, two = place["eta_1"], place["eta_2"]
        return two * x * x - one * two * abs(x * y) + one * y * y

    def change(field: str, place: Any) -> Any:
        x, y = place["m"], place["f"]
        state = (-x, y) if field == "V1" else (x, y)
        step = place["eta_1"] if field == "V1" else place["eta_2"]
        return weighted(moved(state, field, step), place)

    numbers = {before: lambda p: change("V1", p), then: lambda p: change("V2", p)}
    points = ({h_1: 1, h_2: 2, m: 2, f: 3}, {h_1: 3, h_2: sp.Rational(1, 2), m: 8, f: 3})
    old = h_2 * m**2 - h_1 * h_2 * m * f + h_1 * f**2
    return Examination(
        sp.And(eq(before, old), eq(then, old)),
        exact,
        by_numbers(numbers, points=points),
        given=sp.And(m < h_1 * f, f < h_2 * m),
        steps=(
            Step("so W_after = W_before in both cases; the shares of the sizes are moved over"),
        ),
    )


@claim(
    "dynamic.settled.w.two-rates.threshold",
    source=OURS,
    formal=r"\det = (4 - \eta_1\eta_2)\eta_1\eta_2",
    says="W is positive definite, and the equilibrium stable, exactly for eta_1 eta_2 < 4: the "
    "discriminant of W; theta -> theta sqrt(eta_2/eta_1) turns two steps into one, "
    "sqrt(eta_1 eta_2), so the instability from 2 on carries over",
    expect=Verdict.PROVED,
)
def two_rates_threshold() -> Examination:
    value = Symbol("disc", real=True)
    form = h_2 * theta**2 - h_1 * h_2 * theta * psi + h_1 * psi**2
    exact = {value: sp.det(sp.hessian(form, (theta, psi)))}

    def measured(place: Any) -> Any:
        one, two = place["eta_1"], place["eta_2"]
        values = mpmath.eigsy(mpmath.matrix([[2 * two, -one * two], [-one * two, 2 * one]]))[0]
        return values[0] * values[1]

    points = ({h_1: 1, h_2: 2}, {h_1: 3, h_2: sp.Rational(1, 2)}, {h_1: 1, h_2: 1})
    return Examination(
        eq(value, h_1 * h_2 * (4 - h_1 * h_2)),
        exact,
        by_numbers({value: measured}, kind="eigenvalues:mpmath", points=points),
    )
