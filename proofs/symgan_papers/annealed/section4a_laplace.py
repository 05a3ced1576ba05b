r"""Section 4, equations (8)-(11): the Laplace domain."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Function, Symbol, cos, exp, sin

from symgan.analysis import equilibria
from symgan.claims import Examination, Step, Verdict, by_numbers, by_z3, claim, eq
from symgan.games.annealed import alpha, alpha_r, annealed, psi, t, theta, tiny_gan
from symgan.losses import GenericLoss
from symgan_papers.annealed.model import (
    MATCHED,
    K,
    T,
    a,
    alpha_0,
    decoupled,
    decoupled_solution,
    places,
    psi_0,
    resolvent,
    s,
    schedule_at,
    theta_0,
)

Place = Mapping[str, Any]
Psi, Theta, Alpha = (Function(name)(s) for name in ("psi", "theta", "alpha"))
Second = Symbol("L{psi''}(s)", real=True)


def transforms() -> dict[Any, Any]:
    """Exact Laplace transforms of the solution of (8) from any start."""
    found = decoupled_solution().laplace
    at_s = {decoupled_solution().frequency: s}
    return {name: part.subs(at_s) for name, part in zip((Theta, Psi, Alpha), found, strict=True)}


def _measured_transforms() -> dict[Any, Any]:
    return {
        name: resolvent(decoupled(), symbol)
        for name, symbol in ((Theta, theta), (Psi, psi), (Alpha, alpha))
    }


def in_laplace_domain(statement: Any, **options: Any) -> Examination:
    """A statement about the transforms, by exact transforms and by numeric resolvents."""
    route = by_numbers(_measured_transforms(), kind="resolvent:mpmath", points=places())
    return Examination(statement, transforms(), route, **options)


def _line_of_eq8(symbol: Symbol, printed: Any) -> Examination:
    rate = Symbol(rf"\dot{{{symbol.name}}}", real=True)
    flow = annealed().flow()
    exact = {rate: flow.rhs[flow.state.index(symbol)]}
    return Examination(
        eq(rate, printed),
        exact,
        by_numbers({rate: _rate(symbol)}, kind="differentiated:mpmath", points=_STATES, digits=20),
        steps=(Step("(7) with f(y) = y and lambda = 0", exact[rate]),),
    )


_STATES = (
    {theta: 1, psi: 2, alpha: 1, alpha_0: 1, alpha_r: 3, T: 3, t: 1},
    {theta: -1, psi: 1, alpha: 2, alpha_0: 2, alpha_r: -1, T: 1, t: 2},
)


def _rate(symbol: Symbol) -> Any:
    """A line of the flow from the payoff psi (theta - alpha) and the schedule, by differences."""

    def payoff(x: Any, y: Any, z: Any) -> Any:
        return y * x - y * z

    def measure(place: Place) -> Any:
        x, y, z = (place[name] for name in ("theta", "psi", "alpha"))
        if symbol is theta:
            return -mpmath.diff(lambda v: payoff(v, y, z), x)
        if symbol is psi:
            return mpmath.diff(lambda v: payoff(x, v, z), y)
        return mpmath.diff(lambda time: schedule_at(place, time), place["t"])

    return measure


@claim(
    "annealed.eq8.theta",
    source="eq. (8), first line",
    printed=r"\dot\theta = -\psi",
    says="(7) for f(y) = y and lambda = 0, the generator",
    expect=Verdict.PROVED,
)
def eq8_theta() -> Examination:
    return _line_of_eq8(theta, -psi)


@claim(
    "annealed.eq8.psi",
    source="eq. (8), second line",
    printed=r"\dot\psi = \theta - \alpha",
    says="(7) for f(y) = y and lambda = 0, the discriminator",
    expect=Verdict.PROVED,
)
def eq8_psi() -> Examination:
    return _line_of_eq8(psi, theta - alpha)


@claim(
    "annealed.eq8.alpha",
    source="eq. (8), third line",
    printed=r"\dot\alpha = \frac{1}{T}(\alpha_r - \alpha_0) e^{-\frac{t}{T}}",
    says="(7) for f(y) = y and lambda = 0, the data point",
    expect=Verdict.PROVED,
)
def eq8_alpha() -> Examination:
    return _line_of_eq8(alpha, (alpha_r - alpha_0) / T * exp(-t / T))


@claim(
    "annealed.eq9.theta",
    source="eq. (9), first line",
    printed=r"s\theta(s) - \theta(0) = -\psi(s)",
    says="Laplace transform of the generator's line",
    expect=Verdict.PROVED,
)
def eq9_theta() -> Examination:
    return in_laplace_domain(eq(s * Theta - theta_0, -Psi))


@claim(
    "annealed.eq9.psi",
    source="eq. (9), second line",
    printed=r"s\psi(s) - \psi(0) = \theta(s) - \alpha(s)",
    says="Laplace transform of the discriminator's line",
    expect=Verdict.PROVED,
)
def eq9_psi() -> Examination:
    return in_laplace_domain(eq(s * Psi - psi_0, Theta - Alpha))


@claim(
    "annealed.eq9.alpha",
    source="eq. (9), third line",
    printed=r"s\alpha(s) - \alpha(0) = \frac{K}{s + a}",
    says="Laplace transform of the data point's line",
    expect=Verdict.PROVED,
)
def eq9_alpha() -> Examination:
    return in_laplace_domain(eq(s * Alpha - alpha_0, K / (s + a)))


@claim(
    "annealed.eq10.rule",
    source="section 4, above eq. (10)",
    formal=r"\mathcal{L}\{\ddot\psi\} = s (s\psi(s) - \psi(0))",
    says="differentiating the second line of (8) amounts to multiplying that of (9) by s",
    expect=Verdict.CONDITIONAL,
    amended=r"\theta(0) = \alpha(0)",
    repair="require theta(0) = alpha(0), or subtract psi'(0) = theta(0) - alpha(0)",
)
def eq10_rule() -> Examination:
    solution = decoupled_solution().solution[1]
    second = sp.diff(solution, t, 2)
    transform = sum(c * transform_table()[part] for part, c in linear_parts(second).items())
    exact = {**transforms(), Second: transform}

    def measured(place: Place) -> Any:
        # psi'' = -psi - K exp(-at), whose transform needs only that of psi.
        return -resolvent(decoupled(), psi)(place) - place["K"] / (place["s"] + place["a"])

    numbers = {**_measured_transforms(), Second: measured}
    return Examination(
        eq(Second, s * (s * Psi - psi_0)),
        exact,
        by_numbers(numbers, kind="resolvent:mpmath", points=places()),
        condition=sp.Eq(theta_0, alpha_0),
        setting={theta_0: 1, alpha_0: 1},
        steps=(
            Step("the rule is L{g'} = s L{g} - g(0); here g = psi' starts at theta(0) - alpha(0)"),
        ),
    )


@cache
def transform_table() -> dict[Any, Any]:
    """Laplace transforms of cos t, sin t and exp(-at), by integration."""
    parts = (cos(t), sin(t), exp(-a * t))
    return {p: sp.simplify(sp.integrate(p * exp(-s * t), (t, 0, sp.oo))) for p in parts}


def linear_parts(expression: Any) -> dict[Any, Any]:
    """Coefficients of cos t, sin t and exp(-at) in their linear combination."""
    names = {part: sp.Dummy(str(part)) for part in (cos(t), sin(t), exp(-a * t))}
    plain = expression.subs({exp(-a * t): names[exp(-a * t)]}).xreplace(names)
    assert t not in plain.free_symbols, f"{expression} has further parts"
    return {part: sp.factor(sp.diff(plain, name)) for part, name in names.items()}


@claim(
    "annealed.eq10.first",
    source="eq. (10), first equality",
    printed=r"s^2\psi(s) = s\theta(s) - s\alpha(s)",
    says="the second line of (9) times s",
    expect=Verdict.PROVED,
)
def eq10_first() -> Examination:
    return in_laplace_domain(
        eq(s**2 * Psi, s * Theta - s * Alpha),
        given=MATCHED,
        steps=(
            Step("from (9): s^2 psi(s) - s psi(0) = s theta(s) - s alpha(s)"),
            Step("the term s psi(0) is dropped; psi(0) = 0 is brought only after the display"),
        ),
    )


@claim(
    "annealed.eq10.second",
    source="eq. (10), second equality",
    printed=r"s\theta(s) - s\alpha(s) = \theta(0) - \psi(s) - \alpha(0) - \frac{K}{s + a}",
    says="the first and third lines of (9), inserted",
    expect=Verdict.PROVED,
)
def eq10_second() -> Examination:
    return in_laplace_domain(eq(s * Theta - s * Alpha, theta_0 - Psi - alpha_0 - K / (s + a)))


@claim(
    "annealed.eq10.cancelled",
    source="eq. (10), terms cancelled",
    printed=r"s^2\psi(s) = -\psi(s) - \frac{K}{s + a}",
    says="what (10) leaves under theta(0) = alpha(0) and psi(0) = 0",
    expect=Verdict.PROVED,
)
def eq10_cancelled() -> Examination:
    return in_laplace_domain(
        eq(s**2 * Psi, -Psi - K / (s + a)),
        given=MATCHED,
    )


@claim(
    "annealed.psi0",
    source="section 4, below eq. (10)",
    printed=r"\psi(0) = 0",
    says="psi(0) = 0, because the equilibrium for the data alpha(0) is found first for generator "
    "and discriminator: for every f with f' nowhere zero it is (alpha_0, 0)",
    expect=Verdict.PROVED,
)
def psi0() -> Examination:
    start, generator = sp.symbols("psi(0) theta(0)", real=True)
    frozen = tiny_gan(GenericLoss, alpha_0).flow()
    (rest,) = equilibria(frozen, nonzero=(1,))
    exact = {start: rest.point[psi], generator: rest.point[theta]}

    def found(place: Place) -> Any:
        def prime(y: Any) -> Any:
            return 1 / (1 + mpmath.exp(y))  # the Jensen-Shannon loss

        def field(x: Any, y: Any) -> tuple[Any, Any]:
            at = place["alpha_0"]
            return -y * prime(y * x), x * prime(y * x) - at * prime(-y * at)

        near = (place["alpha_0"] + mpmath.mpf("0.1"), mpmath.mpf("0.1"))
        return mpmath.findroot(field, near)

    numbers = {start: lambda p: found(p)[1], generator: lambda p: found(p)[0]}
    points = ({alpha_0: 1}, {alpha_0: sp.Rational(-1, 2)})
    return Examination(
        sp.And(eq(start, 0), eq(generator, alpha_0)),
        exact,
        by_numbers(numbers, kind="root:mpmath", points=points),
    )


@claim(
    "annealed.psi0.generator-alone",
    source="section 4, below eq. (10)",
    formal=r"\theta(0) = \alpha(0) \Rightarrow \psi(0) = 0",
    says="the assumption named before it, theta(0) = alpha(0), is enough by itself",
    expect=Verdict.REFUTED,
    amended=r"\dot\theta = 0 \text{ at } t = 0 \Rightarrow \psi(0) = 0",
    repair="name the equilibrium as the assumption; a matched generator alone leaves psi(0) free",
)
def psi0_generator_alone() -> Examination:
    rest = Symbol("F_theta", real=True)
    start = {theta: theta_0, psi: psi_0, alpha: alpha_0}
    exact = {rest: decoupled().rhs[0].subs(start, simultaneous=True)}
    return Examination(
        sp.Implies(eq(theta_0, alpha_0), eq(psi_0, 0), evaluate=False),
        exact,
        by_z3(exact),
        amendment=sp.Implies(eq(rest, 0), eq(psi_0, 0), evaluate=False),
        steps=(Step("for f(y) = y an equilibrium for the frozen data has theta' = -psi = 0"),),
    )


@claim(
    "annealed.eq11",
    source="eq. (11)",
    printed=r"\psi(s) = \frac{-K}{(1 + s^2)(s + a)}",
    says="psi in the Laplace domain, from the matched start",
    expect=Verdict.PROVED,
)
def eq11() -> Examination:
    return in_laplace_domain(
        eq(Psi, -K / ((1 + s**2) * (s + a))),
        given=MATCHED,
        steps=(Step("from any start", transforms()[Psi]),),
    )
