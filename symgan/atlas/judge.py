r"""Verdicts: what a linear answer means for the game itself.

At a hyperbolic equilibrium the linearization decides near it. A linear system is its own
linearization, so that local is global. Elsewhere a further argument is needed, with its
evidence: a Lyapunov function for convergence from everywhere, a normal form, a first integral
or a reversing symmetry at a critical spectrum. Without one the verdict stays local, or open.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from sympy import Expr, Symbol

from symgan.analysis.marginal import Fate, marginal_verdict
from symgan.atlas.cell import Answer, Case, Verdict
from symgan.atlas.everywhere import converges_everywhere
from symgan.atlas.size import exceeds
from symgan.errors import SymganError
from symgan.expectation import Expectation
from symgan.system import Flow, Map

LARGEST = 400
"""Operations of a right-hand side beyond which a critical spectrum is left open."""


@dataclass(frozen=True)
class Judgment:
    """The cases of a cell, with what was used beyond its linear problem."""

    cases: tuple[Case, ...]
    reason: str = ""
    evidence: tuple[str, ...] = ()
    certificate: Mapping[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """The one verdict, or that it depends."""
        kinds = {case.verdict for case in self.cases}
        return kinds.pop() if len(kinds) == 1 else Verdict.DEPENDS


def judge_linear(answer: Answer) -> Judgment:
    """A linear system: what its spectrum says holds from everywhere."""
    named = {Verdict.EXPONENTIAL: Verdict.GLOBAL}
    cases = tuple(Case(named.get(c.verdict, c.verdict), c.condition) for c in answer.cases)
    everywhere = any(case.verdict is Verdict.GLOBAL for case in cases)
    target = "convergence to the set of equilibria" if answer.tangent and everywhere else ""
    return Judgment(cases, target)


def judge_flow(answer: Answer, flow: Flow, at: Mapping[Symbol, Expr], seconds: float) -> Judgment:
    """A nonlinear flow at an equilibrium with this linearization."""
    kinds = {case.verdict for case in answer.cases}
    if kinds == {Verdict.EXPONENTIAL}:
        found = None if answer.tangent else converges_everywhere(flow, at)
        if found is not None:
            verdict = Verdict.GLOBAL if found.mirrored is None else Verdict.ALMOST_GLOBAL
            whole = (Case(verdict, sp.true),)
            return Judgment(whole, found.sentence, ("lasalle",), found.certificate)
        return Judgment(answer.cases, _beside(answer))
    if kinds <= {Verdict.EXPONENTIAL, Verdict.DIVERGENCE} and answer.growing:
        return Judgment(answer.cases, _beside(answer))
    if answer.tangent:
        return _left_open(answer, "a critical spectrum across a continuum of equilibria")
    return _marginal(answer, flow, at, seconds)


def judge_map(answer: Answer, system: Any, at: Mapping[Symbol, Expr], seconds: float) -> Judgment:
    """A nonlinear map at a fixed point with this linearization."""
    kinds = {case.verdict for case in answer.cases}
    if kinds <= {Verdict.EXPONENTIAL, Verdict.DIVERGENCE} and (
        Verdict.DIVERGENCE not in kinds or answer.growing
    ):
        return Judgment(answer.cases, _beside(answer))
    if answer.tangent or not isinstance(system, Map) or len(answer.cases) > 1:
        return _left_open(answer, "a critical spectrum of a nonlinear map")
    return _marginal(answer, system, at, seconds)


def local_only(answer: Answer, why: str) -> Judgment:
    """What the linearization alone decides; the rest is open for the reason given."""
    kinds = {case.verdict for case in answer.cases}
    if kinds <= {Verdict.EXPONENTIAL, Verdict.DIVERGENCE} and answer.growing:
        return Judgment(answer.cases, _beside(answer))
    return _left_open(answer, why)


def _beside(answer: Answer) -> str:
    near = any(case.verdict is Verdict.EXPONENTIAL for case in answer.cases)
    return "convergence to the set of equilibria near it" if answer.tangent and near else ""


def _left_open(answer: Answer, what: str) -> Judgment:
    """The certain cases stay; the critical ones are open."""
    certain = {Verdict.EXPONENTIAL, *((Verdict.DIVERGENCE,) if answer.growing else ())}
    cases = tuple(
        c if c.verdict in certain else Case(Verdict.UNDECIDED, c.condition) for c in answer.cases
    )
    return Judgment(cases, f"{what} is left open")


def _marginal(answer: Answer, system: Any, at: Mapping[Symbol, Expr], seconds: float) -> Judgment:
    """A critical spectrum: normal form, symmetry or first integral."""
    critical = {Verdict.CENTER, Verdict.STABLE, Verdict.UNDECIDED}
    kinds = {case.verdict for case in answer.cases}
    if len(answer.cases) > 1 or not kinds <= critical:
        return _left_open(answer, "a critical spectrum for some parameters")
    if any(f.has(Expectation) for f in system.rhs):
        reason = "a critical spectrum of a system with means that have no closed form"
        return Judgment((Case(Verdict.UNDECIDED, sp.true),), reason)
    if exceeds(system.rhs, LARGEST):
        reason = "a critical spectrum of a system too large for normal forms and first integrals"
        return Judgment((Case(Verdict.UNDECIDED, sp.true),), reason)
    try:
        found = marginal_verdict(system, dict(at), budget=seconds)
    except SymganError as error:
        return Judgment((Case(Verdict.UNDECIDED, sp.true),), str(error))
    planar = isinstance(system, Flow) and len(system.state) == 2
    neutral = Verdict.CENTER if planar and Verdict.CENTER in kinds else None
    verdict = {
        Fate.ATTRACTING: Verdict.ASYMPTOTIC,
        Fate.NEUTRAL: neutral or Verdict.STABLE,
        Fate.UNSTABLE: Verdict.DIVERGENCE,
    }[found.fate]
    evidence = (found.reason.value,)
    return Judgment((Case(verdict, sp.true),), found.sentence, evidence, found.certificate)
