"""The skip policy: only the marker ``external(tool)`` may skip, and it says what it skipped.

A test marked ``external("chromium")`` is skipped where the tool is absent, unless the
variable SYMGAN_REQUIRE (``coq,chromium``) makes it mandatory. Any other skip, and any
expected failure, is turned into a failure: a check that does not run checks nothing.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Generator
from typing import Any

import pytest

TOOLS = {
    "coq": ("coqc",),
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "latex": ("pdflatex",),
    "cuda": ("nvidia-smi",),
}
"""Marker argument -> the programs of which one must be on the PATH."""

_SANCTIONED = "external tool absent: "


def absent(tool: str) -> bool:
    """Whether none of the tool's programs is on the PATH."""
    return not any(shutil.which(program) for program in TOOLS[tool])


def required() -> frozenset[str]:
    """The tools that SYMGAN_REQUIRE makes mandatory."""
    names = os.environ.get("SYMGAN_REQUIRE", "").split(",")
    return frozenset(name.strip() for name in names if name.strip())


class SkipPolicy:
    """Skips for absent external tools; failures for every other skip."""

    def __init__(self) -> None:
        self.skipped: Counter[str] = Counter()

    def pytest_sessionstart(self) -> None:
        """Refuse an unknown tool in SYMGAN_REQUIRE: a typo would make nothing mandatory."""
        if unknown := required() - set(TOOLS):
            known = ", ".join(TOOLS)
            raise pytest.UsageError(
                f"SYMGAN_REQUIRE names {', '.join(sorted(unknown))}; known tools: {known}"
            )

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Skip, or fail, a test whose external tool is absent."""
        for mark in item.iter_markers("external"):
            tools = mark.args
            if not tools or not set(tools) <= set(TOOLS):
                pytest.fail(f"external{tools} must name tools among {', '.join(TOOLS)}")
            for tool in tools:
                if not absent(tool):
                    continue
                if tool in required():
                    pytest.fail(f"{tool} is absent and SYMGAN_REQUIRE makes it mandatory")
                pytest.skip(_SANCTIONED + tool)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[Any]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Turn unsanctioned skips and expected failures of tests into failures."""
        report = yield
        if hasattr(report, "wasxfail"):
            reason = f"expected failure ({report.wasxfail}): mend it or state the truth"
            del report.wasxfail
            _fail(report, reason)
        elif report.skipped and not _is_sanctioned(item, report):
            _fail(report, f"skipped without the marker external: {_reason(report)}")
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self,
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Turn skips of whole modules into errors."""
        report = yield
        if report.skipped:
            _fail(report, f"module skipped: {_reason(report)}")
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count what was skipped; under xdist this runs in the controller."""
        if report.skipped and _SANCTIONED in _reason(report):
            self.skipped[_reason(report).split(_SANCTIONED)[1]] += 1

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """List the absent tools and how many tests each kept from running."""
        for tool, count in sorted(self.skipped.items()):
            terminalreporter.write_line(
                f"not run: {count} tests that need {tool} (SYMGAN_REQUIRE={tool} insists)"
            )


def _is_sanctioned(item: pytest.Item, report: pytest.TestReport) -> bool:
    return item.get_closest_marker("external") is not None and _SANCTIONED in _reason(report)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    longrepr = report.longrepr
    return str(longrepr[2]) if isinstance(longrepr, tuple) else str(longrepr)


def _fail(report: pytest.TestReport | pytest.CollectReport, reason: str) -> None:
    report.outcome = "failed"
    report.longrepr = f"{report.nodeid}: {reason}"
