"""Update rules, one file a family: functions ``(game, eta, **options) -> Map``."""

from __future__ import annotations

import sys

from symgan.catalog import RuleMark, UpdateRule, lookup, marked


def catalog() -> dict[str, UpdateRule]:
    """All update rules by name.

    >>> {"alternating", "extragradient", "lookahead"} <= set(catalog())
    True
    """
    return marked(sys.modules[__name__], RuleMark)


def named(name: str) -> UpdateRule:
    """The rule of this name.

    Raises:
        UnknownName: no rule carries the name.
    """
    return lookup(sys.modules[__name__], RuleMark, "rule", name)
