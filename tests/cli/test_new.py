"""``symgan new``: what it writes passes at once, and nothing is written over unasked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command import inside

FILES = ["my_paper.bib", "README.md", "claims.py", "test_my_paper.py"]


def test_what_is_written_passes_at_once(tmp_path: Path) -> None:
    made = inside("new", "my_paper", cwd=tmp_path)
    assert made.code == 0, made.err
    assert sorted(p.name for p in (tmp_path / "my_paper").iterdir()) == sorted(FILES)
    assert made.out.endswith("next: symgan verify my_paper\n")
    found = inside("verify", "my_paper", "--mutate", "--json", "l.json", cwd=tmp_path)
    assert found.code == 0, found.out + found.err
    ledger = json.loads((tmp_path / "l.json").read_text())
    verdicts = {c["id"]: c["status"] for c in ledger["claims"]}
    assert verdicts == {
        "my-paper.eq1": "PROVED",
        "my-paper.theorem1": "PROVED",
        "my-paper.eq2": "REFUTED",
    }
    assert all(c["printed"] for c in ledger["claims"])
    assert ledger["mutants"]["rejected"] == ledger["mutants"]["made"] > 30


def test_its_own_test_passes(pytester: pytest.Pytester) -> None:
    assert inside("new", "Ab-2", cwd=pytester.path).code == 0
    test = (pytester.path / "Ab-2" / "test_Ab_2.py").read_text()
    assert "my" not in test.replace("symgan", "")
    pytester.runpytest_inprocess("-p", "no:cacheprovider", "Ab-2").assert_outcomes(
        passed=1 + _plugin_is_installed() * 3
    )


def _plugin_is_installed() -> bool:
    from importlib.metadata import entry_points

    return any(point.name == "symgan" for point in entry_points(group="pytest11"))


def test_a_slip_in_it_is_noticed(tmp_path: Path) -> None:
    """Its test is no formality: with another sign printed, the verdict is a surprise."""
    inside("new", "mine", cwd=tmp_path)
    path = tmp_path / "mine" / "claims.py"
    path.write_text(path.read_text().replace(r"\sqrt{1 + \eta^2}", r"\sqrt{1 - \eta^2}"))
    found = inside("verify", "mine/claims.py", cwd=tmp_path)
    assert found.code == 1
    printed = " ".join(found.out.split())
    assert "mine.eq1 (eq. (1)): expected PROVED, found CHECKED (contradicted)" in printed
    assert "derived rho = sqrt(eta**2 + 1)" in printed
    assert "repair flip the sign of the term -eta**2: rho = sqrt(eta**2 + 1) (proved)" in printed


def test_nothing_is_written_over_unasked(tmp_path: Path) -> None:
    (tmp_path / "papers" / "one").mkdir(parents=True)
    kept = tmp_path / "papers" / "one" / "claims.py"
    kept.write_text("mine = True\n")
    refused = inside("new", "one", "--dir", "papers", cwd=tmp_path)
    assert refused.code == 5
    assert "papers/one/claims.py would be written over" in refused.err
    assert [p.name for p in kept.parent.iterdir()] == ["claims.py"]
    assert kept.read_text() == "mine = True\n"
    forced = inside("new", "one", "--dir", "papers", "--force", cwd=tmp_path)
    assert forced.code == 0
    assert "wrote papers/one/claims.py (written over)" in forced.out
    assert "one.eq1" in kept.read_text()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("2020", "'2020' cannot name a paper"),
        ("a/b", "'a/b' cannot name a paper"),
        ("..", "cannot name a paper"),
        ("class", "'class' cannot name a paper"),
        ("Annealed", "a paper called annealed is installed already"),
    ],
)
def test_names_are_checked(tmp_path: Path, name: str, words: str) -> None:
    refused = inside("new", name, cwd=tmp_path)
    assert refused.code == 2
    assert words in " ".join(refused.err.split())
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = inside("new", "one", "--dir", "file", cwd=tmp_path)
    assert refused.code == 5
    assert "cannot write file/one" in refused.err
