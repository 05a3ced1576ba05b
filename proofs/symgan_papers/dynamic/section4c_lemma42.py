r"""Section 4.2 and appendix D: lemma 4.2, in both printings, and its proof.

Supports are finite sets of atoms; 'not disjoint' means that they share an atom, and
that the images under d share a value.
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


def _step(x: Any) -> Any:
    """A discontinuous discriminator: it jumps at every integer."""
    return mpmath.floor(x) * 3 + x


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
    says="distributions that share an atom share a value of the optimal discriminator; true of "
    "every discriminator, an optimal one included",
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
    says="the same for any psi; this stronger printing is the true extent of the lemma",
    expect=Verdict.PROVED,
)
def overlap_appendix() -> Examination:
    return _common_atom(lambda x: x * x - 2 * x)


@claim(
    "dynamic.lemma4-2.proof.continuity",
    source="proof of lemma 4.2",
    formal=r"\min_{\hat{x}, x} |d(\hat{x}) - d(x)| > 0",
    says="the proof rests on continuity, so a discontinuous d could separate distributions that "
    "share an atom",
    expect=Verdict.REFUTED,
    amended=r"\min_{\hat{x}, x} |d(\hat{x}) - d(x)| = 0",
    repair="drop continuity: q = d(p) is a value of both images because d is a function",
)
def continuity_not_needed() -> Examination:
    exact = {GAP: closest((critic(atom), critic(third)), (critic(atom), critic(other)))}
    return Examination(
        GAP > 0,
        exact,
        by_numbers({GAP: _shared(_step)}, kind="evaluated:mpmath", points=_PLACES),
        amendment=eq(GAP, 0),
    )


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
