r"""The settled theorem: what binary floating point does that exact arithmetic does not.

Ours, not the paper's. Figure 2 was presumably drawn with floats, where the ties that exact rational
orbits meet are missed by rounding.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import mpmath
import numpy as np
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import image, update
from symgan_papers.dynamic.model import wasserstein_game as game
from symgan_papers.dynamic.oracle_orbits import after

OURS = "ours: the oracle of eq. (7) in floating point, Wasserstein loss"
left, start = Symbol("left", real=True), Symbol("s", positive=True)


def rounded(value: Fraction, digits: int) -> Fraction:
    """A rational to the nearest binary float with so many digits, ties to even."""
    if value == 0:
        return value
    size = abs(value)
    power = size.numerator.bit_length() - size.denominator.bit_length() - digits
    while size >= Fraction(2) ** (power + digits):
        power += 1
    while size < Fraction(2) ** (power + digits - 1):
        power -= 1
    return round(value / Fraction(2) ** power) * Fraction(2) ** power


def _ten_updates(digits: int) -> Fraction:
    """psi after ten updates V_2 from (1, 1) at eta = 1/10, each operation rounded."""
    step, psi = rounded(Fraction(1, 10), digits), Fraction(1)
    for _ in range(10):
        psi = rounded(psi - rounded(step * 1, digits), digits)
    return psi


def _residue(digits: int) -> sp.Rational:
    found = _ten_updates(digits)
    return sp.Rational(found.numerator, found.denominator)


@claim(
    "dynamic.settled.float.missed-tie",
    source=OURS,
    formal=r"\psi_{10} = \frac{5 s}{2^{55}}, \quad \psi = 0",
    says="from (1, 1) at eta = 1/10 the exact orbit meets the tie (1, 0) after ten updates; in "
    "binary64 it passes at psi = 5/2^55 > 0 and goes on, whatever the rule on ties",
    expect=Verdict.PROVED,
)
def missed_tie() -> Examination:
    exact_end = Symbol("psi_exact", real=True)
    one = image(update(game(), "V2", sp.Rational(1, 10)), sp.Integer(1), sp.Integer(0))[1]
    exact = {left: start * _residue(53), exact_end: start * (1 + 10 * one)}

    def machine(place: Any) -> Any:
        """The same in the machine's own binary64."""
        return place["s"] * mpmath.mpf(after((1.0, 1.0), 0.1, 10, tie="V1")[1])

    def rational(place: Any) -> Any:
        end = after((Fraction(1), Fraction(1)), Fraction(1, 10), 10)[1]
        return place["s"] * mpmath.mpf(end.numerator) / end.denominator

    return Examination(
        sp.And(eq(left, 5 * start / 2**55), eq(exact_end, 0 * start)),
        exact,
        by_numbers(
            {left: machine, exact_end: rational},
            kind="simulated:binary64",
            points=({start: 1}, {start: 3}),
        ),
        steps=(Step("s only scales the two sides"),),
    )


@claim(
    "dynamic.settled.float.single",
    source=OURS,
    formal=r"\psi_{10} = -\frac{5 s}{2^{26}}",
    says="in binary32 rounding carries psi past 0: after ten updates psi is "
    "negative (s scales both sides)",
    expect=Verdict.PROVED,
)
def single() -> Examination:
    exact = {left: start * _residue(24)}

    def machine(place: Any) -> Any:
        step, psi = np.float32(0.1), np.float32(1)
        for _ in range(10):
            psi = np.float32(psi - step * np.float32(1))
        return place["s"] * mpmath.mpf(float(psi))

    return Examination(
        eq(left, -5 * start / 2**26),
        exact,
        by_numbers({left: machine}, kind="simulated:binary32", points=({start: 1}, {start: 3})),
    )
