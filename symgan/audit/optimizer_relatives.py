"""Which known method code in fact implements: relatives of what it was held to, and the catalogs.

Every candidate is held to the same trajectories, by the same bound, as the method itself; the
first that fits all of them is named. Numbers (a step, a momentum) are solved for on one step and
then have to fit all others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sympy as sp

from symgan.audit import optimizer_rules_wrong as wrong
from symgan.audit.optimizer_edits import ADAM_EDITS, ADAM_FORMS, MOMENTUM_EDITS
from symgan.audit.optimizer_families import MomentumForm, adam_family, momentum_family
from symgan.audit.optimizer_rules import Build, Method
from symgan.audit.optimizer_solve import Run, States, fits, solved
from symgan.errors import SymganError
from symgan.game import Game


@dataclass(frozen=True)
class Relative:
    """A method that code may implement.

    Attributes:
        sentence: completes "in fact it ...".
        game: the game that it is run on; that of the audit, or one with changed signs.
        method: the map and its options.
    """

    sentence: str
    game: Game
    method: Method


def recognized(method: Method, runs: Sequence[Run]) -> str | None:
    """What code implements that went through these states: "adam that takes no root".

    Args:
        method: what it was held to, and does not implement.
        runs: games, and the states that it went through on them; all have to fit.
    """
    near = (relatives(method, game) for game, _ in runs)
    far = (_catalog(method, game) for game, _ in runs)
    words = (
        _fitting(near, runs)
        or solved(method, runs)
        or _fitting(far, runs)
        or _single_precision(method, runs)
    )
    if words is None or words.startswith("is "):
        return words and words.removeprefix("is ")
    return f"{method.name} that {words}"


def _fitting(candidates: Iterable[Iterable[Relative]], runs: Sequence[Run]) -> str | None:
    for several in zip(*candidates, strict=True):
        pairs = zip(several, runs, strict=True)
        if all(_explains(relative, traces) for relative, (_, traces) in pairs):
            return several[0].sentence
    return None


def _explains(relative: Relative, traces: Sequence[States]) -> bool:
    try:
        reference = relative.method.reference(relative.game)
    except SymganError:
        return False  # no explicit map on this game, so that code cannot be it either
    return fits(reference, traces)


def _single_precision(method: Method, runs: Sequence[Run]) -> str | None:
    """The method itself, but to 24 bits."""
    for game, traces in runs:
        if not fits(method.reference(game), traces, "float32"):
            return None
    return f"is {method.name} to the 24 bits of float32 alone, though its parameters are float64"


def relatives(method: Method, game: Game) -> Iterator[Relative]:
    """Candidates, the nearest first."""
    yield from _signs(method, game)
    yield from _orders(method, game)
    yield from _forms(method, game)
    yield from _changed_rules(method, game)


def _signs(method: Method, game: Game) -> Iterator[Relative]:
    players = range(len(game.players))
    for i in players:
        name = _owner(game, i)
        yield Relative(f"ascends the loss of {name}", _flipped(game, {i}), method)
    yield Relative("ascends every loss", _flipped(game, set(players)), method)
    for i in players:
        still = replace(game, losses=tuple(
            sp.Integer(0) if j == i else loss for j, loss in enumerate(game.losses)
        ), equilibrium=None)  # fmt: skip
        yield Relative(f"leaves {_owner(game, i)} where it is", still, method)


def _owner(game: Game, player: int) -> str:
    """A player, by its number and its first symbols."""
    symbols = game.players[player]
    shown = ", ".join(map(str, symbols[:2])) + (", ..." if len(symbols) > 2 else "")
    return f"player {player + 1} ({shown})"


def _flipped(game: Game, players: set[int]) -> Game:
    losses = tuple(-loss if i in players else loss for i, loss in enumerate(game.losses))
    return replace(game, losses=losses, equilibrium=None)


def _orders(method: Method, game: Game) -> Iterator[Relative]:
    """The same step, the players moving in another order."""
    from symgan.rules.alternating import alternating
    from symgan.rules.simultaneous import simultaneous

    everyone = tuple(range(len(game.players)))
    if method.name in ("simultaneous", "alternating"):
        once = "moves all players at once"
        yield Relative(
            once, game, replace(method, name="simultaneous", build=simultaneous, options=())
        )
        for order in (everyone, everyone[::-1]):
            options = (("order", order),)
            new = replace(method, name="alternating", build=alternating, options=options)
            yield Relative(_alternates(game, order), game, new)
    elif method.name == "heavy-ball":
        for flag, text in (
            (True, _alternates(game, everyone)),
            (False, "moves all players at once"),
        ):
            options = {**dict(method.options), "alternating": flag}
            yield Relative(text, game, replace(method, options=tuple(options.items())))
    elif _is_optimizer(method):
        for order in (None, everyone, everyone[::-1]):
            options = {**dict(method.options), "order": order}
            text = _alternates(game, order) if order else "moves all players at once"
            yield Relative(text, game, replace(method, options=tuple(options.items())))


def _alternates(game: Game, order: Sequence[int]) -> str:
    turns = ", then ".join(_owner(game, i) for i in order)
    return f"alternates: {turns}, each on what the others left"


def _is_optimizer(method: Method) -> bool:
    return method.name in ("adam", "adamw", "momentum", "optimistic-adam", "rmsprop")


def _forms(method: Method, game: Game) -> Iterator[Relative]:
    """Adam's and momentum's families."""
    has = dict(method.options)
    if method.name in ADAM_FORMS:
        base = ADAM_FORMS[method.name]
        betas = (
            {"beta1": sp.Integer(0), "beta2": method.at("alpha")}
            if method.name == "rmsprop"
            else {key: method.at(key) for key in ("beta1", "beta2")}
        )
        options = {**betas, "eps": method.at("eps")}
        options |= {key: has[key] for key in ("weight_decay", "order") if key in has}
        if has.get("bias_correction") is False:
            base = replace(base, corrected=(False, False))
        for sentence, change in ADAM_EDITS:
            if replace(base, **change) != base:
                yield _form(sentence, game, method, adam_family, replace(base, **change), options)
    elif method.name in ("momentum", "heavy-ball"):
        key = "beta" if method.name == "heavy-ball" else "momentum"
        base = MomentumForm(nesterov="torch" if has.get("nesterov") else "none")
        options = {"momentum": has.get(key, sp.Rational(9, 10))}
        options |= {key: has[key] for key in ("weight_decay", "order") if key in has}
        for sentence, change in MOMENTUM_EDITS:
            form = replace(base, **change)
            yield _form(sentence, game, method, momentum_family, form, options)


def _form(
    sentence: str, game: Game, method: Method, family: Any, form: Any, options: dict[str, Any]
) -> Relative:
    def build(game: Game, eta: Any, **settings: Any) -> Any:
        return family(game, eta, form, **settings)

    changed = replace(method, name="a relative", build=build, options=tuple(options.items()))
    return Relative(sentence, game, changed)


def _changed_rules(method: Method, game: Game) -> Iterator[Relative]:
    """Optimistic descent, extragradient, consensus and lookahead with one place changed."""

    def changed(sentence: str, build: Build, **options: Any) -> Relative:
        new = replace(method, name="a relative", build=build, options=tuple(options.items()))
        return Relative(sentence, game, new)

    past = wrong.last_gradient
    if method.name in ("optimistic", "simultaneous", "past-extragradient"):
        yield changed("takes 0 for the gradient before the first", past, zero=True)
        yield changed("adds the last gradient where it takes it back", past, last=sp.Integer(1))
        yield changed("steps along g + the last gradient", past, now=1, last=sp.Integer(1))
        yield changed("steps along the last gradient alone", past, now=0, last=sp.Integer(1))
        yield changed("steps along g - the last gradient", past, now=1, last=sp.Integer(-1))
    if method.name == "extragradient":
        yield from _extragradients(changed)
    if method.name in ("consensus", "symplectic-adjustment") and "gamma" in dict(method.options):
        yield from _consensus(changed, game, method.at("gamma"))
    if method.name == "heavy-ball":
        text = "measures its momentum from the start, not from the last iterate"
        yield changed(text, wrong.heavy_ball_from_start, beta=method.at("beta"))
    if method.name.startswith("lookahead"):
        alpha, k = method.at("alpha"), dict(method.options).get("k", 2)
        text = "never moves the slow weights: each slow step starts from the first point"
        yield changed(text, wrong.lookahead_from_start, k=k, alpha=alpha)


def _extragradients(changed: Any) -> Iterator[Relative]:
    step = wrong.extrapolated
    yield changed(
        "steps on from the extrapolated point, not from where it came", step, start="there"
    )
    yield changed("lets each player see its own extrapolation alone", step, ahead="own")
    yield changed("lets each player see the others' extrapolation alone", step, ahead="others")
    yield changed("extrapolates the players in turn", step, ahead="in turn")
    yield changed("makes the second step player by player", step, start="in turn")


def _consensus(changed: Any, game: Game, gamma: Any) -> Iterator[Relative]:
    build, n = wrong.products, len(game.state)
    yield changed("subtracts the gradient of |v|^2/2", build, gamma=-gamma)
    yield changed("adds the gradient of |v|^2 without the half", build, gamma=2 * gamma)
    yield changed(
        "adds the gradient of |v| and not of its square", build, gamma=gamma, normalized=True
    )
    yield changed("leaves v itself out", build, gamma=gamma, plain=0)
    yield changed("takes J v for J^T v", build, gamma=gamma, transposed=False)
    first, firsts, start = len(game.players[0]), [], 0
    for player in game.players:
        firsts.append(start)
        start += len(player)
    rows = {
        "takes the gradients of the first player's components alone in J^T v": range(first),
        "takes the gradients of the last player's components alone in J^T v": range(
            n - len(game.players[-1]), n
        ),
        "takes one row of the Jacobian a tensor in J^T v, that of its first entry": firsts,
        "takes the first row of the Jacobian alone in J^T v": (0,),
    }
    for sentence, kept in rows.items():
        yield changed(sentence, build, gamma=gamma, rows=tuple(kept))


def _catalog(method: Method, game: Game) -> Iterator[Relative]:
    """Every rule and optimizer, with the options that it shares with what was asked."""
    import inspect

    from symgan import optimizers, rules

    has = dict(method.options)
    for name, build in {**rules.catalog(), **optimizers.catalog()}.items():
        known = inspect.signature(build).parameters
        options = {key: value for key, value in method.options if key in known and key != "base"}
        if name == "momentum":
            options |= {"momentum": has["beta"]} if "beta" in has else {}
        if name == "heavy-ball":
            options |= {"beta": has["momentum"]} if "momentum" in has else {}
        shown = ", ".join(f"{key} = {value}" for key, value in options.items())
        text = f"is {name}" + (f" with {shown}" if shown else "")
        new = Method(name, build, method.eta, tuple(options.items()))
        if name != method.name:
            yield Relative(text, game, new)
