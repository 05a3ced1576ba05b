"""The ledgers are computed once: all their tests run in one process."""

from __future__ import annotations

import pytest

LEDGERS = frozenset(
    {"test_annealed.py", "test_dynamic.py", "test_stability.py", "test_survey.py", "test_gmm.py"}
    | {"test_ledger.py"}
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Name the process that `--dist loadgroup` keeps a ledger's tests together in."""
    for item in items:
        if item.path.name in LEDGERS and item.path.parent.name == "proofs":
            item.add_marker(pytest.mark.xdist_group("ledgers"))
