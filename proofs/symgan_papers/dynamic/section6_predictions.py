r"""What toy games predict, held against networks trained with plain descent.

The stored experiment (`symgan.data.predictions`, docs/PREDICTIONS.md) pushes networks off an
equilibrium that is known, with 20 seeds, and trains others from random weights on the ring. What
the toy game does is derived here (`symgan.empirical.predictions.toys`), not read from the store.
Each statement is about a share P of all seeds; what was decided before the runs is that P > 3/4 is
claimed, and that it counts as supported or contradicted where all of the exact (Clopper-Pearson)
95 % interval of P does, on every kind of network; else it is open.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import Any

import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, claim
from symgan.claims.examine import Finding
from symgan.data.predictions import Outcomes, PredictionResult, stored_predictions
from symgan.data.studies import stored_study
from symgan.empirical.predictions.judging import effect
from symgan.empirical.predictions.toys import CONVERGES, DIVERGES, STAYS, Toy, toy
from symgan.stats import clopper_pearson

P = Symbol("P", real=True)
MOST = Rational(3, 4)
HALF_OF_PAIRS = sp.Gt(P, Rational(1, 2))
W, R1 = "wasserstein", "wasserstein+r1"
NEAR = ("shallow", "deep")
NOTE = (
    "a measurement on networks of ours, with plain descent in double precision; conditions and "
    "statistics in docs/PREDICTIONS.md"
)


@dataclass(frozen=True)
class Case:
    """One prediction.

    Attributes:
        label: the last part of the claim's name.
        says: the prediction, as it is about networks.
        question, networks, loss, rule, options: the trials.
        course: what the toy game does; not for thresholds.
        against: whether the prediction is that this does not happen.
        remark: what else should be known.
    """

    label: str
    says: str
    question: str
    networks: tuple[str, ...]
    loss: str
    rule: str
    options: dict[str, Any] = field(default_factory=dict)
    course: str = ""
    against: bool = False
    remark: str = ""

    def trials(self, result: PredictionResult) -> list[Outcomes]:
        """Its outcomes, one a kind of network."""
        return [
            result.of(self.question, network, self.loss, self.rule, **self.options)
            for network in self.networks
        ]

    def count(self, found: Outcomes, factor: float) -> int:
        """On how many seeds it came as predicted."""
        if self.question == "threshold":
            return found.bracketed
        happened = found.count(self.course, factor)
        return len(found.change) - happened if self.against else happened


def holds(counts: Sequence[tuple[int, int]], statement: Any = P > MOST) -> bool | None:
    """Whether a statement about P holds, fails or is open, from (successes, seeds) a kind.

    >>> holds([(20, 20), (19, 20)]), holds([(20, 20), (3, 20)]), holds([(20, 20), (16, 20)])
    (True, False, None)
    """
    answers: list[bool | None] = []
    for successes, seeds in counts:
        interval = clopper_pearson(successes, seeds)
        ends = {bool(statement.subs(P, end)) for end in (interval.low, interval.high)}
        answers.append(ends.pop() if len(ends) == 1 else None)
    return False if False in answers else None if None in answers else True


def examine(case: Case, result: PredictionResult) -> Examination:
    """The examination of a case on a result."""
    factor = float(result.settings["factor"])
    found = case.trials(result)
    counts = [(case.count(o, factor), len(result.seeds)) for o in found]

    def route(statement: Any, given: Any, witness: Any) -> Finding:
        told = "; ".join(
            f"{o.network}: {k} of {n} seeds, P in [{i.low:.3f}, {i.high:.3f}]"
            for o, (k, n) in zip(found, counts, strict=True)
            for i in (clopper_pearson(k, n),)
        )
        return Finding("measured:torch", holds(counts, statement), told)

    k = Symbol("k", integer=True, positive=True)
    unknown = {P: sp.Limit(sp.Function("X")(k), k, sp.oo)}
    steps = (*derived(case), *(f"{o.network}, in the median: {effect(o)}" for o in found))
    return Examination(P > MOST, unknown, route, steps=tuple(map(Step, steps)))


def derived(case: Case) -> tuple[str, ...]:
    """What the toy game does, derived now; nothing where the prediction is another claim's."""
    if case.loss != W or case.rule in ("dirac-oracle", "dynamic"):
        return ()
    found: Toy = toy(case.rule, **case.options)
    if found.threshold == 0:
        return (f"the bilinear game with singular value 1: {found.below} at every step",)
    end = sp.N(found.threshold, 6)
    return (f"the bilinear game with singular value 1: {found.below} below the step {end}",)


def _threshold(label: str, rule: str, words: str, **options: Any) -> Case:
    says = (
        f"{words} stops to be stable within 10 % of c/sigma, sigma the largest singular value of "
        "the interaction measured at the equilibrium, c the threshold of the bilinear game"
    )
    return Case(f"threshold.{label}", says, "threshold", NEAR, W, rule, options)


def _course(label: str, rule: str, words: str, course: str, **options: Any) -> Case:
    verb = {CONVERGES: "comes back", STAYS: "neither comes back nor leaves", DIVERGES: "leaves"}
    where = "a step of 1/(2 sigma)" if course == DIVERGES else "half its threshold"
    says = f"after a small push {words} {verb[course]}, at {where}"
    return Case(f"course.{label}", says, "course", NEAR, W, rule, options, course=course)


def _ring(label: str, rule: str, words: str, course: str, **more: Any) -> Case:
    given: dict[str, Any] = {"loss": W, "question": "ring", "networks": ("deep",)} | more
    return Case(f"ring.{label}", words, rule=rule, course=course, **given)


THREE = "to the data by a factor of 3"
NEGATIVE = {"beta": -0.5, "alternating": True}
CASES = (
    _threshold("alternating", "alternating", "alternating descent"),
    _threshold("alternating-two", "alternating", "alternating descent with n_d = 2", n_d=2),
    _threshold("extragradient", "extragradient", "extragradient"),
    _threshold("optimistic", "optimistic", "optimistic descent"),
    _threshold("consensus", "consensus", "consensus, its weight twice the step,", gamma=2),
    _threshold("negative-momentum", "heavy-ball", "alternating momentum -1/2", **NEGATIVE),
    Case(
        "threshold.r1",
        "simultaneous descent with R1 stops to be stable within 10 % of where the exact "
        "multipliers of the eigenvalues measured at the equilibrium say",
        *("threshold", NEAR, R1, "simultaneous"),
    ),
    Case(
        "threshold.cross-entropy",
        "the same for the non-saturating loss without a penalty, networks with one hidden layer",
        *("threshold", ("shallow",), "bce", "simultaneous"),
        remark="left out for deep networks: real parts there are below 1e-11, which rounding "
        "does not leave",
    ),
    _course("simultaneous", "simultaneous", "simultaneous descent", DIVERGES),
    _course("alternating", "alternating", "alternating descent", STAYS),
    _course("extragradient", "extragradient", "extragradient", CONVERGES),
    _course("optimistic", "optimistic", "optimistic descent", CONVERGES),
    Case(
        "course.r1",
        "after a small push simultaneous descent with R1 comes back, at half its threshold",
        *("course", NEAR, R1, "simultaneous"),
        course=CONVERGES,
    ),
    Case(
        "course.dynamic-gda",
        "Dynamic-GDA keeps members near their equilibrium, at half the oracle's threshold, as "
        "the oracle does on the Dirac-GAN",
        *("course", NEAR, W, "dynamic"),
        course=DIVERGES,
        against=True,
        remark="theorem 3.1 is about the oracle; that Dynamic-GDA stands for it is the paper's",
    ),
    _ring("simultaneous", "simultaneous", "simultaneous descent runs off", DIVERGES),
    _ring("alternating", "alternating", "alternating descent comes no nearer, and stays", STAYS),
    _ring("extragradient", "extragradient", "extragradient comes nearer " + THREE, CONVERGES),
    _ring("optimistic", "optimistic", "optimistic descent comes nearer " + THREE, CONVERGES),
    _ring(
        "dynamic-gda", "dynamic", "Dynamic-GDA does not run off", DIVERGES, against=True,
        remark="section 5.1: 'Dynamic-GDA prevents GAN training from completely diverging'",
    ),
    _ring("r1", "simultaneous", "descent with R1 comes nearer " + THREE, CONVERGES, loss=R1),
)  # fmt: skip
"""All predictions, each with what it is judged by."""


def _declare(case: Case) -> Callable[[], Examination]:
    where = {
        "threshold": "a threshold, near an equilibrium of networks",
        "course": "a course, near an equilibrium of networks",
        "ring": "the same from random weights on the ring of Gaussians, deep networks",
    }[case.question]

    @claim(
        f"dynamic.predictions.{case.label}",
        source=f"ours: the toy games of section 3 against networks; {where}",
        formal=r"P > \frac{3}{4}",
        says=f"{case.says}: on a share P of all seeds",
        expect=Verdict.CHECKED,
        reason=NOTE + (f". {case.remark}" if case.remark else ""),
    )
    def examined() -> Examination:
        return examine(case, stored_predictions())

    return examined


globals().update({f"case_{number}": _declare(case) for number, case in enumerate(CASES)})
SIMULTANEOUS = next(case for case in CASES if case.label == "course.simultaneous")


def _adam(counts: tuple[int, int], judged: Any, told: str) -> Examination:
    def route(statement: Any, given: Any, witness: Any) -> Finding:
        interval = clopper_pearson(*counts)
        text = f"{counts[0]} of {counts[1]}, P in [{interval.low:.3f}, {interval.high:.3f}]"
        return Finding("measured:torch", holds([counts], statement), text)

    k = Symbol("k", integer=True, positive=True)
    unknown = {P: sp.Limit(sp.Function("X")(k), k, sp.oo)}
    return Examination(
        judged, unknown, route, steps=(Step(told), *map(Step, derived(SIMULTANEOUS)))
    )


@claim(
    "dynamic.predictions.adam.order",
    source="ours: the toy games of section 3 against our study of Table 1, Adam and RMSProp",
    formal=r"P > \frac{1}{2}",
    says="simultaneous descent diverges on the toy game and alternating descent does not: in more "
    "than half of all pairs (a share P) Sim ends further from the data than Alt 1",
    expect=Verdict.CHECKED,
    reason="medians of five seeds in 32 pairs of GAN and data set, exact interval of the share; "
    "equal iterations, so that Sim makes twice the updates",
)
def order() -> Examination:
    found = stored_study("table1")

    def middle(gan: str, data: str, name: str) -> float:
        return median(run.ranked for run in found.replicates(gan, data, name))

    pairs = [(g, d) for g in found.gans for d in found.datasets]
    ratios = [middle(g, d, "sim") / middle(g, d, "alt1") for g, d in pairs]
    told = f"distance after Sim over that after Alt 1, in the median {median(ratios):.3f}"
    return _adam((sum(r > 1 for r in ratios), len(ratios)), HALF_OF_PAIRS, told)


@claim(
    "dynamic.predictions.adam.divergence",
    source="ours: the toy games of section 3 against our study of Table 1, Adam",
    formal=r"P > \frac{3}{4}",
    says="simultaneous descent diverges on the toy game: a share P of the members without a "
    "stabilizer (Unsat. BCE) that Sim trains leaves the finite numbers",
    expect=Verdict.CHECKED,
    reason="Adam bounds a step by about its learning rate, which the toy game does not know; "
    "30,000 iterations on four data sets with five seeds",
)
def divergence() -> Examination:
    found = stored_study("table1")
    runs = [r for d in found.datasets for r in found.replicates("Unsat. BCE", d, "sim")]
    values = [r.value for r in runs if r.value is not None]
    told = f"the largest distance at the end is {max(values):.3f}" if values else "all left"
    return _adam((len(runs) - len(values), len(runs)), P > MOST, told)
