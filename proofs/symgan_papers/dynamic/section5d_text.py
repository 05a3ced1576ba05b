r"""Section 5 around the algorithm and the theorem: eigenvalues, frequencies, regret."""

from __future__ import annotations

import itertools
from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.algorithm_model import linear_part
from symgan_papers.dynamic.model import (
    WASSERSTEIN,
    Place,
    eta,
    fields,
    image,
    psi,
    slope,
    theta,
    update,
    wasserstein_game,
)
from symgan_papers.dynamic.oracle_orbits import orbit

STATE = sp.Matrix([theta, psi])
DISCRIMINANT = Symbol("D", real=True)
RATES = ({eta: Rational(1, 10)}, {eta: 1}, {eta: Rational(19, 10)})


def _discriminant(matrix: Any) -> Any:
    """Squared difference of the two eigenvalues: negative if they are not real."""
    return sp.factor(matrix.trace() ** 2 - 4 * matrix.det())


@claim(
    "dynamic.sec5-1.v3-nonreal",
    source="section 5.1, last paragraph",
    formal=r"D(V_3') = -4",
    says="the Jacobian of V_3 has non-real eigenvalues: on the Dirac-GAN with Wasserstein loss",
    expect=Verdict.PROVED,
)
def v3_nonreal() -> Examination:
    both = sp.Matrix(fields(wasserstein_game())["V3"]).jacobian(STATE)

    def measured(_: Place) -> Any:
        mixed = mpmath.diff(WASSERSTEIN, (0, 0), (1, 1))
        matrix = mpmath.matrix([[0, -mixed], [mixed, 0]])
        first, second = mpmath.eig(matrix, left=False, right=False)
        return mpmath.re((first - second) ** 2)

    return Examination(
        eq(DISCRIMINANT, -4),
        {DISCRIMINANT: _discriminant(both)},
        by_numbers({DISCRIMINANT: measured}, kind="differentiated:mpmath", digits=20),
        steps=(Step("the Jacobian of V_3", both),),
    )


@claim(
    "dynamic.sec5-1.real-eigenvalues.single",
    source="section 5.1, last paragraph",
    formal=r"D(V_1') = D(V_2') = 0",
    says="updating one player at a time has real eigenvalues: for single updates, on the "
    "Dirac-GAN with Wasserstein loss, x + eta V_1 and x + eta V_2",
    expect=Verdict.PROVED,
)
def real_single() -> Examination:
    one, two = sp.symbols("D_1 D_2", real=True)
    steps = [update(wasserstein_game(), field).jacobian() for field in ("V1", "V2")]

    def measured(player: int) -> Any:
        def step(x: Any, y: Any, rate: Any) -> tuple[Any, Any]:
            if player == 0:
                return x - rate * slope(WASSERSTEIN, 0, x, y), y
            return x, y + rate * slope(WASSERSTEIN, 1, x, y)

        def measure(q: Place) -> Any:
            unit, zero = mpmath.mpf(1), mpmath.mpf(0)
            (a, c), (b, d) = (step(*v, q["eta"]) for v in ((unit, zero), (zero, unit)))
            return (a + d) ** 2 - 4 * (a * d - b * c)

        return measure

    return Examination(
        sp.And(eq(one, 0), eq(two, 0)),
        {one: _discriminant(steps[0]), two: _discriminant(steps[1])},
        by_numbers(
            {one: measured(0), two: measured(1)},
            kind="differentiated:mpmath",
            points=RATES,
            digits=20,
        ),
        steps=(Step("both are shears: the double eigenvalue 1", steps[0]),),
    )


@claim(
    "dynamic.sec5-1.real-eigenvalues.composition",
    source="section 5.1, last paragraph",
    formal=r"D(F_2 \circ F_1) \ge 0",
    says="never applying V_3 prevents non-real eigenvalues: for V_1 then V_2, which Dynamic-GDA "
    "applies in turns, on the Dirac-GAN with Wasserstein loss and eta < 2",
    expect=Verdict.REFUTED,
    amended=r"D(F_2 \circ F_1) = \eta^2 (\eta^2 - 4)",
    repair="single updates have real eigenvalues, their compositions do not: rotation comes from "
    "the game, not from V_3",
)
def real_composition() -> Examination:
    game = wasserstein_game()
    both = update(game, "V1").then(update(game, "V2")).jacobian()
    determinant, trace = linear_part(WASSERSTEIN, in_turn=True)
    return Examination(
        DISCRIMINANT >= 0,
        {DISCRIMINANT: _discriminant(both)},
        by_numbers(
            {DISCRIMINANT: lambda q: trace(q) ** 2 - 4 * determinant(q)},
            kind="iterated:mpmath",
            points=RATES,
            digits=15,  # read off states of size 1e-20
        ),
        given=eta < 2,
        amendment=eq(DISCRIMINANT, eta**2 * (eta**2 - 4)),
        steps=(Step("the Jacobian of the composition", both),),
    )


@claim(
    "dynamic.sec5-1.update-frequency",
    source="section 5.1, third paragraph",
    formal=r"n_1 > n_2",
    says="Dynamic-GDA implicitly updates theta more often; judged by the numbers of V_1 and V_2 in "
    "the eight iterations of a period on the Dirac-GAN with Wasserstein loss, learning rate 1, "
    "from (1, 1), ties psi theta = 0 moving the player whose gradient is not zero",
    expect=Verdict.REFUTED,
    amended=r"n_1 = n_2 = 4",
    repair="'more often than a discriminator-heavy Alt-GDA'; on the Dirac-GAN neither player is "
    "preferred (dynamic.sec5-1.update-frequency.symmetry)",
)
def update_frequency() -> Examination:
    names = sp.symbols("n_1 n_2", integer=True)
    back = sp.symbols("theta_8 psi_8", real=True)
    state, counts = (sp.Integer(1), sp.Integer(1)), {"V1": 0, "V2": 0}
    for _ in range(8):
        field = "V1" if state[0] * state[1] < 0 or state[0] == 0 else "V2"
        counts[field] += 1
        state = image(update(wasserstein_game(), field, sp.Integer(1)), *state)

    def measured(part: str) -> Any:
        def measure(_: Place) -> Any:
            states = list(itertools.islice(orbit((1, 1), 1), 9))
            moves = [a[0] != b[0] for a, b in itertools.pairwise(states)]
            found = {"n_1": sum(moves), "n_2": len(moves) - sum(moves)}
            return (found | {"theta_8": states[8][0], "psi_8": states[8][1]})[part]

        return measure

    exact = dict(zip((*names, *back), (*counts.values(), *state), strict=True))
    return Examination(
        names[0] > names[1],
        {name: sp.sympify(value) for name, value in exact.items()},
        by_numbers({n: measured(n.name) for n in exact}, kind="simulated:integers"),
        amendment=sp.And(*(eq(n, v) for n, v in zip(exact, (4, 4, 1, 1), strict=True))),
        steps=(
            Step("V_2, V_2, V_1, V_1, V_2, V_2, V_1, V_1, and the state is (1, 1) again"),
            Step("a bounded orbit; neither player is updated more often"),
        ),
    )


@claim(
    "dynamic.sec5-1.update-frequency.symmetry",
    source="section 5.1, third paragraph",
    formal=r"R F_1 R^{-1} = F_2",
    says="what is true instead: on the Dirac-GAN with Wasserstein loss the rotation "
    "R(theta, psi) = (psi, -theta) turns V_1 where it is chosen into V_2 where that is chosen, "
    "so neither player is preferred",
    expect=Verdict.PROVED,
)
def frequency_symmetry() -> Examination:
    names = sp.symbols("first second sign", real=True)
    game = wasserstein_game()
    # R is (theta, psi) -> (psi, -theta): undo it, update by V_1, and turn again.
    back = {theta: -psi, psi: theta}
    moved = [part.subs(back, simultaneous=True) for part in update(game, "V1").rhs]
    exact = {
        names[0]: sp.expand(moved[1]),
        names[1]: sp.expand(-moved[0]),
        names[2]: sp.expand((theta * psi).subs(back, simultaneous=True)),
    }
    expected = update(game, "V2").rhs

    def rotated(part: int) -> Any:
        def measure(q: Place) -> Any:
            x, y = -q["psi"], q["theta"]
            x = x - q["eta"] * mpmath.diff(lambda u: WASSERSTEIN(u, y), x)
            return (y, -x)[part]

        return measure

    numbers = {
        names[0]: rotated(0),
        names[1]: rotated(1),
        names[2]: lambda q: -q["psi"] * q["theta"],
    }
    points = ({theta: 1, psi: 2, eta: 1}, {theta: -1, psi: Rational(1, 2), eta: Rational(1, 10)})
    return Examination(
        sp.And(eq(names[0], expected[0]), eq(names[1], expected[1]), eq(names[2], -theta * psi)),
        exact,
        by_numbers(numbers, points=points, digits=25),
        steps=(Step("so theta and psi are updated alike; there is no higher frequency of theta"),),
    )


@claim(
    "dynamic.sec5-1.alt-unable",
    source="section 5.1, third paragraph",
    says="Alt-GDA cannot do this stably: the discriminator gives detrimental gradients once it is "
    "no longer near its optimum",
    expect=Verdict.INFORMAL,
    reason="refers to Goodfellow et al. 2014 on deep networks; on the Dirac-GAN alternating "
    "updates are as stable as the oracle (dynamic.abstract.contrast)",
)
def alt_unable() -> None: ...


@claim(
    "dynamic.sec5-1.key-reason",
    source="section 5.1, second paragraph",
    says="the key reason lies in using one field for a period of iterations until it no longer "
    "promotes beneficial dynamics",
    expect=Verdict.INFORMAL,
    reason="'beneficial' is not defined; using one field for a period is also what destabilizes "
    "dynamic.thm5-1.lyapunov",
)
def key_reason() -> None: ...


@claim(
    "dynamic.sec5.regret",
    source="section 5, below Algorithm 2",
    says="the method aims to minimize the regret of decisions, similar to Kodali et al. 2017",
    expect=Verdict.INFORMAL,
    reason="no regret is defined; Algorithm 2 compares one ratio with two thresholds",
)
def regret() -> None: ...
