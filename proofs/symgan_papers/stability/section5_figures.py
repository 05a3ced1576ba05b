r"""Right column: the WGAN that does not converge, and the streamlines of the small system."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, claim, eq
from symgan.losses import wasserstein
from symgan_papers.stability.model import (
    LINEAR,
    LOG,
    TRADITIONAL,
    Place,
    a,
    along,
    average,
    invariants,
    jacobian_at_rest,
    mean_jacobian,
    measured,
    plain_field,
    plain_jacobian,
    plain_payoff,
    poster_flow,
    quotient,
    sample_game,
    uniform_wgan,
    w,
)

b = Symbol("b", positive=True)
"""A generator parameter a > 0."""
TRACE, DET, DISC = sp.symbols("tr D R", real=True)
ENERGY = w**2 + a**2 / 2 - sp.log(a)
"""The first integral of the unregularized small WGAN on a > 0, up to a constant."""
STARTS = ({w: 2, b: 3}, {w: -1, b: Rational(1, 2)}, {w: 0, b: 5})


def plain_energy(d: Any, g: Any) -> Any:
    """The same as a plain function."""
    return d**2 + g**2 / 2 - mpmath.log(g)


def plain_wgan(d: Any, g: Any) -> Any:
    """The small WGAN's payoff, integrated numerically."""
    return plain_payoff(LINEAR)(d, g)


def change(function: Callable[..., Any], field: Callable[..., Any]) -> Callable[[Place], Any]:
    """The rate of a function of (w, a) along a plain field, by one difference quotient."""

    def rate(s: Place) -> Any:
        d, g = s["w"], s["b"]
        first, second = field(d, g)
        return quotient(lambda t: function(d + t * first, g + t * second), (0,), 1)

    return rate


@claim(
    "stability.thm-wgan",
    source="results, 'Simultaneous gradient descent WGAN'",
    formal=r"E_1 = 0",
    says="there exist simultaneous gradient descent WGAN systems which do not necessarily "
    "converge to the equilibrium: on the small system with f(t) = t, which satisfies assumptions "
    "1 to 3, the energy w^2 + a^2/2 - log a is constant along the flow (its rate is E_1), and "
    "strictly convex with its minimum at the equilibrium (0, 1): a start elsewhere keeps its value",
    expect=Verdict.PROVED,
)
def theorem_wgan() -> Examination:
    names = sp.symbols("E_1 E_ww E_aa E_a", real=True)
    exact = {
        names[0]: sp.cancel(along(ENERGY, poster_flow(uniform_wgan())).subs(a, b)),
        names[1]: sp.diff(ENERGY, w, 2),
        names[2]: sp.diff(ENERGY, a, 2).subs(a, b),
        names[3]: sp.diff(ENERGY, a).subs(a, 1),
    }
    numbers = {
        names[0]: change(plain_energy, plain_field(plain_wgan)),
        names[1]: lambda s: quotient(plain_energy, (s["w"], s["b"]), 2, 0),
        names[2]: lambda s: quotient(plain_energy, (s["w"], s["b"]), 0, 2),
        names[3]: lambda s: quotient(plain_energy, (s["w"], 1), 0, 1),
    }
    statement = sp.And(
        eq(names[0], 0 * w), eq(names[1], 2), eq(names[2], 1 + 1 / b**2), eq(names[3], 0 * w)
    )
    return measured(statement, exact, numbers, STARTS)


def _panel(
    loss: Any, matrix: Callable[[], Any], weight: Any, values: tuple[Any, Any], turning: Any
) -> Examination:
    """Trace, determinant and the sign of the discriminant of J at (0, 1)."""
    J = jacobian_at_rest(loss, weight)
    exact = {TRACE: J.trace(), DET: J.det(), DISC: J.trace() ** 2 - 4 * J.det()}

    def discriminant(s: Place) -> Any:
        trace, det = invariants(matrix())
        return trace**2 - 4 * det

    numbers = {
        TRACE: lambda s: invariants(matrix())[0],
        DET: lambda s: invariants(matrix())[1],
        DISC: discriminant,
    }
    statement = sp.And(eq(TRACE, values[0]), eq(DET, values[1]), turning)
    return measured(statement, exact, numbers, (), Step("the Jacobian", J))


@claim(
    "stability.fig.gan",
    source="figure, panel 'GAN'",
    formal=r"tr = -\frac{1}{10}",
    says="the GAN's streamlines spiral into the equilibrium (0, 1): there J has trace -1/10, "
    "determinant 1/9 and complex eigenvalues (the scan keeps two labels, 'eta = 0' and 'WGAN, "
    "=025'; a panel of the GAN is read from the caption)",
    expect=Verdict.PROVED,
)
def panel_gan() -> Examination:
    return _panel(
        TRADITIONAL, lambda: mean_jacobian(LOG), 0, (-Rational(1, 10), Rational(1, 9)), DISC < 0
    )


@claim(
    "stability.fig.wgan-0",
    source="figure, panel 'WGAN, eta = 0'",
    formal=r"tr = 0",
    says="the WGAN's streamlines are closed around the equilibrium without regularizer: J has "
    "trace 0 and determinant 4/9; closed they are by the convex first integral of "
    "stability.thm-wgan",
    expect=Verdict.PROVED,
)
def panel_wgan() -> Examination:
    return _panel(
        wasserstein, lambda: plain_jacobian(plain_wgan, (0, 1)), 0, (0, Rational(4, 9)), DISC < 0
    )


@claim(
    "stability.fig.wgan-025",
    source="figure, panel 'WGAN, eta = 0.25'",
    formal=r"tr = -\frac{2}{9}",
    says="with the weight 0.25 they spiral into it: J has trace -2/9, determinant 4/9 and complex "
    "eigenvalues (the scan reads 'WGAN, =025')",
    expect=Verdict.PROVED,
)
def panel_regularized() -> Examination:
    quarter = Rational(1, 4)
    return _panel(
        wasserstein,
        lambda: plain_jacobian(plain_wgan, (0, 1), mpmath.mpf(1) / 4),
        quarter,
        (-Rational(2, 9), Rational(4, 9)),
        DISC < 0,
    )


@claim(
    "stability.fig.system",
    source="figure, caption",
    formal=r"\dot a = -2 w a S",
    says="GAN dynamics for a small system learning a uniform distribution, read as D(x) = w x^2, "
    "G(z) = a z, data and latent variable uniform on [-1, 1] (axes w from -1 to 1, a from 0 to "
    "2): a sample's share of the generator's field is -2 w a S, S being -x^2 f'(-w a^2 x^2); at w "
    "= 0 both losses have w' = f'(0) (1 - a^2)/3",
    expect=Verdict.PROVED,
)
def system() -> Examination:
    names = sp.symbols("a_dot S w_dot", real=True)
    flow = poster_flow(sample_game(TRADITIONAL))
    x = flow.parameters[0]
    score = sp.Symbol("u", real=True)
    slope = sp.diff(TRADITIONAL(score), score).subs(score, -w * (a * x) ** 2)
    exact = {
        names[0]: flow.rhs[1],
        names[1]: -(x**2) * slope,
        names[2]: average(flow.rhs[0].subs(w, 0)),
    }

    def sample(s: Place) -> Any:
        return lambda d, g: LOG(d * s["x"] ** 2) + LOG(-d * (g * s["x"]) ** 2)

    def shared(s: Place) -> Any:
        return -(s["x"] ** 2) * quotient(LOG, (-s["w"] * (s["a"] * s["x"]) ** 2,), 1)

    numbers = {
        names[0]: lambda s: plain_field(sample(s))(s["w"], s["a"])[1],
        names[1]: shared,
        names[2]: lambda s: mpmath.quad(
            lambda z: quotient(lambda d: LOG(d * z**2) + LOG(-d * (s["a"] * z) ** 2), (0,), 1),
            [0, 1],
            maxdegree=5,
        ),
    }
    statement = sp.And(eq(names[0], -2 * w * a * names[1]), eq(names[2], (1 - a**2) / 6))
    points = ({w: 1, a: 2, x: Rational(1, 2)}, {w: -1, a: Rational(1, 3), x: 1})
    return measured(statement, exact, numbers, points)
