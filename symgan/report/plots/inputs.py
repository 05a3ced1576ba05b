"""What the figures take: systems with their values, ranges and names, or one clear sentence."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sympy as sp
from sympy import Expr, Symbol

from symgan.errors import GameError
from symgan.game import Game
from symgan.implicit import ImplicitMap
from symgan.losses import GenericLoss
from symgan.program import Program
from symgan.report.figures import math_label
from symgan.system import Flow, Map

Name = Symbol | str
Values = Mapping[Name, Any]
"""Symbol, or its name -> number."""
Range = tuple[Any, Any]


def dynamics(system: Any) -> Flow | Map:
    """The flow or map that a figure is of: of a game, its simultaneous flow.

    Raises:
        GameError: an implicit map, a program, a free loss, or something else.
    """
    if isinstance(system, Game):
        _refuse_free_loss(system.name or "the game", system.losses)
        return system.flow()
    if isinstance(system, ImplicitMap):
        raise GameError(
            "an implicit map has no formula to draw from; draw its linearization at a fixed point"
        )
    if isinstance(system, Program):
        raise GameError("a program has no formula to draw from; give its map(), written out")
    if not isinstance(system, Flow | Map):
        raise GameError(f"a {type(system).__name__} is no Game, Flow or Map")
    _refuse_free_loss("the system", system.rhs)
    return system


def pose(system: Any, values: Values | None) -> tuple[Flow | Map, Mapping[Symbol, Expr] | None]:
    """The flow or map with its values, and the equilibrium that a game declares.

    Raises:
        GameError: as `dynamics` and `with_values`.
    """
    dynamics(system)  # refuses what is no system before its parameters are asked for
    found = with_values(system, values)
    return dynamics(found), found.equilibrium if isinstance(found, Game) else None


def ruled(system: Any, rule: Any, step: Symbol) -> Any:
    """The map of a rule on a game; a map or a flow as it is.

    Raises:
        GameError: a game without a rule, or a rule without a game.
    """
    if isinstance(system, Game):
        if rule is None:
            raise GameError(
                f"a game has no step; give a rule, such as simultaneous, with {system.name!r}"
            )
        _refuse_free_loss(system.name or "the game", system.losses)
        return rule(system, step)
    if rule is not None:
        raise GameError("a rule goes with a game; the map or flow is drawn as it is")
    return system if isinstance(system, ImplicitMap) else dynamics(system)


def with_values(system: Any, values: Values | None, free: Iterable[Name] = ()) -> Any:
    """The system with exact numbers for all parameters but the free ones.

    Symbols are found by their names; floats stand for the decimals that are typed.

    Raises:
        GameError: a name that is no parameter, a value that is no number or contradicts what is
            assumed of its symbol, a parameter without a value.
    """
    by_name = {p.name: p for p in system.parameters}
    kept = {str(name) for name in free}
    put = {}
    for name, value in (values or {}).items():
        if str(name) not in by_name:
            known = ", ".join(by_name) or "none"
            raise GameError(f"{name} is no parameter of the system; its parameters: {known}")
        if str(name) in kept:
            raise GameError(f"{name} varies in the figure, so it takes no value")
        put[by_name[str(name)]] = number(name, value, by_name[str(name)])
    missing = [p.name for p in system.parameters if p not in put and p.name not in kept]
    if missing:
        example = ", ".join(f'"{name}": 1' for name in missing)
        raise GameError(f"no value for {', '.join(missing)}; give values={{{example}}}")
    return system.subs(put) if put else system


def number(name: Name, value: Any, symbol: Symbol | None = None) -> Expr:
    """A value as an exact finite real number that its symbol allows.

    Raises:
        GameError: it is none.

    >>> number("eta", 0.1), number("eta", "1/3")
    (1/10, 1/3)
    """
    read = _read(value)
    try:
        found = sp.Rational(repr(read)) if isinstance(read, float) else sp.sympify(read)
    except (TypeError, ValueError):
        raise GameError(f"{name} = {value!r} is no number") from None
    if not isinstance(found, Expr) or not found.is_number or not found.is_real:
        raise GameError(f"{name} = {value} is no finite real number")
    if found.has(sp.Float):
        found = sp.nsimplify(found, rational=True)
    for allowed, word in (("is_positive", "positive"), ("is_nonnegative", "nonnegative")):
        if symbol is not None and getattr(symbol, allowed) and getattr(found, allowed) is False:
            raise GameError(f"{name} = {value} contradicts that {name} is {word}")
    return found


def _read(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    from symgan.parse import number as parsed

    return parsed(value)


def sides(name: Name, given: Range | None, default: Range = (-2, 2)) -> tuple[float, float]:
    """The ends of an axis.

    Raises:
        GameError: they are no two finite numbers, the lower one first.
    """
    ends = default if given is None else given
    if not isinstance(ends, Sequence) or len(ends) != 2:
        raise GameError(f"the range {ends!r} of {name} is no pair; give (low, high)")
    low, high = (float(number(name, end)) for end in ends)
    if not low < high:
        raise GameError(f"the range {low:g} to {high:g} of {name} is empty; give (low, high)")
    return low, high


def require_plane(system: Flow | Map, what: str) -> tuple[Symbol, Symbol]:
    """The two symbols of a system in the plane that does not move by itself.

    Raises:
        GameError: another dimension, a dependence on time or index, noise.
    """
    if len(system.state) != 2:
        names = ", ".join(s.name for s in system.state)
        raise GameError(
            f"{what} is drawn in the plane; this state has {len(system.state)} symbol"
            f"{'s' * (len(system.state) != 1)}: {names}"
        )
    require_autonomous(system, what)
    return system.state[0], system.state[1]


def require_autonomous(system: Flow | Map, what: str) -> None:
    """Refuse a field that is another one at another time.

    Raises:
        GameError: names the symbol.
    """
    moving = (system.time,) if isinstance(system, Flow) else (system.index, *system.noise)
    used = set().union(*(f.free_symbols for f in system.rhs))
    for symbol in moving:
        if symbol is not None and symbol in used:
            raise GameError(f"{what} needs a system that stays the same; it depends on {symbol}")


def start(point: Any, state: Sequence[Symbol], what: str = "start") -> tuple[float, ...]:
    """The coordinates of a start, from a sequence or from values by symbol or name.

    Raises:
        GameError: not one finite number a symbol.
    """
    given = point
    if isinstance(point, Mapping):
        by_name = {str(key): value for key, value in point.items()}
        given = [by_name[s.name] for s in state if s.name in by_name]
        if len(given) != len(by_name):
            given = ()
    if isinstance(given, str) or not isinstance(given, Iterable):
        given = ()
    values = tuple(float(number(what, value)) for value in given)
    if len(values) != len(state) or not all(map(math.isfinite, values)):
        names = ", ".join(s.name for s in state)
        raise GameError(f"the {what} {point} gives no {len(state)} numbers, for {names}")
    return values


def label(name: Name, labels: Mapping[Name, str] | None = None) -> str:
    r"""A symbol as math: its own name, or the LaTeX that was given for it.

    >>> label("theta"), label("psi", {"psi": r"\psi_0"})
    ('$\\theta$', '$\\psi_0$')
    """
    chosen = {str(key): text for key, text in (labels or {}).items()}
    if str(name) in chosen:
        return f"${chosen[str(name)].strip('$')}$"
    return math_label(Symbol(str(name)))


def _refuse_free_loss(title: str, expressions: Iterable[Expr]) -> None:
    if any(e.has(GenericLoss) for e in expressions):
        raise GameError(f"the loss f of {title} is free and cannot be drawn; choose one")
