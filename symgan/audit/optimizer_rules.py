"""The map that an optimizer is held to, from the name of a rule or optimizer and its options."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import sympy as sp
from sympy import Rational, Symbol

from symgan.audit.driven import Reference
from symgan.audit.subject import AuditError
from symgan.errors import UnknownName
from symgan.game import Game
from symgan.system import Map

Build = Callable[..., Map]
"""``(game, eta, **options) -> Map``."""


@dataclass(frozen=True)
class Method:
    """What code is held to.

    Attributes:
        name: of the rule or optimizer.
        build: ``(game, eta, **options) -> Map``.
        eta: one exact step a player.
        options: exact numbers, or what shapes the formula (flags, counts, orders).
    """

    name: str
    build: Build
    eta: tuple[Rational, ...]
    options: tuple[tuple[str, Any], ...]

    def reference(self, game: Game, free: str = "") -> Reference:
        """The map on a game, with symbols for all that code holds as rounded numbers.

        Args:
            game: the game.
            free: an option that becomes a symbol even where its value is a whole number.
        """
        return reference_of(game, self.build, self.eta, dict(self.options), free)

    @property
    def numeric(self) -> tuple[str, ...]:
        """The options that are numbers, and could have another value."""
        given = dict(self.options)
        counts = {"k", "n_d", "n_g", "steps", "order"}
        known = inspect.signature(self.build).parameters.items()
        found = [
            key
            for key, p in known
            if key not in (*counts, "game", "eta")
            and isinstance(given.get(key, p.default), int | Rational)
            and not isinstance(given.get(key, p.default), bool)
        ]
        return tuple(found)

    def at(self, name: str) -> Any:
        """The value of an option, or its default."""
        return dict(self.options).get(name, inspect.signature(self.build).parameters[name].default)

    @property
    def turns(self) -> tuple[int, ...] | None:
        """The players in the order in which they move; None where they move at once."""
        given = dict(self.options)
        players = tuple(range(len(self.eta)))
        if self.name == "alternating":
            counts = {0: given.get("n_g", 1), 1: given.get("n_d", 1)}
            order = given.get("order") or players
            return tuple(i for i in order for _ in range(counts.get(i, 1)))
        if self.name == "heavy-ball" and given.get("alternating"):
            return players
        order = given.get("order")
        return None if order is None else tuple(order)

    @property
    def calls(self) -> int:
        """How many steps of an optimizer make one of the map."""
        return dict(self.options).get("k", 2) if self.name == "lookahead" else 1


def method(rule: str | Build, game: Game, eta: Any, options: Mapping[str, Any]) -> Method:
    """What code is held to, from a name, a step and options.

    Args:
        rule: the name of an optimizer or rule of symgan's, or ``(game, eta, **options) -> Map``.
        game: the game; it fixes the number of players.
        eta: an exact step, or one a player.
        options: symgan's names, or PyTorch's (``betas``, ``momentum``).

    Raises:
        UnknownName: nothing carries the name.
        AuditError: an option that the rule does not have, or that is no number.

    >>> from symgan.games.quadratic import bilinear
    >>> dict(method("adam", bilinear(), 0.1, {"betas": (0.5, 0.9)}).options)
    {'beta1': 1/2, 'beta2': 9/10, 'eps': 1/100000000}
    """
    name, build = _named(rule)
    steps = eta if isinstance(eta, tuple | list) else (eta,) * len(game.players)
    known = set(inspect.signature(build).parameters)
    given = {k: v for key, value in options.items() for k, v in _symgan_names(name, key, value)}
    takes_any = any(p.kind is p.VAR_KEYWORD for p in inspect.signature(build).parameters.values())
    for key in given:
        if key not in known and not takes_any:
            has = ", ".join(sorted(known - {"game", "eta"})) or "none"
            raise AuditError(f"{name} has no option {key!r}; it has: {has}")
    defaults = {
        key: p.default
        for key, p in inspect.signature(build).parameters.items()
        if isinstance(p.default, Rational)
    }
    exact = tuple((key, _option(key, value)) for key, value in {**defaults, **given}.items())
    return Method(name, build, tuple(number(step, "the step") for step in steps), exact)


def _named(rule: str | Build) -> tuple[str, Build]:
    if not isinstance(rule, str):
        return getattr(rule, "__name__", "the rule").replace("_", "-"), rule
    from symgan import optimizers, rules

    both = {**rules.catalog(), **optimizers.catalog()}
    if rule not in both:
        raise UnknownName(f"unknown rule {rule!r}; choose one of: {', '.join(sorted(both))}")
    return rule, both[rule]


def _symgan_names(name: str, key: str, value: Any) -> list[tuple[str, Any]]:
    """An option under symgan's names."""
    if key == "betas":
        return list(zip(("beta1", "beta2"), value, strict=True))
    if name == "heavy-ball" and key == "momentum":
        return [("beta", value)]
    return [(key, value)]


def _option(key: str, value: Any) -> Any:
    if value is None or isinstance(value, bool | str) or callable(value):
        return value
    if isinstance(value, tuple | list):
        return tuple(_option(key, v) for v in value)
    return int(value) if isinstance(value, int) else number(value, key)


def number(value: Any, what: str) -> Rational:
    """An exact number; a float is the decimal number that is written for it.

    Raises:
        AuditError: it is none.

    >>> number(0.1, "the step"), number("1/3", "the step")
    (1/10, 1/3)
    """
    if isinstance(value, float):
        value = repr(value)
    try:
        return sp.Rational(Fraction(str(value)))
    except (ValueError, ZeroDivisionError):
        raise AuditError(f"{what}: {value!r} is not a number; write 0.1 or 1/10") from None


def reference_of(
    game: Game, build: Build, eta: Sequence[Rational], options: Mapping[str, Any], free: str = ""
) -> Reference:
    """A map with a symbol for every number that is not whole, since code rounds it."""
    values: dict[Symbol, Any] = {}

    def held(name: str, value: Any) -> Any:
        if isinstance(value, tuple):
            return tuple(held(f"{name}_{i}", v) for i, v in enumerate(value))
        if name == free:
            symbol = Symbol(f"{name}_option", real=True)
        elif not isinstance(value, sp.Rational) or value.is_Integer:
            return value
        else:
            symbol = Symbol(f"{name}_option", **{"positive" if value > 0 else "negative": True})
        values[symbol] = sp.sympify(value)
        return symbol

    same = len(set(eta)) == 1 and not free.startswith("eta_")
    steps = held("eta", eta[0]) if same else held("eta", tuple(eta))
    if free and not free.startswith("eta") and free not in options:
        options = {**options, free: inspect.signature(build).parameters[free].default}
    settings = {name: held(name, value) for name, value in options.items()}
    built = build(game, steps, **settings)
    if not isinstance(built, Map) or built.noise:
        raise AuditError(
            f"{getattr(build, '__name__', 'the rule')} has no explicit map without noise on "
            f"{game.name!r}; code can be held to explicit rules"
        )
    open_ = [p.name for p in built.parameters if p not in values]
    if open_:
        raise AuditError(
            f"no value for {', '.join(open_)}; give one, by game.subs(...) or as an option: code "
            "runs on numbers"
        )
    return Reference(built, tuple(values.items()))
