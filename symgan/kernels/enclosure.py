r"""Trajectories of smooth flows with a proven error bound.

One step, in the scaled time :math:`u = (t - t_0)/h`: let p be any polynomial, here the Taylor
polynomial of the fixed-point integrator. Its *defect* :math:`d(u) = h F(p(u), t) - p'(u)` is
analytic where F is. Its first N coefficients are computed in balls; if :math:`|d| \le M` for
:math:`|u| \le \rho`, Cauchy's estimate bounds the others, so that on [0, 1]

.. math:: |d| \le D = \sum_{k<N} |d_k| + \frac{M \rho^{-N}}{1 - 1/\rho}.

If :math:`\mu` bounds the logarithmic norm of the Jacobian in a tube around p, a solution that
starts within :math:`\delta` of p(0) ends within
:math:`e^{h\mu}\delta + \max(1, e^{h\mu}) D` of p(1), as long as that lies in the tube.

Source: Dahlquist 1959 (logarithmic norms); Tucker 2011, "Validated Numerics", for balls.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import mpmath
from mpmath import mpf

from symgan.errors import Undecided
from symgan.kernels import switching
from symgan.kernels.enclosure_step import STEPS, Step, TooWide
from symgan.kernels.errors import KernelError
from symgan.kernels.flint_values import flint, rational
from symgan.kernels.reference import by_symbol
from symgan.system import Flow

_GUARD = 72
"""Bits beyond the digits asked for in the first run."""
_LOOK_BACK = 16
"""Steps over which short steps must have grown for a run to go on: after a fast start they do."""
_RUNS = 6
"""Runs, each at more bits, before the question is given up."""


@dataclass(frozen=True)
class Enclosure:
    """States at the times asked for, each with a radius that is proven.

    Attributes:
        states: one tuple of mpf a time: the center.
        radii: one mpf a time: the solution lies within this Euclidean distance of the center.
        bits: the precision of the run.
        steps: its number of steps.
    """

    states: tuple[tuple[Any, ...], ...]
    radii: tuple[Any, ...]
    bits: int
    steps: int


def enclose(
    flow: Flow,
    x0: Mapping[Any, Any],
    times: Sequence[Any],
    parameters: Mapping[Any, Any] | None = None,
    *,
    dps: int = 50,
) -> Enclosure:
    r"""A trajectory of a smooth flow from t = 0, enclosed to a number of digits.

    Args:
        flow: a flow whose field is analytic along the trajectory.
        x0: state name or symbol -> rational number (int, float, str, Fraction, mpf, SymPy).
        times: increasing, not negative, binary fractions (as integers and floats are).
        parameters: name or symbol -> rational number.
        dps: radii are at most 10**-dps of the largest :math:`|x_i|` up to there.

    Raises:
        KernelError: kinks, functions without a rule, or numbers that do not fit.
        Undecided: no such radius within the budget of steps and bits.
        MissingExtra: python-flint is not installed.

    >>> import sympy as sp
    >>> x, y = sp.symbols("x y", real=True)
    >>> found = enclose(Flow((x, y), (-y, x)), {"x": 1, "y": 0}, [100], dps=30)
    >>> bool(found.radii[0] < mpf("1e-30"))
    True
    >>> with mpmath.workdps(60):
    ...     bool(abs(found.states[0][0] - mpmath.cos(100)) <= found.radii[0])
    True
    """
    if not isinstance(flow, Flow):
        raise KernelError(f"no enclosure for {type(flow).__name__}; give a Flow")
    if switching.relations([switching.branched(f) for f in flow.rhs]):
        raise KernelError("enclosures take smooth fields, and this one has kinks")
    start = {s: rational(v) for s, v in by_symbol("initial value", x0, flow.state).items()}
    given = by_symbol("parameter", parameters or {}, flow.parameters)
    values = {s: rational(v) for s, v in given.items()}
    when = _binary(times)
    bits = int(dps * 3.33) + _GUARD
    for _ in range(_RUNS):
        found, lost = _run(flow, start, values, when, bits, dps)
        if found is not None:
            return found
        bits += lost
    raise Undecided(
        f"no enclosure to {dps} digits at {bits} bits; the flow is stiff, expands too fast or "
        "explodes; ask for fewer digits or earlier times"
    )


def _run(
    flow: Flow,
    start: Mapping[Any, Fraction],
    values: Mapping[Any, Fraction],
    times: Sequence[Fraction],
    bits: int,
    dps: int,
) -> tuple[Enclosure | None, int]:
    """One run; without a result, the bits by which the radius came out too large."""
    ctx = flint().ctx
    before = ctx.prec, ctx.cap
    try:
        with mpmath.workprec(bits + 64):
            step = Step(flow, values, bits)
            x = [round(v * 2**bits) for v in start.values()]
            exact = all(v * 2**bits == k for v, k in zip(start.values(), x, strict=True))
            radius = mpf(0) if exact else mpf(len(x)) * mpf(2) ** -bits
            return _through(step, x, radius, [int(t * 2**bits) for t in times], dps)
    except TooWide:
        return None, bits
    finally:
        ctx.prec, ctx.cap = before


def _through(
    step: Step, x: list[int], radius: Any, targets: list[int], dps: int
) -> tuple[Enclosure | None, int]:
    bits = step.bits
    t, h, taken, size = 0, max(targets), 0, max(map(abs, x))
    states: list[tuple[Any, ...]] = []
    radii: list[Any] = []
    tried: list[int] = []
    for target in targets:
        while t < target:
            growing = taken < _LOOK_BACK or h > tried[-_LOOK_BACK]
            short = h * STEPS < (max(targets) - t) // 50
            if taken >= STEPS or (short and not growing):
                at = mpmath.nstr(mpmath.ldexp(mpf(t), -bits), 8)
                raise Undecided(
                    f"the enclosure cannot pass t = {at} within {STEPS} steps; the flow is stiff "
                    "or its solution explodes there"
                )
            x, radius, used, ahead = step.advance(x, t, min(h, target - t), radius)
            # one that ends at a time asked for says nothing about how long the next may be
            h = max(h, ahead) if used == target - t else ahead
            tried.append(h)
            t, taken, size = t + used, taken + 1, max(size, *map(abs, x))
        states.append(tuple(mpmath.ldexp(mpf(v), -bits) for v in x))
        radii.append(radius)
        allowed = mpf(10) ** -dps * mpmath.ldexp(mpf(size), -bits)
        if radius > allowed:
            lost = mpmath.log(radius / allowed, 2) if allowed else mpf(bits)
            share = mpf(targets[-1]) / target if target else mpf(1)
            return None, int(lost * share) + 16
    return Enclosure(tuple(states), tuple(radii), bits, taken), 0


def _binary(times: Sequence[Any]) -> list[Fraction]:
    when = [rational(t) for t in times]
    if not when or when != sorted(when) or when[0] < 0:
        raise KernelError("times must be increasing, not negative, and at least one")
    for given, t in zip(times, when, strict=True):
        if t.denominator & (t.denominator - 1) or t.denominator > 2**64:
            raise KernelError(f"the time {given} is no binary fraction; give a float or an integer")
    return when
