r"""From sets of steps to verdicts: is there a step that is stable, for which parameters?"""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import And, Expr, Interval, Not, Or, Symbol
from sympy.core.relational import Relational

from symgan.analysis.conditions import tidy
from symgan.analysis.signs import positive
from symgan.atlas.cell import Case, Verdict
from symgan.atlas.problem import ETA
from symgan.results_discrete import StepBound


def map_cases(found: StepBound) -> tuple[Case, ...]:
    """The best that any step gives, with conditions on the parameters."""
    some = exists_step(found.asymptotic, found.condition)
    if some is None:
        return (Case(Verdict.UNDECIDED, sp.true),)
    cases = [Case(Verdict.EXPONENTIAL, some)] if some is not sp.false else []
    if some is not sp.true:
        rest = tidy(Not(some))
        neutral = exists_step(found.marginal, found.marginal_condition)
        verdict = {sp.true: Verdict.CENTER, sp.false: Verdict.DIVERGENCE}.get(
            neutral, Verdict.UNDECIDED
        )
        if verdict is Verdict.DIVERGENCE and found.undecided is not sp.false:
            verdict = Verdict.UNDECIDED
        cases.append(Case(verdict, rest))
    return tuple(cases)


def exists_step(steps: Any, condition: Any) -> Any:
    r"""The exact condition on the parameters for a set of steps not to be empty.

    Returns:
        A Boolean in the parameters; None where it was not found. Small steps decide where
        every relation holds for :math:`\eta \to 0^+`; otherwise the ends of an interval.

    >>> g = Symbol("g", positive=True)
    >>> exists_step(sp.ConditionSet(ETA, ETA*g < 2), ETA*g < 2)
    True
    """
    if steps is sp.S.EmptySet or condition is sp.false:
        return sp.false
    if condition is sp.true or isinstance(steps, sp.FiniteSet):
        return sp.true
    if isinstance(steps, sp.Union):
        parts = [exists_step(part, condition) for part in steps.args]
        return sp.true if sp.true in parts else None
    if isinstance(steps, Interval):
        if not (steps.start.free_symbols | steps.end.free_symbols):
            return sp.true
        if _small(condition) is sp.true:
            return sp.true
        if steps.start == 0 and not steps.end.has(sp.Piecewise, sp.Min, sp.Max):
            return tidy(positive(sp.factor(steps.end)))
    return sp.true if _small(condition) is sp.true else None


def _small(condition: Any) -> Any:
    """Whether a condition holds for all small steps: true, or a Boolean that is not known to be."""
    if isinstance(condition, And):
        return And(*map(_small, condition.args))
    if isinstance(condition, Or):
        return Or(*map(_small, condition.args))
    if not isinstance(condition, Relational) or isinstance(condition, sp.Eq | sp.Ne):
        return condition if condition in (sp.true, sp.false) else sp.false
    gap = condition.gts - condition.lts
    numerator, denominator = sp.fraction(sp.together(gap))
    if not numerator.is_polynomial(ETA) or not denominator.is_polynomial(ETA):
        return sp.false
    lowest = [sp.Poly(part, ETA).EC() for part in (numerator, denominator)]
    return positive(sp.factor(lowest[0])) if positive(lowest[1]) is sp.true else sp.false


def beyond(polynomial: Expr, variable: Symbol) -> bool:
    r"""Whether, for all steps and parameters, a root lies outside the unit circle: certainly.

    Of a monic real factor g of degree n: :math:`|g(0)| > 1`, the product of its roots, or
    :math:`g(1) < 0`, or :math:`(-1)^n g(-1) < 0`. False says nothing.

    >>> z = Symbol("z")
    >>> beyond(z**2 - 2*z + 1 + ETA**2, z), beyond((z - 1)**2, z)
    (True, False)
    """
    for factor, _ in sp.factor_list(sp.together(polynomial), variable)[1]:
        g = sp.Poly(factor, variable)
        if g.degree() < 1:
            continue
        g = g.monic()
        at_one, at_minus = g.eval(1), (-1) ** g.degree() * g.eval(-1)
        product = sp.factor(sp.together(g.eval(0)))
        signs = (product - 1, -product - 1, -at_one, -at_minus)
        if any(positive(sp.factor(sp.together(sign))) is sp.true for sign in signs):
            return True
    return False


def meets_circle_rarely(polynomial: Expr, variable: Symbol) -> bool:
    r"""Whether roots lie on the unit circle on a set of measure zero only.

    A root on the circle is one of :math:`g(z)` and of :math:`z^n g(1/z)`. An irreducible g is
    prime to that, so their resultant in the step and parameters is not zero, unless both are
    proportional.

    >>> z = Symbol("z")
    >>> meets_circle_rarely(z**2 - 2*z + 1 + ETA**2, z), meets_circle_rarely(z**2 - ETA*z + 1, z)
    (True, False)
    """
    for factor, _ in sp.factor_list(sp.together(polynomial), variable)[1]:
        g = sp.Poly(factor, variable)
        if g.degree() < 1:
            continue
        a = g.all_coeffs()
        minors = (a[0] * a[k] - a[-1] * a[-1 - k] for k in range(len(a)))
        if all(sp.expand(m) == 0 for m in minors):
            return False
        if g.degree() == 1 and any(sp.expand(g.eval(z)) == 0 for z in (1, -1)):
            return False
    return True
