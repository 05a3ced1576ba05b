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
from functools import cache
from types import MappingProxyType
from typing import Any

import sympy as sp
from sympy import Expr, Integer, Matrix, Rational, Symbol

from symgan.differentiation import diff
from symgan.errors import GameError
from symgan.game import Game, zero_sum
from symgan.system import Flow

P, q, r, S, z = sp.symbols("P q r S z", real=True)
Lambda, Lambda_G = sp.symbols("Lambda Lambda_G", positive=True)
eta_t, eta_g = sp.symbols("eta_T eta_G", nonnegative=True)
tau, tau_g, lambda_ = sp.symbols("tau tau_G lambda", positive=True)
n = Symbol("n", positive=True)
slope_s, slope_z = sp.symbols("H'(S) H'(z)", real=True)
"""The penalty's slope at S and at z, where H is left free."""
fourth, fourth_g = sp.symbols("E_c4 E_c4_G", positive=True)
"""Fourth moments of the latent codes; the limit does not see them."""
parameters = (Lambda, Lambda_G, eta_t, eta_g, tau, tau_g)

Moments = Mapping[Symbol, Callable[[int], Any]]


def log_cosh(x: Expr) -> Expr:
    r"""The penalty :math:`H(x) = \log\cosh(x - 1)` of the source.

    Args:
        x: a squared length.
    """
    return sp.log(sp.cosh(x - 1))


@cache
def expected_increment() -> Mapping[Symbol, Expr]:
    r"""The exact :math:`E[M_{k+1} - M_k \mid M_k]` at finite n, entry by entry.

    Polynomials in 1/n, for n > 2. The discriminator's gradient has a squared norm of order
    n, so that :math:`\tau^2/n^2 |\nabla_w L|^2` is of order 1/n, as large as the drift: this
    is how the noise enters the limit.

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
        step.score**2 * eta_t * step.rest
        + step.score_g**2 * eta_g * step.rest_g
        - 2 * step.score * step.score_g * sp.sqrt(eta_t * eta_g) * step.cross
    )
    changes = {
        P: U.dot(dV),
        q: U.dot(dw),
        r: V.dot(dw) + dV.dot(w) + dV.dot(dw),
        S: 2 * V.dot(dV) + dV.dot(dV),
        z: 2 * w.dot(dw) + dw.dot(dw) + beyond,
    }
    found = {s: step.reduced(mean(change, step.moments)) for s, change in changes.items()}
    return MappingProxyType(found)


class _Step:
    """One step in coordinates: U = (1, 0, 0), V and w in the span of three axes."""

    def __init__(self) -> None:
        self.v, self.w2, self.w3 = sp.symbols("v w_2 w_3", real=True)
        a, b = (sp.symbols(f"{name}_1:4", real=True) for name in ("a", "b"))
        c, g = sp.symbols("c g", real=True)
        self.rest, self.rest_g, self.cross = sp.symbols("rest rest_g cross", real=True)
        self.U = Matrix([1, 0, 0])
        self.V = Matrix([P, self.v, 0])
        self.w = Matrix([q, self.w2, self.w3])
        y = self.U * c + sp.sqrt(eta_t) * Matrix(a)
        fake = self.V * g + sp.sqrt(eta_g) * Matrix(b)
        self.score, self.score_g = y.dot(self.w), fake.dot(self.w)
        slope_w = self.score * y - self.score_g * fake - lambda_ * slope_z * self.w
        slope_V = -self.score_g * g * self.w + lambda_ * slope_s * self.V
        self.dw, self.dV = tau / n * slope_w, -tau_g / n * slope_V
        self.moments: Moments = {
            **dict.fromkeys((*a, *b), gaussian),
            c: _latent(Lambda, fourth, "c"),
            g: _latent(Lambda_G, fourth_g, "c_G"),
            # |a|^2 and a.b off the three axes; they occur linearly.
            self.rest: lambda k: (n - 3) ** k,
            self.rest_g: lambda k: (n - 3) ** k,
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


def mean(expression: Any, moments: Moments) -> Any:
    """The expectation of a polynomial in independent variables.

    Args:
        expression: the polynomial.
        moments: variable -> its moment of order k, as a function of k.
    """
    poly = sp.Poly(sp.expand(expression), *moments)
    return sp.Add(
        *(
            coefficient * sp.Mul(*(law(k) for law, k in zip(moments.values(), powers, strict=True)))
            for powers, coefficient in poly.terms()
        )
    )


def gaussian(k: int) -> Any:
    """The moment of order k of the standard normal distribution.

    Args:
        k: the order.
    """
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
        slopes = {slope_s: diff(penalty(S), S), slope_z: diff(penalty(z), z)}
    rhs = tuple(leading(change).subs(slopes) for change in expected_increment().values())
    free = () if slopes else (slope_s, slope_z)
    return Flow((P, q, r, S, z), rhs, parameters=(*parameters, lambda_, *free))


def leading(increment: Expr) -> Any:
    """n times an increment, a polynomial in 1/n, for n without bound.

    Args:
        increment: an expected change in one step.
    """
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
    return tau * (eta_t**2 + eta_g**2) / 2


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
        (Lambda * w[0] ** 2 + eta_t * length) / 2
        - (Lambda_G * overlap**2 + eta_g * length) / 2
        - lambda_ * (penalty(length) - penalty(V.dot(V))) / 2
    )
    return zero_sum(
        sp.expand(payoff),
        minimize=tuple(V),
        maximize=tuple(w),
        name="spiked-mean",
        parameters=(Lambda, Lambda_G, eta_t, eta_g, lambda_),
        source="Wang, Hu and Lu 2019, eq. (3)",
    )
