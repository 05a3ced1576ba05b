"""Finding claims; every way a target can be wrong has its sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from symgan.claims import Claim, Verdict, claim, load, papers, verify
from symgan.errors import BadData, UnknownName

HEAD = "from symgan.claims import Examination, Verdict, by_z3, claim, eq\nimport sympy as sp\n"
GOOD = """
@claim("mine.good", source="p. 1", says="a square, expanded", expect=Verdict.PROVED)
def good():
    q, x = sp.symbols("q x", real=True)
    exact = {q: (x + 1) ** 2}
    return Examination(eq(q, x**2 + 2 * x + 1), exact, by_z3(exact))
"""
RAISING = """
@claim("mine.raising", source="p. 2", says="it raises", expect=Verdict.PROVED)
def raising():
    raise RuntimeError("the roof is on fire")
"""


def written(folder: Path, text: str) -> str:
    path = folder / "mine.py"
    path.write_text(HEAD + text, encoding="utf-8")
    return str(path)


def test_papers_and_prefixes() -> None:
    assert "annealed" in papers()
    every = load(["annealed"])
    assert load() == tuple(c for paper in papers() for c in load([paper]))
    assert {c.id for c in load(["annealed.eq1"])} < {c.id for c in every}
    assert all(c.id.split(".")[1] == "eq1" for c in load(["annealed.eq1"]))
    (one,) = load(["annealed.eq12"])
    assert one.id == "annealed.eq12"
    assert load(["annealed.eq12", "annealed.eq12"]) == (one,)


@pytest.mark.parametrize(
    ("target", "error", "words"),
    [
        ("nothing", UnknownName, "installed papers: annealed"),
        ("annealed.eq99", UnknownName, "closest: "),
        ("missing.py", BadData, "does not exist"),
    ],
)
def test_unknown_targets(target: str, error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        load([target])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("raise ValueError('no')", "raised ValueError: no"),
        ("def x(:", "raised SyntaxError"),
        ("", "holds no claims"),
        (GOOD + GOOD.replace("def good", "def twin"), "two claims have the id mine.good"),
    ],
)
def test_bad_files(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadData, match=words):
        load([written(tmp_path, text)])


def test_a_claim_that_raises_leaves_the_others_running(tmp_path: Path) -> None:
    ledger = verify(load([written(tmp_path, RAISING + GOOD)]))
    raising, good = ledger.entries
    assert raising.verdict is None
    assert (
        raising.error == "mine.raising raised RuntimeError: the roof is on fire (mine.py, line 6)"
    )
    assert good.verdict is Verdict.PROVED
    assert ledger.surprises == (raising,)


def test_processes_find_what_one_process_finds(tmp_path: Path) -> None:
    claims = (*load([written(tmp_path, GOOD + RAISING)]), *load(["annealed.eq15"]))
    alone, together = (verify(claims, jobs=jobs, mutate=True) for jobs in (1, 2))
    for one, other in zip(alone.entries, together.entries, strict=True):
        assert one.claim == other.claim
        assert (one.verdict, one.witness, one.error) == (other.verdict, other.witness, other.error)
        assert [(e.kind, e.holds, e.text) for e in one.evidence] == [
            (e.kind, e.holds, e.text) for e in other.evidence
        ]
    assert [m.statement for m in alone.mutants] == [m.statement for m in together.mutants]


def test_a_worker_that_fails_leaves_the_others_running(tmp_path: Path) -> None:
    """The file changes under the workers: their claims become errors, the paper's run on."""
    mine = load([written(tmp_path, GOOD)])
    (tmp_path / "mine.py").write_text("raise ValueError('gone')\n", encoding="utf-8")
    ledger = verify((*mine, *load(["annealed.eq11"])), jobs=2)
    lost, found = ledger.entries
    assert lost.verdict is None
    assert lost.error.startswith("mine.good could not be run by a worker: BadData:")
    assert "raised ValueError: gone" in lost.error
    assert found.verdict is Verdict.PROVED


@pytest.mark.parametrize(
    "name", ["nodots", "Upper.case", "a..b", "a.b_c", "a.-b", "1a.b", "a.b.", ""]
)
def test_malformed_ids(name: str) -> None:
    with pytest.raises(BadData, match="malformed"):
        claim(name, source="s", says="x", expect=Verdict.PROVED)


@pytest.mark.parametrize("verdict", [Verdict.INFORMAL, Verdict.CHECKED, Verdict.ILL_POSED])
def test_reasons_are_required(verdict: Verdict) -> None:
    with pytest.raises(BadData, match="reason"):
        claim("a.b", source="s", says="x", expect=verdict)


def test_a_refutation_needs_its_repair() -> None:
    with pytest.raises(BadData, match="repair"):
        claim("a.b", source="s", says="x", expect=Verdict.REFUTED)
    assert isinstance(load(["annealed.eq12"])[0], Claim)


def test_claims_stand_in_the_order_of_the_paper() -> None:
    """`ORDER` of the package decides; the names of its modules alone would put appendices first."""
    ids = [claim.id for claim in load(["dynamic"])]
    wanted = ("abstract.reputation", "superlinear", "lemma4-2.main", "thm5-1.lyapunov", "lemma-d5")
    places = [ids.index(f"dynamic.{label}") for label in wanted]
    assert places == sorted(places)
    assert ids[-1].startswith("dynamic.settled.")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD + GOOD.replace("mine.good", "mine.other"), "two functions of .*mine.py are called"),
        (GOOD + GOOD, "two functions of .*mine.py are called good: the claim mine.good"),
        (
            "def make():\n" + GOOD.replace("\n", "\n    ") + "\nmake()\n" + RAISING,
            "the claim mine.good of .*mine.py is not kept under a name of the file",
        ),
        (GOOD.replace("def good():", "def good(x):"), "mine.good: its function takes arguments"),
    ],
)
def test_no_claim_is_lost(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadData, match=words):
        load([written(tmp_path, text)])


def test_a_folder_stands_for_its_claims_files(tmp_path: Path) -> None:
    written(tmp_path, RAISING)  # mine.py is no claims file by name
    with pytest.raises(BadData, match="holds no claims file"):
        load([str(tmp_path)])
    for name, text in {"claims": GOOD, "b_claims": GOOD.replace("mine.good", "b.good")}.items():
        (tmp_path / f"{name}.py").write_text(HEAD + text, encoding="utf-8")
    assert [claim.id for claim in load([str(tmp_path)])] == ["b.good", "mine.good"]
    (tmp_path / "c_claims.py").write_text(HEAD + GOOD, encoding="utf-8")
    with pytest.raises(BadData, match=r"two claims have the id mine.good: .*, line 4 \(good\)"):
        load([str(tmp_path)])
