r"""Appendix A: what the eigenvalues of the update operator decide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.rules.alternating import alternating
from symgan_papers.dynamic.model import (
    BCE,
    bce_game,
    eta,
    fields,
    paper_game,
    psi,
    slope,
    theta,
    update,
    wasserstein_game,
)
from symgan_papers.dynamic.oracle_orbits import after, moved

TENTH = sp.Rational(1, 10)
POINTS = (
    {theta: 1, psi: 2, eta: TENTH},
    {theta: -1, psi: sp.Rational(1, 2), eta: sp.Rational(3, 2)},
)
names = sp.symbols("theta_plus psi_plus", real=True)
rate, value = sp.symbols("rate value", real=True)
lam = Symbol("lambda", positive=True)
k = Symbol("k", positive=True, integer=True)


@claim(
    "dynamic.eq8",
    source="eq. (8)",
    printed=r"v(\theta, \psi) = \begin{pmatrix} -\nabla_{\theta} \mathcal{L}(\theta, \psi) \\"
    r" \nabla_{\psi} \mathcal{L}(\theta, \psi) \end{pmatrix}",
    formal=r"v = (\psi\sigma(\psi\theta), -\theta\sigma(\psi\theta))",
    says="the vector field of training, V_3 of eq. (3); with BCE loss it is this",
    expect=Verdict.PROVED,
)
def eq8() -> Examination:
    field = fields(bce_game())["V3"]
    weight = 1 / (1 + sp.exp(-psi * theta))
    numbers = {
        names[0]: lambda p: -slope(BCE, 0, p["theta"], p["psi"]),
        names[1]: lambda p: slope(BCE, 1, p["theta"], p["psi"]),
    }
    points = tuple({s: v for s, v in p.items() if s is not eta} for p in POINTS)
    return Examination(
        sp.And(eq(names[0], psi * weight), eq(names[1], -theta * weight)),
        dict(zip(names, field, strict=True)),
        by_numbers(numbers, kind="differentiated:mpmath", points=points, digits=20),
    )


@claim(
    "dynamic.update-operator",
    source="appendix A.1, below eq. (8)",
    printed=r"F(\theta, \psi) = I + \eta V(\theta, \psi)",
    formal=r"F(\theta, \psi) = (\theta + \eta, \psi)",
    says="read literally, with the identity matrix acting on nothing, an update from V = (1, 0) "
    "would not depend on the state; read as the identity map I(x) = x, as here, it does",
    expect=Verdict.PROVED,
)
def update_operator() -> Examination:
    payoff = -theta  # V_1 = (1, 0)
    exact = dict(zip(names, update(paper_game(payoff, "drift"), "V1").rhs, strict=True))
    numbers = {
        names[0]: lambda p: p["theta"] - p["eta"] * mpmath.diff(lambda s: -s, p["theta"]),
        names[1]: lambda p: p["psi"] * 1,
    }
    return Examination(
        sp.And(eq(names[0], theta + eta), eq(names[1], psi)),
        exact,
        by_numbers(numbers, kind="differentiated:mpmath", points=POINTS, digits=20),
    )


@claim(
    "dynamic.f1-f2",
    source="appendix A.1, F_1 and F_2",
    printed=r"F_1(\theta, \psi) = \begin{pmatrix} \theta - \eta \nabla_{\theta} \mathcal{L}"
    r"(\theta, \psi) \\ \psi \end{pmatrix}, \quad F_2(\theta, \psi) = \begin{pmatrix} \theta \\"
    r" \psi + \eta \nabla_{\psi} \mathcal{L}(\theta, \psi) \end{pmatrix}",
    formal=r"F_2(F_1(\theta, \psi)) = (\theta + \eta\psi, \psi - \eta(\theta + \eta\psi))",
    says="the operators of the two players, composed as the text has it, F_2 after F_1, are "
    "alternating descent-ascent with the generator first (Wasserstein loss)",
    expect=Verdict.PROVED,
)
def f1_f2() -> Examination:
    exact = dict(zip(names, alternating(wasserstein_game(), eta).rhs, strict=True))

    def part(i: int) -> Callable[[Any], Any]:
        def measure(place: Any) -> Any:
            first = moved((place["theta"], place["psi"]), "V1", place["eta"])
            return moved(first, "V2", place["eta"])[i]

        return measure

    late = theta + eta * psi
    return Examination(
        sp.And(eq(names[0], late), eq(names[1], psi - eta * late)),
        exact,
        by_numbers({names[0]: part(0), names[1]: part(1)}, points=POINTS),
    )


@claim(
    "dynamic.alt-order",
    source="appendix A.1, last paragraph, and eq. (5)",
    formal=r"F_2 \circ F_1 = F_1 \circ F_2",
    says="F_2 after F_1 is the alternating order of (5) and algorithm 4, which move the "
    "discriminator first: both give the same theta",
    expect=Verdict.REFUTED,
    amended=r"\theta_{21} = \theta + \eta\psi, \quad "
    r"\theta_{12} = \theta + \eta(\psi - \eta\theta)",
    repair="write F_1 after F_2 to the power n_d; the two are conjugate, so their eigenvalues "
    "agree",
)
def alt_order() -> Examination:
    game = wasserstein_game()
    exact = {
        names[0]: update(game, "V1").then(update(game, "V2")).rhs[0],
        names[1]: update(game, "V2").then(update(game, "V1")).rhs[0],
    }

    def run(*order: str) -> Callable[[Any], Any]:
        def measure(place: Any) -> Any:
            state = (place["theta"], place["psi"])
            for field in order:
                state = moved(state, field, place["eta"])
            return state[0]

        return measure

    return Examination(
        eq(names[0], names[1]),
        exact,
        by_numbers({names[0]: run("V1", "V2"), names[1]: run("V2", "V1")}, points=POINTS),
        amendment=sp.And(
            eq(names[0], theta + eta * psi), eq(names[1], theta + eta * (psi - eta * theta))
        ),
    )


@claim(
    "dynamic.spectral.greater",
    source="appendix A.1",
    formal=r"u_{plus} = (\theta + r \psi) \lambda",
    says="an eigenvalue with |lambda| > 1 keeps training from converging in general: for every "
    "planar F' with the left eigenvector (1, r) to it the component u = theta + r psi grows "
    "by lambda with every step; only starts with u = 0 can converge",
    expect=Verdict.PROVED,
)
def greater() -> Examination:
    r, c, d = sp.symbols("r c d", real=True)
    grown = Symbol("u_plus", real=True)
    rows = ((lam - r * c, lam * r - r * d), (c, d))  # all F' with (1, r) F' = lambda (1, r)
    image = sp.Matrix(rows) * sp.Matrix([theta, psi])
    exact = {grown: sp.expand(image[0] + r * image[1])}

    def measured(place: Any) -> Any:
        values = [place[name] for name in ("lambda", "r", "c", "d")]
        large, right, low, last = values
        matrix = mpmath.matrix([[large - right * low, (large - last) * right], [low, last]])
        assert any(abs(e - large) < 1e-20 for e in mpmath.eig(matrix, left=False, right=False))
        new = matrix * mpmath.matrix([place["theta"], place["psi"]])
        return new[0] + right * new[1]

    points = (
        {lam: 2, r: 1, c: 3, d: sp.Rational(1, 2), theta: 1, psi: 2},
        {lam: sp.Rational(3, 2), r: -2, c: 1, d: 0, theta: 3, psi: -1},
    )
    return Examination(
        eq(grown, lam * (theta + r * psi)),
        exact,
        by_numbers({grown: measured}, kind="evaluated:mpmath", points=points),
        given=lam > 1,
        steps=(Step("in every dimension: w F' = lambda w gives w x_k = lambda^k w x_0"),),
    )


@claim(
    "dynamic.spectral.less",
    source="appendix A.1",
    printed=r"\mathcal{O}(|\lambda_{\text{MAX}}|^k)",
    formal=r"\frac{x_k}{\lambda^k} \le \frac{1}{\lambda}",
    says="with all |lambda| < 1 training converges at the rate O(|lambda_max|^k): x_k/lambda^k "
    "stays below its first value, here for F' = (lambda 1; 0 lambda) from (0, 1)",
    expect=Verdict.REFUTED,
    amended=r"\frac{x_k}{\lambda^k} = \frac{k}{\lambda}",
    repair="write O((|lambda_max| + epsilon)^k), or ask for a diagonalizable F': a Jordan block "
    "costs a factor k; and say that all eigenvalues lie below 1",
)
def less() -> Examination:
    power = sp.Matrix([[lam, 1], [0, lam]]) ** k
    exact = {value: sp.simplify((power * sp.Matrix([0, 1]))[0] / lam**k)}

    def measured(place: Any) -> Any:
        x, y = mpmath.mpf(0), mpmath.mpf(1)
        for _ in range(int(place["k"])):
            x, y = place["lambda"] * x + y, place["lambda"] * y
        return x / place["lambda"] ** place["k"]

    points = ({lam: sp.Rational(1, 2), k: 3}, {lam: sp.Rational(9, 10), k: 7})
    return Examination(
        value <= 1 / lam,
        exact,
        by_numbers({value: measured}, points=points),
        given=lam < 1,
        amendment=eq(value, k / lam),
    )


@claim(
    "dynamic.spectral.unit",
    source="appendix A.1",
    formal=r"G_{plus} = (p s - q r) (r \theta^2 + (s - p) \theta \psi - q \psi^2)",
    says="with all eigenvalues on the unit circle convergence is at best sublinear: every planar "
    "F' = (p q; r s) multiplies G = r theta^2 + (s - p) theta psi - q psi^2 by its determinant, "
    "which is 1 for a pair exp(+-it), where G is definite: no linear orbit contracts",
    expect=Verdict.PROVED,
)
def unit() -> Examination:
    p, q, r, s = sp.symbols("p q r s", real=True)
    form = Symbol("G_plus", real=True)
    new = (p * theta + q * psi, r * theta + s * psi)
    exact = {form: sp.expand(r * new[0] ** 2 + (s - p) * new[0] * new[1] - q * new[1] ** 2)}

    def measured(place: Any) -> Any:
        rows = mpmath.matrix([[place["p"], place["q"]], [place["r"], place["s"]]])
        at = rows * mpmath.matrix([place["theta"], place["psi"]])
        turned = rows * at  # G(x) is the area between x and F' x
        return mpmath.det(mpmath.matrix([[at[0], turned[0]], [at[1], turned[1]]]))

    points = (
        {p: 1, q: -1, r: 1, s: 0, theta: 1, psi: 2},
        {p: 2, q: -3, r: 1, s: -1, theta: -1, psi: 3},
        {p: 0, q: 2, r: 1, s: 1, theta: 2, psi: 1},
    )
    right = r * theta**2 + (s - p) * theta * psi - q * psi**2
    return Examination(
        eq(form, (p * s - q * r) * right),
        exact,
        by_numbers({form: measured}, kind="evaluated:mpmath", points=points),
        steps=(
            Step("the discriminant of G is tr^2 - 4 det, negative for a pair exp(+-it)"),
            Step("any dimension: |det| = 1, and a contraction of all orbits would have |det| < 1"),
            Step("for a smooth operator; switched ones are dynamic.spectral.unit.switched"),
        ),
    )


@claim(
    "dynamic.spectral.unit.switched",
    source="appendix A.1 and C",
    formal=r"R_{101} = c^2",
    says="the criterion carries over to the oracle, whose two operators F_1 and F_2 have the "
    "double eigenvalue 1: no linear convergence, at eta = 1/10 no decrease from (0, c) in "
    "the 101 updates to the next tie",
    expect=Verdict.REFUTED,
    amended=r"R_{101} = \frac{c^2}{100}",
    repair="apply it to smooth operators only: switched between, two shears with all "
    "eigenvalues 1 converge linearly from ties",
)
def switched() -> Examination:
    c = Symbol("c", positive=True)
    game = wasserstein_game()
    off = update(game, "V3", TENTH).rhs[0].subs({theta: 0, psi: c})
    down = c + 100 * (update(game, "V2", TENTH).rhs[1].subs({theta: off, psi: 0}))
    exact = {value: sp.expand(off**2 + down**2)}

    def measured(place: Any) -> Any:
        x, y = after((mpmath.mpf(0), place["c"]), mpmath.mpf(1) / 10, 101)
        return x * x + y * y

    return Examination(
        eq(value, c**2),
        exact,
        # The tie after 101 updates is met up to rounding in 65 digits.
        by_numbers({value: measured}, points=({c: 1}, {c: 3})),
        amendment=eq(value, c**2 / 100),
    )
