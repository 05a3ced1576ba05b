"""Cells without an equilibrium: the cycle that a switched flow is drawn to, where there is one."""

from __future__ import annotations

import sympy as sp
from sympy import Not

from symgan.analysis.conditions import tidy
from symgan.analysis.switched_cycle import switched_cycle
from symgan.atlas.cell import Case, Verdict
from symgan.atlas.judge import Judgment
from symgan.system import Flow


def cycle_of(flow: Flow) -> Judgment | None:
    """The cycle of a planar flow that is affine on both sides of a line.

    Returns:
        The conditions for an attracting cycle and for none; None where the flow is of another
        kind, or has none for any parameters.

    Raises:
        SymganError: it is of that kind, and what it does is open.
    """
    surfaces = {n.args[0] for f in flow.rhs for n in f.atoms(sp.Abs, sp.sign)}
    if len(flow.state) != 2 or len(surfaces) != 1:
        return None
    (surface,) = surfaces
    if surface not in flow.state:
        return None
    found = switched_cycle(flow, surface)
    turning = tidy(found.attracts)
    if turning is sp.false:
        return None
    cases = [Case(Verdict.CYCLE, turning)]
    if turning is not sp.true:
        cases.append(Case(Verdict.NO_EQUILIBRIUM, tidy(Not(turning))))
    cases = [case for case in cases if case.condition is not sp.false]
    crossing = sp.factor(found.crossing)
    return Judgment(
        tuple(cases),
        f"it turns around a cycle that crosses {surface} = 0 at {crossing} and at minus that, "
        f"with period {found.period}",
        ("half-turn map",),
        {
            "kind": "switched-cycle",
            "crossing": str(crossing),
            "ratio": str(found.ratio),
            "exists": str(found.exists),
        },
    )
