"""symgan's own processes look for cycles less often; a process of the user's is left alone."""

from __future__ import annotations

import gc
import multiprocessing
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import pytest

from symgan.processes import YOUNG, begin_worker, collect_rarely


@pytest.fixture
def kept() -> Iterator[tuple[int, int, int]]:
    """The thresholds of this process, put back afterwards."""
    before = gc.get_threshold()
    yield before
    gc.set_threshold(*before)


def test_only_the_youngest_generation_waits_longer(kept: tuple[int, int, int]) -> None:
    gc.set_threshold(700, 11, 12)
    collect_rarely()
    assert gc.get_threshold() == (YOUNG, 11, 12)
    assert gc.isenabled()


def _settings(_: int) -> tuple[int, Any]:
    return gc.get_threshold()[0], signal.getsignal(signal.SIGINT)


def test_a_worker_is_set_up() -> None:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=begin_worker) as pool:
        assert list(pool.map(_settings, [0])) == [(YOUNG, signal.SIG_DFL)]
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        assert list(pool.map(_settings, [0])) != [(YOUNG, signal.SIG_DFL)]


def test_importing_the_package_changes_nothing() -> None:
    text = "import gc; before = gc.get_threshold(); import symgan, symgan.cli; "
    text += "raise SystemExit(gc.get_threshold() != before)"
    assert subprocess.run([sys.executable, "-c", text], check=False).returncode == 0
