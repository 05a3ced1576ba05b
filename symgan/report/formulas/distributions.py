r"""Laws and divergences."""

from __future__ import annotations

import sympy as sp

from symgan.f_divergences import FDivergence
from symgan.laws import Atoms, Blurred, Gaussian, Moments, Uniform
from symgan.report.formulas import formula
from symgan.report.formulas.writer import Writer, inside


@formula.register
def _(law: Atoms, write: Writer) -> list[str]:
    terms = [
        ("" if weight == 1 else f"{write(weight)} ") + rf"\delta_{{{write(value)}}}"
        for weight, value in law.points
    ]
    return ["&" + " + ".join(terms)]


@formula.register
def _(law: Gaussian, write: Writer) -> list[str]:
    return [rf"&\mathcal{{N}}({write(law.location)}, {write(sp.sympify(law.scale) ** 2)})"]


@formula.register
def _(law: Uniform, write: Writer) -> list[str]:
    return [rf"&\mathcal{{U}}({write(law.low)}, {write(law.high)})"]


@formula.register
def _(law: Blurred, write: Writer) -> list[str]:
    variance = write(sp.sympify(law.sigma) ** 2)
    return [rf"&{inside(formula(law.law, write))} * \mathcal{{N}}(0, {variance})"]


@formula.register
def _(law: Moments, write: Writer) -> list[str]:
    moments = (sp.Symbol("x") ** k for k in range(1, len(law.values) + 1))
    return [
        rf"\mathbb{{E}}[{write(power)}] &= {write(value)}"
        for power, value in zip(moments, law.values, strict=True)
    ]


@formula.register
def _(found: FDivergence, write: Writer) -> list[str]:
    u, t = sp.Symbol("u", positive=True), sp.Symbol("t", real=True)
    return [
        *write.of((u,)).equal("f(u)", found.f(u)),
        *write.of((t,)).equal("f^*(t)", found.conjugate(t)),
    ]
