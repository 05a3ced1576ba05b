"""Small products of many members against sums in exact arithmetic, over all shapes of blocks."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from symgan.kernels.jit.product_blocks import text
from symgan.kernels.jit.product_entry import ACROSS, ALONG
from symgan.kernels.jit.target import Target, host
from tests.kernels.jit.instructions import TYPES, at, drawn, run

SLOPE = 0.25

sizes = st.tuples(
    st.integers(1, 9), st.integers(1, 9), st.sampled_from((1, 7, 8, 15, 16, 17, 63, 64, 65, 130))
)


@pytest.mark.parametrize("dtype", TYPES)
@settings(max_examples=30)
@given(shape=sizes, masked=st.booleans(), transposed=st.booleans(), seed=st.integers(0, 99))
@example(shape=(4, 3, 64), masked=True, transposed=True, seed=0)
@example(shape=(5, 1, 129), masked=False, transposed=False, seed=1)
def test_products_with_a_batch(
    dtype: str, shape: tuple[int, int, int], masked: bool, transposed: bool, seed: int
) -> None:
    outputs, inputs, batch = shape
    kept = drawn(seed, dtype, 3, inputs, outputs) if transposed else None
    A = drawn(seed, dtype, 3, outputs, inputs) if kept is None else kept.transpose(0, 2, 1)
    bias, members = drawn(seed + 1, dtype, 3, outputs), [2, 0]
    H, mask = drawn(seed + 2, dtype, 2, inputs, batch), drawn(seed + 3, dtype, 3, outputs, batch)
    memory, slope = np.full(2 * outputs * batch + 16, 7, dtype), np.array([SLOPE], dtype)
    room = memory[:-16].reshape(2, outputs, batch)
    row, column = (A.strides[i] // A.itemsize for i in (1, 2))
    product = {"kind": ALONG, "outputs": outputs, "inputs": inputs, "batch": batch}
    product |= {"A_row": row, "A_column": column, "bias_row": 1, "slope": slope.ctypes.data}
    product |= at("A", A) | at("bias", bias) | at("H", H, place=True) | at("out", room, place=True)
    run(dtype, [product | (at("mask", mask) if masked else {})], members)
    a, h = A[members].astype(np.longdouble), H.astype(np.longdouble)
    value = a @ h + bias[members].astype(np.longdouble)[:, :, None]
    other = mask[members] if masked else value
    size = np.abs(a) @ np.abs(h) + np.abs(bias[members])[:, :, None]
    expected = np.where(other > 0, value, SLOPE * value)
    # every term is rounded as often as there are terms after it, and once more by the slope
    assert np.all(np.abs(room - expected) <= (inputs + 2) * np.finfo(dtype).eps * size)
    wrong = np.where(other > 0, value, 2 * SLOPE * value)
    assert np.allclose(room, wrong) == bool((other > 0).all())
    assert (memory[-16:] == 7).all()  # the last vector ends with the batch


@pytest.mark.parametrize("dtype", TYPES)
@settings(max_examples=30)
@given(shape=sizes, seed=st.integers(0, 99), whole=st.booleans())
@example(shape=(4, 4, 64), seed=0, whole=True)
@example(shape=(9, 5, 15), seed=1, whole=False)
def test_products_over_the_batch(
    dtype: str, shape: tuple[int, int, int], seed: int, whole: bool
) -> None:
    outputs, inputs, batch = shape
    D, members = drawn(seed, dtype, 2, outputs, batch), [1, 2]
    H = drawn(seed + 1, dtype, 3 if whole else 2, inputs, batch)
    flat = np.full((2, outputs * inputs + 2), 7, dtype)  # written from the second entry on
    product = {"kind": ACROSS, "outputs": outputs, "inputs": inputs, "batch": batch}
    product |= at("A", D, place=True) | at("H", H, place=not whole) | at("out", flat, place=True)
    product |= {"out": flat.ctypes.data + flat.itemsize, "out_row": inputs}
    run(dtype, [product], members)
    d = D.astype(np.longdouble)
    h = (H[members] if whole else H).astype(np.longdouble).transpose(0, 2, 1)
    found = flat[:, 1:-1].reshape(2, outputs, inputs)
    terms = np.abs(d) @ np.abs(h)
    lanes = 64 // np.dtype(dtype).itemsize  # a lane adds its share, then halves are added
    rounds = -(-batch // lanes) + int(np.log2(lanes)) + 1
    assert np.all(np.abs(found - d @ h) <= rounds * np.finfo(dtype).eps * terms)
    assert (flat[:, [0, -1]] == 7).all()


def test_parts_and_other_members_change_no_bit() -> None:
    A, H = drawn(0, "float32", 5, 16, 16), drawn(1, "float32", 5, 16, 100)
    bias, slope = np.zeros(1, np.float32), np.array([SLOPE], np.float32)
    rooms = [np.empty((5, 16, 100), np.float32) for _ in range(3)]
    for room, members, parts in zip(
        rooms, ([0, 1, 2, 3, 4],) * 2 + ([3, 0, 4, 1, 2],), (1, 3, 2), strict=True
    ):
        product = {"kind": ALONG, "outputs": 16, "inputs": 16, "batch": 100, "A_row": 16}
        product |= at("A", A) | {"A_column": 1, "bias": bias.ctypes.data} | at("H", H)
        run("float32", [product | at("out", room) | {"slope": slope.ctypes.data}], members, parts)
    assert np.array_equal(rooms[0], rooms[1])
    assert np.array_equal(rooms[0], rooms[2])


def test_what_is_no_number_stays_none() -> None:
    """An infinite weight, or a NaN in the data, shows in the output: members are marked by it."""
    A, H = np.ones((1, 2, 2), np.float32), np.ones((1, 2, 20), np.float32)
    A[0, 0, 0], H[0, 1, 3] = np.inf, np.nan
    bias, slope = np.zeros(1, np.float32), np.array([SLOPE], np.float32)
    room = np.zeros((1, 2, 20), np.float32)
    product = {"kind": ALONG, "outputs": 2, "inputs": 2, "batch": 20, "A_row": 2, "A_column": 1}
    product |= at("A", A) | at("H", H) | at("out", room) | {"slope": slope.ctypes.data}
    run("float32", [product | {"bias": bias.ctypes.data}], [0])
    assert np.isnan(room[0, :, 3]).all()
    assert np.isinf(np.delete(room[0, 0], 3)).all()
    assert (np.delete(room[0, 1], 3) == 2).all()


@pytest.mark.parametrize(("bits", "registers"), [(512, 32), (256, 16), (128, 16)])
def test_text_for_other_machines_is_accepted(bits: int, registers: int) -> None:
    """Written for narrower registers, the code is valid and asks for that width."""
    from symgan.kernels.jit.engine import assembled

    here = host()
    target = Target(here.triple, here.cpu, here.features, bits, registers, fused=bits > 128)
    written = text("float32", target)
    assert f'"prefer-vector-width"="{bits}"' in written
    assert ("@llvm.fma.v16f32(" in written.replace("declare <16 x float> @llvm.fma", "")) == (
        bits > 128
    )
    assert assembled(written, target)
