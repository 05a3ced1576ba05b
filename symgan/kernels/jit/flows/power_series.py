r"""Recurrences of Taylor coefficients, as lines of vector code.

Of a function :math:`g(t) = \sum_k g_k (t - t_0)^k` along a solution each operation gives the k-th
coefficient from the lower ones and from the k-th of its operands. Coefficients that are zero for
certain (those of constants, and of the time from the second on) are None and cost nothing.

A sum of products is one chain of fused multiply-adds that begins in the middle: the coefficients
found last come last, so that a chain can begin long before they are known.

Source: Griewank and Walther 2008, "Evaluating Derivatives", chapter 13.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sympy import Rational

from symgan.kernels.jit.levels import Operand, Outward

Coefficient = Operand | None
"""None is zero."""


class Series(ABC):
    """The coefficients of one function, found one after another.

    Args:
        code: writes the operations.

    Attributes:
        found: the coefficients so far.
    """

    found: list[Coefficient]

    def __init__(self, code: Outward) -> None:
        self.code = code
        self.found = []

    def __getitem__(self, k: int) -> Coefficient:
        return self.found[k]

    def extend(self, k: int) -> None:
        """Find the k-th coefficient, if it is not given."""
        if len(self.found) == k:
            self.found.append(self.next(k))

    @abstractmethod
    def next(self, k: int) -> Coefficient:
        """The k-th coefficient."""

    # arithmetic on coefficients

    def plus(self, a: Coefficient, b: Coefficient) -> Coefficient:
        """a + b."""
        return self.code.add(a, b) if a and b else a or b

    def minus(self, a: Coefficient, b: Coefficient) -> Coefficient:
        """a - b."""
        if b is None:
            return a
        return self.code.sub(a, b) if a else self.code.neg(b)

    def times(self, a: Coefficient, b: Coefficient) -> Coefficient:
        """a b."""
        return self.code.mul(a, b) if a and b else None

    def whole(self, n: int, a: Coefficient) -> Coefficient:
        """n a."""
        return a if n == 1 else self.times(self.code.const(n), a)

    def part(self, a: Coefficient, n: int) -> Coefficient:
        """a / n."""
        return a if n == 1 else self.times(self.code.const(Rational(1, n)), a)

    def dot(self, pairs: Iterable[tuple[Coefficient, Coefficient]]) -> Coefficient:
        """The sum of the products, in the order given."""
        total: Coefficient = None
        for a, b in pairs:
            if a and b:
                total = self.code.fma(a, b, total) if total else self.code.mul(a, b)
        return total

    def convolved(
        self, a: Series, b: Series, k: int, first: int, last: int, *, weighted: bool = False
    ) -> Coefficient:
        r""":math:`\sum_i w_i a_i b_{k-i}` over i from first to last, :math:`w_i` = i or 1."""
        middle = (first + last) / 2
        order = sorted(range(first, last + 1), key=lambda i: abs(i - middle))
        return self.dot((self.whole(i, a[i]) if weighted else a[i], b[k - i]) for i in order)


class Given(Series):
    """A constant, the time, or a part of the state: coefficients are put in from outside."""

    def __init__(self, code: Outward, *coefficients: Operand) -> None:
        super().__init__(code)
        self.found = list(coefficients)

    def __getitem__(self, k: int) -> Coefficient:
        return self.found[k] if k < len(self.found) else None

    def next(self, k: int) -> Coefficient:
        """Zero."""
        return None


class State(Given):
    """A part of the state: the field gives the next coefficient."""

    def follow(self, rate: Series) -> None:
        r""":math:`x_{k+1} = F_k/(k+1)`."""
        k = len(self.found)
        self.found.append(self.part(rate[k - 1], k))


class Sum(Series):
    r""":math:`c + \sum_j c_j s_j`.

    Args:
        code: writes the operations.
        constant: c, or None.
        parts: pairs (coefficient or None for 1, series).
        taken: such pairs, to be subtracted.
    """

    def __init__(
        self,
        code: Outward,
        constant: Coefficient,
        parts: Sequence[tuple[Coefficient, Series]],
        taken: Sequence[tuple[Coefficient, Series]] = (),
    ) -> None:
        super().__init__(code)
        self.constant, self.parts, self.taken = constant, parts, taken

    def next(self, k: int) -> Coefficient:
        """As `Series.next`."""
        total = self.constant if k == 0 else None
        for scale, series in self.parts:
            total = self._added(total, scale, series[k])
        for scale, series in self.taken:
            value = series[k]
            if scale and value:
                total = self._added(total, self.code.neg(scale), value)
            else:
                total = self.minus(total, value)
        return total

    def _added(self, total: Coefficient, scale: Coefficient, value: Coefficient) -> Coefficient:
        if scale is None:
            return self.plus(total, value)
        if total and value:
            return self.code.fma(scale, value, total)
        return total or self.times(scale, value)


class Product(Series):
    r""":math:`(ab)_k = \sum_i a_i b_{k-i}`; of a square every product but one counts twice."""

    def __init__(self, code: Outward, left: Series, right: Series) -> None:
        super().__init__(code)
        self.left, self.right = left, right

    def next(self, k: int) -> Coefficient:
        """As `Series.next`."""
        if self.left is not self.right:
            return self.convolved(self.left, self.right, k, 0, k)
        return self._square(self.left, k, 0)

    def _square(self, a: Series, k: int, first: int) -> Coefficient:
        r""":math:`\sum_{i=m}^{k-m} a_i a_{k-i}` for the first index m."""
        half = self.dot((a[i], a[k - i]) for i in reversed(range(first, (k + 1) // 2)))
        twice = self.plus(half, half)
        middle = a[k // 2] if k % 2 == 0 else None
        if twice and middle:
            return self.code.fma(middle, middle, twice)
        return twice or self.times(middle, middle)


class Quotient(Series):
    r""":math:`q = n/d`: :math:`q_k = (n_k - \sum_{i \ge 1} d_i q_{k-i})/d_0`."""

    def __init__(self, code: Outward, above: Series, below: Series) -> None:
        super().__init__(code)
        self.above, self.below = above, below

    def next(self, k: int) -> Coefficient:
        """As `Series.next`."""
        if k == 0:
            return self.code.div(self.above[0], self.below[0]) if self.above[0] else None
        rest = self.minus(self.above[k], self.convolved(self.below, self, k, 1, k))
        return self.times(rest, self.code.div(self.code.const(1), self.below[0]))


class Root(Product):
    r""":math:`s = \sqrt a`: :math:`s_k = (a_k - \sum_{0<i<k} s_i s_{k-i})/(2 s_0)`."""

    def __init__(self, code: Outward, part: Series) -> None:
        super().__init__(code, self, self)
        self.inside = part

    def next(self, k: int) -> Coefficient:
        """As `Series.next`."""
        if k == 0:
            return self.code.sqrt(self.inside[0])
        rest = self.minus(self.inside[k], self._square(self, k, 1) if k > 1 else None)
        return self.times(rest, self.code.div(self.code.const(Rational(1, 2)), self[0]))


class Power(Series):
    r""":math:`p = a^c`, from :math:`a p' = c\,p\,a'`.

    .. math:: p_k = \frac{1}{k a_0} \Bigl((c + 1) \sum_{i=1}^k i\,a_i p_{k-i}
              - k \sum_{i=1}^k a_i p_{k-i}\Bigr)
    """

    def __init__(
        self, code: Outward, part: Series, exponent: Operand, start: Callable[[Operand], Operand]
    ) -> None:
        super().__init__(code)
        self.inside, self.exponent, self.start = part, exponent, start

    def next(self, k: int) -> Coefficient:
        """As `Series.next`."""
        a, first = self.inside, self.inside[0]
        assert first is not None, "a power of a constant is a constant"
        if k == 0:
            return self.start(first)
        slopes = self.convolved(a, self, k, 1, k, weighted=True)
        more = self.times(self.code.add(self.exponent, self.code.const(1)), self.part(slopes, k))
        rest = self.minus(more, self.convolved(a, self, k, 1, k))
        return self.times(rest, self.code.div(self.code.const(1), first))


class Logarithm(Series):
    r""":math:`l = \log a`: :math:`l_k = (a_k - \tfrac1k \sum_{0<i<k} i\,l_i a_{k-i})/a_0`.

    Args:
        code: writes the operations.
        part: a.
        start: writes :math:`l_0`.
    """

    def __init__(self, code: Outward, part: Series, start: Callable[[], Operand]) -> None:
        super().__init__(code)
        self.inside, self.start = part, start

    def next(self, k: int) -> Coefficient:
        """As `Series.next`."""
        if k == 0:
            return self.start()
        a = self.inside
        before = self.convolved(self, a, k, 1, k - 1, weighted=True) if k > 1 else None
        rest = self.minus(a[k], self.part(before, k))
        return self.times(rest, self.code.div(self.code.const(1), a[0]))


class Chain(Series):
    r""":math:`g(a)_k = \tfrac1k \sum_{i=1}^k i\,a_i\,g'(a)_{k-i}`.

    Args:
        code: writes the operations.
        part: a.
        start: writes :math:`g(a_0)`.

    Attributes:
        slope: the series of g'(a), attached once it has been built: it may hold this one.
    """

    slope: Series

    def __init__(self, code: Outward, part: Series, start: Callable[[Any], Operand]) -> None:
        super().__init__(code)
        self.inside, self.start = part, start

    def next(self, k: int) -> Coefficient:
        """As `Series.next`."""
        if k == 0:
            return self.start(self.inside[0] or self.code.const(0))
        return self.part(self.convolved(self.inside, self.slope, k, 1, k, weighted=True), k)
