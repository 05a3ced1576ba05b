"""Sections of an analysis, in the terminal or as LaTeX, and the exit code they leave."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from symgan.cli.console import progress
from symgan.errors import SymganError, Undecided


class Printer:
    """Prints sections. One that cannot be derived says why; `worst` is 4 if one is undecided."""

    def __init__(self, sheet: Any, latex: bool) -> None:
        self.sheet, self.latex, self.worst = sheet, latex, 0

    def section(
        self,
        title: str,
        derive: Callable[[], Any],
        rows: Callable[[Any], Any],
        *,
        nothing: str = "none",
    ) -> Any:
        """Derive something and print it; None where it cannot be derived."""
        try:
            with progress(title):
                found = derive()
        except SymganError as error:
            if isinstance(error, Undecided):
                self.worst = error.exit_code
            self.note(title, str(error))
            return None
        if found == ():
            self.note(title, nothing)
        elif self.latex:
            self.sheet.latex_section(title, found if isinstance(found, tuple) else (found,))
        else:
            self.sheet.section(title, rows(found))
        return found

    def note(self, title: str, text: str) -> None:
        """Print a section that is one sentence."""
        if self.latex:
            print(f"% {title}: {' '.join(text.split())}\n")
        else:
            self.sheet.section(title, [("", text)])
