r"""Section 4: Lemma 4.3, how fast the gradient can change.

Let R bound the means, u < v the generator's, a < b the true ones, h the length of the step, and
:math:`h_1, h_2` the Hermite moments of F.

1. :math:`\epsilon = 6R|h_1| + |h_2| \ge \delta^2/4` outside Opt(delta). Since :math:`(u - a)(u -
   b)` and :math:`(v - a)(v - b)` have size :math:`\epsilon` at most (`gmm.lemma4-3`), each of u, v
   is within :math:`\sqrt\epsilon` of a or b. Both near one: :math:`2\sqrt\epsilon > \delta`. u
   near a, v near b: outside Opt(delta) :math:`\sqrt\epsilon \ge \delta`. Crossed: :math:`2
   \sqrt\epsilon \ge (v - u) + (b - a) > 2\delta`.
2. So :math:`\sup |F| \ge S = \text{poly}(\delta/C)`: :math:`\epsilon \le \int |F|(6R|x| + |x^2 -
   1|)dx`, and what lies beyond a logarithm in :math:`C/\delta` is less than half of it.
3. The gradients differ by at most O(1) times h, the masses of :math:`\varphi'` beyond X (K/8 for
   :math:`X = R + O(\sqrt{\log(1/K)})`) and the measure of :math:`E = \{|x| \le X: |F| \le h\}`,
   since F moves by less than h and its sign can change in E only.
4. :math:`F e^{x^2/2}` is an exponential sum of at most four terms with exponents in [-R, R]. By
   Turán's lemma in Nazarov's form (1993) :math:`|E| \le A \cdot 2X (c\,h\,e^{X^2/2 + 2XR}/S)^{1/3}`
   with absolute constants; :math:`e^{X^2/2 + 2XR}` is polynomial in 1/K and :math:`e^{C^2}`. So a
   polynomial h makes the total K/2.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.games.mixture import mixture_gan, normal_pdf
from symgan_papers.gmm.model_section4 import Place

x, a, b, h1, h2 = sp.symbols("x a b h_1 h_2", real=True)


def _moment(polynomial: Any) -> Any:
    """The integral of a polynomial times F, by the moments of N(m, 1)."""
    gan = mixture_gan()
    total = sp.Integer(0)
    y = Symbol("y", real=True)
    for sign, mixture in ((1, gan.truth), (-1, gan.generator)):
        for weight, mean in zip(mixture.weights, mixture.means, strict=True):
            shifted = sp.Poly(polynomial.subs(x, y + mean), y)
            # E y^k of a standard normal: 1, 0, 1.
            central = {0: 1, 1: 0, 2: 1}
            total += sign * weight * sum(c * central[k] for (k,), c in shifted.terms())
    return sp.expand(total)


@claim(
    "gmm.lemma4-3",
    source="lemma 4.3",
    printed=r"\|\nabla f_{\mu^*}(\hat{\mu}') - \nabla f_{\mu^*}(\hat{\mu})\|_2 \leq K/2 \leq "
    r"\|\nabla f_{\mu^*}(\hat{\mu})\|_2/2",
    formal=r"h_1 = \frac{a + b - u - v}{2}",
    says="steps of polynomial size, whose segment stays out of Opt(delta), change the gradient by "
    "K/2 at most (ordered means, as section 4 assumes; delta need not be small). Judged by machine "
    "are the exact facts that keep F away from 0 there: its Hermite moments h_1, h_2 and (u - a)(u "
    "- b) as a combination of them, so that small moments put both means near the true ones. The "
    "rest is argued in words and cites a theorem, Turan's lemma in the form of Nazarov (1993); the "
    "constants are not computed",
    expect=Verdict.PROVED,
)
def lemma() -> Examination:
    u, v = sp.symbols("u v", real=True)
    first, second, product = sp.symbols("H_1 H_2 product", real=True)
    gan = mixture_gan()
    names = dict(zip((*gan.truth.means, *gan.mu), (a, b, u, v), strict=True))
    one, two = (_moment(e).subs(names) for e in (x, x**2 - 1))
    exact = {first: one, second: two, product: sp.expand((u - a) * (u - b))}

    def moment(index: int) -> Any:
        def hermite(y: Any) -> Any:
            return y if index == 1 else y * y - 1

        def measure(p: Place) -> Any:
            """By the trapezoidal rule, whose error with this step is below e^-170 here."""
            n, step = mpmath.npdf, mpmath.mpf(1) / 3

            def f(y: Any) -> Any:
                return hermite(y) * (n(y, p["a"]) + n(y, p["b"]) - n(y, p["u"]) - n(y, p["v"])) / 2

            return step * mpmath.fsum(f(k * step) for k in range(-57, 58))

        return measure

    # With S, P sum and product: u^2 - S u + P = 0 for the generator's S, P.
    combination = (a + b + u + v) * first - 2 * u * first - second
    measures = {
        first: moment(1),
        second: moment(2),
        product: lambda p: (p["u"] - p["a"]) * (p["u"] - p["b"]),
    }
    points = ({a: -1, b: 1, u: 0, v: 2}, {a: 0, b: 1, u: Rational(-1, 2), v: Rational(1, 3)})
    statement = sp.And(
        eq(first, (a + b - u - v) / 2),
        eq(second, (a**2 + b**2 - u**2 - v**2) / 2),
        eq(product, combination),
    )
    return Examination(
        statement,
        exact,
        by_numbers(measures, points=points, digits=25),
        steps=(
            Step("|means| <= R: |(u - a)(u - b)| <= 6R |h_1| + |h_2|, the same for v; with "
                 "ordered means outside Opt(delta) 6R |h_1| + |h_2| >= delta^2/4"),
            Step("hence max |F| >= poly(delta/C), as the tails beyond a logarithm are small"),
            Step("the gradients differ by O(h), the tails (K/8) and the measure of {|F| <= h}, "
                 "which is O(h^(1/3)) times a polynomial in 1/delta, C, e^(C^2) (Nazarov)"),
            Step("K/2 <= |grad f|/2 is lemma 4.2, which needs neither mu-hat off Rect(0) nor "
                 "gamma <= 1"),
            Step("the hypothesis on Opt(delta) suffices because no other point lacks a gradient; "
                 "with the order of the means, see gmm.sets.opt"),
        ),
    )  # fmt: skip


@claim(
    "gmm.lemma4-3.weak-bound",
    source="section 4, 'a relatively weak bound on the smoothness of the function'",
    formal=r"F_3 = -3 q^3 \varphi(q)",
    says="weak it has to be: the gradient is not Lipschitz off the optimum. With e^(3 q^2/2) = 2, "
    "mu* = (-2q, q), mu-hat = (-q, 2q), the difference F has a triple zero at 0 (F = F' = F'' = "
    "0, F''' = F_3), and dF/dmu-hat_1 = -q phi(q)/2 there is not 0: the end moves like the cube "
    "root of a step and takes the gradient with it (exponent 1/3)",
    expect=Verdict.PROVED,
)
def weak_bound() -> Examination:
    names = sp.symbols("F_0 F_1 F_2 F_3 moved", real=True)
    q = sp.sqrt(2 * sp.log(2) / 3)
    gan = mixture_gan()
    at = dict(zip((*gan.truth.means, *gan.mu), (-2 * q, q, -q, 2 * q), strict=True))
    density = gan.F(x)
    values = [sp.diff(density, x, k) if k else density for k in range(4)]
    values.append(sp.diff(density, gan.mu[0]))
    exact = {n: _reduced(e.subs(x, 0).subs(at)) for n, e in zip(names, values, strict=True)}

    def f(y: Any, shift: Any = 0) -> Any:
        r, n = mpmath.sqrt(2 * mpmath.log(2) / 3), mpmath.npdf
        return (n(y, -2 * r) + n(y, r) - n(y, -r + shift) - n(y, 2 * r)) / 2

    measures: dict[Any, Any] = {
        n: lambda _, k=k: mpmath.diff(f, 0, k) if k else f(mpmath.mpf(0))
        for k, n in enumerate(names[:4])
    }
    measures[names[4]] = lambda _: mpmath.diff(lambda t: f(mpmath.mpf(0), t), 0)
    size = q * normal_pdf(q)
    statement = sp.And(
        *(eq(n, 0) for n in names[:3]),
        eq(names[3], -3 * q**2 * size),
        eq(names[4], -size / 2),
    )
    return Examination(statement, exact, by_numbers(measures, digits=20))


def _reduced(value: Any) -> Any:
    """Exponentials of logarithms of 2 as powers of 2."""
    return sp.expand(sp.powsimp(sp.expand(value.rewrite(sp.exp))))


@claim(
    "gmm.lemma4-3.proof-idea",
    source="section 4, 'the zero crossings of F(mu-hat, x) cannot evolve too unpredictably ... "
    "locally F can be approximated by a low degree polynomial with large coefficients, via "
    "bounding the condition number of a certain Hermite Vandermonde matrix'",
    says="an outline of the proof in the supplement",
    expect=Verdict.INFORMAL,
    reason="the matrix is not given; 'not too unpredictably' can mean no more than exponent 1/3 "
    "(gmm.lemma4-3.weak-bound), and the Hermite moments of gmm.lemma4-3 play the polynomial's part",
)
def proof_idea() -> None: ...


@claim(
    "gmm.lemma4-3.half",
    source="section 4, 'a pair of lemmas which show that our dynamics satisfy the conditions of "
    "lemma 4.1'; 'sufficiently strong in combination with Lemma 4.2 to satisfy Lemma 4.1'",
    formal=r"margin = \frac{s}{2} + r",
    says="lemmas 4.2 and 4.3 give the condition of lemma 4.1 with c = 1/2: a change Delta <= K/2 "
    "of the gradient is at most half its length n >= K; judged with n = K + s and Delta = K/2 - r "
    "by the margin n/2 - Delta",
    expect=Verdict.PROVED,
)
def half() -> Examination:
    bound = Symbol("K", positive=True)
    more, less = sp.symbols("s r", nonnegative=True)
    margin = Symbol("margin", real=True)
    change, size = bound / 2 - less, bound + more

    def measured(p: Place) -> Any:
        """How far the largest allowed change may still grow, by bisection."""
        low, high = mpmath.mpf(0), 2 * (p["K"] + p["s"] + p["r"])
        for _ in range(200):
            middle = (low + high) / 2
            allowed = 2 * (p["K"] / 2 - p["r"] + middle) <= p["K"] + p["s"]
            low, high = (middle, high) if allowed else (low, middle)
        return low

    points = ({bound: 1, more: 2, less: Rational(1, 3)}, {bound: 3, more: Rational(1, 2), less: 1})
    return Examination(
        eq(margin, more / 2 + less),
        {margin: sp.expand(size / 2 - change)},
        by_numbers({margin: measured}, points=points, kind="bisected:mpmath"),
        steps=(Step("n = K + s, Delta = K/2 - r, margin = n/2 - Delta >= 0: c = 1/2"),),
    )
