r"""What rules on torch are written in: one descent step, players' options, marks.

The names are those of `symgan.rules.steps`; tensors stand where symbols stood.
"""

from __future__ import annotations

import functools
import inspect
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

from symgan.empirical.bridge.fields import Linearization, field, one_player
from symgan.empirical.bridge.nests import minus, times
from symgan.empirical.bridge.players import Parameters, Players, Timed, Times
from symgan.empirical.bridge.update import Memory, Moved, Update, worse
from symgan.errors import GameError

TorchRule = Callable[..., Update]
MARK = "__symgan_torch_rule__"


def torch_rule(name: str) -> Callable[[TorchRule], TorchRule]:
    """Mark a function ``(players, eta, **options) -> Update`` as the rule of this name.

    Options without a default are numbers here where symgan has symbols; leaving one out is
    refused in one sentence.

    Args:
        name: that of the rule in `symgan.rules`.
    """

    def mark(function: TorchRule) -> TorchRule:
        options = inspect.signature(function).parameters
        needed = [
            p.name for p in options.values() if p.kind is p.KEYWORD_ONLY and p.default is p.empty
        ]
        takes_any = any(p.kind is p.VAR_KEYWORD for p in options.values())

        @functools.wraps(function)
        def rule(players: Players, eta: Any, **given: Any) -> Update:
            if missing := [option for option in needed if option not in given]:
                raise GameError(f"rule {name!r} needs a number for {', '.join(missing)}")
            if unknown := [o for o in given if o not in options and not takes_any]:
                known = ", ".join(list(options)[2:]) or "none"
                raise GameError(
                    f"rule {name!r} has no option {', '.join(unknown)}; it has: {known}"
                )
            return function(players, eta, **given)

        setattr(rule, MARK, name)
        return rule

    return mark


@dataclass(frozen=True)
class Descent:
    r"""One descent step, :math:`(x, k) \mapsto -\eta\,(v(x) - d(k\eta))`, every clock its own.

    Attributes:
        players: whose field.
        steps: one a player.
    """

    players: Players
    steps: tuple[float, ...]

    def clock(self, k: int) -> Times:
        """Every player's time at an iteration.

        Args:
            k: the iteration.
        """
        return tuple(k * h for h in self.steps)

    def field(self, x: Parameters, k: int, batch: Any) -> Parameters:
        """The field less the drift.

        Args:
            x: where.
            k: the iteration that sets the clocks.
            batch: on what data.
        """
        return field(self.players, x, batch, times=self.clock(k))

    def move(self, x: Parameters, k: int, batch: Any) -> Parameters:
        """The increment of one descent step.

        Args:
            x, k, batch: as `field`.
        """
        return times(self.field(x, k, batch), [-h for h in self.steps])

    def turn(self, x: Parameters, player: int, k: int, batch: Any) -> tuple[Any, ...]:
        """One player's part of the increment; the others' gradients are not computed.

        Args:
            player: who moves.
            x, k, batch: as `field`.
        """
        if isinstance(self.players, Timed):
            now = self.clock(k)
            v = one_player(self.players.at(now), x, player, batch)
            (v,) = minus((v,), (self.players.drift(x, now)[player],))
        else:
            v = one_player(self.players, x, player, batch)
        return tuple(-self.steps[player] * a for a in v)

    def line(self, x: Parameters, now: Times, batch: Any) -> Linearization:
        """The field with its derivative.

        Args:
            x, batch: as `field`.
            now: the clocks.
        """
        return Linearization(self.players, x, batch, times=now)

    def at_clocks(self, k: int, advance: Callable[[Times], Moved]) -> Moved:
        r"""A step made of a field :math:`F(x, t)` whose row i is taken at player i's time.

        All of F is evaluated at each of these times, which differ only where players have steps
        of their own in a game that depends on time.

        Args:
            k: the iteration that sets the clocks.
            advance: the step at given clocks.
        """
        clock = self.clock(k)
        timed = isinstance(self.players, Timed) and self.players.timed
        if not timed or len(set(clock)) == 1:
            return advance(clock)
        found = [advance((now,) * len(clock)) for now in clock]
        nests = zip(*(moved.memory.nests for moved in found), strict=True)
        return Moved(
            _diagonal([moved.parameters for moved in found]),
            Memory(tuple(map(_diagonal, nests))),
            reduce(worse, (moved.report for moved in found)),
        )


def _diagonal(rows: Sequence[Parameters]) -> Parameters:
    """Player i's part of the i-th nest."""
    return tuple(row[i] for i, row in enumerate(rows))


def descent(players: Players, eta: Any) -> Descent:
    """One descent step of players.

    Args:
        players: whose field.
        eta: the step, or one step a player.

    Raises:
        GameError: a wrong number of steps, or a step that is not positive.
    """
    steps = per_player(players, eta, "step size")
    for h in steps:
        if not h > 0:
            raise GameError(f"the step size {h} is not positive; give a positive step")
    return Descent(players, steps)


def per_player(players: Players, value: Any, what: str) -> tuple[float, ...]:
    """One number a player from one number or a tuple of them.

    Args:
        players: how many there are.
        value: a number, or a tuple.
        what: what it is called in the sentence that refuses.

    Raises:
        GameError: their number is not the number of players, or one is no finite number.
    """
    n = len(players.parameters)
    values = tuple(value) if isinstance(value, tuple | list) else (value,) * n
    if len(values) != n:
        raise GameError(f"{len(values)} {what}s for {n} players; give one, or one a player")
    return tuple(setting(v, what) for v in values)


def setting(value: Any, what: str) -> float:
    """An option as a float.

    Args:
        value: a number, of SymPy too.
        what: what it is called in the sentence that refuses.

    Raises:
        GameError: no finite number; text is not read.
    """
    try:
        found = math.nan if isinstance(value, str) else float(value)
    except (TypeError, ValueError):
        found = math.nan
    if not math.isfinite(found):
        raise GameError(f"the {what} {value!r} is not a finite number")
    return found


def positive(value: Any, what: str) -> float:
    """An option as a positive float.

    Args:
        value, what: as `setting`.

    Raises:
        GameError: not positive, or as `setting`.
    """
    found = setting(value, what)
    if not found > 0:
        raise GameError(f"the {what} {found} is not positive")
    return found


def count(value: Any, what: str) -> int:
    """An option as a whole number of at least 1.

    Args:
        value, what: as `setting`.

    Raises:
        GameError: no whole number, or below 1.
    """
    found = 0.0 if isinstance(value, bool) else setting(value, what)
    if found != int(found) or found < 1:
        raise GameError(f"{what} = {value!r}: give a whole number of at least 1")
    return int(found)
