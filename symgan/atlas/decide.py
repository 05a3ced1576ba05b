r"""Linear problems decided: which parameters, and which steps, make an equilibrium stable.

A flow is decided by its spectrum (Routh-Hurwitz with parameters), a map by the exact set of
its steps. What is undecided with symbols is tried with sample values for the rule's own
options first, then for all parameters; the answer says so.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import sympy as sp
from sympy import Expr, ImmutableMatrix, Integer, Matrix, Rational, Symbol
from sympy.polys.matrices import DomainMatrix

from symgan.analysis.conditions import tidy
from symgan.analysis.field import build_field
from symgan.analysis.linear_map import linearization
from symgan.analysis.points import jacobian_at
from symgan.analysis.reduction import modulo_tangent
from symgan.analysis.routh import hurwitz
from symgan.analysis.spectrum import spectrum
from symgan.analysis.step_bound import step_bound_of_matrix
from symgan.atlas.cell import Answer, Case, Verdict, on_surface
from symgan.atlas.existence import beyond, map_cases, meets_circle_rarely
from symgan.atlas.problem import ETA
from symgan.atlas.small_steps import SmallSteps, hurwitz_regimes, small_cases, small_steps
from symgan.certify.limit import limited
from symgan.errors import GameError, Undecided
from symgan.implicit import ImplicitMap
from symgan.results import Regime, Spectrum, Stability
from symgan.system import Flow, Map

PROBLEM = "the linear problem"
SAMPLES = (Integer(1), Rational(1, 3), Integer(4))
"""Values tried for parameters: equal to the interaction, weaker, stronger."""

AT_MOST = 60.0
"""Seconds on the clock for `step_bound`; processor time ends it long before on an idle machine."""

_OF_REGIME = {
    Stability.STABLE: Verdict.EXPONENTIAL,
    Stability.CENTER: Verdict.CENTER,
    Stability.UNSTABLE: Verdict.DIVERGENCE,
}


def decide(system: Any, rest: Mapping[Symbol, Expr], tangent: Matrix, seconds: float) -> Answer:
    """The answer to a linear problem.

    Args:
        system: a flow or a map; its linearization at ``rest`` is what is decided.
        rest: the equilibrium; free state symbols of a continuum stand as values.
        tangent: the continuum's directions.
        seconds: processor time for an attempt with numbers; with symbols half of it.

    Raises:
        GameError: the system does not rest there or has no derivative.
    """
    start = time.perf_counter()
    found = _attempts(system, rest, tangent, seconds)
    return replace(found, seconds=time.perf_counter() - start)


def _attempts(system: Any, rest: Mapping[Symbol, Expr], tangent: Matrix, seconds: float) -> Answer:
    decided = _flow if isinstance(system, Flow) else _map
    failure, matrix = "", ImmutableMatrix(0, 0, [])
    for sample in _samples(system, tangent):
        start = time.process_time()
        given = seconds if sample else seconds / 2
        try:
            return replace(decided(system.subs(sample), rest, tangent, given), sample=sample)
        except Undecided as error:
            failure = failure or str(error)
        if sample and time.process_time() - start >= given:
            break  # other numbers make it no shorter
    return Answer(matrix, not isinstance(system, Flow), failure=failure)


def _samples(system: Any, tangent: Matrix) -> Iterator[dict[Symbol, Expr]]:
    """No values; then one for all parameters, of those that the continuum does not hold."""
    yield {}
    free = [p for p in system.parameters if p != ETA and p not in tangent.free_symbols]
    for value in SAMPLES if free else ():
        yield {p: value if p.is_positive else value / 2 for p in free}


def _flow(flow: Flow, rest: Mapping[Symbol, Expr], tangent: Matrix, seconds: float) -> Answer:
    with limited(seconds, PROBLEM):
        return _by_spectrum(flow, rest, tangent)


def _by_spectrum(flow: Flow, rest: Mapping[Symbol, Expr], tangent: Matrix) -> Answer:
    J = jacobian_at(flow, dict(rest))
    still = sp.zeros(J.rows - tangent.rows, tangent.cols)  # velocities rest along a continuum
    inner = modulo_tangent(J, Matrix.vstack(tangent, still)).applyfunc(sp.cancel)
    if inner.rows == 0:
        raise GameError("every state is an equilibrium of this flow, so nothing moves")
    names = tuple(sp.symbols(f"y_1:{inner.rows + 1}", real=True))
    linear = Flow(names, tuple(inner * Matrix(names)), parameters=flow.parameters)
    found = _spectrum(linear)
    cases = tuple(_case(regime, inner) for regime in found.regimes)
    return Answer(
        matrix=ImmutableMatrix(inner),
        discrete=False,
        cases=cases,
        variable=found.variable,
        polynomial=found.polynomial,
        eigenvalues=found.eigenvalues,
        rate=_abscissa(found),
        growing=_growing(found, cases),
        tangent=tangent.cols,
        certificate={"kind": "routh-hurwitz", "polynomial": str(found.polynomial)},
    )


def _spectrum(linear: Flow) -> Spectrum:
    """The spectrum; where the places of roots are undecided, Hurwitz against the rest."""
    try:
        return spectrum(linear)
    except Undecided:
        s = Symbol("s")
        J = linear.jacobian()
        polynomial = J.charpoly(s).as_expr()
        stable = tidy(hurwitz(polynomial, s))
        return Spectrum(s, polynomial, (), hurwitz_regimes(stable), sp.false)


def _case(regime: Regime, J: Matrix) -> Case:
    if regime.verdict is not Stability.DEGENERATE:
        return Case(_OF_REGIME[regime.verdict], regime.condition)
    if regime.condition is sp.true and _zeros_semisimple(J):
        return Case(Verdict.STABLE, regime.condition)
    if J.free_symbols:
        return Case(Verdict.UNDECIDED, regime.condition)
    return Case(Verdict.STABLE if _semisimple_axis(J) else Verdict.DIVERGENCE, regime.condition)


def _zeros_semisimple(J: Matrix) -> bool:
    """Whether 0 is a semisimple eigenvalue and all others lie to the left, for all parameters.

    The rank that shows it may drop at special parameters; then the kernel is larger than the
    multiplicity of the root, which is the same there, so it does not.
    """
    s = Symbol("s")
    coefficients = J.charpoly(s).all_coeffs()
    count = 0
    while count < J.rows and sp.cancel(coefficients[-1 - count]) == 0:
        count += 1
    if count in (0, J.rows):
        return count > 0 and J.is_zero_matrix is True
    rest = sp.Poly(coefficients[: len(coefficients) - count], s).as_expr()
    if tidy(hurwitz(rest, s)) is not sp.true:
        return False
    field = build_field(J)
    rows = [[field.element(e) for e in row] for row in J.tolist()]
    return DomainMatrix(rows, J.shape, field.domain).rank() == J.rows - count


def _semisimple_axis(J: Matrix) -> bool:
    """Whether a numeric matrix without eigenvalues to the right has no Jordan block on the axis."""
    for value, multiplicity in J.eigenvals().items():
        defect = (J - value * sp.eye(J.rows)).rank(simplify=True) > J.rows - multiplicity
        if defect and sp.re(value).equals(0):
            return False
    return True


def _growing(found: Spectrum, cases: tuple[Case, ...]) -> bool:
    """Whether every divergence comes from an eigenvalue to the right of the axis."""
    return not any(
        case.verdict is Verdict.DIVERGENCE and regime.verdict is Stability.DEGENERATE
        for case, regime in zip(cases, found.regimes, strict=True)
    )


def _abscissa(found: Spectrum) -> Expr | None:
    """The largest real part, where the eigenvalues are known and can be compared."""
    if not found.eigenvalues or any(value.has(sp.CRootOf) for value, _ in found.eigenvalues):
        return None
    if found.oscillates is sp.true and len(found.eigenvalues) == 2:
        trace = -sp.Poly(found.polynomial, found.variable).all_coeffs()[1]
        return sp.factor(trace / 2)
    if found.oscillates is not sp.false:
        return None
    real = sp.Max(*(value for value, _ in found.eigenvalues))
    return None if real.has(sp.I) else real


def _map(system: Any, rest: Mapping[Symbol, Expr], tangent: Matrix, seconds: float) -> Answer:
    """The exact set of steps; where that takes too long, what small steps say.

    Raises:
        Undecided: neither is found in the time.
    """
    with limited(seconds, PROBLEM):
        matrix, names = _linearized(system, rest)
        small = small_steps(matrix, ETA)
    from_small = small_cases(small) if small else ()
    known = bool(from_small) and not _open(from_small)
    try:
        with limited(seconds / 2 if known else seconds, PROBLEM):
            answer = _of_bound(matrix, names, tangent)
    except Undecided:
        if small is None or not any(c.verdict is Verdict.EXPONENTIAL for c in from_small):
            raise
        with limited(seconds, PROBLEM):
            return _of_small(matrix, tangent, small, from_small)
    if known and _open(answer.cases):
        return replace(answer, cases=from_small, growing=True, note="")
    return answer


def _linearized(system: Any, rest: Mapping[Symbol, Expr]) -> tuple[Matrix, dict[Expr, Expr]]:
    at = dict(rest)
    explicit = system.linearization(at) if isinstance(system, ImplicitMap) else system
    return linearization(explicit, ETA, explicit.lift(at) if isinstance(explicit, Map) else at, ())


def _open(cases: tuple[Case, ...]) -> bool:
    return any(c.verdict is Verdict.UNDECIDED and not on_surface(c.condition) for c in cases)


def _of_small(
    matrix: Matrix, tangent: Matrix, small: SmallSteps, cases: tuple[Case, ...]
) -> Answer:
    exact = small.exact()
    return Answer(
        matrix=ImmutableMatrix(matrix),
        discrete=True,
        cases=cases,
        variable=small.variable,
        polynomial=small.polynomial,
        step=ETA,
        stable=sp.ConditionSet(ETA, exact, sp.Interval.open(0, sp.oo)),
        stable_if=exact,
        note="shown by small steps; the exact condition on the step is known, not solved",
        tangent=tangent.cols,
        certificate={"kind": "routh-hurwitz", "polynomial": str(small.slow)},
    )


def _of_bound(matrix: Matrix, names: Mapping[Expr, Expr], tangent: Matrix) -> Answer:
    found = step_bound_of_matrix(matrix, ETA, names=names, budget=AT_MOST)
    cases = map_cases(found)
    unstable = any(c.verdict is Verdict.DIVERGENCE for c in cases)
    certain = not unstable or beyond(found.polynomial, found.variable)
    generic = not certain and meets_circle_rarely(found.polynomial, found.variable)
    note = "shown at all but isolated steps and parameters" if generic else ""
    if any(c.verdict is Verdict.UNDECIDED for c in cases):
        note = "whether some step is stable is open; the exact condition on it is known"
    return Answer(
        matrix=ImmutableMatrix(matrix),
        discrete=True,
        cases=cases,
        variable=found.variable,
        polynomial=found.polynomial,
        step=ETA,
        stable=found.asymptotic,
        marginal=found.marginal,
        stable_if=found.condition,
        marginal_if=found.marginal_condition,
        boundary=found.boundary,
        best=found.best,
        growing=certain or generic,
        note=note,
        tangent=tangent.cols,
        certificate=found.certificate,
    )
