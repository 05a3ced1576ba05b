"""What a study holds, in the terminal and as files, and how far one that runs is."""

from __future__ import annotations

import json as json_module
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from symgan.cli.console import notes, output

if TYPE_CHECKING:
    from symgan.data.studies import StudyResult
    from symgan.empirical.study.analysis import Analysis
    from symgan.empirical.study.printed import Comparison
    from symgan.empirical.study.run import Progress


@contextmanager
def eta_bar(what: str) -> Iterator[Callable[[Progress], None]]:
    """A bar on standard error with the time that is left; nothing where that is no terminal.

    The time left is that of what is not done at the rate of this run: what an earlier run did
    took no time of this one.
    """
    from rich.progress import BarColumn, TaskProgressColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bars

    console = notes()
    columns = (
        *(TextColumn("{task.description}"), BarColumn(), TaskProgressColumn()),
        *(TimeElapsedColumn(), TextColumn("{task.fields[left]}")),
    )
    with Bars(*columns, console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task(what, total=None, left="")
        begun = _Begun()

        def watch(progress: Progress) -> None:
            text = begun.left(progress.done, progress.total)
            if progress.distance is not None:
                text += f"  distance {progress.distance:.4f}"
            if progress.diverged:
                text += f"  {progress.diverged} diverged"
            bars.update(task, completed=progress.done, total=progress.total, left=text)

        yield watch


class _Begun:
    """When a run began, and what was done before."""

    def __init__(self) -> None:
        self._time, self._done = time.monotonic(), -1

    def left(self, done: int, total: int) -> str:
        """The time left as text; nothing before there is a rate."""
        if self._done < 0:
            self._done = done
        run = done - self._done
        if run <= 0:
            return ""
        seconds = (time.monotonic() - self._time) * (total - done) / run
        return f"{duration(seconds)} left"


def duration(seconds: float) -> str:
    """A time in its two largest units.

    >>> duration(59), duration(3700), duration(200000)
    ('0:59', '1:01 h', '2 d 7 h')
    """
    whole = round(seconds)
    if whole < 3600:
        return f"{whole // 60}:{whole % 60:02d}"
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d} h" if hours < 24 else f"{hours // 24} d {hours % 24} h"


def unfinished(folder: Path) -> bool:
    """Whether a study is not done; then say how far it is.

    Raises:
        BadData: there is no study.
    """
    from symgan.empirical.study.results import STORE, study_of
    from symgan.empirical.study.run import progress
    from symgan.sweep.store import Store

    design = study_of(folder)
    store = Store(folder / STORE, design.declaration())
    pending = store.pending()
    if not pending:
        return False
    far, console = progress(folder, design, store), output()
    total = store.declaration.chunks
    console.print(f"{design.table}: {total - len(pending)} of {total} tasks done")
    console.print(f"{far.done / far.total:.1%} of {far.total:,} decisions of all members")
    if far.distance is not None:
        console.print(f"mean distance of running tasks at their latest snapshot {far.distance:.4f}")
    if far.diverged:
        console.print(f"{far.diverged} members of running tasks diverged")
    console.print(f"symgan study {design.table} --store {folder} --resume goes on", soft_wrap=True)
    return True


def present(
    found: StudyResult,
    *,
    json: Path | None = None,
    markdown: Path | None = None,
    latex: Path | None = None,
    figure: Path | None = None,
    keep: str | None = None,
) -> None:
    """Print a study's tables and tests, and write what is asked for.

    Raises:
        BadData: a name that cannot be kept, a file that cannot be written.
        MissingExtra: matplotlib is not installed.
    """
    from symgan.empirical.study import plain, tables
    from symgan.empirical.study.analysis import analyze
    from symgan.empirical.study.printed import compare
    from symgan.report.files import write_bytes

    statistics = analyze(found)
    beside = compare(statistics)
    _print(statistics, beside)
    if json is not None:
        data = plain.plain(statistics, beside)
        text = json_module.dumps(data, indent=1, ensure_ascii=False, allow_nan=False)
        write_bytes(json, (text + "\n").encode())
    if markdown is not None:
        write_bytes(markdown, tables.markdown(statistics, beside).encode())
    if latex is not None:
        write_bytes(latex, tables.latex(statistics, beside).encode())
    if figure is not None:
        from symgan.cli.study_figures import ranks_figure
        from symgan.report.figures import save

        save(ranks_figure(statistics, beside), figure)
    if keep is not None:
        _keep(found, keep)


def _keep(found: StudyResult, name: str) -> None:
    import re

    from symgan.data.studies import kept_place, write_study
    from symgan.errors import BadData

    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", name):
        raise BadData(f"cannot keep a study as {name!r}; use small letters, digits, - and _")
    output().print(f"kept as {write_study(found, kept_place(name))}", soft_wrap=True, markup=False)


def _print(found: Analysis, beside: Comparison | None) -> None:
    from symgan.empirical.study.tables import TITLES

    console = output()
    console.print(TITLES[found.study.table])
    console.print(found.study.label)
    printed = "" if beside is None else " / rank of the printed value"
    console.print(f"each cell: median over seeds, its rank in the pair{printed}", markup=False)
    console.print(_values(found, beside))
    console.print(_ranks(found, beside))
    console.print(_contrasts(found))
    for line in _sentences(found, beside):
        console.print(line, markup=False)


def _values(found: Analysis, beside: Comparison | None) -> Any:
    from symgan.empirical.study.tables import NAMES, place, value

    study = found.study
    table = _table("GAN", "order", *study.datasets)
    for gan in study.gans:
        for i, order in enumerate(study.orders):
            cells = []
            for data in study.datasets:
                text = f"{value(found.cells[gan, data, order].median)} "
                text += str(place(found, gan, data, order))
                if beside is not None:
                    text += f"/{_printed_place(beside, study.orders, gan, data, order)}"
                cells.append(text)
            table.add_row(gan if i == 0 else "", NAMES.get(order, order), *cells)
    floors = [value(study.floors[data]) for data in study.datasets]
    table.add_row("data itself", "", *floors)
    return table


def _printed_place(
    beside: Comparison, orders: tuple[str, ...], gan: str, data: str, order: str
) -> str:
    mine = float(beside.values[gan, data, order])
    return str(1 + sum(float(beside.values[gan, data, other]) < mine for other in orders))


def _ranks(found: Analysis, beside: Comparison | None) -> Any:
    from symgan.empirical.study.analysis import ALL
    from symgan.empirical.study.tables import NAMES

    table = _table("average rank", *found.ranked, "one seed", "first")
    everywhere = found.ranked[ALL]
    for i, order in enumerate(found.study.orders):
        ranks = [f"{float(r.test.average_ranks[i]):.3f}" for r in found.ranked.values()]
        over = "" if everywhere.over_seeds is None else _span(everywhere.over_seeds[i])
        table.add_row(NAMES.get(order, order), *ranks, over, str(everywhere.first[i]))
        if beside is not None:
            printed = [f"{float(beside.average_ranks[name][i]):.3f}" for name in found.ranked]
            table.add_row("  printed", *printed, "", str(beside.first[i]))
    return table


def _span(interval: Any) -> str:
    return f"{interval.low:.2f} to {interval.high:.2f}"


def _contrasts(found: Analysis) -> Any:
    from symgan.empirical.study.tables import NAMES, probability

    table = _table("distance ratio", "median", "interval", "nearer", "Wilcoxon", "Nemenyi")
    for c in found.contrasts:
        table.add_row(
            f"{NAMES.get(c.first, c.first)} / {NAMES.get(c.second, c.second)}",
            f"{c.ratio:.3g}",
            f"{c.interval.low:.3g} to {c.interval.high:.3g}",
            f"{c.wins} : {c.losses}",
            "" if c.p_wilcoxon is None else probability(float(c.p_wilcoxon)),
            probability(c.p_nemenyi),
        )
    return table


def _sentences(found: Analysis, beside: Comparison | None) -> Iterator[str]:
    from symgan.empirical.study.analysis import ALL
    from symgan.empirical.study.tables import probability

    all_pairs, study = found.ranked[ALL], found.study
    yield (
        f"Friedman over {all_pairs.test.blocks} pairs: Q = {float(all_pairs.test.statistic):.2f}, "
        f"p = {probability(float(all_pairs.p_exact))} "
        f"({'sampled' if all_pairs.sampled else 'exact'}), "
        f"Kendall's W = {float(all_pairs.test.kendall_w):.3f}"
    )
    alone = ", ".join(probability(view.p) for view in found.seeds)
    scores = probability(float(found.p_scores))
    yield f"each seed alone: p = {alone}; ranks averaged over seeds: p = {scores}"
    gone = sum(run.value is None for run in study.runs.values())
    yield f"{gone} of {len(study.runs)} members diverged"
    if beside is not None:
        within = beside.within
        yield (
            f"beside the printed table: mean rank correlation {float(within.mean):.3f} in pairs "
            f"(p = {probability(float(within.p_exact))}), {beside.inside} of {len(beside.values)} "
            "printed values in the range of our seeds"
        )
        for finding in beside.findings:
            yield finding.sentence
            yield f"  printed: {finding.printed}; this study: {finding.measured}"


def _table(first: str, *columns: str) -> Any:
    from rich import box
    from rich.table import Table

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(first)
    for name in columns:
        table.add_column(name, justify="left" if name == "order" else "right")
    return table
