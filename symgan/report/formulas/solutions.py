r"""Closed forms, conserved quantities, modified flows: formulas for orbits."""

from __future__ import annotations

import sympy as sp

from symgan.analysis.annealing import ResidualOscillation
from symgan.analysis.modified_flow import ModifiedFlow
from symgan.report.formulas import formula
from symgan.report.formulas.writer import Writer, signed
from symgan.results import ClosedForm, Conserved


@formula.register
def _(form: ClosedForm, write: Writer) -> list[str]:
    rows = [row for i in range(len(form.state)) for row in _component(form, i, write)]
    if form.omega is not None:
        rows += write.equal(r"\omega", form.omega)
    if form.nodes and any(any(row) for row in form.newton):
        rows += _newton(form, write)
    if form.generic is not sp.true:
        first, *rest = write.lines(form.generic)
        rows += [rf"\text{{elementary form where }} &{first}"]
        rows += [rf"&\quad {line}" for line in rest]
    return rows


@formula.register
def _(conserved: Conserved, write: Writer) -> list[str]:
    return [rf"&{write(write.shorter(conserved.quantity))} = \text{{const.}}"]


@formula.register
def _(modified: ModifiedFlow, write: Writer) -> list[str]:
    state, step = modified.flow.state, modified.symbol
    pen = write.of(state)
    error = rf"O({write(step)}^{{{modified.order + 1}}})"
    rows = []
    for i, symbol in enumerate(state):
        powers = [
            (step**j * pen.shorter(sp.expand(term[i]))) for j, term in enumerate(modified.terms)
        ]
        texts = [pen(power) for power in powers if power != 0] or ["0"]
        body = " ".join([texts[0], *map(signed, texts[1:])])
        rows.append(rf"\dot{{{pen(symbol)}}} &= {body} + {error}")
    return rows


@formula.register
def _(found: ResidualOscillation, write: Writer) -> list[str]:
    return [
        *write.equal(r"\int_0^\infty \cos(c u)\, \dot{\alpha}(u)\, du", found.real),
        *write.equal(r"-\int_0^\infty \sin(c u)\, \dot{\alpha}(u)\, du", found.imaginary),
        *write.equal(r"z_0", found.mismatch + sp.I * found.psi),
        *write.equal("R", found.amplitude),
    ]


def _component(form: ClosedForm, i: int, write: Writer) -> list[str]:
    """One component: both domains, then its parts where it has more than one."""
    pen = write.of((form.frequency, form.time))
    name, s, t = (pen(x) for x in (form.state[i], form.frequency, form.time))
    rows = pen.equal(rf"\mathcal{{L}}\{{{name}\}}({s})", form.laplace[i])
    rows += pen.equal(f"{name}({t})", form.solution[i])
    parts = {
        "center": form.center[i],
        "transient": form.transient[i],
        "oscillatory": form.oscillatory[i],
        "secular": form.secular[i],
    }
    for part, value in parts.items():
        if value not in (0, form.solution[i]):
            rows += pen.equal(rf"{name}_{{\text{{{part}}}}}({t})", value)
    amplitude, phase = form.amplitude[i], form.phase[i]
    if amplitude is not None and amplitude != 0:
        rows += pen.equal(rf"\text{{amplitude of }} {name}", amplitude)
        if phase is not None:
            rows += pen.equal(rf"\text{{phase of }} {name}", phase)
    if form.growth[i]:
        power = pen(form.time ** form.growth[i])
        rows.append(rf"\text{{growth of }} {name} &\sim {power}")
    return rows


def _newton(form: ClosedForm, write: Writer) -> list[str]:
    """The form with divided differences, which holds in every regime."""
    t = write(form.time)
    nodes = ", ".join(f"s_{j} = {write(node)}" for j, node in enumerate(form.nodes))
    rows = [
        rf"\text{{in every regime}} &\text{{ with }} e_j({t}) = \exp[s_0, \dots, s_j]({t}) "
        rf"\text{{ and }} {nodes}:"
    ]
    for symbol, coefficients in zip(form.state, form.newton, strict=True):
        terms = sp.Add(
            *(c * sp.Symbol(f"e_{j}") for j, c in enumerate(coefficients)), evaluate=False
        )
        rows += write.of((*sp.symbols(f"e_0:{len(coefficients)}"),)).equal(
            f"{write(symbol)}({t})", terms
        )
    return rows
