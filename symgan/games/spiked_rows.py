r"""The rows of the spiked model: their stochastic equation, from the moments of their steps.

Row i of :math:`X_k = [U, V_k, w_k]`, scaled by :math:`\sqrt n`, follows in the time
:math:`t = k/n` (rates :math:`\tau/n`, one sample a step) a stochastic differential equation
with the macroscopic state in its coefficients.

Source: Wang, Hu and Lu 2019, section 3; derived here for d = 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import sympy as sp
from sympy import Expr, Integer, Rational, Symbol

from symgan.games.spiked import (
    Lambda,
    Lambda_G,
    Moments,
    eta_g,
    eta_t,
    gaussian,
    lambda_,
    leading,
    mean,
    n,
    q,
    r,
    slope_s,
    slope_z,
    tau,
    tau_g,
    z,
)


@dataclass(frozen=True)
class Microscopic:
    r"""The stochastic equation of one row :math:`\sqrt n\,(U_i, V_i, w_i) = (u, v, \omega)`.

    .. math:: d\omega = f_\omega\,dt + \sqrt{g}\,dB, \qquad dv = f_v\,dt, \qquad du = 0

    in the time :math:`t = k/n`. The Brownian motion drives the discriminator alone.

    Attributes:
        state: u, v and omega.
        drift: of u, v and omega, in the state and (P, q, r, S, z).
        diffusion: the rates of variance of u, v and omega.
    """

    state: tuple[Symbol, Symbol, Symbol]
    drift: tuple[Expr, Expr, Expr]
    diffusion: tuple[Expr, Expr, Expr]


@cache
def row_moments(order: int) -> tuple[Expr, Expr]:
    r"""Exact moments of a row's step, :math:`E(\sqrt n\,\delta V_i)^m, E(\sqrt n\,\delta w_i)^m`.

    The row is :math:`(U_i, V_i, w_i) = (u, v, \omega)/\sqrt n`; latent codes are Gaussian.

    Args:
        order: the moment m.
    """
    (u, v, omega), (c, g, a, b, e, f) = _row(), sp.symbols("c g a b e f", real=True)
    s, t = sp.symbols("s t", nonnegative=True)
    # y.w splits into the row's own noise a and the rest of a.w, of variance z - omega^2/n.
    score = c * q + sp.sqrt(eta_t) * (a * omega / sp.sqrt(n) + s * e)
    score_g = g * r + sp.sqrt(eta_g) * (b * omega / sp.sqrt(n) + t * f)
    y = c * u + sp.sqrt(n * eta_t) * a  # sqrt(n) times the row of y
    fake = g * v + sp.sqrt(n * eta_g) * b
    step_w = tau / n * (score * y - score_g * fake - lambda_ * slope_z * omega)
    step_V = tau_g / n * (score_g * g * omega - lambda_ * slope_s * v)
    laws: Moments = {
        **dict.fromkeys((a, b, e, f), gaussian),
        c: lambda k: gaussian(k) * Lambda ** Rational(k, 2),
        g: lambda k: gaussian(k) * Lambda_G ** Rational(k, 2),
    }
    left = z - omega**2 / n
    in_V, in_w = (
        sp.expand(mean(step**order, laws).subs({s: sp.sqrt(left), t: sp.sqrt(left)}))
        for step in (step_V, step_w)
    )
    return in_V, in_w


def _row() -> tuple[Symbol, Symbol, Symbol]:
    u, v, omega = sp.symbols("u v omega", real=True)
    return u, v, omega


def microscopic() -> Microscopic:
    r"""The stochastic equation of a row in the limit, from the moments of its steps.

    >>> sp.factor(microscopic().diffusion[2].subs({eta_g: 0}))
    eta_T*tau**2*(Lambda*q**2 + eta_T*z)
    """
    drift_V, drift_w = (leading(moment) for moment in row_moments(1))
    noise_V, noise_w = (leading(moment) for moment in row_moments(2))
    zero = Integer(0)
    return Microscopic(_row(), (zero, drift_V, drift_w), (zero, noise_V, noise_w))
