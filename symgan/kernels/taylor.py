r"""Taylor coefficients of the solution of a flow, by arithmetic on power series.

In the scaled time :math:`u = (t - t_0)/h` write :math:`x(t) = \sum_k X_k u^k`. The flow
gives :math:`(k+1) X_{k+1} = h\,F_k`, where :math:`F_k` is the k-th coefficient of
:math:`F(x(t), t)`, which needs only :math:`X_0, \dots, X_k`. Each operation of F
contributes one recurrence, for instance

.. math:: (ab)_k = \sum_i a_i b_{k-i}, \qquad
          g(a)_k = \tfrac1k \sum_{i=1}^k i\,a_i\, g'(a)_{k-i}.

Coefficients are integers in units of :math:`2^{-P}`: fixed point, several times faster than
floating point in pure Python, and exact in sums.

Source: Griewank and Walther 2008, "Evaluating Derivatives", chapter 13.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from operator import mul
from typing import Any

import mpmath
import sympy as sp
from mpmath import mpf
from sympy import Expr, Symbol

from symgan.errors import Undecided
from symgan.kernels.errors import KernelError
from symgan.kernels.evaluate import FUNCTIONS, KINKED, evaluate


class Series(ABC):
    """One operation: its coefficients so far, and the rule for the next one."""

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self.coefficients: list[int] = []

    @abstractmethod
    def next(self, k: int) -> int:
        """The k-th coefficient, from lower ones and from the k-th of the operands."""


class _Given(Series):
    """A constant, the time, or a state symbol: coefficients are put in from outside."""

    def next(self, k: int) -> int:
        return self.coefficients[k] if k < len(self.coefficients) else 0


class _Sum(Series):
    def __init__(self, bits: int, parts: Sequence[Series]) -> None:
        super().__init__(bits)
        self.parts = parts

    def next(self, k: int) -> int:
        return sum(part.coefficients[k] for part in self.parts)


class _Scaled(Series):
    """A constant times a series."""

    def __init__(self, bits: int, constant: int, part: Series) -> None:
        super().__init__(bits)
        self.constant, self.part = constant, part

    def next(self, k: int) -> int:
        return (self.constant * self.part.coefficients[k]) >> self.bits


class _Product(Series):
    def __init__(self, bits: int, left: Series, right: Series) -> None:
        super().__init__(bits)
        self.left, self.right = left, right

    def next(self, k: int) -> int:
        if self.left is self.right:
            return _square(self.left.coefficients, k) >> self.bits
        return _convolution(self.left.coefficients, self.right.coefficients, k) >> self.bits


class _Power(Series):
    r""":math:`p = a^{n/d}`, from :math:`a p' = (n/d)\,p\,a'`."""

    def __init__(self, bits: int, part: Series, exponent: sp.Rational) -> None:
        super().__init__(bits)
        self.part, self.exponent = part, exponent
        self.n, self.d = int(exponent.p), int(exponent.q)

    def next(self, k: int) -> int:
        a, p = self.part.coefficients, self.coefficients
        if k == 0:
            return _fixed(_real_power(_float(a[0], self.bits), self.exponent), self.bits)
        n, d = self.n, self.d
        if a[0] == 0:
            raise Undecided(f"the flow meets a power {self.exponent} of 0 on its way")
        total = sum((n * i - d * (k - i)) * a[i] * p[k - i] for i in range(1, k + 1))
        return total // (d * k * a[0])


class _Chain(Series):
    """A function g of a series; the series of g' is attached once it has been built."""

    slope: Series

    def __init__(self, bits: int, part: Series, function: Callable[[Any], Any]) -> None:
        super().__init__(bits)
        self.part, self.function = part, function
        self.weighted: list[int] = []

    def next(self, k: int) -> int:
        a = self.part.coefficients
        if k == 0:
            self.weighted = [0]
            return _fixed(self.function(_float(a[0], self.bits)), self.bits)
        self.weighted.append(k * a[k])
        slopes = self.slope.coefficients
        return (sum(map(mul, self.weighted[1:], slopes[k - 1 :: -1])) >> self.bits) // k


def _convolution(a: list[int], b: list[int], k: int) -> int:
    return sum(map(mul, a, b[k::-1]))


def _square(a: list[int], k: int) -> int:
    half = (k + 1) // 2
    twice = sum(map(mul, a[:half], a[k : k - half : -1])) << 1
    return twice if k % 2 else twice + a[k // 2] ** 2


def _real_power(base: Any, exponent: sp.Rational) -> Any:
    if base == 0 and exponent < 0:
        raise Undecided(f"the flow divides by zero on its way (a power {exponent} of 0)")
    if base < 0 and not exponent.is_Integer:
        raise KernelError(f"the power {exponent} of a negative number is not real")
    if exponent.is_Integer:
        return base ** int(exponent)
    return base ** (mpf(int(exponent.p)) / int(exponent.q))


def _fixed(value: Any, bits: int) -> int:
    if not isinstance(value, mpf) or not mpmath.isfinite(value):
        raise KernelError("the flow is not real and finite on its way")
    return int(mpmath.floor(mpmath.ldexp(value, bits) + mpf(1) / 2))


def _float(value: int, bits: int) -> Any:
    return mpmath.ldexp(mpf(value), -bits)


class Program:
    """The operations of a smooth field F(x, t), in an order in which they can be run.

    Args:
        state, time: the symbols that move.
        outputs: expressions, smooth where they are expanded.
        values: parameter -> mpf.
        bits: the unit is 2**-bits. The working precision of mpmath must exceed it by the
            bits of the largest value.
    """

    def __init__(
        self,
        state: Sequence[Symbol],
        time: Symbol | None,
        outputs: Sequence[Expr],
        values: Mapping[Symbol, Any],
        bits: int,
    ) -> None:
        self.bits, self.values = bits, values
        self.moving = {*state} | ({time} if time is not None else set())
        self.series: dict[Any, Series] = {}
        self.order: list[Series] = []
        self.state = [self._given(symbol) for symbol in state]
        self.clock = self._given(time) if time is not None else None
        self.outputs = [self._build(sp.sympify(output)) for output in outputs]

    def expand(self, x: Sequence[int], t: int, h: int, order: int, fields: int) -> None:
        """Fill in the coefficients up to an order.

        Args:
            x, t, h: state, time and step in units of 2**-bits.
            order: the highest coefficient of the state.
            fields: how many outputs are the field; the others are guards, expanded along.
        """
        for series in self.order:
            if not isinstance(series, _Given):
                series.coefficients = []
        for series, value in zip(self.state, x, strict=True):
            series.coefficients = [value]
        if self.clock is not None:
            self.clock.coefficients = [t, h]
        for k in range(order + 1):
            for series in self.order:
                if len(series.coefficients) <= k:
                    series.coefficients.append(series.next(k))
            if k < order:
                for series, output in zip(self.state, self.outputs[:fields], strict=True):
                    series.coefficients.append(
                        ((h * output.coefficients[k]) >> self.bits) // (k + 1)
                    )

    def _given(self, symbol: Any) -> Series:
        return self._add(symbol, _Given(self.bits))

    def _add(self, node: Any, series: Series) -> Series:
        self.series[node] = series
        self.order.append(series)
        return series

    def _build(self, node: Any) -> Series:
        if node in self.series:
            return self.series[node]
        if not node.free_symbols & self.moving:
            constant = self._given(node)
            constant.coefficients = [_fixed(evaluate(node, self.values), self.bits)]
            return constant
        return self._operation(node)

    def _operation(self, node: Any) -> Series:
        if isinstance(node, sp.Add):
            return self._add(node, _Sum(self.bits, [self._build(arg) for arg in node.args]))
        if isinstance(node, sp.Mul):
            return self._product(node)
        if isinstance(node, sp.Pow):
            return self._power(node)
        if type(node) in FUNCTIONS and type(node) not in KINKED:
            return self._chain(node)
        raise KernelError(f"no power series is known for the function {node}")

    def _product(self, node: Any) -> Series:
        constant, moving = node.as_independent(*self.moving, as_Add=False)
        factors = [self._build(factor) for factor in sp.Mul.make_args(moving)]
        series = factors[0]
        for factor in factors[1:]:
            series = self._add((node, len(self.order)), _Product(self.bits, series, factor))
        if constant != 1:
            fixed = _fixed(evaluate(constant, self.values), self.bits)
            series = self._add((node, len(self.order)), _Scaled(self.bits, fixed, series))
        self.series[node] = series
        return series

    def _power(self, node: Any) -> Series:
        if not node.exp.is_Rational:
            return self._build(sp.exp(node.exp * sp.log(node.base), evaluate=False))
        if node.exp.is_Integer and node.exp > 0:
            half = self._build(node.base ** (node.exp // 2))
            series = self._add((node, "square"), _Product(self.bits, half, half))
            if node.exp % 2:
                base = self._build(node.base)
                series = self._add((node, "odd"), _Product(self.bits, series, base))
            self.series[node] = series
            return series
        return self._add(node, _Power(self.bits, self._build(node.base), node.exp))

    def _chain(self, node: Any) -> Series:
        part = self._build(node.args[0])
        series = _Chain(self.bits, part, FUNCTIONS[type(node)])
        self._add(node, series)
        # g' may hold g itself (exp, tanh): it needs only lower coefficients of it.
        series.slope = self._build(node.fdiff(1))
        return series
