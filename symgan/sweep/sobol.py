r"""Sobol's low-discrepancy points, shifted by a seed.

Point i of a dimension is :math:`\bigoplus_j g_j v_j`, with :math:`g` the Gray code of i and
direction numbers :math:`v_j` of a primitive polynomial; a digital shift (the same random word
added bitwise to every point) makes a seeded sample that keeps the net's equidistribution.

Source: Antonov and Saleev 1979; Joe and Kuo 2008 for the direction numbers; Lemieux 2009, section
6.2.1, for the shift.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from symgan.errors import BadData
from symgan.sweep.design import stream

BITS = 32
_POLYNOMIALS = (
    (1, 0, (1,)),
    (2, 1, (1, 3)),
    (3, 1, (1, 3, 1)),
    (3, 2, (1, 1, 1)),
    (4, 1, (1, 1, 3, 3)),
    (4, 4, (1, 3, 5, 13)),
    (5, 2, (1, 1, 5, 5, 17)),
    (5, 4, (1, 1, 5, 5, 5)),
    (5, 7, (1, 1, 7, 11, 19)),
    (5, 11, (1, 1, 5, 1, 1)),
    (5, 13, (1, 1, 1, 3, 11)),
)
"""Degree, inner coefficients as bits, first direction numbers; from the second dimension on."""
DIMENSIONS = len(_POLYNOMIALS) + 1


def sobol(count: int, dimensions: int, seed: int | None = None) -> NDArray[np.float64]:
    """The first points of the sequence, array (count, dimensions), in [0, 1).

    Args:
        count: how many, at least 1 and below 2^32; powers of two are equidistributed best.
        dimensions: from 1 to 12.
        seed: of the digital shift; None for the plain sequence, which starts at 0.

    Raises:
        BadData: numbers out of these ranges.

    >>> sobol(4, 2).tolist()
    [[0.0, 0.0], [0.5, 0.5], [0.75, 0.25], [0.25, 0.75]]
    """
    if not 1 <= dimensions <= DIMENSIONS:
        raise BadData(f"Sobol points have 1 to {DIMENSIONS} dimensions here, not {dimensions}")
    if not 1 <= count < 1 << BITS:
        raise BadData(f"{count} Sobol points; give at least 1 and fewer than 2^{BITS}")
    index = np.arange(count, dtype=np.uint64)
    gray = index ^ (index >> np.uint64(1))
    words = np.zeros((count, dimensions), dtype=np.uint64)
    for d in range(dimensions):
        for bit, direction in enumerate(_directions(d)):
            here = (gray >> np.uint64(bit)) & np.uint64(1)
            words[:, d] ^= here * np.uint64(direction)
    if seed is not None:
        shift = stream(seed, "sobol", ()).integers(1 << BITS, size=DIMENSIONS, dtype=np.uint64)
        words ^= shift[:dimensions]
    return words.astype(np.float64) * 2.0**-BITS


def _directions(dimension: int) -> list[int]:
    """The direction numbers of a dimension as words, the first one the half."""
    if dimension == 0:
        return [1 << (BITS - 1 - j) for j in range(BITS)]
    degree, inner, first = _POLYNOMIALS[dimension - 1]
    found = [m << (BITS - 1 - j) for j, m in enumerate(first)]
    for j in range(degree, BITS):
        word = found[j - degree] ^ (found[j - degree] >> degree)
        for k in range(1, degree):
            if (inner >> (degree - 1 - k)) & 1:
                word ^= found[j - k]
        found.append(word)
    return found
