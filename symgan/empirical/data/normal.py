r"""Normal draws from uniform ones, row by row.

Box and Muller 1958: for u, v uniform, sqrt(-2 log u) (cos 2 pi v, sin 2 pi v) is a pair of
independent standard normals. `torch.randn` fills long tensors another way than short ones, so
that n rows and then m are not the n + m rows drawn at once; here each row takes a fixed number
of uniform draws, and its bits depend on those alone. NumPy evaluates the functions: element
by element, on one thread.
"""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

_CHUNK = 4096  # pairs evaluated together, so that intermediate arrays stay in the cache


def box_muller(uniform: NDArray[np.float64]) -> NDArray[np.float64]:
    """Standard normal draws from pairs of uniform draws on [0, 1).

    The 53 bits of a draw cut the tails at 8.6, beyond which a normal draw falls with
    probability 1e-17.

    Args:
        uniform: shape (..., 2).

    Returns:
        Shape (..., 2).

    >>> box_muller(np.array([[1 - np.exp(-2.0), 0.25]])).round(12)  # sqrt(4), a quarter turn
    array([[0., 2.]])
    """
    pairs = uniform.reshape(-1, 2)
    drawn = np.empty(pairs.shape)
    for first in range(0, len(pairs), _CHUNK):
        part = slice(first, first + _CHUNK)
        u, v = np.ascontiguousarray(pairs[part].T)
        length, angle = np.sqrt(-2 * np.log1p(-u)), (2 * np.pi) * v
        drawn[part, 0], drawn[part, 1] = length * np.cos(angle), length * np.sin(angle)
    return drawn.reshape(uniform.shape)


def normal(shape: tuple[int, ...], generator: torch.Generator) -> torch.Tensor:
    """Standard normal draws in double precision, on the processor.

    Rows along the last axis are independent of how many are drawn at once: drawing n and then
    m gives the bits of drawing n + m. A row of odd length drops its last draw.

    Args:
        shape: of the result, at least one axis.
        generator: a CPU generator; it advances.

    >>> a, b = torch.Generator().manual_seed(1), torch.Generator().manual_seed(1)
    >>> whole = normal((5, 3), a)
    >>> torch.equal(whole, torch.cat([normal((2, 3), b), normal((3, 3), b)]))
    True
    """
    *rows, length = shape
    pairs = (length + 1) // 2
    uniform = torch.rand((*rows, pairs, 2), generator=generator, dtype=torch.float64)
    values = box_muller(uniform.numpy()).reshape(*rows, 2 * pairs)
    return torch.from_numpy(np.ascontiguousarray(values[..., :length]))
