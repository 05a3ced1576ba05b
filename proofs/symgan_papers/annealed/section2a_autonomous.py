r"""Section 2: the continuous limit, equations (2)-(5), the tiny-GAN."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, by_z3, claim, eq
from symgan.games.annealed import alpha, alpha_r, psi, t, theta, tiny_gan
from symgan.kernels import reference
from symgan.losses import GenericLoss, exponential, with_loss
from symgan.rules.alternating import alternating
from symgan.rules.simultaneous import simultaneous

Place = Mapping[str, Any]
epsilon = Symbol("epsilon", positive=True)
f = GenericLoss


@claim(
    "annealed.continuous-limit",
    source="section 2, first sentence",
    says="for a learning rate tending to zero the continuous system describes gradient descent: "
    "over any fixed time t, n = t/epsilon Euler steps of (5) with f(y) = y turn by the angle t "
    "and keep the distance, in the limit",
    expect=Verdict.PROVED,
)
def continuous_limit() -> Examination:
    modulus, angle = sp.symbols("modulus angle", real=True)
    step = simultaneous(tiny_gan(), epsilon).jacobian()
    size, turn = sp.sqrt(sp.expand(step.det())), sp.atan(step[1, 0] / step[0, 0])
    steps = t / epsilon
    exact = {
        modulus: sp.exp(sp.limit(steps * sp.log(size), epsilon, 0, "+")),
        angle: sp.limit(steps * turn, epsilon, 0, "+"),
    }

    def after(place: Place, rate: Any) -> Any:
        x, y = mpmath.mpf(1), mpmath.mpf(0)
        for _ in range(int(place["t"] / rate)):
            x, y = x - rate * y, y + rate * x
        return mpmath.mpc(x, y)

    def extrapolated(place: Place, part: Any) -> Any:
        # The error is a power series in the rate: Richardson extrapolation on halvings.
        rows = [part(after(place, mpmath.mpf(2) ** -n)) for n in range(3, 11)]
        for order in range(1, 8):
            weight = mpmath.mpf(2) ** order
            rows = [(weight * b - a) / (weight - 1) for a, b in itertools.pairwise(rows)]
        return rows[0]

    numbers = {
        modulus: lambda place: extrapolated(place, abs),
        angle: lambda place: extrapolated(place, mpmath.arg),
    }
    return Examination(
        sp.And(eq(modulus, 1), eq(angle, t)),
        exact,
        # Extrapolation, not the arithmetic, limits the agreement to about a dozen digits.
        by_numbers(numbers, kind="extrapolated:mpmath", points=({t: 1}, {t: 2}), digits=10),
        steps=(
            Step("one Euler step is the matrix", step),
            Step("it turns by atan(epsilon) and stretches by sqrt(1 + epsilon^2)"),
        ),
    )


def _iterated(place: Place, in_turns: bool) -> tuple[Any, Any]:
    """Determinant and trace of one step, from the images of the two unit vectors."""
    columns = []
    for x, y in ((1, 0), (0, 1)):
        new_x = x - place["epsilon"] * y
        new_y = y + place["epsilon"] * (new_x if in_turns else x)
        columns.append((new_x, new_y))
    (p, r), (q, w) = columns
    return p * w - q * r, p + w


_RATES = ({epsilon: sp.Rational(1, 100)}, {epsilon: 1}, {epsilon: sp.Rational(19, 10)})


@claim(
    "annealed.continuous-limit.steady-state",
    source="section 2, used in section 4",
    formal=r"\det = 1, \quad |\operatorname{tr}| < 2",
    says="section 1 says that the players move alternately: "
    "with alternating steps the approximation covers the steady state: for epsilon < 2 the "
    "orbits of (5) with f(y) = y stay on ellipses, bounded for all time as those of the flow",
    expect=Verdict.PROVED,
)
def steady_state() -> Examination:
    determinant, trace = sp.symbols("det_alt tr_alt", real=True)
    in_turn = alternating(tiny_gan(), epsilon).jacobian()
    exact = {determinant: sp.expand(in_turn.det()), trace: in_turn.trace()}
    numbers = {
        determinant: lambda place: _iterated(place, True)[0],
        trace: lambda place: _iterated(place, True)[1],
    }
    return Examination(
        sp.And(eq(determinant, 1), eq(trace, 2 - epsilon**2), trace < 2, trace > -2),
        exact,
        by_numbers(numbers, kind="iterated:mpmath", points=_RATES),
        given=epsilon < 2,
        steps=(Step("alternating step, generator first", in_turn),),
    )


@claim(
    "annealed.continuous-limit.steady-state.simultaneous",
    source="section 2, used in section 4",
    formal=r"\det \le 1",
    says="with simultaneous steps too the orbits stay bounded for some epsilon > 0",
    expect=Verdict.REFUTED,
    amended=r"\det = 1 + \epsilon^2",
    repair="say alternating steps; simultaneous ones spiral out for every epsilon > 0",
)
def steady_state_simultaneous() -> Examination:
    determinant = Symbol("det_sim", real=True)
    together = simultaneous(tiny_gan(), epsilon).jacobian()
    return Examination(
        determinant <= 1,
        {determinant: together.det()},
        by_numbers(
            {determinant: lambda place: _iterated(place, False)[0]},
            kind="iterated:mpmath",
            points=_RATES,
        ),
        amendment=eq(determinant, 1 + epsilon**2),
        steps=(Step("simultaneous step", together),),
    )


@claim(
    "annealed.eq2",
    source="eq. (2)",
    printed=r"\dot\theta = -\nabla_\theta L(\theta,\psi),\quad"
    r" \dot\psi = \nabla_\psi L(\theta,\psi)",
    says="GAN training as a flow: the generator descends, the discriminator ascends",
    expect=Verdict.INFORMAL,
    reason="a definition; symgan's flow of the same game agrees with it (annealed.eq5)",
)
def flow_definition() -> None: ...


@claim(
    "annealed.eq2.autonomous",
    source="section 2",
    says="(2) is autonomous: its right-hand side does not depend on time",
    expect=Verdict.PROVED,
)
def autonomous() -> Examination:
    rates = sp.symbols("dF_theta/dt dF_psi/dt", real=True)
    rhs = tiny_gan(GenericLoss).flow().rhs
    exact = {rate: sp.diff(part, t) for rate, part in zip(rates, rhs, strict=True)}

    def restarted(index: int) -> Any:
        """What a clock set back to zero changes: x(1 + h) from x(0) against x(h) from x(1)."""

        def measure(place: Place) -> Any:
            solver, gap = reference(tiny_gan(exponential).flow()), mpmath.mpf(1) / 8
            start = {theta: place["theta"], psi: place["psi"]}
            values = {alpha_r: place["alpha_r"]}
            middle, late = solver.solve(start, [1, 1 + gap], values)
            again = solver.solve(dict(zip((theta, psi), middle, strict=True)), [gap], values)[0]
            return (late[index] - again[index]) / gap

        return measure

    points = ({theta: 1, psi: sp.Rational(1, 2), alpha_r: 2}, {theta: -1, psi: 1, alpha_r: 1})
    numbers = {rates[0]: restarted(0), rates[1]: restarted(1)}
    return Examination(
        sp.And(*(eq(rate, 0) for rate in rates)),
        exact,
        by_numbers(numbers, points=points),
        steps=(Step("theta' is", rhs[0]), Step("psi' is", rhs[1])),
    )


@claim(
    "annealed.eq2.lipschitz",
    source="section 2",
    says="given Lipschitz continuity of the right-hand side, (2) has a unique solution",
    expect=Verdict.INFORMAL,
    reason="the theorem of Picard and Lindelof, cited, not derived. A hidden word matters: a "
    "local constant gives a solution near t = 0 only (L = -theta^3/3 has theta' = theta^2, which "
    "blows up); annealed.eq2.unique settles the flow that the paper simulates",
)
def lipschitz() -> None: ...


@claim(
    "annealed.eq2.unique",
    source="section 2",
    says="for f(y) = y: "
    "the simulated flow (5) has at most one solution from each state: the squared distance of "
    "two solutions does not change, so solutions that meet once coincide",
    expect=Verdict.PROVED,
)
def unique() -> Examination:
    rate = Symbol("d(distance^2)/dt", real=True)
    other = sp.symbols("theta_1 psi_1", real=True)
    rhs = tiny_gan().flow().rhs
    moved = tuple(part.subs({theta: other[0], psi: other[1]}, simultaneous=True) for part in rhs)
    gap = (theta - other[0], psi - other[1])
    exact = {rate: 2 * sum(g * (x - y) for g, x, y in zip(gap, rhs, moved, strict=True))}
    return Examination(eq(rate, 0), exact, by_z3(exact), steps=(Step("the rate is", exact[rate]),))


@claim(
    "annealed.eq3",
    source="eq. (3)",
    printed=r"L(\theta,\psi,\alpha) = E_{p(z)}[f(D_\psi(G_\theta(z)))]"
    r" + E_{p_D(x;\alpha)}[f(-D_\psi(x))]",
    says="the objective with a data distribution that a state alpha controls",
    expect=Verdict.INFORMAL,
    reason="a definition",
)
def annealed_objective() -> None: ...


@claim(
    "annealed.eq4",
    source="eq. (4)",
    printed=r"L(\theta,\psi,\alpha) = f(\psi\theta) + f(-\psi\alpha)",
    says="with one real point alpha, one generated point theta and D(x) = psi x the objective (3) "
    "is this",
    expect=Verdict.PROVED,
)
def tiny_objective() -> Examination:
    payoff, x = Symbol("L", real=True), Symbol("x", real=True)

    def expectation(integrand: Any, point: Any) -> Any:
        density = sp.DiracDelta(x - point)
        return sp.integrate(integrand * density, (x, -sp.oo, sp.oo))

    exact = {payoff: expectation(f(psi * x), theta) + expectation(f(-psi * x), alpha)}

    def narrow(place: Place) -> Any:
        """Expectations over ever narrower uniform laws, extrapolated to width zero."""

        def mean(sign: int, center: Any, width: Any) -> Any:
            ends = (center - width, center + width)
            whole = mpmath.quad(
                lambda z: -mpmath.exp(-sign * place["psi"] * z), ends, method="gauss-legendre"
            )
            return whole / (2 * width)

        def total(n: Any) -> Any:
            width = mpmath.mpf(2) ** -n
            return mean(1, place["theta"], width) + mean(-1, place["alpha"], width)

        with mpmath.workdps(20):
            return mpmath.limit(total, mpmath.inf)

    points = ({theta: 1, psi: 2, alpha: 3}, {theta: sp.Rational(1, 2), psi: -1, alpha: -2})
    return Examination(
        eq(payoff, f(psi * theta) + f(-psi * alpha)),
        exact,
        # The limit of zero width is extrapolated, which leaves about a dozen digits.
        by_numbers(
            {payoff: narrow}, kind="extrapolated:mpmath", points=points, digits=10, loss=exponential
        ),
        steps=(Step("expectations over Dirac measures, by integration", exact[payoff]),),
    )


@claim(
    "annealed.data-not-at-origin",
    source="section 2",
    says="unlike the Dirac-GAN, the data are not tied to the origin",
    expect=Verdict.INFORMAL,
    reason="a comparison of settings; what it changes is judged in annealed.nonlinear",
)
def data_not_at_origin() -> None: ...


def _descent_line(symbol: Symbol, sign: int, printed: Any) -> Examination:
    """One line of (5): the derived field against the printed one and difference quotients."""
    name = {theta: r"\dot{\theta}", psi: r"\dot{\psi}"}[symbol]
    rate = Symbol(name, real=True)
    game = tiny_gan(GenericLoss)
    flow = game.flow()
    exact = {rate: flow.rhs[flow.state.index(symbol)]}

    def quotient(place: Place) -> Any:
        payoff = sp.lambdify(
            (theta, psi, alpha_r), with_loss(game.losses[0], exponential), "mpmath"
        )
        at = {theta: place["theta"], psi: place["psi"], alpha_r: place["alpha_r"]}
        return sign * mpmath.diff(lambda x: payoff(*({**at, symbol: x}).values()), at[symbol])

    points = (
        {theta: 1, psi: 2, alpha_r: 3},
        {theta: -1, psi: sp.Rational(1, 2), alpha_r: sp.Rational(1, 3)},
    )
    route = by_numbers(
        {rate: quotient},
        kind="differentiated:mpmath",
        points=points,
        loss=exponential,
        digits=20,  # what a central difference leaves of the working precision
    )
    steps = (Step("the payoff, descended by theta and ascended by psi", game.losses[0]),)
    return Examination(eq(rate, printed), exact, route, steps=steps)


@claim(
    "annealed.eq5.theta",
    source="eq. (5), first line",
    printed=r"\dot\theta = -\psi f'(\psi\theta)",
    says="the generator's line of the tiny-GAN flow",
    expect=Verdict.PROVED,
)
def line_theta() -> Examination:
    return _descent_line(theta, -1, -psi * f(psi * theta, 1))


@claim(
    "annealed.eq5.psi",
    source="eq. (5), second line",
    printed=r"\dot\psi = \theta f'(\psi\theta) - \alpha_r f'(-\psi\alpha_r)",
    says="the discriminator's line of the tiny-GAN flow",
    expect=Verdict.PROVED,
)
def line_psi() -> Examination:
    return _descent_line(psi, 1, theta * f(psi * theta, 1) - alpha_r * f(-psi * alpha_r, 1))
