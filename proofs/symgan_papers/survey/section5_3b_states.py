r"""Section 5.3.1: the additive noise, the states, and the assumption on the start."""

from __future__ import annotations

import itertools
from typing import Any

import mpmath
import sympy as sp
from sympy import Matrix, Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.games.spiked import Lambda, Lambda_G, eta_g, eta_t, n
from symgan_papers.survey.model_section5_3 import Place, dot, nodes

u1, u2, v1, v2, w1, w2 = sp.symbols("u_1 u_2 v_1 v_2 w_1 w_2", real=True)
m = Symbol("m", real=True)
PLACES = (
    {m: 2, v1: 1, v2: 3, w1: -2, w2: 5},
    {m: Rational(1, 3), v1: 2, v2: 1, w1: 4, w2: -1},
)


@claim(
    "survey.whl.avoided",
    source="section 5.3.1, noise",
    says="additive Gaussian noise avoids the problem of supports of lower dimension altogether: "
    "the covariances of data and fakes have positive determinants",
    formal=r"\det(\Lambda U U^T + \eta_T I) > 0 \wedge \det(\Lambda_G V V^T + \eta_G I) > 0",
    expect=Verdict.CONDITIONAL,
    amended=r"\eta_T > 0 \wedge \eta_G > 0",
)
def avoided() -> Examination:
    real, fake = sp.symbols("D D_G", real=True)
    U = Matrix([(1 - m**2) / (1 + m**2), 2 * m / (1 + m**2), 0])
    V = Matrix([v1, v2, 0])
    data = Lambda * U * U.T + eta_t * sp.eye(3)
    fakes = Lambda_G * V * V.T + eta_g * sp.eye(3)
    exact = {real: sp.factor(data.det()), fake: sp.factor(fakes.det())}

    def measure_data(p: Place) -> Any:
        size = 1 + p["m"] ** 2
        return _determinant([(2 - size) / size, 2 * p["m"] / size], p["Lambda"], p["eta_T"])

    def measure_fakes(p: Place) -> Any:
        return _determinant([p["v_1"], p["v_2"]], p["Lambda_G"], p["eta_G"])

    some = {Lambda: 2, Lambda_G: 3, m: Rational(1, 2), v1: 1, v2: -2}
    points = (
        {**some, eta_t: Rational(1, 3), eta_g: 1},
        {**some, eta_t: 2, eta_g: Rational(1, 4)},
    )
    return Examination(
        sp.And(real > 0, fake > 0),
        exact,
        by_numbers(
            {real: measure_data, fake: measure_fakes}, points=points, kind="eigenvalues:mpmath"
        ),
        condition=sp.And(eta_t > 0, eta_g > 0),
        setting={eta_t: sp.Integer(1), eta_g: sp.Integer(1)},
        steps=(
            Step("eta_T^(n - 1) (Lambda + eta_T) and eta_G^(n - 1) (Lambda_G S + eta_G)"),
            Step("noise on one side alone leaves the other on d axes: both are needed"),
        ),
    )


def _determinant(direction: list[Any], power: Any, noise: Any) -> Any:
    """Of power x x^T + noise I in three dimensions, from eigenvalues."""
    x = [*direction, mpmath.mpf(0)]
    rows = [[power * a * b + (noise if i == j else 0) for j, b in enumerate(x)]
            for i, a in enumerate(x)]  # fmt: skip
    values = mpmath.eigsy(mpmath.matrix(rows), eigvals_only=True)
    # Zero eigenvalues come out as rounding errors.
    return mpmath.fprod(0 if abs(v) < mpmath.mpf(10) ** -45 else v for v in values)


@claim(
    "survey.whl.avoided.unrealistic",
    source="section 5.3.1, noise: making it unrealistic and impractical",
    says="the additive noise makes the model unrealistic and impractical",
    expect=Verdict.INFORMAL,
    reason="a judgment of taste",
)
def unrealistic() -> None: ...


@claim(
    "survey.whl.noise-gaussian",
    source="section 5.3.1: noise i.i.d. standard Gaussian",
    says="a_k and a~_k are independent standard Gaussian",
    expect=Verdict.INFORMAL,
    reason="an assumption",
)
def noise_gaussian() -> None: ...


@claim(
    "survey.whl.microscopic",
    source="section 5.3.1, microscopic state",
    printed=r"X_k \triangleq [U, V_k, \mathbf{w}_k]",
    says="the microscopic state collects U, V_k and w_k",
    expect=Verdict.INFORMAL,
    reason="a definition; U belongs to the data and is no parameter that is trained",
)
def microscopic_state() -> None: ...


@claim(
    "survey.whl.macroscopic",
    source="section 5.3.1, macroscopic state and M_k",
    printed=r"M_k \triangleq X_k^T X_k = \begin{bmatrix} I & P_k & q_k \\ P_k^T & S_k & r_k \\ "
    r"q_k^T & r_k^T & z_k \end{bmatrix}",
    says="the entries of X^T X are I, P = U^T V, q = U^T w, r = V^T w, S = V^T V and z = w^T w: "
    "inner products of columns, of which U^T U is known (d = 1)",
    expect=Verdict.PROVED,
)
def macroscopic_state() -> Examination:
    names = sp.symbols("M_11 M_12 M_13 M_22 M_23 M_33", real=True)
    U = ((1 - m**2) / (1 + m**2), 2 * m / (1 + m**2))
    X = Matrix([[U[0], v1, w1], [U[1], v2, w2]])
    gram = X.T * X
    places = [(i, j) for i in range(3) for j in range(i, 3)]
    exact = {s: sp.factor(gram[p]) for s, p in zip(names, places, strict=True)}
    values = (
        sp.Integer(1),
        U[0] * v1 + U[1] * v2,
        U[0] * w1 + U[1] * w2,
        v1**2 + v2**2,
        v1 * w1 + v2 * w2,
        w1**2 + w2**2,
    )

    def measure(i: int, j: int) -> Any:
        return lambda p: dot(_columns(p)[i], _columns(p)[j])

    measures = {s: measure(*place) for s, place in zip(names, places, strict=True)}
    return Examination(
        sp.And(*map(eq, names, values)),
        exact,
        by_numbers(measures, points=PLACES, kind="evaluated:mpmath"),
    )


def _columns(p: Place) -> list[list[Any]]:
    angle = 2 * mpmath.atan(p["m"])
    return [[mpmath.cos(angle), mpmath.sin(angle)], [p["v_1"], p["v_2"]], [p["w_1"], p["w_2"]]]


@claim(
    "survey.whl.angles",
    source="section 5.3.1, intuition for M_k",
    says="M_k tells the angle of each pair of columns: the cosine between V and w is r/sqrt(S z). "
    "Its entries are cosines themselves only for columns of length 1 (lambda -> infinity)",
    formal=r"C = \frac{r}{\sqrt{S z}}",
    expect=Verdict.PROVED,
)
def angles() -> Examination:
    cosine = Symbol("C", real=True)
    length, other, angle = sp.symbols("s t phi", positive=True)
    V, w = Matrix([length, 0]), Matrix([other * sp.cos(angle), other * sp.sin(angle)])
    r, S, z = V.dot(w), V.dot(V), sp.trigsimp(w.dot(w))
    exact = {cosine: sp.cos(angle)}

    def measure(p: Place) -> Any:
        # the law of cosines, from three distances
        far = mpmath.hypot(p["t"] * mpmath.cos(p["phi"]) - p["s"], p["t"] * mpmath.sin(p["phi"]))
        return (p["s"] ** 2 + p["t"] ** 2 - far**2) / (2 * p["s"] * p["t"])

    points = ({length: 2, other: 3, angle: Rational(1, 2)}, {length: 1, other: 5, angle: 2})
    return Examination(
        eq(cosine, r / sp.sqrt(S * z)),
        exact,
        by_numbers({cosine: measure}, points=points, kind="evaluated:mpmath"),
    )


@claim(
    "survey.whl.angles.itself",
    source="section 5.3.1, intuition for M_k, read entry by entry",
    says="each entry of M_k is itself how close two columns are in angle: r is their cosine",
    formal=r"C = r",
    expect=Verdict.CONDITIONAL,
    amended=r"S = z = 1",
)
def angles_itself() -> Examination:
    cosine, inner = sp.symbols("C r", real=True)
    length, other, angle = sp.symbols("s t phi", positive=True)
    exact = {cosine: sp.cos(angle), inner: length * other * sp.cos(angle)}

    def measure(p: Place) -> Any:
        far = mpmath.hypot(p["t"] * mpmath.cos(p["phi"]) - p["s"], p["t"] * mpmath.sin(p["phi"]))
        return (p["s"] ** 2 + p["t"] ** 2 - far**2) / 2

    points = ({length: 2, other: 3, angle: Rational(1, 2)}, {length: 1, other: 1, angle: 2})
    return Examination(
        eq(cosine, inner),
        exact,
        by_numbers(
            {cosine: lambda p: measure(p) / (p["s"] * p["t"]), inner: measure},
            points=points,
            kind="evaluated:mpmath",
        ),
        condition=sp.And(eq(length, 1), eq(other, 1)),
        setting={length: sp.Integer(1), other: sp.Integer(1)},
        steps=(
            Step("strict regularization, from which the conclusions are drawn, holds both at 1"),
        ),
    )


@claim(
    "survey.whl.assumption",
    source="section 5.3.1, the assumption on M_0",
    printed=r"\mathbb{E}||M_0 - M_0^*|| \leq C/\sqrt{n}",
    formal=r"E_2 = \frac{10}{n}",
    says="the assumption holds for the usual independent Gaussian start of variance 1/n (d = 1): "
    "E|M_0 - M_0*|^2 = 10/n with M_0* = I, hence C = sqrt 10 by Jensen's inequality",
    expect=Verdict.PROVED,
)
def assumption() -> Examination:
    error = Symbol("E_2", real=True)
    x, y = sp.symbols("x y", real=True)
    per_row = _gaussian_mean(x**2 * y**2, (x, y))  # n^2 E (V_i w_i)^2
    # P and q are one entry each, r a sum of n products, S - 1 and z - 1 of n centered squares
    off = n * (1 / n**2) * per_row
    diagonal = n * (1 / n**2) * _gaussian_mean((x**2 - 1) ** 2, (x, y))
    axis = _gaussian_mean(x**2, (x, y)) / n
    exact = {error: sp.cancel(2 * (2 * axis + off) + 2 * diagonal)}

    def measure(p: Place) -> Any:
        size = int(p["n"])
        total = mpmath.mpf(0)
        for outcome in itertools.product(nodes(), repeat=2 * size):
            weight = mpmath.fprod(share for _, share in outcome)
            values = [value / mpmath.sqrt(p["n"]) for value, _ in outcome]
            V, w = values[:size], values[size:]
            squares = 2 * (V[0] ** 2 + w[0] ** 2 + dot(V, w) ** 2)
            total += weight * (squares + (dot(V, V) - 1) ** 2 + (dot(w, w) - 1) ** 2)
        return total

    return Examination(
        eq(error, 10 / n),
        exact,
        by_numbers({error: measure}, points=({n: 2}, {n: 3}), kind="enumerated:mpmath"),
    )


def _gaussian_mean(poly: Any, symbols: tuple[Symbol, ...]) -> Any:
    """E of a polynomial in independent standard Gaussians."""

    def moment(k: int) -> Any:
        return 0 if k % 2 else sp.factorial2(k - 1)

    terms = sp.Poly(sp.expand(poly), *symbols).terms()
    return sp.Add(*(c * sp.Mul(*map(moment, powers)) for powers, c in terms))


@claim(
    "survey.whl.assumption.strong",
    source="section 5.3.1: a potentially very strong assumption",
    says="the assumption on M_0 is potentially very strong",
    expect=Verdict.INFORMAL,
    reason="a judgment; survey.whl.assumption shows that the usual random start satisfies it, and "
    "a start that is not random does with C = 0",
)
def assumption_strong() -> None: ...


@claim(
    "survey.whl.assumption.plugged-in",
    source="section 5.3.1, the assumption with n -> infinity",
    printed=r"\mathbb{E}||M_0 - M_0^*|| \le 0",
    formal=r"L = 0",
    says="for n -> infinity the assumption says that the start is M_0* in the limit: C/sqrt n "
    "tends to 0, and the distance is not negative",
    expect=Verdict.PROVED,
)
def plugged_in() -> Examination:
    limit, C = Symbol("L", real=True), Symbol("C", positive=True)
    exact = {limit: sp.limit(C / sp.sqrt(n), n, sp.oo)}

    def measure(p: Place) -> Any:
        # C/sqrt n at n = 4^k is a geometric sequence: its limit by Aitken's rule
        x, y, v = (p["C"] / mpmath.sqrt(mpmath.mpf(4) ** k) for k in (1, 2, 3))
        return x - (y - x) ** 2 / (v - 2 * y + x)

    points = ({C: 1}, {C: 7})
    return Examination(
        eq(limit, 0),
        exact,
        by_numbers({limit: measure}, points=points, kind="extrapolated:mpmath"),
        steps=(Step("as a limit; for a finite n the left-hand side may be positive"),),
    )
