r"""Gradient penalties of the discriminator, one number a member.

With slopes :math:`\nabla_x d` by a backward pass that autograd can go through again:

- ``r1``: :math:`E_x\|\nabla d(x)\|^2` at real data;
- ``r2``: :math:`E_z\|\nabla d(g(z))\|^2` at generated data, which the generator does not descend;
- ``gp``: :math:`E(\|\nabla d(\hat x)\| - 1)^2` at :math:`\hat x = u x + (1 - u) g(z)`, u uniform;
- ``js``: :math:`E_x (1 - s(d))^2\|\nabla d\|^2 + E_z\,s(d)^2\|\nabla d\|^2`, s the logistic
  function; the factors are differentiated too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from symgan.errors import BadData, UnknownName

Score = Callable[[Tensor], Tensor]
"""The discriminator as a map of points (M, B, ...) to values (M, B), one member beside another."""

CONVENTIONS = ("source", "weight", "half")
# Which of the sources writes gamma/2: Mescheder et al. 2018 and Roth et al. 2017 do, Gulrajani
# et al. 2017 write lambda.
_HALVED = {"r1": True, "r2": True, "gp": False, "js": True}


@dataclass(frozen=True)
class Penalty:
    r"""A gradient penalty with its weight.

    Args:
        kind: ``r1``, ``r2``, ``gp`` or ``js``.
        weight: the number called the weight; 3 in the experiments of the dynamic paper.
        convention: what multiplies the mean: ``weight`` the weight, ``half`` half of it,
            ``source`` what the penalty's own source writes: :math:`\gamma/2` for r1, r2 and js,
            :math:`\lambda` for gp. The dynamic paper does not say; each source's is the default.
        target: the norm that ``gp`` draws slopes to.

    Raises:
        UnknownName: an unknown kind or convention.
        BadData: a negative weight.

    >>> Penalty("r2").factor, Penalty("gp").factor, Penalty("r2", convention="weight").factor
    (1.5, 3.0, 3.0)
    """

    kind: str
    weight: float = 3.0
    convention: str = "source"
    target: float = 1.0

    def __post_init__(self) -> None:
        if self.kind not in _HALVED:
            known = ", ".join(_HALVED)
            raise UnknownName(f"unknown gradient penalty {self.kind!r}; choose one of: {known}")
        if self.convention not in CONVENTIONS:
            known = ", ".join(CONVENTIONS)
            raise UnknownName(f"unknown convention {self.convention!r}; choose one of: {known}")
        if not self.weight >= 0:
            raise BadData(f"the weight {self.weight} of a gradient penalty; choose one >= 0")

    @property
    def factor(self) -> float:
        """What multiplies the mean."""
        by_source = self.convention == "source" and _HALVED[self.kind]
        return self.weight / 2 if by_source or self.convention == "half" else self.weight

    @property
    def needs_mix(self) -> bool:
        """Whether it looks at points between real and generated data."""
        return self.kind == "gp"


def slopes(score: Score, x: Tensor) -> tuple[Tensor, Tensor]:
    r"""Values d(x), shape (M, B), and slopes :math:`\nabla_x d`, shape (M, B, n).

    Both can be differentiated again. Exact for a discriminator whose value at a point depends on
    that point alone (no batch normalization).

    >>> values, gradients = slopes(lambda x: (x**2).sum(-1), torch.ones(1, 1, 2))
    >>> gradients.tolist()
    [[[2.0, 2.0]]]
    """
    with torch.enable_grad():
        # Data are cut off here; a generator's samples keep their graph, so that a normalized
        # score can be differentiated in the generator's weights.
        point = x if x.requires_grad else x.detach().requires_grad_()
        values = score(point)
        (found,) = torch.autograd.grad(values.sum(), point, create_graph=True)
    return values, found.flatten(2)


def square(gradients: Tensor) -> Tensor:
    """Squared norms (M, B) of slopes (M, B, n)."""
    return gradients.square().sum(-1)


def norm(gradients: Tensor) -> Tensor:
    """Norms (M, B) of slopes (M, B, n); where a slope is 0 the derivative taken is 0."""
    return torch.linalg.vector_norm(gradients, dim=-1)


def penalty_value(
    penalty: Penalty, score: Score, real: Tensor, fake: Tensor, mix: Tensor | None
) -> Tensor:
    """The penalty with its factor, shape (M,).

    Args:
        penalty: which, and its weight.
        score: the discriminator.
        real: real data (M, B, ...).
        fake: generated data (M, B, ...), a constant.
        mix: u in [0, 1], shape (M, B); the real point's share, for ``gp``.

    Raises:
        BadData: ``gp`` without `mix`.
    """
    return penalty.factor * _MEANS[penalty.kind](penalty, score, real, fake, mix)


def _r1(penalty: Penalty, score: Score, real: Tensor, fake: Tensor, mix: Tensor | None) -> Tensor:
    return square(slopes(score, real)[1]).mean(1)


def _r2(penalty: Penalty, score: Score, real: Tensor, fake: Tensor, mix: Tensor | None) -> Tensor:
    return square(slopes(score, fake)[1]).mean(1)


def _gp(penalty: Penalty, score: Score, real: Tensor, fake: Tensor, mix: Tensor | None) -> Tensor:
    if mix is None:
        raise BadData("the penalty gp looks between real and generated points; give draws.mix")
    share = mix.reshape(*mix.shape, *[1] * (real.ndim - 2))
    between = share * real + (1 - share) * fake
    return (norm(slopes(score, between)[1]) - penalty.target).square().mean(1)


def _js(penalty: Penalty, score: Score, real: Tensor, fake: Tensor, mix: Tensor | None) -> Tensor:
    on_real, slope_real = slopes(score, real)
    on_fake, slope_fake = slopes(score, fake)
    # 1 - s(d) is s(-d), which does not cancel where the discriminator is sure.
    first = torch.sigmoid(-on_real).square() * square(slope_real)
    second = torch.sigmoid(on_fake).square() * square(slope_fake)
    return first.mean(1) + second.mean(1)


_MEANS: dict[str, Callable[..., Tensor]] = {"r1": _r1, "r2": _r2, "gp": _gp, "js": _js}
