"""The tables of the failure maps, in Markdown, from the stored outcomes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from symgan.data.gmm_maps import THRESHOLDS, Outcomes
from symgan.stats import wilson
from symgan.sweep.outcomes import cell_intervals

PAPER = 0.1
"""The paper's threshold."""

TITLE = "Failure maps of the mixture GAN"
HEAD = f"""# {TITLE}

Written by `proofs/make_gmm_maps.py` from `symgan.data.gmm_maps`; not edited by hand.
"""
INTRODUCTION = f"""\
Two Gaussians of unit variance learn two Gaussians at -1/2 and 1/2 (Li et al. 2018, section 5 and
figure 3). A run succeeds where the total variation distance after the last step lies below a
threshold; the paper's is {PAPER}. Two means merged at 0 have the distance 0.058 and meet it; no
merged means come below 0.05. Shares are over all runs whose two initial means differ; runs
from equal means have a column of their own (at {PAPER}). Brackets hold 95 % Wilson intervals at
{PAPER}; runs of one cell share their means, so that these intervals speak of these grids alone.

*Merged*: |mu1 - mu2| < 0.001 at the end. *Collapsed*: both intervals shorter than 0.001.
*Inverted*: an interval with r < l - 0.001, which the literal update allows. *Moving*: a mean ranged
over more than 0.001 in the last 100 steps.
"""

SECTIONS = (
    ("The figure", ("first-order", "unrolled", "optimal"), "41 x 41 cells, steps of 0.3."),
    (
        "Update rules against the failures",
        ("rules/",),
        "Steps and discriminators as in the first-order map, grid and draws as listed.",
    ),
    (
        "What the paper leaves open: intervals and repairs",
        ("study/",),
        "The names say dynamics / intervals / what is done where ends cross. Intervals: "
        "uniform:a, four numbers uniform on [-a, a], sorted; normal:s, the same with normal "
        "numbers; pairs:a, two sorted pairs that may overlap; narrow:w, widths uniform on [0, w]; "
        "wide:a, outer ends up to a beyond -2 and 2.",
    ),
    ("The numbers that the paper calls arbitrary", ("numbers/",), "Step and iterations."),
)


def document(found: Mapping[str, Outcomes]) -> str:
    """The whole page."""
    return f"{HEAD}\n{body(found)}"


def body(found: Mapping[str, Outcomes]) -> str:
    """The page without its heading and the remark on how its file is written."""
    parts = [INTRODUCTION]
    for title, beginnings, note in SECTIONS:
        chosen = [m for name, m in found.items() if name.startswith(beginnings)]
        if chosen:
            parts += [f"## {title}", "", note, "", *_table(chosen), ""]
    parts += ["## Cells", "", CELLS, "", *_cells(found), ""]
    parts += ["## Pairs from the same starts", "", PAIRS, "", *_pairs(found), ""]
    parts += ["## How certain the judgments are", "", _margin(found), ""]
    return "\n".join(parts)


CELLS = (
    "How many cells off the diagonal succeed less often, or more often, than half of the time, "
    "their own 95 % Wilson interval being all on one side of 1/2."
)
PAIRS = (
    "Maps with the same intervals, grid and seed start from the same discriminators, so that runs "
    f"can be compared one by one (success at {PAPER}, unequal initial means)."
)


def off_diagonal(m: Outcomes, threshold: float = PAPER) -> np.ndarray:
    """Success of the runs whose initial means differ, one flat array."""
    return m.success(threshold)[~m.diagonal].ravel()


def _table(chosen: Sequence[Outcomes]) -> Iterator[str]:
    levels = [f"TV < {t}" for t in THRESHOLDS]
    yield _row(["map", "cells", "draws", *levels, "interval", *FLAGS, "equal means"])
    yield _row(["---", *["---:"] * (len(levels) + len(FLAGS) + 4)])
    for m in chosen:
        successes = off_diagonal(m)
        interval = wilson(int(successes.sum()), successes.size)
        yield _row(
            [
                m.name,
                str(len(m.means)),
                str(m.codes.shape[1]),
                *(_share(off_diagonal(m, t)) for t in THRESHOLDS),
                f"[{interval.low:.4f}, {interval.high:.4f}]",
                *(_share(getattr(m, flag)[~m.diagonal]) for flag in FLAGS),
                _share(m.success(PAPER)[m.diagonal]),
            ]
        )


def _cells(found: Mapping[str, Outcomes]) -> Iterator[str]:
    yield _row(
        ["map", *(f"TV < {t}: less" for t in THRESHOLDS), *(f"{t}: more" for t in THRESHOLDS)]
    )
    yield _row(["---", *["---:"] * (2 * len(THRESHOLDS))])
    for name in ("first-order", "unrolled"):
        if name in found:
            m = found[name]
            ends = [cell_intervals(m, t) for t in THRESHOLDS]
            less = [int((high < 0.5)[~m.diagonal].sum()) for _, high in ends]
            more = [int((low > 0.5)[~m.diagonal].sum()) for low, _ in ends]
            yield _row([name, *map(str, less), *map(str, more)])


FLAGS = ("merged", "collapsed", "inverted", "moving")


def _pairs(found: Mapping[str, Outcomes]) -> Iterator[str]:
    yield _row(["first", "second", "both", "first alone", "second alone", "neither"])
    yield _row(["---", "---", *["---:"] * 4])
    for one, other in pairs(found):
        a, b = off_diagonal(found[one]), off_diagonal(found[other])
        counts = (a & b, a & ~b, ~a & b, ~a & ~b)
        yield _row([one, other, *(str(int(c.sum())) for c in counts)])


def pairs(found: Mapping[str, Outcomes]) -> Iterator[tuple[str, str]]:
    """Names of maps from the same starts, a first-order map first."""
    for name in found:
        rest = name.removeprefix("study/")
        prefix = name[: len(name) - len(rest)]
        other = f"{prefix}unrolled{rest.removeprefix('first-order')}"
        if rest.startswith("first-order") and other in found:
            yield name, other
        if (
            name.startswith("rules/")
            and name != "rules/simultaneous"
            and "rules/simultaneous" in found
        ):
            yield "rules/simultaneous", name


def _margin(found: Mapping[str, Outcomes]) -> str:
    name, nearest = min(((n, m.nearest) for n, m in found.items()), key=lambda pair: pair[1])
    return (
        f"The final total variation distance nearest to a threshold is off by {nearest:.1e} of it "
        f"({name}); distances are computed to about 1e-14."
    )


def _share(happened: np.ndarray) -> str:
    return f"{happened.mean():.4f}" if happened.size else ""


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
