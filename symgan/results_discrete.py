r"""Results on maps: step sizes, tuning, Lyapunov functions, switched stability.

Frozen, plain data like `symgan.results`; `symgan.report` renders them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sympy import Expr, Set, Symbol, false, true
from sympy.logic.boolalg import Boolean


class Edge(StrEnum):
    """What happens at an end of the set of stable steps.

    `UNIT_ROOT`: an eigenvalue 1; `FLIP`: an eigenvalue -1; `CIRCLE`: others on the unit
    circle, or several of these at once (all semisimple: the linear map stays bounded);
    `JORDAN`: a defective eigenvalue on the unit circle (the linear map is unbounded);
    `OPEN`: the end is no step (0 or infinity), or the map has a pole there.
    """

    UNIT_ROOT = "unit root"
    FLIP = "flip"
    CIRCLE = "unit circle"
    JORDAN = "Jordan block"
    OPEN = "no step"


@dataclass(frozen=True)
class Boundary:
    """One end of the set of stable steps, and what happens there.

    Attributes:
        step: the value of the step at this end.
        edge: which eigenvalues reach the unit circle there.
        eigenvalues: those on the unit circle, where they have a closed form.
        condition: where in the parameters this is an end, and ends so.
    """

    step: Expr
    edge: Edge
    eigenvalues: tuple[Expr, ...] = ()
    condition: Boolean = true


@dataclass(frozen=True)
class Best:
    r"""The step of the smallest spectral radius.

    Attributes:
        step: the optimal step; where an infimum is not attained, its limit.
        rate: the spectral radius there, :math:`\rho = \max|\lambda|`.
        condition: where in the parameters this is the answer.
        attained: whether the infimum is attained.
    """

    step: Expr
    rate: Expr
    condition: Boolean
    attained: bool = True


@dataclass(frozen=True)
class StepBound:
    r"""For which steps an equilibrium of a map is linearly stable, exactly.

    All sets are subsets of :math:`(0, \infty)`; where the equilibrium is a continuum they
    are meant modulo its tangent space.

    Attributes:
        symbol: the step.
        asymptotic: the set of all steps with spectral radius below one; a `ConditionSet`
            where it has no closed form in the parameters.
        marginal: the steps with spectral radius one and a semisimple unit circle.
        condition: the exact Boolean, in the step and all parameters, for spectral radius < 1.
        marginal_condition: the same for the marginal steps.
        boundary: what happens at each end.
        best: the optimal step and rate, a case each; empty where no closed form was found.
        polynomial: the characteristic polynomial that all this rests on, in ``variable``.
        variable: its variable.
        undecided: where it is left open whether a step is marginal: only on surfaces on
            which an eigenvalue is critical; false in most cases.
        certificate: plain data that a second program can check again.
    """

    symbol: Symbol
    asymptotic: Set
    marginal: Set
    condition: Boolean
    marginal_condition: Boolean
    boundary: tuple[Boundary, ...]
    best: tuple[Best, ...]
    polynomial: Expr
    variable: Symbol
    undecided: Boolean = false
    certificate: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Tuning:
    r"""The best hyper-parameters of an update rule on a game.

    Attributes:
        values: symbol -> exact optimal value (or an enclosure's midpoint where
            ``enclosure`` is given).
        rate: the spectral radius there; exact, or an upper bound where enclosed.
        lower: a certified lower bound on the spectral radius over all values.
        enclosure: symbol -> (low, high) rationals that hold an optimum; empty if exact.
        certificate: plain data that a second program can check again.
    """

    values: Mapping[Symbol, Expr]
    rate: Expr
    lower: Expr
    enclosure: Mapping[Symbol, tuple[Expr, Expr]] = field(default_factory=dict)
    certificate: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Branch:
    """One branch of a piecewise expression: where it stands, and what it is."""

    region: Boolean
    value: Expr


@dataclass(frozen=True)
class Increment:
    r"""The increment :math:`V(F(x)) - V(x)` of a function along a map, per branch.

    Attributes:
        function: V.
        branches: region -> increment, factored; the regions cover the state space.
        bounds: a branch each, the exact condition on the step for a nonpositive
            increment as a function of the state (``region`` as above, ``value`` the
            condition); empty where it could not be solved.
    """

    function: Expr
    branches: tuple[Branch, ...]
    bounds: tuple[tuple[Boolean, Boolean], ...] = ()


@dataclass(frozen=True)
class Lyapunov:
    r"""A Lyapunov function of a map with the evidence that it is one.

    Attributes:
        function: V, positive definite on the range and nonincreasing along the map.
        range: the exact set of parameters (a Boolean in the step) for which it is one.
        strict: whether V decreases strictly off the equilibrium on the whole range.
        increment: its increment.
        certificate: plain data, valid for all states and all parameters in the range.
        strict_range: the part of the range on which V decreases strictly.
        domain: the states of which all this is said; a set that orbits do not leave, or all.
    """

    function: Expr
    range: Boolean
    strict: bool
    increment: Increment
    certificate: Mapping[str, Any] = field(default_factory=dict)
    strict_range: Boolean = false
    domain: Boolean = true


@dataclass(frozen=True)
class NoGo:
    """Why a function is no Lyapunov function for any choice among given fields.

    Attributes:
        function: V.
        region: states at which every field increases V, as an exact Boolean.
        witness: one such state with its step, rational.
        certificate: plain data.
        range: the exact set of parameters for which there are such states; where it was not
            derived, the witness's own.
    """

    function: Expr
    region: Boolean
    witness: Mapping[Symbol, Expr]
    certificate: Mapping[str, Any] = field(default_factory=dict)
    range: Boolean = true


@dataclass(frozen=True)
class Invariant:
    r"""A polynomial that several maps scale: :math:`p(F_i(x)) = \mu_i(x)\,p(x)`.

    Attributes:
        quantity: p.
        factors: :math:`\mu_i`, one a map; 1 where it is conserved.
        obstructs: whether p vanishes at the origin and every :math:`|\mu_i| \ge 1`, so that no
            order of these maps leads from a state with :math:`p \ne 0` to the origin.
        certificate: plain data.
    """

    quantity: Expr
    factors: tuple[Expr, ...]
    obstructs: bool
    certificate: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SwitchedStability:
    """Stability of an equilibrium that lies on a switching surface.

    Attributes:
        stable: the exact set of parameters with a certified Lyapunov function.
        unstable: the exact set with a certified unbounded (or expanding) orbit.
        undecided: the rest.
        lyapunov: the function that proves `stable`; None where nothing is proved.
        escape: exact states on escaping orbits, in the step where they depend on it; empty
            where nothing is proved.
        certificate: plain data.
    """

    stable: Boolean
    unstable: Boolean
    undecided: Boolean
    lyapunov: Lyapunov | None
    escape: tuple[Mapping[Symbol, Expr], ...] = ()
    certificate: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class NewtonSequence:
    r"""A sequence along a run of one branch, in Newton form.

    .. math:: y(x_n) = \sum_j c_j(x_0)\, h_{n-j}(r_0, \dots, r_j),

    with the complete homogeneous symmetric polynomials :math:`h_m` (the divided differences
    of :math:`r \mapsto r^n`). It stands in every regime: distinct, nearly equal and equal
    nodes. For nodes that are all 1 it is the polynomial :math:`\sum_j c_j \binom nj`.

    Attributes:
        nodes: :math:`r_0, r_1, \dots`, in the parameters.
        newton: :math:`c_0, c_1, \dots`, in the state at the start of the run and the parameters.
    """

    nodes: tuple[Expr, ...]
    newton: tuple[Expr, ...]

    @property
    def polynomial(self) -> bool:
        """Whether it is a polynomial in the number of steps, for all parameters."""
        return all(node == 1 for node in self.nodes)


@dataclass(frozen=True)
class Run:
    r"""One branch of a switched map, and what many steps of it make of a state.

    Attributes:
        step: the next state.
        solution: the state after ``count`` steps of this branch (`BranchRuns.count`), where
            the nodes that are different expressions are different numbers; empty where the
            branch is refused.
        states: the same as Newton sequences, one a state symbol.
        guards: the guards of the map along the run, one each.
        refusal: why the run cannot be jumped; empty where it can.
    """

    step: tuple[Expr, ...]
    solution: tuple[Expr, ...] = ()
    states: tuple[NewtonSequence, ...] = ()
    guards: tuple[NewtonSequence, ...] = ()
    refusal: str = ""


@dataclass(frozen=True)
class BranchRuns:
    r"""A switched map as runs of its branches, for kernels that jump over them.

    The signs of the guards decide the branch: with :math:`s_i \in \{-1, 0, 1\}` the sign of
    guard i, the branch is ``cells[sum of (s_i + 1) 3**i]``.

    Attributes:
        state, parameters: the symbols of the map.
        count: the symbol that counts the steps of a run.
        guards: polynomials in the state without common factors, of which at least one
            changes its sign where the branch changes.
        cells: signs of the guards -> index of a run; -1 where no state has these signs.
        runs: the branches.
    """

    state: tuple[Symbol, ...]
    parameters: tuple[Symbol, ...]
    count: Symbol
    guards: tuple[Expr, ...]
    cells: tuple[int, ...]
    runs: tuple[Run, ...]
