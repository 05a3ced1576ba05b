"""Machine code kept on disk, under digests of everything that it depends on."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import sympy
from sympy import Symbol

from symgan.cache import Cache, user_cache
from symgan.errors import BadData
from symgan.kernels.body import Body
from symgan.kernels.jit.target import Target, llvm
from symgan.kernels.leaves import text

_KERNELS = Path(__file__).parents[1]
_GENERATORS = (
    *("jit/**/*.py", "rewrite.py", "logistic.py", "differences.py", "derivative.py"),
    *("numpy_backend.py", "body.py", "operand_order.py", "leaves.py"),
)
"""The sources on which generated code depends."""


@dataclass(frozen=True)
class Store:
    """What the JIT keeps; without a usable folder it keeps nothing, and says so once.

    Args:
        cache: where.
    """

    cache: Cache

    def find(self, key: str) -> Any | None:
        """What is kept under a key; None where nothing is, or it is damaged."""
        try:
            return self.cache.find(key)
        except BadData as error:
            _notice(str(error))
            return None

    def keep(self, key: str, value: Any) -> None:
        """Keep a value; one key of 256 makes room, as looking at all files takes long."""
        try:
            self.cache.keep(key, value)
            if key.endswith("00"):
                self.cache.trim()
        except BadData as error:
            _notice(str(error))


def user_store() -> Store:
    """The store in the user's cache."""
    return Store(user_cache())


@cache
def _notice(sentence: str) -> None:
    """Say it once a process."""
    logging.getLogger("symgan").warning("compiled kernels are not kept: %s", sentence)


def key(body: str, target: Target, *variant: Any) -> str:
    """The key of what is made of a body on a machine.

    Args:
        body: its fingerprint.
        target: the machine.
        variant: what else decides the code.
    """
    parts = (body, _environment(), target, variant)
    return sha256(repr(parts).encode()).hexdigest()


@cache
def _environment() -> str:
    """Versions of SymPy and LLVM, and the sources of the generator."""
    digest = sha256()
    paths = {path for pattern in _GENERATORS for path in _KERNELS.glob(pattern)}
    for path in sorted(paths):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return repr((sympy.__version__, llvm().llvm_version_info, digest.hexdigest()))


def fingerprint(body: Body) -> str:
    """A digest of a body by its structure: each expression once, symbols by their places.

    >>> from sympy.abc import x, y
    >>> one, other = Body({x: "state"}, (x**2 + 1,)), Body({y: "state"}, (1 + y**2,))
    >>> fingerprint(one) == fingerprint(other) != fingerprint(Body({x: "state"}, (x**2 + 2,)))
    True
    """
    numbers: dict[Any, int] = {symbol: i for i, symbol in enumerate(body.roles)}
    lines = [repr(list(body.roles.values()))]
    for name, value in body.assignments:
        numbers[name] = _listed(value, numbers, lines)
    lines.append(repr([_listed(output, numbers, lines) for output in body.outputs]))
    return sha256("\n".join(lines).encode()).hexdigest()


def _listed(root: Any, numbers: dict[Any, int], lines: list[str]) -> int:
    """The number of an expression; a line for each part that has none yet."""
    waiting = [root]
    while waiting:
        node = waiting[-1]
        missing = [arg for arg in node.args if arg not in numbers]
        if node in numbers:
            waiting.pop()
        elif missing:
            waiting += missing
        else:
            waiting.pop()
            numbers[node] = len(lines) + len(numbers)
            kind = type(node)
            what = text(node) if not node.args else [numbers[arg] for arg in node.args]
            free = " free" if isinstance(node, Symbol) else ""
            lines.append(f"{numbers[node]} {kind.__module__}.{kind.__qualname__}{free} {what}")
    return numbers[root]
