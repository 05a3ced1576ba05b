r"""Section 3.1 and 3.2: the Dirac-GAN, the oracle (7), and what it is said to do."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import (
    a,
    b,
    bce_game,
    eta,
    examined,
    fields,
    image,
    psi,
    sigma,
    theta,
    update,
    wasserstein_game,
)
from symgan_papers.dynamic.oracle_orbits import logistic, moved

SIZES = ({a: 1, b: 1, eta: 1}, {a: 2, b: sp.Rational(1, 3), eta: sp.Rational(1, 10)})
size, old = sp.symbols("size old", real=True)


@claim(
    "dynamic.eq6",
    source="eq. (6)",
    printed=r"d(x; \psi) = x\psi, \quad x \sim \delta(0); \quad g(z; \theta) = z\theta, \quad"
    r" z \sim \delta(1)",
    formal=r"E d(\hat{x}; \psi) - E d(x; \psi) = \psi\theta",
    says="the generator's only sample is theta and the data's is 0, so the discriminator scores "
    "them psi theta and 0",
    expect=Verdict.PROVED,
)
def eq6() -> Examination:
    x, z = sp.symbols("x z", real=True)
    gap = Symbol("gap", real=True)
    d, g = x * psi, z * theta
    exact = {gap: d.subs(x, g.subs(z, 1)) - d.subs(x, 0)}

    def measured(place: Any) -> Any:
        real, latent = mpmath.matrix([0, 0, 0]), mpmath.matrix([1, 1, 1])
        made = place["theta"] * latent
        return sum(place["psi"] * (made - real)) / 3

    points = ({theta: 2, psi: 3}, {theta: -1, psi: sp.Rational(1, 2)})
    return Examination(
        eq(gap, psi * theta), exact, by_numbers({gap: measured}, kind="sampled", points=points)
    )


@claim(
    "dynamic.shift-closer",
    source="section 3.2, below Figure 2",
    formal=r"(\theta_{plus})^2 < a^2",
    says="where the signs of theta and psi differ, updating theta shifts the synthetic "
    "distribution closer to the real one (theta = -a, psi = b, Wasserstein loss)",
    expect=Verdict.CONDITIONAL,
    amended=r"\eta b < 2 a",
    repair="say for eta |psi| < 2 |theta|, or for infinitesimal steps; a step that overshoots by "
    "more than a half leads further away",
)
def shift_closer() -> Examination:
    new = image(update(wasserstein_game(), "V1"), -a, b)[0]

    def measured(place: Any) -> Any:
        return moved((-place["a"], place["b"]), "V1", place["eta"])[0] ** 2

    points = (*SIZES, {a: 1, b: 3, eta: sp.Rational(1, 2)})
    return Examination(
        size < a**2,
        {size: sp.expand(new**2)},
        by_numbers({size: measured}, points=points),
        condition=a > eta * b / 2,
        setting={eta: sp.Rational(1, 10), a: 1, b: 1},
    )


@claim(
    "dynamic.shift-closer.infinitesimal",
    source="section 3.2, below Figure 2",
    formal=r"\frac{d}{dt}|\theta| = -b",
    says="the same for infinitesimal steps: |theta| falls at the rate |psi|",
    expect=Verdict.PROVED,
)
def shift_closer_flow() -> Examination:
    rate = Symbol("rate", real=True)
    exact = {rate: -fields(wasserstein_game())["V1"][0].subs(psi, b)}

    def measured(place: Any) -> Any:
        def along(s: Any) -> Any:
            return abs(moved((-place["a"], place["b"]), "V1", s)[0])

        return mpmath.diff(along, 0)

    return Examination(
        eq(rate, -b + 0 * a),
        exact,
        by_numbers({rate: measured}, kind="differentiated:mpmath", points=SIZES, digits=20),
    )


@claim(
    "dynamic.shift-away",
    source="section 3.2, below Figure 2",
    formal=r"|\theta^+| = a + \eta w b",
    says="where the signs agree, updating theta shifts the synthetic distribution away: |theta| "
    "grows by eta w |psi|, w = 1 with Wasserstein and sigma(a b) with BCE loss",
    expect=Verdict.PROVED,
)
def shift_away() -> Examination:
    names = sp.symbols("by_w by_bce", real=True)
    game, other = wasserstein_game(), bce_game()
    exact = {
        names[0]: image(update(game, "V1"), a, b)[0],
        names[1]: sp.simplify(image(update(other, "V1"), a, b)[0]),
    }
    numbers = {
        names[0]: lambda p: moved((p["a"], p["b"]), "V1", p["eta"])[0],
        names[1]: lambda p: moved((p["a"], p["b"]), "V1", p["eta"], logistic)[0],
    }
    right = (a + eta * b, a + eta * sigma(a * b) * b)
    return Examination(
        sp.And(eq(names[0], right[0]), eq(names[1], right[1])),
        exact,
        by_numbers(numbers, points=SIZES),
    )


@claim(
    "dynamic.prevents-divergence",
    source="section 3.2, below Figure 2",
    formal=r"a^2 - \eta a b + b^2 > 0",
    says="consequently the oracle prevents the synthetic distribution from diverging, at every "
    "step: no start (a, b) has V < 0, where an orbit overshoots for ever along the hyperbola "
    "V = const and escapes, or lies on the edge V = 0 of these",
    expect=Verdict.CONDITIONAL,
    amended=r"\eta < 2",
    repair="require eta < 2; at eta = 2 there are orbits that walk away linearly, and for eta > 2 "
    "some that grow by (eta + sqrt(eta^2 - 4))/2 with every update",
)
def prevents() -> Examination:
    return _positive(
        Step("eta = lambda + 1/lambda: (-c, lambda c) -> (lambda^2 c, lambda c) -> ..."),
        Step("exact unbounded orbits: dynamic.settled.w.unstable.edge, .ray, .cone"),
    )


def _positive(*steps: Step) -> Examination:
    """V > 0 off the equilibrium, which holds exactly for eta < 2."""
    value = Symbol("V", real=True)
    return examined(
        value > 0,
        {value: a**2 - eta * a * b + b**2},
        *steps,
        condition=eta < 2,
        setting={eta: sp.Rational(1, 10)},
    )


s = Symbol("s", positive=True)


@claim(
    "dynamic.superlinear",
    source="section 3.2",
    formal=r"q_{min} = 0",
    says="the oracle converges superlinearly: no positive number bounds the ratio of successive "
    "distances from below",
    expect=Verdict.REFUTED,
    amended=r"q_{min} = s^2",
    repair="say linear for some starts (eta = 1/n, rational ones, if the player with a gradient "
    "moves on ties); at eta = 1/sqrt(N) a phase has infinitely many updates in the mean "
    "(dynamic.settled.w.rate.step). No update by V_1, V_2 or V_3 contracts by more than "
    "s = (sqrt(eta^2 + 4) - eta)/2, so no order of updates is superlinear",
)
def superlinear() -> Examination:
    least = Symbol("least", real=True)
    step = 1 / s - s
    shear = sp.Matrix(update(wasserstein_game(), "V1", step).rhs).jacobian(sp.Matrix([theta, psi]))
    gram = (shear.T * shear).applyfunc(sp.expand)
    root = Symbol("root")
    values = sp.solve(sp.factor(gram.charpoly(root).as_expr()), root)
    exact = {least: min(values, key=lambda v: v.subs(s, sp.Rational(1, 2)))}  # for all s < 1

    def measured(place: Any) -> Any:
        """The smallest singular value of one update, from the images of two unit vectors."""
        h = 1 / place["s"] - place["s"]
        (p, q), (u, v) = (moved(e, "V1", h) for e in ((mpmath.mpf(1), 0), (0, mpmath.mpf(1))))
        return min(mpmath.svd(mpmath.matrix([[p, u], [q, v]]), compute_uv=False)) ** 2

    points = ({s: sp.Rational(1, 2)}, {s: sp.Rational(9, 10)}, {s: sp.Rational(1, 3)})
    return Examination(
        eq(least, 0 * s),
        exact,
        by_numbers({least: measured}, kind="svd:mpmath", points=points),
        given=s < 1,
        amendment=eq(least, s**2),
        steps=(Step("V_1^T V_1 at eta = 1/s - s", gram),),
    )


@claim(
    "dynamic.tight-bounds",
    source="section 3, introduction",
    formal=r"a^2 - \eta a b + b^2 > 0",
    says="there is an upper bound on the distance that (theta, psi) will ever have with a finite "
    "learning rate: V bounds a multiple of the squared distance from above, and never grows",
    expect=Verdict.CONDITIONAL,
    amended=r"\eta < 2",
    repair="require eta < 2, where the bound is sqrt(2/(2 - eta)) times the first distance",
)
def tight_bounds() -> Examination:
    return _positive(
        Step("a start with V < 0 overshoots for ever, V = const < 0 a hyperbola, and escapes"),
        Step(
            "eta = 3: (-1, 1) -> (2, 1) -> (2, -5) -> (-13, -5); eta = 2: settled.w.unstable.edge"
        ),
    )


@claim(
    "dynamic.tight-bounds.not-alt",
    source="section 3, introduction",
    formal=r"Q_k \ne Q_0",
    says="such a bound is not possible for alternation: it keeps no positive definite function, "
    "in particular not Q = theta^2 - eta theta psi + psi^2, eta < 2",
    expect=Verdict.REFUTED,
    amended=r"Q_1 = Q_0",
    repair="drop the sentence for alternation: for eta < 2 its distance stays below "
    "sqrt((2 + eta)/(2 - eta)) times the first one; for the simultaneous order it is right",
)
def not_alt() -> Examination:
    game = wasserstein_game()
    new = update(game, "V2").then(update(game, "V1")).rhs

    def q(x: Any, y: Any, h: Any) -> Any:
        return x**2 - h * x * y + y**2

    exact = {size: sp.expand(q(new[0], new[1], eta)), old: q(theta, psi, eta)}

    def measured(place: Any) -> Any:
        state = moved((place["theta"], place["psi"]), "V2", place["eta"])
        last = moved(state, "V1", place["eta"])
        return q(last[0], last[1], place["eta"])

    numbers = {size: measured, old: lambda p: q(p["theta"], p["psi"], p["eta"])}
    points = ({theta: 1, psi: 2, eta: 1}, {theta: -1, psi: 3, eta: sp.Rational(1, 10)})
    return Examination(
        sp.Ne(size, old),
        exact,
        by_numbers(numbers, points=points),
        amendment=eq(size, old),
    )


@claim(
    "dynamic.more-sophisticated",
    source="section 3.2, below theorem 3.1",
    says="the oracle seems no more sophisticated than the fixed orders and works on training "
    "dynamics where they are rigid and time-based",
    expect=Verdict.INFORMAL,
    reason="a description; what follows from it is judged in dynamic.thm3-1",
)
def sophisticated() -> None: ...
