"""What a kernel or a reference raises; each sentence names the thing and the remedy."""

from __future__ import annotations

from symgan.errors import SymganError


class KernelError(SymganError, ValueError):
    """A system that cannot be compiled, or values that a kernel cannot take."""
