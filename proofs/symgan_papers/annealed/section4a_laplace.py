r"""Section 4, equations (8)-(11): the Laplace domain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import mpmath
import sympy as sp
from sympy import Function, Symbol, cos, exp, sin

from symgan.claims import Examination, Step, Verdict, by_numbers, by_z3, claim, eq
from symgan.games.annealed import alpha, alpha_r, annealed, psi, t, theta
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
    simulated,
    theta_0,
)

Place = Mapping[str, Any]
Psi, Theta, Alpha = (Function(name)(s) for name in ("psi", "theta", "alpha"))
Second = Symbol("L{psi''}(s)", real=True)


def _transforms() -> dict[Any, Any]:
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
    return Examination(statement, _transforms(), route, **options)


def _line_of_eq8(symbol: Symbol, printed: Any) -> Examination:
    rate = Symbol(rf"\dot{{{symbol.name}}}", real=True)
    flow = annealed().flow()
    exact = {rate: flow.rhs[flow.state.index(symbol)]}
    return Examination(
        eq(rate, printed),
        exact,
        by_numbers(
            {rate: _central_rate(symbol)}, kind="simulated:mpmath", points=_STATES, digits=12
        ),
        steps=(Step("(7) with f(y) = y and lambda = 0", exact[rate]),),
    )


_STATES = (
    {theta: 1, psi: 2, alpha: 1, alpha_0: 1, alpha_r: 3, T: 3, t: 0},
    {theta: -1, psi: 1, alpha: 2, alpha_0: 2, alpha_r: -1, T: 1, t: 0},
)


def _central_rate(symbol: Symbol) -> Any:
    """The rate at t = 0 from a simulated trajectory, by a high-order difference."""

    def measure(place: Place) -> Any:
        inside = {
            "a": 1 / place["T"],
            "K": (place["alpha_r"] - place["alpha_0"]) / place["T"],
            "alpha_0": place["alpha_0"],
            "theta_0": place["theta"],
            "psi_0": place["psi"],
        }
        h = mpmath.mpf(10) ** -4
        x = [simulated(decoupled(), symbol)({**inside, "t": n * h}) for n in range(5)]
        # Five points on one side: the error is of order h^4.
        return (-25 * x[0] + 48 * x[1] - 36 * x[2] + 16 * x[3] - 3 * x[4]) / (12 * h)

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
    source="eq. (9), third line, with a = 1/T and K = (alpha_r - alpha(0))/T",
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
    # L{cos t}, L{sin t} and L{e^{-at}}, part by part; psi has no other parts.
    table = {cos(t): s / (s**2 + 1), sin(t): 1 / (s**2 + 1), exp(-a * t): 1 / (s + a)}
    transform = sum(part * table[name] for name, part in linear_parts(second).items())
    exact = {**_transforms(), Second: transform}

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
    expect=Verdict.CONDITIONAL,
    amended=r"\psi(0) = 0",
    repair="require psi(0) = 0 (the text brings it only afterwards), or subtract s psi(0)",
)
def eq10_first() -> Examination:
    return in_laplace_domain(
        eq(s**2 * Psi, s * Theta - s * Alpha),
        condition=sp.Eq(psi_0, 0),
        setting={psi_0: 0},
        steps=(Step("from (9): s^2 psi(s) - s psi(0) = s theta(s) - s alpha(s)"),),
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
    source="eq. (10), after cancelling theta(0) with alpha(0)",
    printed=r"s^2\psi(s) = -\psi(s) - \frac{K}{s + a}",
    says="what (10) leaves under theta(0) = alpha(0)",
    expect=Verdict.CONDITIONAL,
    amended=r"\psi(0) = 0",
    repair="require psi(0) = 0 as well",
)
def eq10_cancelled() -> Examination:
    return in_laplace_domain(
        eq(s**2 * Psi, -Psi - K / (s + a)),
        given=sp.Eq(theta_0, alpha_0),
        condition=sp.Eq(psi_0, 0),
        setting={psi_0: 0},
    )


@claim(
    "annealed.psi0",
    source="section 4, below eq. (10)",
    formal=r"\theta(0) = \alpha(0) \Rightarrow \psi(0) = 0",
    says="the assumption theta(0) = alpha(0) ensures psi(0) = 0",
    expect=Verdict.REFUTED,
    amended=r"\dot\theta = 0 \text{ at } t = 0 \Rightarrow \psi(0) = 0",
    repair="assume that the start is an equilibrium for the data alpha(0), as the rest of the "
    "sentence does; a matched generator alone leaves psi(0) free (section 3 starts (a) at psi = 2)",
)
def psi0() -> Examination:
    rest = Symbol("F_theta", real=True)
    start = {theta: theta_0, psi: psi_0, alpha: alpha_0}
    exact = {rest: decoupled().rhs[0].subs(start, simultaneous=True)}
    return Examination(
        sp.Implies(eq(theta_0, alpha_0), eq(psi_0, 0), evaluate=False),
        exact,
        by_z3(exact),
        amendment=sp.Implies(eq(rest, 0), eq(psi_0, 0), evaluate=False),
        steps=(Step("an equilibrium for the frozen data has theta' = -psi = 0"),),
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
        steps=(Step("from any start", _transforms()[Psi]),),
    )
