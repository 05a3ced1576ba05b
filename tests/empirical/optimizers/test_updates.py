"""A stack of members is updated as torch's optimizers update each member alone."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from symgan.empirical.optimizers import OptimisticAdam as OptimisticAdamOfTorch
from symgan.empirical.updates import SGD, Adam, OptimisticAdam, RMSProp, Update
from symgan.errors import BadData

SHAPES = ((5, 3), (5,), (1, 5))
MEMBERS = 4

Single = Callable[..., torch.optim.Optimizer]

PAIRS: dict[str, tuple[Update, Single]] = {
    "adam": (
        Adam((0.5, 0.99), 1e-6),
        lambda p, **how: torch.optim.Adam(p, betas=(0.5, 0.99), eps=1e-6, **how),
    ),
    "adam-defaults": (Adam(), lambda p, **how: torch.optim.Adam(p, **how)),
    "adam-no-means": (
        Adam((0.0, 0.0)),
        lambda p, **how: torch.optim.Adam(p, betas=(0.0, 0.0), **how),
    ),
    "optimistic-adam": (OptimisticAdam(), lambda p, foreach: OptimisticAdamOfTorch(p)),
    "rmsprop": (RMSProp(0.9), lambda p, **how: torch.optim.RMSprop(p, alpha=0.9, **how)),
    "sgd": (SGD(), lambda p, **how: torch.optim.SGD(p, **how)),
    "momentum": (SGD(0.9), lambda p, **how: torch.optim.SGD(p, momentum=0.9, **how)),
    "nesterov": (
        SGD(0.75, nesterov=True),
        lambda p, **how: torch.optim.SGD(p, momentum=0.75, nesterov=True, **how),
    ),
}


def stacks(draw: torch.Generator, members: int, dtype: torch.dtype) -> list[Tensor]:
    """Normal entries, one tensor a shape."""
    return [torch.randn(members, *s, generator=draw, dtype=dtype) for s in SHAPES]


def some(draw: torch.Generator) -> Tensor | None:
    """All members, or some in any order."""
    if torch.rand((), generator=draw) < 0.3:
        return None
    number = int(torch.randint(1, MEMBERS + 1, (), generator=draw))
    return torch.randperm(MEMBERS, generator=draw)[:number]


def differing(
    update: Update, single: Single, dtype: torch.dtype, foreach: bool, *, steps: int = 30
) -> int:
    """Tensors of members that differ in any bit from the member trained alone, over all steps."""
    draw = torch.Generator().manual_seed(7)
    together = stacks(draw, MEMBERS, dtype)
    alone = [[t[i].clone().requires_grad_() for t in together] for i in range(MEMBERS)]
    optimizers = [single(tensors, foreach=foreach) for tensors in alone]
    state, found = update.init(together), 0
    for step in range(steps):
        rate, members = 1e-2 / (step + 1), some(draw)
        who = list(range(MEMBERS)) if members is None else members.tolist()
        gradients = stacks(draw, len(who), dtype)
        update.step(together, gradients, state, rate, members)
        for row, i in enumerate(who):
            for x, g in zip(alone[i], gradients, strict=True):
                x.grad = g[row].clone()
            optimizers[i].param_groups[0]["lr"] = rate
            optimizers[i].step()
        found += sum(
            not torch.equal(t[i], x)
            for i in range(MEMBERS)
            for t, x in zip(together, alone[i], strict=True)
        )
    return found


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_members_have_the_bits_of_torch(name: str, dtype: torch.dtype) -> None:
    foreach = bool((list(PAIRS).index(name) + (dtype == torch.float64)) % 2)
    assert differing(*PAIRS[name], dtype, foreach) == 0


class _OneClock(Adam):
    """All members counted as the first is."""

    def step(
        self, parameters: Any, gradients: Any, state: Any, rate: Any, members: Any = None
    ) -> None:
        state["counts"].fill_(state["counts"][0])
        super().step(parameters, gradients, state, rate, members)


FALSE: dict[str, tuple[Update, str]] = {
    "one clock for all": (_OneClock(), "adam-defaults"),
    "another decay": (Adam((0.5, 0.999), 1e-6), "adam"),
    "another eps": (RMSProp(0.9, 1e-7), "rmsprop"),
    "plain momentum": (SGD(0.75), "nesterov"),
    "no prediction": (Adam(), "optimistic-adam"),
}


@pytest.mark.parametrize("title", FALSE)
def test_false_neighbors_have_not(title: str) -> None:
    update, name = FALSE[title]
    assert differing(update, PAIRS[name][1], torch.float64, False) > MEMBERS


@pytest.mark.parametrize("name", PAIRS)
def test_members_left_out_keep_every_bit(name: str) -> None:
    update, draw = PAIRS[name][0], torch.Generator().manual_seed(1)
    together = stacks(draw, MEMBERS, torch.float32)
    state = update.init(together)
    update.step(together, stacks(draw, MEMBERS, torch.float32), state, 0.1)
    held = [t[1].clone() for t in _all(together, state)]
    gone = [t[2].clone() for t in _all(together, state)]
    update.step(together, stacks(draw, 3, torch.float32), state, 0.1, torch.tensor([3, 0, 2]))
    assert all(torch.equal(a, t[1]) for a, t in zip(held, _all(together, state), strict=True))
    assert not any(torch.equal(a, t[2]) for a, t in zip(gone, _all(together, state), strict=True))


def _all(together: list[Tensor], state: dict[str, Any]) -> list[Tensor]:
    """Everything that a step changes."""
    memory = [t for kept in state.values() if isinstance(kept, list) for t in kept]
    return [*together, *memory, state["counts"]]


@pytest.mark.parametrize("name", PAIRS)
def test_one_flat_tensor_has_the_bits_of_layers(name: str) -> None:
    update, draw = PAIRS[name][0], torch.Generator().manual_seed(2)
    layers = stacks(draw, MEMBERS, torch.float32)
    flat = torch.cat([t.reshape(MEMBERS, -1) for t in layers], dim=1)
    state, flat_state = update.init(layers), update.init([flat])
    for _ in range(3):
        members = some(draw)
        gradients = stacks(draw, MEMBERS if members is None else len(members), torch.float32)
        joined = torch.cat([g.flatten(1) for g in gradients], dim=1)
        update.step(layers, gradients, state, 0.1, members)
        update.step([flat], [joined], flat_state, 0.1, members)
    assert torch.equal(flat, torch.cat([t.reshape(MEMBERS, -1) for t in layers], dim=1))


@pytest.mark.parametrize("size", [1, 7, 40])
@pytest.mark.parametrize("name", PAIRS)
def test_blocks_have_the_bits_of_the_whole(
    name: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Blocks of pieces of a member, of one member, of two with one left over."""
    update, draw = PAIRS[name][0], torch.Generator().manual_seed(8)
    whole = stacks(draw, MEMBERS, torch.float64)
    cut, gradients = [t.clone() for t in whole], stacks(draw, 3, torch.float64)
    for x in (whole, cut):
        state = update.init(x)
        update.step(x, gradients, state, 0.1, torch.tensor([3, 0, 1]))
        update.step(x, [torch.ones_like(t) for t in x], state, 0.1)
        monkeypatch.setattr("symgan.empirical.stacks.BLOCK", size)
    assert all(torch.equal(a, b) for a, b in zip(whole, cut, strict=True))


@settings(max_examples=20)
@given(
    name=st.sampled_from(sorted(PAIRS)),
    rates=st.lists(st.floats(1e-6, 1.0), min_size=2, max_size=2),
)
def test_a_rate_a_member_is_its_rate_alone(name: str, rates: list[float]) -> None:
    """To an ulp of the two terms: products with one rate are fused, with several they round."""
    update, draw = PAIRS[name][0], torch.Generator().manual_seed(3)
    start = stacks(draw, 2, torch.float64)
    gradients = stacks(draw, 2, torch.float64)
    both = [t.clone() for t in start]
    update.step(both, gradients, update.init(both), torch.tensor(rates, dtype=torch.float64))
    for i, rate in enumerate(rates):
        own = [t[i : i + 1].clone() for t in start]
        update.step(own, [g[i : i + 1] for g in gradients], update.init(own), rate)
        for x, y, z in zip(both, own, start, strict=True):
            size = z[i].abs() + (y[0] - z[i]).abs()
            assert bool(((x[i] - y[0]).abs() <= 2**-52 * size).all())


@pytest.mark.parametrize("name", PAIRS)
def test_a_checkpoint_goes_on_with_the_same_bits(name: str) -> None:
    update, draw = PAIRS[name][0], torch.Generator().manual_seed(4)
    x = stacks(draw, MEMBERS, torch.float32)
    gradients = [stacks(draw, 2, torch.float32) for _ in range(4)]
    state, members = update.init(x), torch.tensor([2, 0])
    for g in gradients[:2]:
        update.step(x, g, state, 0.1, members)
    file = io.BytesIO()
    torch.save({"x": x, "state": state}, file)
    file.seek(0)
    kept = torch.load(file, weights_only=True)
    for g in gradients[2:]:
        update.step(x, g, state, 0.1, members)
        update.step(kept["x"], g, kept["state"], 0.1, members)
    assert all(torch.equal(a, b) for a, b in zip(x, kept["x"], strict=True))


def test_leaves_that_require_gradients_are_updated_outside_the_graph() -> None:
    x = torch.ones(2, 3, requires_grad=True)
    update = Adam()
    state = update.init([x])
    update.step([x], [torch.ones(2, 3)], state, 0.5)
    assert x.is_leaf
    assert not any(t.requires_grad for t in state["mean"])
    assert torch.allclose(x, torch.full((2, 3), 0.5))


def test_a_count_beyond_every_table_has_no_correction() -> None:
    """With a decay of 1/2 the correction is 1 in double precision from the 54th step on."""
    x = torch.zeros(1, 1, dtype=torch.float64)
    update = Adam((0.5, 0.5), 0.0)
    state = update.init([x])
    state |= {"calls": 5000, "counts": torch.tensor([5000])}
    update.step([x], [torch.ones(1, 1, dtype=torch.float64)], state, 1.0)
    assert x.item() == -0.5 / 0.5**0.5


@pytest.mark.parametrize(
    "make",
    [
        lambda: Adam((1.0, 0.9)),
        lambda: Adam((0.9, -0.1)),
        lambda: Adam(eps=-1e-8),
        lambda: RMSProp(1.5),
        lambda: RMSProp(eps=float("nan")),
        lambda: SGD(1.0),
        lambda: OptimisticAdam((0.9, float("nan"))),
        lambda: OptimisticAdamOfTorch([torch.zeros(1)], lr=-1.0),
        lambda: OptimisticAdamOfTorch([torch.zeros(1)], betas=(0.9, 1.0)),
    ],
)
def test_options_out_of_range_are_refused(make: Callable[[], Any]) -> None:
    with pytest.raises(BadData, match=r"outside \[0, 1\)|not in \[0, 1\)|from 0 up"):
        make()


def test_a_gradient_for_each_parameter_is_needed() -> None:
    x = stacks(torch.Generator().manual_seed(5), 2, torch.float32)
    with pytest.raises(ValueError, match="zip"):
        Adam().step(x, x[:2], Adam().init(x), 0.1)
