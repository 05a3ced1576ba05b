r"""The remainder of huge arguments modulo :math:`\pi/2`, in a definition of its own.

Write :math:`|x| = 2^{ea - p} y` with a whole y, :math:`2^p \le y < 2^{p + e}`, p the stored bits.
Then :math:`|x|\frac2\pi \bmod 4` is :math:`y\,T_a \bmod 4` for
:math:`T_a = 2^{ea - p}\frac2\pi \bmod 4`, which four floats hold to :math:`2^{-210}`
(float64, e = 32) or :math:`2^{-94}` (float32, e = 8). Products and sums are exact with their
errors, to :math:`2^{-120}` or :math:`2^{-60}` of a quarter turn; no float comes nearer
to a multiple of :math:`\pi/2` than :math:`2^{-62}` or :math:`2^{-31}`.

Source: M. Payne and R. Hanek 1983, "Radian reduction for trigonometric functions".
"""

from __future__ import annotations

from collections.abc import Sequence

from symgan.kernels.jit.functions.constants import turns
from symgan.kernels.jit.functions.parts import (
    Pair,
    constants,
    format_of,
    ordered_sum,
    product_with_error,
    rounding_shift,
    sum_with_error,
)
from symgan.kernels.jit.lanes import FLOAT, INTEGER, Lanes, Value

LARGE = {True: 2.0**31, False: 2.0**16}
"""Arguments from here on are huge, in float64 and float32."""
_STRIDE = {True: 32, False: 8}


def huge_remainder(
    lanes: Lanes, x: Value, quadrant: Value, rest: Value, low: Value
) -> tuple[Value, Value, Value]:
    """Quadrant and rest put in where x is huge, all else as it was."""
    name = f"@symgan.huge.v{lanes.width}f{lanes.bits_of_float}"
    if name not in lanes.declared:
        lanes.declared[name] = _definition(lanes, name)
    values = (x, quadrant, rest, low)
    given = ", ".join(f"{lanes.types[v.kind]} {v.text}" for v in values)
    kinds = (INTEGER, FLOAT, FLOAT)
    packed = lanes.write(f"call {_results(lanes)} {name}({given})", "results")
    turns, high, tail = (
        lanes.write(f"extractvalue {_results(lanes)} {packed.text}, {i}", kind)
        for i, kind in enumerate(kinds)
    )
    return turns, high, tail


def _results(lanes: Lanes) -> str:
    return f"{{ {lanes.types[INTEGER]}, {lanes.types[FLOAT]}, {lanes.types[FLOAT]} }}"


def _definition(lanes: Lanes, name: str) -> str:
    """A function that returns at once where no lane is huge."""
    inner = Lanes(lanes.dtype, lanes.width)
    names = ("x", "quadrant", "rest", "low")
    kinds = (FLOAT, INTEGER, FLOAT, FLOAT)
    x, quadrant, rest, low = (inner.argument(n, k) for n, k in zip(names, kinds, strict=True))
    huge = inner.ge(inner.abs(x), inner.const(LARGE[lanes.double]))
    some = inner.fresh()
    reduction = f"@llvm.vector.reduce.or.v{lanes.width}i1"
    vector = f"<{lanes.width} x i1>"
    inner.line(f"{some} = call i1 {reduction}({vector} {huge.text})")
    inner.line(f"br i1 {some}, label %slow, label %done")
    inner.line("slow:")
    found = _remainder(inner, x)
    chosen = [
        inner.select(huge, new, old) for new, old in zip(found, (quadrant, rest, low), strict=True)
    ]
    inner.line("br label %done")
    inner.line("done:")
    last = "poison"
    for i, (new, old) in enumerate(zip(chosen, (quadrant, rest, low), strict=True)):
        merged, packed, kind = inner.fresh(), inner.fresh(), inner.types[old.kind]
        inner.lines.insert(
            inner.lines.index("  done:") + 1 + i,
            f"  {merged} = phi {kind} [ {new.text}, %slow ], [ {old.text}, %entry ]",
        )
        inner.line(f"{packed} = insertvalue {_results(lanes)} {last}, {kind} {merged}, {i}")
        last = packed
    inner.line(f"ret {_results(lanes)} {last}")
    lanes.declared |= {**inner.declared, reduction: f"declare i1 {reduction}({vector})"}
    taken = ", ".join(f"{inner.types[k]} %{n}" for n, k in zip(names, kinds, strict=True))
    head = f"define internal {_results(lanes)} {name}({taken}) nounwind willreturn memory(none) {{"
    return "\n".join([head, "entry:", *inner.lines, "}"])


def _remainder(lanes: Lanes, x: Value) -> tuple[Value, Value, Value]:
    """Quadrant and rest of a huge x; the rest of an infinity is NaN."""
    form, stride = format_of(lanes), _STRIDE[lanes.double]
    size = lanes.abs(x)
    exponent = lanes.isub(lanes.lshr(lanes.bits(size), form.stored), lanes.iconst(form.bias))
    number = lanes.lshr(exponent, stride.bit_length() - 1)
    steps = lanes.shl(number, form.stored + stride.bit_length() - 1)
    raised = lanes.iadd(lanes.bits(size), lanes.iconst(form.stored << form.stored))
    y = lanes.from_bits(lanes.isub(raised, steps))
    pieces = [lanes.const(c) for c in turns(-form.stored, lanes.double)]
    for a in range(1, (form.bias + 1) // stride):
        here = lanes.ieq(number, lanes.iconst(a))
        found = [lanes.const(c) for c in turns(a * stride - form.stored, lanes.double)]
        pieces = [lanes.select(here, new, old) for new, old in zip(found, pieces, strict=True)]
    n, rest = _quarter_turns(lanes, y, pieces)
    sign = lanes.bits(lanes.copysign(lanes.const(0), x))
    turned = [lanes.from_bits(lanes.ixor(lanes.bits(v), sign)) for v in (n, *_radians(lanes, rest))]
    quadrant = lanes.bits(lanes.add(turned[0], lanes.const(rounding_shift(lanes))))
    undefined = lanes.sub(x, x)  # 0, NaN at the infinities
    return quadrant, lanes.add(turned[1], undefined), turned[2]


def _quarter_turns(lanes: Lanes, y: Value, pieces: list[Value]) -> tuple[Value, Pair]:
    """A whole y times the pieces, modulo 4: the nearest whole number and the rest."""
    products = [product_with_error(lanes, y, piece) for piece in pieces[:3]]
    (p, p_error), (q, q_error), (s, s_error) = products
    head = _modulo_four(lanes, p)
    falling = (_modulo_four(lanes, p_error), _modulo_four(lanes, q), q_error, s)
    head, errors = _summed(lanes, head, falling)
    whole = lanes.rint(head)
    head = lanes.sub(head, whole)
    middle, lost = _summed(lanes, errors[0], errors[1:])
    last = lanes.fma(y, pieces[3], s_error)
    for error in lost:
        last = lanes.add(last, error)
    high, low = sum_with_error(lanes, head, middle)
    return whole, Pair(*ordered_sum(lanes, high, lanes.add(low, last)))


def _modulo_four(lanes: Lanes, x: Value) -> Value:
    """x less the nearest multiple of 4; exact."""
    fours = lanes.rint(lanes.mul(x, lanes.const(0.25)))
    return lanes.fma(lanes.const(-4), fours, x)


def _summed(lanes: Lanes, head: Value, terms: Sequence[Value]) -> tuple[Value, list[Value]]:
    """The sum rounded at each term, and what each rounding lost."""
    errors: list[Value] = []
    for term in terms:
        head, error = sum_with_error(lanes, head, term)
        errors.append(error)
    return head, errors


def _radians(lanes: Lanes, turns_: Pair) -> Pair:
    """A pair times pi/2."""
    half, half_low = constants(lanes, "pi/2", 2)
    high, error = product_with_error(lanes, turns_.high, half)
    low = lanes.fma(turns_.high, half_low, lanes.fma(turns_.low, half, error))
    return Pair(*ordered_sum(lanes, high, low))
