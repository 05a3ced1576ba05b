r"""Settled: which equilibria of the first-order dynamics attract, and for which steps.

With the true means the Jacobian of the flow is :math:`[[-H, B], [-B^T, 0]]`, H diagonal; the two
zero eigenvalues belong to the surface of equilibria.
"""

from __future__ import annotations

from typing import Any

import mpmath
import sympy as sp
from sympy import Matrix, Rational, Symbol

from symgan.claims import Examination, Step, Verdict, claim, eq
from symgan.games.mixture import normal_pdf
from symgan_papers.gmm.model_settled import (
    HALF,
    OURS,
    Place,
    a,
    difference,
    examined,
    plain_jacobian,
    slope,
    two_modes,
)

left, right, eta = sp.symbols("l r eta", positive=True)
DISTANT = OURS + ", to equations (9)-(11)"


def at_truth() -> Matrix:
    """The flow's Jacobian at the true means, in the four ends."""
    gan = two_modes()
    return gan.game.flow().jacobian().subs({gan.mu[0]: -a, gan.mu[1]: a})


def at_symmetric() -> Matrix:
    """The same for the intervals [-r, -l] and [l, r]."""
    gan = two_modes()
    ends = dict(zip((*gan.left, *gan.right), (-right, left, -left, right), strict=True))
    return at_truth().subs(ends)


def plain_symmetric(s: Place) -> Any:
    true = (-s["a"], s["a"])
    return plain_jacobian(true, (*true, -s["r"], s["l"], -s["l"], s["r"]))


def coefficients(matrix: Any) -> list[Any]:
    """Of the characteristic polynomial, highest first, by Faddeev and LeVerrier."""
    size = matrix.rows
    found, part = [mpmath.mpf(1)], mpmath.eye(size)
    for k in range(1, size + 1):
        product = matrix * part
        found.append(-mpmath.fsum(product[i, i] for i in range(size)) / k)
        part = product + found[-1] * mpmath.eye(size)
    return found


@claim(
    "gmm.settled.stability.blocks",
    source=DISTANT,
    formal=r"h = \frac{1}{2} ((r_1 + a) \varphi(r_1 + a) + (r_2 + a) \varphi(r_2 + a) - "
    r"(l_1 + a) \varphi(l_1 + a) - (l_2 + a) \varphi(l_2 + a))",
    says="the linearization with the true means: mu_1 is damped by h (mu_2 by the same at the "
    "other mean), the means do not feel each other (C = 0), the ends do not feel any end (D = 0), "
    "and each end answers a mean with the opposite of what that mean answers it (A = 0, for r_2 "
    "and mu_1, whose coefficient is b)",
    expect=Verdict.PROVED,
)
def blocks() -> Examination:
    names = sp.symbols("h C D A b", real=True)
    J, gan = at_truth(), two_modes()
    values = (-J[0, 0], J[0, 1], J[5, 5], J[0, 5] + J[5, 0], J[0, 5])
    exact = dict(zip(names, values, strict=True))
    (l1, l2), (r1, r2) = gan.left, gan.right

    def matrix(s: Place) -> Any:
        true = (-s["a"], s["a"])
        return plain_jacobian(true, (*true, s["l1"], s["l2"], s["r1"], s["r2"]))

    reads = (
        lambda M: -M[0, 0],
        lambda M: M[0, 1],
        lambda M: M[5, 5],
        lambda M: M[0, 5] + M[5, 0],
        lambda M: M[0, 5],
    )
    numbers = {
        name: (lambda s, read=read: read(matrix(s)))
        for name, read in zip(names, reads, strict=True)
    }
    terms = ((l1, -1), (l2, -1), (r1, 1), (r2, 1))
    damping = HALF * sp.Add(*(sign * (e + a) * normal_pdf(e + a) for e, sign in terms))
    statement = sp.And(
        eq(names[0], damping),
        *(eq(name, 0 * a) for name in names[1:4]),
        eq(names[4], HALF * (r2 + a) * normal_pdf(r2 + a)),
    )
    points = ({a: HALF, l1: -1, r1: 0, l2: 1, r2: 2},)
    return examined(statement, exact, numbers, points)


@claim(
    "gmm.settled.stability.routh",
    source=DISTANT,
    formal=r"c_3 = h_1 M_{22} + h_2 M_{11}",
    says="component A in closed form: beside the two zeros of the surface, the eigenvalues are "
    "the roots of s^4 + c_1 s^3 + c_2 s^2 + c_3 s + c_4, c_1 = h_1 + h_2, c_2 = h_1 h_2 + M_11 + "
    "M_22, c_3 as printed, c_4 = M_11 M_22 - M_12^2, M = B B^T the Gram matrix of the coefficients "
    "of the means. An equilibrium is exponentially stable modulo equilibria iff c_1, c_3, c_4 > 0 "
    "and c_1 c_2 c_3 > c_3^2 + c_1^2 c_4; h_1, h_2 > 0 and c_4 > 0 are enough. S has three zeros "
    "at most and goes from - to +: both dampings are positive iff the third zero lies between -a "
    "and a; with one negative either verdict occurs (gmm.settled.stability.mixed)",
    expect=Verdict.PROVED,
)
def routh() -> Examination:
    c = sp.symbols("c_1 c_2 c_3 c_4", real=True)
    grams = sp.symbols("M_11 M_22 M_12", real=True)
    h = sp.symbols("h_1 h_2", real=True)
    b = Matrix(2, 4, sp.symbols("b1:5 d1:5", real=True))
    J = sp.BlockMatrix([[sp.diag(*(-x for x in h)), b], [-b.T, sp.zeros(4)]]).as_explicit()
    polynomial = J.charpoly(Symbol("s")).all_coeffs()
    M = b * b.T
    exact = dict(zip(c, polynomial[1:5], strict=True)) | dict(
        zip(grams, (M[0, 0], M[1, 1], M[0, 1]), strict=True)
    )

    def plain(s: Place) -> Any:
        rows = [[s[f"{letter}{k}"] for k in range(1, 5)] for letter in "bd"]
        top = [[-s["h_1"], 0, *rows[0]], [0, -s["h_2"], *rows[1]]]
        return mpmath.matrix(top + [[-u, -v, 0, 0, 0, 0] for u, v in zip(*rows, strict=True)])

    def gram(i: int, j: int) -> Any:
        def of(s: Place) -> Any:
            found = plain(s)
            return mpmath.fsum(found[i, k] * found[j, k] for k in range(2, 6))

        return of

    numbers = {name: (lambda s, k=k: coefficients(plain(s))[k]) for k, name in enumerate(c, 1)}
    numbers |= {grams[0]: gram(0, 0), grams[1]: gram(1, 1), grams[2]: gram(0, 1)}
    M11, M22, M12 = grams
    statement = sp.And(
        eq(c[0], h[0] + h[1]),
        eq(c[1], h[0] * h[1] + M11 + M22),
        eq(c[2], h[0] * M22 + h[1] * M11),
        eq(c[3], M11 * M22 - M12**2),
    )
    values = dict(zip((*b, *h), (1, 2, -1, 3, 2, -1, 1, 5, 7, -2), strict=True))
    return examined(
        statement,
        exact,
        numbers,
        (values,),
        Step("c_4 > 0: B has rank 2, and the equilibria near it with true means are a surface"),
        Step("its tangent is the kernel; the other four eigenvalues lie on the left: the surface"),
        Step("attracts, and each orbit near it converges to one of its points (Aulbach 1984)"),
        kind="charpoly:mpmath",
    )


@claim(
    "gmm.settled.stability.symmetric",
    source=DISTANT,
    formal=r"M_+ = \frac{R^2 + L^2}{4}",
    says="the symmetric curve: with R, L the slopes of -[phi(x - a) + phi(x + a)] at r and l, P "
    "and Q those of -[phi(x - a) - phi(x + a)], both dampings are h = (R - L)/2, and the "
    "eigenvalues beside the two zeros are the roots of s^2 + h s + M_+ (the means move together) "
    "and s^2 + h s + M_-, M_- = (P^2 + Q^2)/4 (against each other)",
    expect=Verdict.PROVED,
)
def symmetric() -> Examination:
    names = sp.symbols("h M_+ M_- R L P Q", real=True)
    J = at_symmetric()
    B = J[:2, 2:]
    M = B * B.T
    y = Symbol("y", real=True)
    sums = [-sp.diff(normal_pdf(y - a) + sign * normal_pdf(y + a), y) for sign in (1, -1)]
    slopes = [part.subs(y, end) for part in sums for end in (right, left)]
    exact = dict(zip(names, (-J[0, 0], M[0, 0] + M[0, 1], M[0, 0] - M[0, 1], *slopes), strict=True))

    def product(sign: int) -> Any:
        def of(s: Place) -> Any:
            J = plain_symmetric(s)
            return mpmath.fsum(J[0, k] * (J[0, k] + sign * J[1, k]) for k in range(2, 6))

        return of

    def lean(sign: int, end: str) -> Any:
        def of(s: Place) -> Any:
            one = difference((-(10**3),), (s["a"],))  # the far mode adds nothing to the slope
            other = difference((-(10**3),), (-s["a"],))
            return slope(lambda z: one(z) + sign * other(z), [s[end]], 0)

        return of

    numbers = {
        names[0]: lambda s: -plain_symmetric(s)[1, 1],
        names[1]: product(1),
        names[2]: product(-1),
    }
    for name, (sign, end) in zip(
        names[3:], ((1, "r"), (1, "l"), (-1, "r"), (-1, "l")), strict=True
    ):
        numbers[name] = lean(sign, end)
    h, plus, minus, R, L, P, Q = names
    statement = sp.And(
        eq(h, (R - L) / 2), eq(plus, (R**2 + L**2) / 4), eq(minus, (P**2 + Q**2) / 4)
    )
    points = ({a: HALF, left: HALF, right: 2},)
    return examined(statement, exact, numbers, points, digits=12)


@claim(
    "gmm.settled.stability.symmetric.attracts",
    source=DISTANT,
    formal=r"R = 2 e^{-\frac{a^2}{2}} \varphi(r) \sinh(a r) (r \coth(a r) - a)",
    says="every symmetric equilibrium attracts: as phi(x) sinh(a x) = t at l and at r, h = "
    "e^{-a^2/2} t (r coth(a r) - l coth(a l)), and x coth(a x) rises, its slope E being "
    "(sinh(2 a x) - 2 a x)/(2 sinh(a x)^2): h > 0, M_+ and M_- > 0, so that the flow converges "
    "exponentially to the surface of equilibria near the whole curve",
    expect=Verdict.PROVED,
)
def attracts() -> Examination:
    names = sp.symbols("R E", real=True)
    total = normal_pdf(right - a) + normal_pdf(right + a)
    rise = sp.diff(right * sp.coth(a * right), right)
    exact = {names[0]: -sp.diff(total, right), names[1]: rise}

    def plain(s: Place) -> Any:
        far = difference((-(10**3),), (-s["a"], s["a"]))
        return 2 * slope(far, [s["r"]], 0)

    numbers = {
        names[0]: plain,
        names[1]: lambda s: mpmath.diff(lambda y: y / mpmath.tanh(s["a"] * y), s["r"]),
    }
    scale = 2 * sp.exp(-(a**2) / 2) * normal_pdf(right) * sp.sinh(a * right)
    double = sp.sinh(2 * a * right) - 2 * a * right
    statement = sp.And(
        eq(names[0], scale * (right * sp.coth(a * right) - a)),
        eq(names[1], double / (2 * sp.sinh(a * right) ** 2)),
    )
    points = ({a: HALF, right: 2}, {a: 2, right: Rational(1, 3)})
    return examined(statement, exact, numbers, points)


@claim(
    "gmm.settled.stability.step",
    source=DISTANT,
    formal=r"P = 1 - \eta h + \eta^2 M",
    says="steps at the symmetric equilibria, M = M_+ or M_-: the multipliers of (9)-(11) with "
    "equal steps eta have the product P, and (1 + z_1)(1 + z_2) = N = 4 - 2 eta h + eta^2 M: they "
    "lie inside the unit circle iff eta M < h and 2 eta h < 4 + eta^2 M. At both ends of the "
    "curve, the whole line and two empty intervals, h tends to 0 and M_- or M_+ does not: every "
    "step is too large there",
    expect=Verdict.PROVED,
)
def step() -> Examination:
    product, shifted = sp.symbols("P N", real=True)
    h, gain = sp.symbols("h M", positive=True)
    one = sp.eye(2) + eta * Matrix([[-h, sp.sqrt(gain)], [-sp.sqrt(gain), 0]])
    exact = {product: sp.expand(one.det()), shifted: sp.expand((one + sp.eye(2)).det())}

    def multipliers(s: Place) -> Any:
        roots = mpmath.polyroots([1, s["h"], s["M"]], maxsteps=200, extraprec=200)
        return [1 + s["eta"] * z for z in roots]

    numbers = {
        product: lambda s: mpmath.re(mpmath.fprod(multipliers(s))),
        shifted: lambda s: mpmath.re(mpmath.fprod(1 + z for z in multipliers(s))),
    }
    statement = sp.And(
        eq(product, 1 - eta * h + eta**2 * gain), eq(shifted, 4 - 2 * eta * h + eta**2 * gain)
    )
    points = ({h: 1, gain: 2, eta: Rational(1, 3)}, {h: 3, gain: 1, eta: 2})
    return examined(statement, exact, numbers, points, kind="roots:mpmath")
