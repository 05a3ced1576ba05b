"""The operations of generated code on arrays, float64: those that NumPy rounds alike everywhere.

What is written once for `symgan.kernels.jit.lanes.Lanes` runs here without a compiler, bit for bit,
as long as no multiply-add is fused.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from symgan.kernels.jit.rounding import rounded

Array = Any
"""Floats, or the 64 bits of whole numbers as uint64."""


class Arrays:
    """Operations, named and meant as those of `Lanes`.

    >>> arrays = Arrays()
    >>> one = arrays.const(1)
    >>> float(arrays.from_bits(arrays.iadd(arrays.bits(one), arrays.iconst(1)))) - 1 == 2.0**-52
    True
    """

    double = True
    bits_of_float = 64

    def const(self, value: Any) -> Array:
        """A number, correctly rounded from an exact one."""
        return np.float64(rounded(value, np.float64))

    def iconst(self, value: int) -> Array:
        """A whole number modulo 2^64."""
        return np.uint64(value % (1 << 64))

    def add(self, a: Array, b: Array) -> Array:
        """a + b."""
        return a + b

    def sub(self, a: Array, b: Array) -> Array:
        """a - b."""
        return a - b

    def mul(self, a: Array, b: Array) -> Array:
        """a b."""
        return a * b

    def div(self, a: Array, b: Array) -> Array:
        """a / b."""
        return a / b

    def neg(self, a: Array) -> Array:
        """-a."""
        return -a

    def sqrt(self, a: Array) -> Array:
        """The square root, correctly rounded."""
        return np.sqrt(a)

    def select(self, mask: Array, a: Array, b: Array) -> Array:
        """a where the mask is true, else b."""
        return np.where(mask, a, b)

    def bits(self, a: Array) -> Array:
        """The bits of floats, as whole numbers."""
        return a.view(np.uint64)

    def from_bits(self, a: Array) -> Array:
        """The floats of these bits."""
        return a.view(np.float64)

    def iadd(self, a: Array, b: Array) -> Array:
        """a + b modulo 2^64."""
        return a + b

    def isub(self, a: Array, b: Array) -> Array:
        """a - b modulo 2^64."""
        return a - b

    def iand(self, a: Array, b: Array) -> Array:
        """Bitwise and."""
        return a & b

    def ior(self, a: Array, b: Array) -> Array:
        """Bitwise or."""
        return a | b

    def ixor(self, a: Array, b: Array) -> Array:
        """Bitwise exclusive or."""
        return a ^ b

    def shl(self, a: Array, count: int) -> Array:
        """Bits moved up."""
        return a << np.uint64(count)

    def lshr(self, a: Array, count: int) -> Array:
        """Bits moved down, zeros moved in."""
        return a >> np.uint64(count)

    def ieq(self, a: Array, b: Array) -> Array:
        """Whether two whole numbers are equal."""
        return a == b
