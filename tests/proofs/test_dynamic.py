"""The dynamic ledger, cold: verdicts, evidence, mutants, printed formulas, inventory."""

from __future__ import annotations

import mpmath
import pytest
import sympy as sp
from symgan_papers.dynamic import algorithm_model as algorithms
from symgan_papers.dynamic.notation import AMENDMENTS_NOT_READ, NOT_READ, READING

from symgan.errors import Undecided
from tests.proofs.ledger import Paper

PAPER = Paper("dynamic", READING, NOT_READ, AMENDMENTS_NOT_READ)


@pytest.mark.parametrize("claim_id", PAPER.by_id)
def test_verdict_is_the_derived_one(claim_id: str) -> None:
    PAPER.check_verdict(claim_id)


@pytest.mark.parametrize("claim_id", PAPER.decided)
def test_decided_verdicts_rest_on_two_routes(claim_id: str) -> None:
    PAPER.check_two_routes(claim_id)


def test_no_mutant_survives() -> None:
    PAPER.check_mutants()


@pytest.mark.parametrize("claim_id", PAPER.read)
def test_printed_formula_is_what_is_judged(claim_id: str) -> None:
    assert PAPER.misreading(claim_id) == ""


@pytest.mark.parametrize("claim_id", PAPER.amended)
def test_amended_formula_is_what_is_proved(claim_id: str) -> None:
    PAPER.check_amendment(claim_id)


@pytest.mark.parametrize(
    ("claim_id", "right", "wrong"),
    [
        ("dynamic.sec4-2.wasserstein-exact", r"\theta - \psi", r"\theta + \psi"),
        ("dynamic.alg3.gradient", r"\psi - \eta", r"\psi + \eta"),
        ("dynamic.alg3.stability", r"1 + \eta^2", r"1 - \eta^2"),
        ("dynamic.thm5-1.lyapunov", r"\le", r"\ge"),
        ("dynamic.thm4-1.proof.mass-ratio", r"\frac{p}{q}", r"\frac{q}{p}"),
        ("dynamic.appc.unit-circle.inside", "< 1", "< 2"),
    ],
)
def test_a_misread_print_is_noticed(claim_id: str, right: str, wrong: str) -> None:
    assert PAPER.misreading(claim_id, right, wrong) != ""


def test_reasons_for_not_reading_name_claims() -> None:
    PAPER.check_reasons()


def test_inventory_is_complete() -> None:
    PAPER.check_inventory(range(1, 14))
    statements = " ".join(item.statement for item in PAPER.items())
    labels = [
        *(f"Lemma D.{n}" for n in range(1, 7)),
        *("Theorem 3.1", "Theorem 4.1", "Lemma 4.2", "Lemma 4.3", "Theorem 4.4", "Theorem 5.1"),
    ]
    assert [label for label in labels if label not in statements] == []
    places = " ".join(f"{item.location} {item.statement}" for item in PAPER.items())
    displays = [*(f"Algorithm {n}" for n in range(1, 5)), *(f"Figure {n}" for n in range(1, 7))]
    assert [name for name in (*displays, "Table 1", "Table 2") if name not in places] == []


def test_inventory_notices_gaps() -> None:
    PAPER.check_inventory_notices_gaps("dynamic.alg2.separated")


def test_both_printings_have_entries() -> None:
    """Lemmas 4.2, 4.3 and theorem 4.4 are printed twice: each printing is judged."""
    for label in ("lemma4-2", "lemma4-3", "thm4-4"):
        assert {f"dynamic.{label}.main", f"dynamic.{label}.appendix"} <= set(PAPER.by_id)


# Algorithm 2 is written twice, on symbols and on numbers: the two must not disagree.
SCENES = [
    ((3, 4), (1, 2), 1, 1),
    ((3, 4), (1, 2), 2, 1),
    ((1, 2), (3, 4), 1, 1),
    ((1, 2), (3, 4), 2, 1),
    ((1, 3), (2, 4), 1, sp.Rational(1, 2)),
    ((1, 3), (2, 4), 1, sp.Rational(4, 5)),
    ((1, 3), (2, 4), 1, 2),
    ((1, 3), (2, 4), 2, sp.Rational(6, 5)),
    ((1, 3), (2, 4), 2, 2),
    ((1, 2), (2, 3), 2, 1),  # they only touch
    ((0,), (0,), 1, 0),
    ((1, 4), (2, 3), 2, 1),
    ((3,), (1,), None, 1),
]
THRESHOLDS = {algorithms.c_1: sp.Rational(6, 5), algorithms.c_2: sp.Rational(4, 5)}
AT = sp.And(*(sp.Eq(symbol, value) for symbol, value in THRESHOLDS.items()))


@pytest.mark.parametrize(("real", "fake", "last", "ratio"), SCENES)
def test_algorithm_2_on_symbols_is_algorithm_2_on_numbers(
    real: tuple[int, ...], fake: tuple[int, ...], last: int | None, ratio: object
) -> None:
    scene = algorithms.Scene(real, fake, last, ratio, 1)
    numbers = {symbol.name: value for symbol, value in THRESHOLDS.items()}
    plain = {name: float(value) for name, value in numbers.items()}
    levels = (sp.Rational(6, 5), sp.Rational(4, 5))
    expected = algorithms.chosen(real, fake, last, lambda: ratio, levels)
    assert algorithms.executed(scene, AT) == expected
    assert algorithms.answered(scene)(plain) == expected


def test_an_open_test_is_not_guessed() -> None:
    r, f = sp.symbols("r f", real=True)
    with pytest.raises(Undecided, match="no fixed truth"):
        algorithms.executed(algorithms.Scene((r,), (f,), 1))


def test_a_quotient_by_zero_is_not_answered() -> None:
    with pytest.raises(ZeroDivisionError):
        algorithms.run(algorithms.DIRAC, (mpmath.mpf(1), mpmath.mpf(1)), mpmath.mpf(1), 3)


def test_distance_is_the_area_between_distribution_functions() -> None:
    assert algorithms.distance([0, 3], [1, 4]) == 1
    assert algorithms.distance([0, 2], [1]) == 1
    assert algorithms.distance([0], [-5]) == 5
    assert algorithms.distance([1, 2], [2, 1]) == 0
