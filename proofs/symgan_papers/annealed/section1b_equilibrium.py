r"""Section 1: the favorite equilibrium."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import mpmath
import sympy as sp

from symgan.analysis import equilibria
from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.games.annealed import alpha_r, psi, theta, tiny_gan
from symgan.losses import GenericLoss

Place = Mapping[str, Any]
p, q = sp.symbols("p q", positive=True)
v, u = sp.symbols("v u", real=True)


@claim(
    "annealed.equilibrium.saddle",
    source="section 1, saddle point",
    says="for f(y) = y: "
    "at the favorite equilibrium (alpha_r, 0) neither player can improve alone; sharper, "
    "neither can change the payoff alone: the saddle is not strict",
    expect=Verdict.PROVED,
)
def saddle() -> Examination:
    at_rest, in_psi, in_theta = sp.symbols("L_rest L_psi L_theta", real=True)
    payoff = tiny_gan().losses[0]
    exact = {
        at_rest: payoff.subs({theta: alpha_r, psi: 0}),
        in_psi: payoff.subs({theta: alpha_r}),
        in_theta: payoff.subs({psi: 0}),
    }
    statement = sp.And(eq(in_psi, at_rest), eq(in_theta, at_rest))

    def value(x: Any, y: Any, at: Any) -> Any:
        return y * x + (-y * at)  # f(psi theta) + f(-psi alpha_r) with f(y) = y

    numbers = {
        at_rest: lambda p: value(p["alpha_r"], 0, p["alpha_r"]),
        in_psi: lambda p: value(p["alpha_r"], p["psi"], p["alpha_r"]),
        in_theta: lambda p: value(p["theta"], 0, p["alpha_r"]),
    }
    points = ({alpha_r: 3, theta: -2, psi: 5}, {alpha_r: -1, theta: 4, psi: -3})
    return Examination(
        statement,
        exact,
        by_numbers(numbers, kind="evaluated:mpmath", points=points),
        steps=(
            Step("the payoff is", payoff),
            Step("L(alpha_r, psi) <= L(alpha_r, 0) <= L(theta, 0) hold with equality"),
        ),
    )


@claim(
    "annealed.equilibrium.saddle.general-f",
    source="section 1 (saddle point), any f",
    says="the same for any f: at (alpha_r, 0) the payoff has no positive curvature in psi",
    expect=Verdict.REFUTED,
    formal=r"\frac{\partial^2 L}{\partial \psi^2} \le 0",
    amended=r"\frac{\partial^2 L}{\partial \psi^2} = 2 \alpha_r^2 f''(0)",
    repair="require f(y) + f(-y) <= 2 f(0) for all y, as concave f have it; f''(0) <= 0 is "
    "necessary but not enough (f = y + log(1 + y^4)/4 has f' > 0 and f''(0) = 0, yet psi gains)",
)
def saddle_general() -> Examination:
    curvature, f2 = sp.symbols("L_psipsi f''(0)", real=True)
    payoff = tiny_gan(GenericLoss).losses[0]
    second = sp.diff(payoff, psi, 2).subs({theta: alpha_r}).subs(psi, 0)
    exact = {curvature: second.subs(GenericLoss(0, 2), f2)}

    def measured(place: Place) -> Any:
        # The quadratic loss with this curvature shows it by differences.
        def f(y: Any) -> Any:
            return y + place["f''(0)"] * y**2 / 2

        at = place["alpha_r"]
        return mpmath.diff(lambda x: f(x * at) + f(-x * at), 0, 2)

    points = ({alpha_r: 3, f2: 1}, {alpha_r: 1, f2: -1}, {alpha_r: 2, f2: sp.Rational(1, 3)})
    return Examination(
        curvature <= 0,
        exact,
        by_numbers({curvature: measured}, kind="differentiated:mpmath", points=points, digits=30),
        amendment=eq(curvature, 2 * alpha_r**2 * f2),
        steps=(Step("second derivative of L in psi at (alpha_r, 0)", second),),
    )


@claim(
    "annealed.equilibrium.generator-is-data",
    source="section 1",
    printed=r"G_\theta(z) = p_D(x)",
    says="at the favorite equilibrium the generator makes the data: with f' nowhere zero, (5) "
    "rests at (alpha_r, 0) and nowhere else",
    expect=Verdict.PROVED,
)
def generator_is_data() -> Examination:
    count, where, rest = sp.symbols("n theta_* psi_*", real=True)
    found = equilibria(tiny_gan(GenericLoss).flow(), nonzero=(1,))
    exact = {
        count: sp.Integer(len(found)),
        where: found[0].point[theta],
        rest: found[0].point[psi],
    }

    numbers = {
        count: lambda place: mpmath.mpf(len(_roots(place["alpha_r"]))),
        where: lambda place: _roots(place["alpha_r"])[0][0],
        rest: lambda place: _roots(place["alpha_r"])[0][1],
    }
    return Examination(
        sp.And(eq(count, 1), eq(where, alpha_r), eq(rest, 0)),
        exact,
        by_numbers(numbers, kind="root:mpmath", points=({alpha_r: 3}, {alpha_r: -1})),
        steps=(
            Step("theta' = -psi f'(psi theta) = 0 leaves psi = 0, since f' does not vanish"),
            Step("then psi' = (theta - alpha_r) f'(0) = 0 leaves theta = alpha_r"),
        ),
    )


def _roots(at: Any) -> list[tuple[Any, Any]]:
    """All rest points that Newton's method finds for the Jensen-Shannon loss."""

    def slope(y: Any) -> Any:
        return 1 / (1 + mpmath.exp(y))

    def field(x: Any, y: Any) -> tuple[Any, Any]:
        return -y * slope(y * x), x * slope(y * x) - at * slope(-y * at)

    found: list[tuple[Any, Any]] = []
    for start in itertools.product((-2, 0, 1, 4), (-1, mpmath.mpf("0.3"), 1)):
        try:
            x, y = mpmath.findroot(field, start)
        except (ValueError, ZeroDivisionError):
            continue  # Newton left the domain from this start; the others are tried
        if all(abs(x - other) + abs(y - rest) > mpmath.mpf(10) ** -20 for other, rest in found):
            found.append((x, y))
    return found
