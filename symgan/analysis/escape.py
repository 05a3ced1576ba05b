r"""Orbits that leave the origin, through cones visited periodically.

A word of branches with matrix :math:`M = A_{i_L} \cdots A_{i_1}` and a state v with
:math:`Mv = \lambda v`, all of whose images lie inside the cones of the word, gives an orbit
along rays that expands by :math:`|\lambda|` each period. Where :math:`|\lambda| > 1` the
origin is unstable; for a smooth map that is only linearized here so it is as well, since the
unstable manifold of the composition leaves the origin tangent to v, inside the same cones.
Where :math:`\pm M` is a Jordan block, :math:`(\pm M)^k x = x + kw` is unbounded.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import sympy as sp
from sympy import Expr, Matrix, Poly, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.cells import Signs
from symgan.analysis.cones import Cone
from symgan.analysis.evidence import proved
from symgan.analysis.increment import NOT_POSITIVE
from symgan.analysis.line import Piece
from symgan.analysis.planar import Rule, decide_planar
from symgan.certify.identity import is_zero


@dataclass(frozen=True)
class Word:
    """Branches visited one after the other, from the state x.

    Attributes:
        branches: first visited first.
        state: the state symbols.
    """

    branches: tuple[Cone, ...]
    state: tuple[Symbol, ...]

    @property
    def matrix(self) -> Matrix:
        """The matrix of one period."""
        M = sp.eye(len(self.state))
        for branch in self.branches:
            M = branch.matrix * M
        return M.applyfunc(sp.factor)

    @property
    def is_even(self) -> bool:
        """Whether x and -x visit the same branches."""
        return all(_degree(p, self.state) % 2 == 0 for b in self.branches for p in b.signs)

    def orbit(self, start: Sequence[Expr]) -> list[Matrix]:
        """The states at which the branches are entered."""
        states = [Matrix(start)]
        for branch in self.branches[:-1]:
            states.append((branch.matrix * states[-1]).applyfunc(sp.expand))
        return states

    def conditions(self, start: Sequence[Expr]) -> list[tuple[Expr, Signs]]:
        """What it means that the orbit stays inside the cones."""
        found = []
        for branch, x in zip(self.branches, self.orbit(start), strict=True):
            place = dict(zip(self.state, x, strict=True))
            inside = ((p, signs - {0} or signs) for p, signs in branch.signs.items())
            found += [(sp.expand(p.subs(place, simultaneous=True)), s) for p, s in inside]
        return found


def _degree(form: Expr, state: Sequence[Symbol]) -> int:
    return int(Poly(form, *state).total_degree())


def words(branches: Sequence[Cone], state: Sequence[Symbol], longest: int) -> Iterator[Word]:
    """All words of open branches, short ones first; rotations of a word are one word."""
    inner = [b for b in branches if b.is_open]
    for length in range(1, longest + 1):
        for chosen in product(range(len(inner)), repeat=length):
            rotations = [chosen[i:] + chosen[:i] for i in range(length)]
            if chosen == min(rotations) and not _repeats(chosen):
                yield Word(tuple(inner[i] for i in chosen), tuple(state))


def _repeats(chosen: tuple[int, ...]) -> bool:
    """Whether a word is a shorter one said several times over."""
    n = len(chosen)
    return any(n % d == 0 and chosen == chosen[:d] * (n // d) for d in range(1, n))


def expanding(word: Word, step: Symbol) -> sp.Set:
    """The exact set of steps for which the word has an expanding ray, in the plane."""
    x, y = word.state
    image = word.matrix * Matrix(word.state)
    along = sp.expand(image[0] * x + image[1] * y)
    across = sp.expand(image[0] * y - image[1] * x)
    size = x**2 + y**2
    growth = sp.expand(along**2 - size**2 if word.is_even else along - size)
    signs: dict[Expr, Signs] = {}
    for p, allowed in [*word.conditions(word.state), (across, frozenset({0}))]:
        signs[p] = signs.get(p, allowed) & allowed
    none = decide_planar([Rule(signs, growth, NOT_POSITIVE)], word.state, step).holds
    return sp.Interval.open(0, sp.oo) - none


@dataclass(frozen=True)
class Ray:
    """An expanding ray: the states of one period, the factor, and evidence for a range."""

    states: tuple[Mapping[Symbol, Expr], ...]
    factor: Expr
    certificate: Mapping[str, Any]


def ray(word: Word, step: Symbol, piece: Piece, given: Boolean) -> Ray | None:
    """The expanding ray in closed form with its evidence; None where it was not proved.

    Args:
        word: a word of branches in the plane.
        step: the step.
        piece: steps for which `expanding` found a ray.
        given: the same as a condition on the step.
    """
    root, square = Symbol("R", positive=True), _discriminant(word.matrix)
    outer, inner = _square_root(square)
    value = sp.sqrt(inner)
    rooted = inner.free_symbols or not value.is_Rational
    radical = outer * (root if rooted else value)
    known = sp.And(given, sp.Eq(root**2, inner)) if rooted else given
    place = {root: value}
    for factor, vector in _eigenpairs(word.matrix, radical):
        for sign in (1, -1):
            start = [sign * e for e in vector]
            grows = abs((factor.subs(place)).subs(step, piece.sample)) > 1
            if grows and _fits(word, start, place, {step: piece.sample}):
                data = _evidence(word, start, factor, place, known)
                if data is not None:
                    orbit = [x.subs(place) for x in word.orbit(start)]
                    states = tuple(dict(zip(word.state, x, strict=True)) for x in orbit)
                    return Ray(states, factor.subs(place), {"parts": data})
    return None


def _discriminant(M: Matrix) -> Expr:
    return sp.factor(M.trace() ** 2 - 4 * M.det())


def _eigenpairs(M: Matrix, radical: Expr) -> Iterator[tuple[Expr, list[Expr]]]:
    """Eigenvalues of a 2 x 2 matrix with eigenvectors, from the root of its discriminant."""
    for sign in (1, -1):
        factor = sp.expand((M.trace() + sign * radical) / 2)
        for vector in ([M[0, 1], factor - M[0, 0]], [factor - M[1, 1], M[1, 0]]):
            cleaned = _without_common_factor([sp.factor(e) for e in vector])
            if any(e != 0 for e in cleaned):
                yield factor, cleaned


def _without_common_factor(vector: Sequence[Expr]) -> list[Expr]:
    shared = sp.gcd(*vector)
    return [sp.cancel(e / shared) for e in vector] if shared != 0 else list(vector)


def _square_root(square: Expr) -> tuple[Expr, Expr]:
    """A product as a square times the rest: even powers of positive symbols are taken out."""
    constant, factors = sp.factor_list(square)
    outer = sp.Mul(*(b ** (p // 2) for b, p in factors if b.is_positive))
    return outer, sp.expand(constant * sp.Mul(*(b**p for b, p in factors)) / outer**2)


def _fits(
    word: Word, start: Sequence[Expr], root: Mapping[Symbol, Expr], place: Mapping[Symbol, Expr]
) -> bool:
    values = ((p.subs(root).subs(place), signs) for p, signs in word.conditions(start))
    return all(int(sp.sign(sp.radsimp(sp.expand(v)))) in signs for v, signs in values)


def _evidence(
    word: Word,
    start: Sequence[Expr],
    factor: Expr,
    root: Mapping[Symbol, Expr],
    given: Boolean,
) -> list[Mapping[str, Any]] | None:
    """That the start is an eigenvector, its orbit visits the cones, and the factor expands."""
    gap = word.matrix * Matrix(start) - factor * Matrix(start)
    zeros = [is_zero(entry.subs(root)) for entry in gap]
    statements = [_signed(p, allowed) for p, allowed in word.conditions(start)]
    statements.append(factor**2 > 1 if word.is_even else factor > 1)
    signs = [proved(statement, given) for statement in dict.fromkeys(statements)]
    if not all(zero.holds for zero in zeros) or None in signs:
        return None
    return [*(zero.certificate for zero in zeros), *(sign for sign in signs if sign)]


def _signed(p: Expr, allowed: Signs) -> Boolean:
    sign = next(iter(allowed))
    return sp.Gt(sp.factor(sign * p), 0) if len(allowed) == 1 else sp.Ne(p, 0)
