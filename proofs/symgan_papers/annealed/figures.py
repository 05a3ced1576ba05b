r"""Figure 1, redrawn: curves from kernels, centers and amplitudes from exact solutions.

All four panels have the linear loss and :math:`\alpha_r = 3`; (b), (c) and (d) start from
:math:`(\theta, \psi, \alpha) = (1, 0, 1)`. The paper prints :math:`T = 3` for (c) and
:math:`T = 30` for (d); for (b) it prints no T, and 3 is taken, as in (c). Panel (b) has the
data point on the generator's side: with the sign that equation (7) prints the system
diverges, which a picture of its own shows.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from sympy import Expr, Integer, Poly

from symgan.analysis import solve_linear
from symgan.games.annealed import (
    Side,
    T,
    alpha,
    alpha_0,
    alpha_r,
    annealed,
    psi,
    theta,
    tiny_gan,
)
from symgan.kernels import compile
from symgan.report.figures import Panel, annealed_figure, picture, trajectory
from symgan.report.pictures import Picture
from symgan.results import ClosedForm

TARGET, START = 3, 1
"""The paper's alpha_r and alpha_0."""
UNPRINTED_T = 3
"""T of panel (b), which the paper does not print."""
SAMPLES = 1201


def pictures() -> tuple[Picture, ...]:
    """Figure 1 with its four panels, and panel (b) with the printed sign.

    Raises:
        MissingExtra: matplotlib is not installed.
    """
    return (
        picture("figure-1", _CAPTION, annealed_figure(panels())),
        picture("figure-1b-printed-sign", _caption_printed(), _printed_sign()),
    )


def panels() -> tuple[Panel, ...]:
    """The four panels, in the order (a) to (d)."""
    return (
        _panel("(a) autonomous GAN", autonomous(), 40),
        _panel(
            "(b) coupled, λ = 1",
            coupled("generator"),
            40,
            note=f"T = {UNPRINTED_T} (not printed)",
        ),
        _panel("(c) decoupled, λ = 0, T = 3", decoupled(3), 40),
        _panel("(d) decoupled, λ = 0, T = 30", decoupled(30), 160),
    )


def autonomous() -> ClosedForm:
    """Panel (a): equation (5) from (theta, psi) = (1, 2)."""
    flow = tiny_gan().flow().subs({alpha_r: TARGET})
    return solve_linear(flow, {theta: Integer(1), psi: Integer(2)})


def coupled(side: Side) -> ClosedForm:
    """Panel (b): equation (7) with the switch on and the data point on a side."""
    return _annealed(side, 1, UNPRINTED_T)


def decoupled(scale: int) -> ClosedForm:
    """Panels (c) and (d): equation (7) with the switch off, and T."""
    return _annealed("generator", 0, scale)


def _annealed(side: Side, switch: int, scale: int) -> ClosedForm:
    values: Mapping[Any, Any] = {alpha_r: TARGET, alpha_0: START, T: scale}
    flow = annealed(switch=switch, side=side).flow().subs(values)
    return solve_linear(flow, {theta: Integer(1), psi: Integer(0), alpha: Integer(START)})


def _panel(title: str, form: ClosedForm, end: float, note: str = "") -> Panel:
    """A panel with the exact center and amplitude of theta."""
    times = np.linspace(0, end, SAMPLES)
    states = compile(form).evaluate(times)
    names = [symbol.name for symbol in form.state]
    return Panel(
        title=title,
        times=times,
        series=dict(zip(names, states.T, strict=True)),
        center=form.center[0],
        amplitude=_amplitude(form),
        note=note,
    )


def _amplitude(form: ClosedForm) -> Expr | None:
    return form.amplitude[form.state.index(theta)]


def _printed_sign() -> Any:
    form = coupled("discriminator")
    times = np.linspace(0, 12, SAMPLES)
    names = [symbol.name for symbol in form.state]
    title = "(b) with the sign printed in equation (7)"
    return trajectory(times, compile(form).evaluate(times), names, title=title)


_CAPTION = (
    "Figure 1 redrawn: the tiny-GAN with linear loss, autonomous (a), coupled with the sign of the "
    "coupling repaired (b), and decoupled with T = 3 (c) and T = 30 (d). The paper prints no T for "
    f"(b); {UNPRINTED_T} is taken. Lines and bands mark the exact center and amplitude of theta's "
    "persistent oscillation."
)


def _caption_printed() -> str:
    """What the exact solution says of the printed sign: how each state grows."""
    form = coupled("discriminator")
    growth = [Poly(part, form.time).LT() for part in form.secular]
    rates = ", ".join(
        f"{symbol} as {coefficient * monomial.as_expr(form.time)}"
        for symbol, (monomial, coefficient) in zip(form.state, growth, strict=True)
    )
    return (
        "Figure 1(b) with the sign that equation (7) prints for the data point: the states "
        f"diverge ({rates.replace('**', '^')}) and show no oscillation."
    )
