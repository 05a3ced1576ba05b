"""Decisions and their witnesses: exact points of the domain at which a statement fails."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import sympy as sp
from sympy import Expr, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.certify.ball import enclose
from symgan.certify.certificate import witness_data
from symgan.certify.free import free_functions, free_names
from symgan.certify.identity import admits, points_of, rational_points, satisfied
from symgan.errors import Undecided

Point = Mapping[Symbol, Any]


@dataclass(frozen=True)
class Decision:
    """Whether a statement holds on its whole domain, and how that was found.

    Attributes:
        holds: True (proved), False (refuted by `witness`), None (undecided).
        kind: ``identity``, ``sign``, ``witness``, ``structure`` or ``undecided``.
        text: one sentence.
        witness: symbol -> exact value at which it fails.
        certificate: plain data.
    """

    holds: bool | None
    kind: str
    text: str
    witness: Point = field(default_factory=dict)
    certificate: Mapping[str, Any] = field(default_factory=dict)


def never(text: str, given: Boolean, sides: Sequence[Expr] = ()) -> Decision:
    """What is false wherever it is defined is refuted by one such point of the domain.

    Args:
        text: why it is false everywhere.
        given: the domain.
        sides: what must be defined at the point.
    """
    for point, plain in points_of(sp.Tuple(*sides), given):
        if are_defined(plain.args, point):
            return Decision(False, "witness", text, point, witness_data(point))
    return Decision(None, "undecided", f"no point of the domain is known, though {text}")


def are_defined(sides: Sequence[Expr], point: Point) -> bool:
    """Whether every side has a finite value at a point, known by a ball or by its structure."""
    return all(_is_defined(side, point) for side in sides)


def _is_defined(side: Expr, point: Point) -> bool:
    try:
        return bool(enclose(side, point).is_finite())
    except (Undecided, ZeroDivisionError):
        return side.subs(dict(point)).is_finite is True


def refuted(text: str, point: Point, relation: Relational, given: Boolean) -> Decision:
    """A relation that fails at a point, with all that is needed to see it again."""
    difference = (relation.lhs - relation.rhs).doit()
    names = free_names(difference, given)
    plain, premise = free_functions(difference, names), free_functions(given, names)
    data = witness_data(point, plain, relation.rel_op, premise)
    return Decision(False, "witness", text, point, data)


def completed(point: Point, equal: Mapping[Symbol, Expr], given: Boolean) -> dict[Symbol, Any]:
    """A point with the symbols that equations fix, and those that nothing else mentions."""
    missing = given.free_symbols - set(equal) - set(point)
    place = next(rational_points(missing), {}) | dict(point)
    for symbol, value in reversed(list(equal.items())):  # later equations hold no earlier symbol
        place[symbol] = value.subs(place)
    return place


def restored(
    found: Decision, given: Boolean, restore: Callable[[Point], dict[Symbol, Any]]
) -> Decision:
    """A decision in the symbols of the question; a witness must fit assumptions and premise."""
    if found.holds is not False:
        return found
    point = restore(found.witness)
    fits = all(admits(symbol, value) for symbol, value in point.items())
    if fits and satisfied(given, point):
        data = dict(found.certificate)
        data["point"] = {str(s): str(v) for s, v in point.items()} | data["point"]
        return replace(found, witness=point, certificate=data)
    return Decision(None, "undecided", "its witness is not known to satisfy what is given")


def describe(point: Mapping[Symbol, Any]) -> str:
    """A witness in words: ``a = 1, T = 2``."""
    if not point:
        return "every point"
    return ", ".join(f"{s} = {v}" for s, v in sorted(point.items(), key=lambda item: str(item[0])))
