r"""What section 5.3's entries share: the exact fields, and measurements by enumeration.

Exact values come from `symgan.games.spiked`, by symbolic Gaussian moments. The second route
replaces every Gaussian by the three-point law on -sqrt 3, 0, sqrt 3 (weights 1/6, 2/3, 1/6),
which has the same moments up to order five, and sums the recursion over all outcomes in 3 and
4 dimensions. What grows with the dimension is the difference of the two sums.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from functools import cache
from typing import Any

import mpmath
from sympy import Rational, Symbol

from symgan.games.spiked import (
    Lambda,
    Lambda_G,
    P,
    S,
    eta_g,
    eta_t,
    lambda_,
    q,
    r,
    slope_s,
    slope_z,
    tau,
    tau_g,
    z,
)

Place = Mapping[str, Any]
Vector = list[Any]

NAMES = ("P", "q", "r", "S", "z")
SHORT = {Lambda: 1, Lambda_G: 2, eta_t: Rational(1, 2), eta_g: Rational(2, 3)}
STATES = (
    {P: Rational(1, 2), q: Rational(1, 3), r: Rational(1, 4), S: 1, z: 1},
    {P: Rational(-1, 3), q: Rational(1, 2), r: Rational(1, 5), S: 1, z: 1},
)
LONG_STATES = (
    {P: Rational(1, 2), q: Rational(1, 3), r: Rational(1, 4), S: 2, z: 3},
    {P: Rational(-1, 3), q: Rational(1, 2), r: Rational(1, 5), S: Rational(1, 2), z: 1},
)
RATES = (
    {**SHORT, tau: Rational(1, 3), tau_g: Rational(1, 5)},
    {Lambda: 3, Lambda_G: 1, eta_t: 1, eta_g: Rational(1, 4), tau: Rational(3, 2), tau_g: 2},
)
PENALTY = {lambda_: Rational(1, 7), slope_s: Rational(2, 3), slope_z: Rational(-1, 5)}
POINTS = tuple({**state, **rates} for state, rates in zip(STATES, RATES, strict=True))
LONG_POINTS = tuple(
    {**state, **rates, **PENALTY} for state, rates in zip(LONG_STATES, RATES, strict=True)
)


def nodes() -> tuple[tuple[Any, Any], ...]:
    """(value, weight) of the three-point law with the moments of a Gaussian."""
    third = mpmath.mpf(1) / 6
    return ((-mpmath.sqrt(3), third), (mpmath.mpf(0), 4 * third), (mpmath.sqrt(3), third))


def dot(x: Vector, y: Vector) -> Any:
    """The inner product."""
    return mpmath.fsum(a * b for a, b in zip(x, y, strict=True))


def vectors(p: Place) -> tuple[Vector, Vector, Vector]:
    """U, V and w in three dimensions with the inner products of a place."""
    long = mpmath.sqrt(p.get("S", mpmath.mpf(1)) - p["P"] ** 2)
    across = (p["r"] - p["P"] * p["q"]) / long
    rest = mpmath.sqrt(p.get("z", mpmath.mpf(1)) - p["q"] ** 2 - across**2)
    zero = mpmath.mpf(0)
    return [mpmath.mpf(1), zero, zero], [p["P"], long, zero], [p["q"], across, rest]


def enumerated(feature: Vector, w: Vector, second: Any, noise: Any) -> tuple[Vector, Any, Any]:
    """E[(y.w) y], E[(y.w)^2 |y|^2] and E[(y.w) c] for y = feature c + sqrt(noise) a."""
    size = len(w)
    mean, square, with_code = [mpmath.mpf(0)] * size, mpmath.mpf(0), mpmath.mpf(0)
    for outcome in itertools.product(nodes(), repeat=size + 1):
        weight = mpmath.fprod(share for _, share in outcome)
        c = mpmath.sqrt(second) * outcome[-1][0]
        y = [f * c + mpmath.sqrt(noise) * a for f, (a, _) in zip(feature, outcome, strict=False)]
        score = dot(y, w)
        mean = [m + weight * score * entry for m, entry in zip(mean, y, strict=True)]
        square += weight * score**2 * dot(y, y)
        with_code += weight * score * c
    return mean, square, with_code


def measured(name: str, p: Place) -> Any:
    """The limit of n E[change of one entry of M], by enumeration."""
    return dict(_measured(tuple(sorted(p.items())), mpmath.mp.prec))[name]


def measured_strict(name: str, p: Place) -> Any:
    """The same with the slopes of the penalty that keep S and z at 1."""
    free = {**p, "S": mpmath.mpf(1), "z": mpmath.mpf(1), "lambda": mpmath.mpf(1)}
    free |= {"H'(S)": mpmath.mpf(0), "H'(z)": mpmath.mpf(0)}
    # The slopes enter linearly: -2 tau_G H'(S) S in S' and -2 tau H'(z) z in z'.
    holding = {
        "H'(S)": measured("S", free) / (2 * p["tau_G"]),
        "H'(z)": measured("z", free) / (2 * p["tau"]),
    }
    return measured(name, {**free, **holding})


@cache
def _measured(items: tuple[tuple[str, Any], ...], precision: int) -> tuple[tuple[str, Any], ...]:
    """All five limits; the precision is in the cache's key."""
    p = dict(items)
    U, V, w = vectors(p)
    tau, rate_g = p["tau"], p["tau_G"]
    pull_z, pull_s = (p.get("lambda", 0) * p.get(f"H'({s})", 0) for s in ("z", "S"))
    sizes = []
    for longer in (0, 1):
        pad = [mpmath.mpf(0)] * longer
        real = enumerated(U + pad, w + pad, p["Lambda"], p["eta_T"])
        fake = enumerated(V + pad, w + pad, p["Lambda_G"], p["eta_G"])
        sizes.append((real, fake))
    (real, fake), (real_more, fake_more) = sizes
    noise = real_more[1] - real[1] + fake_more[1] - fake[1]
    move_w = [tau * (x - y - pull_z * v) for x, y, v in zip(real[0], fake[0], w, strict=True)]
    move_v = [rate_g * (fake[2] * x - pull_s * y) for x, y in zip(w, V, strict=True)]
    found = {
        "P": dot(U, move_v),
        "q": dot(U, move_w),
        "r": dot(V, move_w) + dot(w, move_v),
        "S": 2 * dot(V, move_v),
        "z": 2 * dot(w, move_w) + tau**2 * noise,
    }
    return tuple(found.items())


def speeds(names: tuple[str, ...] = NAMES) -> tuple[Symbol, ...]:
    """Names for the limits of n E[change]."""
    return tuple(Symbol(f"{name}_rate", real=True) for name in names)


def kappa() -> Any:
    """The noise, kappa = tau (eta_T^2 + eta_G^2)/2."""
    return tau * (eta_t**2 + eta_g**2) / 2


def difference_matrix(field: Any, at: Vector) -> Any:
    """The Jacobian of a field by difference quotients at the working precision."""
    size = len(at)
    step = mpmath.mpf(10) ** (-mpmath.mp.dps // 4)
    matrix = mpmath.zeros(size)
    for j in range(size):
        # Fourth-order quotients: the fields are polynomials of degree three, so they are exact.
        values = {
            k: field([x + k * step * (i == j) for i, x in enumerate(at)]) for k in (-2, -1, 1, 2)
        }
        for i in range(size):
            one, two = values[1][i] - values[-1][i], values[2][i] - values[-2][i]
            matrix[i, j] = (8 * one - two) / (12 * step)
    return matrix


def plain_strict(p: Place, x: Vector) -> Vector:
    """The strict field on (P, q, r) in plain arithmetic, from M' = A^T M + M A + noise."""
    one, zero = mpmath.mpf(1), mpmath.mpf(0)
    M = mpmath.matrix([[one, x[0], x[1]], [x[0], one, x[2]], [x[1], x[2], one]])
    tau, real, fake = p["tau"], p["Lambda"] * x[1], p["Lambda_G"] * x[2]
    drift = tau * (p["eta_T"] - p["eta_G"])
    A = mpmath.matrix([[zero, zero, tau * real], [zero, zero, -tau * fake],
                       [zero, p["tau_G"] * fake, drift]])  # fmt: skip
    found = A.T * M + M * A
    noise = p["eta_T"] * (real * x[1] + p["eta_T"]) + p["eta_G"] * (fake * x[2] + p["eta_G"])
    found[2, 2] += tau**2 * noise
    in_v, in_w = found[1, 1] / 2, found[2, 2] / 2  # what holds S and z at 1
    return [
        found[0, 1] - in_v * x[0],
        found[0, 2] - in_w * x[1],
        found[1, 2] - (in_v + in_w) * x[2],
    ]
