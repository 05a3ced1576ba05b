r"""Dynamic-GDA: an oracle that looks at the discriminator's values on data.

It needs more than a `Game`: the projections of real and generated data. So it carries no
mark and is not in the catalog of rules that every game can be tried with.

Source: the dynamic paper, section 5 and algorithm 2.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from math import factorial
from typing import Any, Literal, get_args

import sympy as sp
from sympy import Expr, Rational, Symbol

from symgan.errors import GameError
from symgan.game import Game
from symgan.rules.oracle import Choice, by_players, piecewise
from symgan.rules.steps import INDEX, descent, new_symbols
from symgan.system import Map

Weighted = Sequence[tuple[Any, Any]]
"""(weight, value) pairs: a distribution on the line over finitely many atoms."""

Undefined = Literal["switch", "keep", "generator", "discriminator"]

NOBODY, GENERATOR, DISCRIMINATOR = sp.Integer(0), sp.Integer(1), sp.Integer(2)
"""Values of the memory of who moved last."""

W_LAST = Symbol("w_last", real=True, nonnegative=True)
LAST = Symbol("last", integer=True, nonnegative=True)

C1, C2 = Rational(6, 5), Rational(4, 5)
"""The thresholds that the paper found to work best."""

MOST_PLANS = 720
"""Orders of the atoms that `line_distance` goes through: 3! 5!, 4! 4! and less."""


def line_distance(real: Weighted, fake: Weighted) -> Expr:
    r"""The Wasserstein-1 distance of two finite distributions on the line, for all values.

    .. math:: W_1 = \int |F - G| = \min_{\sigma, \tau} \sum_{ij} \pi^{\sigma\tau}_{ij} |x_i - y_j|

    with :math:`\pi^{\sigma\tau}` the plan of the northwest-corner rule when the atoms are
    taken in the orders :math:`\sigma, \tau`. Each plan transports one distribution to the
    other, so none costs less than :math:`W_1`; the plan of the increasing orders costs
    that, whichever orders those are at given values.

    Args:
        real: (weight, value) pairs; weights are positive rationals that sum to one.
        fake: the same for the other distribution.

    Raises:
        GameError: weights that are not positive rationals with sum one; too many atoms.

    >>> x, y, z = sp.symbols("x y z", real=True)
    >>> line_distance([(1, x)], [(1, y)])
    Abs(x - y)
    >>> half = Rational(1, 2)
    >>> line_distance([(half, x), (half, y)], [(1, z)])
    Abs(x - z)/2 + Abs(y - z)/2
    """
    masses = [_masses(atoms, name) for atoms, name in ((real, "real"), (fake, "generated"))]
    if factorial(len(real)) * factorial(len(fake)) > MOST_PLANS:
        raise GameError(
            f"{len(real)} and {len(fake)} atoms can be ordered in too many ways for one formula "
            f"(more than {MOST_PLANS}); use fewer atoms"
        )
    plans = {
        _corner_plan(masses[0], masses[1], rows, columns)
        for rows in permutations(range(len(real)))
        for columns in permutations(range(len(fake)))
    }
    costs = {
        sp.Add(*(m * sp.Abs(sp.sympify(real[i][1]) - fake[j][1]) for i, j, m in plan))
        for plan in plans
    }
    ordered = sorted(costs, key=sp.default_sort_key)
    return ordered[0] if len(ordered) == 1 else sp.Min(*ordered, evaluate=False)


def _masses(atoms: Weighted, name: str) -> list[Any]:
    masses = [sp.sympify(weight) for weight, _ in atoms]
    if not all(m.is_Rational and m > 0 for m in masses) or sum(masses) != 1:
        raise GameError(
            f"the weights of the {name} atoms are {masses}; give positive rationals with sum one"
        )
    return masses


def _corner_plan(
    real: Sequence[Any], fake: Sequence[Any], rows: Sequence[int], columns: Sequence[int]
) -> frozenset[tuple[int, int, Any]]:
    """The northwest-corner plan for given orders: (i, j, mass) entries."""
    left, right = [real[i] for i in rows], [fake[j] for j in columns]
    i = j = 0
    plan = set()
    while i < len(left) and j < len(right):
        mass = min(left[i], right[j])
        plan.add((rows[i], columns[j], mass))
        left[i], right[j] = left[i] - mass, right[j] - mass
        i, j = i + (left[i] == 0), j + (right[j] == 0)
    return frozenset(plan)


def _undefined_choices(undefined: Undefined, w: Any) -> list[Choice]:
    """Who moves where the ratio w / w_last is 0/0."""
    where = sp.And(sp.Eq(w, 0), sp.Eq(W_LAST, 0))
    keep = [((0,), sp.And(sp.Eq(LAST, GENERATOR), where)), ((1,), where)]
    found: dict[str, list[Choice]] = {
        "switch": [], "keep": keep, "generator": [((0,), where)], "discriminator": [((1,), where)]
    }  # fmt: skip
    if undefined not in found:
        raise GameError(
            f"unknown undefined={undefined!r}; choose one of: {', '.join(get_args(Undefined))}"
        )
    return found[undefined]


def _choices(
    real: Weighted, fake: Weighted, w: Any, c1: Any, c2: Any, undefined: Undefined
) -> list[Choice]:
    """Algorithm 2, line by line; w / w_last < c is read as w < c w_last."""
    r, f = [d for _, d in real], [d for _, d in fake]
    return [
        ((1,), sp.Eq(LAST, NOBODY)),
        ((1,), sp.Max(*r) < sp.Min(*f)),
        ((0,), sp.Max(*f) < sp.Min(*r)),
        *_undefined_choices(undefined, w),
        ((0,), sp.And(sp.Eq(LAST, GENERATOR), w < c2 * W_LAST)),
        ((1,), sp.Eq(LAST, GENERATOR)),
        ((1,), w > c1 * W_LAST),
        ((0,), sp.true),
    ]


def dynamic_gda(
    game: Game,
    eta: Any,
    *,
    real: Weighted = (),
    fake: Weighted = (),
    c1: Any = C1,
    c2: Any = C2,
    undefined: Undefined = "switch",
) -> Map:
    r"""Dynamic-GDA, the paper's algorithm 2, as an exact map with memory.

    With real and generated projections :math:`r_i = d(x_i; \psi)`,
    :math:`f_j = d(g_j(\theta); \psi)` and their distance :math:`w = W_1(r, f)`, the first
    condition that holds says who moves:

    .. math:: \begin{array}{ll}
        \text{first iteration} & \psi \\
        \max r < \min f & \psi \\
        \max f < \min r & \theta \\
        \text{last moved } \theta & \theta \text{ if } w/w_{last} < c_2, \text{ else } \psi \\
        \text{last moved } \psi & \psi \text{ if } w/w_{last} > c_1, \text{ else } \theta
        \end{array}

    The state gets two memories: ``w_last``, the distance one iteration ago, and ``last``,
    who moved (0 nobody yet, 1 generator, 2 discriminator). The paper leaves 0/0 open.

    Args:
        game: player 0 the generator, player 1 the discriminator.
        eta: the step, or one step a player.
        real: (weight, projection) of the real atoms, in the orientation in which the
            discriminator raises what is real; `symgan.games.atoms` makes these.
        fake: the same for the generated atoms.
        c1: the discriminator's threshold.
        c2: the generator's threshold.
        undefined: who moves where w and w_last are both zero and the projections are not
            apart. "switch": whoever did not move last, which is what IEEE arithmetic does
            (every comparison with 0/0 is false) and thus what a program does; "keep":
            whoever moved last; "generator"; "discriminator".

    Raises:
        GameError: no projections, a game that is not one of two players, a name that the
            memory needs, wrong weights or steps.

    Source: dynamic, algorithm 2; c1 = 1.2 and c2 = 0.8 are the paper's.

    >>> from symgan.games.atoms import dirac_atoms
    >>> dirac = dirac_atoms()
    >>> system = dynamic_gda(dirac.game, Rational(1, 10), **dirac.projections)
    >>> system.state, system.memory
    ((theta, psi, w_last, last), ((w_last, 0), (last, 0)))
    """
    _check(game, real, fake)
    w = line_distance(real, fake)
    choices = _choices(real, fake, w, sp.sympify(c1), sp.sympify(c2), undefined)
    moves = descent(game, eta)(game.state, INDEX)
    branches = by_players(game, choices, [x + m for x, m in zip(game.state, moves, strict=True)])
    conditions = [where for _, where in choices]
    movers = [[GENERATOR if who == (0,) else DISCRIMINATOR] for who, _ in choices]
    return Map(
        (*game.state, W_LAST, LAST),
        (*piecewise(branches, conditions), w, *piecewise(movers, conditions)),
        parameters=(*game.parameters, *new_symbols(game, eta, c1, c2)),
        index=None if game.time is None else INDEX,
        memory=((W_LAST, sp.Integer(0)), (LAST, NOBODY)),
        updates=1,
    )


def _check(game: Game, real: Weighted, fake: Weighted) -> None:
    title = f"Dynamic-GDA does not apply to game {game.name!r}:"
    if len(game.players) != 2:
        raise GameError(f"{title} it has {len(game.players)} players, not 2")
    if not real or not fake:
        raise GameError(
            f"{title} it looks at the discriminator's values on data; give real= and fake=, for "
            "example **atoms.projections of a game in symgan.games.atoms"
        )
    taken = {s.name for s in (*game.state, *game.parameters)} & {W_LAST.name, LAST.name}
    if taken:
        raise GameError(f"{title} its symbol {taken.pop()} is the name of a memory; rename it")
