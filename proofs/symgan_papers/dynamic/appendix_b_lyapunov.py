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


def _form(place: Any, point: Any) -> Any:
    first, second = point
    return place["p"] * first**2 + 2 * place["q"] * first * second + place["r"] * second**2


def _applied(place: Any) -> tuple[Any, Any]:
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
        first, second = _applied(place)

        def along(s: Any) -> Any:
            return _form(place, (place["u"] + s * first, place["v"] + s * second))

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


@claim(
    "dynamic.lyapunov.discrete.linear",
    source="appendix B, discrete time",
    printed=r"A^T P A - P",
    formal=r"(Ax)^T P (Ax) - x^T P x = x^T (A^T P A - P) x",
    says="the form that is to be negative semidefinite is the increment of x^T P x under x+ = A x",
    expect=Verdict.PROVED,
)
def discrete_linear() -> Examination:
    new = A * STATE
    exact = {value: sp.expand((new.T * P * new)[0] - (STATE.T * P * STATE)[0])}

    def measured(place: Any) -> Any:
        return _form(place, _applied(place)) - _form(place, (place["u"], place["v"]))

    right = sp.expand((STATE.T * (A.T * P * A - P) * STATE)[0])
    return Examination(
        eq(value, right),
        exact,
        by_numbers({value: measured}, kind="evaluated:mpmath", points=POINTS),
    )


@claim(
    "dynamic.lyapunov.discrete.two-steps",
    source="appendix B, discrete time (and lemma D.2's proof)",
    printed=r"P(f(x(k+1))) - P(x(k))",
    formal=r"P(f(x(k+1))) - P(x(k)) = P(x(k+1)) - P(x(k))",
    says="the printed difference is the increment of P in one update: here for P = u^2 + v^2 and "
    "f(u, v) = (2v, u/2)",
    expect=Verdict.REFUTED,
    amended=r"P(f(f(x))) - P(x) = 0, \quad P(f(x)) - P(x) = 3v^2 - \frac{3u^2}{4}",
    repair="write P(f(x(k))) or P(x(k+1)); x(k+1) is f(x(k)) already, so the print compares "
    "states two updates apart, which this f returns to where they were",
)
def two_steps() -> Examination:
    two, one = sp.symbols("two one", real=True)

    def mapped(first: Any, second: Any) -> tuple[Any, Any]:
        return 2 * second, first / 2

    def potential(point: Any) -> Any:
        return point[0] ** 2 + point[1] ** 2

    start = (u, v)
    exact = {
        two: sp.expand(potential(mapped(*mapped(*start))) - potential(start)),
        one: sp.expand(potential(mapped(*start)) - potential(start)),
    }
    matrix = mpmath.matrix([[0, 2], [mpmath.mpf(1) / 2, 0]])

    def after(steps: int) -> Any:
        def measure(place: Any) -> Any:
            at = mpmath.matrix([place["u"], place["v"]])
            return mpmath.norm(matrix**steps * at) ** 2 - mpmath.norm(at) ** 2

        return measure

    return Examination(
        eq(two, one),
        exact,
        by_numbers(
            {two: after(2), one: after(1)},
            kind="evaluated:mpmath",
            points=({u: 1, v: 2}, {u: -3, v: 1}),
        ),
        amendment=sp.And(eq(two, 0 * u), eq(one, 3 * v**2 - sp.Rational(3, 4) * u**2)),
    )


@claim(
    "dynamic.lyapunov.discrete.non-increasing",
    source="appendix B, discrete time",
    formal=r"P_k \le P_0",
    says="it is enough that the increments do not increase with k: so with increments all equal "
    "to c > 0 P stays below its first value S",
    expect=Verdict.REFUTED,
    amended=r"P_k = P_0 + k c",
    repair="P, not its increment, is to be nonincreasing: the increment is to be nonpositive. "
    "f(x) = x + c for x > 0 with f(0) = 0 has constant increments of P = |x| and is unstable",
)
def non_increasing() -> Examination:
    c, start = Symbol("c", positive=True), Symbol("P_0", positive=True)
    step = Symbol("j", integer=True)
    exact = {value: start + sp.summation(c, (step, 1, k))}

    def measured(place: Any) -> Any:
        at = place["P_0"]
        for _ in range(int(place["k"])):
            at = at + place["c"]
        return abs(at)

    return Examination(
        value <= start,
        exact,
        by_numbers({value: measured}, points=({c: 1, start: 1, k: 3}, {c: 2, start: 3, k: 7})),
        amendment=eq(value, start + k * c),
    )


@claim(
    "dynamic.lyapunov.discrete.sufficient",
    source="appendix B, discrete time, repaired",
    formal=r"L R_0 - l R_k = u + s_0 + s_k",
    says="ours: with l R <= P <= L R, R the squared distance, and P_k = P_0 - u, u >= 0, "
    "l R_k <= L R_0 (s_0, s_k >= 0 the slacks of the bounds): delta = eps sqrt(l/L)",
    expect=Verdict.PROVED,
)
def sufficient() -> Examination:
    low, high = sp.symbols("l L", positive=True)
    drop, s_0, s_k = sp.symbols("u s_0 s_k", nonnegative=True)
    first, last = sp.symbols("R_0 R_k", real=True)
    # P_0 = L R_0 - s_0 and P_k = l R_k + s_k with slacks, P_k = P_0 - u
    start = Symbol("P_0", real=True)
    exact = {first: (start + s_0) / high, last: (start - drop - s_k) / low}
    points = (
        {low: 1, high: 2, start: 3, drop: 1, s_0: 1, s_k: 0},
        {low: sp.Rational(1, 2), high: 1, start: 2, drop: 0, s_0: 0, s_k: 1},
    )
    numbers = {
        first: lambda p: mpmath.fdiv(p["P_0"] + p["s_0"], p["L"]),
        last: lambda p: mpmath.fdiv(p["P_0"] - p["u"] - p["s_k"], p["l"]),
    }
    return Examination(
        eq(high * first - low * last, drop + s_0 + s_k),
        exact,
        by_numbers(numbers, kind="evaluated:mpmath", points=points),
    )


@claim(
    "dynamic.lyapunov.time",
    source="appendix B",
    says="continuous time is effective for infinitesimal learning rates, discrete time is used "
    "for the others",
    expect=Verdict.INFORMAL,
    reason="a choice of method; what the two say differently of the oracle is judged in "
    "dynamic.settled.flow and dynamic.settled.w",
)
def time() -> None: ...
