"""Mirrored expressions round alike: what an exchange keeps equal stays equal, bit for bit."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sympy import Rational, Symbol

from symgan import rules
from symgan.game import Game
from symgan.games.mixture import Mixture, mixture_gan
from symgan.kernels import compile
from symgan.kernels.operand_order import exchange_colors, operand_order
from symgan.program import Program
from symgan.rules.alternating import alternating_program
from symgan.rules.unrolled import unrolled_program
from symgan.system import Map

eta = Symbol("eta", positive=True)
TWO = mixture_gan(truth=Mixture((Rational(-1, 2), Rational(1, 2)))).game
THREE = mixture_gan(3, truth=Mixture((Rational(-1), Rational(0), Rational(1)))).game


def named(name: str, **options: Any) -> Callable[[Game], Program]:
    return lambda game: Program.of(rules.named(name)(game, eta, **options))


PROGRAMS: dict[str, Callable[[Game], Program | Map]] = {
    "simultaneous": named("simultaneous"),
    "the map": lambda game: rules.named("simultaneous")(game, eta),
    "alternating": lambda game: alternating_program(game, eta),
    "momentum": lambda game: rules.named("heavy-ball")(game, eta, beta=Rational(1, 2)),
    "extragradient": named("extragradient"),
    "consensus": named("consensus", gamma=Rational(1, 2)),
    "symplectic adjustment": named("symplectic-adjustment", lam=1),
    "unrolled 1": lambda game: unrolled_program(game, eta, steps=1),
    "unrolled 5": lambda game: unrolled_program(game, eta, steps=5),
    "not through": lambda game: unrolled_program(game, eta, steps=2, through=False),
}
SLOWER = ("unrolled 5", "alternating", "the map", "not through")


def starts(system: Program | Map, equal: tuple[int, ...], means: int) -> NDArray[np.float64]:
    """200 states; the given means are one, ends are sorted, memory holds the state itself."""
    rng = np.random.default_rng(5)
    mu = rng.uniform(-1, 1, (200, means))
    mu[:, equal] = mu[:, equal[:1]]
    ends = np.sort(rng.uniform(-2, 2, (200, 4)), axis=1)
    state = np.concatenate([mu, ends[:, ::2], ends[:, 1::2]], axis=1)
    return np.tile(state, len(system.state) // state.shape[1])


def parted(
    step: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    x: NDArray[np.float64],
    equal: tuple[int, ...],
) -> int:
    """How many states have lost their equal means."""
    last = step(x)
    assert np.isfinite(last).all()
    return int((last[:, equal] != last[:, equal[:1]]).any(axis=1).sum())


@pytest.mark.parametrize("backend", ["numpy", "jit"])
@pytest.mark.parametrize("name", PROGRAMS)
def test_equal_means_stay_equal(name: str, backend: str) -> None:
    system = PROGRAMS[name](TWO)
    kernel = compile(system, backend=backend)
    x = starts(system, (0, 1), 2)
    assert parted(lambda x: kernel.iterate(x, 60, {"eta": 0.3}), x, (0, 1)) == 0


@pytest.mark.parametrize("backend", ["numpy", "jit"])
@pytest.mark.parametrize("name", [name for name in PROGRAMS if name not in SLOWER])
def test_any_two_of_three_means_stay_equal(name: str, backend: str) -> None:
    system = PROGRAMS[name](THREE)
    kernel = compile(system, backend=backend)
    for equal in ((0, 1), (0, 2), (1, 2), (0, 1, 2)):
        x = starts(system, equal, 3)
        assert parted(lambda x: kernel.iterate(x, 40, {"eta": 0.3}), x, equal) == 0


@pytest.mark.parametrize("name", ["extragradient", "symplectic adjustment"])
def test_an_order_by_names_parts_them(name: str) -> None:
    """SymPy's own order, in which lines and operands go by the names of shared values."""
    system = PROGRAMS[name](TWO)
    names = [*system.state, *system.parameters]
    written = [sp.factor_terms(f) for f in system.rhs]
    function = sp.lambdify(names, written, "numpy", cse=lambda e: sp.cse(e, order="none"))

    def iterated(x: NDArray[np.float64]) -> NDArray[np.float64]:
        columns = list(x.T)
        for _ in range(60):
            columns = function(*columns, 0.3)
        return np.stack(columns, axis=1)

    assert parted(iterated, starts(system, (0, 1), 2), (0, 1)) > 20


@pytest.mark.parametrize("backend", ["numpy", "jit"])
def test_names_do_not_matter(backend: str) -> None:
    system = PROGRAMS["symplectic adjustment"](TWO)
    called = dict(zip(system.state, sp.symbols("z a q d m b", real=True), strict=True))
    other = Program(
        tuple(called.values()),
        tuple(f.xreplace(called) for f in system.rhs),
        parameters=system.parameters,
    )
    x = starts(system, (0,), 2)
    one, two = (compile(s, backend=backend).iterate(x, 20, {"eta": 0.3}) for s in (system, other))
    assert np.array_equal(one, two)
    assert not np.array_equal(one, one[:, [1, 0, 2, 3, 4, 5]])


x, y, z, a, b = sp.symbols("x y z a b", real=True)


def leaves(tree: Any) -> list[Any]:
    return [e for t in tree for e in leaves(t)] if isinstance(tree, tuple) else [tree]


@cache
def symmetric() -> Any:
    rhs = (x + sp.sin(y) * z - a, y + sp.sin(x) * z - a, z * a + x * y + b)
    return operand_order(rhs, (x, y, z, a, b))


OPERANDS = (x, y, z, a, b, x * y, x * z, y * z, sp.sin(x), sp.sin(y), sp.sin(z), a * x, a * y)
MIRROR = {x: y, y: x}


def masked(tree: Any) -> Any:
    """A tree at equal x and y."""
    return tuple(map(masked, tree)) if isinstance(tree, tuple) else tree.xreplace({y: x})


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(OPERANDS), min_size=1, unique=True), st.randoms())
def test_a_tree_holds_its_operands_and_mirrors_them(operands: list[Any], random: Any) -> None:
    tree = symmetric().tree(operands)
    assert sorted(leaves(tree), key=str) == sorted(operands, key=str)
    mirrored = [o.xreplace(MIRROR) for o in operands]
    random.shuffle(mirrored)
    assert masked(symmetric().tree(mirrored)) == masked(tree)


def test_an_order_by_name_is_no_mirror() -> None:
    by_name = sorted((x, y * z, a), key=str), sorted((y, x * z, a), key=str)
    assert masked(tuple(by_name[0])) != masked(tuple(by_name[1]))


def test_constants_come_first_and_deep_operands_before_flat_ones() -> None:
    assert symmetric().tree((x, sp.sin(z), z, a))[0] == a
    tree = symmetric().tree((z, z * sp.sin(x), a * b))
    assert tree == (a * b, z * sp.sin(x), z)


def test_exchanges_that_move_several_symbols_are_found() -> None:
    system = PROGRAMS["momentum"](TWO)
    families = exchange_colors(system.rhs, (*system.state, *system.parameters))
    together = [{s for s in f if list(f.values()).count(f[s]) > 1} for f in families]
    assert {system.state[i] for i in (0, 1, 6, 7)} in together
    assert exchange_colors((x + sp.sin(y), y + sp.cos(x)), (x, y)) == ()
    assert exchange_colors((a * x, b * y), (x, y, a, b)) == ()


def test_what_refinement_cannot_tell_apart_is_still_checked() -> None:
    """A ring of six and two rings of three look alike from every node, and are not."""
    ring, three, other = sp.symbols("p:6"), sp.symbols("q:3"), sp.symbols("r:3")
    parts = [(ring, 6), (three, 3), (other, 3)]
    rhs = [s + sp.sin(group[(i + 1) % n]) for group, n in parts for i, s in enumerate(group)]
    state = (*ring, *three, *other)
    for family in exchange_colors(tuple(rhs), state):
        assert {family[s] for s in ring}.isdisjoint({family[s] for s in (*three, *other)})
