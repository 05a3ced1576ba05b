r"""Modes: the irreducible factors of a denominator, their poles, and what each does in time.

A mode is decided by exact signs: a pole at 0, in the left half-plane, on the imaginary
axis or in the right half-plane. Where the assumptions on the symbols leave the sign open,
`Undecided` names the pole and what to assume.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

import sympy as sp
from sympy import Expr, I, Integer, Poly, Symbol

from symgan.analysis.field import Field
from symgan.analysis.signs import root_of, sign
from symgan.errors import Undecided


class Kind(Enum):
    """Where the poles of a mode lie."""

    ZERO = auto()
    DECAYING = auto()
    HARMONIC = auto()
    GROWING = auto()
    SADDLE = auto()


@dataclass(frozen=True)
class Mode:
    r"""One irreducible factor :math:`g(s)^m` of a denominator.

    Attributes:
        factor: g, monic.
        power: m.
        kind: where its poles lie.
        nodes: its poles once each, in a form without cancellation.
        coefficients: of g, leading coefficient first.
    """

    factor: Poly
    power: int
    kind: Kind
    nodes: tuple[Expr, ...]
    coefficients: tuple[Expr, ...]

    @property
    def degree(self) -> int:
        """The degree of g."""
        return len(self.nodes)


def mode(factor: Poly, power: int, field: Field) -> Mode:
    """Find poles and kind of an irreducible monic factor.

    Raises:
        Undecided: the assumptions leave the kind open, or no closed form of the poles.
    """
    coefficients = field.coefficients(factor)
    degree = len(coefficients) - 1
    if degree == 1:
        kind, nodes = _linear(-coefficients[1])
    elif degree == 2:
        kind, nodes = _quadratic(coefficients[1], coefficients[2])
    else:
        if power > 1:
            raise Undecided(
                f"the factor ({factor.as_expr()})^{power} is repeated and of degree {degree}; "
                "give values to its parameters so that it splits"
            )
        kind, nodes = _higher(coefficients, factor.gen)
    return Mode(factor, power, kind, nodes, coefficients)


def quadratic_nodes(p: Expr, q: Expr) -> tuple[Expr, Expr]:
    r"""Both roots of :math:`s^2 + p s + q`, without cancellation where they are real.

    >>> quadratic_nodes(sp.Integer(3), sp.Integer(1))
    (-3/2 - sqrt(5)/2, 1/(-3/2 - sqrt(5)/2))
    """
    if p == 0:
        w = sp.sqrt(sp.factor(q))
        return (I * w, -I * w) if sign(q) == 1 else (-sp.sqrt(-q), sp.sqrt(-q))
    discriminant = sp.factor(p**2 - 4 * q)
    if sign(discriminant) == -1:
        w = root_of(-discriminant) / 2
        return -p / 2 + I * w, -p / 2 - I * w
    root = sp.sqrt(discriminant)
    if sign(p) == -1:
        larger = (-p + root) / 2
        return q / larger, larger
    larger = (-p - root) / 2
    return larger, q / larger


def _linear(pole: Expr) -> tuple[Kind, tuple[Expr, ...]]:
    kinds = {0: Kind.ZERO, -1: Kind.DECAYING, 1: Kind.GROWING}
    known = sign(pole)
    if known is None:
        raise Undecided(_question(pole, "negative or positive"))
    return kinds[known], (pole,)


def _quadratic(p: Expr, q: Expr) -> tuple[Kind, tuple[Expr, ...]]:
    damping, stiffness = sign(p), sign(q)
    nodes = quadratic_nodes(p, q)
    if stiffness == -1:
        return Kind.SADDLE, nodes
    if damping == -1 and stiffness is not None:
        return Kind.GROWING, nodes
    if damping is None or stiffness is None:
        open_ = p if damping is None else q
        raise Undecided(_question(nodes[0], f"known which sign {open_} has"))
    return (Kind.DECAYING if damping == 1 else Kind.HARMONIC), nodes


def squares(coefficients: tuple[Expr, ...], s: Symbol) -> tuple[Expr, ...] | None:
    r"""The roots :math:`u < 0` of G for an even factor :math:`g(s) = G(s^2)`, if all are so.

    An irreducible real factor has imaginary roots only if it is even.
    """
    if any(c != 0 for c in coefficients[1::2]):
        return None
    even = coefficients[::2]
    if len(even) == 3:
        p, q = even[1], even[2]
        discriminant = sp.factor(p**2 - 4 * q)
        if (sign(p), sign(q), sign(discriminant)) == (1, 1, 1):
            larger = (-p - sp.sqrt(discriminant)) / 2
            return larger, q / larger
        return None
    if not all(c.is_Rational for c in even):
        return None
    roots = sp.real_roots(Poly(even, s))
    negative = tuple(u for u in roots if u.is_negative)
    return negative if len(negative) == len(even) - 1 else None


def _higher(coefficients: tuple[Expr, ...], s: Symbol) -> tuple[Kind, tuple[Expr, ...]]:
    found = squares(coefficients, s)
    if found is not None:
        roots = [sp.sqrt(-u) for u in found]
        return Kind.HARMONIC, tuple(sign_ * I * w for w in roots for sign_ in (1, -1))
    if not all(c.is_Rational for c in coefficients):
        polynomial = Poly(coefficients, s).as_expr()
        raise Undecided(
            f"the poles are the roots of {polynomial}, of degree {len(coefficients) - 1} with no "
            "closed form in the parameters; give rational values to its parameters"
        )
    polynomial = Poly(coefficients, s)
    nodes = tuple(sp.CRootOf(polynomial, k) for k in range(polynomial.degree()))
    return (Kind.DECAYING if _all_left(polynomial) else Kind.GROWING), nodes


def _all_left(polynomial: Poly) -> bool:
    """Routh's test for rational coefficients; a zero in the first column fails it."""
    upper, lower = polynomial.all_coeffs()[::2], polynomial.all_coeffs()[1::2]
    while lower:
        if lower[0] * polynomial.LC() <= 0:
            return False
        ratio = upper[0] / lower[0]
        padded = [*lower[1:], Integer(0)]
        reduced = [a - ratio * b for a, b in zip(upper[1:], padded, strict=False)]
        upper, lower = lower, reduced
    return True


def _question(pole: Expr, remedy: str) -> str:
    open_ = sorted((str(x) for x in pole.free_symbols if sign(x) is None), key=str)
    names = ", ".join(open_) or str(pole)
    return (
        f"the assumptions leave open whether {pole} decays or grows; declare {names} positive "
        f"or negative, or give a value, so that it is {remedy}"
    )
