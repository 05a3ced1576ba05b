r"""GAN losses as functions of the discriminator's output d, high on what it holds real.

The discriminator descends

.. math:: \ell_D = E_{x}\,r(d(x)) + E_{z}\,k(d(g(z))),

the generator :math:`\ell_G = E_{z}\,h(d(g(z)))`. All come from the scalar losses of
`symgan.losses`, where the payoff of a discriminator D high on what is *generated* reads
:math:`E f(D(g)) + E f(-D(x))`: with :math:`d = -D`,

.. math:: r(y) = -f(y), \quad k(y) = -f(-y), \quad
          h(y) = f(-y) \text{ (saturating)} \text{ or } -f(y) \text{ (non-saturating)}.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from symgan.empirical.gans.elementwise import Elementwise, Y
from symgan.errors import UnknownName
from symgan.losses import (
    ScalarLoss,
    hinge,
    jensen_shannon,
    least_squares,
    non_saturating,
    wasserstein,
)


@dataclass(frozen=True)
class Loss:
    """What the two players of a GAN descend, entry by entry of the discriminator's output.

    Args:
        name: its name.
        real: r, of the output at real data.
        fake: k, of the output at generated data.
        generator: h, of the output at generated data.
        bounded: whether the loss reads the output as a logit, through the logistic function,
            so that the discriminator proper is a probability.

    >>> bce = named("non-saturating")
    >>> bce.real.expression, bce.fake.expression, bce.generator.expression
    (log(1 + exp(-y)), log(exp(y) + 1), log(1 + exp(-y)))
    """

    name: str
    real: Elementwise
    fake: Elementwise
    generator: Elementwise
    bounded: bool


def from_scalar(name: str, f: ScalarLoss, generator: Any, *, bounded: bool) -> Loss:
    r"""The loss of a scalar loss f, with the generator's part as an expression in `Y`.

    >>> from_scalar("w", wasserstein, -Y, bounded=False).fake.expression
    y
    """
    real, fake = -f(Y), -f(-Y)
    return Loss(
        name, Elementwise(real), Elementwise(fake), Elementwise(sp.sympify(generator)), bounded
    )


def saturating_part(f: ScalarLoss) -> Any:
    r"""The zero-sum generator's :math:`h(y) = f(-y)`."""
    return f(-Y)


def non_saturating_part(f: ScalarLoss) -> Any:
    r"""The non-saturating :math:`h(y) = -f(y)`, by `symgan.losses.non_saturating` at -y."""
    return non_saturating(f)(-Y)


LOSSES: dict[str, Loss] = {
    loss.name: loss
    for loss in (
        from_scalar(
            "non-saturating", jensen_shannon, non_saturating_part(jensen_shannon), bounded=True
        ),
        from_scalar("saturating", jensen_shannon, saturating_part(jensen_shannon), bounded=True),
        from_scalar("wasserstein", wasserstein, saturating_part(wasserstein), bounded=False),
        # Lim and Ye 2017: the generator of a hinge GAN descends the Wasserstein loss.
        from_scalar("hinge", hinge, saturating_part(wasserstein), bounded=False),
        # Mao et al. 2017 with targets -1 and 1; the generator is drawn to the real target.
        from_scalar(
            "least-squares", least_squares, non_saturating_part(least_squares), bounded=False
        ),
    )
}
"""GAN losses by name."""


def named(name: str) -> Loss:
    """The loss of this name.

    Raises:
        UnknownName: no loss carries the name; the sentence lists the known ones.

    >>> named("wasserstein").generator.expression
    -y
    """
    if name not in LOSSES:
        raise UnknownName(f"unknown GAN loss {name!r}; choose one of: {', '.join(sorted(LOSSES))}")
    return LOSSES[name]
