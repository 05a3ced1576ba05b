r"""Settled: the spectrum of the first-order dynamics at empty intervals.

The characteristic polynomial is even: no such point attracts exponentially.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Expr, Matrix, Symbol

from symgan.claims import Examination, Verdict, claim, eq
from symgan.games.mixture import normal_pdf
from symgan_papers.gmm.model_settled import HALF, Place, a, examined, plain_jacobian, two_modes
from symgan_papers.gmm.settled_e_stability import DISTANT, coefficients


def _empty_jacobian() -> tuple[Matrix, tuple[Symbol, ...]]:
    gan = two_modes()
    x1, x2 = sp.symbols("x1 x2", real=True)
    at = dict(zip((*gan.left, *gan.right), (x1, x2, x1, x2), strict=True))
    return gan.game.flow().jacobian().subs(at), (x1, x2)


@claim(
    "gmm.settled.stability.empty",
    source=DISTANT,
    formal=r"A = -\frac{1}{2} (x_1 - \mu_1) \varphi(x_1 - \mu_1)",
    says="empty intervals at x_1, x_2: the means do not feel each other (C = 0); an end r_1 grows "
    "at the rate f = F'(x_1), its partner l_1 shrinks at it (D = 0, the sum); r_1 answers mu_1 by "
    "A, l_1 by -A (E = 0), and mu_1 answers r_1 by -A, l_1 by A (G = K = 0)",
    expect=Verdict.PROVED,
)
def empty() -> Examination:
    names = sp.symbols("A C D E G K", real=True)
    J, (x1, x2) = _empty_jacobian()

    def entries(M: Any) -> tuple[Any, ...]:
        return (
            M[4, 0], M[0, 1], M[4, 4] + M[2, 2], M[4, 0] + M[2, 0], M[0, 4] + M[4, 0],
            M[0, 2] - M[4, 0],
        )  # fmt: skip

    exact = dict(zip(names, entries(J), strict=True))

    def matrix(s: Place) -> Any:
        ends = (s["x1"], s["x2"], s["x1"], s["x2"])
        return plain_jacobian((-s["a"], s["a"]), (s["mu1"], s["mu2"], *ends))

    numbers = {name: (lambda s, k=k: entries(matrix(s))[k]) for k, name in enumerate(names)}
    mu1, mu2 = two_modes().mu
    answer = -HALF * (x1 - mu1) * normal_pdf(x1 - mu1)
    statement = sp.And(eq(names[0], answer), *(eq(name, 0 * a) for name in names[1:]))
    points = ({a: HALF, mu1: 1, mu2: 3, x1: 0, x2: 1},)
    return examined(statement, exact, numbers, points)


@claim(
    "gmm.settled.stability.empty.even",
    source=DISTANT,
    formal=r"q = f_1^2 f_2^2 - 2 f_1^2 N_{22} - 2 f_2^2 N_{11} + 4 N_{11} N_{22} - 4 N_{12}^2",
    says="component B is nowhere exponentially stable: the characteristic polynomial is s^6 - p "
    "s^4 + q s^2, with p = f_1^2 + f_2^2 - 2 (N_11 + N_22), N the Gram matrix of the answers of "
    "the ends (the odd coefficients U, V, W and the last one, Z, vanish). With every eigenvalue s "
    "there is -s: the flow leaves the point, or its spectrum lies on the imaginary axis. Under the "
    "printed update with equal steps every point with p or q not 0 is unstable: some s != 0 has "
    "real part >= 0, so that |1 + eta s| > 1. With the true means f_i = 0, all eigenvalues are "
    "imaginary, and what the flow does is not decided here",
    expect=Verdict.PROVED,
)
def even() -> Examination:
    p, q, u, v, last, zeroth = sp.symbols("p q U V W Z", real=True)
    grams = sp.symbols("N_11 N_22 N_12", real=True)
    f = sp.symbols("f_1 f_2", real=True)
    c = Matrix(2, 2, sp.symbols("c1 c2 d1 d2", real=True))  # interval by mean
    zero = sp.zeros(2)
    F = sp.diag(*f)
    J = sp.BlockMatrix([[zero, -c.T, c.T], [c, -F, zero], [-c, zero, F]]).as_explicit()
    found = J.charpoly(Symbol("s")).all_coeffs()
    N = c * c.T
    exact: dict[Any, Expr] = {p: -found[2], q: found[4], u: found[1], v: found[3], last: found[5]}
    exact |= {zeroth: found[6]}
    exact |= dict(zip(grams, (N[0, 0], N[1, 1], N[0, 1]), strict=True))

    def plain(s: Place) -> Any:
        rows = [[s["c1"], s["c2"]], [s["d1"], s["d2"]]]
        M = mpmath.zeros(6)
        for i in range(2):
            M[2 + i, 2 + i], M[4 + i, 4 + i] = -s[f"f_{i + 1}"], s[f"f_{i + 1}"]
            for j in range(2):
                M[2 + i, j], M[4 + i, j] = rows[i][j], -rows[i][j]
                M[j, 2 + i], M[j, 4 + i] = -rows[i][j], rows[i][j]
        return M

    def gram(i: int, j: int) -> Any:
        def of(s: Place) -> Any:
            M = plain(s)
            return mpmath.fsum(M[2 + i, k] * M[2 + j, k] for k in range(2))

        return of

    numbers = {
        p: lambda s: -coefficients(plain(s))[2],
        q: lambda s: coefficients(plain(s))[4],
        u: lambda s: coefficients(plain(s))[1],
        v: lambda s: coefficients(plain(s))[3],
        last: lambda s: coefficients(plain(s))[5],
        zeroth: lambda s: coefficients(plain(s))[6],
        grams[0]: gram(0, 0),
        grams[1]: gram(1, 1),
        grams[2]: gram(0, 1),
    }
    N11, N22, N12 = grams
    statement = sp.And(
        eq(p, f[0] ** 2 + f[1] ** 2 - 2 * (N11 + N22)),
        eq(
            q,
            f[0] ** 2 * f[1] ** 2
            - 2 * f[0] ** 2 * N22
            - 2 * f[1] ** 2 * N11
            + 4 * N11 * N22
            - 4 * N12**2,
        ),
        *(eq(name, 0 * f[0]) for name in (u, v, last, zeroth)),
    )
    values = dict(zip((*c, *f), (1, 2, -3, 5, 7, -2), strict=True))
    return examined(statement, exact, numbers, (values,), kind="charpoly:mpmath")
