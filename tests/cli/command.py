"""Running the command line as a user does, 80 columns wide, in a process of its own or not."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest

from symgan.cli import main

CACHE = ".symgan-cache"
"""Where a command's results are kept: in its own folder, not in the user's."""


@dataclass(frozen=True)
class Outcome:
    """What a command left: exit code and both outputs."""

    code: int
    out: str
    err: str


def environment() -> dict[str, str]:
    """The environment of a plain terminal."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("FORCE_", "TTY_"))}
    return kept | {"COLUMNS": "80", "NO_COLOR": "1", "TERM": "dumb"}


def inside(*arguments: str, cwd: Path) -> Outcome:
    """The same in this process: quick, and what would be a traceback is a failed test."""
    out, err = io.StringIO(), io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        patch.setattr(sys, "argv", ["symgan", *arguments])
        patch.setenv("SYMGAN_CACHE_DIR", str(cwd / CACHE))
        for name, value in environment().items():
            patch.setenv(name, value)
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as end:
            main()
    return Outcome(int(end.value.code or 0), out.getvalue(), err.getvalue())


def symgan(*arguments: str, cwd: Path) -> Outcome:
    """Run ``symgan`` with arguments in a folder; no traceback may ever show."""
    done = subprocess.run(
        [sys.executable, "-m", "symgan.cli", *arguments],
        cwd=cwd,
        env=environment() | {"SYMGAN_CACHE_DIR": str(cwd / CACHE)},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return Outcome(done.returncode, done.stdout, done.stderr)
