r"""Section 5.2.1, second half: consensus optimization, and the Dirac-GAN."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Matrix, Rational, Symbol

from symgan import rules
from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.games.dirac import dirac
from symgan.losses import GenericLoss, jensen_shannon
from symgan_papers.survey.model_section5_2 import (
    POINTS,
    Payoff,
    Place,
    Vector,
    field_of,
    game,
    jacobian_of,
    lowest_real_part,
    p,
    psi,
    q,
    quadratic_at,
    s,
    square,
    theta,
)

b, a, h = sp.symbols("b a h", positive=True)
d = Symbol("d", nonnegative=True)
weight = Symbol("weight", positive=True)
change, slope_g, slope_d, modulus, low = sp.symbols("change slope_g slope_d modulus low", real=True)
margin = Symbol("margin", real=True)
HALF = Rational(1, 2)


def _energy_slope(payoff: Payoff, x: Any, y: Any) -> Vector:
    """The gradient of |v|^2/2 by difference quotients of the field's length."""

    def energy(t: Any, u: Any) -> Any:
        return square(field_of(payoff, t, u)) / 2

    step = mpmath.mpf(10) ** -12  # the energy of a quadratic payoff is quadratic: no error
    return [
        (energy(x + step, y) - energy(x - step, y)) / (2 * step),
        (energy(x, y + step) - energy(x, y - step)) / (2 * step),
    ]


@claim(
    "survey.consensus.gradient",
    source="section 5.2.1, third display",
    printed=r"\nabla L(\theta) = v'(\theta)^T v(\theta)",
    says="the gradient of L = |v|^2/2, a function that only the text below names, is v' transposed "
    "times v: on a quadratic payoff both components agree",
    expect=Verdict.PROVED,
)
def consensus_gradient() -> Examination:
    found = game()
    energy = sum(v**2 for v in found.v) / 2
    exact = {slope_g: sp.diff(energy, theta), slope_d: sp.diff(energy, psi)}
    product = Matrix([[p, s], [-s, -q]]).T * Matrix([p * theta + s * psi, -s * theta - q * psi])

    def slope(i: int) -> Any:
        return lambda place: _energy_slope(quadratic_at(place), place["theta"], place["psi"])[i]

    return Examination(
        sp.And(eq(slope_g, product[0]), eq(slope_d, product[1])),
        {name: sp.expand(value) for name, value in exact.items()},
        by_numbers({slope_g: slope(0), slope_d: slope(1)}, points=POINTS,
                   kind="differentiated:mpmath", digits=18),
    )  # fmt: skip


def _energy_change(sign: int) -> Any:
    """d(|v|^2/2)/dt along x' = -(v + sign grad L)."""
    found = game()
    v = Matrix(found.v)
    gradient = found.J.T * v
    return sp.expand((gradient.T * (-(v + sign * gradient)))[0])


def _measured_change(sign: int) -> Any:
    def number(place: Place) -> Any:
        payoff, x, y = quadratic_at(place), place["theta"], place["psi"]
        v, g = field_of(payoff, x, y), _energy_slope(payoff, x, y)
        return -sum(e * (u + sign * e) for u, e in zip(v, g, strict=True))

    return number


@claim(
    "survey.consensus.sign",
    source="section 5.2.1, second display",
    printed=r"w(\theta) = v(\theta) - \nabla L(\theta)",
    formal=r"change < 0",
    says="the modified field w, followed as theta' = -w, makes |v|^2/2 fall: where V has no "
    "curvature, V = s theta psi, off the rest point (change: of |v|^2/2 in time)",
    expect=Verdict.REFUTED,
    amended=r"w = v + \nabla L",
    repair="write w = v + grad L: with the survey's v, which is descended, the printed sign makes "
    "|v|^2/2 grow (the source's v is ascended)",
)
def consensus_sign() -> Examination:
    bare = {p: 0, q: 0}
    print_, mended = (_energy_change(sign).subs(bare) for sign in (-1, 1))
    better = Symbol("better", real=True)
    numbers = {change: _measured_change(-1), better: _measured_change(1)}

    def at_rest_of(measure: Any) -> Any:
        return lambda place: measure({**place, "p": mpmath.mpf(0), "q": mpmath.mpf(0)})

    return Examination(
        change < 0,
        {change: sp.expand(print_), better: sp.expand(mended)},
        by_numbers(
            {name: at_rest_of(m) for name, m in numbers.items()},
            points=(
                {s: 2, theta: 1, psi: Rational(1, 2)},
                {s: Rational(1, 3), theta: -2, psi: 1},
                {s: -1, theta: 1, psi: 3},
            ),
            kind="differentiated:mpmath",
            digits=18,
        ),
        given=sp.And(sp.Ne(s, 0), theta > 0, psi > 0),
        amendment=eq(better, -(s**4) * (theta**2 + psi**2)),
        steps=(Step("along x' = -(v +- grad L) it changes by -v.v' v -+ |grad L|^2"),),
    )


def _ahead(place: Place) -> Any:
    """The product of both eigenvalues of J + J^T J, each less the least real part of J's."""
    J = jacobian_of(lambda x, y: place["d"] * x * x / 2 + x * y, mpmath.mpf(1), mpmath.mpf(2))
    values, _ = mpmath.eig(J + J.T * J)
    return mpmath.re(mpmath.fprod(value - lowest_real_part(J) for value in values))


@claim(
    "survey.consensus.faster",
    source="section 5.2.1, below the third display",
    formal=r"margin > 0",
    says="the method makes the flow converge to equilibrium faster: V = d theta^2/2 + theta psi, "
    "0 <= d < 2, where both eigenvalues of v' have real part d/2; do those of the field (its sign "
    "mended) exceed it? (margin: the product of both less d/2; their sum less d is positive)",
    expect=Verdict.CONDITIONAL,
    repair="say where v' has little curvature, here where 2 d^3 + d^2 < 8: with more curvature "
    "one direction becomes slower than the flow itself",
)
def consensus_faster() -> Examination:
    V = d * theta**2 / 2 + theta * psi
    flow = rules.named_flow("consensus")(game(V), gamma=1)
    rates = -Matrix(flow.jacobian())
    plain = game(V).J.trace() / 2
    return Examination(
        margin > 0,
        {margin: sp.expand((rates - plain * sp.eye(2)).det())},
        by_numbers(
            {margin: _ahead},
            points=({d: 0}, {d: 1}, {d: Rational(7, 5)}, {d: Rational(3, 2)}, {d: Rational(9, 5)}),
            kind="differentiated:mpmath",
            digits=18,
        ),
        given=d < 2,
        condition=2 * d**3 + d**2 < 8,
        setting={d: 0},
        steps=(
            Step("v' = [[d, 1], [-1, 0]], v' + v'^T v' = [[1 + d + d^2, 1 + d], [d - 1, 1]]"),
            Step("both eigenvalues exceed d/2 iff the sum less d and the margin are positive"),
        ),
    )


@claim(
    "survey.settled.consensus.bilinear",
    source="section 5.2.1, below the third display",
    formal=r"low = weight b^2",
    says="on V = b theta psi the eigenvalues of v' have real part 0, those of the field with the "
    "sign mended and weight w real part w b^2 (low: the smallest real part)",
    expect=Verdict.PROVED,
)
def consensus_bilinear() -> Examination:
    flow = rules.named_flow("consensus")(game(b * theta * psi), gamma=weight)
    roots = (-flow.jacobian()).eigenvals()

    def number(place: Place) -> Any:
        J = jacobian_of(lambda x, y: place["b"] * x * y, mpmath.mpf(1), mpmath.mpf(2))
        return lowest_real_part(J + place["weight"] * J.T * J)

    return Examination(
        eq(low, weight * b**2),
        {low: sp.Min(*(sp.re(sp.expand(root)) for root in roots))},
        by_numbers(
            {low: number},
            points=({b: 1, weight: 1}, {b: Rational(1, 3), weight: 2}, {b: 5, weight: HALF}),
            digits=18,
        ),
    )


@claim(
    "survey.consensus.convergence",
    source="section 5.2.1, second display",
    says="a slightly modified field: how slight, the survey does not say; the source weighs grad L "
    "with a parameter",
    expect=Verdict.INFORMAL,
    reason="no weight is printed; survey.settled.consensus.* say what each weight does",
)
def consensus_weight() -> None: ...


@claim(
    "survey.settled.consensus.steps",
    source="section 5.2.1",
    formal=r"modulus - 1 = h b (h b - 2 weight b + h weight^2 b^3)",
    says="consensus optimization on V = b theta psi with weight w and step h: each step multiplies "
    "the squared distance by 1 + h b (h b - 2 w b + h w^2 b^3), so that it converges iff "
    "h (1 + w^2 b^2) < 2 w",
    expect=Verdict.PROVED,
)
def consensus_steps() -> Examination:
    step = rules.named("consensus")(game(b * theta * psi), h, gamma=weight)
    image = [f.subs({theta: a, psi: 0}, simultaneous=True) for f in step.rhs]
    exact = sp.expand(sp.cancel(sum(f**2 for f in image) / a**2))

    def number(place: Place) -> Any:
        def payoff(x: Any, y: Any) -> Any:
            return place["b"] * x * y

        state = [mpmath.mpf(1), mpmath.mpf(0)]
        v, g = field_of(payoff, *state), _energy_slope(payoff, *state)
        new = [
            x - place["h"] * (u + place["weight"] * e) for x, u, e in zip(state, v, g, strict=True)
        ]
        return square(new)

    return Examination(
        eq(modulus - 1, h * b * (h * b - 2 * weight * b + h * weight**2 * b**3)),
        {modulus: exact},
        by_numbers(
            {modulus: number},
            points=(
                {b: 1, h: Rational(1, 10), weight: 1},
                {b: 2, h: 1, weight: Rational(1, 2)},
                {b: Rational(1, 3), h: 2, weight: 3},
            ),
            kind="differentiated:mpmath",
            digits=18,
        ),
    )


@claim(
    "survey.settled.consensus.worst-attractor",
    source="section 5.2.1",
    formal=r"low = weight - 1",
    says="consensus optimization also attracts to the opposite of a Nash equilibrium: at "
    "V = (psi^2 - theta^2)/2, where both players sit at their worst, the eigenvalues are w - 1 "
    "with weight w, so that (0, 0) attracts for every w > 1",
    expect=Verdict.PROVED,
)
def worst_attractor() -> Examination:
    flow = rules.named_flow("consensus")(game((psi**2 - theta**2) / 2), gamma=weight)
    ((root, _),) = (-flow.jacobian()).eigenvals().items()

    def number(place: Place) -> Any:
        J = jacobian_of(lambda x, y: (y * y - x * x) / 2, mpmath.mpf(1), mpmath.mpf(2))
        return lowest_real_part(J + place["weight"] * J.T * J)

    return Examination(
        eq(low, weight - 1),
        {low: sp.expand(root)},
        by_numbers({low: number}, points=({weight: 3}, {weight: Rational(1, 2)}), digits=18),
    )


@claim(
    "survey.dirac-gan",
    source="section 5.2.1, paragraph on the Dirac-GAN",
    formal=r"V = f(\psi \theta) + f(0)",
    says="p_gen = delta_theta, D(x) = psi x and data delta_0 give the payoff f(psi theta) + f(0) "
    "for every loss f",
    expect=Verdict.PROVED,
)
def dirac_payoff() -> Examination:
    value = Symbol("V", real=True)
    zero = sp.Integer(0)

    def number(place: Place) -> Any:
        generated, real = place["theta"], mpmath.mpf(0)
        scores = [place["psi"] * generated, -place["psi"] * real]
        return -sum(mpmath.log1p(mpmath.exp(-y)) for y in scores)

    return Examination(
        eq(value, GenericLoss(psi * theta) + GenericLoss(zero)),
        {value: dirac().losses[0]},
        by_numbers(
            {value: number},
            points=({theta: 1, psi: 2}, {theta: -1, psi: 3}),
            digits=30,
            loss=jensen_shannon,
        ),
    )


@claim(
    "survey.dirac-gan.no-convergence",
    source="section 5.2.1, paragraph on the Dirac-GAN",
    formal=r"change = 0",
    says="the unregularized ones do not converge: for every loss f the flow keeps theta^2 + psi^2",
    expect=Verdict.PROVED,
)
def dirac_circles() -> Examination:
    flow = dirac().flow()
    exact = sp.expand(2 * sum(x * f for x, f in zip(flow.state, flow.rhs, strict=True)))

    def number(place: Place) -> Any:
        def payoff(x: Any, y: Any) -> Any:
            return -mpmath.log1p(mpmath.exp(-x * y))

        state = [place["theta"], place["psi"]]
        return -2 * sum(x * v for x, v in zip(state, field_of(payoff, *state), strict=True))

    return Examination(
        eq(change, 0 * GenericLoss(psi * theta, 1)),
        {change: exact},
        by_numbers(
            {change: number},
            points=({theta: 1, psi: 2}, {theta: -1, psi: 3}),
            kind="differentiated:mpmath",
            digits=20,
            loss=jensen_shannon,
        ),
    )


@claim(
    "survey.dirac-gan.most",
    source="section 5.2.1, paragraph on the Dirac-GAN",
    says="a collection of widely used GANs was analyzed, and most of them do not converge",
    expect=Verdict.INFORMAL,
    reason="the collection is the source's; the unregularized ones do not converge "
    "(survey.dirac-gan.no-convergence), those with R1, R2 or instance noise do",
)
def most() -> None: ...


@claim(
    "survey.not-every-equilibrium",
    source="section 5.2.1, last paragraph",
    says="these approaches can converge to an equilibrium that is no Nash equilibrium: at "
    "p = -1 the generator sits at a maximum of V, and with s = 3, q = -2 the trace of v' is "
    "positive and so is its determinant, so that the flow converges",
    expect=Verdict.PROVED,
)
def not_every_equilibrium() -> Examination:
    J = game().J.subs({p: -1, s: 3, q: -2})
    trace, determinant, own = sp.symbols("trace determinant own", real=True)

    def matrix() -> Any:
        return jacobian_of(
            lambda x, y: -x * x / 2 + 3 * x * y - y * y, mpmath.mpf(1), mpmath.mpf(1)
        )

    numbers = {
        trace: lambda place: matrix()[0, 0] + matrix()[1, 1],
        determinant: lambda place: mpmath.det(matrix()),
        own: lambda place: matrix()[0, 0],
    }
    return Examination(
        sp.And(eq(trace, 1), eq(determinant, 7), eq(own, -1)),
        {trace: J.trace(), determinant: J.det(), own: J[0, 0]},
        by_numbers(numbers, points=({a: 1},), kind="differentiated:mpmath"),
    )
