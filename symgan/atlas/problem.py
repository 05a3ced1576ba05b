r"""Linear problems in canonical form: what cells share.

At an equilibrium an update rule sees the Hessians of the players' losses and nothing else
(where a rule reads more, `reads_losses` finds out). Two cells whose Hessians differ by a
positive factor c, by the signs of single coordinates, or by the names and units of their
parameters, are one problem: with :math:`H = c H'`

.. math:: \rho(\text{rule}(H), \eta) = \rho(\text{rule}(H'), c\eta)

for every rule that is homogeneous (`homogeneous` tests it; others keep their scale).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

import sympy as sp
from sympy import Expr, ImmutableMatrix, Integer, Matrix, Symbol, srepr

from symgan.analysis.reduction import tangent_space
from symgan.differentiation import diff
from symgan.game import Game, Point

ETA = Symbol("eta", positive=True)
"""The step of every rule in the atlas."""


ONE = Integer(1)


@dataclass(frozen=True)
class Problem:
    """The quadratic game at an equilibrium, in canonical symbols.

    Attributes:
        sizes: how many parameters each player has.
        hessians: the full Hessian of each player's loss, shape (n, n).
        tangent: directions along a continuum of equilibria, shape (n, k), in echelon form.
        factor: the positive c above, in the cell's own symbols.
        scales: canonical symbol -> what it stands for, without the step.
    """

    sizes: tuple[int, ...]
    hessians: tuple[ImmutableMatrix, ...]
    tangent: ImmutableMatrix
    factor: Expr = ONE
    scales: Mapping[Symbol, Expr] = field(default_factory=dict)

    @property
    def state(self) -> tuple[Symbol, ...]:
        """Names of the coordinates: deviations from the equilibrium."""
        return tuple(sp.symbols(f"x_1:{sum(self.sizes) + 1}", real=True))

    @property
    def game(self) -> Game:
        """The quadratic game, with the equilibrium (a continuum: a subspace) through 0."""
        x, start, players = Matrix(self.state), 0, []
        for size in self.sizes:
            players.append(self.state[start : start + size])
            start += size
        losses = tuple(sp.expand((x.T * H * x)[0] / 2) for H in self.hessians)
        used: set[Symbol] = set().union(*(loss.free_symbols for loss in losses))
        return Game(
            name="linearized",
            players=tuple(players),
            losses=losses,
            parameters=tuple(sorted(used - set(self.state), key=str)),
            equilibrium=self.rest,
        )

    @property
    def rest(self) -> dict[Symbol, Expr]:
        """The equilibrium: 0, or the subspace spanned by `tangent`, by its own coordinates."""
        _, pivots = self.tangent.T.rref()
        free = Matrix([self.state[i] for i in pivots])
        if not pivots:
            return dict.fromkeys(self.state, Integer(0))
        return dict(zip(self.state, self.tangent * free, strict=True))

    @cached_property
    def key(self) -> str:
        """A digest of the problem without its scales."""
        parts = [srepr(self.sizes), *map(srepr, self.hessians), srepr(self.tangent)]
        return sha256("\0".join(parts).encode()).hexdigest()


def problem(game: Game, at: Point, *, whole_line: bool, scaled: bool = True) -> Problem:
    """The canonical problem of a game at an equilibrium.

    Args:
        game: without time.
        at: the equilibrium; values with free state symbols are a continuum.
        whole_line: whether the game is linear, so that the kernel of J is a continuum.
        scaled: whether the common factor may be divided out.
    """
    values = {s: sp.sympify(v) for s, v in at.items()}
    everywhere = (sp.hessian(loss, game.state) for loss in game.losses)
    hessians = [H.subs(values, simultaneous=True).applyfunc(sp.expand) for H in everywhere]
    sizes = tuple(len(player) for player in game.players)
    tangent = tangent_space(values, game.state)
    if whole_line:
        tangent = _kernel(jacobian(sizes, hessians))
    if tangent.cols:
        tangent = tangent.T.rref(simplify=True)[0].T
    hessians, sizes_of = _by_size(hessians, game.state)
    found = Problem(
        sizes, tuple(map(ImmutableMatrix, hessians)), ImmutableMatrix(tangent), scales=sizes_of
    )
    if sizes == (1, 1) and not tangent.cols:
        found = _unsigned(found)
        found = _scaled(found) if scaled else found
    return _renamed(found)


def _by_size(
    hessians: list[Matrix], state: Sequence[Symbol]
) -> tuple[list[Matrix], dict[Symbol, Expr]]:
    """A place on a continuum of which only the size matters, as a positive symbol.

    Where the size is 0 the Hessian divides by it and does not exist.
    """
    scales: dict[Symbol, Expr] = {}
    for s in state:
        size = Symbol(f"{s.name}_size", positive=True)
        bare = [H.xreplace({sp.Abs(s): size}) for H in hessians]
        held = any(sp.Abs(s) in e.atoms(sp.Abs) for H in hessians for e in H)
        if held and not any(s in H.free_symbols for H in bare):
            hessians, scales[size] = bare, sp.Abs(s)
    return hessians, scales


def jacobian(sizes: Sequence[int], hessians: Sequence[Matrix]) -> Matrix:
    """The Jacobian of v: each player's own rows of its own Hessian."""
    owners = [i for i, size in enumerate(sizes) for _ in range(size)]
    return Matrix.vstack(*(hessians[i][row, :] for row, i in enumerate(owners)))


def _kernel(J: Matrix) -> Matrix:
    columns = J.nullspace()
    return Matrix.hstack(*columns) if columns else sp.zeros(J.rows, 0)


def _unsigned(found: Problem) -> Problem:
    """The first player's interaction made positive, by the sign of the other's coordinate."""
    if found.hessians[0][0, 1].is_negative is not True:
        return found
    D = sp.diag(1, -1)
    turned = tuple(ImmutableMatrix(D * H * D) for H in found.hessians)
    return Problem(found.sizes, turned, found.tangent)


def _scaled(found: Problem) -> Problem:
    """The first player's interaction made 1."""
    factor = found.hessians[0][0, 1]
    if factor.is_positive is not True:
        return found
    own = {s for s in _symbols(found) - factor.free_symbols if s.is_positive}
    units = {s: s * factor for s in own}
    divided = tuple(
        ImmutableMatrix((H / factor).subs(units, simultaneous=True).applyfunc(sp.expand))
        for H in found.hessians
    )
    scales = {s: s / factor for s in own}
    return Problem(found.sizes, divided, found.tangent, factor, scales)


def _renamed(found: Problem) -> Problem:
    """Each positive parameter in units in which its first coefficient is 1."""
    hessians, scales = found.hessians, dict(found.scales)
    for symbol in sorted((s for s in _symbols(found) if s.is_positive), key=str):
        entry = next(e for H in hessians for e in H if symbol in e.free_symbols)
        slope = diff(entry, symbol)
        if not (slope.is_Rational and slope.is_positive) or slope == 1:
            continue
        hessians = tuple(
            ImmutableMatrix(H.subs(symbol, symbol / slope).applyfunc(sp.expand)) for H in hessians
        )
        scales[symbol] = slope * scales.get(symbol, symbol)
    tangent = found.tangent
    return Problem(found.sizes, hessians, tangent, found.factor, scales)


def _symbols(found: Problem) -> set[Symbol]:
    return set().union(*(H.free_symbols for H in found.hessians))
