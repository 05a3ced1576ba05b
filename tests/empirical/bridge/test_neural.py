"""Networks behind the interface of games: the same numbers where they are one, and minibatches."""

from __future__ import annotations

from typing import Any

import pytest
import sympy as sp
import torch
from torch import Tensor, nn

from symgan.empirical.bridge import (
    Batches,
    Linearization,
    NeuralGan,
    Solver,
    TorchGame,
    flatten,
    gradient,
    jvp,
    rules,
    terms,
    unflatten,
    vjp,
)
from symgan.empirical.bridge.rules.dynamic_gda import dynamic_gda
from symgan.empirical.bridge.rules.oracle import oracle
from symgan.errors import BadData
from symgan.game import Game

GIVEN: dict[str, dict[str, Any]] = {
    "heavy-ball": {"beta": 0.25},
    "two-timescale": {"tau": 1.5},
    "consensus": {"gamma": 0.25},
    "gradient-norm": {"gamma": 0.25},
    "local-symplectic-surgery": {"lam": 0.5},
    "local-symplectic-surgery-two-timescale": {"xi": 0.25, "tau": 1.5},
    "lookahead": {"base": "optimistic"},
    "symplectic-adjustment": {"align": True},
}
NAMES = sorted(rules.catalog())
SATURATING = terms(
    lambda y: sp.log(1 + sp.exp(-y)),
    lambda y: sp.log(1 + sp.exp(y)),
    lambda y: -sp.log(1 + sp.exp(y)),
)


class Affine(nn.Module):
    """z -> a + b z, with one vector of parameters, as a game has them."""

    def __init__(self, *start: float) -> None:
        super().__init__()
        self.own = nn.Parameter(torch.tensor(start, dtype=torch.float64))

    def forward(self, z: Tensor) -> Tensor:
        return self.own[0] + self.own[1] * z


REAL, LATENT = (0.5, -1.25, 2.0), (-0.75, 0.25, 1.5)
START = {"a": 0.3, "b": -0.6, "c": 0.2, "d": 0.7}


def _as_networks() -> NeuralGan:
    return NeuralGan(Affine(START["a"], START["b"]), Affine(START["c"], START["d"]), SATURATING)


def _batch() -> tuple[Tensor, Tensor]:
    return torch.tensor(REAL, dtype=torch.float64), torch.tensor(LATENT, dtype=torch.float64)


def _as_game() -> TorchGame:
    """The same GAN on the same batch, written as expressions."""
    a, b, c, d = symbols = sp.symbols("a b c d", real=True)
    exact = [[sp.Rational(v) for v in values] for values in (REAL, LATENT)]
    on_fake = [c + d * (a + b * z) for z in exact[1]]
    on_real = [c + d * x for x in exact[0]]
    generator = -sp.Add(*(sp.log(1 + sp.exp(y)) for y in on_fake)) / 3
    discriminator = sp.Add(*(sp.log(1 + sp.exp(-y)) for y in on_real)) / 3 - generator
    rest = dict.fromkeys(symbols, sp.Integer(0))
    return TorchGame(
        Game("affine", ((a, b), (c, d)), (generator, discriminator), equilibrium=rest), START
    )


SAME = 64 * 2.0**-52
"""Two orders of summing three examples, each right to a few ulp; solves multiply by a condition
number that is below ten here."""


@pytest.mark.parametrize("name", [name for name in NAMES if name != "dirac-oracle"])
def test_rules_on_networks_are_rules_on_the_game_that_they_are(name: str) -> None:
    networks, game = _as_networks(), _as_game()
    one = rules.named(name)(networks, 0.25, **GIVEN.get(name, {}))
    other = rules.named(name)(game, 0.25, **GIVEN.get(name, {}))
    start = flatten(game.parameters).detach().clone()
    for _ in range(2):
        one.step(_batch())
        other.step()
    found, expected = flatten(networks.parameters).detach(), flatten(game.parameters).detach()
    assert float((found - expected).abs().max()) <= SAME
    assert float((start - expected).abs().max()) > 1e-3  # both moved


def test_a_network_that_is_another_game_is_noticed() -> None:
    networks, game = _as_networks(), _as_game()
    rules.named("consensus")(networks, 0.25, gamma=0.25).step((_batch()[0] + 1e-10, _batch()[1]))
    rules.named("consensus")(game, 0.25, gamma=0.25).step()
    gap = flatten(networks.parameters).detach() - flatten(game.parameters).detach()
    assert float(gap.abs().max()) > 100 * SAME


def _gan(seed: int = 0, dtype: torch.dtype = torch.float64) -> NeuralGan:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        generator = nn.Sequential(nn.Linear(3, 6), nn.Tanh(), nn.Linear(6, 2))
        discriminator = nn.Sequential(nn.Linear(2, 6), nn.LeakyReLU(0.2), nn.Linear(6, 1))
    return NeuralGan(generator.to(dtype), discriminator.to(dtype), SATURATING)


def _minibatches(count: int, seed: int = 1, dtype: torch.dtype = torch.float64) -> Batches:
    draw = torch.Generator().manual_seed(seed)

    def normal(n: int) -> Tensor:
        return torch.randn(16, n, generator=draw, dtype=dtype)

    return Batches(tuple((normal(2) + 1, normal(3)) for _ in range(count)))


SOLVING = ("proximal-point", "competitive", "local-symplectic-surgery")
TRAINED = [(name, torch.float32) for name in NAMES] + [(name, torch.float64) for name in SOLVING]


@pytest.mark.parametrize(("name", "dtype"), TRAINED)
def test_every_rule_trains_networks_on_minibatches(name: str, dtype: torch.dtype) -> None:
    """Implicit rules say how far they came: to rounding, on these 58 parameters."""
    gan = _gan(dtype=dtype)
    options = dict(GIVEN.get(name, {}))
    if name == "dirac-oracle":
        options["equilibrium"] = tuple(tuple(0 * p for p in own) for own in gan.parameters)
        options["equilibrium"][1][-1].data += 1.0
    update = rules.named(name)(gan, 0.05, **options)
    start = flatten(gan.parameters).detach().clone()
    for number in range(2):
        update.step(_minibatches(update.draws, seed=number, dtype=dtype))
    after = flatten(gan.parameters).detach()
    assert after.dtype == dtype
    assert after.isfinite().all()
    assert not torch.equal(start, after)
    assert (update.report is not None) is (name in SOLVING)
    if update.report is not None:
        assert update.report.converged
        assert update.report.residual <= 2e4 * torch.finfo(dtype).eps  # relative to a small step


def test_a_proximal_step_solves_its_equation() -> None:
    gan, batch = _gan(), _minibatches(1).part(0)
    before = flatten(gan.parameters).detach().clone()
    rules.named("proximal-point")(gan, 0.5).step(batch)
    after = flatten(gan.parameters).detach()
    v = flatten(gradient(gan, gan.parameters, batch))
    assert float((after - before + 0.5 * v).norm() / v.norm()) < 1e-13
    explicit = flatten(gradient(gan, unflatten(before, gan.parameters), batch))
    assert float((after - before + 0.5 * explicit).norm() / v.norm()) > 1e-3


def test_a_poorly_solved_step_says_so() -> None:
    gan, batch = _gan(), _minibatches(1).part(0)
    update = rules.named("local-symplectic-surgery")(gan, 0.5, lam=1e-9, solver=Solver(most=9))
    update.step(batch)
    assert update.report is not None
    assert not update.report.converged
    assert update.report.residual > 1e-8


def _dense(gan: NeuralGan, batch: Any) -> Tensor:
    """The Jacobian of v by forward mode over reverse, a path of its own."""
    x = flatten(gan.parameters).detach()

    def v(point: Tensor) -> Tensor:
        nest = unflatten(point, gan.parameters)

        def own(player: int, part: Tensor) -> Tensor:
            like = nest[player]
            mine = unflatten(part, (like,))[0]
            return gan.losses((mine, nest[1]) if player == 0 else (nest[0], mine), batch)[player]

        parts = [flatten((own_part,)) for own_part in nest]
        return torch.cat([torch.func.grad(lambda p, i=i: own(i, p))(parts[i]) for i in (0, 1)])

    return torch.func.jacrev(v)(x)


def test_products_with_the_jacobian_are_those_of_the_dense_matrix() -> None:
    gan, batch = _gan(), _minibatches(1).part(0)
    J = _dense(gan, batch)
    draw = torch.Generator().manual_seed(5)
    u = unflatten(torch.randn(len(J), generator=draw, dtype=torch.float64), gan.parameters)
    line, w = Linearization(gan, gan.parameters, batch), flatten(u)
    split = sum(p.numel() for p in gan.parameters[0])
    M = J.clone()
    M[:split, :split] = 0
    M[split:, split:] = 0
    pairs = {
        "jvp": (jvp(gan, gan.parameters, u, batch), J @ w),
        "vjp": (vjp(gan, gan.parameters, u, batch), J.T @ w),
        "again": (line.jvp(line.vjp(u)), J @ (J.T @ w)),
        "interaction": (line.interaction(u), M @ w),
        "rotation": (line.rotation(u), (J.T - J) @ w / 2),
        "field": (line.field, flatten(gradient(gan, gan.parameters, batch))),
    }
    for name, (found, expected) in pairs.items():
        assert torch.allclose(flatten(found), expected, rtol=0, atol=1e-13), name
    assert not torch.allclose(J @ w, J.T @ w, atol=1e-3)  # the two are told apart


class Normed(nn.Module):
    """A network with a running mean."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Linear(4, 2))

    def forward(self, z: Tensor) -> Tensor:
        return self.layers(z)


def test_losses_are_pure_and_buffers_follow_a_step() -> None:
    gan = NeuralGan(Normed(), nn.Linear(2, 1), SATURATING)
    gan.to(torch.float64)
    batch = _minibatches(1).part(0)
    before = {name: b.clone() for name, b in gan.named_buffers()}
    one, other = (gan.losses(gan.parameters, batch) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one, other, strict=True))
    assert all(torch.equal(before[name], b) for name, b in gan.named_buffers())
    rules.named("extragradient")(gan, 0.1).step(batch)
    counted = {name: b for name, b in gan.named_buffers() if "num_batches" in name}
    assert [int(b) for b in counted.values()] == [1]  # once a step, not once an evaluation


def test_penalties_reach_the_discriminator_alone() -> None:
    plain, batch = _gan(), _minibatches(1).part(0)
    penalized = NeuralGan(
        plain.generator, plain.discriminator, SATURATING,
        penalty=lambda judge, real, made: judge(real).square().mean(),
    )  # fmt: skip
    one = gradient(plain, plain.parameters, batch)
    other = gradient(penalized, plain.parameters, batch)
    assert torch.equal(flatten((one[0],)), flatten((other[0],)))
    assert not torch.allclose(flatten((one[1],)), flatten((other[1],)))


def test_oracles_on_networks() -> None:
    gan, batch = _gan(), _minibatches(1).part(0)

    def judged(data: Any) -> Any:
        def values(x: Any, given: Any) -> tuple[Tensor, Tensor]:
            del x
            with torch.no_grad():
                found = gan.discriminator(data(given))[:, 0]
            return torch.full_like(found, 1 / len(found)), found

        return values

    update = dynamic_gda(
        gan, 0.1, real=judged(lambda g: g[0]), fake=judged(lambda g: gan.generator(g[1]))
    )
    held = [p.detach().clone() for p in gan.parameters[0]]
    update.step(batch)
    assert update.memory is not None
    assert update.memory.numbers[1] == 2.0  # the discriminator moves first
    assert all(torch.equal(a, b) for a, b in zip(held, gan.parameters[0], strict=True))
    turns = oracle([((0,), lambda x, k, given: k % 2 == 0), ((1,), True)])(gan, 0.1)
    turns.step(batch)
    assert not torch.equal(held[0], gan.parameters[0][0])


def test_refusals() -> None:
    gan = _gan()
    with pytest.raises(BadData, match="need a batch"):
        gan.losses(gan.parameters)
    with pytest.raises(BadData, match="the generator has no parameters"):
        NeuralGan(nn.Identity(), nn.Linear(1, 1), SATURATING)
