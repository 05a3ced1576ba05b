r"""Candidates for Lyapunov functions: templates solved for their coefficients.

Where an orbit crosses a switching surface again and again, a Lyapunov function that is sharp
must be kept exactly by some branches. Asking :math:`V(F(x)) = V(x)` on a set of branches is a
linear system in the coefficients of a template, over the field of the step; each set
with solutions gives candidates, with coefficients rational in the step.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, combinations_with_replacement

import sympy as sp
from sympy import Dummy, Expr, Matrix, Poly, Symbol

from symgan.analysis.cells import Cell, cells
from symgan.errors import Undecided
from symgan.system import Map

MOST_BRANCHES = 10
TEMPLATES = ("quadratic", "absolute", "max")


def candidates(system: Map, template: str | Expr | None) -> Iterator[Expr]:
    """Functions that may be Lyapunov functions, the most promising first.

    Args:
        system: a map with a single step.
        template: a name in `TEMPLATES`, an expression with unknown coefficients or none,
            or None for all templates that fit.
    """
    if isinstance(template, Expr):
        yield from _solved(system, template, _unknowns(system, template))
        return
    matrix = linear_part(system)
    if matrix is not None and template in (None, "quadratic"):
        yield from discrete_lyapunov(matrix, system.state)
    if template in (None, "absolute") and matrix is None:
        yield from _solved(system, *_template(system, switching_forms(system)))
    if template in (None, "quadratic"):
        yield from _solved(system, *_template(system, []))
        yield sp.Add(*(x**2 for x in system.state))
    if template in (None, "max"):
        yield sp.Max(*(sp.Abs(x) for x in system.state))


def linear_part(system: Map) -> Matrix | None:
    """The matrix of a linear map; None for any other.

    >>> x, y = sp.symbols("x y", real=True)
    >>> linear_part(Map((x, y), (y, x))), linear_part(Map((x,), (abs(x),)))
    (Matrix([
    [0, 1],
    [1, 0]]), None)
    """
    if any(f.has(sp.Piecewise, sp.Abs, sp.Max, sp.Min) for f in system.rhs):
        return None
    jacobian = system.jacobian()
    image = jacobian * Matrix(system.state)
    is_linear = not jacobian.free_symbols & set(system.state) and all(
        sp.expand(f - g) == 0 for f, g in zip(system.rhs, image, strict=True)
    )
    return jacobian if is_linear else None


def discrete_lyapunov(A: Matrix, state: Sequence[Symbol]) -> Iterator[Expr]:
    r"""The form V of the discrete Lyapunov equation :math:`A^\top P A - P = -1`.

    Its increment is :math:`-|x|^2`; it exists where no two eigenvalues multiply to one.

    >>> x = Symbol("x", real=True)
    >>> list(discrete_lyapunov(Matrix([[sp.Rational(1, 2)]]), (x,)))
    [4*x**2/3]
    """
    n = A.rows
    names = [[Dummy(f"p{min(i, j)}{max(i, j)}") for j in range(n)] for i in range(n)]
    P = Matrix(n, n, lambda i, j: names[min(i, j)][max(i, j)])
    unknowns = [P[i, j] for i in range(n) for j in range(i, n)]
    equations = A.T * P * A - P + sp.eye(n)
    upper = [equations[i, j] for i in range(n) for j in range(i, n)]
    solution = sp.solve(upper, unknowns, dict=True)
    if len(solution) == 1 and set(solution[0]) == set(unknowns):
        x = Matrix(state)
        yield sp.factor((x.T * P.subs(solution[0]) * x)[0])


def switching_forms(system: Map) -> list[Expr]:
    """The quadratic forms on whose sign the map switches."""
    signs = {p for cell in cells(system.rhs) for p in cell.signs}
    quadratic = [
        p
        for p in sorted(signs, key=sp.default_sort_key)
        if p.is_polynomial(*system.state) and set(map(sum, Poly(p, *system.state).monoms())) == {2}
    ]
    return quadratic


def _template(system: Map, forms: Sequence[Expr]) -> tuple[Expr, list[Symbol]]:
    """Squares and products of the state, and the absolute values of some forms."""
    pairs = combinations_with_replacement(system.state, 2)
    terms = [*(x * y for x, y in pairs), *(sp.Abs(form) for form in forms)]
    unknowns = [Dummy(f"c{k}") for k in range(len(terms))]
    return sp.Add(*(c * t for c, t in zip(unknowns, terms, strict=True))), unknowns


def _unknowns(system: Map, template: Expr) -> list[Symbol]:
    return sorted(template.free_symbols - {*system.state, *system.parameters}, key=str)


def _solved(system: Map, template: Expr, unknowns: Sequence[Symbol]) -> Iterator[Expr]:
    """The template with coefficients for which a set of branches keeps it, largest sets first."""
    if not unknowns:
        yield template
        return
    fixed = template.subs(dict.fromkeys(unknowns, 0))
    if fixed != 0:  # a coefficient that was given is an unknown too: V counts up to a factor
        given = Dummy("c")
        template, unknowns = sp.expand(template - fixed) + given * fixed, [*unknowns, given]
    image = template.subs(dict(zip(system.state, system.rhs, strict=True)), simultaneous=True)
    rows = [_equations(cell, system.state, unknowns) for cell in cells([image - template])
            if cell.is_open]  # fmt: skip
    rows = [r for k, r in enumerate(rows) if r.rows and r not in rows[:k]]
    if len(rows) > MOST_BRANCHES:
        raise Undecided(f"{len(rows)} branches are too many; give a template with fewer terms")
    seen: list[Expr] = []
    for size in range(len(rows), 0, -1):
        for chosen in combinations(rows, size):
            for vector in _kernel(Matrix.vstack(*chosen)):
                V = _oriented(template.subs(dict(zip(unknowns, vector, strict=True))), system)
                if V != 0 and V not in seen:
                    seen.append(V)
                    yield V


def _equations(cell: Cell, state: Sequence[Symbol], unknowns: Sequence[Symbol]) -> Matrix:
    """The linear system in the coefficients for a zero increment on a cell."""
    polynomial = Poly(sp.expand(cell.values[0]), *state)
    rows = [[sp.factor(c.coeff(u)) for u in unknowns] for c in map(sp.expand, polynomial.coeffs())]
    return Matrix(len(rows), len(unknowns), [e for row in rows for e in row])


def _kernel(matrix: Matrix) -> list[list[Expr]]:
    """A basis of the solutions, and its sum where there are several."""
    vectors = matrix.nullspace(simplify=True)
    if len(vectors) > 1:
        vectors.append(sum(vectors[1:], vectors[0]))
    return [list(vector.applyfunc(sp.cancel)) for vector in vectors]


def _oriented(form: Expr, system: Map) -> Expr:
    """Without denominators or common factors, and positive on the first axis if it can be."""
    numerator = sp.fraction(sp.together(form))[0]
    content = sp.factor_list(numerator)[1]
    variable = [b**p for b, p in content if b.free_symbols & set(system.state)]
    V = sp.expand(sp.Mul(*variable))
    first = V.subs(dict.fromkeys(system.state[1:], 0)).subs(system.state[0], 1)
    return -V if first.could_extract_minus_sign() else V
