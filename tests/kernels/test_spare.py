"""Memory of results is used again, and never while anybody holds it."""

from __future__ import annotations

import gc
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import sympy as sp

from symgan.kernels import compile
from symgan.kernels.spare import LEAST, MOST, Spare

DOUBLE = np.dtype(float)
SHAPE = (2, LEAST // 8)


def place(array: np.ndarray) -> int:
    return array.ctypes.data


def test_a_view_keeps_the_loan() -> None:
    spare = Spare()
    whole = spare.array(SHAPE, DOUBLE)
    first, view = place(whole), whole[1, ::7].T.reshape(-1)
    del whole
    gc.collect()
    other = spare.array(SHAPE, DOUBLE)
    assert place(other) != first
    del view
    assert place(spare.array(SHAPE, DOUBLE)) == first


@pytest.mark.parametrize("size", [1, LEAST // 8 - 1, MOST // 8 + 1])
def test_small_and_huge_results_are_not_kept(size: int) -> None:
    spare = Spare()
    first = spare.array((size,), DOUBLE)
    assert first.base is None
    assert first.shape == (size,)


def test_memory_that_does_not_fit_is_let_go() -> None:
    spare = Spare()
    small = spare.array(SHAPE, DOUBLE)
    del small
    larger = spare.array((4, SHAPE[1]), DOUBLE)
    larger[:] = 1
    first = place(larger)
    del larger
    assert place(spare.array((2, SHAPE[1]), np.dtype(np.float32))) == first
    tiny = spare.array((1, LEAST // 4), np.dtype(np.float32))
    assert tiny.nbytes == LEAST
    assert tiny.dtype == np.float32


@pytest.mark.parametrize("backend", ["jit", "numpy"])
def test_results_that_are_held_stay_as_they_are(backend: str) -> None:
    """Also where several threads call one kernel, and where a result is written to."""
    x = sp.Symbol("x", real=True)
    kernel = compile((x, 2 * x, -x), arguments=(x,), backend=backend)
    points = np.arange(100_000.0)
    results = [kernel({x: points + k}) for k in range(3)]
    results[0][:] = 7
    again = kernel({x: points - 1})
    for k, result in enumerate(results[1:], start=1):
        assert (result[:, 1] == 2 * (points + k)).all()
    assert (again[:, 2] == 1 - points).all()

    def repeated(k: int) -> bool:
        held = [kernel({x: points * k + i}) for i in range(3)]
        return all((h[:, 0] == points * k + i).all() for i, h in enumerate(held))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(repeated, range(8)))
