"""Pages for people (README, docs, CONTRIBUTING): what they tell to type, to read and to follow.

Commands run in this process, in a folder of their own, as `symgan` would run them. What takes many
seconds is only parsed: names are looked up, and other tests run the same thing.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import os
import re
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any
from unittest import mock

from tests.engineering.sources import ROOT

EXTRAS = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]
RUN_ELSEWHERE = {"verify", "certify", "figures", "kernels", "sweep", "study", "diagnose", "report",
                 "audit", "plot", "cache"}  # fmt: skip
"""Commands that are parsed here and run by other tests."""
_FILE = re.compile(r"^```\{code-block\} \w+\n:caption: (\S+)\n\n?(.*?)^```", re.M | re.S)
_NO_PROSE = re.compile(r"\$\$.*?\$\$|\$[^$\n]+\$|`[^`\n]*`|^ {4,}(?![-*\d])[^\n]*$", re.M | re.S)
"""Formulas, code in a line, indented code."""
_FENCE = re.compile(r"^(`{3,}|~{3,})[^\n]*\n.*?^\1\s*$", re.M | re.S)


def commands(text: str) -> list[str]:
    """The lines of all bash blocks, without comments."""
    blocks = re.findall(r"^```bash\n(.*?)^```", text, re.M | re.S)
    joined = (block.replace("\\\n", " ") for block in blocks)
    lines = (line.split("  #")[0].strip() for block in joined for line in block.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def sessions(text: str) -> list[tuple[str, str]]:
    """The commands of all console blocks, each with the output that the page shows."""
    found = []
    for block in re.findall(r"^```console\n(.*?)^```", text, re.M | re.S):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, output = part.partition("\n")
            found.append((command, output))
    return found


def unlike(command: str, shown: str, folder: Path) -> str:
    """What a command prints, where it is not what a page shows; ``...`` stands for anything."""
    ran = run(shlex.split(command)[1:], folder)
    got = ran.output + ran.error
    options = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    same = doctest.OutputChecker().check_output(shown + "\n", got + "\n", options)
    return "" if same else f"$ {command}\n{got}"


def typed(text: str) -> list[str]:
    """Every command line of symgan in a fenced block, whatever the block is called."""
    blocks = (block.group(0).replace("\\\n", " ") for block in _FENCE.finditer(text))
    lines = (
        line.split("  #")[0].strip().removeprefix("$ ") for b in blocks for line in b.splitlines()
    )
    return [line for line in lines if line.startswith("symgan ")]


def files(text: str) -> dict[str, str]:
    """The files that a page shows: code blocks with a caption, by name."""
    return dict(_FILE.findall(text))


def problem(command: str, folder: Path) -> str:
    """Why a command does not hold; empty if it does."""
    words = shlex.split(command)
    if words[0] == "make":
        return _make(words[1:])
    if words[:2] == ["pip", "install"]:
        named = re.findall(r"\[(.*)\]", command)
        wanted = [extra for group in named for extra in group.split(",")]
        return "" if set(wanted) <= set(EXTRAS) else f"no such extra: {wanted}"
    if words[0] == "symgan":
        own = any((folder / word.split(":")[0]).exists() for word in words[2:])  # the page's file
        only_parse = words[1] in RUN_ELSEWHERE and not own
        return unreadable(words[1:]) or _named(words) if only_parse else _symgan(words[1:], folder)
    return f"unknown command {words[0]}"


def _named(words: list[str]) -> str:
    """Why the paper that a command names is not there."""
    if words[1] not in ("verify", "figures") or len(words) == 2 or words[2].endswith(".py"):
        return ""
    known = {point.name for point in entry_points(group="symgan.papers")}
    paper = words[2].split(".")[0]
    return "" if paper in known or paper.startswith("-") else f"unknown paper {paper}"


def _make(words: list[str]) -> str:
    done = subprocess.run(["make", "-n", *words], cwd=ROOT, capture_output=True, text=True)
    return done.stderr if done.returncode else ""


@dataclass(frozen=True)
class Ran:
    """What a command did: its exit status and what it wrote."""

    status: int
    output: str
    error: str


def run(words: list[str], folder: Path) -> Ran:
    """Run symgan in this process, in a folder, with a cache of its own there."""
    from symgan.cli import main

    own = {
        "SYMGAN_CACHE_DIR": str(folder / "kept"),
        "COLUMNS": "80",
    }  # not the user's: it is cleared
    out, err, status = io.StringIO(), io.StringIO(), 0
    with (
        mock.patch.object(sys, "argv", ["symgan", *words]),
        mock.patch.dict(os.environ, own),
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Ran(status, out.getvalue(), err.getvalue())


def _symgan(words: list[str], folder: Path) -> str:
    ran = run(words, folder)
    return "" if ran.status == 0 else f"exit {ran.status}: {ran.error}"


def unreadable(words: list[str]) -> str:
    """Why a command line cannot be read; empty if it can."""
    import typer.main

    from symgan.cli.app import app

    command: Any = typer.main.get_command(app)
    rest, name = list(words), "symgan"
    try:
        while hasattr(command, "resolve_command"):
            context = command.make_context(name, rest, resilient_parsing=True)
            name, command, rest = command.resolve_command(context, rest)
            if command is None:
                return "no such command"
        command.make_context(name, rest)
    except _usage_errors() as error:
        return str(error)
    return ""


def _usage_errors() -> type[Exception]:
    """What typer raises on a wrong command line; it has no public name for all of it."""
    import typer

    return next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")


def prose(text: str) -> str:
    """A page without its code blocks."""
    return _FENCE.sub("", text)


def anchors(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub and MyST name them."""
    found: set[str] = set()
    for title in re.findall(r"^#{1,6} +(.+?)\s*$", prose(text), re.M):
        plain = re.sub(r"[`*_]|\[([^\]]*)\]\([^)]*\)", lambda m: m[1] or "", title).lower()
        slug = re.sub(r"[^\w\- ]", "", plain).replace(" ", "-")
        count = sum(1 for anchor in found if re.fullmatch(rf"{re.escape(slug)}(-\d+)?", anchor))
        found.add(f"{slug}-{count}" if count else slug)
    return found


def links(text: str) -> Iterator[str]:
    """The targets of all links and images of a page that are no web addresses."""
    plain = _NO_PROSE.sub("", prose(text))
    for target in re.findall(r"\]\(<?([^)\s>]+)>?\)", plain):
        if not re.match(r"[a-z]+:", target):
            yield target


def broken(page: Path) -> list[str]:
    """The links of a page that lead nowhere."""
    found = []
    for target in links(page.read_text(encoding="utf-8")):
        name, _, anchor = target.partition("#")
        other = (page.parent / name).resolve() if name else page
        there = other.exists()
        if not there or (anchor and anchor not in anchors(other.read_text(encoding="utf-8"))):
            found.append(target)
    return found
