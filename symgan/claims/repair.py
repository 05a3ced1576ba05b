"""The smallest change that makes a false statement true.

Single changes (`symgan.claims.slips`) are tried first, then pairs, smallest first. A quick look at
points of the domain drops almost all of them; what is left is proved by the route that refuted
the print, and by its second route, before it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby, product
from typing import Any

import sympy as sp
from sympy import Basic, Symbol
from sympy.logic.boolalg import Boolean

from symgan.certify.clock import now, since
from symgan.certify.witness import Decision
from symgan.claims.edits import Edit
from symgan.claims.examine import Examination, SecondRoute
from symgan.claims.model import Repair
from symgan.claims.sampling import Samples
from symgan.claims.slips import edits, sentence
from symgan.claims.worth import says_nothing
from symgan.errors import Undecided

BUDGET = 5.0
"""Seconds of processor time for the search of one statement."""
MOST = 3
LARGEST = 10**6
"""A derived number is written for a printed one only if a hand would write it so."""
MOST_SYMBOLS = 8
"""Of more symbols than that, missing factors are made only of those in the statement."""

Decide = Callable[[Basic, Boolean], Decision]


def repairs_of(
    case: Examination, *, budget: float = BUDGET, most: int = MOST
) -> tuple[Repair, ...]:
    """Proved repairs of the printed statement of an examination; see `repairs`."""
    return repairs(
        case.statement,
        decided=case.decided,
        given=case.given,
        values=case.exact,
        second=case.second,
        budget=budget,
        most=most,
    )


def repairs(
    statement: Basic,
    *,
    decided: Decide,
    given: Boolean = sp.true,
    values: Mapping[Basic, Any] | None = None,
    second: SecondRoute | None = None,
    budget: float = BUDGET,
    most: int = MOST,
) -> tuple[Repair, ...]:
    r"""The smallest changes that make a false statement true, each proved.

    Not shown are repairs that say nothing (`symgan.claims.worth`): two sides that are one
    expression, a statement that holds whatever the named quantities are, a premise that is never
    met, a bound that is merely loosened, and what only follows from an earlier repair.

    Args:
        statement: relations and their connectives, over named quantities.
        decided: the exact route, such as `symgan.certify.decide.decide`.
        given: the domain.
        values: named quantity -> its derived value.
        second: a route that must confirm each repair, if there is one.
        budget: seconds of processor time; what was found by then is returned.
        most: how many are looked for.

    >>> from symgan.certify.decide import decide
    >>> t = Symbol("t", real=True)
    >>> printed = sp.Eq(sp.sin(2 * t), sp.sin(t) * sp.cos(t), evaluate=False)
    >>> repairs(printed, decided=decide)[0].text
    'double sin(t)*cos(t)'
    """
    search = _Search(decided, given, values or {}, second, budget, most)
    if isinstance(statement, sp.And):
        return _part_by_part(statement, search)
    return tuple(search.of(statement))


def _part_by_part(statement: sp.And, search: _Search) -> tuple[Repair, ...]:
    """A conjunction is mended where it is false, each part by itself."""
    false = [part for part in statement.args if search.samples(part).refuse(part)]
    found = {part: list(search.of(part)) for part in false}
    combined = []
    for chosen in product(*found.values()):
        changed = dict(zip(found, chosen, strict=True))
        parts = [changed[p].statement if p in changed else p for p in statement.args]
        combined.append(_joined(sp.And(*parts, evaluate=False), chosen))
    proved = (search.proved(r) for r in sorted(combined, key=lambda r: r.size)[: search.most])
    return tuple(r for r in proved if r is not None) if false else ()


def _joined(statement: Basic, parts: tuple[Repair, ...]) -> Repair:
    texts = tuple(text for part in parts for text in part.edits)
    return Repair(" and ".join(texts), statement, sum(p.size for p in parts), texts, "")


@dataclass(frozen=True)
class _Candidate:
    """A changed statement and its changes."""

    edits: tuple[Edit, ...]

    @property
    def statement(self) -> Basic:
        return self.edits[-1].statement

    @property
    def size(self) -> int:
        return sum(edit.size for edit in self.edits)

    def repair(self) -> Repair:
        texts = tuple(sentence(edit) for edit in self.edits)
        return Repair(" and ".join(texts), self.statement, self.size, texts, "")


class _Search:
    """The search in one domain, with one set of named quantities."""

    def __init__(
        self,
        decided: Decide,
        given: Boolean,
        values: Mapping[Basic, Any],
        second: SecondRoute | None,
        budget: float,
        most: int,
    ) -> None:
        self.decided, self.given, self.second = decided, given, second
        self.values = {name: sp.sympify(value) for name, value in values.items()}
        self.begun, self.budget, self.most = now(), budget, most

    @property
    def over(self) -> bool:
        return since(self.begun) > self.budget

    def samples(self, statement: Basic) -> Samples:
        """Points at which a statement, its quantities and a missing factor have values."""
        values = {q: v for q, v in self.values.items() if isinstance(v, sp.Expr)}
        inside = set().union(*(v.free_symbols for v in values.values()))
        return Samples(
            statement.free_symbols | inside | self.given.free_symbols, self.given, values
        )

    def of(self, statement: Basic) -> Iterator[Repair]:
        """Proved repairs by one change; by two where none is found."""
        samples, symbols = self.samples(statement), self._symbols(statement)
        shown: set[Basic] = set()
        smallest = float("inf")
        for candidates in (self._single(statement, symbols), self._pairs(statement, symbols)):
            for candidate in candidates:
                if self.over or len(shown) >= self.most or candidate.size > smallest:
                    return
                if candidate.statement in (sp.true, *shown) or samples.refuse(candidate.statement):
                    continue
                if says_nothing(
                    candidate.statement,
                    statement,
                    values=self.values,
                    given=self.given,
                    samples=samples,
                    shown=shown,
                ):
                    continue
                if (found := self.proved(candidate.repair())) is not None:
                    shown.add(candidate.statement)
                    smallest = found.size
                    yield found
            if shown:
                return

    def proved(self, repair: Repair) -> Repair | None:
        """The repair with its proof, by every route there is; None without one."""
        try:
            decision = self.decided(repair.statement, self.given)
            if decision.holds is not True or decision.kind == "vacuous":
                return None
            if not self._confirmed(repair.statement):
                return None
        except (Undecided, ArithmeticError, ValueError, TypeError):
            return None  # a changed statement may be one that no route can read
        return replace(repair, kind=decision.kind, certificate=decision.certificate)

    def _confirmed(self, statement: Basic) -> bool:
        """Whether the second route holds too, where there is one."""
        return self.second is None or self.second(statement, self.given, None).holds is True

    def _symbols(self, statement: Basic) -> list[Symbol]:
        """What missing factors are made of: the statement's symbols and those of what it names."""
        own = statement.free_symbols
        named = (v for q, v in self.values.items() if statement.has(q))
        every = own.union(*(v.free_symbols for v in named))
        chosen = every if len(every) <= MOST_SYMBOLS else own
        return sorted((s for s in chosen if s not in self.values), key=lambda s: s.name)

    def _single(self, statement: Basic, symbols: list[Symbol]) -> Iterator[_Candidate]:
        found = [*self._constants(statement), *edits(statement, symbols)]
        yield from sorted((_Candidate((edit,)) for edit in found), key=lambda c: c.size)

    def _constants(self, statement: Basic) -> Iterator[Edit]:
        """The number that a named quantity is, for the one that is printed."""
        if not isinstance(statement, sp.Equality):
            return
        for quantity, printed in (statement.args, statement.args[::-1]):
            value = self.values.get(quantity)
            if value is None or not (value.is_Rational and printed.is_Rational):
                continue
            if max(abs(value.p), value.q) <= LARGEST:
                sides = (quantity, value) if quantity == statement.lhs else (value, quantity)
                whole = sp.Eq(*sides, evaluate=False)
                yield Edit("changed constant", printed, value, whole, 2)

    def _pairs(self, statement: Basic, symbols: list[Symbol]) -> Iterator[_Candidate]:
        """Two changes, by their size together; a second change is made of each first one."""
        first = list(edits(statement, symbols))
        by_size = {size: list(group) for size, group in groupby(first, key=lambda e: e.size)}
        seen = {statement, *(edit.statement for edit in first)}
        seconds: dict[Basic, list[Edit]] = {}
        for total in range(2, 2 * max(by_size, default=0) + 1):
            for size in range(1, total):
                for one in by_size.get(size, ()) if size <= total - size else ():
                    if self.over:
                        return
                    if one.statement not in seconds:
                        seconds[one.statement] = list(edits(one.statement, symbols))
                    for other in seconds[one.statement]:
                        if other.size == total - size and other.statement not in seen:
                            seen.add(other.statement)
                            yield _Candidate((one, other))
