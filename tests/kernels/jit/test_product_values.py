"""What products make of whole numbers, zeros, infinities, NaNs and the smallest numbers."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from symgan.kernels.jit.product_entry import ACROSS, ADDED, ALONG
from tests.kernels.jit.instructions import MACHINES, TYPES, at, drawn, run, sizes, whole

SHAPES = [(1, 1), (3, 2), (4, 4), (5, 6), (9, 5)]
"""Outputs and inputs, with blocks of rows and columns and with some left over."""
every_machine = pytest.mark.parametrize("bits", MACHINES)
every_type = pytest.mark.parametrize("dtype", TYPES)
Array = NDArray[Any]


def same(found: Array, expected: Array) -> bool:
    """Equal to the sign of zeros; any NaN is like any other."""
    signs = np.signbit(found) == np.signbit(expected)
    return np.array_equal(found, expected, equal_nan=True) and bool(
        (signs | np.isnan(expected)).all()
    )


def over_the_batch(kind: int, bits: str, D: Array, H: Array, before: Array) -> Array:
    """What one member's instruction makes of what is there; numbers beside it stay."""
    (outputs, batch), inputs = D.shape, len(H)
    room = np.full((outputs, inputs + 3), 7, D.dtype)
    room[:, 1 : inputs + 1] = before
    given = {"kind": kind, "outputs": outputs, "inputs": inputs, "batch": batch}
    given |= {"out": room.ctypes.data + room.itemsize, "out_row": inputs + 3}
    D, H = followed(D), followed(H)
    run(str(D.dtype), [given | at("A", D[None]) | at("H", H[None])], [0], target=MACHINES[bits])
    assert (room[:, 0] == 7).all()
    assert (room[:, inputs + 1 :] == 7).all()
    return room[:, 1 : inputs + 1]


def followed(rows: Array) -> Array:
    """The same rows, followed by what is no number."""
    room = np.full(rows.size + 16, np.nan, rows.dtype)
    room[: rows.size] = rows.ravel()
    return room[: rows.size].reshape(rows.shape)


def with_the_batch(
    bits: str, A: Array, bias: Array, H: Array, slope: float, mask: Array | None = None
) -> Array:
    """One member's layer."""
    (outputs, inputs), batch = A.shape, H.shape[1]
    out, s, H = np.full((outputs, batch), 7, A.dtype), np.array([slope], A.dtype), followed(H)
    given = {"kind": ALONG, "outputs": outputs, "inputs": inputs, "batch": batch}
    given |= {"A_row": inputs, "A_column": 1, "bias_row": 1, "slope": s.ctypes.data}
    given |= at("A", A[None]) | at("bias", bias[None]) | at("H", H[None]) | at("out", out[None])
    if mask is not None:
        given |= at("mask", mask[None])
    run(str(A.dtype), [given], [0], target=MACHINES[bits])
    return out


@every_machine
@every_type
def test_sums_over_the_batch_of_whole_numbers_are_exact(dtype: str, bits: str) -> None:
    for (outputs, inputs), batch in product(SHAPES, sizes(dtype)):
        D, H = whole(0, dtype, outputs, batch), whole(1, dtype, inputs, batch)
        D[-1, -1], H[-1, -1] = 2, 3  # the last product counts
        before = whole(2, dtype, outputs, inputs) + 20
        total = D.astype(int) @ H.astype(int).T
        made = over_the_batch(ACROSS, bits, D, H, before)
        added = over_the_batch(ADDED, bits, D, H, before)
        assert np.array_equal(made, total)
        assert np.array_equal(added, before + total)
        assert not np.array_equal(made, added)
        D[-1, -1] += 1
        assert not np.array_equal(over_the_batch(ADDED, bits, D, H, before), before + total)


@every_machine
@every_type
def test_what_is_added_is_rounded_once_more(dtype: str, bits: str) -> None:
    for (outputs, inputs), batch in product(SHAPES, sizes(dtype)):
        D, H = drawn(0, dtype, outputs, batch), drawn(1, dtype, inputs, batch)
        before = drawn(2, dtype, outputs, inputs)
        total = over_the_batch(ACROSS, bits, D, H, before)
        added = over_the_batch(ADDED, bits, D, H, before)
        assert same(added, before + total)
        apart = 2 * np.spacing(np.abs(before) + np.abs(total))
        assert not same(added, (before + apart) + total)


@every_machine
@every_type
@pytest.mark.parametrize("wrong", [np.nan, np.inf, -np.inf], ids=str)
@pytest.mark.parametrize("where", ["D", "H", "before"])
def test_what_is_not_finite_shows_where_it_belongs(
    dtype: str, bits: str, wrong: float, where: str
) -> None:
    (outputs, inputs), tried = (5, 6), set[bool]()
    for batch in sizes(dtype):
        for place in {0, batch // 2, batch - 1}:
            D, H = whole(0, dtype, outputs, batch), whole(1, dtype, inputs, batch)
            H[1, place] = 0  # 0 times an infinity
            before = whole(2, dtype, outputs, inputs)
            row = {"D": D[4], "H": H[5], "before": before[2]}[where]
            row[place % len(row)] = wrong
            with np.errstate(invalid="ignore"):
                terms = D[:, None, :] * H[None, :, :]
                expected = before + terms.sum(2)
            found = over_the_batch(ADDED, bits, D, H, before)
            assert same(found + 0.0, expected + 0.0)
            assert not np.isfinite(found).all()
            tried.add(bool(np.isfinite(found).any()))
            other = np.roll(expected, 1, 0)
            assert not same(found + 0.0, other + 0.0)
    assert True in tried


@every_machine
@every_type
def test_the_smallest_numbers_are_kept(dtype: str, bits: str) -> None:
    """Sums of whole multiples of the smallest number are exact: nothing is taken for zero."""
    tiny = np.finfo(dtype).smallest_subnormal
    for batch in sizes(dtype):
        D, H = whole(0, dtype, 5, batch), whole(1, dtype, 6, batch)
        before = whole(2, dtype, 5, 6)
        total = before + D @ H.T
        found = over_the_batch(ADDED, bits, D * tiny, H, before * tiny)
        assert np.array_equal(found, total * tiny)
        assert np.any(found != 0)
        bias, A = whole(3, dtype, 6), whole(4, dtype, 6, 5)
        layer = with_the_batch(bits, A, bias * tiny, D * tiny, 1.0)
        assert np.array_equal(layer, (A @ D + bias[:, None]) * tiny)
        assert not np.array_equal(layer, (A @ D + bias[:, None] + 1) * tiny)


@every_machine
@every_type
def test_signs_of_zeros(dtype: str, bits: str) -> None:
    """Sums over the batch begin at +0, so that they never end at -0; layers begin at the bias."""
    zero, one = np.zeros((1, 3), dtype), np.ones((1, 3), dtype)
    for before, d in product((0.0, -0.0), (0.0, -0.0)):
        there = np.full((1, 1), before, dtype)
        for kind in (ACROSS, ADDED):
            found = over_the_batch(kind, bits, zero + d, one, there)
            assert same(found, np.zeros((1, 1), dtype))
            assert not same(found, -np.zeros((1, 1), dtype))
    for bias, w, h, slope in product((0.0, -0.0), (1.0, -1.0), (0.0, -0.0), (1.0, 0.25, 0.0)):
        given = [np.array([x], dtype) for x in (bias, w, h)]
        value = given[0] + given[1] * given[2]
        found = with_the_batch(bits, given[1][None], given[0], np.repeat(given[2], 3)[None], slope)
        expected = np.repeat(value * np.array(slope, dtype), 3)[None]
        assert same(found, expected)
        assert not same(found, -expected)


@every_machine
@every_type
@pytest.mark.parametrize("slope", [0.0, 0.25, 1.0])
def test_slopes_go_by_the_mask_alone(dtype: str, bits: str, slope: float) -> None:
    """All pairs of a value and a mask, over the places of a vector and behind it."""
    s, tiny = np.array(slope, dtype), 4 * np.finfo(dtype).smallest_subnormal
    most = np.finfo(dtype).max
    kinds = [np.nan, np.inf, -np.inf, 0.0, -0.0, tiny, -tiny, 1.5, -1.5, most]
    pairs = np.random.default_rng(0).permutation(np.array(list(product(kinds, kinds)), dtype))
    for batch in sizes(dtype):
        values, masks = (np.resize(pairs[:, i], (1, batch)) for i in range(2))
        A, bias = np.ones((1, 1), dtype), np.full(1, -0.0, dtype)
        for mask in (masks, None):
            found = with_the_batch(bits, A, bias, values, slope, mask)
            by = values if mask is None else mask
            with np.errstate(invalid="ignore"):
                low = s * values
            assert same(found, np.where(by > 0, values, low))
            if slope == 0.25 and batch == max(sizes(dtype)):
                assert not same(found, np.where(by > 0, low, values))
                if mask is not None:  # a zero's own product is a zero on either side
                    assert not same(found, np.where(by >= 0, values, low))
                    assert not same(found, np.where(by < 0, low, values))


@every_machine
@every_type
def test_layers_of_whole_numbers_are_exact(dtype: str, bits: str) -> None:
    for (outputs, inputs), batch in product(SHAPES, sizes(dtype)):
        A, H = whole(0, dtype, outputs, inputs), whole(1, dtype, inputs, batch)
        bias, mask = whole(2, dtype, outputs), whole(3, dtype, outputs, batch)
        A[-1, -1], H[-1, -1], mask[-1, -1] = 2, 3, 1
        value = A.astype(int) @ H.astype(int) + bias.astype(int)[:, None]
        expected = np.where(mask > 0, value, value / 4)
        assert np.array_equal(with_the_batch(bits, A, bias, H, 0.25, mask), expected)
        H[-1, -1] += 1
        assert not np.array_equal(with_the_batch(bits, A, bias, H, 0.25, mask), expected)


@every_machine
def test_a_layer_without_inputs_is_its_bias(bits: str) -> None:
    A, H, bias = np.empty((3, 0)), np.empty((0, 5)), np.array([-0.0, 2.0, -3.0])
    found = with_the_batch(bits, A, bias, H, 0.5)
    assert same(found, np.repeat([[-0.0], [2.0], [-1.5]], 5, 1))


@every_machine
def test_an_empty_batch_adds_nothing(bits: str) -> None:
    before, empty = np.array([[1.0, 2.0]]), np.empty((1, 0))
    found = over_the_batch(ADDED, bits, empty, np.empty((2, 0)), before)
    assert same(found, before)
    assert not same(over_the_batch(ACROSS, bits, empty, np.empty((2, 0)), before), before)
