"""Every public result renders: as LaTeX that compiles, as MathML, without machine clutter."""

from __future__ import annotations

import dataclasses
import inspect
import re
import shutil
import subprocess
import typing
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType, UnionType
from typing import Any

import pytest

from symgan.report.formulas import latex, renders
from symgan.report.mathml import mathml
from symgan.report.source import fault
from tests.report.results_zoo import MAKERS

PUBLIC = (
    "symgan",
    "symgan.analysis",
    "symgan.atlas",
    "symgan.audit",
    "symgan.certify.checker",
    "symgan.certify.coq",
    "symgan.certify.decide",
    "symgan.certify.identity",
    "symgan.claims",
    "symgan.claims.check",
    "symgan.claims.repair",
    "symgan.f_divergences",
    "symgan.games.atoms",
    "symgan.games.gan",
    "symgan.games.mixture",
    "symgan.kernels",
    "symgan.laws",
    "symgan.stats",
    "symgan.stats.agreement",
    "symgan.sweep",
)
# What holds programs, arrays or texts and no formula: (part of a module's name, why).
ARRAYS = {
    "symgan.certify.recheck_cases.Constraint": "a line of a proof",
    "symgan.claims.model.Claim": "a function with its texts; its examination renders",
    "symgan.claims.model.Entry": "a section of a document, rendered by symgan.report.latex",
    "symgan.claims.model.Ledger": "a document, rendered by symgan.report.latex",
    "symgan.claims.run.Mutation": "the settings of a run",
    "symgan.claims.examine.Examination": "a function's answer; its entry renders",
    "symgan.parse": "names",
    "symgan.claims.examine.IllPosed": "a sentence",
    "symgan.kernels": "compiled functions and arrays of numbers",
    "symgan.sweep": "declarations of runs and stores of arrays",
    "symgan.atlas.run.Selection": "the settings of a run",
}
NUMBERS = ("Enclosure", "Worst", "StepError", "Growth", "Settled", "Solution")
"""Of the kernels, what does say something as a formula."""


def results() -> Iterator[type]:
    """The frozen dataclasses that public functions return or public names are."""
    for name in PUBLIC:
        module = import_module(name)
        for attribute in getattr(module, "__all__", _own(module)):
            found = getattr(module, attribute)
            yield from _classes(found if inspect.isclass(found) else _returned(found))


def _own(module: ModuleType) -> list[str]:
    return [n for n, v in vars(module).items() if getattr(v, "__module__", "") == module.__name__]


def _returned(function: Any) -> Any:
    if not inspect.isfunction(function):
        return None
    names = {**vars(import_module(function.__module__)), **vars(typing)}
    annotation = inspect.signature(function).return_annotation
    try:
        return eval(annotation, names) if isinstance(annotation, str) else annotation
    except (NameError, TypeError):  # a name for the type checker alone
        return None


def _classes(hint: Any) -> Iterator[type]:
    if isinstance(hint, UnionType) or typing.get_origin(hint) is not None:
        for part in typing.get_args(hint):
            yield from _classes(part)
    elif inspect.isclass(hint) and dataclasses.is_dataclass(hint) and hint.__name__[0] != "_":
        yield hint


def exempt(kind: type) -> bool:
    name = f"{kind.__module__}.{kind.__qualname__}"
    if kind.__module__.startswith("symgan.kernels") and kind.__name__ in NUMBERS:
        return False
    return any(name.startswith(part) for part in ARRAYS)


@pytest.fixture(scope="module")
def zoo() -> dict[str, tuple[Any, str]]:
    made = {name: maker() for name, maker in MAKERS.items()}
    return {name: (found, latex(found)) for name, found in made.items()}


def test_every_result_that_a_public_function_returns_renders() -> None:
    found = set(results())
    assert len(found) > 60
    missing = [kind.__qualname__ for kind in found if not exempt(kind) and not renders(kind)]
    assert missing == []


def test_the_walk_sees_a_type_without_a_rendering() -> None:
    @dataclasses.dataclass(frozen=True)
    class Unknown:
        x: int

    Unknown.__module__ = "symgan.analysis.unknown"
    assert list(_classes(tuple[Unknown, ...])) == [Unknown]
    assert not renders(Unknown)


def test_every_rendering_has_an_example(zoo: dict[str, tuple[Any, str]]) -> None:
    have = {type(found) for found, _ in zoo.values()}
    have |= {kind for found, _ in zoo.values() for kind in _parts(found)}
    wanted = {kind for kind in set(results()) if not exempt(kind)}
    assert sorted(kind.__qualname__ for kind in wanted - have) == []


def _parts(found: Any) -> Iterator[type]:
    """The types of dataclasses inside one, which are rendered with it."""
    if isinstance(found, tuple):
        for item in found:
            yield from _parts(item)
    elif dataclasses.is_dataclass(found) and not isinstance(found, type):
        yield type(found)
        for field in dataclasses.fields(found):
            yield from _parts(getattr(found, field.name))


CLUTTER = {
    "a machine's name": r"CRootOf|RootOf|ConditionSet|\b(And|Or)\(|Piecewise|\\text\{(True|False)",
    "a dummy": r"(?<![\w)}*\\])_[a-z]",
    "a tall parenthesis around one symbol": r"\\left\(\s*\\?[A-Za-z]+\s*\\right\)",
    "a negative power of a symbol": r"\^\{-\d+\}(?!\})(?<!10\^\{-\d\})(?<!10\^\{-\d\d\})",
    "a power of a half": r"\^\{(\\frac\{1\}\{2\}|1/2)\}",
    "a stray minus": r"(?:=|\\iff|\() ?-(\\[a-z]+|[a-z])(_\w)? \+ 1(?![\d.])",
    "a set where a chain would do": r"\\cap|\\wedge|\\vee",
    "an eta in words": r"(?<![\\a-zA-Z])eta\b",
}


@pytest.mark.parametrize("name", MAKERS)
def test_it_is_a_formula_that_a_page_can_show(name: str, zoo: dict[str, tuple[Any, str]]) -> None:
    _, printed = zoo[name]
    assert fault(printed) == ""
    assert mathml(printed).startswith("<math")
    found = {what: re.search(pattern, printed) for what, pattern in CLUTTER.items()}
    assert {what: match[0] for what, match in found.items() if match} == {}


@pytest.mark.parametrize(
    ("what", "text"),
    [
        ("a machine's name", r"\operatorname{CRootOf}\left(x, 0\right)"),
        ("a tall parenthesis around one symbol", r"\sin\left(\theta \right)"),
        ("a dummy", "x + _x1"),
        ("a stray minus", r"\lambda &= -\eta + 1"),
        ("a negative power of a symbol", r"x^{-2}"),
        ("an eta in words", r"\text{for} eta"),
    ],
)
def test_clutter_is_seen(what: str, text: str) -> None:
    assert re.search(CLUTTER[what], text)


PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
\usepackage[T1]{fontenc}
\usepackage[utf8]{inputenc}
\usepackage{lmodern,textcomp}
\usepackage[margin=24mm]{geometry}
\usepackage{amsmath,amssymb}
\setlength{\parindent}{0pt}
\begin{document}
"""


def compiled(formulas: dict[str, str], folder: Path) -> tuple[int, str]:
    """The exit code of pdflatex and its log."""
    program = shutil.which("pdflatex")
    assert program is not None
    body = "\n\n".join(f"{name}\n\\[ {f} \\]" for name, f in formulas.items())
    (folder / "all.tex").write_text(PREAMBLE + body + "\n\\end{document}\n", encoding="utf-8")
    command = [program, "-interaction=nonstopmode", "-no-shell-escape", "all.tex"]
    run = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
    return run.returncode, (folder / "all.log").read_text(errors="replace")


def complaints(log: str) -> list[str]:
    """Lines of a log that say that something is undefined, too wide or too high."""
    pattern = r"^(?:!.*|Overfull.*|.*Warning.*|.*[Uu]ndefined.*)$"
    return re.findall(pattern, log, re.MULTILINE)


@pytest.mark.external("latex")
def test_all_renderings_compile_and_none_is_too_wide(
    zoo: dict[str, tuple[Any, str]], tmp_path: Path
) -> None:
    code, log = compiled({name: printed for name, (_, printed) in zoo.items()}, tmp_path)
    assert code == 0, log[-2000:]
    assert complaints(log) == []  # no box is overfull, by however little


@pytest.mark.external("latex")
def test_pdflatex_would_notice_a_long_line_and_an_unknown_command(tmp_path: Path) -> None:
    _, wide = compiled({"wide": " + ".join(["x"] * 60)}, tmp_path)
    assert any("Overfull" in line for line in complaints(wide))
    _, unknown = compiled({"unknown": r"\unknowncommand"}, tmp_path)
    assert any("Undefined" in line for line in complaints(unknown))
