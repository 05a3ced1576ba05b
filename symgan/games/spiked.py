r"""The solvable high-dimensional GAN of Wang, Hu and Lu with one feature, exactly.

Data and fakes are :math:`y = U c + \sqrt{\eta_T}\,a` and
:math:`\tilde y = V\tilde c + \sqrt{\eta_G}\,\tilde a` in n dimensions, the discriminator is
linear, :math:`D(y) = y^\top w`, and :math:`F(x) = \tilde F(x) = x^2/2`:

.. math:: L = \tfrac12 (y^\top w)^2 - \tfrac12 (\tilde y^\top w)^2
          - \tfrac\lambda2 H(w^\top w) + \tfrac\lambda2 H(V^\top V).

Each step draws one sample, :math:`w^+ = w + \tfrac\tau n \nabla_w L`,
:math:`V^+ = V - \tfrac{\tilde\tau}n \nabla_V L`. Everything here follows from this recursion
by Gaussian moments. The latent codes enter the limit by their second moments
:math:`\Lambda = E c^2`, :math:`\tilde\Lambda = E \tilde c^2` alone.

Source: Wang, Hu and Lu, "A Solvable High-Dimensional Model of GAN", NeurIPS 2019.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Any

import sympy as sp
from sympy import Expr, Integer, Matrix, Rational, Symbol

from symgan.errors import GameError
from symgan.game import Game, zero_sum
from symgan.system import Flow

P, q, r, S, z = sp.symbols("P q r S z", real=True)
Lambda, Lambda_G = sp.symbols("Lambda Lambda_G", positive=True)
eta_T, eta_G = sp.symbols("eta_T eta_G", nonnegative=True)
tau, tau_G, lambda_ = sp.symbols("tau tau_G lambda", positive=True)
n = Symbol("n", positive=True)
slope_S, slope_z = sp.symbols("H'(S) H'(z)", real=True)
"""The penalty's slope at S and at z, where H is left free."""
fourth, fourth_G = sp.symbols("E_c4 E_c4_G", positive=True)
"""Fourth moments of the latent codes; the limit does not see them."""
parameters = (Lambda, Lambda_G, eta_T, eta_G, tau, tau_G)

Moments = Mapping[Symbol, Callable[[int], Any]]


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


def log_cosh(x: Expr) -> Expr:
    r"""The penalty :math:`H(x) = \log\cosh(x - 1)` of the source."""
    return sp.log(sp.cosh(x - 1))


@cache
def expected_increment() -> Mapping[Symbol, Expr]:
    r"""The exact :math:`E[M_{k+1} - M_k \mid M_k]` at finite n, entry by entry.

    Polynomials in 1/n, for n > 2. The gradient of the discriminator has a squared norm of order n, so
    that :math:`\tau^2/n^2 |\nabla_w L|^2` is of order 1/n, as large as the drift: this is how
    the noise enters the limit.

    Returns:
        P, q, r, S, z -> the expected increment, with the penalty's slopes ``H'(S)``, ``H'(z)``.

    >>> sp.expand(expected_increment()[P]).coeff(lambda_, 0)
    Lambda_G*q*r*tau_G/n
    """
    step = _Step()
    U, V, w, dV, dw = step.U, step.V, step.w, step.dV, step.dw
    # Beyond the three coordinates y and y~ have parts of their own, which w has not:
    # they add to the squared length of dw only.
    beyond = (tau / n) ** 2 * (
        step.score**2 * eta_T * step.rest
        + step.score_G**2 * eta_G * step.rest_G
        - 2 * step.score * step.score_G * sp.sqrt(eta_T * eta_G) * step.cross
    )
    changes = {
        P: U.dot(dV),
        q: U.dot(dw),
        r: V.dot(dw) + dV.dot(w) + dV.dot(dw),
        S: 2 * V.dot(dV) + dV.dot(dV),
        z: 2 * w.dot(dw) + dw.dot(dw) + beyond,
    }
    found = {s: step.reduced(_mean(change, step.moments)) for s, change in changes.items()}
    return MappingProxyType(found)


class _Step:
    """One step in coordinates: U = (1, 0, 0), V and w in the span of three axes."""

    def __init__(self) -> None:
        self.v, self.w2, self.w3 = sp.symbols("v w_2 w_3", real=True)
        a, b = (sp.symbols(f"{name}_1:4", real=True) for name in ("a", "b"))
        c, g = sp.symbols("c g", real=True)
        self.rest, self.rest_G, self.cross = sp.symbols("rest rest_G cross", real=True)
        self.U = Matrix([1, 0, 0])
        self.V = Matrix([P, self.v, 0])
        self.w = Matrix([q, self.w2, self.w3])
        y = self.U * c + sp.sqrt(eta_T) * Matrix(a)
        fake = self.V * g + sp.sqrt(eta_G) * Matrix(b)
        self.score, self.score_G = y.dot(self.w), fake.dot(self.w)
        slope_w = self.score * y - self.score_G * fake - lambda_ * slope_z * self.w
        slope_V = -self.score_G * g * self.w + lambda_ * slope_S * self.V
        self.dw, self.dV = tau / n * slope_w, -tau_G / n * slope_V
        self.moments: Moments = {
            **dict.fromkeys((*a, *b), _gaussian),
            c: _latent(Lambda, fourth, "c"),
            g: _latent(Lambda_G, fourth_G, "c_G"),
            # |a|^2 and a.b off the three axes; they occur linearly.
            self.rest: lambda k: (n - 3) ** k,
            self.rest_G: lambda k: (n - 3) ** k,
            self.cross: lambda k: Integer(0 if k else 1),
        }

    def reduced(self, expression: Any) -> Any:
        """The expression in inner products: v w_2 = r - P q, v^2 = S - P^2, |w|^2 = z."""
        found = sp.expand(expression).subs(self.w3**2, z - q**2 - self.w2**2)
        found = sp.expand(sp.expand(found).subs(self.w2, (r - P * q) / self.v))
        found = sp.expand(sp.cancel(sp.expand(found.subs(self.v**2, S - P**2))))
        left = found.free_symbols & {self.v, self.w2, self.w3}
        if left:
            raise GameError(f"the increment does not reduce to inner products: {left} remain")
        return found


def _mean(expression: Any, moments: Moments) -> Any:
    """The expectation of a polynomial in independent variables."""
    poly = sp.Poly(sp.expand(expression), *moments)
    return sp.Add(
        *(
            coefficient * sp.Mul(*(law(k) for law, k in zip(moments.values(), powers, strict=True)))
            for powers, coefficient in poly.terms()
        )
    )


def _gaussian(k: int) -> Any:
    """Moments of the standard normal distribution."""
    return Integer(0) if k % 2 else sp.factorial2(k - 1)


def _latent(second: Symbol, quartic: Symbol, name: str) -> Callable[[int], Any]:
    """Moments of a latent code of any law; odd ones have names of their own."""
    known = {0: Integer(1), 2: second, 4: quartic}
    return lambda k: known.get(k, Symbol(f"E_{name}^{k}", real=True))


def macroscopic_flow(penalty: Callable[[Expr], Expr] | None = log_cosh) -> Flow:
    r"""The deterministic limit of :math:`M_k` in the time :math:`t = k/n`.

    .. math::
        P' &= \tilde\tau(\tilde\Lambda q r - \lambda H'(S) P) \\
        q' &= \tau(\Lambda q - \tilde\Lambda P r + h q), \qquad
        h = \eta_T - \eta_G - \lambda H'(z) \\
        r' &= \tau(\Lambda P q - \tilde\Lambda S r + h r)
              + \tilde\tau(\tilde\Lambda z r - \lambda H'(S) r) \\
        S' &= 2\tilde\tau(\tilde\Lambda r^2 - \lambda H'(S) S) \\
        z' &= 2\tau(\Lambda q^2 - \tilde\Lambda r^2 + h z)
              + \tau^2(\eta_T(\Lambda q^2 + \eta_T z) + \eta_G(\tilde\Lambda r^2 + \eta_G z))

    Args:
        penalty: H; None leaves its slopes as the symbols ``H'(S)`` and ``H'(z)``.

    Source: Wang, Hu and Lu 2019, theorem 1 with d = 1; derived here.

    >>> macroscopic_flow(None).rhs[3].coeff(lambda_, 0)
    2*Lambda_G*r**2*tau_G
    """
    slopes: dict[Symbol, Any] = {}
    if penalty is not None:
        slopes = {slope_S: sp.diff(penalty(S), S), slope_z: sp.diff(penalty(z), z)}
    rhs = tuple(_leading(change).subs(slopes) for change in expected_increment().values())
    free = () if slopes else (slope_S, slope_z)
    return Flow((P, q, r, S, z), rhs, parameters=(*parameters, lambda_, *free))


def _leading(increment: Expr) -> Any:
    """n times an increment, a polynomial in 1/n, for n without bound."""
    inverse = sp.Dummy("x", positive=True)
    return sp.expand(sp.expand((n * increment).subs(n, 1 / inverse)).subs(inverse, 0))


@cache
def strict_flow() -> Flow:
    r"""The limit under strict regularization: w and V have length 1 after every step.

    Dividing by the lengths turns the limits :math:`\varphi` without a penalty into
    :math:`P' = \varphi_P - \tfrac12 P\varphi_S`, :math:`q' = \varphi_q - \tfrac12 q\varphi_z`,
    :math:`r' = \varphi_r - \tfrac12 r(\varphi_S + \varphi_z)`; lengths fluctuate by 1/n a
    step, so that no further term is of this order. The regularized flow tends to the same
    system for :math:`\lambda \to \infty`.

    >>> strict_flow().rhs[0].factor()
    Lambda_G*r*tau_G*(-P*r + q)
    """
    unit = {S: 1, z: 1, lambda_: 0}
    in_P, in_q, in_r, in_S, in_z = (f.subs(unit) for f in macroscopic_flow(None).rhs)
    half = Rational(1, 2)
    rhs = (
        in_P - half * P * in_S,
        in_q - half * q * in_z,
        in_r - half * r * (in_S + in_z),
    )
    return Flow((P, q, r), tuple(sp.expand(f) for f in rhs), parameters=parameters)


def noise_strength() -> Expr:
    r"""The noise of the strict system at q = r = 0: :math:`\kappa = \tau(\eta_T^2+\eta_G^2)/2`."""
    return tau * (eta_T**2 + eta_G**2) / 2


def mean_game(size: int = 2, penalty: Callable[[Expr], Expr] = log_cosh) -> Game:
    r"""The game of the expected loss in a given number of dimensions; U is the first axis.

    .. math:: E L = \tfrac12(\Lambda (w^\top U)^2 + \eta_T |w|^2)
              - \tfrac12(\tilde\Lambda (w^\top V)^2 + \eta_G |w|^2)
              - \tfrac\lambda2 H(|w|^2) + \tfrac\lambda2 H(|V|^2)

    Its gradient flow lacks the term in :math:`\tau^2` of `macroscopic_flow`.

    Args:
        size: the number of dimensions.
        penalty: H.

    Raises:
        GameError: the size is not positive.

    >>> mean_game(1, penalty=lambda x: x).losses[0].coeff(lambda_)
    V_1**2/2 - w_1**2/2
    """
    if size < 1:
        raise GameError(f"the spiked model needs at least one dimension, not {size}")
    V, w = (Matrix(sp.symbols(f"{name}_1:{size + 1}", real=True)) for name in ("V", "w"))
    length, overlap = w.dot(w), V.dot(w)
    payoff = (
        (Lambda * w[0] ** 2 + eta_T * length) / 2
        - (Lambda_G * overlap**2 + eta_G * length) / 2
        - lambda_ * (penalty(length) - penalty(V.dot(V))) / 2
    )
    return zero_sum(
        sp.expand(payoff),
        minimize=tuple(V),
        maximize=tuple(w),
        name="spiked-mean",
        parameters=(Lambda, Lambda_G, eta_T, eta_G, lambda_),
        source="Wang, Hu and Lu 2019, eq. (3)",
    )


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
    score = c * q + sp.sqrt(eta_T) * (a * omega / sp.sqrt(n) + s * e)
    score_G = g * r + sp.sqrt(eta_G) * (b * omega / sp.sqrt(n) + t * f)
    y = c * u + sp.sqrt(n * eta_T) * a  # sqrt(n) times the row of y
    fake = g * v + sp.sqrt(n * eta_G) * b
    step_w = tau / n * (score * y - score_G * fake - lambda_ * slope_z * omega)
    step_V = tau_G / n * (score_G * g * omega - lambda_ * slope_S * v)
    laws: Moments = {
        **dict.fromkeys((a, b, e, f), _gaussian),
        c: lambda k: _gaussian(k) * Lambda ** Rational(k, 2),
        g: lambda k: _gaussian(k) * Lambda_G ** Rational(k, 2),
    }
    left = z - omega**2 / n
    in_V, in_w = (
        sp.expand(_mean(step**order, laws).subs({s: sp.sqrt(left), t: sp.sqrt(left)}))
        for step in (step_V, step_w)
    )
    return in_V, in_w


def _row() -> tuple[Symbol, Symbol, Symbol]:
    u, v, omega = sp.symbols("u v omega", real=True)
    return u, v, omega


def microscopic() -> Microscopic:
    r"""The stochastic equation of a row in the limit, from the moments of its steps.

    >>> sp.factor(microscopic().diffusion[2].subs({eta_G: 0}))
    eta_T*tau**2*(Lambda*q**2 + eta_T*z)
    """
    drift_V, drift_w = (_leading(moment) for moment in row_moments(1))
    noise_V, noise_w = (_leading(moment) for moment in row_moments(2))
    zero = Integer(0)
    return Microscopic(_row(), (zero, drift_V, drift_w), (zero, noise_V, noise_w))
