r"""Section 4.2 and appendix D: lemma 4.2, in both printings, and its proof.

Two readings. With atoms 'not disjoint' means that the distributions share an atom, and
that their images under d share a value: true of every function d. With supports, which is
how the proof reads it, they share a point p of both supports, and d(p) is to be in both
supports of the images: true of every continuous d, and continuity is needed.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import mpmath
import sympy as sp
from sympy import Rational, Symbol

from symgan.claims import Examination, Step, Verdict, by_numbers, claim, eq
from symgan.losses import GenericLoss
from symgan_papers.dynamic.model import Place

atom, other, third = sp.symbols("x xhat_2 x_2", real=True)
GAP = Symbol("gap", real=True)
critic = GenericLoss
"""A discriminator about which nothing is known but that it is a function."""


def closest(real: Sequence[Any], fake: Sequence[Any]) -> Any:
    """The smallest distance between a real and a synthetic value; 0 if they share one."""
    return sp.Min(*(sp.Abs(sp.sympify(y) - x) for x, y in itertools.product(real, fake)))


def nearest(real: Sequence[Any], fake: Sequence[Any]) -> Any:
    """The same on numbers."""
    return min(abs(y - x) for x, y in itertools.product(real, fake))


def _shared(d: Callable[[Any], Any]) -> Callable[[Place], Any]:
    """Measures the gap of the projections where x is an atom of both supports."""

    def measure(q: Place) -> Any:
        real, fake = (q["x"], q["x_2"]), (q["x"], q["xhat_2"])
        return nearest([d(v) for v in real], [d(v) for v in fake])

    return measure


_PLACES = ({atom: 0, other: 1, third: -1}, {atom: 2, other: Rational(-1, 2), third: 5})


def _common_atom(d: Callable[[Any], Any]) -> Examination:
    exact = {GAP: closest((critic(atom), critic(third)), (critic(atom), critic(other)))}
    return Examination(
        eq(GAP, 0),
        exact,
        by_numbers({GAP: _shared(d)}, kind="evaluated:mpmath", points=_PLACES),
        steps=(
            Step("x is an atom of both supports, so d(x) is a value of both images"),
            Step("the smallest distance between the two images", exact[GAP]),
        ),
    )


@claim(
    "dynamic.lemma4-2.main",
    source="lemma 4.2, main text",
    printed=r"\mathbb{P}_\theta \cap \mathbb{P}_r \neq \emptyset \implies"
    r" d(\mathbb{P}_\theta; \psi^*) \cap d(\mathbb{P}_r; \psi^*) \neq \emptyset",
    formal=r"\min_{\hat{x}, x} |d(\hat{x}) - d(x)| = 0",
    says="read with atoms: distributions that share an atom share a value of the optimal "
    "discriminator; true of every discriminator, an optimal one included (with supports: "
    "dynamic.lemma4-2.supports)",
    expect=Verdict.PROVED,
)
def overlap_main() -> Examination:
    return _common_atom(lambda x: 1 / (1 + mpmath.exp(-x)))


@claim(
    "dynamic.lemma4-2.appendix",
    source="lemma 4.2, appendix D",
    printed=r"\mathbb{P}_\theta \cap \mathbb{P}_r \neq \emptyset \implies"
    r" d(\mathbb{P}_\theta; \psi) \cap d(\mathbb{P}_r; \psi) \neq \emptyset",
    formal=r"\min_{\hat{x}, x} |d(\hat{x}) - d(x)| = 0",
    says="read with atoms: the same for any psi; this stronger printing is the true extent of the "
    "lemma (with supports: dynamic.lemma4-2.supports)",
    expect=Verdict.PROVED,
)
def overlap_appendix() -> Examination:
    return _common_atom(lambda x: x * x - 2 * x)


share, place = sp.symbols("r s", real=True)
reach, eps, rest = sp.symbols("k eps g", positive=True)


@claim(
    "dynamic.lemma4-2.supports",
    source="lemma 4.2, main text and appendix D, read with supports as its proof does",
    formal=r"|x - p| < \frac{\epsilon}{k} \Rightarrow |d(x) - d(p)| < \epsilon",
    says="if p lies in both supports and d is continuous, d(p) lies in both supports of the "
    "images: every neighborhood of d(p) has a preimage that holds a neighborhood of p, which has "
    "positive mass under both; judged for |d(x) - d(p)| <= k |x - p|, where the radius is eps/k",
    expect=Verdict.PROVED,
)
def overlap_of_supports() -> Examination:
    change = Symbol("change", real=True)
    away = eps * place / reach  # x - p, with |s| < 1
    slope = reach * share  # c, with |r| <= 1
    points = (
        {place: Rational(1, 2), share: 1, reach: 2, eps: 1},
        {place: Rational(-9, 10), share: Rational(-1, 3), reach: 3, eps: 1},
        {place: Rational(99, 100), share: -1, reach: 3, eps: Rational(1, 5)},
    )

    def measured(q: Place) -> Any:
        """d(x) - d(p) for d(v) = c v + 1 and p = 2."""
        x, c = 2 + q["eps"] / q["k"] * q["s"], q["k"] * q["r"]
        return (c * x + 1) - (c * 2 + 1)

    return Examination(
        change**2 < eps**2,
        {change: slope * away},
        by_numbers({change: measured}, kind="evaluated:mpmath", points=points, digits=30),
        given=sp.And(place < 1, place > -1, share <= 1, share >= -1),
        steps=(
            Step("d(x) - d(p) = c (x - p) with |c| <= k, c depending on x as it may", slope * away),
            Step("for any continuous d its modulus of continuity at p takes the place of eps/k"),
            Step("d#P(|y - d(p)| < eps) >= P(|x - p| < eps/k) > 0 for P = P_r and for P = P_f"),
        ),
    )


NEAR = sp.symbols("near_r near_f", real=True)
IMAGE = sp.symbols("image_r image_f", real=True)
LENGTH = eps + rest
SIDES = ((-LENGTH, sp.Integer(0)), (sp.Integer(0), LENGTH))
"""Two uniform distributions: their supports share the point 0, which is no atom."""


def _mass(ends: tuple[Any, Any], low: Any, high: Any) -> Any:
    """The mass that the uniform distribution on an interval has between low and high."""
    return (sp.Min(ends[1], high) - sp.Max(ends[0], low)) / (ends[1] - ends[0])


@claim(
    "dynamic.lemma4-2.proof.continuity",
    source="proof of lemma 4.2",
    formal=r"d_\# \mathbb{P}_r(\{-1\}) = d_\# \mathbb{P}_f(\{1\}) = 1",
    says="the proof rests on the continuity of d, and with supports it has to: the uniform "
    "distributions on [-l, 0] and [0, l] share the support point 0 (mass eps/l within eps of it), "
    "yet d = sign has the images delta_{-1} and delta_1, which are disjoint",
    expect=Verdict.PROVED,
)
def continuity_needed() -> Examination:
    jumps = ((-sp.oo, sp.Integer(0)), (sp.Integer(0), sp.oo))  # where sign is -1, and where 1
    exact = {name: _mass(ends, -eps, eps) for name, ends in zip(NEAR, SIDES, strict=True)}
    exact |= {
        name: _mass(ends, *jump) for name, ends, jump in zip(IMAGE, SIDES, jumps, strict=True)
    }
    numbers = {name: _near_zero(side) for name, side in zip(NEAR, (-1, 1), strict=True)}
    numbers |= {name: _of_sign(side) for name, side in zip(IMAGE, (-1, 1), strict=True)}
    points = ({eps: 1, rest: 2}, {eps: Rational(1, 3), rest: 1}, {eps: 9, rest: Rational(1, 9)})
    return Examination(
        sp.And(*(eq(n, eps / LENGTH) for n in NEAR), *(eq(n, 1) for n in IMAGE)),
        exact,
        by_numbers(numbers, kind="counted:mpmath", points=points),
        steps=(
            Step("0 is in both supports: for l = eps + g both masses within eps of it", NEAR[0]),
            Step("d = sign is -1 almost everywhere under P_r and 1 almost everywhere under P_f"),
            Step("what the printed proof lacks is not continuity but the point: q = d(p)"),
        ),
    )


def _counted(q: Place, side: int, inside: Callable[[Any], bool]) -> Any:
    """A uniform distribution's mass, by the pieces between all ends: inside or not."""
    length, near = q["eps"] + q["g"], q["eps"]
    cuts = sorted({mpmath.mpf(0), side * near, side * length})
    pieces = [(b - a, inside((a + b) / 2)) for a, b in itertools.pairwise(cuts)]
    return mpmath.fsum(size for size, kept in pieces if kept) / length


def _near_zero(side: int) -> Callable[[Place], Any]:
    return lambda q: _counted(q, side, lambda v: abs(v) < q["eps"])


def _of_sign(side: int) -> Callable[[Place], Any]:
    """The mass on which d = sign has this value."""
    return lambda q: _counted(q, side, lambda v: mpmath.sign(v) == side)


@claim(
    "dynamic.lemma4-2.converse",
    source="section 4.2, below lemma 4.3",
    formal=r"\min_{\hat{x}, x} |d(\hat{x}) - d(x)| = 0",
    says="the projection-space alone is not sufficient: disjoint supports can share a value of d, "
    "as real {-1, 2} and synthetic {1} do for d(x) = x^2",
    expect=Verdict.PROVED,
)
def converse() -> Examination:
    exact = {GAP: closest([v**2 for v in (-1, 2)], [1])}
    numbers = {GAP: lambda _: nearest([mpmath.mpf(v) ** 2 for v in (-1, 2)], [mpmath.mpf(1)])}
    return Examination(eq(GAP, 0), exact, by_numbers(numbers))
