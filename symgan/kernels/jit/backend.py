"""Bodies as machine code: variants are compiled when they are first called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from symgan.kernels.body import NOISE, PARAMETER, STATE, Body
from symgan.kernels.engines import Course, Draw, Engine
from symgan.kernels.jit.calls import Orbit, Variant, evaluate
from symgan.kernels.jit.code import Code, generate
from symgan.kernels.jit.engine import assembled, assembly, loaded
from symgan.kernels.jit.store import Store, fingerprint, key
from symgan.kernels.jit.target import Target
from symgan.kernels.noise import Drawing, Seeded
from symgan.kernels.spare import Spare


class JitEngine(Engine):
    """A body as machine code.

    Args:
        body: what it computes.
        dtype: float64 or float32.
        target: the machine.
        store: where code is kept.

    Raises:
        KernelError: a function no backend knows, or an undeclared symbol.
    """

    name = "jit"

    def __init__(self, body: Body, dtype: np.dtype[Any], target: Target, store: Store) -> None:
        self.body, self.dtype, self._target, self._store = body, dtype, target, store
        self._fingerprint = fingerprint(body)
        self._prepared: Body | None = None
        self._variants: dict[Any, Variant] = {}
        self._spare = Spare()
        computable = key(self._fingerprint, target, "computable")
        if store.find(computable) is None:
            self._ready()
            store.keep(computable, True)

    def _ready(self) -> Body:
        if self._prepared is None:
            self._prepared = self.body.prepared()
        return self._prepared

    @property
    def source(self) -> str:
        """LLVM's text of the outputs, for parameters that all trajectories share."""
        shared = tuple(role == PARAMETER for role in self.body.roles.values())
        return self._code(orbit=False, shared=shared).text

    @property
    def assembly(self) -> str:
        """The same function in the processor's language."""
        return assembly(self.source, self._target)

    def evaluation(self) -> Variant:
        """The function of the outputs, every argument an array."""
        return self._variant(orbit=False, shared=(False,) * len(self.body.roles))

    def values(self, columns: Sequence[NDArray[Any]], size: int, workers: int) -> NDArray[Any]:
        """As `Engine.values`."""
        arrays = [np.ascontiguousarray(c, self.dtype).reshape(np.shape(c)) for c in columns]
        shared = tuple(array.ndim == 0 for array in arrays)
        found = self._spare.array((len(self.body.outputs), size), self.dtype)
        evaluate(self._variant(orbit=False, shared=shared), arrays, found, workers)
        return found

    def orbit(
        self,
        columns: Sequence[NDArray[Any]],
        draw: Draw,
        course: Course,
        found: NDArray[Any],
        workers: int,
    ) -> None:
        """As `Engine.orbit`."""
        arrays = [np.ascontiguousarray(c, self.dtype).reshape(np.shape(c)) for c in columns]
        shared = [False] * len(self.body.roles)
        positions = (*self.body.having(STATE), *self.body.having(PARAMETER))
        for position, array in zip(positions, arrays, strict=True):
            shared[position] = array.ndim == 0
        seeded = self._draws_inside(draw)
        variant = self._variant(orbit=True, shared=tuple(shared), seeded=seeded)
        Orbit(self.body, variant, arrays, draw, course, seeded).fill(found, workers)

    def _draws_inside(self, draw: Draw) -> bool:
        """Whether noise is drawn in the loop: by counter, in float64."""
        seeded = isinstance(draw, Drawing) and isinstance(draw.noise, Seeded)
        return bool(self.body.having(NOISE)) and seeded and self.dtype == np.float64

    def _variant(self, *, orbit: bool, shared: tuple[bool, ...], seeded: bool = False) -> Variant:
        found = self._variants.get((orbit, shared, seeded))
        if found is None:
            lanes, data = self._object(orbit=orbit, shared=shared, seeded=seeded)
            found = Variant(lanes, loaded(data, self._target))
            self._variants[orbit, shared, seeded] = found
        return found

    def _object(self, *, orbit: bool, shared: tuple[bool, ...], seeded: bool) -> tuple[int, bytes]:
        """Lanes and object file, from the disk or made anew."""
        name = key(self._fingerprint, self._target, orbit, shared, seeded, self.dtype.name)
        kept = self._store.find(name)
        if kept is None:
            code = self._code(orbit=orbit, shared=shared, seeded=seeded)
            kept = (code.lanes, assembled(code.text, self._target))
            self._store.keep(name, kept)
        return kept

    def _code(self, *, orbit: bool, shared: tuple[bool, ...], seeded: bool = False) -> Code:
        body, target = self._ready(), self._target
        return generate(body, shared, self.dtype, target, orbit=orbit, seeded=seeded)
