r"""Games and systems: what moves, and by which equations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy import Expr, Symbol

from symgan.game import Game
from symgan.games.atoms import AtomGame
from symgan.games.gaussian_mixture import Mixture
from symgan.games.mixture import MixtureGan
from symgan.games.model import Gan
from symgan.implicit import ImplicitMap
from symgan.program import Program
from symgan.report.formulas import formula
from symgan.report.formulas.writer import Writer, braced, signed
from symgan.report.typesetting.conditions import whens
from symgan.report.typesetting.lines import LINE, broken
from symgan.report.typesetting.names import subscript
from symgan.report.typesetting.width import width
from symgan.system import Flow, Map

BRANCHES = 12
"""Cases of a switched map up to which they are written side by side."""


@formula.register
def _(flow: Flow, write: Writer) -> list[str]:
    pen = write.of(flow.state)
    rows = [
        row
        for symbol, rhs in zip(flow.state, flow.rhs, strict=True)
        for row in pen.equal(rf"\dot{{{pen(symbol)}}}", rhs)
    ]
    return braced(rows)


@formula.register
def _(system: Map, write: Writer) -> list[str]:
    index = "k" if system.index is None else write(system.index)
    pen = _now(write, (*system.state, *system.noise), index)
    cases = _switched(system)
    if cases is not None:
        rows = [_cases(system.state, cases, index, pen)]
    else:
        rows = braced(
            [
                row
                for symbol, rhs in zip(system.state, system.rhs, strict=True)
                for row in _update(symbol, rhs, index, pen)
            ]
        )
    return [*rows, *_start(system, write), *_drawn(system, index, write)]


@formula.register
def _(system: ImplicitMap, write: Writer) -> list[str]:
    index = "k" if system.index is None else write(system.index)
    now = {s: _indexed(write(s), index) for s in system.state}
    then = {
        following: _indexed(write(symbol), f"{index}+1")
        for symbol, following in zip(system.state, system.next, strict=True)
    }
    pen = write.of((*system.next, *system.state), now | then)
    rows = []
    for residual in system.residual:
        first, *rest = pen.lines(pen.shorter(residual))
        rows += [f"&{first}", *(rf"&\quad {line}" for line in rest)]
        rows[-1] += " = 0"
    return braced(rows)


@formula.register
def _(program: Program, write: Writer) -> list[str]:
    index = "k" if program.index is None else write(program.index)
    pen = _now(write, program.state, index)
    rows = [row for name, value in program.assignments for row in pen.equal(pen(name), value)]
    for symbol, rhs in zip(program.state, program.rhs, strict=True):
        rows += _update(symbol, rhs, index, pen)
    return braced(rows)


@formula.register
def _(game: Game, write: Writer) -> list[str]:
    pen = write.of(game.state)
    rows = [*_losses(game, pen), *_field(game, pen)]
    rows += [
        row
        for symbol, drift in zip(game.state, game.moving, strict=True)
        if drift != 0
        for row in _drift(symbol, drift, pen)
    ]
    if game.equilibrium:
        rows += write.says("equilibrium", pen.point(game.equilibrium))
    return rows


@formula.register(AtomGame)
@formula.register(Gan)
@formula.register(MixtureGan)
def _(model: Any, write: Writer) -> list[str]:
    return formula(model.game, write)


@formula.register
def _(mixture: Mixture, write: Writer) -> list[str]:
    terms = [
        ("" if weight == 1 else f"{write(weight)} ") + rf"\mathcal{{N}}({write(mean)}, 1)"
        for weight, mean in zip(mixture.weights, mixture.means, strict=True)
    ]
    return ["&" + " + ".join(terms)]


def _losses(game: Game, pen: Writer) -> list[str]:
    zero_sum = len(game.losses) == 2 and sp.expand(sum(game.losses)) == 0
    if zero_sum and game.drift is None:
        first, second = (_list(player, pen) for player in game.players)
        head = rf"\min_{{{first}}} \max_{{{second}}} \;"
        line, *rest = pen.lines(pen.shorter(game.losses[0]), LINE - 12)
        return [rf"&{head} {line}", *(rf"&\quad {more}" for more in rest)]
    rows = []
    for number, (player, loss) in enumerate(zip(game.players, game.losses, strict=True), 1):
        left = rf"\min_{{{_list(player, pen)}}} \; \ell_{number}"
        rows += pen.equal(left, loss)
    return rows


def _field(game: Game, pen: Writer) -> list[str]:
    """The simultaneous gradient: in one line, or an entry a line where that is too long."""
    entries = [pen.shorter(entry) for entry in game.v]
    text = pen.tuple(entries)
    if width(text) + 4 <= LINE:
        return [f"v &= {text}"]
    return [
        row
        for symbol, entry in zip(game.state, entries, strict=True)
        for row in pen.equal(f"v_{subscript(pen(symbol))}", entry)
    ]


def _drift(symbol: Symbol, drift: Expr, pen: Writer) -> list[str]:
    name = pen(symbol)
    return [rf"\dot{{{name}}} &= -v_{subscript(name)} {signed(pen(pen.shorter(drift)))}"]


def _list(symbols: Sequence[Symbol], pen: Writer) -> str:
    return ", ".join(pen(symbol) for symbol in symbols)


def _now(write: Writer, symbols: Sequence[Symbol], index: str) -> Writer:
    return write.of(symbols, {symbol: _indexed(write(symbol), index) for symbol in symbols})


def _update(symbol: Symbol, rhs: Expr, index: str, pen: Writer) -> list[str]:
    """The next value of a symbol: its present value first, where it is a term."""
    left, present = _indexed(Writer()(symbol), f"{index}+1"), pen(symbol)
    change = rhs - symbol
    if symbol not in sp.Add.make_args(rhs) or change == 0:
        return pen.equal(left, rhs)
    room = LINE - width(left) - 3
    first, *rest = broken(pen.shorter(change), pen.printer, room - width(present) - 3)
    return [f"{left} &= {present} {signed(first)}", *(rf"&\quad {line}" for line in rest)]


def _start(system: Map, write: Writer) -> list[str]:
    """What the remembered symbols are at the start."""
    names = {symbol: _indexed(write(symbol), "0") for symbol in system.state}
    pen = write.of(system.state, names)
    starts = [f"{names[symbol]} = {pen(value)}" for symbol, value in system.memory]
    return write.says("start", r",\quad ".join(starts)) if starts else []


def _drawn(system: Map, index: str, write: Writer) -> list[str]:
    names = ", ".join(_indexed(write(symbol), index) for symbol in system.noise)
    return [rf"&{names} \text{{ drawn anew in each step}}"] if names else []


def _switched(system: Map) -> list[tuple[tuple[Expr, ...], Any]] | None:
    """The cases of a switched map, (next state, condition) each; None for another map."""
    folded = [sp.piecewise_fold(rhs) if rhs.has(sp.Piecewise) else rhs for rhs in system.rhs]
    switches = [rhs for rhs in folded if isinstance(rhs, sp.Piecewise)]
    if not switches or any(len(switch.args) > BRANCHES for switch in switches):
        return None
    conditions = [tuple(cond for _, cond in switch.args) for switch in switches]
    if len(set(conditions)) != 1:
        return None
    return [
        (tuple(f.args[i][0] if isinstance(f, sp.Piecewise) else f for f in folded), cond)
        for i, cond in enumerate(conditions[0])
    ]


def _cases(state: Sequence[Symbol], cases: Any, index: str, pen: Writer) -> str:
    left = Writer({s: _indexed(Writer()(s), f"{index}+1") for s in state}).tuple(state)
    rows = [
        f"{pen.tuple(map(pen.shorter, values))} & {when}"
        for (values, _), when in zip(cases, whens([c for _, c in cases], pen), strict=True)
    ]
    return rf"{left} &= \begin{{cases}}" + r"\\ ".join(rows) + r"\end{cases}"


def _indexed(name: str, index: str) -> str:
    r"""``x_k``, or ``x_{1,k}`` for a symbol that has a subscript."""
    base, mark, below = name.rpartition("_")
    if not mark or "{" in base:
        return f"{name}_{subscript(index)}"
    return f"{base}_{{{below.removeprefix('{').removesuffix('}')},{index}}}"
