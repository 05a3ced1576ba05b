r"""The largest invariant set in the zero set of a function that keeps its sign, exactly.

Where :math:`W \ge 0` vanishes it has a minimum, so :math:`\{W = 0\} = \{W = 0, \nabla W = 0\}`:
this is where :math:`\psi^2 = 0` becomes :math:`\psi = 0`. A point of an invariant subset satisfies
every Lie derivative of these equations. Their solutions are found by the complete case analysis
of `symgan.analysis.equilibria`; as soon as every component of solutions is itself invariant, the
components together are the largest invariant set.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import sympy as sp
from sympy import Dummy, Expr, Integer, Matrix, Symbol

from symgan.analysis.equilibria import equilibria
from symgan.analysis.points import vanishes_exactly
from symgan.analysis.signs import sign
from symgan.analysis.wholes import require_whole
from symgan.differentiation import diff, jacobian
from symgan.errors import Undecided
from symgan.results import Equilibrium
from symgan.system import Flow

MOST_ROUNDS = 6


@dataclass(frozen=True)
class InvariantSet:
    """The largest invariant set in a zero set.

    Attributes:
        rounds: the equations, a tuple a round: W = 0 and its gradient, then Lie derivatives.
        components: points and continua (free state symbols as values), each invariant.
        resting: whether every component consists of equilibria of the flow.
    """

    rounds: tuple[tuple[Expr, ...], ...]
    components: tuple[Equilibrium, ...]
    resting: bool

    @property
    def is_point(self) -> bool:
        """Whether the set is a single point, wherever in the parameters."""
        return len(self.components) == 1 and not self.components[0].free


def invariant_set(flow: Flow, W: Expr, *, nonzero: Iterable[int | Expr] = ()) -> InvariantSet:
    r"""The largest invariant set of a flow in :math:`\{W = 0\}`, for W of one sign.

    Args:
        flow: autonomous.
        W: a function of the state that is nowhere negative, or nowhere positive, and
            differentiable; this is the caller's to certify.
        nonzero: values assumed not to vanish, as in `equilibria`.

    Raises:
        Undecided: the solutions were not found, or after six Lie derivatives some component is
            still not invariant; the sentence names it.

    >>> x, y = sp.symbols("x y", real=True)
    >>> oscillator = Flow((x, y), (y, -x - y))
    >>> found = invariant_set(oscillator, y**2)
    >>> found.rounds, found.is_point
    (((y,), (x + y,)), True)
    """
    require_whole(flow, "invariant_set")
    given = tuple(nonzero)
    equations = _distinct(_simple(e, flow) for e in (W, *(diff(W, s) for s in flow.state)))
    rounds = [equations]
    moving: list[Equilibrium] = []
    for _ in range(MOST_ROUNDS):
        found = solutions(flow, [e for one in rounds for e in one], nonzero=given)
        moving = [c for c in found if not _is_invariant(flow, c)]
        if not moving:
            return InvariantSet(tuple(rounds), found, all(_rests(flow, c) for c in found))
        known = {e for one in rounds for e in one}
        following = (_simple(lie_derivative(e, flow), flow) for e in rounds[-1])
        new = tuple(e for e in _distinct(following) if e not in known)
        if not new:
            break
        rounds.append(new)
    shown = ", ".join(f"{s} = {v}" for s, v in moving[0].point.items())
    raise Undecided(
        f"the solutions ({shown}) are not invariant after {len(rounds) - 1} Lie derivatives; give "
        "values to parameters or another function"
    )


def lie_derivative(function: Expr, flow: Flow) -> Expr:
    r"""The derivative of a function along a flow, :math:`\nabla V \cdot f`, expanded.

    >>> x, y = sp.symbols("x y", real=True)
    >>> lie_derivative(x**2 + y**2, Flow((x, y), (y, -x - y)))
    -2*y**2
    """
    terms = (diff(function, s) * f for s, f in zip(flow.state, flow.rhs, strict=True))
    return sp.expand(sp.Add(*terms))


def solutions(
    flow: Flow, equations: Sequence[Expr], *, nonzero: Iterable[int | Expr] = ()
) -> tuple[Equilibrium, ...]:
    """All real solutions of equations in the state of a flow, by the case analysis of equilibria.

    The equations stand for the right-hand side of a flow; symbols that occur in none of them
    are added where there are more equations than state symbols.
    """
    extra = tuple(Dummy(f"u{i}", real=True) for i in range(len(equations) - len(flow.state)))
    state = (*flow.state, *extra)
    rhs = (*equations, *[Integer(0)] * (len(state) - len(equations)))
    found = equilibria(Flow(state, rhs, parameters=flow.parameters), nonzero=nonzero)
    return tuple(
        Equilibrium(
            {s: e.point[s] for s in flow.state},
            tuple(s for s in e.free if s in flow.state),
            e.condition,
        )
        for e in found
    )


def _is_invariant(flow: Flow, component: Equilibrium) -> bool:
    r"""Whether the field is tangent: with :math:`x = p(s)`, :math:`f(p(s)) = p'(s)\\,f_s(p(s))`."""
    here = {s: f.subs(dict(component.point), simultaneous=True) for s, f in _fields(flow)}
    place = Matrix([component.point[s] for s in flow.state])
    if component.free:
        along = Matrix([here[s] for s in component.free])
        tangent = jacobian(place, component.free) * along
    else:
        tangent = sp.zeros(len(flow.state), 1)
    pairs = zip(here.values(), tangent, strict=True)
    return all(vanishes_exactly(f - t) is True for f, t in pairs)


def _rests(flow: Flow, component: Equilibrium) -> bool:
    at = dict(component.point)
    return all(vanishes_exactly(f.subs(at, simultaneous=True)) is True for f in flow.rhs)


def _fields(flow: Flow) -> list[tuple[Symbol, Expr]]:
    return list(zip(flow.state, flow.rhs, strict=True))


def _simple(e: Expr, flow: Flow) -> Expr:
    """The same zeros: each factor once, without those that cannot vanish."""
    number, factors = sp.factor_list(sp.fraction(sp.together(e))[0])
    kept = [base for base, _ in factors if base.has(*flow.state) or sign(base) in (0, None)]
    return sp.Mul(*kept) if number != 0 else sp.Integer(0)


def _distinct(equations: Iterable[Expr]) -> tuple[Expr, ...]:
    """Without repetitions up to sign, and without zero."""
    kept: list[Expr] = []
    for e in equations:
        if e != 0 and e not in kept and -e not in kept:
            kept.append(e)
    return tuple(kept)
