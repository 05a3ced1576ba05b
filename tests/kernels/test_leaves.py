"""What is done without SymPy, for speed, is what SymPy does."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symgan.kernels.leaves import code, text

x, eta, omega = sp.symbols("x eta omega", real=True)


@given(value=st.integers() | st.fractions())
def test_fractions_are_printed_as_by_sympy(value: Any) -> None:
    """Halves and small whole numbers are classes of their own there."""
    number = sp.Rational(value)
    assert (text(number), code(number)) == (str(number), sp.srepr(number))


@pytest.mark.parametrize("leaf", [sp.pi, sp.E, sp.nan, sp.Float("0.1"), sp.S.Half, -sp.S.One, x])
def test_other_leaves_are_printed_by_sympy(leaf: Any) -> None:
    assert (text(leaf), code(leaf)) == (str(leaf), sp.srepr(leaf))
