"""What code is to be held against, from a game, a rule and values."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp
from sympy import Expr, Symbol

from symgan.audit.calling import Layout
from symgan.audit.derived import Derived, field_of, jacobian_of, map_of
from symgan.audit.points import generic
from symgan.audit.subject import AuditError, Kind
from symgan.audit.trial import Trial
from symgan.errors import UnknownName
from symgan.game import Game
from symgan.system import Map

ETA = Symbol("eta", positive=True)
"""The step where none is given."""
SIGNS = ("v", "flow")


@dataclass(frozen=True)
class Question:
    """A game with what may be asked of code about it.

    Attributes:
        game: the game.
        rule: the name of a rule, optimizer or flow, or a function; None: plain v.
        eta: the step, one symbol or one a player.
        options: of the rule; numbers stand as symbols with fixed values, so that terms stay apart.
        given: the options as they were given.
        fixed: parameter -> exact value.
        numbers: those of `fixed` that stand for options.
        sign: "v", or "flow" for code that returns x' = -v.
        opened: whether code is handed what the map remembers, and returns it.
    """

    game: Game
    rule: Any
    eta: Any
    options: Mapping[str, Any]
    given: Mapping[str, Any]
    fixed: Mapping[Symbol, Expr]
    numbers: Mapping[Symbol, Expr]
    sign: str = "v"
    opened: bool = False

    @property
    def name(self) -> str:
        """What the rule is called."""
        if self.rule is None or isinstance(self.rule, str):
            return str(self.rule or "v")
        return str(getattr(self.rule, "__name__", "the rule")).replace("_", "-")

    def derive(self, kind: Kind) -> Derived:
        """What is held against code of a kind."""
        if kind is Kind.MAP:
            system = self.system()
            if self.opened and isinstance(system, Map):
                system = replace(system, memory=(), stages=())
            return map_of(self.game, system, self.fixed, self._titled(self.name))
        if self.rule is None:
            sign = -1 if self.sign == "flow" else 1
            title = "" if sign == 1 else "x' = -v of " + (self.game.name or "the game")
            if kind is Kind.FIELD:
                return field_of(self.game, self.fixed, [sign * f for f in self.game.v], title)
            title = title and title.replace("x' = -v", "the Jacobian of -v")
            return jacobian_of(self.game, self.fixed, sign * self.game.J, title)
        return self._of_flow(kind)

    def _of_flow(self, kind: Kind) -> Derived:
        """The field of a rule in continuous time, in the sign of v; or a map's Jacobian."""
        from symgan import rules

        if kind is Kind.JACOBIAN:
            system = self.system()
            if not isinstance(system, Map) or system.memory:
                raise AuditError(f"{self.name} has no Jacobian in the players' symbols alone")
            title = f"the Jacobian of {self.name} on {self.game.name}"
            return jacobian_of(self.game, self.fixed, system.jacobian(), title)
        flow = rules.named_flow(self.rule)(self.game, **self.options)
        if flow.state != self.game.state:
            raise AuditError(f"the flow of {self.name} has a larger state than the players'")
        sign = 1 if self.sign == "flow" else -1
        what = "x' of" if sign == 1 else "-x' of"
        entries = [sign * f for f in flow.rhs]
        title = f"{what} the {self.name} flow on {self.game.name}"
        return field_of(self.game, self.fixed, entries, title)

    def system(self) -> Any:
        """The map of the rule."""
        return builder(self.rule or "simultaneous")(self.game, self.eta, **self.options)

    def _titled(self, title: str) -> str:
        given = ", ".join(f"{key} = {value}" for key, value in self.given.items())
        return f"{title} ({given})" if given else title

    def trial(self, kinds: Mapping[int, Kind]) -> Trial:
        """Where code is tried, and what it may return."""
        derived = self.derive(next(iter(kinds.values())))
        players = tuple(tuple(s.name for s in player) for player in self.game.players)
        if self.opened:
            players += (tuple(s.name for s in derived.state[len(self.game.state) :]),)
        symbols = (*derived.symbols, *(s for s in derived.fixed))
        parameters = tuple(dict.fromkeys(s.name for s in symbols if s not in derived.state))
        return Trial(
            Layout(players, parameters),
            {s.name: s for s in derived.symbols},
            {s.name: v for s, v in generic(derived.symbols).items()},
            {s.name: v for s, v in derived.fixed.items()},
            kinds,
        )


def builder(rule: Any) -> Callable[..., Any]:
    """The function of a rule or an optimizer.

    Raises:
        UnknownName: nothing carries the name.
    """
    if not isinstance(rule, str):
        return rule
    from symgan import optimizers, rules

    both = {**optimizers.catalog(), **rules.catalog()}
    if rule not in both:
        raise UnknownName(f"unknown rule {rule!r}; choose one of: {', '.join(sorted(both))}")
    return both[rule]


def question(
    game: Game,
    rule: Any,
    eta: Any,
    options: Mapping[str, Any],
    values: Mapping[Any, Any],
    sign: str,
) -> Question:
    """A question from what a user gives.

    Raises:
        AuditError: a name that the game does not have, a number that is none, a wrong sign.
    """
    if sign not in SIGNS:
        raise AuditError(f"sign {sign!r}: 'v' for code that returns v, 'flow' for x' = -v")
    fixed = fixed_values(game, values)
    steps, own = _steps(game, eta, rule)
    held, numbers = _held(game, rule, options)
    everything = {**fixed, **own, **numbers}
    return Question(game, rule, steps, held, dict(options), everything, numbers, sign)


def _held(
    game: Game, rule: Any, options: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[Symbol, Expr]]:
    """Options with symbols for their numbers, and the values of these."""
    taken = {s.name for s in (*game.state, *game.parameters)}
    known = inspect.signature(builder(rule)).parameters if rule is not None else {}
    hints = {name: str(p.annotation) for name, p in known.items()}
    found: dict[str, Any] = {}
    numbers: dict[Symbol, Expr] = {}
    for key, value in options.items():
        found[key] = value
        counted = isinstance(value, bool) or "int" in hints.get(key, "int")
        whole = isinstance(value, int) and not counted
        if (whole or isinstance(value, float | sp.Rational)) and value != 0:
            sign = {"positive": True} if value > 0 else {"negative": True}
            found[key] = Symbol(key + "_" * (key in taken), **sign)
            numbers[found[key]] = exact(value, key)
    return found, numbers


def fixed_values(game: Game, values: Mapping[Any, Any]) -> dict[Symbol, Expr]:
    """Values of the game's parameters by symbol.

    Raises:
        AuditError: a name that the game does not have, or a value that is no number.
    """
    known = {s.name: s for s in game.parameters}
    fixed: dict[Symbol, Expr] = {}
    for key, value in values.items():
        if str(key) not in known:
            names = ", ".join(known) or "none"
            raise AuditError(f"{game.name} has no parameter {key}; it has: {names}")
        fixed[known[str(key)]] = exact(value, str(key))
    return fixed


def _steps(game: Game, eta: Any, rule: Any) -> tuple[Any, dict[Symbol, Expr]]:
    """Symbols for the step or steps, and their values."""
    if eta is None or rule is None:
        return ETA, {}
    if isinstance(eta, tuple | list):
        symbols = tuple(Symbol(f"eta_{i + 1}", positive=True) for i in range(len(eta)))
        return symbols, {s: exact(v, "the step") for s, v in zip(symbols, eta, strict=True)}
    found = exact(eta, "the step")
    return (found, {}) if found.free_symbols else (ETA, {ETA: found})


def exact(value: Any, what: str) -> Expr:
    """An exact number, or an expression; a float is the decimal it prints as.

    Raises:
        AuditError: it is neither.
    """
    if isinstance(value, float):
        value = repr(value)
    try:
        found = sp.Rational(value) if isinstance(value, str) else sp.sympify(value)
    except (TypeError, ValueError, sp.SympifyError):
        found = None
    if not isinstance(found, Expr):
        raise AuditError(f"{what} = {value!r} is no number; write 0.1 or 1/10")
    return found
