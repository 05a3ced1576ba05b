r"""Second routes: independent of the exact derivation and of its decision procedure.

`by_numbers` evaluates the statement at rational points with each named quantity
measured: simulated by the 50-digit integrator, summed, or integrated in mpmath. `by_z3`
decides the statement with an SMT solver, which shares no decision code with the exact
route.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Basic, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.certify.identity import rational_points
from symgan.certify.smt import Answer, decide_smt
from symgan.certify.witness import describe
from symgan.claims.examine import Finding, Point, SecondRoute, insert
from symgan.losses import ScalarLoss, with_loss

DIGITS = 50
AGREE = 38  # digits that two 50-digit routes must share: 12 are left to rounding

Measure = Callable[[Mapping[str, mpmath.mpf]], Any]
"""Measures a quantity at a point: symbol names -> numbers of 50 digits."""


def by_numbers(
    values: Mapping[Basic, Measure],
    *,
    points: Sequence[Mapping[Symbol, Any]] = (),
    kind: str = "simulated:mpmath",
    count: int = 3,
    digits: int = AGREE,
    loss: ScalarLoss | None = None,
) -> SecondRoute:
    """A route that measures the named quantities and compares both sides.

    Args:
        values: named quantity -> how it is measured.
        points: where to look; simple rational points of the domain unless given.
        kind: how the evidence calls it.
        count: how many points are taken.
        digits: decimal digits that equal sides must share, relative to their size.
        loss: a concrete loss to put in the place of the free one.
    """

    once = {quantity: _remembered(measure) for quantity, measure in values.items()}

    def route(statement: Basic, given: Boolean, witness: Point | None) -> Finding:
        if loss is not None:
            statement = with_loss(statement, loss)
        places = _places(statement, given, witness, points, count, set(values))
        if not places:
            return Finding(kind, None, "no point of the domain was found")
        held: list[str] = []
        with mpmath.workdps(DIGITS + 15):
            for place in places:
                truth, text = _holds_at(statement, place, once, digits)
                if truth is None:
                    return Finding(kind, None, text)
                if not truth:
                    return Finding(kind, False, f"at {describe(place)}: {text}")
                held.append(text)
            if _vacuous(statement, places, once, digits):
                return Finding(kind, None, "at every point some premise fails")
        return Finding(kind, True, f"{len(places)} points of the domain; {held[0]}")

    return route


def by_z3(exact: Mapping[Basic, Any]) -> SecondRoute:
    """A route that decides the statement, with derived values inserted, by z3.

    It finds nothing where inserting the values settles a relation: that would ask z3
    whether 0 = 0 and call the answer a second route.
    """

    def route(statement: Basic, given: Boolean, witness: Point | None) -> Finding:
        inserted = insert(statement, exact)
        if any(_is_trivial(relation) for relation in inserted.atoms(Relational)):
            text = "a relation is already settled by inserting the derived values"
            return Finding("decided:z3", None, f"{text}: nothing is left for z3 to decide")
        answer = decide_smt(inserted, given)
        words = {True: "its negation has no real solution", False: "its negation has a solution"}
        text = (
            words.get(answer.holds, "z3 could not decide it")
            if answer.holds is not None
            else ("z3 could not decide it")
        )
        return Finding("decided:z3", answer.holds, text, _smt_data(answer))

    return route


def _remembered(measure: Measure) -> Measure:
    """A measure that is taken once a place: print, repair and mutants are held against the same."""
    found: dict[frozenset[tuple[str, Any]], Any] = {}

    def taken(place: Mapping[str, mpmath.mpf]) -> Any:
        key = frozenset(place.items())
        if key not in found:
            found[key] = measure(place)
        return found[key]

    return taken


def _smt_data(answer: Answer) -> dict[str, Any]:
    found = {True: "unsat", False: "sat"}
    data = {"kind": "smtlib", "text": answer.smtlib}
    return data if answer.holds is None else data | {"answer": found[answer.holds]}


def _is_trivial(relation: Relational) -> bool:
    """Whether both sides are one expression or two numbers: SymPy has decided it already."""
    left, right = relation.lhs, relation.rhs
    return left == right or bool(left.is_number and right.is_number)


def _places(
    statement: Basic,
    given: Boolean,
    witness: Point | None,
    points: Sequence[Point],
    count: int,
    quantities: set[Basic],
) -> list[dict[Symbol, Any]]:
    symbols = (statement.free_symbols | given.free_symbols) - quantities
    limits = inequalities(given)

    def fits(place: Point) -> bool:
        return given.subs(place) is not sp.false

    if points:
        completed = (complete(point, given) for point in points)
        inside = [p for p in completed if limits is sp.true or limits.subs(p) is sp.true]
    else:
        walk = rational_points(symbols, limits)
        inside = [complete(p, given) for _, p in zip(range(count), walk, strict=False)]
    if witness:
        filler = inside[0] if inside else next(rational_points(symbols, limits), {})
        named = {s.name: v for s, v in witness.items()}
        inside.append(complete({s: named.get(s.name, v) for s, v in filler.items()}, given))
    return [place for place in inside if fits(place)]


def inequalities(given: Boolean) -> Boolean:
    """What is given but for its equations, which `complete` solves."""
    return sp.And(*(p for p in sp.And.make_args(given) if not isinstance(p, sp.Equality)))


def complete(point: Mapping[Symbol, Any], given: Boolean) -> dict[Symbol, Any]:
    """Overwrite symbols that an equation in `given` fixes."""
    place = dict(point)
    for part in sp.And.make_args(given):
        if isinstance(part, sp.Equality):
            for symbol, value in ((part.lhs, part.rhs), (part.rhs, part.lhs)):
                if isinstance(symbol, Symbol) and not value.has(symbol):
                    place[symbol] = value.subs(place)
                    break
    return place


def _holds_at(
    statement: Basic, place: Point, values: Mapping[Basic, Measure], digits: int
) -> tuple[bool | None, str]:
    if statement in (sp.true, sp.false):
        return statement is sp.true, f"it reduces to {statement}"
    if isinstance(statement, sp.And):
        parts = [_holds_at(a, place, values, digits) for a in statement.args]
        return _first(parts, False) or _first(parts, None) or parts[0]
    if isinstance(statement, sp.Or):
        parts = [_holds_at(a, place, values, digits) for a in statement.args]
        return _first(parts, True) or _first(parts, None) or parts[0]
    if isinstance(statement, sp.Implies):
        premise, conclusion = (_holds_at(a, place, values, digits) for a in statement.args)
        if premise[0] is False:
            return True, "the premise fails there"
        return conclusion if premise[0] or conclusion[0] else (None, premise[1])
    if isinstance(statement, sp.Equivalent):
        truths = [_holds_at(a, place, values, digits)[0] for a in statement.args]
        same = None if None in truths else len(set(truths)) == 1
        return same, f"its sides are {', '.join(map(str, truths))}"
    if isinstance(statement, sp.Not):
        inner = _holds_at(statement.args[0], place, values, digits)
        return (None if inner[0] is None else not inner[0]), inner[1]
    if isinstance(statement, Relational):
        return _compare(statement, place, values, digits)
    return None, f"{statement} cannot be evaluated"


def _first(
    parts: Sequence[tuple[bool | None, str]], truth: bool | None
) -> tuple[bool | None, str] | None:
    return next((part for part in parts if part[0] is truth), None)


def _vacuous(
    statement: Basic, places: Sequence[Point], values: Mapping[Basic, Measure], digits: int
) -> bool:
    """Whether some implication's premise fails at every place: then nothing was seen of it."""
    return any(
        all(_holds_at(node.args[0], place, values, digits)[0] is False for place in places)
        for node in statement.atoms(sp.Implies)
    )


def _compare(
    relation: Relational, place: Point, values: Mapping[Basic, Measure], digits: int
) -> tuple[bool | None, str]:
    try:
        left, right = (_number(side, place, values) for side in (relation.lhs, relation.rhs))
    except ZeroDivisionError:
        return None, f"{relation} divides by zero at {describe(place)}"
    if not (mpmath.isfinite(left) and mpmath.isfinite(right)):
        return None, f"{relation} is not finite at {describe(place)}"
    # Relative to the sides; a side that is exactly zero leaves only an absolute measure.
    scale = max(abs(left), abs(right)) if left and right else 1
    same = abs(left - right) <= mpmath.mpf(10) ** (-digits) * scale
    shown = f"{mpmath.nstr(left, 15)} against {mpmath.nstr(right, 15)}"
    difference = mpmath.re(left - right)
    ordered = not isinstance(relation, sp.Equality | sp.Unequality)
    if ordered and abs(mpmath.im(left - right)) > mpmath.mpf(10) ** (-digits) * scale:
        return None, f"{relation} compares what is not real at {describe(place)}"
    truth = {
        sp.Equality: same,
        sp.Unequality: not same,
        sp.StrictLessThan: not same and difference < 0,
        sp.LessThan: same or difference < 0,
        sp.StrictGreaterThan: not same and difference > 0,
        sp.GreaterThan: same or difference > 0,
    }[type(relation)]
    return bool(truth), shown


def _number(side: Basic, place: Point, values: Mapping[Basic, Measure]) -> Any:
    numbers = {s.name: _mp(v) for s, v in place.items()}
    measured = {}
    for quantity, measure in values.items():
        if side.has(quantity):
            measured[quantity] = sp.Symbol(f"measured_{len(measured)}"), measure(numbers)
    plain = side.xreplace({q: symbol for q, (symbol, _) in measured.items()})
    by_name = numbers | {symbol.name: value for symbol, value in measured.values()}
    symbols = sorted(plain.free_symbols, key=str)
    missing = [s.name for s in symbols if s.name not in by_name]
    if missing:
        raise ValueError(f"no value for {', '.join(missing)} at {describe(place)}")
    function = _compiled(plain, tuple(symbols))
    return mpmath.mpmathify(function(*(by_name[s.name] for s in symbols)))


@lru_cache(maxsize=256)
def _compiled(side: Basic, symbols: tuple[Symbol, ...]) -> Callable[..., Any]:
    """A side as a function of numbers: compiled once for all the points it is evaluated at."""
    return sp.lambdify(symbols, side, "mpmath")


def _mp(value: Any) -> Any:
    value = sp.sympify(value)
    return (
        mpmath.mpf(value.p) / value.q
        if value.is_Rational
        else mpmath.mpmathify(value.evalf(DIGITS + 15))
    )
