r"""A critical pair to higher order: the first focal value that is not zero.

The center manifold is :math:`x = x^* + q z + \bar q\bar z + \sum h_{jk} z^j\bar z^k`, the motion on
it :math:`\dot z = z(\lambda + \sum_m c_m |z|^{2m})` or :math:`z^+` of the same form. Each
:math:`h_{jk}` solves a linear system over :math:`K(\lambda)`; where :math:`j = k + 1` the motion
takes what the manifold cannot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from math import factorial, prod
from typing import Any

import sympy as sp

from symgan.analysis.budget import Budget
from symgan.analysis.hopf import Projection, Vector, pair_of_flow, projected
from symgan.analysis.neimark_sacker import pair_of_map
from symgan.analysis.normal_form import Criticality, Factor, Linearization, NormalForm, linearized
from symgan.analysis.points import Point
from symgan.analysis.quadratic_extension import Number, solve
from symgan.analysis.wholes import require_whole
from symgan.certify.identity import is_zero
from symgan.errors import Undecided
from symgan.system import Flow, Map, System

HIGHEST = 9
SECONDS = 20.0
Series = dict[tuple[int, int], Number]
"""Powers of z and its conjugate -> coefficient."""


def focal_value(
    system: System,
    at: Point,
    *,
    where: Mapping[Any, Any] | None = None,
    highest: int = HIGHEST,
    budget: float = SECONDS,
) -> NormalForm:
    r"""The first term :math:`a r^k` that does not vanish, of a pair on the boundary of stability.

    Beyond `hopf_coefficient` and `neimark_sacker_coefficient`, which give the term of order
    three even where it vanishes.

    Args:
        system: an autonomous flow or map of any dimension.
        at: an equilibrium, checked here.
        where: values that hold there, put in after differentiation.
        highest: the highest order k that is looked at.
        budget: seconds.

    Raises:
        GameError: as `hopf_coefficient` and `neimark_sacker_coefficient`.
        Undecided: all terms up to the highest order vanish; a map has a resonance of higher
            order or parameters in its pair; out of time.

    Source: Kuznetsov 2004, Elements of Applied Bifurcation Theory, sections 5.4 and 8.7.

    >>> x, y = sp.symbols("x y", real=True)
    >>> r2 = x**2 + y**2
    >>> form = focal_value(Flow((x, y), (-y - x*r2**2, x - y*r2**2)), {x: 0, y: 0})
    >>> form.coefficient, form.order
    (-1, 5)
    """
    require_whole(system, "focal_value")
    time, found = Budget(budget), linearized(system, at, where)
    pair = pair_of_flow(found) if isinstance(system, Flow) else pair_of_map(found)
    for order in range(3, highest + 1, 2):
        manifold = _Manifold(system, at, found, pair, where, order)
        for lower in range(2, order + 1):
            time.check(f"order {lower} of the normal form")
            manifold.extend(lower)
        value = manifold.growth((order - 1) // 2)
        zero = is_zero(value).holds
        if zero is None:
            raise Undecided(f"cannot decide whether {value} vanishes; give values to parameters")
        if not zero:
            return NormalForm(
                kind=Criticality.NEIMARK_SACKER if found.discrete else Criticality.HOPF,
                coefficient=value,
                order=order,
                amplitude=system.state[manifold.motion_of.measured],
                eigenvalue=_eigenvalue(found, pair),
                condition=found.others_inside(pair),
            )
    raise Undecided(
        f"all terms of the normal form of the pair up to order {highest} vanish, as they do around "
        "a center"
    )


def _eigenvalue(found: Linearization, pair: Factor) -> sp.Expr:
    t, n = (found.field.coefficient(pair.polynomial, k) for k in (1, 0))
    return -t / 2 + sp.I * sp.sqrt(sp.factor(4 * n - t**2)) / 2


class _Manifold:
    """The manifold and the motion on it up to an order that grows."""

    def __init__(
        self,
        system: System,
        at: Point,
        found: Linearization,
        pair: Factor,
        where: Mapping[Any, Any] | None,
        highest: int,
    ) -> None:
        self.system, self.at, self.where, self.discrete = system, at, where, found.discrete
        self.motion_of: Projection = projected(system, at, found, pair, where, highest)
        one, root = self.motion_of.embed(1), self.motion_of.root
        self.one, self.zero, self.root = one, one - one, root
        self.shape: dict[tuple[int, int], Vector] = {}
        self._place(1, 0, self.motion_of.right)
        self.motion: Series = {(1, 0): root}
        self._taylor = self._coefficients()
        if self.discrete:
            self._refuse_resonance(found, pair, highest)

    def _coefficients(self) -> list[tuple[Counter[int], Vector]]:
        """Taylor coefficients: how often each symbol occurs, and the values."""
        found = []
        for tensor in self.motion_of.tensors:
            for indices, values in tensor.items():
                powers = Counter(indices)
                weight = self.motion_of.embed(prod(factorial(p) for p in powers.values()))
                found.append((powers, [v / weight for v in values]))
        return found

    def _refuse_resonance(self, found: Linearization, pair: Factor, highest: int) -> None:
        if found.field.coefficient(pair.polynomial, 1).free_symbols:
            raise Undecided("higher orders of a map need numbers in its critical pair; give values")
        power = self.one
        for order in range(1, highest + 2):
            power = power * self.root
            if not power - self.one:
                raise Undecided(f"the pair is a root of unity of order {order}, in resonance")

    def _place(self, j: int, k: int, vector: Vector) -> None:
        self.shape[j, k] = vector
        self.shape[k, j] = [entry.conjugate for entry in vector]

    def extend(self, order: int) -> None:
        """The terms of one order."""
        forced, left = self._forcing(order), self._lower(order)
        for j in range(order, (order - 1) // 2, -1):
            k = order - j
            right = [f.get((j, k), self.zero) - g.get((j, k), self.zero)
                     for f, g in zip(forced, left, strict=True)]  # fmt: skip
            value = self._value(j, k)
            rows = [[(value if a == b else self.zero) - e for b, e in enumerate(row)]
                    for a, row in enumerate(self.motion_of.matrix)]  # fmt: skip
            if j == k + 1:
                rows = [[*row, q] for row, q in zip(rows, self.motion_of.right, strict=True)]
                rows.append([*self.motion_of.left, self.zero])
                *vector, self.motion[j, k] = solve(rows, [*right, self.zero])
            else:
                vector = solve(rows, right)
            self._place(j, k, vector)

    def _value(self, j: int, k: int) -> Number:
        """The eigenvalue that goes with z^j conj(z)^k."""
        pairs = [self.root] * j + [self.root.conjugate] * k
        total = self.one if self.discrete else self.zero
        for value in pairs:
            total = total * value if self.discrete else total + value
        return total

    def _forcing(self, order: int) -> list[Series]:
        """The nonlinear terms of F on the manifold as far as it is known."""
        n = len(self.system.state)
        curves = [{p: v[i] for p, v in self.shape.items() if v[i]} for i in range(n)]
        total: list[Series] = [{} for _ in range(n)]
        for powers, values in self._taylor:
            if sum(powers.values()) > order:
                continue
            term: Series = {(0, 0): self.one}
            for place in powers.elements():
                term = _times(term, curves[place], order)
            for i, value in enumerate(values):
                if value:
                    _accumulate(total[i], term, value)
        return total

    def _lower(self, order: int) -> list[Series]:
        """What lower orders of the manifold contribute through the motion."""
        n = len(self.system.state)
        total: list[Series] = [{} for _ in range(n)]
        conjugate = {(k, j): c.conjugate for (j, k), c in self.motion.items()}
        for (j, k), vector in self.shape.items():
            if j + k < 2 or j + k >= order:
                continue
            for i, entry in enumerate(vector):
                if entry:
                    _accumulate(total[i], self._moved(j, k, conjugate, order), entry)
        return total

    def _moved(self, j: int, k: int, conjugate: Series, order: int) -> Series:
        """The monomial z^j conj(z)^k after one step, or its derivative."""
        if self.discrete:
            term: Series = {(0, 0): self.one}
            for factor in [self.motion] * j + [conjugate] * k:
                term = _times(term, factor, order)
            return term
        total: Series = {}
        if j:
            left = {(j - 1, k): self.motion_of.embed(j)}
            _accumulate(total, _times(left, self.motion, order), self.one)
        if k:
            left = {(j, k - 1): self.motion_of.embed(k)}
            _accumulate(total, _times(left, conjugate, order), self.one)
        return total

    def growth(self, m: int) -> sp.Expr:
        r"""The coefficient of :math:`r^{2m+1}`, those of lower order being zero.

        For a map it is that of :math:`\mathrm{Re}\log(z^+/\lambda z)` in :math:`|z|^2`.
        """
        return self.motion_of.expression(self.rate(m).real) / 4**m

    def rate(self, m: int) -> Number:
        r"""The coefficient of :math:`|z|^{2m}` in :math:`\dot z/z` or :math:`\log(z^+/z)`."""
        terms = {(i, 0): self.motion[i + 1, i] for i in range(1, m + 1)}
        if self.discrete:
            ratio = {p: c / self.root for p, c in terms.items()}
            terms, power = {}, {(0, 0): self.one}
            for i in range(1, m + 1):
                power = _times(power, ratio, m)
                sign = 1 if i % 2 else -1
                _accumulate(terms, power, self.motion_of.embed(sign) / self.motion_of.embed(i))
        return terms.get((m, 0), self.zero)


def twist(
    system: Map,
    at: Point,
    *,
    where: Mapping[Any, Any] | None = None,
    highest: int = HIGHEST,
    budget: float = SECONDS,
) -> tuple[sp.Expr, int]:
    r"""How an elliptic fixed point turns faster or slower with the amplitude.

    Args:
        system: a planar map with a pair on the unit circle.
        at, where, highest, budget: as in `focal_value`.

    Returns:
        b and m where the angle of a step changes by :math:`b\,s\,|z|^{2m}` to first order, with
        s the imaginary part of the eigenvalue.

    Raises:
        GameError: as `focal_value`.
        Undecided: no change up to the highest order; or the amplitude changes first, so that
            the point is no elliptic one.

    >>> x, y = sp.symbols("x y", real=True)
    >>> c, s = sp.Rational(3, 5), sp.Rational(4, 5)
    >>> bent = y + x**3
    >>> twist(Map((x, y), (c*x - s*bent, s*x + c*bent)), {x: 0, y: 0})[1]
    1
    """
    time, found = Budget(budget), linearized(system, at, where)
    pair = pair_of_map(found)
    for order in range(3, highest + 1, 2):
        manifold = _Manifold(system, at, found, pair, where, order)
        for lower in range(2, order + 1):
            time.check(f"order {lower} of the normal form")
            manifold.extend(lower)
        m = (order - 1) // 2
        if is_zero(manifold.growth(m)).holds is not True:
            raise Undecided(f"the amplitude changes at order {order}: no elliptic point")
        turned = manifold.motion_of.expression(manifold.rate(m).slope)
        if is_zero(turned).holds is False:
            return turned, m
    raise Undecided(f"the angle of a step does not change with the amplitude up to order {highest}")


def _times(one: Series, other: Series, order: int) -> Series:
    """A product up to an order."""
    found: Series = {}
    for (a, b), x in one.items():
        for (c, d), y in other.items():
            if a + b + c + d <= order:
                place = (a + c, b + d)
                found[place] = found[place] + x * y if place in found else x * y
    return found


def _accumulate(total: Series, term: Series, weight: Number) -> None:
    for place, value in term.items():
        scaled = value * weight
        total[place] = total[place] + scaled if place in total else scaled
