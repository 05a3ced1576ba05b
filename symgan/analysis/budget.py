"""Time budgets: a search that runs out of time says so instead of going on."""

from __future__ import annotations

from dataclasses import dataclass, field

from symgan.certify.clock import Instant, now, since
from symgan.errors import GameError, Undecided


@dataclass(frozen=True)
class Budget:
    """Seconds of processor time that a search may take, counted from its making.

    Single calls into SymPy cannot be interrupted; what may be large is measured first.

    Raises:
        GameError: the seconds are no number.

    >>> Budget(0).check("anything")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    symgan.errors.Undecided: out of time (0 s) at anything; ...
    """

    seconds: float
    begun: Instant = field(default_factory=now)

    def __post_init__(self) -> None:
        try:
            float(self.seconds)
        except (TypeError, ValueError):
            raise GameError(f"budget = {self.seconds!r}: give a number of seconds") from None

    @property
    def left(self) -> float:
        """Seconds left; zero where none are."""
        return max(0.0, self.seconds - since(self.begun))

    def check(self, what: str) -> None:
        """Stop where no time is left.

        Raises:
            Undecided: names what was under way.
        """
        if self.left <= 0:
            raise Undecided(
                f"out of time ({self.seconds:g} s) at {what}; give values to parameters or a "
                "larger budget"
            )
