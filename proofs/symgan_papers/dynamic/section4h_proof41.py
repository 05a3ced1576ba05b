r"""Appendix D: the steps of the proof of theorem 4.1."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol
from sympy.calculus.util import maximum

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.algorithm_model import after
from symgan_papers.dynamic.model import WASSERSTEIN, Place, eta, psi, slope, theta, wasserstein_game

p, q = sp.symbols("p q", positive=True)
"""Masses of the real and of the synthetic distribution at an atom."""
CHANGE = Symbol("change", real=True)
POINTS = ({theta: 2, psi: 1, eta: Rational(1, 10)}, {theta: -1, psi: 3, eta: 2})


def _ascended(place: Place) -> Any:
    """psi after one update of the discriminator, by a difference quotient."""
    return place["psi"] + place["eta"] * slope(WASSERSTEIN, 1, place["theta"], place["psi"])


@claim(
    "dynamic.thm4-1.proof.asymptotic",
    source="proof of theorem 4.1, first sentence",
    formal=r"d^+(x) - d(x) > 0",
    says="a Wasserstein critic on its way to optimality sends d(x) towards infinity and d(xhat) "
    "towards minus infinity; judged on the Dirac-GAN, where the real atom is 0",
    expect=Verdict.REFUTED,
    amended=r"d^+(x) - d(x) = 0,\quad d^+(\hat{x}) - d(\hat{x}) = -\eta\theta^2",
    repair="only the difference d(x) - d(xhat) grows without bound, and under the Lipschitz "
    "constraint of the Wasserstein loss not even that",
)
def asymptotic() -> Examination:
    fake = Symbol("change_fake", real=True)
    moved = after(wasserstein_game(), "V2")[1]
    exact = {CHANGE: sp.expand((moved - psi) * 0), fake: sp.expand((moved - psi) * theta)}
    numbers = {
        CHANGE: lambda place: (_ascended(place) - place["psi"]) * 0,
        fake: lambda place: (_ascended(place) - place["psi"]) * place["theta"],
    }
    return Examination(
        CHANGE > 0,
        exact,
        by_numbers(numbers, points=POINTS, digits=25),
        amendment=sp.And(eq(CHANGE, 0), eq(fake, -eta * theta**2)),
        steps=(Step("d(x) = psi 0 for every psi; psi moves by", moved - psi),),
    )


@claim(
    "dynamic.thm4-1.proof.increase",
    source="proof of theorem 4.1, second sentence",
    printed=r"\mathbb{E}_{\hat{x} \sim \mathbb{P}_{\theta}} d(\hat{x}; \psi)"
    r" - \mathbb{E}_{x \sim \mathbb{P}_{\mathbf{r}}} d(x; \psi)",
    formal=r"\Delta(E_f d - E_r d) > 0",
    says="as psi approaches optimality the printed difference is expected to increase; judged on "
    "one update of the discriminator of the Dirac-GAN",
    expect=Verdict.REFUTED,
    amended=r"\Delta(E_f d - E_r d) = -\eta\theta^2",
    repair="'decrease': the discriminator ascends L = E_r d - E_f d, the negative of the print",
)
def increase() -> Examination:
    moved = after(wasserstein_game(), "V2")[1]
    exact = {CHANGE: sp.expand(moved * theta - psi * theta)}
    numbers = {CHANGE: lambda place: (_ascended(place) - place["psi"]) * place["theta"]}
    return Examination(
        CHANGE > 0,
        exact,
        by_numbers(numbers, points=POINTS, digits=25),
        given=sp.Ne(theta, 0),
        amendment=eq(CHANGE, -eta * theta**2),
    )


@claim(
    "dynamic.thm4-1.proof.theta-maximizes",
    source="proof of theorem 4.1, third sentence",
    formal=r"\Delta E_f d = \eta\psi^2",
    says="optimizing theta maximizes the projection of the synthetic distribution: on the "
    "Dirac-GAN one update of the generator raises d(xhat) by eta psi^2",
    expect=Verdict.PROVED,
)
def theta_maximizes() -> Examination:
    moved = after(wasserstein_game(), "V1")[0]

    def measured(place: Place) -> Any:
        step = -place["eta"] * slope(WASSERSTEIN, 0, place["theta"], place["psi"])
        return step * place["psi"]

    return Examination(
        eq(CHANGE, eta * psi**2),
        {CHANGE: sp.expand((moved - theta) * psi)},
        by_numbers({CHANGE: measured}, points=POINTS, digits=25),
    )


@claim(
    "dynamic.thm4-1.proof.outside-support",
    source="proof of theorem 4.1, fourth sentence",
    formal=r"\sup_{x \notin \operatorname{supp} \mathbb{P}_r} d(x)"
    r" > \max_{x \in \operatorname{supp} \mathbb{P}_r} d(x)",
    says="if E_f d > E_r d there are regions outside the support of P_r that d projects higher; "
    "judged on real atoms 0 and 1 of equal mass, synthetic atom 1, d(x) = -(x - 1)^2",
    expect=Verdict.REFUTED,
    amended=r"E_f d - E_r d = \frac{1}{2},\quad"
    r" \sup_{x \notin \operatorname{supp} \mathbb{P}_r} d(x) = 0 = d(1)",
    repair="true in the extreme case inf d(xhat) > sup d(x) only: then every synthetic point is "
    "such a region",
)
def outside_support() -> Examination:
    gap, top = sp.symbols("E_f-E_r sup_outside", real=True)
    x = Symbol("x", real=True)

    def critic(place: Any) -> Any:
        return -((place - 1) ** 2)

    highest = maximum(critic(x), x)
    assert critic(1) == highest  # reached in the support, so only approached outside of it
    assert sp.limit(critic(x), x, 1) == highest
    exact = {gap: sp.Integer(critic(1)) - Rational(critic(0) + critic(1), 2), top: highest}

    def mean(atoms: tuple[int, ...]) -> Any:
        return mpmath.fsum(mpmath.mpf(critic(v)) for v in atoms) / len(atoms)

    def highest_outside(_: Place) -> Any:
        """The largest value on ever finer places around the support, never on it."""
        near = (v + s * mpmath.mpf(10) ** -n for v in (0, 1) for s in (-1, 1) for n in range(26))
        return max(critic(v) for v in near if v not in (0, 1))

    numbers = {gap: lambda _: mean((1,)) - mean((0, 1)), top: highest_outside}
    return Examination(
        top > 0,
        exact,
        by_numbers(numbers, kind="evaluated:mpmath"),
        amendment=sp.And(eq(gap, HALF), eq(top, 0)),
        steps=(
            Step("d at x", critic(x)),
            Step("the largest value on the support of P_r is d(1) = 0; outside d is below it"),
        ),
    )


HALF = Rational(1, 2)


@claim(
    "dynamic.thm4-1.proof.extreme",
    source="proof of theorem 4.1, fifth sentence",
    says="in the extreme case theta travels towards erroneously projected regions; no guarantee "
    "of improving the divergence, possibly divergent behavior",
    expect=Verdict.INFORMAL,
    reason="'no guarantee' and 'may' assert no more than examples: dynamic.thm4-1.always and "
    "dynamic.thm4-1.sometimes are one each way",
)
def extreme() -> None: ...


@claim(
    "dynamic.thm4-1.proof.mass-ratio",
    source="proof of theorem 4.1, second paragraph",
    formal=r"d^* = \frac{p}{q}",
    says="with BCE loss the projection of a locally optimal discriminator is the real-to-synthetic "
    "mass ratio at each point, p real and q synthetic",
    expect=Verdict.REFUTED,
    amended=r"d^* = \frac{p}{p + q}",
    repair="the share of real mass, p/(p + q); the ratio p/q is the exponential of its logit",
)
def mass_ratio() -> Examination:
    best, d = Symbol("d^*", real=True), Symbol("d", positive=True)
    payoff = p * sp.log(d) + q * sp.log(1 - d)
    (root,) = sp.solve(sp.together(sp.diff(payoff, d)), d)

    def top(place: Place) -> Any:
        """The maximum by ternary search: the payoff is concave on (0, 1)."""

        def value(level: Any) -> Any:
            return place["p"] * mpmath.log(level) + place["q"] * mpmath.log(1 - level)

        low, high = mpmath.mpf(0), mpmath.mpf(1)
        for _ in range(200):
            third = (high - low) / 3
            one, other = low + third, high - third
            low, high = (one, high) if value(one) < value(other) else (low, other)
        return (low + high) / 2

    points = ({p: 1, q: 2}, {p: HALF, q: HALF}, {p: 3, q: Rational(1, 5)})
    return Examination(
        eq(best, p / q),
        {best: root},
        # Near a maximum the payoff is flat: comparisons see the square of the distance.
        by_numbers({best: top}, kind="maximized:mpmath", points=points, digits=25),
        amendment=eq(best, p / (p + q)),
        steps=(Step("the payoff at one point, largest at its only critical point", payoff),),
    )


@claim(
    "dynamic.thm4-1.proof.unfaithful",
    source="proof of theorem 4.1, second paragraph",
    formal=r"(p - q) d^* = \frac{p - q}{2} + \frac{(p - q)^2}{2 (p + q)}",
    says="a discriminator with E_f d > E_r d cannot be the faithful one: the optimal "
    "d = p/(p + q) has E_r d >= E_f d; for any number of atoms, by the share of each, real mass "
    "p and synthetic mass q, in E_r d - E_f d",
    expect=Verdict.PROVED,
)
def unfaithful() -> Examination:
    share = Symbol("share", real=True)
    exact = {share: (p - q) * p / (p + q)}

    def measured(place: Place) -> Any:
        best = 1 / (1 + place["q"] / place["p"])
        return place["p"] * best - place["q"] * best

    points = ({p: HALF, q: Rational(1, 3)}, {p: Rational(1, 5), q: Rational(4, 5)})
    return Examination(
        eq(share, (p - q) / 2 + (p - q) ** 2 / (2 * (p + q))),
        exact,
        by_numbers({share: measured}, points=points),
        steps=(
            Step("summed over the atoms p - q gives 0, for both masses add up to 1"),
            Step("what remains is E_r d - E_f d as a sum of", (p - q) ** 2 / (2 * (p + q))),
        ),
    )
