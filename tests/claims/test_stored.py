"""Entries between runs: found while nothing changed, examined anew when anything did."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from symgan.cache import Cache
from symgan.claims import Ledger, Verdict, load, verify
from symgan.claims.stored import Stored

CLAIMS = """
    from helper import side
    from symgan.claims import Examination, Verdict, by_z3, claim, eq

    @claim("note.square", source="p. 1", says="a square", expect=Verdict.PROVED)
    def square():
        from inner import other
        case = eq((side + other)**2, side**2 + 2*side*other + other**2)
        return Examination(case, exact={}, second=by_z3({}))

    @claim("note.wrong", source="p. 2", says="not so", expect=Verdict.PROVED)
    def wrong():
        case = eq(side, side + 1)
        return Examination(case, exact={}, second=by_z3({}))
"""
SYMBOL = "import sympy\n{name} = sympy.Symbol({text!r}, real=True)\n"

Run = Callable[..., Ledger]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "claims.py").write_text(dedent(CLAIMS))
    (tmp_path / "helper.py").write_text(SYMBOL.format(name="side", text="x"))
    (tmp_path / "inner.py").write_text(SYMBOL.format(name="other", text="y"))
    return tmp_path


@pytest.fixture
def run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs the folder's claims as a new process would: none of its modules is loaded yet."""
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    def fresh(mutate: bool = False) -> Ledger:
        for name, module in list(sys.modules.items()):
            if (getattr(module, "__file__", None) or "").startswith(str(folder)):
                del sys.modules[name]
        stored = Stored(Cache(folder / "kept"))
        return verify(load([str(folder / "claims.py")]), stored=stored, mutate=mutate)

    yield fresh
    for name in ("helper", "inner"):
        sys.modules.pop(name, None)


def cached(ledger: Ledger) -> dict[str, bool]:
    return {entry.claim.id: entry.cached for entry in ledger.entries}


def test_what_came_out_as_expected_is_found_again(run: Run) -> None:
    first, second = run(), run()
    assert cached(first) == {"note.square": False, "note.wrong": False}
    assert cached(second) == {"note.square": True, "note.wrong": False}
    found, again = first.entries[0], second.entries[0]
    assert again.verdict is found.verdict is Verdict.PROVED
    assert (again.statement, again.evidence) == (found.statement, found.evidence)
    assert callable(again.claim.examine)
    assert again.claim.examine() is not None  # the claim of now, not the one of then


@pytest.mark.parametrize("name", ["claims.py", "helper.py", "inner.py"])
def test_any_changed_source_is_noticed(run: Run, folder: Path, name: str) -> None:
    """Also one that is only imported inside an examination."""
    run()
    path = folder / name
    path.write_text(path.read_text() + "\n# changed\n")
    assert not cached(run())["note.square"]
    assert cached(run())["note.square"]


def test_an_unrelated_file_changes_nothing(run: Run, folder: Path) -> None:
    run()
    (folder / "other.py").write_text("x = 1\n")
    assert cached(run())["note.square"]


def test_mutants_are_always_made_anew(run: Run) -> None:
    run()
    ledger = run(mutate=True)
    assert not any(cached(ledger).values())
    assert ledger.mutants


def test_a_changed_verdict_is_not_hidden(run: Run, folder: Path) -> None:
    """The kept entry of a claim must not outlive a change that makes it false."""
    run()
    text = (folder / "claims.py").read_text().replace("2*side*other", "3*side*other")
    (folder / "claims.py").write_text(text)
    entry = run().entries[0]
    assert not entry.cached
    assert entry.verdict is not Verdict.PROVED
