"""``symgan certify recheck``: one line a file, and the exit code that fits the worst of them."""

from __future__ import annotations

from pathlib import Path

import pytest
import sympy as sp

from symgan.certify.files import write_certificate
from symgan.certify.positive import prove
from symgan.certify.smt import decide_smt
from tests.cli.command import inside, symgan

x, y = sp.symbols("x y", real=True)


def make(folder: Path) -> None:
    """A file of each fate, named for its exit code."""
    good = prove(x**2 + y**2 >= 2 * x * y)
    assert good is not None
    write_certificate(good, folder / "valid.json")
    write_certificate({**good, "statement": "x**2 + y**2 >= 3*x*y"}, folder / "wrong.json")
    write_certificate({"kind": "simulated"}, folder / "open.json")
    text = (folder / "valid.json").read_text(encoding="utf-8")
    (folder / "altered.json").write_text(text.replace("2*x*y", "3*x*y"), encoding="utf-8")
    smt = {"kind": "smtlib", "text": decide_smt(x**2 + 1 > x).smtlib, "answer": "unsat"}
    write_certificate(smt, folder / "solver.smt2")


LINES = {
    "valid.json": "valid: x**2 + y**2 >= 2*x*y",
    "solver.smt2": "valid: a solver answers unsat",
    "wrong.json": "does not prove what it says: x**2 + y**2 >= 3*x*y",
    "altered.json": "refused: altered.json was altered: its content does not match its digest",
    "absent.json": "refused: cannot read absent.json: No such file or directory",
    "open.json": "undecided: a certificate of kind 'simulated' holds nothing that could be checked",
}


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["valid.json", "solver.smt2"], 0),
        (["altered.json", "wrong.json", "valid.json"], 1),
        (["absent.json"], 5),
        (["open.json", "altered.json"], 5),
        (["valid.json", "open.json"], 4),
    ],
)
def test_one_line_a_file(tmp_path: Path, names: list[str], code: int) -> None:
    make(tmp_path)
    found = inside("certify", "recheck", *names, cwd=tmp_path)
    assert found.code == code, found
    assert found.out.splitlines() == [f"{name}: {LINES[name]}" for name in names]
    assert found.err == ""


def test_in_a_process_of_its_own_as_a_user_runs_it(tmp_path: Path) -> None:
    make(tmp_path)
    found = symgan("certify", "recheck", "valid.json", "wrong.json", cwd=tmp_path)
    assert found.code == 1
    assert found.out.splitlines() == [f"{n}: {LINES[n]}" for n in ("valid.json", "wrong.json")]


def test_a_wrong_command_line_is_one_sentence(tmp_path: Path) -> None:
    for arguments in (["recheck"], ["recheck", "a.json", "--budget", "0"], ["frobnicate"]):
        assert inside("certify", *arguments, cwd=tmp_path).code == 2
    assert inside("certify", "recheck", "--help", cwd=tmp_path).code == 0


def test_a_proof_for_coq_says_whether_it_was_checked(tmp_path: Path) -> None:
    make(tmp_path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", str(tmp_path))  # no coqc there
        found = inside("certify", "coq", "valid.json", cwd=tmp_path)
        again = inside("certify", "coq", "wrong.json", "--out", "w.v", cwd=tmp_path)
    assert (found.code, found.out) == (0, "valid.v: unchecked: there is no coqc on the PATH\n")
    assert "Lemma case_0 (v_x v_y : R)" in (tmp_path / "valid.v").read_text(encoding="utf-8")
    assert again.code == 5
    assert "only a certificate by products that proves what it says" in " ".join(again.err.split())
    assert not (tmp_path / "w.v").exists()
