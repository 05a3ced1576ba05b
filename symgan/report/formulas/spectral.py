r"""Spectra, equilibria and steps: what a linearization says."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sympy as sp
from sympy import Expr, Symbol

from symgan.analysis.map_orbits import PeriodicOrbit
from symgan.analysis.mean_field import RestFamily
from symgan.analysis.mean_square import SecondMoment
from symgan.analysis.zero_directions import ModuloEquilibria
from symgan.report.expressions import labeled
from symgan.report.formulas import formula
from symgan.report.formulas.writer import Writer, words
from symgan.report.typesetting.numbers import enclosure
from symgan.results import Equilibrium, Regime, Spectrum, Stability
from symgan.results_discrete import Best, Boundary, Edge, StepBound, Tuning

FACTORED = 60
"""Operations up to which a coefficient is factored."""


@formula.register
def _(equilibrium: Equilibrium, write: Writer) -> list[str]:
    body = write.point(equilibrium.point)
    if equilibrium.free:
        free = ", ".join(write(symbol) for symbol in equilibrium.free)
        body += rf",\quad {free} \text{{ free}}"
    return [f"&{body}{write.where(equilibrium.condition)}"]


@formula.register
def _(regime: Regime, write: Writer) -> list[str]:
    return [rf"&{words(regime.verdict)}{write.where(regime.condition)}"]


@formula.register
def _(spectrum: Spectrum, write: Writer) -> list[str]:
    rows = characteristic(spectrum.polynomial, spectrum.variable, write)
    rows += eigenvalues(spectrum.eigenvalues, spectrum.variable, write)
    for regime in spectrum.regimes:
        stable = spectrum.discrete and regime.verdict is Stability.STABLE
        rows += write.iff("Schur" if stable else str(regime.verdict), regime.condition)
    return [*rows, *write.iff("oscillates", spectrum.oscillates)]


@formula.register
def _(bound: StepBound, write: Writer) -> list[str]:
    step = bound.symbol
    rows = characteristic(bound.polynomial, bound.variable, write)
    rows += write.steps("stable", step, bound.asymptotic, bound.condition)
    rows += write.steps("marginal", step, bound.marginal, bound.marginal_condition)
    if bound.undecided is not sp.false:
        rows += write.iff("open whether marginal", bound.undecided)
    rows += [row for end in bound.boundary for row in end_row(end, step, write)]
    return [*rows, *(row for best in bound.best for row in best_row(best, step, write))]


@formula.register
def _(end: Boundary, write: Writer) -> list[str]:
    return end_row(end, Symbol("eta", positive=True), write)


@formula.register
def _(best: Best, write: Writer) -> list[str]:
    return best_row(best, Symbol("eta", positive=True), write)


@formula.register
def _(tuning: Tuning, write: Writer) -> list[str]:
    rows = []
    for symbol, value in tuning.values.items():
        bounds = tuning.enclosure.get(symbol)
        shown = write(value) if bounds is None else enclosure(*bounds)
        rows.append(f"{write(symbol)} &= {shown}")
    if tuning.lower == tuning.rate:
        return [*rows, *write.equal(r"\min \rho", tuning.rate)]
    if tuning.lower.is_Rational and tuning.rate.is_Rational:
        return [*rows, rf"\min \rho &= {enclosure(tuning.lower, tuning.rate)}"]
    bounds = rf"{write(tuning.lower)} \leq \min \rho \leq {write(tuning.rate)}"
    return [*rows, f"&{bounds}"]


@formula.register
def _(orbit: PeriodicOrbit, write: Writer) -> list[str]:
    state = list(orbit.points[0])
    chain = r" \to ".join(write.tuple(point[s] for s in state) for point in orbit.points)
    back = rf" \to {write.tuple(orbit.points[0][s] for s in state)}"
    rows = [f"{write.tuple(state)}: &\\quad {chain}{back}"]
    return [*rows, *characteristic(orbit.multipliers, orbit.variable, write)]


@formula.register
def _(family: RestFamily, write: Writer) -> list[str]:
    variable = Symbol("lambda")
    rows = [rf"{words(family.name + ':')} &\quad {write.point(family.point)}"]
    if family.relation is not None:
        (s,) = (symbol for symbol in family.relation.free_symbols if symbol.name == "s")
        gathered = sp.collect(sp.expand(family.relation), s, sp.factor_terms)
        rows += write.of((s,)).equal("0", gathered)
    rows += write.iff("exists", family.exists)
    degree = len(family.characteristic)
    polynomial = variable**degree + sum(
        c * variable ** (degree - 1 - i) for i, c in enumerate(family.characteristic)
    )
    rows += characteristic(polynomial, variable, write)
    return [*rows, *write.iff("stable", family.stable)]


@formula.register
def _(moment: SecondMoment, write: Writer) -> list[str]:
    entries = ", ".join(f"S_{{{a + 1}{b + 1}}}" for a, b in moment.pairs)
    left = rf"S \mapsto \mathbb{{E}}[A S A^\top] \text{{ on }} ({entries})"
    return [
        *write.equal(r"\mathbb{E}[A]", moment.mean),
        *write.equal(left, moment.operator),
        *write.equal(r"\mathbb{E}[b b^\top]", moment.additive),
    ]


@formula.register
def _(found: ModuloEquilibria, write: Writer) -> list[str]:
    rows = write.says("equilibrium", write.point(found.point))
    if found.tangent.cols:
        columns = ", ".join(write(found.tangent[:, i]) for i in range(found.tangent.cols))
        rows += write.says("along equilibria", columns)
    rows += characteristic(found.rest, found.variable, write)
    rows += write.iff("exponentially stable modulo equilibria", found.condition)
    if found.kernel is not sp.false:
        rows += write.iff("further eigenvalue 0", found.kernel)
    return [*rows, *write.says("verdict", words(found.verdict))]


def characteristic(polynomial: Expr, variable: Symbol, write: Writer) -> list[str]:
    """The characteristic polynomial by falling powers of its variable."""
    pen = write.of((variable,))
    gathered = sp.Add(
        *(
            _coefficient(coefficient, pen) * variable**power
            for (power,), coefficient in sp.Poly(polynomial, variable).terms()
        )
    )
    return labeled(rf"\chi({write(variable)})", gathered, pen.printer)


def _coefficient(coefficient: Expr, pen: Writer) -> Expr:
    """A coefficient in factors where that is shorter."""
    found = [pen.shorter(coefficient), sp.factor_terms(coefficient)]
    if coefficient.count_ops() <= FACTORED:
        found.append(sp.factor(coefficient))
    return min(found, key=lambda value: len(pen(value)) + 4 * isinstance(value, sp.Add))


def eigenvalues(values: Sequence[tuple[Expr, int]], variable: Symbol, write: Writer) -> list[str]:
    """The eigenvalues with their multiplicities, conjugate pairs in one line."""
    rows = []
    for value, multiplicity in _paired(values, write):
        times = rf"\quad (\times {multiplicity})" if multiplicity > 1 else ""
        lines = (
            write.equal(write(variable), value)
            if isinstance(value, Expr)
            else [f"{write(variable)} &= {value}"]
        )
        rows += [*lines[:-1], lines[-1] + times]
    return rows


def _paired(values: Sequence[tuple[Expr, int]], write: Writer) -> list[tuple[Expr | str, int]]:
    """Eigenvalues with multiplicities; a pair p + r, p - r as printed in one."""
    found: list[tuple[Expr | str, int]] = []
    left = list(values)
    while left:
        value, multiplicity = left.pop(0)
        partner = next((v for v in left if v[1] == multiplicity and _is_pair(value, v[0])), None)
        if partner is None:
            found.append((value, multiplicity))
            continue
        left.remove(partner)
        middle = sp.expand((value + partner[0]) / 2)
        found.append((_plus_minus(middle, value - middle, write), multiplicity))
    return found


def _is_pair(first: Expr, second: Expr) -> bool:
    """Whether two eigenvalues are p + r and p - r with a short rational p and a root r."""
    middle = sp.expand((first + second) / 2)
    spread = sp.expand(first - middle)
    powers = middle.atoms(sp.Pow)
    rational = all(power.exp.is_Integer for power in powers)
    return rational and not middle.has(sp.I) and spread != 0 and not spread.is_Add


def _plus_minus(middle: Expr, spread: Expr, write: Writer) -> str:
    spread = sp.factor_terms(sp.expand(spread))
    if spread.could_extract_minus_sign():
        spread = -spread
    above, below = sp.fraction(sp.together(middle))
    root, under = sp.fraction(sp.together(spread))
    if middle != 0 and below != 1 and under == below:
        return rf"\frac{{{write(above)} \pm {write(root)}}}{{{write(below)}}}"
    head = "" if middle == 0 else f"{write(middle)} "
    return rf"{head}\pm {write(spread)}"


def end_row(end: Boundary, step: Symbol, write: Writer) -> list[str]:
    """A row on an end of the stable steps; none at 0 and infinity."""
    if end.edge is Edge.OPEN and (end.step == 0 or end.step is sp.oo):
        return []
    return [
        rf"\text{{at }} {write(step)} = {write(end.step)}\text{{:}} &\quad "
        rf"{_reached(end, write)}{write.where(end.condition)}"
    ]


def _reached(end: Boundary, write: Writer) -> str:
    """Which eigenvalues are on the unit circle at an end."""
    paired = _paired([(value, 1) for value in end.eigenvalues], write)
    texts = [v if isinstance(v, str) else write(write.shorter(v)) for v, _ in paired]
    values = f"{', '.join(texts)} " if texts else ""
    on = " on the unit circle" if texts else "on the unit circle"
    return {
        Edge.UNIT_ROOT: r"\text{eigenvalue } 1",
        Edge.FLIP: r"\text{eigenvalue } {-1}",
        Edge.CIRCLE: rf"\text{{eigenvalues }} {values}\text{{{on}}}",
        Edge.JORDAN: rf"\text{{Jordan block }} {values}\text{{{on}}}",
        Edge.OPEN: r"\text{no step}",
    }[end.edge]


def best_row(best: Best, step: Symbol, write: Writer) -> list[str]:
    """Rows on the smallest spectral radius and the step where it is reached."""
    name = write(step)
    head = rf"\min_{{{name}}} \rho" if best.attained else rf"\inf_{{{name}}} \rho"
    word = "at" if best.attained else "as"
    arrow = "=" if best.attained else r"\to"
    rows = write.equal(head, best.rate)
    rows[-1] += rf"\quad\text{{{word} }} {name} {arrow} {write(best.step)}"
    rows[-1] += write.where(best.condition)
    return rows


def verdicts(cases: Sequence[Any], write: Writer) -> list[str]:
    """Verdicts with their conditions."""
    return [row for case in cases for row in write.iff(str(case.verdict), case.condition)]
