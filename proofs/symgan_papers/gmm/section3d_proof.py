r"""Section 3: theorem 3.1 proved, with explicit constants.

For a fixed discriminator the loss is smooth, its curvature in a mean at least
:math:`-M = -\varphi(1)`. The distance f is a maximum of such losses, so f + M |mu|^2/2 is convex:
an optimal discriminator's gradient g at x satisfies :math:`f(y) \ge f(x) + g (y - x) -
\frac{M}{2} |y - x|^2` for every y, whichever discriminator is chosen where several are optimal.

Far from the truth, consider :math:`e(x) = \min_y f(y) + M |y - x|^2`, reached at one y only, at a
distance d. As f(y) + M |y - x|^2 is M-convex, g (y - x) <= -M d^2, and a step changes e by at most
:math:`M L^2 \eta^2 - 2 M^2 \eta d^2`. Where y is not the truth, f has the gradient 2 M (x - y)
there, of length K at least (lemma 4.2), so that d >= K/(2M).

Near the truth, at h from it, f grows at a rate c at least (`gmm.settled.thm3-1.sharp`), hence
:math:`g h \ge c |h| - M |h|^2`, and steps lead nearer.

Lemmas 4.4 and 4.5 keep the means apart and bounded; lemmas 4.1 and 4.3 are not needed.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Integer, Rational, Symbol

from symgan.claims import Examination, Step, Verdict, claim, eq
from symgan.games.mixture import normal_pdf
from symgan_papers.gmm.model_front import game, measured, phi

gan = game()
mu1, mu2 = gan.mu
(l1, l2), (r1, r2) = gan.left, gan.right
C, delta, eta, K, L, M = sp.symbols("C delta eta K L M", positive=True)
c, d, h, omega = sp.symbols("c d h omega", positive=True)
h1, h2 = sp.symbols("h_1 h_2", real=True)
q_change, q_near, q_square, q_bend, q_least = sp.symbols("change near G b b_0", real=True)
q_wave, q_slow, q_eta, q_level = sp.symbols("W n eta_0 f_0", real=True)
HALF = Rational(1, 2)


@claim(
    "gmm.settled.thm3-1.weakly-convex",
    source="theorem 3.1; section 4, 'our objective function is neither convex nor smooth'",
    formal=r"b = -\varphi(1)",
    says="yet f is convex up to a square: f + phi(1) |mu|^2/2 is convex, as for a fixed "
    "discriminator the second derivative of L in a mean is least where the discriminator covers "
    "what is farther than 1 from it (b; b_0 the least over all events), mixed ones vanish, and a "
    "maximum of convex functions is convex",
    expect=Verdict.PROVED,
)
def weakly_convex() -> Examination:
    y = Symbol("y", real=True)
    inside = sp.diff(gan.L, mu1, 2).subs({l1: mu1 - 1, r1: mu1 + 1, l2: 0, r2: 0})
    # d^2/dm^2 phi(y - m) = ((y - m)^2 - 1) phi(y - m): L has it with the factor -1/2.
    least = -sp.integrate(sp.expand((y**2 - 1) * normal_pdf(y)), (y, 1, sp.oo))
    mixed = Symbol("b_12", real=True)
    exact = {
        q_bend: -sp.simplify(inside),  # the complement's: both together have curvature 0
        q_least: sp.simplify(least),
        mixed: sp.diff(gan.L, mu1, mu2),
    }

    def payoff(m: Any, n: Any) -> Any:
        """Minus the generator's mass of (-oo, -1] and [1, oo)."""
        return -sum(mpmath.ncdf(-1 - k) + mpmath.ncdf(k - 1) for k in (m, n)) / 2

    numbers = {
        q_bend: lambda _: mpmath.diff(lambda m: payoff(m, 5), 0, 2),
        q_least: lambda _: (
            -mpmath.quad(lambda z: max(z * z - 1, 0) * phi(z) / 2, [-30, -6, -1, 1, 6, 30])
        ),
        mixed: lambda _: mpmath.diff(payoff, (0, HALF), (1, 1)),
    }
    value = -normal_pdf(1)
    statement = sp.And(eq(q_bend, value), eq(q_least, value), eq(mixed, 0), evaluate=False)
    return measured(statement, exact, numbers, digits=18, kind="differentiated:mpmath")


@claim(
    "gmm.settled.thm3-1.sharp",
    source="theorem 3.1; Figure 1, caption, 'not differentiable at optimality'",
    formal=r"W = \frac{\omega^2}{4} e^{-\omega^2} (h_1^2 + h_2^2 + 2 h_1 h_2 \cos(\omega \mu_1 - "
    r"\omega \mu_2))",
    says="at the truth f has a corner in every direction: at separation gamma its slope is at "
    "least c = omega e^(-omega^2/2) (1 - cos(omega gamma))^(1/2)/4 for every omega with omega "
    "gamma <= pi/2, as f'(mu*; h) is half the integral of |q|, q the change of the generator's "
    "density along h, and at least half the Fourier transform of q in size; W is the square of the "
    "transform at omega, least for h_1 = -h_2",
    expect=Verdict.PROVED,
)
def sharp() -> Examination:
    y = Symbol("y", real=True)
    one = sp.simplify(sp.integrate(normal_pdf(y) * sp.exp(sp.I * omega * y), (y, -sp.oo, sp.oo)))
    pairs = zip(gan.generator.weights, gan.generator.means, strict=True)
    # Of a component at m: a factor e^(i omega m).
    whole = sum(w * one * sp.exp(sp.I * omega * m) for w, m in pairs)
    along = sp.expand(h1 * sp.diff(whole, mu1) + h2 * sp.diff(whole, mu2))
    real, imaginary = (sp.expand(part) for part in along.rewrite(sp.cos).as_real_imag())
    exact = {q_wave: sp.expand(sp.simplify(real**2 + imaginary**2))}

    def wave(p: Any) -> Any:
        def change(z: Any) -> Any:
            parts = ((p["h_1"], p["mu1"]), (p["h_2"], p["mu2"]))
            return sum(s * (z - m) * phi(z - m) for s, m in parts) / 2

        nodes = [-20, -4, 0, 4, 20]
        turns = (mpmath.cos, mpmath.sin)
        return sum(
            mpmath.quad(lambda z, t=t: change(z) * t(p["omega"] * z), nodes) ** 2 for t in turns
        )

    size = omega**2 * sp.exp(-(omega**2)) / 4
    shape = h1**2 + h2**2 + 2 * h1 * h2 * sp.cos(omega * (mu1 - mu2))
    points = (
        {omega: 1, h1: 1, h2: -2, mu1: -HALF, mu2: HALF},
        {omega: HALF, h1: 3, h2: 1, mu1: 0, mu2: 2},
    )
    return measured(
        eq(q_wave, sp.expand(size * shape)),
        exact,
        {q_wave: wave},
        points,
        kind="integrated:mpmath",
    )


@claim(
    "gmm.thm3-1",
    source="theorem 3.1, with eta = poly(delta, e^(-C^2)) and T = poly(1/delta, e^(C^2)), as its "
    "next sentence has it: 'polynomial in the inverse of the desired accuracy delta and e^(-C^2)'",
    printed=r"d_{\text{TV}}(G_{\mu^*}, G_{\hat{\mu}^{(T)}}) \leq \delta",
    formal=r"change = M L^2 \eta^2 - \frac{\eta K^2}{2}",
    says="there are such eta and T with which optimal discriminator dynamics come within total "
    "variation delta of the truth by step T, and stay there, for delta <= 1. Judged: what a step "
    "does to e(x) where y is K/(2M) away (change), to the squared distance h^2 from the truth "
    "where g h = c h/2 (near), and the squared length of g that no event exceeds (G); the rest, "
    "and the constants, in gmm.settled.thm3-1.explicit. (poly taken literally: gmm.thm3-1.step, "
    "gmm.thm3-1.time)",
    expect=Verdict.PROVED,
)
def theorem() -> Examination:
    z = Symbol("z", positive=True)
    far = K / (2 * M)
    pull = sp.Matrix([-M * far, sp.sqrt(L**2 - (M * far) ** 2)])
    near = sp.Matrix([c / 2, sp.sqrt(L**2 - c**2 / 4)])
    goal, start = sp.Matrix([far, 0]), sp.Matrix([h, 0])
    moved = (goal + eta * pull).dot(goal + eta * pull) - goal.dot(goal)
    after = (start - eta * near).dot(start - eta * near)
    exact = {
        q_change: sp.expand(M * moved),
        q_near: sp.expand(after),
        q_square: 2 * (sp.integrate(z * normal_pdf(z), (z, 0, sp.oo)) / 2) ** 2,
    }

    def change(p: Any) -> Any:
        reach = p["K"] / (2 * p["M"])
        g = mpmath.matrix([-p["M"] * reach, 0])
        g[1] = mpmath.sqrt(p["L"] ** 2 - g[0] ** 2)
        y, x = mpmath.matrix([reach, 0]), -p["eta"] * g
        return p["M"] * (mpmath.norm(y - x) ** 2 - mpmath.norm(y) ** 2)

    def closer(p: Any) -> Any:
        g = (p["c"] / 2, mpmath.sqrt(p["L"] ** 2 - p["c"] ** 2 / 4))
        return mpmath.hypot(p["h"] - p["eta"] * g[0], p["eta"] * g[1]) ** 2

    def square(_: Any) -> Any:
        return 2 * mpmath.diff(lambda m: mpmath.ncdf(-m) / 2, 0) ** 2

    statement = sp.And(
        eq(q_change, M * L**2 * eta**2 - eta * K**2 / 2),
        eq(q_near, h**2 - eta * c * h + eta**2 * L**2),
        eq(q_square, 1 / (4 * sp.pi)),
        evaluate=False,
    )
    points = (
        {K: HALF, M: 2, L: 1, c: 1, h: 3, eta: Rational(1, 10)},
        {K: 1, M: Rational(1, 3), L: 2, c: 3, h: 1, eta: 1},
    )
    return measured(
        statement,
        exact,
        {q_change: change, q_near: closer, q_square: square},
        points,
        Step("far: e lies in [0, 1] and falls by eta K^2/4 a step, if eta <= K^2/(4 M L^2)"),
        Step("a step cannot bring ordered means to the truth's other order (gmm.lemma4-4)"),
        Step("near, h <= c/(2M): g h >= c h - M h^2 >= c h/2; h falls if h >= eta L^2/c, or else "
             "stays below eta L^2/c + eta L <= K/(2M)"),
        Step("f <= L h"),
    )  # fmt: skip


@claim(
    "gmm.settled.thm3-1.explicit",
    source="theorem 3.1 with constants; its footnote",
    formal=r"eta_0 = \frac{\pi K^2}{\varphi(1)}",
    says="let delta <= 1, |mu*_i|, |mu-hat_i| <= C, both pairs delta apart, R = max(3, 2C), K = "
    "phi(2R + 3) (1 - e^(-(delta/800)^2))/2. Then for every eta <= eta_0 = pi K^2/phi(1) total "
    "variation is at most f_0 = K/(4 pi^(1/2) phi(1)) < delta at every step from 4/(eta K^2) on: "
    "from every start, whichever optimal discriminator is taken, also where an iterate is the "
    "truth itself, so without noise. K is at least delta^2 e^(-14 C^2) times a constant. Judged: "
    "eta_0 as the largest step with M L^2 eta^2 <= eta K^2/4, f_0 = L K/(2M) at M = phi(1), L^2 = "
    "1/(4 pi)",
    expect=Verdict.PROVED,
)
def explicit() -> Examination:
    bound, reach = normal_pdf(1), 1 / (2 * sp.sqrt(sp.pi))
    step = sp.solve(M * L**2 * eta - K**2 / 4, eta)[0]
    at = {M: bound, L: reach}
    exact = {q_eta: step.subs(at), q_level: (L * K / (2 * M)).subs(at)}

    def curvature() -> Any:
        return mpmath.quad(lambda y: (y * y - 1) * phi(y), [1, 4, 12, 40])

    def length() -> Any:
        return mpmath.sqrt(2) * mpmath.quad(lambda y: y * phi(y), [0, 4, 12, 40]) / 2

    def largest(p: Any) -> Any:
        """By bisection."""
        low, high = mpmath.mpf(0), mpmath.mpf(1000) * p["K"] ** 2
        bend, pull = curvature(), length()
        for _ in range(200):
            middle = (low + high) / 2
            fits = bend * pull**2 * middle <= p["K"] ** 2 / 4
            low, high = (middle, high) if fits else (low, middle)
        return low

    def level(p: Any) -> Any:
        return length() * p["K"] / (2 * curvature())

    statement = sp.And(
        eq(q_eta, sp.pi * K**2 / normal_pdf(1)),
        eq(q_level, K / (4 * sp.sqrt(sp.pi) * normal_pdf(1))),
        evaluate=False,
    )
    return measured(
        statement,
        exact,
        {q_eta: largest, q_level: level},
        ({K: Rational(1, 100)}, {K: HALF}),
        Step("s = delta/200: both lemmas apply, 4.4 with gamma = delta/2 and 4.5 with the box "
             "|mu_i| <= R, as eta_0 < s; K is lemma 4.2's for |mu_i| <= R + 1 and separation s/2, "
             "which hold at y where d < K/(2M), as K/(2M) < s/4"),
        Step("c >= K: c >= delta/15 (omega = 1, gamma <= pi/2) or 1/(5R) (omega = pi/(2 gamma)), K "
             "<= phi(9) s^2/32; near steps as in gmm.thm3-1 with K <= L"),
        Step("(2R + 3)^2/2 <= 14 C^2 + 11 for R = 2C"),
        kind="bisected:mpmath",
    )  # fmt: skip


@claim(
    "gmm.thm3-1.necessary",
    source="below theorem 3.1: 'The dependence on e^(-C^2) is necessary'",
    formal=r"n = \frac{2 (1 - \delta) \sqrt{2\pi}}{\eta} e^{(C - 1 - \delta/2)^2/2}",
    says="some power of e^(-C^2) is needed: from means (-C, -C + delta) it takes at least n steps "
    "to come within total variation 1/4 of (C - delta, C), C >= 3, delta <= 1/4. As long as both "
    "means are at most 1 - C they attract only from beyond -delta/2, and no step exceeds eta "
    "phi(C - 1 - delta/2)/2; n is (1 - delta) over that",
    expect=Verdict.PROVED,
)
def necessary() -> Examination:
    place = ((C - delta) + (-C)) / 2
    slope = sp.diff(gan.L, mu1).subs({l1: place, l2: 0, r2: 0}).subs(r1, sp.oo).subs(mu1, 1 - C)
    exact = {q_slow: sp.simplify((1 - delta) / (eta * -slope))}

    def steps(p: Any) -> Any:
        """The end of the half-line where the nearest densities are equal, by bisection."""
        low, high = -p["C"], p["C"] - p["delta"]
        for _ in range(220):
            middle = (low + high) / 2
            before = phi(middle - p["C"] + p["delta"]) < phi(middle + p["C"])
            low, high = (middle, high) if before else (low, middle)
        pull = mpmath.diff(lambda m: mpmath.ncdf(m - low) / 2, 1 - p["C"])
        return (1 - p["delta"]) / (p["eta"] * pull)

    points = (
        {C: 3, delta: Rational(1, 4), eta: Rational(1, 10)},
        {C: 5, delta: Rational(1, 10), eta: 1},
    )
    value = 2 * (1 - delta) * sp.sqrt(2 * sp.pi) / eta * sp.exp((C - 1 - delta / 2) ** 2 / 2)
    return measured(
        eq(q_slow, value),
        exact,
        {q_slow: steps},
        points,
        Step("F < 0 left of -delta/2, where each true density is below each of the generator's"),
        Step("both means at most 1 - C: the event (-delta/2, oo) tells them apart by more than "
             "Phi(2) + Phi(7/4) - 1 > 1/4; one of them has to move by 1 - delta first"),
        given=delta < 1,
        kind="bisected:mpmath",
    )  # fmt: skip


@claim(
    "gmm.thm3-1.footnote",
    source="footnote 1: 'we avoid this pathological set with probability 1'",
    formal=r"P = 1 - e^{-\frac{h^2}{2 d^2}}",
    says="Gaussian noise, however small, avoids the set with probability 1: an optimal "
    "discriminator's gradient is undetermined at the truth only, in its two orders (gmm.eq8), and "
    "noise of any size d meets a point with probability 0, the disk of radius h around it with at "
    "most P -> 0. Smallness is not what does it",
    expect=Verdict.PROVED,
)
def footnote() -> Examination:
    chance, rho = Symbol("P", real=True), Symbol("rho", positive=True)
    density = rho / d**2 * sp.exp(-(rho**2) / (2 * d**2))
    exact = {chance: sp.simplify(sp.integrate(density, (rho, 0, h)))}

    def mass(p: Any) -> Any:
        """By columns of the disk; its center is the center of the noise."""

        def column(t: Any) -> Any:
            x, half = p["h"] * mpmath.sin(t), p["h"] * mpmath.cos(t)
            return phi(x / p["d"]) * mpmath.erf(half / p["d"] / mpmath.sqrt(2)) * half / p["d"]

        return mpmath.quad(column, [-mpmath.pi / 2, 0, mpmath.pi / 2])

    value = 1 - sp.exp(-(h**2) / (2 * d**2))
    return measured(
        eq(chance, value),
        exact,
        {chance: mass},
        ({d: 1, h: 1}, {d: HALF, h: Rational(1, 3)}),
        kind="integrated:mpmath",
    )


@claim(
    "gmm.thm3-1.footnote.otherwise",
    source="footnote 1: 'the noise does not otherwise affect the convergence analysis at all'",
    formal=r"P = 0",
    says="under Gaussian noise of size d the conclusion of theorem 3.1 still holds surely: P is "
    "the probability that the last noise alone moves a mean by more than h, say by more than 2 C + "
    "10, which leaves the total variation near 1/2",
    expect=Verdict.REFUTED,
    amended=r"P = 1 - \operatorname{erf}(\frac{h}{\sqrt{2} d})",
    repair="say 'with probability at least 1 - 2 T P', h so small that steps with noise below h "
    "keep the bounds of the analysis; or leave the noise out, which theorem 3.1 does not need "
    "(gmm.settled.thm3-1.explicit)",
)
def otherwise() -> Examination:
    chance, y = Symbol("P", real=True), Symbol("y", real=True)
    exact = {chance: sp.simplify(2 * sp.integrate(normal_pdf(y), (y, h / d, sp.oo)))}
    numbers = {chance: lambda p: 2 * mpmath.ncdf(-p["h"] / p["d"])}
    points = ({d: 1, h: Integer(2)}, {d: HALF, h: Rational(1, 3)})
    return measured(
        eq(chance, 0 * h),
        exact,
        numbers,
        points,
        amendment=eq(chance, 1 - sp.erf(h / (sp.sqrt(2) * d))),
    )
