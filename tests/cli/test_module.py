"""``python -m symgan`` is the program that the installed script starts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from symgan import __version__
from tests.cli.command import Outcome, environment

SCRIPT = """
import sys
from importlib.metadata import entry_points
(script,) = entry_points(group="console_scripts", name="symgan")
sys.argv[0] = "symgan"
sys.exit(script.load()())
"""
"""What an installer writes as ``symgan``."""
STARTED = {
    "module": ("-m", "symgan"),
    "package": ("-m", "symgan.cli"),
}


def started(how: tuple[str, ...], arguments: tuple[str, ...], cwd: Path) -> Outcome:
    """An interpreter's answer."""
    done = subprocess.run(
        [sys.executable, *how, *arguments],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("how", STARTED)
@pytest.mark.parametrize(
    ("arguments", "code", "what"),
    [
        (("--version",), 0, f"symgan {__version__}\n"),
        (("analyze", "--help"), 0, "Usage: symgan analyze [OPTIONS]"),
        (("nonsense",), 2, "Usage: symgan [OPTIONS] COMMAND"),
        (("analyze", "chess"), 2, "symgan: unknown game 'chess'"),
        (("certify", "recheck", "missing.json"), 5, "missing.json"),
    ],
    ids=["version", "help", "command", "game", "file"],
)
def test_it_answers_as_the_script_does(
    how: str, arguments: tuple[str, ...], code: int, what: str, tmp_path: Path
) -> None:
    found = started(STARTED[how], arguments, tmp_path)
    assert found.code == code
    assert what in found.out + found.err
    assert found == started(("-c", SCRIPT), arguments, tmp_path)


def test_a_package_without_a_program_is_told_apart(tmp_path: Path) -> None:
    found = started(("-m", "symgan.rules"), ("--version",), tmp_path)
    assert (found.code, found.out) == (1, "")
    assert "No module named symgan.rules.__main__" in found.err
