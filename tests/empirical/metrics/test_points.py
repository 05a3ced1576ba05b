"""What metrics take for points, and how they say what is wrong with others."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from symgan.empirical.metrics.points import as_features, as_points, batches, same_dimension
from symgan.errors import BadData


def test_arrays_lists_and_tensors_are_points() -> None:
    array = np.arange(6, dtype=np.float32).reshape(3, 2)
    array.setflags(write=False)
    for given in (array, array.tolist(), torch.from_numpy(array.copy()), torch.tensor(array)):
        found = as_points(given)
        assert found.dtype == torch.float64
        assert found.tolist() == [[0.0, 1.0], [2.0, 3.0], [4.0, 5.0]]


def test_points_hold_no_gradient_and_share_nothing_with_arrays() -> None:
    assert not as_points(torch.zeros(2, 2, requires_grad=True)).requires_grad
    array = np.zeros((2, 2))
    found = as_points(array)
    array += 1
    assert float(found.sum()) == 0


def test_pairs_come_in_the_order_of_the_common_shape() -> None:
    x, y = torch.arange(6.0).reshape(3, 1, 2, 1), torch.arange(8.0).reshape(4, 2, 1)
    shape, pairs = batches(x, y)
    assert shape == (3, 4)
    assert torch.equal(pairs[4 * 2 + 1][0], x[2, 0])
    assert torch.equal(pairs[4 * 2 + 1][1], y[1])
    assert len(batches(x[0, 0], y[0])[1]) == 1


def test_the_first_bad_value_is_located() -> None:
    x = torch.zeros(2, 3, 4, 2)
    x[1, 2, 3, 0] = -torch.inf
    with pytest.raises(BadData, match=r"made row 3 of entry \(1, 2\) is not finite; leave out"):
        as_points(x, "made")


def test_leading_axes_and_devices_must_agree() -> None:
    with pytest.raises(BadData, match=r"real has the shape \(1, 2, 3\); it needs \(n, d\)"):
        as_features(torch.zeros(1, 2, 3), "real")
    with pytest.raises(BadData, match="x is on cpu and y on meta; move one"):
        same_dimension(torch.zeros(2, 3), torch.zeros(2, 3, device="meta"))
