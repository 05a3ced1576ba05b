r"""Rest points of the strictly regularized mean-field GAN with one feature, and their stability.

The flow on (P, q, r), the cosines between data feature, generator and discriminator, has four
families of rest points:

- the *line* q = r = 0 with any overlap P: the discriminator sees neither feature. Its ends
  P = +1, -1 are perfect recovery, its middle P = 0 is blank;
- *discriminator alone*, (0, q, 0): it has found the data feature, the generator nothing;
- *collapsed*, (0, 0, r): the discriminator follows a generator that has missed the data's
  only feature;
- *informative*, (P, P r, r).

Realizable states have :math:`1 + 2Pqr - P^2 - q^2 - r^2 \ge 0`, the Gram determinant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Expr, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.wholes import require_whole
from symgan.errors import GameError
from symgan.system import Flow

_x, _s = sp.symbols("x s", positive=True)
"""P^2 and r^2 on the informative family."""

NAMES = ("line", "discriminator alone", "collapsed", "informative")


@dataclass(frozen=True)
class RestFamily:
    r"""Rest points that differ by signs (and along the line by P).

    Attributes:
        name: ``line``, ``discriminator alone``, ``collapsed`` or ``informative``.
        point: state symbol -> its value, with nonnegative roots; on the informative family
            in terms of s, the square of r.
        exists: where it is there, as a condition on the parameters.
        characteristic: coefficients of the Jacobian's characteristic polynomial, monic,
            from the third power down. On the line its last one is zero.
        stable: all eigenvalues have negative real parts; on the line, the two across it.
        relation: on the informative family the quadratic polynomial that s solves.
    """

    name: str
    point: Mapping[Symbol, Expr]
    exists: Boolean
    characteristic: tuple[Expr, Expr, Expr, Expr]
    stable: Boolean
    relation: Expr | None = None


def rest_families(flow: Flow) -> tuple[RestFamily, ...]:
    r"""All rest points of the strict flow, with existence and stability in closed form.

    Args:
        flow: on (P, q, r), as `symgan.games.spiked.strict_flow` derives it.

    Raises:
        GameError: the flow does not have this structure.

    >>> from symgan.games.spiked import Lambda, Lambda_G, strict_flow, tau
    >>> flow = strict_flow().subs({Lambda: 1, Lambda_G: 1, tau: 1})
    >>> [family.name for family in rest_families(flow)]
    ['line', 'discriminator alone', 'collapsed', 'informative']
    """
    require_whole(flow, "rest_families")
    found = (rest_family(flow, name) for name in NAMES)
    return tuple(family for family in found if family is not None)


def rest_family(flow: Flow, name: str) -> RestFamily | None:
    """One family of rest points; None where these parameters leave none.

    Args:
        flow: as in `rest_families`.
        name: one of ``NAMES``.

    Raises:
        GameError: the flow does not have this structure, or an unknown name.
    """
    require_whole(flow, "rest_family")
    if len(flow.state) != 3:
        raise GameError(f"the mean-field flow has three state symbols, not {len(flow.state)}")
    if name not in NAMES:
        raise GameError(f"no family {name!r} of rest points; choose one of: {', '.join(NAMES)}")
    P, q, r = flow.state
    _require(flow, {q: 0, r: 0}, (0, 1, 2))
    _require(flow, {r: 0}, (0,))
    _require(flow, {q: P * r}, (0,))
    if name == "line":
        return _family(name, flow, {P: P, q: sp.Integer(0), r: sp.Integer(0)}, P**2 <= 1)
    if name == "informative":
        return _informative(flow)
    symbol, place = (q, 1) if name == "discriminator alone" else (r, 2)
    single = _single(flow, symbol, place)
    return None if single is None else _family(name, flow, *single)


def blank_is_stable(flow: Flow) -> Boolean:
    """Where the middle of the line, P = q = r = 0, attracts q and r.

    Args:
        flow: as in `rest_families`.
    """
    return _across(flow, sp.Integer(0))


def recovery_is_stable(flow: Flow) -> Boolean:
    """Where perfect recovery, P = 1 or -1 with q = r = 0, attracts q and r.

    Args:
        flow: as in `rest_families`.
    """
    return _across(flow, sp.Integer(1))


def critical_overlap(flow: Flow) -> Expr:
    r"""The :math:`P^2` beyond which the determinant across the line is positive.

    Args:
        flow: as in `rest_families`.
    """
    P = flow.state[0]
    determinant = line_block(flow).det().subs(P, sp.sqrt(_x))
    return sp.factor(sp.solve(determinant, _x)[0])


def line_block(flow: Flow) -> sp.Matrix:
    """The Jacobian of (q, r) on the line, with P in it.

    Args:
        flow: as in `rest_families`.
    """
    _, q, r = flow.state
    return flow.jacobian().subs({q: 0, r: 0})[1:, 1:]


def stable_families(flow: Flow, values: Mapping[Symbol, Any]) -> tuple[str, ...]:
    """What is stable at numbers for all parameters; of the line, its ends and its middle.

    Args:
        flow: as in `rest_families`.
        values: parameter -> exact number.

    Returns:
        Names of families, ``recovery`` and ``blank`` standing for the line.

    Raises:
        GameError: a parameter without a value.

    >>> from symgan.games import spiked
    >>> one = dict.fromkeys((spiked.Lambda, spiked.Lambda_G, spiked.tau), 1)
    >>> noise = {spiked.eta_t: sp.Rational(4, 5), spiked.eta_g: sp.Rational(4, 5)}
    >>> stable_families(spiked.strict_flow(), {**one, **noise, spiked.tau_g: 1})
    ('recovery',)
    """
    require_whole(flow, "stable_families")
    missing = [p.name for p in flow.parameters if p not in values]
    if missing:
        raise GameError(f"give values for {', '.join(missing)} to tell what is stable")
    numbers = {s: sp.nsimplify(v, rational=True) for s, v in values.items()}
    here = flow.subs(numbers)
    ends = {"recovery": recovery_is_stable(here), "blank": blank_is_stable(here)}
    found = [name for name, condition in ends.items() if condition == sp.true]
    for family in rest_families(here)[1:]:
        for root in _roots(family):
            # Existence first: where it fails, the eigenvalues need not be defined.
            if all(part.subs(root) == sp.true for part in (family.exists, family.stable)):
                found.append(family.name)
    return tuple(dict.fromkeys(found))


def _roots(family: RestFamily) -> list[dict[Symbol, Any]]:
    """Each positive s that solves the family's relation; one empty answer without one."""
    if family.relation is None:
        return [{}]
    roots = sp.roots(sp.Poly(family.relation, _s))
    return [{_s: root} for root in roots if root.is_positive]


def _across(flow: Flow, overlap: Expr) -> Boolean:
    block = line_block(flow).subs(flow.state[0], overlap)
    return sp.And(sp.factor(block.trace()) < 0, sp.factor(block.det()) > 0)


def _require(flow: Flow, values: Mapping[Symbol, Any], entries: tuple[int, ...]) -> None:
    left = [sp.expand(flow.rhs[i].subs(values)) for i in entries]
    if any(left):
        raise GameError(f"this is not the strict mean-field flow: {left} should vanish")


def _single(flow: Flow, symbol: Symbol, place: int) -> tuple[dict[Symbol, Any], Boolean] | None:
    """The rest point on one axis: the field there is the symbol times (c + d symbol^2)."""
    others = {s: sp.Integer(0) for s in flow.state if s is not symbol}
    growth = sp.Poly(sp.cancel(flow.rhs[place].subs(others) / symbol), symbol)
    if growth.degree() > 2 or growth.coeff_monomial(symbol) != 0:
        raise GameError(f"this is not the strict mean-field flow: {growth.as_expr()} on its axis")
    if growth.degree() < 2:
        return None  # at these parameters the two sources of growth balance for every length
    constant, slope = growth.coeff_monomial(1), growth.coeff_monomial(symbol**2)
    square = sp.factor(-constant / slope)
    exists = sp.And(sp.factor(constant * slope) < 0, sp.factor(constant**2 - slope**2) <= 0)
    return {**others, symbol: sp.sqrt(square)}, exists


def _family(name: str, flow: Flow, point: Mapping[Symbol, Any], exists: Boolean) -> RestFamily:
    at = {s: point[s] for s in flow.state}
    coefficients = _characteristic(flow.jacobian().subs(at, simultaneous=True))
    if name == "line":
        _, a1, a2, _ = coefficients
        return RestFamily(name, at, exists, coefficients, sp.And(a1 > 0, a2 > 0))
    return RestFamily(name, at, exists, coefficients, _hurwitz(coefficients))


def _characteristic(J: sp.Matrix) -> tuple[Expr, Expr, Expr, Expr]:
    """Coefficients of det(lambda - J) from traces and minors."""
    minors = (J.extract([i, j], [i, j]).det() for i, j in ((0, 1), (0, 2), (1, 2)))
    raw = (sp.Integer(1), -J.trace(), sum(minors, sp.Integer(0)), -J.det())
    first, second, third, fourth = (sp.factor(sp.expand(c)) for c in raw)
    return first, second, third, fourth


def _hurwitz(coefficients: tuple[Expr, Expr, Expr, Expr]) -> Boolean:
    _, a1, a2, a3 = coefficients
    return sp.And(a1 > 0, a3 > 0, a1 * a2 - a3 > 0)


def informative_equations(flow: Flow) -> tuple[Expr, Expr]:
    r""":math:`P^2` in terms of :math:`s = r^2`, and the quadratic polynomial that s solves.

    Args:
        flow: as in `rest_families`.

    Returns:
        Expressions in the symbol s (positive) and the parameters.
    """
    P, q, r = flow.state
    on = {q: sp.sqrt(_x) * sp.sqrt(_s), P: sp.sqrt(_x), r: sp.sqrt(_s)}
    first = sp.expand(sp.cancel(flow.rhs[1].subs(on, simultaneous=True) / sp.sqrt(_x * _s)))
    second = sp.expand(sp.cancel(flow.rhs[2].subs(on, simultaneous=True) / sp.sqrt(_s)))
    difference = sp.Poly(sp.expand(second - first), _x)
    if difference.degree() != 1:
        raise GameError("this is not the strict mean-field flow: P^2 is not determined by r^2")
    overlap = sp.factor(-difference.coeff_monomial(1) / difference.coeff_monomial(_x))
    return overlap, sp.expand(first.subs(_x, overlap))


def _informative(flow: Flow) -> RestFamily:
    P, q, r = flow.state
    overlap, relation = informative_equations(flow)
    on = {P: sp.sqrt(_x), q: sp.sqrt(_x * _s), r: sp.sqrt(_s)}
    raw = _characteristic(flow.jacobian().subs(on, simultaneous=True))
    first, second, third, fourth = (sp.factor(e.subs(_x, overlap)) for e in raw)
    here = (first, second, third, fourth)
    point = {P: sp.sqrt(overlap), q: sp.sqrt(overlap * _s), r: sp.sqrt(_s)}
    exists = sp.And(_s <= 1, overlap > 0, overlap <= 1)
    return RestFamily("informative", point, exists, here, _hurwitz(here), relation)
