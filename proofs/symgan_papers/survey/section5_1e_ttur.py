r"""Section 5.1.3: the two time-scale update rule (TTUR).

a^k and b^k are the steps of the generator and of the discriminator; upper indices count
iterations. Heusel et al. require a^k = o(b^k) besides, which makes the scales two.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, IllPosed, Step, Verdict, by_numbers, claim, eq
from symgan.rules.heavy_ball import heavy_ball
from symgan.rules.simultaneous import simultaneous
from symgan_papers.survey.model_part1 import minmax, theta_d, theta_g

a, b, c, q, v, w = sp.symbols("a b c q v w", positive=True)
p = Symbol("p", real=True)
noise_g, noise_d, x, y = sp.symbols("M_g M_d x y", real=True)
alpha, beta = sp.symbols("alpha beta", positive=True)
PAYOFF = p * theta_g**2 / 2 + theta_g * theta_d - q * theta_d**2 / 2


def _literal(printed_gradient: Any, noise: Symbol, step: Symbol, bound: Symbol) -> IllPosed:
    new, old = sp.symbols("new old", real=True)
    right = old + step * (printed_gradient + noise)
    return IllPosed(
        statement=eq(new, right),
        bound=bound,
        free_side=right,
        readings=("survey.ttur.step.iterate",),
    )


@claim(
    "survey.ttur.generator-step",
    source="section 5.1.3, first display",
    printed=r"\theta_g^{k+1} = \theta_g^k + a^k (-\nabla_{\theta_g} V(\theta_g, \theta_d) + M_g^k)",
    says="the generator's step adds a gradient at (theta_g, theta_d)",
    expect=Verdict.ILL_POSED,
    reason="theta_g and theta_d on the right bear no index: section 2 names them the parameters, "
    "of no iteration in particular, so that the right side depends on a free point (here through "
    "theta_d, V = theta_g theta_d) where the iterate is meant",
)
def generator_step() -> IllPosed:
    return _literal(-sp.diff(theta_g * theta_d, theta_g), noise_g, a, theta_d)


@claim(
    "survey.ttur.discriminator-step",
    source="section 5.1.3, second display",
    printed=r"\theta_d^{k+1} = \theta_d^k + b^k (\nabla_{\theta_d} V(\theta_g, \theta_d) + M_d^k)",
    says="the discriminator's step adds a gradient at (theta_g, theta_d)",
    expect=Verdict.ILL_POSED,
    reason="as survey.ttur.generator-step, through theta_g",
)
def discriminator_step() -> IllPosed:
    return _literal(sp.diff(theta_g * theta_d, theta_d), noise_d, b, theta_g)


@claim(
    "survey.ttur.step.iterate",
    source="section 5.1.3, both displays",
    formal=r"G = \theta_g + a (-p \theta_g - \theta_d + M_g), \quad D = \theta_d + b (\theta_g - "
    r"q \theta_d + M_d)",
    says="the reading at the iterate: TTUR is stochastic gradient descent of the generator and "
    "ascent of the discriminator, with a step each; V = p theta_g^2/2 + theta_g theta_d - "
    "q theta_d^2/2",
    expect=Verdict.PROVED,
)
def step_iterate() -> Examination:
    new_g, new_d = sp.symbols("G D", real=True)
    step = simultaneous(minmax(PAYOFF), (a, b)).rhs
    exact = {new_g: sp.expand(step[0]) + a * noise_g, new_d: sp.expand(step[1]) + b * noise_d}

    def value(place: Any, g: Any, d: Any) -> Any:
        return place["p"] * g * g / 2 + g * d - place["q"] * d * d / 2

    def moved(place: Any, generator: bool) -> Any:
        g, d = place["theta_g"], place["theta_d"]
        if generator:
            slope = mpmath.diff(lambda y: value(place, y, d), g)
            return g + place["a"] * (place["M_g"] - slope)
        slope = mpmath.diff(lambda y: value(place, g, y), d)
        return d + place["b"] * (place["M_d"] + slope)

    numbers = {new_g: lambda z: moved(z, True), new_d: lambda z: moved(z, False)}
    points = (
        {theta_g: 1, theta_d: 2, a: 1, b: 3, p: 2, q: 1, noise_g: 1, noise_d: -2},
        {theta_g: -1, theta_d: 1, a: Rational(1, 2), b: 1, p: -1, q: 2, noise_g: 0, noise_d: 3},
    )
    right_g = theta_g + a * (-p * theta_g - theta_d + noise_g)
    right_d = theta_d + b * (theta_g - q * theta_d + noise_d)
    return Examination(
        sp.And(eq(new_g, right_g), eq(new_d, right_d)),
        exact,
        by_numbers(numbers, kind="differentiated:mpmath", points=points, digits=20),
    )


@claim(
    "survey.ttur.step-sizes",
    source="section 5.1.3, below the displays",
    formal=r"\lim (\sum_{k \le n} a^k - \ln n) = \gamma, \quad \sum (a^k)^2 = \frac{\pi^2}{6}",
    says="sum a^k is infinite and sum (a^k)^2 finite: such sequences exist, as a^k = 1/(k + 1), "
    "whose sums grow like log n",
    expect=Verdict.PROVED,
)
def step_sizes() -> Examination:
    excess, squares = sp.symbols("excess squares", real=True)
    n, j = Symbol("n", positive=True, integer=True), Symbol("j", positive=True, integer=True)
    exact = {
        excess: sp.limit(sp.harmonic(n) - sp.log(n), n, sp.oo),
        squares: sp.summation(1 / j**2, (j, 1, sp.oo)),
    }

    def surplus(_: Any) -> Any:
        """sum 1/j - log n through sum (1/j - log(1 + 1/j)), which converges."""
        return mpmath.nsum(lambda i: 1 / i - mpmath.log1p(1 / i), [1, mpmath.inf])

    numbers = {
        excess: surplus,
        squares: lambda _: mpmath.nsum(lambda i: 1 / i**2, [1, mpmath.inf]),
    }
    return Examination(
        sp.And(eq(excess, sp.EulerGamma), eq(squares, sp.pi**2 / 6)),
        exact,
        by_numbers(numbers, kind="summed:mpmath", points=({},), digits=25),
    )


@claim(
    "survey.ttur.two-scales",
    source="section 5.1.3, below the displays",
    formal=r"r > 0",
    says="with these four conditions the rule has two time scales, a^k/b^k going to 0: for "
    "a^k = k^(-alpha) and b^k = k^(-beta) with exponents in (1/2, 1], which satisfy the four, the "
    "ratio falls like k^(-r)",
    expect=Verdict.CONDITIONAL,
    amended=r"\beta < \alpha",
    repair="add a^k = o(b^k), as Heusel et al. do; a^k = b^k satisfies the four conditions printed",
)
def two_scales() -> Examination:
    rate, k = Symbol("r", real=True), Symbol("k", positive=True)
    ratio = sp.expand_log(sp.log(k**-alpha / k**-beta), force=True)
    exact = {rate: sp.simplify(-sp.limit(ratio / sp.log(k), k, sp.oo))}

    def measured(place: Any) -> Any:
        late = mpmath.mpf(10) ** 6
        return -mpmath.log(late ** -place["alpha"] / late ** -place["beta"]) / mpmath.log(late)

    half = Rational(1, 2)
    points = (
        {alpha: 1, beta: Rational(3, 5)},
        {alpha: Rational(9, 10), beta: Rational(4, 5)},
        {alpha: Rational(3, 5), beta: 1},
    )
    return Examination(
        rate > 0,
        exact,
        by_numbers({rate: measured}, points=points),
        given=sp.And(alpha > half, alpha <= 1, beta > half, beta <= 1),
        condition=beta < alpha,
        setting={alpha: 1, beta: Rational(3, 5)},
    )


@claim(
    "survey.ttur.noise",
    source="section 5.1.3, below the displays",
    says="M_g and M_d are two random variables under some constraints",
    expect=Verdict.INFORMAL,
    reason="the constraints are not given (Heusel et al. take martingale differences)",
)
def noise() -> None: ...


@claim(
    "survey.ttur.heavy-ball",
    source="section 5.1.3, last lines",
    formal=r"R = 0",
    says="with these parameters training is equivalent to the differential equation of the heavy "
    "ball with some friction c, x'' + c x' + grad f = 0: judged along the flow that TTUR follows, "
    "where a generator of parameters x and y alone descends f = (q x^2 + (q + v) y^2)/2. "
    "The one friction that fits x is c = q + 1; R is what then is left of the equation of y",
    expect=Verdict.REFUTED,
    amended=r"R = (q + v) v y",
    repair="say that Adam is (its momentum; survey.settled.ttur.heavy-ball); the steps a^k and b^k "
    "follow x' = -grad f, which is of first order",
)
def heavy_ball_claim() -> Examination:
    residual = Symbol("R", real=True)
    state = (theta_g, y)
    payoff = q * theta_g**2 / 2 + (q + v) * y**2 / 2 - theta_d**2 / 2
    first = minmax(payoff, generator=state).flow().rhs[:2]
    second = [sum(sp.diff(f, s) * g for s, g in zip(state, first, strict=True)) for f in first]
    defects = [
        bend + c * speed + sp.diff(payoff, s)
        for s, speed, bend in zip(state, first, second, strict=True)
    ]
    (friction,) = sp.solve(defects[0], c)
    exact = {residual: sp.factor(sp.expand(defects[1].subs(c, friction)))}

    def measured(place: Any) -> Any:
        def at_rate(rate: Any) -> tuple[Any, Any, Any]:
            orbit = lambda t: mpmath.exp(-rate * t)  # noqa: E731 - solves x' = -rate x
            return orbit(0), mpmath.diff(orbit, 0), mpmath.diff(orbit, 0, 2)

        slow, fast = place["q"], place["q"] + place["v"]
        here, speed, bend = at_rate(slow)
        friction = -(bend + slow * here) / speed
        here, speed, bend = at_rate(fast)
        return place["y"] * (bend + friction * speed + fast * here)

    points = ({q: 1, v: 1, y: 2}, {q: 3, v: 1, y: -1}, {q: Rational(1, 2), v: 2, y: 1})
    return Examination(
        eq(residual, 0),
        exact,
        by_numbers({residual: measured}, kind="differentiated:mpmath", points=points, digits=20),
        amendment=eq(residual, (q + v) * v * y),
        steps=(
            Step("the friction that fits x", friction),
            Step("by the order alone: the heavy ball has two free constants a coordinate"),
        ),
    )


@claim(
    "survey.settled.ttur.heavy-ball",
    source="ours, to section 5.1.3",
    formal=r"R = w + c v + q x",
    says="what does follow the heavy ball with friction is descent with momentum: with steps h^2 "
    "and momentum 1 - c h its defect on a curve with position x, velocity v and acceleration w, "
    "over h^2, tends to R = x'' + c x' + f'(x), f = q x^2/2, as h goes to 0",
    expect=Verdict.PROVED,
)
def momentum() -> Examination:
    defect, h = Symbol("R", real=True), Symbol("h", positive=True)
    game = minmax(q * theta_g**2 / 2 - theta_d**2 / 2)
    step = heavy_ball(game, h**2, beta=1 - c * h)
    past = step.state[2]
    curve = lambda t: x + v * t + w * t**2 / 2  # noqa: E731 - one line of geometry
    new = step.rhs[0].subs({theta_g: curve(0), past: curve(-h)}, simultaneous=True)
    exact = {defect: sp.limit(sp.expand((curve(h) - new) / h**2), h, 0)}

    def measured(place: Any) -> Any:
        small = mpmath.mpf(10) ** -18

        def curve(t: Any) -> Any:
            return place["x"] + place["v"] * t + place["w"] * t * t / 2

        force = -place["q"] * curve(0)
        kept = (1 - place["c"] * small) * (curve(0) - curve(-small))
        return (curve(small) - curve(0) - small**2 * force - kept) / small**2

    points = ({q: 1, c: 2, x: 1, v: 3, w: 1}, {q: 2, c: 1, x: -1, v: 1, w: 5})
    return Examination(
        eq(defect, w + c * v + q * x),
        exact,
        by_numbers({defect: measured}, points=points, digits=15),  # the rest is c w h/2
    )
