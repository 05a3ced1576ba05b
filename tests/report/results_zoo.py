"""One result of each public kind, or several where its forms differ."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import sympy as sp
from mpmath import mpf
from sympy import Matrix, Rational, Symbol

import symgan
from symgan import Flow, Game, ImplicitMap, Map, Program, analysis, kernels, stats
from symgan.analysis.basin import Basin
from symgan.analysis.mean_field import RestFamily
from symgan.analysis.step_sequences import Geometric, PowerLog
from symgan.atlas import Case, Method, StepRow, Verdict
from symgan.certify.checker import Outcome
from symgan.certify.coq import CoqProof
from symgan.certify.decide import decide
from symgan.certify.identity import is_zero
from symgan.claims.check import Checked, Link
from symgan.claims.examine import Finding
from symgan.claims.model import Evidence, Fate, Mutant, Repair, Route, Step
from symgan.f_divergences import f_divergence
from symgan.games.annealed import annealed, tiny_gan
from symgan.games.atoms import dirac_atoms
from symgan.games.dirac import dirac
from symgan.games.gan import gan, realizable_blocks
from symgan.games.gaussian_mixture import Mixture
from symgan.games.linear_quadratic import linear_quadratic_gan
from symgan.games.mixture import mixture_gan
from symgan.games.quadratic import bilinear, quadratic
from symgan.kernels.growth import Cause, Growth, Row, WrongBranch
from symgan.kernels.measure import Worst
from symgan.kernels.reference import Solution
from symgan.laws import Atoms, Blurred, Gaussian, Moments, Uniform
from symgan.losses import GenericLoss, jensen_shannon, wasserstein
from symgan.regularizers.penalties import wgan_gp
from symgan.results import Conserved, Regime, Stability
from symgan.results_discrete import Best, Boundary, Edge, NoGo, Tuning
from symgan.rules import named
from symgan.rules.oracle import dirac_oracle
from symgan.stats.agreement import agreement
from tests.report.results_by_hand import audit, cell

x, y, a = sp.symbols("x y a", real=True)
eta, p = Symbol("eta", positive=True), Symbol("p", real=True)
half = Rational(1, 2)
ORIGIN = {x: sp.S.Zero, y: sp.S.Zero}
SPIRAL = Flow((x, y), (y, -x - y))
RING = Flow((x, y), (-y + x * (1 - x**2 - y**2), x + y * (1 - x**2 - y**2)))
SHEARS = (
    Map((x, y), (x + eta * y, y), parameters=(eta,)),
    Map((x, y), (x, y - eta * x), parameters=(eta,)),
)
XI, K = sp.symbols("xi kappa", real=True)
NOISY = Map((x,), (x - eta * (x + XI),), parameters=(eta,), noise=(XI,))
BLOCKS = ((9, 3, 5, 1), (8, 2, 7, 4), (6, 1, 3, 2), (7, 5, 6, 4))


def _annealed() -> Any:
    t, size = sp.symbols("t kappa", positive=True)
    return symgan.solve_linear(Flow((x, y), (-y, x + size * sp.exp(-t)), (size,), t), {x: 1, y: 0})


@lru_cache
def _stability() -> Any:
    return symgan.switched_stability(dirac_oracle(bilinear(), eta), eta)


def _flat() -> Any:
    features, latent, t, u, q = sp.symbols("x z t u q", real=True)
    ends = Atoms(((half, -1), (half, 1)))
    model = gan(
        discriminator=q * features,
        generator=t + u + latent,
        features=features,
        latent=latent,
        data=ends,
        noise=ends,
        minimize=(t, u),
        maximize=q,
        equilibrium={t: 0, u: 0, q: 0},
    )
    return model, analysis.flat_directions(model)


def _residual() -> Any:
    t, rate, c, size = sp.symbols("t a c K", positive=True)
    return analysis.residual_oscillation(size * sp.exp(-rate * t), t, c)


def _switched() -> Any:
    flow = wgan_gp(dirac(wasserstein), 1, target=1).flow()
    return analysis.switched_cycle(flow, flow.state[1])


def _attractors() -> Any:
    return analysis.attractor_table({"simultaneous": named("simultaneous")})[0]


MAKERS: dict[str, Callable[[], Any]] = {
    "expression": lambda: (1 - eta) * x,
    "matrix": lambda: Matrix([[1, x], [y, half]]),
    "condition": lambda: sp.And(eta > 0, eta < 2),
    "set": lambda: sp.Union(sp.Interval.open(0, 1), sp.Interval.Ropen(2, sp.oo)),
    "game": tiny_gan,
    "free loss": lambda: tiny_gan(GenericLoss),
    "drift": annealed,
    "bce": lambda: dirac(jensen_shannon),
    "three players": lambda: Game("", ((x,), (y,), (a,)), (x**2 / 2 + x * y, y * a, a**2 - x * a)),
    "mixture gan": lambda: mixture_gan(modes=1, intervals=1),
    "atom game": dirac_atoms,
    "gan": linear_quadratic_gan,
    "mixture": lambda: Mixture((-1, 1)),
    "flow": lambda: annealed(switch=1).flow(),
    "map": lambda: named("extragradient")(bilinear(), eta),
    "memory": lambda: named("heavy-ball")(bilinear(), eta),
    "switched": lambda: dirac_oracle(bilinear(), eta),
    "noise": lambda: NOISY,
    "index": lambda: Map((x,), (x / (Symbol("n") + 1),), index=Symbol("n")),
    "implicit": lambda: ImplicitMap((x,), (y,), (y - x + eta * y**3,), parameters=(eta,)),
    "program": lambda: Program((x,), (a - a**2,), ((a, x**2),)),
    "equilibria": lambda: symgan.equilibria(Flow((x, y), (x * (p - x**2), -y), (p,)))[-1],
    "continuum": lambda: symgan.equilibria(Flow((x, y), (sp.S.Zero, -y)))[0],
    "spectrum of a flow": lambda: symgan.spectrum(Flow((x, y), (-y - p * x, x), (p,)), at=ORIGIN),
    "spectrum of a map": lambda: symgan.spectrum(
        named("extragradient")(bilinear(), eta), at=bilinear().equilibrium
    ),
    "regime": lambda: Regime(Stability.STABLE, p > 0),
    "step bound": lambda: symgan.step_bound(named("extragradient")(bilinear(), eta), eta),
    "step bound, algebraic": lambda: symgan.step_bound(
        named("optimistic")(quadratic(1, 2, 3), eta), eta
    ),
    "step bound, never": lambda: symgan.step_bound(named("simultaneous")(bilinear(), eta), eta),
    "boundary": lambda: Boundary(sp.Integer(2), Edge.FLIP, (sp.Integer(-1),)),
    "best": lambda: Best(sp.sqrt(2) / 2, sp.sqrt(3) / 2, sp.true),
    "tuning": lambda: Tuning({eta: half}, sp.sqrt(3) / 2, sp.sqrt(3) / 2),
    "tuning, enclosed": lambda: Tuning(
        {eta: half},
        Rational(71, 100),
        Rational(70, 100),
        {eta: (Rational(49, 100), Rational(51, 100))},
    ),
    "closed form": lambda: symgan.solve_linear(SPIRAL, {x: 1, y: 0}),
    "closed form, forced": _annealed,
    "conserved": lambda: Conserved(x**2 + y**2, sp.S.Zero),
    "modified flow": lambda: symgan.modified_flow(
        named("simultaneous")(bilinear(), eta), symbol=eta, order=2
    ),
    "residual oscillation": _residual,
    "periodic orbit": lambda: analysis.periodic_orbits(Map((x,), (1 - x**2,)), 2)[0],
    "rest family": lambda: RestFamily(
        "line", {x: a, y: sp.S.Zero}, a**2 <= 1, (sp.S.One, p, a**2, sp.S.Zero), p > 0, None
    ),
    "second moment": lambda: analysis.second_moment(NOISY),
    "mean square": lambda: analysis.mean_square_bound(NOISY, eta),
    "modulo equilibria": lambda: analysis.stable_modulo_equilibria(
        Flow((x, y), (sp.S.Zero, -y + x * y)), ORIGIN, [(1, 0)]
    ),
    "increment": lambda: symgan.increment(x**2 - eta * x * y + y**2, SHEARS[0].then(SHEARS[1])),
    "lyapunov": lambda: _stability().lyapunov,
    "switched stability": lambda: _stability(),
    "no-go": lambda: NoGo(x**2 + y**2, x * (eta * x - 2 * y) > 0, {x: sp.S.One, eta: half}),
    "invariant": lambda: symgan.invariants(SHEARS[0], 1)[0],
    "volume": lambda: analysis.volume(SHEARS[0].then(SHEARS[1]))[0],
    "lasalle": lambda: symgan.lasalle(SPIRAL, x**2 + y**2),
    "invariant set": lambda: analysis.invariant_set(SPIRAL, y**2),
    "marginal": lambda: symgan.marginal_verdict(Flow((x, y), (-y - x**3, x)), ORIGIN),
    "marginal, integral": lambda: symgan.marginal_verdict(Flow((x, y), (-y, sp.sin(x))), ORIGIN),
    "normal form": lambda: analysis.flip(Map((x,), (-x + x**3,)), {x: 0}),
    "limit cycle": lambda: analysis.trapping_annulus(RING, ORIGIN, Rational(3, 4), 2),
    "switched cycle": _switched,
    "basin": lambda: Basin(x**2 / 2, Rational(31, 64), Matrix([[half]]), None, ()),
    "branch runs": lambda: symgan.branch_runs(dirac_oracle(bilinear(), eta)),
    "run": lambda: symgan.branch_runs(dirac_oracle(bilinear(), eta)).runs[0],
    "newton sequence": lambda: symgan.branch_runs(dirac_oracle(bilinear(), eta)).runs[0].states[0],
    "classification": lambda: symgan.classify(quadratic(-half, 2, 1)),
    "classification, parameters": lambda: symgan.classify(quadratic(p, 2, 1)),
    "own minimum": lambda: analysis.own_minimum(
        a * x**2 + x**4, (x,), Matrix([[2 * a]]), {x: sp.S.Zero}
    ),
    "attractor": lambda: _attractors().attractor,
    "attractor table": _attractors,
    "blocks": lambda: analysis.blocks(bilinear(Matrix([[3, 0, 0], [0, 4, 0]]))),
    "power-log": lambda: PowerLog(1, p),
    "robbins-monro": lambda: analysis.robbins_monro(PowerLog(1, p)),
    "two time scales": lambda: analysis.two_time_scale(PowerLog(1, 1), PowerLog(1, p)),
    "geometric": lambda: Geometric(1, half),
    "key lemma": lambda: analysis.key_lemma([[1, 0], [0, 2]], [[1], [1]]),
    "key lemma, axis": lambda: analysis.key_lemma([[1]], [[1, 2]]),
    "key lemma, floats": lambda: analysis.key_lemma_numeric(
        [[1.0, 0.0], [0.0, 2.0]], [[1.0], [1.0]]
    ),
    "identity": lambda: analysis.key_identities(1, 1)[0],
    "flat directions": lambda: _flat()[1],
    "gan model": lambda: _flat()[0],
    "realizable blocks": lambda: realizable_blocks(linear_quadratic_gan()),
    "network": lambda: analysis.relu_network([[[1], [-1]], [[1, 1]]]),
    "lipschitz": lambda: analysis.lipschitz(analysis.relu_network([[[1], [-1]], [[1, 1]]])),
    "sign changes": lambda: analysis.sign_changes((-half, half), (-1, 1)),
    "total variation": lambda: symgan.total_variation((-1,), (1,)),
    "optimal intervals": lambda: symgan.optimal_intervals((-half, half), (-1, 1)),
    "collapse": lambda: analysis.collapse(-sp.exp(x), x, 0, 1),
    "no collapse": lambda: analysis.collapse(x, x, -1, 1),
    "reopening": lambda: analysis.reopening(sp.exp(-x) - 1, x, -1, Rational(3, 10)),
    "cell": cell,
    "answer": lambda: cell().answer,
    "case": lambda: Case(Verdict.CENTER, eta < 2),
    "method": lambda: Method("alternating", {"n_d": 2}),
    "step row": lambda: StepRow(
        "bilinear",
        Method("extragradient"),
        sp.Interval.open(0, 1),
        sp.FiniteSet(1),
        (Boundary(sp.Integer(1), Edge.CIRCLE),),
        ((sp.sqrt(2) / 2, sp.sqrt(3) / 2),),
    ),
    "enclosure": lambda: kernels.enclose(Flow((x, y), (-y, x)), {"x": 1, "y": 0}, [1], dps=20),
    "settled orbit": lambda: kernels.settled_orbit(Map((x,), (x / 2,)), {x: 1}, 5),
    "solution": lambda: Solution(((mpf("0.5"),), (mpf("0.25"),)), 50.0, (200, 300)),
    "worst": lambda: Worst(1e-16, {"x": 0.5}, 1.0, 1.0, 1.0, 10),
    "step error": lambda: kernels.backward_error(Map((x, y), (x - y / 8, y + x / 8)), states=5),
    "growth": lambda: Growth(
        (Row(10, 1e-16, 3e-16, 1.0, 0), Row(100, 1e-15, 4e-15, 9.0, 1)),
        8,
        (),
        WrongBranch(3, 57, "x*y < 0", 0.0, -1e-18, 2e-17, next(iter(Cause))),
        106,
    ),
    "friedman": lambda: stats.friedman(BLOCKS),
    "pair": lambda: stats.compare_ranks(BLOCKS)[0],
    "interval": lambda: stats.wilson(3, 10),
    "agreement": lambda: agreement(BLOCKS, BLOCKS),
    "cell change": lambda: stats.CellChange(0, 1, Fraction(1, 2), None),
    "transposition": lambda: stats.Transposition(0, 1, 2),
    "divergence": lambda: f_divergence("pearson"),
    "law: atoms": lambda: Atoms(((half, -1), (half, 1))),
    "law: gaussian": lambda: Gaussian(1, 2),
    "law: blurred": lambda: Blurred(Uniform(), eta),
    "law: moments": lambda: Moments((0, eta)),
    "decision": lambda: decide(sp.Gt(x**2, 1)),
    "zero": lambda: is_zero(sp.sin(x) ** 2 + sp.cos(x) ** 2 - 1),
    "coq": lambda: CoqProof("", None, ""),
    "outcome": lambda: Outcome(Path("a_b.json"), 0, "valid"),
    "evidence": lambda: Evidence("printed", Route.EXACT, "identity", True, ""),
    "finding": lambda: Finding("identity", True, ""),
    "derivation step": lambda: Step("Eliminate y.", sp.Eq(x, eta * y)),
    "mutant": lambda: Mutant("a.b", "sign", sp.Eq(x, -y), Fate.REJECTED, ""),
    "checked": lambda: Checked(
        "x = y",
        sp.Eq(x, y, evaluate=False),
        sp.true,
        False,
        "",
        (),
        (Link(sp.Eq(x, y, evaluate=False), x, y, x - y),),
        {x: sp.S.Zero, y: sp.S.One},
    ),
    "link": lambda: Link(sp.Eq(x, y, evaluate=False), x, y, x - y),
    "repair": lambda: Repair("flip the sign", sp.Eq(x, -y), 1, ("flip",), "identity"),
    "audit": audit,
}
