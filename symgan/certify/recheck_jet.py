r"""The second program's values with slopes: formulas and their derivatives on a box.

Values and derivatives are propagated together in rational intervals
(`symgan.certify.recheck_range`), by the chain rule.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from symgan.certify.formula import LARGEST_EXPONENT, evaluate, rational
from symgan.certify.recheck_range import End, Range, pi_range, wave
from symgan.errors import BadData, Undecided

Side = tuple[End, End]
Box = tuple[Side, ...]
ONE = Range(Fraction(1), Fraction(1))
ZERO = Range(Fraction(0), Fraction(0))


@dataclass(frozen=True)
class Jet:
    """A value on a box, and the slopes in each variable; None where there may be none."""

    value: Range
    slopes: tuple[Range, ...] | None

    def __add__(self, other: Jet) -> Jet:
        return Jet(self.value + other.value, _each(lambda a, b: a + b, self, other))

    def __sub__(self, other: Jet) -> Jet:
        return Jet(self.value - other.value, _each(lambda a, b: a - b, self, other))

    def __mul__(self, other: Jet) -> Jet:
        slopes = _each(lambda a, b: a * other.value + b * self.value, self, other)
        return Jet(self.value * other.value, slopes)

    def through(self, value: Range, slope: Range | None) -> Jet:
        """The chain rule."""
        if self.slopes is None or slope is None:
            return Jet(value, None)
        return Jet(value, tuple(slope * s for s in self.slopes))


def _each(rule: Callable[[Range, Range], Range], one: Jet, other: Jet) -> tuple[Range, ...] | None:
    if one.slopes is None or other.slopes is None:
        return None
    return tuple(rule(a, b) for a, b in zip(one.slopes, other.slopes, strict=True))


class Jets:
    """Formulas evaluated on a box."""

    def __init__(self, names: Sequence[str], box: Box) -> None:
        self.names, self.box = names, box

    def number(self, value: int) -> Jet:
        """An integer."""
        return self._constant(Range(Fraction(value), Fraction(value)))

    def name(self, name: str) -> Jet:
        """A variable, or a constant."""
        if name in self.names:
            k = self.names.index(name)
            slopes = tuple(ONE if i == k else ZERO for i in range(len(self.names)))
            return Jet(Range(*self.box[k]), slopes)
        if name == "pi":
            return self._constant(pi_range())
        if name == "E":
            return self._constant(ONE.rising("exp", None, None))
        raise BadData(f"the certificate uses {name}, which its domain does not name")

    def divide(self, one: Jet, other: Jet) -> Jet:
        """A quotient."""
        inverse = other.value.inverse()
        return one * other.through(inverse, -(inverse * inverse))

    def whole_power(self, base: Jet, exponent: int) -> Jet:
        """An integer power; a square is never negative, as a product of two ranges may be."""
        if abs(exponent) > LARGEST_EXPONENT:
            raise BadData(f"the exponent {exponent} is beyond {LARGEST_EXPONENT}")
        times = Range(Fraction(exponent), Fraction(exponent))
        slope = times * base.value.power(exponent - 1) if exponent else ZERO
        return base.through(base.value.power(exponent), slope)

    def power(self, base: ast.expr, exponent: ast.expr) -> Jet:
        """A root, and its integer powers."""
        power, inner = rational(exponent), evaluate(base, self)
        if power is None or power.denominator != 2:
            raise Undecided(f"the exponent {ast.unparse(exponent)} is not checked on boxes")
        root = self._root(inner)
        value = root.value.power(power.numerator)
        before = root.value.power(power.numerator - 1)
        slope = before * Range(Fraction(power.numerator), Fraction(power.numerator))
        return root.through(value, slope)

    def call(self, function: str, arguments: list[ast.expr]) -> Jet:
        """A function's value."""
        jets = [evaluate(argument, self) for argument in arguments]
        if function in ("Max", "Min") and jets:
            return _extreme(function, jets)
        rule = _RULES.get(function)
        if function == "sqrt" and len(jets) == 1:
            return self._root(jets[0])
        if rule is None or len(jets) != 1:
            raise Undecided(f"the function {function} is not checked on boxes")
        return jets[0].through(*rule(jets[0].value))

    def _constant(self, value: Range) -> Jet:
        return Jet(value, (ZERO,) * len(self.names))

    def _root(self, inner: Jet) -> Jet:
        if not inner.value.is_nonnegative:
            raise Undecided("a radicand may be negative on a box of the certificate")
        value = inner.value.rising("sqrt", None, None)
        twice = value + value
        return inner.through(value, twice.inverse() if twice.is_positive else None)


def _exp(z: Range) -> tuple[Range, Range]:
    value = z.rising("exp", Fraction(0), None)
    return value, value


def _log(z: Range) -> tuple[Range, Range]:
    if not z.is_positive:
        raise Undecided("a logarithm may be undefined on a box of the certificate")
    return z.rising("log", None, None), z.inverse()


def _tanh(z: Range) -> tuple[Range, Range]:
    value = z.rising("tanh", Fraction(-1), Fraction(1))
    return value, ONE - value.power(2)


def _atan(z: Range) -> tuple[Range, Range]:
    half = pi_range() * Range(Fraction(1, 2), Fraction(1, 2))
    return z.rising("atan", (-half).low, half.high), (ONE + z.power(2)).inverse()


def _cosh(z: Range) -> Range:
    return z.absolute().rising("cosh", None, None)


def _sinh(z: Range) -> Range:
    return z.rising("sinh", None, None)


def _absolute(z: Range) -> tuple[Range, Range]:
    sign = ONE if z.is_nonnegative else -ONE if (-z).is_nonnegative else ONE.hull(-ONE)
    return z.absolute(), sign


_RULES: dict[str, Callable[[Range], tuple[Range, Range]]] = {
    "exp": _exp,
    "log": _log,
    "tanh": _tanh,
    "atan": _atan,
    "cosh": lambda z: (_cosh(z), _sinh(z)),
    "sinh": lambda z: (_sinh(z), _cosh(z)),
    "sin": lambda z: (wave("sin", z), wave("cos", z)),
    "cos": lambda z: (wave("cos", z), -wave("sin", z)),
    "Abs": _absolute,
}


def _extreme(function: str, jets: Sequence[Jet]) -> Jet:
    """A maximum or minimum; its slopes lie among those of its arguments."""
    sign = (lambda r: r) if function == "Max" else (lambda r: -r)
    values = [sign(jet.value) for jet in jets]
    lows = [v.low for v in values if v.low is not None]
    highs = [v.high for v in values if v.high is not None]
    high = max(highs) if len(highs) == len(values) else None
    value = sign(Range(max(lows) if lows else None, high))
    slopes = jets[0].slopes
    for jet in jets[1:]:
        slopes = _each(lambda a, b: a.hull(b), Jet(value, slopes), jet)
    return Jet(value, slopes)
