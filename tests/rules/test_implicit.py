"""Implicit maps: linearization, substitution, refusals."""

from __future__ import annotations

from typing import Any

import mpmath
import pytest
import sympy as sp
from hypothesis import given
from hypothesis import strategies as st
from sympy import Matrix, Rational, Symbol

from symgan.analysis import spectrum
from symgan.errors import GameError
from symgan.game import zero_sum
from symgan.games.dirac import dirac
from symgan.implicit import ImplicitMap
from symgan.losses import jensen_shannon
from symgan.results import Stability
from symgan.rules.proximal_point import proximal_point
from symgan.system import Map
from tests.rules.examples import eta

x, y, u, w = sp.symbols("x y u w", real=True)
k = Symbol("k", integer=True, nonnegative=True)


def cubic() -> ImplicitMap:
    """The proximal step of x^4/4: x+ + eta x+^3 = x."""
    return ImplicitMap((x,), (u,), (u - x + eta * u**3,), parameters=(eta,))


@given(st.fractions(-3, 3, max_denominator=20), st.fractions(Rational(1, 20), 5))
def test_jacobian_is_the_slope_of_the_solution(state: Any, step: Any) -> None:
    """Against a difference quotient of the one real root, by bisection of a rising cubic."""
    with mpmath.workdps(50):
        h, at = mpmath.mpf(step.numerator) / step.denominator, mpmath.mpf(state.numerator)
        at /= state.denominator

        def image(start: Any) -> Any:
            reach = abs(start) + 1
            solve = lambda v: v - start + h * v**3  # noqa: E731
            return mpmath.findroot(solve, (-reach, reach), solver="anderson", tol=1e-90)

        d = mpmath.mpf(10) ** -12
        quotient = (image(at + d) - image(at - d)) / (2 * d)
        slope = cubic().jacobian()[0].subs({eta: sp.Float(h, 50), u: sp.Float(image(at), 50)})
        # A central quotient errs by d^2 times the third derivative, below 1e4 here.
        assert abs(mpmath.mpf(slope) - quotient) < mpmath.mpf(10) ** -18


def test_linearization_is_a_map_that_analysis_takes() -> None:
    """On the Dirac-GAN: the spectrum of (I + eta J)^-1, stable at every step."""
    system = proximal_point(dirac(jensen_shannon), eta)
    assert isinstance(system, ImplicitMap)
    origin = dict.fromkeys(system.state, sp.Integer(0))
    linear = system.linearization(origin)
    assert linear.updates == system.updates == 2
    (regime,) = spectrum(linear).regimes
    assert (regime.verdict, regime.condition) == (Stability.STABLE, sp.true)
    assert sp.cancel(linear.jacobian().det() - 1 / (1 + eta**2 / 4)) == 0


def test_linearization_off_the_origin() -> None:
    """At x* = 2 of (x - 2)^2 + (x - 2)^4 the affine map fixes 2 and has slope 1/(1 + 2 eta)."""
    game = zero_sum((x - 2) ** 2 + (x - 2) ** 4 + 0 * y, minimize=x, maximize=y)
    system = proximal_point(game, eta)
    assert isinstance(system, ImplicitMap)
    rest = {x: sp.Integer(2), y: sp.Integer(7)}
    linear = system.linearization(rest)
    assert [sp.expand(f.subs(rest)) for f in linear.rhs] == [2, 7]
    assert sp.cancel(linear.jacobian()[0, 0] - 1 / (1 + 2 * eta)) == 0
    with pytest.raises(GameError, match="not seen to be a fixed point"):
        system.linearization({x: 3, y: 0})


def test_substitution() -> None:
    system = cubic()
    assert system.subs({eta: 2}).residual == (2 * u**3 + u - x,)
    assert system.subs({eta: 2}).parameters == ()
    assert system.subs({eta: w**2}).parameters == (w,)


def test_entries_are_left_as_they_are() -> None:
    """The inverse is taken over names: logarithms inside are neither expanded nor combined."""
    a, b = sp.log(1 + u**2), sp.exp(w * u)
    system = ImplicitMap((x, y), (u, w), (u - x + eta * b, w - y + eta * a), parameters=(eta,))
    after = Matrix(system.residual).jacobian(Matrix([u, w]))
    values: dict[Any, Any] = {u: Rational(1, 3), w: Rational(-2, 5), eta: Rational(1, 7)}
    product = (system.jacobian() * after).subs(values).evalf(40)
    assert (product - sp.eye(2)).norm() < Rational(1, 10**35)


@pytest.mark.parametrize(
    ("build", "sentence"),
    [
        (lambda: ImplicitMap((x, y), (u,), (u - x,)), "needs as many for the next state"),
        (lambda: ImplicitMap((x,), (x,), (x,)), "uses one symbol twice"),
        (lambda: ImplicitMap((x,), (u,), (u - x + eta,)), "undeclared symbols: eta"),
        (lambda: cubic().jacobian({}), "needs a value for x"),
        (lambda: cubic().jacobian({x: 1}), "not seen to be a fixed point"),
        (lambda: ImplicitMap((x,), (u,), (x + 0 * u,)).jacobian(), "its equation is singular"),
        (
            lambda: ImplicitMap((x,), (u,), (u - x + k * u,), index=k).linearization({x: 0}),
            "depends on the iteration",
        ),
    ],
)
def test_refusals(build: Any, sentence: str) -> None:
    with pytest.raises(GameError, match=sentence):
        build()


def test_which_games_are_solved() -> None:
    """Affine fields give maps, others implicit ones; both rest at the equilibrium."""
    affine = zero_sum(x * y + x**2 + 3 * x, minimize=x, maximize=y)
    assert isinstance(proximal_point(affine, eta), Map)
    assert isinstance(proximal_point(zero_sum(x * y + x**3, minimize=x, maximize=y), eta),
                      ImplicitMap)  # fmt: skip
