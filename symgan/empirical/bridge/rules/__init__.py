"""Every update rule of `symgan.rules` on tensors, by the same names and options.

A rule is a function ``(players, eta, **options) -> Update``. It is written on gradients and
Jacobian products of the players' losses; symgan's exact maps are what tests hold it to.
"""

from __future__ import annotations

import importlib
import pkgutil

from symgan.empirical.bridge.rules.steps import MARK, TorchRule
from symgan.errors import UnknownName


def catalog() -> dict[str, TorchRule]:
    """All rules by name.

    >>> from symgan import rules
    >>> set(catalog()) == set(rules.catalog())
    True
    """
    found: dict[str, TorchRule] = {}
    for info in sorted(pkgutil.iter_modules(__path__), key=lambda info: info.name):
        module = importlib.import_module(f"{__name__}.{info.name}")
        for function in vars(module).values():
            name = getattr(function, MARK, None)
            if name is not None and function.__module__ == module.__name__:
                found[name] = function
    return found


def named(name: str) -> TorchRule:
    """The rule of this name.

    Args:
        name: as in `symgan.rules`.

    Raises:
        UnknownName: no rule carries the name; the sentence lists what does.
    """
    found = catalog()
    if name not in found:
        raise UnknownName(f"unknown rule {name!r}; choose one of: {', '.join(sorted(found))}")
    return found[name]
