r"""The settled theorem held against symgan's own derivation of the oracle's map and threshold.

Ours, not the paper's. The other modules write the updates out; here the map comes from
`symgan.rules.oracle.dirac_oracle` and the threshold from `symgan.analysis.switched`.
"""

from __future__ import annotations

from itertools import islice
from typing import Any, get_args

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.analysis.switched import switched_stability
from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.rules.oracle import Tie, dirac_oracle
from symgan_papers.dynamic.model import eta, f, image, m
from symgan_papers.dynamic.model import wasserstein_game as game
from symgan_papers.dynamic.oracle_orbits import after, chosen, moved, orbit, square

OURS = "ours: the oracle of eq. (7) settled, Wasserstein loss"
RULES: dict[Tie, str] = {"mover": "mover", "generator": "V1", "discriminator": "V2", "both": "V3"}
STATES = ((-1, 1), (1, 1), (0, 1), (1, 0))
"""Signs of (theta, psi): both halves and both axes; the rest by x -> -x."""


def _named(tie: str) -> list[Symbol]:
    return [Symbol(f"{tie}_{i}{c}", real=True) for i in range(len(STATES)) for c in "xy"]


@claim(
    "dynamic.settled.w.derived-map",
    source=OURS,
    formal=r"(-m, f) \to (\eta f - m, f), \quad (m, f) \to (m, f - \eta m), \dots",
    says="the map derived from the game by the rule `dirac_oracle` is the oracle settled here: in "
    "both halves, and on both axes under each rule on ties",
    expect=Verdict.PROVED,
)
def derived_map() -> Examination:
    assert set(RULES) < set(get_args(Tie))
    exact: dict[Any, Any] = {}
    numbers: dict[Any, Any] = {}
    equations: list[Any] = []
    for tie, rule in RULES.items():
        names, system = _named(tie), dirac_oracle(game(), eta, tie=tie)
        for i, (right, up) in enumerate(STATES):
            derived = image(system, right * m, up * f)
            for c in (0, 1):
                name = names[2 * i + c]
                exact[name] = derived[c]
                numbers[name] = _measured(rule, right, up, c)
                equations.append(eq(name, _settled(rule, right, up)[c]))
    points = ({m: 1, f: 2, eta: 1}, {m: 3, f: 1, eta: sp.Rational(1, 10)})
    return Examination(sp.And(*equations), exact, by_numbers(numbers, points=points))


def _measured(rule: str, right: int, up: int, c: int) -> Any:
    def measure(place: Any) -> Any:
        state = (right * place["m"], up * place["f"])
        return moved(state, chosen(state, rule), place["eta"])[c]

    return measure


def _settled(rule: str, right: int, up: int) -> tuple[Any, Any]:
    """Where the settled theorem has a state go."""
    if right < 0:
        return eta * f - m, f + 0 * m
    if right and up:
        return m + 0 * f, f - eta * m
    if right:  # (m, 0): V_1 rests, the others move psi
        return m + 0 * f, (0 * m if rule == "V1" else -eta * m)
    return (0 * f if rule == "V2" else eta * f), f + 0 * m


def _growth(h: Any) -> Any:
    """By how much the distance grows in an update, in the long run, from the tie (0, 1)."""
    before = after((mpmath.mpf(0), mpmath.mpf(1)), h, 200)
    return mpmath.sqrt(square(after(before, h, 2)) / square(before)) ** mpmath.mpf("0.5")


@claim(
    "dynamic.settled.w.derived-threshold",
    source=OURS,
    formal=r"\eta^* = 2",
    says="the analysis of switched maps finds, from the derived map alone, that (0, 0) is stable "
    "exactly below this step and unstable from it on, with V = theta^2 - eta |theta psi| + "
    "psi^2 for the one and an escaping orbit for the other; S scales both sides",
    expect=Verdict.PROVED,
)
def derived_threshold() -> Examination:
    found = switched_stability(dirac_oracle(game(), eta))
    below, above = found.stable.as_set(), found.unstable.as_set()
    end, start, scale = (
        *sp.symbols("stable_to unstable_from", real=True),
        Symbol("S", positive=True),
    )
    exact = {end: scale * below.sup, start: scale * above.inf}

    def edge(_: Any) -> Any:
        """Where the oracle's own escape from a tie begins: its growth g by an update, run at
        three steps beyond, gives (g - 1/g)^2, a parabola in the step that vanishes there."""
        steps = [mpmath.mpf(n) / 2 for n in (5, 6, 7)]
        values = [(g - 1 / g) ** 2 for g in map(_growth, steps)]
        below = 2 - mpmath.mpf(1) / 50  # and not before: there the orbit stays within its bound
        path = islice(orbit((mpmath.mpf(0), mpmath.mpf(1)), below), 2000)
        if max(map(square, path)) > 2 / (2 - below) * (1 + mpmath.mpf(10) ** -30):
            return mpmath.nan
        rows = mpmath.matrix([[h**2, h, 1] for h in steps])
        parabola = list(mpmath.lu_solve(rows, mpmath.matrix(values)))
        return max(mpmath.re(root) for root in mpmath.polyroots(parabola, extraprec=100))

    numbers = {end: lambda p: p["S"] * edge(p), start: lambda p: p["S"] * edge(p)}
    return Examination(
        sp.And(eq(end, 2 * scale), eq(start, 2 * scale)),
        exact,
        by_numbers(numbers, kind="simulated:mpmath", points=({scale: 1}, {scale: 3})),
        steps=(Step("the Lyapunov function found", found.lyapunov and found.lyapunov.function),),
    )
