"""The dynamic ledger, cold: verdicts, evidence, mutants, printed formulas, inventory."""

from __future__ import annotations

import mpmath
import pytest
import sympy as sp
from symgan_papers.dynamic import algorithm_model as algorithms
from symgan_papers.dynamic.notation import AMENDMENTS_NOT_READ, NOT_READ, READING
from symgan_papers.dynamic.section5a_lyapunov import SPIRAL

from symgan.errors import Undecided
from symgan.games.atoms import AtomGame, atom_game, dirac_atoms
from symgan.kernels.exact import exact_orbit
from symgan.rules.dynamic_gda import dynamic_gda
from tests.proofs.ledger import Paper

PAPER = Paper("dynamic", READING, NOT_READ, AMENDMENTS_NOT_READ)
pytestmark = pytest.mark.xdist_group("ledger of dynamic")  # judged once, in one process


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
        ("dynamic.sec8.now-stable", r"\ge 1", r"\le 1"),
        ("dynamic.thm5-1.lyapunov", r"\le", r"\ge"),
        ("dynamic.thm4-1.proof.mass-ratio", r"\frac{p}{q}", r"\frac{q}{p}"),
        ("dynamic.appc.unit-circle.inside", "< 1", "< 2"),
        ("dynamic.appc.unit-circle.product", r"\le 1", r"\ge 1"),
        ("dynamic.thm5-1.converges", "< 1", "> 1"),
        ("dynamic.sec4-1.then-decreases", "< t^2", "< 2 t^2"),
        ("dynamic.thm4-1.proof.unfaithful", r"\frac{p - q}{2}", r"\frac{p + q}{2}"),
    ],
)
def test_a_misread_print_is_noticed(claim_id: str, right: str, wrong: str) -> None:
    assert PAPER.misreading(claim_id, right, wrong) != ""


def test_ledger_file_is_current() -> None:
    """A change of findings shows as a change of proofs/LEDGER.md (`make ledger`)."""
    PAPER.check_ledger_file()


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


def curve_atoms() -> AtomGame:
    """A generator that cannot reach the data, as a game over atoms, b = 1/2."""
    theta, psi = sp.symbols("theta psi", real=True)
    x, y = sp.symbols("x y", real=True)
    return atom_game(
        discriminator=x + psi * y,
        features=(x, y),
        real=[(1, (1, 0))],
        fake=[(1, (theta**2 / 4, theta))],
        minimize=theta,
        maximize=psi,
        regularization=-(1 + psi**2) / 2,
    )


def spiral_atoms() -> AtomGame:
    """The ledger's counterexample to theorem 5.1 as a game over atoms."""
    theta, psi, x = sp.symbols("theta psi x", real=True)
    return atom_game(
        discriminator=psi * x + 3 * x**2,
        features=(x,),
        real=[(1, (0,))],
        fake=[(1, (theta,))],
        minimize=theta,
        maximize=psi,
        regularization=4 * theta**2 - psi**2 / 16,
    )


@pytest.mark.parametrize(
    ("gan", "numbers", "start", "rate"),
    [
        (dirac_atoms(), algorithms.DIRAC, (2, 1), sp.Rational(5, 2)),
        (dirac_atoms(), algorithms.DIRAC, (1, sp.Rational(-1, 3)), sp.Rational(1, 10)),
        (curve_atoms(), algorithms.curve(mpmath.mpf("0.5")), (sp.Rational(1, 9), 0), 1),
        (spiral_atoms(), SPIRAL, (sp.Rational(1, 2), 1), sp.Rational(1, 2)),
    ],
)
def test_the_ledgers_orbits_are_those_of_the_rule(
    gan: AtomGame, numbers: algorithms.Numbers, start: tuple[sp.Expr, sp.Expr], rate: sp.Expr
) -> None:
    """`run` on numbers against the exact map of `symgan.rules`, which shares nothing with it."""
    steps = 12
    system = dynamic_gda(gan.game, sp.sympify(rate), real=gan.real, fake=gan.fake)
    exact = exact_orbit(system, dict(zip(gan.game.state, start, strict=True)), steps, stop=())
    with mpmath.workdps(65):
        one, other, step = (mpmath.mpf(v.p) / v.q for v in map(sp.Rational, (*start, rate)))
        found, _ = algorithms.run(numbers, (one, other), step, steps)
        for k, state in enumerate(found):
            there = exact.state(k)
            for symbol, value in zip(gan.game.state, state, strict=True):
                expected = mpmath.mpf(there[symbol].p) / there[symbol].q
                # Gradients are difference quotients of payoffs with 65 digits.
                assert abs(value - expected) <= mpmath.mpf(10) ** -25 * (1 + abs(expected))


def test_the_counterexample_to_theorem_5_1_leaves_the_saddle_point() -> None:
    """By the rule of `symgan.rules`: every period multiplies the state by the same factor."""
    gan, factor = spiral_atoms(), 5 * sp.Rational(15, 16) ** 11 - 4
    system = dynamic_gda(gan.game, sp.Rational(1, 2), real=gan.real, fake=gan.fake)
    start = (sp.Rational(1, 2000), sp.Rational(1, 1000))
    orbit = exact_orbit(system, dict(zip(gan.game.state, start, strict=True)), 36, stop=())
    assert factor < -sp.Rational(3, 2)
    for period in range(4):
        there = orbit.state(12 * period)
        assert [there[s] for s in gan.game.state] == [factor**period * v for v in start]
