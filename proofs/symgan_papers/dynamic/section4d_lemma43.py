r"""Section 4.2 and appendix D: lemma 4.3, in both printings, and its proof.

Supports are finite sets of atoms; 'not disjoint' means that they share an atom, and
that the images under d share a value. Counterexamples are exact.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, by_z3, claim, eq
from symgan_papers.dynamic.model import Place
from symgan_papers.dynamic.section4c_lemma42 import GAP, closest, nearest

LIPSCHITZ = {0: 0, 1: -1, 3: -1, 4: -2}
"""A continuous piecewise linear critic with slopes -1, 0, -1, by its corners."""
REAL, FAKE = (0, 3), (1, 4)


def _critic(x: Any) -> Any:
    """The critic on numbers."""
    return -x if x <= 1 else (mpmath.mpf(-1) if x <= 3 else 2 - x)


def _steepest() -> Any:
    """The largest slope between corners."""
    corners = sorted(LIPSCHITZ.items())
    slopes = (Rational(d - b, c - a) for (a, b), (c, d) in itertools.pairwise(corners))
    return max(abs(s) for s in slopes)


def _transport() -> Any:
    """Wasserstein distance of the atoms: the cheaper of the two matchings."""
    (a, b), (c, d) = REAL, FAKE
    return sp.Min(sp.Abs(a - c) + sp.Abs(b - d), sp.Abs(a - d) + sp.Abs(b - c)) / 2


@claim(
    "dynamic.lemma4-3.main",
    source="lemma 4.3, main text",
    formal=r"\min_{\hat{x}, x} |d(\hat{x}; \psi^*) - d(x; \psi^*)| > 0",
    says="with an optimal discriminator, projections that share a value come from distributions "
    "that share an atom; judged in the form that disjoint supports have disjoint projections, on "
    "real {0, 3}, synthetic {1, 4} and a critic optimal among all 1-Lipschitz functions",
    expect=Verdict.REFUTED,
    amended=r"\mathcal{L} = \mathcal{W} = 1,\quad \min_{\hat{x}, x} |d(\hat{x}) - d(x)| = 0",
    repair="true for an unconstrained optimal BCE discriminator (dynamic.lemma4-3.amended); an "
    "optimal Wasserstein critic can be constant between the atoms",
)
def lemma_main() -> Examination:
    value, limit, slope = sp.symbols("L W Lip", real=True)
    gain = sum(sp.Rational(LIPSCHITZ[x] - LIPSCHITZ[y], 2) for x, y in zip(REAL, FAKE, strict=True))
    exact = {
        GAP: closest([LIPSCHITZ[x] for x in REAL], [LIPSCHITZ[y] for y in FAKE]),
        value: gain,
        limit: _transport(),
        slope: _steepest(),
    }

    def by_distribution(_: Place) -> Any:
        """W as the integral of |F_r - F_f|, each 1/2 a passed atom."""

        def apart(x: Any) -> Any:
            return abs(sum(v <= x for v in REAL) - sum(v <= x for v in FAKE)) / mpmath.mpf(2)

        return mpmath.quad(apart, [0, 1, 3, 4], method="gauss-legendre")

    numbers = {
        GAP: lambda _: nearest([_critic(x) for x in REAL], [_critic(y) for y in FAKE]),
        value: lambda _: (
            sum(_critic(x) for x in REAL) - sum(_critic(y) for y in FAKE)
        ) / mpmath.mpf(2),
        limit: by_distribution,
        slope: lambda _: max(
            abs(_critic(mpmath.mpf(n + 1) / 8) - _critic(mpmath.mpf(n) / 8)) * 8 for n in range(32)
        ),
    }  # fmt: skip
    return Examination(
        GAP > 0,
        exact,
        by_numbers(numbers),
        amendment=sp.And(eq(GAP, 0), eq(value, 1), eq(limit, 1), eq(slope, 1)),
        steps=(
            Step("d = 0, -1, -1, -2 at 0, 1, 3, 4, linear between: slopes -1, 0, -1"),
            Step("no 1-Lipschitz d gives L more than the transport cost of 0 to 1 and 3 to 4",
                 exact[limit]),
            Step("d attains it, and d(1) = d(3) = -1 belongs to both projections"),
        ),
    )  # fmt: skip


@claim(
    "dynamic.lemma4-3.appendix",
    source="lemma 4.3, appendix D",
    formal=r"\min_{\hat{x}, x} |d(\hat{x}; \psi^*) - d(x; \psi^*)| > 0",
    says="the same words again; judged on BCE loss and the class d(x) = sigma(psi x): real "
    "{-1, 1}, synthetic {0}, whose only optimum is psi = 0",
    expect=Verdict.REFUTED,
    amended=r"\mathcal{L}'(0) = 0,\quad \mathcal{L}'' < 0,\quad"
    r" \min_{\hat{x}, x} |d(\hat{x}) - d(x)| = 0",
    repair="require a class rich enough to hold p_r/(p_r + p_f)",
)
def lemma_appendix() -> Examination:
    y = Symbol("y", real=True)
    slope, curvature = sp.symbols("L' L''", real=True)
    payoff = -(sp.log(1 + sp.exp(-y)) + sp.log(1 + sp.exp(y))) / 2 - sp.log(2)
    exact = {
        slope: sp.diff(payoff, y).subs(y, 0),
        curvature: sp.together(sp.diff(payoff, y, 2).rewrite(sp.exp)),
        GAP: closest([Rational(1, 2), Rational(1, 2)], [Rational(1, 2)]),
    }

    def value(at: Any) -> Any:
        both = mpmath.log1p(mpmath.exp(-at)) + mpmath.log1p(mpmath.exp(at))
        return -both / 2 - mpmath.log(2)

    def image(x: Any) -> Any:
        best = mpmath.findroot(lambda at: mpmath.diff(value, at), mpmath.mpf(1) / 4)
        return 1 / (1 + mpmath.exp(-best * x))

    numbers = {
        slope: lambda _: mpmath.diff(value, 0),
        curvature: lambda q: mpmath.diff(value, q["y"], 2),
        GAP: lambda _: nearest([image(-1), image(1)], [image(0)]),
    }
    points = ({y: 0}, {y: 2}, {y: -1})
    return Examination(
        GAP > 0,
        exact,
        # The optimum is a root of a difference quotient: about twenty digits are left.
        by_numbers(numbers, kind="maximized:mpmath", points=points, digits=15),
        amendment=sp.And(eq(slope, 0), curvature < 0, eq(GAP, 0)),
        steps=(
            Step("the payoff in y = psi", payoff),
            Step("it is strictly concave with slope 0 at 0: d = 1/2 everywhere is the optimum"),
        ),
    )


@claim(
    "dynamic.lemma4-3.amended",
    source="lemma 4.3, repaired",
    formal=r"d^*(x) = 1,\quad d^*(\hat{x}) = 0",
    says="where the lemma is true: the unconstrained optimal BCE discriminator is p_r/(p_r + "
    "p_f), which is 1 on real atoms and 0 on synthetic ones of disjoint supports",
    expect=Verdict.PROVED,
)
def lemma_amended() -> Examination:
    real, fake = sp.symbols("d_real d_fake", real=True)
    p_r, p_f, d = sp.symbols("p_r p_f d", nonnegative=True)
    payoff = p_r * sp.log(d) + p_f * sp.log(1 - d)
    (best,) = sp.solve(sp.together(sp.diff(payoff, d)), d)
    exact = {real: sp.cancel(best.subs(p_f, 0)), fake: best.subs(p_r, 0)}

    def top(mass_real: int, mass_fake: int) -> Callable[[Place], Any]:
        """Where the payoff of an atom with these masses is largest, on a grid with its ends."""

        def value(level: Any) -> Any:
            logs = ((mass_real, level), (mass_fake, 1 - level))
            return sum(mpmath.log(x) if x else -mpmath.inf for mass, x in logs if mass)

        return lambda _: max((mpmath.mpf(n) / 64 for n in range(65)), key=value)

    return Examination(
        sp.And(eq(real, 1), eq(fake, 0)),
        exact,
        by_numbers({real: top(1, 0), fake: top(0, 1)}, kind="maximized:mpmath"),
        steps=(
            Step("at an atom of masses p_r and p_f the payoff is", payoff),
            Step("its maximum is at", best),
        ),
    )


count = Symbol("n", nonnegative=True)


@claim(
    "dynamic.lemma4-3.proof.negation",
    source="proof of lemma 4.3, first sentence",
    formal=r"\neg(n > 0) \Rightarrow n > 0",
    says="'the contradictory statement, where they are non-disjoint in the feature-space': with n "
    "common atoms the lemma concludes n > 0, and what is assumed should be its denial",
    expect=Verdict.REFUTED,
    amended=r"\neg(n > 0) \Rightarrow n = 0",
    repair="assume that they are disjoint in the feature-space; as printed the conclusion is "
    "assumed",
)
def negation() -> Examination:
    return Examination(
        sp.Implies(count <= 0, count > 0, evaluate=False),
        {},
        by_z3({}),
        amendment=sp.Implies(count <= 0, eq(count, 0), evaluate=False),
    )


@claim(
    "dynamic.lemma4-3.proof.maximal-separation",
    source="proof of lemma 4.3, second paragraph",
    formal=r"\mathcal{W}(\psi^*) \ge \mathcal{W}(1)",
    says="the optimal psi separates the projections as far as possible; judged on d = sigma(psi "
    "x), real {-1, 1}, synthetic {0}: their distance at the optimum psi = 0 and at psi = 1",
    expect=Verdict.REFUTED,
    amended=r"\mathcal{W}(\psi^*) = 0 < \mathcal{W}(1)",
    repair="the optimum maximizes L, not the distance of the projections",
)
def maximal_separation() -> Examination:
    best, one = sp.symbols("W_best W_one", real=True)

    def image(at: Any) -> Any:
        return 1 / (1 + sp.exp(-at))

    exact = {
        best: sum(sp.Abs(image(0 * x) - image(0)) for x in (-1, 1)) / 2,
        one: (image(1) - image(-1)) / 2,
    }

    def measure(scale: int) -> Callable[[Place], Any]:
        def value(_: Place) -> Any:
            numbers = [1 / (1 + mpmath.exp(-mpmath.mpf(scale * x))) for x in (-1, 1)]
            return sum(abs(v - mpmath.mpf(1) / 2) for v in numbers) / 2

        return value

    return Examination(
        best >= one,
        exact,
        by_numbers({best: measure(0), one: measure(1)}, kind="evaluated:mpmath"),
        amendment=sp.And(eq(best, 0), one > 0, best < one),
    )


@claim(
    "dynamic.lemma4-3.proof.continuity",
    source="proof of lemma 4.3, last paragraph",
    formal=r"|d(1) - d(3)| > 0",
    says="if two distinct points had one projection, continuity of d would be violated; judged on "
    "the continuous critic of dynamic.lemma4-3.main at 1 and 3",
    expect=Verdict.REFUTED,
    amended=r"|d(1) - d(3)| = 0",
    repair="continuity does not make d injective; no step of this kind proves the lemma, which "
    "is false",
)
def continuity_not_injective() -> Examination:
    exact = {GAP: sp.Abs(sp.Integer(LIPSCHITZ[1] - LIPSCHITZ[3]))}
    numbers = {GAP: lambda _: abs(_critic(mpmath.mpf(1)) - _critic(mpmath.mpf(3)))}
    return Examination(
        GAP > 0, exact, by_numbers(numbers, kind="evaluated:mpmath"), amendment=eq(GAP, 0)
    )
