r"""Appendix D: lemma D.5 with its bounds asked of a whole orbit, and lemma D.6's question."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import eta, examined, f, image, m, update, wasserstein_game

bound = Symbol("B", real=True)


@claim(
    "dynamic.lemma-d5",
    source="lemma D.5",
    formal=r"-m < \eta f - m < f",
    says="one learning rate that obeys the printed bounds at every update keeps the orbit "
    "stable: where theta, psi > 0 (f and m), to which every orbit comes that stays off the ties "
    "or eta <= 1 already, the bound eta <= 1 - m/2 makes eta < 1, and then no update enlarges "
    "the larger of |theta| and |psi|",
    expect=Verdict.PROVED,
)
def d5_orbit() -> Examination:
    size = Symbol("size", real=True)
    new = -image(update(wasserstein_game(), "V2"), f, m)[1]
    return examined(
        sp.And(size > -m, size < f),
        {size: new},
        Step("near 0 the bounds ask for eta < 1 + epsilon; for eta <= 1 see settled.w.max-norm"),
        Step("eta > 1 admits V_1 for theta <= -2 (eta - 1) only, V_2 for psi <= -2 (eta - 1) only"),
        Step("V_2 in (-, -) raises psi by eta |theta| an update: after finitely many (-, +)"),
        Step("V_1 in (-, +) raises theta by eta psi an update: after finitely many (+, +)"),
        Step("there V_2, psi > 0, is not admitted: no orbit obeys the bounds for ever"),
        Step("but one that lands on a tie and rests there, or goes on in the same cycle"),
        given=eta <= 1 - m / 2,
    )


@claim(
    "dynamic.lemma-d5.near",
    source="lemma D.5, last paragraph",
    formal=r"B \ge 1 - \frac{\epsilon}{2}",
    says="the printed bounds hold for relatively large eta even when the norm is small: where "
    "the coordinate is at most epsilon in size they are at least 1 - epsilon/2 (u its distance "
    "below epsilon)",
    expect=Verdict.PROVED,
)
def d5_near() -> Examination:
    eps, u = Symbol("epsilon", positive=True), Symbol("u", nonnegative=True)
    at = eps - u

    def measured(place: Any) -> Any:
        x = place["epsilon"] - place["u"]
        return (2 - x) / mpmath.mpf(2)

    third = sp.Rational(1, 3)
    points = ({eps: third, u: 0}, {eps: third, u: 2 * third}, {eps: 1, u: third})
    return Examination(
        bound >= 1 - eps / 2,
        {bound: sp.expand(1 - at / 2)},
        by_numbers({bound: measured}, kind="evaluated:mpmath", points=points),
        given=u <= 2 * eps,
        steps=(Step("as printed; the substitution that gave them is dynamic.lemma-d5.step.theta"),),
    )


@claim(
    "dynamic.lemma-d2.near",
    source="lemma D.2; a finding of ours",
    formal=r"B_1 = -\frac{(2 - s)s}{2b}, \quad B_2 = -\frac{(2 + s)s}{2b}",
    says="with Wasserstein loss lemma D.2's bound on V_1 is negative in both half-planes, at "
    "theta = s < 2, psi = -b and at theta = -s, psi = b: near the equilibrium it admits no "
    "positive learning rate at all",
    expect=Verdict.PROVED,
)
def d2_near() -> Examination:
    names = sp.symbols("B_1 B_2", real=True)
    s, b = sp.symbols("s b", positive=True)

    def printed(x: Any, y: Any) -> Any:
        descent = image(update(wasserstein_game(), "V1", 1), x, y)[0] - x  # -L_theta
        return (x**2 - 2 * x) / (-2 * descent)

    exact = {names[0]: printed(s, -b), names[1]: printed(-s, b)}

    def measured(side: int) -> Any:
        def measure(place: Any) -> Any:
            x, y = side * place["s"], -side * place["b"]
            gradient = mpmath.diff(lambda v: -v * y, x)
            return x * (x - 2) / (2 * gradient)

        return measure

    points = ({s: 1, b: 1}, {s: sp.Rational(1, 3), b: 2}, {s: sp.Rational(3, 2), b: 1})
    right = (-(2 - s) * s / (2 * b), -(2 + s) * s / (2 * b))
    signs = (names[0] < 0, names[1] < 0)
    return Examination(
        sp.And(*(eq(n, v) for n, v in zip(names, right, strict=True)), *signs),
        exact,
        by_numbers(
            {names[0]: measured(1), names[1]: measured(-1)},
            kind="differentiated:mpmath",
            points=points,
            digits=20,
        ),
        given=s < 2,
    )


def bce_growth() -> Examination:
    """Whether an update on BCE ends beyond the size that stands still, near the equilibrium."""
    gap, q = Symbol("gap", real=True), Symbol("q", nonnegative=True)
    r = Symbol("r", nonnegative=True)
    # y = q f^2/2; tanh y lies between y - y^3/3 and y, and y <= 49/50: 2y/3 <= t <= y
    t = q * f**2 / 2 * (1 - r)
    return examined(
        gap >= 0,
        {gap: sp.expand(f - eta * (1 + t) / 2 * f + q * f)},
        Step("V_2 moves by eta w f, w = (1 + t)/2; V_1 by less (dynamic.settled.bce.v1.half)"),
        Step("tanh y <= y (dynamic.settled.bce.tanh); a moved size above f needs eta w > 2"),
        Step("eta >= 5: the gap is below f (q - 3/2) < 0, and sizes f, m' > f are such again"),
        given=sp.And(
            f <= sp.Rational(7, 5), q <= 1, r <= sp.Rational(1, 3), (eta - 2) * (eta - 5) >= 0
        ),
        condition=eta <= 2,
        setting={eta: sp.Rational(1, 10)},
    )
