"""Results that are costly to derive, written down."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Matrix, Rational, Symbol

from symgan.atlas import Answer, Case, Cell, Verdict
from symgan.audit import results as audits
from symgan.audit.subject import Kind
from symgan.results_discrete import Best, Boundary, Edge

x, y = sp.symbols("x y", real=True)
eta = Symbol("eta", positive=True)
half = Rational(1, 2)


def cell() -> Cell:
    answer = Answer(
        Matrix([[0, -1], [1, 0]]).as_immutable(),
        discrete=True,
        cases=(Case(Verdict.CENTER, eta < 2), Case(Verdict.DIVERGENCE, eta >= 2)),
        variable=Symbol("z"),
        polynomial=Symbol("z") ** 2 + (eta**2 - 2) * Symbol("z") + 1,
        step=eta,
        marginal=sp.Interval.open(0, 2),
        marginal_if=eta < 2,
        boundary=(Boundary(sp.Integer(2), Edge.JORDAN, (sp.Integer(-1),)),),
        best=(Best(sp.Integer(1), sp.Integer(1), sp.true),),
    )
    return Cell(
        "bilinear",
        "",
        "none",
        "alternating",
        continuous=False,
        verdict=Verdict.CENTER,
        cases=answer.cases,
        answer=answer,
        jacobian=answer.matrix,
        marginal=answer.marginal,
        marginal_if=answer.marginal_if,
    )


def audit() -> Any:
    return audits.Audit(
        "opt.py:step",
        Kind.MAP,
        "alternating",
        "",
        audits.Verdict.DIFFERS,
        audits.Established(audits.Ground.EXACT, 12, 3),
        audits.Counterexample(((x, sp.Integer(1)), (y, half)), 1, "y", "1/2", "3/4"),
        (audits.Blame("y", "missing", eta * x, sp.S.Zero, audits.Ground.PROVED),),
        audits.Hidden(False, True, ((x, sp.S.Zero),)),
        audits.Recognition("simultaneous", audits.Ground.EXACT, 12),
        ("The state is kept between calls.",),
    )
