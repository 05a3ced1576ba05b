r"""Appendix B: Lyapunov stability in continuous and in discrete time."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq

x = Symbol("x", positive=True)
u, v = sp.symbols("u v", real=True)
p, q, r = sp.symbols("p q r", real=True)
entries = sp.symbols("a b c d", real=True)
value, rate = sp.symbols("value rate", real=True)
k = Symbol("k", positive=True, integer=True)

A = sp.Matrix([[entries[0], entries[1]], [entries[2], entries[3]]])
P = sp.Matrix([[p, q], [q, r]])
STATE = sp.Matrix([u, v])
POINTS = (
    dict(zip((*entries, p, q, r, u, v), (1, 2, -1, 0, 2, 1, 3, 1, -2), strict=True)),
    dict(zip((*entries, p, q, r, u, v), (0, -1, 1, 3, 1, 0, 1, 2, 1), strict=True)),
)


def quadratic_form(place: Any, point: Any) -> Any:
    first, second = point
    return place["p"] * first**2 + 2 * place["q"] * first * second + place["r"] * second**2


def image_of(place: Any) -> tuple[Any, Any]:
    first = place["a"] * place["u"] + place["b"] * place["v"]
    return first, place["c"] * place["u"] + place["d"] * place["v"]


@claim(
    "dynamic.lyapunov.definition",
    source="appendix B, definition",
    says="for every eps > 0 there is a delta > 0 such that orbits that start within delta stay "
    "within eps",
    expect=Verdict.INFORMAL,
    reason="the standard definition: nothing is asserted",
)
def definition() -> None: ...


@claim(
    "dynamic.lyapunov.asymptotic",
    source="appendix B, first paragraph",
    formal=r"x \dot x < 0",
    says="asymptotic stability means that every initial condition approaches the equilibrium: "
    "so with x' = -x + x^3, asymptotically stable at 0 since its derivative there is -1, all "
    "starts x > 0 approach it",
    expect=Verdict.REFUTED,
    amended=r"x \dot x = -x^2(1 - x^2)",
    repair="say stable, and initial conditions near the equilibrium approach it; here those "
    "with |x| < 1",
)
def asymptotic() -> Examination:
    return _cubic(value < 0, eq(value, -(x**2) * (1 - x**2)), Step("x > 1 leaves, in finite time"))


@claim(
    "dynamic.lyapunov.prevents-divergence",
    source="appendix B, first paragraph",
    formal=r"x \dot x \le 0",
    says="Lyapunov stability prevents initial conditions from diverging infinitely far: so with "
    "x' = -x + x^3, stable at 0, no start x > 0 moves away",
    expect=Verdict.REFUTED,
    amended=r"x \dot x = x^2(x^2 - 1)",
    repair="say initial conditions close enough; stability is local, here it holds for |x| < 1 "
    "and beyond 1 orbits diverge in finite time. The oracle's V has no such limit with "
    "Wasserstein loss",
)
def prevents() -> Examination:
    return _cubic(value <= 0, eq(value, x**2 * (x**2 - 1)), Step("from x = 2 x' = 6"))


def _cubic(statement: Any, amendment: Any, step: Step) -> Examination:
    def measured(place: Any) -> Any:
        """x x' as half the rate of x^2 over a short integration by Euler steps of 1e-30."""
        tiny = mpmath.mpf(10) ** -30
        at = place["x"]
        later = at + tiny * (at**3 - at)
        return (later**2 - at**2) / (2 * tiny)

    return Examination(
        statement,
        {value: sp.expand(x * (x**3 - x))},
        # the step of 1e-30 leaves an error of that relative size
        by_numbers(
            {value: measured},
            points=({x: sp.Rational(1, 2)}, {x: 2}, {x: 3}),
            digits=25,
        ),
        amendment=amendment,
        steps=(step,),
    )


@claim(
    "dynamic.lyapunov.continuous.linear",
    source="appendix B, continuous time",
    printed=r"A^T P + PA",
    formal=r"\frac{d}{dt} x^T P x = x^T (A^T P + P A) x",
    says="the form that is to be negative semidefinite is the rate of x^T P x along x' = A x",
    expect=Verdict.PROVED,
)
def continuous_linear() -> Examination:
    moving = sp.Symbol("t", real=True)
    path = STATE + moving * A * STATE
    exact = {rate: sp.expand(sp.diff((path.T * P * path)[0], moving).subs(moving, 0))}

    def measured(place: Any) -> Any:
        first, second = image_of(place)

        def along(s: Any) -> Any:
            return quadratic_form(place, (place["u"] + s * first, place["v"] + s * second))

        return mpmath.diff(along, 0)

    right = sp.expand((STATE.T * (A.T * P + P * A) * STATE)[0])
    return Examination(
        eq(rate, right),
        exact,
        by_numbers({rate: measured}, kind="differentiated:mpmath", points=POINTS, digits=20),
    )


@claim(
    "dynamic.lyapunov.any-p",
    source="appendix B, continuous time",
    formal=r"x^T (A^T P + P A) x \le 0",
    says="P can be any symmetric positive definite matrix, taken at its word, every P serves (two "
    "lines on the print says that there exists one; that reading is .one): for the stable "
    "A = (-1 4; 0 -1) the form with P = I, here at (s, s), is not positive",
    expect=Verdict.REFUTED,
    amended=r"x^T(A^T + A)x = 4 s^2",
    repair="say that one such P must exist; most P do not serve for a given A",
)
def any_p() -> Examination:
    s = Symbol("s", positive=True)
    matrix, at = sp.Matrix([[-1, 4], [0, -1]]), sp.Matrix([s, s])

    def measured(place: Any) -> Any:
        def along(t: Any) -> Any:
            first, second = place["s"] * (1 + 3 * t), place["s"] * (1 - t)
            return first**2 + second**2

        return mpmath.diff(along, 0)

    return Examination(
        value <= 0,
        {value: (at.T * (matrix.T + matrix) * at)[0]},
        by_numbers(
            {value: measured}, kind="differentiated:mpmath", points=({s: 1}, {s: 3}), digits=20
        ),
        amendment=eq(value, 4 * s**2),
        steps=(Step("x' = 3 s there: the norm first grows, though both eigenvalues are -1"),),
    )


@claim(
    "dynamic.lyapunov.any-p.one",
    source="appendix B, continuous time",
    formal=r"\dot P = -2(u - 2v)^2",
    says="the charitable reading: any one such P is enough. For the same A = (-1 4; 0 -1) "
    "P = u^2 + 4 v^2 serves: its rate is -2 (u - 2v)^2",
    expect=Verdict.PROVED,
)
def one_p() -> Examination:
    matrix, weights = sp.Matrix([[-1, 4], [0, -1]]), sp.diag(1, 4)
    exact = {rate: sp.expand((STATE.T * (matrix.T * weights + weights * matrix) * STATE)[0])}

    def measured(place: Any) -> Any:
        first, second = place["u"], place["v"]

        def along(t: Any) -> Any:
            return (first + t * (4 * second - first)) ** 2 + 4 * (second - t * second) ** 2

        return mpmath.diff(along, 0)

    return Examination(
        eq(rate, -2 * (u - 2 * v) ** 2),
        exact,
        by_numbers(
            {rate: measured},
            kind="differentiated:mpmath",
            points=({u: 1, v: 2}, {u: 2, v: 1}, {u: -1, v: 3}),
            digits=20,
        ),
    )


@claim(
    "dynamic.lyapunov.continuous.nonlinear",
    source="appendix B, continuous time",
    printed=r"\nabla P(x) \cdot f(x)",
    formal=r"\dot P = \nabla P \cdot f",
    says="for nonlinear systems the quantity is the rate of P: here for P = (u^2 + v^2)/2 and "
    "the circling field w (v, -u) of the Dirac-GAN with any loss, w its slope, it is 0",
    expect=Verdict.PROVED,
)
def continuous_nonlinear() -> Examination:
    w = Symbol("w", real=True)
    potential = (u**2 + v**2) / 2
    exact = {rate: sp.diff(potential, u) * (w * v) + sp.diff(potential, v) * (-w * u)}

    def measured(place: Any) -> Any:
        def along(s: Any) -> Any:
            step = s * place["w"]
            first, second = place["u"] + step * place["v"], place["v"] - step * place["u"]
            return (first**2 + second**2) / 2

        return mpmath.diff(along, 0)

    return Examination(
        eq(rate, 0 * w * u * v),
        exact,
        by_numbers(
            {rate: measured},
            kind="differentiated:mpmath",
            points=({u: 1, v: 2, w: 1}, {u: -1, v: 3, w: -2}),
            digits=20,
        ),
    )
