r"""Section 5.3.1: the data, the generator, the discriminator and the training objective."""

from __future__ import annotations

import itertools
from typing import Any

import mpmath
import sympy as sp
from sympy import Matrix, Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.games.spiked import (
    Lambda,
    Lambda_G,
    P,
    S,
    eta_g,
    eta_t,
    expected_increment,
    fourth,
    fourth_g,
    lambda_,
    log_cosh,
    mean_game,
    n,
    q,
    r,
    tau,
    z,
)
from symgan_papers.survey.model_section5_3 import (
    LONG_STATES,
    RATES,
    Place,
    dot,
    enumerated,
    nodes,
    vectors,
)

a, b, c, d = sp.symbols("a b c d", positive=True)
m = Symbol("m", real=True)


@claim(
    "survey.whl.data",
    source="section 5.3.1, data model",
    printed=r"\mathbf{y}_k = U\mathbf{c}_k + \sqrt{\eta_T}\mathbf{a}_k",
    formal=r"Y = \Lambda m^2 + \eta_T",
    says="with one feature U of length 1, the data's variance along any unit vector is "
    "Lambda m^2 + eta_T, m being its cosine with U: one direction stands out",
    expect=Verdict.PROVED,
)
def data() -> Examination:
    variance = Symbol("Y", real=True)
    along, noise = sp.symbols("along noise", real=True)
    # y.e = m c + sqrt(eta_T) a.e with independent c and a.e
    squared = sp.Poly(sp.expand((m * along + sp.sqrt(eta_t) * noise) ** 2), along, noise)
    exact = {variance: _second(squared, {(2, 0): Lambda, (0, 2): sp.Integer(1)})}

    def measure(p: Place) -> Any:
        return mpmath.fsum(
            share
            * other
            * (p["m"] * mpmath.sqrt(p["Lambda"]) * x + mpmath.sqrt(p["eta_T"]) * y) ** 2
            for (x, share), (y, other) in itertools.product(nodes(), nodes())
        )

    points = ({Lambda: 2, eta_t: Rational(1, 3), m: Rational(1, 2)}, {Lambda: 1, eta_t: 3, m: -1})
    return Examination(
        eq(variance, Lambda * m**2 + eta_t),
        exact,
        by_numbers({variance: measure}, points=points, kind="enumerated:mpmath"),
    )


def _second(poly: Any, moments: dict[tuple[int, int], Any]) -> Any:
    """A polynomial's expectation, only even moments being nonzero."""
    return sp.Add(*(k * moments.get(powers, 0) for powers, k in poly.terms()))


@claim(
    "survey.whl.orthogonal",
    source="section 5.3.1, U",
    says="the features may be taken orthonormal without loss of generality: any two independent "
    "features A (here in the plane) times a code c are orthonormal features U times the code R c",
    formal=r"U^T U = I \wedge U R = A",
    expect=Verdict.PROVED,
)
def orthonormal() -> Examination:
    names = sp.symbols("G_11 G_12 G_22 A_11 A_12 A_21 A_22", real=True)
    A = Matrix([[a, b], [c, d]])
    first = A[:, 0] / sp.sqrt(a**2 + c**2)
    left = A[:, 1] - first * first.dot(A[:, 1])
    U = Matrix.hstack(first, left / sp.sqrt(sp.factor(sp.simplify(left.dot(left)))))
    R = U.T * A
    gram, product = U.T * U, U * R
    values = (gram[0, 0], gram[0, 1], gram[1, 1], *product)
    exact = dict(zip(names, (sp.simplify(v) for v in values), strict=True))
    statement = sp.And(*map(eq, names, (1, 0, 1, a, b, c, d)))

    def measure(place: int) -> Any:
        return lambda p: _by_qr(p)[place]

    points = ({a: 1, b: 2, c: 3, d: 5}, {a: 2, b: 1, c: 1, d: 7})
    return Examination(
        statement,
        exact,
        by_numbers({s: measure(i) for i, s in enumerate(names)}, points=points, kind="qr:mpmath"),
        given=a * d - b * c > 0,
        steps=(Step("U, R = Gram-Schmidt; more than two features and dimensions go the same way"),),
    )


def _by_qr(p: Place) -> list[Any]:
    """U^T U and U R from Householder reflections."""
    U, R = mpmath.qr(mpmath.matrix([[p["a"], p["b"]], [p["c"], p["d"]]]))
    gram, product = U.T * U, U * R
    return [gram[0, 0], gram[0, 1], gram[1, 1], *(product[i, j] for i in (0, 1) for j in (0, 1))]


@claim(
    "survey.whl.orthogonal.square",
    source="section 5.3.1, U: orthogonal matrix",
    says="'orthogonal matrix' word for word: U U^T = I as well, of trace n. The sizes are not "
    "printed; it holds for as many features d as dimensions n. With n growing and M_k of fixed "
    "size d is smaller, and U has orthonormal columns only: U^T U = I, which is all that is used",
    formal=r"T = n",
    expect=Verdict.CONDITIONAL,
    amended=r"d = n",
)
def orthogonal_matrix() -> Examination:
    trace, rows, columns = Symbol("T", real=True), *sp.symbols("n d", positive=True, integer=True)
    # tr(U U^T) = tr(U^T U) = tr(I_d), whatever n is
    k = Symbol("k", integer=True)
    exact = {trace: sp.summation(1, (k, 1, columns))}

    def measure(p: Place) -> Any:
        rows, columns = int(p["n"]), int(p["d"])
        A = mpmath.matrix(rows, columns)
        for i, j in itertools.product(range(rows), range(columns)):
            A[i, j] = mpmath.mpf(1) / (i + j + 1)  # a Hilbert matrix: independent columns
        U = mpmath.qr(A, mode="skinny")[0]
        return mpmath.fsum((U * U.T)[i, i] for i in range(rows))

    return Examination(
        eq(trace, rows),
        exact,
        by_numbers({trace: measure}, points=({rows: 3, columns: 3}, {rows: 2, columns: 2}),
                   kind="qr:mpmath"),
        given=columns <= rows,
        condition=eq(columns, rows),
        setting={rows: sp.Integer(2), columns: sp.Integer(2)},
        steps=(Step("U U^T is the projection on the span of the columns, of trace d"),),
    )  # fmt: skip


@claim(
    "survey.whl.unknown-law",
    source="section 5.3.1, c_k drawn from unknown distribution",
    says="for F(x) = x^2/2 the law of the latent code need not be known: the drift of z at "
    "finite n differs between a Gaussian code and a sign of the same variance only by a term of "
    "order 1/n^2 (for other F the limit sees more of the law than its second moments)",
    formal=r"\Delta_z = 2 \tau^2 \frac{\Lambda^2 q^2 + \Lambda_G^2 S r^2}{n^2}",
    expect=Verdict.PROVED,
)
def unknown_law() -> Examination:
    gap = Symbol("Delta_z", real=True)
    change = expected_increment()[z]
    gauss = change.subs({fourth: 3 * Lambda**2, fourth_g: 3 * Lambda_G**2})
    signs = change.subs({fourth: Lambda**2, fourth_g: Lambda_G**2})
    exact = {gap: sp.expand(gauss - signs)}
    statement = eq(gap, 2 * tau**2 * (Lambda**2 * q**2 + Lambda_G**2 * S * r**2) / n**2)

    def measure(p: Place) -> Any:
        return (p["tau"] / p["n"]) ** 2 * (_length(p, nodes()) - _length(p, _signs()))

    points = tuple({**s, **t, n: 3} for s, t in zip(LONG_STATES, RATES, strict=True))
    return Examination(
        statement,
        exact,
        by_numbers({gap: measure}, points=points, kind="enumerated:mpmath"),
        steps=(
            Step(
                "the drifts of P, q, r and S hold second moments of the codes, r also E c~^4",
            ),
        ),
    )


def _signs() -> tuple[tuple[Any, Any], ...]:
    half = mpmath.mpf(1) / 2
    return ((-mpmath.mpf(1), half), (mpmath.mpf(1), half))


def _length(p: Place, law: Any) -> Any:
    """The part of E|s y - s~ y~|^2 in 3 dimensions that knows fourth moments of the codes."""
    U, V, w = vectors(p)
    total = mpmath.mpf(0)
    for feature, second, noise in ((U, "Lambda", "eta_T"), (V, "Lambda_G", "eta_G")):
        for outcome in itertools.product(nodes(), repeat=3):
            for code, share in law:
                y = [
                    f * mpmath.sqrt(p[second]) * code + mpmath.sqrt(p[noise]) * x
                    for f, (x, _) in zip(feature, outcome, strict=True)
                ]
                weight = share * mpmath.fprod(s for _, s in outcome)
                total += weight * dot(y, w) ** 2 * dot(y, y)
    return total


@claim(
    "survey.whl.generator",
    source="section 5.3.1, linear generator",
    printed=r"\mathbf{\tilde{y}}_{k} = V \mathbf{\tilde{c}}_{k} "
    r"+ \sqrt{\eta_{G}} \mathbf{\tilde{a}}_{k}",
    formal=r"Y = \Lambda_G S + \eta_G",
    says="with one column V, the generator's variance along V is Lambda_G S + eta_G: it can copy "
    "the data (V = U, Lambda_G = Lambda, eta_G = eta_T), exactly if the codes have the same law",
    expect=Verdict.PROVED,
)
def generator() -> Examination:
    variance, length = Symbol("Y", real=True), Symbol("S", positive=True)
    along, noise = sp.symbols("along noise", real=True)
    squared = sp.Poly(
        sp.expand((sp.sqrt(length) * along + sp.sqrt(eta_g) * noise) ** 2), along, noise
    )
    exact = {variance: _second(squared, {(2, 0): Lambda_G, (0, 2): sp.Integer(1)})}

    def measure(p: Place) -> Any:
        return mpmath.fsum(
            share
            * other
            * (mpmath.sqrt(p["S"] * p["Lambda_G"]) * x + mpmath.sqrt(p["eta_G"]) * y) ** 2
            for (x, share), (y, other) in itertools.product(nodes(), nodes())
        )

    points = ({Lambda_G: 2, eta_g: Rational(1, 3), length: 3}, {Lambda_G: 1, eta_g: 2, length: 1})
    return Examination(
        eq(variance, Lambda_G * length + eta_g),
        exact,
        by_numbers({variance: measure}, points=points, kind="enumerated:mpmath"),
    )


@claim(
    "survey.whl.generator.code",
    source="section 5.3.1, linear generator: c_k drawn from fixed distribution",
    says="the caption prints c_k where the generator's own code, c~_k of the display, is meant",
    expect=Verdict.INFORMAL,
    reason="a misprint in a caption: c_k was just said to come from an unknown distribution",
)
def generator_code() -> None: ...


@claim(
    "survey.whl.infinitely-wide.units",
    source="section 5.3.1, infinitely-wide linear generator and discriminator, second reading",
    says="wide as in mean-field analyses of wide networks: the number of units that the signal "
    "passes grows with n. It is the number d of latent inputs, the rank of the map that is "
    "learned, and stays fixed; what is sent to infinity is the data's dimension n",
    formal=r"R = n",
    expect=Verdict.REFUTED,
    amended=r"R = 1",
    repair="write 'high-dimensional' for 'infinitely-wide', and 'the limit of high dimension' for "
    "'the overparameterization limit': V has as many entries as the unknown U, whatever n",
)
def infinitely_wide() -> Examination:
    rank, size = Symbol("R", real=True), Symbol("n", positive=True)
    # V V^T for one column: every 2 x 2 minor vanishes, and it is not zero
    V = Matrix([a, b, c])
    covariance = V * V.T
    pairs = ([0, 1], [0, 2], [1, 2])
    minors = {sp.expand(covariance.extract(i, j).det()) for i in pairs for j in pairs}
    exact = {rank: sp.Integer(1) if minors == {0} else sp.Symbol("unknown", real=True)}

    def measure(p: Place) -> Any:
        size = int(p["n"])
        V = [mpmath.mpf(1) / (i + 2) for i in range(size)]
        covariance = mpmath.matrix([[x * y for y in V] for x in V])
        values = mpmath.eigsy(covariance, eigvals_only=True)
        return mpmath.mpf(sum(abs(value) > mpmath.mpf(10) ** -40 for value in values))

    return Examination(
        eq(rank, size),
        exact,
        by_numbers({rank: measure}, points=({size: 3}, {size: 5}), kind="eigenvalues:mpmath"),
        given=size > 1,
        amendment=eq(rank, 1),
        steps=(Step("shown for d = 1; V V^T has rank at most d for any d and n"),),
    )


@claim(
    "survey.whl.discriminator",
    source="section 5.3.1, single-layer discriminator",
    printed=r"D(\mathbf{y}; \mathbf{w}) = \hat{D}(\mathbf{y}^T \mathbf{w})",
    says="the discriminator looks at one projection of the data",
    expect=Verdict.INFORMAL,
    reason="a definition; symgan takes the linear one of the source's examples. 'Arbitrary' needs "
    "care: the expectations must exist and the gradients be smooth (F = exp(x^2) has none for "
    "a variance of 1/2 or more)",
)
def discriminator() -> None: ...


@claim(
    "survey.whl.objective",
    source="section 5.3.1, training objective",
    printed=r"\min_{V} \max_{w} \mathop{\mathbb{E}}_{\mathbf{y} \sim P(\mathbf{y}; U)} "
    r"\mathop{\mathbb{E}}_{\tilde{\mathbf{y}} \sim \tilde{P}(\tilde{\mathbf{y}}, V)} "
    r"L(\mathbf{y}, \tilde{\mathbf{y}}; \mathbf{w})",
    formal=r"E_L = \frac{\Lambda q^2 + \eta_T z}{2} - \frac{\Lambda_G r^2 + \eta_G z}{2} "
    r"- \frac{\lambda H_z}{2} + \frac{\lambda H_S}{2}",
    says="for F(x) = x^2/2 and a linear discriminator the expected objective depends on the "
    "macroscopic state alone",
    expect=Verdict.PROVED,
)
def objective() -> Examination:
    value, at_z, at_s = sp.symbols("E_L H_z H_S", real=True)
    game = mean_game(3)
    V, w = game.players
    named = {log_cosh(sum(x**2 for x in V)): at_s, log_cosh(sum(x**2 for x in w)): at_z}
    v, second, third = sp.symbols("v w_2 w_3", real=True)
    placed = dict(zip((*V, *w), (P, v, 0, q, second, third), strict=True))
    payoff = sp.expand(game.losses[0].subs(named).subs(placed, simultaneous=True))
    payoff = sp.expand(payoff.subs(third**2, z - q**2 - second**2))
    payoff = sp.expand(payoff.subs(second, (r - P * q) / v))
    exact = {value: payoff}
    formula = (Lambda * q**2 + eta_t * z) / 2 - (Lambda_G * r**2 + eta_g * z) / 2
    statement = eq(value, formula - lambda_ * at_z / 2 + lambda_ * at_s / 2)
    points = tuple(
        {**s, **t, lambda_: Rational(1, 3), at_z: 2, at_s: 5}
        for s, t in zip(LONG_STATES, RATES, strict=True)
    )
    return Examination(
        statement,
        exact,
        by_numbers({value: _mean_loss}, points=points, kind="enumerated:mpmath"),
    )


def _mean_loss(p: Place) -> Any:
    """Half the squared scores, summed over outcomes, with the penalties."""
    U, V, w = vectors(p)
    real = enumerated(U, w, p["Lambda"], p["eta_T"])[0]
    fake = enumerated(V, w, p["Lambda_G"], p["eta_G"])[0]
    return (dot(real, w) - dot(fake, w) + p["lambda"] * (p["H_S"] - p["H_z"])) / 2
