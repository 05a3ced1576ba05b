r"""Section 5.1.4, spectral normalization: the bound, and what it leaves.

Norms are Euclidean. Networks are exact: their constants come from all activation patterns with
interior points (`symgan.analysis.lipschitz`); they are measured as slopes at sampled points.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import mpmath
import sympy as sp
from sympy import Matrix, Rational, Symbol

from symgan.analysis.lipschitz import lipschitz, relu_network
from symgan.claims import Examination, Step, Verdict, by_numbers, by_z3, claim, eq
from symgan_papers.survey.model_part1 import gradient_of, minmax

a, b, t = sp.symbols("a b t", positive=True)
c, d = sp.symbols("c d", real=True)
d_0, F, G, s_1, s_2, e_1, e_2, e_3 = sp.symbols("d_0 F G s_1 s_2 e_1 e_2 e_3", nonnegative=True)
ABSOLUTE = (((1,), (-1,)), ((1, 1),))
"""|x| = relu(x) + relu(-x)."""


def plain_network(layers: Sequence[Any], at: Sequence[Any]) -> list[Any]:
    """A ReLU network without offsets, as plain numbers."""
    signal = list(at)
    for place, rows in enumerate(layers):
        signal = [sum(e * y for e, y in zip(row, signal, strict=True)) for row in rows]
        if place < len(layers) - 1:
            signal = [max(y, mpmath.mpf(0)) for y in signal]
    return signal


def steepest(layers: Sequence[Any]) -> Any:
    """The steepest chord of a network on the line between points of a grid."""
    grid = [mpmath.mpf(i) / 4 for i in range(-12, 13)]
    values = [plain_network(layers, [x])[0] for x in grid]
    pairs = [(i, j) for i in range(len(grid)) for j in range(i)]
    return max(abs((values[i] - values[j]) / (grid[i] - grid[j])) for i, j in pairs)


def divided(layers: Sequence[Any]) -> list[Any]:
    """Each layer over its largest singular value, by mpmath's decomposition."""
    found = []
    for rows in layers:
        matrix = mpmath.matrix([list(row) for row in rows])
        norm = max(mpmath.svd(matrix, compute_uv=False))
        found.append([[entry / norm for entry in row] for row in rows])
    return found


@claim(
    "survey.spectral.network",
    source="section 5.1.4, second display",
    printed=r"D(x) = W^{L+1}(a^L(W^L(\cdots a^1(W^1 x) \cdots)))",
    formal=r"E = 5 t",
    says="the discriminator has L + 1 matrices, L activations and no offsets; with ReLU it is "
    "therefore positively homogeneous: D(t x) = t D(x) for t > 0, D(0) = 0. Here one with "
    "L = 2, at t (2, -1), where D(2, -1) = 5",
    expect=Verdict.PROVED,
)
def network() -> Examination:
    value = Symbol("E", real=True)
    layers = (((1, 1), (-1, 2)), ((3, 1), (2, -1)), ((1, 1),))
    exact = {value: relu_network(layers)(2 * t, -t)[0]}

    def measured(p: Any) -> Any:
        return plain_network(layers, [2 * p["t"], -p["t"]])[0]

    return Examination(
        eq(value, 5 * t),
        exact,
        by_numbers({value: measured}, kind="evaluated:mpmath", points=({t: 1}, {t: 3})),
        steps=(Step("so a nonzero constant is not in the class"),),
    )


@claim(
    "survey.spectral.composition",
    source="section 5.1.4, third display",
    printed=r"\|f \circ g\|_L \le \|f\|_L \|g\|_L",
    formal=r"d_2 \le F G d_0",
    says="Lipschitz constants of compositions: where g stretches a distance d_0 at most G times "
    "(to G d_0 - e_1) and f at most F times (to F d_1 - e_2), both together stretch it at most "
    "F G times",
    expect=Verdict.PROVED,
)
def composition() -> Examination:
    far = Symbol("d_2", real=True)
    exact = {far: sp.expand(F * (G * d_0 - e_1) - e_2)}
    return Examination(far <= F * G * d_0, exact, by_z3(exact))


@claim(
    "survey.spectral.matrix",
    source="section 5.1.4, below the third display",
    printed=r"\|W\|_L = \|W\| = \sigma_1(W)",
    formal=r"N = \frac{S + \sqrt{S^2 - 4 P^2}}{2}",
    says="the Lipschitz constant of a matrix is its largest singular value: the largest |W u|^2 "
    "over unit vectors u, N, is the larger eigenvalue of W^T W, for W = [[a, b], [c, d]]; S is "
    "the sum of squares of the entries, P the determinant",
    expect=Verdict.PROVED,
)
def matrix() -> Examination:
    stretch = Symbol("N", real=True)
    # |W u|^2 = (S + A cos 2 phi + B sin 2 phi)/2 for u = (cos phi, sin phi).
    columns = Matrix([[a, b], [c, d]])
    one, other = (columns[:, i].dot(columns[:, i]) for i in (0, 1))
    across = 2 * columns[:, 0].dot(columns[:, 1])
    exact = {stretch: (one + other + sp.sqrt(sp.expand((one - other) ** 2 + across**2))) / 2}

    def measured(p: Any) -> Any:
        entries = mpmath.matrix([[p["a"], p["b"]], [p["c"], p["d"]]])
        return max(mpmath.svd(entries, compute_uv=False)) ** 2

    points = ({a: 1, b: 2, c: 3, d: -1}, {a: 2, b: 1, c: 0, d: 1}, {a: 1, b: 1, c: 1, d: 1})
    total, det = a**2 + b**2 + c**2 + d**2, a * d - b * c
    return Examination(
        eq(stretch, (total + sp.sqrt(total**2 - 4 * det**2)) / 2),
        exact,
        by_numbers({stretch: measured}, kind="svd:mpmath", points=points),
    )


@claim(
    "survey.spectral.relu",
    source="section 5.1.4, below the third display",
    printed=r"\|\mathrm{ReLU}\|_L = 1",
    formal=r"K = 1",
    says="the Lipschitz constant of ReLU is 1, in two coordinates as in one",
    expect=Verdict.PROVED,
)
def relu() -> Examination:
    norm = Symbol("K", real=True)
    identity = ((1, 0), (0, 1))
    exact = {norm: lipschitz(relu_network((identity, identity))).constant}

    def measured(_: Any) -> Any:
        grid = [(mpmath.mpf(i) / 2, mpmath.mpf(j) / 2) for i in range(-3, 4) for j in range(-3, 4)]
        images = [plain_network((identity, identity), x) for x in grid]
        pairs = [(i, j) for i in range(len(grid)) for j in range(i)]

        def far(x: Any, y: Any) -> Any:
            return mpmath.sqrt(sum((u - v) ** 2 for u, v in zip(x, y, strict=True)))

        return max(far(images[i], images[j]) / far(grid[i], grid[j]) for i, j in pairs)

    return Examination(
        eq(norm, 1),
        exact,
        by_numbers({norm: measured}, kind="sampled:mpmath", points=({},)),
    )


@claim(
    "survey.spectral.product",
    source="section 5.1.4, fourth display",
    printed=r"\|D\|_L \le (\prod_{i=1}^{L+1} \|W^i\|_L)(\prod_{i=1}^{L} \|a^i\|_L) = "
    r"\prod_{i=1}^{L+1} \sigma_1(W^i)",
    formal=r"d_3 \le s_1 s_2 d_0",
    says="a discriminator stretches distances at most by the product of its matrices' largest "
    "singular values: the step from one matrix to two with a ReLU between them (from s_1 d_0 - "
    "e_1 to less by e_2, to s_2 times that less e_3), of which any depth is a repetition",
    expect=Verdict.PROVED,
)
def product_bound() -> Examination:
    far = Symbol("d_3", real=True)
    exact = {far: sp.expand(s_2 * (s_1 * d_0 - e_1 - e_2) - e_3)}
    return Examination(far <= s_1 * s_2 * d_0, exact, by_z3(exact))


@claim(
    "survey.spectral.normalized",
    source="section 5.1.4, below the fourth display",
    printed=r"\widetilde{W}^i = W^i / \sigma_1(W^i)",
    formal=r"P = 1",
    says="dividing each matrix by its largest singular value makes the right side 1 (matrices that "
    "are not 0): the product P for [[a], [-b]] and [[b, a]]",
    expect=Verdict.PROVED,
)
def normalized() -> Examination:
    right = Symbol("P", real=True)
    layers = (Matrix([[a], [-b]]), Matrix([[b, a]]))

    def norm(W: Matrix) -> Any:
        gram = W * W.T if W.rows < W.cols else W.T * W
        return sp.sqrt(gram[0])

    exact = {right: sp.cancel(sp.prod([norm(W / norm(W)) for W in layers]))}

    def measured(p: Any) -> Any:
        rows = divided((((p["a"],), (-p["b"],)), ((p["b"], p["a"]),)))
        norms = (max(mpmath.svd(mpmath.matrix(r), compute_uv=False)) for r in rows)
        return mpmath.fprod(norms)

    points = ({a: 1, b: 2}, {a: Rational(1, 3), b: 5})
    return Examination(
        eq(right, 1),
        exact,
        by_numbers({right: measured}, kind="svd:mpmath", points=points),
    )


@claim(
    "survey.spectral.fits",
    source="section 5.1.4, last sentences",
    formal=r"d_3 \le d_0",
    says="a normalized discriminator fits the Lipschitz constraint |D|_L <= 1: the bound with "
    "s_1 = s_2 = 1",
    expect=Verdict.PROVED,
)
def fits() -> Examination:
    far = Symbol("d_3", real=True)
    exact = {far: (d_0 - e_1 - e_2) - e_3}
    return Examination(far <= d_0, exact, by_z3(exact))


@claim(
    "survey.spectral.no-more-analysis",
    source="section 5.1.4, last sentences",
    says="we don't need more theoretical analysis of this method",
    expect=Verdict.INFORMAL,
    reason="an opinion; the reason given for it, that the constraint is fitted, is judged in "
    "survey.spectral.fits, and what analysis finds beyond it are survey.settled.spectral.*: a "
    "constant below the bound, Lipschitz functions that no normalized network is, an objective "
    "that is no Wasserstein distance, and training that still does not converge",
)
def no_more_analysis() -> None: ...


@claim(
    "survey.settled.spectral.slack",
    source="ours, to section 5.1.4",
    formal=r"K = \frac{1}{2}",
    says="normalization can leave room below the constant that is allowed: it halves |x| = "
    "relu(x) + relu(-x), to the Lipschitz constant K. No normalized network of any depth is |x| "
    "(survey.settled.spectral.any-depth), so that the objective is no Wasserstein distance "
    "(survey.settled.spectral.halved)",
    expect=Verdict.PROVED,
)
def slack() -> Examination:
    constant = Symbol("K", real=True)
    found = lipschitz(relu_network(ABSOLUTE))
    return Examination(
        eq(constant, Rational(1, 2)),
        {constant: found.ratio},
        by_numbers(
            {constant: lambda _: steepest(divided(ABSOLUTE))}, kind="sampled:mpmath", points=({},)
        ),
        steps=(
            Step("the product of spectral norms before normalization", found.product),
            Step("the constant before", found.constant),
        ),
    )


@claim(
    "survey.settled.spectral.dirac",
    source="ours, to section 5.1.4, 'solve this specific problem'",
    formal=r"S = 1, \quad \frac{d}{dt} |w|^2 = 0, \quad"
    r" \frac{d}{dt} (\frac{|x|^2}{2} - |w|^2 \ln |w_1 x_2 - w_2 x_1|) = 0",
    says="to fit the constraint is not to converge: data at 0, a generator at x in the plane and "
    "the normalized linear discriminator w/|w|, L = 0. The generator's squared speed S is 1 at "
    "all times, so that it rests nowhere; |w| is conserved, and so is a function that is "
    "infinite at x = 0, unless x is along w, when x runs off along w for ever",
    expect=Verdict.PROVED,
)
def dirac_plane() -> Examination:
    speed, size, kept = sp.symbols("S size kept", real=True)
    x, w = sp.symbols("x_1 x_2", real=True), sp.symbols("w_1 w_2", real=True)
    inner = w[0] * x[0] + w[1] * x[1]
    game = minmax(-inner / sp.sqrt(w[0] ** 2 + w[1] ** 2), generator=x, discriminator=w)
    state, rates = (*x, *w), game.flow().rhs
    norm, across = w[0] ** 2 + w[1] ** 2, w[0] * x[1] - w[1] * x[0]

    def along(function: Any) -> Any:
        total = sum(sp.diff(function, s) * f for s, f in zip(state, rates, strict=True))
        return sp.simplify(total)

    exact = {
        speed: sp.simplify(rates[0] ** 2 + rates[1] ** 2),
        size: along(norm),
        kept: along((x[0] ** 2 + x[1] ** 2) / 2 - norm * sp.log(across)),
    }

    def velocity(at: Sequence[Any]) -> list[Any]:
        def payoff(*s: Any) -> Any:
            return -(s[2] * s[0] + s[3] * s[1]) / mpmath.hypot(s[2], s[3])

        slopes = [gradient_of(payoff, at, i) for i in range(4)]
        return [-slopes[0], -slopes[1], slopes[2], slopes[3]]

    def rate(function: Any) -> Any:
        def measured(p: Any) -> Any:
            at = [p[n] for n in ("x_1", "x_2", "w_1", "w_2")]
            moving = velocity(at)
            return mpmath.diff(
                lambda h: function(*(s + h * f for s, f in zip(at, moving, strict=True))), 0
            )

        return measured

    def invariant(a: Any, b: Any, c: Any, d: Any) -> Any:
        return (a * a + b * b) / 2 - (c * c + d * d) * mpmath.log(abs(c * b - d * a))

    def fast(p: Any) -> Any:
        return sum(f * f for f in velocity([p[n] for n in ("x_1", "x_2", "w_1", "w_2")])[:2])

    numbers = {
        speed: fast,
        size: rate(lambda a, b, c, d: c * c + d * d),
        kept: rate(invariant),
    }
    points = (
        {x[0]: 1, x[1]: 2, w[0]: 2, w[1]: -1},
        {x[0]: Rational(-1, 3), x[1]: 1, w[0]: 1, w[1]: 3},
    )
    return Examination(
        sp.And(eq(speed, 1), eq(size, 0), eq(kept, 0)),
        exact,
        by_numbers(numbers, kind="differentiated:mpmath", points=points, digits=20),
        steps=(Step("where x is along w the discriminator's slope is 0, and w stays"),),
    )
