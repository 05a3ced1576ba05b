r"""Results: the theorem on GANs, and the Jacobian at equilibrium."""

from __future__ import annotations

from typing import Any

import sympy as sp
from sympy import Matrix, Rational, Symbol

from symgan.claims import Examination, Step, Verdict, claim, eq
from symgan.game import zero_sum
from symgan.losses import GenericLoss
from symgan_papers.stability.model import (
    LOG,
    LOG_LOSS,
    TRADITIONAL,
    Place,
    f1,
    f2,
    invariants,
    jacobian_at_rest,
    mean_jacobian,
    measured,
    poster_flow,
    quotient,
)

TRACE, DET = sp.symbols("tr D", real=True)


@claim(
    "stability.thm-gan",
    source="results, theorem on GANs",
    formal=r"tr < 0",
    says="under assumptions 1, 2, 3 the (traditional) GAN system is locally exponentially stable. "
    "Judged on the small system: J at (0, 1) has trace tr = -1/10 and determinant 1/9; for all "
    "sizes it follows from the form of J (stability.jacobian.blocks) and the key lemma",
    expect=Verdict.PROVED,
)
def theorem() -> Examination:
    J = jacobian_at_rest(TRADITIONAL)
    return measured(
        sp.And(TRACE < 0, DET > 0, eq(TRACE, -Rational(1, 10)), eq(DET, Rational(1, 9))),
        {TRACE: J.trace(), DET: J.det()},
        {
            TRACE: lambda s: invariants(mean_jacobian(LOG))[0],
            DET: lambda s: invariants(mean_jacobian(LOG))[1],
        },
        (),
        Step("the Jacobian", J),
    )


@claim(
    "stability.thm-gan.any-f",
    source="results, theorem on GANs",
    formal=r"tr < 0",
    says="the same for any concave f, since f is not restricted in print; the determinant is "
    "positive with f'(0) != 0",
    expect=Verdict.CONDITIONAL,
    amended=r"f_2 < 0",
    repair="require f''(0) < 0 and f'(0) != 0: h_D and h_G of the poster's own WGAN are "
    "strongly convex, and it does not converge (stability.thm-wgan). V_DD < 0, read off the arrow "
    "below h_D as part of the assumption, says the same",
)
def theorem_any_f() -> Examination:
    J = jacobian_at_rest(GenericLoss)

    def plain(s: Place) -> Any:
        return invariants(mean_jacobian(lambda t: s["f1"] * t + s["f2"] * t**2 / 2))

    points = ({f1: Rational(1, 2), f2: -Rational(1, 4)}, {f1: 1, f2: 0}, {f1: -2, f2: -3})
    return measured(
        sp.And(TRACE < 0, DET > 0),
        {TRACE: J.trace(), DET: J.det()},
        {TRACE: lambda s: plain(s)[0], DET: lambda s: plain(s)[1]},
        points,
        Step("the Jacobian", J),
        given=sp.And(f2 <= 0, sp.Ne(f1, 0)),
        condition=f2 < 0,
        setting=LOG_LOSS,
    )


@claim(
    "stability.jacobian",
    source="results, 'the Jacobian at equilibrium is'",
    printed=r"\begin{pmatrix} \nabla^2_{\theta_D} V(\theta_D, \theta_G) &"
    r" \nabla_{\theta_G}\nabla_{\theta_D} V(\theta_D, \theta_G) \\"
    r" -(\nabla_{\theta_G}\nabla_{\theta_D} V(\theta_D, \theta_G))^T &"
    r" -\nabla^2_{\theta_G} V(\theta_D, \theta_G) \end{pmatrix}",
    formal=r"J_{31} = -h_{13}",
    says="the Jacobian of the flow in blocks, with its signs and its transpose: two parameters a "
    "player, any payoff, h_ij its second derivatives at the point",
    expect=Verdict.PROVED,
)
def jacobian() -> Examination:
    state = sp.symbols("x_1:5", real=True)
    second = {(i, j): Symbol(f"h_{i + 1}{j + 1}", real=True) for i in range(4) for j in range(i, 4)}
    h = Matrix(4, 4, lambda i, j: second[min(i, j), max(i, j)])
    payoff = (Matrix([state]) * h * Matrix(state))[0] / 2
    game = zero_sum(
        payoff, minimize=state[2:], maximize=state[:2], parameters=tuple(second.values())
    )
    J = poster_flow(game).jacobian()
    names = {ij: Symbol(f"J_{ij[0] + 1}{ij[1] + 1}", real=True) for ij in _PLACES}

    def entry(i: int, j: int) -> Any:
        sign = 1 if i < 2 else -1

        def of(s: Place) -> Any:
            def value(*z: Any) -> Any:
                return sum(
                    (1 if k == m else 2) * s[name.name] * z[k] * z[m] / 2
                    for (k, m), name in second.items()
                )

            def component(*z: Any) -> Any:
                return sign * quotient(value, z, *(int(k == i) for k in range(4)))

            return quotient(component, (1, 2, 3, 4), *(int(k == j) for k in range(4)))

        return of

    statement = sp.And(*(eq(names[i, j], h[i, j] if i < 2 else -h[i, j]) for i, j in _PLACES))
    points = ({symbol: number for number, symbol in enumerate(second.values(), 2)},)
    return measured(
        statement,
        {name: J[ij] for ij, name in names.items()},
        {name: entry(*ij) for ij, name in names.items()},
        points,
    )


_PLACES = ((0, 0), (0, 1), (0, 2), (1, 2), (0, 3), (2, 0), (2, 1), (3, 0), (2, 2), (2, 3))
"""Entries of all four blocks."""


@claim(
    "stability.jacobian.blocks",
    source="results, the annotated blocks",
    printed=r"\begin{pmatrix} \text{negative} & \text{full column rank} \\ -\text{transpose} & 0"
    r" \end{pmatrix}",
    formal=r"Z = 0",
    says="at the equilibrium the blocks are: negative; of full column rank; minus its transpose; "
    "zero. On the small system with any f they are 2 f''(0)/5, -2 f'(0)/3, 2 f'(0)/3 and Z = 0: "
    "the zero block needs that D vanishes for all x, not on the data alone "
    "(stability.settled.support), the negative one f''(0) < 0, the rank f'(0) != 0",
    expect=Verdict.PROVED,
)
def blocks() -> Examination:
    zero, own, up, down = names = sp.symbols("Z N P M", real=True)
    J = jacobian_at_rest(GenericLoss)
    exact = {zero: J[1, 1], own: J[0, 0], up: J[0, 1], down: J[1, 0]}
    places = {zero: (1, 1), own: (0, 0), up: (0, 1), down: (1, 0)}

    def entry(place: tuple[int, int]) -> Any:
        return lambda s: mean_jacobian(lambda t: s["f1"] * t + s["f2"] * t**2 / 2)[place]

    statement = sp.And(
        eq(zero, 0 * f1),
        eq(own, 2 * f2 / 5),
        eq(up, -2 * f1 / 3),
        eq(down, 2 * f1 / 3),
    )
    points = ({f1: Rational(1, 2), f2: -Rational(1, 4)}, {f1: -2, f2: -3})
    return measured(statement, exact, {name: entry(places[name]) for name in names}, points)
