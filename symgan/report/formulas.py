r"""`latex`: one function that prints games, systems and results, by single dispatch."""

from __future__ import annotations

from functools import singledispatch
from typing import Any

import sympy as sp
from sympy import Basic, Expr, MatrixBase, Symbol
from sympy.logic.boolalg import Boolean

from symgan.game import Game
from symgan.report.expressions import Names, aligned, equation, expression
from symgan.results import ClosedForm, Conserved, Equilibrium, Regime, Spectrum
from symgan.system import Flow, Map


@singledispatch
def latex(obj: Any) -> str:
    r"""LaTeX of an object, without dollar signs, for a display.

    Prints SymPy expressions, `Game`, `Flow`, `Map` and the types of `symgan.results`;
    `symgan.report.latex` adds the ledger and its entries.

    Raises:
        TypeError: nothing is known about printing this type.

    >>> x, y = sp.symbols("x y", real=True)
    >>> print(latex(Flow((x, y), (-y, x))))
    \left\{\begin{aligned}\dot{x} &= - y\\ \dot{y} &= x\end{aligned}\right.
    """
    raise TypeError(f"no LaTeX form is known for {type(obj).__name__}")


@latex.register(Basic)
@latex.register(MatrixBase)
def _(obj: Basic) -> str:
    return expression(obj)


@latex.register
def _(flow: Flow) -> str:
    rows = [
        row
        for symbol, rhs in zip(flow.state, flow.rhs, strict=True)
        for row in equation(rf"\dot{{{expression(symbol)}}}", rhs)
    ]
    return _system(rows)


@latex.register
def _(system: Map) -> str:
    index = "k" if system.index is None else expression(system.index)
    now = {symbol: _indexed(symbol, index) for symbol in (*system.state, *system.noise)}
    rows = [
        row
        for symbol, rhs in zip(system.state, system.rhs, strict=True)
        for row in _update(symbol, rhs, index, now)
    ]
    return _system(rows)


@latex.register
def _(game: Game) -> str:
    zero_sum = len(game.losses) == 2 and sp.expand(sum(game.losses)) == 0
    if zero_sum and game.drift is None:
        first, second = (_vector(player) for player in game.players)
        return rf"\min_{{{first}}} \max_{{{second}}} \; {expression(game.losses[0])}"
    rows = [
        rf"\min_{{{_vector(player)}}} \; \ell_{{{number}}} &= {expression(loss)}"
        for number, (player, loss) in enumerate(zip(game.players, game.losses, strict=True), 1)
    ]
    rows += [
        rf"\dot{{{expression(symbol)}}} &= -\partial \ell_{{{number}}} / \partial "
        rf"{expression(symbol)} {_signed(drift)}"
        for symbol, number, drift in _drifts(game)
    ]
    return _system(rows)


@latex.register
def _(equilibrium: Equilibrium) -> str:
    left = _tuple(list(equilibrium.point))
    body = f"{left} = {_tuple(list(equilibrium.point.values()))}"
    if equilibrium.free:
        free = ", ".join(expression(symbol) for symbol in equilibrium.free)
        body += rf",\quad {free} \text{{ free}}"
    return body + _where(equilibrium.condition)


@latex.register
def _(conserved: Conserved) -> str:
    return rf"{expression(conserved.quantity)} = \text{{const.}}"


@latex.register
def _(regime: Regime) -> str:
    return rf"\text{{{regime.verdict}}}" + _where(regime.condition)


@latex.register
def _(spectrum: Spectrum) -> str:
    variable = expression(spectrum.variable)
    rows = equation(rf"\chi({variable})", spectrum.polynomial)
    for value, multiplicity in spectrum.eigenvalues:
        times = rf"\quad (\times {multiplicity})" if multiplicity > 1 else ""
        rows.append(f"{variable} &= {expression(value)}{times}")
    names = _verdict_names(spectrum)
    rows += [rf"\text{{{names[r.verdict]}}} &{_iff(r.condition)}" for r in spectrum.regimes]
    rows.append(rf"\text{{oscillates}} &{_iff(spectrum.oscillates)}")
    return aligned(rows)


@latex.register
def _(form: ClosedForm) -> str:
    return aligned(
        [row for i in range(len(form.state)) for row in _component(form, i)] + _end(form)
    )


def _component(form: ClosedForm, i: int) -> list[str]:
    """One component: both domains, then its parts where it has more than one."""
    name, s, t = (expression(x) for x in (form.state[i], form.frequency, form.time))
    rows = equation(rf"\mathcal{{L}}\{{{name}\}}({s})", form.laplace[i])
    rows += equation(f"{name}({t})", form.solution[i])
    parts = {
        "center": form.center[i],
        "transient": form.transient[i],
        "oscillatory": form.oscillatory[i],
        "secular": form.secular[i],
    }
    for part, value in parts.items():
        if value != 0:
            rows += equation(rf"{name}_{{\text{{{part}}}}}", value)
    amplitude, phase = form.amplitude[i], form.phase[i]
    if amplitude is not None and amplitude != 0:
        rows += equation(rf"\text{{amplitude of }} {name}", amplitude)
        if phase is not None:
            rows += equation(rf"\text{{phase of }} {name}", phase)
    if form.growth[i]:
        rows.append(rf"\text{{growth of }} {name} &\sim {t}^{{{form.growth[i]}}}")
    return rows


def _end(form: ClosedForm) -> list[str]:
    rows = [] if form.omega is None else equation(r"\omega", form.omega)
    if form.generic is not sp.true:
        rows.append(rf"\text{{where }} &{expression(form.generic)}")
    return rows


def _verdict_names(spectrum: Spectrum) -> dict[Any, str]:
    """A stable map is a Schur map; only flows are Hurwitz."""
    names = {regime.verdict: str(regime.verdict) for regime in spectrum.regimes}
    return {v: "Schur" if spectrum.discrete and n == "Hurwitz" else n for v, n in names.items()}


def _drifts(game: Game) -> list[tuple[Symbol, int, Expr]]:
    """(symbol, its player's number, its drift) where there is a drift."""
    owners = [number for number, player in enumerate(game.players, 1) for _ in player]
    rows = zip(game.state, owners, game.moving, strict=True)
    return [row for row in rows if row[2] != 0]


def _update(symbol: Symbol, rhs: Expr, index: str, now: Names) -> list[str]:
    """The next value of a symbol: its present value first, where it is a term."""
    left = _indexed(symbol, f"{index}+1")
    change = rhs - symbol
    if symbol not in sp.Add.make_args(rhs) or change == 0:
        return equation(left, rhs, now)
    return [f"{left} &= {now[symbol]} {_signed(change, now)}"]


def _system(rows: list[str]) -> str:
    if len(rows) == 1:
        return rows[0].replace("&", "", 1)
    return rf"\left\{{{aligned(rows)}\right."


def _indexed(symbol: Symbol, index: str) -> str:
    r"""``x_{k}``, or ``x_{1,k}`` for a symbol that has a subscript."""
    name = expression(symbol)
    return (
        f"{name[:-1]},{index}}}" if name.endswith("}") and "_{" in name else f"{name}_{{{index}}}"
    )


def _vector(player: tuple[Symbol, ...]) -> str:
    return ", ".join(expression(symbol) for symbol in player)


def _tuple(values: list[Expr]) -> str:
    inside = ", ".join(expression(value) for value in values)
    return inside if len(values) == 1 else rf"\left({inside}\right)"


def _signed(value: Expr, names: Names | None = None) -> str:
    text = expression(value, names)
    return text if text.startswith("-") else f"+ {text}"


def _where(condition: Boolean) -> str:
    if condition is sp.true:
        return ""
    if condition is sp.false:
        return r"\quad\text{never}"
    return rf"\quad\text{{for }} {expression(condition)}"


def _iff(condition: Boolean) -> str:
    if condition is sp.true:
        return r"\text{ always}"
    if condition is sp.false:
        return r"\text{ never}"
    return rf"\iff {expression(condition)}"
