r"""A linear iteration made smaller: modulo a tangent space, and modulo scalings.

Both keep the answer to "for which steps": directions along a continuum of equilibria stand
still, and a scaling that only conjugates the matrix by a diagonal one leaves the spectrum
and the Jordan structure as they are, so that a positive parameter may be set to 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from sympy import Expr, Integer, Matrix, Symbol
from sympy.polys.matrices import DomainMatrix

from symgan.analysis.field import Field, build_field
from symgan.differentiation import jacobian


@dataclass(frozen=True)
class Scaling:
    r"""Parameters set to 1, and the way back.

    Attributes:
        weights: for each parameter p set to 1, symbol -> w: the symbol's value in the
            reduced problem is its true value times :math:`p^{-w}`.
    """

    weights: Mapping[Symbol, Mapping[Symbol, Expr]] = field(default_factory=dict)

    def factor(self, symbol: Symbol) -> Expr:
        """What a reduced value of a symbol is multiplied with to be a true one."""
        return sp.Mul(*(p ** w.get(symbol, Integer(0)) for p, w in self.weights.items()))

    def reduce(self, J: Matrix) -> Matrix:
        """The matrix of the reduced problem."""
        return J.subs(dict.fromkeys(self.weights, Integer(1)))

    def restore(self, expression: Any, symbol: Symbol | None = None) -> Any:
        """A reduced expression in true symbols; a value of `symbol`, where one is given."""
        whole = sp.sympify(expression)
        symbols = sorted(whole.free_symbols, key=str)
        back = whole.subs({q: q / self.factor(q) for q in symbols}, simultaneous=True)
        return back if symbol is None else back * self.factor(symbol)

    def homogenized(self, expression: Expr) -> Expr | None:
        """A reduced polynomial in true symbols, without positive monomials as factors.

        None where it is no polynomial, or a weight is no whole number.
        """
        symbols = sorted(expression.free_symbols, key=str)
        if not symbols or not expression.is_polynomial(*symbols):
            return None if symbols else expression
        polynomial = sp.Poly(expression, *symbols)
        terms = dict(zip(polynomial.monoms(), polynomial.coeffs(), strict=True))
        for weights in self.weights.values():
            powers = {m: _power(symbols, m, weights) for m in terms}
            if any(not w.is_Integer for w in powers.values()):
                return None
            least = min(powers.values())
            terms = {(*m, int(powers[m] - least)): c for m, c in terms.items()}
        return sp.Poly(terms, *symbols, *self.weights).as_expr()


def _power(symbols: list[Symbol], monomial: tuple[int, ...], weights: Mapping[Symbol, Expr]) -> Any:
    r"""The power of p that restoring a monomial brings, :math:`-\sum_q w_q m_q`."""
    pairs = zip(symbols, monomial, strict=False)
    return -sp.Add(*(weights.get(q, Integer(0)) * n for q, n in pairs))


def find_scaling(J: Matrix, symbol: Symbol) -> Scaling:
    r"""All scalings :math:`A(t^{w} p) = D A(p) D^{-1}` with :math:`D` diagonal, used up.

    Every monomial of entry (i, j) must have the weight :math:`d_i - d_j`. A positive
    parameter with a weight is set to 1.
    """
    K = build_field(J)
    symbols = list(getattr(K.domain, "symbols", ()))
    if not symbols or K.names or K.roots:
        return Scaling()
    rows = list(_weight_equations(J, K, symbols))
    positive = [s for s in symbols if s.is_positive and s != symbol]
    if not positive:
        return Scaling()
    ordered = [*positive, *(s for s in symbols if s not in positive)]
    swap = [symbols.index(s) for s in ordered] + list(range(len(symbols), len(symbols) + J.rows))
    system = Matrix(rows or [[0] * len(swap)]).extract(range(max(len(rows), 1)), swap)
    kernel = system.nullspace()
    if not kernel:
        return Scaling()
    basis, pivots = Matrix.hstack(*kernel).T.rref()
    used = [(row, p) for row, p in enumerate(pivots) if p < len(positive)]
    return Scaling({
        positive[p]: {s: basis[row, c] for c, s in enumerate(ordered) if basis[row, c] != 0}
        for row, p in used
    })  # fmt: skip


def _weight_equations(J: Matrix, K: Field, symbols: list[Symbol]) -> Iterable[list[Any]]:
    n = J.rows
    for i in range(n):
        for j in range(n):
            element = K.element(J[i, j])
            if not element:
                continue
            top, bottom = element.numer.monoms(), element.denom.monoms()
            for monomials in (top, bottom):
                for m in monomials[1:]:
                    yield [a - b for a, b in zip(m, monomials[0], strict=True)] + [0] * n
            ends = [0] * n
            ends[i] -= 1
            ends[j] += 1
            yield [a - b for a, b in zip(top[0], bottom[0], strict=True)] + ends


def modulo_tangent(J: Matrix, tangent: Matrix) -> Matrix:
    r"""The matrix that J induces modulo fixed directions.

    With the tangent vectors T normalized to the identity in the rows P, and N the other
    rows, it is :math:`J_{NN} - T_N J_{PN}`.

    Args:
        J: shape (n, n), with :math:`J T = T`.
        tangent: T, shape (n, k), of full rank.
    """
    if tangent.cols == 0:
        return J
    echelon, pivots = tangent.T.rref(simplify=True)
    T = echelon.T
    rest = [i for i in range(J.rows) if i not in pivots]
    inner = J.extract(rest, rest) - T.extract(rest, range(T.cols)) * J.extract(list(pivots), rest)
    return inner.applyfunc(sp.cancel)


def fixed_directions(J: Matrix) -> Matrix:
    r"""A basis of :math:`\ker(J - 1)` over the rational functions, shape (n, k)."""
    K = build_field(J)
    rows = [[K.element(e) for e in row] for row in (J - sp.eye(J.rows)).tolist()]
    kernel = DomainMatrix(rows, J.shape, K.domain).nullspace()
    columns = [Matrix([K.expression(e) for e in row]) for row in kernel.to_list()]
    return Matrix.hstack(*columns) if columns else sp.zeros(J.rows, 0)


def tangent_space(point: Mapping[Symbol, Expr], state: Iterable[Symbol]) -> Matrix:
    """Tangent vectors of a continuum given by values that hold free state symbols."""
    names = list(state)
    free = [s for s in names if any(s in sp.sympify(v).free_symbols for v in point.values())]
    if not free:
        return sp.zeros(len(names), 0)
    return jacobian([point[s] for s in names], free)


def folded(J: Matrix, symbol: Symbol) -> tuple[Matrix, dict[Expr, Expr]]:
    r"""Parameters of either sign replaced by positive symbols, where only their size matters.

    A parameter p that is not 0 is folded where :math:`A(-p) = D A(p) D` with D diagonal of
    entries :math:`\pm 1`; one that is negative always is.

    Returns:
        The matrix, and positive symbol -> what it stands for.
    """
    back: dict[Expr, Expr] = {}
    for p in sorted(J.free_symbols - {symbol}, key=str):
        if p.is_positive or not p.is_nonzero or p.is_real is not True:
            continue
        size = sp.Dummy(p.name, positive=True)
        if p.is_negative:
            J, back[size] = J.subs(p, -size), -p
        elif parities(J, p) is not None:
            J, back[size] = J.subs(p, size), sp.Abs(p)
    return J, back


def parities(J: Matrix, p: Symbol) -> list[int] | None:
    r"""Signs D of the state symbols with :math:`A(-p) = D A(p) D`; None where there are none."""
    n = J.rows
    edges: list[tuple[int, int, int]] = []
    for i in range(n):
        for j in range(n):
            entry, flipped = J[i, j], J[i, j].subs(p, -p)
            if sp.cancel(entry - flipped) == 0:
                parity = 0 if entry == 0 else 1
            elif sp.cancel(entry + flipped) == 0:
                parity = -1
            else:
                return None
            edges.append((i, j, parity))
    signs: dict[int, int] = {}
    for start in range(n):
        signs.setdefault(start, 1)  # a component is colored in full before the next one starts
        for _ in range(n):
            for i, j, parity in edges:
                if parity and i in signs and j not in signs:
                    signs[j] = signs[i] * parity
                elif parity and j in signs and i not in signs:
                    signs[i] = signs[j] * parity
    fits = all(parity == 0 or signs[i] * signs[j] == parity for i, j, parity in edges)
    return [signs[i] for i in range(n)] if fits else None
