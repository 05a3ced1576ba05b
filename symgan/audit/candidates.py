"""Known fields, Jacobians and maps that code may implement instead of what it was meant to."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice, product
from typing import Any

import sympy as sp
from sympy import Expr, Matrix, Symbol

from symgan.audit.derived import Derived, field_of, jacobian_of, map_of
from symgan.audit.question import Question
from symgan.audit.subject import Kind
from symgan.differentiation import diff
from symgan.errors import SymganError
from symgan.game import Game

MOST_PLAYERS = 4
"""Players up to which all changes of sign are tried."""
HALF = sp.Rational(1, 2)


@dataclass(frozen=True)
class Candidate:
    """Something that code may implement.

    Attributes:
        name: what it is called.
        build: makes it; may raise what rules raise on games they do not fit.
    """

    name: str
    build: Callable[[], Derived]


def candidates(asked: Question, kind: Kind) -> Iterator[Candidate]:
    """What code of a kind may implement, the nearest to the question first."""
    if kind is Kind.FIELD:
        yield from _fields(asked)
    elif kind is Kind.JACOBIAN:
        yield from _jacobians(asked)
    else:
        yield from _maps(asked)


def _fields(asked: Question) -> Iterator[Candidate]:
    game, fixed = asked.game, asked.fixed

    def field(name: str, entries: Any) -> Candidate:
        return Candidate(name, lambda: field_of(game, fixed, entries, name))

    v = Matrix(game.v)
    own = Matrix(asked.derive(Kind.FIELD).entries)
    yield field("the negative of what was asked for, throughout", -own)
    yield field("v itself", v)
    yield field("-v, the right-hand side of the flow x' = -v", -v)
    for signs, who in _signs(game):
        yield field(f"v with the opposite sign for {who}", Matrix([*_signed(game, signs)]))
    if len({len(p) for p in game.players}) == 1 and len(game.players) == 2:
        half = len(game.players[0])
        yield field("v with the players' parts exchanged", [*v[half:], *v[:half]])
    for i, loss in enumerate(game.losses):
        if len(set(game.losses)) > 1:
            gradient = [diff(loss, s) for s in game.state]
            yield field(f"the gradient of the loss of player {i} in all symbols", gradient)
    yield field("the other players' losses differentiated", _crossed(game))
    yield from _flows(asked)
    yield field("J v", game.J * v)
    yield field("J^T v, the gradient of |v|^2/2", game.J.T * v)
    yield field("J^T v, doubled: the gradient of |v|^2", 2 * game.J.T * v)


def _flows(asked: Question) -> Iterator[Candidate]:
    """The flows of the catalog in either sign, their options left as symbols."""
    from symgan import rules

    def build(rule: Any, sign: int, title: str) -> Derived:
        flow = rule(asked.game)
        if flow.state != asked.game.state:
            raise SymganError(f"{title} has a larger state")
        return field_of(asked.game, asked.fixed, [sign * f for f in flow.rhs], title)

    for (name, rule), sign in product(rules.flows().items(), (-1, 1)):
        title = f"{'-x' if sign < 0 else 'x'}' of the {name} flow"
        yield Candidate(title, lambda r=rule, s=sign, t=title: build(r, s, t))


def _crossed(game: Game) -> list[Expr]:
    """Each player's symbols with the next player's loss."""
    losses = (*game.losses[1:], game.losses[0])
    pairs = zip(game.players, losses, strict=True)
    return [diff(loss, s) for player, loss in pairs for s in player]


def _signs(game: Game) -> Iterator[tuple[tuple[int, ...], str]]:
    """Changes of sign of some players, not of all, and who they are."""
    n = len(game.players)
    if n > MOST_PLAYERS:
        return
    for signs in product((1, -1), repeat=n):
        if len(set(signs)) > 1:
            flipped = [p for p, s in zip(game.players, signs, strict=True) if s < 0]
            yield signs, ", ".join(str(s) for player in flipped for s in player)


def _signed(game: Game, signs: tuple[int, ...]) -> list[Expr]:
    owners = [i for i, player in enumerate(game.players) for _ in player]
    return [signs[i] * f for i, f in zip(owners, game.v, strict=True)]


def _flipped(game: Game, signs: tuple[int, ...]) -> Game:
    pairs = zip(signs, game.losses, strict=True)
    return replace(game, losses=tuple(s * loss for s, loss in pairs))


def _jacobians(asked: Question) -> Iterator[Candidate]:
    game, fixed = asked.game, asked.fixed
    n = len(game.state)
    own = Matrix(n, n, list(asked.derive(Kind.JACOBIAN).entries))

    def jacobian(name: str, matrix: Any) -> Candidate:
        return Candidate(name, lambda: jacobian_of(game, fixed, matrix, name))

    yield jacobian("the transposed Jacobian", own.T)
    yield jacobian("the negative of the Jacobian: that of the flow x' = -v", -own)
    yield jacobian("the negative of the transposed Jacobian", -own.T)
    yield jacobian("the symmetric part of the Jacobian", (own + own.T) / 2)
    yield jacobian("the antisymmetric part of the Jacobian", (own - own.T) / 2)
    yield jacobian("the Jacobian with its upper half mirrored", _mirrored(own))
    yield jacobian("the Jacobian with its lower half mirrored", _mirrored(own.T))
    blocks = _blocks(game)
    inner = Matrix(n, n, lambda i, j: own[i, j] if blocks[i] == blocks[j] else 0)
    yield jacobian("the players' own blocks of the Jacobian alone", inner)
    yield jacobian("the interactions in the Jacobian alone", own - inner)
    for i, loss in enumerate(game.losses):
        yield jacobian(f"the Hessian of the loss of player {i}", sp.hessian(loss, game.state))
    for signs, who in _signs(game):
        flipped = _flipped(game, signs)
        yield jacobian(f"the Jacobian with the opposite sign for {who}", flipped.J)
    yield jacobian("one row a player: the rows of its tensor added up", _row_sums(game, own))


def _mirrored(matrix: Matrix) -> Matrix:
    return Matrix(matrix.rows, matrix.cols, lambda i, j: matrix[min(i, j), max(i, j)])


def _blocks(game: Game) -> list[int]:
    return [i for i, player in enumerate(game.players) for _ in player]


def _row_sums(game: Game, own: Matrix) -> Matrix:
    """Every row of a player replaced by the sum of its rows, as grad(v.sum()) has it."""
    blocks = _blocks(game)
    n = len(blocks)
    return Matrix(n, n, lambda i, j: sum(own[k, j] for k in range(n) if blocks[k] == blocks[i]))


def row_sums(game: Game, own: Matrix) -> list[Expr]:
    """One row a player, the sum of the rows of its tensor."""
    blocks = _blocks(game)
    whole = _row_sums(game, own)
    first = [blocks.index(i) for i in range(len(game.players))]
    return [whole[i, j] for i in first for j in range(len(blocks))]


SLOW = frozenset({"local-symplectic-surgery", "local-symplectic-surgery-two-timescale",
                  "competitive", "proximal-point"})  # fmt: skip
"""Rules whose formulas take long on nonlinear games: they come last."""


def _maps(asked: Question) -> Iterator[Candidate]:
    from symgan import optimizers, rules

    game, eta = asked.game, asked.eta
    catalog = rules.catalog()
    if asked.rule not in catalog and asked.rule in optimizers.catalog():
        catalog[asked.rule] = optimizers.named(asked.rule)
    names = sorted(catalog, key=lambda n: (n != asked.rule, n in SLOW, n))
    quick = [n for n in names if n not in SLOW and n != "dirac-oracle"]
    if isinstance(asked.rule, str) and asked.rule in catalog:
        yield from _variants(asked, asked.rule, catalog[asked.rule], game, eta, "")
    for name in ("simultaneous", "alternating"):
        yield from _variants(asked, name, catalog[name], game, eta, "")
    own = [asked.rule] if asked.rule in catalog else []
    near: dict[str, None] = dict.fromkeys([*own, "simultaneous", "alternating"])
    for text, step in _step_sizes(game, eta):
        for name in near:
            yield from _variants(asked, name, catalog[name], game, step, text, plain=True)
    for signs, who in (*_signs(game), ((-1,) * len(game.players), "all players")):
        flipped = _flipped(game, signs)
        for name in near:
            yield from _variants(
                asked, name, catalog[name], flipped, eta, f"the opposite sign for {who}", plain=True
            )
    rest = (*quick, *(n for n in names if n in SLOW or n == "dirac-oracle"))
    for name in rest:
        if name not in near:
            yield from _variants(asked, name, catalog[name], game, eta, "")
    for name in rest:
        yield from _variants(asked, name, catalog[name], game, eta, "", open=True)


def _step_sizes(game: Game, eta: Any) -> Iterator[tuple[str, Any]]:
    """Steps that code may take instead, one for all or one a player."""
    if isinstance(eta, tuple):
        yield "the players' steps exchanged", tuple(reversed(eta))
        return
    for factor, words in (
        (2, "twice the step"),
        (HALF, "half the step"),
        (eta, "the step squared"),
    ):
        yield words, factor * eta
    if len(game.players) == 2:
        for factors in ((1, 2), (2, 1), (1, HALF), (HALF, 1)):
            words = ", ".join(
                f"{f * eta} for {', '.join(map(str, player))}"
                for f, player in zip(factors, game.players, strict=True)
            )
            yield f"steps {words}", tuple(f * eta for f in factors)


def _variants(
    asked: Question,
    name: str,
    rule: Any,
    game: Game,
    eta: Any,
    text: str,
    *,
    plain: bool = False,
    open: bool = False,
) -> Iterator[Candidate]:
    """A rule with its options in every standard setting, as given alone, or with one left open."""
    settings = _open_options(name, rule) if open else _options(name, rule, game, asked)
    for options in islice(settings, 1) if plain else settings:
        own = name == asked.rule and all(options.get(k) == v for k, v in asked.options.items())
        free = {s: v for s, v in asked.fixed.items() if own or s not in asked.numbers}
        shown = {k: asked.given.get(k, v) if own and v == asked.options.get(k) else v
                 for k, v in options.items() if own or str(v) != k}  # fmt: skip
        given = [*(f"{key} = {value}" for key, value in shown.items()), *([text] if text else [])]
        yield Candidate(
            name + (f" with {', '.join(given)}" if given else ""),
            lambda o=options, f=free: map_of(game, rule(game, eta, **o), f, name),
        )


def _options(name: str, rule: Any, game: Game, asked: Question) -> Iterator[Mapping[str, Any]]:
    """The options that were given, none, and each switch and order turned the other way."""
    given = dict(asked.options) if name == asked.rule else {}
    known = inspect.signature(rule).parameters
    if given:
        yield given
    yield {}
    for key, argument in known.items():
        if str(argument.annotation) == "bool":
            yield {**given, key: not given.get(key, argument.default)}
    if "order" in known:
        everyone = tuple(range(len(game.players)))
        yield {**given, "order": tuple(reversed(everyone))}
        yield {**given, "order": everyone}
    for key in ("n_d", "n_g", "steps"):
        if key in known:
            yield {**given, key: 2}


def _open_options(name: str, rule: Any) -> Iterator[Mapping[str, Any]]:
    """Options with a number by default, as symbols that are solved for."""
    known = inspect.signature(rule).parameters
    for key in ("optimism", "extrapolation", "lam"):
        if key in known and name not in SLOW:
            yield {key: Symbol(key, real=True)}
