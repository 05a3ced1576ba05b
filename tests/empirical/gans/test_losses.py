"""Losses: values and slopes against 60 digits, the losses of the ground, and textbook forms."""

from __future__ import annotations

from functools import partial

import mpmath
import pytest
import sympy as sp
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn import functional

from symgan.empirical.bridge.printer import elementwise
from symgan.empirical.gans.elementwise import Elementwise, Y
from symgan.empirical.gans.losses import LOSSES, Loss, named
from symgan.errors import BadData, UnknownName
from symgan.games.dirac import dirac, dirac_non_saturating
from symgan.losses import SCALAR_LOSSES, exponential, hyperbolic_tangent

PARTS = [
    pytest.param(getattr(loss, part), id=f"{loss.name}-{part}")
    for loss in LOSSES.values()
    for part in ("real", "fake", "generator")
]
BOUNDARIES = [-1000.0, -88.0, -40.0, -1.0, -1e-8, 0.0, 1e-8, 1.0, 20.5, 30.0, 40.0, 89.0, 1000.0]
points = st.one_of(st.sampled_from(BOUNDARIES), st.floats(-1000, 1000, width=32))


def misses(found: Tensor, expression: sp.Expr, at: Tensor) -> float:
    """The largest error in ulps of the result; in least normal numbers where it is subnormal.

    A logistic value below that number may be flushed to 0, as 1 + e^89 overflows in float32.
    """
    digits = mpmath.mp.clone()
    digits.dps = 900  # 1 + exp(-1000) needs 435 digits
    exact = sp.lambdify(Y, expression, [{"Heaviside": lambda u, h=0.5: digits.mpf(
        (u > 0) + (u == 0) * 0.5), "sign": digits.sign, "exp": digits.exp, "log": digits.log,
        "tanh": digits.tanh, "Min": min, "Max": max}])  # fmt: skip
    info = torch.finfo(found.dtype)
    worst = 0.0
    for value, y in zip(found.tolist(), at.tolist(), strict=True):
        true = digits.mpf(exact(digits.mpf(y)))
        unit = abs(true) * info.eps if abs(true) >= info.tiny else info.tiny
        worst = max(worst, float(abs(value - true) / unit))
    return worst


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("part", PARTS)
def test_values_and_slopes_are_right_everywhere(part: Elementwise, dtype: torch.dtype) -> None:
    """At |y| = 1000, too: value, slope and second derivative within 8 ulp, by formula and autograd.

    exp, log1p and the logistic function of torch are good to 1-2 ulp each, and a loss takes
    at most three of them.
    """
    y = torch.tensor(BOUNDARIES, dtype=dtype, requires_grad=True)
    value = part(y)
    (slope,) = torch.autograd.grad(value.sum(), y)
    first, second = (sp.diff(part.expression, Y, order) for order in (1, 2))
    assert misses(value, part.expression, y) < 8
    assert misses(part.slope(y), first, y) < 8
    assert misses(slope, first, y) < 8
    smooth = not part.expression.has(sp.Min, sp.Max)
    assert not smooth or misses(part.slope.slope(y), second, y) < 8


@pytest.mark.parametrize("part", PARTS)
def test_games_and_losses_become_the_same_torch(part: Elementwise) -> None:
    """The fused forms here and the printer of whole games, values and slopes within 8 ulp."""
    y = torch.tensor(BOUNDARIES, dtype=torch.float64)
    info = torch.finfo(y.dtype)
    close = partial(torch.allclose, rtol=8 * info.eps, atol=info.tiny)
    assert close(part(y), elementwise(part.expression, Y)(y))
    assert close(part.slope(y), elementwise(sp.diff(part.expression, Y), Y)(y))
    assert not close(part(y), elementwise(part.expression * (1 + sp.Rational(1, 10**12)), Y)(y))


@settings(max_examples=15, deadline=None)
@given(points)
def test_cross_entropy_at_any_point(y: float) -> None:
    loss, at = named("non-saturating"), torch.tensor([y], dtype=torch.float64)
    assert misses(loss.fake(at), loss.fake.expression, at) < 8
    assert misses(loss.fake.slope(at), sp.diff(loss.fake.expression, Y), at) < 8


def test_naive_forms_are_rejected_by_the_same_check() -> None:
    """The plain formula overflows; torch's own threshold of 20 is off by e^-20.5 in float64."""
    softplus = sp.log(1 + sp.exp(Y))
    wide, single = torch.tensor(BOUNDARIES, dtype=torch.float64), torch.tensor(BOUNDARIES)
    assert not misses(functional.softplus(wide), softplus, wide) < 8
    assert misses(functional.softplus(wide, threshold=40), softplus, wide) < 8
    assert not misses(torch.log(1 + torch.exp(single)), softplus, single) < 8


def test_losses_are_those_of_the_dirac_gan() -> None:
    r"""With d = -\psi x, high on real data, the players descend what the ground's games say."""
    theta, psi = dirac().state
    pairs = {"saturating": "jensen-shannon", "wasserstein": "wasserstein"}
    for name, scalar in pairs.items():
        game = dirac(SCALAR_LOSSES[scalar])
        assert differs(named(name), game.losses, -psi * theta) == (0, 0)
    pairs = {"non-saturating": "jensen-shannon", "least-squares": "least-squares"}
    for name, scalar in pairs.items():
        game = dirac_non_saturating(SCALAR_LOSSES[scalar])
        assert differs(named(name), game.losses, -psi * theta) == (0, 0)
        assert differs(named(name), game.losses, psi * theta) != (0, 0)
    saturating = dirac(SCALAR_LOSSES["jensen-shannon"])
    assert differs(named("non-saturating"), saturating.losses, -psi * theta)[0] != 0
    hinged = dirac(SCALAR_LOSSES["hinge"])
    assert differs(named("hinge"), hinged.losses, -psi * theta)[1] == 0


def differs(loss: Loss, losses: tuple[sp.Expr, ...], d: sp.Expr) -> tuple[sp.Expr, ...]:
    """What the game's losses have more than this one's at data 0 and output d, up to constants."""
    own = (
        loss.generator.expression.subs(Y, d),
        loss.real.expression.subs(Y, 0) + loss.fake.expression.subs(Y, d),
    )
    gaps = [mine - theirs for mine, theirs in zip(own, losses, strict=True)]
    return tuple(sp.expand(gap - gap.subs(dict.fromkeys(d.free_symbols, 0))) for gap in gaps)


@given(st.lists(st.floats(-30, 30), min_size=1, max_size=5))
@settings(max_examples=15, deadline=None)
def test_textbook_forms(ys: list[float]) -> None:
    y = torch.tensor(ys, dtype=torch.float64)
    one, zero = torch.ones_like(y), torch.zeros_like(y)
    cross = partial(functional.binary_cross_entropy_with_logits, y, reduction="none")
    bce, zero_sum, hinge, squares = (
        named(n) for n in ("non-saturating", "saturating", "hinge", "least-squares")
    )
    expected = [
        (bce.real, cross(target=one)),
        (bce.fake, cross(target=zero)),
        (bce.generator, cross(target=one)),
        (zero_sum.generator, -cross(target=zero)),
        (hinge.real, torch.relu(1 - y)),
        (hinge.fake, torch.relu(1 + y)),
        (hinge.generator, -y),
        (squares.real, (y - 1) ** 2),
        (squares.fake, (y + 1) ** 2),
        (squares.generator, (y - 1) ** 2),
        (named("wasserstein").fake, y),
    ]
    for part, value in expected:
        # torch's cross-entropy subtracts numbers of the size of y, at most 30: 4 ulp of that.
        torch.testing.assert_close(part(y), value, rtol=1e-14, atol=1.5e-14)
        with pytest.raises(AssertionError):
            torch.testing.assert_close(part(y), value + 1e-6, rtol=1e-14, atol=1.5e-14)


def test_other_scalar_losses_and_constants() -> None:
    y = torch.tensor([0.5, -2.0], dtype=torch.float64)
    torch.testing.assert_close(Elementwise(-exponential(Y))(y), torch.exp(-y))
    torch.testing.assert_close(Elementwise(hyperbolic_tangent(Y)).slope(y), 1 - torch.tanh(y) ** 2)
    assert named("wasserstein").fake.slope(y).tolist() == [1, 1]
    assert named("hinge").real.slope(torch.tensor([0.0, 1.0, 2.0])).tolist() == [-1, -0.5, 0]


def test_what_has_no_torch_form_is_refused() -> None:
    for strange in (sp.Symbol("x") * Y, sp.gamma(Y), sp.sqrt(Y)):
        with pytest.raises(BadData, match="no torch form"):
            Elementwise(strange)
    with pytest.raises(UnknownName, match="hinge"):
        named("cross-entropy")
    assert {loss.name for loss in LOSSES.values() if loss.bounded} == {
        "saturating", "non-saturating"
    }  # fmt: skip
