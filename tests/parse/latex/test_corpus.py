"""The printed formulas of the built-in papers: most are read, and what is not is refused."""

from __future__ import annotations

from collections import Counter

import pytest
import sympy as sp

from symgan.claims import load
from symgan.claims.printed import Reading, parse_printed
from symgan.errors import BadData
from symgan.parse import ParseError
from symgan.parse.latex import UnknownSymbol, Vocabulary, formula

FORMULAS = [
    text for claim in load() for text in (claim.printed, claim.formal, claim.amended) if text
]


def outcome(text: str) -> str:
    """Whether a formula is read when every name in it is declared, or refused."""
    words = Vocabulary()
    for _ in range(60):
        try:
            formula(text, words)
        except UnknownSymbol as error:
            if error.name in words.names:
                return "refused"
            if error.applied:
                kinds = {**words.functions, error.name: sp.Function(error.name)}
                words = Vocabulary(words.names, kinds, words.values)
            else:
                words = words.with_name(error.name, sp.Symbol(error.name, real=True))
        except ParseError:
            return "refused"
        else:
            return "read"
    return "refused"


def test_most_printed_formulas_are_read_and_no_other_error_is_raised() -> None:
    found = Counter(outcome(text) for text in FORMULAS)
    assert found["read"] / len(FORMULAS) > 0.75, found


@pytest.mark.parametrize(
    ("text", "says"),
    [  # what another reader of LaTeX took for something else, without a word
        (r"J = 1, \quad T < 0", "Eq(J, 1) & (T < 0)"),
        (r"p > 0 \Rightarrow q > 0", "Implies(p > 0, q > 0)"),
        (r"Q_k \ne Q_0", "Ne(Q_k, Q_0)"),
        (r"d \le K", "d <= K"),
        (r"T_{Alt}^2 - 4 \ge 0", "T_Alt**2 - 4 >= 0"),
        (r"a = b = 0", "Eq(a, b) & Eq(b, 0)"),
        (r"F = 0 \wedge G = 1", "Eq(F, 0) & Eq(G, 1)"),
        (r"y = \sqrt{c} \sin(t + \operatorname{atan2}(A, B))",
         "Eq(y, sqrt(c)*sin(t + atan2(A, B)))"),
        (r"N = k^2 f'(-k)^2", "Eq(N, k**2*f'(-k)**2)"),
        (r"q = \mathrm{erf}(\frac{x}{2})", "Eq(q, erf(x/2))"),
    ],
)  # fmt: skip
def test_formulas_that_are_easily_misread(text: str, says: str) -> None:
    assert str(parse_printed(text, Reading())) == says


def test_a_side_that_cannot_be_read_stands_for_itself() -> None:
    found = parse_printed(r"\nabla H \cdot V_1 = -u", Reading())
    assert found == sp.Eq(sp.Symbol(r"\nabla H \cdot V_1"), -sp.Symbol("u"), evaluate=False)
    with pytest.raises(BadData, match=r"cannot be read: .*gradient"):
        parse_printed(r"\nabla H \cdot V_1 = 0, u = 1", Reading())
    with pytest.raises(BadData, match="never closed"):
        parse_printed(r"\frac{a}{b = c", Reading())
