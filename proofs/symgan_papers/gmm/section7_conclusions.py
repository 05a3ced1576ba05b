r"""Section 7: conclusions."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, claim, eq
from symgan_papers.gmm.model_settled import Place, examined, plain_field, two_modes
from symgan_papers.gmm.settled_i_collapsed import TRUTH, ZERO, enclosed, plain_fit


@claim(
    "gmm.conclusions.any-start",
    source="section 7, fourth sentence",
    formal=r"f_0 = 0",
    says="if we always take optimal discriminator steps, the training dynamics provably converge "
    "from any starting point, (7)-(8) being taken without the noise of footnote 1. From both means "
    "at 0 they do not move (V = 0: the optimal half-lines pull equally), and the total variation "
    "stays f_0",
    expect=Verdict.REFUTED,
    amended=r"f_0 > \frac{1}{20}",
    repair="say from any starting point with different means, as theorem 3.1 does (gmm.thm3-1), or "
    "essentially any, as section 1 does; equal ones stay equal (gmm.experiments.impossible), at "
    "f_0 or more (gmm.settled.collapsed.least); in 41 seeded runs the noise of footnote 1 parts "
    "them (gmm.settled.experiments.noise)",
)
def any_start() -> Examination:
    value, pull = Symbol("f_0", nonnegative=True), Symbol("V", real=True)
    end = Symbol("x_0", positive=True)
    gan = two_modes()
    field = gan.game.flow().rhs[0].subs(dict.fromkeys(gan.mu, 0))
    ends = dict(zip((*gan.left, *gan.right), (-sp.oo, end, -end, sp.oo), strict=True))
    exact = {value: enclosed(ZERO).lower, pull: field.subs(ends)}

    def pulled(s: Place) -> Any:
        far = mpmath.mpf(50)
        return plain_field(TRUTH, (0, 0, -far, s["x_0"], -s["x_0"], far))[0]

    return examined(
        eq(value, 0),
        exact,
        {value: lambda s: plain_fit(0), pull: pulled},
        ({end: 1}, {end: 2}),
        Step("f_0 is enclosed; its lower end stands for it"),
        kind="bisection:mpmath",
        amendment=sp.And(value > Rational(1, 20), eq(pull, 0 * end)),
    )


@claim(
    "gmm.conclusions.first",
    source="section 7, third sentence; abstract; section 6",
    says="the first to establish global convergence guarantees for a parametric GAN model",
    expect=Verdict.INFORMAL,
    reason="a priority; the theorem is judged where it stands",
)
def first() -> None: ...


@claim(
    "gmm.conclusions.insights",
    source="section 7, last sentence",
    says="the results provide new insights and point towards a rich algorithmic landscape",
    expect=Verdict.INFORMAL,
    reason="an outlook",
)
def insights() -> None: ...
