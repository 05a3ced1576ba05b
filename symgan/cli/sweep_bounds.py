"""From the table of exact steps to bounds that a sweep confirms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import Any

import sympy as sp
from sympy import Set

from symgan import rules
from symgan.atlas import StepRow
from symgan.atlas.steps import ETA
from symgan.errors import BadData
from symgan.game import Game
from symgan.implicit import ImplicitMap
from symgan.sweep.models import Model
from symgan.sweep.thresholds import Bound

VALUES = (sp.Rational(1, 3), sp.Integer(2))
"""What parameters that a row keeps as symbols are set to, each in turn."""


def bounds(
    rows: Sequence[StepRow], games: Mapping[str, Game], values: Sequence[Any] = VALUES
) -> Iterator[Bound]:
    """The rows as bounds on the step alone, a row for every choice of its other parameters.

    The map is the rule on the game itself; where the rule has no formula there, its
    linearization at the equilibrium, which is what the bound speaks of.

    Args:
        rows: of `symgan.atlas.step_rows`; those without an answer are left out.
        games: title -> game, as for the rows.
        values: positive numbers for the other parameters.

    Raises:
        BadData: a game without a declared equilibrium.
    """
    for row in rows:
        if row.open:
            continue
        game = games[row.game]
        if game.equilibrium is None:
            raise BadData(f"{row.game} declares no equilibrium to start near")
        update, linear = _map(game, row)
        rest = [p for p in update.parameters if p != ETA]
        for chosen in product(values, repeat=len(rest)):
            put = dict(zip(rest, chosen, strict=True))
            at = {s: sp.sympify(x).subs(put) for s, x in game.equilibrium.items()}
            named = ", ".join(f"{p} = {Fraction(str(v))}" for p, v in put.items())
            rule = row.method.title + (", linearized" if linear else "")
            model = Model(f"{row.game}: {rule}", update.subs(put)).centered(at)
            stable, marginal, undecided = (
                _at(steps, put) for steps in (row.stable, row.marginal, row.undecided)
            )
            kept = (sp.S.EmptySet, marginal) if row.method.switched else (marginal, sp.S.EmptySet)
            title = f"{row.game} ({named})" if named else row.game
            yield Bound(title, rule, model, stable, *kept, undecided)


def _at(steps: Set, put: Mapping[Any, Any]) -> Set:
    """A set of steps with parameters put in; conditions on the step alone become intervals.

    >>> tau = sp.Symbol("tau", positive=True)
    >>> _at(sp.ConditionSet(ETA, ETA * tau < 1, sp.Interval.open(0, sp.oo)), {tau: 2})
    Interval.open(0, 1/2)
    """
    if isinstance(steps, sp.Union):
        return sp.Union(*(_at(part, put) for part in steps.args))
    if not isinstance(steps, sp.ConditionSet):
        return steps.subs(put)
    condition = sp.sympify(steps.condition).subs(put)
    if condition in (sp.true, sp.false):
        return steps.base_set if condition else sp.S.EmptySet
    x = sp.Dummy("x", real=True)
    return _at(steps.base_set, put) & condition.subs(steps.sym, x).as_set()


def _map(game: Game, row: StepRow) -> tuple[Any, bool]:
    rule, options = rules.named(row.method.rule), row.method.options
    update: Any = rule(game, ETA, **options)
    if not isinstance(update, ImplicitMap):
        return update, False
    return update.linearization(dict(game.equilibrium or {})), True
