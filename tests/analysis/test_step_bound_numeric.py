"""Step bounds against eigenvalues in floating point, at and beside every end."""

from __future__ import annotations

from functools import cache, partial
from typing import Any

import numpy as np
import sympy as sp
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from sympy import Rational

from symgan.analysis.schur import schur
from symgan.analysis.step_bound import step_bound
from symgan.games.quadratic import bilinear, quadratic
from symgan.results_discrete import Edge, StepBound
from symgan.rules.alternating import alternating
from symgan.rules.extragradient import extragradient
from symgan.rules.heavy_ball import heavy_ball
from symgan.rules.lookahead import lookahead
from symgan.rules.optimistic import optimistic
from symgan.rules.proximal_point import proximal_point
from symgan.rules.simultaneous import simultaneous
from symgan.system import Map

eta, s, mu, nu = sp.symbols("eta s mu nu", positive=True)
z = sp.Symbol("z")
CLOSE = 1e-5
"""A double eigenvalue moves by the root of the machine precision, 1.5e-8, and then some."""
RULES = {
    "simultaneous": simultaneous,
    "alternating": alternating,
    "two to one": partial(alternating, n_d=2),
    "extragradient": extragradient,
    "optimistic": optimistic,
    "proximal point": proximal_point,
    "lookahead": lookahead(simultaneous, k=3),
    "heavy ball": partial(heavy_ball, beta=Rational(-1, 3)),
    "alternating heavy ball": partial(heavy_ball, beta=Rational(-1, 3), alternating=True),
}
GAMES = {
    "bilinear": bilinear(s),
    "quadratic": quadratic(mu, s, mu),
    "one-sided": quadratic(mu, s, 0),
    "skew": quadratic(mu, s, nu),
}
sizes = st.sampled_from([Rational(v) for v in ("1/4", "1/2", "1", "3/2", "2", "5")])
steps = st.fractions(Rational(1, 50), 4, max_denominator=50).map(Rational)


@cache
def answer(rule: str, game: str) -> tuple[Map, StepBound]:
    system = RULES[rule](GAMES[game], eta)
    return system, step_bound(system, eta)


def radius(system: Map, values: dict[Any, Any]) -> float:
    entries = system.jacobian().subs(values).evalf().tolist()
    return float(np.abs(np.linalg.eigvals(np.array(entries, dtype=float))).max())


@settings(max_examples=40)
@given(st.sampled_from(sorted(RULES)), st.sampled_from(["bilinear", "quadratic"]),
       sizes, sizes, steps)  # fmt: skip
@example("alternating", "bilinear", Rational(1), Rational(1), Rational(2))
@example("extragradient", "bilinear", Rational(1), Rational(2), Rational(1, 2))
@example("simultaneous", "quadratic", Rational(1), Rational(1), Rational(1))
def test_conditions_and_sets(rule: str, game: str, m: Any, b: Any, step: Any) -> None:
    system, found = answer(rule, game)
    values = {mu: m, s: b}
    at = {**values, eta: step}
    size = radius(system, at)
    stable, neutral = bool(found.condition.subs(at)), bool(found.marginal_condition.subs(at))
    assert found.asymptotic.xreplace(values).contains(step) == sp.sympify(stable)
    assert found.marginal.xreplace(values).contains(step) == sp.sympify(neutral)
    assert not (stable and neutral)
    if abs(size - 1) > CLOSE:
        assert stable == (size < 1)
        assert not neutral
    else:  # too close for floating point: the other construction, on exact numbers
        polynomial = system.jacobian().subs(at).charpoly(z).as_expr()
        assert sp.sympify(stable) is schur(polynomial, z, method="schur-cohn")


@settings(max_examples=30)
@given(
    st.sampled_from(sorted(RULES)),
    st.sampled_from(["bilinear", "quadratic"]),
    sizes,
    sizes,
    sizes,
)
@example("alternating heavy ball", "bilinear", Rational(1), Rational(1), Rational(1))
@example("simultaneous", "one-sided", Rational(2), Rational(1, 2), Rational(1))
@example("simultaneous", "skew", Rational(2), Rational(1, 2), Rational(1))
def test_both_sides_of_every_end(rule: str, game: str, m: Any, b: Any, n: Any) -> None:
    """False neighbors: a step 1 percent beyond an end is on the other side of it."""
    system, found = answer(rule, game)
    values = {mu: m, s: b, nu: n}
    ends = [e for e in found.boundary if e.condition.subs(values) == sp.true]
    for end in ends:
        step = end.step.subs(values)
        if end.edge is Edge.OPEN:
            assert step in (0, sp.oo)
            continue
        number = float(step)
        assert abs(radius(system, {**values, eta: sp.Float(number)}) - 1) < CLOSE
        sides = [radius(system, {**values, eta: sp.Float(number * f)}) for f in (0.99, 1.01)]
        assert any(side > 1 + 1e-9 for side in sides)
        assert any(side < 1 + 1e-9 for side in sides)


@settings(max_examples=12)
@given(st.sampled_from(sorted(RULES)), st.sampled_from([(1, 1, 1), (1, 3, 2)]))
def test_best_steps_of_numbers(rule: str, numbers: tuple[int, int, int]) -> None:
    """No step of a fine grid is better, and the best one has the rate that it claims."""
    system, found = numeric_answer(rule, numbers)
    assume(found.best)
    (best,) = found.best
    rate = float(best.rate)
    if best.attained:
        slack = 1e-3 if rate == 0 else CLOSE  # a nilpotent matrix: root of the precision
        assert abs(radius(system, {eta: sp.Float(best.step.evalf(25), 25)}) - rate) < slack
    grid = np.linspace(0.01, 3, 120)
    assert min(radius(system, {eta: sp.Float(g)}) for g in grid) > rate - CLOSE


@cache
def numeric_answer(rule: str, numbers: tuple[int, int, int]) -> tuple[Map, StepBound]:
    system = RULES[rule](quadratic(*numbers), eta)
    return system, step_bound(system, eta)


def test_growth_at_the_ends() -> None:
    """Exact powers: bounded at marginal steps, linear growth at a Jordan block."""
    turns = alternating(bilinear(1), eta).jacobian()
    inside = turns.subs(eta, 1)
    assert max(abs(e) for k in range(1, 13) for e in inside**k) <= 2
    defective = turns.subs(eta, 2) ** 50
    assert max(map(abs, defective)) >= 50


@settings(max_examples=20)
@given(st.lists(st.integers(-2, 2), min_size=8, max_size=8))
@example([0, 1, -1, 0, 0, 1, -1, 0])
@example([1, 0, 0, 1, 0, 1, 0, 0])
def test_any_matrix_polynomial_in_the_step(flat: list[int]) -> None:
    """x+ = (1 + eta A + eta^2 B) x for small integer matrices, on a grid of steps."""
    A, B = sp.Matrix(2, 2, flat[:4]), sp.Matrix(2, 2, flat[4:])
    assume(any(flat))
    x = sp.symbols("x1:3", real=True)
    moved = (sp.eye(2) + eta * A + eta**2 * B) * sp.Matrix(x)
    system = Map(x, tuple(moved), (eta,))
    found = step_bound(system, eta)
    fixed = x[0] if (A + eta * B).rank() < 2 else None
    for k in range(1, 30, 3):
        step = Rational(k, 8)
        sizes = np.abs(np.linalg.eigvals(np.array(system.jacobian().subs(eta, step), dtype=float)))
        if fixed is not None:  # modulo the fixed directions: one eigenvalue 1 is left out
            values = np.linalg.eigvals(np.array(system.jacobian().subs(eta, step), dtype=float))
            sizes = np.abs(np.delete(values, int(np.argmin(abs(values - 1)))))
        size = float(sizes.max()) if len(sizes) else 0.0
        if abs(size - 1) > CLOSE:
            assert bool(found.condition.subs(eta, step)) == (size < 1)
