r"""The two-parameter system that learns a uniform distribution.

Real data are uniform on [-1, 1], :math:`D(x) = w x^2`, :math:`G(z) = a z` with z uniform on
[-1, 1]:

.. math:: V(a, w) = E\,f(w x^2) + E\,f(-w a^2 z^2).

With Wasserstein loss :math:`V = w(1 - a^2)/3`, so that

.. math:: \dot a = \tfrac23 a w, \qquad \dot w = \tfrac13(1 - a^2).

Equilibria are :math:`(a, w) = (\pm 1, 0)`; (0, 0) is none. On :math:`a > 0`,
:math:`H = w^2 + \tfrac12 a^2 - \ln a` is constant, convex and proper: every orbit but the
equilibrium is closed, and nothing converges. The gradient-norm regularizer adds
:math:`-\tfrac49\gamma a(a^2 - 1)` to :math:`\dot a`, and

.. math:: \dot H = -\tfrac49\gamma\,(a^2 - 1)^2 \le 0,

with only the equilibrium invariant where it is 0: for every :math:`\gamma > 0` all orbits with
:math:`a > 0` converge to (1, 0), fastest to first order at :math:`\gamma = 3/2`, where the
eigenvalues :math:`-\tfrac49\gamma \pm \tfrac29\sqrt{4\gamma^2 - 9}` meet.
"""

from __future__ import annotations

import sympy as sp
from sympy import Expr, Integer, Symbol

from symgan.catalog import game
from symgan.game import Game
from symgan.games.gan import Gan, gan
from symgan.laws import Law, Uniform
from symgan.losses import GenericLoss, ScalarLoss

a, w, x, z = sp.symbols("a w x z", real=True)


def uniform_gan(loss: ScalarLoss = GenericLoss, law: Law | None = None) -> Gan:
    r"""The uniform system with its discriminator, generator and laws.

    Args:
        loss: the scalar loss f.
        law: the law of data and latents; uniform on [-1, 1] unless given. Any law will do:
            the field at the equilibrium needs its second and fourth moment.

    Source: Nagarajan and Kolter 2017.

    >>> uniform_gan().K_DD(), uniform_gan().K_DG()
    (Matrix([[1/5]]), Matrix([[-2/3]]))
    """
    law = law or Uniform()
    return gan(
        discriminator=w * x**2,
        generator=a * z,
        features=x,
        latent=z,
        data=law,
        noise=law,
        minimize=a,
        maximize=w,
        loss=loss,
        name="uniform",
        equilibrium={a: Integer(1), w: Integer(0)},
        source="Nagarajan and Kolter 2017, section 4",
    )


@game("uniform")
def uniform(loss: ScalarLoss = GenericLoss) -> Game:
    r"""The system learning a uniform law: :math:`V = E f(w x^2) + E f(-w a^2 z^2)`.

    Args:
        loss: the scalar loss f. The field is polynomial for Wasserstein and least-squares
            loss and holds expectations otherwise.

    Source: Nagarajan and Kolter 2017.

    >>> from symgan.losses import wasserstein
    >>> uniform(wasserstein).flow().rhs
    (2*a*w/3, 1/3 - a**2/3)
    """
    return uniform_gan(loss).game


def uniform_first_integral() -> Expr:
    r"""What the Wasserstein flow conserves on :math:`a > 0`: :math:`w^2 + a^2/2 - \ln a`.

    >>> H = uniform_first_integral()
    >>> sp.simplify(sp.diff(H, POSITIVE) * 2*POSITIVE*w/3 + sp.diff(H, w) * (1 - POSITIVE**2)/3)
    0
    """
    return w**2 + POSITIVE**2 / 2 - sp.log(POSITIVE)


POSITIVE = Symbol("a", positive=True)
"""The generator's parameter where it is positive; the half-plane is invariant."""
