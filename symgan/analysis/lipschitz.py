r"""Lipschitz constants of ReLU networks: exact, beside the product of spectral norms.

A network :math:`x \mapsto W_L\,a(W_{L-1} \cdots a(W_1 x + b_1) \cdots) + b_L` with the (leaky)
rectifier a is affine on each of finitely many polyhedra, one an activation pattern. On
:math:`\mathbb R^n` its Lipschitz constant in the Euclidean norm is the largest spectral norm of
the Jacobians of those that have interior points; the product of the layers' spectral norms is
an upper bound, which is seldom attained.

Source: Miyato et al. 2018, section 2.1, for the bound; Jordan and Dimakis 2020, "Exactly
computing the local Lipschitz constant of ReLU networks", theorem 1, for the maximum over regions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Any

import sympy as sp
from sympy import Expr, ImmutableMatrix, Matrix, Poly, Rational

from symgan.analysis.budget import Budget
from symgan.analysis.halfspaces import Row, interior_point
from symgan.analysis.realroot import RealRoot, compare, point, positive_roots, x
from symgan.certify.identity import is_zero
from symgan.errors import GameError, Undecided

Pattern = tuple[tuple[bool, ...], ...]
"""Which neurons of each hidden layer are active."""


@dataclass(frozen=True)
class ReluNetwork:
    """A fully connected network with rational weights; `relu_network` checks them.

    Attributes:
        weights: W_1, ..., W_L.
        biases: b_1, ..., b_L, columns.
        slope: the rectifier's slope on the negative side, in [0, 1].
    """

    weights: tuple[ImmutableMatrix, ...]
    biases: tuple[ImmutableMatrix, ...]
    slope: Rational

    @property
    def inputs(self) -> int:
        """The number of inputs."""
        return self.weights[0].cols

    def __call__(self, *inputs: Any) -> tuple[Expr, ...]:
        """The outputs at a point."""
        signal = Matrix(inputs)
        for place, (W, b) in enumerate(zip(self.weights, self.biases, strict=True)):
            signal = W * signal + b
            if place < len(self.weights) - 1:
                signal = signal.applyfunc(lambda y: sp.Max(y, self.slope * y))
        return tuple(signal)


@dataclass(frozen=True)
class Lipschitz:
    """The Lipschitz constant of a network and its bound by spectral norms.

    Attributes:
        constant: the exact constant on the whole space, Euclidean norms.
        product: the product of the layers' spectral norms, an upper bound.
        pattern: an activation pattern where the constant is attained.
        at: a rational point inside its region.
        jacobian: the Jacobian there.
        regions: how many activation patterns have interior points.
    """

    constant: Expr
    product: Expr
    pattern: Pattern
    at: tuple[Rational, ...]
    jacobian: ImmutableMatrix
    regions: int

    @property
    def tight(self) -> bool:
        """Whether the product is the constant.

        Raises:
            Undecided: the two agree to many digits and are not shown to be equal.
        """
        same = is_zero(self.constant - self.product).holds
        if same is None:
            raise Undecided("whether the constant equals the product of norms was not decided")
        return same

    @property
    def ratio(self) -> Expr:
        """constant / product: the constant left by spectral normalization, without biases.

        Raises:
            GameError: a layer is zero.
        """
        if self.product == 0:
            raise GameError("a layer is zero, so that it cannot be divided by its spectral norm")
        return sp.expand(sp.radsimp(self.constant / self.product))


def relu_network(
    weights: Sequence[Any], biases: Sequence[Any] | None = None, *, slope: Any = 0
) -> ReluNetwork:
    r"""A ReLU network from its matrices.

    Args:
        weights: W_1, ..., W_L of shapes (n_1, n_0), ..., (n_L, n_(L-1)).
        biases: one vector a layer; zeros unless given.
        slope: of the rectifier on the negative side, in [0, 1].

    Raises:
        GameError: shapes that do not fit, or numbers that are not rational.

    >>> relu_network([[[1], [-1]], [[1, 1]]])(-3)
    (3,)
    """
    layers = tuple(ImmutableMatrix(W) for W in weights)
    if not layers:
        raise GameError("a network needs at least one layer")
    for place, (below, above) in enumerate(pairwise(layers), 2):
        if above.cols != below.rows:
            raise GameError(f"layer {place} takes {above.cols} inputs and gets {below.rows}")
    shifts = tuple(ImmutableMatrix(b) for b in (biases or [sp.zeros(W.rows, 1) for W in layers]))
    if tuple(b.shape for b in shifts) != tuple((W.rows, 1) for W in layers):
        raise GameError("give one bias vector a layer, as long as the layer has outputs")
    leak = sp.sympify(slope)
    if not all(entry.is_Rational for part in (*layers, *shifts, [leak]) for entry in part):
        raise GameError("weights, biases and slope must be rational numbers, not floats or symbols")
    if not 0 <= leak <= 1:
        raise GameError(f"the slope {leak} of the rectifier is not in [0, 1]")
    return ReluNetwork(layers, shifts, leak)


def spectral_norm(matrix: Any) -> Expr:
    r"""The largest singular value of a rational matrix, exactly.

    Raises:
        GameError: an entry is not rational.

    >>> spectral_norm([[1, 1], [0, 1]])
    1/2 + sqrt(5)/2
    """
    entries = ImmutableMatrix(matrix)
    if not all(entry.is_Rational for entry in entries):
        raise GameError("exact spectral norms need rational entries")
    return _root(_largest_square(entries, Budget(60)))


def spectrally_normalized(weights: Sequence[Any]) -> tuple[ImmutableMatrix, ...]:
    r"""Each layer divided by its spectral norm.

    Raises:
        GameError: a layer is zero, which no division can normalize.

    Source: Miyato et al. 2018, equation (8).

    >>> spectrally_normalized([[[3, 4]]])
    (Matrix([[3/5, 4/5]]),)
    """
    layers = [ImmutableMatrix(W) for W in weights]
    if any(W.is_zero_matrix for W in layers):
        raise GameError("a zero layer cannot be divided by its spectral norm")
    return tuple(W / spectral_norm(W) for W in layers)


def lipschitz(network: ReluNetwork, *, seconds: float = 30) -> Lipschitz:
    r"""The exact Lipschitz constant, by all activation patterns with interior points.

    Args:
        network: the network; its regions are visited one by one, so it should be small.
        seconds: the time budget.

    Raises:
        Undecided: out of time.

    >>> absolute = lipschitz(relu_network([[[1], [-1]], [[1, 1]]]))
    >>> absolute.constant, absolute.product, absolute.regions
    (1, 2, 2)
    """
    budget = Budget(seconds)
    best: tuple[RealRoot, _Region] | None = None
    squares: dict[ImmutableMatrix, RealRoot] = {}
    regions = 0
    for region in _regions(network, budget):
        regions += 1
        jacobian = ImmutableMatrix(Matrix([row[0] for row in region.affine]))
        if jacobian not in squares:
            squares[jacobian] = _largest_square(jacobian, budget)
        if best is None or compare(squares[jacobian], best[0]) > 0:
            best = (squares[jacobian], region)
    assert best is not None  # the whole space is the union of the regions
    square, region = best
    norms = (_root(_largest_square(W, budget)) for W in network.weights)
    return Lipschitz(
        _root(square),
        sp.prod(norms),
        region.pattern,
        tuple(Rational(c.numerator, c.denominator) for c in region.inside),
        ImmutableMatrix(
            [[Rational(c.numerator, c.denominator) for c in r[0]] for r in region.affine]
        ),
        regions,
    )


@dataclass(frozen=True)
class _Region:
    """A polyhedron with a point inside it, and the affine map of the layers so far."""

    rows: tuple[Row, ...]
    inside: tuple[Fraction, ...]
    affine: tuple[Row, ...]
    pattern: Pattern


def _regions(network: ReluNetwork, budget: Budget) -> Iterator[_Region]:
    """All regions, layer after layer; affine holds the network's own rows in the end."""
    n = network.inputs
    identity = tuple(
        (tuple(Fraction(int(i == j)) for j in range(n)), Fraction(0)) for i in range(n)
    )
    start = _Region((), (Fraction(0),) * n, identity, ())
    yield from _through(network, 0, start, budget)


def _through(
    network: ReluNetwork, layer: int, region: _Region, budget: Budget
) -> Iterator[_Region]:
    outputs = _applied(network.weights[layer], network.biases[layer], region.affine)
    if layer == len(network.weights) - 1:
        yield _Region(region.rows, region.inside, outputs, region.pattern)
        return
    leak = Fraction(network.slope.p, network.slope.q)
    for rows, inside, active in _split(outputs, region.rows, region.inside, (), budget):
        signal = tuple(
            row if on else (tuple(leak * a for a in row[0]), leak * row[1])
            for row, on in zip(outputs, active, strict=True)
        )
        part = _Region(rows, inside, signal, (*region.pattern, active))
        yield from _through(network, layer + 1, part, budget)


def _split(
    neurons: tuple[Row, ...],
    rows: tuple[Row, ...],
    inside: tuple[Fraction, ...],
    active: tuple[bool, ...],
    budget: Budget,
) -> Iterator[tuple[tuple[Row, ...], tuple[Fraction, ...], tuple[bool, ...]]]:
    """The parts of a region on which each neuron of a layer keeps its sign."""
    if len(active) == len(neurons):
        yield rows, inside, active
        return
    slopes, shift = neurons[len(active)]
    if not any(slopes):  # constant here: no surface, the sign of the constant decides
        yield from _split(neurons, rows, inside, (*active, shift > 0), budget)
        return
    value = sum((a * c for a, c in zip(slopes, inside, strict=True)), shift)
    for on in (True, False):
        side: Row = (slopes, shift) if on else (tuple(-a for a in slopes), -shift)
        longer = (*rows, side)
        holds = value > 0 if on else value < 0
        found = inside if holds else interior_point(longer, len(inside), budget)
        if found is not None:
            yield from _split(neurons, longer, found, (*active, on), budget)


def _applied(W: Matrix, b: Matrix, affine: tuple[Row, ...]) -> tuple[Row, ...]:
    """The rows of a layer after the rows of the layers below it."""
    found = []
    for i in range(W.rows):
        entries = [Fraction(entry.p, entry.q) for entry in W.row(i)]
        columns = zip(*(row[0] for row in affine), strict=True)
        slopes = tuple(
            sum((e * c for e, c in zip(entries, column, strict=True)), Fraction(0))
            for column in columns
        )
        start = Fraction(b[i].p, b[i].q)
        shift = sum((e * row[1] for e, row in zip(entries, affine, strict=True)), start)
        found.append((slopes, shift))
    return tuple(found)


def _largest_square(matrix: Matrix, budget: Budget) -> RealRoot:
    """The largest eigenvalue of the smaller Gram matrix."""
    gram = matrix * matrix.T if matrix.rows <= matrix.cols else matrix.T * matrix
    polynomial = Poly(Matrix(gram).charpoly(x).as_expr(), x, domain="QQ")
    roots = positive_roots([polynomial], budget)
    return roots[-1] if roots else point(0)


def _root(square: RealRoot) -> Expr:
    """The square root of an algebraic number, denested where it can be."""
    return sp.expand(sp.sqrtdenest(sp.sqrt(square.closed_form())))
