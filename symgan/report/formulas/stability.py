r"""Lyapunov functions, invariants, switched maps, marginal verdicts, cycles and basins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy.logic.boolalg import Boolean

from symgan.analysis.basin import Basin
from symgan.analysis.cycles import LimitCycle
from symgan.analysis.invariant_set import InvariantSet
from symgan.analysis.lasalle import LaSalle, Scope
from symgan.analysis.marginal_evidence import Marginal
from symgan.analysis.normal_form import Criticality, NormalForm
from symgan.analysis.switched_cycle import SwitchedCycle
from symgan.report.formulas import formula
from symgan.report.formulas.writer import Writer, words
from symgan.report.typesetting.conditions import whens
from symgan.report.typesetting.lines import LINE, joined
from symgan.report.typesetting.names import subscript
from symgan.results_discrete import (
    Branch,
    BranchRuns,
    Increment,
    Invariant,
    Lyapunov,
    NewtonSequence,
    NoGo,
    Run,
    SwitchedStability,
)


@formula.register
def _(branch: Branch, write: Writer) -> list[str]:
    return [f"&{write(write.shorter(branch.value))}{write.where(branch.region)}"]


@formula.register
def _(found: Increment, write: Writer) -> list[str]:
    rows = write.equal("V", found.function)
    rows += _cases(r"\Delta V", [(b.value, b.region) for b in found.branches], write)
    known = [(region, bound) for region, bound in found.bounds if bound is not sp.true]
    if found.bounds and not known:
        return [*rows, *write.iff("nonincreasing", sp.true)]
    for region, bound in known:
        rows += [rf"\Delta V \leq 0 &\iff {write(bound)}{write.where(region)}"]
    return rows


@formula.register
def _(found: Lyapunov, write: Writer) -> list[str]:
    rows = formula(found.increment, write)
    rows += write.iff("positive definite, nonincreasing", found.range)
    if found.strict:
        rows += write.says("decreasing", r"\text{ strictly off the equilibrium}")
    elif found.strict_range is not sp.false:
        rows += write.iff("strictly decreasing", found.strict_range)
    if found.domain is not sp.true:
        rows += write.says("states", write(found.domain))
    return rows


@formula.register
def _(found: NoGo, write: Writer) -> list[str]:
    rows = write.equal("V", found.function)
    rows += write.iff("every field raises V", found.region)
    rows += write.says("for example", _values(found.witness, write))
    if found.range is sp.true:
        return rows
    return [*rows, *write.iff("there are such states", found.range)]


@formula.register
def _(found: Invariant, write: Writer) -> list[str]:
    rows = write.equal("p", found.quantity)
    if all(factor == 1 for factor in found.factors):
        rows.append(r"p(F_i(x)) &= p(x) \quad\text{for every map}")
    else:
        for number, factor in enumerate(found.factors, 1):
            text = "" if factor == 1 else _factor(factor, write)
            rows.append(f"p(F_{number}(x)) &= {text}p(x)")
    if found.obstructs:
        rows.append(r"&p \neq 0 \Rightarrow \text{no order of these maps leads to the origin}")
    return rows


@formula.register
def _(found: SwitchedStability, write: Writer) -> list[str]:
    rows = [] if found.lyapunov is None else formula(found.lyapunov, write)
    rows += write.iff("stable", found.stable)
    rows += write.iff("unstable", found.unstable)
    if found.undecided is not sp.false:
        rows += write.iff("undecided", found.undecided)
    for state in found.escape:
        rows += write.says("escapes from", _values(state, write))
    return rows


@formula.register
def _(found: NewtonSequence, write: Writer) -> list[str]:
    return [f"&{_sequence(found, write)}"]


@formula.register
def _(run: Run, write: Writer) -> list[str]:
    rows = [f"x^+ &= {write.tuple(map(write.shorter, run.step))}"]
    if run.solution:
        rows.append(f"x_n &= {write.tuple(map(write.shorter, run.solution))}")
    return rows if not run.refusal else [*rows, f"&{words(run.refusal)}"]


@formula.register
def _(runs: BranchRuns, write: Writer) -> list[str]:
    pen = write.of(runs.state)
    names = [f"g_{i}" if len(runs.guards) > 1 else "g" for i in range(1, len(runs.guards) + 1)]
    rows = []
    for name, guard in zip(names, runs.guards, strict=True):
        rows += pen.equal(name, guard)
    for number, run in enumerate(runs.runs):
        signs = [_signs(cell, names) for cell, which in enumerate(runs.cells) if which == number]
        count = write(runs.count)
        pieces = [rf"\text{{{' or' if i else 'if'} }} {text}" for i, text in enumerate(signs)]
        rows += [f"&{line}" for line in joined(pieces, LINE)]
        body = pen.equal(f"{pen.tuple(runs.state)}^+", sp.Tuple(*map(pen.shorter, run.step)))
        if run.solution:
            values = pen.tuple(map(pen.shorter, run.solution))
            body += [f"{pen.tuple(runs.state)}_{subscript(count)} &= {values}"]
        elif run.refusal:
            body += [f"&{words(run.refusal)}"]
        rows += body
    return rows


@formula.register
def _(found: LaSalle, write: Writer) -> list[str]:
    rows = write.equal("V", found.function)
    rows += write.equal(r"\dot{V}", found.derivative)
    rows += write.says("equilibrium", write.point(found.point))
    rows += write.iff("V does not grow", found.region)
    rows += formula(found.invariant, write)
    rows += write.says("verdict", words(found.verdict))
    scope = words(found.scope)
    if found.scope is Scope.SUBLEVEL and found.level is not None:
        scope += rf" \; V < {write(found.level)}"
    return [*rows, *write.says("for", scope)]


@formula.register
def _(found: InvariantSet, write: Writer) -> list[str]:
    rows = []
    for component in found.components:
        (row,) = formula(component, write)
        rows += write.says("largest invariant set" if not rows else "and", row.removeprefix("&"))
    return rows or write.says("largest invariant set", r"\varnothing")


@formula.register
def _(found: Marginal, write: Writer) -> list[str]:
    rows = write.says("verdict", words(found.fate))
    rows += write.says("by", words(found.reason))
    if found.normal_form is not None:
        rows += formula(found.normal_form, write)
    if found.integral is not None:
        rows += [rf"\text{{first integral:}} &\quad {write(write.shorter(found.integral))}"]
    return rows


@formula.register
def _(form: NormalForm, write: Writer) -> list[str]:
    power = f"r^{{{form.order}}}"
    left = {
        Criticality.HOPF: rf"\dot{{r}} &= a {power} + \cdots",
        Criticality.ZERO: rf"\dot{{r}} &= a {power} + \cdots",
        Criticality.FLIP: rf"r^+ &= -(r + a {power} + \cdots)",
    }
    rows = [left.get(form.kind, rf"r^+ &= r + a {power} + \cdots")]
    rows += write.equal("a", form.coefficient)
    rows += write.says("critical eigenvalue", write(form.eigenvalue))
    if form.condition is sp.true:
        return rows
    return [*rows, *write.iff("others inside", form.condition)]


@formula.register
def _(cycle: LimitCycle, write: Writer) -> list[str]:
    low, high = write(cycle.inner), write(cycle.outer)
    rows = write.equal("V", cycle.function)
    kind = "attracting" if cycle.attracting else "repelling"
    count = "one closed orbit" if cycle.unique else "a closed orbit"
    rows.append(rf"&{low} < V < {high} \text{{ holds {count}, {kind}}}")
    return rows


@formula.register
def _(cycle: SwitchedCycle, write: Writer) -> list[str]:
    return [
        *formula(cycle.upper, write),
        *write.equal(r"\pm u: \quad u", cycle.crossing),
        *write.equal(r"\rho", cycle.ratio),
        *write.equal("T", cycle.period),
        *write.equal(r"\kappa", cycle.rest),
        *write.iff("cycle", cycle.exists),
        *write.iff("attracting cycle", cycle.attracts),
        *write.iff("no orbit turns", cycle.overdamped),
    ]


@formula.register
def _(basin: Basin, write: Writer) -> list[str]:
    rows = write.equal("V", basin.function)
    return [*rows, rf"&V \leq {write(basin.level)} \text{{ is drawn to the equilibrium}}"]


def _cases(left: str, pairs: Sequence[tuple[Any, Boolean]], write: Writer) -> list[str]:
    """An expression a region, as cases; one line where there is one region."""
    if len(pairs) == 1:
        rows = write.equal(left, pairs[0][0])
        rows[-1] += write.where(pairs[0][1])
        return rows
    body = r"\\ ".join(
        f"{write(write.shorter(value))} & {when}"
        for (value, _), when in zip(pairs, whens([c for _, c in pairs], write), strict=True)
    )
    return [rf"{left} &= \begin{{cases}}{body}\end{{cases}}"]


def _values(point: Any, write: Writer) -> str:
    """``x = 1, y = 2`` of a state with its parameters."""
    return r",\; ".join(f"{write(symbol)} = {write(value)}" for symbol, value in point.items())


def _factor(factor: sp.Expr, write: Writer) -> str:
    text = write(write.shorter(factor))
    return f"({text})\\, " if isinstance(factor, sp.Add) else f"{text}\\, "


def _sequence(found: NewtonSequence, write: Writer) -> str:
    """In binomials where all nodes are 1, else in divided differences of powers."""
    terms = []
    for j, coefficient in enumerate(found.newton):
        if coefficient == 0:
            continue
        base = rf"\binom{{n}}{{{j}}}" if found.polynomial else f"h_{{n-{j}}}"
        base = "" if found.polynomial and j == 0 else base
        text = write(coefficient)
        text = f"({text})" if isinstance(coefficient, sp.Add) and base else text
        terms.append(base if text == "1" and base else f"{text} {base}".strip())
    return " + ".join(terms) or "0"


def _signs(cell: int, names: Sequence[str]) -> str:
    """The signs of the guards that number a cell."""
    words_, parts = ("< 0", "= 0", "> 0"), []
    for i, name in enumerate(names):
        parts.append(f"{name} {words_[cell // 3**i % 3]}")
    return r",\, ".join(parts)
