"""What decides where the linearization does not: one argument after the other.

Each takes a `Question` and a list in which it says why it did not settle it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

import sympy as sp
from sympy import Expr, Matrix, Symbol

from symgan.analysis.area import invariant_density
from symgan.analysis.budget import Budget
from symgan.analysis.center import reversible
from symgan.analysis.center_line import flip, fold, zero_eigenvalue
from symgan.analysis.equilibria import equilibria
from symgan.analysis.extremum import extremal_integral
from symgan.analysis.focal import focal_value, twist
from symgan.analysis.hopf import hopf_coefficient
from symgan.analysis.neimark_sacker import neimark_sacker_coefficient, strong_resonance
from symgan.analysis.normal_form import Factor, Linearization, NormalForm
from symgan.analysis.points import Point, point_values, vanishes_exactly
from symgan.analysis.signs import sign
from symgan.differentiation import diff
from symgan.errors import Undecided
from symgan.system import Flow, System


class Fate(StrEnum):
    """What becomes of orbits that start near an equilibrium."""

    ATTRACTING = "asymptotically stable"
    NEUTRAL = "stable, not attracting"
    UNSTABLE = "unstable"


class Reason(StrEnum):
    """What a verdict at marginality rests on."""

    SPECTRUM = "spectrum"
    SEMISIMPLE = "linear, semisimple on the boundary"
    JORDAN_BLOCK = "linear, Jordan block on the boundary"
    NORMAL_FORM = "normal form"
    CONTINUUM = "continuum of equilibria"
    REVERSIBLE = "reversing symmetry"
    AREA = "invariant area"
    FIRST_INTEGRAL = "first integral"


@dataclass(frozen=True)
class Marginal:
    """A verdict on an equilibrium, marginal or not, with what it rests on.

    Attributes:
        fate: attracting, stable without attracting, or unstable.
        reason: the kind of evidence.
        sentence: the argument in one sentence.
        normal_form: the coefficient that decides, where one does.
        integral: the first integral, in the system's own symbols.
        certificate: plain data; text of what the argument used.
    """

    fate: Fate
    reason: Reason
    sentence: str
    normal_form: NormalForm | None = None
    integral: Expr | None = None
    certificate: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """A marginal equilibrium of a nonlinear system."""

    system: System
    at: Point
    where: Mapping[Any, Any] | None
    found: Linearization
    critical: Sequence[Factor]
    time: Budget

    @property
    def dimension(self) -> int:
        """How many eigenvalues are critical."""
        return sum(f.power * f.polynomial.degree() for f in self.critical)

    @property
    def single(self) -> Factor | None:
        """The simple critical factor, if there is one only."""
        simple = len(self.critical) == 1 and self.critical[0].power == 1
        return self.critical[0] if simple else None


def _normal_form(asked: Question, said: list[str]) -> Marginal | None:
    single = asked.single
    if single is None:
        said.append(f"{asked.dimension} eigenvalues are critical, too many for a normal form")
        return None
    try:
        form = _form_of(asked, single)
    except Undecided as open_question:
        said.append(str(open_question))
        return None
    if form is None:
        said.append(f"the pair is in strong resonance {strong_resonance(asked.found)}")
        return None
    return _judged(asked, form, said)


def _judged(asked: Question, form: NormalForm, said: list[str]) -> Marginal | None:
    """The verdict of a normal form whose coefficient has a sign."""
    decided = sign(form.coefficient)
    if not decided:
        what = "vanishes" if decided == 0 else f"has an open sign: {form.coefficient}"
        said.append(f"the coefficient of the normal form ({form.kind.value}) {what}")
        return None
    fate = Fate.ATTRACTING if form.attracting else Fate.UNSTABLE
    law = "r' = a r^k" if isinstance(asked.system, Flow) else "r+ = r + a r^k"
    sentence = f"{form.kind.value}: {law} with k = {form.order} and a = {form.coefficient}"
    data = {
        "kind": "normal-form",
        "critical": form.kind.value,
        "coefficient": str(form.coefficient),
        "order": form.order,
    }
    return Marginal(fate, Reason.NORMAL_FORM, sentence, normal_form=form, certificate=data)


def _form_of(asked: Question, single: Factor) -> NormalForm | None:
    """The normal form of a simple critical factor; None in strong resonance."""
    system, at, where, left = asked.system, asked.at, asked.where, asked.time.left
    if isinstance(system, Flow):
        if single.polynomial.degree() == 1:
            return zero_eigenvalue(system, at, where=where, budget=left)
        if single.polynomial.degree() == 2:
            return hopf_coefficient(system, at, where=where)
    elif single.polynomial.degree() == 1:
        at_one = asked.found.field.coefficient(single.polynomial, 0) == -1
        line = fold if at_one else flip
        return line(system, at, where=where, budget=left)
    elif single.polynomial.degree() == 2:
        if strong_resonance(asked.found):
            return None
        return neimark_sacker_coefficient(system, at, where=where)
    raise Undecided(f"{asked.dimension} eigenvalues are critical, too many for a normal form")


def _continuum(asked: Question, said: list[str]) -> Marginal | None:
    """Equilibria that fill the center manifold: every critical eigenvalue is 0, or 1 of a map."""
    rest = 1 if asked.found.discrete else 0
    field_ = asked.found.field
    if any(
        f.polynomial.degree() != 1 or field_.coefficient(f.polynomial, 0) != -rest
        for f in asked.critical
    ):
        return None
    values = point_values(asked.system, asked.at)
    try:
        families = equilibria(asked.system)
    except Undecided as open_question:
        said.append(f"the equilibria are not all known: {open_question}")
        return None
    for family in families:
        full = len(family.free) == asked.dimension
        if full and family.condition is sp.true and _passes(family.point, family.free, values):
            shown = {str(s): str(v) for s, v in family.point.items()}
            sentence = "the center manifold consists of equilibria, and all else decays towards it"
            data = {"kind": "continuum", "family": shown}
            return Marginal(Fate.NEUTRAL, Reason.CONTINUUM, sentence, certificate=data)
    said.append(f"no family of equilibria of dimension {asked.dimension} passes through it")
    return None


def _passes(
    family: Mapping[Symbol, Expr], free: Sequence[Symbol], values: Mapping[Symbol, Expr]
) -> bool:
    """Whether a family of equilibria passes through a point, smoothly."""
    here = {s: values[s] for s in free}
    for symbol, value in family.items():
        slopes = [diff(value, s).subs(here, simultaneous=True) for s in free]
        if any(s.has(sp.nan, sp.zoo, sp.oo) for s in slopes):
            return False
        if not vanishes_exactly(value.subs(here, simultaneous=True) - values[symbol]):
            return False
    return True


_REVERSORS = ([[1, 0], [0, -1]], [[-1, 0], [0, 1]], [[0, 1], [1, 0]], [[0, -1], [-1, 0]])


def _reversing(asked: Question, said: list[str]) -> Marginal | None:
    """A planar flow that a reflection through the equilibrium reverses is a center there."""
    flow, single = asked.system, asked.single
    planar = isinstance(flow, Flow) and len(flow.state) == 2
    if not planar or single is None or single.polynomial.degree() != 2:
        return None
    moved = _moved(asked)
    for rows in _REVERSORS:
        try:
            holds = reversible(moved, Matrix(rows))
        except Undecided as open_question:
            said.append(str(open_question))
            continue
        if holds:
            sentence = f"a pair of imaginary eigenvalues, and the flow is reversed by {rows}"
            data = {"kind": "reversible", "reversor": rows}
            return Marginal(Fate.NEUTRAL, Reason.REVERSIBLE, sentence, certificate=data)
    said.append("none of four reflections reverses the flow")
    return None


def _area(asked: Question, said: list[str]) -> Marginal | None:
    """A planar pair where an area is kept: a center of a flow, an elliptic point of a map."""
    single = asked.single
    if single is None or single.polynomial.degree() != 2 or len(asked.system.state) != 2:
        return None
    moved = _moved(asked)
    density = invariant_density(moved)
    if density is None:
        said.append("no area dx dy/g with a polynomial g of degree two is invariant")
        return None
    density = density.xreplace(dict(zip(moved.state, asked.system.state, strict=True)))
    data = {"kind": "area", "density": f"1/({density})", "deviations": True}
    sentence = f"a critical pair, and the area dx dy/({density}) in the deviations is invariant"
    if isinstance(asked.system, Flow):
        return Marginal(Fate.NEUTRAL, Reason.AREA, sentence, certificate=data)
    if strong_resonance(asked.found):
        return None
    try:
        turned, m = twist(asked.system, asked.at, where=asked.where, budget=asked.time.left)
    except Undecided as open_question:
        said.append(f"an area is invariant, but {open_question}")
        return None
    sentence += f"; the angle of a step changes with r^{2 * m}, so invariant curves surround it"
    data["twist"] = str(turned)
    return Marginal(Fate.NEUTRAL, Reason.AREA, sentence, certificate=data)


def _higher_order(asked: Question, said: list[str]) -> Marginal | None:
    """Normal forms of a pair beyond order three."""
    single = asked.single
    if single is None or single.polynomial.degree() != 2 or strong_resonance(asked.found):
        return None
    try:
        form = focal_value(asked.system, asked.at, where=asked.where, budget=asked.time.left)
    except Undecided as open_question:
        said.append(str(open_question))
        return None
    return _judged(asked, form, said) if form.order > 3 else None


def _moved(asked: Question) -> Any:
    """The system in its deviations from the equilibrium, under the same symbols where they may.

    A deviation has either sign, also of a state symbol declared positive.
    """
    values, given = point_values(asked.system, asked.at), dict(asked.where or {})
    signed = ("is_nonnegative", "is_nonpositive", "is_nonzero")
    moves = {
        s: sp.Dummy(s.name, real=True) if any(getattr(s, name) for name in signed) else s
        for s in values
    }
    shifted = {s: moves[s] + v for s, v in values.items()}
    rhs = [f.subs(shifted, simultaneous=True).subs(given) for f in asked.system.rhs]
    if not isinstance(asked.system, Flow):
        rhs = [f - v for f, v in zip(rhs, values.values(), strict=True)]
    return replace(asked.system, state=tuple(moves.values()), rhs=tuple(rhs))


def _first_integral(asked: Question, said: list[str]) -> Marginal | None:
    moved = _moved(asked)
    found = extremal_integral(moved, asked.time)
    if found is None:
        said.append("no first integral of the template has a strict extremum there")
        return None
    values = point_values(asked.system, asked.at)
    back = {move: s - v for move, (s, v) in zip(moved.state, values.items(), strict=True)}
    integral = found.function.subs(back, simultaneous=True)
    sentence = f"the first integral {integral} has a strict extremum at the equilibrium"
    return Marginal(
        Fate.NEUTRAL,
        Reason.FIRST_INTEGRAL,
        sentence,
        integral=integral,
        certificate={"kind": "first-integral", "integral": str(integral), **found.certificate},
    )


ARGUMENTS: tuple[Callable[[Question, list[str]], Marginal | None], ...] = (
    _normal_form,
    _continuum,
    _reversing,
    _area,
    _higher_order,
    _first_integral,
)
