r"""Left column: GANs, their objective, and the updates."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.losses import GenericLoss, wasserstein
from symgan_papers.stability.model import (
    LOG,
    TRADITIONAL,
    Place,
    a,
    average,
    linear_game,
    measured,
    p,
    plain_field,
    poster_flow,
    q,
    quotient,
    sample_payoff,
    uniform_payoff,
    uniform_wgan,
    w,
    x,
)

t = Symbol("t", real=True)
TIMES = ({t: 2}, {t: Rational(-1, 3)}, {t: 0})


@claim(
    "stability.open-question",
    source="top left",
    says="the stability of the saddle point equilibrium is a fundamental open question about GANs",
    expect=Verdict.INFORMAL,
    reason="a judgement of importance; what is answered is judged entry by entry",
)
def open_question() -> None: ...


@claim(
    "stability.saddle-point",
    source="top left: 'the saddle point equilibrium'",
    formal=r"G \le 1",
    says="the equilibrium is a saddle point of V: no discriminator gains against the equilibrium "
    "generator, and no generator against the equilibrium discriminator. Judged on the small "
    "system with the traditional loss, sample by sample: G is the exponential of the gain of D(x) "
    "= w x^2 at a = 1; at w = 0 the payoff is -2 log 2 for every a, so that the saddle is not "
    "strict in the generator",
    expect=Verdict.PROVED,
)
def saddle_point() -> Examination:
    gain, flat = sp.symbols("G V_G", real=True)
    payoff = sample_payoff(TRADITIONAL)
    best = sp.exp(payoff.subs(a, 1) - payoff.subs({a: 1, w: 0}))
    exact = {gain: best, flat: payoff.subs(w, 0)}

    def at(place: Place, w_: Any, a_: Any) -> Any:
        return LOG(w_ * place["x"] ** 2) + LOG(-w_ * (a_ * place["x"]) ** 2)

    numbers = {
        gain: lambda s: mpmath.exp(at(s, s["w"], 1) - at(s, 0, 1)),
        flat: lambda s: at(s, 0, s["a"]),
    }
    points = ({w: 2, a: 3, x: 1}, {w: -1, a: -2, x: Rational(1, 2)})
    return measured(
        sp.And(gain <= 1, eq(flat, -2 * sp.log(2))),
        exact,
        numbers,
        points,
        Step("f(t) + f(-t) <= 2 f(0) for concave f"),
        kind="evaluated:mpmath",
        digits=38,
    )


@claim(
    "stability.objective.gan",
    source="objective, 'Traditional GAN'",
    formal=r"S = 1 - \frac{1}{1 + e^{-t}}",
    says="with f(t) = log(1/(1 + e^-t)) the objective E f(D(x)) + E f(-D(G(z))) is the original E "
    "log s(D(x)) + E log(1 - s(D(G(z)))), s the logistic function: S is exp f(-t)",
    expect=Verdict.PROVED,
)
def objective_gan() -> Examination:
    fake = Symbol("S", real=True)
    return measured(
        eq(fake, 1 - 1 / (1 + sp.exp(-t))),
        {fake: sp.exp(TRADITIONAL(-t))},
        {fake: lambda s: mpmath.exp(mpmath.quad(lambda u: -1 / (1 + mpmath.exp(-u)), [0, s["t"]]))
         / 2},
        TIMES,
        Step("f(-t) = -log 2 - int_0^t s(u) du, integrated numerically"),
        kind="quadrature:mpmath",
    )  # fmt: skip


@claim(
    "stability.objective.wgan",
    source="objective, 'Wasserstein GAN (WGAN)'",
    formal=r"V = \frac{w}{3} - \frac{w a^2}{3}",
    says="with f(t) = t the objective is E D(x) - E D(G(z)), the difference of the "
    "discriminator's means; on the small system w/3 - w a^2/3",
    expect=Verdict.PROVED,
)
def objective_wgan() -> Examination:
    value = Symbol("V", real=True)
    return measured(
        eq(value, w / 3 - w * a**2 / 3),
        {value: average(sample_payoff(wasserstein))},
        {value: lambda s: uniform_payoff(lambda u: u)(s["w"], s["a"])},
        ({w: 2, a: 3}, {w: -1, a: Rational(1, 2)}),
        kind="quadrature:mpmath",
    )


@claim(
    "stability.objective.direction",
    source="objective, 'How real x is', 'How generated G(z) looks'",
    formal=r"F > 0",
    says="f(D(x)) grows with D(x) and f(-D(G(z))) falls with D(G(z)): f' > 0, so that D large "
    "says real; judged for the traditional loss (f' = 1 for the WGAN)",
    expect=Verdict.PROVED,
)
def direction() -> Examination:
    slope = Symbol("F", real=True)
    return measured(
        slope > 0,
        {slope: sp.diff(TRADITIONAL(t), t)},
        {slope: lambda s: quotient(LOG, (s["t"],), 1)},
        TIMES,
    )


@claim(
    "stability.f.gan",
    source="objective, 'Traditional GAN'",
    printed=r"f(t) = \log\left(\frac{1}{1 + e^{-t}}\right)",
    formal=r"F_2 = -\frac{1}{4}",
    says="the traditional GAN's f (the scan reads 0 = 108(15...)); it satisfies what the theorem "
    "needs of f: f'(0) = 1/2 is not 0 and f''(0) = F_2 is negative",
    expect=Verdict.PROVED,
)
def f_gan() -> Examination:
    return _derivatives(
        TRADITIONAL, lambda u: mpmath.log(1 / (1 + mpmath.exp(-u))), (1, 2), (-1, 4)
    )


@claim(
    "stability.f.wgan",
    source="objective, 'Wasserstein GAN (WGAN)'",
    printed="f(t) = t",
    formal=r"F_2 = 0",
    says="the WGAN's f; f'(0) = 1, and f''(0) = F_2 = 0, so that it fails the hypothesis f''(0) < "
    "0 of the theorem on GANs",
    expect=Verdict.PROVED,
)
def f_wgan() -> Examination:
    return _derivatives(wasserstein, lambda u: u, (1, 1), (0, 1))


def _derivatives(loss: Any, plain: Any, first: Any, second: Any) -> Examination:
    """f'(0) and f''(0) of a loss, against fractions given as pairs."""
    slope, bend = sp.symbols("F_1 F_2", real=True)
    exact = {s: sp.diff(loss(t), t, k).subs(t, 0) for s, k in ((slope, 1), (bend, 2))}
    numbers = {s: (lambda place, k=k: quotient(plain, (0,), k)) for s, k in ((slope, 1), (bend, 2))}
    return measured(
        sp.And(eq(slope, Rational(*first)), eq(bend, Rational(*second))), exact, numbers
    )


@claim(
    "stability.updates",
    source="'Repeat simultaneously'",
    printed=r"\dot\theta_D = \nabla_{\theta_D} V(\theta_G, \theta_D), \quad"
    r" \dot\theta_G = -\nabla_{\theta_G} V(\theta_G, \theta_D)",
    formal=r"\dot w = \frac{1}{3} - \frac{a^2}{3}",
    says="the discriminator ascends and the generator descends one payoff; on the small system "
    "with f(t) = t that is w' = (1 - a^2)/3 and a' = 2 a w/3",
    expect=Verdict.PROVED,
)
def updates() -> Examination:
    names = sp.symbols("w_dot a_dot", real=True)
    field = plain_field(uniform_payoff(lambda u: u))
    numbers = {
        s: (lambda place, i=i: field(place["w"], place["a"])[i]) for i, s in enumerate(names)
    }
    return measured(
        sp.And(eq(names[0], Rational(1, 3) - a**2 / 3), eq(names[1], 2 * a * w / 3)),
        dict(zip(names, poster_flow(uniform_wgan()).rhs, strict=True)),
        numbers,
        ({w: 2, a: 3}, {w: -1, a: Rational(1, 2)}),
    )


@claim(
    "stability.updates.infinitesimal",
    source="below 'Repeat simultaneously'",
    says="to use tools of nonlinear systems both parameters are updated simultaneously (not "
    "alternately) and infinitesimally for the true (not empirical) objective",
    expect=Verdict.INFORMAL,
    reason="a choice of what is studied; that 'not alternately' is no restriction in the "
    "infinitesimal limit is stability.settled.order, and what a step changes is "
    "stability.settled.step",
)
def infinitesimal() -> None: ...


@claim(
    "stability.updates.until",
    source="'Repeat simultaneously ... until theta_D' = 0, theta_G' = 0 (equilibrium)'",
    says="the updates are repeated until both vanish, which is an equilibrium",
    expect=Verdict.INFORMAL,
    reason="a stopping rule, and the definition of an equilibrium; from another start the flow "
    "approaches one and never attains it (stability.settled.until)",
)
def until() -> None: ...


psi, theta, z = sp.symbols("psi theta z", real=True, nonzero=True)
k = Symbol("k", nonnegative=True)


@claim(
    "stability.concave-concave",
    source="bottom left",
    formal=r"\frac{\partial^2 V}{\partial \theta^2} < 0",
    says="proving stability is hard because of concave-concavity, even for linear models and "
    "arbitrarily close to the equilibrium: for D(x) = psi x, G(z) = theta z and the traditional "
    "loss V is strictly concave in the minimizing theta wherever psi is not 0 (sample z)",
    expect=Verdict.PROVED,
)
def concave() -> Examination:
    bend = Symbol("V_tt", real=True)
    exact = {bend: sp.factor(sp.diff(TRADITIONAL(-psi * theta * z), theta, 2))}

    def value(s: Place) -> Any:
        return quotient(lambda g: LOG(-s["psi"] * g * s["z"]), (s["theta"],), 2)

    points = (
        {psi: Rational(1, 1000), theta: 1, z: 1},
        {psi: -2, theta: 3, z: Rational(-1, 2)},
    )
    return measured(bend < 0, exact, {bend: value}, points)


@claim(
    "stability.concave-concave.any-loss",
    source="bottom left",
    formal=r"\frac{\partial^2 V}{\partial \theta^2} < 0",
    says="the same for every concave f, k = -f'' at the sample",
    expect=Verdict.CONDITIONAL,
    amended=r"k > 0",
    repair="require f'' < 0: for f(t) = t linear models have a bilinear objective, which is "
    "convex in theta, and yet the WGAN is the one that does not converge",
)
def concave_any() -> Examination:
    bend = Symbol("V_tt", real=True)
    free = sp.diff(GenericLoss(-psi * theta * z), theta, 2)

    def value(s: Place) -> Any:  # a loss with f'' = -k everywhere
        return quotient(lambda g: -s["k"] * (s["psi"] * g * s["z"]) ** 2 / 2, (s["theta"],), 2)

    points = (
        {psi: 1, theta: 1, z: 1, k: 0},
        {psi: -2, theta: 3, z: Rational(-1, 2), k: Rational(1, 4)},
        {psi: Rational(1, 9), theta: 3, z: 2, k: 1},
    )
    return measured(
        bend < 0,
        {bend: free.replace(GenericLoss, lambda *_: -k)},
        {bend: value},
        points,
        Step("second derivative of f(-psi theta z)", free),
        condition=k > 0,
        setting={k: Rational(1, 4)},
    )


@claim(
    "stability.other-proofs",
    source="bottom left, 'Other proofs [3,4]'",
    says="other proofs require the discriminator to be trained more often",
    expect=Verdict.INFORMAL,
    reason="a statement about other papers",
)
def other_proofs() -> None: ...


@claim(
    "stability.other-proofs.pure-minimization",
    source="bottom left, 'effectively, closer to optimality, bringing system closer to pure "
    "minimization'",
    formal=r"g = \frac{p^2 \theta}{q}",
    says="with the discriminator at its optimum the generator's gradient is that of the function "
    "max_D V, which is pure minimization: near an equilibrium with curvature -q < 0 of the "
    "discriminator both are p^2 theta/q (without curvature, as for the WGAN, no optimum exists)",
    expect=Verdict.PROVED,
)
def pure_minimization() -> Examination:
    both = sp.symbols("g m", real=True)
    game = linear_game()
    theta_, psi_ = game.players[0][0], game.players[1][0]
    best = sp.solve(game.v[1], psi_)[0]
    pure = sp.diff(game.losses[0].subs(psi_, best), theta_)
    exact = {both[0]: game.v[0].subs(psi_, best), both[1]: pure}

    def optimum(s: Place, g: Any) -> Any:
        return mpmath.findroot(lambda d: quotient(lambda u: _plain(s, u, g), (d,), 1), 1)

    def _plain(s: Place, d: Any, g: Any) -> Any:
        return -s["q"] * d**2 / 2 + s["p"] * d * g

    numbers = {
        both[0]: lambda s: quotient(
            lambda g: _plain(s, optimum(s, s["theta"]), g), (s["theta"],), 1
        ),
        both[1]: lambda s: quotient(lambda g: _plain(s, optimum(s, g), g), (s["theta"],), 1),
    }
    points = ({q: 1, p: 2, theta_: 3}, {q: Rational(1, 10), p: Rational(1, 3), theta_: -1})
    return Examination(
        sp.And(*(eq(name, p**2 * theta_ / q) for name in both)),
        exact,
        by_numbers(numbers, points=points, kind="root:mpmath", digits=15),
        steps=(Step("the optimal discriminator", best),),
    )
