r"""Results: the key lemma, for sizes up to (3, 3)."""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Matrix, Rational, Symbol

from symgan.claims import Examination, Step, Verdict, claim, eq
from symgan.game import zero_sum
from symgan_papers.stability.model import (
    Place,
    eigenvalues,
    linear_game,
    linear_payoff,
    measured,
    p,
    plain_field,
    plain_jacobian,
    poster_flow,
    q,
    quotient,
)

TRACE, DET = sp.symbols("tr D", real=True)


def key_game(n_d: int, n_g: int) -> tuple[Any, Matrix, Matrix]:
    """A payoff with V_DD = -L L^T, V_DG = P and V_GG = 0, and its two matrices."""
    names = {(i, j): Symbol(f"l_{i + 1}{j + 1}", positive=True if i == j else None, real=True)
             for i in range(n_d) for j in range(i + 1)}  # fmt: skip
    L = Matrix(n_d, n_d, lambda i, j: names.get((i, j), 0))
    P = Matrix(n_d, n_g, lambda i, j: Symbol(f"p_{i + 1}{j + 1}", real=True))
    d, g = (
        Matrix(sp.symbols(f"d_1:{n_d + 1}", real=True)),
        Matrix(sp.symbols(f"g_1:{n_g + 1}", real=True)),
    )
    payoff = (-d.T * L * L.T * d / 2 + d.T * P * g)[0]
    game = zero_sum(payoff, minimize=tuple(g), maximize=tuple(d), parameters=(*names.values(), *P))
    return game, L, P


def plain_key(s: Place, n_d: int, n_g: int) -> tuple[Any, Any, Any]:
    """L, P and the matrix of the key lemma as numbers."""
    L, P, J = mpmath.zeros(n_d), mpmath.zeros(n_d, n_g), mpmath.zeros(n_d + n_g)
    for i in range(n_d):
        for j in range(i + 1):
            L[i, j] = s[f"l_{i + 1}{j + 1}"]
        for j in range(n_g):
            P[i, j] = s[f"p_{i + 1}{j + 1}"]
    J[:n_d, :n_d], J[:n_d, n_d:], J[n_d:, :n_d] = -L * L.T, P, -P.T
    return L, P, J


def _points(symbols: Any, *seeds: int) -> tuple[dict[Any, Any], ...]:
    """Small rationals, positive on the diagonal of L."""
    ordered = sorted(symbols, key=str)
    return tuple(
        {
            name: Rational(1 + (7 * i + 3 * seed) % 5, 1 + (seed + i) % 3)
            * (1 if name.is_positive or (i + seed) % 2 else -1)
            for i, name in enumerate(ordered)
        }
        for seed in seeds
    )


@claim(
    "stability.key-lemma",
    source="results, key lemma",
    printed=r"\begin{pmatrix} \text{negative} & \text{full column rank} \\ -\text{transpose} & 0"
    r" \end{pmatrix}",
    formal=r"O = (l_{11} l_{22} l_{33})^2 D_P",
    says="matrices of this form, Q = L L^T positive definite and P of full column rank, have "
    "eigenvalues with strictly negative real parts despite the zero block. Judged for size (3, 3) "
    "with all entries free: the energy |d|^2 + |g|^2 falls at the rate 2 |L^T d|^2, and what is "
    "seen of the state through L^T d has the observability determinant O = det(L)^2 det(P), not "
    "zero; so no eigenvalue has real part 0 or more. Other sizes: the entries below",
    expect=Verdict.PROVED,
)
def key_lemma() -> Examination:
    seen, fall, det_p = sp.symbols("O E_dot D_P", real=True)
    game, L, P = key_game(3, 3)
    flow = poster_flow(game)
    J, C = flow.jacobian(), L.T.row_join(sp.zeros(3, 3))
    energy = sum(s**2 for s in flow.state)
    rate = sum(sp.diff(energy, s) * f for s, f in zip(flow.state, flow.rhs, strict=True))
    d = Matrix(flow.state[:3])
    size = (L.T * d).dot(L.T * d)
    observed = C.col_join(C * J)
    exact = {
        seen: observed.det(method="berkowitz"),
        fall: sp.expand(rate),
        det_p: P.det(),
    }

    def determinant(s: Place) -> Any:
        numeric_L, _, M = plain_key(s, 3, 3)
        C = mpmath.zeros(3, 6)
        C[:3, :3] = numeric_L.T
        stacked = mpmath.zeros(6)
        stacked[:3, :], stacked[3:, :] = C, C * M
        return mpmath.det(stacked)

    def falling(s: Place) -> Any:
        _, _, M = plain_key(s, 3, 3)
        start = mpmath.matrix([s[symbol.name] for symbol in flow.state])
        return mpmath.diff(lambda h: mpmath.norm(start + h * M * start) ** 2, 0)

    numbers = {
        seen: determinant,
        fall: falling,
        det_p: lambda s: mpmath.det(plain_key(s, 3, 3)[1]),
    }
    diagonal = (L[0, 0] * L[1, 1] * L[2, 2]) ** 2
    symbols = {*flow.parameters, *flow.state}
    return measured(
        sp.And(eq(seen, diagonal * det_p), eq(fall, -2 * size)),
        exact,
        numbers,
        _points(symbols, 1, 2),
        Step("J z = lambda z gives Re(lambda) |z|^2 = -|L^T d|^2; if it is 0 so are d, P g and g"),
        kind="determinant:mpmath",
    )


@claim(
    "stability.key-lemma.size-1-1",
    source="results, key lemma",
    formal=r"R < 0",
    says="size (1, 1): both eigenvalues are left of the axis, R their sum, with product p^2 > 0",
    expect=Verdict.PROVED,
)
def size_1_1() -> Examination:
    total, product = sp.symbols("R S", real=True)
    J = poster_flow(linear_game()).jacobian()

    def roots(s: Place) -> Any:
        return eigenvalues(plain_jacobian(linear_payoff(s), (0, 0)))

    return measured(
        sp.And(total < 0, product > 0, eq(total, -q), eq(product, p**2)),
        {total: J.trace(), product: J.det()},
        {
            total: lambda s: mpmath.re(sum(roots(s))),
            product: lambda s: mpmath.re(mpmath.fprod(roots(s))),
        },
        ({q: 1, p: 2}, {q: 5, p: Rational(1, 3)}),
    )


def hurwitz(J: Matrix) -> tuple[Any, ...]:
    """The Hurwitz determinants of a matrix, those of lowest order first."""
    a = J.charpoly().all_coeffs()
    n = len(a) - 1
    table = Matrix(n, n, lambda i, j: a[2 * j - i + 1] if 0 <= 2 * j - i + 1 <= n else 0)
    return tuple(sp.factor(table[:k, :k].det()) for k in range(1, n + 1))


def plain_hurwitz(J: Any) -> list[Any]:
    """The same from the numeric eigenvalues: products of their sums (Orlando's formula).

    For order n - 1 it is the product of all sums of two eigenvalues, up to its sign; lower
    orders come from the polynomial with these roots.
    """
    roots = eigenvalues(J)
    n = len(roots)
    poly = [mpmath.mpf(1)]
    for root in roots:
        poly = [u - root * v for u, v in zip([*poly, 0], [0, *poly], strict=True)]
    poly = [mpmath.re(c) for c in poly]
    table = mpmath.zeros(n)
    for i in range(n):
        for j in range(n):
            k = 2 * j - i + 1
            table[i, j] = poly[k] if 0 <= k <= n else 0
    minors = [mpmath.det(table[:k, :k]) if k > 1 else table[0, 0] for k in range(1, n - 1)]
    sums = mpmath.fprod(roots[i] + roots[j] for i in range(n) for j in range(i))
    orlando = mpmath.re(sums) * (-1) ** (n * (n - 1) // 2)
    return [*minors, orlando, orlando * poly[n]]


s1, s2 = sp.symbols("s_1 s_2", positive=True)
A, B, C = sp.symbols("a b c", real=True)


@claim(
    "stability.key-lemma.size-2-1",
    source="results, key lemma",
    formal=r"H_2 = (a + c)(a c - b^2) + p^2 a",
    says="size (2, 1), P turned into (p, 0)^T by a rotation of the discriminator's parameters, Q "
    "with rows (a, b), (b, c): the Hurwitz determinants H_1 = a + c, H_2 and H_3 = c p^2 H_2 are "
    "positive for positive definite Q, and still for a singular Q >= 0 in which neither a nor c "
    "is 0",
    expect=Verdict.PROVED,
)
def size_2_1() -> Examination:
    names = sp.symbols("H_1 H_2 H_3", real=True)
    d1, d2, g = sp.symbols("d_1 d_2 g", real=True)
    payoff = -(A * d1**2 + 2 * B * d1 * d2 + C * d2**2) / 2 + p * d1 * g
    game = zero_sum(payoff, minimize=g, maximize=(d1, d2), parameters=(A, B, C, p))
    minors = hurwitz(poster_flow(game).jacobian())

    def minor(k: int) -> Any:
        def of(s: Place) -> Any:
            rows = [[-s["a"], -s["b"], s["p"]], [-s["b"], -s["c"], 0], [-s["p"], 0, 0]]
            return plain_hurwitz(mpmath.matrix(rows))[k]

        return of

    second = (A + C) * (A * C - B**2) + p**2 * A
    statement = sp.And(eq(names[1], second), eq(names[0], A + C), eq(names[2], C * p**2 * second))
    return measured(
        statement,
        dict(zip(names, minors, strict=True)),
        {name: minor(k) for k, name in enumerate(names)},
        ({A: 2, B: 1, C: 3, p: 2}, {A: 1, B: -2, C: 5, p: Rational(1, 3)}),
        kind="eigenvalues:mpmath",
    )


@claim(
    "stability.key-lemma.size-2-2",
    source="results, key lemma",
    formal=r"H_3 = (a + c)(a c - b^2)(a s_2^2 + c s_1^2) + (s_1^2 - s_2^2)^2 a c",
    says="size (2, 2), P turned into diag(s_1, s_2) by rotations of either player's parameters, Q "
    "with rows (a, b), (b, c): H_3 is the Hurwitz determinant of order 3, H_2 = (a + c)(a c - "
    "b^2) + a s_1^2 + c s_2^2 that of order 2; both are positive for positive definite Q, as are "
    "a + c and s_1^2 s_2^2",
    expect=Verdict.PROVED,
)
def size_2_2() -> Examination:
    names = sp.symbols("H_1 H_2 H_3", real=True)
    d1, d2, g1, g2 = sp.symbols("d_1 d_2 g_1 g_2", real=True)
    payoff = -(A * d1**2 + 2 * B * d1 * d2 + C * d2**2) / 2 + s1 * d1 * g1 + s2 * d2 * g2
    game = zero_sum(payoff, minimize=(g1, g2), maximize=(d1, d2), parameters=(A, B, C, s1, s2))
    minors = hurwitz(poster_flow(game).jacobian())

    def minor(k: int) -> Any:
        def of(s: Place) -> Any:
            M = mpmath.zeros(4)
            M[0, 0], M[0, 1], M[1, 0], M[1, 1] = -s["a"], -s["b"], -s["b"], -s["c"]
            M[0, 2], M[1, 3], M[2, 0], M[3, 1] = s["s_1"], s["s_2"], -s["s_1"], -s["s_2"]
            return plain_hurwitz(M)[k]

        return of

    gap = A * C - B**2
    statement = sp.And(
        eq(names[2], (A + C) * gap * (A * s2**2 + C * s1**2) + A * C * (s1**2 - s2**2) ** 2),
        eq(names[1], (A + C) * gap + A * s1**2 + C * s2**2),
        eq(names[0], A + C),
    )
    points = ({A: 2, B: 1, C: 3, s1: 1, s2: 2}, {A: 1, B: -2, C: 5, s1: 3, s2: Rational(1, 2)})
    return measured(
        statement,
        dict(zip(names, minors[:3], strict=True)),
        {name: minor(k) for k, name in enumerate(names)},
        points,
        kind="eigenvalues:mpmath",
    )


@claim(
    "stability.key-lemma.tall",
    source="results, key lemma, 'full column rank'",
    formal=r"O = (l_{11} l_{22} l_{33})^2 G",
    says="more discriminator than generator parameters, size (3, 2): the state is seen through "
    "L^T d whenever P has full column rank. O, the sum of squares of those minors of the "
    "observability matrix that hold its three upper rows, is det(L)^2 G with G = det(P^T Q P), "
    "positive exactly then (sizes (3, 1) and (2, 1) alike)",
    expect=Verdict.PROVED,
)
def tall() -> Examination:
    seen, gram = sp.symbols("O G", real=True)
    game, L, P = key_game(3, 2)
    J, C = poster_flow(game).jacobian(), L.T.row_join(sp.zeros(3, 2))
    lower = C * J
    minors = [
        C.col_join(lower.row(i)).col_join(lower.row(j)).det() for i, j in ((0, 1), (0, 2), (1, 2))
    ]
    exact = {seen: sp.expand(sum(m**2 for m in minors)), gram: (P.T * L * L.T * P).det()}

    def observed(s: Place) -> Any:
        numeric_L, _, M = plain_key(s, 3, 2)
        C = mpmath.zeros(3, 5)
        C[:3, :3] = numeric_L.T
        below, found = C * M, mpmath.mpf(0)
        for rows in ((0, 1), (0, 2), (1, 2)):
            stacked = mpmath.zeros(5)
            stacked[:3, :] = C
            for place, row in enumerate(rows, 3):
                stacked[place, :] = below[row, :]
            found += mpmath.det(stacked) ** 2
        return found

    def plain_gram(s: Place) -> Any:
        numeric_L, numeric_P, _ = plain_key(s, 3, 2)
        sizes = mpmath.svd(numeric_L.T * numeric_P, compute_uv=False)
        return (sizes[0] * sizes[1]) ** 2

    diagonal = (L[0, 0] * L[1, 1] * L[2, 2]) ** 2
    return measured(
        eq(seen, diagonal * gram),
        exact,
        {seen: observed, gram: plain_gram},
        _points({*L.free_symbols, *P.free_symbols}, 1, 2),
        kind="determinant:mpmath",
    )


@claim(
    "stability.key-lemma.rank",
    source="results, 'full column rank'",
    formal=r"D = m^2",
    says="full column rank is needed: for size (1, 1) with interaction m the determinant D of the "
    "matrix is m^2, and for size (1, 2), one discriminator and two generator parameters, where no "
    "P has full column rank, it vanishes for all entries",
    expect=Verdict.PROVED,
)
def rank() -> Examination:
    mixed, wide = Symbol("m", real=True), Symbol("D_12", real=True)
    J = poster_flow(linear_game()).jacobian().subs(p, mixed)
    game, L, P = key_game(1, 2)

    def plain(s: Place) -> Any:
        return mpmath.det(plain_jacobian(linear_payoff({"q": s["q"], "p": s["m"]}), (0, 0)))

    def smallest(s: Place) -> Any:
        return mpmath.svd(plain_key(s, 1, 2)[2], compute_uv=False)[2]

    entries = _points({*L.free_symbols, *P.free_symbols}, 1, 2, 4)
    values = ({q: 1, mixed: 2}, {q: 1, mixed: 0}, {q: 3, mixed: -1})
    return measured(
        sp.And(eq(DET, mixed**2), eq(wide, 0 * mixed)),
        {DET: J.det(), wide: poster_flow(game).jacobian().det()},
        {DET: plain, wide: smallest},
        [{**one, **other} for one, other in zip(values, entries, strict=True)],
        Step("assumption 3 gives the rank: h_G'' = 2 P^T P/f'(0)^2"),
    )


tau = Symbol("tau", positive=True)


@claim(
    "stability.key-lemma.not-optimal",
    source="results, '(even though the discriminator is not trained to optimality!)'",
    formal=r"R < 0",
    says="the discriminator need not be trained to optimality: for every ratio tau of the "
    "players' rates, however small, both eigenvalues are left of the axis: their sum R = -tau q "
    "is negative and their product tau p^2 positive",
    expect=Verdict.PROVED,
)
def not_optimal() -> Examination:
    total, product = sp.symbols("R S", real=True)
    flow = poster_flow(linear_game())
    J = sp.diag(tau, 1) * flow.jacobian()

    def roots(s: Place) -> Any:
        field = plain_field(linear_payoff(s))
        entries = [
            [quotient(lambda d, g, i=i: (s["tau"], 1)[i] * field(d, g)[i], (0, 0), *orders)
             for orders in ((1, 0), (0, 1))]
            for i in (0, 1)
        ]  # fmt: skip
        return eigenvalues(entries)

    return measured(
        sp.And(total < 0, product > 0, eq(total, -tau * q), eq(product, tau * p**2)),
        {total: J.trace(), product: J.det()},
        {
            total: lambda s: mpmath.re(sum(roots(s))),
            product: lambda s: mpmath.re(mpmath.fprod(roots(s))),
        },
        ({q: 1, p: 2, tau: Rational(1, 100)}, {q: 5, p: Rational(1, 3), tau: 10}),
        Step("in general: diag(tau, 1) J is similar to the key form with tau Q and sqrt(tau) P"),
    )
