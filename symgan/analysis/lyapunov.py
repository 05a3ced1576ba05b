r"""Lyapunov functions of maps: found, with the exact range of steps and a certificate."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sympy as sp
from sympy import Expr, Symbol

from symgan.analysis.budget import Budget
from symgan.analysis.cells import Cell, cells
from symgan.analysis.evidence import fails, nonincreasing, positive_definite
from symgan.analysis.increment import POSITIVE, increment, increment_cells
from symgan.analysis.planar import Failure
from symgan.analysis.ranges import Range, lyapunov_range
from symgan.analysis.scaling import Reduced, reduced
from symgan.analysis.templates import TEMPLATES, candidates
from symgan.analysis.wholes import require_whole
from symgan.errors import GameError, Undecided
from symgan.results_discrete import Lyapunov
from symgan.system import Map

BUDGET = 20.0


def find_lyapunov(
    system: Map,
    template: str | Expr | None = None,
    symbol: Symbol | tuple[Symbol, Symbol] | None = None,
    *,
    budget: float = BUDGET,
) -> Lyapunov | None:
    r"""Find a function that proves the origin stable, with the exact steps for which it does.

    Args:
        system: a map whose fixed point is the origin; linear or switched between linear
            branches. Its parameters are one positive step, or two.
        template: ``"quadratic"``, ``"absolute"`` (a quadratic form and the absolute values
            of the quadratic forms on which the map switches), ``"max"``, or an expression
            whose further symbols are the coefficients sought; without any, it is the
            function itself, and its range is derived. None: all that fit.
        symbol: the step, or a pair; all of the map's parameters unless given.
        budget: seconds for the search.

    Returns:
        The function with the widest range among the candidates; None where none has any.
        ``certificate["parts"]`` hold the evidence for all states and all steps in the
        range, ``certificate["outside"]`` a point for each piece of steps beyond it.

    Raises:
        GameError: the step is not positive, the origin is not fixed, or the template holds no
            state.
        Undecided: time ran out, a branch is no polynomial in the state, or two steps do not
            act through their product.

    Source: the sharp function of the Dirac oracle is
    :math:`\theta^2 - \eta|\theta\psi| + \psi^2`.

    >>> x, y = sp.symbols("x y", real=True)
    >>> eta = Symbol("eta", positive=True)
    >>> turns = Map((x, y), (x + eta*y, y - eta*(x + eta*y)), parameters=(eta,))
    >>> found = find_lyapunov(turns)
    >>> found.function, found.range
    (eta*x*y + x**2 + y**2, eta < 2)
    """
    require_whole(system, "find_lyapunov")
    if isinstance(template, str) and template not in TEMPLATES:
        raise GameError(f"the template {template!r} is none of {', '.join(TEMPLATES)}")
    single = reduced(system, symbol)
    _require_fixed_origin(single.system)
    _require_polynomial(single.system)
    found = search(single, _named(template, single), budget)
    return None if found is None else found.result(single, system)


@dataclass(frozen=True)
class Found:
    """A Lyapunov function of a map with one step, and its range."""

    function: Expr
    range: Range

    @property
    def holds(self) -> sp.Set:
        """The steps for which it is one."""
        return self.range.holds

    def result(self, single: Reduced, system: Map) -> Lyapunov:
        """The same for the original map."""
        function = single.restore(self.function)
        return Lyapunov(
            function,
            single.condition(self.range.holds),
            self.range.strict == self.range.holds,
            increment(function, system),
            self.certificate(single),
            single.condition(self.range.strict),
        )

    def certificate(self, single: Reduced) -> Mapping[str, Any]:
        """Evidence for the range and against every step beyond it; of the map with one step.

        ``parts`` are certificates that a second program checks; where one of them was not
        found, ``kind`` is ``projection`` and the decision rests on `decide_planar` alone.
        """
        V, system = self.function, single.system
        given = single.given(self.range.holds)
        definite = positive_definite(cells([V]), system.state, given)
        changes = nonincreasing(increment_cells(V, system), given)
        outside = list(_outside(self.range.failures, single.symbol))
        about = {"function": str(V), "steps": str(given), "outside": outside}
        if definite is None or changes is None:
            return {"kind": "projection", **about}
        return {"parts": [*definite, *changes], **about}


def search(single: Reduced, template: str | Expr | None, budget: float) -> Found | None:
    """The candidate with the widest range of steps; None where none has any.

    Raises:
        Undecided: time ran out before any was found.
    """
    best: Found | None = None
    time = Budget(budget)
    for V in candidates(single.system, template):
        if best is not None and V.has(sp.Max):
            break  # maxima are the last resort: their many branches are slow
        if time.left <= 0:
            if best is None:
                raise Undecided("the search for a Lyapunov function ran out of time")
            break
        known = sp.EmptySet if best is None else best.range.holds
        found = lyapunov_range(V, single, known)
        if found is not None and known.is_proper_subset(found.holds):
            best = Found(V, found)
    return best


def _named(template: Any, single: Reduced) -> str | Expr | None:
    """A template in the reduced state and step."""
    if template is None or isinstance(template, str):
        return template
    expression = sp.sympify(template)
    if not expression.free_symbols & set(single.system.state):
        raise GameError(f"the template {expression} holds no state symbol of the map")
    if single.is_original:
        return expression
    raise Undecided(
        f"here {single.stands_for} is the step: name a template, or give values to the others"
    )


def _require_fixed_origin(system: Map) -> None:
    origin = dict.fromkeys(system.state, sp.Integer(0))
    image = [sp.simplify(f.subs(origin)) for f in system.rhs]
    if any(value != 0 for value in image):
        raise GameError(
            f"the map takes the origin to {tuple(image)}; move its fixed point to the origin first"
        )


def _require_polynomial(system: Map) -> None:
    for value in (v for cell in cells(system.rhs) for v in cell.values):
        if not value.is_polynomial(*system.state):
            raise Undecided(
                f"the branch {value} is no polynomial in the state; switched_stability answers "
                "for such maps near their equilibrium"
            )


def _outside(failures: Sequence[Failure], step: Symbol) -> Iterator[Mapping[str, Any]]:
    for failure in failures:
        if failure.state and failure.piece.sample.is_Rational:
            point = {**failure.state, step: failure.piece.sample}
            relation = ">" if failure.rule.allowed == POSITIVE else "<="
            region = Cell(failure.rule.signs).region
            yield {"steps": str(failure.piece.set)} | dict(
                fails(failure.rule.goal, relation, region, point)
            )
