r"""What a switched map is near the origin: linear branches on cones.

Each branch is replaced by its Jacobian at the origin and each switching function by its
form of lowest degree. Where every branch is linear and every switching function
homogeneous, nothing is lost; else it is the branchwise linearization.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import sympy as sp
from sympy import Expr, Matrix, Symbol

from symgan.analysis.cells import Cell, Signs, cells, primitive
from symgan.differentiation import jacobian
from symgan.errors import GameError, Undecided
from symgan.system import Map


@dataclass(frozen=True)
class Cone:
    """A cone with the linear branch on it.

    Attributes:
        signs: form -> allowed signs.
        matrix: the branch's matrix.
    """

    signs: Mapping[Expr, Signs]
    matrix: Matrix

    @property
    def is_open(self) -> bool:
        """Whether the cone has an interior as far as its signs say."""
        return all(signs != {0} for signs in self.signs.values())


@dataclass(frozen=True)
class ConeMap:
    """A map that is linear on each of several cones.

    Attributes:
        branches: the cones with their matrices; together they cover all states.
        is_exact: whether the original map is this one, not only near the origin.
    """

    branches: tuple[Cone, ...]
    is_exact: bool


def cone_map(system: Map) -> ConeMap:
    """The branchwise linearization of a map at the origin.

    Raises:
        GameError: the origin is not fixed.
        Undecided: a switching function has no form of lowest degree there.

    >>> x = Symbol("x", real=True)
    >>> found = cone_map(Map((x,), (sp.Piecewise((2*x + x**2, x > 0), (x/2, True)),)))
    >>> [branch.matrix for branch in found.branches], found.is_exact
    ([Matrix([[2]]), Matrix([[1/2]])], False)
    """
    state, split = system.state, cells(system.rhs)
    near = [(cell, cone) for cell in split if (cone := _cone(cell, state)) is not None]
    exact = len(near) == len(split) and all(_is_exact(cell, cone, state) for cell, cone in near)
    found: list[Cone] = []
    for _, cone in near:
        if cone not in found:  # branches may differ beyond their linear part only
            found.append(cone)
    return ConeMap(tuple(found), exact)


def _cone(cell: Cell, state: Sequence[Symbol]) -> Cone | None:
    """The cone of a cell near the origin; None where the cell stays away from it."""
    origin = dict.fromkeys(state, sp.Integer(0))
    values = Matrix(cell.values)
    signs: dict[Expr, Signs] = {}
    for p, allowed in cell.signs.items():
        form, sign = primitive(lowest_form(p, state))
        allowed = frozenset(sign * s for s in allowed)
        if form.is_Number:
            if 1 not in allowed:
                return None
            continue
        signs[form] = signs.get(form, allowed) & allowed
        if not signs[form]:
            return None
    if any(sp.simplify(v) != 0 for v in values.subs(origin)):
        raise GameError(
            "the map does not fix the origin; give the equilibrium on the switching surface"
        )
    return Cone(signs, jacobian(values, state).subs(origin).applyfunc(sp.factor))


def lowest_form(p: Expr, state: Sequence[Symbol]) -> Expr:
    """The form of lowest degree of a function at the origin.

    Raises:
        Undecided: it has none of degree four or less.

    >>> x, y = sp.symbols("x y", real=True)
    >>> lowest_form(sp.exp(x*y) - 1 + x**3, (x, y))
    x*y
    """
    scale = sp.Dummy("s", positive=True)
    along = p.subs({x: scale * x for x in state}, simultaneous=True)
    for degree in range(5):
        form = sp.expand(sp.diff(along, scale, degree).subs(scale, 0) / sp.factorial(degree))
        if form.has(sp.zoo, sp.nan):
            break
        if form != 0:
            return form
    raise Undecided(f"the switching function {p} has no form of lowest degree at the origin")


def _is_exact(cell: Cell, branch: Cone, state: Sequence[Symbol]) -> bool:
    image = branch.matrix * Matrix(state)
    linear = all(sp.expand(v - w) == 0 for v, w in zip(cell.values, image, strict=True))
    return linear and set(cell.signs) == set(branch.signs)
