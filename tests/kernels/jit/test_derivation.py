"""The stored polynomials approximate what they are said to, and can be derived again."""

from __future__ import annotations

from typing import Any

import mpmath
import pytest
from mpmath import mpf

from symgan.kernels.jit.functions.derive import FORMATS, polynomial, targets
from symgan.kernels.jit.functions.tables import TABLES

TARGETS = targets()
BITS = (53, 24)


def excess(name: str, kind: int, coefficients: tuple[float, ...]) -> Any:
    """The largest weighted error, as a share of the stated one and of what rounding costs."""
    target = TARGETS[name][kind]
    worst = mpf(0)
    with mpmath.workdps(60):
        low, high = mpf(target.low), mpf(target.high)
        for i in range(40):
            x = (low + high) / 2 + (high - low) / 2 * mpmath.cos(mpmath.pi * (i + mpf(1) / 3) / 40)
            error = abs(mpmath.polyval([mpf(c) for c in coefficients][::-1], x) - target.f(x))
            rounding = sum(abs(c) * abs(x) ** k for k, c in enumerate(coefficients))
            allowed = mpf(2) ** -target.bits[kind] / target.weight(x) + rounding / 2 ** BITS[kind]
            worst = max(worst, error / allowed)
    return worst


@pytest.mark.parametrize("kind", range(len(FORMATS)), ids=FORMATS)
@pytest.mark.parametrize("name", TARGETS)
def test_polynomials_keep_their_error(name: str, kind: int) -> None:
    coefficients = TABLES[name][kind]
    assert excess(name, kind, coefficients) <= 1
    wrong = (coefficients[0] * (1 + 2.0 ** (4 - BITS[kind])), *coefficients[1:])
    assert excess(name, kind, wrong) > 1


@pytest.mark.parametrize(("name", "kind"), [("log", 1), ("cos", 1), ("log", 0)])
def test_derived_again_they_are_the_same(name: str, kind: int) -> None:
    assert polynomial(name, kind)[0] == TABLES[name][kind]


def test_every_target_is_stored() -> None:
    assert set(TABLES) == set(TARGETS)
