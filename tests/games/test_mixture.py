"""Mixture GANs: the closed form against quadrature, its derivatives, its ends, bad input."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import pytest
import sympy as sp
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sympy import Rational, S

from symgan.errors import GameError
from symgan.games.mixture import Mixture, intervals, mixture_gan
from tests.analysis.mixture_oracles import density, number, rationals

HALF = Rational(1, 2)
GAN = mixture_gan(truth=Mixture((-HALF, HALF)))
mu1, mu2, l1, l2, r1, r2 = GAN.state
ROOT = sp.sqrt(2)


@st.composite
def points(draw: Any) -> tuple[Any, Any, Any]:
    """Means, coinciding at times, and sorted ends, touching, empty or infinite at times."""
    first = draw(rationals)
    second = draw(st.one_of(st.just(first), rationals, st.sampled_from((40, -40))))
    ends = sorted(draw(st.lists(rationals, min_size=4, max_size=4)))
    if draw(st.booleans()):
        ends[0] = -sp.oo
    if draw(st.booleans()):
        ends[3] = sp.oo
    return (first, second), tuple(ends[::2]), tuple(ends[1::2])


@settings(max_examples=6)
@given(points())
@example(((S.Zero, S.Zero), (-sp.oo, S.One), (S.One, sp.oo)))
def test_the_payoff_is_the_integral_of_the_difference(point: Any) -> None:
    mu, left, right = point
    value = GAN.payoff(mu, left, right)
    generator = GAN.at(mu)

    def f(x: Any) -> Any:
        truth = GAN.truth
        return density(truth.means, truth.weights, x) - density(
            generator.means, generator.weights, x
        )

    with mp.workdps(25):
        total = mp.mpf(1)
        for a, b in zip(left, right, strict=True):
            ends = [mp.mpf(s) * 48 if e.is_infinite else number(e) for s, e in ((-1, a), (1, b))]
            inner = [mp.mpf(c) for c in range(-48, 49, 4) if ends[0] < c < ends[1]]
            total += mp.quad(f, [ends[0], *inner, ends[1]])
        # beyond 48, eight deviations from the farthest mean, lies less than 1.3e-15 of mass
        assert abs(total - mp.mpf(str(sp.N(value, 25)))) < mp.mpf("1.5e-15")


@settings(max_examples=10)
@given(points())
@example(((S.Zero, S.Zero), (S.Zero, S.Zero), (S.Zero, sp.oo)))  # a payoff that is a number
def test_an_infinite_end_is_the_limit_of_far_ones(point: Any) -> None:
    mu, left, right = point
    far = [[e if e.is_finite else 60 * sp.sign(e) for e in ends] for ends in (left, right)]
    near, limit = GAN.payoff(mu, left, right), GAN.payoff(mu, *far)
    gap = sp.Add(*sp.Add.make_args(near), *sp.Add.make_args(-limit))
    # the tail beyond 60, twenty deviations from the farthest mean, is below 1e-88
    with mp.workdps(120):
        assert abs(sp.lambdify((), gap, "mpmath")()) < mp.mpf("1e-88")


def test_gradient_and_hessian_as_formulas() -> None:
    """F at the ends, densities at the ends in the means, a diagonal block in the ends."""

    def phi(x: Any) -> Any:
        return sp.exp(-(x**2) / 2) / sp.sqrt(2 * sp.pi)

    expected = [
        *(HALF * sum(phi(r - m) - phi(el - m) for el, r in ((l1, r1), (l2, r2))) for m in GAN.mu),
        *(-GAN.F(el) for el in (l1, l2)),
        *(GAN.F(r) for r in (r1, r2)),
    ]
    gradient = GAN.gradient()
    assert [sp.expand(g - e) for g, e in zip(gradient, expected, strict=True)] == [0] * 6
    hessian = GAN.hessian()
    assert sp.expand(hessian - gradient.jacobian(GAN.state)).is_zero_matrix
    assert hessian[2:, 2:].is_diagonal()
    assert not hessian[:2, 2:].is_zero_matrix
    assert GAN.game.v == (*gradient[:2], *(-g for g in gradient[2:]))


def test_infinite_ends_have_no_gradient_and_the_density_vanishes_there() -> None:
    assert GAN.F(sp.oo) == GAN.F(-sp.oo) == 0
    at_infinity = GAN.gradient().subs({l1: -sp.oo, r2: sp.oo})
    assert at_infinity[2] == at_infinity[5] == 0
    assert at_infinity[3] != 0


def test_the_whole_line_and_nothing_give_one() -> None:
    assert GAN.payoff((3, 5), (-sp.oo, 0), (0, sp.oo)) == 1
    assert GAN.payoff((3, 5), (1, 2), (1, 2)) == 1


def test_touching_intervals_are_one() -> None:
    split = GAN.payoff((0, 1), (-1, 0), (0, 2))
    whole = GAN.payoff((0, 1), (-1, 2), (2, 2))
    assert sp.expand(split - whole) == 0


def test_the_closed_form_goes_on_where_ends_cross() -> None:
    """The symbolic L counts a crossed interval negatively; `payoff` refuses it."""
    swapped = GAN.L.subs({l1: r1, r1: l1}, simultaneous=True)
    assert sp.expand((GAN.L - 1).subs({l2: 0, r2: 0}) + (swapped - 1).subs({l2: 0, r2: 0})) == 0
    with pytest.raises(GameError, match="interval 1 ends at 0 before it starts at 1"):
        GAN.payoff((0, 0), (1, 2), (0, 3))


def test_equal_means_are_one_mode() -> None:
    both = Mixture((1, 1))
    x = sp.Symbol("x", real=True)
    assert sp.expand(both.pdf(x) - Mixture((1,)).pdf(x)) == 0
    assert sp.expand(both.cdf(x) - Mixture((1,)).cdf(x)) == 0


def test_weights_that_sum_to_one_only_after_a_root_is_rationalized() -> None:
    """1/(1 + r) + r/(1 + r) = 1; SymPy's sum does not show it."""
    weights = (1 / (1 + ROOT), ROOT / (1 + ROOT))
    assert sp.Add(*weights) != 1
    assert Mixture((0, 1), weights).weights == weights
    assert Mixture((0, 1), (sp.cos(1) ** 2, sp.sin(1) ** 2)).means == (0, 1)


def test_floats_are_exact() -> None:
    assert Mixture((0.5 * ROOT,)).means == (ROOT / 2,)
    assert Mixture((0.5, -0.25), (0.5, 0.5)) == Mixture((HALF, -HALF / 2), (HALF, HALF))


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: Mixture(()), "at least one mean"),
        (lambda: Mixture((float("nan"), 0)), "the mean nan .* not a finite real number"),
        (lambda: Mixture((0, -sp.oo)), "the mean -oo .* not a finite real number"),
        (lambda: Mixture((sp.I,)), "the mean I .* not a finite real number"),
        (lambda: Mixture((0, 1), (1,)), "1 weights for 2 means"),
        (lambda: Mixture((0, 1), (0, 1)), "the weight 0 .* not a positive number"),
        (lambda: Mixture((0, 1), (HALF, float("nan"))), "the weight nan .* not a positive"),
        (lambda: Mixture((0, 1), (HALF, 1)), "sum to 3/2, not to 1"),
        (lambda: intervals((0, 1), (2, 3)), "interval 1 ends at 2, after interval 2 starts at 1"),
        (lambda: intervals((2, 0), (3, 1)), "interval 1 ends at 3, after interval 2 starts at 0"),
        (lambda: intervals((1,), (0,)), "interval 1 ends at 0 before it starts at 1"),
        (lambda: intervals((sp.oo,), (-sp.oo,)), "interval 1 ends at -oo before"),
        (lambda: intervals((0,), (float("nan"),)), "the end nan .* not a real number or infinite"),
        (lambda: intervals((0,), (1, 2)), "1 left and 2 right ends"),
        (lambda: intervals((), ()), "0 left and 0 right ends"),
        (lambda: intervals((l1,), (r1,)), "the end l1 .* not a real number"),
        (lambda: GAN.at((0,)), "1 means for a generator of 2 modes"),
        (lambda: GAN.at((0, float("inf"))), "the mean oo .* not a finite real number"),
        (lambda: GAN.payoff((0, 0), (0,), (1,)), "1 intervals for a discriminator of 2"),
        (lambda: Mixture("12"), "'12' are no list"),  # type: ignore[arg-type]
        (lambda: Mixture(None), "None are no list"),  # type: ignore[arg-type]
        (lambda: Mixture((None,)), "None is neither a number nor a symbol"),  # type: ignore[arg-type]
        (lambda: Mixture(("1",)), "'1' is neither a number nor a symbol"),  # type: ignore[arg-type]
        (lambda: Mixture((0, 1), 5), "the weights 5 are no list"),  # type: ignore[arg-type]
        (lambda: Mixture((0, 1), (ROOT - 1, 1)), "sum to sqrt.2., not to 1"),
        (lambda: GAN.payoff(None, (0, 1), (1, 2)), "None are no list"),  # type: ignore[arg-type]
        (lambda: intervals((None,), (1,)), "None is neither a number nor a symbol"),
        (lambda: mixture_gan(truth=(0, 1)), "is no Mixture; give one"),  # type: ignore[arg-type]
        (lambda: mixture_gan(truth=Mixture((mu1,))), "mu1 of the truth .* rename it"),
        (lambda: mixture_gan(modes=0), "modes = 0: give a whole number"),
        (lambda: mixture_gan(intervals=True), "intervals = True: give a whole number"),
    ],
)
def test_bad_input_is_one_sentence(call: Any, sentence: str) -> None:
    with pytest.raises(GameError, match=sentence):
        call()
