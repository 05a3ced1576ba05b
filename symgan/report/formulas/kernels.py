r"""What numeric results say as formulas: enclosures, agreement, errors."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Rational

from symgan.kernels.budget import StepError
from symgan.kernels.enclosure import Enclosure
from symgan.kernels.growth import Growth, WrongBranch
from symgan.kernels.growth import Row as GrowthRow
from symgan.kernels.measure import Worst
from symgan.kernels.reference import Solution
from symgan.kernels.settled import Settled
from symgan.report.formulas import formula
from symgan.report.formulas.writer import Writer, words
from symgan.report.typesetting.names import subscript
from symgan.report.typesetting.numbers import enclosure, floating

STATES = 12
"""States up to which all are written; of more, the first and the last ones."""


@formula.register
def _(found: Enclosure, write: Writer) -> list[str]:
    rows = []
    for number in _some(len(found.states)):
        radius = _rational(found.radii[number])
        entries = [_rational(x) for x in found.states[number]]
        inside = ", ".join(enclosure(x - radius, x + radius) for x in entries)
        rows.append(rf"x(t_{subscript(str(number))}) &\in ({inside})")
    return rows


@formula.register
def _(found: Solution, write: Writer) -> list[str]:
    digits = "all" if found.agreement == float("inf") else f"{found.agreement:.0f}"
    rows = [_state(number, found.states[number]) for number in _some(len(found.states))]
    return [*rows, f"&{words(f'{digits} digits agree')}"]


@formula.register
def _(found: Settled, write: Writer) -> list[str]:
    digits = "all" if found.digits == float("inf") else f"{found.digits:.0f}"
    rows = [_state(number, found.states[number]) for number in _some(len(found.states))]
    return [*rows, f"&{words(f'{digits} digits agree')}"]


@formula.register
def _(worst: Worst, write: Writer) -> list[str]:
    where = r",\; ".join(f"{words(name)} = {_number(x)}" for name, x in worst.where.items())
    rows = [rf"\text{{worst error}} &= {floating(worst.error)}"]
    return rows if not where else [*rows, *write.says("at", where)]


@formula.register
def _(error: StepError, write: Writer) -> list[str]:
    rows = [
        rf"\text{{worst backward error}} &= {floating(error.worst)} \text{{ ulp}}",
        rf"\text{{median}} &= {floating(error.median)} \text{{ ulp}}",
        *write.says("states", str(error.states)),
    ]
    return (
        rows
        if not error.turned
        else [
            *rows,
            *write.says("decided otherwise", rf"{error.turned} \text{{ states}}"),
        ]
    )


@formula.register
def _(row: GrowthRow, write: Writer) -> list[str]:
    return [_growth(row)]


@formula.register
def _(found: WrongBranch, write: Writer) -> list[str]:
    return [
        rf"&\text{{orbit }} {found.orbit}, \text{{ step }} {found.step}\text{{: }} "
        rf"{words(found.condition)}",
        rf"\text{{exactly}} &= {floating(found.exact)}",
        rf"\text{{computed}} &= {floating(found.computed)}",
    ]


@formula.register
def _(found: Growth, write: Writer) -> list[str]:
    rows = [_growth(row) for row in found.rows]
    return rows if found.first is None else [*rows, *formula(found.first, write)]


def _growth(row: Any) -> str:
    return (
        rf"n = {row.steps}\text{{:}} &\quad \text{{median error }} {floating(row.median)}, "
        rf"\text{{ worst }} {floating(row.worst)}"
    )


def _state(number: int, state: Any) -> str:
    return rf"x_{subscript(str(number))} &= ({', '.join(floating(float(x), 12) for x in state)})"


def _some(count: int) -> list[int]:
    """Which states are written."""
    if count <= STATES:
        return list(range(count))
    return [*range(STATES // 2), *range(count - STATES // 2, count)]


def _rational(number: Any) -> Rational:
    """An mpf as the rational that it is."""
    return Rational(sp.Rational(*_ratio(number)))


def _ratio(number: Any) -> tuple[int, int]:
    sign, mantissa, exponent, _ = number._mpf_
    value = int(mantissa) * (-1 if sign else 1)
    return (value * 2**exponent, 1) if exponent >= 0 else (value, 2 ** (-exponent))


def _number(value: Any) -> str:
    try:
        return floating(float(value))
    except (TypeError, ValueError):
        return words(value)
