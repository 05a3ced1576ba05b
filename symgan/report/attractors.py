"""What rules do at points that are, or are not, Nash equilibria: a Markdown document."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sympy import ImmutableMatrix

from symgan.analysis.attractors import Attractor, Row
from symgan.report.steps import steps

HEADS = ("rule", "attractor, no Nash", "it is", "for steps", "Nash, yet left", "for steps but")
NONE = "none: proved"

INTRODUCTION = """# Rules and Nash equilibria

Left, a stationary point that is no local Nash equilibrium and yet attracts the rule, with all
steps for which it does; right, a strict Nash equilibrium that the rule leaves, with the steps for
which it does not. Points are given by the Jacobian v' of small rational quadratic games with one
parameter a player; symbols that a rule leaves open have the value that is shown. *none: proved*:
at a stationary point with invertible v' the rule's linearization is the symmetric part of v', so
that among these points it is drawn to strict local Nash equilibria of zero-sum games alone.
Steps are exact (`step_bound`); ~ marks decimals of algebraic numbers that symgan holds exactly.

Written by `make ledger`; `symgan.analysis.attractors.attractor_table` finds the same.
"""


def document(rows: Iterable[Row]) -> str:
    """The whole table."""
    lines = [line(HEADS), line(["---"] * len(HEADS)), *(row_line(row) for row in rows)]
    return "\n".join([INTRODUCTION, *lines, ""])


def row_line(row: Row) -> str:
    """One rule."""
    if row.attractor is None and row.repelled is None:
        return line([row.rule, row.remark or "nothing found", *[""] * (len(HEADS) - 2)])
    return line([row.rule, *_attracting(row), *_repelling(row.repelled)])


def line(texts: Sequence[str]) -> str:
    """A row of a Markdown table."""
    return "| " + " | ".join(text.replace("|", r"\|") for text in texts) + " |"


def _attracting(row: Row) -> tuple[str, str, str]:
    found = row.attractor
    if found is None:
        return (NONE if row.excluded else "none found", "", "")
    values = ", ".join(f"{symbol} = {value}" for symbol, value in found.values.items())
    words = ", ".join(
        word for word in found.words if word not in ("not Nash", "non-Nash attractor")
    )
    return (_matrix(found.jacobian), words, steps(found.steps) + (f" ({values})" if values else ""))


def _repelling(found: Attractor | None) -> tuple[str, str]:
    return ("none found", "") if found is None else (_matrix(found.jacobian), steps(found.steps))


def _matrix(matrix: ImmutableMatrix) -> str:
    rows = ("[" + ", ".join(map(str, row)) + "]" for row in matrix.tolist())
    return "[" + ", ".join(rows) + "]"
