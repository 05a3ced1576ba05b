"""Which symbols an expression holds: none, parameters alone, or others too."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sympy import Symbol

NOTHING, FIXED, VARYING = range(3)


class Contents:
    """What expressions hold, each part looked at once: SymPy collects symbols anew each time.

    Args:
        fixed: the parameters; all other symbols vary.

    >>> from sympy.abc import x, eta
    >>> found = Contents([eta])
    >>> [found(e) for e in (1 + eta - eta, 2 * eta, eta * x)] == [NOTHING, FIXED, VARYING]
    True
    """

    def __init__(self, fixed: Iterable[Symbol]) -> None:
        self._found: dict[Any, int] = dict.fromkeys(fixed, FIXED)

    def name(self, symbol: Symbol, value: Any) -> None:
        """Let a symbol stand for an expression."""
        self._found[symbol] = max(FIXED, self(value))

    def __call__(self, node: Any) -> int:
        """`NOTHING`, `FIXED` or `VARYING`."""
        found = self._found.get(node)
        if found is None:
            found = VARYING if isinstance(node, Symbol) else max(map(self, node.args), default=0)
            self._found[node] = found
        return found
