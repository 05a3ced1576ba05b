"""Write exp_coefficients.h: the polynomials of `exps` in vector.h, and its table.

Run: python benchmarks/c/coefficients.py. With p(r) = 1 + r + r^2 q(r), q interpolates
(e^r - 1 - r)/r^2 at the Chebyshev nodes of |r| <= log(2)/2, or log(2)/32 beside a table of the
16 powers 2^(i/16); the errors left are printed in units of 2^-53.
"""

from __future__ import annotations

from pathlib import Path

import mpmath as mp

PARTS = 16
DIGITS = 50
SAMPLES = 2001


def quotient(r: mp.mpf) -> mp.mpf:
    """(e^r - 1 - r)/r^2."""
    return (mp.expm1(r) - r) / r**2 if r else mp.mpf(1) / 2


def coefficients(degree: int, half: mp.mpf) -> list[mp.mpf]:
    """c_2, ..., c_degree for |r| <= half."""
    count = degree - 1
    steps = (mp.mpf(2 * i + 1 - count) / (2 * count) for i in range(count))
    nodes = [half * mp.sin(mp.pi * step) for step in steps]
    rows = mp.matrix([[r**j for j in range(count)] for r in nodes])
    return list(mp.lu_solve(rows, mp.matrix([quotient(r) for r in nodes])))


def error(found: list[mp.mpf], half: mp.mpf) -> mp.mpf:
    """The largest relative error of the rounded polynomial, exactly evaluated."""
    rounded = [mp.mpf(1), mp.mpf(1), *(mp.mpf(float(c)) for c in found)]
    points = [half * (2 * mp.mpf(i) / (SAMPLES - 1) - 1) for i in range(SAMPLES)]
    return max(abs(mp.polyval(rounded[::-1], r) / mp.exp(r) - 1) for r in points)


def main() -> None:
    lines = ["/* Written by coefficients.py. */"]
    with mp.workdps(DIGITS):
        for name, degree, half in (
            ("EXP", 11, mp.log(2) / 2),
            ("SMALL", 6, mp.log(2) / (2 * PARTS)),
        ):
            found = coefficients(degree, half)
            left = mp.nstr(error(found, half) * 2**53, 3)
            print(f"degree {degree}: error {left} units of 2^-53")
            lines += [f"#define {name}{n} {float(c).hex()}" for n, c in enumerate(found, start=2)]
        powers = [float(mp.mpf(2) ** (mp.mpf(i) / PARTS)).hex() for i in range(PARTS)]
    lines += ["#ifdef EXP_TABLE", f"static const double EXP_PARTS[{PARTS}] = {{"]
    lines += [f"    {power}," for power in powers] + ["};", "#endif"]
    Path(__file__).with_name("exp_coefficients.h").write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
