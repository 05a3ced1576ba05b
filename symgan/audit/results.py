"""What an audit found, as plain data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sympy import Expr, Symbol

from symgan.audit.subject import Kind


class Verdict(StrEnum):
    """Whether code computes what symgan derives."""

    SAME = "same"
    DIFFERS = "differs"
    UNDECIDED = "undecided"


EXIT_CODES = {Verdict.SAME: 0, Verdict.DIFFERS: 1, Verdict.UNDECIDED: 4}


class Ground(StrEnum):
    """What a statement rests on, the strongest first."""

    PROVED = "proved"
    POLYNOMIAL = "polynomial"
    EXACT = "exact"
    DIGITS = "50 digits"
    FLOAT = "float"


@dataclass(frozen=True)
class Established:
    """How a verdict came about.

    Attributes:
        ground: PROVED: SymPy symbols went through the code and the difference vanishes
            identically. POLYNOMIAL: equal in rational arithmetic on a grid that leaves no other
            polynomial of these degrees. EXACT: rational arithmetic at sampled points. DIGITS:
            50 digits at sampled points. FLOAT: within a rounding budget at sampled points.
        points: how many starts were tried.
        steps: how many steps from each.
        ulps: the largest error in units of the last place of the terms; 0 where exact.
        note: the hypothesis on the code that the ground needs, or what limits it.
    """

    ground: Ground
    points: int
    steps: int
    ulps: float = 0.0
    note: str = ""

    @property
    def sampled(self) -> bool:
        """Whether points were drawn, so that nothing is proved by agreement."""
        return self.ground not in (Ground.PROVED, Ground.POLYNOMIAL)


@dataclass(frozen=True)
class Counterexample:
    """The simplest input at which code and derivation part.

    Attributes:
        point: symbol -> value at the start, parameters among them.
        step: the step at which they part, 1 for the first.
        component: which component, as ``theta`` or ``J[2, 1]``.
        derived: its derived value, exact where it is rational.
        computed: what the code returned, or what it raised.
    """

    point: tuple[tuple[Symbol, Expr], ...]
    step: int
    component: str
    derived: str
    computed: str


@dataclass(frozen=True)
class Blame:
    """How one component differs.

    Attributes:
        component: which.
        fault: "missing", "doubled", "wrong sign", "wrong factor", "replaced", "extra" ...
        term: the derived term that is at fault.
        instead: what the code has in its place.
        ground: PROVED or what the match was tried on.
        points: at how many fresh points, where it was tried.
    """

    component: str
    fault: str
    term: Expr
    instead: Expr
    ground: Ground
    points: int = 0


@dataclass(frozen=True)
class Hidden:
    """Whether the linearization at the equilibrium would have hidden the difference.

    Attributes:
        holds: the difference and its derivative vanish there; None: not known.
        exact: whether this follows from a difference that was derived; else from one that was
            found at sampled points, or from small displacements.
        point: the equilibrium.
    """

    holds: bool | None
    exact: bool
    point: tuple[tuple[Symbol, Expr], ...]


@dataclass(frozen=True)
class Recognition:
    """What the code in fact implements.

    Attributes:
        name: of the field, Jacobian or rule.
        ground: how the match was established.
        points: at how many points.
    """

    name: str
    ground: Ground
    points: int = 0


@dataclass(frozen=True)
class Audit:
    """Code held against what symgan derives.

    Attributes:
        subject: the code, ``file.py:name``.
        kind: field, Jacobian or map.
        against: what it was held against.
        convention: how it was called.
        verdict: same, differs or undecided.
        established: how the verdict came about.
        counterexample: the simplest input at which they part.
        blame: what differs, component by component.
        hidden: whether the linearization would have hidden it.
        recognized: what the code implements instead, where that is known.
        findings: further observations, a sentence each.
    """

    subject: str
    kind: Kind
    against: str
    convention: str
    verdict: Verdict
    established: Established
    counterexample: Counterexample | None = None
    blame: tuple[Blame, ...] = ()
    hidden: Hidden | None = None
    recognized: Recognition | None = None
    findings: tuple[str, ...] = ()

    @property
    def exit_code(self) -> int:
        """0 same, 1 differs, 4 undecided."""
        return EXIT_CODES[self.verdict]

    def __bool__(self) -> Any:
        raise TypeError("an audit is same, differs or undecided; ask for .verdict")
