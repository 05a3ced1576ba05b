"""From what is typed to a sweep of orbits. Heavy imports: load it inside commands."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import sympy as sp
from sympy import Symbol

from symgan import rules
from symgan.cli import options
from symgan.cli.options import Choice
from symgan.errors import GameError
from symgan.implicit import ImplicitMap
from symgan.parse import number, pairs
from symgan.sweep.designs import Axis, Design, Points, Sample, fraction
from symgan.sweep.models import Model, Sampling
from symgan.system import Map

ETA = Symbol("eta", positive=True)


@dataclass(frozen=True)
class Typed:
    """What the options of a sweep say.

    Attributes:
        game, loss, settings, rule, eta: as for other commands; eta None where it is swept.
        linear: the rule on the game linearized at its equilibrium.
        over: texts ``name=low:high:count``.
        sample: texts ``name=low:high``.
        samples, seed, uniform: how many random points, their seed, their kind.
        x0: texts ``name=value,...``.
        flow: the name of a flow, which is followed instead of a rule.
        sampling: of the flow.
    """

    game: str | None
    loss: str | None
    settings: tuple[str, ...]
    rule: str
    eta: str | None
    linear: bool
    over: tuple[str, ...]
    sample: tuple[str, ...]
    samples: int
    seed: int
    uniform: bool
    x0: str | None
    flow: str | None = None
    sampling: Sampling | None = None

    @property
    def axes(self) -> dict[str, list[str]]:
        """Name -> low, high, count."""
        return {name: _parts(name, text, 3) for name, text in _pairs(self.over, "axis").items()}

    @property
    def ranges(self) -> dict[str, list[str]]:
        """Name -> low, high."""
        return {name: _parts(name, text, 2) for name, text in _pairs(self.sample, "range").items()}

    @property
    def swept(self) -> set[str]:
        """Names of what a design gives."""
        return {*self.axes, *self.ranges}

    def design(self, starts: Mapping[str, float]) -> Design:
        """The cells: the axes, the random points, and what is fixed.

        Args:
            starts: values of the visible symbols that are not swept.

        Raises:
            GameError: nothing is swept.
            BadData: ranges that are empty.
        """
        parts: list[Design] = [
            Axis(name, fraction(low, name), fraction(high, name), _count(name, count))
            for name, (low, high, count) in self.axes.items()
        ]
        if self.ranges:
            ranges = {name: (low, high) for name, (low, high) in self.ranges.items()}
            kind = "uniform" if self.uniform else "sobol"
            parts.append(Sample(ranges, self.samples, self.seed, kind))
        if not parts:
            raise GameError("nothing is swept; give --over NAME=LOW:HIGH:COUNT")
        if starts:
            parts.append(Points({name: [value] for name, value in starts.items()}))
        return reduce(lambda one, other: one * other, parts)


def choose(typed: Typed) -> tuple[Choice, Model]:
    """The game and the map or the flow that are swept, the swept parameters left as symbols.

    Raises:
        SymganError: names that do not exist or do not fit together.
    """
    choice = options.choose(typed.game, loss=typed.loss, settings=typed.settings)
    if typed.linear:
        game = choice.game.linearized()
        choice = Choice(game, choice.values, choice.rest, choice.options)
    if typed.flow is not None:
        return choice, _flow(typed, choice)
    if ("eta" in typed.swept) == (typed.eta is not None):
        raise GameError("give the step once: --eta STEP, or --over eta=LOW:HIGH:COUNT")
    eta: Any = ETA if typed.eta is None else options.step_sizes(typed.eta)
    function = rules.named(typed.rule)
    own = set(inspect.signature(function).parameters) - {"game", "eta"}
    symbols = {name: Symbol(name, real=True) for name in sorted(typed.swept & own)}
    update: Any = options.apply_rule(choice, typed.rule, eta, symbols=symbols)
    if isinstance(update, ImplicitMap):
        if not typed.linear:
            raise GameError(
                f"the rule {typed.rule!r} has no formula; --linear takes its linearization"
            )
        update = update.linearization(dict(choice.game.equilibrium or {}))
    return choice, Model(title(typed), _with_values(update, choice.values))


def _flow(typed: Typed, choice: Choice) -> Model:
    """The model of a flow.

    Raises:
        SymganError: a rule or a step beside it, a name that does not exist.
    """
    if typed.rule != "simultaneous" or typed.eta is not None:
        raise GameError("--flow goes without --rule and --eta; a flow has no step")
    own = set(inspect.signature(rules.named_flow(str(typed.flow))).parameters) - {"game"}
    symbols = {name: Symbol(name, real=True) for name in sorted(typed.swept & own)}
    flow = options.apply_flow(choice, typed.flow, symbols)
    return Model(title(typed), flow, typed.sampling)


def starts(typed: Typed, model: Model) -> dict[str, float]:
    """Values of --x0 for the visible symbols that are not swept.

    Raises:
        GameError: one has no value, or a name is no state symbol or is swept as well.
    """
    given = pairs([typed.x0] if typed.x0 else [], what="initial state")
    wanted = [name for name in model.visible if name not in typed.swept]
    for name in given:
        if name not in wanted:
            raise GameError(f"--x0 names {name}; it gives {', '.join(wanted) or 'nothing'}")
    if missing := [name for name in wanted if name not in given]:
        raise GameError(
            f"no initial value for {', '.join(missing)}; give --x0 {missing[0]}=1, "
            f"--over {missing[0]}=-1:1:101 or --sample {missing[0]}=-1:1"
        )
    return {name: float(number(given[name], what=f"initial value of {name}")) for name in wanted}


def equilibrium(choice: Choice) -> dict[Any, Any]:
    """The declared equilibrium with the values that were set.

    Raises:
        GameError: none is declared, or it depends on what has no value.
    """
    if choice.game.equilibrium is None:
        raise GameError(f"the game {choice.game.name!r} declares no equilibrium; give --point")
    found = {s: sp.sympify(x).subs(choice.values) for s, x in choice.game.equilibrium.items()}
    for symbol, value in found.items():
        if value.free_symbols:
            raise GameError(f"the equilibrium {symbol} = {value} depends on what is not set")
    return found


def points(texts: Sequence[str], choice: Choice, model: Model) -> tuple[tuple[float, ...], ...]:
    """Points to end at, from texts ``name=value,...``; the declared equilibrium without any."""
    if not texts:
        rest = {symbol.name: value for symbol, value in equilibrium(choice).items()}
        return (tuple(float(rest[name]) for name in model.visible),)
    found = []
    for text in texts:
        given = pairs([text], what="point")
        if set(given) != set(model.visible):
            raise GameError(f"--point {text} must give {', '.join(model.visible)}, and no other")
        found.append(tuple(float(number(given[name], what=name)) for name in model.visible))
    return tuple(found)


def title(typed: Typed) -> str:
    """The game and the rule with what is set, for people."""
    loss = f" ({typed.loss})" if typed.loss else ""
    own = f", {', '.join(typed.settings)}" if typed.settings else ""
    linear = ", linearized" if typed.linear else ""
    what = typed.rule if typed.flow is None else f"flow {typed.flow}"
    return f"{typed.game}{loss}{own}, {what}{linear}"


def _with_values(update: Map, values: Mapping[Symbol, Any]) -> Map:
    return update.subs({s: v for s, v in values.items() if s in update.parameters})


def _pairs(texts: Sequence[str], what: str) -> dict[str, str]:
    return pairs(texts, what=what)


def _parts(name: str, text: str, count: int) -> list[str]:
    parts = text.split(":")
    if len(parts) != count:
        form = ("LOW:HIGH", "LOW:HIGH:COUNT")[count - 2]
        raise GameError(f"cannot read {name}={text}; write {name}={form}")
    return parts


def _count(name: str, text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise GameError(f"{name} has {text} values; give a whole number") from None
