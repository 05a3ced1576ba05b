"""Products taken apart, by the symbols that their factors hold."""

from __future__ import annotations

import pytest
import sympy as sp
from sympy import S

from symgan.kernels.jit.contents import FIXED, NOTHING, VARYING, Contents
from symgan.kernels.jit.terms import is_negative, term

x, eta, a, b = sp.symbols("x eta a b", real=True)
EXPRESSIONS = (
    *(S.Half, sp.pi, sp.sqrt(2), sp.nan, sp.exp(sp.Rational(1, 3)), sp.true),
    *(eta, 2 * eta, sp.exp(-eta) + 1, sp.Piecewise((eta, eta > 0), (1, True))),
    *(x, eta * x, sp.exp(x - eta), sp.Piecewise((1, x > 0), (eta, True)), sp.Min(x, 1)),
)


@pytest.mark.parametrize("expression", EXPRESSIONS, ids=str)
def test_contents_are_those_of_the_symbols(expression: sp.Basic) -> None:
    symbols = expression.free_symbols
    expected = NOTHING if not symbols else FIXED if symbols <= {eta} else VARYING
    assert Contents([eta])(expression) == expected


def test_a_name_holds_what_it_stands_for() -> None:
    """A constant has a name that is no number: factors with that name are no coefficients."""
    contents = Contents([eta])
    contents.name(a, S(2))
    contents.name(b, eta * x)
    assert [contents(e) for e in (a, a * eta, b, a * b)] == [FIXED, FIXED, VARYING, VARYING]
    found = term(3 * a * b, contents)
    assert (found.coefficient, found.fixed.above, found.varying.above) == (3, ((a, 1),), ((b, 1),))


@pytest.mark.parametrize(
    "number", [S.Zero, S.One, -S.Half, sp.pi - 4, sp.sqrt(2) - 1, sp.Float(-2)]
)
def test_signs_are_those_of_sympy(number: sp.Expr) -> None:
    assert is_negative(number) == bool(number < 0)
