r"""Ball arithmetic: rigorous enclosures of elementary expressions at exact points.

Each value is an Arb ball that provably contains the true one; a ball without zero
proves a number nonzero, a positive ball proves it positive.

Source: Johansson 2017, "Arb: efficient arbitrary-precision midpoint-radius interval
arithmetic".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import Any

import sympy as sp
from sympy import Expr, Symbol

from symgan.errors import MissingExtra, Undecided

START_BITS, MOST_BITS = 128, 4096


def load_flint() -> ModuleType:
    """python-flint.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        import flint
    except ImportError:
        raise MissingExtra("python-flint", "proofs", "ball arithmetic") from None
    return flint


def enclose(expression: Expr, point: Mapping[Symbol, Expr], bits: int = START_BITS) -> Any:
    """The ball (a flint ``acb``) of an expression at a point of exact numbers.

    Raises:
        Undecided: a function that has no ball evaluator, or a symbol without a value.

    >>> x = Symbol("x")
    >>> bool(enclose(sp.exp(x) - 1, {x: sp.Integer(0)}).contains(0))
    True
    """
    flint = load_flint()
    with flint.ctx.workprec(bits):
        return _Evaluator(flint).value(sp.sympify(expression).xreplace(dict(point)))


def sign_at(expression: Expr, point: Mapping[Symbol, Expr] | None = None) -> int | None:
    """The proved sign (-1, 0, 1) of a real expression at an exact point.

    Zero is returned only for expressions that are exact rationals there; a ball that
    still contains zero at the highest precision gives None, as does a value that is not
    provably real.

    >>> sign_at(sp.exp(1) - sp.Rational(271828, 100000))
    1
    """
    value = sp.sympify(expression).xreplace(dict(point or {}))
    if value.is_Rational:
        return int(sp.sign(value))
    bits = START_BITS
    while bits <= MOST_BITS:
        ball = enclose(value, {}, bits)
        if not ball.is_finite() or not _is_real(ball, value):
            return None
        if bool(ball.real > 0):
            return 1
        if bool(ball.real < 0):
            return -1
        bits *= 4
    return None


def _is_real(ball: Any, value: Expr) -> bool:
    """The imaginary part vanishes exactly in the arithmetic, or by the value's structure."""
    return bool(ball.imag == 0) or (bool(ball.imag.contains(0)) and value.is_extended_real is True)


def proved_nonzero(expression: Expr, point: Mapping[Symbol, Expr]) -> str | None:
    """A decimal enclosure of the value if it provably differs from zero, else None."""
    value = sp.sympify(expression).xreplace(dict(point))
    if value.is_Rational:
        return None if value == 0 else str(value)
    bits = START_BITS
    while bits <= MOST_BITS:
        ball = enclose(value, {}, bits)
        if not ball.is_finite():
            return None
        if not bool(ball.contains(0)):
            return str(ball.real) if bool(ball.imag.contains(0)) else str(ball)
        bits *= 4
    return None


class _Evaluator:
    """Evaluates an expression tree of exact numbers in balls at the current precision."""

    def __init__(self, flint: ModuleType) -> None:
        acb = flint.acb
        self.flint = flint
        self.functions: dict[type, Callable[..., Any]] = {
            sp.exp: lambda z: z.exp(),
            sp.log: lambda z: z.log(),
            sp.sin: lambda z: z.sin(),
            sp.cos: lambda z: z.cos(),
            sp.tan: lambda z: z.tan(),
            sp.cot: lambda z: z.cot(),
            sp.sec: lambda z: z.sec(),
            sp.csc: lambda z: z.csc(),
            sp.sinh: lambda z: z.sinh(),
            sp.cosh: lambda z: z.cosh(),
            sp.tanh: lambda z: z.tanh(),
            sp.coth: lambda z: z.coth(),
            sp.sech: lambda z: z.sech(),
            sp.csch: lambda z: z.csch(),
            sp.atan: lambda z: z.atan(),
            sp.erf: lambda z: z.erf(),
            sp.Abs: lambda z: acb(abs(z)),
            sp.re: lambda z: acb(z.real),
            sp.im: lambda z: acb(z.imag),
            sp.atan2: lambda y, x: acb(flint.arb.atan2(y.real, x.real)),
            sp.Max: lambda *zs: _fold_real(flint, zs, "max"),
            sp.Min: lambda *zs: _fold_real(flint, zs, "min"),
        }

    def value(self, node: Expr) -> Any:
        acb, fmpq = self.flint.acb, self.flint.fmpq
        if node.is_Rational:
            return acb(self.flint.arb(fmpq(int(node.p), int(node.q))))
        if node is sp.I:
            return acb(0, 1)
        if node is sp.pi:
            return acb.pi()
        if node is sp.E:
            return acb(1).exp()
        if node.is_Add:
            return sum((self.value(a) for a in node.args[1:]), self.value(node.args[0]))
        if node.is_Mul:
            product = self.value(node.args[0])
            for a in node.args[1:]:
                product = product * self.value(a)
            return product
        if node.is_Pow:
            return self._power(*node.as_base_exp())
        function = self.functions.get(type(node))
        if function is None or (isinstance(node, _REAL_ONLY) and not _has_real_arguments(node)):
            raise Undecided(f"no ball arithmetic for {node}; give it a value or rewrite it")
        return function(*(self.value(a) for a in node.args))

    def _power(self, base: Expr, exponent: Expr) -> Any:
        z = self.value(base)
        if exponent.is_Integer:
            return z ** int(exponent)
        if exponent == sp.Rational(1, 2):
            return z.sqrt()
        if exponent == -sp.Rational(1, 2):
            return 1 / z.sqrt()
        return (self.value(exponent) * z.log()).exp()


_REAL_ONLY = (sp.atan2, sp.Max, sp.Min)


def _has_real_arguments(node: Expr) -> bool:
    return all(argument.is_extended_real for argument in node.args)


def _fold_real(flint: ModuleType, values: tuple[Any, ...], method: str) -> Any:
    best = values[0].real
    for value in values[1:]:
        best = getattr(best, method)(value.real)
    return flint.acb(best)
