"""Dynamic-GDA against algorithm 2 by hand, against the Dirac oracle, and where it fails."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import cache
from itertools import groupby
from typing import Any

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational, Symbol

from symgan.errors import GameError
from symgan.games.annealed import annealed
from symgan.games.atoms import AtomGame, atom_game, dirac_atoms, runaway_critic, stuck_critic
from symgan.games.quadratic import bilinear
from symgan.kernels.exact import OrbitKernel, compile_orbit
from symgan.losses import jensen_shannon
from symgan.rules.alternating import alternating
from symgan.rules.dynamic_gda import Undefined, dynamic_gda
from symgan.rules.oracle import Tie, dirac_oracle
from symgan.rules.simultaneous import simultaneous
from symgan.system import Map
from tests.contracts import laws
from tests.rules_switched.states import (
    State,
    coordinates,
    eta,
    follow,
    fractions,
    integral,
    rational,
    states,
)

UNDEFINED: tuple[Undefined, ...] = ("switch", "keep", "generator", "discriminator")
STEP = Fraction(1, 4)
x, theta, psi = sp.symbols("x theta psi", real=True)


def two_moments() -> AtomGame:
    """Two real and two generated atoms with a quadratic critic: overlaps, all lines met."""
    half = Rational(1, 2)
    return atom_game(
        discriminator=psi * x + psi**2 * x**2 / 4,
        features=x,
        real=[(half, -1), (half, 1)],
        fake=[(half, theta - half), (half, theta + half)],
        minimize=theta,
        maximize=psi,
        regularization=theta**2 / 2 - psi**2 / 2,
        equilibrium={theta: 0, psi: 0},
    )


GAMES: dict[str, Callable[[], AtomGame]] = {
    "dirac": dirac_atoms,
    "stuck": stuck_critic,
    "runaway": runaway_critic,
    "two moments": two_moments,
}


def dynamic(atoms: AtomGame, step: Any, **options: Any) -> Map:
    return dynamic_gda(atoms.game, step, **{**atoms.projections, **options})


@cache
def built(name: str, undefined: Undefined) -> tuple[AtomGame, OrbitKernel]:
    atoms = GAMES[name]()
    return atoms, compile_orbit(dynamic(atoms, rational(STEP), undefined=undefined))


def algorithm_2(
    atoms: AtomGame, state: State, w_last: Fraction, last: int, undefined: str
) -> tuple[int, Fraction]:
    """Who moves, and the distance, from the printed algorithm on plain numbers."""
    at = {theta: rational(state[0]), psi: rational(state[1])}
    real, fake = (
        [(plain(w), plain(sp.sympify(d).subs(at))) for w, d in side]
        for side in (atoms.real, atoms.fake)
    )
    w = integral(real, fake)
    r, f = [d for _, d in real], [d for _, d in fake]
    if last == 0 or max(r) < min(f):
        return 2, w
    if max(f) < min(r):
        return 1, w
    if w == w_last == 0:
        choices = {"switch": 3 - last, "keep": last, "generator": 1, "discriminator": 2}
        return choices[undefined], w
    ratio = w / w_last if w_last else None  # None: infinite
    if last == 1:
        return (1 if ratio is not None and ratio < Fraction(4, 5) else 2), w
    return (2 if ratio is None or ratio > Fraction(6, 5) else 1), w


def plain(value: Any) -> Fraction:
    return Fraction(int(value.p), int(value.q))


def by_algorithm(atoms: AtomGame, start: State, count: int, undefined: str) -> list[Any]:
    """An orbit with its memory, each update from the game's own gradients."""
    (a, b), w_last, last, found = start, Fraction(0), 0, []
    for _ in range(count + 1):
        found.append((a, b, w_last, Fraction(last)))
        last, w_last = algorithm_2(atoms, (a, b), w_last, last, undefined)
        at = {theta: rational(a), psi: rational(b)}
        v = [plain(sp.sympify(g).subs(at)) for g in atoms.game.v]
        a, b = (a - STEP * v[0], b) if last == 1 else (a, b - STEP * v[1])
    return found


@given(st.data(), st.sampled_from(sorted(GAMES)), st.sampled_from(UNDEFINED))
def test_the_map_is_algorithm_2(data: st.DataObject, name: str, undefined: Undefined) -> None:
    atoms, kernel = built(name, undefined)
    start = data.draw(states(STEP))
    orbit = kernel.orbit({"theta": rational(start[0]), "psi": rational(start[1])}, 6, stop=())
    assert fractions(orbit) == by_algorithm(atoms, start, 6, undefined)


@cache
def oracle_kernel(tie: Tie) -> OrbitKernel:
    return compile_orbit(dirac_oracle(dirac_atoms().game, rational(STEP), tie=tie))


@given(st.data())
def test_on_the_dirac_gan_it_is_the_oracle_after_the_first_step(data: st.DataObject) -> None:
    """With 0/0 -> generator: exactly the oracle that updates the generator at ties."""
    start = data.draw(states(STEP))
    found = follow(built("dirac", "generator")[1], start, 60)
    assert found[1] == (start[0], start[1] - STEP * start[0])
    assert found[1:] == follow(oracle_kernel("generator"), found[1], 59)


@given(st.data())
def test_as_a_program_it_is_the_mover_with_idle_steps(data: st.DataObject) -> None:
    """With 0/0 as in IEEE arithmetic: one idle update at each tie on the theta axis."""
    start = data.draw(states(STEP))
    found = follow(built("dirac", "switch")[1], start, 60)[1:]
    moving = [state for state, _ in groupby(found)]
    assert moving == follow(oracle_kernel("mover"), found[0], 59)[: len(moving)]


@given(coordinates.filter(bool), coordinates.filter(bool))
def test_the_first_step_differs_where_the_oracle_moves_the_generator(
    a: Fraction, b: Fraction
) -> None:
    found = follow(built("dirac", "switch")[1], (a, b), 1)[1]
    assert (found == follow(oracle_kernel("mover"), (a, b), 1)[1]) == (a * b > 0)


def test_ties_tell_the_readings_of_zero_by_zero_apart() -> None:
    """From (1, 1/4) the first step lands on the theta axis; only two readings leave it."""
    ends = {u: follow(built("dirac", u)[1], (Fraction(1), STEP), 30)[-1] for u in UNDEFINED}
    stuck = {u for u, end in ends.items() if end == (1, 0)}
    assert stuck == {"keep", "generator"}
    on_psi = {
        u: follow(built("dirac", u)[1], (Fraction(0), Fraction(1)), 30)[-1] for u in UNDEFINED
    }
    assert {u for u, end in on_psi.items() if end == (0, 1)} == {"keep", "discriminator"}


def radius_squared(system: Any, at: dict[Any, Any]) -> Any:
    """det J, the squared spectral radius of a 2 x 2 map with complex eigenvalues."""
    J = system.jacobian(at)
    assert sp.discriminant(J.charpoly().as_expr()) < 0
    return J.det()


ORIGIN = {theta: sp.Integer(0), psi: sp.Integer(0)}


def test_stuck_critic_is_solved_by_the_fixed_orders() -> None:
    """Simultaneous: eta < 1, from det = 1 - 3 eta + 3 eta^2; alternating at 1/4: det 3/8."""
    game = stuck_critic().game
    J = game.J
    assert J.tolist() == [[1, -1], [1, 2]]
    assert J[0, 0] > 0 and J[1, 1] > 0  # noqa: PT018 - strictly convex-concave, one fact
    assert sp.expand(radius_squared(simultaneous(game, Rational(1, 4)), ORIGIN)) == Rational(7, 16)
    assert sp.expand(radius_squared(alternating(game, Rational(1, 4)), ORIGIN)) == Rational(3, 8)


@given(coordinates.filter(bool))
def test_stuck_critic_rests_off_the_equilibrium_under_dynamic_gda(a: Fraction) -> None:
    """(theta, -theta/2) with its memory is a fixed point for every theta, proved in eta."""
    system = dynamic(stuck_critic(), eta)
    value = rational(a)
    rest = dict(zip(system.state, (value, -value / 2, value**2 / 2, sp.Integer(2)), strict=True))
    moved = [f.subs(rest) - rest[s] for f, s in zip(system.rhs, system.state, strict=True)]
    assert list(map(sp.expand, moved)) == [0, 0, 0, 0]
    off = {**rest, psi: -value / 2 + value / 7}
    assert any(f.subs(off) != off[s] for f, s in zip(system.rhs, system.state, strict=True))


@given(coordinates.filter(bool), st.sampled_from(UNDEFINED))
def test_stuck_critic_never_moves_the_generator(a: Fraction, undefined: Undefined) -> None:
    """psi_k = -theta (1 - 2^-k)/2 at step 1/4: an exact orbit that misses the equilibrium."""
    orbit = follow(built("stuck", undefined)[1], (a, Fraction(0)), 40)
    assert orbit == [(a, -a * (1 - Fraction(1, 2**k)) / 2) for k in range(41)]


@given(coordinates, coordinates)
def test_stuck_critic_solves_no_start_but_the_equilibrium(a: Fraction, b: Fraction) -> None:
    """Within 40 iterations the generator has come to rest off 0; -u doubles before, at 1/4."""
    orbit = follow(built("stuck", "switch")[1], (a, b), 60)
    places = {state[0] for state in orbit[40:]}
    assert len(places) == 1
    assert (places == {0}) == ((a, b) == (0, 0))
    assert all(psi / theta > -1 for theta, psi in orbit[40:] if theta)


def test_runaway_critic_is_stable_under_the_fixed_orders() -> None:
    game, half = runaway_critic().game, Rational(1, 2)
    assert radius_squared(simultaneous(game, half), ORIGIN) == Rational(77, 100)
    eigenvalues = alternating(game, half).jacobian(ORIGIN).eigenvals()
    assert set(eigenvalues) == {Rational(4, 5), Rational(13, 20)}


@given(st.integers(1, 12), st.sampled_from([-1, 1]))
def test_runaway_critic_leaves_every_neighborhood(n: int, sign: int) -> None:
    """From (0, 10^-n) the critic grows by 13/10 a step until it exceeds 10/3."""
    atoms = runaway_critic()
    kernel = compile_orbit(dynamic(atoms, Rational(1, 2)))
    size = sign * Fraction(1, 10**n)
    count = next(k for k in range(200) if abs(size) * Fraction(13, 10) ** k > Fraction(10, 3))
    expected = [(Fraction(0), size * Fraction(13, 10) ** k) for k in range(count + 1)]
    assert follow(kernel, (Fraction(0), size), count) == expected
    slower = dynamic(atoms, Rational(1, 2), c1=Rational(7, 5))
    assert follow(compile_orbit(slower), (Fraction(0), size), 4)[2:] != expected[2:5]


@pytest.mark.parametrize("name", GAMES)
def test_laws_that_apply_to_games_over_atoms(name: str) -> None:
    atoms = GAMES[name]()
    assert atoms.game.equilibrium == ORIGIN
    assert laws.equilibrium_violations(atoms.game) == []
    system = dynamic(atoms, eta)
    declared = (sp.Integer(0), -atoms.game.v[1])  # the first iteration moves the critic
    assert laws.first_order_violations(system, eta, declared) == []
    assert laws.first_order_violations(system, eta, tuple(reversed(declared)))
    assert system.updates == 1
    assert system.visible == atoms.game.state


def test_bce_projections_are_the_logits() -> None:
    """The projections do not depend on the loss; the updates do."""
    atoms = dirac_atoms(jensen_shannon)
    assert atoms.projections == dirac_atoms().projections
    system = dynamic(atoms, eta)
    assert system.rhs[1].has(sp.exp)


@pytest.mark.parametrize(
    ("game", "options", "sentence"),
    [
        (bilinear(), {}, "values on data"),
        (annealed(), {}, "3 players"),
        (bilinear(Symbol("last")), {"real": [(1, 0)], "fake": [(1, theta)]}, "name of a memory"),
        (bilinear(), {"real": [(1, 0)], "fake": [(1, theta)], "undefined": "nan"}, "'nan'"),
    ],
)
def test_games_it_does_not_apply_to(game: Any, options: Any, sentence: str) -> None:
    with pytest.raises(GameError, match=sentence):
        dynamic_gda(game, eta, **options)
