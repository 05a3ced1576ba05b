r"""The settled theorem, Wasserstein loss: how fast the oracle converges, per phase and per update.

Ours, not the paper's. Phases and their map are those of `settled_c1_phases`.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import eta, f, image, update
from symgan_papers.dynamic.model import wasserstein_game as game
from symgan_papers.dynamic.oracle_orbits import after, rational

OURS = "ours: the oracle of eq. (7) settled, Wasserstein loss"
left = Symbol("left", real=True)
N = Symbol("N", positive=True, integer=True)


@claim(
    "dynamic.settled.w.rate.phase",
    source=OURS,
    formal=r"\int_0^1 \frac{\log(u/\sqrt N)}{N - u} du = -\frac{\log N}{2}\log\frac{N}{N-1}"
    r" - \operatorname{Li}_2(1/N)",
    says="for eta = 1/sqrt(N), N >= 2, the mean of log(eta u) over the invariant density: almost "
    "every orbit contracts per phase by the factor exp of it (eta = 1/10: 0.0369), faster than "
    "eta; shown at N = 4 and 100",
    expect=Verdict.CHECKED,
    reason="the mean is an exact integral; that almost every orbit has it rests on the ergodicity "
    "of an expanding map with full branches (Renyi, Adler), which is not checked here; the two "
    "sides agree to 38 digits at the points, and would differ in the first if Li_2 were dropped",
)
def rate_phase() -> Examination:
    mean, k = Symbol("mean", real=True), Symbol("k", integer=True, positive=True)
    right = -sp.log(N) / 2 * sp.log(N / (N - 1)) - sp.polylog(2, 1 / N)

    @cache
    def integral(n: Any) -> Any:
        return mpmath.quad(lambda u: mpmath.log(u / mpmath.sqrt(n)) / (n - u), [0, 0.5, 1])

    return Examination(
        eq(mean, right),
        {mean: sp.Limit(sp.Function("S")(N, k), k, sp.oo)},  # the mean along an orbit
        by_numbers(
            {mean: lambda place: integral(place["N"])},
            kind="integrated:mpmath",
            points=({N: 4}, {N: 100}),
        ),
    )


@claim(
    "dynamic.settled.w.rate.step",
    source=OURS,
    formal=r"\int_\delta^1 \frac{N}{u}\,\frac{du}{N - u} = "
    r"\log(N - \delta) - \log(N - 1) - \log\delta",
    says="the mean number of updates of a phase, about N/u, is infinite under the invariant "
    "density for N >= 2, eta = 1/sqrt(N): over u > delta it grows like -log(delta). By the "
    "ergodicity that dynamic.settled.w.rate.phase rests on, almost every orbit would be slower "
    "per update than any geometric rate; that is not claimed here",
    expect=Verdict.PROVED,
)
def rate_step() -> Examination:
    low = Symbol("delta", positive=True)
    u, mean = Symbol("u", positive=True), Symbol("mean", real=True)
    inner = sp.log(u) - sp.log(N - u)  # a primitive of N/(u (N - u))
    assert sp.simplify(sp.diff(inner, u) - N / (u * (N - u))) == 0
    exact = {mean: inner.subs(u, 1) - inner.subs(u, low)}

    def integral(place: Any) -> Any:
        n, start = place["N"], place["delta"]
        # with u = exp(s) the integrand stays smooth down to small delta
        return mpmath.quad(lambda s: n / (n - mpmath.exp(s)), [mpmath.log(start), 0])

    points = ({N: 4, low: sp.Rational(1, 2)}, {N: 100, low: sp.Rational(1, 1000)})
    return Examination(
        eq(mean, sp.log(N - low) - sp.log(N - 1) - sp.log(low)),
        exact,
        by_numbers({mean: integral}, kind="integrated:mpmath", points=points),
        given=sp.And(N >= 2, low < 1),
        steps=(
            Step("without bound as delta tends to 0, where a phase takes N/u - 1 < q <= N/u + 1"),
        ),
    )


@claim(
    "dynamic.settled.w.rate.not-uniform",
    source=OURS,
    formal=r"|\theta_n| = (1 - \epsilon) c",
    says="no number of updates is enough for all starts: from |theta_0| = c, "
    "|psi_0| = c eps/(n eta) the distance after n updates is still more than 1 - eps of c",
    expect=Verdict.PROVED,
)
def not_uniform() -> Examination:
    n, c = Symbol("n", positive=True, integer=True), Symbol("c", positive=True)
    eps = Symbol("epsilon", positive=True)
    other = c * eps / (n * eta)
    exact = {left: c - n * image(update(game(), "V1"), 0, other)[0]}

    def measured(place: Any) -> Any:
        count = int(place["n"])
        state = (-place["c"], place["c"] * place["epsilon"] / (count * place["eta"]))
        return abs(after(state, place["eta"], count)[0])

    points = (
        {n: 5, c: 1, eps: sp.Rational(1, 3), eta: 1},
        {n: 40, c: 2, eps: sp.Rational(1, 10), eta: 2},
    )
    return Examination(
        eq(left, (1 - eps) * c),
        exact,
        by_numbers({left: measured}, points=points),
        given=eps < 1,
    )


@claim(
    "dynamic.settled.w.rate.on-ties",
    source=OURS,
    formal=r"(0, f) \to (\eta f, f) \to \dots \to (\eta f, 0)",
    says="for eta = 1/n, n >= 2, a tie is met again after 1 + n^2 updates, the distance then "
    "eta f (the player with a gradient moving on ties): every rational orbit converges "
    "linearly in the end, by eta in 1 + 1/eta^2 updates",
    expect=Verdict.PROVED,
)
def on_ties() -> Examination:
    n = Symbol("n", positive=True, integer=True)
    names = sp.symbols("theta_T psi_T", real=True)
    first = image(update(game(), "V3", 1 / n), sp.Integer(0), f)
    one = image(update(game(), "V2", 1 / n), first[0], 0)[1]
    exact = {names[0]: first[0], names[1]: first[1] + n**2 * one}

    def measured(i: int) -> Any:
        def measure(place: Any) -> Any:
            count = int(place["n"])
            start = (Fraction(0), rational(place["f"]))
            end = after(start, Fraction(1, count), 1 + count**2)
            return mpmath.mpf(end[i].numerator) / end[i].denominator

        return measure

    points = ({n: 2, f: 1}, {n: 3, f: sp.Rational(2, 7)}, {n: 10, f: 1})
    return Examination(
        sp.And(eq(names[0], f / n), eq(names[1], 0 * f)),
        exact,
        by_numbers(
            {names[0]: measured(0), names[1]: measured(1)},
            kind="simulated:rational",
            points=points,
        ),
    )
