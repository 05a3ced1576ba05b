r"""Sections 5 and 7: what merged means and lost intervals have to do with the failures."""

from __future__ import annotations

import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Verdict, claim, eq
from symgan.data.gmm_maps import stored_map
from symgan_papers.gmm.model_section5 import (
    PRINTED,
    UNHALVED,
    Flags,
    above,
    distance,
    in_doubt,
    nearest,
    sample_starts,
    share,
    simulate,
    successes,
)
from symgan_papers.gmm.section5b_results import COUNTED, HALF, QUARTER, UNEQUAL

CONCLUSIONS = "section 7, last sentences: 'it often prevents our first order dynamics'"


@claim(
    "gmm.settled.experiments.merged-successes",
    source="ours, to Figure 3",
    formal=r"p_m > \frac{4}{5}",
    says="what the criterion 0.1 counts: of the first order successes more than four fifths "
    "(p_m), and of all runs, too (p_r), end with means less than 10^-3 apart: mode collapse near "
    "0, which fits to 0.058 (gmm.settled.collapsed.fit)",
    expect=Verdict.CHECKED,
    reason=COUNTED + "; " + UNEQUAL,
)
def merged_successes() -> Examination:
    names, bound = sp.symbols("p_m p_r", real=True), Rational(4, 5)
    outcomes = stored_map("first-order")
    merged = outcomes.merged[~outcomes.diagonal]
    found = (share(merged[successes("first-order", PRINTED, diagonal=False)]), share(merged))
    measures = {
        name: (lambda part=part: nearest(part, bound))
        for name, part in zip(names, found, strict=True)
    }
    text = f"merged, of the successes: {found[0]}; of all: {found[1]}"
    return in_doubt(sp.And(*(name > bound for name in names)), measures, text)


@claim(
    "gmm.settled.experiments.equal-means",
    source="ours, to Figure 3",
    formal=r"N = 0",
    says="with optimal discriminators every equal pair of the grid meets the printed criterion: N "
    "failures of 41",
    expect=Verdict.CHECKED,
    reason="a count over the stored map; one failure contradicts it. It is proved for all equal "
    "pairs in gmm.settled.collapsed.orbit, so that one would show the map or the proof wrong",
)
def equal_means() -> Examination:
    count = Symbol("N", nonnegative=True)
    runs = ~successes("optimal", PRINTED, diagonal=True)
    return in_doubt(eq(count, 0), {count: lambda: share(runs).hits})


def _frozen(threshold: float) -> tuple[Flags, Flags]:
    """Failures of 400 runs, and which of them end with an interval empty."""
    final = simulate(sample_starts(5, 400), 3000, repair="frozen")
    failed = distance(final[:, :2]) >= threshold
    return failed, (final[:, 2:4] == final[:, 4:6]).any(axis=1)


@claim(
    "gmm.settled.experiments.frozen",
    source="ours, to section 3.1 and to section 7: 'discriminator collapse often prevents'",
    formal=r"p_f > \frac{1}{2}",
    says="if an empty interval stays empty, as section 3.1 says it does, the first order dynamics "
    "fail more often than not at 0.1 (p_f), and more than four fifths of the failures have an "
    "empty interval (p_e)",
    expect=Verdict.CHECKED,
    reason="supported if Wilson's 95 per cent intervals lie above the bounds; 400 seeded runs, "
    "means uniform on [-1, 1]^2, sorted ends uniform on [-2, 2], intervals that cross put to their "
    "middle for good",
)
def frozen() -> Examination:
    fails, blocked = Symbol("p_f", real=True), Symbol("p_e", real=True)
    failed, empty = _frozen(PRINTED)
    most = Rational(4, 5)
    return in_doubt(
        sp.And(fails > HALF, blocked > most),
        {
            fails: lambda: nearest(share(failed), HALF),
            blocked: lambda: nearest(share(empty[failed]), most),
        },
        f"failures: {share(failed)}; with an empty interval: {share(empty[failed])}",
        kind="simulated:numpy",
    )


@claim(
    "gmm.conclusions.collapse-prevents",
    source=CONCLUSIONS,
    formal=r"p_e > \frac{1}{4}",
    says="discriminator collapse often prevents our first order dynamics from converging, read as "
    "in Figure 2 (d), where both discriminators have collapsed: more than a quarter of the "
    "failures (0.1) end with both intervals of width less than 10^-3, ends moving as printed",
    expect=Verdict.CHECKED,
    reason=COUNTED + "; " + UNEQUAL + " that fail. As printed, ends do not stop where they meet: "
    "they pass each other. Other readings: gmm.conclusions.collapse-prevents.crossed, and if "
    "empty intervals stay empty, gmm.conclusions.collapse-prevents.frozen",
)
def collapse_prevents() -> Examination:
    outcomes = stored_map("first-order")
    failed = ~outcomes.success(PRINTED) & ~outcomes.diagonal[:, None]
    empty = share(outcomes.collapsed[failed])
    return above(Symbol("p_e", real=True), empty, QUARTER, "failures with both intervals empty")


def _crossed(threshold: float) -> Examination:
    """Crossed ends among failures; failures among runs with crossed ends, and among the others."""
    part, with_it, without = sp.symbols("p_c p_1 p_0", real=True)
    outcomes = stored_map("first-order")
    failed = ~successes("first-order", threshold, diagonal=False)
    crossed = outcomes.inverted[~outcomes.diagonal]
    found = (share(crossed[failed]), share(failed[crossed]), share(failed[~crossed]))
    return in_doubt(
        sp.And(part > QUARTER, with_it > without),
        {
            part: lambda: nearest(found[0], QUARTER),
            with_it: lambda: found[1].low,
            without: lambda: found[2].high,
        },
        f"failures with crossed ends: {found[0]}",
        f"failures where ends have crossed: {found[1]}; where not: {found[2]}",
    )


@claim(
    "gmm.conclusions.collapse-prevents.crossed",
    source=CONCLUSIONS,
    formal=r"p_c > \frac{1}{4}",
    says="the same, an interval being lost where its width has gone through 0, which the printed "
    "update does not stop: more than a quarter of the failures (0.1) end with the ends of an "
    "interval crossed (p_c), and runs with crossed ends fail more often (p_1) than others (p_0)",
    expect=Verdict.CHECKED,
    reason=COUNTED + ". An association: what prevents what a count does not say",
)
def collapse_crossed() -> Examination:
    return _crossed(PRINTED)


@claim(
    "gmm.conclusions.collapse-prevents.crossed.l1",
    source=CONCLUSIONS,
    formal=r"p_c > \frac{1}{4}",
    says="the same with success at an L1 distance below 0.1",
    expect=Verdict.CHECKED,
    reason=COUNTED + ". An association: what prevents what a count does not say",
)
def collapse_crossed_unhalved() -> Examination:
    return _crossed(UNHALVED)
