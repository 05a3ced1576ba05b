r"""Certified sublevel sets inside a basin of attraction.

With :math:`V = \delta^\top P\delta` in the deviations :math:`\delta` from an equilibrium, two kinds
of evidence cover :math:`\{V \le c\}`:

- on a box around the equilibrium :math:`P J(x) + J(x)^\top P` is negative definite (of a map:
  :math:`J^\top P J - P`). Matrices with this property form a convex set and
  :math:`F(x) = \bigl(\int_0^1 J(t x)\,dt\bigr)\delta`, so V decreases there off the equilibrium;
- on boxes around the rest, at every point V decreases or exceeds c.

All inequalities are proved by interval arithmetic (`symgan.certify.boxes`), so that exponentials
are as good as polynomials.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Expr, Matrix, Rational, Symbol

from symgan.analysis.budget import Budget
from symgan.analysis.points import Point, jacobian_at, moving, point_values
from symgan.analysis.quadratic_extension import solve
from symgan.analysis.wholes import require_whole
from symgan.certify.boxes import prove_on_box
from symgan.errors import GameError, Undecided
from symgan.system import Flow, System

SECONDS, TRY_MS = 20.0, 2500
START = Rational(1, 64)
MOST_DOUBLINGS = 40
"""Of the level tried first: where every point is attracted, doubling would not end by itself."""
INNER = (Rational(1, 2), Rational(1, 4), Rational(1, 8), Rational(1, 16))
"""Sizes of the inner box relative to the outer one that are tried."""

Sides = dict[Symbol, tuple[Expr, Expr]]


@dataclass(frozen=True)
class Basin:
    r"""A certified part of a basin of attraction, :math:`\{V \le c\}`.

    Attributes:
        function: V in the system's symbols.
        level: c.
        matrix: P.
        refused: the smallest level tried for which no certificate was found; none of the
            levels above is disproved by that. None where the search ended first.
        certificates: positivity on boxes, each a certificate of its own.
    """

    function: Expr
    level: Rational
    matrix: Matrix
    refused: Rational | None
    certificates: tuple[Mapping[str, Any], ...]

    def contains(self, state: Mapping[Symbol, Any]) -> bool:
        """Whether a state is in the certified set."""
        value = self.function.subs({s: sp.sympify(v) for s, v in state.items()}, simultaneous=True)
        return bool(value <= self.level)


def certified_basin(
    system: System,
    at: Point,
    matrix: Matrix | None = None,
    *,
    start: Any = START,
    bits: int = 4,
    budget: float = SECONDS,
) -> Basin:
    r"""The largest sublevel set found of a quadratic function inside a basin of attraction.

    Levels are doubled while a certificate is found, then bisected.

    Args:
        system: an autonomous flow or map without parameters.
        at: a rational equilibrium with all eigenvalues inside, checked here.
        matrix: P, rational, symmetric and positive definite; the solution of
            :math:`PJ + J^\top P = -1` (of a map :math:`J^\top PJ - P = -1`) unless given.
        start: the level tried first; halved up to twenty times where it fails.
        bits: how often the bracket of levels is halved.
        budget: seconds.

    Raises:
        GameError: no equilibrium, parameters or time, irrational numbers, or V does not
            decrease in the linearization.
        Undecided: no level got a certificate within the budget.
        MissingExtra: python-flint is not installed.

    >>> x = Symbol("x", real=True)
    >>> basin = certified_basin(Flow((x,), (-x + x**3,)), {x: 0})  # V = x^2/2, the basin |x| < 1
    >>> Rational(2, 5) < basin.level < Rational(1, 2)
    True
    """
    require_whole(system, "certified_basin")
    time = Budget(budget)
    values = _rational_point(system, at)
    J = jacobian_at(system, at)
    P = lyapunov_matrix(system, J) if matrix is None else Matrix(matrix)
    search = _Search(system, values, _checked(P, J, isinstance(system, Flow)), time)
    level, found = search.first(_positive_level(start))
    highest, refused = level * 2**MOST_DOUBLINGS, None
    while refused is None and level < highest and time.left:
        trial = search.certificates(2 * level)
        level, found, refused = (2 * level, trial, None) if trial else (level, found, 2 * level)
    for _ in range(bits):
        if refused is None or not time.left:
            break
        middle = (level + refused) / 2
        trial = search.certificates(middle)
        level, found, refused = (middle, trial, refused) if trial else (level, found, middle)
    return Basin(search.V, level, P, refused, tuple(found))


def _positive_level(start: Any) -> Rational:
    level = sp.sympify(start)
    if not level.is_Rational or level <= 0:
        raise GameError(f"the level tried first is {start}; give a positive rational number")
    return level


def lyapunov_matrix(system: System, J: Matrix) -> Matrix:
    r"""The solution P of :math:`PJ + J^\top P = -1`, or :math:`J^\top PJ - P = -1` of a map.

    Raises:
        GameError: it is no positive definite matrix, since not all eigenvalues are inside.

    >>> lyapunov_matrix(Flow(sp.symbols("x y"), (0, 0)), Matrix([[-1, 1], [0, -1]])).tolist()
    [[1/2, 1/4], [1/4, 3/4]]
    """
    n = J.rows
    pairs = [(a, b) for a in range(n) for b in range(a, n)]
    columns = []
    for a, b in pairs:
        S = sp.zeros(n, n)
        S[a, b] = S[b, a] = 1
        image = S * J + J.T * S if isinstance(system, Flow) else J.T * S * J - S
        columns.append([sp.Rational(image[c, d]) for c, d in pairs])
    rows = [list(row) for row in zip(*columns, strict=True)]
    try:
        entries = solve(rows, [sp.Integer(-1) if a == b else sp.Integer(0) for a, b in pairs])
    except Undecided:
        raise _not_attracting(J) from None
    known = dict(zip(pairs, entries, strict=True))
    P = Matrix(n, n, lambda a, b: known[min(a, b), max(a, b)])
    if not _is_definite(P):
        raise _not_attracting(J)
    return P


def _not_attracting(J: Matrix) -> GameError:
    return GameError(
        f"the linearization {J.tolist()} has eigenvalues that are not inside, so no quadratic "
        "function decreases; take marginal_verdict"
    )


def _is_definite(P: Matrix) -> bool:
    return all(P[:k, :k].det() > 0 for k in range(1, P.rows + 1))


def _checked(P: Matrix, J: Matrix, continuous: bool) -> Matrix:
    if P.shape != J.shape or P.T != P or not all(e.is_Rational for e in P) or not _is_definite(P):
        raise GameError("the matrix of V must be rational, symmetric and positive definite")
    change = P * J + J.T * P if continuous else J.T * P * J - P
    if not _is_definite(-change):
        raise GameError("V does not decrease in the linearization; leave the matrix out")
    return P


def _rational_point(system: System, at: Point) -> dict[Symbol, Expr]:
    values = point_values(system, at)
    kinks = (sp.Abs, sp.sign, sp.Heaviside, sp.Piecewise, sp.Min, sp.Max)
    if any(f.has(*kinks) for f in system.rhs):
        raise GameError("a certified basin needs a smooth right-hand side; this one switches")
    changing = {*moving(system), *system.parameters}
    used = set().union(*(f.free_symbols for f in system.rhs)) & changing
    if used:
        names = ", ".join(sorted(map(str, used)))
        raise GameError(f"a certified basin needs numbers; give values to {names}")
    if not all(v.is_Rational for v in values.values()):
        raise GameError("a certified basin needs a rational equilibrium; shift the system")
    return values


class _Search:
    """Certificates for levels of one function."""

    def __init__(
        self, system: System, values: Mapping[Symbol, Expr], P: Matrix, time: Budget
    ) -> None:
        self.state, self.P, self.time = system.state, P, time
        self.center = dict(values)
        delta = Matrix([s - values[s] for s in system.state])
        self.V = sp.expand((delta.T * P * delta)[0])
        J, F = system.jacobian(), Matrix(system.rhs)
        if isinstance(system, Flow):
            self.decrease = -2 * (delta.T * P * F)[0]
            local = -(P * J + J.T * P)
        else:
            image = F - Matrix(list(values.values()))
            self.decrease = self.V - (image.T * P * image)[0]
            local = P - J.T * P * J
        if all(f.is_polynomial(*system.state) for f in F):
            self.decrease = sp.expand(self.decrease)
        self.minors = [local[:k, :k].det(method="berkowitz") for k in range(1, local.rows + 1)]

    def first(self, level: Rational) -> tuple[Rational, list[Mapping[str, Any]]]:
        """The first of ever smaller levels that gets a certificate."""
        for _ in range(20):
            self.time.check("the first level of a basin")
            found = self.certificates(level)
            if found:
                return level, found
            level = level / 8
        raise Undecided("no sublevel set got a certificate; give a larger budget")

    def certificates(self, level: Rational) -> list[Mapping[str, Any]] | None:
        """The certificates of a level; None where one is missing."""
        outer = self._sides(level)
        for share in (sp.Integer(1), *INNER):
            inner = {s: self._shrunk(s, side, share) for s, side in outer.items()}
            local = self._proved(self.minors, [inner])
            if local is not None:
                below = sp.Max(self.decrease, self.V - level, evaluate=False)
                rest = self._proved([below], _around(inner, outer, self.state))
                return None if rest is None else local + rest
            if not self.time.left:
                return None
        return None

    def _proved(
        self, functions: Sequence[Expr], boxes: Sequence[Sides]
    ) -> list[Mapping[str, Any]] | None:
        found = []
        for box in boxes:
            for f in functions:
                allowed = min(TRY_MS, int(1000 * self.time.left))
                data = prove_on_box(f, box, budget_ms=allowed) if allowed else None
                if data is None:
                    return None
                found.append(data)
        return found

    def _sides(self, level: Rational) -> Sides:
        r"""A rational box around the ellipsoid: :math:`|\delta_i| \le \sqrt{c\,(P^{-1})_{ii}}`."""
        inverse = self.P.inv()
        found: Sides = {}
        for i, s in enumerate(self.state):
            radius = _root_above(level * inverse[i, i])
            found[s] = (self.center[s] - radius, self.center[s] + radius)
        return found

    def _shrunk(self, s: Symbol, side: tuple[Expr, Expr], share: Expr) -> tuple[Expr, Expr]:
        radius = (side[1] - side[0]) / 2 * share
        return self.center[s] - radius, self.center[s] + radius


def _root_above(square: Rational) -> Rational:
    """A rational slightly above a square root: within a hundredth."""
    scale = sp.Integer(10_000)
    root = sp.integer_nthroot(int(sp.ceiling(square * scale**2)), 2)[0] + 1
    return Rational(root, scale)


def _around(inner: Sides, outer: Sides, state: Sequence[Symbol]) -> list[Sides]:
    """Boxes that cover the outer box without the inner one."""

    def parts() -> Iterator[Sides]:
        left = dict(outer)
        for s in state:
            (a, b), (c, d) = outer[s], inner[s]
            for low, high in ((a, c), (d, b)):
                if low < high:
                    yield {**left, s: (low, high)}
            left[s] = (c, d)

    return list(parts())
