r"""The axes of the atlas: games with losses, regularizers, rules and flows, all discovered."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import sympy as sp
from sympy import Rational, Symbol

from symgan import games, regularizers, rules
from symgan.atlas.slopes import gan_of, slopes_of
from symgan.catalog import mark_of
from symgan.differentiation import diff
from symgan.errors import GameError
from symgan.game import Game
from symgan.games.quadratic import bilinear, quadratic
from symgan.losses import SCALAR_LOSSES

GAMMA = Symbol("gamma", positive=True)
"""The weight of every regularizer in the atlas."""
WEIGHT = Symbol("w", positive=True)
"""The weight in a rule of its own, where the rule would call it gamma too."""
NONE = "none"
HALF = Rational(1, 2)


@dataclass(frozen=True)
class Specimen:
    """A game of the atlas, by the names on its two axes; built where it is needed.

    Attributes:
        game: the name on the axis of games.
        loss: the name on the axis of losses; empty where the game takes none.
        representative: whether it stands in the default slice.
    """

    game: str
    loss: str = ""
    representative: bool = False


@dataclass(frozen=True)
class Way:
    """A rule with its options, or a flow.

    Attributes:
        rule: its name in the catalog.
        options: what it is called with besides game and step.
        continuous: whether it is a flow.
        representative: whether it stands in the default slice.
    """

    rule: str
    options: Mapping[str, Any] = field(default_factory=dict)
    continuous: bool = False
    representative: bool = True

    @property
    def title(self) -> str:
        """The rule and its options, in one line."""
        options = ", ".join(f"{name} = {value}" for name, value in self.options.items())
        return f"{self.rule} ({options})" if options else self.rule

    def __hash__(self) -> int:
        return hash((self.title, self.continuous))

    def apply(self, game: Game, eta: Any) -> Any:
        """The map, or the flow."""
        if self.continuous:
            return rules.named_flow(self.rule)(game, **self.options)
        return rules.named(self.rule)(game, eta, **self.options)


P, B, Q, SIGMA = sp.symbols("P B Q sigma", positive=True)

SHAPES: dict[str, Callable[[], Game]] = {
    "bilinear (sigma)": lambda: bilinear(SIGMA),
    "bilinear (1 x 2)": lambda: bilinear([[1, 2]]),
    "quadratic (P, B, Q)": lambda: quadratic(P, B, Q),
    "quadratic (1, 3, 2)": lambda: quadratic(1, 3, 2),
    "quadratic (-1, 2, 3)": lambda: quadratic(-1, 2, 3),
    "quadratic (no interaction)": lambda: quadratic(P, 0, Q),
}
"""Members of the quadratic family, whose builder takes matrices: with symbols; rectangular;
curved, with a generator that is concave alone; without interaction."""

VARIANTS: dict[str, tuple[dict[str, Any], ...]] = {
    "alternating": ({}, {"n_d": 2}, {"n_d": 5}),
    "heavy-ball": ({"beta": -HALF}, {"beta": HALF}, {"beta": -HALF, "alternating": True}),
    "lookahead": ({"k": 2}, {"k": 5}),
    "local-symplectic-surgery": ({}, {"lam": 1}),
    "local-symplectic-surgery-two-timescale": ({"lam": 1},),
}
"""Options of rules and flows in the atlas, where the default is not the one case of interest."""

PENALTIES: dict[str, dict[str, Any]] = {"spectral-normalization": {"side": 1}}
"""Options of regularizers that need one: a normalized discriminator keeps its sign."""

_WHOLE = {("alternating", 5), ("lookahead", 5)}
_DEFAULT = {
    ("dirac", "wasserstein"),
    ("dirac", "jensen-shannon"),
    ("dirac-non-saturating", "jensen-shannon"),
    ("uniform", "wasserstein"),
    ("annealed", "wasserstein"),
}
_LONG_SHAPES = {"quadratic (1, 3, 2)", "quadratic (-1, 2, 3)"}


def specimens() -> tuple[Specimen, ...]:
    """All games, those that take a loss with each; families of parameters by `SHAPES`."""
    found = [Specimen(name, representative=name not in _LONG_SHAPES) for name in SHAPES]
    for name, builder in games.catalog().items():
        if name in ("bilinear", "quadratic"):
            continue
        if "loss" in inspect.signature(builder).parameters:
            found += [Specimen(name, loss, (name, loss) in _DEFAULT) for loss in SCALAR_LOSSES]
        else:
            found.append(Specimen(name))
    return tuple(found)


def penalties() -> tuple[str, ...]:
    """The names on the axis of regularizers."""
    return (NONE, *regularizers.catalog())


def ways() -> tuple[Way, ...]:
    """All flows and rules, with the options of `VARIANTS`."""
    flows = (
        Way(name, {**_own_names(flow), **options}, continuous=True)
        for name, flow in rules.flows().items()
        for options in _fitting(VARIANTS.get(name, ({},)), flow)
    )
    maps = (
        Way(name, {**_own_names(rule), **options}, representative=not _long(name, options))
        for name, rule in rules.catalog().items()
        for options in VARIANTS.get(name, ({},))
    )
    return (*flows, *maps)


def _fitting(
    variants: tuple[dict[str, Any], ...], function: Callable[..., Any]
) -> list[dict[str, Any]]:
    """The variants of a rule that its flow takes; the default where there are none."""
    known = inspect.signature(function).parameters
    return [v for v in variants if set(v) <= set(known)] or [{}]


def _own_names(function: Callable[..., Any]) -> dict[str, Any]:
    """Options whose default symbol is the regularizers' weight, under a name of their own."""
    given = inspect.signature(function).parameters.values()
    return {p.name: WEIGHT for p in given if p.default == GAMMA}


def _long(name: str, options: Mapping[str, Any]) -> bool:
    return any((name, value) in _WHOLE for value in options.values())


def build(specimen: Specimen) -> Game:
    """The game itself.

    Raises:
        GameError: its builder cannot take the loss; the sentence is the builder's.
    """
    if specimen.game in SHAPES:
        return SHAPES[specimen.game]()
    builder = games.named(specimen.game)
    if not specimen.loss:
        return _frozen(builder())
    return _frozen(builder(loss=SCALAR_LOSSES[specimen.loss]))


def _frozen(game: Game) -> Game:
    r"""A game that changes with time at the end of its schedule: time and drift gone.

    Annealing ends: as :math:`t \to \infty` its drift goes to zero, and what is left is the
    game with the data where the schedule leads. A moving game has no equilibrium before that.

    Raises:
        GameError: the drift does not go to zero.
    """
    from dataclasses import replace

    if game.time is None:
        return game
    held = {p: sp.Dummy(p.name, positive=True) for p in game.parameters if p.is_positive}
    late = [sp.limit(d.xreplace(held), game.time, sp.oo) for d in game.moving]
    if any(value != 0 for value in late):
        raise GameError(f"the drift of {game.name!r} does not end, so there is no limit game")
    still = any(game.time in loss.free_symbols for loss in game.losses)
    if still:
        raise GameError(f"the losses of {game.name!r} depend on time; freeze it first")
    used: set[Symbol] = set().union(*(loss.free_symbols for loss in game.losses))
    kept = tuple(p for p in game.parameters if p in used)
    return replace(game, name=f"{game.name} (limit)", time=None, drift=None, parameters=kept)


def penalized(game: Game, name: str, specimen: Specimen) -> Game:
    """The game with a regularizer of weight `GAMMA`.

    Raises:
        GameError: it does not apply; the sentence says why.
    """
    if name == NONE:
        return game
    function = regularizers.named(name)
    needs = inspect.signature(function).parameters
    options = dict(PENALTIES.get(name, {}))
    if "loss" in needs and specimen.loss:
        game = _frozen(games.named(specimen.game)())  # its loss free: the penalty looks inside
        options["loss"] = SCALAR_LOSSES[specimen.loss]
    if "slopes" in needs and not linear_discriminator(specimen):
        behind = gan_of(specimen.game, specimen.loss)
        if behind is None:
            raise GameError(
                f"{mark_of(function).name} penalizes the slopes of a discriminator at data, which "
                f"the game {specimen.game} does not have"
            )
        options["slopes"] = slopes_of(behind, name)
    return function(game, GAMMA, **options)


def linear_discriminator(specimen: Specimen) -> bool:
    r"""Whether a game is a GAN with :math:`d(x) = \psi\cdot x`, whose slope is :math:`\psi`.

    Its payoff then is that of generated points: with the free loss the discriminator enters
    as :math:`f(\psi\theta)` or :math:`f(-\psi\cdot\text{location})` alone.
    """
    if specimen.game.startswith("bilinear"):
        return True
    builder = games.catalog().get(specimen.game)
    if builder is None or "loss" not in inspect.signature(builder).parameters:
        return False
    from symgan.losses import GenericLoss

    free = builder(loss=GenericLoss)
    psi = free.players[1]
    values = [g.args[0] for g in free.losses[0].atoms(GenericLoss)]
    rest = free.losses[0].xreplace({g: sp.Integer(0) for g in free.losses[0].atoms(GenericLoss)})
    places = {x for game_player in free.players if game_player != psi for x in game_player}
    known = {*places, *free.parameters}
    slopes = [sp.expand(diff(v, s)) for v in values for s in psi]
    return rest == 0 and all(s in {0, *known, *(-k for k in known)} for s in slopes)


def pairs(full: bool) -> Iterator[tuple[Specimen, str, Way]]:
    """Every combination of the slice: game with loss, regularizer, rule or flow."""
    for specimen in specimens():
        for penalty in penalties():
            for way in ways():
                if full or (specimen.representative and way.representative):
                    yield specimen, penalty, way
