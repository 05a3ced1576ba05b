"""How the suite runs: one BLAS thread a worker, seeded Hypothesis, and no silent skips."""

from __future__ import annotations

import gc
import os
import signal
from typing import Any

import pytest

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")  # before NumPy loads

from hypothesis import Phase, settings  # noqa: E402

from symgan.processes import collect_rarely  # noqa: E402
from tests.skips import SkipPolicy  # noqa: E402
from tests.state import GlobalState  # noqa: E402


def pytest_configure(config: pytest.Config) -> None:
    """Register what must hold for every item, doctests of the package included."""
    in_ci = bool(os.environ.get("CI"))
    # "explain" traces every line of SymPy: a third of a second an example, in `find` as well.
    phases = [phase for phase in Phase if phase is not Phase.explain]
    settings.register_profile(
        "symgan", deadline=None, derandomize=in_ci, print_blob=not in_ci, phases=phases
    )
    settings.load_profile("symgan")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A shell lets what it runs in the background ignore Ctrl-C, and programs that are started
        # there inherit it; tests interrupt such programs.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    config.pluginmanager.register(SkipPolicy(), "symgan-skips")
    config.pluginmanager.register(GlobalState(), "symgan-state")


def pytest_collection_finish() -> None:
    """Let the collector pass over what collecting made: an eighth of a symbolic test's time.

    Thousands of items and modules live to the end; each full collection would walk them all.
    """
    gc.collect()
    gc.freeze()
    collect_rarely()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """File by file, where several processes share the suite."""
    from tests.scheduling import FileByFile

    return FileByFile(config, log) if config.getoption("dist") == "loadgroup" else None
