"""Where a sweep starts: grids, and random numbers that belong to a cell, not to a run."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Sequence
from fractions import Fraction

import numpy as np
from numpy.random import Generator, Philox
from numpy.typing import NDArray

from symgan.errors import BadData

Floats = NDArray[np.float64]


def nodes(low: Fraction, high: Fraction, count: int, name: str = "a side") -> Floats:
    r"""Equidistant nodes, both ends included, each the float64 nearest to its rational value.

    Grids whose rational nodes coincide therefore have coinciding floats.

    Args:
        low, high: the ends, low < high.
        count: how many nodes, at least 2.
        name: of the axis, for messages.

    Raises:
        BadData: fewer than two nodes, or ends out of order.

    >>> nodes(Fraction(-1), Fraction(1), 5).tolist()
    [-1.0, -0.5, 0.0, 0.5, 1.0]
    """
    if count < 2:
        raise BadData(f"a grid of {count} nodes along {name} is empty or a point; give at least 2")
    if not low < high:
        raise BadData(
            f"a grid from {low} to {high} along {name} is empty; its ends must be in order"
        )
    exact = (low + (high - low) * Fraction(i, count - 1) for i in range(count))
    return np.array([float(x) for x in exact])


def product(*sides: Floats) -> Floats:
    """The product grid, array (cells, sides), the last side fastest.

    >>> product(np.array([0.0, 1.0]), np.array([2.0, 3.0])).tolist()
    [[0.0, 2.0], [0.0, 3.0], [1.0, 2.0], [1.0, 3.0]]
    """
    return np.stack([x.ravel() for x in np.meshgrid(*sides, indexing="ij")], axis=-1)


def stream(seed: int, purpose: str, cell: Sequence[float]) -> Generator:
    """The random numbers of a cell: a Philox counter under a key of seed, purpose and cell.

    The cell enters by its coordinates, so that the numbers do not depend on the grid, on chunks
    or on how many threads run; draw d of k numbers has the counters d k, ..., d k + k - 1.

    Args:
        seed: the seed of the sweep.
        purpose: what the numbers are for; different purposes are independent.
        cell: the coordinates; 0.0 and -0.0 are one.

    >>> whole, part = (stream(1, "intervals", (0.5, -1)).random(n) for n in (8, 4))
    >>> bool((whole[:4] == part).all())
    True
    """
    place = struct.pack(f"<{len(cell)}d", *(float(x) + 0.0 for x in cell))
    label = f"symgan:{seed}:{purpose}:".encode()
    digest = hashlib.blake2b(label + place, digest_size=16).digest()
    return Generator(Philox(key=int.from_bytes(digest, "little")))
