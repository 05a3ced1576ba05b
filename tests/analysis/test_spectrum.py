"""Spectra against 120-digit eigenvalues; regimes against each other on and off boundaries."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from mpmath import mp
from sympy import Integer, Matrix, Rational

from symgan.analysis import hurwitz, linearize, spectrum
from symgan.analysis.conditions import tidy
from symgan.errors import GameError, Undecided
from symgan.games.annealed import alpha_r, psi, theta, tiny_gan
from symgan.games.quadratic import bilinear
from symgan.losses import SCALAR_LOSSES, GenericLoss
from symgan.results import Spectrum, Stability
from symgan.rules.alternating import alternating
from symgan.rules.simultaneous import simultaneous
from symgan.system import Flow, Map

s = sp.Symbol("s")
x = sp.symbols("x1:5", real=True)
a, b, c, d = sp.symbols("a b c d", real=True)
eta = sp.Symbol("eta", positive=True)
f1, f2 = GenericLoss(Integer(0), 1), GenericLoss(Integer(0), 2)
THRESHOLD = mp.mpf(10) ** -25
"""At 120 digits a fourfold eigenvalue moves by 1e-30; distinct small integers' by far more."""


def linear(A: Matrix, *, discrete: bool = False, parameters: tuple[Any, ...] = ()) -> Flow | Map:
    state = x[: A.rows]
    build = Map if discrete else Flow
    return build(state, tuple(A * Matrix(state)), parameters=parameters)


def companion(coefficients: list[Any]) -> Matrix:
    """A matrix with this characteristic polynomial (leading 1 left out)."""
    n = len(coefficients)
    last = [-q for q in reversed(coefficients)]
    return Matrix(n, n, lambda i, j: last[j] if i == n - 1 else int(j == i + 1))


def numeric_verdict(A: Matrix, discrete: bool) -> Stability:
    """The verdict from eigenvalues and ranks in floating point, by the definition."""
    with mp.workdps(120):
        M = mp.matrix(A.rows, A.cols)
        for i in range(A.rows):
            for j in range(A.cols):
                M[i, j] = mp.mpf(int(A[i, j].p)) / int(A[i, j].q)
        # mpmath returns a nested list for a 1 x 1 matrix
        values = [M[0, 0]] if A.rows == 1 else list(mp.eig(M, left=False, right=False))
        sizes = [abs(v) - 1 if discrete else mp.re(v) for v in values]
        if any(size > THRESHOLD for size in sizes):
            return Stability.UNSTABLE
        critical = [v for v, size in zip(values, sizes, strict=True) if abs(size) <= THRESHOLD]
        if not critical:
            return Stability.STABLE
        if len(critical) < len(values):
            return Stability.DEGENERATE
        if not discrete and any(abs(v) <= THRESHOLD for v in values):
            return Stability.DEGENERATE
        return Stability.CENTER if _semisimple(M, values) else Stability.DEGENERATE


def _semisimple(M: Any, values: list[Any]) -> bool:
    for v in values:
        algebraic = sum(abs(v - other) <= THRESHOLD for other in values)
        singular = mp.svd_c(M - v * mp.eye(M.rows), compute_uv=False)
        geometric = sum(value <= mp.mpf(10) ** -20 for value in singular)
        if algebraic != geometric:
            return False
    return True


def holding(found: Spectrum, values: dict[Any, Any]) -> list[Stability]:
    return [r.verdict for r in found.regimes if r.condition.subs(values) == True]  # noqa: E712


entries = st.integers(-2, 2).map(Integer)
halves = st.sampled_from([Rational(n, 2) for n in range(-6, 7)])


@settings(max_examples=80)
@given(st.integers(1, 4).flatmap(lambda n: st.lists(entries, min_size=n * n, max_size=n * n)),
       st.booleans())  # fmt: skip
def test_numbers_any_size(flat: list[Any], discrete: bool) -> None:
    n = int(len(flat) ** 0.5)
    A = Matrix(n, n, flat)
    found = spectrum(linear(A, discrete=discrete))
    assert found.verdict is numeric_verdict(A, discrete)
    real = sp.Poly(found.polynomial, found.variable).count_roots()
    distinct = sp.Poly(found.polynomial, found.variable).sqf_part().degree()
    assert (found.oscillates is sp.true) == (real < distinct)


TURN = Matrix([[0, -1], [1, 0]])
CRITICAL = {
    "two equal pairs, semisimple": sp.diag(TURN, TURN),
    "two equal pairs, defective": Matrix(sp.BlockMatrix([[TURN, sp.eye(2)], [sp.zeros(2), TURN]])),
    "pair and decay": Matrix([[0, -1, 0], [1, 0, 0], [0, 0, -1]]),
    "pair and zero": Matrix([[0, -1, 0], [1, 0, 0], [0, 0, 0]]),
    "nilpotent": Matrix([[0, 1], [0, 0]]),
    "zero": Matrix([[0]]),
}  # fmt: skip


@pytest.mark.parametrize("discrete", [False, True])
@pytest.mark.parametrize("A", CRITICAL.values(), ids=CRITICAL)
def test_critical_matrices(A: Matrix, discrete: bool) -> None:
    assert spectrum(linear(A, discrete=discrete)).verdict is numeric_verdict(A, discrete)


FLOW2 = spectrum(linear(Matrix([[0, 1], [-b, -a]]), parameters=(a, b)))
MAP2 = spectrum(linear(Matrix([[0, 1], [-b, -a]]), discrete=True, parameters=(a, b)))
FLOW3 = spectrum(linear(Matrix([[0, 1, 0], [0, 0, 1], [-c, -b, -a]]), parameters=(a, b, c)))
DIAGONAL = spectrum(linear(sp.diag(a, b), discrete=True, parameters=(a, b)))
MIXED = spectrum(linear(sp.diag(a, Matrix([[0, 1], [-c, -b]])), parameters=(a, b, c)))
BLOCKS = sp.diag(Matrix([[0, -a], [a, 0]]), Matrix([[0, -b], [b, 0]]))
PAIRS = spectrum(linear(BLOCKS, parameters=(a, b)))
PARAMETRIC = {
    "flow of two": (FLOW2, lambda p: Matrix([[0, 1], [-p[b], -p[a]]]), False),
    "map of two": (MAP2, lambda p: Matrix([[0, 1], [-p[b], -p[a]]]), True),
    "flow of three": (FLOW3, lambda p: companion([p[a], p[b], p[c]]), False),
    "diagonal map": (DIAGONAL, lambda p: sp.diag(p[a], p[b]), True),
    "one and two": (MIXED, lambda p: sp.diag(p[a], Matrix([[0, 1], [-p[c], -p[b]]])), False),
    "two pairs": (PAIRS, lambda p: BLOCKS.subs(p), False),
}  # fmt: skip


@pytest.mark.parametrize("case", PARAMETRIC.values(), ids=PARAMETRIC)
@settings(max_examples=40)
@given(va=halves, vb=halves, vc=halves)
def test_regimes_exclude_one_another_and_leave_nothing_out(
    case: Any, va: Any, vb: Any, vc: Any
) -> None:
    """Half-integers put a good part of the samples on a boundary (ab = c, q = 1, p = 0)."""
    found, matrix, discrete = case
    values = {a: va, b: vb, c: vc}
    A = matrix(values)
    assert holding(found, values) == [numeric_verdict(A, discrete)]
    polynomial = sp.Poly(A.charpoly(s).as_expr(), s)
    nonreal = polynomial.count_roots() < polynomial.sqf_part().degree()
    assert bool(found.oscillates.subs(values)) == nonreal


@settings(max_examples=30)
@given(st.lists(halves, min_size=2, max_size=6))
def test_hurwitz_against_roots(coefficients: list[Any]) -> None:
    polynomial = sp.Poly([1, *coefficients], s)
    symbols = sp.symbols(f"k1:{len(coefficients) + 1}", real=True)
    general = hurwitz(sp.Poly([1, *symbols], s).as_expr(), s)
    at = dict(zip(symbols, coefficients, strict=True))
    left = numeric_verdict(companion(coefficients), False) is Stability.STABLE
    assert bool(general.subs(at)) == left
    assert (hurwitz(polynomial.as_expr(), s) is sp.true) == left


def test_tiny_gan_with_a_free_loss() -> None:
    r"""Reference: trace 2 alpha_r^2 f''(0), determinant f'(0)^2 (Nagarajan and Kolter 2017)."""
    game = tiny_gan(GenericLoss)
    found = spectrum(game.flow(), game.equilibrium, nonzero=(1,))
    assert sp.expand(found.polynomial - (s**2 - 2 * alpha_r**2 * f2 * s + f1**2)) == 0
    assert found.condition(Stability.STABLE) == (sp.Ne(alpha_r, 0) & (f2 < 0))
    assert found.condition(Stability.CENTER) == sp.Or(sp.Eq(alpha_r, 0), sp.Eq(f2, 0))
    assert found.condition(Stability.DEGENERATE) is sp.false
    assert found.oscillates == (alpha_r**2 * sp.Abs(f2) < sp.Abs(f1))
    for value, multiplicity in found.eigenvalues:
        assert multiplicity == 1
        assert sp.expand(found.polynomial.subs(s, value)) == 0
        assert sp.expand(found.polynomial.subs(s, value + 1)) != 0


@pytest.mark.parametrize("name", SCALAR_LOSSES)
def test_named_losses_at_three(name: str) -> None:
    """Each named loss by numbers alone: f'(0), f''(0) from difference quotients at 40 digits."""
    game = tiny_gan(SCALAR_LOSSES[name], 3)
    found = spectrum(game.flow(), game.equilibrium)
    y = sp.Symbol("y", real=True)
    f = sp.lambdify(y, SCALAR_LOSSES[name](y), "mpmath")
    with mp.workdps(60):
        slope, bend = mp.diff(f, 0), mp.diff(f, 0, 2)
        trace, determinant = 18 * bend, slope**2
        expected = Stability.CENTER if abs(trace) < mp.mpf(10) ** -30 else Stability.STABLE
        assert determinant > 0
        assert trace < mp.mpf(10) ** -30
        assert found.verdict is expected
        assert (found.oscillates is sp.true) == (trace**2 < 4 * determinant - mp.mpf(10) ** -30)


def test_bilinear_rules() -> None:
    """Reference: Gidel et al. 2019, proposition 3 and theorem 5 (in these units)."""
    game = bilinear()
    found = spectrum(simultaneous(game, eta), game.equilibrium)
    assert found.verdict is Stability.UNSTABLE
    turns = spectrum(alternating(game, eta), game.equilibrium)
    assert turns.condition(Stability.CENTER) == (eta < 2)
    assert turns.condition(Stability.UNSTABLE) == (eta > 2)
    assert turns.condition(Stability.DEGENERATE) == sp.Eq(eta, 2)


def test_two_by_two_interaction_is_never_unstable() -> None:
    """z' = [[0, -B], [B^T, 0]] z is normal, so its spectrum is semisimple and imaginary."""
    B = Matrix([[a, b], [c, d]])
    rhs = (*(-B * Matrix(x[2:])), *(B.T * Matrix(x[:2])))
    found = spectrum(Flow(x, rhs, parameters=(a, b, c, d)))
    assert found.condition(Stability.UNSTABLE) is sp.false
    for values, verdict in (
        ({a: 1, b: 2, c: 3, d: 4}, Stability.CENTER),
        ({a: 1, b: 2, c: -2, d: 1}, Stability.CENTER),
        ({a: 1, b: 2, c: 2, d: 4}, Stability.DEGENERATE),
        ({a: 0, b: 0, c: 0, d: 0}, Stability.DEGENERATE),
    ):
        assert holding(found, values) == [verdict]


def test_a_point_that_is_no_equilibrium_is_refused() -> None:
    game = tiny_gan(GenericLoss)
    with pytest.raises(GameError, match="not an equilibrium"):
        spectrum(game.flow(), {theta: alpha_r + 1, psi: 0})
    with pytest.raises(GameError, match="not an equilibrium"):
        linearize(game.flow(), {theta: -alpha_r, psi: 0})
    with pytest.raises(GameError, match="no value for psi"):
        spectrum(game.flow(), {theta: alpha_r})
    with pytest.raises(GameError, match="give at="):
        spectrum(game.flow())
    assert linearize(game.flow(), game.equilibrium or {}).jacobian() == game.flow().jacobian(
        game.equilibrium
    )


def test_what_is_not_decided_is_named() -> None:
    with pytest.raises(Undecided, match="degree 4"):
        spectrum(linear(companion([a, b, c, d]), parameters=(a, b, c, d)))


@pytest.mark.parametrize(
    "kinked",
    [
        lambda y: sp.Heaviside(y) * y,
        lambda y: sp.Abs(y),
        lambda y: sp.Max(y, 2 * y),
        lambda y: sp.Piecewise((y, y < 0), (2 * y, True)),
    ],
)
def test_a_kink_at_the_point_is_refused(kinked: Any) -> None:
    y = x[0]
    with pytest.raises(GameError, match="not differentiable"):
        spectrum(Flow((y,), (kinked(y),)), {y: 0})
    beside = spectrum(Flow((y,), (kinked(y - 1) - kinked(Integer(-1)),)), {y: 0})
    assert beside.verdict is not None


SIGNS = st.sampled_from([Rational(v) for v in ("-2", "-1", "-1/3", "0", "1", "2")])
ATOMS = (a > 0, a <= 0, sp.Eq(b, 0), b >= 0, a * b > 0, sp.Eq(a, b), sp.Ne(a, 1), b < -a)


@st.composite
def conditions(draw: st.DrawFn) -> Any:
    first = sp.And(*draw(st.lists(st.sampled_from(ATOMS), min_size=1, max_size=3)))
    second = sp.And(*draw(st.lists(st.sampled_from(ATOMS), min_size=1, max_size=3)))
    condition = sp.Or(first, second)
    return sp.Not(condition) if draw(st.booleans()) else condition


@settings(max_examples=60)
@given(conditions(), SIGNS, SIGNS)
def test_tidy_keeps_the_meaning(condition: Any, va: Any, vb: Any) -> None:
    values = {a: va, b: vb}
    assert bool(tidy(condition).subs(values)) == bool(condition.subs(values))


def test_algebraic_numbers_without_radicals_are_coefficients() -> None:
    """x' = x^5 - x - 1 rests at one real number, of slope 5 r^4 - 1 > 0; cos(pi/7) > 0."""
    x, q = sp.Symbol("x", real=True), sp.Symbol("q")
    root = sp.CRootOf(q**5 - q - 1, 0)
    assert spectrum(Flow((x,), (x**5 - x - 1,)), {x: root}).verdict is Stability.UNSTABLE
    assert spectrum(Flow((x,), (-sp.cos(sp.pi / 7) * x,))).verdict is Stability.STABLE
