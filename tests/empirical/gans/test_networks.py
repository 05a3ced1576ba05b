"""The multilayer perceptron: torch's own layers and initialization, one member at a time."""

from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from torch import Tensor, nn

from symgan.empirical.gans.networks import ACTIVATIONS, MLP, stacked
from symgan.errors import BadData, UnknownName

LAYERS = {
    "relu": nn.ReLU(),
    "leaky-relu": nn.LeakyReLU(0.2),
    "tanh": nn.Tanh(),
    "softplus": nn.Softplus(),
    "identity": nn.Identity(),
}


def reference(network: MLP, seed: int) -> nn.Sequential:
    """The same network of torch's layers, with the weights that torch draws by default."""
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        layers: list[nn.Module] = []
        for width, out in pairwise(network.widths):
            layers += [nn.Linear(width, out, dtype=torch.float64), LAYERS[network.activation]]
    return nn.Sequential(*layers[:-1], LAYERS[network.final])


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_torch_draws_and_computes_the_same(activation: str) -> None:
    network = MLP(2, (16, 5), 3, activation, final="tanh")
    seeds = [0, 7, 2**40]
    weights = network.init(seeds, dtype=torch.float64)
    x = torch.randn(3, 4, 2, dtype=torch.float64, generator=torch.Generator().manual_seed(1))
    found = network(weights, x)
    for member, seed in enumerate(seeds):
        plain = reference(network, seed)
        for mine, own in zip(weights, plain.parameters(), strict=True):
            # torch computes its bound as gain * sqrt(3) / sqrt(in): an ulp or two from 1/sqrt(in).
            torch.testing.assert_close(mine[member], own.detach(), rtol=1e-15, atol=0)
        # Sums of 16 products in another order: 16 ulp of terms of size 1.
        torch.testing.assert_close(found[member], plain(x[member]).detach(), rtol=0, atol=4e-15)
    other = reference(network, 8)
    assert not torch.allclose(weights[0][1], next(other.parameters()).detach(), rtol=1e-3)


def test_a_member_starts_alone_as_in_an_ensemble() -> None:
    network = MLP(10, (16,) * 5, 2)
    together, alone = network.init([4, 9, 9]), network.init([9])
    wide = network.init([9], dtype=torch.float64)
    before = torch.get_rng_state()
    for many, one, double in zip(together, alone, wide, strict=True):
        assert torch.equal(many[1:2], one)
        assert torch.equal(many[1], many[2])
        assert torch.equal(one, double.float())
        assert not torch.equal(many[0:1], one)
    assert torch.equal(torch.get_rng_state(), before)


def test_shapes_and_kinds() -> None:
    network = MLP(2, (16,) * 5, 1)
    assert network.shapes[:4] == ((16, 2), (16,), (16, 16), (16,))
    assert [w.shape for w in network.init([1, 2])] == [(2, *shape) for shape in network.shapes]
    assert MLP(1, (), 1).shapes == ((1, 1), (1,))
    assert network.piecewise_linear
    assert not MLP(2, (3,), 1, "tanh").piecewise_linear
    assert not MLP(2, (3,), 1, final="tanh").piecewise_linear


@pytest.mark.parametrize("slope", [0.0, 0.25, 1.0])
def test_the_slope_is_that_of_the_negative_side(slope: float) -> None:
    network = MLP(1, (1,), 1, slope=slope)
    ones: list[Tensor] = [torch.ones(1, *s) * (len(s) == 2) for s in network.shapes]
    assert network(ones, torch.tensor([[[-2.0], [3.0]]])).flatten().tolist() == [-2 * slope, 3]


def test_bad_networks_are_refused() -> None:
    with pytest.raises(BadData, match="at least 1"):
        MLP(2, (16, 0), 1)
    with pytest.raises(BadData, match="slope"):
        MLP(2, (16,), 1, slope=float("nan"))
    with pytest.raises(UnknownName, match="leaky-relu"):
        MLP(2, (16,), 1, "swish")
    with pytest.raises(BadData, match="without members"):
        stacked([], dtype=torch.float32, device="cpu")
