r"""What the claims on the algorithms share: games over atoms, and Algorithm 2 in two forms.

`executed` runs the lines of Algorithm 2 on *symbols*: every test must be decided under
what is given. `run` runs the same algorithm on 50-digit numbers; it shares nothing with
the symbolic form and serves the second routes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import mpmath
import sympy as sp
from sympy import Expr
from sympy.logic.boolalg import Boolean

from symgan.certify.decide import decide
from symgan.errors import Undecided
from symgan.game import Game
from symgan_papers.dynamic.model import Place, eta, paper_game, psi, theta, update

w, w_last, c_1, c_2 = sp.symbols("w w_LAST c_1 c_2", positive=True)


def penalized_dirac(weight: Any = 1) -> Game:
    r"""Dirac-GAN, Wasserstein loss, with the gradient penalty :math:`\frac{c}{2}\psi^2` (R1)."""
    return paper_game(-psi * theta - sp.sympify(weight) * psi**2 / 2, "dirac-r1")


def curve_gan(bend: Any) -> Game:
    r"""A Wasserstein GAN in the plane whose generator cannot reach the data.

    The real atom is (1, 0), the generated one :math:`(b\theta^2/2, \theta)`, the critic
    :math:`d(x) = x_1 + \psi x_2`, and R1's penalty :math:`\frac12|\nabla d|^2` at the
    real atom is :math:`\frac12(1 + \psi^2)`:

    .. math:: L = 1 - \tfrac b2\theta^2 - \psi\theta - \tfrac12(1 + \psi^2).
    """
    fake = sp.sympify(bend) * theta**2 / 2 + psi * theta
    return paper_game(1 - fake - (1 + psi**2) / 2, "curve")


def after(game: Game, *fields: str, rate: Any = eta) -> tuple[Expr, Expr]:
    """(theta, psi) after updates by these fields, one after the other."""
    steps = [update(game, field, rate) for field in fields]
    found = reduce(lambda first, second: first.then(second), steps).rhs
    return sp.expand(found[0]), sp.expand(found[1])


@dataclass(frozen=True)
class Scene:
    """What Algorithm 2 looks at: projections of both batches, and what it remembers.

    Attributes:
        real: projections of the real batch.
        fake: projections of the synthetic batch.
        last: the previous choice; None is Null.
        distance: w, where the third branch is reached.
        previous: w_LAST.
    """

    real: tuple[Any, ...]
    fake: tuple[Any, ...]
    last: int | None
    distance: Any = w
    previous: Any = w_last


def _tests(scene: Scene) -> Iterator[tuple[Boolean, int]]:
    """Lines 2-20: a test and what is returned where it holds; the last one always holds."""
    pairs = list(itertools.product(scene.real, scene.fake))
    if scene.last is None:
        yield sp.true, 2
        return
    yield sp.And(*(x < y for x, y in pairs)), 2
    yield sp.And(*(y < x for x, y in pairs)), 1
    ratio = sp.sympify(scene.distance) / scene.previous
    if scene.last == 1:
        yield ratio < c_2, 1
        yield sp.true, 2
    else:
        yield ratio > c_1, 2
        yield sp.true, 1


def executed(scene: Scene, given: Boolean = sp.true) -> sp.Integer:
    """The field that Algorithm 2 returns, as the number 1 or 2, by symbolic execution.

    Raises:
        Undecided: a test is neither true nor false throughout what is given.
    """
    for test, choice in _tests(scene):
        if decide(test, given).holds:
            return sp.Integer(choice)
        if decide(sp.Not(test), given).holds is not True:
            raise Undecided(f"Algorithm 2: {test} has no fixed truth under {given}")
    raise Undecided("Algorithm 2 returned nothing")


def chosen(
    real: Sequence[Any],
    fake: Sequence[Any],
    last: int | None,
    ratio: Callable[[], Any],
    thresholds: tuple[Any, Any],
) -> int:
    """Algorithm 2 on numbers; `ratio` is asked for w/w_LAST only where its lines do."""
    high, low = thresholds
    if last is None or max(real) < min(fake):
        return 2
    if max(fake) < min(real):
        return 1
    if last == 1:
        return 1 if ratio() < low else 2
    return 2 if ratio() > high else 1


def answered(scene: Scene) -> Callable[[Place], Any]:
    """Measures what Algorithm 2 returns for a scene: `chosen` on its numbers."""
    high, low = _number(c_1), _number(c_2)
    real, fake = [_number(x) for x in scene.real], [_number(x) for x in scene.fake]
    now, before = _number(scene.distance), _number(scene.previous)

    def measure(place: Place) -> Any:
        samples = [x(place) for x in real], [x(place) for x in fake]
        thresholds = (high(place), low(place))
        ratio = lambda: now(place) / before(place)  # noqa: E731 - asked for only where needed
        return mpmath.mpf(chosen(samples[0], samples[1], scene.last, ratio, thresholds))

    return measure


def _number(expression: Any) -> Callable[[Place], Any]:
    """An expression as a function of the numbers at a place."""
    plain = sp.sympify(expression)
    symbols = sorted(plain.free_symbols, key=str)
    function = sp.lambdify(symbols, plain, "mpmath")
    return lambda place: mpmath.mpf(function(*(place[s.name] for s in symbols)))


def distance(real: Sequence[Any], fake: Sequence[Any]) -> Any:
    """Wasserstein distance of two samples on the line, by their distribution functions."""
    marks = sorted({*real, *fake})

    def below(sample: Sequence[Any], x: Any) -> Any:
        return mpmath.mpf(sum(y <= x for y in sample)) / len(sample)

    gaps = ((b - a) * abs(below(real, a) - below(fake, a)) for a, b in itertools.pairwise(marks))
    return mpmath.fsum(gaps)


@dataclass(frozen=True)
class Numbers:
    """A GAN over finitely many atoms as plain functions of numbers.

    Attributes:
        payoff: L(theta, psi).
        real: the projections of the real atoms at (theta, psi).
        fake: the projections of the generated atoms at (theta, psi).
    """

    payoff: Callable[[Any, Any], Any]
    real: Callable[[Any, Any], Sequence[Any]]
    fake: Callable[[Any, Any], Sequence[Any]]


DIRAC = Numbers(lambda t, p: -p * t, lambda t, p: [mpmath.mpf(0)], lambda t, p: [p * t])


def curve(bend: Any) -> Numbers:
    """`curve_gan` on numbers."""

    def fake(t: Any, p: Any) -> Any:
        return bend * t * t / 2 + p * t

    return Numbers(
        lambda t, p: 1 - fake(t, p) - (1 + p * p) / 2,
        lambda t, p: [mpmath.mpf(1)],
        lambda t, p: [fake(t, p)],
    )


State = tuple[Any, Any]


THRESHOLDS = (mpmath.mpf(6) / 5, mpmath.mpf(4) / 5)
"""c_1 and c_2 of section 5."""


def run(
    gan: Numbers, start: State, rate: Any, steps: int, thresholds: tuple[Any, Any] = THRESHOLDS
) -> tuple[list[State], list[int]]:
    """States and choices of Dynamic-GDA, gradients by central differences of the payoff.

    Args:
        gan: the GAN.
        start: (theta, psi) before the first iteration.
        rate: the learning rate.
        steps: the number of iterations.
        thresholds: c_1 and c_2.

    Raises:
        ZeroDivisionError: w/w_LAST is asked for where w_LAST is zero.
    """
    states, choices = [start], []
    last, previous = None, None
    for _ in range(steps):
        t, p = states[-1]
        real, fake = gan.real(t, p), gan.fake(t, p)
        now = distance(real, fake)
        before = previous
        last = chosen(real, fake, last, lambda now=now, before=before: now / before, thresholds)
        choices.append(last)
        states.append(_moved(gan, (t, p), rate, last))
        previous = now
    return states, choices


def _moved(gan: Numbers, state: State, rate: Any, field: int) -> State:
    t, p = state
    if field == 1:
        return t - rate * mpmath.diff(lambda x: gan.payoff(x, p), t), p
    return t, p + rate * mpmath.diff(lambda y: gan.payoff(t, y), p)


DIFFERENCES = 30
"""Digits kept of a state that central differences of 65-digit payoffs moved."""


def linear_part(
    payoff: Callable[[Any, Any], Any], *, in_turn: bool
) -> tuple[Callable[[Place], Any], Callable[[Place], Any]]:
    """Measures determinant and trace of a round near (0, 0), from images of small states.

    Args:
        payoff: L(theta, psi) on numbers.
        in_turn: psi moves first and theta sees the new psi (Alt-GDA); otherwise Sim-GDA.
    """
    size = mpmath.mpf(10) ** -20

    def columns(place: Place) -> tuple[Any, ...]:
        rate = place["eta"]
        found = []
        for x, y in ((size, mpmath.mpf(0)), (mpmath.mpf(0), size)):
            new_y = y + rate * mpmath.diff(lambda v, x=x: payoff(x, v), y)
            at = new_y if in_turn else y
            new_x = x - rate * mpmath.diff(lambda u, at=at: payoff(u, at), x)
            found += [new_x / size, new_y / size]
        return tuple(found)

    def determinant(place: Place) -> Any:
        a, c, b, d = columns(place)
        return a * d - b * c

    def trace(place: Place) -> Any:
        found = columns(place)
        return found[0] + found[3]

    return determinant, trace
