r"""Stationary points of a game, classified exactly.

At a point with :math:`v(x) = 0` each player's own Hessian block says whether the point is a
local Nash equilibrium, the whole Jacobian whether the flow :math:`\dot x = -v(x)` is drawn to it.
The two are different questions: an attractor need not be a Nash equilibrium, nor the reverse.

Source: Ratliff, Burden and Sastry 2016 (differential Nash); Mazumdar, Ratliff and Sastry 2020
(attractors that are not Nash); Fiez, Chasnov and Ratliff 2020 (differential Stackelberg).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import sympy as sp
from sympy import And, Expr, ImmutableMatrix, Matrix, Not, Or, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.conditions import tidy
from symgan.analysis.own_minimum import OwnMinimum, own_minimum
from symgan.analysis.points import Point, assume_nonzero, jacobian_at, point_values
from symgan.analysis.routh import hurwitz
from symgan.analysis.spectrum import spectrum
from symgan.analysis.stackelberg import stackelberg
from symgan.analysis.wholes import require_whole
from symgan.errors import GameError, Undecided
from symgan.game import Game
from symgan.results import Stability
from symgan.system import Flow


@dataclass(frozen=True)
class Classification:
    r"""What kind of stationary point it is; Booleans are exact conditions in the parameters.

    Attributes:
        game: its name.
        point: the stationary point, checked.
        jacobian: :math:`v'(x)` there.
        own: a player each, what its own loss does.
        differential_nash: every own Hessian is positive definite; such a point is strict.
        second_order: every own Hessian is positive semidefinite: necessary for a local Nash
            equilibrium, not sufficient.
        strict_nash: every player is at a strict local minimum of its own loss.
        nash: every player is at a local minimum.
        not_nash: some player is at none.
        open: neither was decided.
        stackelberg: of two players, differential Stackelberg equilibrium with player i
            leading; empty for another number of players.
        attracting: :math:`-v'` is Hurwitz: the flow converges locally and exponentially.
        unstable: :math:`-v'` has an eigenvalue with positive real part; None where a condition
            with parameters was not found.
        saddle: :math:`v'` has eigenvalues on both sides of the imaginary axis; None likewise.
    """

    game: str
    point: Mapping[Symbol, Expr]
    jacobian: ImmutableMatrix
    own: tuple[OwnMinimum, ...]
    differential_nash: Boolean
    second_order: Boolean
    strict_nash: Boolean
    nash: Boolean
    not_nash: Boolean
    open: Boolean
    stackelberg: tuple[Boolean, ...]
    attracting: Boolean
    unstable: Boolean | None
    saddle: Boolean | None

    @property
    def non_nash_attractor(self) -> Boolean:
        """The flow converges to the point, which is no local Nash equilibrium."""
        return tidy(And(self.attracting, self.not_nash))

    @property
    def repelled_nash(self) -> Boolean | None:
        """A strict local Nash equilibrium that the flow leaves; None where that is open."""
        return None if self.unstable is None else tidy(And(self.strict_nash, self.unstable))

    def words(self) -> tuple[str, ...]:
        """What holds for certain, in words, the strongest of each kind."""
        leads = (f"differential Stackelberg (player {i} leads)" for i in range(2))
        named: list[tuple[str, Boolean | None]] = [
            *zip(leads, self.stackelberg, strict=False),
            ("attracting", self.attracting),
            ("unstable", self.unstable),
            ("saddle of the flow", self.saddle),
            ("non-Nash attractor", self.non_nash_attractor),
        ]
        return (*self._nash_words(), *(word for word, holds in named if holds is sp.true))

    def _nash_words(self) -> tuple[str, ...]:
        steps = (
            ("differential Nash", self.differential_nash),
            ("strict local Nash", self.strict_nash),
            ("local Nash", self.nash),
            ("not Nash", self.not_nash),
            ("Nash undecided", self.open),
        )
        return tuple(word for word, holds in steps if holds is sp.true)[:1]


def classify(
    game: Game, at: Point | None = None, *, nonzero: Iterable[int | Expr] = ()
) -> Classification:
    """Classify a stationary point of a game with any number of players.

    Args:
        game: without time or drift.
        at: the stationary point, checked; the declared equilibrium unless given.
        nonzero: values assumed not to vanish, as in `spectrum`.

    Raises:
        GameError: no point, a point where v does not vanish or is not differentiable, a game
            with time or drift.

    Source: see the module.

    >>> from symgan.games.quadratic import quadratic
    >>> found = classify(quadratic(sp.Rational(-1, 2), 2, 1))
    >>> found.words()
    ('not Nash', 'differential Stackelberg (player 0 leads)', 'attracting', 'non-Nash attractor')
    >>> p, q = sp.symbols("p q", real=True)
    >>> classify(quadratic(p, 1, q)).differential_nash
    (p > 0) & (q > 0)
    """
    require_whole(game, "classify")
    flow, point = _at_rest(game, at)
    J = -jacobian_at(flow, point)
    blocks = _blocks(game, J)
    own = tuple(
        own_minimum(loss, player, block, point, nonzero=nonzero)
        for loss, player, block in zip(game.losses, game.players, blocks, strict=True)
    )
    not_nash = tidy(Or(*(o.fails for o in own)))
    nash = tidy(And(*(Or(o.strict, o.weak) for o in own)))
    leaders = range(2) if len(game.players) == 2 else ()
    forward = _unstable(flow.state, -J, nonzero)
    backward = _unstable(flow.state, J, nonzero)
    both = None if forward is None or backward is None else tidy(And(forward, backward))
    return Classification(
        game=game.name,
        point=point,
        jacobian=ImmutableMatrix(J),
        own=own,
        differential_nash=tidy(And(*(o.definite for o in own))),
        second_order=tidy(And(*(o.semidefinite for o in own))),
        strict_nash=tidy(And(*(o.strict for o in own))),
        nash=nash,
        not_nash=not_nash,
        open=tidy(And(Not(not_nash), Or(*(o.open for o in own)))),
        stackelberg=tuple(stackelberg(game, point, leader=i) for i in leaders),
        attracting=_hurwitz(-J, nonzero),
        unstable=forward,
        saddle=both,
    )


def _at_rest(game: Game, at: Point | None) -> tuple[Flow, dict[Symbol, Expr]]:
    if game.time is not None or any(d != 0 for d in game.moving):
        raise GameError(
            f"game {game.name!r} has time or drift, so its rest points are no stationary points of "
            "the losses; fix the time and drop the drift"
        )
    place = at if at is not None else game.equilibrium
    if place is None:
        raise GameError(f"game {game.name!r} declares no equilibrium; give the point")
    flow = game.flow()
    return flow, point_values(flow, place)


def _blocks(game: Game, J: Matrix) -> tuple[Matrix, ...]:
    """Each player's own Hessian: the diagonal blocks of v'."""
    found, start = [], 0
    for player in game.players:
        end = start + len(player)
        found.append(J[start:end, start:end])
        start = end
    return tuple(found)


def _hurwitz(A: Matrix, nonzero: Iterable[int | Expr]) -> Boolean:
    entries, names = assume_nonzero([*A], nonzero)
    s = sp.Dummy("s")
    polynomial = Matrix(*A.shape, entries).charpoly(s).as_expr(s)
    return tidy(hurwitz(polynomial, s)).xreplace(names)


def _unstable(
    state: tuple[Symbol, ...], A: Matrix, nonzero: Iterable[int | Expr]
) -> Boolean | None:
    """The condition for an eigenvalue with positive real part; None where it was not found."""
    names = tuple(sp.Dummy(s.name, real=True) for s in state)
    rhs = tuple(A * Matrix(names))
    free = tuple(sorted(A.free_symbols, key=str))
    try:
        found = spectrum(Flow(names, rhs, parameters=free), nonzero=nonzero)
    except Undecided:
        return None
    return found.condition(Stability.UNSTABLE)
