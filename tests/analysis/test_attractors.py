"""Non-Nash attractors rule by rule, each example checked by iterating its linearization."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import sympy as sp
from sympy import Matrix, Rational

from symgan import rules
from symgan.analysis.attractor_games import (
    coordination_games,
    generic_game,
    maximum_games,
    two_player,
)
from symgan.analysis.attractor_proofs import STEP, attracts_every_point, no_non_nash_attractor
from symgan.analysis.attractors import (
    Attractor,
    attractor_table,
    examine,
    non_nash_attractor,
    rational_inside,
    repelled_nash,
)
from symgan.analysis.nash import classify
from symgan.errors import GameError, Undecided
from symgan.rules.local_symplectic_surgery import local_symplectic_surgery, two_timescale_surgery
from symgan.rules.simultaneous import simultaneous

HALF = Rational(1, 2)
MAXIMUM = Matrix([[-HALF, 2], [-2, 1]])
SWAPPED = Matrix([[1, 2], [-2, -HALF]])
SLACK = 1e-9
"""Radii of small rational matrices at simple steps, by LAPACK; none tested is this close to 1."""


def radius(found: Attractor, rule: Any, step: Rational, **options: Any) -> float:
    """The spectral radius at a step, from the rule's own map, in floating point."""
    system = rule(found.game, STEP, **options)
    at = dict(found.game.equilibrium or {})
    linear = system.linearization(at) if hasattr(system, "linearization") else system
    place = linear.lift(at) if not hasattr(system, "linearization") else None
    values = {**found.values, STEP: step}
    J = linear.jacobian(place).subs(values)
    return float(abs(np.linalg.eigvals(np.array(J, dtype=complex))).max())


SPECIAL = {
    "dirac-oracle",  # switched: no linearization
    "local-symplectic-surgery",  # proved to have none
    "local-symplectic-surgery-two-timescale",  # another example, below
}
ATTRACTED = sorted(set(rules.catalog()) - SPECIAL)


@pytest.mark.parametrize("name", ATTRACTED)
def test_a_strict_maximum_of_one_player_attracts(name: str) -> None:
    rule = rules.named(name)
    found = non_nash_attractor(rule)
    assert found is not None
    assert found.jacobian in (MAXIMUM, SWAPPED)
    assert classify(found.game).not_nash is sp.true
    assert found.step is not None
    assert found.steps.contains(found.step) is sp.true
    assert radius(found, rule, found.step) < 1 - SLACK
    end = found.steps.sup
    beyond = [sp.nsimplify(sp.N(end * Rational(11, 10), 12))] if end.is_finite else []
    assert all(radius(found, rule, step) > 1 + SLACK for step in beyond)


def test_known_ranges() -> None:
    r"""Simultaneous: :math:`2\,\mathrm{tr}/ ...`; det (1 - eta J) < 1 iff eta < tr J / det J."""
    found = non_nash_attractor(simultaneous)
    assert found is not None
    assert found.steps == sp.Interval.open(0, HALF / Rational(7, 2))
    tau = non_nash_attractor(rules.named("two-timescale"), options={"tau": HALF})
    assert tau is not None
    # tau slows the second player: -1/2 + tau < 0, so the roles must change
    assert tau.jacobian == SWAPPED


def test_local_symplectic_surgery_has_none_and_its_two_timescale_form_has() -> None:
    assert no_non_nash_attractor(local_symplectic_surgery)
    game, J = generic_game(3)
    values = dict(zip(J, (-1, 2, 3, -2, 1, 1, 0, 4, 5), strict=True))
    number = J.subs(values)
    step = local_symplectic_surgery(game.subs(values), STEP)
    S = (sp.eye(3) - step.jacobian(dict.fromkeys(game.state, 0))) / STEP
    assert S.applyfunc(sp.cancel) == (number + number.T) / 2
    game = two_player(Rational(-1, 64), Rational(2, 5), Rational(-2, 5), Rational(-1, 5))
    slow = examine(two_timescale_surgery, game, options={"tau": HALF})
    assert slow.words[0] == "not Nash"
    assert slow.step is not None
    assert radius(slow, two_timescale_surgery, slow.step, tau=HALF) < 1 - SLACK
    fast = examine(two_timescale_surgery, game, options={"tau": 8})
    assert fast.steps is sp.EmptySet
    assert radius(fast, two_timescale_surgery, Rational(1, 100), tau=8) > 1


@pytest.mark.parametrize("name", ATTRACTED)
def test_the_proof_scheme_does_not_prove_what_is_false(name: str) -> None:
    assert not no_non_nash_attractor(rules.named(name))


def test_the_hamiltonian_rule_attracts_everything() -> None:
    hamiltonian = rules.named("hamiltonian")
    assert attracts_every_point(hamiltonian)
    assert attracts_every_point(hamiltonian, players=3)
    assert not attracts_every_point(simultaneous)
    assert not attracts_every_point(local_symplectic_surgery)
    assert repelled_nash(hamiltonian) is None


def test_strict_nash_equilibria_that_repel() -> None:
    found = repelled_nash(simultaneous)
    assert found is not None
    assert found.words[0] == "differential Nash"
    assert found.steps is sp.EmptySet
    implicit = repelled_nash(rules.named("proximal-point"))
    assert implicit is not None
    # |1 + eta lambda| > 1 at the eigenvalue -1 of v' iff eta > 2
    assert implicit.steps == sp.Interval.open(2, sp.oo)


def test_a_zero_sum_nash_equilibrium_is_not_repelled() -> None:
    games = [two_player(1, b, -b, 1) for b in (1, 10)]
    assert repelled_nash(simultaneous, games=games) is None


def test_candidates_are_what_their_names_say() -> None:
    maxima = list(maximum_games())
    assert all(classify(game).not_nash is sp.true for game in maxima)
    assert all(classify(game).differential_nash is sp.true for game in coordination_games())
    assert two_player(1, 2, -2, 3).losses[0] + two_player(1, 2, -2, 3).losses[1] == 0
    game, J = generic_game(3)
    assert game.J == J


def test_the_table_keeps_proofs_and_a_rule_s_own_sentence() -> None:
    names = ("simultaneous", "dirac-oracle", "local-symplectic-surgery")
    simple, oracle, surgery = attractor_table({name: rules.named(name) for name in names})
    assert (surgery.attractor, surgery.excluded, surgery.remark) == (None, True, "")
    assert surgery.repelled is not None
    assert surgery.repelled.steps is sp.EmptySet
    assert simple.remark == ""
    assert simple.attractor is not None
    assert oracle.attractor is None
    assert "does not apply" in oracle.remark
    assert "switching surface" in oracle.remark


def test_open_symbols_are_filled_and_reported() -> None:
    found = non_nash_attractor(rules.named("consensus"), value=Rational(1, 10))
    assert found is not None
    assert list(found.values.values()) == [Rational(1, 10)]


def test_searches_have_budgets_and_refuse_bare_games() -> None:
    with pytest.raises(Undecided, match="out of time"):
        non_nash_attractor(simultaneous, budget=0)
    with pytest.raises(GameError, match="small"):
        non_nash_attractor(_refuses)
    bare = two_player(1, 1, 1, 1).__class__("bare", *_parts(two_player(1, 1, 1, 1)))
    with pytest.raises(Undecided, match="declares no equilibrium"):
        examine(simultaneous, bare)


def test_a_rational_is_found_in_a_set_of_steps() -> None:
    assert rational_inside(sp.Interval.open(2, sp.oo)) is not None
    assert rational_inside(sp.EmptySet) is None
    narrow = sp.Interval.open(Rational(1, 3), Rational(2, 5))
    assert rational_inside(narrow) == Rational(3, 8)


def _refuses(game: Any, eta: Any) -> Any:
    raise GameError("too small a game")


def _parts(game: Any) -> tuple[Any, Any]:
    return game.players, game.losses
