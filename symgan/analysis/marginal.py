"""Equilibria on the boundary of stability: what the next terms of the system decide.

Tried in turn: the spectrum alone; the Jordan structure, where the system is linear; the normal
form of a single critical eigenvalue or pair; a continuum of equilibria as center manifold; a
reversing symmetry; an invariant area; higher orders of the normal form; a first integral with a
strict extremum.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from itertools import combinations
from typing import Any

import sympy as sp

from symgan.analysis.budget import Budget
from symgan.analysis.marginal_evidence import ARGUMENTS, Fate, Marginal, Question, Reason
from symgan.analysis.normal_form import Factor, Linearization, domain_matrix, linearized
from symgan.analysis.points import Point, displacement, moving, vanishes_exactly
from symgan.analysis.signs import sign
from symgan.analysis.wholes import require_whole
from symgan.errors import GameError, Undecided
from symgan.system import System

SECONDS = 5.0
__all__ = ["Fate", "Marginal", "Reason", "marginal_verdict"]


def marginal_verdict(
    system: System,
    at: Point | None = None,
    *,
    where: Mapping[Any, Any] | None = None,
    budget: float = SECONDS,
) -> Marginal:
    r"""Decide whether an equilibrium attracts, by the first argument that settles it.

    Args:
        system: an autonomous flow or map, with numbers or parameters.
        at: an equilibrium, checked here; None for the origin of a linear system.
        where: values that hold there, such as ``{GenericLoss(0, 2): 0}``, put in after
            differentiation.
        budget: seconds, counted between the arguments.

    Returns:
        See `Marginal`. It holds for all values of the parameters that their assumptions allow.

    Raises:
        GameError: no equilibrium, no Jacobian there, or a system that moves with time.
        Undecided: no argument settles it; the sentence says what each of them found.

    >>> from symgan.system import Flow
    >>> x, y = sp.symbols("x y", real=True)
    >>> found = marginal_verdict(Flow((x, y), (-y - x**3, x)), {x: 0, y: 0})
    >>> found.fate.value, found.reason.value, found.normal_form.coefficient
    ('asymptotically stable', 'normal form', -3/8)
    >>> marginal_verdict(Flow((x, y), (-y, sp.sin(x))), {x: 0, y: 0}).fate.value
    'stable, not attracting'
    """
    require_whole(system, "marginal_verdict")
    time = Budget(budget)
    _require_autonomous(system)
    _require_origin(system, at)
    found = linearized(system, at, where)
    critical = [f for f in found.factors if _place(found, f) == 0]
    beyond = [f for f in found.factors if _place(found, f) == 1]
    if beyond or not critical:
        return _by_spectrum(found, beyond)
    if at is None or not system.jacobian().free_symbols & set(system.state):
        return _linear(found, critical)
    asked = Question(system, at, where, found, critical, time)
    said: list[str] = []
    for argument in ARGUMENTS:
        time.check("the verdict at marginality: " + "; ".join(said or ["the normal form"]))
        answer = argument(asked, said)
        if answer is not None:
            return answer
    raise Undecided("no argument decides at this marginal equilibrium: " + "; ".join(said))


def _require_autonomous(system: System) -> None:
    changing = [s for s in moving(system) if any(s in f.free_symbols for f in system.rhs)]
    if changing:
        raise GameError(f"the system depends on {changing[0]}, so no point need rest; fix it first")


def _require_origin(system: System, at: Point | None) -> None:
    if at is None:
        here = dict.fromkeys(system.state, sp.Integer(0))
        residuals = (e.subs(here, simultaneous=True) for e in displacement(system))
        if not all(vanishes_exactly(e) for e in residuals):
            raise GameError("the system does not rest at the origin; give the equilibrium as at=")


def _place(found: Linearization, factor: Factor) -> int:
    """-1 inside, 0 on the boundary, 1 outside."""
    place = factor.place
    for condition, value in ((place.inside, -1), (place.outside, 1)):
        if condition is sp.true:
            return value
    if sp.false is place.inside and sp.false is place.outside:
        return 0
    shown = found.field.coefficients(factor.polynomial)
    raise Undecided(
        f"where the roots with coefficients {shown} of the characteristic polynomial lie depends "
        f"on parameters (inside where {place.inside}); give values to them, or take spectrum"
    )


def _by_spectrum(found: Linearization, beyond: Sequence[Factor]) -> Marginal:
    side = ("the unit circle", "outside", "inside") if found.discrete else (
        "the imaginary axis", "right of", "left of")  # fmt: skip
    if beyond:
        sentence = f"an eigenvalue is {side[1]} {side[0]}"
        return Marginal(Fate.UNSTABLE, Reason.SPECTRUM, sentence, certificate=_spectrum(found))
    sentence = f"all eigenvalues are {side[2]} {side[0]}"
    return Marginal(Fate.ATTRACTING, Reason.SPECTRUM, sentence, certificate=_spectrum(found))


def _spectrum(found: Linearization) -> dict[str, Any]:
    """The factored characteristic polynomial as text."""
    factors = [
        {"coefficients": [str(c) for c in found.field.coefficients(f.polynomial)], "power": f.power}
        for f in found.factors
    ]
    return {"kind": "spectrum", "discrete": found.discrete, "factors": factors}


def _linear(found: Linearization, critical: Sequence[Factor]) -> Marginal:
    """Bounded exactly where each critical factor, once, annihilates its part of the matrix."""
    _require_coprime(found, critical)
    J = domain_matrix(found.jacobian, found.field)
    one = J.eye(J.shape[0], J.domain).to_dense()
    chosen = [(f.polynomial, 1 if f in critical else f.power) for f in found.factors]
    product = reduce(lambda M, f: M * _value(f[0], J, one) ** f[1], chosen, one)
    data = _spectrum(found)
    if any(f.place.repeated is not sp.false for f in critical):
        raise Undecided("a critical factor may have double roots; give values to parameters")
    entries = (found.field.expression(e) for row in product.to_list() for e in row)
    zeros = [vanishes_exactly(e) for e in entries]
    if all(zeros):
        sentence = "the system is linear, and its critical eigenvalues are semisimple"
        return Marginal(Fate.NEUTRAL, Reason.SEMISIMPLE, sentence, certificate=data)
    if False not in zeros:
        raise Undecided("whether the critical eigenvalues are semisimple is open; give values")
    sentence = "the system is linear, and a critical eigenvalue has a Jordan block"
    return Marginal(Fate.UNSTABLE, Reason.JORDAN_BLOCK, sentence, certificate=data)


def _require_coprime(found: Linearization, critical: Sequence[Factor]) -> None:
    """Refuse critical factors that share a root for some values of the parameters."""
    for one, other in combinations(critical, 2):
        shared = one.polynomial.resultant(other.polynomial)
        value = found.field.expression(found.field.element(sp.sympify(shared).as_expr()))
        if sign(value) is None and value.is_nonzero is not True:
            raise Undecided(f"critical eigenvalues may coincide, where {value} = 0; give values")


def _value(polynomial: Any, J: Any, one: Any) -> Any:
    total = one * J.domain.zero
    for coefficient in polynomial.rep.to_list():
        total = total * J + one * coefficient
    return total
