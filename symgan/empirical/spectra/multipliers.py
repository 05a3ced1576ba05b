r"""What a rule makes of one eigenvalue: derived from the rule itself on a generic linear game.

A rule whose linearization is a function of the game Jacobian J alone multiplies the part of a
perturbation that belongs to an eigenvalue :math:`\lambda` of J by roots z of

.. math:: \chi(z; u) = \sum_{k=0}^m a_k(u)\, z^k, \qquad u = \eta\lambda,

with rational coefficients: :math:`z = 1 - u` for simultaneous descent. No such formula is written
here. The rule is applied to the game with :math:`v = Jx` and four free entries of J; its map
must be, entry by entry, the function of J that its first entry says it is, or the rule is refused
with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import sympy as sp
from numpy.typing import ArrayLike, NDArray
from sympy import Expr, Matrix, Symbol
from sympy.polys.matrices import DomainMatrix

from symgan import rules
from symgan.errors import GameError
from symgan.game import Game

Complexes = NDArray[np.complex128]
Floats = NDArray[np.float64]

ETA = Symbol("eta", positive=True)
LAMBDA = Symbol("lambda")
U = Symbol("u")
PARAMETERS = sp.symbols("x_0 x_1", real=True)
ENTRIES = sp.symbols("J_00 J_01 J_10 J_11", real=True)
TURN = Matrix([[3, 4], [-4, 3]]) / 5
"""A rational rotation that mixes the players."""


class NoFunctionOfJ(GameError):
    """A rule whose linearization is not determined by the eigenvalues of J."""


@dataclass(frozen=True)
class EigenvalueMap:
    r"""The multipliers of a rule as a function of :math:`u = \eta\lambda`.

    Attributes:
        rule: its name.
        options: its options, by name.
        coefficients: :math:`a_k(u)` for k = 0..m, each by ascending powers of u; exact.
        gradients: evaluations of the whole gradient v in one iteration.

    >>> derive("extragradient").polynomial
    -u**2 + u + z - 1
    """

    rule: str
    options: tuple[tuple[str, Any], ...]
    coefficients: tuple[tuple[Fraction, ...], ...]
    gradients: Fraction

    @property
    def title(self) -> str:
        """The rule with its options, as it is typed on the command line."""
        given = ",".join(f"{name}={value}" for name, value in self.options)
        return f"{self.rule}:{given}" if given else self.rule

    @property
    def order(self) -> int:
        """How many multipliers an eigenvalue has: 1, or more for a rule with memory."""
        return len(self.coefficients) - 1

    @property
    def implicit(self) -> bool:
        """Whether a step solves an equation: the multipliers are no polynomials in u."""
        return len(self.coefficients[-1]) > 1

    @property
    def polynomial(self) -> Expr:
        r""":math:`\chi(z; u)` in the symbols ``z`` and ``u``."""
        z = Symbol("z")
        return sp.Add(
            *(
                sp.Rational(c) * U**power * z**k
                for k, a in enumerate(self.coefficients)
                for power, c in enumerate(a)
            )
        )

    @cached_property
    def _falling(self) -> tuple[tuple[float, ...], ...]:
        """The coefficients as floats, by falling powers of u."""
        return tuple(tuple(float(c) for c in reversed(a)) for a in self.coefficients)

    def at(self, u: ArrayLike) -> Complexes:
        """The coefficients :math:`a_k` at values of u: shape (..., m + 1)."""
        points = np.asarray(u, dtype=complex)
        rows = [_horner(a, points) for a in self._falling]
        return np.stack(np.broadcast_arrays(*rows), axis=-1)

    def multipliers(self, u: ArrayLike) -> Complexes:
        """The roots z at values of u; infinite where the map has a pole.

        Args:
            u: any shape.

        Returns:
            Shape (..., m).

        >>> derive("proximal-point").multipliers([1.0]).real.tolist()
        [[0.5]]
        """
        a = self.at(u)
        pole = a[..., -1] == 0
        monic = a[..., :-1] / np.where(pole, 1, a[..., -1])[..., None]
        if self.order == 1:
            roots = -monic
        else:
            companion = np.zeros((*monic.shape, self.order), dtype=complex)
            companion[..., 1:, :-1] = np.eye(self.order - 1)
            companion[..., :, -1] = -monic
            roots = np.linalg.eigvals(companion).astype(complex)
        roots[pole] = np.inf
        return roots

    def radius(self, u: ArrayLike) -> Floats:
        """The largest modulus of a multiplier at each value of u."""
        return np.abs(self.multipliers(u)).max(axis=-1)


def _horner(falling: tuple[float, ...], points: Complexes) -> Complexes:
    found = np.zeros(points.shape, dtype=complex)
    for c in falling:
        found = found * points + c
    return found


def derive(rule: str, **options: Any) -> EigenvalueMap:
    r"""The eigenvalue map of a rule.

    Args:
        rule: a name of `symgan.rules`.
        **options: the rule's options, numbers or names.

    Raises:
        UnknownName: no rule has the name.
        NoFunctionOfJ: the linearization needs more than J, or is not rational in it; says why.
        GameError: an option without a value, or one that the rule refuses.

    >>> derive("simultaneous").polynomial
    u + z - 1
    >>> derive("heavy-ball", beta=-0.5).gradients
    Fraction(1, 1)
    """
    exact = {name: _exact(value) for name, value in options.items()}
    return _derive(rule, tuple(sorted(exact.items())))


@lru_cache(maxsize=256)
def _derive(rule: str, options: tuple[tuple[str, Any], ...]) -> EigenvalueMap:
    matrix, updates = _linearization(rule, dict(options))
    size = matrix.rows // 2
    functions = Matrix(size, size, lambda i, j: _scalar(matrix[2 * i, 2 * j]))
    blocks = (
        (functions[i, j], matrix[2 * i : 2 * i + 2, 2 * j : 2 * j + 2])
        for i in range(size)
        for j in range(size)
    )
    if not all(_is_function(function, block) for function, block in blocks):
        raise NoFunctionOfJ(f"{rule} is no function of J alone: it {_needs(matrix)}")
    scaled = functions.subs(LAMBDA, U / ETA).applyfunc(sp.cancel)
    if scaled.has(ETA):
        raise NoFunctionOfJ(f"{rule} depends on the step and on J apart, not on their product")
    return EigenvalueMap(rule, options, _characteristic(scaled), Fraction(updates, 2))


def _linearization(rule: str, options: Mapping[str, Any]) -> tuple[Matrix, int]:
    """The Jacobian of the rule's map at rest on the generic game, and its updates."""
    system: Any = rules.named(rule)(generic_game(), ETA, **options)
    rest = dict.fromkeys(system.state, sp.Integer(0))
    if hasattr(system, "linearization"):
        system = system.linearization({s: rest[s] for s in PARAMETERS})
    matrix = system.jacobian(rest).applyfunc(sp.cancel)
    free = matrix.free_symbols - {ETA, *ENTRIES}
    if free:
        names = ", ".join(sorted(map(str, free)))
        raise GameError(f"{rule} has options without a value: {names}; give each a number")
    if not all(entry.is_rational_function(ETA, *ENTRIES) for entry in matrix):
        raise NoFunctionOfJ(f"{rule} has no linearization that is rational in J and the step")
    return matrix, int(system.updates)


def generic_game() -> Game:
    r"""Two players with :math:`v = Jx` and four free entries of J.

    >>> generic_game().v
    (J_00*x_0 + J_01*x_1, J_10*x_0 + J_11*x_1)
    """
    (x, y), (p, q, r, s) = PARAMETERS, ENTRIES
    losses = (p * x**2 / 2 + q * x * y, r * x * y + s * y**2 / 2)
    return Game("linear", ((x,), (y,)), losses, parameters=ENTRIES, equilibrium={x: 0, y: 0})


def _scalar(entry: Expr) -> Expr:
    """The function of an eigenvalue that an entry says a block is: its value for diagonal J.

    What is left of J there is put to zero: the check of the blocks finds it.
    """
    own, *rest = ENTRIES
    return sp.cancel(entry.subs(dict.fromkeys(rest, 0), simultaneous=True).subs(own, LAMBDA))


def _is_function(function: Expr, block: Matrix) -> bool:
    r"""Whether :math:`q(J)\,B = p(J)` for the function p/q, as rational functions."""
    domain = sp.QQ.frac_field(ETA, *ENTRIES)
    J = DomainMatrix.from_Matrix(Matrix(2, 2, ENTRIES)).convert_to(domain)
    above, below = (_polynomial_at(sp.Poly(part, LAMBDA), J) for part in sp.fraction(function))
    return below * DomainMatrix.from_Matrix(block).convert_to(domain) == above


def _polynomial_at(polynomial: sp.Poly, J: DomainMatrix) -> DomainMatrix:
    total = J * J.domain.zero
    one = DomainMatrix.eye(2, J.domain)
    for c in polynomial.all_coeffs():
        total = (total * J + one * J.domain.from_sympy(c)).to_dense()
    return total.to_dense()


def _needs(matrix: Matrix) -> str:
    """What the linearization depends on besides J, from how it turns with the coordinates."""
    J = Matrix([[2, 3], [5, 7]])
    turned = TURN * J * TURN.T
    whole = sp.diag(*([TURN] * (matrix.rows // 2)))
    here, there = (matrix.subs(dict(zip(ENTRIES, K, strict=True))) for K in (J, turned))
    same = (whole * here * whole.T - there).applyfunc(sp.cancel).is_zero_matrix
    return "needs the transpose of J" if same else "needs the players' blocks"


def _characteristic(functions: Matrix) -> tuple[tuple[Fraction, ...], ...]:
    z = Symbol("z")
    whole = sp.together((z * sp.eye(functions.rows) - functions).det(method="berkowitz"))
    cleared = sp.Poly(sp.fraction(sp.cancel(whole))[0], z, U)
    leading = cleared.coeff_monomial(z**functions.rows)
    sign = -1 if leading < 0 else 1
    return tuple(
        tuple(Fraction(int(c.p), int(c.q)) * sign for c in _ascending(cleared, z, k))
        for k in range(functions.rows + 1)
    )


def _ascending(polynomial: sp.Poly, z: Symbol, power: int) -> list[Any]:
    coefficient = sp.Poly(polynomial.as_expr().coeff(z, power), U)
    return list(reversed(coefficient.all_coeffs()))


def _exact(value: Any) -> Any:
    """An option as the rules take it: numbers exact, names and switches as they are."""
    if isinstance(value, bool | str | int):
        return value
    return sp.nsimplify(value, rational=True) if isinstance(value, float) else sp.sympify(value)
