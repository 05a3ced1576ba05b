"""How symgan's own processes are set up: the program and its workers, never a user's process."""

from __future__ import annotations

import gc
import signal

YOUNG = 20_000
"""Objects made before the collector looks for cycles (Python: 700).

Symbolic work makes objects by the million and cycles hardly at all: looking for them that often
takes 6 to 12 % of a verification.
"""


def collect_rarely() -> None:
    """Let the collector of cycles look less often in this process."""
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


def begin_worker() -> None:
    """Set up a worker process: an interruption ends it at once, only the parent reports it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    collect_rarely()
