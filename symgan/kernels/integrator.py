r"""One integration of a flow by Taylor series of high order, at one precision.

The step is chosen so that the last two terms of each component's series fall below the
tolerance relative to its largest term; states between steps are read off the series. A
guard that changes sign within a step is located on its own series and the next step
starts there, on the other branch.

Source: Jorba and Zou 2005, "A software package for the numerical integration of ODEs by
means of high-order Taylor methods", for order and step.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

import mpmath
from mpmath import mpf

from symgan.errors import Undecided
from symgan.kernels import switching
from symgan.kernels.evaluate import evaluate
from symgan.kernels.taylor import Program
from symgan.system import Flow

STEPS = 20_000
"""Most steps of one integration; stiff or exploding solutions need more and are refused."""
_SAMPLES = 32
"""Points of a step at which the sign of a guard is looked at."""
_AMBITION = 1.3
"""How far beyond the step just found the next one is tried; the share then sets its length."""
_SMALLEST_SHARE = 0.25
"""A step of which less than this share is usable is expanded anew, to keep its digits."""


@dataclass(frozen=True)
class Precision:
    """How one integration is run.

    Attributes:
        bits: the unit of fixed-point numbers is 2**-bits.
        accuracy: truncation errors are below 2**-accuracy of a component's largest term.
        order: the order of the series.
    """

    bits: int
    accuracy: int
    order: int


class Integration:
    """A flow with numbers for its parameters, at one precision.

    Args:
        flow: the flow.
        values: parameter -> mpf.
        precision: bits, accuracy and order.
    """

    def __init__(self, flow: Flow, values: Mapping[Any, Any], precision: Precision) -> None:
        self.flow, self.values, self.precision = flow, dict(values), precision
        self.rhs = [switching.branched(f) for f in flow.rhs]
        self.relations = switching.relations(self.rhs)
        self.programs: dict[tuple[int, ...], Program] = {}

    def run(self, x0: Sequence[Any], times: Sequence[Any]) -> list[tuple[Any, ...]]:
        """States at increasing times from t = 0, as mpf.

        Raises:
            Undecided: too many steps, a step that shrinks to nothing, or a switching
                surface along which the solution slides.
        """
        bits = self.precision.bits
        with mpmath.workprec(bits + 64):
            x = [_fixed(v, bits) for v in x0]
            targets = [_fixed(t, bits) for t in times]
            states = [tuple(x)] * sum(t <= 0 for t in targets)
            states += self._advance(x, targets, len(states))
            return [tuple(mpmath.ldexp(mpf(v), -bits) for v in state) for state in states]

    def _advance(self, x: list[int], targets: list[int], done: int) -> list[tuple[int, ...]]:
        bits, n = self.precision.bits, len(x)
        states: list[tuple[int, ...]] = []
        t, end = 0, targets[-1] if targets else 0
        h = end
        signs = self._signs(x, t, end) if t < end else ()
        for _ in range(STEPS):
            if t >= end:
                return states
            h = min(h, end - t)
            program = self._program(signs)
            program.expand(x, t, h, self.precision.order, n)
            share = self._usable(program)
            if h <= 1 or share == 0:
                break
            if share < _SMALLEST_SHARE:
                h = max(1, _times(h, share))
                continue
            u = int(min(1.0, share) * 2**53) << (bits - 53)
            crossed = self._crossing(program, signs, u, n)
            u = u if crossed is None else crossed
            while done < len(targets) and targets[done] <= t + ((h * u) >> bits):
                at = ((targets[done] - t) << bits) // h
                states.append(_at(program, at, bits))
                done += 1
            x = list(_at(program, u, bits))
            t += (h * u) >> bits
            if crossed is not None:
                signs = self._signs(x, t, end) if t < end else signs
            h = _times(h, _AMBITION * share)
        raise Undecided(
            f"the reference cannot pass t = {mpmath.nstr(mpmath.ldexp(mpf(t), -bits), 8)} within "
            f"{STEPS} steps; the flow is stiff or its solution explodes there"
        )

    def _usable(self, program: Program) -> float:
        """The share of the step on which the last terms are below the tolerance; at most 2."""
        share = 2.0
        for series in program.state:
            terms = [abs(c) for c in series.coefficients]
            tolerance = max(1, max(terms) >> self.precision.accuracy)
            for k in (len(terms) - 1, len(terms) - 2):
                if terms[k]:
                    share = min(share, 2.0 ** ((_log2(tolerance) - _log2(terms[k])) / k))
        return share

    def _program(self, signs: tuple[int, ...]) -> Program:
        if signs not in self.programs:
            chosen = dict(zip(self.relations, signs, strict=True))
            outputs = [switching.resolve(f, chosen) for f in self.rhs]
            outputs += [
                switching.resolve(switching.branched(switching.guard(r)), chosen)
                for r in self.relations
            ]
            self.programs[signs] = Program(
                self.flow.state, self.flow.time, outputs, self.values, self.precision.bits
            )
        return self.programs[signs]

    def _signs(self, x: Sequence[int], t: int, end: int) -> tuple[int, ...]:
        """Signs of the guards just after a point; on a surface, those that the flow confirms."""
        bits = self.precision.bits
        place = dict(self.values)
        place |= {s: mpmath.ldexp(mpf(v), -bits) for s, v in zip(self.flow.state, x, strict=True)}
        if self.flow.time is not None:
            place[self.flow.time] = mpmath.ldexp(mpf(t), -bits)
        sizes = [evaluate(switching.guard(r), place) for r in self.relations]
        threshold = mpmath.ldexp(mpf(1), -bits // 2)
        options = [(1,) if g > threshold else (-1,) if g < -threshold else (1, -1) for g in sizes]
        unclear = [i for i, option in enumerate(options) if len(option) == 2]
        candidates = list(product(*options))
        if unclear:
            candidates = [c for c in candidates if self._confirmed(c, unclear, x, t, end)]
        if len(candidates) != 1:
            where = ", ".join(str(self.relations[i]) for i in unclear)
            raise Undecided(
                f"the solution starts on, or slides along, the switching surface of {where}; "
                "start off it, or give a field that crosses it"
            )
        return candidates[0]

    def _confirmed(
        self, signs: tuple[int, ...], unclear: Sequence[int], x: Sequence[int], t: int, end: int
    ) -> bool:
        """Whether guards that are zero here take the signs under which the field was chosen."""
        bits, n = self.precision.bits, len(x)
        h = min(1 << (bits - 8), max(1, end - t))
        program = self._program(signs)
        program.expand(x, t, h, 4, n)
        floor = max(1, h >> (bits // 2))
        for i in unclear:
            rest = program.outputs[n + i].coefficients[1:]
            leading = next((c for c in rest if abs(c) > floor), 0)
            if leading * signs[i] <= 0:
                return False
        return True

    def _crossing(self, program: Program, signs: tuple[int, ...], u: int, n: int) -> int | None:
        """The first u at which a guard changes sign, if one does within the step."""
        bits = self.precision.bits
        found = [u + 1]
        for sign, series in zip(signs, program.outputs[n:], strict=True):
            terms = [sign * c for c in series.coefficients]
            low = 0
            for j in range(1, _SAMPLES + 1):
                high = u * j // _SAMPLES
                if _horner(terms, high, bits) < 0:
                    found.append(_bisect(terms, low, high, bits))
                    break
                low = high
        return min(found) if min(found) <= u else None


def _bisect(terms: Sequence[int], low: int, high: int, bits: int) -> int:
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _horner(terms, middle, bits) < 0 else (middle, high)
    return high


def _at(program: Program, u: int, bits: int) -> tuple[int, ...]:
    return tuple(_horner(series.coefficients, u, bits) for series in program.state)


def _horner(terms: Sequence[int], u: int, bits: int) -> int:
    total = 0
    for term in reversed(terms):
        total = ((total * u) >> bits) + term
    return total


def _fixed(value: Any, bits: int) -> int:
    return int(mpmath.nint(mpmath.ldexp(value, bits)))


def _log2(n: int) -> float:
    shift = max(0, n.bit_length() - 60)
    return math.log2(n >> shift) + shift


def _times(h: int, share: float) -> int:
    return (h * int(share * 2**53)) >> 53
