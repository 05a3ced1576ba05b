r"""Rank tests and their p-values."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import sympy as sp

from symgan.report.formulas import formula
from symgan.report.formulas.writer import Writer, words
from symgan.report.typesetting.numbers import floating
from symgan.stats import CellChange, Friedman, Interval, Pair, Transposition
from symgan.stats.agreement import Agreement


@formula.register
def _(found: Friedman, write: Writer) -> list[str]:
    return [
        rf"n &= {found.blocks}, \quad k = {found.treatments}",
        rf"\bar{{R}} &= ({_list(found.average_ranks, write)})",
        rf"Q &= {_exact(found.statistic, write)}",
        rf"W &= {_exact(found.kendall_w, write)}",
        rf"P(\chi^2_{{{found.treatments - 1}}} \geq Q) &\approx {_decimal(found.p_chi_square)}",
    ]


@formula.register
def _(found: Interval, write: Writer) -> list[str]:
    share = floating(100 * found.level)
    ends = f"[{floating(found.low)}, {floating(found.high)}]"
    return [rf"&{ends} \quad {words(f'{share} % of resamples')}"]


@formula.register
def _(pair: Pair, write: Writer) -> list[str]:
    first, second = pair.first + 1, pair.second + 1
    return [
        rf"\bar{{R}}_{first} - \bar{{R}}_{second} &= {_exact(pair.difference, write)}",
        *write.equal("z", pair.z),
        rf"p &\approx {_decimal(pair.p_normal)} \text{{ (this pair)}}, \quad "
        rf"{floating(float(pair.p_nemenyi))} \text{{ (all pairs)}}",
    ]


@formula.register
def _(found: Agreement, write: Writer) -> list[str]:
    return [
        rf"\bar{{\rho}} &= {_exact(found.mean, write)}",
        rf"p &= {floating(float(found.p_exact))}",
    ]


@formula.register
def _(change: CellChange, write: Writer) -> list[str]:
    low = "" if change.above is None else f"{_exact(change.above, write)} < "
    high = "" if change.below is None else f" < {_exact(change.below, write)}"
    place = f"x_{{{change.block + 1},{change.treatment + 1}}}"
    return [f"&{low}{place}{high}" if low or high else rf"&{place} \text{{ free}}"]


@formula.register
def _(found: Transposition, write: Writer) -> list[str]:
    row = found.block + 1
    return [
        rf"&x_{{{row},{found.first + 1}}} \leftrightarrow x_{{{row},{found.second + 1}}}",
    ]


def _exact(value: Fraction, write: Writer) -> str:
    return write(sp.Rational(value.numerator, value.denominator))


def _list(values: Sequence[Fraction], write: Writer) -> str:
    return ", ".join(_exact(value, write) for value in values)


def _decimal(value: Any) -> str:
    return floating(float(value))
