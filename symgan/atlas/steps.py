r"""Exact step sizes of update rules on games, a row a rule and a game.

A rule is applied to the game linearized at its equilibrium, which has the same spectrum;
a switched rule, whose equilibrium lies on the switching surface, is decided by Lyapunov
functions and expanding orbits instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from sympy import Expr, Rational, Set, Symbol

from symgan import rules
from symgan.analysis.step_bound import step_bound
from symgan.analysis.switched import switched_stability
from symgan.certify.recheck import leaves
from symgan.differentiation import diff
from symgan.errors import GameError, Undecided
from symgan.game import Game
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear
from symgan.implicit import ImplicitMap
from symgan.losses import jensen_shannon, wasserstein
from symgan.results_discrete import Boundary
from symgan.system import Map

ETA = Symbol("eta", positive=True)
HALF = Rational(1, 2)


@dataclass(frozen=True)
class Method:
    """An update rule with its options.

    Attributes:
        rule: its name in the catalog.
        options: what it is called with besides game and step.
        switched: whether its map switches at the equilibrium.
    """

    rule: str
    options: Mapping[str, Any] = field(default_factory=dict)
    switched: bool = False

    @property
    def title(self) -> str:
        """The rule and its options, in one line."""
        options = ", ".join(f"{name} = {value}" for name, value in self.options.items())
        return f"{self.rule} ({options})" if options else self.rule


METHODS: tuple[Method, ...] = (
    Method("simultaneous"),
    Method("two-timescale"),
    Method("alternating"),
    Method("alternating", {"n_d": 2}),
    Method("alternating", {"n_d": 5}),
    Method("extragradient"),
    Method("past-extragradient"),
    Method("optimistic"),
    Method("heavy-ball", {"beta": -HALF}),
    Method("heavy-ball", {"beta": -HALF, "alternating": True}),
    Method("proximal-point"),
    Method("lookahead", {"k": 2}),
    Method("lookahead", {"k": 5}),
    Method("dirac-oracle", switched=True),
)
"""The rules of the table of steps; those with a free ratio of rates keep it as a symbol."""


@dataclass(frozen=True)
class StepRow:
    r"""What is known of one rule on one game.

    Attributes:
        game: the game's title.
        method: the rule and its options.
        stable: steps with spectral radius below one (switched: with an attracting orbit
            structure nothing is claimed here, the set is empty).
        marginal: steps that keep orbits bounded without a spectral radius below one
            (switched: with a Lyapunov function, hence Lyapunov stable).
        boundary: what happens at the ends.
        best: (step, rate) of the smallest spectral radius; empty where there is none.
        updates: single-player updates an iteration; 0 where it varies.
        evidence: the kind of the certificate.
        certificate: plain data that a second program can check.
        undecided: steps of which nothing is proved.
        open: why there is no answer; empty where there is one.
    """

    game: str
    method: Method
    stable: Set
    marginal: Set
    boundary: tuple[Boundary, ...] = ()
    best: tuple[tuple[Expr, Expr], ...] = ()
    updates: int = 0
    evidence: str = ""
    certificate: Mapping[str, Any] = field(default_factory=dict)
    undecided: Set = sp.S.EmptySet
    open: str = ""

    @property
    def rate_an_update(self) -> tuple[Expr, ...]:
        r"""The best rate a single-player update, :math:`\rho^{1/u}`."""
        if not self.updates:
            return ()
        return tuple(rate ** Rational(1, self.updates) for _, rate in self.best)


def standard_games() -> dict[str, Game]:
    """The games of the table: bilinear with a singular value, and two Dirac-GANs."""
    size = Symbol("sigma", positive=True)
    return {
        "bilinear game, singular value sigma": bilinear(size),
        "Dirac-GAN, Wasserstein loss": dirac(wasserstein),
        "Dirac-GAN, BCE loss": dirac(jensen_shannon),
    }


def step_rows(
    games: Mapping[str, Game], methods: Sequence[Method] = METHODS, *, budget: float = 25.0
) -> Iterator[StepRow]:
    r"""The rows of the table of steps, one after another as they are found.

    Args:
        games: title -> game with a declared equilibrium.
        methods: the rules.
        budget: seconds a row; a row that needs more says so.

    >>> from symgan.games.quadratic import bilinear
    >>> row, = step_rows({"bilinear": bilinear()}, [Method("extragradient")])
    >>> row.stable, row.best, row.updates
    (Interval.open(0, 1), ((sqrt(2)/2, sqrt(3)/2),), 4)
    """
    for title, game in games.items():
        for method in methods:
            yield _row(title, game, method, budget)


def _row(title: str, game: Game, method: Method, budget: float) -> StepRow:
    try:
        rule = rules.named(method.rule)
        if method.switched:
            return _switched(title, method, rule(game, ETA, **method.options))
        return _smooth(title, game, method, rule(game.linearized(), ETA, **method.options), budget)
    except (GameError, Undecided) as error:
        return StepRow(title, method, sp.S.EmptySet, sp.S.EmptySet, open=str(error))


def _smooth(title: str, game: Game, method: Method, system: Any, budget: float) -> StepRow:
    at = dict(game.equilibrium or {})
    explicit = system.linearization(at) if isinstance(system, ImplicitMap) else system
    found = step_bound(explicit, ETA, at=explicit.lift(at), budget=budget)
    return StepRow(
        game=title,
        method=method,
        stable=found.asymptotic,
        marginal=found.marginal,
        boundary=found.boundary,
        best=tuple((best.step, best.rate) for best in found.best),
        updates=system.updates,
        evidence=_kinds(found.certificate),
        certificate=found.certificate,
    )


def _switched(title: str, method: Method, system: Map) -> StepRow:

    found = switched_stability(system, ETA)
    return StepRow(
        game=title,
        method=method,
        stable=sp.S.EmptySet,
        marginal=_as_steps(found.stable),
        updates=system.updates,
        evidence=_kinds(found.certificate),
        certificate=found.certificate,
        undecided=_as_steps(found.undecided),
    )


def _as_steps(condition: Any) -> Set:
    """The positive steps that meet a condition; with parameters, one linear bound is solved."""
    positive = sp.Interval.open(0, sp.oo)
    if condition in (sp.true, sp.false):
        return positive if condition is sp.true else sp.S.EmptySet
    if condition.free_symbols <= {ETA}:
        return condition.as_set() & positive
    slope = diff(condition.lhs - condition.rhs, ETA) if condition.is_Relational else sp.nan
    if slope.is_positive and not slope.has(ETA) and isinstance(condition, sp.Lt | sp.Le):
        end = ETA - (condition.lhs - condition.rhs) / slope
        return sp.Interval(0, sp.expand(end), True, isinstance(condition, sp.Lt))
    return sp.ConditionSet(ETA, condition, positive)


def _kinds(certificate: Mapping[str, Any]) -> str:
    """The kinds of evidence that a certificate is made of, each once."""

    return ", ".join(dict.fromkeys(str(leaf["kind"]) for leaf in leaves(certificate)))
