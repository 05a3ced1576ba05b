"""Games, systems and results as LaTeX."""

from __future__ import annotations

import pytest
import sympy as sp

from symgan.games.annealed import annealed, tiny_gan
from symgan.losses import GenericLoss
from symgan.report.formulas import latex
from symgan.report.mathml import mathml
from symgan.report.source import fault
from symgan.results import ClosedForm, Conserved, Equilibrium, Regime, Spectrum, Stability
from symgan.rules.simultaneous import simultaneous
from symgan.system import Flow, Map

x, y = sp.symbols("x y", real=True)
lam, beta, s, t = sp.symbols("lambda beta s t")
eta = sp.Symbol("eta", positive=True)
SPECTRUM = Spectrum(
    variable=lam,
    polynomial=lam**2 + beta * lam + 1,
    eigenvalues=((-beta / 2, 2),),
    regimes=(
        Regime(Stability.STABLE, beta > 0),
        Regime(Stability.CENTER, sp.Eq(beta, 0)),
    ),
    oscillates=beta**2 < 4,
)
FORM = ClosedForm(
    state=(x,),
    time=t,
    frequency=s,
    parameters=(),
    initial=(sp.Integer(0),),
    laplace=(1 / (s**2 * (s**2 + 1)),),
    solution=(t - sp.sin(t),),
    center=(sp.Integer(0),),
    transient=(sp.Integer(0),),
    oscillatory=(-sp.sin(t),),
    secular=(t,),
    amplitude=(sp.Integer(1),),
    phase=(sp.pi,),
    omega=sp.Integer(1),
    growth=(1,),
    poles=((sp.Integer(0), 2), (sp.I, 1), (-sp.I, 1)),
    nodes=(),
    newton=((),),
    generic=sp.true,
)
OBJECTS = [
    tiny_gan(),
    tiny_gan(GenericLoss),
    annealed(),
    annealed(switch=1).flow(),
    simultaneous(tiny_gan(), eta),
    Map((x,), (x / 2,)),
    Equilibrium({x: sp.Integer(0), y: y}, (y,), sp.Ne(beta, 0)),
    Conserved(x**2 + y**2, sp.Integer(0)),
    SPECTRUM,
    FORM,
    sp.Matrix([[1, x], [y, 2]]),
]


@pytest.mark.parametrize("obj", OBJECTS, ids=lambda o: type(o).__name__)
def test_every_object_prints_a_formula_that_a_page_can_show(obj: object) -> None:
    printed = latex(obj)
    assert fault(printed) == ""
    assert mathml(printed).startswith("<math")


def test_flow_is_a_system_of_dots() -> None:
    assert latex(tiny_gan().flow()) == (
        r"\left\{\begin{aligned}\dot{\theta} &= - \psi\\ "
        r"\dot{\psi} &= \theta - \alpha_{r}\end{aligned}\right."
    )
    assert latex(Flow((x,), (-x,))) == r"\dot{x} = - x"


def test_map_names_the_next_iterate_and_starts_with_the_present_one() -> None:
    assert latex(simultaneous(tiny_gan(), eta)) == (
        r"\left\{\begin{aligned}\theta_{k+1} &= \theta_{k} - \eta \psi_{k}\\ "
        r"\psi_{k+1} &= \psi_{k} + \eta (\theta_{k} - \alpha_{r})\end{aligned}\right."
    )
    theta_1 = sp.Symbol("theta_1", real=True)
    assert latex(Map((theta_1,), (theta_1**2,))) == r"\theta_{1,k+1} = \theta_{1,k}^{2}"


def test_games_print_as_min_max_or_player_by_player() -> None:
    assert latex(tiny_gan()) == r"\min_{\theta} \max_{\psi} \; \psi \theta - \alpha_{r} \psi"
    drifting = latex(annealed())
    assert r"\min_{\alpha} \; \ell_{3} &= 0" in drifting
    assert r"\dot{\alpha} &= -\partial \ell_{3} / \partial \alpha + \frac{" in drifting


def test_spectrum_gives_each_regime_with_its_condition() -> None:
    printed = latex(SPECTRUM)
    assert r"\chi(\lambda) &= \beta \lambda + \lambda^{2} + 1" in printed
    assert r"\text{Hurwitz} &\iff \beta > 0" in printed
    assert r"\text{center} &\iff \beta = 0" in printed
    assert r"\text{oscillates} &\iff \beta^{2} < 4" in printed
    assert r"(\times 2)" in printed


def test_a_stable_map_is_not_called_hurwitz() -> None:
    discrete = Spectrum(lam, lam, (), (Regime(Stability.STABLE, sp.true),), sp.false, discrete=True)
    printed = latex(discrete)
    assert "Hurwitz" not in printed
    assert r"\text{Schur} &\text{ always}" in printed
    assert r"\text{oscillates} &\text{ never}" in printed


def test_closed_form_shows_both_domains_and_only_parts_that_are_there() -> None:
    printed = latex(FORM)
    for part in (
        r"\mathcal{L}\{x\}(s) &= \frac{1}{s^{2} (s^{2} + 1)}",
        r"x(t) &= t - \sin(t)",
        r"x_{\text{oscillatory}} &= - \sin(t)",
        r"x_{\text{secular}} &= t",
        r"\text{amplitude of } x &= 1",
        r"\text{phase of } x &= \pi",
        r"\text{growth of } x &\sim t^{1}",
        r"\omega &= 1",
    ):
        assert part in printed
    assert "transient" not in printed
    assert "center" not in printed


def test_unknown_types_are_refused_by_name() -> None:
    with pytest.raises(TypeError, match="no LaTeX form is known for set"):
        latex({1})
