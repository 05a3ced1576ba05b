"""Scalar losses: values and slopes at 0 from their definitions, and the free loss."""

from __future__ import annotations

import mpmath
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from sympy import Rational, Symbol
from sympy.core.function import ArgumentIndexError

from symgan.errors import UnknownName
from symgan.losses import SCALAR_LOSSES, GenericLoss, named_loss

y = Symbol("y", real=True)

REFERENCE = {
    "wasserstein": lambda v: v,
    "jensen-shannon": lambda v: -mpmath.log1p(mpmath.exp(-v)),
    "least-squares": lambda v: -((v - 1) ** 2),
    "hinge": lambda v: min(mpmath.mpf(0), v - 1),
    "exponential": lambda v: -mpmath.exp(-v),
    "tanh": mpmath.tanh,
}
"""The definitions in the papers named in the docstrings, written in mpmath."""

SLOPES = {
    "wasserstein": (1, 0),
    "jensen-shannon": (Rational(1, 2), Rational(-1, 4)),
    "least-squares": (2, -2),
    "hinge": (1, 0),
    "exponential": (1, -1),
    "tanh": (1, 0),
}
"""f'(0) and f''(0), by hand."""


def test_every_loss_has_a_reference() -> None:
    assert set(REFERENCE) == set(SLOPES) == set(SCALAR_LOSSES)


@given(st.sampled_from(sorted(SCALAR_LOSSES)), st.fractions(-6, 6, max_denominator=50))
def test_values(name: str, value: object) -> None:
    exact = Rational(str(value))
    with mpmath.workdps(40):
        there = REFERENCE[name](mpmath.mpf(exact.p) / exact.q)
        here = mpmath.mpf(str(sp.N(SCALAR_LOSSES[name](exact), 40)))
        assert abs(here - there) <= mpmath.mpf(10) ** -35 * (1 + abs(there))  # of 40 digits


@pytest.mark.parametrize("name", SCALAR_LOSSES)
def test_slopes_at_zero(name: str) -> None:
    f = SCALAR_LOSSES[name](y)
    first, second = (sp.diff(f, y, n).subs(y, 0) for n in (1, 2))
    assert (first, second) == SLOPES[name]


@pytest.mark.parametrize("name", SCALAR_LOSSES)
def test_first_derivative_does_not_vanish_at_zero(name: str) -> None:
    """What the papers assume of f near the equilibrium."""
    assert sp.diff(SCALAR_LOSSES[name](y), y).subs(y, 0) != 0


def test_unknown_loss_is_named() -> None:
    assert named_loss("hinge") is SCALAR_LOSSES["hinge"]
    with pytest.raises(UnknownName, match=r"unknown loss 'hinj'; choose one of: exponential, "):
        named_loss("hinj")


class TestFreeLoss:
    """`GenericLoss` obeys the chain rule and stays a number at a point."""

    def test_orders(self) -> None:
        assert GenericLoss(y) == GenericLoss(y, 0)
        assert GenericLoss(y).diff(y, 3) == GenericLoss(y, 3)
        assert GenericLoss(sp.Integer(0), 2).free_symbols == set()
        assert GenericLoss(y).is_real

    def test_products_and_chains(self) -> None:
        x = Symbol("x", real=True)
        assert sp.diff(x * GenericLoss(x * y), x) == GenericLoss(x * y) + x * y * GenericLoss(
            x * y, 1
        )
        twice = 2 * GenericLoss(y**2, 1) + 4 * y**2 * GenericLoss(y**2, 2)
        assert sp.expand(sp.diff(GenericLoss(y**2), y, 2)) == twice

    def test_the_order_is_no_variable(self) -> None:
        with pytest.raises(ArgumentIndexError):
            GenericLoss(y).fdiff(2)

    @pytest.mark.parametrize(
        ("order", "text", "tex"),
        [
            (0, "f(y)", r"f\left(y\right)"),
            (2, "f''(y)", r"f''\left(y\right)"),
            (4, "f''''(y)", r"f''''\left(y\right)"),
            (5, "f^(5)(y)", r"f^{(5)}\left(y\right)"),
        ],
    )
    def test_printing(self, order: int, text: str, tex: str) -> None:
        assert str(GenericLoss(y, order)) == text
        assert sp.latex(GenericLoss(y, order)) == tex
