"""Section 6: how many models, datasets and pairs there are, and a score that stands twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import sympy as sp
from sympy import Expr, Integer

from symgan.claims import Examination, Step, Verdict, claim, eq
from symgan_papers.dynamic import recount
from symgan_papers.dynamic.section6_tables import by_recount
from symgan_papers.dynamic.tables import (
    DATASETS,
    chosen,
    pair,
    pairs,
    rational,
)


@claim(
    "dynamic.counts",
    source="abstract and sections 1, 6.1, 6.2",
    says="8 classes of GANs and 7 datasets, 4 of them 2D: 32 pairs in table 1 and 56 in both",
    expect=Verdict.PROVED,
)
def counts() -> Examination:
    gans, data, first, both = sp.symbols("gans datasets pairs_2D pairs_all", real=True)
    statement = sp.And(
        eq(gans, 8), eq(data, 7), eq(first, 32), eq(both, 56), eq(both, gans * data), evaluate=False
    )
    exact = {
        gans: Integer(len({c.gan for c in chosen()})),
        data: Integer(len({c.dataset for c in chosen()})),
        first: Integer(len(pairs(1))),
        both: Integer(len(chosen())),
    }
    measures: dict[Expr, Callable[[], Any]] = {
        gans: lambda: len({gan for _, gan in recount.scores()}),
        data: lambda: len({dataset for dataset, _ in recount.scores()}),
        first: lambda: sum(dataset in DATASETS[1] for dataset, _ in recount.scores()),
        both: lambda: len(recount.scores()),
    }
    return Examination(statement, exact, by_recount(measures))


@claim(
    "dynamic.table2.repeated-score",
    source="table 2, celebA, Dynamic-GDA; an observation of ours",
    says="of the 96 FID scores, printed to three decimals, 95 are distinct: 34.427 stands for "
    "Dynamic-GDA both under Reg. JS-GAN and under R2-GP",
    expect=Verdict.PROVED,
)
def repeated_score() -> Examination:
    count, same = sp.symbols("distinct difference", real=True)
    values = [value for c in pairs(2) for value in c.values]
    one, other = (pair(gan, "celebA").values[-1] for gan in ("Reg. JS-GAN", "R2-GP"))

    def recounted() -> Any:
        scores = recount.scores()
        return scores["celebA", "Reg. JS-GAN"]["Dyn"] - scores["celebA", "R2-GP"]["Dyn"]

    return Examination(
        sp.And(eq(count, 95), eq(same, 0), evaluate=False),
        {count: Integer(len(set(values))), same: rational(one - other)},
        by_recount(
            {
                count: lambda: len({row[3] for row in recount.lines("dynamic_table2")}),
                same: lambda: mpmath.mpf(str(recounted())),
            }
        ),
        steps=[Step("a larger first one, between 34.637 and 35.380, would mend celebA's row")],
    )
