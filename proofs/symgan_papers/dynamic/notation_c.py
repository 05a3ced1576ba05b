"""Notation of section 6, the tables and appendix F."""

from __future__ import annotations

from typing import Any

from symgan_papers.dynamic.section6_average_ranks import ROWS, SLUGS

TOKENS: dict[str, str] = {}
NAMES: dict[str, Any] = {}
VALUES: dict[str, Any] = {}
FUNCTIONS: dict[str, Any] = {}

_RANKS = {
    f"dynamic.table{number}.average-rank.{dataset.lower()}.{SLUGS[method]}": right
    for number, dataset, method, _, right in ROWS
}
_DECIMAL = "a printed decimal; the test of the tables compares it with the statement's rational"
_ROUNDED = "a printed decimal, of the p-value rounded to as many digits"

NOT_READ: dict[str, str] = {
    **dict.fromkeys(_RANKS, _DECIMAL),
    "dynamic.table.friedman": _ROUNDED,
    "dynamic.table.friedman.permutation": _ROUNDED,
    "dynamic.table.friedman.printed-ranks": _ROUNDED,
    "dynamic.table.friedman.significant": _ROUNDED,
    "dynamic.sec6-1.ring": "printed decimals; both sides are named quantities",
    "dynamic.sec6-1.iterations.same-work": "two relations",
}
AMENDMENTS_NOT_READ: dict[str, str] = {
    **{name: _DECIMAL for name, right in _RANKS.items() if right},
    "dynamic.table.friedman": _ROUNDED,
    "dynamic.table.friedman.permutation": _ROUNDED,
    "dynamic.table.friedman.printed-ranks": _ROUNDED,
}
