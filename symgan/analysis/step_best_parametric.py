r"""The best step with parameters, for one real factor :math:`z^2 + p z + q` of the spectrum.

Where :math:`p^2 \le 4q` the spectral radius is :math:`\sqrt q`. So the best step is likely one
with :math:`q' = 0`, or one with a double eigenvalue, :math:`p^2 = 4q`. Each of these is proposed
with its exact rate r and kept only if z3 proves that no step is better, that is, that the
Schur conditions of :math:`g(rz)` have no solution, and that the eigenvalues there are not real
and different.
"""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp
from sympy import And, Expr, Poly, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.budget import Budget
from symgan.analysis.linear_map import LinearMap
from symgan.analysis.prune import implied, impossible
from symgan.analysis.step_solve import Cases, real_root
from symgan.differentiation import diff
from symgan.results_discrete import Best

SECONDS = 2.0


def best_steps(system: LinearMap, cases: Cases, budget: Budget) -> tuple[Best, ...]:
    """The best step of each solved case for which one is proved.

    Args:
        system: the iteration.
        cases: the solved cases of its stable steps.
        budget: time; at most two seconds of it are used.
    """
    if len(system.factors) != 1 or system.factors[0][0].degree() != 2:
        return ()
    time = Budget(min(SECONDS, budget.left))
    p, q = system.field.coefficients(system.factors[0][0])[1:]
    found: list[Best] = []
    for case in cases:
        given = And(case.condition, *(s > 0 for s in system.parameters if s.is_positive))
        best = _best(system, p, q, given, time)
        if best is not None:
            found.append(Best(*best, condition=case.condition))
    united: dict[tuple[Expr, Expr], Boolean] = {}
    for b in found:
        key = (b.step, b.rate)
        united[key] = sp.Or(united.get(key, sp.false), b.condition)
    return tuple(Best(*key, condition=condition) for key, condition in united.items())


def _best(
    system: LinearMap, p: Expr, q: Expr, given: Boolean, time: Budget
) -> tuple[Expr, Expr] | None:
    step, h = system.symbol, Symbol("h", positive=True)
    for candidate, equation in _candidates(p, q, step):
        if time.left == 0:
            return None
        value = sp.factor(sp.together(q.subs(step, candidate)))
        if not implied(candidate > 0, given):
            continue
        # The candidate by its equation, so that the solver meets no root.
        there = And(given, sp.Eq(equation.subs(step, h), 0))
        square = q.subs(step, h)
        complex_there = implied((p**2 - 4 * q).subs(step, h) <= 0, there)
        if not complex_there or not implied(square >= 0, there):
            continue
        if value == 0 or impossible(And(there, step > 0, *_below(p, q, square))):
            return candidate, real_root(value)
    return None


def _below(p: Expr, q: Expr, square: Expr) -> Iterator[Boolean]:
    r"""All roots smaller than r, without r: :math:`|q| < r^2` and :math:`p^2 r^2 < (q + r^2)^2`."""
    yield q < square
    yield -q < square
    yield p**2 * square < (q + square) ** 2


def _candidates(p: Expr, q: Expr, step: Symbol) -> Iterator[tuple[Expr, Expr]]:
    """Steps in closed form, each with a polynomial that vanishes there."""
    for equation in (diff(q, step), p**2 - 4 * q):
        top = sp.fraction(sp.factor(sp.together(equation)))[0]
        for base, _ in sp.factor_list(top)[1]:
            if step in base.free_symbols:
                yield from ((root, base) for root in _roots(Poly(base, step)))


def _roots(polynomial: Poly) -> Iterator[Expr]:
    coefficients = polynomial.all_coeffs()
    if len(coefficients) == 2:
        a, b = coefficients
        if b != 0:
            yield sp.factor(-b / a)
    elif len(coefficients) == 3:
        a, b, c = coefficients
        root = real_root(sp.factor(b**2 - 4 * a * c))
        for side in (-1, 1):
            yield sp.factor((-b + side * root) / (2 * a))
