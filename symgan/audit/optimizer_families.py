r"""Optimizers with one place of their formula changed: what code may in fact implement.

Adam's and momentum's relatives are written once, with a switch for each place in which
implementations are known to part. With the gradient g, the mean m and the mean of squares s

.. math:: x_{k+1} = x_k - \eta\, \hat m_{k+1} / (\sqrt{\hat s_{k+1}} + \epsilon),

and each switch changes one of: the means, their correction, the root, the place of
:math:`\epsilon`, the decay of weights, the step.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Expr, Integer

from symgan.game import Game
from symgan.optimizers.turns import Entry, Order, optimized
from symgan.system import Map

ONE = Integer(1)


@dataclass(frozen=True)
class AdamForm:
    """Where an optimizer of Adam's kind parts from Adam.

    Attributes:
        corrected: which means are corrected for starting at 0.
        shift: added to the count of steps in the correction.
        eps: "outside" the root, "inside" it, "raw" (beside the uncorrected root),
            "raw-inside" (inside the uncorrected root), "squared" (its square inside) or "none".
        decay: "coupled" (in the gradient), "decoupled", "both", "unscaled" (without the step),
            "after" (of the parameters after the step), "negative" or "none".
        mean: "mean", "sum" (the gradient enters in full), "gradient" (no mean), "nesterov",
            "first" (it starts at the first gradient) or "slow" (it fades by beta2).
        square: of the "gradient", its "mean", its "deviation" from the mean; "size" takes |g|,
            "previous" the mean before this gradient, "largest" the largest so far, and "fresh"
            forgets all but this gradient.
        root: whether the root is taken.
        power: of the step.
        optimistic: the weight of the last direction taken back; 0 where there is none.
        back: 1, or -1 where the last direction is added instead.
        swapped: whether the two betas change places.
    """

    corrected: tuple[bool, bool] = (True, True)
    shift: int = 0
    eps: str = "outside"
    decay: str = "coupled"
    mean: str = "mean"
    square: str = "gradient"
    root: bool = True
    power: int = 1
    optimistic: int = 0
    back: int = 1
    swapped: bool = False


def adam_family(
    game: Game,
    eta: Any,
    form: AdamForm,
    *,
    beta1: Any,
    beta2: Any,
    eps: Any,
    weight_decay: Any = 0,
    order: Order = None,
) -> Map:
    """The map of one relative of Adam; arguments as for `symgan.optimizers.adam.adam`."""
    beta1, beta2, eps, w = (sp.sympify(v) for v in (beta1, beta2, eps, weight_decay))
    if form.swapped:
        beta1, beta2 = beta2, beta1

    def update(entry: Entry) -> tuple[Expr, ...]:
        m0, s0, largest0, before = entry.memory
        g = entry.g + (w * entry.x if form.decay in ("coupled", "both") else 0)
        g = g - w * entry.x if form.decay == "negative" else g
        m, top = _mean(form, beta2 if form.mean == "slow" else beta1, m0, g)
        m = sp.Piecewise((g, sp.Eq(entry.count, 1)), (m, True)) if form.mean == "first" else m
        top = m if form.mean == "first" else top
        lack1, lack2 = (
            1 - b ** (entry.count + form.shift) if asked else ONE
            for b, asked in zip((beta1, beta2), form.corrected, strict=True)
        )
        s = (1 - beta2) * _squared(form, g, m) + (0 if form.square == "fresh" else beta2 * s0)
        largest = sp.Max(largest0, s) if form.square == "largest" else s
        shown = {"previous": s0, "largest": largest}.get(form.square, s)
        u = top / lack1 / _denominator(form, shown, lack2, eps)
        step = entry.eta**form.power
        x = _decayed(form, entry.x, w, entry.eta) - step * (
            (1 + form.optimistic) * u - form.back * form.optimistic * before
        )
        x = x * (1 - entry.eta * w) if form.decay == "after" else x
        return x, m, s, largest, u

    kinds = ("mean", "square", "largest", "before")
    settings = (beta1, beta2, eps, w)
    zero = Integer(0)
    return optimized(game, eta, update, kinds, *settings, order=order, decay=zero, indexed=True)


def _mean(form: AdamForm, beta: Expr, m0: Expr, g: Expr) -> tuple[Expr, Expr]:
    """The mean to remember, and what stands in the numerator."""
    m = beta * m0 + (g if form.mean == "sum" else (1 - beta) * g)
    top = {"gradient": g, "nesterov": beta * m + (1 - beta) * g}.get(form.mean, m)
    return m, top


def _squared(form: AdamForm, g: Expr, m: Expr) -> Expr:
    return {"mean": m**2, "deviation": (g - m) ** 2, "size": sp.Abs(g)}.get(form.square, g**2)


def _denominator(form: AdamForm, s: Expr, lack: Expr, eps: Expr) -> Expr:
    root = sp.sqrt if form.root else (lambda x: x)
    return {
        "outside": root(s) / root(lack) + eps,
        "inside": root(s / lack + eps),
        "squared": root(s / lack + eps**2),
        "raw": (root(s) + eps) / root(lack),
        "raw-inside": root(s + eps) / root(lack),
        "none": root(s) / root(lack),
    }[form.eps]


def _decayed(form: AdamForm, x: Expr, w: Expr, eta: Expr) -> Expr:
    return {"decoupled": (1 - eta * w) * x, "both": (1 - eta * w) * x, "unscaled": (1 - w) * x}.get(
        form.decay, x
    )


@dataclass(frozen=True)
class MomentumForm:
    """Where an optimizer with momentum parts from PyTorch's SGD.

    Attributes:
        dampening: "none", or the gradient enters with weight 1 - mu: "mean" from the first
            step on, "later" from the second (as PyTorch damps).
        nesterov: "none", "torch" (g + mu b) or "stale" (along the ball before it moves).
        decay: as of `AdamForm`.
        sign: of the momentum.
        power: of the step.
        keeps: whether the ball is remembered.
    """

    dampening: str = "none"
    nesterov: str = "none"
    decay: str = "coupled"
    sign: int = 1
    power: int = 1
    keeps: bool = True


def momentum_family(
    game: Game,
    eta: Any,
    form: MomentumForm,
    *,
    momentum: Any,
    weight_decay: Any = 0,
    order: Order = None,
) -> Map:
    """The map of one relative of momentum; arguments as for `symgan.optimizers.momentum`."""
    mu, w = sp.sympify(momentum), sp.sympify(weight_decay)

    def update(entry: Entry) -> tuple[Expr, ...]:
        (ball,) = entry.memory
        g = entry.g + (w * entry.x if form.decay == "coupled" else 0)
        first = sp.Piecewise((ONE, sp.Eq(entry.count, 1)), (1 - mu, True))
        weight = {"mean": 1 - mu, "later": first}.get(form.dampening, ONE)
        new = form.sign * mu * ball + weight * g
        along = {"torch": g + mu * new, "stale": ball}.get(form.nesterov, new)
        x = _decayed(AdamForm(decay=form.decay), entry.x, w, entry.eta)
        return x - entry.eta**form.power * along, (new if form.keeps else Integer(0))

    zero = Integer(0)
    return optimized(game, eta, update, ("ball",), mu, w, order=order, decay=zero, indexed=True)
