"""What is kept of orbits, against systems whose answer is known."""

from __future__ import annotations

import math

import numpy as np
import pytest
import sympy as sp
from hypothesis import given, settings
from hypothesis import strategies as st

from symgan.errors import BadData
from symgan.sweep import Axis, Basins, Exponents, Growth, Model, Points, Sweep, Tail
from symgan.sweep.exponents import logarithm, orthonormal
from symgan.sweep.growth import CONVERGES, GROWS, STAYS, UNDECIDED
from symgan.sweep.measures import Measure, Results, read_measure
from symgan.system import Map
from tests.sweep.orbits import HENON, LOGISTIC, TURN, X, Y, at


def computed(sweep: Sweep) -> Results:
    """The results of all cells."""
    return sweep.compute()(slice(0, sweep.declaration().size), lambda: None)


@settings(max_examples=4, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 2 * math.pi), st.floats(0.9, 1.1)), min_size=20))
def test_growth_is_told_by_the_modulus(turns: list[tuple[float, float]]) -> None:
    """Rotations times a number; 1000 steps tell a factor 1e3 in 500."""
    angle, modulus = np.array([*turns, (1.0, 1.0), (1.0, 0.9), (1.0, 1.1)]).T
    a, b = modulus * np.cos(angle), modulus * np.sin(angle)
    ones = np.ones(len(a))
    found = computed(at(TURN, Growth(1000), a=a, b=b, x=0.3 * ones, y=-0.2 * ones))
    growth = 500 * np.log(np.hypot(a, b))
    told, factor = found["outcome"], math.log(1e3)
    assert set(told[growth < -factor - 1e-9]) == {CONVERGES}
    assert set(told[growth > factor + 1e-9]) == {GROWS}
    between = np.abs(growth) < factor - 1e-9
    assert set(told[between]) <= {STAYS, UNDECIDED}
    assert told[-3] == STAYS
    # The ratio compares norms 500 steps apart, up to the last rounding of each.
    rate = Growth(1000).rate(found["ratio"][between])
    assert rate == pytest.approx(np.hypot(a, b)[between], abs=1e-9)


def test_ties_rest_and_escape_have_their_own_outcomes() -> None:
    x, y = [1.0, 0.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0]
    a, b = [0.0, 2.0, 10.0, 1.001], [1.0, 0.0, 0.0, 0.0]
    found = computed(at(TURN, Growth(1000, bound=1e6), a=a, b=b, x=x, y=y))
    assert found["outcome"].tolist() == [STAYS, STAYS, GROWS, UNDECIDED]
    assert found["left"].tolist() == [-1, -1, 7, -1]  # 10^7 is the first beyond 10^6
    assert np.isinf(found["ratio"][2])


def test_basins_of_a_bistable_map_are_its_half_lines() -> None:
    """x -> x + h (x - x^3): to 1 from the right of 0, to -1 from the left, 0 stays at 0."""
    cubic = Model("cubic", Map((X,), (X + (X - X**3) / 5,)))
    measure = Basins(200, ((1.0,), (-1.0,)), radius=1e-6)
    start = [-1.5, -0.2, -1e-3, 0.0, 1e-3, 0.7, 1.4, 40.0]
    found = computed(at(cubic, measure, x=start))
    assert found["basin"].tolist() == [3, 3, 3, 0, 2, 2, 2, 1]
    assert found["distance"][5] < 1e-6
    assert measure.names == ("none", "escaped", "(1)", "(-1)")


def test_an_orbit_that_passes_by_is_not_held() -> None:
    """A rotation by a quarter visits (1, 0) every fourth step and never stays."""
    measure = Basins(40, ((1.0, 0.0),), radius=0.1, hold=1)
    found = computed(at(TURN, measure, a=[0.0], b=[1.0], x=[1.0], y=[0.0]))
    assert found["basin"].tolist() == [0]


def test_periods_of_the_logistic_map() -> None:
    """2 at 3.2, 4 at 3.5, 3 at 3.83, none at 4; beyond 4 it escapes."""
    found = computed(at(LOGISTIC, Tail(4000), a=[2.5, 3.2, 3.5, 3.83, 4.0, 4.1], x=[0.3] * 6))
    assert found["period"].tolist() == [1, 2, 4, 3, 0, 0]
    assert found["left"][:5].tolist() == [-1] * 5
    assert found["left"][5] > 0
    assert np.isnan(found["tail"][5]).all()
    assert found["tail"][0] == pytest.approx(0.6, abs=1e-12)


def test_exponents_of_the_logistic_map_at_cycles() -> None:
    """At a fixed point ln|2 - a|; on the 2-cycle half of ln|4 + 2a - a^2|."""
    found = computed(at(LOGISTIC, Exponents(2000, 1000), a=[2.5, 2.9, 3.2], x=[0.3] * 3))
    wanted = [math.log(0.5), math.log(0.9), math.log(4 + 6.4 - 3.2**2) / 2]
    # The start is within rounding of the cycle after 1000 steps of rate 0.9; 2000 roundings of
    # 2^-53 in a sum of 2000 terms leave 1e-12.
    assert found["exponents"][:, 0] == pytest.approx(wanted, abs=1e-12)


def test_exponents_of_chaotic_maps() -> None:
    """ln 2 for the full logistic map, by ergodicity within 1/sqrt(N); Henon's sum is ln b."""
    full = computed(at(LOGISTIC, Exponents(4000), a=[4.0], x=[0.3]))
    assert full["exponents"][0, 0] == pytest.approx(math.log(2), abs=5 / math.sqrt(4000))
    henon = computed(at(HENON, Exponents(1000), a=[1.4], b=[0.3], x=[0.1], y=[0.1]))
    first, second = henon["exponents"][0]
    assert first == pytest.approx(0.419, abs=0.1)  # Grassberger et al. 1988, to the sampling error
    # The determinant is -b at every step: exact up to the roundings of 1000 QR steps.
    assert first + second == pytest.approx(math.log(0.3), abs=1e-12)


@pytest.mark.parametrize("every", [1, 3, 7])
def test_exponents_do_not_depend_on_when_vectors_are_orthonormalized(every: int) -> None:
    measure = Exponents(500, 50, every)
    found = computed(at(TURN, measure, a=[0.6], b=[0.9], x=[1.0], y=[0.0]))
    # The orbit grows by 1.08 a step and passes the bound: it must not be taken for an exponent.
    assert np.isnan(found["exponents"]).all()
    assert found["left"].tolist() == [1]
    inside = computed(at(TURN, measure, a=[0.6], b=[0.7], x=[1.0], y=[0.0]))
    assert inside["exponents"][0] == pytest.approx([math.log(0.85) / 2] * 2, abs=1e-12)


def test_an_orbit_on_a_switching_surface_has_no_exponents() -> None:
    """|x| scaled: the derivative is +-1/2 off 0; from 0 the orbit lies on the surface."""
    kink = Model("kink", Map((X,), (sp.Abs(X) / 2 - sp.Rational(1, 4),)))
    found = computed(at(kink, Exponents(200, 0), x=[0.3, 0.5]))
    assert found["touched"].tolist() == [0, 1]  # 1/2 -> 0
    assert found["exponents"][0, 0] == pytest.approx(-math.log(2), abs=1e-12)
    assert np.isnan(found["exponents"][1, 0])


def test_memory_adds_exponents_and_shorter_systems_are_filled_up() -> None:
    m = sp.Symbol("m", real=True)
    half = Model("half", Map((X,), (X / 2,)))
    delayed = Model("delayed", Map((X, m), (m / 4, X), memory=((m, X),)))
    design = Points({"system": [0, 1], "x": [1.0, 1.0]})
    found = computed(Sweep((half, delayed), design, Exponents(100, 10), backend="numpy"))
    ln2 = math.log(2)
    assert found["exponents"][0, 0] == pytest.approx(-ln2, abs=1e-12)
    assert np.isnan(found["exponents"][0, 1])
    assert found["exponents"][1] == pytest.approx([-ln2, -ln2], abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(-1e3, 1e3), min_size=9, max_size=9))
def test_orthonormal_is_the_qr_of_lapack_where_that_is_well_posed(entries: list[float]) -> None:
    a = np.array(entries).reshape(1, 3, 3)
    q, r = orthonormal(a)
    assert (r >= 0).all()
    if np.linalg.cond(a[0]) < 1e6:
        theirs = np.abs(np.diag(np.linalg.qr(a[0])[1]))
        # Modified Gram-Schmidt is backward stable; the diagonal moves by the condition.
        assert r[0] == pytest.approx(theirs, rel=1e-8)
        assert q[0].T @ q[0] == pytest.approx(np.eye(3), abs=1e-9)


@given(st.floats(0.5, 1.0))
def test_the_logarithm_is_that_of_the_reference(m: float) -> None:
    exact = float(sp.log(sp.Float(m, 50)))
    assert float(logarithm(np.float64(m))) == pytest.approx(
        exact, abs=3e-16
    )  # two roundings at ln 2


@pytest.mark.parametrize(
    ("make", "match"),
    [
        (lambda: Growth(1), "steps = 1; give a whole number, at least 2"),
        (lambda: Growth(10, factor=1.001), "does not exceed 1 \\+ band"),
        (lambda: Growth(10, bound=float("inf")), "bound = inf is not a positive number"),
        (lambda: Tail(10, keep=11), "has no 11 last states"),
        (lambda: Basins(10, ((0.0,),), hold=11), "cannot hold for 11"),
        (lambda: Basins(100), "no points to end at"),
        (lambda: Basins(100, ((0.0,), (0.001,))), "meet; shrink it"),
        (lambda: Basins(100, ((float("nan"),),)), "not finite"),
        (lambda: Exponents(0), "steps = 0"),
        (lambda: Exponents(10, every=0), "every = 0"),
        (lambda: read_measure({"measure": "mood"}), "nothing that a sweep keeps"),
        (lambda: read_measure({"measure": "growth"}), "nothing that a sweep keeps"),
    ],
)
def test_wrong_measures_are_refused(make: object, match: str) -> None:
    with pytest.raises(BadData, match=match):
        make()  # type: ignore[operator]


@pytest.mark.parametrize(
    "measure",
    [Growth(10, 50.0), Basins(100, ((0.1, -0.2), (1 / 3, 4.0))), Tail(10, 4), Exponents(9, 2, 3)],
)
def test_measures_are_read_as_they_were_written(measure: Measure) -> None:
    import json

    assert read_measure(json.loads(json.dumps(measure.plain()))) == measure


def test_a_clock_and_noise_go_on_across_halves_and_segments() -> None:
    """x+ = (k + 1) / (k + 2) x telescopes; a lost clock would not give 1 / (N + 1)."""
    k, w = sp.symbols("k w", real=True)
    clocked = Model("clocked", Map((X,), (X * (k + 1) / (k + 2),), index=k))
    found = computed(at(clocked, Tail(400, keep=2), x=[1.0]))
    assert found["tail"][0, -1, 0] == pytest.approx(1 / 401, rel=1e-12)
    ratio = computed(at(clocked, Growth(400), x=[1.0]))["ratio"][0]
    assert ratio == pytest.approx(1 / 201, rel=1e-12)
    noisy = Model("noisy", Map((X, Y), (X + w, Y), noise=(w,)))
    cells = Axis("x", 0, 1, 6) * Points({"y": [0.0]})
    whole = Sweep((noisy,), cells, Tail(60, keep=8), backend="numpy", seed=3)
    one = computed(whole)["tail"]
    compute = whole.compute()
    parts = [compute(slice(i, i + 2), lambda: None)["tail"] for i in (0, 2, 4)]
    assert np.concatenate(parts).tobytes() == one.tobytes()
    assert len({row.tobytes() for row in one}) == 6
    assert computed(whole.at(seed=4))["tail"].tobytes() != one.tobytes()
