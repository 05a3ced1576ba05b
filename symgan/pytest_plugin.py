"""Claims as tests: pytest collects claims files where symgan is installed.

A claims file is called ``claims.py`` or ``*_claims.py`` and mentions symgan; other files are
matched by ``--symgan-claims GLOB`` or the ini option ``symgan_claims``, which replace these names.
A claim passes if its verdict is the expected one. ``--symgan-jobs N`` examines claims in N
processes (under pytest-xdist its workers are the processes), ``--symgan-mutate`` also holds each
check against the mutants of its claim.

Until such a file is found, nothing beyond pytest is imported.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from symgan.claims import Claim, Entry, Mutant, Mutation

PATTERNS = ("claims.py", "*_claims.py")
"""Names of claims files, unless an option says otherwise."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Options for claims."""
    group = parser.getgroup("symgan", "claims of papers (symgan)")
    group.addoption(
        "--symgan-claims",
        action="append",
        metavar="GLOB",
        help="Files that hold claims; may be given several times (default: claims.py, *_claims.py)",
    )
    group.addoption(
        "--symgan-jobs",
        type=int,
        default=1,
        metavar="N",
        help="Examine claims in N processes; 0: one a processor core (default: 1)",
    )
    group.addoption(
        "--symgan-mutate",
        action="store_true",
        help="Also hold the check of each claim against mutants of the claim",
    )
    parser.addini("symgan_claims", "Names of files that hold claims", type="args", default=[])


def pytest_configure(config: pytest.Config) -> None:
    """Refuse a wrong number of processes; register the marker that claims carry."""
    if int(config.getoption("--symgan-jobs") or 0) < 0:
        raise pytest.UsageError("--symgan-jobs must be 0 or more")
    config.addinivalue_line("markers", "claim: a claim of a paper (symgan)")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ClaimsFile | None:
    """A claims file, if this is one."""
    if file_path.suffix != ".py" or not _holds_claims(file_path, parent):
        return None
    return ClaimsFile.from_parent(parent, path=file_path)


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> Any:
    """A claims file that is named on the command line is no module of tests beside."""
    if _is_test_module(module_path, parent.config) or not _holds_claims(module_path, parent):
        return None
    return NoTests.from_parent(parent, path=module_path)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """End examinations that nobody waits for any more."""
    if (running := session.stash.get(_RUNNING, None)) is not None:
        running.close()


class ClaimsFile(pytest.File):
    """A Python file with claims."""

    def collect(self) -> Iterable[ClaimItem]:
        """Its claims, one item each; whatever is wrong with the file is one sentence."""
        from symgan.claims import load
        from symgan.errors import SymganError

        try:
            claims = load([str(self.path)])
        except SymganError as error:
            raise self.CollectError(str(error)) from None
        self._refuse_twins(claims)
        return [ClaimItem.from_parent(self, name=claim.id, claim=claim) for claim in claims]

    def _refuse_twins(self, claims: Iterable[Claim]) -> None:
        """Two files of one run may not have the same id."""
        known = self.session.stash.setdefault(_FILES, {})
        for claim in claims:
            other = known.setdefault(claim.id, self.path)
            if other != self.path:
                raise self.CollectError(
                    f"two claims have the id {claim.id}: in {other} and in {self.path}; rename one"
                )


class NoTests(pytest.File):
    """What a claims file is to pytest's own collection of modules."""

    def collect(self) -> Iterable[pytest.Item]:
        """Nothing."""
        return []


class ClaimItem(pytest.Item):
    """One claim: it passes if its verdict is the expected one."""

    def __init__(self, *, claim: Claim, **options: Any) -> None:
        super().__init__(**options)
        self.claim = claim
        self.add_marker("claim")

    def runtest(self) -> None:
        """Examine the claim and compare.

        Raises:
            ClaimFailed: another verdict, an error, or a mutant that survived.
        """
        entry, mutants = _running(self.session).result(self.claim)
        self._note(entry)
        survivors = [mutant for mutant in mutants if mutant.fate == "survived"]
        if not entry.as_expected or survivors:
            raise ClaimFailed(entry, survivors)

    def _note(self, entry: Entry) -> None:
        """Properties of the test for JUnit reports."""
        verdict = "ERROR" if entry.verdict is None else entry.verdict.value
        found = {
            "claim": self.claim.id,
            "verdict": verdict,
            "expected": self.claim.expect.value,
            "outcome": entry.outcome,
            "source": self.claim.source,
            "printed": entry.claim.printed,
        }
        self.user_properties += [(name, text) for name, text in found.items() if text]

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """What the author needs, without our own traceback."""
        if isinstance(excinfo.value, ClaimFailed):
            return excinfo.value.text()
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the claim's function stands."""
        code = getattr(self.claim.examine, "__code__", None)
        return self.path, code and code.co_firstlineno - 1, f"claim {self.claim.id}"


class ClaimFailed(Exception):
    """A claim that did not come out as expected, or whose check let a mutant pass."""

    def __init__(self, entry: Entry, survivors: list[Mutant]) -> None:
        super().__init__(entry.claim.id)
        self.entry, self.survivors = entry, survivors

    def text(self) -> str:
        """The lines of the test report."""
        from symgan.report.explanation import explain, formula

        lines = [] if self.entry.as_expected else explain(self.entry)
        if self.survivors:
            lines.append(f"{self.entry.claim.id}: its check also accepts what it must reject:")
        lines += [f"  {m.operator}: {formula(m.statement)}" for m in self.survivors]
        return "\n".join(lines)


class _Running:
    """The examinations of one session: one after another, or in processes of their own."""

    def __init__(self, claims: list[Claim], jobs: int, mutation: Mutation | None) -> None:
        from symgan.claims.run import examinations

        self._found: dict[str, tuple[Entry, tuple[Mutant, ...]]] = {}
        self._mutation = mutation
        apart = jobs > 1 and len(claims) > 1
        self._results = examinations(claims, jobs, mutation) if apart else None

    def result(self, claim: Claim) -> tuple[Entry, tuple[Mutant, ...]]:
        """The entry of a claim and its mutants, once they are there."""
        from symgan.claims import examine_claim

        if self._results is None:
            return examine_claim(claim, self._mutation)
        while claim.id not in self._found:
            entry, mutants = next(self._results)
            self._found[entry.claim.id] = entry, mutants
        return self._found[claim.id]

    def close(self) -> None:
        """End what still runs."""
        if self._results is not None:
            _closed(self._results)


def _closed(results: Iterator[Any]) -> None:
    if (close := getattr(results, "close", None)) is not None:
        close()


_RUNNING = pytest.StashKey[_Running]()
_FILES = pytest.StashKey[dict[str, Path]]()


def _running(session: pytest.Session) -> _Running:
    """The session's examinations; started with the first claim that is run."""
    if (known := session.stash.get(_RUNNING, None)) is not None:
        return known
    from symgan.claims import Mutation

    claims = [item.claim for item in session.items if isinstance(item, ClaimItem)]
    mutation = Mutation() if session.config.getoption("--symgan-mutate") else None
    session.stash[_RUNNING] = running = _Running(claims, _jobs(session.config), mutation)
    return running


def _jobs(config: pytest.Config) -> int:
    """How many processes; a worker of pytest-xdist is one itself."""
    if hasattr(config, "workerinput"):
        return 1
    return config.getoption("--symgan-jobs") or os.cpu_count() or 1


def _holds_claims(path: Path, parent: pytest.Collector) -> bool:
    """Whether a file is named as a claims file; by a default name only if it mentions symgan."""
    config = parent.config
    chosen = config.getoption("--symgan-claims") or config.getini("symgan_claims")
    if any(_matches(path, pattern, config.rootpath) for pattern in chosen or PATTERNS):
        return bool(chosen) or b"symgan" in path.read_bytes()
    return parent.session.isinitpath(path) and _marks_claims(path, config)


def _matches(path: Path, pattern: str, root: Path) -> bool:
    """Whether a pattern fits the file's name or, with a slash, its path below the root."""
    if "/" not in pattern:
        return fnmatch(path.name, pattern)
    return fnmatch(str(path), str(root / pattern))


def _is_test_module(path: Path, config: pytest.Config) -> bool:
    return any(_matches(path, name, config.rootpath) for name in config.getini("python_files"))


def _marks_claims(path: Path, config: pytest.Config) -> bool:
    """Whether a file that was named on the command line, and is no test module, marks claims."""
    if _is_test_module(path, config):
        return False
    source = path.read_bytes()
    return b"symgan.claims" in source and b"\n@claim(" in source
