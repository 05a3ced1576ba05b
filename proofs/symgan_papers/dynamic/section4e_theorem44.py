r"""Section 4.2 and appendix D: theorem 4.4 and its proof.

The counterexample: real atoms (0, 0) and (2, 0), critic d(x) = psi x_1 with |psi| <= 1,
generated atoms (0, 0) and (theta, 3 theta - 2), each of mass 1/2, at theta = 1. The
optimal critic sees the first coordinate only; a step of theta brings the second generated
atom nearer there, and farther away in the plane. With delta = eta/2 the step leads to
theta = 1 + delta.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.algorithm_model import after, distance
from symgan_papers.dynamic.model import (
    Place,
    eta,
    paper_game,
    psi,
    theta,
)

REAL = ((0, 0), (2, 0))
START = sp.Integer(1)


def _fake(x: Any) -> tuple[tuple[Any, Any], ...]:
    return ((0, 0), (x, 3 * x - 2))


def _payoff(x: Any, y: Any) -> Any:
    """L = E_r d - E_f d of the critic d = y x_1."""
    real = y * (REAL[0][0] + REAL[1][0])
    return (real - y * sum(place[0] for place in _fake(x))) / 2


def _game() -> Any:
    return paper_game(_payoff(theta, psi), "sheared")


def _moved() -> Any:
    """theta after the generator's step from theta = 1 with the optimal psi = 1."""
    return after(_game(), "V1")[0].subs({theta: START, psi: 1})


def _projected(x: Any) -> Any:
    """Distance of the projections {0, 2} and {0, x}, for 0 <= x <= 2: sorted matching."""
    return (2 - x) / 2


def _squared_cost(x: Any) -> Any:
    """Squared distance of the atoms (x, 3x - 2) and (2, 0), which are matched."""
    (u, v), (a, b) = _fake(x)[1], REAL[1]
    return sp.expand((u - a) ** 2 + (v - b) ** 2)


def _step(rate: Any) -> Any:
    """theta after the step on numbers, by a difference quotient of the payoff."""
    return 1 - rate * mpmath.diff(lambda x: _payoff(x, mpmath.mpf(1)), mpmath.mpf(1))


def _matching(x: Any) -> Any:
    """Wasserstein distance in the plane: the cheaper of the two matchings."""

    def far(one: Any, other: Any) -> Any:
        return mpmath.hypot(one[0] - other[0], one[1] - other[1])

    (a, b), (c, d) = REAL, _fake(x)
    return min(far(a, c) + far(b, d), far(a, d) + far(b, c)) / 2


def _change(measured: Callable[[Any], Any]) -> Callable[[Place], Any]:
    return lambda q: measured(_step(q["eta"])) - measured(mpmath.mpf(1))


def _line(x: Any) -> Any:
    """Wasserstein distance of the projections, by distribution functions."""
    return distance([mpmath.mpf(0), mpmath.mpf(2)], [mpmath.mpf(0), x])


RATES = ({eta: Rational(1, 1000)}, {eta: Rational(1, 2)}, {eta: 2})
PROJECTED, COST = sp.symbols("Delta_projection Delta_feature", real=True)


def _changes() -> tuple[dict[Any, Any], dict[Any, Any]]:
    """How the step changes both divergences: exactly, and measured.

    In the plane 2W is the distance of (theta, 3 theta - 2) and (2, 0): the other matching
    costs 2 for the pair of fixed atoms alone. Its square is compared, to stay rational.
    """
    x = _moved()
    exact = {
        PROJECTED: sp.expand(_projected(x) - _projected(START)),
        COST: sp.expand(_squared_cost(x) - _squared_cost(START)),
    }
    numbers = {
        PROJECTED: _change(_line),
        COST: _change(lambda y: (2 * _matching(y)) ** 2),
    }
    return exact, numbers


@claim(
    "dynamic.thm4-4.main",
    source="theorem 4.4, main text",
    formal=r"\Delta \mathcal{W}(d(x) || d(\hat{x})) < 0 \Rightarrow"
    r" \Delta (2\mathcal{W}(\mathbb{P}_f || \mathbb{P}_r))^2 < 0",
    says="d optimal, projections sharing a value, a gradient step of theta that decreases the "
    "divergence of the projections: then it decreases in the feature-space; judged on real "
    "atoms (0, 0), (2, 0), critic psi x_1 with |psi| <= 1, generated atoms (0, 0), (theta, "
    "3 theta - 2) at theta = 1, for every eta up to 2, infinitesimal ones included",
    expect=Verdict.REFUTED,
    amended=r"\Delta \mathcal{W}(d(x) || d(\hat{x})) = -\frac{\eta}{4},\quad"
    r" \Delta (2\mathcal{W}(\mathbb{P}_f || \mathbb{P}_r))^2 = 2\eta + \frac{5}{2}\eta^2",
    repair="require that d scales all distances alike, as a linear critic on the line does "
    "(dynamic.thm4-4.amended); that optimality among all 1-Lipschitz functions would do for "
    "infinitesimal rates is not judged here",
)
def theorem_main() -> Examination:
    exact, numbers = _changes()
    return Examination(
        sp.Implies(PROJECTED < 0, COST < 0, evaluate=False),
        exact,
        by_numbers(numbers, kind="simulated:mpmath", points=RATES, digits=25),
        given=eta <= 2,
        amendment=sp.And(eq(PROJECTED, -eta / 4), eq(COST, 2 * eta + Rational(5, 2) * eta**2)),
        steps=(
            Step("L = psi (1 - theta/2) is largest over |psi| <= 1 at psi = 1, for theta < 2"),
            Step("both projections hold the value 0; theta becomes", _moved()),
            Step("the second generated atom moves along (1, 3), from (1, 1)"),
        ),
    )


@claim(
    "dynamic.thm4-4.appendix",
    source="theorem 4.4, appendix D",
    formal=r"\Delta \mathcal{W}(\mathbb{P}_f || \mathbb{P}_r)|_{\eta \to 0} \le 0",
    says="the same words again ('optimal concerning'); judged on the GAN of dynamic.thm4-4.main "
    "in the limit of the proof, an infinitesimally small learning rate: the rate of change "
    "of (2W)^2 in the feature-space",
    expect=Verdict.REFUTED,
    amended=r"\frac{d}{d\eta}(2\mathcal{W}(\mathbb{P}_f || \mathbb{P}_r))^2 = 2",
    repair="as for the main text: small rates do not help",
)
def theorem_appendix() -> Examination:
    rate, projected = sp.symbols("rate rate_projection", real=True)
    x = _moved()
    exact = {
        rate: sp.diff(_squared_cost(x), eta).subs(eta, 0),
        projected: sp.diff(_projected(x), eta).subs(eta, 0),
    }

    def slope_of(measured: Callable[[Any], Any]) -> Callable[[Place], Any]:
        return lambda _: mpmath.diff(lambda h: measured(_step(h)), mpmath.mpf(0))

    numbers = {rate: slope_of(lambda y: (2 * _matching(y)) ** 2), projected: slope_of(_line)}
    return Examination(
        rate <= 0,
        exact,
        # A difference quotient of a difference quotient keeps about half of the digits.
        by_numbers(numbers, kind="differentiated:mpmath", digits=15),
        amendment=sp.And(eq(rate, 2), eq(projected, Rational(-1, 4))),
    )


@claim(
    "dynamic.thm4-4.hypotheses",
    source="theorem 4.4: the counterexample meets its hypotheses",
    formal=r"\frac{\partial\mathcal{L}}{\partial\psi} > 0,\quad 0 \in d(\mathbb{P}_f) \cap"
    r" d(\mathbb{P}_r)",
    says="in the counterexample of dynamic.thm4-4.main psi = 1 is the only optimum over |psi| <= "
    "1 for every theta < 2, and the projections share the value 0",
    expect=Verdict.PROVED,
)
def hypotheses() -> Examination:
    rise, gap = sp.symbols("rise gap", real=True)
    share = [sp.Abs(u[0] - v[0]) for u in REAL for v in _fake(theta)]
    exact = {rise: sp.diff(_payoff(theta, psi), psi), gap: sp.Min(*share)}
    numbers = {
        rise: lambda q: mpmath.diff(lambda y: _payoff(q["theta"], y), mpmath.mpf(1)),
        gap: lambda q: min(abs(u[0] - v[0]) for u in REAL for v in _fake(q["theta"])),
    }
    points = ({theta: 1}, {theta: Rational(3, 2)}, {theta: -1})
    return Examination(
        sp.And(rise > 0, eq(gap, 0)),
        exact,
        by_numbers(numbers, points=points, digits=25),
        given=theta < 2,
        steps=(Step("L is linear in psi with the slope", exact[rise]),),
    )


@claim(
    "dynamic.thm4-4.amended",
    source="theorem 4.4, repaired",
    formal=r"C^2 = \psi^2 (y - x)^2",
    says="where the theorem is true: a linear critic on the line scales every distance |y - x|, "
    "hence every transport cost C, by |psi|, so both divergences fall together",
    expect=Verdict.PROVED,
)
def theorem_amended() -> Examination:
    cost, x, y = Symbol("C^2", real=True), Symbol("x", real=True), Symbol("y", real=True)

    def critic(place: Any) -> Any:
        return psi * place

    exact = {cost: sp.expand((critic(y) - critic(x)) ** 2)}
    numbers = {cost: lambda q: distance([q["psi"] * q["x"]], [q["psi"] * q["y"]]) ** 2}
    points = ({x: 1, y: 3, psi: -2}, {x: 0, y: Rational(-1, 3), psi: 5}, {x: 2, y: 7, psi: 0})
    return Examination(eq(cost, psi**2 * (y - x) ** 2), exact, by_numbers(numbers, points=points))


overlap_d, overlap_x = sp.symbols("m_projection m_feature", nonnegative=True)
TRUTH_TABLE = tuple({overlap_d: i, overlap_x: j} for i in (0, 1) for j in (0, 1))
"""Nothing but whether a mass is 0 matters."""


@claim(
    "dynamic.thm4-4.proof.lemma-cited",
    source="proof of theorem 4.4, second sentence",
    formal=r"(m_d > 0 \Rightarrow m_x > 0) \Rightarrow (m_d = 0 \Rightarrow m_x = 0)",
    says="lemma 4.3 (a shared projection implies a shared atom) shows that disjoint projections "
    "come from disjoint distributions; m is the mass of what is shared",
    expect=Verdict.REFUTED,
    amended=r"(m_x > 0 \Rightarrow m_d > 0) \Rightarrow (m_d = 0 \Rightarrow m_x = 0)",
    repair="cite lemma 4.2, whose contrapositive it is",
)
def lemma_cited() -> Examination:
    disjoint_d, disjoint_x = overlap_d <= 0, overlap_x <= 0
    wanted = sp.Or(sp.Not(disjoint_d), disjoint_x, evaluate=False)
    by_43 = sp.Or(disjoint_d, sp.Not(disjoint_x), evaluate=False)
    by_42 = sp.Or(disjoint_x, sp.Not(disjoint_d), evaluate=False)
    return Examination(
        sp.Implies(by_43, wanted, evaluate=False),
        {},
        by_numbers({}, kind="enumerated:truth-table", points=TRUTH_TABLE),
        amendment=sp.Implies(by_42, wanted, evaluate=False),
    )


@claim(
    "dynamic.thm4-4.proof.dichotomy",
    source="proof of theorem 4.4, second paragraph",
    formal=r"\sum_{x \in \operatorname{supp} \mathbb{P}_r}"
    r" (\mathbb{P}_f^+(x) - \mathbb{P}_f(x))^2 > 0",
    says="if the projections draw nearer and the distributions move apart, there is less "
    "synthetic mass in the support of P_r, or it is redistributed there; judged on "
    "dynamic.thm4-4.main, at both real atoms, before and after",
    expect=Verdict.REFUTED,
    amended=r"\mathbb{P}_f^+(x) = \mathbb{P}_f(x)\; (x \in \operatorname{supp} \mathbb{P}_r)",
    repair="synthetic mass can also move outside the support of P_r, as it does here",
)
def dichotomy() -> Examination:
    names = sp.symbols("mass_origin mass_right mass_origin^+ mass_right^+", real=True)

    def masses(x: Any) -> list[Any]:
        hits = [[sp.simplify(u - a) == 0 and sp.simplify(v - b) == 0 for u, v in _fake(x)]
                for a, b in REAL]  # fmt: skip
        return [Rational(sum(row), 2) for row in hits]

    def counted(place: int, moved: bool) -> Callable[[Place], Any]:
        def measure(q: Place) -> Any:
            x = _step(q["eta"]) if moved else mpmath.mpf(1)
            near = (mpmath.hypot(u - REAL[place][0], v - REAL[place][1]) for u, v in _fake(x))
            return mpmath.mpf(sum(gap < mpmath.mpf(10) ** -25 for gap in near)) / 2

        return measure

    exact = dict(zip(names, (*masses(START), *masses(_moved())), strict=True))
    numbers = {
        name: counted(place, moved)
        for name, (moved, place) in zip(
            names, [(m, i) for m in (False, True) for i in (0, 1)], strict=True
        )
    }
    before, after_ = names[:2], names[2:]
    return Examination(
        sum((new - old) ** 2 for new, old in zip(after_, before, strict=True)) > 0,
        exact,
        by_numbers(numbers, points=RATES),
        amendment=sp.And(
            eq(after_[0], before[0]), eq(after_[1], before[1]), eq(before[0], Rational(1, 2))
        ),
        steps=(Step("the moving atom is outside the support of P_r before and after the step"),),
    )
