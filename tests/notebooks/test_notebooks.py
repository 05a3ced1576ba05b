"""The notebooks: pairs of text and file, cells that run, and results that the text states."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

import nbclient
import pytest
import sympy as sp

ROOT = Path(__file__).parents[2]
PAPERS = ("annealed", "dynamic", "gmm", "stability", "survey")
NAMES = (*PAPERS, "audit-your-optimizer", "your-own-game")


@cache
def pair() -> ModuleType:
    """The script that writes notebooks from texts; its folder is no package."""
    spec = spec_from_file_location("pair", ROOT / "notebooks" / "pair.py")
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def text(name: str) -> Path:
    return ROOT / "notebooks" / f"{name}.md"


def test_there_is_one_a_paper_one_for_games_and_one_for_code() -> None:
    assert tuple(path.stem for path in pair().texts()) == tuple(sorted(NAMES))


@pytest.mark.parametrize("name", NAMES)
def test_text_and_notebook_are_a_pair_without_outputs(name: str) -> None:
    """Another text has another notebook; one with outputs is no pair."""
    kept = text(name).with_suffix(".ipynb").read_text(encoding="utf-8")
    assert kept == pair().paired(text(name))
    assert '"outputs": []' in kept
    assert '"output_type"' not in kept
    others = [pair().paired(text(other)) for other in NAMES if other != name]
    assert kept not in others


def run(name: str) -> list[Any]:
    """Run a notebook's cells in this process; what each cell shows that ends in an expression."""
    names: dict[str, Any] = {"__name__": "__main__"}
    shown = []
    for cell in pair().notebook(text(name)).cells:
        if cell.cell_type != "code":
            continue
        lines = [line for line in cell.source.splitlines() if not line.startswith("%")]
        tree = ast.parse("\n".join(lines))
        last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
        exec(compile(tree, name, "exec"), names)
        if last is not None:
            assert isinstance(last, ast.Expr)
            shown.append(eval(compile(ast.Expression(last.value), name, "eval"), names))
    return shown


def annealed(shown: list[Any]) -> None:
    """The amplitude |alpha_0 - alpha_r|/sqrt(1 + T^2) falls to 0; the eigenvalues are 0, i, -i."""
    amplitude, limit = shown[3]
    T = sp.Symbol("T", positive=True)
    start, goal = sp.symbols("alpha_0 alpha_r", real=True)
    assert sp.simplify(amplitude**2 - (start - goal) ** 2 / (1 + T**2)) == 0
    assert limit == 0
    assert {value for value, _ in shown[4]} == {0, sp.I, -sp.I}


def dynamic(shown: list[Any]) -> None:
    """The thresholds, the switches, and who comes first in the study, as the ledger counts it."""
    eta = sp.Symbol("eta", positive=True)
    assert shown[1] == (sp.S.EmptySet, sp.Interval.open(0, 2))
    assert shown[2] == (eta < 2)
    assert shown[4].tolist() == [16]
    assert dict(shown[6]) == {"alt5": 22, "alt1": 4, "sim": 3, "dynamic": 3}


def gmm(shown: list[Any]) -> None:
    """The distance of merged means lies below 0.1; most first-order successes are merged."""
    lower, upper = shown[0]
    assert lower < upper < lower + sp.Rational(1, 10**12)
    assert abs(lower - sp.Rational(580588657, 10**10)) < sp.Rational(1, 10**10)
    assert shown[1] is sp.true or shown[1] is True
    assert shown[3] == {"first-order": [0.57, 0.05], "unrolled": [0.999, 0.938], "optimal": [1, 1]}
    assert 0.9 < shown[4] < 0.91


def stability(shown: list[Any]) -> None:
    """H is kept without the regularizer and falls with it; a center and a Hurwitz matrix."""
    a, gamma = sp.Symbol("a", real=True), sp.Symbol("gamma", positive=True)
    assert shown[1] == 0
    assert str(shown[2]) == "center"
    assert sp.expand(shown[3] + sp.Rational(4, 9) * gamma * (a**2 - 1) ** 2) == 0
    assert shown[7] == (True, sp.Rational(4, 15))


def survey(shown: list[Any]) -> None:
    """Stable steps by rule, and the spectrum of the non-Nash attractor."""
    half_line = sp.Interval.open(0, sp.oo)
    assert shown[0]["extragradient"] == sp.Interval.open(0, 1)
    assert shown[0]["simultaneous"] is sp.S.EmptySet
    assert shown[0]["proximal-point"] == half_line == shown[0]["competitive"]
    assert shown[1] == sp.Interval.open(0, sp.Rational(4, 5))
    jacobian, _ = shown[3]
    assert jacobian[0, 0] < 0  # the first player sits at a maximum of its own loss
    assert "recovery" in shown[4][sp.Rational(4, 5)]
    assert "blank" in shown[4][sp.Integer(3)]


def audited(shown: list[Any]) -> None:
    """The faulty code is told what it is, the mended is proved."""
    assert shown[0] == "differs"
    assert shown[2].name == "alternating"
    verdict, established = shown[3]
    assert (verdict, established.ground.value) == ("same", "proved")


def own(shown: list[Any]) -> None:
    """The bound of the alternating rule, and its LaTeX."""
    eta, k = sp.symbols("eta k", positive=True)
    assert len(shown[1]) == 1
    assert sp.simplify_logic(shown[4]).equals(eta**2 + 2 * eta * k < 4)


CHECKS: dict[str, Callable[[list[Any]], None]] = {
    "annealed": annealed,
    "dynamic": dynamic,
    "gmm": gmm,
    "stability": stability,
    "survey": survey,
    "audit-your-optimizer": audited,
    "your-own-game": own,
}


@pytest.mark.parametrize("name", NAMES)
def test_what_notebooks_show_is_what_they_say(name: str) -> None:
    shown = run(name)
    figures = [type(one).__name__ for one in shown].count("Figure")
    assert figures == (2 if name == "stability" else 0 if name == "audit-your-optimizer" else 1)
    CHECKS[name](shown)


def _today() -> list[str]:
    """One notebook a day in a kernel of its own; all of them in the full lane."""
    if os.environ.get("SYMGAN_FULL"):
        return list(NAMES)
    return [NAMES[datetime.now(UTC).toordinal() % len(NAMES)]]


@pytest.mark.parametrize("name", _today())
def test_a_kernel_runs_them(name: str) -> None:
    found = pair().notebook(text(name))
    nbclient.NotebookClient(found, timeout=300, kernel_name="python3").execute()
    outputs = [
        output for cell in found.cells if cell.cell_type == "code" for output in cell.outputs
    ]
    assert outputs
    assert not [output for output in outputs if output.output_type == "error"]
