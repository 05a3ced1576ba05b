"""Closed forms written by hand, with the flows that they solve."""

from __future__ import annotations

from typing import Any

import sympy as sp

from symgan.results import ClosedForm
from symgan.system import Flow

t = sp.Symbol("t", nonnegative=True)
s = sp.Symbol("s")
a = sp.Symbol("a", positive=True)
K, start, p, q, g, x0, v0 = sp.symbols("K start p q g x0 v0", real=True)
w = sp.Symbol("w", positive=True)
theta, psi, x, v = sp.symbols("theta psi x v", real=True)


def newton_form(
    state: tuple[sp.Symbol, ...],
    parameters: tuple[sp.Symbol, ...],
    initial: tuple[Any, ...],
    nodes: tuple[Any, ...],
    newton: tuple[tuple[Any, ...], ...],
) -> ClosedForm:
    """A closed form of which only what the kernels read is filled in."""
    n = len(state)
    zeros = (sp.Integer(0),) * n
    return ClosedForm(
        state=state,
        time=t,
        frequency=s,
        parameters=parameters,
        initial=tuple(map(sp.sympify, initial)),
        laplace=zeros,
        solution=zeros,
        center=zeros,
        transient=zeros,
        oscillatory=zeros,
        secular=zeros,
        amplitude=(None,) * n,
        phase=(None,) * n,
        omega=None,
        growth=(0,) * n,
        poles=(),
        nodes=tuple(map(sp.sympify, nodes)),
        newton=tuple(tuple(map(sp.sympify, row)) for row in newton),
        generic=sp.true,
    )


def annealed() -> tuple[Flow, ClosedForm]:
    r"""The annealed tiny-GAN, f(y) = y, from theta = alpha = start and psi = 0.

    :math:`\Psi(s) = -K/((s^2+1)(s+a))`, :math:`\Theta(s) = (start - \Psi(s))/s`. The data
    point's own motion stands in the field as :math:`start + K(1 - e^{-at})/a`.
    """
    field = (-psi, theta - start - K * (1 - sp.exp(-a * t)) / a)
    flow = Flow((theta, psi), field, parameters=(a, K, start), time=t)
    rows = ((start, 0, 0, K), (0, 0, -K, a * K))
    nodes = (0, sp.I, -sp.I, -a)
    return flow, newton_form((theta, psi), (a, K, start), (start, 0), nodes, rows)


def damped() -> tuple[Flow, ClosedForm]:
    r""":math:`x'' + p x' + q x = g e^{-at}`, under-, critically and over-damped alike."""
    flow = Flow(
        (x, v), (v, -p * v - q * x + g * sp.exp(-a * t)), parameters=(p, q, g, a, x0, v0), time=t
    )
    root = sp.sqrt(p**2 / 4 - q)
    right, left = -p / 2 + root, -p / 2 - root
    rows = ((x0, v0 + p * x0 + x0 * left, g), (v0, -q * x0 + v0 * left + g, -a * g))
    return flow, newton_form((x, v), (p, q, g, a, x0, v0), (x0, v0), (right, left, -a), rows)


def resonant() -> tuple[Flow, ClosedForm]:
    r""":math:`x'' + x = \cos(wt)` from rest, :math:`X = s/((s^2+1)(s^2+w^2))`."""
    flow = Flow((x, v), (v, -x + sp.cos(w * t)), parameters=(w,), time=t)
    nodes = (sp.I, -sp.I, sp.I * w, -sp.I * w)
    # s^2 = (s - iw)(s + iw) - w^2
    rows = ((0, 0, 1, -sp.I * w), (0, 1, 0, -(w**2)))
    return flow, newton_form((x, v), (w,), (0, 0), nodes, rows)
