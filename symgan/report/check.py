"""A checked formula for the terminal and as JSON; `symgan.report.formulas` has its LaTeX."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sympy as sp
from sympy import Basic
from sympy.core.relational import Relational

from symgan.claims.check import Checked, Link
from symgan.claims.model import Evidence, Repair
from symgan.report.expressions import expression

_WORDS: dict[type, str] = {
    sp.And: " and ", sp.Or: " or ", sp.Implies: "  =>  ", sp.Equivalent: "  <=>  ",
}  # fmt: skip
VERDICTS = {True: "holds for all values", False: "false", None: "undecided"}


def check_lines(checked: Checked) -> Iterator[str]:
    """What was found, line by line, the verdict first.

    Args:
        checked: what `symgan.claims.check.check` returned.
    """
    yield VERDICTS[checked.holds]
    yield ""
    yield from _field("read as", infix(checked.statement))
    if checked.given is not sp.true:
        yield from _field("given", infix(checked.given))
    for link in checked.links:
        yield from _link_lines(link, len(checked.links) > 1)
    if checked.witness:
        yield from _field("fails at", _witness(checked))
    if checked.holds is None:
        yield from _field("why", checked.reason)
    for evidence in checked.evidence:
        yield from _field(f"{evidence.route.value} route", _evidence(evidence))
    for number, repair in enumerate(checked.repairs):
        yield from _field("smallest repair" if not number else "or", repair.text)
        yield from _field("", infix(repair.statement))


def infix(statement: Any) -> str:
    r"""A statement in plain characters, as one writes it.

    >>> x = sp.Symbol("x")
    >>> infix(sp.Implies(sp.Eq(x, 1), sp.And(x > 0, x < 2, evaluate=False), evaluate=False))
    'x = 1  =>  x > 0 and x < 2'
    """
    if isinstance(statement, Relational):
        sign = {"==": "="}.get(statement.rel_op, statement.rel_op)
        return f"{statement.lhs} {sign} {statement.rhs}"
    for kind, word in _WORDS.items():
        if isinstance(statement, kind):
            ordered = statement.args if kind is sp.Implies else _ordered(statement)
            return word.join(_inner(part, kind) for part in ordered)
    if isinstance(statement, sp.Not):
        return f"not ({infix(statement.args[0])})"
    return str(statement)


def _ordered(statement: Any) -> list[Any]:
    return sorted(statement.args, key=sp.default_sort_key)


def _inner(part: Any, kind: type) -> str:
    loose = isinstance(part, tuple(_WORDS)) and not (
        kind in (sp.Implies, sp.Equivalent) and isinstance(part, sp.And)
    )
    return f"({infix(part)})" if loose else infix(part)


def _link_lines(link: Link, several: bool) -> Iterator[str]:
    if several:
        yield from _field("relation", infix(link.relation))
    if str(link.left) != str(link.relation.lhs):
        yield from _field("left side", str(link.left))
    if str(link.right) != str(link.relation.rhs):
        yield from _field("right side", str(link.right))
    yield from _field("difference", str(link.difference))
    if link.at_witness is not None:
        left, right = link.at_witness
        yield from _field("values", f"{left} on the left, {right} on the right")


def _field(name: str, text: str) -> Iterator[str]:
    yield f"  {name:<16} {text}"


def _witness(checked: Checked) -> str:
    ordered = sorted(checked.witness.items(), key=lambda item: str(item[0]))
    return ", ".join(f"{symbol} = {value}" for symbol, value in ordered)


def _evidence(evidence: Evidence) -> str:
    found = {True: "holds", False: "false", None: "open"}[evidence.holds]
    return f"{found} ({evidence.kind}): {evidence.text}"


def check_data(checked: Checked) -> dict[str, Any]:
    """What was found, in JSON types; expressions as ``text`` and ``latex``."""
    return {
        "formula": checked.text,
        "verdict": VERDICTS[checked.holds],
        "holds": checked.holds,
        "statement": _both(checked.statement),
        "given": _both(checked.given),
        "reason": checked.reason,
        "relations": [_link_data(link) for link in checked.links],
        "witness": {str(s): str(v) for s, v in checked.witness.items()},
        "evidence": [
            {"route": e.route.value, "kind": e.kind, "holds": e.holds, "text": e.text}
            for e in checked.evidence
        ],
        "repairs": [_repair_data(repair) for repair in checked.repairs],
    }


def _both(value: Basic) -> dict[str, str]:
    return {"text": str(value), "latex": expression(value)}


def _link_data(link: Link) -> dict[str, Any]:
    values = None if link.at_witness is None else [str(value) for value in link.at_witness]
    return {
        "relation": _both(link.relation),
        "left": _both(link.left),
        "right": _both(link.right),
        "difference": _both(link.difference),
        "at_witness": values,
    }


def _repair_data(repair: Repair) -> dict[str, Any]:
    return {"text": repair.text, "statement": _both(repair.statement), "kind": repair.kind}
