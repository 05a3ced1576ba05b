"""Step bounds against values of the literature, each beside a false neighbor."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import Any

import pytest
import sympy as sp
from sympy import Interval, Rational, sqrt

from symgan.analysis.prune import impossible
from symgan.analysis.step_bound import step_bound
from symgan.certify.recheck_steps import check_steps
from symgan.errors import GameError, Undecided
from symgan.games.dirac import dirac
from symgan.games.quadratic import bilinear, quadratic
from symgan.results import Equilibrium
from symgan.results_discrete import Edge
from symgan.rules.alternating import alternating
from symgan.rules.extragradient import extragradient
from symgan.rules.heavy_ball import heavy_ball
from symgan.rules.lookahead import lookahead
from symgan.rules.optimistic import optimistic
from symgan.rules.proximal_point import proximal_point
from symgan.rules.simultaneous import simultaneous
from symgan.rules.two_timescale import two_timescale
from symgan.system import Flow, Map

eta, s, mu, nu = sp.symbols("eta s mu nu", positive=True)
beta = sp.Symbol("beta", real=True)
x, y = sp.symbols("x y", real=True)
EMPTY = sp.S.EmptySet


def same(one: Any, other: Any, given: Any = sp.true) -> bool:
    """Two conditions say the same, decided by z3."""
    return impossible(given & one & ~other) and impossible(given & other & ~one)


def test_simultaneous_on_bilinear_never() -> None:
    """Reference: Gidel et al. 2019, proposition 3: diverges for every step."""
    found = step_bound(simultaneous(bilinear(s), eta), eta)
    assert (found.asymptotic, found.marginal) == (EMPTY, EMPTY)
    assert found.condition is found.marginal_condition is sp.false
    assert found.boundary == found.best == ()


@pytest.mark.parametrize(("n_g", "n_d"), [(1, 1), (1, 2), (3, 2)])
def test_alternating_on_bilinear_is_marginal(n_g: int, n_d: int) -> None:
    r"""Reference: Mescheder et al. 2018, lemma 2.4: :math:`2/(s\sqrt{n_g n_d})`; Jordan there."""
    found = step_bound(alternating(bilinear(s), eta, n_g=n_g, n_d=n_d), eta)
    end = found.boundary[-1]
    assert found.asymptotic is EMPTY
    assert found.marginal == Interval.open(0, end.step)
    assert sp.simplify(end.step**2 - Rational(4, n_g * n_d) / s**2) == 0
    assert (end.edge, end.eigenvalues) == (Edge.JORDAN, (-1,))
    assert sp.simplify((end.step + Rational(1, 100)) ** 2 - Rational(4, n_g * n_d) / s**2) != 0


def test_extragradient_on_bilinear() -> None:
    """Reference: Azizian et al. 2020: the map 1 - (eta s)^2 -+ i eta s, minimized by hand."""
    found = step_bound(extragradient(bilinear(s), eta), eta)
    assert found.asymptotic == Interval.open(0, 1 / s)
    assert found.marginal == sp.FiniteSet(1 / s)
    assert found.boundary[-1].edge is Edge.CIRCLE
    assert set(found.boundary[-1].eigenvalues) == {sp.I, -sp.I}
    (best,) = found.best
    assert (best.step, best.rate, best.attained) == (sqrt(2) / (2 * s), sqrt(3) / 2, True)
    t = sp.Symbol("t", positive=True)  # independent: rho^2 = (1 - t)^2 + t with t = (eta s)^2
    (at,) = sp.solve(sp.diff((1 - t) ** 2 + t, t), t)
    assert sp.sqrt(at) / s == best.step
    assert sp.sqrt(((1 - t) ** 2 + t).subs(t, at)) == best.rate


def test_optimistic_on_bilinear() -> None:
    r"""Reference: the roots of :math:`z^2 - (1 - 2i t) z - i t` at :math:`t = 1/\sqrt3`, by hand:
    :math:`z = (1 - 2it \pm \sqrt{1 - 4t^2})/2` has modulus 1 there and :math:`1/\sqrt2` at 1/2."""
    found = step_bound(optimistic(bilinear(s), eta), eta)
    assert found.asymptotic == Interval.open(0, 1 / (sqrt(3) * s))
    (best,) = found.best
    assert (best.step, best.rate) == (1 / (2 * s), 1 / sqrt(2))
    for t, size in ((1 / sqrt(3), 1), (Rational(1, 2), 1 / sqrt(2))):
        roots = [(1 - 2 * sp.I * t + side * sqrt(1 - 4 * t**2)) / 2 for side in (1, -1)]
        assert sp.expand(max(abs(sp.N(r, 30)) for r in roots) - size).evalf() < 1e-25


def test_proximal_point_always() -> None:
    found = step_bound(proximal_point(bilinear(s), eta), eta)
    assert (found.asymptotic, found.marginal) == (Interval.open(0, sp.oo), EMPTY)
    assert (found.best[0].step, found.best[0].rate, found.best[0].attained) == (sp.oo, 0, False)


def test_mescheder_bound() -> None:
    r"""Reference: Mescheder et al. 2017, lemma 4, eigenvalue mu + i s: 2/(mu (1 + (s/mu)^2))."""
    found = step_bound(simultaneous(quadratic(mu, s, mu), eta), eta)
    bound = 2 / (mu * (1 + (s / mu) ** 2))
    assert sp.simplify(found.asymptotic.sup - bound) == 0
    assert found.asymptotic == Interval.open(0, found.asymptotic.sup)
    assert same(found.condition, eta * (mu**2 + s**2) < 2 * mu)
    assert not same(found.condition, eta * (mu**2 + s**2) < 2 * mu + Rational(1, 10) * mu)
    circle = next(b for b in found.boundary if b.step not in (0, sp.oo))
    assert circle.edge is Edge.CIRCLE
    assert all(sp.simplify(v * sp.conjugate(v)) == 1 for v in circle.eigenvalues)


def test_alternating_on_quadratic_beats_simultaneous() -> None:
    """The bound 2/(mu + s): compared with simultaneous, larger for every mu and s."""
    found = step_bound(alternating(quadratic(mu, s, mu), eta), eta)
    assert found.asymptotic == Interval.open(0, 2 / (mu + s))
    assert impossible((2 / (mu + s) <= 2 * mu / (mu**2 + s**2)) & (s > mu))
    assert found.boundary[0].edge is Edge.FLIP


def test_alternating_needs_negative_momentum() -> None:
    """Reference: Gidel et al. 2019, theorem 5: negative momentum makes alternation converge."""
    found = step_bound(heavy_ball(bilinear(s), eta, beta=beta, alternating=True), eta)
    claim = (beta < 0) & (beta > -1) & (eta * s < 2 * (1 + beta))
    assert same(found.condition, claim)
    assert not same(found.condition, (beta < 0) & (beta > -1) & (eta * s < 2 + beta))
    at_half = found.asymptotic.xreplace({beta: Rational(-1, 2)})
    assert at_half == Interval.open(0, 1 / s)
    assert found.asymptotic.xreplace({beta: Rational(1, 2)}) is EMPTY


def test_momentum_does_not_help_simultaneous_updates() -> None:
    """Reference: Gidel et al. 2019, theorem 6 (in the bilinear case no momentum converges)."""
    found = step_bound(heavy_ball(bilinear(s), eta, beta=beta), eta)
    assert found.asymptotic is EMPTY
    assert found.condition is sp.false


def test_lookahead_on_bilinear() -> None:
    r"""Reference: Chavdarova et al. 2021; by hand :math:`|1 + (1 + it)^k|^2/4` with t = eta s."""
    for k, expected in ((2, False), (5, True)):
        found = step_bound(lookahead(simultaneous, k=k)(bilinear(s), eta), eta)
        small = abs(complex(((1 + (1 + sp.I / 10) ** k) / 2).evalf()))
        assert (small < 1) is expected
        assert (found.asymptotic is not EMPTY) is expected
        if expected:
            end = found.asymptotic.sup * s
            value = abs(((1 + (1 + sp.I * end) ** k) / 2).evalf(30))
            assert abs(value - 1) < 1e-20


def test_best_step_of_a_shifted_quadratic() -> None:
    """Reference: mu = 1, s = 2: rho^2 = (1 - t)^2 + 4 t^2 has its minimum 4/5 at t = 1/5."""
    found = step_bound(simultaneous(quadratic(1, 2, 1), eta), eta)
    assert (found.best[0].step, found.best[0].rate) == (Rational(1, 5), 2 / sqrt(5))


def test_two_rates() -> None:
    """Stable iff the product of both rates is below 4/s^2 (marginal), however they are split."""
    tau = sp.Symbol("tau", positive=True)
    found = step_bound(alternating(bilinear(s), (eta, tau * eta)), eta)
    assert found.asymptotic is EMPTY
    assert same(found.marginal_condition, eta**2 * tau * s**2 < 4)
    slow = step_bound(two_timescale(bilinear(s), eta, tau=tau), eta)
    assert slow.condition is slow.marginal_condition is sp.false


def test_free_loss_counts_by_size() -> None:
    game = dirac()
    found = step_bound(alternating(game, eta), eta, game.equilibrium, nonzero=(1,))
    slope = game.J.subs(game.equilibrium)[0, 1]
    assert found.marginal == Interval.open(0, 2 / sp.Abs(slope))


def test_continuum_is_left_out() -> None:
    """(x, y) -> (x - eta x, y): the axis x = 0 rests; modulo it the steps are (0, 2)."""
    line = Map((x, y), (x - eta * x, y), parameters=(eta,))
    assert step_bound(line, eta).asymptotic == Interval.open(0, 2)
    curve = Map((x, y), (x - eta * x * (1 + y**2), y), parameters=(eta,))
    found = step_bound(curve, eta, Equilibrium({x: sp.Integer(0), y: y}, (y,), sp.true))
    assert found.asymptotic == Interval.open(0, 2 / (y**2 + 1))
    alone = step_bound(curve, eta, {x: 0, y: 0})
    assert alone.asymptotic is EMPTY  # one point of it: its eigenvalue 1 counts
    assert alone.marginal == Interval.Lopen(0, 2)  # 1 and -1, both simple, at 2


def test_jordan_block_and_semisimple_ends_are_told_apart() -> None:
    """diag(1 - eta, 1 - eta) and the same with a 1 above the diagonal, at eta = 2."""
    block = Map((x, y), ((1 - eta) * x + y, (1 - eta) * y), parameters=(eta,))
    plain = Map((x, y), ((1 - eta) * x, (1 - eta) * y), parameters=(eta,))
    assert step_bound(block, eta).boundary[-1].edge is Edge.JORDAN
    assert step_bound(block, eta).marginal is EMPTY
    assert step_bound(plain, eta).boundary[-1].edge is Edge.FLIP
    assert step_bound(plain, eta).marginal == sp.FiniteSet(2)


@pytest.mark.parametrize(
    ("system", "options", "message"),
    [
        (Map((x,), (x - x**2 * eta,), (eta,)), {}, "give at="),
        (Map((x,), (x + eta,), (eta,)), {}, "no fixed point"),
        (Map((x,), (x - eta * x,), (eta,)), {"at": {x: 1}}, "not an equilibrium"),
        (Map((x,), (x / 2,), ()), {}, "does not depend on eta"),
        (
            Map((x,), (sp.Piecewise((x / 2, x > 0), (x - eta * x, True)),), (eta,)),
            {"at": {x: 0}},
            "switched_stability",
        ),
        (Map((x,), (sp.Piecewise((x / 2, x > 0), (x, True)) * eta,), (eta,)), {}, "switched_stab"),
        (Flow((x,), (-eta * x,), (eta,)), {}, "needs a map"),
        (Map((x,), (x,), (eta,)), {}, "every state is a fixed point"),
    ],
)
def test_bad_input(system: Any, options: Any, message: str) -> None:
    with pytest.raises(GameError, match=message):
        step_bound(system, eta, **options)


def test_a_step_that_is_not_positive() -> None:
    step = sp.Symbol("eta", real=True)
    with pytest.raises(GameError, match="positive=True"):
        step_bound(Map((x,), (x - step * x,), (step,)), step)


def test_no_time_is_said() -> None:
    with pytest.raises(Undecided, match="out of time"):
        step_bound(optimistic(bilinear(s), eta), eta, budget=0)


def test_six_states_with_two_parameters() -> None:
    """A budget is kept, and what is left open is said; here the condition is found."""
    rule = partial(heavy_ball, beta=beta)
    game = quadratic(sp.diag(mu, nu), sp.Matrix([1, 2]), mu)
    found = step_bound(rule(game, eta), eta, budget=20)
    at = {mu: Rational(1), nu: Rational(2), beta: Rational(-1, 5), eta: Rational(1, 10)}
    radius = max(map(abs, rule(game, eta).jacobian().subs(at).eigenvals(multiple=True)))
    assert sp.N(radius) < 1
    assert bool(found.condition.subs(at)) is True
    assert bool(found.condition.subs(at | {eta: Rational(3)})) is False


@pytest.mark.parametrize(
    "system",
    [
        alternating(bilinear(s), eta),
        extragradient(bilinear(s), eta),
        optimistic(bilinear(s), eta),
        simultaneous(quadratic(1, 3, 2), eta),
        alternating(quadratic(1, 3, 2), eta),
        proximal_point(bilinear(s), eta),
        alternating(bilinear(sp.eye(2)), eta),
    ],
)
def test_second_program_agrees_and_rejects_moved_ends(system: Any) -> None:
    certificate = dict(step_bound(system, eta).certificate)
    assert check_steps(certificate)
    cells = list(certificate["cells"])
    for k, cell in enumerate(cells):
        if "root" in cell and cells[k - 1]["status"] != cells[k + 1]["status"]:
            polynomial = cell["root"]["polynomial"].replace("x", "(x - 1/1000)")
            low, high = (
                str(Fraction(cell["root"][e]) + Fraction(1, 1000)) for e in ("low", "high")
            )
            moved = {**cell, "root": {"polynomial": polynomial, "low": low, "high": high}}
            assert not check_steps({**certificate, "cells": [*cells[:k], moved, *cells[k + 1 :]]})
        other = "unstable" if cell["status"] == "stable" else "stable"
        lie = [*cells[:k], {**cell, "status": other}, *cells[k + 1 :]]
        assert "root" in cell or not check_steps({**certificate, "cells": lie})


def test_best_steps_with_parameters() -> None:
    r"""References by hand: Re/|lambda|^2 for one step of descent; a double eigenvalue for turns."""
    plain = step_bound(simultaneous(quadratic(mu, s, mu), eta), eta).best
    assert [(b.step, b.condition) for b in plain] == [(mu / (mu**2 + s**2), sp.true)]
    assert sp.simplify(plain[0].rate - s / sqrt(mu**2 + s**2)) == 0
    (turns,) = step_bound(alternating(quadratic(mu, s, mu), eta), eta).best
    numbers = step_bound(alternating(quadratic(1, 3, 1), eta), eta).best[0]  # another route
    at = {mu: 1, s: 3}
    assert sp.expand(turns.step.subs(at) - numbers.step) == 0
    assert sp.expand(turns.rate.subs(at) - numbers.rate) == 0
    assert sp.expand(turns.step.subs({mu: 1, s: 2}) - numbers.step) != 0
    cases = step_bound(simultaneous(quadratic(mu, s, nu), eta), eta).best
    for values in ({mu: 1, s: 2, nu: 3}, {mu: 2, s: 2, nu: 1}):
        holding = [b for b in cases if b.condition.subs(values) == sp.true]
        exact = step_bound(simultaneous(quadratic(values[mu], values[s], values[nu]), eta), eta)
        assert [b.step.subs(values) for b in holding] == [exact.best[0].step]
        assert sp.simplify(holding[0].rate.subs(values) - exact.best[0].rate) == 0
