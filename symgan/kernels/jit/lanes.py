r"""Vectors of numbers as LLVM text: the small language that all generated code is written in.

A value is a whole vector: `Lanes.add(a, b)` writes one line and returns the name of its result.
The same operands give the same line only once, so that shared work is shared by construction.

No fast-math flag is ever written. A fused multiply-add stands where, and only where,
:meth:`Lanes.fma` is called; every operation is one that IEEE 754 rounds correctly. What a value is
therefore depends neither on the width of the vectors nor on the machine's instruction set, with
one exception: the bits of a NaN.
"""

from __future__ import annotations

from typing import Any

from symgan.kernels.jit.rounding import hexadecimal
from symgan.kernels.jit.writer import FLOAT, INTEGER, MASK, Value, Writer

__all__ = ["FLOAT", "INTEGER", "MASK", "Lanes", "Value"]


class Lanes(Writer):
    """The operations; for what it takes and holds see `Writer`.

    >>> lanes = Lanes("float64", 8)
    >>> x = lanes.argument("x")
    >>> _ = lanes.fma(x, x, lanes.const(1))
    >>> lanes.lines[-1].split(" = ")[1].split("(")[0]
    'call <8 x double> @llvm.fma.v8f64'
    """

    # constants

    def const(self, value: Any) -> Value:
        """A number in every lane, correctly rounded from an exact one.

        Args:
            value: an int, a float, a Fraction, or a SymPy number (pi, Rational(1, 3)).
        """
        return Value(f"splat ({self.element} 0x{hexadecimal(value, self.dtype)})", FLOAT)

    def iconst(self, value: int) -> Value:
        """A whole number in every lane, modulo the size of a lane."""
        size = 1 << self.bits_of_float
        number = value % size
        signed = number - size if number >= size // 2 else number
        return Value(f"splat (i{self.bits_of_float} {signed})", INTEGER)

    def truth(self, value: bool) -> Value:
        """True or false in every lane."""
        return Value(f"splat (i1 {'true' if value else 'false'})", MASK)

    # floating point

    def add(self, a: Value, b: Value) -> Value:
        """a + b."""
        return self._binary("fadd", a, b)

    def sub(self, a: Value, b: Value) -> Value:
        """a - b."""
        return self._binary("fsub", a, b)

    def mul(self, a: Value, b: Value) -> Value:
        """a b."""
        return self._binary("fmul", a, b)

    def div(self, a: Value, b: Value) -> Value:
        """a / b."""
        return self._binary("fdiv", a, b)

    def fma(self, a: Value, b: Value, c: Value) -> Value:
        """a b + c, rounded once."""
        return self._call("fma", a, b, c)

    def neg(self, a: Value) -> Value:
        """-a: the sign turned, of a NaN as well."""
        found = self.write(f"fneg {self.typed(a)}", FLOAT)
        self.known[f"fneg {self.typed(found)}"] = a
        return found

    def abs(self, a: Value) -> Value:
        """The magnitude."""
        return self._call("fabs", a)

    def copysign(self, magnitude: Value, sign: Value) -> Value:
        """The magnitude of one with the sign of the other."""
        return self._call("copysign", magnitude, sign)

    def scale(self, a: Value, n: Value) -> Value:
        """a 2^n for a whole number n as a float, rounded once: where `scales` says so."""
        assert self.scales, "this instruction set scales by shifting exponents"
        text = f"@scale {self.typed(a)}, {self.typed(n)}"  # `finished` writes it out
        return self.write(text, FLOAT)

    def sqrt(self, a: Value) -> Value:
        """The square root, correctly rounded."""
        return self._call("sqrt", a)

    def floor(self, a: Value) -> Value:
        """The largest whole number not above a."""
        return self._call("floor", a)

    def ceil(self, a: Value) -> Value:
        """The smallest whole number not below a."""
        return self._call("ceil", a)

    def trunc(self, a: Value) -> Value:
        """The whole part, toward zero."""
        return self._call("trunc", a)

    def rint(self, a: Value) -> Value:
        """The nearest whole number, ties to even."""
        return self._call("roundeven", a)

    def lesser(self, a: Value, b: Value) -> Value:
        """a where a < b, else b: one instruction, b where either is NaN."""
        return self.select(self.lt(a, b), a, b)

    def greater(self, a: Value, b: Value) -> Value:
        """a where a > b, else b: one instruction, b where either is NaN."""
        return self.select(self.gt(a, b), a, b)

    def minimum(self, a: Value, b: Value) -> Value:
        """The smaller of two; NaN where either is (as `numpy.minimum`); -0 below +0."""
        return self._call("minimum", a, b)

    def maximum(self, a: Value, b: Value) -> Value:
        """The larger of two; NaN where either is (as `numpy.maximum`); +0 above -0."""
        return self._call("maximum", a, b)

    # comparisons: false where either side is NaN, but for ne

    def lt(self, a: Value, b: Value) -> Value:
        """a < b."""
        return self._compare("fcmp olt", a, b)

    def le(self, a: Value, b: Value) -> Value:
        """a <= b."""
        return self._compare("fcmp ole", a, b)

    def gt(self, a: Value, b: Value) -> Value:
        """a > b."""
        return self._compare("fcmp ogt", a, b)

    def ge(self, a: Value, b: Value) -> Value:
        """a >= b."""
        return self._compare("fcmp oge", a, b)

    def eq(self, a: Value, b: Value) -> Value:
        """a == b; zeros of either sign are equal."""
        return self._compare("fcmp oeq", a, b)

    def ne(self, a: Value, b: Value) -> Value:
        """a != b: true where either side is NaN, as in NumPy."""
        return self._compare("fcmp une", a, b)

    def isnan(self, a: Value) -> Value:
        """Whether a is NaN."""
        return self._compare("fcmp uno", a, a)

    # masks

    def select(self, mask: Value, a: Value, b: Value) -> Value:
        """a where the mask is true, else b; of any one kind."""
        text = f"select {self.typed(mask)}, {self.typed(a)}, {self.typed(b)}"
        return self.write(text, a.kind)

    def both(self, a: Value, b: Value) -> Value:
        """Logical and."""
        return self._binary("and", a, b)

    def either(self, a: Value, b: Value) -> Value:
        """Logical or."""
        return self._binary("or", a, b)

    def invert(self, a: Value) -> Value:
        """Logical not."""
        return self._binary("xor", a, self.truth(True))

    # whole numbers, of as many bits as a float

    def bits(self, a: Value) -> Value:
        """The bits of floats, as whole numbers."""
        return self._cast(a, INTEGER)

    def from_bits(self, a: Value) -> Value:
        """The floats of these bits."""
        return self._cast(a, FLOAT)

    def iadd(self, a: Value, b: Value) -> Value:
        """a + b modulo the size of a lane."""
        return self._binary("add", a, b)

    def isub(self, a: Value, b: Value) -> Value:
        """a - b modulo the size of a lane."""
        return self._binary("sub", a, b)

    def imul(self, a: Value, b: Value) -> Value:
        """a b modulo the size of a lane; fast where both are seen to be below 2^32."""
        return self._binary("mul", a, b)

    def iand(self, a: Value, b: Value) -> Value:
        """Bitwise and."""
        return self._binary("and", a, b)

    def ior(self, a: Value, b: Value) -> Value:
        """Bitwise or."""
        return self._binary("or", a, b)

    def ixor(self, a: Value, b: Value) -> Value:
        """Bitwise exclusive or."""
        return self._binary("xor", a, b)

    def shl(self, a: Value, count: int) -> Value:
        """Bits moved up by a count below the size of a lane."""
        return self._binary("shl", a, self.iconst(count))

    def lshr(self, a: Value, count: int) -> Value:
        """Bits moved down, zeros moved in."""
        return self._binary("lshr", a, self.iconst(count))

    def ashr(self, a: Value, count: int) -> Value:
        """Bits moved down, the sign moved in."""
        return self._binary("ashr", a, self.iconst(count))

    def ieq(self, a: Value, b: Value) -> Value:
        """Whether two whole numbers are equal."""
        return self._compare("icmp eq", a, b)

    def ilt(self, a: Value, b: Value) -> Value:
        """Whether one signed whole number is below another."""
        return self._compare("icmp slt", a, b)

    def _binary(self, operation: str, a: Value, b: Value) -> Value:
        return self.write(f"{operation} {self.types[a.kind]} {a.text}, {b.text}", a.kind)

    def _compare(self, operation: str, a: Value, b: Value) -> Value:
        return self.write(f"{operation} {self.types[a.kind]} {a.text}, {b.text}", MASK)

    def _cast(self, a: Value, kind: str) -> Value:
        return self.write(f"bitcast {self.typed(a)} to {self.types[kind]}", kind)

    def _call(self, name: str, *operands: Value) -> Value:
        called = self._called.get(name)
        if called is None:
            called = self._called[name] = self._declare(name, len(operands))
        return self.write(f"{called}({', '.join(map(self.typed, operands))})", FLOAT)

    def _declare(self, name: str, count: int) -> str:
        """A call of an intrinsic of floats, but for its operands."""
        kind = self.types[FLOAT]
        full = f"@llvm.{name}.v{self.width}f{self.bits_of_float}"
        self.declared[full] = f"declare {kind} {full}({', '.join([kind] * count)})"
        return f"call {kind} {full}"
