"""Running examinations: in this process or in several, each claim on its own."""

from __future__ import annotations

import multiprocessing
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from symgan.claims.agreement import unread
from symgan.claims.diagnosis import diagnosed
from symgan.claims.examine import Examination, judge
from symgan.claims.model import Claim, Entry, Ledger, Mutant
from symgan.claims.mutation import mutants
from symgan.claims.registry import FILE_PREFIX, load
from symgan.claims.stored import Stored
from symgan.errors import BadData, SymganError
from symgan.processes import begin_worker

OnEntry = Callable[[Entry], None]


@dataclass(frozen=True)
class Mutation:
    """Which mutants to examine: a share of them, chosen by a seed."""

    fraction: float = 1.0
    seed: int = 0


def verify(
    claims: Sequence[Claim],
    *,
    jobs: int = 1,
    mutate: bool = False,
    mutation: Mutation | None = None,
    on_entry: OnEntry | None = None,
    stored: Stored | None = None,
) -> Ledger:
    """Examine claims and return the ledger, in the order of the claims.

    A claim that raises becomes an entry with its error; the others run on.

    Args:
        claims: what to examine (`load`).
        jobs: processes; 1 stays in this one.
        mutate: also make and examine mutants of every true statement.
        mutation: which mutants; all of them unless given.
        on_entry: called with each entry as it is finished.
        stored: entries of earlier runs, found there and kept there; mutants are always made
            anew, so nothing is looked up where they are asked for.
    """
    chosen = (mutation or Mutation()) if mutate else None
    found: dict[str, tuple[Entry, tuple[Mutant, ...]]] = {}
    known = _known(claims, stored) if stored is not None and not mutate else {}
    for entry, changed in chain(
        ((entry, ()) for entry in known.values()),
        examinations([c for c in claims if c.id not in known], jobs, chosen),
    ):
        found[entry.claim.id] = entry, changed
        if stored is not None and not entry.cached:
            stored.keep(replace(entry, claim=replace(entry.claim, examine=_detached)))
        if on_entry is not None:
            on_entry(entry)
    if stored is not None:
        stored.trim()
    entries = tuple(found[claim.id][0] for claim in claims)
    return Ledger(entries, tuple(m for claim in claims for m in found[claim.id][1]))


def _known(claims: Sequence[Claim], stored: Stored) -> dict[str, Entry]:
    """The entries that earlier runs kept, each with the claim as it is now."""
    kept = ((claim, stored.find(claim)) for claim in claims)
    return {
        claim.id: replace(_as_it_is_now(entry, claim), cached=True)
        for claim, entry in kept
        if entry is not None
    }


def _as_it_is_now(entry: Entry, claim: Claim) -> Entry:
    """An entry from elsewhere with the claim of this process, and the LaTeX that was read there."""
    printed, amended = (getattr(entry.claim, name) for name in ("printed", "amended"))
    own = replace(claim, printed=claim.printed or printed, amended=claim.amended or amended)
    return replace(entry, claim=own)


def examine_claim(
    claim: Claim, mutation: Mutation | None = None
) -> tuple[Entry, tuple[Mutant, ...]]:
    """One entry, timed, and its mutants; an error becomes part of the entry."""
    start = time.perf_counter()
    changed: tuple[Mutant, ...] = ()
    try:
        case = claim.examine()
        note = ""
        if isinstance(case, Examination) and claim.origin.startswith(FILE_PREFIX):
            note = unread(claim, case)
        entry = replace(diagnosed(judge(claim, case), case), unread=note)
        if mutation is not None and isinstance(case, Examination) and _has_truth(entry, case):
            changed = mutants(claim.id, case, fraction=mutation.fraction, seed=mutation.seed)
    except SymganError as error:
        entry = Entry(claim, None, error=str(error), error_code=error.exit_code)
    except (Exception, SystemExit) as error:  # noqa: BLE001 - the other claims must run
        sentence = f"{claim.id} raised {type(error).__name__}: {error}{_where(claim, error)}"
        entry = Entry(claim, None, error=sentence, error_code=BadData.exit_code)
    return replace(entry, seconds=time.perf_counter() - start), changed


def _has_truth(entry: Entry, case: Examination) -> bool:
    """Whether there is a statement to change: where runs contradict the print, or leave it open,
    only an amendment is one."""
    if entry.outcome not in ("contradicted", "open"):
        return True
    return entry.as_expected and case.amendment is not None


def _where(claim: Claim, error: BaseException) -> str:
    """The last line of the claim's own file that the error passed, for its author."""
    path = getattr(getattr(claim.examine, "__code__", None), "co_filename", "")
    frames = [f for f in traceback.extract_tb(error.__traceback__) if f.filename == path]
    return f" ({Path(path).name}, line {frames[-1].lineno})" if frames else ""


def examinations(
    claims: Sequence[Claim], jobs: int, mutation: Mutation | None
) -> Iterator[tuple[Entry, tuple[Mutant, ...]]]:
    """Entries with their mutants as they are finished; closing it ends what still runs.

    Args:
        claims: what to examine.
        jobs: processes; 1 stays in this one.
        mutation: which mutants are made; None makes none.
    """
    if jobs <= 1 or len(claims) < 2:
        for claim in claims:
            yield examine_claim(claim, mutation)
        return
    by_id = {claim.id: claim for claim in claims}
    context = multiprocessing.get_context("spawn")
    workers = min(jobs, len(claims))
    with ProcessPoolExecutor(workers, mp_context=context, initializer=begin_worker) as pool:
        tasks = [pool.submit(_in_worker, _target(c), c.id, mutation) for c in claims]
        ids = dict(zip(tasks, by_id, strict=True))
        try:
            for task in as_completed(tasks):
                entry, changed = _outcome(task, by_id[ids[task]])
                yield _as_it_is_now(entry, by_id[ids[task]]), changed
        except BaseException:
            for process in list((pool._processes or {}).values()):
                process.terminate()  # a claim may take long; nobody waits for it any more
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _outcome(task: Future[Any], claim: Claim) -> tuple[Entry, tuple[Mutant, ...]]:
    """What a worker found; a worker that could not even load the claim becomes its error."""
    try:
        return task.result()
    except Exception as error:  # noqa: BLE001 - the other claims must run
        sentence = f"{claim.id} could not be run by a worker: {type(error).__name__}: {error}"
        return Entry(claim, None, error=sentence, error_code=BadData.exit_code), ()


def _target(claim: Claim) -> str:
    """What a worker loads to find the claim again: its file, or its id."""
    module = claim.origin.split(":", 1)[0]
    if module.startswith(FILE_PREFIX):
        return str(Path(str(sys.modules[module].__file__)))
    return claim.id


def _in_worker(
    target: str, claim_id: str, mutation: Mutation | None
) -> tuple[Entry, tuple[Mutant, ...]]:
    claim = next(c for c in load([target]) if c.id == claim_id)
    entry, changed = examine_claim(claim, mutation)
    return replace(entry, claim=replace(entry.claim, examine=_detached)), changed


def _detached() -> None:
    """Stands for an examination that stays in its own process."""
