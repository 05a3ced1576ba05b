r"""Closed forms of linear flows with exponential-polynomial forcing.

The transform is rational (`symgan.analysis.laplace`). It is read twice: as a Newton
interpolation in its poles, which holds in every regime, and as partial fractions, which
hold where the poles are distinct and show what decays, persists and grows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import sympy as sp
from sympy import Add, And, Expr, Integer, Poly, Symbol
from sympy.logic.boolalg import Boolean

from symgan.analysis.field import Field
from symgan.analysis.inverse import Parts, invert, oscillation
from symgan.analysis.laplace import RationalSolution, initial_state, transform
from symgan.analysis.modes import Kind, Mode, mode
from symgan.analysis.signs import nonvanishing, root_of
from symgan.analysis.wholes import require_whole
from symgan.errors import Undecided
from symgan.results import ClosedForm
from symgan.system import Flow


def solve_linear(flow: Flow, initial: Mapping[Symbol, Any] | Sequence[Any]) -> ClosedForm:
    r"""Solve :math:`\dot x = A x + b(t)`, :math:`x(0) = x_0`, in both domains.

    A is constant; b is a sum of :math:`c\,t^k e^{rt}`, sines and cosines. Everything may
    hold parameters; results hold for all of them in the Newton form, and under the
    condition ``generic`` in the elementary form. Where a damped pair of poles may be real
    or complex, the elementary form is written with cosine and sine of
    :math:`\sqrt{q - p^2/4}\;t`, which are cosh and sinh in the overdamped regime.

    Args:
        flow: the linear flow.
        initial: initial values, symbol -> expression, or in the order of the state.

    Returns:
        Transform, Newton form, and the elementary form with its center, transient,
        oscillatory and secular part. Terms are sorted one by one: of
        :math:`c_0 + c_1 t`, the constant is the center and the rest secular; of a
        resonant oscillation, only what carries a power of t is secular.

    Raises:
        GameError: a nonlinear flow, other forcing, or a missing initial value.
        Undecided: the assumptions leave open whether a pole decays, persists or grows.

    >>> x, y, x0 = sp.symbols("x y x0", real=True)
    >>> form = solve_linear(Flow((x, y), (-y, x)), {x: x0, y: 0})
    >>> form.solution, form.amplitude, form.phase
    ((x0*cos(t), x0*sin(t)), (Abs(x0), Abs(x0)), (atan2(x0, 0), atan2(0, x0)))
    """
    require_whole(flow, "solve_linear")
    values = initial_state(flow, initial)
    names = {*flow.state, *flow.parameters} | {s for v in values for s in v.free_symbols}
    time = flow.time if flow.time is not None else _fresh("t", names, nonnegative=True)
    s = _fresh("s", names | {time})
    rational = transform(flow, values, time, s)
    modes = _ordered(rational)
    parts = [_invert(rational, n, modes, time) for n in rational.numerators]
    steady = [_harmonic(p) for p in parts]
    frequencies = {omega for p in parts for omega in p.harmonics}
    pieces = [(p.center, p.transient, oscillation(p, time), p.secular) for p in parts]
    return ClosedForm(
        state=flow.state,
        time=time,
        frequency=s,
        parameters=_parameters(flow, values, time),
        initial=values,
        laplace=tuple(_reduced(rational, n) for n in rational.numerators),
        solution=tuple(Add(*piece) for piece in pieces),
        center=tuple(piece[0] for piece in pieces),
        transient=tuple(piece[1] for piece in pieces),
        oscillatory=tuple(piece[2] for piece in pieces),
        secular=tuple(piece[3] for piece in pieces),
        amplitude=tuple(amplitude for amplitude, _ in steady),
        phase=tuple(phase for _, phase in steady),
        omega=next(iter(frequencies)) if len(frequencies) == 1 else None,
        growth=tuple(p.growth for p in parts),
        poles=tuple((r, m.power) for m in modes for r in m.nodes),
        nodes=tuple(r for m in modes for r in m.nodes * m.power),
        newton=tuple(_newton(n, modes, rational.field) for n in rational.numerators),
        generic=_generic(modes, rational.field),
    )


def _ordered(rational: RationalSolution) -> tuple[Mode, ...]:
    """The modes in the order of the Newton nodes.

    Decaying ones come first: the Newton coefficients are then of the size of the solution
    however fast they decay. Next come factors of most components, so that the Newton form
    of a component without the others (a schedule that nothing drives) ends early.
    """

    def rank(m: Mode) -> tuple[bool, int, int]:
        absent = sum(n.rem(m.factor**m.power).is_zero for n in rational.numerators)
        return m.kind is not Kind.DECAYING, absent, m.degree

    modes = [mode(g, m, rational.field) for g, m in rational.factors]
    return tuple(sorted(modes, key=rank))


def _fresh(name: str, taken: set[Any], **assumptions: bool) -> Symbol:
    while name in {str(s) for s in taken}:
        name += "_"
    return Symbol(name, **assumptions)


def _parameters(flow: Flow, initial: Sequence[Expr], time: Symbol) -> tuple[Symbol, ...]:
    new = {s for value in initial for s in value.free_symbols if isinstance(s, Symbol)}
    extra = sorted(new - {*flow.parameters, time}, key=str)
    return (*flow.parameters, *extra)


def _reduced(rational: RationalSolution, numerator: Poly) -> Expr:
    """One component in lowest terms, its denominator factored."""
    denominator: Expr = Integer(1)
    for factor, power in rational.factors:
        while power and numerator.rem(factor).is_zero:
            numerator, power = numerator.quo(factor), power - 1
        denominator *= _as_expression(factor, rational.field) ** power
    return _as_expression(numerator, rational.field) / denominator


def _as_expression(polynomial: Poly, field: Field) -> Expr:
    coefficients = reversed(field.coefficients(polynomial))
    return Add(*(c * polynomial.gen**k for k, c in enumerate(coefficients)))


def _invert(rational: RationalSolution, numerator: Poly, modes: Sequence[Mode], t: Symbol) -> Parts:
    r"""Partial fractions: :math:`N / (g^m h) \to N h^{-1} \bmod g^m`, then its digits in g."""
    total = Parts()
    for each in modes:
        whole = each.factor**each.power
        rest = numerator * _inverse(rational.denominator.quo(whole), whole)
        rest = rest.rem(whole)
        for power in range(each.power, 0, -1):
            rest, digit = rest.div(each.factor)
            digits = [rational.field.coefficient(digit, k) for k in range(each.degree)]
            total = total + invert(each, power, digits, t)
    return total


def _inverse(cofactor: Poly, modulus: Poly) -> Poly:
    return cofactor.rem(modulus).invert(modulus)


def _harmonic(parts: Parts) -> tuple[Expr | None, Expr | None]:
    r"""Amplitude and phase of :math:`a\cos\omega t + b\sin\omega t = A\sin(\omega t+\varphi)`."""
    if not parts.harmonics:
        return Integer(0), None
    if len(parts.harmonics) > 1:
        return None, None
    ((cosine, sine),) = parts.harmonics.values()
    return root_of(cosine**2 + sine**2), sp.atan2(cosine, sine)


def _newton(numerator: Poly, modes: Sequence[Mode], field: Field) -> tuple[Expr, ...]:
    r"""The coefficients :math:`c_j` of :math:`N(s) = \sum_j c_j \prod_{k>j}(s - r_k)`.

    Nodes are peeled off from the last. A factor is divided out over the field, where no
    root appears; only its remainder is expanded in its own nodes.
    """
    found: list[Expr] = []
    for each in reversed(modes):
        for _ in range(each.power):
            numerator, remainder = numerator.div(each.factor)
            digits = [field.coefficient(remainder, k) for k in range(each.degree)]
            found = [*_in_nodes(digits, each.nodes), *found]
    return tuple(found)


def _in_nodes(digits: Sequence[Expr], nodes: Sequence[Expr]) -> list[Expr]:
    r"""A polynomial of lower degree than the number of nodes in their Newton basis."""
    coefficients = list(reversed(digits))
    found: list[Expr] = []
    for node in reversed(nodes):
        row = [coefficients[0]]
        for c in coefficients[1:]:
            row.append(c + node * row[-1])
        coefficients = row[:-1]
        found = [row[-1], *found]
    return found


def _generic(modes: Sequence[Mode], field: Field) -> Boolean:
    """Poles of different factors differ, and so do both poles of a quadratic one."""
    conditions: list[Boolean] = []
    for number, one in enumerate(modes):
        if one.degree == 2:
            conditions.append(nonvanishing(one.coefficients[1] ** 2 - 4 * one.coefficients[2]))
        for other in modes[number + 1 :]:
            resultant = one.factor.resultant(other.factor)
            conditions.append(nonvanishing(field.expression(field.element(_plain(resultant)))))
    condition = And(*conditions)
    if condition is sp.false:
        raise Undecided(
            "two poles agree by a relation between the parameters that is not rational; replace "
            "one parameter by the other"
        )
    return condition


def _plain(resultant: Any) -> Expr:
    return resultant.as_expr() if isinstance(resultant, Poly) else sp.sympify(resultant)
