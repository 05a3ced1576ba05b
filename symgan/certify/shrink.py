r"""Counterexamples in simple numbers.

A witness found by search or by a solver is replaced by one of smaller numerators and denominators,
in one or two coordinates at a time through the simplest rationals, then by Hypothesis in all
coordinates at once where it is installed. Every step is evaluated again exactly; the result
refutes the statement just as the first witness does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations, count, product
from typing import Any

import sympy as sp
from sympy import Rational, Symbol
from sympy.core.relational import Relational
from sympy.logic.boolalg import Boolean

from symgan.certify.ball import sign_at
from symgan.certify.cases import dnf
from symgan.certify.identity import admits, satisfied
from symgan.errors import Undecided

CANDIDATES = 60
"""Simplest rationals that are tried for one coordinate."""
PAIRED = 16
"""The same for each of two coordinates at once."""
EXAMPLES = 300
_TRUE_SIGNS = {
    sp.StrictGreaterThan: (1,), sp.GreaterThan: (0, 1), sp.StrictLessThan: (-1,),
    sp.LessThan: (-1, 0), sp.Equality: (0,), sp.Unequality: (-1, 1),
}  # fmt: skip

Point = Mapping[Symbol, Any]


def refutes(statement: Boolean, given: Boolean, point: Point) -> bool:
    """Whether a statement is exactly false at a point that satisfies what is given.

    >>> x = Symbol("x", real=True)
    >>> refutes(x**2 > x, sp.true, {x: Rational(1, 2)}), refutes(x**2 > x, x > 1, {x: 1})
    (True, False)
    """
    place = {s: sp.sympify(v) for s, v in point.items()}
    if not all(admits(s, v) for s, v in place.items()) or not satisfied(given, place):
        return False
    return any(all(_is_true(r, place) for r in case) for case in dnf(statement, False))


def _is_true(relation: Relational, point: Point) -> bool:
    try:
        sign = sign_at(relation.lhs - relation.rhs, point)
    except (Undecided, ZeroDivisionError):
        return False
    return sign in _TRUE_SIGNS[type(relation)]


def simplest_witness(
    statement: Boolean, given: Boolean, point: Point
) -> dict[Symbol, Rational | Any]:
    """A witness against the statement in simpler numbers than the given one.

    Args:
        statement: what the point refutes.
        given: what the point satisfies.
        point: symbol -> exact value.

    Raises:
        ValueError: the point does not refute the statement.

    >>> x, y = sp.symbols("x y", real=True)
    >>> simplest_witness(x**2 + y > 4, y > 1, {x: Rational(17, 31), y: Rational(101, 79)})
    {x: 0, y: 2}
    """
    if not refutes(statement, given, point):
        raise ValueError(f"{dict(point)} does not refute {statement}")
    best = {s: sp.sympify(point[s]) for s in sorted(point, key=lambda s: s.sort_key())}
    while (better := _step(statement, given, best)) is not None:
        best = better
    return best


def _step(statement: Boolean, given: Boolean, best: dict[Symbol, Any]) -> dict[Symbol, Any] | None:
    """A simpler witness: in one coordinate, in two (on a line say), or in all."""
    for number in (1, 2):
        for symbols in combinations(best, number):
            sizes = [simpler(best[s])[: CANDIDATES if number == 1 else PAIRED] for s in symbols]
            for values in sorted(product(*sizes), key=_weight):
                trial = {**best, **dict(zip(symbols, values, strict=True))}
                if refutes(statement, given, trial):
                    return trial
    return _jointly(statement, given, best) if len(best) > 2 else None


def size(value: Any) -> tuple[int, bool]:
    """How complicated a number is: numerator and denominator together; negative ones last."""
    if not value.is_Rational:
        return 10**9, False
    return abs(int(value.p)) + int(value.q), bool(value < 0)


def simpler(value: Any) -> list[Rational]:
    """The simplest rationals that are simpler than a number, the simplest first.

    >>> simpler(Rational(3, 2))
    [0, 1, -1, 1/2, 2, -1/2, -2, 1/3, 3, -1/3, -3]
    """
    found: list[Rational] = []
    for total in count(1):
        numbers = {Fraction(p, total - p) for p in range(total)}
        both = sorted(q for q in numbers if abs(q.numerator) + q.denominator == total)
        for q in (*both, *(-q for q in both if q)):
            if size(Rational(q.numerator, q.denominator)) >= size(value):
                return found
            found.append(Rational(q.numerator, q.denominator))
        if len(found) >= CANDIDATES or total > CANDIDATES:
            return found
    return found


def _jointly(
    statement: Boolean, given: Boolean, best: dict[Symbol, Any]
) -> dict[Symbol, Any] | None:
    """Hypothesis looks for a simpler witness in all coordinates, where it may run."""
    try:
        from hypothesis import HealthCheck, currently_in_test_context, find, settings
        from hypothesis import strategies as st
        from hypothesis.errors import NoSuchExample
    except ImportError:  # what is found is a witness, though perhaps not the simplest
        return None
    if currently_in_test_context():  # Hypothesis does not run within itself
        return None
    symbols = list(best)
    choices = [st.sampled_from([*simpler(v), v]) for v in best.values()]

    def is_better(values: Sequence[Any]) -> bool:
        shorter = _weight(values) < _weight(list(best.values()))
        return shorter and refutes(statement, given, dict(zip(symbols, values, strict=True)))

    quiet = settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
    )
    try:
        found = find(st.tuples(*choices), is_better, settings=quiet)
    except NoSuchExample:
        return None
    return dict(zip(symbols, found, strict=True))


def _weight(values: Sequence[Any]) -> int:
    return sum(size(value)[0] for value in values)
