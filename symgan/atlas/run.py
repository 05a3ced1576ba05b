r"""The whole atlas: settings, then every distinct linear problem once, then the cells.

The three rounds are shared out over processes; what a round finds is kept at once, so that an
interrupted run goes on where it stopped.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any, Protocol

from sympy import ImmutableMatrix

from symgan.atlas.axes import Specimen, Way, pairs
from symgan.atlas.build import Task, cell, solve, task
from symgan.atlas.cell import Answer, Cell, Verdict
from symgan.atlas.packed import Packed
from symgan.atlas.setting import Setting, settle
from symgan.atlas.sources import of_place, of_way
from symgan.errors import UnknownName
from symgan.processes import begin_worker


class Keeper(Protocol):
    """What keeps results between runs: `symgan.atlas.stored.Stored`."""

    def find(self, kind: str, key: str, modules: Sequence[str]) -> Any | None:
        """What is kept; None where nothing is."""
        ...

    def keep(self, kind: str, key: str, modules: Sequence[str], value: Any) -> None:
        """Keep a result, which rests on modules of its rule, game and regularizer."""
        ...


@dataclass(frozen=True)
class Selection:
    """Which cells: names on the four axes, each a name, its beginning, or empty for all.

    Attributes:
        game, loss, regularizer, rule: as `Cell` has them.
        full: every cell; the default slice takes two losses and the shorter rules. An axis
            that is named is taken whole.
    """

    game: str = ""
    loss: str = ""
    regularizer: str = ""
    rule: str = ""
    full: bool = False

    def chosen(self) -> list[tuple[Specimen, str, Way]]:
        """The combinations.

        Raises:
            UnknownName: a name that nothing on its axis begins with; the sentence lists what
                does.
        """
        every = list(pairs(full=True))
        wanted = (self.game, self.loss, self.regularizer, self.rule)
        for number, (what, name) in enumerate(zip(_AXES, wanted, strict=True)):
            known = dict.fromkeys(_names(combination)[number] for combination in every)
            if name and not any(matches(name, other) for other in known):
                shown = ", ".join(sorted(k for k in known if k))
                raise UnknownName(f"no {what} of the atlas is called {name!r}; there are: {shown}")
        return [c for c in every if self._takes(c)]

    def _takes(self, combination: tuple[Specimen, str, Way]) -> bool:
        specimen, _, way = combination
        wanted = (self.game, self.loss, self.regularizer, self.rule)
        names = _names(combination)
        if not all(not w or matches(w, n) for w, n in zip(wanted, names, strict=True)):
            return False
        return self.full or (
            (specimen.representative or bool(self.game or self.loss))
            and (way.representative or bool(self.rule))
        )


_AXES = ("game", "loss", "regularizer", "rule")


def _names(combination: tuple[Specimen, str, Way]) -> tuple[str, str, str, str]:
    specimen, penalty, way = combination
    return specimen.game, specimen.loss, penalty, way.title


def matches(wanted: str, name: str) -> bool:
    """Whether a name is the one wanted, or has it before its options.

    >>> matches("alternating", "alternating (n_d = 2)"), matches("alt", "alternating")
    (True, False)
    """
    return name == wanted or name.startswith(f"{wanted} (")


def atlas(
    selection: Selection | None = None,
    *,
    jobs: int = 1,
    stored: Keeper | None = None,
    on_step: Callable[[str, int, int], None] | None = None,
) -> tuple[Cell, ...]:
    """Every cell of a selection, in the order game, loss, regularizer, rule.

    Args:
        selection: which cells; the default slice unless given.
        jobs: processes; 1 stays in this one.
        stored: what earlier runs found, and where to keep what this one finds.
        on_step: called with the round's name, how much of it is done, and of how much.

    Raises:
        UnknownName: as `Selection.chosen`.

    >>> found = atlas(Selection(game="bilinear (sigma)", regularizer="none", rule="extragradient"))
    >>> found[0].verdict.value, found[0].stable
    ('global convergence', Interval.open(0, 1/sigma))
    """
    chosen = (selection or Selection()).chosen()
    with _workers(jobs) as work:
        rounds = _Rounds(work, stored, on_step or (lambda *_: None))
        cells = rounds.known("cell", chosen, _cell_key)
        left = [c for c in chosen if c not in cells]
        places = list(dict.fromkeys((specimen, penalty) for specimen, penalty, _ in left))
        settings = rounds.made("setting", places, _place_key, _settled)
        tasks = {c: task(settings[c[:2]], c[2]) for c in left if settings[c[:2]].refusal is None}
        distinct = list({t.key: t for t in tasks.values()}.values())
        answers = {t.key: a for t, a in rounds.made("answer", distinct, _task_key, _solved).items()}
        filled = [
            Job(c, settings[c[:2]], tasks.get(c), answers[tasks[c].key] if c in tasks else None)
            for c in left
        ]
        found = rounds.made("cell", filled, lambda job: _cell_key(job.combination), _filled)
    cells |= {job.combination: made for job, made in found.items()}
    return tuple(cells[c] for c in chosen)


Combination = tuple[Specimen, str, Way]
Place = tuple[Specimen, str]


@dataclass(frozen=True, eq=False)
class Job:
    """What a cell is made of."""

    combination: Combination
    setting: Setting
    task: Task | None
    answer: Answer | None


Key = tuple[str, tuple[str, ...]]
"""What something is kept under, and the modules that it rests on."""


def _cell_key(combination: Combination) -> Key:
    specimen, penalty, way = combination
    time = "flow" if way.continuous else "map"
    name = "|".join((specimen.game, specimen.loss, penalty, way.title, time))
    return name, (*of_place(specimen, penalty), *of_way(way))


def _place_key(place: Place) -> Key:
    specimen, penalty = place
    return "|".join((specimen.game, specimen.loss, penalty)), of_place(specimen, penalty)


def _task_key(asked: Task) -> Key:
    return asked.key, of_way(asked.way)


def _settled(place: Place) -> Setting:
    try:
        return settle(*place)
    except Exception as error:  # noqa: BLE001 - the other cells must be made
        return Setting(*place, refusal=Verdict.UNDECIDED, reason=_raised(error))


def _solved(asked: Task) -> Answer:
    try:
        return solve(asked)
    except Exception as error:  # noqa: BLE001 - the other cells must be made
        blank = ImmutableMatrix(0, 0, [])
        return Answer(blank, not asked.way.continuous, failure=_raised(error))


def _filled(job: Job) -> Cell:
    way = job.combination[2]
    try:
        return cell(job.setting, way, job.task, job.answer)
    except Exception as error:  # noqa: BLE001 - the other cells must be made
        open_ = replace(job.setting, refusal=Verdict.UNDECIDED, reason=_raised(error))
        return cell(open_, way, None, None)


def _raised(error: Exception) -> str:
    """An error of the derivation, as the reason why a cell is undecided."""
    return f"the derivation raised {type(error).__name__}: {str(error)[:200]}"


Work = Callable[[Callable[[Any], Any], Sequence[Any]], Iterator[tuple[int, Any]]]
"""Applies a function to items and yields (place, result) as they are finished."""


@dataclass(frozen=True)
class _Rounds:
    """Rounds of work, each item looked up first and kept as soon as it is finished."""

    work: Work
    stored: Keeper | None
    report: Callable[[str, int, int], None]

    def known(self, kind: str, items: Sequence[Any], key: Callable[[Any], Key]) -> dict[Any, Any]:
        """What earlier runs found of these items."""
        if self.stored is None:
            return {}
        kept = ((item, self.stored.find(kind, *key(item))) for item in items)
        return {item: value for item, value in kept if value is not None}

    def made(
        self,
        kind: str,
        items: Sequence[Any],
        key: Callable[[Any], Key],
        function: Callable[[Any], Any],
    ) -> dict[Any, Any]:
        """All items, those that nobody has found yet computed."""
        found = self.known(kind, items, key)
        left = [item for item in items if item not in found]
        self.report(kind, len(found), len(items))
        for place, value in self.work(function, left):
            item = left[place]
            found[item] = value
            if self.stored is not None:
                self.stored.keep(kind, *key(item), value)
            self.report(kind, len(found), len(items))
        return found


@contextmanager
def _workers(jobs: int) -> Iterator[Work]:
    """This process, or a pool of others, which an interruption ends at once."""
    if jobs <= 1:
        yield lambda function, items: ((i, function(item)) for i, item in enumerate(items))
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs, mp_context=context, initializer=begin_worker) as pool:
        try:
            yield lambda function, items: _in_pool(pool, function, items)
        except BaseException:
            for process in list((pool._processes or {}).values()):
                process.terminate()  # a problem may take long; nobody waits for it any more
            pool.shutdown(wait=False, cancel_futures=True)
            raise


CHUNK = 4
"""Items a message to a worker: small ones would spend their time on the way."""


def _in_pool(
    pool: ProcessPoolExecutor, function: Callable[[Any], Any], items: Sequence[Any]
) -> Iterator[tuple[int, Any]]:
    starts = range(0, len(items), CHUNK)
    tasks = {pool.submit(_chunk, function, Packed(items[i : i + CHUNK])): i for i in starts}
    for done in as_completed(tasks):
        for offset, value in enumerate(done.result().value):
            yield tasks[done] + offset, value


def _chunk(function: Callable[[Any], Any], items: Packed) -> Packed:
    return Packed([function(item) for item in items.value])
