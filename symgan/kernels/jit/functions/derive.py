r"""The polynomials of the vector functions: what each approximates, where, and to what error.

`python -m symgan.kernels.jit.functions.derive` writes `tables.py`. Every weight turns the error
of the polynomial into the relative error of the function that it serves.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
from mpmath import mpf

from symgan.kernels.jit.functions.remez import DIGITS, Target, shortest

FORMATS = ("float64", "float32")
K, CENTER = mpf("3.75"), mpf("0.125")
"""The scale of erfc's variable 1/(x + K) - CENTER, which lies on both sides of 0."""
FIRST_ERFC, LAST_ERF = mpf("0.46875"), mpf("0.84375")
"""erf's polynomial ends where 1 - erfc is as good, erfc's begins where 1 - erf no longer is."""
LAST_ERFC = (mpf("27.5"), mpf("10.25"))
"""erfc is below half the smallest number beyond 27.5 in float64 and 10.25 in float32."""


def _series(terms: Callable[[int], Any], z: Any) -> Any:
    """A power series where the closed expression would cancel."""
    total, power, k, term = mpf(0), mpf(1), 0, mpf(1)
    while k < 2 or abs(term) > abs(total) * mpf(10) ** -(DIGITS + 5):
        term = terms(k) * power
        total, power, k = total + term, power * z, k + 1
    return total


def _exp_rest(r: Any) -> Any:
    """(e^r - 1 - r)/r^2."""
    return _series(lambda k: 1 / mpmath.factorial(k + 2), r)


def _log_rest(first: int) -> Callable[[Any], Any]:
    r"""The series of :math:`\log((1+s)/(1-s))/s` in z = s^2 from a term on."""
    return lambda z: _series(lambda k: mpf(2) / (2 * k + first), z)


def _alternating(first: int, sign: int) -> Callable[[Any], Any]:
    """The Taylor series of sine or cosine in z = x^2 from 1/first! on."""
    return lambda z: _series(lambda k: sign * (-1) ** k / mpmath.factorial(2 * k + first), z)


def _sinh_rest(z: Any) -> Any:
    return _series(lambda k: 1 / mpmath.factorial(2 * k + 3), z)


def _atan_rest(z: Any) -> Any:
    return _series(lambda k: mpf(-1) ** (k + 1) / (2 * k + 3), z)


def _asin_rest(z: Any) -> Any:
    return _series(lambda k: mpmath.binomial(2 * k + 2, k + 1) / mpf(4) ** (k + 1) / (2 * k + 3), z)


def _erf_rest(z: Any) -> Any:
    """erf(x)/x - 1."""
    factor = 2 / mpmath.sqrt(mpmath.pi)
    return factor * _series(lambda k: mpf(-1) ** k / mpmath.factorial(k) / (2 * k + 1), z) - 1


def _erfc_scaled(w: Any) -> Any:
    """(x + K) e^(x^2) erfc(x) at w = 1/(x + K) - CENTER."""
    x = 1 / (w + CENTER) - K
    return (x + K) * mpmath.exp(x * x) * mpmath.erfc(x)


def targets() -> dict[str, tuple[Target, Target]]:
    """Each polynomial in float64 and float32."""
    with mpmath.workdps(DIGITS):
        half = mpmath.log(2) / 2
        narrow = (3 - 2 * mpmath.sqrt(2)) ** 2 * (1 + mpf(10) ** -6)
        quarter = (mpmath.pi / 4) ** 2 * (1 + mpf(10) ** -6)
        eighth = mpmath.tan(mpmath.pi / 8) ** 2 * (1 + mpf(10) ** -6)
        same = {
            "exp": Target(_exp_rest, -half, half, lambda r: r**2 / mpmath.exp(r), (57, 29)),
            "expm1": Target(_exp_rest, -half, half, lambda r: abs(r), (60, 30)),
            "log": Target(_log_rest(3), 0, narrow, lambda z: z / 2, (60, 30)),
            "log_tail": Target(_log_rest(5), 0, narrow, lambda z: z**2 / 2, (69, 35)),
            "log1p": Target(_log_rest(3), 0, mpf(1) / 9, lambda z: z / 2, (60, 30)),
            "sin": Target(_alternating(3, -1), 0, quarter, lambda z: z, (60, 30)),
            "cos": Target(_alternating(4, 1), 0, quarter, lambda z: z**2 * 2, (60, 30)),
            "sinh": Target(_sinh_rest, 0, 1, lambda z: z, (60, 30)),
            "atan": Target(_atan_rest, 0, eighth, lambda z: z, (60, 30)),
            "asin": Target(_asin_rest, 0, mpf(1) / 4, lambda z: z, (60, 30)),
            "erf": Target(_erf_rest, 0, LAST_ERF**2, lambda _: mpf(1), (60, 30)),
        }
        found = {name: (target, target) for name, target in same.items()}
        last = 1 / (FIRST_ERFC + K) - CENTER
        tails = [
            Target(_erfc_scaled, 1 / (x + K) - CENTER, last, lambda _: mpf(2), (58, 29))
            for x in LAST_ERFC
        ]
        found["erfc"] = (tails[0], tails[1])
        return found


def polynomial(name: str, kind: int) -> tuple[tuple[float, ...], Any]:
    """Rounded coefficients in one format, and the error before rounding."""
    target = targets()[name][kind]
    coefficients, error = shortest(target, target.bits[kind])
    return tuple(float(np.dtype(FORMATS[kind]).type(float(c))) for c in coefficients), error


def table() -> str:
    """The text of `tables.py`."""
    lines = [
        '"""Written by `derive`: coefficients in float64 and float32, the constant one first."""',
        "",
    ]
    lines += ["TABLES: dict[str, tuple[tuple[float, ...], tuple[float, ...]]] = {"]
    for name in targets():
        lines.append(f'    "{name}": (')
        for kind in range(len(FORMATS)):
            found, _ = polynomial(name, kind)
            lines.append("        (")
            lines += [f"            {c!r}," for c in found]
            lines.append("        ),")
        lines.append("    ),")
    return "\n".join([*lines, "}", ""])


if __name__ == "__main__":
    Path(__file__).with_name("tables.py").write_text(table(), encoding="utf-8")
