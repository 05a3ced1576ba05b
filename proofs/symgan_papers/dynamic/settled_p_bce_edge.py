r"""The settled theorem, BCE loss at eta = 4, where the linear turn is a shear: h = 2, x = 0.

Ours, not the paper's. With y = x + v for the size that stands, x for the one that moves, an
overshoot is x' = x + v, v' = v - 2 s y tanh(x y/2), and s changes sign. Weigh x as 1, v as 3:
then I = v^2 + s Q_4 + Q_6 + s Q_8 is to leading order (v - s x^3/2)^2 + x^6/12, definite. That
(0, 0) is stable is `settled_q_bce_edge_stable`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import mpmath
import sympy as sp

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.model import sigma
from symgan_papers.dynamic.oracle_orbits import logistic, moved
from symgan_papers.dynamic.settled_n_bce_turns import OURS

x, v = sp.symbols("x v", positive=True)
D_4, D_6, D_8, D_10, seam = sp.symbols("D_4 D_6 D_8 D_10 seam", real=True)
RING = sp.QQ[x, v]
ORDER = 10


def quartic(x: Any, v: Any) -> Any:
    """Q_4."""
    return v**4 / 4 + v**3 * x - v**2 * x**2 / 2 - v * x**3


def sextic(x: Any, v: Any) -> Any:
    """Q_6, to which the kernel, a multiple of v^6, may be added."""
    return v**5 * x / 3 + 5 * v**4 * x**2 / 6 - v**3 * x**3 / 3 - 7 * v**2 * x**4 / 6 + x**6 / 3


def octic(x: Any, v: Any) -> Any:
    """Q_8."""
    return (
        41 * v**8 / 96
        + v**7 * x / 2
        - 11 * v**6 * x**2 / 6
        - v**5 * x**3 / 12
        + 85 * v**4 * x**4 / 48
        - 2 * v**3 * x**5 / 3
        - 25 * v**2 * x**6 / 24
        + v * x**7 / 4
        + x**8 / 4
    )


def whole(x: Any, v: Any, s: int, degree: int) -> Any:
    """I up to a degree."""
    parts = {2: v**2, 4: s * quartic(x, v), 6: sextic(x, v), 8: s * octic(x, v)}
    return sum(part for power, part in parts.items() if power <= degree)


def _truncated(element: Any) -> Any:
    kept = {powers: c for powers, c in element.items() if sum(powers) <= ORDER}
    return element.ring.from_dict(kept)


def _power(element: Any, exponent: int) -> Any:
    total = element.ring.one
    for _ in range(exponent):
        total = _truncated(total * element)
    return total


@cache
def changes() -> tuple[Any, ...]:
    """Of degree 4, 6, 8 and 10: how an overshoot with s = 1 changes what stands of I below."""
    ring = RING.ring
    X, V = ring.gens
    u = sp.Symbol("u")
    share = sp.series(1 - 2 * sigma(-u), u, 0, 6).removeO()  # tanh(u/2)
    tanh = sum(
        (_power(X * (X + V), k) * RING.from_sympy(share.coeff(u, k)) for k in range(1, 6)),
        ring.zero,
    )
    new = (X + V, _truncated(V - 2 * (X + V) * tanh))
    powers = [[_power(part, k) for k in range(ORDER + 1)] for part in new]
    found = []
    for degree in (4, 6, 8, 10):
        before = RING.from_sympy(sp.expand(whole(x, v, 1, degree - 2)))
        other = RING.from_sympy(sp.expand(whole(x, v, -1, degree - 2)))
        after = sum(
            (_truncated(powers[0][a] * powers[1][b]) * c for (a, b), c in other.items()), ring.zero
        )
        terms = (after - before).items()
        found.append(RING.to_sympy(ring.from_dict({p: c for p, c in terms if sum(p) == degree})))
    return tuple(found)


def _measured(degree: int, still: bool = False) -> Any:
    """The same by differences along a ray, in an update of V_1 from theta = -x, psi = x + v."""

    def measure(place: Any) -> Any:
        size, rate = place["x"], 0 * place["x"] if still else place["v"]

        def change(scale: Any) -> Any:
            first, second = scale * size, scale * (size + rate)
            new = moved((-first, second), "V1", 4, logistic)[0]
            after = whole(second, new - second, -1, degree - 2)
            return after - whole(first, second - first, 1, degree - 2)

        return mpmath.taylor(change, 0, degree)[degree]

    return measure


@claim(
    "dynamic.settled.bce.edge.invariant",
    source=OURS,
    formal=r"Q_4(x + v, v) + Q_4(x, v) = D_4, Q_6(x, v) - Q_6(x + v, v) = D_6, "
    r"Q_8(x + v, v) + Q_8(x, v) = D_8, D_10(x, 0) = 0",
    says="at eta = 4 overshoots keep I = v^2 + s Q_4 + Q_6 + s Q_8 up to terms of the tenth "
    "degree, and of these none is without v, so that in weights (x as 1, v as 3) they change I, "
    "of weight 6, by weight 12 only",
    expect=Verdict.PROVED,
)
def invariant() -> Examination:
    fourth, sixth, eighth, tenth = changes()
    names = (D_4, D_6, D_8, D_10)
    values = (fourth, sixth, eighth, tenth.subs(v, 0))
    measures = (_measured(4), _measured(6), _measured(8), _measured(10, still=True))
    half = sp.Rational(1, 2)
    return Examination(
        sp.And(
            eq(D_4, quartic(x + v, v) + quartic(x, v)),
            eq(D_6, sextic(x, v) - sextic(x + v, v)),
            eq(D_8, octic(x + v, v) + octic(x, v)),
            eq(D_10, 0 * x),
        ),
        dict(zip(names, values, strict=True)),
        by_numbers(
            dict(zip(names, measures, strict=True)),
            kind="differentiated:mpmath",
            points=({x: 1, v: 1}, {x: 2, v: half}, {x: half, v: 1}),
            digits=6,  # of a tenth difference at the working precision
        ),
        steps=(
            Step("x^a v^b with a + b = 10 and b > 0 has the weight 10 + 2b, and those beyond 12"),
            Step("for s = -1 put i x and i v for x and v: the terms of degree k get i^k"),
        ),
    )


def _before(moving: Any, standing: Any) -> Any:
    """The size from which a short update of V_1 leaves the sizes, by iterating the update."""
    size = moving
    for _ in range(400):  # next to 0 a contraction; where it starts is within O(1) of the root
        size = moving + 4 * logistic(-size * standing) * standing
    return size


@claim(
    "dynamic.settled.bce.edge.seam",
    source=OURS,
    formal=r"\delta_I = 4xy + 2(y^2 + 2xy - x^2)xy",
    says="a short update that leaves the sizes x and y lowers v^2 + s Q_4 by this, and I by 4 x y "
    "(1 + O(x^2 + y^2)): as an overshoot, which keeps I, it would have ended at -x, and on a tie "
    "the values of I for either mover agree, since there the other one's update is none",
    expect=Verdict.PROVED,
)
def drop() -> Examination:
    y = sp.Symbol("y", positive=True)
    before, after = whole(y, -x - y, -1, 4), whole(x, y - x, 1, 4)

    def measured(place: Any) -> Any:
        """Terms of degree 2 and 4, along a ray, of the drop in a short update of V_1."""

        def fall(scale: Any) -> Any:
            moving, standing = scale * place["x"], scale * place["y"]
            size = _before(moving, standing)
            new = -moved((-size, standing), "V1", 4, logistic)[0]
            old = whole(size, standing - size, 1, 4)
            return old - whole(new, standing - new, 1, 4)

        found = mpmath.taylor(fall, 0, 4)
        return found[2] + found[4]

    half = sp.Rational(1, 2)
    return Examination(
        eq(seam, 4 * x * y + 2 * x * y * (y**2 + 2 * x * y - x**2)),
        {seam: sp.expand(before - after)},
        by_numbers(
            {seam: measured},
            kind="differentiated:mpmath",
            points=({x: half, y: 1}, {x: 1, y: half}, {x: half, y: half / 2}),
            digits=10,  # of a fourth difference at the working precision
        ),
    )
