r"""Gradient normalization (GraN): a discriminator divided by its own slope, point by point.

Source: Bhaskara et al. 2022.
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from symgan.errors import BadData, UnknownName

FORMS = ("squared", "plain")


@dataclass(frozen=True)
class Gran:
    r"""Which multiple of f the discriminator is, given its slope :math:`s = \|\nabla_x f\|`.

    - ``squared``: :math:`d = K f s/(s^2 + \varepsilon)`;
    - ``plain``: :math:`d = K f/(s + \varepsilon)`.

    On a piece where f is linear s is constant, so :math:`\|\nabla d\|` is K times
    :math:`s^2/(s^2 + \varepsilon)` or :math:`s/(s + \varepsilon)`: below K in both forms. Across
    pieces d may jump. ``squared`` is the source's form and the default: its factor on f is at
    most :math:`K/(2\sqrt\varepsilon)` and goes to 0 with s, so that flat pieces stay flat, where
    that of ``plain`` goes to :math:`K/\varepsilon`.

    Args:
        bound: K; 0.83 in the dynamic paper.
        epsilon: :math:`\varepsilon`, which the dynamic paper does not say.
        form: ``squared`` or ``plain``.

    Raises:
        BadData: a bound or epsilon that is not positive.
        UnknownName: an unknown form.

    >>> import torch
    >>> Gran(2.0, 1.0).normalized(torch.tensor(3.0), torch.tensor(1.0)).item()
    3.0
    """

    bound: float = 0.83
    epsilon: float = 0.1
    form: str = "squared"

    def __post_init__(self) -> None:
        if self.form not in FORMS:
            known = ", ".join(FORMS)
            raise UnknownName(f"unknown form {self.form!r} of GraN; choose one of: {known}")
        for what, value in (("bound", self.bound), ("epsilon", self.epsilon)):
            if not 0 < value < float("inf"):
                raise BadData(f"the {what} {value} of gradient normalization; choose one > 0")

    def normalized(self, values: Tensor, steepness: Tensor) -> Tensor:
        r"""The discriminator's values d, from those of f and its slopes s, of one shape."""
        if self.form == "plain":
            return self.bound * values / (steepness + self.epsilon)
        return self.bound * values * steepness / (steepness.square() + self.epsilon)
