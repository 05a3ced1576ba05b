r"""What the claims share: the paper's systems, their exact solutions, and measurements.

Exact values come from `symgan.analysis`. Measurements (the second route) integrate the
same flows with the 50-digit reference integrator, or solve the transformed equations
numerically; they use no exact solution.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.analysis import solve_linear
from symgan.games.annealed import (
    Side,
    T,
    alpha,
    alpha_0,
    alpha_r,
    annealed,
    psi,
    t,
    theta,
    tiny_gan,
)
from symgan.kernels import reference
from symgan.results import ClosedForm
from symgan.system import Flow

a = Symbol("a", positive=True)
K = Symbol("K", real=True)
theta_0, psi_0 = sp.symbols("theta_0 psi_0", real=True)
s = Symbol("s", positive=True)

INITIAL = {theta: theta_0, psi: psi_0, alpha: alpha_0}
MATCHED = sp.And(sp.Eq(theta_0, alpha_0), sp.Eq(psi_0, 0))
"""The start that section 4 assumes: generator on the data, discriminator at rest."""

Measure = Callable[[Mapping[str, Any]], Any]


@cache
def decoupled() -> Flow:
    """Equation (8): linear loss, switch off, in the paper's constants a and K."""
    return annealed().flow().subs({T: 1 / a, alpha_r: alpha_0 + K / a})


@cache
def coupled(side: Side) -> Flow:
    """Equation (7) with linear loss and the switch on, in the constants a and K."""
    flow = annealed(switch=1, side=side).flow()
    return flow.subs({T: 1 / a, alpha_r: alpha_0 + K / a})


@cache
def autonomous() -> Flow:
    """Equation (5) with linear loss."""
    return tiny_gan().flow()


@cache
def decoupled_solution() -> ClosedForm:
    """The solution of (8) from any initial state."""
    return solve_linear(decoupled(), INITIAL)


@cache
def coupled_solution(side: Side) -> ClosedForm:
    """The solution of (7), switch on, from any initial state."""
    return solve_linear(coupled(side), INITIAL)


@cache
def autonomous_solution() -> ClosedForm:
    """The solution of (5), linear loss, from any initial state."""
    return solve_linear(autonomous(), {theta: theta_0, psi: psi_0})


MATCH = {theta_0: alpha_0, psi_0: sp.Integer(0)}
IN_TIME = {a: 1 / T, K: (alpha_r - alpha_0) / T}
"""The constants a and K in terms of the time constant and the two ends."""

FIGURE = {
    alpha_r: sp.Integer(3),
    alpha_0: sp.Integer(1),
    theta_0: sp.Integer(1),
    psi_0: sp.Integer(0),
}
"""The setting of Figure 1(b)-(d)."""


def component(values: tuple[Any, ...], symbol: Symbol) -> Any:
    """The entry of a (theta, psi[, alpha]) tuple that belongs to a state symbol."""
    return values[{theta: 0, psi: 1, alpha: 2}[symbol]]


def residual_amplitude(solution: ClosedForm, symbol: Symbol) -> Any:
    """Amplitude of the persistent oscillation of a component, from the matched start."""
    found = component(solution.amplitude, symbol)
    return sp.simplify(found.subs(MATCH))


def squared_amplitude(solution: ClosedForm) -> Any:
    """Squared amplitude of the persistent oscillation of theta, from any start."""
    amplitude = solution.amplitude[0]
    assert amplitude is not None
    return amplitude**2


def amplitude_in_time() -> Any:
    """Residual amplitude of the decoupled flow, matched start, in T and the two ends."""
    return sp.simplify(residual_amplitude(decoupled_solution(), theta).subs(IN_TIME))


def simulated_alpha(place: Mapping[str, Any], time: Any) -> Any:
    """alpha(t) of the decoupled flow, integrated, from numbers for T and the two ends."""
    inside = {
        "a": 1 / place["T"],
        "K": (place["alpha_r"] - place["alpha_0"]) / place["T"],
        "alpha_0": place["alpha_0"],
        "theta_0": place["alpha_0"],
        "psi_0": mpmath.mpf(0),
    }
    return state_at(decoupled(), inside, time)[2]


def schedule_at(place: Mapping[str, Any], time: Any) -> Any:
    """The exponential schedule (6) as a number."""
    gap = place["alpha_0"] - place["alpha_r"]
    return gap * mpmath.exp(-time / place["T"]) + place["alpha_r"]


@cache
def _trajectory(
    flow: Flow, start: tuple[Any, ...], constants: tuple[Any, ...], times: tuple[Any, ...]
) -> tuple[tuple[Any, ...], ...]:
    """States of a flow at increasing times, integrated with 50 digits in one run."""
    parameters = dict(zip(flow.parameters, constants, strict=True))
    initial = dict(zip(flow.state, start, strict=True))
    return reference(flow, dps=50).solve(initial, times, parameters).states


def states_at(
    flow: Flow, place: Mapping[str, Any], times: Iterable[Any]
) -> tuple[tuple[Any, ...], ...]:
    """The simulated states at increasing times, from numbers for parameters and start."""
    names = {"theta": "theta_0", "psi": "psi_0", "alpha": "alpha_0"}
    start = tuple(place[names[symbol.name]] for symbol in flow.state)
    constants = tuple(place[p.name] for p in flow.parameters)
    return _trajectory(flow, start, constants, tuple(times))


def state_at(flow: Flow, place: Mapping[str, Any], time: Any) -> Any:
    """The simulated state at one time."""
    return states_at(flow, place, (time,))[0]


def simulated(flow: Flow, symbol: Symbol) -> Measure:
    """Measures a component at the time t by integrating the flow."""
    index = flow.state.index(symbol)
    return lambda place: state_at(flow, place, place["t"])[index]


def forced_amplitude(place: Mapping[str, Any]) -> Any:
    r"""Amplitude that the decoupled flow keeps, by variation of constants.

    With :math:`w = \theta - \alpha_r + i\psi` the flow is :math:`w' = iw + i(\alpha_r -
    \alpha(t))`; the amplitude is :math:`|w(0) + i\int_0^\infty e^{-is}(\alpha_r -
    \alpha(s))\,ds|`, here integrated numerically.
    """
    rate, shift = place["a"], place["K"] / place["a"]
    # On the ray s = -iu the integrand e^{-is - as} ds becomes -i e^{-u + iau} du, which
    # decays at the rate one whatever a is.
    turns = int(rate / 3) + 1  # pieces short enough for the oscillation that is left
    marks = [mpmath.mpf(120) * n / turns for n in range(turns)]
    ends = [mark + mpmath.mpf(x) / turns for mark in marks for x in (0, 10, 25, 50, 80)]
    wave = mpmath.quad(
        lambda u: mpmath.exp(-u + 1j * rate * u), [*ends, 120], method="gauss-legendre"
    )
    integral = -1j * shift * wave
    start = place["theta_0"] - place["alpha_0"] - shift + 1j * place["psi_0"]
    return abs(start + 1j * integral)


def resolvent(flow: Flow, symbol: Symbol) -> Measure:
    r"""Measures a Laplace transform at s by solving :math:`(sI - M)X = x_0` in mpmath.

    The forcing :math:`Ke^{-at}` is a fourth state with :math:`g' = -ag`.
    """
    index = flow.state.index(symbol)

    def measure(place: Mapping[str, Any]) -> Any:
        matrix, start = _extended(flow, place)
        size = matrix.rows
        return mpmath.lu_solve(place["s"] * mpmath.eye(size) - matrix, start)[index]

    return measure


def _extended(flow: Flow, place: Mapping[str, Any]) -> tuple[Any, Any]:
    """The flow with its forcing as one more state, as numbers."""
    n = len(flow.state)
    jacobian = flow.jacobian()
    matrix = mpmath.zeros(n + 1)
    for i in range(n):
        for j in range(n):
            matrix[i, j] = mpmath.mpf(int(jacobian[i, j]))
    matrix[flow.state.index(alpha), n] = place["K"]
    matrix[n, n] = -place["a"]
    start = [place["theta_0"], place["psi_0"], place["alpha_0"], mpmath.mpf(1)]
    return matrix, mpmath.matrix(start)


def places(*extra: Mapping[Symbol, Any]) -> tuple[dict[Symbol, Any], ...]:
    """Where time-domain statements are measured: two ordinary points and a = 2, K < 0."""
    base = (
        {
            a: Rational(1, 3),
            K: Rational(2, 3),
            alpha_0: 1,
            theta_0: 1,
            psi_0: 0,
            t: Rational(5, 2),
            s: 2,
        },
        {a: Rational(1, 2), K: 1, alpha_0: -1, theta_0: 2, psi_0: 1, t: 3, s: Rational(1, 3)},
        {a: 2, K: -3, alpha_0: 3, theta_0: Rational(1, 2), psi_0: -1, t: Rational(3, 2), s: 5},
    )
    return tuple({**point, **dict(extra[0] if extra else {})} for point in base)
