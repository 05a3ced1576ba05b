r"""Algorithm 2, the Dynamic-GDA oracle, line by line and beside the prose of section 5.

Samples are two real and two synthetic projections, written through the gaps between
them, so that every test of the algorithm is a question of signs.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, SecondRoute, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.algorithm_model import (
    Scene,
    answered,
    c_1,
    c_2,
    executed,
    w_last,
)

m = Symbol("m", real=True)
g, h, k = sp.symbols("g h k", positive=True)
s, t, u, v = sp.symbols("s t u v", nonnegative=True)
CHOICE = Symbol("zeta", integer=True)
SHRINKS, STAYS = c_2 * w_last / (1 + g), c_2 * w_last * (1 + s)
GROWS, SLOWS = c_1 * w_last * (1 + g), c_1 * w_last / (1 + s)

BELOW = {"real": (m + g, m + g + k), "fake": (m - h, m)}
ABOVE = {"real": (m - h, m), "fake": (m + g, m + g + k)}
BETWEEN = {"real": (m - g, m + k + h), "fake": (m, m + k)}
CROSSED = {"real": (m - g, m + h), "fake": (m, m + h + k)}

PLACES = (
    {m: 0, g: 1, h: 2, k: 1, s: 0, t: 0, u: 0, v: 1, w_last: 2, c_1: 2, c_2: Rational(1, 2)},
    {m: -3, g: 2, h: 1, k: 3, s: 1, t: 2, u: 1, v: 0, w_last: 1, c_1: 3, c_2: Rational(1, 3)},
)


def _routes(scenes: Mapping[Symbol, Scene]) -> tuple[dict[Symbol, Any], SecondRoute]:
    """Symbolic execution of Algorithm 2, and its execution on numbers."""
    exact = {name: executed(scene) for name, scene in scenes.items()}
    numbers = {name: answered(scene) for name, scene in scenes.items()}
    return exact, by_numbers(numbers, kind="executed:mpmath", points=PLACES)


def _names(*suffixes: str) -> tuple[Symbol, ...]:
    return tuple(Symbol(f"zeta_{suffix}", integer=True) for suffix in suffixes)


@claim(
    "dynamic.alg2",
    source="Algorithm 2",
    says="the Dynamic-GDA oracle: which field is applied, from projections and memory",
    expect=Verdict.INFORMAL,
    reason="a definition; its lines are judged in the entries below it",
)
def algorithm2() -> None: ...


@claim(
    "dynamic.alg2.first-iteration",
    source="Algorithm 2, lines 2-3",
    formal=r"\zeta = 2",
    says="with V_LAST Null, which occurs in the first iteration only, the answer is V_2 whatever "
    "the projections are; judged on synthetic below real ones, where V_1 would follow later",
    expect=Verdict.PROVED,
)
def first_iteration() -> Examination:
    exact, route = _routes({CHOICE: Scene(**BELOW, last=None)})
    steps = (Step("lines 2 and 3 look at nothing else; lines 4-20 never return Null"),)
    return Examination(eq(CHOICE, 2), exact, route, steps=steps)


@claim(
    "dynamic.alg2.inverted",
    source="section 5, second paragraph; Algorithm 2, lines 4-5",
    formal=r"\zeta_{Null} = \zeta_{V1} = \zeta_{V2} = 2",
    says="if the infimum of the synthetic projections exceeds the supremum of the real ones, the "
    "discriminator is updated: prose and algorithm agree, in every iteration",
    expect=Verdict.PROVED,
)
def inverted() -> Examination:
    names = _names("Null", "V1", "V2")
    lasts = (None, 1, 2)
    exact, route = _routes({n: Scene(**ABOVE, last=x) for n, x in zip(names, lasts, strict=True)})
    return Examination(sp.And(*(eq(name, 2) for name in names)), exact, route)


@claim(
    "dynamic.alg2.separated",
    source="section 5, second paragraph; Algorithm 2, lines 2-7",
    formal=r"\zeta_{Null} = 1",
    says="in every iteration, if the supremum of the synthetic projections is below the infimum "
    "of the real ones, the generator is updated (V_1); judged in the first iteration",
    expect=Verdict.REFUTED,
    amended=r"\zeta_{Null} = 2,\quad \zeta_{V1} = \zeta_{V2} = 1",
    repair="add 'except in the first iteration', as line 2 of Algorithm 2 has it",
)
def separated() -> Examination:
    first, one, two = _names("Null", "V1", "V2")
    scenes = {name: Scene(**BELOW, last=x) for name, x in ((first, None), (one, 1), (two, 2))}
    exact, route = _routes(scenes)
    return Examination(
        eq(first, 1),
        exact,
        route,
        amendment=sp.And(eq(first, 2), eq(one, 1), eq(two, 1)),
        steps=(Step("line 2 is tested before lines 4 and 6, so the first iteration returns V_2"),),
    )


@claim(
    "dynamic.alg2.third-branch",
    source="section 5, third paragraph; Algorithm 2, lines 4-19",
    formal=r"\zeta_{shrinks} = \zeta_{stays}",
    says="the divergence decides only where the projected samples are not disjoint; judged on "
    "synthetic projections strictly between two real ones: they are disjoint, so a shrinking "
    "and a standing divergence should lead to the same answer",
    expect=Verdict.REFUTED,
    amended=r"\zeta_{shrinks} = 1,\quad \zeta_{stays} = 2",
    repair="say that the ranges [inf, sup] of the projections meet, in place of the samples",
)
def third_branch() -> Examination:
    shrinks, stays = _names("shrinks", "stays")
    scenes = {
        shrinks: Scene(**BETWEEN, last=1, distance=SHRINKS),
        stays: Scene(**BETWEEN, last=1, distance=STAYS),
    }
    exact, route = _routes(scenes)
    return Examination(
        eq(shrinks, stays),
        exact,
        route,
        amendment=sp.And(eq(shrinks, 1), eq(stays, 2)),
        steps=(Step("real {-1, 1} and synthetic {0} are disjoint, yet lines 8-19 decide"),),
    )


@claim(
    "dynamic.alg2.ranges",
    source="Algorithm 2, lines 4-19",
    formal=r"\zeta_{shrinks} = 1,\quad \zeta_{stays} = 2",
    says="the divergence decides wherever the closed ranges [inf, sup] of the projections have a "
    "point m in common, touching ranges (sup = inf) included",
    expect=Verdict.PROVED,
)
def ranges() -> Examination:
    shrinks, stays = _names("shrinks", "stays")
    sides = {"real": (m - u, m + s), "fake": (m - v, m + t)}
    scenes = {
        shrinks: Scene(**sides, last=1, distance=SHRINKS),
        stays: Scene(**sides, last=1, distance=STAYS),
    }
    exact, route = _routes(scenes)
    steps = (Step("if the ranges have no common point, one of lines 4 and 6 holds"),)
    return Examination(sp.And(eq(shrinks, 1), eq(stays, 2)), exact, route, steps=steps)


@claim(
    "dynamic.alg2.touching",
    source="Algorithm 2, lines 4-8; a finding of ours",
    formal=r"\zeta = 1",
    says="projections that only touch, inf f = sup r, do not count as inverted: the divergence "
    "decides, and the generator is updated where it does not grow beyond c_1",
    expect=Verdict.PROVED,
)
def touching() -> Examination:
    scene = Scene((m - g, m), (m, m + k), 2, distance=SLOWS)
    exact, route = _routes({CHOICE: scene})
    return Examination(eq(CHOICE, 1), exact, route)


@claim(
    "dynamic.alg2.discriminator-threshold",
    source="section 5, third paragraph; Algorithm 2, lines 14-19",
    formal=r"\zeta_{at} = 2",
    says="V_2 is continued until the rate of growth of the divergence falls below c_1, so also "
    "at a rate of exactly c_1",
    expect=Verdict.REFUTED,
    amended=r"\zeta_{at} = 1,\quad \zeta_{beyond} = 2",
    repair="until the rate of growth no longer exceeds c_1; or >= in line 15",
)
def discriminator_threshold() -> Examination:
    at, beyond = _names("at", "beyond")
    scenes = {
        at: Scene(**CROSSED, last=2, distance=c_1 * w_last),
        beyond: Scene(**CROSSED, last=2, distance=GROWS),
    }
    exact, route = _routes(scenes)
    amendment = sp.And(eq(at, 1), eq(beyond, 2))
    return Examination(eq(at, 2), exact, route, amendment=amendment)


@claim(
    "dynamic.alg2.generator-threshold",
    source="section 5, third paragraph; Algorithm 2, lines 8-13",
    formal=r"\zeta_{shrinks} = 1,\quad \zeta_{stays} = 2",
    says="V_1 is continued until the divergence no longer shrinks by a rate of c_2, read as "
    "w/w_LAST < c_2",
    expect=Verdict.PROVED,
)
def generator_threshold() -> Examination:
    shrinks, stays = _names("shrinks", "stays")
    scenes = {
        shrinks: Scene(**CROSSED, last=1, distance=SHRINKS),
        stays: Scene(**CROSSED, last=1, distance=STAYS),
    }
    exact, route = _routes(scenes)
    return Examination(sp.And(eq(shrinks, 1), eq(stays, 2)), exact, route)


@claim(
    "dynamic.alg2.generator-threshold.by",
    source="section 5, third paragraph; Algorithm 2, lines 8-13",
    formal=r"\zeta = 2",
    says="the other reading of 'shrinks by a rate of c_2': the loss w_LAST - w is at least c_2 "
    "w_LAST; judged at the paper's c_2 = 0.8 with w = 0.7 w_LAST, a loss of 0.3 only",
    expect=Verdict.REFUTED,
    amended=r"\zeta = 1",
    repair="shrinks to, not by, a rate of c_2",
)
def generator_threshold_by() -> Examination:
    scene = Scene(**CROSSED, last=1, distance=Rational(7, 8) * c_2 * w_last)
    exact, route = _routes({CHOICE: scene})
    return Examination(
        eq(CHOICE, 2),
        exact,
        route,
        given=sp.Eq(c_2, Rational(4, 5)),
        amendment=eq(CHOICE, 1),
        steps=(Step("7/8 of c_2 = 4/5 is 7/10"),),
    )


@claim(
    "dynamic.alg2.never-v3",
    source="section 5.1, last paragraph",
    formal=r"\zeta \in \{1, 2\}",
    says="Dynamic-GDA never updates both players in one iteration: every return is V_1 or V_2",
    expect=Verdict.PROVED,
)
def never_v3() -> Examination:
    one, two = _names("below", "shrinks", "slows"), _names("above", "stays", "grows")
    scenes = (
        Scene(**BELOW, last=1),
        Scene(**CROSSED, last=1, distance=SHRINKS),
        Scene(**CROSSED, last=2, distance=SLOWS),
        Scene(**ABOVE, last=1),
        Scene(**CROSSED, last=1, distance=STAYS),
        Scene(**CROSSED, last=2, distance=GROWS),
    )
    exact, route = _routes(dict(zip((*one, *two), scenes, strict=True)))
    return Examination(
        sp.And(*(eq(name, 1) for name in one), *(eq(name, 2) for name in two)),
        exact,
        route,
        steps=(Step("lines 3, 5, 7, 10, 12, 16 and 18, case by case; none returns V_3"),),
    )
