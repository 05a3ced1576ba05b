"""What a result says of the predictions: shares of seeds with exact intervals, and outcomes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import sympy as sp

from symgan.data.predictions import Outcomes, PredictionResult
from symgan.empirical.predictions.toys import CONVERGES, DIVERGES, toy
from symgan.errors import BadData
from symgan.stats import clopper_pearson

SUPPORTED, CONTRADICTED, OPEN = "supported", "contradicted", "open"
SWITCHED = {
    ("dirac-oracle", "line"): (CONVERGES, True),
    ("dirac-oracle", "plane"): (CONVERGES, False),
    ("dynamic", "shallow"): (DIVERGES, False),
    ("dynamic", "deep"): (DIVERGES, False),
}
"""Of orders that look at the state, which have no spectrum, from what the ledger proves of the
oracle on the Dirac-GAN (`dynamic.settled.w.*`, `dynamic.settled.dimensions.minors`)."""


@dataclass(frozen=True)
class Judgement:
    """One trial, judged.

    Attributes:
        found: its outcomes.
        predicted: the prediction in words.
        count: on how many seeds it came so.
        seeds: of how many.
        low, high: the exact 95 % interval of the share.
        outcome: supported, contradicted or open.
    """

    found: Outcomes
    predicted: str
    count: int
    seeds: int
    low: float
    high: float
    outcome: str


def expected(found: Outcomes) -> tuple[str, bool]:
    """What the toy game does at the steps of a trial, and whether it is predicted or excluded.

    The step of a course is half the rule's threshold, or half of one over the singular value
    where the rule has none; nobody knows where the step on the ring lies.

    Raises:
        BadData: a threshold, which is no course.

    >>> row = (None,)
    >>> expected(Outcomes("course", "deep", "wasserstein", "optimistic", {}, row, row, row, row))
    ('converges', True)
    """
    if found.question == "threshold":
        raise BadData(f"{found.title} asks for a threshold, not for a course")
    if (found.rule, found.network) in SWITCHED:
        return SWITCHED[found.rule, found.network]
    if found.loss != "wasserstein":
        return CONVERGES, True
    about = toy(found.rule, **found.options)
    return about.does(about.threshold / 2 if about.threshold > 0 else sp.Rational(1, 2)), True


def judge(found: Outcomes, settings: Any) -> Judgement:
    """A trial against the prediction.

    Args:
        found: its outcomes.
        settings: of the experiment, with the numbers that were decided in advance.
    """
    seeds = len(found.predicted)
    if found.question == "threshold":
        margin = float(settings["margin"])
        words, count = f"threshold within {margin:.0%} of the predicted step", found.bracketed
    else:
        course, happens = expected(found)
        words = course if happens else f"not: {course}"
        count = found.count(course, float(settings["factor"]))
        count = count if happens else seeds - count
    interval = clopper_pearson(count, seeds)
    verdict = outcome([(count, seeds)], float(settings["most"]))
    return Judgement(found, words, count, seeds, interval.low, interval.high, verdict)


def outcome(counts: Sequence[tuple[int, int]], most: float) -> str:
    """Whether shares of seeds exceed a bound, from (successes, seeds), one pair a kind of network.

    Args:
        counts: successes and seeds.
        most: the bound.

    Returns:
        ``supported`` where every exact 95 % interval lies above the bound, ``contradicted`` where
        one lies at or below it, else ``open``.

    >>> outcome([(20, 20), (19, 20)], 0.75), outcome([(20, 20), (16, 20)], 0.75)
    ('supported', 'open')
    >>> outcome([(20, 20), (3, 20)], 0.75)
    'contradicted'
    """
    intervals = [clopper_pearson(successes, seeds) for successes, seeds in counts]
    if any(i.high <= most for i in intervals):
        return CONTRADICTED
    return SUPPORTED if all(i.low > most for i in intervals) else OPEN


def effect(found: Outcomes) -> str:
    """The size of what was seen, in the median over the seeds."""
    if found.question == "threshold":
        ends = [
            (low + high) / 2
            for low, high in zip(found.low, found.high, strict=True)
            if low is not None and high is not None
        ]
        return f"{median(ends):.3f} of the predicted step" if ends else "none within the margin"
    values = [value for value in found.change if value is not None]
    what = "distance" if found.question == "ring" else "field"
    return f"{what} x {median(values):.2g}"


def markdown(result: PredictionResult) -> str:
    """The table of the documentation, a row a trial."""
    lines = [
        "| question | nets | loss | rule | predicted | seeds | share, 95 % | median | outcome |",
        "|" + " --- |" * 9,
    ]
    for found in result.outcomes:
        j = judge(found, result.settings)
        rule = found.title.rsplit(" / ", 1)[1].replace(",", ", ")
        cells = [found.question, found.network, found.loss, rule, j.predicted]
        cells += [f"{j.count} of {j.seeds}", f"{j.low:.2f} to {j.high:.2f}", effect(found)]
        lines.append("| " + " | ".join([*cells, j.outcome]) + " |")
    return "\n".join(lines) + "\n"
