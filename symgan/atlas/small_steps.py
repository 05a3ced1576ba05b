r"""Whether some step of a rule is stable, from small steps alone.

Let the linearization :math:`A(\eta)` have at :math:`\eta = 0` the eigenvalue 1 m times and all
others inside the unit circle. With :math:`z = 1 + \eta s` its characteristic polynomial is

.. math:: \chi(1 + \eta s, \eta) = \eta^m\,[q(1)\,h(s) + O(\eta)],

so that m eigenvalues are :math:`1 + \eta s_j + o(\eta)` with the roots :math:`s_j` of h: where h is
a Hurwitz polynomial all small steps are stable. Of :math:`A = I - \eta M` the eigenvalues are
:math:`1 + \eta s_j` exactly, and :math:`|1 + \eta s_j| < 1` asks for :math:`\Re s_j < 0`: there no
other step is stable either. The exact set of steps takes much longer than this.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import Any

import sympy as sp
from sympy import And, Expr, Matrix, Or, Symbol
from sympy.logic.boolalg import Boolean
from sympy.polys.matrices import DomainMatrix

from symgan.analysis.circle import schur_condition
from symgan.analysis.conditions import tidy
from symgan.analysis.field import build_field
from symgan.analysis.minors import leading_minors
from symgan.analysis.routh import hurwitz
from symgan.analysis.schur import Cleared, bilinear, cleared, hurwitz_matrix
from symgan.atlas.cell import Case, Verdict
from symgan.errors import Undecided
from symgan.results import Regime, Stability

MOST_TERMS = 3000
"""Terms of a characteristic polynomial beyond which its conditions are not written down."""


@dataclass(frozen=True)
class SmallSteps:
    """What small steps say of a linear iteration.

    Attributes:
        stable: the condition on the parameters under which all small steps are stable.
        only: whether no step is stable elsewhere.
        variable, polynomial: the characteristic polynomial.
        slow: h, monic.
        cleared: the characteristic polynomial without denominators.
    """

    stable: Boolean
    only: bool
    variable: Symbol
    polynomial: Expr
    slow: Expr
    cleared: Cleared

    def exact(self) -> Boolean:
        """The condition on step and parameters for a stable step, not simplified.

        It comes out of the Schur criterion, and takes longer than all else here.
        """
        return _exact(self.cleared)


def small_steps(matrix: Matrix, step: Symbol) -> SmallSteps | None:
    r"""Small steps of a linear iteration; None where :math:`A(0)` is of another kind.

    Args:
        matrix: the iteration, entries rational in the step.
        step: a positive symbol.

    Raises:
        Undecided: the characteristic polynomial is too long.

    >>> eta, g = Symbol("eta", positive=True), Symbol("g", real=True)
    >>> turn = Matrix([[1, -eta], [eta, 1 - eta*g]])
    >>> small_steps(turn, eta).stable, small_steps(turn, eta).only
    (g > 0, True)
    """
    field = build_field([*matrix, step])
    rows = [[field.element(e) for e in row] for row in matrix.tolist()]
    polynomial = cleared(DomainMatrix(rows, matrix.shape, field.domain).charpoly(), field)
    if sum(len(e) for e in polynomial.entries) > MOST_TERMS:
        raise Undecided("the characteristic polynomial is too long for a condition on the step")
    slow = _slow(polynomial, polynomial.domain.symbols.index(step))
    if slow is None:
        return None
    s = Symbol("s")
    while s in matrix.free_symbols:
        s = Symbol(s.name + "_")
    h = sp.Poly([polynomial.expression(c) / polynomial.expression(slow[0]) for c in slow], s)
    z = Symbol("z")
    while z in matrix.free_symbols:
        z = Symbol(z.name + "_")
    return SmallSteps(
        stable=tidy(hurwitz(h.as_expr(), s)),
        only=_is_affine(matrix, step),
        variable=z,
        polynomial=_expression(polynomial, z),
        slow=h.as_expr(),
        cleared=polynomial,
    )


def small_cases(small: SmallSteps) -> tuple[Case, ...]:
    """The best that small steps give, and of :math:`I - \\eta M` all steps."""
    if small.stable is sp.true:
        return (Case(Verdict.EXPONENTIAL, sp.true),)
    if small.stable is sp.false:
        return (Case(Verdict.UNDECIDED, sp.true),)
    try:
        regimes = hurwitz_regimes(small.stable) if small.only else ()
    except Undecided:  # the condition is no conjunction: its opposite has no simple form
        regimes = ()
    if not regimes:
        beside = Case(Verdict.UNDECIDED, sp.Not(small.stable))
        return (Case(Verdict.EXPONENTIAL, small.stable), beside)
    return tuple(Case(_OF_REGIME[r.verdict], r.condition) for r in regimes)


_OF_REGIME = {
    Stability.STABLE: Verdict.EXPONENTIAL,
    Stability.UNSTABLE: Verdict.DIVERGENCE,
    Stability.DEGENERATE: Verdict.UNDECIDED,
}


def hurwitz_regimes(stable: Any) -> tuple[Regime, ...]:
    r"""Stable, unstable, and the surface between, from the inequalities of Hurwitz.

    A polynomial with all roots in the closed left half-plane is a limit of Hurwitz ones, so
    that none of the quantities that must be positive is negative: where one is, a root lies
    to the right. The surface where the smallest is zero is left open.

    Raises:
        Undecided: the conditions are no conjunction of inequalities.
    """
    parts = stable.args if isinstance(stable, And) else (stable,)
    if stable in (sp.true, sp.false) or not all(isinstance(p, sp.Gt | sp.Lt) for p in parts):
        if stable is sp.true:
            return (Regime(Stability.STABLE, sp.true),)
        raise Undecided("where the spectrum of this flow lies is open; give values to parameters")
    gaps = [p.gts - p.lts for p in parts]
    beyond_axis = Or(*(sp.Lt(gap, 0) for gap in gaps))
    between = And(Or(*(sp.Eq(gap, 0) for gap in gaps)), *(sp.Ge(gap, 0) for gap in gaps))
    if len(gaps) == 1:
        between = sp.Eq(gaps[0], 0)
    return (
        Regime(Stability.STABLE, stable),
        Regime(Stability.UNSTABLE, beyond_axis),
        Regime(Stability.DEGENERATE, between),
    )


def _slow(polynomial: Cleared, place: int) -> list[Any] | None:
    r"""Coefficients of :math:`q(1) h(s)`, leading coefficient first; None where there is no h."""
    entries, K = polynomial.entries, polynomial.domain
    n = len(entries) - 1
    shifted = [  # the coefficient of w^j in P(1 + w)
        sum((K.convert(comb(n - k, j)) * entries[k] for k in range(n - j + 1)), K.zero)
        for j in range(n + 1)
    ]
    start = [_order(c, place, 0) for c in shifted]
    m = next((j for j, c in enumerate(start) if c), None)
    if not m:  # every coefficient vanishes at 0, or 1 is no eigenvalue there
        return None
    if any(_order(shifted[j], place, low) for j in range(m) for low in range(m - j)):
        return None
    if not _others_inside(polynomial, place, m):
        return None
    return [_order(shifted[j], place, m - j) for j in range(m, -1, -1)]


def _order(element: Any, place: int, power: int) -> Any:
    """The coefficient of a power of the step, in the same ring."""
    ring = element.ring
    terms = {
        (*powers[:place], 0, *powers[place + 1 :]): c
        for powers, c in element.terms()
        if powers[place] == power
    }
    return ring.from_dict(terms)


def _others_inside(polynomial: Cleared, place: int, m: int) -> bool:
    """Whether all but m roots lie inside the unit circle at the step 0, for all parameters."""
    row = [_order(c, place, 0) for c in polynomial.entries]
    if not row[0]:
        return False
    for _ in range(m):  # Horner's scheme divides by z - 1
        total, quotient = polynomial.domain.zero, []
        for c in row[:-1]:
            total = total + c
            quotient.append(total)
        row = quotient
    return schur_condition(Cleared(row, polynomial.domain, polynomial.field)) is sp.true


def _is_affine(matrix: Matrix, step: Symbol) -> bool:
    r"""Whether it is :math:`I - \eta M` with M free of the step."""
    slope = ((matrix - sp.eye(matrix.rows)) / step).applyfunc(sp.cancel)
    return step not in slope.free_symbols


def _exact(polynomial: Cleared) -> Boolean:
    """Liénard-Chipart after the bilinear transform, as in `schur.bilinear_expressions`."""
    lead, K = polynomial.entries[0], polynomial.domain
    H = bilinear(polynomial.entries, K)
    n = len(H) - 1
    minors = leading_minors(hurwitz_matrix(H, K), K)
    found = [lead * H[k] for k in range(n, -1, -2)]
    if n % 2:
        found.append(lead * H[0])
    found += [minors[k - 1] * lead ** (k % 2) for k in range(n - 1, 0, -2)]
    values = polynomial.field.values
    return And(*(sp.Gt(K.to_sympy(e).xreplace(values), 0) for e in found))


def _expression(polynomial: Cleared, variable: Symbol) -> Expr:
    K, values = polynomial.domain, polynomial.field.values
    terms = [K.to_sympy(c).xreplace(values) for c in polynomial.entries]
    n = len(terms) - 1
    return sp.Add(*(c / terms[0] * variable ** (n - k) for k, c in enumerate(terms)))
