r"""The settled theorem, BCE loss up to 4: turns next to a tie, at every resonant step.

Ours, not the paper's. Sizes x_{n-1} (moves), x_n (stands); overshoots give
x_{n+1} = h x_n (1 - s (-1)^n tanh(x_n x_{n-1}/2)) - x_{n-1}, h = eta/2 = 2 cos(x), s = 1 where
theta moves first. A turn starts at (d, f), d small: overshoots up to the first x_n < 0, which
is a short update and leaves d' = -x_n, f' = x_{n-1}. For x = pi/j the linear turn is d' = d,
f' = f - h d. Here the orbit of the tie (0, f) is expanded to f^5, for all n at once: in
E = exp(i (n+1) x) it is a Laurent polynomial at every order, but for terms n E^{+-1}.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import mpmath
import sympy as sp
from sympy import Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan_papers.dynamic.oracle_orbits import after, logistic, moved

OURS = "ours: the oracle of eq. (7) settled, BCE loss"
K = sp.QQ.frac_field(Symbol("q"))
q = K.gens[0]
h = q + 1 / q
Terms = dict[tuple[int, int, int], Any]
"""(power of (-1)^n, of n, of E) -> the coefficient, in q = exp(i x)."""


def product(*factors: Terms) -> Terms:
    """The product, with (-1)^{2n} = 1."""
    total: Terms = {(0, 0, 0): K.one}
    for factor in factors:
        found: Terms = {}
        for (a, b, c), left in total.items():
            for (d, e, g), right in factor.items():
                key = ((a + d) % 2, b + e, c + g)
                found[key] = found.get(key, K.zero) + left * right
        total = found
    return total


def combined(*parts: tuple[Any, Terms]) -> Terms:
    """The linear combination, without what cancels."""
    total: Terms = {}
    for weight, part in parts:
        for key, value in part.items():
            total[key] = total.get(key, K.zero) + weight * value
    return {key: value for key, value in total.items() if value != 0}


def shifted(terms: Terms, by: int) -> Terms:
    """The terms at n + by, of degree one in n at most."""
    found: Terms = {}
    for (a, b, c), value in terms.items():
        moved_on = value * (-1) ** (a * by) * q ** (c * by)
        for power in range(b + 1):
            key = (a, power, c)
            found[key] = found.get(key, K.zero) + moved_on * by ** (b - power)
    return found


def recurrence(terms: Terms) -> Terms:
    """x_{n+1} - h x_n + x_{n-1}."""
    return combined((1, shifted(terms, 1)), (-h, terms), (1, shifted(terms, -1)))


def value(terms: Terms, n: int) -> Any:
    """The value at n."""
    return sum((v * (-1) ** (a * n) * n**b * q ** (c * (n + 1)) for (a, b, c), v in terms.items()))


def solved(force: Terms) -> Terms:
    """The solution of recurrence = force that is 0 at n = -1 and n = 0."""
    found: Terms = {}
    for (a, b, c), strength in force.items():
        assert b == 0, "a force with n would need n^2"
        symbol = (-1) ** a * (q**c + q**-c) - h
        if symbol != 0:
            found[a, 0, c] = strength / symbol
        else:  # the resonance E^{+-1}: n E^c gives q^c - q^{-c}
            found[a, 1, c] = strength / (q**c - q**-c)
    at_start, before = value(found, 0), value(found, -1)
    # b E + c/E with b + c = -before, b q + c/q = -at_start
    first = (before / q - at_start) / (q - 1 / q)
    return combined((1, found), (1, {(0, 0, 1): first, (0, 0, -1): -before - first}))


@cache
def orbit() -> tuple[Terms, Terms, Terms]:
    """The coefficients of f, f^3 and f^5 of x_n from the tie, s = 1; s goes with f^3."""
    first: Terms = {(0, 0, 1): 1 / (q - 1 / q), (0, 0, -1): -1 / (q - 1 / q)}
    before, force = shifted(first, -1), {(1, 0, 0): -h / 2}
    third = solved(product(force, first, first, before))
    parts = (
        (2, product(force, first, before, third)),
        (1, product(force, first, first, shifted(third, -1))),
    )
    fifth = solved(combined(*parts))
    assert not combined((1, recurrence(fifth)), (-1, combined(*parts)))
    return first, third, fifth


def at_turn(terms: Terms, back: int, order: Any, odd: bool) -> Any:
    """The value at n = j - back, where q^j = -1, as an expression in cos(pi/j)."""
    total, secular = K.zero, K.zero
    for (a, b, c), v in terms.items():
        sign = (-1) ** (a * (back + (1 if odd else 0)) + c)
        place = v * sign * q ** (c * (1 - back))
        total += place * (1 if b == 0 else -back)
        secular += place if b else 0
    return in_cosine(total, order) + order * in_cosine(secular, order)


def in_cosine(element: Any, order: Any) -> Any:
    """A rational function of q, the same in 1/q, in cos(pi/j) = (q + 1/q)/2."""
    if element == 0:
        return sp.Integer(0)
    return _symmetric(element.numer, order) / _symmetric(element.denom, order)


def _symmetric(polynomial: Any, order: Any) -> Any:
    """A palindromic polynomial over its middle power, by Chebyshev polynomials."""
    powers = {monomial[0]: sp.Rational(str(c)) for monomial, c in polynomial.terms()}
    ends = min(powers) + max(powers)
    assert ends % 2 == 0
    assert all(powers.get(ends - k) == c for k, c in powers.items())
    middle, cosine = ends // 2, sp.cos(sp.pi / order)
    total = powers.get(middle, sp.Integer(0))
    for k, c in powers.items():
        if k > middle:
            total += 2 * c * sp.chebyshevt(k - middle, cosine)
    return sp.expand(total)


def forced(start: Any, rate: Any, updates: int, first: str) -> tuple[Any, Any]:
    """(-x_n, x_{n-1}) from sizes (d, f) after so many updates that take turns.

    The state is signed so that the first mover's half holds at the start; an overshoot keeps
    the other's half. V_1 turns theta's sign and V_2 psi's, and the sizes are read off.
    """
    small, large = start
    state = (-small, large) if first == "V1" else (large, small)
    fields, signs = ("V1", "V2"), [-1, 1] if first == "V1" else [1, 1]
    turn = fields.index(first)
    for _ in range(updates):
        state = moved(state, fields[turn], rate, logistic)
        signs[turn] *= -1
        turn = 1 - turn
    last, other = 1 - turn, turn
    return -signs[last] * state[last], signs[other] * state[other]


@cache
def _taylor(part: int, power: int, first: str, turns: int) -> Any:
    """A Taylor coefficient in f of the turn of the tie (0, f), differentiated in numbers."""
    rate = 4 * mpmath.cos(mpmath.pi / turns)

    def end(size: Any) -> Any:
        return forced((0 * size, size), rate, turns - 1, first)[part]

    return mpmath.taylor(end, 0, power)[power]


def coefficient(part: int, power: int, first: str) -> Any:
    """How a Taylor coefficient of the turn at eta = 4 cos(pi/j) is measured."""
    return lambda place: _taylor(part, power, first, int(place["j"]))


j = Symbol("j", positive=True, integer=True)
d, f = sp.symbols("d f", positive=True)
d_3, f_3, d_5, f_5 = sp.symbols("d_3 f_3 d_5 f_5", real=True)
d_next, f_next = sp.symbols("d_next f_next", real=True)
cosine = sp.cos(sp.pi / j)
NEAR = (
    Step("V drops definitely in a turn unless d' is small: settled.bce.off-resonance"),
    Step(
        "next to ties f is compared, not V: V <= f^2 for d <= h f, f^2 <= (1 + h c) V for d <= c f"
    ),
    Step(
        "a turn that ends with d' >= c f' has lowered V by about 2 h c f^2: f falls across it too"
    ),
    Step("with d small a turn is analytic in (d, f): what the tie's orbit lacks is O(f^2 d)"),
    Step("d' < 0 is an overshoot to a small standing size: its phase ends with V near 0"),
)


@claim(
    "dynamic.settled.bce.resonant.turn",
    source=OURS,
    formal=r"d_{next} = d, f_{next} = f - 2\cos(\frac{\pi}{j}) d",
    says="at h = 2 cos(pi/j) the linear turn from sizes d (moves next) and f, d small, is d' = d "
    "and f' = f - h d: only offsets from a tie lower V, and on the tie what is nonlinear decides",
    expect=Verdict.PROVED,
)
def turn() -> Examination:
    of_f, of_d = orbit()[0], combined((-1, shifted(orbit()[0], -1)))
    ends = [at_turn(of_f, k, j, False) * f + at_turn(of_d, k, j, False) * d for k in (1, 2)]

    def measured(part: int) -> Any:
        def measure(place: Any) -> Any:
            turns, state = int(place["j"]), (-place["d"], place["f"])
            rate = 2 * mpmath.cos(mpmath.pi / turns)
            sizes = [abs(s) for s in after(state, rate, turns - 1)]
            return min(sizes) if part == 0 else max(sizes)

        return measure

    points = tuple({j: k, f: 1, d: sp.Rational(1, 10 * k)} for k in (4, 5, 6, 9))
    return Examination(
        sp.And(eq(d_next, d), eq(f_next, f - 2 * cosine * d)),
        {d_next: -ends[0], f_next: ends[1]},
        by_numbers({d_next: measured(0), f_next: measured(1)}, points=points),
    )


@claim(
    "dynamic.settled.bce.resonant.odd",
    source=OURS,
    formal=r"d_3 = \frac{1}{4(2\cos(\frac{\pi}{j})^2 - 1)}, f_3 = 0",
    says="at eta = 4 cos(pi/j), j odd, and at eta = 2, (0, 0) is stable under every rule on ties, "
    "and attractive if the player with a gradient moves on them: the turn of a tie adds d_3 s f^3 "
    "to d and nothing of the third order to f, s changes sign with each turn, so in two turns d "
    "is once at least about |d_3| f^3, and f falls by at least about h |d_3| f^3",
    expect=Verdict.PROVED,
)
def odd() -> Examination:
    third = orbit()[1]
    return Examination(
        sp.And(eq(d_3, 1 / (4 * (2 * cosine**2 - 1))), eq(f_3, 0 * d_3)),
        {d_3: -at_turn(third, 1, j, True), f_3: at_turn(third, 2, j, True)},
        by_numbers(
            {d_3: coefficient(0, 3, "V1"), f_3: coefficient(1, 3, "V1")},
            kind="differentiated:mpmath",
            points=tuple({j: k} for k in (3, 5, 7, 11)),
            digits=10,  # of a third difference at the working precision
        ),
        steps=(*NEAR, Step("the last mover of a turn is the other one, as j - 1 is even")),
    )


@claim(
    "dynamic.settled.bce.resonant.even",
    source=OURS,
    formal=r"d_3 = f_3 = 0, f_5 = -\cos(\frac{\pi}{j}) d_5, d_5 = j\cos(\frac{\pi}{j})"
    r"\frac{7 + \frac{3}{2\cos(\frac{\pi}{j})^2 - 1}}{128(1 - \cos(\frac{\pi}{j})^2)^3}",
    says="at eta = 4 cos(pi/j), j >= 6 even, (0, 0) is stable under every rule on ties, and "
    "attractive if the player with a gradient moves on them: the turn of a tie leaves d and f as "
    "they are to the fourth order and then adds d_5 f^5 > 0 to d and -cos(pi/j) d_5 f^5 to f, "
    "whoever moves first, so that f falls in every turn",
    expect=Verdict.PROVED,
)
def even() -> Examination:
    third, fifth = orbit()[1:]
    found = j * cosine * (7 + 3 / (2 * cosine**2 - 1)) / (128 * (1 - cosine**2) ** 3)
    exact = {
        d_3: -at_turn(third, 1, j, False),
        f_3: at_turn(third, 2, j, False),
        d_5: -at_turn(fifth, 1, j, False),
        f_5: at_turn(fifth, 2, j, False),
    }
    numbers = {
        d_3: coefficient(0, 3, "V1"),
        f_3: coefficient(1, 3, "V2"),
        d_5: coefficient(0, 5, "V2"),
        f_5: coefficient(1, 5, "V1"),
    }
    return Examination(
        sp.And(eq(d_3, 0 * d_3), eq(f_3, 0 * d_3), eq(d_5, found), eq(f_5, -cosine * found)),
        exact,
        by_numbers(
            numbers,
            kind="differentiated:mpmath",
            points=tuple({j: k} for k in (6, 8, 10)),
            digits=8,  # of a fifth difference at the working precision
        ),
        given=j > 5,
        steps=(*NEAR, Step("the fifth order is even in s: the same for both players")),
    )
