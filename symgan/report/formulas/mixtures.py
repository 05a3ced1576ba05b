r"""Enclosed numbers: sign changes, total variation, optimal intervals, collapse."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp

from symgan.analysis.collapse import Collapse, Reopening
from symgan.analysis.enclosures import Enclosure
from symgan.analysis.gaussian_difference import GaussianDifference
from symgan.analysis.interval_discriminator import OptimalIntervals
from symgan.analysis.sign_changes import SignChanges
from symgan.analysis.total_variation import TotalVariation
from symgan.report.formulas import formula
from symgan.report.formulas.writer import Writer, signed, words
from symgan.report.typesetting.numbers import enclosure, outward


@formula.register
def _(found: Enclosure, write: Writer) -> list[str]:
    return [f"&{_shown(found)}"]


@formula.register
def _(found: GaussianDifference, write: Writer) -> list[str]:
    return [f"F(x) &= {_difference(found.centers, found.coefficients, write)}"]


@formula.register
def _(found: SignChanges, write: Writer) -> list[str]:
    if found.identical:
        return ["F &= 0"]
    rows = [f"F(x) &= {_difference(found.centers, found.coefficients, write)}"]
    zeros = r",\; ".join(f"x_{i} = {_shown(x)}" for i, x in enumerate(found.at, 1))
    if zeros:
        rows += write.says("sign changes", zeros)
    signs = r",\, ".join({1: "+", -1: "-", 0: "0"}[sign] for sign in found.signs)
    rows += write.says("signs", signs)
    if found.open:
        rows += write.says("open at", ", ".join(map(_shown, found.open)))
    return rows


@formula.register
def _(found: TotalVariation, write: Writer) -> list[str]:
    return [
        rf"d_{{\text{{TV}}}} &= {enclosure(found.lower, found.upper)}",
        rf"1 - d_{{\text{{TV}}}} &= {_shown(found.overlap)}",
        *formula(found.changes, write),
    ]


@formula.register
def _(found: OptimalIntervals, write: Writer) -> list[str]:
    rows = [rf"\max L &= {_shown(found.value)}"]
    if found.attained is False:
        rows = [rf"\sup L &= {_shown(found.value)}, \quad\text{{not attained by real ends}}"]
    rows += write.says("intervals", _intervals(found.intervals))
    if found.spare:
        rows += write.says("spare intervals", str(found.spare))
    rows += [row for tie in found.ties for row in write.says("equally good", _intervals(tie))]
    return [*rows, *(row for o in found.open for row in write.says("or, open,", _intervals(o)))]


@formula.register
def _(found: Collapse, write: Writer) -> list[str]:
    if not found.finite:
        at = "" if found.witness is None else rf"\text{{: }} F({write(found.witness)}) \geq 0"
        return [rf"&{words('never collapses')}{at}"]
    rows = [] if found.time is None else [f"T &= {_shown(found.time)}"]
    if found.meeting is not None:
        rows.append(rf"x^* &= {_shown(found.meeting)}")
    if found.bounds is not None:
        rows.append(rf"T &\in {outward(found.bounds.lower, found.bounds.upper)}")
    return rows


@formula.register
def _(found: Reopening, write: Writer) -> list[str]:
    rows = write.equal(r"2 \eta F(x)", found.width)
    rows[-1] += {1: " > 0", -1: " < 0", 0: " = 0"}[found.sign]
    after = "opens" if found.opens else "its ends cross" if found.crosses else "stays closed"
    rows += write.says("after the step", words(after))
    return [*rows, *write.says("can open later", words("yes" if found.ever else "no"))]


def _shown(found: Enclosure) -> str:
    return enclosure(found.lower, found.upper)


def _difference(centers: Sequence[Any], coefficients: Sequence[Any], write: Writer) -> str:
    """A sum of normal densities at centers."""
    texts = []
    for center, coefficient in zip(centers, coefficients, strict=True):
        inner = write(sp.Symbol("x") - center)
        factor = write(coefficient)
        factor = f"({factor})" if isinstance(coefficient, sp.Add) else factor
        front = {"1": "", "-1": "-"}.get(factor, f"{factor} ")
        texts.append(rf"{front}\varphi({inner})")
    return " ".join([texts[0], *map(signed, texts[1:])])


def _intervals(found: Sequence[tuple[Enclosure, Enclosure]]) -> str:
    """Intervals whose ends are enclosed, as a union."""
    texts = [f"[{_shown(left)}, {_shown(right)}]" for left, right in found]
    return (
        r" \cup ".join(texts).replace(r"[-\infty", r"(-\infty").replace(r"\infty]", r"\infty)")
        or r"\varnothing"
    )
