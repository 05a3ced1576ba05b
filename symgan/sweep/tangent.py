r"""A map together with its tangent vectors, as one map: :math:`(x, Q) \mapsto (F(x), F'(x)\,Q)`."""

from __future__ import annotations

from collections.abc import Iterator

import sympy as sp
from sympy import Expr, Matrix, Symbol
from sympy.core.relational import Relational

from symgan.errors import BadData
from symgan.program import Program
from symgan.sweep.models import Model
from symgan.system import Map

TOUCHED = "touched"
"""A state symbol that turns from 0 to 1 once an orbit lies on a switching surface."""


def tangent_name(row: int, column: int) -> str:
    """The name of an entry of Q."""
    return f"tangent_{row}_{column}"


def with_tangents(model: Model) -> Model:
    """The map of a model with n tangent vectors and a mark of switching surfaces.

    Where a branch changes there is no derivative; the mark says that an orbit was there.

    Raises:
        BadData: it is no map.
        GameError: a program whose formulas are too long.

    >>> x = Symbol("x", real=True)
    >>> with_tangents(Model("m", Map((x,), (sp.Abs(x),)))).system.rhs[1]
    tangent_0_0*sign(x)
    """
    system = model.system.map() if isinstance(model.system, Program) else model.system
    if not isinstance(system, Map):
        raise BadData(f"{model.name!r} is no map; exponents are those of maps")
    n = len(system.state)
    q = Matrix(n, n, lambda i, j: Symbol(tangent_name(i, j), real=True))
    touched = Symbol(TOUCHED, real=True)
    jacobian = system.jacobian().applyfunc(_off_the_surface)
    on_surface = [sp.Eq(g, 0) for g in dict.fromkeys(switching(system.rhs))]
    on_surface = [relation for relation in on_surface if relation is not sp.false]
    mark = sp.Piecewise((1, sp.Or(*on_surface)), (touched, True)) if on_surface else touched
    start = [(q[i, j], sp.Integer(int(i == j))) for i in range(n) for j in range(n)]
    found = Map(
        (*system.state, *q, touched),
        (*system.rhs, *(jacobian * q), mark),
        *(system.parameters, system.index, system.noise),
        memory=(*system.memory, *start, (touched, sp.S.Zero)),
    )
    return Model(model.name, found)


def switching(expressions: tuple[Expr, ...]) -> Iterator[Expr]:
    """Expressions that vanish where a branch of these changes."""
    for expression in expressions:
        for piecewise in expression.atoms(sp.Piecewise):
            for _, condition in piecewise.args:
                yield from (r.lhs - r.rhs for r in condition.atoms(Relational))
        for node in expression.atoms(sp.Abs, sp.sign, sp.Heaviside):
            yield node.args[0]
        for node in expression.atoms(sp.Min, sp.Max):
            first, *others = node.args
            yield from (first - other for other in others)


def _off_the_surface(entry: Expr) -> Expr:
    """A derivative without what it holds on switching surfaces alone."""
    return entry.replace(sp.DiracDelta, lambda *args: sp.S.Zero)
