"""``symgan verify``: verdicts, exit codes, outputs, and what happens when things go wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.cli import samples
from tests.cli.command import environment, inside, symgan


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, source in {
        "sound": samples.SOUND,
        "surprising": samples.SURPRISING,
        "raising_claim": samples.RAISING_CLAIM,
        "raising_file": samples.RAISING_FILE,
        "lax": samples.LAX,
        "no_equilibrium": samples.NO_EQUILIBRIUM,
        "slow": samples.SLOW,
        "empty": "x = 1\n",
    }.items():
        (tmp_path / f"{name}.py").write_text(source)
    return tmp_path


def test_as_expected(folder: Path) -> None:
    found = inside("verify", "sound.py", "--json", "l.json", "--report", "page", cwd=folder)
    assert found.code == 0, found.err
    assert "note.square" in found.out
    assert "PROVED" in found.out
    assert max(map(len, found.out.splitlines())) <= 80
    ledger = json.loads((folder / "l.json").read_text())
    assert {c["id"]: c["status"] for c in ledger["claims"]} == {
        "note.square": "PROVED",
        "note.opinion": "INFORMAL",
    }
    assert "<math" in (folder / "page" / "index.html").read_text()


def test_a_surprise_exits_with_1(folder: Path) -> None:
    found = inside("verify", "surprising.py", "--json", "l.json", cwd=folder)
    assert found.code == 1
    assert "CONDITIONAL" in found.out
    assert json.loads((folder / "l.json").read_text())["summary"]["unexpected"] == ["note.square"]


def test_a_raising_claim_exits_with_5_and_the_others_run(folder: Path) -> None:
    found = inside("verify", "raising_claim.py", "--json", "l.json", cwd=folder)
    assert found.code == 5
    assert "note.broken raised ValueError: no such lemma [bold]" in found.err
    statuses = [c["status"] for c in json.loads((folder / "l.json").read_text())["claims"]]
    assert statuses == ["PROVED", "INFORMAL", "ERROR"]


def test_a_point_that_is_no_equilibrium_is_named(folder: Path) -> None:
    found = inside("verify", "no_equilibrium.py", cwd=folder)
    assert found.code == 5
    assert "note.rest: " in found.err
    assert "not an equilibrium" in found.err
    assert "PROVED" in found.out


def test_a_raising_file_exits_with_5_and_the_others_run(folder: Path) -> None:
    found = inside("verify", "raising_file.py", "sound.py", cwd=folder)
    assert found.code == 5
    assert "raising_file.py raised RuntimeError: half a file" in found.err
    assert "PROVED" in found.out


def test_a_surprise_outweighs_a_raising_file(folder: Path) -> None:
    assert inside("verify", "raising_file.py", "surprising.py", cwd=folder).code == 1


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (["no-such-paper"], 2, "'no-such-paper' is neither a paper, a claim nor a .py file"),
        (["annealed.eq99"], 2, "no claim has the id 'annealed.eq99'; closest: annealed.eq"),
        (["missing.py"], 5, "claims file missing.py does not exist"),
        (["empty.py"], 5, "empty.py holds no claims"),
        (["sound.py", "--json", "nowhere/l.json"], 5, "cannot write nowhere/l.json"),
        (["sound.py", "--json", "."], 5, "cannot write ."),
        (["sound.py", "--report", "sound.py"], 5, "cannot write a report to sound.py"),
        (["sound.py", "--report", "/proc/page"], 5, "cannot write a report to /proc/page"),
        (["sound.py", "--report", "."], 5, "is not empty and is not a symgan report"),
        (["sound.py", "--jobs", "-1"], 2, "--jobs"),
        (["--no-such-option"], 2, "--no-such-option"),
    ],
)
def test_bad_input_is_one_sentence(
    folder: Path, arguments: list[str], code: int, sentence: str
) -> None:
    found = inside("verify", *arguments, cwd=folder)
    assert found.code == code
    assert sentence in " ".join(found.err.split())
    assert found.out == ""


def test_mutants_are_reported(folder: Path) -> None:
    found = inside("verify", "sound.py", "--mutate", "--json", "l.json", cwd=folder)
    assert found.code == 0, found.out
    mutants = json.loads((folder / "l.json").read_text())["mutants"]
    assert mutants["made"] == mutants["rejected"] + mutants["equivalent"] + mutants["implied"]
    assert mutants["rejected"] > 0
    assert "survived" in found.out


def test_a_survivor_is_named_and_exits_with_1(folder: Path) -> None:
    assert inside("verify", "lax.py", cwd=folder).code == 0
    found = inside("verify", "lax.py", "--mutate", cwd=folder)
    assert found.code == 1
    assert "doubled: Eq(2*L*x, M)" in found.out
    assert "3 survived" in found.out


def test_a_missing_extra_exits_with_3(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence stays on one line, so that its command can be copied."""
    monkeypatch.setitem(sys.modules, "z3", None)
    found = inside("verify", "sound.py", cwd=folder)
    assert found.code == 3
    assert "note.square: deciding polynomial statements needs z3-solver" in found.err
    assert "run: pip install 'symgan[proofs]'\n" in found.err
    assert "note.opinion" in found.out


def test_a_claim_that_raises_outweighs_a_missing_extra(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    assert inside("verify", "raising_claim.py", cwd=folder).code == 5


def test_ids_begin_at_a_dot(folder: Path) -> None:
    found = inside("verify", "annealed.eq5", "--json", "l.json", cwd=folder)
    assert found.code == 0, found.err
    ids = [c["id"] for c in json.loads((folder / "l.json").read_text())["claims"]]
    assert ids == ["annealed.eq5.theta", "annealed.eq5.psi"]
    one = inside("list", "annealed.eq1", cwd=folder).out
    assert "annealed.eq1.f-gan" in one
    assert "annealed.eq11" not in one


def test_json_on_standard_output(folder: Path) -> None:
    found = inside("verify", "sound.py", "--json", "-", cwd=folder)
    assert found.code == 0
    assert json.loads(found.out)["summary"]["claims"] == 2
    assert "all verdicts as expected" in found.err
    assert not (folder / "-").exists()


def test_several_processes_agree_with_one(folder: Path) -> None:
    """The same ledgers, but for timings and certificates.

    In SMT-LIB certificates z3 numbers its terms by what it has seen before.
    """
    command = ("verify", "sound.py", "--no-cache")
    one = inside(*command, "--jobs", "1", "--json", "1.json", cwd=folder)
    two = symgan(*command, "--jobs", "2", "--json", "2.json", cwd=folder)
    assert one.code == two.code == 0
    first, second = (json.loads((folder / f"{n}.json").read_text()) for n in (1, 2))
    for ledger in (first, second):
        for entry in ledger["claims"]:
            assert entry.pop("seconds") >= 0
            for evidence in entry["evidence"]:
                evidence.pop("certificate", None)
    assert first == second


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_interruption_keeps_what_is_done(folder: Path, jobs: str) -> None:
    command = [sys.executable, "-m", "symgan.cli", "verify", "slow.py", "--jobs", jobs]
    process = subprocess.Popen(
        [*command, "--json", "l.json"],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not (folder / "reached").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(0.5 if jobs == "1" else 3)  # the other worker finishes the quick claims meanwhile
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the whole group
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert "interrupted after 2 of 3 claims" in err
    ids = [c["id"] for c in json.loads((folder / "l.json").read_text())["claims"]]
    assert ids == ["note.square", "note.opinion"]


def test_a_second_run_comes_from_the_cache(folder: Path) -> None:
    first = inside("verify", "sound.py", cwd=folder)
    again = inside("verify", "sound.py", "--json", "l.json", cwd=folder)
    anew = inside("verify", "sound.py", "--no-cache", cwd=folder)
    assert (first.code, again.code, anew.code) == (0, 0, 0)
    assert "from the cache" not in first.out + anew.out
    assert "2 from the cache" in again.out
    assert {c["cached"] for c in json.loads((folder / "l.json").read_text())["claims"]} == {True}
    assert inside("cache", "clear", cwd=folder).out.startswith("removed 2 results")
    assert "from the cache" not in inside("verify", "sound.py", cwd=folder).out


def test_a_surprise_is_examined_anew(folder: Path) -> None:
    codes = [inside("verify", "surprising.py", cwd=folder).code for _ in range(2)]
    assert codes == [1, 1]


def test_an_unusable_cache_is_said_and_done_without(folder: Path) -> None:
    (folder / ".symgan-cache").write_text("")
    found = inside("verify", "sound.py", cwd=folder)
    assert found.code == 0
    assert "without a cache: cannot keep results in" in found.err
