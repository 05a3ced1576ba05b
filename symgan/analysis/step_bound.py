r"""For which steps is an equilibrium of a map stable: the exact set, its ends, the best one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import sympy as sp
from sympy import ConditionSet, Expr, Interval, Matrix, Symbol

from symgan.analysis import step_numeric, step_parametric
from symgan.analysis.budget import Budget
from symgan.analysis.conditions import normalized
from symgan.analysis.linear_map import LinearMap, linear_map, linearization, require_rational
from symgan.analysis.points import Point
from symgan.analysis.reduction import Scaling, find_scaling, folded
from symgan.analysis.signs import LONG_SUM
from symgan.analysis.step_certificate import numeric_certificate, parametric_certificate
from symgan.analysis.step_solve import real_root
from symgan.analysis.wholes import require_whole
from symgan.losses import GenericLoss
from symgan.results_discrete import Best, StepBound

SECONDS = 25.0
POSITIVE = Interval.open(0, sp.oo)


def step_bound(
    system: Any,
    symbol: Symbol,
    at: Point | None = None,
    *,
    nonzero: Iterable[int | Expr] = (),
    budget: float = SECONDS,
) -> StepBound:
    r"""The exact set of steps for which a fixed point is linearly stable.

    The characteristic polynomial is factored over the field of the parameters; parameters
    that only scale the step are set to 1 and put back. If none is left, the half-line of
    steps is cut at every step where a root can cross the unit circle, and each piece is
    decided exactly. Otherwise the conditions are exact Booleans, and solved for the step
    where that takes square roots at most.

    Args:
        system: a map; an implicit map with its ``linearization``.
        symbol: the step, a positive symbol.
        at: a fixed point, or an `Equilibrium`; None for an affine map. Where it holds free
            state symbols (a continuum), and for the fixed points of an affine map, all is
            meant modulo the tangent space.
        nonzero: values assumed not to vanish, as in `spectrum`.
        budget: seconds.

    Returns:
        See `StepBound`. Nothing nonlinear is claimed at marginal steps.

    Raises:
        GameError: a step that is not positive or that the map does not depend on; ``at``
            is no fixed point, or there is none; the linearization is not rational in the step;
            the point lies on a switching surface, where there is no Jacobian: use
            `switched_stability`.
        Undecided: out of time, or the conditions are too long.

    Source: Jury 1964; Miller 1971; Mescheder et al. 2018 for the steps of simple rules.

    >>> from symgan.system import Map
    >>> x, y = sp.symbols("x y", real=True)
    >>> eta, s = sp.symbols("eta s", positive=True)
    >>> turn = Map((x, y), (x + eta*s*y, y - eta*s*(x + eta*s*y)), parameters=(eta, s))
    >>> found = step_bound(turn, eta)
    >>> found.asymptotic, found.marginal
    (EmptySet, Interval.open(0, 2/s))
    >>> [(b.step, b.edge.value) for b in found.boundary]
    [(0, 'no step'), (2/s, 'Jordan block')]
    """
    require_whole(system, "step_bound")
    matrix, names = linearization(system, symbol, at, nonzero)
    return step_bound_of_matrix(matrix, symbol, names=names, budget=budget)


def step_bound_of_matrix(
    matrix: Matrix,
    symbol: Symbol,
    *,
    names: Mapping[Expr, Expr] | None = None,
    budget: float = SECONDS,
) -> StepBound:
    """As `step_bound`, of a linear iteration given by its matrix.

    Args:
        matrix: square, entries rational in the step.
        symbol: the step.
        names: symbol -> value to write back in the answer.
        budget: seconds.

    Raises:
        GameError: an entry that is not rational in the step.
        Undecided: out of time, or the conditions are too long.
    """
    time = Budget(budget)
    require_rational(matrix, symbol)
    matrix, free = _named_losses(matrix)
    matrix, sizes = folded(matrix, symbol)
    scaling = find_scaling(matrix, symbol)
    reduced = linear_map(scaling.reduce(matrix), symbol)
    back = _Back(scaling, symbol, {**(names or {}), **free}, sizes)
    whole = linear_map(matrix, symbol, factored=False) if scaling.weights else reduced
    time.check("the characteristic polynomial")
    if step_numeric.is_numeric(reduced):
        return _from_numbers(reduced, whole, back, time)
    return _from_parameters(reduced, whole, back, time)


class _Back:
    """The way from reduced symbols to the user's."""

    def __init__(
        self,
        scaling: Scaling,
        symbol: Symbol,
        names: Mapping[Expr, Expr],
        sizes: Mapping[Expr, Expr],
    ) -> None:
        self.scaling, self.symbol, self.names, self.sizes = scaling, symbol, names, sizes
        self._relation = cache(self._restored)  # conditions share most of their relations

    def __call__(self, condition: Any) -> Any:
        """A condition in true symbols, each relation without positive factors."""
        if not self.scaling.weights:
            return self.named(condition)
        relations = condition.atoms(sp.core.relational.Relational)
        return self.named(condition.xreplace({r: self._relation(r) for r in relations}))

    def _restored(self, relation: Any) -> Any:
        """A relation of factors of open sign: positive scalings leave each of them open."""
        difference = relation.lhs - relation.rhs
        factors = [self.scaling.homogenized(f) for f in sp.Mul.make_args(difference)]
        if any(f is None for f in factors):
            return normalized(relation, self.scaling.restore(difference))
        constant, rest = sp.Mul(*factors).as_coeff_Add()
        return type(relation)(rest, -constant, evaluate=len(rest.args) <= LONG_SUM)

    def named(self, expression: Any) -> Any:
        """With the user's names for what was renamed."""
        return expression.xreplace(dict(self.sizes)).xreplace(dict(self.names))

    def value(self, step: Expr) -> Expr:
        """A restored value of the step."""
        return self.expression(step, self.symbol)

    def expression(self, expression: Expr, symbol: Symbol | None = None) -> Expr:
        """A restored expression; a value of `symbol`, where one is given."""
        if isinstance(expression, sp.Piecewise):
            pieces = ((self.expression(e, symbol), self(c)) for e, c in expression.args)
            return sp.Piecewise(*pieces, evaluate=False)
        if isinstance(expression, sp.Min | sp.Max):
            return expression.func(*(self.expression(e, symbol) for e in expression.args))
        if expression in (sp.oo, 0):
            return expression
        restored = self.scaling.restore(expression, symbol)
        plain = restored.replace(
            lambda e: e.is_Pow and e.exp == sp.Rational(1, 2) and bool(e.base.free_symbols),
            lambda e: real_root(e.base),
        )
        return self.named(sp.factor(sp.together(plain)))

    @property
    def factor(self) -> Expr:
        """What a value of the step in a problem of numbers is multiplied with."""
        return self.named(self.scaling.factor(self.symbol))


def _from_numbers(reduced: LinearMap, whole: LinearMap, back: _Back, time: Budget) -> StepBound:
    found = step_numeric.answer(reduced, time)
    asymptotic, marginal = found.sets(back.factor)
    condition, neutral = found.conditions(reduced.symbol / back.factor)
    return StepBound(
        symbol=reduced.symbol,
        asymptotic=asymptotic,
        marginal=marginal,
        condition=condition,
        marginal_condition=neutral,
        boundary=found.boundary(back.factor),
        best=found.best_cases(back.factor),
        polynomial=back.named(whole.polynomial),
        variable=whole.variable,
        certificate=numeric_certificate(reduced, found, back.factor),
    )


def _from_parameters(reduced: LinearMap, whole: LinearMap, back: _Back, time: Budget) -> StepBound:
    found = step_parametric.answer(reduced, time)
    symbol = reduced.symbol
    condition, neutral = back(found.condition), back(found.marginal_condition)
    return StepBound(
        symbol=symbol,
        asymptotic=_restored_set(found.asymptotic, back)
        or ConditionSet(symbol, condition, POSITIVE),
        marginal=_restored_set(found.marginal, back) or ConditionSet(symbol, neutral, POSITIVE),
        condition=condition,
        marginal_condition=neutral,
        boundary=tuple(
            type(b)(
                back.value(b.step),
                b.edge,
                tuple(map(back.expression, b.eigenvalues)),
                back(b.condition),
            )
            for b in found.boundary
        ),
        best=tuple(
            Best(back.value(b.step), back.expression(b.rate), back(b.condition)) for b in found.best
        ),
        polynomial=back.named(whole.polynomial),
        variable=whole.variable,
        undecided=back(found.undecided),
        certificate=parametric_certificate(reduced, found),
    )


def _restored_set(found: Any, back: _Back) -> Any:
    """A set of reduced steps as a set of true ones; None where there is no closed form."""
    if found is None:
        return None
    if isinstance(found, Interval):
        ends = (back.value(found.start), back.value(found.end))
        return Interval(*ends, found.left_open, found.right_open)
    if isinstance(found, sp.FiniteSet):
        return sp.FiniteSet(*map(back.value, found.args))
    if isinstance(found, sp.Union):
        return sp.Union(*(_restored_set(part, back) for part in found.args))
    return found


def _named_losses(matrix: Matrix) -> tuple[Matrix, dict[Expr, Expr]]:
    """Values of free losses as symbols with the same assumptions."""
    losses = sorted(matrix.atoms(GenericLoss), key=sp.default_sort_key)
    names = {g: sp.Dummy(f"f{k}", real=True) for k, g in enumerate(losses)}
    return matrix.xreplace(names), {name: value for value, name in names.items()}
