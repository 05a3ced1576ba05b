r"""One cell of the atlas: what an update rule or a flow does on a regularized game, exactly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import sympy as sp
from sympy import Expr, ImmutableMatrix, Rational, Set, Symbol
from sympy.logic.boolalg import Boolean

from symgan.results_discrete import Best, Boundary


class Verdict(StrEnum):
    """What orbits near the equilibrium do (`GLOBAL`: all orbits).

    `ALMOST_GLOBAL`: all orbits but those in a set of measure zero converge to the equilibrium or
    to its image under a symmetry of the system.

    Of a rule the verdict is the best that its steps allow: `EXPONENTIAL` says that the set
    of stable steps is not empty, `CENTER` that none is stable and some keep orbits bounded.
    `STABLE` is Lyapunov stable where nothing is claimed about attraction.
    """

    GLOBAL = "global convergence"
    ALMOST_GLOBAL = "almost global"
    EXPONENTIAL = "locally exponential"
    ASYMPTOTIC = "locally asymptotic"
    STABLE = "Lyapunov stable"
    CENTER = "center"
    CYCLE = "cycle"
    DIVERGENCE = "divergence"
    DEPENDS = "depends"
    NO_EQUILIBRIUM = "no equilibrium"
    NOT_APPLICABLE = "does not apply"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Case:
    """A verdict and the exact condition on the parameters under which it stands."""

    verdict: Verdict
    condition: Boolean


@dataclass(frozen=True)
class Answer:
    r"""What is known of a linear problem, whatever cells it belongs to.

    Attributes:
        matrix: the linearization, modulo the tangent space of a continuum; of a map it holds
            the step.
        discrete: whether it is one of a map.
        cases: `EXPONENTIAL`, `CENTER` (semisimple and critical), `STABLE` (semisimple, with
            decaying directions), `DIVERGENCE` or `UNDECIDED`, with conditions on the parameters.
        variable, polynomial: the characteristic polynomial.
        eigenvalues: (value, multiplicity); empty where there is no closed form.
        step: of a map, the step; None of a flow.
        stable, marginal: of a map, sets of steps (see `StepBound`).
        stable_if: the exact Boolean, in step and parameters, for asymptotic stability.
        marginal_if: the same for the marginal steps.
        boundary, best: see `StepBound`.
        rate: of a flow, the spectral abscissa where it has a closed form.
        growing: whether an eigenvalue lies beyond the circle (axis) wherever `DIVERGENCE`
            stands; otherwise the growth may come from a Jordan block, which decides
            nothing about a nonlinear system.
        affine: whether the rule is affine on the problem, so that its spectrum decides everywhere.
        updates: single-player updates an iteration; 0 where it varies or time is continuous.
        tangent: how many directions along a continuum of equilibria were divided out.
        sample: parameters that were given values to make the problem decidable.
        certificate: plain data that a second program can check.
        failure: why there is no answer; empty where there is one.
        note: what the verdict leaves out, such as isolated steps.
        seconds: how long it took.
    """

    matrix: ImmutableMatrix
    discrete: bool
    cases: tuple[Case, ...] = ()
    variable: Symbol | None = None
    polynomial: Expr | None = None
    eigenvalues: tuple[tuple[Expr, int], ...] = ()
    step: Symbol | None = None
    stable: Set = sp.S.EmptySet
    marginal: Set = sp.S.EmptySet
    stable_if: Boolean = sp.false
    marginal_if: Boolean = sp.false
    boundary: tuple[Boundary, ...] = ()
    best: tuple[Best, ...] = ()
    rate: Expr | None = None
    growing: bool = True
    affine: bool = False
    updates: int = 0
    tangent: int = 0
    sample: Mapping[Symbol, Expr] = field(default_factory=dict)
    certificate: Mapping[str, Any] = field(default_factory=dict)
    failure: str = ""
    note: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Cell:
    r"""One game, loss, regularizer and rule, and what becomes of it.

    Attributes:
        game, loss, regularizer, rule: the names on the four axes; ``""`` where a game takes no
            loss, ``"none"`` without a regularizer. A rule's name holds its options.
        continuous: whether the rule is a flow.
        verdict: see `Verdict`.
        cases: the verdicts with their conditions on the parameters; one, unless it `DEPENDS`.
        reason: one sentence: why it does not apply, what else was shown, what stays open.
        answer: the linear problem with its solution, in the canonical symbols; None where
            there is none. Cells that are the same problem share it.
        problem: a short name of that problem, the same in all cells that share it.
        scales: canonical symbol -> what it stands for in this cell.
        jacobian: of the game at the equilibrium, :math:`J = v'(x^*)`.
        equilibrium: where.
        stable, marginal, stable_if, marginal_if, best: those of the answer, in this cell's own
            symbols.
        eigenvalues, rate: of a flow, in this cell's own symbols.
        updates: single-player updates an iteration; 0 where it varies or time is continuous.
        evidence: the kinds of evidence, each once.
        certificate: of what goes beyond the linearization: a Lyapunov function, a first
            integral; plain data.
        seconds: how long it took, without the answer where that was known already.
    """

    game: str
    loss: str
    regularizer: str
    rule: str
    continuous: bool
    verdict: Verdict
    cases: tuple[Case, ...] = ()
    reason: str = ""
    answer: Answer | None = None
    problem: str = ""
    scales: Mapping[Symbol, Expr] = field(default_factory=dict)
    jacobian: ImmutableMatrix | None = None
    equilibrium: Mapping[Symbol, Expr] = field(default_factory=dict)
    stable: Set = sp.S.EmptySet
    marginal: Set = sp.S.EmptySet
    stable_if: Boolean = sp.false
    marginal_if: Boolean = sp.false
    best: tuple[Best, ...] = ()
    eigenvalues: tuple[tuple[Expr, int], ...] = ()
    rate: Expr | None = None
    updates: int = 0
    evidence: tuple[str, ...] = ()
    certificate: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def id(self) -> str:
        """What names the cell: the four axes and the kind of time."""
        time = "flow" if self.continuous else "map"
        game = f"{self.game}, {self.loss}" if self.loss else self.game
        return f"{game} | {self.regularizer} | {self.rule} | {time}"

    @property
    def rate_an_update(self) -> tuple[Expr, ...]:
        r"""The best rate a single-player update, :math:`\rho^{1/u}`; empty where unknown."""
        if not self.updates:
            return ()
        return tuple(best.rate ** Rational(1, self.updates) for best in self.best)

    @property
    def undecided(self) -> bool:
        """Whether a case is open; one on a surface in the parameters alone does not count."""
        return any(
            case.verdict is Verdict.UNDECIDED and not on_surface(case.condition)
            for case in self.cases
        )


def on_surface(condition: Any) -> bool:
    """Whether a condition holds only where an equation does, so on a set of measure zero.

    >>> x = Symbol("x", real=True)
    >>> on_surface(sp.Eq(x, 1) & (x > 0)), on_surface(x > 0)
    (True, False)
    """
    if isinstance(condition, sp.And):
        return any(map(on_surface, condition.args))
    if isinstance(condition, sp.Or):
        return all(map(on_surface, condition.args))
    return isinstance(condition, sp.Eq)


def summary(cells: tuple[Cell, ...]) -> dict[str, int]:
    """How many cells carry each verdict, without zeros, and how many are undecided in part.

    >>> summary(())
    {}
    """
    counts = {v.value: sum(cell.verdict is v for cell in cells) for v in Verdict}
    found = {name: number for name, number in counts.items() if number}
    if partly := sum(c.undecided and c.verdict is not Verdict.UNDECIDED for c in cells):
        found["undecided in part"] = partly
    return found
