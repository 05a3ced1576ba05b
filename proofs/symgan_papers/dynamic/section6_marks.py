r"""Tables 1 and 2: which value is best and which is underlined as second best.

The scan has lost the bold face, so what is bold cannot be checked; that the best value is
unique can. Underlines are in the transcription; a missing one may also be the scan's loss.
"""

from __future__ import annotations

from collections.abc import Callable

import sympy as sp
from sympy import Integer, Symbol

from symgan.claims import Examination, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic import recount
from symgan_papers.dynamic.tables import (
    DATASETS,
    METHODS,
    Cells,
    better_than,
    pair,
    printed_better_than,
    right_marks,
    times_best,
    underlined_averages,
)

PAIRS = {1: 32, 2: 24}
Wrong = tuple[int, str, str, str, str, int, str]

WRONG: tuple[Wrong, ...] = (
    (1, "wgan-ring", "WGAN", "Ring", "Sim", 1, "Alt5"),
    (1, "instance-noise-circle", "Instance Noise", "Circle", "Alt5", 4, "Alt1"),
    (1, "wgan-circle", "WGAN", "Circle", "Dyn", 3, "Alt5"),
    (1, "bce-line", "Unsat. BCE", "Line", "Dyn", 3, "Sim"),
    (1, "wgan-gp-line", "WGAN+GP", "Line", "", 0, "Alt5"),
    (2, "instance-noise-celeba", "Instance Noise", "celebA", "Alt1", 3, "Dyn"),
    (2, "bce-cifar-10", "Unsat. BCE", "CIFAR-10", "", 0, "Dyn"),
    (2, "sn-gan-cifar-10", "SN-GAN", "CIFAR-10", "", 0, "Alt1"),
    (2, "bce-mnist", "Unsat. BCE", "MNIST", "", 0, "Sim"),
)
"""Table, label, GAN, dataset, the method wrongly underlined (if any), its rank, the second best."""


def _wrong_mark(row: Wrong) -> Callable[[], Examination]:
    number, label, gan, dataset, marked, true_rank, second = row
    where = f"{gan} on {dataset}"
    says = (
        f"{marked}, underlined for {where}, is second best"
        if marked
        else f"the second best value for {where} is underlined"
    )

    @claim(
        f"dynamic.table{number}.second.{label}",
        source=f"table {number}, {where}",
        says=says,
        expect=Verdict.REFUTED,
        repair=f"underline {second}" + (f" and not {marked}" if marked else ""),
    )
    def examine() -> Examination:
        if not marked:
            return _none(gan, dataset, second)
        return _rank_case(pair(gan, dataset), marked, true_rank, second)

    return examine


def _rank_case(cells: Cells, marked: str, true_rank: int, second: str) -> Examination:
    """The marked method has another rank; the second best has rank 2."""
    rank, right = Symbol(f"rank_{marked}", real=True), Symbol(f"rank_{second}", real=True)
    measures = {
        rank: lambda place: recount.rank_of(cells.gan, cells.dataset, marked),
        right: lambda place: recount.rank_of(cells.gan, cells.dataset, second),
    }
    return Examination(
        eq(rank, 2),
        {rank: cells.rank(marked), right: cells.rank(second)},
        by_numbers(measures, kind=recount.KIND),
        amendment=sp.And(eq(rank, true_rank), eq(right, 2), evaluate=False),
    )


def _none(gan: str, dataset: str, second: str) -> Examination:
    """No value of the pair is underlined, in the transcription at least."""
    marks, right = Symbol("marks", real=True), Symbol(f"rank_{second}", real=True)
    cells = pair(gan, dataset)
    measures = {
        marks: lambda place: len(recount.marked(dataset, gan)),
        right: lambda place: recount.rank_of(gan, dataset, second),
    }
    return Examination(
        eq(marks, 1),
        {marks: Integer(len(cells.underlined)), right: cells.rank(second)},
        by_numbers(measures, kind=recount.KIND),
        amendment=sp.And(eq(marks, 0), eq(right, 2), evaluate=False),
    )


# One claim a wrong mark; discovery finds them by name in this module.
globals().update({f"mark_{row[1].replace('-', '_')}": _wrong_mark(row) for row in WRONG})


def _all_marks(number: int, right: int) -> Examination:
    agreeing = Symbol("agreeing", real=True)
    return Examination(
        eq(agreeing, PAIRS[number]),
        {agreeing: right_marks(number)},
        by_numbers({agreeing: lambda place: recount.agreeing(DATASETS[number])}, kind=recount.KIND),
        amendment=eq(agreeing, right),
    )


@claim(
    "dynamic.table1.second-best",
    source="table 1, caption",
    says="in each of the 32 pairs the second best method, and no other, is underlined",
    expect=Verdict.REFUTED,
    repair="27 of 32 are right; the five others have entries of their own",
)
def marks_1() -> Examination:
    return _all_marks(1, 27)


@claim(
    "dynamic.table2.second-best",
    source="table 2, caption",
    says="in each of the 24 pairs the second best method, and no other, is underlined",
    expect=Verdict.REFUTED,
    repair="20 of 24 are right; the four others have entries of their own",
)
def marks_2() -> Examination:
    return _all_marks(2, 20)


def _unique_best(number: int) -> Examination:
    """Every pair has one method that is best alone."""
    won = {m: Symbol(f"best_{m}", real=True) for m in METHODS}
    measures = {
        symbol: (lambda place, m=method: recount.won(m, DATASETS[number]))
        for method, symbol in won.items()
    }
    return Examination(
        eq(sum(won.values()), Integer(PAIRS[number])),
        {symbol: times_best(method, number) for method, symbol in won.items()},
        by_numbers(measures, kind=recount.KIND),
    )


@claim(
    "dynamic.table1.best",
    source="table 1, caption",
    says="each of the 32 pairs has one best method, without a tie",
    expect=Verdict.PROVED,
)
def best_1() -> Examination:
    return _unique_best(1)


@claim(
    "dynamic.table2.best",
    source="table 2, caption",
    says="each of the 24 pairs has one best method, without a tie",
    expect=Verdict.PROVED,
)
def best_2() -> Examination:
    return _unique_best(2)


@claim(
    "dynamic.table.bold",
    source="tables 1 and 2, captions",
    says="the best method of each pair is set in bold",
    expect=Verdict.INFORMAL,
    reason="the scan has lost the bold face; the best values are recomputed instead, and the "
    "sentences that count them have entries of their own",
)
def bold() -> None: ...


def _place(dataset: str, method: str, *, of_print: bool) -> tuple[Symbol, Integer, Callable]:
    """How many methods are better, by the printed row or by the values."""
    symbol = Symbol(f"better_than_{method}_on_{dataset}", real=True)
    exact = (printed_better_than if of_print else better_than)(dataset, method)
    average = recount.printed if of_print else recount.average

    def measured(place: object) -> int:
        own = average(dataset, method)
        return sum(average(dataset, other) < own for other in METHODS)

    return symbol, exact, measured


@claim(
    "dynamic.table1.average-ranks.second.circle",
    source="table 1, bottom-most row, Circle",
    says="Dynamic-GDA's 2.375, underlined, is the second best of the printed average ranks: one "
    "method is better",
    expect=Verdict.REFUTED,
    repair="two printed averages, 2.250 and 2.250, are better: it is third. From the values it is "
    "second (dynamic.table1.second-on-circle)",
)
def circle_row() -> Examination:
    symbol, exact, measured = _place("Circle", "Dyn", of_print=True)
    return Examination(
        eq(symbol, 1),
        {symbol: exact},
        by_numbers({symbol: measured}, kind=recount.KIND),
        amendment=eq(symbol, 2),
    )


@claim(
    "dynamic.table2.average-ranks.second.celeba",
    source="table 2, bottom-most row, celebA",
    says="the second best printed average rank of celebA, 2.125 of Alt-GDA with n_d = 5, is "
    "underlined",
    expect=Verdict.REFUTED,
    repair="nothing is underlined in that column; underline 2.125 (2.250 after the correction "
    "keeps its place)",
)
def celeba_row() -> Examination:
    marks = Symbol("marks", real=True)
    symbol, exact, measured = _place("celebA", "Alt5", of_print=True)

    def counted(place: object) -> int:
        rows = recount.lines("dynamic_average_ranks")
        return sum(row[2] == "celebA" and row[4] == "yes" for row in rows)

    return Examination(
        eq(marks, 1),
        {marks: Integer(sum(underlined_averages("celebA"))), symbol: exact},
        by_numbers({marks: counted, symbol: measured}, kind=recount.KIND),
        amendment=sp.And(eq(marks, 0), eq(symbol, 1), evaluate=False),
    )
