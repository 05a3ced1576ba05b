"""LaTeX documents as PDF, by the pdfLaTeX that is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from symgan.errors import BadData, SymganError

PROGRAM = "pdflatex"
RUNS = 2
"""The second run knows what the first wrote down: the widths of tables, the pages of references."""
LIMIT = 900.0
"""Seconds for one run."""
_FLAGS = ("-interaction=nonstopmode", "-halt-on-error", "-file-line-error", "-no-shell-escape")
_ERROR = re.compile(r"^(?:!|[^\s:]+:\d+:) ?(.+)$", re.MULTILINE)


class MissingTool(SymganError, OSError):
    """A program from outside Python that is not on the PATH."""

    exit_code = 3


class LatexError(BadData):
    """A document that pdfLaTeX does not compile.

    Attributes:
        log: what pdfLaTeX wrote about it.
    """

    def __init__(self, sentence: str, log: str) -> None:
        super().__init__(sentence)
        self.log = log


def require_pdflatex() -> str:
    """The path of pdfLaTeX; call it before any work.

    Raises:
        MissingTool: it is not on the PATH.
    """
    found = shutil.which(PROGRAM)
    if found is None:
        raise MissingTool(
            f"a PDF needs {PROGRAM}, which is not on the PATH; install a LaTeX distribution such "
            "as TeX Live, or leave --pdf out"
        )
    return found


def compile_document(source: str, *, limit: float = LIMIT) -> bytes:
    """The PDF of a LaTeX document, compiled in a folder of its own that goes afterwards.

    Args:
        source: the whole document.
        limit: seconds that one of the two runs may take.

    Raises:
        MissingTool: pdfLaTeX is not on the PATH.
        LatexError: pdfLaTeX stops at an error, or takes longer than the limit.
    """
    program = require_pdflatex()
    with tempfile.TemporaryDirectory(prefix="symgan-latex-") as name:
        folder = Path(name)
        (folder / "report.tex").write_text(source, encoding="utf-8")
        for _ in range(RUNS):
            _run(program, folder, limit)
        return (folder / "report.pdf").read_bytes()


def _run(program: str, folder: Path, limit: float) -> None:
    command = [program, *_FLAGS, "report.tex"]
    try:
        done = subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, timeout=limit
        )
    except subprocess.TimeoutExpired as error:
        raise LatexError(f"{PROGRAM} took longer than {limit:g} s", _log(folder, b"")) from error
    if done.returncode != 0 or not (folder / "report.pdf").is_file():
        log = _log(folder, done.stdout)
        first = _ERROR.search(log)
        reason = first[1].strip() if first else f"it ended with {done.returncode}"
        raise LatexError(f"{PROGRAM} does not compile the report: {reason}", log)


def _log(folder: Path, printed: bytes) -> str:
    log = folder / "report.log"
    data = log.read_bytes() if log.is_file() else printed
    return data.decode("utf-8", "replace")
