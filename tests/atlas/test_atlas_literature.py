"""The atlas against what the literature says of its cells."""

from __future__ import annotations

import numpy as np
import pytest
import sympy as sp

from symgan.atlas import Selection, Verdict, atlas
from symgan.atlas.axes import Specimen, build
from tests.atlas.samples import BCE, NON_SATURATING, SIGMA, W, made, named


@pytest.mark.parametrize(
    ("specimen", "penalty", "verdict"),
    [
        (W, "none", Verdict.CENTER),
        (BCE, "none", Verdict.CENTER),
        (NON_SATURATING, "none", Verdict.ASYMPTOTIC),
        (W, "wgan-gp", Verdict.DEPENDS),  # a cycle for gamma < 2
        (W, "r1", Verdict.GLOBAL),
        (W, "r2", Verdict.GLOBAL),
        (BCE, "r1", Verdict.GLOBAL),
    ],
    ids=str,
)
def test_dirac_flows_of_the_literature(specimen: Specimen, penalty: str, verdict: Verdict) -> None:
    """Mescheder et al. 2018, table 1 and sections 2 to 4: which Dirac-GANs converge.

    WGAN-GP does not; R1 and R2 converge locally, here shown from everywhere. The
    non-saturating GAN has imaginary eigenvalues and does not converge linearly; that it
    converges at all is seen by its normal form, and by the next test in floats.
    """
    assert made(specimen, penalty, named("simultaneous", True)).verdict is verdict


@pytest.mark.parametrize("penalty", ["gradient-norm", "r1", "r2", "weight-decay"])
def test_the_regularized_uniform_flow_converges_almost_everywhere(penalty: str) -> None:
    """`symgan.games.uniform`: a closed-form energy on a > 0; a < 0 is its mirror image."""
    uniform = Specimen("uniform", "wasserstein")
    found = made(uniform, penalty, named("simultaneous", True))
    assert (found.verdict, found.evidence[-1]) == (Verdict.ALMOST_GLOBAL, "lasalle")
    assert made(uniform, "none", named("simultaneous", True)).verdict is Verdict.CENTER


def test_the_non_saturating_flow_spirals_in() -> None:
    """Runge-Kutta: the squared distance falls over many turns; of the saturating flow it stays."""
    radii = []
    for specimen in (NON_SATURATING, BCE):
        game = build(specimen)
        field = sp.lambdify(game.state, game.flow().rhs)
        x, h = np.array([1.0, 0.0]), 0.05
        for _ in range(4000):
            a = np.array(field(*x))
            b = np.array(field(*(x + h / 2 * a)))
            c = np.array(field(*(x + h / 2 * b)))
            d = np.array(field(*(x + h * c)))
            x = x + h / 6 * (a + 2 * b + 2 * c + d)
        radii.append(float(x @ x))
    assert radii[0] < 0.5
    assert abs(radii[1] - 1) < 1e-4  # the method's own drift: 200 time units, error O(h^4)


def test_bce_dirac_with_instance_noise_converges_locally() -> None:
    """Mescheder et al. 2018, lemma 3.5: eigenvalues with negative real part at any noise."""
    found = made(BCE, "instance-noise", named("simultaneous", True))
    assert found.verdict in (Verdict.EXPONENTIAL, Verdict.GLOBAL)


def test_simultaneous_and_alternating_steps_of_the_literature() -> None:
    """Mescheder et al. 2018, lemmas 2.4 and 2.5: |f'(0)| eta <= 2 for one step a player."""
    away = made(BCE, "none", named("simultaneous"))
    turns = made(W, "none", named("alternating"))
    assert away.verdict is Verdict.DIVERGENCE
    assert (turns.verdict, turns.marginal) == (Verdict.CENTER, sp.Interval.open(0, 2))


def test_extragradient_of_the_literature() -> None:
    """Azizian et al. 2020: eta < 1/sigma; the best rate there is sqrt(3)/2."""
    found = made(SIGMA, "none", named("extragradient"))
    (s,) = found.stable.end.free_symbols
    assert found.stable == sp.Interval.open(0, 1 / s)
    assert sp.simplify(found.best[0].rate - sp.sqrt(3) / 2) == 0


def test_the_gradient_penalty_ends_in_a_cycle() -> None:
    """Dirac + WGAN-GP: no equilibrium, and for gamma < 2 a cycle around (0, 0)."""
    (found,) = atlas(Selection("dirac", "wasserstein", regularizer="wgan-gp", rule="simultaneous"))[
        :1
    ]
    cases = {case.verdict: case.condition for case in found.cases}
    gamma = next(iter(cases[Verdict.CYCLE].free_symbols))
    assert cases == {Verdict.CYCLE: gamma < 2, Verdict.NO_EQUILIBRIUM: gamma >= 2}
