r"""Attractors that are no Nash equilibria, and Nash equilibria that do not attract, rule by rule.

An update rule whose first-order field is :math:`-v` follows the flow for small steps, so it is
drawn to every stationary point at which :math:`-v'` is Hurwitz, such as

.. math:: v' = \begin{pmatrix} -\frac12 & 2 \\ -2 & 1 \end{pmatrix},

where the first player is at a strict *maximum* of its own loss. Whether a rule has such an
attractor is settled here by an exact example with all its steps (`step_bound`), or by a proof
that there is none (`no_non_nash_attractor`).

Source: Mazumdar, Ratliff and Sastry 2020; Mazumdar, Jordan and Sastry 2019 (local symplectic
surgery); Daskalakis and Panageas 2018.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp
from sympy import Expr, ImmutableMatrix, Rational, Symbol

from symgan.analysis.attractor_games import coordination_games, maximum_games
from symgan.analysis.attractor_proofs import STEP, Rule, no_non_nash_attractor
from symgan.analysis.budget import Budget
from symgan.analysis.nash import classify
from symgan.analysis.step_bound import step_bound
from symgan.errors import SymganError, Undecided
from symgan.game import Game
from symgan.results_discrete import StepBound

HALF = Rational(1, 2)
SECONDS = 20.0


@dataclass(frozen=True)
class Attractor:
    """A stationary point of a rational quadratic game, and the steps with which a rule goes there.

    Attributes:
        game: two players with one parameter each; the point is the origin.
        jacobian: v', shape (2, 2), rational and invertible.
        words: what `classify` says of the point.
        values: values put in for parameters of the rule that were left open.
        bound: the exact sets of steps for the rule at the origin.
        step: one rational step inside `bound.asymptotic`; None where that is empty.
    """

    game: Game
    jacobian: ImmutableMatrix
    words: tuple[str, ...]
    values: Mapping[Symbol, Expr]
    bound: StepBound
    step: Rational | None

    @property
    def steps(self) -> sp.Set:
        """All steps for which the rule converges to the point, locally and linearly."""
        return self.bound.asymptotic


@dataclass(frozen=True)
class Row:
    """What was found of one rule.

    Attributes:
        rule: its name.
        attractor: a non-Nash attractor; None where none was found.
        repelled: a strict Nash equilibrium that the rule leaves with every step.
        excluded: whether a proof was found that there is no non-Nash attractor with invertible
            v' (in the scheme of `no_non_nash_attractor`).
        remark: why a search ended without an answer; empty where none did.
    """

    rule: str
    attractor: Attractor | None
    repelled: Attractor | None
    excluded: bool
    remark: str = ""


def non_nash_attractor(
    rule: Rule,
    *,
    options: Mapping[str, Any] | None = None,
    games: Iterable[Game] | None = None,
    value: Any = HALF,
    budget: float = SECONDS,
) -> Attractor | None:
    """Search for a stationary point that is no local Nash equilibrium but attracts a rule.

    Args:
        rule: the rule.
        options: keywords for it.
        games: candidates with a declared equilibrium; small zero-sum games in which one player is
            at a strict maximum, then general-sum ones, unless given.
        value: put in for every symbol of the rule that is left open.
        budget: seconds.

    Returns:
        The first example, all its steps exact; None where no candidate is one, which proves
        nothing.

    Raises:
        Undecided: time ran out.
        SymganError: what the rule or `step_bound` raises on the candidates.

    >>> from symgan.rules.simultaneous import simultaneous
    >>> found = non_nash_attractor(simultaneous)
    >>> found.jacobian.tolist(), found.steps
    ([[-1/2, 2], [-2, 1]], Interval.open(0, 1/7))
    """
    candidates = games if games is not None else maximum_games()
    for found in _examined(rule, candidates, options or {}, value, Budget(budget)):
        if found.step is not None and "not Nash" in found.words:
            return found
    return None


def repelled_nash(
    rule: Rule,
    *,
    options: Mapping[str, Any] | None = None,
    games: Iterable[Game] | None = None,
    value: Any = HALF,
    budget: float = SECONDS,
) -> Attractor | None:
    r"""Search for a strict Nash equilibrium that a rule leaves with every step, or every small one.

    In a two-player zero-sum game :math:`v' + v'^\top > 0` at a strict Nash equilibrium with
    definite Hessians, so the flow is drawn to it, and every rule with first-order field
    :math:`-v` for small steps: the candidates are general-sum games unless others are given.

    Args:
        rule, options, games, value, budget: as in `non_nash_attractor`.

    Returns:
        An example with no step at all, not even a marginal one; else one without steps in some
        :math:`(0, a)` (implicit rules with long steps are drawn to saddles); None where no
        candidate is either.

    Raises:
        Undecided: time ran out.

    >>> from symgan.rules.simultaneous import simultaneous
    >>> found = repelled_nash(simultaneous)
    >>> found.jacobian.tolist(), found.steps
    ([[1, 2], [2, 1]], EmptySet)
    """
    candidates = games if games is not None else coordination_games()
    fallback: Attractor | None = None
    for found in _examined(rule, candidates, options or {}, value, Budget(budget)):
        if found.words[0] not in ("differential Nash", "strict local Nash"):
            continue
        held = sp.Union(found.steps, found.bound.marginal)
        if held is sp.EmptySet:
            return found
        if fallback is None and held.inf.is_positive:
            fallback = found
    return fallback


def attractor_table(
    rules: Mapping[str, Rule],
    *,
    options: Mapping[str, Mapping[str, Any]] | None = None,
    value: Any = HALF,
    budget: float = SECONDS,
) -> tuple[Row, ...]:
    """What each rule does at strict stationary points that are, or are not, Nash equilibria.

    Args:
        rules: name -> rule.
        options: name -> keywords.
        value: put in for symbols of a rule that are left open.
        budget: seconds a search.

    Returns:
        One row a rule; a rule that refuses the candidates gets its own sentence as a remark.

    >>> from symgan.rules.simultaneous import simultaneous
    >>> (row,) = attractor_table({"simultaneous": simultaneous})
    >>> row.attractor.steps, row.repelled.steps, row.excluded
    (Interval.open(0, 1/7), EmptySet, False)
    """
    given = options or {}
    return tuple(
        _row(name, rule, given.get(name, {}), value, budget) for name, rule in rules.items()
    )


def rational_inside(steps: sp.Set) -> Rational | None:
    """A simple rational number inside a set of positive steps; None where none was found.

    >>> rational_inside(sp.Interval.open(0, sp.sqrt(2)/10))
    1/8
    """
    for part in steps.args if isinstance(steps, sp.Union) else (steps,):
        if part is sp.EmptySet:
            continue
        low, high = part.inf, part.sup
        middle = sp.N(low + 1 if high is sp.oo else (low + high) / 2, 30)
        for k in range(40):  # only candidates are rounded; membership is exact
            guess = sp.floor(middle * 2**k + HALF) / sp.Integer(2**k)
            if part.contains(guess) is sp.true:
                return guess
    return None


def _row(name: str, rule: Rule, options: Mapping[str, Any], value: Any, budget: float) -> Row:
    row = Row(name, None, None, False)
    remarks: list[str] = []
    try:
        row = replace(row, excluded=no_non_nash_attractor(rule, options=options))
    except SymganError as error:
        remarks.append(str(error))
    searches = {"attractor": non_nash_attractor, "repelled": repelled_nash}
    for what, search in searches.items():
        if what == "attractor" and row.excluded:
            continue  # proved: there is nothing to find
        try:
            found = search(rule, options=options, value=value, budget=budget)
        except SymganError as error:
            remarks.append(str(error))
        else:
            row = replace(row, **{what: found})
    return replace(row, remark="; ".join(dict.fromkeys(remarks)))


def _examined(
    rule: Rule, games: Iterable[Game], options: Mapping[str, Any], value: Any, time: Budget
) -> Iterator[Attractor]:
    for game in games:
        time.check("the search among small quadratic games")
        yield examine(rule, game, options=options, value=value, budget=time.left)


def examine(
    rule: Rule,
    game: Game,
    *,
    options: Mapping[str, Any] | None = None,
    value: Any = HALF,
    budget: float = SECONDS,
) -> Attractor:
    """What a rule does at the declared equilibrium of one game with numbers.

    Args:
        rule, options, value, budget: as in `non_nash_attractor`.
        game: without parameters, the equilibrium declared.

    Raises:
        Undecided: the game has no equilibrium to examine, or `step_bound` decides nothing.
        GameError: as the rule and `step_bound`.

    >>> from symgan.rules.simultaneous import simultaneous
    >>> from symgan.analysis.attractor_games import two_player
    >>> examine(simultaneous, two_player(1, 2, -2, 3)).steps
    Interval.open(0, 4/7)
    """
    if game.equilibrium is None:
        raise Undecided(f"game {game.name!r} declares no equilibrium; declare one")
    system = rule(game, STEP, **(options or {}))
    loose = [s for s in system.parameters if s != STEP]
    values = {s: sp.sympify(value) for s in loose}
    system = system.subs(values) if values else system
    at = dict(game.equilibrium)
    place = system.lift(at) if hasattr(system, "lift") else at
    bound = step_bound(system, STEP, place, budget=budget)
    return Attractor(
        game=game,
        jacobian=ImmutableMatrix(game.J.subs(at)),
        words=classify(game).words(),
        values=values,
        bound=bound,
        step=None if bound.asymptotic is sp.EmptySet else rational_inside(bound.asymptotic),
    )
