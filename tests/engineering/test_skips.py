"""The skip policy holds: each unsanctioned way of not running a check fails the session."""

from __future__ import annotations

import mpmath  # noqa: F401 - loaded here: NumPy loads once a process, and pytester unloads
import numpy
import pytest

from tests import skips
from tests.skips import SkipPolicy
from tests.state import GlobalState

HEADER = "import pytest\n"


def outcomes(pytester: pytest.Pytester, source: str) -> tuple[int, dict[str, int], str]:
    """Run a test module under the policy: exit code, counts, output."""
    pytester.makeini("[pytest]\nmarkers = external(tool): a tool\nxfail_strict = true\n")
    pytester.makepyfile(HEADER + source)
    result = pytester.runpytest_inprocess(
        "-p", "no:cacheprovider", plugins=[SkipPolicy(), GlobalState()]
    )
    return int(result.ret), result.parseoutcomes(), result.stdout.str()


UNSANCTIONED = {
    "mark": "@pytest.mark.skip(reason='later')\ndef test_it(): pass\n",
    "condition": "@pytest.mark.skipif(True, reason='no')\ndef test_it(): pass\n",
    "call": "def test_it(): pytest.skip('tired')\n",
    "forged": "def test_it(): pytest.skip('external tool absent: coq')\n",
    "importorskip": "def test_it(): pytest.importorskip('no_such_module')\n",
    "xfail": "@pytest.mark.xfail\ndef test_it(): assert False\n",
    "xfail call": "def test_it(): pytest.xfail('known')\n",
    "xpass": "@pytest.mark.xfail(strict=False)\ndef test_it(): pass\n",
    "no cases": "@pytest.mark.parametrize('x', [])\ndef test_it(x): pass\n",
    "module": "pytest.skip('all of it', allow_module_level=True)\n",
    "unknown tool": "@pytest.mark.external('abacus')\ndef test_it(): pass\n",
    "no tool": "@pytest.mark.external\ndef test_it(): pass\n",
}


@pytest.mark.parametrize("source", UNSANCTIONED.values(), ids=UNSANCTIONED)
def test_unsanctioned_skips_fail(pytester: pytest.Pytester, source: str) -> None:
    code, counts, _ = outcomes(pytester, source)
    assert code != 0
    assert "skipped" not in counts
    assert counts.get("failed", 0) + counts.get("errors", 0) >= 1


EXTERNAL = "@pytest.mark.external('coq')\ndef test_it(): pass\n"


def test_absent_tool_skips_and_is_listed(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SYMGAN_REQUIRE", raising=False)
    monkeypatch.setitem(skips.TOOLS, "coq", ("no-such-program",))
    code, counts, output = outcomes(pytester, EXTERNAL)
    assert (code, counts) == (0, {"skipped": 1})
    assert "not run: 1 tests that need coq" in output


def test_required_tool_must_be_there(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYMGAN_REQUIRE", "coq, chromium")
    monkeypatch.setitem(skips.TOOLS, "coq", ("no-such-program",))
    code, counts, output = outcomes(pytester, EXTERNAL)
    assert (code, counts) == (1, {"errors": 1})
    assert "SYMGAN_REQUIRE makes it mandatory" in output


def test_present_tool_runs(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(skips.TOOLS, "coq", ("sh",))
    assert outcomes(pytester, EXTERNAL)[:2] == (0, {"passed": 1})


def test_unknown_requirement_is_refused(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYMGAN_REQUIRE", "cok")
    pytester.makepyfile("def test_it(): pass\n")
    assert pytester.runpytest_inprocess(plugins=[SkipPolicy()]).ret == pytest.ExitCode.USAGE_ERROR


@pytest.mark.parametrize(
    ("body", "passes"),
    [
        ("import mpmath\n    with mpmath.workdps(50): pass", True),
        ("import mpmath\n    mpmath.mp.dps = 50", False),
        ("import numpy\n    numpy.seterr(all='ignore')", False),
    ],
)
def test_leaked_numeric_state_fails(pytester: pytest.Pytester, body: str, passes: bool) -> None:
    with numpy.errstate():
        code, _, output = outcomes(pytester, f"def test_it():\n    {body}\n")
    assert (code == 0) is passes
    assert passes or "for everything after it" in output
