"""What other libraries, papers and first drafts have instead is told from torch's optimizers."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sympy as sp
from sympy import Expr

from symgan.games.quadratic import bilinear
from symgan.optimizers.adam import adam, adamw
from symgan.optimizers.momentum import momentum
from symgan.optimizers.rmsprop import rmsprop
from symgan.optimizers.turns import Entry, optimized
from symgan.system import Map
from tests.empirical.optimizers.cases import (
    CASES,
    COARSE,
    alpha,
    beta1,
    beta2,
    eps,
    eta,
    mu,
    w,
)
from tests.empirical.optimizers.test_maps import ULPS, worst_turn
from tests.empirical.optimizers.torch_runs import TorchRun

FAR = 1e9
"""Ulp: a neighbor is off by a share of 1e-7 of the magnitudes or more."""

Quotient = Callable[[Expr, Expr, Expr], Expr]
"""Mean and square without bias, and the lack of the square -> the direction."""


def _adam_like(quotient: Quotient, *, late: int = 0, gain: Any = 1 - beta1) -> Map:
    """Adam with one thing changed."""

    def update(entry: Entry) -> tuple[Expr, ...]:
        mean = beta1 * entry.memory[0] + gain * entry.g
        square = beta2 * entry.memory[1] + (1 - beta2) * entry.g**2
        lack1, lack2 = (1 - b ** (entry.count + late) for b in (beta1, beta2))
        move = quotient(mean / lack1, square / lack2, lack2)
        return entry.x - entry.eta * move, mean, square

    return _made(update, ("mean", "square"), indexed=True)


def _rmsprop_like(below: Callable[[Expr], Expr]) -> Map:
    def update(entry: Entry) -> tuple[Expr, ...]:
        square = alpha * entry.memory[0] + (1 - alpha) * entry.g**2
        return entry.x - entry.eta * entry.g / below(square), square

    return _made(update, ("square",))


def _momentum_like(move: Callable[[Entry], tuple[Expr, Expr]]) -> Map:
    """The ball and the direction as given."""

    def update(entry: Entry) -> tuple[Expr, ...]:
        ball, along = move(entry)
        return entry.x - entry.eta * along, ball

    return _made(update, ("ball",))


def _made(update: Any, kinds: tuple[str, ...], *, indexed: bool = False) -> Map:
    options = (beta1, beta2, alpha, mu, eps)
    none = sp.Integer(0)
    return optimized(
        bilinear(), eta, update, kinds, *options, order=None, decay=none, indexed=indexed
    )


def _damped(entry: Entry) -> tuple[Expr, Expr]:
    ball = mu * entry.memory[0] + (1 - mu) * entry.g
    return ball, ball


def _stepped(entry: Entry) -> tuple[Expr, Expr]:
    """With the step inside the ball, as papers write it: another memory, the same orbit."""
    ball = mu * entry.memory[0] + entry.eta * entry.g
    return ball, ball / entry.eta


def _widened(system: Map, kind: str) -> Map:
    """The map with memory that stays as it is, so that states are those of another optimizer."""
    more = tuple(sp.Symbol(f"{s}_{kind}", real=True) for s in system.visible)
    memory = (*system.memory, *((s, sp.Integer(0)) for s in more))
    return replace(system, state=(*system.state, *more), rhs=(*system.rhs, *more), memory=memory)


MEANS = {"beta1": beta1, "beta2": beta2, "eps": eps}
RMS = {"alpha": alpha, "eps": eps}
SELF = {
    "adam": _adam_like(lambda m, s, _: m / (sp.sqrt(s) + eps)),
    "rmsprop": _rmsprop_like(lambda s: sp.sqrt(s) + eps),
}
"""The harness with nothing changed, which must pass."""

NEIGHBORS: dict[str, tuple[str, Map]] = {
    "eps inside the root": ("adam", _adam_like(lambda m, s, _: m / sp.sqrt(s + eps))),
    "eps before the correction": (
        "adam",
        _adam_like(lambda m, s, c: m / (sp.sqrt(s) + eps / sp.sqrt(c))),
    ),
    "gradient not scaled": ("adam", _adam_like(lambda m, s, _: m / (sp.sqrt(s) + eps), gain=1)),
    "count late by one": ("adam", _adam_like(lambda m, s, _: m / (sp.sqrt(s) + eps), late=1)),
    "no bias correction": ("adam", adam(bilinear(), eta, **MEANS, bias_correction=False)),
    "decay beside the gradient": ("adam-decay", adamw(bilinear(), eta, **MEANS, weight_decay=w)),
    "decay in the gradient": ("adamw", adam(bilinear(), eta, **MEANS, weight_decay=w)),
    "no prediction": ("optimistic-adam", _widened(adam(bilinear(), eta, **MEANS), "before")),
    "rmsprop's eps inside the root": ("rmsprop", _rmsprop_like(lambda s: sp.sqrt(s + eps))),
    "not centered": ("rmsprop-centered", _widened(rmsprop(bilinear(), eta, **RMS), "center")),
    "momentum scaled by 1 - mu": ("momentum", _momentum_like(_damped)),
    "step inside the momentum": ("momentum", _momentum_like(_stepped)),
    "plain for nesterov's": ("nesterov", momentum(bilinear(), eta, momentum=mu, weight_decay=w)),
}
"""Title -> the optimizer of torch that it is taken for, and its map."""


def _off(name: str, system: Map) -> float:
    """The error of the players' parameters after a step in torch, were this its map."""
    run = TorchRun(bilinear(), CASES[name].make(COARSE, "single"))
    return worst_turn(system, run, COARSE, 3, random.Random(name), entries=system.visible)


@pytest.mark.parametrize("title", NEIGHBORS)
def test_false_neighbors_are_far(title: str) -> None:
    name, system = NEIGHBORS[title]
    assert _off(name, system) > FAR


@pytest.mark.parametrize("name", SELF)
def test_the_same_formula_is_not(name: str) -> None:
    assert _off(name, SELF[name]) < ULPS
