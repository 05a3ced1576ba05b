"""Games, systems and results as LaTeX."""

from __future__ import annotations

import pytest
import sympy as sp

from symgan.games.annealed import annealed, tiny_gan
from symgan.games.quadratic import bilinear
from symgan.report.formulas import latex
from symgan.results import ClosedForm, Conserved, Equilibrium, Regime, Spectrum, Stability
from symgan.results_discrete import Best, Boundary, Edge, StepBound
from symgan.rules.heavy_ball import heavy_ball
from symgan.rules.oracle import dirac_oracle
from symgan.rules.simultaneous import simultaneous
from symgan.system import Flow, Map

x, y, xi = sp.symbols("x y xi", real=True)
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
    nodes=(sp.Integer(0), sp.I, -sp.I),
    newton=((sp.Integer(0), sp.Integer(1), 1 - sp.I),),
    generic=sp.true,
)


def rows(printed: str) -> list[str]:
    body = printed.removeprefix(r"\begin{aligned}").removesuffix(r"\end{aligned}")
    return body.split(r"\\ ")


def test_flow_is_a_system_of_dots() -> None:
    assert latex(tiny_gan().flow()) == (
        r"\left\{\begin{aligned}\dot{\theta} &= -\psi\\ "
        r"\dot{\psi} &= \theta - \alpha_r\end{aligned}\right."
    )
    assert latex(Flow((x,), (-x,))) == r"\dot{x} = -x"


def test_map_names_the_next_iterate_and_starts_with_the_present_one() -> None:
    assert latex(simultaneous(tiny_gan(), eta)) == (
        r"\left\{\begin{aligned}\theta_{k+1} &= \theta_k - \eta \psi_k\\ "
        r"\psi_{k+1} &= \psi_k + \eta (\theta_k - \alpha_r)\end{aligned}\right."
    )
    theta_1 = sp.Symbol("theta_1", real=True)
    assert latex(Map((theta_1,), (theta_1**2,))) == r"\theta_{1,k+1} = \theta_{1,k}^{2}"


def test_memory_says_how_it_starts_and_noise_that_it_is_drawn() -> None:
    printed = rows(latex(heavy_ball(bilinear(), eta)))
    assert printed[-1] == (
        r"\text{start:} &\quad \theta_{\text{prev},0} = \theta_0,\quad "
        r"\psi_{\text{prev},0} = \psi_0"
    )
    noisy = latex(Map((x,), (x - eta * xi,), (eta,), noise=(xi,)))
    assert rows(noisy) == [
        r"x_{k+1} &= x_k - \eta \xi_k",
        r"&\xi_k \text{ drawn anew in each step}",
    ]


def test_a_switched_map_has_one_brace_for_all_components() -> None:
    assert latex(dirac_oracle(bilinear(), eta)) == (
        r"(\theta_{k+1}, \psi_{k+1}) = \begin{cases}"
        r"(\theta_k + \eta \psi_k, \psi_k) & \text{if } \theta_k \psi_k < 0\\ "
        r"(\theta_k, \psi_k - \eta \theta_k) & \text{if } \theta_k \psi_k > 0\\ "
        r"(\theta_k + \eta \psi_k, \psi_k) & "
        r"\text{if } \theta_k \psi_k = 0\text{ and }\psi_k \neq 0\\ "
        r"(\theta_k, \psi_k - \eta \theta_k) & \text{otherwise}\end{cases}"
    )


def test_games_print_as_min_max_or_player_by_player_with_their_gradient() -> None:
    assert rows(latex(tiny_gan())) == [
        r"&\min_{\theta} \max_{\psi} \; \theta \psi - \alpha_r \psi",
        r"v &= (\psi, \alpha_r - \theta)",
        r"\text{equilibrium:} &\quad (\theta, \psi) = (\alpha_r, 0)",
    ]
    drifting = latex(annealed())
    assert r"\min_{\alpha} \; \ell_3 &= 0" in drifting
    assert r"\dot{\alpha} &= -v_{\alpha} + \frac{(\alpha_r - \alpha_0) e^{-t/T}}{T}" in drifting


def test_spectrum_gives_each_regime_with_its_condition() -> None:
    assert rows(latex(SPECTRUM)) == [
        r"\chi(\lambda) &= \lambda^{2} + \beta \lambda + 1",
        r"\lambda &= -\frac{\beta}{2}\quad (\times 2)",
        r"\text{Hurwitz} &\iff \beta > 0",
        r"\text{center} &\iff \beta = 0",
        r"\text{oscillates} &\iff \beta^{2} < 4",
    ]


def test_conjugate_eigenvalues_share_a_line() -> None:
    root = sp.sqrt(beta**2 - 4)
    values = ((-beta / 2 - root / 2, 1), (root / 2 - beta / 2, 1))
    pair = Spectrum(lam, lam**2 + beta * lam + 1, values, (), sp.false)
    assert r"\lambda &= \frac{-\beta \pm \sqrt{\beta^{2} - 4}}{2}" in rows(latex(pair))
    other = Spectrum(lam, lam**2, ((-beta - root, 1), (beta - 2 * root, 1)), (), sp.false)
    assert r"\pm" not in latex(other)


def test_a_stable_map_is_not_called_hurwitz() -> None:
    discrete = Spectrum(lam, lam, (), (Regime(Stability.STABLE, sp.true),), sp.false, discrete=True)
    printed = rows(latex(discrete))
    assert r"\text{Schur:} &\text{ always}" in printed
    assert r"\text{oscillates:} &\text{ never}" in printed
    assert "Hurwitz" not in latex(discrete)


def test_steps_are_said_as_chains_with_what_happens_at_the_ends() -> None:
    z = sp.Symbol("z")
    bound = StepBound(
        eta,
        sp.Interval.open(0, 1),
        sp.FiniteSet(1),
        eta < 1,
        sp.Eq(eta, 1),
        (Boundary(sp.Integer(1), Edge.CIRCLE, (-sp.I, sp.I)), Boundary(sp.S.Zero, Edge.OPEN)),
        (Best(sp.sqrt(2) / 2, sp.sqrt(3) / 2, sp.true), Best(sp.oo, sp.S.Zero, sp.true, False)),
        z - (1 - eta) ** 2,
        z,
    )
    assert rows(latex(bound)) == [
        r"\chi(z) &= z - (\eta - 1)^{2}",
        r"\text{stable} &\iff 0 < \eta < 1",
        r"\text{marginal} &\iff \eta = 1",
        r"\text{at } \eta = 1\text{:} &\quad \text{eigenvalues } \pm i \text{ on the unit circle}",
        r"\min_{\eta} \rho &= \frac{\sqrt{3}}{2}\quad\text{at } \eta = \frac{\sqrt{2}}{2}",
        r"\inf_{\eta} \rho &= 0\quad\text{as } \eta \to \infty",
    ]


def test_closed_form_shows_both_forms_and_only_parts_that_are_there() -> None:
    assert rows(latex(FORM)) == [
        r"\mathcal{L}\{x\}(s) &= \frac{1}{s^{2} (s^{2} + 1)}",
        r"x(t) &= t - \sin(t)",
        r"x_{\text{oscillatory}}(t) &= -\sin(t)",
        r"x_{\text{secular}}(t) &= t",
        r"\text{amplitude of } x &= 1",
        r"\text{phase of } x &= \pi",
        r"\text{growth of } x &\sim t",
        r"\omega &= 1",
        r"\text{in every regime} &\text{ with } e_j(t) = \exp[s_0, \dots, s_j](t) \text{ and } "
        r"s_0 = 0, s_1 = i, s_2 = -i:",
        r"x(t) &= e_1 + (1 - i) e_2",
    ]


def test_algebraic_numbers_get_one_name_each_and_a_clause() -> None:
    r = sp.Symbol("r")
    root, other = sp.CRootOf(r**5 - r - 1, 0), sp.CRootOf(r**3 - r - 5, 0)
    assert rows(latex(Equilibrium({x: root, y: other + root}, (), sp.true))) == [
        r"&(x, y) = (r_1, r_2 + r_1)",
        r"&\text{where } r_1 = 1.1673\ldots, \text{ the root of } r^{5} - r - 1 \text{ in } (1, 2)",
        r"&r_2 = 1.9041\ldots, \text{ the root of } r^{3} - r - 5 \text{ in } (1, 2)",
    ]


def test_small_results() -> None:
    assert latex(Conserved(x**2 + y**2, sp.S.Zero)) == r"x^{2} + y^{2} = \text{const.}"
    free = Equilibrium({x: sp.S.Zero, y: y}, (y,), sp.Ne(beta, 0))
    assert latex(free) == r"(x, y) = (0, y),\quad y \text{ free}\quad\text{for } \beta \neq 0"


def test_unknown_types_are_refused_by_name() -> None:
    with pytest.raises(TypeError, match="no LaTeX form is known for set"):
        latex({1})
