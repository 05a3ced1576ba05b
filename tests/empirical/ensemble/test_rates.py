"""Derivatives of losses as machine code against 50 digits, far out on both sides."""

from __future__ import annotations

import mpmath
import pytest
import sympy as sp
import torch

from symgan.empirical.ensemble.rates import rates
from symgan.empirical.gans import gans
from symgan.empirical.gans.elementwise import Y
from symgan.empirical.gans.losses import LOSSES
from symgan.empirical.orders import DISCRIMINATOR, GENERATOR

POINTS = (-1e4, -90.0, -20.0, -1.5, -1e-3, 0.0, 1e-3, 0.75, 3.0, 20.0, 90.0, 1e4)
NAMED = {g.loss.name: g for g in gans.catalog().values() if g.penalty is None and g.gran is None}


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64], ids=str)
@pytest.mark.parametrize("name", sorted(LOSSES))
def test_a_rate_is_the_derivative_over_the_batch(name: str, dtype: torch.dtype) -> None:
    gan = NAMED[name]
    found = rates(gan, len(POINTS), dtype)
    assert found is not None
    (at_real, at_fake), (generator,) = found[DISCRIMINATOR], found[GENERATOR]
    y = torch.tensor([[POINTS]], dtype=dtype)
    for rate, loss in zip(
        (at_real, at_fake, generator),
        (gan.loss.real, gan.loss.fake, gan.loss.generator),
        strict=True,
    ):
        exact = sp.lambdify(Y, sp.diff(loss.expression, Y) / len(POINTS), "mpmath")
        with mpmath.workdps(50):
            expected = [exact(mpmath.mpf(p)) for p in y.flatten().tolist()]
        values = rate(y).flatten().tolist()
        ulp = torch.finfo(dtype).eps
        tiny = torch.finfo(dtype).tiny
        for value, true in zip(values, expected, strict=True):
            assert abs(value - true) <= 4 * ulp * abs(true) + tiny
        if sp.diff(loss.expression, Y).free_symbols:  # else it is the same on both sides
            assert rate(-y).flatten().tolist() != values


def test_losses_that_read_slopes_have_none() -> None:
    for name in ("wgan-gp", "r1-gp", "r2-gp", "reg-js-gan", "piecewise-gp"):
        assert rates(gans.named(name), 4, torch.float32) is None
