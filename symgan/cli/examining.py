"""Examining what a command names: claims, cache, run. `verify` and `report` share it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from symgan.cli.console import progress, say
from symgan.errors import BadData, MissingExtra, SymganError

if TYPE_CHECKING:
    from symgan.claims import Claim, Entry, Ledger
    from symgan.claims.stored import Stored
    from symgan.report.pictures import Picture

FEW = 4
"""Up to so many claims one process is quicker than several."""


def installed_papers() -> tuple[str, ...]:
    """The papers that a command without names is about.

    Raises:
        BadData: no papers are installed.
    """
    from symgan.claims import papers

    if found := papers():
        return found
    raise BadData("no papers are installed; name a claims file: symgan verify my_claims.py")


def load_claims(targets: Sequence[str]) -> tuple[list[Claim], list[SymganError]]:
    """The claims of all targets, once each, and the errors of those that do not load."""
    from symgan.claims import load
    from symgan.claims.registry import add

    chosen: dict[str, Claim] = {}
    failures: list[SymganError] = []
    for target in targets:
        try:
            for claim in load([target]):
                add(chosen, claim)
        except SymganError as error:
            failures.append(error)
            say(f"symgan: {error}")
    return list(chosen.values()), failures


def stored_entries() -> Stored | None:
    """The entries of earlier runs; none, with a note, where the cache cannot be used."""
    from symgan.cache import user_cache
    from symgan.claims.stored import Stored

    try:
        return Stored(user_cache().opened())
    except BadData as error:
        say(f"without a cache: {error}")
        return None


def run_claims(
    claims: Sequence[Claim], mutate: bool, jobs: int, stored: Stored | None
) -> tuple[Ledger, bool]:
    """The ledger, and whether the run was interrupted: then it holds what was finished."""
    from symgan.claims import Ledger
    from symgan.claims import verify as examine

    finished: list[Entry] = []
    with progress("examining claims", len(claims)) as advance:

        def done(entry: Entry) -> None:
            finished.append(entry)
            advance()

        try:
            workers = jobs or cores(len(claims))
            return examine(claims, jobs=workers, mutate=mutate, on_entry=done, stored=stored), False
        except KeyboardInterrupt:
            order = {claim.id: number for number, claim in enumerate(claims)}
            return Ledger(tuple(sorted(finished, key=lambda e: order[e.claim.id]))), True


def say_what_raised(ledger: Ledger) -> None:
    """The errors of claims that raised, each once, on standard error."""
    raised: dict[str, list[str]] = {}
    for entry in ledger.entries:
        if entry.error:
            raised.setdefault(entry.error, []).append(entry.claim.id)
    for sentence, ids in raised.items():
        others = f" and {len(ids) - 1} more" if len(ids) > 1 else ""
        where = "" if sentence.startswith(ids[0]) else f"{ids[0]}{others}: "
        say(f"symgan: {where}{sentence}")


def figures(ledger: Ledger, *, fresh: bool = False) -> dict[str, tuple[Picture, ...]]:
    """Paper -> its figures; none, with a note, without the plot extra.

    Args:
        ledger: whose papers.
        fresh: draw anew what an earlier run has drawn.
    """
    from symgan.claims import paper_package, papers
    from symgan.cli.kept import kept
    from symgan.cli.papers import pictures

    named = dict.fromkeys(entry.claim.paper for entry in ledger.entries)
    try:
        return {
            name: kept("figures", paper_package(name), partial(pictures, name), fresh=fresh)
            for name in named
            if name in papers()
        }
    except MissingExtra as error:
        say(f"the report has no figures: {error}")
        return {}


def cores(claims: int) -> int:
    """How many processes examine so many claims, unless the user says."""
    if claims <= FEW:
        return 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
