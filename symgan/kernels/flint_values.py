"""Smooth expressions in python-flint's arithmetic: power series, complex boxes, real balls."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import partial
from typing import Any

import mpmath
import sympy as sp
from mpmath import mpf

from symgan.errors import MissingExtra
from symgan.kernels.errors import KernelError
from symgan.kernels.rewrite import sigmoid, softplus


def flint() -> Any:
    """The module.

    Raises:
        MissingExtra: it is not installed.
    """
    try:
        import flint as module  # pyright: ignore[reportMissingTypeStubs]
    except ImportError:
        raise MissingExtra("python-flint", "proofs", "enclosing a trajectory") from None
    return module


def rational(value: Any) -> Fraction:
    """The exact rational that a number is.

    Raises:
        KernelError: no rational number; floats count as the binary numbers that they are.
    """
    if isinstance(value, mpf) and mpmath.isfinite(value):
        sign, mantissa, exponent, _ = value._mpf_
        return Fraction(int(mantissa) * (-1) ** int(sign)) * Fraction(2) ** int(exponent)
    if isinstance(value, sp.Rational):
        return Fraction(int(value.p), int(value.q))
    try:
        return Fraction(value)
    except (TypeError, ValueError, OverflowError):
        message = f"{value!r} is no rational number; enclosures start from exact ones"
        raise KernelError(message) from None


def ball(value: Fraction) -> Any:
    """A real ball that holds a rational number."""
    module = flint()
    return module.arb(module.fmpq(value.numerator, value.denominator))


class Formulas:
    """Expressions as a list of operations on flint's numbers, series or boxes.

    Complex functions with a cut give NaN on boxes that touch it, so that a finite value
    means analytic there.

    Args:
        expressions: smooth expressions.
        arguments: the symbols that take values at each call, in order.
        constants: other symbols -> real balls. What depends on them alone is computed once,
            at the precision that holds when the formulas are made.

    Raises:
        KernelError: a function without a rule here, or a kink.
    """

    def __init__(
        self, expressions: Sequence[Any], arguments: Sequence[Any], constants: Mapping[Any, Any]
    ) -> None:
        self.places: dict[Any, int] = {symbol: i for i, symbol in enumerate(arguments)}
        self.fixed: dict[int, Any] = {}
        self.code: list[tuple[int, Callable[..., Any], tuple[int, ...]]] = []
        self.count = len(arguments)
        for symbol, value in constants.items():
            self.places[symbol] = self._constant(value)
        self.results = [self._place(expression) for expression in expressions]

    def __call__(self, values: Sequence[Any]) -> list[Any]:
        """The values of the expressions, one argument each."""
        held: list[Any] = [*values, *[None] * (self.count - len(values))]
        for place, value in self.fixed.items():
            held[place] = value
        for place, function, parts in self.code:
            held[place] = function(*[held[i] for i in parts])
        return [held[place] for place in self.results]

    def _constant(self, value: Any) -> int:
        self.fixed[self.count] = value
        self.count += 1
        return self.count - 1

    def _operation(self, function: Callable[..., Any], *parts: int) -> int:
        if all(part in self.fixed for part in parts):
            return self._constant(function(*[self.fixed[part] for part in parts]))
        self.code.append((self.count, function, parts))
        self.count += 1
        return self.count - 1

    def _place(self, node: Any) -> int:
        if node not in self.places:
            self.places[node] = self._built(node)
        return self.places[node]

    def _built(self, node: Any) -> int:
        if node.is_Rational:
            return self._constant(ball(rational(node)))
        if node in _CONSTANTS:
            return self._constant(_CONSTANTS[node](flint().arb))
        if isinstance(node, sp.Pow):
            return self._power(node)
        if isinstance(node, sp.Add | sp.Mul):
            return self._chain(node, operator.add if node.is_Add else operator.mul)
        function = _FUNCTIONS.get(type(node))
        if function is None:
            raise KernelError(f"no enclosure is known for {node}; use the mpmath reference")
        return self._operation(function, self._place(node.args[0]))

    def _chain(self, node: Any, function: Callable[..., Any]) -> int:
        parts = sorted(map(self._place, node.args), key=lambda place: place not in self.fixed)
        total = parts[0]  # constants come first, so that they are joined once
        for part in parts[1:]:
            total = self._operation(function, total, part)
        return total

    def _power(self, node: Any) -> int:
        base, exponent = node.base, node.exp
        if base == sp.E:
            return self._operation(_FUNCTIONS[sp.exp], self._place(exponent))
        place = self._place(base)
        if exponent.is_Integer:
            return self._operation(partial(_integer_power, n=int(exponent)), place)
        if exponent == sp.Rational(1, 2):
            return self._operation(partial(_cut, name="sqrt"), place)
        logarithm = self._operation(partial(_cut, name="log"), place)
        product = self._operation(operator.mul, logarithm, self._place(exponent))
        return self._operation(_FUNCTIONS[sp.exp], product)


def _integer_power(value: Any, n: int) -> Any:
    return _repeated(value, n) if n > 0 else 1 / _repeated(value, -n)


def _repeated(value: Any, n: int) -> Any:
    if n == 1:
        return value
    half = _repeated(value, n // 2)
    return half * half * value if n % 2 else half * half


def _cut(value: Any, name: str) -> Any:
    """A function with a branch cut; NaN where a complex box touches it."""
    method = getattr(value, name)
    return method(analytic=True) if isinstance(value, flint().acb) else method()


def _hyperbolic(sign: int) -> Callable[[Any], Any]:
    return lambda u: (u.exp() + sign * (-u).exp()) / 2


def _logistic(u: Any) -> Any:
    return 1 / (1 + (-u).exp())


_CONSTANTS: dict[Any, Callable[[Any], Any]] = {
    sp.pi: lambda arb: arb.pi(),
    sp.E: lambda arb: arb.const_e(),
}
_FUNCTIONS: dict[Any, Callable[[Any], Any]] = {
    sp.exp: lambda u: u.exp(),
    sp.log: lambda u: _cut(u, "log"),
    sp.sin: lambda u: u.sin(),
    sp.cos: lambda u: u.cos(),
    sp.tan: lambda u: u.sin() / u.cos(),
    sp.sinh: _hyperbolic(-1),
    sp.cosh: _hyperbolic(1),
    sp.tanh: lambda u: 2 * _logistic(2 * u) - 1,
    sp.erf: lambda u: u.erf(),
    sp.erfc: lambda u: u.erfc(),
    sigmoid: _logistic,
    softplus: lambda u: _cut(1 + u.exp(), "log"),
}
