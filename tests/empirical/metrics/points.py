"""Samples for the tests of metrics: few points, with ties, duplicates and far scales on purpose."""

from __future__ import annotations

import torch
from hypothesis import strategies as st
from torch import Tensor

EPSILON = torch.finfo(torch.float64).eps

values = st.sampled_from([0.0, 1.0, -1.0, 0.5, 1e-9, 1e9]) | st.floats(-10, 10, width=32)
"""Coordinates; the sampled ones make ties, duplicates and cancellation."""


def samples(n: int | st.SearchStrategy[int], dimension: int) -> st.SearchStrategy[Tensor]:
    """Tensors of shape (n, dimension), float64."""
    sizes = st.just(n) if isinstance(n, int) else n
    row = st.lists(values, min_size=dimension, max_size=dimension)
    return sizes.flatmap(lambda k: st.lists(row, min_size=k, max_size=k)).map(
        lambda rows: torch.tensor(rows, dtype=torch.float64)
    )


def normal(seed: int, *shape: int) -> Tensor:
    """Standard normal numbers, float64."""
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, generator=generator, dtype=torch.float64)


def extent(*points: Tensor) -> float:
    """The largest coordinate, and 1e-300 at least: what rounding errors are relative to."""
    return max(1e-300, *(float(x.abs().max()) for x in points))
