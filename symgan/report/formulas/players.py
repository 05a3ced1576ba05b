r"""What kind of stationary point it is, and how a game decouples."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy.logic.boolalg import Boolean

from symgan.analysis.attractors import Attractor, Row
from symgan.analysis.blocks import Blocks
from symgan.analysis.nash import Classification
from symgan.analysis.own_minimum import OwnMinimum
from symgan.analysis.step_sequences import Geometric, PowerLog, RobbinsMonro, TwoTimeScale
from symgan.report.formulas import formula
from symgan.report.formulas.writer import Writer, words
from symgan.report.typesetting.conditions import isolated


@formula.register
def _(found: Classification, write: Writer) -> list[str]:
    rows = write.says("at", write.point(found.point))
    rows += [f"v' &= {write(found.jacobian)}"]
    cases: dict[str, Boolean | None] = {
        "differential Nash": found.differential_nash,
        "strict local Nash": found.strict_nash,
        "local Nash": found.nash,
        "not Nash": found.not_nash,
        "open whether Nash": found.open,
        **{
            f"differential Stackelberg, player {leader} leads": condition
            for leader, condition in enumerate(found.stackelberg)
        },
        "attracts the flow exponentially": found.attracting,
        "repels the flow": found.unstable,
        "saddle of the flow": found.saddle,
        "non-Nash attractor": found.non_nash_attractor,
    }
    return [*rows, *_conditions(cases, write)]


@formula.register
def _(own: OwnMinimum, write: Writer) -> list[str]:
    cases: dict[str, Boolean | None] = {
        "strict local minimum": own.strict,
        "local minimum, not strict": own.weak,
        "no local minimum": own.fails,
        "open": own.open,
        "Hessian positive definite": own.definite,
        "Hessian positive semidefinite": own.semidefinite,
    }
    return _conditions(cases, write)


@formula.register
def _(found: Attractor, write: Writer) -> list[str]:
    rows = [f"v' &= {write(found.jacobian)}"]
    for index, word in enumerate(found.words):
        rows += write.says("kind", words(word)) if index == 0 else [rf"&\quad {words(word)}"]
    if found.values:
        rows += write.says("with", _settings(found.values, write))
    rows += write.steps("attracts", found.bound.symbol, found.steps, found.bound.condition)
    return (
        rows
        if found.step is None
        else [
            *rows,
            *write.says("for example", f"{write(found.bound.symbol)} = {write(found.step)}"),
        ]
    )


@formula.register
def _(row: Row, write: Writer) -> list[str]:
    rows = write.says("rule", words(row.rule))
    for label, found in (("non-Nash attractor", row.attractor), ("repelled Nash", row.repelled)):
        if found is not None:
            rows += [rf"\text{{{label}}} &", *formula(found, write)]
    if row.excluded:
        rows += write.says("non-Nash attractors", words("there are none, proved"))
    return rows if not row.remark else [*rows, f"&{words(row.remark)}"]


@formula.register
def _(found: Blocks, write: Writer) -> list[str]:
    rows = formula(found.game, write)
    rows += write.says("over singular values", write(found.singular))
    for factor, multiplicity in found.squares:
        times = rf"\quad (\times {multiplicity})" if multiplicity > 1 else ""
        rows += write.equal("0", factor.as_expr().subs(found.square, found.singular**2))
        rows[-1] += times
    if found.rank is not None:
        rows += write.says("rank", str(found.rank))
    if found.kernels is not None:
        left, right = found.kernels
        rows += write.says("null spaces", rf"\text{{dimensions }} {left}, {right}")
    return rows


@formula.register
def _(steps: PowerLog, write: Writer) -> list[str]:
    return [f"a_k &= {write(steps.value(sp.Symbol('k', positive=True)))}"]


@formula.register
def _(steps: Geometric, write: Writer) -> list[str]:
    return [f"a_k &= {write(steps.value(sp.Symbol('k', positive=True)))}"]


@formula.register
def _(found: RobbinsMonro, write: Writer) -> list[str]:
    return _robbins(found, "a", write)


@formula.register
def _(found: TwoTimeScale, write: Writer) -> list[str]:
    rows = [*_robbins(found.slow, "a", write), *_robbins(found.fast, "b", write)]
    return [*rows, rf"a_k / b_k \to 0 &{_iff(found.separated, write)}"]


def _robbins(found: RobbinsMonro, name: str, write: Writer) -> list[str]:
    return [
        rf"\sum {name}_k = \infty &{_iff(found.diverges, write)}",
        rf"\sum {name}_k^2 < \infty &{_iff(found.square_summable, write)}",
    ]


def _iff(condition: Boolean, write: Writer) -> str:
    if condition in (sp.true, sp.false):
        return rf"\text{{ {'always' if condition is sp.true else 'never'}}}"
    return rf"\iff {write(isolated(condition))}"


def _conditions(cases: dict[str, Boolean | None], write: Writer) -> list[str]:
    """What holds for some parameters, with the condition."""
    return [
        row
        for label, condition in cases.items()
        if condition is not None and condition is not sp.false
        for row in write.iff(label, condition)
    ]


def _settings(values: Any, write: Writer) -> str:
    return r",\; ".join(f"{write(symbol)} = {write(value)}" for symbol, value in values.items())
