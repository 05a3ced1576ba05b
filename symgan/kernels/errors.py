"""What a kernel or a reference raises; each sentence names the thing and the remedy."""

from __future__ import annotations

from symgan.errors import SymganError


class KernelError(SymganError, ValueError):
    """A system that cannot be compiled, or values that a kernel cannot take."""


class NoSeries(KernelError):
    """A flow that cannot be written out as power series: another integrator may know it."""
