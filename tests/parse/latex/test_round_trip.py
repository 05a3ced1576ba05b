"""What symgan and SymPy print is read back as what it was."""

from __future__ import annotations

import sympy as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sympy import Expr, Rational, Symbol

from symgan.parse.latex import Vocabulary, formula, vocabulary
from symgan.report.expressions import expression

REAL = [
    Symbol(name, real=True)
    for name in (
        "x",
        "alpha_r",
        "theta_12",
        "xdot",
        "thetahat_k",
        "Acal",
        "psi^*",
        "xprime",
        "mu_1",
    )
]
POSITIVE = [Symbol("eta", positive=True), Symbol("T", positive=True)]
F = sp.Function("f", real=True)
WORDS: Vocabulary = vocabulary(*REAL, *POSITIVE, functions={"f": F})

leaves = st.one_of(
    st.sampled_from([*REAL, *POSITIVE, sp.pi]),
    st.integers(-12, 12).map(sp.Integer),
    st.fractions(-3, 3, max_denominator=9).map(lambda q: Rational(q.numerator, q.denominator)),
)
FUNCTIONS = (
    sp.exp,
    sp.sin,
    sp.cos,
    sp.tanh,
    sp.Abs,
    sp.erf,
    sp.sign,
    F,
    lambda e: sp.log(1 + e**2),
)


def grown(inner: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda p: p[0] + p[1]),
        pairs.map(lambda p: p[0] * p[1]),
        pairs.map(lambda p: p[0] / (1 + p[1] ** 2)),
        st.tuples(inner, st.integers(2, 4)).map(lambda p: p[0] ** p[1]),
        inner.map(lambda e: sp.sqrt(1 + e**2)),
        st.tuples(st.sampled_from(FUNCTIONS), inner).map(lambda p: p[0](p[1])),
        pairs.map(lambda p: sp.Max(*p)),
    )


def harmless(value: Expr) -> bool:
    """No number that the reader refuses for its size, and no f^2(x), which it refuses."""
    if any(isinstance(power.base, F) for power in value.atoms(sp.Pow)):
        return False
    numbers = [n for n in sp.preorder_traversal(value) if n.is_number]
    return all(abs(n if n.is_Rational else n.evalf(5)) < 10**90 for n in numbers)


expressions = st.recursive(leaves, grown, max_leaves=7).filter(harmless)


def same(one: Expr, other: Expr) -> bool:
    """Equal as SymPy, or equal when products of sums and powers are written out."""
    return one == other or sp.expand(one - other) == 0 or sp.simplify(one - other) == 0


@settings(max_examples=60)
@given(expressions)
@example(sp.exp(-POSITIVE[0] * REAL[0] / 2))
@example(-REAL[0] * (REAL[1] - 1) / 3)
@example(sp.log(1 + REAL[0] ** 2) ** 2)
@example(REAL[0] * F(REAL[0] + 1))
def test_print_is_read_back(value: Expr) -> None:
    assert same(formula(expression(value), WORDS), value)


@settings(max_examples=60)
@given(expressions)
@example(sp.Derivative(F(REAL[0]), REAL[0]))
@example(sp.Integral(sp.exp(-REAL[0]), (REAL[0], 0, POSITIVE[1])))
@example(sp.Piecewise((REAL[0], REAL[0] > 0), (0, True)))
@example(sp.Rational(1, 3) ** REAL[0])
def test_sympy_print_is_read_back(value: Expr) -> None:
    assert same(formula(sp.latex(value), WORDS), value)
