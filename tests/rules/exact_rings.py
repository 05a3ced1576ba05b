"""Exact comparison of large expressions, modulo a prime and never expanded.

Source: Schwartz 1980, Zippel 1979: polynomials of degree d over the integers modulo p that differ
take the same value at a random point with probability at most d/p.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy import Expr

PRIME = 2**127 - 1
"""Degrees stay below 10^6: two expressions that differ are taken as equal once in 10^32 times."""
ROOT_OF_TWO = pow(2, (PRIME + 1) // 4, PRIME)


class Point:
    """A random point: every symbol, and every exponential by its argument's value, a number."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.named: dict[Any, int] = {}
        self.done: dict[Any, int] = {}

    def atom(self, key: Any) -> int:
        return self.named.setdefault(key, self.random.randrange(1, PRIME))

    def value(self, node: Any) -> int:
        if node not in self.done:
            self.done[node] = self._value(node) % PRIME
        return self.done[node]

    def _value(self, node: Any) -> int:
        if node.is_Rational:
            return int(node.p) * pow(int(node.q), -1, PRIME)
        if node.is_Symbol:
            return self.atom(node)
        if node.is_Add:
            return sum(map(self.value, node.args))
        if node.is_Mul:
            product = 1
            for part in node.args:
                product = product * self.value(part) % PRIME
            return product
        if isinstance(node, sp.exp):
            return self.atom(("exp", self.value(node.args[0])))
        base, power = node.as_base_exp()
        if base == sp.pi:
            return pow(self.atom("sqrt(pi)"), int(2 * power), PRIME)
        if base == 2 and not power.is_Integer:
            return pow(ROOT_OF_TWO, int(2 * power), PRIME)
        return pow(self.value(base), int(power), PRIME)


def equal(left: Sequence[Expr], right: Sequence[Expr], seed: int = 1) -> bool:
    """Whether two sequences of polynomials in symbols and exponentials are equal."""
    here = Point(seed)
    return all(here.value(f) == here.value(g) for f, g in zip(left, right, strict=True))
