r"""Neimark-Sacker coefficients: a pair of eigenvalues of a map on the unit circle.

On the center manifold :math:`z^+ = \lambda z + c_1 z^2\bar z + \dots` with :math:`|\lambda| = 1`,
so :math:`|z|^+ = |z| + \mathrm{Re}(\bar\lambda c_1)|z|^3`, unless :math:`\lambda` is a root of
unity of order one to four: then further terms of the same order are left.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy as sp
from sympy import Expr, Symbol

from symgan.analysis.hopf import projected
from symgan.analysis.normal_form import (
    Criticality,
    Factor,
    Linearization,
    NormalForm,
    critical_factor,
    linearized,
)
from symgan.analysis.points import Point
from symgan.analysis.signs import sign
from symgan.analysis.wholes import require_whole
from symgan.errors import GameError, Undecided
from symgan.system import Map

Z = Symbol("z")
RESONANCES: dict[int, str] = {2: "1:1", -2: "1:2", -1: "1:3", 0: "1:4"}
"""The sum of the pair -> its strong resonance."""


def neimark_sacker_coefficient(
    system: Map, at: Point, *, where: Mapping[Any, Any] | None = None
) -> NormalForm:
    r"""The coefficient a of :math:`r^+ = r + a r^3` at a fixed point with a pair on the circle.

    Args:
        system: an autonomous map of any dimension.
        at: a fixed point, checked here.
        where: values that hold there, put in after differentiation.

    Returns:
        See `NormalForm`; its condition says where all other eigenvalues are inside the circle.

    Raises:
        GameError: no fixed point, no simple pair on the circle, other eigenvalues that are not
            inside, a strong resonance (named), or a map not three times differentiable.
        Undecided: the assumptions leave open whether there is such a pair, or a resonance.

    Source: Kuznetsov 2004, Elements of Applied Bifurcation Theory, section 5.4.

    >>> x, y, a = sp.symbols("x y a", real=True)
    >>> c, s = sp.Rational(3, 5), sp.Rational(4, 5)
    >>> grow = 1 + a*(x**2 + y**2)
    >>> turn = Map((x, y), (grow*(c*x - s*y), grow*(s*x + c*y)), parameters=(a,))
    >>> neimark_sacker_coefficient(turn, {x: 0, y: 0}).coefficient
    a
    """
    require_whole(system, "neimark_sacker_coefficient")
    if not isinstance(system, Map):
        raise GameError("a Neimark-Sacker coefficient is of a map; take hopf_coefficient of flows")
    found = linearized(system, at, where)
    pair = pair_of_map(found)
    total = _sum(found, pair)
    motion = projected(system, at, found, pair, where)
    root = motion.root
    c1 = motion.cubic(motion.embed(1), root * root)
    change = (root.conjugate * c1).real
    return NormalForm(
        kind=Criticality.NEIMARK_SACKER,
        coefficient=motion.expression(change / motion.field.domain.convert(4)),
        order=3,
        amplitude=system.state[motion.measured],
        eigenvalue=total / 2 + sp.I * sp.sqrt(sp.factor(4 - total**2)) / 2,
        condition=found.others_inside(pair),
    )


def pair_of_map(found: Linearization) -> Factor:
    """The simple pair of a map on the unit circle without strong resonance, all else inside.

    Raises:
        GameError: there is none, or it is in strong resonance.
        Undecided: it is open whether there is one.
    """
    if name := strong_resonance(found):
        raise GameError(
            f"the critical eigenvalues are in strong resonance {name}, where this coefficient does "
            "not decide"
        )
    circle = [f for f in found.factors if _is_on_circle(found, f)]
    return critical_factor(found, circle, "pair on the unit circle")


def _sum(found: Linearization, pair: Factor) -> Expr:
    return sp.factor(-found.field.coefficient(pair.polynomial, 1))


def _is_on_circle(found: Linearization, factor: Factor) -> bool:
    r"""Whether a factor is :math:`z^2 - tz + 1` with :math:`|t| < 2`.

    An irreducible factor with a root on the circle is reciprocal; with one pair only on the
    circle and all else inside it has degree two.
    """
    if factor.polynomial.degree() != 2 or found.field.coefficient(factor.polynomial, 0) != 1:
        return False
    gap = sp.factor(4 - _sum(found, factor) ** 2)
    if sign(gap) is None:
        raise Undecided(
            f"whether the pair with sum {_sum(found, factor)} is on the unit circle is open: the "
            f"sign of {gap}; give values to parameters"
        )
    return sign(gap) == 1


def strong_resonance(found: Linearization) -> str | None:
    """The name of the strong resonance of two critical eigenvalues of a map, if there is one.

    Args:
        found: the linearization; a double eigenvalue 1 is 1:1, a double -1 is 1:2. A flow has
            none.
    """
    if not found.discrete:
        return None
    for factor in found.factors:
        total = found.field.coefficient(factor.polynomial, factor.polynomial.degree() - 1)
        square = factor.polynomial**factor.power
        for value, name in RESONANCES.items():
            pair = found.field.poly(Z**2 - value * Z + 1, Z)
            if square.degree() == 2 and square.all_coeffs() == pair.all_coeffs():
                return name
        if factor.polynomial.degree() == 2 and total.free_symbols:
            _require_apart(found, factor)
    return None


def _require_apart(found: Linearization, pair: Factor) -> None:
    """Refuse a pair on the circle with parameters that may be in resonance."""
    if found.field.coefficient(pair.polynomial, 0) != 1:
        return
    for value, name in RESONANCES.items():
        gap = sp.factor(_sum(found, pair) - value)
        if sign(gap) is None and gap.is_nonzero is not True:
            raise Undecided(
                f"whether the pair with sum {_sum(found, pair)} is in strong resonance {name} is "
                "open; give values to parameters"
            )
