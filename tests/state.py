"""No test may leave numeric state behind: precision and error handling are not an API."""

from __future__ import annotations

import sys
from collections.abc import Generator
from typing import Any

import pytest


def numeric_state() -> dict[str, Any]:
    """mpmath's working precision and NumPy's error handling, where these are loaded."""
    state: dict[str, Any] = {}
    if mpmath := sys.modules.get("mpmath"):
        state["mpmath.mp.prec"] = mpmath.mp.prec
    if numpy := sys.modules.get("numpy"):
        state["numpy.geterr()"] = numpy.geterr()
    return state


def leaked(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """The names whose value changed; a library loaded in between is no change."""
    return [name for name, value in before.items() if after.get(name, value) != value]


class GlobalState:
    """Fails a test that changes the global numeric state, and restores it."""

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """Compare the state around the test."""
        import mpmath

        before = numeric_state()
        try:
            return (yield)
        finally:
            names = leaked(before, numeric_state())
            mpmath.mp.prec = before["mpmath.mp.prec"]
            if names:
                pytest.fail(f"{item.nodeid} changed {', '.join(names)} for everything after it")
