r"""Section 1: the objective (1), what its loss f covers, and the favorite equilibrium."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol, exp, log

from symgan.claims import Examination, Step, Verdict, by_numbers, by_z3, claim, eq
from symgan.games.annealed import psi
from symgan.losses import jensen_shannon, wasserstein

Place = Mapping[str, Any]
p, q = sp.symbols("p q", positive=True)
v, u = sp.symbols("v u", real=True)


@claim(
    "annealed.first",
    source="abstract",
    says="beta-GAN was the first to propose a complete annealing strategy",
    expect=Verdict.INFORMAL,
    reason="a statement about the history of the field",
)
def first() -> None: ...


@claim(
    "annealed.convergence-not-understood",
    source="abstract and section 1",
    says="the convergence of GANs is not well understood; more study is needed",
    expect=Verdict.INFORMAL,
    reason="an assessment of the literature",
)
def not_understood() -> None: ...


@claim(
    "annealed.eq1",
    source="eq. (1)",
    printed=r"\arg\min_{\theta}\max_{\psi} L(\theta,\psi) = E_{p(z)}[f(D_\psi(G_\theta(z)))]"
    r" + E_{p_D(x)}[f(-D_\psi(x))]",
    says="the GAN objective in its general shape",
    expect=Verdict.INFORMAL,
    reason="a definition; what it covers is judged in the entries below it",
)
def objective() -> None: ...


@claim(
    "annealed.eq1.jensen-shannon",
    source="section 1, below eq. (1)",
    says="with f(y) = -log(1 + exp(-y)) objective (1) is the Jensen-Shannon GAN: the best "
    "discriminator turns p f(v) + q f(-v) into 2 JS minus 2 log 2",
    expect=Verdict.PROVED,
)
def jensen_shannon_objective() -> Examination:
    slope, curvature, peak = sp.symbols("slope curvature peak", real=True)
    payoff = p * jensen_shannon(v) + q * jensen_shannon(-v)
    best = log(p / q)
    exact = {
        slope: sp.diff(payoff, v).subs(v, best),
        curvature: sp.diff(payoff, v, 2),
        peak: payoff.subs(v, best),
    }
    mixture = p * log(2 * p / (p + q)) + q * log(2 * q / (p + q))
    statement = sp.And(eq(slope, 0), curvature < 0, eq(peak, mixture - (p + q) * log(2)))

    def value(x: Any, y: Any, at: Any) -> Any:
        return -x * mpmath.log1p(mpmath.exp(-at)) - y * mpmath.log1p(mpmath.exp(at))

    def top(place: Place) -> Any:
        x, y = place["p"], place["q"]
        return mpmath.findroot(lambda at: x / (1 + mpmath.exp(at)) - y / (1 + mpmath.exp(-at)), 0)

    numbers = {
        slope: lambda place: (
            place["p"] / (1 + mpmath.exp(top(place))) - place["q"] / (1 + mpmath.exp(-top(place)))
        ),
        curvature: lambda place: mpmath.diff(
            lambda at: value(place["p"], place["q"], at), place["v"], 2
        ),
        peak: lambda place: value(place["p"], place["q"], top(place)),
    }
    return Examination(
        statement,
        exact,
        by_numbers(numbers, kind="maximized:mpmath", points=_DENSITIES),
        steps=(
            Step("the integrand of (1) at one point, densities p (generated) and q (real)", payoff),
            Step("its slope vanishes at the log ratio of the densities", eq(v, best)),
            Step("its curvature is negative everywhere, so this is the only maximum",
                 sp.diff(payoff, v, 2)),
        ),
    )  # fmt: skip


_DENSITIES = (
    {p: sp.Rational(1, 3), q: 2, v: sp.Rational(1, 2)},
    {p: 5, q: sp.Rational(1, 7), v: -3},
    {p: 1, q: 1, v: 0},
)


@claim(
    "annealed.eq1.wasserstein",
    source="section 1 and section 3",
    printed="",
    says="with f(y) = y objective (1) becomes that of the Wasserstein GAN, critic C = -D",
    expect=Verdict.PROVED,
)
def wasserstein_objective() -> Examination:
    integrand, critic = sp.symbols("integrand C", real=True)
    exact = {integrand: p * wasserstein(-critic) + q * wasserstein(critic)}
    numbers = {integrand: lambda place: place["p"] * -place["C"] - -place["C"] * place["q"]}
    return Examination(
        eq(integrand, q * critic - p * critic),
        exact,
        by_numbers(numbers, kind="evaluated:mpmath"),
        steps=(Step("put D = -C into p f(D) + q f(-D)"),),
    )


@claim(
    "annealed.eq1.wasserstein.value",
    source="section 3",
    formal=r"\psi (\theta - \alpha) \le |\theta - \alpha|",
    says="read as W-GAN's own objective, the inner maximum over psi is the Wasserstein distance "
    "of the two points, so psi (theta - alpha) never exceeds it",
    expect=Verdict.REFUTED,
    amended=r"|\psi| \le 1 \Rightarrow \psi(\theta-\alpha) \le |\theta-\alpha|",
    repair="add the constraint |psi| <= 1 (a 1-Lipschitz critic), which (1) leaves out",
)
def wasserstein_value() -> Examination:
    d = Symbol("d", real=True)
    bounded = sp.And(psi >= -1, psi <= 1)
    return Examination(
        psi * d <= sp.Abs(d),
        {},
        by_z3({}),
        amendment=sp.Implies(bounded, psi * d <= sp.Abs(d), evaluate=False),
        steps=(
            Step("with d = theta - alpha the payoff of the tiny-GAN is psi d", psi * d),
            Step("without a bound on psi its supremum is infinite unless d = 0"),
        ),
    )


@claim(
    "annealed.eq1.f-gan",
    source="section 1, below eq. (1)",
    says="choosing f in (1) gives the f-GAN objectives; judged on Kullback-Leibler: with fake "
    "term f(D) = h(T), real term f(-D) = T and h = -f*, replacing D by -D forces h(h(u)) = u",
    expect=Verdict.REFUTED,
    amended=r"f^*(u) = -\log(1 - e^u):\; h(h(u)) = u",
    repair="restrict to f-GANs whose h = -f* is its own inverse (the Jensen-Shannon GAN is one)",
)
def f_gan() -> Examination:
    twice_kl, twice_js = sp.symbols("h_KL(h_KL(u)) h_JS(h_JS(u))", real=True)

    def kl(x: Any) -> Any:
        return -exp(x - 1)

    def js(x: Any) -> Any:
        return log(1 - exp(x))

    exact = {twice_kl: kl(kl(u)), twice_js: js(js(u))}
    numbers = {
        twice_kl: lambda place: -mpmath.exp(-mpmath.exp(place["u"] - 1) - 1),
        twice_js: lambda place: mpmath.log(-mpmath.expm1(mpmath.log(-mpmath.expm1(place["u"])))),
    }
    return Examination(
        eq(twice_kl, u),
        exact,
        by_numbers(numbers, kind="evaluated:mpmath"),
        amendment=eq(twice_js, u),
        amendment_given=u < 0,
        steps=(
            Step("f-GAN: maximize E_q[T] - E_p[f*(T)]; the fake term is h(T) with h = -f*"),
            Step("one f for both terms: f(-D) = T and f(D) = h(T) for every D, hence also with -D"),
            Step("Kullback-Leibler has f*(u) = exp(u - 1)", eq(twice_kl, kl(kl(u)))),
        ),
    )


@claim(
    "annealed.eq1.f-prime",
    source="section 1",
    printed=r"f'(x) \ne 0",
    says="the losses of the named works (Wasserstein, Jensen-Shannon) have a derivative "
    "that never vanishes; both are positive",
    expect=Verdict.PROVED,
)
def f_prime() -> Examination:
    slope_w, slope_js = sp.symbols("f_W' f_JS'", real=True)
    exact = {slope_w: sp.diff(wasserstein(v), v), slope_js: sp.diff(jensen_shannon(v), v)}
    numbers = {
        slope_w: lambda place: mpmath.diff(lambda y: y, place["v"]),
        slope_js: lambda place: mpmath.diff(lambda y: -mpmath.log1p(mpmath.exp(-y)), place["v"]),
    }
    points = ({v: 0}, {v: 3}, {v: -4})
    return Examination(
        sp.And(slope_w > 0, slope_js > 0),
        exact,
        by_numbers(numbers, kind="differentiated:mpmath", points=points),
    )
