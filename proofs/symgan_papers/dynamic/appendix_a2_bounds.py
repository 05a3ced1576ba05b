r"""Appendix A: equation (9), and what is said of negative real parts."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import eta, examined, psi, theta, update, wasserstein_game
from symgan_papers.dynamic.oracle_orbits import moved

x, y = sp.symbols("x y", real=True)
"""Real and imaginary part of an eigenvalue of v'."""
r = Symbol("r", positive=True)
"""-Re(lambda), where it is positive."""
modulus, value = sp.symbols("M value", real=True)
trace, det = sp.symbols("tr det", real=True)
HALF = sp.Rational(1, 2)


def _modulus(real: Any) -> Any:
    """|1 + eta lambda|^2, the squared modulus of an eigenvalue of F_3' = I + eta v'."""
    mu = 1 + eta * (real + sp.I * y)
    return sp.expand(sp.re(mu) ** 2 + sp.im(mu) ** 2)


def _measured_modulus(place: Any, real: Any) -> Any:
    """The same as the determinant of a real 2 x 2 update with these eigenvalues."""
    h = place["eta"]
    a, b = 1 + h * real, h * place["y"]
    return mpmath.det(mpmath.matrix([[a, -b], [b, a]]))


@claim(
    "dynamic.necessary.sim",
    source="appendix A.1, Mescheder et al. 2017",
    formal=r"|1 + \eta\lambda|^2 = 1 + 2\eta x + \eta^2(x^2 + y^2)",
    says="for simultaneous training to converge linearly it is necessary that all eigenvalues "
    "lambda = x + iy of v' have a negative real part: with x >= 0 no step brings |1 + eta "
    "lambda| below 1",
    expect=Verdict.PROVED,
)
def necessary_sim() -> Examination:
    return Examination(
        eq(modulus, 1 + 2 * eta * x + eta**2 * (x**2 + y**2)),
        {modulus: _modulus(x)},
        by_numbers(
            {modulus: lambda p: _measured_modulus(p, p["x"])},
            kind="determinant:mpmath",
            points=({x: 0, y: 1, eta: 1}, {x: -2, y: 3, eta: HALF}, {x: 1, y: 0, eta: 2}),
        ),
        steps=(Step("every term beyond the 1 is nonnegative for x >= 0"),),
    )


@claim(
    "dynamic.necessary.not-sufficient",
    source="appendix A.1, Mescheder et al. 2017",
    formal=r"M = 1 + 2rs + (r^2 + y^2)s^2",
    says="it is not sufficient: lambda = -r + iy has |1 + eta lambda| = 1 at this step, and more "
    "beyond it",
    expect=Verdict.PROVED,
)
def not_sufficient() -> Examination:
    slack = Symbol("s", nonnegative=True)
    step = 2 * r / (r**2 + y**2) + slack
    found = sp.simplify(_modulus(-r).subs(eta, step))

    def measured(place: Any) -> Any:
        h = 2 * place["r"] / (place["r"] ** 2 + place["y"] ** 2) + place["s"]
        return _measured_modulus({**place, "eta": h}, -place["r"])

    return Examination(
        eq(modulus, 1 + 2 * r * slack + (r**2 + y**2) * slack**2),
        {modulus: found},
        by_numbers(
            {modulus: measured},
            kind="determinant:mpmath",
            points=({r: 1, y: 0, slack: 0}, {r: 1, y: 3, slack: 1}, {r: HALF, y: -1, slack: 2}),
        ),
    )


@claim(
    "dynamic.necessary.alt",
    source="appendix A.1, Mescheder et al. 2017",
    formal=r"-(A + B) < 0",
    says="for alternation too it is necessary that all eigenvalues of v' have a negative real "
    "part: for one parameter a player, curvatures A of L in theta and -B in psi and mixed "
    "derivative c, wherever a round contracts (determinant between -1 and 1, 1 + det + tr > 0, "
    "1 + det - tr > 0) the trace -(A + B) of v' is negative",
    expect=Verdict.CONDITIONAL,
    amended=r"A \ge 0, \quad B \ge 0",
    repair="say at a saddle point, as section 2.1 defines it; there it is true for every step, "
    "every n_g and n_d and every dimension. Without it psi may sit at a minimum of its own "
    "payoff: L = (theta^2 + (1 + c) psi^2)/2 + 2 theta psi, 0 <= c <= 1/10, contracts at 1/2",
)
def necessary_alt() -> Examination:
    a_, b_, c = sp.symbols("A B c", real=True)
    payoff = (a_ * theta**2 - b_ * psi**2) / 2 + c * theta * psi
    state = sp.Matrix([theta, psi])
    flow = sp.Matrix([-sp.diff(payoff, theta), sp.diff(payoff, psi)])
    late = (psi + eta * flow[1]).subs(theta, theta + eta * flow[0])
    matrix = sp.Matrix([theta + eta * flow[0], late]).jacobian(state)
    tr, determinant = (sp.expand(v) for v in (matrix.trace(), matrix.det()))
    contracts = sp.And(
        determinant < 1,
        determinant > -1,
        1 + determinant + tr > 0,
        sp.expand(1 + determinant - tr) > 0,
    )
    return examined(
        value < 0,
        {value: flow.jacobian(state).trace()},
        Step("1 + det - tr = eta^2 (A B + c^2): det v' > 0 wherever a round contracts"),
        Step("det < 1 says A + B > eta A B, so A + B > 0 where A and B are not negative"),
        Step("in every dimension: v' = K - S, K skew, S = diag(A, B) >= 0: no Re lambda > 0"),
        Step("if v' z = i w z then z* S z = 0: A z_1 = 0 = B z_2"),
        Step("span{(z_1, 0), (0, z_2)} is invariant under F_1 and F_2, with determinant 1"),
        given=contracts,
        condition=sp.And(a_ >= 0, b_ >= 0),
        setting={a_: 0, b_: 0},
    )


@claim(
    "dynamic.eq9",
    source="eq. (9)",
    printed=r"\eta_{\text{SIM}} < \frac{1}{|\text{Re}(\lambda)|} \frac{2}"
    r"{1 + (\frac{\text{Im}(\lambda)}{\text{Re}(\lambda)})^2}",
    formal=r"M = 1 - (\frac{2r}{r^2 + y^2} - u)(r^2 + y^2)u",
    says="for an eigenvalue lambda = -r + iy of v' with r > 0 the bound is exact: with eta short "
    "of it by u, the squared modulus of 1 + eta lambda is 1 - eta (r^2 + y^2) u",
    expect=Verdict.PROVED,
)
def eq9() -> Examination:
    u = Symbol("u", real=True)
    bound = 1 / r * 2 / (1 + (y / r) ** 2)
    found = sp.simplify(_modulus(-r).subs(eta, bound - u))

    def measured(place: Any) -> Any:
        h = 1 / place["r"] * 2 / (1 + (place["y"] / place["r"]) ** 2) - place["u"]
        return _measured_modulus({**place, "eta": h}, -place["r"])

    right = -(bound - u) * (r**2 + y**2) * u
    return Examination(
        eq(modulus, 1 + right),
        {modulus: found},
        by_numbers(
            {modulus: measured},
            kind="determinant:mpmath",
            points=({r: 1, y: 1, u: HALF}, {r: 1, y: 3, u: -1}, {r: HALF, y: -1, u: HALF}),
        ),
    )


@claim(
    "dynamic.eq9.sublinear",
    source="appendix A.1, above eq. (9)",
    formal=r"|1 + \eta\lambda| = 1",
    says="within the bound (9) simultaneous training converges at best sublinearly: at half the "
    "bound the eigenvalue of F_3' still has modulus 1",
    expect=Verdict.REFUTED,
    amended=r"|1 + \eta\lambda|^2 = 1 - \frac{r^2}{r^2 + y^2}",
    repair="write linearly: under (9) the modulus is below 1, which by the paper's own criterion "
    "is linear convergence",
)
def sublinear() -> Examination:
    found = sp.simplify(_modulus(-r).subs(eta, r / (r**2 + y**2)))

    def measured(place: Any) -> Any:
        h = place["r"] / (place["r"] ** 2 + place["y"] ** 2)
        return _measured_modulus({**place, "eta": h}, -place["r"])

    return Examination(
        eq(modulus, 1 + 0 * r * y),
        {modulus: found},
        by_numbers(
            {modulus: measured},
            kind="determinant:mpmath",
            points=({r: 1, y: 1}, {r: 1, y: 3}, {r: HALF, y: -1}),
        ),
        amendment=eq(modulus, 1 - r**2 / (r**2 + y**2)),
    )


@claim(
    "dynamic.eq9.of-f3",
    source="appendix A.1, above eq. (9)",
    formal=r"\operatorname{Re} \mu < 0",
    says="the condition is that the Jacobian of F_3 has eigenvalues mu with negative real parts; "
    "at half the bound (9), where training converges, they have",
    expect=Verdict.REFUTED,
    amended=r"\operatorname{Re}\mu = 1 - \frac{r^2}{r^2 + y^2}",
    repair="write the Jacobian of v for that of F_3: mu = 1 + eta lambda lies near 1",
)
def of_f3() -> Examination:
    mu = sp.re(1 + r / (r**2 + y**2) * (-r + sp.I * y))

    def measured(place: Any) -> Any:
        h = place["r"] / (place["r"] ** 2 + place["y"] ** 2)
        a, b = 1 - h * place["r"], h * place["y"]
        matrix = mpmath.matrix([[a, -b], [b, a]])
        return mpmath.re(sum(mpmath.eig(matrix, left=False, right=False))) / 2

    return Examination(
        value < 0,
        {value: sp.simplify(mu)},
        by_numbers(
            {value: measured},
            kind="eigenvalues:mpmath",
            points=({r: 1, y: 1}, {r: 1, y: 3}, {r: HALF, y: -1}),
        ),
        amendment=eq(value, 1 - r**2 / (r**2 + y**2)),
    )


@claim(
    "dynamic.eq9.only-if",
    source="appendix A.1, above eq. (9)",
    formal=r"|\mu|^2 = (1 - \eta r)^2 + \eta^2 y^2",
    says="negative real parts of v' and (9) are together equivalent to linear convergence of the "
    "linearized simultaneous update: its squared modulus is this, below 1 exactly then",
    expect=Verdict.PROVED,
)
def only_if() -> Examination:
    return Examination(
        eq(modulus, (1 - eta * r) ** 2 + eta**2 * y**2),
        {modulus: _modulus(-r)},
        by_numbers(
            {modulus: lambda p: _measured_modulus(p, -p["r"])},
            kind="determinant:mpmath",
            points=({r: 1, y: 1, eta: 1}, {r: 2, y: -3, eta: HALF}),
        ),
    )


def _alternating_trace() -> Any:
    game = wasserstein_game()
    new = sp.Matrix(update(game, "V1").then(update(game, "V2")).rhs)
    return new.jacobian(sp.Matrix([theta, psi])).trace()


def _measured_trace(place: Any) -> Any:
    columns = [moved(moved(e, "V1", place["eta"]), "V2", place["eta"]) for e in ((1, 0), (0, 1))]
    return columns[0][0] + columns[1][1]


@claim(
    "dynamic.alt-infinitesimal",
    source="appendix A.1, last paragraph",
    formal=r"\operatorname{tr}^2 > 4",
    says="eta must be infinitesimally small for the eigenvalues of alternation to lie on the "
    "unit circle: at a finite step 0 < eta < 2 they do not (Dirac-GAN, Wasserstein loss; the "
    "determinant is 1, so they leave it where the squared trace exceeds 4)",
    expect=Verdict.REFUTED,
    amended=r"\operatorname{tr}^2 = 4 - \eta^2(4 - \eta^2)",
    repair="write eta <= 2/(|f'(0)| sqrt(n_g n_d)), a finite bound",
)
def alt_infinitesimal() -> Examination:
    return Examination(
        value > 4,
        {value: sp.expand(_alternating_trace() ** 2)},
        by_numbers(
            {value: lambda p: _measured_trace(p) ** 2},
            points=({eta: sp.Rational(1, 10)}, {eta: 1}, {eta: sp.Rational(3, 2)}),
        ),
        given=eta < 2,
        amendment=eq(value, 4 - eta**2 * (4 - eta**2)),
    )


@claim(
    "dynamic.alt-negative-real",
    source="appendix A.1, last paragraph",
    formal=r"\operatorname{Re}\lambda < 0",
    says="for the eigenvalues of alternation to lie on the unit circle those of v' must have "
    "negative real parts (Dirac-GAN: half of the trace of v')",
    expect=Verdict.REFUTED,
    amended=r"\operatorname{Re}\lambda = 0",
    repair="write purely imaginary: the Dirac-GAN has lambda = +-i c at the equilibrium and "
    "alternates on the unit circle for eta |c| < 2; with negative real parts the eigenvalues "
    "lie inside it for small eta",
)
def alt_negative_real() -> Examination:
    c = Symbol("c", positive=True)
    flow = sp.Matrix([c * psi, -c * theta])
    exact = {value: flow.jacobian(sp.Matrix([theta, psi])).trace() / 2}

    def measured(place: Any) -> Any:
        matrix = mpmath.matrix([[0, place["c"]], [-place["c"], 0]])
        return mpmath.re(sum(mpmath.eig(matrix, left=False, right=False))) / 2

    return Examination(
        value + 0 * c < 0,
        exact,
        by_numbers({value: measured}, kind="eigenvalues:mpmath", points=({c: 1}, {c: 3})),
        amendment=eq(value, 0 * c),
    )
