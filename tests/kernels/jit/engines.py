"""Engines for the tests: bodies on any target that this machine can run, kept nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sympy import Symbol

from symgan.cache import Cache
from symgan.kernels.body import Body
from symgan.kernels.engines import Course, Engine
from symgan.kernels.jit.backend import JitEngine
from symgan.kernels.jit.store import Store
from symgan.kernels.jit.target import Target, host

NARROWER = {512: (512, 32), 256: (256, 16), 128: (128, 16)}


def targets() -> list[Target]:
    """This machine with its own vectors and with narrower ones."""
    found = host()
    widths = [pair for bits, pair in NARROWER.items() if bits <= found.bits]
    return [replace(found, bits=bits, registers=registers) for bits, registers in widths]


@contextmanager
def fresh_store() -> Iterator[Store]:
    """A store that is empty."""
    with TemporaryDirectory() as folder:
        yield Store(Cache(Path(folder) / "kept"))


def engine(body: Body, dtype: Any = np.float64, target: Target | None = None) -> JitEngine:
    """A body compiled anew."""
    with fresh_store() as store:
        return JitEngine(body, np.dtype(dtype), target or host(), store)


def values(body: Body, columns: Sequence[Any], dtype: Any = np.float64) -> NDArray[Any]:
    """The outputs of a body at columns of one length."""
    arrays = [np.asarray(column, dtype) for column in columns]
    return engine(body, dtype).values(arrays, arrays[0].size, 1)


def last(made: Engine, columns: Sequence[Any], steps: int, workers: int = 1) -> NDArray[Any]:
    """The state after a number of steps: array (state, size)."""
    arrays = [np.asarray(column, made.dtype) for column in columns]
    found = np.empty((1, len(made.body.outputs), arrays[0].size), made.dtype)
    made.orbit(arrays, no_noise, Course(0, steps, steps), found, workers)
    return found[0]


def no_noise(step: int, count: int, members: Any) -> NDArray[Any]:
    """What a map without noise is never asked."""
    raise AssertionError(f"noise was asked for at step {step}: {count}, {members}")


def body(
    outputs: Sequence[Any], state: Sequence[Symbol], parameters: Sequence[Symbol] = ()
) -> Body:
    """A body of a state and parameters."""
    roles = dict.fromkeys(state, "state") | dict.fromkeys(parameters, "parameter")
    return Body(roles, tuple(outputs))
