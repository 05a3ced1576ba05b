r"""Linear flows in the Laplace domain, by rational arithmetic alone.

For :math:`\dot x = A x + b(t)`, :math:`x(0) = x_0`,

.. math:: X(s) = (sI - A)^{-1}(x_0 + F(s)) = \frac{N(s)}{D(s)},

with :math:`\operatorname{adj}(sI - A)` and :math:`\det(sI - A)` from the
Faddeev-LeVerrier recursion, which divides by integers only, and one common denominator
for the whole system from which only factors common to every numerator are removed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import sympy as sp
from sympy import Add, Expr, Integer, Matrix, Poly, Symbol
from sympy.polys.matrices import DomainMatrix

from symgan.analysis.field import Field, build_field
from symgan.analysis.forcing import Fraction, exponential_terms, fractions
from symgan.differentiation import diff, jacobian
from symgan.errors import GameError
from symgan.system import Flow

Factor = tuple[Poly, int]


@dataclass(frozen=True)
class RationalSolution:
    r"""The transform :math:`X_i(s) = N_i(s) / \prod_k g_k(s)^{m_k}`.

    Attributes:
        field: the field of coefficients.
        s: the transform variable.
        factors: irreducible, monic :math:`g_k` with their powers.
        numerators: one polynomial a component.
    """

    field: Field
    s: Symbol
    factors: tuple[Factor, ...]
    numerators: tuple[Poly, ...]

    @property
    def denominator(self) -> Poly:
        """The product of the factors."""
        product = self.field.poly(1, self.s)
        for factor, power in self.factors:
            product = product * factor**power
        return product


def linear_parts(flow: Flow) -> tuple[Matrix, tuple[Expr, ...]]:
    r"""Split a linear flow into its matrix A and its forcing b(t).

    Raises:
        GameError: a nonlinear term, or a coefficient of A that depends on time; the
            sentence names it.

    >>> x, y = sp.symbols("x y", real=True)
    >>> linear_parts(Flow((x, y), (-y, x + 2)))
    (Matrix([
    [0, -1],
    [1,  0]]), (0, 2))
    """
    expanded = tuple(sp.expand(f) for f in flow.rhs)
    A = jacobian(expanded, flow.state).applyfunc(_settled)
    for symbol, f, row in zip(flow.state, expanded, A.tolist(), strict=True):
        _refuse_nonlinear(flow, symbol, f, row)
    origin = dict.fromkeys(flow.state, Integer(0))
    return A, tuple(sp.sympify(f).xreplace(origin) for f in expanded)


def initial_state(flow: Flow, initial: Mapping[Symbol, Any] | Sequence[Any]) -> tuple[Expr, ...]:
    """The initial values in the order of the state.

    Raises:
        GameError: a missing or surplus value, or one that depends on time.
    """
    if isinstance(initial, Mapping):
        missing = [str(s) for s in flow.state if s not in initial]
        surplus = [str(s) for s in initial if s not in flow.state]
        if missing:
            raise GameError(f"no initial value for {', '.join(missing)}; give one for each state")
        if surplus:
            raise GameError(f"initial value for {', '.join(surplus)}, which is not a state symbol")
        values = tuple(sp.sympify(initial[s]) for s in flow.state)
    else:
        values = tuple(sp.sympify(value) for value in initial)
    if len(values) != len(flow.state):
        raise GameError(f"{len(values)} initial values for the {len(flow.state)} states of a flow")
    for value in values:
        if flow.time is not None and flow.time in value.free_symbols:
            raise GameError(f"the initial value {value} depends on the time {flow.time}")
    return values


def transform(flow: Flow, initial: tuple[Expr, ...], time: Symbol, s: Symbol) -> RationalSolution:
    """The Laplace transform of the solution, factored.

    Raises:
        GameError: as `linear_parts`, and a forcing that is not exponential-polynomial.
    """
    A, forcing = linear_parts(flow)
    driven = [fractions(exponential_terms(b, time), s) for b in forcing]
    parts = [part for fs in driven for part in fs]
    given = [*A, *initial]
    given += [c for p in parts for e in (p.numerator, p.factor) for c in Poly(e, s).coeffs()]
    field = build_field(given)
    adjugate, characteristic = resolvent(A, field, s)
    poles = _forcing_factors(parts, field, s)
    common = _product(poles, field, s)
    sources = [
        _sum([common * field.poly(x0, s), *(_over(common, part, field, s) for part in fs)])
        for x0, fs in zip(initial, driven, strict=True)
    ]
    numerators = [_sum([a * b for a, b in zip(row, sources, strict=True)]) for row in adjugate]
    factors = _merge(_irreducible(characteristic), poles)
    return _reduced(RationalSolution(field, s, tuple(factors), tuple(numerators)))


def resolvent(A: Matrix, field: Field, s: Symbol) -> tuple[list[list[Poly]], Poly]:
    r"""Adjugate and determinant of :math:`sI - A` (Faddeev-LeVerrier).

    .. math:: M_1 = I,\quad c_k = -\tfrac1k \operatorname{tr}(A M_k),\quad M_{k+1} = A M_k + c_k I
    """
    n, K = A.rows, field.domain
    matrix = DomainMatrix([[field.element(e) for e in row] for row in A.tolist()], (n, n), K)
    identity = DomainMatrix.eye(n, K)
    term, terms, coefficients = identity, [], [K.one]
    for k in range(1, n + 1):
        terms.append(term.to_dense().to_list())
        product = matrix * term
        trace = sum((product.to_dense().to_list()[i][i] for i in range(n)), K.zero)
        coefficients.append(-trace / K(k))
        term = product + identity * coefficients[-1]
    adjugate = [
        [field.from_coefficients([t[i][j] for t in terms], s) for j in range(n)] for i in range(n)
    ]
    return adjugate, field.from_coefficients(coefficients, s)


def _settled(entry: Expr) -> Expr:
    return sp.cancel(entry) if entry.free_symbols else entry


def _refuse_nonlinear(flow: Flow, symbol: Symbol, f: Expr, row: list[Expr]) -> None:
    states = set(flow.state)
    for other, coefficient in zip(flow.state, row, strict=True):
        if coefficient.free_symbols & states or coefficient.has(sp.Derivative):
            terms = [e for e in Add.make_args(f) if diff(e, other).free_symbols & states]
            raise GameError(
                f"the flow is not linear: {symbol}' holds {terms[0] if terms else f}; solve its "
                "linearization (analysis.linearize), or integrate it numerically"
            )
        if flow.time is not None and flow.time in coefficient.free_symbols:
            raise GameError(
                f"the coefficient {coefficient} of {other} in {symbol}' depends on time; a closed "
                "form needs constant coefficients"
            )


def _forcing_factors(parts: Sequence[Fraction], field: Field, s: Symbol) -> list[Factor]:
    """Each forcing pole with its highest power."""
    powers: dict[Poly, int] = {}
    for part in parts:
        factor = field.poly(part.factor, s)
        powers[factor] = max(powers.get(factor, 0), part.power)
    return list(powers.items())


def _over(common: Poly, part: Fraction, field: Field, s: Symbol) -> Poly:
    """A forcing term brought to the common denominator of all forcing."""
    return field.poly(part.numerator, s) * common.exquo(field.poly(part.factor, s) ** part.power)


def _product(factors: Sequence[Factor], field: Field, s: Symbol) -> Poly:
    product = field.poly(1, s)
    for factor, power in factors:
        product = product * factor**power
    return product


def _irreducible(characteristic: Poly) -> list[Factor]:
    return [(factor.monic(), power) for factor, power in characteristic.factor_list()[1]]


def _merge(first: Sequence[Factor], second: Sequence[Factor]) -> list[Factor]:
    powers: dict[Poly, int] = {}
    for factor, power in (*first, *second):
        powers[factor] = powers.get(factor, 0) + power
    return list(powers.items())


def _sum(polynomials: Sequence[Poly]) -> Poly:
    return reduce(lambda p, q: p + q, polynomials)


def _reduced(solution: RationalSolution) -> RationalSolution:
    """Divide out factors that all numerators share; monic, so no denominator appears."""
    numerators = list(solution.numerators)
    factors = []
    for factor, power in solution.factors:
        while power and all(n.rem(factor).is_zero for n in numerators):
            numerators = [n.quo(factor) for n in numerators]
            power -= 1
        if power:
            factors.append((factor, power))
    return RationalSolution(solution.field, solution.s, tuple(factors), tuple(numerators))
