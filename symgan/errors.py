"""What symgan raises when the user can mend the cause; each says what to do.

The command line turns these into one sentence and the exit code they carry.
"""

from __future__ import annotations


class SymganError(Exception):
    """An error with one clear sentence for the user and an exit code for the shell."""

    exit_code = 2


class GameError(SymganError, ValueError):
    """A game, flow or map that is not well formed."""


class MissingExtra(SymganError, ImportError):
    """An optional dependency is not installed."""

    exit_code = 3

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(
            f"{purpose} needs {package}, which is not installed; run: pip install 'symgan[{extra}]'"
        )


class Undecided(SymganError):
    """A question that no method answered within its budget."""

    exit_code = 4


class BadData(SymganError, ValueError):
    """A file or value that cannot be read or written as it is."""

    exit_code = 5


class UnknownName(SymganError, LookupError):
    """A name (claim, game, rule, loss) that nothing carries."""
