"""Memory for large results, used again once nobody holds the last ones.

Fresh memory is filled with zeros by the operating system, page by page, when it is first written:
for a result of a hundred megabytes this takes longer than the computation of simple
formulas. An engine therefore keeps the memory of one result that has been let go.
"""

from __future__ import annotations

import math
import weakref
from collections import deque
from typing import Any

import numpy as np
from numpy.typing import NDArray

LEAST, MOST = 1 << 20, 1 << 28
"""Bytes of a result whose memory is kept: below, the C library keeps it; above, it is too much to
hold on to."""


class Spare:
    """The memory of at most one result.

    >>> spare = Spare()
    >>> first = spare.array((1024, 1024), np.dtype(float))
    >>> place = first.ctypes.data
    >>> again = spare.array((1024, 1024), np.dtype(float))  # the first is still held
    >>> again.ctypes.data == place
    False
    >>> del first
    >>> spare.array((512, 1024), np.dtype(float)).ctypes.data == place
    True
    """

    def __init__(self) -> None:
        self._free: deque[NDArray[np.uint8]] = deque(maxlen=1)

    def array(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
        """An array with entries not set; its memory comes back when it and its views are gone."""
        size = math.prod(shape) * dtype.itemsize
        if not LEAST <= size <= MOST:
            return np.empty(shape, dtype)
        lent = _Lent(self._memory(size))
        weakref.finalize(lent, self._free.append, lent.memory).atexit = False
        return np.asarray(lent)[:size].view(dtype).reshape(shape)

    def _memory(self, size: int) -> NDArray[np.uint8]:
        """What is kept, where it fits and is not much larger; else new memory."""
        try:
            found = self._free.pop()
        except IndexError:
            return np.empty(size, np.uint8)
        return found if size <= found.size <= 4 * size else np.empty(size, np.uint8)


class Shelves:
    """The memory of results of a few sizes, which come again and again: of all held at once.

    >>> shelves = Shelves()
    >>> first, second = (shelves.array((256, 1024), np.dtype(float)) for _ in range(2))
    >>> places = {first.ctypes.data, second.ctypes.data}
    >>> del first, second
    >>> {shelves.array((256, 1024), np.dtype(float)).ctypes.data} < places
    True
    """

    def __init__(self) -> None:
        self._free: dict[int, deque[NDArray[np.uint8]]] = {}

    def array(self, shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
        """An array with entries not set; its memory comes back when it and its views are gone."""
        size = math.prod(shape) * dtype.itemsize
        shelf = self._free.setdefault(size, deque())
        try:
            memory = shelf.pop()
        except IndexError:
            memory = np.empty(size, np.uint8)
        lent = _Lent(memory)
        weakref.finalize(lent, shelf.append, memory).atexit = False
        return np.asarray(lent).view(dtype).reshape(shape)


class _Lent:
    """Lends memory: arrays over it keep this object, and with it the loan, alive."""

    def __init__(self, memory: NDArray[np.uint8]) -> None:
        self.memory = memory

    @property
    def __array_interface__(self) -> dict[str, Any]:
        return self.memory.__array_interface__
