r"""Mean-square stability of noisy iterations, exactly.

For :math:`x^+ = A(\xi) x + b(\xi)` with independent draws of mean zero the second moment
:math:`S = E[xx^\top]` obeys a linear recursion,

.. math:: S^+ = E[A S A^\top] + E[b b^\top], \qquad
          \mathrm{vec}\,S^+ = E[A\otimes A]\,\mathrm{vec}\,S + \mathrm{vec}\,E[bb^\top].

It has dimension :math:`n(n+1)/2` on symmetric matrices. The iteration is mean-square stable exactly
where the spectral radius of this operator is below one; S then tends to the solution of the
fixed-point equation, whatever the law of the noise beyond its covariance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import sympy as sp
from sympy import And, Expr, Matrix, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.definite import positive_semidefinite
from symgan.analysis.field import build_field
from symgan.analysis.points import Point, point_values, vanishes_exactly
from symgan.analysis.quadratic_extension import solve
from symgan.analysis.signs import positive
from symgan.analysis.step_bound import SECONDS, step_bound_of_matrix
from symgan.analysis.wholes import require_whole
from symgan.errors import GameError, Undecided
from symgan.results_discrete import StepBound
from symgan.system import Map


@dataclass(frozen=True)
class SecondMoment:
    r"""The recursion of the second moment around a fixed point of the mean iteration.

    Attributes:
        mean: :math:`E[A]`, shape (n, n).
        operator: :math:`S \mapsto E[ASA^\top]` in the entries :math:`S_{ab}, a \le b`, row by
            row, shape (n(n+1)/2, n(n+1)/2).
        additive: :math:`E[bb^\top]`, shape (n, n).
    """

    mean: Matrix
    operator: Matrix
    additive: Matrix

    @property
    def pairs(self) -> tuple[tuple[int, int], ...]:
        """The entries of a symmetric matrix in the operator's order."""
        return _pairs(self.mean.rows)

    def bound(self, symbol: Symbol, *, budget: float = SECONDS) -> StepBound:
        r"""The exact set of steps for which the iteration is mean-square stable.

        Args:
            symbol: the step, positive.
            budget: seconds.

        Raises:
            Undecided: out of time, or the conditions are too long.
        """
        return step_bound_of_matrix(self.operator, symbol, budget=budget)

    def stationary(self) -> Matrix:
        r"""The solution of :math:`S = E[ASA^\top] + E[bb^\top]`, rational in the step.

        It is the limit of the second moment where the iteration is mean-square stable, and
        means nothing elsewhere.

        Raises:
            Undecided: the operator has the eigenvalue one for all parameters.
        """
        return self._solved(self.additive)

    def condition(self) -> Boolean:
        r"""The exact condition of mean-square stability, by the leading minors of one matrix.

        The operator keeps the cone of positive semidefinite matrices. Its spectral radius is
        below one exactly where :math:`S - E[ASA^\top] = 1` has a positive definite solution S.

        Source: Schneider 1965, "Positive operators and an inertia theorem".
        """
        S = self._solved(sp.eye(self.mean.rows))
        return And(*(positive(S[:k, :k].det()) for k in range(1, S.rows + 1)))

    def _solved(self, forcing: Matrix) -> Matrix:
        """The solution of S = E[A S A^T] + forcing."""
        n = self.mean.rows
        left = sp.eye(self.operator.rows) - self.operator
        right = [forcing[a, b] for a, b in self.pairs]
        field = build_field([*left, *right])
        rows = [[field.element(e) for e in row] for row in left.tolist()]
        try:
            found = solve(rows, [field.element(e) for e in right])
        except Undecided:
            raise Undecided(
                "the second moment has no unique stationary value: its recursion has the "
                "eigenvalue 1; check that the mean iteration contracts"
            ) from None
        values = {p: field.expression(e) for p, e in zip(self.pairs, found, strict=True)}
        return Matrix(n, n, lambda a, b: values[min(a, b), max(a, b)])


def second_moment(
    system: Map, at: Point | None = None, *, covariance: Matrix | None = None
) -> SecondMoment:
    r"""The recursion of the second moment of a map that draws noise.

    Args:
        system: a map with noise symbols of mean zero, independent from step to step, in which
            Jacobian and value at the fixed point are affine.
        at: a fixed point of the map without noise; None for the origin. Around it the map is
            linearized.
        covariance: of the noise symbols, in their order; the identity unless given.

    Raises:
        GameError: no noise, no fixed point, a nonlinear system without a point, noise that
            enters otherwise, or a covariance of another shape or not symmetric.

    >>> x, xi = sp.symbols("x xi", real=True)
    >>> eta = sp.Symbol("eta", positive=True)
    >>> noisy = Map((x,), (x - eta*(x + xi),), parameters=(eta,), noise=(xi,))
    >>> second_moment(noisy).stationary()
    Matrix([[-eta/(eta - 2)]])
    """
    require_whole(system, "second_moment")
    if not isinstance(system, Map) or not system.noise:
        raise GameError("a second moment needs a map with noise symbols; see Map.noise")
    C = _covariance(covariance, len(system.noise))
    values = _values(system, at)
    J = system.jacobian().applyfunc(sp.expand)
    if at is None and J.free_symbols & set(system.state):
        raise GameError("the map is not linear, so its second moment needs a point; give at=")
    J = J.subs(values, simultaneous=True)
    moved = (
        f.subs(values, simultaneous=True) - v
        for f, v in zip(system.rhs, values.values(), strict=True)
    )
    offset = Matrix(list(moved))
    mean, slopes = _affine(J, system.noise)
    rest, pushes = _affine(offset, system.noise)
    if not all(vanishes_exactly(e) for e in rest):
        raise GameError(
            f"the map without noise does not rest at {values}: it moves by {list(rest)}"
        )
    return assembled(mean, slopes, pushes, C)


def mean_square_bound(
    system: Map,
    symbol: Symbol,
    at: Point | None = None,
    *,
    covariance: Matrix | None = None,
    budget: float = SECONDS,
) -> StepBound:
    r"""The exact set of steps for which a noisy map is mean-square stable.

    Args:
        system, at, covariance: as in `second_moment`.
        symbol: the step, a positive symbol.
        budget: seconds.

    Raises:
        GameError: as `second_moment`.
        Undecided: out of time, or the conditions are too long.

    >>> x, xi, s = sp.symbols("x xi s", real=True)
    >>> eta = sp.Symbol("eta", positive=True)
    >>> noisy = Map((x,), (x - eta*(1 + 2*xi)*x,), parameters=(eta,), noise=(xi,))
    >>> mean_square_bound(noisy, eta).asymptotic
    Interval.open(0, 2/5)
    """
    require_whole(system, "mean_square_bound")
    return second_moment(system, at, covariance=covariance).bound(symbol, budget=budget)


def stationary_covariance(
    system: Map, at: Point | None = None, *, covariance: Matrix | None = None
) -> Matrix:
    r"""The covariance that a mean-square stable noisy map tends to, rational in the step.

    Args and errors: as `second_moment`.
    """
    require_whole(system, "stationary_covariance")
    return second_moment(system, at, covariance=covariance).stationary()


def _values(system: Map, at: Point | None) -> dict[Symbol, Expr]:
    if at is not None:
        return point_values(system, at)
    return dict.fromkeys(system.state, sp.Integer(0))


def _covariance(given: Matrix | None, count: int) -> Matrix:
    C = sp.eye(count) if given is None else Matrix(given)
    if C.shape != (count, count) or C != C.T:
        raise GameError(f"the covariance of {count} noise symbols is symmetric, of that size")
    if positive_semidefinite(C) is sp.false:
        raise GameError("the covariance is not positive semidefinite, so no noise has it")
    return C


def _affine(entries: Matrix, noise: Sequence[Symbol]) -> tuple[Matrix, list[Matrix]]:
    """The mean and the coefficient of each noise symbol.

    Raises:
        GameError: the noise enters otherwise.
    """
    slopes = [entries.diff(s) for s in noise]
    if any(M.free_symbols & set(noise) for M in slopes):
        raise GameError("the noise enters nonlinearly; name each random coefficient by a symbol")
    return entries.subs(dict.fromkeys(noise, 0)), slopes


def assembled(
    mean: Matrix, slopes: Sequence[Matrix], pushes: Sequence[Matrix], C: Matrix
) -> SecondMoment:
    """The recursion from the mean, the noise's coefficients and its covariance."""
    n, pairs = mean.rows, _pairs(mean.rows)
    weights = [(i, j, C[i, j]) for i in range(C.rows) for j in range(C.cols) if C[i, j] != 0]
    columns = []
    for a, b in pairs:
        S = sp.zeros(n, n)
        S[a, b] = S[b, a] = 1
        image = mean * S * mean.T
        for i, j, weight in weights:
            image += weight * slopes[i] * S * slopes[j].T
        columns.append([sp.expand(image[c, d]) for c, d in pairs])
    additive = sp.zeros(n, n)
    for i, j, weight in weights:
        additive += weight * pushes[i] * pushes[j].T
    operator = Matrix(columns).T
    return SecondMoment(mean, operator, additive.applyfunc(sp.expand))


def _pairs(n: int) -> tuple[tuple[int, int], ...]:
    return tuple((a, b) for a in range(n) for b in range(a, n))
