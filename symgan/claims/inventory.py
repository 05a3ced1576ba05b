"""The inventory of a paper: every display and assertive sentence, and who judges it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from symgan.claims.model import Claim
from symgan.errors import BadData

_COLUMNS = ["location", "kind", "statement", "claims", "reason"]


@dataclass(frozen=True)
class Item:
    """One display, sentence, figure or caption of a paper.

    Attributes:
        location: where it stands.
        kind: ``display``, ``sentence``, ``figure`` or ``caption``.
        statement: what it says, in our words.
        claims: the ids of the claims that judge it; empty if nothing is checkable.
        reason: why nothing is checkable.
    """

    location: str
    kind: str
    statement: str
    claims: tuple[str, ...]
    reason: str


def read_inventory(path: Path) -> tuple[Item, ...]:
    """Read a tab-separated inventory.

    Raises:
        BadData: the header or a row does not have the columns location, kind, statement,
            claims, reason.
    """
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    if not rows or rows[0] != _COLUMNS:
        raise BadData(f"{path} must start with the columns {', '.join(_COLUMNS)}")
    for number, row in enumerate(rows[1:], 2):
        if len(row) != len(_COLUMNS):
            raise BadData(f"{path}, line {number}: {len(row)} columns instead of {len(_COLUMNS)}")
    return tuple(
        Item(place, kind, statement, () if claims == "-" else tuple(claims.split()), reason)
        for place, kind, statement, claims, reason in rows[1:]
    )


def gaps(items: Iterable[Item], claims: Iterable[Claim]) -> tuple[str, ...]:
    """What the inventory leaves open; empty if it is complete and agrees with the claims.

    >>> gaps([Item("p. 1", "sentence", "all is well", (), "")], [])
    ("p. 1 'all is well': neither a claim nor a reason",)
    """
    items = tuple(items)
    known = {claim.id for claim in claims}
    used = {name for item in items for name in item.claims}
    found = [
        f"{item.location} {item.statement!r}: neither a claim nor a reason"
        for item in items
        if not item.claims and not item.reason
    ]
    found += [f"the inventory names {name}, which is no claim" for name in sorted(used - known)]
    found += [f"claim {name} is not in the inventory" for name in sorted(known - used)]
    return tuple(found)
