r"""The second route for the tables: the same files, read and counted by other means.

No code of `symgan.data`, `symgan.stats` or `tables` is used: lines are split by hand,
values are decimals, ranks are places in a sorted list (equal values are refused, since
places would then be arbitrary), tests are quadratures and a Fourier inversion.
"""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import mpmath
import numpy as np

KIND = "recounted:csv"
METHODS = ["Sim", "Alt1", "Alt5", "Dyn"]


@cache
def lines(name: str) -> list[list[str]]:
    """The fields of a data file, without its header."""
    text = files("symgan.data").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return [line.split(",") for line in text.strip().splitlines()[1:]]


def scores() -> dict[tuple[str, str], dict[str, Decimal]]:
    """(dataset, GAN) -> method -> value, over both tables."""
    found: dict[tuple[str, str], dict[str, Decimal]] = {}
    for name in ("dynamic_table1", "dynamic_table2"):
        for gan, method, dataset, value, _ in lines(name):
            found.setdefault((dataset, gan.replace(" GAN", "-GAN")), {})[method] = Decimal(value)
    return found


def place(values: dict[str, Decimal], method: str) -> int:
    """The place of a method in the sorted list of a pair's values, from 1."""
    ordered = sorted(values.values())
    if len(set(ordered)) < len(ordered):
        raise ValueError(f"equal values {ordered}: places are not ranks")
    return ordered.index(values[method]) + 1


def average(dataset: str, method: str) -> Any:
    """The average place of a method over a dataset's GANs."""
    places = [place(v, method) for (name, _), v in scores().items() if name == dataset]
    return mpmath.fsum(places) / len(places)


def printed(dataset: str, method: str) -> Any:
    """The average rank that the table prints."""
    found = [row[3] for row in lines("dynamic_average_ranks") if row[1:3] == [method, dataset]]
    return mpmath.mpf(found[0])


def marked(dataset: str, gan: str) -> list[str]:
    """The methods underlined in a pair."""
    rows = lines("dynamic_table1") + lines("dynamic_table2")
    names = (gan, gan.replace("-GAN", " GAN"))
    return [r[1] for r in rows if r[0] in names and r[2] == dataset and r[4] == "yes"]


def rank_of(gan: str, dataset: str, method: str) -> int:
    """The place of one cell in its pair."""
    return place(scores()[dataset, gan], method)


def agreeing(datasets: tuple[str, ...]) -> int:
    """How many pairs have exactly their second best value underlined."""
    return sum(
        marked(dataset, gan) == [m for m in METHODS if place(values, m) == 2]
        for (dataset, gan), values in scores().items()
        if dataset in datasets
    )


def won(method: str, datasets: tuple[str, ...]) -> int:
    """In how many pairs a method has the smallest value."""
    kept = [v for (dataset, _), v in scores().items() if dataset in datasets]
    return sum(min(values, key=lambda m: values[m]) == method for values in kept)


def sums(datasets: tuple[str, ...]) -> list[int]:
    """The methods' sums of places over the pairs of some datasets."""
    kept = [v for (dataset, _), v in scores().items() if dataset in datasets]
    return [sum(place(values, method) for values in kept) for method in METHODS]


def statistic(totals: list[int], blocks: int) -> Any:
    """Friedman's statistic from integer sums, without ties: twelve times the variance."""
    center = mpmath.mpf(5) * blocks / 2
    return 12 * mpmath.fsum((s - center) ** 2 for s in totals) / (20 * blocks)


def chi_square_p(totals: list[int], blocks: int) -> Any:
    """The chi-square tail with three degrees of freedom, by quadrature of its density."""
    q = statistic(totals, blocks)

    def density(x: Any) -> Any:
        return mpmath.sqrt(x / (2 * mpmath.pi)) * mpmath.exp(-x / 2)

    return mpmath.quad(density, [q, q + 5, q + 20, q + 80, mpmath.inf])


def normal_p(z: Any) -> Any:
    """The two-sided normal tail, by quadrature of its density."""
    return 2 * mpmath.quad(mpmath.npdf, [abs(z), abs(z) + 3, abs(z) + 10, mpmath.inf])


def _power(base: np.ndarray, exponent: int) -> np.ndarray:
    """A power by squaring: much cheaper than the power of complex numbers."""
    if exponent == 1:
        return base
    root = _power(base, exponent // 2)
    return root * root * base if exponent % 2 else root * root


def permutation_p(totals: list[int], blocks: int) -> Any:
    """The permutation p-value by Fourier inversion of one block's characteristic function.

    Sums of three methods determine the fourth. A grid of N > 3 n points in each direction
    holds every sum without overlap, so the inversion is exact up to rounding: about 10^-16
    for each of the N^3 probabilities, which are added up where the statistic is reached.
    """
    size = 3 * blocks + 1
    steps = np.exp(-2j * np.pi * np.arange(size) / size)
    powers = [steps**rank for rank in range(4)]
    half = size // 2 + 1  # the probabilities are real: the other half is conjugate
    block = np.zeros((size, size, half), dtype=complex)
    for i in range(4):
        for j in {0, 1, 2, 3} - {i}:
            rest = sum(powers[k][:half] for k in {0, 1, 2, 3} - {i, j})
            block += (powers[i][:, None] * powers[j])[:, :, None] * rest
    chance = np.fft.irfftn(_power(block / 24, blocks), s=(size, size, size), axes=(0, 1, 2))
    s = np.arange(size) - 1.5 * blocks
    a, b, c = s[:, None, None], s[None, :, None], s[None, None, :]
    spread = a**2 + b**2 + c**2 + (a + b + c) ** 2
    reached = sum((total - 2.5 * blocks) ** 2 for total in totals)
    return mpmath.mpf(float(chance[spread >= reached].sum()))


def setting(name: str, datasets: str, where: str) -> Any:
    """One number of the experimental setup as the paper states it in a place."""
    found = [r[3] for r in lines("dynamic_settings") if r[:3] == [name, datasets, where]]
    return mpmath.mpf(found[0])
