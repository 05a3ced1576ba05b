r"""What the claims share: the poster's small system, linear GANs, and plain measurements.

The small system learns the uniform distribution on [-1, 1] with D(x) = w x^2 and
G(z) = a z; its equilibria are (w, a) = (0, 1) and (0, -1). Exact values come from games by
differentiation and integration. Measurements (the second route) differentiate the payoff
as a plain number by difference quotients and integrate it by quadrature; they share no
expression with the exact route.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Expr, Matrix, Rational, Symbol

from symgan.claims import Examination, Step, by_numbers
from symgan.game import Game, zero_sum
from symgan.games.uniform import a, uniform, w
from symgan.losses import GenericLoss, ScalarLoss, jensen_shannon, wasserstein
from symgan.rules.gradient_norm import gradient_norm_flow
from symgan.system import Flow

x = Symbol("x", real=True)
"""A sample of the uniform distribution, of the data and of the latent space alike."""
psi, theta = sp.symbols("psi theta", real=True)
"""The parameters of a linear discriminator psi x and of a linear generator."""
gamma = Symbol("gamma", positive=True)
"""The poster's eta: the weight of the gradient-norm regularizer."""
p, q = sp.symbols("p q", positive=True)
"""The blocks of a Jacobian of size (1, 1): interaction and discriminator's curvature."""
f1, f2 = sp.symbols("f1 f2", real=True)
"""f'(0) and f''(0)."""
EQUILIBRIUM = {w: sp.Integer(0), a: sp.Integer(1)}
FREE = {GenericLoss(0, 1): f1, GenericLoss(0, 2): f2}
LOG_LOSS = {f1: Rational(1, 2), f2: -Rational(1, 4)}
"""f'(0) and f''(0) of the traditional GAN, f(t) = log(1/(1 + e^-t))."""

Place = Mapping[str, Any]
Measure = Callable[[Place], Any]
Payoff = Callable[..., Any]


def average(integrand: Any) -> Expr:
    """The mean over the uniform distribution on [-1, 1]."""
    return sp.integrate(sp.sympify(integrand), (x, -1, 1)) / 2


def sample_payoff(loss: ScalarLoss) -> Expr:
    """What the sample x, as data and as latent point, adds to the payoff."""
    return loss(w * x**2) + loss(-w * (a * x) ** 2)


@cache
def sample_game(loss: ScalarLoss) -> Game:
    """The small system on one sample; the system itself averages over samples."""
    return zero_sum(sample_payoff(loss), minimize=a, maximize=w, parameters=(x,))


def uniform_wgan() -> Game:
    """The small system with f(t) = t."""
    return uniform(wasserstein)


def poster_flow(game: Game, weight: Any = 0) -> Flow:
    """The poster's flow, discriminator first, with the gradient-norm regularizer."""
    flow = gradient_norm_flow(game, gamma=weight) if weight != 0 else game.flow()
    n = len(game.players[0])
    order = (*range(n, len(flow.state)), *range(n))
    state, rhs = (tuple(part[i] for i in order) for part in (flow.state, flow.rhs))
    return Flow(state, rhs, parameters=flow.parameters)


def jacobian_at_rest(loss: ScalarLoss, weight: Any = 0) -> Matrix:
    """The Jacobian of the small system at (0, 1), in f1 and f2 for a free loss."""
    found = poster_flow(uniform(loss), weight).jacobian(EQUILIBRIUM)
    return found.subs(FREE).applyfunc(sp.expand)


def linear_game(curvature: Any = q) -> Game:
    r"""A GAN of one parameter a player near an equilibrium: -curvature psi^2/2 + p psi theta."""
    payoff = -curvature * psi**2 / 2 + p * psi * theta
    names = tuple(sorted(payoff.free_symbols - {psi, theta}, key=str))
    return zero_sum(payoff, minimize=theta, maximize=psi, parameters=names)


def along(quantity: Any, flow: Flow) -> Expr:
    """The derivative of a function of the state along a flow."""
    rates = (sp.diff(quantity, s) * f for s, f in zip(flow.state, flow.rhs, strict=True))
    return sp.expand(sum(rates))


LOG: Callable[[Any], Any] = lambda t: -mpmath.log(1 + mpmath.exp(-t))  # noqa: E731 - a table
LINEAR: Callable[[Any], Any] = lambda t: mpmath.mpf(t)  # noqa: E731 - of plain losses
"""The two losses as plain numbers, for difference quotients."""


def uniform_payoff(f: Callable[[Any], Any]) -> Payoff:
    """The small system's payoff by quadrature: real samples, and generated ones."""

    def value(w: Any, a: Any) -> Any:
        return _mean(lambda s: f(w * s**2) + f(-w * (a * s) ** 2))

    return value


def _mean(integrand: Callable[[Any], Any]) -> Any:
    """The mean of an even function over [-1, 1]."""
    return mpmath.quad(integrand, [0, 1])


def quotient(payoff: Payoff, at: Sequence[Any], *orders: int) -> Any:
    """A partial derivative of a plain payoff by difference quotients."""
    point = [mpmath.mpf(value) for value in at]
    if len(point) == 1:
        return mpmath.diff(payoff, point[0], orders[0])
    return mpmath.diff(payoff, tuple(point), orders)


def mean_quotient(f: Callable[[Any], Any], at: tuple[Any, Any], *orders: int) -> Any:
    """The same for the small system: each sample's difference quotient, then their mean."""
    return _mean(lambda s: quotient(lambda w, a: f(w * s**2) + f(-w * (a * s) ** 2), at, *orders))


def plain_field(payoff: Payoff, weight: Any = 0) -> Callable[..., tuple[Any, Any]]:
    """The poster's field of a plain payoff V(d, g), regularized, by difference quotients."""

    def penalized(d: Any, g: Any) -> Any:
        return payoff(d, g) + weight * quotient(payoff, (d, g), 1, 0) ** 2

    def field(d: Any, g: Any) -> tuple[Any, Any]:
        down = quotient(penalized if weight else payoff, (d, g), 0, 1)
        return quotient(payoff, (d, g), 1, 0), -down

    return field


def plain_jacobian(payoff: Payoff, at: tuple[Any, Any], weight: Any = 0) -> Any:
    """Its Jacobian by difference quotients of the field."""
    field = plain_field(payoff, weight)
    entries = [
        [quotient(lambda d, g, i=i: field(d, g)[i], at, *orders) for orders in ((1, 0), (0, 1))]
        for i in (0, 1)
    ]
    return mpmath.matrix(entries)


def linear_payoff(place: Place) -> Payoff:
    """-q d^2/2 + p d g as a plain number."""
    return lambda d, g: -place.get("q", 0) * d**2 / 2 + place["p"] * d * g


def eigenvalues(matrix: Any) -> list[Any]:
    """The eigenvalues of a numeric matrix."""
    return list(mpmath.eig(mpmath.matrix(matrix), left=False, right=False))


def invariants(matrix: Any) -> tuple[Any, Any]:
    """Trace and determinant of a numeric 2 x 2 matrix."""
    return matrix[0, 0] + matrix[1, 1], matrix[0, 0] * matrix[1, 1] - matrix[0, 1] * matrix[1, 0]


def measured(
    statement: Any,
    exact: Mapping[Any, Any],
    numbers: Mapping[Any, Measure],
    points: Sequence[Mapping[Symbol, Any]] = (),
    *steps: Step,
    kind: str = "differentiated:mpmath",
    digits: int = 25,
    **more: Any,
) -> Examination:
    """An examination whose second route measures at the points given.

    Twenty-five digits: nested difference quotients leave about thirty of sixty-five.
    """
    second = by_numbers(dict(numbers), points=tuple(points), kind=kind, digits=digits)
    return Examination(statement, dict(exact), second, steps=tuple(steps), **more)


TRADITIONAL: ScalarLoss = jensen_shannon
"""The traditional GAN's f(t) = log(1/(1 + e^-t))."""

CONCAVE = (
    {f1: Rational(1, 2), f2: -Rational(1, 4)},
    {f1: 1, f2: 0},
    {f1: -3, f2: -2},
)
"""f'(0) and f''(0) of the traditional loss, of the WGAN's, and of another one."""


def quadratic_loss(s: Place) -> Callable[[Any], Any]:
    """The loss f1 t + f2 t^2/2 as a plain function."""
    return lambda t: s["f1"] * t + s["f2"] * t**2 / 2


def plain_mean(integrand: Callable[[Any], Any]) -> Any:
    """The mean over [-1, 1] by Boole's rule, which is exact to the fifth degree."""
    nodes = zip((7, 32, 12, 32, 7), range(-2, 3), strict=True)
    return sum(weight * integrand(mpmath.mpf(k) / 2) for weight, k in nodes) / 90


def plain_payoff(f: Callable[[Any], Any]) -> Payoff:
    """The small system's payoff with a loss of first or second degree, integrated numerically."""

    def value(d: Any, g: Any) -> Any:
        return plain_mean(lambda z: f(d * z**2) + f(-d * (g * z) ** 2))

    return value


def mean_jacobian(f: Callable[[Any], Any]) -> Any:
    """The small system's Jacobian at (0, 1), each entry a mean of difference quotients."""
    at = (mpmath.mpf(0), mpmath.mpf(1))
    up, mixed, own = (mean_quotient(f, at, *orders) for orders in ((2, 0), (1, 1), (0, 2)))
    return mpmath.matrix([[up, mixed], [-mixed, -own]])


def saddle_jacobian(payoff: Payoff, at: Sequence[Any], n_d: int) -> Any:
    """The Jacobian of ascent in the first n_d variables and descent in the others."""
    n = len(at)

    def entry(i: int, j: int) -> Any:
        orders = (int(k == i) + int(k == j) for k in range(n))
        return (1 if i < n_d else -1) * quotient(payoff, at, *orders)

    return mpmath.matrix([[entry(i, j) for j in range(n)] for i in range(n)])
