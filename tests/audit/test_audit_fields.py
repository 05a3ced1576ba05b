"""Hand-written fields and Jacobians, right and wrong, held against the derived ones."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy import Rational

from symgan.audit import Ground, Verdict, audit
from symgan.game import zero_sum
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear
from symgan.losses import named_loss
from tests.audit import handwritten as code

THETA, PSI = sp.symbols("theta psi", real=True)
BILINEAR = bilinear()
MATRIX = bilinear(sp.Matrix([[2, 1], [0, 3]]))
CUBIC = zero_sum(
    THETA**2 * PSI, minimize=THETA, maximize=PSI, name="cubic", equilibrium={THETA: 0, PSI: 0}
)
JENSEN_SHANNON = dirac(named_loss("jensen-shannon"))


@pytest.mark.parametrize(
    ("field", "game", "ground"),
    [
        (code.bilinear_field, BILINEAR, Ground.PROVED),
        (code.bilinear_sequence, BILINEAR, Ground.PROVED),
        (code.bilinear_reversed_names, BILINEAR, Ground.PROVED),
        (code.matrix_players, MATRIX, Ground.PROVED),
        (code.matrix_scalars, MATRIX, Ground.PROVED),
        (code.cubic_field, CUBIC, Ground.PROVED),
        (code.cubic_branching, CUBIC, Ground.POLYNOMIAL),
        (code.js_field, JENSEN_SHANNON, Ground.FLOAT),
        (code.js_numpy, JENSEN_SHANNON, Ground.FLOAT),
        (code.cubic_jacobian, CUBIC, Ground.PROVED),
        (code.matrix_jacobian, MATRIX, Ground.PROVED),
    ],
)
def test_right_code_passes_on_the_highest_ground(field, game, ground) -> None:
    found = audit(field, game)
    assert found.verdict is Verdict.SAME
    assert found.established.ground is ground
    assert found.exit_code == 0
    assert found.established.points > 0  # numbers are tried beside a proof, too


def test_agreement_at_sampled_points_is_called_sampled() -> None:
    assert audit(code.js_field, JENSEN_SHANNON).established.sampled
    assert not audit(code.cubic_branching, CUBIC).established.sampled


def test_the_grid_states_the_hypothesis_that_it_needs() -> None:
    note = audit(code.cubic_branching, CUBIC).established.note
    assert note == "the field of the code is a polynomial of degree at most 2 in theta, 1 in psi"


def test_lost_digits_are_a_remark_and_no_difference() -> None:
    found = audit(code.js_complement, JENSEN_SHANNON)
    assert found.verdict is Verdict.SAME
    assert any("loses digits" in finding for finding in found.findings)
    assert not any("loses digits" in f for f in audit(code.js_field, JENSEN_SHANNON).findings)


@pytest.mark.parametrize(
    ("field", "game", "component", "fault", "term"),
    [
        (code.bilinear_one_sign, BILINEAR, "v_psi", "wrong sign", THETA),
        (code.cubic_half, CUBIC, "v_theta", "halved", 2 * THETA * PSI),
        (code.js_inner_sign, JENSEN_SHANNON, "v_theta", "has the wrong sign in", None),
        (code.cubic_transposed, CUBIC, "J[1, 2]", "wrong sign", 2 * THETA),
        (code.cubic_symmetrized, CUBIC, "J[1, 2]", "missing", 2 * THETA),
        (code.cubic_mirrored, CUBIC, "J[2, 1]", "wrong sign", -2 * THETA),
    ],
)
def test_wrong_code_is_caught_with_the_term(field, game, component, fault, term) -> None:
    found = audit(field, game)
    assert found.verdict is Verdict.DIFFERS
    assert found.exit_code == 1
    blame = found.blame[0]
    assert blame.component == component
    assert blame.fault.startswith(fault)
    assert term is None or sp.expand(blame.term - term) == 0
    assert found.counterexample is not None
    assert found.counterexample.component == component


def test_a_term_of_a_vector_field_is_named() -> None:
    found = audit(code.matrix_untransposed, MATRIX)
    a, b = MATRIX.state[:2]
    assert [(x.component, x.fault) for x in found.blame] == [
        ("v_psi_1", "has a term that is not derived"),
        ("v_psi_2", "missing"),
    ]
    assert (found.blame[0].instead, found.blame[1].term) == (b, a)
    assert all(x.ground is Ground.PROVED for x in found.blame)


def test_a_number_that_is_treated_apart_is_found_behind_a_proof() -> None:
    found = audit(code.cubic_special, CUBIC)
    assert found.verdict is Verdict.DIFFERS
    assert found.counterexample is not None
    assert dict(found.counterexample.point) == {THETA: 0, PSI: 1}
    assert (found.counterexample.derived, found.counterexample.computed) == ("0", "1")


def test_the_negative_throughout_is_said_and_not_accepted() -> None:
    found = audit(code.bilinear_flow, BILINEAR)
    assert found.verdict is Verdict.DIFFERS
    assert found.recognized is not None
    assert "negative" in found.recognized.name
    assert any("--sign" in finding for finding in found.findings)
    assert audit(code.bilinear_flow, BILINEAR, sign="flow").verdict is Verdict.SAME
    assert audit(code.bilinear_field, BILINEAR, sign="flow").verdict is Verdict.DIFFERS


@pytest.mark.parametrize(
    ("field", "game", "name"),
    [
        (code.bilinear_one_sign, BILINEAR, "v with the opposite sign for psi"),
        (code.cubic_transposed, CUBIC, "the transposed Jacobian"),
        (code.cubic_symmetrized, CUBIC, "the symmetric part of the Jacobian"),
        (code.cubic_mirrored, CUBIC, "the Jacobian with its upper half mirrored"),
    ],
)
def test_what_it_is_instead_is_recognized(field, game, name) -> None:
    found = audit(field, game).recognized
    assert found is not None
    assert (found.name, found.ground) == (name, Ground.PROVED)


def test_one_row_a_tensor() -> None:
    found = audit(code.matrix_row_a_tensor, MATRIX)
    assert found.verdict is Verdict.DIFFERS
    assert found.findings[0].startswith("it returns 2 rows of 4 numbers where 4 rows are wanted")
    assert found.recognized is not None
    assert found.recognized.name == "the rows of each player's tensor added up"


def test_the_linearization_hides_what_is_of_second_order_alone() -> None:
    hides = audit(code.cubic_half, CUBIC).hidden
    assert hides is not None
    assert (hides.holds, hides.exact) == (True, True)
    shows = audit(code.bilinear_one_sign, BILINEAR).hidden
    assert shows is not None
    assert (shows.holds, shows.exact) == (False, True)


def test_hidden_is_numeric_where_no_formula_is_known() -> None:
    def bent(theta, psi):
        wave = 0 if theta < 1 else (theta - 1) ** 3  # nothing in the library of terms
        return -psi + wave, theta

    found = audit(bent, BILINEAR)
    assert found.verdict is Verdict.DIFFERS
    assert found.blame == ()
    assert found.hidden is not None
    assert (found.hidden.holds, found.hidden.exact) == (True, False)


def test_a_difference_known_in_part_is_not_taken_for_the_whole() -> None:
    def bent(theta, psi):
        wave = 0 if theta < 1 else (theta - 1) ** 3
        return psi, theta + wave  # the sign would be seen, the wave not explained

    found = audit(bent, BILINEAR)
    assert [b.component for b in found.blame] == ["v_theta"]
    assert found.hidden is not None
    assert (found.hidden.holds, found.hidden.exact) == (False, False)


def test_decimal_constants_are_read_as_they_print() -> None:
    game = zero_sum(THETA * PSI * Rational(1, 10), minimize=THETA, maximize=PSI)
    found = audit(lambda theta, psi: (0.1 * psi, -0.1 * theta), game)
    assert (found.verdict, found.established.ground) == (Verdict.SAME, Ground.PROVED)
    assert "decimal constants" in found.established.note
    wrong = audit(lambda theta, psi: (0.1 * psi, -0.1000001 * theta), game)
    assert wrong.verdict is Verdict.DIFFERS
    assert "decimal" not in audit(lambda theta, psi: (psi / 10, -theta / 10), game).established.note


def test_a_clip_far_out_is_seen_by_rationals() -> None:
    def clipped(theta, psi):  # its bounds are far beyond the simple points
        return max(-psi, -500), min(theta, 500)

    def whole(theta, psi):
        return -max(psi, psi), theta

    assert audit(clipped, bilinear(), of="field").verdict is Verdict.DIFFERS
    assert audit(whole, bilinear(), of="field").verdict is Verdict.SAME
