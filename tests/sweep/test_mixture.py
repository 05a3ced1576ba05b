"""The failure maps: declarations, starts, dynamics and outcomes."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from symgan.data.gmm_maps import THRESHOLDS, encode
from symgan.errors import BadData, GameError, UnknownName
from symgan.kernels import compile
from symgan.kernels.mixtures import total_variation
from symgan.rules.lookahead import lookahead
from symgan.rules.simultaneous import simultaneous
from symgan.sweep import MixtureMap, open_store, run
from symgan.sweep.dynamics import Dynamics, follower, system
from symgan.sweep.outcomes import outcomes, shares

TINY = MixtureMap(count=3, draws=2, iterations=20)


def followed(m: MixtureMap) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Final states and movement of all cells."""
    whole = slice(0, len(m.means))
    return follower(m)(whole, m.starts(whole), lambda: None)


def density(x: NDArray[np.float64], means: Any) -> NDArray[np.float64]:
    """The density of a uniform mixture, written here anew."""
    parts = (np.exp(-((x - mean) ** 2) / 2) / np.sqrt(2 * np.pi) for mean in means)
    return sum(parts) / len(means)  # type: ignore[return-value]


def by_hand(x: NDArray[np.float64], eta: float) -> NDArray[np.float64]:
    """Eqs. (9) to (11) for one state, from the densities alone."""
    mu, left, right = x[:2], x[2:4], x[4:]
    kernel = lambda t: np.exp(-(t**2) / 2) / np.sqrt(2 * np.pi)  # noqa: E731 - one formula
    up = [
        sum(kernel(r - m) - kernel(a - m) for a, r in zip(left, right, strict=True)) / 2 for m in mu
    ]
    f = [density(e, (-0.5, 0.5)) - density(e, mu) for e in (left, right)]
    return np.concatenate([mu - eta * np.array(up), left - eta * f[0], right + eta * f[1]])


def test_first_order_steps_are_the_printed_ones() -> None:
    m = TINY.at(iterations=1)
    found, _ = followed(m)
    for cell, start in enumerate(m.starts(slice(0, 9))):
        for draw, x in enumerate(start):
            # Numbers of size 3, two dozen roundings of increments below 1/4.
            assert np.allclose(found[cell, draw], by_hand(x, 0.3), rtol=0, atol=1e-15)


def test_the_same_draws_meet_every_dynamics_repair_and_grid() -> None:
    fine = MixtureMap(count=5, draws=7)
    for other in (fine.at(dynamics="extragradient"), fine.at(repair="frozen"), fine.at(eta="1/10")):
        assert other.starts(slice(3, 9)).tobytes() == fine.starts(slice(3, 9)).tobytes()
    coarse = MixtureMap(count=3, draws=4)
    common = [i for i, mu in enumerate(fine.means) if any((mu == c).all() for c in coarse.means)]
    assert len(common) == 9
    for i, j in zip(common, range(9), strict=True):
        one, other = fine.starts(slice(i, i + 1))[:, :4], coarse.starts(slice(j, j + 1))
        assert one.tobytes() == other.tobytes()
    assert fine.at(seed=1).starts(slice(0, 1)).tobytes() != fine.starts(slice(0, 1)).tobytes()


@pytest.mark.parametrize(
    "dynamics",
    ["first-order", "heavy-ball:beta=-1/2", "unrolled:steps=2", "optimal", "optimal:noise=1e-3"],
)
def test_chunks_do_not_change_a_bit(dynamics: str) -> None:
    m = TINY.at(dynamics=dynamics)
    whole, moved = followed(m)
    follow = follower(m)
    for cells in (slice(0, 1), slice(1, 5), slice(5, 9)):
        part, rest = follow(cells, m.starts(cells), lambda: None)
        assert part.tobytes() == whole[cells].tobytes()
        assert rest.tobytes() == moved[cells].tobytes()


def test_segments_do_not_change_a_bit(monkeypatch: pytest.MonkeyPatch) -> None:
    m = TINY.at(dynamics="heavy-ball:beta=1/2", iterations=130)
    one, _ = followed(m)
    monkeypatch.setattr("symgan.sweep.dynamics.SEGMENT", 7)
    other, _ = followed(m)
    assert one.tobytes() == other.tobytes()


def test_movement_is_that_of_the_last_steps() -> None:
    """The range over the window, against the orbit kept step by step."""
    m = TINY.at(iterations=140)
    kernel = compile(system(m), backend=m.backend)
    path = kernel.trajectory(m.starts(slice(0, 9)), 140)[40:]
    final, moved = followed(m)
    assert final.tobytes() == path[-1].tobytes()
    assert np.array_equal(moved, path.max(axis=0) - path.min(axis=0))


def test_lookahead_is_the_rule_written_out() -> None:
    """The program of two fast steps against the formula of `rules.lookahead`."""
    m = TINY.at(dynamics="lookahead:k=2,alpha=1/3", iterations=5)
    from symgan.games.mixture import Mixture, mixture_gan

    gan = mixture_gan(truth=Mixture((Fraction(-1, 2), Fraction(1, 2))))
    rule = lookahead(simultaneous, k=2, alpha=Fraction(1, 3))
    expected = compile(rule(gan.game, Fraction(3, 10))).iterate(m.starts(slice(0, 9)), 5)
    # Five steps of two roundings more or less; states are of size 3.
    assert np.allclose(followed(m)[0], expected, rtol=0, atol=1e-13)


@pytest.mark.parametrize(
    ("repair", "intervals"),
    [("clamped", "narrow:1/5"), ("frozen", "narrow:1/5"), ("frozen", "pairs:2")],
)
def test_repairs_keep_the_order_that_the_print_loses(repair: str, intervals: str) -> None:
    m = MixtureMap(count=3, draws=20, iterations=200, intervals=intervals)
    literal, _ = followed(m)
    assert (literal[..., 4:] < literal[..., 2:4]).any()
    repaired, _ = followed(m.at(repair=repair))
    assert (repaired[..., 4:] >= repaired[..., 2:4]).all()
    if intervals.startswith("narrow"):
        assert (repaired[..., 4] <= repaired[..., 3]).all()


def test_noise_is_small_seeded_and_parts_equal_means() -> None:
    m = TINY.at(dynamics="optimal:noise=1e-3", iterations=3)
    noisy, again = followed(m)[0][..., :2], followed(m)[0][..., :2]
    plain = followed(m.at(dynamics="optimal"))[0][..., :2]
    assert noisy.tobytes() == again.tobytes()
    assert plain.shape[1] == 1
    gap = np.abs(noisy - plain)
    assert 1e-5 < np.median(gap) < 1e-2  # three steps of 1e-3, and what they grow to
    diagonal = m.means[:, 0] == m.means[:, 1]
    assert (plain[diagonal, :, 0] == plain[diagonal, :, 1]).all()
    assert (noisy[diagonal, :, 0] != noisy[diagonal, :, 1]).all()


def test_a_store_of_a_map_can_be_read_back(tmp_path: Path) -> None:
    m = MixtureMap(count=4, draws=3, iterations=50, truth=(Fraction(-1), Fraction(1, 3)), seed=5)
    store = open_store(tmp_path / "s", m.declaration())
    run(store, m.compute(), threads=1)
    assert MixtureMap.from_settings(m.settings()) == m
    found = outcomes(tmp_path / "s", "mine")
    data = store.dataset()
    assert found.name == "mine"
    assert np.array_equal(found.means, m.means)
    for t in THRESHOLDS:
        assert np.array_equal(found.success(t), data["tv"].values < t)
    tv = total_variation([-1.0, 1 / 3], data["final"].values[..., :2])
    assert tv.tobytes() == data["tv"].values.tobytes()
    rows = shares(found)
    assert rows["TV < 0.2"].trials == 12 * 3
    assert rows["equal initial means, TV < 0.1"].trials == 4 * 3


def test_outcomes_of_nothing_and_of_another_sweep_are_refused(tmp_path: Path) -> None:
    from tests.sweep.sweeps import declared

    open_store(tmp_path / "new", TINY.declaration())
    with pytest.raises(BadData, match="nothing is done yet"):
        outcomes(tmp_path / "new")
    open_store(tmp_path / "other", declared())
    with pytest.raises(BadData, match="holds another sweep"):
        outcomes(tmp_path / "other")


SETTLED = [0.5, -0.5, -2.0, 1.0, -1.0, 2.0]


@pytest.mark.parametrize(
    ("final", "tv", "moved", "code"),
    [
        (SETTLED, 0.0, 0.0, 0),
        (SETTLED, np.nextafter(0.1, 0), 0.0, 3),
        (SETTLED, 0.1, 0.0, 4),  # not below
        (SETTLED, 0.7, 0.0, 5),
        ([0.1, 0.1009, *SETTLED[2:]], 0.0, 0.0, 8),
        ([*SETTLED[:2], 1, 2, 1.0005, 1.9995], 0.0, 0.0, 16),
        ([*SETTLED[:2], 1, 2, 1.0005, 2.5], 0.0, 0.0, 0),  # one interval alone is closed
        ([*SETTLED[:2], 1, 2, 1.5, 1.9], 0.0, 0.0, 32),
        ([*SETTLED[:2], -np.inf, np.inf, -1, np.inf], 0.0, 0.0, 0),  # an optimal discriminator
        (SETTLED, 0.0, 0.002, 64),
    ],
)
def test_outcomes_say_what_they_mean(final: Any, tv: float, moved: float, code: int) -> None:
    codes, _ = encode(final, tv, [moved] * 6)
    assert int(codes) == code


@pytest.mark.parametrize(("final", "tv"), [([np.inf, *SETTLED[1:]], 0.5), (SETTLED, np.nan)])
def test_runs_that_leave_the_numbers_are_not_judged(final: Any, tv: float) -> None:
    with pytest.raises(BadData, match="left the real numbers"):
        encode(final, tv, [0.0] * 6)


@pytest.mark.parametrize(
    ("changes", "error", "match"),
    [
        ({"count": 1}, BadData, "count = 1; give a whole number, at least 2"),
        ({"count": 0}, BadData, "count = 0"),
        ({"draws": 0}, BadData, "draws = 0; give a whole number, at least 1"),
        ({"draws": 2.5}, BadData, "draws = 2.5; give a whole number"),
        ({"iterations": 0}, BadData, "iterations = 0"),
        ({"truth": (float("nan"), 0.5)}, BadData, "a true mean = nan is not a finite number"),
        ({"truth": ("inf", 0.5)}, BadData, "a true mean = inf is not a finite number"),
        ({"truth": (1,)}, BadData, "1 true means; the map is of two"),
        ({"low": "nan"}, BadData, "low = nan is not a finite number"),
        ({"high": float("inf")}, BadData, "high = inf is not a finite number"),
        ({"low": 1, "high": 1}, BadData, "the grid from 1 to 1 is empty"),
        ({"eta": 0}, BadData, "eta = 0 is not positive"),
        ({"repair": "sorted"}, BadData, "repair = 'sorted'; choose one of: literal"),
        ({"dynamics": "nonsense"}, UnknownName, "no dynamics are called 'nonsense'"),
        ({"dynamics": "unrolled:5"}, BadData, "write it like unrolled:steps=5"),
        ({"dynamics": "optimal:noise=-1"}, BadData, "write optimal or optimal:noise=1e-6"),
        ({"dynamics": "optimal:steps=5"}, BadData, "write optimal or optimal:noise=1e-6"),
        ({"intervals": "cauchy"}, UnknownName, "no distribution of intervals"),
    ],
)
def test_wrong_settings_are_refused(changes: Any, error: type[Exception], match: str) -> None:
    with pytest.raises(error, match=match):
        TINY.at(**changes)


@pytest.mark.parametrize(
    ("dynamics", "match"),
    [
        ("extragradient:nonsense=1", "cannot build the dynamics 'extragradient:nonsense=1'"),
        ("proximal-point", "has no formula on this game"),
        ("unrolled:steps=0", "steps = 0"),
    ],
)
def test_rules_that_cannot_be_built_are_refused(dynamics: str, match: str) -> None:
    with pytest.raises(GameError, match=match):
        TINY.at(dynamics=dynamics).compute()


def test_options_are_read_as_numbers_switches_and_names() -> None:
    parsed = Dynamics.parse("unrolled:steps=5,through=false,inner=1/3,order=x")
    assert {k: str(v) for k, v in parsed.values.items()} == {
        "steps": "5", "through": "False", "inner": "1/3", "order": "x",
    }  # fmt: skip
    assert str(parsed) == "unrolled:steps=5,through=false,inner=1/3,order=x"
