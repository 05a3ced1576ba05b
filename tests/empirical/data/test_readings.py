"""What speaks for each reading of the paper's sentences, as the docstrings and docs/DATA.md say."""

from __future__ import annotations

import csv
from importlib.resources import files

import mpmath
import numpy as np
import pytest

from symgan.empirical.data import Curve, Ring, Spiral


def test_the_printed_variance_leaves_no_ring() -> None:
    letter, ring = Ring(spread_is="variance"), Ring()
    angle = np.linspace(0, 2 * np.pi, 721)
    around = 0.5 * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    swing = [float(np.ptp(np.exp(law.log_density(around)))) for law in (letter, ring)]
    least = [float(np.exp(law.log_density(around)).min()) for law in (letter, ring)]
    # e^(k cos 8 phi): the first harmonic is 2 I_8(k)/I_0(k) with k = (R / sigma)^2 = 5.
    bessel = 4 * float(mpmath.besseli(8, 5) / mpmath.besseli(0, 5))
    assert swing[0] / least[0] == pytest.approx(0.011, abs=5e-4)
    assert swing[0] / least[0] == pytest.approx(bessel, rel=0.01)  # first order in itself
    assert swing[1] / least[1] > 1000
    gap = float(np.hypot(*(ring.centers[1] - ring.centers[0])))
    assert (gap / letter.deviation, gap / ring.deviation) == pytest.approx((1.71, 7.65), abs=0.01)


def printed() -> dict[tuple[str, str], dict[str, float]]:
    """The paper's table of Wasserstein distances: (GAN, order) -> data set -> value."""
    text = (files("symgan.data") / "dynamic_table1.csv").read_text(encoding="utf-8")
    table: dict[tuple[str, str], dict[str, float]] = {}
    for row in csv.DictReader(text.splitlines()):
        table.setdefault((row["gan"], row["method"]), {})[row["dataset"]] = float(row["value"])
    return table


def test_what_the_printed_table_says_about_the_ring() -> None:
    lost = [row for row in printed().values() if row["Ring"] > 0.3 and row["Circle"] < 0.1]
    assert len(lost) == 6
    assert max(row["Circle"] for row in lost) == 0.0235
    assert min(row["Ring"] for row in lost) == 0.3377
    assert max(row["Ring"] for row in lost) == 0.767


def farthest(law: Curve) -> float:
    """The largest Wasserstein distance between the law and one of its own points."""
    points = law.curve(1500)
    return max(float(np.hypot(*(points - point).T).mean()) for point in points[::15])


def test_what_the_printed_table_says_about_the_size_of_the_spiral() -> None:
    values = sorted(row["Spiral"] for row in printed().values())
    assert values[-2:] == [0.6271, 0.6602]
    assert farthest(Spiral(radius=0.5)) < 0.57
    assert farthest(Spiral(radius=1.0)) > 1.0
    center = np.hypot(*Spiral().curve(20_001).T).mean()  # from the origin: 2R/3
    assert center == pytest.approx(2 / 3, abs=1e-9)
