r"""The settled theorem, Wasserstein loss: phases and their map.

Ours, not the paper's. A phase moves one coordinate until its sign flips. A phase that
starts with sizes m (moved) and f takes q = ceil(m/(eta f)) updates and leaves eta u f,
u = q - m/(eta f) in [0, 1). With beta = 1/eta^2 the next phase has u' = ceil(beta/u) - beta/u, a
backward continued fraction.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import eta, f, image, m, update
from symgan_papers.dynamic.model import wasserstein_game as game
from symgan_papers.dynamic.oracle_orbits import chosen, moved, rational

OURS = "ours: the oracle of eq. (7) settled, Wasserstein loss"
left = Symbol("left", real=True)
N = Symbol("N", positive=True, integer=True)


def phase(state: Any, step: Any) -> tuple[Any, int]:
    """One phase in exact numbers: the state after the sign flip, and how many updates."""
    field, count = chosen(state, "mover"), 0
    while chosen(state, "mover") == field:
        state, count = moved(state, field, step), count + 1
    return state, count


@claim(
    "dynamic.settled.w.phase",
    source=OURS,
    formal=r"l = (q - \frac{m}{\eta f})\eta f",
    says="a phase of q updates leaves the size eta u f of the moved coordinate, of the other sign",
    expect=Verdict.PROVED,
)
def one_phase() -> Examination:
    q = Symbol("q", positive=True, integer=True)
    u = q - m / (eta * f)
    one = image(update(game(), "V1"), -m, f)[0] + m
    exact = {left: -m + q * one}

    def measured(place: Any) -> Any:
        state = (-rational(place["m"]), rational(place["f"]))
        end, count = phase(state, rational(place["eta"]))
        assert count == int(place["q"])
        return mpmath.mpf(end[0].numerator) / end[0].denominator

    points = ({m: 5, f: 2, eta: 1, q: 3}, {m: 1, f: 3, eta: sp.Rational(1, 10), q: 4})
    return Examination(eq(left, eta * u * f), exact, by_numbers({left: measured}, points=points))


@claim(
    "dynamic.settled.w.contraction",
    source=OURS,
    formal=r"f' = \eta u f",
    says="the coordinate that stands still in the next phase is eta u < eta times the one of "
    "this phase: for eta < 1 every orbit that is not stopped on a tie tends to (0, 0), at least "
    "by the factor eta a phase (u < 1)",
    expect=Verdict.PROVED,
)
def contraction() -> Examination:
    u = Symbol("u", nonnegative=True)
    # The last update of a phase starts from m = eta f (1 - u), 0 <= u < 1.
    exact = {left: image(update(game(), "V1"), -eta * f * (1 - u), f)[0]}

    def measured(place: Any) -> Any:
        start = -place["eta"] * place["f"] * (1 - place["u"])
        return moved((start, place["f"]), "V1", place["eta"])[0]

    points = ({eta: 1, f: 2, u: sp.Rational(1, 3)}, {eta: sp.Rational(1, 10), f: 1, u: 0})
    return Examination(eq(left, eta * u * f), exact, by_numbers({left: measured}, points=points))


@claim(
    "dynamic.settled.w.phase-map",
    source=OURS,
    formal=r"u' = q - \frac{1}{\eta^2 u}",
    says="the phase map: after a phase with u > 0 the sizes are f (moved next) and eta u f, so "
    "the next phase has u' = ceil(beta/u) - beta/u with beta = 1/eta^2, whatever f is",
    expect=Verdict.PROVED,
)
def phase_map() -> Examination:
    u, after_u = Symbol("u", positive=True), Symbol("u_next", real=True)
    q = Symbol("q", positive=True, integer=True)
    exact = {after_u: (q - m / (eta * f)).subs({m: f, f: eta * u * f}, simultaneous=True)}

    def measured(place: Any) -> Any:
        step, share = rational(place["eta"]), rational(place["u"])
        # A start whose first phase is one update and leaves u: m = eta f (1 - u), f = 1.
        state, _ = phase((-step * (1 - share), Fraction(1)), step)
        fixed = abs(state[0])
        state, count = phase(state, step)
        assert count == int(place["q"])
        found = abs(state[1]) / (step * fixed)
        return mpmath.mpf(found.numerator) / found.denominator

    points = (
        {eta: 1, u: sp.Rational(2, 3), q: 2},
        {eta: sp.Rational(1, 2), u: sp.Rational(3, 5), q: 7},
        {eta: sp.Rational(3, 2), u: sp.Rational(1, 3), q: 2},
    )
    return Examination(
        eq(after_u, q - 1 / (eta**2 * u)),
        exact,
        by_numbers({after_u: measured}, kind="simulated:rational", points=points),
    )


@claim(
    "dynamic.settled.w.phase-map.finite",
    source=OURS,
    formal=r"u' = \frac{qp - Nr}{p}",
    says="for eta = 1/sqrt(N) the phase map takes a fraction p/r to one with the denominator p < "
    "r: denominators fall, so every rational u ends at 0, a tie, after at most r phases; with "
    "eta = 1/n every rational state does",
    expect=Verdict.PROVED,
)
def finite() -> Examination:
    p, r, q = sp.symbols("p r q", positive=True, integer=True)
    after_u = Symbol("u_next", real=True)
    u = Symbol("u", positive=True)
    exact = {after_u: (q - 1 / (eta**2 * u)).subs({eta: 1 / sp.sqrt(N), u: p / r})}

    def measured(place: Any) -> Any:
        count, top, bottom = (int(place[name]) for name in ("N", "p", "r"))
        step = Fraction(1, round(count**0.5))
        state, _ = phase((-step * (1 - Fraction(top, bottom)), Fraction(1)), step)
        fixed = abs(state[0])
        state, updates = phase(state, step)
        assert updates == int(place["q"])
        found = abs(state[1]) / (step * fixed)
        assert top % found.denominator == 0
        return mpmath.mpf(found.numerator) / found.denominator

    points = ({N: 4, p: 3, r: 5, q: 7}, {N: 1, p: 2, r: 7, q: 4}, {N: 9, p: 4, r: 5, q: 12})
    return Examination(
        eq(after_u, (q * p - N * r) / p),
        exact,
        by_numbers({after_u: measured}, kind="simulated:rational", points=points),
        steps=(Step("0 <= u' < 1 makes the numerator one of 0, ..., p - 1"),),
    )


@claim(
    "dynamic.settled.w.phase-map.density",
    source=OURS,
    formal=r"\rho(u) = \frac{1}{N - u}: \quad \frac{N}{(k-x)^2} \rho\Big(\frac{N}{k-x}\Big) = "
    r"\frac{1}{k - x - 1} - \frac{1}{k - x}",
    says="for beta = N the density 1/(N - u) is invariant under the phase map: its branch k, "
    "u = N/(k - x), carries the difference of two neighbors, and the sum over k > N leaves "
    "1/(N - x)",
    expect=Verdict.PROVED,
)
def density() -> Examination:
    x, k = Symbol("x", positive=True), Symbol("k", positive=True, integer=True)
    u, total = Symbol("u", positive=True), Symbol("total", real=True)
    part = Symbol("part", real=True)
    back = N / (k - x)
    # branches N + 1, ..., N + n, summed term by term, and n to infinity
    n, i = sp.symbols("n i", positive=True, integer=True)
    weight = sp.factor(sp.diff(back, x) * (1 / (N - u)).subs(u, back)).subs(k, N + i)
    carried_by_all = sp.limit(sp.summation(sp.apart(sp.factor(weight), i), (i, 1, n)), n, sp.oo)
    exact = {
        part: sp.diff(back, x) * (1 / (N - u)).subs(u, back),
        total: carried_by_all,
    }

    def branch(place: Any, index: Any) -> Any:
        """Weight of one branch by a difference quotient of its inverse."""

        def inverse(s: Any) -> Any:
            return place["N"] / (index - s)

        return abs(mpmath.diff(inverse, place["x"])) / (place["N"] - inverse(place["x"]))

    def carried(place: Any) -> Any:
        """All branches together, summed numerically."""
        n, at = place["N"], place["x"]
        back = [int(n) + 1, mpmath.inf]
        return mpmath.nsum(lambda j: n / (j - at) ** 2 / (n - n / (j - at)), back)

    numbers = {
        part: lambda place: branch(place, place["k"]),
        total: carried,
    }
    half = sp.Rational(1, 2)
    points = ({N: 1, k: 2, x: half}, {N: 4, k: 6, x: sp.Rational(1, 3)}, {N: 100, k: 101, x: half})
    return Examination(
        sp.And(eq(part, 1 / (k - x - 1) - 1 / (k - x)), eq(total, 1 / (N - x))),
        exact,
        by_numbers(numbers, kind="summed:mpmath", points=points, digits=20),
        given=sp.And(x < 1, k > N),
        steps=(Step("finite for N >= 2, total mass log(N/(N - 1)); infinite for N = 1"),),
    )
