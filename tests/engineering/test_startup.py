"""`import symgan` and `symgan --help` load nothing heavy: that is what keeps them quick."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("sympy", "numpy", "mpmath", "matplotlib", "z3", "flint", "rich", "jinja2")


def loaded(statement: str) -> set[str]:
    """Which of the heavy libraries a fresh interpreter holds after a statement."""
    code = f"{statement}\nimport sys\nprint(*[m for m in {HEAVY} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.splitlines()[-1].split()) if run.stdout.strip() else set()


HELP = """
import sys
sys.argv = ["symgan", "{}", "--help"]
from symgan.cli import main
try:
    main()
except SystemExit as end:
    assert end.code in (0, None), end.code
print()
"""


def test_import_is_light() -> None:
    assert loaded("import symgan; dir(symgan); symgan.__version__") == set()


COMMANDS = [
    *(
        "verify",
        "list",
        "analyze",
        "simulate",
        "steps",
        "atlas",
        "figures",
        "cache",
        "certify",
        "sweep",
        "plot",
    ),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_light(command: str) -> None:
    assert loaded(HELP.format(command)) == set()


def test_a_heavy_library_would_be_seen() -> None:
    assert "sympy" in loaded("import symgan; symgan.Game")


def test_public_names_resolve() -> None:
    import symgan

    for name in symgan.__all__:
        assert getattr(symgan, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        symgan.nonsense  # noqa: B018
