"""Expressions with declared parameters: what is computed ahead, and that only rounding changes."""

from __future__ import annotations

from typing import Any, cast

import mpmath
import numpy as np
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st

from symgan.analysis import solve_linear
from symgan.games.annealed import annealed
from symgan.games.dirac import dirac
from symgan.kernels import KernelError, compile
from symgan.losses import jensen_shannon
from symgan.rules.simultaneous import simultaneous

t, T, a, eta = sp.symbols("t T a eta", real=True)
FLOW = annealed().flow()
FORM = solve_linear(FLOW, {s: sp.Symbol(f"{s.name}_i", real=True) for s in FLOW.state})
SLOPES = sp.Matrix(FORM.solution).jacobian(list(FORM.parameters))
ARGUMENTS = (FORM.time, *FORM.parameters)
EXPRESSIONS = (a * sp.sin(t) / (T**2 + 1), t / T - sp.exp(-t / T) / (a**2 + 1), a / T, sp.cos(t))


def loop_of(source: str) -> str:
    """What the generated code does for every group."""
    return source[source.index("group.loop:") :]


def divisions(parameters: tuple[sp.Symbol, ...]) -> int:
    """How many divisions stand in the loop over times."""
    kernel = compile(EXPRESSIONS[:2], arguments=(t, T, a), parameters=parameters, backend="jit")
    return loop_of(kernel.source).count("fdiv")


def test_what_holds_parameters_alone_is_computed_ahead() -> None:
    assert divisions((T, a)) == 0
    assert divisions((T,)) > 0
    assert divisions(()) > divisions((T,))


@pytest.mark.parametrize("backend", ["jit", "numpy"])
@given(
    times=st.lists(st.floats(0, 30), min_size=2, max_size=40),
    one=st.floats(0.1, 10),
    other=st.floats(-5, 5),
)
def test_one_number_and_one_a_time_round_alike(
    backend: str, times: list[float], one: float, other: float
) -> None:
    kernel = compile(EXPRESSIONS, arguments=(t, T, a), parameters=(T, a), backend=backend)
    shared = kernel({t: times, T: one, a: other})
    apart = kernel({t: times, T: np.full(len(times), one), a: np.full(len(times), other)})
    mixed = kernel({t: times, T: np.full(len(times), one), a: other})
    assert shared.tobytes() == apart.tobytes() == mixed.tobytes()


@given(
    values=st.lists(st.floats(-3, 3), min_size=6, max_size=6),
    scale=st.floats(0.2, 20),
    time=st.floats(0, 50),
)
def test_declaring_them_changes_roundings_alone(
    values: list[float], scale: float, time: float
) -> None:
    """The annealed solution and its derivatives, both ways, against 40 digits."""
    given_ = dict(zip((p.name for p in FORM.parameters), values, strict=False)) | {"T": scale}
    points = {FORM.time: [time, time / 2], **given_}
    with mpmath.workdps(40):
        exact = TRUTH(mpmath.mpf(time), *(mpmath.mpf(given_[p.name]) for p in FORM.parameters))
        truth = np.array([float(v) for v in exact])
    size = (1 + time) * (1 + max(map(abs, values))) * max(1, 1 / scale) ** 3
    allowed = 6 * np.finfo(float).eps * size  # 4,000 random points: 2.6 and 1.9
    found = [kernel(points)[0].ravel() for kernel in KERNELS]
    assert max(np.abs(one - truth).max() for one in found) <= allowed
    assert np.abs(found[1] - truth * (1 + 1e-6) - 1e-9).max() > allowed


TRUTH: Any = sp.lambdify(ARGUMENTS, list(SLOPES), modules="mpmath")
KERNELS = tuple(
    compile(SLOPES, arguments=ARGUMENTS, parameters=parameters, backend="jit")
    for parameters in ((), FORM.parameters)
)


def test_bad_declarations_are_refused() -> None:
    with pytest.raises(KernelError, match="the parameter eta is none of the arguments"):
        compile(a * t, arguments=(t, a), parameters=(eta,))
    step, loosely = simultaneous(dirac(jensen_shannon), eta), cast("Any", compile)
    with pytest.raises(KernelError, match="a Map declares its own arguments"):
        loosely(step, parameters=(eta,))
    with pytest.raises(KernelError, match="a Map declares its own arguments"):
        compile(step, arguments=(eta,))
    with pytest.raises(KernelError, match="a ClosedForm declares its own arguments"):
        loosely(FORM, parameters=FORM.parameters)
