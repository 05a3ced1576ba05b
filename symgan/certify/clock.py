"""The time that searches count: the processor's, so that a busy machine decides as an idle one."""

from __future__ import annotations

from time import monotonic, process_time

Instant = tuple[float, float]
"""Of the processor and of the clock, in seconds."""


def now() -> Instant:
    """This instant."""
    return process_time(), monotonic()


def since(begun: Instant) -> float:
    """Seconds of processor time, or a tenth of those by the clock where that is more.

    What an idle machine decides, a busy one decides too; and what waits for another
    process comes to an end.
    """
    processor, clock = begun
    return max(process_time() - processor, (monotonic() - clock) / 10)
