"""Claims as tests: what is collected, what a failure says, what JUnit reports hold."""

from __future__ import annotations

import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from importlib.metadata import entry_points
from pathlib import Path

import pytest

HEAD = """
import sympy as sp
from symgan.claims import Verdict, asserts, claim

x = sp.Symbol("x", real=True)
"""
SOUND = (
    HEAD
    + r"""
@claim("note.square", source="eq. (1)", says="a square", expect=Verdict.PROVED)
def square():
    return asserts("L = x^2 + 2 x + 1", exact={"L": (x + 1)**2})
"""
)
FALSE = r"""
@claim("note.false", source="eq. (2)", says="a wrong sign", expect=Verdict.PROVED)
def wrong():
    return asserts("L = x^2 - 2 x + 1", exact={"L": (x + 1)**2})
"""
RAISING = """
@claim("note.raises", source="eq. (3)", says="raises", expect=Verdict.PROVED)
def raising():
    raise ValueError("no such lemma")
"""
LAX = """
@claim("note.lax", source="eq. (4)", says="weaker than what is true", expect=Verdict.PROVED)
def lax():
    return asserts("Q > 0", exact={"Q": x**2 + 2})
"""
TWICE = SOUND + SOUND.replace("note.square", "note.again")


def arguments(*more: str) -> list[str]:
    """The plugin comes by its entry point, or is named where that is not installed yet."""
    named = any(point.name == "symgan" for point in entry_points(group="pytest11"))
    return [*([] if named else ["-p", "symgan.pytest_plugin"]), "-p", "no:cacheprovider", *more]


def run(pytester: pytest.Pytester, *more: str) -> pytest.RunResult:
    return pytester.runpytest_inprocess(*arguments(*more))


def write(pytester: pytest.Pytester, **files: str) -> None:
    for name, text in files.items():
        (pytester.path / f"{name}.py").write_text(text, encoding="utf-8")


def test_claims_files_are_collected_by_name(pytester: pytest.Pytester) -> None:
    write(
        pytester,
        claims=SOUND,
        my_claims=SOUND.replace("note.square", "my.square"),
        other=SOUND,
        test_code="def test_one(): pass\n",
        web_claims="raise SystemExit('a token has claims too')\n",
    )
    result = run(pytester, "-v")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["*claims.py::note.square PASSED*"])
    run(pytester, "-k", "my.square").assert_outcomes(passed=1, deselected=2)
    run(pytester, "-m", "claim", "--strict-markers").assert_outcomes(passed=2, deselected=1)


def test_other_names_by_option_ini_and_path(pytester: pytest.Pytester) -> None:
    (pytester.path / "proofs").mkdir()
    write(pytester, claims=SOUND, **{"proofs/one": SOUND.replace("note.", "other.")})
    run(pytester, "--symgan-claims", "proofs/*.py").assert_outcomes(passed=1)
    run(pytester, "proofs/one.py").assert_outcomes(passed=1)
    (pytester.path / "pytest.ini").write_text("[pytest]\nsymgan_claims = one.py claims.py\n")
    run(pytester).assert_outcomes(passed=2)


def test_a_failure_says_what_its_author_needs(pytester: pytest.Pytester) -> None:
    write(pytester, claims=SOUND + FALSE + RAISING)
    result = run(pytester, "--junitxml=junit.xml")
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(
        [
            "*claim note.false*",
            "note.false (eq. (2)): expected PROVED, found CHECKED (contradicted)",
            "  printed     L = x^2 - 2 x + 1",
            "  derived     L = (x + 1)[*][*]2",
            "  difference  4[*]x",
            "  fails at    x = 1",
            "  repair      flip the sign of the term -2[*]x: L = x[*][*]2 + 2[*]x + 1 (proved)",
            "*claim note.raises*",
            "note.raises raised ValueError: no such lemma (claims.py, line *)",
        ]
    )
    assert "Traceback" not in result.stdout.str()
    assert "symgan/claims" not in result.stdout.str()
    suite = ElementTree.parse(pytester.path / "junit.xml").getroot()
    cases = {case.get("name"): case for case in suite.iter("testcase")}
    properties = {p.get("name"): p.get("value") for p in cases["note.false"].iter("property")}
    assert properties == {
        "claim": "note.false",
        "verdict": "CHECKED",
        "expected": "PROVED",
        "outcome": "contradicted",
        "source": "eq. (2)",
        "printed": "L = x^2 - 2 x + 1",
    }
    (failure,) = cases["note.false"].iter("failure")
    assert "flip the sign" in (failure.text or "")


def test_mutants_are_asked_for(pytester: pytest.Pytester) -> None:
    write(pytester, claims=SOUND + LAX)
    run(pytester).assert_outcomes(passed=2)
    result = run(pytester, "--symgan-mutate")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["note.lax: its check also accepts what it must reject:", "  changed constant: Q > 1"]
    )


def apart(folder: Path, *more: str) -> str:
    """What pytest prints in a process of its own, with this plugin and no other."""
    command = [sys.executable, "-m", "pytest", "-p", "symgan.pytest_plugin", *more]
    alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    done = subprocess.run(
        command, cwd=folder, env=alone, capture_output=True, text=True, timeout=300
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    "more", [("--symgan-jobs", "2"), ("-p", "xdist.plugin", "-n", "2", "--symgan-jobs", "2")]
)
def test_processes_find_the_same(pytester: pytest.Pytester, more: tuple[str, ...]) -> None:
    write(pytester, claims=SOUND + FALSE)
    printed = apart(pytester.path, *more)
    assert "1 failed, 1 passed" in printed
    assert "note.false (eq. (2)): expected PROVED, found CHECKED (contradicted)" in printed


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"claims": "import symgan\n"}, "*claims.py holds no claims; mark functions*"),
        ({"claims": HEAD + "1 / 0\n"}, "*raised ZeroDivisionError: division by zero; mend it*"),
        ({"claims": TWICE}, "two functions of claims.py are called square: the claim note.square*"),
        (
            {"claims": SOUND + SOUND.replace("def square", "def other")},
            "two claims have the id note.square: claims.py, line * (square) and claims.py*",
        ),
        (
            {"a_claims": SOUND, "b_claims": SOUND},
            "two claims have the id note.square: in *a_claims.py and in *b_claims.py; rename one",
        ),
    ],
)
def test_a_file_at_fault_is_one_sentence(
    pytester: pytest.Pytester, files: dict[str, str], words: str
) -> None:
    write(pytester, **files)
    result = run(pytester)
    assert result.parseoutcomes()["errors"] == 1
    result.stdout.fnmatch_lines([words])
    assert "Traceback" not in result.stdout.str()


def test_a_wrong_number_of_processes_is_refused(pytester: pytest.Pytester) -> None:
    result = run(pytester, "--symgan-jobs", "-1")
    result.stderr.fnmatch_lines(["ERROR: --symgan-jobs must be 0 or more"])


def test_nothing_is_imported_before_a_claims_file(tmp_path: Path) -> None:
    (tmp_path / "test_none.py").write_text(
        "import sys\n\ndef test_none():\n"
        "    assert not {'sympy', 'numpy', 'symgan.claims'} & set(sys.modules)\n"
    )
    assert "1 passed" in apart(tmp_path, "-q")
