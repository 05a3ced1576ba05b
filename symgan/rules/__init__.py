"""Update rules, one file a family: functions ``(game, eta, **options) -> Map``."""

from __future__ import annotations

import sys

from symgan.catalog import FlowMark, FlowRule, RuleMark, UpdateRule, lookup, marked


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


def flows() -> dict[str, FlowRule]:
    """The continuous-time counterparts of rules by name: functions ``(game, **options) -> Flow``.

    >>> "simultaneous" in flows()
    True
    """
    return marked(sys.modules[__name__], FlowMark)


def named_flow(name: str) -> FlowRule:
    """The flow of this name.

    Raises:
        UnknownName: no flow carries the name.
    """
    return lookup(sys.modules[__name__], FlowMark, "flow", name)
