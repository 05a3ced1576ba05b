r"""What sections 1 to 3 share: the game, exact orbits in ball arithmetic, plain measurements.

The exact route derives its expressions from `mixture_gan` and follows orbits in Arb balls, so that
rational bounds enclose the printed dynamics rigorously. The second route is plain arithmetic on
numbers (`phi`, `plain_update`, integrals by quadrature); the two share no expression.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.analysis.total_variation import total_variation
from symgan.certify.ball import MOST_BITS, load_flint
from symgan.claims import Examination, Step, by_numbers
from symgan.errors import Undecided
from symgan.games.mixture import Mixture, MixtureGan, mixture_gan
from symgan.rules.simultaneous import simultaneous
from symgan.rules.unrolled import unrolled_program

HALF, TENTH = Rational(1, 2), Rational(1, 10)
BITS = 400
"""Of the orbits in balls: some 3000 steps lose fewer than 200."""

Place = Mapping[str, Any]
Measure = Callable[[Place], Any]
Pair = tuple[Any, Any]


@cache
def game(truth: Pair | None = None) -> MixtureGan:
    """The paper's game, (2), (5), (6); the true means symbols unless given."""
    return mixture_gan(truth=Mixture(truth) if truth else None)


@dataclass(frozen=True)
class Setup:
    """Initial data of the dynamics: rational numbers.

    Attributes:
        truth, means, left, right: the true means, the generator's, and the intervals' ends.
        eta: the step of both players.
        clamped: whether an interval whose ends would cross closes at their middle.
        unroll: how many steps of the discriminator the generator looks ahead.
        frozen: whether the generator stands still.
    """

    truth: Pair
    means: Pair
    left: Pair
    right: Pair
    eta: Any
    clamped: bool = False
    unroll: int = 0
    frozen: bool = False

    @property
    def state(self) -> tuple[Any, ...]:
        """Means, left ends, right ends."""
        return (*self.means, *self.left, *self.right)


def in_balls(
    arguments: Sequence[Symbol], expressions: Sequence[Any], shared: Sequence[Any] = ()
) -> Callable[..., Any]:
    """A function of balls from expressions, and assignments, whose constants are dyadic."""
    every = (*expressions, *(value for _, value in shared))
    odd = {r for e in every for r in e.atoms(sp.Rational) if r.q & (r.q - 1)}
    if odd:
        raise Undecided(f"the constants {odd} are not exact as binary numbers; pass them as balls")
    arb = load_flint().arb
    with load_flint().ctx.workprec(MOST_BITS):  # a constant is as narrow as any use needs
        table = {
            "exp": lambda x: arb(x).exp(),
            "sqrt": lambda x: arb(x).sqrt(),
            "erf": lambda x: arb(x).erf(),
            "pi": arb.pi(),
        }
    return sp.lambdify(list(arguments), list(expressions), modules=[table], cse=_given(shared))


def _given(shared: Sequence[Any]) -> Any:
    """Common subexpressions: found, or those of a program."""
    return (lambda exprs: (list(shared), list(exprs))) if shared else True


@cache
def stepper(unroll: int) -> Callable[..., Any]:
    """One update (9)-(11), or the unrolled one, derived from the game, in balls."""
    gan, eta = game(), Symbol("eta", positive=True)
    arguments = (*gan.state, *gan.truth.means, eta)
    if unroll:
        program = unrolled_program(gan.game, eta, steps=unroll)
        return in_balls(arguments, program.rhs, program.assignments)
    return in_balls(arguments, simultaneous(gan.game, eta).rhs)


def ball(value: Any) -> Any:
    """A rational number as a ball."""
    value = sp.Rational(value)
    return load_flint().arb(load_flint().fmpq(int(value.p), int(value.q)))


@cache
def orbit(setup: Setup, steps: int) -> tuple[tuple[Any, ...], ...]:
    """The states 0, ..., steps of the first order dynamics, enclosed in balls.

    Raises:
        Undecided: the balls are too wide to decide whether an interval's ends cross.
    """
    with load_flint().ctx.workprec(BITS):
        step = stepper(setup.unroll)
        constants = tuple(ball(v) for v in (*setup.truth, setup.eta))
        states = [tuple(ball(v) for v in setup.state)]
        for _ in range(steps):
            new = tuple(step(*states[-1], *constants))
            new = (*states[-1][:2], *new[2:]) if setup.frozen else new
            states.append(closed(new) if setup.clamped else new)
        return tuple(states)


def closed(state: tuple[Any, ...]) -> tuple[Any, ...]:
    """Crossed ends moved to their middle."""
    ends = list(state)
    for left, right in ((2, 4), (3, 5)):
        if ends[left] > ends[right]:
            ends[left] = ends[right] = (ends[left] + ends[right]) / 2
        elif not (ends[left] <= ends[right] or ends[left] is ends[right]):
            raise Undecided("the order of an interval's ends is not decided; raise the precision")
    return tuple(ends)


def above(value: Any) -> Rational:
    """A rational upper bound of a ball."""
    man, exponent = value.upper().man_exp()
    return Rational(int(man)) * Rational(2) ** int(exponent)


def below(value: Any) -> Rational:
    """A rational lower bound of a ball."""
    return -above(-value)


def distance(truth: Pair, state: Sequence[Any]) -> tuple[Rational, Rational]:
    r"""Bounds of the total variation at means in balls.

    It is taken at rational means; moving the means to the balls' other points changes it by at
    most the greatest shift, since d_TV(N(a, 1), N(b, 1)) <= \varphi(0) |a - b|.
    """
    means = [Rational(math.floor((above(m) + below(m)) / 2 * 2**60), 2**60) for m in state[:2]]
    shift = max(max(above(m) - r, r - below(m)) for m, r in zip(state[:2], means, strict=True))
    found = total_variation(truth, tuple(means))
    return found.lower - shift, found.upper + shift


def phi(x: Any) -> Any:
    """The standard normal density of a plain number."""
    if isinstance(x, float):
        return math.exp(-x * x / 2) / math.sqrt(2 * math.pi)
    return mpmath.exp(-x * x / 2) * _peak(mpmath.mp.prec)


@cache
def _peak(bits: int) -> Any:
    """The density at 0, of so many bits."""
    with mpmath.workprec(bits):
        return 1 / mpmath.sqrt(2 * mpmath.pi)


def mixture_density(x: Any, means: Sequence[Any]) -> Any:
    """The density of a uniform mixture as a plain number."""
    return sum(phi(x - m) for m in means) / len(means)


def gap(x: Any, truth: Sequence[Any], means: Sequence[Any]) -> Any:
    """F(x) as a plain number."""
    return mixture_density(x, truth) - mixture_density(x, means)


def plain_update(setup: Setup, state: tuple[Any, ...]) -> tuple[Any, ...]:
    """One first order update in the arithmetic of its arguments."""
    kind = type(state[0])
    truth, eta = tuple(kind(m) for m in map(_plain, setup.truth)), kind(_plain(setup.eta))
    m1, m2, l1, l2, r1, r2 = state
    pulls = _pulls(setup, state, truth, eta)
    new = [m - eta * p for m, p in zip((m1, m2), pulls, strict=True)]
    lefts = [x - eta * gap(x, truth, (m1, m2)) for x in (l1, l2)]
    rights = [x + eta * gap(x, truth, (m1, m2)) for x in (r1, r2)]
    if setup.clamped:
        for i in (0, 1):
            if lefts[i] > rights[i]:
                lefts[i] = rights[i] = (lefts[i] + rights[i]) / 2
    return (*new, *lefts, *rights)


def _pulls(setup: Setup, state: tuple[Any, ...], truth: Pair, eta: Any) -> list[Any]:
    """The generator's gradient: in closed form, or the unrolled payoff's difference quotient."""
    means, ends = state[:2], state[2:]
    if setup.frozen:
        return [0 * m for m in means]
    if not setup.unroll:
        return [
            sum(phi(r - m) - phi(el - m) for el, r in zip(ends[:2], ends[2:], strict=True)) / 2
            for m in means
        ]
    h = 1e-5  # of a central quotient: its error is about 1e-10, margins exceed a thousandth

    def ahead(m: Pair) -> Any:
        left, right = ends[:2], ends[2:]
        for _ in range(setup.unroll):
            left, right = (
                [x - eta * gap(x, truth, m) for x in left],
                [x + eta * gap(x, truth, m) for x in right],
            )
        return sum(plain_mass(el, r, truth, m) for el, r in zip(left, right, strict=True))

    shifts = ((h, 0), (0, h))
    return [
        (ahead((means[0] + a, means[1] + b)) - ahead((means[0] - a, means[1] - b))) / (2 * h)
        for a, b in shifts
    ]


def plain_mass(left: float, right: float, truth: Pair, means: Pair) -> float:
    """The mass of F between two ends, by the error function."""

    def cdf(x: float, pair: Pair) -> float:
        return sum(math.erf((x - m) / math.sqrt(2)) for m in pair) / 4

    return cdf(right, truth) - cdf(left, truth) - cdf(right, means) + cdf(left, means)


def _plain(value: Any) -> Any:
    value = sp.Rational(value)
    return mpmath.mpf(value.p) / value.q


@cache
def plain_orbit(setup: Setup, steps: int, kind: type = float) -> tuple[tuple[Any, ...], ...]:
    """The orbit in plain arithmetic, double precision unless `mpmath.mpf` is asked for."""
    states = [tuple(kind(_plain(v)) for v in setup.state)]
    for _ in range(steps):
        states.append(plain_update(setup, states[-1]))
    return tuple(states)


@cache
def plain_distance(truth: Pair, means: Pair) -> Any:
    """The total variation by Simpson's rule on |F|, halves of a twentieth over [-14, 14].

    Kinks of |F| leave errors of about a tenth of a thousandth; margins are wider.
    """
    a, b = (
        tuple(float(_plain(m)) if isinstance(m, sp.Basic) else float(m) for m in pair)
        for pair in (truth, means)
    )
    count, low, high = 1120, -14.0, 14.0
    h = (high - low) / count
    weights = [1 if k in (0, count) else 4 if k % 2 else 2 for k in range(count + 1)]
    values = (abs(gap(low + k * h, a, b)) for k in range(count + 1))
    return sum(w * v for w, v in zip(weights, values, strict=True)) * h / 6


def measured(
    statement: Any,
    exact: Mapping[Any, Any],
    numbers: Mapping[Any, Measure],
    points: Sequence[Mapping[Symbol, Any]] = (),
    *steps: Step,
    kind: str = "evaluated:mpmath",
    digits: int = 25,
    **more: Any,
) -> Examination:
    """An examination whose second route measures at the points given.

    Twenty-five digits: difference quotients and quadrature leave about thirty of sixty-five.
    """
    second = by_numbers(dict(numbers), points=tuple(points), kind=kind, digits=digits)
    return Examination(statement, dict(exact), second, steps=tuple(steps), **more)


def mean_pull(intervals: Sequence[Pair], mean: Any) -> Any:
    """The derivative of the payoff in a mean by one difference quotient of plain masses."""

    def payoff(m: Any) -> Any:
        return -sum(mpmath.ncdf(r - m) - mpmath.ncdf(el - m) for el, r in intervals) / 2

    return mpmath.diff(payoff, mean)
