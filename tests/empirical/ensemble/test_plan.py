"""Iterations as one call against the same iterations step by step: bit by bit, over all orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from symgan.empirical import gans
from symgan.empirical.ensemble import Ensemble, Member, Settings
from symgan.empirical.orders import NAMES

SETTINGS = Settings(latent=3, hidden=(8, 5), batch=64, rate=1e-2)
PLAIN = ("unsat-bce", "wgan", "hinge", "least-squares", "saturating-bce")
DATA = ("ring", "line", "spiral")


def members(gan: str, names: Sequence[str], seeds: int = 2) -> list[Member]:
    return [
        Member(gan, DATA[(seed + i) % 3], order, seed)
        for i, order in enumerate(names)
        for seed in range(seeds)
    ]


def by_steps(configurations: Sequence[Member], settings: Settings) -> Ensemble:
    """The same ensemble, its passes called one after the other."""
    ensemble = Ensemble(configurations, settings, "cpu")
    for i in range(len(ensemble._plans)):
        ensemble._plans[i] = None
    return ensemble


def alike(one: Ensemble, other: Ensemble) -> bool:
    return all(
        torch.equal(a, b)
        for i in range(len(one.members))
        for mine, theirs in zip(one.weights(i), other.weights(i), strict=True)
        for a, b in zip(mine, theirs, strict=True)
    )


@pytest.mark.parametrize("gan", PLAIN)
@pytest.mark.parametrize("orders", [*((name,) for name in NAMES), ("alt2:3", *NAMES)])
def test_an_iteration_in_one_call_has_the_bits_of_its_steps(
    gan: str, orders: tuple[str, ...]
) -> None:
    configurations = members(gan, orders)
    whole, steps = Ensemble(configurations, SETTINGS, "cpu"), by_steps(configurations, SETTINGS)
    assert all(whole._plans)
    for ensemble in (whole, steps):
        ensemble.run(70)
    assert alike(whole, steps)
    assert torch.equal(whole.updates, steps.updates)
    steps.run(71)
    assert not alike(whole, steps)


@pytest.mark.parametrize(
    "changes",
    [
        {"batch": 1},
        {"batch": 37, "hidden": (1,)},
        {"batch": 100, "dtype": "float64", "hidden": (7, 3, 9)},
        {"reuse": False},
        {"slope": 0.0, "betas": (0.5, 0.9)},
        {"gan": {"decide_plain": False}},
    ],
    ids=str,
)
def test_settings_reach_the_call(changes: dict[str, object]) -> None:
    settings = replace(SETTINGS, **changes)  # pyright: ignore[reportArgumentType] - any field
    configurations = members("unsat-bce", NAMES, seeds=1)
    whole, steps = Ensemble(configurations, settings, "cpu"), by_steps(configurations, settings)
    for ensemble in (whole, steps):
        ensemble.run(66)
    assert alike(whole, steps)
    other = Ensemble(configurations, replace(settings, rate=2e-2), "cpu")
    other.run(66)
    assert not alike(whole, other)


def test_clipping_happens_after_each_step_of_the_discriminator() -> None:
    configurations = members("wgan", NAMES)
    settings = replace(SETTINGS, gan={"clip": 0.05})
    whole = Ensemble(configurations, settings, "cpu")
    whole.run(9)
    free = Ensemble(configurations, replace(SETTINGS, gan={"clip": None}), "cpu")
    free.run(9)
    largest = [max(float(w.abs().max()) for w in e.weights(0)[1]) for e in (whole, free)]
    assert largest[0] == pytest.approx(0.05)
    assert largest[1] > 0.1


def test_members_that_diverge_stand_still_and_the_others_go_on() -> None:
    """A member with weights beyond all bounds is marked at once and counts no steps."""
    configurations = members("least-squares", NAMES)
    pair = Ensemble(configurations, SETTINGS, "cpu"), by_steps(configurations, SETTINGS)
    for ensemble in pair:
        ensemble.run(5)
        ((stack, _),) = ensemble._stacks
        stack.generator.flat[3] = 1e30
        ensemble.run(40)
    whole, steps = pair
    assert whole.diverged.tolist() == steps.diverged.tolist()
    assert [i for i, k in enumerate(whole.diverged.tolist()) if k >= 0] == [3]
    assert torch.equal(whole.updates, steps.updates)
    assert whole.updates[3].sum() < whole.updates[2].sum()
    assert alike(whole, steps)


def test_a_checkpoint_holds_what_oracles_have_seen(tmp_path: Path) -> None:
    configurations = members("unsat-bce", NAMES)
    straight = Ensemble(configurations, SETTINGS, "cpu")
    straight.run(90)
    broken = Ensemble(configurations, SETTINGS, "cpu")
    broken.run(41)
    path = tmp_path / "half"
    broken.save(path)
    again = Ensemble.load(path, "cpu")
    again.run(90)
    assert alike(straight, again)
    stack, _ = Ensemble.load(path, "cpu")._stacks[0]
    assert stack.seen.last.tolist() == broken._stacks[0][0].seen.last.tolist() != [0, 0]


@pytest.mark.parametrize("gan", ["wgan-gp", "sn-gan", "instance-noise", "piecewise-gp"])
def test_what_needs_more_than_outputs_goes_step_by_step(gan: str) -> None:
    ensemble = Ensemble(members(gan, ("sim",)), SETTINGS, "cpu")
    assert ensemble._plans == [None]
    assert gans.named(gan).name  # a GAN of the catalog


def test_torch_goes_step_by_step() -> None:
    ensemble = Ensemble(members("unsat-bce", ("sim",)), SETTINGS, "cpu", engine="torch")
    assert ensemble._plans == [None]
